/* header.h: what clients say in headers, understood or passed over, never trusted. */
#include "core/http/header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_better_rated_language_is_spoken(void **state)
{
    static const struct {
        const char *said;
        enum rh_lang expected;
    } cases[] = {
        {NULL, RH_DE},
        {"", RH_DE},
        {"de", RH_DE},
        {"en", RH_EN},
        {"en-US,en;q=0.9", RH_EN},
        {"de-DE,de;q=0.9,en;q=0.8", RH_DE},
        {"en;q=0.3, de;q=0.7", RH_DE},
        {"en;q=0.7, de;q=0.3", RH_EN},
        {"fr, en;q=0.5", RH_EN},
        {"fr, es", RH_DE},
        {"EN-gb", RH_EN},
        {"english", RH_DE},
        {"de;q=0, en;q=0.1", RH_EN},
        {"en;q=0", RH_DE},
        {"*", RH_DE},
        {",,, ;;; q=", RH_DE},
        {"en;q=nonsense", RH_EN},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(rh_header_language(cases[i].said, RH_DE), cases[i].expected);
}

static void the_most_exact_range_says_how_much_a_type_is_wanted(void **state)
{
    (void)state;

    assert_int_equal(rh_header_accepts(NULL, "text/csv"), 1000);
    assert_int_equal(rh_header_accepts("*/*", "text/csv"), 1000);
    assert_int_equal(rh_header_accepts("text/csv", "text/csv"), 1000);
    assert_int_equal(rh_header_accepts("text/csv", "application/json"), 0);
    assert_int_equal(rh_header_accepts("text/*;q=0.5, text/csv;q=0.25", "text/csv"), 250);
    assert_int_equal(rh_header_accepts("text/*;q=0.5, */*;q=0.1", "text/html"), 500);
    assert_int_equal(rh_header_accepts("text/html, */*;q=0.1", "application/json"), 100);
    assert_int_equal(rh_header_accepts("application/json;q=0", "application/json"), 0);
    assert_int_equal(rh_header_accepts("text/", "text/csv"), 0);
}

static void a_coding_has_to_be_named(void **state)
{
    (void)state;

    assert_true(rh_header_accepts_coding("gzip, deflate, br", "gzip"));
    assert_true(rh_header_accepts_coding("br, GZIP;q=0.5", "gzip"));
    assert_false(rh_header_accepts_coding("gzip;q=0", "gzip"));
    assert_false(rh_header_accepts_coding("x-gzip", "gzip"));
    assert_false(rh_header_accepts_coding("*", "gzip"));
    assert_false(rh_header_accepts_coding(NULL, "gzip"));
}

static void parameters_do_not_change_a_content_type(void **state)
{
    (void)state;

    assert_true(rh_header_is_type("application/json", "application/json"));
    assert_true(rh_header_is_type("Application/JSON; charset=utf-8", "application/json"));
    assert_false(rh_header_is_type("application/json5", "application/json"));
    assert_false(rh_header_is_type("text/plain", "application/json"));
    assert_false(rh_header_is_type(NULL, "application/json"));
}

static void a_boundary_is_found_with_and_without_quotes(void **state)
{
    char value[8];
    (void)state;

    assert_true(rh_header_parameter("multipart/form-data; boundary=abc", "boundary", value, 8));
    assert_string_equal(value, "abc");
    assert_true(rh_header_parameter("a/b; x=1; Boundary=\"a;b\"", "boundary", value, 8));
    assert_string_equal(value, "a;b");
    assert_false(
        rh_header_parameter("multipart/form-data; boundary=12345678", "boundary", value, 8));
    assert_false(rh_header_parameter("multipart/form-data; boundary=", "boundary", value, 8));
    assert_false(rh_header_parameter("boundary=abc", "boundary", value, 8));
    assert_false(rh_header_parameter("a/b; boundary=\"", "boundary", value, 8));
}

static void only_names_of_this_machine_are_a_loopback_host(void **state)
{
    static const char *const good[] = {"localhost",   "LocalHost:8186", "127.0.0.1", "127.0.0.1:80",
                                       "127.255.3.4", "[::1]",          "[::1]:8186"};
    static const char *const bad[] = {"",
                                      "evil.example",
                                      "localhost.evil.example",
                                      "127.0.0.1.evil.example",
                                      "127.0.0.1:",
                                      "127.0.0.1:80x",
                                      "127.0.0.1:123456",
                                      "127.0.0",
                                      "127.0.0.256",
                                      "127..0.1",
                                      "128.0.0.1",
                                      "0127.0.0.1",
                                      "[::2]",
                                      "[::1",
                                      "[::1]8",
                                      "localhost:80:80",
                                      "127.0.0.1 ",
                                      "user@127.0.0.1",
                                      "0.0.0.0"};
    (void)state;

    assert_false(rh_header_host_is_loopback(NULL));
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(rh_header_host_is_loopback(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(rh_header_host_is_loopback(bad[i]));
}

static void an_origin_is_ours_when_it_is_the_host_that_was_asked(void **state)
{
    (void)state;

    assert_true(rh_header_same_origin("http://127.0.0.1:8186", "127.0.0.1:8186"));
    assert_true(rh_header_same_origin("https://Localhost", "localhost"));
    assert_false(rh_header_same_origin("http://127.0.0.1:8187", "127.0.0.1:8186"));
    assert_false(rh_header_same_origin("http://127.0.0.1:8186/", "127.0.0.1:8186"));
    assert_false(rh_header_same_origin("null", "127.0.0.1:8186"));
    assert_false(rh_header_same_origin("http://", ""));
    assert_false(rh_header_same_origin("", "localhost"));
    assert_false(rh_header_same_origin(NULL, "localhost"));
}

static void a_cookie_is_found_by_its_whole_name(void **state)
{
    char value[8];
    (void)state;

    assert_true(rh_header_cookie("a=1; lang=en; b=2", "lang", value, sizeof(value)));
    assert_string_equal(value, "en");
    assert_true(rh_header_cookie("lang=", "lang", value, sizeof(value)));
    assert_string_equal(value, "");
    assert_false(rh_header_cookie("xlang=en; language=en", "lang", value, sizeof(value)));
    assert_false(rh_header_cookie("lang=12345678", "lang", value, sizeof(value)));
    assert_false(rh_header_cookie(NULL, "lang", value, sizeof(value)));
}

static void a_weak_tag_is_known_but_never_matches_for_a_change(void **state)
{
    (void)state;

    assert_true(rh_header_has_tag("\"a\", \"b\"", "\"b\"", false));
    assert_true(rh_header_has_tag("*", "\"b\"", false));
    assert_true(rh_header_has_tag("W/\"b\"", "\"b\"", true));
    assert_false(rh_header_has_tag("W/\"b\"", "\"b\"", false));
    assert_true(rh_header_has_tag("\"a,b\"", "\"a,b\"", false));
    assert_false(rh_header_has_tag("b", "\"b\"", true));
    assert_false(rh_header_has_tag(NULL, "\"b\"", true));
}

static void a_date_is_read_and_written_in_the_one_form_of_today(void **state)
{
    static const char *const bad[] = {"",
                                      "yesterday",
                                      "Sunday, 06-Nov-94 08:49:37 GMT",
                                      "Sun Nov  6 08:49:37 1994",
                                      "Sun, 06 Nov 1994 08:49:37 UTC",
                                      "Sun, 31 Feb 2027 08:49:37 GMT",
                                      "Sun, 06 nov 1994 08:49:37 GMT",
                                      "Sun, 06 Nov 1994 24:00:00 GMT",
                                      "Sun, 06 Nov 1994 08:49:37 GMT "};
    char text[RH_HEADER_DATE_MAX];
    int64_t utc = 0;
    (void)state;

    assert_true(rh_header_date("Sun, 06 Nov 1994 08:49:37 GMT", &utc));
    assert_int_equal(utc, 784111777);
    rh_header_date_write(784111777, text);
    assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    rh_header_date_write(1800000000, text);
    assert_string_equal(text, "Fri, 15 Jan 2027 08:00:00 GMT");
    rh_header_date_write(-1, text);
    assert_string_equal(text, "");
    rh_header_date_write(INT64_MAX, text);
    assert_string_equal(text, "");
    assert_false(rh_header_date(NULL, &utc));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(rh_header_date(bad[i], &utc));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_better_rated_language_is_spoken),
        cmocka_unit_test(the_most_exact_range_says_how_much_a_type_is_wanted),
        cmocka_unit_test(a_coding_has_to_be_named),
        cmocka_unit_test(parameters_do_not_change_a_content_type),
        cmocka_unit_test(a_boundary_is_found_with_and_without_quotes),
        cmocka_unit_test(only_names_of_this_machine_are_a_loopback_host),
        cmocka_unit_test(an_origin_is_ours_when_it_is_the_host_that_was_asked),
        cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
        cmocka_unit_test(a_date_is_read_and_written_in_the_one_form_of_today),
        cmocka_unit_test(a_weak_tag_is_known_but_never_matches_for_a_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
