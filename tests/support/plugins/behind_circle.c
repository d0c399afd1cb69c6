/* Needs one of a circle, without being on it. */
#include "reihum/plugin.h"

static const struct rh_need needs[] = {{"circle_a", NULL}};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("behind_circle", "1.0.0"),
    .title = {"Hinter dem Kreis", "Behind the circle"},
    .needs = RH_ROWS(needs),
};
