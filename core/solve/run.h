/*
 * run.h - one run of the engine: what its stages share, how it is watched and interrupted.
 *
 * The stages (stages.c) work on search, bounds and network; only rh_run_check_best() writes a plan
 * to `slot`, and only after the checker has measured it. Private to core/solve.
 */
#ifndef CORE_SOLVE_RUN_H
#define CORE_SOLVE_RUN_H

#include "core/solve/bound.h"
#include "core/solve/model.h"
#include "core/solve/program_of.h"
#include "core/solve/search.h"
#include "core/solve/solve.h"
#include "core/solve/transport.h"

enum rh_run_phase { RH_RUN_START, RH_RUN_IMPROVE, RH_RUN_BOUND, RH_RUN_DONE, RH_RUN_EXACT };

struct rh_run {
    struct rh_solve_problem problem;
    struct rh_solve_options options;
    rh_solve_clock *clock;
    const struct rh_program_solver *solver; /* borrowed or NULL: the exact engine */
    struct rh_model model;
    struct rh_search search;
    struct rh_bound shares, wishes; /* bounds of the hard and balance level, of the soft level */
    struct rh_transport network;
    int32_t *slot;                  /* owned: the best checked plan, per item */
    int32_t *trial;                 /* owned: scratch, per item */
    int64_t value[RH_SOLVE_LEVELS]; /* of `slot`, by the checker */
    int64_t bound[RH_SOLVE_LEVELS];
    int64_t network_weight[RH_SOLVE_LEVELS], network_least; /* the sum it bounds, and the bound */
    int64_t began_ms, reported_ms, first_ms;
    int64_t steps_total;
    enum rh_run_phase phase;
    bool has_network;                  /* false when the problem is too large for it */
    bool checked;                      /* `slot` holds a plan */
    bool cut;                          /* the clock or the caller ended the run */
    bool late;                         /* the clock ended the exact engine */
    int32_t exact;                     /* RH_EXACT_… */
    const struct rh_program_of *asked; /* what the exact engine works on, and its news of it */
    int64_t news_best[RH_SOLVE_LEVELS], news_bound[RH_SOLVE_LEVELS];
    bool brief;                         /* the question is a short one */
    int32_t was_asked[RH_SOLVE_LEVELS]; /* about the level, for plans of this value: */
    int64_t asked_value[RH_SOLVE_LEVELS][RH_SOLVE_LEVELS];
    int64_t own_bound[RH_SOLVE_LEVELS]; /* without the exact engine's word */
    int32_t rc;                         /* what the checker said while the search was running */
    struct rh_err *err;
};

/* All stages, one after another. */
int32_t rh_run_stages(struct rh_run *run);

/* Asks the exact engine about each level that is not proven yet, unless it was asked before and no
 * level before has changed since (prove.c). A level after one that is not proven is for the last
 * time: the search may still change what it rests on. From the level `brief_from` on
 * only what it answers quickly. */
int32_t rh_run_prove(struct rh_run *run, int32_t brief_from, bool last);

/* A bound above the plan shows that the exact engine was wrong: back to the bounds of our own. */
void rh_run_doubt(struct rh_run *run);

/* The search's best plan, if it is new and better, goes through the checker and becomes `slot`. */
int32_t rh_run_check_best(struct rh_run *run);

/* Looks at the clock and, now and then, lets the caller know; true = stop. */
bool rh_run_pause(void *context);

/* Lets the caller know at once. */
void rh_run_report(struct rh_run *run);

bool rh_run_proven(const struct rh_run *run);
int64_t rh_run_now_ms(const struct rh_run *run);

#endif
