#include "core/post/sender.h"

#include "core/base/alloc.h"
#include "core/base/point.h"
#include "core/mail/queue.h"
#include "core/net/smtp.h"
#include "core/post/folder.h"

#include <stdio.h>
#include <string.h>

#define BATCH_MAX    256 /* claimed by one turn */
#define BYTES_MAX    ((size_t)8 * 1024 * 1024)
#define ARENA_MAX    ((size_t)32 * 1024 * 1024)
#define LINES_MAX    64
#define WAIT_MAX_MS  ((int64_t)60 * 1000)
#define LOOK_SOON_MS 20 /* several commits in a row are one look */
#define AWAY_MIN_MS  ((uint64_t)30 * 1000)
#define AWAY_MAX_MS  ((uint64_t)600 * 1000)

/* Mails claimed together share their memory; it goes when the last of them has ended. */
struct batch {
    struct rh_arena arena;
    struct rh_mail_due due[BATCH_MAX];
    size_t count, begun, ended;
    struct batch *next;
};

struct line {
    struct rh_sender *sender;
    struct rh_smtp *smtp; /* owned */
    struct batch *batch;  /* of the mail at hand; NULL when idle */
    const struct rh_mail_due *due;
};

struct results {
    struct rh_mail_result *list; /* owned */
    size_t count, room;
};

struct rh_sender {
    struct rh_task task; /* first, so that the turn's task leads back to it */
    struct rh_sender_options options;
    struct rh_net_server server;
    uv_timer_t timer;
    bool stopped, cancelled, looked_in_vain;
    uint64_t seen; /* the data's version when it was last looked at */

    /* claimed */
    struct batch *batches, **batches_end; /* the oldest first */
    size_t waiting;                       /* claimed and not begun */

    /* what is known and not yet written down */
    struct results known;
    struct results marking; /* the writer reads it during a turn; nobody touches it then */

    /* lines */
    struct line lines[LINES_MAX];
    size_t line_count, busy;
    uv_work_t work; /* the folder's */
    bool working;
    struct batch *at_work;
    size_t work_first, work_count;
    struct rh_mail_result work_results[BATCH_MAX];

    /* limits; by the loop's clock */
    uint64_t away_until, away_ms, next_allowed;
    double allowance;

    /* the turn */
    bool turning;
    enum { TURN_LOOK, TURN_WORK } turn;
    struct batch *claimed; /* owned, during a turn */
    int64_t now_utc, next_utc;
    bool has_next;

    struct rh_sender_figures figures;
};

static void tick(struct rh_sender *s);

static int64_t now_utc(const struct rh_sender *s)
{
    const struct rh_clock *clock = s->options.house->clock;

    return clock->now_utc(clock->context);
}

static void on_timer(uv_timer_t *timer)
{
    struct rh_sender *s = timer->data;

    s->looked_in_vain = false;
    tick(s);
}

static void arm(struct rh_sender *s, uint64_t ms)
{
    (void)uv_timer_start(&s->timer, on_timer, ms, 0);
}

/* ---- results ---- */

static bool add_result(struct results *results, const struct rh_mail_result *result)
{
    size_t room = results->room ? results->room * 2 : BATCH_MAX;
    struct rh_mail_result *list;

    if (results->count == results->room) {
        list = rh_realloc(results->list, room * sizeof(*list));
        if (!list)
            return false;
        results->list = list;
        results->room = room;
    }
    results->list[results->count++] = *result;
    return true;
}

static void note(struct rh_sender *s, const struct rh_mail_result *result, bool away)
{
    static const char *const words[] = {"sent", "later", "refused", "unsure", NULL};
    const char *what = away ? "no-server" : words[result->outcome];

    if (s->options.note && what)
        s->options.note(s->options.context, result->id, what, result->reply);
}

/* Without memory the mail stays `sending` and is recovered at the next start: nothing is lost, it
 * is late. */
static void keep_result(struct rh_sender *s, const struct rh_mail_result *result, bool away)
{
    note(s, result, away);
    s->figures.sent += result->outcome == RH_MAIL_SENT;
    s->figures.later += result->outcome == RH_MAIL_LATER;
    s->figures.refused += result->outcome == RH_MAIL_REFUSED;
    s->figures.unsure += result->outcome == RH_MAIL_UNSURE;
    (void)add_result(&s->known, result);
}

static void end_of(struct rh_sender *s, struct batch *batch, size_t count)
{
    struct batch **place = &s->batches;

    batch->ended += count;
    if (batch->ended < batch->count)
        return;
    while (*place && *place != batch)
        place = &(*place)->next;
    if (*place) {
        *place = batch->next;
        if (s->batches_end == &batch->next)
            s->batches_end = place;
    }
    rh_arena_fini(&batch->arena);
    rh_free(batch);
}

static struct batch *first_waiting(struct rh_sender *s)
{
    struct batch *batch = s->batches;

    while (batch && batch->begun == batch->count)
        batch = batch->next;
    return batch;
}

/* What was claimed and not begun goes back as it was. */
static void give_back(struct rh_sender *s)
{
    struct batch *batch;

    while ((batch = first_waiting(s))) {
        size_t count = batch->count - batch->begun;

        for (; batch->begun < batch->count; batch->begun++) {
            struct rh_mail_result result = {.id = batch->due[batch->begun].id,
                                            .outcome = RH_MAIL_UNTRIED};
            keep_result(s, &result, false);
        }
        s->waiting -= count;
        end_of(s, batch, count);
    }
}

/* ---- lines ---- */

static void server_is_away(struct rh_sender *s)
{
    s->figures.server_away = true;
    s->away_ms = s->away_ms ? s->away_ms * 2 : AWAY_MIN_MS;
    if (s->away_ms > AWAY_MAX_MS)
        s->away_ms = AWAY_MAX_MS;
    s->away_until = uv_now(s->options.loop) + s->away_ms;
    give_back(s);
}

static enum rh_mail_outcome outcome_of(enum rh_smtp_outcome outcome)
{
    switch (outcome) {
    case RH_SMTP_SENT:
        return RH_MAIL_SENT;
    case RH_SMTP_REFUSED:
        return RH_MAIL_REFUSED;
    case RH_SMTP_UNSURE:
        return RH_MAIL_UNSURE;
    case RH_SMTP_LATER:
    case RH_SMTP_NO_SERVER:
        break;
    }
    return RH_MAIL_LATER;
}

static void line_ended(struct line *line, enum rh_mail_outcome outcome, bool at_recipient,
                       const char *reply, bool away)
{
    struct rh_sender *s = line->sender;
    struct rh_mail_result result = {
        .id = line->due->id, .outcome = outcome, .at_recipient = at_recipient};
    struct batch *batch = line->batch;

    (void)snprintf(result.reply, sizeof(result.reply), "%s", reply);
    line->batch = NULL;
    s->busy--;
    keep_result(s, &result, away);
    end_of(s, batch, 1);
}

static void on_sent(void *context, const struct rh_smtp_result *result)
{
    struct line *line = context;
    struct rh_sender *s = line->sender;
    bool away = result->outcome == RH_SMTP_NO_SERVER;

    rh_point("mail.answered");
    line_ended(line, outcome_of(result->outcome), result->at_recipient, result->reply, away);
    if (away) {
        server_is_away(s);
    } else {
        s->figures.server_away = false;
        s->away_ms = 0;
    }
    tick(s);
}

/* May one more go now? A bucket that holds what the lines can take at once. */
static bool is_allowed(struct rh_sender *s)
{
    uint64_t now = uv_now(s->options.loop);
    int32_t limit = s->options.settings->per_minute;
    double full = (double)s->line_count;

    if (limit == 0)
        return true;
    s->allowance += (double)(now - s->next_allowed) * limit / 60000.0;
    s->next_allowed = now;
    if (s->allowance > full)
        s->allowance = full;
    if (s->allowance < 1) {
        arm(s, 1 + (uint64_t)((1 - s->allowance) * 60000.0 / limit));
        return false;
    }
    s->allowance -= 1;
    return true;
}

static struct line *idle_line(struct rh_sender *s)
{
    for (size_t i = 0; i < s->line_count; i++)
        if (!s->lines[i].batch)
            return &s->lines[i];
    return NULL;
}

static void begin_smtp(struct rh_sender *s)
{
    while (s->waiting > 0 && s->busy < s->line_count && is_allowed(s)) {
        struct line *line = idle_line(s);
        struct batch *batch = first_waiting(s);
        struct rh_err err = {.code = 0};

        line->batch = batch;
        line->due = &batch->due[batch->begun++];
        s->waiting--;
        s->busy++;
        if (rh_smtp_send(line->smtp, line->due->sender, line->due->recipient, line->due->bytes,
                         line->due->length, on_sent, line, &err) < 0)
            line_ended(line, RH_MAIL_LATER, false, err.text[RH_EN], false);
    }
}

static void on_work(uv_work_t *work)
{
    struct rh_sender *s = work->data;

    rh_folder_put(s->options.settings->folder, s->at_work->due + s->work_first, s->work_count,
                  s->work_results);
}

static void on_worked(uv_work_t *work, int status)
{
    struct rh_sender *s = work->data;

    (void)status;
    s->working = false;
    for (size_t i = 0; i < s->work_count; i++)
        keep_result(s, &s->work_results[i], false);
    s->figures.server_away = s->work_results[0].outcome == RH_MAIL_LATER;
    end_of(s, s->at_work, s->work_count);
    if (s->figures.server_away)
        server_is_away(s);
    else
        s->away_ms = 0;
    tick(s);
}

static void begin_folder(struct rh_sender *s)
{
    struct batch *batch = first_waiting(s);

    if (s->working || !batch)
        return;
    s->at_work = batch;
    s->work_first = batch->begun;
    s->work_count = batch->count - batch->begun;
    s->work.data = s;
    if (uv_queue_work(s->options.loop, &s->work, on_work, on_worked) != 0)
        return; /* the next look tries again */
    s->working = true;
    batch->begun = batch->count;
    s->waiting -= s->work_count;
}

/* ---- turns ---- */

static int32_t look(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct rh_sender *s = (struct rh_sender *)task;
    int32_t rc = rh_mail_wake_at(db, &s->next_utc, err);

    s->has_next = rc == 1;
    return rc < 0 ? rc : 0;
}

/* Starts from scratch each time it runs: the store may run it twice. */
static int32_t mark_and_claim(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct rh_sender *s = (struct rh_sender *)task;
    int32_t rc = rh_mail_mark(db, s->marking.list, s->marking.count, s->now_utc, err);

    if (rc < 0 || !s->claimed)
        return rc;
    rh_arena_fini(&s->claimed->arena);
    return rh_mail_claim(db, s->options.house->mail, s->now_utc, BATCH_MAX, BYTES_MAX,
                         &s->claimed->arena, s->claimed->due, &s->claimed->count, err);
}

static void take_claimed(struct rh_sender *s, bool fine)
{
    struct batch *batch = s->claimed;

    s->claimed = NULL;
    if (!batch)
        return;
    if (!fine || batch->count == 0) {
        rh_arena_fini(&batch->arena);
        rh_free(batch);
        return;
    }
    *s->batches_end = batch;
    s->batches_end = &batch->next;
    s->waiting += batch->count;
    if (s->stopped)
        give_back(s);
}

static void on_turned(struct rh_task *task)
{
    struct rh_sender *s = (struct rh_sender *)task;
    bool fine = task->err.code == 0;

    s->turning = false;
    s->seen = task->version;
    if (s->turn == TURN_WORK) {
        if (s->marking.count > 0)
            rh_point("mail.marked");
        if (s->claimed && s->claimed->count > 0)
            rh_point("mail.claimed");
        s->figures.turns++;
        for (size_t i = 0; !fine && i < s->marking.count; i++)
            (void)add_result(&s->known, &s->marking.list[i]);
        s->marking.count = 0;
        take_claimed(s, fine);
    } else if (fine) {
        int64_t wait_s = s->has_next ? s->next_utc - now_utc(s) : WAIT_MAX_MS / 1000;

        s->looked_in_vain = wait_s > 0;
        if (wait_s > 0)
            arm(s, (uint64_t)(wait_s * 1000 < WAIT_MAX_MS ? wait_s * 1000 : WAIT_MAX_MS));
    }
    if (!fine) { /* a database that does not answer: requests say what is wrong; again in a while */
        s->looked_in_vain = true;
        if (s->cancelled)
            s->known.count = 0; /* found as `sending` at the next start */
        else
            arm(s, 1000);
        return;
    }
    tick(s);
    rh_sender_look(s); /* for what was committed since */
}

static void turn(struct rh_sender *s, bool claim)
{
    struct results swap;

    s->task = (struct rh_task){.kind = RH_TASK_WRITE, .work = mark_and_claim, .done = on_turned};
    s->turn = TURN_WORK;
    swap = s->marking;
    s->marking = s->known;
    s->known = swap;
    s->now_utc = now_utc(s);
    s->claimed = claim ? rh_alloc(1, sizeof(*s->claimed)) : NULL;
    if (s->claimed)
        rh_arena_init(&s->claimed->arena, ARENA_MAX);
    s->turning = true;
    rh_store_submit(s->options.house->store, &s->task);
}

/* Reads before it writes: a look that finds nothing must not change the data's version, or it would
 * cause the next look. */
static void start_look(struct rh_sender *s)
{
    s->task = (struct rh_task){.kind = RH_TASK_READ, .work = look, .done = on_turned};
    s->turn = TURN_LOOK;
    s->turning = true;
    rh_store_submit(s->options.house->store, &s->task);
}

/* ---- what is to be done now ---- */

static bool may_claim(const struct rh_sender *s)
{
    return !s->stopped && uv_now(s->options.loop) >= s->away_until && s->waiting < BATCH_MAX / 2 &&
           s->options.house->mail;
}

static void tick(struct rh_sender *s)
{
    bool claim = may_claim(s),
         due = s->turn == TURN_LOOK && s->has_next && s->next_utc <= now_utc(s);
    bool idle = s->busy == 0 && !s->working && s->waiting == 0;

    if (!s->stopped) {
        if (s->options.settings->transport == RH_POST_SMTP)
            begin_smtp(s);
        else
            begin_folder(s);
        idle = s->busy == 0 && !s->working && s->waiting == 0;
    }
    if (s->turning)
        return;
    if (s->known.count > 0 && (idle || claim || s->stopped || s->known.count >= BATCH_MAX))
        turn(s, claim);
    else if (claim && due)
        turn(s, true);
    else if (claim && idle && !s->looked_in_vain)
        start_look(s);
    else if (!claim && !s->stopped && idle && s->away_until > uv_now(s->options.loop))
        arm(s, s->away_until - uv_now(s->options.loop));
}

void rh_sender_look(struct rh_sender *s)
{
    uint64_t version = rh_store_version(s->options.house->store);

    if (s->stopped || s->turning || version == s->seen)
        return;
    s->seen = version;
    s->looked_in_vain = false;
    if (uv_timer_get_due_in(&s->timer) > LOOK_SOON_MS || !uv_is_active((uv_handle_t *)&s->timer))
        arm(s, LOOK_SOON_MS);
}

/* ---- the way up and down ---- */

static int32_t open_lines(struct rh_sender *s, struct rh_err *err)
{
    const struct rh_post_settings *settings = s->options.settings;
    const struct rh_post_server *smtp = &settings->smtp;
    int32_t rc = 0;

    if (settings->transport != RH_POST_SMTP)
        return 0;
    s->server = (struct rh_net_server){
        .host = smtp->host,
        .port = smtp->port,
        .tls = smtp->tls == RH_POST_TLS_NONE    ? RH_NET_TLS_NONE
               : smtp->tls == RH_POST_TLS_START ? RH_NET_TLS_START
                                                : RH_NET_TLS_AT_ONCE,
        .user = smtp->user,
        .password = smtp->password,
        .ca_file = smtp->ca_file,
        .timeout_s = smtp->timeout_s,
    };
    for (int32_t i = 0; i < settings->connections && i < LINES_MAX && rc == 0; i++) {
        struct line *line = &s->lines[s->line_count];

        line->sender = s;
        rc = rh_smtp_new(s->options.loop, &s->server, settings->ehlo, &line->smtp, err);
        s->line_count += rc == 0;
    }
    return rc;
}

int32_t rh_sender_new(const struct rh_sender_options *options, struct rh_sender **ret_sender,
                      struct rh_err *err)
{
    struct rh_sender *s = rh_alloc(1, sizeof(*s));
    int32_t rc;

    if (!s)
        return rh_err_nomem(err);
    s->options = *options;
    s->batches_end = &s->batches;
    s->next_allowed = uv_now(options->loop);
    s->allowance = LINES_MAX;
    (void)uv_timer_init(options->loop, &s->timer); /* cannot fail */
    s->timer.data = s;
    rc = open_lines(s, err);
    if (rc < 0) {
        rh_sender_close(s);
        return rc;
    }
    if (options->settings->transport == RH_POST_OFF)
        s->stopped = true;
    else
        arm(s, 0);
    *ret_sender = s;
    return 0;
}

bool rh_sender_stop(struct rh_sender *s)
{
    if (!s->stopped) {
        s->stopped = true;
        (void)uv_timer_stop(&s->timer);
        give_back(s);
    }
    tick(s);
    return !s->turning && s->busy == 0 && !s->working &&
           (s->known.count == 0 || s->options.settings->transport == RH_POST_OFF);
}

void rh_sender_cancel(struct rh_sender *s)
{
    s->cancelled = true;
    for (size_t i = 0; i < s->line_count; i++)
        if (s->lines[i].batch) {
            bool unsure = rh_smtp_cancel(s->lines[i].smtp) == RH_SMTP_UNSURE;

            line_ended(&s->lines[i], unsure ? RH_MAIL_UNSURE : RH_MAIL_UNTRIED, false,
                       unsure ? "the server was stopped before the answer came" : "", false);
        }
    tick(s);
}

static void on_closed(uv_handle_t *handle)
{
    struct rh_sender *s = handle->data;

    rh_free(s->known.list);
    rh_free(s->marking.list);
    rh_free(s);
}

void rh_sender_close(struct rh_sender *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->line_count; i++)
        rh_smtp_close(s->lines[i].smtp);
    uv_close((uv_handle_t *)&s->timer, on_closed);
}

struct rh_sender_figures rh_sender_figures(const struct rh_sender *sender)
{
    return sender->figures;
}
