/* load.c - from folders to modules in the registry. */
#include "core/plugin/internal.h"

#include "core/base/alloc.h"
#include "core/plugin/descriptor.h"
#include "core/plugin/file.h"
#include "core/plugin/order.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLUGINS_ARENA_MAX    ((size_t)4 * 1024 * 1024)
#define DESCRIPTOR_ARENA_MAX ((size_t)8 * 1024 * 1024)

/* ---- entries ---- */

static struct rh_plugin_entry *add_entry(struct rh_plugins *plugins, const char *name,
                                         const char *file, struct rh_err *err)
{
    struct rh_plugin_entry *entry;

    if (plugins->count == RH_PLUGINS_MAX) {
        rh_err_set(err, RH_ETOOLARGE, "mehr als %d Plugins", "more than %d plugins",
                   RH_PLUGINS_MAX);
        return NULL;
    }
    entry = rh_alloc(1, sizeof(*entry));
    if (!entry) {
        rh_err_nomem(err);
        return NULL;
    }
    rh_arena_init(&entry->arena, DESCRIPTOR_ARENA_MAX);
    rh_guard_init(&entry->guard, &entry->module);
    entry->plugins = plugins;
    plugins->entries[plugins->count++] = entry;
    entry->name = rh_arena_strdup(&plugins->arena, name);
    entry->file = rh_arena_strdup(&plugins->arena, file);
    entry->version = "";
    if (!entry->name || !entry->file) {
        rh_err_nomem(err);
        return NULL;
    }
    return entry;
}

static void free_entry(struct rh_plugin_entry *entry)
{
    rh_report_free(entry->report);
    rh_config_values_fini(&entry->values);
    rh_guard_fini(&entry->guard);
    rh_arena_fini(&entry->arena);
    if (entry->handle)
        dlclose(entry->handle); /* RTLD_NODELETE: the code stays, the count is right */
    rh_free(entry);
}

struct rh_plugins *rh_plugins_free(struct rh_plugins *plugins)
{
    if (!plugins)
        return NULL;
    for (size_t i = 0; i < plugins->count; i++)
        free_entry(plugins->entries[i]);
    rh_arena_fini(&plugins->arena);
    return rh_free(plugins);
}

void rh_plugin_refuse(struct rh_plugin_entry *entry, const struct rh_err *why)
{
    if (entry->state == RH_PLUGIN_REFUSED)
        return;
    for (int lang = RH_DE; lang <= RH_EN; lang++) {
        const char *text = rh_arena_strdup(&entry->plugins->arena, why->text[lang]);

        if (!text)
            text = lang == RH_DE ? "kein Speicher für den Grund" : "no memory for the reason";
        entry->reason[lang] = text;
        atomic_store(&entry->module.reason[lang], text);
    }
    atomic_store(&entry->module.absent, true);
    entry->state = RH_PLUGIN_REFUSED;
}

void rh_plugin_refuse_faults(struct rh_plugin_entry *entry, const struct rh_faults *faults)
{
    struct rh_err why = {.code = RH_EINVALID};
    int more = (int)faults->count - 1;

    if (more <= 0) {
        rh_plugin_refuse(entry, &faults->items[0]);
        return;
    }
    snprintf(why.text[RH_DE], RH_ERR_MAX, "%.700s (und %d mehr, siehe: reihum plugin check %.200s)",
             faults->items[0].text[RH_DE], more, entry->file);
    snprintf(why.text[RH_EN], RH_ERR_MAX, "%.700s (and %d more, see: reihum plugin check %.200s)",
             faults->items[0].text[RH_EN], more, entry->file);
    rh_plugin_refuse(entry, &why);
}

/* ---- reading the files; nothing of them runs ---- */

static int32_t describe(struct rh_plugin_entry *entry, struct rh_err *err)
{
    rh_auto_str(bytes, RH_ELF_FILE_MAX + 1);
    struct rh_err why = {0};
    int32_t rc = rh_plugin_file(entry->file, &bytes, &why);

    if (rc < 0) {
        rh_plugin_refuse(entry, &why);
        return 0;
    }
    rc = rh_report_new(entry->file, bytes.data, bytes.length, &entry->report, err);
    if (rc < 0)
        return rc;
    if (entry->report->plugin && rh_version_valid(entry->report->plugin->version)) {
        const char *version =
            rh_arena_strdup(&entry->plugins->arena, entry->report->plugin->version);

        entry->version = version ? version : "";
    }
    if (entry->report->faults.count > 0)
        rh_plugin_refuse_faults(entry, &entry->report->faults);
    return 0;
}

static void check_double(struct rh_plugin_entry *entry)
{
    struct rh_plugins *plugins = entry->plugins;
    struct rh_err why = {0};

    for (size_t i = 0; i < plugins->count && plugins->entries[i] != entry; i++)
        if (strcmp(plugins->entries[i]->name, entry->name) == 0) {
            rh_err_set(&why, RH_ECONFLICT, "dieses Plugin gibt es schon: %s",
                       "this plugin is there already: %s", plugins->entries[i]->file);
            rh_plugin_refuse(entry, &why);
            return;
        }
}

static int32_t read_one(struct rh_plugins *plugins, const char *folder, const char *name,
                        size_t length, const struct rh_err *folder_fault, struct rh_err *err)
{
    struct rh_plugin_entry *entry;
    char file[4096], stem[128];

    snprintf(file, sizeof(file), "%s/%.*s", folder, (int)length, name);
    snprintf(stem, sizeof(stem), "%.*s", (int)(length - 3), name); /* without ".so" */
    entry = add_entry(plugins, stem, file, err);
    if (!entry)
        return err && err->code ? err->code : RH_ENOMEM;
    check_double(entry);
    if (folder_fault->code < 0)
        rh_plugin_refuse(entry, folder_fault);
    return entry->state == RH_PLUGIN_REFUSED ? 0 : describe(entry, err);
}

static int32_t read_folder(struct rh_plugins *plugins, const char *folder, struct rh_err *err)
{
    rh_auto_str(names, 64 * 1024);
    struct rh_err fault = {0};
    int32_t rc = 0;

    (void)rh_plugin_folder(folder, &names, &fault); /* a fault becomes the reason of each plugin */
    if (fault.code == RH_ENOMEM)
        return rh_err_nomem(err);
    if (fault.code < 0 && names.length == 0) {
        struct rh_plugin_entry *entry = add_entry(plugins, folder, folder, err);

        if (!entry)
            return err && err->code ? err->code : RH_ENOMEM;
        rh_plugin_refuse(entry, &fault);
    }
    for (const char *name = names.data, *end; *name && rc == 0; name = end + 1) {
        end = strchr(name, '\n');
        rc = read_one(plugins, folder, name, (size_t)(end - name), &fault, err);
    }
    return rc;
}

static void disable(struct rh_plugin_entry *entry)
{
    entry->reason[RH_DE] = "in der Konfiguration abgeschaltet (enabled = nein)";
    entry->reason[RH_EN] = "turned off in the configuration (enabled = no)";
    entry->state = RH_PLUGIN_DISABLED;
}

/* A section whose plugin is not here: misspelt, or taken away. It stays visible. */
static int32_t add_unknown_sections(struct rh_plugins *plugins, struct rh_err *err)
{
    const char *name;
    struct rh_err why = {0};

    while (plugins->config &&
           (name = rh_config_unknown(plugins->config, RH_CONFIG_PLUGIN, &why)) != NULL) {
        struct rh_plugin_entry *entry = add_entry(plugins, name, "", err);

        if (!entry)
            return err && err->code ? err->code : RH_ENOMEM;
        rh_plugin_refuse(entry, &why);
        rh_err_clear(&why);
    }
    return 0;
}

static int by_name(const void *a, const void *b)
{
    const struct rh_plugin_entry *const *left = a, *const *right = b;
    int order = strcmp((*left)->name, (*right)->name);

    return order ? order : strcmp((*left)->file, (*right)->file);
}

static void sort(struct rh_plugins *plugins)
{
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what is sorted */
    qsort(plugins->entries, plugins->count, sizeof(plugins->entries[0]), by_name);
}

/* ---- loading, one after the other in their order ---- */

static bool runs(const struct rh_plugins *plugins, const char *name)
{
    for (size_t i = 0; i < plugins->count; i++)
        if (strcmp(plugins->entries[i]->name, name) == 0 &&
            plugins->entries[i]->state != RH_PLUGIN_REFUSED &&
            plugins->entries[i]->state != RH_PLUGIN_DISABLED)
            return true;
    return false;
}

bool rh_plugin_needs_run(struct rh_plugin_entry *entry)
{
    const struct rh_need *needs = entry->module.plugin->needs.rows;
    struct rh_err why = {0};

    for (uint32_t n = 0; n < entry->module.plugin->needs.count; n++)
        if (!runs(entry->plugins, needs[n].plugin)) {
            rh_err_set(&why, RH_EFAILED, "braucht das Plugin '%s', das selbst nicht läuft",
                       "needs the plugin '%s', which does not run itself", needs[n].plugin);
            rh_plugin_refuse(entry, &why);
            return false;
        }
    return true;
}

/*
 * RTLD_NOW: a missing symbol shows here, not in the middle of a night. RTLD_LOCAL: plugins do not
 * see each other's symbols. RTLD_NODELETE: code that was here may have left threads, handlers or
 * pointers behind; it stays mapped until the process ends. Not RTLD_DEEPBIND, which
 * AddressSanitizer refuses.
 */
static const void *open_code(struct rh_plugin_entry *entry, struct rh_err *why)
{
    const void *symbol;

    entry->handle = dlopen(entry->file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    symbol = entry->handle ? dlsym(entry->handle, "rh_plugin") : NULL;
    if (!symbol)
        rh_err_set(why, RH_EFAILED, "der Lader des Systems lehnt die Datei ab: %s",
                   "the system's loader refuses the file: %s", dlerror());
    return symbol;
}

/* The descriptor as it lies in memory now, held against the same checks once more: what a
 * constructor changed in it would otherwise be believed. */
static int32_t read_live(struct rh_plugin_entry *entry, const void *symbol, struct rh_err *err)
{
    static const struct rh_memory process = {.elf = NULL};
    struct rh_faults *faults = rh_alloc(1, sizeof(*faults));
    struct rh_plugin *plugin = NULL;
    int32_t rc;

    if (!faults)
        return rh_err_nomem(err);
    rc = rh_descriptor_read(&process, (uint64_t)(uintptr_t)symbol, &entry->arena, &plugin, faults,
                            err);
    if (rc == 0 && plugin)
        rh_plugin_check(plugin, entry->name, faults);
    if (rc == 0 && faults->count > 0)
        rh_plugin_refuse_faults(entry, faults);
    entry->module.plugin = plugin;
    rh_free(faults);
    return rc;
}

static int32_t configure(struct rh_plugin_entry *entry, struct rh_err *err)
{
    const struct rh_plugin *plugin = entry->module.plugin;
    struct rh_err why = {0};
    int32_t rc = rh_config_values(entry->plugins->config, RH_CONFIG_PLUGIN, entry->name,
                                  plugin->config.rows, plugin->config.count, &entry->values, &why);

    if (rc == RH_ENOMEM)
        return rh_err_nomem(err);
    entry->module.owner = plugin->name;
    entry->module.folder = rh_arena_strndup(&entry->arena, entry->file,
                                            (size_t)(strrchr(entry->file, '/') - entry->file));
    if (!entry->module.folder)
        return rh_err_nomem(err);
    entry->module.config = entry->values.text;
    entry->module.guard = &entry->guard;
    if (rc == 0)
        rc = rh_registry_add(entry->plugins->registry, &entry->module, &why);
    if (rc == RH_ENOMEM)
        return rh_err_nomem(err);
    if (rc < 0)
        rh_plugin_refuse(entry, &why);
    else
        entry->state = RH_PLUGIN_CONFIGURED;
    return 0;
}

static int32_t load_one(struct rh_plugin_entry *entry, struct rh_err *err)
{
    struct rh_err why = {0};
    const void *symbol;
    int32_t rc;

    /* Until its own is read, the file's descriptor says what it needs. */
    entry->module.plugin = entry->report->plugin;
    if (!rh_plugin_needs_run(entry)) {
        entry->module.plugin = NULL;
        return 0;
    }
    symbol = open_code(entry, &why);
    if (!symbol) {
        entry->module.plugin = NULL;
        rh_plugin_refuse(entry, &why);
        return 0;
    }
    rc = read_live(entry, symbol, err);
    if (rc == 0 && entry->state != RH_PLUGIN_REFUSED)
        rc = configure(entry, err);
    return rc;
}

static int32_t load_in_order(struct rh_plugins *plugins, struct rh_err *err)
{
    struct rh_order_item *items = rh_alloc(plugins->count + 1, sizeof(*items));
    size_t order[RH_PLUGINS_MAX], placed;
    int32_t rc = 0;

    if (!items)
        return rh_err_nomem(err);
    for (size_t i = 0; i < plugins->count; i++) {
        const struct rh_plugin_entry *entry = plugins->entries[i];

        items[i].name = entry->name;
        items[i].plugin = entry->report ? entry->report->plugin : NULL;
        items[i].out = entry->state != RH_PLUGIN_DESCRIBED;
    }
    placed = rh_order(items, plugins->count, order);
    for (size_t i = 0; i < plugins->count; i++)
        if (items[i].why.code < 0)
            rh_plugin_refuse(plugins->entries[i], &items[i].why);
    for (size_t i = 0; i < placed && rc == 0; i++) {
        struct rh_plugin_entry *entry = plugins->entries[order[i]];

        rc = load_one(entry, err);
        if (rc == 0 && entry->state == RH_PLUGIN_CONFIGURED)
            plugins->order[plugins->order_count++] = entry;
    }
    rh_free(items);
    return rc;
}

static int32_t load(struct rh_plugins *plugins, const char *const *folders, struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; folders[i] && rc == 0; i++)
        rc = read_folder(plugins, folders[i], err);
    if (rc < 0)
        return rc;
    sort(plugins);
    for (size_t i = 0; i < plugins->count; i++)
        if (plugins->entries[i]->state == RH_PLUGIN_DESCRIBED &&
            rh_config_disabled(plugins->config, plugins->entries[i]->name))
            disable(plugins->entries[i]);
    rc = load_in_order(plugins, err);
    for (size_t i = 0; i < plugins->count; i++) {
        struct rh_plugin_entry *entry = plugins->entries[i];

        entry->report = rh_report_free(entry->report);
        rh_config_excuse(plugins->config, RH_CONFIG_PLUGIN, entry->name);
    }
    if (rc == 0)
        rc = add_unknown_sections(plugins, err);
    sort(plugins);
    return rc;
}

int32_t rh_plugins_load(const char *const *folders, struct rh_config *config,
                        struct rh_registry *registry, struct rh_plugins **ret_plugins,
                        struct rh_err *err)
{
    struct rh_plugins *plugins = rh_alloc(1, sizeof(*plugins));
    int32_t rc;

    if (!plugins)
        return rh_err_nomem(err);
    rh_arena_init(&plugins->arena, PLUGINS_ARENA_MAX);
    plugins->config = config;
    plugins->registry = registry;
    rc = load(plugins, folders, err);
    if (rc < 0) {
        rh_plugins_free(plugins);
        return rc;
    }
    *ret_plugins = plugins;
    return 0;
}
