/*
 * transport.h - the part of a problem that is a network, solved exactly.
 *
 * Blocks flow into slots, slots into the nested sets of slots that rows on all items count (months
 * into years), each set with a convex price for being over or under. What is no network stays
 * outside: rows on some of the items enter as tolls, prices that bound.c has found for them; pairs
 * are not seen. Without such rows and pairs, and with blocks of one item, the answer is the best
 * plan there is; with them it is a plan to start from, and its cost a lower bound.
 *
 * Rows on all items whose sets of slots cross (neither nested nor apart) cannot all be in one
 * network; those that come first in the problem are.
 */
#ifndef CORE_SOLVE_TRANSPORT_H
#define CORE_SOLVE_TRANSPORT_H

#include "core/solve/flow.h"
#include "core/solve/model.h"

struct rh_transport {
    const struct rh_model *model; /* borrowed */
    struct rh_flow flow;
    int32_t *first_arc; /* per block: the arc to its first option, in flow.arena */
    uint8_t *inside;    /* per row: 1 = in the network, in flow.arena */
    int64_t soft;       /* weight of the soft level */
    int64_t base;       /* what rows below their minimum would cost if nothing flowed */
    int64_t value;      /* of the flow found: a lower bound in 1 / RH_TRANSPORT_FINE */
};

/* Costs within are so much finer than outside: a block of three items pays a third for each. */
#define RH_TRANSPORT_FINE ((int64_t)1 << 10)

int32_t rh_transport_init(struct rh_transport *transport, const struct rh_model *model,
                          const int64_t weight[RH_SOLVE_LEVELS], struct rh_err *err);
void rh_transport_fini(struct rh_transport *transport);

/* Solves with tolls[kind * slots + slot], in 1 / RH_TRANSPORT_FINE of energy, or NULL for none.
 * Fills slot per block. */
int32_t rh_transport_solve(struct rh_transport *transport, const int64_t *tolls, int32_t *slot,
                           struct rh_err *err);

#endif
