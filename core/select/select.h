/*
 * select.h - selections: which columns to take so that rows hold and costs are least.
 *
 * The problem is data (struct rh_select_problem in reihum/solve.h); nothing here knows moderators.
 * Pure: no clock but the one handed in, no thread, nothing global. What comes out was measured by
 * the checker (check.h). The path of a run depends on problem, seed and step limit only; the clock
 * can end it, never turn it. To start reading: select.c tells the story of a run.
 */
#ifndef CORE_SELECT_SELECT_H
#define CORE_SELECT_SELECT_H

#include "reihum/solve.h"

#include "core/base/error.h"
#include "core/program/program.h"

/* Milliseconds of a clock that never goes back. */
typedef int64_t rh_select_clock(void);

/*
 * Solves. `options`, `clock` and `exact` may be NULL. The arrays of the result belong to the
 * caller. RH_EINVALID names what is malformed or which fixed columns break a strict row;
 * RH_ETOOLARGE, RH_ENOMEM as usual. A shortage is no error: elastic rows have a price. A run that
 * is cut or cancelled still gives the best answer so far.
 */
int32_t rh_select(const struct rh_select_problem *problem, const struct rh_solve_options *options,
                  rh_select_clock *clock, const struct rh_program_solver *exact,
                  struct rh_select_result *result, struct rh_err *err);

/* Is this a problem at all? RH_EINVALID, RH_ETOOLARGE. */
int32_t rh_select_problem_check(const struct rh_select_problem *problem, struct rh_err *err);

#endif
