/* What happens elsewhere and concerns meetings: nothing of it is left silently. */
#include "plugins/appointments/internal.h"

#include <string.h>

/* ---- the procedure begins, goes on, ends ---- */

/* A procedure may hear of its dates only once it is on its way. By a job: a process that refuses a
 * date must not stop what was being done. */
static int32_t arm_telling(struct rh_call *call, const struct rh_event *event,
                           const char *procedure)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT 1 FROM appointments_meeting m JOIN v_step s ON s.procedure = m.procedure AND "
        "s.step = m.step AND s.state NOT IN ('done','skipped','cancelled') WHERE m.state = 'fixed' "
        "AND m.told IS NULL AND (?1 IS NULL OR m.procedure = ?1) LIMIT 1",
        "s", procedure);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    rh_close(call, rows);
    if (rc == 0)
        return 0;
    return rh_job_add(call, "appointments.tell",
                      rh_format(call, "%lld", "%lld", (long long)event->seq), procedure,
                      rh_now_utc(call));
}

int32_t tell_job(struct rh_call *call, const char *key, const char *payload)
{
    struct rh_rows *rows;
    const char *list;
    int32_t rc = rh_query(call, &rows,
                          "SELECT json_group_array(id) FROM appointments_meeting WHERE state = "
                          "'fixed' AND told IS NULL AND procedure IS NOT NULL AND (?1 IS NULL OR "
                          "procedure = ?1)",
                          "s", payload);

    (void)key;
    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    list = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    rc = rh_query(call, &rows, "SELECT value FROM json_each(?1)", "s", list);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        if (meeting_tell_procedure(call, rh_get_text(call, rows, 0)) < 0)
            rh_forget(call); /* the meeting stays; the next event of the procedure tries again */
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t on_step(struct rh_call *call, const struct rh_event *event)
{
    bool ended = event->after && (strstr(event->after, "\"is\":\"skipped\"") ||
                                  strstr(event->after, "\"is\":\"cancelled\""));
    int32_t rc = arm_telling(call, event, event->subject);

    return rc < 0 || !ended ? rc : trouble_look(call, event->subject);
}

static int32_t end_all(struct rh_call *call, const char *procedure, const char *reason)
{
    struct rh_rows *rows;
    const char *list;
    int32_t rc = rh_query(call, &rows,
                          "SELECT json_group_array(id) FROM appointments_meeting WHERE procedure = "
                          "?1 AND state IN ('held','fixed') AND start_utc > ?2",
                          "si", procedure, rh_now_utc(call));

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    list = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    rc = rh_query(call, &rows, "SELECT value FROM json_each(?1)", "s", list);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct meeting meeting;

        if ((rc = meeting_load(call, rh_get_text(call, rows, 0), &meeting)) < 0 ||
            (rc = meeting_end(call, &meeting, reason)) < 0)
            return rc;
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t on_cancelled(struct rh_call *call, const struct rh_event *event)
{
    int32_t rc =
        polls_end(call, event->subject,
                  rh_format(call, "das Verfahren ist abgesagt", "the procedure is cancelled"));

    return rc < 0 ? rc
                  : end_all(call, event->subject,
                            rh_format(call, "das Verfahren ist abgesagt",
                                      "the procedure is cancelled"));
}

/* ---- plans ---- */

int32_t on_plan(struct rh_call *call, const struct rh_event *event)
{
    int32_t rc = trouble_look(call, NULL);

    return rc < 0 ? rc : arm_telling(call, event, NULL);
}

int32_t on_change(struct rh_call *call, const struct rh_event *event)
{
    (void)event;
    return trouble_look(call, NULL);
}

/* ---- teams ---- */

/* Who left the team leaves the meeting, who joined it is invited; the rest of the list stays. */
static int32_t replace_team(struct rh_call *call, const char *id)
{
    struct person people[PEOPLE_MAX];
    struct meeting meeting;
    struct rh_rows *rows;
    int32_t count, rc = meeting_load(call, id, &meeting);

    if (rc < 0 || (count = people_of(call, meeting.procedure, meeting.at.day, people)) < 0)
        return rc < 0 ? rc : count;
    rc = rh_query(call, &rows,
                  "SELECT id, ref FROM v_appointments_attendee WHERE meeting = ?1 AND kind = "
                  "'moderator' ORDER BY id",
                  "s", id);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *ref = rh_get_text(call, rows, 1);
        bool stays = false;

        for (int32_t i = 0; i < count; i++) {
            bool found = strcmp(people[i].kind, "moderator") == 0 && people[i].ref &&
                         strcmp(people[i].ref, ref) == 0;

            stays = stays || found;
            if (found)
                people[i].ref = NULL; /* there already */
        }
        if (!stays && (rc = attendee_remove(
                           call, &meeting, rh_get_int(call, rows, 0),
                           rh_format(call, "nicht mehr im Team", "not in the team any more"))) < 0)
            return rc;
    }
    rh_close(call, rows);
    for (int32_t i = 0; rc >= 0 && i < count; i++)
        if (people[i].ref && strcmp(people[i].kind, "moderator") == 0)
            rc = attendee_add(call, &meeting, &people[i]);
    return rc < 0 ? rc : 0;
}

static int32_t look_at_office(struct rh_call *call, const char *office)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT DISTINCT procedure FROM appointments_meeting WHERE office = ?1 "
                          "AND state <> 'cancelled' AND procedure IS NOT NULL",
                          "s", office);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        if ((rc = trouble_look(call, rh_get_text(call, rows, 0))) < 0)
            return rc;
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t on_team(struct rh_call *call, const struct rh_event *event)
{
    struct rh_rows *rows;
    const char *list;
    int32_t rc = rh_query(call, &rows,
                          "SELECT json_group_array(id) FROM appointments_meeting WHERE office = ?1 "
                          "AND procedure IS NOT NULL AND state IN ('held','fixed') AND start_utc > "
                          "?2",
                          "si", event->subject, rh_now_utc(call));

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    list = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    rc = rh_query(call, &rows, "SELECT value FROM json_each(?1)", "s", list);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        if ((rc = replace_team(call, rh_get_text(call, rows, 0))) < 0)
            return rc;
    rh_close(call, rows);
    return rc < 0 ? rc : look_at_office(call, event->subject);
}

int32_t on_moved(struct rh_call *call, const struct rh_event *event)
{
    return look_at_office(call, event->subject);
}

/* ---- conferences: the event is a meeting, too; invitations and answers stay there ---- */

int32_t on_conference(struct rh_call *call, const struct rh_event *event)
{
    struct wish wish = {.conference = event->subject};
    struct person *people;
    struct rh_rows *rows;
    const char *id;
    int32_t count, rc = rh_query(call, &rows,
                                 "SELECT title_de, title_en, place, day, start_minute, end_minute "
                                 "FROM v_conferences_conference WHERE id = ?1 AND start_minute IS "
                                 "NOT NULL",
                                 "s", event->subject);

    if (rc < 0 || (rc = rh_next(call, rows)) != 1)
        return rc;
    wish.title_de = rh_get_text(call, rows, 0);
    wish.title_en = rh_get_text(call, rows, 1);
    wish.place = rh_get_text(call, rows, 2);
    wish.at.start = (int32_t)rh_get_int(call, rows, 4);
    wish.at.end = (int32_t)rh_get_int(call, rows, 5);
    rc = rh_day_parse(call, rh_get_text(call, rows, 3), &wish.at.day);
    rh_close(call, rows);
    if (rc < 0 || (rc = span_complete(call, &wish.at)) < 0 ||
        (count = people_of_all(call, "moderators", &people)) < 0)
        return rc < 0 ? rc : count;
    return meeting_add(call, &wish, people, count, &id);
}

int32_t on_conference_invited(struct rh_call *call, const struct rh_event *event)
{
    int64_t changed = rh_exec(
        call,
        "INSERT INTO appointments_attendee(meeting, kind, ref, name, email, language, role) SELECT "
        "m.id, 'office', i.office, i.name, i.email, 'de', 'optional' FROM "
        "v_conferences_invitation i JOIN appointments_meeting m ON m.conference = i.conference "
        "WHERE i.conference = ?1 AND m.state = 'fixed' AND NOT EXISTS (SELECT 1 FROM "
        "appointments_attendee a WHERE a.meeting = m.id AND a.kind = 'office' AND a.ref = "
        "i.office)",
        "s", event->subject);

    return changed < 0 ? (int32_t)changed : 0;
}

/* Subject: conference/office. */
int32_t on_conference_answered(struct rh_call *call, const struct rh_event *event)
{
    int64_t changed = rh_exec(
        call,
        "UPDATE appointments_attendee SET partstat = i.partstat, comment = i.note, answered_utc = "
        "?2 FROM (SELECT m.id AS meeting, c.office, CASE c.answer WHEN 'yes' THEN 'accepted' WHEN "
        "'no' THEN 'declined' ELSE 'needs-action' END AS partstat, c.note FROM "
        "v_conferences_invitation c JOIN appointments_meeting m ON m.conference = c.conference "
        "WHERE c.conference || '/' || c.office = ?1) i WHERE appointments_attendee.meeting = "
        "i.meeting AND kind = 'office' AND ref = i.office",
        "si", event->subject, rh_now_utc(call));

    return changed < 0 ? (int32_t)changed : 0;
}
