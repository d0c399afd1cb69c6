/*
 * descriptor.h - the descriptor of a plugin, copied out of wherever it lies.
 *
 * It lies in an image of the file (nothing of the plugin has run) or, after loading, in this
 * process. Both are read by the same code through a "memory": only `size` bytes of the descriptor
 * and `row_size` bytes of a row, what is missing counts as zero; every table with a bound, every
 * pointer checked. What comes out is a plain struct rh_plugin of today's size. Its texts stay where
 * they were; from an image, its functions are addresses that must not be called.
 */
#ifndef CORE_PLUGIN_DESCRIPTOR_H
#define CORE_PLUGIN_DESCRIPTOR_H

#include "core/base/arena.h"
#include "core/plugin/elf.h"
#include "core/plugin/faults.h"
#include "reihum/plugin.h"

struct rh_memory {
    const struct rh_elf *elf; /* borrowed; NULL = this process, whose pointers are what they are */
};

/*
 * Copies the descriptor. Faults name the table, the row and the member. *ret is NULL when head,
 * size or version make the rest unreadable. RH_ENOMEM or 0.
 */
int32_t rh_descriptor_read(const struct rh_memory *memory, uint64_t address, struct rh_arena *arena,
                           struct rh_plugin **ret, struct rh_faults *faults, struct rh_err *err);

/* Sizes of the structures in version 1.0 of the interface: the least that a row may have. */
#define RH_SIZE_1_0_PLUGIN    208
#define RH_SIZE_1_0_NEED      16
#define RH_SIZE_1_0_OPERATION 96
#define RH_SIZE_1_0_PARAM     64
#define RH_SIZE_1_0_COLUMN    32
#define RH_SIZE_1_0_HOOK      24
#define RH_SIZE_1_0_JOB       32
#define RH_SIZE_1_0_PAGE      64
#define RH_SIZE_1_0_ASSET     32
#define RH_SIZE_1_0_DOCUMENT  24
#define RH_SIZE_1_0_CONFIG    64
#define RH_SIZE_1_0_MIGRATION 24

#endif
