/* Needs circle_a, which needs circle_b. */
#include "reihum/plugin.h"

static const struct rh_need needs[] = {{"circle_a", NULL}};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("circle_b", "1.0.0"),
    .title = {"Kreis", "Circle"},
    .needs = RH_ROWS(needs),
};
