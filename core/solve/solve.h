/*
 * solve.h - the planning engine: a problem in (reihum/solve.h), a checked plan, its bound and its
 * proof out.
 *
 * Pure: no clock, no thread, no file and nothing global; two runs may go on at the same time on
 * two threads. What comes out was measured by the checker (check.h), not by the engine. The path of
 * a run depends on problem, seed and step limit only; the clock can end it, never turn it.
 * To start reading: solve.c tells the story of a run, model.h holds the words.
 */
#ifndef CORE_SOLVE_SOLVE_H
#define CORE_SOLVE_SOLVE_H

#include "reihum/solve.h"

#include "core/base/error.h"
#include "core/program/program.h"

/* Milliseconds of a clock that never goes back. Called on the solving thread, about every
 * millisecond. */
typedef int64_t rh_solve_clock(void);

/*
 * Solves. `options` and `clock` may be NULL (defaults; no clock means no time limit). `exact` may
 * be NULL (search and bounds alone); it is asked after the first round, unless the options forbid
 * it, and believed only as far as the checker goes. The arrays of the result belong to the caller.
 * RH_EINVALID names what in the input contradicts itself; RH_ETOOLARGE, RH_ENOMEM as usual. A
 * shortage is no error: value[RH_SOLVE_HARD] is above 0 then. A run that is cut or cancelled still
 * gives the best plan so far.
 */
int32_t rh_solve(const struct rh_solve_problem *problem, const struct rh_solve_options *options,
                 rh_solve_clock *clock, const struct rh_program_solver *exact,
                 struct rh_solve_result *result, struct rh_err *err);

#endif
