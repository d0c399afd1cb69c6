/* pools.h - small random pools, and everything about them by trying every set of applicants. */
#ifndef TESTS_UNIT_PANEL_POOLS_H
#define TESTS_UNIT_PANEL_POOLS_H

#include "plugins/pilot/panel/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { APPLICANTS = 9, ROWS = 5 };

struct pool {
    struct panel_problem problem;
    struct panel_row rows[ROWS];
    uint8_t member[APPLICANTS * ROWS];
    /* by brute force */
    uint32_t valid[1 << APPLICANTS]; /* sets of applicants */
    int32_t valid_count;
};

static inline uint32_t below(uint64_t *state, uint32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*state >> 33) % n);
}

static inline int32_t counts(const struct pool *pool, uint32_t set, int32_t row)
{
    int32_t count = 0;

    for (int32_t i = 0; i < pool->problem.applicant_count; i++)
        count += (set >> i & 1) && pool->member[i * pool->problem.row_count + row];
    return count;
}

static inline int32_t is_panel(const struct pool *pool, uint32_t set)
{
    for (int32_t r = 0; r < pool->problem.row_count; r++) {
        int32_t count = counts(pool, set, r);

        if (count < pool->rows[r].min || count > pool->rows[r].max)
            return 0;
    }
    return __builtin_popcount(set) == pool->problem.places;
}

/* Pools in which about half have a valid panel. */
static inline void make_pool(struct pool *pool, uint64_t seed)
{
    uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
    int32_t n, rows;

    memset(pool, 0, sizeof(*pool));
    for (int32_t i = 0; i < 8; i++)
        (void)below(&state, 2);
    n = 2 + (int32_t)below(&state, APPLICANTS - 1);
    rows = 1 + (int32_t)below(&state, ROWS);
    pool->problem = (struct panel_problem){n, rows, 1 + (int32_t)below(&state, (uint32_t)n),
                                           pool->rows, pool->member};
    for (int32_t r = 0; r < rows; r++) {
        int32_t places = pool->problem.places, min = (int32_t)below(&state, 4) - 1;

        for (int32_t i = 0; i < n; i++)
            pool->member[i * rows + r] = below(&state, 100) < 45;
        min = min < 0 ? 0 : min > places ? places : min;
        pool->rows[r] =
            (struct panel_row){min, min + (int32_t)below(&state, 3), (int64_t)below(&state, 4)};
    }
    for (uint32_t set = 0; set < 1u << n; set++)
        if (is_panel(pool, set))
            pool->valid[pool->valid_count++] = set;
}

#endif
