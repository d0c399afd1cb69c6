/*
 * master.h - one stage of leximin as a linear program over the compositions found so far.
 *
 *     raise z, so that   sum of seats(t) x - size(t) z >= size(t) base   for every type t not fixed
 *                        sum of seats(t) x             >= size(t) fixed  for every fixed type
 *                        sum of x = 1,  x >= 0
 *
 * Revised simplex in floating point, with a dense inverse. Its answers are guesses: exact numbers
 * are computed from the basis it ends in (leximin.c). From one stage to the next the basis is kept:
 * the type that was fixed takes the place of z.
 */
#ifndef PLUGINS_PILOT_PANEL_MASTER_H
#define PLUGINS_PILOT_PANEL_MASTER_H

#include "plugins/pilot/panel/problem.h"

struct panel_column {
    int32_t count;  /* types with seats */
    int32_t single; /* no type has more than one seat */
    int16_t *type;  /* ascending; those of all columns lie close together */
    int16_t *seats; /* > 0 */
};

/* What is basic in a row: a column (its number), or one of these. */
enum { PANEL_BASIC_Z = -1, PANEL_BASIC_SURPLUS = -2 /* and -3, … : surplus of type 0, 1, … */ };

#define PANEL_CANDIDATES 48

struct panel_master {
    const struct panel_model *model;
    int32_t rows; /* types, then the row "sum of x = 1" */
    struct panel_column *columns;
    int32_t column_count, column_room;
    int16_t *chunk, *ones; /* memory of the columns to come; and seats of those that are single */
    int32_t chunk_left;
    uint8_t *fixed;  /* by type */
    double *share;   /* by type: the share it must have; of those not fixed the base */
    int32_t *basic;  /* by row of the basis */
    double *value;   /* by row of the basis */
    double *inverse; /* [row * rows + column] */
    double *price;   /* by type, >= 0: what its share costs the others; then mu */
    double z;
    int64_t pivots;
    /* columns that were worth most when all were looked at; asked again before all are */
    int32_t candidate[PANEL_CANDIDATES], candidate_count;
    double best_seen; /* of them, then */
    /* scratch */
    double *direction, *right;
    uint8_t *in_basis; /* by column, then z, then surplus */
};

/* `first` is any valid composition. */
struct panel_master *panel_master_new(struct panel_memory *memory, const struct panel_model *model,
                                      const int32_t *first);
void panel_master_add(struct panel_memory *memory, struct panel_master *master,
                      const int32_t *composition);
/* Best over the columns there are; fills value, price, z. 0 when it lost its way. */
int32_t panel_master_solve(struct panel_master *master);
/* After types were fixed (fixed, share): `leaving` is one of them, with a price above 0. */
void panel_master_next(struct panel_master *master, int32_t leaving);
/* Of a column, by the prices: its worth, to be compared with mu = price[types]. */
double panel_column_worth(const struct panel_master *master, const struct panel_column *column);

#endif
