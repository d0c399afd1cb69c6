/* Cologne stays where it is. */
#include "reihum/plugin.h"

#include <string.h>

static int32_t on_moved(struct rh_call *call, const struct rh_event *event)
{
    if (strcmp(event->subject, "koeln") != 0)
        return 0;
    return rh_fail(call, RH_ECONFLICT, "'%s' ist schon eingeladen", "'%s' is invited already",
                   event->subject);
}

/* After the counter, which has written by then. */
static const struct rh_hook hooks[] = {{"turnus.moved", 10, 0, on_moved}};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("moves_veto", "1.0.0"),
    .title = {"Einladungen", "Invitations"},
    .hooks = RH_ROWS(hooks),
};
