#include "core/solve/score.h"

#include <string.h>

static size_t cell(const struct rh_model *m, int32_t block, int32_t slot)
{
    return (size_t)block * (size_t)m->slots + (size_t)slot;
}

/* Units outside min … max. */
static int64_t outside(const struct rh_model_row *row, int32_t count)
{
    if (count < row->min)
        return row->min - count;
    return count > row->max ? count - row->max : 0;
}

static int32_t too_near(const struct rh_model_near *near, int32_t a, int32_t b)
{
    int32_t between = a > b ? a - b : b - a;

    return between < near->distance ? near->distance - between : 0;
}

int32_t rh_score_init(struct rh_score *score, const struct rh_model *model, struct rh_err *err)
{
    size_t rows = (size_t)model->rows + 1, blocks = (size_t)model->blocks;
    struct rh_arena *arena = &score->arena;

    *score = (struct rh_score){.model = model, .weight = {1, 1, 1}};
    rh_arena_init(arena, SIZE_MAX);
    score->slot = rh_arena_array(arena, blocks, sizeof(int32_t));
    score->count = rh_arena_array(arena, rows, sizeof(int32_t));
    score->row_weight = rh_arena_array(arena, rows, sizeof(int64_t));
    score->net = rh_arena_array(arena, rows, sizeof(int32_t));
    score->pull = rh_arena_array(arena, blocks * (size_t)model->slots, sizeof(int64_t));
    if (score->slot && score->count && score->row_weight && score->net && score->pull)
        return 0;
    rh_score_fini(score);
    return rh_err_nomem(err);
}

void rh_score_fini(struct rh_score *score)
{
    rh_arena_fini(&score->arena);
}

/* Adds `sign` times what `near`, sitting at `from`, asks of a block, to the block's pulls. */
static void spread(struct rh_score *score, const struct rh_model_near *near, int32_t from,
                   int64_t sign)
{
    int32_t slots = score->model->slots, reach = near->distance - 1;
    int32_t first = from - reach > 0 ? from - reach : 0;
    int32_t last = from + reach < slots - 1 ? from + reach : slots - 1;
    int64_t unit = sign * near->price * score->weight[near->level];
    int64_t *pull = score->pull + cell(score->model, near->block, 0);

    for (int32_t t = first; t <= last; t++)
        pull[t] += unit * too_near(near, from, t);
}

static void build_pulls(struct rh_score *score)
{
    const struct rh_model *m = score->model;
    size_t cells = (size_t)m->blocks * (size_t)m->slots;

    for (size_t c = 0; c < cells; c++)
        score->pull[c] = m->cost[c] * score->weight[RH_SOLVE_SOFT];
    for (int32_t b = 0; b < m->blocks; b++) {
        for (int32_t j = m->near_start[b]; j < m->near_start[b + 1]; j++)
            spread(score, &m->near[j], score->slot[b], 1);
    }
}

static void count_values(struct rh_score *score)
{
    const struct rh_model *m = score->model;

    memcpy(score->value, m->within, sizeof(score->value));
    memset(score->count, 0, (size_t)m->rows * sizeof(score->count[0]));
    for (int32_t b = 0; b < m->blocks; b++) {
        size_t at = cell(m, m->kind_of[b], score->slot[b]);

        score->value[RH_SOLVE_SOFT] += m->cost[cell(m, b, score->slot[b])];
        for (int32_t j = m->cell_start[at]; j < m->cell_start[at + 1]; j++)
            score->count[m->touch[j].row] += m->touch[j].units;
        for (int32_t j = m->near_start[b]; j < m->near_start[b + 1]; j++) {
            const struct rh_model_near *near = &m->near[j];

            if (near->block > b)
                score->value[near->level] +=
                    near->price * too_near(near, score->slot[b], score->slot[near->block]);
        }
    }
    for (int32_t r = 0; r < m->rows; r++)
        score->value[m->row[r].level] += m->row[r].price * outside(&m->row[r], score->count[r]);
}

void rh_score_weigh(struct rh_score *score, const int64_t weight[RH_SOLVE_LEVELS])
{
    const struct rh_model *m = score->model;

    memcpy(score->weight, weight, sizeof(score->weight));
    for (int32_t r = 0; r < m->rows; r++)
        score->row_weight[r] = m->row[r].price * weight[m->row[r].level];
    build_pulls(score);
}

void rh_score_set(struct rh_score *score, const int32_t *slot)
{
    int64_t weight[RH_SOLVE_LEVELS];

    memmove(score->slot, slot, (size_t)score->model->blocks * sizeof(slot[0]));
    count_values(score);
    memcpy(weight, score->weight, sizeof(weight));
    rh_score_weigh(score, weight);
}

int64_t rh_score_energy(const struct rh_score *score)
{
    int64_t energy = 0;

    for (int level = 0; level < RH_SOLVE_LEVELS; level++)
        energy += score->value[level] * score->weight[level];
    return energy;
}

static int64_t row_change(const struct rh_score *score, int32_t r, int32_t units)
{
    const struct rh_model_row *row = &score->model->row[r];
    int32_t count = score->count[r];

    return score->row_weight[r] * (outside(row, count + units) - outside(row, count));
}

int64_t rh_score_shift(const struct rh_score *score, int32_t block, int32_t slot)
{
    const struct rh_model *m = score->model;
    size_t old_cell = cell(m, m->kind_of[block], score->slot[block]);
    size_t new_cell = cell(m, m->kind_of[block], slot);
    const struct rh_model_touch *old = m->touch + m->cell_start[old_cell];
    const struct rh_model_touch *old_end = m->touch + m->cell_start[old_cell + 1];
    const struct rh_model_touch *now = m->touch + m->cell_start[new_cell];
    const struct rh_model_touch *now_end = m->touch + m->cell_start[new_cell + 1];
    int64_t change =
        score->pull[cell(m, block, slot)] - score->pull[cell(m, block, score->slot[block])];

    /* Both lists ascend by row: a row in both stays as it is. */
    while (old < old_end && now < now_end) {
        if (old->row == now->row) {
            old++;
            now++;
        } else if (old->row < now->row) {
            change += row_change(score, old->row, -old->units);
            old++;
        } else {
            change += row_change(score, now->row, now->units);
            now++;
        }
    }
    for (; old < old_end; old++)
        change += row_change(score, old->row, -old->units);
    for (; now < now_end; now++)
        change += row_change(score, now->row, now->units);
    return change;
}

static void net_add(struct rh_score *score, int32_t block, int32_t slot, int32_t sign)
{
    const struct rh_model *m = score->model;
    size_t at = cell(m, m->kind_of[block], slot);

    for (int32_t j = m->cell_start[at]; j < m->cell_start[at + 1]; j++)
        score->net[m->touch[j].row] += sign * m->touch[j].units;
}

/* Walks the same lists again: each row with a net change is charged once and cleared. */
static int64_t net_settle(struct rh_score *score, int32_t block, int32_t slot)
{
    const struct rh_model *m = score->model;
    size_t at = cell(m, m->kind_of[block], slot);
    int64_t change = 0;

    for (int32_t j = m->cell_start[at]; j < m->cell_start[at + 1]; j++) {
        int32_t r = m->touch[j].row;

        if (score->net[r] != 0) {
            change += row_change(score, r, score->net[r]);
            score->net[r] = 0;
        }
    }
    return change;
}

/* `pull` takes each of two blocks to move past the other one's old place. Where the two are near
 * each other, this puts the difference right. */
static int64_t pair_correction(const struct rh_score *score, const struct rh_score_move *a,
                               const struct rh_score_move *b)
{
    const struct rh_model *m = score->model;
    int32_t low = m->near_start[a->block], high = m->near_start[a->block + 1];
    int32_t end = high, a_old = score->slot[a->block], b_old = score->slot[b->block];
    int64_t change = 0;

    while (low < high) {
        int32_t middle = low + (high - low) / 2;

        if (m->near[middle].block < b->block)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < end && m->near[low].block == b->block; low++) {
        const struct rh_model_near *near = &m->near[low];
        int32_t units = too_near(near, a->slot, b->slot) + too_near(near, a_old, b_old) -
                        too_near(near, a->slot, b_old) - too_near(near, a_old, b->slot);

        change += units * near->price * score->weight[near->level];
    }
    return change;
}

int64_t rh_score_moves(struct rh_score *score, const struct rh_score_move *moves, int32_t count)
{
    const struct rh_model *m = score->model;
    int64_t change = 0;

    for (int32_t i = 0; i < count; i++) {
        net_add(score, moves[i].block, score->slot[moves[i].block], -1);
        net_add(score, moves[i].block, moves[i].slot, 1);
    }
    for (int32_t i = 0; i < count; i++) {
        int32_t block = moves[i].block, old = score->slot[block];

        change += net_settle(score, block, old) + net_settle(score, block, moves[i].slot);
        change += score->pull[cell(m, block, moves[i].slot)] - score->pull[cell(m, block, old)];
        for (int32_t j = i + 1; j < count; j++)
            change += pair_correction(score, &moves[i], &moves[j]);
    }
    return change;
}

int64_t rh_score_swap(struct rh_score *score, int32_t a, int32_t b)
{
    const struct rh_model *m = score->model;
    const struct rh_score_move moves[2] = {{a, score->slot[b]}, {b, score->slot[a]}};

    if (m->kind_of[a] != m->kind_of[b])
        return rh_score_moves(score, moves, 2);
    return score->pull[cell(m, a, moves[0].slot)] - score->pull[cell(m, a, moves[1].slot)] +
           score->pull[cell(m, b, moves[1].slot)] - score->pull[cell(m, b, moves[0].slot)] +
           pair_correction(score, &moves[0], &moves[1]);
}

static void enter_rows(struct rh_score *score, int32_t block, int32_t slot, int32_t sign)
{
    const struct rh_model *m = score->model;
    size_t at = cell(m, m->kind_of[block], slot);

    for (int32_t j = m->cell_start[at]; j < m->cell_start[at + 1]; j++) {
        const struct rh_model_row *row = &m->row[m->touch[j].row];
        int32_t *count = &score->count[m->touch[j].row];

        score->value[row->level] -= row->price * outside(row, *count);
        *count += sign * m->touch[j].units;
        score->value[row->level] += row->price * outside(row, *count);
    }
}

void rh_score_apply(struct rh_score *score, int32_t block, int32_t slot)
{
    const struct rh_model *m = score->model;
    int32_t old = score->slot[block];

    enter_rows(score, block, old, -1);
    enter_rows(score, block, slot, 1);
    score->value[RH_SOLVE_SOFT] += m->cost[cell(m, block, slot)] - m->cost[cell(m, block, old)];
    for (int32_t j = m->near_start[block]; j < m->near_start[block + 1]; j++) {
        const struct rh_model_near *near = &m->near[j];
        int32_t there = score->slot[near->block];

        score->value[near->level] +=
            near->price * (too_near(near, slot, there) - too_near(near, old, there));
        spread(score, near, old, -1);
        spread(score, near, slot, 1);
    }
    score->slot[block] = slot;
}
