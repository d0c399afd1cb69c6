/* A house with mail in a store of its own, a loop, a sender, and peers on loopback. The clock is
 * virtual; the loop runs until something has happened, with an alarm in case it never does. */
#ifndef TESTS_UNIT_POST_WORLD_H
#define TESTS_UNIT_POST_WORLD_H

#include "core/mail/queue.h"
#include "core/mail/schema.h"
#include "core/post/sender.h"
#include "core/store/store.h"
#include "tests/support/peer.h"
#include "tests/support/program.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <ftw.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define NOON        INT64_C(1800000000) /* 2027-01-15 08:00 UTC */
#define ALARM_MS    60000
#define PEERS_MAX   4
#define TAKEN_MAX   2000
#define TAKEN_BYTES 65536

struct world {
    char folder[64], path[96], taken[96];
    uv_loop_t loop;
    uv_async_t wake;
    uv_timer_t alarm;
    struct rh_store *store;
    struct rh_clock clock;
    struct rh_house house;
    struct rh_post_settings settings;
    struct rh_sender *sender;
    int64_t now;
    int notes;
    char last[600]; /* the last note: "refused 550 5.1.1 …" */
    pid_t peers[PEERS_MAX];
    int peer_count, keys;
    struct rh_err err;
};

/* ---- the store ---- */

struct world_task {
    struct rh_task task; /* first */
    struct world *w;
    int32_t (*body)(struct world *w, struct rh_db *db, void *context, struct rh_err *err);
    void *context;
};

static inline int32_t world_work(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct world_task *t = (struct world_task *)(void *)task;
    int32_t rc = t->body(t->w, db, t->context, err);

    return rc < 0 ? rc : 0;
}

static inline void world_do(struct world *w,
                            int32_t (*body)(struct world *, struct rh_db *, void *,
                                            struct rh_err *),
                            void *context)
{
    struct world_task t = {.task = {.kind = RH_TASK_WRITE, .work = world_work},
                           .w = w,
                           .body = body,
                           .context = context};

    if (rh_store_run(w->store, &t.task) < 0)
        fail_msg("%s", t.task.err.text[RH_EN]);
}

static inline int32_t world_queue_body(struct world *w, struct rh_db *db, void *context,
                                       struct rh_err *err)
{
    const struct rh_mail *mail = context;

    return rh_mail_queue(db, w->house.mail, "test", mail, w->now, err);
}

static inline void world_queue(struct world *w, const char *to, int32_t flags)
{
    char key[40];
    struct rh_mail mail = {.key = key,
                           .kind = "test.mail",
                           .to = {NULL, to},
                           .subject = "Größe",
                           .text = ".\n..Guten Tag\nFrom here\n",
                           .html = "<p>Guten Tag</p>",
                           .flags = flags};

    snprintf(key, sizeof(key), "key-%d", ++w->keys);
    world_do(w, world_queue_body, &mail);
}

struct world_ask {
    const char *sql;
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
    if (rc == 1)
        snprintf(ask->text, sizeof(ask->text), "%s",
                 rh_stmt_is_null(stmt, 0) ? "NULL" : rh_stmt_text(stmt, 0));
    rh_stmt_close(stmt);
    return rc;
}

static inline void assert_says(struct world *w, const char *sql, const char *expected)
{
    struct world_ask ask = {.sql = sql, .text = "(no row)"};

    world_do(w, world_ask_body, &ask);
    if (strcmp(ask.text, expected) != 0)
        fail_msg("%s: '%s', not '%s'; the last note was: %s", sql, ask.text, expected, w->last);
}

static inline int64_t world_number(struct world *w, const char *sql)
{
    struct world_ask ask = {.sql = sql, .text = "-1"};

    world_do(w, world_ask_body, &ask);
    return strtoll(ask.text, NULL, 10);
}

/* ---- the loop ---- */

static inline void world_on_wake(uv_async_t *async)
{
    struct world *w = async->data;

    (void)rh_store_collect(w->store);
    if (w->sender)
        rh_sender_look(w->sender);
}

static inline void world_wake(void *context)
{
    (void)uv_async_send(context);
}

static inline void world_on_alarm(uv_timer_t *timer)
{
    struct world *w = timer->data;

    for (int i = 0; i < w->peer_count; i++)
        kill(w->peers[i], SIGTERM);
    print_error("nothing happened for %d s; the last note was: %s\n", ALARM_MS / 1000, w->last);
    exit(1); /* out of a callback of the loop there is no clean way on */
}

static inline void world_note(void *context, int64_t id, const char *what, const char *reply)
{
    struct world *w = context;

    (void)id;
    w->notes++;
    snprintf(w->last, sizeof(w->last), "%s %s", what, reply);
}

static inline void assert_noted(const struct world *w, const char *what)
{
    if (!strstr(w->last, what))
        fail_msg("'%s' is not in the last note: %s", what, w->last);
}

/* Until so many mails have had an end, and it is written down. */
static inline void world_run_until(struct world *w, int notes)
{
    uint64_t marked;

    (void)uv_timer_start(&w->alarm, world_on_alarm, ALARM_MS, 0);
    (void)uv_async_send(&w->wake);
    while (w->notes < notes)
        (void)uv_run(&w->loop, UV_RUN_ONCE);
    marked = rh_sender_figures(w->sender).turns;
    while (rh_sender_figures(w->sender).turns == marked ||
           world_number(w, "SELECT count(*) FROM mail WHERE state = 'sending'") > 0)
        (void)uv_run(&w->loop, UV_RUN_ONCE);
    (void)uv_timer_stop(&w->alarm);
}

static inline void world_start(struct world *w)
{
    struct rh_sender_options options = {.loop = &w->loop,
                                        .house = &w->house,
                                        .settings = &w->settings,
                                        .note = world_note,
                                        .context = w};

    if (rh_sender_new(&options, &w->sender, &w->err) < 0)
        fail_msg("%s", w->err.text[RH_EN]);
}

static inline void world_stop(struct world *w, bool cancel)
{
    (void)uv_timer_start(&w->alarm, world_on_alarm, ALARM_MS, 0);
    (void)rh_sender_stop(w->sender);
    if (cancel)
        rh_sender_cancel(w->sender);
    while (!rh_sender_stop(w->sender))
        (void)uv_run(&w->loop, UV_RUN_ONCE);
    rh_sender_close(w->sender);
    w->sender = NULL;
    (void)uv_timer_stop(&w->alarm);
}

/* ---- set up ---- */

static inline int64_t world_now(void *context)
{
    return ((struct world *)context)->now;
}

static inline int world_setup(void **state)
{
    static const struct rh_schema_step steps[] = {{"core", 1, "mail", rh_mail_schema_1},
                                                  {"core", 2, "detail", rh_mail_schema_2}};
    struct world *w = calloc(1, sizeof(*w));
    struct rh_mail_desk_options desk = {.from = "qe@example.org", .bounce = "bounce@example.org"};
    struct rh_store_options options = {
        .path = w->path, .wake = world_wake, .wake_context = &w->wake};

    signal(SIGPIPE, SIG_IGN);
    snprintf(w->folder, sizeof(w->folder), "/tmp/rh-post-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    assert_int_equal(chmod(w->folder, 0755), 0); /* peers of other users look in */
    snprintf(w->path, sizeof(w->path), "%s/reihum.db", w->folder);
    snprintf(w->taken, sizeof(w->taken), "%s/taken", w->folder);
    assert_int_equal(mkdir(w->taken, 0755), 0);
    w->now = NOON;
    assert_int_equal(uv_loop_init(&w->loop), 0);
    assert_int_equal(uv_async_init(&w->loop, &w->wake, world_on_wake), 0);
    assert_int_equal(uv_timer_init(&w->loop, &w->alarm), 0);
    w->wake.data = w->alarm.data = w;
    w->clock = (struct rh_clock){world_now, world_now, w};
    if (rh_store_open(&options, &w->store, &w->err) < 0 ||
        rh_store_migrate(w->store, steps, 2, &w->err) < 0 ||
        rh_mail_desk_new(&desk, &w->house.mail, &w->err) < 0)
        fail_msg("%s", w->err.text[RH_EN]);
    w->house.store = w->store;
    w->house.clock = &w->clock;
    w->settings = (struct rh_post_settings){.transport = RH_POST_SMTP,
                                            .smtp = {.host = "127.0.0.1", .timeout_s = 20},
                                            .ehlo = "qe.example.org",
                                            .connections = 1};
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

    if (w->sender)
        world_stop(w, true);
    w->store = rh_store_close(w->store);
    uv_close((uv_handle_t *)&w->wake, NULL);
    uv_close((uv_handle_t *)&w->alarm, NULL);
    (void)uv_run(&w->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&w->loop), 0); /* nothing of ours was left in it */
    for (int i = 0; i < w->peer_count; i++) {
        kill(w->peers[i], SIGTERM); /* they take their children with them */
        (void)program_wait(w->peers[i]);
    }
    rh_mail_desk_free(w->house.mail);
    nftw(w->folder, world_remove, 16, FTW_DEPTH | FTW_PHYS);
    free(w);
    return 0;
}

/* ---- peers ---- */

static inline void world_skip_without(const char *file)
{
    if (access(file, F_OK) != 0)
        skip();
}

/* The scripted server (tests/support/peers/smtp_faults.py); `more` are its further words. */
static inline void world_faults(struct world *w, const char *const *more)
{
    char script[512], line[16] = "";
    const char *words[12] = {"/usr/bin/python3", script, w->taken};
    int count = 3, out;
    FILE *printed;

    world_skip_without("/usr/lib/python3/dist-packages/aiosmtpd/__init__.py");
    snprintf(script, sizeof(script), "%s/tests/support/peers/smtp_faults.py",
             getenv("RH_SOURCE") ? getenv("RH_SOURCE") : ".");
    for (; more && *more; more++)
        words[count++] = *more;
    w->peers[w->peer_count++] = program_start(words, &out);
    printed = fdopen(out, "r");
    assert_non_null(printed);
    assert_non_null(fgets(line, sizeof(line), printed));
    fclose(printed);
    w->settings.smtp.port = (int32_t)strtol(line, NULL, 10);
}

static inline int world_taken_count(const struct world *w)
{
    DIR *dir = opendir(w->taken);
    const struct dirent *entry;
    int count = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir)))
        count += strstr(entry->d_name, ".eml") != NULL && !strstr(entry->d_name, ".part");
    closedir(dir);
    return count;
}

/* Dovecot with one mailbox for each name; returns the port of its LMTP. */
static inline int world_dovecot(struct world *w)
{
    int imap, lmtp;

    world_skip_without("/usr/lib/dovecot/imap");
    w->peers[w->peer_count++] = peer_dovecot(w->folder, &imap, &lmtp);
    w->settings.imap = (struct rh_post_server){
        .host = "127.0.0.1", .port = imap, .user = "koord", .password = "geheim", .timeout_s = 20};
    w->settings.mailbox = "INBOX";
    w->settings.interval_s = 1;
    return lmtp;
}

/* The number-th mail that the server took over. */
static inline void world_taken(const struct world *w, int number, char text[TAKEN_BYTES])
{
    char path[160];
    size_t length;
    FILE *file;

    snprintf(path, sizeof(path), "%s/%d.eml", w->taken, number);
    file = fopen(path, "r");
    if (!file)
        fail_msg("the server has not taken over a mail no. %d", number);
    length = fread(text, 1, TAKEN_BYTES - 1, file);
    text[length] = '\0';
    fclose(file);
}

#endif
