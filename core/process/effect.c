/* effect.c - effects as lists and as JSON. */
#include "core/process/engine.h"

#include "core/base/alloc.h"

#include <stdio.h>
#include <string.h>

#define EFFECT_WORD_(id, word) [RH_PROCESS_##id] = word,
static const char *const words[RH_PROCESS_EFFECT_END_] = {RH_PROCESS_EFFECTS(EFFECT_WORD_)};

const char *rh_process_effect_word(enum rh_process_effect_kind kind)
{
    return words[kind];
}

void rh_process_effects_fini(struct rh_process_effects *effects)
{
    rh_free(effects->list);
    memset(effects, 0, sizeof(*effects));
}

static void put_time(struct rh_json_out *json, const char *key, int64_t at)
{
    char day[RH_DATE_TEXT_SIZE], text[RH_DATE_TEXT_SIZE + 24];
    int32_t second = 0, on = rh_berlin_day(at, &second);

    if (on == RH_NO_DAY)
        return;
    snprintf(text, sizeof(text), "%sT%02d:%02d:%02d+%02d:00", rh_day_iso(on, day), second / 3600,
             second / 60 % 60, second % 60, rh_berlin_offset(at) / 3600);
    rh_json_put_text(json, key, text);
}

static void put_day(struct rh_json_out *json, const char *key, int32_t day)
{
    char text[RH_DATE_TEXT_SIZE];

    if (day != RH_NO_DAY)
        rh_json_put_text(json, key, rh_day_iso(day, text));
}

static void put_mail(const struct rh_process_state *state, const struct rh_process_effect *effect,
                     struct rh_json_out *json)
{
    char key[RH_PROCESS_KEY_SIZE];

    rh_process_mail_key(state, effect->step, effect->rule, effect->day, key);
    rh_json_put_text(json, "key", key);
    if (effect->template)
        rh_json_put_text(json, "template", effect->template);
    if (effect->role != RH_PROCESS_NOBODY)
        rh_json_put_text(json, "role", rh_process_role_word(effect->role));
    if (effect->copy != RH_PROCESS_NOBODY)
        rh_json_put_text(json, "copy", rh_process_role_word(effect->copy));
    if (effect->urgent)
        rh_json_put_bool(json, "urgent", true);
}

void rh_process_effect_write(const struct rh_process_state *state,
                             const struct rh_process_effect *effect, struct rh_json_out *json)
{
    rh_json_object_begin(json);
    put_time(json, "at", effect->at != RH_NO_INSTANT ? effect->at : effect->old_at);
    rh_json_put_text(json, "kind", words[effect->kind]);
    rh_json_put_text(json, "procedure", state->id);
    if (effect->step)
        rh_json_put_text(json, "step", effect->step);
    if (effect->kind == RH_PROCESS_ENTERED) {
        rh_json_put_text(json, "was", rh_process_state_word(effect->was));
        rh_json_put_text(json, "is", rh_process_state_word(effect->is));
    }
    put_day(json, "day", effect->day);
    put_day(json, "old_day", effect->old_day);
    if (effect->rule)
        put_mail(state, effect, json);
    if (effect->moved != RH_PROCESS_NOT_MOVED)
        rh_json_put_text(json, "moved", rh_process_moved_word(effect->moved));
    if (effect->expected)
        rh_json_put_bool(json, "expected", true);
    rh_json_object_end(json);
}
