/* The next days: what leaves and what falls due if nobody does anything, by days. */
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

static int32_t put_coming(struct rh_call *call, const struct run *run,
                          const struct rh_process_effect *effect)
{
    const struct rh_process_step *step = step_of(run, effect->step);
    bool is_mail = effect->kind == RH_PROCESS_MAIL_OUT;
    char key[RH_PROCESS_KEY_SIZE];
    int32_t stopped = 0;

    if (is_mail) {
        rh_process_mail_key(run->state, effect->step, effect->rule, effect->day, key);
        if ((stopped = is_stopped(call, key)) < 0)
            return stopped;
    }
    rh_out_object(call, NULL);
    rh_out_text(call, "at", look_instant(call, effect->at));
    rh_out_text(call, "kind", is_mail ? "mail" : "deadline");
    rh_out_text(call, "procedure", run->procedure);
    rh_out_text(call, "office", run->office);
    rh_out_text(call, "office_name", run->office_name);
    rh_out_text(call, "step", effect->step);
    rh_out_text(call, "title", step ? rh_say_in(call, step->title) : effect->step);
    rh_out_text(call, "day", look_day(call, effect->day));
    rh_out_text(call, "to",
                is_mail ? rh_say_in(call, rh_process_role_title(effect->role))
                : step  ? rh_say_in(call, rh_process_role_title(step->who))
                        : NULL);
    rh_out_text(call, "template", is_mail ? effect->template : NULL);
    rh_out_text(call, "key", is_mail ? key : NULL);
    rh_out_flag(call, "is_mail", is_mail);
    rh_out_flag(call, "expected", effect->expected);
    rh_out_flag(call, "stopped", stopped);
    rh_out_end(call);
    return 0;
}

struct coming {
    int64_t at;
    size_t run, effect;
};

static int by_time(const void *left, const void *right)
{
    const struct coming *a = left, *b = right;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->run != b->run)
        return a->run < b->run ? -1 : 1;
    return a->effect < b->effect ? -1 : a->effect > b->effect;
}

#define RUNS_MAX   1000
#define COMING_MAX 20000

struct ahead {
    struct run *runs;
    size_t run_count;
    struct coming *list;
    size_t count;
};

static void ahead_free(struct ahead *ahead)
{
    for (size_t i = 0; i < ahead->run_count; i++)
        run_free(&ahead->runs[i]);
}
#define auto_ahead __attribute__((cleanup(ahead_free))) struct ahead

static int32_t look_ahead(struct rh_call *call, int64_t from, int64_t to, struct ahead *ahead)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT procedure FROM v_run WHERE state IN ('planned','running','paused') "
                 "ORDER BY procedure LIMIT ?1",
                 "i", (int64_t)RUNS_MAX);

    ahead->runs = rh_alloc_in(call, RUNS_MAX * sizeof(*ahead->runs));
    ahead->list = rh_alloc_in(call, COMING_MAX * sizeof(*ahead->list));
    if (!ahead->runs || !ahead->list)
        return RH_ENOMEM;
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct run *run = &ahead->runs[ahead->run_count++];

        if ((rc = run_load(call, rh_get_text(call, rows, 0), run)) < 0 ||
            (rc = rh_process_forecast(run->state, run->calendar, from, to, &run->effects,
                                      rh_call_err(call))) < 0)
            return rc;
        for (size_t i = 0; i < run->effects.count && ahead->count < COMING_MAX; i++)
            ahead->list[ahead->count++] =
                (struct coming){run->effects.list[i].at, ahead->run_count - 1, i};
    }
    rh_close(call, rows);
    qsort(ahead->list, ahead->count, sizeof(*ahead->list), by_time);
    return rc;
}

int32_t procedure_ahead(struct rh_call *call)
{
    int32_t today = rh_today(call), until = today + (int32_t)rh_param_int(call, "days"), on;
    auto_ahead ahead = {0};
    int64_t mails = 0, deadlines = 0;
    int32_t rc = look_ahead(call, rh_now_utc(call), rh_berlin_instant(until + 1, 0), &ahead);

    if (rc < 0 || (rc = on = brake_is_on(call)) < 0)
        return rc;
    rh_out_text(call, "from", rh_day_text(call, today));
    rh_out_text(call, "until", rh_day_text(call, until));
    rh_out_int(call, "days", rh_param_int(call, "days"));
    rh_out_flag(call, "brake", on);
    rc = 0;
    rh_out_array(call, "items");
    for (size_t i = 0; i < ahead.count && rc == 0; i++) {
        const struct run *run = &ahead.runs[ahead.list[i].run];
        const struct rh_process_effect *effect = &run->effects.list[ahead.list[i].effect];

        mails += effect->kind == RH_PROCESS_MAIL_OUT;
        deadlines += effect->kind == RH_PROCESS_DUE_PASSED;
        rc = put_coming(call, run, effect);
    }
    rh_out_end(call);
    rh_out_int(call, "mails", mails);
    rh_out_int(call, "deadlines", deadlines);
    return rc;
}
