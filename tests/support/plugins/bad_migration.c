/* Makes a table that is not its own. */
#include "reihum/plugin.h"

static const struct rh_migration migrations[] = {
    {1, 0, "mine", "CREATE TABLE bad_migration_mine (x INTEGER) STRICT"},
    {2, 0, "theirs", "CREATE TABLE office_extra (x INTEGER) STRICT"},
};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("bad_migration", "1.0.0"),
    .title = {"Übergriffig", "Encroaching"},
    .migrations = RH_ROWS(migrations),
};
