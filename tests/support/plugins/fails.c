/* Its hook fails as long as the environment says so; otherwise it writes down what it heard. */
#include "reihum/plugin.h"

#include <stdlib.h>

static int32_t on_office(struct rh_call *call, const struct rh_event *event)
{
    int64_t rc;

    if (getenv("RH_TEST_FAILS"))
        return rh_fail(call, RH_EFAILED, "der Drucker brennt", "the printer is on fire");
    rc = rh_exec(call, "INSERT INTO fails_heard (subject, late) VALUES (?1, ?2)", "si",
                 event->subject, (int64_t)event->catching_up);
    return rc < 0 ? (int32_t)rc : 0;
}

static int32_t look(struct rh_call *call)
{
    return rh_out_query(call, "items", "SELECT subject, late FROM fails_heard ORDER BY rowid", "");
}

static const struct rh_column columns[] = {
    {"subject", RH_TYPE_TEXT, 0, {"Amt", "office"}},
    {"late", RH_TYPE_INT, 0, {"spät", "late"}},
};

static const struct rh_operation operations[] = {
    {.name = "fails look",
     .kind = RH_READ,
     .help = {"zeigt, was gehört wurde", "shows what was heard"},
     .columns = RH_ROWS(columns),
     .run = look},
};

static const struct rh_hook hooks[] = {{"office.*", 0, 0, on_office}};

static const struct rh_migration migrations[] = {
    {1, 0, "heard",
     "CREATE TABLE fails_heard (subject TEXT NOT NULL, late INTEGER NOT NULL) STRICT"},
};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("fails", "1.0.0"),  .title = {"Versager", "Failure"},
    .operations = RH_ROWS(operations), .hooks = RH_ROWS(hooks),
    .migrations = RH_ROWS(migrations),
};
