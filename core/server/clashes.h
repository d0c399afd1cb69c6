/*
 * clashes.h - what modules find wrong with a stretch of time, gathered.
 *
 * A module that can tell offers an operation `NOUN clashes --from DAY --until DAY` that only looks,
 * with items of kind "clash" or "load". So the server asks all of them without knowing any: it goes
 * by the word in the table of operations, as people do.
 */
#ifndef CORE_SERVER_CLASHES_H
#define CORE_SERVER_CLASHES_H

#include "core/operation/call.h"

struct rh_clashes {
    int64_t clashes;
    int64_t most_running; /* procedures in the fullest month */
};

/* Asks all modules of `house` (may be another one than the call's) about [from, until], days; their
 * items become items of the answer of `call`. Waits. */
int32_t rh_clashes_put(struct rh_call *call, struct rh_house *house, int32_t from, int32_t until,
                       struct rh_clashes *ret);

#endif
