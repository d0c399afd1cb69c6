/* json_out.h: what is written is always JSON, or rh_json_finish() says that it is not. */
#include "core/base/alloc.h"
#include "core/base/json_out.h"
#include "core/base/number.h"

#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void members_and_items_are_separated_by_commas(void **state)
{
    rh_auto_str(text, 1000);
    struct rh_json_out json;
    (void)state;

    rh_json_out_init(&json, &text);
    rh_json_object_begin(&json);
    rh_json_put_text(&json, "name", "Bielefeld");
    rh_json_key(&json, "years");
    rh_json_array_begin(&json);
    rh_json_int(&json, 2027);
    rh_json_int(&json, -1);
    rh_json_array_begin(&json);
    rh_json_array_end(&json);
    rh_json_array_end(&json);
    rh_json_put_bool(&json, "open", true);
    rh_json_put_text(&json, "note", NULL);
    rh_json_put_double(&json, "gap", 0.1);
    rh_json_object_end(&json);

    assert_int_equal(rh_json_finish(&json, NULL), 0);
    assert_string_equal(text.data, "{\"name\":\"Bielefeld\",\"years\":[2027,-1,[]],\"open\":true,"
                                   "\"note\":null,\"gap\":0.1}");
}

static void people_can_have_it_indented(void **state)
{
    rh_auto_str(text, 1000);
    struct rh_json_out json;
    (void)state;

    rh_json_out_init(&json, &text);
    json.indent = 2;
    rh_json_object_begin(&json);
    rh_json_key(&json, "empty");
    rh_json_object_begin(&json);
    rh_json_object_end(&json);
    rh_json_key(&json, "list");
    rh_json_array_begin(&json);
    rh_json_int(&json, 1);
    rh_json_array_end(&json);
    rh_json_object_end(&json);

    assert_int_equal(rh_json_finish(&json, NULL), 0);
    assert_string_equal(text.data, "{\n  \"empty\": {},\n  \"list\": [\n    1\n  ]\n}");
}

static void text_is_escaped_and_bad_utf8_replaced(void **state)
{
    static const struct {
        const char *in;
        size_t length;
        bool html_safe;
        const char *out;
    } cases[] = {
        {"a\"b\\c\n\r\t\b\f", 10, false, "\"a\\\"b\\\\c\\n\\r\\t\\b\\f\""},
        {"\x01\x1f\x7f\0!", 5, false, "\"\\u0001\\u001f\\u007f\\u0000!\""},
        {"Köln €", 9, false, "\"Köln €\""},
        {"a\xffz", 3, false, "\"a\xEF\xBF\xBDz\""},
        {"\xC3", 1, false, "\"\xEF\xBF\xBD\""},
        {"\xED\xA0\x80", 3, false, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"</script>&", 10, true, "\"\\u003c/script\\u003e\\u0026\""},
        {"</script>&", 10, false, "\"</script>&\""},
        {"\xE2\x80\xA8\xE2\x80\xA9", 6, true, "\"\\u2028\\u2029\""},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rh_auto_str(text, 1000);
        struct rh_json_out json;

        rh_json_out_init(&json, &text);
        json.html_safe = cases[i].html_safe;
        rh_json_text_n(&json, cases[i].in, cases[i].length);

        assert_int_equal(rh_json_finish(&json, NULL), 0);
        assert_string_equal(text.data, cases[i].out);
    }
}

static void value_without_key(struct rh_json_out *json)
{
    rh_json_object_begin(json);
    rh_json_int(json, 1);
    rh_json_object_end(json);
}

static void key_without_value(struct rh_json_out *json)
{
    rh_json_object_begin(json);
    rh_json_key(json, "a");
    rh_json_object_end(json);
}

static void key_in_an_array(struct rh_json_out *json)
{
    rh_json_array_begin(json);
    rh_json_put_int(json, "a", 1);
    rh_json_array_end(json);
}

static void two_keys(struct rh_json_out *json)
{
    rh_json_object_begin(json);
    rh_json_key(json, "a");
    rh_json_put_int(json, "b", 1);
    rh_json_object_end(json);
}

static void wrong_end(struct rh_json_out *json)
{
    rh_json_array_begin(json);
    rh_json_object_end(json);
}

static void end_without_begin(struct rh_json_out *json)
{
    rh_json_array_end(json);
}

static void two_values(struct rh_json_out *json)
{
    rh_json_int(json, 1);
    rh_json_int(json, 2);
}

static void open_end(struct rh_json_out *json)
{
    rh_json_array_begin(json);
}

static void nothing(struct rh_json_out *json)
{
    (void)json;
}

static void empty_raw(struct rh_json_out *json)
{
    rh_json_raw(json, "", 0);
}

static void too_deep(struct rh_json_out *json)
{
    for (int i = 0; i <= RH_JSON_DEPTH_MAX; i++)
        rh_json_array_begin(json);
    for (int i = 0; i <= RH_JSON_DEPTH_MAX; i++)
        rh_json_array_end(json);
}

static void calls_in_the_wrong_place_are_found_at_the_end(void **state)
{
    static void (*const wrong[])(struct rh_json_out *) = {
        value_without_key, key_without_value, key_in_an_array, two_keys, wrong_end, too_deep,
        end_without_begin, two_values,        open_end,        nothing,  empty_raw,
    };
    (void)state;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        rh_auto_str(text, 1000);
        struct rh_err err = {0};
        struct rh_json_out json;

        rh_json_out_init(&json, &text);
        wrong[i](&json);

        assert_int_equal(rh_json_finish(&json, &err), RH_EFAILED);
        assert_string_not_equal(err.text[RH_DE], "");
    }
}

static void the_deepest_allowed_nesting_is_fine(void **state)
{
    rh_auto_str(text, 1000);
    struct rh_json_out json;
    (void)state;

    rh_json_out_init(&json, &text);
    for (int i = 0; i < RH_JSON_DEPTH_MAX; i++)
        rh_json_array_begin(&json);
    for (int i = 0; i < RH_JSON_DEPTH_MAX; i++)
        rh_json_array_end(&json);

    assert_int_equal(rh_json_finish(&json, NULL), 0);
    assert_int_equal(text.length, 2 * RH_JSON_DEPTH_MAX);
}

static void a_full_string_is_too_large_not_cut(void **state)
{
    rh_auto_str(text, 8);
    struct rh_json_out json;
    (void)state;

    rh_json_out_init(&json, &text);
    rh_json_text(&json, "more than eight");

    assert_int_equal(rh_json_finish(&json, NULL), RH_ETOOLARGE);
}

/* 20,000 doubles of all magnitudes come back bit by bit; "shortest" is checked on known ones. */
static void doubles_come_back_exactly_and_short(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.1, "0.1"},    {1.0 / 3, "0.3333333333333333"},
        {186, "186"},    {-2.5, "-2.5"},
        {1e22, "1e+22"}, {5e-324, "5e-324"},
        {-0.0, "-0.0"},  {1e15 + 0.5, "1000000000000000.5"},
    };
    char text[RH_NUMBER_MAX];
    uint64_t seed = 1;
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rh_double_format(cases[i].value, text);
        assert_string_equal(text, cases[i].text);
    }
    for (int i = 0; i < 20000; i++) {
        double value, back;
        size_t length;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        memcpy(&value, &seed, sizeof(value));
        length = rh_double_format(value, text);
        if (!isfinite(value)) {
            assert_int_equal(length, 0);
            continue;
        }
        assert_true(rh_double_parse(text, length, &back));
        assert_true(memcmp(&value, &back, sizeof(value)) == 0);
    }
}

/* 200,000 decimals of one to seven places against printf. */
static void short_decimals_look_as_printf_writes_them(void **state)
{
    static const double scales[] = {10, 100, 1000, 10000, 100000, 1000000, 10000000};
    char text[RH_NUMBER_MAX], expected[RH_NUMBER_MAX];
    uint64_t seed = 5;
    (void)state;

    for (int i = 0; i < 200000; i++) {
        double value;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        value = (double)((int64_t)(seed >> 24) % 100000000000) / scales[seed % 7];
        value = i % 2 ? -value : value;
        rh_double_format(value, text);
        snprintf(expected, sizeof(expected), "%.15g", value);

        assert_string_equal(text, expected);
    }
}

static void numbers_do_not_follow_the_locale(void **state)
{
    char text[RH_NUMBER_MAX];
    double value;
    (void)state;

    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "de_DE.utf8"))
        skip(); /* no German locale on this machine */
    rh_double_format(3.5, text);
    assert_string_equal(text, "3.5");
    assert_true(rh_double_parse("3.5", 3, &value));
    assert_true(value == 3.5);
    setlocale(LC_NUMERIC, "C");
}

static void integers_are_read_whole_or_not_at_all(void **state)
{
    static const struct {
        const char *text;
        bool fine;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-7", true, -7},
        {"+7", true, 7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {" 1", false, 0},
        {"1x", false, 0},
        {"0x1", false, 0},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t value = 0;
        char text[RH_NUMBER_MAX];

        assert_int_equal(rh_int_parse(cases[i].text, strlen(cases[i].text), &value), cases[i].fine);
        assert_true(value == cases[i].value);
        if (cases[i].fine && cases[i].text[0] != '+') {
            rh_int_format(value, text);
            assert_string_equal(text, cases[i].text);
        }
    }
}

static void decimals_are_read_without_the_odd_forms_of_strtod(void **state)
{
    static const char *const bad[] = {"",    ".",   "-",  "inf", "nan",   "0x10", "1e",
                                      "1e+", "1,5", " 1", "1 ",  "1e999", "--1",  "1.2.3"};
    double value;
    (void)state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(rh_double_parse(bad[i], strlen(bad[i]), &value));
    assert_true(rh_double_parse("-.5e1", 5, &value));
    assert_true(value == -5.0);
    assert_true(rh_double_parse("5.", 2, &value));
}

static void without_memory_it_says_so(void **state)
{
    long n;
    (void)state;

    for (n = 1; n < 100; n++) {
        rh_auto_str(text, 10000);
        struct rh_json_out json;
        int32_t rc;

        rh_alloc_fail_after(n, 0);
        rh_json_out_init(&json, &text);
        rh_json_array_begin(&json);
        for (int i = 0; i < 100; i++)
            rh_json_text(&json, "Westfalen-Lippe");
        rh_json_array_end(&json);
        rc = rh_json_finish(&json, NULL);
        rh_alloc_fail_after(0, 0);

        if (!rh_alloc_fault_struck() && rc == 0)
            break;
        assert_true(rc < 0);
    }
    assert_in_range(n, 2, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_and_items_are_separated_by_commas),
        cmocka_unit_test(people_can_have_it_indented),
        cmocka_unit_test(text_is_escaped_and_bad_utf8_replaced),
        cmocka_unit_test(calls_in_the_wrong_place_are_found_at_the_end),
        cmocka_unit_test(the_deepest_allowed_nesting_is_fine),
        cmocka_unit_test(a_full_string_is_too_large_not_cut),
        cmocka_unit_test(doubles_come_back_exactly_and_short),
        cmocka_unit_test(short_decimals_look_as_printf_writes_them),
        cmocka_unit_test(numbers_do_not_follow_the_locale),
        cmocka_unit_test(integers_are_read_whole_or_not_at_all),
        cmocka_unit_test(decimals_are_read_without_the_odd_forms_of_strtod),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
