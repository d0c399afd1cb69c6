/* What lists show of procedures on their way: the board, deadlines, what is late. Everything is
 * computed from the events and the calendars of now, by the functions that also make it happen. */
#include "core/procedure/internal.h"

#include "core/calendar/zone.h"
#include "core/operation/call.h"

#include <string.h>

enum rh_lang look_lang(const struct rh_call *call)
{
    return call->lang == 0 ? RH_DE : RH_EN;
}

const char *look_day(struct rh_call *call, int32_t day)
{
    return day == RH_NO_DAY ? NULL : rh_day_text(call, day);
}

const char *look_instant(struct rh_call *call, int64_t at)
{
    int32_t second = 0, day = at == RH_NO_INSTANT ? RH_NO_DAY : rh_berlin_day(at, &second);

    if (day == RH_NO_DAY)
        return NULL;
    return rh_format(call, "%s %02d:%02d", "%s %02d:%02d", rh_day_text(call, day),
                     (int)(second / 3600), (int)(second / 60 % 60));
}

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

/* Overdue is what is open after its deadline; a step that waits, as agreed, until a day is not. */
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
