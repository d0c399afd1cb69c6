/* exact.h: a good engine is used; one that is missing, crashes, hangs or lies does no harm. */
#include "core/operation/exact.h"

#include "reihum/solve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* As in tests/support/children/solve_lies.c. */
enum {
    HIGH_BOUND = 1,
    BROKEN_X,
    INFEASIBLE,
    NO_FRAME,
    BOUND_THEN_HANG,
    BOUND_THEN_CRASH,
    NO_ANSWER,
    PROVES_TOO_MUCH,
    WITHOUT_END,
    HALF_AN_ANSWER
};

struct world {
    struct rh_program program;
    struct rh_program_task task;
    struct rh_program_answer answer;
    struct rh_program_solver solver;
    struct rh_exact exact;
    int64_t x[3];
    int64_t best, bound; /* as the news said last */
    bool stop;
};

static const int64_t start[] = {1, 1, 1};

static int64_t real_ms(void *context)
{
    struct timespec now;
    (void)context;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const struct rh_clock real_clock = {.monotonic_ms = real_ms};

/* 2a + 3b + 4c, two of three: 5. The start costs 9. */
static void build(struct world *world, const char *program, uint64_t seed)
{
    char path[4096];

    *world = (struct world){.exact.clock = &real_clock, .bound = INT64_MIN};
    for (int32_t j = 0; j < 3; j++)
        rh_program_column(&world->program, j + 2, 0, 1, true);
    rh_program_row(&world->program, 2, RH_PROGRAM_OPEN);
    for (int32_t j = 0; j < 3; j++)
        rh_program_entry(&world->program, j, 1);
    world->task = (struct rh_program_task){.program = &world->program,
                                           .start = start,
                                           .start_value = 9,
                                           .grain = 1,
                                           .time_limit_ms = 20000,
                                           .seed = seed};
    world->answer.x = world->x;
    snprintf(path, sizeof(path), "%s/%s", getenv("RH_BUILD"), program);
    setenv("RH_SOLVE_PROGRAM", path, 1);
    rh_exact_solver(&world->solver, &world->exact);
}

static int32_t on_news(void *context, int64_t best, int64_t bound)
{
    struct world *world = context;

    world->best = best;
    world->bound = bound;
    return world->stop && bound != INT64_MIN;
}

static int32_t run(struct world *world)
{
    int32_t verdict =
        world->solver.run(world->solver.context, &world->task, on_news, world, &world->answer);

    rh_program_fini(&world->program);
    return verdict;
}

static void the_engine_finds_and_proves_the_best(void **state)
{
    struct world world;
    (void)state;

    build(&world, "reihum-solve", 1);

    assert_int_equal(run(&world), RH_EXACT_USED);
    assert_true(world.answer.has_x && world.answer.proven);
    assert_int_equal(world.answer.bound, 5);
    assert_int_equal(world.x[0] + 2 * world.x[1] + 4 * world.x[2], 3);
}

static void it_proves_that_a_start_is_the_best(void **state)
{
    static const int64_t best[] = {1, 1, 0};
    struct world world;
    (void)state;

    build(&world, "reihum-solve", 1);
    world.task.start = best;

    assert_int_equal(run(&world), RH_EXACT_USED);
    assert_true(world.answer.proven);
    assert_int_equal(world.answer.bound, 5);
}

static void it_says_when_there_is_no_answer(void **state)
{
    struct world world;
    (void)state;

    build(&world, "reihum-solve", 1);
    world.program.row_low[0] = 4;
    world.task.start = NULL;

    assert_int_equal(run(&world), RH_EXACT_USED);
    assert_true(world.answer.infeasible && !world.answer.has_x);
}

static void without_the_program_it_is_missing(void **state)
{
    struct world world;
    (void)state;

    build(&world, "no-such-program", 1);

    assert_int_equal(run(&world), RH_EXACT_MISSING);
    assert_false(world.answer.has_x);
    assert_true(world.answer.bound == INT64_MIN);
    assert_true(world.exact.err.text[RH_DE][0] && world.exact.err.text[RH_EN][0]);
}

static void nothing_rests_on_an_engine_that_lies_or_breaks(void **state)
{
    static const uint64_t ways[] = {HIGH_BOUND,      BROKEN_X,         INFEASIBLE,
                                    NO_FRAME,        BOUND_THEN_CRASH, NO_ANSWER,
                                    PROVES_TOO_MUCH, WITHOUT_END,      HALF_AN_ANSWER};
    (void)state;

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        struct world world;

        build(&world, "tests/children/solve_lies", ways[i]);

        assert_int_equal(run(&world), RH_EXACT_FAILED);
        assert_false(world.answer.has_x || world.answer.proven || world.answer.infeasible);
        assert_true(world.answer.bound == INT64_MIN);
        assert_true(world.exact.err.text[RH_DE][0] && world.exact.err.text[RH_EN][0]);
    }
}

static void one_that_hangs_is_ended_and_its_bound_is_kept(void **state)
{
    struct world world;
    (void)state;

    build(&world, "tests/children/solve_lies", BOUND_THEN_HANG);
    world.task.time_limit_ms = 2000; /* a busy machine has to start it within that */

    assert_int_equal(run(&world), RH_EXACT_LATE);
    assert_int_equal(world.answer.bound, 1);
    assert_false(world.answer.has_x || world.answer.proven);
}

static void the_caller_can_end_it(void **state)
{
    struct world world;
    (void)state;

    build(&world, "tests/children/solve_lies", BOUND_THEN_HANG);
    world.stop = true;

    assert_int_equal(run(&world), RH_EXACT_LATE);
    assert_int_equal(world.answer.bound, 1);
}

/* What is compared with a wrong start would be compared with nothing. */
static void a_start_that_does_not_hold_is_not_used(void **state)
{
    static const int64_t wrong[] = {0, 0, 0};
    struct world world;
    (void)state;

    build(&world, "reihum-solve", 1);
    world.task.start = wrong;
    world.task.start_value = 0;

    assert_int_equal(run(&world), RH_EXACT_USED);
    assert_true(world.answer.has_x && world.answer.proven);
    assert_int_equal(world.answer.bound, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_engine_finds_and_proves_the_best),
        cmocka_unit_test(it_proves_that_a_start_is_the_best),
        cmocka_unit_test(it_says_when_there_is_no_answer),
        cmocka_unit_test(without_the_program_it_is_missing),
        cmocka_unit_test(nothing_rests_on_an_engine_that_lies_or_breaks),
        cmocka_unit_test(one_that_hangs_is_ended_and_its_bound_is_kept),
        cmocka_unit_test(the_caller_can_end_it),
        cmocka_unit_test(a_start_that_does_not_hold_is_not_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
