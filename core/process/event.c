#include "core/process/event.h"

#include "core/base/text.h"

#include <string.h>

#define EVENT_ROW_(id, word, de, en) [RH_PROCESS_##id] = {word, {de, en}},
static const struct {
    const char *word;
    struct rh_text title;
} kinds[RH_PROCESS_EVENT_END_] = {RH_PROCESS_EVENTS(EVENT_ROW_)};

const char *rh_process_event_word(enum rh_process_event_kind kind)
{
    return kinds[kind].word;
}

struct rh_text rh_process_event_title(enum rh_process_event_kind kind)
{
    return kinds[kind].title;
}

bool rh_process_event_is_fact(enum rh_process_event_kind kind)
{
    return kind >= RH_PROCESS_STARTED;
}

/* --- writing --- */

static void put_text(struct rh_json_out *json, const char *key, const char *text)
{
    if (text)
        rh_json_put_text(json, key, text);
}

static void put_int(struct rh_json_out *json, const char *key, int32_t value, int32_t none)
{
    if (value != none)
        rh_json_put_int(json, key, value);
}

void rh_process_event_write(const struct rh_process_event *event, struct rh_json_out *json)
{
    char day[RH_DATE_TEXT_SIZE];

    rh_json_object_begin(json);
    rh_json_put_text(json, "kind", kinds[event->kind].word);
    rh_json_put_int(json, "at", event->at);
    put_text(json, "step", event->step);
    put_text(json, "item", event->item);
    put_text(json, "rule", event->rule);
    put_text(json, "reason", event->reason);
    put_text(json, "by", event->by);
    put_text(json, "id", event->id);
    put_text(json, "hash", event->hash);
    put_text(json, "seed", event->seed);
    if (event->day != RH_NO_DAY)
        rh_json_put_text(json, "day", rh_day_iso(event->day, day));
    put_int(json, "minute", event->minute, -1);
    put_int(json, "until", event->until, -1);
    put_int(json, "count", event->count, 0);
    put_int(json, "chosen", event->chosen, 0);
    put_int(json, "random", event->random, 0);
    if (event->flag)
        rh_json_put_bool(json, "flag", true);
    if (event->flag_national)
        rh_json_put_bool(json, "flag_national", true);
    rh_json_object_end(json);
}

/* --- reading --- */

static int32_t read_text(const json_t *object, const char *name, struct rh_arena *arena,
                         const char **ret, struct rh_err *err)
{
    const char *text;
    int32_t rc = rh_json_want_text(object, name, RH_PROCESS_REASON_MAX, NULL, &text, err);

    if (rc < 0 || !text)
        return rc;
    *ret = rh_arena_strdup(arena, text);
    return *ret ? 0 : rh_err_nomem(err);
}

static int32_t read_int(const json_t *object, const char *name, int32_t least, int32_t most,
                        int32_t fallback, int32_t *ret, struct rh_err *err)
{
    int64_t value;
    int32_t rc = rh_json_want_int(object, name, least, most, fallback, &value, err);

    if (rc == 0)
        *ret = (int32_t)value;
    return rc;
}

static int32_t read_kind(const json_t *object, enum rh_process_event_kind *ret, struct rh_err *err)
{
    const char *word;
    int32_t rc = rh_json_need_text(object, "kind", 40, &word, err);

    if (rc < 0)
        return rc;
    for (int kind = 0; kind < (int)RH_PROCESS_EVENT_END_; kind++)
        if (strcmp(kinds[kind].word, word) == 0) {
            *ret = (enum rh_process_event_kind)kind;
            return 0;
        }
    return rh_err_set(err, RH_EINVALID, "Feld 'kind': ein Ereignis '%s' gibt es nicht",
                      "field 'kind': there is no event '%s'", word);
}

static int32_t read_day(const json_t *object, int32_t *ret, struct rh_err *err)
{
    const char *text;
    int32_t rc = rh_json_want_text(object, "day", 10, NULL, &text, err);

    *ret = RH_NO_DAY;
    if (rc < 0 || !text)
        return rc;
    rc = rh_day_read_iso(text, ret, err);
    return rc < 0 ? rh_err_wrap(err, "Feld 'day'", "field 'day'") : 0;
}

int32_t rh_process_event_read(const json_t *object, struct rh_arena *arena,
                              struct rh_process_event *ret, struct rh_err *err)
{
    static const char *const fields[] = {
        "kind", "at",  "step",   "item",  "rule",  "reason", "by",     "id",   "hash",
        "seed", "day", "minute", "until", "count", "chosen", "random", "flag", "flag_national"};
    struct rh_process_event e = {0};
    int32_t rc = rh_json_only(object, fields, sizeof(fields) / sizeof(fields[0]), err);

    if (rc < 0 || (rc = read_kind(object, &e.kind, err)) < 0 ||
        (rc = rh_json_need_int(object, "at", INT64_C(-2208988800), INT64_C(7258118400), &e.at,
                               err)) < 0 ||
        (rc = read_text(object, "step", arena, &e.step, err)) < 0 ||
        (rc = read_text(object, "item", arena, &e.item, err)) < 0 ||
        (rc = read_text(object, "rule", arena, &e.rule, err)) < 0 ||
        (rc = read_text(object, "reason", arena, &e.reason, err)) < 0 ||
        (rc = read_text(object, "by", arena, &e.by, err)) < 0 ||
        (rc = read_text(object, "id", arena, &e.id, err)) < 0 ||
        (rc = read_text(object, "hash", arena, &e.hash, err)) < 0 ||
        (rc = read_text(object, "seed", arena, &e.seed, err)) < 0 ||
        (rc = read_day(object, &e.day, err)) < 0 ||
        (rc = read_int(object, "minute", -1, 1440, -1, &e.minute, err)) < 0 ||
        (rc = read_int(object, "until", -1, 1440, -1, &e.until, err)) < 0 ||
        (rc = read_int(object, "count", -100000000, 100000000, 0, &e.count, err)) < 0 ||
        (rc = read_int(object, "chosen", 0, 1000, 0, &e.chosen, err)) < 0 ||
        (rc = read_int(object, "random", 0, 1000, 0, &e.random, err)) < 0 ||
        (rc = rh_json_want_bool(object, "flag", false, &e.flag, err)) < 0 ||
        (rc = rh_json_want_bool(object, "flag_national", false, &e.flag_national, err)) < 0)
        return rc;
    *ret = e;
    return 0;
}
