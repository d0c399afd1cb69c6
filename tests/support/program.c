#include "tests/support/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

int program_exists(const char *name)
{
    const char *path = getenv("PATH");

    if (strchr(name, '/'))
        return access(name, X_OK) == 0;
    while (path && *path) {
        size_t length = strcspn(path, ":");
        char place[4096];

        snprintf(place, sizeof(place), "%.*s/%s", (int)length, path, name);
        if (access(place, X_OK) == 0)
            return 1;
        path += length + (path[length] == ':');
    }
    return 0;
}

static int exit_status(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int program_wait(pid_t id)
{
    int status;

    while (waitpid(id, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    return exit_status(status);
}

/* `ends`: the child's standard input, output, error; -1 = /dev/null for input, inherited else. */
static pid_t spawn(const char *const *words, const int ends[3])
{
    posix_spawn_file_actions_t actions;
    pid_t id;
    int rc;

    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    if (ends[0] < 0)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    for (int i = 0; i < 3; i++)
        if (ends[i] >= 0)
            posix_spawn_file_actions_adddup2(&actions, ends[i], i);
    rc = posix_spawnp(&id, words[0], &actions, NULL, (char *const *)(uintptr_t)words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (rc != 0)
        fail_msg("cannot start %s: %s", words[0], strerror(rc));
    return id;
}

struct stream {
    int end; /* -1 once closed */
    char *bytes;
    size_t size, room;
};

static void open_pipe(int ends[2])
{
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
}

static void take(struct stream *stream)
{
    ssize_t got;

    if (stream->room - stream->size < 65536) {
        stream->room = stream->room * 2 + 131072;
        stream->bytes = realloc(stream->bytes, stream->room);
        assert_non_null(stream->bytes);
    }
    got = read(stream->end, stream->bytes + stream->size, 65535);
    if (got > 0)
        stream->size += (size_t)got;
    stream->bytes[stream->size] = '\0';
    if (got == 0 || (got < 0 && errno != EINTR)) {
        close(stream->end);
        stream->end = -1;
    }
}

static void give(int *end, const char *input, size_t size, size_t *at)
{
    ssize_t put = *at < size ? write(*end, input + *at, size - *at) : 0;

    if (put > 0)
        *at += (size_t)put;
    if (*at == size || (put < 0 && errno == EPIPE)) { /* it need not read all */
        close(*end);
        *end = -1;
    }
}

static time_t seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* Feeds and reads until both outputs are closed. */
static void converse(pid_t id, int to, struct stream *out, struct stream *errs, const char *input,
                     size_t size)
{
    time_t end = seconds() + PROGRAM_SECONDS;
    size_t at = 0;

    while (out->end >= 0 || errs->end >= 0 || to >= 0) {
        struct pollfd polled[3] = {{out->end, POLLIN, 0}, {errs->end, POLLIN, 0}, {to, POLLOUT, 0}};

        if (seconds() > end) {
            kill(id, SIGKILL);
            fail_msg("still running after %d seconds", PROGRAM_SECONDS);
        }
        if (poll(polled, 3, 1000) <= 0)
            continue;
        if (polled[0].revents)
            take(out);
        if (polled[1].revents)
            take(errs);
        if (polled[2].revents)
            give(&to, input, size, &at);
    }
}

struct program program_run(const char *const *words, const char *input, size_t input_size)
{
    struct stream out = {.end = -1}, errs = {.end = -1};
    int from_child[2], from_errs[2], to_child[2] = {-1, -1};
    struct program program = {0};
    pid_t id;

    signal(SIGPIPE, SIG_IGN);
    open_pipe(from_child);
    open_pipe(from_errs);
    if (input)
        open_pipe(to_child);
    id = spawn(words, (int[3]){to_child[0], from_child[1], from_errs[1]});
    close(from_child[1]);
    close(from_errs[1]);
    if (input)
        close(to_child[0]);
    out.end = from_child[0];
    errs.end = from_errs[0];
    converse(id, to_child[1], &out, &errs, input, input_size);
    program.status = program_wait(id);
    program.out = out.bytes;
    program.out_size = out.size;
    program.errs = errs.bytes;
    return program;
}

void program_free(struct program *program)
{
    free(program->out);
    free(program->errs);
    *program = (struct program){0};
}

pid_t program_start(const char *const *words, int *ret_out)
{
    int ends[2];
    pid_t id;

    open_pipe(ends);
    id = spawn(words, (int[3]){-1, ends[1], -1});
    close(ends[1]);
    *ret_out = ends[0];
    return id;
}
