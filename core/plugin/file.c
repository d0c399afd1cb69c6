#include "core/plugin/file.h"

#include "core/base/alloc.h"
#include "core/plugin/elf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES_MAX 256

/* `path` is a file or folder; the remedy is given in full, so that it can be pasted. */
static int32_t check_writers(const char *path, const struct stat *st, struct rh_err *err)
{
    if (st->st_uid != 0 && st->st_uid != geteuid())
        return rh_err_set(err, RH_EFORBIDDEN,
                          "'%s' gehört weder root noch dem Benutzer, unter dem reihum läuft; "
                          "Abhilfe: chown root '%s'",
                          "'%s' belongs neither to root nor to the user that reihum runs as; "
                          "remedy: chown root '%s'",
                          path, path);
    if (st->st_mode & (S_IWGRP | S_IWOTH))
        return rh_err_set(err, RH_EFORBIDDEN,
                          "'%s' ist auch für andere schreibbar; Abhilfe: chmod go-w '%s'",
                          "others can write '%s'; remedy: chmod go-w '%s'", path, path);
    return 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_plugin_name(const char *name)
{
    size_t length = strlen(name);

    return name[0] != '.' && length > 3 && length < 128 && !strchr(name, '\n') &&
           strcmp(name + length - 3, ".so") == 0;
}

static int32_t read_names(DIR *folder, struct rh_str *out, struct rh_err *err)
{
    char *names[NAMES_MAX] = {NULL};
    size_t count = 0;
    struct dirent *entry;
    int32_t rc = 0;

    while (rc == 0 && (entry = readdir(folder)) != NULL) {
        if (!is_plugin_name(entry->d_name))
            continue;
        if (count == NAMES_MAX)
            rc = rh_err_set(err, RH_ETOOLARGE, "mehr als %d Plugins", "more than %d plugins",
                            NAMES_MAX);
        else if (!(names[count] = rh_strdup(entry->d_name)))
            rc = rh_err_nomem(err);
        else
            count++;
    }
    qsort(names, count, sizeof(names[0]), by_text);
    for (size_t i = 0; i < count; i++) {
        rh_str_add(out, names[i]);
        rh_str_add_char(out, '\n');
        rh_free(names[i]);
    }
    return rc < 0 ? rc : rh_str_check(out, err);
}

int32_t rh_plugin_folder(const char *path, struct rh_str *out, struct rh_err *err)
{
    DIR *folder = opendir(path);
    struct stat st;
    int32_t rc;

    if (!folder)
        return rh_err_set(err, errno == ENOENT ? RH_ENOTFOUND : RH_EFAILED,
                          "der Ordner '%s' ist nicht lesbar (%s)",
                          "the folder '%s' cannot be read (%s)", path, strerror(errno));
    rc = read_names(folder, out, err);
    if (rc == 0 && fstat(dirfd(folder), &st) == 0)
        rc = check_writers(path, &st, err);
    closedir(folder);
    return rc;
}

static int32_t read_bytes(int fd, size_t size, struct rh_str *out, struct rh_err *err)
{
    char block[16 * 1024];
    ssize_t got = 0;

    while (out->length < size && (got = read(fd, block, sizeof(block))) > 0)
        rh_str_add_n(out, block, (size_t)got);
    if (got < 0)
        return rh_err_set(err, RH_EFAILED, "die Datei ist nicht lesbar (%s)",
                          "the file cannot be read (%s)", strerror(errno));
    return rh_str_check(out, err);
}

int32_t rh_plugin_file(const char *path, struct rh_str *out, struct rh_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat st;
    int32_t rc;

    if (fd < 0 && errno == ELOOP)
        return rh_err_set(err, RH_EFORBIDDEN,
                          "'%s' ist nur eine Verknüpfung; Abhilfe: die Datei selbst in den Ordner "
                          "legen",
                          "'%s' is only a link; remedy: put the file itself into the folder", path);
    if (fd < 0 || fstat(fd, &st) != 0) {
        rc = rh_err_set(err, RH_EFAILED, "'%s' ist nicht lesbar (%s)", "'%s' cannot be read (%s)",
                        path, strerror(errno));
    } else if (!S_ISREG(st.st_mode)) {
        rc = rh_err_set(err, RH_EINVALID, "'%s' ist keine Datei", "'%s' is not a file", path);
    } else if (st.st_size > (off_t)RH_ELF_FILE_MAX) {
        rc = rh_err_set(err, RH_ETOOLARGE, "'%s' ist größer als %u MiB",
                        "'%s' is larger than %u MiB", path, (unsigned)(RH_ELF_FILE_MAX >> 20));
    } else {
        rc = check_writers(path, &st, err);
        if (rc == 0)
            rc = read_bytes(fd, (size_t)st.st_size, out, err);
    }
    if (fd >= 0)
        close(fd);
    return rc;
}
