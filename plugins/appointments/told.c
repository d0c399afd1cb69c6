/* What attendees can see of a meeting, and what they were told of it. */
#include "plugins/appointments/invitation.h"

#include <string.h>

const char appointments_schema_told[] =
    "CREATE TABLE appointments_told (     -- what attendees last got by mail; gone with a CANCEL\n"
    "  attendee INTEGER PRIMARY KEY REFERENCES appointments_attendee(id),\n"
    "  title TEXT NOT NULL,\n"
    "  day TEXT NOT NULL,\n"
    "  start_minute INTEGER NOT NULL,\n"
    "  end_minute INTEGER NOT NULL,\n"
    "  place TEXT,\n"
    "  video TEXT,\n"
    "  note TEXT,\n"
    "  people TEXT,\n"
    "  stamp_utc INTEGER NOT NULL,        -- its DTSTAMP; the next one is later\n"
    "  first_key TEXT NOT NULL            -- the mail that began the thread\n"
    ") STRICT;\n";

static enum ical_answer answer_of(const char *partstat)
{
    static const struct {
        const char *partstat;
        enum ical_answer answer;
    } answers[] = {{"accepted", ICAL_ACCEPTED},
                   {"declined", ICAL_DECLINED},
                   {"tentative", ICAL_MAYBE},
                   {"delegated", ICAL_DELEGATED}};

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
        if (strcmp(answers[i].partstat, partstat) == 0)
            return answers[i].answer;
    return ICAL_NEEDS_ACTION;
}

#define INVITEES                                                                                   \
    "SELECT a.id, a.name, a.email, a.language = 'en', a.role = 'optional', a.partstat, "           \
    "t.attendee IS NOT NULL, t.title, t.day, t.start_minute, t.end_minute, t.place, t.video, "     \
    "t.note, t.people, ifnull(t.stamp_utc, 0), t.first_key, a.invited_sequence IS NULL, "          \
    "a.comment, ifnull((SELECT "                                                                   \
    "max(g.sequence) FROM appointments_message g JOIN appointments_attendee b ON b.id = "          \
    "g.attendee WHERE "                                                                            \
    "g.meeting = a.meeting AND g.method = 'CANCEL' AND lower(b.email) = lower(a.email)), 0) FROM " \
    "appointments_attendee a LEFT "                                                                \
    "JOIN appointments_told t ON t.attendee = a.id WHERE a.meeting = ?1 AND "

static int32_t read_invitee(struct rh_call *call, struct rh_rows *rows, struct invitee *to)
{
    *to = (struct invitee){
        .id = rh_get_int(call, rows, 0),
        .name = rh_get_text(call, rows, 1),
        .email = rh_get_text(call, rows, 2),
        .lang = rh_get_int(call, rows, 3) != 0,
        .optional = rh_get_int(call, rows, 4) != 0,
        .answer = answer_of(rh_get_text(call, rows, 5)),
        .was_told = rh_get_int(call, rows, 6) != 0,
        .told = {.title = rh_get_text(call, rows, 7),
                 .at = {.start = (int32_t)rh_get_int(call, rows, 9),
                        .end = (int32_t)rh_get_int(call, rows, 10)},
                 .place = rh_get_text(call, rows, 11),
                 .video = rh_get_text(call, rows, 12),
                 .note = rh_get_text(call, rows, 13),
                 .people = rh_get_text(call, rows, 14)},
        .stamp_utc = rh_get_int(call, rows, 15),
        .first_key = rh_get_text(call, rows, 16),
        .comment = rh_get_text(call, rows, 18),
        .gone_sequence = rh_get_int(call, rows, 19),
        .asks_again = rh_get_int(call, rows, 6) != 0 && rh_get_int(call, rows, 17) != 0,
    };
    return to->was_told ? rh_day_parse(call, rh_get_text(call, rows, 8), &to->told.at.day) : 0;
}

static int32_t count_attendees(struct rh_call *call, const char *meeting, size_t *ret_count)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT count(*) FROM appointments_attendee WHERE meeting = ?1 AND "
                          "removed_utc IS NULL",
                          "s", meeting);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    *ret_count = (size_t)rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

static int32_t load_invitees(struct rh_call *call, struct invitation *v)
{
    struct rh_rows *rows;
    size_t room = 0;
    int32_t rc = count_attendees(call, v->meeting.id, &room);

    if (rc < 0)
        return rc;
    if (!(v->all = rh_alloc_in(call, (room + 1) * sizeof(*v->all))))
        return RH_ENOMEM;
    rc = rh_query(call, &rows, INVITEES "a.removed_utc IS NULL ORDER BY a.id", "s", v->meeting.id);
    while (rc >= 0 && v->count < room && (rc = rh_next(call, rows)) == 1)
        rc = read_invitee(call, rows, &v->all[v->count++]);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t invitation_one(struct rh_call *call, const struct invitation *invitation, int64_t attendee,
                       struct invitee *ret)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, INVITEES "a.id = ?2", "si", invitation->meeting.id, attendee);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    rc = rc == 1 ? read_invitee(call, rows, ret)
                 : rh_fail(call, RH_ENOTFOUND, "an diesem Termin nimmt sie oder er nicht teil",
                           "they do not take part in this meeting");
    rh_close(call, rows);
    return rc;
}

/* ---- the meeting ---- */

/* "termine@example.org" -> "termine+TOKEN@example.org" */
static const char *with_token(struct rh_call *call, const char *mailbox, const char *token)
{
    const char *at = strchr(mailbox, '@');

    return at ? rh_format(call, "%.*s+%s%s", "%.*s+%s%s", (int)(at - mailbox), mailbox, token, at)
              : "";
}

static int32_t load_words(struct rh_call *call, struct invitation *v)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT m.reason, CASE WHEN m.procedure IS NOT NULL THEN (SELECT group_concat(name, ', ') "
        "FROM (SELECT a.name FROM appointments_attendee a WHERE a.meeting = m.id AND "
        "a.removed_utc IS NULL ORDER BY a.kind <> 'moderator', a.id)) END FROM "
        "appointments_meeting m WHERE m.id = ?1",
        "s", v->meeting.id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    v->reason = rh_get_text(call, rows, 0);
    v->people = rh_get_text(call, rows, 1);
    rh_close(call, rows);
    return 0;
}

static int32_t load_events(struct rh_call *call, struct invitation *v)
{
    struct entry_scope scope = {"meeting", v->meeting.id};

    for (int32_t lang = 0; lang < 2; lang++) {
        struct entries entries;
        int32_t rc = entries_load(call, &scope, lang, &entries);

        if (rc < 0)
            return rc;
        v->event[lang] = entries.events[0];
        v->title[lang] = entries.events[0].summary;
    }
    return 0;
}

int32_t invitation_load(struct rh_call *call, const char *meeting, struct invitation *ret)
{
    const char *mailbox = rh_config_text(call, "organizer");
    int32_t rc;

    *ret = (struct invitation){0};
    if ((rc = meeting_load(call, meeting, &ret->meeting)) < 0)
        return rc;
    if (!mailbox || !ret->meeting.mails || ret->meeting.at.start_utc <= rh_now_utc(call) ||
        strcmp(ret->meeting.state, "held") == 0)
        return 0;
    ret->organizer = (struct ical_person){rh_config_text(call, "organizer_name"),
                                          with_token(call, mailbox, ret->meeting.token)};
    if ((rc = load_words(call, ret)) < 0 || (rc = load_events(call, ret)) < 0 ||
        (rc = load_invitees(call, ret)) < 0)
        return rc;
    return 1;
}

static bool differ(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") != 0;
}

enum difference invitation_differs(const struct invitation *v, const struct invitee *invitee)
{
    const struct sight *told = &invitee->told;
    const struct meeting *now = &v->meeting;

    if (!invitee->was_told || invitee->asks_again || told->at.day != now->at.day ||
        told->at.start != now->at.start || told->at.end != now->at.end ||
        differ(told->title, v->title[invitee->lang]) || differ(told->place, now->place) ||
        differ(told->video, now->video) || differ(told->note, now->note))
        return OTHER;
    return differ(told->people, v->people) ? PEOPLE_DIFFER : SAME;
}
