/* Built for another age. */
#include "reihum/plugin.h"

RH_PLUGIN const struct rh_plugin rh_plugin = {
    .magic = RH_PLUGIN_MAGIC,
    .size = sizeof(struct rh_plugin),
    .abi_major = RH_ABI_MAJOR + 1,
    .name = "wrong_major",
    .version = "1.0.0",
    .title = {"Falsch", "Wrong"},
};
