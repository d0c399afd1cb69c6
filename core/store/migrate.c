/*
 * Schema steps: which are due, a backup before the first, all in one transaction.
 *
 *     foreign_keys OFF -> BEGIN IMMEDIATE -> compare with `migration` -> backup -> steps -> checks
 *     -> COMMIT -> foreign_keys ON
 *
 * Foreign keys are off while steps run, because SQLite's only way to change a column is to rebuild
 * its table, which would otherwise delete what refers to it; before COMMIT all are checked at once.
 */
#include "core/store/authorizer.h"
#include "core/store/cte.h"
#include "core/store/hash.h"
#include "core/store/internal.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct plan {
    struct rh_store *store;
    struct rh_db *db;
    const struct rh_schema_step *steps; /* the callers' */
    size_t count;
    int32_t core_number; /* for the backup's name */
    int due;
};

static const char migration_table[] =
    "CREATE TABLE IF NOT EXISTS migration (\n"
    "    -- Which steps of whose schema this file has seen. A step is never edited afterwards.\n"
    "    owner      TEXT NOT NULL,    -- 'core', 'store' or a plugin\n"
    "    number     INTEGER NOT NULL, -- 1, 2, 3, …\n"
    "    name       TEXT NOT NULL,\n"
    "    checksum   TEXT NOT NULL,    -- SHA-256 of the step's SQL\n"
    "    applied_at INTEGER NOT NULL, -- seconds since 1970, UTC\n"
    "    PRIMARY KEY (owner, number)\n"
    ") STRICT, WITHOUT ROWID";

static const struct rh_schema_step *step_at(const struct plan *plan, size_t i)
{
    return i < rh_store_step_count ? &rh_store_steps[i] : &plan->steps[i - rh_store_step_count];
}

static size_t step_count(const struct plan *plan)
{
    return rh_store_step_count + plan->count;
}

static void checksum_of(const struct rh_schema_step *step, char text[RH_HASH_TEXT])
{
    struct rh_hash hash;

    rh_hash_begin(&hash);
    rh_hash_add(&hash, step->sql, strlen(step->sql));
    rh_hash_end(&hash, text);
}

/* ---- what the caller hands in ---- */

static int32_t highest_given(const struct plan *plan, const char *owner)
{
    int32_t highest = 0;

    for (size_t i = 0; i < step_count(plan); i++)
        if (strcmp(step_at(plan, i)->owner, owner) == 0)
            highest = step_at(plan, i)->number;
    return highest;
}

static int32_t check_given(const struct plan *plan, struct rh_err *err)
{
    for (size_t i = 0; i < step_count(plan); i++) {
        const struct rh_schema_step *step = step_at(plan, i);
        int32_t before = 0;

        if (i >= rh_store_step_count && strcmp(step->owner, "store") == 0)
            return rh_err_set(err, RH_EINVALID, "Migration: der Name 'store' ist vergeben",
                              "migration: the name 'store' is taken");
        if (!rh_owner_is_core(step->owner) && !rh_owner_name_ok(step->owner))
            return rh_err_set(err, RH_EINVALID,
                              "Migration: '%s' ist kein erlaubter Name für ein Plugin mit Tabellen",
                              "migration: '%s' is not a name that a plugin with tables may have",
                              step->owner);
        for (size_t j = 0; j < i; j++)
            if (strcmp(step_at(plan, j)->owner, step->owner) == 0)
                before = step_at(plan, j)->number;
        if (step->number != before + 1)
            return rh_err_set(err, RH_EINVALID,
                              "Migration '%s': auf Schritt %d folgt Schritt %d, erwartet wird %d",
                              "migration '%s': step %d is followed by step %d, expected is %d",
                              step->owner, (int)before, (int)step->number, (int)before + 1);
    }
    return 0;
}

/* ---- what the file has seen ---- */

/* 1 and its checksum, 0 when the step was not applied */
static int32_t find_applied(struct rh_db *db, const char *owner, int32_t number,
                            char checksum[RH_HASH_TEXT], struct rh_err *err)
{
    static const char sql[] = "SELECT checksum FROM migration WHERE owner = ?1 AND number = ?2";
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err, sql, "si", owner, (int64_t)number);

    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1)
        (void)snprintf(checksum, RH_HASH_TEXT, "%s", rh_stmt_text(stmt, 0));
    (void)rh_stmt_close(stmt); /* always NULL */
    return rc;
}

static int32_t highest_applied(struct rh_db *db, const char *owner, int32_t *ret,
                               struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int64_t highest = 0, steps = 0;
    int32_t rc = rh_db_query(db, NULL, &stmt, err,
                             "SELECT coalesce(max(number), 0), count(*) FROM migration"
                             " WHERE owner = ?1",
                             "s", owner);

    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1) {
        highest = rh_stmt_int(stmt, 0);
        steps = rh_stmt_int(stmt, 1);
    }
    (void)rh_stmt_close(stmt); /* always NULL */
    if (rc < 0)
        return rc;
    if (highest != steps)
        return rh_err_set(err, RH_EDAMAGED,
                          "Datenbank '%s': in der Liste der Migrationen von '%s' fehlen Schritte",
                          "database '%s': steps are missing in the list of migrations of '%s'",
                          db->path, owner);
    *ret = (int32_t)highest;
    return 0;
}

static int32_t check_not_newer(const struct plan *plan, const char *owner, struct rh_err *err)
{
    int32_t applied = 0, known = highest_given(plan, owner);
    int32_t rc = highest_applied(plan->db, owner, &applied, err);

    if (rc < 0 || applied <= known)
        return rc;
    return rh_err_set(
        err, RH_ECONFLICT,
        "Datenbank '%s' ist neuer als dieses Programm: Schema '%s' Nr. %d, bekannt ist "
        "Nr. %d; es braucht das neuere Programm oder die Sicherung '….bak' von vor dem "
        "Wechsel",
        "database '%s' is newer than this program: schema '%s' no. %d, known is no. "
        "%d; take the newer program or the backup '….bak' from before the change",
        plan->db->path, owner, (int)applied, (int)known);
}

static int32_t compare(struct plan *plan, struct rh_err *err)
{
    for (size_t i = 0; i < step_count(plan); i++) {
        const struct rh_schema_step *step = step_at(plan, i);
        char seen[RH_HASH_TEXT], now[RH_HASH_TEXT];
        int32_t rc = step->number == 1 ? check_not_newer(plan, step->owner, err) : 0;

        if (rc == 0)
            rc = find_applied(plan->db, step->owner, step->number, seen, err);
        if (rc < 0)
            return rc;
        if (rc == 0) {
            plan->due++;
            continue;
        }
        checksum_of(step, now);
        if (strcmp(seen, now) != 0)
            return rh_err_set(
                err, RH_ECONFLICT,
                "Datenbank '%s': Migration '%s' Nr. %d (%s) wurde nachträglich geändert; "
                "angewandte Schritte bleiben, wie sie sind, Neues kommt in einen neuen",
                "database '%s': migration '%s' no. %d (%s) was changed afterwards; "
                "applied steps stay as they are, news go into a new one",
                plan->db->path, step->owner, (int)step->number, step->name);
    }
    return 0;
}

/* ---- the backup before ---- */

static int32_t holds_data(struct rh_db *db, bool *ret, struct rh_err *err)
{
    struct rh_stmt *tables = NULL;
    int32_t rc = rh_db_query(db, NULL, &tables, err,
                             "SELECT format('SELECT EXISTS (SELECT 1 FROM \"%w\")', name)"
                             " FROM sqlite_schema WHERE type = 'table' AND name <> 'migration'"
                             " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                             NULL);
    int64_t found = 0;

    while (rc == 0 && found == 0 && (rc = rh_stmt_next(tables, err)) == 1)
        rc = rh_db_number(db, rh_stmt_text(tables, 0), 0, &found, err);
    (void)rh_stmt_close(tables); /* always NULL */
    *ret = found != 0;
    return rc;
}

static int32_t backup_before(const struct plan *plan, struct rh_err *err)
{
    char name[PATH_MAX], date[32];
    time_t now = time(NULL);
    struct tm utc;
    int32_t rc;

    if (!gmtime_r(&now, &utc) || strftime(date, sizeof(date), "%Y%m%d-%H%M%S", &utc) == 0)
        return rh_err_set(err, RH_EFAILED, "die Uhr der Maschine steht auf einem unmöglichen Datum",
                          "the machine's clock shows an impossible date");
    for (int n = 1; n <= 100; n++) {
        char more[16] = "";

        if (n > 1)
            (void)snprintf(more, sizeof(more), "-%d", n);
        if ((size_t)snprintf(name, sizeof(name), "%s.before-%d-%s%s.bak", plan->store->path,
                             (int)plan->core_number, date, more) >= sizeof(name))
            return rh_err_set(err, RH_ETOOLARGE, "Pfad '%s' ist zu lang", "path '%s' is too long",
                              plan->store->path);
        if (access(name, F_OK) != 0)
            break;
    }
    rc = rh_backup_file(plan->store->path, plan->store->vfs, name, err);
    return rc < 0 ? rh_err_wrap(err, "Sicherung vor der Migration", "backup before the migration")
                  : 0;
}

/* ---- a plugin's name must not claim what is another's ---- */

static int32_t check_name_is_free(struct rh_db *db, const char *owner, struct rh_err *err)
{
    /* Both ways: 'turnus' would own turnus_x_…, and 'turnus_x' lies inside 'turnus'. */
    static const char sql[] = "SELECT name FROM sqlite_schema"
                              " WHERE substr(tbl_name, 1, length(?1) + 1) = ?1 || '_'"
                              "    OR substr(tbl_name, 1, length(?1) + 3) = 'v_' || ?1 || '_'"
                              " UNION ALL SELECT owner FROM migration"
                              " WHERE owner NOT IN ('core', 'store', ?1)"
                              "   AND (substr(owner, 1, length(?1) + 1) = ?1 || '_'"
                              "     OR substr(?1, 1, length(owner) + 1) = owner || '_')";
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err, sql, "s", owner);

    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1)
        rc = rh_err_set(err, RH_ECONFLICT,
                        "ein Plugin darf nicht '%s' heißen, denn '%s' gehört anderen",
                        "a plugin cannot be called '%s', for '%s' belongs to others", owner,
                        rh_stmt_text(stmt, 0));
    (void)rh_stmt_close(stmt); /* always NULL */
    return rc;
}

/* ---- what is not the owner's must be the same afterwards ---- */

/*
 * The authorizer sees what a statement touches, but not the new name in ALTER TABLE … RENAME, nor
 * that it rewrites the views of others. So the rest of the schema is compared as text.
 */
static int32_t fingerprint_others(struct rh_db *db, const char *owner, char text[RH_HASH_TEXT],
                                  struct rh_err *err)
{
    static const char sql[] = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
                              " WHERE name NOT LIKE 'sqlite\\_s%' ESCAPE '\\' ORDER BY type, name";
    struct rh_stmt *stmt = NULL;
    struct rh_hash hash;
    int32_t rc = rh_db_query(db, NULL, &stmt, err, sql, NULL);

    rh_hash_begin(&hash);
    while (rc == 0 && (rc = rh_stmt_next(stmt, err)) == 1) {
        const char *belongs_to = rh_names_owner(db->names, rh_stmt_text(stmt, 2));
        bool of_others = rh_owner_is_core(owner) ? belongs_to != NULL
                                                 : !belongs_to || strcmp(belongs_to, owner) != 0;

        rc = 0;
        if (!of_others)
            continue;
        rh_hash_add_text(&hash, rh_stmt_text(stmt, 0));
        rh_hash_add_text(&hash, rh_stmt_text(stmt, 1));
        rh_hash_add_text(&hash, rh_stmt_text(stmt, 2));
        /* When the core renames a column, SQLite adapts the plugins' views: that is as it should
         * be. */
        if (!rh_owner_is_core(owner))
            rh_hash_add_text(&hash, rh_stmt_text(stmt, 3));
    }
    (void)rh_stmt_close(stmt); /* always NULL */
    rh_hash_end(&hash, text);
    return rc;
}

/* ---- running a step ---- */

static int32_t run_statement(struct rh_db *db, const char *owner, const char *sql,
                             const char **rest, struct rh_err *err)
{
    bool core = rh_owner_is_core(owner);
    sqlite3_stmt *stmt = NULL;
    int32_t code = core ? 0 : rh_names_refresh(db, err);
    int rc;

    if (code < 0)
        return code;
    rh_owner_enter(db, core ? RH_AUTH_CORE : RH_AUTH_MIGRATION, core ? NULL : owner);
    rc = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, rest);
    if (rc == SQLITE_OK && !core)
        code = rh_owner_check_text(db, owner, sql, *rest, err);
    while (rc == SQLITE_OK && code == 0 && stmt)
        rc = sqlite3_step(stmt) == SQLITE_ROW ? SQLITE_OK : sqlite3_extended_errcode(db->handle);
    rh_owner_leave(db);
    if (rc != SQLITE_OK && rc != SQLITE_DONE)
        code = rh_db_statement_error(db, sql, err);
    (void)sqlite3_finalize(stmt); /* repeats the error of the step */
    return code;
}

static int32_t record(struct rh_db *db, const struct rh_schema_step *step, struct rh_err *err)
{
    char checksum[RH_HASH_TEXT];
    int64_t rc;

    checksum_of(step, checksum);
    rc = rh_db_exec(db, NULL, err,
                    "INSERT INTO migration (owner, number, name, checksum, applied_at)"
                    " VALUES (?1, ?2, ?3, ?4, ?5)",
                    "sissi", step->owner, (int64_t)step->number, step->name, checksum,
                    (int64_t)time(NULL));
    return rc < 0 ? (int32_t)rc : 0;
}

static int32_t run_step(struct rh_db *db, const struct rh_schema_step *step, struct rh_err *err)
{
    char before[RH_HASH_TEXT] = "", after[RH_HASH_TEXT] = "";
    const char *sql = step->sql;
    int32_t rc = 0;

    if (step->number == 1 && !rh_owner_is_core(step->owner))
        rc = check_name_is_free(db, step->owner, err);
    if (rc == 0)
        rc = record(db, step, err);
    /* The list of owners has changed, which the schema's version does not tell. */
    db->names = rh_names_free(db->names);
    if (rc == 0)
        rc = rh_names_refresh(db, err);
    if (rc == 0)
        rc = fingerprint_others(db, step->owner, before, err);
    while (rc == 0 && *sql)
        rc = run_statement(db, step->owner, sql, &sql, err);
    if (rc == 0)
        rc = rh_names_refresh(db, err);
    if (rc == 0)
        rc = fingerprint_others(db, step->owner, after, err);
    if (rc == 0 && strcmp(before, after) != 0)
        rc = rh_err_set(err, RH_EFORBIDDEN, "der Schritt verändert, was anderen gehört",
                        "the step changes what belongs to others");
    if (rc < 0)
        return rh_err_wrap(err, "Migration '%s' Nr. %d (%s)", "migration '%s' no. %d (%s)",
                           step->owner, (int)step->number, step->name);
    return 0;
}

/* ---- afterwards ---- */

static int32_t check_strict(struct rh_db *db, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err,
                             "SELECT name FROM pragma_table_list WHERE schema = 'main'"
                             " AND type = 'table' AND strict = 0"
                             " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                             NULL);

    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1)
        rc = rh_err_set(
            err, RH_EINVALID, "Tabelle '%s' ist nicht STRICT; 'STRICT' gehört hinter ihre Klammer",
            "table '%s' is not STRICT: write 'STRICT' behind its bracket", rh_stmt_text(stmt, 0));
    (void)rh_stmt_close(stmt); /* always NULL */
    return rc;
}

static int32_t check_references(struct rh_db *db, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err,
                             "SELECT \"table\", parent FROM pragma_foreign_key_check", NULL);

    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1)
        rc = rh_err_set(err, RH_ECONFLICT, "in '%s' stehen Verweise auf '%s', die ins Leere gehen",
                        "'%s' holds references to '%s' that lead nowhere", rh_stmt_text(stmt, 0),
                        rh_stmt_text(stmt, 1));
    (void)rh_stmt_close(stmt); /* always NULL */
    return rc;
}

/* In a view, common table expressions are named like views of its owner: see cte.h. */
static int32_t check_view_text(const struct rh_db *db, const char *view, const char *sql,
                               struct rh_err *err)
{
    const char *owner = rh_names_owner(db->names, view);
    const char *end = sql + strlen(sql);
    char name[RH_CTE_NAME_MAX];

    while (rh_cte_next(&sql, end, name)) {
        const char *other = rh_names_owner(db->names, name);
        bool fits = owner && other ? strcmp(owner, other) == 0 : owner == other;

        if (sqlite3_strnicmp(name, "v_", 2) != 0 || !fits)
            return rh_err_set(err, RH_EINVALID,
                              "der Ausdruck 'WITH %s' in einer Sicht muss 'v_%s%s…' heißen",
                              "the expression 'WITH %s' in a view must be named 'v_%s%s…'", name,
                              owner ? owner : "", owner ? "_" : "");
    }
    return 0;
}

/* A view is not compiled when it is made; so ask each once, with the rights of its owner. */
static int32_t check_views(struct rh_db *db, struct rh_err *err)
{
    struct rh_stmt *views = NULL;
    int32_t rc = rh_names_refresh(db, err);

    if (rc == 0)
        rc = rh_db_query(db, NULL, &views, err,
                         "SELECT name, format('SELECT * FROM \"%w\"', name), sql FROM sqlite_schema"
                         " WHERE type = 'view'",
                         NULL);
    while (rc == 0 && (rc = rh_stmt_next(views, err)) == 1) {
        const char *owner = rh_names_owner(db->names, rh_stmt_text(views, 0));
        struct rh_stmt *view = NULL;

        rc = check_view_text(db, rh_stmt_text(views, 0), rh_stmt_text(views, 2), err);
        if (rc == 0)
            rc = rh_db_query(db, owner, &view, err, rh_stmt_text(views, 1), NULL);
        if (rc < 0)
            rc = rh_err_wrap(err, "Sicht '%s'", "view '%s'", rh_stmt_text(views, 0));
        (void)rh_stmt_close(view); /* always NULL */
    }
    (void)rh_stmt_close(views); /* always NULL */
    return rc;
}

static int32_t apply(struct plan *plan, struct rh_err *err)
{
    struct rh_db *db = plan->db;
    char seen[RH_HASH_TEXT];
    int32_t rc = 0;

    for (size_t i = 0; i < step_count(plan) && rc == 0; i++) {
        const struct rh_schema_step *step = step_at(plan, i);

        rc = find_applied(db, step->owner, step->number, seen, err);
        if (rc == 0)
            rc = run_step(db, step, err);
        else if (rc == 1)
            rc = 0;
    }
    if (rc == 0)
        rc = check_strict(db, err);
    if (rc == 0)
        rc = check_references(db, err);
    if (rc == 0)
        rc = check_views(db, err);
    return rc;
}

static int32_t in_transaction(struct plan *plan, bool *ret_safe, struct rh_err *err)
{
    struct rh_db *db = plan->db;
    int32_t applied = 0;
    bool data = false;
    int32_t rc = rh_db_run(db, migration_table, err);

    if (rc == 0)
        rc = compare(plan, err);
    if (rc == 0)
        rc = highest_applied(db, "core", &applied, err);
    if (rc < 0 || plan->due == 0)
        return rc;
    plan->core_number = highest_given(plan, "core");
    if (plan->core_number < applied)
        plan->core_number = applied;
    /* Several owners are often brought up to date one after another: one backup is enough. */
    if (plan->store->backup_version != rh_store_version(plan->store))
        rc = holds_data(db, &data, err);
    if (rc == 0 && data)
        rc = backup_before(plan, err);
    *ret_safe = rc == 0;
    if (rc == 0)
        rc = rh_db_run(db, "PRAGMA application_id = 0x7268756d", err);
    if (rc == 0)
        rc = apply(plan, err);
    return rc;
}

int32_t rh_migrate(struct rh_store *store, struct rh_db *db, const struct rh_schema_step *steps,
                   size_t count, struct rh_err *err)
{
    struct plan plan = {.store = store, .db = db, .steps = steps, .count = count};
    bool safe = false;
    int64_t foreign_keys = 0;
    int32_t rc = check_given(&plan, err);

    if (rc == 0)
        rc = rh_db_run(db, "PRAGMA foreign_keys = OFF", err);
    if (rc == 0)
        rc = rh_db_begin(db, err);
    if (rc == 0) {
        rc = in_transaction(&plan, &safe, err);
        rh_cache_close_open(db->cache);
        if (rc == 0)
            rc = rh_db_commit(db, err);
        else
            rh_db_rollback(db);
        if (safe)
            store->backup_version = rh_store_version(store) + (db->wrote ? 1 : 0);
        atomic_fetch_add(&store->generation, 1);
        db->names = rh_names_free(db->names);
    }
    /* Back on, whatever happened; without them no further change is allowed. */
    (void)rh_db_run(db, "PRAGMA foreign_keys = ON", err);
    (void)rh_db_number(db, "PRAGMA foreign_keys", 0, &foreign_keys, err);
    if (foreign_keys != 1)
        rc = rh_err_set(
            err, RH_EFAILED,
            "Datenbank '%s': die Prüfung der Verweise ließ sich nicht wieder einschalten",
            "database '%s': checking of references could not be switched on again", db->path);
    return rc;
}
