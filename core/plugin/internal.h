/*
 * internal.h - what the files of this room share: one entry a plugin, broken or not.
 */
#ifndef CORE_PLUGIN_INTERNAL_H
#define CORE_PLUGIN_INTERNAL_H

#include "core/config/config.h"
#include "core/plugin/check.h"
#include "core/plugin/plugins.h"

#define RH_PLUGINS_MAX 256

struct rh_plugin_entry {
    const char *name, *version, *file; /* in the arena of rh_plugins */
    _Atomic int state;             /* enum rh_plugin_state, without SUSPENDED: the guard knows */
    const char *_Atomic reason[2]; /* in the arena of rh_plugins */
    atomic_bool resume;            /* somebody asked for it; see rh_plugins_tick() */
    bool catching_up;              /* loop only */

    struct rh_report *report; /* owned; only while loading */
    void *handle;             /* of dlopen(); NULL = none of its code is here */
    struct rh_arena arena;    /* owned: the descriptor, padded */
    struct rh_config_values values;
    struct rh_module module;
    struct rh_guard guard;
    struct rh_plugins *plugins; /* borrowed */
};

struct rh_plugins {
    struct rh_arena arena;
    struct rh_plugin_entry *entries[RH_PLUGINS_MAX]; /* owned; sorted by name */
    size_t count;
    struct rh_plugin_entry *order[RH_PLUGINS_MAX]; /* those in the registry, as they start */
    size_t order_count;
    struct rh_config *config;     /* borrowed */
    struct rh_registry *registry; /* borrowed */
    struct rh_house *house;       /* borrowed; NULL before rh_plugins_start() */
    struct rh_module self;        /* on whose behalf plugin.suspended is told */
};

/* The plugin is out, with this sentence. Only the first one counts. */
void rh_plugin_refuse(struct rh_plugin_entry *entry, const struct rh_err *why);
/* The first fault, and how many more there are. */
void rh_plugin_refuse_faults(struct rh_plugin_entry *entry, const struct rh_faults *faults);

/* Looks for what it needs among the others: false (and refused) when one of them does not run. */
bool rh_plugin_needs_run(struct rh_plugin_entry *entry);

/* Tells plugin.suspended or plugin.resumed, without waiting. */
void rh_plugin_announce(struct rh_plugin_entry *entry, uint32_t news, const struct rh_err *last);

#endif
