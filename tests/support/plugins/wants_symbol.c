/* Calls a function of the server by name; the server has none for it. */
#include "reihum/plugin.h"

int32_t rh_store_secret(void);

static int32_t look(struct rh_call *call)
{
    (void)call;
    return rh_store_secret();
}

static const struct rh_operation operations[] = {
    {.name = "wants look", .kind = RH_READ, .help = {"schaut", "looks"}, .run = look},
};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("wants_symbol", "1.0.0"),
    .title = {"Wünscht", "Wants"},
    .operations = RH_ROWS(operations),
};
