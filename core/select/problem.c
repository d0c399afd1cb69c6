/* What is malformed or contradicts itself, before anything is computed. */
#include "core/select/select.h"

#include "core/base/alloc.h"

enum { COLUMNS_MAX = 2000000, ROWS_MAX = 2000000, CELLS_MAX = 50000000 };
static const int64_t entries_max = 40000000;

static int32_t malformed(struct rh_err *err, const char *what, int32_t number)
{
    return rh_err_set(err, RH_EINVALID, "Auswahlaufgabe: %s %d ist nicht wohlgeformt",
                      "selection problem: %s %d is malformed", what, number + 1);
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
            rc = malformed(err, "column", j);
            break;
        }
        at = (size_t)p->group[j] * (size_t)p->agent_count + (size_t)p->agent[j];
        rc = seen[at] ? malformed(err, "column", j) : 0;
        seen[at] = 1;
    }
    rh_free(seen);
    return rc;
}

static int32_t check_costs(const struct rh_select_problem *p, struct rh_err *err)
{
    for (int32_t k = 0; k < p->cost_count; k++) {
        if (!p->costs[k].price || p->costs[k].rule < 0 || p->costs[k].rule >= p->rule_count)
            return malformed(err, "cost", k);
        for (int32_t j = 0; j < p->column_count; j++) {
            if (p->costs[k].price[j] < 0 || p->costs[k].price[j] > RH_SOLVE_PRICE_MAX)
                return malformed(err, "cost", k);
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
        return malformed(err, "row", r);
    for (int32_t i = 0; i < row->column_count; i++) {
        if (row->columns[i] < 0 || row->columns[i] >= p->column_count ||
            (i > 0 && row->columns[i] <= row->columns[i - 1]))
            return malformed(err, "row", r);
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
    return rc;
}
