#include "plugins/pilot/panel/replace.h"

#include <stdlib.h>
#include <string.h>

/* Of each type so many sites stay and so many of the reserve come in: first the one, then the
 * other. The last row of the system counts those who stay. */
struct change {
    struct panel_memory *memory;
    const struct panel_problem *problem;
    const int32_t *position;
    int32_t *who; /* by applicant of the model: number in the problem */
    struct panel_model *model;
    struct panel_system system;
    int32_t *low, *high, *row_min;
    int32_t *values;
};

static struct panel_model *rest_of(struct panel_memory *memory, const struct panel_problem *problem,
                                   const struct panel_row *rows, const int32_t *position,
                                   int32_t dropout, int32_t *who)
{
    struct panel_problem rest = *problem;
    size_t width = (size_t)problem->row_count;
    uint8_t *member = PANEL_NEW(memory, uint8_t, (size_t)problem->applicant_count * width + 1);

    rest.applicant_count = 0;
    for (int32_t a = 0; a < problem->applicant_count; a++) {
        if (position[a] < 0 || a == dropout)
            continue;
        memcpy(member + (size_t)rest.applicant_count * width, problem->member + (size_t)a * width,
               width);
        who[rest.applicant_count++] = a;
    }
    rest.rows = rows;
    rest.member = member;
    return panel_model_new(memory, &rest);
}

struct panel_model *panel_replace_model(struct panel_memory *memory,
                                        const struct panel_problem *problem,
                                        const struct panel_row *rows, const int32_t *position,
                                        int32_t dropout)
{
    int32_t *who = PANEL_NEW(memory, int32_t, problem->applicant_count + 1);

    return rest_of(memory, problem, rows, position, dropout, who);
}

static void set_system(struct change *c)
{
    const struct panel_model *model = c->model;
    size_t types = (size_t)model->type_count, n = 2 * types, m = (size_t)model->row_count + 2;
    int8_t *factor = PANEL_NEW(c->memory, int8_t, n * m + 1);
    int32_t *row_max = PANEL_NEW(c->memory, int32_t, m);
    panel_weight *weight = PANEL_NEW(c->memory, panel_weight, n + 1);

    c->low = PANEL_NEW(c->memory, int32_t, n + 1);
    c->high = PANEL_NEW(c->memory, int32_t, n + 1);
    c->row_min = PANEL_NEW(c->memory, int32_t, m);
    c->values = PANEL_NEW(c->memory, int32_t, n + 1);
    for (int32_t a = 0; a < model->applicant_count; a++)
        c->high[2 * model->type_of[a] + (c->position[c->who[a]] > 0)]++;
    for (size_t t = 0; t < types; t++) {
        for (size_t r = 0; r < m - 2; r++)
            factor[r * n + 2 * t] = factor[r * n + 2 * t + 1] =
                (int8_t)panel_has(model, (int32_t)t, (int32_t)r);
        factor[(m - 2) * n + 2 * t] = factor[(m - 2) * n + 2 * t + 1] = 1;
        factor[(m - 1) * n + 2 * t] = 1;
        weight[2 * t] = 1;
    }
    for (size_t r = 0; r < m - 2; r++) {
        c->row_min[r] = model->min[r];
        row_max[r] = model->max[r];
    }
    c->row_min[m - 2] = row_max[m - 2] = row_max[m - 1] = model->places;
    c->system = (struct panel_system){(int32_t)n, (int32_t)m, factor,  c->low,
                                      c->high,    c->row_min, row_max, weight};
}

static enum panel_found is_possible(struct change *c, panel_weight *ret_stay)
{
    struct panel_goal goal = {0};

    return panel_search(&c->system, &goal, c->values, ret_stay);
}

/*
 * One after another of `list` is wanted: the bound of its value moves by one, if the rest can still
 * be met. A type that was refused once stays refused, because bounds only become narrower.
 */
static enum panel_found take_first(struct change *c, const int32_t *list, int32_t count,
                                   int32_t is_reserve, int32_t wanted, int32_t *ret_taken)
{
    uint8_t *refused = PANEL_NEW(c->memory, uint8_t, c->model->type_count + 1);
    int32_t taken = 0;

    for (int32_t i = 0; i < count && taken < wanted; i++) {
        int32_t type = c->model->type_of[list[i]], value = 2 * type + is_reserve;
        panel_weight stay;
        enum panel_found found;

        if (refused[type])
            continue;
        if (is_reserve)
            c->low[value]++;
        else
            c->high[value]--;
        found = is_possible(c, &stay);
        if (found == PANEL_GAVE_UP)
            return found;
        if (found != PANEL_NONE) {
            ret_taken[taken++] = c->who[list[i]];
            continue;
        }
        refused[type] = 1;
        if (is_reserve)
            c->low[value]--;
        else
            c->high[value]++;
    }
    return taken == wanted ? PANEL_BEST : PANEL_GAVE_UP;
}

struct listed {
    int32_t applicant, key;
};

static int by_key(const void *left, const void *right)
{
    const struct listed *a = left, *b = right;

    return (a->key > b->key) - (a->key < b->key);
}

/* Applicants of the model that are sites, or of the reserve, by their key. */
static int32_t list_of(const struct change *c, int32_t is_reserve, const int32_t *key,
                       int32_t *list)
{
    struct listed *sorted = PANEL_NEW(c->memory, struct listed, c->model->applicant_count + 1);
    int32_t count = 0;

    for (int32_t a = 0; a < c->model->applicant_count; a++)
        if ((c->position[c->who[a]] > 0) == is_reserve)
            sorted[count++] = (struct listed){a, key[c->who[a]]};
    qsort(sorted, (size_t)count, sizeof(*sorted), by_key);
    for (int32_t i = 0; i < count; i++)
        list[i] = sorted[i].applicant;
    return count;
}

enum panel_found panel_replace(struct panel_memory *memory, const struct panel_problem *problem,
                               const struct panel_row *rows, const int32_t *position,
                               int32_t dropout, const int32_t *order, struct panel_change *ret)
{
    size_t all = (size_t)problem->applicant_count + 1;
    struct change c = {.memory = memory, .problem = problem, .position = position};
    int32_t *list = PANEL_NEW(memory, int32_t, all), *place = PANEL_NEW(memory, int32_t, all);
    int32_t sites, reserve;
    panel_weight stay;
    enum panel_found found;

    c.who = PANEL_NEW(memory, int32_t, all);
    c.model = rest_of(memory, problem, rows, position, dropout, c.who);
    if (!c.model)
        return PANEL_GAVE_UP;
    set_system(&c);
    found = is_possible(&c, &stay);
    if (found != PANEL_BEST)
        return found;
    c.row_min[c.system.row_count - 1] = (int32_t)stay;
    for (int32_t i = 0; i < problem->applicant_count; i++)
        place[order[i]] = i;
    ret->in = PANEL_NEW(memory, int32_t, all);
    ret->out = PANEL_NEW(memory, int32_t, all);
    ret->in_count = problem->places - (int32_t)stay;
    reserve = list_of(&c, 1, position, list);
    found = take_first(&c, list, reserve, 1, ret->in_count, ret->in);
    if (found != PANEL_BEST)
        return found;
    sites = list_of(&c, 0, place, list);
    ret->out_count = sites - (int32_t)stay;
    return take_first(&c, list, sites, 0, ret->out_count, ret->out);
}
