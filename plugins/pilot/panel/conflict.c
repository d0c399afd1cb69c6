#include "plugins/pilot/panel/conflict.h"

#include <string.h>

struct filter {
    struct panel_memory *memory;
    const struct panel_model *model;
    struct panel_system system; /* its row_min, row_max and low are ours to change */
    panel_weight *nothing;
    int32_t *values;
    int32_t *min, *max;
};

static int32_t holds(struct filter *f)
{
    struct panel_goal goal = {0};
    panel_weight value;
    enum panel_found found;

    f->system.weight = f->nothing;
    goal.has_enough = 1;
    goal.enough = -1;
    found = panel_search(&f->system, &goal, f->values, &value);
    return found == PANEL_NONE ? 0 : found == PANEL_GAVE_UP ? -1 : 1;
}

static int32_t limit_of(const struct panel_model *model)
{
    return model->places > model->applicant_count ? model->places : model->applicant_count;
}

static void open_side(struct filter *f, struct panel_side side)
{
    if (side.is_max)
        f->max[side.row] = limit_of(f->model);
    else
        f->min[side.row] = 0;
}

static int32_t says_something(const struct filter *f, struct panel_side side)
{
    return side.is_max ? f->max[side.row] < limit_of(f->model) : f->min[side.row] > 0;
}

static void close_side(struct filter *f, struct panel_side side, int32_t value)
{
    if (side.is_max)
        f->max[side.row] = value;
    else
        f->min[side.row] = value;
}

static void begin(struct filter *f, const struct panel_demand *demand, int32_t only_fixed)
{
    const struct panel_model *model = f->model;

    f->system = panel_system_of(f->memory, model);
    f->min = PANEL_NEW(f->memory, int32_t, model->row_count + 2);
    f->max = PANEL_NEW(f->memory, int32_t, model->row_count + 2);
    f->nothing = PANEL_NEW(f->memory, panel_weight, model->type_count + 1);
    f->values = PANEL_NEW(f->memory, int32_t, model->type_count + 1);
    memcpy(f->min, f->system.row_min, (size_t)f->system.row_count * sizeof(int32_t));
    memcpy(f->max, f->system.row_max, (size_t)f->system.row_count * sizeof(int32_t));
    f->system.row_min = f->min;
    f->system.row_max = f->max;
    for (int32_t r = 0; only_fixed && r < model->row_count; r++)
        if (model->price[r] > 0) {
            open_side(f, (struct panel_side){r, 0});
            open_side(f, (struct panel_side){r, 1});
        }
    if (demand && demand->type >= 0)
        ((int32_t *)f->system.low)[demand->type] = 1;
}

/* The demand on a row is a row of its own, so that the row's quota can be left out beside it. */
static void add_demand(struct filter *f, const struct panel_demand *demand)
{
    struct panel_system *s = &f->system;
    size_t n = (size_t)s->value_count, m = (size_t)s->row_count;
    int8_t *factor = PANEL_NEW(f->memory, int8_t, n * (m + 1) + 1);

    memcpy(factor, s->factor, n * m);
    memcpy(factor + n * m, s->factor + n * (size_t)demand->row, n);
    s->factor = factor;
    f->min[m] = demand->min;
    f->max[m] = demand->max;
    s->row_count++;
}

/* ---- how to tell it ---- */

static int32_t overlap(const struct panel_model *model, int32_t a, int32_t b)
{
    for (int32_t t = 0; t < model->type_count; t++)
        if (panel_has(model, t, a) && panel_has(model, t, b))
            return 1;
    return 0;
}

static int32_t is_in(const struct panel_model *model, int32_t type, int32_t row)
{
    return row == model->row_count || panel_has(model, type, row);
}

static int32_t inside(const struct panel_model *model, int32_t row, int32_t other)
{
    for (int32_t t = 0; t < model->type_count; t++)
        if (is_in(model, t, row) && !is_in(model, t, other))
            return 0;
    return 1;
}

static int32_t bound_of_side(const struct panel_model *model, struct panel_side side)
{
    if (side.row == model->row_count)
        return model->places;
    return side.is_max ? model->max[side.row] : model->min[side.row];
}

/* Puts the only side of its kind last; 0 when there is not exactly one. */
static int32_t single_last(struct panel_conflict *conflict, int32_t is_max)
{
    int32_t at = -1;

    for (int32_t i = 0; i < conflict->count; i++)
        if (conflict->sides[i].is_max == is_max) {
            if (at >= 0)
                return 0;
            at = i;
        }
    if (at >= 0) {
        struct panel_side single = conflict->sides[at];

        memmove(conflict->sides + at, conflict->sides + at + 1,
                (size_t)(conflict->count - at - 1) * sizeof(single));
        conflict->sides[conflict->count - 1] = single;
    }
    return at >= 0;
}

static void find_shape(struct panel_conflict *conflict, const struct panel_model *model)
{
    struct panel_side last;
    int32_t count = conflict->count - 1;

    if (count == 0 && !conflict->sides[0].is_max) {
        last = conflict->sides[0];
        conflict->shape = PANEL_SHAPE_POOL;
        conflict->sum =
            last.row == model->row_count ? model->applicant_count : model->members[last.row];
        conflict->against = bound_of_side(model, last);
        return;
    }
    if (count > 0 && single_last(conflict, 1)) {
        last = conflict->sides[count];
        for (int32_t i = 0; i < count; i++) {
            conflict->sum += bound_of_side(model, conflict->sides[i]);
            if (conflict->sides[i].row == model->row_count ||
                !inside(model, conflict->sides[i].row, last.row))
                return;
            for (int32_t j = 0; j < i; j++)
                if (overlap(model, conflict->sides[i].row, conflict->sides[j].row))
                    return;
        }
        conflict->against = bound_of_side(model, last);
        if (conflict->sum > conflict->against)
            conflict->shape = PANEL_SHAPE_MIN_SUM;
        return;
    }
    if (count > 0 && single_last(conflict, 0)) {
        last = conflict->sides[count];
        for (int32_t t = 0; t < model->type_count; t++) {
            int32_t covered = 0;

            for (int32_t i = 0; i < count; i++)
                covered |= is_in(model, t, conflict->sides[i].row);
            if (!covered && is_in(model, t, last.row))
                conflict->others += model->size[t];
        }
        conflict->sum = conflict->others;
        for (int32_t i = 0; i < count; i++)
            conflict->sum += bound_of_side(model, conflict->sides[i]);
        conflict->against = bound_of_side(model, last);
        if (conflict->sum < conflict->against)
            conflict->shape = PANEL_SHAPE_MAX_SUM;
    }
}

/* As a person would say it. */
static void places_last(struct panel_conflict *conflict, int32_t places)
{
    int32_t to = 0, count = 0;
    struct panel_side of_places[2];

    for (int32_t s = 0; s < conflict->count; s++) {
        if (conflict->sides[s].row == places)
            of_places[count++] = conflict->sides[s];
        else
            conflict->sides[to++] = conflict->sides[s];
    }
    for (int32_t s = 0; s < count; s++)
        conflict->sides[to++] = of_places[s];
}

struct panel_conflict panel_conflict_find(struct panel_memory *memory,
                                          const struct panel_model *model,
                                          const struct panel_demand *demand, int32_t only_fixed)
{
    struct filter f = {.memory = memory, .model = model};
    struct panel_conflict conflict = {0};
    int32_t rows = model->row_count + 1, held;

    begin(&f, demand, only_fixed);
    if (demand && demand->row >= 0)
        add_demand(&f, demand);
    held = holds(&f);
    conflict.state = held < 0 ? PANEL_CONFLICT_UNKNOWN : held ? PANEL_NO_CONFLICT : PANEL_CONFLICT;
    if (held != 0)
        return conflict;
    conflict.sides = PANEL_NEW(memory, struct panel_side, rows * 2);
    /* The number of places is left out first: a conflict inside a group is the nearer reason. */
    for (int32_t k = 0; k < rows * 2; k++) {
        struct panel_side side = {(k / 2 + rows - 1) % rows, k % 2};
        int32_t value = side.is_max ? f.max[side.row] : f.min[side.row];

        if (!says_something(&f, side))
            continue;
        open_side(&f, side);
        held = holds(&f);
        if (held == 0)
            continue;
        if (held < 0)
            conflict.state = PANEL_CONFLICT_UNKNOWN;
        close_side(&f, side, value);
        conflict.sides[conflict.count++] = side;
    }
    places_last(&conflict, model->row_count);
    if (!demand && conflict.count)
        find_shape(&conflict, model);
    return conflict;
}

/* ---- ranges ---- */

int32_t panel_ranges(struct panel_memory *memory, const struct panel_model *model,
                     struct panel_range *ret_range)
{
    struct panel_graph *graph = panel_graph_new(memory, model, 150000);
    struct panel_system system = panel_system_of(memory, model);
    panel_weight *weight = PANEL_NEW(memory, panel_weight, model->type_count + 1), value = 0;
    int32_t *values = PANEL_NEW(memory, int32_t, model->type_count + 1);

    if (graph && panel_graph_is_empty(graph))
        return 0;
    system.weight = weight;
    for (int32_t r = 0; r < model->row_count; r++)
        for (int32_t sign = -1; sign <= 1; sign += 2) {
            struct panel_goal goal = {0};

            for (int32_t t = 0; t < model->type_count; t++)
                weight[t] = panel_has(model, t, r) ? sign : 0;
            if (graph) {
                value = panel_graph_best(graph, weight, values);
            } else {
                enum panel_found found = panel_search(&system, &goal, values, &value);
                if (found != PANEL_BEST)
                    return found == PANEL_NONE ? 0 : -1;
            }
            if (sign < 0)
                ret_range[r].min = (int32_t)-value;
            else
                ret_range[r].max = (int32_t)value;
        }
    return 1;
}
