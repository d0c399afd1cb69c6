/*
 * A shared object made by hand, byte by byte: small enough to try every damage on, and for machines
 * whose compiler is not here. One segment that is everything, one dynamic table, three symbols.
 */
#ifndef TESTS_UNIT_PLUGIN_ELF_MAKER_H
#define TESTS_UNIT_PLUGIN_ELF_MAKER_H

#include "reihum/plugin.h"

#include <assert.h>
#include <elf.h>
#include <string.h>

#define MAKER_MAX        4096
#define MAKER_RELOC_MAX  64
#define MAKER_DESCRIPTOR 256 /* where the descriptor lies: behind the headers */

struct maker {
    unsigned char bytes[MAKER_MAX];
    size_t size;
    uint16_t machine;
    Elf64_Rela relocations[MAKER_RELOC_MAX];
    size_t relocation_count;
    /* what a test may change before maker_end() */
    const char *symbol; /* exported name of the descriptor */
    uint64_t symbol_size;
    const char *import;
    uint32_t stack_flags;
    uint64_t more_memory; /* beyond the file */
    int text_relocations;
    uint64_t constructors;
};

static inline size_t maker_put(struct maker *m, const void *bytes, size_t size)
{
    size_t at = m->size;

    assert(at + size + 8 < MAKER_MAX);
    memcpy(m->bytes + at, bytes, size);
    m->size = (at + size + 7) / 8 * 8;
    return at;
}

static inline size_t maker_text(struct maker *m, const char *text)
{
    return maker_put(m, text, strlen(text) + 1);
}

static inline void maker_relocate(struct maker *m, size_t place, uint32_t intel, uint32_t arm,
                                  uint64_t symbol, uint64_t addend)
{
    Elf64_Rela *rela = &m->relocations[m->relocation_count++];

    assert(m->relocation_count < MAKER_RELOC_MAX);
    rela->r_offset = place;
    rela->r_info = ELF64_R_INFO(symbol, (uint64_t)(m->machine == EM_X86_64 ? intel : arm));
    rela->r_addend = (int64_t)addend;
}

/* The pointer at `place` leads to `target`. */
static inline void maker_link(struct maker *m, size_t place, size_t target)
{
    maker_relocate(m, place, R_X86_64_RELATIVE, R_AARCH64_RELATIVE, 0, target);
}

/* … to the imported symbol. */
static inline void maker_link_import(struct maker *m, size_t place)
{
    maker_relocate(m, place, R_X86_64_64, R_AARCH64_ABS64, 2, 0);
}

#define MAKER_AT(member) (MAKER_DESCRIPTOR + offsetof(struct rh_plugin, member))

static inline void maker_set(struct maker *m, size_t place, const void *bytes, size_t size)
{
    memcpy(m->bytes + place, bytes, size);
}

static inline void maker_table(struct maker *m, size_t place, size_t rows, uint32_t count,
                               uint32_t row_size)
{
    maker_link(m, place + offsetof(struct rh_table, rows), rows);
    maker_set(m, place + offsetof(struct rh_table, count), &count, sizeof(count));
    maker_set(m, place + offsetof(struct rh_table, row_size), &row_size, sizeof(row_size));
}

/* A plugin "made" with one operation and one hook. */
static inline void maker_begin(struct maker *m, uint16_t machine)
{
    struct rh_plugin head = {.magic = RH_PLUGIN_MAGIC,
                             .size = sizeof(head),
                             .abi_major = RH_ABI_MAJOR,
                             .abi_minor = RH_ABI_MINOR};
    struct rh_operation operation = {.kind = RH_READ};
    struct rh_hook hook = {.priority = 7};
    size_t code, row;

    memset(m, 0, sizeof(*m));
    m->machine = machine;
    m->symbol = "rh_plugin";
    m->symbol_size = sizeof(head);
    m->import = "strlen";
    m->stack_flags = PF_R | PF_W;
    m->size = MAKER_DESCRIPTOR;
    maker_put(m, &head, sizeof(head));
    code = maker_put(m, "\xc3\xc3\xc3\xc3", 4);
    maker_link(m, MAKER_AT(name), maker_text(m, "made"));
    maker_link(m, MAKER_AT(version), maker_text(m, "1.0.0"));
    maker_link(m, MAKER_AT(title.de), maker_text(m, "Gemacht"));
    maker_link(m, MAKER_AT(title.en), maker_text(m, "Made"));
    row = maker_put(m, &operation, sizeof(operation));
    maker_table(m, MAKER_AT(operations), row, 1, sizeof(operation));
    maker_link(m, row + offsetof(struct rh_operation, name), maker_text(m, "made look"));
    maker_link(m, row + offsetof(struct rh_operation, help.de), maker_text(m, "schaut"));
    maker_link(m, row + offsetof(struct rh_operation, help.en), maker_text(m, "looks"));
    maker_link(m, row + offsetof(struct rh_operation, run), code);
    row = maker_put(m, &hook, sizeof(hook));
    maker_table(m, MAKER_AT(hooks), row, 1, sizeof(hook));
    maker_link(m, row + offsetof(struct rh_hook, topic), maker_text(m, "office.*"));
    maker_link_import(m, row + offsetof(struct rh_hook, run));
}

static inline size_t maker_symbols(struct maker *m, size_t *ret_strings, size_t *ret_string_size,
                                   size_t *ret_hash)
{
    char strings[128] = "";
    Elf64_Sym symbols[3] = {0};
    uint32_t hash[] = {1, 3, 0, 0, 0, 0}; /* one bucket, three symbols */
    size_t length = 1;

    symbols[1].st_name = (uint32_t)length;
    symbols[1].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT);
    symbols[1].st_shndx = 1;
    symbols[1].st_value = MAKER_DESCRIPTOR;
    symbols[1].st_size = m->symbol_size;
    memcpy(strings + length, m->symbol, strlen(m->symbol) + 1);
    length += strlen(m->symbol) + 1;
    symbols[2].st_name = (uint32_t)length;
    symbols[2].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
    memcpy(strings + length, m->import, strlen(m->import) + 1);
    length += strlen(m->import) + 1;
    *ret_strings = maker_put(m, strings, length);
    *ret_string_size = length;
    *ret_hash = maker_put(m, hash, sizeof(hash));
    return maker_put(m, symbols, sizeof(symbols));
}

static inline void maker_headers(struct maker *m, size_t dynamic, size_t dynamic_size)
{
    Elf64_Ehdr head = {.e_type = ET_DYN,
                       .e_machine = m->machine,
                       .e_version = EV_CURRENT,
                       .e_phoff = sizeof(head),
                       .e_ehsize = sizeof(head),
                       .e_phentsize = sizeof(Elf64_Phdr),
                       .e_phnum = 3};
    Elf64_Phdr segments[3] = {
        {.p_type = PT_LOAD,
         .p_flags = PF_R | PF_W | PF_X,
         .p_filesz = m->size,
         .p_memsz = m->size + m->more_memory,
         .p_align = 4096},
        {.p_type = PT_DYNAMIC, .p_offset = dynamic, .p_vaddr = dynamic, .p_memsz = dynamic_size},
        {.p_type = PT_GNU_STACK, .p_flags = m->stack_flags},
    };

    memcpy(head.e_ident, ELFMAG, SELFMAG);
    head.e_ident[EI_CLASS] = ELFCLASS64;
    head.e_ident[EI_DATA] = ELFDATA2LSB;
    head.e_ident[EI_VERSION] = EV_CURRENT;
    static_assert(sizeof(head) + sizeof(segments) <= MAKER_DESCRIPTOR, "headers fit in front");
    maker_set(m, 0, &head, sizeof(head));
    maker_set(m, sizeof(head), segments, sizeof(segments));
}

static inline void maker_end(struct maker *m)
{
    size_t strings, string_size, hash;
    size_t symbols = maker_symbols(m, &strings, &string_size, &hash);
    size_t rela = maker_put(m, m->relocations, m->relocation_count * sizeof(m->relocations[0]));
    Elf64_Dyn entries[] = {
        {DT_NEEDED, {1}}, /* any name: its libraries are not what is tested here */
        {DT_STRTAB, {strings}},
        {DT_STRSZ, {string_size}},
        {DT_SYMTAB, {symbols}},
        {DT_SYMENT, {sizeof(Elf64_Sym)}},
        {DT_HASH, {hash}},
        {DT_RELA, {rela}},
        {DT_RELASZ, {m->relocation_count * sizeof(m->relocations[0])}},
        {DT_RELAENT, {sizeof(Elf64_Rela)}},
        {DT_INIT_ARRAYSZ, {m->constructors * 8}},
        {m->text_relocations ? DT_TEXTREL : DT_DEBUG, {0}},
        {DT_NULL, {0}},
    };
    size_t dynamic = maker_put(m, entries, sizeof(entries));

    maker_headers(m, dynamic, sizeof(entries));
}

#endif
