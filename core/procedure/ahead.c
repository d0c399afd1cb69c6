/*
 * The next days: what leaves and what falls due if nobody does anything, in the order of time. The
 * first of a day carries the day's name and numbers, for pages that show them by days. Beside the
 * reminders of procedures it has the mails of other modules that wait for their day, because staff
 * asks what leaves, not which module wrote it.
 */
#include "core/procedure/internal.h"

#include "core/calendar/zone.h"
#include "core/operation/call.h"

#include <stdlib.h>

static int32_t is_stopped(struct rh_call *call, const char *key)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows, "SELECT 1 FROM procedure_mail WHERE key = ?1 AND state = 'stopped'", "s", key);

    if (rc < 0)
        return rc;
    rc = rh_next(call, rows);
    rh_close(call, rows);
    return rc;
}

static const struct rh_process_step *step_of(const struct run *run, const char *name)
{
    int32_t index = rh_process_step_find(run->state->definition, name);

    return index < 0 ? NULL : &run->state->definition->steps[index];
}

struct coming {
    int64_t at;
    const struct run *run; /* NULL: a mail that waits */
    size_t index;          /* of its effect, or of the mail */
};

struct waiting {
    int64_t id, at;
    const char *subject, *to, *about;
    bool held;
};

#define RUNS_MAX    1000
#define COMING_MAX  20000
#define WAITING_MAX 5000

struct ahead {
    struct run *runs;
    size_t run_count;
    struct waiting *mails;
    size_t mail_count;
    struct coming *list;
    size_t count;
};

static void ahead_free(struct ahead *ahead)
{
    for (size_t i = 0; i < ahead->run_count; i++)
        run_free(&ahead->runs[i]);
}
#define auto_ahead __attribute__((cleanup(ahead_free))) struct ahead

/* ---- gathering ---- */

static int by_time(const void *left, const void *right)
{
    const struct coming *a = left, *b = right;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->run != b->run) /* all in one array; mails that wait come first */
        return (uintptr_t)a->run < (uintptr_t)b->run ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static void add_coming(struct ahead *ahead, int64_t at, const struct run *run, size_t index)
{
    if (ahead->count < COMING_MAX)
        ahead->list[ahead->count++] = (struct coming){at, run, index};
}

static int32_t gather_runs(struct rh_call *call, int64_t from, int64_t to, struct ahead *ahead)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT procedure FROM v_run WHERE state IN ('planned','running','paused') "
                 "ORDER BY procedure LIMIT ?1",
                 "i", (int64_t)RUNS_MAX);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct run *run = &ahead->runs[ahead->run_count++];

        if ((rc = run_load(call, rh_get_text(call, rows, 0), run)) < 0 ||
            (rc = rh_process_forecast(run->state, run->calendar, from, to, &run->effects,
                                      rh_call_err(call))) < 0)
            return rc;
        for (size_t i = 0; i < run->effects.count; i++)
            add_coming(ahead, run->effects.list[i].at, run, i);
    }
    rh_close(call, rows);
    return rc;
}

static int32_t gather_mails(struct rh_call *call, int64_t from, int64_t to, struct ahead *ahead)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT id, not_before_utc, subject, ifnull(recipient_name, recipient), about, "
                 "state = 'held' FROM v_mail WHERE state IN ('queued','held') AND not_before_utc "
                 "BETWEEN ?1 AND ?2 ORDER BY not_before_utc, id LIMIT ?3",
                 "iii", from, to - 1, (int64_t)WAITING_MAX);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct waiting *mail = &ahead->mails[ahead->mail_count];

        *mail = (struct waiting){.id = rh_get_int(call, rows, 0),
                                 .at = rh_get_int(call, rows, 1),
                                 .subject = rh_get_text(call, rows, 2),
                                 .to = rh_get_text(call, rows, 3),
                                 .about = rh_get_text(call, rows, 4),
                                 .held = rh_get_int(call, rows, 5) != 0};
        add_coming(ahead, mail->at, NULL, ahead->mail_count++);
    }
    rh_close(call, rows);
    return rc;
}

static int32_t gather(struct rh_call *call, int64_t from, int64_t to, struct ahead *ahead)
{
    int32_t rc;

    ahead->runs = rh_alloc_in(call, RUNS_MAX * sizeof(*ahead->runs));
    ahead->mails = rh_alloc_in(call, WAITING_MAX * sizeof(*ahead->mails));
    ahead->list = rh_alloc_in(call, COMING_MAX * sizeof(*ahead->list));
    if (!ahead->runs || !ahead->mails || !ahead->list)
        return RH_ENOMEM;
    if ((rc = gather_runs(call, from, to, ahead)) < 0 ||
        (rc = gather_mails(call, from, to, ahead)) < 0)
        return rc;
    qsort(ahead->list, ahead->count, sizeof(*ahead->list), by_time);
    return 0;
}

static bool is_mail(const struct coming *coming)
{
    return !coming->run || coming->run->effects.list[coming->index].kind == RH_PROCESS_MAIL_OUT;
}

/* ---- showing ---- */

struct day {
    const char *name; /* "Dienstag, 1. Dezember 2026"; NULL but for the first of a day */
    int64_t mails, deadlines;
};

/* A deadline that passes at midnight belongs to the day that ends then. */
static int32_t day_of(const struct coming *coming)
{
    return rh_berlin_day(is_mail(coming) ? coming->at : coming->at - 1, NULL);
}

static const char *time_of(struct rh_call *call, const struct coming *coming)
{
    int32_t second = 0;

    if (rh_berlin_day(coming->at, &second) != day_of(coming))
        return "24:00";
    return rh_format(call, "%02d:%02d", "%02d:%02d", (int)(second / 3600), (int)(second / 60 % 60));
}

/* What stands above the i-th of the list. */
static struct day heading(struct rh_call *call, const struct ahead *ahead, size_t i)
{
    int32_t number = day_of(&ahead->list[i]);
    char words[RH_DATE_TEXT_SIZE];
    struct day day = {0};

    if (i > 0 && day_of(&ahead->list[i - 1]) == number)
        return day;
    rh_day_long(number, look_lang(call), words);
    day.name = rh_format(call, "%s, %s", "%s, %s",
                         rh_weekday_name(rh_day_weekday(number), look_lang(call)), words);
    for (; i < ahead->count && day_of(&ahead->list[i]) == number; i++) {
        day.mails += is_mail(&ahead->list[i]);
        day.deadlines += !is_mail(&ahead->list[i]);
    }
    return day;
}

static void put_heading(struct rh_call *call, const struct coming *coming, const struct day *day)
{
    rh_out_text(call, "at", look_instant(call, coming->at));
    rh_out_text(call, "time", time_of(call, coming));
    rh_out_text(call, "heading", day->name);
    rh_out_int(call, "day_mails", day->mails);
    rh_out_int(call, "day_deadlines", day->deadlines);
    rh_out_text(call, "kind", is_mail(coming) ? "mail" : "deadline");
    rh_out_flag(call, "is_mail", is_mail(coming));
}

static int32_t put_effect(struct rh_call *call, const struct run *run,
                          const struct rh_process_effect *effect)
{
    const struct rh_process_step *step = step_of(run, effect->step);
    bool mails = effect->kind == RH_PROCESS_MAIL_OUT;
    char key[RH_PROCESS_KEY_SIZE];
    int32_t stopped = 0;

    if (mails) {
        rh_process_mail_key(run->state, effect->step, effect->rule, effect->day, key);
        if ((stopped = is_stopped(call, key)) < 0)
            return stopped;
    }
    rh_out_text(call, "procedure", run->procedure);
    rh_out_text(call, "office", run->office);
    rh_out_text(call, "office_name", run->office_name);
    rh_out_text(call, "step", effect->step);
    rh_out_text(call, "title", step ? rh_say_in(call, step->title) : effect->step);
    rh_out_text(call, "day", look_day(call, effect->day));
    rh_out_text(call, "to",
                mails  ? rh_say_in(call, rh_process_role_title(effect->role))
                : step ? rh_say_in(call, rh_process_role_title(step->who))
                       : NULL);
    rh_out_text(call, "template", mails ? effect->template : NULL);
    rh_out_text(call, "key", mails ? key : NULL);
    rh_out_text(call, "mail", NULL);
    rh_out_flag(call, "expected", effect->expected);
    rh_out_flag(call, "stopped", stopped);
    return 0;
}

static void put_waiting(struct rh_call *call, const struct waiting *mail)
{
    rh_out_text(call, "procedure", mail->about);
    rh_out_text(call, "office", NULL);
    rh_out_text(call, "office_name", NULL);
    rh_out_text(call, "step", NULL);
    rh_out_text(call, "title", mail->subject);
    rh_out_text(call, "day", NULL);
    rh_out_text(call, "to", mail->to);
    rh_out_text(call, "template", NULL);
    rh_out_text(call, "key", NULL);
    rh_out_int(call, "mail", mail->id);
    rh_out_flag(call, "expected", 0);
    rh_out_flag(call, "stopped", mail->held);
}

static int32_t put_coming(struct rh_call *call, const struct ahead *ahead, size_t i)
{
    const struct coming *coming = &ahead->list[i];
    struct day day = heading(call, ahead, i);
    int32_t rc = 0;

    rh_out_object(call, NULL);
    put_heading(call, coming, &day);
    if (coming->run)
        rc = put_effect(call, coming->run, &coming->run->effects.list[coming->index]);
    else
        put_waiting(call, &ahead->mails[coming->index]);
    rh_out_end(call);
    return rc;
}

int32_t procedure_ahead(struct rh_call *call)
{
    int32_t today = rh_today(call), until = today + (int32_t)rh_param_int(call, "days"), on;
    auto_ahead ahead = {0};
    int64_t mails = 0;
    int32_t rc = gather(call, rh_now_utc(call), rh_berlin_instant(until + 1, 0), &ahead);

    if (rc < 0 || (rc = on = brake_is_on(call)) < 0)
        return rc;
    rh_out_text(call, "from", rh_day_text(call, today));
    rh_out_text(call, "until", rh_day_text(call, until));
    rh_out_int(call, "days", rh_param_int(call, "days"));
    rh_out_flag(call, "brake", on);
    rc = 0;
    rh_out_array(call, "items");
    for (size_t i = 0; i < ahead.count && rc == 0; i++) {
        mails += is_mail(&ahead.list[i]);
        rc = put_coming(call, &ahead, i);
    }
    rh_out_end(call);
    rh_out_int(call, "mails", mails);
    rh_out_int(call, "deadlines", (int64_t)ahead.count - mails);
    return rc;
}
