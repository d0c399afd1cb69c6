/* store.h, rh_store_migrate(): steps run once, in order, all or none, after a backup. */
#include "world.h"

#include <glob.h>

static const struct rh_schema_step one = {
    "core", 1, "things", "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT) STRICT"};
static const struct rh_schema_step two = {"core", 2, "colour",
                                          "ALTER TABLE thing ADD COLUMN colour TEXT"};
static const struct rh_schema_step broken = {
    "core", 2, "broken", "ALTER TABLE thing ADD COLUMN colour TEXT; CREATE TABLE thing (x)"};

static void open_only(struct world *w)
{
    struct rh_store_options options = {.path = w->path};
    struct rh_err err = {0};

    must(rh_store_open(&options, &w->store, &err), &err);
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    world_folder(w);
    open_only(w);
    *state = w;
    return 0;
}

static void reopen(struct world *w)
{
    w->store = rh_store_close(w->store);
    open_only(w);
}

static int32_t migrate(struct world *w, const struct rh_schema_step *steps, size_t count,
                       struct rh_err *err)
{
    rh_err_clear(err);
    return rh_store_migrate(w->store, steps, count, err);
}

static size_t backups(struct world *w, char first[256])
{
    char pattern[128];
    glob_t found;
    size_t count;

    snprintf(pattern, sizeof(pattern), "%s.before-*.bak", w->path);
    if (glob(pattern, 0, NULL, &found) != 0)
        return 0;
    count = found.gl_pathc;
    if (first)
        snprintf(first, 256, "%s", found.gl_pathv[0]);
    globfree(&found);
    return count;
}

static void steps_are_applied_once(void **state)
{
    struct world *w = *state;
    const struct rh_schema_step steps[] = {one, two};
    struct rh_err err = {0};

    must(migrate(w, steps, 1, &err), &err);
    must(migrate(w, steps, 2, &err), &err);
    must(migrate(w, steps, 2, &err), &err);
    reopen(w);
    must(migrate(w, steps, 2, &err), &err);

    assert_int_equal(
        world_number(w, "SELECT count(*) FROM migration WHERE owner = 'core' AND length(checksum)"
                        " = 64 AND applied_at > 1700000000"),
        2);
    assert_int_equal(
        world_number(w, "SELECT count(*) = max(number) FROM migration WHERE owner = 'store'"), 1);
}

static void a_failing_step_undoes_all_and_is_named(void **state)
{
    struct world *w = *state;
    const struct rh_schema_step good[] = {one, two}, bad[] = {one, broken};
    struct rh_err err = {0};

    assert_int_equal(migrate(w, bad, 2, &err), RH_EFAILED);

    assert_non_null(strstr(err.text[RH_DE], "Migration 'core' Nr. 2 (broken): "));
    assert_int_equal(world_number(w, "SELECT count(*) FROM sqlite_schema"), 0);
    must(migrate(w, good, 2, &err), &err);
    assert_int_equal(world_number(w, "SELECT count(colour) FROM thing"), 0);
}

static void a_step_that_was_changed_is_refused(void **state)
{
    struct world *w = *state;
    struct rh_schema_step changed = one;
    struct rh_err err = {0};
    changed.sql = "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT ) STRICT";
    must(migrate(w, &one, 1, &err), &err);

    assert_int_equal(migrate(w, &changed, 1, &err), RH_ECONFLICT);

    assert_non_null(strstr(err.text[RH_DE], "nachträglich geändert"));
}

static void a_newer_file_is_refused(void **state)
{
    struct world *w = *state;
    const struct rh_schema_step steps[] = {one, two};
    struct rh_err err = {0};
    must(migrate(w, steps, 2, &err), &err);
    reopen(w);

    assert_int_equal(migrate(w, steps, 1, &err), RH_ECONFLICT);

    assert_non_null(strstr(err.text[RH_DE], "neuer als dieses Programm: Schema 'core' Nr. 2"));
    assert_non_null(strstr(err.text[RH_EN], "newer than this program"));
}

static void gaps_are_refused(void **state)
{
    struct world *w = *state;
    struct rh_schema_step steps[] = {one, two};
    struct rh_err err = {0};

    assert_int_equal(migrate(w, &two, 1, &err), RH_EINVALID);
    steps[1].number = 3;
    assert_int_equal(migrate(w, steps, 2, &err), RH_EINVALID);
    steps[1].number = 1;
    assert_int_equal(migrate(w, steps, 2, &err), RH_EINVALID);
    steps[1] = two;
    must(migrate(w, steps, 2, &err), &err);
    must(world_write(w, "DELETE FROM migration WHERE owner = 'core' AND number = 1", &err), &err);
    assert_int_equal(migrate(w, steps, 2, &err), RH_EDAMAGED);
}

static void owners_that_are_not_here_are_left_alone(void **state)
{
    struct world *w = *state;
    const struct rh_schema_step steps[] = {
        one, {"turnus", 1, "plans", "CREATE TABLE turnus_plan (id INTEGER) STRICT"}};
    struct rh_err err = {0};
    must(migrate(w, steps, 2, &err), &err);

    must(migrate(w, steps, 1, &err), &err);

    assert_int_equal(world_number(w, "SELECT count(*) FROM turnus_plan"), 0);
}

static void foreign_keys_hold_again_afterwards(void **state)
{
    struct world *w = *state;
    const struct rh_schema_step steps[] = {
        one, {"core", 2, "part", "CREATE TABLE part (thing INTEGER REFERENCES thing) STRICT"}};
    struct rh_err err = {0};
    must(migrate(w, steps, 2, &err), &err);

    assert_int_equal(world_write(w, "INSERT INTO part VALUES (7)", &err), RH_ECONFLICT);
}

static void a_view_that_does_not_compile_is_refused(void **state)
{
    struct world *w = *state;
    const struct rh_schema_step steps[] = {
        one, {"core", 2, "view", "CREATE VIEW v_x AS SELECT y FROM thing"}};
    struct rh_err err = {0};

    assert_int_equal(migrate(w, steps, 2, &err), RH_EFAILED);

    assert_non_null(strstr(err.text[RH_EN], "view 'v_x'"));
}

/* ---- the backup before ---- */

static void an_empty_file_needs_no_backup(void **state)
{
    struct world *w = *state;
    const struct rh_schema_step steps[] = {one, two};
    struct rh_err err = {0};

    must(migrate(w, steps, 1, &err), &err);
    must(migrate(w, steps, 2, &err), &err);

    assert_int_equal(backups(w, NULL), 0);
}

static void data_is_backed_up_before_a_migration(void **state)
{
    struct world *w = *state;
    const struct rh_schema_step steps[] = {one, two};
    struct rh_err err = {0};
    char name[256], prefix[256];
    must(migrate(w, steps, 1, &err), &err);
    must(world_write(w, "INSERT INTO thing (name) VALUES ('old')", &err), &err);

    must(migrate(w, steps, 2, &err), &err);

    assert_int_equal(backups(w, name), 1);
    snprintf(prefix, sizeof(prefix), "%s.before-2-20", w->path);
    assert_memory_equal(name, prefix, strlen(prefix));
    w->store = rh_store_close(w->store);
    assert_int_equal(rename(name, w->path), 0);
    open_only(w);
    must(migrate(w, steps, 1, &err), &err);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing WHERE name = 'old'"), 1);
}

static void several_owners_in_a_row_share_a_backup(void **state)
{
    struct world *w = *state;
    const struct rh_schema_step steps[] = {one, two};
    const struct rh_schema_step plugins[] = {
        {"turnus", 1, "a", "CREATE TABLE turnus_a (id INTEGER) STRICT"},
        {"pilot", 1, "a", "CREATE TABLE pilot_a (id INTEGER) STRICT"}};
    struct rh_err err = {0};
    must(migrate(w, steps, 1, &err), &err);
    must(world_write(w, "INSERT INTO thing (name) VALUES ('old')", &err), &err);

    must(migrate(w, steps, 2, &err), &err);
    must(migrate(w, &plugins[0], 1, &err), &err);
    must(migrate(w, &plugins[1], 1, &err), &err);
    assert_int_equal(backups(w, NULL), 1);

    must(world_write(w, "INSERT INTO thing (name) VALUES ('new')", &err), &err);
    must(migrate(w,
                 &(struct rh_schema_step){"web", 1, "a", "CREATE TABLE web_a (id INTEGER) STRICT"},
                 1, &err),
         &err);
    assert_int_equal(backups(w, NULL), 2);
}

static void without_a_backup_nothing_is_migrated(void **state)
{
    struct world *w = *state;
    const struct rh_schema_step steps[] = {one, two};
    struct rh_err err = {0};
    char far_name[300];
    must(migrate(w, steps, 1, &err), &err);
    must(world_write(w, "INSERT INTO thing (name) VALUES ('old')", &err), &err);
    /* the folder goes away under the running process */
    snprintf(far_name, sizeof(far_name), "%s.elsewhere", w->folder);
    assert_int_equal(rename(w->folder, far_name), 0);

    assert_int_equal(migrate(w, steps, 2, &err), RH_ENOTFOUND);

    assert_int_equal(rename(far_name, w->folder), 0);
    assert_non_null(strstr(err.text[RH_DE], "Sicherung vor der Migration: "));
    assert_int_equal(world_number(w, "SELECT max(number) FROM migration WHERE owner = 'core'"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(steps_are_applied_once),
        TEST(a_failing_step_undoes_all_and_is_named),
        TEST(a_step_that_was_changed_is_refused),
        TEST(a_newer_file_is_refused),
        TEST(gaps_are_refused),
        TEST(owners_that_are_not_here_are_left_alone),
        TEST(foreign_keys_hold_again_afterwards),
        TEST(a_view_that_does_not_compile_is_refused),
        TEST(an_empty_file_needs_no_backup),
        TEST(data_is_backed_up_before_a_migration),
        TEST(several_owners_in_a_row_share_a_backup),
        TEST(without_a_backup_nothing_is_migrated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
