/* A house with a store in a folder of its own and two fake modules, for the tests of this room. */
#ifndef TESTS_UNIT_OPERATION_WORLD_H
#define TESTS_UNIT_OPERATION_WORLD_H

#include "core/operation/call.h"
#include "core/operation/hooks.h"
#include "core/store/db.h"
#include "reihum/plugin.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HELP                                                                                       \
    {                                                                                              \
        "Hilfe", "help"                                                                            \
    }

struct world {
    char folder[64], path[96];
    struct rh_store *store;
    struct rh_registry *registry;
    struct rh_clock clock;
    struct rh_house house;
    int64_t now; /* the virtual clock */
    struct rh_invocation *last;
};

static inline int64_t world_now(void *context)
{
    return ((struct world *)context)->now;
}

static inline int64_t world_ms(void *context)
{
    return ((struct world *)context)->now * 1000;
}

static inline void must(int32_t rc, const struct rh_err *err)
{
    if (rc < 0)
        fail_msg("%s", err->text[RH_EN]);
}

static inline struct world *world_new(const struct rh_schema_step *steps, size_t count,
                                      rh_guard_run *guard)
{
    struct world *w = calloc(1, sizeof(*w));
    struct rh_store_options options = {.path = w->path};
    struct rh_err err = {.code = 0};

    snprintf(w->folder, sizeof(w->folder), "/tmp/rh-operation-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->path, sizeof(w->path), "%s/reihum.db", w->folder);
    must(rh_store_open(&options, &w->store, &err), &err);
    must(rh_store_migrate(w->store, steps, count, &err), &err);
    w->now = 1800000000; /* 2027-01-15 08:00 UTC */
    w->clock = (struct rh_clock){world_now, world_ms, w};
    w->registry = rh_registry_new(guard);
    w->house = (struct rh_house){.registry = w->registry, .store = w->store, .clock = &w->clock};
    return w;
}

static inline int world_remove(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

static inline void world_free(struct world *w)
{
    rh_invocation_free(w->last);
    w->store = rh_store_close(w->store);
    rh_registry_free(w->registry);
    nftw(w->folder, world_remove, 16, FTW_DEPTH | FTW_PHYS);
    free(w);
}

static inline void world_add(struct world *w, struct rh_module *module)
{
    struct rh_err err = {.code = 0};

    must(rh_registry_add(w->registry, module, &err), &err);
}

/* One call, its answer valid until the next one. */
static inline const struct rh_answer *world_call(struct world *w, const char *operation,
                                                 const struct rh_argument *arguments, size_t count,
                                                 const struct rh_invoke_options *options)
{
    const struct rh_operation_entry *op = rh_registry_find(w->registry, operation);
    const struct rh_answer *answer;
    struct rh_invoke_options plain = {.lang = RH_EN, .actor = "test", .as_of = RH_NO_DAY};

    assert_non_null(op);
    rh_invocation_free(w->last);
    w->last = rh_invoke_wait(&w->house, op, arguments, count, options ? options : &plain, &answer);
    assert_non_null(w->last);
    return answer;
}

static inline const struct rh_answer *world_call_with(struct world *w, const char *operation,
                                                      const char *name, const char *value)
{
    const struct rh_argument argument = {.name = name, .value = value};

    return world_call(w, operation, &argument, name ? 1 : 0, NULL);
}

static inline void assert_json(const struct rh_answer *answer, const char *json)
{
    if (answer->code < 0)
        fail_msg("%s", answer->err.text[RH_EN]);
    assert_string_equal(answer->json, json);
    assert_int_equal(answer->json_length, strlen(json));
}

static inline void assert_refused(const struct rh_answer *answer, int32_t code, const char *part)
{
    assert_int_equal(answer->code, code);
    if (!strstr(answer->err.text[RH_EN], part))
        fail_msg("'%s' lacks '%s'", answer->err.text[RH_EN], part);
}

struct world_sql {
    struct rh_task task;
    const char *sql;
    int64_t number;
};

static inline int32_t world_sql_work(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct world_sql *sql = (struct world_sql *)task;
    struct rh_stmt *stmt;
    int32_t rc = rh_db_query(db, NULL, &stmt, err, sql->sql, "");

    if (rc < 0)
        return rc;
    rc = rh_stmt_next(stmt, err);
    sql->number = rc == 1 ? rh_stmt_int(stmt, 0) : -1;
    rh_stmt_close(stmt);
    return rc < 0 ? rc : 0;
}

/* The first number of a query. */
static inline int64_t world_number(struct world *w, const char *query)
{
    struct world_sql sql = {.task = {.kind = RH_TASK_READ, .work = world_sql_work}, .sql = query};

    must(rh_store_run(w->store, &sql.task), &sql.task.err);
    return sql.number;
}

#endif
