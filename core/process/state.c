/*
 * state.c - the events of a procedure as a whole: kept, taken back, built again, written and read.
 */
#include "core/process/state.h"

#include "core/base/alloc.h"
#include "core/process/internal.h"
#include "core/process/rules.h"

#include <string.h>

#define MEMORY_MAX (64u * 1024 * 1024)

#define STATE_ROW_(id, word, de, en) [RH_PROCESS_IS_##id] = {word, {de, en}},
static const struct {
    const char *word;
    struct rh_text title;
} state_words[RH_PROCESS_IS_END_] = {RH_PROCESS_STATES(STATE_ROW_)};

const char *rh_process_state_word(enum rh_process_step_state state)
{
    return state_words[state].word;
}

struct rh_text rh_process_state_title(enum rh_process_step_state state)
{
    return state_words[state].title;
}

/* --- questions --- */

const struct rh_process_pause *rh_process_paused(const struct rh_process_state *s, int32_t step)
{
    for (size_t i = 0; i < s->pause_count; i++)
        if (s->pauses[i].to == RH_NO_DAY && (s->pauses[i].step == -1 || s->pauses[i].step == step))
            return &s->pauses[i];
    return NULL;
}

enum rh_process_step_state rh_process_step_state(const struct rh_process_state *s, int32_t step)
{
    enum rh_process_step_state state = s->steps[step].state;

    if (process_is_closed(state))
        return state;
    if (s->cancelled)
        return RH_PROCESS_IS_CANCELLED;
    return process_is_open(state) && rh_process_paused(s, step) ? RH_PROCESS_IS_PAUSED : state;
}

bool rh_process_finished(const struct rh_process_state *s)
{
    bool all = s->begun;

    for (size_t i = 0; all && i < s->definition->step_count; i++)
        all = s->cancelled || process_is_closed(s->steps[i].state);
    return all;
}

const char *rh_process_reason(const struct rh_process_state *s, int32_t number)
{
    const char *reason =
        number >= 1 && (size_t)number <= s->event_count ? s->events[number - 1].reason : NULL;

    return reason ? reason : "";
}

/* --- keeping events --- */

static const char *own(struct rh_process_state *s, const char *text, bool *ok)
{
    char *copy = text ? rh_arena_strdup(&s->arena, text) : NULL;

    *ok = *ok && (copy || !text);
    return copy;
}

/* Room for one more, and its texts in the state's memory. */
static int32_t keep(struct rh_process_state *s, const struct rh_process_event *e,
                    struct rh_err *err)
{
    struct rh_process_event *kept;
    bool ok = true;

    if (s->event_count == RH_PROCESS_EVENT_COUNT_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "mehr als %d Ereignisse hat kein Verfahren",
                          "no procedure has more than %d events", RH_PROCESS_EVENT_COUNT_MAX);
    if (s->event_count == s->event_room) {
        size_t room = s->event_room ? 2 * s->event_room : 32;
        struct rh_process_event *more = rh_realloc(s->events, room * sizeof(*more));
        bool *undone = more ? rh_realloc(s->undone, room * sizeof(*undone)) : NULL;

        s->events = more ? more : s->events;
        s->undone = undone ? undone : s->undone;
        if (!undone)
            return rh_err_nomem(err);
        s->event_room = room;
    }
    kept = &s->events[s->event_count];
    *kept = *e;
    kept->step = own(s, e->step, &ok);
    kept->item = own(s, e->item, &ok);
    kept->rule = own(s, e->rule, &ok);
    kept->reason = own(s, e->reason, &ok);
    kept->by = own(s, e->by, &ok);
    kept->id = own(s, e->id, &ok);
    kept->hash = own(s, e->hash, &ok);
    kept->seed = own(s, e->seed, &ok);
    s->undone[s->event_count] = false;
    return ok ? 0 : rh_err_nomem(err);
}

/* --- taking back --- */

static int32_t check_undo(const struct rh_process_state *s, const struct rh_process_event *e,
                          struct rh_err *err)
{
    const struct rh_process_event *target;

    if (e->count < 1 || (size_t)e->count > s->event_count)
        return rh_err_set(err, RH_ENOTFOUND, "ein Ereignis %d hat dieses Verfahren nicht",
                          "this procedure has no event %d", e->count);
    target = &s->events[e->count - 1];
    if (rh_process_event_is_fact(target->kind))
        return rh_err_set(err, RH_ECONFLICT,
                          "Ereignis %d ist eine Tatsache (%s) und nicht zurückzunehmen",
                          "event %d is a fact (%s) and cannot be taken back", e->count,
                          rh_process_event_word(target->kind));
    if (target->kind == RH_PROCESS_BEGIN)
        return rh_err_set(err, RH_ECONFLICT,
                          "der Beginn ist nicht zurückzunehmen; ein Verfahren bricht man ab",
                          "the beginning cannot be taken back; a procedure is cancelled");
    if (s->undone[e->count - 1])
        return rh_err_set(err, RH_ECONFLICT, "Ereignis %d ist schon zurückgenommen",
                          "event %d was taken back already", e->count);
    if (!e->reason || !*e->reason)
        return rh_err_set(err, RH_EINVALID, "die Begründung fehlt", "the reason is missing");
    return 0;
}

/* Which events do not count: the last word has whoever took back last. */
static void mark_undone(const struct rh_process_event *events, size_t count, bool *undone)
{
    memset(undone, 0, count * sizeof(*undone));
    for (size_t i = count; i-- > 0;)
        if (events[i].kind == RH_PROCESS_UNDO && !undone[i])
            undone[events[i].count - 1] = true;
}

/* Forgets what the events made of the state; the events stay. */
static void forget(struct rh_process_state *s)
{
    struct rh_process_state bare = {
        .events = s->events,
        .undone = s->undone,
        .event_count = s->event_count,
        .event_room = s->event_room,
        .fired = s->fired,
        .fired_room = s->fired_room,
        .definitions = s->definitions,
        .definition_count = s->definition_count,
        .arena = s->arena,
    };

    *s = bare;
}

/* What an undo does where it stands among the events: reminders that would have left meanwhile, had
 * the event never been, do not leave all at once now. After a migration taken back, what left under
 * the other version does not leave again under this one. */
static void stand_by(struct rh_process_state *s, const struct rh_process_event *undo)
{
    bool migration = s->events[undo->count - 1].kind == RH_PROCESS_MIGRATE;

    for (size_t i = 0; s->begun && i < s->definition->step_count; i++)
        if (s->steps[i].mails_from < undo->at) {
            s->steps[i].mails_from = undo->at;
            s->steps[i].mails_strict = migration;
        }
    for (size_t i = 0; migration && i < s->fired_count; i++)
        s->fired[i].before_migration = true;
}

static int32_t build_again(struct rh_process_state *s, struct rh_err *err)
{
    forget(s);
    mark_undone(s->events, s->event_count, s->undone);
    for (size_t i = 0; i < s->event_count; i++) {
        struct rh_err why = {0};
        int32_t rc;

        if (s->undone[i])
            continue;
        if (s->events[i].kind == RH_PROCESS_UNDO) {
            stand_by(s, &s->events[i]);
            continue;
        }
        rc = process_apply_one(s, &s->events[i], (int32_t)i + 1, &why);
        if (rc == RH_ENOMEM)
            return rh_err_nomem(err);
        if (rc < 0) {
            if (err && err->code == 0)
                *err = why;
            return rh_err_wrap(err, "erst Ereignis %zu (%s) zurücknehmen, sonst",
                               "take back event %zu (%s) first, otherwise", i + 1,
                               rh_process_event_word(s->events[i].kind));
        }
    }
    return 0;
}

/* Building again needs no memory: what the events need, they have had before. */
void process_drop_last(struct rh_process_state *s)
{
    s->event_count--;
    (void)build_again(s, NULL);
}

static int32_t apply_undo(struct rh_process_state *s, const struct rh_process_event *e,
                          struct rh_err *err)
{
    int32_t rc = s->begun ? check_undo(s, e, err) : process_check_alive(s, e, err);
    int32_t refused;

    if (rc < 0 || (rc = keep(s, e, err)) < 0)
        return rc;
    s->event_count++;
    refused = build_again(s, err);
    if (refused == 0)
        return 0;
    process_drop_last(s);
    return refused == RH_ENOMEM ? RH_ENOMEM : RH_ECONFLICT;
}

int32_t rh_process_apply(struct rh_process_state *s, const struct rh_process_event *event,
                         struct rh_err *err)
{
    int32_t rc;

    if (event->kind == RH_PROCESS_UNDO) {
        rc = apply_undo(s, event, err);
        if (rc == RH_ECONFLICT && err && err->code != 0)
            err->code = rc;
        return rc;
    }
    rc = keep(s, event, err);
    if (rc == 0)
        rc = process_apply_one(s, &s->events[s->event_count], (int32_t)s->event_count + 1, err);
    if (rc == 0)
        s->event_count++;
    return rc;
}

/* --- a state as a whole --- */

int32_t rh_process_state_new(const struct rh_process_definition *const *definitions, size_t count,
                             struct rh_process_state **ret, struct rh_err *err)
{
    struct rh_process_state *s = rh_alloc(1, sizeof(*s));

    if (!s)
        return rh_err_nomem(err);
    rh_arena_init(&s->arena, MEMORY_MAX);
    s->definitions = definitions;
    s->definition_count = count;
    s->drawn.step = -1;
    *ret = s;
    return 0;
}

struct rh_process_state *rh_process_state_free(struct rh_process_state *s)
{
    if (s) {
        rh_free(s->events);
        rh_free(s->undone);
        rh_free(s->fired);
        rh_arena_fini(&s->arena);
    }
    return rh_free(s);
}

/* All events at once: those taken back are not tried in between. */
static int32_t fill(struct rh_process_state *s, const struct rh_process_event *events, size_t count,
                    struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct rh_process_event *undo = events[i].kind == RH_PROCESS_UNDO ? &events[i] : NULL;

        if (undo && (undo->count < 1 || (size_t)undo->count > i ||
                     events[undo->count - 1].kind == RH_PROCESS_BEGIN ||
                     rh_process_event_is_fact(events[undo->count - 1].kind)))
            return rh_err_set(err, RH_EINVALID,
                              "Ereignis %zu nimmt keines zurück, das zurückzunehmen wäre",
                              "event %zu takes back none that can be taken back", i + 1);
        rc = keep(s, &events[i], err);
        s->event_count += rc == 0;
    }
    return rc < 0 ? rc : build_again(s, err);
}

int32_t rh_process_state_copy(const struct rh_process_state *state, struct rh_process_state **ret,
                              struct rh_err *err)
{
    struct rh_process_state *copy;
    int32_t rc = rh_process_state_new(state->definitions, state->definition_count, &copy, err);

    if (rc < 0)
        return rc;
    rc = fill(copy, state->events, state->event_count, err);
    if (rc < 0) {
        rh_process_state_free(copy);
        return rc;
    }
    *ret = copy;
    return 0;
}

/* --- as JSON --- */

int32_t rh_process_state_write(const struct rh_process_state *s, struct rh_str *out,
                               struct rh_err *err)
{
    struct rh_json_out json;

    rh_json_out_init(&json, out);
    rh_json_object_begin(&json);
    rh_json_put_int(&json, "format", 1);
    rh_json_key(&json, "events");
    rh_json_array_begin(&json);
    for (size_t i = 0; i < s->event_count; i++)
        rh_process_event_write(&s->events[i], &json);
    rh_json_array_end(&json);
    rh_json_object_end(&json);
    return rh_json_finish(&json, err);
}

static int32_t read_events(const json_t *list, struct rh_process_state *s, struct rh_err *err)
{
    rh_auto_arena(arena, MEMORY_MAX);
    size_t count = json_array_size(list);
    struct rh_process_event *events;

    if (count > RH_PROCESS_EVENT_COUNT_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "mehr als %d Ereignisse hat kein Verfahren",
                          "no procedure has more than %d events", RH_PROCESS_EVENT_COUNT_MAX);
    events = rh_arena_array(&arena, count + 1, sizeof(*events));
    if (!events)
        return rh_err_nomem(err);
    for (size_t i = 0; i < count; i++)
        if (rh_process_event_read(json_array_get(list, i), &arena, &events[i], err) < 0)
            return rh_err_wrap(err, "Ereignis %zu", "event %zu", i + 1);
    return fill(s, events, count, err);
}

int32_t rh_process_state_read(const char *text, size_t length,
                              const struct rh_process_definition *const *definitions, size_t count,
                              struct rh_process_state **ret, struct rh_err *err)
{
    static const char *const fields[] = {"format", "events"};
    struct rh_process_state *s = NULL;
    rh_auto_json(json);
    json_t *list;
    int64_t format;
    int32_t rc = rh_json_parse(text, length, RH_PROCESS_STATE_JSON_MAX, &json, err);

    if (rc < 0 || (rc = rh_json_only(json, fields, 2, err)) < 0 ||
        (rc = rh_json_need_int(json, "format", 1, 1, &format, err)) < 0 ||
        (rc = rh_json_need_array(json, "events", &list, err)) < 0 ||
        (rc = rh_process_state_new(definitions, count, &s, err)) < 0)
        return rc;
    rc = read_events(list, s, err);
    if (rc < 0) {
        rh_process_state_free(s);
        return rc;
    }
    *ret = s;
    return 0;
}
