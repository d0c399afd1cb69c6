/*
 * bench_mail - how fast queued mail leaves, and in how much memory.
 *
 *     bench_mail FOLDER MAILS CONNECTIONS PORT BYTES
 *
 * Queues MAILS mails of about BYTES bytes in a new database, then sends them to 127.0.0.1:PORT as
 * the server does. Prints one line: queued in how many seconds, sent in how many, mails a second,
 * transactions that marked or claimed, the process's largest size in MiB before and after sending.
 */
#include "core/base/alloc.h"
#include "core/mail/queue.h"
#include "core/mail/schema.h"
#include "core/post/sender.h"
#include "core/store/store.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define AT_ONCE 500 /* mails a transaction, while queueing */

struct bench {
    uv_loop_t loop;
    uv_async_t wake;
    struct rh_store *store;
    struct rh_house house;
    struct rh_clock clock;
    struct rh_post_settings settings;
    struct rh_sender *sender;
    struct rh_task task;
    char *text;
    int first, mails;
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double largest_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static int64_t now_utc(void *context)
{
    (void)context;
    return (int64_t)time(NULL);
}

static struct bench bench;

static int32_t queue_some(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    (void)task;
    for (int i = bench.first; i < bench.mails && i < bench.first + AT_ONCE; i++) {
        char key[40];
        struct rh_mail mail = {.key = key,
                               .kind = "bench.mail",
                               .to = {NULL, "kontakt@example.org"},
                               .subject = "Bench",
                               .text = bench.text};
        int32_t rc;

        snprintf(key, sizeof(key), "bench/%d", i);
        rc = rh_mail_queue(db, bench.house.mail, "bench", &mail, now_utc(NULL), err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static void on_wake(uv_async_t *async)
{
    (void)async;
    (void)rh_store_collect(bench.store);
    if (bench.sender)
        rh_sender_look(bench.sender);
}

static void wake(void *context)
{
    (void)uv_async_send(context);
}

static int fail(const struct rh_err *err)
{
    fprintf(stderr, "bench_mail: %s\n", err->text[RH_EN]);
    return 1;
}

static int32_t open_all(const char *folder, struct rh_err *err)
{
    static const struct rh_schema_step steps[] = {{"core", 1, "mail", rh_mail_schema_1},
                                                  {"core", 2, "detail", rh_mail_schema_2}};
    struct rh_mail_desk_options desk = {.from = "qe@example.org", .bounce = "bounce@example.org"};
    char path[4096];
    struct rh_store_options options = {.path = path, .wake = wake, .wake_context = &bench.wake};
    int32_t rc;

    snprintf(path, sizeof(path), "%s/bench.db", folder);
    (void)uv_loop_init(&bench.loop);
    (void)uv_async_init(&bench.loop, &bench.wake, on_wake);
    bench.clock = (struct rh_clock){now_utc, now_utc, NULL};
    bench.house.clock = &bench.clock;
    rc = rh_store_open(&options, &bench.store, err);
    bench.house.store = bench.store;
    if (rc == 0)
        rc = rh_store_migrate(bench.store, steps, 2, err);
    return rc < 0 ? rc : rh_mail_desk_new(&desk, &bench.house.mail, err);
}

int main(int count, char **words)
{
    struct rh_err err = {.code = 0};
    struct rh_sender_options options = {
        .loop = &bench.loop, .house = &bench.house, .settings = &bench.settings};
    double began, queued, queued_mib;
    size_t bytes;

    if (count != 6) {
        fprintf(stderr, "usage: bench_mail FOLDER MAILS CONNECTIONS PORT BYTES\n");
        return 2;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    bench.mails = (int)strtol(words[2], NULL, 10);
    bytes = (size_t)strtol(words[5], NULL, 10);
    bench.text = rh_alloc(1, bytes + 2);
    for (size_t i = 0; i < bytes; i++)
        bench.text[i] = i % 60 == 59 ? '\n' : 'x';
    if (open_all(words[1], &err) < 0)
        return fail(&err);
    bench.settings = (struct rh_post_settings){
        .transport = RH_POST_SMTP,
        .smtp = {.host = "127.0.0.1", .port = (int32_t)strtol(words[4], NULL, 10), .timeout_s = 60},
        .ehlo = "qe.example.org",
        .connections = (int32_t)strtol(words[3], NULL, 10)};
    began = seconds();
    for (bench.first = 0; bench.first < bench.mails; bench.first += AT_ONCE) {
        struct rh_task task = {.kind = RH_TASK_WRITE, .work = queue_some};

        if (rh_store_run(bench.store, &task) < 0)
            return fail(&task.err);
    }
    queued = seconds() - began;
    queued_mib = largest_mib();
    began = seconds();
    if (rh_sender_new(&options, &bench.sender, &err) < 0)
        return fail(&err);
    while (rh_sender_figures(bench.sender).sent < (uint64_t)bench.mails)
        (void)uv_run(&bench.loop, UV_RUN_ONCE);
    while (!rh_sender_stop(bench.sender))
        (void)uv_run(&bench.loop, UV_RUN_ONCE);
    began = seconds() - began;
    printf("queued_s=%.1f sent_s=%.1f mails_per_s=%.0f turns=%llu queued_mib=%.0f sent_mib=%.0f\n",
           queued, began, bench.mails / began,
           (unsigned long long)rh_sender_figures(bench.sender).turns, queued_mib, largest_mib());
    rh_sender_close(bench.sender);
    uv_close((uv_handle_t *)&bench.wake, NULL);
    bench.store = rh_store_close(bench.store);
    (void)uv_run(&bench.loop, UV_RUN_DEFAULT);
    rh_mail_desk_free(bench.house.mail);
    rh_free(bench.text);
    return 0;
}
