#include "core/select/search.h"

#include <string.h>

enum { LOOK_STEPS = 4096 }; /* between two looks at the clock */

int32_t rh_select_search_init(struct rh_select_search *search, const struct rh_select_model *model,
                              uint64_t seed, struct rh_err *err)
{
    size_t columns = (size_t)model->columns + 1, rows = (size_t)model->rows + 1;

    *search =
        (struct rh_select_search){.model = model, .dice = {seed * 2 + 1}, .best_value = INT64_MAX};
    rh_arena_init(&search->arena, SIZE_MAX);
    search->taken = rh_arena_array(&search->arena, columns, 1);
    search->best = rh_arena_array(&search->arena, columns, 1);
    search->count = rh_arena_array(&search->arena, rows, sizeof(int32_t));
    if (search->taken && search->best && search->count)
        return 0;
    rh_select_search_fini(search);
    return rh_err_nomem(err);
}

void rh_select_search_fini(struct rh_select_search *search)
{
    rh_arena_fini(&search->arena);
}

static int64_t outside(const struct rh_select_row *row, int32_t count)
{
    if (count < row->min)
        return ((int64_t)row->min - count) * row->price;
    return count > row->max ? ((int64_t)count - row->max) * row->price : 0;
}

/* Takes the column or leaves it; the value follows. False when a strict row is broken by it now. */
static bool flip(struct rh_select_search *s, int32_t column)
{
    const struct rh_select_model *m = s->model;
    int32_t by = s->taken[column] ? -1 : 1;
    bool kept = true;

    s->taken[column] = (uint8_t)!s->taken[column];
    s->value += by * m->cost[column];
    for (int32_t k = m->row_start[column]; k < m->row_start[column + 1]; k++) {
        const struct rh_select_row *row = &m->problem->rows[m->row[k]];
        int32_t before = s->count[m->row[k]], now = before + by;

        s->count[m->row[k]] = now;
        s->value += outside(row, now) - outside(row, before);
        kept = kept && (row->price > 0 || now <= row->max || by < 0);
    }
    return kept;
}

static void note_best(struct rh_select_search *s)
{
    if (s->value >= s->best_value)
        return;
    s->best_value = s->value;
    memcpy(s->best, s->taken, (size_t)s->model->columns);
}

static void clear(struct rh_select_search *s)
{
    const struct rh_select_model *m = s->model;

    memset(s->taken, 0, (size_t)m->columns);
    memset(s->count, 0, (size_t)m->rows * sizeof(s->count[0]));
    s->value = 0;
    for (int32_t r = 0; r < m->rows; r++)
        s->value += outside(&m->problem->rows[r], 0);
    for (int32_t j = 0; j < m->columns; j++) {
        if (rh_select_fixed(m, j) == RH_SELECT_TAKEN)
            (void)flip(s, j); /* the problem's check saw to it that strict rows allow it */
    }
}

void rh_select_search_start(struct rh_select_search *search, const uint8_t *taken)
{
    clear(search);
    for (int32_t j = 0; j < search->model->columns; j++) {
        if (taken[j] && !search->taken[j])
            (void)flip(search, j); /* the caller vouches for strict rows */
    }
    note_best(search);
}

/* The column of the group whose taking lowers the value most, or -1. */
static int32_t best_addition(struct rh_select_search *s, int32_t group)
{
    const struct rh_select_model *m = s->model;
    int64_t before = s->value, least = 0;
    int32_t found = -1;

    for (int32_t k = m->group_start[group]; k < m->group_start[group + 1]; k++) {
        int32_t j = m->group_list[k];
        bool kept;

        if (s->taken[j])
            continue;
        kept = flip(s, j);
        if (kept && s->value - before < least) {
            least = s->value - before;
            found = j;
        }
        (void)flip(s, j);
    }
    return found;
}

void rh_select_search_greedy(struct rh_select_search *search)
{
    clear(search);
    for (int32_t g = 0; g < search->model->groups; g++) {
        int32_t j;

        while ((j = best_addition(search, g)) >= 0)
            (void)flip(search, j);
    }
    note_best(search);
}

/* ---- annealing ---- */

/* About -ln(u) for a number drawn evenly from (0, 1], without libm: exponent and mantissa apart. */
static double draw_chill(struct rh_dice *dice)
{
    uint64_t x = rh_dice_next(dice) | 1;
    int zeros = __builtin_clzll(x);
    double mantissa = (double)((x << zeros) >> 11) / 9007199254740992.0; /* 0.5 … 1 */

    return 0.6931 * (zeros + 2 * (1 - mantissa));
}

/* The columns that a move turns over; at most four. */
struct move {
    int32_t column[4];
    int32_t count;
};

static int32_t draw_in_group(struct rh_select_search *s, int32_t group)
{
    const struct rh_select_model *m = s->model;
    int32_t size = m->group_start[group + 1] - m->group_start[group];

    return size ? m->group_list[m->group_start[group] + rh_dice_below(&s->dice, size)] : -1;
}

/* One of the group's free columns that are taken, or -1: a walk from a random place. */
static int32_t draw_taken(struct rh_select_search *s, int32_t group)
{
    const struct rh_select_model *m = s->model;
    int32_t first = m->group_start[group], size = m->group_start[group + 1] - first, at;

    if (size == 0)
        return -1;
    at = rh_dice_below(&s->dice, size);
    for (int32_t k = 0; k < size; k++, at++) {
        if (at == size)
            at = 0;
        if (s->taken[m->group_list[first + at]])
            return m->group_list[first + at];
    }
    return -1;
}

static int32_t column_of(const struct rh_select_model *m, int32_t group, int32_t agent)
{
    int32_t j = m->at[(int64_t)group * m->agents + agent];

    return j >= 0 && rh_select_fixed(m, j) == RH_SELECT_FREE ? j : -1;
}

/* Another agent for the group, in place of one or in addition. */
static void draw_exchange(struct rh_select_search *s, struct move *move, int32_t group)
{
    int32_t in = draw_in_group(s, group);

    if (in < 0)
        return;
    move->column[move->count++] = in;
    if (!s->taken[in] && rh_dice_below(&s->dice, 16) != 0) {
        int32_t out = draw_taken(s, group);

        if (out >= 0)
            move->column[move->count++] = out;
    }
}

/* The agent of one group goes to another, and one from there takes its place or leaves. */
static void draw_swap(struct rh_select_search *s, struct move *move, int32_t group)
{
    const struct rh_select_model *m = s->model;
    int32_t other = rh_dice_below(&s->dice, m->groups);
    int32_t a = draw_taken(s, group), b = draw_taken(s, other), a_there, b_here;

    if (other == group || a < 0 || b < 0)
        return;
    a_there = column_of(m, other, m->problem->agent[a]);
    b_here = column_of(m, group, m->problem->agent[b]);
    if (a_there < 0 || s->taken[a_there])
        return;
    if (b_here >= 0 && s->taken[b_here])
        return;
    *move = (struct move){{a, b, a_there, b_here}, b_here < 0 ? 3 : 4};
    if (b_here < 0) { /* the place left behind is filled by somebody else */
        int32_t in = draw_in_group(s, group);

        if (in >= 0 && !s->taken[in])
            move->column[move->count++] = in;
    }
}

/* The agent of one group goes to another: where agents are short, teams are not full. */
static void draw_transfer(struct rh_select_search *s, struct move *move, int32_t group)
{
    const struct rh_select_model *m = s->model;
    int32_t other = rh_dice_below(&s->dice, m->groups);
    int32_t a = draw_taken(s, group), a_there;

    if (other == group || a < 0)
        return;
    a_there = column_of(m, other, m->problem->agent[a]);
    if (a_there >= 0 && !s->taken[a_there])
        *move = (struct move){{a, a_there}, 2};
}

/* Two or three columns anywhere turn over: what is bound together by rows alone changes together.
 */
static void draw_any(struct rh_select_search *s, struct move *move, int32_t group)
{
    int32_t wanted = 2 + rh_dice_below(&s->dice, 2);

    for (int32_t k = 0; k < wanted; k++) {
        int32_t j = draw_in_group(s, k ? rh_dice_below(&s->dice, s->model->groups) : group);
        bool again = j < 0;

        for (int32_t i = 0; i < move->count; i++)
            again = again || move->column[i] == j;
        if (!again)
            move->column[move->count++] = j;
    }
}

static bool make(struct rh_select_search *s, const struct move *move)
{
    bool kept = true;

    for (int32_t k = 0; k < move->count; k++) {
        if (s->taken[move->column[k]])
            (void)flip(s, move->column[k]);
        else
            kept = flip(s, move->column[k]) && kept;
    }
    return kept;
}

static void take_back(struct rh_select_search *s, const struct move *move)
{
    for (int32_t k = move->count - 1; k >= 0; k--)
        (void)flip(s, move->column[k]);
}

/* Out first: a strict row is judged when a column comes in. */
static void order_outs_first(const struct rh_select_search *s, struct move *move)
{
    for (int32_t k = 0, outs = 0; k < move->count; k++) {
        int32_t j = move->column[k];

        if (!s->taken[j])
            continue;
        move->column[k] = move->column[outs];
        move->column[outs++] = j;
    }
}

static void step(struct rh_select_search *s, double temperature)
{
    int32_t group = rh_dice_below(&s->dice, s->model->groups);
    int32_t what = rh_dice_below(&s->dice, 16);
    int64_t before = s->value;
    struct move move = {{0}, 0};
    bool kept;

    if (what < 7)
        draw_exchange(s, &move, group);
    else if (what < 8)
        draw_any(s, &move, group);
    else if (what < 9)
        draw_transfer(s, &move, group);
    else
        draw_swap(s, &move, group);
    if (move.count == 0)
        return;
    order_outs_first(s, &move);
    kept = make(s, &move);
    if (!kept || (double)(s->value - before) > temperature * draw_chill(&s->dice))
        take_back(s, &move);
    else
        note_best(s);
}

/* What a column or a unit outside a row costs on average: the scale of temperatures. */
static double typical(const struct rh_select_model *m)
{
    double sum = 0, prices = 0;

    for (int32_t j = 0; j < m->columns; j++)
        sum += (double)m->cost[j];
    for (int32_t r = 0; r < m->rows; r++)
        prices += (double)m->problem->rows[r].price;
    sum = m->columns ? sum / m->columns : 0;
    prices = m->rows ? prices / m->rows : 0;
    sum = prices > sum ? prices : sum;
    return sum < (double)m->grain ? (double)m->grain : sum;
}

bool rh_select_search_round(struct rh_select_search *search, int64_t steps, double warm)
{
    double first = typical(search->model) * warm, last = (double)search->model->grain * 0.2;
    int64_t looks = steps / LOOK_STEPS + 1;

    if (last > first)
        last = first;
    /* The cube of a falling line: slow where it is cold, without pow(). */
    for (int64_t look = 0; look < looks; look++) {
        double fall = 1 - (double)look / (double)looks;
        double temperature = last + (first - last) * fall * fall * fall;

        for (int32_t k = 0; k < LOOK_STEPS; k++)
            step(search, temperature);
        search->steps += LOOK_STEPS;
        if (search->pause && search->pause(search->context))
            return false;
    }
    return true;
}
