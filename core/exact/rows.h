/*
 * rows.h - rows that wait outside until an answer breaks them.
 *
 * A planning problem has tens of thousands of rows of the kind "at most one of these" (neighbours
 * that shall not share a month), and hardly any of them matters. Without them every answer only
 * gets cheaper, so bounds and "nothing better in here" hold for the whole program, too; an answer
 * does not until it has been held against all rows.
 */
#ifndef CORE_EXACT_ROWS_H
#define CORE_EXACT_ROWS_H

#include "core/program/program.h"

struct rh_exact_rows {
    const struct rh_program *program; /* borrowed */
    uint8_t *out;                     /* owned, per row: 1 = waits outside */
    int32_t *list;                    /* owned: the rows that came in last */
    int32_t waiting;
};

/* RH_ENOMEM, or 0. Programs with few such rows keep all of them. */
int32_t rh_exact_rows_init(struct rh_exact_rows *rows, const struct rh_program *program);
void rh_exact_rows_fini(struct rh_exact_rows *rows);

/* Lets in the waiting rows that x breaks; their number, and they stand in `list`. */
int32_t rh_exact_rows_wake(struct rh_exact_rows *rows, const double *x);
int32_t rh_exact_rows_wake_whole(struct rh_exact_rows *rows, const int64_t *x);

/* How many of the waiting rows an answer could break when the columns with fixed[j] stand at
 * value[j]. */
int32_t rh_exact_rows_open(const struct rh_exact_rows *rows, const uint8_t *fixed,
                           const int64_t *value);

#endif
