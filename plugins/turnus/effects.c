/* For whom a change is better or worse, and why: one sentence for each share, office and pair of
 * offices that it touches. */
#include "plugins/turnus/internal.h"

#include <string.h>

struct effects {
    struct rh_call *call;
    const struct model *model;
    const int32_t *before, *after;
    void (*say)(void *context, const char *sentence);
    void *context;
    int32_t count;
};

#define SAY(effects, ...)                                                                          \
    ((effects)->say((effects)->context, rh_format((effects)->call, __VA_ARGS__)),                  \
     (effects)->count++)

/* "10 Punkte schlechter" */
static const char *points(struct rh_call *call, int64_t by)
{
    return by > 0 ? rh_format(call, "%lld Punkte schlechter", "%lld points worse", (long long)by)
                  : rh_format(call, "%lld Punkte besser", "%lld points better", (long long)-by);
}

/* ---- room and shares ---- */

static int32_t found_in(const struct rh_solve_count *row, const int32_t *slots)
{
    int32_t found = row->taken;

    for (int32_t i = 0; i < row->item_count; i++) {
        int32_t slot = slots[row->items ? row->items[i] : i];

        for (int32_t t = 0; t < row->slot_count; t++)
            found += row->slots[t] == slot;
    }
    return found;
}

static int32_t off(const struct rh_solve_count *row, int32_t found)
{
    return found < row->min ? row->min - found : found > row->max ? found - row->max : 0;
}

static void room(struct effects *effects, const struct rh_solve_count *row, int32_t before,
                 int32_t after)
{
    const char *month = month_words(effects->call, effects->model->months[row->slots[0]].month);

    if (after > row->max)
        SAY(effects, "%s: %d Verfahren beginnen, Platz ist für %d",
            "%s: %d procedures start, there is room for %d", month, (int)after, (int)row->max);
    else
        SAY(effects, "%s: nicht mehr überfüllt (%d statt %d Verfahren)",
            "%s: no longer too full (%d instead of %d procedures)", month, (int)after, (int)before);
}

static void share(struct effects *effects, const struct rh_solve_count *row,
                  const struct group *group, int32_t before, int32_t after)
{
    struct rh_call *call = effects->call;
    const char *who =
        group->rule == RULE_MONTH
            ? month_words(call, effects->model->months[row->slots[0]].month)
            : rh_format(call, "%s, %s", "%s, %s", group_title(call, effects->model, group),
                        year_label(call, effects->model, group->year));
    const char *even = row->min == row->max
                           ? rh_format(call, "%d", "%d", (int)row->min)
                           : rh_format(call, "%d bis %d", "%d to %d", (int)row->min, (int)row->max);

    if (off(row, after) > off(row, before))
        SAY(effects, "%s – %s: %d statt %d, weiter weg vom gleichen Anteil (%s)",
            "%s – %s: %d instead of %d, further from the even share (%s)",
            rh_say_in(call, rule_names[group->rule].title), who, (int)after, (int)before, even);
    else
        SAY(effects, "%s – %s: %d statt %d, näher am gleichen Anteil (%s)",
            "%s – %s: %d instead of %d, nearer to the even share (%s)",
            rh_say_in(call, rule_names[group->rule].title), who, (int)after, (int)before, even);
}

static void gap(struct effects *effects, const struct rh_solve_count *row, int32_t closes)
{
    const char *name = effects->model->offices[row->items[0]].name;

    if (closes)
        SAY(effects, "%s: eine feste Regel wird wieder eingehalten",
            "%s: a hard rule is kept again", name);
    else
        SAY(effects, "%s: eine feste Regel wird gebrochen", "%s: a hard rule is broken", name);
}

static void counts(struct effects *effects)
{
    const struct rh_solve_problem *problem = &effects->model->problem;

    for (int32_t c = 0; c < problem->count_count; c++) {
        const struct rh_solve_count *row = &problem->counts[c];
        int32_t before = found_in(row, effects->before), after = found_in(row, effects->after);

        if (off(row, before) == off(row, after))
            continue;
        if (effects->model->groups[c].rule == RULE_GAP)
            gap(effects, row, before > after);
        else if (effects->model->groups[c].rule == RULE_CAPACITY)
            room(effects, row, before, after);
        else
            share(effects, row, &effects->model->groups[c], before, after);
    }
}

/* ---- the offices that move ---- */

static void spacing(struct effects *effects, int32_t office, int64_t by)
{
    const struct office *one = &effects->model->offices[office];
    int32_t was = effects->before[office], is = effects->after[office];

    if (was < 0 || is < 0)
        SAY(effects, "%s: %d Monate nach dem vorigen Verfahren, fünf Jahre wären 60 (%s)",
            "%s: %d months after the previous procedure, five years would be 60 (%s)", one->name,
            (int)(effects->model->months[is < 0 ? was : is].month - one->previous),
            points(effects->call, by));
    else
        SAY(effects, "%s: %d statt %d Monate nach dem vorigen Verfahren, fünf Jahre wären 60 (%s)",
            "%s: %d months after the previous procedure instead of %d, five years would be 60 (%s)",
            one->name, (int)(effects->model->months[is].month - one->previous),
            (int)(effects->model->months[was].month - one->previous), points(effects->call, by));
}

static void wish(struct effects *effects, int32_t office, int64_t by)
{
    const char *name = effects->model->offices[office].name;

    if (by > 0)
        SAY(effects, "der Wunsch von %s ist dann nicht erfüllt (%s)",
            "the wish of %s is not met then (%s)", name, points(effects->call, by));
    else
        SAY(effects, "der Wunsch von %s ist dann erfüllt (%s)", "the wish of %s is met then (%s)",
            name, points(effects->call, by));
}

static void school(struct effects *effects, int32_t office, int64_t by)
{
    const char *name = effects->model->offices[office].name;

    if (by > 0)
        SAY(effects, "%s beginnt dann in einem Monat, der überwiegend Ferien ist (%s)",
            "%s starts in a month that is mostly school holidays then (%s)", name,
            points(effects->call, by));
    else
        SAY(effects, "%s beginnt dann nicht mehr in einem Ferienmonat (%s)",
            "%s no longer starts in a month of school holidays then (%s)", name,
            points(effects->call, by));
}

static int64_t price_at(const struct effects *effects, int32_t cost, int32_t office, int32_t slot)
{
    const struct rh_solve_problem *problem = &effects->model->problem;

    return slot < 0 ? 0
                    : problem->costs[cost]
                          .price[(size_t)office * (size_t)problem->slot_count + (size_t)slot];
}

static void offices(struct effects *effects)
{
    const struct model *model = effects->model;

    for (int32_t i = 0; i < model->office_count; i++)
        for (int32_t k = 0; k < model->problem.cost_count; k++) {
            int32_t rule = model->problem.costs[k].rule;
            int64_t by = price_at(effects, k, i, effects->after[i]) -
                         price_at(effects, k, i, effects->before[i]);

            if (by == 0)
                continue;
            if (rule == RULE_SPACING)
                spacing(effects, i, by);
            else if (rule == RULE_WISH)
                wish(effects, i, by);
            else if (rule == RULE_SCHOOL)
                school(effects, i, by);
            else
                SAY(effects, "%s – %s: %s", "%s – %s: %s",
                    rh_say_in(effects->call, rule_names[rule].title), model->offices[i].name,
                    points(effects->call, by));
        }
}

/* ---- pairs ---- */

static int64_t too_near(const struct rh_solve_apart *pair, const int32_t *slots)
{
    int32_t a = slots[pair->a], b = slots[pair->b], between = a < b ? b - a : a - b;

    if (a < 0 || b < 0 || between >= pair->distance)
        return 0;
    return (int64_t)(pair->distance - between) * pair->price;
}

static const char *how_near(const struct effects *effects, const struct rh_solve_apart *pair,
                            const int32_t *slots)
{
    int32_t a = slots[pair->a], b = slots[pair->b], between = a < b ? b - a : a - b;

    if (between == 0)
        return rh_format(effects->call, "im selben Monat (%s)", "in the same month (%s)",
                         month_words(effects->call, effects->model->months[a].month));
    return rh_format(effects->call, "mit %d Monaten Abstand", "%d months apart", (int)between);
}

static void pairs(struct effects *effects)
{
    struct rh_call *call = effects->call;
    const struct model *model = effects->model;

    for (int32_t p = 0; p < model->problem.apart_count; p++) {
        const struct rh_solve_apart *pair = &model->problem.aparts[p];
        int64_t by = too_near(pair, effects->after) - too_near(pair, effects->before);
        const char *kind = pair->rule == RULE_APART
                               ? rh_format(call, "sollen getrennt sein", "should be apart")
                               : rh_format(call, "Nachbarn", "neighbours");

        if (by > 0)
            SAY(effects, "%s und %s (%s) beginnen dann %s (%s)",
                "%s and %s (%s) start %s then (%s)", model->offices[pair->a].name,
                model->offices[pair->b].name, kind, how_near(effects, pair, effects->after),
                points(call, by));
        else if (by < 0)
            SAY(effects, "%s und %s (%s) beginnen nicht mehr %s (%s)",
                "%s and %s (%s) no longer start %s (%s)", model->offices[pair->a].name,
                model->offices[pair->b].name, kind, how_near(effects, pair, effects->before),
                points(call, by));
    }
}

int32_t effects(struct rh_call *call, const struct model *model, const int32_t *before,
                const int32_t *after, void (*say)(void *context, const char *sentence),
                void *context)
{
    struct effects all = {call, model, before, after, say, context, 0};

    counts(&all);
    offices(&all);
    pairs(&all);
    return all.count;
}
