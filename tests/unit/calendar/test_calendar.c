/* calendar.h: what kind of day it is for one office, and how well a month serves for a start. */
#include "core/calendar/calendar.h"

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

static struct rh_month_count month_info(const struct rh_calendar *calendar, const char *iso)
{
    struct rh_month_count info = {0};
    int32_t month = RH_NO_MONTH;

    assert_int_equal(rh_month_read_iso(iso, &month, NULL), 0);
    assert_int_equal(rh_calendar_count_month(calendar, month, &info, NULL), 0);
    return info;
}

static void a_day_is_of_one_kind_and_says_which(void **state)
{
    const struct rh_closing closings[] = {
        {.kind = RH_CLOSING_EASTER, .name = {"Rosenmontag", "Carnival Monday"}, .from_easter = -48},
        {.kind = RH_CLOSING_PERIOD,
         .name = {"Betriebsferien", "works holidays"},
         .first = day_at("2027-12-24"),
         .last = day_at("2027-12-31")}};
    const struct rh_calendar cologne = {
        .place.land = RH_LAND_NW, .closings = closings, .closing_count = COUNT(closings)};
    static const struct {
        const char *day;
        enum rh_day_kind kind;
        bool weekend;
        const char *name;
    } cases[] = {
        {"2027-05-26", RH_DAY_WORKDAY, false, ""},
        {"2027-05-27", RH_DAY_HOLIDAY, false, "Fronleichnam"},
        {"2027-05-29", RH_DAY_WEEKEND, true, ""},
        {"2027-10-03", RH_DAY_HOLIDAY, true, "Tag der Deutschen Einheit"},
        {"2027-02-08", RH_DAY_CLOSED, false, "Rosenmontag"},
        {"2027-12-24", RH_DAY_CLOSED, false, "Betriebsferien"},
        {"2027-12-25", RH_DAY_HOLIDAY, true, "Erster Weihnachtstag"},
        {"1990-12-31", RH_DAY_UNKNOWN, false, ""},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rh_day_info info;

        assert_int_equal(rh_calendar_day(&cologne, day_at(cases[i].day), &info), cases[i].kind);
        assert_int_equal(info.kind, cases[i].kind);
        assert_int_equal(info.weekend, cases[i].weekend);
        assert_string_equal(info.name.de, cases[i].name);
        assert_int_equal(info.closing != NULL, cases[i].kind == RH_DAY_CLOSED);
        assert_int_equal(info.holiday != RH_HOLIDAY_NONE, cases[i].kind == RH_DAY_HOLIDAY);
    }
    assert_int_equal(rh_calendar_day(&cologne, RH_NO_DAY, NULL), RH_DAY_UNKNOWN);
    assert_int_equal(day_at("1991-01-01"), RH_CALENDAR_DAY_MIN);
}

/* Two offices of one Land: what one of them celebrates is no reason for the other to rest. */
static void closings_are_those_of_one_office(void **state)
{
    struct rh_closing carnival;
    const struct rh_calendar bielefeld = {.place.land = RH_LAND_NW};
    struct rh_calendar cologne = bielefeld;
    (void)state;

    assert_int_equal(rh_closing_parse("rosenmontag", &carnival, NULL), 0);
    cologne.closings = &carnival;
    cologne.closing_count = 1;

    assert_int_equal(rh_calendar_day(&cologne, day_at("2027-02-08"), NULL), RH_DAY_CLOSED);
    assert_int_equal(rh_calendar_day(&bielefeld, day_at("2027-02-08"), NULL), RH_DAY_WORKDAY);
}

static void a_zeroed_calendar_knows_weekends_and_common_holidays(void **state)
{
    const struct rh_calendar zeroed = {0};
    (void)state;

    assert_int_equal(rh_calendar_day(&zeroed, day_at("2027-03-26"), NULL), RH_DAY_HOLIDAY);
    assert_int_equal(rh_calendar_day(&zeroed, day_at("2027-05-27"), NULL), RH_DAY_WORKDAY);
    assert_int_equal(rh_calendar_day(&zeroed, day_at("2027-05-29"), NULL), RH_DAY_WEEKEND);
}

/* --- months --- */

static struct rh_school_holidays summers(void)
{
    const struct rh_school_period periods[] = {
        {"Pfingstferien", day_at("2027-05-18"), day_at("2027-05-18")},
        {"Sommerferien", day_at("2027-07-19"), day_at("2027-08-31")},
        {"Herbstferien", day_at("2027-10-23"), day_at("2027-11-06")},
        {"Sommerferien", day_at("2030-06-24"), day_at("2030-08-06")},
    };
    struct rh_school_holidays built = {0};

    assert_int_equal(rh_school_holidays_build(periods, COUNT(periods), RH_NO_DAY, &built, NULL), 0);
    return built;
}

static void a_month_counts_its_working_days_outside_school_holidays(void **state)
{
    struct rh_school_holidays school = summers();
    const struct rh_calendar nrw = {.place.land = RH_LAND_NW, .school = &school};
    struct rh_month_count july = month_info(&nrw, "2027-07"), august = month_info(&nrw, "2027-08");
    struct rh_month_count november = month_info(&nrw, "2027-11");
    (void)state;

    assert_int_equal(july.workdays, 22);
    assert_int_equal(july.outside_school, 12);
    assert_int_equal(july.school_unknown, 0);
    assert_int_equal(august.workdays, 22);
    assert_int_equal(august.outside_school, 0);
    assert_int_equal(november.workdays, 21); /* All Saints is a Monday */
    assert_int_equal(november.outside_school, 17);
    rh_school_holidays_fini(&school);
}

/* School holidays are published to summer 2030: the rest of that August must not look certain. */
static void a_month_behind_the_published_school_holidays_is_marked_unknown(void **state)
{
    struct rh_school_holidays school = summers();
    const struct rh_calendar nrw = {.place.land = RH_LAND_NW, .school = &school};
    struct rh_month_count august = month_info(&nrw, "2030-08");
    struct rh_month_count september = month_info(&nrw, "2030-09");
    (void)state;

    assert_int_equal(august.workdays, 22);
    assert_int_equal(august.outside_school, 18);
    assert_int_equal(august.school_unknown, 18);
    assert_int_equal(september.workdays, 21);
    assert_int_equal(september.outside_school, 21);
    assert_int_equal(september.school_unknown, 21);
    rh_school_holidays_fini(&school);
}

static void closings_make_a_month_shorter(void **state)
{
    const struct rh_closing closing = {.kind = RH_CLOSING_PERIOD,
                                       .name = {"Umzug", "move"},
                                       .first = day_at("2027-06-01"),
                                       .last = day_at("2027-06-24")};
    const struct rh_calendar office = {
        .place.land = RH_LAND_NW, .closings = &closing, .closing_count = 1};
    (void)state;

    assert_int_equal(month_info(&office, "2027-06").workdays, 4);
}

static void a_month_outside_the_calendar_is_refused(void **state)
{
    const struct rh_calendar nrw = {.place.land = RH_LAND_NW};
    struct rh_month_count info = {.workdays = 4711};
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(rh_calendar_count_month(&nrw, rh_month_of(1990, 12), &info, &err),
                     RH_EINVALID);
    assert_string_equal(err.text[RH_EN],
                        "the calendar does not know the month '1990-12', it reaches from 1991 to "
                        "2199");
    assert_int_equal(rh_calendar_count_month(&nrw, RH_NO_MONTH, &info, NULL), RH_EINVALID);
    assert_int_equal(info.workdays, 4711);
    assert_int_equal(rh_calendar_count_month(&nrw, RH_MONTH_MAX, &info, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_of_one_kind_and_says_which),
        cmocka_unit_test(closings_are_those_of_one_office),
        cmocka_unit_test(a_zeroed_calendar_knows_weekends_and_common_holidays),
        cmocka_unit_test(a_month_counts_its_working_days_outside_school_holidays),
        cmocka_unit_test(a_month_behind_the_published_school_holidays_is_marked_unknown),
        cmocka_unit_test(closings_make_a_month_shorter),
        cmocka_unit_test(a_month_outside_the_calendar_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
