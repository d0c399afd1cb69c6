/* workday.h: a number of working days leads to a date and to the sentence that explains it. */
#include "core/calendar/workday.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct rh_calendar nrw = {.place.land = RH_LAND_NW};

static int32_t day_at(const char *iso)
{
    int32_t day = RH_NO_DAY;

    assert_int_equal(rh_day_read_iso(iso, &day, NULL), 0);
    return day;
}

static void assert_text(const struct rh_workday_reason *reason, enum rh_lang lang, const char *text)
{
    rh_auto_str(out, 4096);

    rh_workday_reason_write(reason, lang, &out);
    assert_int_equal(rh_str_check(&out, NULL), 0);
    assert_string_equal(out.data, text);
}

static void assert_add(const struct rh_calendar *calendar, const char *from, int32_t workdays,
                       const char *to, const char *de, const char *en)
{
    struct rh_workday_reason reason;
    char text[RH_DATE_TEXT_SIZE];
    int32_t day;

    assert_int_equal(rh_workdays_add(calendar, day_at(from), workdays, &reason, &day, NULL), 0);

    assert_string_equal(rh_day_iso(day, text), to);
    assert_text(&reason, RH_DE, de);
    assert_text(&reason, RH_EN, en);
}

static void ten_working_days_over_corpus_christi_say_so(void **state)
{
    (void)state;
    assert_add(&nrw, "2027-05-20", 10, "2027-06-04",
               "10 Arbeitstage, ohne Fronleichnam (27. Mai 2027)",
               "10 working days, minus Corpus Christi (27 May 2027)");
}

static void weekends_alone_need_no_words(void **state)
{
    (void)state;
    assert_add(&nrw, "2027-06-04", 1, "2027-06-07", "1 Arbeitstag", "1 working day");
    assert_add(&nrw, "2027-06-05", 1, "2027-06-07", "1 Arbeitstag", "1 working day");
    assert_add(&nrw, "2027-06-06", -1, "2027-06-04", "1 Arbeitstag zurück", "1 working day back");
    assert_add(&nrw, "2027-06-04", 10, "2027-06-18", "10 Arbeitstage", "10 working days");
    /* 3 October 2027 is a Sunday: nothing was lost by it. */
    assert_add(&nrw, "2027-10-01", 5, "2027-10-08", "5 Arbeitstage", "5 working days");
}

static void backwards_the_same_days_are_skipped_and_named_in_the_order_of_the_days(void **state)
{
    (void)state;
    assert_add(&nrw, "2027-06-04", -10, "2027-05-20",
               "10 Arbeitstage zurück, ohne Fronleichnam (27. Mai 2027)",
               "10 working days back, minus Corpus Christi (27 May 2027)");
    assert_add(&nrw, "2027-04-01", -6, "2027-03-22",
               "6 Arbeitstage zurück, ohne Karfreitag (26. März 2027) und Ostermontag "
               "(29. März 2027)",
               "6 working days back, minus Good Friday (26 March 2027) and Easter Monday "
               "(29 March 2027)");
}

static void several_reasons_are_listed_like_in_a_sentence(void **state)
{
    (void)state;
    assert_add(&nrw, "2027-05-03", 20, "2027-06-03",
               "20 Arbeitstage, ohne Christi Himmelfahrt (6. Mai 2027), Pfingstmontag "
               "(17. Mai 2027) und Fronleichnam (27. Mai 2027)",
               "20 working days, minus Ascension Day (6 May 2027), Whit Monday (17 May 2027) and "
               "Corpus Christi (27 May 2027)");
}

static void the_day_itself_counts_when_zero_days_are_asked(void **state)
{
    (void)state;
    assert_add(&nrw, "2027-05-26", 0, "2027-05-26", "derselbe Tag", "the same day");
    assert_add(&nrw, "2027-05-27", 0, "2027-05-28",
               "nächster Arbeitstag, ohne Fronleichnam (27. Mai 2027)",
               "next working day, minus Corpus Christi (27 May 2027)");
    assert_add(&nrw, "2027-05-29", 0, "2027-05-31", "nächster Arbeitstag", "next working day");
}

static void the_last_working_day_before_is_found(void **state)
{
    struct rh_workday_reason reason;
    int32_t day;
    (void)state;

    assert_int_equal(rh_workday_on_or_before(&nrw, day_at("2027-03-29"), &reason, &day, NULL), 0);
    assert_int_equal(day, day_at("2027-03-25"));
    assert_text(&reason, RH_EN,
                "previous working day, minus Good Friday (26 March 2027) and Easter Monday "
                "(29 March 2027)");
    assert_int_equal(rh_workday_on_or_before(&nrw, day_at("2027-03-25"), &reason, &day, NULL), 0);
    assert_int_equal(day, day_at("2027-03-25"));
    assert_text(&reason, RH_DE, "derselbe Tag");
}

/* --- closings of the office --- */

static void a_closing_over_several_days_is_one_reason(void **state)
{
    const struct rh_closing closing = {.kind = RH_CLOSING_PERIOD,
                                       .name = {"Betriebsferien", "works holidays"},
                                       .first = day_at("2027-12-22"),
                                       .last = day_at("2028-01-04")};
    const struct rh_calendar office = {
        .place.land = RH_LAND_NW, .closings = &closing, .closing_count = 1};
    (void)state;

    /* Christmas is a weekend in 2027 and so is New Year: nothing interrupts the closing. */
    assert_add(&office, "2027-12-20", 3, "2028-01-06",
               "3 Arbeitstage, ohne Betriebsferien (22. Dezember 2027 bis 4. Januar 2028)",
               "3 working days, minus works holidays (22 December 2027 to 4 January 2028)");
    assert_add(&office, "2028-01-06", -3, "2027-12-20",
               "3 Arbeitstage zurück, ohne Betriebsferien (22. Dezember 2027 bis 4. Januar 2028)",
               "3 working days back, minus works holidays (22 December 2027 to 4 January 2028)");
}

static void a_public_holiday_within_a_closing_keeps_its_name(void **state)
{
    const struct rh_closing closing = {.kind = RH_CLOSING_PERIOD,
                                       .name = {"Betriebsferien", "works holidays"},
                                       .first = day_at("2029-12-24"),
                                       .last = day_at("2029-12-28")};
    const struct rh_calendar office = {
        .place.land = RH_LAND_NW, .closings = &closing, .closing_count = 1};
    (void)state;

    assert_add(&office, "2029-12-21", 1, "2029-12-31",
               "1 Arbeitstag, ohne Betriebsferien (24. Dezember 2029), Erster Weihnachtstag "
               "(25. Dezember 2029), Zweiter Weihnachtstag (26. Dezember 2029) und Betriebsferien "
               "(27. bis 28. Dezember 2029)",
               "1 working day, minus works holidays (24 December 2029), Christmas Day "
               "(25 December 2029), Second Day of Christmas (26 December 2029) and works holidays "
               "(27 to 28 December 2029)");
}

/* The 366th day of a year is as closed as the others. */
static void a_closing_reaches_the_last_day_of_a_leap_year(void **state)
{
    const struct rh_closing closing = {.kind = RH_CLOSING_PERIOD,
                                       .name = {"Betriebsferien", "works holidays"},
                                       .first = day_at("2024-12-30"),
                                       .last = day_at("2025-01-02")};
    const struct rh_calendar office = {
        .place.land = RH_LAND_NW, .closings = &closing, .closing_count = 1};
    (void)state;

    assert_add(&office, "2024-12-27", 1, "2025-01-03",
               "1 Arbeitstag, ohne Betriebsferien (30. bis 31. Dezember 2024), Neujahr "
               "(1. Januar 2025) und Betriebsferien (2. Januar 2025)",
               "1 working day, minus works holidays (30 to 31 December 2024), New Year's Day "
               "(1 January 2025) and works holidays (2 January 2025)");
}

static void carnival_counts_only_where_the_office_closes_for_it(void **state)
{
    struct rh_closing carnival;
    struct rh_calendar cologne = nrw;
    (void)state;

    assert_int_equal(rh_closing_parse("rosenmontag", &carnival, NULL), 0);
    cologne.closings = &carnival;
    cologne.closing_count = 1;

    assert_add(&nrw, "2027-02-05", 1, "2027-02-08", "1 Arbeitstag", "1 working day");
    assert_add(&cologne, "2027-02-05", 1, "2027-02-09",
               "1 Arbeitstag, ohne Rosenmontag (8. Februar 2027)",
               "1 working day, minus Carnival Monday (8 February 2027)");
}

/* --- limits --- */

static void a_long_way_lists_the_first_reasons_and_counts_the_rest(void **state)
{
    struct rh_workday_reason reason;
    rh_auto_str(out, 4096);
    int32_t day, listed = 0;
    (void)state;

    assert_int_equal(rh_workdays_add(&nrw, day_at("2027-01-04"), 750, &reason, &day, NULL), 0);
    rh_workday_reason_write(&reason, RH_DE, &out);

    assert_int_equal(reason.count, RH_SKIPPED_MAX);
    for (size_t i = 0; i < reason.count; i++)
        listed += reason.skipped[i].last - reason.skipped[i].first + 1;
    assert_int_equal(listed, reason.listed_days);
    assert_int_equal(reason.skipped_days, 25);
    assert_int_equal(reason.skipped[0].first, day_at("2027-03-26"));
    assert_non_null(strstr(out.data, "(14. April 2028), "));
    assert_string_equal(out.data + out.length - strlen(" und 13 weitere freie Tage"),
                        " und 13 weitere freie Tage");
}

static void one_reason_too_many_is_said_in_the_singular(void **state)
{
    struct rh_workday_reason reason = {
        .workdays = 3, .from = 0, .to = 9, .skipped_days = 2, .listed_days = 1, .count = 1};
    (void)state;
    reason.skipped[0] = (struct rh_skipped){{"Umzug", "move"}, 1, 1};

    assert_text(&reason, RH_DE,
                "3 Arbeitstage, ohne Umzug (2. Januar 1970) und ein weiterer freier "
                "Tag");
    assert_text(&reason, RH_EN, "3 working days, minus move (2 January 1970) and one more day off");
}

static void what_leads_out_of_the_known_years_is_refused(void **state)
{
    static const struct {
        const char *from;
        int32_t workdays;
    } cases[] = {{"1991-01-02", -1},     {"1990-12-31", 1},         {"2199-12-31", 1},
                 {"2027-01-01", 49000},  {"2027-01-01", -49000},    {"2027-01-01", 50001},
                 {"2027-01-01", -50001}, {"2027-01-01", INT32_MAX}, {"2027-01-01", INT32_MIN}};
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rh_workday_reason reason = {.workdays = 4711};
        struct rh_err err = {0};
        int32_t day = 4711;

        assert_int_equal(
            rh_workdays_add(&nrw, day_at(cases[i].from), cases[i].workdays, &reason, &day, &err),
            RH_EINVALID);
        assert_true(err.text[RH_DE][0] && err.text[RH_EN][0]);
        assert_true(day == 4711 && reason.workdays == 4711);
    }
}

static void an_office_that_is_always_closed_gives_a_sentence_not_a_loop(void **state)
{
    const struct rh_closing closing = {.kind = RH_CLOSING_PERIOD,
                                       .name = {"aufgelöst", "closed down"},
                                       .first = RH_CALENDAR_DAY_MIN,
                                       .last = RH_CALENDAR_DAY_MAX};
    const struct rh_calendar office = {
        .place.land = RH_LAND_NW, .closings = &closing, .closing_count = 1};
    struct rh_err err = {0};
    int32_t day = 4711, count = 4711;
    (void)state;

    assert_int_equal(rh_workdays_add(&office, day_at("2027-01-04"), 1, NULL, &day, &err),
                     RH_EINVALID);
    assert_int_equal(day, 4711);
    assert_int_equal(rh_workdays_between(&office, day_at("2027-01-04"), day_at("2028-01-04"), NULL,
                                         &count, NULL),
                     0);
    assert_int_equal(count, 0);
}

static void between_two_days_the_first_does_not_count_and_the_last_does(void **state)
{
    static const struct {
        const char *from, *to;
        int32_t workdays;
    } cases[] = {
        {"2027-05-20", "2027-06-04", 10}, {"2027-06-04", "2027-05-20", -10},
        {"2027-05-20", "2027-05-20", 0},  {"2027-05-26", "2027-05-27", 0},
        {"2027-05-27", "2027-05-28", 1},  {"2027-05-28", "2027-05-27", 0},
        {"2027-05-29", "2027-05-30", 0},  {"2027-01-01", "2027-12-31", 254},
    };
    int32_t count = 4711;
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(rh_workdays_between(&nrw, day_at(cases[i].from), day_at(cases[i].to), NULL,
                                             &count, NULL),
                         0);
        assert_int_equal(count, cases[i].workdays);
    }
    assert_int_equal(
        rh_workdays_between(&nrw, day_at("1990-01-01"), day_at("2027-01-01"), NULL, &count, NULL),
        RH_EINVALID);
    assert_int_equal(rh_workdays_between(&nrw, day_at("2027-01-01"), RH_NO_DAY, NULL, &count, NULL),
                     RH_EINVALID);
}

/* Monday to Friday without public holidays, as published for 2012: Land by Land, month by month. */
static void the_working_days_of_all_lands_in_the_months_of_2012(void **state)
{
    static const struct {
        struct rh_place place;
        int32_t workdays[12];
    } table[] = {
        {{.land = RH_LAND_BW}, {21, 21, 22, 19, 20, 20, 22, 23, 20, 22, 21, 19}},
        {{.land = RH_LAND_BY}, {21, 21, 22, 19, 20, 20, 22, 23, 20, 22, 21, 19}},
        {{.land = RH_LAND_BY, .catholic = true}, {21, 21, 22, 19, 20, 20, 22, 22, 20, 22, 21, 19}},
        {{.land = RH_LAND_BY, .augsburg = true}, {21, 21, 22, 19, 20, 20, 22, 21, 20, 22, 21, 19}},
        {{.land = RH_LAND_BE}, {22, 21, 22, 19, 20, 21, 22, 23, 20, 22, 22, 19}},
        {{.land = RH_LAND_BB}, {22, 21, 22, 19, 20, 21, 22, 23, 20, 21, 22, 19}},
        {{.land = RH_LAND_HB}, {22, 21, 22, 19, 20, 21, 22, 23, 20, 22, 22, 19}},
        {{.land = RH_LAND_HH}, {22, 21, 22, 19, 20, 21, 22, 23, 20, 22, 22, 19}},
        {{.land = RH_LAND_HE}, {22, 21, 22, 19, 20, 20, 22, 23, 20, 22, 22, 19}},
        {{.land = RH_LAND_MV}, {22, 21, 22, 19, 20, 21, 22, 23, 20, 21, 22, 19}},
        {{.land = RH_LAND_NI}, {22, 21, 22, 19, 20, 21, 22, 23, 20, 22, 22, 19}},
        {{.land = RH_LAND_NW}, {22, 21, 22, 19, 20, 20, 22, 23, 20, 22, 21, 19}},
        {{.land = RH_LAND_RP}, {22, 21, 22, 19, 20, 20, 22, 23, 20, 22, 21, 19}},
        {{.land = RH_LAND_SL}, {22, 21, 22, 19, 20, 20, 22, 22, 20, 22, 21, 19}},
        {{.land = RH_LAND_SN}, {22, 21, 22, 19, 20, 21, 22, 23, 20, 21, 21, 19}},
        {{.land = RH_LAND_SN, .catholic = true}, {22, 21, 22, 19, 20, 20, 22, 23, 20, 21, 21, 19}},
        {{.land = RH_LAND_ST}, {21, 21, 22, 19, 20, 21, 22, 23, 20, 21, 22, 19}},
        {{.land = RH_LAND_SH}, {22, 21, 22, 19, 20, 21, 22, 23, 20, 22, 22, 19}},
        {{.land = RH_LAND_TH}, {22, 21, 22, 19, 20, 21, 22, 23, 20, 21, 22, 19}},
        {{.land = RH_LAND_TH, .catholic = true}, {22, 21, 22, 19, 20, 20, 22, 23, 20, 21, 22, 19}},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(table); i++)
        for (int32_t m = 0; m < 12; m++) {
            const struct rh_calendar calendar = {.place = table[i].place};
            int32_t month = rh_month_of(2012, m + 1), count = 0;

            assert_int_equal(rh_workdays_between(&calendar, rh_month_first_day(month) - 1,
                                                 rh_month_last_day(month), NULL, &count, NULL),
                             0);
            assert_int_equal(count, table[i].workdays[m]);
        }
}

/* North Rhine-Westphalia: published for 2020, 2024 and 2025, counted by hand for the others. */
static void the_working_days_of_known_years(void **state)
{
    static const struct {
        int32_t year, workdays;
    } table[] = {{2020, 254}, {2024, 251}, {2025, 251}, {2026, 253}, {2027, 254}, {2028, 250}};
    (void)state;

    for (size_t i = 0; i < COUNT(table); i++) {
        int32_t count = 0;

        assert_int_equal(rh_workdays_between(&nrw, rh_day_of(table[i].year - 1, 12, 31),
                                             rh_day_of(table[i].year, 12, 31), NULL, &count, NULL),
                         0);
        assert_int_equal(count, table[i].workdays);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_working_days_over_corpus_christi_say_so),
        cmocka_unit_test(weekends_alone_need_no_words),
        cmocka_unit_test(backwards_the_same_days_are_skipped_and_named_in_the_order_of_the_days),
        cmocka_unit_test(several_reasons_are_listed_like_in_a_sentence),
        cmocka_unit_test(the_day_itself_counts_when_zero_days_are_asked),
        cmocka_unit_test(the_last_working_day_before_is_found),
        cmocka_unit_test(a_closing_over_several_days_is_one_reason),
        cmocka_unit_test(a_public_holiday_within_a_closing_keeps_its_name),
        cmocka_unit_test(a_closing_reaches_the_last_day_of_a_leap_year),
        cmocka_unit_test(carnival_counts_only_where_the_office_closes_for_it),
        cmocka_unit_test(a_long_way_lists_the_first_reasons_and_counts_the_rest),
        cmocka_unit_test(one_reason_too_many_is_said_in_the_singular),
        cmocka_unit_test(what_leads_out_of_the_known_years_is_refused),
        cmocka_unit_test(an_office_that_is_always_closed_gives_a_sentence_not_a_loop),
        cmocka_unit_test(between_two_days_the_first_does_not_count_and_the_last_does),
        cmocka_unit_test(the_working_days_of_all_lands_in_the_months_of_2012),
        cmocka_unit_test(the_working_days_of_known_years),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
