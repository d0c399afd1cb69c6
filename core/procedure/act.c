/* What people do with a procedure on its way: each is one event, and the answer says what follows.
 */
#include "core/procedure/internal.h"

#include "core/calendar/zone.h"
#include "core/operation/call.h"
#include "core/process/draw.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* ---- one event ---- */

static int32_t load_named(struct rh_call *call, struct run *run)
{
    const char *procedure;
    int32_t rc = run_find(call, rh_param_text(call, "procedure"), &procedure);

    return rc < 0 ? rc : run_load(call, procedure, run);
}

static int32_t put_done(struct rh_call *call, const struct run *run, const char *what)
{
    rh_out_text(call, "procedure", run->procedure);
    rh_out_text(call, "event", what);
    rh_out_int(call, "number", (int64_t)run->state->event_count);
    run_put_effects(call, run, "items");
    return 0;
}

static int32_t act(struct rh_call *call, struct rh_process_event *event)
{
    auto_run run = {0};
    int32_t rc = load_named(call, &run);

    if (rc < 0 || (rc = run_check_step(call, &run, event->step)) < 0 ||
        (rc = run_record(call, &run, event)) < 0)
        return rc;
    return put_done(call, &run, rh_process_event_word(event->kind));
}

static struct rh_process_event step_event(struct rh_call *call, enum rh_process_event_kind kind)
{
    struct rh_process_event event = RH_PROCESS_EVENT(kind, rh_now_utc(call));

    event.step = rh_param_text(call, "step");
    return event;
}

/* ---- steps ---- */

int32_t step_run(struct rh_call *call)
{
    struct rh_process_event event = step_event(call, RH_PROCESS_RUN);

    return act(call, &event);
}

int32_t step_wait(struct rh_call *call)
{
    struct rh_process_event event = step_event(call, RH_PROCESS_WAIT);

    event.day = (int32_t)rh_param_int(call, "until");
    event.reason = rh_param_text(call, "reason");
    return act(call, &event);
}

int32_t step_go_on(struct rh_call *call)
{
    struct rh_process_event event = step_event(call, RH_PROCESS_GO_ON);

    return act(call, &event);
}

int32_t step_done(struct rh_call *call)
{
    struct rh_process_event event = step_event(call, RH_PROCESS_DONE);

    event.day = rh_param_given(call, "on") ? (int32_t)rh_param_int(call, "on") : rh_today(call);
    return act(call, &event);
}

int32_t step_skip(struct rh_call *call)
{
    struct rh_process_event event = step_event(call, RH_PROCESS_SKIP);

    event.reason = rh_param_text(call, "reason");
    return act(call, &event);
}

int32_t step_reopen(struct rh_call *call)
{
    struct rh_process_event event = step_event(call, RH_PROCESS_REOPEN);

    event.reason = rh_param_text(call, "reason");
    return act(call, &event);
}

int32_t step_receipt(struct rh_call *call)
{
    struct rh_process_event event = step_event(call, RH_PROCESS_RECEIPT);

    event.item = rh_param_text(call, "item");
    event.flag = !rh_param_int(call, "missing");
    return act(call, &event);
}

/* One or two digits. */
static bool read_number(const char **p, int32_t *ret_number)
{
    const char *start = *p;

    *ret_number = 0;
    for (; **p >= '0' && **p <= '9' && *p - start < 2; (*p)++)
        *ret_number = *ret_number * 10 + (**p - '0');
    return *p > start;
}

/* "9:00" in minutes from midnight. */
static int32_t read_clock(struct rh_call *call, const char *param, int32_t *ret_minute)
{
    const char *text = rh_param_text(call, param);
    const char *p = text;
    int32_t hour, minute;

    *ret_minute = -1;
    if (!text)
        return 0;
    if (!read_number(&p, &hour) || *p++ != ':' || !read_number(&p, &minute) || *p || hour > 23 ||
        minute > 59)
        return rh_fail(call, RH_EINVALID, "--%s '%s' ist keine Uhrzeit wie 9:00",
                       "--%s '%s' is no time such as 9:00", param, text);
    *ret_minute = hour * 60 + minute;
    return 0;
}

int32_t step_date(struct rh_call *call)
{
    struct rh_process_event event = step_event(call, RH_PROCESS_DATE);
    int32_t rc = read_clock(call, "at", &event.minute);

    if (rc < 0 || (rc = read_clock(call, "until", &event.until)) < 0)
        return rc;
    event.day = (int32_t)rh_param_int(call, "on");
    return act(call, &event);
}

/* ---- deadlines ---- */

static int32_t deadline(struct rh_call *call, enum rh_process_event_kind kind, const char *number)
{
    struct rh_process_event event = step_event(call, kind);

    if (number)
        event.count = (int32_t)rh_param_int(call, number);
    if (kind == RH_PROCESS_SET)
        event.day = (int32_t)rh_param_int(call, "on");
    if (kind != RH_PROCESS_RESET)
        event.reason = rh_param_text(call, "reason");
    return act(call, &event);
}

int32_t deadline_set(struct rh_call *call)
{
    return deadline(call, RH_PROCESS_SET, NULL);
}

int32_t deadline_shift(struct rh_call *call)
{
    return deadline(call, RH_PROCESS_SHIFT, "workdays");
}

int32_t deadline_extend(struct rh_call *call)
{
    return deadline(call, RH_PROCESS_EXTEND, "workdays");
}

int32_t deadline_fire_now(struct rh_call *call)
{
    return deadline(call, RH_PROCESS_FIRE, NULL);
}

int32_t deadline_reset(struct rh_call *call)
{
    return deadline(call, RH_PROCESS_RESET, NULL);
}

/* ---- the procedure ---- */

static struct rh_process_event pause_event(struct rh_call *call)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_PAUSE, rh_now_utc(call));

    event.flag = strcmp(rh_param_text(call, "clock"), "stops") == 0;
    event.reason = rh_param_text(call, "reason");
    return event;
}

int32_t procedure_pause(struct rh_call *call)
{
    struct rh_process_event event = pause_event(call);

    event.step = rh_param_text(call, "step");
    return act(call, &event);
}

int32_t procedure_resume(struct rh_call *call)
{
    struct rh_process_event event = step_event(call, RH_PROCESS_RESUME);

    return act(call, &event);
}

int32_t procedure_answer(struct rh_call *call)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_ANSWER, rh_now_utc(call));

    event.item = rh_param_text(call, "question");
    event.flag = strcmp(rh_param_text(call, "answer"), "yes") == 0;
    return act(call, &event);
}

int32_t procedure_date(struct rh_call *call)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_DATE, rh_now_utc(call));

    event.item = rh_param_text(call, "date");
    event.day = (int32_t)rh_param_int(call, "on");
    return act(call, &event);
}

int32_t procedure_undo(struct rh_call *call)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_UNDO, rh_now_utc(call));

    event.count = (int32_t)rh_param_int(call, "number");
    event.reason = rh_param_text(call, "reason");
    return act(call, &event);
}

/* ---- all procedures ---- */

static int32_t act_on_all(struct rh_call *call, const struct rh_process_event *event)
{
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT procedure FROM v_run WHERE state IN ('planned','running','paused') "
                 "ORDER BY procedure",
                 "");

    rh_out_array(call, "items");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        auto_run run = {0};

        if (run_load(call, rh_get_text(call, rows, 0), &run) < 0 ||
            run_record(call, &run, event) < 0)
            return rh_wrap(call, "Verfahren '%s'", "procedure '%s'",
                           run.procedure ? run.procedure : "");
        rh_out_object(call, NULL);
        rh_out_text(call, "procedure", run.procedure);
        rh_out_text(call, "office_name", run.office_name);
        rh_out_end(call);
        count++;
    }
    rh_out_end(call);
    rh_out_int(call, "count", count);
    return rc < 0 ? rc : 0;
}

int32_t procedure_pause_all(struct rh_call *call)
{
    struct rh_process_event event = pause_event(call);
    int64_t changed = rh_exec(call,
                              "INSERT INTO procedure_national(id, clock_stops, reason, since_utc) "
                              "VALUES (1, ?1, ?2, ?3) ON CONFLICT(id) DO NOTHING",
                              "isi", (int64_t)event.flag, event.reason, rh_now_utc(call));

    if (changed < 0)
        return (int32_t)changed;
    if (changed == 0)
        return rh_fail(call, RH_ECONFLICT,
                       "es ruhen schon alle; 'procedure resume-all' hebt es auf",
                       "all are paused already; 'procedure resume-all' ends it");
    event.flag_national = true;
    if (rh_event(call, "procedure.all_paused", "all", NULL, NULL) < 0)
        return RH_EFAILED;
    return act_on_all(call, &event);
}

int32_t procedure_resume_all(struct rh_call *call)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_RESUME, rh_now_utc(call));
    int64_t changed = rh_exec(call, "DELETE FROM procedure_national", "");

    if (changed < 0)
        return (int32_t)changed;
    if (changed == 0)
        return rh_fail(call, RH_ECONFLICT, "es ruhen nicht alle", "not all are paused");
    event.flag_national = true;
    if (rh_event(call, "procedure.all_resumed", "all", NULL, NULL) < 0)
        return RH_EFAILED;
    return act_on_all(call, &event);
}

/* ---- one reminder ---- */

static int32_t set_stopped(struct rh_call *call, bool stopped)
{
    const char *key = rh_param_text(call, "key");
    int64_t changed =
        rh_exec(call,
                "UPDATE procedure_mail SET state = ?2, reason = ?3 WHERE key = ?1 AND "
                "state = ?4",
                "ssss", key, stopped ? "stopped" : "ahead",
                stopped ? rh_param_text(call, "reason") : NULL, stopped ? "ahead" : "stopped");

    if (changed < 0)
        return (int32_t)changed;
    if (changed == 0)
        return rh_fail(
            call, RH_ENOTFOUND,
            "eine Erinnerung '%s', die noch nicht fort ist, gibt es nicht; 'procedure ahead' "
            "zeigt sie",
            "there is no reminder '%s' that has not left; 'procedure ahead' shows them", key);
    changed = rh_event(call, stopped ? "reminder.stopped" : "reminder.unstopped", key, NULL, NULL);
    if (changed < 0)
        return (int32_t)changed;
    if (stopped)
        rh_say(call, "diese Erinnerung geht nicht hinaus", "this reminder does not leave");
    else
        rh_say(call, "diese Erinnerung geht hinaus", "this reminder leaves");
    return 0;
}

int32_t reminder_stop(struct rh_call *call)
{
    return set_stopped(call, true);
}

int32_t reminder_unstop(struct rh_call *call)
{
    return set_stopped(call, false);
}

/* ---- the case draw of section 8 (3) ---- */

static int32_t fresh_seed(struct rh_call *call, const char **ret_seed)
{
    unsigned char bytes[32];
    char *text = rh_alloc_in(call, sizeof(bytes) * 2 + 1);

    if (!text)
        return RH_ENOMEM;
    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return rh_fail(call, RH_EFAILED, "das System gibt keine Zufallszahlen",
                       "the system gives no random numbers");
    for (size_t i = 0; i < sizeof(bytes); i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    *ret_seed = text;
    return 0;
}

int32_t step_draw(struct rh_call *call)
{
    struct rh_process_event event = step_event(call, RH_PROCESS_DRAW);
    rh_auto_str(words, 4096);
    auto_run run = {0};
    int32_t rc = fresh_seed(call, &event.seed);

    event.count = (int32_t)rh_param_int(call, "listed");
    event.chosen = (int32_t)rh_param_int(call, "chosen");
    event.random = (int32_t)rh_param_int(call, "random");
    if (rc < 0 || (rc = load_named(call, &run)) < 0 ||
        (rc = run_check_step(call, &run, event.step)) < 0 ||
        (rc = run_record(call, &run, &event)) < 0)
        return rc;
    rh_process_draw_words(run.state, (enum rh_lang)call->lang, &words);
    if ((rc = rh_str_check(&words, rh_call_err(call))) < 0)
        return rc;
    rh_out_text(call, "seed", event.seed);
    rh_out_text(call, "positions", words.data);
    rh_say(call, "gezogen: %s", "drawn: %s", words.data);
    return put_done(call, &run, rh_process_event_word(event.kind));
}
