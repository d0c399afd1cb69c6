/*
 * brute.h - answers tiny programs of the planner by trying everything: one option of each block,
 * and then the smallest deviations that keep the rows.
 */
#ifndef TESTS_UNIT_SOLVE_BRUTE_H
#define TESTS_UNIT_SOLVE_BRUTE_H

#include "core/base/alloc.h"
#include "core/program/program.h"

#include <string.h>

struct brute {
    const struct rh_program *program;
    int32_t blocks, options;
    int64_t *x, *best_x;
    int64_t best;
};

/* The rows of the blocks come first, each with the next columns. */
static inline void brute_blocks(struct brute *brute)
{
    const struct rh_program *p = brute->program;

    while (brute->blocks < p->rows) {
        int64_t from = p->row_start[brute->blocks], to = p->row_start[brute->blocks + 1];

        if (from == to || p->entry_column[from] != brute->options ||
            p->row_low[brute->blocks] != 1 || p->row_high[brute->blocks] != 1)
            return;
        for (int64_t k = from; k < to; k++) {
            if (p->entry_value[k] != 1)
                return;
        }
        brute->options += (int32_t)(to - from);
        brute->blocks++;
    }
}

/* Raises the deviation that mends row i, if there is one. */
static inline void brute_mend(struct brute *brute, int32_t i)
{
    const struct rh_program *p = brute->program;
    int64_t sum = 0;

    for (int64_t k = p->row_start[i]; k < p->row_start[i + 1]; k++)
        sum += p->entry_value[k] * brute->x[p->entry_column[k]];
    for (int64_t k = p->row_start[i]; k < p->row_start[i + 1]; k++) {
        if (p->entry_column[k] < brute->options)
            continue;
        if (sum < p->row_low[i] && p->entry_value[k] == 1)
            brute->x[p->entry_column[k]] += p->row_low[i] - sum;
        else if (sum > p->row_high[i] && p->entry_value[k] == -1)
            brute->x[p->entry_column[k]] += sum - p->row_high[i];
        else
            continue;
        return;
    }
}

static inline void brute_try(struct brute *brute, int32_t block)
{
    const struct rh_program *p = brute->program;
    size_t size = (size_t)p->columns * sizeof(brute->x[0]);
    int64_t value;

    if (block < brute->blocks) {
        for (int64_t k = p->row_start[block]; k < p->row_start[block + 1]; k++) {
            brute->x[p->entry_column[k]] = 1;
            brute_try(brute, block + 1);
            brute->x[p->entry_column[k]] = 0;
        }
        return;
    }
    memset(brute->x + brute->options, 0, size - (size_t)brute->options * sizeof(brute->x[0]));
    for (int32_t i = brute->blocks; i < p->rows; i++)
        brute_mend(brute, i);
    if (rh_program_check(p, brute->x, &value, NULL) == 0 && value < brute->best) {
        brute->best = value;
        memcpy(brute->best_x, brute->x, size);
    }
}

/* The least cost, INT64_MAX when nothing keeps the rows; x gets an answer. */
static inline int64_t brute_solve(const struct rh_program *program, int64_t *x)
{
    struct brute brute = {.program = program, .best_x = x, .best = INT64_MAX};

    brute.x = rh_alloc((size_t)program->columns + 1, sizeof(int64_t));
    if (!brute.x)
        return INT64_MAX;
    brute_blocks(&brute);
    brute_try(&brute, 0);
    rh_free(brute.x);
    return brute.best;
}

#endif
