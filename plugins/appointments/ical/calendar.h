/*
 * calendar.h - meetings as iCalendar: a calendar to subscribe to or download, and iTIP messages.
 *
 *     ical_write_calendar()   no METHOD, ORGANIZER or ATTENDEE, else readers mail "accepted" to us
 *     ical_write_message()    one event, one METHOD: REQUEST, CANCEL, DECLINECOUNTER (RFC 5546)
 *
 * Both write the same event in the same way: RFC 5545, with CONFERENCE, COLOR, NAME and
 * REFRESH-INTERVAL of RFC 7986 and what Outlook reads (X-MICROSOFT-CDO-BUSYSTATUS). Times are local
 * times of Europe/Berlin with a VTIMEZONE of our own; VALARM stands behind all properties, because
 * Outlook refuses the event otherwise. Lines end with CR LF, the last one too, and no empty line
 * follows.
 *
 * Pure: no clock; the same values give the same bytes. All strings are UTF-8 and borrowed; NULL
 * says nothing. Any thread.
 */
#ifndef PLUGINS_APPOINTMENTS_ICAL_CALENDAR_H
#define PLUGINS_APPOINTMENTS_ICAL_CALENDAR_H

#include "plugins/appointments/ical/line.h"

#define ICAL_NAME_MAX        500   /* characters of a name or title */
#define ICAL_DESCRIPTION_MAX 20000 /* characters */
#define ICAL_ATTENDEES_MAX   200

/* Why nothing was written: a phrase without full stop, in both languages. */
struct ical_fault {
    char de[300], en[300];
};

/* A local time in Europe/Berlin: days since 1970-01-01 and minutes since midnight, 0 to 1439. */
struct ical_time {
    int32_t day, minute;
};

enum ical_status { ICAL_TENTATIVE, ICAL_CONFIRMED, ICAL_CANCELLED };

/* RFC 5545, 3.2.12 */
enum ical_answer {
    ICAL_NEEDS_ACTION,
    ICAL_ACCEPTED,
    ICAL_DECLINED,
    ICAL_MAYBE, /* TENTATIVE */
    ICAL_DELEGATED
};

struct ical_person {
    const char *name;    /* as people write it, or NULL */
    const char *address; /* local@domain, without "mailto:" */
};

struct ical_attendee {
    struct ical_person person;
    enum ical_answer answer; /* RSVP=TRUE is asked of those who have to answer */
    bool optional;           /* OPT-PARTICIPANT instead of REQ-PARTICIPANT */
};

struct ical_event {
    const char *uid;     /* for ever the same; 1 to 255 printable characters */
    int32_t sequence;    /* from 0; RFC 5546, 2.1.4 */
    int64_t stamp_utc;   /* when this object was made; in a calendar: last changed. Seconds */
    int64_t created_utc; /* 0 = not said */
    int64_t changed_utc; /* LAST-MODIFIED; 0 = not said */
    struct ical_time start, end;
    enum ical_status status;
    const char *summary; /* required */
    const char *description;
    const char *location;
    const char *url;         /* of the page about it; http or https */
    const char *video;       /* http or https: CONFERENCE, and once more in the text */
    const char *video_label; /* "Videokonferenz"; required with `video` */
    int32_t alarm_minutes;   /* a reminder so long before; 0 = none; at most 14 days */
    /* --- messages only --- */
    struct ical_person organizer;
    const struct ical_attendee *attendees;
    size_t attendee_count;
};

struct ical_calendar {
    const char *name;        /* "Termine von Moderation 07", or NULL */
    const char *color;       /* a CSS3 colour name, or NULL */
    int32_t refresh_minutes; /* how often readers should look; 0 = not said */
    const struct ical_event *events;
    size_t event_count;
};

enum ical_method {
    ICAL_REQUEST,
    ICAL_CANCEL,         /* the meeting: all attendees, STATUS:CANCELLED */
    ICAL_UNINVITE,       /* METHOD:CANCEL for the attendees named, without STATUS:CANCELLED */
    ICAL_DECLINE_COUNTER /* what the attendees named proposed is not taken; the event stands */
};
/* "REQUEST", "CANCEL", "CANCEL", "DECLINECOUNTER" */
const char *ical_method_name(enum ical_method method);

/* Appends; false with the fault when a value cannot be written, and then `out` is of no use. */
bool ical_write_calendar(const struct ical_calendar *calendar, struct ical_text *out,
                         struct ical_fault *fault);
/* `comment`: words to the attendee (COMMENT), or NULL. */
bool ical_write_message(enum ical_method method, const struct ical_event *event,
                        const char *comment, struct ical_text *out, struct ical_fault *fault);

#endif
