/*
 * search.h - local search over selections: exchanges within a group, agents changing places.
 *
 * Simulated annealing on the one objective; strict rows are never broken, because every move is
 * made, weighed and taken back when it may not stay. It looks among the candidates of a group only,
 * the cheapest first (rh_select_search_focus()). Deterministic: dice and integers, and doubles that
 * every machine rounds alike. `pause` is asked every few thousand steps and may end a round.
 */
#ifndef CORE_SELECT_SEARCH_H
#define CORE_SELECT_SEARCH_H

#include "core/base/dice.h"
#include "core/select/model.h"

#include <stdbool.h>

/* Taken columns that are free, by group or by agent: one of them is drawn in no time. */
struct rh_select_seats {
    int32_t *start, *list, *count; /* per owner: room from start[owner], `count` in use */
    int32_t *at;                   /* per column: where it stands in its owner's list */
};

struct rh_select_search {
    const struct rh_select_model *model; /* borrowed */
    struct rh_arena arena;
    struct rh_dice dice;
    uint8_t *taken; /* the present answer */
    int32_t *count; /* per row */
    int64_t value;
    uint8_t *best; /* the best met */
    int64_t best_value;
    struct rh_select_seats of_group, of_agent;
    int32_t *candidate_start, *candidate; /* per group, cheapest first */
    int64_t steps;
    bool (*pause)(void *context); /* or NULL */
    void *context;
};

int32_t rh_select_search_init(struct rh_select_search *search, const struct rh_select_model *model,
                              uint64_t seed, struct rh_err *err);
void rh_select_search_fini(struct rh_select_search *search);

/* Goes on from an answer that keeps all strict rows. */
void rh_select_search_start(struct rh_select_search *search, const uint8_t *taken);
/* Takes, group by group, what lowers the objective most. */
void rh_select_search_greedy(struct rh_select_search *search);
/* Begins anew with the columns of the greatest shares (0 … 1), then as the greedy one. */
void rh_select_search_round_shares(struct rh_select_search *search, const double *share);
/* Candidates are columns whose due (bound.h) is at most `reach`, at least some in each group.
 * Returns the mean due of the first of each group. */
double rh_select_search_focus(struct rh_select_search *search, const int64_t *due, int64_t reach);
/* One walk from warm to cold, temperatures in units of the objective, `cold` above 0. False when
 * `pause` ended it. */
bool rh_select_search_anneal(struct rh_select_search *search, int64_t steps, double warm,
                             double cold);

#endif
