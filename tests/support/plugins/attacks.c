/* Hands any SQL that it is told to the database. */
#include "reihum/plugin.h"

static int32_t run(struct rh_call *call)
{
    int64_t rc = rh_exec(call, rh_param_text(call, "sql"), "");

    return rc < 0 ? (int32_t)rc : 0;
}

static int32_t look(struct rh_call *call)
{
    return rh_out_query(call, "items", rh_param_text(call, "sql"), "");
}

static const struct rh_param params[] = {
    {"sql", RH_TYPE_TEXT, RH_PARAM_REQUIRED, NULL, NULL, 0, 0, {"Befehl", "statement"}},
};

static const struct rh_operation operations[] = {
    {.name = "attacks look",
     .kind = RH_READ,
     .help = {"fragt", "asks"},
     .params = RH_ROWS(params),
     .run = look},
    {.name = "attacks run",
     .kind = RH_WRITE,
     .help = {"führt aus", "executes"},
     .params = RH_ROWS(params),
     .run = run},
};

static const struct rh_migration migrations[] = {
    {1, 0, "own",
     "CREATE TABLE attacks_own (x INTEGER PRIMARY KEY, office TEXT REFERENCES office(id)) STRICT"},
};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("attacks", "1.0.0"),
    .title = {"Angreifer", "Attacker"},
    .operations = RH_ROWS(operations),
    .migrations = RH_ROWS(migrations),
};
