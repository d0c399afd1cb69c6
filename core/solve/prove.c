/* The exact engine in a run: asked level by level, believed only as far as the checker goes. */
#include "core/base/alloc.h"
#include "core/solve/check.h"
#include "core/solve/program_of.h"
#include "core/solve/run.h"

#include <string.h>

enum { ASKED_BRIEFLY = 1, ASKED = 2 };

enum {
    LEVEL_MS = 60000, /* for a level when the caller gave no time limit */
    LEAST_MS = 10     /* less is not worth a start */
};

/* Of what is left of the time, this part may go to a level; the search can use the rest. Exact
 * shares it often finds sooner, wishes seldom. */
static int64_t share_ms(const struct rh_run *run, int32_t level)
{
    int64_t left;

    if (run->options.time_limit_ms <= 0)
        return LEVEL_MS;
    left = run->options.time_limit_ms - rh_run_now_ms(run);
    return level == RH_SOLVE_SOFT ? left / 4 * 3 : left / 4;
}

/* Not checked yet: numbers for people to look at while they wait. */
static int32_t on_news(void *context, int64_t best, int64_t bound)
{
    struct rh_run *run = context;
    const struct rh_program_of *of = run->asked;
    int64_t value[RH_SOLVE_LEVELS];

    if (best >= 0 && best < rh_program_of_cost(of, run->news_best)) {
        memcpy(value, run->news_best, sizeof(value));
        rh_program_of_value(of, best, value);
        memcpy(run->news_best, value, sizeof(value));
    }
    if (bound >= 0 && bound <= rh_program_of_cost(of, run->news_best)) {
        rh_program_of_bounds(of, bound, run->news_best, value);
        for (int32_t level = of->first; level <= of->last; level++) {
            if (value[level] > run->news_bound[level])
                run->news_bound[level] = value[level];
        }
    }
    return rh_run_pause(run);
}

static int32_t take_plan(struct rh_run *run, const struct rh_program_of *of, const int64_t *x)
{
    struct rh_solve_verdict verdict = {0};
    struct rh_err nonsense = {0};

    if (rh_program_of_take(of, x, run->trial, &nonsense) < 0 ||
        rh_solve_check(&run->problem, run->trial, &verdict, &nonsense) < 0) {
        run->exact = RH_EXACT_FAILED;
        return 0;
    }
    if (rh_value_compare(verdict.value, run->value) >= 0)
        return 0;
    /* Blocks are numbered by their first items, so none is written before it is read. */
    for (int32_t i = 0; i < run->model.items; i++)
        run->trial[run->model.block_of[i]] = run->trial[i];
    rh_search_start(&run->search, run->trial);
    return rh_run_check_best(run);
}

/* A bound above a plan that the checker measured is a lie, whoever told it. */
static void take_bound(struct rh_run *run, const struct rh_program_of *of, int64_t least)
{
    int64_t bound[RH_SOLVE_LEVELS];

    if (least == INT64_MIN)
        return;
    if (least > rh_program_of_cost(of, run->value)) {
        run->exact = RH_EXACT_FAILED;
        return;
    }
    rh_program_of_bounds(of, least, run->value, bound);
    for (int32_t level = of->first; level <= of->last; level++) {
        if (bound[level] > run->bound[level])
            run->bound[level] = bound[level];
    }
}

static int32_t read_answer(struct rh_run *run, const struct rh_program_of *of,
                           const struct rh_program_answer *answer)
{
    int64_t before[RH_SOLVE_LEVELS];
    int32_t rc = 0;

    memcpy(before, run->value, sizeof(before));
    if (answer->infeasible)
        run->exact = RH_EXACT_FAILED; /* it was handed a plan */
    else if (answer->has_x)
        rc = take_plan(run, of, answer->x);
    if (rc < 0 || run->exact == RH_EXACT_FAILED)
        return rc;
    /* It holds for plans that are not worse than the one asked about on the levels before; a plan
     * the answer brought is one of them, or it broke the budget. */
    for (int32_t level = 0; level < of->first; level++) {
        if (run->value[level] > before[level])
            return 0;
    }
    take_bound(run, of, answer->bound);
    return 0;
}

/* Is nothing better on the levels up to this one? */
static bool is_shown(const struct rh_run *run, int32_t level)
{
    while (level >= 0 && run->bound[level] >= run->value[level])
        level--;
    return level < 0;
}

static int32_t ask(struct rh_run *run, const struct rh_program_of *of, int64_t *start, int64_t *x)
{
    struct rh_program_answer answer = {.x = x, .bound = INT64_MIN};
    struct rh_program_task task = {
        .program = &of->program,
        .start = start,
        .grain = of->grain,
        .time_limit_ms = share_ms(run, of->last),
        .seed = run->options.seed,
        .brief = run->brief,
    };
    int64_t began_ms = rh_run_now_ms(run);
    int32_t rc;

    if (task.time_limit_ms < LEAST_MS) {
        run->exact = RH_EXACT_LATE;
        run->late = true;
        return 0;
    }
    rh_program_of_put(of, run->slot, start);
    rc = rh_program_check(&of->program, start, &task.start_value, run->err);
    if (rc < 0)
        return rh_err_wrap(run->err, "Programm zum Plan", "program of the plan");
    run->asked = of;
    memcpy(run->news_best, run->value, sizeof(run->news_best));
    memcpy(run->news_bound, run->bound, sizeof(run->news_bound));
    run->exact = run->solver->run(run->solver->context, &task, on_news, run, &answer);
    if (run->exact == RH_EXACT_USED || run->exact == RH_EXACT_LATE)
        rc = read_answer(run, of, &answer);
    /* What it found depends on the speed of the machine. A short question may be left open; cut
     * short by the clock it took a third of its time. */
    if (run->exact == RH_EXACT_LATE ||
        (run->exact == RH_EXACT_USED && !is_shown(run, of->last) &&
         (!run->brief || rh_run_now_ms(run) - began_ms > task.time_limit_ms / 4)))
        run->late = true;
    return run->rc < 0 ? run->rc : rc;
}

static int32_t prove_levels(struct rh_run *run, int32_t first, int32_t last, bool *ret_too_large)
{
    struct rh_program_of of;
    int64_t *start, *x;
    int32_t rc = rh_program_of_init(&of, &run->model, first, last, run->value, run->err);

    *ret_too_large = rc == RH_ETOOLARGE;
    if (rc == RH_ETOOLARGE) {
        rh_err_clear(run->err);
        return 0;
    }
    if (rc < 0)
        return rc;
    start = rh_alloc((size_t)of.program.columns, sizeof(*start));
    x = rh_alloc((size_t)of.program.columns, sizeof(*x));
    rc = start && x ? ask(run, &of, start, x) : rh_err_nomem(run->err);
    rh_free(start);
    rh_free(x);
    rh_program_of_fini(&of);
    return rc;
}

/* Shares and wishes in one short question, where the weights of that can be computed with. One that
 * the linear program does not decide is easier level by level. */
static int32_t prove_level(struct rh_run *run, int32_t level)
{
    bool too_large = true;
    int32_t rc = 0;

    if (level == RH_SOLVE_BALANCE && run->brief)
        rc = prove_levels(run, level, RH_SOLVE_SOFT, &too_large);
    if (rc == 0 && too_large)
        rc = prove_levels(run, level, level, &too_large);
    if (rc == 0 && too_large)
        run->exact = RH_EXACT_LATE;
    return rc;
}

/* Asked once more it would say the same. */
static bool is_news(struct rh_run *run, int32_t level)
{
    size_t before = (size_t)level * sizeof(run->value[0]);

    int32_t how = run->brief ? ASKED_BRIEFLY : ASKED;

    if (run->was_asked[level] >= how && memcmp(run->asked_value[level], run->value, before) == 0)
        return false;
    run->was_asked[level] = how;
    memcpy(run->asked_value[level], run->value, before);
    return true;
}

/* One that was late may be in time for another question. */
static bool is_over(const struct rh_run *run)
{
    return run->cut || run->rc < 0 || run->exact == RH_EXACT_MISSING ||
           run->exact == RH_EXACT_FAILED;
}

int32_t rh_run_prove(struct rh_run *run, int32_t brief_from, bool last)
{
    int32_t rc = 0;

    run->phase = RH_RUN_EXACT;
    if (run->exact == RH_EXACT_NOT_NEEDED)
        memcpy(run->own_bound, run->bound, sizeof(run->own_bound));
    for (int32_t level = 0; level < RH_SOLVE_LEVELS && rc == 0 && !is_over(run); level++) {
        run->brief = level >= brief_from;
        if (run->bound[level] < run->value[level] && is_news(run, level))
            rc = prove_level(run, level);
        if (run->bound[level] < run->value[level] && !last)
            break;
    }
    rh_run_doubt(run);
    return rc;
}

void rh_run_doubt(struct rh_run *run)
{
    for (int32_t level = 0; level < RH_SOLVE_LEVELS; level++) {
        if (run->exact != RH_EXACT_NOT_NEEDED && run->bound[level] > run->value[level])
            run->exact = RH_EXACT_FAILED;
    }
    if (run->exact == RH_EXACT_FAILED)
        memcpy(run->bound, run->own_bound, sizeof(run->bound));
}
