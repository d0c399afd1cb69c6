/*
 * search.h - local search over selections: exchanges within a group, agents changing places.
 *
 * Simulated annealing on the one objective; strict rows are never broken, because every move is
 * made, weighed and taken back when it may not stay. Deterministic: dice and integers, and doubles
 * that every machine rounds alike. `pause` is asked every few thousand steps and may end a round.
 */
#ifndef CORE_SELECT_SEARCH_H
#define CORE_SELECT_SEARCH_H

#include "core/base/dice.h"
#include "core/select/model.h"

#include <stdbool.h>

struct rh_select_search {
    const struct rh_select_model *model; /* borrowed */
    struct rh_arena arena;
    struct rh_dice dice;
    uint8_t *taken; /* the present answer */
    int32_t *count; /* per row */
    int64_t value;
    uint8_t *best; /* the best met */
    int64_t best_value;
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
/* One round from warm to cold; warm in units of a typical price. False when `pause` ended it. */
bool rh_select_search_round(struct rh_select_search *search, int64_t steps, double warm);

#endif
