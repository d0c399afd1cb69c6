/*
 * What the authorizer must know of the schema: which plugins have tables, which views exist, and
 * which columns take part in foreign keys between tables of different owners. All of it is derived
 * from the schema as the connection's transaction sees it, so it cannot disagree with it.
 */
#include "core/base/alloc.h"
#include "core/store/internal.h"

#include <string.h>

enum { NAMES_MAX_BYTES = 4 * 1024 * 1024 };

struct name {
    struct name *next;
    const char *text;
};

/* A column of `table` that `owner` may read, because a foreign key connects it with a table of
 * `owner`. */
struct key {
    struct key *next;
    const char *owner, *table, *column;
};

struct rh_names {
    struct rh_arena arena; /* owns all below */
    int64_t schema_version;
    struct name *owners; /* plugins; not the core */
    struct name *views;
    struct key *keys;
};

struct rh_names *rh_names_free(struct rh_names *names)
{
    if (!names)
        return NULL;
    rh_arena_fini(&names->arena);
    return rh_free(names);
}

static bool begins_with_owner(const char *object, const char *owner)
{
    size_t length = strlen(owner);

    return sqlite3_strnicmp(object, owner, (int)length) == 0 && object[length] == '_';
}

const char *rh_names_owner(const struct rh_names *names, const char *object)
{
    const char *rest = sqlite3_strnicmp(object, "v_", 2) == 0 ? object + 2 : object;

    /* At most one fits: a migration refuses a plugin whose name begins another's. */
    for (const struct name *n = names->owners; n; n = n->next)
        if (begins_with_owner(rest, n->text))
            return n->text;
    return NULL;
}

bool rh_names_is_view(const struct rh_names *names, const char *object)
{
    for (const struct name *n = names->views; n; n = n->next)
        if (sqlite3_stricmp(n->text, object) == 0)
            return true;
    return false;
}

bool rh_names_is_key(const struct rh_names *names, const char *owner, const char *table,
                     const char *column)
{
    for (const struct key *k = names->keys; k; k = k->next)
        if (strcmp(k->owner, owner) == 0 && sqlite3_stricmp(k->table, table) == 0 &&
            sqlite3_stricmp(k->column, column) == 0)
            return true;
    return false;
}

/* ---- reading the schema ---- */

static int32_t add_name(struct rh_names *names, struct name **list, const char *text,
                        struct rh_err *err)
{
    struct name *name = rh_arena_alloc(&names->arena, sizeof(*name));
    char *copy = name ? rh_arena_strdup(&names->arena, text) : NULL;

    if (!copy)
        return rh_err_nomem(err);
    name->text = copy;
    name->next = *list;
    *list = name;
    return 0;
}

static int32_t load_names(struct rh_db *db, struct rh_names *names, const char *sql,
                          struct name **list, struct rh_err *err)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL);
    int32_t code = 0;

    while (rc == SQLITE_OK && code == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        code = add_name(names, list, (const char *)sqlite3_column_text(stmt, 0), err);
        rc = SQLITE_OK;
    }
    if (rc != SQLITE_OK && rc != SQLITE_DONE)
        code = rh_db_error(db, sqlite3_extended_errcode(db->handle), sql, err);
    (void)sqlite3_finalize(stmt); /* repeats the error of the step */
    return code;
}

/* `reader` gets to read a column of `table`, if `reader` is a plugin and the table is not its own.
 */
static int32_t add_key(struct rh_names *names, const char *reader, const char *table,
                       const char *column, struct rh_err *err)
{
    const char *owner = rh_names_owner(names, reader);
    const char *other = rh_names_owner(names, table);
    struct key *key;

    if (!owner || (other && strcmp(owner, other) == 0))
        return 0;
    key = rh_arena_alloc(&names->arena, sizeof(*key));
    if (!key)
        return rh_err_nomem(err);
    key->owner = owner;
    key->table = rh_arena_strdup(&names->arena, table);
    key->column = rh_arena_strdup(&names->arena, column);
    if (!key->table || !key->column)
        return rh_err_nomem(err);
    key->next = names->keys;
    names->keys = key;
    return 0;
}

static int32_t load_keys(struct rh_db *db, struct rh_names *names, struct rh_err *err)
{
    /* A key that names no parent column means the parent's primary key. */
    static const char sql[] =
        "SELECT c.name, f.\"table\", f.\"from\","
        " coalesce(f.\"to\", (SELECT p.name FROM pragma_table_info(f.\"table\") p"
        "                     WHERE p.pk = f.seq + 1))"
        " FROM sqlite_schema c, pragma_foreign_key_list(c.name) f WHERE c.type = 'table'";
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL);
    int32_t code = 0;

    while (rc == SQLITE_OK && code == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *child = (const char *)sqlite3_column_text(stmt, 0);
        const char *parent = (const char *)sqlite3_column_text(stmt, 1);
        const char *from = (const char *)sqlite3_column_text(stmt, 2);
        const char *to = (const char *)sqlite3_column_text(stmt, 3);

        rc = SQLITE_OK;
        if (!child || !parent || !from || !to)
            continue; /* a key to a table that is not there: SQLite itself will complain */
        code = add_key(names, child, parent, to, err);
        if (code == 0)
            code = add_key(names, parent, child, from, err);
    }
    if (rc != SQLITE_OK && rc != SQLITE_DONE)
        code = rh_db_error(db, sqlite3_extended_errcode(db->handle), sql, err);
    (void)sqlite3_finalize(stmt); /* repeats the error of the step */
    return code;
}

static int32_t load_all(struct rh_db *db, struct rh_names *names, struct rh_err *err)
{
    int64_t tables = 0;
    int32_t rc = rh_db_number(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'migration'", 0,
                              &tables, err);

    if (rc == 0 && tables > 0)
        rc = load_names(db, names,
                        "SELECT DISTINCT owner FROM migration"
                        " WHERE owner NOT IN ('core', 'store')",
                        &names->owners, err);
    if (rc == 0)
        rc = load_names(db, names, "SELECT name FROM sqlite_schema WHERE type = 'view'",
                        &names->views, err);
    if (rc == 0)
        rc = load_keys(db, names, err);
    return rc;
}

static int64_t schema_version(struct rh_db *db)
{
    int64_t version = -1;

    (void)rh_db_number(db, "PRAGMA schema_version", -1, &version, NULL); /* -1 reads anew */
    return version;
}

int32_t rh_names_refresh(struct rh_db *db, struct rh_err *err)
{
    enum rh_auth_mode mode = db->mode;
    int64_t version;
    struct rh_names *names;
    int32_t rc;

    db->mode = RH_AUTH_STORE;
    version = schema_version(db);
    if (db->names && version >= 0 && db->names->schema_version == version) {
        db->mode = mode;
        return 0;
    }
    names = rh_alloc(1, sizeof(*names));
    if (!names) {
        db->mode = mode;
        return rh_err_nomem(err);
    }
    rh_arena_init(&names->arena, NAMES_MAX_BYTES);
    names->schema_version = version;
    rc = load_all(db, names, err);
    db->mode = mode;
    if (rc < 0) {
        (void)rh_names_free(names); /* always NULL */
        return rc;
    }
    (void)rh_names_free(db->names); /* always NULL */
    db->names = names;
    return 0;
}
