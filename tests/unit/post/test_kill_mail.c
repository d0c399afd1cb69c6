/*
 * kill -9 at any moment loses no mail, and makes at most one more copy of what was on its way.
 *
 * A child queues mails, says over a pipe which were acknowledged to it, and sends them to a server
 * that takes its time to answer. The parent kills it, 200 times at a random moment and once at each
 * named point. At the end one life finishes the rest. Then the server's notes are held against the
 * database: each acknowledged mail arrived, each copy has the same Message-ID and bytes, and there
 * are no more copies than times it was unsure.
 */
#include "core/base/point.h"
#include "core/mail/queue.h"
#include "core/mail/schema.h"
#include "core/post/sender.h"
#include "core/store/store.h"
#include "tests/support/sink.h"

#include <dirent.h>
#include <ftw.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { KILLS = 200, LIFE_US = 40000, ANSWER_MS = 3, LINES = 3, ALARM_S = 120 };

static char folder[64], path[96], notes[96], out[96];
static int port;

static void *grown(void *old, size_t size)
{
    void *larger = realloc(old, size);

    if (!larger)
        abort(); /* a test without memory has nothing to say */
    return larger;
}

/* ---- a life ---- */

struct life {
    uv_loop_t loop;
    uv_async_t wake;
    uv_timer_t timer;
    struct rh_store *store;
    struct rh_house house;
    struct rh_post_settings settings;
    struct rh_sender *sender;
    int acknowledged; /* the pipe */
    int number, made;
    bool finishing;
};

struct queueing {
    struct rh_task task; /* first */
    struct life *life;
    int made;
};

static struct {
    char wanted[40]; /* the point at which this life ends; "" = none */
    int skip;        /* times it is passed first */
    char reached[8][40];
} * shared; /* between parent and children */

static void at_point(const char *name)
{
    size_t i = 0;

    while (shared->reached[i][0] && strcmp(shared->reached[i], name) != 0)
        i++;
    snprintf(shared->reached[i], sizeof(shared->reached[i]), "%s", name);
    if (strcmp(shared->wanted, name) == 0 && shared->skip-- == 0)
        (void)kill(getpid(), SIGKILL);
}

static int64_t now(void *context)
{
    /* the last life lives later, when all that was postponed is due */
    return (int64_t)time(NULL) + (((struct life *)context)->finishing ? 7200 : 0);
}

static int32_t queue(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct queueing *q = (struct queueing *)(void *)task;
    char key[40];
    struct rh_mail mail = {.key = key,
                           .kind = "test.mail",
                           .to = {NULL, "kontakt@example.org"},
                           .subject = "Probe",
                           .text = "Guten Tag\n"};
    int32_t rc;

    snprintf(key, sizeof(key), "%d/%d", q->life->number, q->made);
    rc = rh_mail_queue(db, q->life->house.mail, "test", &mail, (int64_t)time(NULL), err);
    return rc < 0 ? rc : 0;
}

static void on_queued(struct rh_task *task)
{
    struct queueing *q = (struct queueing *)(void *)task;
    int said[2] = {q->life->number, q->made};

    if (task->err.code < 0 || write(q->life->acknowledged, said, sizeof(said)) != sizeof(said))
        _exit(4);
    free(q);
}

static void on_time(uv_timer_t *timer)
{
    struct life *life = timer->data;

    for (int i = 0; i < 3 && !life->finishing; i++) {
        struct queueing *q = calloc(1, sizeof(*q));

        q->task = (struct rh_task){.kind = RH_TASK_WRITE, .work = queue, .done = on_queued};
        q->life = life;
        q->made = life->made++;
        rh_store_submit(life->store, &q->task);
    }
}

static void on_wake(uv_async_t *async)
{
    struct life *life = async->data;

    (void)rh_store_collect(life->store);
    if (life->sender)
        rh_sender_look(life->sender);
}

static void wake(void *context)
{
    (void)uv_async_send(context);
}

static int32_t recover(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    int64_t count = rh_mail_recover(db, (int64_t)time(NULL), err);

    (void)task;
    return count < 0 ? (int32_t)count : 0;
}

static void open_life(struct life *life, bool to_folder)
{
    static const struct rh_schema_step steps[] = {{"core", 1, "mail", rh_mail_schema_1},
                                                  {"core", 2, "detail", rh_mail_schema_2}};
    static struct rh_clock clock;
    struct rh_mail_desk_options desk = {.from = "qe@example.org", .bounce = "bounce@example.org"};
    struct rh_store_options options = {.path = path, .wake = wake, .wake_context = &life->wake};
    struct rh_task recovery = {.kind = RH_TASK_WRITE, .work = recover};
    struct rh_sender_options sender = {
        .loop = &life->loop, .house = &life->house, .settings = &life->settings};

    signal(SIGPIPE, SIG_IGN);
    clock = (struct rh_clock){now, now, life};
    if (uv_loop_init(&life->loop) != 0 || uv_async_init(&life->loop, &life->wake, on_wake) != 0 ||
        uv_timer_init(&life->loop, &life->timer) != 0)
        _exit(2);
    life->wake.data = life->timer.data = life;
    if (rh_store_open(&options, &life->store, NULL) < 0 ||
        rh_store_migrate(life->store, steps, 2, NULL) < 0 ||
        rh_mail_desk_new(&desk, &life->house.mail, NULL) < 0 ||
        rh_store_run(life->store, &recovery) < 0)
        _exit(2);
    life->house.store = life->store;
    life->house.clock = &clock;
    life->settings =
        (struct rh_post_settings){.transport = to_folder ? RH_POST_FOLDER : RH_POST_SMTP,
                                  .folder = out,
                                  .smtp = {.host = "127.0.0.1", .port = port, .timeout_s = 20},
                                  .ehlo = "qe.example.org",
                                  .connections = LINES};
    if (rh_sender_new(&sender, &life->sender, NULL) < 0)
        _exit(2);
}

static void live(int number, int acknowledged, bool to_folder)
{
    static struct life life;
    int ready[2] = {-1, -1};

    rh_point_hook = at_point;
    life.number = number;
    life.acknowledged = acknowledged;
    open_life(&life, to_folder);
    if (write(acknowledged, ready, sizeof(ready)) != sizeof(ready))
        _exit(4);
    (void)uv_timer_start(&life.timer, on_time, 0, 2);
    (void)uv_run(&life.loop, UV_RUN_DEFAULT);
    _exit(5);
}

/* ---- the parent ---- */

static int64_t count_of(struct rh_store *store, const char *sql);

static int acknowledged_of[KILLS + 20]; /* by life: the numbers 0 … n - 1 */

static void collect(int pipe_end, int until_us)
{
    int said[2];
    struct timespec began, at;

    clock_gettime(CLOCK_MONOTONIC, &began);
    for (;;) {
        struct pollfd wait = {.fd = pipe_end, .events = POLLIN};
        int64_t left;

        clock_gettime(CLOCK_MONOTONIC, &at);
        left =
            until_us - ((at.tv_sec - began.tv_sec) * 1000000 + (at.tv_nsec - began.tv_nsec) / 1000);
        if (until_us >= 0 && left <= 0)
            return;
        if (poll(&wait, 1, until_us < 0 ? -1 : (int)(left / 1000) + 1) == 0)
            continue;
        if (read(pipe_end, said, sizeof(said)) != sizeof(said))
            return;
        if (said[0] >= 0 && said[1] >= acknowledged_of[said[0]])
            acknowledged_of[said[0]] = said[1] + 1;
    }
}

/* One life; `after_us` < 0: it ends by itself, at the wanted point. */
static void live_and_die(int number, int after_us, bool to_folder)
{
    int ends[2], said[2], status;
    pid_t id;

    assert_int_equal(pipe(ends), 0);
    id = fork();
    if (id == 0) {
        close(ends[0]);
        alarm(ALARM_S);
        live(number, ends[1], to_folder);
    }
    close(ends[1]);
    if (read(ends[0], said, sizeof(said)) == sizeof(said)) { /* it is ready */
        collect(ends[0], after_us);
        if (after_us >= 0)
            (void)kill(id, SIGKILL);
        collect(ends[0], -1); /* what was said before it died */
    }
    close(ends[0]);
    (void)waitpid(id, &status, 0);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        fail_msg("life %d ended by itself: status %x, wanted '%s'", number, (unsigned)status,
                 shared->wanted);
}

static struct life last;

static void finish(bool to_folder)
{
    memset(&last, 0, sizeof(last));
    last.finishing = true;
    open_life(&last, to_folder);
    alarm(ALARM_S);
    (void)uv_timer_start(&last.timer, on_time, 0, 5); /* so that the loop comes back to be asked */
    while (count_of(last.store, "SELECT count(*) FROM mail WHERE state <> 'sent'") > 0)
        for (int i = 0; i < 20; i++)
            (void)uv_run(&last.loop, UV_RUN_ONCE);
    while (!rh_sender_stop(last.sender))
        (void)uv_run(&last.loop, UV_RUN_ONCE);
    (void)uv_timer_stop(&last.timer);
    alarm(0);
    rh_sender_close(last.sender);
    uv_close((uv_handle_t *)&last.wake, NULL);
    uv_close((uv_handle_t *)&last.timer, NULL);
}

static void close_last(void)
{
    last.store = rh_store_close(last.store);
    (void)uv_run(&last.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&last.loop), 0);
    rh_mail_desk_free(last.house.mail);
}

struct asking {
    struct rh_task task; /* first */
    const char *sql, *text;
    int64_t number, second;
};

static int32_t ask(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct asking *a = (struct asking *)(void *)task;
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err, a->sql, a->text ? "s" : "", a->text);

    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1) {
        a->number = rh_stmt_int(stmt, 0);
        a->second = rh_stmt_columns(stmt) > 1 ? rh_stmt_int(stmt, 1) : 0;
    }
    rh_stmt_close(stmt);
    return rc < 0 ? rc : 0;
}

static int64_t count_of(struct rh_store *store, const char *sql)
{
    struct asking a = {.task = {.kind = RH_TASK_READ, .work = ask}, .sql = sql, .number = -1};

    if (rh_store_run(store, &a.task) < 0)
        fail_msg("%s", a.task.err.text[RH_EN]);
    return a.number;
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Each Message-ID's notes stand together once they are sorted. */
static void check_notes(void)
{
    size_t count = 0, room = 1024, messages = 0, most = 0;
    char(*lines)[120] = calloc(room, sizeof(*lines));
    FILE *file = fopen(notes, "r");

    assert_non_null(file);
    while (fgets(lines[count], sizeof(lines[0]), file))
        if (++count == room)
            lines = grown(lines, (room *= 2) * sizeof(*lines));
    fclose(file);
    qsort(lines, count, sizeof(lines[0]), compare_lines);
    for (size_t i = 0, next; i < count; i = next) {
        char id[120];
        struct asking a = {.task = {.kind = RH_TASK_READ, .work = ask},
                           .sql = "SELECT m.id, (SELECT count(*) FROM mail_attempt t WHERE t.mail ="
                                  " m.id AND outcome = 'unsure') FROM mail_message g JOIN mail m ON"
                                  " m.message = g.id WHERE g.message_id = ?1",
                           .text = id};

        snprintf(id, sizeof(id), "%.*s", (int)strcspn(lines[i], " "), lines[i]);
        for (next = i; next < count && strncmp(lines[next], id, strlen(id)) == 0; next++)
            assert_string_equal(lines[next], lines[i]); /* the same bytes */
        if (rh_store_run(last.store, &a.task) < 0 || a.number == 0)
            fail_msg("a mail %s arrived that nobody stored", id);
        if ((int64_t)(next - i) > 1 + a.second)
            fail_msg("mail %s arrived %zu times, but was unsure %lld times", id, next - i,
                     (long long)a.second);
        most = next - i > most ? next - i : most;
        messages++;
    }
    print_message("%zu mails arrived in %zu copies, at most %zu of one\n", messages, count, most);
    assert_int_equal(messages, count_of(last.store, "SELECT count(*) FROM mail"));
    free(lines);
}

static void check_acknowledged(int lives)
{
    int64_t all = 0;

    for (int i = 0; i < lives; i++) {
        char sql[160];

        all += acknowledged_of[i];
        snprintf(sql, sizeof(sql),
                 "SELECT count(*) FROM mail_message WHERE key GLOB '%d/*'"
                 " AND CAST(substr(key, instr(key, '/') + 1) AS INTEGER) < %d",
                 i, acknowledged_of[i]);
        if (count_of(last.store, sql) != acknowledged_of[i])
            fail_msg("life %d: acknowledged mails are missing", i);
    }
    print_message("%lld mails were acknowledged in %d lives\n", (long long)all, lives);
    assert_true(all > 0);
}

static int remove_one(const char *name, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(name);
}

static int setup(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/rh-killmail-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/reihum.db", folder);
    snprintf(notes, sizeof(notes), "%s/notes", folder);
    snprintf(out, sizeof(out), "%s/out", folder);
    memset(acknowledged_of, 0, sizeof(acknowledged_of));
    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED;
}

static int teardown(void **state)
{
    (void)state;
    munmap(shared, sizeof(*shared));
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}

static bool is_reached(const char *name)
{
    for (size_t i = 0; i < 8; i++)
        if (strcmp(shared->reached[i], name) == 0)
            return true;
    return false;
}

static void no_mail_is_lost_and_copies_are_alike(void **state)
{
    static const char *const points[] = {"mail.claimed", "mail.answered", "mail.marked"};
    pid_t server = sink_start(notes, ANSWER_MS, &port);
    unsigned seed = 20261126;
    int life = 0;
    (void)state;

    assert_true(server > 0);
    for (; life < KILLS; life++)
        live_and_die(life, (int)((seed = seed * 1103515245 + 12345) >> 8) % LIFE_US, false);
    for (size_t i = 0; i < 9; i++) {
        snprintf(shared->wanted, sizeof(shared->wanted), "%s", points[i % 3]);
        shared->skip = (int)(i / 3);
        live_and_die(life++, -1, false);
        assert_true(is_reached(points[i % 3]));
    }
    shared->wanted[0] = '\0';
    finish(false);

    check_acknowledged(life);
    check_notes();
    close_last();
    kill(server, SIGKILL);
    (void)waitpid(server, NULL, 0);
}

/* A file is written again under the same name: no second copy at all. */
static void the_folder_has_each_mail_once(void **state)
{
    static const char *const points[] = {"mail.file-written", "mail.file-named"};
    const struct dirent *entry;
    DIR *dir;
    int64_t files = 0;
    int life = 0;
    (void)state;

    for (; life < 6; life++) {
        snprintf(shared->wanted, sizeof(shared->wanted), "%s", points[life % 2]);
        shared->skip = life / 2;
        live_and_die(life, -1, true);
        assert_true(is_reached(points[life % 2]));
    }
    shared->wanted[0] = '\0';
    finish(true);

    check_acknowledged(life);
    dir = opendir(out);
    assert_non_null(dir);
    while ((entry = readdir(dir)))
        files += entry->d_name[0] != '.';
    closedir(dir);
    assert_int_equal(files, count_of(last.store, "SELECT count(*) FROM mail"));
    close_last();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_mail_is_lost_and_copies_are_alike, setup, teardown),
        cmocka_unit_test_setup_teardown(the_folder_has_each_mail_once, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
