#include "tests/bench/build.h"

#include <math.h>

enum { PRICE_FAR = 8, PRICE_DRIFT = 2, PRICE_WISH = 20, PRICE_HOLIDAY = 8, PRICE_NEIGHBOUR = 10 };

struct draft {
    struct bench_instance *to;
    const struct bench_wants *wants;
    struct rh_dice *dice;
    uint8_t *allowed;
    int64_t *distance, *wishes, *holidays;
    struct rh_solve_count *counts;
    struct rh_solve_apart *aparts;
    struct rh_solve_together *togethers;
};

static void *make(struct draft *d, int64_t count, size_t size)
{
    return rh_arena_array(&d->to->arena, (size_t)(count > 0 ? count : 1), size);
}

static size_t at(int32_t office, int32_t month)
{
    return (size_t)office * BENCH_MONTHS_ALL + (size_t)month;
}

static void allow_office(struct draft *d, int32_t i)
{
    const struct bench_office *o = &d->to->office[i];

    for (int32_t t = 0; t < BENCH_MONTHS_ALL; t++) {
        int32_t spacing = o->previous == RH_NO_MONTH ? 60 : t - o->previous;
        int32_t drift = spacing > 60 ? spacing - 60 : 60 - spacing;

        d->allowed[at(i, t)] = d->wants->months.open[t] &&
                               (o->previous == RH_NO_MONTH ||
                                (spacing >= d->wants->earliest && spacing <= d->wants->latest));
        if (o->previous == RH_NO_MONTH)
            continue;
        if (drift > 12)
            d->distance[at(i, t)] = (12 - 3) * PRICE_DRIFT + (drift - 12) * PRICE_FAR;
        else if (drift > 3)
            d->distance[at(i, t)] = (drift - 3) * PRICE_DRIFT;
    }
}

/* Forbids a stretch of months unless nothing would be left. */
static void black_out(struct draft *d, int32_t i, int32_t length)
{
    int32_t first = rh_dice_below(d->dice, BENCH_MONTHS_ALL - length + 1), left = 0;

    for (int32_t t = 0; t < BENCH_MONTHS_ALL; t++)
        left += d->allowed[at(i, t)] && (t < first || t >= first + length);
    for (int32_t t = first; t < first + length && left > 0; t++)
        d->allowed[at(i, t)] = 0;
}

static void fix(struct draft *d, int32_t i)
{
    int32_t t = rh_dice_below(d->dice, BENCH_MONTHS_ALL);

    if (!d->allowed[at(i, t)])
        return;
    for (int32_t u = 0; u < BENCH_MONTHS_ALL; u++)
        d->allowed[at(i, u)] = u == t;
}

static void wish(struct draft *d, int32_t i)
{
    int32_t first = rh_dice_below(d->dice, BENCH_MONTHS_ALL - 2);

    for (int32_t t = 0; t < BENCH_MONTHS_ALL; t++)
        d->wishes[at(i, t)] = t >= first && t < first + 3 ? 0 : PRICE_WISH;
}

static void fill_months(struct draft *d)
{
    for (int32_t i = 0; i < d->wants->offices; i++) {
        allow_office(d, i);
        for (int32_t k = 0; k < d->wants->blackouts; k++)
            black_out(d, i, 3);
        if (rh_dice_below(d->dice, 1000) < d->wants->fixed)
            fix(d, i);
        if (rh_dice_below(d->dice, 1000) < d->wants->wishes)
            wish(d, i);
        for (int32_t t = 0; t < BENCH_MONTHS_ALL; t++)
            d->holidays[at(i, t)] = d->wants->months.holiday[t] ? PRICE_HOLIDAY : 0;
    }
}

static int32_t *range(struct draft *d, int32_t first, int32_t count)
{
    int32_t *list = make(d, count, sizeof(*list));

    for (int32_t i = 0; list && i < count; i++)
        list[i] = first + i;
    return list;
}

/* The offices with these marks (-1 = any), ascending. */
static int32_t *group(struct draft *d, int32_t region, int32_t kind, int32_t class, int32_t *count)
{
    int32_t *list = make(d, d->wants->offices, sizeof(*list));

    *count = 0;
    for (int32_t i = 0; list && i < d->wants->offices; i++) {
        const struct bench_office *o = &d->to->office[i];

        if ((region < 0 || o->region == region) && (kind < 0 || o->kind == kind) &&
            (class < 0 || o->class == class))
            list[(*count)++] = i;
    }
    return list;
}

static struct rh_solve_count *add_count(struct draft *d, int32_t level, int32_t rule)
{
    struct rh_solve_count *row = &d->counts[d->to->problem.count_count++];

    *row = (struct rh_solve_count){.max = INT32_MAX, .level = level, .rule = rule, .price = 1};
    return row;
}

static int32_t share_years(struct draft *d, int32_t rule, int32_t *items, int32_t count)
{
    for (int32_t y = 0; y < BENCH_YEARS_ALL && items && count > 0; y++) {
        struct rh_solve_count *row = add_count(d, RH_SOLVE_BALANCE, rule);

        row->items = items;
        row->item_count = count;
        row->slots = range(d, y * 12, 12);
        row->slot_count = 12;
        row->min = count / BENCH_YEARS_ALL;
        row->max = (count + BENCH_YEARS_ALL - 1) / BENCH_YEARS_ALL;
        if (!row->slots)
            return RH_ENOMEM;
    }
    return items ? 0 : RH_ENOMEM;
}

static int32_t share_months(struct draft *d)
{
    for (int32_t y = 0; y < BENCH_YEARS_ALL; y++) {
        int32_t open = 0, low = d->wants->offices / BENCH_YEARS_ALL;
        int32_t high = (d->wants->offices + BENCH_YEARS_ALL - 1) / BENCH_YEARS_ALL;

        for (int32_t t = y * 12; t < y * 12 + 12; t++)
            open += d->wants->months.open[t];
        for (int32_t t = y * 12; t < y * 12 + 12; t++) {
            struct rh_solve_count *hard = add_count(d, RH_SOLVE_HARD, BENCH_CAPACITY);
            struct rh_solve_count *even;

            hard->slots = range(d, t, 1);
            hard->slot_count = 1;
            hard->max = d->wants->capacity;
            if (!hard->slots)
                return RH_ENOMEM;
            if (!d->wants->months.open[t])
                continue;
            even = add_count(d, RH_SOLVE_BALANCE, BENCH_MONTHS);
            even->slots = hard->slots;
            even->slot_count = 1;
            even->min = low / open;
            even->max = (high + open - 1) / open;
        }
    }
    return 0;
}

static int32_t share_groups(struct draft *d)
{
    int32_t rc = 0;

    for (int32_t region = -1; region < 2; region++) {
        for (int32_t kind = -1; kind < BENCH_KINDS_ALL; kind++) {
            for (int32_t class = -1; class < BENCH_CLASSES_ALL && rc == 0; class ++) {
                int32_t count, *items, rule = BENCH_STRATA;

                if ((class >= 0) != (kind >= 0) && (region >= 0 || class >= 0))
                    continue; /* region alone, kind alone, class of a kind, region and class */
                items = group(d, region, kind, class, &count);
                if (region < 0)
                    rule = kind < 0 ? BENCH_YEARS : class < 0 ? BENCH_KINDS : BENCH_CLASSES;
                else if (kind < 0)
                    rule = BENCH_REGIONS;
                if (rule == BENCH_YEARS || d->wants->shares)
                    rc = share_years(d, rule, items, count);
            }
        }
    }
    return rc;
}

static int32_t add_neighbours(struct draft *d)
{
    const struct bench_office *office = d->to->office;
    double reach = d->wants->neighbour_km;
    int32_t total = 0, hard = d->wants->neighbour_hard;

    for (int pass = 0; pass < 2; pass++) {
        for (int32_t i = 0; i < d->wants->offices; i++) {
            for (int32_t j = i + 1; j < d->wants->offices; j++) {
                if (hypot(office[i].east - office[j].east, office[i].north - office[j].north) >
                    reach)
                    continue;
                if (pass == 0)
                    total++;
                else
                    d->aparts[d->to->problem.apart_count++] =
                        (struct rh_solve_apart){.a = i,
                                                .b = j,
                                                .distance = d->wants->neighbour_distance,
                                                .level = hard ? RH_SOLVE_HARD : RH_SOLVE_SOFT,
                                                .rule = BENCH_NEIGHBOURS,
                                                .price = hard ? 1 : PRICE_NEIGHBOUR};
            }
        }
        if (pass == 0)
            d->aparts = make(d, total + d->wants->aparts, sizeof(d->aparts[0]));
        if (!d->aparts)
            return RH_ENOMEM;
    }
    return 0;
}

static int32_t in_common(const struct draft *d, int32_t a, int32_t b)
{
    int32_t common = 0;

    for (int32_t t = 0; t < BENCH_MONTHS_ALL; t++)
        common += d->allowed[at(a, t)] && d->allowed[at(b, t)];
    return common;
}

static void draw_pairs(struct draft *d)
{
    uint8_t used[4096] = {0};

    for (int32_t k = 0; k < d->wants->togethers + d->wants->aparts; k++) {
        int32_t a = rh_dice_below(d->dice, d->wants->offices);
        int32_t b = rh_dice_below(d->dice, d->wants->offices);

        if (a == b || a >= 4096 || b >= 4096 || used[a] || used[b] || in_common(d, a, b) < 3)
            continue;
        used[a] = used[b] = 1;
        if (k < d->wants->togethers)
            d->togethers[d->to->problem.together_count++] = (struct rh_solve_together){a, b};
        else
            d->aparts[d->to->problem.apart_count++] =
                (struct rh_solve_apart){.a = a,
                                        .b = b,
                                        .distance = 1,
                                        .level = RH_SOLVE_HARD,
                                        .rule = BENCH_APART,
                                        .price = 1};
    }
}

int32_t bench_build(struct bench_instance *instance, const struct bench_wants *wants,
                    struct rh_dice *dice)
{
    struct draft d = {.to = instance, .wants = wants, .dice = dice};
    struct rh_solve_problem *p = &instance->problem;
    int64_t cells = (int64_t)wants->offices * BENCH_MONTHS_ALL;
    struct rh_solve_cost *costs = make(&d, 3, sizeof(*costs));
    int32_t rc;

    *p = (struct rh_solve_problem){.size = sizeof(*p),
                                   .item_count = wants->offices,
                                   .slot_count = BENCH_MONTHS_ALL,
                                   .rule_count = BENCH_RULES};
    d.allowed = make(&d, cells, 1);
    d.distance = make(&d, cells, sizeof(int64_t));
    d.wishes = make(&d, cells, sizeof(int64_t));
    d.holidays = make(&d, cells, sizeof(int64_t));
    d.counts = make(&d, 1000, sizeof(d.counts[0]));
    d.togethers = make(&d, wants->togethers, sizeof(d.togethers[0]));
    if (!costs || !d.allowed || !d.distance || !d.wishes || !d.holidays || !d.counts ||
        !d.togethers)
        return RH_ENOMEM;
    fill_months(&d);
    rc = share_months(&d);
    if (rc == 0)
        rc = share_groups(&d);
    if (rc == 0)
        rc = add_neighbours(&d);
    if (rc < 0)
        return rc;
    draw_pairs(&d);
    costs[0] = (struct rh_solve_cost){.price = d.distance, .rule = BENCH_DISTANCE};
    costs[1] = (struct rh_solve_cost){.price = d.wishes, .rule = BENCH_WISHES};
    costs[2] = (struct rh_solve_cost){.price = d.holidays, .rule = BENCH_HOLIDAYS};
    p->allowed = d.allowed;
    p->costs = costs;
    p->cost_count = 3;
    p->counts = d.counts;
    p->aparts = d.aparts;
    p->togethers = d.togethers;
    return 0;
}

void bench_instance_fini(struct bench_instance *instance)
{
    rh_arena_fini(&instance->arena);
}

const char *bench_rule_name(int32_t rule)
{
    static const char *const names[BENCH_RULES] = {"capacity", "years",    "months",     "regions",
                                                   "kinds",    "classes",  "strata",     "distance",
                                                   "wishes",   "holidays", "neighbours", "apart"};

    return names[rule];
}
