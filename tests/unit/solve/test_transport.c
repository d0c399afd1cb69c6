/* transport.h: where a problem is a network, the flow is the best plan; elsewhere its cost is a
 * lower bound. */
#include "core/solve/check.h"
#include "core/solve/problem.h"
#include "core/solve/transport.h"
#include "tests/unit/solve/random_problem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct world {
    struct random_problem r;
    struct rh_model model;
    struct rh_transport network;
    int32_t leader[ITEMS_MAX];
    int32_t slot[ITEMS_MAX]; /* per block */
};

static const int64_t weights[RH_SOLVE_LEVELS] = {1000, 40, 1};

static int64_t energy(const int64_t *value)
{
    return value[0] * weights[0] + value[1] * weights[1] + value[2] * weights[2];
}

/* Rows on all items and on nested sets of slots: {0}, {0, 1}, {3}, all. */
static void nest_rows(struct random_problem *r, struct rh_dice *dice)
{
    static const int32_t sets[4][2] = {{0, 1}, {0, 2}, {3, 1}, {0, 4}};

    r->problem.count_count = 6;
    for (int32_t k = 0; k < 6; k++) {
        const int32_t *set = sets[rh_dice_below(dice, 4)];
        int32_t low = rh_dice_below(dice, 4);

        for (int32_t j = 0; j < set[1]; j++)
            r->slots[k][j] = set[0] + j;
        r->counts[k] = (struct rh_solve_count){
            .slots = r->slots[k],
            .slot_count = set[1],
            .taken = rh_dice_below(dice, 3),
            .min = low,
            .max = rh_dice_below(dice, 3) ? low + rh_dice_below(dice, 2) : INT32_MAX,
            .level = rh_dice_below(dice, 3),
            .rule = 1,
            .price = 1 + rh_dice_below(dice, 3),
        };
    }
}

static bool world_open(struct world *w)
{
    if (rh_solve_problem_check(&w->r.problem, w->leader, NULL) < 0)
        return false;
    assert_int_equal(rh_model_init(&w->model, &w->r.problem, w->leader, NULL), 0);
    assert_int_equal(rh_transport_init(&w->network, &w->model, weights, NULL), 0);
    assert_int_equal(rh_transport_solve(&w->network, NULL, w->slot, NULL), 0);
    return true;
}

static void world_close(struct world *w)
{
    rh_transport_fini(&w->network);
    rh_model_fini(&w->model);
}

static int64_t network_plan_energy(const struct world *w)
{
    struct rh_solve_verdict verdict = {0};
    int32_t slot[ITEMS_MAX];

    for (int32_t i = 0; i < w->model.items; i++)
        slot[i] = w->slot[w->model.block_of[i]];
    assert_int_equal(rh_solve_check(&w->r.problem, slot, &verdict, NULL), 0);
    return energy(verdict.value);
}

static int64_t try_all(const struct world *w, int32_t item, int32_t *slot)
{
    const struct rh_solve_problem *p = &w->r.problem;
    struct rh_solve_verdict verdict = {0};
    int64_t best = INT64_MAX;

    if (item == p->item_count)
        return rh_solve_check(p, slot, &verdict, NULL) == 0 ? energy(verdict.value) : INT64_MAX;
    for (int32_t t = 0; t < p->slot_count; t++) {
        slot[item] = t;
        if (w->r.allowed[item * p->slot_count + t]) {
            int64_t found = try_all(w, item + 1, slot);

            best = found < best ? found : best;
        }
    }
    return best;
}

static void nested_rows_are_solved_as_by_trying_every_plan(void **state)
{
    static struct world w;
    struct rh_dice dice = {5};
    (void)state;

    for (uint64_t seed = 0; seed < 150; seed++) {
        int32_t slot[ITEMS_MAX];
        int64_t best;

        random_problem(&w.r, 2 + (int32_t)(seed % 5), 4, seed);
        w.r.problem.apart_count = w.r.problem.together_count = 0;
        nest_rows(&w.r, &dice);
        assert_true(world_open(&w));
        best = try_all(&w, 0, slot);

        assert_int_equal(w.network.value, best * RH_TRANSPORT_FINE);
        assert_int_equal(network_plan_energy(&w), best);
        world_close(&w);
    }
}

static void what_is_no_network_is_bounded(void **state)
{
    static struct world w;
    int32_t worlds = 0;
    (void)state;

    for (uint64_t seed = 0; seed < 150; seed++) {
        int32_t slot[ITEMS_MAX];

        random_problem(&w.r, 2 + (int32_t)(seed % 5), 2 + (int32_t)(seed % 4), seed);
        if (!world_open(&w))
            continue;
        worlds++;

        assert_true(w.network.value <= try_all(&w, 0, slot) * RH_TRANSPORT_FINE);
        assert_true(network_plan_energy(&w) * RH_TRANSPORT_FINE >= w.network.value);
        world_close(&w);
    }
    assert_true(worlds > 80);
}

static void tolls_move_blocks_away(void **state)
{
    static struct world w;
    int64_t tolls[ITEMS_MAX * SLOTS_MAX] = {0};
    (void)state;

    random_problem(&w.r, 6, 3, 1);
    memset(w.r.allowed, 1, sizeof(w.r.allowed));
    memset(w.r.price, 0, sizeof(w.r.price));
    w.r.problem.apart_count = w.r.problem.together_count = w.r.problem.count_count = 0;
    assert_true(world_open(&w));
    for (int32_t k = 0; k < w.model.kinds; k++)
        tolls[k * 3] = tolls[k * 3 + 2] = 5 * RH_TRANSPORT_FINE;

    assert_int_equal(rh_transport_solve(&w.network, tolls, w.slot, NULL), 0);

    for (int32_t b = 0; b < w.model.blocks; b++)
        assert_int_equal(w.slot[b], 1);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nested_rows_are_solved_as_by_trying_every_plan),
        cmocka_unit_test(what_is_no_network_is_bounded),
        cmocka_unit_test(tolls_move_blocks_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
