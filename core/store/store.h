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
 */
#ifndef CORE_STORE_STORE_H
#define CORE_STORE_STORE_H

#include "core/base/error.h"

#include <stdbool.h>

struct rh_store;
struct rh_db; /* one connection; see db.h */

/* A numbered step of a schema; `owner` is "core" or the plugin's name. Checksummed; a changed step
 * refuses to start. */
struct rh_schema_step {
    const char *owner;
    int32_t number;
    const char *name;
    const char *sql;
};

struct rh_store_options {
    const char *path;
    int readers;          /* worker threads, 0 = 2 */
    void (*wake)(void *); /* called from store threads when a finished task waits for
                             rh_store_collect(); may be NULL */
    void *wake_context;
};

enum rh_task_kind { RH_TASK_READ, RH_TASK_WRITE };

/* One piece of work; owned by the caller until `done` was called. */
struct rh_task {
    enum rh_task_kind kind;
    /* Returns 0 or RH_E…; an error (or `roll_back` set) undoes what it wrote. May run more than
     * once (see above), so it starts from scratch. */
    int32_t (*work)(struct rh_task *task, struct rh_db *db, struct rh_err *err);
    void (*done)(struct rh_task *task);
    struct rh_err err;    /* the result: code 0 or what failed; set before `done` */
    bool roll_back;       /* set by `work` for a dry run: undone although it succeeded */
    struct rh_task *next; /* the store's */
};

/* Opens (makes, when missing), takes the lock, checks what SQLite promises, starts the threads.
 * Nothing is migrated yet. */
int32_t rh_store_open(const struct rh_store_options *options, struct rh_store **ret_store,
                      struct rh_err *err);

/* Finishes what was begun, refuses the rest (RH_EBUSY), joins the threads, gives the lock back.
 * NULL is fine. */
struct rh_store *rh_store_close(struct rh_store *store);

/*
 * Brings the schema of these owners up to date in one transaction, after a backup beside the file
 * ("FILE.before-<core number>-<date>.bak") when it holds data. Refuses a schema that is newer than
 * the program or whose applied steps differ. Call before any task that uses the tables.
 */
int32_t rh_store_migrate(struct rh_store *store, const struct rh_schema_step *steps, size_t count,
                         struct rh_err *err);

void rh_store_submit(struct rh_store *store, struct rh_task *task);
/* Calls `done` of finished tasks on this thread; returns how many. */
int rh_store_collect(struct rh_store *store);
/* Submits and waits; `done` may be NULL. For the command line and tests. */
int32_t rh_store_run(struct rh_store *store, struct rh_task *task);

/* Grows with every committed write; equal numbers mean equal data. Any thread. */
uint64_t rh_store_version(const struct rh_store *store);

/* A consistent copy while the server runs; checked (integrity_check) before it gets its final name.
 */
int32_t rh_store_backup(struct rh_store *store, const char *to, struct rh_err *err);

#endif
