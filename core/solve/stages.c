#include "core/base/alloc.h"
#include "core/solve/check.h"
#include "core/solve/run.h"

#include <string.h>

enum {
    QUICK_STEPS = 400,  /* per block: the round that makes the first balanced plan */
    ROUND_STEPS = 6000, /* per block: a main round */
    ROUNDS = 5,         /* of them, by default */
    BOUND_STEPS = 2500, /* of each level's bound, per round, at most */
    BOUND_COST = 200,   /* so many table entries a bound step reads while the search makes a step */
    BOUND_SLICE = 100,  /* bound steps between two looks at the clock */
    PROOF_ROUND = 4,    /* from here on the exact engine gets the time it wants: where its linear
                           program leaves much open, the search is quicker, mostly */
    NETWORK_MOST = 2000000 /* arcs; a larger network would take longer than it is worth */
};

/*
 * Rounds differ: no climate is best everywhere. Warm and loose ones find the way to exact shares in
 * tight problems; the cool one, from the plan that prices and network suggest, is the best in large
 * problems with room.
 */
struct habit {
    double warm, loose;
    bool from_network;
};

static const struct habit quick_habit = {0.5, 0.3, false};
static const struct habit habits[] = {
    {0.25, 0.3, false}, {0.5, 0.3, false}, {0.1, 1, true}, {0.25, 0.3, false}};

enum { HABITS = sizeof(habits) / sizeof(habits[0]) };

/* How much dearer than at first shares and hard rules are in the end; grows when a round fails. */
struct strictness {
    double stiff, hard;
};

static bool stopped(const struct rh_run *run)
{
    return run->cut || run->rc < 0 || rh_run_proven(run);
}

static int64_t soft_difference(const struct rh_run *run)
{
    return (int64_t)(run->search.unit / (double)run->search.fine);
}

/* Levels as weights: enough that shares are not traded for wishes; the plan need not be perfect,
 * and the bound is valid for any weights. */
static void weigh_network(struct rh_run *run)
{
    int64_t *weight = run->network_weight;
    int64_t balance = 64 * soft_difference(run) / run->search.middle[RH_SOLVE_BALANCE];

    balance = balance < 1 ? 1 : balance > 1 << 16 ? 1 << 16 : balance;
    weight[RH_SOLVE_SOFT] = 1;
    weight[RH_SOLVE_BALANCE] = balance;
    weight[RH_SOLVE_HARD] = 16 * balance;
}

/* No plan costs less than `network_least` in the network's weighted sum. What a plan like ours
 * spends on the levels before goes off that. */
static void bound_by_network(struct rh_run *run)
{
    const struct rh_model *m = &run->model;
    int64_t grain = rh_model_grain(m, RH_SOLVE_SOFT);
    int64_t least = run->network_least + m->within[RH_SOLVE_SOFT];

    for (int level = 0; level < RH_SOLVE_SOFT; level++) {
        if (run->value[level] > (int64_t)1 << 40)
            return; /* the product below could overflow, and the bound would say nothing */
        least -= run->network_weight[level] * (run->value[level] - m->within[level]);
    }
    if (run->has_network && least > run->bound[RH_SOLVE_SOFT])
        run->bound[RH_SOLVE_SOFT] = (least + grain - 1) / grain * grain;
}

static int32_t plan_by_network(struct rh_run *run)
{
    int32_t rc;

    if (run->model.option_start[run->model.blocks] > NETWORK_MOST) {
        rh_search_scatter(&run->search);
        return rh_run_check_best(run);
    }
    weigh_network(run);
    rc = rh_transport_init(&run->network, &run->model, run->network_weight, run->err);
    if (rc < 0)
        return rc;
    run->has_network = true;
    rc = rh_transport_solve(&run->network, NULL, run->trial, run->err);
    if (rc < 0)
        return rc;
    run->network_least = (run->network.value + RH_TRANSPORT_FINE - 1) / RH_TRANSPORT_FINE;
    rh_search_start(&run->search, run->trial);
    rc = rh_run_check_best(run);
    if (rc == 0)
        bound_by_network(run);
    return rc;
}

/* The network again, with the prices of the rows it does not contain. */
static int32_t suggest_by_prices(struct rh_run *run)
{
    const struct rh_model *m = &run->model;
    size_t cells = (size_t)m->kinds * (size_t)m->slots;
    int64_t *price, *toll;
    int32_t rc = RH_ENOMEM;

    if (!run->has_network || run->wishes.level != RH_SOLVE_SOFT)
        return 0;
    price = rh_alloc((size_t)m->rows + 1, sizeof(*price));
    toll = rh_alloc(cells, sizeof(*toll));
    if (price && toll) {
        for (int32_t r = 0; r < m->rows; r++)
            price[r] = run->network.inside[r] ? 0 : run->wishes.good[r];
        rh_model_tolls(m, price, (double)RH_TRANSPORT_FINE / (double)run->wishes.scale, toll);
        rc = rh_transport_solve(&run->network, toll, run->trial, run->err);
        if (rc == 0)
            rh_search_start(&run->search, run->trial);
    }
    rh_free(price);
    rh_free(toll);
    return rc == RH_ENOMEM ? rh_err_nomem(run->err) : rc;
}

static bool aimed_elsewhere(const struct rh_run *run, const struct rh_bound *bound, int32_t level)
{
    if (bound->level != level)
        return true;
    for (int32_t before = 0; before < level; before++) {
        if (bound->before[before] != run->value[before] - run->model.within[before])
            return true;
    }
    return false;
}

/* About a tenth of the work of the search, so that a short run stays short. */
static int32_t bound_steps(const struct rh_run *run)
{
    const struct rh_model *m = &run->model;
    int64_t entries =
        (int64_t)m->option_start[m->blocks] + m->rows + m->cell_start[(int64_t)m->kinds * m->slots];
    int64_t steps = run->steps_total / 10 / (entries / BOUND_COST + 5);

    /* The exact engine has better ones soon; these are for problems it need not be asked about. */
    if (run->solver && run->exact == RH_EXACT_NOT_NEEDED)
        steps /= 4;
    return (int32_t)(steps < BOUND_STEPS ? steps : BOUND_STEPS);
}

static void raise_level(struct rh_run *run, struct rh_bound *bound, int32_t level)
{
    int64_t target = run->value[level];
    double unit = level == RH_SOLVE_SOFT ? (double)soft_difference(run) : 1;

    if (aimed_elsewhere(run, bound, level))
        rh_bound_aim(bound, level, run->value, unit);
    else
        rh_bound_turn(bound);
    for (int32_t n = bound_steps(run); n > 0 && bound->best < target; n -= BOUND_SLICE) {
        rh_bound_raise(bound, n < BOUND_SLICE ? n : BOUND_SLICE, target);
        if (bound->best > run->bound[level])
            run->bound[level] = bound->best;
        if (rh_run_pause(run))
            return;
    }
}

/* Levels whose value is already shown to be the best possible are left alone. */
static void raise_bounds(struct rh_run *run)
{
    run->phase = RH_RUN_BOUND;
    bound_by_network(run);
    for (int32_t level = 0; level < RH_SOLVE_LEVELS && !stopped(run); level++) {
        if (run->bound[level] < run->value[level])
            raise_level(run, level == RH_SOLVE_SOFT ? &run->wishes : &run->shares, level);
    }
    if (run->wishes.level == RH_SOLVE_SOFT)
        rh_search_guide(&run->search, run->wishes.good, run->wishes.scale);
}

static void search_round(struct rh_run *run, int64_t steps, const struct habit *habit,
                         struct strictness *strict)
{
    const struct rh_search_climate climate = {
        .warm = habit->warm,
        .cold = 0.03,
        .loose = habit->loose,
        .stiff = strict->stiff,
        .hard = strict->hard,
    };
    const int64_t *end = run->search.score.value;

    memcpy(run->search.goal, run->bound, sizeof(run->search.goal));
    if (habit->from_network)
        run->rc = suggest_by_prices(run);
    if (run->rc == 0 && rh_search_round(&run->search, steps, &climate))
        run->rc = rh_run_check_best(run);
    /* It ended in a plan whose hard or balance level is worse than is possible: be stricter. */
    if (end[RH_SOLVE_HARD] > run->value[RH_SOLVE_HARD])
        strict->hard *= 4;
    else if (end[RH_SOLVE_BALANCE] > run->value[RH_SOLVE_BALANCE])
        strict->stiff *= 2;
}

static int32_t take_start(struct rh_run *run)
{
    struct rh_solve_verdict verdict = {0};
    const int32_t *start = run->problem.start;
    int32_t rc;

    if (!start)
        return 0;
    rc = rh_solve_check(&run->problem, start, &verdict, run->err);
    if (rc < 0)
        return rh_err_wrap(run->err, "Ausgangsplan", "plan to start from");
    for (int32_t i = 0; i < run->model.items; i++)
        run->trial[run->model.block_of[i]] = start[i];
    rh_search_start(&run->search, run->trial);
    return rh_run_check_best(run);
}

/* At first what the exact engine answers quickly, then shares, which the search may miss for long,
 * at last everything. */
static void prove(struct rh_run *run, int32_t round, bool last)
{
    int32_t brief_from = round == 0 ? RH_SOLVE_HARD : RH_SOLVE_SOFT;
    int32_t rc =
        rh_run_prove(run, last || round >= PROOF_ROUND ? RH_SOLVE_LEVELS : brief_from, last);

    run->rc = run->rc < 0 ? run->rc : rc;
}

static void improve(struct rh_run *run)
{
    struct strictness strict = {.stiff = 30, .hard = 30};
    int64_t left = run->steps_total, length = (int64_t)run->model.blocks * ROUND_STEPS;

    for (int32_t round = 0; left > 0 && !stopped(run); round++) {
        const struct habit *habit = round == 0 ? &quick_habit : &habits[(round - 1) % HABITS];
        int64_t steps = round == 0 ? (int64_t)run->model.blocks * QUICK_STEPS : length;

        /* Given more time, a slower round is worth more than one more. */
        if (round > 0 && round % ROUNDS == 0)
            length *= 2;
        steps = steps < left ? steps : left;
        left -= steps;
        run->phase = round == 0 ? RH_RUN_START : RH_RUN_IMPROVE;
        search_round(run, steps, habit, &strict);
        if (run->rc == 0)
            rh_run_report(run);
        if (!stopped(run))
            raise_bounds(run);
        if (run->solver && !stopped(run))
            prove(run, round, left == 0);
        rh_run_doubt(run);
    }
}

int32_t rh_run_stages(struct rh_run *run)
{
    int32_t rc;

    run->steps_total = run->options.step_limit;
    if (run->steps_total <= 0)
        run->steps_total = run->model.blocks * (QUICK_STEPS + ROUNDS * (int64_t)ROUND_STEPS);
    memcpy(run->bound, run->model.within, sizeof(run->bound));
    run->search.pause = rh_run_pause;
    run->search.context = run;
    rc = take_start(run);
    if (rc == 0)
        rc = plan_by_network(run);
    if (rc < 0)
        return rc;
    rh_run_report(run);
    improve(run);
    run->phase = RH_RUN_DONE;
    return run->rc;
}
