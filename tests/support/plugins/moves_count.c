/* Keeps a row for each office that moves, as a plugin would that keeps something per office. */
#include "reihum/plugin.h"

static int32_t on_moved(struct rh_call *call, const struct rh_event *event)
{
    return rh_exec(call,
                   "INSERT INTO moves_count_seen(office, from_month, to_month) VALUES (?1, "
                   "json_extract(?2, '$.start_month'), json_extract(?3, '$.start_month'))",
                   "sss", event->subject, event->before, event->after) < 0
               ? RH_EFAILED
               : 0;
}

static int32_t list(struct rh_call *call)
{
    return rh_out_query(call, "items",
                        "SELECT office, from_month, to_month FROM moves_count_seen ORDER BY office",
                        "");
}

static const struct rh_operation operations[] = {
    {.name = "moves seen",
     .kind = RH_READ,
     .help = {"was gesehen wurde", "what was seen"},
     .run = list},
};
static const struct rh_hook hooks[] = {{"turnus.moved", 0, 0, on_moved}};
static const struct rh_migration migrations[] = {
    {1, 0, "seen",
     "CREATE TABLE moves_count_seen (office TEXT NOT NULL REFERENCES office(id), from_month TEXT "
     "NOT "
     "NULL, to_month TEXT NOT NULL) STRICT"},
};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("moves_count", "1.0.0"), .title = {"Zähler", "Counter"},
    .operations = RH_ROWS(operations),      .hooks = RH_ROWS(hooks),
    .migrations = RH_ROWS(migrations),
};
