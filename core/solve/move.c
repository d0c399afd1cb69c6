#include "core/solve/move.h"

#include <string.h>

void rh_search_keep_if_best(struct rh_search *search)
{
    if (rh_value_compare(search->score.value, search->best_value) >= 0)
        return;
    memcpy(search->best, search->score.slot,
           (size_t)search->model->blocks * sizeof(search->best[0]));
    memcpy(search->best_value, search->score.value, sizeof(search->best_value));
    search->arrived = rh_value_compare(search->best_value, search->goal) <= 0;
}

static int32_t *slot_list(const struct rh_search *s, int32_t slot)
{
    return s->in_slot + (size_t)slot * (size_t)s->model->blocks;
}

static void enter_slot(struct rh_search *s, int32_t block, int32_t slot)
{
    s->place[block] = s->slot_size[slot];
    slot_list(s, slot)[s->slot_size[slot]++] = block;
}

static void leave_slot(struct rh_search *s, int32_t block, int32_t slot)
{
    int32_t last = slot_list(s, slot)[--s->slot_size[slot]];

    slot_list(s, slot)[s->place[block]] = last;
    s->place[last] = s->place[block];
}

void rh_search_list_slots(struct rh_search *search)
{
    memset(search->slot_size, 0, (size_t)search->model->slots * sizeof(search->slot_size[0]));
    for (int32_t b = 0; b < search->model->blocks; b++)
        enter_slot(search, b, search->score.slot[b]);
}

static bool may(const struct rh_model *m, int32_t block, int32_t slot)
{
    return m->may[(size_t)block * (size_t)m->slots + (size_t)slot];
}

/* Makes the moves if their change is within the patience of this step. */
static bool settle(struct rh_search *s, const struct rh_score_move *moves, int32_t count,
                   int64_t change, int64_t patience)
{
    if (change > patience)
        return false;
    for (int32_t i = 0; i < count; i++) {
        leave_slot(s, moves[i].block, s->score.slot[moves[i].block]);
        enter_slot(s, moves[i].block, moves[i].slot);
        rh_score_apply(&s->score, moves[i].block, moves[i].slot);
    }
    s->energy += change;
    rh_search_keep_if_best(s);
    return true;
}

static bool try_several(struct rh_search *s, const struct rh_score_move *moves, int32_t count,
                        int64_t patience)
{
    return settle(s, moves, count, rh_score_moves(&s->score, moves, count), patience);
}

static bool try_swap(struct rh_search *s, int32_t a, int32_t b, int64_t patience)
{
    const struct rh_score_move moves[2] = {{a, s->score.slot[b]}, {b, s->score.slot[a]}};

    if (moves[0].slot == moves[1].slot || !may(s->model, a, moves[0].slot) ||
        !may(s->model, b, moves[1].slot))
        return false;
    return settle(s, moves, 2, rh_score_swap(&s->score, a, b), patience);
}

static int32_t anyone_in(struct rh_search *s, int32_t slot)
{
    return slot_list(s, slot)[rh_dice_below(&s->dice, s->slot_size[slot])];
}

/* What a block feels in a slot: its cost, its neighbours, and what the rows ask there. */
static int64_t felt(const struct rh_search *s, int32_t block, int32_t slot)
{
    size_t cell = (size_t)s->model->kind_of[block] * (size_t)s->model->slots + (size_t)slot;

    return rh_search_pull(s, block, slot) + s->toll[cell];
}

static int64_t suffering(const struct rh_search *s, int32_t block)
{
    return felt(s, block, s->score.slot[block]) - s->least[block];
}

/* The one that suffers most among a few drawn by chance. */
static int32_t draw_block(struct rh_search *s)
{
    int32_t worst = rh_dice_below(&s->dice, s->model->blocks);

    for (int32_t more = rh_dice_below(&s->dice, 4); more > 0; more--) {
        int32_t other = rh_dice_below(&s->dice, s->model->blocks);

        if (suffering(s, other) > suffering(s, worst))
            worst = other;
    }
    return worst;
}

/* The one that attracts the block most among a few drawn by chance. */
static int32_t draw_slot(struct rh_search *s, int32_t block)
{
    int32_t best = rh_search_option(s, block);

    for (int32_t more = rh_dice_below(&s->dice, 4); more > 0; more--) {
        int32_t other = rh_search_option(s, block);

        if (felt(s, block, other) < felt(s, block, best))
            best = other;
    }
    return best;
}

/* Another block of the kind of a that is in the family of `slot`, or -1. */
static int32_t twin_in_family(struct rh_search *s, int32_t a, int32_t slot)
{
    const struct rh_model *m = s->model;
    const int32_t *list = m->kind_block + m->kind_start[m->kind_of[a]];
    int32_t count = m->kind_start[m->kind_of[a] + 1] - m->kind_start[m->kind_of[a]];
    int32_t at = rh_dice_below(&s->dice, count), most = count < 64 ? count : 64;

    for (; most > 0; most--) {
        if (list[at] != a && m->family[s->score.slot[list[at]]] == m->family[slot])
            return list[at];
        at = at + 1 < count ? at + 1 : 0;
    }
    return -1;
}

/* a takes the place of c, c that of b, b that of a; b is of the kind of a and lives where c may
 * move without touching a row but those of single slots. */
static void rotate(struct rh_search *s, int32_t a, int32_t slot, int64_t patience)
{
    const struct rh_model *m = s->model;
    struct rh_score_move moves[3] = {{a, slot}};
    int32_t from = s->score.slot[a], b, c;

    if (s->slot_size[slot] == 0)
        return;
    c = anyone_in(s, slot);
    if (m->family[slot] == m->family[from]) {
        (void)try_swap(s, a, c, patience);
        return;
    }
    b = twin_in_family(s, a, slot);
    if (b < 0 || !may(m, b, from))
        return;
    if (s->score.slot[b] == slot) {
        (void)try_swap(s, a, b, patience);
        return;
    }
    moves[1] = (struct rh_score_move){b, from};
    moves[2] = (struct rh_score_move){c, s->score.slot[b]};
    if (may(m, c, moves[2].slot))
        (void)try_several(s, moves, 3, patience);
}

/* a goes to `slot`; if that is too dear, one of those there changes places with it, or makes room
 * by going somewhere else, or sends on one from there. */
static void push(struct rh_search *s, int32_t a, int32_t slot, int64_t patience)
{
    struct rh_score_move moves[3] = {{a, slot}};

    if (settle(s, moves, 1, rh_score_shift(&s->score, a, slot), patience) ||
        s->slot_size[slot] == 0)
        return;
    moves[1].block = anyone_in(s, slot);
    if (try_swap(s, a, moves[1].block, patience))
        return;
    moves[1].slot = rh_search_option(s, moves[1].block);
    if (moves[1].slot == slot || moves[1].slot == s->score.slot[a] ||
        try_several(s, moves, 2, patience) || s->slot_size[moves[1].slot] == 0)
        return;
    moves[2].block = anyone_in(s, moves[1].slot);
    moves[2].slot = s->score.slot[a];
    if (may(s->model, moves[2].block, moves[2].slot))
        (void)try_several(s, moves, 3, patience);
}

void rh_search_step(struct rh_search *search, double temperature)
{
    const struct rh_model *m = search->model;
    int32_t chill = search->chill[rh_dice_next(&search->dice) >> (64 - RH_CHILL_BITS)];
    int64_t patience = (int64_t)(temperature * chill / RH_CHILL_UNIT);
    int32_t a = draw_block(search), kind = m->kind_of[a], sort = rh_dice_below(&search->dice, 4);
    int32_t slot, alike = m->kind_start[kind + 1] - m->kind_start[kind];

    if (m->option_start[a + 1] - m->option_start[a] < 2)
        return;
    if (sort == 0 && alike > 1) {
        int32_t b = m->kind_block[m->kind_start[kind] + rh_dice_below(&search->dice, alike)];

        (void)try_swap(search, a, b, patience);
        return;
    }
    slot = draw_slot(search, a);
    if (slot == search->score.slot[a])
        return;
    if (sort <= 1)
        push(search, a, slot, patience);
    else
        rotate(search, a, slot, patience);
}
