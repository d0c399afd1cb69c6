/*
 * registry.h - all operations, pages and hooks of the house in one list: the core's and the
 * plugins'.
 *
 * A module is the core ("core", sees all tables) or a plugin. The registry borrows their tables; it
 * is built once at start by one thread and only read afterwards.
 */
#ifndef CORE_OPERATION_REGISTRY_H
#define CORE_OPERATION_REGISTRY_H

#include "core/base/error.h"
#include "reihum/descriptor.h"

#include <stdatomic.h>
#include <stdbool.h>

/* Values of a module's configuration keys, as text in the order of its table; LIST elements parted
 * by newlines. */
struct rh_module {
    const struct rh_plugin *plugin; /* borrowed; the whole descriptor, padded to today's size */
    const char *owner;  /* NULL for the core's own modules: no authorizer; else plugin->name */
    const char *folder; /* its file's, where its helpers lie; NULL: it has none. Borrowed */
    char **config;      /* owned by who made the module; by index of plugin->config */
    void *guard;        /* the plugin room's; NULL = calls are not guarded */
    /* Refused or suspended: its operations answer why, its hooks are passed over. Read by all
     * threads; write the reason first. Texts of an older reason stay valid. */
    atomic_bool absent;
    const char *_Atomic reason[2]; /* by language, when absent */
};

/*
 * What stands around every call into a module: set by the plugin room (stopwatch, error counter,
 * breaker). Calls the function, or refuses with a sentence. Any thread, several at once, nested (a
 * hook inside an operation). `what` is the operation's name, the topic of a hook, the kind of a job
 * or "start".
 */
typedef int32_t rh_guard_run(struct rh_module *module, const char *what,
                             int32_t (*body)(void *context), void *context, struct rh_err *err);

struct rh_registry;
struct rh_value;

struct rh_registry *rh_registry_new(rh_guard_run *guard); /* guard NULL = plain calls */
struct rh_registry *rh_registry_free(struct rh_registry *registry);

/* Adds all of the module's tables, after checking them: names, types, doubles. Refuses with a
 * sentence (RH_EINVALID), then nothing is added. */
int32_t rh_registry_add(struct rh_registry *registry, struct rh_module *module, struct rh_err *err);

struct rh_operation_entry {
    struct rh_operation op;        /* a copy, padded to today's size */
    struct rh_module *module;      /* borrowed */
    const struct rh_param *params; /* owned by the registry, padded copies; the common ones
                                      (--dry-run, …) at the end */
    int32_t param_count;
    const struct rh_column *columns; /* owned by the registry; those of "items" */
    int32_t column_count;
    const struct rh_column *others; /* owned by the registry; those with a dot in their name */
    int32_t other_count;
    const struct rh_column *words; /* owned by the registry; those with a '=' in their name */
    int32_t word_count;
    const struct rh_value *defaults; /* owned by the registry; by index of params; see value.h */
    char path[128];                  /* "turnus/rule/import" */
};

size_t rh_registry_count(const struct rh_registry *registry);
const struct rh_operation_entry *rh_registry_at(const struct rh_registry *registry,
                                                size_t index); /* sorted by name */
const struct rh_operation_entry *rh_registry_find(const struct rh_registry *registry,
                                                  const char *name);
const struct rh_operation_entry *rh_registry_find_path(const struct rh_registry *registry,
                                                       const char *path);

struct rh_hook_entry {
    struct rh_hook hook;
    struct rh_module *module;
};
size_t rh_registry_hook_count(const struct rh_registry *registry);
/* In the order in which they run: by priority, then by module. */
const struct rh_hook_entry *rh_registry_hook_at(const struct rh_registry *registry, size_t index);
/* Is "round.published" meant by "round.published", by "round.*"? */
bool rh_hook_matches(const struct rh_hook *hook, const char *topic);

struct rh_job_entry {
    struct rh_job_kind job;
    struct rh_module *module;
};
size_t rh_registry_job_count(const struct rh_registry *registry);
const struct rh_job_entry *rh_registry_job_at(const struct rh_registry *registry, size_t index);
const struct rh_job_entry *rh_registry_find_job(const struct rh_registry *registry,
                                                const char *kind);

struct rh_page_entry {
    struct rh_page page;
    struct rh_module *module;
};
size_t rh_registry_page_count(const struct rh_registry *registry);
const struct rh_page_entry *rh_registry_page_at(const struct rh_registry *registry, size_t index);

struct rh_document_entry {
    struct rh_document document;
    struct rh_module *module;
};
size_t rh_registry_document_count(const struct rh_registry *registry);
const struct rh_document_entry *rh_registry_document_at(const struct rh_registry *registry,
                                                        size_t index);

/* Modules in their order of start. */
size_t rh_registry_module_count(const struct rh_registry *registry);
struct rh_module *rh_registry_module_at(const struct rh_registry *registry, size_t index);
/* NULL when there is none of that name (plugin->name). */
struct rh_module *rh_registry_find_module(const struct rh_registry *registry, const char *name);

/* Calls body behind the registry's guard. */
int32_t rh_registry_guard(const struct rh_registry *registry, struct rh_module *module,
                          const char *what, int32_t (*body)(void *context), void *context,
                          struct rh_err *err);

#endif
