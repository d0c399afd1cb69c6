#include "core/select/bound.h"

#include <string.h>

static const double keep = 0.7;   /* so much of the direction before stays */
static const double shrink = 0.7; /* of the stride, when patience is at an end */
enum { PATIENCE = 30 };

/* Strict rows have no limit in theory; this one keeps every sum below 2^60. */
static int64_t find_limit(const struct rh_select_model *m)
{
    int64_t units = m->row_start[m->columns] + 1;

    for (int32_t r = 0; r < m->rows; r++) {
        const struct rh_select_row *row = &m->problem->rows[r];

        units += row->max < row->column_count ? row->max : 0;
        units += row->min > 0 ? row->min : 0;
    }
    return ((int64_t)1 << 58) / units;
}

int32_t rh_select_bound_init(struct rh_select_bound *bound, const struct rh_select_model *model,
                             struct rh_err *err)
{
    size_t rows = (size_t)model->rows + 1;

    *bound = (struct rh_select_bound){.model = model, .best_sum = INT64_MIN / 4};
    rh_arena_init(&bound->arena, SIZE_MAX);
    bound->price = rh_arena_array(&bound->arena, rows, sizeof(int64_t));
    bound->good = rh_arena_array(&bound->arena, rows, sizeof(int64_t));
    bound->count = rh_arena_array(&bound->arena, rows, sizeof(double));
    bound->drift = rh_arena_array(&bound->arena, rows, sizeof(double));
    if (bound->price && bound->good && bound->count && bound->drift) {
        bound->limit = find_limit(model);
        return 0;
    }
    rh_select_bound_fini(bound);
    return rh_err_nomem(err);
}

void rh_select_bound_fini(struct rh_select_bound *bound)
{
    rh_arena_fini(&bound->arena);
}

static int64_t highest(const struct rh_select_bound *b, const struct rh_select_row *row)
{
    int64_t most = row->price > 0 ? row->price * RH_SELECT_FINE : b->limit;

    return row->max >= row->column_count ? 0 : most < b->limit ? most : b->limit;
}

static int64_t lowest(const struct rh_select_bound *b, const struct rh_select_row *row)
{
    int64_t most = row->price * RH_SELECT_FINE;

    return row->min <= 0 ? 0 : -(most < b->limit ? most : b->limit);
}

static int64_t clip(int64_t price, int64_t low, int64_t high)
{
    return price < low ? low : price > high ? high : price;
}

static int64_t due_of(const struct rh_select_bound *b, int32_t column)
{
    const struct rh_select_model *m = b->model;
    int64_t due = m->cost[column] * RH_SELECT_FINE;

    for (int32_t k = m->row_start[column]; k < m->row_start[column + 1]; k++)
        due += b->price[m->row[k]];
    return due;
}

static void count_column(struct rh_select_bound *b, int32_t column, double share)
{
    const struct rh_select_model *m = b->model;

    for (int32_t k = m->row_start[column]; k < m->row_start[column + 1]; k++)
        b->count[m->row[k]] += share;
}

/* Every column chooses: fills `count` and `sum`. */
static void choose(struct rh_select_bound *b)
{
    const struct rh_select_model *m = b->model;

    memset(b->count, 0, (size_t)m->rows * sizeof(b->count[0]));
    b->sum = 0;
    for (int32_t j = 0; j < m->columns; j++) {
        uint8_t fixed = rh_select_fixed(m, j);
        int64_t due = fixed == RH_SELECT_NEVER ? 0 : due_of(b, j);
        double share = fixed == RH_SELECT_TAKEN ? 1 : 0;

        if (fixed == RH_SELECT_TAKEN || (fixed == RH_SELECT_FREE && due < 0))
            b->sum += due;
        if (fixed == RH_SELECT_FREE)
            share = (double)due <= -b->blur  ? 1
                    : (double)due >= b->blur ? 0
                                             : 0.5 - 0.5 * (double)due / b->blur;
        if (share > 0)
            count_column(b, j, share);
    }
    for (int32_t r = 0; r < m->rows; r++) {
        const struct rh_select_row *row = &m->problem->rows[r];

        if (b->price[r] != 0)
            b->sum -= b->price[r] * (b->price[r] > 0 ? row->max : row->min);
    }
}

static void note_best(struct rh_select_bound *b)
{
    int64_t unit = RH_SELECT_FINE * b->model->grain, whole;

    if (b->sum <= b->best_sum)
        return;
    b->misses = b->sum - b->best_sum > unit / 4 ? 0 : b->misses;
    b->best_sum = b->sum;
    memcpy(b->good, b->price, (size_t)b->model->rows * sizeof(b->good[0]));
    whole = b->sum > 0 ? (b->sum + unit - 1) / unit * b->model->grain : 0;
    if (whole > b->best)
        b->best = whole;
}

/* The dearest taken column of a row, or -1: somebody pays that much for standing in it. */
static int64_t dearest_taken(const struct rh_select_model *m, const struct rh_select_row *row,
                             const uint8_t *taken)
{
    int64_t most = -1;

    for (int32_t i = 0; i < row->column_count; i++) {
        int32_t j = row->columns[i];

        if (taken[j] && m->cost[j] > most)
            most = m->cost[j];
    }
    return most;
}

/*
 * A row that the answer leaves short has its full price, for nothing else is dearer there; one that
 * it fills just so is worth what its dearest column costs. Without this a shortage takes the walk
 * thousands of steps to find out about.
 */
void rh_select_bound_aim(struct rh_select_bound *bound, const uint8_t *taken)
{
    const struct rh_select_model *m = bound->model;

    for (int32_t r = 0; r < m->rows; r++) {
        const struct rh_select_row *row = &m->problem->rows[r];
        int32_t found = 0;
        int64_t dearest;

        for (int32_t i = 0; i < row->column_count; i++)
            found += taken[row->columns[i]];
        dearest = dearest_taken(m, row, taken);
        bound->price[r] = 0;
        if (row->min > 0 && found < row->min)
            bound->price[r] = lowest(bound, row);
        else if (row->min > 1 && found == row->min && dearest > 0)
            bound->price[r] = clip(-dearest * RH_SELECT_FINE, lowest(bound, row), 0);
        else if (row->price > 0 && found > row->max)
            bound->price[r] = highest(bound, row);
        bound->drift[r] = 0;
    }
    bound->stride = 1;
    bound->blur = 1;
    choose(bound);
    note_best(bound);
}

/* How far the choices are outside the row, as its price sees it. */
static double breach(const struct rh_select_bound *b, int32_t r)
{
    const struct rh_select_row *row = &b->model->problem->rows[r];
    double count = b->count[r];

    if (highest(b, row) > 0 && (b->price[r] > 0 || count > row->max))
        return count - row->max;
    if (lowest(b, row) < 0 && (b->price[r] < 0 || count < row->min))
        return count - row->min;
    return 0;
}

static void step(struct rh_select_bound *b, int64_t target)
{
    const struct rh_select_model *m = b->model;
    double square = 0, gap = (double)(target * RH_SELECT_FINE - b->sum), rate;

    for (int32_t r = 0; r < m->rows; r++) {
        const struct rh_select_row *row = &m->problem->rows[r];
        double to = breach(b, r) + keep * b->drift[r];

        /* A price at its limit does not push on. */
        if ((to > 0 && b->price[r] >= highest(b, row)) || (to < 0 && b->price[r] <= lowest(b, row)))
            to = 0;
        b->drift[r] = to;
        square += to * to;
    }
    rate = square > 0 ? b->stride * gap / square : 0;
    for (int32_t r = 0; r < m->rows; r++) {
        const struct rh_select_row *row = &m->problem->rows[r];
        double by = rate * b->drift[r], most = (double)RH_SOLVE_PRICE_MAX * RH_SELECT_FINE;

        by = by > most ? most : by < -most ? -most : by;
        b->price[r] = clip(b->price[r] + (int64_t)by, lowest(b, row), highest(b, row));
    }
    b->blur = gap / (m->groups * 8.0) + 1;
    b->steps++;
    choose(b);
}

static void from_the_best(struct rh_select_bound *b)
{
    memcpy(b->price, b->good, (size_t)b->model->rows * sizeof(b->good[0]));
    memset(b->drift, 0, (size_t)b->model->rows * sizeof(b->drift[0]));
    choose(b);
}

void rh_select_bound_raise(struct rh_select_bound *bound, int32_t steps, int64_t target)
{
    for (int32_t n = 0; n < steps && bound->best < target; n++) {
        step(bound, target);
        bound->misses++;
        note_best(bound);
        if (bound->misses < PATIENCE)
            continue;
        bound->misses = 0;
        bound->stride *= shrink;
        if (bound->stride < 0.001)
            bound->stride = 0.3;
        from_the_best(bound);
    }
}
