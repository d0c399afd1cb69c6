/* A database to practise on says so itself and lives at another day. */
#include "tests/integration/world.h"

#include "core/operation/call.h"

#define DAY_S INT64_C(86400)

static void a_marked_file_lives_at_its_own_day(void **state)
{
    struct world *w = world_open("");
    struct rh_house *house = &w->home->house;

    (void)state;
    must(w, "server status");
    assert_true(json_is_false(json_object_get(w->answer, "practice")));
    assert_string_equal(text(w, "today"), "2026-11-22");
    assert_int_equal(rh_practice_mark(house->store, 569 * DAY_S, &w->err), 0);
    assert_int_equal(rh_practice_begin(&w->home->practice, house, &w->err), 0);
    must(w, "server status");
    assert_true(json_is_true(json_object_get(w->answer, "practice")));
    assert_string_equal(text(w, "today"), "2028-06-13");
    /* it goes on with the machine's clock, and a day can still be asked for */
    w->now += 3 * DAY_S;
    must(w, "server status");
    assert_string_equal(text(w, "today"), "2028-06-16");
    w->as_of = "2027-01-04";
    must(w, "server status");
    assert_string_equal(text(w, "today"), "2027-01-04");
    world_close(w);
}

static void a_copy_stays_one(void **state)
{
    struct world *w = world_open(""), *copy;
    char path[128];

    (void)state;
    assert_int_equal(rh_practice_mark(w->home->house.store, -30 * DAY_S, &w->err), 0);
    snprintf(path, sizeof(path), "%s/copy.db", w->folder);
    assert_int_equal(rh_store_backup(w->home->house.store, path, &w->err), 0);
    copy = world_described("");
    world_copy(path, copy->db);
    world_begin(copy);
    must(copy, "server status");
    assert_true(json_is_true(json_object_get(copy->answer, "practice")));
    assert_string_equal(text(copy, "today"), "2026-10-23");
    world_close(copy);
    world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_marked_file_lives_at_its_own_day),
        cmocka_unit_test(a_copy_stays_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
