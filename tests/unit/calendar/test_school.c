/* school.h: what was not published is unknown, never "no holidays". */
#include "core/calendar/school.h"

#include "core/base/alloc.h"

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

static struct rh_school_period period(const char *name, const char *first, const char *last)
{
    return (struct rh_school_period){name, day_at(first), day_at(last)};
}

/* Not in order, as a file may have them. */
static struct rh_school_holidays north_rhine_westphalia(void)
{
    const struct rh_school_period periods[] = {
        period("Sommerferien", "2030-06-24", "2030-08-06"),
        period("Osterferien", "2030-04-15", "2030-04-27"),
        period("Pfingstferien", "2029-05-22", "2029-05-22"),
        period("Sommerferien", "2029-07-02", "2029-08-14"),
    };
    struct rh_school_holidays built = {0};

    assert_int_equal(rh_school_holidays_build(periods, COUNT(periods), RH_NO_DAY, &built, NULL), 0);
    return built;
}

static void a_day_is_in_a_period_or_between_two(void **state)
{
    struct rh_school_holidays nrw = north_rhine_westphalia();
    const struct rh_school_period *found;
    (void)state;

    assert_int_equal(rh_school_on(&nrw, day_at("2030-04-15"), &found), RH_SCHOOL_YES);
    assert_string_equal(found->name, "Osterferien");
    assert_int_equal(rh_school_on(&nrw, day_at("2030-04-27"), &found), RH_SCHOOL_YES);
    assert_int_equal(rh_school_on(&nrw, day_at("2030-04-28"), &found), RH_SCHOOL_NO);
    assert_null(found);
    assert_int_equal(rh_school_on(&nrw, day_at("2029-05-22"), &found), RH_SCHOOL_YES);
    assert_string_equal(found->name, "Pfingstferien");
    assert_int_equal(rh_school_on(&nrw, day_at("2029-05-23"), NULL), RH_SCHOOL_NO);
    rh_school_holidays_fini(&nrw);
}

static void outside_what_was_published_the_answer_is_unknown(void **state)
{
    struct rh_school_holidays nrw = north_rhine_westphalia(), nothing = {0};
    const struct rh_school_period *found = &(struct rh_school_period){0};
    (void)state;

    assert_int_equal(rh_school_on(&nrw, day_at("2030-08-06"), NULL), RH_SCHOOL_YES);
    assert_int_equal(rh_school_on(&nrw, day_at("2030-08-07"), &found), RH_SCHOOL_UNKNOWN);
    assert_null(found);
    assert_int_equal(rh_school_on(&nrw, day_at("2029-05-21"), NULL), RH_SCHOOL_UNKNOWN);
    assert_int_equal(rh_school_on(&nrw, RH_NO_DAY, NULL), RH_SCHOOL_UNKNOWN);
    assert_int_equal(rh_school_on(NULL, day_at("2030-04-15"), NULL), RH_SCHOOL_UNKNOWN);
    assert_int_equal(rh_school_on(&nothing, day_at("2030-04-15"), NULL), RH_SCHOOL_UNKNOWN);
    rh_school_holidays_fini(&nrw);
}

static void a_publication_may_reach_further_than_its_last_holidays(void **state)
{
    const struct rh_school_period periods[] = {period("Sommerferien", "2030-06-24", "2030-08-06")};
    struct rh_school_holidays built;
    (void)state;

    assert_int_equal(rh_school_holidays_build(periods, 1, day_at("2030-09-30"), &built, NULL), 0);

    assert_int_equal(rh_school_on(&built, day_at("2030-09-30"), NULL), RH_SCHOOL_NO);
    assert_int_equal(rh_school_on(&built, day_at("2030-10-01"), NULL), RH_SCHOOL_UNKNOWN);
    rh_school_holidays_fini(&built);
}

static void the_set_keeps_its_own_copies(void **state)
{
    char name[] = "Sommerferien";
    struct rh_school_period periods[] = {period(name, "2030-06-24", "2030-08-06")};
    struct rh_school_holidays built;
    (void)state;

    assert_int_equal(rh_school_holidays_build(periods, 1, RH_NO_DAY, &built, NULL), 0);
    memset(name, 'x', sizeof(name) - 1);
    memset(periods, 0, sizeof(periods));

    assert_string_equal(built.periods[0].name, "Sommerferien");
    rh_school_holidays_fini(&built);
    assert_null(built.periods);
}

static void no_periods_mean_nothing_known(void **state)
{
    struct rh_school_holidays built;
    (void)state;

    assert_int_equal(rh_school_holidays_build(NULL, 0, RH_NO_DAY, &built, NULL), 0);

    assert_int_equal(rh_school_on(&built, 0, NULL), RH_SCHOOL_UNKNOWN);
    assert_int_equal(built.known_until, RH_NO_DAY);
    rh_school_holidays_fini(&built);
}

static void contradictory_periods_are_refused_by_name(void **state)
{
    const struct {
        struct rh_school_period periods[2];
        const char *de, *en;
    } cases[] = {
        {{period("Osterferien", "2030-04-27", "2030-04-15"),
          period("Sommerferien", "2030-06-24", "2030-08-06")},
         "die Osterferien enden am 2030-04-15, vor ihrem Anfang am 2030-04-27",
         "'Osterferien' ends on 2030-04-15, before it begins on 2030-04-27"},
        {{period("Sommerferien", "2030-06-24", "2030-08-06"),
          period("Herbstferien", "2030-08-06", "2030-08-20")},
         "die Herbstferien ab 2030-08-06 beginnen, bevor die Sommerferien ab 2030-06-24 enden",
         "'Herbstferien' from 2030-08-06 begins before 'Sommerferien' from 2030-06-24 ends"},
        {{period("Weihnachtsferien", "2029-12-20", "2031-01-04"),
          period("Osterferien", "2032-04-15", "2032-04-27")},
         "die Weihnachtsferien dauern von 2029-12-20 bis 2031-01-04, länger als 70 Tage; stimmt "
         "das Jahr?",
         "'Weihnachtsferien' lasts from 2029-12-20 to 2031-01-04, longer than 70 days; is the "
         "year right?"},
        {{{"", day_at("2030-04-15"), day_at("2030-04-27")},
          period("Sommerferien", "2030-06-24", "2030-08-06")},
         "den Schulferien 2030-04-15 bis 2030-04-27 fehlt der Name",
         "the school holidays 2030-04-15 to 2030-04-27 have no name"},
        {{{"Osterferien", RH_NO_DAY, day_at("2030-04-27")},
          period("Sommerferien", "2030-06-24", "2030-08-06")},
         "den Osterferien fehlt Anfang oder Ende",
         "'Osterferien' lacks its first or last day"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rh_school_holidays untouched = {.count = 4711};
        struct rh_err err = {0};

        assert_int_equal(rh_school_holidays_build(cases[i].periods, 2, RH_NO_DAY, &untouched, &err),
                         RH_EINVALID);
        assert_string_equal(err.text[RH_DE], cases[i].de);
        assert_string_equal(err.text[RH_EN], cases[i].en);
        assert_int_equal(untouched.count, 4711);
    }
}

static void holidays_beyond_the_day_until_which_they_are_known_are_refused(void **state)
{
    const struct rh_school_period one = period("Sommerferien", "2030-06-24", "2030-08-06");
    struct rh_school_holidays built;
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(rh_school_holidays_build(&one, 1, day_at("2030-07-01"), &built, &err),
                     RH_EINVALID);
    assert_non_null(strstr(err.text[RH_DE], "2030-07-01"));
    assert_int_equal(
        rh_school_holidays_build(&one, RH_SCHOOL_PERIODS_MAX + 1, RH_NO_DAY, &built, NULL),
        RH_ETOOLARGE);
}

static void without_memory_nothing_is_built_and_nothing_lost(void **state)
{
    const struct rh_school_period one = period("Sommerferien", "2030-06-24", "2030-08-06");
    struct rh_school_holidays untouched = {.count = 4711};
    struct rh_err err = {0};
    int32_t rc;
    (void)state;

    rh_alloc_fail_after(1, 0);
    rc = rh_school_holidays_build(&one, 1, RH_NO_DAY, &untouched, &err);
    rh_alloc_fail_after(0, 0);

    assert_int_equal(rc, RH_ENOMEM);
    assert_int_equal(untouched.count, 4711);
}

static void usual_names_are_translated_others_stay(void **state)
{
    (void)state;
    assert_string_equal(rh_school_name("Herbstferien").en, "autumn holidays");
    assert_string_equal(rh_school_name("Herbstferien").de, "Herbstferien");
    assert_string_equal(rh_school_name("Hochwasserferien").en, "Hochwasserferien");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_in_a_period_or_between_two),
        cmocka_unit_test(outside_what_was_published_the_answer_is_unknown),
        cmocka_unit_test(a_publication_may_reach_further_than_its_last_holidays),
        cmocka_unit_test(the_set_keeps_its_own_copies),
        cmocka_unit_test(no_periods_mean_nothing_known),
        cmocka_unit_test(contradictory_periods_are_refused_by_name),
        cmocka_unit_test(holidays_beyond_the_day_until_which_they_are_known_are_refused),
        cmocka_unit_test(without_memory_nothing_is_built_and_nothing_lost),
        cmocka_unit_test(usual_names_are_translated_others_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
