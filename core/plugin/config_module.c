/* config_module.c - config example, check, show. */
#include "core/plugin/module.h"

#include "core/config/example.h"
#include "core/config/server_keys.h"
#include "core/operation/call.h"

#include <string.h>

#define TABLES_MAX 256

static void add_table(struct rh_config_table tables[TABLES_MAX], size_t *count,
                      enum rh_config_kind kind, const struct rh_plugin *plugin)
{
    if (*count < TABLES_MAX)
        tables[(*count)++] = (struct rh_config_table){kind, plugin->name, plugin->title,
                                                      plugin->config.rows, plugin->config.count};
}

/* The sections that there are: the server's, one for each module of the core that has keys, and one
 * for each plugin whose keys are known, even when its section is why it was refused. */
static size_t collect_tables(struct rh_call *call, struct rh_config_table tables[TABLES_MAX])
{
    const struct rh_registry *registry = rh_call_house(call)->registry;
    struct rh_plugins *plugins = rh_call_house(call)->plugins;
    size_t count = 0;

    tables[count++] = (struct rh_config_table){RH_CONFIG_MODULE, RH_SERVER_SECTION, rh_server_title,
                                               rh_server_keys, rh_server_key_count};
    for (size_t i = 0; i < rh_registry_module_count(registry); i++) {
        const struct rh_module *module = rh_registry_module_at(registry, i);

        if (!module->owner && module->plugin->config.count > 0)
            add_table(tables, &count, RH_CONFIG_MODULE, module->plugin);
    }
    for (size_t i = 0; plugins && i < rh_plugins_count(plugins); i++) {
        struct rh_plugin_status status;

        rh_plugins_status(plugins, i, &status);
        if (status.plugin)
            add_table(tables, &count, RH_CONFIG_PLUGIN, status.plugin);
    }
    return count;
}

/* ---- example ---- */

static int32_t config_example(struct rh_call *call)
{
    struct rh_config_table tables[TABLES_MAX];
    size_t count = collect_tables(call, tables);
    rh_auto_str(text, RH_CONFIG_SIZE_MAX);

    rh_config_example(tables, count, (enum rh_lang)call->lang, &text);
    if (rh_str_check(&text, rh_call_err(call)) < 0)
        return rh_call_err(call)->code;
    text.data[text.length - 1] = '\0'; /* a message brings its own end of line */
    rh_say(call, "%s", "%s", text.data);
    return 0;
}

/* ---- check ---- */

static const struct rh_param check_params[] = {
    {"file",
     RH_TYPE_FILE,
     RH_PARAM_POSITIONAL,
     NULL,
     NULL,
     0,
     0,
     {"die Datei; sonst die, mit der reihum läuft", "the file; otherwise the one in use"}},
};

/* Files that are there, but whose keys nobody knows: broken, or turned off. */
static void excuse_unknown(struct rh_call *call, struct rh_config *config)
{
    struct rh_plugins *plugins = rh_call_house(call)->plugins;

    for (size_t i = 0; plugins && i < rh_plugins_count(plugins); i++) {
        struct rh_plugin_status status;

        rh_plugins_status(plugins, i, &status);
        if (!status.plugin && *status.file)
            rh_config_excuse(config, RH_CONFIG_PLUGIN, status.name);
    }
}

static void judge(struct rh_call *call, struct rh_config *config)
{
    struct rh_config_table tables[TABLES_MAX];
    size_t count = collect_tables(call, tables);
    struct rh_config_values values;

    for (size_t i = 0; i < count; i++) {
        (void)rh_config_values(config, tables[i].kind, tables[i].name, tables[i].keys,
                               tables[i].count, &values, NULL); /* its faults are kept */
        rh_config_values_fini(&values);
    }
    excuse_unknown(call, config);
    (void)rh_config_finish(config, NULL); /* as above */
}

/* A fresh look at the file in use; NULL and 0 when there is none. */
static int32_t open_in_use(struct rh_call *call, struct rh_config **ret)
{
    struct rh_plugins *plugins = rh_call_house(call)->plugins;
    const struct rh_config *config = plugins ? rh_plugins_config(plugins) : NULL;

    return config ? rh_config_again(config, ret, rh_call_err(call)) : 0;
}

static int32_t open_sent(struct rh_call *call, struct rh_config **ret)
{
    const char *name, *bytes;
    size_t size;
    int32_t rc = rh_param_file(call, "file", &name, &bytes, &size);

    return rc < 0 ? rc : rh_config_parse(name, bytes, size, ret, rh_call_err(call));
}

static int32_t report_faults(struct rh_call *call, const struct rh_config *config)
{
    size_t count = rh_config_fault_count(config);
    rh_auto_str(text, RH_ERR_MAX);

    if (count == 0) {
        rh_say(call, "%s ist in Ordnung", "%s is in order", rh_config_name(config));
        return 0;
    }
    for (size_t i = 0; i < count; i++)
        rh_str_printf(&text, "%s%s", i ? "\n" : "",
                      rh_config_fault_text(config, i, (enum rh_lang)call->lang));
    return rh_fail(call, RH_EINVALID, "%s", "%s", text.data);
}

static int32_t config_check(struct rh_call *call)
{
    struct rh_config *config = NULL;
    int32_t rc =
        rh_param_given(call, "file") ? open_sent(call, &config) : open_in_use(call, &config);

    if (rc < 0)
        return rc;
    if (!config) {
        rh_say(call, "es ist keine Konfigurationsdatei da; alles steht auf seinen Vorgaben",
               "there is no configuration file; everything has its default");
        return 0;
    }
    judge(call, config);
    rc = report_faults(call, config);
    rh_config_free(config);
    return rc;
}

/* ---- show ---- */

static const struct rh_param show_params[] = {
    {"section",
     RH_TYPE_TEXT,
     RH_PARAM_POSITIONAL,
     NULL,
     NULL,
     0,
     0,
     {"nur dieser Abschnitt, etwa office", "this section only, like office"}},
};

static const struct rh_column show_columns[] = {
    {"section", RH_TYPE_TEXT, 0, {"Abschnitt", "section"}},
    {"key", RH_TYPE_TEXT, 0, {"Schlüssel", "key"}},
    {"value", RH_TYPE_TEXT, 0, {"Wert", "value"}},
    {"line", RH_TYPE_INT, 0, {"Zeile", "line"}},
    {"help", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Bedeutung", "meaning"}},
};

static void out_value(struct rh_call *call, const struct rh_config_table *table,
                      const struct rh_config_values *values, size_t index)
{
    const struct rh_config_key *key = &table->keys[index];
    const char *text = values->text[index];
    rh_auto_str(value, RH_CONFIG_SIZE_MAX);

    if (text && (key->flags & RH_CONFIG_SECRET))
        rh_str_add(&value, rh_say_in(call, RH_TEXT("(geheim)", "(secret)")));
    else if (text && key->type == RH_TYPE_FLAG)
        rh_str_add(&value,
                   rh_say_in(call, *text == '1' ? RH_TEXT("ja", "yes") : RH_TEXT("nein", "no")));
    else if (text)
        for (const char *c = text; *c; c++)
            rh_str_add_n(&value, *c == '\n' ? ", " : c, *c == '\n' ? 2 : 1);
    if (text && key->type == RH_TYPE_DURATION)
        rh_str_add(&value, " s");
    rh_out_object(call, NULL);
    rh_out_text(call, "section", table->name);
    rh_out_text(call, "key", key->name);
    rh_out_text(call, "value", text ? value.data : NULL);
    if (values->line[index] > 0)
        rh_out_int(call, "line", values->line[index]);
    rh_out_text(call, "help", rh_say_in(call, key->help));
    rh_out_end(call);
}

static int32_t show_table(struct rh_call *call, struct rh_config *config,
                          const struct rh_config_table *table)
{
    struct rh_config_values values;
    int32_t rc = rh_config_values(config, table->kind, table->name, table->keys, table->count,
                                  &values, rh_call_err(call));

    for (size_t i = 0; rc == 0 && i < values.count; i++)
        out_value(call, table, &values, i);
    rh_config_values_fini(&values);
    return rc;
}

static int32_t config_show(struct rh_call *call)
{
    const char *section = rh_param_text(call, "section");
    struct rh_config_table tables[TABLES_MAX];
    size_t count = collect_tables(call, tables), shown = 0;
    struct rh_config *config = NULL;
    int32_t rc = open_in_use(call, &config);

    if (rc < 0)
        return rc;
    rh_out_array(call, "items");
    for (size_t i = 0; i < count && rc == 0; i++)
        if (!section || strcmp(section, tables[i].name) == 0) {
            rc = show_table(call, config, &tables[i]);
            shown++;
        }
    rh_out_end(call);
    rh_config_free(config);
    if (rc == 0 && shown == 0)
        return rh_fail(call, RH_ENOTFOUND, "es gibt keinen Abschnitt '%s'",
                       "there is no section '%s'", section);
    return rc;
}

static const struct rh_operation operations[] = {
    {.name = "config check",
     .kind = RH_READ,
     .help = {"die Konfiguration prüfen", "check the configuration"},
     .detail = {"Nennt alle Fehler mit Datei, Zeile und Abhilfe.",
                "Names all faults with file, line and remedy."},
     .params = RH_ROWS(check_params),
     .run = config_check},
    {.name = "config example",
     .kind = RH_READ,
     .help = {"eine Konfigurationsdatei mit allen Schlüsseln, Vorgaben und Erklärungen ausgeben",
              "write a configuration file with all keys, defaults and explanations"},
     .run = config_example},
    {.name = "config show",
     .kind = RH_READ,
     .help = {"was gilt: alle Schlüssel mit ihrem Wert", "what holds: all keys with their value"},
     .detail = {"Ohne Zeile gilt die Vorgabe. Geheimes wird nicht gezeigt.",
                "Without a line, the default holds. Secrets are not shown."},
     .params = RH_ROWS(show_params),
     .columns = RH_ROWS(show_columns),
     .run = config_show},
};

const struct rh_plugin rh_config_module = {
    RH_PLUGIN_HEAD("config", "1.0.0"),
    .title = {"Konfiguration", "configuration"},
    .operations = RH_ROWS(operations),
};
