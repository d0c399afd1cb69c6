/* A run in hand: its events read, its state built; moved on, and written down with what follows
 * (what it means as rows: meaning.c). */
#include "core/procedure/internal.h"

#include "core/calendar/zone.h"
#include "core/operation/call.h"
#include "core/procedure/procedure.h"
#include "core/store/db.h"

#include <string.h>

#define EVENT_MAX ((size_t)16 * 1024)

int32_t run_find(struct rh_call *call, const char *named, const char **ret_procedure)
{
    return rh_resolve(call, "SELECT procedure, office, office_name FROM v_run",
                      RH_TEXT("laufendes oder geplantes Verfahren", "procedure on its way"), named,
                      ret_procedure);
}

void run_free(struct run *run)
{
    if (run->memory && run->stored && run->state)
        memory_put(run->memory, run->id, run->state);
    else
        rh_process_state_free(run->state);
    rh_process_effects_fini(&run->effects);
    run->state = NULL;
}

static int32_t apply_stored(struct rh_call *call, struct run *run, const char *text)
{
    rh_auto_arena(arena, EVENT_MAX * 4);
    struct rh_process_event event;
    struct rh_err *err = rh_call_err(call);
    json_t *object = NULL;
    int32_t rc = rh_json_parse(text, strlen(text), EVENT_MAX, &object, err);

    if (rc == 0)
        rc = rh_process_event_read(object, &arena, &event, err);
    if (rc == 0)
        rc = rh_process_apply(run->state, &event, err);
    json_decref(object);
    return rc;
}

static int32_t read_events(struct rh_call *call, struct run *run)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, "SELECT event FROM procedure_event WHERE run = ?1 ORDER BY number",
                 "i", run->id);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        if ((rc = apply_stored(call, run, rh_get_text(call, rows, 0))) < 0)
            return rh_wrap(call, "Verfahren '%s', Ereignis %zu", "procedure '%s', event %zu",
                           run->procedure, run->state->event_count + 1);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t read_run(struct rh_call *call, const char *procedure, struct run *run,
                        int64_t *ret_events)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT r.id, p.id, p.office, p.office_name, r.events, r.hash, r.start_day, "
                 "r.state, r.wake_utc, p.state FROM procedure_run r JOIN v_procedure p ON p.id = "
                 "r.procedure WHERE r.procedure = ?1 AND r.current = 1",
                 "s", procedure);

    if (rc < 0)
        return rc;
    if ((rc = rh_next(call, rows)) != 1)
        return rc < 0
                   ? rc
                   : rh_fail(call, RH_ENOTFOUND,
                             "das Verfahren '%s' läuft noch nicht; 'procedure begin %s' beginnt es",
                             "the procedure '%s' is not on its way; 'procedure begin %s' begins it",
                             procedure, procedure);
    run->id = rh_get_int(call, rows, 0);
    run->procedure = rh_get_text(call, rows, 1);
    run->office = rh_get_text(call, rows, 2);
    run->office_name = rh_get_text(call, rows, 3);
    *ret_events = rh_get_int(call, rows, 4);
    run->row = (struct run_row){
        .hash = rh_get_text(call, rows, 5),
        .start_day = rh_get_text(call, rows, 6),
        .state = rh_get_text(call, rows, 7),
        .wake = rh_is_null(call, rows, 8) ? RH_NO_INSTANT : rh_get_int(call, rows, 8),
        .events = *ret_events,
        .procedure_state = rh_get_text(call, rows, 9),
    };
    rh_close(call, rows);
    return 0;
}

/* The state that was kept, whose definitions are this run's now. */
static bool remember(struct rh_call *call, struct run *run, int64_t events)
{
    struct rh_house *house = rh_call_house(call);

    run->memory = rh_db_is_writer(rh_call_db(call)) ? house->procedures : NULL;
    run->state = memory_take(run->memory, run->id, events);
    if (!run->state)
        return false;
    run->state->definitions = run->definitions.at;
    run->state->definition_count = run->definitions.count;
    return true;
}

int32_t run_load(struct rh_call *call, const char *procedure, struct run *ret)
{
    int64_t events;
    int32_t rc = read_run(call, procedure, ret, &events);

    if (rc < 0 || (rc = definitions_of(call, NULL, &ret->definitions)) < 0 ||
        (rc = rh_calendar_open(call, ret->office, &ret->calendar)) < 0)
        return rc;
    if (!remember(call, ret, events) &&
        ((rc = rh_process_state_new(ret->definitions.at, ret->definitions.count, &ret->state,
                                    rh_call_err(call))) < 0 ||
         (rc = read_events(call, ret)) < 0))
        return rc;
    ret->stored = true;
    return 0;
}

/* ---- moving on ---- */

int32_t run_handle(struct rh_call *call, struct run *run, const struct rh_process_event *event)
{
    run->stored = false;
    return rh_process_handle(run->state, event, run->calendar, &run->effects, rh_call_err(call));
}

int32_t run_tick(struct rh_call *call, struct run *run)
{
    run->stored = false;
    return rh_process_tick(run->state, run->calendar, rh_now_utc(call), &run->effects,
                           rh_call_err(call));
}

/* ---- writing down ---- */

static int32_t store_event(struct rh_call *call, const struct run *run, size_t index)
{
    rh_auto_str(text, EVENT_MAX);
    struct rh_json_out json;
    const struct rh_process_event *event = &run->state->events[index];
    const char *actor = rh_process_event_is_fact(event->kind) ? "clock" : rh_actor(call);
    int32_t rc;
    int64_t changed;

    rh_json_out_init(&json, &text);
    rh_process_event_write(event, &json);
    if ((rc = rh_json_finish(&json, rh_call_err(call))) < 0)
        return rc;
    changed = rh_exec(call,
                      "INSERT INTO procedure_event(run, number, at_utc, kind, actor, event) VALUES "
                      "(?1, ?2, ?3, ?4, ?5, ?6)",
                      "iiisss", run->id, (int64_t)index + 1, event->at,
                      rh_process_event_word(event->kind), actor, text.data);
    return changed < 0 ? (int32_t)changed : 0;
}

/* ---- telling the others ---- */

static int32_t tell(struct rh_call *call, const struct run *run, const char *topic,
                    const struct rh_process_effect *effect, const char *key)
{
    rh_auto_str(text, EVENT_MAX);
    struct rh_json_out json;
    int32_t rc;
    int64_t seq;

    rh_json_out_init(&json, &text);
    rh_json_object_begin(&json);
    rh_json_put_text(&json, "office", run->office);
    rh_json_put_text(&json, "step", effect->step);
    if (effect->kind == RH_PROCESS_ENTERED) {
        rh_json_put_text(&json, "was", rh_process_state_word(effect->was));
        rh_json_put_text(&json, "is", rh_process_state_word(effect->is));
    }
    if (effect->day != RH_NO_DAY)
        rh_json_put_text(&json, "day", rh_day_text(call, effect->day));
    if (effect->at != RH_NO_INSTANT)
        rh_json_put_int(&json, "at", effect->at);
    if (key) {
        rh_json_put_text(&json, "key", key);
        rh_json_put_text(&json, "rule", effect->rule);
        rh_json_put_text(&json, "template", effect->template);
        rh_json_put_text(&json, "role", rh_process_role_word(effect->role));
        rh_json_put_text(&json, "copy",
                         effect->copy == RH_PROCESS_NOBODY ? NULL
                                                           : rh_process_role_word(effect->copy));
        rh_json_put_bool(&json, "urgent", effect->urgent);
    }
    rh_json_object_end(&json);
    if ((rc = rh_json_finish(&json, rh_call_err(call))) < 0)
        return rc;
    seq = rh_event(call, topic, run->procedure, NULL, text.data);
    return seq < 0 ? (int32_t)seq : 0;
}

/* A reminder leaves, unless a person stopped it. */
static int32_t send_mail(struct rh_call *call, const struct run *run,
                         const struct rh_process_effect *effect)
{
    char key[RH_PROCESS_KEY_SIZE];
    struct rh_rows *rows;
    bool stopped;
    int32_t rc;
    int64_t changed;

    rh_process_mail_key(run->state, effect->step, effect->rule, effect->day, key);
    if ((rc = rh_query(call, &rows,
                       "SELECT 1 FROM procedure_mail WHERE key = ?1 AND state = 'stopped'", "s",
                       key)) < 0)
        return rc;
    stopped = rh_next(call, rows) == 1;
    rh_close(call, rows);
    if (stopped)
        return tell(call, run, "procedure.reminder_stopped", effect, key);
    changed = rh_exec(
        call,
        "INSERT INTO procedure_mail(key, run, step, rule, role, template, day, at_utc, "
        "known_utc, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'gone') ON "
        "CONFLICT(key) DO UPDATE SET state = 'gone', at_utc = excluded.at_utc",
        "sisssssii", key, run->id, effect->step, effect->rule, rh_process_role_word(effect->role),
        effect->template, run_day_text(call, effect->day), effect->at, rh_now_utc(call));
    return changed < 0 ? (int32_t)changed : tell(call, run, "procedure.reminder", effect, key);
}

static int32_t tell_effect(struct rh_call *call, const struct run *run,
                           const struct rh_process_effect *effect)
{
    char key[RH_PROCESS_KEY_SIZE];

    switch (effect->kind) {
    case RH_PROCESS_ENTERED:
        return tell(call, run, "procedure.step", effect, NULL);
    case RH_PROCESS_DUE_PASSED:
        return tell(call, run, "procedure.deadline", effect, NULL);
    case RH_PROCESS_MAIL_OUT:
        return send_mail(call, run, effect);
    case RH_PROCESS_MAIL_LOST:
        rh_process_mail_key(run->state, effect->step, effect->rule, effect->day, key);
        return tell(call, run, "procedure.reminder_void", effect, key);
    case RH_PROCESS_FINISHED:
        return tell(call, run, "procedure.finished", effect, NULL);
    case RH_PROCESS_DUE_SET: /* what will be is in the tables; it is no news before it is */
    case RH_PROCESS_DUE_GONE:
    case RH_PROCESS_MAIL_SET:
    case RH_PROCESS_MAIL_GONE:
    case RH_PROCESS_EFFECT_END_:
        break;
    }
    return 0;
}

int32_t run_store(struct rh_call *call, struct run *run, size_t from)
{
    int32_t rc = 0;

    for (size_t i = from; i < run->state->event_count && rc == 0; i++)
        rc = store_event(call, run, i);
    if (rc < 0 || (rc = run_store_meaning(call, run, from)) < 0)
        return rc;
    for (size_t i = 0; i < run->effects.count && rc == 0; i++)
        rc = tell_effect(call, run, &run->effects.list[i]);
    run->stored = rc == 0;
    return rc;
}

int32_t run_record(struct rh_call *call, struct run *run, const struct rh_process_event *event)
{
    size_t from = run->state->event_count;
    int32_t rc = run_handle(call, run, event);

    return rc < 0 ? rc : run_store(call, run, from);
}

/* ---- what follows, for the answer ---- */

static const char *effect_words(struct rh_call *call, const struct rh_process_effect *effect)
{
    enum rh_lang lang = (enum rh_lang)call->lang;
    char day[RH_DATE_TEXT_SIZE], old[RH_DATE_TEXT_SIZE];
    struct rh_text role = rh_process_role_title(effect->role);

    rh_day_short(effect->day, lang, day);
    rh_day_short(effect->old_day, lang, old);
    switch (effect->kind) {
    case RH_PROCESS_ENTERED:
        return rh_format(call, "%s → %s", "%s → %s",
                         rh_say_in(call, rh_process_state_title(effect->was)),
                         rh_say_in(call, rh_process_state_title(effect->is)));
    case RH_PROCESS_DUE_SET:
        return *old ? rh_format(call, "Frist %s statt %s", "deadline %s instead of %s", day, old)
                    : rh_format(call, "Frist %s", "deadline %s", day);
    case RH_PROCESS_DUE_GONE:
        return rh_format(call, "keine Frist mehr (war %s)", "no deadline any more (was %s)", old);
    case RH_PROCESS_DUE_PASSED:
        return rh_format(call, "Frist %s verstrichen", "deadline %s passed", day);
    case RH_PROCESS_MAIL_SET:
        return rh_format(call, "Erinnerung an %s", "reminder to %s", rh_say_in(call, role));
    case RH_PROCESS_MAIL_GONE:
        return rh_format(call, "keine Erinnerung an %s mehr", "no reminder to %s any more",
                         rh_say_in(call, role));
    case RH_PROCESS_MAIL_OUT:
        return rh_format(call, "Erinnerung an %s geht hinaus", "reminder to %s leaves",
                         rh_say_in(call, role));
    case RH_PROCESS_MAIL_LOST:
        return rh_format(call,
                         "Erinnerung an %s ging schon hinaus und stimmt nicht mehr; sie lässt sich "
                         "nicht zurückholen",
                         "reminder to %s has left and is not true any more; it cannot be recalled",
                         rh_say_in(call, role));
    case RH_PROCESS_FINISHED:
        return rh_format(call, "Verfahren abgeschlossen", "procedure finished");
    case RH_PROCESS_EFFECT_END_:
        break;
    }
    return "";
}

void run_put_effect(struct rh_call *call, const struct rh_process_effect *effect)
{
    int64_t at = effect->at != RH_NO_INSTANT ? effect->at : effect->old_at;
    int32_t day = effect->day != RH_NO_DAY ? effect->day : effect->old_day;

    /* a reminder's day is the one on which it leaves; a deadline passes when its day is over */
    if (effect->rule && at != RH_NO_INSTANT)
        day = rh_berlin_day(at, NULL);
    rh_out_text(call, "kind", rh_process_effect_word(effect->kind));
    rh_out_text(call, "step", effect->step);
    rh_out_text(call, "day", run_day_text(call, day));
    rh_out_text(call, "what", effect_words(call, effect));
}

void run_put_effects(struct rh_call *call, const struct run *run, const char *key)
{
    rh_out_array(call, key);
    for (size_t i = 0; i < run->effects.count; i++) {
        rh_out_object(call, NULL);
        run_put_effect(call, &run->effects.list[i]);
        rh_out_end(call);
    }
    rh_out_end(call);
}

int32_t run_check_step(struct rh_call *call, const struct run *run, const char *step)
{
    const struct rh_process_definition *definition = run->state->definition;
    rh_auto_str(known, 4096);

    if (!step || rh_process_step_find(definition, step) >= 0)
        return 0;
    for (size_t i = 0; i < definition->step_count; i++)
        rh_str_printf(&known, "%s%s", i ? ", " : "", definition->steps[i].name);
    return rh_fail(call, RH_ENOTFOUND, "einen Schritt '%s' gibt es in '%s' nicht; es gibt: %s",
                   "there is no step '%s' in '%s'; there are: %s", step, definition->name,
                   known.data);
}
