/* registry_internal.h - between registry.c (keeps and finds) and registry_check.c (copies and
 * checks). */
#ifndef CORE_OPERATION_REGISTRY_INTERNAL_H
#define CORE_OPERATION_REGISTRY_INTERNAL_H

#include "core/base/arena.h"
#include "core/operation/registry.h"

/* Pointers in an order; the things are in the registry's arena. */
struct rh_registry_list {
    const void **items; /* owned */
    size_t count, capacity;
};

struct rh_registry {
    struct rh_arena arena;
    rh_guard_run *guard;
    struct rh_registry_list operations; /* struct rh_operation_entry, by name */
    struct rh_registry_list hooks;      /* struct rh_hook_entry, as they run */
    struct rh_registry_list jobs;       /* struct rh_job_entry */
    struct rh_registry_list pages;      /* struct rh_page_entry */
    struct rh_registry_list modules;    /* struct rh_module */
};

/* A module's tables as today's rows, in the registry's arena. */
struct rh_module_tables {
    struct rh_operation_entry *operations;
    struct rh_hook_entry *hooks;
    struct rh_job_entry *jobs;
    struct rh_page_entry *pages;
    size_t operation_count, hook_count, job_count, page_count;
};

/* Copies and checks. Nothing is added. */
int32_t rh_module_tables_read(struct rh_registry *registry, struct rh_module *module,
                              struct rh_module_tables *tables, struct rh_err *err);

#endif
