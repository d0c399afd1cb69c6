/* Starting a child. Between fork and exec stands nothing that takes a lock or memory. */
#include "core/child/start.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OURS = 0, THEIRS = 1, PAIRS = 4 };
enum { INPUT, OUTPUT, ERRORS, FAULT }; /* fault: the errno of a failed exec; closed by a good one */

/* ---- in the child ---- */

static void limit_one(int what, int64_t value)
{
    struct rlimit limit = {.rlim_cur = (rlim_t)value, .rlim_max = (rlim_t)value};

    setrlimit((__rlimit_resource_t)what, &limit);
}

static void limit_child(const struct rh_child_options *options)
{
    limit_one(RLIMIT_CORE, 0);
    if (options->memory_max > 0)
        limit_one(RLIMIT_AS, options->memory_max);
    if (options->cpu_seconds > 0)
        limit_one(RLIMIT_CPU, options->cpu_seconds);
    if (options->file_max >= 0)
        limit_one(RLIMIT_FSIZE, options->file_max);
}

/* What we ignore or block would stay so after exec. */
static void reset_signals(void)
{
    struct sigaction standard;
    sigset_t none;

    memset(&standard, 0, sizeof(standard));
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++)
        sigaction(number, &standard, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void become(const struct rh_child_options *options, int pairs[PAIRS][2],
                             pid_t parent)
{
    static const char *const little[] = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", NULL};
    const char *const *environment = options->environment ? options->environment : little;
    int fault = pairs[FAULT][THEIRS];
    int number;

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    reset_signals();
    if (getppid() == parent && dup2(pairs[INPUT][THEIRS], STDIN_FILENO) >= 0 &&
        dup2(pairs[OUTPUT][THEIRS], STDOUT_FILENO) >= 0 &&
        dup2(pairs[ERRORS][THEIRS], STDERR_FILENO) >= 0) {
        /* Ours are closed by exec anyway; this is for those of libraries. */
        close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC);
        limit_child(options);
        /* exec(3) takes words that it does not change as if it did. */
        execve(options->path, (char *const *)(uintptr_t)options->words,
               (char *const *)(uintptr_t)environment);
    }
    number = errno;
    while (write(fault, &number, sizeof(number)) < 0 && errno == EINTR)
        ;
    _exit(127);
}

/* ---- in the parent ---- */

static void close_pairs(int pairs[PAIRS][2])
{
    for (int i = 0; i < PAIRS; i++)
        for (int side = 0; side < 2; side++)
            if (pairs[i][side] >= 0)
                close(pairs[i][side]);
}

/* Never 0 to 2, which a daemon may have closed: the child puts its own there. */
static bool lift(int *fd)
{
    int above = *fd;

    if (above > STDERR_FILENO)
        return true;
    *fd = fcntl(above, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(above);
    return *fd >= 0;
}

static bool open_pairs(int pairs[PAIRS][2])
{
    bool good = true;

    for (int i = 0; i < PAIRS; i++)
        pairs[i][OURS] = pairs[i][THEIRS] = -1;
    for (int i = 0; good && i < PAIRS; i++)
        good = i == INPUT ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs[i]) == 0
                          : pipe2(pairs[i], O_CLOEXEC) == 0;
    for (int i = 0; good && i < PAIRS; i++)
        good = lift(&pairs[i][OURS]) && lift(&pairs[i][THEIRS]);
    for (int i = 0; good && i < FAULT; i++)
        good = fcntl(pairs[i][OURS], F_SETFL, O_NONBLOCK) == 0;
    return good;
}

/* No handler of ours runs in the child: signals wait until it has its own. */
static pid_t fork_quietly(const struct rh_child_options *options, int pairs[PAIRS][2])
{
    sigset_t all, before;
    pid_t id, parent = getpid();

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    id = fork();
    if (id == 0)
        become(options, pairs, parent);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return id;
}

/* 0, or why it could not become the program. */
static int fault_of(int fd)
{
    int number = 0;
    ssize_t got;

    do
        got = read(fd, &number, sizeof(number));
    while (got < 0 && errno == EINTR);
    return got == sizeof(number) ? number : 0;
}

static int32_t say_fault(const char *path, int number, struct rh_err *err)
{
    if (number == ENOENT || number == ENOTDIR)
        return rh_err_set(err, RH_ENOTFOUND, "Programm '%s' gibt es nicht",
                          "program '%s' does not exist", path);
    if (number == EACCES || number == EPERM || number == ENOEXEC)
        return rh_err_set(
            err, RH_EFORBIDDEN,
            "Programm '%1$s' darf nicht gestartet werden: %2$s; die Rechte der Datei prüfen",
            "program '%1$s' may not be started: %2$s; check the file's permissions", path,
            strerrordesc_np(number));
    return rh_err_set(err, RH_EFAILED, "Programm '%s' lässt sich nicht starten: %s",
                      "program '%s' cannot be started: %s", path, strerrordesc_np(number));
}

int32_t rh_child_start(const struct rh_child_options *options, struct rh_started *ret,
                       struct rh_err *err)
{
    int pairs[PAIRS][2];
    int number = 0;

    *ret = (struct rh_started){.id = -1, .input = -1, .output = -1, .errors = -1};
    if (open_pairs(pairs))
        ret->id = fork_quietly(options, pairs);
    if (ret->id < 0)
        number = errno;
    for (int i = 0; i < PAIRS; i++)
        if (ret->id >= 0) {
            close(pairs[i][THEIRS]);
            pairs[i][THEIRS] = -1;
        }
    if (ret->id >= 0)
        number = fault_of(pairs[FAULT][OURS]);
    if (number != 0) {
        while (ret->id > 0 && waitpid(ret->id, NULL, 0) < 0 && errno == EINTR)
            ;
        close_pairs(pairs);
        return say_fault(options->path, number, err);
    }
    /* Also here, so that a signal to the group finds it whoever runs first. */
    setpgid(ret->id, ret->id);
    ret->input = pairs[INPUT][OURS];
    ret->output = pairs[OUTPUT][OURS];
    ret->errors = pairs[ERRORS][OURS];
    close(pairs[FAULT][OURS]);
    return 0;
}

void rh_child_signal(const struct rh_started *started, int number)
{
    kill(-started->id, number);
}
