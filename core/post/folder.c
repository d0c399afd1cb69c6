#include "core/post/folder.h"

#include "core/base/point.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_SIZE 200

/* "12-92d51672-….eml": the Message-ID's part before the '@' has only digits, letters and '-'. */
static void name_of(const struct rh_mail_due *due, char name[NAME_SIZE])
{
    (void)snprintf(name, NAME_SIZE, "%lld-%.*s.eml", (long long)due->id,
                   (int)strcspn(due->message_id + 1, "@"), due->message_id + 1);
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static bool put(int folder, const struct rh_mail_due *due)
{
    char name[NAME_SIZE], hidden[NAME_SIZE + 1];
    int file;
    bool fine;

    name_of(due, name);
    (void)snprintf(hidden, sizeof(hidden), ".%s", name);
    file = openat(folder, hidden, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return false;
    fine = write_all(file, due->bytes, due->length) && fsync(file) == 0;
    fine = close(file) == 0 && fine;
    rh_point("mail.file-written");
    fine = fine && renameat(folder, hidden, folder, name) == 0;
    if (!fine) {
        int saved = errno;

        (void)unlinkat(folder, hidden, 0); /* at worst a hidden piece stays */
        errno = saved;
    }
    return fine;
}

static int open_folder(const char *path)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return -1;
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void set(struct rh_mail_result *result, int64_t id, enum rh_mail_outcome outcome,
                const char *what, const char *reply)
{
    *result = (struct rh_mail_result){.id = id, .outcome = outcome};
    (void)snprintf(result->reply, sizeof(result->reply), "%.200s: %.200s", what, reply);
}

void rh_folder_put(const char *folder, const struct rh_mail_due *due, size_t count,
                   struct rh_mail_result *ret_results)
{
    int directory = open_folder(folder);

    for (size_t i = 0; i < count; i++) {
        char name[NAME_SIZE];

        name_of(&due[i], name);
        if (directory >= 0 && put(directory, &due[i]))
            set(&ret_results[i], due[i].id, RH_MAIL_SENT, "written", name);
        else
            set(&ret_results[i], due[i].id, RH_MAIL_LATER, folder, strerror(errno));
    }
    /* The names, too, have to survive a power cut before anybody is told. */
    rh_point("mail.file-named");
    if (directory >= 0 && fsync(directory) != 0)
        for (size_t i = 0; i < count; i++)
            set(&ret_results[i], due[i].id, RH_MAIL_LATER, folder, strerror(errno));
    if (directory >= 0)
        (void)close(directory); /* only read */
}
