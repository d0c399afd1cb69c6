/* What a simulation assumes of people. */
#include "core/procedure/internal.h"
#include "core/procedure/procedure.h"

#include "core/calendar/zone.h"
#include "core/operation/call.h"

#include <string.h>

#define MORNING_S      (9 * 3600)
#define OFFICE_HOURS_S (6 * 3600)
#define LATE_WORKDAYS  10
#define LOOK_DAYS      7 /* what is due later is asked for again by then */

/* Always the same steps are late, and people do not all act at the same moment: a number of the
 * step, so that two simulations can be compared. */
static uint32_t number_of(const char *procedure, const char *step)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (const char *p = procedure; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    for (const char *p = step; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    return hash;
}

struct open_step {
    const char *procedure, *office, *step;
    int64_t at; /* when it is done */
};

static int32_t when_done(struct rh_call *call, struct open_step *open, const char *due,
                         int32_t late_percent)
{
    struct rh_calendar *calendar;
    uint32_t number = number_of(open->procedure, open->step);
    int32_t day, rc = rh_day_parse(call, due, &day);

    if (rc == 0 && (int32_t)(number % 100) < late_percent &&
        (rc = rh_calendar_open(call, open->office, &calendar)) == 0)
        rc = rh_calendar_add(call, calendar, day, LATE_WORKDAYS, &day, NULL);
    open->at = rh_berlin_instant(day, MORNING_S + (int32_t)(number / 100 % OFFICE_HOURS_S));
    return rc;
}

/* What has to be there before the step can be done: cases drawn, receipts. Returns how many events.
 */
static int32_t prepare(struct rh_call *call, struct run *run, const char *name)
{
    int32_t index = rh_process_step_find(run->state->definition, name), rc = 0;
    const struct rh_process_step *step = &run->state->definition->steps[index];
    size_t before = run->state->event_count;

    if (step->draw > 0 && run->state->drawn.step < 0) {
        struct rh_process_event draw = RH_PROCESS_EVENT(RH_PROCESS_DRAW, rh_now_utc(call));

        draw.step = name;
        draw.count = 100;
        draw.random = 1;
        draw.seed = run->procedure;
        rc = run_handle(call, run, &draw);
    }
    for (size_t i = 0; i < step->receipt_count && rc >= 0; i++) {
        struct rh_process_event receipt = RH_PROCESS_EVENT(RH_PROCESS_RECEIPT, rh_now_utc(call));

        receipt.step = name;
        receipt.item = step->receipts[i].name;
        receipt.flag = true;
        if (!(run->state->steps[index].receipts >> i & 1u))
            rc = run_handle(call, run, &receipt);
    }
    return rc < 0 ? rc : (int32_t)(run->state->event_count - before);
}

static bool is_closed(const struct run *run, const char *step)
{
    return rh_process_step_state(run->state, rh_process_step_find(run->state->definition, step)) ==
           RH_PROCESS_IS_DONE;
}

static int32_t finish(struct rh_call *call, const struct open_step *open)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_DONE, rh_now_utc(call));
    auto_run run = {0};
    size_t from;
    int32_t rc = run_load(call, open->procedure, &run);

    event.step = open->step;
    event.day = rh_today(call);
    if (rc < 0 || (rc = prepare(call, &run, open->step)) < 0)
        return rc;
    from = run.state->event_count - (size_t)rc;
    if (!is_closed(&run, open->step) && (rc = run_handle(call, &run, &event)) < 0)
        return rc;
    return run_store(call, &run, from);
}

static int32_t release(struct rh_call *call)
{
    int32_t rc = brake_is_on(call);

    return rc <= 0 ? rc : brake_let_all_go(call);
}

int32_t rh_procedure_assume(struct rh_call *call, int32_t late_percent, int64_t *ret_next)
{
    struct rh_rows *rows;
    int32_t done = 0, rc = release(call);

    *ret_next = rh_now_utc(call) + LOOK_DAYS * INT64_C(86400);
    if (rc < 0 ||
        (rc =
             rh_query(call, &rows,
                      "SELECT r.procedure, p.office, s.step, s.due_day FROM procedure_step s CROSS "
                      "JOIN procedure_run r ON r.id = s.run JOIN procedure p ON p.id = "
                      "r.procedure WHERE s.state IN ('ready','running','waiting') AND s.state <> "
                      "'waiting' AND r.current = 1 AND r.state = 'running' AND s.due_day <= ?1 "
                      "ORDER BY s.due_day, r.procedure, s.position",
                      "s", rh_day_text(call, rh_today(call) + LOOK_DAYS))) < 0)
        return rc;
    while ((rc = rh_next(call, rows)) == 1) {
        struct open_step open = {.procedure = rh_get_text(call, rows, 0),
                                 .office = rh_get_text(call, rows, 1),
                                 .step = rh_get_text(call, rows, 2)};

        if ((rc = when_done(call, &open, rh_get_text(call, rows, 3), late_percent)) < 0)
            return rc;
        if (open.at > rh_now_utc(call)) {
            *ret_next = open.at < *ret_next ? open.at : *ret_next;
            continue;
        }
        if (finish(call, &open) < 0)
            return rh_wrap(call, "Schritt '%s' von '%s'", "step '%s' of '%s'", open.step,
                           open.procedure);
        done++;
    }
    if (done > 0) /* others are ready now */
        *ret_next = rh_now_utc(call);
    return rc < 0 ? rc : done;
}
