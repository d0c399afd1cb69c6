/* Hard rules with a price: a shortage gives a plan that breaks as little as possible, not none. */
#include "plugins/turnus/gaps.h"

#include "plugins/turnus/conflicts.h"

#include <string.h>

/*
 * What breaking a rule for one office counts on the hard level, beside one for each procedure too
 * many in a month. One procedure more is the house's own matter; what an office was granted is
 * dear.
 */
static const struct {
    int32_t why;
    int64_t price;
} prices[] = {
    {WHY_SPACING, 2}, {WHY_CLOSED, 3}, {WHY_BLOCKED, 4}, {WHY_NOT_FIXED, 5}, {WHY_BEGUN, 9},
};

enum { PRICES = sizeof(prices) / sizeof(prices[0]) };

struct rows {
    struct rh_solve_count *counts;
    struct group *groups;
    int32_t count;
};

/* The problem's rows, with room for `more`. */
static int32_t copy_rows(struct rh_call *call, const struct model *model, int32_t more,
                         struct rows *ret)
{
    size_t most = (size_t)model->problem.count_count + (size_t)more + 1;

    ret->count = model->problem.count_count;
    ret->counts = rh_alloc_in(call, most * sizeof(*ret->counts));
    ret->groups = rh_alloc_in(call, most * sizeof(*ret->groups));
    if (!ret->counts || !ret->groups)
        return RH_ENOMEM;
    memcpy(ret->counts, model->problem.counts, (size_t)ret->count * sizeof(*ret->counts));
    memcpy(ret->groups, model->groups, (size_t)ret->count * sizeof(*ret->groups));
    return 0;
}

/* "This office in none of these months." */
static int32_t add_row(struct rh_call *call, const struct model *model, struct rows *rows,
                       int32_t office, const int32_t *slots, int32_t slot_count, int64_t price)
{
    int32_t *item = rh_alloc_in(call, sizeof(*item));

    if (!item)
        return RH_ENOMEM;
    *item = office;
    rows->counts[rows->count] = (struct rh_solve_count){.items = item,
                                                        .item_count = 1,
                                                        .slots = slots,
                                                        .slot_count = slot_count,
                                                        .max = 0,
                                                        .level = RH_SOLVE_HARD,
                                                        .rule = RULE_GAP,
                                                        .price = price};
    rows->groups[rows->count++] = (struct group){RULE_GAP, model->offices[office].id, -1};
    return 0;
}

static int32_t why_at(const struct model *model, int32_t office, int32_t slot)
{
    return model->why[(size_t)office * (size_t)model->month_count + (size_t)slot];
}

/* One row for each kind of rule that keeps the office out of months. */
static int32_t price_office(struct rh_call *call, const struct model *model, struct rows *rows,
                            int32_t office)
{
    int32_t rc = 0;

    for (int32_t k = 0; k < PRICES && rc >= 0; k++) {
        int32_t *slots = rh_alloc_in(call, (size_t)model->month_count * sizeof(*slots)), count = 0;

        if (!slots)
            return RH_ENOMEM;
        for (int32_t t = 0; t < model->month_count; t++)
            if (why_at(model, office, t) & prices[k].why)
                slots[count++] = t;
        if (count > 0)
            rc = add_row(call, model, rows, office, slots, count, prices[k].price);
    }
    return rc;
}

static void use_rows(struct model *model, const struct rows *rows)
{
    model->problem.counts = rows->counts;
    model->problem.count_count = rows->count;
    model->groups = rows->groups;
}

/* ---- pairs that cannot be together any more ---- */

static int32_t first_of(const int32_t *group, int32_t office)
{
    while (group[office] != office)
        office = group[office];
    return office;
}

/* Keeps the pairs that leave each group at most one month in which something of it has begun. */
static int32_t part_begun(struct rh_call *call, struct model *model)
{
    struct rh_solve_problem *problem = &model->problem;
    size_t offices = (size_t)model->office_count;
    int32_t *group = rh_alloc_in(call, offices * sizeof(*group));
    int32_t *begun = rh_alloc_in(call, offices * sizeof(*begun)), kept = 0;
    struct rh_solve_together *pairs =
        rh_alloc_in(call, ((size_t)problem->together_count + 1) * sizeof(*pairs));

    if (!group || !begun || !pairs)
        return RH_ENOMEM;
    for (int32_t i = 0; i < model->office_count; i++) {
        group[i] = i;
        begun[i] = model->offices[i].begun;
    }
    for (int32_t p = 0; p < problem->together_count; p++) {
        int32_t a = first_of(group, problem->togethers[p].a);
        int32_t b = first_of(group, problem->togethers[p].b);

        if (begun[a] != RH_NO_MONTH && begun[b] != RH_NO_MONTH && begun[a] != begun[b])
            continue;
        if (begun[a] == RH_NO_MONTH)
            begun[a] = begun[b];
        group[b] = a;
        pairs[kept++] = problem->togethers[p];
    }
    problem->togethers = pairs;
    problem->together_count = kept;
    return 0;
}

int32_t make_elastic(struct rh_call *call, struct model *model)
{
    size_t cells = (size_t)model->office_count * (size_t)model->month_count;
    uint8_t *allowed = rh_alloc_in(call, cells);
    struct rows rows;
    int32_t rc = copy_rows(call, model, model->office_count * PRICES, &rows);

    if (rc < 0 || !allowed)
        return RH_ENOMEM;
    for (size_t cell = 0; cell < cells; cell++)
        allowed[cell] = !(model->why[cell] & WHY_BEGUN);
    for (int32_t i = 0; i < model->office_count && rc >= 0; i++)
        if (model->offices[i].begun == RH_NO_MONTH)
            rc = price_office(call, model, &rows, i);
    if (rc < 0 || (rc = part_begun(call, model)) < 0)
        return rc;
    model->problem.allowed = allowed;
    use_rows(model, &rows);
    return 0;
}

/* So much finer than a price that spreading what is too much never outweighs one. */
enum { FINE = 4096 };

static int64_t gap_price(int32_t why)
{
    int64_t price = 0;

    for (int32_t k = 0; k < PRICES; k++)
        price += why & prices[k].why ? prices[k].price : 0;
    return why & WHY_BEGUN ? -1 : price * FINE;
}

int32_t start_elastic(struct rh_call *call, struct model *model)
{
    size_t cells = (size_t)model->office_count * (size_t)model->month_count;
    int64_t *price = rh_alloc_in(call, cells * sizeof(*price));
    int32_t *start = rh_alloc_in(call, (size_t)model->office_count * sizeof(*start));
    struct conflicts c;
    int32_t rc = conflicts_begin(call, model, &c);

    if (rc < 0 || !price || !start)
        return RH_ENOMEM;
    for (size_t cell = 0; cell < cells; cell++)
        price[cell] = gap_price(model->why[cell]);
    rc = clash_place(&c.clash, c.all, price, FINE, start);
    if (rc == CLASH_YES)
        model->problem.start = start;
    return rc < 0 ? RH_ENOMEM : 0;
}

int32_t price_broken(struct rh_call *call, struct model *model, const int32_t *slots)
{
    struct rows rows;
    int32_t rc = copy_rows(call, model, model->office_count * PRICES, &rows);

    for (int32_t i = 0; i < model->office_count && rc >= 0; i++)
        for (int32_t k = 0; k < PRICES && rc >= 0 && slots[i] >= 0; k++)
            if (why_at(model, i, slots[i]) & prices[k].why) {
                int32_t *slot = rh_alloc_in(call, sizeof(*slot));

                if (!slot)
                    return RH_ENOMEM;
                *slot = slots[i];
                rc = add_row(call, model, &rows, i, slot, 1, prices[k].price);
            }
    if (rc >= 0)
        use_rows(model, &rows);
    return rc;
}
