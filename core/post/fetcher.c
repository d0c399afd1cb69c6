#include "core/post/fetcher.h"

#include "core/base/alloc.h"
#include "core/base/number.h"
#include "core/mail/read.h"
#include "core/mail/receive.h"
#include "core/net/imap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RANGE_MAX   400 /* numbers asked for at a time: long lines are cut */
#define PAUSE_MAX_S 600

struct rh_fetcher {
    struct rh_task task; /* first */
    struct rh_fetcher_options options;
    struct rh_net_server server;
    struct rh_imap *imap; /* owned; NULL once stopped */
    uv_timer_t timer;
    char mailbox[600];     /* as a name: "imap://host:143/INBOX" */
    bool stopped, storing; /* storing: a task runs */
    int64_t pause_s;

    /* this round */
    int64_t uidvalidity, uidnext, at; /* at: read up to here */
    int64_t found[RANGE_MAX];
    int found_count, found_next, kept;
    int64_t now_utc;

    /* the message at hand */
    struct rh_mail_place place;
    const char *bytes; /* borrowed, or NULL */
    size_t length;
    char reason[200];
    bool gone;
    int32_t result;
};

static void next_range(struct rh_fetcher *f);
static void next_message(struct rh_fetcher *f);

/* ---- rounds ---- */

static void on_timer(uv_timer_t *timer);

static void end_round(struct rh_fetcher *f, const char *wrong)
{
    int64_t interval = f->options.settings->interval_s;

    if (f->options.note && (wrong || f->kept > 0))
        f->options.note(f->options.context, f->kept, wrong);
    if (!wrong)
        f->pause_s = interval;
    else if (f->pause_s < PAUSE_MAX_S)
        f->pause_s = f->pause_s * 2 < PAUSE_MAX_S ? f->pause_s * 2 : PAUSE_MAX_S;
    if (f->pause_s < interval)
        f->pause_s = interval;
    if (!f->stopped)
        (void)uv_timer_start(&f->timer, on_timer, (uint64_t)f->pause_s * 1000, 0);
}

static bool has_failed(struct rh_fetcher *f, const struct rh_imap_result *result)
{
    if (!result->fine)
        end_round(f, result->reason);
    return !result->fine;
}

static void command(struct rh_fetcher *f, const char *text, rh_imap_done *done)
{
    struct rh_err err = {.code = 0};

    if (rh_imap_command(f->imap, text, done, f, &err) < 0)
        end_round(f, err.text[RH_EN]);
}

/* The number behind a word: "UIDNEXT 5". */
static int64_t number_behind(const char *text, const char *word)
{
    const char *found = strcasestr(text, word);
    int64_t number = 0;

    if (!found)
        return 0;
    found += strlen(word);
    found += strspn(found, " ");
    return rh_int_parse(found, strspn(found, "0123456789"), &number) ? number : 0;
}

/* ---- tasks ---- */

static int32_t read_cursor(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct rh_fetcher *f = (struct rh_fetcher *)task;

    return rh_mail_read_up_to(db, f->mailbox, f->uidvalidity, &f->at, err);
}

static void on_cursor(struct rh_task *task)
{
    struct rh_fetcher *f = (struct rh_fetcher *)task;

    f->storing = false;
    if (f->stopped || task->err.code < 0)
        end_round(f, f->stopped ? NULL : task->err.text[RH_EN]);
    else
        next_range(f);
}

static int32_t store(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct rh_fetcher *f = (struct rh_fetcher *)task;

    f->result =
        f->gone ? rh_mail_skip(db, &f->place, err)
                : rh_mail_receive(db, &f->place, f->bytes, f->length, f->reason, f->now_utc, err);
    return f->result < 0 ? f->result : 0;
}

static void on_moved(void *context, const struct rh_imap_result *result)
{
    struct rh_fetcher *f = context;

    if (!has_failed(f, result))
        next_message(f);
}

static void on_stored(struct rh_task *task)
{
    struct rh_fetcher *f = (struct rh_fetcher *)task;
    const char *done_mailbox = f->options.settings->done_mailbox;
    char text[320];

    f->storing = false;
    if (f->stopped || task->err.code < 0) {
        end_round(f, f->stopped ? NULL : task->err.text[RH_EN]);
        return;
    }
    f->at = f->place.uid;
    f->kept += f->result == 1;
    if (f->gone || !done_mailbox) {
        next_message(f);
        return;
    }
    (void)snprintf(text, sizeof(text), "UID MOVE %lld %s", (long long)f->place.uid, done_mailbox);
    command(f, text, on_moved);
}

static void submit(struct rh_fetcher *f, enum rh_task_kind kind,
                   int32_t (*work)(struct rh_task *, struct rh_db *, struct rh_err *),
                   void (*done)(struct rh_task *))
{
    const struct rh_clock *clock = f->options.house->clock;

    f->task = (struct rh_task){.kind = kind, .work = work, .done = done};
    f->now_utc = clock->now_utc(clock->context);
    f->storing = true;
    rh_store_submit(f->options.house->store, &f->task);
}

/* ---- messages ---- */

static void on_fetched(void *context, const struct rh_imap_result *result)
{
    struct rh_fetcher *f = context;

    f->gone = !result->fine && result->no_such_message;
    f->bytes = NULL;
    f->length = 0;
    f->reason[0] = '\0';
    if (result->fine) {
        f->bytes = result->answer->data;
        f->length = result->answer->length;
    } else if (result->too_large) {
        (void)snprintf(f->reason, sizeof(f->reason),
                       "Mehr als %zu Bytes; bitte im Postfach lesen. / More than %zu bytes; please "
                       "read it in the mailbox.",
                       RH_MAIL_IN_MAX, RH_MAIL_IN_MAX);
    } else if (!f->gone) {
        end_round(f, result->reason);
        return;
    }
    submit(f, RH_TASK_WRITE, store, on_stored);
}

static void next_message(struct rh_fetcher *f)
{
    struct rh_err err = {.code = 0};

    if (f->found_next == f->found_count) {
        next_range(f);
        return;
    }
    f->place = (struct rh_mail_place){
        .mailbox = f->mailbox, .uidvalidity = f->uidvalidity, .uid = f->found[f->found_next++]};
    if (rh_imap_fetch(f->imap, f->place.uid, on_fetched, f, &err) < 0)
        end_round(f, err.text[RH_EN]);
}

static int compare_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* "* SEARCH 5 6": numbers of the range that was asked for; others are not believed. */
static void on_found(void *context, const struct rh_imap_result *result)
{
    struct rh_fetcher *f = context;
    int64_t last = f->at + RANGE_MAX, number;
    const char *text = result->answer->data;

    if (has_failed(f, result))
        return;
    f->found_count = f->found_next = 0;
    text = strcasestr(text, "* SEARCH");
    text = text ? text + strlen("* SEARCH") : "";
    while (*(text += strspn(text, " "))) {
        size_t length = strspn(text, "0123456789");

        if (length == 0)
            break;
        if (f->found_count < RANGE_MAX && rh_int_parse(text, length, &number) && number > f->at &&
            number <= last)
            f->found[f->found_count++] = number;
        text += length;
    }
    qsort(f->found, (size_t)f->found_count, sizeof(f->found[0]), compare_numbers);
    if (f->found_count == 0) /* a gap */
        f->at = last;
    next_message(f);
}

static void next_range(struct rh_fetcher *f)
{
    int64_t last = f->at + RANGE_MAX;
    char text[100];

    if (f->at + 1 >= f->uidnext) {
        end_round(f, NULL);
        return;
    }
    if (last >= f->uidnext)
        last = f->uidnext - 1;
    (void)snprintf(text, sizeof(text), "UID SEARCH UID %lld:%lld", (long long)f->at + 1,
                   (long long)last);
    command(f, text, on_found);
}

static void on_status(void *context, const struct rh_imap_result *result)
{
    struct rh_fetcher *f = context;

    if (has_failed(f, result))
        return;
    f->uidvalidity = number_behind(result->answer->data, "UIDVALIDITY");
    f->uidnext = number_behind(result->answer->data, "UIDNEXT");
    if (f->uidvalidity <= 0 || f->uidnext <= 0)
        end_round(f, "the server does not say UIDVALIDITY and UIDNEXT");
    else
        submit(f, RH_TASK_READ, read_cursor, on_cursor);
}

static void on_refreshed(void *context, const struct rh_imap_result *result)
{
    struct rh_fetcher *f = context;
    char text[320];

    if (has_failed(f, result))
        return;
    (void)snprintf(text, sizeof(text), "STATUS %s (UIDVALIDITY UIDNEXT)",
                   f->options.settings->mailbox);
    command(f, text, on_status);
}

/* On a kept connection STATUS repeats what it said before; NOOP lets the server look. */
static void on_timer(uv_timer_t *timer)
{
    struct rh_fetcher *f = timer->data;

    f->kept = 0;
    command(f, "NOOP", on_refreshed);
}

/* ---- the way up and down ---- */

int32_t rh_fetcher_new(const struct rh_fetcher_options *options, struct rh_fetcher **ret_fetcher,
                       struct rh_err *err)
{
    const struct rh_post_settings *settings = options->settings;
    const struct rh_post_server *imap = &settings->imap;
    struct rh_fetcher *f = rh_alloc(1, sizeof(*f));
    int32_t rc;

    if (!f)
        return rh_err_nomem(err);
    f->options = *options;
    f->server = (struct rh_net_server){
        .host = imap->host,
        .port = imap->port,
        .tls = imap->tls == RH_POST_TLS_NONE    ? RH_NET_TLS_NONE
               : imap->tls == RH_POST_TLS_START ? RH_NET_TLS_START
                                                : RH_NET_TLS_AT_ONCE,
        .user = imap->user,
        .password = imap->password,
        .ca_file = imap->ca_file,
        .timeout_s = imap->timeout_s,
    };
    (void)snprintf(f->mailbox, sizeof(f->mailbox), "imap://%s:%d/%s", imap->host, (int)imap->port,
                   settings->mailbox);
    rc = rh_imap_new(options->loop, &f->server, settings->mailbox, RH_MAIL_IN_MAX, &f->imap, err);
    if (rc < 0) {
        rh_free(f);
        return rc;
    }
    (void)uv_timer_init(options->loop, &f->timer); /* cannot fail */
    f->timer.data = f;
    (void)uv_timer_start(&f->timer, on_timer, 0, 0);
    *ret_fetcher = f;
    return 0;
}

/* A command is given up: what was not stored is fetched again next time. A task is waited for. */
bool rh_fetcher_stop(struct rh_fetcher *f)
{
    if (!f)
        return true;
    f->stopped = true;
    (void)uv_timer_stop(&f->timer);
    if (f->storing)
        return false;
    rh_imap_close(f->imap);
    f->imap = NULL;
    return true;
}

static void on_closed(uv_handle_t *handle)
{
    rh_free(handle->data);
}

void rh_fetcher_close(struct rh_fetcher *f)
{
    if (!f)
        return;
    rh_imap_close(f->imap);
    f->imap = NULL;
    uv_close((uv_handle_t *)&f->timer, on_closed);
}
