#include "plugins/pilot/panel/graph.h"

#include <stdlib.h>
#include <string.h>

struct edge {
    int32_t to, seats;
};

struct panel_graph {
    const struct panel_model *model;
    int32_t
        *layer; /* by type, and one past the end: its first node; nodes of a layer stand together */
    int32_t *first; /* by node, and one past the end: its first edge */
    struct edge *edges;
    int32_t node_count;
    panel_weight *value; /* scratch of panel_graph_best(), by node */
};

/* What is being built, layer by layer. Arrays grow; they are freed when the graph stands. */
struct builder {
    const struct panel_model *model;
    int64_t edges_max;
    int32_t width;          /* numbers in a state: the rows, then the seats taken */
    int32_t *remain;        /* [type * width + row]: members among the types from there on */
    uint8_t *counts_to_min; /* by row: its maximum can never be exceeded */
    int16_t *states;        /* by node */
    int32_t *first, *table;
    struct edge *edges;
    int64_t node_room, edge_room, edge_count;
    int32_t node_count, table_size;
};

static void *grown(void *old, int64_t count, int64_t *room, size_t size)
{
    void *made = old;

    if (count >= *room) {
        size_t before = (size_t)*room * size;

        *room = *room * 2 > count ? *room * 2 : count + 64;
        made = realloc(old, (size_t)*room * size);
        if (!made)
            abort();
        memset((char *)made + before, 0, (size_t)*room * size - before);
    }
    return made;
}

static int32_t min_of(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static void count_remaining(struct builder *b)
{
    const struct panel_model *model = b->model;

    for (int32_t t = model->type_count - 1; t >= 0; t--) {
        int32_t *here = b->remain + (size_t)t * (size_t)b->width;

        memcpy(here, here + b->width, (size_t)b->width * sizeof(int32_t));
        for (int32_t r = 0; r < model->row_count; r++)
            here[r] += panel_has(model, t, r) ? model->size[t] : 0;
        here[model->row_count] += model->size[t];
    }
    for (int32_t r = 0; r < model->row_count; r++)
        b->counts_to_min[r] = model->max[r] >= min_of(model->members[r], model->places);
}

/* `from` with `seats` more of type t, as a state of the layer after t; 0 when no path can lead to
 * the end from there. */
static int32_t step(const struct builder *b, const int16_t *from, int32_t t, int32_t seats,
                    int16_t *to)
{
    const struct panel_model *model = b->model;
    const int32_t *here = b->remain + (size_t)t * (size_t)b->width, *remain = here + b->width;
    int32_t last = model->row_count, total = from[last] + seats, open = model->places - total;

    if (open < 0 || open > remain[last])
        return 0;
    to[last] = (int16_t)total;
    for (int32_t r = 0; r < model->row_count; r++) {
        int32_t count = from[r] + (panel_has(model, t, r) ? seats : 0);

        to[r] = 0;
        if (here[r] == 0 && t > 0)
            continue; /* its last type has passed, and it was satisfied then */
        if (count > model->max[r] && !b->counts_to_min[r])
            return 0;
        if (count + min_of(remain[r], open) < model->min[r])
            return 0;
        if (b->counts_to_min[r])
            count = min_of(count, model->min[r]);
        to[r] = (int16_t)(remain[r] ? count : 0);
    }
    return 1;
}

static uint32_t hash(const int16_t *state, int32_t width)
{
    uint64_t h = 0x9e3779b97f4a7c15u;

    for (int32_t i = 0; i < width; i++)
        h = (h ^ (uint16_t)state[i]) * 0x2545f4914f6cdd1du;
    return (uint32_t)(h >> 32);
}

static void put_in_table(struct builder *b, int32_t node, const int16_t *state)
{
    uint32_t mask = (uint32_t)b->table_size - 1, at = hash(state, b->width) & mask;

    while (b->table[at] >= 0)
        at = (at + 1) & mask;
    b->table[at] = node;
}

/* The node with this state among those from `begin` on; made when it is not there. */
static int32_t node_of(struct builder *b, const int16_t *state, int32_t begin)
{
    size_t bytes = (size_t)b->width * sizeof(int16_t);
    uint32_t mask = (uint32_t)b->table_size - 1, at = hash(state, b->width) & mask;

    for (; b->table[at] >= 0; at = (at + 1) & mask)
        if (memcmp(b->states + (size_t)b->table[at] * (size_t)b->width, state, bytes) == 0)
            return b->table[at];
    b->states = grown(b->states, b->node_count + 1, &b->node_room, bytes);
    memcpy(b->states + (size_t)b->node_count * (size_t)b->width, state, bytes);
    b->table[at] = b->node_count++;
    if ((b->node_count - begin) * 2 > b->table_size) {
        b->table_size *= 2;
        b->table = realloc(b->table, (size_t)b->table_size * sizeof(int32_t));
        if (!b->table)
            abort();
        memset(b->table, -1, (size_t)b->table_size * sizeof(int32_t));
        for (int32_t n = begin; n < b->node_count; n++)
            put_in_table(b, n, b->states + (size_t)n * (size_t)b->width);
    }
    return b->node_count - 1;
}

/* All nodes of the layer after type t; 0 when there are too many edges. */
static int32_t build_layer(struct builder *b, int32_t t, int32_t begin, int32_t end,
                           int64_t *first_room)
{
    int16_t *from = calloc((size_t)b->width * 2, sizeof(int16_t)), *to;

    if (!from)
        abort();
    to = from + b->width;
    memset(b->table, -1, (size_t)b->table_size * sizeof(int32_t));
    for (int32_t n = begin; n < end; n++) {
        b->first = grown(b->first, n + 1, first_room, sizeof(int32_t));
        b->first[n] = (int32_t)b->edge_count;
        memcpy(from, b->states + (size_t)n * (size_t)b->width, (size_t)b->width * sizeof(int16_t));
        for (int32_t seats = 0; seats <= b->model->size[t]; seats++) {
            if (!step(b, from, t, seats, to)) {
                if (from[b->model->row_count] + seats > b->model->places)
                    break;
                continue;
            }
            if (b->edge_count >= b->edges_max) {
                free(from);
                return 0;
            }
            b->edges = grown(b->edges, b->edge_count + 1, &b->edge_room, sizeof(struct edge));
            b->edges[b->edge_count++] = (struct edge){node_of(b, to, end), seats};
        }
    }
    free(from);
    return 1;
}

/* Nodes that do not lead to the end are cut off, so that every walk arrives. */
static void keep_living(struct panel_graph *graph, const struct builder *b,
                        struct panel_memory *memory)
{
    int32_t types = graph->model->type_count, nodes = b->node_count;
    uint8_t *alive = PANEL_NEW(memory, uint8_t, nodes + 1);
    int64_t kept = 0;
    const struct edge *edges;

    if (!b->first) /* there is a start, so there are nodes */
        abort();
    graph->first = PANEL_NEW(memory, int32_t, nodes + 2);
    graph->edges = PANEL_NEW(memory, struct edge, b->edge_count + 1);
    edges = b->edges ? b->edges : graph->edges; /* none at all */
    for (int32_t n = graph->layer[types]; n < nodes; n++)
        alive[n] = 1;
    for (int32_t n = graph->layer[types] - 1; n >= 0; n--)
        for (int32_t e = b->first[n]; e < b->first[n + 1]; e++)
            alive[n] |= alive[edges[e].to];
    for (int32_t n = 0; n < nodes; n++) {
        graph->first[n] = (int32_t)kept;
        for (int32_t e = b->first[n]; alive[n] && e < b->first[n + 1]; e++)
            if (alive[edges[e].to])
                graph->edges[kept++] = edges[e];
    }
    graph->first[nodes] = (int32_t)kept;
    graph->node_count = alive[0] ? nodes : 0;
}

static int32_t build(struct panel_graph *graph, struct builder *b)
{
    int32_t types = b->model->type_count;
    int64_t first_room = 0;

    b->states = grown(NULL, 1, &b->node_room, (size_t)b->width * sizeof(int16_t));
    memset(b->states, 0, (size_t)b->width * sizeof(int16_t));
    b->node_count = 1;
    for (int32_t t = 0; t < types; t++) {
        graph->layer[t + 1] = b->node_count;
        if (!build_layer(b, t, graph->layer[t], graph->layer[t + 1], &first_room))
            return 0;
    }
    /* The nodes of the end have no edges. */
    b->first = grown(b->first, b->node_count + 1, &first_room, sizeof(int32_t));
    for (int32_t n = graph->layer[types]; n <= b->node_count; n++)
        b->first[n] = (int32_t)b->edge_count;
    return 1;
}

/* Without any type there is no step to find it out. */
static int32_t empty_panel_is_valid(const struct panel_model *model)
{
    int32_t valid = model->places == 0;

    for (int32_t r = 0; r < model->row_count; r++)
        valid &= model->min[r] == 0;
    return valid;
}

struct panel_graph *panel_graph_new(struct panel_memory *memory, const struct panel_model *model,
                                    int64_t edges_max)
{
    struct panel_graph *graph = PANEL_NEW(memory, struct panel_graph, 1);
    struct panel_memory own = PANEL_MEMORY;
    struct builder b = {.model = model, .edges_max = edges_max, .width = model->row_count + 1};
    int32_t built;

    b.remain = PANEL_NEW(&own, int32_t, (size_t)(model->type_count + 1) * (size_t)b.width);
    b.counts_to_min = PANEL_NEW(&own, uint8_t, b.width);
    b.table_size = 64;
    b.table = malloc((size_t)b.table_size * sizeof(int32_t));
    if (!b.table)
        abort();
    count_remaining(&b);
    graph->model = model;
    graph->layer = PANEL_NEW(memory, int32_t, model->type_count + 2);
    built = build(graph, &b);
    if (built) {
        keep_living(graph, &b, memory);
        graph->value = PANEL_NEW(memory, panel_weight, graph->node_count + 1);
        if (model->type_count == 0 && !empty_panel_is_valid(model))
            graph->node_count = 0;
    }
    free(b.states);
    free(b.first);
    free(b.edges);
    free(b.table);
    panel_memory_free(&own);
    return built ? graph : NULL;
}

int32_t panel_graph_is_empty(const struct panel_graph *graph)
{
    return graph->node_count == 0;
}

/* By node: the compositions and the panels from there to the end. */
static void count_onward(const struct panel_graph *graph, mpz_t *compositions, mpz_t *panels)
{
    int32_t types = graph->model->type_count;
    mpz_t ways;

    mpz_init(ways);
    for (int32_t n = graph->layer[types]; n < graph->node_count; n++) {
        mpz_set_ui(compositions[n], 1);
        mpz_set_ui(panels[n], 1);
    }
    for (int32_t t = types - 1; t >= 0; t--)
        for (int32_t n = graph->layer[t]; n < graph->layer[t + 1]; n++)
            for (int32_t e = graph->first[n]; e < graph->first[n + 1]; e++) {
                const struct edge *edge = &graph->edges[e];

                mpz_add(compositions[n], compositions[n], compositions[edge->to]);
                mpz_bin_uiui(ways, (unsigned long)graph->model->size[t],
                             (unsigned long)edge->seats);
                mpz_addmul(panels[n], ways, panels[edge->to]);
            }
    mpz_clear(ways);
}

void panel_graph_count(const struct panel_graph *graph, mpz_t ret_compositions, mpz_t ret_panels)
{
    struct panel_memory own = PANEL_MEMORY;
    mpz_t *compositions = panel_integers(&own, (size_t)graph->node_count + 1);
    mpz_t *panels = panel_integers(&own, (size_t)graph->node_count + 1);

    if (graph->node_count)
        count_onward(graph, compositions, panels);
    mpz_set(ret_compositions, compositions[0]);
    mpz_set(ret_panels, panels[0]);
    panel_memory_free(&own);
}

/* Panels through an edge = panels up to it * ways of its seats * panels from its end. */
void panel_graph_chances(const struct panel_graph *graph, mpq_t *ret_chance)
{
    struct panel_memory own = PANEL_MEMORY;
    size_t nodes = (size_t)graph->node_count;
    mpz_t *compositions = panel_integers(&own, nodes), *onward = panel_integers(&own, nodes);
    mpz_t *before = panel_integers(&own, nodes), *t_ = panel_integers(&own, 2);

    count_onward(graph, compositions, onward);
    mpz_set_ui(before[0], 1);
    for (int32_t t = 0; t < graph->model->type_count; t++) {
        mpz_set_ui(t_[1], 0);
        for (int32_t n = graph->layer[t]; n < graph->layer[t + 1]; n++)
            for (int32_t e = graph->first[n]; e < graph->first[n + 1]; e++) {
                const struct edge *edge = &graph->edges[e];

                mpz_bin_uiui(t_[0], (unsigned long)graph->model->size[t],
                             (unsigned long)edge->seats);
                mpz_mul(t_[0], t_[0], before[n]);
                mpz_add(before[edge->to], before[edge->to], t_[0]);
                mpz_mul(t_[0], t_[0], onward[edge->to]);
                mpz_addmul_ui(t_[1], t_[0], (unsigned long)edge->seats);
            }
        mpz_set(mpq_numref(ret_chance[t]), t_[1]);
        mpz_mul_si(mpq_denref(ret_chance[t]), onward[0], graph->model->size[t]);
        mpq_canonicalize(ret_chance[t]);
    }
    panel_memory_free(&own);
}

panel_weight panel_graph_best(struct panel_graph *graph, const panel_weight *weight,
                              int32_t *ret_composition)
{
    panel_weight *value = graph->value;
    int32_t types = graph->model->type_count, node = 0;

    for (int32_t t = types - 1; t >= 0; t--)
        for (int32_t n = graph->layer[t]; n < graph->layer[t + 1]; n++) {
            int32_t e = graph->first[n], end = graph->first[n + 1];

            if (e == end)
                continue;
            value[n] = weight[t] * graph->edges[e].seats + value[graph->edges[e].to];
            for (e++; e < end; e++) {
                panel_weight other = weight[t] * graph->edges[e].seats + value[graph->edges[e].to];
                if (other > value[n])
                    value[n] = other;
            }
        }
    for (int32_t t = 0; t < types; t++) {
        int32_t e = graph->first[node];

        while (weight[t] * graph->edges[e].seats + value[graph->edges[e].to] != value[node])
            e++;
        ret_composition[t] = graph->edges[e].seats;
        node = graph->edges[e].to;
    }
    return value[0];
}
