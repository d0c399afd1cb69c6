/* Events and the hooks on them. Those who were absent: catch_up.c. */
#include "core/operation/run.h"

#include "core/store/event.h"

#include <string.h>

/* --- who heard of it --- */

static bool is_in(const struct rh_run_skip *list, const struct rh_module *module)
{
    for (; list; list = list->next)
        if (list->module == module)
            return true;
    return false;
}

static int32_t put_in(struct rh_run *run, struct rh_run_skip **list, struct rh_module *module)
{
    struct rh_run_skip *skip = rh_arena_alloc(run->arena, sizeof(*skip));

    if (!skip)
        return rh_err_nomem(run->err);
    skip->module = module;
    skip->next = *list;
    *list = skip;
    return 0;
}

/* Modules that missed events earlier and have not caught up. Read once a run: only the writer
 * changes it, and that is us. */
static int32_t read_behind(struct rh_run *run)
{
    struct rh_stmt *stmt;
    int32_t rc;

    if (run->behind_known)
        return 0;
    rc = rh_db_query(run->db, NULL, &stmt, run->err,
                     "SELECT module FROM plugin_cursor WHERE behind = 1", "");
    if (rc < 0)
        return rc;
    while ((rc = rh_stmt_next(stmt, run->err)) == 1) {
        struct rh_module *module =
            rh_registry_find_module(run->house->registry, rh_stmt_text(stmt, 0));

        if (module && (rc = put_in(run, &run->behind, module)) < 0)
            break;
    }
    rh_stmt_close(stmt);
    run->behind_known = rc == 0;
    return rc;
}

/* Passed over, and seen to be: the answer says it, the cursor stays before this event. */
static int32_t skip_module(struct rh_run *run, struct rh_module *module, int64_t seq)
{
    bool absent = atomic_load(&module->absent);
    int64_t changed;
    int32_t rc;

    if (is_in(run->skipped, module))
        return 0;
    rc = put_in(run, &run->skipped, module);
    if (rc < 0)
        return rc;
    if (absent)
        rh_run_say(run, rh_run_format(run, "Plugin '%s' ist ausgesetzt; es holt dies nach",
                                      "plugin '%s' is suspended; it will catch up on this",
                                      module->plugin->name));
    else
        rh_run_say(run,
                   rh_run_format(run, "Plugin '%s' holt noch Älteres nach und hört später davon",
                                 "plugin '%s' is still catching up and hears of this later",
                                 module->plugin->name));
    changed = rh_db_exec(run->db, NULL, run->err,
                         "INSERT INTO plugin_cursor(module, seq, behind) VALUES (?1, ?2, 1) "
                         "ON CONFLICT(module) DO UPDATE SET behind = 1, seq = excluded.seq "
                         "WHERE behind = 0",
                         "si", module->plugin->name, seq - 1);
    return changed < 0 ? (int32_t)changed : 0;
}

int32_t rh_run_cursors_end(struct rh_run *run)
{
    int64_t changed;

    if (run->seq_last == 0)
        return 0;
    changed = rh_db_exec(run->db, NULL, run->err,
                         "UPDATE plugin_cursor SET seq = ?1 WHERE behind = 0", "i", run->seq_last);
    return changed < 0 ? (int32_t)changed : 0;
}

/* --- hooks --- */

struct hook_call {
    const struct rh_hook *hook;
    const struct rh_event *event;
};

static int32_t call_hook(struct rh_call *call, void *context)
{
    const struct hook_call *hook = context;

    return hook->hook->run(call, hook->event);
}

int32_t rh_run_hook(struct rh_run *run, const struct rh_hook_entry *entry,
                    const struct rh_event *event)
{
    struct hook_call context = {.hook = &entry->hook, .event = event};
    struct rh_frame frame;
    int32_t rc;

    if (run->depth == RH_RUN_DEPTH_MAX)
        return rh_err_set(run->err, RH_EFAILED,
                          "Ereignis '%s': die Plugins lösen einander im Kreis aus",
                          "event '%s': the plugins set each other off in a circle", event->topic);
    rh_frame_begin(&frame, run, entry->module);
    run->depth++;
    rc = rh_frame_run(&frame, event->topic, call_hook, &context);
    run->depth--;
    if (rc < 0)
        return rh_err_wrap(run->err, "Plugin '%s' zu '%s'", "plugin '%s' on '%s'",
                           entry->module->plugin->name, event->topic);
    return 0;
}

static int32_t run_hooks(struct rh_run *run, const struct rh_module *source,
                         const struct rh_event *event)
{
    const struct rh_registry *registry = run->house->registry;
    int32_t rc = 0;

    for (size_t i = 0; i < rh_registry_hook_count(registry) && rc == 0; i++) {
        const struct rh_hook_entry *entry = rh_registry_hook_at(registry, i);

        if (entry->module == source || !rh_hook_matches(&entry->hook, event->topic))
            continue;
        rc = read_behind(run);
        if (rc < 0)
            return rc;
        if (atomic_load(&entry->module->absent) || is_in(run->skipped, entry->module) ||
            is_in(run->behind, entry->module))
            rc = skip_module(run, entry->module, event->seq);
        else
            rc = rh_run_hook(run, entry, event);
    }
    return rc;
}

/* --- recording --- */

static int32_t check_event(struct rh_run *run, const char *topic, const char *subject)
{
    if (run->err->code < 0) /* or a hook would be blamed for it */
        return run->err->code;
    if (!topic || !topic[0] || !subject || !subject[0])
        return rh_err_set(run->err, RH_EFAILED, "ein Ereignis braucht Thema und Gegenstand",
                          "an event needs a topic and a subject");
    if (!rh_db_is_writer(run->db))
        return rh_err_set(run->err, RH_EFAILED, "Ereignis '%s': '%s' liest nur",
                          "event '%s': '%s' only reads", topic, run->what);
    return 0;
}

int64_t rh_host_event(struct rh_call *call, const char *topic, const char *subject,
                      const char *before, const char *after)
{
    struct rh_frame *frame = rh_frame_of(call);
    struct rh_run *run = frame->run;
    const struct rh_clock *clock = run->house->clock;
    struct rh_event_row row = {
        .at_utc = clock->now_utc(clock->context),
        .module = frame->module->plugin->name,
        .operation = run->what,
        .actor = run->actor,
        .topic = topic,
        .subject = subject,
        .before = before,
        .after = after,
    };
    struct rh_event event;
    int64_t rc = check_event(run, topic, subject);

    if (rc == 0)
        rc = rh_event_add(run->db, &row, run->err);
    if (rc < 0)
        return rc;
    event = (struct rh_event){
        .size = sizeof(event),
        .seq = rc,
        .at_utc = row.at_utc,
        .topic = topic,
        .subject = subject,
        .actor = run->actor,
        .before = before,
        .after = after,
    };
    run->seq_last = event.seq;
    rc = run_hooks(run, frame->module, &event);
    return rc < 0 ? rc : event.seq;
}
