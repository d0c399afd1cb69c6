/* What lies between two plans of a round: who starts elsewhere, and what each rule gains or loses.
 */
#include "plugins/turnus/internal.h"

#include <string.h>

static void out_month(struct rh_call *call, const char *key, const char *words_key,
                      const struct model *model, int32_t slot)
{
    int32_t month = slot < 0 ? RH_NO_MONTH : model->months[slot].month;

    rh_out_text(call, key, slot < 0 ? NULL : rh_month_text(call, month));
    rh_out_text(call, words_key, slot < 0 ? "–" : month_words(call, month));
}

static const char *shift_words(struct rh_call *call, int32_t before, int32_t after)
{
    int32_t by = after > before ? after - before : before - after;

    if (before < 0)
        return rh_format(call, "kommt hinzu", "comes in");
    if (after < 0)
        return rh_format(call, "fällt weg", "falls away");
    if (by == 1)
        return after > before ? rh_format(call, "einen Monat später", "a month later")
                              : rh_format(call, "einen Monat früher", "a month earlier");
    return after > before ? rh_format(call, "%d Monate später", "%d months later", (int)by)
                          : rh_format(call, "%d Monate früher", "%d months earlier", (int)by);
}

int32_t out_difference(struct rh_call *call, const struct model *model, const int32_t *before,
                       const int32_t *after)
{
    int32_t moved = 0, rc;

    rh_out_array(call, "items");
    for (int32_t i = 0; i < model->office_count; i++) {
        if (before[i] == after[i])
            continue;
        moved++;
        rh_out_object(call, NULL);
        rh_out_text(call, "office", model->offices[i].id);
        rh_out_text(call, "name", model->offices[i].name);
        out_month(call, "from", "from_words", model, before[i]);
        out_month(call, "to", "to_words", model, after[i]);
        rh_out_text(call, "shift", shift_words(call, before[i], after[i]));
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_int(call, "moved", moved);
    rc = out_consequences(call, "consequences", model, before, after);
    return rc < 0 ? rc : moved;
}
