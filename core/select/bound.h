/*
 * bound.h - what every answer costs at least: prices instead of rows (Lagrangian relaxation).
 *
 * A row that counts c columns costs at least y * c - (y > 0 ? y * max : y * min) for every price y
 * within +-price (a strict row: any y >= 0). With such prices in place of the rows each column is
 * taken when that pays, on its own; the sum is a lower bound whatever the prices are, and integers
 * in fixed point make it exact. Good prices come from the walk (walk.h).
 *
 * The due of a column, its cost and the prices of its rows, says more: an answer that does not take
 * a column as it pays costs at least |due| above the sum.
 */
#ifndef CORE_SELECT_BOUND_H
#define CORE_SELECT_BOUND_H

#include "core/select/walk.h"

struct rh_select_bound {
    const struct rh_select_model *model; /* borrowed */
    struct rh_arena arena;
    int64_t best; /* the bound found; grows */
    /* --- fixed point from here on: RH_SELECT_FINE parts make a unit --- */
    int64_t *due;     /* per column, at the prices of the best sum */
    int64_t *trial;   /* per column, at the prices tried last */
    int64_t *price;   /* per row, tried last */
    int64_t best_sum; /* with `due` */
    int64_t limit;    /* no price is higher */
};

enum { RH_SELECT_FINE = 1 << 12 };

int32_t rh_select_bound_init(struct rh_select_bound *bound, const struct rh_select_model *model,
                             struct rh_err *err);
void rh_select_bound_fini(struct rh_select_bound *bound);

/* What the walk's prices prove. Returns the dues at these prices, valid until the next call. */
const int64_t *rh_select_bound_try(struct rh_select_bound *bound,
                                   const struct rh_select_walk *walk);

/* What must be so in every answer below `value`: `ret_fixed` (per column, RH_SELECT_…) gets the
 * problem's own fixed columns and those that the dues decide. Returns how many stay free. */
int32_t rh_select_bound_fix(const struct rh_select_bound *bound, int64_t value, uint8_t *ret_fixed);

#endif
