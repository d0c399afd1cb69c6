/*
 * model.h - the problem in the shape the engine works on. Words used in all of core/solve:
 *
 *   block   items that belong together, moved as one; most blocks are one item
 *   option  a slot a block may take (allowed to each of its items)
 *   row     a count row of the problem; `min`/`max` here are without what is `taken`
 *   kind    blocks that stand in the same rows with the same number of items: exchanging the slots
 *           of two blocks of one kind changes no row at all
 *   family  slots that the rows on some, not all, of the items do not tell apart (the months of a
 *           year); only rows on all items see a block move within a family
 *   cell    (kind, slot): the list of rows that a block of the kind touches there
 *   near    a block that shall be apart from this one
 *
 * Read-only once built; owned by its arena.
 */
#ifndef CORE_SOLVE_MODEL_H
#define CORE_SOLVE_MODEL_H

#include "reihum/solve.h"

#include "core/base/arena.h"
#include "core/base/error.h"

struct rh_model_row {
    int32_t min, max; /* INT32_MIN / INT32_MAX = open */
    int32_t level;
    int64_t price;
};

struct rh_model_touch {
    int32_t row;
    int32_t units; /* how many items of the block stand in the row */
};

struct rh_model_near {
    int32_t block;
    int32_t distance;
    int32_t level;
    int64_t price;
};

struct rh_model {
    const struct rh_solve_problem *problem; /* borrowed */
    struct rh_arena arena;
    int32_t items, slots, blocks, kinds, rows;
    int32_t *block_of;                /* per item */
    int32_t *member_start, *member;   /* items of a block: member[member_start[b]] … */
    int64_t *cost;                    /* soft cost, [b * slots + t] */
    int32_t *option_start, *option;   /* slots a block may take, ascending */
    uint8_t *may;                     /* [b * slots + t] */
    int32_t *kind_of;                 /* per block */
    int32_t *kind_start, *kind_block; /* blocks of a kind */
    int32_t *cell_start;              /* [kind * slots + t], kinds * slots + 1 entries */
    struct rh_model_touch *touch;     /* rows of a cell, ascending by row */
    struct rh_model_row *row;
    int32_t *family;                 /* per slot */
    int32_t *near_start;             /* per block */
    struct rh_model_near *near;      /* ascending by block */
    int64_t within[RH_SOLVE_LEVELS]; /* what pairs inside one block cost in every plan */
};

/* `leader` as rh_solve_problem_check() filled it. On failure nothing is left to free. */
int32_t rh_model_init(struct rh_model *model, const struct rh_solve_problem *problem,
                      const int32_t *leader, struct rh_err *err);
/* Adds up per cell what the rows ask there: price[row] * units, times `factor`. The result stays
 * within +-2^50, whatever the prices are. */
void rh_model_tolls(const struct rh_model *model, const int64_t *price, double factor,
                    int64_t *toll);

/* Every value of the level is a multiple of this. */
int64_t rh_model_grain(const struct rh_model *model, int32_t level);

void rh_model_fini(struct rh_model *model);

#endif
