/*
 * score.h - what the present plan costs, and what a move would change, without counting anew.
 *
 * Two measures live side by side. `value` is exact per level and changes only when a move is made.
 * `energy` is the weighted sum value[level] * weight[level] that the search walks on; asking for
 * its change costs a handful of row look-ups. `pull` is the soft cost of a block in a slot plus
 * what its neighbours, where they are now, add to it; it is kept up to date for every (block, slot)
 * because questions are some twenty times as frequent as moves.
 */
#ifndef CORE_SOLVE_SCORE_H
#define CORE_SOLVE_SCORE_H

#include "core/solve/model.h"

struct rh_score_move {
    int32_t block, slot;
};

struct rh_score {
    const struct rh_model *model; /* borrowed */
    struct rh_arena arena;
    int64_t weight[RH_SOLVE_LEVELS];
    int64_t value[RH_SOLVE_LEVELS];
    int32_t *slot;       /* per block */
    int32_t *count;      /* per row: items found, without `taken` */
    int64_t *row_weight; /* per row: price * weight of its level */
    int64_t *pull;       /* [b * slots + t], in energy */
    int32_t *net;        /* scratch per row, all 0 between calls */
};

int32_t rh_score_init(struct rh_score *score, const struct rh_model *model, struct rh_err *err);
void rh_score_fini(struct rh_score *score);

/* Takes over a plan (slot per block, each an option of its block) and counts everything anew. */
void rh_score_set(struct rh_score *score, const int32_t *slot);

/* Other weights for the same plan. */
void rh_score_weigh(struct rh_score *score, const int64_t weight[RH_SOLVE_LEVELS]);

/* What the energy would change by if the block went to `slot`, or if a and b changed places. The
 * slots must be options. */
int64_t rh_score_shift(const struct rh_score *score, int32_t block, int32_t slot);
int64_t rh_score_swap(struct rh_score *score, int32_t a, int32_t b);

/* The same for several moves of different blocks at once. */
int64_t rh_score_moves(struct rh_score *score, const struct rh_score_move *moves, int32_t count);

/* Does it. */
void rh_score_apply(struct rh_score *score, int32_t block, int32_t slot);

int64_t rh_score_energy(const struct rh_score *score);

#endif
