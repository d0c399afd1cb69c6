/*
 * kill -9 at any moment loses nothing that was acknowledged, and leaves nothing half done.
 *
 * A child writes with three threads and says over a pipe what was acknowledged to it. The parent
 * kills it at some moment, opens the file and looks: every acknowledged change is there, each with
 * its event, its job and its share of the sum, and the numbers go without a gap.
 */
#include "core/store/db.h"
#include "core/store/event.h"
#include "core/store/job.h"
#include "core/store/store.h"

#include <ftw.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { KILLS = 200, HANDS = 3, SECONDS_MAX = 60 };

static const struct rh_schema_step schema[] = {
    {"core", 1, "notes",
     "CREATE TABLE note (number INTEGER PRIMARY KEY, life INTEGER NOT NULL, text TEXT) STRICT;"
     "CREATE TABLE total (one INTEGER PRIMARY KEY CHECK (one = 1), notes INTEGER, sum INTEGER)"
     " STRICT;"
     "INSERT INTO total VALUES (1, 0, 0)"},
};

static char folder[64], path[96];

static struct rh_store *open_store(struct rh_err *err)
{
    struct rh_store_options options = {.path = path};
    struct rh_store *store = NULL;

    if (rh_store_open(&options, &store, err) < 0 || rh_store_migrate(store, schema, 1, err) < 0)
        return rh_store_close(store);
    return store;
}

/* ---- the child ---- */

struct writing {
    struct rh_task task;
    int64_t life, number; /* the number is given by the task */
};

static int32_t write_note(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct writing *w = (struct writing *)(void *)task;
    struct rh_event_row event = {.module = "test",
                                 .operation = "note write",
                                 .actor = "child",
                                 .topic = "note.written",
                                 .after = "{}"};
    struct rh_job job = {.module = "test", .kind = "note.send"};
    char text[2000], key[32];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    if (rh_db_exec(db, NULL, err,
                   "INSERT INTO note (life, text) VALUES (?1, substr(?2, 1, abs(random() % 2000)))",
                   "is", w->life, text) < 0)
        return err->code;
    w->number = rh_db_last_id(db);
    (void)snprintf(key, sizeof(key), "%lld", (long long)w->number);
    event.subject = job.key = key;
    if (rh_db_exec(db, NULL, err, "UPDATE total SET notes = notes + 1, sum = sum + ?1", "i",
                   w->number) < 0 ||
        rh_event_add(db, &event, err) < 0 || rh_job_add(db, &job, 0, err) < 0)
        return err->code;
    return 0;
}

struct hand {
    struct rh_store *store;
    int64_t life;
    int acknowledged; /* the pipe */
};

static void *write_until_killed(void *context)
{
    const struct hand *hand = context;

    for (;;) {
        struct writing w = {.task = {.kind = RH_TASK_WRITE, .work = write_note},
                            .life = hand->life};

        if (rh_store_run(hand->store, &w.task) < 0)
            _exit(3);
        if (write(hand->acknowledged, &w.number, sizeof(w.number)) != sizeof(w.number))
            _exit(4);
    }
    return NULL;
}

static void live(int64_t life, int acknowledged)
{
    struct hand hand = {.life = life, .acknowledged = acknowledged};
    pthread_t threads[HANDS];

    hand.store = open_store(NULL);
    if (!hand.store)
        _exit(2);
    for (int i = 0; i < HANDS; i++)
        pthread_create(&threads[i], NULL, write_until_killed, &hand);
    for (;;)
        pause();
}

/* ---- the parent ---- */

static uint64_t random_state = 20261122;

static int below(int limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (int)(random_state % (uint64_t)limit);
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Which numbers were acknowledged, over all lives. */
static unsigned char *heard;
static int64_t heard_size, heard_count;

static void hear(int64_t number)
{
    if (number >= heard_size) {
        int64_t size = number * 2 + 1024;

        unsigned char *more = realloc(heard, (size_t)size);

        assert_non_null(more);
        heard = more;
        memset(heard + heard_size, 0, (size_t)(size - heard_size));
        heard_size = size;
    }
    heard[number] = 1;
    heard_count++;
}

/* Listens until the moment given or the end of the pipe. */
static void listen_until(int acknowledged, int64_t end_us)
{
    for (;;) {
        struct pollfd poll_for = {.fd = acknowledged, .events = POLLIN};
        int64_t left = end_us - now_us();
        struct timespec wait = {.tv_sec = left / 1000000, .tv_nsec = left % 1000000 * 1000};
        int64_t numbers[64];
        ssize_t got;

        if (left <= 0 || ppoll(&poll_for, 1, &wait, NULL) == 0)
            return;
        got = read(acknowledged, numbers, sizeof(numbers));
        if (got <= 0)
            return;
        assert_int_equal(got % (ssize_t)sizeof(int64_t), 0);
        for (ssize_t i = 0; i < got / (ssize_t)sizeof(int64_t); i++)
            hear(numbers[i]);
    }
}

/* The work has begun when there is something to hear; on a slow machine that may take a while. */
static void wait_for_work(int acknowledged)
{
    struct pollfd poll_for = {.fd = acknowledged, .events = POLLIN};

    assert_int_equal(poll(&poll_for, 1, 10000), 1);
}

/* A third die while opening or recovering, the others somewhere in their work. */
static void one_life(int64_t life)
{
    int pipe_ends[2], status = 0;
    pid_t child;
    assert_int_equal(pipe(pipe_ends), 0);
    child = fork();
    if (child == 0) {
        close(pipe_ends[0]);
        live(life, pipe_ends[1]);
    }
    close(pipe_ends[1]);

    if (below(3) == 0) {
        listen_until(pipe_ends[0], now_us() + below(20000));
    } else {
        wait_for_work(pipe_ends[0]);
        listen_until(pipe_ends[0], now_us() + below(50000));
    }
    kill(child, SIGKILL);
    listen_until(pipe_ends[0], now_us() + 10000000); /* what it could still say, to the end */
    assert_int_equal(waitpid(child, &status, 0), child);

    close(pipe_ends[0]);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

struct look {
    struct rh_task task;
    int64_t lost, notes;
    int64_t unequal; /* things that ought to agree and do not */
};

static int32_t look_for_losses(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct look *look = (struct look *)(void *)task;
    struct rh_stmt *stmt = NULL;
    int64_t next = 1;
    int32_t rc = rh_db_query(db, NULL, &stmt, err, "SELECT number FROM note ORDER BY number", "");

    while (rc == 0 && (rc = rh_stmt_next(stmt, err)) == 1) {
        look->unequal += rh_stmt_int(stmt, 0) != next++;
        rc = 0;
    }
    stmt = rh_stmt_close(stmt);
    look->notes = next - 1;
    for (int64_t i = next; i < heard_size; i++)
        look->lost += heard[i];
    if (rc == 0)
        rc = rh_db_query(db, NULL, &stmt, err,
                         "SELECT (notes <> (SELECT count(*) FROM note))"
                         " + (sum <> (SELECT coalesce(sum(number), 0) FROM note))"
                         " + (notes <> (SELECT count(*) FROM event))"
                         " + (notes <> (SELECT count(*) FROM job)) FROM total",
                         "");
    if (rc == 0 && (rc = rh_stmt_next(stmt, err)) == 1)
        look->unequal += rh_stmt_int(stmt, 0);
    rh_stmt_close(stmt);
    return rc < 0 ? rc : 0;
}

static int64_t look_after(int64_t life, bool thoroughly)
{
    struct look look = {.task = {.kind = RH_TASK_READ, .work = look_for_losses}};
    struct rh_err err = {0};
    struct rh_store *store = open_store(&err);

    if (!store || rh_store_run(store, &look.task) < 0 ||
        (thoroughly && rh_store_check(store, &err) < 0))
        fail_msg("life %d: %s %s", (int)life, err.text[RH_EN], look.task.err.text[RH_EN]);
    if (look.lost != 0 || look.unequal != 0)
        fail_msg("life %d: %d acknowledged notes lost, %d contradictions", (int)life,
                 (int)look.lost, (int)look.unequal);
    rh_store_close(store);
    return look.notes;
}

static void kill_at_any_moment_loses_nothing_acknowledged(void **state)
{
    int64_t end_us = now_us() + (int64_t)SECONDS_MAX * 1000000, notes = 0;
    int kills = 0;
    (void)state;

    for (; kills < KILLS && now_us() < end_us; kills++) {
        one_life(kills);
        notes = look_after(kills, kills % 25 == 0);
    }
    notes = look_after(kills, true);

    print_message("%d kills, %lld notes written, %lld acknowledged, none of these lost\n", kills,
                  (long long)notes, (long long)heard_count);
    assert_true(kills >= KILLS / 2); /* even a slow machine gets that far in a minute */
    assert_true(heard_count > kills);
    free(heard);
}

static int setup(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/rh-kill-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/reihum.db", folder);
    return 0;
}

static int remove_one(const char *name, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(name);
}

static int teardown(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(kill_at_any_moment_loses_nothing_acknowledged, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
