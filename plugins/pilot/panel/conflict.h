/*
 * conflict.h - why quotas cannot hold together, what they force, and what it takes to mend them.
 */
#ifndef PLUGINS_PILOT_PANEL_CONFLICT_H
#define PLUGINS_PILOT_PANEL_CONFLICT_H

#include "plugins/pilot/panel/search.h"

/* One side of a row; row = row_count stands for the number of places. */
struct panel_side {
    int32_t row, is_max;
};

/* How a conflict can be told. */
enum panel_shape {
    PANEL_SHAPE_ANY,     /* these sides together */
    PANEL_SHAPE_POOL,    /* a minimum above what the pool has */
    PANEL_SHAPE_MIN_SUM, /* minima of groups without common members, all inside the maximum of
                            another: 2 + 2 + 3 = 7 > 6 */
    PANEL_SHAPE_MAX_SUM, /* a minimum whose members lie in groups with smaller maxima, and
                            `others` in none: 3 + 2 + 1 = 6 < 8 */
};

struct panel_conflict {
    enum panel_state_of_conflict {
        PANEL_CONFLICT = 1,
        PANEL_NO_CONFLICT = 0,
        PANEL_CONFLICT_UNKNOWN = -1
    } state;
    int32_t count;
    struct panel_side *sides; /* none can be left out; the single side of a sum comes last */
    enum panel_shape shape;
    int32_t sum, against, others;
};

/* What must hold beside the quotas: a seat for a type, or a row at most or at least so many. */
struct panel_demand {
    int32_t type;          /* -1 = none */
    int32_t row, min, max; /* row -1 = none */
};

/* An irreducible set of sides that contradict each other (and the demand, which is not among them).
 * With `only_fixed` rows with a price are left out from the beginning. */
struct panel_conflict panel_conflict_find(struct panel_memory *memory,
                                          const struct panel_model *model,
                                          const struct panel_demand *demand, int32_t only_fixed);

/* ---- relaxations ---- */

#define PANEL_RELAXATIONS_MAX 1000

struct panel_relaxations {
    int32_t state;       /* 1 found, 0 even all relaxations do not help, -1 limits reached */
    int32_t count, more; /* more: there are others at this price */
    int64_t price;
    int32_t *
        *by; /* [relaxation][row * 2 + is_max]: how much lower the minimum, higher the maximum */
};

/* All cheapest changes of rows with a price that make the model feasible. */
struct panel_relaxations panel_relaxations_find(struct panel_memory *memory,
                                                const struct panel_model *model);

/* ---- what a feasible model forces ---- */

struct panel_range {
    int32_t min, max; /* that a row counts in any valid panel */
};
/* By row. 0 when the model is infeasible, -1 when the limits were reached. */
int32_t panel_ranges(struct panel_memory *memory, const struct panel_model *model,
                     struct panel_range *ret_range);

#endif
