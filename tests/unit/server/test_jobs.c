/* jobs.h with a clock that the test sets: what is due is done, what fails comes back, nothing is
 * half done. */
#include "core/server/jobs.h"
#include "core/server/log.h"
#include "core/store/job.h"

#include "core/operation/call.h"
#include "reihum/plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static const struct rh_job_kind kinds[] = {
    {"thing.work", 3, 0, run_work},
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
        cmocka_unit_test(a_log_line_stays_one_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
