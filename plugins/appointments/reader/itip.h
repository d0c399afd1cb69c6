/*
 * itip.h - one message of a calendar to another (RFC 5546): who says what about which appointment.
 *
 *     {"method":"REPLY","component":"VEVENT","uid":"…","sequence":2,"dtstamp":1806300000,
 *      "instance":null,"organizer":"termin+…@example.org","status":null,"summary":"…",
 *      "comment":"…","start":{…},"end":{…},
 *      "attendees":[{"address":"a@example.org","name":"…","partstat":"ACCEPTED",
 *                    "delegated_to":[],"delegated_from":[],"sent_by":""}],"notes":[…]}
 *
 * Exactly one VCALENDAR with exactly one event in it. Tolerant of what the big systems leave out
 * or write their own way: PRODID, ORGANIZER, SEQUENCE, DTSTAMP, DTSTART may be missing (null),
 * addresses come in lower case without "mailto:", or from the parameter EMAIL; the method is that
 * of the body. A time is {"utc":…,"day":"2027-03-28","minute":570,"date":false}, day and minute on
 * the clock of Berlin. Pure.
 */
#ifndef PLUGINS_APPOINTMENTS_READER_ITIP_H
#define PLUGINS_APPOINTMENTS_READER_ITIP_H

#include "plugins/appointments/reader/out.h"

#define ICS_ATTENDEES_MAX 100  /* of one message */
#define ICS_TEXT_MAX      2000 /* bytes kept of a comment */

/* `bytes` is changed and must have room for one byte more. 0 and the answer, or -1 with the refusal
 * as answer; `out` begins empty. */
int32_t ics_itip(char *bytes, size_t length, const char *zone_folder, struct ics_out *out);

#endif
