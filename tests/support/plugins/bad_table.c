/* A table whose rows are too small for version 1.0, and one that says it has a million. */
#include "reihum/plugin.h"

static const struct rh_hook hooks[] = {{"office.*", 0, 0, NULL}};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("bad_table", "1.0.0"),
    .title = {"Tabelle", "Table"},
    .operations = {hooks, 1, 8},
    .hooks = {hooks, 1000000, sizeof(hooks[0])},
};
