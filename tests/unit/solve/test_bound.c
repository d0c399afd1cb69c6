/* bound.h: no plan is ever below the bound, and where the linear program is exact the bound meets
 * the best plan. */
#include "core/solve/bound.h"
#include "core/solve/check.h"
#include "core/solve/problem.h"
#include "tests/unit/solve/random_problem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct world {
    struct random_problem r;
    struct rh_model model;
    struct rh_bound bound;
    int32_t leader[ITEMS_MAX];
};

static bool world_open(struct world *w, int32_t items, int32_t slots, uint64_t seed)
{
    random_problem(&w->r, items, slots, seed);
    if (rh_solve_problem_check(&w->r.problem, w->leader, NULL) < 0)
        return false;
    assert_int_equal(rh_model_init(&w->model, &w->r.problem, w->leader, NULL), 0);
    assert_int_equal(rh_bound_init(&w->bound, &w->model, NULL), 0);
    return true;
}

static void world_close(struct world *w)
{
    rh_bound_fini(&w->bound);
    rh_model_fini(&w->model);
}

/* The least a level can cost in plans that are not worse than `value` on the levels before. */
static void try_all(const struct world *w, int32_t item, int32_t *slot, int32_t level,
                    const int64_t *value, int64_t *least)
{
    const struct rh_solve_problem *p = &w->r.problem;
    struct rh_solve_verdict verdict = {0};

    if (item < p->item_count) {
        for (int32_t t = 0; t < p->slot_count; t++) {
            slot[item] = t;
            if (w->r.allowed[item * p->slot_count + t])
                try_all(w, item + 1, slot, level, value, least);
        }
        return;
    }
    if (rh_solve_check(p, slot, &verdict, NULL) < 0)
        return;
    for (int32_t before = 0; before < level; before++) {
        if (verdict.value[before] > value[before])
            return;
    }
    if (verdict.value[level] < *least)
        *least = verdict.value[level];
}

static void no_plan_is_below_the_bound(void **state)
{
    static struct world w;
    int32_t worlds = 0, met = 0;
    (void)state;

    for (uint64_t seed = 0; seed < 250; seed++) {
        int64_t value[RH_SOLVE_LEVELS] = {INT64_MAX / 4, INT64_MAX / 4, INT64_MAX / 4};
        int32_t slot[ITEMS_MAX];

        if (!world_open(&w, 2 + (int32_t)(seed % 5), 2 + (int32_t)(seed % 4), seed))
            continue;
        worlds++;
        for (int32_t level = 0; level < RH_SOLVE_LEVELS; level++) {
            int64_t least = INT64_MAX / 4;

            try_all(&w, 0, slot, level, value, &least);
            rh_bound_aim(&w.bound, level, value, 5);
            for (int turn = 0; turn < 3; turn++) {
                rh_bound_raise(&w.bound, 200, least);
                assert_true(w.bound.best <= least);
                rh_bound_turn(&w.bound);
            }
            met += w.bound.best == least;
            value[level] = least;
        }
        world_close(&w);
    }
    assert_true(worlds > 150);
    assert_true(met > worlds * 2);
}

/* A target that no plan reaches must not lift the bound above the best plan. */
static void a_target_too_high_does_no_harm(void **state)
{
    static struct world w;
    (void)state;

    for (uint64_t seed = 0; seed < 60; seed++) {
        const int64_t any[RH_SOLVE_LEVELS] = {INT64_MAX / (1 << 20), INT64_MAX / (1 << 20), 0};
        int64_t least = INT64_MAX / 4;
        int32_t slot[ITEMS_MAX];

        if (!world_open(&w, 4, 4, seed))
            continue;
        try_all(&w, 0, slot, RH_SOLVE_SOFT, any, &least);
        rh_bound_aim(&w.bound, RH_SOLVE_SOFT, any, 1);
        rh_bound_raise(&w.bound, 300, least * 10 + 50);

        assert_true(w.bound.best <= least);
        world_close(&w);
    }
}

/* Each item wants slot 0, which takes two: prices find that the others have to pay. */
static void a_transport_problem_is_bounded_exactly(void **state)
{
    static struct world w;
    const int64_t none[RH_SOLVE_LEVELS] = {0};
    (void)state;

    random_problem(&w.r, 6, 3, 1);
    memset(w.r.allowed, 1, sizeof(w.r.allowed));
    w.r.problem.apart_count = w.r.problem.together_count = 0;
    w.r.problem.cost_count = w.r.problem.count_count = 1;
    w.r.slots[0][0] = 0;
    w.r.counts[0] = (struct rh_solve_count){
        .slots = w.r.slots[0], .slot_count = 1, .max = 2, .level = RH_SOLVE_HARD, .price = 1};
    for (int32_t i = 0; i < 6; i++) {
        for (int32_t t = 0; t < 3; t++)
            w.r.price[0][i * 3 + t] = t == 0 ? 0 : 10 + i;
    }
    assert_int_equal(rh_solve_problem_check(&w.r.problem, w.leader, NULL), 0);
    assert_int_equal(rh_model_init(&w.model, &w.r.problem, w.leader, NULL), 0);
    assert_int_equal(rh_bound_init(&w.bound, &w.model, NULL), 0);

    rh_bound_aim(&w.bound, RH_SOLVE_SOFT, none, 5);
    rh_bound_raise(&w.bound, 1000, 46);

    assert_int_equal(w.bound.best, 10 + 11 + 12 + 13);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_plan_is_below_the_bound),
        cmocka_unit_test(a_target_too_high_does_no_harm),
        cmocka_unit_test(a_transport_problem_is_bounded_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
