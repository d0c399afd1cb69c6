/* Meetings, procedures and steps, as people name them. */
#include "plugins/appointments/internal.h"

#include <string.h>

static int32_t read_meeting(struct rh_call *call, struct rh_rows *rows, struct meeting *meeting)
{
    *meeting = (struct meeting){
        .id = rh_get_text(call, rows, 0),
        .procedure = rh_get_text(call, rows, 1),
        .office = rh_get_text(call, rows, 2),
        .step = rh_get_text(call, rows, 3),
        .conference = rh_get_text(call, rows, 4),
        .title_de = rh_get_text(call, rows, 5),
        .title_en = rh_get_text(call, rows, 6),
        .at = {.start = (int32_t)rh_get_int(call, rows, 8),
               .end = (int32_t)rh_get_int(call, rows, 9),
               .start_utc = rh_get_int(call, rows, 10),
               .end_utc = rh_get_int(call, rows, 11)},
        .place = rh_get_text(call, rows, 12),
        .video = rh_get_text(call, rows, 13),
        .note = rh_get_text(call, rows, 14),
        .state = rh_get_text(call, rows, 15),
        .token = rh_get_text(call, rows, 16),
        .sequence = rh_get_int(call, rows, 17),
        .poll = rh_get_int(call, rows, 18),
        .mails = rh_get_int(call, rows, 19) != 0,
    };
    return rh_day_parse(call, rh_get_text(call, rows, 7), &meeting->at.day);
}

int32_t meeting_load(struct rh_call *call, const char *id, struct meeting *ret_meeting)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT id, procedure, office, step, conference, title_de, title_en, day, "
                 "start_minute, end_minute, start_utc, end_utc, place, video, note, state, token, "
                 "sequence, ifnull(poll, 0), mails FROM appointments_meeting WHERE id = ?1",
                 "s", id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    rc = rc == 1 ? read_meeting(call, rows, ret_meeting)
                 : rh_fail(call, RH_ENOTFOUND, "den Termin '%.60s' gibt es nicht",
                           "there is no meeting '%.60s'", id);
    rh_close(call, rows);
    return rc;
}

int32_t meeting_named(struct rh_call *call, struct meeting *ret_meeting)
{
    const char *named = rh_param_text(call, "meeting"), *id = NULL;
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, "SELECT id FROM appointments_meeting WHERE id = ?1", "s", named);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        id = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (!id &&
        (rc = rh_resolve(call,
                         "SELECT id, office || '/' || step, procedure || '/' || step, iif(step IS "
                         "NULL, title_de, NULL), iif(step IS NULL, title_en, NULL) FROM "
                         "appointments_meeting WHERE state = 'fixed'",
                         RH_TEXT("vereinbarten Termin (etwa lemgo/session)",
                                 "fixed meeting (such as lemgo/session)"),
                         named, &id)) < 0)
        return rc;
    return meeting_load(call, id, ret_meeting);
}

int32_t procedure_named(struct rh_call *call, const char *named, const char **ret_procedure,
                        const char **ret_office)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_resolve(call,
                   "SELECT id, office, office_name, short_name FROM v_procedure WHERE "
                   "state IN ('planned','running')",
                   RH_TEXT("geplantes oder laufendes Verfahren", "planned or running procedure"),
                   named, ret_procedure);

    if (rc < 0 || (rc = rh_query(call, &rows, "SELECT office FROM v_procedure WHERE id = ?1", "s",
                                 *ret_procedure)) < 0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1)
        *ret_office = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

/* The parameters of 'process show': the version that the procedure runs by, else the one that new
 * procedures take; NULL when there is no process at all. */
static int32_t version_of(struct rh_call *call, const char *procedure, const char **ret_params)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT json_object('process', process, 'version', hash) FROM (SELECT process, hash, 0 AS "
        "place, 0 AS added FROM v_run WHERE procedure = ?1 UNION ALL SELECT name, hash, 1, "
        "-added_utc FROM v_process WHERE retired = 0) ORDER BY place, added LIMIT 1",
        "s", procedure);

    *ret_params = NULL;
    if (rc < 0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1)
        *ret_params = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t process_of(struct rh_call *call, const char *procedure, const char **ret_process)
{
    const char *params;
    int32_t rc = version_of(call, procedure, &params);

    if (rc < 0)
        return rc;
    if (!params)
        return rh_fail(call, RH_ENOTFOUND,
                       "es gibt noch keinen Ablauf; 'process import' liest einen ein",
                       "there is no process yet; 'process import' reads one");
    return rh_operate_in(call, "process show", params, ret_process);
}

int32_t step_named(struct rh_call *call, const char *procedure, const char *step,
                   struct step_kind *ret_kind)
{
    const char *process;
    struct rh_rows *rows;
    bool is_appointment;
    int32_t rc;

    if ((rc = process_of(call, procedure, &process)) < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT value ->> 'title_de', value ->> 'title_en', value ->> "
                       "'appointment', value ->> 'at', value ->> 'until', value ->> 'step' FROM "
                       "json_each(?1, '$.items') WHERE value ->> 'step' = ?2",
                       "ss", process, step)) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND, "den Schritt '%.60s' gibt es im Ablauf von %s nicht",
                       "there is no step '%.60s' in the process of %s", step, procedure);
    *ret_kind =
        (struct step_kind){rh_get_text(call, rows, 0), rh_get_text(call, rows, 1),
                           (int32_t)rh_get_int(call, rows, 3), (int32_t)rh_get_int(call, rows, 4)};
    is_appointment = rh_get_int(call, rows, 2) != 0;
    rh_close(call, rows);
    if (is_appointment)
        return 0;
    return rh_fail(call, RH_EINVALID,
                   "der Schritt '%s' ist eine Frist, kein Termin; 'deadline set' setzt sie",
                   "the step '%s' is a deadline, not a meeting; 'deadline set' sets it", step);
}
