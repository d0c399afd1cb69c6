/* Nothing is wrong with it; others need it. */
#include "reihum/plugin.h"

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("zz_base", "3.0.1"),
    .title = {"Grundlage", "Base"},
};
