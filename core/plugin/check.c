#include "core/plugin/check.h"

#include "core/config/config.h"
#include "core/operation/registry.h"
#include "core/store/authorizer.h"

#include <string.h>

/* ---- words ---- */

/* The name is the prefix of its tables, so the store has a say. */
bool rh_plugin_name_valid(const char *name)
{
    return name && rh_owner_name_ok(name);
}

/* Reads one number of a version; false when there is none or it is too large. */
static bool read_number(const char **text, uint32_t *ret)
{
    size_t digits = strspn(*text, "0123456789");
    uint32_t value = 0;

    if (digits == 0 || digits > 8)
        return false;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (uint32_t)((*text)[i] - '0');
    *text += digits;
    *ret = value;
    return true;
}

#define VERSION_PARTS 4

static bool read_version(const char *version, uint32_t parts[VERSION_PARTS])
{
    memset(parts, 0, VERSION_PARTS * sizeof(*parts));
    for (int i = 0; version && i < VERSION_PARTS; i++) {
        if (!read_number(&version, &parts[i]))
            return false;
        if (!*version)
            return true;
        if (*version++ != '.')
            return false;
    }
    return false;
}

bool rh_version_valid(const char *version)
{
    uint32_t parts[VERSION_PARTS];

    return read_version(version, parts);
}

int rh_version_compare(const char *a, const char *b)
{
    uint32_t left[VERSION_PARTS], right[VERSION_PARTS];

    if (!read_version(a, left))
        memset(left, 0, sizeof(left));
    if (!read_version(b, right))
        memset(right, 0, sizeof(right));
    for (int i = 0; i < VERSION_PARTS; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

/* ---- one function a line of the table in check.h ---- */

static void check_name(const struct rh_plugin *plugin, const char *stem, struct rh_faults *faults)
{
    if (plugin->name && !rh_plugin_name_valid(plugin->name))
        rh_faults_add(faults,
                      "der Name '%.64s' geht nicht (a-z, 0-9 und _, höchstens 40 Zeichen, keiner, "
                      "der dem Kern gehört)",
                      "the name '%.64s' will not do (a-z, 0-9 and _, at most 40 characters, none "
                      "of the core's)",
                      plugin->name);
    else if (plugin->name && strcmp(plugin->name, stem) != 0)
        rh_faults_add(faults,
                      "die Datei heißt '%s.so', das Plugin aber '%s'; Abhilfe: die Datei in "
                      "'%s.so' umbenennen",
                      "the file is called '%s.so', but the plugin '%s'; remedy: rename the file to "
                      "'%s.so'",
                      stem, plugin->name, plugin->name);
    if (plugin->version && !rh_version_valid(plugin->version))
        rh_faults_add(faults, "'%.64s' ist keine Versionsnummer wie 1.2.0",
                      "'%.64s' is not a version number like 1.2.0", plugin->version);
}

static void check_needs(const struct rh_plugin *plugin, struct rh_faults *faults)
{
    const struct rh_need *needs = plugin->needs.rows;

    for (uint32_t i = 0; i < plugin->needs.count; i++) {
        if (!needs[i].plugin)
            continue;
        if (!rh_plugin_name_valid(needs[i].plugin))
            rh_faults_add(faults, "needs[%u]: '%.64s' ist kein Name eines Plugins",
                          "needs[%u]: '%.64s' is not the name of a plugin", i, needs[i].plugin);
        else if (plugin->name && strcmp(needs[i].plugin, plugin->name) == 0)
            rh_faults_add(faults, "needs[%u]: das Plugin braucht sich selbst",
                          "needs[%u]: the plugin needs itself", i);
        if (needs[i].version && !rh_version_valid(needs[i].version))
            rh_faults_add(faults, "needs[%u]: '%.64s' ist keine Versionsnummer wie 1.2.0",
                          "needs[%u]: '%.64s' is not a version number like 1.2.0", i,
                          needs[i].version);
        for (uint32_t j = 0; j < i; j++)
            if (needs[j].plugin && strcmp(needs[j].plugin, needs[i].plugin) == 0)
                rh_faults_add(faults, "needs[%u]: '%s' steht zweimal da",
                              "needs[%u]: '%s' is there twice", i, needs[i].plugin);
    }
}

static void check_config(const struct rh_plugin *plugin, struct rh_faults *faults)
{
    struct rh_err err = {0};

    if (rh_config_check_keys(plugin->config.rows, plugin->config.count, &err) < 0) {
        rh_err_wrap(&err, "config", "config");
        rh_faults_take(faults, &err);
    }
}

static void check_migrations(const struct rh_plugin *plugin, struct rh_faults *faults)
{
    const struct rh_migration *migrations = plugin->migrations.rows;

    for (uint32_t i = 0; i < plugin->migrations.count; i++)
        if (migrations[i].number != (int32_t)i + 1) {
            rh_faults_add(faults,
                          "migrations[%u] hat die Nummer %d statt %u; die Nummern sind 1, 2, 3, … "
                          "ohne Lücke",
                          "migrations[%u] has number %d instead of %u; the numbers are 1, 2, 3, … "
                          "without a gap",
                          i, migrations[i].number, i + 1);
            return;
        }
}

static void check_assets(const struct rh_plugin *plugin, struct rh_faults *faults)
{
    const struct rh_asset *assets = plugin->assets.rows;

    for (uint32_t i = 0; i < plugin->assets.count; i++) {
        const char *name = assets[i].name;

        if (name && (name[0] == '.' || !*name ||
                     name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789._-")] != '\0'))
            rh_faults_add(faults, "assets[%u]: '%.64s' geht nicht als Dateiname (a-z, 0-9, . _ -)",
                          "assets[%u]: '%.64s' will not do as a file name (a-z, 0-9, . _ -)", i,
                          name);
        for (uint32_t j = 0; name && j < i; j++)
            if (assets[j].name && strcmp(assets[j].name, name) == 0)
                rh_faults_add(faults, "assets[%u]: '%s' steht zweimal da",
                              "assets[%u]: '%s' is there twice", i, name);
    }
}

/* Names, types and doubles are the registry's business; an empty one judges the plugin alone. */
static void check_operations(const struct rh_plugin *plugin, struct rh_faults *faults)
{
    struct rh_registry *registry = rh_registry_new(NULL);
    struct rh_module module = {.plugin = plugin, .owner = plugin->name};
    struct rh_err err = {0};

    if (!registry)
        rh_err_nomem(&err);
    else
        (void)rh_registry_add(registry, &module, &err); /* err says it all */
    rh_faults_take(faults, &err);
    rh_registry_free(registry);
}

void rh_plugin_check(const struct rh_plugin *plugin, const char *stem, struct rh_faults *faults)
{
    check_name(plugin, stem, faults);
    check_needs(plugin, faults);
    check_migrations(plugin, faults);
    check_assets(plugin, faults);
    /* Keys and operations are read by others, who expect that what must be there is there. */
    if (faults->count > 0)
        return;
    check_config(plugin, faults);
    if (faults->count == 0)
        check_operations(plugin, faults);
}
