/* What was done to many at once: the list of it, and taking it back, each by a compensating event
 * and all in one transaction. */
#include "core/procedure/internal.h"

#include "core/operation/call.h"

int32_t bulk_put_list(struct rh_call *call, const char *key, int64_t limit)
{
    int32_t rc = rh_out_query(
        call, key,
        "SELECT id AS batch, strftime('%Y-%m-%d', at_utc, 'unixepoch') AS day, action, step, "
        "reason, procedures, actor, undone_utc IS NOT NULL AS undone FROM procedure_bulk ORDER BY "
        "id DESC LIMIT ?1",
        "i", limit);

    return rc < 0 ? rc : 0;
}

int32_t bulk_list(struct rh_call *call)
{
    return bulk_put_list(call, "items", rh_param_int(call, "limit"));
}

static int32_t check_batch(struct rh_call *call, int64_t bulk)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows, "SELECT undone_utc IS NOT NULL FROM procedure_bulk WHERE id = ?1", "i", bulk);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND, "einen Stapel %lld gibt es nicht; 'bulk list' zeigt sie",
                       "there is no batch %lld; 'bulk list' shows them", (long long)bulk);
    if (rh_get_int(call, rows, 0))
        return rh_fail(call, RH_ECONFLICT, "Stapel %lld ist schon zurückgenommen",
                       "batch %lld is taken back already", (long long)bulk);
    rh_close(call, rows);
    return 0;
}

static int32_t undo_events(struct rh_call *call, int64_t bulk, struct bulk_sum *sum)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_UNDO, rh_now_utc(call));
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT r.procedure, b.number FROM procedure_bulk_event b JOIN "
                          "procedure_run r ON r.id = b.run AND r.current = 1 WHERE b.bulk = ?1 "
                          "ORDER BY r.procedure, b.number DESC",
                          "i", bulk);

    event.reason = rh_param_text(call, "reason");
    rh_out_array(call, "items");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        auto_run run = {0};
        size_t from;

        if ((rc = run_load(call, rh_get_text(call, rows, 0), &run)) < 0)
            return rc;
        from = run.state->event_count;
        event.count = (int32_t)rh_get_int(call, rows, 1);
        if ((rc = bulk_handle(call, &run, &event, sum)) < 0 ||
            (rc == 1 && (rc = run_store(call, &run, from)) < 0))
            return rc;
    }
    rh_out_end(call);
    if (rc >= 0)
        rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t bulk_undo(struct rh_call *call)
{
    int64_t bulk = rh_param_int(call, "batch"), changed;
    struct bulk_sum sum = {0};
    int32_t rc = check_batch(call, bulk);

    if (rc < 0 || (rc = undo_events(call, bulk, &sum)) < 0 ||
        (rc = bulk_check_refused(call, &sum)) < 0)
        return rc;
    changed = rh_exec(call, "UPDATE procedure_bulk SET undone_utc = ?2 WHERE id = ?1", "ii", bulk,
                      rh_now_utc(call));
    if (changed < 0 ||
        (changed = rh_event(call, "procedure.bulk_undone",
                            rh_format(call, "%lld", "%lld", (long long)bulk), NULL, NULL)) < 0)
        return (int32_t)changed;
    rh_out_int(call, "batch", bulk);
    bulk_put_sum(call, &sum);
    rh_say(call, "Stapel %lld ist bei %lld Verfahren zurückgenommen",
           "batch %lld is taken back in %lld procedures", (long long)bulk,
           (long long)sum.procedures);
    return 0;
}
