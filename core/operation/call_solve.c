/* Planning in a call: the engine of core/solve with the house's clock, progress and way to stop. */
#include "core/operation/planning.h"

#include "core/solve/check.h"
#include "core/solve/problem.h"
#include "core/solve/solve.h"

#include <stdio.h>
#include <string.h>

/* The engine's clock has no context, so the thread remembers whose it is. */
static _Thread_local const struct rh_clock *clock_of_thread;

int64_t rh_planning_ms(void)
{
    return clock_of_thread->monotonic_ms(clock_of_thread->context);
}

static const char *phase_text(int32_t phase, enum rh_lang lang)
{
    static const char *const texts[][2] = {{"Startplan", "first plan"},
                                           {"verbessern", "improving"},
                                           {"Schranke", "bound"},
                                           {"fertig", "done"},
                                           {"exakter Beweis", "exact proof"}};
    size_t count = sizeof(texts) / sizeof(texts[0]);

    return texts[phase >= 0 && (size_t)phase < count ? phase : 0][lang];
}

/* Levels are compared one after another: the first that is not proven is the one to tell of. */
static int32_t open_level(const struct rh_solve_state *state)
{
    int32_t level = 0;

    while (level < RH_SOLVE_SOFT && state->best[level] <= state->bound[level])
        level++;
    return level;
}

/* "exakter Beweis: bester 48, Schranke 46, Lücke 4 %"; without a plan the phase alone. */
static void state_text(char *text, size_t size, const struct rh_solve_state *state,
                       enum rh_lang lang)
{
    const char *phase = phase_text(state->phase, lang);
    int32_t level = open_level(state);
    int64_t best = state->best[level], bound = state->bound[level], gap = 0;

    if (best == INT64_MAX || (!state->slot && level < RH_SOLVE_SOFT)) {
        snprintf(text, size, "%s", phase);
        return;
    }
    /* Rounded up: 0 % is said of a proof alone. */
    if (best > bound && best > 0)
        gap = (int64_t)((double)(best - bound) * 100 / (double)best + 0.999);
    snprintf(text, size,
             lang == RH_DE ? "%s: bester %lld, Schranke %lld, Lücke %lld %%"
                           : "%s: best %lld, bound %lld, gap %lld %%",
             phase, (long long)best, (long long)bound, (long long)gap);
}

static int32_t on_state(void *context, const struct rh_solve_state *state)
{
    struct rh_planning *watch = context;
    struct rh_run *run = watch->run;
    char text[160];

    if (watch->theirs && watch->theirs->progress &&
        watch->theirs->progress(watch->theirs->context, state) != 0)
        return 1;
    state_text(text, sizeof(text), state, run->lang);
    watch->cancelled = run->progress && run->progress(run->progress_context, state->steps,
                                                      state->steps_total, text) != 0;
    return watch->cancelled;
}

static int32_t check_place(const struct rh_run *run)
{
    if (run->can_plan)
        return 0;
    return rh_err_set(run->err, RH_EFAILED,
                      "'%s': geplant wird in READ oder im 'run' von COMPUTE, sonst warten alle "
                      "Schreiber",
                      "'%s': planning is for READ or the 'run' of COMPUTE, or all writers wait",
                      run->what);
}

int32_t rh_planning_begin(struct rh_planning *planning, struct rh_run *run,
                          const struct rh_solve_options *theirs, struct rh_solve_options *ours)
{
    int32_t rc = check_place(run);

    if (rc < 0)
        return rc;
    *planning = (struct rh_planning){.run = run, .theirs = theirs};
    *ours = (struct rh_solve_options){.size = 0};
    if (theirs)
        RH_TAKE(*ours, theirs);
    ours->size = sizeof(*ours);
    ours->progress = on_state;
    ours->context = planning;
    clock_of_thread = run->house->clock;
    return 0;
}

int32_t rh_planning_end(const struct rh_planning *planning, int32_t rc)
{
    const struct rh_run *run = planning->run;

    if (rc >= 0 && planning->cancelled)
        return rh_err_set(run->err, RH_ECANCELLED, "'%s' wurde abgebrochen", "'%s' was cancelled",
                          run->what);
    return rc;
}

int32_t rh_host_solve(struct rh_call *call, const struct rh_solve_problem *problem,
                      const struct rh_solve_options *options, struct rh_solve_result *result)
{
    struct rh_run *run = rh_run_of(call);
    struct rh_planning planning;
    struct rh_solve_problem our_problem = {.size = 0};
    struct rh_solve_options our_options;
    struct rh_solve_result our_result = {.size = 0};
    int32_t rc = rh_planning_begin(&planning, run, options, &our_options);

    if (rc < 0)
        return rc;
    RH_TAKE(our_problem, problem);
    RH_TAKE(our_result, result);
    our_problem.size = sizeof(our_problem);
    our_result.size = sizeof(our_result);
    rc = rh_solve(&our_problem, &our_options, rh_planning_ms, NULL, &our_result, run->err);
    rc = rh_planning_end(&planning, rc);
    if (rc >= 0)
        RH_GIVE(result, our_result);
    return rc;
}

int32_t rh_host_solve_check(struct rh_call *call, const struct rh_solve_problem *problem,
                            const int32_t *slot, struct rh_solve_result *result)
{
    struct rh_run *run = rh_run_of(call);
    struct rh_solve_problem our_problem = {.size = 0};
    struct rh_solve_result our_result = {.size = 0};
    struct rh_solve_verdict verdict;
    int32_t *leader;
    int32_t rc;

    RH_TAKE(our_problem, problem);
    RH_TAKE(our_result, result);
    our_problem.size = sizeof(our_problem);
    leader =
        rh_arena_array(run->arena, our_problem.item_count > 0 ? (size_t)our_problem.item_count : 1,
                       sizeof(*leader));
    if (!leader)
        return rh_err_nomem(run->err);
    rc = rh_solve_problem_check(&our_problem, leader, run->err);
    if (rc < 0)
        return rc;
    verdict = (struct rh_solve_verdict){.rule_value = our_result.rule_value,
                                        .count_value = our_result.count_value};
    rc = rh_solve_check(&our_problem, slot, &verdict, run->err);
    if (rc < 0)
        return rc;
    memcpy(our_result.value, verdict.value, sizeof(our_result.value));
    RH_GIVE(result, our_result);
    return 0;
}
