/*
 * cbc.h - Clp and Cbc behind two calls; no type of theirs leaves this file's .c.
 *
 * They are not thread-safe, write to standard output whatever they are told, and may abort().
 */
#ifndef CORE_EXACT_CBC_H
#define CORE_EXACT_CBC_H

#include "core/program/program.h"

/* Which columns are still to be chosen, and where the others stand. */
struct rh_cbc_part {
    const struct rh_program *program;
    int32_t *place; /* owned, per column: its number in the part, or -1 */
    int64_t *value; /* owned, per column: where it stands when it is not in the part */
    int32_t columns;
    int64_t entries;
    /* --- by column, the solver's form; owned --- */
    int *start, *row;
    double *entry, *cost, *low, *high, *row_low, *row_high;
};

/* `fixed`: per column 1 = it stands at value[]; NULL: all are in the part. RH_ENOMEM, RH_ETOOLARGE.
 */
int32_t rh_cbc_part_init(struct rh_cbc_part *part, const struct rh_program *program,
                         const uint8_t *fixed, const int64_t *value, int64_t grain);
void rh_cbc_part_fini(struct rh_cbc_part *part);

enum { RH_CBC_FOUND = 1, RH_CBC_NOTHING = 2, RH_CBC_STOPPED = 3, RH_CBC_BROKEN = 4 };

/* The linear program: x and price (per row) are the caller's, costs in units of grain. FOUND,
 * NOTHING (no answer at all), STOPPED (prices are usable, x is not), BROKEN. */
int32_t rh_cbc_linear(const struct rh_cbc_part *part, int64_t limit_ms, double *x, double *price);

struct rh_cbc_ask {
    bool quick;           /* with preprocessing: fast, its x is good, its proofs are not */
    bool all_whole;       /* columns that need not be whole, too */
    const int64_t *start; /* NULL, or per column of the program: an answer inside the part */
    int64_t start_value;  /* only better ones are looked for, or INT64_MAX */
    int64_t grain;
    int64_t limit_ms;
    uint64_t seed;
};

/* The mixed program. FOUND: x (per column of the program, rounded) is the best inside the part;
 * NOTHING: none inside is better than the start; STOPPED: by time, *ret_has_x says whether there is
 * an x. */
int32_t rh_cbc_mixed(const struct rh_cbc_part *part, const struct rh_cbc_ask *ask, int64_t *x,
                     bool *ret_has_x);

#endif
