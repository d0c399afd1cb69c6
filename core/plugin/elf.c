#include "core/plugin/elf.h"

#include "core/base/alloc.h"

#include <elf.h>
#include <endian.h>
#include <string.h>

_Static_assert(__BYTE_ORDER == __LITTLE_ENDIAN && sizeof(void *) == 8,
               "the reader takes the fields of the file as they are: 64 bit, little endian");

#define TEXT_MAX 4096

/* ---- the image ---- */

const void *rh_elf_bytes(const struct rh_elf *elf, uint64_t address, uint64_t size)
{
    uint64_t offset = address - elf->base;

    if (address < elf->base || offset > elf->image_size || size > elf->image_size - offset)
        return NULL;
    return elf->image + offset;
}

bool rh_elf_copy(const struct rh_elf *elf, uint64_t address, void *to, size_t size)
{
    const void *from = rh_elf_bytes(elf, address, size);

    if (from && size > 0)
        memcpy(to, from, size);
    return from != NULL;
}

const char *rh_elf_text(const struct rh_elf *elf, uint64_t address, size_t max)
{
    const char *text = rh_elf_bytes(elf, address, 1);
    uint64_t rest;

    if (!text)
        return NULL;
    rest = elf->image_size - (address - elf->base);
    if (rest > (uint64_t)max + 1)
        rest = (uint64_t)max + 1;
    return memchr(text, '\0', (size_t)rest) ? text : NULL;
}

bool rh_elf_is_code(const struct rh_elf *elf, uint64_t address)
{
    if (address >= RH_ELF_IMPORT)
        return true;
    for (size_t i = 0; i < elf->code_count; i++)
        if (address >= elf->code[i].from && address < elf->code[i].to)
            return true;
    return false;
}

static int32_t damaged(struct rh_err *err, const char *de, const char *en)
{
    return rh_err_set(err, RH_EINVALID, "die Datei ist beschädigt oder abgeschnitten: %s%.0s",
                      "the file is damaged or cut short: %.0s%s", de, en);
}

/* ---- header and segments ---- */

static int32_t check_header(const Elf64_Ehdr *head, size_t size, struct rh_err *err)
{
    if (size < sizeof(*head) || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0)
        return rh_err_set(err, RH_EINVALID, "die Datei ist kein Programmteil (ELF)",
                          "the file is no shared object (ELF)");
    if (head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_ident[EI_DATA] != ELFDATA2LSB ||
        (head->e_machine != EM_X86_64 && head->e_machine != EM_AARCH64))
        return rh_err_set(err, RH_EINVALID,
                          "die Datei ist für eine andere Maschine gebaut als x86-64 oder aarch64",
                          "the file is made for another machine than x86-64 or aarch64");
    if (head->e_type != ET_DYN)
        return rh_err_set(err, RH_EINVALID,
                          "die Datei ist kein gemeinsames Objekt (Abhilfe: mit -shared binden)",
                          "the file is no shared object (remedy: link with -shared)");
    if (head->e_phentsize != sizeof(Elf64_Phdr) || head->e_phnum == 0 ||
        head->e_phnum > RH_ELF_SEGMENTS_MAX || head->e_phoff > size ||
        head->e_phnum * sizeof(Elf64_Phdr) > size - head->e_phoff)
        return damaged(err, "die Tabelle der Segmente", "the table of segments");
    return 0;
}

static int32_t measure(struct rh_elf *elf, const Elf64_Phdr *segments, size_t count, size_t size,
                       struct rh_err *err)
{
    uint64_t from = UINT64_MAX, to = 0;

    for (size_t i = 0; i < count; i++) {
        const Elf64_Phdr *s = &segments[i];

        if (s->p_type != PT_LOAD)
            continue;
        if (s->p_filesz > s->p_memsz || s->p_offset > size || s->p_filesz > size - s->p_offset ||
            s->p_vaddr >= RH_ELF_IMPORT || s->p_memsz > RH_ELF_IMAGE_MAX)
            return damaged(err, "ein Segment", "a segment");
        from = s->p_vaddr < from ? s->p_vaddr : from;
        to = s->p_vaddr + s->p_memsz > to ? s->p_vaddr + s->p_memsz : to;
    }
    if (to <= from)
        return damaged(err, "nichts, was geladen würde", "nothing that would be loaded");
    if (to - from > RH_ELF_IMAGE_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "geladen wäre es größer als %u MiB",
                          "loaded, it would be larger than %u MiB",
                          (unsigned)(RH_ELF_IMAGE_MAX >> 20));
    elf->base = from;
    elf->image_size = to - from;
    return 0;
}

static int32_t lay_out(struct rh_elf *elf, const unsigned char *bytes, const Elf64_Phdr *segments,
                       size_t count, struct rh_err *err)
{
    elf->image = rh_alloc((size_t)elf->image_size, 1);
    if (!elf->image)
        return rh_err_nomem(err);
    for (size_t i = 0; i < count; i++) {
        const Elf64_Phdr *s = &segments[i];

        if (s->p_type == PT_GNU_STACK)
            elf->executable_stack = (s->p_flags & PF_X) != 0;
        if (s->p_type == PT_DYNAMIC) {
            elf->dynamic = s->p_vaddr;
            elf->dynamic_count = s->p_memsz / sizeof(Elf64_Dyn);
        }
        if (s->p_type != PT_LOAD)
            continue;
        if (s->p_filesz > 0)
            memcpy(elf->image + (s->p_vaddr - elf->base), bytes + s->p_offset, (size_t)s->p_filesz);
        if (s->p_flags & PF_X)
            elf->code[elf->code_count++] =
                (struct rh_elf_range){s->p_vaddr, s->p_vaddr + s->p_memsz};
    }
    if (!elf->dynamic_count ||
        !rh_elf_bytes(elf, elf->dynamic, elf->dynamic_count * sizeof(Elf64_Dyn)))
        return damaged(err, "die dynamische Tabelle", "the dynamic table");
    return 0;
}

/* ---- the dynamic table ---- */

struct tables {
    uint64_t rela, rela_size, plt, plt_size, hash, gnu_hash, init, init_size, preinit_size;
    uint64_t symbol_size, rela_entry;
};

static void read_entry(struct rh_elf *elf, struct tables *t, const Elf64_Dyn *entry)
{
    uint64_t value = entry->d_un.d_val;

    switch (entry->d_tag) {
    case DT_NEEDED:
        elf->needed_count++;
        break;
    case DT_SYMTAB:
        elf->symbols = value;
        break;
    case DT_SYMENT:
        t->symbol_size = value;
        break;
    case DT_STRTAB:
        elf->strings = value;
        break;
    case DT_STRSZ:
        elf->string_size = value;
        break;
    case DT_RELA:
        t->rela = value;
        break;
    case DT_RELASZ:
        t->rela_size = value;
        break;
    case DT_RELAENT:
        t->rela_entry = value;
        break;
    case DT_JMPREL:
        t->plt = value;
        break;
    case DT_PLTRELSZ:
        t->plt_size = value;
        break;
    case DT_HASH:
        t->hash = value;
        break;
    case DT_GNU_HASH:
        t->gnu_hash = value;
        break;
    case DT_INIT_ARRAYSZ:
        t->init_size = value;
        break;
    case DT_PREINIT_ARRAYSZ:
        t->preinit_size = value;
        break;
    case DT_TEXTREL:
        elf->writes_code = true;
        break;
    case DT_FLAGS:
        elf->writes_code |= (value & DF_TEXTREL) != 0;
        break;
    default: /* numbers, not an enum: what we do not need is not looked at */
        break;
    }
}

/* How many symbols there are stands only in the hash tables. */
static int32_t count_symbols(struct rh_elf *elf, const struct tables *t, struct rh_err *err)
{
    uint32_t head[4], word, last = 0;
    uint64_t at, most = elf->image_size / sizeof(Elf64_Sym);

    if (t->hash && rh_elf_copy(elf, t->hash, head, 2 * sizeof(head[0]))) {
        elf->symbol_count = head[1];
    } else if (t->gnu_hash && rh_elf_copy(elf, t->gnu_hash, head, sizeof(head))) {
        at = t->gnu_hash + sizeof(head) + (uint64_t)head[2] * 8;
        if (!rh_elf_bytes(elf, at, (uint64_t)head[0] * sizeof(word)))
            return damaged(err, "die Tabelle der Symbole", "the table of symbols");
        for (uint32_t i = 0; i < head[0]; i++, at += sizeof(word))
            if (rh_elf_copy(elf, at, &word, sizeof(word)) && word > last)
                last = word;
        elf->symbol_count = head[1];
        /* The chain of the last bucket ends with an odd number; it is the end of all symbols. */
        for (word = 0; last >= head[1] && last < most && !(word & 1); last++) {
            if (!rh_elf_copy(elf, at + (uint64_t)(last - head[1]) * sizeof(word), &word,
                             sizeof(word)))
                break;
            elf->symbol_count = (uint64_t)last + 1;
        }
    }
    if (elf->symbol_count > most ||
        !rh_elf_bytes(elf, elf->symbols, elf->symbol_count * sizeof(Elf64_Sym)) ||
        !rh_elf_bytes(elf, elf->strings, elf->string_size))
        return damaged(err, "die Tabelle der Symbole", "the table of symbols");
    return 0;
}

static bool read_symbol(const struct rh_elf *elf, uint64_t index, Elf64_Sym *ret)
{
    return index < elf->symbol_count &&
           rh_elf_copy(elf, elf->symbols + index * sizeof(*ret), ret, sizeof(*ret));
}

/* ---- relocations ---- */

/* What the loader would write at the place; *ret_skip when that has no meaning here. */
static bool relocate(struct rh_elf *elf, const Elf64_Rela *rela, uint64_t *ret_value)
{
    bool intel = elf->machine == EM_X86_64;
    uint32_t type = (uint32_t)ELF64_R_TYPE(rela->r_info);
    uint64_t index = ELF64_R_SYM(rela->r_info), addend = (uint64_t)rela->r_addend;
    Elf64_Sym symbol;

    if (type == (intel ? R_X86_64_RELATIVE : R_AARCH64_RELATIVE)) {
        *ret_value = addend;
        return true;
    }
    if (type == (intel ? R_X86_64_IRELATIVE : R_AARCH64_IRELATIVE)) {
        elf->resolvers++;
        *ret_value = RH_ELF_IMPORT;
        return true;
    }
    if (type != (intel ? R_X86_64_64 : R_AARCH64_ABS64) &&
        type != (intel ? R_X86_64_GLOB_DAT : R_AARCH64_GLOB_DAT) &&
        type != (intel ? R_X86_64_JUMP_SLOT : R_AARCH64_JUMP_SLOT))
        return false; /* storage of threads, copies: nothing that a descriptor is made of */
    if (!read_symbol(elf, index, &symbol))
        return false;
    if (symbol.st_shndx != SHN_UNDEF)
        *ret_value = symbol.st_value + addend;
    else if (ELF64_ST_BIND(symbol.st_info) == STB_WEAK)
        *ret_value = 0;
    else
        *ret_value = RH_ELF_IMPORT + index;
    return true;
}

static int32_t apply(struct rh_elf *elf, uint64_t table, uint64_t size, struct rh_err *err)
{
    if (size > 0 && !rh_elf_bytes(elf, table, size))
        return damaged(err, "die Tabelle der Verschiebungen", "the table of relocations");
    for (uint64_t i = 0; i + sizeof(Elf64_Rela) <= size; i += sizeof(Elf64_Rela)) {
        Elf64_Rela rela;
        uint64_t value;

        if (!rh_elf_copy(elf, table + i, &rela, sizeof(rela)) || !relocate(elf, &rela, &value))
            continue;
        if (!rh_elf_bytes(elf, rela.r_offset, sizeof(value)))
            return damaged(err, "eine Verschiebung zeigt ins Leere", "a relocation points nowhere");
        memcpy(elf->image + (rela.r_offset - elf->base), &value, sizeof(value));
    }
    return 0;
}

static int32_t read_dynamic(struct rh_elf *elf, struct rh_err *err)
{
    struct tables t = {.symbol_size = sizeof(Elf64_Sym), .rela_entry = sizeof(Elf64_Rela)};
    int32_t rc;

    for (uint64_t i = 0; i < elf->dynamic_count; i++) {
        Elf64_Dyn entry;

        if (!rh_elf_copy(elf, elf->dynamic + i * sizeof(entry), &entry, sizeof(entry)) ||
            entry.d_tag == DT_NULL) {
            elf->dynamic_count = i;
            break;
        }
        read_entry(elf, &t, &entry);
    }
    if (t.symbol_size != sizeof(Elf64_Sym) || t.rela_entry != sizeof(Elf64_Rela))
        return damaged(err, "die dynamische Tabelle", "the dynamic table");
    if (t.init_size > elf->image_size || t.preinit_size > elf->image_size)
        return damaged(err, "die Tabelle der Startfunktionen", "the table of constructors");
    elf->constructors = (t.init_size + t.preinit_size) / sizeof(uint64_t);
    rc = count_symbols(elf, &t, err);
    /* Packed relative relocations (DT_RELR) add the address of loading to what stands there
     * already; here that address is 0, so there is nothing to do. */
    if (rc == 0)
        rc = apply(elf, t.rela, t.rela_size, err);
    if (rc == 0)
        rc = apply(elf, t.plt, t.plt_size, err);
    return rc;
}

int32_t rh_elf_read(const void *bytes, size_t size, struct rh_elf *ret, struct rh_err *err)
{
    Elf64_Phdr segments[RH_ELF_SEGMENTS_MAX];
    Elf64_Ehdr head = {0};
    int32_t rc;

    memset(ret, 0, sizeof(*ret));
    ret->executable_stack = true; /* what the kernel assumes where nothing is said */
    if (size > RH_ELF_FILE_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "die Datei ist größer als %u MiB",
                          "the file is larger than %u MiB", (unsigned)(RH_ELF_FILE_MAX >> 20));
    if (size > 0)
        memcpy(&head, bytes, size < sizeof(head) ? size : sizeof(head));
    rc = check_header(&head, size, err);
    if (rc < 0)
        return rc;
    memcpy(segments, (const unsigned char *)bytes + head.e_phoff,
           head.e_phnum * sizeof(segments[0]));
    ret->machine = head.e_machine;
    rc = measure(ret, segments, head.e_phnum, size, err);
    if (rc == 0)
        rc = lay_out(ret, bytes, segments, head.e_phnum, err);
    if (rc == 0)
        rc = read_dynamic(ret, err);
    if (rc < 0)
        rh_elf_fini(ret);
    return rc;
}

void rh_elf_fini(struct rh_elf *elf)
{
    rh_free(elf->image);
    memset(elf, 0, sizeof(*elf));
}

/* ---- what it exports and wants ---- */

const char *rh_elf_machine_name(uint16_t machine)
{
    return machine == EM_X86_64 ? "x86-64" : machine == EM_AARCH64 ? "aarch64" : "?";
}

uint16_t rh_elf_this_machine(void)
{
#if defined(__x86_64__)
    return EM_X86_64;
#elif defined(__aarch64__)
    return EM_AARCH64;
#else
    return EM_NONE;
#endif
}

static const char *string_at(const struct rh_elf *elf, uint64_t offset)
{
    return offset < elf->string_size ? rh_elf_text(elf, elf->strings + offset, TEXT_MAX) : NULL;
}

bool rh_elf_export(const struct rh_elf *elf, const char *name, uint64_t *ret_address,
                   uint64_t *ret_size)
{
    for (uint64_t i = 1; i < elf->symbol_count; i++) {
        Elf64_Sym symbol;
        const char *text;

        if (!read_symbol(elf, i, &symbol) || symbol.st_shndx == SHN_UNDEF ||
            ELF64_ST_BIND(symbol.st_info) == STB_LOCAL)
            continue;
        text = string_at(elf, symbol.st_name);
        if (text && strcmp(text, name) == 0) {
            *ret_address = symbol.st_value;
            *ret_size = symbol.st_size;
            return true;
        }
    }
    return false;
}

const char *rh_elf_import(const struct rh_elf *elf, uint64_t index)
{
    Elf64_Sym symbol;

    if (index == 0 || !read_symbol(elf, index, &symbol) || symbol.st_shndx != SHN_UNDEF ||
        ELF64_ST_BIND(symbol.st_info) == STB_WEAK)
        return NULL;
    return string_at(elf, symbol.st_name);
}

const char *rh_elf_needed(const struct rh_elf *elf, uint64_t index)
{
    for (uint64_t i = 0; i < elf->dynamic_count; i++) {
        Elf64_Dyn entry;

        if (rh_elf_copy(elf, elf->dynamic + i * sizeof(entry), &entry, sizeof(entry)) &&
            entry.d_tag == DT_NEEDED && index-- == 0)
            return string_at(elf, entry.d_un.d_val);
    }
    return NULL;
}
