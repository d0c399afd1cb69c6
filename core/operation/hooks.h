/*
 * hooks.h - events reach the hooks of other modules, at once or later.
 *
 * An event is a row; the hooks on its topic run in the same savepoint (rh_event() in a call). A
 * module that is absent at that moment is passed over, visibly: the answer says so, and its row in
 * plugin_cursor stays where it was (`behind`). It hears nothing new before it has caught up, so
 * that it never hears of things in the wrong order.
 */
#ifndef CORE_OPERATION_HOOKS_H
#define CORE_OPERATION_HOOKS_H

#include "core/operation/invoke.h"

/*
 * Once after all modules have started: a module with hooks that the file does not know yet begins
 * with the next event; one that is absent or gone is marked as behind. Waits.
 */
int32_t rh_hooks_begin(struct rh_house *house, struct rh_err *err);

/*
 * Tells a module what it missed (rh_event.catching_up = 1), in order, on the writer, and moves its
 * cursor. Stops at the first event whose hook fails: what was done before it stays, the error names
 * the event. Nothing to catch up is fine. Waits; not for the loop thread while it has to serve.
 */
int32_t rh_hooks_catch_up(struct rh_house *house, struct rh_module *module, struct rh_err *err);

/* The same without waiting: `done` is called on the thread that calls rh_store_collect(). */
void rh_hooks_catch_up_start(struct rh_house *house, struct rh_module *module,
                             void (*done)(void *context, const struct rh_err *err), void *context);

#endif
