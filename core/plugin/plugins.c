/* plugins.c - from the registry into life: migrations, start, second tries, stop. */
#include "core/plugin/plugins.h"

#include "core/base/alloc.h"
#include "core/operation/call.h"
#include "core/operation/hooks.h"
#include "core/plugin/internal.h"

#include <string.h>

/* ---- migrations ---- */

static size_t steps_of(const struct rh_plugin_entry *entry, struct rh_schema_step *steps)
{
    const struct rh_plugin *plugin = entry->module.plugin;
    const struct rh_migration *rows = plugin->migrations.rows;

    for (uint32_t i = 0; i < plugin->migrations.count && steps; i++)
        steps[i] = (struct rh_schema_step){.owner = plugin->name,
                                           .number = rows[i].number,
                                           .name = rows[i].name,
                                           .sql = rows[i].sql};
    return plugin->migrations.count;
}

/* The database's fault, not the plugin's: no use in refusing one after the other. */
static bool is_of_the_store(int32_t code)
{
    return code == RH_EFULL || code == RH_EDAMAGED || code == RH_ENOMEM || code == RH_EBUSY;
}

static int32_t migrate_one(struct rh_plugin_entry *entry, struct rh_schema_step *steps,
                           struct rh_err *err)
{
    size_t count = steps_of(entry, steps);
    struct rh_err why = {0};
    int32_t rc = rh_store_migrate(entry->plugins->house->store, steps, count, &why);

    if (is_of_the_store(rc)) {
        if (err && err->code == 0)
            *err = why;
        return rc;
    }
    if (rc < 0) {
        rh_err_wrap(&why, "Tabellen", "tables");
        rh_plugin_refuse(entry, &why);
    }
    return 0;
}

/* All at once, so that there is one backup; one by one when that fails, to find the culprit. */
static int32_t migrate(struct rh_plugins *plugins, struct rh_err *err)
{
    struct rh_schema_step *steps;
    size_t count = 0;
    int32_t rc = 0;

    for (size_t i = 0; i < plugins->order_count; i++)
        count += steps_of(plugins->order[i], NULL);
    if (count == 0)
        return 0;
    steps = rh_alloc(count, sizeof(*steps));
    if (!steps)
        return rh_err_nomem(err);
    count = 0;
    for (size_t i = 0; i < plugins->order_count; i++)
        count += steps_of(plugins->order[i], steps + count);
    if (rh_store_migrate(plugins->house->store, steps, count, NULL) < 0)
        for (size_t i = 0; i < plugins->order_count && rc == 0; i++)
            rc = migrate_one(plugins->order[i], steps, err);
    rh_free(steps);
    return rc;
}

/* ---- start ---- */

static int32_t call_start(struct rh_call *call, void *context)
{
    const struct rh_plugin *plugin = context;

    return plugin->start ? plugin->start(call) : 0;
}

static void start_one(struct rh_plugin_entry *entry)
{
    struct rh_house *house = entry->plugins->house;
    struct rh_err why = {0};
    int32_t rc = 0;

    if (entry->state != RH_PLUGIN_CONFIGURED || !rh_plugin_needs_run(entry))
        return;
    if (entry->module.plugin->start)
        rc = rh_call_run(house, &entry->module, "start", RH_TASK_WRITE, call_start,
                         (void *)(uintptr_t)entry->module.plugin, &why);
    if (rc < 0) {
        rh_err_wrap(&why, "Start gescheitert", "start failed");
        rh_plugin_refuse(entry, &why);
        return;
    }
    entry->state = RH_PLUGIN_STARTED;
}

static void catch_up(struct rh_plugin_entry *entry)
{
    struct rh_err why = {0};

    if (entry->state == RH_PLUGIN_STARTED &&
        rh_hooks_catch_up(entry->plugins->house, &entry->module, &why) < 0)
        rh_guard_trip(&entry->guard, "catch up", &why);
}

int32_t rh_plugins_migrate(struct rh_plugins *plugins, struct rh_house *house, struct rh_err *err)
{
    plugins->house = house;
    house->plugins = plugins;
    plugins->self.plugin = &rh_plugin_module;
    for (size_t i = 0; i < plugins->count; i++)
        plugins->entries[i]->guard.clock = house->clock;
    return migrate(plugins, err);
}

int32_t rh_plugins_start(struct rh_plugins *plugins, struct rh_house *house, struct rh_err *err)
{
    int32_t rc;

    for (size_t i = 0; i < plugins->order_count; i++)
        start_one(plugins->order[i]);
    rc = rh_hooks_begin(house, err);
    for (size_t i = 0; i < plugins->order_count && rc == 0; i++)
        catch_up(plugins->order[i]);
    return rc;
}

/* ---- second tries ---- */

static void caught_up(void *context, const struct rh_err *err)
{
    struct rh_plugin_entry *entry = context;

    entry->catching_up = false;
    if (err && err->code < 0)
        rh_guard_trip(&entry->guard, "catch up", err);
}

static int64_t tick_one(struct rh_plugin_entry *entry)
{
    struct rh_err last;
    uint32_t news;

    if (entry->state != RH_PLUGIN_STARTED)
        return -1;
    news = rh_guard_take_news(&entry->guard, &last);
    if (news)
        rh_plugin_announce(entry, news, &last);
    if (!entry->catching_up &&
        rh_guard_due(&entry->guard, atomic_exchange(&entry->resume, false))) {
        entry->catching_up = true;
        rh_hooks_catch_up_start(entry->plugins->house, &entry->module, caught_up, entry);
    }
    return rh_guard_wait_ms(&entry->guard);
}

int64_t rh_plugins_tick(struct rh_plugins *plugins)
{
    int64_t next = -1;

    for (size_t i = 0; i < plugins->order_count && plugins->house; i++) {
        int64_t wait = tick_one(plugins->order[i]);

        if (wait >= 0 && (next < 0 || wait < next))
            next = wait;
    }
    return next;
}

void rh_plugins_stop(struct rh_plugins *plugins)
{
    for (size_t i = plugins->order_count; i-- > 0;) {
        struct rh_plugin_entry *entry = plugins->order[i];

        if (entry->state != RH_PLUGIN_STARTED)
            continue;
        atomic_store(&entry->module.reason[RH_DE], "der Server beendet sich");
        atomic_store(&entry->module.reason[RH_EN], "the server is stopping");
        atomic_store(&entry->module.absent, true);
        entry->state = RH_PLUGIN_STOPPED;
        if (entry->module.plugin->stop)
            entry->module.plugin->stop();
    }
}
