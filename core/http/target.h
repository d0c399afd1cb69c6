/*
 * target.h - the request target: "/turnus/2027-2031?region=LVR" taken apart.
 *
 * The path is split first and decoded afterwards, so a "%2F" never becomes a separator. Segments
 * "." and "..", empty ones in the middle, NUL, control characters and bytes that are not UTF-8 are
 * refused: nothing behind this door has to think about them again. Any thread; memory is the
 * arena's.
 */
#ifndef CORE_HTTP_TARGET_H
#define CORE_HTTP_TARGET_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <stdbool.h>

#define RH_TARGET_SEGMENTS 16

struct rh_target {
    const char *path;                        /* as sent, without the query */
    const char *query;                       /* as sent, without '?'; "" when there is none */
    const char *segment[RH_TARGET_SEGMENTS]; /* decoded */
    int count;
    bool slash; /* ends with '/', and is not "/" itself */
};

/* RH_EUSAGE (400) or RH_ENOMEM; only origin-form ("/…") is a target here. */
int32_t rh_target_parse(struct rh_arena *arena, const char *raw, struct rh_target *ret,
                        struct rh_err *err);

/* Does the target begin with these words? rh_target_is(&t, 2, "api", "v1") */
bool rh_target_begins(const struct rh_target *target, int count, const char *first,
                      const char *second);

/* The decoded segments from `from` on, joined with '/'. NULL only without memory. */
const char *rh_target_rest(const struct rh_target *target, int from, struct rh_arena *arena);

#endif
