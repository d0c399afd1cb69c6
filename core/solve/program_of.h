/*
 * program_of.h - levels of the problem as one mixed integer program, and its answer as a plan.
 *
 * minimise what the levels first..last deviate by, over all plans that are not worse than a known
 * one on the levels before; levels after them are left out. Columns: x[b,t] for every option of a
 * block, as numbered in option[] of the model; then what rows and pairs deviate by. A level before
 * that the plan keeps without deviation has strict rows; one with deviation has a budget: all it
 * pays together is at most what the plan pays.
 *
 * Several levels are added up with weights, and are compared one after another all the same: one
 * unit of a level weighs more than all that the levels after it can come to in any plan. So the sum
 * falls apart into its levels again, and its bound into theirs. One question about shares and
 * wishes is answered sooner than two: shares alone leave the simplex everywhere to go.
 *
 * A pair that is g slots apart and should be d lies in one window of w slots for each w from g + 1
 * to d (counted from the narrowest one that holds both): so one column per width, shared by all
 * windows of that width, adds up to the d - g slots that are missing, and a strict pair needs the
 * windows of width d alone. Both is far tighter than a row for every two slots that are too near.
 *
 * Pairs inside one block cost the same in every plan and are left out: the program's cost is the
 * level's value less `within` of the model.
 */
#ifndef CORE_SOLVE_PROGRAM_OF_H
#define CORE_SOLVE_PROGRAM_OF_H

#include "core/program/program.h"
#include "core/solve/model.h"

struct rh_program_of {
    const struct rh_model *model; /* borrowed */
    struct rh_program program;
    int32_t first, last;             /* the levels asked about */
    int64_t weight[RH_SOLVE_LEVELS]; /* of theirs */
    int64_t most[RH_SOLVE_LEVELS];   /* no plan pays more on the level, without `within` */
    int64_t grain;                   /* every plan's cost is a multiple */
    int64_t slack[RH_SOLVE_LEVELS];  /* what the levels before may pay, without `within` */
    int32_t *under, *over;           /* owned, per row: the column of its deviation, or -1 */
    int32_t *near; /* owned, per entry of model->near: the first column of the pair, or -1 */
};

/* `value` is that of the known plan. RH_ETOOLARGE: more than a program holds, or weights too large
 * to compute with. On failure nothing is left to free. */
int32_t rh_program_of_init(struct rh_program_of *of, const struct rh_model *model, int32_t first,
                           int32_t last, const int64_t value[RH_SOLVE_LEVELS], struct rh_err *err);
void rh_program_of_fini(struct rh_program_of *of);

/* Fills x (one per column) with a plan, slot per item. */
void rh_program_of_put(const struct rh_program_of *of, const int32_t *slot, int64_t *x);

/* Reads the slot of each item from x; RH_EINVALID when x is no plan. */
int32_t rh_program_of_take(const struct rh_program_of *of, const int64_t *x, int32_t *slot,
                           struct rh_err *err);

/* What a plan with this value costs in the program. */
int64_t rh_program_of_cost(const struct rh_program_of *of, const int64_t value[RH_SOLVE_LEVELS]);

/* The other way round: what a plan of this cost has on the levels asked about. */
void rh_program_of_value(const struct rh_program_of *of, int64_t cost,
                         int64_t value[RH_SOLVE_LEVELS]);

/* What a bound of the program's cost says about each of its levels, for plans that are not worse
 * than `value` on the levels before; the other entries of `bound` are left alone. */
void rh_program_of_bounds(const struct rh_program_of *of, int64_t least,
                          const int64_t value[RH_SOLVE_LEVELS], int64_t bound[RH_SOLVE_LEVELS]);

#endif
