/* A store with the tables of mail, a desk and a clock, for the tests of this room. */
#ifndef TESTS_UNIT_MAIL_WORLD_H
#define TESTS_UNIT_MAIL_WORLD_H

#include "core/mail/queue.h"
#include "core/mail/schema.h"
#include "core/store/store.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NOON INT64_C(1800000000) /* 2027-01-15 08:00 UTC */

struct world {
    char folder[64], path[96];
    struct rh_store *store;
    struct rh_mail_desk *desk;
    int64_t now;
    struct rh_arena arena; /* of the last claim */
    struct rh_mail_due due[100];
    size_t due_count;
    struct rh_err err; /* of the last step */
};

/* One thing done on the writer. */
struct world_task {
    struct rh_task task; /* first */
    struct world *w;
    int32_t (*body)(struct world *w, struct rh_db *db, void *context, struct rh_err *err);
    void *context;
    int32_t result;
};

static inline int32_t world_work(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct world_task *t = (struct world_task *)(void *)task;

    t->result = t->body(t->w, db, t->context, err);
    return t->result < 0 ? t->result : 0;
}

static inline int32_t world_do(struct world *w,
                               int32_t (*body)(struct world *, struct rh_db *, void *,
                                               struct rh_err *),
                               void *context)
{
    struct world_task t = {.task = {.kind = RH_TASK_WRITE, .work = world_work},
                           .w = w,
                           .body = body,
                           .context = context};

    (void)rh_store_run(w->store, &t.task);
    w->err = t.task.err;
    return t.task.err.code < 0 ? t.task.err.code : t.result;
}

static inline void world_must(struct world *w, int32_t rc)
{
    if (rc < 0)
        fail_msg("%s", w->err.text[RH_EN]);
}

static inline int world_setup(void **state)
{
    static const struct rh_schema_step steps[] = {{"core", 1, "mail", rh_mail_schema_1},
                                                  {"core", 2, "detail", rh_mail_schema_2}};
    struct world *w = calloc(1, sizeof(*w));
    struct rh_mail_desk_options desk = {
        .from = "qe@example.org", .from_name = "QE", .bounce = "bounce@example.org"};
    struct rh_store_options options = {.path = w->path};

    snprintf(w->folder, sizeof(w->folder), "/tmp/rh-mail-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->path, sizeof(w->path), "%s/reihum.db", w->folder);
    w->now = NOON;
    rh_arena_init(&w->arena, 64 * 1024 * 1024);
    world_must(w, rh_store_open(&options, &w->store, &w->err));
    world_must(w, rh_store_migrate(w->store, steps, 2, &w->err));
    world_must(w, rh_mail_desk_new(&desk, &w->desk, &w->err));
    *state = w;
    return 0;
}

static inline int world_remove(const char *path, const struct stat *st, int type, struct FTW *where)
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
    rh_mail_desk_free(w->desk);
    rh_arena_fini(&w->arena);
    nftw(w->folder, world_remove, 16, FTW_DEPTH | FTW_PHYS);
    free(w);
    return 0;
}

/* ---- the queue in words ---- */

static inline int32_t world_queue_body(struct world *w, struct rh_db *db, void *context,
                                       struct rh_err *err)
{
    return rh_mail_queue(db, w->desk, "test", context, w->now, err);
}

static inline int32_t world_queue(struct world *w, struct rh_mail mail)
{
    mail.kind = mail.kind ? mail.kind : "test.mail";
    if (!mail.template_name) {
        mail.subject = mail.subject ? mail.subject : "Betreff";
        mail.text = mail.text ? mail.text : "Text";
    }
    if (!mail.to.address)
        mail.to.address = "kontakt@example.org";
    return world_do(w, world_queue_body, &mail);
}

static inline int32_t world_claim_body(struct world *w, struct rh_db *db, void *context,
                                       struct rh_err *err)
{
    (void)context;
    return rh_mail_claim(db, w->desk, w->now, 100, 1000000, &w->arena, w->due, &w->due_count, err);
}

static inline size_t world_claim(struct world *w)
{
    rh_arena_fini(&w->arena);
    world_must(w, world_do(w, world_claim_body, NULL));
    return w->due_count;
}

struct world_mark {
    struct rh_mail_result result;
};

static inline int32_t world_mark_body(struct world *w, struct rh_db *db, void *context,
                                      struct rh_err *err)
{
    return rh_mail_mark(db, context, 1, w->now, err);
}

static inline void world_mark(struct world *w, int64_t id, enum rh_mail_outcome outcome,
                              const char *reply)
{
    struct rh_mail_result result = {.id = id, .outcome = outcome};

    snprintf(result.reply, sizeof(result.reply), "%s", reply);
    world_must(w, world_do(w, world_mark_body, &result));
}

struct world_ask {
    const char *sql;
    int64_t number;
    char text[1000];
};

static inline int32_t world_ask_body(struct world *w, struct rh_db *db, void *context,
                                     struct rh_err *err)
{
    struct world_ask *ask = context;
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err, ask->sql, "");

    (void)w;
    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1) {
        ask->number = rh_stmt_int(stmt, 0);
        snprintf(ask->text, sizeof(ask->text), "%s",
                 rh_stmt_is_null(stmt, 0) ? "NULL" : rh_stmt_text(stmt, 0));
    }
    rh_stmt_close(stmt);
    return rc < 0 ? rc : 0;
}

static inline int64_t world_number(struct world *w, const char *sql)
{
    struct world_ask ask = {.sql = sql, .number = -1};

    world_must(w, world_do(w, world_ask_body, &ask));
    return ask.number;
}

static inline void assert_says(struct world *w, const char *sql, const char *expected)
{
    struct world_ask ask = {.sql = sql, .text = "(no row)"};

    world_must(w, world_do(w, world_ask_body, &ask));
    assert_string_equal(ask.text, expected);
}

#endif
