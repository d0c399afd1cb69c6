/* Lists of dates as people type them, and tokens that stand in addresses. */
#include "plugins/appointments/dates.h"
#include "plugins/appointments/token/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void dates_are_parted_by_semicolons_and_lines(void **state)
{
    struct date_text dates[DATES_MAX];

    (void)state;
    assert_int_equal(
        dates_read(" 2027-05-11 9:00-16:00;\n2027-05-12 10:00 – 12:30\n;13.05.2027;;", dates), 3);
    assert_string_equal(dates[0].day, "2027-05-11");
    assert_int_equal(dates[0].start, 540);
    assert_int_equal(dates[0].end, 960);
    assert_int_equal(dates[1].start, 600);
    assert_int_equal(dates[1].end, 750);
    assert_string_equal(dates[2].day, "13.05.2027");
    assert_int_equal(dates[2].start, -1);
    assert_int_equal(dates_read("", dates), 0);
    assert_int_equal(dates_read(" ; \n ", dates), 0);
}

static void the_first_that_is_no_date_is_named(void **state)
{
    static const struct {
        const char *text;
        int count;
    } cases[] = {
        {"morgen", -1},
        {"2027-05-11; 25:00", -2},
        {"2027-05-11 25:00", -1},
        {"2027-05-11 9:60", -1},
        {"2027-05-11 9", -1},
        {"2027-05-11 9:00-", -1},
        {"2027-05-11 9:00 16:00", -1},
        {"2027-05-11 24:01", -1},
        {"20270511202705112027", -1},
        {"1;1;1;1;1;1;1;1;1;1;1;1;1", -13},
    };
    struct date_text dates[DATES_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (dates_read(cases[i].text, dates) != cases[i].count)
            fail_msg("'%s' gives %d", cases[i].text, (int)dates_read(cases[i].text, dates));
}

static void tokens_differ_and_only_tokens_look_like_them(void **state)
{
    char one[TOKEN_SIZE], other[TOKEN_SIZE], hash[HASH_SIZE], uuid[UUID_SIZE];

    (void)state;
    token_new(one);
    token_new(other);
    assert_true(token_is_one(one) && token_is_one(other));
    assert_string_not_equal(one, other);
    assert_false(token_is_one(NULL));
    assert_false(token_is_one(""));
    assert_false(token_is_one("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"));
    assert_false(token_is_one("abcdefghijklmnopqrstuvwxyz2345678"));
    /* FIPS 180-4, the example "abc" */
    token_hash("abc", hash);
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    uuid_new(uuid);
    assert_int_equal(strlen(uuid), 36);
    assert_true(uuid[8] == '-' && uuid[14] == '4' && strchr("89ab", uuid[19]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_parted_by_semicolons_and_lines),
        cmocka_unit_test(the_first_that_is_no_date_is_named),
        cmocka_unit_test(tokens_differ_and_only_tokens_look_like_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
