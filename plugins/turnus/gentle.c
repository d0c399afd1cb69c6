/*
 * From what a plan is computed anew, and what one price of a move makes of it.
 *
 * Held where they are: what has begun (problem.c) and what was announced. An office is displaced
 * when its month is not possible any more; of a month with more offices than places some have to
 * leave. Both together are fewer moves than any plan can do with, found without the engine.
 */
#include "plugins/turnus/replan.h"

#include <string.h>

enum {
    RULE_CHANGE = RULE_COUNT, /* the price of a move: a rule of these problems alone */
    DEAR = 100000             /* more than a plan's points can differ by for one move */
};

static uint8_t *cell(uint8_t *cells, const struct gentle *gentle, int32_t place, int32_t slot)
{
    return &cells[(size_t)place * (size_t)gentle->model.month_count + (size_t)slot];
}

static int32_t may(const struct gentle *gentle, int32_t place, int32_t slot)
{
    return gentle->strict.allowed[(size_t)place * (size_t)gentle->model.month_count + (size_t)slot];
}

static void keep_only(uint8_t *cells, const struct gentle *gentle, int32_t place, int32_t slot)
{
    memset(cell(cells, gentle, place, 0), 0, (size_t)gentle->model.month_count);
    *cell(cells, gentle, place, slot) = 1;
}

/* ---- a print of all that a plan depends on ---- */

/* FNV-1a, 64 bits: it tells changes, it need not withstand anybody. */
static uint64_t stir(uint64_t print, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        print = (print ^ ((const uint8_t *)bytes)[i]) * UINT64_C(1099511628211);
    return print;
}

static uint64_t stir_text(uint64_t print, const char *text)
{
    return stir(print, text, strlen(text) + 1);
}

static uint64_t stir_count(uint64_t print, const struct rh_solve_count *row)
{
    int64_t numbers[] = {row->item_count, row->slot_count, row->taken, row->min,
                         row->max,        row->level,      row->rule,  row->price};

    print = stir(print, numbers, sizeof(numbers));
    if (row->items)
        print = stir(print, row->items, (size_t)row->item_count * sizeof(int32_t));
    return row->slots ? stir(print, row->slots, (size_t)row->slot_count * sizeof(int32_t)) : print;
}

static uint64_t stir_problem(uint64_t print, const struct rh_solve_problem *problem)
{
    size_t cells = (size_t)problem->item_count * (size_t)problem->slot_count;

    print = stir(print, problem->allowed, cells);
    for (int32_t i = 0; i < problem->cost_count; i++)
        print = stir(print, problem->costs[i].price, cells * sizeof(int64_t));
    for (int32_t i = 0; i < problem->count_count; i++)
        print = stir_count(print, &problem->counts[i]);
    for (int32_t i = 0; i < problem->apart_count; i++) {
        const struct rh_solve_apart *pair = &problem->aparts[i];
        int64_t numbers[] = {pair->a, pair->b, pair->distance, pair->rule, pair->price};

        print = stir(print, numbers, sizeof(numbers));
    }
    for (int32_t i = 0; i < problem->together_count; i++) {
        int32_t numbers[] = {problem->togethers[i].a, problem->togethers[i].b};

        print = stir(print, numbers, sizeof(numbers));
    }
    return print;
}

static const char *print_of(struct rh_call *call, const struct gentle *gentle)
{
    const struct model *model = &gentle->model;
    size_t offices = (size_t)model->office_count;
    uint64_t print = UINT64_C(14695981039346656037);

    for (int32_t i = 0; i < model->office_count; i++)
        print = stir_text(print, model->offices[i].id);
    print = stir(print, &model->first_month, sizeof(model->first_month));
    print = stir_problem(print, &gentle->strict);
    print = stir(print, &gentle->base.id, sizeof(gentle->base.id));
    print = stir_text(print, gentle->base.state);
    print = stir(print, gentle->base.slot, offices * sizeof(int32_t));
    print = stir(print, gentle->standing, offices);
    print = stir(print, &gentle->weight, sizeof(gentle->weight));
    return rh_format(call, "%016llx", "%016llx", (unsigned long long)print);
}

/* ---- who cannot stay ---- */

/* The smallest office that each one has to start together with, itself when alone. */
static int32_t *find_blocks(struct rh_call *call, const struct gentle *gentle)
{
    int32_t *block = rh_alloc_in(call, (size_t)gentle->model.office_count * sizeof(int32_t));
    int32_t changed = 1;

    for (int32_t i = 0; block && i < gentle->model.office_count; i++)
        block[i] = i;
    while (block && changed) {
        changed = 0;
        for (int32_t i = 0; i < gentle->strict.together_count; i++) {
            int32_t *a = &block[gentle->strict.togethers[i].a],
                    *b = &block[gentle->strict.togethers[i].b];

            changed |= *a != *b;
            *a = *b = *a < *b ? *a : *b;
        }
    }
    return block;
}

/* How many of a block start in `slot` by the base; -1 when not all of it may start there. */
static int32_t stay_in(const struct gentle *gentle, const int32_t *block, int32_t leader,
                       int32_t slot)
{
    int32_t stay = 0;

    for (int32_t i = leader; i < gentle->model.office_count; i++) {
        if (block[i] != leader)
            continue;
        if (!may(gentle, i, slot))
            return -1;
        stay += gentle->base.slot[i] == slot;
    }
    return stay;
}

/* A block stays when all of it may stay where all of it is. */
static void displace_block(struct gentle *gentle, const int32_t *block, int32_t leader)
{
    int32_t size = 0, in_base = 0, most = 0;

    for (int32_t i = leader; i < gentle->model.office_count; i++)
        if (block[i] == leader) {
            size++;
            in_base += gentle->base.slot[i] >= 0;
        }
    for (int32_t t = 0; t < gentle->model.month_count; t++) {
        int32_t stay = stay_in(gentle, block, leader, t);

        most = stay > most ? stay : most;
    }
    if (most == size)
        return;
    gentle->must += in_base - most;
    for (int32_t i = leader; i < gentle->model.office_count; i++)
        gentle->displaced[i] |= block[i] == leader;
}

/* Of the months with more offices than places, some of those that could stay have to leave. */
static void count_excess(struct gentle *gentle)
{
    for (int32_t c = 0; c < gentle->strict.count_count; c++) {
        const struct rh_solve_count *row = &gentle->strict.counts[c];
        int32_t found = row->taken, slot;

        if (row->rule != RULE_CAPACITY)
            continue;
        slot = row->slots[0];
        for (int32_t i = 0; i < gentle->model.office_count; i++)
            found += gentle->base.slot[i] == slot && !gentle->displaced[i];
        gentle->excess[slot] = found > row->max ? found - row->max : 0;
        gentle->must += gentle->excess[slot];
    }
}

static int32_t find_displaced(struct rh_call *call, struct gentle *gentle)
{
    int32_t *block = find_blocks(call, gentle);

    gentle->displaced = rh_alloc_in(call, (size_t)gentle->model.office_count);
    gentle->excess = rh_alloc_in(call, (size_t)gentle->model.month_count * sizeof(int32_t));
    if (!block || !gentle->displaced || !gentle->excess)
        return RH_ENOMEM;
    for (int32_t i = 0; i < gentle->model.office_count; i++)
        if (block[i] == i)
            displace_block(gentle, block, i);
    count_excess(gentle);
    return 0;
}

const char *gentle_why(struct rh_call *call, const struct gentle *gentle, int32_t place)
{
    const struct model *model = &gentle->model;
    int32_t slot = gentle->base.slot[place], why;

    if (slot < 0)
        return rh_format(call, "steht nicht im Plan", "is not in the plan");
    why = model->why[(size_t)place * (size_t)model->month_count + (size_t)slot];
    return why ? why_text(call, why)
               : rh_format(call, "soll mit einem anderen Amt gemeinsam beginnen",
                           "shall start together with another office");
}

/* ---- where it begins ---- */

/* What was announced is held, as far as it is possible at all. */
static int32_t hold(struct rh_call *call, struct gentle *gentle)
{
    size_t cells = (size_t)gentle->model.office_count * (size_t)gentle->model.month_count;
    uint8_t *allowed = rh_alloc_in(call, cells);

    if (!allowed)
        return RH_ENOMEM;
    memcpy(allowed, gentle->strict.allowed, cells);
    for (int32_t i = 0; i < gentle->model.office_count; i++)
        if (gentle->standing[i] == STANDING_ANNOUNCED && gentle->base.slot[i] >= 0 &&
            may(gentle, i, gentle->base.slot[i]))
            keep_only(allowed, gentle, i, gentle->base.slot[i]);
    gentle->strict.allowed = allowed;
    return 0;
}

static int32_t find_base(struct rh_call *call, const char *round, int64_t *plan)
{
    if (*plan == 0)
        *plan = published_plan(call, round);
    if (*plan < 0)
        return (int32_t)*plan;
    if (*plan == 0)
        return rh_fail(call, RH_ENOTFOUND,
                       "der Turnus %s hat keinen veröffentlichten Plan, von dem aus neu zu planen "
                       "wäre; --plan nennt einen Entwurf, 'reihum turnus publish' veröffentlicht "
                       "einen",
                       "the round %s has no published plan to start from; --plan names a draft, "
                       "'reihum turnus publish' publishes one",
                       round);
    return 0;
}

int32_t gentle_begin(struct rh_call *call, const char *round, int64_t plan, struct gentle *ret)
{
    struct gentle gentle = {.weight = rh_config_int(call, "weight_balance")};
    struct delta delta;
    int32_t rc;

    if ((rc = find_base(call, round, &plan)) < 0 ||
        (rc = model_load(call, round, &gentle.model)) < 0)
        return rc;
    gentle.strict = gentle.model.problem;
    if ((rc = plan_load_named(call, &gentle.model, plan, &gentle.base)) < 0 ||
        (rc = standings(call, &gentle.model, &gentle.standing)) < 0 ||
        (rc = hold(call, &gentle)) < 0 || (rc = find_displaced(call, &gentle)) < 0 ||
        (rc = delta_begin(call, &gentle.model, gentle.base.slot, &delta)) < 0)
        return rc;
    gentle.value = delta.value;
    gentle.print = print_of(call, &gentle);
    *ret = gentle;
    return 0;
}

int32_t gentle_obstacles(struct rh_call *call, const struct gentle *gentle,
                         void (*say)(void *context, const char *sentence), void *context)
{
    int32_t count = 0;

    for (int32_t i = 0; i < gentle->model.office_count; i++) {
        const struct office *office = &gentle->model.offices[i];

        if (gentle->standing[i] != STANDING_ANNOUNCED || gentle->base.slot[i] < 0 ||
            may(gentle, i, gentle->base.slot[i]))
            continue;
        count++;
        say(context,
            rh_format(
                call,
                "%1$s ist für %2$s angekündigt, kann dort aber nicht bleiben (%3$s): die Regel "
                "ändern oder die Ankündigung zurücknehmen ('reihum turnus announce --office "
                "%4$s --withdraw --reason …')",
                "%1$s is announced for %2$s but cannot stay there (%3$s): change the rule or "
                "take the announcement back ('reihum turnus announce --office %4$s "
                "--withdraw --reason …')",
                office->name, month_words(call, gentle->model.months[gentle->base.slot[i]].month),
                gentle_why(call, gentle, i), office->id));
    }
    return count;
}

/* ---- one price ---- */

int64_t gentle_points(const struct gentle *gentle, const int64_t level[RH_SOLVE_LEVELS])
{
    return gentle->weight * level[RH_SOLVE_BALANCE] + level[RH_SOLVE_SOFT];
}

/* Deviations from even shares are never traded in a plan made from nothing; here they have a
 * weight, or every office would move to mend the last of them. */
static int32_t weigh_counts(struct rh_call *call, const struct gentle *gentle,
                            struct rh_solve_problem *problem)
{
    size_t size = (size_t)problem->count_count * sizeof(struct rh_solve_count);
    struct rh_solve_count *counts = rh_alloc_in(call, size);

    if (!counts)
        return RH_ENOMEM;
    memcpy(counts, problem->counts, size);
    for (int32_t c = 0; c < problem->count_count; c++)
        if (counts[c].level == RH_SOLVE_BALANCE) {
            counts[c].level = RH_SOLVE_SOFT;
            counts[c].price *= gentle->weight;
        }
    problem->counts = counts;
    return 0;
}

static int32_t price_moves(struct rh_call *call, const struct gentle *gentle, int64_t price,
                           struct rh_solve_problem *problem)
{
    int32_t months = gentle->model.month_count;
    int64_t *cost =
        rh_alloc_in(call, (size_t)gentle->model.office_count * (size_t)months * sizeof(*cost));
    struct rh_solve_cost *costs =
        rh_alloc_in(call, ((size_t)problem->cost_count + 1) * sizeof(*costs));

    if (!cost || !costs)
        return RH_ENOMEM;
    memcpy(costs, problem->costs, (size_t)problem->cost_count * sizeof(*costs));
    for (int32_t i = 0; i < gentle->model.office_count; i++)
        for (int32_t t = 0; t < months && gentle->base.slot[i] >= 0; t++)
            cost[(size_t)i * (size_t)months + (size_t)t] = t == gentle->base.slot[i] ? 0 : price;
    costs[problem->cost_count++] = (struct rh_solve_cost){cost, RULE_CHANGE, 0};
    problem->costs = costs;
    problem->rule_count = RULE_COUNT + 1;
    return 0;
}

/* Who can stay does. */
static int32_t narrow(struct rh_call *call, const struct gentle *gentle,
                      struct rh_solve_problem *problem)
{
    size_t cells = (size_t)gentle->model.office_count * (size_t)gentle->model.month_count;
    uint8_t *allowed = rh_alloc_in(call, cells);

    if (!allowed)
        return RH_ENOMEM;
    memcpy(allowed, problem->allowed, cells);
    for (int32_t i = 0; i < gentle->model.office_count; i++)
        if (!gentle->displaced[i])
            keep_only(allowed, gentle, i, gentle->base.slot[i]);
    problem->allowed = allowed;
    return 0;
}

static int32_t solve(struct rh_call *call, const struct gentle *gentle,
                     const struct rh_solve_problem *problem, const struct rh_solve_options *options,
                     struct outcome *ret)
{
    int64_t rule_value[RULE_COUNT + 1];
    struct rh_solve_result result = {.size = sizeof(result), .rule_value = rule_value};
    int32_t rc;

    result.slot = rh_alloc_in(call, (size_t)gentle->model.office_count * sizeof(int32_t));
    if (!result.slot)
        return RH_ENOMEM;
    if ((rc = rh_solve_in(call, problem, options, &result)) < 0)
        return rc;
    *ret = (struct outcome){.slot = result.slot,
                            .has_bound = result.value[RH_SOLVE_HARD] == result.bound[RH_SOLVE_HARD],
                            .bound = result.bound[RH_SOLVE_SOFT],
                            .proven = result.proven,
                            .cut = result.cut,
                            .steps = result.steps,
                            .total_ms = result.total_ms};
    for (int32_t i = 0; i < gentle->model.office_count; i++)
        ret->moved += gentle->base.slot[i] >= 0 && gentle->base.slot[i] != result.slot[i];
    return value_of(call, &gentle->model, ret->slot, &ret->value);
}

/* As few moves as there can be: mostly those are just the displaced, and all others are out of the
 * sum; when that leaves a month too full, moves are only very dear. */
static int32_t solve_must(struct rh_call *call, const struct gentle *gentle,
                          const struct rh_solve_problem *weighed,
                          const struct rh_solve_options *options, struct outcome *ret)
{
    struct rh_solve_problem problem = *weighed;
    int32_t crowded = 0, rc;

    for (int32_t t = 0; t < gentle->model.month_count; t++)
        crowded |= gentle->excess[t] > 0;
    if (!crowded) {
        if ((rc = narrow(call, gentle, &problem)) < 0 ||
            (rc = price_moves(call, gentle, 0, &problem)) < 0 ||
            (rc = solve(call, gentle, &problem, options, ret)) < 0 ||
            ret->value.level[RH_SOLVE_HARD] == 0)
            return rc;
        problem = *weighed;
    }
    if ((rc = price_moves(call, gentle, DEAR, &problem)) < 0 ||
        (rc = solve(call, gentle, &problem, options, ret)) < 0)
        return rc;
    ret->bound -= (int64_t)DEAR * ret->moved;
    ret->has_bound = ret->proven;
    return 0;
}

int32_t gentle_solve(struct rh_call *call, const struct gentle *gentle, int64_t price,
                     const int32_t *start, const struct rh_solve_options *options,
                     struct outcome *ret)
{
    struct rh_solve_problem problem = gentle->strict;
    int32_t rc = weigh_counts(call, gentle, &problem);

    if (rc < 0)
        return rc;
    problem.start = start;
    if (price == PRICE_MUST)
        return solve_must(call, gentle, &problem, options, ret);
    if ((rc = price_moves(call, gentle, price, &problem)) < 0)
        return rc;
    return solve(call, gentle, &problem, options, ret);
}
