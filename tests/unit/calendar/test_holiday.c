/*
 * holiday.h: the public holidays of the 16 Länder against known tables.
 *
 * The tables are facts as published for these years; whatever changes in the rules must leave them
 * as they are.
 */
#include "core/calendar/holiday.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int32_t day_at(const char *iso)
{
    int32_t day = RH_NO_DAY;

    assert_int_equal(rh_day_read_iso(iso, &day, NULL), 0);
    return day;
}

static struct rh_place in(enum rh_land land)
{
    return (struct rh_place){.land = land};
}

/* True when the blank-separated codes hold that of the Land; "all" holds every Land. */
static bool keeps(const char *codes, enum rh_land land)
{
    return strcmp(codes, "all") == 0 || strstr(codes, rh_land_code(land) + strlen("DE-")) != NULL;
}

/* --- tables --- */

static void north_rhine_westphalia_from_2024_to_2031(void **state)
{
    static const struct {
        int32_t year;
        const char *days[11];
    } table[] = {
        {2024,
         {"01-01", "03-29", "04-01", "05-01", "05-09", "05-20", "05-30", "10-03", "11-01", "12-25",
          "12-26"}},
        {2025,
         {"01-01", "04-18", "04-21", "05-01", "05-29", "06-09", "06-19", "10-03", "11-01", "12-25",
          "12-26"}},
        {2026,
         {"01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "06-04", "10-03", "11-01", "12-25",
          "12-26"}},
        {2027,
         {"01-01", "03-26", "03-29", "05-01", "05-06", "05-17", "05-27", "10-03", "11-01", "12-25",
          "12-26"}},
        {2028,
         {"01-01", "04-14", "04-17", "05-01", "05-25", "06-05", "06-15", "10-03", "11-01", "12-25",
          "12-26"}},
        {2029,
         {"01-01", "03-30", "04-02", "05-01", "05-10", "05-21", "05-31", "10-03", "11-01", "12-25",
          "12-26"}},
        {2030,
         {"01-01", "04-19", "04-22", "05-01", "05-30", "06-10", "06-20", "10-03", "11-01", "12-25",
          "12-26"}},
        {2031,
         {"01-01", "04-11", "04-14", "05-01", "05-22", "06-02", "06-12", "10-03", "11-01", "12-25",
          "12-26"}},
    };
    (void)state;

    for (size_t y = 0; y < COUNT(table); y++) {
        struct rh_holiday_date found[RH_HOLIDAYS_OF_YEAR_MAX];
        char text[RH_DATE_TEXT_SIZE];

        assert_int_equal(rh_holidays_of_year(in(RH_LAND_NW), table[y].year, found, NULL), 11);
        for (size_t i = 0; i < 11; i++)
            assert_string_equal(rh_day_iso(found[i].day, text) + 5, table[y].days[i]);
        assert_int_equal(found[6].holiday, RH_HOLIDAY_CORPUS_CHRISTI);
    }
}

struct row {
    const char *day, *lands;
};

/* Each day of the year, in each Land: a holiday exactly where the table has it. */
static void assert_year(int32_t year, const struct row *rows, size_t count)
{
    for (int land = RH_LAND_NONE + 1; land < RH_LAND_END_; land++)
        for (int32_t day = rh_day_of(year, 1, 1); day <= rh_day_of(year, 12, 31); day++) {
            bool expected = false;

            for (size_t i = 0; i < count; i++)
                if (day_at(rows[i].day) == day)
                    expected = keeps(rows[i].lands, (enum rh_land)land);
            assert_int_equal(rh_holiday_on(in((enum rh_land)land), day) != RH_HOLIDAY_NONE,
                             expected);
        }
}

static void all_lands_in_2026(void **state)
{
    static const struct row rows[] = {
        {"2026-01-01", "all"},
        {"2026-01-06", "BW BY ST"},
        {"2026-03-08", "BE MV"},
        {"2026-04-03", "all"},
        {"2026-04-05", "BB"},
        {"2026-04-06", "all"},
        {"2026-05-01", "all"},
        {"2026-05-14", "all"},
        {"2026-05-24", "BB"},
        {"2026-05-25", "all"},
        {"2026-06-04", "BW BY HE NW RP SL"},
        {"2026-08-15", "SL"},
        {"2026-09-20", "TH"},
        {"2026-10-03", "all"},
        {"2026-10-31", "BB HB HH MV NI SN ST SH TH"},
        {"2026-11-01", "BW BY NW RP SL"},
        {"2026-11-18", "SN"},
        {"2026-12-25", "all"},
        {"2026-12-26", "all"},
    };
    (void)state;

    assert_year(2026, rows, COUNT(rows));
}

static void all_lands_in_2027(void **state)
{
    static const struct row rows[] = {
        {"2027-01-01", "all"},
        {"2027-01-06", "BW BY ST"},
        {"2027-03-08", "BE MV"},
        {"2027-03-26", "all"},
        {"2027-03-28", "BB"},
        {"2027-03-29", "all"},
        {"2027-05-01", "all"},
        {"2027-05-06", "all"},
        {"2027-05-16", "BB"},
        {"2027-05-17", "all"},
        {"2027-05-27", "BW BY HE NW RP SL"},
        {"2027-08-15", "SL"},
        {"2027-09-20", "TH"},
        {"2027-10-03", "all"},
        {"2027-10-31", "BB HB HH MV NI SN ST SH TH"},
        {"2027-11-01", "BW BY NW RP SL"},
        {"2027-11-17", "SN"},
        {"2027-12-25", "all"},
        {"2027-12-26", "all"},
    };
    (void)state;

    assert_year(2027, rows, COUNT(rows));
}

/* The year in which all Länder kept Reformation Day and the northern ones not yet. */
static void all_lands_in_2017(void **state)
{
    static const struct row rows[] = {
        {"2017-01-01", "all"}, {"2017-01-06", "BW BY ST"},
        {"2017-04-14", "all"}, {"2017-04-16", "BB"},
        {"2017-04-17", "all"}, {"2017-05-01", "all"},
        {"2017-05-25", "all"}, {"2017-06-04", "BB"},
        {"2017-06-05", "all"}, {"2017-06-15", "BW BY HE NW RP SL"},
        {"2017-08-15", "SL"},  {"2017-10-03", "all"},
        {"2017-10-31", "all"}, {"2017-11-01", "BW BY NW RP SL"},
        {"2017-11-22", "SN"},  {"2017-12-25", "all"},
        {"2017-12-26", "all"},
    };
    (void)state;

    assert_year(2017, rows, COUNT(rows));
}

/* Berlin's Women's Day but not yet Schwerin's; Berlin's one-off Liberation Day. */
static void all_lands_in_2020(void **state)
{
    static const struct row rows[] = {
        {"2020-01-01", "all"},
        {"2020-01-06", "BW BY ST"},
        {"2020-03-08", "BE"},
        {"2020-04-10", "all"},
        {"2020-04-12", "BB"},
        {"2020-04-13", "all"},
        {"2020-05-01", "all"},
        {"2020-05-08", "BE"},
        {"2020-05-21", "all"},
        {"2020-05-31", "BB"},
        {"2020-06-01", "all"},
        {"2020-06-11", "BW BY HE NW RP SL"},
        {"2020-08-15", "SL"},
        {"2020-09-20", "TH"},
        {"2020-10-03", "all"},
        {"2020-10-31", "BB HB HH MV NI SN ST SH TH"},
        {"2020-11-01", "BW BY NW RP SL"},
        {"2020-11-18", "SN"},
        {"2020-12-25", "all"},
        {"2020-12-26", "all"},
    };
    (void)state;

    assert_year(2020, rows, COUNT(rows));
}

static void a_rule_begins_and_ends_with_its_years(void **state)
{
    static const struct {
        const char *day;
        enum rh_land land;
        enum rh_holiday holiday;
    } cases[] = {
        {"1994-11-16", RH_LAND_NW, RH_HOLIDAY_REPENTANCE_DAY},
        {"1995-11-22", RH_LAND_NW, RH_HOLIDAY_NONE},
        {"1994-11-16", RH_LAND_SN, RH_HOLIDAY_REPENTANCE_DAY},
        {"1995-11-22", RH_LAND_SN, RH_HOLIDAY_REPENTANCE_DAY},
        {"2016-10-31", RH_LAND_NW, RH_HOLIDAY_NONE},
        {"2017-10-31", RH_LAND_NW, RH_HOLIDAY_REFORMATION_DAY},
        {"2018-10-31", RH_LAND_NW, RH_HOLIDAY_NONE},
        {"2016-10-31", RH_LAND_NI, RH_HOLIDAY_NONE},
        {"2018-10-31", RH_LAND_NI, RH_HOLIDAY_REFORMATION_DAY},
        {"2018-03-08", RH_LAND_BE, RH_HOLIDAY_NONE},
        {"2019-03-08", RH_LAND_BE, RH_HOLIDAY_WOMENS_DAY},
        {"2022-03-08", RH_LAND_MV, RH_HOLIDAY_NONE},
        {"2023-03-08", RH_LAND_MV, RH_HOLIDAY_WOMENS_DAY},
        {"2018-09-20", RH_LAND_TH, RH_HOLIDAY_NONE},
        {"2019-09-20", RH_LAND_TH, RH_HOLIDAY_CHILDRENS_DAY},
        {"2025-05-08", RH_LAND_BE, RH_HOLIDAY_LIBERATION_DAY},
        {"2026-05-08", RH_LAND_BE, RH_HOLIDAY_NONE},
        {"2025-05-08", RH_LAND_BB, RH_HOLIDAY_NONE},
        {"2028-06-17", RH_LAND_BE, RH_HOLIDAY_UPRISING_1953},
        {"2029-06-17", RH_LAND_BE, RH_HOLIDAY_NONE},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(rh_holiday_on(in(cases[i].land), day_at(cases[i].day)), cases[i].holiday);
}

static void repentance_day_is_the_wednesday_before_23_november(void **state)
{
    (void)state;
    for (int32_t year = 1995; year <= RH_YEAR_MAX; year++) {
        int32_t found = RH_NO_DAY;

        for (int32_t day = rh_day_of(year, 11, 16); day <= rh_day_of(year, 11, 22); day++)
            if (rh_holiday_on(in(RH_LAND_SN), day) == RH_HOLIDAY_REPENTANCE_DAY)
                found = day;

        assert_int_not_equal(found, RH_NO_DAY);
        assert_int_equal(rh_day_weekday(found), 3);
    }
}

/* --- what municipalities decide --- */

static void a_municipality_adds_what_its_land_leaves_to_it(void **state)
{
    int32_t assumption = day_at("2027-08-15"), corpus_christi = day_at("2027-05-27");
    int32_t peace = day_at("2027-08-08");
    struct rh_place augsburg = {.land = RH_LAND_BY, .augsburg = true};
    (void)state;

    assert_int_equal(rh_holiday_on(in(RH_LAND_BY), assumption), RH_HOLIDAY_NONE);
    assert_int_equal(rh_holiday_on((struct rh_place){RH_LAND_BY, true, false}, assumption),
                     RH_HOLIDAY_ASSUMPTION);
    assert_int_equal(rh_holiday_on(in(RH_LAND_SN), corpus_christi), RH_HOLIDAY_NONE);
    assert_int_equal(rh_holiday_on((struct rh_place){RH_LAND_SN, true, false}, corpus_christi),
                     RH_HOLIDAY_CORPUS_CHRISTI);
    assert_int_equal(rh_holiday_on((struct rh_place){RH_LAND_TH, true, false}, corpus_christi),
                     RH_HOLIDAY_CORPUS_CHRISTI);
    assert_int_equal(rh_holiday_on((struct rh_place){RH_LAND_NI, true, false}, corpus_christi),
                     RH_HOLIDAY_NONE);
    assert_int_equal(rh_holiday_on(augsburg, peace), RH_HOLIDAY_PEACE_FESTIVAL);
    assert_int_equal(rh_holiday_on(augsburg, assumption), RH_HOLIDAY_ASSUMPTION);
    assert_int_equal(rh_holiday_on((struct rh_place){RH_LAND_BY, true, false}, peace),
                     RH_HOLIDAY_NONE);
}

/* --- Easter --- */

static void easter_of_known_years(void **state)
{
    static const char *const known[] = {"1900-04-15", "1954-04-18", "1961-04-02", "1981-04-19",
                                        "1995-04-16", "1999-04-04", "2000-04-23", "2008-03-23",
                                        "2011-04-24", "2019-04-21", "2024-03-31", "2027-03-28",
                                        "2038-04-25", "2049-04-18", "2076-04-19", "2079-04-23",
                                        "2099-04-12", "2100-03-28", "2106-04-18", "2160-03-23"};
    (void)state;

    for (size_t i = 0; i < COUNT(known); i++)
        assert_int_equal(rh_easter_sunday(rh_day_split(day_at(known[i])).year), day_at(known[i]));
    assert_int_equal(rh_easter_sunday(1899), RH_NO_DAY);
    assert_int_equal(rh_easter_sunday(INT32_MAX), RH_NO_DAY);
}

static void easter_is_a_sunday_between_22_march_and_25_april(void **state)
{
    (void)state;
    for (int32_t year = RH_YEAR_MIN; year <= RH_YEAR_MAX; year++) {
        int32_t easter = rh_easter_sunday(year);

        assert_int_equal(rh_day_weekday(easter), 7);
        assert_in_range(easter - rh_day_of(year, 3, 1), 21, 55);
    }
}

/* --- lists, names, limits --- */

static void the_list_of_a_year_and_the_single_days_agree(void **state)
{
    (void)state;
    for (int land = RH_LAND_NONE; land < RH_LAND_END_; land++)
        for (int32_t year = RH_HOLIDAY_YEAR_MIN; year <= 2060; year++) {
            struct rh_place place = {(enum rh_land)land, true, true};
            struct rh_holiday_date list[RH_HOLIDAYS_OF_YEAR_MAX];
            int32_t count = rh_holidays_of_year(place, year, list, NULL), days = 0;

            for (int32_t i = 0; i < count; i++) {
                assert_true(i == 0 || list[i - 1].day <= list[i].day);
                if (i > 0 && list[i - 1].day == list[i].day)
                    continue;
                assert_int_equal(rh_holiday_on(place, list[i].day), list[i].holiday);
                days++;
            }
            for (int32_t day = rh_day_of(year, 1, 1); day <= rh_day_of(year, 12, 31); day++)
                days -= rh_holiday_on(place, day) != RH_HOLIDAY_NONE;
            assert_int_equal(days, 0);
        }
}

static void two_holidays_on_one_day_are_both_listed(void **state)
{
    struct rh_holiday_date list[RH_HOLIDAYS_OF_YEAR_MAX];
    int32_t first_of_may = day_at("2008-05-01");
    (void)state;

    assert_int_equal(rh_holidays_of_year(in(RH_LAND_NW), 2008, list, NULL), 11);

    assert_int_equal(list[3].day, first_of_may);
    assert_int_equal(list[4].day, first_of_may);
    assert_int_equal(rh_holiday_on(in(RH_LAND_NW), first_of_may), RH_HOLIDAY_LABOUR_DAY);
}

static void without_a_land_only_the_holidays_of_all_remain(void **state)
{
    struct rh_holiday_date list[RH_HOLIDAYS_OF_YEAR_MAX];
    (void)state;

    assert_int_equal(rh_holidays_of_year(in(RH_LAND_NONE), 2027, list, NULL), 9);
    assert_int_equal(rh_holidays_of_year(in(RH_LAND_NONE), 2017, list, NULL), 10);
}

/* Before there were 16 Länder we know nothing, which is not the same as "no holiday". */
static void years_before_1991_are_unknown_not_free_of_holidays(void **state)
{
    struct rh_holiday_date list[RH_HOLIDAYS_OF_YEAR_MAX];
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(rh_holiday_on(in(RH_LAND_NW), day_at("1990-12-25")), RH_HOLIDAY_UNKNOWN);
    assert_int_equal(rh_holiday_on(in(RH_LAND_NW), RH_NO_DAY), RH_HOLIDAY_UNKNOWN);
    assert_int_equal(rh_holidays_of_year(in(RH_LAND_NW), 1990, list, &err), RH_EINVALID);
    assert_string_equal(err.text[RH_DE],
                        "Feiertage sind für die Jahre 1991 bis 2199 bekannt, nicht für 1990");
    assert_int_equal(rh_holidays_of_year(in(RH_LAND_NW), 2200, list, NULL), RH_EINVALID);
}

static void every_holiday_has_a_name_in_both_languages(void **state)
{
    (void)state;
    for (int i = RH_HOLIDAY_NONE + 1; i < RH_HOLIDAY_END_; i++) {
        assert_true(rh_holiday_name((enum rh_holiday)i).de[0]);
        assert_true(rh_holiday_name((enum rh_holiday)i).en[0]);
    }
    assert_string_equal(rh_holiday_name(RH_HOLIDAY_CORPUS_CHRISTI).de, "Fronleichnam");
    assert_string_equal(rh_holiday_name(RH_HOLIDAY_CORPUS_CHRISTI).en, "Corpus Christi");
    assert_string_equal(rh_holiday_name(RH_HOLIDAY_UNKNOWN).de, "");
    assert_string_equal(rh_holiday_name(RH_HOLIDAY_NONE).en, "");
}

static void a_land_is_read_by_code_or_name(void **state)
{
    static const char *const good[] = {
        "DE-NW", "NW", "nw", "de-nw", "Nordrhein-Westfalen", "North Rhine-Westphalia"};
    static const char *const bad[] = {"", "DE", "DE-", "NRW", "DE-XX", "AT-9", "N"};
    (void)state;

    for (size_t i = 0; i < COUNT(good); i++) {
        enum rh_land land = RH_LAND_NONE;

        assert_int_equal(rh_land_parse(good[i], &land, NULL), 0);
        assert_int_equal(land, RH_LAND_NW);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        enum rh_land land = RH_LAND_SH;

        assert_int_equal(rh_land_parse(bad[i], &land, NULL), RH_EINVALID);
        assert_int_equal(land, RH_LAND_SH);
    }
}

static void every_land_is_read_back_from_its_code(void **state)
{
    (void)state;
    for (int i = RH_LAND_NONE + 1; i < RH_LAND_END_; i++) {
        enum rh_land land = RH_LAND_NONE;

        assert_int_equal(rh_land_parse(rh_land_code((enum rh_land)i), &land, NULL), 0);
        assert_int_equal(land, i);
        assert_true(rh_land_name(land).de[0] && rh_land_name(land).en[0]);
    }
    assert_string_equal(rh_land_code(RH_LAND_NONE), "DE");
    assert_string_equal(rh_land_code(RH_LAND_END_), "");
    assert_string_equal(rh_land_name(RH_LAND_END_).de, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(north_rhine_westphalia_from_2024_to_2031),
        cmocka_unit_test(all_lands_in_2026),
        cmocka_unit_test(all_lands_in_2027),
        cmocka_unit_test(all_lands_in_2017),
        cmocka_unit_test(all_lands_in_2020),
        cmocka_unit_test(a_rule_begins_and_ends_with_its_years),
        cmocka_unit_test(repentance_day_is_the_wednesday_before_23_november),
        cmocka_unit_test(a_municipality_adds_what_its_land_leaves_to_it),
        cmocka_unit_test(easter_of_known_years),
        cmocka_unit_test(easter_is_a_sunday_between_22_march_and_25_april),
        cmocka_unit_test(the_list_of_a_year_and_the_single_days_agree),
        cmocka_unit_test(two_holidays_on_one_day_are_both_listed),
        cmocka_unit_test(without_a_land_only_the_holidays_of_all_remain),
        cmocka_unit_test(years_before_1991_are_unknown_not_free_of_holidays),
        cmocka_unit_test(every_holiday_has_a_name_in_both_languages),
        cmocka_unit_test(a_land_is_read_by_code_or_name),
        cmocka_unit_test(every_land_is_read_back_from_its_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
