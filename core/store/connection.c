/* One connection: how it is opened, what it promises, and its transactions. */
#include "core/base/alloc.h"
#include "core/store/internal.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum {
    BUSY_MS = 5000,         /* another program (sqlite3, a backup tool) holds the file */
    PROGRESS_OPCODES = 4000 /* about every 0.1 ms: look at the clock and at the cancel flag */
};

int64_t rh_now_coarse_ms(void)
{
    struct timespec now;

    /* Coarse: read without a system call in 5 ns; 4 ms are exact enough for a limit of seconds. */
    (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now); /* cannot fail: the clock exists */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the running task's limits ---- */

static int on_progress(void *context)
{
    struct rh_db *db = context;

    if (!db->task)
        return 0;
    if (atomic_load_explicit(&db->task->cancel, memory_order_relaxed))
        return 1;
    if (db->used_ms + rh_now_coarse_ms() - db->step_started_ms > db->limit_ms)
        db->out_of_time = true;
    return db->out_of_time;
}

static int on_commit_to_wal(void *context, sqlite3 *handle, const char *schema, int frames)
{
    struct rh_db *db = context;
    (void)handle;
    (void)schema;

    db->wal_frames = frames;
    db->wrote = true;
    return SQLITE_OK;
}

void rh_db_task_begin(struct rh_db *db, struct rh_task *task)
{
    db->task = task;
    db->depth = 0;
    db->used_ms = 0;
    db->step_started_ms = rh_now_coarse_ms();
    db->out_of_time = false;
    db->limit_ms = task->limit_ms > 0 ? task->limit_ms : db->store->limit_ms;
    if (db->generation != atomic_load(&db->store->generation)) {
        db->generation = atomic_load(&db->store->generation);
        rh_cache_clear(db->cache);
        db->names = rh_names_free(db->names);
    }
}

bool rh_task_cancelled(struct rh_task *task)
{
    if (!atomic_load(&task->cancel))
        return false;
    (void)rh_err_set(&task->err, RH_ECANCELLED, "auf Wunsch abgebrochen", "stopped as asked");
    return true;
}

void rh_db_task_end(struct rh_db *db)
{
    rh_cache_close_open(db->cache);
    db->task = NULL;
}

/* ---- transactions: the store's own statements ---- */

static const char *const steer_sql[RH_SQL_COUNT] = {
    [RH_SQL_BEGIN] = "BEGIN",
    [RH_SQL_BEGIN_IMMEDIATE] = "BEGIN IMMEDIATE",
    [RH_SQL_COMMIT] = "COMMIT",
    [RH_SQL_ROLLBACK] = "ROLLBACK",
    /* One name for all levels: SQLite takes the innermost of that name. */
    [RH_SQL_SAVEPOINT] = "SAVEPOINT rh",
    [RH_SQL_RELEASE] = "RELEASE rh",
    [RH_SQL_ROLLBACK_TO] = "ROLLBACK TO rh",
    [RH_SQL_SCHEMA_VERSION] = "PRAGMA schema_version",
};

int rh_db_steer(struct rh_db *db, int which)
{
    sqlite3_stmt **stmt = &db->steer[which];
    int rc;

    if (!*stmt) {
        rc = sqlite3_prepare_v3(db->handle, steer_sql[which], -1, SQLITE_PREPARE_PERSISTENT, stmt,
                                NULL);
        if (rc != SQLITE_OK)
            return sqlite3_extended_errcode(db->handle);
    }
    db->undone += which == RH_SQL_ROLLBACK || which == RH_SQL_ROLLBACK_TO;
    rc = sqlite3_step(*stmt);
    rc = rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : sqlite3_extended_errcode(db->handle);
    (void)sqlite3_reset(*stmt); /* repeats the error of the step */
    return rc;
}

bool rh_db_ended(const struct rh_db *db)
{
    return db->transaction && sqlite3_get_autocommit(db->handle);
}

int32_t rh_db_begin(struct rh_db *db, struct rh_err *err)
{
    int rc = rh_db_steer(db, db->is_writer ? RH_SQL_BEGIN_IMMEDIATE : RH_SQL_BEGIN);

    if (rc != SQLITE_OK)
        return rh_db_error(db, rc, steer_sql[RH_SQL_BEGIN], err);
    db->transaction = true;
    db->wrote = db->kept = false;
    return 0;
}

int32_t rh_db_commit(struct rh_db *db, struct rh_err *err)
{
    int rc = rh_db_steer(db, RH_SQL_COMMIT);

    if (rc != SQLITE_OK) {
        int32_t code = rh_db_error(db, rc, steer_sql[RH_SQL_COMMIT], err);
        rh_db_rollback(db);
        return code;
    }
    db->transaction = false;
    return 0;
}

uint64_t rh_db_undone(const struct rh_db *db)
{
    return db->undone;
}

void rh_db_rollback(struct rh_db *db)
{
    db->undone++; /* also when SQLite did it by itself */
    if (!sqlite3_get_autocommit(db->handle))
        (void)rh_db_steer(db, RH_SQL_ROLLBACK); /* whatever it says, the transaction is over */
    db->transaction = false;
}

static int32_t check_writer(struct rh_db *db, struct rh_err *err)
{
    if (!db->is_writer)
        return rh_err_set(err, RH_EFAILED, "Datenbank: hier wird nur gelesen",
                          "database: this is for reading only");
    if (rh_db_ended(db))
        return rh_err_set(err, RH_EFAILED,
                          "Datenbank: SQLite hat die Transaktion abgebrochen, es geht nicht weiter",
                          "database: SQLite has ended the transaction, it cannot go on");
    return 0;
}

int32_t rh_db_savepoint(struct rh_db *db, struct rh_err *err)
{
    int32_t code = check_writer(db, err);
    int rc = code < 0 ? SQLITE_OK : rh_db_steer(db, RH_SQL_SAVEPOINT);

    if (code < 0)
        return code;
    if (rc != SQLITE_OK)
        return rh_db_error(db, rc, steer_sql[RH_SQL_SAVEPOINT], err);
    db->depth++;
    return 0;
}

int32_t rh_db_release(struct rh_db *db, struct rh_err *err)
{
    int32_t code = check_writer(db, err);
    int rc;

    if (code < 0)
        return code;
    if (db->depth == 0)
        return rh_err_set(err, RH_EFAILED, "Datenbank: kein Sicherungspunkt ist offen",
                          "database: no savepoint is open");
    rc = rh_db_steer(db, RH_SQL_RELEASE);
    if (rc != SQLITE_OK)
        return rh_db_error(db, rc, steer_sql[RH_SQL_RELEASE], err);
    db->depth--;
    return 0;
}

void rh_db_rollback_to(struct rh_db *db)
{
    if (db->depth == 0 || rh_db_ended(db))
        return; /* nothing of it is left: the task will fail as a whole */
    db->depth--;
    if (rh_db_steer(db, RH_SQL_ROLLBACK_TO) != SQLITE_OK ||
        rh_db_steer(db, RH_SQL_RELEASE) != SQLITE_OK)
        (void)rh_db_steer(db, RH_SQL_ROLLBACK); /* better no transaction than a half undone one */
}

int64_t rh_db_last_id(struct rh_db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

bool rh_db_is_writer(const struct rh_db *db)
{
    return db->is_writer;
}

uint64_t rh_db_version(const struct rh_db *db)
{
    return db->version;
}

/* ---- internal statements ---- */

int32_t rh_db_run(struct rh_db *db, const char *sql, struct rh_err *err)
{
    int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

    if (rc == SQLITE_OK)
        return 0;
    return rh_db_error(db, sqlite3_extended_errcode(db->handle), sql, err);
}

int32_t rh_db_number(struct rh_db *db, const char *sql, int64_t missing, int64_t *ret,
                     struct rh_err *err)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        *ret = sqlite3_column_int64(stmt, 0);
    else if (rc == SQLITE_DONE)
        *ret = missing;
    else
        rc = sqlite3_extended_errcode(db->handle);
    (void)sqlite3_finalize(stmt); /* repeats the error of the step */
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        return 0;
    return rh_db_error(db, rc, sql, err);
}

/* ---- opening ---- */

static void set_switches(sqlite3 *handle)
{
    static const struct {
        int option, value;
    } switches[] = {{SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 1},
                    {SQLITE_DBCONFIG_ENABLE_VIEW, 1},    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
                    {SQLITE_DBCONFIG_DQS_DDL, 0},        {SQLITE_DBCONFIG_DQS_DML, 0},
                    {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0}};

    for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
        /* Those that matter are read back in check_promises(). */
        (void)sqlite3_db_config(handle, switches[i].option, switches[i].value, NULL);
}

static void set_limits(sqlite3 *handle)
{
    static const struct {
        int limit, value;
    } limits[] = {{SQLITE_LIMIT_LENGTH, 64 * 1024 * 1024},
                  {SQLITE_LIMIT_SQL_LENGTH, 1024 * 1024},
                  {SQLITE_LIMIT_ATTACHED, 0},
                  {SQLITE_LIMIT_EXPR_DEPTH, 200},
                  {SQLITE_LIMIT_COMPOUND_SELECT, 100},
                  {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
                  {SQLITE_LIMIT_TRIGGER_DEPTH, 50},
                  {SQLITE_LIMIT_WORKER_THREADS, 0}};

    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
        (void)sqlite3_limit(handle, limits[i].limit, limits[i].value); /* returns the old one */
}

static int32_t cannot_open(struct rh_db *db, int code, struct rh_err *err)
{
    int cause = db->handle ? sqlite3_system_errno(db->handle) : 0;

    if (code == SQLITE_NOMEM || !db->handle)
        return rh_err_nomem(err);
    if (cause == EACCES || cause == EPERM || cause == EROFS)
        return rh_err_set(err, RH_EFORBIDDEN, "Datenbank '%s' darf nicht geöffnet werden (%s)",
                          "database '%s' may not be opened (%s)", db->path, strerror(cause));
    return rh_db_error(db, code, NULL, err);
}

static bool is_scratch(const struct rh_db *db)
{
    return db->store && db->store->scratch;
}

int32_t rh_connection_open(struct rh_store *store, const char *path, const char *vfs, bool writer,
                           struct rh_db **ret_db, struct rh_err *err)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    struct rh_db *db = rh_alloc(1, sizeof(*db));
    int32_t code = 0;
    int rc;

    if (!db)
        return rh_err_nomem(err);
    db->store = store;
    db->path = path;
    db->is_writer = writer;
    db->cache = rh_cache_new();
    rc = db->cache ? sqlite3_open_v2(path, &db->handle, flags, vfs) : SQLITE_NOMEM;
    if (rc != SQLITE_OK) {
        code = cannot_open(db, rc, err);
        (void)rh_connection_close(db); /* always NULL */
        return code;
    }
    set_switches(db->handle);
    if (is_scratch(db)) /* small memory for many open cursors, from one block; else it is malloc */
        (void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_LOOKASIDE, NULL, 1200, 400);
    set_limits(db->handle);
    (void)sqlite3_busy_timeout(db->handle, BUSY_MS); /* cannot fail on an open connection */
    (void)sqlite3_set_authorizer(db->handle, rh_authorize, db); /* nor this */
    sqlite3_progress_handler(db->handle, PROGRESS_OPCODES, on_progress, db);
    *ret_db = db;
    return 0;
}

struct rh_db *rh_connection_close(struct rh_db *db)
{
    if (!db)
        return NULL;
    for (int i = 0; i < RH_SQL_COUNT; i++)
        (void)sqlite3_finalize(db->steer[i]); /* repeats the error of the last step */
    rh_cache_free(db->cache);
    rh_names_free(db->names);
    (void)sqlite3_close(db->handle); /* no statement is left that could keep it open */
    return rh_free(db);
}

/* ---- what the file must promise ---- */

static int32_t check_ours(struct rh_db *db, struct rh_err *err)
{
    int64_t id = 0, tables = 0;
    int32_t rc = rh_db_number(db, "SELECT count(*) FROM sqlite_schema", 0, &tables, err);

    if (rc == 0)
        rc = rh_db_number(db, "PRAGMA application_id", 0, &id, err);
    if (rc < 0)
        return rc;
    if (id == RH_APPLICATION_ID)
        return 0;
    if (id != 0 || tables > 0)
        return rh_err_set(err, RH_EDAMAGED,
                          "'%s' ist eine SQLite-Datei eines anderen Programms, keine von reihum",
                          "'%s' is an SQLite file of another program, not one of reihum", db->path);
    return 0;
}

static int32_t check_journal(struct rh_db *db, struct rh_err *err)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db->handle, "PRAGMA journal_mode = WAL", -1, &stmt, NULL);
    const char *mode;
    int32_t code = 0;

    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc != SQLITE_ROW) {
        code = rh_db_error(db, sqlite3_extended_errcode(db->handle), "PRAGMA journal_mode", err);
    } else {
        mode = (const char *)sqlite3_column_text(stmt, 0);
        if (!mode || strcmp(mode, "wal") != 0)
            code = rh_err_set(
                err, RH_EFAILED,
                "Datenbank '%s': dieses Dateisystem erlaubt kein WAL-Journal "
                "(journal_mode ist '%s'); die Datei gehört auf einen lokalen Datenträger",
                "database '%s': this file system does not allow a WAL journal "
                "(journal_mode is '%s'); put the file on a local disk",
                db->path, mode ? mode : "?");
    }
    (void)sqlite3_finalize(stmt); /* repeats the error of the step */
    return code;
}

/* SQLite ignores a pragma that it does not know or cannot fulfil; only reading back tells. */
static int32_t check_promises(struct rh_db *db, struct rh_err *err)
{
    int64_t wanted = is_scratch(db) ? 0 : 2;
    int64_t synchronous = -1, foreign_keys = -1, trusted = -1;
    int32_t rc = rh_db_number(db, "PRAGMA synchronous", -1, &synchronous, err);

    if (rc == 0)
        rc = rh_db_number(db, "PRAGMA foreign_keys", -1, &foreign_keys, err);
    if (rc == 0)
        rc = rh_db_number(db, "PRAGMA trusted_schema", -1, &trusted, err);
    if (rc < 0)
        return rc;
    if (synchronous != wanted)
        return rh_err_set(
            err, RH_EFAILED,
            "Datenbank '%s': SQLite sagt nicht zu, dass Bestätigtes einen Stromausfall "
            "übersteht (synchronous ist %lld statt %lld)",
            "database '%s': SQLite does not promise that what was acknowledged survives "
            "a power cut (synchronous is %lld, not %lld)",
            db->path, (long long)synchronous, (long long)wanted);
    if (foreign_keys != 1)
        return rh_err_set(err, RH_EFAILED,
                          "Datenbank '%s': SQLite sagt nicht zu, dass Verweise gültig bleiben "
                          "(foreign_keys ist %lld statt 1)",
                          "database '%s': SQLite does not promise that references stay valid "
                          "(foreign_keys is %lld, not 1)",
                          db->path, (long long)foreign_keys);
    if (trusted != 0)
        return rh_err_set(err, RH_EFAILED,
                          "Datenbank '%s': SQLite traut Funktionen, die in der Datei stehen "
                          "(trusted_schema ist %lld statt 0)",
                          "database '%s': SQLite trusts functions that stand in the file "
                          "(trusted_schema is %lld, not 0)",
                          db->path, (long long)trusted);
    return 0;
}

int32_t rh_connection_prepare(struct rh_db *db, struct rh_err *err)
{
    static const char *const settings[] = {
        /* FULL, not NORMAL: what an office was told must survive a power cut. Group commit pays. */
        "PRAGMA synchronous = FULL",
        "PRAGMA temp_store = MEMORY",
        /* An erased person is overwritten, not only forgotten. */
        "PRAGMA secure_delete = ON",
        "PRAGMA cell_size_check = ON",
        "PRAGMA cache_size = -4096",
        /* A WAL that once grew long gives its space back. */
        "PRAGMA journal_size_limit = 16777216",
        /* The writer moves the WAL into the file itself, after it has answered (writer.c). */
        "PRAGMA wal_autocheckpoint = 0",
    };
    static const char *const scratch[] = {
        "PRAGMA synchronous = OFF",
        "PRAGMA secure_delete = OFF", /* the file is */
        "PRAGMA cache_size = -65536",
        /* The statements are those of the real file, which checks; "state IN (…)" of a CHECK is a
         * table made anew for every row. A copy that is kept is checked as a whole (backup.c). */
        "PRAGMA ignore_check_constraints = ON",
    };
    int32_t rc = check_ours(db, err);

    if (rc == 0 && db->is_writer)
        rc = check_journal(db, err);
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]) && rc == 0; i++)
        rc = rh_db_run(db, settings[i], err);
    for (size_t i = 0; i < sizeof(scratch) / sizeof(scratch[0]) && rc == 0 && is_scratch(db); i++)
        rc = rh_db_run(db, scratch[i], err);
    if (rc == 0 && !db->is_writer)
        rc = rh_db_run(db, "PRAGMA query_only = ON", err);
    if (rc == 0)
        /* SQLite makes these tables when they are first named, and asks the authorizer as for a
         * CREATE TABLE; so name them while everything is allowed. */
        rc = rh_db_run(db, "SELECT 1 FROM json_each('[]'), json_tree('[]')", err);
    if (rc == 0)
        rc = check_promises(db, err);
    if (rc == 0)
        /* wal_autocheckpoint has taken the hook's place. */
        sqlite3_wal_hook(db->handle, on_commit_to_wal, db);
    return rc;
}
