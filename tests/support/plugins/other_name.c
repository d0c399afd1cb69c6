/* Its name is not that of its file. */
#include "reihum/plugin.h"

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("another_name", "1.0.0"),
    .title = {"Anders", "Other"},
};
