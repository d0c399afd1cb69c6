/*
 * problem.h - is this a problem at all? Looks at the input before anything is computed from it.
 *
 * Two kinds of fault: a table that is malformed (an index out of range, a negative price: a mistake
 * of the caller's program), and input that contradicts itself (an item without a slot, a chain of
 * `together` without a common slot, `together` and hard `apart` on the same pair: a matter for the
 * planner, so the sentence names items and slots).
 */
#ifndef CORE_SOLVE_PROBLEM_H
#define CORE_SOLVE_PROBLEM_H

#include "reihum/solve.h"

#include "core/base/error.h"

/* The engine's limits; beyond them RH_ETOOLARGE. */
enum { RH_SOLVE_ITEMS_MAX = 100000, RH_SOLVE_SLOTS_MAX = 10000, RH_SOLVE_CELLS_MAX = 20000000 };

/* Fills leader[item_count]: the smallest item of the chain of `together` an item belongs to (itself
 * when alone). */
int32_t rh_solve_problem_check(const struct rh_solve_problem *problem, int32_t *leader,
                               struct rh_err *err);

#endif
