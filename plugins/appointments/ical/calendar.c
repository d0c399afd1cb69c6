#include "plugins/appointments/ical/calendar.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DAY_S       86400
#define DAY_MINUTES 1440
#define DAY_MAX     2932896 /* 9999-12-31 */
#define ALARM_MAX   (14 * DAY_MINUTES)

/* ---- days ---- */

struct date {
    int32_t year, month, day;
};

/* Gregorian; days since 1970-01-01, from 0. Counted from 1 March of year 0, so that the leap day
 * ends a year. */
static struct date date_of(int32_t day)
{
    int32_t z = day + 719468, era = z / 146097, of_era = z % 146097;
    int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int32_t of_year = of_era - (365 * year + year / 4 - year / 100),
            month = (5 * of_year + 2) / 153;

    return (struct date){year + era * 400 + (month >= 10), month < 10 ? month + 3 : month - 9,
                         of_year - (153 * month + 2) / 5 + 1};
}

/* The hour from 02:00 on the last Sunday of March does not exist, that of October comes twice
 * (directive 2000/84/EC). */
static bool is_changing(const struct ical_time *time)
{
    struct date date = date_of(time->day);
    bool sunday = time->day % 7 == 3; /* 1970-01-01 was a Thursday */

    return sunday && (date.month == 3 || date.month == 10) && date.day >= 25 &&
           time->minute >= 2 * 60 && time->minute < 3 * 60;
}

/* ---- refusing ---- */

__attribute__((format(printf, 2, 4), format(printf, 3, 4))) static bool refuse(
    struct ical_fault *fault, const char *de, const char *en, ...)
{
    va_list args;

    va_start(args, en);
    (void)vsnprintf(fault->de, sizeof(fault->de), de, args);
    va_end(args);
    va_start(args, en);
    (void)vsnprintf(fault->en, sizeof(fault->en), en, args);
    va_end(args);
    return false;
}

static bool check_text(const char *value, bool lines, size_t characters, const char *de,
                       const char *en, struct ical_fault *fault)
{
    if (!value || ical_text_ok(value, lines, characters))
        return true;
    (void)snprintf(fault->de, sizeof(fault->de),
                   "%s: mehr als %zu Zeichen, ein Steuerzeichen oder kein UTF-8", de, characters);
    (void)snprintf(fault->en, sizeof(fault->en),
                   "%s: more than %zu characters, a control character or not UTF-8", en,
                   characters);
    return false;
}

static bool check_time(const struct ical_time *time, struct ical_fault *fault)
{
    struct date date;

    if (time->day < 0 || time->day > DAY_MAX || time->minute < 0 || time->minute >= DAY_MINUTES)
        return refuse(fault, "Tag %" PRId32 ", Minute %" PRId32 " gibt es nicht",
                      "there is no day %" PRId32 ", minute %" PRId32, time->day, time->minute);
    date = date_of(time->day);
    if (is_changing(time))
        return refuse(fault,
                      "am %04" PRId32 "-%02" PRId32 "-%02" PRId32
                      " wird die Uhr umgestellt: zwischen 2 und 3 Uhr ist keine Zeit eindeutig",
                      "on %04" PRId32 "-%02" PRId32 "-%02" PRId32
                      " the clocks change: no time between 2 and 3 is certain",
                      date.year, date.month, date.day);
    return true;
}

static bool is_uid(const char *uid)
{
    size_t length = uid ? strlen(uid) : 0;

    for (size_t i = 0; i < length; i++)
        if (uid[i] <= ' ' || uid[i] > '~' || strchr("\\;,", uid[i]))
            return false;
    return length > 0 && length <= 255;
}

static bool is_after(const struct ical_time *a, const struct ical_time *b)
{
    return a->day > b->day || (a->day == b->day && a->minute > b->minute);
}

static bool check_utc(int64_t utc, struct ical_fault *fault)
{
    if (utc < 0 || utc / DAY_S > DAY_MAX)
        return refuse(fault, "Zeitpunkt %" PRId64 " liegt nicht zwischen 1970 und 9999",
                      "the instant %" PRId64 " is not between 1970 and 9999", utc);
    return true;
}

static bool check_times(const struct ical_event *e, struct ical_fault *fault)
{
    if (!check_time(&e->start, fault) || !check_time(&e->end, fault) ||
        !check_utc(e->stamp_utc, fault) || !check_utc(e->created_utc, fault) ||
        !check_utc(e->changed_utc, fault))
        return false;
    if (!is_after(&e->end, &e->start))
        return refuse(fault, "der Termin endet nicht nach seinem Beginn",
                      "the meeting does not end after its beginning");
    if (e->sequence < 0 || e->alarm_minutes < 0 || e->alarm_minutes > ALARM_MAX)
        return refuse(fault, "Fassung oder Erinnerung außerhalb der Grenzen",
                      "sequence or alarm out of range");
    return true;
}

static bool check_uri(const char *uri, const char *de, const char *en, struct ical_fault *fault)
{
    if (!uri || ical_uri_ok(uri))
        return true;
    (void)snprintf(fault->de, sizeof(fault->de),
                   "%s: keine Adresse mit http:// oder https://, oder mit Zeichen, die darin nicht "
                   "stehen dürfen",
                   de);
    (void)snprintf(fault->en, sizeof(fault->en),
                   "%s: no http:// or https:// address, or with characters that may not be in one",
                   en);
    return false;
}

/* Names and labels stand in parameters: libical takes \" for a quote that does not end the value,
 * and the address behind it is lost. */
static bool check_parameter(const char *value, const char *de, const char *en,
                            struct ical_fault *fault)
{
    size_t length = value ? strlen(value) : 0;

    if (!check_text(value, false, ICAL_NAME_MAX, de, en, fault))
        return false;
    if (length == 0 || value[length - 1] != '\\')
        return true;
    (void)snprintf(fault->de, sizeof(fault->de), "%s: endet mit \\, was Kalender verwirrt", de);
    (void)snprintf(fault->en, sizeof(fault->en), "%s: ends with \\, which confuses calendars", en);
    return false;
}

static bool check_event(const struct ical_event *e, struct ical_fault *fault)
{
    if (!is_uid(e->uid))
        return refuse(fault, "die Kennung des Termins ist leer, zu lang oder nicht druckbar",
                      "the meeting's id is empty, too long or not printable");
    if (!e->summary || !*e->summary)
        return refuse(fault, "der Titel fehlt", "the title is missing");
    if (e->video && !e->video_label)
        return refuse(fault, "der Name der Videokonferenz fehlt", "the video link has no label");
    return check_times(e, fault) &&
           check_text(e->summary, false, ICAL_NAME_MAX, "Titel", "title", fault) &&
           check_text(e->location, false, ICAL_NAME_MAX, "Ort", "place", fault) &&
           check_parameter(e->video_label, "Name der Videokonferenz", "label of the video link",
                           fault) &&
           check_text(e->description, true, ICAL_DESCRIPTION_MAX, "Beschreibung", "description",
                      fault) &&
           check_uri(e->url, "Seite des Termins", "page of the meeting", fault) &&
           check_uri(e->video, "Videokonferenz", "video link", fault);
}

static bool check_person(const struct ical_person *person, struct ical_fault *fault)
{
    if (!check_parameter(person->name, "Name", "name", fault))
        return false;
    if (person->address && ical_address_ok(person->address))
        return true;
    return refuse(fault,
                  "eine E-Mail-Adresse ist für Kalender nicht brauchbar: nur Buchstaben, Ziffern "
                  "und !$&'*+-/=_`{|}~^. vor dem @",
                  "an e-mail address is of no use for calendars: letters, digits and "
                  "!$&'*+-/=_`{|}~^. only before the @");
}

/* ---- an event ---- */

/* From 1981 for summer, from 1996 for winter: what the rules have been since, without the history
 * before (RFC 5545, 3.6.5). */
static void put_zone(struct ical_text *out)
{
    static const char *const lines[][2] = {
        {"BEGIN", "VTIMEZONE"},
        {"TZID", "Europe/Berlin"},
        {"BEGIN", "DAYLIGHT"},
        {"DTSTART", "19810329T020000"},
        {"RRULE", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"},
        {"TZOFFSETFROM", "+0100"},
        {"TZOFFSETTO", "+0200"},
        {"TZNAME", "CEST"},
        {"END", "DAYLIGHT"},
        {"BEGIN", "STANDARD"},
        {"DTSTART", "19961027T030000"},
        {"RRULE", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"},
        {"TZOFFSETFROM", "+0200"},
        {"TZOFFSETTO", "+0100"},
        {"TZNAME", "CET"},
        {"END", "STANDARD"},
        {"END", "VTIMEZONE"},
    };

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        ical_put(out, lines[i][0], lines[i][1]);
}

static void put_number(struct ical_text *out, const char *name, int64_t number)
{
    char value[24];

    (void)snprintf(value, sizeof(value), "%" PRId64, number);
    ical_put(out, name, value);
}

static void put_utc(struct ical_text *out, const char *name, int64_t utc)
{
    struct date date = date_of((int32_t)(utc / DAY_S));
    int32_t second = (int32_t)(utc % DAY_S);
    char value[64];

    (void)snprintf(value, sizeof(value),
                   "%04" PRId32 "%02" PRId32 "%02" PRId32 "T%02" PRId32 "%02" PRId32 "%02" PRId32
                   "Z",
                   date.year, date.month, date.day, second / 3600, second / 60 % 60, second % 60);
    ical_put(out, name, value);
}

static void put_local(struct ical_text *out, const char *name, const struct ical_time *time)
{
    struct ical_line line = ical_line_begin(out, name);
    struct date date = date_of(time->day);
    char value[64];

    (void)snprintf(value, sizeof(value),
                   "%04" PRId32 "%02" PRId32 "%02" PRId32 "T%02" PRId32 "%02" PRId32 "00",
                   date.year, date.month, date.day, time->minute / 60, time->minute % 60);
    ical_line_parameter(&line, "TZID", "Europe/Berlin");
    ical_line_plain(&line, value);
    ical_line_end(&line);
}

/* The link stands in the text, too: few readers show CONFERENCE. */
static void put_description(struct ical_text *out, const struct ical_event *e)
{
    const char *text = e->description ? e->description : "";
    struct ical_line line;

    if (!e->video || strstr(text, e->video)) {
        if (*text)
            ical_put_text(out, "DESCRIPTION", text);
        return;
    }
    line = ical_line_begin(out, "DESCRIPTION");
    ical_line_text(&line, text);
    ical_line_more(&line, *text ? "\n\n" : "");
    ical_line_more(&line, e->video_label);
    ical_line_more(&line, ": ");
    ical_line_more(&line, e->video);
    ical_line_end(&line);
}

static void put_video(struct ical_text *out, const struct ical_event *e)
{
    struct ical_line line;

    if (!e->video)
        return;
    line = ical_line_begin(out, "CONFERENCE");
    ical_line_parameter(&line, "VALUE", "URI");
    ical_line_parameter(&line, "FEATURE", "VIDEO");
    ical_line_parameter(&line, "LABEL", e->video_label);
    ical_line_plain(&line, e->video);
    ical_line_end(&line);
}

static void put_alarm(struct ical_text *out, const struct ical_event *e)
{
    char trigger[24];

    if (e->alarm_minutes == 0 || e->status == ICAL_CANCELLED)
        return;
    (void)snprintf(trigger, sizeof(trigger), "-PT%" PRId32 "M", e->alarm_minutes);
    ical_put(out, "BEGIN", "VALARM");
    ical_put(out, "ACTION", "DISPLAY");
    ical_put_text(out, "DESCRIPTION", e->summary);
    ical_put(out, "TRIGGER", trigger);
    ical_put(out, "END", "VALARM");
}

static const char *status_name(enum ical_status status)
{
    switch (status) {
    case ICAL_TENTATIVE:
        return "TENTATIVE";
    case ICAL_CONFIRMED:
        return "CONFIRMED";
    case ICAL_CANCELLED:
        return "CANCELLED";
    }
    return "";
}

/* Does it take the time of who has it in the calendar? */
static void put_busy(struct ical_text *out, enum ical_status status)
{
    ical_put(out, "TRANSP", status == ICAL_CANCELLED ? "TRANSPARENT" : "OPAQUE");
    ical_put(out, "X-MICROSOFT-CDO-BUSYSTATUS",
             status == ICAL_CANCELLED   ? "FREE"
             : status == ICAL_TENTATIVE ? "TENTATIVE"
                                        : "BUSY");
}

static void put_person(struct ical_line *line, const struct ical_person *person)
{
    char address[300];

    if (person->name && *person->name)
        ical_line_parameter(line, "CN", person->name);
    (void)snprintf(address, sizeof(address), "mailto:%s", person->address);
    ical_line_plain(line, address);
    ical_line_end(line);
}

static const char *answer_name(enum ical_answer answer)
{
    switch (answer) {
    case ICAL_NEEDS_ACTION:
        return "NEEDS-ACTION";
    case ICAL_ACCEPTED:
        return "ACCEPTED";
    case ICAL_DECLINED:
        return "DECLINED";
    case ICAL_MAYBE:
        return "TENTATIVE";
    case ICAL_DELEGATED:
        return "DELEGATED";
    }
    return "";
}

static void put_attendee(struct ical_text *out, enum ical_method method,
                         const struct ical_attendee *attendee)
{
    struct ical_line line = ical_line_begin(out, "ATTENDEE");

    ical_line_parameter(&line, "CUTYPE", "INDIVIDUAL");
    ical_line_parameter(&line, "ROLE", attendee->optional ? "OPT-PARTICIPANT" : "REQ-PARTICIPANT");
    ical_line_parameter(&line, "PARTSTAT", answer_name(attendee->answer));
    if (method == ICAL_REQUEST && attendee->answer == ICAL_NEEDS_ACTION)
        ical_line_parameter(&line, "RSVP", "TRUE");
    put_person(&line, &attendee->person);
}

static void put_optional(struct ical_text *out, const char *name, const char *value)
{
    if (value && *value)
        ical_put_text(out, name, value);
}

static void put_properties(struct ical_text *out, const struct ical_event *e)
{
    ical_put(out, "UID", e->uid);
    put_utc(out, "DTSTAMP", e->stamp_utc);
    put_local(out, "DTSTART", &e->start);
    put_local(out, "DTEND", &e->end);
    put_number(out, "SEQUENCE", e->sequence);
    ical_put_text(out, "SUMMARY", e->summary);
    put_description(out, e);
    put_optional(out, "LOCATION", e->location);
    if (e->url)
        ical_put(out, "URL", e->url);
    put_video(out, e);
    if (e->created_utc)
        put_utc(out, "CREATED", e->created_utc);
    if (e->changed_utc)
        put_utc(out, "LAST-MODIFIED", e->changed_utc);
}

/* ---- objects ---- */

static void begin(struct ical_text *out, const char *method)
{
    ical_put(out, "BEGIN", "VCALENDAR");
    ical_put(out, "VERSION", "2.0");
    ical_put(out, "PRODID", "-//reihum//appointments//DE");
    ical_put(out, "CALSCALE", "GREGORIAN");
    if (method)
        ical_put(out, "METHOD", method);
}

static bool end(struct ical_text *out, struct ical_fault *fault)
{
    ical_put(out, "END", "VCALENDAR");
    if (out->failed)
        return refuse(fault, "kein Speicher für den Kalender, oder er ist größer als 16 MiB",
                      "no memory for the calendar, or it is larger than 16 MiB");
    return true;
}

static bool check_calendar(const struct ical_calendar *calendar, struct ical_fault *fault)
{
    const char *color = calendar->color;

    if (!check_text(calendar->name, false, ICAL_NAME_MAX, "Name des Kalenders",
                    "name of the calendar", fault))
        return false;
    if (color && (!*color || strspn(color, "abcdefghijklmnopqrstuvwxyz") != strlen(color)))
        return refuse(fault, "die Farbe ist kein CSS-Name", "the colour is not a CSS name");
    for (size_t i = 0; i < calendar->event_count; i++)
        if (!check_event(&calendar->events[i], fault))
            return false;
    return true;
}

/* With VALUE=TEXT, or ical.js, which knows neither name, leaves the escapes as they are. */
static void put_calendar_name(struct ical_text *out, const char *property, const char *name)
{
    struct ical_line line = ical_line_begin(out, property);

    ical_line_parameter(&line, "VALUE", "TEXT");
    ical_line_text(&line, name);
    ical_line_end(&line);
}

/* What RFC 7986 names, and what was used before it. */
static void put_calendar_properties(struct ical_text *out, const struct ical_calendar *calendar)
{
    char period[24];

    if (calendar->name && *calendar->name) {
        put_calendar_name(out, "NAME", calendar->name);
        put_calendar_name(out, "X-WR-CALNAME", calendar->name);
    }
    ical_put(out, "X-WR-TIMEZONE", "Europe/Berlin");
    if (calendar->color)
        ical_put(out, "COLOR", calendar->color);
    if (calendar->refresh_minutes <= 0)
        return;
    (void)snprintf(period, sizeof(period), "PT%" PRId32 "M", calendar->refresh_minutes);
    ical_put(out, "REFRESH-INTERVAL;VALUE=DURATION", period);
    ical_put(out, "X-PUBLISHED-TTL", period);
}

static void put_event(struct ical_text *out, const struct ical_event *e)
{
    ical_put(out, "BEGIN", "VEVENT");
    put_properties(out, e);
    ical_put(out, "STATUS", status_name(e->status));
    put_busy(out, e->status);
    put_alarm(out, e);
    ical_put(out, "END", "VEVENT");
}

bool ical_write_calendar(const struct ical_calendar *calendar, struct ical_text *out,
                         struct ical_fault *fault)
{
    if (!check_calendar(calendar, fault))
        return false;
    begin(out, NULL);
    put_calendar_properties(out, calendar);
    put_zone(out);
    for (size_t i = 0; i < calendar->event_count; i++)
        put_event(out, &calendar->events[i]);
    return end(out, fault);
}

const char *ical_method_name(enum ical_method method)
{
    switch (method) {
    case ICAL_REQUEST:
        return "REQUEST";
    case ICAL_CANCEL:
    case ICAL_UNINVITE:
        return "CANCEL";
    case ICAL_DECLINE_COUNTER:
        return "DECLINECOUNTER";
    }
    return "";
}

static bool check_message(enum ical_method method, const struct ical_event *e, const char *comment,
                          struct ical_fault *fault)
{
    if (!check_event(e, fault) || !check_person(&e->organizer, fault) ||
        !check_text(comment, true, ICAL_DESCRIPTION_MAX, "Bemerkung", "comment", fault))
        return false;
    if (e->attendee_count == 0 || e->attendee_count > ICAL_ATTENDEES_MAX)
        return refuse(fault, "ein Termin hat 1 bis 200 Teilnehmende",
                      "a meeting has 1 to 200 attendees");
    for (size_t i = 0; i < e->attendee_count; i++)
        if (!check_person(&e->attendees[i].person, fault))
            return false;
    if (method == ICAL_REQUEST && e->status == ICAL_CANCELLED)
        return refuse(fault, "zu einem abgesagten Termin wird nicht eingeladen",
                      "nobody is invited to a cancelled meeting");
    return true;
}

/* RFC 5546, 3.2.5: CANCELLED ends the meeting for all; who is only uninvited must not be told so.
 */
static void put_message_status(struct ical_text *out, enum ical_method method,
                               const struct ical_event *e)
{
    enum ical_status status = method == ICAL_CANCEL ? ICAL_CANCELLED : e->status;

    if (method != ICAL_UNINVITE)
        ical_put(out, "STATUS", status_name(status));
    put_busy(out, method == ICAL_UNINVITE ? ICAL_CANCELLED : status);
}

bool ical_write_message(enum ical_method method, const struct ical_event *event,
                        const char *comment, struct ical_text *out, struct ical_fault *fault)
{
    struct ical_line organizer;

    if (!check_message(method, event, comment, fault))
        return false;
    begin(out, ical_method_name(method));
    put_zone(out);
    ical_put(out, "BEGIN", "VEVENT");
    put_properties(out, event);
    put_message_status(out, method, event);
    put_optional(out, "COMMENT", comment);
    organizer = ical_line_begin(out, "ORGANIZER");
    put_person(&organizer, &event->organizer);
    for (size_t i = 0; i < event->attendee_count; i++)
        put_attendee(out, method, &event->attendees[i]);
    if (method == ICAL_REQUEST)
        put_alarm(out, event);
    ical_put(out, "END", "VEVENT");
    return end(out, fault);
}
