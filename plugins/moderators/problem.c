/* The rules of teams as a selection: a column for each moderator who may work at an office, rows
 * that count them. */
#include "plugins/moderators/internal.h"

#include <math.h>
#include <string.h>

const struct rule_name rule_names[RULE_COUNT] = {
    [RULE_SIZE] = {"size", {"fehlende Mitglieder", "missing members"}},
    [RULE_LEAD] = {"lead", {"Teams ohne Leitung", "teams without a lead"}},
    [RULE_REGION] = {"region", {"Teams ohne eigenen Landesteil", "teams without their own region"}},
    [RULE_LIMIT] = {"limit", {"feste Grenzen", "fixed limits"}},
    [RULE_PREVIOUS] = {"previous", {"voriges Team", "previous team"}},
    [RULE_PAIR] = {"pair", {"unvereinbare Paare", "incompatible pairs"}},
    [RULE_TRAVEL] = {"travel", {"Wege", "travel"}},
    [RULE_OTHER_REGION] = {"other_region", {"anderer Landesteil", "other region"}},
    [RULE_CHANGE] = {"change", {"Wechsel gegen den bisherigen Plan", "changes against the base"}},
    [RULE_LOAD] = {"load", {"Belastung", "load"}},
};

struct rows {
    struct rh_call *call;
    const struct model *model;
    const struct selection *selection;
    struct rh_select_row *row;
    int32_t count, room;
    int32_t *columns; /* of the row being gathered */
    int32_t gathered;
    int32_t failed;
};

/* So many of the gathered columns belong to teams that have begun. */
static int32_t kept(const struct rows *rows)
{
    const struct rh_select_problem *problem = &rows->selection->problem;
    int32_t count = 0;

    for (int32_t i = 0; i < rows->gathered; i++)
        count += rows->model->kept[cell(rows->model, problem->group[rows->columns[i]],
                                        problem->agent[rows->columns[i]])] > 0;
    return count;
}

/* The row of the gathered columns; one that cannot be broken is left out. What has begun may be
 * over a limit that came later: then nothing more fits in, and that is no contradiction. */
static void add(struct rows *rows, int32_t min, int32_t max, enum rule rule, int64_t price)
{
    int32_t *columns, begun = price == 0 ? kept(rows) : 0;

    if (max < begun)
        max = begun;
    if (rows->failed || (min <= 0 && max >= rows->gathered))
        return;
    if (rows->count == rows->room) {
        int32_t room = rows->room ? rows->room * 2 : 1024;
        struct rh_select_row *row =
            rh_alloc_in(rows->call, (size_t)room * sizeof(struct rh_select_row));

        if (!row) {
            rows->failed = 1;
            return;
        }
        if (rows->count)
            memcpy(row, rows->row, (size_t)rows->count * sizeof(*row));
        rows->row = row;
        rows->room = room;
    }
    columns = rh_alloc_in(rows->call, (size_t)(rows->gathered + 1) * sizeof(int32_t));
    if (!columns) {
        rows->failed = 1;
        return;
    }
    memcpy(columns, rows->columns, (size_t)rows->gathered * sizeof(int32_t));
    rows->row[rows->count++] = (struct rh_select_row){.columns = columns,
                                                      .column_count = rows->gathered,
                                                      .min = min,
                                                      .max = max,
                                                      .rule = (int32_t)rule,
                                                      .price = price};
}

static void gather(struct rows *rows, int32_t office, int32_t person)
{
    int32_t column = rows->selection->column[cell(rows->model, office, person)];

    if (column >= 0)
        rows->columns[rows->gathered++] = column;
}

/* Size, lead, region, previous team, pairs: each office by itself. */
static void rows_of_offices(struct rows *rows)
{
    const struct model *model = rows->model;
    struct rh_call *call = rows->call;

    for (int32_t o = 0; o < model->office_count; o++) {
        const struct office *office = &model->offices[o];

        rows->gathered = 0;
        for (int32_t p = 0; p < model->person_count; p++)
            gather(rows, o, p);
        add(rows, office->size, INT32_MAX, RULE_SIZE, rh_config_int(call, "weight_gap"));
        add(rows, 0, office->size, RULE_LIMIT, 0);
        rows->gathered = 0;
        for (int32_t p = 0; p < model->person_count; p++)
            if (model->people[p].lead)
                gather(rows, o, p);
        add(rows, 1, INT32_MAX, RULE_LEAD, rh_config_int(call, "weight_lead"));
        rows->gathered = 0;
        for (int32_t p = 0; p < model->person_count; p++)
            if (strcmp(model->people[p].region, office->region) == 0)
                gather(rows, o, p);
        add(rows, 1, INT32_MAX, RULE_REGION, rh_config_int(call, "weight_region"));
        rows->gathered = 0;
        for (int32_t p = 0; p < model->person_count; p++)
            if (model->previous[cell(model, o, p)])
                gather(rows, o, p);
        add(rows, 0, 1, RULE_PREVIOUS, 0);
        for (int32_t a = 0; a < model->person_count; a++)
            for (int32_t b = a + 1; b < model->person_count; b++)
                if (model->apart[a * model->person_count + b]) {
                    rows->gathered = 0;
                    gather(rows, o, a);
                    gather(rows, o, b);
                    add(rows, 0, 1, RULE_PAIR, 0);
                }
    }
}

/* Two procedures of one office in the round: the one is the previous team of the other, so nobody
 * is in both. (At most one could be; that is no linear row.) What has begun is the previous team
 * like any other. */
static void rows_of_both(struct rows *rows)
{
    const struct model *model = rows->model;

    for (int32_t o = 0; o < model->office_count; o++)
        for (int32_t later = o; office_goes_on(model, later); later++)
            for (int32_t p = 0; !model->offices[o].kept && p < model->person_count; p++) {
                rows->gathered = 0;
                gather(rows, o, p);
                gather(rows, later + 1, p);
                add(rows, 0, 1, RULE_PREVIOUS, 0);
            }
}

static void gather_months(struct rows *rows, int32_t person, int32_t from, int32_t to)
{
    rows->gathered = 0;
    for (int32_t o = 0; o < rows->model->office_count; o++)
        if (rows->model->offices[o].month >= from && rows->model->offices[o].month < to)
            gather(rows, o, person);
}

static int32_t starts_in(const struct model *model, int32_t month)
{
    int32_t found = 0;

    for (int32_t o = 0; o < model->office_count; o++)
        found += model->offices[o].month == month;
    return found;
}

/* Limits of a person: each window of months in which procedures weigh most, each calendar year. */
static void rows_of_limits(struct rows *rows, int32_t person)
{
    const struct model *model = rows->model;
    int32_t window = (int32_t)rh_config_int(rows->call, "parallel_months");
    int32_t most = (int32_t)rh_config_int(rows->call, "parallel_max");
    int32_t last = model->first_month + model->month_count;

    for (int32_t m = model->first_month; m < last; m++)
        if (starts_in(model, m)) {
            gather_months(rows, person, m, m + window);
            add(rows, 0, most, RULE_LIMIT, 0);
        }
    for (int32_t m = model->first_month - model->first_month % 12; m < last; m += 12) {
        gather_months(rows, person, m, m + 12);
        add(rows, 0, model->people[person].capacity, RULE_LIMIT, 0);
    }
}

/* What is fair: everybody's share of the work is their share of all capacity. Above it each further
 * procedure costs, and more so the further above. */
static void rows_of_load(struct rows *rows, int32_t person, int64_t work, int64_t capacity)
{
    const struct model *model = rows->model;
    int64_t weight = rh_config_int(rows->call, "weight_load");
    int32_t share =
        capacity > 0 ? (int32_t)((work * model->people[person].capacity + capacity - 1) / capacity)
                     : 0;

    gather_months(rows, person, model->first_month, model->first_month + model->month_count);
    for (int32_t above = 0; above < 5 && weight > 0; above += 2)
        add(rows, 0, share + above, RULE_LOAD, weight);
}

static int32_t build_rows(struct rh_call *call, const struct model *model, struct selection *ret)
{
    struct rows rows = {.call = call, .model = model, .selection = ret};
    int64_t work = 0, capacity = 0;
    int32_t most =
        model->person_count > model->office_count ? model->person_count : model->office_count;

    rows.columns = rh_alloc_in(call, (size_t)(most + 1) * sizeof(int32_t));
    if (!rows.columns)
        return RH_ENOMEM;
    rows_of_offices(&rows);
    rows_of_both(&rows);
    for (int32_t o = 0; o < model->office_count; o++)
        work += model->offices[o].size;
    for (int32_t p = 0; p < model->person_count; p++)
        capacity += model->people[p].gone ? 0 : model->people[p].capacity;
    for (int32_t p = 0; p < model->person_count; p++) {
        rows_of_limits(&rows, p);
        if (!model->people[p].gone)
            rows_of_load(&rows, p, work, capacity);
    }
    ret->problem.rows = rows.row;
    ret->problem.row_count = rows.count;
    return rows.failed ? RH_ENOMEM : 0;
}

/* A column for each cell that is not excluded, by office and then person. */
static int32_t build_columns(struct rh_call *call, const struct model *model, struct selection *ret)
{
    size_t cells = (size_t)model->office_count * (size_t)model->person_count + 1;
    int32_t *group = rh_alloc_in(call, cells * sizeof(int32_t));
    int32_t *agent = rh_alloc_in(call, cells * sizeof(int32_t));
    uint8_t *fixed = rh_alloc_in(call, cells);
    int32_t count = 0;

    ret->column = rh_alloc_in(call, cells * sizeof(int32_t));
    if (!group || !agent || !fixed || !ret->column)
        return RH_ENOMEM;
    for (int32_t o = 0; o < model->office_count; o++)
        for (int32_t p = 0; p < model->person_count; p++) {
            size_t at = cell(model, o, p);

            ret->column[at] = -1;
            if (model->why[at])
                continue;
            ret->column[at] = count;
            group[count] = o;
            agent[count] = p;
            fixed[count++] = model->pin[at] ? RH_SELECT_TAKEN : RH_SELECT_FREE;
        }
    ret->problem.group = group;
    ret->problem.agent = agent;
    ret->problem.fixed = fixed;
    ret->problem.column_count = count;
    return 0;
}

static int32_t build_costs(struct rh_call *call, const struct model *model, const uint8_t *base,
                           struct selection *ret)
{
    size_t count = (size_t)ret->problem.column_count + 1;
    struct rh_select_cost *costs = rh_alloc_in(call, 3 * sizeof(*costs));
    int64_t *price[3];
    double per_km = rh_config_real(call, "weight_km");
    int64_t other = rh_config_int(call, "weight_other_region");
    int64_t change = rh_config_int(call, "weight_change");

    ret->price = rh_alloc_in(call, count * sizeof(int64_t));
    for (int32_t k = 0; k < 3; k++)
        if (!(price[k] = rh_alloc_in(call, count * sizeof(int64_t))))
            return RH_ENOMEM;
    if (!costs || !ret->price)
        return RH_ENOMEM;
    for (int32_t c = 0; c < ret->problem.column_count; c++) {
        int32_t office = ret->problem.group[c], person = ret->problem.agent[c];
        size_t at = cell(model, office, person);

        price[0][c] = llround(model->km[at] * per_km);
        if (strcmp(model->offices[office].region, model->people[person].region) != 0)
            price[1][c] = other;
        if (base && !base[at])
            price[2][c] = change;
        ret->price[c] = price[0][c] + price[1][c] + price[2][c];
    }
    costs[0] = (struct rh_select_cost){price[0], RULE_TRAVEL, 0};
    costs[1] = (struct rh_select_cost){price[1], RULE_OTHER_REGION, 0};
    costs[2] = (struct rh_select_cost){price[2], RULE_CHANGE, 0};
    ret->problem.costs = costs;
    ret->problem.cost_count = base ? 3 : 2;
    return 0;
}

int32_t selection_build(struct rh_call *call, const struct model *model, const uint8_t *base,
                        struct selection *ret)
{
    int32_t rc;

    *ret = (struct selection){.problem = {.size = sizeof(struct rh_select_problem),
                                          .group_count = model->office_count,
                                          .agent_count = model->person_count,
                                          .rule_count = RULE_COUNT}};
    if ((rc = build_columns(call, model, ret)) < 0 ||
        (rc = build_costs(call, model, base, ret)) < 0)
        return rc;
    return build_rows(call, model, ret);
}

int32_t selection_value(struct rh_call *call, const struct selection *selection,
                        const uint8_t *taken, int64_t *ret_value, int64_t rule[RULE_COUNT])
{
    struct rh_select_result result = {.size = sizeof(result), .rule_value = rule};
    int32_t rc = rh_select_check_in(call, &selection->problem, taken, &result);

    *ret_value = result.value;
    return rc;
}
