/*
 * check.h - what is wrong with a plugin, found before any of its code runs.
 *
 * `reihum plugin check FILE` and the loader see the same faults, because both come here: the
 * operation with the bytes that a person sent, the loader with those it is about to load, and once
 * more with the descriptor in memory after that.
 *
 *     where            what                                                       by
 *     file             ELF, machine, no executable stack, no writable code        elf.c, report.c
 *     symbols          exports rh_plugin; wants nothing that nobody has           report.c
 *     head             magic number, version of the interface, size               descriptor.c
 *     tables           rows of a sane size and number; texts end, pointers lead   descriptor.c
 *                      somewhere, functions are code
 *     name, version    as the file, "1.2.0"                                       check.c
 *     needs            well named, not itself, not twice                          check.c
 *     config           names, types, ranges, defaults that their own check takes  core/config
 *     migrations       1, 2, 3 … without a gap                                    check.c
 *     assets           a plain file name, a type                                  check.c
 *     operations,      names, types, doubles, both languages                      core/operation
 *     hooks, jobs,
 *     pages, documents
 *
 * What only the loader can know it adds itself: who may write the file, needs that are there, names
 * that another module has taken.
 */
#ifndef CORE_PLUGIN_CHECK_H
#define CORE_PLUGIN_CHECK_H

#include "core/base/arena.h"
#include "core/plugin/elf.h"
#include "core/plugin/faults.h"
#include "reihum/plugin.h"

#include <stdbool.h>

/* Of a descriptor that rh_descriptor_read() made. `stem` is the file's name without ".so". */
void rh_plugin_check(const struct rh_plugin *plugin, const char *stem, struct rh_faults *faults);

/* "1.2.0": one to four numbers. Compares by number; -1, 0, 1. A version that is none counts as 0.
 */
bool rh_version_valid(const char *version);
int rh_version_compare(const char *a, const char *b);

/* A name as a plugin may have it. */
bool rh_plugin_name_valid(const char *name);

/* All that can be said about a file without running it. */
struct rh_report {
    struct rh_arena arena;
    struct rh_elf elf;              /* empty when the file is none */
    const struct rh_plugin *plugin; /* NULL when unreadable; its functions must not be called */
    struct rh_faults faults;
    char stem[128];
};

/* `file_name` may have folders in front. 0 also when there are faults; RH_ENOMEM otherwise. */
int32_t rh_report_new(const char *file_name, const void *bytes, size_t size,
                      struct rh_report **ret_report, struct rh_err *err);
struct rh_report *rh_report_free(struct rh_report *report);

/* Ways past the host that its imports open: "network", "processes", …; NULL after the last. The
 * symbol that gave it away is put into *ret_symbol. */
const struct rh_text *rh_report_reach(const struct rh_report *report, size_t index,
                                      const char **ret_symbol);

#endif
