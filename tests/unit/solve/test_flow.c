/* flow.h: the flow found keeps to capacities and supplies, and potentials prove that none is
 * cheaper. */
#include "core/base/dice.h"
#include "core/solve/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_is_a_flow(const struct rh_flow *flow)
{
    int64_t *balance = calloc((size_t)flow->nodes, sizeof(*balance));

    for (int32_t a = 0; a < flow->arcs; a++) {
        const struct rh_flow_arc *arc = &flow->arc[a];

        assert_in_range(arc->flow, 0, arc->capacity);
        balance[arc->from] += arc->flow;
        balance[arc->to] -= arc->flow;
    }
    for (int32_t node = 0; node < flow->nodes; node++)
        assert_int_equal(balance[node], flow->supply[node]);
    free(balance);
}

/* Complementary slackness: an arc with room is not cheap, an arc with flow is not dear. */
static void assert_is_cheapest(const struct rh_flow *flow)
{
    for (int32_t a = 0; a < flow->arcs; a++) {
        const struct rh_flow_arc *arc = &flow->arc[a];
        int64_t reduced = arc->cost + flow->potential[arc->from] - flow->potential[arc->to];

        if (arc->flow < arc->capacity)
            assert_true(reduced >= 0);
        if (arc->flow > 0)
            assert_true(reduced <= 0);
    }
}

/* Every way to fill the arcs, one after another; -1 when none keeps to the supplies. */
static int64_t try_all(struct rh_flow *flow, int32_t arc, int64_t *balance)
{
    int64_t best = -1000000;

    if (arc == flow->arcs) {
        for (int32_t node = 0; node < flow->nodes; node++) {
            if (balance[node] != flow->supply[node])
                return best;
        }
        return rh_flow_cost(flow);
    }
    for (int64_t amount = 0; amount <= flow->arc[arc].capacity; amount++) {
        int64_t found;

        flow->arc[arc].flow = amount;
        balance[flow->arc[arc].from] += amount;
        balance[flow->arc[arc].to] -= amount;
        found = try_all(flow, arc + 1, balance);
        balance[flow->arc[arc].from] -= amount;
        balance[flow->arc[arc].to] += amount;
        if (found > -1000000 && (best == -1000000 || found < best))
            best = found;
    }
    return best;
}

/* Supplies that some flow fits, or, now and then, none. */
static void draw_network(struct rh_flow *flow, struct rh_dice *dice, int32_t nodes, int32_t arcs,
                         int32_t capacity)
{
    assert_int_equal(rh_flow_init(flow, nodes, arcs, NULL), 0);
    for (int32_t a = 0; a < arcs; a++) {
        int32_t from = rh_dice_below(dice, nodes);
        int32_t to = (from + 1 + rh_dice_below(dice, nodes - 1)) % nodes;
        int64_t most = rh_dice_below(dice, capacity), flows;

        rh_flow_add(flow, from, to, most, rh_dice_below(dice, 20) - 4);
        flows = rh_dice_below(dice, (int32_t)most + 1);
        flow->supply[from] += flows;
        flow->supply[to] -= flows;
    }
    if (rh_dice_below(dice, 6) == 0) {
        flow->supply[0] += 2;
        flow->supply[1] -= 2;
    }
}

static void small_networks_are_solved_as_by_trying_every_flow(void **state)
{
    struct rh_dice dice = {7};
    int32_t solved = 0, refused = 0;
    (void)state;

    for (int n = 0; n < 400; n++) {
        struct rh_flow flow, copy;
        int64_t balance[8] = {0}, best;
        int32_t rc;

        draw_network(&flow, &dice, 3 + n % 3, 3 + n % 5, 4);
        assert_int_equal(rh_flow_init(&copy, flow.nodes, flow.arcs, NULL), 0);
        for (int32_t a = 0; a < flow.arcs; a++)
            rh_flow_add(&copy, flow.arc[a].from, flow.arc[a].to, flow.arc[a].capacity,
                        flow.arc[a].cost);
        memcpy(copy.supply, flow.supply, (size_t)flow.nodes * sizeof(flow.supply[0]));
        best = try_all(&copy, 0, balance);

        rc = rh_flow_solve(&flow, NULL);

        assert_int_equal(rc, best == -1000000 ? RH_ENOTFOUND : 0);
        if (rc == 0) {
            assert_is_a_flow(&flow);
            assert_is_cheapest(&flow);
            assert_int_equal(rh_flow_cost(&flow), best);
        }
        solved += rc == 0;
        refused += rc != 0;
        rh_flow_fini(&copy);
        rh_flow_fini(&flow);
    }
    assert_true(solved > 200 && refused > 20);
}

static void larger_networks_prove_themselves(void **state)
{
    struct rh_dice dice = {11};
    int32_t solved = 0;
    (void)state;

    for (int n = 0; n < 60; n++) {
        struct rh_flow flow;

        draw_network(&flow, &dice, 20 + n * 2, 60 + n * 12, 30);
        if (rh_flow_solve(&flow, NULL) == 0) {
            assert_is_a_flow(&flow);
            assert_is_cheapest(&flow);
            solved++;
        }
        rh_flow_fini(&flow);
    }
    assert_true(solved > 30);
}

/* 200 offices, 40 months that take five each; and then again with other costs. */
static void a_network_can_be_solved_again_with_other_costs(void **state)
{
    struct rh_dice dice = {3};
    struct rh_flow flow;
    (void)state;

    assert_int_equal(rh_flow_init(&flow, 241, 200 * 40 + 40, NULL), 0);
    for (int32_t i = 0; i < 200; i++) {
        flow.supply[i] = 1;
        for (int32_t t = 0; t < 40; t++)
            rh_flow_add(&flow, i, 200 + t, 1, rh_dice_below(&dice, 100));
    }
    for (int32_t t = 0; t < 40; t++)
        rh_flow_add(&flow, 200 + t, 240, 5, 0);
    flow.supply[240] = -200;
    for (int round = 0; round < 3; round++) {
        assert_int_equal(rh_flow_solve(&flow, NULL), 0);

        assert_is_a_flow(&flow);
        assert_is_cheapest(&flow);
        for (int32_t a = 0; a < flow.arcs; a++)
            flow.arc[a].cost = rh_dice_below(&dice, 3);
    }
    rh_flow_fini(&flow);
}

static void a_network_without_arcs_takes_nothing(void **state)
{
    struct rh_flow flow;
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(rh_flow_init(&flow, 2, 0, NULL), 0);
    assert_int_equal(rh_flow_solve(&flow, NULL), 0);
    flow.supply[0] = 1;
    flow.supply[1] = -1;
    assert_int_equal(rh_flow_solve(&flow, &err), RH_ENOTFOUND);
    assert_non_null(strstr(err.text[RH_DE], "Netz"));
    rh_flow_fini(&flow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_networks_are_solved_as_by_trying_every_flow),
        cmocka_unit_test(larger_networks_prove_themselves),
        cmocka_unit_test(a_network_can_be_solved_again_with_other_costs),
        cmocka_unit_test(a_network_without_arcs_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
