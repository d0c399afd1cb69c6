/* store.h, rh_store_backup(): a consistent, checked copy while others write. */
#include "world.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <sys/stat.h>

/* The first number a query gives on a file of its own, -1 when it cannot. */
static int64_t number_in(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    int64_t number = -1;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        number = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return number;
}

static void a_copy_holds_everything_and_is_private(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    struct stat st;
    char to[128];
    world_write(w, "INSERT INTO thing (name) VALUES ('a'), ('b')", NULL);
    snprintf(to, sizeof(to), "%s/copy.db", w->folder);

    must(rh_store_backup(w->store, to, &err), &err);

    assert_int_equal(number_in(to, "SELECT count(*) FROM thing"), 2);
    assert_int_equal(number_in(to, "PRAGMA application_id"), 0x7268756d);
    assert_int_equal(stat(to, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void a_copy_can_be_used_as_it_is(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    char to[128];
    world_write(w, "INSERT INTO thing (name) VALUES ('a'), ('b')", NULL);
    snprintf(to, sizeof(to), "%s/copy.db", w->folder);
    must(rh_store_backup(w->store, to, &err), &err);

    w->store = rh_store_close(w->store);
    assert_int_equal(rename(to, w->path), 0);
    world_open(w);

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 2);
    must(rh_store_check(w->store, &err), &err);
}

static void an_older_backup_is_not_overwritten(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    char to[128];
    snprintf(to, sizeof(to), "%s/copy.db", w->folder);
    must(rh_store_backup(w->store, to, &err), &err);

    assert_int_equal(rh_store_backup(w->store, to, &err), RH_ECONFLICT);

    assert_non_null(strstr(err.text[RH_DE], "gibt es schon"));
}

static void a_backup_that_cannot_be_says_why(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    char to[128];
    snprintf(to, sizeof(to), "%s/nowhere/copy.db", w->folder);

    assert_int_equal(rh_store_backup(w->store, to, &err), RH_ENOTFOUND);
}

/* ---- while others write ---- */

enum { PAIRS = 300 };

/* Two rows a time: a copy with an odd number has torn a transaction. */
static void *write_pairs(void *world)
{
    for (int i = 0; i < PAIRS; i++) {
        char sql[128];

        snprintf(sql, sizeof(sql), "INSERT INTO thing (name) VALUES ('l%d'), ('r%d')", i, i);
        world_write(world, sql, NULL);
    }
    return NULL;
}

static void a_copy_while_others_write_is_one_state(void **state)
{
    struct world *w = *state;
    pthread_t writer;
    int64_t before = 0;
    pthread_create(&writer, NULL, write_pairs, w);

    for (int i = 0; i < 5; i++) {
        struct rh_err err = {0};
        char to[128];
        int64_t rows;

        snprintf(to, sizeof(to), "%s/copy-%d.db", w->folder, i);
        must(rh_store_backup(w->store, to, &err), &err);
        rows = number_in(to, "SELECT count(*) FROM thing");
        assert_true(rows >= before && rows % 2 == 0);
        before = rows;
    }
    pthread_join(writer, NULL);

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 2 * PAIRS);
}

static int32_t back_up_inside(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct sql_task *t = (struct sql_task *)(void *)task;
    (void)db;

    return rh_store_backup((struct rh_store *)(void *)(uintptr_t)t->number, t->sql, err);
}

static void a_task_may_back_up(void **state)
{
    struct world *w = *state;
    char to[128];
    struct sql_task t = {.task = {.kind = RH_TASK_COMPUTE, .work = back_up_inside},
                         .sql = to,
                         .number = (int64_t)(uintptr_t)w->store};
    snprintf(to, sizeof(to), "%s/copy.db", w->folder);

    must(rh_store_run(w->store, &t.task), &t.task.err);

    assert_int_equal(number_in(to, "SELECT count(*) FROM thing"), 0);
}

/* What was deleted must not survive in the free pages of a copy that is carried away. */
static void erased_data_is_not_in_the_copy(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};
    char to[128], *bytes;
    struct stat st;
    int fd;
    world_write(w, "INSERT INTO thing (name) VALUES ('Erika Mustermann')", NULL);
    world_write(w, "DELETE FROM thing", NULL);
    snprintf(to, sizeof(to), "%s/copy.db", w->folder);

    must(rh_store_backup(w->store, to, &err), &err);

    fd = open(to, O_RDONLY);
    assert_int_equal(fstat(fd, &st), 0);
    bytes = malloc((size_t)st.st_size);
    assert_int_equal(read(fd, bytes, (size_t)st.st_size), st.st_size);
    assert_null(memmem(bytes, (size_t)st.st_size, "Mustermann", 10));
    free(bytes);
    close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_copy_holds_everything_and_is_private), TEST(a_copy_can_be_used_as_it_is),
        TEST(an_older_backup_is_not_overwritten),     TEST(a_backup_that_cannot_be_says_why),
        TEST(a_copy_while_others_write_is_one_state), TEST(a_task_may_back_up),
        TEST(erased_data_is_not_in_the_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
