/*
 * call.h - what the core itself may ask of a call, beyond include/reihum/call.h.
 *
 * Operations of the core get the same `struct rh_call` as plugins. These functions open the house
 * behind it; a plugin cannot reach them, because the server exports no symbols.
 */
#ifndef CORE_OPERATION_CALL_H
#define CORE_OPERATION_CALL_H

#include "core/operation/invoke.h"

struct rh_db;

struct rh_house *rh_call_house(struct rh_call *call);
int32_t rh_house_today(const struct rh_house *house);   /* day number, in Europe/Berlin */
struct rh_module *rh_call_module(struct rh_call *call); /* whose function is running */
struct rh_db *rh_call_db(struct rh_call *call);
/* The error that rh_fail() and rh_wrap() work on, for functions of the core that take one. */
struct rh_err *rh_call_err(struct rh_call *call);
struct rh_arena *rh_call_arena(struct rh_call *call);

/*
 * Runs a function of a module that is no operation (a plugin's `start`, a test) as if it were one:
 * with a call, in a savepoint on the writer (RH_TASK_WRITE) or on a snapshot (RH_TASK_READ), behind
 * the guard. Waits. The answer it writes is thrown away. `what` is handed to the guard and becomes
 * the `operation` of its events.
 */
int32_t rh_call_run(struct rh_house *house, struct rh_module *module, const char *what,
                    enum rh_task_kind kind, int32_t (*body)(struct rh_call *call, void *context),
                    void *context, struct rh_err *err);

/*
 * First `prepare` on a computing thread, with a snapshot, then `body` on the writer, with what that
 * left in call->state. `progress` may be NULL; a value other than 0 stops what can be stopped.
 */
struct rh_call_watch {
    int32_t (*progress)(void *context, int64_t done, int64_t total, const char *what);
    void *context;
};
int32_t rh_call_run_prepared(struct rh_house *house, struct rh_module *module, const char *what,
                             int32_t (*prepare)(struct rh_call *call, void *context),
                             int32_t (*body)(struct rh_call *call, void *context), void *context,
                             const struct rh_call_watch *watch, struct rh_err *err);

/* The same as rh_call_run() without waiting: `done` is called on the thread that calls
 * rh_store_collect(), also when there was no memory to begin (then at once). `what` and `context`
 * are borrowed until then. */
void rh_call_run_start(struct rh_house *house, struct rh_module *module, const char *what,
                       enum rh_task_kind kind, int32_t (*body)(struct rh_call *call, void *context),
                       void (*done)(void *context, const struct rh_err *err), void *context);

#endif
