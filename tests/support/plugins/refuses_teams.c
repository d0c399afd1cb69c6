/* Says no to every changed team of the office that its configuration names; the last to be asked.
 */
#include "reihum/plugin.h"

#include <string.h>

static int32_t on_team(struct rh_call *call, const struct rh_event *event)
{
    if (strcmp(event->subject, rh_config_text(call, "office")) != 0)
        return 0;
    return rh_fail(call, RH_ECONFLICT, "'%s' hat schon eingeladen", "'%s' has invited already",
                   event->subject);
}

static const struct rh_hook hooks[] = {{"team.changed", 100, 0, on_team}};

static const struct rh_config_key config[] = {
    {"office", RH_TYPE_TEXT, .fallback = "-", .help = {"Jugendamt", "office"}}};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("refuses_teams", "1.0.0"),
    .title = {"sagt nein", "says no"},
    .hooks = RH_ROWS(hooks),
    .config = RH_ROWS(config),
};
