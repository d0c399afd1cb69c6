/* Does something when it is merely loaded: `plugin check` must not set it off. It also changes its
 * own descriptor, which the loader must notice. */
#include "reihum/plugin.h"

#include <stdlib.h>

RH_PLUGIN struct rh_plugin rh_plugin;

RH_PLUGIN struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("runs_at_load", "1.0.0"),
    .title = {"Voreilig", "Hasty"},
};

__attribute__((constructor)) static void hasty(void)
{
    (void)setenv("RH_TEST_RUNS_AT_LOAD", "1", 1); /* what else could a test look at? */
    rh_plugin.name = "somebody_else";
}
