/* Its descriptor is none. */
#include "reihum/plugin.h"

RH_PLUGIN const struct rh_plugin rh_plugin = {
    .magic = 0x12345678,
    .size = sizeof(struct rh_plugin),
    .abi_major = RH_ABI_MAJOR,
    .name = "wrong_magic",
    .version = "1.0.0",
    .title = {"Falsch", "Wrong"},
};
