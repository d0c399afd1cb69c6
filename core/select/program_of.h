/*
 * program_of.h - a selection as a mixed integer program, and an answer read back.
 *
 * Column j of the selection is column j of the program; what elastic rows are short or over follows
 * as further columns. Rows over the very same columns (a convex load, piece by piece) become one.
 */
#ifndef CORE_SELECT_PROGRAM_OF_H
#define CORE_SELECT_PROGRAM_OF_H

#include "core/program/program.h"
#include "core/select/model.h"

int32_t rh_select_program_of(const struct rh_select_model *model, struct rh_program *program,
                             struct rh_err *err);

/* The program's x for an answer: caller's array of program->columns. */
void rh_select_program_start(const struct rh_select_model *model, const struct rh_program *program,
                             const uint8_t *taken, int64_t *x);

#endif
