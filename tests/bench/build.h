/* build.h - from offices and months to the tables of a planning problem; shared by both kinds of
 * instance. */
#ifndef TESTS_BENCH_BUILD_H
#define TESTS_BENCH_BUILD_H

#include "tests/bench/instance.h"

#include "core/base/dice.h"

enum { BENCH_MONTHS_ALL = 60, BENCH_YEARS_ALL = 5, BENCH_KINDS_ALL = 2, BENCH_CLASSES_ALL = 5 };

struct bench_months {
    uint8_t open[BENCH_MONTHS_ALL];
    uint8_t holiday[BENCH_MONTHS_ALL];
};

struct bench_wants {
    int32_t offices;
    struct bench_months months;
    int32_t capacity;
    int32_t earliest, latest;   /* months after the previous procedure */
    int32_t blackouts;          /* times three months in a row, per office */
    int32_t fixed, wishes;      /* per thousand offices */
    int32_t aparts, togethers;  /* pairs drawn */
    int32_t shares;             /* per region, kind, class, stratum */
    int32_t neighbour_km;       /* 0 = no neighbours */
    int32_t neighbour_distance; /* months */
    int32_t neighbour_hard;
};

int32_t bench_build(struct bench_instance *instance, const struct bench_wants *wants,
                    struct rh_dice *dice);

#endif
