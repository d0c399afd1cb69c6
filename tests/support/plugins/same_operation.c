/* Offers an operation that `fine` has already. */
#include "reihum/plugin.h"

static int32_t look(struct rh_call *call)
{
    (void)call;
    return 0;
}

static const struct rh_operation operations[] = {
    {.name = "fine look", .kind = RH_READ, .help = {"schaut", "looks"}, .run = look},
};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("same_operation", "1.0.0"),
    .title = {"Doppelt", "Double"},
    .operations = RH_ROWS(operations),
};
