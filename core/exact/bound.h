/*
 * bound.h - what no answer can cost less than, proven in whole numbers.
 *
 * Any prices for the rows give a bound (weak duality); good ones come from the linear program. The
 * prices are rounded to fixed-point numbers first and all sums are exact, so a wrong digit of the
 * solver makes the bound weaker, never wrong.
 */
#ifndef CORE_EXACT_BOUND_H
#define CORE_EXACT_BOUND_H

#include "core/program/program.h"

struct rh_exact_bound {
    int64_t bound; /* INT64_MIN = unknown */
    int64_t *away; /* owned, per column: what an answer costs at least when it leaves `end` */
    int8_t *end;   /* owned, per column: -1 its low limit, 1 its high one, 0 neither */
};

/* `price`: per row, as the linear program found it. RH_ENOMEM, or 0. */
int32_t rh_exact_bound(const struct rh_program *program, const double *price,
                       struct rh_exact_bound *ret);
void rh_exact_bound_fini(struct rh_exact_bound *bound);

/* The least multiple of grain that is not below `value`; unknown and out of range stay as they are.
 */
int64_t rh_exact_round_up(int64_t value, int64_t grain);

#endif
