/* status.c - what there is, for people, pages and metrics. */
#include "core/plugin/internal.h"

#include "core/base/text.h"

#include <string.h>

const char *rh_plugin_state_name(enum rh_plugin_state state)
{
    return rh_plugin_state_text(state).en;
}

struct rh_text rh_plugin_state_text(enum rh_plugin_state state)
{
    static const struct rh_text texts[] = {
#define TEXT(name, de, en) {de, en},
        RH_PLUGIN_STATES(TEXT)
#undef TEXT
    };

    return texts[state];
}

size_t rh_plugins_count(const struct rh_plugins *plugins)
{
    return plugins->count;
}

struct rh_config *rh_plugins_config(const struct rh_plugins *plugins)
{
    return plugins->config;
}

void rh_plugins_status(struct rh_plugins *plugins, size_t index, struct rh_plugin_status *ret)
{
    struct rh_plugin_entry *entry = plugins->entries[index];
    enum rh_guard_state guard = rh_guard_read(&entry->guard, &ret->figures);

    ret->name = entry->name;
    ret->version = entry->version;
    ret->file = entry->file;
    ret->plugin = entry->module.plugin;
    ret->state = (enum rh_plugin_state)entry->state;
    ret->reason.de = entry->reason[RH_DE];
    ret->reason.en = entry->reason[RH_EN];
    if (ret->state == RH_PLUGIN_STARTED && guard == RH_GUARD_OPEN) {
        ret->state = RH_PLUGIN_SUSPENDED;
        ret->reason.de = atomic_load(&entry->module.reason[RH_DE]);
        ret->reason.en = atomic_load(&entry->module.reason[RH_EN]);
    }
    if (!ret->reason.de || !ret->reason.en)
        ret->reason = RH_TEXT("", "");
}

int32_t rh_plugins_resume(struct rh_plugins *plugins, const char *name, struct rh_err *err)
{
    const char *names[RH_PLUGINS_MAX];
    struct rh_plugin_status status;
    int nearest;

    for (size_t i = 0; i < plugins->count; i++) {
        names[i] = plugins->entries[i]->name;
        if (strcmp(names[i], name) != 0)
            continue;
        rh_plugins_status(plugins, i, &status);
        if (status.state == RH_PLUGIN_SUSPENDED) {
            atomic_store(&plugins->entries[i]->resume, true);
            return 0;
        }
        return rh_err_set(
            err, RH_ECONFLICT, "Plugin '%s' ist nicht ausgesetzt; sein Zustand: %s%.0s",
            "plugin '%s' is not suspended; its state: %.0s%s", name,
            rh_plugin_state_text(status.state).de, rh_plugin_state_text(status.state).en);
    }
    nearest = rh_text_nearest(name, names, plugins->count);
    if (nearest >= 0)
        return rh_err_set(err, RH_ENOTFOUND, "es gibt kein Plugin '%s' (meinten Sie '%s'?)",
                          "there is no plugin '%s' (did you mean '%s'?)", name, names[nearest]);
    return rh_err_set(err, RH_ENOTFOUND, "es gibt kein Plugin '%s'", "there is no plugin '%s'",
                      name);
}
