/*
 * internal.h - what the files of this room share; nobody else includes it.
 *
 * A connection (struct rh_db) belongs to one thread: the writer's to the writer, each worker's to
 * that worker, and those of backup and check to whoever calls. Only the queues, the finished list
 * and the atomic numbers of struct rh_store are touched by several threads.
 */
#ifndef CORE_STORE_INTERNAL_H
#define CORE_STORE_INTERNAL_H

#include "core/base/arena.h"
#include "core/store/db.h"
#include "core/store/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#define RH_APPLICATION_ID 0x7268756d /* "rhum", in the header of every database file of ours */

/* Internal kind: runs on the writer, alone and without a transaction (a migration). */
#define RH_TASK_ALONE ((enum rh_task_kind)100)

/* ---- queue.c: tasks on their way to a thread ---- */

struct rh_queue {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    /* --- by mutex --- */
    struct rh_task *head, *tail; /* borrowed: tasks are their callers' */
    int waiting;                 /* threads asleep in rh_queue_wait() */
    bool closed;
};

int rh_queue_init(struct rh_queue *queue); /* 0 or errno */
void rh_queue_fini(struct rh_queue *queue);
bool rh_queue_push(struct rh_queue *queue, struct rh_task *task); /* false once closed */
struct rh_task *rh_queue_wait(struct rh_queue *queue);            /* NULL once closed */
struct rh_task *rh_queue_try(struct rh_queue *queue);             /* NULL when empty or closed */
struct rh_task *rh_queue_close(struct rh_queue *queue);           /* what was still waiting */

/* ---- the store ---- */

struct rh_worker {
    pthread_t thread;
    struct rh_store *store; /* borrowed */
    struct rh_queue *queue; /* borrowed: the readers' or the computers' */
    struct rh_db *db;       /* owned; the thread's alone while it runs */
    bool running;
};

struct rh_store {
    char *path;      /* owned; absolute */
    const char *vfs; /* borrowed; NULL = default */
    bool scratch;
    int lock_fd;          /* held from open to close */
    int limit_ms;         /* of a task's SQL */
    void (*wake)(void *); /* borrowed */
    void *wake_context;   /* borrowed */
    struct rh_db *writer; /* owned; writer thread only, once that runs */
    pthread_t writer_thread;
    bool writer_running;
    struct rh_worker *workers; /* owned; readers first, then computers */
    int worker_count;

    struct rh_queue writes, reads, computations;
    atomic_uint_fast64_t version;    /* bumped after a COMMIT that wrote */
    atomic_uint_fast32_t generation; /* bumped after each migration: statement caches are void */

    atomic_uint_fast64_t commits; /* that wrote */
    atomic_uint_fast64_t submitted[RH_TASK_KINDS], answered_tasks[RH_TASK_KINDS];

    pthread_mutex_t here; /* scratch: who runs a task on the only connection */
    /* --- by here --- */
    int uncommitted; /* tasks */
    bool lost;       /* SQLite has ended the transaction of tasks that were answered */

    pthread_mutex_t finished_mutex;
    pthread_cond_t answered;
    /* --- by finished_mutex --- */
    struct rh_task *finished_head, *finished_tail; /* wait for rh_store_collect() */

    /* --- writer thread --- */
    uint64_t backup_version; /* version at the last backup before a migration; 0 = none */
};

void rh_store_deliver(struct rh_store *store, struct rh_task **tasks, int count);
void *rh_writer_main(void *store); /* writer.c */
/* Scratch: the task, here and now; and what is not in the file yet, into it. */
void rh_writer_run_here(struct rh_store *store, struct rh_task *task);
int32_t rh_writer_commit_here(struct rh_store *store, struct rh_err *err);
void *rh_worker_main(void *worker); /* worker.c */

/* ---- connection.c: opening, checking, transactions ---- */

/* Whose statement is being compiled or run; see authorizer.c. */
enum rh_auth_mode {
    RH_AUTH_STORE,    /* the store's own: everything */
    RH_AUTH_CORE,     /* owner NULL: all but transactions */
    RH_AUTH_PLUGIN,   /* own tables, documented views */
    RH_AUTH_MIGRATION /* a plugin's own schema steps */
};

struct rh_names; /* what the authorizer knows of the schema */
struct rh_cache; /* prepared statements, by owner and text */

enum {
    RH_SQL_BEGIN,
    RH_SQL_BEGIN_IMMEDIATE,
    RH_SQL_COMMIT,
    RH_SQL_ROLLBACK,
    RH_SQL_SAVEPOINT,
    RH_SQL_RELEASE,
    RH_SQL_ROLLBACK_TO,
    RH_SQL_SCHEMA_VERSION,
    RH_SQL_COUNT
};

struct rh_db {
    sqlite3 *handle;        /* owned */
    struct rh_store *store; /* borrowed; NULL for connections of backup and check */
    const char *path;       /* borrowed; for sentences */
    bool is_writer;
    sqlite3_stmt *steer[RH_SQL_COUNT]; /* owned; made on first use */
    struct rh_cache *cache;            /* owned */
    uint_fast32_t generation;          /* of the schema the cache was filled under */

    /* the running task */
    struct rh_task *task; /* borrowed; NULL between tasks */
    int depth;            /* savepoints that rh_db_savepoint() opened */
    bool transaction;     /* we began one; if autocommit is on nevertheless, SQLite ended it */
    uint64_t version;     /* of the snapshot */
    int64_t limit_ms, used_ms, step_started_ms; /* time inside SQL */
    bool out_of_time;                           /* the progress handler said stop, and why */
    int wal_frames;                             /* in the WAL after the last commit that wrote */
    bool wrote;                                 /* the last commit wrote */
    bool kept;                                  /* a task of this transaction was not undone */
    uint64_t undone;                            /* rollbacks, to a savepoint or of all */

    /* authorizer */
    enum rh_auth_mode mode;
    const char *owner; /* borrowed */
    struct rh_names *names;
    uint64_t vouched[32]; /* tables that a view has read for this statement, as hashes */
    int vouched_count;
    char denied[2][256]; /* why the last statement was refused, by language */
};

int32_t rh_connection_open(struct rh_store *store, const char *path, const char *vfs, bool writer,
                           struct rh_db **ret_db, struct rh_err *err);
struct rh_db *rh_connection_close(struct rh_db *db);
/* Checks that the file is ours; sets journal, durability and safety and reads back what matters. */
int32_t rh_connection_prepare(struct rh_db *db, struct rh_err *err);

int rh_db_steer(struct rh_db *db, int which);              /* an SQLite code */
bool rh_db_ended(const struct rh_db *db);                  /* SQLite has ended our transaction */
int32_t rh_db_begin(struct rh_db *db, struct rh_err *err); /* IMMEDIATE on the writer */
int32_t rh_db_commit(struct rh_db *db, struct rh_err *err);
void rh_db_rollback(struct rh_db *db);
void rh_db_task_begin(struct rh_db *db, struct rh_task *task);
bool rh_task_cancelled(struct rh_task *task); /* before it began: then err says so */
void rh_db_task_end(struct rh_db *db);        /* closes statements left open */

/* One internal statement without rows, with everything allowed. */
int32_t rh_db_run(struct rh_db *db, const char *sql, struct rh_err *err);
/* The first column of the first row as a number; `missing` when there is no row. */
int32_t rh_db_number(struct rh_db *db, const char *sql, int64_t missing, int64_t *ret,
                     struct rh_err *err);

int64_t rh_now_coarse_ms(void);

/* ---- db_error.c ---- */

/* What the last statement under an owner's name failed of: the authorizer's reason comes first. */
int32_t rh_db_statement_error(struct rh_db *db, const char *sql, struct rh_err *err);
/* Turns what SQLite says into a sentence; `sql` for mistakes of ours, may be NULL. */
int32_t rh_db_error(struct rh_db *db, int code, const char *sql, struct rh_err *err);

/* ---- statement.c ---- */

struct rh_cache *rh_cache_new(void);
struct rh_cache *rh_cache_free(struct rh_cache *cache);
void rh_cache_clear(struct rh_cache *cache);
void rh_cache_close_open(struct rh_cache *cache); /* what a task left open */

/* ---- authorizer.c, names.c ---- */

struct rh_names *rh_names_free(struct rh_names *names);
/* Makes db->names true to the schema as this transaction sees it. */
int32_t rh_names_refresh(struct rh_db *db, struct rh_err *err);
/* The plugin that an object belongs to by its name, NULL for the core. */
const char *rh_names_owner(const struct rh_names *names, const char *object);
bool rh_names_is_view(const struct rh_names *names, const char *object);
/* A foreign key between a table of `owner` and another makes this column readable. */
bool rh_names_is_key(const struct rh_names *names, const char *owner, const char *table,
                     const char *column);

int rh_authorize(void *db, int action, const char *first, const char *second, const char *schema,
                 const char *inner);
/* From here to leave SQLite asks the authorizer in this name: compiling, but also while running,
 * for it compiles again after a schema change. */
void rh_owner_enter(struct rh_db *db, enum rh_auth_mode mode, const char *owner);
void rh_owner_leave(struct rh_db *db);
/* A plugin's statement may not call its own expressions like other's views; see cte.h. */
int32_t rh_owner_check_text(struct rh_db *db, const char *owner, const char *sql, const char *end,
                            struct rh_err *err);
bool rh_owner_is_core(const char *owner); /* "core", "store": steps that may all */

/* ---- lock.c ---- */

int32_t rh_lock_take(const char *path, int *ret_fd, struct rh_err *err);
void rh_lock_give(int fd);

/* ---- migrate.c, schema.c ---- */

int32_t rh_migrate(struct rh_store *store, struct rh_db *db, const struct rh_schema_step *steps,
                   size_t count, struct rh_err *err);
extern const struct rh_schema_step rh_store_steps[];
extern const size_t rh_store_step_count;

/* ---- backup.c ---- */

int32_t rh_backup_file(const char *from, const char *vfs, const char *to, struct rh_err *err);

#endif
