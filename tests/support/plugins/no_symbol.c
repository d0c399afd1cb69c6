/* A library, but no plugin. */
#include "reihum/base.h"

RH_EXPORT int no_symbol(void);

RH_EXPORT int no_symbol(void)
{
    return 1;
}
