/*
 * climb.h - a composition is improved by exchanging one seat after another, as long as that is
 * worth more and all rows still hold. A guess at the best composition: fast, and often right.
 */
#ifndef PLUGINS_PILOT_PANEL_CLIMB_H
#define PLUGINS_PILOT_PANEL_CLIMB_H

#include "plugins/pilot/panel/graph.h"

/* Sets of rows as bits. */
struct panel_row_set {
    uint64_t word[PANEL_ROWS_MAX / 64];
};

/* A composition on its way uphill. */
struct panel_climber {
    const struct panel_model *model;
    struct panel_row_set *rows_of; /* by type */
    struct panel_row_set at_min, at_max;
    int32_t *count; /* by row */
    int32_t *order; /* types, those of the highest weight first */
    int32_t words;
};

void panel_climber_begin(struct panel_climber *climber, const struct panel_model *model,
                         struct panel_memory *memory);
/* Once for new weights, before panel_climb(). */
void panel_climber_sort(struct panel_climber *climber, const panel_weight *weight);
/* `composition` is a valid one, before and after. */
void panel_climb(struct panel_climber *climber, const panel_weight *weight, int32_t *composition);

#endif
