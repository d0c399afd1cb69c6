/* rule.h: what recurs when is what two others make of it, libical and vobject (dateutil), for rules
 * that a seeded generator thinks up. All in UTC; zones have tests of their own. */
#include "plugins/appointments/reader/rule.h"
#include "reading.h"
#include "tests/support/program.h"

#include <libical/ical.h>
#include <unistd.h>

#define RULES 400

struct sample {
    char start[64], rule[200];
    char *ours; /* "20270301T080000Z …"; owned */
};

static struct sample samples[RULES];
static uint64_t seed = 20270328;

/* Numerical Recipes' generator: the same rules on every machine. */
static int32_t below(int32_t limit)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int32_t)((seed >> 33) % (uint64_t)limit);
}

static bool chance(int32_t percent)
{
    return below(100) < percent;
}

/* ---- rules ---- */

static void append(char rule[200], const char *format, ...) __attribute__((format(printf, 2, 3)));
static void append(char rule[200], const char *format, ...)
{
    size_t length = strlen(rule);
    va_list words;

    va_start(words, format);
    vsnprintf(rule + length, 200 - length, format, words);
    va_end(words);
}

/* One to three different numbers of a kind, now and then counted from the end. */
static void append_numbers(char rule[200], const char *name, int32_t max, bool from_end)
{
    int32_t count = 1 + below(3), last = 0;

    append(rule, ";%s=", name);
    for (int32_t i = 0; i < count && last < max; i++) {
        last += 1 + below((max - last + 1) / 2 + 1);
        if (last > max)
            last = max;
        append(rule, "%s%s%d", i ? "," : "", from_end && chance(30) ? "-" : "", last);
    }
}

static void append_weekdays(char rule[200], bool numbered)
{
    static const char *const names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    int32_t count = 1 + below(3), first = below(7);

    append(rule, ";BYDAY=");
    for (int32_t i = 0; i < count; i++) {
        append(rule, "%s", i ? "," : "");
        if (numbered)
            append(rule, "%s%d", chance(40) ? "-" : "", 1 + below(chance(80) ? 4 : 5));
        append(rule, "%s", names[(first + i * 2) % 7]);
    }
}

static void think_up_parts(char rule[200], int32_t frequency)
{
    bool days = false;

    if (chance(25))
        append_numbers(rule, "BYMONTH", 12, false);
    switch (frequency) {
    case 0: /* a year */
        if (chance(15))
            append_numbers(rule, "BYYEARDAY", 366, false);
        else if (chance(15) && !strstr(rule, "BYMONTH")) {
            append_numbers(rule, "BYWEEKNO", 53, false);
            append_weekdays(rule, false);
        } else if ((days = chance(40)))
            append_numbers(rule, "BYMONTHDAY", 31, true);
        else if ((days = chance(60)))
            append_weekdays(rule, chance(60));
        break;
    case 1:
        if ((days = chance(40)))
            append_numbers(rule, "BYMONTHDAY", 31, true);
        if (chance(days ? 20 : 70)) {
            append_weekdays(rule, !days && chance(50));
            days = true;
        }
        break;
    case 2:
        if ((days = chance(70)))
            append_weekdays(rule, false);
        if (chance(50))
            append(rule, ";WKST=%s", chance(50) ? "SU" : chance(50) ? "WE" : "MO");
        break;
    case 3:
        if (chance(30))
            append_weekdays(rule, false);
        if (chance(20))
            append_numbers(rule, "BYMONTHDAY", 31, true);
        break;
    default:
        if (chance(30))
            append_weekdays(rule, false);
        break;
    }
    if (frequency <= 3 && chance(20))
        append(rule, ";BYHOUR=%d,%d", 6 + below(4), 11 + below(8));
    if (frequency <= 2 && days && chance(25))
        append(rule, ";BYSETPOS=%s", chance(40) ? "-1" : chance(50) ? "1" : "2,-2");
}

static void think_up(struct sample *s)
{
    static const char *const names[] = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"};
    int32_t frequency = below(100);

    frequency = frequency < 25   ? 0
                : frequency < 55 ? 1
                : frequency < 80 ? 2
                : frequency < 95 ? 3
                                 : 4;
    s->rule[0] = '\0';
    append(s->rule, "FREQ=%s", names[frequency]);
    if (frequency == 4 || chance(50))
        append(s->rule, ";INTERVAL=%d", (frequency == 4 ? 5 : 1) + below(4));
    think_up_parts(s->rule, frequency);
    if (chance(25))
        append(s->rule, ";COUNT=%d", 1 + below(40));
    else if (chance(30))
        append(s->rule, ";UNTIL=%d%02d%02dT%02d0000Z", 2027 + below(2), 1 + below(12),
               1 + below(28), below(24));
    snprintf(s->start, sizeof(s->start), "%d%02d%02dT%02d%02d00Z", 2024 + below(3), 1 + below(12),
             1 + below(28), 6 + below(12), 15 * below(4));
}

/* ---- three readers ---- */

static const char window[] = "20261231T230000Z 20271231T225959Z" /* of Berlin */;

/* The starts alone: "20270301T0800 …". */
static char *read_ours(const struct sample *s)
{
    char text[600], *answer, *found, *to;

    snprintf(text, sizeof(text), CALENDAR(EVENT("DTSTART:%s" LF "DURATION:PT10M" LF "RRULE:%s" LF)),
             s->start, s->rule);
    answer = read_bytes(text, strlen(text), day(2027, 1, 1), day(2027, 12, 31));
    assert_has(answer, "\"notes\":[]");
    found = to = intervals_of(answer);
    free(answer);
    for (char *at = found; *at;) {
        memmove(to, at, 13);
        to += 13;
        at = strchr(at, '/') + 14;
        if (*at)
            *to++ = *at++;
    }
    *to = '\0';
    return found;
}

/* Both want a start that fits the rule: it becomes the second time that we find ourselves. */
static bool fit_start(struct sample *s)
{
    static struct ics_walk walk;
    int64_t allowance = 1000000, local;
    struct ics_stamp start;
    struct ics_rule rule;
    int32_t y, m, d;

    assert_true(ics_stamp_read(s->start, 16, &start));
    if (ics_rule_read(s->rule, &rule) != ICS_RULE_FINE)
        fail_msg("%s is refused", s->rule);
    ics_walk_begin(&walk, &rule, start.local, start.local, day(2027, 12, 31) * ICS_DAY, &allowance);
    if (ics_walk_next(&walk, &local) != 1 || ics_walk_next(&walk, &local) != 1)
        return false;
    ics_civil_of(ics_floor(local, ICS_DAY), &y, &m, &d);
    local -= ics_floor(local, ICS_DAY) * ICS_DAY;
    snprintf(s->start, sizeof(s->start), "%04d%02d%02dT%02d%02d00Z", y, m, d, (int)(local / 3600),
             (int)(local / 60 % 60));
    return !rule.has_until || strcmp(s->start, strstr(s->rule, "UNTIL=") + 6) <= 0;
}

static int setup(void **state)
{
    (void)state;
    for (size_t i = 0; i < RULES; i++) {
        do
            think_up(&samples[i]);
        while (!fit_start(&samples[i]));
        samples[i].ours = read_ours(&samples[i]);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < RULES; i++)
        free(samples[i].ours);
    return 0;
}

static void assert_same(const struct sample *s, const char *who, const char *theirs, int *ret_times)
{
    if (strcmp(s->ours, theirs) != 0)
        fail_msg("DTSTART:%s RRULE:%s\n%s: %.500s\nwe: %.500s", s->start, s->rule, who, theirs,
                 s->ours);
    for (const char *at = theirs; (at = strchr(at, 'T')); at++)
        ++*ret_times;
}

/* Where 3.0.16 differs from RFC 5545, and from vobject: places in a week or beside BYHOUR, days of
 * the month in a year without BYMONTH, days from the end of the month in DAILY. */
static bool libical_errs(const char *rule)
{
    return (strstr(rule, "BYSETPOS") && (strstr(rule, "WEEKLY") || strstr(rule, "BYHOUR"))) ||
           (strstr(rule, "YEARLY") && strstr(rule, "BYMONTHDAY") && !strstr(rule, "BYMONTH=")) ||
           (strstr(rule, "DAILY") && strstr(rule, "BYMONTHDAY") && strchr(rule, '-'));
}

/* The starts in the window, as read_ours(). */
static char *read_libical(const struct sample *s)
{
    struct icalrecurrencetype rule = icalrecurrencetype_from_string(s->rule);
    icalrecur_iterator *iterator = icalrecur_iterator_new(rule, icaltime_from_string(s->start));
    char *theirs = calloc(1, 1000000), *to = theirs, one[80];

    assert_non_null(iterator);
    assert_non_null(theirs);
    for (;;) {
        struct icaltimetype t = icalrecur_iterator_next(iterator);

        if (icaltime_is_null_time(t))
            break;
        snprintf(one, sizeof(one), "%04d%02d%02dT%02d%02d", t.year, t.month, t.day, t.hour,
                 t.minute);
        if (strcmp(one, "20271231T2300") >= 0)
            break;
        if (strcmp(one, "20261231T2300") >= 0)
            to += snprintf(to, sizeof(one) + 1, "%s%s", to == theirs ? "" : " ", one);
    }
    icalrecur_iterator_free(iterator);
    return theirs;
}

static void as_libical(void **state)
{
    int times = 0, rules = 0;
    (void)state;

    for (size_t i = 0; i < RULES; i++) {
        char *theirs;

        if (libical_errs(samples[i].rule))
            continue;
        rules++;
        theirs = read_libical(&samples[i]);
        assert_same(&samples[i], "libical", theirs, &times);
        free(theirs);
    }
    print_message("%d rules, %d times\n", rules, times);
    assert_true(rules >= 300 && times > 5 * rules);
}

static void as_vobject(void **state)
{
    const char *words[] = {"/usr/bin/python3", "tests/unit/reader/rules.py", NULL};
    char *input = calloc(RULES, 400), *to = input, *line;
    struct program python;
    int times = 0;
    (void)state;

    if (access("/usr/lib/python3/dist-packages/vobject/icalendar.py", R_OK) != 0) {
        free(input);
        skip();
    }
    assert_non_null(input);
    for (size_t i = 0; i < RULES; i++)
        to += snprintf(to, 400, "%s %s %s\n", samples[i].start, samples[i].rule, window);
    python = program_run(words, input, strlen(input));
    if (python.status != 0)
        fail_msg("%s", python.errs);
    line = python.out;
    for (size_t i = 0; i < RULES; i++) {
        char *end = strchr(line, '\n');

        assert_non_null(end);
        *end = '\0';
        assert_same(&samples[i], "vobject", line, &times);
        line = end + 1;
    }
    print_message("%d rules, %d times\n", RULES, times);
    assert_true(times > 5 * RULES);
    program_free(&python);
    free(input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_libical),
        cmocka_unit_test(as_vobject),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
