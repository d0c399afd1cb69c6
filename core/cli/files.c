#include "core/cli/files.h"

#include "core/base/alloc.h"

#include <dirent.h>
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

/* ---- a folder as one file (RH_PARAM_FOLDER) ---- */

#define FOLDER_FILES_MAX 1000

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The names in a folder, sorted; each is the caller's. Hidden ones are left out. */
static int32_t list_folder(const char *folder, char **names, size_t *ret_count, struct rh_err *err)
{
    DIR *open_folder = opendir(folder);
    const struct dirent *entry;

    *ret_count = 0;
    if (!open_folder)
        return cannot_read(folder, errno, err);
    while (*ret_count < FOLDER_FILES_MAX && (entry = readdir(open_folder))) {
        if (entry->d_name[0] == '.')
            continue;
        names[*ret_count] = rh_strdup(entry->d_name);
        if (!names[*ret_count])
            break;
        ++*ret_count;
    }
    closedir(open_folder);
    qsort(names, *ret_count, sizeof(*names), by_bytes);
    return 0;
}

static int32_t add_file(const char *folder, const char *name, struct rh_str *to, struct rh_err *err)
{
    char path[PATH_MAX];
    rh_auto_str(bytes, RH_FILE_MAX);
    struct stat what;
    int file;
    int32_t rc;

    if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
        return cannot_read(folder, ENAMETOOLONG, err);
    file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return cannot_read(path, errno, err);
    rc = fstat(file, &what) == 0 && S_ISREG(what.st_mode) ? read_all(file, path, &bytes, err) : 1;
    close(file);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    rh_str_printf(to, "%s\t%zu\n", name, bytes.length);
    rh_str_add_n(to, bytes.data ? bytes.data : "", bytes.length);
    return to->failed ? rh_err_set(err, RH_ETOOLARGE, "'%s' ist größer als %zu MiB",
                                   "'%s' is larger than %zu MiB", folder, RH_FILE_MAX >> 20)
                      : 0;
}

static int32_t read_folder(struct rh_argument *argument, struct rh_err *err)
{
    rh_auto_str(bytes, RH_FILE_MAX);
    char **names = rh_alloc(FOLDER_FILES_MAX, sizeof(*names));
    size_t count = 0;
    int32_t rc = names ? list_folder(argument->value, names, &count, err) : rh_err_nomem(err);

    rh_str_add(&bytes, "reihum-folder\n");
    for (size_t i = 0; i < count; i++) {
        if (rc == 0)
            rc = add_file(argument->value, names[i], &bytes, err);
        rh_free(names[i]);
    }
    rh_free(names);
    argument->size = bytes.length;
    argument->bytes = rc == 0 ? rh_str_take(&bytes) : NULL;
    return rc == 0 && !argument->bytes ? rh_err_nomem(err) : rc;
}

static bool is_folder(const char *path)
{
    struct stat what;

    return stat(path, &what) == 0 && S_ISDIR(what.st_mode);
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

        if (!param || param->type != RH_TYPE_FILE)
            continue;
        if ((param->flags & RH_PARAM_FOLDER) && is_folder(command->arguments[i].value))
            rc = read_folder(&command->arguments[i], err);
        else
            rc = read_one(&command->arguments[i], err);
        if (rc < 0)
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
        return lstat(path, &old) == 0 ? write_into(path, bytes, size, err)
                                      : replace(path, 0644, bytes, size, err);
    /* /dev/stdout may lead to a file that has no name any more: the link itself must stay. */
    if (!S_ISREG(old.st_mode) || !realpath(path, whole))
        return write_into(path, bytes, size, err);
    /* Behind a link stands the file that is meant; its rights stay. */
    return replace(whole, old.st_mode & 0777, bytes, size, err);
}

int32_t rh_files_write(const char *folder, const json_t *answer, struct rh_err *err)
{
    const json_t *files = json_object_get(answer, "files"), *file;
    char path[PATH_MAX];
    size_t i;
    int32_t rc;

    if (mkdir(folder, 0755) != 0 && errno != EEXIST)
        return cannot_write(folder, RH_EFAILED, err);
    json_array_foreach(files, i, file)
    {
        const char *name = json_string_value(json_object_get(file, "name"));
        const json_t *text = json_object_get(file, "text");

        if (!name || !*name || *name == '.' || strchr(name, '/') || !json_is_string(text))
            return rh_err_set(err, RH_EFAILED, "die Antwort enthält eine Datei ohne rechten Namen",
                              "the answer holds a file without a proper name");
        if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
            return cannot_read(folder, ENAMETOOLONG, err);
        rc = rh_file_write(path, json_string_value(text), json_string_length(text), err);
        if (rc < 0)
            return rc;
    }
    return 0;
}
