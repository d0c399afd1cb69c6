#include "plugins/pilot/panel/climb.h"

#include <string.h>

static void put(struct panel_row_set *set, int32_t row, int32_t is_in)
{
    uint64_t bit = (uint64_t)1 << (row % 64);

    set->word[row / 64] = is_in ? set->word[row / 64] | bit : set->word[row / 64] & ~bit;
}

void panel_climber_begin(struct panel_climber *climber, const struct panel_model *model,
                         struct panel_memory *memory)
{
    climber->model = model;
    climber->words = (model->row_count + 63) / 64;
    climber->count = PANEL_NEW(memory, int32_t, model->row_count + 1);
    climber->order = PANEL_NEW(memory, int32_t, model->type_count + 1);
    for (int32_t t = 0; t < model->type_count; t++)
        climber->order[t] = t;
    climber->rows_of = PANEL_NEW(memory, struct panel_row_set, model->type_count + 1);
    for (int32_t t = 0; t < model->type_count; t++)
        for (int32_t r = 0; r < model->row_count; r++)
            put(&climber->rows_of[t], r, panel_has(model, t, r));
}

static void recount(struct panel_climber *climber, int32_t row, int32_t change)
{
    climber->count[row] += change;
    put(&climber->at_min, row, climber->count[row] == climber->model->min[row]);
    put(&climber->at_max, row, climber->count[row] == climber->model->max[row]);
}

static void count_rows(struct panel_climber *climber, const int32_t *composition)
{
    const struct panel_model *model = climber->model;

    memset(climber->count, 0, (size_t)model->row_count * sizeof(int32_t));
    for (int32_t r = 0; r < model->row_count; r++) {
        int32_t count = 0;

        for (int32_t t = 0; t < model->type_count; t++)
            count += panel_has(model, t, r) ? composition[t] : 0;
        recount(climber, r, count);
    }
}

static int32_t may_swap(const struct panel_climber *climber, int32_t out, int32_t in)
{
    const struct panel_row_set *from = &climber->rows_of[out], *to = &climber->rows_of[in];

    for (int32_t w = 0; w < climber->words; w++)
        if ((to->word[w] & ~from->word[w] & climber->at_max.word[w]) ||
            (from->word[w] & ~to->word[w] & climber->at_min.word[w]))
            return 0;
    return 1;
}

/* Nearly sorted already: weights change little from one time to the next. */
void panel_climber_sort(struct panel_climber *climber, const panel_weight *weight)
{
    int32_t *order = climber->order;

    for (int32_t i = 1; i < climber->model->type_count; i++) {
        int32_t type = order[i], at = i;

        for (; at > 0 && (weight[order[at - 1]] < weight[type] ||
                          (weight[order[at - 1]] == weight[type] && order[at - 1] > type));
             at--)
            order[at] = order[at - 1];
        order[at] = type;
    }
}

/* Seats change hands one by one as long as that is worth more. */
void panel_climb(struct panel_climber *climber, const panel_weight *weight, int32_t *composition)
{
    const struct panel_model *model = climber->model;

    count_rows(climber, composition);
    for (;;) {
        panel_weight gain = 0;
        int32_t out = -1, in = -1;

        for (int32_t a = 0; a < model->type_count; a++)
            for (int32_t k = 0; composition[a] && k < model->type_count; k++) {
                int32_t b = climber->order[k];

                if (weight[b] - weight[a] <= gain)
                    break;
                if (composition[b] < model->size[b] && may_swap(climber, a, b)) {
                    gain = weight[b] - weight[a];
                    out = a;
                    in = b;
                    break;
                }
            }
        if (out < 0)
            return;
        composition[out]--;
        composition[in]++;
        for (int32_t r = 0; r < model->row_count; r++)
            if (panel_has(model, in, r) != panel_has(model, out, r))
                recount(climber, r, panel_has(model, in, r) - panel_has(model, out, r));
    }
}
