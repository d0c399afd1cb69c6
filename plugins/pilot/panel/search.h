/*
 * search.h - the best integer point of a small system of rows: branch and bound whose every cut is
 * proven in integers.
 *
 * Maximises the sum of weight * value over values in their bounds, so that each row counts within
 * its own. A linear program in floating point guesses multipliers for the rows; what they prove is
 * then recomputed in whole numbers, and only that may end a branch. So rounding can cost time,
 * never an answer.
 */
#ifndef PLUGINS_PILOT_PANEL_SEARCH_H
#define PLUGINS_PILOT_PANEL_SEARCH_H

#include "plugins/pilot/panel/graph.h"

struct panel_system {
    int32_t value_count, row_count;
    const int8_t *factor;             /* [row * value_count + value] */
    const int32_t *low, *high;        /* by value */
    const int32_t *row_min, *row_max; /* by row */
    const panel_weight *weight;       /* by value; below PANEL_WEIGHT_MAX */
};

/* Sums of weights times seats, and the multipliers that prove them, stay within 127 bits. */
#define PANEL_WEIGHT_MAX ((panel_weight)1 << 96)

enum panel_found {
    PANEL_BEST = 1,     /* proven: none is better */
    PANEL_ENOUGH = 2,   /* better than `enough`, maybe not the best */
    PANEL_NONE = 0,     /* proven: there is none (or none above `floor`) */
    PANEL_GAVE_UP = -1, /* the limit of nodes was reached */
};

struct panel_goal {
    int32_t has_floor, has_enough;
    panel_weight floor;  /* only values above this are of interest */
    panel_weight enough; /* stop at the first value above this */
    int64_t node_limit;  /* 0 = PANEL_NODES */
    int64_t nodes;       /* returned */
};
#define PANEL_NODES 200000

/* `values` is written only with PANEL_BEST and PANEL_ENOUGH. */
enum panel_found panel_search(const struct panel_system *system, struct panel_goal *goal,
                              int32_t *ret_values, panel_weight *ret_value);

/* A system whose values are the seats of each type; its weights are to be set. Kept by `memory`. */
struct panel_system panel_system_of(struct panel_memory *memory, const struct panel_model *model);

#endif
