/*
 * plugins.h - finds, checks, orders, configures and guards plugins.
 *
 *     described ─> configured ─> started <─> suspended
 *         │            │            │            │
 *         └────────────┴── refused ─┘         stopped        (disabled: turned off in the file)
 *
 * A plugin that is broken (wrong version, missing symbol, cyclic need, failing start, file writable
 * by others, a wrong key in its section) is refused with a sentence and kept in the list; the
 * server runs on without it, and so do those that do not need it. What is checked stands in
 * check.h, what happens around every call in guard.h.
 *
 *     rh_plugins_load()        before anything else is known; adds them to the registry
 *     rh_store_open(), the core's migrations
 *     rh_plugins_migrate()     theirs, before anybody writes: so a new file needs no backup
 *     the core's start
 *     rh_plugins_start()       `start`, hooks begin, missed events
 *     rh_plugins_tick()        whenever tasks were collected, and when it asks for it
 *     rh_plugins_stop(), rh_store_close(), rh_registry_free(), rh_plugins_free()
 *
 * One thread (the loop's) for all of these; the guard and the status may be used by any.
 */
#ifndef CORE_PLUGIN_PLUGINS_H
#define CORE_PLUGIN_PLUGINS_H

#include "core/operation/invoke.h"
#include "core/plugin/guard.h"

struct rh_plugins;
struct rh_config; /* the configuration file, see core/config/config.h */

/*
 * Opens the plugins of these folders (NULL-terminated list; every *.so), checks and orders them,
 * reads their sections of the configuration (NULL = all defaults), adds them to the registry.
 * Nothing of them runs yet but what the dynamic loader runs of any library. Refused ones are kept,
 * with the reason. Fails only without memory.
 */
int32_t rh_plugins_load(const char *const *folders, struct rh_config *config,
                        struct rh_registry *registry, struct rh_plugins **ret_plugins,
                        struct rh_err *err);

/*
 * Brings their tables up to date. One that fails is refused, with those that need it, and its
 * changes undone. Fails only when the database does. `house->plugins` is set.
 */
int32_t rh_plugins_migrate(struct rh_plugins *plugins, struct rh_house *house, struct rh_err *err);

/*
 * Calls `start` of each, in order; one that fails is refused and its changes undone, and so are
 * those that need it. Then tells the hooks of all modules from where on they listen
 * (rh_hooks_begin), and the plugins what they missed. Fails only when the database does.
 */
int32_t rh_plugins_start(struct rh_plugins *plugins, struct rh_house *house, struct rh_err *err);

/*
 * Makes suspensions known (event plugin.suspended, plugin.resumed) and lets suspended plugins try
 * again when their delay is over. Never waits. Returns after how many milliseconds it wants to be
 * called again at the latest, -1 when only after further tasks.
 */
int64_t rh_plugins_tick(struct rh_plugins *plugins);

/* Calls `stop` of those that run, last started first; no call may come after it. */
void rh_plugins_stop(struct rh_plugins *plugins);
struct rh_plugins *rh_plugins_free(struct rh_plugins *plugins);

/* The guard for rh_registry_new(). */
int32_t rh_plugins_guard(struct rh_module *module, const char *what, int32_t (*body)(void *),
                         void *context, struct rh_err *err);

/* ---- what there is ---- */

#define RH_PLUGIN_STATES(X)                                                                        \
    X(DESCRIBED, "gelesen", "described")                                                           \
    X(CONFIGURED, "eingerichtet", "configured")                                                    \
    X(STARTED, "läuft", "started")                                                                 \
    X(SUSPENDED, "ausgesetzt", "suspended")                                                        \
    X(STOPPED, "beendet", "stopped")                                                               \
    X(DISABLED, "abgeschaltet", "disabled")                                                        \
    X(REFUSED, "zurückgewiesen", "refused")

#define RH_PLUGIN_STATE_(name, de, en) RH_PLUGIN_##name,
enum rh_plugin_state { RH_PLUGIN_STATES(RH_PLUGIN_STATE_) };
#undef RH_PLUGIN_STATE_

/* "started" in English, whatever the language: for JSON and metrics. */
const char *rh_plugin_state_name(enum rh_plugin_state state);
struct rh_text rh_plugin_state_text(enum rh_plugin_state state);

struct rh_plugin_status {
    const char *name, *version, *file; /* version "" when unreadable, file "" when there is only a
                                          section of the configuration */
    enum rh_plugin_state state;
    struct rh_text reason;          /* refused, disabled, suspended: why; else empty texts */
    const struct rh_plugin *plugin; /* NULL when it was not loaded */
    struct rh_guard_figures figures;
};

/* Sorted by name. Any thread; texts live as long as the plugins. */
size_t rh_plugins_count(const struct rh_plugins *plugins);
void rh_plugins_status(struct rh_plugins *plugins, size_t index, struct rh_plugin_status *ret);

/* The configuration that they were loaded with; NULL when there was none. */
struct rh_config *rh_plugins_config(const struct rh_plugins *plugins);

/* Lets a suspended plugin try again at once. RH_ENOTFOUND with the nearest name, RH_ECONFLICT when
 * it is not suspended. Any thread. */
int32_t rh_plugins_resume(struct rh_plugins *plugins, const char *name, struct rh_err *err);

/* The operations `plugin list|show|check|resume` and `config example|check|show`, as modules of
 * the core. */
extern const struct rh_plugin rh_plugin_module;
extern const struct rh_plugin rh_config_module;

#endif
