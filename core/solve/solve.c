#include "core/solve/solve.h"

#include "core/base/alloc.h"
#include "core/solve/bound.h"
#include "core/solve/check.h"
#include "core/solve/model.h"
#include "core/solve/problem.h"
#include "core/solve/search.h"

#include <string.h>

/*
 * The story of a run: check the input, build the model, make a plan quickly, then by turns raise
 * the bound and improve the plan, in rounds that grow longer, each from a warm start, until they
 * meet or the steps are used up. Whatever the search calls best is measured by the checker before
 * anyone sees it.
 */

enum {
    QUICK_STEPS = 400,  /* per block: the round that makes the first plan */
    ROUND_STEPS = 6000, /* per block: a main round */
    ROUNDS = 5,         /* of them, by default */
    BOUND_STEPS = 2500, /* of each level's bound, per round, at most */
    BOUND_COST = 200,   /* so many table entries a bound step reads while the search makes a step */
    BOUND_SLICE = 100,  /* of those between two looks at the clock */
    REPORT_MS = 50      /* between two calls of the progress function */
};

enum { PHASE_START, PHASE_IMPROVE, PHASE_BOUND, PHASE_DONE };

struct run {
    const struct rh_solve_problem *problem;
    struct rh_solve_problem problem_copy;
    struct rh_solve_options options;
    rh_solve_clock *clock;
    struct rh_model model;
    struct rh_search search;
    struct rh_bound shares, wishes; /* bounds of the hard and balance level, of the soft level */
    int32_t *slot;                  /* owned: the best checked plan, per item */
    int32_t *trial;                 /* owned: the same, before it is checked */
    int64_t value[RH_SOLVE_LEVELS];
    int64_t bound[RH_SOLVE_LEVELS];
    int64_t began_ms, reported_ms, first_ms;
    int64_t steps_total;
    int32_t bound_steps; /* per level and round */
    int32_t phase;
    bool checked; /* `slot` holds a plan */
    bool cut;
    int32_t rc; /* what the checker or memory said while the search was running */
    struct rh_err *err;
};

static int64_t now_ms(const struct run *run)
{
    return run->clock ? run->clock() - run->began_ms : 0;
}

/* The search's best plan, if it is new and better, goes through the checker. */
static int32_t check_best(struct run *run)
{
    struct rh_solve_verdict verdict = {0};
    const struct rh_search *s = &run->search;
    int32_t rc;

    if (run->checked && rh_value_compare(s->best_value, run->value) >= 0)
        return 0;
    for (int32_t i = 0; i < run->model.items; i++)
        run->trial[i] = s->best[run->model.block_of[i]];
    rc = rh_solve_check(run->problem, run->trial, &verdict, run->err);
    if (rc < 0)
        return rc;
    if (rh_value_compare(verdict.value, s->best_value) != 0)
        return rh_err_set(run->err, RH_EFAILED,
                          "Planung und Prüfung sind sich über den Wert des Plans nicht einig",
                          "engine and checker disagree about the value of the plan");
    if (!run->checked)
        run->first_ms = now_ms(run);
    memcpy(run->slot, run->trial, (size_t)run->model.items * sizeof(run->slot[0]));
    memcpy(run->value, verdict.value, sizeof(run->value));
    run->checked = true;
    return 0;
}

static bool report(struct run *run)
{
    struct rh_solve_state state = {
        .size = sizeof(state),
        .phase = run->phase,
        .steps = run->search.steps,
        .steps_total = run->steps_total,
        .elapsed_ms = now_ms(run),
        .slot = run->checked ? run->slot : NULL,
    };

    memcpy(state.best, run->value, sizeof(state.best));
    memcpy(state.bound, run->bound, sizeof(state.bound));
    run->reported_ms = state.elapsed_ms;
    return run->options.progress && run->options.progress(run->options.context, &state) != 0;
}

static bool pause(void *context)
{
    struct run *run = context;
    int64_t now = now_ms(run);

    if (run->options.time_limit_ms > 0 && now >= run->options.time_limit_ms)
        run->cut = true;
    if (!run->clock || now - run->reported_ms >= REPORT_MS) {
        run->rc = check_best(run);
        if (report(run))
            run->cut = true;
    }
    return run->cut || run->rc < 0;
}

/* The caller's structures may be older (shorter) than ours: what they lack is 0. */
static void read_options(struct run *run, const struct rh_solve_problem *problem,
                         const struct rh_solve_options *options)
{
    size_t size = problem->size < sizeof(*problem) ? problem->size : sizeof(*problem);

    memcpy(&run->problem_copy, problem, size);
    run->problem = &run->problem_copy;
    if (!options)
        return;
    size = options->size < sizeof(*options) ? options->size : sizeof(*options);
    memcpy(&run->options, options, size);
}

static int32_t take_start(struct run *run)
{
    struct rh_solve_verdict verdict = {0};
    const int32_t *start = run->problem->start;
    int32_t rc;

    if (!start)
        return 0;
    rc = rh_solve_check(run->problem, start, &verdict, run->err);
    if (rc < 0)
        return rh_err_wrap(run->err, "Ausgangsplan", "plan to start from");
    for (int32_t i = 0; i < run->model.items; i++)
        run->trial[run->model.block_of[i]] = start[i];
    rh_search_start(&run->search, run->trial);
    return check_best(run);
}

static bool proven(const struct run *run)
{
    return run->checked && memcmp(run->value, run->bound, sizeof(run->value)) == 0;
}

static bool aimed_elsewhere(const struct run *run, const struct rh_bound *bound, int32_t level)
{
    if (bound->level != level)
        return true;
    for (int32_t before = 0; before < level; before++) {
        if (bound->before[before] != run->value[before] - run->model.within[before])
            return true;
    }
    return false;
}

static void raise_level(struct run *run, struct rh_bound *bound, int32_t level)
{
    double unit = run->search.unit / (double)run->search.fine;

    if (aimed_elsewhere(run, bound, level))
        rh_bound_aim(bound, level, run->value, level == RH_SOLVE_SOFT ? unit : 1);
    else
        rh_bound_turn(bound);
    for (int32_t n = 0; n < run->bound_steps && bound->best < run->value[level]; n += BOUND_SLICE) {
        rh_bound_raise(bound, BOUND_SLICE, run->value[level]);
        if (bound->best > run->bound[level])
            run->bound[level] = bound->best;
        if (pause(run))
            return;
    }
}

/* Levels whose value is already shown to be the best possible are left alone. */
static void raise_bounds(struct run *run)
{
    run->phase = PHASE_BOUND;
    for (int32_t level = 0; level < RH_SOLVE_LEVELS && !run->cut && run->rc == 0; level++) {
        if (run->bound[level] < run->value[level])
            raise_level(run, level == RH_SOLVE_SOFT ? &run->wishes : &run->shares, level);
    }
}

static int32_t improve(struct run *run)
{
    struct rh_search_climate climate = {
        .warm = 0.5, .cold = 0.03, .loose = 0.3, .stiff = 30, .hard = 30};
    int64_t blocks = run->model.blocks, left = run->steps_total;
    int64_t length = blocks * ROUND_STEPS, quick = blocks * QUICK_STEPS;

    for (int32_t round = 0; left > 0 && !run->cut && !proven(run); round++) {
        int64_t steps = round == 0 ? quick : length;

        /* Rounds of double length come in pairs: given more time, a slower round is worth more than
         * one more. */
        if (round > 0 && round % ROUNDS == 0)
            length *= 2;
        steps = steps < left ? steps : left;
        left -= steps;
        run->phase = round == 0 ? PHASE_START : PHASE_IMPROVE;
        rh_search_round(&run->search, steps, &climate);
        if (run->rc == 0)
            run->rc = check_best(run);
        if (run->rc < 0)
            return run->rc;
        if (report(run))
            run->cut = true;
        /* It ended in a plan whose hard or balance level is worse than is possible: be stricter. */
        if (run->search.score.value[RH_SOLVE_HARD] > run->value[RH_SOLVE_HARD])
            climate.hard *= 4;
        else if (run->search.score.value[RH_SOLVE_BALANCE] > run->value[RH_SOLVE_BALANCE])
            climate.stiff *= 2;
        raise_bounds(run);
    }
    return run->rc;
}

/* About a tenth of the work of the search, so that a short run stays short. */
static int32_t share_for_bounds(const struct run *run)
{
    const struct rh_model *m = &run->model;
    int64_t entries =
        (int64_t)m->option_start[m->blocks] + m->rows + m->cell_start[(int64_t)m->kinds * m->slots];
    int64_t steps = run->steps_total / 10 / (entries / BOUND_COST + 5);

    return (int32_t)(steps < BOUND_STEPS ? steps : BOUND_STEPS);
}

static int32_t solve(struct run *run)
{
    int64_t blocks = run->model.blocks;
    int32_t rc;

    run->steps_total = run->options.step_limit > 0
                           ? run->options.step_limit
                           : blocks * (QUICK_STEPS + ROUNDS * (int64_t)ROUND_STEPS);
    run->bound_steps = share_for_bounds(run);
    memcpy(run->bound, run->model.within, sizeof(run->bound));
    rc = take_start(run);
    if (rc < 0)
        return rc;
    run->search.pause = pause;
    run->search.context = run;
    rh_search_scatter(&run->search);
    rc = improve(run);
    run->phase = PHASE_DONE;
    return rc;
}

static void write_result(const struct run *run, struct rh_solve_result *result)
{
    size_t old_size = offsetof(struct rh_solve_result, count_value);
    int64_t *counts = result->size > old_size ? result->count_value : NULL;
    struct rh_solve_verdict verdict = {.rule_value = result->rule_value, .count_value = counts};

    memcpy(result->slot, run->slot, (size_t)run->model.items * sizeof(result->slot[0]));
    (void)rh_solve_check(run->problem, run->slot, &verdict, NULL); /* passed before */
    memcpy(result->value, verdict.value, sizeof(result->value));
    memcpy(result->bound, run->bound, sizeof(result->bound));
    result->proven = proven(run);
    result->cut = run->cut;
    result->steps = run->search.steps;
    result->first_ms = run->first_ms;
    result->total_ms = now_ms(run);
}

static int32_t solve_checked(struct run *run, const int32_t *leader, struct rh_solve_result *result)
{
    int32_t rc = rh_model_init(&run->model, run->problem, leader, run->err);

    if (rc < 0)
        return rc;
    run->slot = rh_alloc((size_t)run->model.items, sizeof(run->slot[0]));
    run->trial = rh_alloc((size_t)run->model.items, sizeof(run->trial[0]));
    if (!run->slot || !run->trial)
        rc = rh_err_nomem(run->err);
    if (rc == 0)
        rc = rh_bound_init(&run->shares, &run->model, run->err);
    if (rc == 0)
        rc = rh_bound_init(&run->wishes, &run->model, run->err);
    if (rc == 0)
        rc = rh_search_init(&run->search, &run->model, run->options.seed, run->err);
    if (rc == 0)
        rc = solve(run);
    if (rc == 0)
        write_result(run, result);
    rh_search_fini(&run->search);
    rh_bound_fini(&run->wishes);
    rh_bound_fini(&run->shares);
    rh_free(run->slot);
    rh_free(run->trial);
    rh_model_fini(&run->model);
    return rc;
}

int32_t rh_solve(const struct rh_solve_problem *problem, const struct rh_solve_options *options,
                 rh_solve_clock *clock, struct rh_solve_result *result, struct rh_err *err)
{
    struct run run = {.clock = clock, .err = err};
    int32_t *leader, rc;

    read_options(&run, problem, options);
    run.began_ms = clock ? clock() : 0;
    leader = rh_alloc((size_t)(run.problem->item_count > 0 ? run.problem->item_count : 1),
                      sizeof(*leader));
    if (!leader)
        return rh_err_nomem(err);
    rc = rh_solve_problem_check(run.problem, leader, err);
    if (rc == 0)
        rc = solve_checked(&run, leader, result);
    rh_free(leader);
    return rc;
}
