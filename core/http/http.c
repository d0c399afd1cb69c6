#include "core/http/internal.h"

#include "core/base/alloc.h"
#include "core/http/address.h"
#include "core/http/asset.h"
#include "core/http/content.h"
#include "core/http/live.h"
#include "core/http/view.h"

#include <stdio.h>
#include <string.h>

#define BEAT_MS 15000 /* proxies close what is silent for 30 s or more */

const int64_t rh_durations_us[RH_DURATIONS] = {250,   500,   1000,   2500,    5000,
                                               10000, 50000, 250000, 1000000, 10000000};

/* Between two looks at the sockets: replies that were completed since are sent. */
static void on_prepare(uv_prepare_t *handle)
{
    struct rh_http *http = handle->data;

    if (rh_listener_dirty(http->tcp))
        rh_listener_pump(http->tcp);
    if (rh_listener_dirty(http->local))
        rh_listener_pump(http->local);
    if (http->draining && http->drained && rh_http_running(http) == 0) {
        void (*drained)(void *) = http->drained;

        http->drained = NULL;
        drained(http->drained_context);
    }
}

static void on_progress(uv_async_t *handle)
{
    rh_progress_collect(handle->data);
    rh_live_collect(handle->data);
}

static void on_beat(uv_timer_t *handle)
{
    rh_progress_beat(handle->data);
    rh_live_beat(handle->data);
}

static int32_t copy_options(struct rh_http *http, const struct rh_http_options *options,
                            struct rh_err *err)
{
    const char *const from[] = {options->listen, options->socket_path, options->web};
    const char **const to[] = {&http->options.listen, &http->options.socket_path,
                               &http->options.web};
    bool whole = true;

    http->options = *options;
    for (size_t i = 0; i < 3; i++) {
        *to[i] = from[i] ? rh_strdup(from[i]) : NULL;
        whole = whole && (!from[i] || *to[i]);
    }
    return whole ? 0 : rh_err_nomem(err);
}

static void free_http(struct rh_http *http)
{
    union {
        const char *from;
        void *to;
    } owned[] = {{.from = http->options.listen},
                 {.from = http->options.socket_path},
                 {.from = http->options.web}};

    for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++)
        rh_free(owned[i].to);
    http->assets = rh_assets_free(http->assets);
    http->view = rh_view_free(http->view);
    http->contents = rh_contents_free(http->contents);
    rh_free(http);
}

void rh_http_handle_closed(struct rh_http *http)
{
    if (--http->handles == 0)
        free_http(http);
}

static int32_t open_tcp(struct rh_http *http, struct rh_err *err)
{
    char where[RH_ADDRESS_TEXT];
    struct rh_address address;
    int socket;
    int32_t rc;

    if (!http->options.listen)
        return 0;
    rc = rh_address_parse(http->options.listen, &address, err);
    if (rc == 0)
        rc = rh_address_listen(&address, &socket, err);
    if (rc == 0)
        rc = rh_listener_open(http, socket, false, NULL, &http->tcp, err);
    if (rc < 0)
        return rc;
    rh_address_text(&address, where);
    snprintf(http->url, sizeof(http->url), "http://%s/", where);
    return 0;
}

static int32_t open_local(struct rh_http *http, struct rh_err *err)
{
    int socket;
    int32_t rc;

    if (!http->options.socket_path)
        return 0;
    rc = rh_address_listen_local(http->options.socket_path, &socket, err);
    if (rc < 0)
        return rc;
    return rh_listener_open(http, socket, true, http->options.socket_path, &http->local, err);
}

static void on_own_closed(uv_handle_t *handle)
{
    rh_http_handle_closed(handle->data);
}

static void close_own(struct rh_http *http)
{
    uv_close((uv_handle_t *)&http->prepare, on_own_closed);
    uv_close((uv_handle_t *)&http->progress, on_own_closed);
    uv_close((uv_handle_t *)&http->beat, on_own_closed);
}

int32_t rh_http_open(const struct rh_http_options *options, struct rh_http **ret_http,
                     struct rh_err *err)
{
    struct rh_http *http = rh_alloc(1, sizeof(*http));
    int32_t rc;

    if (!http)
        return rh_err_nomem(err);
    http->loop = options->loop;
    http->started_ns = uv_hrtime();
    (void)uv_random(NULL, NULL, &http->epoch, sizeof(http->epoch), 0, NULL); /* 0 will do */
    rc = copy_options(http, options, err);
    if (rc == 0)
        rc = rh_assets_open(options->house->registry, http->options.web, &http->assets, err);
    if (rc == 0)
        rc = rh_view_open(http, &http->view, err);
    if (rc == 0 && !(http->contents = rh_contents_new()))
        rc = rh_err_nomem(err);
    if (rc == 0 && uv_async_init(http->loop, &http->progress, on_progress) != 0)
        rc = rh_err_set(err, RH_EFAILED, "keine freien Dateinummern", "no file numbers left");
    if (rc < 0) {
        free_http(http);
        return rc;
    }
    (void)uv_prepare_init(http->loop, &http->prepare); /* cannot fail, nor can the timer */
    (void)uv_timer_init(http->loop, &http->beat);
    http->prepare.data = http->progress.data = http->beat.data = http;
    http->handles = 3;
    (void)uv_timer_start(&http->beat, on_beat, BEAT_MS, BEAT_MS);
    uv_unref((uv_handle_t *)&http->beat);
    (void)uv_prepare_start(&http->prepare, on_prepare);
    uv_unref((uv_handle_t *)&http->prepare);
    rc = open_tcp(http, err);
    if (rc == 0)
        rc = open_local(http, err);
    if (rc < 0) {
        rh_http_close(http);
        return rc;
    }
    *ret_http = http;
    return 0;
}

const char *rh_http_url(const struct rh_http *http)
{
    return http->url;
}

size_t rh_http_running(const struct rh_http *http)
{
    return http->running + http->live_running;
}

void rh_http_drain(struct rh_http *http, void (*drained)(void *context), void *context)
{
    if (http->draining)
        return;
    http->draining = true;
    http->drained = drained;
    http->drained_context = context;
    rh_listener_quiesce(http->tcp);
    rh_listener_quiesce(http->local);
    (void)uv_async_send(&http->progress); /* a turn of the loop, so that on_prepare() looks */
}

void rh_http_stop(struct rh_http *http)
{
    struct rh_request *next;

    if (http->stopped)
        return;
    http->stopped = http->draining = true;
    http->drained = NULL;
    for (struct rh_request *request = http->requests; request; request = next) {
        next = request->next;
        rh_request_gone(request);
        rh_request_unwatch(request);
        /* The library must not be stopped with connections asleep. */
        request->stream_ended = true;
        rh_listener_wake(request);
    }
    rh_live_stop(http);
    rh_listener_stop(http->tcp);
    rh_listener_stop(http->local);
}

void rh_http_close(struct rh_http *http)
{
    if (!http || http->closing)
        return;
    http->closing = true;
    rh_http_stop(http);
    if (http->tcp)
        rh_listener_close(http->tcp);
    if (http->local)
        rh_listener_close(http->local);
    close_own(http);
}

static size_t duration_class(int64_t duration_us)
{
    size_t class = 0;

    while (class < RH_DURATIONS && duration_us > rh_durations_us[class])
        class ++;
    return class;
}

void rh_http_count(struct rh_http *http, const struct rh_request *request, int64_t duration_us)
{
    struct rh_route_counts *counts = &http->counts[request->route];
    int class = request->reply.status / 100;

    counts->by_status[class >= 1 && class <= 5 ? class : 0]++;
    counts->by_duration[duration_class(duration_us)]++;
    counts->duration_us += (uint64_t)duration_us;
    if (http->options.note && (request->changes || request->reply.status >= 500)) {
        struct rh_http_note note = {
            .operation = request->operation,
            .actor = request->actor,
            .status = request->reply.status,
            .duration_ms = duration_us / 1000,
            /* What a person did wrong may name people; what is wrong with us may not. */
            .sentence = request->reply.status >= 500 ? request->fault : NULL,
        };

        http->options.note(http->options.context, &note);
    }
}
