/* engine.h and bound.h: small programs against every answer there is. */
#include "core/base/alloc.h"
#include "core/exact/bound.h"
#include "core/exact/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { COLUMNS = 9, PROGRAMS = 60 };

struct heard {
    int64_t x[COLUMNS], best, bound;
    struct rh_program_answer answer;
    int answers;
};

static uint32_t dice_state;

static int32_t dice(int32_t sides)
{
    dice_state = dice_state * 1664525U + 1013904223U;
    return (int32_t)((dice_state >> 8) % (uint32_t)sides);
}

/* Costs of both signs, rows of all kinds; some have no answer. */
static void build(struct rh_program *program, uint32_t seed)
{
    dice_state = seed;
    rh_program_init(program);
    for (int32_t j = 0; j < COLUMNS; j++)
        rh_program_column(program, dice(41) - 10, 0, 1, true);
    for (int32_t i = 0; i < 5; i++) {
        int64_t low = dice(4) - 1;
        int64_t high = dice(2) ? RH_PROGRAM_OPEN : low + dice(4);

        rh_program_row(program, dice(3) ? low : -RH_PROGRAM_OPEN, high);
        for (int32_t j = 0; j < COLUMNS; j++)
            rh_program_entry(program, j, dice(5) < 3 ? dice(7) - 2 : 0);
    }
}

/* INT64_MAX: none. */
static int64_t least_of_all(const struct rh_program *program)
{
    int64_t x[COLUMNS], cost, least = INT64_MAX;

    for (int32_t all = 0; all < 1 << COLUMNS; all++) {
        for (int32_t j = 0; j < COLUMNS; j++)
            x[j] = (all >> j) & 1;
        if (rh_program_check(program, x, &cost, NULL) == 0 && cost < least)
            least = cost;
    }
    return least;
}

static void on_better(void *context, int64_t best, int64_t bound)
{
    struct heard *heard = context;

    assert_true(best <= heard->best && bound >= heard->bound && bound <= best);
    heard->best = best;
    heard->bound = bound;
}

static void on_answer(void *context, const struct rh_program_answer *answer)
{
    struct heard *heard = context;

    heard->answer = *answer;
    if (answer->has_x)
        memcpy(heard->x, answer->x, sizeof(heard->x));
    heard->answers++;
}

static int64_t no_time(void *context)
{
    (void)context;
    return 0;
}

static int32_t ask(const struct rh_program *program, const int64_t *start, struct heard *heard,
                   struct rh_err *err)
{
    struct rh_program_task task = {.program = program,
                                   .start = start,
                                   .start_value = INT64_MAX,
                                   .grain = 1,
                                   .time_limit_ms = 20000,
                                   .seed = 1};
    struct rh_exact_out out = {
        .better = on_better, .answer = on_answer, .monotonic_ms = no_time, .context = heard};

    *heard = (struct heard){.best = INT64_MAX, .bound = INT64_MIN};
    return rh_exact_answer(&task, &out, err);
}

static void it_finds_what_looking_at_all_answers_finds(void **state)
{
    int without = 0;
    (void)state;

    for (uint32_t seed = 1; seed <= PROGRAMS; seed++) {
        struct rh_program program;
        struct heard heard;
        int64_t least, cost = 0;

        build(&program, seed);
        least = least_of_all(&program);
        assert_int_equal(ask(&program, NULL, &heard, NULL), 0);

        assert_true(heard.answer.infeasible == (least == INT64_MAX));
        if (least != INT64_MAX) {
            assert_true(heard.answer.has_x && heard.answer.proven);
            assert_int_equal(heard.answer.bound, least);
            assert_int_equal(rh_program_check(&program, heard.x, &cost, NULL), 0);
            assert_int_equal(cost, least);
        }
        without += least == INT64_MAX;
        rh_program_fini(&program);
    }
    assert_true(without > 0 && without < PROGRAMS / 2);
}

/* An elastic column has no upper limit; its reduced cost is often 0 give or take a digit. */
static void open_columns_do_not_lose_the_bound(void **state)
{
    struct rh_program program;
    struct rh_exact_bound bound;
    const double price[] = {7.0000001};
    (void)state;

    rh_program_init(&program);
    rh_program_column(&program, 7, 0, RH_PROGRAM_OPEN, false);
    rh_program_row(&program, 3, RH_PROGRAM_OPEN);
    rh_program_entry(&program, 0, 1);

    assert_int_equal(rh_exact_bound(&program, price, &bound), 0);
    assert_int_equal(bound.bound, 21);
    rh_exact_bound_fini(&bound);
    rh_program_fini(&program);
}

static void no_prices_make_a_bound_wrong(void **state)
{
    static const double wild[] = {0, 1, -1, 1e18, -1e18, 1e300, 0.3, -77};
    (void)state;

    for (uint32_t seed = 1; seed <= PROGRAMS; seed++) {
        struct rh_program program;
        int64_t least;

        build(&program, seed);
        least = least_of_all(&program);
        for (int k = 0; k < 200; k++) {
            struct rh_exact_bound bound;
            double price[5];

            for (int i = 0; i < 5; i++)
                price[i] = dice(2) ? wild[dice(8)] : (dice(2001) - 1000) / 100.0;
            assert_int_equal(rh_exact_bound(&program, price, &bound), 0);
            assert_true(bound.bound <= least);
            rh_exact_bound_fini(&bound);
        }
        rh_program_fini(&program);
    }
}

static void bounds_are_rounded_to_the_grain_upwards(void **state)
{
    (void)state;

    assert_int_equal(rh_exact_round_up(7, 5), 10);
    assert_int_equal(rh_exact_round_up(10, 5), 10);
    assert_int_equal(rh_exact_round_up(-7, 5), -5);
    assert_true(rh_exact_round_up(INT64_MIN, 5) == INT64_MIN);
}

static void a_start_is_never_made_worse(void **state)
{
    (void)state;

    for (uint32_t seed = 1; seed <= PROGRAMS; seed++) {
        struct rh_program program;
        struct heard heard;
        int64_t start[COLUMNS], cost = 0, least;
        int32_t all = 0;

        build(&program, seed);
        least = least_of_all(&program);
        for (; all < 1 << COLUMNS; all++) {
            for (int32_t j = 0; j < COLUMNS; j++)
                start[j] = (all >> j) & 1;
            if (rh_program_check(&program, start, &cost, NULL) == 0)
                break;
        }
        if (all < 1 << COLUMNS) {
            assert_int_equal(ask(&program, start, &heard, NULL), 0);
            assert_true(heard.answer.proven);
            assert_int_equal(heard.answer.bound, least);
            assert_true(heard.answer.has_x == (least < cost));
        }
        rh_program_fini(&program);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_finds_what_looking_at_all_answers_finds),
        cmocka_unit_test(open_columns_do_not_lose_the_bound),
        cmocka_unit_test(no_prices_make_a_bound_wrong),
        cmocka_unit_test(bounds_are_rounded_to_the_grain_upwards),
        cmocka_unit_test(a_start_is_never_made_worse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
