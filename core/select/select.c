#include "core/select/select.h"

#include "core/base/alloc.h"
#include "core/select/bound.h"
#include "core/select/check.h"
#include "core/select/program_of.h"
#include "core/select/search.h"

#include <string.h>

enum {
    QUICK_STEPS = 12,    /* per column, before the exact engine is asked; at least … */
    QUICK_LEAST = 20000, /* … so many */
    ROUND_STEPS = 60,    /* per column: a main round */
    ROUNDS = 3,          /* of them, when the exact engine proved nothing */
    BOUND_STEPS = 600,   /* after each round */
    BOUND_SLICE = 20,    /* between two looks at the clock */
    EXACT_MS = 60000,    /* for the exact engine when the caller gave no limit */
    LEAST_MS = 10,       /* less is not worth a start */
    REPORT_MS = 50       /* between two calls of the caller's progress function */
};

static const double quick_warm = 0.15, warm[ROUNDS] = {0.5, 0.25, 0.1};

struct run {
    struct rh_select_problem problem;
    struct rh_solve_options options;
    rh_select_clock *clock;
    struct rh_select_model model;
    struct rh_select_search search;
    struct rh_select_bound prices;
    uint8_t *taken; /* owned: the best checked answer */
    int64_t value, bound, news_bound;
    int64_t began_ms, reported_ms, first_ms, steps_total;
    int32_t phase, exact;
    bool checked, cut;
    int32_t rc; /* what the checker said */
    struct rh_err *err;
};

static int64_t now_ms(const struct run *run)
{
    return run->clock ? run->clock() - run->began_ms : 0;
}

static bool proven(const struct run *run)
{
    return run->checked && run->value == run->bound;
}

/* A bound above a checked answer was the exact engine's, and wrong: back to what prices prove. */
static void doubt(struct run *run)
{
    if (run->bound <= run->value)
        return;
    run->exact = RH_EXACT_FAILED;
    run->bound = run->prices.best;
    run->news_bound = INT64_MIN;
}

/* The search's best answer, if it is better, goes through the checker and becomes `taken`. */
static int32_t check_best(struct run *run)
{
    int64_t value;

    if (run->checked && run->search.best_value >= run->value)
        return 0;
    run->rc = rh_select_check(&run->problem, run->search.best, &value, NULL, NULL, run->err);
    if (run->rc == 0 && value != run->search.best_value)
        run->rc = rh_err_set(run->err, RH_EFAILED,
                             "Auswahl und Prüfung sind sich über den Wert nicht einig",
                             "engine and checker disagree about the value of the selection");
    if (run->rc < 0)
        return run->rc;
    if (!run->checked)
        run->first_ms = now_ms(run);
    memcpy(run->taken, run->search.best, (size_t)run->model.columns);
    run->value = value;
    run->checked = true;
    doubt(run);
    return 0;
}

static void report(struct run *run)
{
    struct rh_solve_state state = {.size = sizeof(state),
                                   .phase = run->phase,
                                   .steps = run->search.steps,
                                   .steps_total = run->steps_total,
                                   .elapsed_ms = now_ms(run)};

    state.best[RH_SOLVE_SOFT] = run->value;
    state.bound[RH_SOLVE_SOFT] = run->news_bound > run->bound ? run->news_bound : run->bound;
    run->reported_ms = state.elapsed_ms;
    if (run->options.progress && run->options.progress(run->options.context, &state) != 0)
        run->cut = true;
}

static bool pause_run(void *context)
{
    struct run *run = context;
    int64_t now = now_ms(run);

    if (run->options.time_limit_ms > 0 && now >= run->options.time_limit_ms)
        run->cut = true;
    if (!run->clock || now - run->reported_ms >= REPORT_MS) {
        (void)check_best(run); /* a disagreement is kept in rc and ends the run */
        report(run);
    }
    return run->cut || run->rc < 0;
}

static bool stopped(const struct run *run)
{
    return run->cut || run->rc < 0 || proven(run);
}

static void raise_bound(struct run *run)
{
    run->phase = 2;
    for (int32_t n = 0; n < BOUND_STEPS && run->prices.best < run->value; n += BOUND_SLICE) {
        rh_select_bound_raise(&run->prices, BOUND_SLICE, run->value);
        if (pause_run(run))
            break;
    }
    if (run->prices.best > run->bound)
        run->bound = run->prices.best;
}

static void search_round(struct run *run, int64_t steps, double how_warm)
{
    run->phase = 1;
    (void)rh_select_search_round(&run->search, steps, how_warm); /* `stopped` tells */
    (void)check_best(run);
}

/* ---- the exact engine ---- */

static int32_t on_news(void *context, int64_t best, int64_t bound)
{
    struct run *run = context;

    (void)best; /* what it found counts when the checker has seen it */
    if (bound != INT64_MIN && bound <= run->value)
        run->news_bound = bound;
    return pause_run(run);
}

static void take_answer(struct run *run, const struct rh_program_answer *answer)
{
    uint8_t *taken = run->search.taken; /* free for use between rounds */
    struct rh_err nonsense = {0};
    int64_t value = INT64_MAX;

    for (int32_t j = 0; j < run->model.columns && answer->has_x; j++)
        taken[j] = answer->x[j] == 1;
    if (answer->infeasible || (answer->has_x && rh_select_check(&run->problem, taken, &value, NULL,
                                                                NULL, &nonsense) < 0)) {
        run->exact =
            RH_EXACT_FAILED; /* it was handed an answer, and strict rows were in its rows */
        return;
    }
    if (value < run->value) {
        memcpy(run->taken, taken, (size_t)run->model.columns);
        run->value = value;
    }
    /* A bound above an answer that the checker measured is a lie, whoever told it. */
    if (answer->bound > run->value)
        run->exact = RH_EXACT_FAILED;
    else if (answer->bound > run->bound)
        run->bound = answer->bound;
}

static int32_t ask(struct run *run, const struct rh_program_solver *exact,
                   const struct rh_program *program, int64_t limit_ms)
{
    int64_t *x = rh_alloc((size_t)program->columns + 1, sizeof(*x));
    int64_t *start = rh_alloc((size_t)program->columns + 1, sizeof(*start));
    int32_t rc = x && start ? 0 : rh_err_nomem(run->err);
    struct rh_program_answer answer = {.x = x, .bound = INT64_MIN};
    struct rh_program_task task = {.program = program,
                                   .start = start,
                                   .start_value = run->value,
                                   .grain = run->model.grain,
                                   .time_limit_ms = limit_ms,
                                   .seed = run->options.seed};

    if (rc == 0) {
        run->phase = 4;
        rh_select_program_start(&run->model, program, run->taken, start);
        run->exact = exact->run(exact->context, &task, on_news, run, &answer);
        take_answer(run, &answer);
        rh_select_search_start(&run->search, run->taken);
    }
    rh_free(x);
    rh_free(start);
    return rc;
}

static int32_t prove(struct run *run, const struct rh_program_solver *exact)
{
    int64_t left =
        run->options.time_limit_ms > 0 ? run->options.time_limit_ms - now_ms(run) : EXACT_MS;
    struct rh_program program;
    int32_t rc;

    if (!exact || run->options.without_exact || stopped(run) || left < LEAST_MS)
        return 0;
    rh_program_init(&program);
    rc = rh_select_program_of(&run->model, &program, run->err);
    if (rc == 0)
        rc = ask(run, exact, &program, left);
    rh_program_fini(&program);
    return rc;
}

/* ---- the story ---- */

static void begin(struct run *run)
{
    run->phase = 0;
    rh_select_search_greedy(&run->search);
    if (run->problem.start)
        rh_select_search_start(&run->search, run->problem.start);
    (void)check_best(run); /* rc tells */
    report(run);
}

static int32_t solve(struct run *run, const struct rh_program_solver *exact)
{
    int64_t quick = (int64_t)run->model.columns * QUICK_STEPS;
    int64_t main_steps = run->options.step_limit > 0 ? run->options.step_limit / ROUNDS
                                                     : (int64_t)run->model.columns * ROUND_STEPS;
    int32_t rc;

    run->steps_total = quick + ROUNDS * main_steps;
    begin(run);
    if (!stopped(run))
        search_round(run, quick > QUICK_LEAST ? quick : QUICK_LEAST, quick_warm);
    if (run->rc == 0)
        rh_select_bound_aim(&run->prices, run->taken);
    rc = prove(run, exact);
    if (rc < 0)
        return rc;
    for (int32_t round = 0; round < ROUNDS && !stopped(run); round++) {
        raise_bound(run);
        if (!stopped(run))
            search_round(run, main_steps, warm[round]);
    }
    if (!stopped(run))
        raise_bound(run);
    run->phase = 3;
    report(run);
    return run->rc;
}

static int32_t write_result(const struct run *run, struct rh_select_result *result)
{
    int32_t rc = rh_select_check(&run->problem, run->taken, &result->value, result->rule_value,
                                 result->row_count, run->err);

    if (rc < 0)
        return rc;
    memcpy(result->taken, run->taken, (size_t)run->model.columns);
    result->bound = run->bound;
    result->proven = proven(run);
    result->cut = run->cut && !result->proven;
    result->exact = run->exact;
    result->steps = run->search.steps;
    result->first_ms = run->first_ms;
    result->total_ms = now_ms(run);
    return 0;
}

/* The caller's structures may be older (shorter) than ours: what they lack is 0. */
static void read_input(struct run *run, const struct rh_select_problem *problem,
                       const struct rh_solve_options *options)
{
    size_t size = problem->size < sizeof(*problem) ? problem->size : sizeof(*problem);

    memcpy(&run->problem, problem, size);
    if (!options)
        return;
    size = options->size < sizeof(*options) ? options->size : sizeof(*options);
    memcpy(&run->options, options, size);
}

static int32_t check_start(struct run *run)
{
    int64_t value;

    return run->problem.start
               ? rh_select_check(&run->problem, run->problem.start, &value, NULL, NULL, run->err)
               : 0;
}

static int32_t make_parts(struct run *run)
{
    int32_t rc = rh_select_model_init(&run->model, &run->problem, run->err);

    if (rc == 0)
        rc = rh_select_search_init(&run->search, &run->model, run->options.seed, run->err);
    if (rc == 0)
        rc = rh_select_bound_init(&run->prices, &run->model, run->err);
    run->taken = rh_alloc((size_t)run->problem.column_count + 1, 1);
    if (rc == 0 && !run->taken)
        rc = rh_err_nomem(run->err);
    run->search.pause = pause_run;
    run->search.context = run;
    return rc;
}

static void free_parts(struct run *run)
{
    rh_free(run->taken);
    rh_select_bound_fini(&run->prices);
    rh_select_search_fini(&run->search);
    rh_select_model_fini(&run->model);
}

int32_t rh_select(const struct rh_select_problem *problem, const struct rh_solve_options *options,
                  rh_select_clock *clock, const struct rh_program_solver *exact,
                  struct rh_select_result *result, struct rh_err *err)
{
    struct run run = {.clock = clock,
                      .began_ms = clock ? clock() : 0,
                      .value = INT64_MAX,
                      .news_bound = INT64_MIN,
                      .err = err};
    int32_t rc;

    read_input(&run, problem, options);
    rc = rh_select_problem_check(&run.problem, err);
    if (rc == 0)
        rc = check_start(&run);
    if (rc < 0)
        return rc;
    rc = make_parts(&run);
    if (rc == 0)
        rc = solve(&run, exact);
    if (rc == 0)
        rc = write_result(&run, result);
    free_parts(&run);
    return rc;
}
