/* Modules that missed events: who they are, and what they are told when they are back. */
#include "core/operation/hooks.h"
#include "core/operation/run.h"

#include "core/base/alloc.h"
#include "core/store/event.h"

#include <string.h>

/* --- at start --- */

struct begin_task {
    struct rh_task task;
    struct rh_house *house;
};

static bool has_hooks(const struct rh_registry *registry, const struct rh_module *module)
{
    for (size_t i = 0; i < rh_registry_hook_count(registry); i++)
        if (rh_registry_hook_at(registry, i)->module == module)
            return true;
    return false;
}

static int32_t begin_module(struct rh_db *db, struct rh_module *module, struct rh_err *err)
{
    int64_t rc = rh_db_exec(db, NULL, err,
                            "INSERT INTO plugin_cursor(module, seq) "
                            "VALUES (?1, (SELECT ifnull(max(seq), 0) FROM event)) "
                            "ON CONFLICT(module) DO NOTHING",
                            "s", module->plugin->name);

    if (rc >= 0 && atomic_load(&module->absent))
        rc = rh_db_exec(db, NULL, err, "UPDATE plugin_cursor SET behind = 1 WHERE module = ?1", "s",
                        module->plugin->name);
    return rc < 0 ? (int32_t)rc : 0;
}

/* A plugin that was there once and is not now: whatever happens meanwhile, it has not heard it. */
static int32_t mark_missing(struct rh_house *house, struct rh_db *db, struct rh_err *err)
{
    struct rh_stmt *stmt;
    int32_t rc =
        rh_db_query(db, NULL, &stmt, err, "SELECT module FROM plugin_cursor WHERE behind = 0", "");

    if (rc < 0)
        return rc;
    while ((rc = rh_stmt_next(stmt, err)) == 1) {
        const char *name = rh_stmt_text(stmt, 0);

        if (rh_registry_find_module(house->registry, name))
            continue;
        if (rh_db_exec(db, NULL, err, "UPDATE plugin_cursor SET behind = 1 WHERE module = ?1", "s",
                       name) < 0) {
            rc = RH_EFAILED;
            break;
        }
    }
    rh_stmt_close(stmt);
    return rc;
}

static int32_t work_begin(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct rh_house *house = ((struct begin_task *)task)->house;
    int32_t rc = 0;

    for (size_t i = 0; i < rh_registry_module_count(house->registry) && rc == 0; i++) {
        struct rh_module *module = rh_registry_module_at(house->registry, i);

        if (has_hooks(house->registry, module))
            rc = begin_module(db, module, err);
    }
    return rc < 0 ? rc : mark_missing(house, db, err);
}

int32_t rh_hooks_begin(struct rh_house *house, struct rh_err *err)
{
    struct begin_task begin = {.task = {.kind = RH_TASK_WRITE, .work = work_begin}, .house = house};
    int32_t rc = rh_store_run(house->store, &begin.task);

    if (rc < 0 && err && err->code == 0)
        *err = begin.task.err;
    return rc;
}

/* --- catching up --- */

/* A part a transaction, so that others get their turn. */
#define EVENTS_AT_ONCE 50

struct catch_up {
    struct rh_task task;
    struct rh_house *house;
    struct rh_module *module;
    bool more;             /* events are left */
    struct rh_err stopped; /* the hook that failed */
    void (*done)(void *context, const struct rh_err *err);
    void *context;
};

static int32_t hear(struct rh_run *run, struct rh_module *module, const struct rh_event *event)
{
    const struct rh_registry *registry = run->house->registry;
    int32_t rc = 0;

    for (size_t i = 0; i < rh_registry_hook_count(registry) && rc == 0; i++) {
        const struct rh_hook_entry *entry = rh_registry_hook_at(registry, i);

        if (entry->module == module && rh_hook_matches(&entry->hook, event->topic))
            rc = rh_run_hook(run, entry, event);
    }
    return rc;
}

static const char *keep(struct rh_run *run, const char *text)
{
    return text ? rh_arena_strdup(run->arena, text) : NULL;
}

/* The next event after seq that is not the module's own, copied. 1, 0 at the end, or < 0. */
static int32_t next_event(struct rh_run *run, const struct rh_module *module, int64_t seq,
                          struct rh_event *event)
{
    struct rh_event_row row;
    struct rh_stmt *stmt;
    int32_t rc = rh_event_after(run->db, seq, &stmt, run->err);

    if (rc < 0)
        return rc;
    do
        rc = rh_event_next(stmt, &row, run->err);
    while (rc == 1 && strcmp(row.module, module->plugin->name) == 0);
    if (rc == 1) {
        *event = (struct rh_event){
            .size = sizeof(*event),
            .catching_up = 1,
            .seq = row.seq,
            .at_utc = row.at_utc,
            .topic = keep(run, row.topic),
            .subject = keep(run, row.subject),
            .actor = keep(run, row.actor),
            .before = keep(run, row.before),
            .after = keep(run, row.after),
        };
        if (!event->topic || !event->subject || !event->actor || (row.before && !event->before) ||
            (row.after && !event->after))
            rc = rh_err_nomem(run->err);
    }
    rh_stmt_close(stmt);
    return rc;
}

/* Hears one event in a savepoint of its own. A hook that fails ends the catching up, not the task:
 * what was heard before stays. */
static int32_t hear_safely(struct catch_up *up, struct rh_run *run, const struct rh_event *event)
{
    struct rh_run before = *run;
    int32_t rc = rh_db_savepoint(run->db, run->err);

    if (rc < 0)
        return rc;
    run->actor = event->actor;
    if (hear(run, up->module, event) >= 0)
        return rh_db_release(run->db, run->err);
    rh_db_rollback_to(run->db);
    before.calendars = run->calendars; /* still to be released */
    *run = before;                     /* the events that the hook recorded are gone, too */
    up->stopped = *run->err;
    (void)rh_err_wrap(&up->stopped, "Ereignis %lld", "event %lld", (long long)event->seq);
    rh_err_clear(run->err);
    return 0;
}

static int32_t read_cursor(struct rh_run *run, const struct rh_module *module, int64_t *ret_seq)
{
    struct rh_stmt *stmt;
    int32_t rc = rh_db_query(run->db, NULL, &stmt, run->err,
                             "SELECT seq FROM plugin_cursor WHERE module = ?1 AND behind = 1", "s",
                             module->plugin->name);

    if (rc < 0)
        return rc;
    rc = rh_stmt_next(stmt, run->err);
    if (rc == 1)
        *ret_seq = rh_stmt_int(stmt, 0);
    rh_stmt_close(stmt);
    return rc;
}

static int32_t write_cursor(struct rh_run *run, const struct rh_module *module, int64_t seq,
                            bool at_end)
{
    /* At the end the cursor stands at the newest event, whoever caused it. */
    int64_t rc = rh_db_exec(run->db, NULL, run->err,
                            "UPDATE plugin_cursor SET behind = 1 - ?3, seq = CASE WHEN ?3 THEN "
                            "(SELECT max(?2, ifnull(max(seq), 0)) FROM event) ELSE ?2 END "
                            "WHERE module = ?1",
                            "sii", module->plugin->name, seq, (int64_t)at_end);

    return rc < 0 ? (int32_t)rc : 0;
}

static int32_t work_catch_up(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct catch_up *up = (struct catch_up *)task;
    rh_auto_arena(arena, RH_RUN_MEMORY_MAX);
    struct rh_run run = {
        .house = up->house,
        .arena = &arena,
        .err = err,
        .db = db,
        .what = "catch-up",
        .actor = up->module->plugin->name,
        .as_of = RH_NO_DAY,
    };
    struct rh_event event;
    int64_t seq = 0;
    int32_t rc = read_cursor(&run, up->module, &seq);

    up->more = false;
    rh_err_clear(&up->stopped);
    if (rc <= 0)
        return rc;
    for (int heard = 0; heard < EVENTS_AT_ONCE; heard++) {
        rc = next_event(&run, up->module, seq, &event);
        if (rc == 1)
            rc = hear_safely(up, &run, &event) < 0 ? err->code : 1;
        if (rc != 1 || up->stopped.code < 0)
            break;
        seq = event.seq;
    }
    rh_run_calendars_end(&run);
    if (rc < 0)
        return rc;
    up->more = rc == 1 && up->stopped.code == 0;
    rc = write_cursor(&run, up->module, seq, rc == 0);
    return rc < 0 ? rc : rh_run_cursors_end(&run);
}

static void catch_up_init(struct catch_up *up, struct rh_house *house, struct rh_module *module)
{
    *up = (struct catch_up){
        .task = {.kind = RH_TASK_WRITE, .work = work_catch_up},
        .house = house,
        .module = module,
    };
}

/* 0 when the part is done; what stopped it otherwise. */
static const struct rh_err *outcome(const struct catch_up *up)
{
    return up->task.err.code < 0 ? &up->task.err : &up->stopped;
}

int32_t rh_hooks_catch_up(struct rh_house *house, struct rh_module *module, struct rh_err *err)
{
    struct catch_up up;

    do {
        catch_up_init(&up, house, module);
        (void)rh_store_run(house->store, &up.task); /* outcome() tells */
    } while (up.more && outcome(&up)->code == 0);
    if (outcome(&up)->code < 0 && err && err->code == 0)
        *err = *outcome(&up);
    return outcome(&up)->code;
}

static void on_part_done(struct rh_task *task)
{
    struct catch_up *up = (struct catch_up *)task;

    if (up->more && outcome(up)->code == 0) {
        void (*done)(void *, const struct rh_err *) = up->done;
        void *context = up->context;

        catch_up_init(up, up->house, up->module);
        up->task.done = on_part_done;
        up->done = done;
        up->context = context;
        rh_store_submit(up->house->store, &up->task);
        return;
    }
    up->done(up->context, outcome(up));
    rh_free(up);
}

void rh_hooks_catch_up_start(struct rh_house *house, struct rh_module *module,
                             void (*done)(void *context, const struct rh_err *err), void *context)
{
    struct catch_up *up = rh_alloc(1, sizeof(*up));
    struct rh_err err = {.code = 0};

    if (!up) {
        (void)rh_err_nomem(&err); /* handed to `done` */
        done(context, &err);
        return;
    }
    catch_up_init(up, house, module);
    up->task.done = on_part_done;
    up->done = done;
    up->context = context;
    rh_store_submit(house->store, &up->task);
}
