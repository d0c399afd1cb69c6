/*
 * elf.h - a shared object read as data: what the dynamic loader would see, without loading it.
 *
 * For 64-bit little-endian files of x86-64 and aarch64. The segments are laid out in an image, the
 * relocations are applied to it as if the file were loaded at address 0, so a pointer in the image
 * is an address in the image. A pointer that is filled with a symbol of another library is
 * RH_ELF_IMPORT + its number.
 *
 * The bytes are hostile until proven otherwise: every offset and count is checked against the file,
 * the image has a maximum, no loop is longer than the file allows. Any thread.
 */
#ifndef CORE_PLUGIN_ELF_H
#define CORE_PLUGIN_ELF_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define RH_ELF_FILE_MAX  ((size_t)64 * 1024 * 1024)
#define RH_ELF_IMAGE_MAX ((uint64_t)64 * 1024 * 1024)

/* No address of a program lies here: on both machines user space ends far below. */
#define RH_ELF_IMPORT ((uint64_t)0xffff000000000000)

struct rh_elf_range {
    uint64_t from, to;
};
#define RH_ELF_SEGMENTS_MAX 64

struct rh_elf {
    uint16_t machine;     /* EM_X86_64 or EM_AARCH64 */
    uint64_t base;        /* address of image[0] */
    unsigned char *image; /* owned */
    uint64_t image_size;
    struct rh_elf_range code[RH_ELF_SEGMENTS_MAX]; /* executable segments */
    size_t code_count;
    uint64_t symbols, symbol_count; /* address of the dynamic symbols, how many */
    uint64_t strings, string_size;
    uint64_t needed_count; /* libraries it asks for; see rh_elf_needed() */
    uint64_t dynamic, dynamic_count;
    uint64_t constructors; /* functions that run when it is loaded, before anybody asked */
    uint64_t resolvers;    /* code that runs while it is loaded, to choose functions (IFUNC) */
    bool executable_stack;
    bool writes_code; /* DT_TEXTREL */
};

/* Reads the file; `bytes` are not needed afterwards. On error *ret is empty. */
int32_t rh_elf_read(const void *bytes, size_t size, struct rh_elf *ret, struct rh_err *err);
void rh_elf_fini(struct rh_elf *elf);

/* "x86-64", "aarch64"; of the machine we run on for rh_elf_this_machine(). */
const char *rh_elf_machine_name(uint16_t machine);
uint16_t rh_elf_this_machine(void);

/* Copies from the image; false when the range is not in it. */
bool rh_elf_copy(const struct rh_elf *elf, uint64_t address, void *to, size_t size);
/* The bytes in the image, or NULL. */
const void *rh_elf_bytes(const struct rh_elf *elf, uint64_t address, uint64_t size);
/* A text of at most `max` bytes that ends in the image, or NULL. */
const char *rh_elf_text(const struct rh_elf *elf, uint64_t address, size_t max);
/* Does code stand there, ours or (as an import) somebody else's? */
bool rh_elf_is_code(const struct rh_elf *elf, uint64_t address);

/* An exported symbol of this name; false when there is none. */
bool rh_elf_export(const struct rh_elf *elf, const char *name, uint64_t *ret_address,
                   uint64_t *ret_size);
/* Name of the symbol by number when it is wanted from outside (weak ones are not: it can do without
 * them), else NULL. 0 < index < symbol_count. */
const char *rh_elf_import(const struct rh_elf *elf, uint64_t index);
/* Name of a library by number, 0 <= index < needed_count; NULL when unreadable. */
const char *rh_elf_needed(const struct rh_elf *elf, uint64_t index);

#endif
