/*
 * flow.h - cheapest flow through a network: network simplex.
 *
 * Nodes have a supply (what enters there; negative: what leaves), arcs a capacity and a cost per
 * unit, which may be negative. The sum of supplies is 0. The answer is a flow per arc, exact
 * integers, and a potential per node that proves it is the cheapest: no arc with room left has
 * cost + potential[from] - potential[to] < 0.
 *
 * A spanning tree of arcs is kept; an arc outside it that would pay off enters, the first arc on
 * the cycle to run full or empty leaves. Which one leaves when several do is chosen so that the
 * tree never cycles (strongly feasible trees). Order of arcs and nodes decides the answer, nothing
 * else does: it repeats.
 */
#ifndef CORE_SOLVE_FLOW_H
#define CORE_SOLVE_FLOW_H

#include "reihum/base.h"

#include "core/base/arena.h"
#include "core/base/error.h"

struct rh_flow_arc {
    int32_t from, to;
    int64_t capacity; /* >= 0 */
    int64_t cost;     /* per unit; below 2^40 either way */
    int64_t flow;     /* the answer */
};

struct rh_flow {
    struct rh_arena arena;
    int32_t nodes, arcs, room; /* arcs used, and how many there is room for */
    struct rh_flow_arc *arc;   /* the caller may read the flows, and change costs between runs */
    int64_t *supply;           /* per node; set by the caller */
    int64_t *potential;        /* per node and root */
    int8_t *state;             /* per arc: 1 empty, -1 full, 0 in the tree */
    struct rh_flow_twig *twig; /* per node and root: its place in the tree */
    int64_t pivots;
};

/* A network of `nodes` nodes, numbered from 0, without supplies, and room for `arcs` arcs. */
int32_t rh_flow_init(struct rh_flow *flow, int32_t nodes, int32_t arcs, struct rh_err *err);
void rh_flow_fini(struct rh_flow *flow);

/* Returns the number of the arc. There must be room. */
int32_t rh_flow_add(struct rh_flow *flow, int32_t from, int32_t to, int64_t capacity, int64_t cost);

/* Fills the flows and potentials. RH_ENOTFOUND when no flow can take all that is supplied. */
int32_t rh_flow_solve(struct rh_flow *flow, struct rh_err *err);

/* What the flow found costs. */
int64_t rh_flow_cost(const struct rh_flow *flow);

#endif
