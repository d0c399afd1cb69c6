/*
 * replan.h - a published plan computed anew, with a price on every office that moves.
 *
 * Where it begins (gentle.c): the base plan, who is held in it, and who cannot stay. What one price
 * is worth (gentle_solve): the round's problem with the deviations from even shares as points and
 * one cost more, the price of a move. The curve (curve.c) is kept until the next one of the round,
 * with a print of all that it was computed from; a plan of it becomes a draft only as long as the
 * print is the same.
 */
#ifndef PLUGINS_TURNUS_REPLAN_H
#define PLUGINS_TURNUS_REPLAN_H

#include "plugins/turnus/standing.h"

/* ---- prices.c ---- */
enum { PRICES_MAX = 12, PRICE_MUST = -1, PRICE_LIMIT = 1000000 };

struct prices {
    int64_t at[PRICES_MAX]; /* rising, each once; PRICE_MUST is the dearest and stands last */
    int32_t count;
};
/* "0, 2, 10, must" (or "muss"); 0, or -1 when it is not such a list. Pure. */
int32_t prices_read(const char *text, struct prices *ret_prices);

/* ---- gentle.c ---- */
struct gentle {
    struct model model;             /* its problem is relaxed for the base (plan_relax) */
    struct rh_solve_problem strict; /* the problem as the rules want it, what is firm held */
    struct plan base;
    struct value value; /* of the base */
    uint8_t *standing;  /* enum standing by office */
    uint8_t *displaced; /* by office: 1 = it cannot stay in its month of the base */
    int32_t *excess;    /* by month: so many of those that could stay have to leave it */
    int32_t must;       /* so many offices move in every plan that keeps the rules */
    int64_t weight;     /* points of a deviation from the even shares */
    const char *print;
};
/* `plan` 0: the published plan of `round`. */
int32_t gentle_begin(struct rh_call *call, const char *round, int64_t plan, struct gentle *ret);
/* Announced offices whose month is not possible any more, as sentences; returns how many. */
int32_t gentle_obstacles(struct rh_call *call, const struct gentle *gentle,
                         void (*say)(void *context, const char *sentence), void *context);
/* Why it cannot stay, in words. */
const char *gentle_why(struct rh_call *call, const struct gentle *gentle, int32_t place);

struct outcome {
    int32_t *slot;
    struct value value;
    int32_t moved, has_bound, proven, cut;
    int64_t bound; /* of points and price of the moves together */
    int64_t steps, total_ms;
};
/* `start` a plan that keeps the rules, or NULL; PRICE_MUST: as few moves as there can be. */
int32_t gentle_solve(struct rh_call *call, const struct gentle *gentle, int64_t price,
                     const int32_t *start, const struct rh_solve_options *options,
                     struct outcome *ret);
int64_t gentle_points(const struct gentle *gentle, const int64_t level[RH_SOLVE_LEVELS]);

/* ---- curve.c ---- */
int64_t curve_insert(struct rh_call *call, const struct gentle *gentle, const struct prices *prices,
                     const struct outcome *outcomes, int64_t seed);
/* The curve kept of the round, 0 when there is none, or < 0. */
int64_t curve_find(struct rh_call *call, const char *round, int64_t *ret_base);
/* 1 when what it was computed from is not so any more. */
int32_t curve_is_stale(struct rh_call *call, int64_t curve, const struct gentle *gentle);
/* Writes the curve, or the one point of it at `position` (-1: all). */
int32_t out_curve(struct rh_call *call, const struct gentle *gentle, int64_t curve,
                  int32_t position);
/* How many have to move in any case, who and why: "must", "must_move". */
void out_must(struct rh_call *call, const struct gentle *gentle);
/* The plan at that place of the curve: base and who moves; by office of the model. */
int32_t curve_slots(struct rh_call *call, const struct gentle *gentle, int64_t curve,
                    int32_t position, int32_t *slot);
const char *price_words(struct rh_call *call, int64_t price);

/* ---- operations ---- */
int32_t turnus_replan(struct rh_call *call);
int32_t turnus_replan_commit(struct rh_call *call);
int32_t turnus_curve(struct rh_call *call);

#endif
