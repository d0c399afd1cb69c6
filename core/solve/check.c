#include "core/solve/check.h"

#include <stdbool.h>
#include <string.h>

static bool list_has(const int32_t *list, int32_t count, int32_t wanted)
{
    if (!list)
        return true;
    for (int32_t i = 0; i < count; i++) {
        if (list[i] == wanted)
            return true;
    }
    return false;
}

static int32_t check_places(const struct rh_solve_problem *p, const int32_t *slot,
                            struct rh_err *err)
{
    for (int32_t i = 0; i < p->item_count; i++) {
        if (slot[i] < 0 || slot[i] >= p->slot_count)
            return rh_err_set(err, RH_EINVALID, "Plan: Element %d hat keinen Platz",
                              "plan: item %d has no slot", i + 1);
        if (!p->allowed[(size_t)i * (size_t)p->slot_count + (size_t)slot[i]])
            return rh_err_set(
                err, RH_EINVALID, "Plan: Element %d liegt auf Platz %d, der ihm verschlossen ist",
                "plan: item %d is in slot %d, which is closed to it", i + 1, slot[i] + 1);
    }
    for (int32_t k = 0; k < p->together_count; k++) {
        const struct rh_solve_together *pair = &p->togethers[k];

        if (slot[pair->a] != slot[pair->b])
            return rh_err_set(
                err, RH_EINVALID, "Plan: Elemente %d und %d gehören zusammen, liegen aber getrennt",
                "plan: items %d and %d belong together but are not", pair->a + 1, pair->b + 1);
    }
    return 0;
}

static void charge(struct rh_solve_verdict *verdict, int32_t level, int32_t rule, int64_t amount)
{
    verdict->value[level] += amount;
    if (verdict->rule_value)
        verdict->rule_value[rule] += amount;
}

static void check_counts(const struct rh_solve_problem *p, const int32_t *slot,
                         struct rh_solve_verdict *verdict)
{
    for (int32_t k = 0; k < p->count_count; k++) {
        const struct rh_solve_count *row = &p->counts[k];
        int64_t found = row->taken;

        if (row->items) {
            for (int32_t j = 0; j < row->item_count; j++)
                found += list_has(row->slots, row->slot_count, slot[row->items[j]]);
        } else {
            for (int32_t i = 0; i < p->item_count; i++)
                found += list_has(row->slots, row->slot_count, slot[i]);
        }
        if (verdict->count_value)
            verdict->count_value[k] = found;
        if (found < row->min)
            charge(verdict, row->level, row->rule, (row->min - found) * row->price);
        if (row->max != INT32_MAX && found > row->max)
            charge(verdict, row->level, row->rule, (found - row->max) * row->price);
    }
}

static void check_pairs(const struct rh_solve_problem *p, const int32_t *slot,
                        struct rh_solve_verdict *verdict)
{
    for (int32_t k = 0; k < p->apart_count; k++) {
        const struct rh_solve_apart *pair = &p->aparts[k];
        int32_t between = slot[pair->a] - slot[pair->b];

        if (between < 0)
            between = -between;
        if (between < pair->distance)
            charge(verdict, pair->level, pair->rule,
                   (int64_t)(pair->distance - between) * pair->price);
    }
}

static void check_costs(const struct rh_solve_problem *p, const int32_t *slot,
                        struct rh_solve_verdict *verdict)
{
    for (int32_t k = 0; k < p->cost_count; k++) {
        for (int32_t i = 0; i < p->item_count; i++) {
            size_t cell = (size_t)i * (size_t)p->slot_count + (size_t)slot[i];

            charge(verdict, RH_SOLVE_SOFT, p->costs[k].rule, p->costs[k].price[cell]);
        }
    }
}

int32_t rh_solve_check(const struct rh_solve_problem *problem, const int32_t *slot,
                       struct rh_solve_verdict *verdict, struct rh_err *err)
{
    int32_t rc = check_places(problem, slot, err);

    if (rc < 0)
        return rc;
    memset(verdict->value, 0, sizeof(verdict->value));
    if (verdict->rule_value)
        memset(verdict->rule_value, 0,
               (size_t)problem->rule_count * sizeof(verdict->rule_value[0]));
    check_counts(problem, slot, verdict);
    check_pairs(problem, slot, verdict);
    check_costs(problem, slot, verdict);
    return 0;
}
