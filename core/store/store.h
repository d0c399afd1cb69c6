/*
 * store.h - the one file that everything is kept in, and the threads that touch it.
 *
 * One process owns a database file: rh_store_open() takes the lock beside it ("FILE.lock") or says
 * who has it. Inside that process one writer thread changes it and some workers read it; callers
 * hand over tasks and are told when they are done. A write task runs in a savepoint of a
 * transaction that it may share with others; `done` is called only after COMMIT, so whoever hears
 * "done" hears of something that survives a power cut. If SQLite ends the shared transaction (full
 * disk, interrupt, rollback), the other tasks of the batch are run again, each in a transaction of
 * its own.
 *
 * `work` runs on the writer or a worker, `done` on whichever thread calls rh_store_collect(): the
 * loop, woken by `wake`. Without a loop, rh_store_run() waits for one task.
 *
 * To look into the threads, start at writer.c and worker.c; a statement's way is in db.c.
 */
#ifndef CORE_STORE_STORE_H
#define CORE_STORE_STORE_H

#include "core/base/error.h"

#include <stdatomic.h>
#include <stdbool.h>

struct rh_store;
struct rh_db; /* one connection; see db.h */

/* A numbered step of a schema; `owner` is "core" or the plugin's name. Checksummed; a changed step
 * refuses to start. */
struct rh_schema_step {
    const char *owner;
    int32_t number; /* 1, 2, 3, … without gaps, by owner */
    const char *name;
    const char *sql; /* statements parted by ';', tables STRICT */
};

struct rh_store_options {
    const char *path;
    int readers;          /* worker threads, 0 = 2 */
    void (*wake)(void *); /* called from store threads when a finished task waits for
                             rh_store_collect(), once until it was collected; may be NULL */
    void *wake_context;
    int computers;   /* threads for RH_TASK_COMPUTE, 0 = 1 */
    int limit_ms;    /* time in SQL that a task may use unless it says so itself, 0 = 30 s */
    const char *vfs; /* for tests: the SQLite file system to use, NULL = the usual one */
    bool scratch;    /* a copy to compute on and throw away: "done" promises nothing about a crash.
                        So it takes no time at the disk and needs no thread: each task runs at once
                        on the thread that hands it over, one at a time, and many are one
                        transaction. If SQLite ends that, all since the last commit is lost and
                        every further task fails. */
};

enum rh_task_kind {
    RH_TASK_READ,   /* short: a snapshot, on a reader */
    RH_TASK_WRITE,  /* a savepoint, on the writer */
    RH_TASK_COMPUTE /* long: a snapshot, on a thread where it keeps no reader from its work */
};

#define RH_TASK_KINDS 3

/* One piece of work; owned by the caller until `done` was called. Zero what you do not set. */
struct rh_task {
    enum rh_task_kind kind;
    /* Returns 0 or RH_E…; an error (or `roll_back` set) undoes what it wrote. May run more than
     * once (see above), so it starts from scratch. */
    int32_t (*work)(struct rh_task *task, struct rh_db *db, struct rh_err *err);
    void (*done)(struct rh_task *task);
    struct rh_err err;    /* the result: code 0 or what failed; set before `done` */
    bool roll_back;       /* set by `work` for a dry run: undone although it succeeded */
    struct rh_task *next; /* the store's */

    int32_t limit_ms;   /* time it may spend inside SQL (RH_ECANCELLED beyond); 0 = the store's */
    atomic_bool cancel; /* any thread may set it: a running statement ends with RH_ECANCELLED */
    uint64_t version;   /* set before `done`: of the data it read, or that it left behind */

    bool waited, answered; /* the store's, for rh_store_run() */
};

/* Opens (makes, when missing), takes the lock, checks what SQLite promises, starts the threads.
 * Nothing is migrated yet. RH_EBUSY names the process that owns the file. */
int32_t rh_store_open(const struct rh_store_options *options, struct rh_store **ret_store,
                      struct rh_err *err);

/* Finishes what was begun, refuses the rest (RH_EBUSY), joins the threads, calls what `done` is
 * still due, gives the lock back. NULL is fine. */
struct rh_store *rh_store_close(struct rh_store *store);

/*
 * Brings the schema of the store itself and of these owners up to date in one transaction, after a
 * backup beside the file ("FILE.before-<core number>-<date>.bak") when it holds data. Refuses a
 * schema that is newer than the program or whose applied steps differ. Steps run in the order
 * given; owners that are in the file but not in the list are left alone. A plugin's steps are held
 * to its own tables ("<owner>_…") and views ("v_<owner>_…"). Call before any task that uses the
 * tables, not from a task.
 */
int32_t rh_store_migrate(struct rh_store *store, const struct rh_schema_step *steps, size_t count,
                         struct rh_err *err);

void rh_store_submit(struct rh_store *store, struct rh_task *task);
/* Calls `done` of finished tasks on this thread; returns how many. */
int rh_store_collect(struct rh_store *store);
/* Submits and waits; `done` may be NULL. For the command line and tests; not from a task. */
int32_t rh_store_run(struct rh_store *store, struct rh_task *task);

/* Grows with every committed write, also over restarts; equal numbers mean equal data. Any thread.
 */
uint64_t rh_store_version(const struct rh_store *store);

/* How busy it has been since it was opened, and is. Any thread. */
struct rh_store_figures {
    uint64_t commits;                /* that wrote */
    uint64_t tasks[RH_TASK_KINDS];   /* answered */
    uint64_t waiting[RH_TASK_KINDS]; /* submitted and not answered yet */
};
void rh_store_figures(const struct rh_store *store, struct rh_store_figures *ret_figures);

/* A consistent copy while the server runs; checked (integrity_check) before it gets its final name,
 * which must be free (RH_ECONFLICT). Any thread, from a task too; takes as long as copying takes.
 */
int32_t rh_store_backup(struct rh_store *store, const char *to, struct rh_err *err);

/* integrity_check and foreign_key_check; RH_EDAMAGED with what was found. Any thread. */
int32_t rh_store_check(struct rh_store *store, struct rh_err *err);

/* The file as it was found: absolute, symbolic links resolved. */
const char *rh_store_path(const struct rh_store *store);

/*
 * Who owns the file: 1 and the process, 0 when nobody does (a stale lock counts as nobody), < 0
 * when it cannot be told. `*ret_pid` is 0 when the owner has not yet written its number. Takes no
 * lock, so asking never disturbs an owner that is just starting.
 */
int32_t rh_store_owner(const char *path, int32_t *ret_pid, struct rh_err *err);

/* The owner listens for the command line on the socket beside the file. */
#define RH_STORE_LOCK_SUFFIX   ".lock"
#define RH_STORE_SOCKET_SUFFIX ".sock"

/* `path` made absolute with symbolic links resolved, so that every spelling of a file has one lock
 * and one socket, with `suffix` ("" for none) behind it. The file itself may be missing, its folder
 * not (RH_ENOTFOUND). */
int32_t rh_store_beside(const char *path, const char *suffix, char *buffer, size_t size,
                        struct rh_err *err);

#endif
