#include "core/solve/program_of.h"

#include "core/base/alloc.h"

#include <string.h>

/* A program takes no larger numbers. */
static const int64_t number_max = (int64_t)1 << 40;

/* Of a level, in grains of the last one: the exact engine computes with 53 bits, and its tolerances
 * are some 1e-7 of a unit. */
static const int64_t weight_max = (int64_t)1 << 22;

/* The entries of all count rows, by row, while the program is made. */
struct table {
    int64_t *start;  /* rows + 1 */
    int32_t *column; /* of x */
    int32_t *units;
    int64_t *most; /* per row: no plan has more units in it */
};

static void table_fini(struct table *table)
{
    rh_free(table->start);
    rh_free(table->column);
    rh_free(table->units);
    rh_free(table->most);
}

/* Calls itself out for every (row, option) that meet: first to count, then to fill. */
static void table_walk(const struct rh_model *m, struct table *table, int64_t *at)
{
    for (int32_t b = 0; b < m->blocks; b++) {
        int64_t cells = (int64_t)m->kind_of[b] * m->slots;

        for (int32_t j = m->option_start[b]; j < m->option_start[b + 1]; j++) {
            int64_t cell = cells + m->option[j];

            for (int32_t k = m->cell_start[cell]; k < m->cell_start[cell + 1]; k++) {
                int64_t place = at[m->touch[k].row]++;

                if (!table->column)
                    continue;
                table->column[place] = j;
                table->units[place] = m->touch[k].units;
            }
        }
    }
}

/* Entries of a row ascend by option, so those of a block lie together; each block counts once. */
static void table_sum(const struct rh_model *m, struct table *table)
{
    for (int32_t r = 0; r < m->rows; r++) {
        int32_t end = -1, b = 0;

        for (int64_t k = table->start[r]; k < table->start[r + 1]; k++) {
            if (table->column[k] < end)
                continue;
            while (m->option_start[b + 1] <= table->column[k])
                b++;
            end = m->option_start[b + 1];
            table->most[r] += table->units[k];
        }
    }
}

static int32_t table_init(struct table *table, const struct rh_model *m)
{
    int64_t *at = rh_alloc((size_t)m->rows + 1, sizeof(*at));

    *table = (struct table){.start = rh_alloc((size_t)m->rows + 1, sizeof(int64_t)),
                            .most = rh_alloc((size_t)m->rows + 1, sizeof(int64_t))};
    if (at && table->start && table->most) {
        table_walk(m, table, at);
        for (int32_t r = 0; r < m->rows; r++) {
            table->start[r + 1] = table->start[r] + at[r];
            at[r] = table->start[r];
        }
        table->column = rh_alloc((size_t)table->start[m->rows] + 1, sizeof(int32_t));
        table->units = rh_alloc((size_t)table->start[m->rows] + 1, sizeof(int32_t));
    }
    if (!table->column || !table->units) {
        rh_free(at);
        table_fini(table);
        return RH_ENOMEM;
    }
    table_walk(m, table, at);
    table_sum(m, table);
    rh_free(at);
    return 0;
}

/* ---- weights ---- */

static int64_t dearest(const struct rh_model *m, int32_t block)
{
    int64_t most = 0;

    for (int32_t j = m->option_start[block]; j < m->option_start[block + 1]; j++) {
        int64_t cost = m->cost[(size_t)block * (size_t)m->slots + (size_t)m->option[j]];

        most = cost > most ? cost : most;
    }
    return most;
}

/* Sums stay far below 2^63: what is too large ends above `number_max` and stays there. */
static void add_most(int64_t *most, int64_t price, int64_t count)
{
    if (count <= 0 || *most > number_max)
        return;
    *most = price > number_max / count ? number_max + 1 : *most + price * count;
}

static void find_most(struct rh_program_of *of, const struct table *table)
{
    const struct rh_model *m = of->model;

    for (int32_t b = 0; b < m->blocks; b++) {
        add_most(&of->most[RH_SOLVE_SOFT], dearest(m, b), 1);
        for (int32_t j = m->near_start[b]; j < m->near_start[b + 1]; j++) {
            if (m->near[j].block > b)
                add_most(&of->most[m->near[j].level], m->near[j].price, m->near[j].distance);
        }
    }
    for (int32_t r = 0; r < m->rows; r++) {
        const struct rh_model_row *row = &m->row[r];
        int64_t under = row->min > 0 ? row->min : 0;
        int64_t over = row->max < table->most[r] ? table->most[r] - row->max : 0;

        add_most(&of->most[row->level], row->price, under > over ? under : over);
    }
}

static int32_t find_weights(struct rh_program_of *of, const struct table *table)
{
    int64_t after = 0; /* what the levels after this one can come to */

    find_most(of, table);
    of->grain = rh_model_grain(of->model, of->last);
    of->weight[of->last] = 1;
    for (int32_t level = of->last; level > of->first; level--) {
        int64_t weight = of->weight[level];

        if (of->most[level] > number_max / weight)
            return RH_ETOOLARGE;
        after += weight * of->most[level];
        if (after > weight_max * of->grain)
            return RH_ETOOLARGE;
        of->weight[level - 1] = after / of->grain * of->grain + of->grain;
    }
    return 0;
}

/* ---- columns and rows ---- */

static bool is_asked(const struct rh_program_of *of, int32_t level)
{
    return level >= of->first && level <= of->last;
}

static bool is_elastic(const struct rh_program_of *of, int32_t level)
{
    return is_asked(of, level) || of->slack[level] > 0;
}

/* A deviation on a level asked about costs its price, and an optimum leaves no part of a unit;
 * under a budget it costs nothing, so it must be told to be whole. */
static int32_t add_deviation(struct rh_program_of *of, int32_t level, int64_t price, int64_t high)
{
    int64_t weight = is_asked(of, level) ? of->weight[level] : 0;

    if (weight > number_max / price)
        return RH_ETOOLARGE;
    return rh_program_column(&of->program, weight * price, 0, high, weight == 0);
}

static int32_t add_blocks(struct rh_program_of *of)
{
    const struct rh_model *m = of->model;
    int32_t rc = 0;

    for (int32_t b = 0; b < m->blocks && rc >= 0; b++) {
        const int64_t *cost = m->cost + (size_t)b * (size_t)m->slots;

        for (int32_t j = m->option_start[b]; j < m->option_start[b + 1] && rc >= 0; j++) {
            int64_t price = of->last == RH_SOLVE_SOFT ? cost[m->option[j]] : 0;

            rc = price > number_max ? RH_ETOOLARGE
                                    : rh_program_column(&of->program, price, 0, 1, true);
        }
    }
    for (int32_t b = 0; b < m->blocks && rc >= 0; b++) {
        rc = rh_program_row(&of->program, 1, 1);
        for (int32_t j = m->option_start[b]; j < m->option_start[b + 1] && rc >= 0; j++)
            rc = rh_program_entry(&of->program, j, 1);
    }
    return rc;
}

static int32_t add_count(struct rh_program_of *of, const struct table *table, int32_t r)
{
    const struct rh_model_row *row = &of->model->row[r];
    bool low = row->min > 0, high = row->max < table->most[r];
    int32_t rc = 0;

    /* The engine's bounds are surer where no column is without end. */
    if (row->level > of->last || !(low || high))
        return 0;
    if (low && is_elastic(of, row->level))
        rc = of->under[r] = add_deviation(of, row->level, row->price, row->min);
    if (rc >= 0 && high && is_elastic(of, row->level))
        rc = of->over[r] = add_deviation(of, row->level, row->price, table->most[r] - row->max);
    if (rc >= 0)
        rc = rh_program_row(&of->program, low ? row->min : -RH_PROGRAM_OPEN,
                            high ? row->max : RH_PROGRAM_OPEN);
    for (int64_t k = table->start[r]; k < table->start[r + 1] && rc >= 0; k++)
        rc = rh_program_entry(&of->program, table->column[k], table->units[k]);
    if (rc >= 0 && of->under[r] >= 0)
        rc = rh_program_entry(&of->program, of->under[r], 1);
    if (rc >= 0 && of->over[r] >= 0)
        rc = rh_program_entry(&of->program, of->over[r], -1);
    return rc;
}

/* The options of a block within a window that only moves on: option[first] … option[end - 1]. */
struct span {
    int32_t first, end, last;
};

static struct span span_of(const struct rh_model *m, int32_t block)
{
    return (struct span){m->option_start[block], m->option_start[block],
                         m->option_start[block + 1]};
}

/* Whether the span got something new; else the window before says more. */
static bool span_move(struct span *span, const struct rh_model *m, int32_t from, int32_t to)
{
    int32_t before = span->end;

    while (span->end < span->last && m->option[span->end] < to)
        span->end++;
    while (span->first < span->end && m->option[span->first] < from)
        span->first++;
    return span->end > before;
}

static int32_t add_span(struct rh_program_of *of, const struct span *span)
{
    int32_t rc = 0;

    for (int32_t j = span->first; j < span->end && rc >= 0; j++)
        rc = rh_program_entry(&of->program, j, 1);
    return rc;
}

/* Of a and b only one lies in the same `width` slots, or `column` (-1: none) pays. */
static int32_t add_windows(struct rh_program_of *of, int32_t a, int32_t b, int32_t width,
                           int32_t column)
{
    const struct rh_model *m = of->model;
    struct span one = span_of(m, a), other = span_of(m, b);
    int32_t last = m->slots > width ? m->slots - width : 0, rc = 0;

    for (int32_t from = 0; from <= last && rc >= 0; from++) {
        bool news = span_move(&one, m, from, from + width);

        news = span_move(&other, m, from, from + width) || news;
        if (!news || one.first == one.end || other.first == other.end)
            continue;
        rc = rh_program_row(&of->program, -RH_PROGRAM_OPEN, 1);
        if (rc >= 0)
            rc = add_span(of, &one);
        if (rc >= 0)
            rc = add_span(of, &other);
        if (rc >= 0 && column >= 0)
            rc = rh_program_entry(&of->program, column, -1);
    }
    return rc;
}

static int32_t add_pair(struct rh_program_of *of, int32_t block, int32_t j)
{
    const struct rh_model_near *near = &of->model->near[j];
    int32_t rc = 0;

    /* Each pair stands in the lists of both. */
    if (near->level > of->last || near->block < block)
        return 0;
    if (!is_elastic(of, near->level))
        return add_windows(of, block, near->block, near->distance, -1);
    for (int32_t width = 1; width <= near->distance && rc >= 0; width++) {
        rc = add_deviation(of, near->level, near->price, 1);
        if (width == 1)
            of->near[j] = rc;
        if (rc >= 0)
            rc = add_windows(of, block, near->block, width, rc);
    }
    return rc;
}

/* What all deviations of a level before pay is no more than the known plan pays. */
static int32_t add_budget(struct rh_program_of *of, int32_t level)
{
    const struct rh_model *m = of->model;
    int64_t grain = rh_model_grain(m, level);
    int32_t rc;

    if (of->slack[level] <= 0)
        return 0;
    rc = of->slack[level] / grain > number_max
             ? RH_ETOOLARGE
             : rh_program_row(&of->program, -RH_PROGRAM_OPEN, of->slack[level] / grain);
    for (int32_t r = 0; r < m->rows; r++) {
        int32_t price = (int32_t)(m->row[r].price / grain);

        if (rc >= 0 && m->row[r].level == level && of->under[r] >= 0)
            rc = rh_program_entry(&of->program, of->under[r], price);
        if (rc >= 0 && m->row[r].level == level && of->over[r] >= 0)
            rc = rh_program_entry(&of->program, of->over[r], price);
    }
    for (int32_t j = 0; j < m->near_start[m->blocks]; j++) {
        if (of->near[j] < 0 || m->near[j].level != level)
            continue;
        for (int32_t w = 0; w < m->near[j].distance && rc >= 0; w++)
            rc = rh_program_entry(&of->program, of->near[j] + w,
                                  (int32_t)(m->near[j].price / grain));
    }
    return rc;
}

static int32_t add_rules(struct rh_program_of *of, const struct table *table)
{
    const struct rh_model *m = of->model;
    int32_t rc = 0;

    for (int32_t r = 0; r < m->rows && rc >= 0; r++)
        rc = add_count(of, table, r);
    for (int32_t b = 0; b < m->blocks; b++) {
        for (int32_t j = m->near_start[b]; j < m->near_start[b + 1] && rc >= 0; j++)
            rc = add_pair(of, b, j);
    }
    for (int32_t level = 0; level < of->first && rc >= 0; level++)
        rc = add_budget(of, level);
    return rc;
}

static int32_t *make_list(int32_t count)
{
    int32_t *list = rh_alloc((size_t)count + 1, sizeof(*list));

    if (list)
        memset(list, 0xff, ((size_t)count + 1) * sizeof(*list));
    return list;
}

static int32_t fill(struct rh_program_of *of)
{
    struct table table;
    int32_t rc = table_init(&table, of->model);

    if (rc < 0)
        return rc;
    rc = find_weights(of, &table);
    if (rc >= 0)
        rc = add_blocks(of);
    if (rc >= 0)
        rc = add_rules(of, &table);
    table_fini(&table);
    return rc;
}

int32_t rh_program_of_init(struct rh_program_of *of, const struct rh_model *model, int32_t first,
                           int32_t last, const int64_t value[RH_SOLVE_LEVELS], struct rh_err *err)
{
    int32_t rc = RH_ENOMEM;

    *of = (struct rh_program_of){.model = model, .first = first, .last = last};
    rh_program_init(&of->program);
    for (int32_t before = 0; before < first; before++)
        of->slack[before] = value[before] - model->within[before];
    of->under = make_list(model->rows);
    of->over = make_list(model->rows);
    of->near = make_list(model->near_start[model->blocks]);
    if (of->under && of->over && of->near)
        rc = fill(of);
    if (rc >= 0)
        return 0;
    rh_program_of_fini(of);
    if (rc == RH_ENOMEM)
        return rh_err_nomem(err);
    return rh_err_set(err, rc, "Planungsaufgabe: zu groß für den exakten Beweis",
                      "planning problem: too large for an exact proof");
}

void rh_program_of_fini(struct rh_program_of *of)
{
    rh_program_fini(&of->program);
    rh_free(of->under);
    rh_free(of->over);
    rh_free(of->near);
}

static void put_counts(const struct rh_program_of *of, const int32_t *slot, int64_t *x)
{
    const struct rh_model *m = of->model;

    for (int32_t b = 0; b < m->blocks; b++) {
        int64_t cell = (int64_t)m->kind_of[b] * m->slots + slot[m->member[m->member_start[b]]];

        /* First the units found, in the place of what they exceed or fall short by. */
        for (int32_t k = m->cell_start[cell]; k < m->cell_start[cell + 1]; k++) {
            int32_t r = m->touch[k].row;

            if (of->under[r] >= 0)
                x[of->under[r]] += m->touch[k].units;
            if (of->over[r] >= 0)
                x[of->over[r]] += m->touch[k].units;
        }
    }
    for (int32_t r = 0; r < m->rows; r++) {
        const struct rh_model_row *row = &m->row[r];
        int64_t *under = of->under[r] >= 0 ? &x[of->under[r]] : NULL;
        int64_t *over = of->over[r] >= 0 ? &x[of->over[r]] : NULL;

        if (under)
            *under = *under < row->min ? row->min - *under : 0;
        if (over)
            *over = *over > row->max ? *over - row->max : 0;
    }
}

static void put_pairs(const struct rh_program_of *of, const int32_t *slot, int64_t *x)
{
    const struct rh_model *m = of->model;

    for (int32_t b = 0; b < m->blocks; b++) {
        for (int32_t j = m->near_start[b]; j < m->near_start[b + 1]; j++) {
            int32_t between = slot[m->member[m->member_start[b]]] -
                              slot[m->member[m->member_start[m->near[j].block]]];

            between = between < 0 ? -between : between;
            for (int32_t w = 1; w <= m->near[j].distance && of->near[j] >= 0; w++)
                x[of->near[j] + w - 1] = w > between;
        }
    }
}

void rh_program_of_put(const struct rh_program_of *of, const int32_t *slot, int64_t *x)
{
    const struct rh_model *m = of->model;

    memset(x, 0, (size_t)of->program.columns * sizeof(x[0]));
    for (int32_t b = 0; b < m->blocks; b++) {
        for (int32_t j = m->option_start[b]; j < m->option_start[b + 1]; j++)
            x[j] = m->option[j] == slot[m->member[m->member_start[b]]];
    }
    put_counts(of, slot, x);
    put_pairs(of, slot, x);
}

int32_t rh_program_of_take(const struct rh_program_of *of, const int64_t *x, int32_t *slot,
                           struct rh_err *err)
{
    const struct rh_model *m = of->model;

    for (int32_t b = 0; b < m->blocks; b++) {
        int32_t found = -1, times = 0;

        for (int32_t j = m->option_start[b]; j < m->option_start[b + 1]; j++) {
            if (x[j] == 0)
                continue;
            found = m->option[j];
            times += x[j] == 1 ? 1 : 2;
        }
        if (times != 1)
            return rh_err_set(err, RH_EINVALID, "Antwort: Element %d hat nicht genau einen Platz",
                              "answer: item %d has not exactly one slot",
                              m->member[m->member_start[b]] + 1);
        for (int32_t i = m->member_start[b]; i < m->member_start[b + 1]; i++)
            slot[m->member[i]] = found;
    }
    return 0;
}

/* ---- costs and bounds ---- */

int64_t rh_program_of_cost(const struct rh_program_of *of, const int64_t value[RH_SOLVE_LEVELS])
{
    int64_t cost = 0;

    for (int32_t level = of->first; level <= of->last; level++)
        cost += of->weight[level] * (value[level] - of->model->within[level]);
    return cost;
}

void rh_program_of_value(const struct rh_program_of *of, int64_t cost,
                         int64_t value[RH_SOLVE_LEVELS])
{
    for (int32_t level = of->first; level <= of->last; level++) {
        value[level] = cost / of->weight[level] + of->model->within[level];
        cost %= of->weight[level];
    }
}

void rh_program_of_bounds(const struct rh_program_of *of, int64_t least,
                          const int64_t value[RH_SOLVE_LEVELS], int64_t bound[RH_SOLVE_LEVELS])
{
    int64_t after = 0;

    for (int32_t level = of->first + 1; level <= of->last; level++)
        after += of->weight[level] * of->most[level];
    for (int32_t level = of->first; level <= of->last; level++) {
        int64_t unit = of->weight[level] * rh_model_grain(of->model, level);
        int64_t left = least - after;

        bound[level] = of->model->within[level];
        if (left > 0)
            bound[level] += (left + unit - 1) / unit * rh_model_grain(of->model, level);
        least -= of->weight[level] * (value[level] - of->model->within[level]);
        if (level < of->last)
            after -= of->weight[level + 1] * of->most[level + 1];
    }
}
