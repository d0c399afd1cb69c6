/* engine.h and bound.h: small programs against every answer there is. */
#include "core/base/alloc.h"
#include "core/exact/bound.h"
#include "core/exact/engine.h"
#include "core/exact/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* CoinUtils and Osi forget some bytes; the process that uses them does not live long. */
RH_EXPORT const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libCoinUtils\nleak:libOsi";
}

enum { COLUMNS = 9, PROGRAMS = 60 };

/* Choices of one column each, pairs of columns that shall not be taken together, some of which may
 * be for a price; so many rows that they wait outside. */
enum {
    CHOICES = 4,
    EACH = 4,
    PAYS = 6,
    CROWD = CHOICES * EACH + PAYS,
    PAIR_ROWS = 1200,
    PAIR_SORTS = 14
};

struct heard {
    int64_t x[CROWD], best, bound;
    struct rh_program_answer answer;
    int32_t columns;
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
        memcpy(heard->x, answer->x, (size_t)heard->columns * sizeof(heard->x[0]));
    heard->answers++;
}

static int64_t no_time(void *context)
{
    (void)context;
    return 0;
}

static int32_t ask_how(const struct rh_program *program, const int64_t *start, bool brief,
                       struct heard *heard, struct rh_err *err)
{
    struct rh_program_task task = {.program = program,
                                   .start = start,
                                   .start_value = INT64_MAX,
                                   .grain = 1,
                                   .time_limit_ms = 20000,
                                   .seed = 1,
                                   .brief = brief};
    struct rh_exact_out out = {
        .better = on_better, .answer = on_answer, .monotonic_ms = no_time, .context = heard};

    *heard = (struct heard){.best = INT64_MAX, .bound = INT64_MIN, .columns = program->columns};
    return rh_exact_answer(&task, &out, err);
}

static int32_t ask(const struct rh_program *program, const int64_t *start, struct heard *heard,
                   struct rh_err *err)
{
    return ask_how(program, start, false, heard, err);
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

static void build_crowd(struct rh_program *program, uint32_t seed, int32_t pair_rows)
{
    dice_state = seed;
    rh_program_init(program);
    for (int32_t j = 0; j < CHOICES * EACH; j++)
        rh_program_column(program, dice(12), 0, 1, true);
    for (int32_t j = 0; j < PAYS; j++)
        rh_program_column(program, 1 + dice(9), 0, 1, false);
    for (int32_t i = 0; i < CHOICES; i++) {
        rh_program_row(program, 1, 1);
        for (int32_t j = 0; j < EACH; j++)
            rh_program_entry(program, i * EACH + j, 1);
    }
    /* Few sorts of pairs, again and again: many rows, and still some answers. */
    for (int32_t i = 0; i < pair_rows; i++) {
        int32_t sort = i % PAIR_SORTS, one, other, pays;

        dice_state = seed * 31 + (uint32_t)sort;
        one = dice(CHOICES * EACH);
        other = (one + 1 + dice(CHOICES * EACH - 1)) % (CHOICES * EACH);
        pays = dice(PAYS * 3 / 2);
        rh_program_row(program, -RH_PROGRAM_OPEN, 1);
        rh_program_entry(program, one, 1);
        rh_program_entry(program, other, 1);
        if (pays < PAYS)
            rh_program_entry(program, CHOICES * EACH + pays, -1);
    }
}

static int64_t least_of_crowd(const struct rh_program *program)
{
    int64_t least = INT64_MAX, cost;

    for (int32_t all = 0; all < EACH * EACH * EACH * EACH; all++) {
        int64_t x[CROWD] = {0};

        for (int32_t i = 0, rest = all; i < CHOICES; i++, rest /= EACH)
            x[i * EACH + rest % EACH] = 1;
        for (int32_t paid = 0; paid < 1 << PAYS; paid++) {
            for (int32_t j = 0; j < PAYS; j++)
                x[CHOICES * EACH + j] = (paid >> j) & 1;
            if (rh_program_check(program, x, &cost, NULL) == 0 && cost < least)
                least = cost;
        }
    }
    return least;
}

static void rows_that_wait_do_not_change_the_answer(void **state)
{
    int dearer = 0, without = 0;
    (void)state;

    for (uint32_t seed = 1; seed <= PROGRAMS / 2; seed++) {
        int64_t least, cheapest = 0, cost = 0;
        struct rh_program program, same;
        struct rh_exact_rows rows;
        struct heard heard;

        build_crowd(&program, seed, PAIR_ROWS);
        build_crowd(&same, seed, PAIR_SORTS);
        assert_int_equal(rh_exact_rows_init(&rows, &program), 0);
        assert_int_equal(rows.waiting, PAIR_ROWS);
        rh_exact_rows_fini(&rows);
        least = least_of_crowd(&same);
        assert_int_equal(ask(&program, NULL, &heard, NULL), 0);
        assert_true(heard.answer.infeasible == (least == INT64_MAX));
        if (least != INT64_MAX) {
            assert_true(heard.answer.has_x && heard.answer.proven);
            assert_int_equal(heard.answer.bound, least);
            assert_int_equal(rh_program_check(&program, heard.x, &cost, NULL), 0);
            assert_int_equal(cost, least);
        }
        assert_int_equal(ask_how(&program, NULL, true, &heard, NULL), 0);
        assert_true(heard.answer.bound <= least && heard.best >= least);
        for (int32_t i = 0; i < CHOICES; i++) {
            int64_t here = INT64_MAX;

            for (int32_t j = 0; j < EACH; j++)
                here = program.cost[i * EACH + j] < here ? program.cost[i * EACH + j] : here;
            cheapest += here;
        }
        dearer += least != INT64_MAX && least > cheapest;
        without += least == INT64_MAX;
        rh_program_fini(&program);
        rh_program_fini(&same);
    }
    assert_true(dearer > 5 && without < PROGRAMS / 4); /* the rows do matter */
}

/* Nothing is left when memory runs out at any point of the way. */
static void without_memory_it_says_so(void **state)
{
    struct rh_program program;
    struct heard heard;
    struct rh_err err = {0};
    int32_t rc;
    long n = 0;
    (void)state;

    build_crowd(&program, 1, PAIR_ROWS);
    do {
        rh_alloc_fail_after(++n, 1);
        rc = ask(&program, NULL, &heard, &err);
        rh_alloc_fail_after(0, 0);
        assert_true(rc == 0 || rc == RH_ENOMEM);
    } while (rc == RH_ENOMEM && n < 1000);
    assert_int_equal(rc, 0);
    assert_true(n > 10);
    rh_program_fini(&program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_finds_what_looking_at_all_answers_finds),
        cmocka_unit_test(open_columns_do_not_lose_the_bound),
        cmocka_unit_test(no_prices_make_a_bound_wrong),
        cmocka_unit_test(bounds_are_rounded_to_the_grain_upwards),
        cmocka_unit_test(a_start_is_never_made_worse),
        cmocka_unit_test(rows_that_wait_do_not_change_the_answer),
        cmocka_unit_test(without_memory_it_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
