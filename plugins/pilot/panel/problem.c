#include "plugins/pilot/panel/problem.h"

#include <stdlib.h>
#include <string.h>

struct sortable {
    const uint8_t *member;
    int32_t length, applicant;
};

static int compare(const void *left, const void *right)
{
    const struct sortable *a = left, *b = right;
    int order = memcmp(b->member, a->member, (size_t)a->length);

    return order ? order : (a->applicant > b->applicant) - (a->applicant < b->applicant);
}

static int32_t within_limits(const struct panel_problem *problem)
{
    return problem->applicant_count >= 0 && problem->applicant_count <= PANEL_APPLICANTS_MAX &&
           problem->row_count >= 0 && problem->row_count <= PANEL_ROWS_MAX &&
           problem->places >= 0 && problem->places <= PANEL_PLACES_MAX;
}

static void take_rows(struct panel_model *model, const struct panel_problem *problem)
{
    for (int32_t r = 0; r < model->row_count; r++) {
        int32_t members = 0;

        for (int32_t i = 0; i < problem->applicant_count; i++)
            members += problem->member[(size_t)i * (size_t)model->row_count + (size_t)r] != 0;
        model->members[r] = members;
        model->min[r] = problem->rows[r].min;
        model->max[r] = problem->rows[r].max;
        model->price[r] = problem->rows[r].price;
    }
}

/* Applicants sorted by their rows; each new row of memberships is a new type. */
static void make_types(struct panel_model *model, const struct panel_problem *problem,
                       struct sortable *order)
{
    size_t rows = (size_t)model->row_count;

    for (int32_t i = 0; i < problem->applicant_count; i++) {
        int32_t fresh = i == 0 || memcmp(order[i - 1].member, order[i].member, rows) != 0;

        if (fresh && model->type_count == PANEL_TYPES_MAX) {
            model->type_count++;
            return;
        }
        if (fresh && rows)
            memcpy(model->has + (size_t)model->type_count * rows, order[i].member, rows);
        model->type_count += fresh;
        model->size[model->type_count - 1]++;
        model->type_of[order[i].applicant] = model->type_count - 1;
    }
}

struct panel_model *panel_model_new(struct panel_memory *memory,
                                    const struct panel_problem *problem)
{
    struct panel_model *model = PANEL_NEW(memory, struct panel_model, 1);
    struct sortable *order;
    size_t n, rows;

    if (!within_limits(problem))
        return NULL;
    n = (size_t)problem->applicant_count;
    rows = (size_t)problem->row_count;
    order = PANEL_NEW(memory, struct sortable, n + 1);
    model->applicant_count = problem->applicant_count;
    model->row_count = problem->row_count;
    model->places = problem->places;
    model->size = PANEL_NEW(memory, int32_t, n + 1);
    model->type_of = PANEL_NEW(memory, int32_t, n + 1);
    model->has = PANEL_NEW(memory, uint8_t, (n + 1) * (rows + 1));
    model->min = PANEL_NEW(memory, int32_t, rows + 1);
    model->max = PANEL_NEW(memory, int32_t, rows + 1);
    model->price = PANEL_NEW(memory, int64_t, rows + 1);
    model->members = PANEL_NEW(memory, int32_t, rows + 1);
    take_rows(model, problem);
    for (size_t i = 0; i < n; i++)
        order[i] = (struct sortable){problem->member + i * rows, (int32_t)rows, (int32_t)i};
    qsort(order, n, sizeof(*order), compare);
    make_types(model, problem, order);
    return model->type_count > PANEL_TYPES_MAX ? NULL : model;
}

int32_t panel_is_valid(const struct panel_model *model, const int32_t *composition)
{
    int64_t total = 0;

    for (int32_t t = 0; t < model->type_count; t++) {
        if (composition[t] < 0 || composition[t] > model->size[t])
            return 0;
        total += composition[t];
    }
    if (total != model->places)
        return 0;
    for (int32_t r = 0; r < model->row_count; r++) {
        int64_t count = 0;

        for (int32_t t = 0; t < model->type_count; t++)
            if (panel_has(model, t, r))
                count += composition[t];
        if (count < model->min[r] || count > model->max[r])
            return 0;
    }
    return 1;
}
