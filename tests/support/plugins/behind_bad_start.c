/* Needs one that does not start. */
#include "reihum/plugin.h"

static const struct rh_need needs[] = {{"bad_start", NULL}};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("behind_bad_start", "1.0.0"),
    .title = {"Dahinter", "Behind"},
    .needs = RH_ROWS(needs),
};
