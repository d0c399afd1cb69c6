/* job.h: work that survives, is tried again, and is done once as far as anyone can promise. */
#include "core/store/job.h"
#include "world.h"

/* A small language for the life of one job: each step is a task of its own. */
enum step { ADD, TAKE, DONE, FAIL, HOLD, RELEASE, RETRY, DROP, RECOVER };

struct job_task {
    struct rh_task task;
    enum step step;
    int64_t id, now;
    const struct rh_job_choice *choice;
    struct rh_job job;
    int64_t result;
    char kind[40], payload[40];
};

static int32_t job_work(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    static const struct rh_err why = {.code = RH_EFAILED, .text = {"kaputt", "broken"}};
    struct job_task *t = (struct job_task *)(void *)task;
    rh_auto_arena(arena, 4096);

    switch (t->step) {
    case ADD:
        t->result = rh_job_add(db, &t->job, t->now, err);
        break;
    case TAKE:
        t->result = rh_job_take(db, t->choice, t->now, &arena, &t->job, err);
        if (t->result == 1) {
            snprintf(t->kind, sizeof(t->kind), "%s", t->job.kind);
            snprintf(t->payload, sizeof(t->payload), "%s", t->job.payload ? t->job.payload : "-");
        }
        break;
    case DONE:
        t->result = rh_job_done(db, t->id, t->now, err);
        break;
    case FAIL:
        t->result = rh_job_failed(db, t->id, &why, t->now, err);
        break;
    case HOLD:
        t->result = rh_job_hold(db, t->id, t->now, err);
        break;
    case RELEASE:
        t->result = rh_job_release(db, t->id, t->now, err);
        break;
    case RETRY:
        t->result = rh_job_retry(db, t->id, t->now, err);
        break;
    case DROP:
        t->result = rh_job_drop(db, t->id, err);
        break;
    case RECOVER:
        t->result = rh_job_recover(db, t->now, err);
        break;
    }
    return t->result < 0 ? (int32_t)t->result : 0;
}

static struct job_task step(struct world *w, enum step what, int64_t id, int64_t now)
{
    struct job_task t = {
        .task = {.kind = RH_TASK_WRITE, .work = job_work}, .step = what, .id = id, .now = now};

    (void)rh_store_run(w->store, &t.task); /* the result is in t */
    return t;
}

static int64_t add(struct world *w, const char *kind, const char *key, int64_t run_at, int attempts)
{
    struct job_task t = {.task = {.kind = RH_TASK_WRITE, .work = job_work},
                         .step = ADD,
                         .now = 100,
                         .job = {.module = "turnus",
                                 .kind = kind,
                                 .key = key,
                                 .payload = "{}",
                                 .run_at_utc = run_at,
                                 .max_attempts = attempts}};

    must(rh_store_run(w->store, &t.task), &t.task.err);
    return t.result;
}

static void assert_state(struct world *w, int64_t id, const char *expected)
{
    char sql[120];

    snprintf(sql, sizeof(sql), "SELECT state = '%s' FROM job WHERE id = %lld", expected,
             (long long)id);
    if (world_number(w, sql) != 1)
        fail_msg("job %lld is not '%s'", (long long)id, expected);
}

static void the_same_key_is_added_once(void **state)
{
    struct world *w = *state;

    assert_int_equal(add(w, "turnus.recheck", "2027", 50, 0), 1);
    assert_int_equal(add(w, "turnus.recheck", "2027", 999, 0), 0);
    assert_int_equal(add(w, "turnus.mail", "2027", 50, 0), 1);

    assert_int_equal(world_number(w, "SELECT run_at_utc FROM job WHERE id = 1"), 50);
    assert_int_equal(world_number(w, "SELECT max_attempts FROM job WHERE id = 1"), RH_JOB_ATTEMPTS);
}

static void jobs_are_taken_when_due_the_oldest_first(void **state)
{
    struct world *w = *state;
    struct job_task first, second;
    add(w, "turnus.late", "a", 300, 0);
    add(w, "turnus.early", "b", 200, 0);

    assert_int_equal(step(w, TAKE, 0, 199).result, 0);
    first = step(w, TAKE, 0, 1000);
    second = step(w, TAKE, 0, 1000);

    assert_string_equal(first.kind, "turnus.early");
    assert_string_equal(first.payload, "{}");
    assert_int_equal(first.job.attempts, 1);
    assert_string_equal(second.kind, "turnus.late");
    assert_int_equal(step(w, TAKE, 0, 1000).result, 0);
    assert_state(w, 1, "running");
    assert_int_equal(step(w, DONE, 1, 1001).result, 0);
    assert_state(w, 1, "done");
}

static void a_failed_job_pauses_longer_each_time_and_dies_at_last(void **state)
{
    struct world *w = *state;
    int64_t now = 1000, pause = 0;
    add(w, "turnus.mail", "a", now, 4);

    for (int attempt = 1; attempt < 4; attempt++) {
        int64_t next;

        assert_int_equal(step(w, TAKE, 0, now).result, 1);
        assert_int_equal(step(w, FAIL, 1, now).result, 1);
        next = world_number(w, "SELECT run_at_utc FROM job");
        assert_true(next - now > pause);
        assert_in_range(next - now, 30 << (attempt - 1), 38 << (attempt - 1));
        pause = next - now;
        now = next;
    }
    assert_int_equal(step(w, TAKE, 0, now).result, 1);
    assert_int_equal(step(w, FAIL, 1, now).result, 0);

    assert_state(w, 1, "dead");
    assert_int_equal(world_number(w, "SELECT error_de = 'kaputt' AND error_en = 'broken' FROM job"),
                     1);
    assert_int_equal(step(w, TAKE, 0, now + 1000000).result, 0);
    assert_int_equal(step(w, RETRY, 1, now).result, 0);
    assert_int_equal(step(w, TAKE, 0, now).job.attempts, 1);
}

static void what_a_crash_left_running_is_queued_again(void **state)
{
    struct world *w = *state;
    add(w, "turnus.mail", "a", 10, 0);
    step(w, TAKE, 0, 20);

    w->store = rh_store_close(w->store);
    world_open(w);

    assert_state(w, 1, "running");
    assert_int_equal(step(w, RECOVER, 0, 30).result, 1);
    assert_int_equal(step(w, TAKE, 0, 30).job.attempts, 2);
}

static void moves_that_make_no_sense_are_refused(void **state)
{
    static const struct {
        enum step before, wrong;
    } cases[] = {{ADD, DONE},   {ADD, FAIL},  {ADD, RELEASE}, {ADD, RETRY}, {TAKE, HOLD},
                 {TAKE, RETRY}, {DONE, DONE}, {DONE, FAIL},   {DONE, HOLD}, {DONE, RETRY}};
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char key[16];
        int64_t id = (int64_t)i + 1;

        snprintf(key, sizeof(key), "%d", (int)i);
        add(w, "turnus.x", key, 10, 0);
        if (cases[i].before != ADD)
            assert_int_equal(step(w, TAKE, 0, 20).job.id, id);
        if (cases[i].before == DONE)
            assert_int_equal(step(w, DONE, id, 20).result, 0);
        assert_int_equal(step(w, cases[i].wrong, id, 20).result, RH_ECONFLICT);
        if (cases[i].before == ADD)
            assert_int_equal(step(w, HOLD, id, 20).result, 0);
    }
    assert_int_equal(step(w, DONE, 4711, 20).result, RH_ECONFLICT);
}

static void a_held_job_waits_for_a_person(void **state)
{
    struct world *w = *state;
    add(w, "turnus.mail", "a", 10, 0);

    assert_int_equal(step(w, HOLD, 1, 20).result, 0);
    assert_int_equal(step(w, TAKE, 0, 20).result, 0);
    assert_int_equal(step(w, RELEASE, 1, 30).result, 0);

    assert_int_equal(step(w, TAKE, 0, 30).result, 1);
}

static void a_dropped_job_is_gone_and_may_be_asked_for_again(void **state)
{
    struct world *w = *state;
    add(w, "turnus.mail", "a", 10, 0);

    assert_int_equal(step(w, TAKE, 0, 20).result, 1);
    assert_int_equal(step(w, DROP, 1, 20).result, RH_ECONFLICT); /* it is running */
    assert_int_equal(step(w, RECOVER, 0, 20).result, 1);
    assert_int_equal(step(w, HOLD, 1, 20).result, 0);
    assert_int_equal(step(w, DROP, 1, 30).result, 0);
    assert_int_equal(step(w, TAKE, 0, 30).result, 0);
    assert_int_equal(step(w, DROP, 1, 30).result, RH_ECONFLICT);
    add(w, "turnus.mail", "a", 30, 0);
    assert_int_equal(step(w, TAKE, 0, 30).result, 1);
}

static int32_t look_at_clock(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct job_task *t = (struct job_task *)(void *)task;
    int32_t rc = rh_job_wake_at(db, t->choice, &t->now, err);

    t->result = rc;
    return rc < 0 ? rc : 0;
}

static void the_next_wake_up_is_known_to_readers(void **state)
{
    struct world *w = *state;
    struct job_task none = {.task = {.kind = RH_TASK_READ, .work = look_at_clock}}, one = none;

    rh_store_run(w->store, &none.task);
    add(w, "turnus.late", "a", 300, 0);
    add(w, "turnus.early", "b", 200, 0);
    rh_store_run(w->store, &one.task);

    assert_int_equal(none.result, 0);
    assert_int_equal(one.result, 1);
    assert_int_equal(one.now, 200);
}

static void those_of_some_kinds_are_taken_alone_and_those_of_the_others(void **state)
{
    static const struct rh_job_choice slow = {"[\"turnus.fetch\"]", true},
                                      quick = {"[\"turnus.fetch\"]", false};
    struct world *w = *state;
    struct job_task t = {.task = {.kind = RH_TASK_WRITE, .work = job_work},
                         .step = TAKE,
                         .now = 400,
                         .choice = &quick};
    struct job_task look = {.task = {.kind = RH_TASK_READ, .work = look_at_clock},
                            .choice = &quick};

    add(w, "turnus.fetch", "a", 100, 0);
    add(w, "turnus.mail", "b", 200, 0);
    rh_store_run(w->store, &look.task);
    assert_int_equal(look.now, 200);
    rh_store_run(w->store, &t.task);
    assert_int_equal(t.result, 1);
    assert_string_equal(t.kind, "turnus.mail");
    rh_store_run(w->store, &t.task);
    assert_int_equal(t.result, 0);
    t.choice = &slow;
    rh_store_run(w->store, &t.task);
    assert_int_equal(t.result, 1);
    assert_string_equal(t.kind, "turnus.fetch");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_key_is_added_once),
        TEST(jobs_are_taken_when_due_the_oldest_first),
        TEST(a_failed_job_pauses_longer_each_time_and_dies_at_last),
        TEST(what_a_crash_left_running_is_queued_again),
        TEST(moves_that_make_no_sense_are_refused),
        TEST(a_held_job_waits_for_a_person),
        TEST(a_dropped_job_is_gone_and_may_be_asked_for_again),
        TEST(the_next_wake_up_is_known_to_readers),
        TEST(those_of_some_kinds_are_taken_alone_and_those_of_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
