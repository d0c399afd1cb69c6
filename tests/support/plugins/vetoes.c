/* Says no to every closing of an office. */
#include "reihum/plugin.h"

static int32_t on_closed(struct rh_call *call, const struct rh_event *event)
{
    return rh_fail(call, RH_ECONFLICT, "'%s' hat noch einen Termin",
                   "'%s' still has an appointment", event->subject);
}

static const struct rh_hook hooks[] = {{"office.closed", 0, 0, on_closed}};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("vetoes", "1.0.0"),
    .title = {"Veto", "Veto"},
    .hooks = RH_ROWS(hooks),
};
