/*
 * reihum-solve - one task on standard input, news and answers on standard output, then it ends.
 *
 * A process of its own because the libraries inside may abort(), know no threads and do not keep
 * time; the server starts it (core/operation/exact.c) and believes nothing it says unchecked.
 */
#include "core/base/alloc.h"
#include "core/exact/engine.h"
#include "core/program/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct output {
    int fd;
    int32_t columns;
    bool broken;
};

static int64_t monotonic_ms(void *context)
{
    struct timespec now;
    (void)context;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- bytes in and out ---- */

static void write_all(struct output *output, const uint8_t *bytes, size_t length)
{
    while (length > 0 && !output->broken) {
        ssize_t written = write(output->fd, bytes, length);

        if (written < 0 && errno == EINTR)
            continue;
        output->broken = written <= 0;
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
        }
    }
}

static void on_better(void *context, int64_t best, int64_t bound)
{
    uint8_t bytes[RH_WIRE_NEWS_SIZE];

    rh_wire_put_news(best, bound, bytes);
    write_all(context, bytes, sizeof(bytes));
}

static void on_answer(void *context, const struct rh_program_answer *answer)
{
    struct output *output = context;
    uint8_t *bytes;
    size_t length;

    if (rh_wire_put_answer(answer, output->columns, &bytes, &length, NULL) < 0) {
        output->broken = true;
        return;
    }
    write_all(output, bytes, length);
    rh_free(bytes);
}

static int32_t read_all(uint8_t **ret, size_t *ret_length, struct rh_err *err)
{
    size_t length = 0, room = 1 << 16;
    uint8_t *bytes = rh_alloc(room, 1);
    ssize_t got = 1;

    if (!bytes)
        return rh_err_nomem(err);
    while (got != 0 && length <= (size_t)RH_WIRE_FRAME_MAX) {
        if (length == room) {
            uint8_t *more = rh_realloc(bytes, room *= 2);

            if (!more) {
                rh_free(bytes);
                return rh_err_nomem(err);
            }
            bytes = more;
        }
        got = read(STDIN_FILENO, bytes + length, room - length);
        if (got < 0 && errno != EINTR)
            break;
        length += got > 0 ? (size_t)got : 0;
    }
    *ret = bytes;
    *ret_length = length;
    return 0;
}

/* ---- the task ---- */

static int32_t read_task(struct rh_wire_task *task, struct rh_err *err)
{
    struct rh_wire_frame frame;
    uint8_t *bytes = NULL;
    size_t length = 0;
    int32_t rc = read_all(&bytes, &length, err);
    int64_t size = rc < 0 ? rc : rh_wire_frame(bytes, length, RH_WIRE_FRAME_MAX, &frame, err);

    if (size > 0 && (size_t)size == length)
        rc = rh_wire_get_task(&frame, task, err);
    else
        rc = size < 0 ? (int32_t)size
                      : rh_err_set(err, RH_EINVALID,
                                   "Auf der Standardeingabe steht nicht genau eine Aufgabe",
                                   "standard input does not hold exactly one task");
    rh_free(bytes);
    return rc;
}

/* Cbc writes to standard output whatever its log level says; ours moves away. */
static int own_output(void)
{
    int ours = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (ours < 0 || nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
        return -1;
    return ours;
}

static int fail(const struct rh_err *err)
{
    ssize_t unused = write(STDERR_FILENO, err->text[RH_EN], strlen(err->text[RH_EN]));

    (void)unused;
    return rh_err_exit_status(err->code);
}

int main(void)
{
    struct rh_err err = {0};
    struct rh_wire_task task;
    struct output output = {.fd = own_output()};
    struct rh_exact_out out = {
        .better = on_better, .answer = on_answer, .monotonic_ms = monotonic_ms, .context = &output};

    if (output.fd < 0)
        return 1;
    if (read_task(&task, &err) < 0)
        return fail(&err);
    output.columns = task.program.columns;
    if (rh_exact_answer(&task.task, &out, &err) < 0)
        return fail(&err);
    rh_wire_task_fini(&task);
    /* Not exit(): what the libraries do at the end may fail, and the answer is out. */
    _exit(output.broken ? 1 : 0);
}
