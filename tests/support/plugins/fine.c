/* Nothing is wrong with it. */
#include "reihum/plugin.h"

static int32_t fine_look(struct rh_call *call)
{
    rh_out_text(call, "word", rh_config_text(call, "word"));
    return 0;
}

static const struct rh_operation operations[] = {
    {.name = "fine look", .kind = RH_READ, .help = {"schaut", "looks"}, .run = fine_look},
};

static const struct rh_config_key keys[] = {
    {"word", RH_TYPE_TEXT, 0, "gut", NULL, 1, 20, {"ein Wort", "a word"}},
};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("fine", "1.2.0"),
    .title = {"In Ordnung", "In order"},
    .operations = RH_ROWS(operations),
    .config = RH_ROWS(keys),
};
