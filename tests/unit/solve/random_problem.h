/*
 * random_problem.h - small planning problems of every shape, drawn from a seed, for tests that
 * compare with brute force. Everything lives in one structure, so nothing has to be freed.
 */
#ifndef TESTS_UNIT_SOLVE_RANDOM_PROBLEM_H
#define TESTS_UNIT_SOLVE_RANDOM_PROBLEM_H

#include "reihum/solve.h"

#include "core/base/dice.h"

#include <stdbool.h>
#include <string.h>

enum { ITEMS_MAX = 40, SLOTS_MAX = 16, COUNTS_MAX = 24, APARTS_MAX = 24, RULES = 8 };

struct random_problem {
    struct rh_solve_problem problem;
    uint8_t allowed[ITEMS_MAX * SLOTS_MAX];
    int64_t price[2][ITEMS_MAX * SLOTS_MAX];
    struct rh_solve_cost costs[2];
    struct rh_solve_count counts[COUNTS_MAX];
    int32_t items[COUNTS_MAX][ITEMS_MAX], slots[COUNTS_MAX][SLOTS_MAX];
    struct rh_solve_apart aparts[APARTS_MAX];
    struct rh_solve_together togethers[ITEMS_MAX];
};

static inline int32_t draw_subset(struct rh_dice *dice, int32_t *list, int32_t limit)
{
    int32_t count = 0;

    for (int32_t i = 0; i < limit; i++) {
        if (rh_dice_below(dice, 2))
            list[count++] = i;
    }
    return count;
}

static inline void draw_counts(struct random_problem *r, struct rh_dice *dice)
{
    for (int32_t k = 0; k < r->problem.count_count; k++) {
        struct rh_solve_count *row = &r->counts[k];
        int32_t share;

        if (rh_dice_below(dice, 2)) {
            row->items = r->items[k];
            row->item_count = draw_subset(dice, r->items[k], r->problem.item_count);
        }
        if (rh_dice_below(dice, 5)) {
            row->slots = r->slots[k];
            row->slot_count = draw_subset(dice, r->slots[k], r->problem.slot_count);
        }
        share = (row->items ? row->item_count : r->problem.item_count) *
                (row->slots ? row->slot_count : r->problem.slot_count) / r->problem.slot_count;
        row->taken = rh_dice_below(dice, 4) ? 0 : 1;
        row->min = rh_dice_below(dice, 2) ? share + rh_dice_below(dice, 2) : 0;
        row->max = rh_dice_below(dice, 3) ? row->min + rh_dice_below(dice, 2) : INT32_MAX;
        row->level = rh_dice_below(dice, 3);
        row->rule = row->level;
        row->price = 1 + rh_dice_below(dice, 3);
    }
}

static inline void draw_pairs(struct random_problem *r, struct rh_dice *dice)
{
    struct rh_solve_problem *p = &r->problem;

    for (int32_t k = 0; k < p->apart_count; k++) {
        int32_t a = rh_dice_below(dice, p->item_count);
        int32_t level = rh_dice_below(dice, 4);

        r->aparts[k] = (struct rh_solve_apart){
            .a = a,
            .b = (a + 1 + rh_dice_below(dice, p->item_count - 1)) % p->item_count,
            .distance = 1 + rh_dice_below(dice, 3),
            .level = level < 2    ? RH_SOLVE_SOFT
                     : level == 2 ? RH_SOLVE_BALANCE
                                  : RH_SOLVE_HARD,
            .rule = 3,
            .price = 1 + rh_dice_below(dice, 5),
        };
    }
    for (int32_t k = 0; k < p->together_count; k++) {
        r->togethers[k] = (struct rh_solve_together){rh_dice_below(dice, p->item_count),
                                                     rh_dice_below(dice, p->item_count)};
    }
}

/* May contradict itself (a chain without a common slot); rh_solve() says so. */
static inline void random_problem(struct random_problem *r, int32_t items, int32_t slots,
                                  uint64_t seed)
{
    struct rh_dice dice = {seed * 7919 + 1};
    struct rh_solve_problem *p = &r->problem;

    memset(r, 0, sizeof(*r));
    p->size = sizeof(*p);
    p->item_count = items;
    p->slot_count = slots;
    p->rule_count = RULES;
    p->count_count = rh_dice_below(&dice, items < 10 ? 8 : COUNTS_MAX);
    p->apart_count = rh_dice_below(&dice, items < 10 ? 5 : APARTS_MAX);
    p->together_count = rh_dice_below(&dice, items < 10 ? 2 : 6);
    p->cost_count = 2;
    for (int32_t i = 0; i < items; i++) {
        for (int32_t t = 0; t < slots; t++) {
            r->allowed[i * slots + t] = rh_dice_below(&dice, 5) > 0;
            r->price[0][i * slots + t] = rh_dice_below(&dice, 10);
            r->price[1][i * slots + t] = rh_dice_below(&dice, 4) ? 0 : 20;
        }
        r->allowed[i * slots + rh_dice_below(&dice, slots)] = 1;
    }
    draw_counts(r, &dice);
    draw_pairs(r, &dice);
    for (int32_t k = 0; k < 2; k++)
        r->costs[k] = (struct rh_solve_cost){.price = r->price[k], .rule = 4 + k};
    p->allowed = r->allowed;
    p->costs = r->costs;
    p->counts = r->counts;
    p->aparts = r->aparts;
    p->togethers = r->togethers;
}

#endif
