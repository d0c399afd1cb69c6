/* Wrong in five places at once. */
#include "reihum/plugin.h"

static const struct rh_need needs[] = {{"many_faults", "neu"}};

static const struct rh_migration migrations[] = {
    {1, 0, "eins", "CREATE TABLE many_faults_a (x INTEGER) STRICT"},
    {3, 0, NULL, "CREATE TABLE many_faults_b (x INTEGER) STRICT"},
};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("many_faults", "1.x"),
    .title = {"Viele Fehler", "Many faults"},
    .needs = RH_ROWS(needs),
    .migrations = RH_ROWS(migrations),
};
