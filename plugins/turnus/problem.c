/*
 * The round as an assignment problem: offices are items, months are slots.
 *
 *   HARD     capacity per month; what an office may not do at all is missing from `allowed`
 *   BALANCE  years; open months of a year; region, kind, size class, stratum per year: floor or
 * ceiling of the even share SOFT     spacing, wishes, school holidays, neighbours, apart
 */
#include "plugins/turnus/internal.h"

#include <assert.h>
#include <string.h>

static int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t most(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static void add_why(struct model *model, int32_t office, int32_t slot, int32_t why)
{
    model->why[(size_t)office * (size_t)model->month_count + (size_t)slot] |= (uint8_t)why;
}

static void exclude_by_rules(struct model *model)
{
    for (int32_t r = 0; r < model->rule_count; r++) {
        const struct rule_row *row = &model->rules[r];
        int32_t blocked = strcmp(row->rule, "blocked") == 0,
                fixed = strcmp(row->rule, "fixed") == 0;

        if (fixed)
            model->offices[row->office].fixed = 1;
        for (int32_t t = 0; t < model->month_count && (blocked || fixed); t++) {
            int32_t inside =
                model->months[t].month >= row->from && model->months[t].month <= row->to;

            if (blocked && inside)
                add_why(model, row->office, t, WHY_BLOCKED);
            if (fixed && !inside)
                add_why(model, row->office, t, WHY_NOT_FIXED);
        }
    }
}

/* Which office may start in which month; what has begun stays where it is, whatever the rules say.
 */
static int32_t exclude(struct rh_call *call, struct model *model)
{
    size_t cells = (size_t)model->office_count * (size_t)model->month_count;
    uint8_t *allowed = rh_alloc_in(call, cells);

    model->why = rh_alloc_in(call, cells);
    if (!model->why || !allowed)
        return RH_ENOMEM;
    exclude_by_rules(model);
    for (int32_t i = 0; i < model->office_count; i++) {
        const struct office *office = &model->offices[i];
        int32_t begun = office->begun == RH_NO_MONTH ? -1 : slot_of_month(model, office->begun);

        if (begun >= 0)
            model->months[begun].begun++;

        for (int32_t t = 0; t < model->month_count; t++) {
            uint8_t *why = &model->why[(size_t)i * (size_t)model->month_count + (size_t)t];
            int64_t spacing = (int64_t)model->months[t].month - office->previous;

            if (model->months[t].closed)
                *why |= WHY_CLOSED;
            if (office->previous != RH_NO_MONTH &&
                (spacing < office->spacing_min || spacing > office->spacing_max))
                *why |= WHY_SPACING;
            if (office->begun != RH_NO_MONTH)
                *why = model->months[t].month == office->begun ? 0 : WHY_BEGUN;
            allowed[(size_t)i * (size_t)model->month_count + (size_t)t] = *why == 0;
        }
    }
    model->problem.allowed = allowed;
    return 0;
}

/* ---- soft costs by office and month ---- */

static int64_t spacing_price(struct rh_call *call, int32_t off)
{
    int64_t near_price = rh_config_int(call, "weight_spacing"),
            far_price = rh_config_int(call, "weight_spacing_far");

    off = off < 0 ? -off : off;
    if (off <= 3)
        return 0;
    return off <= 12 ? (off - 3) * near_price : 9 * near_price + (off - 12) * far_price;
}

static void price_wishes(struct rh_call *call, const struct model *model, int64_t *price)
{
    int64_t weight = rh_config_int(call, "weight_wish");

    for (int32_t i = 0; i < model->office_count; i++) {
        int32_t wishes = 0;

        for (int32_t r = 0; r < model->rule_count; r++)
            wishes += model->rules[r].office == i && strcmp(model->rules[r].rule, "prefer") == 0;
        for (int32_t t = 0; t < model->month_count && wishes; t++) {
            int32_t met = 0;

            for (int32_t r = 0; r < model->rule_count; r++)
                met |= model->rules[r].office == i && strcmp(model->rules[r].rule, "prefer") == 0 &&
                       model->months[t].month >= model->rules[r].from &&
                       model->months[t].month <= model->rules[r].to;
            price[(size_t)i * (size_t)model->month_count + (size_t)t] = met ? 0 : weight;
        }
    }
}

static int32_t soft_costs(struct rh_call *call, struct model *model)
{
    size_t cells = (size_t)model->office_count * (size_t)model->month_count;
    int64_t *spacing = rh_alloc_in(call, cells * sizeof(int64_t)),
            *wish = rh_alloc_in(call, cells * sizeof(int64_t));
    int64_t *school = rh_alloc_in(call, cells * sizeof(int64_t)),
            school_price = rh_config_int(call, "weight_school");
    struct rh_solve_cost *costs = rh_alloc_in(call, 3 * sizeof(*costs));

    if (!spacing || !wish || !school || !costs)
        return RH_ENOMEM;
    for (int32_t i = 0; i < model->office_count; i++)
        for (int32_t t = 0; t < model->month_count; t++) {
            size_t cell = (size_t)i * (size_t)model->month_count + (size_t)t;

            if (model->offices[i].previous != RH_NO_MONTH)
                spacing[cell] =
                    spacing_price(call, model->months[t].month - (model->offices[i].previous + 60));
            school[cell] = model->months[t].school ? school_price : 0;
        }
    price_wishes(call, model, wish);
    costs[0] = (struct rh_solve_cost){spacing, RULE_SPACING, 0};
    costs[1] = (struct rh_solve_cost){wish, RULE_WISH, 0};
    costs[2] = (struct rh_solve_cost){school, RULE_SCHOOL, 0};
    model->problem.costs = costs;
    model->problem.cost_count = 3;
    return 0;
}

/* ---- pairs ---- */

static int32_t pairs(struct rh_call *call, struct model *model)
{
    int32_t n = model->office_count, aparts = 0, togethers = 0;
    double limit_km = rh_config_real(call, "neighbour_km");
    int64_t near_price = rh_config_int(call, "weight_neighbour"),
            apart_price = rh_config_int(call, "weight_apart");
    size_t most = (size_t)n * (size_t)(n - 1) / 2 + (size_t)model->rule_count + 1;
    struct rh_solve_apart *apart;
    struct rh_solve_together *together =
        rh_alloc_in(call, ((size_t)model->rule_count + 1) * sizeof(*together));
    size_t near_count = 0;

    for (int32_t a = 0; a < n; a++)
        for (int32_t b = a + 1; b < n; b++)
            near_count +=
                distance_km(model->offices[a].latitude, model->offices[a].longitude,
                            model->offices[b].latitude, model->offices[b].longitude) <= limit_km;
    if (near_count + (size_t)model->rule_count + 1 < most)
        most = near_count + (size_t)model->rule_count + 1;
    apart = rh_alloc_in(call, most * sizeof(*apart));
    if (!apart || !together)
        return RH_ENOMEM;
    for (int32_t a = 0; a < n && near_price > 0; a++)
        for (int32_t b = a + 1; b < n; b++)
            if (distance_km(model->offices[a].latitude, model->offices[a].longitude,
                            model->offices[b].latitude, model->offices[b].longitude) <= limit_km)
                apart[aparts++] =
                    (struct rh_solve_apart){a, b, 1, RH_SOLVE_SOFT, RULE_NEIGHBOUR, near_price};
    for (int32_t r = 0; r < model->rule_count; r++) {
        const struct rule_row *row = &model->rules[r];

        if (strcmp(row->rule, "together") == 0)
            together[togethers++] = (struct rh_solve_together){row->office, row->other};
        if (strcmp(row->rule, "apart") == 0 && apart_price > 0)
            apart[aparts++] = (struct rh_solve_apart){row->office,   row->other, 1,
                                                      RH_SOLVE_SOFT, RULE_APART, apart_price};
    }
    model->problem.aparts = apart;
    model->problem.apart_count = aparts;
    model->problem.togethers = together;
    model->problem.together_count = togethers;
    return 0;
}

/* ---- counts ---- */

struct counts {
    struct rh_solve_count *rows;
    struct group *groups;
    int32_t count, room;
};

static void add_count(struct counts *counts, struct rh_solve_count row, struct group group)
{
    if (counts->count == counts->room)
        return; /* cannot happen: problem_build() counts the rows first */
    row.rule = (int32_t)group.rule;
    row.level = rule_names[group.rule].level;
    row.price = 1;
    counts->rows[counts->count] = row;
    counts->groups[counts->count++] = group;
}

static int32_t months_of_year(struct rh_call *call, const struct model *model, int32_t year,
                              const int32_t **ret_slots)
{
    int32_t count = least(12, model->month_count - year * 12);
    int32_t *slots = rh_alloc_in(call, 12 * sizeof(int32_t));

    for (int32_t i = 0; slots && i < count; i++)
        slots[i] = year * 12 + i;
    *ret_slots = slots;
    return slots ? count : RH_ENOMEM;
}

static int32_t count_capacity(struct rh_call *call, const struct model *model,
                              struct counts *counts)
{
    for (int32_t t = 0; t < model->month_count; t++) {
        int32_t *slot = rh_alloc_in(call, sizeof(int32_t));

        if (!slot)
            return RH_ENOMEM;
        *slot = t;
        add_count(
            counts,
            (struct rh_solve_count){.item_count = model->office_count,
                                    .slots = slot,
                                    .slot_count = 1,
                                    .taken = model->months[t].taken,
                                    .max = most(model->months[t].capacity,
                                                model->months[t].taken + model->months[t].begun)},
            (struct group){RULE_CAPACITY, rh_month_text(call, model->months[t].month), t / 12});
    }
    return 0;
}

/* The even share of `items` for each year; a shorter last year gets a share by its months. */
static int32_t count_group(struct rh_call *call, const struct model *model, struct counts *counts,
                           enum rule rule, const char *label, const int32_t *items,
                           int32_t item_count)
{
    assert(model->month_count > 0); /* a round has at least a year */
    for (int32_t year = 0; year < model->year_count; year++) {
        const int32_t *slots;
        int32_t slot_count = months_of_year(call, model, year, &slots);
        int64_t share = (int64_t)item_count * slot_count;

        if (slot_count < 0)
            return slot_count;
        add_count(counts,
                  (struct rh_solve_count){
                      .items = items,
                      .item_count = item_count,
                      .slots = slots,
                      .slot_count = slot_count,
                      .min = (int32_t)(share / model->month_count),
                      .max = (int32_t)((share + model->month_count - 1) / model->month_count)},
                  (struct group){rule, label, year});
    }
    return 0;
}

int32_t free_places(const struct month *month)
{
    int32_t room =
        month->closed || month->capacity <= month->taken ? 0 : month->capacity - month->taken;

    return room > month->begun ? room : month->begun;
}

/* How many fit into the months of a year when none of them takes more than `level`. */
static int32_t fit(const struct model *model, int32_t first, int32_t last, int32_t level)
{
    int32_t sum = 0;

    for (int32_t t = first; t < last; t++)
        sum += least(free_places(&model->months[t]), level);
    return sum;
}

/*
 * The open months of a year differ by at most one, as far as there is room: `low` is what every
 * month gets when the year has its floor, `high` what none exceeds when it has its ceiling. A month
 * whose room is taken by out-of-turn procedures gives what it has, the others share the rest.
 */
void levels_of_year(const struct model *model, int32_t first, int32_t last, int32_t *ret_low,
                    int32_t *ret_high)
{
    int64_t share = (int64_t)model->office_count * (last - first);
    int32_t floor_share = (int32_t)(share / model->month_count);
    int32_t ceiling = (int32_t)((share + model->month_count - 1) / model->month_count);
    int32_t room = fit(model, first, last, model->office_count);

    *ret_low = 0;
    while (*ret_low < model->office_count && fit(model, first, last, *ret_low + 1) <= floor_share)
        ++*ret_low;
    *ret_high = *ret_low;
    while (fit(model, first, last, *ret_high) < least(ceiling, room))
        ++*ret_high;
}

static int32_t count_months(struct rh_call *call, const struct model *model, struct counts *counts)
{
    for (int32_t t = 0; t < model->month_count; t++) {
        int32_t first = t / 12 * 12, low, high;
        int32_t *slot = rh_alloc_in(call, sizeof(int32_t));

        if (!slot)
            return RH_ENOMEM;
        *slot = t;
        if (model->months[t].closed)
            continue;
        levels_of_year(model, first, least(first + 12, model->month_count), &low, &high);
        add_count(counts,
                  (struct rh_solve_count){.item_count = model->office_count,
                                          .slots = slot,
                                          .slot_count = 1,
                                          .min = least(low, free_places(&model->months[t])),
                                          .max = high},
                  (struct group){RULE_MONTH, rh_month_text(call, model->months[t].month), t / 12});
    }
    return 0;
}

static const char *attribute(const struct office *office, enum rule rule)
{
    return rule == RULE_REGION  ? office->region
           : rule == RULE_KIND  ? office->kind
           : rule == RULE_CLASS ? office->size_class
                                : office->stratum;
}

/* The order of groups in tables: Rhineland before Westphalia, large before small. */
static int compare_groups(const struct office *a, const struct office *b, enum rule rule)
{
    int by_region = strcmp(a->region, b->region);
    int by_size = (a->size_position > b->size_position) - (a->size_position < b->size_position);

    if (rule == RULE_REGION)
        return by_region;
    if (rule == RULE_KIND)
        return strcmp(a->kind, b->kind);
    return rule == RULE_STRATUM && by_region ? by_region : by_size;
}

/* The first office of each group, in the order of the groups; returns how many groups there are. */
static int32_t find_groups(const struct model *model, enum rule rule, int32_t *first)
{
    int32_t count = 0;

    for (int32_t i = 0; i < model->office_count; i++) {
        int32_t at = count, seen = 0;

        for (int32_t g = 0; g < count && !seen; g++)
            seen = strcmp(attribute(&model->offices[first[g]], rule),
                          attribute(&model->offices[i], rule)) == 0;
        if (seen)
            continue;
        for (;
             at > 0 && compare_groups(&model->offices[first[at - 1]], &model->offices[i], rule) > 0;
             at--)
            first[at] = first[at - 1];
        first[at] = i;
        count++;
    }
    return count;
}

/* One group for each value that the offices have. */
static int32_t count_attribute(struct rh_call *call, const struct model *model,
                               struct counts *counts, enum rule rule)
{
    int32_t n = model->office_count, groups, rc = 0;
    int32_t *first = rh_alloc_in(call, (size_t)n * sizeof(int32_t));

    if (!first)
        return RH_ENOMEM;
    groups = find_groups(model, rule, first);
    for (int32_t g = 0; g < groups && rc >= 0; g++) {
        const char *value = attribute(&model->offices[first[g]], rule);
        int32_t *items = rh_alloc_in(call, (size_t)n * sizeof(int32_t)), count = 0;

        if (!items)
            return RH_ENOMEM;
        for (int32_t i = 0; i < n; i++)
            if (strcmp(attribute(&model->offices[i], rule), value) == 0)
                items[count++] = i;
        rc = count_group(call, model, counts, rule, value, items, count);
    }
    return rc;
}

static int32_t counts_build(struct rh_call *call, struct model *model)
{
    int32_t values = 1, rc;
    int32_t *first = rh_alloc_in(call, (size_t)model->office_count * sizeof(int32_t));
    struct counts counts = {0};

    if (!first)
        return RH_ENOMEM;
    for (enum rule rule = RULE_REGION; rule <= RULE_STRATUM; rule++)
        values += find_groups(model, rule, first);
    counts.room = 2 * model->month_count + values * model->year_count;
    counts.rows = rh_alloc_in(call, (size_t)counts.room * sizeof(*counts.rows));
    counts.groups = rh_alloc_in(call, (size_t)counts.room * sizeof(*counts.groups));
    if (!counts.rows || !counts.groups)
        return RH_ENOMEM;
    if ((rc = count_capacity(call, model, &counts)) < 0 ||
        (rc = count_group(call, model, &counts, RULE_YEAR, "", NULL, model->office_count)) < 0 ||
        (rc = count_months(call, model, &counts)) < 0)
        return rc;
    for (enum rule rule = RULE_REGION; rule <= RULE_STRATUM; rule++)
        if ((rc = count_attribute(call, model, &counts, rule)) < 0)
            return rc;
    model->problem.counts = counts.rows;
    model->problem.count_count = counts.count;
    model->groups = counts.groups;
    return 0;
}

int32_t problem_build(struct rh_call *call, struct model *model)
{
    int32_t rc;

    model->problem.size = sizeof(model->problem);
    model->problem.item_count = model->office_count;
    model->problem.slot_count = model->month_count;
    model->problem.rule_count = RULE_COUNT;
    if ((rc = exclude(call, model)) < 0 || (rc = soft_costs(call, model)) < 0 ||
        (rc = pairs(call, model)) < 0)
        return rc;
    return counts_build(call, model);
}
