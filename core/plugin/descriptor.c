#include "core/plugin/descriptor.h"

#include "core/base/alloc.h"

#include <stdio.h>
#include <string.h>

#define ROW_SIZE_MAX 1024

/* ---- what a row is made of: to add a member to the interface, add a line here ---- */

enum field_kind { F_TEXT, F_CODE, F_BYTES, F_TABLE };

struct layout;

struct field {
    const char *name;
    enum field_kind kind;
    bool required;
    size_t offset;
    size_t max;                /* F_TEXT: bytes; F_BYTES: of the size that stands behind it */
    const struct layout *rows; /* F_TABLE */
};

struct layout {
    size_t today, least; /* bytes of a row: ours, and that of version 1.0 */
    uint32_t count_max;
    const struct field *fields;
    size_t field_count;
};

#define NAME_MAX_BYTES 256
#define HELP_MAX_BYTES (16 * 1024)
#define BODY_MAX_BYTES (1024 * 1024)

#define MUST(type, member, max_)                                                                   \
    {                                                                                              \
#member, F_TEXT, true, offsetof(struct type, member), (max_), NULL                         \
    }
#define MAY(type, member, max_)                                                                    \
    {                                                                                              \
#member, F_TEXT, false, offsetof(struct type, member), (max_), NULL                        \
    }
#define MUST_BOTH(type, member, max_) MUST(type, member.de, max_), MUST(type, member.en, max_)
#define MAY_BOTH(type, member, max_)  MAY(type, member.de, max_), MAY(type, member.en, max_)
#define CODE(type, member, required_)                                                              \
    {                                                                                              \
#member, F_CODE, required_, offsetof(struct type, member), 0, NULL                         \
    }
#define TABLE(type, member, layout_)                                                               \
    {                                                                                              \
#member, F_TABLE, false, offsetof(struct type, member), 0, &(layout_)                      \
    }
#define LAYOUT(type, least_, count_max_, fields_)                                                  \
    {                                                                                              \
        sizeof(struct type), (least_), (count_max_), (fields_),                                    \
            sizeof(fields_) / sizeof((fields_)[0])                                                 \
    }

static const struct field need_fields[] = {
    MUST(rh_need, plugin, NAME_MAX_BYTES),
    MAY(rh_need, version, NAME_MAX_BYTES),
};
static const struct field param_fields[] = {
    MUST(rh_param, name, NAME_MAX_BYTES),
    MAY(rh_param, fallback, HELP_MAX_BYTES),
    MAY(rh_param, choices, HELP_MAX_BYTES),
    MUST_BOTH(rh_param, help, HELP_MAX_BYTES),
};
static const struct field column_fields[] = {
    MUST(rh_column, name, NAME_MAX_BYTES),
    MUST_BOTH(rh_column, title, HELP_MAX_BYTES),
};
static const struct field hook_fields[] = {
    MUST(rh_hook, topic, NAME_MAX_BYTES),
    CODE(rh_hook, run, true),
};
static const struct field job_fields[] = {
    MUST(rh_job_kind, kind, NAME_MAX_BYTES),
    CODE(rh_job_kind, run, true),
    CODE(rh_job_kind, prepare, false),
};
static const struct field page_fields[] = {
    MUST(rh_page, path, NAME_MAX_BYTES),    MUST(rh_page, operation, NAME_MAX_BYTES),
    MUST(rh_page, body, BODY_MAX_BYTES),    MUST_BOTH(rh_page, title, HELP_MAX_BYTES),
    MAY_BOTH(rh_page, nav, HELP_MAX_BYTES),
};
static const struct field asset_fields[] = {
    MUST(rh_asset, name, NAME_MAX_BYTES),
    MUST(rh_asset, content_type, NAME_MAX_BYTES),
    {"bytes", F_BYTES, true, offsetof(struct rh_asset, bytes), 8 * BODY_MAX_BYTES, NULL},
};
static const struct field document_fields[] = {
    MUST(rh_document, path, NAME_MAX_BYTES),
    MUST(rh_document, operation, NAME_MAX_BYTES),
    MUST(rh_document, content_type, NAME_MAX_BYTES),
};
static const struct field config_fields[] = {
    MUST(rh_config_key, name, NAME_MAX_BYTES),
    MAY(rh_config_key, fallback, BODY_MAX_BYTES),
    MAY(rh_config_key, choices, HELP_MAX_BYTES),
    MUST_BOTH(rh_config_key, help, HELP_MAX_BYTES),
};
static const struct field migration_fields[] = {
    MUST(rh_migration, name, NAME_MAX_BYTES),
    MUST(rh_migration, sql, BODY_MAX_BYTES),
};

static const struct layout needs = LAYOUT(rh_need, RH_SIZE_1_0_NEED, 32, need_fields);
static const struct layout params = LAYOUT(rh_param, RH_SIZE_1_0_PARAM, 64, param_fields);
static const struct layout columns = LAYOUT(rh_column, RH_SIZE_1_0_COLUMN, 64, column_fields);
static const struct layout hooks = LAYOUT(rh_hook, RH_SIZE_1_0_HOOK, 256, hook_fields);
static const struct layout jobs = LAYOUT(rh_job_kind, RH_SIZE_1_0_JOB, 64, job_fields);
static const struct layout pages = LAYOUT(rh_page, RH_SIZE_1_0_PAGE, 128, page_fields);
static const struct layout assets = LAYOUT(rh_asset, RH_SIZE_1_0_ASSET, 256, asset_fields);
static const struct layout documents =
    LAYOUT(rh_document, RH_SIZE_1_0_DOCUMENT, 32, document_fields);
static const struct layout config = LAYOUT(rh_config_key, RH_SIZE_1_0_CONFIG, 128, config_fields);
static const struct layout migrations =
    LAYOUT(rh_migration, RH_SIZE_1_0_MIGRATION, 1000, migration_fields);

static const struct field operation_fields[] = {
    MUST(rh_operation, name, NAME_MAX_BYTES),
    MUST_BOTH(rh_operation, help, HELP_MAX_BYTES),
    MAY_BOTH(rh_operation, detail, HELP_MAX_BYTES),
    TABLE(rh_operation, params, params),
    TABLE(rh_operation, columns, columns),
    CODE(rh_operation, run, true),
    CODE(rh_operation, commit, false),
};
static const struct layout operations =
    LAYOUT(rh_operation, RH_SIZE_1_0_OPERATION, 256, operation_fields);

static const struct field plugin_fields[] = {
    MUST(rh_plugin, name, NAME_MAX_BYTES),
    MUST(rh_plugin, version, NAME_MAX_BYTES),
    MUST_BOTH(rh_plugin, title, HELP_MAX_BYTES),
    TABLE(rh_plugin, needs, needs),
    TABLE(rh_plugin, operations, operations),
    TABLE(rh_plugin, hooks, hooks),
    TABLE(rh_plugin, jobs, jobs),
    TABLE(rh_plugin, pages, pages),
    TABLE(rh_plugin, assets, assets),
    TABLE(rh_plugin, documents, documents),
    TABLE(rh_plugin, config, config),
    TABLE(rh_plugin, migrations, migrations),
    CODE(rh_plugin, start, false),
    CODE(rh_plugin, stop, false),
};
static const struct layout plugin = LAYOUT(rh_plugin, RH_SIZE_1_0_PLUGIN, 1, plugin_fields);

/* ---- reading ---- */

struct reading {
    const struct rh_memory *memory;
    struct rh_arena *arena;
    struct rh_faults *faults;
    struct rh_err *err;
};

static bool copy_bytes(const struct reading *r, uint64_t address, void *to, size_t size)
{
    if (r->memory->elf)
        return rh_elf_copy(r->memory->elf, address, to, size);
    if (address && size > 0)
        memcpy(to, (const void *)(uintptr_t)address, size);
    return address != 0;
}

/* Where the text stands in our memory, or NULL. */
static const char *find_text(const struct reading *r, uint64_t address, size_t max)
{
    const char *text = (const char *)(uintptr_t)address;

    if (r->memory->elf)
        return rh_elf_text(r->memory->elf, address, max);
    return strnlen(text, max + 1) <= max ? text : NULL;
}

static void bad_pointer(struct reading *r, const char *path, const char *name)
{
    rh_faults_add(r->faults, "%s%s: der Zeiger führt ins Leere", "%s%s: the pointer leads nowhere",
                  path, name);
}

static void read_text(struct reading *r, const struct field *field, const char *path,
                      const char **place)
{
    uint64_t address = (uint64_t)(uintptr_t)*place;

    if (!address)
        return;
    *place = find_text(r, address, field->max);
    if (!*place)
        rh_faults_add(r->faults, "%s%s: hier steht kein Text von höchstens %zu Byte",
                      "%s%s: there is no text of at most %zu bytes", path, field->name, field->max);
}

static void read_bytes(struct reading *r, const struct field *field, const char *path,
                       const void **place)
{
    uint64_t address = (uint64_t)(uintptr_t)*place, size;

    memcpy(&size, place + 1, sizeof(size));
    if (size > field->max) {
        rh_faults_add(r->faults, "%s%s: %llu Byte sind mehr als die erlaubten %zu",
                      "%s%s: %llu bytes are more than the %zu allowed", path, field->name,
                      (unsigned long long)size, field->max);
        *place = NULL;
    } else if (r->memory->elf && address) {
        *place = rh_elf_bytes(r->memory->elf, address, size);
        if (!*place)
            bad_pointer(r, path, field->name);
    }
}

static void read_code(struct reading *r, const struct field *field, const char *path,
                      const unsigned char *place)
{
    uint64_t address;

    memcpy(&address, place, sizeof(address));
    if (r->memory->elf && address && !rh_elf_is_code(r->memory->elf, address))
        rh_faults_add(r->faults, "%s%s: dort steht kein ausführbarer Code",
                      "%s%s: there is no executable code", path, field->name);
}

static int32_t read_table(struct reading *r, const struct layout *layout, const char *path,
                          const char *name, struct rh_table *table);

static bool is_missing(const unsigned char *place)
{
    static const unsigned char nothing[sizeof(void *)];

    return memcmp(place, nothing, sizeof(nothing)) == 0;
}

/* A row that was copied and padded gets its pointers checked and translated, in place. */
static int32_t read_row(struct reading *r, const struct layout *layout, const char *path, void *row)
{
    int32_t rc = 0;

    for (size_t i = 0; i < layout->field_count && rc == 0; i++) {
        const struct field *field = &layout->fields[i];
        unsigned char *place = (unsigned char *)row + field->offset;

        if (field->required && is_missing(place))
            rh_faults_add(r->faults, "%s%s fehlt", "%s%s is missing", path, field->name);
        switch (field->kind) {
        case F_TEXT:
            read_text(r, field, path, (const char **)(void *)place);
            break;
        case F_CODE:
            read_code(r, field, path, place);
            break;
        case F_BYTES:
            read_bytes(r, field, path, (const void **)(void *)place);
            break;
        case F_TABLE:
            rc = read_table(r, field->rows, path, field->name, (struct rh_table *)(void *)place);
            break;
        }
    }
    return rc;
}

static bool sane_table(struct reading *r, const struct layout *layout, const char *path,
                       const char *name, const struct rh_table *table)
{
    if (table->count > layout->count_max) {
        rh_faults_add(r->faults, "%s%s: %u Zeilen sind mehr als die erlaubten %u",
                      "%s%s: %u rows are more than the %u allowed", path, name, table->count,
                      layout->count_max);
        return false;
    }
    if (table->row_size < layout->least || table->row_size > ROW_SIZE_MAX ||
        table->row_size % sizeof(void *) != 0) {
        rh_faults_add(r->faults,
                      "%s%s: eine Zeile hat %u Byte, in Version 1.0 waren es %zu; die Tabelle ist "
                      "nicht mit RH_ROWS() gemacht",
                      "%s%s: a row has %u bytes, in version 1.0 it had %zu; the table is not made "
                      "with RH_ROWS()",
                      path, name, table->row_size, layout->least);
        return false;
    }
    return true;
}

static int32_t read_table(struct reading *r, const struct layout *layout, const char *path,
                          const char *name, struct rh_table *table)
{
    uint64_t from = (uint64_t)(uintptr_t)table->rows;
    size_t size = table->row_size < layout->today ? table->row_size : layout->today;
    unsigned char *rows;
    int32_t rc = 0;

    table->rows = NULL;
    if (table->count == 0 || !sane_table(r, layout, path, name, table)) {
        table->count = 0;
        return 0;
    }
    rows = rh_arena_array(r->arena, table->count, layout->today);
    if (!rows)
        return rh_err_nomem(r->err);
    for (uint32_t i = 0; i < table->count && rc == 0; i++) {
        char inner[512];

        snprintf(inner, sizeof(inner), "%s%s[%u].", path, name, i);
        if (!copy_bytes(r, from + (uint64_t)i * table->row_size, rows + i * layout->today, size)) {
            bad_pointer(r, path, name);
            table->count = 0;
            return 0;
        }
        rc = read_row(r, layout, inner, rows + i * layout->today);
    }
    table->rows = rows;
    table->row_size = (uint32_t)layout->today;
    return rc;
}

/* ---- the head: what makes the rest readable ---- */

/* An older server cannot know what a newer plugin asks for; an older plugin of the same major
 * number asks for nothing that is gone. */
static bool check_version(struct reading *r, const struct rh_plugin *head)
{
    if (head->abi_major == RH_ABI_MAJOR && head->abi_minor <= RH_ABI_MINOR)
        return true;
    if (head->abi_major < RH_ABI_MAJOR)
        rh_faults_add(r->faults,
                      "das Plugin ist für Schnittstelle %u.%u gebaut, dieser Server hat %u.%u; "
                      "Abhilfe: das Plugin gegen die Kopfdateien dieses Servers neu bauen",
                      "the plugin is built for interface %u.%u, this server has %u.%u; remedy: "
                      "build the plugin anew against the headers of this server",
                      head->abi_major, head->abi_minor, RH_ABI_MAJOR, RH_ABI_MINOR);
    else
        rh_faults_add(r->faults,
                      "das Plugin ist für Schnittstelle %u.%u gebaut, dieser Server hat %u.%u; "
                      "Abhilfe: den Server aktualisieren oder das Plugin gegen seine Kopfdateien "
                      "bauen",
                      "the plugin is built for interface %u.%u, this server has %u.%u; remedy: "
                      "update the server, or build the plugin against its headers",
                      head->abi_major, head->abi_minor, RH_ABI_MAJOR, RH_ABI_MINOR);
    return false;
}

static bool check_head(struct reading *r, const struct rh_plugin *head)
{
    if (head->magic != RH_PLUGIN_MAGIC) {
        rh_faults_add(r->faults,
                      "'rh_plugin' ist keine Beschreibung eines Plugins (Kennzahl %08x statt "
                      "%08x); sie beginnt mit RH_PLUGIN_HEAD(\"name\", \"1.0.0\")",
                      "'rh_plugin' is no descriptor of a plugin (magic number %08x instead of "
                      "%08x); it begins with RH_PLUGIN_HEAD(\"name\", \"1.0.0\")",
                      head->magic, RH_PLUGIN_MAGIC);
        return false;
    }
    if (!check_version(r, head))
        return false;
    if (head->size < RH_SIZE_1_0_PLUGIN || head->size > 64 * 1024 ||
        head->size % sizeof(void *) != 0) {
        rh_faults_add(r->faults,
                      "die Beschreibung hat nach eigener Angabe %u Byte, in Version 1.0 waren es "
                      "%u",
                      "the descriptor has %u bytes by its own account, in version 1.0 it had %u",
                      head->size, (unsigned)RH_SIZE_1_0_PLUGIN);
        return false;
    }
    return true;
}

int32_t rh_descriptor_read(const struct rh_memory *memory, uint64_t address, struct rh_arena *arena,
                           struct rh_plugin **ret, struct rh_faults *faults, struct rh_err *err)
{
    struct reading r = {.memory = memory, .arena = arena, .faults = faults, .err = err};
    struct rh_plugin *copy = rh_arena_alloc(arena, sizeof(*copy));
    struct rh_plugin head = {0};
    int32_t rc;

    *ret = NULL;
    if (!copy)
        return rh_err_nomem(err);
    /* Magic number, size and version first: they say how to read the rest. */
    if (!copy_bytes(&r, address, &head, offsetof(struct rh_plugin, name))) {
        bad_pointer(&r, "", "rh_plugin");
        return 0;
    }
    if (!check_head(&r, &head))
        return 0;
    if (!copy_bytes(&r, address, copy, head.size < plugin.today ? head.size : plugin.today)) {
        rh_faults_add(faults, "die Beschreibung endet vor ihren %u Byte",
                      "the descriptor ends before its %u bytes", head.size);
        return 0;
    }
    rc = read_row(&r, &plugin, "", copy);
    if (rc == 0)
        *ret = copy;
    return rc;
}
