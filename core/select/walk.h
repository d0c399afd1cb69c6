/*
 * walk.h - the linear relaxation of a selection, solved step by step.
 *
 * A primal-dual walk (PDHG, reflected and anchored after Halpern, with restarts; Lu and Yang,
 * "Restarted Halpern PDHG for linear programming", 2024): shares of the columns, 0 … 1, step
 * against their dues, prices of the rows against what the shares break. Doubles, the same on every
 * machine; nothing rests on them, for bound.h counts exactly and search.h takes whole columns.
 *
 * Words: rows over the same columns are one line, whose cost bends at kinks; its price is the
 * slope. Columns that look too dear to matter do not walk, nor do lines that those walking cannot
 * bend.
 */
#ifndef CORE_SELECT_WALK_H
#define CORE_SELECT_WALK_H

#include "core/base/dice.h"
#include "core/select/model.h"

#include <stdbool.h>

struct rh_select_line;
struct rh_select_kink;

struct rh_select_walk {
    const struct rh_select_model *model; /* borrowed */
    struct rh_arena arena;
    int64_t steps;
    double *share;  /* per column: 0 … 1 give or take; 0 when it does not walk */
    double *tilt;   /* per column: added to its cost */
    uint8_t *walks; /* per column */
    /* --- owned by walk.c --- */
    double *share_anchor;
    double *price, *price_anchor, *count; /* per line */
    struct rh_select_line *lines;
    struct rh_select_kink *kinks;
    int32_t line_count, walking_count, bending_count;
    int32_t *walking;             /* columns that walk, ascending */
    int32_t *place;               /* per column: its place among those, or -1 */
    int32_t *bending;             /* lines that walk */
    int32_t *entry_start, *entry; /* bending lines of a walking column, by place in `walking` */
    double weight;                /* of prices against shares */
    double first_move, last_move; /* how far a step goes: after the restart, lately */
    int64_t since_restart;
};

/* The cheapest columns of each group walk, and the fixed ones. */
int32_t rh_select_walk_init(struct rh_select_walk *walk, const struct rh_select_model *model,
                            struct rh_err *err);
void rh_select_walk_fini(struct rh_select_walk *walk);

void rh_select_walk_steps(struct rh_select_walk *walk, int32_t steps);
/* Columns with a due below 0 join. */
void rh_select_walk_join(struct rh_select_walk *walk, const int64_t *due);
/* Goes on where `other` is, a walk over the same model, with only those columns that have a share
 * there or whose due is among the least; `dice` tilts their costs by up to `tilt`, so that of many
 * equally good solutions one is best, and its shares are nearly all 0 or 1. */
void rh_select_walk_follow(struct rh_select_walk *walk, const struct rh_select_walk *other,
                           const int64_t *due, struct rh_dice *dice, double tilt);
/* Columns neither in nor out. */
int32_t rh_select_walk_torn(const struct rh_select_walk *walk);
/* The lines' prices as prices of rows, in parts of a unit, none beyond +-most. */
void rh_select_walk_prices(const struct rh_select_walk *walk, int64_t parts, int64_t most,
                           int64_t *ret_price);

#endif
