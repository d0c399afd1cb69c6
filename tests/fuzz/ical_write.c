/* A meeting of arbitrary words: it is refused in words, or written in lines of at most 75 octets
 * with the properties that we write and no others, and its texts read back are what they were.
 * Fields are parted by 0xff; the first byte is the method. */
#include "plugins/appointments/ical/calendar.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { UID, SUMMARY, TEXT, PLACE, URL, VIDEO, LABEL, COMMENT, NAME, ORGANIZER, ATTENDEE, FIELDS };

/* Physical lines, then without the folds. */
static void unfold(struct ical_text *text)
{
    char *to = text->data;

    for (const char *line = text->data; *line;) {
        const char *end = strstr(line, "\r\n");

        if (!end || end == line || end - line > ICAL_LINE_OCTETS)
            abort();
        line = end + 2;
    }
    if (!ical_text_ok(text->data, true, SIZE_MAX))
        abort();
    for (const char *at = text->data; *at; at++) {
        if (strncmp(at, "\r\n ", 3) == 0)
            at += 2;
        else
            *to++ = *at;
    }
    *to = '\0';
}

static void check_names(const char *line)
{
    static const char *const known[] = {
        "BEGIN:",
        "END:",
        "VERSION:",
        "PRODID:",
        "CALSCALE:",
        "METHOD:",
        "TZID:",
        "DTSTART",
        "DTEND;",
        "RRULE:",
        "TZOFFSET",
        "TZNAME:",
        "UID:",
        "DTSTAMP:",
        "SEQUENCE:",
        "SUMMARY:",
        "LOCATION:",
        "DESCRIPTION:",
        "URL:",
        "CONFERENCE;",
        "STATUS:",
        "TRANSP:",
        "COMMENT:",
        "X-MICROSOFT-",
        "ORGANIZER",
        "ATTENDEE;",
        "ACTION:",
        "TRIGGER:",
        "NAME;VALUE=TEXT:",
        "X-WR-CALNAME;VALUE=TEXT:",
        "X-WR-TIMEZONE:",
    };

    while (*line) {
        size_t k = 0, count = sizeof(known) / sizeof(known[0]);

        while (k < count && strncmp(line, known[k], strlen(known[k])) != 0)
            k++;
        if (k == count)
            abort();
        line = strstr(line, "\r\n") + 2;
    }
}

/* `value` with CR LF as LF, and NAME's value in the text, are the same. */
static void check_text(const char *text, const char *name, const char *value)
{
    const char *at = strstr(text, name);

    if (!*value)
        return;
    if (!at)
        abort();
    for (at += strlen(name); *at != '\r'; at++) {
        char c = *at;

        if (c == '\\')
            c = *++at == 'n' ? '\n' : *at;
        value += value[0] == '\r' && value[1] == '\n';
        if (*value++ != c)
            abort();
    }
    if (*value && (strncmp(name, "\r\nDESC", 6) != 0)) /* the link stands behind it */
        abort();
}

static void check(struct ical_text *text, const char *const *fields, bool message)
{
    unfold(text);
    check_names(text->data);
    check_text(text->data, "\r\nSUMMARY:", fields[SUMMARY]);
    check_text(text->data, "\r\nLOCATION:", fields[PLACE]);
    if (message)
        check_text(text->data, "\r\nCOMMENT:", fields[COMMENT]);
    else
        check_text(text->data, "\r\nNAME;VALUE=TEXT:", fields[NAME]);
}

static const char *or_null(const char *text)
{
    return *text ? text : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *rest;
    const char *fields[FIELDS];
    struct ical_text out = {0};
    struct ical_fault fault = {0};
    bool message, written;

    if (!text || size == 0) {
        free(text);
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    message = (text[0] & 4) == 0;
    rest = text + 1;
    for (int i = 0; i < FIELDS; i++) {
        char *end = strchr(rest, 0xff);

        fields[i] = rest;
        rest = end ? end + 1 : rest + strlen(rest);
        if (end)
            *end = '\0';
    }
    struct ical_attendee attendee = {{fields[NAME], fields[ATTENDEE]}, ICAL_NEEDS_ACTION, false};
    struct ical_event event = {
        .uid = fields[UID],
        .stamp_utc = 1800000000,
        .start = {20832, 540},
        .end = {20832, 960},
        .status = ICAL_CONFIRMED,
        .summary = fields[SUMMARY],
        .description = fields[TEXT],
        .location = fields[PLACE],
        .url = or_null(fields[URL]),
        .video = or_null(fields[VIDEO]),
        .video_label = fields[LABEL],
        .alarm_minutes = text[0] & 8 ? 30 : 0,
        .organizer = {fields[NAME], fields[ORGANIZER]},
        .attendees = &attendee,
        .attendee_count = 1,
    };
    struct ical_calendar calendar = {.name = fields[NAME], .events = &event, .event_count = 1};
    written = message ? ical_write_message((enum ical_method)(text[0] & 3), &event, fields[COMMENT],
                                           &out, &fault)
                      : ical_write_calendar(&calendar, &out, &fault);
    if (written)
        check(&out, fields, message);
    else if (!fault.de[0] || !fault.en[0])
        abort();
    ical_text_free(&out);
    free(text);
    return 0;
}
