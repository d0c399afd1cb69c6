#include "core/http/run.h"

#include "core/calendar/date.h"
#include "core/http/event_stream.h"
#include "core/http/header.h"
#include "core/http/problem.h"
#include "core/http/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_MAX 128

struct run {
    const struct rh_operation_entry *entry;
    rh_run_done *done;
    struct rh_progress progress;
    bool ended; /* `done` came already */
};

bool rh_run_reserved(const char *name)
{
    return name[0] == '_' || strcmp(name, "lang") == 0 || strcmp(name, "as-of") == 0 ||
           strcmp(name, "format") == 0;
}

/* ---- entity tags ---- */

/* Eight bytes at a time; the tag has to be cheap, not unforgeable. */
static uint64_t hash(const char *bytes, size_t length)
{
    uint64_t value = UINT64_C(0x9E3779B97F4A7C15) ^ length;

    while (length > 0) {
        size_t size = length < sizeof(uint64_t) ? length : sizeof(uint64_t);
        uint64_t word = 0;

        memcpy(&word, bytes, size);
        value = (value ^ word) * UINT64_C(0xFF51AFD7ED558CCD);
        value ^= value >> 32;
        bytes += size;
        length -= size;
    }
    return value;
}

void rh_run_tag(const struct rh_request *request, uint64_t version, const char *bytes,
                size_t length, char tag[RH_TAG_MAX])
{
    snprintf(tag, RH_TAG_MAX, "\"%" PRIx64 ".%" PRIx64 ".%" PRIx64 "\"", request->http->epoch,
             version, hash(bytes, length));
}

/* If-Match on a change: the version of the data in the tag, 0 when any will do. Tags of ours carry
 * the version of the whole file, so any change in between counts. Of several, the one that still
 * holds is taken. */
static int32_t read_if_match(const struct rh_request *request, uint64_t *ret_version,
                             struct rh_err *err)
{
    const char *list = rh_request_header(request, "If-Match");
    uint64_t now = rh_store_version(request->http->options.house->store);

    if (!list || strcmp(list, "*") == 0)
        return 0;
    for (const char *p = strchr(list, '"'); p; p = strchr(p + 1, '"')) {
        uint64_t epoch, seen;
        char *end;

        if (p > list && p[-1] == '/')
            continue; /* a weak tag never matches */
        epoch = strtoull(p + 1, &end, 16);
        if (*end != '.' || epoch != request->http->epoch)
            continue;
        seen = strtoull(end + 1, &end, 16);
        if (*end == '.' && (*ret_version == 0 || seen == now))
            *ret_version = seen;
    }
    if (*ret_version)
        return 0;
    return rh_err_set(err, RH_EPRECONDITION, "If-Match: das ist keine Marke dieses Servers",
                      "If-Match: that is no tag of this server");
}

/* ---- from fields to arguments ---- */

static int32_t read_reserved(struct rh_request *request, const struct rh_fields *fields,
                             struct rh_invoke_options *options, struct rh_err *err)
{
    const struct rh_field *as_of = rh_fields_find(fields, "as-of");
    const struct rh_field *lang = rh_fields_find(fields, "lang");
    const struct rh_field *key = rh_fields_find(fields, "_key");
    const char *header = rh_request_header(request, "Idempotency-Key");

    options->as_of = RH_NO_DAY;
    if (as_of && as_of->value[0]) {
        int32_t rc = rh_day_read(as_of->value, &options->as_of, err);

        if (rc < 0)
            return rh_err_wrap(err, "'as-of'", "'as-of'");
    }
    if (lang && strcmp(lang->value, "en") == 0)
        request->lang = RH_EN;
    else if (lang && strcmp(lang->value, "de") == 0)
        request->lang = RH_DE;
    options->lang = request->lang;
    options->actor = request->actor;
    options->idempotency_key = header ? header : key ? key->value : NULL;
    if (!options->idempotency_key || !options->idempotency_key[0]) {
        options->idempotency_key = NULL;
        return 0;
    }
    for (const char *p = options->idempotency_key; *p; p++)
        if (*p <= ' ' || *p > '~' || p - options->idempotency_key >= KEY_MAX)
            return rh_err_set(
                err, RH_EUSAGE,
                "Idempotency-Key: 1 bis %d sichtbare ASCII-Zeichen, keine Leerzeichen",
                "Idempotency-Key: 1 to %d visible ASCII characters, no spaces", KEY_MAX);
    return 0;
}

static struct rh_argument *arguments_of(struct rh_request *request, const struct rh_fields *fields,
                                        size_t *ret_count)
{
    struct rh_argument *arguments =
        rh_arena_array(&request->arena, fields->count + 1, sizeof(*arguments));
    size_t count = 0;

    for (size_t i = 0; arguments && i < fields->count; i++) {
        const struct rh_field *field = &fields->at[i];

        /* What a form sends although nobody filled it in was not given. */
        if (rh_run_reserved(field->name) || (!field->value[0] && field->size == 0))
            continue;
        arguments[count++] = (struct rh_argument){
            .name = field->name, .value = field->value, .bytes = field->bytes, .size = field->size};
    }
    *ret_count = count;
    return arguments;
}

/* ---- running ---- */

static void on_done(struct rh_invocation *invocation, const struct rh_answer *answer, void *context)
{
    struct rh_request *request = context;
    struct run *run = request->handler;

    run->ended = true;
    request->invocation = invocation;
    request->progress = NULL;
    rh_progress_fini(&run->progress);
    if (!request->closed) {
        if (answer->code < 0)
            request->fault = rh_arena_strdup(&request->arena, answer->err.text[RH_EN]);
        run->done(request, run->entry, answer);
    }
    rh_request_idle(request);
}

static enum rh_progress_form form_of(const struct rh_request *request)
{
    const char *accept = rh_request_header(request, "Accept");

    if (!accept || request->route != RH_ROUTE_API)
        return RH_PROGRESS_UNREAD;
    if (strstr(accept, "application/x-ndjson"))
        return RH_PROGRESS_LINES;
    return strstr(accept, RH_EVENT_TYPE) ? RH_PROGRESS_EVENTS : RH_PROGRESS_UNREAD;
}

static void start(struct rh_request *request, struct run *run, struct rh_run_call *call)
{
    struct rh_invocation *invocation;

    if (run->entry->op.kind == RH_COMPUTE) {
        call->options.progress = rh_progress_report;
        call->options.progress_context = &run->progress;
        request->progress = &run->progress;
        run->progress.form = form_of(request);
        rh_request_watch(request);
    }
    rh_request_busy(request);
    invocation = rh_invoke(request->http->options.house, run->entry, call->arguments, call->count,
                           &call->options, on_done, request);
    if (invocation && !run->ended)
        request->invocation = invocation; /* so that it can be cancelled */
    if (!invocation) {
        struct rh_err err = {0};

        rh_err_nomem(&err);
        rh_progress_fini(&run->progress);
        request->progress = NULL;
        request->busy--;
        rh_reply_fault(request, &err);
    }
}

int32_t rh_run_prepare(struct rh_request *request, const struct rh_operation_entry *entry,
                       const struct rh_fields *fields, struct rh_run_call *call, struct rh_err *err)
{
    int32_t rc;

    request->operation = entry->op.name;
    request->changes = entry->op.kind != RH_READ;
    *call = (struct rh_run_call){.count = 0};
    call->arguments = arguments_of(request, fields, &call->count);
    if (!call->arguments)
        return rh_err_nomem(err);
    rc = read_reserved(request, fields, &call->options, err);
    if (rc == 0 && request->changes)
        rc = read_if_match(request, &call->options.if_version, err);
    return rc;
}

void rh_run(struct rh_request *request, const struct rh_operation_entry *entry,
            const struct rh_fields *fields, rh_run_done *done)
{
    struct run *run = rh_arena_alloc(&request->arena, sizeof(*run));
    struct rh_run_call call;
    struct rh_err err; /* not zeroed: it is large, and this is every request's way */

    rh_err_clear(&err);
    if (rh_run_prepare(request, entry, fields, &call, &err) == 0 && !run)
        rh_err_nomem(&err);
    if (err.code < 0 || !run) {
        rh_reply_fault(request, &err);
        return;
    }
    run->entry = entry;
    run->done = done;
    rh_progress_init(&run->progress, &request->http->progress);
    request->handler = run;
    start(request, run, &call);
}
