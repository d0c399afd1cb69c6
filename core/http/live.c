#include "core/http/live.h"

#include "core/base/alloc.h"
#include "core/http/event_stream.h"
#include "core/http/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MEMORY_MAX ((size_t)1024 * 1024) /* of what a form sent, without files */

static int64_t now_ms(const struct rh_http *http)
{
    const struct rh_clock *clock = http->options.house->clock;

    return clock->monotonic_ms(clock->context);
}

/* ---- what was sent ---- */

int32_t rh_live_fields(struct rh_arena *arena, const struct rh_fields *from, struct rh_fields *to,
                       struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; rc == 0 && i < from->count; i++) {
        struct rh_field field = {.name = rh_arena_strdup(arena, from->at[i].name),
                                 .value = rh_arena_strdup(arena, from->at[i].value)};

        rc = field.name && field.value ? rh_fields_add(arena, to, field, err) : rh_err_nomem(err);
    }
    return rc;
}

static bool any_file(const struct rh_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++)
        if (fields->at[i].bytes)
            return true;
    return false;
}

static bool same_fields(const struct rh_fields *a, const struct rh_fields *b)
{
    bool same = a->count == b->count;

    for (size_t i = 0; same && i < a->count; i++)
        same = strcmp(a->at[i].name, b->at[i].name) == 0 &&
               strcmp(a->at[i].value, b->at[i].value) == 0;
    return same;
}

/* The run that this very form started before: its key is its own. What failed is tried again. */
static struct rh_live *find_twin(const struct rh_request *request,
                                 const struct rh_operation_entry *entry,
                                 const struct rh_fields *fields)
{
    const struct rh_field *key = rh_fields_find(fields, "_key");

    if (!key || !key->value[0] || any_file(fields))
        return NULL;
    for (struct rh_live *live = request->http->live; live; live = live->next)
        if (live->entry == entry && !live->files && !live->cancelled &&
            strcmp(live->actor, request->actor) == 0 && same_fields(&live->fields, fields) &&
            (!live->answer || live->answer->code >= 0))
            return live;
    return NULL;
}

/* ---- room for so many ---- */

static void drop(struct rh_live *live)
{
    struct rh_http *http = live->http;
    struct rh_live **at = &http->live;

    while (*at != live)
        at = &(*at)->next;
    *at = live->next;
    http->live_count--;
    live->invocation = rh_invocation_free(live->invocation);
    rh_progress_fini(&live->progress);
    rh_arena_fini(&live->arena);
    rh_free(live);
}

static void drop_old(struct rh_http *http)
{
    int64_t now = now_ms(http);
    struct rh_live *next;

    for (struct rh_live *live = http->live; live; live = next) {
        next = live->next;
        if (live->answer && now - live->ended_ms >= RH_LIVE_KEEP_MS)
            drop(live);
    }
}

/* The list has the newest first, so the last that has ended is the oldest. */
static int32_t make_room(struct rh_http *http, struct rh_err *err)
{
    struct rh_live *oldest = NULL;

    if (http->live_count < RH_LIVE_MAX)
        return 0;
    for (struct rh_live *live = http->live; live; live = live->next)
        if (live->answer)
            oldest = live;
    if (!oldest)
        return rh_err_set(
            err, RH_EBUSY, "es laufen schon %d Berechnungen; bitte warten oder eine abbrechen",
            "%d computations are running already; please wait or cancel one", RH_LIVE_MAX);
    drop(oldest);
    return 0;
}

/* ---- running ---- */

/* What a person did is in the log with its end, as every other change. */
static void note(const struct rh_live *live)
{
    const struct rh_http_options *options = &live->http->options;
    const struct rh_answer *answer = live->answer;
    struct rh_http_note note = {
        .operation = live->entry->op.name,
        .actor = live->actor,
        .status = rh_err_http_status(answer->code),
        .duration_ms = (int64_t)((uv_hrtime() - live->started_ns) / 1000000),
    };

    if (note.status >= 500)
        note.sentence = answer->err.text[RH_EN];
    if (options->note)
        options->note(options->context, &note);
}

static void on_done(struct rh_invocation *invocation, const struct rh_answer *answer, void *context)
{
    struct rh_live *live = context;
    struct rh_http *http = live->http;

    live->invocation = invocation;
    live->answer = answer;
    live->ended_ms = now_ms(http);
    http->live_running--;
    note(live);
    for (struct rh_request *request = http->requests; request; request = request->next) {
        if (request->live != live)
            continue;
        request->live = NULL;
        rh_event_end(request, answer);
    }
    if (http->stopped)
        drop(live);
}

static struct rh_live *new_live(const struct rh_request *request,
                                const struct rh_operation_entry *entry,
                                const struct rh_fields *fields, struct rh_err *err)
{
    struct rh_http *http = request->http;
    struct rh_live *live = rh_alloc(1, sizeof(*live));
    uint64_t random[2];

    if (!live) {
        rh_err_nomem(err);
        return NULL;
    }
    live->http = http;
    live->entry = entry;
    live->started_ns = uv_hrtime();
    memcpy(live->actor, request->actor, sizeof(live->actor));
    rh_arena_init(&live->arena, MEMORY_MAX);
    rh_progress_init(&live->progress, &http->progress);
    live->files = any_file(fields);
    live->next = http->live;
    http->live = live;
    http->live_count++;
    /* Who knows the address may stop the run, so without randomness there is none. */
    if (uv_random(NULL, NULL, random, sizeof(random), 0, NULL) != 0)
        rh_err_set(err, RH_EFAILED, "das System gibt keine Zufallszahlen",
                   "the system gives no random numbers");
    else
        rh_live_fields(&live->arena, fields, &live->fields, err);
    if (err->code < 0) {
        drop(live);
        return NULL;
    }
    snprintf(live->id, sizeof(live->id), "%016" PRIx64 "%016" PRIx64, random[0], random[1]);
    return live;
}

struct rh_live *rh_live_start(struct rh_request *request, const struct rh_operation_entry *entry,
                              const struct rh_fields *fields, struct rh_err *err)
{
    struct rh_http *http = request->http;
    struct rh_invocation *invocation;
    struct rh_run_call call;
    struct rh_live *live;

    drop_old(http);
    live = find_twin(request, entry, fields);
    if (live)
        return live;
    if (rh_run_prepare(request, entry, fields, &call, err) < 0 || make_room(http, err) < 0)
        return NULL;
    live = new_live(request, entry, fields, err);
    if (!live)
        return NULL;
    call.options.progress = rh_progress_report;
    call.options.progress_context = &live->progress;
    http->live_running++;
    invocation = rh_invoke(http->options.house, entry, call.arguments, call.count, &call.options,
                           on_done, live);
    if (!invocation) {
        http->live_running--;
        drop(live);
        rh_err_nomem(err);
        return NULL;
    }
    live->invocation = invocation;
    request->changes = false; /* not yet: its end is noted */
    return live;
}

struct rh_live *rh_live_find(const struct rh_request *request, const char *id)
{
    drop_old(request->http);
    for (struct rh_live *live = request->http->live; live; live = live->next)
        if (strcmp(live->id, id) == 0 && strcmp(live->actor, request->actor) == 0)
            return live;
    return NULL;
}

void rh_live_cancel(struct rh_live *live)
{
    if (live->answer)
        return;
    live->cancelled = true;
    rh_invocation_cancel(live->invocation);
}

/* ---- news ---- */

static void send_news(const struct rh_live *live, const struct rh_str *object)
{
    for (struct rh_request *request = live->http->requests; request; request = request->next)
        if (request->live == live && !request->closed)
            rh_event_send(request, "progress", object->data, object->length);
}

void rh_live_collect(struct rh_http *http)
{
    for (struct rh_live *live = http->live; live; live = live->next) {
        rh_auto_str(object, 2048);

        if (!live->answer && rh_progress_take(&live->progress, &object))
            send_news(live, &object);
    }
}

void rh_live_beat(struct rh_http *http)
{
    drop_old(http);
    for (struct rh_request *request = http->requests; request; request = request->next)
        if (request->live && !request->closed)
            rh_event_beat(request);
}

/* ---- the end ---- */

void rh_live_stop(struct rh_http *http)
{
    struct rh_live *next;

    for (struct rh_live *live = http->live; live; live = next) {
        next = live->next;
        if (live->answer)
            drop(live);
        else
            rh_live_cancel(live);
    }
}
