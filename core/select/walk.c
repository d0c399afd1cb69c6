#include "core/select/walk.h"

#include <string.h>

enum {
    FIRST_WALKING = 32, /* columns of a group at first, the cheapest */
    CLOSE = 10,         /* columns per group that follow another walk, on average */
    LOOK_STEPS = 10     /* between two looks whether to restart */
};

/* Restart when a step moves this share of what it moved at first … */
static const double enough = 0.2;
/* … or this share and does not fall any more … */
static const double some = 0.8;
/* … or when this share of all steps was taken since the last one. */
static const double long_ago = 0.36;
/* What a unit outside a strict row would cost. */
static const double never = 1e15;

struct rh_select_line {
    int32_t first_kink, kinks;
    int32_t walking; /* columns in it that walk */
    double left;     /* slope left of all kinks */
};

struct rh_select_kink {
    int32_t at, row;
    bool lower; /* the row's min, not its max */
    double jump;
};

static void *make(struct rh_select_walk *w, int64_t count, size_t size)
{
    return rh_arena_array(&w->arena, (size_t)(count > 0 ? count : 1), size);
}

/* Newton from above: the same digits everywhere. */
static double root(double x)
{
    double r = x > 1 ? x : 1;

    for (int k = 0; k < 600 && x > 0; k++) {
        double next = 0.5 * (r + x / r);

        if (next >= r)
            break;
        r = next;
    }
    return x > 0 ? r : 0;
}

/* ---- lines ---- */

static bool caps(const struct rh_select_row *row)
{
    return row->max < row->column_count;
}

static bool same_columns(const struct rh_select_row *a, const struct rh_select_row *b)
{
    return a->column_count == b->column_count &&
           (a->columns == b->columns ||
            memcmp(a->columns, b->columns, (size_t)a->column_count * sizeof(int32_t)) == 0);
}

static const struct rh_select_row *row_of(const struct rh_select_walk *w, int32_t line)
{
    return &w->model->problem->rows[w->kinks[w->lines[line].first_kink].row];
}

/* Kinks of a line stand in ascending order. */
static void add_kink(struct rh_select_walk *w, struct rh_select_line *line,
                     struct rh_select_kink kink)
{
    int32_t k = line->first_kink + line->kinks++;

    while (k > line->first_kink && w->kinks[k - 1].at > kink.at) {
        w->kinks[k] = w->kinks[k - 1];
        k--;
    }
    w->kinks[k] = kink;
}

static void add_row(struct rh_select_walk *w, struct rh_select_line *line, int32_t r)
{
    const struct rh_select_row *row = &w->model->problem->rows[r];
    double price = row->price > 0 ? (double)row->price : never;

    if (row->min > 0) {
        line->left -= price;
        add_kink(w, line, (struct rh_select_kink){row->min, r, true, price});
    }
    if (caps(row))
        add_kink(w, line, (struct rh_select_kink){row->max, r, false, price});
}

static void draw_lines(struct rh_select_walk *w)
{
    const struct rh_select_problem *p = w->model->problem;
    int32_t kinks = 0;

    for (int32_t r = 0; r < p->row_count; r++) {
        const struct rh_select_row *row = &p->rows[r];
        struct rh_select_line *line = w->lines + w->line_count;

        if (row->column_count == 0 || (row->min <= 0 && !caps(row)))
            continue;
        if (w->line_count > 0 && same_columns(row_of(w, w->line_count - 1), row)) {
            line--;
        } else {
            *line = (struct rh_select_line){.first_kink = kinks};
            w->line_count++;
        }
        add_row(w, line, r);
        kinks = line->first_kink + line->kinks;
    }
}

/* ---- who walks ---- */

/* A line without anybody walking stands at its leftmost slope, and so does one that only a crowd
 * could bend. */
static bool bends(const struct rh_select_walk *w, const struct rh_select_line *line)
{
    return line->walking > 0 && (line->left < 0 || line->walking > w->kinks[line->first_kink].at);
}

static void count_entries(struct rh_select_walk *w)
{
    w->bending_count = 0;
    memset(w->entry_start, 0, ((size_t)w->walking_count + 1) * sizeof(int32_t));
    for (int32_t l = 0; l < w->line_count; l++) {
        const struct rh_select_row *row = row_of(w, l);
        struct rh_select_line *line = &w->lines[l];

        line->walking = 0;
        for (int32_t i = 0; i < row->column_count; i++)
            line->walking += w->place[row->columns[i]] >= 0;
        if (!bends(w, line)) {
            w->price[l] = w->price_anchor[l] = line->left;
            continue;
        }
        w->bending[w->bending_count++] = l;
        for (int32_t i = 0; i < row->column_count; i++) {
            if (w->place[row->columns[i]] >= 0)
                w->entry_start[w->place[row->columns[i]] + 1]++;
        }
    }
    for (int32_t i = 0; i < w->walking_count; i++)
        w->entry_start[i + 1] += w->entry_start[i];
}

static void list_entries(struct rh_select_walk *w)
{
    for (int32_t b = 0; b < w->bending_count; b++) {
        const struct rh_select_row *row = row_of(w, w->bending[b]);

        for (int32_t i = 0; i < row->column_count; i++) {
            int32_t at = w->place[row->columns[i]];

            if (at >= 0)
                w->entry[w->entry_start[at]++] = w->bending[b];
        }
    }
    for (int32_t i = w->walking_count; i > 0; i--)
        w->entry_start[i] = w->entry_start[i - 1];
    w->entry_start[0] = 0;
}

static void list_walking(struct rh_select_walk *w)
{
    w->walking_count = 0;
    for (int32_t j = 0; j < w->model->columns; j++) {
        w->place[j] = w->walks[j] ? w->walking_count : -1;
        if (w->walks[j])
            w->walking[w->walking_count++] = j;
        else
            w->share[j] = w->share_anchor[j] = 0;
    }
    count_entries(w);
    list_entries(w);
}

/* The cost of the group's last column among its FIRST_WALKING cheapest. */
static int64_t first_costs(const struct rh_select_model *m, int32_t g)
{
    int64_t least[FIRST_WALKING];
    int32_t kept = 0;

    for (int32_t k = m->group_start[g]; k < m->group_start[g + 1]; k++) {
        int64_t cost = m->cost[m->group_list[k]];
        int32_t at;

        if (kept == FIRST_WALKING && cost >= least[kept - 1])
            continue;
        at = kept < FIRST_WALKING ? kept++ : kept - 1;
        for (; at > 0 && least[at - 1] > cost; at--)
            least[at] = least[at - 1];
        least[at] = cost;
    }
    return kept ? least[kept - 1] : 0;
}

static void choose_first(struct rh_select_walk *w)
{
    const struct rh_select_model *m = w->model;

    for (int32_t g = 0; g < m->groups; g++) {
        int64_t most = first_costs(m, g);

        for (int32_t k = m->group_start[g]; k < m->group_start[g + 1]; k++)
            w->walks[m->group_list[k]] = m->cost[m->group_list[k]] <= most;
    }
    for (int32_t j = 0; j < m->columns; j++) {
        if (rh_select_fixed(m, j) == RH_SELECT_TAKEN) {
            w->walks[j] = 1;
            w->share[j] = w->share_anchor[j] = 1;
        }
    }
}

void rh_select_walk_join(struct rh_select_walk *walk, const int64_t *due)
{
    bool joined = false;

    for (int32_t j = 0; j < walk->model->columns; j++) {
        if (walk->walks[j] || due[j] >= 0 || rh_select_fixed(walk->model, j) != RH_SELECT_FREE)
            continue;
        walk->walks[j] = 1;
        joined = true;
    }
    if (joined)
        list_walking(walk);
}

/* ---- steps ---- */

/* Where the price of a line goes, seen what its columns add up to. */
static double next_price(const struct rh_select_walk *w, int32_t l)
{
    const struct rh_select_line *line = &w->lines[l];
    const struct rh_select_kink *kink = w->kinks + line->first_kink;
    double stride = w->weight / line->walking, slope = line->left;
    double to = w->price[l] + stride * w->count[l];

    for (int32_t k = 0; k < line->kinks; k++, kink++) {
        double here = to - stride * kink->at; /* the price that holds the count at the kink */

        if (here < slope)
            return slope;
        slope += kink->jump;
        if (here <= slope)
            return here;
    }
    return slope;
}

/* Shares step; `count` gets what the prices look at. Returns how far they moved, squared. */
static double move_shares(struct rh_select_walk *w, double pull)
{
    const struct rh_select_model *m = w->model;
    double moved = 0;

    memset(w->count, 0, (size_t)w->line_count * sizeof(w->count[0]));
    for (int32_t i = 0; i < w->walking_count; i++) {
        int32_t j = w->walking[i], first = w->entry_start[i], end = w->entry_start[i + 1];
        int32_t entries = end > first ? end - first : 1;
        double due = (double)m->cost[j] + w->tilt[j], now = w->share[j], to, seen;

        for (int32_t k = first; k < end; k++)
            due += w->price[w->entry[k]];
        to = now - due / (w->weight * entries);
        to = to < 0 ? 0 : to > 1 ? 1 : to;
        if (rh_select_fixed(m, j) == RH_SELECT_TAKEN)
            to = 1;
        seen = 2 * to - now;
        moved += (to - now) * (to - now) * entries;
        w->share[j] = w->share_anchor[j] + pull * (seen - w->share_anchor[j]);
        if (seen == 0)
            continue;
        for (int32_t k = first; k < end; k++)
            w->count[w->entry[k]] += seen;
    }
    return moved;
}

static double move_prices(struct rh_select_walk *w, double pull)
{
    double moved = 0;

    for (int32_t b = 0; b < w->bending_count; b++) {
        int32_t l = w->bending[b];
        double now = w->price[l], to = next_price(w, l);

        moved += (to - now) * (to - now) * w->lines[l].walking;
        w->price[l] = w->price_anchor[l] + pull * (2 * to - now - w->price_anchor[l]);
    }
    return moved;
}

/* The weight follows how far prices and shares have come since the last restart. */
static void restart(struct rh_select_walk *w)
{
    double shares = 0, prices = 0;

    for (int32_t i = 0; i < w->walking_count; i++) {
        int32_t j = w->walking[i];
        double by = w->share[j] - w->share_anchor[j];

        shares += by * by * (w->entry_start[i + 1] - w->entry_start[i]);
        w->share_anchor[j] = w->share[j];
    }
    for (int32_t b = 0; b < w->bending_count; b++) {
        int32_t l = w->bending[b];
        double by = w->price[l] - w->price_anchor[l];

        prices += by * by * w->lines[l].walking;
        w->price_anchor[l] = w->price[l];
    }
    if (shares > 1e-12 && prices > 1e-12)
        w->weight = root(w->weight * root(prices / shares));
    w->since_restart = 0;
}

static void step(struct rh_select_walk *w)
{
    double pull = (double)(w->since_restart + 1) / (double)(w->since_restart + 2);
    double shares = move_shares(w, pull), prices = move_prices(w, pull);
    double move = root(shares * w->weight + prices / w->weight);

    if (w->since_restart == 0)
        w->first_move = move;
    w->since_restart++;
    w->steps++;
    if (w->steps % LOOK_STEPS != 0)
        return;
    if (move <= enough * w->first_move || (move <= some * w->first_move && move > w->last_move) ||
        (double)w->since_restart >= long_ago * (double)w->steps)
        restart(w);
    w->last_move = move;
}

void rh_select_walk_steps(struct rh_select_walk *walk, int32_t steps)
{
    for (int32_t n = 0; n < steps; n++)
        step(walk);
}

/* ---- following another walk ---- */

static bool is_close(const struct rh_select_walk *other, int32_t j, const int64_t *due,
                     int64_t reach)
{
    return other->walks[j] && (other->share[j] > 0.01 || due[j] <= reach);
}

static int32_t count_close(const struct rh_select_walk *other, const int64_t *due, int64_t reach)
{
    int32_t count = 0;

    for (int32_t i = 0; i < other->walking_count; i++)
        count += is_close(other, other->walking[i], due, reach);
    return count;
}

/* The greatest reach, by halving, within which there are not too many. */
static int64_t find_reach(const struct rh_select_walk *other, const int64_t *due)
{
    int64_t low = 0, high = (int64_t)1 << 56;

    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;

        if (count_close(other, due, middle) <= (int64_t)other->model->groups * CLOSE)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void rh_select_walk_follow(struct rh_select_walk *walk, const struct rh_select_walk *other,
                           const int64_t *due, struct rh_dice *dice, double tilt)
{
    int64_t reach = find_reach(other, due);

    for (int32_t j = 0; j < walk->model->columns; j++) {
        walk->walks[j] = is_close(other, j, due, reach);
        walk->share[j] = walk->share_anchor[j] = other->share[j];
        walk->tilt[j] = tilt * (double)rh_dice_below(dice, 1024) / 1024;
    }
    memcpy(walk->price, other->price, (size_t)walk->line_count * sizeof(walk->price[0]));
    memcpy(walk->price_anchor, other->price, (size_t)walk->line_count * sizeof(walk->price[0]));
    list_walking(walk);
    walk->weight = other->weight;
    walk->steps = walk->since_restart = 0;
}

int32_t rh_select_walk_torn(const struct rh_select_walk *walk)
{
    int32_t torn = 0;

    for (int32_t i = 0; i < walk->walking_count; i++) {
        double share = walk->share[walk->walking[i]];

        torn += share > 0.05 && share < 0.95;
    }
    return torn;
}

/* ---- prices of rows ---- */

/* A line's price is spread over its rows: kinks fill from the left. */
static void spread_price(const struct rh_select_walk *w, int32_t l, int64_t parts, int64_t most,
                         int64_t *ret_price)
{
    const struct rh_select_line *line = &w->lines[l];
    double rest = w->price[l] - line->left;

    for (int32_t k = line->first_kink; k < line->first_kink + line->kinks; k++) {
        const struct rh_select_kink *kink = &w->kinks[k];
        int64_t price = w->model->problem->rows[kink->row].price * parts, fine;
        int64_t limit = price > 0 && price < most ? price : most;
        double part = rest < 0 ? 0 : rest > kink->jump ? kink->jump : rest;

        rest -= part;
        fine = part * (double)parts < (double)limit ? (int64_t)(part * (double)parts) : limit;
        ret_price[kink->row] += kink->lower ? fine - limit : fine;
    }
}

void rh_select_walk_prices(const struct rh_select_walk *walk, int64_t parts, int64_t most,
                           int64_t *ret_price)
{
    memset(ret_price, 0, (size_t)walk->model->rows * sizeof(*ret_price));
    for (int32_t l = 0; l < walk->line_count; l++)
        spread_price(walk, l, parts, most, ret_price);
}

/* ---- beginning and end ---- */

static double first_weight(const struct rh_select_walk *w)
{
    double costs = 0, counts = 0;

    for (int32_t i = 0; i < w->walking_count; i++) {
        double cost = (double)w->model->cost[w->walking[i]];

        costs += cost * cost;
    }
    for (int32_t l = 0; l < w->line_count; l++) {
        double at = w->kinks[w->lines[l].first_kink].at;

        counts += at * at;
    }
    return costs > 0 && counts > 0 ? root(costs / counts) : 1;
}

static int32_t make_parts(struct rh_select_walk *w)
{
    int64_t rows = (int64_t)w->model->rows + 1, columns = (int64_t)w->model->columns + 1;

    w->share = make(w, columns, sizeof(double));
    w->share_anchor = make(w, columns, sizeof(double));
    w->tilt = make(w, columns, sizeof(double));
    w->walks = make(w, columns, 1);
    w->walking = make(w, columns, sizeof(int32_t));
    w->place = make(w, columns, sizeof(int32_t));
    w->entry_start = make(w, columns, sizeof(int32_t));
    w->entry = make(w, w->model->row_start[w->model->columns], sizeof(int32_t));
    w->price = make(w, rows, sizeof(double));
    w->price_anchor = make(w, rows, sizeof(double));
    w->count = make(w, rows, sizeof(double));
    w->lines = make(w, rows, sizeof(*w->lines));
    w->bending = make(w, rows, sizeof(int32_t));
    w->kinks = make(w, 2 * rows, sizeof(*w->kinks));
    return w->share && w->share_anchor && w->tilt && w->walks && w->walking && w->place &&
                   w->entry_start && w->entry && w->price && w->price_anchor && w->count &&
                   w->lines && w->bending && w->kinks
               ? 0
               : RH_ENOMEM;
}

int32_t rh_select_walk_init(struct rh_select_walk *walk, const struct rh_select_model *model,
                            struct rh_err *err)
{
    *walk = (struct rh_select_walk){.model = model};
    rh_arena_init(&walk->arena, SIZE_MAX);
    if (make_parts(walk) < 0) {
        rh_select_walk_fini(walk);
        return rh_err_nomem(err);
    }
    draw_lines(walk);
    choose_first(walk);
    list_walking(walk);
    walk->weight = first_weight(walk);
    return 0;
}

void rh_select_walk_fini(struct rh_select_walk *walk)
{
    rh_arena_fini(&walk->arena);
}
