#include "core/select/model.h"

static void *make(struct rh_select_model *m, int64_t count, size_t size)
{
    return rh_arena_array(&m->arena, (size_t)(count > 0 ? count : 1), size);
}

static int64_t divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

static void add_costs(struct rh_select_model *m)
{
    const struct rh_select_problem *p = m->problem;

    for (int32_t k = 0; k < p->cost_count; k++) {
        for (int32_t j = 0; j < m->columns; j++)
            m->cost[j] += p->costs[k].price[j];
    }
    for (int32_t j = 0; j < m->columns; j++)
        m->grain = divisor(m->grain, m->cost[j]);
    for (int32_t r = 0; r < m->rows; r++)
        m->grain = divisor(m->grain, p->rows[r].price);
    if (m->grain == 0)
        m->grain = 1;
}

static int32_t list_rows(struct rh_select_model *m)
{
    const struct rh_select_problem *p = m->problem;
    int32_t total = 0, *end;

    for (int32_t r = 0; r < m->rows; r++)
        total += p->rows[r].column_count;
    m->row = make(m, total, sizeof(int32_t));
    end = make(m, m->columns, sizeof(int32_t));
    if (!m->row || !end)
        return RH_ENOMEM;
    for (int32_t r = 0; r < m->rows; r++) {
        for (int32_t i = 0; i < p->rows[r].column_count; i++)
            m->row_start[p->rows[r].columns[i] + 1]++;
    }
    for (int32_t j = 0; j < m->columns; j++) {
        m->row_start[j + 1] += m->row_start[j];
        end[j] = m->row_start[j];
    }
    for (int32_t r = 0; r < m->rows; r++) {
        for (int32_t i = 0; i < p->rows[r].column_count; i++)
            m->row[end[p->rows[r].columns[i]]++] = r;
    }
    return 0;
}

static void list_groups(struct rh_select_model *m, int32_t *end)
{
    const struct rh_select_problem *p = m->problem;

    for (int64_t c = 0; c < (int64_t)m->groups * m->agents; c++)
        m->at[c] = -1;
    for (int32_t j = 0; j < m->columns; j++) {
        m->at[(int64_t)p->group[j] * m->agents + p->agent[j]] = j;
        m->group_start[p->group[j] + 1] += rh_select_fixed(m, j) == RH_SELECT_FREE;
    }
    for (int32_t g = 0; g < m->groups; g++) {
        m->group_start[g + 1] += m->group_start[g];
        end[g] = m->group_start[g];
    }
    for (int32_t j = 0; j < m->columns; j++) {
        if (rh_select_fixed(m, j) == RH_SELECT_FREE)
            m->group_list[end[p->group[j]]++] = j;
    }
}

int32_t rh_select_model_init(struct rh_select_model *model, const struct rh_select_problem *problem,
                             struct rh_err *err)
{
    struct rh_select_model *m = model;
    int32_t *end;

    *m = (struct rh_select_model){.problem = problem,
                                  .columns = problem->column_count,
                                  .rows = problem->row_count,
                                  .groups = problem->group_count,
                                  .agents = problem->agent_count};
    rh_arena_init(&m->arena, SIZE_MAX);
    m->cost = make(m, m->columns, sizeof(int64_t));
    m->row_start = make(m, (int64_t)m->columns + 1, sizeof(int32_t));
    m->group_start = make(m, (int64_t)m->groups + 1, sizeof(int32_t));
    m->group_list = make(m, m->columns, sizeof(int32_t));
    m->at = make(m, (int64_t)m->groups * m->agents, sizeof(int32_t));
    end = make(m, m->groups, sizeof(int32_t));
    if (!m->cost || !m->row_start || !m->group_start || !m->group_list || !m->at || !end ||
        list_rows(m) < 0) {
        rh_select_model_fini(m);
        return rh_err_nomem(err);
    }
    add_costs(m);
    list_groups(m, end);
    return 0;
}

void rh_select_model_fini(struct rh_select_model *model)
{
    rh_arena_fini(&model->arena);
}
