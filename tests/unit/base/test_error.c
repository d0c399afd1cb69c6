/* error.h: an error keeps its first cause, grows context in front, and speaks both languages. */
#include "core/base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void wrapping_puts_context_in_front_in_both_languages(void **state)
{
    struct rh_err err = {0};
    (void)state;

    rh_err_set(&err, RH_EINVALID, "Monat '%s' ist unbekannt", "month '%s' is unknown", "2028-13");
    rh_err_wrap(&err, "Zeile %d", "line %d", 7);

    assert_int_equal(err.code, RH_EINVALID);
    assert_string_equal(err.text[RH_DE], "Zeile 7: Monat '2028-13' ist unbekannt");
    assert_string_equal(err.text[RH_EN], "line 7: month '2028-13' is unknown");
}

static void the_first_cause_wins(void **state)
{
    struct rh_err err = {0};
    (void)state;

    rh_err_set(&err, RH_EFULL, "Platte voll", "disk full");
    rh_err_set(&err, RH_EFAILED, "Echo", "echo");

    assert_int_equal(err.code, RH_EFULL);
    assert_string_equal(err.text[RH_EN], "disk full");
}

static void a_long_text_is_cut_between_characters(void **state)
{
    struct rh_err err = {0};
    char text[3 * RH_ERR_MAX];
    (void)state;

    for (size_t i = 0; i + 2 < sizeof(text); i += 2)
        memcpy(text + i, "ä", 3);
    rh_err_set(&err, RH_EINVALID, "x%s", "%s", text);

    assert_true(strlen(err.text[RH_DE]) < RH_ERR_MAX);
    assert_int_equal((strlen(err.text[RH_DE]) - 1) % 2, 0);
    assert_int_equal(strlen(err.text[RH_EN]) % 2, 0);
}

static void every_code_has_name_status_and_exit(void **state)
{
    (void)state;
    assert_string_equal(rh_err_name(RH_ENOTFOUND), "NOTFOUND");
    assert_int_equal(rh_err_http_status(RH_ENOTFOUND), 404);
    assert_int_equal(rh_err_exit_status(RH_ENOTFOUND), 3);
    assert_int_equal(rh_err_http_status(0), 200);
    assert_int_equal(rh_err_exit_status(-999), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrapping_puts_context_in_front_in_both_languages),
        cmocka_unit_test(the_first_cause_wins),
        cmocka_unit_test(a_long_text_is_cut_between_characters),
        cmocka_unit_test(every_code_has_name_status_and_exit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
