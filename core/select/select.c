#include "core/select/select.h"

#include "core/base/alloc.h"
#include "core/select/bound.h"
#include "core/select/check.h"
#include "core/select/program_of.h"
#include "core/select/search.h"

#include <string.h>

enum {
    WALK_STEPS = 300,     /* of the walk in the first round, doubled in each … */
    DIVE_STEPS = 300,     /* … and of the dive … */
    DOUBLED = 2,          /* … so many times */
    SLICE = 50,           /* steps between two looks at the clock */
    ANNEAL_STEPS = 300,   /* of the search in a round, per group; at least … */
    ANNEAL_LEAST = 20000, /* … so many */
    ROUNDS = 6,           /* without a limit of steps or time */
    ROUNDS_MOST = 10000,  /* with one */
    EXACT_ROUND = 2,      /* after this one the exact engine is asked; later … */
    HARD = 50000,         /* … when there are more free columns than this */
    EXACT_MS = 60000,     /* for the exact engine when the caller gave no limit */
    LEAST_MS = 10,        /* less is not worth a start */
    REPORT_MS = 50        /* between two calls of the caller's progress function */
};

/* How warm a round's search begins, in typical dues; and where every one ends. */
static const double warm[] = {0.75, 0.75, 3, 0.75, 10}, cold = 0.1;
/* Costs in a dive are blurred by so much of the grain: less comes nearer the best answer, more gets
 * there sooner. */
static const double tilt[] = {0.5, 0.5, 0.25, 0.12};

struct run {
    struct rh_select_problem problem;
    struct rh_solve_options options;
    rh_select_clock *clock;
    struct rh_select_model model;
    struct rh_select_search search;
    struct rh_select_walk walk, dive;
    struct rh_select_bound prices;
    struct rh_dice dice; /* of the dives */
    uint8_t *taken;      /* owned: the best checked answer */
    uint8_t *fixed;      /* owned: what must be so in a better one */
    int64_t value, bound, news_bound;
    int64_t base; /* of the program that the exact engine has */
    int64_t began_ms, reported_ms, first_ms, steps_total;
    int32_t phase, exact, round;
    bool checked, cut, asked;
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

static bool stopped(const struct run *run)
{
    return run->cut || run->rc < 0 || proven(run);
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
    return stopped(run);
}

/* ---- a round: walk, dive, search ---- */

static int64_t doubled(const struct run *run, int64_t steps)
{
    return steps << (run->round < DOUBLED ? run->round : DOUBLED);
}

/* Rounds go through a table of so many, then through its second half again and again. */
static size_t turn_of(const struct run *run, size_t count)
{
    size_t round = (size_t)run->round, half = count / 2;

    return round < count ? round : half + (round - half) % (count - half);
}

/* The linear relaxation, further: its prices are the bound. */
static void walk(struct run *run)
{
    run->phase = 2;
    for (int64_t n = 0; n < doubled(run, WALK_STEPS) && !stopped(run); n += SLICE) {
        rh_select_walk_steps(&run->walk, SLICE);
        rh_select_walk_join(&run->walk, rh_select_bound_try(&run->prices, &run->walk));
        if (run->prices.best > run->bound)
            run->bound = run->prices.best;
        (void)pause_run(run); /* `stopped` tells */
    }
}

/* From where the walk is to a corner, whose shares are nearly whole, and to the answer there. */
static void dive(struct run *run)
{
    run->phase = 1;
    rh_select_walk_follow(&run->dive, &run->walk, run->prices.due, &run->dice,
                          tilt[turn_of(run, sizeof(tilt) / sizeof(tilt[0]))] *
                              (double)run->model.grain);
    for (int64_t n = 0; n < doubled(run, DIVE_STEPS) && !stopped(run); n += SLICE) {
        rh_select_walk_steps(&run->dive, SLICE);
        if (pause_run(run) || rh_select_walk_torn(&run->dive) == 0)
            break;
    }
    rh_select_search_round_shares(&run->search, run->dive.share);
    (void)check_best(run); /* rc tells */
}

static int64_t search_steps(const struct run *run)
{
    int64_t steps = (int64_t)run->model.groups * ANNEAL_STEPS, limit = run->options.step_limit;

    steps = steps > ANNEAL_LEAST ? steps : ANNEAL_LEAST;
    return limit > 0 && steps > limit - run->search.steps ? limit - run->search.steps : steps;
}

static void search(struct run *run)
{
    int64_t gap = run->value * RH_SELECT_FINE - run->prices.best_sum;
    double typical = rh_select_search_focus(&run->search, run->prices.due, gap) / RH_SELECT_FINE;
    size_t turn = turn_of(run, sizeof(warm) / sizeof(warm[0]));

    typical = typical < (double)run->model.grain ? (double)run->model.grain : typical;
    run->phase = 1;
    (void)rh_select_search_anneal(&run->search, search_steps(run), warm[turn] * typical,
                                  cold * typical); /* `stopped` tells */
    (void)check_best(run);
}

/* ---- the exact engine ---- */

static int32_t on_news(void *context, int64_t best, int64_t bound)
{
    struct run *run = context;

    (void)best; /* what it found counts when the checker has seen it */
    if (bound != INT64_MIN && bound + run->base <= run->value)
        run->news_bound = bound + run->base;
    return pause_run(run);
}

static void take_answer(struct run *run, const struct rh_select_part *part,
                        const struct rh_program_answer *answer)
{
    uint8_t *taken = run->search.taken; /* free for use between rounds */
    struct rh_err nonsense = {0};
    int64_t value = INT64_MAX, bound = answer->bound;

    if (answer->has_x)
        rh_select_part_read(part, answer->x, taken);
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
    if (bound != INT64_MIN)
        bound += part->base;
    /* A bound above an answer that the checker measured is a lie, whoever told it. */
    if (bound > run->value)
        run->exact = RH_EXACT_FAILED;
    else if (bound > run->bound)
        run->bound = bound;
}

static int32_t ask(struct run *run, const struct rh_program_solver *exact,
                   const struct rh_select_part *part, int64_t limit_ms)
{
    int64_t *x = rh_alloc((size_t)part->program.columns + 1, sizeof(*x));
    int64_t *start = rh_alloc((size_t)part->program.columns + 1, sizeof(*start));
    int32_t rc = x && start ? 0 : rh_err_nomem(run->err);
    struct rh_program_answer answer = {.x = x, .bound = INT64_MIN};
    struct rh_program_task task = {.program = &part->program,
                                   .start = start,
                                   .start_value = run->value - part->base,
                                   .grain = run->model.grain,
                                   .time_limit_ms = limit_ms,
                                   .seed = run->options.seed};

    if (rc == 0) {
        run->phase = 4;
        run->base = part->base;
        rh_select_part_start(part, run->taken, start);
        run->exact = exact->run(exact->context, &task, on_news, run, &answer);
        take_answer(run, part, &answer);
        rh_select_search_start(&run->search, run->taken);
    }
    rh_free(x);
    rh_free(start);
    return rc;
}

/* What must be so in a better answer, but only where the one at hand agrees: it is the start. */
static int32_t fix(struct run *run)
{
    int32_t free_count = rh_select_bound_fix(&run->prices, run->value, run->fixed);

    for (int32_t j = 0; j < run->model.columns; j++) {
        if (run->fixed[j] == RH_SELECT_FREE ||
            (run->fixed[j] == RH_SELECT_TAKEN) == (run->taken[j] != 0))
            continue;
        run->fixed[j] = RH_SELECT_FREE;
        free_count++;
    }
    return free_count;
}

/* Most problems are proven before; and the nearer bound and answer, the less is left to decide. */
static bool ripe(struct run *run)
{
    return run->round >= EXACT_ROUND && (fix(run) <= HARD || run->round >= 2 * EXACT_ROUND);
}

static int32_t prove(struct run *run, const struct rh_program_solver *exact)
{
    int64_t limit = run->options.time_limit_ms;
    int64_t left = limit > 0 ? limit - now_ms(run) : EXACT_MS;
    struct rh_select_part part;
    int32_t rc;

    if (!exact || run->options.without_exact || run->asked || stopped(run) || left < LEAST_MS ||
        !ripe(run))
        return 0;
    run->asked = true;
    rc = rh_select_part_init(&part, &run->model, run->fixed, run->err);
    if (rc < 0)
        return rc;
    rc = ask(run, exact, &part, left);
    rh_select_part_fini(&part);
    return rc;
}

/* ---- the story ---- */

static void begin(struct run *run)
{
    run->phase = 0;
    run->steps_total =
        run->options.step_limit > 0 ? run->options.step_limit : ROUNDS * search_steps(run);
    rh_select_search_greedy(&run->search);
    if (run->problem.start)
        rh_select_search_start(&run->search, run->problem.start);
    (void)check_best(run); /* rc tells */
    report(run);
}

static bool goes_on(const struct run *run)
{
    bool limited = run->options.time_limit_ms > 0 || run->options.step_limit > 0;

    return !stopped(run) && run->round < (limited ? ROUNDS_MOST : ROUNDS) &&
           (run->options.step_limit <= 0 || run->search.steps < run->options.step_limit);
}

static int32_t solve(struct run *run, const struct rh_program_solver *exact)
{
    int32_t rc = 0;

    begin(run);
    for (run->round = 0; goes_on(run) && rc == 0; run->round++) {
        walk(run);
        if (!stopped(run))
            dive(run);
        if (!stopped(run))
            search(run);
        rc = prove(run, exact);
    }
    run->phase = 3;
    report(run);
    return rc < 0 ? rc : run->rc;
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
    if (rc == 0)
        rc = rh_select_walk_init(&run->walk, &run->model, run->err);
    if (rc == 0)
        rc = rh_select_walk_init(&run->dive, &run->model, run->err);
    run->taken = rh_alloc((size_t)run->problem.column_count + 1, 1);
    run->fixed = rh_alloc((size_t)run->problem.column_count + 1, 1);
    if (rc == 0 && (!run->taken || !run->fixed))
        rc = rh_err_nomem(run->err);
    run->dice.at = run->options.seed;
    run->search.pause = pause_run;
    run->search.context = run;
    return rc;
}

static void free_parts(struct run *run)
{
    rh_free(run->taken);
    rh_free(run->fixed);
    rh_select_walk_fini(&run->dive);
    rh_select_walk_fini(&run->walk);
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
