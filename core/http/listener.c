/*
 * listener.c - libmicrohttpd on the loop. No type of it leaves this file.
 *
 * The library keeps its sockets in an epoll set of its own; the loop watches that set with one
 * uv_poll_t, and the library's next deadline with one uv_timer_t. A connection whose reply is not
 * ready is suspended. Whoever completes a reply only marks the listener as dirty; the prepare
 * handle of http.c then pumps it before the loop sleeps, so nothing here is ever entered twice.
 */
#include "core/http/internal.h"

#include "core/base/alloc.h"
#include "core/base/number.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The requests of one browser come over some six connections; 186 offices never over so many. */
#define CONNECTIONS_MAX    512
#define CONNECTIONS_PER_IP 256
#define CONNECTION_MEMORY  ((size_t)16 * 1024)
#define IDLE_SECONDS       30u
#define RECEIVE_NS         (UINT64_C(120) * 1000000000) /* for a whole request */
#define PUMP_ROUNDS        16

struct rh_listener {
    struct rh_http *http;
    struct MHD_Daemon *daemon;
    uv_poll_t poll;
    uv_timer_t timer;
    char *path; /* owned; of a Unix socket */
    int socket;
    bool local, dirty, pumping, quiet;
};

/* ---- replies ---- */

static ssize_t read_stream(void *cls, uint64_t position, char *bytes, size_t size)
{
    struct rh_request *request = cls;
    size_t left = request->stream.length - request->stream_sent;

    (void)position;
    if (left == 0 && request->stream_ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (left == 0) {
        request->asleep = true;
        MHD_suspend_connection(request->connection);
        return 0;
    }
    if (left > size)
        left = size;
    memcpy(bytes, request->stream.data + request->stream_sent, left);
    request->stream_sent += left;
    if (request->stream_sent == request->stream.length) {
        rh_str_reset(&request->stream);
        request->stream_sent = 0;
    }
    return (ssize_t)left;
}

static struct MHD_Response *body_of(struct rh_request *request)
{
    struct rh_reply *reply = &request->reply;
    struct MHD_Response *response;
    /* The library wants a pointer it may write to and does not write to it. */
    union {
        const char *from;
        void *to;
    } bytes = {.from = reply->bytes ? reply->bytes : ""};

    if (reply->stream)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_stream, request,
                                                 NULL);
    if (!reply->release)
        return MHD_create_response_from_buffer(reply->length, bytes.to, MHD_RESPMEM_PERSISTENT);
    response = MHD_create_response_from_buffer_with_free_callback_cls(reply->length, bytes.to,
                                                                      reply->release, reply->what);
    if (response)
        reply->release = NULL; /* the response sees to it from here on */
    return response;
}

static void add_common_headers(const struct rh_request *request, struct MHD_Response *response)
{
    /* No script at all, but on the page of a run; KERN's style sheet carries its symbols as data:
     * addresses. */
#define PAGE                                                                                       \
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "                \
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    static const char page[] = PAGE;
    static const char live[] = PAGE "; script-src 'self'; connect-src 'self'";
#undef PAGE
    static const char data[] = "default-src 'none'; frame-ancestors 'none'";
    const struct rh_reply *reply = &request->reply;

    MHD_add_response_header(response, "Content-Security-Policy",
                            reply->live   ? live
                            : reply->html ? page
                                          : data);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Referrer-Policy", "same-origin");
    MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
    if (reply->html) {
        MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
        MHD_add_response_header(response, "Permissions-Policy",
                                "camera=(), geolocation=(), microphone=()");
    }
    if (request->http->draining)
        MHD_add_response_header(response, "Connection", "close");
}

static enum MHD_Result queue_reply(struct rh_request *request, struct MHD_Connection *connection)
{
    struct MHD_Response *response = body_of(request);
    enum MHD_Result result;

    if (!response)
        return MHD_NO;
    add_common_headers(request, response);
    if (request->reply.type)
        MHD_add_response_header(response, "Content-Type", request->reply.type);
    for (int i = 0; i < request->reply.header_count; i++)
        MHD_add_response_header(response, request->reply.headers[i].name,
                                request->reply.headers[i].value);
    result = MHD_queue_response(connection, (unsigned)request->reply.status, response);
    MHD_destroy_response(response);
    request->queued = true;
    return result;
}

/* ---- requests ---- */

static enum rh_method method_of(const char *name)
{
    static const struct {
        const char *name;
        enum rh_method method;
    } known[] = {{"GET", RH_GET}, {"HEAD", RH_HEAD}, {"POST", RH_POST}, {"OPTIONS", RH_OPTIONS}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(name, known[i].name) == 0)
            return known[i].method;
    return RH_OTHER_METHOD;
}

const char *rh_request_header(const struct rh_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

/* Whoever holds the Unix socket is a user of this machine; the kernel says which. */
static void name_actor(struct rh_request *request, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct ucred peer;
    socklen_t size = sizeof(peer);

    request->local = request->listener->local;
    if (!request->local)
        snprintf(request->actor, sizeof(request->actor), "http:local");
    else if (info && getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
        snprintf(request->actor, sizeof(request->actor), "cli:uid=%u", (unsigned)peer.uid);
    else
        snprintf(request->actor, sizeof(request->actor), "cli:uid=?");
}

static enum MHD_Result begin(struct rh_request *request, struct MHD_Connection *connection,
                             const char *method)
{
    const char *text;
    int64_t length;

    request->begun = true;
    request->connection = connection;
    request->method = method_of(method);
    name_actor(request, connection);
    text = rh_request_header(request, "Content-Length");
    if (!text)
        return MHD_YES;
    if (!rh_int_parse(text, strlen(text), &length) || length < 0 ||
        (uint64_t)length > (uint64_t)RH_BODY_MAX) {
        /* Answered before the body is read; the connection ends with that. */
        request->body_too_large = true;
        request->handled = true;
        rh_route(request);
        return queue_reply(request, connection);
    }
    return MHD_YES;
}

/* Takes a piece of the body, or lets it go by when it is too large, so that the reply can be read
 * by clients that send all before they listen. */
static enum MHD_Result receive(struct rh_request *request, const char *bytes, size_t size)
{
    struct rh_http *http = request->http;

    if (uv_hrtime() - request->started_ns > RECEIVE_NS)
        return MHD_NO;
    if (request->body.length + size > RH_BODY_MAX)
        request->body_too_large = true;
    else if (http->body_bytes + size > RH_BODIES_MAX)
        request->body_refused = true;
    if (!request->body_too_large && !request->body_refused) {
        size_t before = request->body.length;

        rh_str_add_n(&request->body, bytes, size);
        request->body_refused = request->body.failed;
        http->body_bytes += request->body.length - before;
        return MHD_YES;
    }
    http->body_bytes -= request->body.length;
    rh_str_fini(&request->body);
    request->discarded += size;
    return request->discarded > RH_BODY_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *size, void **context)
{
    struct rh_request *request = *context;

    (void)cls;
    (void)url;
    (void)version;
    if (!request)
        return MHD_NO; /* no memory for it */
    if (!request->begun)
        return begin(request, connection, method);
    if (*size > 0) {
        size_t taken = *size;

        *size = 0;
        return request->queued ? MHD_YES : receive(request, bytes, taken);
    }
    if (request->queued)
        return MHD_YES;
    if (!request->handled) {
        request->handled = true;
        rh_route(request);
    }
    if (request->ready)
        return queue_reply(request, connection);
    request->asleep = true;
    MHD_suspend_connection(connection);
    return MHD_YES;
}

/* The first word of a request: here it comes into being, with its target as it was sent. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct rh_listener *listener = cls;
    struct rh_request *request = rh_request_new(listener->http, listener);

    if (!request)
        return NULL;
    request->connection = connection;
    request->raw_target = rh_strdup(target);
    return request;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode how)
{
    struct rh_request *request = *context;

    (void)cls;
    (void)connection;
    (void)how;
    *context = NULL;
    if (!request)
        return;
    rh_request_unwatch(request);
    request->connection = NULL;
    request->asleep = false;
    rh_request_closed(request);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct rh_listener *listener = cls;

    (void)connection;
    (void)context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        listener->http->connections++;
}

/* Addresses are taken apart by target.c; the library leaves them alone. */
static size_t leave_as_it_is(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

/* What the library has to say is about clients that broke off or sent nonsense; it is counted. */
static void on_words(void *cls, const char *format, va_list args)
{
    struct rh_listener *listener = cls;

    (void)format;
    (void)args;
    listener->http->refused++;
}

/* ---- the loop's side ---- */

static void on_timer(uv_timer_t *timer)
{
    rh_listener_pump(timer->data);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    (void)status; /* an error of the set shows in the run */
    (void)events;
    rh_listener_pump(poll->data);
}

void rh_listener_pump(struct rh_listener *listener)
{
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    bool due = true;

    if (!listener->daemon || listener->pumping)
        return;
    listener->pumping = true;
    for (int i = 0; i < PUMP_ROUNDS && (due || listener->dirty); i++) {
        listener->dirty = false;
        (void)MHD_run(listener->daemon); /* it closes what fails; nothing to do about it here */
        due = MHD_get_timeout(listener->daemon, &wait_ms) == MHD_YES && wait_ms == 0;
    }
    listener->pumping = false;
    if (MHD_get_timeout(listener->daemon, &wait_ms) == MHD_YES)
        uv_timer_start(&listener->timer, on_timer, wait_ms, 0);
    else
        uv_timer_stop(&listener->timer);
}

void rh_listener_wake(struct rh_request *request)
{
    if (!request->asleep)
        return;
    request->asleep = false;
    request->listener->dirty = true;
    MHD_resume_connection(request->connection);
}

bool rh_listener_dirty(const struct rh_listener *listener)
{
    return listener && listener->dirty;
}

/* ---- seeing a client go ---- */

static void free_watch(uv_handle_t *handle)
{
    rh_free(handle);
}

/* Before the connection's socket is closed: the loop must not watch a number that may be given to
 * somebody else. */
void rh_request_unwatch(struct rh_request *request)
{
    if (request->watch)
        uv_close(request->watch, free_watch);
    request->watch = NULL;
}

static void on_gone(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    uv_poll_stop(poll);
    rh_request_gone(poll->data);
}

void rh_request_watch(struct rh_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    uv_poll_t *watch;

    /* Without it the work is done in vain, nothing else. */
    if (!info || request->watch)
        return;
    watch = rh_alloc(1, sizeof(*watch));
    if (!watch)
        return;
    if (uv_poll_init(request->http->loop, watch, info->connect_fd) != 0) {
        rh_free(watch);
        return;
    }
    watch->data = request;
    uv_poll_start(watch, UV_DISCONNECT, on_gone);
    request->watch = watch;
}

/* ---- life ---- */

static struct MHD_Daemon *start_daemon(struct rh_listener *listener)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request,
        listener, MHD_OPTION_EXTERNAL_LOGGER, on_words, listener, MHD_OPTION_LISTEN_SOCKET,
        listener->socket, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, listener->local ? 0u : (unsigned)CONNECTIONS_PER_IP,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT,
        IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_target,
        listener, MHD_OPTION_UNESCAPE_CALLBACK, leave_as_it_is, NULL, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, NULL, MHD_OPTION_NOTIFY_CONNECTION, on_connection, listener, MHD_OPTION_END);
}

static void free_listener(struct rh_listener *listener)
{
    rh_free(listener->path);
    rh_free(listener);
}

int32_t rh_listener_open(struct rh_http *http, int socket, bool local, const char *path,
                         struct rh_listener **ret_listener, struct rh_err *err)
{
    struct rh_listener *listener = rh_alloc(1, sizeof(*listener));
    const union MHD_DaemonInfo *info;

    if (listener && path)
        listener->path = rh_strdup(path);
    if (!listener || (path && !listener->path)) {
        close(socket);
        rh_free(listener);
        return rh_err_nomem(err);
    }
    listener->http = http;
    listener->socket = socket;
    listener->local = local;
    listener->daemon = start_daemon(listener);
    info =
        listener->daemon ? MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
    if (!info || uv_poll_init(http->loop, &listener->poll, info->epoll_fd) != 0) {
        if (listener->daemon)
            MHD_stop_daemon(listener->daemon);
        else
            close(socket);
        free_listener(listener);
        return rh_err_set(err, RH_EFAILED, "der HTTP-Server startet nicht",
                          "the HTTP server does not start");
    }
    (void)uv_timer_init(http->loop, &listener->timer); /* cannot fail */
    listener->poll.data = listener;
    listener->timer.data = listener;
    http->handles += 2;
    (void)uv_poll_start(&listener->poll, UV_READABLE, on_readable); /* nor can this */
    *ret_listener = listener;
    return 0;
}

void rh_listener_quiesce(struct rh_listener *listener)
{
    if (!listener || listener->quiet || !listener->daemon)
        return;
    listener->quiet = true;
    if (listener->path)
        (void)unlink(listener->path); /* so that the command line sees that nobody answers */
    (void)MHD_quiesce_daemon(listener->daemon);
    close(listener->socket);
}

void rh_listener_stop(struct rh_listener *listener)
{
    if (!listener || !listener->daemon)
        return;
    rh_listener_quiesce(listener);
    uv_poll_stop(&listener->poll); /* before its epoll set is closed */
    uv_timer_stop(&listener->timer);
    MHD_stop_daemon(listener->daemon);
    listener->daemon = NULL;
    listener->dirty = false;
}

static void on_poll_closed(uv_handle_t *handle)
{
    struct rh_listener *listener = handle->data;
    struct rh_http *http = listener->http;

    free_listener(listener);
    rh_http_handle_closed(http);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct rh_listener *listener = handle->data;

    rh_http_handle_closed(listener->http);
    /* The timer is closed first, the listener goes with its poll handle. */
    uv_close((uv_handle_t *)&listener->poll, on_poll_closed);
}

void rh_listener_close(struct rh_listener *listener)
{
    if (!listener)
        return;
    rh_listener_stop(listener);
    uv_close((uv_handle_t *)&listener->timer, on_timer_closed);
}
