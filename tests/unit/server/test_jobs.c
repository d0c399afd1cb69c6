/* jobs.h with a clock that the test sets: what is due is done, what fails comes back, nothing is
 * half done. */
#include "core/server/jobs.h"
#include "core/server/log.h"
#include "core/store/job.h"

#include "core/operation/call.h"
#include "reihum/plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
    char folder[64], database[96];
    struct rh_clock clock;
    struct rh_house house;
    struct rh_module module;
    int64_t now;
    int64_t wait_ms;
    int ended, again;
    struct rh_err last;
};

/* ---- a module with work to do ---- */

static int works;          /* how often it was asked to work */
static bool fails = false; /* and whether it can */

static int32_t run_work(struct rh_call *call, const char *key, const char *payload)
{
    int64_t seq = rh_event(call, "thing.worked", key, NULL, payload);

    works++;
    if (seq < 0)
        return (int32_t)seq;
    return fails ? rh_fail(call, RH_EFAILED, "heute nicht", "not today") : 0;
}

/* ---- and with some that has to be prepared ---- */

static atomic_bool hangs;    /* the preparation waits to be stopped */
static atomic_int preparing; /* how often it began */

static int32_t prepare_slow(struct rh_call *call, const char *key, const char *payload)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    char *found = rh_alloc_in(call, 32);

    (void)payload;
    atomic_fetch_add(&preparing, 1);
    while (atomic_load(&hangs)) {
        if (rh_progress(call, 0, 0, "warten", "waiting") != 0)
            return rh_fail(call, RH_ECANCELLED, "beendet", "stopped");
        nanosleep(&pause, NULL); /* what it waits for is the test */
    }
    if (strcmp(key, "writes") == 0)
        return (int32_t)rh_event(call, "thing.worked", key, NULL, NULL);
    if (strcmp(key, "fails") == 0)
        return rh_fail(call, RH_EUNREACHABLE, "nicht zu erreichen", "cannot be reached");
    if (!found)
        return RH_ENOMEM;
    snprintf(found, 32, "{\"found\":\"%s\"}", key);
    call->state = found;
    return 0;
}

static int32_t run_slow(struct rh_call *call, const char *key, const char *payload)
{
    int64_t seq = rh_event(call, "thing.prepared", key, payload, call->state);

    return seq < 0 ? (int32_t)seq : 0;
}

static const struct rh_job_kind kinds[] = {
    {.kind = "thing.work", .max_attempts = 3, .run = run_work},
    {.kind = "thing.slow", .max_attempts = 3, .run = run_slow, .prepare = prepare_slow},
};
static const struct rh_plugin thing_plugin = {
    RH_PLUGIN_HEAD("thing", "1.0.0"),
    .title = {"Dinge", "Things"},
    .jobs = RH_ROWS(kinds),
};

/* ---- the world ---- */

static int64_t read_clock(void *context)
{
    return ((struct world *)context)->now;
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    struct rh_store_options options = {0};

    assert_non_null(w);
    snprintf(w->folder, sizeof(w->folder), "/tmp/rh-jobs-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->database, sizeof(w->database), "%s/t.db", w->folder);
    options.path = w->database;
    assert_int_equal(rh_store_open(&options, &w->house.store, NULL), 0);
    assert_int_equal(rh_store_migrate(w->house.store, NULL, 0, NULL), 0);
    w->now = 1800000000;
    w->clock = (struct rh_clock){.now_utc = read_clock, .monotonic_ms = read_clock, .context = w};
    w->house.clock = &w->clock;
    w->house.registry = rh_registry_new(NULL);
    w->module.plugin = &thing_plugin;
    assert_int_equal(rh_registry_add(w->house.registry, &w->module, NULL), 0);
    works = 0;
    fails = false;
    atomic_store(&hangs, false);
    atomic_store(&preparing, 0);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    struct world *w = *state;
    char path[128];

    rh_store_close(w->house.store);
    rh_registry_free(w->house.registry);
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof(path), "%s%s", w->database, endings[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(w->folder), 0);
    free(w);
    return 0;
}

struct adding {
    struct rh_task task; /* first */
    struct rh_job job;
    int64_t now;
};

static int32_t add(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct adding *adding = (struct adding *)task;
    /* In brackets, because the words of plugins have a macro of this name. */
    int32_t rc = (rh_job_add)(db, &adding->job, adding->now, err);

    return rc < 0 ? rc : 0;
}

static void add_job(struct world *w, const char *kind, const char *key, int64_t in_seconds)
{
    struct adding adding = {
        .task = {.kind = RH_TASK_WRITE, .work = add},
        .job = {.module = "thing",
                .kind = kind,
                .key = key,
                .payload = "{\"n\":1}",
                .run_at_utc = w->now + in_seconds,
                .max_attempts = 3},
        .now = w->now,
    };

    assert_int_equal(rh_store_run(w->house.store, &adding.task), 0);
}

struct asking {
    struct rh_task task; /* first */
    const char *sql;
    int64_t answer;
};

static int32_t ask(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct asking *asking = (struct asking *)task;
    struct rh_stmt *stmt;
    int32_t rc = rh_db_query(db, NULL, &stmt, err, asking->sql, NULL);

    if (rc < 0)
        return rc;
    rc = rh_stmt_next(stmt, err);
    asking->answer = rc == 1 ? rh_stmt_int(stmt, 0) : -1;
    rh_stmt_close(stmt);
    return rc < 0 ? rc : 0;
}

static int64_t number(struct world *w, const char *sql)
{
    struct asking asking = {.task = {.kind = RH_TASK_READ, .work = ask}, .sql = sql};

    assert_int_equal(rh_store_run(w->house.store, &asking.task), 0);
    return asking.answer;
}

static void on_ended(void *context, const char *kind, int64_t id, const struct rh_err *err,
                     bool again)
{
    struct world *w = context;

    (void)kind;
    (void)id;
    w->ended++;
    w->again += again;
    w->last = *err;
}

static int32_t run_due(struct world *w)
{
    return rh_jobs_run_due(&w->house, 100, on_ended, w, &w->wait_ms, NULL);
}

/* ---- what is due ---- */

static void what_is_due_is_done_once(void **state)
{
    struct world *w = *state;

    add_job(w, "thing.work", "a", 0);
    add_job(w, "thing.work", "b", -60);
    assert_int_equal(run_due(w), 2);
    assert_int_equal(run_due(w), 0);

    assert_int_equal(works, 2);
    assert_int_equal(w->ended, 2);
    assert_int_equal(number(w, "SELECT count(*) FROM job WHERE state = 'done'"), 2);
    assert_int_equal(number(w, "SELECT count(*) FROM event WHERE topic = 'thing.worked'"), 2);
}

static void what_is_not_due_waits_and_says_how_long(void **state)
{
    struct world *w = *state;

    add_job(w, "thing.work", "a", 30);
    assert_int_equal(run_due(w), 0);
    assert_int_equal(w->wait_ms, 30000);

    w->now += 30;
    assert_int_equal(run_due(w), 1);
    assert_int_equal(works, 1);
}

static void no_wait_is_longer_than_a_minute(void **state)
{
    struct world *w = *state;

    assert_int_equal(run_due(w), 0);
    assert_int_equal(w->wait_ms, 60000);

    add_job(w, "thing.work", "a", 5 * 365 * 86400);
    assert_int_equal(run_due(w), 0);
    assert_int_equal(w->wait_ms, 60000);

    w->now += 6 * (int64_t)365 * 86400; /* somebody set the clock */
    assert_int_equal(run_due(w), 1);
}

static void a_look_that_finds_nothing_changes_nothing(void **state)
{
    struct world *w = *state;
    uint64_t version = rh_store_version(w->house.store);

    assert_int_equal(run_due(w), 0);

    assert_int_equal(rh_store_version(w->house.store), version);
}

/* ---- what fails ---- */

static void what_fails_leaves_nothing_and_comes_back_later(void **state)
{
    struct world *w = *state;

    fails = true;
    add_job(w, "thing.work", "a", 0);
    assert_int_equal(run_due(w), 1);

    assert_int_equal(w->again, 1);
    assert_string_equal(w->last.text[RH_DE], "heute nicht");
    assert_int_equal(number(w, "SELECT count(*) FROM event"), 0);
    assert_int_equal(number(w, "SELECT attempts FROM job"), 1);
    assert_true(w->wait_ms >= 30000); /* the first pause */

    fails = false;
    w->now += 60;
    assert_int_equal(run_due(w), 1);
    assert_int_equal(number(w, "SELECT count(*) FROM job WHERE state = 'done'"), 1);
    assert_int_equal(number(w, "SELECT count(*) FROM event"), 1);
}

static void after_its_last_attempt_a_job_is_dead(void **state)
{
    struct world *w = *state;

    fails = true;
    add_job(w, "thing.work", "a", 0);
    for (int i = 0; i < 5; i++) {
        run_due(w);
        w->now += 86400;
    }

    assert_int_equal(works, 3);
    assert_int_equal(w->ended, 3);
    assert_int_equal(w->again, 2);
    assert_int_equal(number(w, "SELECT count(*) FROM job WHERE state = 'dead'"
                               " AND error_de = 'heute nicht'"),
                     1);
}

static void a_job_nobody_knows_says_so(void **state)
{
    struct world *w = *state;

    add_job(w, "thing.unheard", "a", 0);
    assert_int_equal(run_due(w), 1);

    assert_non_null(strstr(w->last.text[RH_EN], "'thing.unheard'"));
    assert_int_equal(number(w, "SELECT attempts FROM job"), 1);
}

static void jobs_of_a_suspended_plugin_wait_without_using_up_attempts(void **state)
{
    struct world *w = *state;

    w->module.absent = true;
    add_job(w, "thing.work", "a", 0);
    for (int i = 0; i < 20; i++) {
        run_due(w);
        w->now += 600;
    }
    assert_int_equal(works, 0);
    assert_int_equal(number(w, "SELECT attempts FROM job WHERE state = 'queued'"), 0);

    w->module.absent = false;
    assert_int_equal(run_due(w), 1);
    assert_int_equal(works, 1);
}

/* ---- what is prepared ---- */

static void what_was_found_before_is_there_when_it_is_written(void **state)
{
    struct world *w = *state;

    add_job(w, "thing.slow", "a", 0);
    assert_int_equal(run_due(w), 1);
    assert_int_equal(w->last.code, 0);
    assert_int_equal(number(w, "SELECT count(*) FROM event WHERE topic = 'thing.prepared' AND"
                               " subject = 'a' AND after = '{\"found\":\"a\"}'"),
                     1);
    assert_int_equal(number(w, "SELECT count(*) FROM job WHERE state = 'done'"), 1);
}

static void a_preparation_only_reads_and_its_failure_is_the_jobs(void **state)
{
    struct world *w = *state;

    add_job(w, "thing.slow", "writes", 0);
    assert_int_equal(run_due(w), 1);
    assert_non_null(strstr(w->last.text[RH_EN], "only reads"));
    add_job(w, "thing.slow", "fails", 0);
    assert_int_equal(run_due(w), 1);
    assert_string_equal(w->last.text[RH_EN], "cannot be reached");
    assert_int_equal(number(w, "SELECT count(*) FROM job WHERE state = 'queued' AND attempts = 1"),
                     2);
    assert_int_equal(number(w, "SELECT count(*) FROM event"), 0);
}

/* A server's jobs on a loop; the test turns it. */
struct turning {
    uv_loop_t loop;
    struct rh_jobs *jobs;
};

static void begin_turning(struct world *w, struct turning *t)
{
    const struct rh_jobs_options options = {.loop = &t->loop, .house = &w->house};

    assert_int_equal(uv_loop_init(&t->loop), 0);
    assert_int_equal(rh_jobs_new(&options, &t->jobs, NULL), 0);
}

static void turn_until(struct world *w, struct turning *t, const char *sql, int64_t wanted)
{
    const struct timespec pause = {.tv_nsec = 1000000};

    for (int i = 0; i < 10000 && number(w, sql) != wanted; i++) {
        uv_run(&t->loop, UV_RUN_NOWAIT);
        rh_jobs_look(t->jobs);
        nanosleep(&pause, NULL); /* other threads work; the loop must not spin */
    }
    assert_int_equal(number(w, sql), wanted);
}

static void end_turning(struct turning *t)
{
    while (!rh_jobs_stop(t->jobs))
        uv_run(&t->loop, UV_RUN_ONCE);
    rh_jobs_close(t->jobs);
    uv_run(&t->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&t->loop), 0);
}

static void what_has_to_be_prepared_keeps_nothing_else_waiting(void **state)
{
    struct world *w = *state;
    struct turning t;

    atomic_store(&hangs, true);
    add_job(w, "thing.slow", "a", -60);
    add_job(w, "thing.slow", "b", -60);
    begin_turning(w, &t);
    turn_until(w, &t, "SELECT count(*) FROM job WHERE state = 'running'", 1);
    add_job(w, "thing.work", "a", 0);
    turn_until(w, &t, "SELECT count(*) FROM job WHERE state = 'done'", 1);
    assert_int_equal(works, 1);
    assert_in_range(atomic_load(&preparing), 0, 1); /* one at a time */
    atomic_store(&hangs, false);
    turn_until(w, &t, "SELECT count(*) FROM job WHERE state = 'done'", 3);
    end_turning(&t);
}

static void who_stops_does_not_wait_for_it_and_it_is_begun_anew(void **state)
{
    struct world *w = *state;
    struct turning t;

    atomic_store(&hangs, true);
    add_job(w, "thing.slow", "a", 0);
    begin_turning(w, &t);
    turn_until(w, &t, "SELECT count(*) FROM job WHERE state = 'running'", 1);
    end_turning(&t);
    assert_int_equal(number(w, "SELECT attempts FROM job WHERE state = 'queued'"), 0);
    atomic_store(&hangs, false);
    assert_int_equal(run_due(w), 1);
    assert_int_equal(number(w, "SELECT count(*) FROM job WHERE state = 'done'"), 1);
}

/* ---- the log ---- */

static void a_log_line_stays_one_line(void **state)
{
    static const char *const pairs[] = {
        "url", "http://127.0.0.1/", "error", "a \"b\"\nc", "none", NULL, "empty", "", NULL};
    rh_auto_str(line, 1000);
    (void)state;

    rh_log_line(&line, RH_LOG_WARNING, "job", pairs);

    assert_string_equal(line.data, "level=warning event=job url=http://127.0.0.1/"
                                   " error=\"a \\\"b\\\" c\" empty=\"\"\n");
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_WORLD(what_is_due_is_done_once),
        WITH_WORLD(what_is_not_due_waits_and_says_how_long),
        WITH_WORLD(no_wait_is_longer_than_a_minute),
        WITH_WORLD(a_look_that_finds_nothing_changes_nothing),
        WITH_WORLD(what_fails_leaves_nothing_and_comes_back_later),
        WITH_WORLD(after_its_last_attempt_a_job_is_dead),
        WITH_WORLD(a_job_nobody_knows_says_so),
        WITH_WORLD(jobs_of_a_suspended_plugin_wait_without_using_up_attempts),
        WITH_WORLD(what_was_found_before_is_there_when_it_is_written),
        WITH_WORLD(a_preparation_only_reads_and_its_failure_is_the_jobs),
        WITH_WORLD(what_has_to_be_prepared_keeps_nothing_else_waiting),
        WITH_WORLD(who_stops_does_not_wait_for_it_and_it_is_begun_anew),
        cmocka_unit_test(a_log_line_stays_one_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
