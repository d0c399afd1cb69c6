/* authorizer.h: a plugin's SQL stays within its own tables and what is documented. */
#include "core/store/authorizer.h"
#include "world.h"

static const struct rh_schema_step house[] = {
    {"core", 1, "house",
     "CREATE TABLE office (id TEXT PRIMARY KEY, name TEXT, secret TEXT) STRICT;"
     "CREATE TABLE password (id INTEGER PRIMARY KEY, hash TEXT) STRICT;"
     "CREATE VIEW v_office AS SELECT id, name FROM office;"
     "CREATE VIEW v_longest AS WITH v_lengths AS (SELECT id, length(secret) AS n FROM office)"
     " SELECT id FROM v_lengths ORDER BY n DESC LIMIT 1;"
     "INSERT INTO office VALUES ('bielefeld', 'Bielefeld', 's1'), ('herne', 'Herne', 's2');"
     "INSERT INTO password VALUES (1, 'x')"},
    {"turnus", 1, "plan",
     "CREATE TABLE turnus_plan (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE) STRICT;"
     "CREATE TABLE turnus_item (id INTEGER PRIMARY KEY,"
     " plan INTEGER NOT NULL REFERENCES turnus_plan (id) ON DELETE CASCADE,"
     " office TEXT NOT NULL REFERENCES office) STRICT;"
     "CREATE INDEX turnus_item_office ON turnus_item (office);"
     "CREATE TABLE turnus_log (what TEXT) STRICT;"
     "CREATE TRIGGER turnus_plan_log AFTER INSERT ON turnus_plan"
     " BEGIN INSERT INTO turnus_log VALUES (NEW.name); END;"
     "CREATE VIEW v_turnus_item AS SELECT i.office, o.name FROM turnus_item i"
     " JOIN v_office o ON o.id = i.office;"
     "INSERT INTO turnus_plan (id, name) VALUES (1, 'first');"
     "INSERT INTO turnus_item (plan, office) VALUES (1, 'bielefeld')"},
    {"turnus", 2, "expressions",
     "CREATE VIEW v_turnus_busy AS WITH v_turnus_count (office, n) AS"
     " (SELECT office, count(*) FROM turnus_item GROUP BY office)"
     " SELECT office, n FROM v_turnus_count WHERE n > 0"},
    {"moderators", 1, "teams",
     "CREATE TABLE moderators_team (id INTEGER PRIMARY KEY, office TEXT REFERENCES office) STRICT;"
     "CREATE VIEW v_moderators_team AS SELECT t.id, i.name FROM moderators_team t"
     " JOIN v_turnus_item i ON i.office = t.office"},
};
enum { HOUSE_STEPS = sizeof(house) / sizeof(house[0]) };

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    struct rh_store_options options = {0};
    struct rh_err err = {0};

    world_folder(w);
    options.path = w->path;
    must(rh_store_open(&options, &w->store, &err), &err);
    must(rh_store_migrate(w->store, house, HOUSE_STEPS, &err), &err);
    *state = w;
    return 0;
}

static int32_t run_as(struct world *w, enum rh_task_kind kind, const char *owner, const char *sql,
                      struct rh_err *err)
{
    struct sql_task t = {.task = {.kind = kind, .work = sql_work}, .owner = owner, .sql = sql};
    int32_t rc = rh_store_run(w->store, &t.task);

    *err = t.task.err;
    return rc;
}

/* On the writer and on a reader: both compile for themselves. */
static void expect(struct world *w, bool reads, const char *owner, const char *sql, int32_t code)
{
    struct rh_err err = {0};

    if (run_as(w, RH_TASK_WRITE, owner, sql, &err) != code)
        fail_msg("writer, %s: %s: %d, not %d (%s)", owner, sql, err.code, code, err.text[RH_EN]);
    if (reads && run_as(w, RH_TASK_READ, owner, sql, &err) != code)
        fail_msg("reader, %s: %s: %d, not %d (%s)", owner, sql, err.code, code, err.text[RH_EN]);
}

static void what_a_plugin_may_do(void **state)
{
    static const struct {
        bool reads;
        const char *sql;
    } allowed[] = {
        {true, "SELECT * FROM turnus_plan"},
        {true, "SELECT count(*) FROM turnus_item"},
        {true, "SELECT * FROM v_office"},
        {true, "SELECT count(*) FROM v_office"},
        {true, "SELECT name FROM v_moderators_team"},
        {true, "SELECT * FROM v_event"},
        {true, "SELECT count(*) FROM v_event"},
        {true, "SELECT id FROM v_longest"},
        {true, "SELECT count(*) FROM v_longest"},
        {true, "SELECT * FROM v_turnus_busy"},
        {true, "WITH mine AS (SELECT id FROM v_office) SELECT count(*) FROM mine"},
        {true, "WITH v_turnus_mine AS (SELECT id FROM turnus_plan) SELECT * FROM v_turnus_mine"},
        {true, "SELECT p.name, o.name FROM turnus_item i JOIN turnus_plan p ON p.id = i.plan"
               " JOIN v_office o ON o.id = i.office WHERE o.name LIKE 'B%' ORDER BY 1 LIMIT 3"},
        {true, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)"
               " SELECT sum(i) FROM n"},
        {true, "SELECT value FROM json_each('[1,2]')"},
        {true, "SELECT json_object('a', max(id)), group_concat(name) FROM turnus_plan"},
        {true, "SELECT name, row_number() OVER (ORDER BY name) FROM turnus_plan"},
        {true, "EXPLAIN SELECT * FROM v_office"},
        {false, "INSERT INTO turnus_plan (name) VALUES ('second')"},
        {false, "INSERT INTO turnus_plan (name) VALUES ('second') ON CONFLICT (name) DO UPDATE SET"
                " name = excluded.name || '!' RETURNING id"},
        {false, "INSERT OR REPLACE INTO turnus_plan (id, name) VALUES (9, 'ninth')"},
        {false, "INSERT INTO turnus_item (plan, office) SELECT 1, id FROM v_office"},
        {false, "UPDATE turnus_item SET office = 'herne' WHERE office = 'bielefeld'"},
        {false, "UPDATE turnus_plan SET id = 17 WHERE id = 1234"},
        {false, "DELETE FROM turnus_plan WHERE id = 1"},
        {false, "DELETE FROM turnus_item"},
    };

    for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
        expect(*state, allowed[i].reads, "turnus", allowed[i].sql, 0);
}

static void what_a_plugin_may_not_do(void **state)
{
    static const char *const refused[] = {
        "SELECT * FROM office",
        "SELECT name FROM office",
        "SELECT secret FROM office",
        "SELECT count(*) FROM password",
        "SELECT * FROM moderators_team",
        "SELECT * FROM event",
        "SELECT * FROM job",
        "SELECT * FROM request",
        "SELECT * FROM migration",
        "SELECT * FROM sqlite_schema",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM main.sqlite_schema",
        "SELECT * FROM sqlite_temp_schema",
        "SELECT * FROM sqlite_sequence",
        "SELECT * FROM pragma_table_info('office')",
        "SELECT * FROM pragma_table_list",
        "SELECT * FROM dbstat",
        "SELECT * FROM sqlite_stmt",
        "SELECT * FROM v_office WHERE EXISTS (SELECT 1 FROM password)",
        "SELECT (SELECT hash FROM password) FROM v_office",
        "SELECT * FROM turnus_plan UNION ALL SELECT id, hash FROM password",
        "SELECT * FROM turnus_plan ORDER BY (SELECT hash FROM password)",
        "WITH x AS (SELECT * FROM password) SELECT * FROM x",
        /* a common table expression that bears the name of a view */
        "WITH v_office AS (SELECT id, hash AS name FROM password) SELECT * FROM v_office",
        "WITH v_office (id, name) AS (SELECT id, hash FROM password) SELECT name FROM v_office",
        "WITH v_office AS MATERIALIZED (SELECT hash FROM password) SELECT * FROM v_office",
        "WITH v_office AS (SELECT count(*) FROM password) SELECT * FROM v_office",
        "WITH \"V_Office\" AS (SELECT hash FROM password) SELECT * FROM v_office",
        "WITH [v_office]/**/(a) AS NOT MATERIALIZED (SELECT hash FROM password)"
        " SELECT * FROM v_office",
        "WITH 'v_office' AS (SELECT hash FROM password) SELECT * FROM v_office",
        "WITH v_turnus_mine AS (SELECT hash FROM password) SELECT * FROM v_turnus_mine",
        "WITH v_x AS (SELECT hash FROM password) SELECT * FROM v_x",
        "SELECT * FROM (SELECT hash FROM password) AS v_office",
        "SELECT * FROM turnus_plan WHERE name IN"
        " (WITH v_office AS (SELECT hash FROM password) SELECT hash FROM v_office)",
        "INSERT INTO office VALUES ('x', 'X', '')",
        "INSERT INTO v_office VALUES ('x', 'X')",
        "UPDATE office SET name = 'X'",
        "DELETE FROM office",
        "INSERT INTO event (at_utc, module, operation, actor, topic, subject)"
        " VALUES (0, 'a', 'b', 'c', 'd', 'e')",
        "INSERT INTO job (module, kind, key, run_at_utc, created_utc, changed_utc)"
        " VALUES ('a', 'b', 'c', 0, 0, 0)",
        "UPDATE migration SET checksum = 'x'",
        "INSERT INTO turnus_plan (name) SELECT hash FROM password",
        "UPDATE turnus_plan SET name = (SELECT hash FROM password)",
        "INSERT INTO turnus_plan (name) VALUES ('x') RETURNING (SELECT hash FROM password)",
        "INSERT INTO moderators_team (office) VALUES ('herne')",
        "INSERT INTO sqlite_sequence VALUES ('office', 1)",
        "BEGIN",
        "BEGIN IMMEDIATE",
        "COMMIT",
        "END",
        "ROLLBACK",
        "SAVEPOINT a",
        "RELEASE rh",
        "ROLLBACK TO rh",
        "ATTACH ':memory:' AS x",
        "ATTACH '/tmp/other.db' AS x",
        "DETACH main",
        "PRAGMA foreign_keys",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA synchronous = OFF",
        "PRAGMA writable_schema = ON",
        "PRAGMA table_info(office)",
        "CREATE TABLE turnus_more (id INTEGER) STRICT",
        "CREATE TABLE office_more (id INTEGER) STRICT",
        "CREATE TEMP TABLE turnus_temp (id INTEGER)",
        "CREATE TEMP VIEW v_office AS SELECT hash FROM password",
        "CREATE TEMP TRIGGER turnus_t AFTER UPDATE ON office BEGIN SELECT 1; END",
        "CREATE INDEX turnus_i ON turnus_plan (name)",
        "CREATE VIEW v_turnus_x AS SELECT 1",
        "CREATE TRIGGER turnus_t AFTER INSERT ON turnus_plan BEGIN SELECT 1; END",
        "CREATE VIRTUAL TABLE turnus_v USING fts5(a)",
        "DROP TABLE turnus_plan",
        "DROP VIEW v_office",
        "DROP TRIGGER event_stays",
        "ALTER TABLE turnus_plan RENAME TO turnus_plans",
        "ALTER TABLE office ADD COLUMN x TEXT",
        "REINDEX",
        "REINDEX turnus_plan",
        "ANALYZE",
        "ANALYZE turnus_plan",
        "SELECT load_extension('/tmp/evil.so')",
        "SELECT fts3_tokenizer('simple')",
    };

    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        expect(*state, true, "turnus", refused[i], RH_EFORBIDDEN);
}

/* VACUUM attaches a file by itself, at run time. */
static void a_plugin_cannot_copy_or_patch_the_file(void **state)
{
    struct world *w = *state;
    struct rh_err err = {0};

    assert_true(run_as(w, RH_TASK_READ, "turnus", "VACUUM INTO '/tmp/rh-stolen.db'", &err) < 0);
    assert_true(run_as(w, RH_TASK_WRITE, "turnus", "VACUUM INTO '/tmp/rh-stolen.db'", &err) < 0);
    assert_true(run_as(w, RH_TASK_WRITE, "turnus", "VACUUM", &err) < 0);
    assert_true(run_as(w, RH_TASK_WRITE, "turnus", "UPDATE sqlite_schema SET sql = ''", &err) < 0);
    assert_int_not_equal(access("/tmp/rh-stolen.db", F_OK), 0);
}

static void one_string_is_one_statement(void **state)
{
    struct rh_err err = {0};

    assert_true(run_as(*state, RH_TASK_WRITE, "turnus",
                       "DELETE FROM turnus_item; DELETE FROM office", &err) < 0);

    assert_non_null(strstr(err.text[RH_EN], "exactly one statement"));
}

/* The parent's key column is readable, because SQLite looks there; nothing else of the parent. */
static void a_foreign_key_opens_its_column_only(void **state)
{
    expect(*state, true, "turnus", "SELECT id FROM office", 0);
    expect(*state, true, "turnus", "SELECT id, name FROM office", RH_EFORBIDDEN);
    expect(*state, true, "turnus", "SELECT rowid FROM office", RH_EFORBIDDEN);
    expect(*state, false, "turnus", "INSERT INTO turnus_item (plan, office) VALUES (1, 'nowhere')",
           RH_ECONFLICT);
}

/* What the core prepared, a plugin does not find in the cache. */
static void the_cache_keeps_owners_apart(void **state)
{
    expect(*state, true, NULL, "SELECT hash FROM password", 0);
    expect(*state, true, "turnus", "SELECT hash FROM password", RH_EFORBIDDEN);
    expect(*state, true, NULL, "SELECT hash FROM password", 0);
}

/* SQLite compiles again after a schema change; the fence still stands then. */
static void a_schema_change_moves_no_fence(void **state)
{
    static const struct rh_schema_step more[] = {
        {"core", 1, "house", NULL},
        {"core", 2, "more", "ALTER TABLE password ADD COLUMN salt TEXT"},
    };
    struct rh_schema_step steps[] = {house[0], more[1]};
    struct world *w = *state;
    struct rh_err err = {0};
    expect(w, true, "turnus", "SELECT * FROM v_office", 0);

    must(rh_store_migrate(w->store, steps, 2, &err), &err);

    expect(w, true, "turnus", "SELECT * FROM v_office", 0);
    expect(w, true, "turnus", "SELECT salt FROM password", RH_EFORBIDDEN);
}

static void the_core_may_all_but_steer_transactions(void **state)
{
    static const char *const refused[] = {"BEGIN",      "COMMIT",      "ROLLBACK",
                                          "RELEASE rh", "SAVEPOINT x", "ATTACH ':memory:' AS x"};

    expect(*state, true, NULL, "SELECT * FROM password", 0);
    expect(*state, false, NULL, "UPDATE office SET name = 'X'", 0);
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        expect(*state, true, NULL, refused[i], RH_EFORBIDDEN);
}

static void the_sentence_names_plugin_and_table(void **state)
{
    struct rh_err err = {0};

    run_as(*state, RH_TASK_READ, "turnus", "SELECT hash FROM password", &err);

    assert_string_equal(err.text[RH_EN],
                        "'turnus' may not read 'password' (in: SELECT hash FROM password)");
    assert_string_equal(err.text[RH_DE],
                        "'turnus' darf nicht lesen: 'password' (in: SELECT hash FROM password)");
}

/* ---- schema steps of plugins ---- */

static void expect_step(struct world *w, const char *sql, int32_t code)
{
    struct rh_schema_step steps[HOUSE_STEPS + 1];
    struct rh_err err = {0};

    memcpy(steps, house, sizeof(house));
    steps[HOUSE_STEPS] = (struct rh_schema_step){"turnus", 3, "more", sql};
    if (rh_store_migrate(w->store, steps, HOUSE_STEPS + 1, &err) != code)
        fail_msg("%s: %d, not %d (%s)", sql, err.code, code, err.text[RH_EN]);
}

static void a_step_may_shape_what_is_the_plugins(void **state)
{
    expect_step(*state,
                "CREATE TABLE turnus_rule (id INTEGER PRIMARY KEY, rule TEXT UNIQUE,"
                "  office TEXT REFERENCES office) STRICT;"
                "-- a comment\n"
                "INSERT INTO turnus_rule (rule, office) SELECT name, id FROM v_office;"
                "CREATE UNIQUE INDEX turnus_rule_by ON turnus_rule (office, rule);"
                "ALTER TABLE turnus_plan ADD COLUMN seed INTEGER;"
                "ALTER TABLE turnus_plan RENAME COLUMN name TO title;"
                "ALTER TABLE turnus_log RENAME TO turnus_diary;"
                "ALTER TABLE turnus_diary DROP COLUMN what2;",
                RH_EFAILED); /* there is no what2: all of it is undone */
    expect_step(*state,
                "CREATE TABLE turnus_rule (id INTEGER PRIMARY KEY, rule TEXT UNIQUE,"
                "  office TEXT REFERENCES office) STRICT;"
                "-- a comment\n"
                "INSERT INTO turnus_rule (rule, office) SELECT name, id FROM v_office;"
                "CREATE UNIQUE INDEX turnus_rule_by ON turnus_rule (office, rule);"
                "ALTER TABLE turnus_plan ADD COLUMN seed INTEGER;"
                "ALTER TABLE turnus_plan RENAME COLUMN name TO title;"
                "DROP TRIGGER turnus_plan_log;"
                "ALTER TABLE turnus_log RENAME TO turnus_diary;"
                "ALTER TABLE turnus_diary ADD COLUMN note TEXT;"
                "ALTER TABLE turnus_diary DROP COLUMN what;"
                "DROP INDEX turnus_item_office;"
                "CREATE VIEW v_turnus_rule AS SELECT * FROM turnus_rule;"
                "CREATE TRIGGER turnus_rule_new INSTEAD OF INSERT ON v_turnus_rule"
                " BEGIN INSERT INTO turnus_rule (rule) VALUES (NEW.rule); END;"
                "DROP VIEW v_turnus_rule;"
                "DROP TABLE turnus_rule",
                0);
}

/* The way of SQLite's manual to change what ALTER TABLE cannot. */
static void a_step_may_rebuild_a_table_that_others_refer_to(void **state)
{
    struct world *w = *state;

    expect_step(w,
                "CREATE TABLE turnus_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
                "INSERT INTO turnus_new SELECT id, name FROM turnus_plan;"
                "DROP TABLE turnus_plan;"
                "ALTER TABLE turnus_new RENAME TO turnus_plan",
                0);

    assert_int_equal(world_number(w, "SELECT count(*) FROM turnus_item"), 1);
    expect(w, false, "turnus", "DELETE FROM turnus_plan", 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM turnus_item"), 0);
}

static void a_step_may_not_touch_what_is_others(void **state)
{
    static const struct {
        const char *sql;
        int32_t code;
    } steps[] = {
        {"CREATE TABLE office_more (id INTEGER) STRICT", RH_EFORBIDDEN},
        {"CREATE TABLE turnusx (id INTEGER) STRICT", RH_EFORBIDDEN},
        {"CREATE TABLE v_turnus_x (id INTEGER) STRICT", RH_EFORBIDDEN},
        {"CREATE VIEW v_office_2 AS SELECT 1", RH_EFORBIDDEN},
        {"CREATE VIEW turnus_view AS SELECT 1", RH_EFORBIDDEN},
        {"CREATE TRIGGER turnus_t AFTER UPDATE ON office BEGIN DELETE FROM password; END",
         RH_EFORBIDDEN},
        {"CREATE TRIGGER office_t AFTER UPDATE ON turnus_plan BEGIN SELECT 1; END", RH_EFORBIDDEN},
        {"CREATE TRIGGER turnus_t INSTEAD OF INSERT ON v_office BEGIN SELECT 1; END",
         RH_EFORBIDDEN},
        {"CREATE INDEX turnus_i ON office (name)", RH_EFORBIDDEN},
        {"CREATE INDEX office_i ON turnus_plan (name)", RH_EFORBIDDEN},
        {"CREATE TEMP TABLE turnus_t (id INTEGER)", RH_EFORBIDDEN},
        {"CREATE VIRTUAL TABLE turnus_v USING fts5(a)", RH_EFORBIDDEN},
        {"DROP TABLE password", RH_EFORBIDDEN},
        {"DROP TABLE moderators_team", RH_EFORBIDDEN},
        {"DROP VIEW v_office", RH_EFORBIDDEN},
        {"DROP TRIGGER event_stays", RH_EFORBIDDEN},
        {"DROP INDEX job_due", RH_EFORBIDDEN},
        {"ALTER TABLE office ADD COLUMN x TEXT", RH_EFORBIDDEN},
        {"ALTER TABLE password RENAME TO turnus_password", RH_EFORBIDDEN},
        {"ALTER TABLE turnus_log RENAME TO password_2", RH_EFORBIDDEN},
        {"ALTER TABLE turnus_log RENAME TO moderators_log", RH_EFORBIDDEN},
        {"INSERT INTO password VALUES (2, 'y')", RH_EFORBIDDEN},
        {"INSERT INTO turnus_log SELECT hash FROM password", RH_EFORBIDDEN},
        {"CREATE TABLE turnus_copy AS SELECT * FROM password", RH_EFORBIDDEN},
        {"INSERT INTO migration VALUES ('x', 1, '', '', 0)", RH_EFORBIDDEN},
        {"PRAGMA writable_schema = ON", RH_EFORBIDDEN},
        {"COMMIT", RH_EFORBIDDEN},
        {"ATTACH ':memory:' AS x", RH_EFORBIDDEN},
        /* a view is asked with the rights of who made it */
        {"CREATE VIEW v_turnus_spy AS SELECT hash FROM password", RH_EFORBIDDEN},
        {"CREATE VIEW v_turnus_spy AS SELECT * FROM moderators_team", RH_EFORBIDDEN},
        {"CREATE VIEW v_turnus_spy AS WITH v_office AS (SELECT hash FROM password)"
         " SELECT * FROM v_office",
         RH_EFORBIDDEN},
        {"CREATE VIEW v_turnus_spy AS WITH plain AS (SELECT * FROM turnus_plan)"
         " SELECT * FROM plain",
         RH_EINVALID},
        {"INSERT INTO turnus_log WITH v_office AS (SELECT hash FROM password)"
         " SELECT hash FROM v_office",
         RH_EFORBIDDEN},
        {"CREATE VIEW v_turnus_broken AS SELECT nothing FROM turnus_plan", RH_EFAILED},
        {"CREATE TABLE turnus_loose (id INTEGER)", RH_EINVALID},
        {"CREATE TABLE turnus_copy AS SELECT * FROM turnus_plan", RH_EINVALID},
        {"INSERT INTO turnus_item (plan, office) VALUES (4711, 'herne')", RH_ECONFLICT},
        {"UPDATE sqlite_schema SET sql = 'x' WHERE name = 'password'", RH_EFAILED},
    };

    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        expect_step(*state, steps[i].sql, steps[i].code);
}

static void names_that_would_own_what_is_others_are_refused(void **state)
{
    static const char *const names[] = {"office",   "plugin", "job",
                                        "turnus_x", "mod",    "moderators_a"};
    struct world *w = *state;

    assert_true(rh_owner_name_ok("turnus"));
    assert_true(rh_owner_name_ok("a1_b"));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_true(rh_owner_name_ok(names[i]));
    assert_false(rh_owner_name_ok(""));
    assert_false(rh_owner_name_ok("Turnus"));
    assert_false(rh_owner_name_ok("1turnus"));
    assert_false(rh_owner_name_ok("core"));
    assert_false(rh_owner_name_ok("store"));
    assert_false(rh_owner_name_ok("v"));
    assert_false(rh_owner_name_ok("v_turnus"));
    assert_false(rh_owner_name_ok("sqlite_x"));
    assert_false(rh_owner_name_ok("a\"b"));

    /* turnus_x lies inside turnus; plugin would own plugin_cursor */
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct rh_schema_step step = {names[i], 1, "x", "SELECT 1"};
        bool free_name = strcmp(names[i], "mod") == 0 || strcmp(names[i], "office") == 0 ||
                         strcmp(names[i], "job") == 0;
        struct rh_err err = {0};

        assert_int_equal(rh_store_migrate(w->store, &step, 1, &err), free_name ? 0 : RH_ECONFLICT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_a_plugin_may_do, setup, world_teardown),
        cmocka_unit_test_setup_teardown(what_a_plugin_may_not_do, setup, world_teardown),
        cmocka_unit_test_setup_teardown(a_plugin_cannot_copy_or_patch_the_file, setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(one_string_is_one_statement, setup, world_teardown),
        cmocka_unit_test_setup_teardown(a_foreign_key_opens_its_column_only, setup, world_teardown),
        cmocka_unit_test_setup_teardown(the_cache_keeps_owners_apart, setup, world_teardown),
        cmocka_unit_test_setup_teardown(a_schema_change_moves_no_fence, setup, world_teardown),
        cmocka_unit_test_setup_teardown(the_core_may_all_but_steer_transactions, setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(the_sentence_names_plugin_and_table, setup, world_teardown),
        cmocka_unit_test_setup_teardown(a_step_may_shape_what_is_the_plugins, setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(a_step_may_rebuild_a_table_that_others_refer_to, setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(a_step_may_not_touch_what_is_others, setup, world_teardown),
        cmocka_unit_test_setup_teardown(names_that_would_own_what_is_others_are_refused, setup,
                                        world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
