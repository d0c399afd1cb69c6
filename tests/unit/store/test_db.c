/* db.h: statements are kept, values are bound, errors say what to do. */
#include "world.h"

#include "core/store/event.h"

/* Each test is one task on the writer: SQL at hand, asserts inside are the test's own. */
struct on_writer {
    struct rh_task task;
    void (*body)(struct rh_db *db);
};

static int32_t call_body(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    (void)err;
    ((struct on_writer *)(void *)task)->body(db);
    return 0;
}

static void note(const char *text, bool holds, int line, char *failures, size_t size)
{
    size_t length = strlen(failures);

    if (!holds)
        snprintf(failures + length, size - length, "line %d: %s\n", line, text);
}

/* cmocka's asserts jump, and only the main thread may: so gather, and fail there. */
static char failures[4 * RH_ERR_MAX];
#define CHECK(holds) note(#holds, (holds), __LINE__, failures, sizeof(failures))

static void run_on_writer(void **state, void (*body)(struct rh_db *))
{
    struct world *w = *state;
    struct on_writer t = {.task = {.kind = RH_TASK_WRITE, .work = call_body}, .body = body};

    failures[0] = '\0';
    must(rh_store_run(w->store, &t.task), &t.task.err);
    if (failures[0])
        fail_msg("%s", failures);
}

static void values_body(struct rh_db *db)
{
    struct rh_err err = {0};
    struct rh_stmt *stmt = NULL;
    const char *nothing = NULL;

    CHECK(rh_db_query(db, NULL, &stmt, &err,
                      "SELECT ?1 AS number, ?2 AS real, ?3 AS text, ?4 AS missing", "idss",
                      INT64_MIN, 0.5, "Köln", nothing) == 0);
    CHECK(rh_stmt_next(stmt, &err) == 1);
    CHECK(rh_stmt_columns(stmt) == 4);
    CHECK(strcmp(rh_stmt_column_name(stmt, 2), "text") == 0);
    CHECK(rh_stmt_type(stmt, 0) == RH_VALUE_INT && rh_stmt_int(stmt, 0) == INT64_MIN);
    CHECK(rh_stmt_type(stmt, 1) == RH_VALUE_REAL && rh_stmt_real(stmt, 1) > 0.49);
    CHECK(rh_stmt_type(stmt, 2) == RH_VALUE_TEXT && strcmp(rh_stmt_text(stmt, 2), "Köln") == 0);
    CHECK(rh_stmt_type(stmt, 3) == RH_VALUE_NULL && rh_stmt_is_null(stmt, 3));
    CHECK(rh_stmt_text(stmt, 3) == NULL);
    CHECK(rh_stmt_next(stmt, &err) == 0);
    CHECK(rh_stmt_next(stmt, &err) == 0);
    CHECK(rh_stmt_close(stmt) == NULL);
    CHECK(rh_stmt_close(NULL) == NULL);
}

static void values_go_in_and_come_out(void **state)
{
    run_on_writer(state, values_body);
}

static void changes_body(struct rh_db *db)
{
    struct rh_err err = {0};

    CHECK(rh_db_exec(db, NULL, &err, "INSERT INTO thing (name) VALUES ('a'), ('b')", NULL) == 2);
    CHECK(rh_db_last_id(db) == 2);
    CHECK(rh_db_exec(db, NULL, &err, "CREATE TABLE more (id INTEGER) STRICT", "") == 0);
    CHECK(rh_db_exec(db, NULL, &err, "SELECT 1", "") == 0);
    CHECK(rh_db_exec(db, NULL, &err, "DELETE FROM thing WHERE id > ?1", "i", (int64_t)5) == 0);
    CHECK(rh_db_is_writer(db));
}

static void changed_rows_are_counted(void **state)
{
    run_on_writer(state, changes_body);
}

/* SQLite would begin again from the first row, and insert a second time. */
static void ended_body(struct rh_db *db)
{
    struct rh_err err = {0};
    struct rh_stmt *stmt = NULL;

    CHECK(rh_db_query(db, NULL, &stmt, &err, "INSERT INTO thing (name) SELECT hex(randomblob(8))",
                      "") == 0);
    for (int i = 0; i < 3; i++)
        CHECK(rh_stmt_next(stmt, &err) == 0);
    rh_stmt_close(stmt);
    CHECK(rh_db_query(db, NULL, &stmt, &err, "SELECT count(*) FROM thing", "") == 0);
    CHECK(rh_stmt_next(stmt, &err) == 1 && rh_stmt_int(stmt, 0) == 1);
}

static void a_statement_at_its_end_does_not_start_again(void **state)
{
    run_on_writer(state, ended_body);
}

static void nested_body(struct rh_db *db)
{
    static const char sql[] = "WITH n (i) AS (VALUES (1), (2), (3)) SELECT i FROM n";
    struct rh_err err = {0};
    struct rh_stmt *outer = NULL, *inner = NULL;
    int rows = 0;

    CHECK(rh_db_query(db, NULL, &outer, &err, sql, "") == 0);
    while (rh_stmt_next(outer, &err) == 1) {
        CHECK(rh_db_query(db, NULL, &inner, &err, sql, "") == 0);
        CHECK(inner != outer);
        while (rh_stmt_next(inner, &err) == 1)
            rows++;
        rh_stmt_close(inner);
    }
    rh_stmt_close(outer);
    CHECK(rows == 9);
}

static void a_query_may_run_inside_itself(void **state)
{
    run_on_writer(state, nested_body);
}

/* More different statements than the cache holds, twice, some left open. */
static void many_body(struct rh_db *db)
{
    struct rh_err err = {0};

    for (int64_t i = 0; i < 1400; i++) {
        struct rh_stmt *stmt = NULL;
        char sql[64];

        snprintf(sql, sizeof(sql), "SELECT %d + ?1", (int)(i % 700));
        CHECK(rh_db_query(db, NULL, &stmt, &err, sql, "i", i) == 0);
        CHECK(rh_stmt_next(stmt, &err) == 1 && rh_stmt_int(stmt, 0) == i % 700 + i);
        if (i % 100 != 0)
            rh_stmt_close(stmt);
    }
}

static void the_cache_is_bounded_and_forgets_nothing_open(void **state)
{
    run_on_writer(state, many_body);
    run_on_writer(state, many_body);
}

static void wrong_body(struct rh_db *db)
{
    static const struct {
        const char *sql;
        int32_t code;
        const char *says;
    } wrong[] = {
        {"SELEKT 1", RH_EFAILED, "syntax error"},
        {"SELECT missing", RH_EFAILED, "no such column"},
        {"", RH_EFAILED, "exactly one statement"},
        {"-- nothing", RH_EFAILED, "exactly one statement"},
        {"SELECT 1; SELECT 2", RH_EFAILED, "exactly one statement"},
        {"SELECT ?1", RH_EFAILED, "1 values expected, 0 given"},
        {"SELECT \"not a column\"", RH_EFAILED, "no such column"},
        {"INSERT INTO thing (id) VALUES (1)", RH_EINVALID, "NOT NULL constraint failed"},
        {"INSERT INTO thing (id, name) VALUES (1, x'00')", RH_EINVALID, "cannot store BLOB"},
        {"INSERT INTO thing (name) VALUES ('a'), ('a')", RH_ECONFLICT, "exists already"},
        {"SELECT zeroblob(999999999)", RH_ETOOLARGE, "too large"},
        {"SELECT load_extension('x')", RH_EFAILED, "not authorized"},
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct rh_err err = {0};
        int64_t rc = rh_db_exec(db, NULL, &err, wrong[i].sql, "");

        if (rc != wrong[i].code || !strstr(err.text[RH_EN], wrong[i].says))
            note(err.text[RH_EN], false, (int)i, failures, sizeof(failures));
    }
    CHECK(rh_db_exec(db, NULL, NULL, "SELECT 1;  ", "") == 0);
}

static void mistakes_are_told_in_words(void **state)
{
    run_on_writer(state, wrong_body);
}

static void event_body(struct rh_db *db)
{
    struct rh_event_row event = {.at_utc = 5,
                                 .module = "office",
                                 .operation = "office import",
                                 .actor = "test",
                                 .topic = "office.changed",
                                 .subject = "herne",
                                 .after = "{\"name\":\"Herne\"}"};
    struct rh_event_row got = {0};
    struct rh_stmt *stmt = NULL;
    struct rh_err err = {0};

    CHECK(rh_event_add(db, &event, &err) == 1);
    event.subject = "hamm";
    event.before = "{}";
    CHECK(rh_event_add(db, &event, &err) == 2);
    event.before = "[]";
    CHECK(rh_event_add(db, &event, NULL) == RH_EINVALID);
    event.before = "{";
    CHECK(rh_event_add(db, &event, NULL) == RH_EINVALID);

    CHECK(rh_event_after(db, 1, &stmt, &err) == 0);
    CHECK(rh_event_next(stmt, &got, &err) == 1);
    CHECK(got.seq == 2 && got.at_utc == 5 && strcmp(got.subject, "hamm") == 0);
    CHECK(strcmp(got.before, "{}") == 0 && strcmp(got.after, "{\"name\":\"Herne\"}") == 0);
    CHECK(rh_event_next(stmt, &got, &err) == 0);
}

static void events_are_kept_in_order(void **state)
{
    run_on_writer(state, event_body);
}

static void eternal_body(struct rh_db *db)
{
    static const char *const attempts[] = {
        "UPDATE event SET actor = 'nobody'",
        "DELETE FROM event",
        "DELETE FROM event WHERE seq = 1",
        "INSERT OR REPLACE INTO event (seq, at_utc, module, operation, actor, topic, subject)"
        " VALUES (1, 0, 'a', 'b', 'c', 'd', 'e')",
        "REPLACE INTO event (seq, at_utc, module, operation, actor, topic, subject)"
        " VALUES (1, 0, 'a', 'b', 'c', 'd', 'e')",
        "INSERT INTO event (seq, at_utc, module, operation, actor, topic, subject)"
        " VALUES (1, 0, 'a', 'b', 'c', 'd', 'e') ON CONFLICT (seq) DO UPDATE SET actor = 'x'",
    };
    struct rh_event_row event = {.module = "office",
                                 .operation = "office import",
                                 .actor = "somebody",
                                 .topic = "office.changed",
                                 .subject = "herne"};
    struct rh_stmt *stmt = NULL;

    CHECK(rh_event_add(db, &event, NULL) == 1);
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
        if (rh_db_exec(db, NULL, NULL, attempts[i], "") != RH_ECONFLICT)
            note(attempts[i], false, (int)i, failures, sizeof(failures));
    CHECK(rh_event_after(db, 0, &stmt, NULL) == 0);
    CHECK(rh_event_next(stmt, &event, NULL) == 1 && strcmp(event.actor, "somebody") == 0);
}

static void events_are_never_changed(void **state)
{
    run_on_writer(state, eternal_body);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_go_in_and_come_out),
        TEST(changed_rows_are_counted),
        TEST(a_statement_at_its_end_does_not_start_again),
        TEST(a_query_may_run_inside_itself),
        TEST(the_cache_is_bounded_and_forgets_nothing_open),
        TEST(mistakes_are_told_in_words),
        TEST(events_are_kept_in_order),
        TEST(events_are_never_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
