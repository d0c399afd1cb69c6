/*
 * How a procedure of the plan becomes one on its way.
 *
 * A run begins some months before its start month (`begin_ahead`), so that whoever looks ahead sees
 * it, and not earlier, so that the plan may still move. When a new plan moves one that has not
 * started, its run is replaced by another; what was recorded stays.
 */
#include "core/procedure/internal.h"

#include "core/operation/call.h"

#include <string.h>

static int32_t current_version(struct rh_call *call, const char *process, const char **ret_hash)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, "SELECT hash, retired FROM process WHERE name = ?1", "s", process);

    if (rc < 0)
        return rc;
    if (rh_next(call, rows) != 1)
        return rh_fail(call, RH_ENOTFOUND, "den Ablauf '%s' gibt es nicht",
                       "there is no process '%s'", process);
    *ret_hash = rh_get_text(call, rows, 0);
    if (rh_get_int(call, rows, 1))
        return rh_fail(
            call, RH_ECONFLICT,
            "der Ablauf '%s' nimmt keine neuen Verfahren; 'process import' setzt ihn wieder "
            "ein",
            "the process '%s' takes no new procedures; 'process import' takes it up again",
            process);
    rh_close(call, rows);
    return 0;
}

static int32_t add_run(struct rh_call *call, const char *procedure, const char *process,
                       const char *hash, int32_t day)
{
    int64_t changed = rh_exec(call,
                              "INSERT INTO procedure_run(procedure, current, process, hash, "
                              "start_day, state) VALUES (?1, 1, ?2, ?3, ?4, 'planned')",
                              "ssss", procedure, process, hash, rh_day_text(call, day));

    return changed < 0 ? (int32_t)changed : 0;
}

/* The pause of all procedures holds those that begin meanwhile, too. */
static int32_t join_national_pause(struct rh_call *call, struct run *run)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_PAUSE, rh_now_utc(call));
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, "SELECT clock_stops, reason FROM procedure_national", "");

    if (rc < 0 || (rc = rh_next(call, rows)) != 1)
        return rc;
    event.flag = rh_get_int(call, rows, 0) != 0;
    event.flag_national = true;
    event.reason = rh_get_text(call, rows, 1);
    rh_close(call, rows);
    return run_handle(call, run, &event);
}

/* Out of turn: who suggested it, and why. */
static int32_t read_occasion(struct rh_call *call, const char *procedure,
                             struct rh_process_event *event)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT suggested_by, coalesce(reason, note) FROM v_procedure WHERE id = ?1 "
                 "AND suggested_by IS NOT NULL",
                 "s", procedure);

    if (rc < 0 || (rc = rh_next(call, rows)) != 1)
        return rc;
    event->by = rh_get_text(call, rows, 0);
    event->reason = rh_is_null(call, rows, 1) ? rh_format(call, "außer der Reihe", "out of turn")
                                              : rh_get_text(call, rows, 1);
    rh_close(call, rows);
    return 0;
}

int32_t run_begin(struct rh_call *call, const char *procedure, const char *process, int32_t day)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_BEGIN, rh_now_utc(call));
    auto_run run = {0};
    int32_t rc = current_version(call, process, &event.hash);

    if (rc < 0 || (rc = add_run(call, procedure, process, event.hash, day)) < 0 ||
        (rc = run_load(call, procedure, &run)) < 0)
        return rc;
    event.id = procedure;
    event.day = day;
    if ((rc = read_occasion(call, procedure, &event)) < 0 ||
        (rc = run_handle(call, &run, &event)) < 0 || (rc = join_national_pause(call, &run)) < 0)
        return rc;
    return run_store(call, &run, 0);
}

/* The first working day of a month in the office's calendar. */
static int32_t first_day(struct rh_call *call, const char *office, const char *month,
                         int32_t *ret_day)
{
    struct rh_calendar *calendar;
    int32_t number, rc = rh_calendar_open(call, office, &calendar);

    if (rc < 0 || (rc = rh_day_parse(call, rh_format(call, "%s-01", "%s-01", month), &number)) < 0)
        return rc;
    return rh_calendar_add(call, calendar, number, 0, ret_day, NULL);
}

/* ---- as it would begin ---- */

int32_t run_imagine(struct rh_call *call, const char *procedure, const char *process,
                    struct run *ret)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_BEGIN, rh_now_utc(call));
    const char *month;
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT office, office_name, start_month FROM v_procedure WHERE id = ?1",
                          "s", procedure);

    if (rc < 0)
        return rc;
    if (rh_next(call, rows) != 1)
        return RH_ENOTFOUND;
    ret->procedure = procedure;
    ret->office = rh_get_text(call, rows, 0);
    ret->office_name = rh_get_text(call, rows, 1);
    month = rh_get_text(call, rows, 2);
    rh_close(call, rows);
    if ((rc = current_version(call, process, &event.hash)) < 0 ||
        (rc = first_day(call, ret->office, month, &event.day)) < 0 ||
        (rc = definitions_of(call, NULL, &ret->definitions)) < 0 ||
        (rc = rh_calendar_open(call, ret->office, &ret->calendar)) < 0 ||
        (rc = rh_process_state_new(ret->definitions.at, ret->definitions.count, &ret->state,
                                   rh_call_err(call))) < 0 ||
        (rc = read_occasion(call, procedure, &event)) < 0)
        return rc;
    event.id = procedure;
    return rh_process_apply(ret->state, &event, rh_call_err(call));
}

/* ---- procedure begin ---- */

static int32_t begin_one(struct rh_call *call, const char *procedure, const char *office,
                         const char *month, const char *process)
{
    int32_t day, rc = first_day(call, office, month, &day);

    if (rc == 0)
        rc = run_begin(call, procedure, process, day);
    return rc < 0 ? rh_wrap(call, "Verfahren '%s'", "procedure '%s'", procedure) : rc;
}

int32_t procedure_begin(struct rh_call *call)
{
    const char *procedure, *process, *office;
    struct rh_rows *rows;
    int32_t day = (int32_t)rh_param_int(call, "on");
    int32_t rc =
        rh_resolve(call,
                   "SELECT id, office, office_name FROM v_procedure WHERE state = 'planned' "
                   "AND id NOT IN (SELECT procedure FROM v_run)",
                   RH_TEXT("geplantes Verfahren, das noch nicht begonnen ist",
                           "planned procedure that is not begun yet"),
                   rh_param_text(call, "procedure"), &procedure);

    if (rc < 0 || (rc = find_process(call, rh_param_text(call, "process"), &process)) < 0 ||
        (rc = rh_query(call, &rows, "SELECT office, start_month FROM v_procedure WHERE id = ?1",
                       "s", procedure)) < 0)
        return rc;
    if (rh_next(call, rows) != 1)
        return RH_ENOTFOUND;
    office = rh_get_text(call, rows, 0);
    rc = day == RH_NO_DAY ? begin_one(call, procedure, office, rh_get_text(call, rows, 1), process)
                          : run_begin(call, procedure, process, day);
    if (rc < 0)
        return rc;
    rh_out_text(call, "procedure", procedure);
    rh_out_text(call, "process", process);
    rh_say(call, "%s ist auf dem Weg; 'procedure tasks %s' zeigt die Schritte",
           "%s is on its way; 'procedure tasks %s' shows the steps", procedure, procedure);
    return 0;
}

/* ---- the plan ---- */

int32_t begin_planned(struct rh_call *call)
{
    int32_t today = rh_today(call), this_month;
    const char *process = NULL;
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows, "SELECT name FROM v_process WHERE retired = 0 ORDER BY added_utc DESC LIMIT 1",
        "");

    if (rc < 0)
        return rc;
    if (rh_next(call, rows) == 1)
        process = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (!process) /* nothing to begin with yet */
        return 0;
    if ((rc = rh_month_parse(call, rh_format(call, "%.7s", "%.7s", rh_day_text(call, today)),
                             &this_month)) < 0 ||
        (rc = rh_query(
             call, &rows,
             "SELECT id, office, start_month FROM v_procedure WHERE state = 'planned' AND "
             "start_month BETWEEN ?1 AND ?2 AND id NOT IN (SELECT procedure FROM v_run) "
             "ORDER BY start_month, id",
             "ss", rh_month_text(call, this_month),
             rh_month_text(call, this_month + (int32_t)rh_config_int(call, "begin_ahead")))) < 0)
        return rc;
    while ((rc = rh_next(call, rows)) == 1)
        if ((rc = begin_one(call, rh_get_text(call, rows, 0), rh_get_text(call, rows, 1),
                            rh_get_text(call, rows, 2), process)) < 0)
            return rc;
    rh_close(call, rows);
    return rc;
}

/* Runs that have not started and whose month is another one now, or that the plan has no more. */
static int32_t retire_moved(struct rh_call *call)
{
    int64_t changed =
        rh_exec(call,
                "UPDATE procedure_run SET current = 0, wake_utc = NULL WHERE current = 1 AND state "
                "= 'planned' "
                "AND NOT EXISTS (SELECT 1 FROM procedure p WHERE p.id = procedure_run.procedure "
                "AND p.state = "
                "'planned' AND p.start_month = substr(procedure_run.start_day, 1, 7))",
                "");

    if (changed <= 0)
        return (int32_t)changed;
    memory_changed(rh_call_house(call)->procedures);
    changed = rh_exec(call,
                      "DELETE FROM procedure_mail WHERE state = 'ahead' AND run IN (SELECT id FROM "
                      "procedure_run WHERE current = 0)",
                      "");
    return changed < 0 ? (int32_t)changed : 0;
}

int32_t on_plan_published(struct rh_call *call, const struct rh_event *event)
{
    int32_t rc = retire_moved(call);

    (void)event;
    return rc < 0 ? rc : begin_planned(call);
}

int32_t on_procedure_recorded(struct rh_call *call, const struct rh_event *event)
{
    (void)event;
    return begin_planned(call);
}

int32_t on_procedure_cancelled(struct rh_call *call, const struct rh_event *event)
{
    struct rh_process_event cancel = RH_PROCESS_EVENT(RH_PROCESS_CANCEL, rh_now_utc(call));
    auto_run run = {0};
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT p.reason FROM v_run r JOIN v_procedure p ON p.id = r.procedure WHERE "
                 "r.procedure = ?1 AND r.state IN ('planned','running','paused')",
                 "s", event->subject);

    if (rc < 0 || (rc = rh_next(call, rows)) != 1)
        return rc;
    cancel.reason = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if ((rc = run_load(call, event->subject, &run)) < 0)
        return rc;
    return run_record(call, &run, &cancel);
}
