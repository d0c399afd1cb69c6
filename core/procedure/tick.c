/*
 * What time does: the facts that came due, of all procedures together, and the brake.
 *
 * One job looks at all runs that are due. So it sees how many mails would leave at once, and what
 * is overdue, before any of it is stored: a wrong import, a clock that jumped or a server that was
 * down for long is stopped here, with nothing done that would have to be taken back.
 */
#include "core/procedure/internal.h"

#include "core/base/alloc.h"
#include "core/calendar/zone.h"
#include "core/operation/call.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE  400 /* runs a tick; the rest is the next tick's */
#define DAY_S    INT64_C(86400)
#define WINDOW_S INT64_C(3600)

struct surprises {
    int64_t mails;      /* that would leave */
    int64_t unforeseen; /* of these: that no forecast had shown for a day */
    int64_t overdue;    /* things due for more than a day */
};

/* ---- waking ---- */

/* A tick that is queued for then or before looks at all runs and arms the next one. One that is
 * done does not: a clock that was wrong may have used it up. (+kind: by time, for there are more
 * ticks that are done than jobs ahead.) */
static int32_t arm(struct rh_call *call, int64_t wake_utc)
{
    struct rh_rows *rows;
    int64_t last;
    int32_t rc = rh_query(call, &rows,
                          "SELECT (SELECT ifnull(max(id), 0) FROM v_job), EXISTS (SELECT 1 FROM "
                          "v_job WHERE +kind = 'procedure.tick' AND state = 'queued' AND "
                          "run_at_utc <= ?1)",
                          "i", wake_utc);

    if (rc < 0 || (rc = rh_next(call, rows)) != 1)
        return rc;
    last = rh_get_int(call, rows, 0);
    rc = (int32_t)rh_get_int(call, rows, 1);
    rh_close(call, rows);
    if (rc == 1)
        return 0;
    return rh_job_add(
        call, "procedure.tick",
        rh_format(call, "%lld/%lld", "%lld/%lld", (long long)wake_utc, (long long)last), NULL,
        wake_utc);
}

int32_t tick_arm(struct rh_call *call, int64_t wake_utc)
{
    return arm(call, wake_utc);
}

static int32_t arm_next(struct rh_call *call)
{
    struct rh_rows *rows;
    int64_t wake;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT min(wake_utc) FROM procedure_run WHERE current = 1 AND wake_utc IS NOT NULL", "");

    if (rc < 0 || (rc = rh_next(call, rows)) != 1 || rh_is_null(call, rows, 0))
        return rc < 0 ? rc : 0;
    wake = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return arm(call, wake);
}

/* ---- surprises ---- */

static int32_t was_shown(struct rh_call *call, const char *key, int64_t at)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT 1 FROM procedure_mail WHERE key = ?1 AND (known_utc <= ?2 OR state = 'stopped')",
        "si", key, at - FORECAST_S);

    if (rc < 0)
        return rc;
    rc = rh_next(call, rows);
    rh_close(call, rows);
    return rc;
}

static int32_t count_surprises(struct rh_call *call, const struct run *run, struct surprises *sum)
{
    int64_t now = rh_now_utc(call);

    for (size_t i = 0; i < run->effects.count; i++) {
        const struct rh_process_effect *effect = &run->effects.list[i];
        bool is_mail = effect->kind == RH_PROCESS_MAIL_OUT;
        char key[RH_PROCESS_KEY_SIZE];
        int32_t rc;

        if (!is_mail && effect->kind != RH_PROCESS_DUE_PASSED)
            continue;
        sum->overdue += effect->at < now - DAY_S;
        if (!is_mail)
            continue;
        rh_process_mail_key(run->state, effect->step, effect->rule, effect->day, key);
        if ((rc = was_shown(call, key, effect->at)) < 0)
            return rc;
        sum->mails++;
        sum->unforeseen += rc == 0;
    }
    return 0;
}

/* Those of the last hour count along: a flood may come in small waves. */
static int32_t count_recent(struct rh_call *call, int64_t *ret_count)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT count(*) FROM procedure_mail WHERE state = 'gone' AND at_utc > ?1 "
                 "AND at_utc <= ?2 AND known_utc > at_utc - 86400 AND at_utc > ifnull("
                 "(SELECT max(released_utc) FROM procedure_brake), 0)",
                 "ii", rh_now_utc(call) - WINDOW_S, rh_now_utc(call));

    if (rc < 0)
        return rc;
    *ret_count = rh_next(call, rows) == 1 ? rh_get_int(call, rows, 0) : 0;
    rh_close(call, rows);
    return 0;
}

/* ---- the brake ---- */

int32_t brake_is_on(struct rh_call *call)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, "SELECT 1 FROM procedure_brake WHERE released_utc IS NULL", "");

    if (rc < 0)
        return rc;
    rc = rh_next(call, rows);
    rh_close(call, rows);
    return rc;
}

static int32_t pull_brake(struct rh_call *call, const struct surprises *sum)
{
    const char *after =
        rh_format(call, "{\"mails\":%lld,\"unforeseen\":%lld,\"overdue\":%lld}",
                  "{\"mails\":%lld,\"unforeseen\":%lld,\"overdue\":%lld}", (long long)sum->mails,
                  (long long)sum->unforeseen, (long long)sum->overdue);
    int64_t changed = rh_exec(call,
                              "INSERT INTO procedure_brake(since_utc, mails, unforeseen, overdue) "
                              "VALUES (?1, ?2, ?3, ?4)",
                              "iiii", rh_now_utc(call), sum->mails, sum->unforeseen, sum->overdue);

    if (changed < 0)
        return (int32_t)changed;
    memory_changed(rh_call_house(call)->procedures);
    changed = rh_event(call, "procedure.brake", "on", NULL, after);
    return changed < 0 ? (int32_t)changed : 0;
}

/* 1 when so much must not happen by itself. */
static int32_t is_storm(struct rh_call *call, const struct surprises *sum)
{
    int64_t recent = 0;
    int32_t rc;

    if (sum->overdue > 0)
        return 1;
    if (sum->unforeseen == 0)
        return 0;
    if ((rc = count_recent(call, &recent)) < 0)
        return rc;
    return sum->unforeseen + recent > rh_config_int(call, "brake_mails");
}

/* ---- the tick ---- */

struct tick {
    struct run *runs; /* on the heap: each carries a state */
    size_t count, room;
    struct surprises sum;
};

static void tick_free(struct tick *tick)
{
    for (size_t i = 0; i < tick->count; i++)
        run_free(&tick->runs[i]);
    rh_free(tick->runs);
}
#define auto_tick __attribute__((cleanup(tick_free))) struct tick

/* The place of one more, zeroed; NULL without memory. */
static struct run *add_run(struct tick *tick)
{
    if (tick->count == tick->room) {
        size_t room = tick->room ? 2 * tick->room : 4;
        struct run *more = rh_realloc(tick->runs, room * sizeof(*more));

        if (!more)
            return NULL;
        tick->runs = more;
        tick->room = room;
    }
    tick->runs[tick->count] = (struct run){.together = true};
    return &tick->runs[tick->count++];
}

static int32_t load_due(struct rh_call *call, struct tick *tick)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT procedure FROM procedure_run WHERE current = 1 AND wake_utc <= ?1 ORDER BY "
        "wake_utc, procedure LIMIT ?2",
        "ii", rh_now_utc(call), (int64_t)AT_ONCE);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct run *run = add_run(tick);

        if (!run)
            return rh_fail(call, RH_ENOMEM, "kein Speicher", "out of memory");
        if ((rc = run_load(call, rh_get_text(call, rows, 0), run)) < 0)
            return rc;
        if (run_tick(call, run) < 0 || count_surprises(call, run, &tick->sum) < 0)
            return rh_wrap(call, "Verfahren '%s'", "procedure '%s'", run->procedure);
    }
    return rc < 0 ? rc : 0;
}

static int32_t store_all(struct rh_call *call, struct tick *tick)
{
    for (size_t i = 0; i < tick->count; i++) {
        int32_t rc = run_store(call, &tick->runs[i], tick->runs[i].effects.first_event);

        if (rc < 0)
            return rh_wrap(call, "Verfahren '%s'", "procedure '%s'", tick->runs[i].procedure);
    }
    return 0;
}

int32_t tick_job(struct rh_call *call, const char *key, const char *payload)
{
    auto_tick tick = {0};
    int32_t rc = brake_is_on(call);

    (void)key;
    (void)payload;
    if (rc != 0) /* releasing goes on from here */
        return rc < 0 ? rc : 0;
    if ((rc = load_due(call, &tick)) < 0)
        return rc;
    if (tick.count > 0 && (rc = is_storm(call, &tick.sum)) != 0)
        return rc < 0 ? rc : pull_brake(call, &tick.sum);
    rc = store_all(call, &tick);
    return rc < 0 ? rc : arm_next(call);
}

/* ---- every fourth Monday: what the coming weeks bring is known ---- */

static int32_t arm_week(struct rh_call *call)
{
    int32_t today = rh_today(call), monday = today + 8 - rh_day_weekday(today);

    monday += (4 - (monday - 4) / 7 % 4) % 4 * 7; /* day 4 was a Monday: the same ones for ever */
    return rh_job_add(call, "procedure.week", rh_day_text(call, monday), NULL,
                      rh_berlin_instant(monday, 5 * 3600));
}

int32_t week_job(struct rh_call *call, const char *key, const char *payload)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT procedure FROM procedure_run WHERE current = 1 AND state IN "
                          "('planned','running','paused') ORDER BY procedure",
                          "");

    (void)key;
    (void)payload;
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        auto_run run = {0};

        if (run_load(call, rh_get_text(call, rows, 0), &run) < 0 ||
            run_store(call, &run, run.state->event_count) < 0)
            return rh_wrap(call, "Verfahren '%s'", "procedure '%s'",
                           run.procedure ? run.procedure : "");
    }
    if (rc < 0 || (rc = begin_planned(call)) < 0)
        return rc;
    return arm_week(call);
}

int32_t tick_start(struct rh_call *call)
{
    return arm_week(call);
}

/* ---- by hand ---- */

int32_t brake_show(struct rh_call *call)
{
    auto_tick tick = {0};
    int32_t on = brake_is_on(call), rc;

    if (on < 0 || (rc = load_due(call, &tick)) < 0)
        return on < 0 ? on : rc;
    rh_out_flag(call, "on", on);
    rh_out_int(call, "mails", on ? tick.sum.mails : 0);
    rh_out_int(call, "unforeseen", on ? tick.sum.unforeseen : 0);
    rh_out_int(call, "overdue", on ? tick.sum.overdue : 0);
    rh_out_array(call, "items");
    for (size_t i = 0; on && i < tick.count; i++)
        for (size_t e = 0; e < tick.runs[i].effects.count; e++) {
            const struct rh_process_effect *effect = &tick.runs[i].effects.list[e];

            if (effect->kind != RH_PROCESS_MAIL_OUT && effect->kind != RH_PROCESS_DUE_PASSED)
                continue;
            rh_out_object(call, NULL);
            rh_out_text(call, "procedure", tick.runs[i].procedure);
            rh_out_text(call, "office_name", tick.runs[i].office_name);
            rh_out_text(call, "kind", effect->kind == RH_PROCESS_MAIL_OUT ? "mail" : "deadline");
            rh_out_text(call, "step", effect->step);
            rh_out_text(call, "day", rh_day_text(call, rh_berlin_day(effect->at, NULL)));
            rh_out_end(call);
        }
    rh_out_end(call);
    if (!on)
        rh_say(call, "die Bremse ist nicht gezogen", "the brake is not on");
    return 0;
}

static int32_t let_go(struct rh_call *call, const struct tick *tick, const char *how)
{
    int64_t changed =
        rh_exec(call,
                "UPDATE procedure_brake SET released_utc = ?1, released_by = ?2, how = "
                "?3 WHERE released_utc IS NULL",
                "iss", rh_now_utc(call), rh_actor(call), how);

    if (changed < 0)
        return (int32_t)changed;
    changed =
        rh_event(call, "procedure.brake", "off", NULL,
                 rh_format(call, "{\"how\":\"%s\",\"mails\":%lld}",
                           "{\"how\":\"%s\",\"mails\":%lld}", how, (long long)tick->sum.mails));
    return changed < 0 ? (int32_t)changed : 0;
}

/* Loads what is held; the person must have seen how much it is. */
static int32_t take_held(struct rh_call *call, struct tick *tick)
{
    int32_t rc = brake_is_on(call);

    if (rc == 0)
        return rh_fail(call, RH_ECONFLICT, "die Bremse ist nicht gezogen", "the brake is not on");
    if (rc < 0 || (rc = load_due(call, tick)) < 0)
        return rc;
    if (tick->sum.mails != rh_param_int(call, "mails"))
        return rh_fail(call, RH_ECONFLICT,
                       "inzwischen sind es %lld Mails, nicht %lld; 'brake show' zeigt sie",
                       "it is %lld mails by now, not %lld; 'brake show' shows them",
                       (long long)tick->sum.mails, (long long)rh_param_int(call, "mails"));
    return 0;
}

static int32_t release(struct rh_call *call, struct tick *tick)
{
    int32_t rc = let_go(call, tick, "released");

    if (rc < 0 || (rc = store_all(call, tick)) < 0)
        return rc;
    return arm_next(call);
}

int32_t brake_release(struct rh_call *call)
{
    auto_tick tick = {0};
    int32_t rc = take_held(call, &tick);

    if (rc < 0)
        return rc;
    rh_say(call, "freigegeben: %lld Mails gehen hinaus", "released: %lld mails leave",
           (long long)tick.sum.mails);
    return release(call, &tick);
}

int32_t brake_let_all_go(struct rh_call *call)
{
    auto_tick tick = {0};
    int32_t rc = load_due(call, &tick);

    return rc < 0 ? rc : release(call, &tick);
}

static int32_t stop_mails(struct rh_call *call, const struct run *run)
{
    for (size_t i = 0; i < run->effects.count; i++) {
        const struct rh_process_effect *effect = &run->effects.list[i];
        char key[RH_PROCESS_KEY_SIZE];
        int64_t changed;

        if (effect->kind != RH_PROCESS_MAIL_OUT)
            continue;
        rh_process_mail_key(run->state, effect->step, effect->rule, effect->day, key);
        changed =
            rh_exec(call,
                    "INSERT INTO procedure_mail(key, run, step, rule, role, template, day, "
                    "at_utc, known_utc, state, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
                    "?9, 'stopped', ?10) ON CONFLICT(key) DO UPDATE SET state = 'stopped', "
                    "reason = excluded.reason",
                    "sisssssiis", key, run->id, effect->step, effect->rule,
                    rh_process_role_word(effect->role), effect->template,
                    effect->day == RH_NO_DAY ? NULL : rh_day_text(call, effect->day), effect->at,
                    rh_now_utc(call), rh_param_text(call, "reason"));
        if (changed < 0)
            return (int32_t)changed;
    }
    return 0;
}

int32_t brake_drop(struct rh_call *call)
{
    auto_tick tick = {0};
    int32_t rc = take_held(call, &tick);

    for (size_t i = 0; i < tick.count && rc >= 0; i++)
        rc = stop_mails(call, &tick.runs[i]);
    if (rc < 0 || (rc = let_go(call, &tick, "dropped")) < 0 || (rc = store_all(call, &tick)) < 0)
        return rc;
    rh_say(call, "%lld Mails verworfen; die Fristen stehen als verstrichen da",
           "%lld mails dropped; the deadlines stand as passed", (long long)tick.sum.mails);
    return arm_next(call);
}
