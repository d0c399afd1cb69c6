/* closing.h: the days on which one office is closed, as short texts. */
#include "core/calendar/closing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int32_t day_at(const char *iso)
{
    int32_t day = RH_NO_DAY;

    assert_int_equal(rh_day_read_iso(iso, &day, NULL), 0);
    return day;
}

static struct rh_closing closing_at(const char *text)
{
    struct rh_closing closing = {0};
    struct rh_err err = {0};

    if (rh_closing_parse(text, &closing, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
    return closing;
}

static void a_closing_is_read_as_people_write_it_and_written_one_way(void **state)
{
    static const struct {
        const char *read, *written;
    } cases[] = {
        {"2027-12-27", "2027-12-27"},
        {"27.12.2027", "2027-12-27"},
        {"1.2.2027", "2027-02-01"},
        {"2027-12-27..2027-12-30", "2027-12-27..2027-12-30"},
        {"27.12.2027..30.12.2027", "2027-12-27..2027-12-30"},
        {"2027-12-27..2027-12-27", "2027-12-27"},
        {"12-24", "12-24"},
        {"24.12.", "12-24"},
        {"1.5.", "05-01"},
        {"29.2.", "02-29"},
        {"easter-48", "easter-48"},
        {"Ostern-48", "easter-48"},
        {"easter+1", "easter+1"},
        {"easter+0", "easter+0"},
        {"easter-80", "easter-80"},
        {"easter+249", "easter+249"},
        {"rosenmontag", "easter-48"},
        {"Rosenmontag", "easter-48"},
        {"weiberfastnacht", "easter-52"},
        {"heiligabend", "12-24"},
    };
    char text[RH_DATE_TEXT_SIZE];
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rh_closing closing = closing_at(cases[i].read), again;

        assert_string_equal(rh_closing_format(&closing, text), cases[i].written);
        again = closing_at(text);
        assert_int_equal(again.kind, closing.kind);
        assert_true(again.first == closing.first && again.last == closing.last);
        assert_true(again.month == closing.month && again.day_of_month == closing.day_of_month);
        assert_int_equal(again.from_easter, closing.from_easter);
    }
}

static void what_is_no_closing_is_refused_with_the_right_forms(void **state)
{
    static const char *const bad[] = {
        "",
        "2027-02-30",
        "2027-12-30..2027-12-27",
        "2027-12-27..",
        "..2027-12-27",
        "30.2.",
        "13-01",
        "12-32",
        "1-024",
        "24.12",
        "24..",
        "12-24x",
        "12-245",
        "easter",
        "easter-",
        "easter-81",
        "easter+250",
        "easter-4x",
        "ostern48",
        "easter--4",
        "karneval",
        "2027-12-27...2027-12-28",
        ".",
        "-",
        "2027-12-27 ",
        "easter-0048",
        "24.12..",
        "0000000000000000000000000000000000000000000000000000000000000000000"};
    (void)state;

    for (size_t i = 0; i < COUNT(bad); i++) {
        struct rh_closing closing = {.first = 4711};
        struct rh_err err = {0};

        assert_int_equal(rh_closing_parse(bad[i], &closing, &err), RH_EINVALID);
        assert_int_equal(closing.first, 4711);
        assert_true(err.text[RH_DE][0] && err.text[RH_EN][0]);
    }
}

static void a_closing_covers_its_days_and_no_others(void **state)
{
    static const struct {
        const char *closing, *day;
        bool covered;
    } cases[] = {
        {"2027-12-27..2027-12-30", "2027-12-26", false},
        {"2027-12-27..2027-12-30", "2027-12-27", true},
        {"2027-12-27..2027-12-30", "2027-12-30", true},
        {"2027-12-27..2027-12-30", "2027-12-31", false},
        {"12-24", "2027-12-24", true},
        {"12-24", "2031-12-24", true},
        {"12-24", "2027-12-25", false},
        {"02-29", "2028-02-29", true},
        {"02-29", "2027-02-28", false},
        {"02-29", "2027-03-01", false},
        {"rosenmontag", "2027-02-08", true},
        {"rosenmontag", "2026-02-16", true},
        {"rosenmontag", "2027-02-09", false},
        {"weiberfastnacht", "2027-02-04", true},
        {"veilchendienstag", "2027-02-09", true},
        {"silvester", "2027-12-31", true},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rh_closing closing = closing_at(cases[i].closing);

        assert_int_equal(rh_closing_covers(&closing, day_at(cases[i].day)), cases[i].covered);
    }
    assert_false(rh_closing_covers(&(struct rh_closing){.kind = RH_CLOSING_EASTER}, RH_NO_DAY));
}

/* However far from Easter, the day stays in its year; otherwise two years would meet in one. */
static void a_distance_from_easter_stays_in_the_year(void **state)
{
    struct rh_closing first = closing_at("easter-80"), last = closing_at("easter+249");
    (void)state;

    for (int32_t year = RH_YEAR_MIN; year <= RH_YEAR_MAX; year++) {
        int count = 0;

        for (int32_t day = rh_day_of(year, 1, 1); day <= rh_day_of(year, 12, 31); day++)
            count += rh_closing_covers(&first, day) + rh_closing_covers(&last, day);
        assert_int_equal(count, 2);
    }
}

static void every_customary_closing_is_read_by_its_key(void **state)
{
    struct rh_closing closing, read;
    const char *key;
    size_t i = 0;
    (void)state;

    for (; (key = rh_closing_customary(i, &closing)) != NULL; i++) {
        read = closing_at(key);
        assert_string_equal(read.name.de, closing.name.de);
        assert_string_equal(read.name.en, closing.name.en);
    }
    assert_true(i >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closing_is_read_as_people_write_it_and_written_one_way),
        cmocka_unit_test(what_is_no_closing_is_refused_with_the_right_forms),
        cmocka_unit_test(a_closing_covers_its_days_and_no_others),
        cmocka_unit_test(a_distance_from_easter_stays_in_the_year),
        cmocka_unit_test(every_customary_closing_is_read_by_its_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
