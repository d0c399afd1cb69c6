/* Needs circle_b, which needs circle_a. */
#include "reihum/plugin.h"

static const struct rh_need needs[] = {{"circle_b", NULL}};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("circle_a", "1.0.0"),
    .title = {"Kreis", "Circle"},
    .needs = RH_ROWS(needs),
};
