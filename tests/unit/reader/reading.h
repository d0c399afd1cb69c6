/* Calendars as text, and what the reader makes of them as text. */
#ifndef TESTS_UNIT_READER_READING_H
#define TESTS_UNIT_READER_READING_H

#include "plugins/appointments/reader/busy.h"
#include "plugins/appointments/reader/itip.h"
#include "plugins/appointments/reader/moment.h"
#include "plugins/appointments/reader/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LF "\r\n"
#define CALENDAR(inside)                                                                           \
    "BEGIN:VCALENDAR" LF "VERSION:2.0" LF "PRODID:-//example//test//DE" LF inside "END:"           \
    "VCALENDAR" LF
#define EVENT(inside) "BEGIN:VEVENT" LF "UID:a@example.org" LF inside "END:VEVENT" LF

static inline int64_t day(int32_t year, int32_t month, int32_t number)
{
    return ics_day_of(year, month, number);
}

/* A copy with the room that the reader wants; its answer is to be freed. */
static inline char *read_bytes(const char *text, size_t length, int64_t from, int64_t until)
{
    const struct ics_window window = {from, until, ICS_ZONE_FOLDER, ICS_WORK_MAX};
    struct ics_out out = {0};
    char *copy = malloc(length + 1);

    assert_non_null(copy);
    memcpy(copy, text, length);
    if (until)
        (void)ics_busy(copy, length, &window, &out);
    else
        (void)ics_itip(copy, length, ICS_ZONE_FOLDER, &out);
    free(copy);
    assert_false(out.failed);
    assert_non_null(out.data);
    return out.data;
}

/* "20270328T013000Z/20270328T030000Z …" of the answer. */
static inline char *intervals_of(const char *answer)
{
    size_t room = strlen(answer) + 100;
    char *text = calloc(room, 1), *to = text;

    assert_non_null(text);
    for (const char *at = strstr(answer, "{\"start\":"); at; at = strstr(at + 1, "{\"start\":")) {
        long long time[2];

        assert_int_equal(sscanf(at, "{\"start\":%lld,\"end\":%lld}", &time[0], &time[1]), 2);
        for (int i = 0; i < 2; i++) {
            int64_t number = ics_floor(time[i], ICS_DAY), second = time[i] - number * ICS_DAY;
            int32_t y, m, d;

            ics_civil_of(number, &y, &m, &d);
            to += snprintf(to, room - (size_t)(to - text), "%s%04d%02d%02dT%02d%02d",
                           i       ? "/"
                           : *text ? " "
                                   : "",
                           y, m, d, (int)(second / 3600), (int)(second / 60 % 60));
        }
    }
    return text;
}

/* Of the year 2027. `expected`: "20270328T0130/20270328T0300 …", UTC. */
static inline void assert_busy(const char *calendar, const char *expected)
{
    char *answer = read_bytes(calendar, strlen(calendar), day(2027, 1, 1), day(2027, 12, 31));
    char *got = intervals_of(answer);

    if (strcmp(got, expected) != 0)
        fail_msg("%s\nis '%s',\nnot '%s'\n%s", calendar, got, expected, answer);
    free(got);
    free(answer);
}

static inline void assert_has(const char *answer, const char *part)
{
    if (!strstr(answer, part))
        fail_msg("no '%s' in '%.2000s'", part, answer);
}

static inline void assert_noted(const char *calendar, const char *part)
{
    char *answer = read_bytes(calendar, strlen(calendar), day(2027, 1, 1), day(2027, 12, 31));

    assert_has(answer, part);
    free(answer);
}

static inline void assert_message(const char *calendar, const char *part)
{
    char *answer = read_bytes(calendar, strlen(calendar), 0, 0);

    assert_has(answer, part);
    free(answer);
}

#endif
