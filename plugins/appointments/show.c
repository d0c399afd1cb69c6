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
