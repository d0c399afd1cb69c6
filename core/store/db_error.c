#include "core/store/internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool disk_is_full(struct rh_db *db, int code)
{
    int cause;

    if ((code & 0xff) == SQLITE_FULL)
        return true;
    /* SQLite calls only ENOSPC "full"; a quota or a file size limit is the same to people. */
    cause = (code & 0xff) == SQLITE_IOERR ? sqlite3_system_errno(db->handle) : 0;
    return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
}

static int32_t constraint_error(struct rh_db *db, int code, struct rh_err *err)
{
    const char *what = sqlite3_errmsg(db->handle);

    switch (code) {
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return rh_err_set(
            err, RH_ECONFLICT,
            "Datenbank: ein Eintrag verweist auf etwas, das es nicht gibt oder das "
            "noch gebraucht wird (%s)",
            "database: an entry refers to what does not exist or is still needed (%s)", what);
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return rh_err_set(err, RH_ECONFLICT, "Datenbank: den Eintrag gibt es schon (%s)",
                          "database: the entry exists already (%s)", what);
    case SQLITE_CONSTRAINT_TRIGGER:
        return rh_err_set(err, RH_ECONFLICT, "Datenbank: nicht erlaubt (%s)",
                          "database: not allowed (%s)", what);
    default: /* CHECK, NOT NULL, data type of a STRICT table */
        return rh_err_set(err, RH_EINVALID, "Datenbank: der Wert verletzt eine Regel (%s)",
                          "database: the value breaks a rule (%s)", what);
    }
}

static int32_t stopped_error(struct rh_db *db, struct rh_err *err)
{
    if (db->out_of_time)
        return rh_err_set(err, RH_ECANCELLED,
                          "Datenbank: nach %lld s abgebrochen, die Abfrage dauert zu lange",
                          "database: stopped after %lld s, the query takes too long",
                          (long long)(db->limit_ms + 999) / 1000);
    return rh_err_set(err, RH_ECANCELLED, "Datenbank: auf Wunsch abgebrochen",
                      "database: stopped as asked");
}

static int32_t file_error(struct rh_db *db, int code, struct rh_err *err)
{
    switch (code & 0xff) {
    case SQLITE_CORRUPT:
        return rh_err_set(
            err, RH_EDAMAGED,
            "Datenbank '%s' ist beschädigt (%s); bitte die letzte Sicherung einspielen",
            "database '%s' is damaged (%s); restore the last backup", db->path,
            sqlite3_errmsg(db->handle));
    case SQLITE_NOTADB:
        return rh_err_set(err, RH_EDAMAGED, "'%s' ist keine Datenbankdatei",
                          "'%s' is not a database file", db->path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return rh_err_set(err, RH_EFORBIDDEN, "Datenbank '%s' darf nur gelesen werden",
                          "database '%s' may only be read", db->path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return rh_err_set(
            err, RH_EBUSY,
            "Datenbank '%s' ist gerade von einem anderen Programm gesperrt; bitte dieses "
            "beenden und noch einmal versuchen",
            "database '%s' is locked by another program; stop it and try again", db->path);
    case SQLITE_CANTOPEN:
        return rh_err_set(err, RH_EFAILED, "Datenbank '%s' lässt sich nicht öffnen (%s)",
                          "database '%s' cannot be opened (%s)", db->path,
                          strerror(sqlite3_system_errno(db->handle)));
    default:
        return rh_err_set(err, RH_EFAILED,
                          "Datenbank '%s': Fehler beim Lesen oder Schreiben (%s; %s)",
                          "database '%s': reading or writing failed (%s; %s)", db->path,
                          sqlite3_errstr(code), strerror(sqlite3_system_errno(db->handle)));
    }
}

/* The authorizer has written its reason in both languages; rh_err_set() takes the same words for
 * both. */
static int32_t refused_error(struct rh_db *db, const char *sql, struct rh_err *err)
{
    if (!err || err->code != 0)
        return err ? err->code : RH_EFORBIDDEN;
    for (int lang = RH_DE; lang <= RH_EN; lang++)
        (void)snprintf(err->text[lang], RH_ERR_MAX, "%s (in: %.200s)", db->denied[lang], sql);
    err->code = RH_EFORBIDDEN;
    return RH_EFORBIDDEN;
}

int32_t rh_db_error(struct rh_db *db, int code, const char *sql, struct rh_err *err)
{
    if (disk_is_full(db, code))
        return rh_err_set(err, RH_EFULL,
                          "Datenbank '%s': kein Platz mehr auf dem Datenträger; nichts wurde "
                          "geändert, sobald wieder Platz ist, geht es von selbst weiter",
                          "database '%s': the disk is full; nothing was changed, it goes on by "
                          "itself once there is space",
                          db->path);
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return rh_err_nomem(err);
    case SQLITE_CONSTRAINT:
        return constraint_error(db, code, err);
    case SQLITE_INTERRUPT:
        return stopped_error(db, err);
    case SQLITE_AUTH:
        return refused_error(db, sql ? sql : "-", err);
    case SQLITE_TOOBIG:
        return rh_err_set(err, RH_ETOOLARGE, "Datenbank: der Wert oder die Anweisung ist zu groß",
                          "database: the value or the statement is too large");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        return file_error(db, code, err);
    default:
        return rh_err_set(err, RH_EFAILED, "Datenbank: %s (in: %.200s)",
                          "database: %s (in: %.200s)", sqlite3_errmsg(db->handle), sql ? sql : "-");
    }
}

int32_t rh_db_statement_error(struct rh_db *db, const char *sql, struct rh_err *err)
{
    int code = sqlite3_extended_errcode(db->handle);

    /* Where a table is made by a module of SQLite, a refusal comes out as a plain error. */
    if (code == SQLITE_ERROR && db->denied[RH_DE][0] != '\0')
        code = SQLITE_AUTH;
    return rh_db_error(db, code, sql, err);
}
