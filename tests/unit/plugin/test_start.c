/* plugins.h: migrations, start, hooks and SQL of plugins that misbehave; nobody else suffers. */
#include "core/operation/call.h"
#include "core/operation/hooks.h"
#include "core/plugin/plugins.h"
#include "core/store/db.h"
#include "reihum/plugin.h"

#include "folder.h"

/* ---- a house with one module of the core and some plugins ---- */

static int32_t office_close(struct rh_call *call)
{
    const char *id = rh_param_text(call, "office");
    int64_t rc = rh_exec(call, "UPDATE office SET closed = 1 WHERE id = ?1", "s", id);

    if (rc >= 0)
        rc = rh_event(call, "office.closed", id, NULL, NULL);
    return rc < 0 ? (int32_t)rc : 0;
}

static int32_t office_rename(struct rh_call *call)
{
    int64_t rc = rh_event(call, "office.renamed", rh_param_text(call, "office"), NULL, NULL);

    return rc < 0 ? (int32_t)rc : 0;
}

static const struct rh_param office_param[] = {
    {"office", RH_TYPE_TEXT, RH_PARAM_REQUIRED, NULL, NULL, 0, 0, {"Amt", "office"}},
};

static const struct rh_operation office_operations[] = {
    {.name = "office close",
     .kind = RH_WRITE,
     .help = {"schließt", "closes"},
     .params = RH_ROWS(office_param),
     .run = office_close},
    {.name = "office rename",
     .kind = RH_WRITE,
     .help = {"benennt um", "renames"},
     .params = RH_ROWS(office_param),
     .run = office_rename},
};

static const struct rh_plugin office = {
    RH_PLUGIN_HEAD("office", "1.0.0"),
    .title = {"Ämter", "offices"},
    .operations = RH_ROWS(office_operations),
};

static const struct rh_schema_step steps[] = {
    {"core", 1, "office",
     "CREATE TABLE office (id TEXT PRIMARY KEY, closed INTEGER NOT NULL DEFAULT 0) STRICT;"
     "CREATE VIEW v_office AS SELECT id, closed FROM office;"
     "INSERT INTO office (id) VALUES ('bielefeld'), ('hamm');"},
};

struct world {
    char folder[64], database[96];
    struct rh_store *store;
    struct rh_registry *registry;
    struct rh_plugins *plugins;
    struct rh_module office, plugin_module;
    struct rh_clock clock;
    struct rh_house house;
    struct rh_invocation *last;
    int64_t now;
};

static int64_t world_now(void *context)
{
    return ((struct world *)context)->now;
}

static int64_t world_ms(void *context)
{
    return ((struct world *)context)->now * 1000;
}

static void must(int32_t rc, const struct rh_err *err)
{
    if (rc < 0)
        fail_msg("%s", err->text[RH_EN]);
}

/* Plugins by name, NULL at the end. */
static struct world *world_new(const char *const *names)
{
    struct world *w = calloc(1, sizeof(*w));
    struct rh_store_options options = {.path = w->database};
    const char *folders[] = {w->folder, NULL};
    struct rh_err err = {0};

    folder_make(w->folder);
    for (; *names; names++)
        folder_put(w->folder, *names);
    snprintf(w->database, sizeof(w->database), "%s/reihum.db", w->folder);
    w->now = 1800000000;
    w->clock = (struct rh_clock){world_now, world_ms, w};
    w->office.plugin = &office;
    w->plugin_module.plugin = &rh_plugin_module;
    w->registry = rh_registry_new(rh_plugins_guard);
    must(rh_registry_add(w->registry, &w->office, &err), &err);
    must(rh_registry_add(w->registry, &w->plugin_module, &err), &err);
    must(rh_plugins_load(folders, NULL, w->registry, &w->plugins, &err), &err);
    must(rh_store_open(&options, &w->store, &err), &err);
    must(rh_store_migrate(w->store, steps, 1, &err), &err);
    w->house = (struct rh_house){.registry = w->registry, .store = w->store, .clock = &w->clock};
    must(rh_plugins_migrate(w->plugins, &w->house, &err), &err);
    must(rh_plugins_start(w->plugins, &w->house, &err), &err);
    return w;
}

static void world_free(struct world *w)
{
    rh_invocation_free(w->last);
    rh_plugins_stop(w->plugins);
    rh_store_close(w->store);
    rh_registry_free(w->registry);
    rh_plugins_free(w->plugins);
    folder_remove(w->folder);
    free(w);
}

static const struct rh_answer *run(struct world *w, const char *operation, const char *name,
                                   const char *value)
{
    const struct rh_operation_entry *op = rh_registry_find(w->registry, operation);
    struct rh_argument argument = {.name = name, .value = value};
    struct rh_invoke_options options = {.lang = RH_DE, .actor = "test", .as_of = RH_NO_DAY};
    const struct rh_answer *answer;

    assert_non_null(op);
    rh_invocation_free(w->last);
    w->last = rh_invoke_wait(&w->house, op, &argument, name ? 1 : 0, &options, &answer);
    assert_non_null(w->last);
    return answer;
}

static void assert_answer(const struct rh_answer *answer, int32_t code, const char *part)
{
    const char *text = answer->code < 0 ? answer->err.text[RH_DE] : answer->json;

    if (answer->code != code || !strstr(text, part))
        fail_msg("%d: %s", answer->code, text);
}

struct number_task {
    struct rh_task task;
    const char *sql;
    int64_t number;
};

static int32_t read_number(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct number_task *number = (struct number_task *)task;
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err, number->sql, "");

    if (rc == 0 && (rc = rh_stmt_next(stmt, err)) == 1) {
        number->number = rh_stmt_int(stmt, 0);
        rc = 0;
    }
    rh_stmt_close(stmt);
    return rc;
}

static int64_t number_of(struct world *w, const char *sql)
{
    struct number_task number = {.task = {.kind = RH_TASK_READ, .work = read_number}, .sql = sql};

    must(rh_store_run(w->store, &number.task), &number.task.err);
    return number.number;
}

static struct rh_plugin_status status_of(struct world *w, const char *name)
{
    struct rh_plugin_status status = {.name = NULL};

    for (size_t i = 0; i < rh_plugins_count(w->plugins); i++) {
        rh_plugins_status(w->plugins, i, &status);
        if (strcmp(status.name, name) == 0)
            return status;
    }
    fail_msg("'%s' is not in the list", name);
    return status;
}

static void assert_refused(struct world *w, const char *name, const char *de, const char *en)
{
    struct rh_plugin_status status = status_of(w, name);

    assert_int_equal(status.state, RH_PLUGIN_REFUSED);
    if (!strstr(status.reason.de, de) || !strstr(status.reason.en, en))
        fail_msg("%s: %s / %s", name, status.reason.de, status.reason.en);
}

/* As the loop would: until nothing is under way any more. */
static void tick(struct world *w)
{
    for (int i = 0; i < 20; i++) {
        struct number_task wait = {.task = {.kind = RH_TASK_WRITE, .work = read_number},
                                   .sql = "SELECT 1"};

        (void)rh_plugins_tick(w->plugins); /* the clock stands still here */
        must(rh_store_run(w->store, &wait.task), &wait.task.err);
        (void)rh_store_collect(w->store); /* how many does not matter */
    }
}

/* ---- start ---- */

static void a_start_that_fails_is_undone_and_refused_and_the_rest_goes_on(void **state)
{
    struct world *w =
        world_new((const char *const[]){"bad_start", "behind_bad_start", "fine", NULL});
    (void)state;

    assert_refused(w, "bad_start", "Start gescheitert: der Schlüssel zum Schuppen fehlt",
                   "start failed: the key of the shed is missing");
    assert_refused(w, "behind_bad_start", "braucht das Plugin 'bad_start', das selbst nicht läuft",
                   "needs the plugin 'bad_start', which does not run itself");
    assert_int_equal(status_of(w, "fine").state, RH_PLUGIN_STARTED);
    assert_int_equal(number_of(w, "SELECT count(*) FROM bad_start_note"), 0);
    assert_answer(run(w, "fine look", NULL, NULL), 0, "\"word\":\"gut\"");
    world_free(w);
}

static void a_migration_of_foreign_tables_is_undone_and_refused(void **state)
{
    struct world *w = world_new((const char *const[]){"bad_migration", "fine", "fails", NULL});
    (void)state;

    assert_refused(w, "bad_migration", "office_extra", "office_extra");
    assert_int_equal(status_of(w, "fine").state, RH_PLUGIN_STARTED);
    assert_int_equal(status_of(w, "fails").state, RH_PLUGIN_STARTED);
    assert_int_equal(
        number_of(w, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'bad_migration%'"), 0);
    assert_int_equal(number_of(w, "SELECT count(*) FROM fails_heard"), 0);
    world_free(w);
}

/* ---- hooks ---- */

static void a_veto_rolls_the_whole_operation_back_and_names_the_plugin(void **state)
{
    struct world *w = world_new((const char *const[]){"vetoes", "fails", NULL});
    (void)state;

    for (int i = 0; i < 6; i++) {
        const struct rh_answer *answer = run(w, "office close", "office", "hamm");

        assert_answer(answer, RH_ECONFLICT, "'hamm' hat noch einen Termin");
        assert_answer(answer, RH_ECONFLICT, "vetoes");
    }

    assert_int_equal(number_of(w, "SELECT closed FROM office WHERE id = 'hamm'"), 0);
    assert_int_equal(number_of(w, "SELECT count(*) FROM event"), 0);
    assert_int_equal(number_of(w, "SELECT count(*) FROM fails_heard"), 0);
    assert_int_equal(status_of(w, "vetoes").state, RH_PLUGIN_STARTED); /* a veto is no failure */
    world_free(w);
}

static void a_hook_that_fails_five_times_is_passed_over_and_catches_up_later(void **state)
{
    struct world *w = world_new((const char *const[]){"fails", "fine", NULL});
    struct rh_plugin_status status;
    (void)state;

    assert_answer(run(w, "office close", "office", "hamm"), 0, "{");
    setenv("RH_TEST_FAILS", "1", 1);
    for (int i = 0; i < 5; i++)
        assert_answer(run(w, "office rename", "office", "hamm"), RH_EFAILED, "der Drucker brennt");
    status = status_of(w, "fails");
    assert_int_equal(status.state, RH_PLUGIN_SUSPENDED);
    assert_non_null(strstr(status.reason.de, "zuletzt in 'office.renamed'"));

    /* The operation works again, and says whom it passed over. */
    assert_answer(run(w, "office rename", "office", "bielefeld"), 0, "fails");
    assert_answer(run(w, "fails look", NULL, NULL), RH_EBUSY, "ausgesetzt");
    tick(w);
    assert_int_equal(number_of(w, "SELECT count(*) FROM event WHERE topic = 'plugin.suspended' AND "
                                  "subject = 'fails'"),
                     1);

    /* Too early, then still broken, then mended: the missed event comes late, once, in order. */
    w->now += 9;
    tick(w);
    assert_int_equal(status_of(w, "fails").state, RH_PLUGIN_SUSPENDED);
    w->now += 1;
    tick(w);
    assert_int_equal(status_of(w, "fails").state, RH_PLUGIN_SUSPENDED);
    unsetenv("RH_TEST_FAILS");
    w->now += 20;
    tick(w);

    assert_int_equal(status_of(w, "fails").state, RH_PLUGIN_STARTED);
    assert_answer(run(w, "fails look", NULL, NULL), 0,
                  "\"items\":[{\"subject\":\"hamm\",\"late\":0},"
                  "{\"subject\":\"bielefeld\",\"late\":1}]");
    tick(w);
    assert_int_equal(number_of(w, "SELECT count(*) FROM event WHERE topic = 'plugin.resumed'"), 1);
    assert_answer(run(w, "office close", "office", "bielefeld"), 0, "{");
    assert_int_equal(number_of(w, "SELECT count(*) FROM fails_heard"), 3);
    world_free(w);
}

static void a_person_can_resume_a_plugin_at_once(void **state)
{
    struct world *w = world_new((const char *const[]){"fails", NULL});
    (void)state;

    setenv("RH_TEST_FAILS", "1", 1);
    for (int i = 0; i < 5; i++)
        (void)run(w, "office rename", "office", "hamm");
    unsetenv("RH_TEST_FAILS");
    assert_answer(run(w, "plugin resume", "name", "fials"), RH_ENOTFOUND, "meinten Sie 'fails'?");
    assert_answer(run(w, "plugin resume", "name", "fails"), 0, "wird gleich wieder versucht");
    tick(w);

    assert_answer(run(w, "fails look", NULL, NULL), 0, "{");
    assert_answer(run(w, "plugin resume", "name", "fails"), RH_ECONFLICT,
                  "ist nicht ausgesetzt; sein Zustand: läuft");
    world_free(w);
}

/* ---- SQL ---- */

static void what_is_not_its_own_a_plugin_cannot_touch(void **state)
{
    static const char *const attacks[] = {
        "ATTACH DATABASE '/tmp/x.db' AS x",
        "PRAGMA foreign_keys = OFF",
        "COMMIT",
        "ROLLBACK",
        "BEGIN",
        "SAVEPOINT a",
        "RELEASE a",
        "UPDATE office SET closed = 1",
        "DELETE FROM event",
        "INSERT INTO fails_heard (subject, late) VALUES ('x', 1)",
        "CREATE TABLE attacks_more (x INTEGER)",
        "DROP TABLE attacks_own",
        "VACUUM",
        "INSERT INTO attacks_own (x) SELECT closed FROM office",
        "SELECT load_extension('/tmp/x.so')",
    };
    struct world *w = world_new((const char *const[]){"attacks", "fails", NULL});
    (void)state;

    for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
        const struct rh_answer *answer = run(w, "attacks run", "sql", attacks[i]);

        if (answer->code >= 0)
            fail_msg("allowed: %s", attacks[i]);
    }
    assert_answer(run(w, "attacks look", "sql", "SELECT closed FROM office"), RH_EFORBIDDEN,
                  "office");

    assert_answer(run(w, "attacks look", "sql", "SELECT id FROM v_office"), 0, "bielefeld");
    assert_answer(
        run(w, "attacks run", "sql", "INSERT INTO attacks_own (x, office) VALUES (1, 'hamm')"), 0,
        "{"); /* the parent of a foreign key may be looked up */
    assert_int_equal(number_of(w, "SELECT count(*) FROM attacks_own"), 1);
    assert_int_equal(number_of(w, "SELECT sum(closed) FROM office"), 0);
    world_free(w);
}

/* ---- list and show ---- */

static void the_list_shows_each_with_state_and_reason(void **state)
{
    struct world *w = world_new((const char *const[]){"bad_start", "fine", "wrong_major", NULL});
    const struct rh_answer *answer;
    (void)state;

    answer = run(w, "plugin list", NULL, NULL);
    assert_answer(answer, 0,
                  "{\"name\":\"bad_start\",\"version\":\"1.0.0\",\"state\":\"zurückgewiesen\","
                  "\"reason\":\"Start gescheitert: der Schlüssel zum Schuppen fehlt\"");
    assert_answer(answer, 0,
                  "{\"name\":\"fine\",\"version\":\"1.2.0\",\"state\":\"läuft\",\"reason\":\"\"");
    assert_answer(answer, 0, "Schnittstelle 2.0");
    world_free(w);
}

static void show_lists_everything_that_a_plugin_declares(void **state)
{
    struct world *w = world_new((const char *const[]){"fails", "fine", NULL});
    const struct rh_answer *answer;
    (void)state;

    answer = run(w, "plugin show", "name", "fails");
    assert_answer(answer, 0,
                  "{\"kind\":\"Operation\",\"name\":\"fails look\",\"detail\":\"READ: "
                  "zeigt, was gehört wurde\"}");
    assert_answer(answer, 0, "{\"kind\":\"Haken\",\"name\":\"office.*\"");
    assert_answer(answer, 0, "{\"kind\":\"Tabellen\",\"name\":\"1\",\"detail\":\"heard\"}");
    assert_answer(run(w, "plugin show", "name", "fine"), 0,
                  "{\"kind\":\"Schlüssel\",\"name\":\"word\",\"detail\":\"ein Wort\"}");
    assert_answer(run(w, "plugin show", "name", "fien"), RH_ENOTFOUND, "meinten Sie 'fine'?");
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_that_fails_is_undone_and_refused_and_the_rest_goes_on),
        cmocka_unit_test(a_migration_of_foreign_tables_is_undone_and_refused),
        cmocka_unit_test(a_veto_rolls_the_whole_operation_back_and_names_the_plugin),
        cmocka_unit_test(a_hook_that_fails_five_times_is_passed_over_and_catches_up_later),
        cmocka_unit_test(a_person_can_resume_a_plugin_at_once),
        cmocka_unit_test(what_is_not_its_own_a_plugin_cannot_touch),
        cmocka_unit_test(the_list_shows_each_with_state_and_reason),
        cmocka_unit_test(show_lists_everything_that_a_plugin_declares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
