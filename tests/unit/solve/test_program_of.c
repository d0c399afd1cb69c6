/* program_of.h: a plan costs in the program what the checker says, and the best answer is the best
 * plan. */
#include "core/base/alloc.h"
#include "core/solve/check.h"
#include "core/solve/problem.h"
#include "core/solve/program_of.h"
#include "tests/unit/solve/brute.h"
#include "tests/unit/solve/random_problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static bool make_model(struct rh_model *model, struct random_problem *r, int32_t items,
                       int32_t slots, uint64_t seed)
{
    int32_t leader[ITEMS_MAX];

    random_problem(r, items, slots, seed);
    return rh_solve_problem_check(&r->problem, leader, NULL) == 0 &&
           rh_model_init(model, &r->problem, leader, NULL) == 0;
}

/* The levels asked about together. */
static const int32_t asked[][2] = {{RH_SOLVE_HARD, RH_SOLVE_HARD},
                                   {RH_SOLVE_BALANCE, RH_SOLVE_BALANCE},
                                   {RH_SOLVE_SOFT, RH_SOLVE_SOFT},
                                   {RH_SOLVE_BALANCE, RH_SOLVE_SOFT}};

enum { ASKED = sizeof(asked) / sizeof(asked[0]) };

static void draw_plan(const struct rh_model *m, struct rh_dice *dice, int32_t *slot)
{
    for (int32_t b = 0; b < m->blocks; b++) {
        int32_t options = m->option_start[b + 1] - m->option_start[b];
        int32_t taken = m->option[m->option_start[b] + rh_dice_below(dice, options)];

        for (int32_t i = m->member_start[b]; i < m->member_start[b + 1]; i++)
            slot[m->member[i]] = taken;
    }
}

static void weigh(const struct random_problem *r, const int32_t *slot, int64_t *value)
{
    struct rh_solve_verdict verdict = {0};

    assert_int_equal(rh_solve_check(&r->problem, slot, &verdict, NULL), 0);
    memcpy(value, verdict.value, sizeof(verdict.value));
}

static bool within_budget(const int64_t *value, const int64_t *known, int32_t level)
{
    for (int32_t before = 0; before < level; before++) {
        if (value[before] > known[before])
            return false;
    }
    return true;
}

/* Another plan is allowed by the program exactly when it is not worse on the levels before. */
static void compare_plans(const struct random_problem *r, const struct rh_program_of *of,
                          const int64_t *known, struct rh_dice *dice)
{
    int64_t *x = calloc((size_t)of->program.columns, sizeof(*x)), cost;
    int32_t slot[ITEMS_MAX] = {0}, again[ITEMS_MAX] = {0};

    for (int n = 0; n < 8; n++) {
        int64_t value[RH_SOLVE_LEVELS];
        int32_t rc;

        draw_plan(of->model, dice, slot);
        weigh(r, slot, value);
        rh_program_of_put(of, slot, x);
        rc = rh_program_check(&of->program, x, &cost, NULL);
        assert_int_equal(rc == 0, within_budget(value, known, of->first));
        if (rc == 0)
            assert_int_equal(cost, rh_program_of_cost(of, value));
        assert_int_equal(rh_program_of_take(of, x, again, NULL), 0);
        assert_memory_equal(slot, again, (size_t)r->problem.item_count * sizeof(slot[0]));
    }
    free(x);
}

static void a_plan_costs_in_the_program_what_the_checker_says(void **state)
{
    (void)state;

    for (uint64_t seed = 0; seed < 150; seed++) {
        static struct random_problem r;
        struct rh_dice dice = {seed};
        struct rh_model model;
        int32_t slot[ITEMS_MAX] = {0};
        int64_t known[RH_SOLVE_LEVELS], cost;

        if (!make_model(&model, &r, 10 + (int32_t)(seed % 30), 4 + (int32_t)(seed % 12), seed))
            continue;
        draw_plan(&model, &dice, slot);
        weigh(&r, slot, known);
        for (int32_t k = 0; k < ASKED; k++) {
            struct rh_program_of of;
            int64_t *x;

            assert_int_equal(rh_program_of_init(&of, &model, asked[k][0], asked[k][1], known, NULL),
                             0);
            x = calloc((size_t)of.program.columns, sizeof(*x));
            rh_program_of_put(&of, slot, x);
            assert_int_equal(rh_program_check(&of.program, x, &cost, NULL), 0);
            assert_int_equal(cost, rh_program_of_cost(&of, known));
            free(x);
            compare_plans(&r, &of, known, &dice);
            rh_program_of_fini(&of);
        }
        rh_model_fini(&model);
    }
}

/* Is `value` better on the levels asked about, the first of them first? */
static bool is_better(const int64_t *value, const int64_t *best, const int32_t levels[2])
{
    for (int32_t level = levels[0]; level <= levels[1]; level++) {
        if (value[level] != best[level])
            return value[level] < best[level];
    }
    return false;
}

/* The best of all plans that keep the budgets. */
static void try_all(const struct random_problem *r, const struct rh_model *m, int32_t block,
                    int32_t *slot, const int32_t levels[2], const int64_t *known, int64_t *best)
{
    int64_t value[RH_SOLVE_LEVELS];

    if (block == m->blocks) {
        weigh(r, slot, value);
        if (within_budget(value, known, levels[0]) && is_better(value, best, levels))
            memcpy(best, value, sizeof(value));
        return;
    }
    for (int32_t j = m->option_start[block]; j < m->option_start[block + 1]; j++) {
        for (int32_t i = m->member_start[block]; i < m->member_start[block + 1]; i++)
            slot[m->member[i]] = m->option[j];
        try_all(r, m, block + 1, slot, levels, known, best);
    }
}

/* A cost says what each level pays, and its bounds never more than the best plan has. */
static void compare_levels(const struct rh_program_of *of, int64_t cost, const int64_t *best,
                           const int64_t *known)
{
    int64_t value[RH_SOLVE_LEVELS] = {0}, bound[RH_SOLVE_LEVELS] = {0};

    rh_program_of_value(of, cost, value);
    for (int32_t level = of->first; level <= of->last; level++)
        assert_int_equal(value[level], best[level]);
    rh_program_of_bounds(of, cost, best, bound);
    for (int32_t level = of->first; level <= of->last; level++)
        assert_int_equal(bound[level], best[level]);
    for (int64_t less = 0; less <= cost; less = 2 * less + 1) {
        rh_program_of_bounds(of, cost - less, best, bound);
        for (int32_t level = of->first; level <= of->last; level++)
            assert_true(bound[level] <= best[level]);
        /* Of a worse plan: nothing is said of its later levels that a better one would break. */
        rh_program_of_bounds(of, cost - less, known, bound);
        assert_true(bound[of->first] <= best[of->first]);
    }
}

static void the_best_answer_is_the_best_plan(void **state)
{
    (void)state;

    for (uint64_t seed = 0; seed < 200; seed++) {
        static struct random_problem r;
        struct rh_dice dice = {seed};
        struct rh_model model;
        int32_t slot[ITEMS_MAX] = {0};
        int64_t known[RH_SOLVE_LEVELS];

        if (!make_model(&model, &r, 2 + (int32_t)(seed % 4), 2 + (int32_t)(seed % 4), seed))
            continue;
        draw_plan(&model, &dice, slot);
        weigh(&r, slot, known);
        for (int32_t k = 0; k < ASKED; k++) {
            int64_t best[RH_SOLVE_LEVELS] = {INT64_MAX, INT64_MAX, INT64_MAX}, cost, *x;
            struct rh_program_of of;

            try_all(&r, &model, 0, slot, asked[k], known, best);
            assert_int_equal(rh_program_of_init(&of, &model, asked[k][0], asked[k][1], known, NULL),
                             0);
            x = calloc((size_t)of.program.columns, sizeof(*x));
            cost = brute_solve(&of.program, x);
            assert_int_equal(cost, rh_program_of_cost(&of, best));
            compare_levels(&of, cost, best, known);
            free(x);
            rh_program_of_fini(&of);
        }
        rh_model_fini(&model);
    }
}

static void an_answer_without_a_slot_is_no_plan(void **state)
{
    static struct random_problem r;
    int64_t known[RH_SOLVE_LEVELS] = {0}, *x;
    int32_t slot[ITEMS_MAX] = {0};
    struct rh_program_of of;
    struct rh_model model;
    (void)state;

    assert_true(make_model(&model, &r, 6, 4, 1));
    assert_int_equal(rh_program_of_init(&of, &model, RH_SOLVE_SOFT, RH_SOLVE_SOFT, known, NULL), 0);
    x = calloc((size_t)of.program.columns, sizeof(*x));
    assert_int_equal(rh_program_of_take(&of, x, slot, NULL), RH_EINVALID);
    for (int32_t b = 0; b < model.blocks; b++)
        x[model.option_start[b]] = 2;
    assert_int_equal(rh_program_of_take(&of, x, slot, NULL), RH_EINVALID);
    free(x);
    rh_program_of_fini(&of);
    rh_model_fini(&model);
}

static void without_memory_nothing_is_lost(void **state)
{
    static struct random_problem r;
    const int64_t known[RH_SOLVE_LEVELS] = {1, 1, 0};
    struct rh_program_of of;
    struct rh_model model;
    int32_t rc;
    long n = 0;
    (void)state;

    assert_true(make_model(&model, &r, 20, 8, 3));
    do {
        rh_alloc_fail_after(++n, 1);
        rc = rh_program_of_init(&of, &model, RH_SOLVE_BALANCE, RH_SOLVE_SOFT, known, NULL);
        rh_alloc_fail_after(0, 0);
        assert_true(rc == 0 || rc == RH_ENOMEM);
    } while (rc == RH_ENOMEM && n < 1000);
    assert_int_equal(rc, 0);
    assert_true(n > 8);
    rh_program_of_fini(&of);
    rh_model_fini(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_costs_in_the_program_what_the_checker_says),
        cmocka_unit_test(the_best_answer_is_the_best_plan),
        cmocka_unit_test(an_answer_without_a_slot_is_no_plan),
        cmocka_unit_test(without_memory_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
