/* The server as a process of its own: how it starts, answers, refuses to start, and ends. */
#include "core/server/server.h"
#include "reihum/plugin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define WAIT_MS 20000 /* a test that hangs fails */

struct world {
    char folder[64], database[96], errors[96];
    pid_t child;
    int out; /* its stdout */
    int port;
};

/* ---- the child ---- */

/* Works for so many milliseconds, unless it is told to stop. */
static int32_t slow_think(struct rh_call *call)
{
    int64_t rounds = rh_param_int(call, "ms");

    for (int64_t i = 0; i < rounds; i++) {
        struct timespec pause = {.tv_nsec = 1000000};

        if (rh_progress(call, i, rounds, "Runde", "round") != 0)
            return rh_fail(call, RH_ECANCELLED, "abgebrochen", "cancelled");
        nanosleep(&pause, NULL); /* the work it stands for */
    }
    rh_out_int(call, "ms", rounds);
    return 0;
}

static const struct rh_param slow_params[] = {
    {"ms", RH_TYPE_INT, RH_PARAM_REQUIRED, NULL, NULL, 0, 100000, {"Dauer", "duration"}},
};
static const struct rh_operation slow_operations[] = {
    {.name = "slow think",
     .kind = RH_COMPUTE,
     .help = {"denkt nach", "think"},
     .detail = {"", ""},
     .params = RH_ROWS(slow_params),
     .run = slow_think},
};
static const struct rh_plugin slow_module = {
    RH_PLUGIN_HEAD("slow", "1.0.0"),
    .title = {"Langsam", "Slow"},
    .operations = RH_ROWS(slow_operations),
};

/* Runs the server and says what came of it: the exit status is the one of the error table. */
static _Noreturn void be_the_server(const struct world *w, const char *listen)
{
    static const struct rh_plugin *const modules[] = {&rh_server_module, &slow_module, NULL};
    struct rh_home_options options = {.db = w->database, .modules = modules};
    struct rh_home *home = NULL;
    struct rh_err err = {0};
    int32_t rc;
    int fd = open(w->errors, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    dup2(fd, STDERR_FILENO);
    if (chdir(w->folder) != 0)
        exit(99);
    rc = rh_home_describe(&options, &home, &err);
    if (rc == 0)
        rc = rh_server_run(home, listen, RH_DE, &err);
    rh_home_close(home);
    if (rc < 0)
        fprintf(stderr, "%s\n", err.text[RH_DE]);
    exit(rh_err_exit_status(rc)); /* not _exit(): the leak check wants to look */
}

static void start(struct world *w, const char *listen)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    (void)fflush(NULL);
    w->child = fork();
    assert_true(w->child >= 0);
    if (w->child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        be_the_server(w, listen);
    }
    close(ends[1]);
    w->out = ends[0];
}

/* A line of its stdout; false when it ends without one. */
static bool read_line(struct world *w, char *line, size_t size)
{
    size_t length = 0;

    while (length + 1 < size) {
        struct pollfd wait = {.fd = w->out, .events = POLLIN};

        if (poll(&wait, 1, WAIT_MS) != 1 || read(w->out, line + length, 1) != 1)
            break;
        if (line[length] == '\n')
            break;
        length++;
    }
    line[length] = '\0';
    return length > 0;
}

static void wait_ready(struct world *w)
{
    char line[200];

    assert_true(read_line(w, line, sizeof(line)));
    if (sscanf(line, "reihum läuft: http://127.0.0.1:%d/", &w->port) != 1)
        fail_msg("%s", line);
}

static int wait_end(struct world *w)
{
    int status = 0;

    for (int i = 0; i < WAIT_MS / 10; i++) {
        if (waitpid(w->child, &status, WNOHANG) == w->child) {
            w->child = 0;
            close(w->out);
            return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        }
        usleep(10000); /* nothing tells a parent the end of one child with a deadline */
    }
    kill(w->child, SIGKILL);
    fail_msg("the server does not end");
    return -1;
}

static void assert_said(const struct world *w, const char *what, bool expected)
{
    static char text[65536];
    FILE *file = fopen(w->errors, "r");
    size_t got;

    assert_non_null(file);
    got = fread(text, 1, sizeof(text) - 1, file);
    text[got] = '\0';
    fclose(file);
    if ((strstr(text, what) != NULL) != expected)
        fail_msg("'%s' %s in: %s", what, expected ? "is not" : "is", text);
}

/* ---- the client ---- */

static int connect_tcp(const struct world *w)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)w->port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static int connect_local(const struct world *w)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s.sock", w->database);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static void send_request(int fd, const char *method, const char *path, const char *body)
{
    char text[1024];
    int length = snprintf(text, sizeof(text),
                          "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                          "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                          method, path, strlen(body), body);

    assert_int_equal(send(fd, text, (size_t)length, MSG_NOSIGNAL), length);
}

static const char *receive(int fd)
{
    static char text[1024 * 1024];
    size_t length = 0;

    while (length + 1 < sizeof(text)) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        ssize_t count;

        if (poll(&wait, 1, WAIT_MS) != 1)
            break;
        count = recv(fd, text + length, sizeof(text) - 1 - length, 0);
        if (count <= 0)
            break;
        length += (size_t)count;
    }
    text[length] = '\0';
    close(fd);
    return text;
}

static const char *get(const struct world *w, const char *path)
{
    int fd = connect_tcp(w);

    assert_true(fd >= 0);
    send_request(fd, "GET", path, "");
    return receive(fd);
}

/* Until the server works on something beside the question itself. */
static void wait_busy(const struct world *w)
{
    for (int i = 0; i < WAIT_MS / 10; i++) {
        if (strstr(get(w, "/metrics"), "\nreihum_http_running 2\n"))
            return;
        usleep(10000);
    }
    fail_msg("the server does not begin");
}

/* ---- the world ---- */

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    snprintf(w->folder, sizeof(w->folder), "/tmp/rh-server-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->database, sizeof(w->database), "%s/t.db", w->folder);
    snprintf(w->errors, sizeof(w->errors), "%s/errors", w->folder);
    unsetenv("NOTIFY_SOCKET");
    unsetenv("LC_ALL");
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    char command[128];
    pid_t cleaner;

    if (w->child) {
        kill(w->child, SIGKILL);
        waitpid(w->child, NULL, 0);
    }
    snprintf(command, sizeof(command), "%s", w->folder);
    cleaner = fork();
    if (cleaner == 0)
        execlp("rm", "rm", "-rf", command, (char *)NULL);
    waitpid(cleaner, NULL, 0);
    free(w);
    return 0;
}

/* ---- start and end ---- */

static void a_server_answers_until_it_is_told_to_stop(void **state)
{
    struct world *w = *state;
    char socket_path[128];
    struct stat info;

    start(w, "127.0.0.1:0");
    wait_ready(w);
    assert_non_null(strstr(get(w, "/healthz"), "200 OK"));
    assert_non_null(strstr(get(w, "/readyz"), "\"ready\":true"));
    assert_non_null(strstr(get(w, "/api/v1/server/status"), "\"running\":true"));
    snprintf(socket_path, sizeof(socket_path), "%s.sock", w->database);
    assert_int_equal(stat(socket_path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    kill(w->child, SIGTERM);

    assert_int_equal(wait_end(w), 0);
    assert_said(w, "event=ready", true);
    assert_said(w, "event=stopped", true);
    assert_said(w, "loop-not-empty", false);
    assert_int_equal(stat(socket_path, &info), -1);

    start(w, "127.0.0.1:0"); /* the file and its lock are free again */
    wait_ready(w);
    kill(w->child, SIGINT);
    assert_int_equal(wait_end(w), 0);
}

static void the_command_line_is_known_by_its_user(void **state)
{
    struct world *w = *state;
    int fd;

    start(w, "127.0.0.1:0");
    wait_ready(w);
    fd = connect_local(w);
    assert_true(fd >= 0);
    send_request(fd, "POST", "/api/v1/round/create",
                 "{\"round\":\"2027-2031\",\"start\":\"2027-01-01\",\"years\":5}");
    assert_non_null(strstr(receive(fd), "200 OK"));

    fd = connect_tcp(w);
    send_request(fd, "GET", "/api/v1/event/list?topic=round", "");
    {
        const char *answer = receive(fd);
        char actor[64];

        snprintf(actor, sizeof(actor), "\"actor\":\"cli:uid=%u\"", (unsigned)getuid());
        assert_non_null(strstr(answer, "\"topic\":\"round.created\""));
        assert_non_null(strstr(answer, actor));
    }
    kill(w->child, SIGTERM);
    assert_int_equal(wait_end(w), 0);
}

static void the_first_signal_lets_running_work_finish(void **state)
{
    struct world *w = *state;
    const char *answer;
    int fd;

    start(w, "127.0.0.1:0");
    wait_ready(w);
    fd = connect_tcp(w);
    send_request(fd, "POST", "/api/v1/slow/think", "{\"ms\":500}");
    wait_busy(w);
    kill(w->child, SIGTERM);
    answer = receive(fd);

    assert_non_null(strstr(answer, "200 OK"));
    assert_non_null(strstr(answer, "\"ms\":500"));
    assert_int_equal(wait_end(w), 0);
    assert_said(w, "loop-not-empty", false);
}

static void the_second_signal_does_not_wait(void **state)
{
    struct world *w = *state;
    int fd, late;

    start(w, "127.0.0.1:0");
    wait_ready(w);
    fd = connect_tcp(w);
    send_request(fd, "POST", "/api/v1/slow/think", "{\"ms\":100000}");
    wait_busy(w);
    kill(w->child, SIGTERM);
    for (int i = 0; i < WAIT_MS / 10 && (late = connect_tcp(w)) >= 0; i++) {
        close(late); /* until it takes no new ones: then the first signal was heard */
        usleep(10000);
    }
    kill(w->child, SIGTERM);

    assert_int_equal(wait_end(w), 0); /* 100 seconds of work were left */
    assert_said(w, "loop-not-empty", false);
    close(fd);
}

/* Sends a form and leaves: /runs/… is where it goes on. */
static void start_run(const struct world *w, const char *body, char address[64])
{
    char text[512];
    int fd = connect_tcp(w);
    int length = snprintf(text, sizeof(text),
                          "POST /do/slow/think HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                          "Content-Type: application/x-www-form-urlencoded\r\n"
                          "Content-Length: %zu\r\n\r\n%s",
                          strlen(body), body);
    const char *at;

    assert_int_equal(send(fd, text, (size_t)length, MSG_NOSIGNAL), length);
    at = strstr(receive(fd), "Location: /runs/");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "Location: %60s", address), 1);
}

static void a_run_is_followed_by_its_events(void **state)
{
    struct world *w = *state;
    char address[64], path[96];
    const char *events, *progress, *answer;

    start(w, "127.0.0.1:0");
    wait_ready(w);
    start_run(w, "ms=300", address);
    snprintf(path, sizeof(path), "%s/events", address);
    events = get(w, path);
    progress = strstr(events, "event: progress\ndata: {\"done\":");
    answer = strstr(events, "event: answer\ndata: {");
    assert_non_null(strstr(events, "Content-Type: text/event-stream"));
    assert_non_null(progress);
    assert_non_null(answer);
    assert_true(progress < answer);
    assert_non_null(strstr(answer, "\"ms\":300"));
    kill(w->child, SIGTERM);
    assert_int_equal(wait_end(w), 0);
    assert_said(w, "loop-not-empty", false);
}

static void a_run_without_a_reader_ends_with_the_server(void **state)
{
    struct world *w = *state;
    char address[64];
    int late;

    start(w, "127.0.0.1:0");
    wait_ready(w);
    start_run(w, "ms=100000", address);
    kill(w->child, SIGTERM);
    for (int i = 0; i < WAIT_MS / 10 && (late = connect_tcp(w)) >= 0; i++) {
        close(late); /* until it takes no new ones: then the first signal was heard */
        usleep(10000);
    }
    assert_int_equal(waitpid(w->child, NULL, WNOHANG), 0); /* it waits for the run */
    kill(w->child, SIGTERM);
    assert_int_equal(wait_end(w), 0);
    assert_said(w, "loop-not-empty", false);
}

static void systemd_hears_how_it_goes(void **state)
{
    struct world *w = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    char text[512] = "";

    snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", w->folder);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    start(w, "127.0.0.1:0");
    wait_ready(w);

    assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
    assert_true(recv(fd, text, sizeof(text) - 1, 0) > 0);
    assert_non_null(strstr(text, "READY=1\nSTATUS=http://127.0.0.1:"));
    kill(w->child, SIGTERM);
    assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
    assert_true(recv(fd, text, sizeof(text) - 1, 0) > 0);
    assert_memory_equal(text, "STOPPING=1", 10);
    assert_int_equal(wait_end(w), 0);
    unsetenv("NOTIFY_SOCKET");
    close(fd);
}

/* ---- why it does not start ---- */

static void an_address_of_others_is_refused(void **state)
{
    struct world *w = *state;

    start(w, "0.0.0.0:0");

    assert_int_equal(wait_end(w), rh_err_exit_status(RH_EFORBIDDEN));
    assert_said(w, "solange es keine Anmeldung gibt", true);
    assert_said(w, "loop-not-empty", false);
}

static void a_port_that_is_taken_is_named(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);
    struct world *w = *state;
    char listen_to[64];
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, 1), 0);
    getsockname(fd, (struct sockaddr *)&address, &size);
    snprintf(listen_to, sizeof(listen_to), "127.0.0.1:%d", ntohs(address.sin_port));
    start(w, listen_to);

    assert_int_equal(wait_end(w), rh_err_exit_status(RH_EBUSY));
    assert_said(w, listen_to, true);
    assert_said(w, "lauscht schon ein anderes Programm", true);
    close(fd);
}

static void a_missing_folder_is_named(void **state)
{
    struct world *w = *state;

    snprintf(w->database, sizeof(w->database), "%s/nowhere/t.db", w->folder);
    start(w, "127.0.0.1:0");

    assert_int_equal(wait_end(w), rh_err_exit_status(RH_ENOTFOUND));
    assert_said(w, "nowhere", true);
}

static void a_file_that_is_no_database_is_left_alone(void **state)
{
    static const char text[] = "this is a letter, not a database; it is rather long, so that it "
                               "is looked at as one. ";
    struct world *w = *state;
    char back[sizeof(text)] = "";
    FILE *file = fopen(w->database, "w");

    for (int i = 0; i < 100; i++)
        fputs(text, file);
    fclose(file);
    start(w, "127.0.0.1:0");

    assert_int_equal(wait_end(w), rh_err_exit_status(RH_EDAMAGED));
    assert_said(w, "t.db", true);
    file = fopen(w->database, "r");
    assert_int_equal(fread(back, 1, sizeof(text) - 1, file), sizeof(text) - 1);
    assert_string_equal(back, text);
    fclose(file);
}

static void a_file_has_one_owner(void **state)
{
    struct world *w = *state, other = *w;

    start(w, "127.0.0.1:0");
    wait_ready(w);
    snprintf(other.errors, sizeof(other.errors), "%s/errors-2", w->folder);
    start(&other, "127.0.0.1:0");

    assert_int_equal(wait_end(&other), rh_err_exit_status(RH_EBUSY));
    assert_non_null(strstr(get(w, "/healthz"), "200 OK"));
    assert_true(connect_local(w) >= 0); /* its socket was not taken away */
    kill(w->child, SIGTERM);
    assert_int_equal(wait_end(w), 0);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_server_answers_until_it_is_told_to_stop),
        WITH_WORLD(the_command_line_is_known_by_its_user),
        WITH_WORLD(the_first_signal_lets_running_work_finish),
        WITH_WORLD(the_second_signal_does_not_wait),
        WITH_WORLD(a_run_is_followed_by_its_events),
        WITH_WORLD(a_run_without_a_reader_ends_with_the_server),
        WITH_WORLD(systemd_hears_how_it_goes),
        WITH_WORLD(an_address_of_others_is_refused),
        WITH_WORLD(a_port_that_is_taken_is_named),
        WITH_WORLD(a_missing_folder_is_named),
        WITH_WORLD(a_file_that_is_no_database_is_left_alone),
        WITH_WORLD(a_file_has_one_owner),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
