/* Writes something at its start, and then fails. */
#include "reihum/plugin.h"

static int32_t begin(struct rh_call *call)
{
    if (rh_exec(call, "INSERT INTO bad_start_note (text) VALUES ('here')", "") < 0)
        return rh_wrap(call, "Notiz", "note");
    return rh_fail(call, RH_EINVALID, "der Schlüssel zum Schuppen fehlt",
                   "the key of the shed is missing");
}

static const struct rh_migration migrations[] = {
    {1, 0, "note", "CREATE TABLE bad_start_note (text TEXT NOT NULL) STRICT"},
};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("bad_start", "1.0.0"),
    .title = {"Schlechter Anfang", "Bad start"},
    .migrations = RH_ROWS(migrations),
    .start = begin,
};
