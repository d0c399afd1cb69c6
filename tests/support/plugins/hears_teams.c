/* Keeps what it hears of teams, in the transaction of those who change them. */
#include "reihum/plugin.h"

static int32_t on_team(struct rh_call *call, const struct rh_event *event)
{
    return rh_exec(call, "INSERT INTO hears_teams_heard VALUES (?1, ?2, ?3, ?4)", "ssss",
                   event->topic, event->subject, event->before, event->after) < 0
               ? RH_EFAILED
               : 0;
}

static int32_t heard_list(struct rh_call *call)
{
    int32_t rc = rh_out_query(call, "items",
                              "SELECT topic, subject, before, after FROM hears_teams_heard", "");

    return rc < 0 ? rc : 0;
}

static const struct rh_hook hooks[] = {{"team.*", 0, 0, on_team}, {"teams.*", 0, 0, on_team}};

static const struct rh_operation operations[] = {{.name = "heard list",
                                                  .kind = RH_READ,
                                                  .help = {"Gehörtes", "what was heard"},
                                                  .run = heard_list}};

static const struct rh_migration migrations[] = {
    {1, 0, "heard",
     "CREATE TABLE hears_teams_heard (topic TEXT NOT NULL, subject TEXT NOT NULL, before TEXT, "
     "after TEXT) STRICT;"}};

RH_PLUGIN const struct rh_plugin rh_plugin = {
    RH_PLUGIN_HEAD("hears_teams", "1.0.0"), .title = {"hört zu", "listens"},
    .operations = RH_ROWS(operations),      .hooks = RH_ROWS(hooks),
    .migrations = RH_ROWS(migrations),
};
