/* The months an office could start in, best first: alone, or in exchange with one that is there. */
#include "plugins/turnus/internal.h"

#include <stdlib.h>
#include <string.h>

static int32_t why_at(const struct model *model, int32_t office, int32_t slot)
{
    return model->why[(size_t)office * (size_t)model->month_count + (size_t)slot];
}

/* Changes in people's plans count: of two equal ways the one that moves fewer offices comes first.
 */
static int compare_ways(const void *a, const void *b)
{
    const struct way *left = a, *right = b;

    for (int level = 0; level < RH_SOLVE_LEVELS; level++)
        if (left->value.level[level] != right->value.level[level])
            return left->value.level[level] < right->value.level[level] ? -1 : 1;
    if ((left->partner < 0) != (right->partner < 0))
        return left->partner < 0 ? -1 : 1;
    return left->slot < right->slot ? -1 : left->slot > right->slot;
}

static int better(const struct value *a, const struct value *b)
{
    for (int level = 0; level < RH_SOLVE_LEVELS; level++)
        if (a->level[level] != b->level[level])
            return a->level[level] < b->level[level];
    return 0;
}

int32_t bound_to_others(const struct model *model, int32_t place)
{
    for (int32_t i = 0; i < model->problem.together_count; i++)
        if (model->problem.togethers[i].a == place || model->problem.togethers[i].b == place)
            return 1;
    return 0;
}

/* The best way for the office into `slot`. One that is not in the plan has nothing to give in
 * exchange. */
static void best_way(const struct delta *delta, int32_t place, int32_t slot, struct way *ret)
{
    const struct model *model = delta->model;
    int32_t home = delta->slots[place];

    *ret = (struct way){.slot = slot, .partner = -1};
    delta_of(delta, place, slot, -1, &ret->value);
    for (int32_t other = 0; home >= 0 && other < model->office_count; other++) {
        struct value value;

        if (other == place || delta->slots[other] != slot || why_at(model, other, home) ||
            bound_to_others(model, other))
            continue;
        delta_of(delta, place, slot, other, &value);
        if (better(&value, &ret->value)) {
            ret->value = value;
            ret->partner = other;
        }
    }
}

int32_t find_ways(struct rh_call *call, const struct delta *delta, int32_t place,
                  struct way **ret_ways)
{
    const struct model *model = delta->model;
    struct way *ways = rh_alloc_in(call, (size_t)model->month_count * sizeof(*ways));
    int32_t count = 0;

    if (!ways)
        return RH_ENOMEM;
    for (int32_t t = 0; t < model->month_count && !bound_to_others(model, place); t++)
        if (t != delta->slots[place] && why_at(model, place, t) == 0)
            best_way(delta, place, t, &ways[count++]);
    qsort(ways, (size_t)count, sizeof(*ways), compare_ways);
    *ret_ways = ways;
    return count;
}

/* ---- in words ---- */

struct text {
    struct rh_call *call;
    const char *text;
};

static void join(void *context, const char *sentence)
{
    struct text *text = context;

    text->text = rh_format(text->call, "%s; %s", "%s; %s", text->text, sentence);
}

static void out_sentence(void *context, const char *sentence)
{
    rh_out_text((struct rh_call *)context, NULL, sentence);
}

int32_t out_way(struct rh_call *call, const struct delta *delta, int32_t place,
                const struct way *way)
{
    const struct model *model = delta->model;
    const struct office *partner = way->partner < 0 ? NULL : &model->offices[way->partner];
    size_t size = (size_t)model->office_count * sizeof(int32_t);
    int32_t *after = rh_alloc_in(call, size);
    struct text text = {
        call, partner ? rh_format(call, "im Tausch mit %s", "in exchange with %s", partner->name)
                      : rh_format(call, "allein", "alone")};
    const int64_t *level = way->value.level, *now = delta->value.level;

    if (!after)
        return RH_ENOMEM;
    memcpy(after, delta->slots, size);
    after[place] = way->slot;
    if (partner)
        after[way->partner] = delta->slots[place];
    rh_out_text(call, "month", rh_month_text(call, model->months[way->slot].month));
    rh_out_text(call, "month_words", month_words(call, model->months[way->slot].month));
    rh_out_text(call, "partner", partner ? partner->id : NULL);
    rh_out_text(call, "partner_name", partner ? partner->name : NULL);
    rh_out_int(call, "hard", level[RH_SOLVE_HARD] - now[RH_SOLVE_HARD]);
    rh_out_int(call, "balance", level[RH_SOLVE_BALANCE] - now[RH_SOLVE_BALANCE]);
    rh_out_int(call, "soft", level[RH_SOLVE_SOFT] - now[RH_SOLVE_SOFT]);
    if (effects(call, model, delta->slots, after, join, &text) == 0)
        join(&text, rh_format(call, "kostet nichts", "costs nothing"));
    rh_out_text(call, "sentence", text.text);
    rh_out_array(call, "effects");
    effects(call, model, delta->slots, after, out_sentence, call);
    rh_out_end(call);
    return 0;
}
