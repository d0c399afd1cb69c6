#include "core/base/number.h"
#include "core/store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int32_t beside_real(const char *real, const char *name, const char *suffix, char *buffer,
                           size_t size, const char *path, struct rh_err *err)
{
    int length =
        snprintf(buffer, size, "%s%s%s%s", real, name ? "/" : "", name ? name : "", suffix);

    if (length < 0 || (size_t)length >= size)
        return rh_err_set(err, RH_ETOOLARGE, "Pfad '%s' ist zu lang", "path '%s' is too long",
                          path);
    return 0;
}

/* The file is missing: its folder decides. */
static int32_t beside_new(const char *path, const char *suffix, char *buffer, size_t size,
                          struct rh_err *err)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    char folder[PATH_MAX] = ".", real[PATH_MAX];

    if (slash && slash != path &&
        (size_t)snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path) >=
            sizeof(folder))
        return rh_err_set(err, RH_ETOOLARGE, "Pfad '%s' ist zu lang", "path '%s' is too long",
                          path);
    if (slash == path)
        (void)snprintf(folder, sizeof(folder), "/"); /* two bytes fit */
    if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return rh_err_set(err, RH_EINVALID, "'%s' ist ein Ordner, keine Datenbankdatei",
                          "'%s' is a folder, not a database file", path);
    if (!realpath(folder, real)) {
        if (errno == ENOENT || errno == ENOTDIR)
            return rh_err_set(err, RH_ENOTFOUND,
                              "Datenbank '%s': den Ordner '%s' gibt es nicht; bitte anlegen oder "
                              "mit --db einen anderen Ort nennen",
                              "database '%s': the folder '%s' does not exist; make it or name "
                              "another place with --db",
                              path, folder);
        return rh_err_set(err, RH_EFAILED, "Datenbank '%s': Ordner '%s' nicht erreichbar (%s)",
                          "database '%s': cannot reach the folder '%s' (%s)", path, folder,
                          strerror(errno));
    }
    return beside_real(strcmp(real, "/") == 0 ? "" : real, name, suffix, buffer, size, path, err);
}

int32_t rh_store_beside(const char *path, const char *suffix, char *buffer, size_t size,
                        struct rh_err *err)
{
    char real[PATH_MAX];

    if (realpath(path, real))
        return beside_real(real, NULL, suffix, buffer, size, path, err);
    if (errno == ENOENT)
        return beside_new(path, suffix, buffer, size, err);
    if (errno == ENOTDIR)
        return rh_err_set(err, RH_ENOTFOUND, "Datenbank '%s': ein Teil des Pfads ist kein Ordner",
                          "database '%s': a part of the path is not a folder", path);
    return rh_err_set(err, RH_EFAILED, "Datenbank '%s' nicht erreichbar (%s)",
                      "database '%s' cannot be reached (%s)", path, strerror(errno));
}

/* 0 while the owner has not written its number yet. */
static int32_t read_pid(int fd)
{
    char text[32];
    ssize_t length = pread(fd, text, sizeof(text), 0);
    int64_t pid = 0;

    while (length > 0 && text[length - 1] == '\n')
        length--;
    if (length <= 0 || !rh_int_parse(text, (size_t)length, &pid) || pid < 0 || pid > INT32_MAX)
        return 0;
    return (int32_t)pid;
}

static int32_t write_pid(int fd, const char *path, struct rh_err *err)
{
    char text[32];
    int length = snprintf(text, sizeof(text), "%d\n", (int)getpid());

    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)length, 0) == length)
        return 0;
    return rh_err_set(err, errno == ENOSPC || errno == EDQUOT ? RH_EFULL : RH_EFAILED,
                      "Sperrdatei '%s' ist nicht beschreibbar (%s)",
                      "lock file '%s' cannot be written (%s)", path, strerror(errno));
}

static int32_t cannot_open_lock(const char *path, struct rh_err *err)
{
    if (errno == EACCES || errno == EPERM || errno == EROFS)
        return rh_err_set(err, RH_EFORBIDDEN,
                          "Sperrdatei '%s' darf nicht geschrieben werden (%s); der Ordner muss für "
                          "reihum beschreibbar sein",
                          "lock file '%s' may not be written (%s); the folder must be writable for "
                          "reihum",
                          path, strerror(errno));
    if (errno == ENOSPC || errno == EDQUOT)
        return rh_err_set(err, RH_EFULL, "Sperrdatei '%s': der Datenträger ist voll",
                          "lock file '%s': the disk is full", path);
    return rh_err_set(err, RH_EFAILED, "Sperrdatei '%s' lässt sich nicht öffnen (%s)",
                      "lock file '%s' cannot be opened (%s)", path, strerror(errno));
}

/*
 * An open-file-description lock: the kernel drops it when the process dies, however it dies, so a
 * stale file is harmless; and unlike a classic record lock it survives that another part of the
 * process opens and closes the same file. The file stays when the lock is given back: unlinking it
 * would race with the next owner.
 */
int32_t rh_lock_take(const char *path, int *ret_fd, struct rh_err *err)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char name[PATH_MAX];
    int32_t rc = rh_store_beside(path, RH_STORE_LOCK_SUFFIX, name, sizeof(name), err);
    int fd;

    if (rc < 0)
        return rc;
    fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return cannot_open_lock(name, err);
    if (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
        if (errno == EAGAIN || errno == EACCES)
            rc = rh_err_set(err, RH_EBUSY,
                            "Datenbank '%s' ist in Gebrauch: Prozess %d hat sie geöffnet; bitte "
                            "beenden oder abwarten, bis er fertig ist",
                            "database '%s' is in use: process %d has it open; stop it or wait "
                            "until it is done",
                            path, (int)read_pid(fd));
        else
            rc = rh_err_set(err, RH_EFAILED, "Sperrdatei '%s': Sperren misslingt (%s)",
                            "lock file '%s': locking fails (%s)", name, strerror(errno));
        close(fd);
        return rc;
    }
    rc = write_pid(fd, name, err);
    if (rc < 0) {
        close(fd);
        return rc;
    }
    *ret_fd = fd;
    return 0;
}

void rh_lock_give(int fd)
{
    if (fd < 0)
        return;
    (void)!ftruncate(fd, 0); /* only tidiness: who asks goes by the lock, not by the number */
    close(fd);
}

int32_t rh_store_owner(const char *path, int32_t *ret_pid, struct rh_err *err)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char name[PATH_MAX];
    int32_t rc = rh_store_beside(path, RH_STORE_LOCK_SUFFIX, name, sizeof(name), err);
    int fd;

    if (rc < 0)
        return rc;
    fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return 0;
    if (fd < 0)
        return cannot_open_lock(name, err);
    if (fcntl(fd, F_OFD_GETLK, &lock) != 0) {
        rc = rh_err_set(err, RH_EFAILED, "Sperrdatei '%s': Abfrage misslingt (%s)",
                        "lock file '%s': asking fails (%s)", name, strerror(errno));
        close(fd);
        return rc;
    }
    if (lock.l_type != F_UNLCK) {
        *ret_pid = read_pid(fd);
        rc = 1;
    }
    close(fd);
    return rc;
}
