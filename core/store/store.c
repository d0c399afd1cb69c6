#include "core/base/alloc.h"
#include "core/store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { READERS = 2, COMPUTERS = 1, WORKERS_MAX = 64, LIMIT_MS = 30 * 1000 };

/* ---- answers ---- */

/* Migrations have a kind of their own; they write. */
static size_t counted_as(const struct rh_task *task)
{
    return (size_t)task->kind < RH_TASK_KINDS ? (size_t)task->kind : RH_TASK_WRITE;
}

void rh_store_deliver(struct rh_store *store, struct rh_task **tasks, int count)
{
    bool waited = false, was_empty, is_empty;

    pthread_mutex_lock(&store->finished_mutex);
    was_empty = store->finished_head == NULL;
    for (int i = 0; i < count; i++) {
        struct rh_task *task = tasks[i];

        atomic_fetch_add_explicit(&store->answered_tasks[counted_as(task)], 1,
                                  memory_order_relaxed);
        if (task->waited) {
            task->answered = waited = true;
            continue;
        }
        task->next = NULL;
        if (store->finished_tail)
            store->finished_tail->next = task;
        else
            store->finished_head = task;
        store->finished_tail = task;
    }
    is_empty = store->finished_head == NULL;
    if (waited)
        pthread_cond_broadcast(&store->answered);
    pthread_mutex_unlock(&store->finished_mutex);

    /* Once until collected: a loop that is already woken need not be woken again. */
    if (was_empty && !is_empty && store->wake)
        store->wake(store->wake_context);
}

int rh_store_collect(struct rh_store *store)
{
    struct rh_task *task, *next;
    int count = 0;

    pthread_mutex_lock(&store->finished_mutex);
    task = store->finished_head;
    store->finished_head = store->finished_tail = NULL;
    pthread_mutex_unlock(&store->finished_mutex);

    for (; task; task = next) {
        next = task->next; /* after `done` the task may be gone */
        task->next = NULL;
        if (task->done)
            task->done(task);
        count++;
    }
    return count;
}

/* ---- handing over ---- */

static void refuse(struct rh_store *store, struct rh_task *task)
{
    rh_err_clear(&task->err);
    (void)rh_err_set(&task->err, RH_EBUSY,
                     "der Dienst wird beendet; bitte danach noch einmal versuchen",
                     "the service is stopping; try again afterwards");
    rh_store_deliver(store, &task, 1);
}

static struct rh_queue *queue_for(struct rh_store *store, enum rh_task_kind kind)
{
    if (kind == RH_TASK_READ)
        return &store->reads;
    return kind == RH_TASK_COMPUTE ? &store->computations : &store->writes;
}

void rh_store_submit(struct rh_store *store, struct rh_task *task)
{
    task->answered = false;
    atomic_fetch_add_explicit(&store->submitted[counted_as(task)], 1, memory_order_relaxed);
    if (store->scratch)
        rh_writer_run_here(store, task);
    else if (!rh_queue_push(queue_for(store, task->kind), task))
        refuse(store, task);
}

int32_t rh_store_run(struct rh_store *store, struct rh_task *task)
{
    task->waited = true;
    rh_store_submit(store, task);

    pthread_mutex_lock(&store->finished_mutex);
    while (!task->answered)
        pthread_cond_wait(&store->answered, &store->finished_mutex);
    pthread_mutex_unlock(&store->finished_mutex);
    task->waited = false;
    if (task->done)
        task->done(task);
    return task->err.code;
}

uint64_t rh_store_version(const struct rh_store *store)
{
    return atomic_load(&store->version);
}

void rh_store_figures(const struct rh_store *store, struct rh_store_figures *ret_figures)
{
    ret_figures->commits = atomic_load(&store->commits);
    for (int kind = 0; kind < RH_TASK_KINDS; kind++) {
        /* In this order, so that none is counted as answered before it was submitted. */
        uint64_t answered = atomic_load(&store->answered_tasks[kind]);

        ret_figures->tasks[kind] = answered;
        ret_figures->waiting[kind] = atomic_load(&store->submitted[kind]) - answered;
    }
}

const char *rh_store_path(const struct rh_store *store)
{
    return store->path;
}

/* ---- migration, on the writer like every change ---- */

struct migration {
    struct rh_task task; /* first, so that the task leads back to it */
    struct rh_store *store;
    const struct rh_schema_step *steps;
    size_t count;
};

static int32_t migrate(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct migration *m = (struct migration *)(void *)task;

    return rh_migrate(m->store, db, m->steps, m->count, err);
}

int32_t rh_store_migrate(struct rh_store *store, const struct rh_schema_step *steps, size_t count,
                         struct rh_err *err)
{
    struct migration *m = rh_alloc(1, sizeof(*m));
    int32_t rc;

    if (!m)
        return rh_err_nomem(err);
    m->task.kind = RH_TASK_ALONE;
    m->task.work = migrate;
    /* Rebuilding a table of five years takes what it takes. */
    m->task.limit_ms = INT32_MAX;
    m->store = store;
    m->steps = steps;
    m->count = count;
    rc = rh_store_run(store, &m->task);
    if (rc < 0 && err && err->code == 0)
        *err = m->task.err;
    (void)rh_free(m); /* always NULL */
    return rc;
}

/* ---- opening ---- */

/*
 * The file is made here, not by SQLite, so that it is ours alone (it holds names and addresses)
 * whatever the umask says; the journal files take its mode.
 */
static int32_t make_file(const char *path, struct rh_err *err)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
    int32_t code = 0;

    if (fd < 0 && errno == EISDIR)
        return rh_err_set(err, RH_EINVALID, "'%s' ist ein Ordner, keine Datenbankdatei",
                          "'%s' is a folder, not a database file", path);
    if (fd < 0 && (errno == EACCES || errno == EPERM || errno == EROFS))
        return rh_err_set(err, RH_EFORBIDDEN,
                          "Datenbank '%s' darf nicht geschrieben werden (%s); der Benutzer von "
                          "reihum braucht Schreibrecht auf die Datei und ihren Ordner",
                          "database '%s' may not be written (%s); let the user of reihum write the "
                          "file and its folder",
                          path, strerror(errno));
    if (fd < 0 && (errno == ENOSPC || errno == EDQUOT))
        return rh_err_set(err, RH_EFULL, "Datenbank '%s': der Datenträger ist voll",
                          "database '%s': the disk is full", path);
    if (fd < 0)
        return rh_err_set(err, RH_EFAILED, "Datenbank '%s' lässt sich nicht öffnen (%s)",
                          "database '%s' cannot be opened (%s)", path, strerror(errno));
    if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
        code = rh_err_set(err, RH_EINVALID, "'%s' ist keine gewöhnliche Datei",
                          "'%s' is not a regular file", path);
    close(fd);
    return code;
}

/* Grows over restarts too, so that an ETag of yesterday never matches by chance. */
static uint64_t first_version(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail: the clock exists */
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

/* SQLite would count every allocation under one mutex of all threads, for figures that nobody asks
 * for. Too late once it is in use: then it stays as it is. */
static void set_up_library(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int32_t check_library(struct rh_err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, set_up_library); /* cannot fail */
    if (sqlite3_libversion_number() < 3037000) /* STRICT tables, PRAGMA table_list */
        return rh_err_set(err, RH_EFAILED, "SQLite %s ist zu alt, gebraucht wird mindestens 3.37",
                          "SQLite %s is too old, at least 3.37 is needed", sqlite3_libversion());
    if (!sqlite3_threadsafe())
        return rh_err_set(err, RH_EFAILED, "diese SQLite-Bibliothek ist ohne Threads gebaut",
                          "this SQLite library was built without threads");
    return 0;
}

static int32_t cannot_start(int cause, struct rh_err *err)
{
    return rh_err_set(err, RH_EFAILED, "ein Thread lässt sich nicht starten (%s)",
                      "a thread cannot be started (%s)", strerror(cause));
}

static int32_t init_sync(struct rh_store *store, struct rh_err *err)
{
    int rc = rh_queue_init(&store->writes);

    if (rc != 0)
        return cannot_start(rc, err);
    rc = rh_queue_init(&store->reads);
    if (rc != 0)
        goto err_after_writes;
    rc = rh_queue_init(&store->computations);
    if (rc != 0)
        goto err_after_reads;
    rc = pthread_mutex_init(&store->finished_mutex, NULL);
    if (rc != 0)
        goto err_after_computations;
    rc = pthread_cond_init(&store->answered, NULL);
    if (rc != 0)
        goto err_after_mutex;
    rc = pthread_mutex_init(&store->here, NULL);
    if (rc != 0)
        goto err_after_cond;
    return 0;

err_after_cond:
    pthread_cond_destroy(&store->answered);
err_after_mutex:
    pthread_mutex_destroy(&store->finished_mutex);
err_after_computations:
    rh_queue_fini(&store->computations);
err_after_reads:
    rh_queue_fini(&store->reads);
err_after_writes:
    rh_queue_fini(&store->writes);
    return cannot_start(rc, err);
}

static int32_t open_connections(struct rh_store *store, struct rh_err *err)
{
    int32_t rc = rh_connection_open(store, store->path, store->vfs, true, &store->writer, err);

    if (rc == 0)
        rc = rh_connection_prepare(store->writer, err);
    for (int i = 0; i < store->worker_count && rc == 0 && !store->scratch; i++) {
        struct rh_worker *worker = &store->workers[i];

        rc = rh_connection_open(store, store->path, store->vfs, false, &worker->db, err);
        if (rc == 0)
            rc = rh_connection_prepare(worker->db, err);
    }
    return rc;
}

static int32_t start_threads(struct rh_store *store, struct rh_err *err)
{
    sigset_t all, before;
    int rc;

    /* Signals are the loop's: a store thread must never be the one that is interrupted. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&store->writer_thread, NULL, rh_writer_main, store);
    store->writer_running = rc == 0;
    for (int i = 0; i < store->worker_count && rc == 0; i++) {
        struct rh_worker *worker = &store->workers[i];

        rc = pthread_create(&worker->thread, NULL, rh_worker_main, worker);
        worker->running = rc == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc == 0 ? 0 : cannot_start(rc, err);
}

static int32_t fill_in(struct rh_store *store, const struct rh_store_options *options,
                       struct rh_err *err)
{
    int readers = options->readers > 0 ? options->readers : READERS;
    int computers = options->computers > 0 ? options->computers : COMPUTERS;
    char path[PATH_MAX];
    int32_t rc = rh_store_beside(options->path, "", path, sizeof(path), err);

    if (rc < 0)
        return rc;
    if (readers > WORKERS_MAX || computers > WORKERS_MAX)
        return rh_err_set(err, RH_EINVALID, "höchstens %d Threads je Art sind möglich",
                          "at most %d threads of a kind are possible", (int)WORKERS_MAX);
    store->worker_count = readers + computers;
    store->workers = rh_alloc((size_t)store->worker_count, sizeof(*store->workers));
    store->path = rh_strdup(path);
    if (!store->workers || !store->path)
        return rh_err_nomem(err);
    for (int i = 0; i < store->worker_count; i++) {
        store->workers[i].store = store;
        store->workers[i].queue = i < readers ? &store->reads : &store->computations;
    }
    store->vfs = options->vfs;
    store->scratch = options->scratch;
    store->limit_ms = options->limit_ms > 0 ? options->limit_ms : LIMIT_MS;
    store->wake = options->wake;
    store->wake_context = options->wake_context;
    atomic_init(&store->version, first_version());
    return 0;
}

int32_t rh_store_open(const struct rh_store_options *options, struct rh_store **ret_store,
                      struct rh_err *err)
{
    struct rh_store *store = rh_alloc(1, sizeof(*store));
    int32_t rc;

    if (!store)
        return rh_err_nomem(err);
    store->lock_fd = -1;
    rc = init_sync(store, err);
    if (rc < 0) {
        (void)rh_free(store); /* always NULL */
        return rc;
    }
    rc = check_library(err);
    if (rc == 0)
        rc = fill_in(store, options, err);
    if (rc == 0)
        rc = rh_lock_take(store->path, &store->lock_fd, err);
    if (rc == 0)
        rc = make_file(store->path, err);
    if (rc == 0)
        rc = open_connections(store, err);
    if (rc == 0 && !store->scratch)
        rc = start_threads(store, err);
    if (rc < 0) {
        (void)rh_store_close(store); /* always NULL */
        return rc;
    }
    *ret_store = store;
    return 0;
}

/* ---- closing ---- */

static void refuse_all(struct rh_store *store, struct rh_task *task)
{
    struct rh_task *next;

    for (; task; task = next) {
        next = task->next;
        refuse(store, task);
    }
}

struct rh_store *rh_store_close(struct rh_store *store)
{
    if (!store)
        return NULL;
    refuse_all(store, rh_queue_close(&store->writes));
    refuse_all(store, rh_queue_close(&store->reads));
    refuse_all(store, rh_queue_close(&store->computations));
    for (int i = 0; i < store->worker_count && store->workers; i++) {
        if (store->workers[i].running)
            pthread_join(store->workers[i].thread, NULL);
        (void)rh_connection_close(store->workers[i].db); /* always NULL */
    }
    if (store->writer_running)
        pthread_join(store->writer_thread, NULL);
    (void)rh_connection_close(store->writer); /* the last one: moves the WAL into the file */
    (void)rh_store_collect(store);
    rh_lock_give(store->lock_fd);

    pthread_mutex_destroy(&store->here);
    pthread_cond_destroy(&store->answered);
    pthread_mutex_destroy(&store->finished_mutex);
    rh_queue_fini(&store->computations);
    rh_queue_fini(&store->reads);
    rh_queue_fini(&store->writes);
    rh_free(store->workers);
    rh_free(store->path);
    return rh_free(store);
}
