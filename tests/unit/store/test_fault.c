/*
 * A disk that is full, syncs that fail, memory that runs out - at every single point. Always the
 * same promise: what was acknowledged is there, what was refused is not, and afterwards it goes on
 * by itself.
 */
#include "tests/support/fault_vfs.h"
#include "world.h"

#include <pthread.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdatomic.h>

/* ---- SQLite's memory, the n-th piece of which can be refused ---- */

static atomic_long memory_until; /* 0 = off */
static atomic_long memory_left, memory_struck;
static sqlite3_mem_methods usual_memory;

static int refused(void)
{
    if (atomic_load(&memory_until) == 0 || atomic_fetch_sub(&memory_until, 1) > 1)
        return 0;
    atomic_store(&memory_until, 1);
    if (atomic_fetch_sub(&memory_left, 1) <= 0)
        return 0;
    atomic_fetch_add(&memory_struck, 1);
    return 1;
}

static void *refusing_malloc(int size)
{
    return refused() ? NULL : usual_memory.xMalloc(size);
}

static void *refusing_realloc(void *old, int size)
{
    return refused() ? NULL : usual_memory.xRealloc(old, size);
}

static void arm_memory(long n, long count)
{
    atomic_store(&memory_until, 0);
    atomic_store(&memory_left, count);
    atomic_store(&memory_struck, 0);
    atomic_store(&memory_until, n);
}

static long disarm_memory(void)
{
    atomic_store(&memory_until, 0);
    return atomic_load(&memory_struck);
}

/* ---- who writes, and what came of it ---- */

enum { WRITERS = 12 };

static void open_on_fault_vfs(struct world *w)
{
    struct rh_store_options options = {.path = w->path, .vfs = FAULT_VFS, .readers = 1};
    struct rh_err err = {0};

    must(rh_store_open(&options, &w->store, &err), &err);
    must(rh_store_migrate(w->store, world_steps, 1, &err), &err);
}

static int fault_setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    world_folder(w);
    open_on_fault_vfs(w);
    *state = w;
    return 0;
}

struct letter {
    struct sql_task t;
    char name[32], sql[160];
    int32_t answer;
};

/* A row of some pages each, so that a commit is many writes. */
static void submit_all(struct world *w, struct letter *letters, int round, int size)
{
    for (int i = 0; i < WRITERS; i++) {
        struct letter *l = &letters[i];

        *l = (struct letter){.t = {.task = {.kind = RH_TASK_WRITE, .work = sql_work}}};
        snprintf(l->name, sizeof(l->name), "r%d-%d ", round, i);
        snprintf(l->sql, sizeof(l->sql),
                 "INSERT INTO thing (name) VALUES ('%s' || hex(zeroblob(%d)))", l->name, size);
        l->t.sql = l->sql;
        rh_store_submit(w->store, &l->t.task);
    }
    for (int collected = 0; collected < WRITERS;) {
        int some = rh_store_collect(w->store);

        collected += some;
        if (some == 0)
            sched_yield();
    }
    for (int i = 0; i < WRITERS; i++)
        letters[i].answer = letters[i].t.task.err.code;
}

static void assert_promise_kept(struct world *w, const struct letter *letters, const char *when)
{
    for (int i = 0; i < WRITERS; i++) {
        char sql[160];
        int64_t rows;

        snprintf(sql, sizeof(sql), "SELECT count(*) FROM thing WHERE name >= '%s' AND name < '%s~'",
                 letters[i].name, letters[i].name);
        rows = world_number(w, sql);
        if (rows != (letters[i].answer == 0))
            fail_msg("%s: '%s' was answered %d, and %d rows are there", when, letters[i].name,
                     letters[i].answer, (int)rows);
    }
}

/* And makes room for the next round. */
static void assert_goes_on(struct world *w)
{
    struct rh_err err = {0};

    must(world_write(w, "INSERT INTO thing (name) VALUES ('afterwards')", &err), &err);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing WHERE name = 'afterwards'"), 1);
    must(world_write(w, "DELETE FROM thing", &err), &err);
}

static int count_answers(const struct letter *letters, int32_t code)
{
    int count = 0;

    for (int i = 0; i < WRITERS; i++)
        count += letters[i].answer == code;
    return count;
}

/* ---- the disk ---- */

static void at_every_write(struct world *w, int kinds, int code, int32_t answer, int size, int step)
{
    struct letter *letters = calloc(WRITERS, sizeof(*letters));
    bool struck = true;
    int n;

    for (n = 1; struck && n <= 400; n += step) {
        char when[64];

        snprintf(when, sizeof(when), "fault at call %d", n);
        fault_vfs_arm(kinds, n, 1000000, code);
        submit_all(w, letters, n, size);
        struck = fault_vfs_disarm() > 0;
        assert_int_equal(count_answers(letters, 0) + count_answers(letters, answer), WRITERS);
        assert_promise_kept(w, letters, when);
        if (n % 10 == 1) {
            w->store = rh_store_close(w->store);
            open_on_fault_vfs(w);
            assert_promise_kept(w, letters, "after opening again");
        }
        assert_goes_on(w);
    }
    w->store = rh_store_close(w->store);
    open_on_fault_vfs(w);
    must(rh_store_check(w->store, &letters[0].t.task.err), &letters[0].t.task.err);
    assert_true(n > 1 + step); /* the first one did strike */
    free(letters);
}

static void a_full_disk_loses_nothing_and_needs_nobody(void **state)
{
    at_every_write(*state, FAULT_WRITE, SQLITE_FULL, RH_EFULL, 6000, 1);
}

/* Large rows: the WAL is moved into the file between them, and that fails, too. */
static void a_disk_that_fills_up_while_moving_loses_nothing(void **state)
{
    at_every_write(*state, FAULT_WRITE | FAULT_TRUNCATE, SQLITE_FULL, RH_EFULL, 200000, 41);
}

static void a_sync_that_fails_is_no_commit(void **state)
{
    at_every_write(*state, FAULT_SYNC, SQLITE_IOERR_FSYNC, RH_EFAILED, 6000, 1);
}

static void a_short_failure_hits_few(void **state)
{
    struct world *w = *state;
    struct letter *letters = calloc(WRITERS, sizeof(*letters));

    for (int n = 1; n <= 60; n++) {
        fault_vfs_arm(FAULT_WRITE, n, 1, SQLITE_FULL);
        submit_all(w, letters, n, 3000);
        (void)fault_vfs_disarm(); /* past the last write it does not strike */
        assert_in_range(count_answers(letters, RH_EFULL), 0, 1);
        assert_promise_kept(w, letters, "one write failed");
    }
    free(letters);
}

static void a_full_disk_is_told_in_a_sentence(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};

    fault_vfs_arm(FAULT_WRITE, 1, 1000000, SQLITE_FULL);
    assert_int_equal(world_write(w, "INSERT INTO thing (name) VALUES ('a')", &err), RH_EFULL);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 0);
    fault_vfs_disarm();

    assert_non_null(strstr(err.text[RH_DE], "kein Platz mehr auf dem Datenträger"));
    assert_non_null(strstr(err.text[RH_EN], "the disk is full"));
}

/* Opening, migrating and backing up: each call fails once; afterwards all works. */
static void nothing_half_made_stays(void **state)
{
    struct world *w = *state;
    bool struck = true;

    for (int n = 1; struck && n < 400; n++) {
        struct rh_store_options options = {.path = w->path, .vfs = FAULT_VFS};
        struct rh_err err = {0};
        char to[128];
        int32_t rc;

        w->store = rh_store_close(w->store);
        unlink(w->path);
        fault_vfs_arm(FAULT_WRITE | FAULT_SYNC | FAULT_OPEN | FAULT_TRUNCATE | FAULT_SHM, n, 1,
                      SQLITE_IOERR);
        rc = rh_store_open(&options, &w->store, &err);
        if (rc == 0)
            rc = rh_store_migrate(w->store, world_steps, 1, &err);
        snprintf(to, sizeof(to), "%s/copy-%d.db", w->folder, n);
        if (rc == 0)
            rc = rh_store_backup(w->store, to, &err);
        struck = fault_vfs_disarm() > 0;
        assert_true(rc == 0 || (struck && err.code == rc && err.text[RH_DE][0] != '\0'));
        assert_true(rc == 0 || access(to, F_OK) != 0);
        w->store = rh_store_close(w->store);
        open_on_fault_vfs(w);
        if (n % 10 == 1)
            must(rh_store_check(w->store, &err), &err);
    }
    assert_false(struck);
}

/* ---- memory ---- */

static void without_memory_nothing_is_lost(void **state)
{
    struct world *w = *state;
    struct letter *letters = calloc(WRITERS, sizeof(*letters));
    int in_vain = 0;

    for (int n = 1; in_vain < 3; n += n < 120 ? 1 : 13) {
        arm_memory(n, n % 4 == 0 ? 50 : 1);
        submit_all(w, letters, n, 6000);
        in_vain = disarm_memory() > 0 ? 0 : in_vain + 1;
        assert_int_equal(count_answers(letters, 0) + count_answers(letters, RH_ENOMEM), WRITERS);
        assert_promise_kept(w, letters, "without memory");
        assert_goes_on(w);
    }
    free(letters);
}

static int configure(void **state)
{
    sqlite3_mem_methods memory;
    (void)state;

    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual_memory) != SQLITE_OK)
        return -1;
    memory = usual_memory;
    memory.xMalloc = refusing_malloc;
    memory.xRealloc = refusing_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &memory) != SQLITE_OK)
        return -1;
    fault_vfs_register();
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fault_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_full_disk_loses_nothing_and_needs_nobody),
        TEST(a_disk_that_fills_up_while_moving_loses_nothing),
        TEST(a_sync_that_fails_is_no_commit),
        TEST(a_short_failure_hits_few),
        TEST(a_full_disk_is_told_in_a_sentence),
        TEST(nothing_half_made_stays),
        TEST(without_memory_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, configure, NULL);
}
