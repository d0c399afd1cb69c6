/* What people see of meetings: lists, one meeting and who comes. */
#include "plugins/appointments/internal.h"

/* Minutes as "9:00". */
#define CLOCK(minute) "printf('%d:%02d', " minute " / 60, " minute " % 60)"
#define TIME          CLOCK("m.start_minute") " || '–' || " CLOCK("m.end_minute")
#define ANSWERS(partstat)                                                                          \
    "(SELECT count(*) FROM v_appointments_attendee a WHERE a.meeting = m.id AND a.partstat "       \
    "IN " partstat ")"
#define TEAM                                                                                       \
    "(SELECT group_concat(name, ', ') FROM (SELECT a.name FROM v_appointments_attendee a WHERE "   \
    "a.meeting = m.id AND a.kind = 'moderator' ORDER BY a.id))"
#define COLUMNS                                                                                    \
    "m.id AS meeting, m.procedure, m.office, o.name AS office_name, m.step, iif(?1, m.title_en, "  \
    "m.title_de) AS title, m.day, " TIME " AS time, m.place, " TEAM " AS team, m.state, "          \
    "m.state = 'fixed' AS is_fixed, m.state = 'held' AS is_held, " ANSWERS(                        \
        "('accepted')") " AS accepted, " ANSWERS("('declined')") " AS declined, " ANSWERS("('"     \
                                                                                          "needs-" \
                                                                                          "action" \
                                                                                          "','"    \
                                                                                          "tentat" \
                                                                                          "ive','" \
                                                                                          "delega" \
                                                                                          "ted')") " AS waiting, m.impossible "
#define FROM "FROM v_appointments_meeting m LEFT JOIN v_office o ON o.id = m.office "

/* The id of what a parameter names; NULL when it is not given. */
static int32_t resolve_param(struct rh_call *call, const char *param, const char *sql,
                             struct rh_text what, const char **ret_id)
{
    *ret_id = NULL;
    return rh_param_given(call, param)
               ? rh_resolve(call, sql, what, rh_param_text(call, param), ret_id)
               : 0;
}

static const char *day_param(struct rh_call *call, const char *param, const char *fallback)
{
    return rh_param_given(call, param) ? rh_day_text(call, (int32_t)rh_param_int(call, param))
                                       : fallback;
}

int32_t appointment_list(struct rh_call *call)
{
    const char *moderator, *office, *procedure, *round, *state = rh_param_text(call, "state");
    int32_t rc;

    if ((rc = resolve_param(call, "moderator", "SELECT id, name FROM v_moderators_moderator",
                            RH_TEXT("Moderator*in", "moderator"), &moderator)) < 0 ||
        (rc = resolve_param(call, "office", "SELECT id, name, short_name FROM v_office",
                            RH_TEXT("Jugendamt", "office"), &office)) < 0 ||
        (rc = resolve_param(call, "procedure", "SELECT id FROM v_procedure",
                            RH_TEXT("Verfahren", "procedure"), &procedure)) < 0 ||
        (rc = resolve_param(call, "round", "SELECT id FROM v_round", RH_TEXT("Turnus", "round"),
                            &round)) < 0)
        return rc;
    rc = rh_out_query(
        call, "items",
        "SELECT " COLUMNS FROM
        "WHERE (?2 IS NULL OR m.id IN (SELECT meeting FROM v_appointments_attendee WHERE kind = "
        "'moderator' AND ref = ?2)) AND (?3 IS NULL OR m.office = ?3) AND (?4 IS NULL OR "
        "m.procedure = ?4) AND (?5 IS NULL OR m.procedure IN (SELECT id FROM v_procedure WHERE "
        "round = ?5)) AND m.day BETWEEN ?6 AND ?7 AND (CASE ?8 WHEN 'open' THEN m.state <> "
        "'cancelled' WHEN 'all' THEN 1 ELSE m.state = ?8 END) ORDER BY m.start_utc, m.id",
        "isssssss", (int64_t)call->lang, moderator, office, procedure, round,
        day_param(call, "from", rh_day_text(call, rh_today(call))),
        day_param(call, "until", "9999-12-31"), state);
    return rc < 0 ? rc : 0;
}

/* ---- one meeting ---- */

static int32_t put_facts(struct rh_call *call, const struct meeting *meeting)
{
    struct rh_rows *rows;
    bool is_fixed = meeting->state[0] == 'f';
    bool is_ahead = meeting->at.end_utc > rh_now_utc(call);
    int32_t rc = rh_query(
        call, &rows,
        "SELECT o.name, m.reason, m.created_by, strftime('%Y-%m-%d', m.created_utc, 'unixepoch'), "
        "strftime('%Y-%m-%d', m.changed_utc, 'unixepoch'), m.plan, m.mails FROM "
        "appointments_meeting m LEFT JOIN v_office o ON o.id = m.office WHERE m.id = ?1",
        "s", meeting->id);

    if (rc < 0 || (rc = rh_next(call, rows)) != 1)
        return rc;
    rh_out_text(call, "meeting", meeting->id);
    rh_out_text(call, "title", call->lang == 0 ? meeting->title_de : meeting->title_en);
    rh_out_text(call, "procedure", meeting->procedure);
    rh_out_text(call, "step", meeting->step);
    rh_out_text(call, "office", meeting->office);
    rh_out_text(call, "office_name", rh_get_text(call, rows, 0));
    rh_out_text(call, "conference", meeting->conference);
    rh_out_text(call, "day", rh_day_text(call, meeting->at.day));
    rh_out_text(call, "time", span_text(call, &meeting->at));
    rh_out_text(call, "place", meeting->place);
    rh_out_text(call, "video", meeting->video);
    rh_out_text(call, "note", meeting->note);
    rh_out_text(call, "state", meeting->state);
    rh_out_int(call, "sequence", meeting->sequence);
    rh_out_int(call, "poll", meeting->poll);
    rh_out_text(call, "reason", rh_get_text(call, rows, 1));
    rh_out_text(call, "created_by", rh_get_text(call, rows, 2));
    rh_out_text(call, "created", rh_get_text(call, rows, 3));
    rh_out_text(call, "changed", rh_get_text(call, rows, 4));
    rh_out_text(call, "plan", rh_get_text(call, rows, 5));
    rh_out_flag(call, "mails", rh_get_int(call, rows, 6) != 0);
    rh_out_flag(call, "is_cancelled", meeting->state[0] == 'c');
    rh_out_flag(call, "is_held", meeting->state[0] == 'h');
    rh_out_flag(call, "is_planned", meeting->state[0] == 'h' && meeting->poll == 0);
    rh_out_flag(call, "may_change", is_fixed && is_ahead);
    rh_out_flag(call, "may_confirm", meeting->state[0] == 'h' && meeting->poll == 0 && is_ahead);
    rh_close(call, rows);
    return 0;
}

int32_t appointment_show(struct rh_call *call)
{
    struct meeting meeting;
    int32_t rc;

    if ((rc = meeting_named(call, &meeting)) < 0 || (rc = put_facts(call, &meeting)) < 0 ||
        (rc = rh_out_query(
             call, "items",
             "SELECT a.id AS attendee, a.name, a.email, a.kind, a.role, a.partstat, a.comment, "
             "strftime('%Y-%m-%d', a.answered_utc, 'unixepoch') AS answered, "
             "strftime('%Y-%m-%d', a.invited_utc, 'unixepoch') AS invited, a.email IS NULL AS "
             "unreachable, a.partstat = 'accepted' AS is_accepted, a.partstat = 'declined' AS "
             "is_declined, a.partstat IN ('needs-action','delegated') AS is_open FROM "
             "v_appointments_attendee a WHERE a.meeting = ?1 ORDER BY a.kind <> 'moderator', "
             "a.role "
             "DESC, a.id",
             "s", meeting.id)) < 0 ||
        (rc = rh_out_query(
             call, "left",
             "SELECT name, kind, comment AS reason, strftime('%Y-%m-%d', removed_utc, "
             "'unixepoch') AS day FROM appointments_attendee WHERE meeting = ?1 AND removed_utc IS "
             "NOT NULL ORDER BY removed_utc, id",
             "s", meeting.id)) < 0 ||
        (rc = rh_out_query(call, "impossible",
                           "SELECT iif(?1, reason_en, reason_de) AS reason, kind, "
                           "strftime('%Y-%m-%d', since_utc, 'unixepoch') AS since FROM "
                           "appointments_trouble WHERE meeting = ?2 ORDER BY kind, who",
                           "is", (int64_t)call->lang, meeting.id)) < 0)
        return rc;
    rc = rh_out_query(call, "letters",
                      "SELECT s.method, s.sequence, a.name, strftime('%Y-%m-%d', s.at_utc, "
                      "'unixepoch') AS day, v.id AS mail, v.state AS mail_state FROM "
                      "appointments_message s JOIN appointments_attendee a ON a.id = s.attendee "
                      "LEFT JOIN v_mail v ON v.key = s.mail_key AND v.copy = 0 WHERE s.meeting = "
                      "?1 ORDER BY s.id",
                      "s", meeting.id);
    return rc < 0 ? rc : 0;
}

/* ---- the dates of a procedure: each step that is a meeting, fixed or not ---- */

/* ?1 language, ?2 procedure, ?3 its process, ?4 now. A step has one fixed meeting, or one that the
 * planning holds, or none. */
static const char dates_sql[] =
    "SELECT p.value ->> 'step' AS step, iif(?1, p.value ->> 'title_en', p.value ->> 'title_de') AS "
    "title, m.id AS meeting, m.day, iif(m.id IS NULL, NULL, " TIME ") AS time, m.place, "
    "(SELECT count(*) FROM v_appointments_attendee a WHERE a.meeting = m.id AND a.partstat = "
    "'accepted') AS accepted, (SELECT count(*) FROM v_appointments_attendee a WHERE a.meeting = "
    "m.id AND a.partstat = 'declined') AS declined, (SELECT count(*) FROM v_appointments_attendee "
    "a WHERE a.meeting = m.id AND a.partstat IN ('needs-action','tentative','delegated')) AS "
    "waiting, m.impossible, m.state = 'held' AS is_held, m.state = 'fixed' AS is_fixed, m.end_utc "
    "> ?4 AS is_ahead, s.due_day AS due, ifnull(s.state NOT IN ('done','skipped','cancelled'), 1) "
    "AS is_open, (SELECT id FROM appointments_poll x WHERE x.procedure = ?2 AND x.step = p.value "
    "->> 'step' AND x.state = 'open') AS poll FROM json_each(?3, '$.items') p LEFT JOIN "
    "v_appointments_meeting m ON m.procedure = ?2 AND m.step = p.value ->> 'step' AND (m.state = "
    "'fixed' OR m.state = 'held' AND m.poll IS NULL) LEFT JOIN v_step s ON s.procedure = ?2 AND "
    "s.step = p.value ->> 'step' WHERE p.value ->> 'appointment' ORDER BY p.key";

int32_t appointment_dates(struct rh_call *call)
{
    const char *procedure, *process;
    struct rh_rows *rows;
    int32_t rc;

    if ((rc = rh_resolve(call, "SELECT id, office, office_name FROM v_procedure",
                         RH_TEXT("Verfahren", "procedure"), rh_param_text(call, "procedure"),
                         &procedure)) < 0 ||
        (rc = process_of(call, procedure, &process)) < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT office, office_name, start_month FROM v_procedure WHERE id = ?1",
                       "s", procedure)) < 0)
        return rc;
    rh_out_text(call, "procedure", procedure);
    if ((rc = rh_next(call, rows)) == 1) {
        rh_out_text(call, "office", rh_get_text(call, rows, 0));
        rh_out_text(call, "office_name", rh_get_text(call, rows, 1));
        rh_out_text(call, "start_month", rh_get_text(call, rows, 2));
    }
    rh_close(call, rows);
    if (rc < 0)
        return rc;
    rc = rh_out_query(call, "items", dates_sql, "issi", (int64_t)call->lang, procedure, process,
                      rh_now_utc(call));
    return rc < 0 ? rc : 0;
}
