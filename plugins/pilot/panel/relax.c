/*
 * All cheapest relaxations. A relaxable side gets a value of its own, "by how much", which costs
 * its price a unit; the search finds the least cost, and then every way to pay it: what was found
 * splits the rest into parts that differ from it in the first value, the second value, and so on
 * (Murty).
 */
#include "plugins/pilot/panel/conflict.h"

#include <string.h>

struct relax {
    struct panel_memory *memory;
    const struct panel_model *model;
    struct panel_system system;
    int32_t types, slack_count;
    struct panel_side *sides; /* by slack */
    int32_t *low, *high;      /* by value: types, then slacks */
    int32_t known;            /* the least price is known */
    struct panel_relaxations found;
};

static void add_slacks(struct relax *x)
{
    const struct panel_model *model = x->model;

    for (int32_t r = 0; r < model->row_count; r++) {
        int32_t most = model->members[r] < model->places ? model->members[r] : model->places;

        if (model->price[r] <= 0)
            continue;
        if (model->min[r] > 0)
            x->sides[x->slack_count++] = (struct panel_side){r, 0};
        if (model->max[r] < most)
            x->sides[x->slack_count++] = (struct panel_side){r, 1};
    }
}

static void build(struct relax *x)
{
    const struct panel_model *model = x->model;
    struct panel_system base = panel_system_of(x->memory, model);
    int32_t n;
    int8_t *factor;
    panel_weight *weight;

    x->types = model->type_count;
    x->sides = PANEL_NEW(x->memory, struct panel_side, model->row_count * 2 + 1);
    add_slacks(x);
    n = x->types + x->slack_count;
    factor = PANEL_NEW(x->memory, int8_t, (size_t)n * (size_t)base.row_count + 1);
    weight = PANEL_NEW(x->memory, panel_weight, n + 1);
    x->low = PANEL_NEW(x->memory, int32_t, n + 1);
    x->high = PANEL_NEW(x->memory, int32_t, n + 1);
    memcpy(x->high, base.high, (size_t)x->types * sizeof(int32_t));
    for (int32_t i = 0; i < base.row_count; i++)
        memcpy(factor + (size_t)i * (size_t)n, base.factor + (size_t)i * (size_t)x->types,
               (size_t)x->types);
    for (int32_t s = 0; s < x->slack_count; s++) {
        struct panel_side side = x->sides[s];
        int32_t value = x->types + s;

        factor[(size_t)side.row * (size_t)n + (size_t)value] = side.is_max ? -1 : 1;
        weight[value] = -(panel_weight)model->price[side.row];
        x->high[value] = side.is_max ? model->places - model->max[side.row] : model->min[side.row];
        if (x->high[value] < 0)
            x->high[value] = 0;
    }
    x->system = (struct panel_system){n,       base.row_count, factor,       x->low,
                                      x->high, base.row_min,   base.row_max, weight};
}

static void keep(struct relax *x, const int32_t *values)
{
    int32_t *by = PANEL_NEW(x->memory, int32_t, x->model->row_count * 2 + 1);

    for (int32_t s = 0; s < x->slack_count; s++)
        by[x->sides[s].row * 2 + x->sides[s].is_max] = values[x->types + s];
    x->found.by[x->found.count++] = by;
}

static void explore(struct relax *x);

static void explore_part(struct relax *x, int32_t value, int32_t low, int32_t high)
{
    int32_t low_before = x->low[value], high_before = x->high[value];

    if (low > high || x->found.more || x->found.state < 0)
        return;
    x->low[value] = low;
    x->high[value] = high;
    explore(x);
    x->low[value] = low_before;
    x->high[value] = high_before;
}

/* Everything at the least price within the bounds that stand in `low` and `high`. */
static void explore(struct relax *x)
{
    struct panel_memory own = PANEL_MEMORY;
    int32_t n = x->system.value_count;
    int32_t *values = PANEL_NEW(&own, int32_t, n + 1), *low = PANEL_NEW(&own, int32_t, n + 1);
    int32_t *high = PANEL_NEW(&own, int32_t, n + 1);
    struct panel_goal goal = {.has_floor = x->known, .floor = -(panel_weight)x->found.price - 1};
    panel_weight value = 0;
    enum panel_found found;

    if (x->known) { /* any at this price will do */
        goal.has_enough = 1;
        goal.enough = goal.floor;
    }
    found = panel_search(&x->system, &goal, values, &value);
    if (found == PANEL_GAVE_UP)
        x->found.state = -1;
    if (found == PANEL_BEST || found == PANEL_ENOUGH) {
        if (!x->known)
            x->found.price = (int64_t)-value;
        x->known = 1;
        x->found.more = x->found.count == PANEL_RELAXATIONS_MAX;
        if (!x->found.more)
            keep(x, values);
        memcpy(low, x->low, (size_t)n * sizeof(int32_t));
        memcpy(high, x->high, (size_t)n * sizeof(int32_t));
        for (int32_t v = x->types; v < n && !x->found.more; v++) {
            explore_part(x, v, low[v], values[v] - 1);
            explore_part(x, v, values[v] + 1, high[v]);
            x->low[v] = x->high[v] = values[v];
        }
        memcpy(x->low, low, (size_t)n * sizeof(int32_t));
        memcpy(x->high, high, (size_t)n * sizeof(int32_t));
    }
    panel_memory_free(&own);
}

struct panel_relaxations panel_relaxations_find(struct panel_memory *memory,
                                                const struct panel_model *model)
{
    struct relax x = {.memory = memory, .model = model};

    build(&x);
    x.found.by = PANEL_NEW(memory, int32_t *, PANEL_RELAXATIONS_MAX + 1);
    x.found.state = 1;
    explore(&x);
    if (x.found.state > 0 && x.found.count == 0)
        x.found.state = 0;
    return x.found;
}
