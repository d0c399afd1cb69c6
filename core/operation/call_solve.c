/* Planning in a call: the engine of core/solve with the house's clock, progress and way to stop. */
#include "core/operation/run.h"

#include "core/solve/check.h"
#include "core/solve/problem.h"
#include "core/solve/solve.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Structures of a plugin may be shorter than ours (older) or longer (newer). */
#define TAKE(ours, theirs)                                                                         \
    memcpy(&(ours), (theirs), (theirs)->size < sizeof(ours) ? (theirs)->size : sizeof(ours))
#define GIVE(theirs, ours)                                                                         \
    do {                                                                                           \
        uint32_t size_ = (theirs)->size;                                                           \
        memcpy((theirs), &(ours), size_ < sizeof(ours) ? size_ : sizeof(ours));                    \
        (theirs)->size = size_;                                                                    \
    } while (0)

/* The engine's clock has no context, so the thread remembers whose it is. */
static _Thread_local const struct rh_clock *clock_of_thread;

static int64_t thread_ms(void)
{
    return clock_of_thread->monotonic_ms(clock_of_thread->context);
}

struct watch {
    struct rh_run *run;
    const struct rh_solve_options *theirs; /* NULL: none */
    bool cancelled;
};

static const char *phase_text(int32_t phase, enum rh_lang lang)
{
    static const char *const texts[][2] = {{"Startplan", "first plan"},
                                           {"verbessern", "improving"},
                                           {"Schranke", "bound"},
                                           {"fertig", "done"},
                                           {"exaktes Verfahren", "exact engine"}};
    size_t last = sizeof(texts) / sizeof(texts[0]) - 1;

    return texts[phase >= 0 && (size_t)phase < last ? (size_t)phase : last][lang];
}

/* "verbessern: bester 48, Schranke 46, Lücke 4 %", of the first level that is not proven; a gap in
 * hard rules or in the balance says so. */
static void describe(const struct rh_solve_state *state, enum rh_lang lang, char *text, size_t size)
{
    static const char *const levels[][2] = {
        {" harte Regeln:", " hard rules:"}, {" Ausgleich:", " balance:"}, {"", ""}};
    int level = 0;
    int64_t best, bound;

    if (!state->slot) { /* nothing found yet */
        snprintf(text, size, "%s", phase_text(state->phase, lang));
        return;
    }
    while (level < RH_SOLVE_SOFT && state->best[level] <= state->bound[level])
        level++;
    best = state->best[level];
    bound = state->bound[level];
    snprintf(text, size,
             lang == RH_DE ? "%s:%s bester %" PRId64 ", Schranke %" PRId64 ", Lücke %.0f %%"
                           : "%s:%s best %" PRId64 ", bound %" PRId64 ", gap %.0f %%",
             phase_text(state->phase, lang), levels[level][lang], best, bound,
             best > bound ? 100 * (double)(best - bound) / (double)best : 0.0);
}

static int32_t on_state(void *context, const struct rh_solve_state *state)
{
    struct watch *watch = context;
    struct rh_run *run = watch->run;
    char text[128];

    if (watch->theirs && watch->theirs->progress &&
        watch->theirs->progress(watch->theirs->context, state) != 0)
        return 1;
    describe(state, run->lang, text, sizeof(text));
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

int32_t rh_host_solve(struct rh_call *call, const struct rh_solve_problem *problem,
                      const struct rh_solve_options *options, struct rh_solve_result *result)
{
    struct rh_run *run = rh_run_of(call);
    struct watch watch = {.run = run, .theirs = options};
    struct rh_solve_problem our_problem = {.size = 0};
    struct rh_solve_options our_options = {.size = 0};
    struct rh_solve_result our_result = {.size = 0};
    int32_t rc = check_place(run);

    if (rc < 0)
        return rc;
    TAKE(our_problem, problem);
    TAKE(our_result, result);
    if (options)
        TAKE(our_options, options);
    our_problem.size = sizeof(our_problem);
    our_options.size = sizeof(our_options);
    our_result.size = sizeof(our_result);
    our_options.progress = on_state;
    our_options.context = &watch;
    clock_of_thread = run->house->clock;
    rc = rh_solve(&our_problem, &our_options, thread_ms, &our_result, run->err);
    if (rc >= 0 && watch.cancelled)
        rc = rh_err_set(run->err, RH_ECANCELLED, "'%s' wurde abgebrochen", "'%s' was cancelled",
                        run->what);
    if (rc >= 0)
        GIVE(result, our_result);
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

    TAKE(our_problem, problem);
    TAKE(our_result, result);
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
    GIVE(result, our_result);
    return 0;
}
