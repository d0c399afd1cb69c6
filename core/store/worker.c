/*
 * A worker: one thread, one read-only connection, a snapshot for each task.
 *
 * Taking a snapshot costs two file locks, which is more than most reads do. So tasks that follow
 * each other share one as long as nothing was written in between: a task that was submitted after
 * a change was acknowledged always sees it. A worker without work holds none, for a held snapshot
 * keeps the WAL from being reused.
 */
#include "core/store/internal.h"

static int32_t take_snapshot(struct rh_db *db, struct rh_err *err)
{
    uint64_t version = rh_store_version(db->store);

    if (db->transaction && db->version == version && !rh_db_ended(db))
        return 0;
    rh_db_rollback(db);
    /* Read before BEGIN: the data is this version or newer, so an ETag can only be too careful. */
    db->version = version;
    return rh_db_begin(db, err);
}

static void run_task(struct rh_db *db, struct rh_task *task)
{
    int32_t rc;

    rh_err_clear(&task->err);
    rc = rh_task_cancelled(task) ? RH_ECANCELLED : take_snapshot(db, &task->err);
    if (rc == 0) {
        rh_db_task_begin(db, task);
        rc = task->work(task, db, &task->err);
        rh_db_task_end(db);
    }
    if (rc >= 0)
        rh_err_clear(&task->err);
    else if (task->err.code == 0)
        (void)rh_err_set(&task->err, rc, "die Abfrage ist gescheitert (%s)",
                         "the query failed (%s)", rh_err_name(rc));
    if (rc < 0)
        task->err.code = rc;
    task->version = db->version;
}

void *rh_worker_main(void *context)
{
    struct rh_worker *worker = context;
    struct rh_task *task;

    for (;;) {
        task = rh_queue_try(worker->queue);
        if (!task) {
            rh_db_rollback(worker->db);
            task = rh_queue_wait(worker->queue);
        }
        if (!task)
            return NULL;
        run_task(worker->db, task);
        rh_store_deliver(worker->store, &task, 1);
    }
}
