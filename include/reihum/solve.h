/*
 * solve.h - an assignment problem as data: put each item into exactly one slot.
 *
 * The planner knows what an office or a month is; the engine does not. It sees items (offices),
 * slots (months) and rules in three levels that are compared one after another, never traded:
 *
 * - HARD: must hold. What is left over is named; a plan with hard deviation is a plan with gaps,
 *   not a valid plan.
 * - BALANCE: even shares, as exact as possible once the hard rules hold.
 * - SOFT: weighted wishes.
 *
 * All values are integers, so bounds can be rounded up and results repeat on every machine. The
 * same problem, seed and step budget give the same answer; a run that the clock cut short says so.
 * To add a kind of rule: append a table here, teach the evaluator, the checker (which shares no
 * code with the engine) and the README of core/solve.
 */
#ifndef REIHUM_SOLVE_H
#define REIHUM_SOLVE_H

#include "reihum/base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RH_SOLVE_HARD = 0, RH_SOLVE_BALANCE = 1, RH_SOLVE_SOFT = 2, RH_SOLVE_LEVELS = 3 };

/* Prices and costs lie in 0 … this, so that no sum of them overflows. */
#define RH_SOLVE_PRICE_MAX INT64_C(1000000000)

/* How many of `items` are in `slots`, plus `taken` by others, shall lie in min..max. Each unit
 * outside costs `price`. */
struct rh_solve_count {
    const int32_t *items; /* borrowed, ascending; NULL = all items */
    const int32_t *slots; /* borrowed, ascending; NULL = all slots */
    int32_t item_count, slot_count;
    int32_t taken;    /* places used by what is not an item (out-of-turn procedures) */
    int32_t min, max; /* max INT32_MAX = no upper limit */
    int32_t level;    /* RH_SOLVE_… */
    int32_t rule;     /* the caller's number of the rule this row belongs to; reported per rule */
    int64_t price;    /* > 0, per unit of deviation */
};

/* Items a and b shall be at least `distance` slots apart (1 = not in the same slot). Each slot that
 * is missing costs `price`. */
struct rh_solve_apart {
    int32_t a, b;
    int32_t distance; /* >= 1 */
    int32_t level, rule;
    int64_t price; /* > 0, per slot too near */
};

/* Items a and b shall be in the same slot; always HARD, the engine moves them as one. */
struct rh_solve_together {
    int32_t a, b;
};

/* A cost matrix of one soft rule: price of item i in slot t at [i * slot_count + t]; >= 0. */
struct rh_solve_cost {
    const int64_t *price; /* borrowed; a slot an item may not take is a matter of `allowed` */
    int32_t rule;
    int32_t reserved;
};

struct rh_solve_problem {
    uint32_t size; /* sizeof(struct rh_solve_problem) of the caller */
    int32_t item_count, slot_count;
    int32_t rule_count;     /* rule numbers are 0 … rule_count - 1 */
    const uint8_t *allowed; /* borrowed, [i * slot_count + t], 1 = may; an item without any slot is
                               an error of input */
    const struct rh_solve_cost *costs;
    const struct rh_solve_count *counts;
    const struct rh_solve_apart *aparts;
    const struct rh_solve_together *togethers;
    int32_t cost_count, count_count, apart_count, together_count;
    /* Borrowed or NULL: a known plan, slot per item; the answer is never worse. It must keep to
     * `allowed` and `togethers`, anything else may be broken. */
    const int32_t *start;
    /* Borrowed or NULL: names for sentences about contradictions ("Stadt Lemgo", "2028-03").
     * Without them items and slots are numbered from 1. */
    const char *const *item_names;
    const char *const *slot_names;
};

struct rh_solve_state {
    uint32_t size;
    int32_t phase; /* 0 start, 1 improve, 2 bound, 3 done, 4 exact engine */
    int64_t best[RH_SOLVE_LEVELS];
    int64_t bound[RH_SOLVE_LEVELS];
    int64_t steps, steps_total;
    int64_t elapsed_ms;
    const int32_t *slot; /* the best checked plan so far, valid during the call; NULL before, and in
                            selections, which have only RH_SOLVE_SOFT */
};

struct rh_solve_options {
    uint32_t size;
    uint32_t reserved;
    uint64_t seed;
    int64_t step_limit;    /* 0 = the engine's default for this size */
    int64_t time_limit_ms; /* 0 = none; the exact engine's time is part of it */
    /* Called now and then on the solving thread; a value other than 0 stops the run with the best
     * plan so far. */
    int32_t (*progress)(void *context, const struct rh_solve_state *state);
    void *context;
    int32_t without_exact; /* 1: search and bounds of the server alone */
    int32_t reserved_end;
};

/* What became of the exact engine (reihum-solve, a program of its own) in a run. */
enum {
    RH_EXACT_NOT_NEEDED = 0, /* proven without it, or turned off */
    RH_EXACT_USED = 1,       /* its bound or plan, or both, are in the result */
    RH_EXACT_MISSING = 2,    /* the program is not installed */
    RH_EXACT_FAILED = 3,     /* it crashed or answered nonsense; the result does not rest on it */
    RH_EXACT_LATE = 4        /* no answer in time; it was ended */
};

struct rh_solve_result {
    uint32_t size;
    int32_t *slot;       /* caller's array of item_count: slot per item */
    int64_t *rule_value; /* caller's array of rule_count: value per rule, as the checker found it */
    int64_t value[RH_SOLVE_LEVELS]; /* as the checker found it */
    /* No plan is better than this, compared level by level: bound[k] holds for all plans that are
     * not worse than this one on each level before k. */
    int64_t bound[RH_SOLVE_LEVELS];
    int32_t proven; /* 1: value equals bound on all levels */
    int32_t cut;    /* 1: the time limit or the caller ended the run; not repeatable then */
    int64_t steps;
    int64_t first_ms, total_ms; /* wall time to the first checked plan, and in all */
    int64_t
        *count_value; /* caller's array of count_count or NULL: `taken` + items found, per row */
    int32_t exact;    /* RH_EXACT_… */
    int32_t reserved_end;
};

/*
 * A selection as data: columns are taken or not. A column stands for "agent works in group" (a
 * moderator in the team of a procedure); rows count taken columns. One objective: costs of the
 * columns taken, plus the price of every unit by which an elastic row is outside min..max. Convex
 * loads are several rows over the same columns: "each unit above 3 costs 2", "each above 5 costs
 * 7".
 */
struct rh_select_cost {
    const int64_t *price; /* borrowed, per column; 0 … RH_SOLVE_PRICE_MAX */
    int32_t rule;
    int32_t reserved;
};

struct rh_select_row {
    const int32_t *columns; /* borrowed, ascending, each once */
    int32_t column_count;
    int32_t min, max; /* of taken columns; INT32_MAX = no upper limit */
    int32_t rule;
    int64_t price; /* per unit outside; 0 = strict: no answer breaks it. A strict row has min 0 (to
                      take nothing must be possible) */
};

enum { RH_SELECT_FREE = 0, RH_SELECT_TAKEN = 1, RH_SELECT_NEVER = 2 };

struct rh_select_problem {
    uint32_t size;
    int32_t column_count, group_count, agent_count, rule_count;
    const int32_t *group, *agent; /* borrowed, per column; a pair (group, agent) is there once */
    const uint8_t *fixed;         /* borrowed or NULL: RH_SELECT_…, per column */
    const struct rh_select_cost *costs;
    const struct rh_select_row *rows;
    int32_t cost_count, row_count;
    const uint8_t
        *start; /* borrowed or NULL: a known answer, 1 = taken; the result is never worse */
};

struct rh_select_result {
    uint32_t size;
    int32_t exact;        /* RH_EXACT_… */
    uint8_t *taken;       /* caller's array of column_count */
    int64_t *rule_value;  /* caller's array of rule_count or NULL: cost per rule, as the checker
                             found it */
    int32_t *row_count;   /* caller's array or NULL: taken columns per row */
    int64_t value, bound; /* the checker's value; no answer is better than `bound` */
    int32_t proven, cut;
    int64_t steps, first_ms, total_ms;
};

#ifdef __cplusplus
}
#endif
#endif
