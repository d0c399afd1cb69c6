/*
 * check.h - what a plan is worth, by reading the rules one after another.
 *
 * The second opinion on every plan the engine makes: it walks the tables of the problem as they
 * were given and counts by hand. It includes nothing of the engine and must stay that way: a fault
 * there would otherwise be repeated here. Slow and obvious on purpose.
 */
#ifndef CORE_SOLVE_CHECK_H
#define CORE_SOLVE_CHECK_H

#include "reihum/solve.h"

#include "core/base/error.h"

struct rh_solve_verdict {
    int64_t value[RH_SOLVE_LEVELS];
    int64_t *rule_value;  /* caller's array of rule_count, or NULL */
    int64_t *count_value; /* caller's array of count_count, or NULL */
};

/*
 * Fills the verdict on `slot` (slot per item). RH_EINVALID with a sentence when the plan is none:
 * a slot that does not exist or is not allowed, or items apart that belong together. The problem
 * must be well formed (problem.h).
 */
int32_t rh_solve_check(const struct rh_solve_problem *problem, const int32_t *slot,
                       struct rh_solve_verdict *verdict, struct rh_err *err);

#endif
