#include "core/server/server.h"

#include "core/http/http.h"
#include "core/mail/queue.h"
#include "core/post/fetcher.h"
#include "core/post/sender.h"
#include "core/server/figures.h"
#include "core/server/jobs.h"
#include "core/server/log.h"
#include "core/server/notify.h"
#include "core/server/places.h"
#include "core/store/job.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#define DRAIN_MS    ((uint64_t)15 * 1000)
#define POST_MEMORY ((size_t)64 * 1024)

enum state { OPENING, RUNNING, DRAINING, STOPPING, CLOSED };

struct server {
    struct rh_home *home;
    enum rh_lang lang;
    enum state state;
    uv_loop_t loop;
    uv_async_t wake;                     /* the store has finished tasks */
    uv_signal_t term, interrupt, hangup; /* the terminal was closed: an end like the others */
    uv_timer_t drain, plugins, watchdog;
    uv_check_t check;     /* while stopping: has the last thing ended? */
    struct rh_http *http; /* owned until closing */
    struct rh_jobs *jobs;
    struct rh_sender *sender;     /* owned until closing; NULL before */
    struct rh_fetcher *fetcher;   /* owned until closing; NULL without a mailbox */
    struct rh_post_settings post; /* texts in post_arena */
    struct rh_arena post_arena;
};

/* ---- what others may know ---- */

static pthread_mutex_t facts_lock = PTHREAD_MUTEX_INITIALIZER;
static struct rh_server_facts facts; /* guarded by facts_lock */

void rh_server_facts(struct rh_server_facts *ret_facts)
{
    pthread_mutex_lock(&facts_lock);
    *ret_facts = facts;
    pthread_mutex_unlock(&facts_lock);
}

static void set_facts(const struct rh_server_facts *now)
{
    pthread_mutex_lock(&facts_lock);
    facts = *now;
    pthread_mutex_unlock(&facts_lock);
}

/* ---- notes ---- */

static void on_note(void *context, const struct rh_http_note *note)
{
    char status[16], duration[24];

    (void)context;
    snprintf(status, sizeof(status), "%d", note->status);
    snprintf(duration, sizeof(duration), "%lld", (long long)note->duration_ms);
    rh_log(note->status >= 500 ? RH_LOG_ERROR : RH_LOG_INFO, "request", "operation",
           note->operation, "status", status, "ms", duration, "actor", note->actor, "error",
           note->sentence);
}

static void on_job_ended(void *context, const char *kind, int64_t id, const struct rh_err *err,
                         bool again)
{
    char number[24];

    (void)context;
    snprintf(number, sizeof(number), "%lld", (long long)id);
    rh_log(err->code == 0 ? RH_LOG_INFO : RH_LOG_WARNING, "job", "kind", kind, "job", number,
           "result",
           err->code == 0 ? "done"
           : again        ? "later"
                          : "dead",
           "error", err->code < 0 ? err->text[RH_EN] : NULL);
}

static void on_mail(void *context, int64_t id, const char *what, const char *reply)
{
    char number[24];

    (void)context;
    snprintf(number, sizeof(number), "%lld", (long long)id);
    rh_log(strcmp(what, "sent") == 0 ? RH_LOG_INFO : RH_LOG_WARNING, "mail", "mail", number,
           "result", what, "reply", reply);
}

static void on_mailbox(void *context, int kept, const char *wrong)
{
    char number[24];

    (void)context;
    snprintf(number, sizeof(number), "%d", kept);
    rh_log(wrong ? RH_LOG_WARNING : RH_LOG_INFO, "mailbox", "kept", number, "error", wrong);
}

static void on_metrics(void *context, struct rh_str *out)
{
    const struct server *server = context;

    rh_figures_write(server->home->plugins, server->jobs, server->sender, out);
}

/* ---- the way down ---- */

static void close_handle(void *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void close_handles(struct server *server)
{
    close_handle(&server->wake);
    close_handle(&server->term);
    close_handle(&server->interrupt);
    close_handle(&server->hangup);
    close_handle(&server->drain);
    close_handle(&server->plugins);
    close_handle(&server->watchdog);
    close_handle(&server->check);
}

/* The rest of the house is its owner's. */
static void shut(struct rh_home *home)
{
    if (home->house.store)
        rh_plugins_stop(home->plugins);
    home->house.store = rh_store_close(home->house.store);
}

/* Nothing runs any more: the store is closed before the handles that it wakes. */
static void close_all(struct server *server)
{
    server->state = CLOSED;
    rh_jobs_close(server->jobs);
    rh_sender_close(server->sender);
    rh_fetcher_close(server->fetcher);
    shut(server->home);
    rh_http_close(server->http);
    close_handles(server);
}

static void tick(struct server *server)
{
    bool idle;

    if (server->state != STOPPING)
        return;
    idle = rh_jobs_stop(server->jobs);
    idle = rh_sender_stop(server->sender) && idle;
    idle = rh_fetcher_stop(server->fetcher) && idle;
    if (idle && rh_http_running(server->http) == 0)
        close_all(server);
}

static void on_check(uv_check_t *check)
{
    tick(check->data);
}

static void stop(struct server *server)
{
    if (server->state != DRAINING)
        return;
    server->state = STOPPING;
    (void)uv_check_start(&server->check, on_check);
    (void)uv_async_send(&server->wake); /* a turn of the loop, for the check */
    rh_http_stop(server->http);
}

static void on_drained(void *context)
{
    stop(context);
}

static void on_drain_over(uv_timer_t *timer)
{
    struct server *server = timer->data;

    rh_log(RH_LOG_WARNING, "drain-over");
    stop(server);
    rh_sender_cancel(server->sender); /* a mail server that has not answered by now */
    (void)uv_async_send(&server->wake);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct server *server = handle->data;

    rh_log(RH_LOG_INFO, "signal", "name",
           number == SIGTERM  ? "TERM"
           : number == SIGINT ? "INT"
                              : "HUP");
    if (server->state == DRAINING || server->state == STOPPING) {
        stop(server);
        rh_sender_cancel(server->sender);
        return;
    }
    if (server->state != RUNNING)
        return;
    server->state = DRAINING;
    rh_notify("STOPPING=1");
    (void)rh_jobs_stop(server->jobs);
    (void)rh_sender_stop(server->sender);
    (void)rh_fetcher_stop(server->fetcher);
    (void)uv_timer_start(&server->drain, on_drain_over, DRAIN_MS, 0);
    rh_http_drain(server->http, on_drained, server);
}

/* ---- running ---- */

static void on_plugins_timer(uv_timer_t *timer);

static void tick_plugins(struct server *server)
{
    int64_t wait_ms = rh_plugins_tick(server->home->plugins);

    if (wait_ms >= 0)
        (void)uv_timer_start(&server->plugins, on_plugins_timer, (uint64_t)wait_ms, 0);
}

static void on_plugins_timer(uv_timer_t *timer)
{
    tick_plugins(timer->data);
}

static void on_wake(uv_async_t *async)
{
    struct server *server = async->data;

    if (server->state == CLOSED || !server->home->house.store)
        return;
    (void)rh_store_collect(server->home->house.store);
    if (server->state != RUNNING)
        return;
    tick_plugins(server);
    rh_jobs_look(server->jobs);
    rh_sender_look(server->sender);
}

static void wake(void *context)
{
    (void)uv_async_send(context); /* only fails on a handle that is closed */
}

/* The loop turns, so it is alive; the writer says the rest in /readyz. */
static void on_watchdog(uv_timer_t *timer)
{
    (void)timer;
    rh_notify("WATCHDOG=1");
}

/* ---- the way up ---- */

static int32_t open_loop(struct server *server, struct rh_err *err)
{
    int rc = uv_loop_init(&server->loop);

    if (rc != 0)
        return rh_err_set(err, RH_EFAILED, "die Ereignisschleife startet nicht: %s",
                          "the event loop does not start: %s", uv_strerror(rc));
    if (uv_async_init(&server->loop, &server->wake, on_wake) != 0 ||
        uv_signal_init(&server->loop, &server->term) != 0 ||
        uv_signal_init(&server->loop, &server->interrupt) != 0 ||
        uv_signal_init(&server->loop, &server->hangup) != 0) {
        (void)uv_loop_close(&server->loop);
        return rh_err_set(err, RH_EFAILED, "keine freien Dateinummern", "no file numbers left");
    }
    (void)uv_timer_init(&server->loop, &server->drain); /* these cannot fail */
    (void)uv_timer_init(&server->loop, &server->plugins);
    (void)uv_timer_init(&server->loop, &server->watchdog);
    (void)uv_check_init(&server->loop, &server->check);
    server->wake.data = server->term.data = server->interrupt.data = server;
    server->hangup.data = server;
    server->drain.data = server->plugins.data = server->watchdog.data = server;
    server->check.data = server;
    return 0;
}

struct recovery {
    struct rh_task task; /* first */
    int64_t now_utc;
};

static int32_t recover(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    int64_t now_utc = ((struct recovery *)task)->now_utc;
    int64_t count = rh_job_recover(db, now_utc, err);

    if (count >= 0)
        count = rh_mail_recover(db, now_utc, err);
    return count < 0 ? (int32_t)count : 0;
}

static int32_t open_house(struct server *server, struct rh_err *err)
{
    struct rh_house *house = &server->home->house;
    struct recovery recovery = {.task = {.kind = RH_TASK_WRITE, .work = recover}};
    int32_t rc = rh_home_open(server->home, wake, &server->wake, err);

    if (rc < 0)
        return rc;
    recovery.now_utc = house->clock->now_utc(house->clock->context);
    rc = rh_store_run(house->store, &recovery.task);
    if (rc < 0 && err && err->code == 0)
        *err = recovery.task.err;
    return rc;
}

static int32_t open_http(struct server *server, const char *listen, struct rh_err *err)
{
    char web[RH_PLACE_MAX];
    struct rh_http_options options = {
        .loop = &server->loop,
        .house = &server->home->house,
        .listen = listen ? listen : rh_home_setting(server->home, "listen"),
        .socket_path = server->home->socket_path,
        .web = web,
        .note = on_note,
        .metrics = on_metrics,
        .context = server,
    };

    rh_place_shared("web", web);
    return rh_http_open(&options, &server->http, err);
}

static int32_t open_post(struct server *server, struct rh_err *err)
{
    struct rh_house *house = &server->home->house;
    const struct rh_module *module = rh_registry_find_module(house->registry, "mail");
    const struct rh_sender_options options = {
        .loop = &server->loop, .house = house, .settings = &server->post, .note = on_mail};
    const struct rh_fetcher_options fetching = {
        .loop = &server->loop, .house = house, .settings = &server->post, .note = on_mailbox};
    int32_t rc;

    rh_arena_init(&server->post_arena, POST_MEMORY);
    rc = rh_post_settings(module, rh_store_path(house->store), &server->post_arena, &server->post,
                          err);
    /* Nothing leaves a database to practise on, and nothing comes in. */
    if (rc == 0 && house->practice && server->post.transport == RH_POST_SMTP)
        server->post.transport = RH_POST_FOLDER;
    if (rc == 0)
        rc = rh_sender_new(&options, &server->sender, err);
    if (rc == 0 && server->post.imap.host && !house->practice)
        rc = rh_fetcher_new(&fetching, &server->fetcher, err);
    return rc;
}

static int32_t open_all(struct server *server, const char *listen, struct rh_err *err)
{
    const struct rh_jobs_options jobs = {
        .loop = &server->loop, .house = &server->home->house, .ended = on_job_ended};
    int32_t rc = open_house(server, err);

    if (rc == 0)
        rc = open_http(server, listen, err);
    if (rc == 0)
        rc = rh_jobs_new(&jobs, &server->jobs, err);
    if (rc == 0)
        rc = open_post(server, err);
    return rc;
}

static void say_ready(struct server *server)
{
    const struct rh_clock *clock = server->home->house.clock;
    struct rh_server_facts now = {.started_utc = clock->now_utc(clock->context)};
    char status[160];

    snprintf(now.url, sizeof(now.url), "%s", rh_http_url(server->http));
    set_facts(&now);
    fprintf(stdout, server->lang == RH_DE ? "reihum läuft: %s\n" : "reihum is running: %s\n",
            now.url);
    (void)fflush(stdout); /* whoever started us may be waiting for this line */
    rh_log(RH_LOG_INFO, "ready", "version", RH_VERSION, "url", now.url);
    snprintf(status, sizeof(status), "READY=1\nSTATUS=%s", now.url);
    rh_notify(status);
}

static void begin(struct server *server)
{
    uint64_t watchdog_ms = rh_notify_watchdog_ms();

    server->state = RUNNING;
    (void)uv_signal_start(&server->term, on_signal, SIGTERM);
    (void)uv_signal_start(&server->interrupt, on_signal, SIGINT);
    (void)uv_signal_start(&server->hangup, on_signal, SIGHUP);
    if (watchdog_ms)
        (void)uv_timer_start(&server->watchdog, on_watchdog, 0, watchdog_ms);
    tick_plugins(server);
    say_ready(server);
}

int32_t rh_server_run(struct rh_home *home, const char *listen, enum rh_lang lang,
                      struct rh_err *err)
{
    static const struct rh_server_facts none;
    struct server server = {.home = home, .lang = lang};
    int32_t rc = open_loop(&server, err);

    if (rc < 0)
        return rc;
    (void)signal(SIGPIPE, SIG_IGN); /* a client that went away is not the end */
    rc = open_all(&server, listen, err);
    if (rc == 0)
        begin(&server);
    else
        close_all(&server);
    (void)uv_run(&server.loop, UV_RUN_DEFAULT);
    set_facts(&none);
    rh_arena_fini(&server.post_arena);
    if (uv_loop_close(&server.loop) != 0)
        rh_log(RH_LOG_ERROR, "loop-not-empty"); /* a mistake of ours; a test looks for it */
    if (rc == 0)
        rh_log(RH_LOG_INFO, "stopped");
    return rc;
}
