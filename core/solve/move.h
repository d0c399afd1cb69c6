/*
 * move.h - one step of the search: draw a move, ask what it changes, make it or not. Private to
 * search.c.
 */
#ifndef CORE_SOLVE_MOVE_H
#define CORE_SOLVE_MOVE_H

#include "core/solve/search.h"

/* How patient a step is, is drawn from this many quantiles of the exponential distribution, each
 * in units of 1 / RH_CHILL_UNIT. */
enum { RH_CHILL_BITS = 12, RH_CHILL_PLACES = 1 << RH_CHILL_BITS, RH_CHILL_UNIT = 1 << 16 };

void rh_search_step(struct rh_search *search, double temperature);

void rh_search_keep_if_best(struct rh_search *search);

/* Puts every block into the list of its slot. */
void rh_search_list_slots(struct rh_search *search);

/* Any option of a block, each as likely. */
static inline int32_t rh_search_option(struct rh_search *search, int32_t block)
{
    const struct rh_model *m = search->model;
    int32_t first = m->option_start[block];

    return m->option[first + rh_dice_below(&search->dice, m->option_start[block + 1] - first)];
}

static inline int64_t rh_search_pull(const struct rh_search *search, int32_t block, int32_t slot)
{
    return search->score.pull[(size_t)block * (size_t)search->model->slots + (size_t)slot];
}

#endif
