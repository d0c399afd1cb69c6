/*
 * bench_store - measures the way of a task through the store: submit, work, commit, wake, collect.
 *
 *   bench_store FOLDER [seconds=N]
 *
 * FOLDER is where the database file is made (its disk decides what a commit costs). One thread
 * hands in and collects, woken by an eventfd as the loop is. Each line is name=value for scripts:
 * rows a second with one writer at a time and with 64 in flight, reads a second likewise.
 */
#include "core/store/db.h"
#include "core/store/event.h"
#include "core/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { FLIGHT_MAX = 64, OFFICES = 186 };

static const struct rh_schema_step schema[] = {
    {"core", 1, "offices",
     "CREATE TABLE office (id TEXT PRIMARY KEY, name TEXT NOT NULL, population INTEGER) STRICT;"
     "CREATE VIEW v_office AS SELECT id, name, population FROM office;"},
};

struct bench {
    struct rh_store *store;
    int wake; /* eventfd */
    bool stop;
    int64_t done, failed;
    int in_flight;
};

struct one {
    struct rh_task task;
    struct bench *bench;
    char office[16];
    int64_t population;
};

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void wake_up(void *context)
{
    uint64_t one = 1;

    (void)!write(((struct bench *)context)->wake, &one, sizeof(one));
}

/* An event row: what every change writes. */
static int32_t write_event(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct one *one = (struct one *)(void *)task;
    struct rh_event_row event = {.at_utc = 1,
                                 .module = "bench",
                                 .operation = "bench write",
                                 .actor = "bench",
                                 .topic = "office.changed",
                                 .subject = one->office,
                                 .after = "{\"population\":1}"};
    int64_t seq = rh_event_add(db, &event, err);

    return seq < 0 ? (int32_t)seq : 0;
}

static int32_t read_office(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct one *one = (struct one *)(void *)task;
    struct rh_stmt *stmt = NULL;
    int32_t rc =
        rh_db_query(db, NULL, &stmt, err, "SELECT name, population FROM v_office WHERE id = ?1",
                    "s", one->office);

    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1)
        one->population = rh_stmt_int(stmt, 1);
    rh_stmt_close(stmt);
    return rc < 0 ? rc : 0;
}

static void on_done(struct rh_task *task)
{
    struct one *one = (struct one *)(void *)task;
    struct bench *bench = one->bench;

    bench->done++;
    bench->failed += task->err.code != 0;
    if (bench->stop) {
        bench->in_flight--;
        return;
    }
    snprintf(one->office, sizeof(one->office), "o%d", (int)(bench->done % OFFICES));
    rh_store_submit(bench->store, task);
}

static void measure(struct bench *bench, const char *name, enum rh_task_kind kind,
                    int32_t (*work)(struct rh_task *, struct rh_db *, struct rh_err *),
                    int in_flight, double seconds)
{
    struct one *ones = calloc(FLIGHT_MAX, sizeof(*ones));
    double begun = now_s();

    bench->stop = false;
    bench->done = bench->failed = 0;
    bench->in_flight = in_flight;
    for (int i = 0; i < in_flight; i++) {
        ones[i] = (struct one){
            .task = {.kind = kind, .work = work, .done = on_done}, .bench = bench, .office = "o1"};
        rh_store_submit(bench->store, &ones[i].task);
    }
    while (bench->in_flight > 0) {
        uint64_t wakes;

        (void)!read(bench->wake, &wakes, sizeof(wakes));
        bench->stop = now_s() - begun > seconds;
        rh_store_collect(bench->store);
    }
    printf("%s_per_s=%.0f\n", name, (double)bench->done / (now_s() - begun));
    if (bench->failed > 0)
        printf("%s_failed=%lld\n", name, (long long)bench->failed);
    free(ones);
}

static int32_t fill(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    (void)task;
    return (int32_t)rh_db_exec(
        db, NULL, err,
        "WITH RECURSIVE n (i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
        " INSERT INTO office SELECT 'o' || i, 'Office ' || i, 1000 * i FROM n",
        "i", (int64_t)OFFICES - 1);
}

int main(int argc, char **argv)
{
    struct bench bench = {.wake = eventfd(0, EFD_CLOEXEC)};
    struct rh_task filling = {.kind = RH_TASK_WRITE, .work = fill};
    struct rh_store_options options = {.wake = wake_up, .wake_context = &bench};
    struct rh_err err = {0};
    double seconds = 2;
    char path[4096];

    if (argc < 2) {
        fprintf(stderr, "usage: bench_store FOLDER [seconds=N]\n");
        return 2;
    }
    if (argc > 2 && strncmp(argv[2], "seconds=", 8) == 0)
        seconds = strtod(argv[2] + 8, NULL);
    snprintf(path, sizeof(path), "%s/bench-store-%d.db", argv[1], (int)getpid());
    options.path = path;
    if (rh_store_open(&options, &bench.store, &err) < 0 ||
        rh_store_migrate(bench.store, schema, 1, &err) < 0 ||
        rh_store_run(bench.store, &filling) < 0) {
        fprintf(stderr, "%s%s\n", err.text[RH_EN], filling.err.text[RH_EN]);
        return 1;
    }
    measure(&bench, "write_single", RH_TASK_WRITE, write_event, 1, seconds);
    measure(&bench, "write_crowd", RH_TASK_WRITE, write_event, FLIGHT_MAX, seconds);
    measure(&bench, "read_single", RH_TASK_READ, read_office, 1, seconds);
    measure(&bench, "read_crowd", RH_TASK_READ, read_office, FLIGHT_MAX, seconds);
    rh_store_close(bench.store);
    unlink(path);
    strncat(path, ".lock", sizeof(path) - strlen(path) - 1);
    unlink(path);
    return 0;
}
