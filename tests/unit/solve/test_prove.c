/* The exact engine in a run: with an honest one every small problem is proven; a lying, crashing or
 * missing one does no harm. */
#include "core/solve/check.h"
#include "core/solve/solve.h"
#include "tests/unit/solve/brute.h"
#include "tests/unit/solve/random_problem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct answer {
    struct rh_solve_result result;
    struct rh_err err;
    int32_t slot[ITEMS_MAX];
    int64_t rule_value[RULES];
    int32_t rc;
};

/* How the fake engine behaves, and what it saw. */
struct fake {
    int32_t code;
    bool wrong_bound, wrong_x, no_answer, infeasible;
    int32_t asked;
};

static int32_t fake_run(void *context, const struct rh_program_task *task, rh_program_news *news,
                        void *news_context, struct rh_program_answer *answer)
{
    struct fake *fake = context;
    int64_t value, best;

    fake->asked++;
    assert_true(task->time_limit_ms > 0);
    assert_int_equal(rh_program_check(task->program, task->start, &value, NULL), 0);
    assert_int_equal(value, task->start_value);
    if (fake->no_answer)
        return fake->code;
    best = brute_solve(task->program, answer->x);
    assert_true(best <= task->start_value);
    assert_int_equal(best % task->grain, 0);
    answer->has_x = true;
    answer->proven = true;
    answer->infeasible = fake->infeasible;
    answer->bound = fake->wrong_bound ? task->start_value + 1 : best;
    if (fake->wrong_x)
        memset(answer->x, 0, (size_t)task->program->columns * sizeof(answer->x[0]));
    if (news(news_context, best, best - 1) != 0)
        return RH_EXACT_LATE;
    return fake->code;
}

static void solve_with(struct answer *a, const struct random_problem *r, struct fake *fake,
                       const struct rh_solve_options *options)
{
    const struct rh_program_solver solver = {fake_run, fake};

    memset(a, 0, sizeof(*a));
    a->result.size = sizeof(a->result);
    a->result.slot = a->slot;
    a->result.rule_value = a->rule_value;
    a->rc = rh_solve(&r->problem, options, NULL, fake ? &solver : NULL, &a->result, &a->err);
}

static void solve(struct answer *a, const struct random_problem *r, struct fake *fake)
{
    const struct rh_solve_options options = {.size = sizeof(options), .seed = 1, .step_limit = 300};

    solve_with(a, r, fake, &options);
}

static int compare(const int64_t *a, const int64_t *b)
{
    for (int level = 0; level < RH_SOLVE_LEVELS; level++) {
        if (a[level] != b[level])
            return a[level] < b[level] ? -1 : 1;
    }
    return 0;
}

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

static void small(struct random_problem *r, uint64_t seed)
{
    random_problem(r, 2 + (int32_t)(seed % 5), 2 + (int32_t)(seed % 4), seed);
}

static void every_small_problem_is_proven(void **state)
{
    int32_t asked = 0;
    (void)state;

    for (uint64_t seed = 0; seed < 400; seed++) {
        static struct random_problem r;
        int64_t best[RH_SOLVE_LEVELS] = {INT64_MAX, INT64_MAX, INT64_MAX};
        struct fake fake = {.code = RH_EXACT_USED};
        int32_t slot[ITEMS_MAX];
        struct answer a;

        small(&r, seed);
        solve(&a, &r, &fake);
        if (a.rc != 0)
            continue; /* a contradiction */
        try_all(&r, 0, slot, best);
        assert_memory_equal(a.result.value, best, sizeof(best));
        assert_int_equal(a.result.proven, 1);
        assert_int_equal(a.result.cut, 0);
        assert_int_equal(a.result.exact, fake.asked ? RH_EXACT_USED : RH_EXACT_NOT_NEEDED);
        asked += fake.asked;
    }
    assert_true(asked > 100);
}

/* What the result says is true, whatever the engine says. */
static void endure(const struct fake *kind, bool blamed)
{
    int32_t asked = 0;

    for (uint64_t seed = 0; seed < 400; seed++) {
        static struct random_problem r;
        int64_t best[RH_SOLVE_LEVELS] = {INT64_MAX, INT64_MAX, INT64_MAX};
        struct rh_solve_verdict verdict = {0};
        struct fake fake = *kind;
        int32_t slot[ITEMS_MAX];
        struct answer a;

        small(&r, seed);
        solve(&a, &r, &fake);
        if (a.rc != 0) {
            assert_int_equal(a.rc, RH_EINVALID);
            continue;
        }
        try_all(&r, 0, slot, best);
        assert_int_equal(rh_solve_check(&r.problem, a.slot, &verdict, NULL), 0);
        assert_memory_equal(verdict.value, a.result.value, sizeof(verdict.value));
        assert_true(compare(a.result.bound, best) <= 0);
        if (fake.asked && blamed)
            assert_int_equal(a.result.exact, kind->no_answer ? kind->code : RH_EXACT_FAILED);
        asked += fake.asked;
    }
    assert_true(asked > 50);
}

static void a_bound_above_the_plan_is_not_believed(void **state)
{
    (void)state;

    endure(&(struct fake){.code = RH_EXACT_USED, .wrong_bound = true}, true);
}

static void an_answer_that_is_no_plan_is_not_believed(void **state)
{
    (void)state;

    endure(&(struct fake){.code = RH_EXACT_USED, .wrong_x = true}, true);
}

static void a_plan_cannot_be_argued_away(void **state)
{
    (void)state;

    endure(&(struct fake){.code = RH_EXACT_USED, .infeasible = true}, true);
}

static void a_missing_crashed_or_late_engine_is_told(void **state)
{
    (void)state;

    endure(&(struct fake){.code = RH_EXACT_MISSING, .no_answer = true}, true);
    endure(&(struct fake){.code = RH_EXACT_FAILED, .no_answer = true}, true);
    endure(&(struct fake){.code = RH_EXACT_LATE, .no_answer = true}, true);
    endure(&(struct fake){.code = RH_EXACT_LATE}, false);
}

static void without_it_the_run_is_that_of_the_search_alone(void **state)
{
    (void)state;

    for (uint64_t seed = 0; seed < 10; seed++) {
        const struct rh_solve_options options = {
            .size = sizeof(options), .seed = 5, .step_limit = 20000, .without_exact = 1};
        struct rh_solve_options old = options;
        static struct random_problem r;
        struct fake fake = {.code = RH_EXACT_USED};
        struct answer off, none;

        old.size = offsetof(struct rh_solve_options, without_exact);
        random_problem(&r, 30, 12, seed);
        r.problem.together_count = 0;
        solve_with(&off, &r, &fake, &options);
        solve_with(&none, &r, NULL, &old);

        assert_int_equal(off.rc, 0);
        assert_int_equal(fake.asked, 0);
        assert_memory_equal(off.slot, none.slot, sizeof(off.slot));
        assert_memory_equal(off.result.bound, none.result.bound, sizeof(off.result.bound));
        assert_int_equal(off.result.steps, none.result.steps);
        assert_int_equal(off.result.exact, RH_EXACT_NOT_NEEDED);
    }
}

struct watch {
    int32_t exact_reports;
    bool stop;
};

static int32_t on_state(void *context, const struct rh_solve_state *state)
{
    struct watch *watch = context;

    if (state->phase != 4)
        return 0;
    watch->exact_reports++;
    for (int32_t level = 0; level < RH_SOLVE_LEVELS; level++)
        assert_true(state->bound[level] <= state->best[level]);
    return watch->stop;
}

static void its_work_is_reported_and_can_be_cancelled(void **state)
{
    int32_t reports = 0, cut = 0;
    (void)state;

    for (uint64_t seed = 0; seed < 200; seed++) {
        static struct random_problem r;
        struct watch watch = {.stop = seed % 2 == 1};
        const struct rh_solve_options options = {.size = sizeof(options),
                                                 .seed = 1,
                                                 .step_limit = 300,
                                                 .progress = on_state,
                                                 .context = &watch};
        struct fake fake = {.code = RH_EXACT_USED};
        struct answer a;

        small(&r, seed);
        solve_with(&a, &r, &fake, &options);
        if (a.rc != 0)
            continue;
        assert_true(fake.asked <= watch.exact_reports);
        reports += watch.exact_reports;
        if (watch.stop && fake.asked) {
            assert_int_equal(fake.asked, 1);
            assert_int_equal(a.result.cut, 1);
            cut++;
        }
    }
    assert_true(reports > 50);
    assert_true(cut > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_small_problem_is_proven),
        cmocka_unit_test(a_bound_above_the_plan_is_not_believed),
        cmocka_unit_test(an_answer_that_is_no_plan_is_not_believed),
        cmocka_unit_test(a_plan_cannot_be_argued_away),
        cmocka_unit_test(a_missing_crashed_or_late_engine_is_told),
        cmocka_unit_test(without_it_the_run_is_that_of_the_search_alone),
        cmocka_unit_test(its_work_is_reported_and_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
