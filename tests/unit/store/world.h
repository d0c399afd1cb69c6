/* A store in a folder of its own, for the tests of this room. */
#ifndef TESTS_UNIT_STORE_WORLD_H
#define TESTS_UNIT_STORE_WORLD_H

#include "core/base/alloc.h"
#include "core/store/db.h"
#include "core/store/store.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
    char folder[64], path[96];
    struct rh_store *store;
};

static const struct rh_schema_step world_steps[] = {
    {"core", 1, "things",
     "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
     "CREATE TABLE part (id INTEGER PRIMARY KEY,"
     " thing INTEGER NOT NULL REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED) STRICT;"
     "CREATE VIEW v_thing AS SELECT id, name FROM thing;"},
};

static inline void must(int32_t rc, const struct rh_err *err)
{
    if (rc < 0)
        fail_msg("%s", err->text[RH_EN]);
}

static inline void world_open(struct world *w)
{
    struct rh_store_options options = {.path = w->path};
    struct rh_err err = {0};

    must(rh_store_open(&options, &w->store, &err), &err);
    must(rh_store_migrate(w->store, world_steps, 1, &err), &err);
}

static inline void world_folder(struct world *w)
{
    snprintf(w->folder, sizeof(w->folder), "/tmp/rh-store-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->path, sizeof(w->path), "%s/reihum.db", w->folder);
}

static inline int world_setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    world_folder(w);
    world_open(w);
    *state = w;
    return 0;
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

static inline int world_teardown(void **state)
{
    struct world *w = *state;

    w->store = rh_store_close(w->store);
    nftw(w->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(w);
    return 0;
}

/* ---- tasks in one line: some SQL, as the core or as a plugin ---- */

struct sql_task {
    struct rh_task task;
    const char *owner, *sql;
    int64_t number; /* the first column of the first row */
    int64_t changed;
    bool fail; /* the operation fails after its SQL */
};

static inline int32_t sql_work(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct sql_task *t = (struct sql_task *)(void *)task;
    struct rh_stmt *stmt = NULL;
    int32_t rc;

    if (task->kind == RH_TASK_WRITE) {
        t->changed = rh_db_exec(db, t->owner, err, t->sql, "");
        if (t->changed < 0)
            return (int32_t)t->changed;
        return t->fail ? rh_err_set(err, RH_EINVALID, "gescheitert", "failed") : 0;
    }
    rc = rh_db_query(db, t->owner, &stmt, err, t->sql, "");
    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1)
        t->number = rh_stmt_int(stmt, 0);
    while (rc == 1)
        rc = rh_stmt_next(stmt, err);
    rh_stmt_close(stmt);
    return rc;
}

static inline int32_t world_write(struct world *w, const char *sql, struct rh_err *err)
{
    struct sql_task t = {.task = {.kind = RH_TASK_WRITE, .work = sql_work}, .sql = sql};
    int32_t rc = rh_store_run(w->store, &t.task);

    if (rc < 0 && err)
        *err = t.task.err;
    return rc;
}

static inline int64_t world_number(struct world *w, const char *sql)
{
    struct sql_task t = {
        .task = {.kind = RH_TASK_READ, .work = sql_work}, .sql = sql, .number = -1};

    must(rh_store_run(w->store, &t.task), &t.task.err);
    return t.number;
}

#endif
