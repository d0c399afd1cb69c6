/* Every kind of object that goes out, with values that readers and writers stumble over, as values
 * and as bytes: what test_ical.c and the other readers (test_readers.c, test_servers.c) look at. */
#ifndef TESTS_UNIT_ICAL_CASES_H
#define TESTS_UNIT_ICAL_CASES_H

#include "plugins/appointments/ical/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DAY_2027_01_14 20832
#define DAY_2027_03_28 20905
#define DAY_2027_07_01 21000
#define DAY_2027_10_31 21122

/* Local times and the instants they are, worked out by hand: summer is two hours before UTC, winter
 * one. */
static const struct {
    struct ical_time start, end;
    int64_t start_utc, end_utc;
} times[] = {
    {{DAY_2027_01_14, 540}, {DAY_2027_01_14, 960}, 1799913600, 1799938800},   /* 08:00Z 15:00Z */
    {{DAY_2027_03_28, 540}, {DAY_2027_03_28, 960}, 1806217200, 1806242400},   /* 07:00Z 14:00Z */
    {{DAY_2027_03_28, 90}, {DAY_2027_03_28, 210}, 1806193800, 1806197400},    /* one hour */
    {{DAY_2027_10_31, 540}, {DAY_2027_10_31, 960}, 1824969600, 1824994800},   /* 08:00Z 15:00Z */
    {{DAY_2027_10_31, 90}, {DAY_2027_10_31, 210}, 1824939000, 1824949800},    /* three hours */
    {{DAY_2027_07_01, 615}, {DAY_2027_07_01 + 1, 0}, 1814429700, 1814479200}, /* until midnight */
};
#define TIMES (sizeof(times) / sizeof(times[0]))

static char long_name[400], long_title[700];

/* What readers are known to take otherwise is left out here: a backslash before n
 * (python3-icalendar 4.0.3 and, in parameters, ical.js take it for a line break) and a comma in a
 * link (vobject ends CONFERENCE there). Formatters of some releases count emoji differently: laid
 * out by hand. */
/* clang-format off */
/* A line, and a text of several lines, of each sort. */
static const struct {
    const char *sort, *line, *lines;
} values[] = {
    {"ascii", "Analysis session", "Please bring the timeline.\nLunch is served."},
    {"umlauts", "Prozeßgespräch – Größe, Maß & Übermut",
     "Grüße aus Köln;\nÄpfel, Öl und Übermut.\n\n„Zitat“ – Ende…"},
    {"long", long_name, long_title},
    {"marks", "a;b,c:d\"e\\f;g^n^^h'i<j>&k=l%m\"",
     "a;b,c:d\"e\\f;g\n;\n,\n\\\n:\n\"\n^n ^^ ^'\n\tTab\n BEGIN:VEVENT\nEND:VCALENDAR\n"},
    {"emoji", "🗓️ 👩🏽‍💻👨‍👩‍👧‍👦 🇩🇪 e\u0301 日本語 \U0010fffd",
     "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉\n👩🏽‍💻👩🏽‍💻👩🏽‍💻👩🏽‍💻👩🏽‍💻👩🏽‍💻👩🏽‍💻\n\u05d0\u05d1"},
};
/* clang-format on */
#define VALUES (sizeof(values) / sizeof(values[0]))

enum kind { FEED, HOLD, REQUEST, UPDATE, CANCEL, UNINVITE, DECLINE_COUNTER, KINDS };
static const char *const kinds[KINDS] = {"feed",   "hold",     "request",       "update",
                                         "cancel", "uninvite", "declinecounter"};

/* 300 characters, of one, two, three and four bytes in turn. */
static void fill_long(void)
{
    static const char *const letters[] = {"x", "ü", "€", "😀"};

    long_name[0] = '\0';
    for (size_t i = 0; i < 120; i++)
        (void)strncat(long_name, letters[i % 2], sizeof(long_name) - strlen(long_name) - 1);
    for (size_t i = 0; i < 180; i++)
        (void)strncat(long_name, "y", sizeof(long_name) - strlen(long_name) - 1);
    long_title[0] = '\0';
    for (size_t i = 0; i < 240; i++)
        (void)strncat(long_title, letters[i % 4], sizeof(long_title) - strlen(long_title) - 1);
}

struct example {
    char name[40], uid[60];
    enum ical_method method; /* of messages */
    bool message;
    const char *comment;
    struct ical_event event;
    struct ical_attendee attendees[3];
    struct ical_calendar calendar;
    struct ical_text text;
    int64_t start_utc, end_utc;
};

static void write_example(struct example *x)
{
    struct ical_fault fault;
    bool written = x->message
                       ? ical_write_message(x->method, &x->event, x->comment, &x->text, &fault)
                       : ical_write_calendar(&x->calendar, &x->text, &fault);

    if (!written)
        fail_msg("%s: %s", x->name, fault.en);
}

static void fill_event(struct example *x, enum kind kind, size_t v, size_t time)
{
    x->event = (struct ical_event){
        .uid = x->uid,
        .sequence = kind == UPDATE                       ? 3
                    : kind == CANCEL || kind == UNINVITE ? 1
                                                         : 0,
        .stamp_utc = 1798761600 + (int64_t)time,
        .created_utc = 1798700000,
        .changed_utc = 1798750000,
        .start = times[time].start,
        .end = times[time].end,
        .status = kind == HOLD ? ICAL_TENTATIVE : ICAL_CONFIRMED,
        .summary = values[v].line,
        .description = values[v].lines,
        .location = values[v].line,
        .url = "https://qe.example.org/appointments/7?a=1&b=2",
        .video = kind == UNINVITE ? NULL : "https://video.example.org/room;x=1?p=a:b",
        .video_label = values[v].line,
        .alarm_minutes = kind == HOLD ? 0 : 1440,
        .organizer = {values[v].line, "termin+0123456789abcdef0123456789abcdef@example.org"},
        .attendees = x->attendees,
        .attendee_count = kind == UNINVITE || kind == DECLINE_COUNTER ? 1 : 3,
    };
    x->attendees[0] = (struct ical_attendee){
        {values[v].line, "moderation-1@example.org"}, ICAL_NEEDS_ACTION, false};
    x->attendees[1] = (struct ical_attendee){{NULL, "o'neil_2@sub-domain.example.org"},
                                             kind == UPDATE ? ICAL_ACCEPTED : ICAL_NEEDS_ACTION,
                                             true};
    x->attendees[2] = (struct ical_attendee){{values[v].line, "kontakt@example.org"},
                                             kind == UPDATE ? ICAL_DECLINED : ICAL_MAYBE,
                                             false};
}

static void make_example(struct example *x, enum kind kind, size_t v, size_t time)
{
    static const enum ical_method methods[KINDS] = {[REQUEST] = ICAL_REQUEST,
                                                    [UPDATE] = ICAL_REQUEST,
                                                    [CANCEL] = ICAL_CANCEL,
                                                    [UNINVITE] = ICAL_UNINVITE,
                                                    [DECLINE_COUNTER] = ICAL_DECLINE_COUNTER};

    *x = (struct example){.method = methods[kind], .message = kind >= REQUEST};
    (void)snprintf(x->name, sizeof(x->name), "%s-%s-%zu", kinds[kind], values[v].sort, time);
    (void)snprintf(x->uid, sizeof(x->uid), "0b6c7a52-7d3b-4d8e-9a51-%02d%02zu%08zu", kind, v, time);
    fill_event(x, kind, v, time);
    x->comment = kind == CANCEL || kind == DECLINE_COUNTER ? values[v].lines : NULL;
    x->calendar = (struct ical_calendar){values[v].line, "seagreen", 60, &x->event, 1};
    x->start_utc = times[time].start_utc;
    x->end_utc = times[time].end_utc;
    write_example(x);
}

/* All kinds with all values, and for each kind all times. Free with free_examples(). */
static struct example *make_examples(size_t *ret_count)
{
    struct example *all = calloc(KINDS * (VALUES + TIMES), sizeof(*all));
    size_t count = 0;

    assert_non_null(all);
    fill_long();
    for (int kind = 0; kind < KINDS; kind++) {
        for (size_t v = 0; v < VALUES; v++)
            make_example(&all[count++], (enum kind)kind, v, v);
        make_example(&all[count++], (enum kind)kind, 0, 5);
    }
    *ret_count = count;
    return all;
}

static void free_examples(struct example *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ical_text_free(&all[i].text);
    free(all);
}

#endif
