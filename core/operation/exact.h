/*
 * exact.h - the planners' way to reihum-solve, a process of its own.
 *
 * It is looked for beside the running program; RH_SOLVE_PROGRAM in the environment names another
 * file (tests, packages that keep it elsewhere). Nothing it says is believed unchecked.
 */
#ifndef CORE_OPERATION_EXACT_H
#define CORE_OPERATION_EXACT_H

#include "core/operation/invoke.h"
#include "core/program/program.h"

struct rh_exact {
    const struct rh_clock *clock;
    struct rh_err err; /* why the last run was MISSING, FAILED or LATE; empty after USED */
};

/* `context` is borrowed for as long as the solver is used; one run at a time. */
void rh_exact_solver(struct rh_program_solver *ret, struct rh_exact *context);

#endif
