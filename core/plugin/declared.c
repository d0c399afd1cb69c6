/* declared.c - a descriptor as a list that a person can read. */
#include "core/plugin/module.h"

#include "core/operation/call.h"

#include <stdio.h>

const struct rh_column rh_declared_columns[17] = {
    {"kind", RH_TYPE_TEXT, 0, {"Art", "kind"}},
    {"name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {"detail", RH_TYPE_TEXT, 0, {"Näheres", "detail"}},
    {".name", RH_TYPE_TEXT, 0, {"Plugin", "plugin"}},
    {".title", RH_TYPE_TEXT, 0, {"was es ist", "what it is"}},
    {".version", RH_TYPE_TEXT, 0, {"Version", "version"}},
    {".state", RH_TYPE_TEXT, 0, {"Zustand", "state"}},
    {".reason", RH_TYPE_TEXT, 0, {"Grund", "reason"}},
    {".file", RH_TYPE_TEXT, 0, {"Datei", "file"}},
    {".calls", RH_TYPE_INT, 0, {"Aufrufe", "calls"}},
    {".errors", RH_TYPE_INT, 0, {"davon mit Fehler", "of these with an error"}},
    {".slow", RH_TYPE_INT, 0, {"davon langsam", "of these slow"}},
    {".seconds", RH_TYPE_REAL, 0, {"Sekunden zusammen", "seconds in all"}},
    {".slowest_ms", RH_TYPE_REAL, 0, {"langsamster Aufruf (ms)", "slowest call (ms)"}},
    {".slowest", RH_TYPE_TEXT, 0, {"langsamster Aufruf", "slowest call"}},
    {".slow_last", RH_TYPE_TEXT, 0, {"zuletzt langsam", "slow last"}},
    {".suspensions", RH_TYPE_INT, 0, {"ausgesetzt (Mal)", "suspended (times)"}},
};

static void out_row(struct rh_call *call, struct rh_text kind, const char *name, const char *detail)
{
    rh_out_object(call, NULL);
    rh_out_text(call, "kind", rh_say_in(call, kind));
    rh_out_text(call, "name", name);
    rh_out_text(call, "detail", detail);
    rh_out_end(call);
}

static const char *kind_of(int32_t kind)
{
    return kind == RH_READ ? "READ" : kind == RH_WRITE ? "WRITE" : "COMPUTE";
}

static void out_operations(struct rh_call *call, const struct rh_plugin *plugin)
{
    const struct rh_operation *rows = plugin->operations.rows;
    const struct rh_hook *hooks = plugin->hooks.rows;
    const struct rh_job_kind *jobs = plugin->jobs.rows;

    for (uint32_t i = 0; i < plugin->operations.count; i++)
        out_row(call, RH_TEXT("Operation", "operation"), rows[i].name,
                rh_format(call, "%s: %s%.0s", "%s: %.0s%s", kind_of(rows[i].kind), rows[i].help.de,
                          rows[i].help.en));
    for (uint32_t i = 0; i < plugin->hooks.count; i++)
        out_row(call, RH_TEXT("Haken", "hook"), hooks[i].topic,
                rh_format(call, "kann ein Veto einlegen; Rang %d", "may veto; priority %d",
                          hooks[i].priority));
    for (uint32_t i = 0; i < plugin->jobs.count; i++)
        out_row(call, RH_TEXT("Auftrag", "job"), jobs[i].kind,
                rh_format(call, "höchstens %d Versuche", "at most %d attempts",
                          jobs[i].max_attempts ? jobs[i].max_attempts : 10));
}

static void out_pages(struct rh_call *call, const struct rh_plugin *plugin)
{
    const struct rh_page *pages = plugin->pages.rows;
    const struct rh_document *documents = plugin->documents.rows;
    const struct rh_asset *assets = plugin->assets.rows;

    for (uint32_t i = 0; i < plugin->pages.count; i++)
        out_row(call, RH_TEXT("Seite", "page"), pages[i].path, pages[i].operation);
    for (uint32_t i = 0; i < plugin->documents.count; i++)
        out_row(call, RH_TEXT("Dokument", "document"), documents[i].path, documents[i].operation);
    for (uint32_t i = 0; i < plugin->assets.count; i++)
        out_row(call, RH_TEXT("Datei", "file"), assets[i].name,
                rh_format(call, "%s, %llu Byte", "%s, %llu bytes", assets[i].content_type,
                          (unsigned long long)assets[i].size));
}

static void out_rest(struct rh_call *call, const struct rh_plugin *plugin)
{
    const struct rh_config_key *keys = plugin->config.rows;
    const struct rh_migration *migrations = plugin->migrations.rows;
    const struct rh_need *needs = plugin->needs.rows;

    for (uint32_t i = 0; i < plugin->config.count; i++)
        out_row(call, RH_TEXT("Schlüssel", "key"), keys[i].name, rh_say_in(call, keys[i].help));
    for (uint32_t i = 0; i < plugin->migrations.count; i++)
        out_row(call, RH_TEXT("Tabellen", "tables"),
                rh_format(call, "%d", "%d", migrations[i].number), migrations[i].name);
    for (uint32_t i = 0; i < plugin->needs.count; i++)
        out_row(call, RH_TEXT("braucht", "needs"), needs[i].plugin,
                needs[i].version ? rh_format(call, "ab %s", "from %s on", needs[i].version) : "");
}

void rh_out_declared(struct rh_call *call, const struct rh_plugin *plugin)
{
    out_operations(call, plugin);
    out_pages(call, plugin);
    out_rest(call, plugin);
}

struct rh_plugins *rh_plugins_of(struct rh_call *call)
{
    struct rh_plugins *plugins = rh_call_house(call)->plugins;

    if (!plugins)
        (void)rh_fail(call, RH_EFAILED, "hier sind keine Plugins geladen worden",
                      "no plugins were loaded here");
    return plugins;
}
