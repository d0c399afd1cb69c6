/*
 * program_of.h - what is still free of a selection as a mixed integer program, and its answer read
 * back.
 *
 * Only columns that are not fixed come into the program, only rows that they can bend, and what the
 * rest costs is `base`. What elastic rows are short or over follows as further columns. Rows over
 * the very same columns (a convex load, piece by piece) become one.
 */
#ifndef CORE_SELECT_PROGRAM_OF_H
#define CORE_SELECT_PROGRAM_OF_H

#include "core/program/program.h"
#include "core/select/model.h"

struct rh_select_part {
    const struct rh_select_model *model; /* borrowed */
    const uint8_t *fixed;                /* borrowed, per column: RH_SELECT_… */
    struct rh_program program;
    int32_t *place;  /* owned, per column of the selection: its column in the program, or -1 */
    int32_t columns; /* those of the program that are columns of the selection; they stand first */
    int64_t base;    /* an answer costs this and what the program says */
};

/* `fixed` holds at least what the problem itself fixes. RH_ENOMEM, RH_ETOOLARGE. */
int32_t rh_select_part_init(struct rh_select_part *part, const struct rh_select_model *model,
                            const uint8_t *fixed, struct rh_err *err);
void rh_select_part_fini(struct rh_select_part *part);

/* The program's x for an answer that keeps `fixed`: caller's array of program.columns. */
void rh_select_part_start(const struct rh_select_part *part, const uint8_t *taken, int64_t *x);
/* The answer for an x. */
void rh_select_part_read(const struct rh_select_part *part, const int64_t *x, uint8_t *ret_taken);

#endif
