/* registry_internal.h - between registry.c (keeps and finds), registry_operation.c and
 * registry_check.c (copy and check the tables of a module). */
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
    struct rh_registry_list documents;  /* struct rh_document_entry */
    struct rh_registry_list modules;    /* struct rh_module */
};

/* A module's tables as today's rows, in the registry's arena. */
struct rh_module_tables {
    struct rh_operation_entry *operations;
    struct rh_hook_entry *hooks;
    struct rh_job_entry *jobs;
    struct rh_page_entry *pages;
    struct rh_document_entry *documents;
    size_t operation_count, hook_count, job_count, page_count, document_count;
};

/* Copies and checks. Nothing is added. */
int32_t rh_module_tables_read(struct rh_registry *registry, struct rh_module *module,
                              struct rh_module_tables *tables, struct rh_err *err);

/* Its part that concerns operations. */
int32_t rh_operations_read(struct rh_registry *registry, struct rh_module *module,
                           struct rh_module_tables *tables, struct rh_err *err);

/* Rows of a table as today's structures of `today` bytes; NULL for an empty table. */
int32_t rh_rows_copy(struct rh_registry *registry, const struct rh_table *table, size_t today,
                     void **ret_rows, struct rh_err *err);
/* RH_EINVALID; both formats take the subject. */
int32_t rh_row_invalid(struct rh_err *err, const char *de, const char *en, const char *subject);
/* a-z, then a-z, 0-9 and single joints between: how long; 0 = no such word at the beginning. */
size_t rh_span_of_word(const char *text, const char *joints);
bool rh_is_word(const char *text, const char *joints);
bool rh_has_both(struct rh_text text);

#endif
