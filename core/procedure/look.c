/* What lists and pages show of procedures on their way. Everything is computed from the events and
 * the calendars of now, by the functions that also make it happen. */
#include "core/procedure/internal.h"

#include "core/calendar/zone.h"
#include "core/operation/call.h"
#include "core/process/draw.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX ((size_t)8192)
#define DAY_S     INT64_C(86400)

static enum rh_lang lang_of(const struct rh_call *call)
{
    return call->lang == 0 ? RH_DE : RH_EN;
}

static const char *day_words(struct rh_call *call, int32_t day)
{
    return day == RH_NO_DAY ? NULL : rh_day_text(call, day);
}

/* "2028-06-13 08:00" in Berlin. */
static const char *instant_words(struct rh_call *call, int64_t at)
{
    int32_t second = 0, day = at == RH_NO_INSTANT ? RH_NO_DAY : rh_berlin_day(at, &second);

    if (day == RH_NO_DAY)
        return NULL;
    return rh_format(call, "%s %02d:%02d", "%s %02d:%02d", rh_day_text(call, day),
                     (int)(second / 3600), (int)(second / 60 % 60));
}

/* Overdue is what is open after its deadline; a step that waits, as agreed, until a day is not. */

/* ---- the board: running procedures by steps ---- */

static int32_t put_columns(struct rh_call *call, const char *process)
{
    return rh_out_query(
        call, "columns",
        "SELECT position + 1 AS number, CASE ?2 WHEN 0 THEN title_de ELSE title_en "
        "END AS title FROM v_step WHERE procedure = (SELECT procedure FROM v_run r "
        "JOIN v_process p ON p.name = r.process AND p.hash = r.hash WHERE r.process = "
        "?1 ORDER BY r.start_day DESC LIMIT 1) ORDER BY position",
        "si", process, (int64_t)call->lang);
}

static int32_t put_cells(struct rh_call *call, const char *procedure)
{
    struct rh_rows *rows;
    const char *today = rh_day_text(call, rh_today(call));
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT step, CASE ?2 WHEN 0 THEN title_de ELSE title_en END, state, due_day, "
                 "done_day, due_day < ?3 AND state IN ('ready','running') FROM v_step "
                 "WHERE procedure = ?1 ORDER BY position",
                 "sis", procedure, (int64_t)call->lang, today);
    int64_t number = 0;

    rh_out_array(call, "steps");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *state = rh_get_text(call, rows, 2);
        bool late = rh_get_int(call, rows, 5) != 0;

        rh_out_object(call, NULL);
        rh_out_int(call, "number", ++number);
        rh_out_text(call, "step", rh_get_text(call, rows, 0));
        rh_out_text(call, "title", rh_get_text(call, rows, 1));
        rh_out_text(call, "state", state);
        rh_out_text(call, "day", rh_get_text(call, rows, rh_is_null(call, rows, 4) ? 3 : 4));
        rh_out_flag(call, "late", late);
        rh_out_flag(call, "is_done", strcmp(state, "done") == 0);
        rh_out_flag(call, "is_skipped", strcmp(state, "skipped") == 0);
        rh_out_flag(call, "is_open",
                    !late && (strcmp(state, "ready") == 0 || strcmp(state, "running") == 0 ||
                              strcmp(state, "waiting") == 0));
        rh_out_flag(call, "is_paused", strcmp(state, "paused") == 0);
        rh_out_flag(call, "is_planned", strcmp(state, "planned") == 0);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_close(call, rows);
    return rc;
}

static int32_t put_national(struct rh_call *call)
{
    return rh_out_query(call, "national",
                        "SELECT reason, strftime('%Y-%m-%d', since_utc, 'unixepoch') AS since, "
                        "clock_stops FROM procedure_national",
                        "");
}

int32_t procedure_board(struct rh_call *call)
{
    static const char *const states[] = {"open", "planned",   "running", "paused",
                                         "done", "cancelled", "all"};
    const char *process = NULL, *state = rh_param_text(call, "state");
    const char *today = rh_day_text(call, rh_today(call));
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t rc = find_process(call, rh_param_text(call, "process"), &process);

    if (rc == RH_ENOTFOUND && !rh_param_given(call, "process")) {
        rh_forget(call); /* a house without procedures has an empty board */
        process = NULL;
    } else if (rc < 0)
        return rc;
    rh_out_text(call, "today", today);
    rh_out_text(call, "process", process);
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        rh_out_flag(call, rh_format(call, "is_%s", "is_%s", states[i]),
                    strcmp(state, states[i]) == 0);
    rh_out_flag(call, "brake", brake_is_on(call) == 1);
    if ((rc = put_national(call)) < 0 || (rc = put_columns(call, process)) < 0 ||
        (rc = rh_query(
             call, &rows,
             "SELECT r.procedure, r.office, r.short_name, r.office_name, r.start_day, r.state, "
             "(SELECT count(*) FROM v_step s WHERE s.procedure = r.procedure AND s.due_day < "
             "?3 AND s.state IN ('ready','running')), (SELECT count(*) FROM v_step s "
             "WHERE s.procedure = r.procedure AND s.state IN ('done','skipped')) FROM v_run r "
             "WHERE r.process = ?1 AND (CASE ?2 WHEN 'open' THEN r.state IN "
             "('running','paused') WHEN 'all' THEN 1 ELSE r.state = ?2 END) ORDER BY "
             "r.start_day, r.office",
             "sss", process, state, today)) < 0)
        return rc;
    rh_out_array(call, "items");
    while ((rc = rh_next(call, rows)) == 1) {
        rh_out_object(call, NULL);
        rh_out_text(call, "procedure", rh_get_text(call, rows, 0));
        rh_out_text(call, "office", rh_get_text(call, rows, 1));
        rh_out_text(call, "short_name", rh_get_text(call, rows, 2));
        rh_out_text(call, "office_name", rh_get_text(call, rows, 3));
        rh_out_text(call, "start_day", rh_get_text(call, rows, 4));
        rh_out_text(call, "state", rh_get_text(call, rows, 5));
        rh_out_int(call, "late", rh_get_int(call, rows, 6));
        rh_out_int(call, "finished_steps", rh_get_int(call, rows, 7));
        if ((rc = put_cells(call, rh_get_text(call, rows, 0))) < 0)
            return rc;
        rh_out_end(call);
        count++;
    }
    rh_out_end(call);
    rh_out_int(call, "count", count);
    return rc;
}

/* ---- one procedure as a task list ---- */

static void put_receipts(struct rh_call *call, const struct run *run, int32_t index)
{
    const struct rh_process_step *step = &run->state->definition->steps[index];
    uint32_t there = run->state->steps[index].receipts;

    rh_out_array(call, "receipts");
    for (size_t i = 0; i < step->receipt_count; i++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "procedure", run->procedure);
        rh_out_text(call, "step", step->name);
        rh_out_text(call, "item", step->receipts[i].name);
        rh_out_text(call, "title", rh_say_in(call, step->receipts[i].title));
        rh_out_flag(call, "there", (there >> i & 1u) != 0);
        rh_out_end(call);
    }
    rh_out_end(call);
}

/* What a person may do with the step now: the page offers no more than that. */
static void put_choices(struct rh_call *call, const struct rh_process_step *step,
                        enum rh_process_step_state state)
{
    bool open = state == RH_PROCESS_IS_READY || state == RH_PROCESS_IS_RUNNING ||
                state == RH_PROCESS_IS_WAITING;

    rh_out_flag(call, "open", open);
    rh_out_flag(call, "closed", state == RH_PROCESS_IS_DONE || state == RH_PROCESS_IS_SKIPPED);
    rh_out_flag(call, "may_move", open || state == RH_PROCESS_IS_PLANNED);
    rh_out_flag(call, "may_date",
                step->form == RH_PROCESS_APPOINTMENT && (open || state == RH_PROCESS_IS_PLANNED));
    rh_out_flag(call, "may_draw", step->draw > 0 && open);
}

/* The step's reminders: how many left, when the next leaves, and each of them. */
static int32_t put_reminders(struct rh_call *call, const struct run *run, const char *step)
{
    const char *next = NULL;
    int64_t sent = 0, count = 0;
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT key, at_utc, role, state, reason FROM procedure_mail WHERE run = ?1 AND "
                 "step = ?2 AND (state <> 'ahead' OR at_utc >= ?3) ORDER BY at_utc, key",
                 "isi", run->id, step, rh_now_utc(call));

    rh_out_array(call, "reminders");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *state = rh_get_text(call, rows, 3);
        const char *day = day_words(call, rh_berlin_day(rh_get_int(call, rows, 1), NULL));
        enum rh_process_role role = rh_process_role_find(rh_get_text(call, rows, 2));

        count++;
        sent += strcmp(state, "gone") == 0;
        if (!next && strcmp(state, "ahead") == 0)
            next = day;
        rh_out_object(call, NULL);
        rh_out_text(call, "procedure", run->procedure);
        rh_out_text(call, "key", rh_get_text(call, rows, 0));
        rh_out_text(call, "day", day);
        rh_out_text(call, "to", rh_say_in(call, rh_process_role_title(role)));
        rh_out_flag(call, "gone", strcmp(state, "gone") == 0);
        rh_out_flag(call, "ahead", strcmp(state, "ahead") == 0);
        rh_out_flag(call, "stopped", strcmp(state, "stopped") == 0);
        rh_out_text(call, "reason", rh_get_text(call, rows, 4));
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_close(call, rows);
    rh_out_flag(call, "has_reminders", count > 0);
    rh_out_int(call, "sent", sent);
    rh_out_text(call, "next", next);
    return rc < 0 ? rc : 0;
}

static int32_t put_step(struct rh_call *call, const struct run *run,
                        const struct rh_process_plan *plan, int32_t index)
{
    const struct rh_process_state *state = run->state;
    const struct rh_process_step *step = &state->definition->steps[index];
    const struct rh_process_due *due = &plan->dues[index];
    enum rh_process_step_state seen = rh_process_step_state(state, index);
    rh_auto_str(why, WORDS_MAX);
    int32_t rc;

    rh_process_explain(state, run->calendar, index, lang_of(call), &why);
    if ((rc = rh_str_check(&why, rh_call_err(call))) < 0)
        return rc;
    rh_out_object(call, NULL);
    rh_out_text(call, "procedure", run->procedure);
    rh_out_int(call, "number", index + 1);
    rh_out_text(call, "step", step->name);
    rh_out_text(call, "title", rh_say_in(call, step->title));
    rh_out_text(call, "who", rh_say_in(call, rh_process_role_title(step->who)));
    rh_out_text(call, "form", rh_process_form_word(step->form));
    rh_out_text(call, "state", rh_process_state_word(seen));
    rh_out_text(call, "opens", day_words(call, due->open_day));
    rh_out_text(call, "due", day_words(call, due->day));
    rh_out_text(call, "done", day_words(call, state->steps[index].done_day));
    rh_out_text(call, "why", why.length ? why.data : NULL);
    rh_out_flag(call, "late",
                due->day != RH_NO_DAY && due->day < rh_today(call) &&
                    (seen == RH_PROCESS_IS_READY || seen == RH_PROCESS_IS_RUNNING));
    rh_out_flag(call, "expected", due->expected);
    rh_out_flag(call, "has_receipts", step->receipt_count > 0);
    rh_out_flag(call, "is_later", seen == RH_PROCESS_IS_PLANNED);
    rh_out_text(call, "waits_until",
                seen == RH_PROCESS_IS_WAITING ? day_words(call, state->steps[index].wait_until)
                                              : NULL);
    put_choices(call, step, seen);
    put_receipts(call, run, index);
    rc = put_reminders(call, run, step->name);
    rh_out_end(call);
    return rc;
}

static void put_dates(struct rh_call *call, const struct run *run)
{
    const struct rh_process_definition *definition = run->state->definition;

    rh_out_array(call, "dates");
    for (size_t i = 0; i < definition->date_count; i++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "procedure", run->procedure);
        rh_out_text(call, "date", definition->dates[i].name);
        rh_out_text(call, "title", rh_say_in(call, definition->dates[i].title));
        rh_out_text(call, "day", day_words(call, run->state->dates[i]));
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_array(call, "questions");
    for (size_t i = 0; i < definition->question_count; i++) {
        bool answered = (run->state->answered >> i & 1u) != 0;

        rh_out_object(call, NULL);
        rh_out_text(call, "procedure", run->procedure);
        rh_out_text(call, "question", definition->questions[i].name);
        rh_out_text(call, "title", rh_say_in(call, definition->questions[i].title));
        rh_out_flag(call, "answered", answered);
        rh_out_flag(call, "answer",
                    answered ? (run->state->answers >> i & 1u) != 0
                             : definition->questions[i].fallback);
        rh_out_end(call);
    }
    rh_out_end(call);
}

/* Mails of the procedure: those that left, those ahead. */
static int32_t put_mails(struct rh_call *call, const struct run *run)
{
    return rh_out_query(
        call, "mails",
        "SELECT m.key, strftime('%Y-%m-%d', m.at_utc, 'unixepoch') AS day, m.step, "
        "m.role, m.template, m.state, m.reason FROM procedure_mail m WHERE m.run = ?1 "
        "ORDER BY m.at_utc, m.key",
        "i", run->id);
}

/* What people wrote back. */
static int32_t put_replies(struct rh_call *call, const struct run *run)
{
    return rh_out_query(call, "replies",
                        "SELECT id, strftime('%Y-%m-%d', received_utc, 'unixepoch') AS day, "
                        "CASE from_name WHEN '' THEN from_address ELSE from_name END AS from_name, "
                        "subject FROM v_mail_inbound WHERE about = ?1 AND sort = 'human' ORDER BY "
                        "received_utc DESC, id DESC",
                        "s", run->procedure);
}

int32_t procedure_tasks(struct rh_call *call)
{
    struct rh_process_plan *plan = rh_alloc_in(call, sizeof(*plan));
    rh_auto_str(draw, WORDS_MAX);
    const char *procedure;
    auto_run run = {0};
    int32_t rc = run_find(call, rh_param_text(call, "procedure"), &procedure);

    if (!plan)
        return RH_ENOMEM;
    if (rc < 0 || (rc = run_load(call, procedure, &run)) < 0)
        return rc;
    rh_process_plan(run.state, run.calendar, true, plan);
    rh_out_text(call, "procedure", run.procedure);
    rh_out_text(call, "office", run.office);
    rh_out_text(call, "office_name", run.office_name);
    rh_out_text(call, "process", run.state->definition->name);
    rh_out_text(call, "version", rh_format(call, "%.12s", "%.12s", run.state->definition->hash));
    rh_out_text(call, "start_day", day_words(call, run.state->start_day));
    rh_out_text(call, "suggested_by", run.state->suggested_by);
    rh_out_flag(call, "paused", rh_process_paused(run.state, -1) != NULL);
    rh_out_flag(call, "cancelled", run.state->cancelled);
    rh_process_draw_words(run.state, lang_of(call), &draw);
    if ((rc = rh_str_check(&draw, rh_call_err(call))) < 0)
        return rc;
    rh_out_text(call, "draw", draw.length ? draw.data : NULL);
    rh_out_array(call, "items");
    for (size_t i = 0; i < run.state->definition->step_count && rc == 0; i++)
        rc = put_step(call, &run, plan, (int32_t)i);
    rh_out_end(call);
    put_dates(call, &run);
    if (rc < 0 || (rc = put_mails(call, &run)) < 0 ||
        (rc = call_put(call, "calls", run.procedure)) < 0)
        return rc;
    return put_replies(call, &run);
}

int32_t procedure_history(struct rh_call *call)
{
    const char *procedure;
    auto_run run = {0};
    struct rh_rows *rows;
    int32_t rc = run_find(call, rh_param_text(call, "procedure"), &procedure);

    if (rc < 0 || (rc = run_load(call, procedure, &run)) < 0 ||
        (rc = rh_query(
             call, &rows,
             "SELECT number, actor, event FROM procedure_event WHERE run = ?1 ORDER BY number", "i",
             run.id)) < 0)
        return rc;
    rh_out_text(call, "procedure", run.procedure);
    rh_out_text(call, "office_name", run.office_name);
    rh_out_array(call, "items");
    while ((rc = rh_next(call, rows)) == 1) {
        size_t index = (size_t)rh_get_int(call, rows, 0) - 1;
        const struct rh_process_event *event = &run.state->events[index];

        rh_out_object(call, NULL);
        rh_out_int(call, "number", (int64_t)index + 1);
        rh_out_text(call, "at", instant_words(call, event->at));
        rh_out_text(call, "kind", rh_process_event_word(event->kind));
        rh_out_text(call, "step", event->step);
        rh_out_text(call, "day", day_words(call, event->day));
        rh_out_text(call, "reason", event->reason);
        rh_out_text(call, "actor", rh_get_text(call, rows, 1));
        rh_out_flag(call, "undone", run.state->undone[index]);
        rh_out_flag(call, "may_undo",
                    !run.state->undone[index] && index > 0 &&
                        !rh_process_event_is_fact(event->kind));
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_close(call, rows);
    return rc;
}

/* ---- the next days ---- */

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
    rh_out_text(call, "at", instant_words(call, effect->at));
    rh_out_text(call, "kind", is_mail ? "mail" : "deadline");
    rh_out_text(call, "procedure", run->procedure);
    rh_out_text(call, "office", run->office);
    rh_out_text(call, "office_name", run->office_name);
    rh_out_text(call, "step", effect->step);
    rh_out_text(call, "title", step ? rh_say_in(call, step->title) : effect->step);
    rh_out_text(call, "day", day_words(call, effect->day));
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

/* ---- deadlines ---- */

int32_t deadline_list(struct rh_call *call)
{
    return rh_out_query(
        call, "items",
        "SELECT procedure, office_name, step, CASE ?1 WHEN 0 THEN title_de ELSE title_en END AS "
        "title, "
        "state, due_day AS due, due_day < ?2 AND state IN ('ready','running') AS late "
        "FROM "
        "v_step WHERE due_day IS NOT NULL AND run_state IN ('planned','running','paused') AND (?3 "
        "IS "
        "NULL OR office = ?3 OR procedure = ?3) AND state IN "
        "('planned','ready','running','waiting','paused') AND due_day BETWEEN ifnull(?4, '0000') "
        "AND "
        "ifnull(?5, '9999') ORDER BY due_day, procedure, position",
        "issss", (int64_t)call->lang, rh_day_text(call, rh_today(call)),
        rh_param_text(call, "procedure"),
        rh_param_given(call, "from") ? rh_day_text(call, (int32_t)rh_param_int(call, "from"))
                                     : NULL,
        rh_param_given(call, "until") ? rh_day_text(call, (int32_t)rh_param_int(call, "until"))
                                      : NULL);
}

int32_t procedure_late(struct rh_call *call)
{
    const char *today = rh_day_text(call, rh_today(call));

    rh_out_text(call, "today", today);
    rh_out_text(call, "next_week", rh_day_text(call, rh_today(call) + 7));
    return rh_out_query(
        call, "items",
        "SELECT procedure, office, office_name, step, CASE ?1 WHEN 0 THEN title_de ELSE title_en "
        "END AS "
        "title, who, state, due_day AS due, CAST(julianday(?2) - julianday(due_day) AS INTEGER) AS "
        "days "
        "FROM v_step WHERE due_day < ?2 AND state IN ('ready','running') AND run_state = "
        "'running' ORDER BY due_day, procedure, position",
        "is", (int64_t)call->lang, today);
}

int32_t deadline_show(struct rh_call *call)
{
    const char *procedure, *step = rh_param_text(call, "step");
    struct rh_process_plan *plan = rh_alloc_in(call, sizeof(*plan));
    auto_run run = {0};
    int32_t index, rc = run_find(call, rh_param_text(call, "procedure"), &procedure);

    if (!plan)
        return RH_ENOMEM;
    if (rc < 0 || (rc = run_load(call, procedure, &run)) < 0)
        return rc;
    if ((index = rh_process_step_find(run.state->definition, step)) < 0)
        return rh_fail(call, RH_ENOTFOUND,
                       "einen Schritt '%s' gibt es nicht; 'procedure tasks %s' zeigt sie",
                       "there is no step '%s'; 'procedure tasks %s' shows them", step, procedure);
    rh_process_plan(run.state, run.calendar, true, plan);
    rh_out_text(call, "procedure", run.procedure);
    rh_out_array(call, "items");
    rc = put_step(call, &run, plan, index);
    rh_out_end(call);
    return rc;
}

/* ---- effort ---- */

/* Working days with one decimal: what is estimated is not exact. */
static double days_of(int64_t minutes)
{
    int64_t tenths = (minutes * 10 + RH_PROCESS_DAY_MINUTES / 2) / RH_PROCESS_DAY_MINUTES;

    return (double)tenths / 10;
}

int32_t processes_effort(struct rh_call *call)
{
    int32_t year = (int32_t)(rh_param_given(call, "year")
                                 ? rh_param_int(call, "year")
                                 : strtol(rh_day_text(call, rh_today(call)), NULL, 10));
    int32_t from = rh_day_of(year, 1, 1), to = rh_day_of(year, 12, 31);
    int64_t sum[RH_PROCESS_ROLE_END_] = {0};
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT procedure FROM v_run WHERE state <> 'cancelled' AND (?1 IS NULL OR "
                 "office = ?1 OR procedure = ?1) ORDER BY procedure",
                 "s", rh_param_text(call, "office"));

    rh_out_array(call, "items");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        auto_run run = {0};
        int32_t minutes[RH_PROCESS_ROLE_END_] = {0};

        if ((rc = run_load(call, rh_get_text(call, rows, 0), &run)) < 0)
            return rc;
        rh_process_effort_sum(run.state, run.calendar, from, to, minutes);
        for (int32_t role = 1; role < RH_PROCESS_ROLE_END_; role++) {
            sum[role] += minutes[role];
            if (minutes[role] == 0)
                continue;
            rh_out_object(call, NULL);
            rh_out_text(call, "office_name", run.office_name);
            rh_out_text(call, "role", rh_process_role_word((enum rh_process_role)role));
            rh_out_text(call, "role_words",
                        rh_say_in(call, rh_process_role_title((enum rh_process_role)role)));
            rh_out_real(call, "days", days_of(minutes[role]));
            rh_out_end(call);
        }
    }
    rh_out_end(call);
    rh_out_array(call, "roles");
    for (int32_t role = 1; role < RH_PROCESS_ROLE_END_; role++) {
        if (sum[role] == 0)
            continue;
        rh_out_object(call, NULL);
        rh_out_text(call, "role", rh_process_role_word((enum rh_process_role)role));
        rh_out_text(call, "role_words",
                    rh_say_in(call, rh_process_role_title((enum rh_process_role)role)));
        rh_out_real(call, "days", days_of(sum[role]));
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_int(call, "year", year);
    return rc;
}
