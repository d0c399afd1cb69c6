/*
 * cbc.h - Clp and Cbc behind two calls; no type of theirs leaves this file's .c.
 *
 * They are not thread-safe, write to standard output whatever they are told, and may abort().
 */
#ifndef CORE_EXACT_CBC_H
#define CORE_EXACT_CBC_H

#include "core/program/program.h"

/* Which columns are still to be chosen, where the others stand, and which rows are held. */
struct rh_cbc_part {
    const struct rh_program *program;
    int32_t *place;     /* owned, per column: its number in the part, or -1 */
    int64_t *value;     /* owned, per column: where it stands when it is not in the part */
    int32_t *row_place; /* owned, per row: its number in the part, or -1 */
    int32_t columns, rows;
    int64_t entries;
    double stands; /* what the columns outside cost, in units of grain */
    /* --- by column, the solver's form; owned --- */
    int *start, *row;
    double *entry, *cost, *low, *high, *row_low, *row_high;
};

/* What is to be left out of a part; all arrays borrowed, or NULL. */
struct rh_cbc_without {
    const uint8_t *column; /* per column 1 = it stands at value[] */
    const int64_t *value;
    const uint8_t *row; /* per row 1 = it is not held */
};

/* Rows that no answer of the part can break are left out, too. RH_ENOMEM, or 0. */
int32_t rh_cbc_part_init(struct rh_cbc_part *part, const struct rh_program *program,
                         const struct rh_cbc_without *without, int64_t grain);
void rh_cbc_part_fini(struct rh_cbc_part *part);

enum { RH_CBC_FOUND = 1, RH_CBC_NOTHING = 2, RH_CBC_STOPPED = 3, RH_CBC_BROKEN = 4 };

/* The linear program; it can get more rows and is then solved from where it was. */
struct rh_cbc_linear;

/* The part is borrowed. NULL: no memory. */
struct rh_cbc_linear *rh_cbc_linear_new(const struct rh_cbc_part *part);
void rh_cbc_linear_free(struct rh_cbc_linear *linear);

/* x (per column of the part) and price (per row of the program, 0 for what is not held) are the
 * caller's, costs in units of grain. FOUND, NOTHING (no answer at all), STOPPED (prices are usable,
 * x is not), BROKEN. */
int32_t rh_cbc_linear_solve(struct rh_cbc_linear *linear, int64_t limit_ms, double *x,
                            double *price);

/* Rows of the program by number, none of them in the part. RH_ENOMEM, or 0. */
int32_t rh_cbc_linear_add(struct rh_cbc_linear *linear, const int32_t *rows, int32_t count);

struct rh_cbc_ask {
    bool quick;     /* with preprocessing: fast, its x is good, its proofs are not */
    bool all_whole; /* columns that need not be whole, too */
    int64_t below;  /* only answers that cost less are looked for, or INT64_MAX */
    int64_t grain;
    int64_t limit_ms;
    uint64_t seed;
};

/* The mixed program. FOUND: x (per column of the program, rounded) is the best inside the part;
 * NOTHING: none inside is cheaper than `below`; STOPPED: by time, *ret_has_x says whether there is
 * an x. */
int32_t rh_cbc_mixed(const struct rh_cbc_part *part, const struct rh_cbc_ask *ask, int64_t *x,
                     bool *ret_has_x);

#endif
