/*
 * model.h - a selection in the form that search and bound ask for.
 *
 * Words: a column's `row` list names the rows that count it; `at` finds the column of (group,
 * agent). Read-only once built; owned by its arena.
 */
#ifndef CORE_SELECT_MODEL_H
#define CORE_SELECT_MODEL_H

#include "reihum/solve.h"

#include "core/base/arena.h"
#include "core/base/error.h"

struct rh_select_model {
    const struct rh_select_problem *problem; /* borrowed */
    struct rh_arena arena;
    int32_t columns, rows, groups, agents;
    int64_t *cost;                     /* per column, all rules together */
    int32_t *row_start, *row;          /* rows of a column */
    int32_t *group_start, *group_list; /* columns of a group that may be taken or not */
    int32_t *at;                       /* [group * agents + agent]: column, or -1 */
    int64_t grain;                     /* every value is a multiple of this */
};

/* The problem must have passed rh_select_problem_check(). */
int32_t rh_select_model_init(struct rh_select_model *model, const struct rh_select_problem *problem,
                             struct rh_err *err);
void rh_select_model_fini(struct rh_select_model *model);

static inline uint8_t rh_select_fixed(const struct rh_select_model *model, int32_t column)
{
    return model->problem->fixed ? model->problem->fixed[column] : RH_SELECT_FREE;
}

#endif
