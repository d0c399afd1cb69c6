#include "core/select/search.h"

#include <string.h>

enum {
    LOOK_STEPS = 4096, /* between two looks at the clock */
    LEAST_CANDIDATES = 6,
    MOST_CANDIDATES = 40
};

static int32_t make_seats(struct rh_select_search *s, struct rh_select_seats *seats, int32_t owners,
                          const int32_t *owner)
{
    size_t columns = (size_t)s->model->columns + 1;

    seats->start = rh_arena_array(&s->arena, (size_t)owners + 1, sizeof(int32_t));
    seats->count = rh_arena_array(&s->arena, (size_t)owners + 1, sizeof(int32_t));
    seats->list = rh_arena_array(&s->arena, columns, sizeof(int32_t));
    seats->at = rh_arena_array(&s->arena, columns, sizeof(int32_t));
    if (!seats->start || !seats->count || !seats->list || !seats->at)
        return RH_ENOMEM;
    for (int32_t j = 0; j < s->model->columns; j++)
        seats->start[owner[j] + 1]++;
    for (int32_t o = 0; o < owners; o++)
        seats->start[o + 1] += seats->start[o];
    return 0;
}

static int32_t make_parts(struct rh_select_search *s)
{
    const struct rh_select_model *m = s->model;
    size_t columns = (size_t)m->columns + 1, rows = (size_t)m->rows + 1;

    s->taken = rh_arena_array(&s->arena, columns, 1);
    s->best = rh_arena_array(&s->arena, columns, 1);
    s->count = rh_arena_array(&s->arena, rows, sizeof(int32_t));
    s->candidate = rh_arena_array(&s->arena, columns, sizeof(int32_t));
    s->candidate_start = rh_arena_array(&s->arena, (size_t)m->groups + 1, sizeof(int32_t));
    if (!s->taken || !s->best || !s->count || !s->candidate || !s->candidate_start ||
        make_seats(s, &s->of_group, m->groups, m->problem->group) < 0 ||
        make_seats(s, &s->of_agent, m->agents, m->problem->agent) < 0)
        return RH_ENOMEM;
    /* Until somebody tells dues: everybody, as they come. */
    memcpy(s->candidate, m->group_list, (size_t)m->columns * sizeof(int32_t));
    memcpy(s->candidate_start, m->group_start, ((size_t)m->groups + 1) * sizeof(int32_t));
    return 0;
}

int32_t rh_select_search_init(struct rh_select_search *search, const struct rh_select_model *model,
                              uint64_t seed, struct rh_err *err)
{
    *search =
        (struct rh_select_search){.model = model, .dice = {seed * 2 + 1}, .best_value = INT64_MAX};
    rh_arena_init(&search->arena, SIZE_MAX);
    if (make_parts(search) == 0)
        return 0;
    rh_select_search_fini(search);
    return rh_err_nomem(err);
}

void rh_select_search_fini(struct rh_select_search *search)
{
    rh_arena_fini(&search->arena);
}

/* ---- the answer and its value ---- */

static int64_t outside(const struct rh_select_row *row, int32_t count)
{
    if (count < row->min)
        return ((int64_t)row->min - count) * row->price;
    return count > row->max ? ((int64_t)count - row->max) * row->price : 0;
}

static void seat(struct rh_select_seats *seats, int32_t owner, int32_t column, bool in)
{
    int32_t *list = seats->list + seats->start[owner];

    if (in) {
        seats->at[column] = seats->count[owner];
        list[seats->count[owner]++] = column;
    } else {
        int32_t last = list[--seats->count[owner]];

        list[seats->at[column]] = last;
        seats->at[last] = seats->at[column];
    }
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
    if (rh_select_fixed(m, column) == RH_SELECT_FREE) {
        seat(&s->of_group, m->problem->group[column], column, by > 0);
        seat(&s->of_agent, m->problem->agent[column], column, by > 0);
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
    memset(s->of_group.count, 0, (size_t)m->groups * sizeof(int32_t));
    memset(s->of_agent.count, 0, (size_t)m->agents * sizeof(int32_t));
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

/* ---- taking what helps ---- */

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

static void fill_groups(struct rh_select_search *s)
{
    for (int32_t g = 0; g < s->model->groups; g++) {
        int32_t j;

        while ((j = best_addition(s, g)) >= 0)
            (void)flip(s, j);
    }
    note_best(s);
}

void rh_select_search_greedy(struct rh_select_search *search)
{
    clear(search);
    fill_groups(search);
}

void rh_select_search_round_shares(struct rh_select_search *search, const double *share)
{
    static const double bars[] = {0.95, 0.75, 0.5, 0.25};

    clear(search);
    for (size_t bar = 0; bar < sizeof(bars) / sizeof(bars[0]); bar++) {
        for (int32_t j = 0; j < search->model->columns; j++) {
            int64_t before = search->value;

            if (share[j] < bars[bar] || search->taken[j] ||
                rh_select_fixed(search->model, j) != RH_SELECT_FREE)
                continue;
            if (!flip(search, j) || search->value > before)
                (void)flip(search, j);
        }
    }
    fill_groups(search);
}

/* ---- candidates ---- */

/* Heap sort by due, then by number: no recursion, the same everywhere. */
static bool dearer(const int64_t *due, int32_t a, int32_t b)
{
    return due[a] != due[b] ? due[a] > due[b] : a > b;
}

static void sink(int32_t *list, int32_t at, int32_t size, const int64_t *due)
{
    int32_t moving = list[at];

    for (int32_t child; (child = 2 * at + 1) < size; at = child) {
        if (child + 1 < size && dearer(due, list[child + 1], list[child]))
            child++;
        if (!dearer(due, list[child], moving))
            break;
        list[at] = list[child];
    }
    list[at] = moving;
}

static void sort_by_due(int32_t *list, int32_t size, const int64_t *due)
{
    for (int32_t at = size / 2 - 1; at >= 0; at--)
        sink(list, at, size, due);
    for (int32_t last = size - 1; last > 0; last--) {
        int32_t dearest = list[0];

        list[0] = list[last];
        list[last] = dearest;
        sink(list, 0, last, due);
    }
}

double rh_select_search_focus(struct rh_select_search *search, const int64_t *due, int64_t reach)
{
    const struct rh_select_model *m = search->model;
    int32_t kept = 0, first = 0;
    double sum = 0;

    for (int32_t g = 0; g < m->groups; g++) {
        int32_t size = m->group_start[g + 1] - m->group_start[g], n = 0;
        int32_t *list = search->candidate + kept; /* never ahead of what is still to be read */

        memcpy(list, m->group_list + m->group_start[g], (size_t)size * sizeof(int32_t));
        sort_by_due(list, size, due);
        while (n < size && (n < LEAST_CANDIDATES || (n < MOST_CANDIDATES && due[list[n]] <= reach)))
            n++;
        for (int32_t k = 0; k < n && k < LEAST_CANDIDATES; k++, first++)
            sum += (double)(due[list[k]] < 0 ? -due[list[k]] : due[list[k]]);
        search->candidate_start[g] = kept;
        kept += n;
    }
    search->candidate_start[m->groups] = kept;
    return first ? sum / first : 0;
}

/* ---- moves ---- */

/* About -ln(u) for a number drawn evenly from (0, 1], without libm: exponent and mantissa apart. */
static double draw_chill(struct rh_dice *dice)
{
    uint64_t x = rh_dice_next(dice) | 1;
    int zeros = __builtin_clzll(x);
    double mantissa = (double)((x << zeros) >> 11) / 9007199254740992.0; /* 0.5 … 1 */

    return 0.6931 * (zeros + 2 * (1 - mantissa));
}

/* The columns that a move turns over, each once. */
enum { MOVE_MOST = 8 };

struct move {
    int32_t column[MOVE_MOST];
    int32_t count;
};

static bool has(const struct move *move, int32_t column)
{
    for (int32_t k = 0; k < move->count; k++) {
        if (move->column[k] == column)
            return true;
    }
    return false;
}

static void add(struct move *move, int32_t column)
{
    if (move->count < MOVE_MOST && !has(move, column))
        move->column[move->count++] = column;
}

/* One of the group's candidates, the cheap ones more often; -1: it has none. */
static int32_t draw_candidate(struct rh_select_search *s, int32_t group)
{
    int32_t first = s->candidate_start[group], size = s->candidate_start[group + 1] - first;
    int32_t a, b;

    if (size == 0)
        return -1;
    a = rh_dice_below(&s->dice, size);
    b = rh_dice_below(&s->dice, size);
    return s->candidate[first + (a < b ? a : b)];
}

/* One that is not taken and not yet in the move, in a few tries; or -1. */
static int32_t draw_newcomer(struct rh_select_search *s, const struct move *move, int32_t group)
{
    for (int32_t tries = 0; tries < 4; tries++) {
        int32_t j = draw_candidate(s, group);

        if (j >= 0 && !s->taken[j] && !has(move, j))
            return j;
    }
    return -1;
}

static int32_t draw_seated(struct rh_select_search *s, const struct rh_select_seats *seats,
                           int32_t owner)
{
    int32_t count = seats->count[owner];

    return count ? seats->list[seats->start[owner] + rh_dice_below(&s->dice, count)] : -1;
}

static int32_t column_of(const struct rh_select_model *m, int32_t group, int32_t agent)
{
    int32_t j = m->at[(int64_t)group * m->agents + agent];

    return j >= 0 && rh_select_fixed(m, j) == RH_SELECT_FREE ? j : -1;
}

/* Another agent for the group, in place of one or in addition; or one leaves. */
static void draw_exchange(struct rh_select_search *s, struct move *move, int32_t group)
{
    int32_t in = draw_candidate(s, group), out = draw_seated(s, &s->of_group, group);
    int32_t how = rh_dice_below(&s->dice, 32);

    if (in >= 0 && !s->taken[in] && how != 0)
        add(move, in);
    if (out >= 0 && how > 1)
        add(move, out);
}

/*
 * A chain: an agent joins the group in place of one there and leaves another group for that, where
 * the one replaced goes or somebody new, who may leave a third group for that, and so on.
 */
static void draw_chain(struct rh_select_search *s, struct move *move, int32_t group)
{
    const int32_t *agent = s->model->problem->agent, *of = s->model->problem->group;
    int32_t out = draw_seated(s, &s->of_group, group), in = draw_newcomer(s, move, group);
    int32_t links = 1 + rh_dice_below(&s->dice, 3);

    if (in < 0)
        return;
    if (out >= 0)
        add(move, out);
    for (int32_t link = 0; link < links && in >= 0 && move->count + 2 <= MOVE_MOST; link++) {
        int32_t left, back;

        add(move, in);
        left = draw_seated(s, &s->of_agent, agent[in]);
        if (left < 0 || has(move, left))
            return;
        add(move, left);
        back = out >= 0 ? column_of(s->model, of[left], agent[out]) : -1;
        if (back >= 0 && !s->taken[back] && !has(move, back) && rh_dice_below(&s->dice, 2)) {
            add(move, back);
            return;
        }
        in = draw_newcomer(s, move, of[left]);
    }
    if (in >= 0)
        add(move, in);
}

/* The agent of one group goes to another: where agents are short, teams are not full. */
static void draw_transfer(struct rh_select_search *s, struct move *move, int32_t group)
{
    int32_t in = draw_newcomer(s, move, group), left;

    if (in < 0)
        return;
    add(move, in);
    left = draw_seated(s, &s->of_agent, s->model->problem->agent[in]);
    if (left >= 0)
        add(move, left);
}

/* Some columns anywhere turn over: what is bound together by rows alone changes together. */
static void draw_any(struct rh_select_search *s, struct move *move, int32_t group)
{
    int32_t wanted = 2 + rh_dice_below(&s->dice, 2);

    for (int32_t k = 0; k < wanted; k++) {
        int32_t at = k ? rh_dice_below(&s->dice, s->model->groups) : group;
        int32_t j =
            rh_dice_below(&s->dice, 2) ? draw_seated(s, &s->of_group, at) : draw_candidate(s, at);

        if (j >= 0)
            add(move, j);
    }
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

static void take_back(struct rh_select_search *s, const struct move *move, int32_t made)
{
    while (made > 0)
        (void)flip(s, move->column[--made]);
}

static void step(struct rh_select_search *s, double temperature)
{
    int32_t group = rh_dice_below(&s->dice, s->model->groups);
    int32_t what = rh_dice_below(&s->dice, 16), made = 0;
    int64_t before = s->value;
    struct move move = {{0}, 0};
    bool kept = true;

    if (what < 6)
        draw_exchange(s, &move, group);
    else if (what < 7)
        draw_any(s, &move, group);
    else if (what < 9)
        draw_transfer(s, &move, group);
    else
        draw_chain(s, &move, group);
    order_outs_first(s, &move);
    while (made < move.count && kept)
        kept = flip(s, move.column[made++]);
    if (!kept ||
        (s->value > before && (double)(s->value - before) > temperature * draw_chill(&s->dice)))
        take_back(s, &move, made);
    else
        note_best(s);
}

bool rh_select_search_anneal(struct rh_select_search *search, int64_t steps, double warm,
                             double cold)
{
    int64_t looks = (steps + LOOK_STEPS - 1) / LOOK_STEPS;

    /* The cube of a falling line: slow where it is cold, without pow(). */
    for (int64_t look = 0; look < looks; look++) {
        double fall = 1 - (double)look / (double)looks;
        double temperature = cold + (warm - cold) * fall * fall * fall;
        int64_t left = steps - look * LOOK_STEPS, now = left < LOOK_STEPS ? left : LOOK_STEPS;

        for (int64_t k = 0; k < now; k++)
            step(search, temperature);
        search->steps += now;
        if (search->pause && search->pause(search->context))
            return false;
    }
    return true;
}
