/*
 * search.h - local search: many small changes, each kept if it helps or, while it is warm, if it
 * does not hurt too much.
 *
 * Simulated annealing over the energy of score.h, in rounds. A round starts warm and loose (balance
 * is cheap to break) and ends cold and stiff (nothing soft is worth a break). The loose beginning
 * is what makes exact shares reachable: between two plans with exact shares in region, class and
 * year lie four or more moves that each break several of them, and a search that always charges the
 * full price never gets across. Plans are compared level by level, not by energy.
 *
 * Moves: a shift of one block; an exchange of two; chains of three, among them the rotation that
 * leaves every row as it is (a takes the place of c, c that of b, b that of a, where a and b are of
 * one kind and c stays in its family of slots). Blocks that suffer and slots that attract them are
 * drawn more often; what the rows ask is felt through the prices that bound.c found for them.
 *
 * Deterministic: dice, steps, and sums that every machine rounds alike. The caller's `pause` is
 * asked every few thousand steps and may end the round.
 */
#ifndef CORE_SOLVE_SEARCH_H
#define CORE_SOLVE_SEARCH_H

#include "core/base/dice.h"
#include "core/solve/score.h"

#include <stdbool.h>

/* Temperatures and prices of a round, in units of what a typical soft difference weighs. */
struct rh_search_climate {
    double warm, cold;   /* temperature, first and last */
    double loose, stiff; /* price of one unit of balance, first and last */
    double hard;         /* price of one unit of hard deviation, in units of balance, at last */
};

struct rh_search {
    const struct rh_model *model; /* borrowed */
    struct rh_arena arena;
    struct rh_score score;
    struct rh_dice dice;
    int32_t *chill;     /* quantiles of the exponential distribution, fixed point */
    int32_t *place;     /* per block: where it stands in the list of its slot */
    int32_t *in_slot;   /* [slot * blocks …]: blocks in a slot */
    int32_t *slot_size; /* per slot */
    int64_t *toll;      /* [kind * slots + t]: what the rows ask for the cell, in energy */
    int64_t *least;     /* per block: its cheapest option, tolls included */
    double unit;        /* energy of a typical soft difference */
    int64_t fine;       /* weight of the soft level: resolution of the other weights */
    int64_t middle[RH_SOLVE_LEVELS]; /* typical price of a unit of deviation, per level */
    int64_t energy;
    /* --- the best plan met --- */
    int32_t *best;
    int64_t best_value[RH_SOLVE_LEVELS];
    int64_t goal[RH_SOLVE_LEVELS]; /* no plan is better: a round ends when it is reached */
    bool arrived;
    /* --- counters and interruption --- */
    int64_t steps;
    bool (*pause)(void *context); /* or NULL; true ends the round */
    void *context;
};

int32_t rh_search_init(struct rh_search *search, const struct rh_model *model, uint64_t seed,
                       struct rh_err *err);
void rh_search_fini(struct rh_search *search);

/* The plan to go on from (slot per block); becomes the best if it is better. */
void rh_search_start(struct rh_search *search, const int32_t *slot);

/* Prices per row, in 1 / scale of a soft unit: from now on they guide which blocks and slots are
 * drawn. They decide nothing about what is kept. */
void rh_search_guide(struct rh_search *search, const int64_t *price, int64_t scale);

/* Goes on from a plan made by chance. */
void rh_search_scatter(struct rh_search *search);

/* One round; ends early when the goal is reached. Returns false when `pause` ended it. */
bool rh_search_round(struct rh_search *search, int64_t steps,
                     const struct rh_search_climate *climate);

/* -1, 0, 1 as a is better than, equal to, or worse than b, level by level. */
int rh_value_compare(const int64_t a[RH_SOLVE_LEVELS], const int64_t b[RH_SOLVE_LEVELS]);

#endif
