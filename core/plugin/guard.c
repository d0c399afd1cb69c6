#include "core/plugin/guard.h"

#include "core/plugin/plugins.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* One function of a plugin that is running on this thread; a hook inside an operation has the
 * operation's as its `outer`. */
struct guarded {
    struct guarded *outer;
    uint64_t inner_us; /* spent in guarded calls inside this one */
};
static _Thread_local struct guarded *running;

/* Whose failure it is that is on its way up through the calls of this thread. */
static _Thread_local const struct rh_guard *blamed;

static uint64_t stopwatch_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static int64_t clock_ms(const struct rh_guard *guard)
{
    if (guard->clock)
        return guard->clock->monotonic_ms(guard->clock->context);
    return (int64_t)(stopwatch_us() / 1000);
}

void rh_guard_init(struct rh_guard *guard, struct rh_module *module)
{
    memset(guard, 0, sizeof(*guard));
    guard->module = module;
    guard->delay_ms = RH_GUARD_DELAY_MS;
    pthread_mutex_init(&guard->lock, NULL);
    rh_arena_init(&guard->reasons, (size_t)256 * 1024);
}

void rh_guard_fini(struct rh_guard *guard)
{
    rh_arena_fini(&guard->reasons);
    pthread_mutex_destroy(&guard->lock);
}

/* ---- judging ---- */

/* An operation that computes, a job that prepares. */
static bool may_take_long(const struct rh_module *module, const char *what)
{
    const struct rh_operation *operations = module->plugin->operations.rows;
    const struct rh_job_kind *jobs = module->plugin->jobs.rows;

    for (uint32_t i = 0; i < module->plugin->operations.count; i++)
        if (strcmp(operations[i].name, what) == 0)
            return operations[i].kind == RH_COMPUTE;
    for (uint32_t i = 0; i < module->plugin->jobs.count; i++)
        if (strcmp(jobs[i].kind, what) == 0)
            return jobs[i].prepare != NULL;
    return false;
}

static bool is_failure(int32_t code)
{
    return code == RH_EFAILED || code == RH_ENOMEM || code <= RH_ERROR_END_;
}

static void set_reason(struct rh_guard *guard, const char *what)
{
    static const char *const plain[2] = {"es ist nach Fehlern ausgesetzt",
                                         "it is suspended after failures"};
    static const char *const formats[2] = {
        "nach Fehlern ausgesetzt, zuletzt in '%s': %s (neuer Versuch nach %lld s, sofort mit "
        "reihum plugin resume %s)",
        "suspended after failures, the last in '%s': %s (next try after %lld s, at once with "
        "reihum plugin resume %s)"};

    for (int lang = RH_DE; lang <= RH_EN; lang++) {
        char text[RH_ERR_MAX + 256], *copy;

        snprintf(text, sizeof(text), formats[lang], what, guard->last.text[lang],
                 (long long)(guard->delay_ms / 1000), guard->module->plugin->name);
        copy = rh_arena_strdup(&guard->reasons, text);
        atomic_store(&guard->module->reason[lang], copy ? copy : plain[lang]);
    }
}

static void suspend(struct rh_guard *guard, const char *what, int32_t code,
                    const struct rh_err *err)
{
    if (guard->state == RH_GUARD_TRIAL && guard->delay_ms < RH_GUARD_DELAY_MAX_MS)
        guard->delay_ms *= 2;
    if (guard->delay_ms > RH_GUARD_DELAY_MAX_MS)
        guard->delay_ms = RH_GUARD_DELAY_MAX_MS;
    memset(&guard->last, 0, sizeof(guard->last));
    if (err && err->code < 0)
        guard->last = *err;
    else
        rh_err_set(&guard->last, code, "Fehler %d ohne Angabe eines Grundes",
                   "error %d without a reason", (int)code);
    guard->state = RH_GUARD_OPEN;
    guard->retry_at_ms = clock_ms(guard) + guard->delay_ms;
    guard->figures.suspensions++;
    guard->news |= RH_GUARD_NEWS_SUSPENDED;
    set_reason(guard, what);
    atomic_store(&guard->module->absent, true);
}

static void judge(struct rh_guard *guard, const char *what, int32_t rc, const struct rh_err *err)
{
    if (rc >= 0) {
        blamed = NULL; /* whatever failed below was dealt with */
        guard->in_a_row = 0;
        if (guard->state == RH_GUARD_TRIAL) {
            guard->state = RH_GUARD_CLOSED;
            guard->delay_ms = RH_GUARD_DELAY_MS;
            guard->news |= RH_GUARD_NEWS_RESUMED;
        }
        return;
    }
    if (!is_failure(rc) || (blamed && blamed != guard))
        return;
    blamed = guard;
    guard->figures.errors++;
    guard->in_a_row++;
    /* One that is open already was opened by another thread meanwhile. */
    if (guard->state == RH_GUARD_TRIAL ||
        (guard->state == RH_GUARD_CLOSED && guard->in_a_row >= RH_GUARD_FAILURES))
        suspend(guard, what, rc, err);
}

static void count(struct rh_guard *guard, const char *what, uint64_t own_us)
{
    struct rh_guard_figures *figures = &guard->figures;

    figures->calls++;
    figures->total_us += own_us;
    if (own_us > figures->max_us) {
        figures->max_us = own_us;
        snprintf(figures->max_what, sizeof(figures->max_what), "%s", what);
    }
    if (own_us > RH_GUARD_SLOW_MS * 1000 && !may_take_long(guard->module, what)) {
        figures->slow++;
        snprintf(figures->slow_what, sizeof(figures->slow_what), "%s", what);
    }
}

/* ---- calling ---- */

int32_t rh_guard_call(struct rh_guard *guard, const char *what, int32_t (*body)(void *context),
                      void *context, struct rh_err *err)
{
    struct guarded self = {.outer = running};
    uint64_t begin = stopwatch_us(), whole;
    int32_t rc;

    if (!running)
        blamed = NULL;
    running = &self;
    rc = body(context);
    running = self.outer;
    whole = stopwatch_us() - begin;
    if (running)
        running->inner_us += whole;

    pthread_mutex_lock(&guard->lock);
    count(guard, what, whole > self.inner_us ? whole - self.inner_us : 0);
    judge(guard, what, rc, err);
    pthread_mutex_unlock(&guard->lock);
    return rc;
}

int32_t rh_plugins_guard(struct rh_module *module, const char *what, int32_t (*body)(void *),
                         void *context, struct rh_err *err)
{
    if (!module->guard)
        return body(context);
    return rh_guard_call(module->guard, what, body, context, err);
}

void rh_guard_trip(struct rh_guard *guard, const char *what, const struct rh_err *err)
{
    pthread_mutex_lock(&guard->lock);
    if (guard->state != RH_GUARD_OPEN)
        suspend(guard, what, err->code, err);
    pthread_mutex_unlock(&guard->lock);
}

bool rh_guard_due(struct rh_guard *guard, bool now)
{
    bool due;

    pthread_mutex_lock(&guard->lock);
    due = guard->state == RH_GUARD_OPEN && (now || clock_ms(guard) >= guard->retry_at_ms);
    if (due) {
        guard->state = RH_GUARD_TRIAL;
        guard->in_a_row = 0;
        atomic_store(&guard->module->absent, false);
    }
    pthread_mutex_unlock(&guard->lock);
    return due;
}

int64_t rh_guard_wait_ms(struct rh_guard *guard)
{
    int64_t wait = -1;

    pthread_mutex_lock(&guard->lock);
    if (guard->state == RH_GUARD_OPEN) {
        wait = guard->retry_at_ms - clock_ms(guard);
        wait = wait > 0 ? wait : 0;
    }
    pthread_mutex_unlock(&guard->lock);
    return wait;
}

uint32_t rh_guard_take_news(struct rh_guard *guard, struct rh_err *ret_last)
{
    uint32_t news;

    pthread_mutex_lock(&guard->lock);
    news = guard->news;
    guard->news = 0;
    *ret_last = guard->last;
    pthread_mutex_unlock(&guard->lock);
    return news;
}

enum rh_guard_state rh_guard_read(struct rh_guard *guard, struct rh_guard_figures *ret_figures)
{
    enum rh_guard_state state;

    pthread_mutex_lock(&guard->lock);
    *ret_figures = guard->figures;
    state = guard->state;
    pthread_mutex_unlock(&guard->lock);
    return state;
}
