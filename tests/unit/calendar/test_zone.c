/* zone.h: the days on which the clocks change, and all the others. */
#include "core/calendar/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static void every_hour_of_thirty_years_agrees_with_the_system(void **state)
{
    (void)state;
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1); /* the rule, not a file of the machine */
    tzset();
    for (int64_t at = INT64_C(1735689600); at < INT64_C(2682374400); at += 3600) {
        time_t t = (time_t)at;
        struct tm tm;
        int32_t second, day = rh_berlin_day(at, &second);

        assert_non_null(localtime_r(&t, &tm));
        assert_int_equal(day, rh_day_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday));
        assert_int_equal(second, tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
        assert_int_equal(rh_berlin_offset(at), tm.tm_isdst ? 7200 : 3600);
    }
}

static void there_and_back_is_where_one_was(void **state)
{
    (void)state;
    for (int32_t day = rh_day_of(2026, 1, 1); day < rh_day_of(2036, 1, 1); day++)
        for (int32_t hour = 0; hour < 24; hour += 4) {
            int32_t second;

            assert_int_equal(rh_berlin_day(rh_berlin_instant(day, hour * 3600), &second), day);
            assert_int_equal(second, hour * 3600);
        }
}

static void a_time_that_is_left_out_is_an_hour_later(void **state)
{
    int32_t day = rh_day_of(2027, 3, 28), second;
    (void)state;

    assert_int_equal(rh_berlin_day(rh_berlin_instant(day, 9000), &second), day);
    assert_int_equal(second, 12600);
}

static void of_a_time_that_comes_twice_the_first_is_meant(void **state)
{
    int32_t day = rh_day_of(2027, 10, 31);
    (void)state;

    assert_int_equal(rh_berlin_offset(rh_berlin_instant(day, 9000)), 7200);
    assert_int_equal(rh_berlin_instant(day + 1, 0) - rh_berlin_instant(day, 0), 25 * 3600);
}

static void a_time_comes_once_but_for_two_hours_a_year(void **state)
{
    int32_t spring = rh_day_of(2027, 3, 28), autumn = rh_day_of(2027, 10, 31);
    (void)state;

    for (int32_t minute = 0; minute <= 1440; minute++) {
        assert_int_equal(rh_berlin_times(spring, minute * 60), minute < 120 || minute >= 180);
        assert_int_equal(rh_berlin_times(autumn, minute * 60),
                         minute < 120 || minute >= 180 ? 1 : 2);
        assert_int_equal(rh_berlin_times(spring + 1, minute * 60), 1);
    }
    assert_int_equal(rh_berlin_times(RH_NO_DAY, 0), 0);
}

static void what_is_no_day_has_no_instant(void **state)
{
    (void)state;
    assert_true(rh_berlin_instant(RH_NO_DAY, 0) == RH_NO_INSTANT);
    assert_int_equal(rh_berlin_day(INT64_MAX, NULL), RH_NO_DAY);
    assert_int_equal(rh_berlin_day(RH_NO_INSTANT, NULL), RH_NO_DAY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hour_of_thirty_years_agrees_with_the_system),
        cmocka_unit_test(there_and_back_is_where_one_was),
        cmocka_unit_test(a_time_that_is_left_out_is_an_hour_later),
        cmocka_unit_test(of_a_time_that_comes_twice_the_first_is_meant),
        cmocka_unit_test(a_time_comes_once_but_for_two_hours_a_year),
        cmocka_unit_test(what_is_no_day_has_no_instant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
