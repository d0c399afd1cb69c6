/*
 * invitation.h - one mail of a meeting to one attendee: words, calendar, thread.
 *
 *     told  what the attendee last got by mail: the next one says what is different
 *
 * An attendee with an address is written to when what they can see is not what they were told. The
 * mail is multipart/mixed of an alternative (text, HTML, text/calendar with its METHOD, last) and
 * the same calendar as invite.ics; From is the house's, ORGANIZER and Reply-To are the mailbox with
 * the meeting's token, so that answers of programs and of people find the meeting.
 *
 * The key of a mail is meeting, attendee, SEQUENCE and METHOD, and a number where the words alone
 * changed or somebody asked again.
 */
#ifndef PLUGINS_APPOINTMENTS_INVITATION_H
#define PLUGINS_APPOINTMENTS_INVITATION_H

#include "plugins/appointments/entry.h"

/* What an attendee can see of a meeting. */
struct sight {
    const char *title;
    struct span at;                            /* without the instants */
    const char *place, *video, *note, *people; /* or NULL */
};

struct invitee {
    int64_t id;
    const char *name, *email; /* email may be NULL: hears nothing */
    int32_t lang;
    bool optional;
    enum ical_answer answer;
    bool was_told,
        asks_again;        /* the second: invited_sequence was taken away, the whole once more */
    struct sight told;     /* when was_told */
    const char *comment;   /* theirs, or why they do not take part any more; or NULL */
    int64_t gone_sequence; /* of the last CANCEL to that address; 0 without one */
    int64_t stamp_utc;     /* DTSTAMP of the last mail; 0 without one */
    const char *first_key; /* the mail that began the thread, or NULL */
};

struct invitation {
    struct meeting meeting;
    const char *reason; /* of the last move or the end, or NULL */
    struct ical_person organizer;
    struct ical_event event[2]; /* in German and in English */
    const char *title[2], *people;
    struct invitee *all; /* those who take part */
    size_t count;
};

/* 1 when there may be mail about it, 0 when not: over, not fixed or cancelled, mails nothing, or no
 * mailbox is configured. */
int32_t invitation_load(struct rh_call *call, const char *meeting, struct invitation *ret);
/* One of them, also when they do not take part any more; RH_ENOTFOUND. */
int32_t invitation_one(struct rh_call *call, const struct invitation *invitation, int64_t attendee,
                       struct invitee *ret);

enum difference {
    SAME,
    PEOPLE_DIFFER, /* and nothing else: may wait until the team is complete */
    OTHER
};
enum difference invitation_differs(const struct invitation *invitation,
                                   const struct invitee *invitee);

/* Queues the mail and keeps what was told. `words`: of a person, to `invitee` (DECLINECOUNTER, a
 * withdrawn invitation), or NULL. */
int32_t invitation_send(struct rh_call *call, const struct invitation *invitation,
                        enum ical_method method, const struct invitee *invitee, const char *words);

#endif
