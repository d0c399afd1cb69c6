/* One mail of a meeting to one attendee. */
#include "plugins/appointments/invitation.h"

#include <string.h>

#define KEYS_MAX 1000 /* mails of one version to one person */

/* ---- words ---- */

static const char *template_of(enum ical_method method, const struct invitee *invitee)
{
    switch (method) {
    case ICAL_REQUEST:
        return invitee->was_told && !invitee->asks_again ? "meeting_changed" : "meeting_invitation";
    case ICAL_CANCEL:
        return "meeting_cancelled";
    case ICAL_UNINVITE:
        return "meeting_withdrawn";
    case ICAL_DECLINE_COUNTER:
        return "meeting_counter";
    }
    return NULL;
}

static int32_t one_text(struct rh_call *call, struct rh_rows *rows, const char **ret_text)
{
    int32_t rc = rh_next(call, rows);

    if (rc == 1)
        *ret_text = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

/* "bisher …, neu …", where it differs. */
static int32_t add_change(struct rh_call *call, const char **list, const char *what,
                          const char *before, const char *now)
{
    struct rh_rows *rows;
    int32_t rc;

    if (strcmp(before ? before : "", now ? now : "") == 0)
        return 0;
    rc = rh_query(call, &rows,
                  "SELECT json_insert(?1, '$[#]', json_object('what', ?2, 'before', "
                  "ifnull(nullif(?3, ''), '–'), 'now', ifnull(nullif(?4, ''), '–')))",
                  "ssss", *list, what, before, now);
    return rc < 0 ? rc : one_text(call, rows, list);
}

static int32_t changes(struct rh_call *call, const struct invitation *v, const struct invitee *to,
                       const char **ret_list)
{
    static const char *const words[][2] = {{"Titel", "Title"},  {"Zeit", "Time"},
                                           {"Ort", "Place"},    {"Video", "Video"},
                                           {"Hinweis", "Note"}, {"Teilnehmende", "With"}};
    const struct sight *told = &to->told;
    const struct meeting *m = &v->meeting;
    const char *pairs[][2] = {{told->title, v->title[to->lang]},
                              {NULL, entry_when(call, to->lang, &m->at)},
                              {told->place, m->place},
                              {told->video, m->video},
                              {told->note, m->note},
                              {told->people, v->people}};
    int32_t rc = 0;

    *ret_list = "[]";
    if (!to->was_told)
        return 0;
    pairs[1][0] = entry_when(call, to->lang, &told->at);
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]) && rc == 0; i++)
        rc = add_change(call, ret_list, words[i][to->lang], pairs[i][0], pairs[i][1]);
    return rc;
}

static int32_t fields(struct rh_call *call, const struct invitation *v, const struct invitee *to,
                      const char *words, const char **ret_fields)
{
    const struct meeting *m = &v->meeting;
    const char *list;
    struct rh_rows *rows;
    int32_t rc = changes(call, v, to, &list);

    if (rc < 0)
        return rc;
    rc = rh_query(
        call, &rows,
        "SELECT json_object('name', ?1, 'title', ?2, 'when', ?3, 'place', ?4, 'video', ?5, 'note', "
        "?6, 'people', ?7, 'changes', json(?8), 'reason', ?9, 'words', ?10, 'is_open', "
        "json(iif(?11, 'true', 'false')), 'is_optional', json(iif(?12, 'true', 'false')), 'link', "
        "?13)",
        "ssssssssssiis", to->name, v->title[to->lang], entry_when(call, to->lang, &m->at), m->place,
        m->video, m->note, v->people, list, v->reason, words,
        (int64_t)(to->answer == ICAL_NEEDS_ACTION), (int64_t)to->optional,
        entry_is_link(m->video) ? m->video : NULL);
    return rc < 0 ? rc : one_text(call, rows, ret_fields);
}

/* ---- calendar ---- */

static int64_t stamp_of(struct rh_call *call, const struct invitee *to)
{
    int64_t now = rh_now_utc(call);

    /* Of two messages of one SEQUENCE the later DTSTAMP counts (RFC 5546, 2.1.5). */
    return now > to->stamp_utc ? now : to->stamp_utc + 1;
}

/* A CANCEL counts up, also where only one is uninvited and the meeting stays as it is for the rest;
 * when that person comes back, the invitation must not be older than the CANCEL. */
static int64_t sequence_of(const struct invitation *v, enum ical_method method,
                           const struct invitee *to)
{
    int64_t sequence = v->meeting.sequence;

    if (method == ICAL_UNINVITE)
        return sequence + 1;
    return method == ICAL_REQUEST && to->gone_sequence > sequence ? to->gone_sequence : sequence;
}

static void add_attendee(struct ical_event *event, struct ical_attendee *list,
                         const struct invitee *who)
{
    list[event->attendee_count++] =
        (struct ical_attendee){{who->name, who->email}, who->answer, who->optional};
}

/* All who take part stand in it; in an event for all, where they are hundreds and strangers, and
 * where it is about one, that one. */
static int32_t put_attendees(struct rh_call *call, const struct invitation *v,
                             enum ical_method method, const struct invitee *to,
                             struct ical_event *event)
{
    struct ical_attendee *list = rh_alloc_in(call, (v->count + 1) * sizeof(*list));
    bool all = v->meeting.procedure && (method == ICAL_REQUEST || method == ICAL_CANCEL);

    if (!list)
        return RH_ENOMEM;
    event->attendees = list;
    if (!all)
        add_attendee(event, list, to);
    for (size_t i = 0; all && i < v->count; i++)
        if (v->all[i].email)
            add_attendee(event, list, &v->all[i]);
    return 0;
}

static int32_t write_calendar(struct rh_call *call, const struct invitation *v,
                              enum ical_method method, const struct invitee *to, const char *words,
                              struct ical_text *out)
{
    struct ical_event event = v->event[to->lang];
    struct ical_fault fault;
    int32_t rc;

    event.stamp_utc = stamp_of(call, to);
    event.sequence = (int32_t)sequence_of(v, method, to);
    event.organizer = v->organizer;
    if ((rc = put_attendees(call, v, method, to, &event)) < 0)
        return rc;
    if (ical_write_message(method, &event, words, out, &fault))
        return 0;
    (void)entry_refuse(call, &fault, event.summary);
    return rh_wrap(call, "Mail an %.100s", "mail to %.100s", to->name);
}

/* ---- the mail ---- */

/* 1 when stored; the key that it has then. */
static int32_t queue(struct rh_call *call, const struct invitation *v, enum ical_method method,
                     const struct invitee *to, struct rh_mail *mail)
{
    const char *base = rh_format(call, "appointments/%s/%lld/%lld/%s",
                                 "appointments/%s/%lld/%lld/%s", v->meeting.id, (long long)to->id,
                                 (long long)sequence_of(v, method, to), ical_method_name(method));
    int32_t rc = 0;

    mail->key = base;
    for (int number = 2; number <= KEYS_MAX && (rc = rh_mail_queue_in(call, mail)) == 0; number++)
        mail->key = rh_format(call, "%s/%d", "%s/%d", base, number);
    if (rc < 0)
        return rh_wrap(call, "Mail an %.100s", "mail to %.100s", to->name);
    return rc;
}

static int32_t remember(struct rh_call *call, const struct invitation *v, enum ical_method method,
                        const struct invitee *to, const char *key)
{
    const struct meeting *m = &v->meeting;
    int64_t changed =
        rh_exec(call,
                "INSERT INTO appointments_message(meeting, attendee, method, sequence, mail_key, "
                "at_utc) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                "sisisi", m->id, to->id, ical_method_name(method), sequence_of(v, method, to), key,
                rh_now_utc(call));

    if (changed >= 0 && method == ICAL_REQUEST)
        changed = rh_exec(
            call,
            "INSERT INTO appointments_told(attendee, title, day, start_minute, end_minute, place, "
            "video, note, people, stamp_utc, first_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
            "?9, ?10, ?11) ON CONFLICT (attendee) DO UPDATE SET title = ?2, day = ?3, "
            "start_minute = ?4, end_minute = ?5, place = ?6, video = ?7, note = ?8, people = ?9, "
            "stamp_utc = ?10",
            "issiissssis", to->id, v->title[to->lang], rh_day_text(call, m->at.day),
            (int64_t)m->at.start, (int64_t)m->at.end, m->place, m->video, m->note, v->people,
            stamp_of(call, to), key);
    if (changed >= 0 && method == ICAL_REQUEST)
        changed = rh_exec(call,
                          "UPDATE appointments_attendee SET invited_sequence = ?2, invited_utc = "
                          "?3 WHERE id = ?1",
                          "iii", to->id, sequence_of(v, method, to), rh_now_utc(call));
    if (changed >= 0 && method == ICAL_DECLINE_COUNTER)
        changed = rh_exec(call, "UPDATE appointments_told SET stamp_utc = ?2 WHERE attendee = ?1",
                          "ii", to->id, stamp_of(call, to));
    if (changed >= 0 && (method == ICAL_CANCEL || method == ICAL_UNINVITE))
        changed = rh_exec(call, "DELETE FROM appointments_told WHERE attendee = ?1", "i", to->id);
    return changed < 0 ? (int32_t)changed : 0;
}

static int32_t send_calendar(struct rh_call *call, const struct invitation *v,
                             enum ical_method method, const struct invitee *to, const char *words,
                             const struct ical_text *calendar)
{
    struct rh_mail_part parts[] = {
        {rh_format(call, "text/calendar; charset=utf-8; method=%s; component=VEVENT",
                   "text/calendar; charset=utf-8; method=%s; component=VEVENT",
                   ical_method_name(method)),
         NULL, calendar->data, calendar->length, RH_MAIL_ALTERNATIVE, 0},
        {"application/ics", "invite.ics", calendar->data, calendar->length, 0, 0},
    };
    struct rh_mail mail = {
        .size = sizeof(mail),
        .kind = "appointments.meeting",
        .about = v->meeting.procedure,
        .to = {to->name, to->email},
        .lang = to->lang,
        .template_name = template_of(method, to),
        .reply_to = {v->organizer.name, v->organizer.address},
        .in_reply_to = to->first_key,
        .give_up_utc = v->meeting.at.start_utc,
        .parts = parts,
        .part_count = 2,
    };
    int32_t rc = fields(call, v, to, words, &mail.fields);

    if (rc < 0 || (rc = queue(call, v, method, to, &mail)) < 0)
        return rc;
    return rc == 0 ? 0 : remember(call, v, method, to, mail.key);
}

int32_t invitation_send(struct rh_call *call, const struct invitation *invitation,
                        enum ical_method method, const struct invitee *invitee, const char *words)
{
    struct ical_text calendar = {0};
    int32_t rc = write_calendar(call, invitation, method, invitee, words, &calendar);

    if (rc == 0)
        rc = send_calendar(call, invitation, method, invitee, words, &calendar);
    ical_text_free(&calendar);
    return rc;
}
