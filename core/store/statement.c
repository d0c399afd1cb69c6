/*
 * Prepared statements, kept by (owner, text). The owner is part of the key because the authorizer
 * judges when a statement is compiled: what the core may run, a plugin must not find in the cache.
 */
#include "core/base/alloc.h"
#include "core/store/internal.h"

#include <ctype.h>
#include <string.h>

enum { CACHE_BUCKETS = 512, CACHE_MAX = 256 };

struct rh_stmt {
    struct rh_db *db;     /* borrowed */
    sqlite3_stmt *handle; /* owned */
    char *sql;            /* owned */
    char *owner;          /* owned; NULL = the core */
    uint32_t hash;
    bool cached;           /* in the table of idle ones */
    bool ended;            /* no row follows; SQLite itself would start again from the first */
    struct rh_stmt *chain; /* of the bucket */
    struct rh_stmt *newer, *older; /* free ones: by last use; open ones: the list of open ones */
};

struct list {
    struct rh_stmt *newest, *oldest;
};

struct rh_cache {
    struct rh_stmt *buckets[CACHE_BUCKETS];
    struct list idle; /* cached and closed, oldest use last */
    struct list open; /* given out */
    int idle_count;
};

static void list_add(struct list *list, struct rh_stmt *stmt)
{
    stmt->newer = NULL;
    stmt->older = list->newest;
    if (list->newest)
        list->newest->newer = stmt;
    else
        list->oldest = stmt;
    list->newest = stmt;
}

static void list_remove(struct list *list, struct rh_stmt *stmt)
{
    if (stmt->newer)
        stmt->newer->older = stmt->older;
    else
        list->newest = stmt->older;
    if (stmt->older)
        stmt->older->newer = stmt->newer;
    else
        list->oldest = stmt->newer;
    stmt->newer = stmt->older = NULL;
}

static void free_statement(struct rh_stmt *stmt)
{
    (void)sqlite3_finalize(stmt->handle); /* repeats the error of the last step */
    rh_free(stmt->sql);
    rh_free(stmt->owner);
    rh_free(stmt);
}

static void leave_table(struct rh_cache *cache, struct rh_stmt *stmt)
{
    struct rh_stmt **link = &cache->buckets[stmt->hash % CACHE_BUCKETS];

    while (*link && *link != stmt)
        link = &(*link)->chain;
    if (*link)
        *link = stmt->chain;
    stmt->cached = false;
}

struct rh_cache *rh_cache_new(void)
{
    return rh_alloc(1, sizeof(struct rh_cache));
}

void rh_cache_clear(struct rh_cache *cache)
{
    struct rh_stmt *stmt;

    rh_cache_close_open(cache);
    while ((stmt = cache->idle.oldest)) {
        list_remove(&cache->idle, stmt);
        leave_table(cache, stmt);
        free_statement(stmt);
    }
    cache->idle_count = 0;
}

struct rh_cache *rh_cache_free(struct rh_cache *cache)
{
    if (!cache)
        return NULL;
    rh_cache_clear(cache);
    return rh_free(cache);
}

void rh_cache_close_open(struct rh_cache *cache)
{
    while (cache->open.oldest)
        (void)rh_stmt_close(cache->open.oldest); /* always NULL */
}

/* FNV-1a over owner and text; '\xff' cannot stand in either. */
static uint32_t hash_of(const char *owner, const char *sql)
{
    uint32_t hash = 2166136261u;

    for (const char *p = owner ? owner : ""; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    hash = (hash ^ 0xff) * 16777619u;
    for (const char *p = sql; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    return hash;
}

static bool same_owner(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static struct rh_stmt *find_idle(struct rh_cache *cache, uint32_t hash, const char *owner,
                                 const char *sql)
{
    for (struct rh_stmt *s = cache->buckets[hash % CACHE_BUCKETS]; s; s = s->chain)
        if (s->hash == hash && same_owner(s->owner, owner) && strcmp(s->sql, sql) == 0)
            return s;
    return NULL;
}

static bool only_spaces(const char *rest)
{
    while (isspace((unsigned char)*rest) || *rest == ';')
        rest++;
    return *rest == '\0';
}

static int32_t compile(struct rh_db *db, struct rh_stmt *stmt, struct rh_err *err)
{
    const char *rest = NULL;
    int32_t code = stmt->owner ? rh_names_refresh(db, err) : 0;
    int rc;

    if (code == 0 && stmt->owner)
        code = rh_owner_check_text(db, stmt->owner, stmt->sql, stmt->sql + strlen(stmt->sql), err);
    if (code < 0)
        return code;
    rh_owner_enter(db, stmt->owner ? RH_AUTH_PLUGIN : RH_AUTH_CORE, stmt->owner);
    rc = sqlite3_prepare_v3(db->handle, stmt->sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt->handle,
                            &rest);
    rh_owner_leave(db);
    if (rc != SQLITE_OK)
        return rh_db_statement_error(db, stmt->sql, err);
    if (!stmt->handle || !only_spaces(rest))
        return rh_err_set(err, RH_EFAILED, "Datenbank: genau eine Anweisung erwartet (in: %.200s)",
                          "database: exactly one statement expected (in: %.200s)", stmt->sql);
    return 0;
}

static int32_t new_statement(struct rh_db *db, const char *owner, const char *sql, uint32_t hash,
                             struct rh_stmt **ret_stmt, struct rh_err *err)
{
    struct rh_stmt *stmt = rh_alloc(1, sizeof(*stmt));
    int32_t rc;

    if (!stmt)
        return rh_err_nomem(err);
    stmt->db = db;
    stmt->hash = hash;
    stmt->sql = rh_strdup(sql);
    stmt->owner = owner ? rh_strdup(owner) : NULL;
    if (!stmt->sql || (owner && !stmt->owner))
        rc = rh_err_nomem(err);
    else
        rc = compile(db, stmt, err);
    if (rc < 0) {
        free_statement(stmt);
        return rc;
    }
    *ret_stmt = stmt;
    return 0;
}

static int32_t take_statement(struct rh_db *db, const char *owner, const char *sql,
                              struct rh_stmt **ret_stmt, struct rh_err *err)
{
    struct rh_cache *cache = db->cache;
    uint32_t hash = hash_of(owner, sql);
    struct rh_stmt *stmt = find_idle(cache, hash, owner, sql);
    int32_t rc;

    if (stmt) {
        /* Out of the table while open: a query inside itself gets a statement of its own. */
        list_remove(&cache->idle, stmt);
        leave_table(cache, stmt);
        cache->idle_count--;
    } else {
        rc = new_statement(db, owner, sql, hash, &stmt, err);
        if (rc < 0)
            return rc;
    }
    stmt->ended = false;
    list_add(&cache->open, stmt);
    *ret_stmt = stmt;
    return 0;
}

struct rh_stmt *rh_stmt_close(struct rh_stmt *stmt)
{
    struct rh_cache *cache;

    if (!stmt)
        return NULL;
    cache = stmt->db->cache;
    (void)sqlite3_reset(stmt->handle);          /* repeats the error of the last step */
    (void)sqlite3_clear_bindings(stmt->handle); /* cannot fail */
    list_remove(&cache->open, stmt);
    if (find_idle(cache, stmt->hash, stmt->owner, stmt->sql)) {
        free_statement(stmt); /* it was used inside itself: one is enough */
        return NULL;
    }
    stmt->chain = cache->buckets[stmt->hash % CACHE_BUCKETS];
    cache->buckets[stmt->hash % CACHE_BUCKETS] = stmt;
    stmt->cached = true;
    list_add(&cache->idle, stmt);
    if (++cache->idle_count > CACHE_MAX) {
        struct rh_stmt *oldest = cache->idle.oldest;

        list_remove(&cache->idle, oldest);
        leave_table(cache, oldest);
        free_statement(oldest);
        cache->idle_count--;
    }
    return NULL;
}

static int bind_one(sqlite3_stmt *handle, int index, char type, va_list *args)
{
    switch (type) {
    case 'i':
        return sqlite3_bind_int64(handle, index, va_arg(*args, int64_t));
    case 'd':
        return sqlite3_bind_double(handle, index, va_arg(*args, double));
    case 's':
        return sqlite3_bind_text(handle, index, va_arg(*args, const char *), -1, SQLITE_TRANSIENT);
    default:
        return SQLITE_MISUSE;
    }
}

static int32_t bind_all(struct rh_stmt *stmt, const char *types, va_list args, struct rh_err *err)
{
    int expected = sqlite3_bind_parameter_count(stmt->handle);
    int given = types ? (int)strlen(types) : 0;
    int32_t code = 0;
    va_list rest;

    if (given != expected)
        return rh_err_set(err, RH_EFAILED, "Datenbank: %d Werte erwartet, %d gegeben (in: %.200s)",
                          "database: %d values expected, %d given (in: %.200s)", expected, given,
                          stmt->sql);
    va_copy(rest, args);
    for (int i = 0; i < given && code == 0; i++) {
        int rc = bind_one(stmt->handle, i + 1, types[i], &rest);

        if (rc != SQLITE_OK)
            code = rh_db_error(stmt->db, rc, stmt->sql, err);
    }
    va_end(rest);
    return code;
}

/* After SQLite ended our transaction, a further statement would be a transaction of its own and
 * survive a failed operation. */
static int32_t check_transaction(struct rh_db *db, struct rh_err *err)
{
    if (!rh_db_ended(db))
        return 0;
    return rh_err_set(err, RH_EFAILED,
                      "Datenbank: SQLite hat die Transaktion abgebrochen, es geht nicht weiter",
                      "database: SQLite has ended the transaction, it cannot go on");
}

int32_t rh_db_vquery(struct rh_db *db, const char *owner, struct rh_stmt **ret_stmt,
                     struct rh_err *err, const char *sql, const char *types, va_list args)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc = check_transaction(db, err);

    if (rc == 0)
        rc = take_statement(db, owner, sql, &stmt, err);
    if (rc < 0)
        return rc;
    rc = bind_all(stmt, types, args, err);
    if (rc < 0) {
        (void)rh_stmt_close(stmt); /* always NULL */
        return rc;
    }
    *ret_stmt = stmt;
    return 0;
}

int32_t rh_db_query(struct rh_db *db, const char *owner, struct rh_stmt **ret_stmt,
                    struct rh_err *err, const char *sql, const char *types, ...)
{
    va_list args;
    int32_t rc;

    va_start(args, types);
    rc = rh_db_vquery(db, owner, ret_stmt, err, sql, types, args);
    va_end(args);
    return rc;
}

int32_t rh_stmt_next(struct rh_stmt *stmt, struct rh_err *err)
{
    struct rh_db *db = stmt->db;
    int32_t checked = check_transaction(db, err);
    int rc;

    if (checked < 0 || stmt->ended)
        return checked;
    db->step_started_ms = rh_now_coarse_ms();
    rh_owner_enter(db, stmt->owner ? RH_AUTH_PLUGIN : RH_AUTH_CORE, stmt->owner);
    rc = sqlite3_step(stmt->handle);
    rh_owner_leave(db);
    db->used_ms += rh_now_coarse_ms() - db->step_started_ms;
    if (rc == SQLITE_ROW)
        return 1;
    stmt->ended = true;
    if (rc == SQLITE_DONE)
        return 0;
    return rh_db_statement_error(db, stmt->sql, err);
}

int64_t rh_db_vexec(struct rh_db *db, const char *owner, struct rh_err *err, const char *sql,
                    const char *types, va_list args)
{
    int64_t before = sqlite3_total_changes64(db->handle);
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_vquery(db, owner, &stmt, err, sql, types, args);
    int64_t changed = 0;

    if (rc < 0)
        return rc;
    do
        rc = rh_stmt_next(stmt, err);
    while (rc > 0);
    /* sqlite3_changes() still tells of the last INSERT after a CREATE TABLE. */
    if (rc == 0 && sqlite3_total_changes64(db->handle) != before)
        changed = sqlite3_changes64(db->handle);
    (void)rh_stmt_close(stmt); /* always NULL */
    return rc < 0 ? rc : changed;
}

int64_t rh_db_exec(struct rh_db *db, const char *owner, struct rh_err *err, const char *sql,
                   const char *types, ...)
{
    va_list args;
    int64_t changed;

    va_start(args, types);
    changed = rh_db_vexec(db, owner, err, sql, types, args);
    va_end(args);
    return changed;
}

int rh_stmt_columns(const struct rh_stmt *stmt)
{
    return sqlite3_column_count(stmt->handle);
}

const char *rh_stmt_column_name(const struct rh_stmt *stmt, int column)
{
    return sqlite3_column_name(stmt->handle, column);
}

enum rh_value_type rh_stmt_type(const struct rh_stmt *stmt, int column)
{
    switch (sqlite3_column_type(stmt->handle, column)) {
    case SQLITE_NULL:
        return RH_VALUE_NULL;
    case SQLITE_INTEGER:
        return RH_VALUE_INT;
    case SQLITE_FLOAT:
        return RH_VALUE_REAL;
    default: /* a BLOB is read as text: nothing of ours writes one */
        return RH_VALUE_TEXT;
    }
}

bool rh_stmt_is_null(const struct rh_stmt *stmt, int column)
{
    return sqlite3_column_type(stmt->handle, column) == SQLITE_NULL;
}

int64_t rh_stmt_int(const struct rh_stmt *stmt, int column)
{
    return sqlite3_column_int64(stmt->handle, column);
}

double rh_stmt_real(const struct rh_stmt *stmt, int column)
{
    return sqlite3_column_double(stmt->handle, column);
}

const char *rh_stmt_text(const struct rh_stmt *stmt, int column)
{
    return (const char *)sqlite3_column_text(stmt->handle, column);
}
