/*
 * guard.h - what stands around every call into a plugin: stopwatch, counters, breaker.
 *
 *     closed ── 5 failures in a row ──> open ── delay over (rh_guard_due) ──> trial
 *       ^                                 ^                                     │
 *       └───────── a call that works ─────│─────────────────────────────────────┤
 *                                         └── the first failure, delay doubled ─┘
 *
 * A failure is one of the plugin: RH_EFAILED, RH_ENOMEM, or a code that does not exist. A person's
 * bad input, a veto, a full disk or a cancelled run are not; they neither count nor forgive. When a
 * hook fails inside an operation of another plugin, only the hook's plugin is blamed, and only its
 * own time is on its stopwatch.
 *
 * While it is open the module is `absent`: operations answer why, hooks are passed over and caught
 * up later. Any thread, several at once; the stopwatch is the machine's, the delay that of the
 * clock handed in.
 */
#ifndef CORE_PLUGIN_GUARD_H
#define CORE_PLUGIN_GUARD_H

#include "core/base/arena.h"
#include "core/operation/invoke.h"

#include <pthread.h>

#define RH_GUARD_SLOW_MS      20 /* of what is not COMPUTE */
#define RH_GUARD_FAILURES     5
#define RH_GUARD_DELAY_MS     ((int64_t)10 * 1000)
#define RH_GUARD_DELAY_MAX_MS ((int64_t)60 * 60 * 1000)

enum rh_guard_state { RH_GUARD_CLOSED, RH_GUARD_OPEN, RH_GUARD_TRIAL };

struct rh_guard_figures {
    uint64_t calls, errors; /* errors: failures of the plugin */
    uint64_t slow;          /* calls over RH_GUARD_SLOW_MS */
    uint64_t total_us, max_us;
    uint64_t suspensions;
    char max_what[64], slow_what[64]; /* the slowest call, the last slow one */
};

/* What has to be made known, once each. */
enum { RH_GUARD_NEWS_SUSPENDED = 1, RH_GUARD_NEWS_RESUMED = 2 };

struct rh_guard {
    struct rh_module *module;     /* borrowed */
    const struct rh_clock *clock; /* borrowed; NULL = the machine's */
    pthread_mutex_t lock;
    /* --- under lock --- */
    struct rh_guard_figures figures;
    enum rh_guard_state state;
    uint32_t in_a_row;
    int64_t retry_at_ms, delay_ms;
    uint32_t news;
    struct rh_err last;      /* the failure that opened it */
    struct rh_arena reasons; /* texts of module->reason: others may be reading the older ones */
};

void rh_guard_init(struct rh_guard *guard, struct rh_module *module);
void rh_guard_fini(struct rh_guard *guard);

/* Calls body, or refuses. What rh_plugins_guard() does for modules that have a guard. */
int32_t rh_guard_call(struct rh_guard *guard, const char *what, int32_t (*body)(void *context),
                      void *context, struct rh_err *err);

/* Opens it at once: missed events could not be told, say. */
void rh_guard_trip(struct rh_guard *guard, const char *what, const struct rh_err *err);

/* open -> trial when its delay is over, or at once when `now` is set; true when that happened. */
bool rh_guard_due(struct rh_guard *guard, bool now);
/* Milliseconds until then; -1 when it is not open. */
int64_t rh_guard_wait_ms(struct rh_guard *guard);

/* Takes the news away; *ret_last is the failure that came with them. */
uint32_t rh_guard_take_news(struct rh_guard *guard, struct rh_err *ret_last);

enum rh_guard_state rh_guard_read(struct rh_guard *guard, struct rh_guard_figures *ret_figures);

#endif
