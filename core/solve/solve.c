#include "core/solve/solve.h"

#include "core/base/alloc.h"
#include "core/solve/check.h"
#include "core/solve/problem.h"
#include "core/solve/run.h"

#include <string.h>

/* The caller's structures may be older (shorter) than ours: what they lack is 0. */
static void read_input(struct rh_run *run, const struct rh_solve_problem *problem,
                       const struct rh_solve_options *options)
{
    size_t size = problem->size < sizeof(*problem) ? problem->size : sizeof(*problem);

    memcpy(&run->problem, problem, size);
    if (!options)
        return;
    size = options->size < sizeof(*options) ? options->size : sizeof(*options);
    memcpy(&run->options, options, size);
}

static int32_t write_result(const struct rh_run *run, struct rh_solve_result *result)
{
    bool counts = result->size > offsetof(struct rh_solve_result, count_value);
    struct rh_solve_verdict verdict = {
        .rule_value = result->rule_value,
        .count_value = counts ? result->count_value : NULL,
    };
    int32_t rc = rh_solve_check(&run->problem, run->slot, &verdict, run->err);

    if (rc < 0)
        return rc;
    memcpy(result->slot, run->slot, (size_t)run->model.items * sizeof(result->slot[0]));
    memcpy(result->value, verdict.value, sizeof(result->value));
    memcpy(result->bound, run->bound, sizeof(result->bound));
    result->proven = rh_run_proven(run);
    result->cut = run->cut || run->late;
    if (result->size > offsetof(struct rh_solve_result, exact))
        result->exact = run->exact;
    result->steps = run->search.steps;
    result->first_ms = run->first_ms;
    result->total_ms = rh_run_now_ms(run);
    return 0;
}

static int32_t make_parts(struct rh_run *run)
{
    const struct rh_model *m = &run->model;
    int32_t rc;

    run->slot = rh_alloc((size_t)m->items, sizeof(run->slot[0]));
    run->trial = rh_alloc((size_t)m->items, sizeof(run->trial[0]));
    if (!run->slot || !run->trial)
        return rh_err_nomem(run->err);
    rc = rh_bound_init(&run->shares, m, run->err);
    if (rc == 0)
        rc = rh_bound_init(&run->wishes, m, run->err);
    if (rc == 0)
        rc = rh_search_init(&run->search, m, run->options.seed, run->err);
    return rc;
}

static void free_parts(struct rh_run *run)
{
    rh_transport_fini(&run->network);
    rh_search_fini(&run->search);
    rh_bound_fini(&run->wishes);
    rh_bound_fini(&run->shares);
    rh_free(run->trial);
    rh_free(run->slot);
}

int32_t rh_solve(const struct rh_solve_problem *problem, const struct rh_solve_options *options,
                 rh_solve_clock *clock, const struct rh_program_solver *exact,
                 struct rh_solve_result *result, struct rh_err *err)
{
    struct rh_run run = {.clock = clock, .began_ms = clock ? clock() : 0, .err = err};
    int32_t *leader, rc;

    read_input(&run, problem, options);
    run.solver = run.options.without_exact ? NULL : exact;
    leader =
        rh_alloc(run.problem.item_count > 0 ? (size_t)run.problem.item_count : 1, sizeof(*leader));
    if (!leader)
        return rh_err_nomem(err);
    rc = rh_solve_problem_check(&run.problem, leader, err);
    if (rc == 0)
        rc = rh_model_init(&run.model, &run.problem, leader, err);
    rh_free(leader);
    if (rc < 0)
        return rc;
    rc = make_parts(&run);
    if (rc == 0)
        rc = rh_run_stages(&run);
    if (rc == 0)
        rc = write_result(&run, result);
    free_parts(&run);
    rh_model_fini(&run.model);
    return rc;
}
