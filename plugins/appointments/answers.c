/*
 * What attendees' calendars answer (RFC 5546): from the mail that came in to the state of an
 * attendee, or to the list of what a person looks at.
 *
 *     mail.received ──> job appointments.answer ── prepare: the reader, a program of its own
 *                                                └ run: whose answer, to which version? ─┬─>
 * applied ├─> old: kept, changes nothing ├─> counter: proposal └─> review
 *
 * Who wrote it is proven by the token in the address it was sent to, by answering a mail of that
 * meeting, or by coming from the attendee's address; what is not proven is never applied.
 */
#include "plugins/appointments/internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- prepare: what does it say? ---- */

int32_t on_mail(struct rh_call *call, const struct rh_event *event)
{
    struct rh_rows *rows;
    const char *inbound = NULL;
    int32_t rc = rh_query(call, &rows,
                          "SELECT json_extract(?1, '$.inbound') WHERE json_extract(?1, '$.sort') = "
                          "'calendar'",
                          "s", event->after);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        inbound = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (!inbound)
        return 0;
    rc = rh_job_add(call, "appointments.answer",
                    rh_format(call, "appointments.answer/%s", "appointments.answer/%s", inbound),
                    inbound, rh_now_utc(call));
    return rc < 0 ? rc : 0;
}

/* One text of one row; NULL when there is none. */
static int32_t text_of(struct rh_call *call, struct rh_rows *rows, const char **ret_text)
{
    int32_t rc = rh_next(call, rows);

    *ret_text = rc == 1 ? rh_get_text(call, rows, 0) : NULL;
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

/* As the reader refuses, where the reader itself did not get that far. */
static int32_t say_unreadable(struct rh_call *call, const char **ret_json)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, "SELECT json_object('refused', json_object('de', ?1, 'en', ?2))",
                 "ss", "die Antwort des Kalenders ließ sich nicht lesen",
                 "the calendar's answer could not be read");

    return rc < 0 ? rc : text_of(call, rows, ret_json);
}

int32_t answer_prepare(struct rh_call *call, const char *key, const char *payload)
{
    static const struct rh_child_limits limits = {
        .size = sizeof(limits), .time_ms = 10000, .memory = INT64_C(104857600), .output = 262144};
    struct rh_rows *rows;
    const char *calendar, *json = NULL;
    size_t size;
    int32_t rc = rh_query(call, &rows, "SELECT calendar FROM v_mail_inbound WHERE id = ?1", "i",
                          (int64_t)strtoll(payload, NULL, 10));

    (void)key;
    if (rc < 0 || (rc = text_of(call, rows, &calendar)) < 0)
        return rc;
    rc = rh_child_in(call, "appointments-reader", "itip", calendar ? calendar : "",
                     calendar ? strlen(calendar) : 0, &limits, &json, &size);
    if (rc == RH_EINVALID || rc == RH_ECANCELLED || rc == RH_ETOOLARGE) {
        rh_forget(call);
        rc = say_unreadable(call, &json);
    }
    call->state = (void *)(uintptr_t)json; /* only read */
    return rc;
}

/* ---- run: the message, and what we know ---- */

struct message {
    int64_t inbound;
    const char *sender, *sender_name, *detail, *key; /* key: of our mail that it answers, or NULL */
    const char *refused_de, *refused_en;             /* NULL: it was read */
    const char *method, *uid, *partstat, *comment;
    int64_t sequence;  /* -1: not said */
    int64_t stamp_utc; /* DTSTAMP, never later than now */
    bool stamped, instance;
    int64_t attendees;
    const char *address, *name; /* of its attendee */
    const char *delegate;       /* to whom, or NULL */
    const char *day;            /* of a proposal, or NULL */
    int64_t start, end;
};

/* Of whom and of what the message is, as far as it is ours. */
struct known {
    struct meeting meeting; /* id NULL: none of ours */
    int64_t attendee;       /* 0: nobody who takes part */
    bool removed;
    bool proven; /* it comes from them */
    const char *role;
    int64_t answer_sequence, answer_stamp_utc; /* of their last answer; -1: none */
    int64_t invited_utc; /* when they were first told of this version; 0: never */
};

/* What becomes of it. */
struct verdict {
    const char *state, *de, *en;
};

static int64_t int_or(struct rh_call *call, struct rh_rows *rows, int32_t column, int64_t fallback)
{
    return rh_is_null(call, rows, column) ? fallback : rh_get_int(call, rows, column);
}

/* 1, or 0 when the mail is not there any more. */
static int32_t read_message(struct rh_call *call, int64_t inbound, const char *json,
                            struct message *m)
{
    struct rh_rows *rows;
    int32_t
        c = 0,
        rc = rh_query(
            call, &rows,
            "SELECT i.from_address, i.from_name, i.detail, o.key, j.value ->> '$.refused.de', "
            "j.value "
            "->> '$.refused.en', j.value ->> '$.method', j.value ->> '$.uid', lower(j.value ->> "
            "'$.attendees[0].partstat'), j.value ->> '$.comment', j.value ->> '$.sequence', "
            "j.value "
            "->> '$.dtstamp', j.value ->> '$.instance' IS NOT NULL, json_array_length(j.value, "
            "'$.attendees'), j.value ->> '$.attendees[0].address', j.value ->> "
            "'$.attendees[0].name', "
            "j.value ->> '$.attendees[0].delegated_to[0]', CASE WHEN j.value ->> '$.start.day' = "
            "j.value ->> '$.end.day' AND NOT j.value ->> '$.start.date' THEN j.value ->> "
            "'$.start.day' "
            "END, j.value ->> '$.start.minute', j.value ->> '$.end.minute' FROM v_mail_inbound i "
            "LEFT "
            "JOIN v_mail o ON o.id = i.mail JOIN (SELECT ?2 AS value) j WHERE i.id = ?1",
            "is", inbound, json);

    if (rc < 0 || (rc = rh_next(call, rows)) != 1)
        return rc;
    *m = (struct message){.inbound = inbound};
    m->sender = rh_get_text(call, rows, c++);
    m->sender_name = rh_get_text(call, rows, c++);
    m->detail = rh_get_text(call, rows, c++);
    m->key = rh_get_text(call, rows, c++);
    m->refused_de = rh_get_text(call, rows, c++);
    m->refused_en = rh_get_text(call, rows, c++);
    m->method = rh_get_text(call, rows, c++);
    m->uid = rh_get_text(call, rows, c++);
    m->partstat = rh_get_text(call, rows, c++);
    m->comment = rh_get_text(call, rows, c++);
    m->sequence = int_or(call, rows, c++, -1);
    m->stamped = !rh_is_null(call, rows, c);
    m->stamp_utc = int_or(call, rows, c++, rh_now_utc(call));
    m->instance = rh_get_int(call, rows, c++) != 0;
    m->attendees = int_or(call, rows, c++, 0);
    m->address = rh_get_text(call, rows, c++);
    m->name = rh_get_text(call, rows, c++);
    m->delegate = rh_get_text(call, rows, c++);
    m->day = rh_get_text(call, rows, c++);
    m->start = int_or(call, rows, c++, 0);
    m->end = int_or(call, rows, c++, 0);
    rh_close(call, rows);
    if (m->stamp_utc > rh_now_utc(call)) /* or nothing later would ever count */
        m->stamp_utc = rh_now_utc(call);
    return 1;
}

static int32_t find_meeting(struct rh_call *call, const struct message *m, struct known *k)
{
    struct rh_rows *rows;
    const char *id;
    int32_t rc = rh_query(call, &rows,
                          "SELECT id FROM appointments_meeting WHERE id = ?1 OR (?1 IS NULL AND "
                          "token = ?2)",
                          "ss", m->uid, m->detail);

    if (rc < 0 || (rc = text_of(call, rows, &id)) < 0 || !id)
        return rc;
    return meeting_load(call, id, &k->meeting);
}

/* Their answers hold for the version that they were told of; without a number in them the time at
 * which they were first told of it has to do. */
static int32_t find_attendee(struct rh_call *call, const struct message *m, struct known *k)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT a.id, a.removed_utc IS NOT NULL, a.role, a.answer_sequence, a.answer_stamp_utc, "
        "(SELECT min(t.at_utc) FROM appointments_message t WHERE t.attendee = a.id AND t.method = "
        "'REQUEST' AND t.sequence = m.sequence) FROM appointments_attendee a JOIN "
        "appointments_meeting m ON m.id = a.meeting WHERE a.meeting = ?1 AND lower(a.email) = "
        "lower(?2) ORDER BY a.removed_utc IS NOT NULL, a.id DESC LIMIT 1",
        "ss", k->meeting.id, m->address);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1) {
        k->attendee = rh_get_int(call, rows, 0);
        k->removed = rh_get_int(call, rows, 1) != 0;
        k->role = rh_get_text(call, rows, 2);
        k->answer_sequence = int_or(call, rows, 3, -1);
        k->answer_stamp_utc = int_or(call, rows, 4, -1);
        k->invited_utc = int_or(call, rows, 5, 0);
    }
    rh_close(call, rows);
    return 0;
}

static int32_t find_proof(struct rh_call *call, const struct message *m, struct known *k)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT lower(?1) = lower(?2) OR (?3 IS NOT NULL AND ?3 = ?4) OR EXISTS "
                          "(SELECT 1 FROM appointments_message WHERE meeting = ?5 AND mail_key = "
                          "?6)",
                          "ssssss", m->sender, m->address, m->detail, k->meeting.token,
                          k->meeting.id, m->key);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    k->proven = rc == 1 && int_or(call, rows, 0, 0) != 0;
    rh_close(call, rows);
    return 0;
}

static int32_t find_known(struct rh_call *call, const struct message *m, struct known *k)
{
    int32_t rc;

    *k = (struct known){.answer_sequence = -1, .answer_stamp_utc = -1};
    if ((rc = find_meeting(call, m, k)) < 0 || !k->meeting.id)
        return rc;
    if ((rc = find_attendee(call, m, k)) < 0)
        return rc;
    return find_proof(call, m, k);
}

/* ---- run: what becomes of it ---- */

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

/* Why a person has to look before anything else is asked; state NULL: nobody has to. */
static struct verdict doubts(const struct message *m, const struct known *k)
{
    if (m->refused_de)
        return (struct verdict){"review", m->refused_de, m->refused_en};
    if (!k->meeting.id)
        return (struct verdict){"review", "zu keinem unserer Termine", "about no meeting of ours"};
    if (!is(m->method, "REPLY") && !is(m->method, "COUNTER") && !is(m->method, "REFRESH"))
        return (struct verdict){"review", "das ist keine Antwort auf eine Einladung",
                                "this is no answer to an invitation"};
    if (m->instance)
        return (struct verdict){"review",
                                "gilt einem einzelnen Termin einer Reihe, die es nicht gibt",
                                "is about one occurrence of a series that there is not"};
    if (m->attendees != 1)
        return (struct verdict){"review", "nennt nicht genau eine Person",
                                "does not name exactly one person"};
    if (!k->attendee)
        return (struct verdict){"review", "von jemandem, der nicht eingeladen ist",
                                "from somebody who is not invited"};
    if (k->removed)
        return (struct verdict){"review", "von jemandem, der nicht mehr dabei ist",
                                "from somebody who does not take part any more"};
    if (!k->proven)
        return (struct verdict){"review", "kam nicht von der Adresse, für die sie antwortet",
                                "did not come from the address that it answers for"};
    return (struct verdict){0};
}

/* Why it changes nothing any more; state NULL: it does. */
static struct verdict overtaken(struct rh_call *call, const struct message *m,
                                const struct known *k)
{
    if (!is(k->meeting.state, "fixed"))
        return (struct verdict){"old", "der Termin ist nicht mehr vereinbart",
                                "the meeting is not fixed any more"};
    if (k->meeting.at.end_utc <= rh_now_utc(call))
        return (struct verdict){"old", "der Termin ist vorbei", "the meeting is over"};
    if (m->sequence >= 0 ? m->sequence < k->meeting.sequence
                         : m->stamped && m->stamp_utc < k->invited_utc)
        return (struct verdict){"old", "gilt einer früheren Fassung des Termins",
                                "is about an earlier version of the meeting"};
    if (k->answer_sequence == k->meeting.sequence && m->stamp_utc == k->answer_stamp_utc &&
        m->stamped)
        return (struct verdict){"old", "dieselbe Antwort ist schon da",
                                "the same answer is there already"};
    if (k->answer_sequence == k->meeting.sequence && m->stamp_utc < k->answer_stamp_utc)
        return (struct verdict){"old", "es gibt eine neuere Antwort", "there is a newer answer"};
    return (struct verdict){0};
}

static int32_t take_reply(struct rh_call *call, const struct message *m, const struct known *k,
                          struct verdict *ret)
{
    const struct answer answer = {m->partstat, m->comment, k->meeting.sequence, m->stamp_utc};

    if (is(m->partstat, "delegated")) {
        *ret = (struct verdict){"review", "möchte sich vertreten lassen",
                                "wants to send somebody else"};
        return 0;
    }
    if (!is(m->partstat, "accepted") && !is(m->partstat, "declined") &&
        !is(m->partstat, "tentative")) {
        *ret = (struct verdict){"review", "sagt weder zu noch ab", "neither accepts nor declines"};
        return 0;
    }
    *ret = (struct verdict){"applied", NULL, NULL};
    return attendee_answered(call, &k->meeting, k->attendee, &answer);
}

static struct verdict take_counter(const struct message *m)
{
    if (!m->day || m->start >= m->end)
        return (struct verdict){"review", "schlägt etwas anderes vor, aber keine Zeit an einem Tag",
                                "proposes something else, but no time on one day"};
    return (struct verdict){"counter", NULL, NULL};
}

/* The invitation goes again, but no calendar makes us write more often than once an hour. */
static int32_t take_refresh(struct rh_call *call, const struct known *k, struct verdict *ret)
{
    struct rh_rows *rows;
    const char *just_now;
    int32_t rc = rh_query(call, &rows,
                          "SELECT 'yes' FROM appointments_message WHERE attendee = ?1 AND at_utc > "
                          "?2",
                          "ii", k->attendee, rh_now_utc(call) - 3600);

    if (rc < 0 || (rc = text_of(call, rows, &just_now)) < 0)
        return rc;
    if (just_now) {
        *ret = (struct verdict){"old", "bat um die Einladung, die eben erst gesendet war",
                                "asked for the invitation that had just been sent"};
        return 0;
    }
    *ret = (struct verdict){"done", "die Einladung ging noch einmal hinaus",
                            "the invitation was sent again"};
    return appointments_resend(call, k->meeting.id, k->attendee);
}

static int32_t judge(struct rh_call *call, const struct message *m, const struct known *k,
                     struct verdict *ret)
{
    *ret = doubts(m, k);
    if (ret->state)
        return 0;
    *ret = overtaken(call, m, k);
    if (ret->state)
        return 0;
    if (is(m->method, "REPLY"))
        return take_reply(call, m, k, ret);
    if (is(m->method, "REFRESH"))
        return take_refresh(call, k, ret);
    *ret = take_counter(m);
    return 0;
}

/* ---- run ---- */

static int32_t keep(struct rh_call *call, const struct message *m, const struct known *k,
                    const struct verdict *v)
{
    bool delegated = is(m->partstat, "delegated");
    int64_t changed = rh_exec(
        call,
        "INSERT INTO appointments_answer(inbound, meeting, attendee, sender, method, partstat, "
        "sequence, stamp_utc, comment, day, start_minute, end_minute, address, name, state, why, "
        "at_utc) VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, ?6, nullif(?7, -1), ?8, ?9, ?10, iif(?10 "
        "IS NULL, NULL, ?11), iif(?10 IS NULL, NULL, ?12), ?13, ?14, ?15, iif(?16 IS NULL, NULL, "
        "json_object('de', ?16, 'en', ?17)), ?18)",
        "isisssiissiisssssi", m->inbound, k->meeting.id, k->attendee, m->sender,
        m->method ? m->method : "-", m->partstat, m->sequence, m->stamp_utc, m->comment,
        is(m->method, "COUNTER") ? m->day : NULL, m->start, m->end,
        delegated ? m->delegate : m->address, delegated ? NULL : m->name, v->state, v->de, v->en,
        rh_now_utc(call));

    return changed < 0 ? (int32_t)changed : 0;
}

/* Dealt with: it does not wait in the inbox for a person. */
int32_t answer_tick_off(struct rh_call *call, int64_t inbound)
{
    int32_t rc =
        rh_operate_in(call, "mail inbound done",
                      rh_format(call, "{\"id\": %lld}", "{\"id\": %lld}", (long long)inbound),
                      &(const char *){NULL});

    return rc;
}

static int32_t is_kept(struct rh_call *call, int64_t inbound)
{
    struct rh_rows *rows;
    const char *kept;
    int32_t rc = rh_query(call, &rows, "SELECT 'yes' FROM appointments_answer WHERE inbound = ?1",
                          "i", inbound);

    if (rc < 0 || (rc = text_of(call, rows, &kept)) < 0)
        return rc;
    return kept != NULL;
}

int32_t answer_job(struct rh_call *call, const char *key, const char *payload)
{
    struct message m;
    struct known k;
    struct verdict v;
    int32_t rc = is_kept(call, strtoll(payload, NULL, 10));

    (void)key;
    if (rc != 0) /* once; or an error */
        return rc < 0 ? rc : 0;
    if ((rc = read_message(call, strtoll(payload, NULL, 10), call->state, &m)) != 1)
        return rc;
    if ((rc = find_known(call, &m, &k)) < 0 || (rc = judge(call, &m, &k, &v)) < 0 ||
        (rc = keep(call, &m, &k, &v)) < 0)
        return rc;
    return is(v.state, "review") || is(v.state, "counter") ? 0 : answer_tick_off(call, m.inbound);
}
