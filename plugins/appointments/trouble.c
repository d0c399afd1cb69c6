/*
 * Dates that have become impossible: a holiday or an absence came, the team or the procedure's
 * month changed. Each stays in the list until the meeting is moved, called off, or fits again;
 * others hear of it once (appointments.impossible), and once more when it fits
 * (appointments.possible).
 */
#include "plugins/appointments/internal.h"

#include <string.h>

struct look {
    struct rh_call *call;
    struct meeting meeting;
    struct clash found[CLASHES_MAX];
    int32_t count;
    /* the calendar of the office looked at last */
    const char *office;
    struct rh_calendar *calendar;
};

static void add(struct look *look, const char *kind, const char *who, const char *de,
                const char *en)
{
    if (look->count < CLASHES_MAX)
        look->found[look->count++] = (struct clash){kind, who, de, en};
}

/* ---- what stands against it ---- */

/* The office's own calendar is opened once for all its meetings. */
static int32_t calendar_of(struct look *look, struct rh_calendar **ret_calendar)
{
    const char *office = look->meeting.office ? look->meeting.office : "";
    int32_t rc = 0;

    if (!look->calendar || strcmp(look->office, office) != 0) {
        rc = rh_calendar_open(look->call, look->meeting.office, &look->calendar);
        look->office = office;
    }
    *ret_calendar = look->calendar;
    return rc;
}

static int32_t look_at_time(struct look *look)
{
    struct person people[PEOPLE_MAX];
    struct question question;
    int32_t rc = meeting_question(look->call, &look->meeting, people, &question);

    if (rc < 0 || (rc = calendar_of(look, &question.calendar)) < 0)
        return rc;
    look->count = clash_find(look->call, &question, look->found);
    return look->count < 0 ? look->count : 0;
}

static int32_t look_at_team(struct look *look)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(look->call, &rows,
                          "SELECT 1 FROM v_appointments_attendee WHERE meeting = ?1 AND kind = "
                          "'moderator' LIMIT 1",
                          "s", look->meeting.id);

    if (rc < 0 || (rc = rh_next(look->call, rows)) < 0)
        return rc;
    rh_close(look->call, rows);
    if (rc == 0)
        add(look, "team", look->meeting.office, "niemand aus dem Team nimmt teil",
            "nobody of a team takes part");
    return 0;
}

static int32_t look_at_procedure(struct look *look)
{
    struct rh_call *call = look->call;
    const char *state, *month;
    struct rh_rows *rows;
    bool moved;
    int32_t rc = rh_query(call, &rows,
                          "SELECT p.state, p.start_month, p.start_month IS NOT m.start_month FROM "
                          "appointments_meeting m LEFT JOIN v_procedure p ON p.id = m.procedure "
                          "WHERE m.id = ?1",
                          "s", look->meeting.id);

    if (rc < 0 || (rc = rh_next(call, rows)) != 1)
        return rc;
    state = rh_get_text(call, rows, 0);
    month = rh_get_text(call, rows, 1);
    moved = rh_get_int(call, rows, 2) != 0;
    rh_close(call, rows);
    if (!state || strcmp(state, "cancelled") == 0)
        add(look, "gone", look->meeting.procedure, "das Verfahren gibt es nicht mehr",
            "the procedure does not exist any more");
    else if (moved)
        add(look, "moved", look->meeting.procedure,
            rh_format(call, "das Verfahren beginnt jetzt im %s",
                      "das Verfahren beginnt jetzt im %s", month),
            rh_format(call, "the procedure begins in %s now", "the procedure begins in %s now",
                      month));
    return 0;
}

static int32_t look_at_step(struct look *look)
{
    struct rh_call *call = look->call;
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT s.state IN ('skipped','cancelled'), s.due_day FROM v_step s JOIN "
        "appointments_meeting m ON m.procedure = s.procedure AND m.step = s.step WHERE m.id = ?1 "
        "AND (s.state IN ('skipped','cancelled') OR (m.told IS NOT NULL AND s.state <> 'done' AND "
        "s.due_day IS NOT m.day))",
        "s", look->meeting.id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1 && rh_get_int(call, rows, 0))
        add(look, "gone", look->meeting.step, "der Schritt entfällt", "the step is skipped");
    else if (rc == 1) {
        const char *day = rh_is_null(call, rows, 1) ? "–" : rh_get_text(call, rows, 1);

        add(look, "differs", look->meeting.step,
            rh_format(call, "am Verfahren steht ein anderer Tag: %s",
                      "am Verfahren steht ein anderer Tag: %s", day),
            rh_format(call, "the procedure has another day: %s",
                      "the procedure has another day: %s", day));
    }
    rh_close(call, rows);
    return 0;
}

/* ---- kept, and told ---- */

static int32_t count_kept(struct rh_call *call, const char *meeting, int64_t *ret_count)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows, "SELECT count(*) FROM appointments_trouble WHERE meeting = ?1", "s", meeting);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    *ret_count = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

/* Those found stay with the time since when they are known; the others go. */
static int32_t keep(struct look *look, int64_t *ret_new)
{
    struct rh_call *call = look->call;
    const char *id = look->meeting.id, *json = "[]";
    int64_t changed;

    *ret_new = 0;
    for (int32_t i = 0; i < look->count; i++) {
        const struct clash *clash = &look->found[i];
        struct rh_rows *rows;
        int32_t rc;

        changed =
            rh_exec(call,
                    "INSERT INTO appointments_trouble(meeting, kind, who, reason_de, "
                    "reason_en, since_utc) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO "
                    "UPDATE SET reason_de = excluded.reason_de, reason_en = "
                    "excluded.reason_en WHERE reason_de IS NOT excluded.reason_de",
                    "sssssi", id, clash->kind, clash->who, clash->de, clash->en, rh_now_utc(call));
        if (changed < 0)
            return (int32_t)changed;
        *ret_new += changed;
        if ((rc = rh_query(call, &rows, "SELECT json_insert(?1, '$[#]', ?2 || '/' || ?3)", "sss",
                           json, clash->kind, clash->who)) < 0 ||
            (rc = rh_next(call, rows)) < 0)
            return rc;
        json = rh_get_text(call, rows, 0);
        rh_close(call, rows);
    }
    changed = rh_exec(call,
                      "DELETE FROM appointments_trouble WHERE meeting = ?1 AND kind || '/' || who "
                      "NOT IN (SELECT value FROM json_each(?2))",
                      "ss", id, json);
    return changed < 0 ? (int32_t)changed : 0;
}

static const char *reasons_json(struct rh_call *call, const char *meeting)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows,
                 "SELECT json_object('reasons', json_group_array(json_object('kind', kind, 'who', "
                 "who))) FROM appointments_trouble WHERE meeting = ?1",
                 "s", meeting) == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

/* Fixed, or held by the planning; the options of a poll are looked at when it is decided. */
static bool stands(const struct meeting *meeting)
{
    return strcmp(meeting->state, "fixed") == 0 ||
           (strcmp(meeting->state, "held") == 0 && meeting->poll == 0);
}

static int32_t look_at(struct look *look, const char *id)
{
    struct rh_call *call = look->call;
    int64_t before = 0, new = 0, seq = 0;
    int32_t rc = meeting_load(call, id, &look->meeting);

    look->count = 0;
    if (rc < 0 || (rc = count_kept(call, id, &before)) < 0)
        return rc;
    if (stands(&look->meeting) && look->meeting.at.start_utc > rh_now_utc(call)) {
        if ((rc = look_at_time(look)) < 0 ||
            (look->meeting.procedure &&
             ((rc = look_at_team(look)) < 0 || (rc = look_at_procedure(look)) < 0 ||
              (rc = look_at_step(look)) < 0)))
            return rc;
    }
    if ((rc = keep(look, &new)) < 0)
        return rc;
    if (new > 0)
        seq = rh_event(call, "appointments.impossible", id, NULL, reasons_json(call, id));
    else if (before > 0 && look->count == 0 && stands(&look->meeting))
        seq = rh_event(call, "appointments.possible", id, NULL, NULL);
    return seq < 0 ? (int32_t)seq : 0;
}

/* All that the query names are read first: looking changes what they are read from. */
static int32_t look_at_all(struct rh_call *call, const char *sql, const char *argument)
{
    struct look *look = rh_alloc_in(call, sizeof(*look));
    struct rh_rows *rows;
    const char *list = NULL;
    int32_t rc;

    if (!look)
        return RH_ENOMEM;
    look->call = call;
    if ((rc = rh_query(call, &rows, sql, "si", argument, rh_now_utc(call))) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    list = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    rc = rh_query(call, &rows, "SELECT value FROM json_each(?1)", "s", list);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        if ((rc = look_at(look, rh_get_text(call, rows, 0))) < 0)
            return rc;
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t trouble_look(struct rh_call *call, const char *procedure)
{
    return look_at_all(call,
                       "SELECT json_group_array(id) FROM (SELECT id FROM appointments_meeting "
                       "WHERE (state = 'fixed' OR state = 'held' AND poll IS NULL) AND start_utc > "
                       "?2 AND (?1 IS NULL OR procedure = "
                       "?1) ORDER BY office, start_utc)",
                       procedure);
}

int32_t trouble_again(struct rh_call *call, const char *meeting)
{
    return look_at_all(call,
                       "SELECT json_group_array(id) FROM (SELECT ?1 AS id UNION SELECT meeting "
                       "FROM appointments_trouble WHERE ?2 >= 0)",
                       meeting);
}

/* ---- seen by people ---- */

int32_t appointment_impossible(struct rh_call *call)
{
    int32_t rc = rh_out_query(
        call, "items",
        "SELECT t.meeting, m.procedure, m.office, o.name AS office_name, m.step, iif(?1, "
        "m.title_en, m.title_de) AS title, m.day, printf('%d:%02d', m.start_minute / 60, "
        "m.start_minute % 60) AS time, iif(?1, t.reason_en, t.reason_de) AS reason, t.kind, "
        "strftime('%Y-%m-%d', t.since_utc, 'unixepoch') AS since FROM appointments_trouble t JOIN "
        "appointments_meeting m ON m.id = t.meeting LEFT JOIN v_office o ON o.id = m.office ORDER "
        "BY m.start_utc, t.meeting, t.kind, t.who",
        "i", (int64_t)call->lang);

    return rc < 0 ? rc : 0;
}
