/* solve.h: the answer is checked, repeats, is never worse than the start, and no plan beats the
 * bound. */
#include "core/base/alloc.h"
#include "core/solve/check.h"
#include "core/solve/solve.h"
#include "tests/unit/solve/random_problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>

struct answer {
    struct rh_solve_result result;
    struct rh_err err;
    int32_t slot[ITEMS_MAX];
    int64_t rule_value[RULES];
    int32_t rc;
};

static void solve_with(struct answer *a, const struct random_problem *r,
                       const struct rh_solve_options *options, rh_solve_clock *clock)
{
    memset(a, 0, sizeof(*a));
    a->result.size = sizeof(a->result);
    a->result.slot = a->slot;
    a->result.rule_value = a->rule_value;
    a->rc = rh_solve(&r->problem, options, clock, NULL, &a->result, &a->err);
}

static void solve(struct answer *a, const struct random_problem *r, uint64_t seed, int64_t steps)
{
    const struct rh_solve_options options = {
        .size = sizeof(options), .seed = seed, .step_limit = steps};

    solve_with(a, r, &options, NULL);
}

static int compare(const int64_t *a, const int64_t *b)
{
    for (int level = 0; level < RH_SOLVE_LEVELS; level++) {
        if (a[level] != b[level])
            return a[level] < b[level] ? -1 : 1;
    }
    return 0;
}

/* Tries every plan there is. */
static void try_all(const struct random_problem *r, int32_t item, int32_t *slot, int64_t *best)
{
    const struct rh_solve_problem *p = &r->problem;
    struct rh_solve_verdict verdict = {0};

    if (item == p->item_count) {
        if (rh_solve_check(p, slot, &verdict, NULL) == 0 && compare(verdict.value, best) < 0)
            memcpy(best, verdict.value, sizeof(verdict.value));
        return;
    }
    for (int32_t t = 0; t < p->slot_count; t++) {
        slot[item] = t;
        if (r->allowed[item * p->slot_count + t])
            try_all(r, item + 1, slot, best);
    }
}

static void small_problems_are_solved_as_by_trying_every_plan(void **state)
{
    int32_t solved = 0, optimal = 0, proven = 0;
    (void)state;

    for (uint64_t seed = 0; seed < 400; seed++) {
        static struct random_problem r;
        int64_t best[RH_SOLVE_LEVELS] = {INT64_MAX, INT64_MAX, INT64_MAX};
        int32_t slot[ITEMS_MAX];
        struct answer a;

        random_problem(&r, 2 + (int32_t)(seed % 5), 2 + (int32_t)(seed % 4), seed);
        try_all(&r, 0, slot, best);
        solve(&a, &r, 1, 3000);

        /* What is refused as a contradiction has no plan that keeps the hard rules. */
        if (a.rc != 0) {
            assert_int_equal(a.rc, RH_EINVALID);
            assert_true(best[RH_SOLVE_HARD] > 0);
            continue;
        }
        assert_true(compare(a.result.bound, best) <= 0);
        assert_true(compare(a.result.value, best) >= 0);
        assert_int_equal(a.result.proven, compare(a.result.bound, a.result.value) == 0);
        solved++;
        optimal += compare(a.result.value, best) == 0;
        proven += a.result.proven;
    }
    assert_true(solved > 300);
    assert_true(optimal * 100 > solved * 95);
    assert_true(proven > 0);
}

/* Does the plan stay above the bounds that speak of it? A bound speaks of all plans that are not
 * worse than the answer on each level before. */
static void assert_bounded(const int64_t *plan, const struct rh_solve_result *answer)
{
    for (int level = 0;
         level < RH_SOLVE_LEVELS && (level == 0 || plan[level - 1] <= answer->value[level - 1]);
         level++)
        assert_true(plan[level] >= answer->bound[level]);
}

static void assert_all_bounded(const struct random_problem *r, int32_t item, int32_t *slot,
                               const struct rh_solve_result *answer)
{
    const struct rh_solve_problem *p = &r->problem;
    struct rh_solve_verdict verdict = {0};

    if (item == p->item_count) {
        if (rh_solve_check(p, slot, &verdict, NULL) == 0)
            assert_bounded(verdict.value, answer);
        return;
    }
    for (int32_t t = 0; t < p->slot_count; t++) {
        slot[item] = t;
        if (r->allowed[item * p->slot_count + t])
            assert_all_bounded(r, item + 1, slot, answer);
    }
}

/* A plan that is better on one level may be worse on the next; the bounds after that one spoke of
 * fewer plans then, and once stayed although no exact engine was there to raise them again. */
static void a_bound_holds_for_every_plan_that_it_speaks_of(void **state)
{
    (void)state;

    for (uint64_t seed = 0; seed < 600; seed++) {
        static struct random_problem r;
        int32_t slot[ITEMS_MAX];
        struct answer a;

        random_problem(&r, 2 + (int32_t)(seed % 4), 2 + (int32_t)(seed % 4), seed);
        solve(&a, &r, seed, 1 + (int64_t)(seed % 7) * 300);
        if (a.rc == 0)
            assert_all_bounded(&r, 0, slot, &a.result);
    }
}

static void the_same_seed_and_steps_give_the_same_plan(void **state)
{
    static struct random_problem r;
    int32_t differ = 0;
    (void)state;

    for (uint64_t seed = 0; seed < 12; seed++) {
        struct answer first, second, other;

        random_problem(&r, 30, 12, seed);
        r.problem.together_count = 0;
        solve(&first, &r, 42, 20000);
        solve(&second, &r, 42, 20000);
        solve(&other, &r, 43, 20000);

        assert_int_equal(first.rc, 0);
        assert_memory_equal(first.slot, second.slot, sizeof(first.slot));
        assert_int_equal(first.result.steps, second.result.steps);
        assert_int_equal(first.result.cut, 0);
        differ += memcmp(first.slot, other.slot, sizeof(first.slot)) != 0;
    }
    assert_true(differ > 0);
}

static void the_answer_is_never_worse_than_the_start(void **state)
{
    static struct random_problem r;
    struct answer good, again;
    (void)state;

    for (uint64_t seed = 0; seed < 30; seed++) {
        random_problem(&r, 30, 12, seed);
        r.problem.together_count = 0;
        solve(&good, &r, seed, 60000);
        r.problem.start = good.slot;
        solve(&again, &r, seed + 1, 50);

        assert_int_equal(good.rc, 0);
        assert_int_equal(again.rc, 0);
        assert_true(compare(again.result.value, good.result.value) <= 0);
    }
}

static void a_start_that_is_no_plan_is_refused(void **state)
{
    static struct random_problem r;
    int32_t start[ITEMS_MAX];
    struct answer a;
    (void)state;

    random_problem(&r, 8, 5, 3);
    for (int32_t i = 0; i < 8; i++)
        start[i] = 5;
    r.problem.start = start;
    solve(&a, &r, 1, 1000);

    assert_int_equal(a.rc, RH_EINVALID);
    assert_non_null(strstr(a.err.text[RH_EN], "plan to start from"));
}

static int32_t stop_at_once(void *context, const struct rh_solve_state *seen)
{
    struct rh_solve_state *copy = context;

    *copy = *seen;
    return 1;
}

static void a_run_that_is_cancelled_gives_its_best_plan_and_says_so(void **state)
{
    static struct random_problem r;
    struct rh_solve_state seen = {0};
    const struct rh_solve_options options = {
        .size = sizeof(options), .seed = 1, .progress = stop_at_once, .context = &seen};
    struct rh_solve_verdict verdict = {0};
    struct answer a;
    (void)state;

    random_problem(&r, 40, 16, 11);
    r.problem.together_count = 0;
    solve_with(&a, &r, &options, NULL);

    assert_int_equal(a.rc, 0);
    assert_int_equal(a.result.cut, 1);
    assert_int_equal(rh_solve_check(&r.problem, a.slot, &verdict, NULL), 0);
    assert_memory_equal(a.result.value, verdict.value, sizeof(verdict.value));
    assert_true(seen.steps < seen.steps_total);
    assert_non_null(seen.slot);
}

/* A clock that gains a millisecond each time somebody looks. */
static int64_t clock_at;

static int64_t eager_clock(void)
{
    return clock_at++;
}

static void the_time_limit_cuts_the_run(void **state)
{
    static struct random_problem r;
    const struct rh_solve_options options = {
        .size = sizeof(options), .seed = 1, .time_limit_ms = 20, .step_limit = INT64_C(1) << 40};
    struct answer a;
    (void)state;

    random_problem(&r, 40, 16, 11);
    r.problem.together_count = 0;
    solve_with(&a, &r, &options, eager_clock);

    assert_int_equal(a.rc, 0);
    assert_int_equal(a.result.cut, 1);
    assert_in_range(a.result.total_ms, 20, 60);
}

static void a_shortage_is_a_value_and_no_error(void **state)
{
    static struct random_problem r;
    struct answer a;
    (void)state;

    random_problem(&r, 12, 4, 1);
    r.problem.together_count = r.problem.apart_count = 0;
    r.problem.count_count = 1;
    r.counts[0] = (struct rh_solve_count){.max = 10, .level = RH_SOLVE_HARD, .rule = 1, .price = 1};
    solve(&a, &r, 1, 1000);

    assert_int_equal(a.rc, 0);
    assert_int_equal(a.result.value[RH_SOLVE_HARD], 2);
    assert_int_equal(a.rule_value[1], 2);
}

static void without_memory_nothing_is_lost(void **state)
{
    static struct random_problem r;
    struct answer a;
    long n = 0;
    (void)state;

    random_problem(&r, 20, 8, 2);
    r.problem.together_count = 3;
    do {
        rh_alloc_fail_after(++n, 1);
        solve(&a, &r, 1, 100);
        rh_alloc_fail_after(0, 0);
        assert_true(a.rc == 0 || a.rc == RH_ENOMEM);
    } while (a.rc == RH_ENOMEM && n < 1000);

    assert_int_equal(a.rc, 0);
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_problems_are_solved_as_by_trying_every_plan),
        cmocka_unit_test(a_bound_holds_for_every_plan_that_it_speaks_of),
        cmocka_unit_test(the_same_seed_and_steps_give_the_same_plan),
        cmocka_unit_test(the_answer_is_never_worse_than_the_start),
        cmocka_unit_test(a_start_that_is_no_plan_is_refused),
        cmocka_unit_test(a_run_that_is_cancelled_gives_its_best_plan_and_says_so),
        cmocka_unit_test(the_time_limit_cuts_the_run),
        cmocka_unit_test(a_shortage_is_a_value_and_no_error),
        cmocka_unit_test(without_memory_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
