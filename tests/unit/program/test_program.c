/* program.h: what is built is what is checked, in whole numbers. */
#include "core/base/alloc.h"
#include "core/program/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* 2a + 3b, a + b >= 1, a and b 0/1. */
static void build_choice(struct rh_program *program)
{
    rh_program_init(program);
    assert_int_equal(rh_program_column(program, 2, 0, 1, true), 0);
    assert_int_equal(rh_program_column(program, 3, 0, 1, true), 1);
    assert_int_equal(rh_program_row(program, 1, RH_PROGRAM_OPEN), 0);
    assert_int_equal(rh_program_entry(program, 0, 1), 0);
    assert_int_equal(rh_program_entry(program, 1, 1), 0);
}

static void an_answer_that_keeps_all_has_its_cost(void **state)
{
    struct rh_program program;
    const int64_t x[] = {1, 1};
    int64_t cost = 0;
    (void)state;

    build_choice(&program);

    assert_int_equal(rh_program_check(&program, x, &cost, NULL), 0);
    assert_int_equal(cost, 5);
    rh_program_fini(&program);
}

static void a_broken_row_and_a_broken_limit_are_named(void **state)
{
    struct rh_program program;
    struct rh_err err = {0};
    const int64_t none[] = {0, 0}, two[] = {0, 2};
    int64_t cost = 0;
    (void)state;

    build_choice(&program);

    assert_int_equal(rh_program_check(&program, none, &cost, &err), RH_EINVALID);
    assert_non_null(strstr(err.text[RH_EN], "row 0"));
    rh_err_clear(&err);
    assert_int_equal(rh_program_check(&program, two, &cost, &err), RH_EINVALID);
    assert_non_null(strstr(err.text[RH_DE], "Spalte 1"));
    rh_program_fini(&program);
}

static void sums_beyond_64_bits_are_still_exact(void **state)
{
    struct rh_program program;
    const int64_t x[] = {INT64_MAX, INT64_MAX};
    int64_t cost = 0;
    (void)state;

    rh_program_init(&program);
    rh_program_column(&program, 1, 0, RH_PROGRAM_OPEN, true);
    rh_program_column(&program, 1, 0, RH_PROGRAM_OPEN, true);
    rh_program_row(&program, 0, 0);
    rh_program_entry(&program, 0, INT32_MAX);
    rh_program_entry(&program, 1, -INT32_MAX);

    assert_int_equal(rh_program_check(&program, x, &cost, NULL), RH_EINVALID); /* the cost */
    program.cost[1] = -1;
    assert_int_equal(rh_program_check(&program, x, &cost, NULL), 0);
    assert_int_equal(cost, 0);
    rh_program_fini(&program);
}

static void what_is_out_of_range_is_not_taken(void **state)
{
    struct rh_program program;
    (void)state;

    build_choice(&program);

    assert_int_equal(rh_program_column(&program, RH_PROGRAM_VALUE_MAX + 1, 0, 1, true),
                     RH_ETOOLARGE);
    assert_int_equal(rh_program_column(&program, 0, 2, 1, true), RH_EINVALID);
    assert_int_equal(rh_program_row(&program, INT64_MIN, 0), RH_ETOOLARGE);
    assert_int_equal(rh_program_entry(&program, 2, 1), RH_EINVALID);
    assert_int_equal(rh_program_entry(&program, -1, 1), RH_EINVALID);
    assert_int_equal(program.columns, 2);
    assert_int_equal(program.rows, 1);
    assert_int_equal(program.entries, 2);
    rh_program_fini(&program);
}

static void without_memory_it_stays_as_it_was(void **state)
{
    (void)state;

    for (long n = 1; n <= 12; n++) {
        struct rh_program program;
        int32_t rc = 0;

        rh_program_init(&program);
        rh_alloc_fail_after(n, 0);
        for (int32_t j = 0; rc >= 0 && j < 100; j++)
            rc = rh_program_column(&program, j, 0, 1, true);
        if (rc >= 0)
            rc = rh_program_row(&program, 0, 1);
        for (int32_t j = 0; rc >= 0 && j < 100; j++)
            rc = rh_program_entry(&program, j, 1);
        assert_true(rh_alloc_fault_struck() ? rc == RH_ENOMEM : rc == 0);
        rh_alloc_fail_after(0, 0);
        rh_program_fini(&program);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_keeps_all_has_its_cost),
        cmocka_unit_test(a_broken_row_and_a_broken_limit_are_named),
        cmocka_unit_test(sums_beyond_64_bits_are_still_exact),
        cmocka_unit_test(what_is_out_of_range_is_not_taken),
        cmocka_unit_test(without_memory_it_stays_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
