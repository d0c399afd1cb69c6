/*
 * What of the answers a person decides: proposals of other times, required people who decline, and
 * what came from strangers or is unclear. An item is "answer-12" (a row of appointments_answer) or
 * "declined-34" (an attendee); it is in the list until it is decided or has become pointless.
 */
#include "plugins/appointments/internal.h"

#include <stdlib.h>
#include <string.h>

struct item {
    const char *id, *kind; /* kind: "counter", "review", "declined" */
    int64_t number;        /* of the answer, or of the attendee */
    int64_t attendee;      /* 0: nobody we know */
    int64_t inbound;       /* 0: none */
    int64_t sequence;      /* that the answer is about; -1: not said */
    const char *meeting;   /* or NULL */
    const char *method, *partstat, *comment, *sender, *address, *name, *why, *since;
    struct span proposed; /* day RH_NO_DAY: none */
};

/* Declined and needed, and nobody has ticked it off since that answer. */
#define DECLINED                                                                                   \
    "a.role = 'required' AND a.partstat = 'declined' AND a.removed_utc IS NULL AND m.state = "     \
    "'fixed' AND m.start_utc > ?1 AND a.dismissed_utc IS NULL"

/* ---- reading ---- */

static int64_t int_or(struct rh_call *call, struct rh_rows *rows, int32_t column, int64_t fallback)
{
    return rh_is_null(call, rows, column) ? fallback : rh_get_int(call, rows, column);
}

/* ?1 now, ?2 the language, ?3 one item's id or NULL. */
static int32_t query_items(struct rh_call *call, const char *id, struct rh_rows **ret_rows)
{
    return rh_query(
        call, ret_rows,
        "SELECT * FROM (SELECT 'answer-' || r.id AS item, r.state AS kind, r.id, r.attendee, "
        "r.inbound, r.sequence, r.meeting, r.method, r.partstat, r.comment, r.sender, r.address, "
        "coalesce(a.name, nullif(r.name, ''), nullif(i.from_name, ''), nullif(r.sender, ''), '?') "
        "AS name, json_extract(r.why, iif(?2, '$.en', '$.de')) AS why, date(r.at_utc, "
        "'unixepoch') AS since, r.day, r.start_minute, r.end_minute FROM appointments_answer r "
        "LEFT JOIN appointments_attendee a ON a.id = r.attendee LEFT JOIN v_mail_inbound i ON i.id "
        "= r.inbound WHERE r.state IN ('counter','review') UNION ALL SELECT 'declined-' || a.id, "
        "'declined', a.id, a.id, 0, a.answer_sequence, a.meeting, 'REPLY', a.partstat, a.comment, "
        "a.email, a.email, a.name, NULL, date(a.answered_utc, 'unixepoch'), NULL, NULL, NULL FROM "
        "appointments_attendee a JOIN appointments_meeting m ON m.id = a.meeting WHERE " DECLINED
        ") WHERE ?3 IS NULL OR item = ?3 ORDER BY since, item",
        "iis", rh_now_utc(call), (int64_t)call->lang, id);
}

static int32_t next_item(struct rh_call *call, struct rh_rows *rows, struct item *item)
{
    int32_t c = 0, rc = rh_next(call, rows);

    if (rc != 1)
        return rc;
    *item = (struct item){.proposed.day = RH_NO_DAY};
    item->id = rh_get_text(call, rows, c++);
    item->kind = rh_get_text(call, rows, c++);
    item->number = rh_get_int(call, rows, c++);
    item->attendee = int_or(call, rows, c++, 0);
    item->inbound = int_or(call, rows, c++, 0);
    item->sequence = int_or(call, rows, c++, -1);
    item->meeting = rh_get_text(call, rows, c++);
    item->method = rh_get_text(call, rows, c++);
    item->partstat = rh_get_text(call, rows, c++);
    item->comment = rh_get_text(call, rows, c++);
    item->sender = rh_get_text(call, rows, c++);
    item->address = rh_get_text(call, rows, c++);
    item->name = rh_get_text(call, rows, c++);
    item->why = rh_get_text(call, rows, c++);
    item->since = rh_get_text(call, rows, c++);
    if (rh_is_null(call, rows, c))
        return 1;
    item->proposed.start = (int32_t)rh_get_int(call, rows, c + 1);
    item->proposed.end = (int32_t)rh_get_int(call, rows, c + 2);
    rc = rh_day_parse(call, rh_get_text(call, rows, c), &item->proposed.day);
    return rc < 0 ? rc : 1;
}

static int32_t find_item(struct rh_call *call, struct item *item)
{
    const char *id = rh_param_text(call, "item");
    struct rh_rows *rows;
    int32_t rc = query_items(call, id, &rows);

    if (rc < 0 || (rc = next_item(call, rows, item)) < 0)
        return rc;
    rh_close(call, rows);
    return rc == 1 ? 0
                   : rh_fail(call, RH_ENOTFOUND,
                             "'%s' steht nicht (mehr) zur Entscheidung; 'review list' zeigt, was "
                             "ansteht",
                             "'%s' is not waiting for a decision (any more); 'review list' shows "
                             "what is",
                             id);
}

/* ---- what may be done ---- */

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static bool answers(const struct item *item)
{
    return is(item->method, "REPLY") &&
           (is(item->partstat, "accepted") || is(item->partstat, "declined") ||
            is(item->partstat, "tentative"));
}

static bool delegates(const struct item *item)
{
    return is(item->method, "REPLY") && is(item->partstat, "delegated") && item->attendee;
}

static bool may_accept(const struct item *item)
{
    if (is(item->kind, "counter"))
        return true;
    return is(item->kind, "review") && item->meeting && item->address && *item->address &&
           (answers(item) || delegates(item));
}

/* ---- list and show ---- */

static int32_t put_meeting(struct rh_call *call, const char *id)
{
    struct meeting meeting;
    int32_t rc = meeting_load(call, id, &meeting);

    if (rc < 0)
        return rc;
    rh_out_text(call, "title", rh_say_in(call, RH_TEXT(meeting.title_de, meeting.title_en)));
    rh_out_text(call, "office_name", meeting.office ? office_name(call, meeting.office) : NULL);
    rh_out_text(call, "when", span_text(call, &meeting.at));
    rh_out_text(call, "procedure", meeting.procedure);
    rh_out_text(call, "step", meeting.step);
    return 0;
}

static int32_t put_item(struct rh_call *call, const struct item *item)
{
    int32_t rc = 0;

    rh_out_object(call, NULL);
    rh_out_text(call, "item", item->id);
    rh_out_text(call, "kind", item->kind);
    rh_out_text(call, "who", item->name);
    if (item->meeting)
        rc = put_meeting(call, item->meeting);
    rh_out_text(call, "meeting", item->meeting);
    rh_out_text(call, "proposed",
                item->proposed.day == RH_NO_DAY ? NULL : span_text(call, &item->proposed));
    rh_out_text(call, "why", item->why);
    rh_out_text(call, "since", item->since);
    rh_out_text(call, "comment", item->comment);
    rh_out_text(call, "method", item->method);
    rh_out_text(call, "partstat", item->partstat);
    rh_out_text(call, "sender", item->sender);
    rh_out_text(call, "address", item->address);
    if (item->inbound)
        rh_out_int(call, "inbound", item->inbound);
    rh_out_flag(call, "may_accept", may_accept(item));
    rh_out_flag(call, "may_decline", is(item->kind, "counter"));
    rh_out_end(call);
    return rc;
}

int32_t review_list(struct rh_call *call)
{
    struct rh_rows *rows;
    struct item item;
    int32_t rc = query_items(call, NULL, &rows);

    rh_out_array(call, "items");
    while (rc >= 0 && (rc = next_item(call, rows, &item)) == 1)
        rc = put_item(call, &item);
    rh_close(call, rows);
    rh_out_end(call);
    return rc < 0 ? rc : 0;
}

/* When somebody needed declines: when else? That there is nothing to propose is no error here. */
static int32_t put_proposals(struct rh_call *call, const struct item *item)
{
    const char *params, *answer;
    struct meeting meeting;
    struct rh_rows *rows;
    int32_t rc = meeting_load(call, item->meeting, &meeting);

    if (rc < 0 || !meeting.procedure)
        return rc;
    if ((rc = rh_query(call, &rows, "SELECT json_object('procedure', ?1, 'step', ?2)", "ss",
                       meeting.procedure, meeting.step)) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    params = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (rh_operate_in(call, "appointment propose", params, &answer) < 0) {
        rh_forget(call);
        return 0;
    }
    if ((rc = rh_query(call, &rows,
                       "SELECT json_extract(?1, '$.items'), json_extract(?1, '$.reason')", "s",
                       answer)) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    rh_out_text(call, "meeting", item->meeting);
    if (!rh_is_null(call, rows, 0))
        rh_out_json(call, "proposals", rh_get_text(call, rows, 0));
    rh_out_text(call, "no_proposals", rh_get_text(call, rows, 1));
    rh_close(call, rows);
    return 0;
}

int32_t review_show(struct rh_call *call)
{
    struct item item;
    int32_t rc = find_item(call, &item);

    if (rc < 0)
        return rc;
    rh_out_array(call, "items");
    rc = put_item(call, &item);
    rh_out_end(call);
    return rc == 0 && is(item.kind, "declined") ? put_proposals(call, &item) : rc;
}

/* ---- accept ---- */

static int32_t decided(struct rh_call *call, const struct item *item)
{
    if (is(item->kind, "declined"))
        return rh_exec(call, "UPDATE appointments_attendee SET dismissed_utc = ?2 WHERE id = ?1",
                       "ii", item->number, rh_now_utc(call)) < 0
                   ? RH_EFAILED
                   : 0;
    if (rh_exec(call, "UPDATE appointments_answer SET state = 'done' WHERE id = ?1", "i",
                item->number) < 0)
        return RH_EFAILED;
    return answer_tick_off(call, item->inbound);
}

static int32_t accept_counter(struct rh_call *call, const struct item *item)
{
    struct meeting meeting;
    struct rh_rows *rows;
    const char *params;
    int32_t rc = meeting_load(call, item->meeting, &meeting);

    if (rc < 0)
        return rc;
    if (item->sequence >= 0 && item->sequence < meeting.sequence)
        return rh_fail(call, RH_ECONFLICT,
                       "der Termin ist seit dem Vorschlag verlegt worden: %s; 'review dismiss %s' "
                       "hakt den Vorschlag ab",
                       "the meeting was moved since it was proposed: %s; 'review dismiss %s' ticks "
                       "the proposal off",
                       span_text(call, &meeting.at), item->id);
    rc = rh_query(call, &rows,
                  "SELECT json_object('meeting', ?1, 'on', ?2, 'at', ?3, 'until', ?4, 'reason', "
                  "?5, 'despite-busy', json(iif(?6, 'true', 'false')))",
                  "sssssi", item->meeting, rh_day_text(call, item->proposed.day),
                  clock_text(call, item->proposed.start), clock_text(call, item->proposed.end),
                  rh_format(call, "auf Vorschlag von %s", "as %s proposed", item->name),
                  rh_param_int(call, "despite-busy"));
    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    params = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return rh_operate_in(call, "appointment move", params, NULL);
}

/* Someone who was not invited becomes a guest; a delegate takes the place of who sends them. */
static int32_t add_guest(struct rh_call *call, const struct item *item,
                         const struct meeting *meeting, int64_t *ret_attendee)
{
    struct person guest = {.kind = "guest",
                           .name = delegates(item) ? item->address : item->name,
                           .email = item->address,
                           .language = "de",
                           .role = "optional"};
    struct rh_rows *rows;
    int32_t rc;

    if (item->attendee) {
        rc = rh_query(call, &rows, "SELECT role, language FROM appointments_attendee WHERE id = ?1",
                      "i", item->attendee);
        if (rc < 0 || (rc = rh_next(call, rows)) < 0)
            return rc;
        guest.role = rh_get_text(call, rows, 0);
        guest.language = rh_get_text(call, rows, 1);
        rh_close(call, rows);
    }
    if ((rc = attendee_add(call, meeting, &guest)) < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT max(id) FROM appointments_attendee WHERE meeting = ?1 AND email = "
                       "?2 AND removed_utc IS NULL",
                       "ss", meeting->id, item->address)) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    *ret_attendee = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

static int32_t is_there(struct rh_call *call, int64_t attendee)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT 1 FROM appointments_attendee WHERE id = ?1 AND removed_utc IS "
                          "NULL",
                          "i", attendee);

    if (rc < 0)
        return rc;
    rc = rh_next(call, rows);
    rh_close(call, rows);
    return rc;
}

static int32_t accept_answer(struct rh_call *call, const struct item *item)
{
    struct answer answer = {item->partstat, item->comment, 0, rh_now_utc(call)};
    int64_t attendee = item->attendee;
    struct meeting meeting;
    int32_t rc = meeting_load(call, item->meeting, &meeting), there;

    if (rc < 0)
        return rc;
    if (!is(meeting.state, "fixed"))
        return rh_fail(call, RH_ECONFLICT,
                       "dieser Termin ist nicht mehr vereinbart; 'review dismiss %s' hakt die "
                       "Antwort ab",
                       "this meeting is not fixed any more; 'review dismiss %s' ticks the answer "
                       "off",
                       item->id);
    answer.sequence = meeting.sequence; /* a person says that it counts */
    if ((there = is_there(call, attendee)) < 0)
        return there;
    if (delegates(item) && (rc = add_guest(call, item, &meeting, &(int64_t){0})) < 0)
        return rc;
    if (there == 0 && (rc = add_guest(call, item, &meeting, &attendee)) < 0)
        return rc;
    return attendee_answered(call, &meeting, attendee, &answer);
}

int32_t review_accept(struct rh_call *call)
{
    struct item item;
    int32_t rc = find_item(call, &item);

    if (rc < 0)
        return rc;
    if (!may_accept(&item))
        return rh_fail(call, RH_EINVALID,
                       "bei '%s' gibt es nichts anzunehmen; 'review dismiss %s' hakt es ab",
                       "there is nothing to accept in '%s'; 'review dismiss %s' ticks it off",
                       item.id, item.id);
    rc = is(item.kind, "counter") ? accept_counter(call, &item) : accept_answer(call, &item);
    if (rc < 0 || (rc = decided(call, &item)) < 0)
        return rc;
    rh_out_text(call, "item", item.id);
    rh_say(call, "angenommen", "accepted");
    return 0;
}

/* ---- decline, dismiss ---- */

int32_t review_decline(struct rh_call *call)
{
    struct item item;
    int32_t rc = find_item(call, &item);

    if (rc < 0)
        return rc;
    if (!is(item.kind, "counter"))
        return rh_fail(call, RH_EINVALID,
                       "'%s' ist kein Vorschlag, den man ablehnen kann; 'review dismiss %s' hakt "
                       "es ab",
                       "'%s' is no proposal that can be declined; 'review dismiss %s' ticks it off",
                       item.id, item.id);
    if ((rc = appointments_decline_counter(call, item.meeting, item.attendee,
                                           rh_param_text(call, "words"))) < 0 ||
        (rc = decided(call, &item)) < 0)
        return rc;
    rh_out_text(call, "item", item.id);
    rh_say(call, "abgelehnt; %s hört davon", "declined; %s hears of it", item.name);
    return 0;
}

int32_t review_dismiss(struct rh_call *call)
{
    struct item item;
    int32_t rc = find_item(call, &item);

    if (rc < 0 || (rc = decided(call, &item)) < 0)
        return rc;
    rh_out_text(call, "item", item.id);
    rh_say(call, "abgehakt; am Termin hat sich nichts geändert",
           "ticked off; nothing changed about the meeting");
    return 0;
}
