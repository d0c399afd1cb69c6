/*
 * point.h - named moments at which a test lets the process die.
 *
 * Where a crash would be worst, the code names the moment; in a server nobody listens, and it costs
 * a look at a pointer. A test that forks sets rh_point_hook and kills itself there, so that such
 * moments are reached for certain and not only by chance. Any thread.
 */
#ifndef CORE_BASE_POINT_H
#define CORE_BASE_POINT_H

#include <stddef.h>

extern void (*rh_point_hook)(const char *name); /* NULL: nobody listens */

static inline void rh_point(const char *name)
{
    if (rh_point_hook)
        rh_point_hook(name);
}

#endif
