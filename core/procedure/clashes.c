/* Deadlines where none should be, and the load of each month. `simulate` asks for it in its copy
 * (core/server/clashes.c), people for what lies before them. */
#include "core/procedure/internal.h"

#include "core/operation/call.h"

/* Why a deadline should not be on that day; NULL: it may. */
static const char *objection(struct rh_call *call, const struct rh_process_definition *definition,
                             const struct rh_process_step *step, struct rh_calendar *calendar,
                             int32_t day)
{
    if (!rh_calendar_is_workday(call, calendar, day))
        return rh_format(call, "kein Arbeitstag des Jugendamts", "no working day of the office");
    if (!step->in_quiet && rh_process_quiet(definition, calendar, day, NULL))
        return rh_format(call, "in der Ruhezeit des Ablaufs", "in the quiet time of the process");
    return NULL;
}

static int32_t put_clash(struct rh_call *call, struct rh_rows *rows,
                         const struct definitions *definitions)
{
    const struct rh_process_definition *definition =
        definition_with(definitions, rh_get_text(call, rows, 0));
    const char *why, *due = rh_get_text(call, rows, 4), *name = rh_get_text(call, rows, 3);
    int32_t day, rc, index = definition ? rh_process_step_find(definition, name) : -1;
    struct rh_calendar *calendar;

    if (index < 0)
        return 0;
    if ((rc = rh_day_parse(call, due, &day)) < 0 ||
        (rc = rh_calendar_open(call, rh_get_text(call, rows, 1), &calendar)) < 0)
        return rc;
    why = objection(call, definition, &definition->steps[index], calendar, day);
    if (!why)
        return 0;
    rh_out_object(call, NULL);
    rh_out_text(call, "at", due);
    rh_out_text(call, "kind", "clash");
    rh_out_text(call, "subject", rh_get_text(call, rows, 2));
    rh_out_text(call, "step", name);
    rh_out_text(call, "what",
                rh_format(call, "Frist „%s“: %s", "deadline “%s”: %s",
                          rh_say_in(call, definition->steps[index].title), why));
    rh_out_end(call);
    return 0;
}

static int32_t put_clashes(struct rh_call *call, const char *from, const char *until)
{
    struct definitions definitions;
    struct rh_rows *rows;
    int32_t rc = definitions_of(call, NULL, &definitions);

    if (rc < 0 || (rc = rh_query(call, &rows,
                                 "SELECT r.hash, r.office, s.procedure, s.step, s.due_day FROM "
                                 "v_step s JOIN v_run r ON r.procedure = s.procedure WHERE "
                                 "s.due_day BETWEEN ?1 AND ?2 AND s.state NOT IN "
                                 "('skipped','cancelled') ORDER BY s.due_day, s.procedure, "
                                 "s.position",
                                 "ss", from, until)) < 0)
        return rc;
    while ((rc = rh_next(call, rows)) == 1)
        if ((rc = put_clash(call, rows, &definitions)) < 0)
            return rc;
    rh_close(call, rows);
    return rc;
}

static int32_t put_load(struct rh_call *call, const char *from, const char *until)
{
    static const char *const numbers[] = {"running", "meetings", "deadlines", "mails"};
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "WITH RECURSIVE month(m) AS (SELECT substr(?1, 1, 7) || '-01' UNION ALL SELECT date(m, '+1 "
        "month') FROM month WHERE date(m, '+1 month') <= ?2), last(run, day) AS MATERIALIZED "
        "(SELECT run, max(done_day) FROM procedure_step GROUP BY run), met(m, n) AS MATERIALIZED "
        "(SELECT substr(ifnull(done_day, due_day), 1, 7), count(*) FROM v_step WHERE form = "
        "'appointment' AND state NOT IN ('skipped','cancelled') GROUP BY 1), due(m, n) AS "
        "MATERIALIZED (SELECT substr(due_day, 1, 7), count(*) FROM v_step WHERE state NOT IN "
        "('skipped','cancelled') GROUP BY 1), mail(m, n) AS MATERIALIZED (SELECT strftime('%Y-%m', "
        "at_utc, 'unixepoch'), count(*) FROM procedure_mail WHERE state <> 'stopped' GROUP BY 1) "
        "SELECT substr(m, 1, 7), (SELECT count(*) FROM procedure_run r JOIN last ON last.run = "
        "r.id WHERE r.current = 1 AND r.start_day < date(month.m, '+1 month') AND r.state IN "
        "('planned','running','paused','done') AND (r.state <> 'done' OR last.day >= month.m)), "
        "ifnull((SELECT n FROM met WHERE met.m = substr(month.m, 1, 7)), 0), ifnull((SELECT n FROM "
        "due WHERE due.m = substr(month.m, 1, 7)), 0), ifnull((SELECT n FROM mail WHERE mail.m = "
        "substr(month.m, 1, 7)), 0) FROM month",
        "ss", from, until);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        rh_out_object(call, NULL);
        rh_out_text(call, "at", rh_get_text(call, rows, 0));
        rh_out_text(call, "kind", "load");
        rh_out_text(call, "subject", "procedures");
        for (int32_t i = 0; i < 4; i++)
            rh_out_int(call, numbers[i], rh_get_int(call, rows, 1 + i));
        rh_out_end(call);
    }
    if (rc >= 0)
        rh_close(call, rows);
    return rc;
}

int32_t procedure_clashes(struct rh_call *call)
{
    const char *from = rh_day_text(call, (int32_t)rh_param_int(call, "from"));
    const char *until = rh_day_text(call, (int32_t)rh_param_int(call, "until"));
    int32_t rc;

    rh_out_array(call, "items");
    if ((rc = put_clashes(call, from, until)) < 0 || (rc = put_load(call, from, until)) < 0)
        return rc;
    rh_out_end(call);
    return 0;
}
