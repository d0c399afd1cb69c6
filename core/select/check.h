/*
 * check.h - what an answer is worth, by reading the rows one after another.
 *
 * The second opinion on every answer: it includes nothing of the engine and must stay that way.
 * Slow and obvious on purpose. The problem must be well formed (rh_select_problem_check()).
 */
#ifndef CORE_SELECT_CHECK_H
#define CORE_SELECT_CHECK_H

#include "reihum/solve.h"

#include "core/base/error.h"

/* `ret_value` the objective; `rule_value` (rule_count) and `row_count` may be NULL. RH_EINVALID
 * when a strict row or a fixed column is broken. */
int32_t rh_select_check(const struct rh_select_problem *problem, const uint8_t *taken,
                        int64_t *ret_value, int64_t *rule_value, int32_t *row_count,
                        struct rh_err *err);

#endif
