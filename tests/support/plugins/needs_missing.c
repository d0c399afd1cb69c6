/* Needs a plugin that is not there, but nearly. */
#include "reihum/plugin.h"

static const struct rh_need needs[] = {{"fine_topp", NULL}};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("needs_missing", "1.0.0"),
    .title = {"Einsam", "Lonely"},
    .needs = RH_ROWS(needs),
};
