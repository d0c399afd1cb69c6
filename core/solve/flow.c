#include "core/solve/flow.h"

#include <stdbool.h>

/*
 * The tree hangs from an extra node, the root, which at first is joined to every node by an extra
 * arc too dear to be used in the end. Each node knows the arc to its parent and its children (a
 * ring of siblings would do as well; a doubly linked list is easier to follow).
 */
struct rh_flow_twig {
    int32_t parent, arc; /* the arc to the parent */
    int32_t depth;
    int32_t child, older, younger; /* first child; neighbours among the parent's children; -1 */
    bool upward;                   /* the arc leads from this node to its parent */
};

enum { EMPTY = 1, IN_TREE = 0, FULL = -1 };

int32_t rh_flow_init(struct rh_flow *flow, int32_t nodes, int32_t arcs, struct rh_err *err)
{
    size_t all_nodes = (size_t)nodes + 1, all_arcs = (size_t)arcs + (size_t)nodes;
    struct rh_arena *arena = &flow->arena;

    *flow = (struct rh_flow){.nodes = nodes, .room = arcs};
    rh_arena_init(arena, SIZE_MAX);
    flow->arc = rh_arena_array(arena, all_arcs, sizeof(flow->arc[0]));
    flow->state = rh_arena_array(arena, all_arcs, sizeof(flow->state[0]));
    flow->supply = rh_arena_array(arena, all_nodes, sizeof(flow->supply[0]));
    flow->potential = rh_arena_array(arena, all_nodes, sizeof(flow->potential[0]));
    flow->twig = rh_arena_array(arena, all_nodes, sizeof(flow->twig[0]));
    if (flow->arc && flow->state && flow->supply && flow->potential && flow->twig)
        return 0;
    rh_flow_fini(flow);
    return rh_err_nomem(err);
}

void rh_flow_fini(struct rh_flow *flow)
{
    rh_arena_fini(&flow->arena);
}

int32_t rh_flow_add(struct rh_flow *flow, int32_t from, int32_t to, int64_t capacity, int64_t cost)
{
    flow->arc[flow->arcs] =
        (struct rh_flow_arc){.from = from, .to = to, .capacity = capacity, .cost = cost};
    return flow->arcs++;
}

static void hang(struct rh_flow *flow, int32_t node, int32_t parent)
{
    struct rh_flow_twig *twig = flow->twig;
    int32_t next = twig[parent].child;

    twig[node].parent = parent;
    twig[node].older = -1;
    twig[node].younger = next;
    if (next >= 0)
        twig[next].older = node;
    twig[parent].child = node;
}

static void unhang(struct rh_flow *flow, int32_t node)
{
    struct rh_flow_twig *twig = flow->twig;

    if (twig[node].older >= 0)
        twig[twig[node].older].younger = twig[node].younger;
    else
        twig[twig[node].parent].child = twig[node].younger;
    if (twig[node].younger >= 0)
        twig[twig[node].younger].older = twig[node].older;
}

/* All supply goes to the root, all demand comes from it, at a price that nothing else reaches. */
static void plant(struct rh_flow *flow)
{
    int32_t root = flow->nodes;
    int64_t dear = 1;

    for (int32_t a = 0; a < flow->arcs; a++) {
        int64_t cost = flow->arc[a].cost < 0 ? -flow->arc[a].cost : flow->arc[a].cost;

        flow->arc[a].flow = 0;
        flow->state[a] = EMPTY;
        dear = cost >= dear ? cost + 1 : dear;
    }
    dear *= flow->nodes;
    flow->twig[root] = (struct rh_flow_twig){-1, -1, 0, -1, -1, -1, false};
    flow->potential[root] = 0;
    for (int32_t node = 0; node < flow->nodes; node++) {
        bool upward = flow->supply[node] >= 0;
        int32_t extra = flow->arcs + node;

        flow->arc[extra] = (struct rh_flow_arc){
            .from = upward ? node : root,
            .to = upward ? root : node,
            .capacity = INT64_MAX,
            .cost = dear,
            .flow = upward ? flow->supply[node] : -flow->supply[node],
        };
        flow->state[extra] = IN_TREE;
        flow->twig[node] =
            (struct rh_flow_twig){.arc = extra, .depth = 1, .child = -1, .upward = upward};
        hang(flow, node, root);
        flow->potential[node] = upward ? -dear : dear;
    }
}

/* What one more unit over the arc would add to the cost. */
static int64_t reduced_cost(const struct rh_flow *flow, const struct rh_flow_arc *arc)
{
    return arc->cost + flow->potential[arc->from] - flow->potential[arc->to];
}

/* The arc that pays off most within the next block of arcs that has any; -1 when none does. A block
 * at a time is the best trade between a good choice and a quick one. */
static int32_t find_entering(const struct rh_flow *flow, int32_t *next, int32_t block)
{
    int32_t best = -1, at = *next;
    int64_t gain = 0;

    for (int32_t seen = 1; seen <= flow->arcs; seen++) {
        int64_t now = -flow->state[at] * reduced_cost(flow, &flow->arc[at]);

        if (now > gain) {
            gain = now;
            best = at;
        }
        at = at + 1 < flow->arcs ? at + 1 : 0;
        if (best >= 0 && seen % block == 0)
            break;
    }
    *next = at;
    return best;
}

struct cycle {
    int32_t entering, first, second; /* flow goes join ... first -> second ... join */
    int32_t join;
    int32_t leaving; /* the node whose arc to its parent leaves; -1: the entering arc itself */
    bool on_first;   /* that node is on the first's side */
    int64_t room;    /* what can be sent round */
};

static int32_t find_join(const struct rh_flow *flow, int32_t a, int32_t b)
{
    const struct rh_flow_twig *twig = flow->twig;

    while (twig[a].depth > twig[b].depth)
        a = twig[a].parent;
    while (twig[b].depth > twig[a].depth)
        b = twig[b].parent;
    while (a != b) {
        a = twig[a].parent;
        b = twig[b].parent;
    }
    return a;
}

/* Room for more flow towards the parent, or away from it. */
static int64_t room_up(const struct rh_flow *flow, int32_t node, bool up)
{
    const struct rh_flow_arc *arc = &flow->arc[flow->twig[node].arc];

    return flow->twig[node].upward == up ? arc->capacity - arc->flow : arc->flow;
}

/* Of several arcs without more room the last one on the cycle, seen from the join, leaves. This
 * keeps a way open from every node to the root, and so every tree is met at most once. */
static void find_leaving(const struct rh_flow *flow, struct cycle *c)
{
    c->room = flow->arc[c->entering].capacity;
    c->leaving = -1;
    for (int32_t node = c->first; node != c->join; node = flow->twig[node].parent) {
        int64_t room = room_up(flow, node, false);

        if (room < c->room) {
            c->room = room;
            c->leaving = node;
            c->on_first = true;
        }
    }
    for (int32_t node = c->second; node != c->join; node = flow->twig[node].parent) {
        int64_t room = room_up(flow, node, true);

        if (room <= c->room) {
            c->room = room;
            c->leaving = node;
            c->on_first = false;
        }
    }
}

static void send_round(struct rh_flow *flow, const struct cycle *c)
{
    const struct rh_flow_twig *twig = flow->twig;

    if (c->room == 0)
        return;
    flow->arc[c->entering].flow += flow->state[c->entering] * c->room;
    for (int32_t node = c->first; node != c->join; node = twig[node].parent)
        flow->arc[twig[node].arc].flow += twig[node].upward ? -c->room : c->room;
    for (int32_t node = c->second; node != c->join; node = twig[node].parent)
        flow->arc[twig[node].arc].flow += twig[node].upward ? c->room : -c->room;
}

/* Depths and potentials of a branch that was hung elsewhere. */
static void settle_branch(struct rh_flow *flow, int32_t top, int64_t lift)
{
    struct rh_flow_twig *twig = flow->twig;
    int32_t node = top;

    for (;;) {
        twig[node].depth = twig[twig[node].parent].depth + 1;
        flow->potential[node] += lift;
        if (twig[node].child >= 0) {
            node = twig[node].child;
            continue;
        }
        while (node != top && twig[node].younger < 0)
            node = twig[node].parent;
        if (node == top)
            return;
        node = twig[node].younger;
    }
}

/* Cuts the branch below the leaving arc and hangs it to the other end of the entering one: the
 * arcs from there up to the cut turn round. */
static void regraft(struct rh_flow *flow, const struct cycle *c)
{
    struct rh_flow_twig *twig = flow->twig;
    int32_t node = c->on_first ? c->first : c->second;
    int32_t parent = c->on_first ? c->second : c->first;
    int32_t top = node, arc = c->entering;
    bool upward = flow->arc[c->entering].from == node;
    int64_t change = reduced_cost(flow, &flow->arc[c->entering]);

    for (;;) {
        int32_t old_parent = twig[node].parent, old_arc = twig[node].arc;
        bool old_upward = twig[node].upward, last = node == c->leaving;

        unhang(flow, node);
        hang(flow, node, parent);
        twig[node].arc = arc;
        twig[node].upward = upward;
        if (last)
            break;
        parent = node;
        node = old_parent;
        arc = old_arc;
        upward = !old_upward;
    }
    settle_branch(flow, top, flow->arc[c->entering].from == top ? -change : change);
}

static void pivot(struct rh_flow *flow, int32_t entering)
{
    bool empty = flow->state[entering] == EMPTY;
    struct cycle c = {.entering = entering};
    int32_t leaving;

    c.first = empty ? flow->arc[entering].from : flow->arc[entering].to;
    c.second = empty ? flow->arc[entering].to : flow->arc[entering].from;
    c.join = find_join(flow, c.first, c.second);
    find_leaving(flow, &c);
    send_round(flow, &c);
    if (c.leaving < 0) {
        flow->state[entering] = (int8_t)-flow->state[entering];
        return;
    }
    leaving = flow->twig[c.leaving].arc;
    regraft(flow, &c);
    flow->state[entering] = IN_TREE;
    flow->state[leaving] = flow->arc[leaving].flow == 0 ? EMPTY : FULL;
}

int32_t rh_flow_solve(struct rh_flow *flow, struct rh_err *err)
{
    int32_t next = 0, entering, block = 16;

    while ((int64_t)block * block < flow->arcs)
        block *= 2;
    plant(flow);
    flow->pivots = 0;
    while (flow->arcs > 0 && (entering = find_entering(flow, &next, block)) >= 0) {
        pivot(flow, entering);
        flow->pivots++;
    }
    for (int32_t node = 0; node < flow->nodes; node++) {
        if (flow->arc[flow->arcs + node].flow > 0)
            return rh_err_set(err, RH_ENOTFOUND,
                              "Das Netz fasst nicht alles, was hineinfließen soll",
                              "the network cannot take all that is to flow in");
    }
    return 0;
}

int64_t rh_flow_cost(const struct rh_flow *flow)
{
    int64_t cost = 0;

    for (int32_t a = 0; a < flow->arcs; a++)
        cost += flow->arc[a].flow * flow->arc[a].cost;
    return cost;
}
