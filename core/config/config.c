#include "core/config/config.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/config/tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- faults ---- */

int32_t rh_config_keep_fault(struct rh_config *config, struct rh_err *err, int32_t line,
                             struct rh_err *fault)
{
    rh_err_wrap(fault, "%s:%d", "%s:%d", config->name, (int)line);
    if (config->fault_count < RH_CONFIG_FAULTS_MAX) {
        struct config_fault *kept = &config->faults[config->fault_count];

        kept->line = line;
        kept->text[RH_DE] = rh_arena_strdup(&config->arena, fault->text[RH_DE]);
        kept->text[RH_EN] = rh_arena_strdup(&config->arena, fault->text[RH_EN]);
        if (!kept->text[RH_DE] || !kept->text[RH_EN])
            return rh_err_nomem(err);
        config->fault_count++;
    }
    if (err && err->code == 0)
        *err = *fault;
    return fault->code;
}

int32_t rh_config_fault(struct rh_config *config, struct rh_err *err, int32_t line, const char *de,
                        const char *en, ...)
{
    struct rh_err fault = {0};
    va_list args;

    va_start(args, en);
    rh_err_vset(&fault, RH_EINVALID, de, en, args);
    va_end(args);
    return rh_config_keep_fault(config, err, line, &fault);
}

size_t rh_config_fault_count(const struct rh_config *config)
{
    return config->fault_count;
}

int32_t rh_config_fault_line(const struct rh_config *config, size_t index)
{
    return config->faults[index].line;
}

const char *rh_config_fault_text(const struct rh_config *config, size_t index, enum rh_lang lang)
{
    return config->faults[index].text[lang];
}

bool rh_config_section_at(const struct rh_config *config, size_t index,
                          struct rh_config_place *ret_place)
{
    const struct config_section *section = config->sections;

    while (section && index-- > 0)
        section = section->next;
    if (!section)
        return false;
    *ret_place = (struct rh_config_place){section->kind, section->name, section->line};
    return true;
}

/* ---- reading ---- */

struct rh_config *rh_config_free(struct rh_config *config)
{
    if (config)
        rh_arena_fini(&config->arena);
    return rh_free(config);
}

const char *rh_config_name(const struct rh_config *config)
{
    return config->name;
}

int32_t rh_config_parse(const char *name, const char *text, size_t length,
                        struct rh_config **ret_config, struct rh_err *err)
{
    static const char *const none[1];

    return rh_config_parse_own(name, text, length, none, 0, ret_config, err);
}

int32_t rh_config_parse_own(const char *name, const char *text, size_t length,
                            const char *const *words, size_t word_count,
                            struct rh_config **ret_config, struct rh_err *err)
{
    struct rh_config *config;
    int32_t rc;

    if (length > RH_CONFIG_SIZE_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "%s: die Datei ist größer als %d KiB",
                          "%s: the file is larger than %d KiB", name, RH_CONFIG_SIZE_MAX / 1024);
    config = rh_alloc(1, sizeof(*config));
    if (!config)
        return rh_err_nomem(err);
    rh_arena_init(&config->arena, 16 * RH_CONFIG_SIZE_MAX);
    config->name = rh_arena_strdup(&config->arena, name);
    config->text = rh_arena_strndup(&config->arena, text, length);
    config->length = length;
    config->words = words;
    config->word_count = word_count;
    rc = config->name && config->text ? rh_config_parse_text(config, config->text, length, err)
                                      : rh_err_nomem(err);
    if (rc < 0) {
        rh_config_free(config);
        return rc;
    }
    *ret_config = config;
    return 0;
}

int32_t rh_config_again(const struct rh_config *config, struct rh_config **ret_config,
                        struct rh_err *err)
{
    int32_t rc = rh_config_parse_own(config->name, config->text, config->length, config->words,
                                     config->word_count, ret_config, err);

    if (rc == 0)
        (*ret_config)->readable_by_others = config->readable_by_others;
    return rc;
}

static int32_t cannot_read(const char *path, struct rh_err *err)
{
    int code = errno;

    if (code == ENOENT || code == ENOTDIR)
        return rh_err_set(err, RH_ENOTFOUND, "%s: diese Konfigurationsdatei gibt es nicht",
                          "%s: there is no such configuration file", path);
    return rh_err_set(err, code == EACCES ? RH_EFORBIDDEN : RH_EFAILED,
                      "%s: die Konfigurationsdatei ist nicht lesbar (%s)",
                      "%s: the configuration file cannot be read (%s)", path, strerror(code));
}

int32_t rh_config_read(const char *path, struct rh_config **ret_config, struct rh_err *err)
{
    rh_auto_str(text, RH_CONFIG_SIZE_MAX + 1);
    FILE *file = fopen(path, "re");
    char block[4096];
    struct stat st;
    size_t got;
    int32_t rc = 0;

    if (!file)
        return cannot_read(path, err);
    while ((got = fread(block, 1, sizeof(block), file)) > 0 && !text.failed)
        rh_str_add_n(&text, block, got);
    if (ferror(file) || fstat(fileno(file), &st) != 0)
        rc = cannot_read(path, err);
    fclose(file);
    if (rc < 0)
        return rc;
    if (text.failed && text.length < RH_CONFIG_SIZE_MAX - sizeof(block))
        return rh_err_nomem(err);
    if (text.failed)
        return rh_err_set(err, RH_ETOOLARGE, "%s: die Datei ist größer als %d KiB",
                          "%s: the file is larger than %d KiB", path, RH_CONFIG_SIZE_MAX / 1024);
    rc = rh_config_parse(path, text.data, text.length, ret_config, err);
    if (rc == 0)
        (*ret_config)->readable_by_others = (st.st_mode & S_IROTH) != 0;
    return rc;
}

/* ---- sections ---- */

struct config_section *rh_config_section(const struct rh_config *config, enum rh_config_kind kind,
                                         const char *name)
{
    for (struct config_section *section = config->sections; section; section = section->next)
        if (section->kind == kind && strcmp(section->name, name) == 0)
            return section;
    return NULL;
}

static void keep_asked(struct rh_config *config, enum rh_config_kind kind, const char *name)
{
    for (size_t i = 0; i < config->asked_count; i++)
        if (config->asked[i].kind == kind && strcmp(config->asked[i].name, name) == 0)
            return;
    if (config->asked_count < RH_CONFIG_ASKED_MAX) {
        struct config_asked *asked = &config->asked[config->asked_count];

        asked->kind = kind;
        asked->name = rh_arena_strdup(&config->arena, name);
        config->asked_count += asked->name != NULL; /* without memory: no suggestion, no harm */
    }
}

void rh_config_excuse(struct rh_config *config, enum rh_config_kind kind, const char *name)
{
    struct config_section *section = config ? rh_config_section(config, kind, name) : NULL;

    if (config)
        keep_asked(config, kind, name);
    if (section)
        section->claimed = true;
}

static int32_t unknown_section(struct rh_config *config, const struct config_section *section,
                               struct rh_err *err)
{
    const char *names[RH_CONFIG_ASKED_MAX];
    size_t count = 0;
    int nearest;

    for (size_t i = 0; i < config->asked_count; i++)
        if (config->asked[i].kind == section->kind)
            names[count++] = config->asked[i].name;
    nearest = rh_text_nearest(section->name, names, count);
    if (section->kind == RH_CONFIG_PLUGIN && nearest >= 0)
        return rh_config_fault(
            config, err, section->line, "es gibt kein Plugin '%s' (meinten Sie '%s'?)",
            "there is no plugin '%s' (did you mean '%s'?)", section->name, names[nearest]);
    if (section->kind == RH_CONFIG_PLUGIN)
        return rh_config_fault(config, err, section->line,
                               "es gibt kein Plugin '%s' in den Ordnern aus "
                               "server { plugin_folders }",
                               "there is no plugin '%s' in the folders of "
                               "server { plugin_folders }",
                               section->name);
    if (nearest >= 0)
        return rh_config_fault(
            config, err, section->line, "unbekannter Abschnitt '%s' (meinten Sie '%s'?)",
            "unknown section '%s' (did you mean '%s'?)", section->name, names[nearest]);
    return rh_config_fault(config, err, section->line,
                           "unbekannter Abschnitt '%s' (Plugins stehen als: plugin %s { … })",
                           "unknown section '%s' (plugins are written: plugin %s { … })",
                           section->name, section->name);
}

const char *rh_config_unknown(struct rh_config *config, enum rh_config_kind kind,
                              struct rh_err *err)
{
    for (struct config_section *section = config->sections; section; section = section->next)
        if (!section->claimed && section->kind == kind) {
            section->claimed = true;
            (void)unknown_section(config, section, err); /* always a fault */
            return section->name;
        }
    return NULL;
}

int32_t rh_config_finish(struct rh_config *config, struct rh_err *err)
{
    int32_t rc = 0;

    while (rh_config_unknown(config, RH_CONFIG_MODULE, err) ||
           rh_config_unknown(config, RH_CONFIG_PLUGIN, err))
        rc = RH_EINVALID;
    return rc;
}

bool rh_config_disabled(const struct rh_config *config, const char *plugin)
{
    const struct config_section *section =
        config ? rh_config_section(config, RH_CONFIG_PLUGIN, plugin) : NULL;
    const struct config_item *item = section ? section->items : NULL;
    bool enabled = true;

    while (item && strcmp(item->key, RH_CONFIG_ENABLED) != 0)
        item = item->next;
    return item && item->count == 1 && rh_config_flag(item->values->text, &enabled) && !enabled;
}
