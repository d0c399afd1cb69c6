#include "core/solve/bound.h"

#include <stdbool.h>
#include <string.h>

/*
 * Ways to walk, found by trying on real and drawn instances; any of them gives valid bounds.
 * `keep`: how much of the direction before stays. `patience`: after so many steps without a rise
 * the stride gets shorter. `blur`: in shares of the gap per block.
 */
struct gait {
    double keep;
    int32_t patience;
    double blur;
};

static const struct gait gaits[] = {{0.7, 100, 0.01}, {0, 50, 0.3}, {0.7, 50, 1}};

enum { GAITS = sizeof(gaits) / sizeof(gaits[0]) };

static const double shrink = 0.7; /* of the stride, when patience is at an end */
static const double stride_first = 1, stride_again = 0.3, stride_least = 0.001;

int32_t rh_bound_init(struct rh_bound *bound, const struct rh_model *model, struct rh_err *err)
{
    size_t rows = (size_t)model->rows + 1, slots = (size_t)model->slots;
    struct rh_arena *arena = &bound->arena;

    *bound = (struct rh_bound){.model = model, .level = -1};
    rh_arena_init(arena, SIZE_MAX);
    bound->cost =
        rh_arena_array(arena, (size_t)model->option_start[model->blocks], sizeof(int64_t));
    bound->due = rh_arena_array(arena, slots, sizeof(int64_t));
    bound->lowest = rh_arena_array(arena, rows, sizeof(int64_t));
    bound->highest = rh_arena_array(arena, rows, sizeof(int64_t));
    bound->price = rh_arena_array(arena, rows, sizeof(int64_t));
    bound->good = rh_arena_array(arena, rows, sizeof(int64_t));
    bound->toll = rh_arena_array(arena, (size_t)model->kinds * slots, sizeof(int64_t));
    bound->drift = rh_arena_array(arena, rows, sizeof(double));
    bound->girth = rh_arena_array(arena, rows, sizeof(double));
    bound->count = rh_arena_array(arena, rows, sizeof(double));
    bound->crowd = rh_arena_array(arena, (size_t)model->kinds * slots, sizeof(double));
    if (bound->cost && bound->due && bound->crowd && bound->lowest && bound->highest &&
        bound->price && bound->good && bound->toll && bound->drift && bound->girth && bound->count)
        return 0;
    rh_bound_fini(bound);
    return rh_err_nomem(err);
}

void rh_bound_fini(struct rh_bound *bound)
{
    rh_arena_fini(&bound->arena);
}

static int64_t dearest(const struct rh_model *m, int32_t block)
{
    int64_t most = 0;

    for (int32_t j = m->option_start[block]; j < m->option_start[block + 1]; j++) {
        int64_t cost = m->cost[(size_t)block * (size_t)m->slots + (size_t)m->option[j]];

        most = cost > most ? cost : most;
    }
    return most;
}

/* Parts of a unit: as fine as can be while every sum stays below 2^60. */
static void find_scale(struct rh_bound *bound)
{
    const struct rh_model *m = bound->model;
    int64_t costs = 1, units = 1;

    for (int32_t b = 0; b < m->blocks && bound->level == RH_SOLVE_SOFT; b++)
        costs += dearest(m, b);
    for (int level = 0; level < RH_SOLVE_LEVELS; level++)
        costs += m->within[level];
    for (int32_t r = 0; r < m->rows; r++) {
        const struct rh_model_row *row = &m->row[r];
        int64_t most = m->items;

        if (row->max != INT32_MAX && row->max > most)
            most = row->max;
        if (row->max < -most)
            most = -(int64_t)row->max;
        if (row->min > most)
            most = row->min;
        units += most;
    }
    bound->scale = 1 << 20;
    while (bound->scale > 1 && costs > ((int64_t)1 << 57) / bound->scale)
        bound->scale /= 2;
    bound->limit = ((int64_t)1 << 57) / units;
}

static void set_costs(struct rh_bound *bound)
{
    const struct rh_model *m = bound->model;

    for (int32_t b = 0; b < m->blocks; b++) {
        const int64_t *cost = m->cost + (size_t)b * (size_t)m->slots;

        for (int32_t j = m->option_start[b]; j < m->option_start[b + 1]; j++)
            bound->cost[j] = bound->level == RH_SOLVE_SOFT ? cost[m->option[j]] * bound->scale : 0;
    }
    for (int32_t r = 0; r < m->rows; r++) {
        double size = m->row[r].max < INT32_MAX ? m->row[r].max : m->row[r].min;

        bound->girth[r] = size > 0 ? size + 1 : 1;
    }
}

static int64_t clip(int64_t price, int64_t low, int64_t high)
{
    return price < low ? low : price > high ? high : price;
}

/* units * price in fixed point, but no more than the limit. */
static int64_t limited(const struct rh_bound *bound, int64_t parts, int64_t price)
{
    return parts < bound->limit / price ? parts * price : bound->limit;
}

static void set_limits(struct rh_bound *bound)
{
    const struct rh_model *m = bound->model;
    double parts = bound->rate * (double)bound->scale;
    int64_t most_parts = bound->limit, deviations = 1;

    for (int32_t level = 0; level < bound->level; level++)
        deviations += bound->before[level];
    if (most_parts > ((int64_t)1 << 57) / deviations)
        most_parts = ((int64_t)1 << 57) / deviations;
    bound->rate_parts = parts > (double)most_parts ? most_parts : parts < 1 ? 1 : (int64_t)parts;
    for (int32_t r = 0; r < m->rows; r++) {
        const struct rh_model_row *row = &m->row[r];
        int64_t most = bound->limit;

        if (row->level > bound->level)
            most = 0;
        else if (row->level == bound->level)
            most = limited(bound, bound->scale, row->price);
        else if (bound->before[row->level] > 0)
            most = limited(bound, bound->rate_parts, row->price);
        bound->lowest[r] = row->min > 0 ? -most : 0;
        bound->highest[r] = row->max < m->items ? most : 0;
    }
}

static void set_tolls(struct rh_bound *bound)
{
    const struct rh_model *m = bound->model;
    int64_t cells = (int64_t)m->kinds * m->slots;

    for (int64_t c = 0; c < cells; c++) {
        int64_t toll = 0;

        for (int32_t j = m->cell_start[c]; j < m->cell_start[c + 1]; j++)
            toll += bound->price[m->touch[j].row] * m->touch[j].units;
        bound->toll[c] = toll;
    }
}

/* Lets one block choose at the present prices; returns what it pays. */
static int64_t choose_block(struct rh_bound *bound, int32_t block)
{
    const struct rh_model *m = bound->model;
    const int64_t *cost = bound->cost + m->option_start[block];
    const int32_t *option = m->option + m->option_start[block];
    int32_t options = m->option_start[block + 1] - m->option_start[block];
    size_t kind = (size_t)m->kind_of[block] * (size_t)m->slots;
    int64_t least = INT64_MAX;
    double weight = 0;

    for (int32_t j = 0; j < options; j++) {
        int64_t due = cost[j] + bound->toll[kind + (size_t)option[j]];

        bound->due[j] = due;
        least = due < least ? due : least;
    }
    for (int32_t j = 0; j < options; j++) {
        double nearness = bound->blur - (double)(bound->due[j] - least);

        weight += nearness > 0 ? nearness : 0;
    }
    for (int32_t j = 0; j < options; j++) {
        double nearness = bound->blur - (double)(bound->due[j] - least);

        if (nearness > 0)
            bound->crowd[kind + (size_t)option[j]] += nearness / weight;
    }
    return least;
}

/* Lets every block choose: fills `count` and `sum`. */
static void choose(struct rh_bound *bound)
{
    const struct rh_model *m = bound->model;
    int64_t cells = (int64_t)m->kinds * m->slots;

    set_tolls(bound);
    memset(bound->crowd, 0, (size_t)cells * sizeof(bound->crowd[0]));
    memset(bound->count, 0, (size_t)m->rows * sizeof(bound->count[0]));
    bound->sum = m->within[bound->level] * bound->scale;
    for (int32_t level = 0; level < bound->level; level++)
        bound->sum -= bound->rate_parts * bound->before[level];
    for (int32_t b = 0; b < m->blocks; b++)
        bound->sum += choose_block(bound, b);
    for (int64_t c = 0; c < cells; c++) {
        for (int32_t j = m->cell_start[c]; j < m->cell_start[c + 1]; j++)
            bound->count[m->touch[j].row] += m->touch[j].units * bound->crowd[c];
    }
    for (int32_t r = 0; r < m->rows; r++) {
        if (bound->price[r] != 0)
            bound->sum -= bound->price[r] * (bound->price[r] > 0 ? m->row[r].max : m->row[r].min);
    }
}

static void note_best(struct rh_bound *bound)
{
    size_t rows = (size_t)bound->model->rows;
    int64_t unit = bound->scale * bound->grain, whole;

    if (bound->sum <= bound->best_sum)
        return;
    bound->best_sum = bound->sum;
    bound->misses = 0;
    memcpy(bound->good, bound->price, rows * sizeof(bound->good[0]));
    whole = bound->sum > 0 ? (bound->sum + unit - 1) / unit * bound->grain : 0;
    if (whole > bound->best)
        bound->best = whole;
}

/* From no prices at all while there are gaits not yet tried, then from the best prices. */
static void begin_walk(struct rh_bound *bound)
{
    const struct rh_model *m = bound->model;
    bool anew = bound->walks < GAITS;

    for (int32_t r = 0; r < m->rows; r++) {
        bound->price[r] = anew ? 0 : clip(bound->good[r], bound->lowest[r], bound->highest[r]);
        bound->drift[r] = 0;
    }
    bound->gait = bound->walks % GAITS;
    bound->stride = anew ? stride_first : stride_again;
    bound->walks++;
    bound->misses = 0;
    bound->blur = 1;
    choose(bound);
    note_best(bound);
}

void rh_bound_aim(struct rh_bound *bound, int32_t level, const int64_t value[RH_SOLVE_LEVELS],
                  double unit)
{
    if (level != bound->level) {
        bound->level = level;
        bound->best = 0;
        memset(bound->good, 0, (size_t)bound->model->rows * sizeof(bound->good[0]));
        bound->grain = rh_model_grain(bound->model, level);
        find_scale(bound);
        set_costs(bound);
    }
    for (int32_t before = 0; before < level; before++)
        bound->before[before] = value[before] - bound->model->within[before];
    bound->rate = unit;
    bound->rate_turn = 2;
    bound->walks = 0;
    bound->best_sum = INT64_MIN;
    set_limits(bound);
    begin_walk(bound);
}

/* How far the choices are outside the row, as its price sees it. */
static double breach(const struct rh_bound *bound, int32_t r)
{
    const struct rh_model_row *row = &bound->model->row[r];
    double count = bound->count[r];

    if (bound->highest[r] > 0 && (bound->price[r] > 0 || count > row->max))
        return count - row->max;
    if (bound->lowest[r] < 0 && (bound->price[r] < 0 || count < row->min))
        return count - row->min;
    return 0;
}

static void step(struct rh_bound *bound, int64_t target)
{
    const struct gait *gait = &gaits[bound->gait];
    int32_t rows = bound->model->rows;
    double square = 0, gap = (double)(target * bound->scale - bound->sum), rate;

    for (int32_t r = 0; r < rows; r++) {
        double to = breach(bound, r) + gait->keep * bound->drift[r];

        /* A price at its limit does not push on. */
        if ((to > 0 && bound->price[r] >= bound->highest[r]) ||
            (to < 0 && bound->price[r] <= bound->lowest[r]))
            to = 0;
        bound->drift[r] = to;
        square += to * to / bound->girth[r];
    }
    rate = square > 0 ? bound->stride * gap / square : 0;
    for (int32_t r = 0; r < rows; r++) {
        double by = rate * bound->drift[r] / bound->girth[r], most = (double)bound->limit;

        by = by > most ? most : by < -most ? -most : by;
        bound->price[r] = clip(bound->price[r] + (int64_t)by, bound->lowest[r], bound->highest[r]);
    }
    bound->blur = gait->blur * gap / bound->model->blocks + 1;
    bound->steps++;
    choose(bound);
}

void rh_bound_raise(struct rh_bound *bound, int32_t steps, int64_t target)
{
    for (int32_t n = 0; n < steps && bound->best < target; n++) {
        step(bound, target);
        bound->misses++;
        note_best(bound);
        if (bound->misses < gaits[bound->gait].patience)
            continue;
        bound->misses = 0;
        bound->stride *= shrink;
        if (bound->stride < stride_least)
            bound->stride = stride_first;
    }
}

void rh_bound_turn(struct rh_bound *bound)
{
    int64_t deviations = 0, found = bound->best_sum;

    for (int32_t level = 0; level < bound->level; level++)
        deviations += bound->before[level];
    if (deviations == 0) {
        begin_walk(bound);
        return;
    }
    /* The best rate is not known: it goes up while that helps, then to and fro in smaller turns. */
    if (found < bound->rate_sum)
        bound->rate_turn = bound->rate_turn > 1 ? 0.7 : 1.3;
    bound->rate_sum = found;
    bound->rate *= bound->rate_turn;
    bound->best_sum = INT64_MIN;
    set_limits(bound);
    begin_walk(bound);
}
