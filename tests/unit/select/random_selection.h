/* Small random selections, and the best answer by looking at every one there is. */
#ifndef TESTS_UNIT_SELECT_RANDOM_SELECTION_H
#define TESTS_UNIT_SELECT_RANDOM_SELECTION_H

#include "core/base/dice.h"
#include "core/select/check.h"

#include <string.h>

enum { SMALL_GROUPS = 4, SMALL_AGENTS = 3, SMALL_COLUMNS = 12, SMALL_ROWS = 14, SMALL_RULES = 3 };

struct selection {
    struct rh_select_problem problem;
    int32_t group[SMALL_COLUMNS], agent[SMALL_COLUMNS];
    int64_t price[SMALL_COLUMNS];
    uint8_t fixed[SMALL_COLUMNS];
    struct rh_select_cost cost;
    struct rh_select_row rows[SMALL_ROWS];
    int32_t members[SMALL_ROWS][SMALL_COLUMNS];
};

static inline void draw_row(struct selection *s, struct rh_dice *dice, int32_t r)
{
    struct rh_select_row *row = &s->rows[r];

    *row = (struct rh_select_row){.columns = s->members[r], .rule = 1 + r % 2};
    for (int32_t j = 0; j < SMALL_COLUMNS; j++) {
        if (rh_dice_below(dice, 2))
            s->members[r][row->column_count++] = j;
    }
    row->price = rh_dice_below(dice, 4) ? 2 * (1 + rh_dice_below(dice, 40)) : 0;
    row->min = row->price ? rh_dice_below(dice, 4) : 0;
    row->max = rh_dice_below(dice, 3) ? row->min + rh_dice_below(dice, 4) : INT32_MAX;
    if (row->price == 0 && row->max < 2)
        row->max = 2;
    if (r > 0 && rh_dice_below(dice, 3) == 0 && s->rows[r - 1].min == 0 && row->price > 0 &&
        s->rows[r - 1].max < INT32_MAX) { /* the next piece of a convex load */
        row->columns = s->rows[r - 1].columns;
        row->column_count = s->rows[r - 1].column_count;
        row->min = 0;
        row->max = s->rows[r - 1].max + rh_dice_below(dice, 3);
    }
}

static inline void draw_selection(struct selection *s, uint64_t seed)
{
    struct rh_dice dice = {seed};

    memset(s, 0, sizeof(*s));
    for (int32_t j = 0; j < SMALL_COLUMNS; j++) {
        s->group[j] = j / SMALL_AGENTS;
        s->agent[j] = j % SMALL_AGENTS;
        s->price[j] = 2 * rh_dice_below(&dice, 30);
        s->fixed[j] = rh_dice_below(&dice, 12) == 0 ? RH_SELECT_NEVER : RH_SELECT_FREE;
    }
    s->fixed[rh_dice_below(&dice, SMALL_COLUMNS)] = RH_SELECT_TAKEN;
    for (int32_t r = 0; r < SMALL_ROWS; r++)
        draw_row(s, &dice, r);
    s->cost = (struct rh_select_cost){.price = s->price};
    s->problem = (struct rh_select_problem){.size = sizeof(s->problem),
                                            .column_count = SMALL_COLUMNS,
                                            .group_count = SMALL_GROUPS,
                                            .agent_count = SMALL_AGENTS,
                                            .rule_count = SMALL_RULES,
                                            .group = s->group,
                                            .agent = s->agent,
                                            .fixed = s->fixed,
                                            .costs = &s->cost,
                                            .rows = s->rows,
                                            .cost_count = 1,
                                            .row_count = SMALL_ROWS};
}

/* Half of them become a shortage: dear rows that want more than the strict ones allow. */
static inline void make_scarce(struct selection *s, uint64_t seed)
{
    struct rh_dice dice = {seed + 77};

    for (int32_t r = 0; r < SMALL_ROWS && seed % 2; r++) {
        struct rh_select_row *row = &s->rows[r];

        if (row->min > 0) {
            row->min = 1 + rh_dice_below(&dice, row->column_count + 1);
            row->max = INT32_MAX;
            row->price = 2 * (100 + rh_dice_below(&dice, 1000));
        } else if (row->price == 0) {
            row->max = row->max < 3 ? row->max : 3;
        }
    }
}

/* The least value of any answer; the answer in `ret_taken`. */
static inline int64_t best_of_all(const struct selection *s, uint8_t *ret_taken)
{
    int64_t best = INT64_MAX;

    for (uint32_t bits = 0; bits < 1U << SMALL_COLUMNS; bits++) {
        uint8_t taken[SMALL_COLUMNS];
        int64_t value;

        for (int32_t j = 0; j < SMALL_COLUMNS; j++)
            taken[j] = (bits >> j) & 1;
        if (rh_select_check(&s->problem, taken, &value, NULL, NULL, NULL) < 0 || value >= best)
            continue;
        best = value;
        memcpy(ret_taken, taken, sizeof(taken));
    }
    return best;
}

#endif
