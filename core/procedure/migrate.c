/*
 * Running procedures over to another version: seen first, then done, all or none, and undone if
 * need be. What left before does not leave again (core/process/engine.h).
 */
#include "core/procedure/internal.h"

#include "core/operation/call.h"

#include <string.h>

struct migration {
    const char *process, *hash;
    bool undo;
    int64_t count;
};

/* The number of the last event that took the run over, not undone itself; 0: none. */
static int32_t last_migration(const struct rh_process_state *state)
{
    for (size_t i = state->event_count; i > 0; i--)
        if (state->events[i - 1].kind == RH_PROCESS_MIGRATE && !state->undone[i - 1])
            return (int32_t)i;
    return 0;
}

/* 1 moved, 0 there is nothing to do with this one. */
static int32_t migrate_one(struct rh_call *call, const char *procedure, struct migration *migration)
{
    struct rh_process_event event =
        RH_PROCESS_EVENT(migration->undo ? RH_PROCESS_UNDO : RH_PROCESS_MIGRATE, rh_now_utc(call));
    auto_run run = {0};
    int32_t rc = run_load(call, procedure, &run);

    if (rc < 0)
        return rc;
    event.reason = rh_param_text(call, "reason");
    if (migration->undo) {
        if ((event.count = last_migration(run.state)) == 0)
            return 0;
    } else {
        if (strcmp(run.state->definition->hash, migration->hash) == 0)
            return 0;
        event.hash = migration->hash;
    }
    if (run_record(call, &run, &event) < 0)
        return rh_wrap(call, "Verfahren '%s'", "procedure '%s'", procedure);
    rh_out_object(call, NULL);
    rh_out_text(call, "procedure", run.procedure);
    rh_out_text(call, "office_name", run.office_name);
    rh_out_int(call, "changes", (int64_t)run.effects.count);
    run_put_effects(call, &run, "effects");
    rh_out_end(call);
    migration->count++;
    return 1;
}

static int32_t migrate_all(struct rh_call *call, struct migration *migration)
{
    struct rh_rows *rows;
    const char *only = NULL;
    int32_t rc = rh_param_given(call, "procedure")
                     ? run_find(call, rh_param_text(call, "procedure"), &only)
                     : 0;

    if (rc < 0 ||
        (rc = rh_query(call, &rows,
                       "SELECT procedure FROM v_run WHERE process = ?1 AND state IN "
                       "('planned','running','paused') AND (?2 IS NULL OR procedure = ?2) ORDER BY "
                       "procedure",
                       "ss", migration->process, only)) < 0)
        return rc;
    rh_out_array(call, "items");
    while ((rc = rh_next(call, rows)) == 1)
        if ((rc = migrate_one(call, rh_get_text(call, rows, 0), migration)) < 0)
            return rc;
    rh_out_end(call);
    rh_close(call, rows);
    return rc;
}

int32_t processes_migrate(struct rh_call *call)
{
    struct migration migration = {.undo = rh_param_int(call, "undo") != 0};
    struct rh_rows *rows;
    int32_t rc = find_process(call, rh_param_text(call, "process"), &migration.process);

    if (rc < 0 || (rc = rh_query(call, &rows, "SELECT hash FROM process WHERE name = ?1", "s",
                                 migration.process)) < 0)
        return rc;
    if (rh_next(call, rows) == 1)
        migration.hash = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if ((rc = migrate_all(call, &migration)) < 0)
        return rc;
    rh_out_int(call, "count", migration.count);
    if (migration.undo)
        rh_say(call, "%lld Verfahren sind wieder bei ihrer Fassung",
               "%lld procedures are back at their version", (long long)migration.count);
    else
        rh_say(call,
               "%lld Verfahren gehen nach der gültigen Fassung weiter; --undo nimmt es zurück",
               "%lld procedures go on by the valid version; --undo takes it back",
               (long long)migration.count);
    return 0;
}
