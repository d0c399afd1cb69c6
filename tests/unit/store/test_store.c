/* store.h: tasks are answered after COMMIT, each is undone alone, readers see one state. */
#include "world.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_is_read, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(a_failed_task_leaves_nothing, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(a_dry_run_succeeds_and_leaves_nothing, world_setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
