/* Needs a version of `fine` that is not there. */
#include "reihum/plugin.h"

static const struct rh_need needs[] = {{"fine", "1.10"}};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("needs_newer", "1.0.0"),
    .title = {"Anspruchsvoll", "Demanding"},
    .needs = RH_ROWS(needs),
};
