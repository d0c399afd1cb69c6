/*
 * problem.h - a pool, its quotas and the number of places; and the types of applicants under them.
 *
 * A row counts how many of its members are on the panel: margins, crossed cells, caps, must-haves
 * (a row of one member, min 1) and groups of neighbours (max 1) are all the same thing. Applicants
 * who belong to the same rows are of one type and cannot be told apart by any rule; so a panel is,
 * up to exchanging equals, a composition: how many of each type.
 *
 * Pure: no clock, no database, no host. Nothing here writes to a problem.
 */
#ifndef PLUGINS_PILOT_PANEL_PROBLEM_H
#define PLUGINS_PILOT_PANEL_PROBLEM_H

#include "plugins/pilot/panel/memory.h"

#include <stdint.h>

#define PANEL_APPLICANTS_MAX 20000
#define PANEL_ROWS_MAX       256
#define PANEL_PLACES_MAX     2000
#define PANEL_TYPES_MAX      2000
#define PANEL_PRICE_MAX      1000000

struct panel_row {
    int32_t min, max; /* 0 <= min <= max */
    int64_t price;    /* 1 … PANEL_PRICE_MAX per unit of a relaxation; 0 = may not be relaxed */
};

struct panel_problem {
    int32_t applicant_count, row_count, places;
    const struct panel_row *rows; /* borrowed */
    const uint8_t *member;        /* borrowed, [applicant * row_count + row], 0 or 1 */
};

struct panel_model {
    int32_t type_count, row_count, places, applicant_count;
    int32_t *size;      /* by type: its applicants, >= 1 */
    int32_t *type_of;   /* by applicant */
    uint8_t *has;       /* [type * row_count + row] */
    int32_t *min, *max; /* by row; max at most what the pool and the places allow, or lower */
    int64_t *price;
    int32_t *members; /* by row: applicants in it */
};

/* NULL when a limit above is exceeded. Types are sorted by their rows, so the order of applicants
 * does not matter. */
struct panel_model *panel_model_new(struct panel_memory *memory,
                                    const struct panel_problem *problem);

static inline int32_t panel_has(const struct panel_model *model, int32_t type, int32_t row)
{
    return model->has[(size_t)type * (size_t)model->row_count + (size_t)row];
}

/* Does the composition keep all rows and fill the places? Counted in integers. */
int32_t panel_is_valid(const struct panel_model *model, const int32_t *composition);

#endif
