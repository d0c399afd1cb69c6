#include "core/store/authorizer.h"

#include "core/store/cte.h"
#include "core/store/internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool rh_owner_is_core(const char *owner)
{
    return strcmp(owner, "core") == 0 || strcmp(owner, "store") == 0;
}

bool rh_owner_name_ok(const char *owner)
{
    static const char *const reserved[] = {"core", "store", "v", "sqlite", "pragma", "json", "rh"};
    size_t length = strspn(owner, "abcdefghijklmnopqrstuvwxyz0123456789_");

    if (length == 0 || length > 40 || owner[length] != '\0' || owner[0] < 'a' || owner[0] > 'z')
        return false;
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        if (strcmp(owner, reserved[i]) == 0)
            return false;
    return strncmp(owner, "v_", 2) != 0 && strncmp(owner, "sqlite_", 7) != 0;
}

/* ---- in whose name ---- */

void rh_owner_enter(struct rh_db *db, enum rh_auth_mode mode, const char *owner)
{
    db->mode = mode;
    db->owner = owner;
    db->vouched_count = 0;
    db->denied[RH_DE][0] = db->denied[RH_EN][0] = '\0';
}

void rh_owner_leave(struct rh_db *db)
{
    db->mode = RH_AUTH_STORE;
    db->owner = NULL;
}

int32_t rh_owner_check_text(struct rh_db *db, const char *owner, const char *sql, const char *end,
                            struct rh_err *err)
{
    char name[RH_CTE_NAME_MAX];

    while (rh_cte_next(&sql, end, name)) {
        const char *found = rh_names_owner(db->names, name);

        if (sqlite3_strnicmp(name, "v_", 2) == 0 && (!found || strcmp(found, owner) != 0))
            return rh_err_set(
                err, RH_EFORBIDDEN, "'%s' darf einen Ausdruck nicht '%s' nennen: so heißen Sichten",
                "'%s' may not call an expression '%s': views are called so", owner, name);
    }
    return 0;
}

/* ---- refusals, in words ---- */

static int refuse(struct rh_db *db, const char *de, const char *en, const char *what)
{
    const char *owner = db->owner ? db->owner : "core";

    if (db->denied[RH_DE][0] == '\0') { /* the first reason is the telling one */
        (void)snprintf(db->denied[RH_DE], sizeof(db->denied[RH_DE]), "'%s' darf %s '%s'", owner, de,
                       what ? what : "");
        (void)snprintf(db->denied[RH_EN], sizeof(db->denied[RH_EN]), "'%s' may not %s '%s'", owner,
                       en, what ? what : "");
    }
    return SQLITE_DENY;
}

static int refuse_kind(struct rh_db *db, const char *de, const char *en)
{
    if (db->denied[RH_DE][0] == '\0') {
        (void)snprintf(db->denied[RH_DE], sizeof(db->denied[RH_DE]), "'%s' darf %s",
                       db->owner ? db->owner : "core", de);
        (void)snprintf(db->denied[RH_EN], sizeof(db->denied[RH_EN]), "'%s' may not %s",
                       db->owner ? db->owner : "core", en);
    }
    return SQLITE_DENY;
}

/* ---- whose is it? ---- */

static bool is_owners(const struct rh_db *db, const char *owner, const char *object)
{
    const char *found = object ? rh_names_owner(db->names, object) : NULL;

    return found && strcmp(found, owner) == 0;
}

static bool is_owners_table(const struct rh_db *db, const char *object)
{
    return object && sqlite3_strnicmp(object, "v_", 2) != 0 && is_owners(db, db->owner, object);
}

static bool is_owners_view(const struct rh_db *db, const char *object)
{
    return object && sqlite3_strnicmp(object, "v_", 2) == 0 && is_owners(db, db->owner, object);
}

static bool is_schema_table(const char *table)
{
    static const char *const tables[] = {"sqlite_master", "sqlite_schema", "sqlite_temp_master",
                                         "sqlite_temp_schema", "sqlite_sequence"};

    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        if (sqlite3_stricmp(table, tables[i]) == 0)
            return true;
    return false;
}

/* ---- tables that a view has vouched for ----
 *
 * SELECT count(*) FROM v_office becomes a count of `office`, and SQLite asks for that without
 * telling that a view stood there. But before, it asked for the view's columns.
 */

static uint64_t hash_of(const char *table)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (; *table; table++)
        hash = (hash ^ (uint64_t)tolower((unsigned char)*table)) * UINT64_C(1099511628211);
    return hash;
}

static bool is_vouched(const struct rh_db *db, const char *table)
{
    for (int i = 0; i < db->vouched_count; i++)
        if (db->vouched[i] == hash_of(table))
            return true;
    return false;
}

static void vouch(struct rh_db *db, const char *table)
{
    int room = (int)(sizeof(db->vouched) / sizeof(db->vouched[0]));

    if (db->vouched_count < room && !is_vouched(db, table))
        db->vouched[db->vouched_count++] = hash_of(table);
}

static bool may_read(const struct rh_db *db, const char *owner, const char *table,
                     const char *column)
{
    if (rh_names_is_view(db->names, table))
        return sqlite3_strnicmp(table, "v_", 2) == 0;
    if (is_owners(db, owner, table) || rh_names_is_key(db->names, owner, table, column))
        return true;
    return sqlite3_stricmp(table, "json_each") == 0 || sqlite3_stricmp(table, "json_tree") == 0;
}

static int authorize_read(struct rh_db *db, const char *table, const char *column,
                          const char *inner)
{
    const char *reader = db->owner;

    if (db->mode == RH_AUTH_MIGRATION && is_schema_table(table))
        return SQLITE_OK; /* every CREATE and DROP reads it */
    if (inner && sqlite3_strnicmp(inner, "v_", 2) == 0)
        reader = rh_names_owner(db->names, inner); /* NULL: a view of the core may show all */
    if (reader && !may_read(db, reader, table, column) &&
        !(column[0] == '\0' && is_vouched(db, table)))
        return refuse(db, "nicht lesen:", "read", table);
    if (inner)
        vouch(db, table);
    return SQLITE_OK;
}

static int authorize_change(struct rh_db *db, const char *table)
{
    if (db->mode == RH_AUTH_MIGRATION && is_schema_table(table))
        return SQLITE_OK; /* as part of CREATE and DROP; SQLite itself refuses it otherwise */
    if (is_owners(db, db->owner, table))
        return SQLITE_OK; /* a view of its own too: that needs a trigger, which is its own */
    return refuse(db, "nicht ändern:", "change", table);
}

static int authorize_function(struct rh_db *db, const char *function)
{
    static const char *const refused[] = {"load_extension", "fts3_tokenizer", "readfile",
                                          "writefile",      "edit",           "sqlite_log"};

    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        if (sqlite3_stricmp(function, refused[i]) == 0)
            return refuse(db, "diese Funktion nicht aufrufen:", "call", function);
    return SQLITE_OK;
}

/* ---- schema steps ---- */

/* SQLite makes an index for each UNIQUE by itself, named sqlite_autoindex_TABLE_n. */
static bool is_owners_index(const struct rh_db *db, const char *index, const char *table)
{
    return is_owners_table(db, table) &&
           (is_owners_table(db, index) || sqlite3_strnicmp(index, "sqlite_autoindex_", 17) == 0);
}

static int authorize_schema(struct rh_db *db, int action, const char *first, const char *second)
{
    bool own;

    if (db->mode != RH_AUTH_MIGRATION)
        return refuse(db, "das Schema nur in seinen Migrationen ändern, nicht hier:",
                      "change the schema outside its migrations:", first);
    switch (action) {
    case SQLITE_CREATE_TABLE:
        /* The first AUTOINCREMENT makes SQLite's own table; nobody else can: the name is reserved.
         */
        own = is_owners_table(db, first) || sqlite3_stricmp(first, "sqlite_sequence") == 0;
        break;
    case SQLITE_DROP_TABLE:
        own = is_owners_table(db, first);
        break;
    case SQLITE_ALTER_TABLE: /* (schema, table) */
        own = is_owners_table(db, second);
        first = second;
        break;
    case SQLITE_CREATE_INDEX:
    case SQLITE_DROP_INDEX:
        own = is_owners_index(db, first, second);
        break;
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_DROP_TRIGGER:
        /* On a table of the core it would run inside the core's own statements. */
        own = is_owners_table(db, first) && is_owners(db, db->owner, second);
        break;
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_VIEW:
        own = is_owners_view(db, first);
        break;
    default:
        own = false;
        break;
    }
    if (own)
        return SQLITE_OK;
    return refuse(db, "nur anlegen, ändern und löschen, was '<name>_…' oder 'v_<name>_…' heißt:",
                  "make, change or drop what is not named '<name>_…' or 'v_<name>_…':", first);
}

/* ---- the question itself ---- */

static int authorize_plugin(struct rh_db *db, int action, const char *first, const char *second,
                            const char *inner)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_READ:
        return authorize_read(db, first, second, inner);
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return authorize_change(db, first);
    case SQLITE_FUNCTION:
        return authorize_function(db, second);
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_VIEW:
    case SQLITE_ALTER_TABLE:
        return authorize_schema(db, action, first, second);
    case SQLITE_REINDEX:
        /* ALTER TABLE … and CREATE INDEX fill what they made. */
        return db->mode == RH_AUTH_MIGRATION && is_owners_table(db, first)
                   ? SQLITE_OK
                   : refuse(db, "nicht neu ordnen:", "reindex", first);
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        return refuse_kind(db, "keine Transaktionen steuern, das tut der Speicher",
                           "steer transactions, that is the store's");
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
        return refuse_kind(db, "keine anderen Dateien anhängen", "attach other files");
    case SQLITE_PRAGMA:
        return refuse(db, "keine Einstellung lesen oder ändern:", "read or change the setting",
                      first);
    default: /* virtual and temporary things, ANALYZE, and what SQLite will think of next */
        return refuse_kind(db, "das nicht (virtuelle oder temporäre Tabellen, ANALYZE)",
                           "do that (virtual or temporary tables, ANALYZE)");
    }
}

/* ALTER TABLE looks whether something temporary refers to the table; nothing temporary exists. */
static bool is_looking_for_temporary(const struct rh_db *db, int action, const char *table)
{
    return db->mode == RH_AUTH_MIGRATION && (action == SQLITE_READ || action == SQLITE_UPDATE) &&
           is_schema_table(table);
}

int rh_authorize(void *context, int action, const char *first, const char *second,
                 const char *schema, const char *inner)
{
    struct rh_db *db = context;

    switch (db->mode) {
    case RH_AUTH_STORE:
        return SQLITE_OK;
    case RH_AUTH_CORE:
        if (action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT || action == SQLITE_ATTACH ||
            action == SQLITE_DETACH)
            return authorize_plugin(db, action, first, second, inner);
        return SQLITE_OK;
    case RH_AUTH_PLUGIN:
    case RH_AUTH_MIGRATION:
        break;
    }
    if (!db->names)
        return refuse_kind(db, "nichts, solange das Schema unbekannt ist",
                           "do anything while the schema is unknown");
    if (action == SQLITE_ALTER_TABLE) /* says the schema first, and a column last */
        schema = first;
    if (schema && strcmp(schema, "main") != 0 && !is_looking_for_temporary(db, action, first))
        return refuse(db, "keine andere Datenbank benutzen:", "use another database:", schema);
    return authorize_plugin(db, action, first, second, inner);
}
