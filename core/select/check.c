#include "core/select/check.h"

#include <string.h>

static int32_t check_fixed(const struct rh_select_problem *p, const uint8_t *taken,
                           struct rh_err *err)
{
    for (int32_t j = 0; j < p->column_count && p->fixed; j++) {
        if ((p->fixed[j] == RH_SELECT_TAKEN && !taken[j]) ||
            (p->fixed[j] == RH_SELECT_NEVER && taken[j]))
            return rh_err_set(err, RH_EINVALID, "Auswahl: Spalte %d ist anders festgelegt",
                              "selection: column %d is fixed otherwise", j + 1);
    }
    return 0;
}

static int64_t units_outside(const struct rh_select_row *row, int32_t found)
{
    if (found < row->min)
        return (int64_t)row->min - found;
    return found > row->max ? (int64_t)found - row->max : 0;
}

static void charge(int64_t *rule_value, int64_t *value, int32_t rule, int64_t amount)
{
    *value += amount;
    if (rule_value)
        rule_value[rule] += amount;
}

int32_t rh_select_check(const struct rh_select_problem *problem, const uint8_t *taken,
                        int64_t *ret_value, int64_t *rule_value, int32_t *row_count,
                        struct rh_err *err)
{
    int64_t value = 0;
    int32_t rc = check_fixed(problem, taken, err);

    if (rc < 0)
        return rc;
    if (rule_value)
        memset(rule_value, 0, (size_t)problem->rule_count * sizeof(*rule_value));
    for (int32_t k = 0; k < problem->cost_count; k++) {
        for (int32_t j = 0; j < problem->column_count; j++) {
            if (taken[j])
                charge(rule_value, &value, problem->costs[k].rule, problem->costs[k].price[j]);
        }
    }
    for (int32_t r = 0; r < problem->row_count; r++) {
        const struct rh_select_row *row = &problem->rows[r];
        int32_t found = 0;

        for (int32_t i = 0; i < row->column_count; i++)
            found += taken[row->columns[i]] != 0;
        if (row_count)
            row_count[r] = found;
        if (row->price == 0 && units_outside(row, found) > 0)
            return rh_err_set(
                err, RH_EINVALID, "Auswahl: strenge Zeile %d hat %d statt höchstens %d",
                "selection: strict row %d has %d instead of at most %d", r + 1, found, row->max);
        charge(rule_value, &value, row->rule, row->price * units_outside(row, found));
    }
    *ret_value = value;
    return 0;
}
