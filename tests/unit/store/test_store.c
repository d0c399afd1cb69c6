/* store.h: tasks are answered after COMMIT, each is undone alone, readers see one state. */
#include "world.h"

#include <pthread.h>
#include <semaphore.h>

static void what_was_written_is_read(void **state)
{
    struct world *w = *state;

    assert_int_equal(world_write(w, "INSERT INTO thing (name) VALUES ('a'), ('b')", NULL), 0);

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 2);
}

static void a_failed_task_leaves_nothing(void **state)
{
    struct world *w = *state;
    struct sql_task t = {.task = {.kind = RH_TASK_WRITE, .work = sql_work},
                         .sql = "INSERT INTO thing (name) VALUES ('a')",
                         .fail = true};

    assert_int_equal(rh_store_run(w->store, &t.task), RH_EINVALID);

    assert_string_equal(t.task.err.text[RH_DE], "gescheitert");
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 0);
}

static void a_dry_run_succeeds_and_leaves_nothing(void **state)
{
    struct world *w = *state;
    struct sql_task t = {.task = {.kind = RH_TASK_WRITE, .work = sql_work, .roll_back = true},
                         .sql = "INSERT INTO thing (name) VALUES ('a')"};

    assert_int_equal(rh_store_run(w->store, &t.task), 0);

    assert_int_equal(t.changed, 1);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 0);
}

static void a_reader_cannot_write(void **state)
{
    struct world *w = *state;
    struct sql_task t = {.task = {.kind = RH_TASK_READ, .work = sql_work},
                         .sql = "INSERT INTO thing (name) VALUES ('a')"};

    assert_int_equal(rh_store_run(w->store, &t.task), RH_EFORBIDDEN);

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 0);
}

/* ---- many tasks behind one that holds the writer, so that they share a transaction ---- */

enum { CROWD = 40 };

struct gate {
    struct rh_task task;
    sem_t reached, open;
};

static int32_t wait_at_gate(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct gate *gate = (struct gate *)(void *)task;
    (void)db;
    (void)err;

    sem_post(&gate->reached);
    sem_wait(&gate->open);
    sem_post(&gate->open); /* it stays open: this may run a second time */
    return 0;
}

static void close_gate(struct world *w, struct gate *gate, enum rh_task_kind kind)
{
    *gate = (struct gate){.task = {.kind = kind, .work = wait_at_gate}};
    sem_init(&gate->reached, 0, 0);
    sem_init(&gate->open, 0, 0);
    rh_store_submit(w->store, &gate->task);
    sem_wait(&gate->reached);
}

static void open_gate(struct gate *gate)
{
    sem_post(&gate->open);
}

struct crowd {
    struct sql_task tasks[CROWD];
    char sql[CROWD][160];
};

/* Each adds a thing of its own; who is to do something else gets it before they start. */
static struct crowd *crowd_new(void)
{
    struct crowd *crowd = calloc(1, sizeof(*crowd));

    for (int i = 0; i < CROWD; i++) {
        snprintf(crowd->sql[i], sizeof(crowd->sql[i]), "INSERT INTO thing (name) VALUES ('n%d')",
                 i);
        crowd->tasks[i] = (struct sql_task){.task = {.kind = RH_TASK_WRITE, .work = sql_work},
                                            .sql = crowd->sql[i]};
    }
    return crowd;
}

/* Returns how many transactions it took. */
static uint64_t crowd_run(struct world *w, struct crowd *crowd)
{
    struct gate *gate = calloc(1, sizeof(*gate));
    uint64_t before = rh_store_version(w->store);

    close_gate(w, gate, RH_TASK_WRITE);
    for (int i = 0; i < CROWD; i++)
        rh_store_submit(w->store, &crowd->tasks[i].task);
    open_gate(gate);
    for (int collected = 0; collected < CROWD + 1;)
        collected += rh_store_collect(w->store);
    free(gate);
    return rh_store_version(w->store) - before;
}

static void a_crowd_shares_a_commit(void **state)
{
    struct world *w = *state;
    struct crowd *crowd = crowd_new();

    uint64_t commits = crowd_run(w, crowd);

    assert_in_range(commits, 1, 3);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), CROWD);
    free(crowd);
}

static void one_failure_in_a_crowd_harms_nobody(void **state)
{
    struct world *w = *state;
    struct crowd *crowd = crowd_new();
    crowd->tasks[7].fail = true;
    crowd->tasks[9].sql = "INSERT INTO thing (name) VALUES ('n3')";
    crowd->tasks[11].task.roll_back = true;

    crowd_run(w, crowd);

    for (int i = 0; i < CROWD; i++)
        assert_int_equal(crowd->tasks[i].task.err.code, i == 7   ? RH_EINVALID
                                                        : i == 9 ? RH_ECONFLICT
                                                                 : 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), CROWD - 3);
    free(crowd);
}

/* INSERT OR ROLLBACK makes SQLite throw away the whole transaction, everyone's. */
static void who_ends_the_transaction_harms_nobody(void **state)
{
    struct world *w = *state;
    struct crowd *crowd = crowd_new();
    crowd->tasks[20].sql = "INSERT OR ROLLBACK INTO thing (name) VALUES ('n3')";
    crowd->tasks[25].task.roll_back = true;

    crowd_run(w, crowd);

    for (int i = 0; i < CROWD; i++)
        assert_int_equal(crowd->tasks[i].task.err.code, i == 20 ? RH_ECONFLICT : 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), CROWD - 2);
    free(crowd);
}

/* A reference that stays open until COMMIT would fail that, for everyone. */
static void a_dangling_reference_harms_nobody(void **state)
{
    struct world *w = *state;
    struct crowd *crowd = crowd_new();
    crowd->tasks[20].sql = "INSERT INTO part (thing) VALUES (4711)";

    uint64_t commits = crowd_run(w, crowd);

    assert_in_range(commits, 1, 3);
    for (int i = 0; i < CROWD; i++)
        assert_int_equal(crowd->tasks[i].task.err.code, i == 20 ? RH_ECONFLICT : 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM part"), 0);
    free(crowd);
}

static int32_t rollback_and_go_on(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct rh_err ignored = {0};
    (void)task;
    (void)err;

    rh_db_exec(db, NULL, &ignored, "INSERT INTO thing (name) VALUES ('before')", "");
    rh_db_exec(db, NULL, &ignored, "INSERT OR ROLLBACK INTO thing (name) VALUES ('before')", "");
    rh_db_exec(db, NULL, &ignored, "INSERT INTO thing (name) VALUES ('ghost')", "");
    return 0;
}

/* Outside a transaction the ghost would be committed at once, and nobody could undo it. */
static void after_the_end_of_the_transaction_nothing_is_written(void **state)
{
    struct world *w = *state;
    struct rh_task task = {.kind = RH_TASK_WRITE, .work = rollback_and_go_on};

    assert_true(rh_store_run(w->store, &task) < 0);

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 0);
}

/* ---- parts of a task ---- */

static int32_t undo_a_part(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct rh_err ignored = {0};
    (void)task;

    rh_db_exec(db, NULL, err, "INSERT INTO thing (name) VALUES ('kept')", "");
    if (rh_db_savepoint(db, err) < 0)
        return err->code;
    rh_db_exec(db, NULL, err, "INSERT INTO thing (name) VALUES ('undone')", "");
    if (rh_db_savepoint(db, err) < 0 || rh_db_release(db, err) < 0)
        return err->code;
    rh_db_rollback_to(db);
    if (rh_db_release(db, &ignored) == 0)
        return rh_err_set(err, RH_EFAILED, "zu viel", "one too many");
    if (rh_db_savepoint(db, err) < 0)
        return err->code;
    return (int32_t)rh_db_exec(db, NULL, err, "INSERT INTO thing (name) VALUES ('left open')", "");
}

static void a_part_can_be_undone_and_the_rest_stays(void **state)
{
    struct world *w = *state;
    struct rh_task task = {.kind = RH_TASK_WRITE, .work = undo_a_part};

    assert_int_equal(rh_store_run(w->store, &task), 0);

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 2);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing WHERE name = 'undone'"), 0);
}

/* ---- one state ---- */

struct two_looks {
    struct rh_task task;
    struct world *w;
    int64_t first, second;
};

static int32_t look_twice(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct two_looks *looks = (struct two_looks *)(void *)task;
    int64_t *answers[] = {&looks->first, &looks->second};

    for (int i = 0; i < 2; i++) {
        struct rh_stmt *stmt = NULL;

        if (rh_db_query(db, NULL, &stmt, err, "SELECT count(*) FROM thing", "") < 0 ||
            rh_stmt_next(stmt, err) < 0)
            return err->code;
        *answers[i] = rh_stmt_int(stmt, 0);
        rh_stmt_close(stmt);
        if (i == 0)
            world_write(looks->w, "INSERT INTO thing (name) VALUES ('meanwhile')", NULL);
    }
    return 0;
}

static void a_reader_sees_one_state(void **state)
{
    struct world *w = *state;
    struct two_looks looks = {.task = {.kind = RH_TASK_COMPUTE, .work = look_twice}, .w = w};

    assert_int_equal(rh_store_run(w->store, &looks.task), 0);

    assert_int_equal(looks.first, 0);
    assert_int_equal(looks.second, 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 1);
}

/* Readers share snapshots under load; what was acknowledged is seen nevertheless. */
static void who_was_told_of_a_change_reads_it(void **state)
{
    struct world *w = *state;
    enum { NOISE = 200 };
    struct sql_task *noise = calloc(NOISE, sizeof(*noise));
    int collected = 0;

    for (int i = 0; i < NOISE; i++) {
        noise[i] = (struct sql_task){.task = {.kind = RH_TASK_READ, .work = sql_work},
                                     .sql = "SELECT count(*) FROM thing"};
        rh_store_submit(w->store, &noise[i].task);
        if (i % 10 == 0) {
            char sql[80];

            snprintf(sql, sizeof(sql), "INSERT INTO thing (name) VALUES ('x%d')", i);
            assert_int_equal(world_write(w, sql, NULL), 0);
            assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), i / 10 + 1);
        }
    }
    while (collected < NOISE)
        collected += rh_store_collect(w->store);
    free(noise);
}

static void the_version_tells_whether_data_changed(void **state)
{
    struct world *w = *state;
    struct sql_task read = {.task = {.kind = RH_TASK_READ, .work = sql_work},
                            .sql = "SELECT count(*) FROM thing"};
    uint64_t before = rh_store_version(w->store);

    world_number(w, "SELECT count(*) FROM thing");
    world_write(w, "DELETE FROM thing", NULL);
    assert_int_equal(rh_store_version(w->store), before);
    world_write(w, "INSERT INTO thing (name) VALUES ('a')", NULL);
    rh_store_run(w->store, &read.task);

    assert_true(rh_store_version(w->store) > before);
    assert_int_equal(read.task.version, rh_store_version(w->store));
    w->store = rh_store_close(w->store);
    world_open(w);
    assert_true(rh_store_version(w->store) > read.task.version);
}

/* ---- limits ---- */

#define ENDLESS                                                                                    \
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

static void an_endless_query_is_stopped(void **state)
{
    struct world *w = *state;
    struct sql_task t = {.task = {.kind = RH_TASK_READ, .work = sql_work, .limit_ms = 30},
                         .sql = ENDLESS};

    assert_int_equal(rh_store_run(w->store, &t.task), RH_ECANCELLED);

    assert_non_null(strstr(t.task.err.text[RH_DE], "dauert zu lange"));
    assert_int_equal(world_number(w, "SELECT 1"), 1);
}

/* Each row comes quickly, but there is no end of them. */
static void endless_rows_are_stopped(void **state)
{
    struct world *w = *state;
    struct sql_task t = {.task = {.kind = RH_TASK_READ, .work = sql_work, .limit_ms = 30},
                         .sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                                " SELECT i FROM n"};

    assert_int_equal(rh_store_run(w->store, &t.task), RH_ECANCELLED);
}

/* SQLite rolls back the whole transaction when it stops a statement that writes. */
static void an_endless_change_in_a_crowd_harms_nobody(void **state)
{
    struct world *w = *state;
    struct crowd *crowd = crowd_new();
    crowd->tasks[20].sql = "INSERT INTO thing (name) " ENDLESS;
    crowd->tasks[20].task.limit_ms = 30;

    crowd_run(w, crowd);

    for (int i = 0; i < CROWD; i++)
        assert_int_equal(crowd->tasks[i].task.err.code, i == 20 ? RH_ECANCELLED : 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), CROWD - 1);
    free(crowd);
}

static void a_running_query_can_be_cancelled(void **state)
{
    struct world *w = *state;
    struct sql_task t = {.task = {.kind = RH_TASK_COMPUTE, .work = sql_work}, .sql = ENDLESS};

    rh_store_submit(w->store, &t.task);
    atomic_store(&t.task.cancel, true);
    while (rh_store_collect(w->store) == 0)
        ;

    assert_int_equal(t.task.err.code, RH_ECANCELLED);
}

static void a_long_computation_keeps_no_reader_waiting(void **state)
{
    struct world *w = *state;
    struct gate *gate = calloc(1, sizeof(*gate));

    close_gate(w, gate, RH_TASK_COMPUTE);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 0);
    open_gate(gate);

    while (rh_store_collect(w->store) == 0)
        ;
    free(gate);
}

/* ---- waking, closing ---- */

static void count_wake(void *context)
{
    atomic_fetch_add((atomic_int *)context, 1);
}

static void the_loop_is_woken_once_until_it_collects(void **state)
{
    struct world *w = *state;
    atomic_int wakes = 0;
    struct rh_store_options options = {
        .path = w->path, .readers = 1, .wake = count_wake, .wake_context = &wakes};
    struct sql_task *tasks = calloc(10, sizeof(*tasks));
    struct gate *gate = calloc(1, sizeof(*gate));
    struct rh_err err = {0};
    int collected = 0;
    w->store = rh_store_close(w->store);
    must(rh_store_open(&options, &w->store, &err), &err);

    for (int i = 0; i < 10; i++) {
        tasks[i] =
            (struct sql_task){.task = {.kind = RH_TASK_READ, .work = sql_work}, .sql = "SELECT 1"};
        rh_store_submit(w->store, &tasks[i].task);
    }
    close_gate(w, gate, RH_TASK_READ); /* the ten are done when the only reader is here */

    assert_int_equal(atomic_load(&wakes), 1);
    open_gate(gate);
    while (collected < 11)
        collected += rh_store_collect(w->store);
    free(tasks);
    free(gate);
}

static void *close_store(void *world)
{
    struct world *w = world;

    w->store = rh_store_close(w->store);
    return NULL;
}

static void closing_finishes_what_was_begun_and_refuses_the_rest(void **state)
{
    struct world *w = *state;
    struct rh_store *store = w->store;
    struct crowd *crowd = crowd_new();
    struct gate *gate = calloc(1, sizeof(*gate));
    pthread_t closer;
    int refused = 0;
    close_gate(w, gate, RH_TASK_WRITE);
    for (int i = 0; i < CROWD; i++)
        rh_store_submit(w->store, &crowd->tasks[i].task);

    pthread_create(&closer, NULL, close_store, w);
    while (refused < CROWD)
        refused += rh_store_collect(store);
    open_gate(gate);
    pthread_join(closer, NULL);

    assert_int_equal(gate->task.err.code, 0);
    for (int i = 0; i < CROWD; i++)
        assert_int_equal(crowd->tasks[i].task.err.code, RH_EBUSY);
    free(gate);
    free(crowd);
}

/* ---- many threads ---- */

enum { THREADS = 6, ROUNDS = 60 };

struct hand {
    struct world *w;
    int number;
    int failures;
};

static void *hand_in(void *context)
{
    struct hand *hand = context;

    for (int i = 0; i < ROUNDS; i++) {
        char sql[120];

        snprintf(sql, sizeof(sql), "INSERT INTO thing (name) VALUES ('t%d-%d')", hand->number, i);
        if (world_write(hand->w, sql, NULL) < 0)
            hand->failures++;
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM thing WHERE name = 't%d-%d'", hand->number,
                 i);
        if (world_number(hand->w, sql) != 1)
            hand->failures++;
    }
    return NULL;
}

static void any_thread_may_hand_in(void **state)
{
    struct world *w = *state;
    struct hand hands[THREADS];
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++) {
        hands[i] = (struct hand){.w = w, .number = i};
        pthread_create(&threads[i], NULL, hand_in, &hands[i]);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(hands[i].failures, 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), THREADS * ROUNDS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_written_is_read),
        TEST(a_failed_task_leaves_nothing),
        TEST(a_dry_run_succeeds_and_leaves_nothing),
        TEST(a_reader_cannot_write),
        TEST(a_crowd_shares_a_commit),
        TEST(one_failure_in_a_crowd_harms_nobody),
        TEST(who_ends_the_transaction_harms_nobody),
        TEST(a_dangling_reference_harms_nobody),
        TEST(after_the_end_of_the_transaction_nothing_is_written),
        TEST(a_part_can_be_undone_and_the_rest_stays),
        TEST(a_reader_sees_one_state),
        TEST(who_was_told_of_a_change_reads_it),
        TEST(the_version_tells_whether_data_changed),
        TEST(an_endless_query_is_stopped),
        TEST(endless_rows_are_stopped),
        TEST(an_endless_change_in_a_crowd_harms_nobody),
        TEST(a_running_query_can_be_cancelled),
        TEST(a_long_computation_keeps_no_reader_waiting),
        TEST(the_loop_is_woken_once_until_it_collects),
        TEST(closing_finishes_what_was_begun_and_refuses_the_rest),
        TEST(any_thread_may_hand_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
