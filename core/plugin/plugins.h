/*
 * plugins.h - finds, checks, orders, configures and guards plugins.
 *
 * A plugin that is broken (wrong version, missing symbol, cyclic need, failing start, file writable
 * by others) is refused with a sentence and the server runs on without it. Life cycle: described ->
 * configured -> started -> (suspended) -> stopped | refused.
 */
#ifndef CORE_PLUGIN_PLUGINS_H
#define CORE_PLUGIN_PLUGINS_H

#include "core/operation/invoke.h"

struct rh_plugins;
struct rh_config; /* the configuration file, see config.h */

/*
 * Opens the plugins of these folders (NULL-terminated list; every *.so), checks and orders them,
 * reads their sections of the configuration, adds them to the registry. Nothing of them runs yet.
 * Refused ones are kept, with the reason.
 */
int32_t rh_plugins_load(const char *const *folders, struct rh_config *config,
                        struct rh_registry *registry, struct rh_plugins **ret_plugins,
                        struct rh_err *err);

/* Migrates their tables and calls `start` of each; one that fails is refused and its changes
 * undone. */
int32_t rh_plugins_start(struct rh_plugins *plugins, struct rh_house *house, struct rh_err *err);
void rh_plugins_stop(struct rh_plugins *plugins);
struct rh_plugins *rh_plugins_free(struct rh_plugins *plugins);

/* The guard for rh_registry_new(). */
int32_t rh_plugins_guard(struct rh_module *module, const char *what, int32_t (*body)(void *),
                         void *context, struct rh_err *err);

/* The operations `plugin list|show|check`, as a module of the core. */
extern const struct rh_plugin rh_plugin_module;

#endif
