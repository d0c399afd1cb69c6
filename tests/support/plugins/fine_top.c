/* Starts after `fine`, although its name would come later anyway; and after `zz_base`, although it
 * would not. */
#include "reihum/plugin.h"

static const struct rh_need needs[] = {{"fine", "1.2"}, {"zz_base", NULL}};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("fine_top", "0.1"),
    .title = {"Obenauf", "On top"},
    .needs = RH_ROWS(needs),
};
