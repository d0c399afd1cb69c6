/*
 * bound.h - how good any plan can be at best: prices instead of rules.
 *
 * Each count row gets a price per item that stands in it. With prices in place of the rows every
 * block can choose its cheapest slot on its own, and what they pay, less what the rows give back,
 * is a lower bound for every plan, whatever the prices are (Lagrangian relaxation). Good prices are
 * found step by step, along the rows that the choices break (subgradients, averaged with the
 * direction before, and measured against the size of each row). Many blocks have options that cost
 * the same; a block is spread over those that are nearly cheapest, or it would jump to and fro. For
 * problems like a round of offices the best such bound is that of the linear program, which is
 * nearly always the optimum. No single way to walk is best everywhere, so there are some gaits.
 *
 * One level at a time. Rows of that level have prices up to their own. Rows of the levels before
 * must stay at the value the plan has: their prices are free where that value is 0, and limited by
 * a rate otherwise, which has to be found too. Pairs (apart) are left out: without them plans only
 * get cheaper.
 *
 * Sums are integers in fixed point, so a bound is exact and not lucky rounding.
 */
#ifndef CORE_SOLVE_BOUND_H
#define CORE_SOLVE_BOUND_H

#include "core/solve/model.h"

struct rh_bound {
    const struct rh_model *model; /* borrowed */
    struct rh_arena arena;
    int32_t level;                   /* what is bounded */
    int64_t best;                    /* the bound found, in units of the level */
    int64_t grain;                   /* every value of the level is a multiple of this */
    int64_t scale;                   /* fixed point: so many parts make a unit */
    int64_t limit;                   /* no price is higher; fixed point */
    int64_t before[RH_SOLVE_LEVELS]; /* what the known plan has on the levels before */
    double rate;                     /* what a unit of that may cost, in units of this level */
    double rate_turn;                /* by what the rate changes next */
    /* --- fixed point from here on --- */
    int64_t *cost;             /* per option of a block, as option[] of the model */
    int64_t *due;              /* scratch: cost + toll of each option of one block */
    int64_t *lowest, *highest; /* per row: limits of its price */
    int64_t *price;            /* per row: on trial */
    int64_t *good;             /* per row: the prices that gave `best_sum` */
    int64_t *toll;             /* [kind * slots + t]: sum of the prices of a cell */
    int64_t sum, best_sum;     /* bound at `price`, and the best at this rate */
    int64_t rate_parts;        /* the rate */
    int64_t rate_sum;          /* the best at the rate before */
    /* --- the walk --- */
    double *crowd;  /* [kind * slots + t]: how many blocks of the kind choose the slot */
    double *count;  /* per row: what the choices add up to */
    double *drift;  /* per row: direction */
    double *girth;  /* per row: its size */
    double stride;  /* share of the gap a step aims at */
    double blur;    /* options dearer than the cheapest by less than this are chosen too, in part */
    int32_t misses; /* steps since the bound last rose */
    int32_t gait;   /* which of the ways to walk */
    int32_t walks;
    int64_t steps; /* in all */
};

int32_t rh_bound_init(struct rh_bound *bound, const struct rh_model *model, struct rh_err *err);
void rh_bound_fini(struct rh_bound *bound);

/* Chooses the level to bound, for all plans that are not worse than `value` on the levels before
 * it. `unit` is a typical difference on the level. A bound already found for the level stays. */
void rh_bound_aim(struct rh_bound *bound, int32_t level, const int64_t value[RH_SOLVE_LEVELS],
                  double unit);

/* Begins another walk: in another gait, and where the levels before have deviations, at another
 * rate for them. */
void rh_bound_turn(struct rh_bound *bound);

/* Makes `steps` steps towards `target`, the value of a known plan; ends early when the bound shows
 * that no plan is better. */
void rh_bound_raise(struct rh_bound *bound, int32_t steps, int64_t target);

#endif
