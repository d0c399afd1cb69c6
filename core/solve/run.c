#include "core/solve/run.h"

#include "core/solve/check.h"

#include <string.h>

/* Between two calls of the caller's progress function. */
enum { REPORT_MS = 50 };

int64_t rh_run_now_ms(const struct rh_run *run)
{
    return run->clock ? run->clock() - run->began_ms : 0;
}

bool rh_run_proven(const struct rh_run *run)
{
    return run->checked && memcmp(run->value, run->bound, sizeof(run->value)) == 0;
}

/* A better plan may be worse on a level than the one before, where an earlier level got better. A
 * bound after such a level spoke of plans that do not include it. */
static void forget_bounds(struct rh_run *run, const int64_t value[RH_SOLVE_LEVELS])
{
    for (int32_t level = 0; level < RH_SOLVE_SOFT; level++) {
        if (value[level] <= run->value[level])
            continue;
        for (int32_t after = level + 1; after < RH_SOLVE_LEVELS; after++)
            run->bound[after] = run->own_bound[after] = run->model.within[after];
        run->shares.level = run->wishes.level = -1;
        return;
    }
}

int32_t rh_run_check_best(struct rh_run *run)
{
    struct rh_solve_verdict verdict = {0};
    const struct rh_search *s = &run->search;
    int32_t rc;

    if (run->checked && rh_value_compare(s->best_value, run->value) >= 0)
        return 0;
    for (int32_t i = 0; i < run->model.items; i++)
        run->trial[i] = s->best[run->model.block_of[i]];
    rc = rh_solve_check(&run->problem, run->trial, &verdict, run->err);
    if (rc < 0)
        return rc;
    if (rh_value_compare(verdict.value, s->best_value) != 0)
        return rh_err_set(run->err, RH_EFAILED,
                          "Planung und Prüfung sind sich über den Wert des Plans nicht einig",
                          "engine and checker disagree about the value of the plan");
    if (!run->checked)
        run->first_ms = rh_run_now_ms(run);
    if (run->checked)
        forget_bounds(run, verdict.value);
    memcpy(run->slot, run->trial, (size_t)run->model.items * sizeof(run->slot[0]));
    memcpy(run->value, verdict.value, sizeof(run->value));
    run->checked = true;
    return 0;
}

void rh_run_report(struct rh_run *run)
{
    struct rh_solve_state state = {
        .size = sizeof(state),
        .phase = (int32_t)run->phase,
        .steps = run->search.steps,
        .steps_total = run->steps_total,
        .elapsed_ms = rh_run_now_ms(run),
        .slot = run->checked ? run->slot : NULL,
    };

    memcpy(state.best, run->value, sizeof(state.best));
    memcpy(state.bound, run->bound, sizeof(state.bound));
    for (int32_t level = 0; level < RH_SOLVE_LEVELS && run->phase == RH_RUN_EXACT; level++) {
        int64_t best = run->news_best[level], bound = run->news_bound[level];

        state.best[level] = best;
        state.bound[level] = bound < best ? bound : best;
    }
    run->reported_ms = state.elapsed_ms;
    if (run->options.progress && run->options.progress(run->options.context, &state) != 0)
        run->cut = true;
}

bool rh_run_pause(void *context)
{
    struct rh_run *run = context;
    int64_t now = rh_run_now_ms(run);

    if (run->options.time_limit_ms > 0 && now >= run->options.time_limit_ms)
        run->cut = true;
    if (!run->clock || now - run->reported_ms >= REPORT_MS) {
        run->rc = rh_run_check_best(run);
        rh_run_report(run);
    }
    return run->cut || run->rc < 0;
}
