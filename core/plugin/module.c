/* module.c - plugin list, show, check, resume. */
#include "core/plugin/module.h"

#include "core/base/text.h"
#include "core/operation/call.h"

#include <stdio.h>
#include <string.h>

/* ---- list ---- */

static const struct rh_column list_columns[] = {
    {"name", RH_TYPE_TEXT, 0, {"Plugin", "plugin"}},
    {"version", RH_TYPE_TEXT, 0, {"Version", "version"}},
    {"state", RH_TYPE_TEXT, 0, {"Zustand", "state"}},
    {"reason", RH_TYPE_TEXT, 0, {"Grund", "reason"}},
    {"calls", RH_TYPE_INT, RH_COLUMN_WIDE, {"Aufrufe", "calls"}},
    {"errors", RH_TYPE_INT, RH_COLUMN_WIDE, {"Fehler", "errors"}},
    {"slow", RH_TYPE_INT, RH_COLUMN_WIDE, {"langsam", "slow"}},
    {"file", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Datei", "file"}},
};

static void out_status(struct rh_call *call, const struct rh_plugin_status *status)
{
    rh_out_text(call, "name", status->name);
    rh_out_text(call, "version", status->version);
    rh_out_text(call, "state", rh_say_in(call, rh_plugin_state_text(status->state)));
    rh_out_text(call, "reason", rh_say_in(call, status->reason));
    rh_out_int(call, "calls", (int64_t)status->figures.calls);
    rh_out_int(call, "errors", (int64_t)status->figures.errors);
    rh_out_int(call, "slow", (int64_t)status->figures.slow);
    rh_out_text(call, "file", status->file);
}

static int32_t plugin_list(struct rh_call *call)
{
    struct rh_plugins *plugins = rh_plugins_of(call);

    if (!plugins)
        return RH_EFAILED;
    rh_out_array(call, "items");
    for (size_t i = 0; i < rh_plugins_count(plugins); i++) {
        struct rh_plugin_status status;

        rh_plugins_status(plugins, i, &status);
        rh_out_object(call, NULL);
        out_status(call, &status);
        rh_out_end(call);
    }
    rh_out_end(call);
    if (rh_plugins_count(plugins) == 0)
        rh_say(call, "es ist kein Plugin da", "there is no plugin");
    return 0;
}

/* ---- show ---- */

static const struct rh_param name_param[] = {
    {"name",
     RH_TYPE_TEXT,
     RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL,
     NULL,
     NULL,
     0,
     0,
     {"Name des Plugins", "name of the plugin"}},
};

static int32_t find_status(struct rh_call *call, struct rh_plugin_status *ret)
{
    struct rh_plugins *plugins = rh_plugins_of(call);
    const char *name = rh_param_text(call, "name"), *names[256];
    size_t count = plugins ? rh_plugins_count(plugins) : 0;
    int nearest;

    if (!plugins)
        return RH_EFAILED;
    for (size_t i = 0; i < count; i++) {
        rh_plugins_status(plugins, i, ret);
        if (strcmp(ret->name, name) == 0)
            return 0;
        names[i] = ret->name;
    }
    nearest = rh_text_nearest(name, names, count);
    if (nearest >= 0)
        return rh_fail(call, RH_ENOTFOUND, "es gibt kein Plugin '%s' (meinten Sie '%s'?)",
                       "there is no plugin '%s' (did you mean '%s'?)", name, names[nearest]);
    return rh_fail(call, RH_ENOTFOUND, "es gibt kein Plugin '%s'", "there is no plugin '%s'", name);
}

static void out_figures(struct rh_call *call, const struct rh_guard_figures *figures)
{
    rh_out_real(call, "seconds", (double)figures->total_us / 1e6);
    rh_out_real(call, "slowest_ms", (double)figures->max_us / 1e3);
    if (figures->max_what[0])
        rh_out_text(call, "slowest", figures->max_what);
    if (figures->slow_what[0])
        rh_out_text(call, "slow_last", figures->slow_what);
    rh_out_int(call, "suspensions", (int64_t)figures->suspensions);
}

static int32_t plugin_show(struct rh_call *call)
{
    struct rh_plugin_status status;
    int32_t rc = find_status(call, &status);

    if (rc < 0)
        return rc;
    out_status(call, &status);
    if (status.plugin)
        rh_out_text(call, "title", rh_say_in(call, status.plugin->title));
    out_figures(call, &status.figures);
    rh_out_array(call, "items");
    if (status.plugin)
        rh_out_declared(call, status.plugin);
    rh_out_end(call);
    return 0;
}

/* ---- check ---- */

static const struct rh_param check_params[] = {
    {"file",
     RH_TYPE_FILE,
     RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL,
     NULL,
     NULL,
     0,
     0,
     {"das Plugin, etwa turnus.so", "the plugin, like turnus.so"}},
};

static int32_t fail_with_faults(struct rh_call *call, const char *name,
                                const struct rh_faults *faults)
{
    rh_auto_str(text, RH_ERR_MAX);

    for (size_t i = 0; i < faults->count; i++)
        rh_str_printf(&text, "%s%s", i ? "\n  - " : "", faults->items[i].text[call->lang]);
    if (faults->count == 1)
        return rh_fail(call, RH_EINVALID, "%s: %s", "%s: %s", name, text.data);
    return rh_fail(call, RH_EINVALID, "%s: %zu Fehler\n  - %s", "%s: %zu faults\n  - %s", name,
                   faults->count, text.data);
}

static void out_reach(struct rh_call *call, const struct rh_report *report)
{
    const struct rh_text *way;
    const char *symbol;

    rh_out_array(call, "reaches");
    for (size_t i = 0; (way = rh_report_reach(report, i, &symbol)) != NULL; i++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "way", rh_say_in(call, *way));
        rh_out_text(call, "symbol", symbol);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_array(call, "libraries");
    for (uint64_t i = 0; i < report->elf.needed_count && i < 64; i++)
        if (rh_elf_needed(&report->elf, i))
            rh_out_text(call, NULL, rh_elf_needed(&report->elf, i));
    rh_out_end(call);
    rh_out_array(call, "imports");
    for (uint64_t i = 1, shown = 0; i < report->elf.symbol_count && shown < 500; i++) {
        symbol = rh_elf_import(&report->elf, i);
        if (symbol && *symbol) {
            rh_out_text(call, NULL, symbol);
            shown++;
        }
    }
    rh_out_end(call);
}

/* One constructor is the compiler's own start-up code; it stands in every shared object. */
static void say_what_runs(struct rh_call *call, const struct rh_elf *elf)
{
    rh_out_int(call, "constructors", (int64_t)elf->constructors);
    if (elf->constructors > 1 || elf->resolvers > 0)
        rh_say(call,
               "Achtung: schon beim Laden laufen %llu Funktionen (üblich ist eine), noch bevor "
               "reihum etwas prüft",
               "note: %llu functions run while it is loaded (one is usual), before reihum checks "
               "anything",
               (unsigned long long)(elf->constructors + elf->resolvers));
}

static int32_t report_file(struct rh_call *call, const char *name, const struct rh_report *report)
{
    const struct rh_plugin *plugin = report->plugin;

    if (report->faults.count > 0 || !plugin)
        return fail_with_faults(call, name, &report->faults);
    rh_say(call, "%s ist in Ordnung; nichts davon wurde ausgeführt",
           "%s is in order; nothing of it was run", name);
    rh_out_text(call, "name", plugin->name);
    rh_out_text(call, "version", plugin->version);
    rh_out_text(call, "title", rh_say_in(call, plugin->title));
    rh_out_text(call, "interface",
                rh_format(call, "%u.%u", "%u.%u", plugin->abi_major, plugin->abi_minor));
    rh_out_text(call, "machine", rh_elf_machine_name(report->elf.machine));
    say_what_runs(call, &report->elf);
    rh_out_array(call, "items");
    rh_out_declared(call, plugin);
    rh_out_end(call);
    out_reach(call, report);
    return 0;
}

static int32_t plugin_check(struct rh_call *call)
{
    struct rh_report *report = NULL;
    const char *name, *bytes;
    size_t size;
    int32_t rc = rh_param_file(call, "file", &name, &bytes, &size);

    if (rc == 0)
        rc = rh_report_new(name, bytes, size, &report, rh_call_err(call));
    if (rc < 0 || !report)
        return rc;
    rc = report_file(call, name, report);
    rh_report_free(report);
    return rc;
}

/* ---- resume ---- */

static int32_t plugin_resume(struct rh_call *call)
{
    struct rh_plugins *plugins = rh_plugins_of(call);
    const char *name = rh_param_text(call, "name");
    int32_t rc = plugins ? rh_plugins_resume(plugins, name, rh_call_err(call)) : RH_EFAILED;

    if (rc < 0)
        return rc;
    rh_say(call, "Plugin '%s' wird gleich wieder versucht und holt nach, was es versäumt hat",
           "plugin '%s' will be tried again at once and catch up on what it missed", name);
    return 0;
}

static const struct rh_operation operations[] = {
    {.name = "plugin check",
     .kind = RH_READ,
     .help = {"ein Plugin prüfen, ohne es auszuführen", "check a plugin without running it"},
     .detail = {"Nennt alle Fehler, die auch beim Laden gefunden würden, und was das Plugin kann: "
                "Operationen, Haken, Seiten, Schlüssel, Tabellen, und mit welchen Symbolen es am "
                "Server vorbei greift.",
                "Names all faults that loading would find, and what the plugin can do: operations, "
                "hooks, pages, keys, tables, and by which symbols it reaches past the server."},
     .params = RH_ROWS(check_params),
     .columns = RH_ROWS(rh_declared_columns),
     .run = plugin_check},
    {.name = "plugin list",
     .kind = RH_READ,
     .help = {"alle Plugins mit Zustand und Grund", "all plugins with state and reason"},
     .columns = RH_ROWS(list_columns),
     .run = plugin_list},
    {.name = "plugin resume",
     .kind = RH_WRITE,
     .help = {"ein ausgesetztes Plugin sofort wieder versuchen",
              "try a suspended plugin again at once"},
     .params = RH_ROWS(name_param),
     .run = plugin_resume},
    {.name = "plugin show",
     .kind = RH_READ,
     .help = {"ein Plugin: was es kann, wie es ihm geht", "a plugin: what it can do, how it fares"},
     .params = RH_ROWS(name_param),
     .columns = RH_ROWS(rh_declared_columns),
     .run = plugin_show},
};

const struct rh_plugin rh_plugin_module = {
    RH_PLUGIN_HEAD("plugin", "1.0.0"),
    .title = {"Plugins", "plugins"},
    .operations = RH_ROWS(operations),
};
