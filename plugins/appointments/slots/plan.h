/*
 * plan.h - slots for all meetings at once: no party in two places, nothing fixed is moved.
 *
 * First as many meetings as possible get a slot, then all of it costs as little as possible.
 * Meetings that stand keep their slots where they can; one that moves costs SLOTS_COST_CHANGE, so a
 * high price makes a plan gentle and a low one lets it be better. Search: each group is placed
 * anew, exactly (chain.h), together with those around a slot that it would like; a bound (bound.h)
 * says how much better any plan could be, and ends the search when it is reached. The result passed
 * slots_verify(). The same model, seed and step limit give the same plan.
 */
#ifndef PLUGINS_APPOINTMENTS_SLOTS_PLAN_H
#define PLUGINS_APPOINTMENTS_SLOTS_PLAN_H

#include "plugins/appointments/slots/verify.h"
#include "plugins/appointments/slots/why.h"

struct slots_options {
    uint64_t seed;
    int64_t step_limit; /* groups placed anew; 0: as many as suit the size */
    /* Called every few milliseconds; anything but 0 ends the search with the best plan so far. */
    int32_t (*progress)(void *context, int64_t steps, int64_t step_limit);
    void *context;
    int32_t only_first;  /* 1: each group as it comes, best first; no search (to compare with) */
    int32_t explain_max; /* so many unplaced meetings are explained */
    int32_t beyond;      /* as in slots_why_not() */
};

/* One that stood and does not stay. */
struct slots_move {
    int32_t meeting;
    struct slots_note broken; /* what its old slot breaks in this plan; rule -1: nothing, it makes
                                 way for something better */
};

struct slots_unplaced {
    int32_t meeting;
    int32_t explained;
    struct slots_hindrance why; /* beside the plan */
};

struct slots_plan {
    struct slots_slot *slots;     /* by meeting */
    struct slots_verdict verdict; /* of the checker; its total is the plan's cost */
    int32_t bound_unplaced;       /* no plan leaves out fewer … */
    int64_t bound_cost;           /* … and of those that leave out just as many none costs less */
    int32_t proven;               /* 1: none leaves out fewer, and none of these costs less */
    int32_t cut;                  /* 1: progress() ended it; not repeatable */
    int64_t steps;
    struct slots_unplaced *unplaced;
    struct slots_move *moves;
    int32_t unplaced_count, move_count;
};

/* SLOTS_OK or SLOTS_NO_MEMORY. */
int32_t slots_plan(const struct slots_memory *memory, const struct slots_model *model,
                   const struct slots_options *options, struct slots_plan *ret);

#endif
