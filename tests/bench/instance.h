/*
 * instance.h - planning problems to measure the engine with, shaped like a round of five years.
 *
 * The real one reads the 186 offices and the school holidays; synthetic ones of any size are drawn
 * from a seed: offices in clusters, two regions, size classes as skewed as the real ones, previous
 * procedures spread over the five years before. Variants, each containing the one before:
 *
 *   a  spacing, blackouts, fixed months, wishes, holiday months; capacity, even months and years
 *   b  shares per year of region, class and region x class
 *   c  neighbours not in the same month, groups in the same month
 *   d  neighbours at least three months apart, little spare capacity (1.2 times the mean)
 *   t  d, and tight: the neighbours' distance is a hard rule
 */
#ifndef TESTS_BENCH_INSTANCE_H
#define TESTS_BENCH_INSTANCE_H

#include "reihum/solve.h"

#include "core/base/arena.h"
#include "core/base/error.h"

enum bench_rule {
    BENCH_CAPACITY,
    BENCH_YEARS,
    BENCH_MONTHS,
    BENCH_REGIONS,
    BENCH_KINDS,
    BENCH_CLASSES,
    BENCH_STRATA,
    BENCH_DISTANCE,
    BENCH_WISHES,
    BENCH_HOLIDAYS,
    BENCH_NEIGHBOURS,
    BENCH_APART,
    BENCH_RULES
};

struct bench_office {
    int32_t region, kind, class; /* class counts within the kind */
    double east, north;          /* km */
    int32_t previous;            /* months after the start of the round, negative; or RH_NO_MONTH */
};

struct bench_instance {
    struct rh_arena arena;
    struct rh_solve_problem problem;
    struct bench_office *office;
};

/* As many random planner's rules of each sort as `rules` says; 0 = none. */
int32_t bench_synthetic(struct bench_instance *instance, int32_t offices, char variant,
                        uint64_t seed, struct rh_err *err);
int32_t bench_real(struct bench_instance *instance, const char *offices_csv,
                   const char *holidays_csv, int32_t rules, uint64_t seed, struct rh_err *err);
void bench_instance_fini(struct bench_instance *instance);

const char *bench_rule_name(int32_t rule);

/* The same problem as a CPLEX-LP file. Hard rules are constraints. Deviations of balance are
 * variables: forced to 0, or with `balance_weight` > 0 in the objective. */
int32_t bench_write_lp(const struct rh_solve_problem *problem, int64_t balance_weight,
                       const char *path, struct rh_err *err);

#endif
