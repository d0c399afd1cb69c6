/* Nothing that others can write takes long or ends the program: the worst that could be thought of,
 * at 5 MB each, read by the program itself under its own limits of time and memory. */
#include "reading.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST ((size_t)5 * 1024 * 1024)

struct text {
    char *bytes;
    size_t length;
};

static void *setup_text(void)
{
    struct text *t = calloc(1, sizeof(*t));

    assert_non_null(t);
    t->bytes = malloc(MOST + 100000);
    assert_non_null(t->bytes);
    return t;
}

static void add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct text *t, const char *format, ...)
{
    va_list words;

    va_start(words, format);
    t->length += (size_t)vsnprintf(t->bytes + t->length, 1000, format, words);
    va_end(words);
}

static bool has_room(const struct text *t)
{
    return t->length < MOST - 2000;
}

/* Where the work is bounded by what may be calculated, and not by the bytes. */
static bool has_some_room(const struct text *t)
{
    return t->length < MOST / 8;
}

#if defined(__SANITIZE_ADDRESS__)
#define SLOWER 4
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLOWER 4
#endif
#endif
#ifndef SLOWER
#define SLOWER 1
#endif

/* The program's answer; fails when it was killed, complained, or took more than two seconds of the
 * processor. */
static char *ask(struct text *t, const char *mode)
{
    char path[300], *answer = calloc(1, 16 * 1024 * 1024);
    size_t sent = 0, got = 0;
    struct rusage usage;
    int in[2], out[2], status;
    double seconds;
    pid_t child;

    assert_non_null(answer);
    snprintf(path, sizeof(path), "%s/plugins/appointments-reader", getenv("RH_BUILD"));
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, in), 0);
    assert_int_equal(pipe(out), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[0]);
        close(in[1]);
        close(out[0]);
        close(out[1]);
        execl(path, "appointments-reader", mode, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    for (ssize_t n = 1; sent < t->length && n > 0; sent += n > 0 ? (size_t)n : 0)
        n = send(in[1], t->bytes + sent, t->length - sent, MSG_NOSIGNAL);
    close(in[1]);
    for (ssize_t n = 1; n > 0; got += n > 0 ? (size_t)n : 0)
        n = read(out[0], answer + got, 16 * 1024 * 1024 - 1 - got);
    close(out[0]);
    assert_int_equal(wait4(child, &status, 0, &usage), child);
    seconds = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 +
              (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("ended with %d after %.2f s", status, seconds);
    print_message("%5.2f s, %zu bytes, answer %zu: %.60s…\n", seconds, t->length, got, answer);
    if (seconds > 2.0 * SLOWER)
        fail_msg("took %.2f s", seconds);
    free(t->bytes);
    free(t);
    return answer;
}

static void assert_answer(struct text *t, const char *mode, const char *part)
{
    char *answer = ask(t, mode);

    if (!strstr(answer, part))
        fail_msg("no '%s' in '%.300s … %s'", part, answer,
                 strlen(answer) > 600 ? answer + strlen(answer) - 600 : "");
    free(answer);
}

#define BUSY "busy=2027-01-01..2027-12-31"

static void components_inside_each_other(void **state)
{
    struct text *t = setup_text();
    (void)state;

    add(t, "BEGIN:VCALENDAR\n");
    while (has_room(t))
        add(t, "BEGIN:VEVENT\n");
    assert_answer(t, BUSY, "line 9: more than 8 components inside each other");
}

static void one_endless_line(void **state)
{
    struct text *t = setup_text();
    (void)state;

    add(t, "BEGIN:VCALENDAR\nX-A:");
    memset(t->bytes + t->length, 'a', MOST - t->length);
    t->length = MOST;
    assert_answer(t, BUSY, "line 2 has more than 262144 bytes");
}

static void one_endless_folded_line(void **state)
{
    struct text *t = setup_text();
    (void)state;

    add(t, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270101T000000Z\nEXDATE:");
    while (has_room(t))
        add(t, "\n 2");
    add(t, "\nEND:VEVENT\nEND:VCALENDAR\n");
    assert_answer(t, BUSY, "\"kind\":\"dates\"");
}

static void more_than_five_megabytes(void **state)
{
    struct text *t = setup_text();
    (void)state;

    while (t->length <= MOST)
        add(t, "BEGIN:VCALENDAR\nEND:VCALENDAR\n");
    assert_answer(t, "itip", "the calendar has more than 5242880 bytes");
}

static void a_hundred_thousand_properties(void **state)
{
    struct text *t = setup_text();
    (void)state;

    add(t, "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\n");
    for (int i = 0; i < 100000; i++)
        add(t, "ATTENDEE;A=B;C=D:mailto:a\n");
    assert_answer(t, "itip", "a calendar has at most 500000 properties, an event 20000");
}

static void as_many_properties_as_may_be(void **state)
{
    struct text *t = setup_text();
    (void)state;

    add(t, "BEGIN:VCALENDAR\n");
    for (int i = 0; has_room(t) && i < 490000; i++)
        add(t, i % 19000 ? "A;B=:\n" : "%sBEGIN:VEVENT\n", i ? "END:VEVENT\n" : "");
    add(t, "END:VEVENT\nEND:VCALENDAR\n");
    assert_answer(t, BUSY, "\"busy\":[]");
}

static void as_many_parameters_as_may_be(void **state)
{
    struct text *t = setup_text();
    (void)state;

    add(t, "BEGIN:VCALENDAR\n");
    while (has_room(t))
        add(t, "A;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=;B=:\n");
    add(t, "END:VCALENDAR\n");
    assert_answer(t, BUSY, "properties");
}

static void dense_rules(void **state)
{
    static const char *const rules[] = {
        "FREQ=HOURLY;COUNT=999999999;BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20",
        "FREQ=YEARLY;COUNT=999999999;BYWEEKNO=53;BYDAY=MO;BYYEARDAY=366",
        "FREQ=MONTHLY;COUNT=999999999;BYSETPOS=-1;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=1,2,3,4,5,6"};
    (void)state;

    for (size_t r = 0; r < sizeof(rules) / sizeof(rules[0]); r++) {
        struct text *t = setup_text();

        add(t, "BEGIN:VCALENDAR\n");
        while (has_some_room(t))
            add(t,
                "BEGIN:VEVENT\nUID:%zu\nDTSTART:16010101T000000Z\nDURATION:PT1S\nRRULE:%s\n"
                "END:VEVENT\n",
                t->length, rules[r]);
        add(t, "END:VCALENDAR\n");
        assert_answer(t, BUSY, "\"kind\":\"work\"");
    }
}

static void many_rules_of_one_event(void **state)
{
    struct text *t = setup_text();
    (void)state;

    add(t, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:16010101T000000Z\nDURATION:P3650D\n");
    for (int i = 0; i < 19000; i++)
        add(t, "RRULE:FREQ=DAILY;COUNT=99999999;BYDAY=MO,TU,WE\n");
    add(t, "END:VEVENT\nEND:VCALENDAR\n");
    assert_answer(t, BUSY, "\"kind\":\"work\"");
}

static void occurrences_of_one_series_moved_a_thousand_times(void **state)
{
    struct text *t = setup_text();
    (void)state;

    add(t, "BEGIN:VCALENDAR\n");
    for (int i = 0; has_some_room(t); i++)
        add(t, "BEGIN:VEVENT\nUID:a\nDTSTART:20270101T0%d0000Z\nRRULE:FREQ=HOURLY\n%sEND:VEVENT\n",
            i % 10, i % 2 ? "RECURRENCE-ID:20270101T000000Z\n" : "DURATION:PT1S\n");
    add(t, "END:VCALENDAR\n");
    assert_answer(t, BUSY, "\"kind\":\"");
}

static void zones_that_change_every_hour(void **state)
{
    struct text *t = setup_text();
    (void)state;

    add(t, "BEGIN:VCALENDAR\n");
    for (int i = 0; has_some_room(t); i++)
        add(t,
            "BEGIN:VTIMEZONE\nTZID:%d\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
            "TZOFFSETFROM:+2359\nTZOFFSETTO:-2359\nRRULE:FREQ=HOURLY\nEND:STANDARD\n"
            "BEGIN:DAYLIGHT\nDTSTART:19700101T003000\nTZOFFSETFROM:-2359\nTZOFFSETTO:+2359\n"
            "RRULE:FREQ=HOURLY\nEND:DAYLIGHT\nEND:VTIMEZONE\nBEGIN:VEVENT\n"
            "DTSTART;TZID=%d:20270301T000000\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEND:VEVENT\n",
            i, i);
    add(t, "END:VCALENDAR\n");
    assert_answer(t, BUSY, "\"kind\":\"unknown-zone\"");
}

static void names_that_differ_at_their_end_only(void **state)
{
    struct text *t = setup_text();
    char name[60001];
    (void)state;

    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    add(t, "BEGIN:VCALENDAR\n");
    while (t->length < MOST - 70000) {
        add(t, "BEGIN:VEVENT\nDTSTART:20270101T000000Z\nDURATION:PT1S\nUID:");
        memcpy(t->bytes + t->length, name, 60000);
        t->length += 60000;
        add(t, "%zu\nEND:VEVENT\n", t->length);
    }
    add(t, "END:VCALENDAR\n");
    assert_answer(t, BUSY, "\"events\":87");
}

static void dates_without_end(void **state)
{
    struct text *t = setup_text();
    (void)state;

    add(t, "BEGIN:VCALENDAR\n");
    for (int i = 0; has_room(t); i++) {
        add(t, "BEGIN:VEVENT\nUID:%d\nDTSTART:20270101T000000Z\nDURATION:PT1S\n", i);
        for (int n = 0; n < 50; n++)
            add(t, "%s:20270101T00%02d%02dZ,20270102T00%02d%02dZ\n", n % 2 ? "EXDATE" : "RDATE", n,
                i % 60, n, i % 60);
        add(t, "END:VEVENT\n");
    }
    add(t, "END:VCALENDAR\n");
    assert_answer(t, BUSY, "\"kind\":\"dates\"");
}

static void twenty_thousand_events_in_a_second(void **state)
{
    struct text *t = setup_text();
    (void)state;

    add(t, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    for (int i = 0; i < 20000; i++)
        add(t,
            "BEGIN:VEVENT\r\nUID:%d@example.org\r\nDTSTAMP:20270101T000000Z\r\n"
            "DTSTART;TZID=Europe/Berlin:2027%02d%02dT%02d0000\r\n"
            "DTEND;TZID=Europe/Berlin:2027%02d%02dT%02d4500\r\nSUMMARY:Besprechung %d\r\n"
            "%sEND:VEVENT\r\n",
            i, 1 + i / 28 % 12, 1 + i % 28, 8 + i % 9, 1 + i / 28 % 12, 1 + i % 28, 8 + i % 9, i,
            i % 10 ? "" : "RRULE:FREQ=WEEKLY;BYDAY=MO,WE\r\n");
    add(t, "END:VCALENDAR\r\n");
    assert_answer(t, BUSY, "\"events\":20000,\"notes\":[]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(components_inside_each_other),
        cmocka_unit_test(one_endless_line),
        cmocka_unit_test(one_endless_folded_line),
        cmocka_unit_test(more_than_five_megabytes),
        cmocka_unit_test(a_hundred_thousand_properties),
        cmocka_unit_test(as_many_properties_as_may_be),
        cmocka_unit_test(as_many_parameters_as_may_be),
        cmocka_unit_test(dense_rules),
        cmocka_unit_test(many_rules_of_one_event),
        cmocka_unit_test(occurrences_of_one_series_moved_a_thousand_times),
        cmocka_unit_test(zones_that_change_every_hour),
        cmocka_unit_test(names_that_differ_at_their_end_only),
        cmocka_unit_test(dates_without_end),
        cmocka_unit_test(twenty_thousand_events_in_a_second),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
