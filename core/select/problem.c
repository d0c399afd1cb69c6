/* What is malformed or contradicts itself, before anything is computed. */
#include "core/select/select.h"

#include "core/base/alloc.h"

enum { COLUMNS_MAX = 2000000, ROWS_MAX = 2000000, CELLS_MAX = 50000000 };
static const int64_t entries_max = 40000000;
/* What an answer may cost at worst: the bound counts in parts of 1/4096 and stays below 2^63. */
static const int64_t value_max = (int64_t)1 << 50;

static int32_t bad_column(struct rh_err *err, int32_t column)
{
    return rh_err_set(err, RH_EINVALID, "Auswahlaufgabe: Spalte %d ist nicht wohlgeformt",
                      "selection problem: column %d is malformed", column + 1);
}

static int32_t bad_cost(struct rh_err *err, int32_t table)
{
    return rh_err_set(err, RH_EINVALID, "Auswahlaufgabe: Kostentabelle %d ist nicht wohlgeformt",
                      "selection problem: cost table %d is malformed", table + 1);
}

static int32_t bad_row(struct rh_err *err, int32_t row)
{
    return rh_err_set(err, RH_EINVALID, "Auswahlaufgabe: Zeile %d ist nicht wohlgeformt",
                      "selection problem: row %d is malformed", row + 1);
}

static int32_t check_sizes(const struct rh_select_problem *p, struct rh_err *err)
{
    if (p->column_count < 0 || p->group_count < 1 || p->agent_count < 1 || p->rule_count < 1 ||
        p->row_count < 0 || p->cost_count < 0 || !p->group || !p->agent)
        return rh_err_set(err, RH_EINVALID, "Auswahlaufgabe: Angaben fehlen",
                          "selection problem: something is missing");
    if (p->column_count > COLUMNS_MAX || p->row_count > ROWS_MAX ||
        (int64_t)p->group_count * p->agent_count > CELLS_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "Auswahlaufgabe: zu groß",
                          "selection problem: too large");
    return 0;
}

static int32_t check_columns(const struct rh_select_problem *p, struct rh_err *err)
{
    uint8_t *seen = rh_alloc((size_t)p->group_count * (size_t)p->agent_count, 1);
    int32_t rc = seen ? 0 : rh_err_nomem(err);

    for (int32_t j = 0; j < p->column_count && rc == 0; j++) {
        size_t at;

        if (p->group[j] < 0 || p->group[j] >= p->group_count || p->agent[j] < 0 ||
            p->agent[j] >= p->agent_count || (p->fixed && p->fixed[j] > RH_SELECT_NEVER)) {
            rc = bad_column(err, j);
            break;
        }
        at = (size_t)p->group[j] * (size_t)p->agent_count + (size_t)p->agent[j];
        rc = seen[at] ? bad_column(err, j) : 0;
        seen[at] = 1;
    }
    rh_free(seen);
    return rc;
}

static int32_t check_costs(const struct rh_select_problem *p, struct rh_err *err)
{
    for (int32_t k = 0; k < p->cost_count; k++) {
        if (!p->costs[k].price || p->costs[k].rule < 0 || p->costs[k].rule >= p->rule_count)
            return bad_cost(err, k);
        for (int32_t j = 0; j < p->column_count; j++) {
            if (p->costs[k].price[j] < 0 || p->costs[k].price[j] > RH_SOLVE_PRICE_MAX)
                return bad_cost(err, k);
        }
    }
    return 0;
}

static int32_t check_row(const struct rh_select_problem *p, int32_t r, struct rh_err *err)
{
    const struct rh_select_row *row = &p->rows[r];
    int32_t must = 0;

    if (row->column_count < 0 || (row->column_count > 0 && !row->columns) || row->min > row->max ||
        row->rule < 0 || row->rule >= p->rule_count || row->price < 0 || row->max < 0 ||
        row->price > RH_SOLVE_PRICE_MAX || (row->price == 0 && row->min > 0))
        return bad_row(err, r);
    for (int32_t i = 0; i < row->column_count; i++) {
        if (row->columns[i] < 0 || row->columns[i] >= p->column_count ||
            (i > 0 && row->columns[i] <= row->columns[i - 1]))
            return bad_row(err, r);
        must += p->fixed && p->fixed[row->columns[i]] == RH_SELECT_TAKEN;
    }
    if (row->price == 0 && must > row->max)
        return rh_err_set(err, RH_EINVALID,
                          "Auswahlaufgabe: %d Spalten der strengen Zeile %d sind festgelegt, "
                          "höchstens %d dürfen es sein",
                          "selection problem: %d columns of the strict row %d are fixed, at most "
                          "%d may be",
                          must, r + 1, row->max);
    return 0;
}

/* The dearest that a row can be, or less when it is above value_max anyway. */
static int64_t worst_of_row(const struct rh_select_row *row)
{
    int64_t lacks = row->min > 0 ? row->min : 0;
    int64_t over = (int64_t)row->column_count - row->max;

    return row->price * (over > lacks ? over : lacks);
}

static int32_t check_value(const struct rh_select_problem *p, struct rh_err *err)
{
    int64_t worst = 0;

    for (int32_t k = 0; k < p->cost_count && worst <= value_max; k++) {
        for (int32_t j = 0; j < p->column_count; j++)
            worst += p->costs[k].price[j];
    }
    for (int32_t r = 0; r < p->row_count && worst <= value_max; r++)
        worst += worst_of_row(&p->rows[r]);
    if (worst > value_max)
        return rh_err_set(err, RH_ETOOLARGE, "Auswahlaufgabe: die Preise sind zusammen zu hoch",
                          "selection problem: the prices add up to too much");
    return 0;
}

int32_t rh_select_problem_check(const struct rh_select_problem *problem, struct rh_err *err)
{
    int64_t entries = 0;
    int32_t rc = check_sizes(problem, err);

    if (rc == 0)
        rc = check_columns(problem, err);
    if (rc == 0)
        rc = check_costs(problem, err);
    for (int32_t r = 0; r < problem->row_count && rc == 0; r++) {
        rc = check_row(problem, r, err);
        entries += rc == 0 ? problem->rows[r].column_count : 0;
    }
    if (rc == 0 && entries > entries_max)
        rc = rh_err_set(err, RH_ETOOLARGE, "Auswahlaufgabe: zu viele Einträge",
                        "selection problem: too many entries");
    return rc == 0 ? check_value(problem, err) : rc;
}
