/* Feeding, reading and ending one child. How it is started stands in start.c. */
#include "core/child/child.h"

#include "core/child/start.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TICK_MS = 20, CHUNK = 65536, NONE = 0 };

struct child {
    const struct rh_child_options *options;
    struct rh_child_result *result;
    struct rh_started started;
    size_t fed;
    int64_t wrote, start_ms, asked_ms; /* asked_ms: when SIGTERM was sent */
    int32_t ending;                    /* NONE, or the RH_CHILD_… it is being ended for */
    int wait_status;
    bool gone;
};

static int64_t now(const struct child *child)
{
    return child->options->monotonic_ms(child->options->clock_context);
}

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* ---- ending ---- */

static void end_for(struct child *child, int32_t reason)
{
    if (child->ending != NONE)
        return;
    child->ending = reason;
    child->asked_ms = now(child);
    rh_child_signal(&child->started, SIGTERM);
}

static void watch_clock(struct child *child)
{
    if (child->ending == NONE && now(child) - child->start_ms >= child->options->time_limit_ms)
        end_for(child, RH_CHILD_LATE);
    if (child->ending != NONE && now(child) - child->asked_ms >= child->options->grace_ms)
        rh_child_signal(&child->started, SIGKILL);
}

/* It stays unreaped, so that its number and its group's are nobody else's. */
static void look_whether_gone(struct child *child)
{
    siginfo_t seen = {.si_pid = 0};
    int rc = waitid(P_PID, (id_t)child->started.id, &seen, WEXITED | WNOHANG | WNOWAIT);

    child->gone = seen.si_pid == child->started.id || (rc < 0 && errno == ECHILD);
}

/* What it left behind goes with it. */
static void reap(struct child *child)
{
    rh_child_signal(&child->started, SIGKILL);
    while (waitpid(child->started.id, &child->wait_status, 0) < 0 && errno == EINTR)
        ;
}

/* ---- bytes ---- */

static void feed(struct child *child)
{
    const uint8_t *input = child->options->input;
    size_t left = child->options->input_length - child->fed;
    ssize_t sent =
        left > 0 ? send(child->started.input, input + child->fed, left, MSG_NOSIGNAL | MSG_DONTWAIT)
                 : 0;

    if (sent > 0)
        child->fed += (size_t)sent;
    /* It need not read to the end; what that means shows in what it answers. */
    if (child->fed == child->options->input_length ||
        (sent < 0 && errno != EAGAIN && errno != EINTR))
        shut(&child->started.input);
}

static void take_output(struct child *child, const uint8_t *bytes, size_t length)
{
    child->wrote += (int64_t)length;
    if (child->ending != NONE && child->ending != RH_CHILD_LATE)
        return;
    if (child->wrote > child->options->output_max)
        end_for(child, RH_CHILD_FLOOD);
    else if (child->options->output &&
             child->options->output(child->options->context, bytes, length) != 0)
        end_for(child, RH_CHILD_STOPPED);
}

/* Keeps the last bytes only: what went wrong stands at the end. */
static void take_errors(struct child *child, const uint8_t *bytes, size_t length)
{
    char *errors = child->result->errors;
    size_t kept = strlen(errors), room = RH_CHILD_ERRORS_MAX;

    if (length > room) {
        bytes += length - room;
        length = room;
    }
    if (kept + length > room) {
        size_t drop = kept + length - room;

        memmove(errors, errors + drop, kept - drop);
        kept -= drop;
    }
    for (size_t i = 0; i < length; i++)
        errors[kept++] = bytes[i] ? (char)bytes[i] : ' ';
    errors[kept] = '\0';
}

/* Returns whether there may be more at once. */
static bool drain(struct child *child, int *fd,
                  void (*take)(struct child *, const uint8_t *, size_t))
{
    uint8_t bytes[CHUNK];
    ssize_t got = *fd < 0 ? 0 : read(*fd, bytes, sizeof(bytes));

    if (got > 0)
        take(child, bytes, (size_t)got);
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        shut(fd);
    return got > 0;
}

static void wait_and_move(struct child *child)
{
    struct rh_started *started = &child->started;
    struct pollfd polls[] = {{.fd = started->input, .events = POLLOUT},
                             {.fd = started->output, .events = POLLIN},
                             {.fd = started->errors, .events = POLLIN}};
    /* With both ends closed there is nothing but its end to wait for, and that comes at once. */
    int tick = started->output < 0 && started->errors < 0 ? 2 : TICK_MS;

    if (poll(polls, 3, tick) <= 0)
        return;
    if (polls[0].revents)
        feed(child);
    if (polls[1].revents)
        drain(child, &started->output, take_output);
    if (polls[2].revents)
        drain(child, &started->errors, take_errors);
}

static void run(struct child *child)
{
    while (!child->gone) {
        wait_and_move(child);
        if (child->ending == NONE && child->options->output &&
            child->options->output(child->options->context, NULL, 0) != 0)
            end_for(child, RH_CHILD_STOPPED);
        watch_clock(child);
        look_whether_gone(child);
    }
    /* What it wrote last. A grandchild may keep the pipes open, so the end of them is not waited
     * for. */
    while (child->ending == NONE && drain(child, &child->started.output, take_output))
        ;
    for (int i = 0; i < 64 && drain(child, &child->started.errors, take_errors); i++)
        ;
}

static void say_end(struct child *child)
{
    struct rh_child_result *result = child->result;

    if (child->ending != NONE)
        result->end = child->ending;
    else
        result->end = WIFSIGNALED(child->wait_status) ? RH_CHILD_SIGNAL : RH_CHILD_EXITED;
    result->status = WIFSIGNALED(child->wait_status) ? WTERMSIG(child->wait_status)
                                                     : WEXITSTATUS(child->wait_status);
}

int32_t rh_child_run(const struct rh_child_options *options, struct rh_child_result *ret,
                     struct rh_err *err)
{
    struct child child = {.options = options, .result = ret};
    int32_t rc;

    *ret = (struct rh_child_result){0};
    child.start_ms = now(&child);
    rc = rh_child_start(options, &child.started, err);
    if (rc < 0)
        return rc;
    run(&child);
    reap(&child);
    shut(&child.started.input);
    shut(&child.started.output);
    shut(&child.started.errors);
    say_end(&child);
    return 0;
}
