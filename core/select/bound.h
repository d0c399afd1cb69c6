/*
 * bound.h - what every answer costs at least: prices instead of rows (Lagrangian relaxation).
 *
 * A row that counts c columns costs at least y * c - (y > 0 ? y * max : y * min) for every price y
 * within +-price (a strict row: any y >= 0). With such prices in place of the rows each column is
 * taken when that pays, on its own; the sum is a lower bound whatever the prices are, and integers
 * in fixed point make it exact. Good prices are found along the rows that the choices break
 * (subgradients with a memory), beginning with what the known answer suggests.
 */
#ifndef CORE_SELECT_BOUND_H
#define CORE_SELECT_BOUND_H

#include "core/select/model.h"

struct rh_select_bound {
    const struct rh_select_model *model; /* borrowed */
    struct rh_arena arena;
    int64_t best; /* the bound found */
    /* --- fixed point from here on: RH_SELECT_FINE parts make a unit --- */
    int64_t *price, *good; /* per row: on trial, and those of the best sum */
    int64_t sum, best_sum;
    int64_t limit;  /* no price is higher */
    double *count;  /* per row: what the choices add up to */
    double *drift;  /* per row: direction */
    double stride;  /* share of the gap a step aims at */
    double blur;    /* columns this near to paying count in part */
    int32_t misses; /* steps since the bound last rose */
    int64_t steps;
};

enum { RH_SELECT_FINE = 1 << 12 };

int32_t rh_select_bound_init(struct rh_select_bound *bound, const struct rh_select_model *model,
                             struct rh_err *err);
void rh_select_bound_fini(struct rh_select_bound *bound);

/* First prices from a known answer. */
void rh_select_bound_aim(struct rh_select_bound *bound, const uint8_t *taken);
/* `steps` steps towards `target`, the value of a known answer. */
void rh_select_bound_raise(struct rh_select_bound *bound, int32_t steps, int64_t target);

#endif
