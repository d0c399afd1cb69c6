#include "plugins/pilot/panel/search.h"

#include <math.h>
#include <string.h>

/*
 * A node: bounds of the values, and a table of the basic variables in terms of the others. There
 * are as many nonbasic variables as values. Variables are numbered values first, then rows; the
 * variable of a row is what it counts.
 *
 *     x[basic i] = sum over columns j of table[i][j] * x[nonbasic j]
 *     objective  = sum over columns j of reduced[j] * x[nonbasic j]
 */
struct node {
    double *table;       /* [row_count * value_count] */
    double *reduced;     /* by column */
    double *x;           /* by variable */
    int32_t *basic;      /* by row */
    int32_t *outside;    /* nonbasic, by column */
    int32_t *low, *high; /* by variable */
};

struct search {
    const struct panel_system *system;
    struct panel_goal *goal;
    int32_t n, m;
    double scale;           /* of weights, so that the largest is about 1 */
    panel_weight unit;      /* weights are multiplied by this before multipliers are rounded */
    int32_t has_best, stop; /* stop: enough was found, or the limit reached */
    panel_weight best;
    int32_t *best_values;
    panel_weight *multiplier, *sum;
    int32_t *rounded;
    struct panel_memory own;
};

#define EPSILON 1e-9
#define PIVOT   1e-7

static struct node *node_new(struct panel_memory *memory, int32_t n, int32_t m)
{
    struct node *node = PANEL_NEW(memory, struct node, 1);

    node->table = PANEL_NEW(memory, double, (size_t)n *(size_t)m + 1);
    node->reduced = PANEL_NEW(memory, double, n + 1);
    node->x = PANEL_NEW(memory, double, n + m);
    node->basic = PANEL_NEW(memory, int32_t, m + 1);
    node->outside = PANEL_NEW(memory, int32_t, n + 1);
    node->low = PANEL_NEW(memory, int32_t, n + m);
    node->high = PANEL_NEW(memory, int32_t, n + m);
    return node;
}

static void node_copy(struct node *to, const struct node *from, int32_t n, int32_t m)
{
    size_t values = (size_t)n, rows = (size_t)m;

    memcpy(to->table, from->table, values * rows * sizeof(double));
    memcpy(to->reduced, from->reduced, values * sizeof(double));
    memcpy(to->x, from->x, (values + rows) * sizeof(double));
    memcpy(to->basic, from->basic, rows * sizeof(int32_t));
    memcpy(to->outside, from->outside, values * sizeof(int32_t));
    memcpy(to->low, from->low, (values + rows) * sizeof(int32_t));
    memcpy(to->high, from->high, (values + rows) * sizeof(int32_t));
}

static void count_basics(const struct search *s, struct node *node)
{
    for (int32_t i = 0; i < s->m; i++) {
        const double *row = node->table + (size_t)i * (size_t)s->n;
        double sum = 0;

        for (int32_t j = 0; j < s->n; j++)
            sum += row[j] * node->x[node->outside[j]];
        node->x[node->basic[i]] = sum;
    }
}

/* Rows basic, values at the bound that the objective likes: dual feasible from the start. */
static void start(const struct search *s, struct node *node)
{
    for (int32_t j = 0; j < s->n; j++) {
        node->outside[j] = j;
        node->low[j] = s->system->low[j];
        node->high[j] = s->system->high[j];
        node->reduced[j] = (double)s->system->weight[j] * s->scale;
        node->x[j] = node->reduced[j] > 0 ? node->high[j] : node->low[j];
    }
    for (int32_t i = 0; i < s->m; i++) {
        node->basic[i] = s->n + i;
        node->low[s->n + i] = s->system->row_min[i];
        node->high[s->n + i] = s->system->row_max[i];
        for (int32_t j = 0; j < s->n; j++)
            node->table[(size_t)i * (size_t)s->n + (size_t)j] =
                s->system->factor[(size_t)i * (size_t)s->n + (size_t)j];
    }
    count_basics(s, node);
}

/* ---- the linear program: dual simplex ---- */

static int32_t worst_row(const struct search *s, const struct node *node)
{
    double worst = 1e-7;
    int32_t found = -1;

    for (int32_t i = 0; i < s->m; i++) {
        int32_t v = node->basic[i];
        double off = fmax(node->low[v] - node->x[v], node->x[v] - node->high[v]);

        if (off > worst) {
            worst = off;
            found = i;
        }
    }
    return found;
}

/* The column that enters for the row; -1 when the row cannot be mended: the node holds nothing. */
static int32_t entering(const struct search *s, const struct node *node, int32_t row)
{
    const double *alpha = node->table + (size_t)row * (size_t)s->n;
    int32_t v = node->basic[row], found = -1;
    double sign = node->x[v] < node->low[v] ? 1 : -1, best = INFINITY, size = 0;

    for (int32_t j = 0; j < s->n; j++) {
        int32_t u = node->outside[j];
        double a = sign * alpha[j], ratio;
        int32_t at_low = node->x[u] <= node->low[u];

        if (node->low[u] == node->high[u] || fabs(a) < PIVOT || (at_low ? a < 0 : a > 0))
            continue;
        ratio = fabs(node->reduced[j] / a);
        if (ratio < best - EPSILON || (ratio < best + EPSILON && fabs(a) > size)) {
            best = fmin(best, ratio);
            size = fabs(a);
            found = j;
        }
    }
    return found;
}

static void pivot(const struct search *s, struct node *node, int32_t row, int32_t column)
{
    size_t n = (size_t)s->n;
    double *alpha = node->table + (size_t)row * n, inverse = 1 / alpha[column], factor;
    int32_t leaves = node->basic[row];

    for (size_t j = 0; j < n; j++)
        alpha[j] *= -inverse;
    alpha[column] = inverse;
    for (int32_t i = 0; i < s->m; i++) {
        double *other = node->table + (size_t)i * n;

        factor = other[column];
        if (i == row || factor == 0)
            continue;
        other[column] = 0;
        for (size_t j = 0; j < n; j++)
            other[j] += factor * alpha[j];
    }
    factor = node->reduced[column];
    node->reduced[column] = 0;
    for (size_t j = 0; j < n; j++)
        node->reduced[j] += factor * alpha[j];
    node->basic[row] = node->outside[column];
    node->outside[column] = leaves;
}

enum solved { OPTIMAL, EMPTY, UNCLEAR };

static enum solved solve(const struct search *s, struct node *node, int32_t *ret_row)
{
    count_basics(s, node);
    for (int32_t k = 0; k < 50 * (s->m + 10); k++) {
        int32_t row = worst_row(s, node), column, v;

        if (row < 0)
            return OPTIMAL;
        column = entering(s, node, row);
        if (column < 0) {
            *ret_row = row;
            return EMPTY;
        }
        v = node->basic[row];
        node->x[v] = node->x[v] < node->low[v] ? node->low[v] : node->high[v];
        pivot(s, node, row, column);
        count_basics(s, node);
    }
    return UNCLEAR;
}

/* ---- what is proven, in whole numbers ---- */

/* sum[j] = weight[j] * unit + sum over rows of multiplier * factor. */
static void add_up(struct search *s, int32_t with_weights)
{
    for (int32_t j = 0; j < s->n; j++)
        s->sum[j] = with_weights ? s->system->weight[j] * s->unit : 0;
    for (int32_t i = 0; i < s->m; i++) {
        const int8_t *factor = s->system->factor + (size_t)i * (size_t)s->n;

        if (s->multiplier[i] != 0)
            for (int32_t j = 0; j < s->n; j++)
                s->sum[j] += s->multiplier[i] * factor[j];
    }
}

/*
 * For any multipliers l: objective = sum of (weight + l factor) value - sum of l row, because a row
 * is what it counts. Each part is largest at one of its bounds, so this is never below what the
 * node can reach.
 */
static panel_weight largest(const struct search *s, const struct node *node)
{
    panel_weight bound = 0;

    for (int32_t j = 0; j < s->n; j++)
        bound += s->sum[j] * (s->sum[j] > 0 ? node->high[j] : node->low[j]);
    for (int32_t i = 0; i < s->m; i++)
        bound -=
            s->multiplier[i] * (s->multiplier[i] > 0 ? node->low[s->n + i] : node->high[s->n + i]);
    return bound;
}

static panel_weight whole(double value)
{
    return (panel_weight)(value < 0 ? value - 0.5 : value + 0.5);
}

static void multipliers_of_optimum(struct search *s, const struct node *node)
{
    double back = (double)s->unit / s->scale;

    memset(s->multiplier, 0, (size_t)s->m * sizeof(panel_weight));
    for (int32_t j = 0; j < s->n; j++)
        if (node->outside[j] >= s->n)
            s->multiplier[node->outside[j] - s->n] = whole(-node->reduced[j] * back);
}

static panel_weight floor_of(panel_weight value, panel_weight divisor)
{
    panel_weight quotient = value / divisor;

    return quotient - (value % divisor < 0);
}

/* Nothing in the node is above this. */
static panel_weight bound_of(struct search *s, const struct node *node)
{
    multipliers_of_optimum(s, node);
    add_up(s, 1);
    return floor_of(largest(s, node), s->unit);
}

/* A row that cannot be mended, as multipliers: when the part of 0 = sum l (factor value - row) is
 * below 0 everywhere, or above, there is nothing in the node. */
static int32_t proven_empty(struct search *s, const struct node *node, int32_t row)
{
    const double *alpha = node->table + (size_t)row * (size_t)s->n;
    double scale = 1 << 24;
    int32_t v = node->basic[row], sign = node->x[v] < node->low[v] ? 1 : -1;

    memset(s->multiplier, 0, (size_t)s->m * sizeof(panel_weight));
    for (int32_t j = 0; j < s->n; j++)
        if (node->outside[j] >= s->n)
            s->multiplier[node->outside[j] - s->n] = whole(-sign * alpha[j] * scale);
    if (v >= s->n)
        s->multiplier[v - s->n] = whole(sign * scale);
    add_up(s, 0);
    return largest(s, node) < 0;
}

/* ---- branching ---- */

static int32_t is_solution(const struct search *s, const int32_t *values, panel_weight *ret_value)
{
    *ret_value = 0;
    for (int32_t i = 0; i < s->m; i++) {
        const int8_t *factor = s->system->factor + (size_t)i * (size_t)s->n;
        int64_t count = 0;

        for (int32_t j = 0; j < s->n; j++)
            count += (int64_t)factor[j] * values[j];
        if (count < s->system->row_min[i] || count > s->system->row_max[i])
            return 0;
    }
    for (int32_t j = 0; j < s->n; j++)
        *ret_value += s->system->weight[j] * values[j];
    return 1;
}

static void take(struct search *s, const int32_t *values, panel_weight value)
{
    if ((s->has_best && value <= s->best) || (s->goal->has_floor && value <= s->goal->floor))
        return;
    s->has_best = 1;
    s->best = value;
    memcpy(s->best_values, values, (size_t)s->n * sizeof(int32_t));
    s->stop |= s->goal->has_enough && value > s->goal->enough;
}

/* Rounds the point of the linear program; keeps it when it is a solution. Returns the value that is
 * furthest from a whole number, -1 when all are whole. */
static int32_t round_point(struct search *s, const struct node *node)
{
    double furthest = 1e-6;
    int32_t found = -1;
    panel_weight value;

    for (int32_t j = 0; j < s->n; j++) {
        double nearest = floor(node->x[j] + 0.5), off = fabs(node->x[j] - nearest);

        s->rounded[j] = (int32_t)fmin(fmax(nearest, node->low[j]), node->high[j]);
        if (off > furthest && node->low[j] < node->high[j]) {
            furthest = off;
            found = j;
        }
    }
    if (is_solution(s, s->rounded, &value))
        take(s, s->rounded, value);
    return found;
}

static int32_t not_better(const struct search *s, panel_weight bound)
{
    return (s->has_best && bound <= s->best) || (s->goal->has_floor && bound <= s->goal->floor);
}

static int32_t any_open(const struct search *s, const struct node *node)
{
    for (int32_t j = 0; j < s->n; j++)
        if (node->low[j] < node->high[j])
            return j;
    return -1;
}

static void explore(struct search *s, struct node *node);

static void explore_part(struct search *s, const struct node *node, int32_t j, int32_t low,
                         int32_t high)
{
    struct panel_memory own = PANEL_MEMORY;
    struct node *part;

    if (low > high || s->stop)
        return;
    part = node_new(&own, s->n, s->m);
    node_copy(part, node, s->n, s->m);
    part->low[j] = low;
    part->high[j] = high;
    for (int32_t c = 0; c < s->n; c++)
        if (part->outside[c] == j)
            part->x[j] = fmin(fmax(part->x[j], low), high);
    explore(s, part);
    panel_memory_free(&own);
}

static void explore(struct search *s, struct node *node)
{
    int32_t row = 0, split, low, high, cut;
    panel_weight bound = 0;
    double at;
    enum solved solved;

    if (s->goal->nodes++ >= s->goal->node_limit) {
        s->stop = 1;
        return;
    }
    solved = solve(s, node, &row);
    if (solved == EMPTY && proven_empty(s, node, row))
        return;
    if (solved != EMPTY && not_better(s, bound = bound_of(s, node)))
        return;
    split = round_point(s, node);
    if (s->stop || (solved != EMPTY && not_better(s, bound)))
        return;
    if (split < 0)
        split = any_open(s, node);
    if (split < 0)
        return; /* all values are fixed, and round_point() has counted them */
    low = node->low[split];
    high = node->high[split];
    at = fmin(fmax(node->x[split], low), high);
    cut = (int32_t)fmin(floor(at + 1e-6), high - 1); /* … cut | cut + 1 … */
    if (at - cut < 0.5) {
        explore_part(s, node, split, low, cut);
        explore_part(s, node, split, cut + 1, high);
    } else {
        explore_part(s, node, split, cut + 1, high);
        explore_part(s, node, split, low, cut);
    }
}

/* Weights are stretched as far as 127 bits allow with the multipliers, and no further than a double
 * is exact. */
static void set_scale(struct search *s)
{
    panel_weight most = 1;

    for (int32_t j = 0; j < s->n; j++) {
        panel_weight w = s->system->weight[j];
        most = w > most ? w : -w > most ? -w : most;
    }
    s->scale = 1 / (double)most;
    s->unit = 1;
    while (s->unit < 1 << 20 && most * s->unit < (panel_weight)1 << 80)
        s->unit *= 2;
}

enum panel_found panel_search(const struct panel_system *system, struct panel_goal *goal,
                              int32_t *ret_values, panel_weight *ret_value)
{
    struct search s = {.system = system,
                       .goal = goal,
                       .n = system->value_count,
                       .m = system->row_count,
                       .own = PANEL_MEMORY};
    struct node *root = node_new(&s.own, s.n, s.m);
    int32_t limited;

    s.best_values = PANEL_NEW(&s.own, int32_t, s.n + 1);
    s.rounded = PANEL_NEW(&s.own, int32_t, s.n + 1);
    s.multiplier = PANEL_NEW(&s.own, panel_weight, s.m + 1);
    s.sum = PANEL_NEW(&s.own, panel_weight, s.n + 1);
    goal->nodes = 0;
    if (goal->node_limit == 0)
        goal->node_limit = PANEL_NODES;
    for (int32_t j = 0; j < s.n; j++)
        if (system->low[j] > system->high[j])
            goto none;
    set_scale(&s);
    start(&s, root);
    explore(&s, root);
    if (s.has_best) {
        memcpy(ret_values, s.best_values, (size_t)s.n * sizeof(int32_t));
        *ret_value = s.best;
    }
none:
    panel_memory_free(&s.own);
    limited = goal->nodes > goal->node_limit;
    if (s.has_best && goal->has_enough && s.best > goal->enough)
        return PANEL_ENOUGH;
    if (limited)
        return PANEL_GAVE_UP;
    return s.has_best ? PANEL_BEST : PANEL_NONE;
}

struct panel_system panel_system_of(struct panel_memory *memory, const struct panel_model *model)
{
    int32_t n = model->type_count, m = model->row_count + 1;
    int8_t *factor = PANEL_NEW(memory, int8_t, (size_t)n * (size_t)m + 1);
    int32_t *low = PANEL_NEW(memory, int32_t, n + 1), *high = PANEL_NEW(memory, int32_t, n + 1);
    int32_t *min = PANEL_NEW(memory, int32_t, m), *max = PANEL_NEW(memory, int32_t, m);

    for (int32_t t = 0; t < n; t++) {
        high[t] = model->size[t] < model->places ? model->size[t] : model->places;
        for (int32_t r = 0; r < model->row_count; r++)
            factor[(size_t)r * (size_t)n + (size_t)t] = (int8_t)panel_has(model, t, r);
        factor[(size_t)model->row_count * (size_t)n + (size_t)t] = 1;
    }
    memcpy(min, model->min, (size_t)model->row_count * sizeof(int32_t));
    memcpy(max, model->max, (size_t)model->row_count * sizeof(int32_t));
    min[model->row_count] = max[model->row_count] = model->places;
    return (struct panel_system){n, m, factor, low, high, min, max, NULL};
}
