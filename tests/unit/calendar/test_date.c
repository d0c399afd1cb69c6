/* date.h: days, months and weeks as integers; every date of three centuries goes there and back. */
#include "core/calendar/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int32_t day_at(const char *iso)
{
    int32_t day = RH_NO_DAY;
    struct rh_err err = {0};

    if (rh_day_read_iso(iso, &day, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
    return day;
}

static int32_t month_at(const char *iso)
{
    int32_t month = RH_NO_MONTH;

    assert_int_equal(rh_month_read_iso(iso, &month, NULL), 0);
    return month;
}

/* --- days --- */

/* The oracle knows only how long a month is and turns the pages one by one. */
static void every_day_of_three_centuries_goes_there_and_back(void **state)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t day = RH_DAY_MIN;
    int weekday = 1; /* 1 January 1900 was a Monday */
    (void)state;

    for (int year = 1900; year <= 2199; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
            int last = length[month - 1] + (month == 2 && leap ? 1 : 0);

            for (int dom = 1; dom <= last; dom++, day++, weekday = weekday % 7 + 1) {
                struct rh_date date = rh_day_split(day);

                assert_true(date.year == year && date.month == month && date.day == dom);
                assert_int_equal(rh_day_of(year, month, dom), day);
                assert_int_equal(rh_day_weekday(day), weekday);
            }
            assert_int_equal(rh_day_of(year, month, last + 1), RH_NO_DAY);
        }
    assert_int_equal(day, RH_DAY_MAX + 1);
}

static void days_are_counted_from_1970(void **state)
{
    (void)state;
    assert_int_equal(rh_day_of(1970, 1, 1), 0);
    assert_int_equal(rh_day_of(1969, 12, 31), -1);
    assert_int_equal(rh_day_of(2000, 3, 1), 11017);
    assert_int_equal(rh_day_of(1900, 1, 1), RH_DAY_MIN);
    assert_int_equal(rh_day_of(2199, 12, 31), RH_DAY_MAX);
}

static void what_is_no_day_is_refused(void **state)
{
    (void)state;
    assert_int_equal(rh_day_of(2027, 2, 29), RH_NO_DAY);
    assert_int_equal(rh_day_of(2100, 2, 29), RH_NO_DAY);
    assert_int_equal(rh_day_of(2027, 0, 1), RH_NO_DAY);
    assert_int_equal(rh_day_of(2027, 13, 1), RH_NO_DAY);
    assert_int_equal(rh_day_of(2027, 1, 0), RH_NO_DAY);
    assert_int_equal(rh_day_of(1899, 12, 31), RH_NO_DAY);
    assert_int_equal(rh_day_of(2200, 1, 1), RH_NO_DAY);
    assert_int_equal(rh_day_split(RH_NO_DAY).year, 0);
    assert_int_equal(rh_day_split(RH_DAY_MAX + 1).year, 0);
    assert_int_equal(rh_day_add(RH_DAY_MAX, 1), RH_NO_DAY);
    assert_int_equal(rh_day_add(0, INT32_MAX), RH_NO_DAY);
    assert_int_equal(rh_day_add(RH_NO_DAY, 1), RH_NO_DAY);
}

static void adding_months_clips_to_the_end_of_a_shorter_one(void **state)
{
    static const struct {
        const char *from;
        int32_t months;
        const char *to;
    } cases[] = {
        {"2027-01-31", 1, "2027-02-28"},  {"2028-01-31", 1, "2028-02-29"},
        {"2027-03-31", -1, "2027-02-28"}, {"2027-05-31", 1, "2027-06-30"},
        {"2027-05-15", 60, "2032-05-15"}, {"2027-01-15", -1, "2026-12-15"},
        {"2028-02-29", 12, "2029-02-28"}, {"2028-02-29", 48, "2032-02-29"},
        {"2027-12-31", 14, "2029-02-28"}, {"2027-06-30", 0, "2027-06-30"},
        {"2096-02-29", 48, "2100-02-28"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(rh_day_add_months(day_at(cases[i].from), cases[i].months),
                         day_at(cases[i].to));
    assert_int_equal(rh_day_add_years(day_at("2028-02-29"), 5), day_at("2033-02-28"));
    assert_int_equal(rh_day_add_months(day_at("2199-12-01"), 1), RH_NO_DAY);
    assert_int_equal(rh_day_add_years(day_at("2027-01-01"), INT32_MAX), RH_NO_DAY);
    assert_int_equal(rh_day_add_years(day_at("1900-01-01"), -1), RH_NO_DAY);
    assert_int_equal(rh_day_add_months(RH_NO_DAY, 1), RH_NO_DAY);
}

/* --- months --- */

static void a_month_knows_its_days(void **state)
{
    int32_t month = month_at("2028-02");
    (void)state;

    assert_int_equal(month, 2028 * 12 + 1);
    assert_int_equal(rh_month_year(month), 2028);
    assert_int_equal(rh_month_number(month), 2);
    assert_int_equal(rh_month_length(month), 29);
    assert_int_equal(rh_month_first_day(month), day_at("2028-02-01"));
    assert_int_equal(rh_month_last_day(month), day_at("2028-02-29"));
    assert_int_equal(rh_month_of_day(day_at("2028-02-29")), month);
    assert_int_equal(rh_month_add(month, -2), month_at("2027-12"));
    assert_int_equal(rh_month_add(month, 60), month_at("2033-02"));
}

static void what_is_no_month_is_refused(void **state)
{
    (void)state;
    assert_int_equal(rh_month_of(2027, 13), RH_NO_MONTH);
    assert_int_equal(rh_month_of(2200, 1), RH_NO_MONTH);
    assert_int_equal(rh_month_add(RH_MONTH_MAX, 1), RH_NO_MONTH);
    assert_int_equal(rh_month_add(RH_NO_MONTH, 1), RH_NO_MONTH);
    assert_int_equal(rh_month_of_day(RH_NO_DAY), RH_NO_MONTH);
    assert_int_equal(rh_month_first_day(RH_NO_MONTH), RH_NO_DAY);
    assert_int_equal(rh_month_last_day(RH_NO_MONTH), RH_NO_DAY);
    assert_int_equal(rh_month_length(RH_NO_MONTH), 0);
    assert_int_equal(rh_month_number(RH_MONTH_MAX + 1), 0);
}

/* --- weeks --- */

/* The days around New Year that ISO 8601 gives to the other year. */
static void iso_weeks_follow_the_standard_around_new_year(void **state)
{
    static const struct {
        const char *day, *week;
    } cases[] = {
        {"2005-01-01", "2004-W53"}, {"2005-01-02", "2004-W53"}, {"2005-12-31", "2005-W52"},
        {"2007-01-01", "2007-W01"}, {"2007-12-30", "2007-W52"}, {"2007-12-31", "2008-W01"},
        {"2008-12-28", "2008-W52"}, {"2008-12-29", "2009-W01"}, {"2009-12-31", "2009-W53"},
        {"2010-01-03", "2009-W53"}, {"2026-12-31", "2026-W53"}, {"2027-01-03", "2026-W53"},
        {"2027-01-04", "2027-W01"}, {"2027-05-27", "2027-W21"}, {"1900-01-01", "1900-W01"},
        {"2199-12-31", "2200-W01"},
    };
    char buffer[RH_DATE_TEXT_SIZE];
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(rh_week_iso(rh_week_of_day(day_at(cases[i].day)), buffer),
                            cases[i].week);
}

static void every_week_goes_there_and_back(void **state)
{
    (void)state;
    for (int32_t day = RH_DAY_MIN; day <= RH_DAY_MAX; day++) {
        struct rh_week week = rh_week_of_day(day);
        int32_t thursday = day - rh_day_weekday(day) + 4;

        assert_int_equal(rh_week_first_day(week.year, week.week) + rh_day_weekday(day) - 1, day);
        if (rh_day_is_valid(
                thursday)) /* the definition: a week belongs to the year of its Thursday */
            assert_int_equal(rh_day_split(thursday).year, week.year);
    }
}

static void a_year_has_as_many_weeks_as_it_has_thursdays(void **state)
{
    (void)state;
    for (int32_t year = RH_YEAR_MIN; year <= RH_YEAR_MAX; year++) {
        int thursdays = 0;

        for (int32_t day = rh_day_of(year, 1, 1); day <= rh_day_of(year, 12, 31); day++)
            thursdays += rh_day_weekday(day) == 4;

        assert_int_equal(rh_year_week_count(year), thursdays);
        if (year < RH_YEAR_MAX)
            assert_int_equal(rh_week_first_day(year, 53) != RH_NO_DAY, thursdays == 53);
    }
    assert_int_equal(rh_week_first_day(2027, 0), RH_NO_DAY);
    assert_int_equal(rh_week_first_day(2201, 1), RH_NO_DAY);
    assert_int_equal(rh_week_first_day(2200, 2), RH_NO_DAY);
    assert_int_equal(rh_year_week_count(1899), 0);
    assert_int_equal(rh_week_of_day(RH_NO_DAY).year, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_three_centuries_goes_there_and_back),
        cmocka_unit_test(days_are_counted_from_1970),
        cmocka_unit_test(what_is_no_day_is_refused),
        cmocka_unit_test(adding_months_clips_to_the_end_of_a_shorter_one),
        cmocka_unit_test(a_month_knows_its_days),
        cmocka_unit_test(what_is_no_month_is_refused),
        cmocka_unit_test(iso_weeks_follow_the_standard_around_new_year),
        cmocka_unit_test(every_week_goes_there_and_back),
        cmocka_unit_test(a_year_has_as_many_weeks_as_it_has_thursdays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
