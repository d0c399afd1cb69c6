/*
 * What a plan would be worth if one office moved, or two changed places: only what the two touch is
 * counted again. An office that is not in the plan (-1) counts nowhere, and has its place once it
 * moves into a month. Explaining an office asks that for every month and every partner in it; with
 * the checker that took seconds for 1,860 offices. tests/integration holds the prices against those
 * of the moves themselves, which the checker judges.
 */
#include "plugins/turnus/internal.h"

static int32_t has(const int32_t *list, int32_t count, int32_t wanted)
{
    if (!list)
        return 1; /* NULL stands for all */
    for (int32_t i = 0; i < count; i++)
        if (list[i] == wanted)
            return 1;
    return 0;
}

/* By count row: what it has found, which offices and which months it speaks of. */
static void index_counts(struct delta *delta)
{
    const struct rh_solve_problem *problem = &delta->model->problem;

    for (int32_t c = 0; c < problem->count_count; c++) {
        const struct rh_solve_count *row = &problem->counts[c];
        uint8_t *member = delta->member + (size_t)c * (size_t)problem->item_count;
        uint8_t *covers = delta->covers + (size_t)c * (size_t)problem->slot_count;

        for (int32_t i = 0; i < problem->item_count; i++)
            member[i] = !row->items;
        for (int32_t i = 0; row->items && i < row->item_count; i++)
            member[row->items[i]] = 1;
        for (int32_t t = 0; t < problem->slot_count; t++)
            covers[t] = (uint8_t)has(row->slots, row->slot_count, t);
        delta->found[c] = row->taken;
        for (int32_t i = 0; i < problem->item_count; i++)
            delta->found[c] += member[i] && delta->slots[i] >= 0 && covers[delta->slots[i]];
    }
}

/* By office, the pairs it is in: pairs[first[i]] … pairs[first[i + 1] - 1]. */
static void index_pairs(struct delta *delta)
{
    const struct rh_solve_problem *problem = &delta->model->problem;
    int32_t *first = delta->first_pair;

    for (int32_t p = 0; p < problem->apart_count; p++) {
        first[problem->aparts[p].a + 1]++;
        first[problem->aparts[p].b + 1]++;
    }
    for (int32_t i = 0; i < problem->item_count; i++)
        first[i + 1] += first[i];
    /* Filled from behind, so that `first` ends where it began: at the beginnings. */
    for (int32_t p = problem->apart_count - 1; p >= 0; p--) {
        delta->pairs[--first[problem->aparts[p].a + 1]] = p;
        delta->pairs[--first[problem->aparts[p].b + 1]] = p;
    }
    for (int32_t i = 0; i < problem->item_count; i++)
        first[i] = first[i + 1];
    first[problem->item_count] = 2 * problem->apart_count;
}

static void charge(struct value *value, int32_t level, int32_t rule, int64_t amount)
{
    value->level[level] += amount;
    value->rule[rule] += amount;
}

static int64_t deviation(const struct rh_solve_count *row, int32_t found)
{
    int64_t off = found < row->min                            ? (int64_t)row->min - found
                  : row->max != INT32_MAX && found > row->max ? (int64_t)found - row->max
                                                              : 0;

    return off * row->price;
}

static int64_t missing(const struct rh_solve_apart *pair, int32_t a, int32_t b)
{
    int32_t between = a < b ? b - a : a - b;

    if (a < 0 || b < 0)
        return 0;
    return between < pair->distance ? (int64_t)(pair->distance - between) * pair->price : 0;
}

static int32_t is_whole(const struct model *model, const int32_t *slots)
{
    for (int32_t i = 0; i < model->office_count; i++)
        if (slots[i] < 0)
            return 0;
    return 1;
}

/* The value of a plan that lacks offices: what is in it, rule by rule. */
static void recount(struct delta *delta)
{
    const struct rh_solve_problem *problem = &delta->model->problem;
    const int32_t *slots = delta->slots;

    delta->value = (struct value){.rule = {0}};
    for (int32_t c = 0; c < problem->count_count; c++)
        charge(&delta->value, problem->counts[c].level, problem->counts[c].rule,
               deviation(&problem->counts[c], delta->found[c]));
    for (int32_t p = 0; p < problem->apart_count; p++)
        charge(
            &delta->value, problem->aparts[p].level, problem->aparts[p].rule,
            missing(&problem->aparts[p], slots[problem->aparts[p].a], slots[problem->aparts[p].b]));
    for (int32_t k = 0; k < problem->cost_count; k++)
        for (int32_t i = 0; i < problem->item_count; i++)
            if (slots[i] >= 0)
                charge(&delta->value, RH_SOLVE_SOFT, problem->costs[k].rule,
                       problem->costs[k]
                           .price[(size_t)i * (size_t)problem->slot_count + (size_t)slots[i]]);
}

int32_t delta_begin(struct rh_call *call, const struct model *model, const int32_t *slots,
                    struct delta *ret_delta)
{
    const struct rh_solve_problem *problem = &model->problem;
    size_t rows = (size_t)problem->count_count, offices = (size_t)problem->item_count;
    struct delta delta = {.model = model, .slots = slots};

    delta.found = rh_alloc_in(call, rows * sizeof(*delta.found) + 1);
    delta.member = rh_alloc_in(call, rows * offices + 1);
    delta.covers = rh_alloc_in(call, rows * (size_t)problem->slot_count + 1);
    delta.first_pair = rh_alloc_in(call, (offices + 1) * sizeof(*delta.first_pair));
    delta.pairs = rh_alloc_in(call, ((size_t)problem->apart_count * 2 + 1) * sizeof(*delta.pairs));
    if (!delta.found || !delta.member || !delta.covers || !delta.first_pair || !delta.pairs)
        return RH_ENOMEM;
    index_counts(&delta);
    index_pairs(&delta);
    *ret_delta = delta;
    /* The checker judges whole plans only. */
    if (is_whole(model, slots))
        return value_of(call, model, slots, &ret_delta->value);
    recount(ret_delta);
    return 0;
}

/* A change of two places at most; partner -1 = one. */
struct change {
    int32_t place, partner, from, to;
};

static int32_t slot_after(const struct delta *delta, const struct change *change, int32_t office)
{
    return office == change->place     ? change->to
           : office == change->partner ? change->from
                                       : delta->slots[office];
}

static void change_counts(const struct delta *delta, const struct change *change,
                          struct value *value)
{
    const struct rh_solve_problem *problem = &delta->model->problem;

    for (int32_t c = 0; c < problem->count_count; c++) {
        const struct rh_solve_count *row = &problem->counts[c];
        const uint8_t *member = delta->member + (size_t)c * (size_t)problem->item_count;
        const uint8_t *covers = delta->covers + (size_t)c * (size_t)problem->slot_count;
        int32_t gain = covers[change->to] - (change->from < 0 ? 0 : covers[change->from]);
        int32_t by = member[change->place] ? gain : 0;

        if (change->partner >= 0 && member[change->partner])
            by -= gain;
        if (by)
            charge(value, row->level, row->rule,
                   deviation(row, delta->found[c] + by) - deviation(row, delta->found[c]));
    }
}

/* The pairs of `office`; one of both partners belongs to the first of them. */
static void change_pairs(const struct delta *delta, const struct change *change, int32_t office,
                         struct value *value)
{
    for (int32_t i = delta->first_pair[office]; i < delta->first_pair[office + 1]; i++) {
        const struct rh_solve_apart *pair = &delta->model->problem.aparts[delta->pairs[i]];

        if (office == change->partner && (pair->a == change->place || pair->b == change->place))
            continue;
        charge(
            value, pair->level, pair->rule,
            missing(pair, slot_after(delta, change, pair->a), slot_after(delta, change, pair->b)) -
                missing(pair, delta->slots[pair->a], delta->slots[pair->b]));
    }
}

static void change_costs(const struct delta *delta, int32_t office, int32_t from, int32_t to,
                         struct value *value)
{
    const struct rh_solve_problem *problem = &delta->model->problem;

    for (int32_t k = 0; k < problem->cost_count; k++) {
        const int64_t *price =
            problem->costs[k].price + (size_t)office * (size_t)problem->slot_count;

        charge(value, RH_SOLVE_SOFT, problem->costs[k].rule,
               price[to] - (from < 0 ? 0 : price[from]));
    }
}

void delta_of(const struct delta *delta, int32_t place, int32_t to, int32_t partner,
              struct value *ret_value)
{
    struct change change = {place, partner, delta->slots[place], to};

    *ret_value = delta->value;
    change_counts(delta, &change, ret_value);
    change_pairs(delta, &change, place, ret_value);
    change_costs(delta, place, change.from, to, ret_value);
    if (partner < 0)
        return;
    change_pairs(delta, &change, partner, ret_value);
    change_costs(delta, partner, to, change.from, ret_value);
}
