/*
 * Backups: copy, check, sync, and only then the final name. VACUUM INTO reads one snapshot while
 * the writer goes on, gives a single file without journal, and leaves the free pages behind, in
 * which erased persons might still stand.
 */
#include "core/base/alloc.h"
#include "core/store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int32_t cannot_write(const char *path, struct rh_err *err)
{
    if (errno == ENOSPC || errno == EDQUOT)
        return rh_err_set(err, RH_EFULL, "Sicherung '%s': der Datenträger ist voll",
                          "backup '%s': the disk is full", path);
    if (errno == ENOENT || errno == ENOTDIR)
        return rh_err_set(err, RH_ENOTFOUND,
                          "Sicherung '%s': den Ordner gibt es nicht; bitte anlegen",
                          "backup '%s': the folder does not exist; make it", path);
    if (errno == EACCES || errno == EPERM || errno == EROFS)
        return rh_err_set(err, RH_EFORBIDDEN, "Sicherung '%s' darf nicht geschrieben werden (%s)",
                          "backup '%s' may not be written (%s)", path, strerror(errno));
    return rh_err_set(err, RH_EFAILED, "Sicherung '%s' lässt sich nicht schreiben (%s)",
                      "backup '%s' cannot be written (%s)", path, strerror(errno));
}

static int32_t taken(const char *path, struct rh_err *err)
{
    return rh_err_set(err, RH_ECONFLICT,
                      "Sicherung '%s': die Datei gibt es schon; bitte einen anderen Namen wählen",
                      "backup '%s': the file exists already; name another one", path);
}

/* ---- checking ---- */

/* The first finding of integrity_check is enough for the sentence. */
static int32_t check_integrity(struct rh_db *db, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err, "PRAGMA integrity_check(1)", NULL);

    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1 && strcmp(rh_stmt_text(stmt, 0), "ok") != 0)
        rc = rh_err_set(err, RH_EDAMAGED,
                        "Datenbank '%s' ist beschädigt (%s); bitte die letzte Sicherung einspielen",
                        "database '%s' is damaged (%s); restore the last backup", db->path,
                        rh_stmt_text(stmt, 0));
    (void)rh_stmt_close(stmt); /* always NULL */
    return rc < 0 ? rc : 0;
}

static int32_t check_references(struct rh_db *db, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err,
                             "SELECT \"table\", parent FROM pragma_foreign_key_check", NULL);

    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1)
        rc = rh_err_set(err, RH_EDAMAGED,
                        "Datenbank '%s': in '%s' stehen Verweise auf '%s', die ins Leere gehen",
                        "database '%s': '%s' holds references to '%s' that lead nowhere", db->path,
                        rh_stmt_text(stmt, 0), rh_stmt_text(stmt, 1));
    (void)rh_stmt_close(stmt); /* always NULL */
    return rc;
}

static int32_t check_file(const char *path, const char *vfs, struct rh_err *err)
{
    struct rh_db *db = NULL;
    int32_t rc = rh_connection_open(NULL, path, vfs, false, &db, err);

    if (rc == 0)
        rc = check_integrity(db, err);
    if (rc == 0)
        rc = check_references(db, err);
    (void)rh_connection_close(db); /* always NULL */
    return rc;
}

int32_t rh_store_check(struct rh_store *store, struct rh_err *err)
{
    return check_file(store->path, store->vfs, err);
}

/* ---- copying ---- */

static int32_t copy_into(const char *from, const char *vfs, const char *to, struct rh_err *err)
{
    struct rh_db *db = NULL;
    char *sql = sqlite3_mprintf("VACUUM main INTO %Q", to);
    int32_t rc = sql ? rh_connection_open(NULL, from, vfs, false, &db, err) : rh_err_nomem(err);

    if (rc == 0) {
        (void)sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 1); /* the copy is attached */
        rc = rh_db_run(db, sql, err);
    }
    (void)rh_connection_close(db); /* always NULL */
    sqlite3_free(sql);
    return rc;
}

static int32_t sync_path(const char *path, int flags, const char *to, struct rh_err *err)
{
    int fd = open(path, flags | O_CLOEXEC);
    int32_t rc = 0;

    if (fd < 0 || fsync(fd) != 0)
        rc = cannot_write(to, err);
    if (fd >= 0)
        close(fd);
    return rc;
}

/* Never over an older backup. Some file systems cannot promise that in one step: then look first.
 */
static int32_t give_name(const char *part, const char *to, struct rh_err *err)
{
    if (renameat2(AT_FDCWD, part, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno == EEXIST)
        return taken(to, err);
    if (errno != EINVAL && errno != ENOSYS)
        return cannot_write(to, err);
    if (access(to, F_OK) == 0)
        return taken(to, err);
    return rename(part, to) == 0 ? 0 : cannot_write(to, err);
}

static int32_t sync_folder_of(const char *path, struct rh_err *err)
{
    char folder[PATH_MAX];
    char *slash;

    (void)snprintf(folder, sizeof(folder), "%s", path); /* its length was checked */
    slash = strrchr(folder, '/');
    if (slash == folder)
        slash++;
    *slash = '\0';
    return sync_path(folder, O_RDONLY | O_DIRECTORY, path, err);
}

int32_t rh_backup_file(const char *from, const char *vfs, const char *to, struct rh_err *err)
{
    char path[PATH_MAX - 32], part[PATH_MAX];
    int32_t rc = rh_store_beside(to, "", path, sizeof(path), err);
    int fd;

    if (rc < 0)
        return rc;
    if (access(path, F_OK) == 0)
        return taken(path, err);
    (void)snprintf(part, sizeof(part), "%s.part-XXXXXX", path); /* always fits */
    /* VACUUM INTO takes an empty file; made here, it is readable for us alone. */
    fd = mkostemp(part, O_CLOEXEC);
    if (fd < 0)
        return cannot_write(path, err);
    close(fd);
    rc = copy_into(from, vfs, part, err);
    if (rc == 0)
        rc = check_file(part, vfs, err);
    if (rc == 0)
        rc = sync_path(part, O_RDONLY, path, err);
    if (rc == 0)
        rc = give_name(part, path, err);
    if (rc == 0)
        rc = sync_folder_of(path, err);
    if (rc < 0)
        (void)unlink(part); /* gone already when it has its name */
    return rc;
}

int32_t rh_store_backup(struct rh_store *store, const char *to, struct rh_err *err)
{
    int32_t rc = store->scratch ? rh_writer_commit_here(store, err) : 0;

    return rc < 0 ? rc : rh_backup_file(store->path, store->vfs, to, err);
}
