/* Time: ten years held against a calendar of our own, the days on which the clock changes, clocks
 * that are wrong, and the brake with one mail more and one less. */
#include "tests/integration/nrw.h"

#include "core/calendar/zone.h"
#include "core/server/jobs.h"

/* ---- a calendar that shares nothing with the program's ---- */

static int weekday_of(int y, int m, int d) /* 0 = Sunday; Sakamoto's table */
{
    static const int table[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};

    y -= m < 3;
    return (y + y / 4 - y / 100 + y / 400 + table[m - 1] + d) % 7;
}

static int days_before(int y, int m, int d) /* within the year */
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

    return before[m - 1] + d + (m > 2 && y % 4 == 0); /* 2001 to 2099 */
}

/* Meeus, Jones, Butcher. */
static int easter_of(int y)
{
    int a = y % 19, b = y / 100, c = y % 100, d = b / 4, e = b % 4, f = (b + 8) / 25;
    int g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
    int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;

    return days_before(y, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
}

/* Why no mail may leave on that day; NULL: it may. */
static const char *quiet_reason(int y, int m, int d)
{
    static const int fixed[][2] = {{5, 1}, {10, 3}, {11, 1}};
    static const int from_easter[] = {-2, 1, 39, 50, 60};
    int weekday = weekday_of(y, m, d), after_easter = days_before(y, m, d) - easter_of(y);

    if (weekday == 0 || weekday == 6)
        return "a weekend";
    if ((m == 12 && d >= 24) || (m == 1 && d == 1))
        return "between the years";
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        if (m == fixed[i][0] && d == fixed[i][1])
            return "a holiday";
    for (size_t i = 0; i < sizeof(from_easter) / sizeof(from_easter[0]); i++)
        if (after_easter == from_easter[i])
            return "a holiday that moves with Easter";
    return NULL;
}

/* ---- the world ---- */

static int64_t at(const char *day, int32_t second)
{
    int32_t number = RH_NO_DAY;

    assert_int_equal(rh_day_read(day, &number, NULL), 0);
    return rh_berlin_instant(number, second);
}

#define HOUR 3600

static void run_jobs(struct world *w)
{
    int64_t wait_ms = 0;
    int32_t count;

    do {
        count = rh_jobs_run_due(&w->home->house, 100, NULL, NULL, &wait_ms, &w->err);
        if (count < 0)
            fail_msg("%s", w->err.text[RH_EN]);
    } while (count > 0);
}

/* The server runs: it looks at least every hour. */
static void pass(struct world *w, int64_t until)
{
    while (w->now < until) {
        w->now = w->now + 12 * HOUR < until ? w->now + 12 * HOUR : until;
        run_jobs(w);
    }
}

static size_t reminders(struct world *w)
{
    must(w, "event list", "topic", "procedure.reminder", "limit", "10000");
    return item_count(w);
}

/* The offices in the order of their list; `from` and `count` say which. */
static void record(struct world *w, size_t from, size_t count, const char *month)
{
    char offices[32][64];

    assert_true(count <= 32);
    must(w, "office list");
    for (size_t i = 0; i < count; i++)
        snprintf(offices[i], sizeof(offices[0]), "%s",
                 text_of(json_array_get(items(w), from + i), "id"));
    for (size_t i = 0; i < count; i++)
        must(w, "procedure record", "office", offices[i], "start", month, "state", "planned",
             "suggested-by", "office", "reason", "auf Wunsch");
}

static struct world *world_at(int64_t now)
{
    struct world *w = nrw_open("");

    w->now = now;
    must(w, "process import", "file", "@config/processes/qev-1.conf");
    return w;
}

/* ---- ten years ---- */

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void check_mail(const json_t *line)
{
    const char *when = text_of(line, "at"), *reason;
    int y, m, d, hour, minute;

    assert_int_equal(sscanf(when, "%d-%d-%dT%d:%d", &y, &m, &d, &hour, &minute), 5);
    reason = quiet_reason(y, m, d);
    if (reason)
        fail_msg("a mail leaves on %s, %s", when, reason);
    if (hour < 8 || hour * 60 + minute > 16 * 60)
        fail_msg("a mail leaves at %s", when);
}

/* None twice: of one procedure, step, role and deadline at one time there is one. */
static void check_once(char **lines, size_t count)
{
    qsort(lines, count, sizeof(*lines), compare_lines);
    for (size_t i = 1; i < count; i++)
        if (strcmp(lines[i - 1], lines[i]) == 0)
            fail_msg("twice: %s", lines[i]);
}

static void ten_years_of_mail_know_the_calendar(void **state)
{
    /* over a leap day, over a year's end, over the end of the school holidays that are known */
    static const char *const months[] = {"2027-03", "2027-10", "2028-02", "2028-11", "2029-06",
                                         "2030-09", "2030-12", "2032-01", "2034-05", "2034-09"};
    enum { MONTHS = sizeof(months) / sizeof(months[0]), EACH = 2, LINES = 20000 };
    char **mails = calloc(LINES, sizeof(*mails));
    size_t count = 0, index, finished = 0, new_year = 0;
    struct world *w = world_at(at("2026-11-24", 9 * HOUR));
    json_t *line;

    (void)state;
    for (size_t i = 0; i < MONTHS; i++)
        record(w, i * EACH, EACH, months[i]);
    must(w, "simulate", "until", "2036-12-31", "late", "30");
    json_array_foreach((json_t *)(uintptr_t)items(w), index, line)
    {
        const char *kind = text_of(line, "kind");

        finished +=
            strcmp(kind, "transition") == 0 && !json_is_string(json_object_get(line, "step"));
        new_year += strncmp(text_of(line, "at"), "2031-01", 7) == 0;
        if (strcmp(kind, "mail") != 0)
            continue;
        check_mail(line);
        assert_true(count < LINES);
        mails[count++] = json_dumps(line, JSON_SORT_KEYS | JSON_COMPACT);
    }
    assert_int_equal(count, number(w, "mails"));
    assert_true(count > 500);
    check_once(mails, count);
    assert_int_equal(finished, MONTHS * EACH); /* each office once, each to its end */
    assert_true(new_year > 0);
    for (size_t i = 0; i < count; i++)
        free(mails[i]);
    free(mails);
    world_close(w);
}

/* ---- the days on which the clock changes, and wrong clocks ---- */

static void eight_in_the_morning_is_eight_after_the_clock_changed(void **state)
{
    static const struct {
        const char *month, *begin, *day;
        int32_t utc_hour; /* of 8:00 on that Monday */
    } cases[] = {
        {"2028-03", "2028-03-01", "2028-03-27", 6}, /* after 26 March, to summer time */
        {"2030-10", "2030-09-30", "2030-10-28", 7}, /* after 27 October, back */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world *w = world_at(at(cases[i].begin, 9 * HOUR));
        int64_t eight = at(cases[i].day, 12 * HOUR) / 86400 * 86400 + cases[i].utc_hour * HOUR;
        char procedure[96];
        size_t left;

        record(w, 0, 1, cases[i].month);
        pass(w, eight - 3 * 86400);
        must(w, "procedure board", "state", "running");
        snprintf(procedure, sizeof(procedure), "%s",
                 text_of(json_array_get(items(w), 0), "procedure"));
        must(w, "deadline set", "procedure", procedure, "step", "contact", "on", cases[i].day,
             "reason", "so vereinbart");
        pass(w, eight - 1);
        left = reminders(w);
        w->now = eight;
        run_jobs(w);
        assert_int_equal(reminders(w), left + 1);
        w->now = eight - HOUR; /* the machine's clock is set back, and forward again */
        run_jobs(w);
        w->now = eight + HOUR;
        run_jobs(w);
        assert_int_equal(reminders(w), left + 1);
        world_close(w);
    }
}

static void a_clock_of_1970_or_of_next_year_leaves_nothing_to_take_back(void **state)
{
    struct world *w = world_at(at("2026-11-24", 9 * HOUR));
    int64_t now = at("2027-03-02", 9 * HOUR);
    size_t left;

    (void)state;
    record(w, 0, 3, "2027-03");
    pass(w, now);
    left = reminders(w);
    assert_true(left > 0);
    w->now = 0;
    run_jobs(w);
    w->now = now + 400 * INT64_C(86400);
    run_jobs(w);
    assert_int_equal(reminders(w), left);
    must(w, "brake show");
    assert_true(json_is_true(json_object_get(w->answer, "on")));
    w->now = now; /* and right again: nothing is held that is not due, and it goes on */
    must(w, "brake show");
    assert_int_equal(number(w, "mails"), 0);
    must(w, "brake release", "mails", "0");
    w->now =
        now - HOUR; /* an hour back and one ahead: too little for the brake, and no mail twice */
    run_jobs(w);
    w->now = now + HOUR;
    run_jobs(w);
    w->now = now;
    run_jobs(w);
    assert_int_equal(reminders(w), left);
    pass(w, at("2027-03-20", 9 * HOUR));
    assert_true(reminders(w) > left);
    world_close(w);
}

/* ---- the brake ---- */

/* That many procedures begin on one morning whose first two reminders each nobody had seen coming.
 */
static struct world *morning_of(size_t count)
{
    struct world *w = world_at(at("2027-03-01", 9 * HOUR));

    record(w, 0, count, "2027-03");
    run_jobs(w);
    return w;
}

static void twenty_four_pass_and_twenty_six_are_held(void **state)
{
    struct world *w = morning_of(12);

    (void)state;
    assert_int_equal(reminders(w), 24);
    must(w, "brake show");
    assert_true(json_is_false(json_object_get(w->answer, "on")));
    record(w, 12, 1, "2027-03"); /* in the same hour: a flood may come in small waves */
    run_jobs(w);
    assert_int_equal(reminders(w), 24);
    must(w, "brake show");
    assert_true(json_is_true(json_object_get(w->answer, "on")));
    world_close(w);
}

/* The limit itself: of 26 one is stopped by hand, so 25 are left that nobody had seen coming. */
static void twenty_five_pass_and_the_next_one_is_held(void **state)
{
    struct world *w = world_at(at("2027-03-01", 9 * HOUR));
    char key[256] = "";
    size_t index;
    json_t *line;

    (void)state;
    record(w, 0, 13, "2027-03");
    must(w, "procedure ahead");
    json_array_foreach((json_t *)(uintptr_t)items(w), index,
                       line) if (!*key && strcmp(text_of(line, "kind"), "mail") == 0 &&
                                 *text_of(line, "key"))
        snprintf(key, sizeof(key), "%s", text_of(line, "key"));
    must(w, "reminder stop", "key", key, "reason", "ruft selbst an");
    run_jobs(w);
    assert_int_equal(reminders(w), 25);
    must(w, "brake show");
    assert_true(json_is_false(json_object_get(w->answer, "on")));
    record(w, 13, 1, "2027-03");
    run_jobs(w);
    assert_int_equal(reminders(w), 25);
    must(w, "brake show");
    assert_true(json_is_true(json_object_get(w->answer, "on")));
    world_close(w);
}

static void what_is_held_leaves_with_its_number_only(void **state)
{
    struct world *w = world_at(at("2027-03-01", 9 * HOUR));

    (void)state;
    record(w, 0, 13, "2027-03");
    assert_int_equal(reminders(w), 0);
    run_jobs(w);
    must(w, "brake show");
    assert_int_equal(number(w, "mails") + (int64_t)reminders(w), 26);
    must(w, "brake show");
    assert_true(json_is_true(json_object_get(w->answer, "on")));
    {
        char mails[24];

        snprintf(mails, sizeof(mails), "%lld", (long long)number(w, "mails"));
        refused(w, RH_ECONFLICT, "inzwischen", "by now", "brake release", "mails", "3");
        must(w, "brake release", "mails", mails);
    }
    run_jobs(w);
    assert_int_equal(reminders(w), 26);
    w->now += HOUR;
    run_jobs(w);
    assert_int_equal(reminders(w), 26);
    world_close(w);
}

static void what_is_dropped_never_leaves(void **state)
{
    struct world *w = morning_of(13);
    size_t left = reminders(w);
    char mails[24];

    (void)state;
    must(w, "brake show");
    snprintf(mails, sizeof(mails), "%lld", (long long)number(w, "mails"));
    assert_true(number(w, "mails") > 0);
    refused(w, RH_ECONFLICT, "inzwischen", "by now", "brake drop", "mails", "0", "reason", "x");
    must(w, "brake drop", "mails", mails, "reason", "aus Versehen begonnen");
    run_jobs(w);
    must(w, "brake show");
    assert_true(json_is_false(json_object_get(w->answer, "on")));
    pass(w, at("2027-03-03", 9 * HOUR));
    assert_int_equal(reminders(w), left);
    world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_years_of_mail_know_the_calendar),
        cmocka_unit_test(eight_in_the_morning_is_eight_after_the_clock_changed),
        cmocka_unit_test(a_clock_of_1970_or_of_next_year_leaves_nothing_to_take_back),
        cmocka_unit_test(twenty_four_pass_and_twenty_six_are_held),
        cmocka_unit_test(twenty_five_pass_and_the_next_one_is_held),
        cmocka_unit_test(what_is_held_leaves_with_its_number_only),
        cmocka_unit_test(what_is_dropped_never_leaves),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
