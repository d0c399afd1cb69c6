/*
 * The writer: one thread, one connection, one transaction for as many tasks as have come.
 *
 *     wait -> BEGIN IMMEDIATE -> [ SAVEPOINT work RELEASE | ROLLBACK TO ] … -> COMMIT -> answers
 *                                      |                                        |
 *                                      +-- SQLite ended the transaction --------+
 *                                                       v
 *                                each task again, in a transaction of its own
 *
 * It never waits for company: while one batch is being synced, the next one gathers by itself. So
 * a lone task has no delay, and a crowd shares one fsync.
 */
#include "core/base/point.h"
#include "core/store/internal.h"

#include <time.h>

enum {
    BATCH_MAX = 64,           /* tasks of one transaction */
    BATCH_MS = 20,            /* after this, no further task joins: the first ones wait for it */
    CHECKPOINT_FRAMES = 1000, /* 4 MiB of WAL: move it into the file */
    RESTART_FRAMES = 16000,   /* 64 MiB: readers always kept it busy, so ask them to let go */
    SCRATCH_MAX = 50000       /* tasks of one transaction of a copy to compute on */
};

struct batch {
    struct rh_task *tasks[BATCH_MAX];
    bool asked_roll_back[BATCH_MAX]; /* as it was submitted */
    int count;
    int culprit; /* the one during whose work SQLite ended the transaction, or -1 */
};

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail: the clock exists */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What `work` answered and what it left in err become one. */
static void settle_error(struct rh_task *task, int32_t rc)
{
    if (rc >= 0) {
        rh_err_clear(&task->err);
        return;
    }
    if (task->err.code == 0)
        (void)rh_err_set(&task->err, rc, "die Operation ist gescheitert (%s)",
                         "the operation failed (%s)", rh_err_name(rc));
    task->err.code = rc;
}

/*
 * A deferred foreign key is checked at COMMIT and would take the whole batch along. So ask after
 * each task: everything before was sound.
 */
static int32_t check_references(struct rh_db *db, struct rh_err *err)
{
    int open = 0, highest = 0;

    if (sqlite3_db_status(db->handle, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0) !=
            SQLITE_OK ||
        open == 0)
        return 0;
    return rh_err_set(err, RH_ECONFLICT,
                      "Datenbank: ein Eintrag verweist auf etwas, das es nicht gibt oder das noch "
                      "gebraucht wird",
                      "database: an entry refers to what does not exist or is still needed");
}

static void undo(struct rh_db *db)
{
    if (rh_db_steer(db, RH_SQL_ROLLBACK_TO) != SQLITE_OK ||
        rh_db_steer(db, RH_SQL_RELEASE) != SQLITE_OK)
        (void)rh_db_steer(db, RH_SQL_ROLLBACK); /* then the batch has ended, and is run again */
}

/* A task on what the transaction has come to; nothing that it would have to undo. */
static int32_t work_on(struct rh_db *db, struct rh_task *task)
{
    int32_t rc;

    /* What others of this batch wrote is not counted yet, but this task sees it. */
    db->version = rh_store_version(db->store) + (db->kept ? 1 : 0);
    rh_db_task_begin(db, task);
    rc = task->work(task, db, &task->err);
    rh_db_task_end(db);
    if (rc >= 0 && rh_db_ended(db))
        rc = rh_err_set(&task->err, RH_EFAILED, "Datenbank: SQLite hat die Transaktion abgebrochen",
                        "database: SQLite has ended the transaction");
    return rc;
}

/* One task in its savepoint; its result is in task->err, if the transaction still stands. */
static void run_in_savepoint(struct rh_db *db, struct rh_task *task)
{
    int code;
    int32_t rc;

    rh_err_clear(&task->err);
    if (rh_task_cancelled(task))
        return;
    code = rh_db_steer(db, RH_SQL_SAVEPOINT);
    if (code != SQLITE_OK) {
        (void)rh_db_error(db, code, "SAVEPOINT", &task->err);
        return;
    }
    rc = work_on(db, task);
    if (rc >= 0)
        rc = check_references(db, &task->err);
    settle_error(task, rc);
    if (rh_db_ended(db))
        return;
    while (db->depth > 0) /* savepoints that it forgot are part of it, and go its way */
        if (rh_db_release(db, NULL) < 0)
            break;
    if (rc < 0 || task->roll_back)
        undo(db);
    else if (rh_db_steer(db, RH_SQL_RELEASE) == SQLITE_OK)
        db->kept = true;
    else
        (void)rh_db_steer(db, RH_SQL_ROLLBACK); /* then the batch has ended, and is run again */
}

static void answer(struct rh_store *store, struct rh_task **tasks, int count)
{
    uint64_t version = rh_store_version(store);

    for (int i = 0; i < count; i++)
        tasks[i]->version = version;
    rh_store_deliver(store, tasks, count);
}

/* What was undone goes through the WAL as well, but changes no data: a dry run or a probe must not
 * make every answer look old. */
static void count_version(struct rh_db *db)
{
    if (db->wrote)
        atomic_fetch_add_explicit(&db->store->commits, 1, memory_order_relaxed);
    if (db->wrote && db->kept)
        atomic_fetch_add(&db->store->version, 1);
    db->wrote = false;
}

static void run_single(struct rh_db *db, struct rh_task *task, bool asked_roll_back)
{
    struct rh_err failed = {0};

    task->roll_back = asked_roll_back;
    rh_err_clear(&task->err);
    if (rh_db_begin(db, &task->err) == 0) {
        run_in_savepoint(db, task);
        if (rh_db_ended(db)) {
            rh_db_rollback(db);
            if (task->err.code == 0)
                (void)rh_err_set(&task->err, RH_EFAILED,
                                 "Datenbank: SQLite hat die Transaktion abgebrochen",
                                 "database: SQLite has ended the transaction");
        } else if (rh_db_commit(db, &failed) < 0) {
            task->err = failed;
        }
        count_version(db);
    }
    answer(db->store, &task, 1);
}

/*
 * Nothing of the batch is in the file, and nobody was answered. All run again, also those that
 * failed, for they may have met what another one left. Only who ended it keeps its error - unless
 * the disk was full: then the others may have filled it.
 */
static void run_again_singly(struct rh_db *db, struct batch *batch)
{
    for (int i = 0; i < batch->count; i++) {
        if (i == batch->culprit && batch->tasks[i]->err.code < 0 &&
            batch->tasks[i]->err.code != RH_EFULL)
            answer(db->store, &batch->tasks[i], 1);
        else
            run_single(db, batch->tasks[i], batch->asked_roll_back[i]);
    }
}

/* The next task, if it may share a transaction. */
static struct rh_task *next_for_batch(struct rh_queue *queue)
{
    struct rh_task *task = NULL;

    pthread_mutex_lock(&queue->mutex);
    if (queue->head && queue->head->kind == RH_TASK_WRITE) {
        task = queue->head;
        queue->head = task->next;
        if (!queue->head)
            queue->tail = NULL;
        task->next = NULL;
    }
    pthread_mutex_unlock(&queue->mutex);
    return task;
}

static void run_batch(struct rh_store *store, struct rh_task *task)
{
    struct rh_db *db = store->writer;
    struct batch batch = {.culprit = -1};
    int64_t begun_ms = now_ms();
    bool ended;

    rh_err_clear(&task->err);
    if (rh_db_begin(db, &task->err) < 0) {
        answer(store, &task, 1);
        return;
    }
    do {
        batch.asked_roll_back[batch.count] = task->roll_back;
        batch.tasks[batch.count++] = task;
        run_in_savepoint(db, task);
        ended = rh_db_ended(db);
        if (ended)
            batch.culprit = batch.count - 1;
    } while (!ended && batch.count < BATCH_MAX && now_ms() - begun_ms < BATCH_MS &&
             (task = next_for_batch(&store->writes)));

    rh_point("store.written");
    if (ended)
        rh_db_rollback(db);
    else
        ended = rh_db_commit(db, NULL) < 0;
    rh_point("store.committed");
    count_version(db);
    if (ended)
        run_again_singly(db, &batch);
    else
        answer(store, batch.tasks, batch.count);
}

static void run_alone(struct rh_store *store, struct rh_task *task)
{
    rh_err_clear(&task->err);
    rh_db_task_begin(store->writer, task);
    settle_error(task, task->work(task, store->writer, &task->err));
    rh_db_task_end(store->writer);
    store->writer->kept = true;
    count_version(store->writer);
    answer(store, &task, 1);
}

/*
 * Moves the WAL into the file, after the answers are out. What fails here is tried again after the
 * next commit: the WAL holds everything meanwhile.
 */
static void checkpoint(struct rh_db *db)
{
    int frames = db->wal_frames, moved = 0;
    int mode = frames >= RESTART_FRAMES ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;

    if (frames < CHECKPOINT_FRAMES)
        return;
    (void)sqlite3_wal_checkpoint_v2(db->handle, NULL, mode, &frames, &moved);
    db->wal_frames = 0; /* until the next commit tells */
}

/* ---- a copy to compute on ---- */

static int32_t commit_here(struct rh_store *store, struct rh_err *err)
{
    struct rh_db *db = store->writer;
    int32_t rc = 0;

    if (db->transaction) {
        rc = rh_db_commit(db, err);
        count_version(db);
        checkpoint(db);
    }
    store->uncommitted = 0;
    store->lost = store->lost || rc < 0;
    return rc;
}

int32_t rh_writer_commit_here(struct rh_store *store, struct rh_err *err)
{
    int32_t rc;

    pthread_mutex_lock(&store->here);
    rc = commit_here(store, err);
    pthread_mutex_unlock(&store->here);
    return rc;
}

static void run_here(struct rh_store *store, struct rh_task *task)
{
    struct rh_db *db = store->writer;

    rh_err_clear(&task->err);
    if (store->lost) {
        (void)rh_err_set(
            &task->err, RH_EFAILED,
            "Datenbank: SQLite hat die Transaktion abgebrochen, die Kopie ist unbrauchbar",
            "database: SQLite has ended the transaction, the copy is of no use");
        return;
    }
    if (!db->transaction && rh_db_begin(db, &task->err) < 0)
        return;
    if (task->kind == RH_TASK_WRITE)
        run_in_savepoint(db, task);
    else if (!rh_task_cancelled(task))
        settle_error(task, work_on(db, task));
    if (!rh_db_ended(db)) {
        if (++store->uncommitted >= SCRATCH_MAX)
            (void)commit_here(store, &task->err); /* an error is the task's */
        return;
    }
    rh_db_rollback(db);
    store->lost = true;
    if (task->err.code == 0)
        (void)rh_err_set(&task->err, RH_EFAILED,
                         "Datenbank: SQLite hat die Transaktion abgebrochen",
                         "database: SQLite has ended the transaction");
}

void rh_writer_run_here(struct rh_store *store, struct rh_task *task)
{
    pthread_mutex_lock(&store->here);
    if (task->kind == RH_TASK_ALONE) {
        if (commit_here(store, &task->err) == 0)
            run_alone(store, task);
        else
            answer(store, &task, 1);
    } else {
        run_here(store, task);
        answer(store, &task, 1);
    }
    pthread_mutex_unlock(&store->here);
}

/* ---- the thread ---- */

void *rh_writer_main(void *context)
{
    struct rh_store *store = context;
    struct rh_task *task;

    while ((task = rh_queue_wait(&store->writes))) {
        if (task->kind == RH_TASK_WRITE)
            run_batch(store, task);
        else
            run_alone(store, task);
        checkpoint(store->writer);
    }
    return NULL;
}
