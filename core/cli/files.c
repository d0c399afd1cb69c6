#include "core/cli/files.h"

#include "core/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct rh_param *param_of(const struct rh_command *command, const char *name)
{
    for (int32_t i = 0; i < command->op->param_count; i++)
        if (strcmp(command->op->params[i].name, name) == 0)
            return &command->op->params[i];
    return NULL;
}

/* What people meet most is said in their language; the rest as the system says it. */
static int32_t cannot_read(const char *path, int number, struct rh_err *err)
{
    if (number == ENOENT)
        return rh_err_set(err, RH_ENOTFOUND, "die Datei '%s' gibt es nicht",
                          "there is no file '%s'", path);
    if (number == EISDIR)
        return rh_err_set(err, RH_EINVALID, "'%s' ist ein Ordner, keine Datei",
                          "'%s' is a folder, not a file", path);
    if (number == EACCES || number == EPERM)
        return rh_err_set(err, RH_EFORBIDDEN, "die Datei '%s' darf hier nicht gelesen werden",
                          "the file '%s' may not be read here", path);
    return rh_err_set(err, RH_EFAILED, "'%s' lässt sich nicht lesen: %s", "cannot read '%s': %s",
                      path, strerror(number));
}

static int32_t read_all(int file, const char *path, struct rh_str *bytes, struct rh_err *err)
{
    char buffer[65536];
    ssize_t got;

    while ((got = read(file, buffer, sizeof(buffer))) > 0 || (got < 0 && errno == EINTR)) {
        rh_str_add_n(bytes, buffer, got > 0 ? (size_t)got : 0);
        if (bytes->failed)
            return rh_err_set(err, RH_ETOOLARGE, "'%s' ist größer als %zu MiB",
                              "'%s' is larger than %zu MiB", path, RH_FILE_MAX >> 20);
    }
    if (got < 0)
        return cannot_read(path, errno, err);
    return 0;
}

static int32_t read_one(struct rh_argument *argument, struct rh_err *err)
{
    bool standard = strcmp(argument->value, "-") == 0;
    struct rh_str bytes;
    int file = standard ? STDIN_FILENO : open(argument->value, O_RDONLY | O_CLOEXEC);
    int32_t rc;

    if (file < 0)
        return cannot_read(argument->value, errno, err);
    rh_str_init(&bytes, RH_FILE_MAX);
    rc = read_all(file, argument->value, &bytes, err);
    if (!standard)
        close(file);
    argument->size = bytes.length;
    argument->bytes = rc == 0 ? rh_str_take(&bytes) : NULL;
    rh_str_fini(&bytes);
    return rc == 0 && !argument->bytes ? rh_err_nomem(err) : rc;
}

int32_t rh_files_read(struct rh_command *command, struct rh_err *err)
{
    for (size_t i = 0; i < command->count; i++) {
        const struct rh_param *param = param_of(command, command->arguments[i].name);
        int32_t rc;

        if (param && param->type == RH_TYPE_FILE &&
            (rc = read_one(&command->arguments[i], err)) < 0)
            return rc;
    }
    return 0;
}

void rh_files_free(struct rh_command *command)
{
    for (size_t i = 0; i < command->count; i++) {
        rh_free((void *)(uintptr_t)command->arguments[i].bytes);
        command->arguments[i].bytes = NULL;
    }
}

static int32_t write_all(int file, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t wrote = write(file, bytes, size);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return errno == ENOSPC ? RH_EFULL : RH_EFAILED;
        bytes += wrote;
        size -= (size_t)wrote;
    }
    return 0;
}

static int32_t cannot_write(const char *path, int32_t code, struct rh_err *err)
{
    return rh_err_set(err, code, "'%s' lässt sich nicht schreiben: %s", "cannot write '%s': %s",
                      path, strerror(errno));
}

/* What is no plain file (/dev/stdout, a pipe) is written into, never replaced. */
static int32_t write_into(const char *path, const char *bytes, size_t size, struct rh_err *err)
{
    int file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    int32_t rc = file < 0 ? RH_EFAILED : write_all(file, bytes, size);

    if (file >= 0 && close(file) != 0 && rc == 0)
        rc = RH_EFAILED;
    return rc < 0 ? cannot_write(path, rc, err) : 0;
}

static int32_t replace(const char *path, mode_t mode, const char *bytes, size_t size,
                       struct rh_err *err)
{
    rh_auto_str(beside, 8192);
    int32_t rc;
    int file;

    rh_str_printf(&beside, "%s.part", path);
    file = open(beside.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (file < 0)
        return cannot_write(path, RH_EFAILED, err);
    rc = write_all(file, bytes, size);
    if (rc == 0 && fsync(file) != 0)
        rc = errno == ENOSPC ? RH_EFULL : RH_EFAILED;
    if (close(file) != 0 && rc == 0)
        rc = RH_EFAILED;
    if (rc == 0 && rename(beside.data, path) != 0)
        rc = RH_EFAILED;
    if (rc < 0) {
        (void)cannot_write(path, rc, err);
        unlink(beside.data);
    }
    return rc;
}

int32_t rh_file_write(const char *path, const char *bytes, size_t size, struct rh_err *err)
{
    char whole[PATH_MAX];
    struct stat old;

    if (stat(path, &old) != 0)
        return replace(path, 0644, bytes, size, err);
    if (!S_ISREG(old.st_mode))
        return write_into(path, bytes, size, err);
    /* Behind a link stands the file that is meant; its rights stay. */
    return replace(realpath(path, whole) ? whole : path, old.st_mode & 0777, bytes, size, err);
}
