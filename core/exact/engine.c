/*
 * The steps: linear program -> bound; its rounding, when that is an answer; a kernel of the columns
 * that can matter; wider kernels until what is left out cannot matter, or time is up.
 */
#include "core/exact/engine.h"

#include "core/base/alloc.h"
#include "core/exact/bound.h"
#include "core/exact/cbc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The first kernel: this many columns, or this share of them. Wide enough that the linear programs
 * of planning, which are nearly integral, need no second one. */
enum { KERNEL_LEAST = 1500, KERNEL_SHARE = 5, LEAST_MS = 20 };

struct engine {
    const struct rh_program_task *task;
    const struct rh_program *program;
    const struct rh_exact_out *out;
    struct rh_exact_bound root; /* of the linear program */
    int64_t *best_x;            /* owned; valid when has_best */
    int64_t *found;             /* owned: what a step brings */
    int64_t *stand;             /* owned: where columns outside the kernel stand */
    uint8_t *outside;           /* owned */
    int64_t best, bound, end_ms;
    bool has_best, infeasible;
    bool all_whole; /* a rounded answer did not hold: every column has to be whole */
};

static int64_t ms_left(const struct engine *engine)
{
    return engine->end_ms - engine->out->monotonic_ms(engine->out->context);
}

static void tell(const struct engine *engine)
{
    engine->out->better(engine->out->context, engine->best, engine->bound);
}

static void answer(const struct engine *engine)
{
    struct rh_program_answer answer = {.x = engine->best_x,
                                       .has_x = engine->has_best,
                                       .proven = engine->best != INT64_MAX &&
                                                 engine->bound == engine->best,
                                       .infeasible = engine->infeasible,
                                       .bound = engine->bound};

    engine->out->answer(engine->out->context, &answer);
}

static bool done(const struct engine *engine)
{
    return engine->infeasible || (engine->best != INT64_MAX && engine->bound >= engine->best);
}

static void raise_bound(struct engine *engine, int64_t bound)
{
    int64_t up = rh_exact_round_up(bound, engine->task->grain);

    if (engine->best != INT64_MAX && up > engine->best)
        up = engine->best; /* all that is known is that nothing is better */
    if (up <= engine->bound || up >= INT64_MAX / 2)
        return;
    engine->bound = up;
    tell(engine);
}

/* Takes x when it holds and is better. Returns whether it holds. */
static bool consider(struct engine *engine, const int64_t *x)
{
    int64_t cost;

    if (rh_program_check(engine->program, x, &cost, NULL) < 0)
        return false;
    if (cost < engine->best) {
        memcpy(engine->best_x, x, (size_t)engine->program->columns * sizeof(*x));
        engine->best = cost;
        engine->has_best = true;
        tell(engine);
        answer(engine);
    }
    return true;
}

/* ---- the linear program ---- */

static void consider_rounded(struct engine *engine, const double *x)
{
    for (int32_t j = 0; j < engine->program->columns; j++) {
        if (!(fabs(x[j]) < 0x1p62))
            return;
        engine->found[j] = (int64_t)llround(x[j]);
    }
    consider(engine, engine->found);
}

static int32_t use_linear(struct engine *engine, const struct rh_cbc_part *all, double *x,
                          double *price)
{
    int32_t end = rh_cbc_linear(all, ms_left(engine), x, price), rc;

    engine->infeasible = end == RH_CBC_NOTHING && engine->best == INT64_MAX;
    if (end == RH_CBC_NOTHING || end == RH_CBC_BROKEN)
        return 0;
    for (int32_t i = 0; i < engine->program->rows; i++)
        price[i] *= (double)engine->task->grain;
    rc = rh_exact_bound(engine->program, price, &engine->root);
    if (rc < 0)
        return rc;
    if (end == RH_CBC_FOUND)
        consider_rounded(engine, x);
    raise_bound(engine, engine->root.bound);
    return 0;
}

static int32_t linear(struct engine *engine)
{
    struct rh_cbc_part all;
    double *x = rh_alloc((size_t)engine->program->columns, sizeof(*x));
    double *price = rh_alloc((size_t)engine->program->rows, sizeof(*price));
    int32_t rc = x && price ? 0 : RH_ENOMEM;

    if (rc == 0)
        rc = rh_cbc_part_init(&all, engine->program, NULL, NULL, engine->task->grain);
    if (rc == 0) {
        rc = use_linear(engine, &all, x, price);
        rh_cbc_part_fini(&all);
    }
    rh_free(x);
    rh_free(price);
    return rc;
}

/* ---- kernels ---- */

static int by_value(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

/* Which `away` the last column of the first kernel has. */
static int32_t first_reach(const struct engine *engine, int64_t *ret)
{
    int32_t columns = engine->program->columns, count = 0;
    int32_t wanted = columns / KERNEL_SHARE > KERNEL_LEAST ? columns / KERNEL_SHARE : KERNEL_LEAST;
    int64_t *aways = rh_alloc((size_t)columns, sizeof(*aways));

    if (!aways)
        return RH_ENOMEM;
    for (int32_t j = 0; j < columns; j++)
        aways[j] = engine->root.end[j] ? engine->root.away[j] : INT64_MIN;
    qsort(aways, (size_t)columns, sizeof(*aways), by_value);
    count = wanted < columns ? wanted : columns;
    *ret = count > 0 && count < columns ? aways[count - 1] : INT64_MAX;
    rh_free(aways);
    return 0;
}

/* What can be in an answer that costs no more than `reach` is inside, and the best known answer.
 * Returns what an answer costs at least that is not inside; INT64_MAX: all are. */
static int64_t choose_kernel(struct engine *engine, int64_t reach)
{
    const struct rh_program *program = engine->program;
    const int64_t *known = engine->has_best ? engine->best_x : engine->task->start;
    int64_t beyond = INT64_MAX;

    for (int32_t j = 0; j < program->columns; j++) {
        int8_t end = engine->root.end ? engine->root.end[j] : 0;

        engine->stand[j] = end < 0 ? program->low[j] : program->high[j];
        engine->outside[j] =
            end != 0 && engine->root.away[j] > reach && (!known || known[j] == engine->stand[j]);
        if (engine->outside[j] && engine->root.away[j] < beyond)
            beyond = engine->root.away[j];
    }
    return beyond;
}

/* Returns how it ended: RH_CBC_…, or RH_ENOMEM. */
static int32_t solve_kernel(struct engine *engine, bool quick)
{
    struct rh_cbc_ask ask = {.quick = quick,
                             .all_whole = engine->all_whole,
                             .start = engine->has_best ? engine->best_x : engine->task->start,
                             .start_value = engine->best,
                             .grain = engine->task->grain,
                             .limit_ms = ms_left(engine),
                             .seed = engine->task->seed};
    struct rh_cbc_part part;
    bool has_x = false;
    int32_t end = rh_cbc_part_init(&part, engine->program, engine->outside, engine->stand,
                                   engine->task->grain);

    if (end < 0)
        return end;
    end = rh_cbc_mixed(&part, &ask, engine->found, &has_x);
    rh_cbc_part_fini(&part);
    if (has_x && !consider(engine, engine->found)) {
        end = engine->all_whole ? RH_CBC_BROKEN : RH_CBC_STOPPED;
        engine->all_whole = true;
    }
    return end;
}

/* One kernel and what it proves: inside nothing is better than `best`, outside nothing is cheaper
 * than `beyond`. */
static int32_t step(struct engine *engine, int64_t reach, bool quick, bool *ret_go_on)
{
    int64_t beyond = choose_kernel(engine, reach);
    bool was_whole = engine->all_whole;
    int32_t end = solve_kernel(engine, quick);

    *ret_go_on = end == RH_CBC_FOUND || end == RH_CBC_NOTHING || was_whole != engine->all_whole;
    if (end < 0 || quick)
        return end < 0 ? end : 0;
    if (end == RH_CBC_NOTHING && engine->best == INT64_MAX && beyond == INT64_MAX)
        engine->infeasible = true;
    else if (end == RH_CBC_FOUND || end == RH_CBC_NOTHING)
        raise_bound(engine, beyond < engine->best ? beyond : engine->best);
    return 0;
}

static int32_t kernels(struct engine *engine)
{
    int64_t reach = INT64_MAX;
    bool go_on = true;
    int32_t rc = engine->root.bound != INT64_MIN ? first_reach(engine, &reach) : 0;

    for (int round = 0; rc == 0 && go_on && !done(engine) && ms_left(engine) > LEAST_MS; round++) {
        /* Only answers better than the best one matter. */
        int64_t enough = engine->best == INT64_MAX ? INT64_MAX : engine->best - engine->task->grain;

        /* The first is for an answer alone: often its cost is the bound, which is proof enough. */
        rc = step(engine, round == 0 && reach < enough ? reach : enough, round == 0, &go_on);
        go_on = go_on || round == 0;
    }
    return rc;
}

/* ---- all of it ---- */

static int32_t make_room(struct engine *engine)
{
    size_t columns = (size_t)engine->program->columns;

    engine->best_x = rh_alloc(columns, sizeof(*engine->best_x));
    engine->found = rh_alloc(columns, sizeof(*engine->found));
    engine->stand = rh_alloc(columns, sizeof(*engine->stand));
    engine->outside = rh_alloc(columns, sizeof(*engine->outside));
    return engine->best_x && engine->found && engine->stand && engine->outside ? 0 : RH_ENOMEM;
}

static void free_room(struct engine *engine)
{
    rh_free(engine->best_x);
    rh_free(engine->found);
    rh_free(engine->stand);
    rh_free(engine->outside);
    rh_exact_bound_fini(&engine->root);
}

static int32_t check_start(struct engine *engine, struct rh_err *err)
{
    int64_t cost;
    int32_t rc = 0;

    if (engine->task->start)
        rc = rh_program_check(engine->program, engine->task->start, &cost, err);
    if (engine->task->start && rc == 0)
        engine->best = cost;
    return rc;
}

int32_t rh_exact_answer(const struct rh_program_task *task, const struct rh_exact_out *out,
                        struct rh_err *err)
{
    struct engine engine = {.task = task,
                            .program = task->program,
                            .out = out,
                            .root.bound = INT64_MIN,
                            .best = INT64_MAX,
                            .bound = INT64_MIN,
                            .end_ms = out->monotonic_ms(out->context) + task->time_limit_ms};
    int32_t rc = check_start(&engine, err);

    if (rc == 0)
        rc = make_room(&engine);
    if (rc == 0)
        rc = linear(&engine);
    if (rc == 0 && !done(&engine))
        rc = kernels(&engine);
    if (rc == 0)
        answer(&engine);
    free_room(&engine);
    return rc == RH_ENOMEM ? rh_err_nomem(err) : rc;
}
