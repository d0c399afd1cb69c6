/* encoding.h: decoders take exactly their form and nothing else. */
#include "core/base/encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void windows_1252_becomes_utf8(void **state)
{
    rh_auto_str(out, 100);
    (void)state;

    rh_cp1252_decode("K\xF6ln \x80 \x84x\x93 \x96 \x81", 14, &out);

    assert_string_equal(out.data, "Köln € „x“ – \xEF\xBF\xBD");
}

static void base64_follows_the_vectors_of_rfc_4648(void **state)
{
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff", "+/8="},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        rh_auto_str(text, 100);
        rh_auto_str(bytes, 100);

        rh_base64_encode(cases[i].bytes, strlen(cases[i].bytes), &text);
        assert_int_equal(rh_base64_decode(text.data, text.length, &bytes, NULL), 0);

        assert_string_equal(text.data, cases[i].text);
        assert_string_equal(bytes.data, cases[i].bytes);
    }
}

static void base64_that_is_not_exact_is_refused(void **state)
{
    static const char *const bad[] = {"Zg",   "Zg=",  "Zg==Zg==", "Zh==", "Zm9=", "Zm 9",
                                      "====", "Z===", "Zm\n",     "Zg=v", "Z_==", "=Zm9"};
    (void)state;

    for (size_t i = 0; i < COUNT(bad); i++) {
        rh_auto_str(out, 100);
        struct rh_err err = {0};

        assert_int_equal(rh_base64_decode(bad[i], strlen(bad[i]), &out, &err), RH_EINVALID);
        assert_string_not_equal(err.text[RH_DE], "");
    }
}

static void percent_forms_go_both_ways(void **state)
{
    rh_auto_str(text, 100);
    rh_auto_str(back, 100);
    rh_auto_str(form, 100);
    (void)state;

    rh_percent_encode("Köln/a b+~", 11, &text);
    assert_int_equal(rh_percent_decode(text.data, text.length, false, &back, NULL), 0);
    assert_int_equal(rh_percent_decode("a+b%2Bc", 7, true, &form, NULL), 0);

    assert_string_equal(text.data, "K%C3%B6ln%2Fa%20b%2B~");
    assert_string_equal(back.data, "Köln/a b+~");
    assert_string_equal(form.data, "a b+c");
}

static void bad_percent_forms_are_refused(void **state)
{
    static const char *const bad[] = {"%", "a%4", "%zz", "%00", "%ff", "%C3", "x%2"};
    (void)state;

    for (size_t i = 0; i < COUNT(bad); i++) {
        rh_auto_str(out, 100);

        assert_int_equal(rh_percent_decode(bad[i], strlen(bad[i]), false, &out, NULL), RH_EINVALID);
    }
}

static void the_maximum_of_the_string_holds(void **state)
{
    rh_auto_str(out, 3);
    (void)state;

    assert_int_equal(rh_percent_decode("abcd", 4, false, &out, NULL), RH_ETOOLARGE);
    rh_str_reset(&out);
    assert_int_equal(rh_base64_decode("Zm9vYg==", 8, &out, NULL), RH_ETOOLARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_1252_becomes_utf8),
        cmocka_unit_test(base64_follows_the_vectors_of_rfc_4648),
        cmocka_unit_test(base64_that_is_not_exact_is_refused),
        cmocka_unit_test(percent_forms_go_both_ways),
        cmocka_unit_test(bad_percent_forms_are_refused),
        cmocka_unit_test(the_maximum_of_the_string_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
