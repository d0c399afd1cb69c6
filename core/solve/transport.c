#include "core/solve/transport.h"

#include <stdbool.h>
#include <string.h>

/* Dearer than this nothing need be; see the limit of flow.h. */
static const int64_t cost_most = (int64_t)1 << 39;

/* More sets than this are not looked at: comparing each with each would take too long. */
enum { SETS_MORE = 256 };

/* A nested set of slots: a node of the network. The first `slots` of them are the single slots. */
struct set {
    uint8_t *has;   /* per slot */
    int32_t size;   /* slots in it */
    int32_t parent; /* the smallest set around it, or -1 */
};

struct builder {
    const struct rh_model *model;
    const int64_t *weight;
    struct rh_arena scratch;
    struct set *set;
    int32_t sets;
    int32_t *set_of_row; /* or -1 */
    int64_t
        price_most; /* of a row: lower is valid, and the rows of a set must not add up too far */
};

static bool on_all_items(const struct rh_model *m, int32_t r)
{
    return !m->problem->counts[r].items || m->problem->counts[r].item_count == m->items;
}

static void mark_slots(const struct rh_model *m, int32_t r, struct set *set)
{
    const struct rh_solve_count *row = &m->problem->counts[r];

    memset(set->has, 0, (size_t)m->slots);
    set->size = row->slots ? row->slot_count : m->slots;
    for (int32_t j = 0; j < set->size; j++)
        set->has[row->slots ? row->slots[j] : j] = 1;
}

static int32_t shared(const struct rh_model *m, const struct set *a, const struct set *b)
{
    int32_t count = 0;

    for (int32_t t = 0; t < m->slots; t++)
        count += a->has[t] & b->has[t];
    return count;
}

/* The place of a set among those already there: its number if it is the same as one of them,
 * `sets` if it is new and nests with all, -1 if it crosses one. */
static int32_t find_place(const struct builder *b, const struct set *set)
{
    for (int32_t k = 0; k < b->sets; k++) {
        int32_t common = shared(b->model, set, &b->set[k]);

        if (common == set->size && common == b->set[k].size)
            return k;
        if (common != 0 && common != set->size && common != b->set[k].size)
            return -1;
    }
    return b->sets;
}

static int32_t gather_sets(struct builder *b)
{
    const struct rh_model *m = b->model;
    int32_t most = m->slots + SETS_MORE + 1;
    uint8_t *marks = rh_arena_array(&b->scratch, (size_t)most, (size_t)m->slots);

    b->set = rh_arena_array(&b->scratch, (size_t)most, sizeof(b->set[0]));
    b->set_of_row = rh_arena_array(&b->scratch, (size_t)m->rows + 1, sizeof(int32_t));
    if (!marks || !b->set || !b->set_of_row)
        return RH_ENOMEM;
    for (int32_t k = 0; k < most; k++)
        b->set[k] = (struct set){.has = marks + (size_t)k * (size_t)m->slots, .parent = -1};
    for (b->sets = 0; b->sets < m->slots; b->sets++) {
        b->set[b->sets].has[b->sets] = 1;
        b->set[b->sets].size = 1;
    }
    for (int32_t r = 0; r < m->rows; r++) {
        b->set_of_row[r] = -1;
        if (!on_all_items(m, r) || b->weight[m->row[r].level] == 0 || b->sets == most - 1)
            continue;
        mark_slots(m, r, &b->set[b->sets]);
        if (b->set[b->sets].size > 0)
            b->set_of_row[r] = find_place(b, &b->set[b->sets]);
        if (b->set_of_row[r] == b->sets)
            b->sets++;
    }
    return 0;
}

static void find_parents(struct builder *b)
{
    for (int32_t k = 0; k < b->sets; k++) {
        struct set *set = &b->set[k];

        for (int32_t around = 0; around < b->sets; around++) {
            const struct set *wide = &b->set[around];

            if (wide->size > set->size && shared(b->model, set, wide) == set->size &&
                (set->parent < 0 || wide->size < b->set[set->parent].size))
                set->parent = around;
        }
    }
}

/* The rows of the set that has most of them share what an arc may cost. */
static int32_t limit_prices(struct builder *b)
{
    int32_t *rows = rh_arena_array(&b->scratch, (size_t)b->sets + 1, sizeof(*rows)), most = 1;

    if (!rows)
        return RH_ENOMEM;
    for (int32_t r = 0; r < b->model->rows; r++) {
        if (b->set_of_row[r] >= 0 && ++rows[b->set_of_row[r]] > most)
            most = rows[b->set_of_row[r]];
    }
    b->price_most = cost_most / most;
    return 0;
}

static int64_t limited(int64_t cost)
{
    return cost < cost_most ? cost : cost_most;
}

/* Slope of a row's price when `count` items are in and one more comes. */
static int64_t slope(const struct builder *b, int32_t r, int64_t count)
{
    const struct rh_model_row *row = &b->model->row[r];
    int64_t price = row->price * b->weight[row->level];

    if (price > b->price_most / RH_TRANSPORT_FINE)
        price = b->price_most;
    else
        price *= RH_TRANSPORT_FINE;
    if (count < row->min)
        return -price;
    return row->max != INT32_MAX && count >= row->max ? price : 0;
}

/* The next count after `count` at which some row of the set changes its slope. */
static int64_t next_bend(const struct builder *b, int32_t set, int64_t count)
{
    int64_t next = b->model->items;

    for (int32_t r = 0; r < b->model->rows; r++) {
        const struct rh_model_row *row = &b->model->row[r];

        if (b->set_of_row[r] != set)
            continue;
        if (row->min > count && row->min < next)
            next = row->min;
        if (row->max != INT32_MAX && row->max > count && row->max < next)
            next = row->max;
    }
    return next;
}

/* Parallel arcs out of a set, one per stretch of equal slope: convex, so they fill in order. */
static int32_t add_bends(struct rh_transport *t, const struct builder *b, int32_t set,
                         bool count_only)
{
    int32_t arcs = 0, from = b->model->blocks + set;
    int32_t to = b->model->blocks + (b->set[set].parent >= 0 ? b->set[set].parent : b->sets);

    for (int64_t count = 0; count < b->model->items;) {
        int64_t next = next_bend(b, set, count), cost = 0;

        for (int32_t r = 0; r < b->model->rows; r++) {
            if (b->set_of_row[r] == set)
                cost += slope(b, r, count);
        }
        if (!count_only)
            rh_flow_add(&t->flow, from, to, next - count, cost);
        arcs++;
        count = next;
    }
    return arcs;
}

static void add_blocks(struct rh_transport *t, const struct builder *b)
{
    const struct rh_model *m = b->model;

    for (int32_t block = 0; block < m->blocks; block++) {
        int32_t size = m->member_start[block + 1] - m->member_start[block];

        t->flow.supply[block] = size;
        t->first_arc[block] = t->flow.arcs;
        for (int32_t j = m->option_start[block]; j < m->option_start[block + 1]; j++)
            rh_flow_add(&t->flow, block, m->blocks + m->option[j], size, 0);
    }
    t->flow.supply[m->blocks + b->sets] = -m->items;
}

/* Rows below their minimum are charged in full before anything flows; each unit takes back. */
static void find_base(struct rh_transport *t, const struct builder *b)
{
    for (int32_t r = 0; r < b->model->rows; r++) {
        const struct rh_model_row *row = &b->model->row[r];

        t->inside[r] = b->set_of_row[r] >= 0;
        if (!t->inside[r])
            continue;
        if (row->min > 0)
            t->base -= slope(b, r, 0) * row->min;
        else if (row->max < 0)
            t->base -= slope(b, r, 0) * row->max;
    }
}

static int32_t build(struct rh_transport *t, struct builder *b, struct rh_err *err)
{
    const struct rh_model *m = b->model;
    int64_t arcs = m->option_start[m->blocks];
    int32_t rc = gather_sets(b);

    if (rc == 0)
        rc = limit_prices(b);
    if (rc < 0)
        return rh_err_nomem(err);
    find_parents(b);
    for (int32_t k = 0; k < b->sets; k++)
        arcs += add_bends(t, b, k, true);
    rc = rh_flow_init(&t->flow, m->blocks + b->sets + 1, (int32_t)arcs, err);
    if (rc < 0)
        return rc;
    t->first_arc = rh_arena_array(&t->flow.arena, (size_t)m->blocks, sizeof(int32_t));
    t->inside = rh_arena_array(&t->flow.arena, (size_t)m->rows + 1, 1);
    if (!t->first_arc || !t->inside) {
        rh_flow_fini(&t->flow);
        return rh_err_nomem(err);
    }
    add_blocks(t, b);
    for (int32_t k = 0; k < b->sets; k++)
        (void)add_bends(t, b, k, false);
    find_base(t, b);
    return 0;
}

int32_t rh_transport_init(struct rh_transport *transport, const struct rh_model *model,
                          const int64_t weight[RH_SOLVE_LEVELS], struct rh_err *err)
{
    struct builder builder = {.model = model, .weight = weight};
    int32_t rc;

    *transport = (struct rh_transport){.model = model};
    rh_arena_init(&builder.scratch, SIZE_MAX);
    rc = build(transport, &builder, err);
    rh_arena_fini(&builder.scratch);
    transport->soft = weight[RH_SOLVE_SOFT];
    return rc;
}

void rh_transport_fini(struct rh_transport *transport)
{
    rh_flow_fini(&transport->flow);
}

/* Rounded down, so that a block never pays more than it costs. */
static int64_t share(int64_t cost, int64_t size)
{
    int64_t part = cost / size;

    return part * size > cost ? part - 1 : part;
}

static void set_costs(struct rh_transport *t, const int64_t *tolls)
{
    const struct rh_model *m = t->model;

    for (int32_t b = 0; b < m->blocks; b++) {
        struct rh_flow_arc *arc = t->flow.arc + t->first_arc[b];
        size_t row = (size_t)b * (size_t)m->slots, kind = (size_t)m->kind_of[b] * (size_t)m->slots;
        int64_t size = m->member_start[b + 1] - m->member_start[b];

        for (int32_t j = m->option_start[b]; j < m->option_start[b + 1]; j++, arc++) {
            int64_t cost = m->cost[row + (size_t)m->option[j]] * t->soft;

            cost = cost < cost_most / RH_TRANSPORT_FINE ? cost * RH_TRANSPORT_FINE : cost_most;
            if (tolls)
                cost += tolls[kind + (size_t)m->option[j]];
            cost = share(cost, size);
            arc->cost = cost < -cost_most ? -cost_most : limited(cost);
        }
    }
}

/* Where most of a block flows to. */
static void read_slots(const struct rh_transport *t, int32_t *slot)
{
    const struct rh_model *m = t->model;

    for (int32_t b = 0; b < m->blocks; b++) {
        const struct rh_flow_arc *arc = t->flow.arc + t->first_arc[b];
        int64_t most = -1;

        for (int32_t j = m->option_start[b]; j < m->option_start[b + 1]; j++, arc++) {
            if (arc->flow > most) {
                most = arc->flow;
                slot[b] = m->option[j];
            }
        }
    }
}

int32_t rh_transport_solve(struct rh_transport *transport, const int64_t *tolls, int32_t *slot,
                           struct rh_err *err)
{
    int32_t rc;

    set_costs(transport, tolls);
    rc = rh_flow_solve(&transport->flow, err);
    if (rc < 0)
        return rc;
    transport->value = transport->base + rh_flow_cost(&transport->flow);
    read_slots(transport, slot);
    return 0;
}
