/* One procedure as a list of tasks with explained deadlines, one of them alone, and its history. */
#include "core/procedure/internal.h"

#include "core/calendar/zone.h"
#include "core/operation/call.h"
#include "core/process/draw.h"

#include <string.h>

#define WORDS_MAX ((size_t)8192)

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
        const char *day = look_day(call, rh_berlin_day(rh_get_int(call, rows, 1), NULL));
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

    rh_process_explain(state, run->calendar, index, look_lang(call), &why);
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
    rh_out_text(call, "opens", look_day(call, due->open_day));
    rh_out_text(call, "due", look_day(call, due->day));
    rh_out_text(call, "done", look_day(call, state->steps[index].done_day));
    rh_out_text(call, "why", why.length ? why.data : NULL);
    rh_out_flag(call, "late",
                due->day != RH_NO_DAY && due->day < rh_today(call) &&
                    (seen == RH_PROCESS_IS_READY || seen == RH_PROCESS_IS_RUNNING));
    rh_out_flag(call, "expected", due->expected);
    rh_out_flag(call, "has_receipts", step->receipt_count > 0);
    rh_out_flag(call, "is_later", seen == RH_PROCESS_IS_PLANNED);
    rh_out_text(call, "waits_until",
                seen == RH_PROCESS_IS_WAITING ? look_day(call, state->steps[index].wait_until)
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
        rh_out_text(call, "day", look_day(call, run->state->dates[i]));
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
    rh_out_text(call, "start_day", look_day(call, run.state->start_day));
    rh_out_text(call, "suggested_by", run.state->suggested_by);
    rh_out_flag(call, "paused", rh_process_paused(run.state, -1) != NULL);
    rh_out_flag(call, "cancelled", run.state->cancelled);
    rh_process_draw_words(run.state, look_lang(call), &draw);
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

/* ---- history ---- */

/* A step that the version of now does not have keeps its name. */
static const char *title_of(struct rh_call *call, const struct run *run, const char *step)
{
    int32_t index = step ? rh_process_step_find(run->state->definition, step) : -1;

    return index < 0 ? step : rh_say_in(call, run->state->definition->steps[index].title);
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
        rh_out_text(call, "at", look_instant(call, event->at));
        rh_out_text(call, "kind", rh_process_event_word(event->kind));
        rh_out_text(call, "step", event->step);
        rh_out_text(call, "title", title_of(call, &run, event->step));
        rh_out_text(call, "day", look_day(call, event->day));
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
