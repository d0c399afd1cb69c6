/*
 * workday.h against an oracle that is slow, stupid and shares nothing with it: a table of every day
 * from 1991 to 2199 made with plain comparisons and another way to Easter, and walking by single
 * days. The seed is fixed, so a failure names a case that can be run again.
 */
#include "core/calendar/workday.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define CASES        12000
#define DAYS         (RH_CALENDAR_DAY_MAX - RH_CALENDAR_DAY_MIN + 1)
#define CLOSINGS_MAX 6

/* --- chance --- */

static uint64_t chance_state;

static uint32_t chance(uint32_t below)
{
    uint64_t z = chance_state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

/* --- the oracle's own calendar --- */

struct page {
    int16_t year, from_easter; /* days after Easter Sunday of the year */
    int8_t month, day, weekday;
};

static struct page pages[DAYS];

/* The way of Meeus, Jones and Butcher; day of the year of Easter Sunday, counted in March. */
static int easter_in_march(int y)
{
    int a = y % 19, b = y / 100, c = y % 100, d = b / 4, e = b % 4, f = (b + 8) / 25;
    int g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
    int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
    int month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;

    return month == 3 ? day : day + 31;
}

static int make_pages(void **state)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int at = 0, weekday = 2; /* 1 January 1991 was a Tuesday */
    (void)state;

    for (int year = 1991; year <= 2199; year++) {
        bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
        int of_year = 0, easter = (leap ? 60 : 59) + easter_in_march(year) - 1;

        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= length[month - 1] + (leap && month == 2); day++) {
                pages[at++] = (struct page){.year = (int16_t)year,
                                            .from_easter = (int16_t)(of_year++ - easter),
                                            .month = (int8_t)month,
                                            .day = (int8_t)day,
                                            .weekday = (int8_t)weekday};
                weekday = weekday % 7 + 1;
            }
    }
    return at == DAYS ? 0 : -1;
}

static const struct page *page_of(int32_t day)
{
    return &pages[day - RH_CALENDAR_DAY_MIN];
}

static bool is(const struct page *p, int month, int day)
{
    return p->month == month && p->day == day;
}

static bool one_of(enum rh_land land, const char *codes)
{
    return land != RH_LAND_NONE && strstr(codes, rh_land_code(land) + 3) != NULL;
}

static bool common_holiday(const struct page *p)
{
    /* The Wednesday from 16 to 22 November. */
    bool repentance = p->month == 11 && p->day >= 16 && p->day <= 22 && p->weekday == 3;

    return is(p, 1, 1) || is(p, 5, 1) || is(p, 10, 3) || is(p, 12, 25) || is(p, 12, 26) ||
           p->from_easter == -2 || p->from_easter == 1 || p->from_easter == 39 ||
           p->from_easter == 50 || (p->year == 2017 && is(p, 10, 31)) ||
           (p->year < 1995 && repentance);
}

static bool land_holiday(const struct page *p, struct rh_place at)
{
    bool repentance = p->month == 11 && p->day >= 16 && p->day <= 22 && p->weekday == 3;
    bool by_town = (at.catholic && one_of(at.land, "BY")) || (at.augsburg && one_of(at.land, "BY"));

    if (is(p, 1, 6) && one_of(at.land, "BW BY ST"))
        return true;
    if (is(p, 3, 8) &&
        ((p->year >= 2019 && one_of(at.land, "BE")) || (p->year >= 2023 && one_of(at.land, "MV"))))
        return true;
    if ((p->from_easter == 0 || p->from_easter == 49) && one_of(at.land, "BB"))
        return true;
    if (p->from_easter == 60 && (one_of(at.land, "BW BY HE NW RP SL") ||
                                 ((at.catholic || at.augsburg) && one_of(at.land, "SN TH"))))
        return true;
    if (one_of(at.land, "BE") && ((is(p, 5, 8) && (p->year == 2020 || p->year == 2025)) ||
                                  (is(p, 6, 17) && p->year == 2028)))
        return true;
    if ((is(p, 8, 8) && at.augsburg && one_of(at.land, "BY")) ||
        (is(p, 8, 15) && (one_of(at.land, "SL") || by_town)))
        return true;
    if (is(p, 9, 20) && p->year >= 2019 && one_of(at.land, "TH"))
        return true;
    if (is(p, 10, 31) &&
        (one_of(at.land, "BB MV SN ST TH") || (p->year >= 2018 && one_of(at.land, "HB HH NI SH"))))
        return true;
    if (is(p, 11, 1) && one_of(at.land, "BW BY NW RP SL"))
        return true;
    return repentance && one_of(at.land, "SN");
}

static bool closed_by_office(const struct rh_calendar *calendar, int32_t day)
{
    const struct page *p = page_of(day);

    for (size_t i = 0; i < calendar->closing_count; i++) {
        const struct rh_closing *c = &calendar->closings[i];

        if (c->kind == RH_CLOSING_PERIOD && day >= c->first && day <= c->last)
            return true;
        if (c->kind == RH_CLOSING_YEARLY && is(p, c->month, c->day_of_month))
            return true;
        if (c->kind == RH_CLOSING_EASTER && p->from_easter == c->from_easter)
            return true;
    }
    return false;
}

static bool is_free_weekday(const struct rh_calendar *calendar, int32_t day)
{
    const struct page *p = page_of(day);

    return p->weekday <= 5 && (common_holiday(p) || land_holiday(p, calendar->place) ||
                               closed_by_office(calendar, day));
}

static bool is_workday(const struct rh_calendar *calendar, int32_t day)
{
    return page_of(day)->weekday <= 5 && !is_free_weekday(calendar, day);
}

/* Day by day; RH_NO_DAY when the calendar ends. */
static int32_t walk(const struct rh_calendar *calendar, int32_t day, int32_t workdays,
                    int32_t *ret_skipped)
{
    int32_t step = workdays < 0 ? -1 : 1, left = workdays * step;

    for (*ret_skipped = 0; left > 0;) {
        day += step;
        if (day < RH_CALENDAR_DAY_MIN || day > RH_CALENDAR_DAY_MAX)
            return RH_NO_DAY;
        left -= is_workday(calendar, day);
        *ret_skipped += is_free_weekday(calendar, day);
    }
    return day;
}

/* --- cases --- */

struct office {
    struct rh_calendar calendar;
    struct rh_closing closings[CLOSINGS_MAX];
};

/* Any Land, any mixture of closings; now and then they overlap each other and the holidays. */
static void any_office(struct office *office, int32_t around)
{
    static const struct rh_text names[] = {{"Rosenmontag", "carnival"}, {"Umzug", "move"}};

    memset(office, 0, sizeof(*office));
    office->calendar.place = (struct rh_place){.land = (enum rh_land)chance(RH_LAND_END_),
                                               .catholic = chance(2),
                                               .augsburg = chance(4) == 0};
    office->calendar.closings = office->closings;
    office->calendar.closing_count = chance(CLOSINGS_MAX + 1);
    for (size_t i = 0; i < office->calendar.closing_count; i++) {
        struct rh_closing *c = &office->closings[i];

        c->kind = (enum rh_closing_kind)chance(3);
        c->name = names[chance(2)];
        c->first = around - 300 + (int32_t)chance(600);
        c->last = c->first + (int32_t)(chance(4) ? chance(12) : chance(500));
        c->month = 1 + (int32_t)chance(12);
        c->day_of_month = 1 + (int32_t)chance(28) + (c->month == 2 && chance(10) == 0);
        c->from_easter = RH_CLOSING_EASTER_MIN +
                         (int32_t)chance(RH_CLOSING_EASTER_MAX - RH_CLOSING_EASTER_MIN + 1);
    }
}

static int32_t any_day(void)
{
    return RH_CALENDAR_DAY_MIN + (int32_t)chance(DAYS);
}

static int32_t any_count(void)
{
    int32_t most = chance(3) ? 25 : 500;

    return (int32_t)chance((uint32_t)most * 2 + 1) - most;
}

/* --- properties --- */

static void every_day_is_of_the_kind_the_oracle_says(void **state)
{
    (void)state;
    chance_state = 1;
    for (int i = 0; i < CASES; i++) {
        int32_t day = any_day();
        struct office office;

        any_office(&office, day);
        if ((rh_calendar_day(&office.calendar, day, NULL) == RH_DAY_WORKDAY) !=
            is_workday(&office.calendar, day))
            fail_msg("case %d: day %d", i, day);
    }
}

/* The list must hold exactly the free weekdays nearest to the start. */
static void check_reason(const struct rh_calendar *calendar, const struct rh_workday_reason *reason,
                         int32_t skipped, int i)
{
    int32_t listed = 0, previous = RH_NO_DAY;

    for (size_t s = 0; s < reason->count; s++) {
        const struct rh_skipped *one = &reason->skipped[s];

        if (one->first > one->last || one->first <= previous)
            fail_msg("case %d: the list is out of order", i);
        for (int32_t day = one->first; day <= one->last; day++) {
            if (is_workday(calendar, day))
                fail_msg("case %d: working day %d is listed as skipped", i, day);
            listed += is_free_weekday(calendar, day);
        }
        previous = one->last;
    }
    if (listed != reason->listed_days || skipped != reason->skipped_days)
        fail_msg("case %d: %d of %d days listed, expected %d of %d", i, reason->listed_days,
                 reason->skipped_days, listed, skipped);
    if (reason->count < RH_SKIPPED_MAX && listed != skipped)
        fail_msg("case %d: the list has room but is not complete", i);
}

static void adding_leads_where_walking_day_by_day_leads(void **state)
{
    int refused = 0;
    (void)state;

    chance_state = 2;
    for (int i = 0; i < CASES; i++) {
        int32_t from = any_day(), n = any_count(), day = RH_NO_DAY, skipped, expected, rc;
        struct rh_workday_reason reason;
        struct office office;

        any_office(&office, from);
        if (n == 0)
            continue;
        expected = walk(&office.calendar, from, n, &skipped);
        rc = rh_workdays_add(&office.calendar, from, n, &reason, &day, NULL);

        if ((rc < 0) != (expected == RH_NO_DAY) || day != expected)
            fail_msg("case %d: %d %+d gives %d, expected %d", i, from, n, day, expected);
        refused += rc < 0;
        if (rc == 0)
            check_reason(&office.calendar, &reason, skipped, i);
    }
    assert_in_range(refused, 0, CASES / 50); /* the others were real cases */
}

static void between_gives_back_what_was_added(void **state)
{
    (void)state;
    chance_state = 3;
    for (int i = 0; i < CASES; i++) {
        int32_t from = any_day(), n = any_count(), to, counted = 4711;
        struct office office;

        any_office(&office, from);
        if (n == 0 || rh_workdays_add(&office.calendar, from, n, NULL, &to, NULL) < 0)
            continue;
        if (rh_workdays_between(&office.calendar, from, to, NULL, &counted, NULL) < 0 ||
            counted != n)
            fail_msg("case %d: %d %+d gives %d, between gives %d", i, from, n, to, counted);
    }
}

/* Moving a date there and back must not change it: otherwise every correction shifts a plan. */
static void from_a_working_day_there_and_back_is_where_one_was(void **state)
{
    int moved = 0;
    (void)state;

    chance_state = 4;
    for (int i = 0; i < CASES; i++) {
        int32_t from = any_day(), n = any_count(), there, back = RH_NO_DAY;
        struct office office;

        any_office(&office, from);
        if (rh_workdays_add(&office.calendar, from, 0, NULL, &from, NULL) < 0 ||
            rh_workdays_add(&office.calendar, from, n, NULL, &there, NULL) < 0)
            continue;
        moved += there != from;
        if (rh_workdays_add(&office.calendar, there, -n, NULL, &back, NULL) < 0 || back != from)
            fail_msg("case %d: %d %+d is %d and back is %d", i, from, n, there, back);
    }
    assert_in_range(moved, CASES * 9 / 10, CASES);
}

static void counting_any_two_days_agrees_with_counting_each(void **state)
{
    (void)state;
    chance_state = 5;
    for (int i = 0; i < CASES; i++) {
        int32_t from = any_day(), to = from + (int32_t)chance(1200) - 600, expected = 0;
        int32_t counted = 4711, skipped = 0;
        struct rh_workday_reason reason;
        struct office office;

        any_office(&office, from);
        if (to < RH_CALENDAR_DAY_MIN || to > RH_CALENDAR_DAY_MAX)
            continue;
        for (int32_t day = from; day != to;) {
            day += to > from ? 1 : -1;
            expected +=
                to > from ? is_workday(&office.calendar, day) : -is_workday(&office.calendar, day);
            skipped += is_free_weekday(&office.calendar, day);
        }
        if (rh_workdays_between(&office.calendar, from, to, &reason, &counted, NULL) < 0 ||
            counted != expected)
            fail_msg("case %d: %d to %d gives %d, expected %d", i, from, to, counted, expected);
        check_reason(&office.calendar, &reason, skipped, i);
    }
}

static void the_nearest_working_day_is_the_nearest_on_either_side(void **state)
{
    (void)state;
    chance_state = 6;
    for (int i = 0; i < CASES; i++) {
        int32_t day = RH_CALENDAR_DAY_MIN + 600 + (int32_t)chance(DAYS - 1200);
        int32_t after = day, before = day, found = RH_NO_DAY;
        struct office office;

        any_office(&office, day);
        while (!is_workday(&office.calendar, after))
            after++;
        while (!is_workday(&office.calendar, before))
            before--;

        if (rh_workdays_add(&office.calendar, day, 0, NULL, &found, NULL) < 0 || found != after)
            fail_msg("case %d: from %d on it is %d, expected %d", i, day, found, after);
        if (rh_workday_on_or_before(&office.calendar, day, NULL, &found, NULL) < 0 ||
            found != before)
            fail_msg("case %d: up to %d it is %d, expected %d", i, day, found, before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_is_of_the_kind_the_oracle_says),
        cmocka_unit_test(adding_leads_where_walking_day_by_day_leads),
        cmocka_unit_test(between_gives_back_what_was_added),
        cmocka_unit_test(from_a_working_day_there_and_back_is_where_one_was),
        cmocka_unit_test(counting_any_two_days_agrees_with_counting_each),
        cmocka_unit_test(the_nearest_working_day_is_the_nearest_on_either_side),
    };

    return cmocka_run_group_tests(tests, make_pages, NULL);
}
