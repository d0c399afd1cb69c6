#include "core/select/bound.h"

/* Strict rows have no limit in theory; this one keeps every sum below 2^60. */
static int64_t find_limit(const struct rh_select_model *m)
{
    int64_t units = m->row_start[m->columns] + 1;

    for (int32_t r = 0; r < m->rows; r++) {
        const struct rh_select_row *row = &m->problem->rows[r];

        units += row->max < row->column_count ? row->max : 0;
        units += row->min > 0 ? row->min : 0;
    }
    return ((int64_t)1 << 58) / units;
}

int32_t rh_select_bound_init(struct rh_select_bound *bound, const struct rh_select_model *model,
                             struct rh_err *err)
{
    size_t columns = (size_t)model->columns + 1;

    *bound = (struct rh_select_bound){.model = model, .best_sum = INT64_MIN / 4};
    rh_arena_init(&bound->arena, SIZE_MAX);
    bound->due = rh_arena_array(&bound->arena, columns, sizeof(int64_t));
    bound->trial = rh_arena_array(&bound->arena, columns, sizeof(int64_t));
    bound->price = rh_arena_array(&bound->arena, (size_t)model->rows + 1, sizeof(int64_t));
    if (bound->due && bound->trial && bound->price) {
        bound->limit = find_limit(model);
        return 0;
    }
    rh_select_bound_fini(bound);
    return rh_err_nomem(err);
}

void rh_select_bound_fini(struct rh_select_bound *bound)
{
    rh_arena_fini(&bound->arena);
}

static int64_t sum_of_rows(const struct rh_select_bound *b)
{
    int64_t sum = 0;

    for (int32_t r = 0; r < b->model->rows; r++) {
        const struct rh_select_row *row = &b->model->problem->rows[r];

        if (b->price[r] != 0)
            sum -= b->price[r] * (b->price[r] > 0 ? row->max : row->min);
    }
    return sum;
}

/* Every column chooses on its own. */
static int64_t sum_of_columns(struct rh_select_bound *b)
{
    const struct rh_select_model *m = b->model;
    int64_t sum = 0;

    for (int32_t j = 0; j < m->columns; j++) {
        uint8_t fixed = rh_select_fixed(m, j);
        int64_t due = m->cost[j] * RH_SELECT_FINE;

        for (int32_t k = m->row_start[j]; k < m->row_start[j + 1]; k++)
            due += b->price[m->row[k]];
        b->trial[j] = due;
        if (fixed == RH_SELECT_TAKEN || (fixed == RH_SELECT_FREE && due < 0))
            sum += due;
    }
    return sum;
}

const int64_t *rh_select_bound_try(struct rh_select_bound *bound, const struct rh_select_walk *walk)
{
    int64_t unit = RH_SELECT_FINE * bound->model->grain, sum, whole, *due = bound->due;

    rh_select_walk_prices(walk, RH_SELECT_FINE, bound->limit, bound->price);
    sum = sum_of_columns(bound) + sum_of_rows(bound);
    if (sum <= bound->best_sum)
        return bound->trial;
    bound->best_sum = sum;
    bound->due = bound->trial;
    bound->trial = due;
    whole = sum > 0 ? (sum + unit - 1) / unit * bound->model->grain : 0;
    if (whole > bound->best)
        bound->best = whole;
    return bound->due;
}

int32_t rh_select_bound_fix(const struct rh_select_bound *bound, int64_t value, uint8_t *ret_fixed)
{
    /* Below `value` is at least one grain less. */
    int64_t room = (value - bound->model->grain) * RH_SELECT_FINE - bound->best_sum;
    int32_t free_count = 0;

    for (int32_t j = 0; j < bound->model->columns; j++) {
        ret_fixed[j] = rh_select_fixed(bound->model, j);
        if (ret_fixed[j] != RH_SELECT_FREE)
            continue;
        if (bound->due[j] > room)
            ret_fixed[j] = RH_SELECT_NEVER;
        else if (-bound->due[j] > room)
            ret_fixed[j] = RH_SELECT_TAKEN;
        else
            free_count++;
    }
    return free_count;
}
