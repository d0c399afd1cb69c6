/* Built for a server that is newer than this one. */
#include "reihum/plugin.h"

RH_PLUGIN const struct rh_plugin rh_plugin = {
    .magic = RH_PLUGIN_MAGIC,
    .size = sizeof(struct rh_plugin),
    .abi_major = RH_ABI_MAJOR,
    .abi_minor = RH_ABI_MINOR + 3,
    .name = "newer_minor",
    .version = "1.0.0",
    .title = {"Neu", "New"},
};
