/*
 * What becomes of a meeting. Each change is the meeting, what the procedure, other modules and
 * calendars are told of it, and what is mailed, in one transaction.
 */
#include "plugins/appointments/internal.h"

#include <string.h>

/* ---- telling ---- */

/* A meeting as its events tell it. */
static const char *meeting_json(struct rh_call *call, const char *id)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows,
                 "SELECT json_object('procedure', procedure, 'office', office, 'step', step, "
                 "'day', day, 'start_minute', start_minute, 'end_minute', end_minute, 'state', "
                 "state, 'sequence', sequence) FROM appointments_meeting WHERE id = ?1",
                 "s", id) == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

static int32_t tell(struct rh_call *call, const char *topic, const char *id, const char *before)
{
    int64_t seq = rh_event(call, topic, id, before, meeting_json(call, id));

    return seq < 0 ? (int32_t)seq : 0;
}

int32_t meeting_tell_procedure(struct rh_call *call, const char *id)
{
    struct rh_rows *rows;
    const char *params = NULL, *told = NULL;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT CASE m.state WHEN 'fixed' THEN json_object('procedure', m.procedure, 'step', "
        "m.step, 'on', m.day, 'at', printf('%d:%02d', m.start_minute / 60, m.start_minute % 60), "
        "'until', printf('%d:%02d', m.end_minute / 60, m.end_minute % 60)) ELSE "
        "json_object('procedure', m.procedure, 'step', m.step) END, CASE m.state WHEN 'fixed' "
        "THEN m.day || '/' || m.start_minute || '/' || m.end_minute END FROM "
        "appointments_meeting m JOIN v_run r ON r.procedure = m.procedure AND r.state IN "
        "('planned','running','paused') JOIN v_step s ON s.procedure = m.procedure AND s.step = "
        "m.step AND s.state NOT IN ('done','skipped','cancelled') WHERE m.id = ?1 AND m.end_minute "
        "< 1440 AND CASE m.state WHEN 'fixed' THEN m.told IS NOT m.day || '/' || m.start_minute "
        "|| '/' || m.end_minute ELSE m.told IS NOT NULL END",
        "s", id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1) {
        params = rh_get_text(call, rows, 0);
        told = rh_get_text(call, rows, 1);
    }
    rh_close(call, rows);
    if (!params)
        return 0;
    if ((rc = rh_operate_in(call, "step date", params, &(const char *){NULL})) < 0)
        return rc;
    return rh_exec(call, "UPDATE appointments_meeting SET told = ?2 WHERE id = ?1", "ss", id,
                   told) < 0
               ? RH_EFAILED
               : 0;
}

/* ---- adding ---- */

static int32_t refuse_second(struct rh_call *call, const char *procedure, const char *step)
{
    struct meeting other;
    struct rh_rows *rows;
    const char *id = NULL;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT id FROM appointments_meeting WHERE procedure = ?1 AND step = ?2 AND state "
                 "= 'fixed'",
                 "ss", procedure, step);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        id = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (!id)
        return 0;
    if ((rc = meeting_load(call, id, &other)) < 0)
        return rc;
    return rh_fail(call, RH_ECONFLICT,
                   "%s von %s ist schon vereinbart: %s; 'appointment move %s/%s' verlegt sie",
                   "%s of %s is fixed already: %s; 'appointment move %s/%s' moves it",
                   call->lang == 0 ? other.title_de : other.title_en, other.office,
                   span_text(call, &other.at), other.office, step);
}

static int32_t insert_meeting(struct rh_call *call, const struct wish *wish, const char *id)
{
    char token[TOKEN_SIZE];
    int64_t changed;

    token_new(token);
    changed = rh_exec(
        call,
        "INSERT INTO appointments_meeting(id, procedure, office, step, conference, title_de, "
        "title_en, day, start_minute, end_minute, start_utc, end_utc, place, video, note, state, "
        "mails, token, plan, poll, created_utc, created_by, changed_utc, start_month) VALUES (?1, "
        "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, "
        "nullif(?20, 0), ?21, ?22, ?21, (SELECT start_month FROM v_procedure WHERE id = ?2))",
        "ssssssssiiiissssissiis", id, wish->procedure, wish->office, wish->step, wish->conference,
        wish->title_de, wish->title_en, rh_day_text(call, wish->at.day), (int64_t)wish->at.start,
        (int64_t)wish->at.end, wish->at.start_utc, wish->at.end_utc, wish->place, wish->video,
        wish->note, wish->held ? "held" : "fixed", (int64_t)wish->mails, token, wish->plan,
        wish->poll, rh_now_utc(call), rh_actor(call));
    return changed < 0 ? (int32_t)changed : 0;
}

static int32_t insert_attendee(struct rh_call *call, const char *meeting,
                               const struct person *person)
{
    int64_t changed = rh_exec(
        call,
        "INSERT INTO appointments_attendee(meeting, kind, ref, name, email, language, role) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        "sssssss", meeting, person->kind, person->ref, person->name, person->email,
        person->language, person->role);

    return changed < 0 ? (int32_t)changed : 0;
}

int32_t meeting_add(struct rh_call *call, const struct wish *wish, const struct person *people,
                    int32_t count, const char **ret_id)
{
    char id[UUID_SIZE];
    int32_t rc = 0;

    if (wish->procedure && !wish->held)
        rc = refuse_second(call, wish->procedure, wish->step);
    uuid_new(id);
    if (rc < 0 || (rc = insert_meeting(call, wish, id)) < 0)
        return rc;
    *ret_id = rh_format(call, "%s", "%s", id);
    for (int32_t i = 0; i < count && rc == 0; i++)
        rc = insert_attendee(call, *ret_id, &people[i]);
    if (rc < 0)
        return rc;
    if (wish->held)
        return tell(call, "appointments.held", *ret_id, NULL);
    if ((rc = meeting_tell_procedure(call, *ret_id)) < 0 ||
        (rc = tell(call, "appointments.fixed", *ret_id, NULL)) < 0)
        return rc;
    return appointments_invite(call, *ret_id);
}

/* ---- changing ---- */

static bool differ(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) != 0 : a != b;
}

static int32_t ask_anew(struct rh_call *call, const char *id)
{
    return rh_exec(call,
                   "UPDATE appointments_attendee SET partstat = 'needs-action', answered_utc = "
                   "NULL, comment = NULL, dismissed_utc = NULL WHERE meeting = ?1 AND removed_utc "
                   "IS NULL",
                   "s", id) < 0
               ? RH_EFAILED
               : 0;
}

/* Others may be free again, or not any more: the troubles of all, which are few, are looked at. */
static int32_t follow(struct rh_call *call, const struct meeting *meeting, const char *topic,
                      const char *before)
{
    int32_t rc = tell(call, topic, meeting->id, before);

    return rc < 0 ? rc : trouble_again(call, meeting->id);
}

int32_t meeting_change(struct rh_call *call, const struct meeting *meeting, const struct span *at,
                       const char *place, const char *video, const char *note, const char *reason)
{
    const char *before = meeting_json(call, meeting->id);
    bool moved = at->start_utc != meeting->at.start_utc || at->end_utc != meeting->at.end_utc;
    bool visible = moved || differ(place, meeting->place);
    int64_t changed = rh_exec(
        call,
        "UPDATE appointments_meeting SET day = ?2, start_minute = ?3, end_minute = ?4, start_utc = "
        "?5, end_utc = ?6, place = ?7, video = ?8, note = ?9, reason = ?10, sequence = sequence + "
        "?11, changed_utc = ?12, start_month = (SELECT start_month FROM v_procedure p WHERE p.id = "
        "appointments_meeting.procedure) WHERE id = ?1",
        "ssiiiissssii", meeting->id, rh_day_text(call, at->day), (int64_t)at->start,
        (int64_t)at->end, at->start_utc, at->end_utc, place, video, note, reason, (int64_t)visible,
        rh_now_utc(call));
    int32_t rc;

    if (changed < 0 || (moved && ask_anew(call, meeting->id) < 0))
        return RH_EFAILED;
    if ((rc = meeting_tell_procedure(call, meeting->id)) < 0 ||
        (rc = follow(call, meeting, "appointments.moved", before)) < 0)
        return rc;
    return strcmp(meeting->state, "fixed") == 0 ? appointments_invite(call, meeting->id) : 0;
}

int32_t meeting_confirm(struct rh_call *call, const struct meeting *meeting)
{
    const char *before = meeting_json(call, meeting->id);
    int32_t rc = refuse_second(call, meeting->procedure, meeting->step);

    if (rc < 0)
        return rc;
    if (rh_exec(call,
                "UPDATE appointments_meeting SET state = 'fixed', changed_utc = ?2 WHERE id = ?1 "
                "AND state = 'held'",
                "si", meeting->id, rh_now_utc(call)) < 0)
        return RH_EFAILED;
    if ((rc = meeting_tell_procedure(call, meeting->id)) < 0 ||
        (rc = tell(call, "appointments.fixed", meeting->id, before)) < 0)
        return rc;
    return appointments_invite(call, meeting->id);
}

int32_t meeting_end(struct rh_call *call, const struct meeting *meeting, const char *reason)
{
    const char *before = meeting_json(call, meeting->id);
    bool held = strcmp(meeting->state, "held") == 0;
    int32_t rc;

    if (rh_exec(call,
                "UPDATE appointments_meeting SET state = 'cancelled', sequence = sequence + 1, "
                "reason = ?2, changed_utc = ?3 WHERE id = ?1",
                "ssi", meeting->id, reason, rh_now_utc(call)) < 0)
        return RH_EFAILED;
    if ((!held && (rc = meeting_tell_procedure(call, meeting->id)) < 0) ||
        (rc = follow(call, meeting, held ? "appointments.released" : "appointments.cancelled",
                     before)) < 0)
        return rc;
    return held ? 0 : appointments_uninvite(call, meeting->id, 0);
}

/* ---- attendees ---- */

static const char *attendee_json(struct rh_call *call, int64_t attendee, const char *was,
                                 const char *is)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows, "SELECT json_object('attendee', ?1, 'was', ?2, 'is', ?3)", "iss",
                 attendee, was, is) == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

static int32_t tell_attendee(struct rh_call *call, const char *topic, const char *meeting,
                             int64_t attendee, const char *was, const char *is)
{
    int64_t seq = rh_event(call, topic, meeting, NULL, attendee_json(call, attendee, was, is));

    return seq < 0 ? (int32_t)seq : 0;
}

int32_t attendee_add(struct rh_call *call, const struct meeting *meeting,
                     const struct person *person)
{
    int32_t rc = insert_attendee(call, meeting->id, person);

    if (rc < 0 || (rc = tell_attendee(call, "appointments.joined", meeting->id, rh_last_id(call),
                                      NULL, "needs-action")) < 0)
        return rc;
    return strcmp(meeting->state, "fixed") == 0 ? appointments_invite(call, meeting->id) : 0;
}

int32_t attendee_remove(struct rh_call *call, const struct meeting *meeting, int64_t attendee,
                        const char *reason)
{
    int64_t changed = rh_exec(call,
                              "UPDATE appointments_attendee SET removed_utc = ?3, comment = ?4 "
                              "WHERE meeting = ?1 AND id = ?2 AND removed_utc IS NULL",
                              "siis", meeting->id, attendee, rh_now_utc(call), reason);
    int32_t rc;

    if (changed <= 0)
        return (int32_t)changed;
    if ((rc = tell_attendee(call, "appointments.left", meeting->id, attendee, NULL, NULL)) < 0)
        return rc;
    return strcmp(meeting->state, "fixed") == 0 ? appointments_uninvite(call, meeting->id, attendee)
                                                : 0;
}

int32_t attendee_answered(struct rh_call *call, const struct meeting *meeting, int64_t attendee,
                          const struct answer *answer)
{
    struct rh_rows *rows;
    const char *was = NULL;
    int32_t rc = rh_query(call, &rows,
                          "SELECT partstat FROM appointments_attendee WHERE id = ?1 AND meeting = "
                          "?2 AND removed_utc IS NULL",
                          "is", attendee, meeting->id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        was = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (!was)
        return rh_fail(call, RH_ENOTFOUND, "an diesem Termin nimmt sie oder er nicht (mehr) teil",
                       "they do not take part in this meeting (any more)");
    if (rh_exec(call,
                "UPDATE appointments_attendee SET partstat = ?2, comment = ?3, answered_utc = ?4, "
                "answer_sequence = ?5, answer_stamp_utc = ?6, dismissed_utc = NULL WHERE id = ?1",
                "issiii", attendee, answer->partstat, answer->comment, rh_now_utc(call),
                answer->sequence, answer->stamp_utc) < 0)
        return RH_EFAILED;
    return tell_attendee(call, "appointments.answered", meeting->id, attendee, was,
                         answer->partstat);
}
