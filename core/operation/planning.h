/*
 * planning.h - inside the room: what call_solve.c and call_select.c share.
 *
 * A planning run is watched: its news go to the caller's function and to the one who waits, and
 * either may end it. Worker threads only.
 */
#ifndef CORE_OPERATION_PLANNING_H
#define CORE_OPERATION_PLANNING_H

#include "core/operation/run.h"

/* Structures of a plugin may be shorter than ours (older) or longer (newer). */
#define RH_TAKE(ours, theirs)                                                                      \
    memcpy(&(ours), (theirs), (theirs)->size < sizeof(ours) ? (theirs)->size : sizeof(ours))
#define RH_GIVE(theirs, ours)                                                                      \
    do {                                                                                           \
        uint32_t size_ = (theirs)->size;                                                           \
        memcpy((theirs), &(ours), size_ < sizeof(ours) ? size_ : sizeof(ours));                    \
        (theirs)->size = size_;                                                                    \
    } while (0)

struct rh_planning {
    struct rh_run *run;
    const struct rh_solve_options *theirs; /* NULL: none */
    bool cancelled;
};

/* Is planning allowed here? Fills `ours` with the caller's options, watched; `theirs` may be NULL.
 */
int32_t rh_planning_begin(struct rh_planning *planning, struct rh_run *run,
                          const struct rh_solve_options *theirs, struct rh_solve_options *ours);
/* The result of a run, or RH_ECANCELLED. */
int32_t rh_planning_end(const struct rh_planning *planning, int32_t rc);
/* The house's clock, for the thread that began planning last. */
int64_t rh_planning_ms(void);

#endif
