/*
 * The steps: linear program -> bound; its rounding, when that is an answer; a kernel of the columns
 * that can matter; wider kernels until what is left out cannot matter, or time is up.
 */
#include "core/exact/engine.h"

#include "core/base/alloc.h"
#include "core/exact/bound.h"
#include "core/exact/cbc.h"
#include "core/exact/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The first kernel: this many columns, or this share of them. Wide enough that the linear programs
 * of planning, which are nearly integral, need no second one. */
enum { KERNEL_LEAST = 1500, KERNEL_SHARE = 5, LEAST_MS = 20 };

/* So many waiting rows a kernel takes in at once; more wait until an answer breaks them. */
enum { ROWS_AT_ONCE = 60000 };

enum { CLIMBS = 12, WIDER = 8 };

enum { AGAIN = 100 }; /* beside RH_CBC_…: the question has changed */

struct engine {
    const struct rh_program_task *task;
    const struct rh_program *program;
    const struct rh_exact_out *out;
    struct rh_exact_bound root; /* of the linear program */
    struct rh_exact_rows rows;
    int32_t woken;    /* how many of rows.list the last answer let in */
    int64_t *best_x;  /* owned; valid when has_best */
    int64_t *found;   /* owned: what a step brings */
    int64_t *stand;   /* owned: where columns outside the kernel stand */
    uint8_t *taken;   /* owned: columns that the linear program's answer takes */
    uint8_t *outside; /* owned */
    int64_t best, bound, end_ms;
    bool has_best, has_taken, infeasible;
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

static void round_off(const struct engine *engine, const double *x, int64_t *whole)
{
    for (int32_t j = 0; j < engine->program->columns; j++)
        whole[j] = fabs(x[j]) < 0x1p62 ? (int64_t)llround(x[j]) : INT64_MIN;
}

/* Solved, given the rows it breaks, solved again. x and price are of the last one. */
static int32_t solve_linear(struct engine *engine, struct rh_cbc_linear *linear, double *x,
                            double *price)
{
    int32_t end, woken = 1;

    do {
        end = rh_cbc_linear_solve(linear, ms_left(engine), x, price);
        if (end == RH_CBC_FOUND)
            woken = rh_exact_rows_wake(&engine->rows, x);
        if (end == RH_CBC_FOUND && woken > 0 &&
            rh_cbc_linear_add(linear, engine->rows.list, woken) < 0)
            return RH_ENOMEM;
    } while (end == RH_CBC_FOUND && woken > 0 && ms_left(engine) > LEAST_MS);
    return end;
}

static int32_t use_linear(struct engine *engine, struct rh_cbc_linear *linear, double *x,
                          double *price)
{
    int32_t end = solve_linear(engine, linear, x, price), rc;

    engine->infeasible = end == RH_CBC_NOTHING && engine->best == INT64_MAX;
    if (end < 0 || end == RH_CBC_NOTHING || end == RH_CBC_BROKEN)
        return end < 0 ? end : 0;
    for (int32_t i = 0; i < engine->program->rows; i++)
        price[i] *= (double)engine->task->grain;
    rc = rh_exact_bound(engine->program, price, &engine->root);
    if (rc < 0)
        return rc;
    if (end == RH_CBC_FOUND) {
        for (int32_t j = 0; j < engine->program->columns; j++)
            engine->taken[j] = x[j] > (double)engine->program->low[j] + 1e-6;
        round_off(engine, x, engine->found);
        consider(engine, engine->found);
    }
    engine->has_taken = end == RH_CBC_FOUND;
    raise_bound(engine, engine->root.bound);
    return 0;
}

static int32_t linear(struct engine *engine)
{
    const struct rh_cbc_without waiting = {.row = engine->rows.out};
    struct rh_cbc_linear *linear = NULL;
    struct rh_cbc_part all = {0};
    double *x = rh_alloc((size_t)engine->program->columns, sizeof(*x));
    double *price = rh_alloc((size_t)engine->program->rows, sizeof(*price));
    int32_t rc = x && price ? 0 : RH_ENOMEM;

    if (rc == 0)
        rc = rh_cbc_part_init(&all, engine->program, &waiting, engine->task->grain);
    if (rc == 0)
        linear = rh_cbc_linear_new(&all);
    if (linear)
        rc = use_linear(engine, linear, x, price);
    else
        rc = RH_ENOMEM;
    rh_cbc_linear_free(linear);
    rh_cbc_part_fini(&all);
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

/* Which `away` the last column of a wide kernel has. */
static int32_t wide_reach(const struct engine *engine, int64_t *ret)
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

/* What can be in an answer that costs no more than `reach` is inside. Returns what an answer costs
 * at least that is not inside; INT64_MAX: all are. */
static int64_t choose_kernel(struct engine *engine, int64_t reach)
{
    const struct rh_program *program = engine->program;
    int64_t beyond = INT64_MAX;

    for (int32_t j = 0; j < program->columns; j++) {
        int8_t end = engine->root.end ? engine->root.end[j] : 0;

        engine->stand[j] = end < 0 ? program->low[j] : program->high[j];
        engine->outside[j] = end != 0 && engine->root.away[j] > reach;
        if (engine->outside[j] && engine->root.away[j] < beyond)
            beyond = engine->root.away[j];
    }
    return beyond;
}

/* Inside is what the linear program's answer takes or the known answer does, and what need not be
 * whole. */
static void choose_taken(struct engine *engine)
{
    const struct rh_program *program = engine->program;
    const int64_t *known = engine->has_best ? engine->best_x : engine->task->start;

    for (int32_t j = 0; j < program->columns; j++) {
        engine->stand[j] = program->low[j];
        engine->outside[j] = program->whole[j] && program->low[j] != -RH_PROGRAM_OPEN &&
                             !engine->taken[j] && (!known || known[j] == program->low[j]);
    }
}

/* Where a row asks for more than x gives, a column that need not be whole pays. */
static void pay(struct engine *engine, int64_t *x)
{
    const struct rh_program *program = engine->program;

    for (int32_t k = 0; k < engine->woken; k++) {
        int32_t i = engine->rows.list[k];
        int64_t over = -program->row_high[i], j = -1;

        for (int64_t e = program->row_start[i]; e < program->row_start[i + 1]; e++) {
            over += program->entry_value[e] * x[program->entry_column[e]];
            if (program->entry_value[e] == -1 && !program->whole[program->entry_column[e]])
                j = program->entry_column[e];
        }
        if (j >= 0 && over > 0)
            x[j] += over;
    }
}

/* A step of the mixed program and what came of it. */
struct step {
    int64_t reach; /* the kernel */
    int64_t below; /* what is looked for costs less */
    int64_t limit_ms;
    bool quick;
};

/* Rows an answer broke come in, and it is asked again. Returns how it ended: RH_CBC_…, or
 * RH_ENOMEM. */
static int32_t solve_kernel(struct engine *engine, const struct step *step)
{
    struct rh_cbc_ask ask = {.quick = step->quick,
                             .all_whole = engine->all_whole,
                             .below = step->below,
                             .grain = engine->task->grain,
                             .limit_ms = step->limit_ms,
                             .seed = engine->task->seed};
    struct rh_cbc_without without = {engine->outside, engine->stand, engine->rows.out};
    int64_t end_ms = ms_left(engine) - step->limit_ms;
    struct rh_cbc_part part;
    bool has_x = false;
    int32_t end;

    engine->woken = 0;
    if (rh_exact_rows_open(&engine->rows, engine->outside, engine->stand) <= ROWS_AT_ONCE)
        without.row = NULL;
    end = rh_cbc_part_init(&part, engine->program, &without, engine->task->grain);
    if (end < 0)
        return end;
    end = rh_cbc_mixed(&part, &ask, engine->found, &has_x);
    rh_cbc_part_fini(&part);
    if (!has_x || consider(engine, engine->found))
        return end;
    engine->woken = rh_exact_rows_wake_whole(&engine->rows, engine->found);
    if (engine->woken > 0) {
        pay(engine, engine->found);
        consider(engine, engine->found);
        return end_ms < ms_left(engine) - LEAST_MS ? AGAIN : RH_CBC_STOPPED;
    }
    end = engine->all_whole ? RH_CBC_BROKEN : AGAIN;
    engine->all_whole = true;
    return end;
}

/* Until the answer is one to the whole program. */
static int32_t repeat_step(struct engine *engine, struct step *step)
{
    int64_t end_ms = ms_left(engine) - step->limit_ms;
    int32_t end;

    do {
        if (engine->best < step->below)
            step->below = engine->best;
        step->limit_ms = ms_left(engine) - end_ms;
        end = solve_kernel(engine, step);
    } while (end == AGAIN && !done(engine));
    return end;
}

/* One kernel and what it proves: inside nothing is cheaper than what was found or asked for,
 * outside nothing than `beyond`. */
static int32_t take_step(struct engine *engine, struct step *step)
{
    int64_t beyond = choose_kernel(engine, step->reach), least;
    int32_t end = repeat_step(engine, step);

    if (end < 0 || step->quick || (end != RH_CBC_FOUND && end != RH_CBC_NOTHING))
        return end;
    if (end == RH_CBC_NOTHING && step->below == INT64_MAX && beyond == INT64_MAX)
        engine->infeasible = true;
    least = end == RH_CBC_FOUND && engine->best < step->below ? engine->best : step->below;
    raise_bound(engine, beyond < least ? beyond : least);
    return end;
}

/* A kernel of what can be in an answer no dearer than `reach`, asked quickly for such an answer. */
static int32_t reach_for(struct engine *engine, int64_t reach)
{
    struct step step = {.reach = reach, .limit_ms = ms_left(engine) / 3, .quick = true};

    if (engine->best != INT64_MAX && step.reach > engine->best - engine->task->grain)
        step.reach = engine->best - engine->task->grain;
    step.below = step.reach + engine->task->grain;
    return take_step(engine, &step);
}

/* From the bound upwards. Where the linear program is nearly whole the kernels are small, and the
 * first answer is most likely the best one: what is left to prove is that none is a grain cheaper.
 * Returns how the last step ended. */
static int32_t climb(struct engine *engine)
{
    int64_t by = 0;
    int32_t end = RH_CBC_NOTHING;

    for (int round = 0; round < CLIMBS && end == RH_CBC_NOTHING && !done(engine); round++) {
        if (ms_left(engine) <= LEAST_MS)
            return RH_CBC_STOPPED;
        end = reach_for(engine, engine->bound + by);
        by = 2 * by + engine->task->grain;
    }
    return end;
}

/* What the linear program's answer and the known one have in common is likely good; the rest is a
 * small program. No proof, but its answer often costs no more than the bound. */
static int32_t cross(struct engine *engine)
{
    struct step step = {.below = engine->best, .limit_ms = ms_left(engine) / 4, .quick = true};
    bool all_whole = engine->all_whole;
    int32_t end;

    choose_taken(engine);
    end = repeat_step(engine, &step);
    engine->all_whole = all_whole;
    return end < 0 ? end : 0;
}

/* Is most of it decided by the linear program? */
static bool leaves_little(struct engine *engine)
{
    int32_t outside = 0;

    if (engine->root.bound == INT64_MIN)
        return false;
    choose_kernel(engine, engine->bound);
    for (int32_t j = 0; j < engine->program->columns; j++)
        outside += engine->outside[j];
    return outside >= engine->program->columns / 2;
}

/* With and without preprocessing: for an answer, if there is none yet that is likely the best, and
 * for the proof. Only answers better than the best one matter. */
static int32_t prove(struct engine *engine, bool quick)
{
    struct step step = {.reach = INT64_MAX, .below = INT64_MAX, .quick = quick};
    int32_t end = RH_CBC_FOUND;

    if (quick && engine->root.bound != INT64_MIN) {
        if (wide_reach(engine, &step.reach) < 0)
            return RH_ENOMEM;
        if (step.reach < engine->bound + WIDER * engine->task->grain)
            step.reach = engine->bound + WIDER * engine->task->grain;
    }
    while ((end == RH_CBC_FOUND || end == RH_CBC_NOTHING || step.quick) && !done(engine) &&
           ms_left(engine) > LEAST_MS) {
        int64_t enough = engine->best == INT64_MAX ? INT64_MAX : engine->best - engine->task->grain;

        if (!quick || step.reach > enough)
            step.reach = enough;
        step.quick = quick;
        step.below = engine->best;
        step.limit_ms = ms_left(engine);
        end = take_step(engine, &step);
        if (end < 0)
            return end;
        quick = false;
    }
    return 0;
}

static int32_t kernels(struct engine *engine)
{
    int32_t end = RH_CBC_NOTHING, rc = 0;

    if (engine->has_taken)
        rc = cross(engine);
    if (rc < 0 || (engine->task->brief && !leaves_little(engine)))
        return rc;
    if (engine->root.bound != INT64_MIN && !done(engine))
        end = climb(engine);
    return end < 0 ? end : prove(engine, end != RH_CBC_FOUND);
}

/* ---- all of it ---- */

static int32_t make_room(struct engine *engine)
{
    size_t columns = (size_t)engine->program->columns;

    engine->best_x = rh_alloc(columns, sizeof(*engine->best_x));
    engine->found = rh_alloc(columns, sizeof(*engine->found));
    engine->stand = rh_alloc(columns, sizeof(*engine->stand));
    engine->taken = rh_alloc(columns, sizeof(*engine->taken));
    engine->outside = rh_alloc(columns, sizeof(*engine->outside));
    if (!engine->best_x || !engine->found || !engine->stand || !engine->taken || !engine->outside)
        return RH_ENOMEM;
    return rh_exact_rows_init(&engine->rows, engine->program);
}

static void free_room(struct engine *engine)
{
    rh_free(engine->best_x);
    rh_free(engine->found);
    rh_free(engine->stand);
    rh_free(engine->taken);
    rh_free(engine->outside);
    rh_exact_bound_fini(&engine->root);
    rh_exact_rows_fini(&engine->rows);
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
