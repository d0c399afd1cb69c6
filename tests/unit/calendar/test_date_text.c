/* date.h: what people write is read strictly, what they read is written in their language. */
#include "core/calendar/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void a_day_is_written_in_the_language_of_the_reader(void **state)
{
    int32_t day = rh_day_of(2027, 5, 27), ninth = rh_day_of(2028, 3, 9);
    char b[RH_DATE_TEXT_SIZE];
    (void)state;

    assert_string_equal(rh_day_iso(day, b), "2027-05-27");
    assert_string_equal(rh_day_short(day, RH_DE, b), "27.05.2027");
    assert_string_equal(rh_day_short(ninth, RH_EN, b), "9 Mar 2028");
    assert_string_equal(rh_day_long(day, RH_DE, b), "27. Mai 2027");
    assert_string_equal(rh_day_long(day, RH_EN, b), "27 May 2027");
    assert_string_equal(rh_day_full(day, RH_DE, b), "Donnerstag, 27. Mai 2027");
    assert_string_equal(rh_day_full(ninth, RH_EN, b), "Thursday, 9 March 2028");
    assert_string_equal(rh_day_full(ninth, RH_DE, b), "Donnerstag, 9. März 2028");
}

static void a_month_is_written_in_the_language_of_the_reader(void **state)
{
    int32_t month = rh_month_of(2028, 3);
    char b[RH_DATE_TEXT_SIZE];
    (void)state;

    assert_string_equal(rh_month_iso(month, b), "2028-03");
    assert_string_equal(rh_month_long(month, RH_DE, b), "März 2028");
    assert_string_equal(rh_month_long(month, RH_EN, b), "March 2028");
    assert_string_equal(rh_month_short(month, RH_DE, b), "Mär 2028");
    assert_string_equal(rh_month_short(month, RH_EN, b), "Mar 2028");
    assert_string_equal(rh_weekday_name_short(4, RH_DE), "Do");
    assert_string_equal(rh_weekday_name_short(4, RH_EN), "Thu");
}

static void a_period_names_what_its_ends_share_only_once(void **state)
{
    int32_t first = rh_day_of(2027, 12, 24);
    char b[RH_DATE_TEXT_SIZE];
    (void)state;

    assert_string_equal(rh_period_long(first, first, RH_DE, b), "24. Dezember 2027");
    assert_string_equal(rh_period_long(first, first + 7, RH_DE, b), "24. bis 31. Dezember 2027");
    assert_string_equal(rh_period_long(first, first + 7, RH_EN, b), "24 to 31 December 2027");
    assert_string_equal(rh_period_long(first - 30, first, RH_DE, b),
                        "24. November bis 24. Dezember 2027");
    assert_string_equal(rh_period_long(first, first + 15, RH_DE, b),
                        "24. Dezember 2027 bis 8. Januar 2028");
    assert_string_equal(rh_period_long(first, first + 15, RH_EN, b),
                        "24 December 2027 to 8 January 2028");
    assert_string_equal(rh_period_long(first, first - 1, RH_EN, b), "");
    assert_string_equal(rh_period_long(RH_NO_DAY, first, RH_EN, b), "");
}

static void no_day_is_written_as_nothing(void **state)
{
    char b[RH_DATE_TEXT_SIZE];
    (void)state;

    for (int lang = RH_DE; lang <= RH_EN; lang++) {
        assert_string_equal(rh_day_short(RH_NO_DAY, (enum rh_lang)lang, b), "");
        assert_string_equal(rh_day_long(RH_NO_DAY, (enum rh_lang)lang, b), "");
        assert_string_equal(rh_day_full(RH_DAY_MAX + 1, (enum rh_lang)lang, b), "");
        assert_string_equal(rh_month_long(RH_NO_MONTH, (enum rh_lang)lang, b), "");
        assert_string_equal(rh_month_short(RH_NO_MONTH, (enum rh_lang)lang, b), "");
        assert_string_equal(rh_weekday_name(0, (enum rh_lang)lang), "");
        assert_string_equal(rh_weekday_name_short(8, (enum rh_lang)lang), "");
        assert_string_equal(rh_month_name(13, (enum rh_lang)lang), "");
        assert_string_equal(rh_month_name_short(0, (enum rh_lang)lang), "");
    }
    assert_string_equal(rh_day_iso(RH_NO_DAY, b), "");
    assert_string_equal(rh_month_iso(RH_NO_MONTH, b), "");
    assert_string_equal(rh_week_iso((struct rh_week){2027, 53}, b), "");
}

/* No buffer may be too small for the longest day in either language. */
static void every_text_fits_its_buffer(void **state)
{
    char b[RH_DATE_TEXT_SIZE];
    (void)state;

    for (int32_t day = rh_day_of(2027, 1, 1); day <= rh_day_of(2028, 12, 31); day++)
        for (int lang = RH_DE; lang <= RH_EN; lang++) {
            rh_day_full(day, (enum rh_lang)lang, b);
            assert_string_equal(b + strlen(b) - 4,
                                rh_day_split(day).year == 2027 ? "2027" : "2028");
            rh_period_long(day, day + 400, (enum rh_lang)lang, b);
            assert_true(strlen(b) < RH_DATE_TEXT_SIZE - 4);
        }
}

static void a_day_is_read_as_people_write_it(void **state)
{
    static const char *const good[] = {"2027-05-27", "27.05.2027", "27.5.2027"};
    (void)state;

    for (size_t i = 0; i < COUNT(good); i++) {
        int32_t day = RH_NO_DAY;

        assert_int_equal(rh_day_read(good[i], &day, NULL), 0);
        assert_int_equal(day, rh_day_of(2027, 5, 27));
    }
}

static void a_month_is_read_as_people_write_it(void **state)
{
    static const char *const good[] = {"2028-03", "03.2028", "3.2028"};
    (void)state;

    for (size_t i = 0; i < COUNT(good); i++) {
        int32_t month = RH_NO_MONTH;

        assert_int_equal(rh_month_read(good[i], &month, NULL), 0);
        assert_int_equal(month, rh_month_of(2028, 3));
    }
}

static void what_is_not_exactly_a_date_is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      " 2027-05-27",
                                      "2027-05-27 ",
                                      "2027-5-27",
                                      "2027-05-7",
                                      "27-05-2027",
                                      "20270527",
                                      "2027/05/27",
                                      "27.05.27",
                                      "27.05.",
                                      "27.05.02027",
                                      "+027-05-27",
                                      "2027-05-27x",
                                      "-1.05.2027",
                                      "0x1.05.2027",
                                      "27..2027",
                                      "2027-05",
                                      "٢٧.05.2027",
                                      "2027-02-29",
                                      "2027-00-10",
                                      "2027-13-10",
                                      "1899-12-31",
                                      "2200-01-01",
                                      "32.01.2027",
                                      "0.1.2027",
                                      "31.04.2027",
                                      "0000-01-01",
                                      "2027-05-27T00"};
    (void)state;

    for (size_t i = 0; i < COUNT(bad); i++) {
        struct rh_err err = {0};
        int32_t day = 4711;

        assert_int_equal(rh_day_read(bad[i], &day, &err), RH_EINVALID);
        assert_int_equal(day, 4711);
        assert_true(err.text[RH_DE][0] && err.text[RH_EN][0]);
    }
}

static void what_is_not_exactly_a_month_is_refused(void **state)
{
    static const char *const bad[] = {"",        "2028-3",     "2028-13",  "2028-00",
                                      "28-03",   "Mrz 28",     "2028-03-", "03.28",
                                      "13.2028", "2028-03-01", "1899-12"};
    (void)state;

    for (size_t i = 0; i < COUNT(bad); i++) {
        int32_t month = 4711;

        assert_int_equal(rh_month_read(bad[i], &month, NULL), RH_EINVALID);
        assert_int_equal(month, 4711);
    }
}

static void the_strict_readers_take_iso_only(void **state)
{
    int32_t value = 4711;
    (void)state;

    assert_int_equal(rh_day_read_iso("27.05.2027", &value, NULL), RH_EINVALID);
    assert_int_equal(rh_month_read_iso("05.2027", &value, NULL), RH_EINVALID);
    assert_int_equal(value, 4711);
}

static void a_refused_date_says_why_and_what_is_right(void **state)
{
    static const struct {
        const char *text, *de, *en;
    } cases[] = {
        {"27.5.27", "'27.5.27' ist kein Datum; erwartet wird 2027-05-27 oder 27.05.2027",
         "'27.5.27' is not a date; expected is 2027-05-27 or 27.05.2027"},
        {"27-05-27", "'27-05-27' ist kein Datum; erwartet wird 2027-05-27 oder 27.05.2027",
         "'27-05-27' is not a date; expected is 2027-05-27 or 27.05.2027"},
        {"30.2.2028", "'30.2.2028': den Tag 30 gibt es nicht, der Monat 2/2028 hat 29 Tage",
         "'30.2.2028': there is no day 30, month 2/2028 has 29 days"},
        {"2027-13-01", "'2027-13-01': einen Monat 13 gibt es nicht",
         "'2027-13-01': there is no month 13"},
        {"01.01.1066", "'01.01.1066': das Jahr 1066 liegt außerhalb von 1900 bis 2199",
         "'01.01.1066': the year 1066 lies outside 1900 to 2199"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rh_err err = {0};
        int32_t day;

        assert_int_equal(rh_day_read(cases[i].text, &day, &err), RH_EINVALID);
        assert_string_equal(err.text[RH_DE], cases[i].de);
        assert_string_equal(err.text[RH_EN], cases[i].en);
    }
}

/* A cell with a whole paragraph in it must not drown the sentence, nor be cut inside a letter. */
static void a_long_text_is_quoted_short_and_between_characters(void **state)
{
    struct rh_err err = {0};
    char text[201];
    int32_t day;
    (void)state;

    text[0] = 'x';
    for (size_t i = 1; i + 1 < sizeof(text) - 1; i += 2)
        memcpy(text + i, "ü", 3);
    assert_int_equal(rh_day_read(text, &day, &err), RH_EINVALID);

    assert_memory_equal(err.text[RH_EN], "'xü", 4);
    assert_string_equal(strchr(err.text[RH_EN] + 1, '\''),
                        "' is not a date; expected is 2027-05-27 or 27.05.2027");
    assert_int_equal((strchr(err.text[RH_EN] + 1, '\'') - err.text[RH_EN] - 2) % 2, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_written_in_the_language_of_the_reader),
        cmocka_unit_test(a_month_is_written_in_the_language_of_the_reader),
        cmocka_unit_test(a_period_names_what_its_ends_share_only_once),
        cmocka_unit_test(no_day_is_written_as_nothing),
        cmocka_unit_test(every_text_fits_its_buffer),
        cmocka_unit_test(a_day_is_read_as_people_write_it),
        cmocka_unit_test(a_month_is_read_as_people_write_it),
        cmocka_unit_test(what_is_not_exactly_a_date_is_refused),
        cmocka_unit_test(what_is_not_exactly_a_month_is_refused),
        cmocka_unit_test(the_strict_readers_take_iso_only),
        cmocka_unit_test(a_refused_date_says_why_and_what_is_right),
        cmocka_unit_test(a_long_text_is_quoted_short_and_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
