/* What people do with meetings: fix, move, cancel, record an answer, send an invitation again. */
#include "plugins/appointments/internal.h"

#include <string.h>

/* ---- parameters ---- */

/* An address that may stand behind href and in a calendar: https, no spaces, no control characters.
 */
int32_t video_check(struct rh_call *call, const char *video)
{
    if (!video)
        return 0;
    if (strncmp(video, "https://", 8) == 0 && video[8])
        for (const char *c = video; (unsigned char)*c > ' ' && *c != 127 && *c != '"' &&
                                    *c != '<' && *c != '>' && *c != '\\';
             c++)
            if (!c[1])
                return 0;
    return rh_fail(call, RH_EINVALID, "--video '%.100s' ist keine Adresse wie https://…",
                   "--video '%.100s' is no address such as https://…", video);
}

/* What was given, an empty text meaning "none"; else what was there. */
static const char *text_or(struct rh_call *call, const char *param, const char *fallback)
{
    const char *text = rh_param_text(call, param);

    return !text ? fallback : *text ? text : NULL;
}

const char *office_name(struct rh_call *call, const char *office)
{
    struct rh_rows *rows;
    const char *name = NULL;

    if (rh_query(call, &rows, "SELECT name FROM v_office WHERE id = ?1", "s", office) == 0 &&
        rh_next(call, rows) == 1)
        name = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return name;
}

static int32_t put_meeting(struct rh_call *call, const char *id)
{
    struct meeting meeting;
    int32_t rc = meeting_load(call, id, &meeting);

    if (rc < 0)
        return rc;
    rh_out_text(call, "meeting", meeting.id);
    rh_out_text(call, "title", rh_say_in(call, RH_TEXT(meeting.title_de, meeting.title_en)));
    rh_out_text(call, "office", meeting.office);
    rh_out_text(call, "day", rh_day_text(call, meeting.at.day));
    rh_out_text(call, "time", span_text(call, &meeting.at));
    rh_out_text(call, "place", meeting.place);
    rh_out_text(call, "state", meeting.state);
    rh_out_int(call, "sequence", meeting.sequence);
    return 0;
}

/* ---- fix ---- */

int32_t step_refuse_done(struct rh_call *call, const char *procedure, const char *step)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT state = 'done' FROM v_step WHERE procedure = ?1 AND step = ?2 AND "
                 "state IN ('done','skipped','cancelled')",
                 "ss", procedure, step);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        rc = rh_get_int(call, rows, 0)
                 ? rh_fail(call, RH_ECONFLICT, "der Schritt '%s' von %s ist schon getan",
                           "the step '%s' of %s is done already", step, procedure)
                 : rh_fail(call, RH_ECONFLICT, "der Schritt '%s' von %s entfällt",
                           "the step '%s' of %s is skipped", step, procedure);
    rh_close(call, rows);
    return rc;
}

static int32_t fix_step(struct rh_call *call, struct wish *wish, const char **ret_id)
{
    struct person people[PEOPLE_MAX];
    struct step_kind kind;
    struct span usual = {RH_NO_DAY, -1, -1, 0, 0};
    struct question question;
    int32_t count, rc;

    if ((rc = procedure_named(call, rh_param_text(call, "procedure"), &wish->procedure,
                              &wish->office)) < 0 ||
        (rc = step_named(call, wish->procedure, rh_param_text(call, "step"), &kind)) < 0)
        return rc;
    wish->step = rh_param_text(call, "step");
    wish->title_de = kind.title_de;
    wish->title_en = kind.title_en;
    if (!rh_param_given(call, "place"))
        wish->place = office_name(call, wish->office);
    usual.start = kind.at;
    usual.end = kind.until;
    if ((rc = step_refuse_done(call, wish->procedure, wish->step)) < 0 ||
        (rc = planning_release(call, wish->procedure, wish->step)) < 0 ||
        (rc = span_of_params(call, &usual, &wish->at)) < 0 ||
        (count = people_of(call, wish->procedure, wish->at.day, people)) < 0)
        return rc < 0 ? rc : count;
    question = (struct question){.procedure = wish->procedure,
                                 .step = wish->step,
                                 .office = wish->office,
                                 .people = people,
                                 .count = count,
                                 .at = &wish->at,
                                 .busy_is_fine = rh_param_int(call, "despite-busy") != 0};
    if ((rc = clash_refuse(call, &question)) < 0)
        return rc;
    if (count == 0 || strcmp(people[0].kind, "moderator") != 0)
        rh_say(call, "noch ohne Team: 'team publish' trägt die Moderator*innen nach",
               "without a team so far: 'team publish' adds the moderators");
    return meeting_add(call, wish, people, count, ret_id);
}

static int32_t fix_event(struct rh_call *call, struct wish *wish, const char **ret_id)
{
    struct person *people;
    struct question question = {.at = &wish->at};
    int32_t count, rc;

    wish->title_de = rh_param_text(call, "title");
    wish->title_en =
        rh_param_given(call, "title-en") ? rh_param_text(call, "title-en") : wish->title_de;
    if (!wish->title_de)
        return rh_fail(
            call, RH_EUSAGE,
            "entweder ein Verfahren mit Schritt oder --title einer Veranstaltung für alle",
            "either a procedure with a step, or --title of an event for all");
    if ((rc = span_of_params(call, NULL, &wish->at)) < 0 ||
        (rc = clash_refuse(call, &question)) < 0 ||
        (count = people_of_all(call, rh_param_text(call, "with"), &people)) < 0)
        return rc < 0 ? rc : count;
    return meeting_add(call, wish, people, count, ret_id);
}

int32_t appointment_fix(struct rh_call *call)
{
    struct wish wish = {.place = text_or(call, "place", NULL),
                        .video = text_or(call, "video", NULL),
                        .note = text_or(call, "note", NULL),
                        .mails = true};
    const char *id;
    int32_t rc = video_check(call, wish.video);

    if (rc < 0)
        return rc;
    if (rh_param_given(call, "procedure") != rh_param_given(call, "step"))
        return rh_fail(call, RH_EUSAGE,
                       "zu einem Verfahren gehört ein Schritt, etwa 'lemgo session'",
                       "a procedure needs a step, as in 'lemgo session'");
    rc = rh_param_given(call, "procedure") ? fix_step(call, &wish, &id)
                                           : fix_event(call, &wish, &id);
    if (rc < 0)
        return rc;
    rh_say(call, "vereinbart: %s, %s", "fixed: %s, %s",
           rh_say_in(call, RH_TEXT(wish.title_de, wish.title_en)), span_text(call, &wish.at));
    return put_meeting(call, id);
}

/* ---- move ---- */

static int32_t refuse_ended(struct rh_call *call, const struct meeting *meeting)
{
    if (strcmp(meeting->state, "cancelled") == 0)
        return rh_fail(call, RH_ECONFLICT,
                       "dieser Termin ist abgesagt; 'appointment fix' "
                       "vereinbart einen neuen",
                       "this meeting is cancelled; 'appointment fix' fixes a new one");
    if (meeting->at.end_utc <= rh_now_utc(call))
        return rh_fail(call, RH_ECONFLICT, "dieser Termin war am %s", "this meeting was on %s",
                       span_text(call, &meeting->at));
    return 0;
}

/* Those who have to be there. */
static int32_t read_attendees(struct rh_call *call, const char *meeting,
                              struct person people[PEOPLE_MAX])
{
    struct rh_rows *rows;
    int32_t count = 0, rc = rh_query(call, &rows,
                                     "SELECT kind, ref, name, email, language, role FROM "
                                     "v_appointments_attendee WHERE meeting = ?1 AND role = "
                                     "'required' AND ref IS NOT NULL ORDER BY id",
                                     "s", meeting);

    while (rc >= 0 && count < PEOPLE_MAX && (rc = rh_next(call, rows)) == 1)
        people[count++] = (struct person){rh_get_text(call, rows, 0), rh_get_text(call, rows, 1),
                                          rh_get_text(call, rows, 2), rh_get_text(call, rows, 3),
                                          rh_get_text(call, rows, 4), rh_get_text(call, rows, 5)};
    rh_close(call, rows);
    return rc < 0 ? rc : count;
}

int32_t meeting_question(struct rh_call *call, const struct meeting *meeting,
                         struct person people[PEOPLE_MAX], struct question *ret_question)
{
    int32_t count = read_attendees(call, meeting->id, people);

    if (count < 0)
        return count;
    *ret_question = (struct question){.procedure = meeting->procedure,
                                      .step = meeting->step,
                                      .office = meeting->office,
                                      .people = people,
                                      .count = count,
                                      .at = &meeting->at,
                                      .except = meeting->id,
                                      .poll = meeting->poll};
    return 0;
}

static bool is_same(const struct span *a, const struct span *b)
{
    return a->start_utc == b->start_utc && a->end_utc == b->end_utc;
}

int32_t appointment_move(struct rh_call *call)
{
    struct person people[PEOPLE_MAX];
    struct question question;
    struct meeting meeting;
    struct span at;
    const char *video;
    int32_t rc;

    if ((rc = meeting_named(call, &meeting)) < 0 || (rc = refuse_ended(call, &meeting)) < 0 ||
        (rc = span_of_params(call, &meeting.at, &at)) < 0 ||
        (rc = meeting_question(call, &meeting, people, &question)) < 0)
        return rc;
    video = text_or(call, "video", meeting.video);
    question.at = &at;
    question.busy_is_fine = rh_param_int(call, "despite-busy") != 0;
    if ((rc = video_check(call, video)) < 0 ||
        (!is_same(&at, &meeting.at) && (rc = clash_refuse(call, &question)) < 0) ||
        (rc = meeting_change(call, &meeting, &at, text_or(call, "place", meeting.place), video,
                             text_or(call, "note", meeting.note), rh_param_text(call, "reason"))) <
            0)
        return rc;
    if (is_same(&at, &meeting.at))
        rh_say(call, "geändert; die Zeit bleibt: %s", "changed; the time stays: %s",
               span_text(call, &at));
    else
        rh_say(call, "verlegt: %s statt %s", "moved: %s instead of %s", span_text(call, &at),
               span_text(call, &meeting.at));
    return put_meeting(call, meeting.id);
}

/* ---- cancel ---- */

static int32_t attendee_named(struct rh_call *call, const struct meeting *meeting,
                              int64_t *ret_attendee)
{
    const char *named = rh_param_text(call, "attendee"), *id;
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT id FROM v_appointments_attendee WHERE meeting = ?1 AND "
                          "(CAST(id AS TEXT) = ?2 OR ref = ?2 OR lower(email) = lower(?2) OR name "
                          "= ?2) LIMIT 2",
                          "ss", meeting->id, named);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1) {
        id = rh_get_text(call, rows, 0);
        *ret_attendee = rh_get_int(call, rows, 0);
        rc = rh_next(call, rows);
        rh_close(call, rows);
        if (rc <= 0)
            return rc;
        return rh_fail(call, RH_ECONFLICT,
                       "'%s' passt auf mehrere; gemeint sein kann --attendee %s und andere",
                       "'%s' fits several; it may be --attendee %s and others", named, id);
    }
    rh_close(call, rows);
    return rh_fail(
        call, RH_ENOTFOUND,
        "'%.60s' nimmt an diesem Termin nicht teil; 'appointment show' nennt, wer es tut",
        "'%.60s' does not take part; 'appointment show' says who does", named);
}

static const char *attendee_name(struct rh_call *call, int64_t attendee)
{
    struct rh_rows *rows;
    const char *name = "";

    if (rh_query(call, &rows, "SELECT name FROM appointments_attendee WHERE id = ?1", "i",
                 attendee) == 0 &&
        rh_next(call, rows) == 1)
        name = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return name;
}

static int32_t cancel_one(struct rh_call *call, const struct meeting *meeting)
{
    int64_t attendee = 0;
    int32_t rc = attendee_named(call, meeting, &attendee);

    if (rc < 0 ||
        (rc = attendee_remove(call, meeting, attendee, rh_param_text(call, "reason"))) < 0)
        return rc;
    rh_say(call, "%s nimmt nicht mehr teil; der Termin bleibt: %s",
           "%s does not take part any more; the meeting stays: %s", attendee_name(call, attendee),
           span_text(call, &meeting->at));
    return 0;
}

int32_t appointment_cancel(struct rh_call *call)
{
    struct meeting meeting;
    int32_t rc;

    if ((rc = meeting_named(call, &meeting)) < 0 || (rc = refuse_ended(call, &meeting)) < 0)
        return rc;
    if (rh_param_given(call, "attendee"))
        rc = cancel_one(call, &meeting);
    else if ((rc = meeting_end(call, &meeting, rh_param_text(call, "reason"))) == 0)
        rh_say(call, "abgesagt: %s, %s", "cancelled: %s, %s",
               rh_say_in(call, RH_TEXT(meeting.title_de, meeting.title_en)),
               span_text(call, &meeting.at));
    return rc < 0 ? rc : put_meeting(call, meeting.id);
}

/* ---- answers by hand, invitations once more ---- */

int32_t appointment_answer(struct rh_call *call)
{
    struct meeting meeting;
    struct answer answer = {.partstat = rh_param_text(call, "answer"),
                            .comment = rh_param_text(call, "comment"),
                            .stamp_utc = rh_now_utc(call)};
    int64_t attendee = 0;
    int32_t rc;

    if ((rc = meeting_named(call, &meeting)) < 0 || (rc = refuse_ended(call, &meeting)) < 0 ||
        (rc = attendee_named(call, &meeting, &attendee)) < 0)
        return rc;
    answer.sequence = meeting.sequence;
    if ((rc = attendee_answered(call, &meeting, attendee, &answer)) < 0)
        return rc;
    rh_say(call, "eingetragen für %s", "recorded for %s", attendee_name(call, attendee));
    return put_meeting(call, meeting.id);
}

int32_t appointment_resend(struct rh_call *call)
{
    struct meeting meeting;
    int64_t attendee = 0, count;
    int32_t rc;

    if ((rc = meeting_named(call, &meeting)) < 0 || (rc = refuse_ended(call, &meeting)) < 0 ||
        (rh_param_given(call, "attendee") && (rc = attendee_named(call, &meeting, &attendee)) < 0))
        return rc;
    count = rh_exec(call,
                    "UPDATE appointments_attendee SET invited_sequence = NULL WHERE meeting = ?1 "
                    "AND removed_utc IS NULL AND email IS NOT NULL AND (?2 = 0 AND partstat = "
                    "'needs-action' OR id = ?2)",
                    "si", meeting.id, attendee);
    if (count < 0 || (rc = appointments_invite(call, meeting.id)) < 0)
        return count < 0 ? (int32_t)count : rc;
    rh_out_int(call, "count", count);
    if (count == 0)
        rh_say(call, "niemand mehr, der eine Adresse hat, steht ohne Antwort da",
               "nobody who has an address is without an answer");
    else
        rh_say(call, "noch einmal eingeladen: %lld", "invited once more: %lld", (long long)count);
    return put_meeting(call, meeting.id);
}
