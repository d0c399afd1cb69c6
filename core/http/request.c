#include "core/http/internal.h"

#include "core/base/alloc.h"

#include <string.h>

/* A reader that falls behind by so much is not worth feeding. */
#define STREAM_MAX ((size_t)32 * 1024 * 1024)

struct rh_request *rh_request_new(struct rh_http *http, struct rh_listener *listener)
{
    struct rh_request *request = rh_alloc(1, sizeof(*request));

    if (!request)
        return NULL;
    request->http = http;
    request->listener = listener;
    request->started_ns = uv_hrtime();
    request->lang = RH_DE;
    rh_arena_init(&request->arena, RH_REQUEST_MAX);
    rh_str_init(&request->body, RH_BODY_MAX);
    rh_str_init(&request->stream, STREAM_MAX);
    request->next = http->requests;
    if (request->next)
        request->next->previous = request;
    http->requests = request;
    http->running++;
    return request;
}

static void release_reply(struct rh_reply *reply)
{
    if (reply->release)
        reply->release(reply->what);
    reply->release = NULL;
}

static void free_request(struct rh_request *request)
{
    struct rh_http *http = request->http;

    if (request->previous)
        request->previous->next = request->next;
    else
        http->requests = request->next;
    if (request->next)
        request->next->previous = request->previous;
    http->running--;
    http->body_bytes -= request->body.length;
    request->invocation = rh_invocation_free(request->invocation);
    request->earlier = rh_invocation_free(request->earlier);
    release_reply(&request->reply);
    rh_str_fini(&request->body);
    rh_str_fini(&request->stream);
    rh_arena_fini(&request->arena);
    rh_free(request->raw_target);
    rh_free(request);
}

void rh_request_busy(struct rh_request *request)
{
    request->busy++;
}

void rh_request_idle(struct rh_request *request)
{
    request->busy--;
    if (request->closed && !request->busy)
        free_request(request);
}

void rh_request_gone(struct rh_request *request)
{
    if (request->invocation && request->busy)
        rh_invocation_cancel(request->invocation);
    if (request->live) { /* the run goes on without its reader */
        request->live = NULL;
        rh_stream_end(request);
    }
}

void rh_request_closed(struct rh_request *request)
{
    uint64_t duration_us = (uv_hrtime() - request->started_ns) / 1000;

    request->closed = true;
    rh_http_count(request->http, request, (int64_t)duration_us);
    if (request->busy)
        rh_request_gone(request);
    else
        free_request(request);
}

/* ---- replies ---- */

void rh_reply_send(struct rh_request *request)
{
    request->ready = true;
    if (request->closed)
        return;
    if (!request->reply.stream)
        rh_request_unwatch(request);
    rh_listener_wake(request);
}

void rh_reply_header(struct rh_request *request, const char *name, const char *value)
{
    struct rh_reply *reply = &request->reply;

    if (!value || reply->header_count == RH_REPLY_HEADERS)
        return;
    reply->headers[reply->header_count].name = name;
    reply->headers[reply->header_count].value = value;
    reply->header_count++;
}

void rh_reply_static(struct rh_request *request, int status, const char *type, const char *bytes,
                     size_t length)
{
    request->reply.status = status;
    request->reply.type = type;
    request->reply.bytes = bytes;
    request->reply.length = length;
    rh_reply_send(request);
}

static void release_text(void *what)
{
    rh_free(what);
}

void rh_reply_text(struct rh_request *request, int status, const char *type, struct rh_str *text)
{
    size_t length = text->length;
    bool failed = text->failed;
    char *bytes = failed ? NULL : rh_str_take(text);

    if (!bytes) {
        static const char words[] = "kein Speicher / out of memory\n";

        rh_str_fini(text);
        rh_reply_static(request, 503, "text/plain; charset=utf-8", words, sizeof(words) - 1);
        return;
    }
    request->reply.release = release_text;
    request->reply.what = bytes;
    rh_reply_static(request, status, type, bytes, length);
}

void rh_reply_redirect(struct rh_request *request, int status, const char *to)
{
    rh_reply_header(request, "Location", to);
    rh_reply_static(request, status, NULL, NULL, 0);
}

void rh_stream_begin(struct rh_request *request, int status, const char *type)
{
    request->reply.stream = true;
    request->reply.status = status;
    request->reply.type = type;
    rh_reply_send(request);
}

void rh_stream_add(struct rh_request *request, const char *bytes, size_t length)
{
    rh_str_add_n(&request->stream, bytes, length);
    if (!request->closed)
        rh_listener_wake(request);
}

void rh_stream_end(struct rh_request *request)
{
    request->stream_ended = true;
    if (request->closed)
        return;
    rh_request_unwatch(request);
    rh_listener_wake(request);
}
