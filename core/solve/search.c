#include "core/solve/search.h"

#include "core/solve/move.h"

#include <stdlib.h>
#include <string.h>

enum {
    PAUSE_STEPS = 4096, /* between two looks at the clock */
    COOL_STEPS = 256,   /* between two temperatures */
    STIFFENINGS = 64,   /* changes of the weights within a round */
    SAMPLES = 1024      /* to learn what a soft difference weighs */
};

/* Weights stay below 2^16 and the dearest plan below 2^44 (problem.c): the energy fits. */
static const double weight_max = 65535;

/* The part of a round after which balance has its full price: the rest settles the soft level. */
static const double stiff_after = 0.77;

/* What a unit of hard deviation costs at first, in units of balance. */
static const double hard_at_first = 3;

/* -ln(u) for 0 < u < 1 by halving and a short series: only additions, multiplications and
 * divisions, which every machine rounds alike; libm promises no such thing. */
static double minus_log(double u)
{
    double halvings = 0, y, power, sum = 0;

    while (u < 0.5) {
        u *= 2;
        halvings += 0.69314718055994530942;
    }
    y = (1 - u) / (1 + u);
    power = y;
    for (int k = 1; k < 40; k += 2) {
        sum += power / k;
        power *= y * y;
    }
    return halvings + 2 * sum;
}

/* The factor that, applied `times` times, leads from 1 to `target`: bisection, for the same
 * reason. */
static double nth_factor(double target, int64_t times)
{
    double low = target < 1 ? target : 1, high = target < 1 ? 1 : target;

    for (int i = 0; i < 80; i++) {
        double middle = (low + high) / 2, power = 1, base = middle;

        for (int64_t n = times; n > 0; n /= 2) {
            if (n & 1)
                power *= base;
            base *= base;
        }
        if (power < target)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

static void fill_chill(int32_t *chill)
{
    const double places = RH_CHILL_PLACES;

    for (int32_t i = 0; i < RH_CHILL_PLACES; i++)
        chill[i] = (int32_t)(minus_log((i + 0.5) / places) * RH_CHILL_UNIT);
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static int64_t middle_of(int64_t *list, int32_t count)
{
    if (count == 0)
        return 1;
    qsort(list, (size_t)count, sizeof(list[0]), by_size);
    return list[count / 2];
}

/* The typical price of a unit of deviation on a level. */
static int64_t typical_price(const struct rh_model *m, int32_t level, int64_t *list)
{
    int32_t count = 0, every = m->rows / SAMPLES + 1;

    for (int32_t r = 0; r < m->rows; r += every) {
        if (m->row[r].level == level)
            list[count++] = m->row[r].price;
    }
    return middle_of(list, count);
}

/* What a soft difference typically is: two options of a block compared, in a plan made by chance.
 */
static int64_t typical_difference(struct rh_search *s, int64_t *list)
{
    const struct rh_model *m = s->model;
    int32_t count = 0;

    for (int32_t i = 0; i < SAMPLES; i++) {
        int32_t block = rh_dice_below(&s->dice, m->blocks);
        int64_t a = rh_search_pull(s, block, rh_search_option(s, block));
        int64_t b = rh_search_pull(s, block, rh_search_option(s, block));

        if (a != b)
            list[count++] = a > b ? a - b : b - a;
    }
    return middle_of(list, count);
}

static void learn_scale(struct rh_search *s)
{
    int64_t list[SAMPLES], difference;
    int32_t *slot = s->best;

    for (int32_t b = 0; b < s->model->blocks; b++)
        slot[b] = rh_search_option(s, b);
    memcpy(s->score.weight, (const int64_t[RH_SOLVE_LEVELS]){0, 0, 1}, sizeof(s->score.weight));
    rh_score_set(&s->score, slot);
    difference = typical_difference(s, list);
    for (int32_t level = 0; level < RH_SOLVE_LEVELS; level++)
        s->middle[level] = typical_price(s->model, level, list);
    /* Weights are integers: soft points are made finer until the loosest price has some digits. */
    s->fine = 16;
    while (s->fine < 4096 && s->fine * difference < 32 * s->middle[RH_SOLVE_BALANCE])
        s->fine *= 2;
    s->unit = (double)(s->fine * difference);
}

int32_t rh_search_init(struct rh_search *search, const struct rh_model *model, uint64_t seed,
                       struct rh_err *err)
{
    size_t blocks = (size_t)model->blocks, slots = (size_t)model->slots;
    struct rh_arena *arena = &search->arena;
    int32_t rc;

    *search = (struct rh_search){.model = model, .dice = {seed}};
    rh_arena_init(arena, SIZE_MAX);
    rc = rh_score_init(&search->score, model, err);
    if (rc < 0)
        return rc;
    search->chill = rh_arena_array(arena, RH_CHILL_PLACES, sizeof(int32_t));
    search->place = rh_arena_array(arena, blocks, sizeof(int32_t));
    search->best = rh_arena_array(arena, blocks, sizeof(int32_t));
    search->slot_size = rh_arena_array(arena, slots, sizeof(int32_t));
    search->in_slot = rh_arena_array(arena, slots * blocks, sizeof(int32_t));
    search->toll = rh_arena_array(arena, (size_t)model->kinds * slots, sizeof(int64_t));
    search->least = rh_arena_array(arena, blocks, sizeof(int64_t));
    if (!search->chill || !search->place || !search->best || !search->slot_size ||
        !search->in_slot || !search->toll || !search->least) {
        rh_search_fini(search);
        return rh_err_nomem(err);
    }
    fill_chill(search->chill);
    learn_scale(search);
    for (int level = 0; level < RH_SOLVE_LEVELS; level++) {
        search->best_value[level] = INT64_MAX;
        search->goal[level] = INT64_MIN;
    }
    return 0;
}

void rh_search_fini(struct rh_search *search)
{
    rh_score_fini(&search->score);
    rh_arena_fini(&search->arena);
}

int rh_value_compare(const int64_t a[RH_SOLVE_LEVELS], const int64_t b[RH_SOLVE_LEVELS])
{
    for (int level = 0; level < RH_SOLVE_LEVELS; level++) {
        if (a[level] != b[level])
            return a[level] < b[level] ? -1 : 1;
    }
    return 0;
}

void rh_search_start(struct rh_search *search, const int32_t *slot)
{
    rh_score_set(&search->score, slot);
    rh_search_list_slots(search);
    search->energy = rh_score_energy(&search->score);
    rh_search_keep_if_best(search);
}

void rh_search_guide(struct rh_search *search, const int64_t *price, int64_t scale)
{
    const struct rh_model *m = search->model;

    rh_model_tolls(m, price, (double)search->fine / (double)scale, search->toll);
    for (int32_t b = 0; b < m->blocks; b++) {
        const int64_t *cost = m->cost + (size_t)b * (size_t)m->slots;
        const int64_t *toll = search->toll + (size_t)m->kind_of[b] * (size_t)m->slots;

        search->least[b] = INT64_MAX;
        for (int32_t j = m->option_start[b]; j < m->option_start[b + 1]; j++) {
            int64_t due = cost[m->option[j]] * search->fine + toll[m->option[j]];

            search->least[b] = due < search->least[b] ? due : search->least[b];
        }
    }
}

void rh_search_scatter(struct rh_search *search)
{
    int32_t *slot = search->score.slot;

    for (int32_t b = 0; b < search->model->blocks; b++)
        slot[b] = rh_search_option(search, b);
    rh_search_start(search, slot);
}

static int64_t weight_of(double price, int64_t middle)
{
    double weight = price / (double)middle;

    return weight < 1 ? 1 : weight > weight_max ? (int64_t)weight_max : (int64_t)weight;
}

/* Prices of one unit of deviation, in soft units. */
static void stiffen(struct rh_search *s, double hard, double balance)
{
    const int64_t weight[RH_SOLVE_LEVELS] = {
        [RH_SOLVE_HARD] = weight_of(hard * s->unit, s->middle[RH_SOLVE_HARD]),
        [RH_SOLVE_BALANCE] = weight_of(balance * s->unit, s->middle[RH_SOLVE_BALANCE]),
        [RH_SOLVE_SOFT] = s->fine,
    };

    rh_score_weigh(&s->score, weight);
    s->energy = rh_score_energy(&s->score);
}

bool rh_search_round(struct rh_search *search, int64_t steps,
                     const struct rh_search_climate *climate)
{
    int64_t every = (int64_t)((double)steps * stiff_after) / STIFFENINGS + 1;
    double cooling = nth_factor(climate->cold / climate->warm, steps / COOL_STEPS + 1);
    double stiffening = nth_factor(climate->stiff / climate->loose, STIFFENINGS);
    double hardening = nth_factor(climate->hard / hard_at_first, STIFFENINGS);
    double temperature = climate->warm * search->unit;
    double balance = climate->loose, hard = climate->loose * hard_at_first;

    stiffen(search, hard, balance);
    search->arrived = rh_value_compare(search->best_value, search->goal) <= 0;
    for (int64_t n = 1; n <= steps && !search->arrived; n++) {
        rh_search_step(search, temperature);
        search->steps++;
        if (n % COOL_STEPS == 0)
            temperature *= cooling;
        if (n % every == 0 && n / every <= STIFFENINGS) {
            balance *= stiffening;
            hard *= stiffening * hardening;
            stiffen(search, hard, balance);
        }
        if (n % PAUSE_STEPS == 0 && search->pause && search->pause(search->context))
            return false;
    }
    return true;
}
