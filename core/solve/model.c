#include "core/solve/model.h"

#include "core/base/dice.h"

#include <string.h>

/* Far above what the largest permitted problem needs; a limit all the same. */
static const size_t model_memory_max = (size_t)4 << 30;

static void *make(struct rh_model *m, int64_t count, size_t size)
{
    return rh_arena_array(&m->arena, (size_t)(count > 0 ? count : 1), size);
}

/*
 * Lists by key, all in one array: count into start[key + 1], call lists_open(), then fill from the
 * back with list[--start[key + 1]], and lists_close() puts the starts in place. Filling backwards
 * keeps the order within a list.
 */
static void lists_open(int32_t *start, int64_t keys)
{
    for (int64_t k = 0; k < keys; k++)
        start[k + 1] += start[k];
}

static void lists_close(int32_t *start, int64_t keys, int32_t total)
{
    for (int64_t k = 0; k < keys; k++)
        start[k] = start[k + 1];
    start[keys] = total;
}

static int32_t group_items(struct rh_model *m, const int32_t *leader)
{
    m->block_of = make(m, m->items, sizeof(int32_t));
    m->member_start = make(m, m->items + 1, sizeof(int32_t));
    m->member = make(m, m->items, sizeof(int32_t));
    if (!m->block_of || !m->member_start || !m->member)
        return RH_ENOMEM;
    for (int32_t i = 0; i < m->items; i++) {
        if (leader[i] == i)
            m->block_of[i] = m->blocks++;
        else
            m->block_of[i] = m->block_of[leader[i]];
        m->member_start[m->block_of[i] + 1]++;
    }
    lists_open(m->member_start, m->blocks);
    for (int32_t i = m->items - 1; i >= 0; i--)
        m->member[--m->member_start[m->block_of[i] + 1]] = i;
    lists_close(m->member_start, m->blocks, m->items);
    return 0;
}

static void sum_costs(struct rh_model *m)
{
    const struct rh_solve_problem *p = m->problem;
    size_t slots = (size_t)m->slots;

    memset(m->may, 1, (size_t)m->blocks * slots);
    for (int32_t i = 0; i < m->items; i++) {
        int64_t *cost = m->cost + (size_t)m->block_of[i] * slots;
        uint8_t *may = m->may + (size_t)m->block_of[i] * slots;

        for (int32_t k = 0; k < p->cost_count; k++) {
            for (size_t t = 0; t < slots; t++)
                cost[t] += p->costs[k].price[(size_t)i * slots + t];
        }
        for (size_t t = 0; t < slots; t++)
            may[t] = may[t] && p->allowed[(size_t)i * slots + t];
    }
}

static int32_t fill_options(struct rh_model *m)
{
    size_t cells = (size_t)m->blocks * (size_t)m->slots;
    int32_t used = 0;

    m->cost = make(m, (int64_t)cells, sizeof(int64_t));
    m->may = make(m, (int64_t)cells, sizeof(uint8_t));
    m->option_start = make(m, m->blocks + 1, sizeof(int32_t));
    m->option = make(m, (int64_t)cells, sizeof(int32_t));
    if (!m->cost || !m->may || !m->option_start || !m->option)
        return RH_ENOMEM;
    sum_costs(m);
    for (int32_t b = 0; b < m->blocks; b++) {
        m->option_start[b] = used;
        for (int32_t t = 0; t < m->slots; t++) {
            if (m->may[(size_t)b * (size_t)m->slots + (size_t)t])
                m->option[used++] = t;
        }
    }
    m->option_start[m->blocks] = used;
    return 0;
}

static int32_t fill_rows(struct rh_model *m)
{
    const struct rh_solve_problem *p = m->problem;

    m->rows = p->count_count;
    m->row = make(m, m->rows, sizeof(m->row[0]));
    if (!m->row)
        return RH_ENOMEM;
    for (int32_t r = 0; r < m->rows; r++) {
        const struct rh_solve_count *from = &p->counts[r];

        m->row[r].min = from->min - from->taken;
        m->row[r].max = from->max == INT32_MAX ? INT32_MAX : from->max - from->taken;
        m->row[r].level = from->level;
        m->row[r].price = from->price;
    }
    return 0;
}

/* The rows of each block: list[start[b]] …, ascending by row. */
struct signature {
    int32_t *start;
    struct rh_model_touch *list;
};

static int32_t row_items(const struct rh_model *m, int32_t r)
{
    return m->problem->counts[r].items ? m->problem->counts[r].item_count : m->items;
}

static int32_t row_item(const struct rh_model *m, int32_t r, int32_t j)
{
    return m->problem->counts[r].items ? m->problem->counts[r].items[j] : j;
}

static int32_t fill_signature(struct rh_model *m, struct rh_arena *scratch, struct signature *s)
{
    int64_t total = 0;
    int32_t *end;

    for (int32_t r = 0; r < m->rows; r++)
        total += row_items(m, r);
    if (total > INT32_MAX / 2)
        return RH_ETOOLARGE;
    s->start = rh_arena_array(scratch, (size_t)m->blocks + 1, sizeof(int32_t));
    end = rh_arena_array(scratch, (size_t)m->blocks + 1, sizeof(int32_t));
    s->list = rh_arena_array(scratch, (size_t)total + 1, sizeof(s->list[0]));
    if (!s->start || !end || !s->list)
        return RH_ENOMEM;
    for (int32_t r = 0; r < m->rows; r++) {
        for (int32_t j = 0; j < row_items(m, r); j++)
            s->start[m->block_of[row_item(m, r, j)] + 1]++;
    }
    for (int32_t b = 0; b < m->blocks; b++)
        s->start[b + 1] += s->start[b];
    memcpy(end, s->start, (size_t)m->blocks * sizeof(int32_t));
    for (int32_t r = 0; r < m->rows; r++) {
        for (int32_t j = 0; j < row_items(m, r); j++) {
            int32_t b = m->block_of[row_item(m, r, j)];

            if (end[b] > s->start[b] && s->list[end[b] - 1].row == r)
                s->list[end[b] - 1].units++;
            else
                s->list[end[b]++] = (struct rh_model_touch){.row = r, .units = 1};
        }
    }
    /* Rows met twice by a block leave holes at the end of its list; mark them. */
    for (int32_t b = 0; b < m->blocks; b++) {
        for (int32_t j = end[b]; j < s->start[b + 1]; j++)
            s->list[j].row = -1;
    }
    return 0;
}

static uint64_t signature_hash(const struct signature *s, int32_t b)
{
    uint64_t hash = 1469598103934665603U;

    for (int32_t j = s->start[b]; j < s->start[b + 1] && s->list[j].row >= 0; j++) {
        hash = (hash ^ (uint64_t)s->list[j].row) * 1099511628211U;
        hash = (hash ^ (uint64_t)s->list[j].units) * 1099511628211U;
    }
    return hash ^ (hash >> 29);
}

static int signature_equal(const struct signature *s, int32_t a, int32_t b)
{
    int32_t j = s->start[a], k = s->start[b];

    while (j < s->start[a + 1] && s->list[j].row >= 0) {
        if (k == s->start[b + 1] || s->list[j].row != s->list[k].row ||
            s->list[j].units != s->list[k].units)
            return 0;
        j++;
        k++;
    }
    return k == s->start[b + 1] || s->list[k].row < 0;
}

/* Numbers the kinds in the order of their first block; first[kind] is that block. */
static int32_t number_kinds(struct rh_model *m, struct rh_arena *scratch, const struct signature *s,
                            int32_t *first)
{
    uint32_t places = 4;
    int32_t *place;

    while (places < (uint32_t)m->blocks * 2)
        places *= 2;
    place = rh_arena_array(scratch, places, sizeof(int32_t));
    m->kind_of = make(m, m->blocks, sizeof(int32_t));
    if (!place || !m->kind_of)
        return RH_ENOMEM;
    for (int32_t b = 0; b < m->blocks; b++) {
        uint32_t at = (uint32_t)signature_hash(s, b) & (places - 1);

        while (place[at] && !signature_equal(s, first[place[at] - 1], b))
            at = (at + 1) & (places - 1);
        if (!place[at]) {
            first[m->kinds++] = b;
            place[at] = m->kinds;
        }
        m->kind_of[b] = place[at] - 1;
    }
    return 0;
}

static int32_t list_kinds(struct rh_model *m)
{
    m->kind_start = make(m, m->kinds + 1, sizeof(int32_t));
    m->kind_block = make(m, m->blocks, sizeof(int32_t));
    if (!m->kind_start || !m->kind_block)
        return RH_ENOMEM;
    for (int32_t b = 0; b < m->blocks; b++)
        m->kind_start[m->kind_of[b] + 1]++;
    lists_open(m->kind_start, m->kinds);
    for (int32_t b = m->blocks - 1; b >= 0; b--)
        m->kind_block[--m->kind_start[m->kind_of[b] + 1]] = b;
    lists_close(m->kind_start, m->kinds, m->blocks);
    return 0;
}

static int32_t row_slots(const struct rh_model *m, int32_t r)
{
    return m->problem->counts[r].slots ? m->problem->counts[r].slot_count : m->slots;
}

static int32_t row_slot(const struct rh_model *m, int32_t r, int32_t j)
{
    return m->problem->counts[r].slots ? m->problem->counts[r].slots[j] : j;
}

static int32_t fill_cells(struct rh_model *m, const struct signature *s, const int32_t *first)
{
    int64_t cells = (int64_t)m->kinds * m->slots, total = 0;

    m->cell_start = make(m, cells + 1, sizeof(int32_t));
    if (!m->cell_start)
        return RH_ENOMEM;
    for (int32_t k = 0; k < m->kinds; k++) {
        for (int32_t j = s->start[first[k]]; j < s->start[first[k] + 1] && s->list[j].row >= 0;
             j++) {
            int32_t r = s->list[j].row;

            total += row_slots(m, r);
            if (total > INT32_MAX / 2)
                return RH_ETOOLARGE;
            for (int32_t q = 0; q < row_slots(m, r); q++)
                m->cell_start[(int64_t)k * m->slots + row_slot(m, r, q) + 1]++;
        }
    }
    lists_open(m->cell_start, cells);
    m->touch = make(m, total, sizeof(m->touch[0]));
    if (!m->touch)
        return RH_ENOMEM;
    for (int32_t k = m->kinds - 1; k >= 0; k--) {
        int32_t j = s->start[first[k] + 1];

        while (--j >= s->start[first[k]]) {
            int32_t r = s->list[j].row;

            if (r < 0)
                continue;
            for (int32_t q = 0; q < row_slots(m, r); q++)
                m->touch[--m->cell_start[(int64_t)k * m->slots + row_slot(m, r, q) + 1]] =
                    s->list[j];
        }
    }
    lists_close(m->cell_start, cells, (int32_t)total);
    return 0;
}

static int32_t fill_kinds(struct rh_model *m, struct rh_err *err)
{
    rh_auto_arena(scratch, model_memory_max);
    struct signature s = {0};
    int32_t *first = rh_arena_array(&scratch, (size_t)m->blocks, sizeof(int32_t));
    int32_t rc = first ? 0 : RH_ENOMEM;

    if (rc == 0)
        rc = fill_signature(m, &scratch, &s);
    if (rc == 0)
        rc = number_kinds(m, &scratch, &s, first);
    if (rc == 0)
        rc = list_kinds(m);
    if (rc == 0)
        rc = fill_cells(m, &s, first);
    if (rc == RH_ETOOLARGE)
        return rh_err_set(err, RH_ETOOLARGE, "Planungsaufgabe: zu viele Zählregeln",
                          "planning problem: too many count rows");
    return rc;
}

static int32_t fill_families(struct rh_model *m)
{
    uint64_t *mark = make(m, m->slots, sizeof(*mark));

    m->family = make(m, m->slots, sizeof(int32_t));
    if (!mark || !m->family)
        return RH_ENOMEM;
    /* A sum of one random-looking number per row tells sets of rows apart. Two sets that collide
     * would only cost the search some useless moves. */
    for (int32_t r = 0; r < m->rows; r++) {
        struct rh_dice dice = {(uint64_t)r};
        uint64_t number = rh_dice_next(&dice);

        if (!m->problem->counts[r].items)
            continue;
        for (int32_t q = 0; q < row_slots(m, r); q++)
            mark[row_slot(m, r, q)] += number;
    }
    for (int32_t t = 0; t < m->slots; t++) {
        while (mark[m->family[t]] != mark[t])
            m->family[t]++;
    }
    return 0;
}

static void sort_near(struct rh_model_near *list, int32_t count)
{
    /* Insertion: the lists are short, and stable order keeps runs repeatable. */
    for (int32_t i = 1; i < count; i++) {
        struct rh_model_near moved = list[i];
        int32_t j = i;

        while (j > 0 && list[j - 1].block > moved.block) {
            list[j] = list[j - 1];
            j--;
        }
        list[j] = moved;
    }
}

static int32_t fill_near(struct rh_model *m)
{
    const struct rh_solve_problem *p = m->problem;
    int32_t total = 0;

    m->near_start = make(m, m->blocks + 1, sizeof(int32_t));
    m->near = make(m, (int64_t)p->apart_count * 2, sizeof(m->near[0]));
    if (!m->near_start || !m->near)
        return RH_ENOMEM;
    for (int32_t k = 0; k < p->apart_count; k++) {
        int32_t a = m->block_of[p->aparts[k].a], b = m->block_of[p->aparts[k].b];

        if (a == b) {
            m->within[p->aparts[k].level] += p->aparts[k].price * p->aparts[k].distance;
            continue;
        }
        m->near_start[a + 1]++;
        m->near_start[b + 1]++;
        total += 2;
    }
    lists_open(m->near_start, m->blocks);
    for (int32_t k = p->apart_count - 1; k >= 0; k--) {
        const struct rh_solve_apart *from = &p->aparts[k];
        int32_t side[2] = {m->block_of[from->a], m->block_of[from->b]};

        for (int s = 0; s < 2 && side[0] != side[1]; s++)
            m->near[--m->near_start[side[s] + 1]] = (struct rh_model_near){
                .block = side[1 - s],
                .distance = from->distance,
                .level = from->level,
                .price = from->price,
            };
    }
    lists_close(m->near_start, m->blocks, total);
    for (int32_t b = 0; b < m->blocks; b++)
        sort_near(m->near + m->near_start[b], m->near_start[b + 1] - m->near_start[b]);
    return 0;
}

int32_t rh_model_init(struct rh_model *model, const struct rh_solve_problem *problem,
                      const int32_t *leader, struct rh_err *err)
{
    int32_t rc;

    *model = (struct rh_model){
        .problem = problem, .items = problem->item_count, .slots = problem->slot_count};
    rh_arena_init(&model->arena, model_memory_max);
    rc = group_items(model, leader);
    if (rc == 0)
        rc = fill_options(model);
    if (rc == 0)
        rc = fill_rows(model);
    if (rc == 0)
        rc = fill_kinds(model, err);
    if (rc == 0)
        rc = fill_families(model);
    if (rc == 0)
        rc = fill_near(model);
    if (rc < 0)
        rh_model_fini(model);
    return rc == RH_ENOMEM ? rh_err_nomem(err) : rc;
}

void rh_model_tolls(const struct rh_model *model, const int64_t *price, double factor,
                    int64_t *toll)
{
    const double most = (double)((int64_t)1 << 50);
    int64_t cells = (int64_t)model->kinds * model->slots;

    for (int64_t c = 0; c < cells; c++) {
        double sum = 0;

        for (int32_t j = model->cell_start[c]; j < model->cell_start[c + 1]; j++)
            sum += (double)price[model->touch[j].row] * model->touch[j].units;
        sum *= factor;
        toll[c] = (int64_t)(sum < -most ? -most : sum > most ? most : sum);
    }
}

static int64_t greatest_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

int64_t rh_model_grain(const struct rh_model *model, int32_t level)
{
    size_t cells = (size_t)model->blocks * (size_t)model->slots;
    int64_t grain = model->within[level];

    for (size_t c = 0; c < cells && level == RH_SOLVE_SOFT && grain != 1; c++) {
        if (model->may[c])
            grain = greatest_divisor(grain, model->cost[c]);
    }
    for (int32_t r = 0; r < model->rows; r++) {
        if (model->row[r].level == level)
            grain = greatest_divisor(grain, model->row[r].price);
    }
    for (int32_t j = 0; j < model->near_start[model->blocks]; j++) {
        if (model->near[j].level == level)
            grain = greatest_divisor(grain, model->near[j].price);
    }
    return grain > 0 ? grain : 1;
}

void rh_model_fini(struct rh_model *model)
{
    rh_arena_fini(&model->arena);
}
