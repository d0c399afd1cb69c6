#include "core/net/net.h"

#include "core/base/alloc.h"
#include "core/net/transfer.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct rh_net {
    uv_loop_t *loop;
    CURLM *multi; /* NULL once closed */
    uv_timer_t timer;
    int handles; /* of the loop that are ours: timer and sockets */
    bool closing;
};

/* A socket that libcurl wants watched. */
struct watch {
    uv_poll_t poll; /* first */
    struct rh_net *net;
    curl_socket_t socket;
};

static CURLcode init_result = CURLE_FAILED_INIT;

static void init_once(void)
{
    init_result = curl_global_init(CURL_GLOBAL_ALL);
}

int32_t rh_net_init(struct rh_err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, init_once); /* cannot fail */
    return init_result == CURLE_OK
               ? 0
               : rh_err_set(err, RH_EFAILED, "libcurl startet nicht", "libcurl does not start");
}

/* ---- what libcurl has finished ---- */

static void drain(struct rh_net *net)
{
    CURLMsg *message;
    int left;

    while (net->multi && (message = curl_multi_info_read(net->multi, &left))) {
        struct transfer *transfer = NULL;
        CURLcode result = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        (void)curl_multi_remove_handle(net->multi, transfer->easy);
        transfer->net = NULL;
        transfer->done(transfer, result); /* may start the next one here */
    }
}

static void act(struct rh_net *net, curl_socket_t socket, int events)
{
    int running;

    if (!net->multi)
        return;
    (void)curl_multi_socket_action(net->multi, socket, events, &running);
    drain(net);
}

/* ---- sockets ---- */

static void handle_gone(struct rh_net *net)
{
    if (--net->handles == 0 && net->closing)
        rh_free(net);
}

static void on_watch_closed(uv_handle_t *handle)
{
    struct watch *watch = (struct watch *)handle;
    struct rh_net *net = watch->net;

    rh_free(watch);
    handle_gone(net);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct watch *watch = (struct watch *)poll;
    int what = 0;

    if (status < 0)
        what = CURL_CSELECT_ERR;
    if (events & UV_READABLE)
        what |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE)
        what |= CURL_CSELECT_OUT;
    act(watch->net, watch->socket, what);
}

static struct watch *watch_new(struct rh_net *net, curl_socket_t socket)
{
    struct watch *watch = rh_alloc(1, sizeof(*watch));

    if (!watch)
        return NULL;
    watch->net = net;
    watch->socket = socket;
    if (uv_poll_init_socket(net->loop, &watch->poll, socket) != 0) {
        rh_free(watch);
        return NULL;
    }
    net->handles++;
    (void)curl_multi_assign(net->multi, socket, watch); /* fails for sockets it does not know */
    return watch;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context,
                     void *socket_context)
{
    struct rh_net *net = context;
    struct watch *watch = socket_context;
    int events = 0;

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (watch) {
            (void)curl_multi_assign(net->multi, socket, NULL);
            (void)uv_poll_stop(&watch->poll);
            uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
        }
        return 0;
    }
    if (!watch && !(watch = watch_new(net, socket)))
        return -1; /* the transfer ends with an error */
    if (what & CURL_POLL_IN)
        events |= UV_READABLE;
    if (what & CURL_POLL_OUT)
        events |= UV_WRITABLE;
    return uv_poll_start(&watch->poll, events, on_ready) == 0 ? 0 : -1;
}

/* ---- time ---- */

static void on_time(uv_timer_t *timer)
{
    act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

/* 0 stays 0: rounded up to a millisecond, one connection makes a fifth of the mails. But libcurl
 * must not be called from here. */
static int on_timer(CURLM *multi, long timeout_ms, void *context)
{
    struct rh_net *net = context;

    (void)multi;
    if (timeout_ms < 0)
        (void)uv_timer_stop(&net->timer);
    else
        (void)uv_timer_start(&net->timer, on_time, (uint64_t)timeout_ms, 0);
    return 0;
}

/* ---- a net ---- */

int32_t rh_net_new(uv_loop_t *loop, struct rh_net **ret_net, struct rh_err *err)
{
    struct rh_net *net;
    int32_t rc = rh_net_init(err);

    if (rc < 0)
        return rc;
    net = rh_alloc(1, sizeof(*net));
    if (!net)
        return rh_err_nomem(err);
    net->loop = loop;
    net->multi = curl_multi_init();
    if (!net->multi || curl_multi_setopt(net->multi, CURLMOPT_SOCKETFUNCTION, on_socket) ||
        curl_multi_setopt(net->multi, CURLMOPT_SOCKETDATA, net) ||
        curl_multi_setopt(net->multi, CURLMOPT_TIMERFUNCTION, on_timer) ||
        curl_multi_setopt(net->multi, CURLMOPT_TIMERDATA, net) ||
        curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS, 1L) ||
        curl_multi_setopt(net->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 1L)) {
        (void)curl_multi_cleanup(net->multi); /* takes NULL too */
        rh_free(net);
        return rh_err_nomem(err);
    }
    (void)uv_timer_init(loop, &net->timer); /* cannot fail */
    net->timer.data = net;
    net->handles = 1;
    *ret_net = net;
    return 0;
}

static void on_timer_closed(uv_handle_t *handle)
{
    handle_gone(handle->data);
}

void rh_net_close(struct rh_net *net)
{
    CURLM *multi;

    if (!net)
        return;
    net->closing = true;
    multi = net->multi;
    (void)curl_multi_cleanup(multi); /* says QUIT, and asks on_socket() to forget the sockets */
    net->multi = NULL;
    (void)uv_timer_stop(&net->timer);
    uv_close((uv_handle_t *)&net->timer, on_timer_closed);
}

/* ---- transfers ---- */

static int32_t refused(struct rh_err *err)
{
    return rh_err_set(err, RH_EFAILED, "libcurl nimmt eine Einstellung nicht an",
                      "libcurl does not take a setting");
}

int32_t transfer_init(struct transfer *transfer, struct rh_err *err)
{
    CURL *easy = curl_easy_init();

    if (!easy)
        return rh_err_nomem(err);
    transfer->easy = easy;
    if (curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer) ||
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) ||
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error) ||
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps,imap,imaps") ||
        curl_easy_setopt(easy, CURLOPT_PROXY, "") || /* whatever the environment says */
        curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED))
        return refused(err);
    return 0;
}

void transfer_fini(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->easy); /* takes NULL too */
    transfer->easy = NULL;
}

int32_t transfer_server(struct transfer *transfer, const struct rh_net_server *server,
                        const char *scheme, const char *path, struct rh_err *err)
{
    CURL *easy = transfer->easy;
    char url[1024];
    bool six = strchr(server->host, ':') != NULL;
    int length = snprintf(url, sizeof(url), "%s%s://%s%s%s:%d/%s", scheme,
                          server->tls == RH_NET_TLS_AT_ONCE ? "s" : "", six ? "[" : "",
                          server->host, six ? "]" : "", (int)server->port, path);

    if (length < 0 || (size_t)length >= sizeof(url))
        return rh_err_set(err, RH_ETOOLARGE, "Adresse des Mailservers zu lang",
                          "address of the mail server too long");
    if (curl_easy_setopt(easy, CURLOPT_URL, url) ||
        curl_easy_setopt(
            easy, CURLOPT_USE_SSL,
            (long)(server->tls == RH_NET_TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL)) ||
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) ||
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) ||
        curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) ||
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)server->timeout_s) ||
        curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)server->timeout_s) ||
        curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)server->timeout_s * 10))
        return refused(err);
    if (server->ca_file && curl_easy_setopt(easy, CURLOPT_CAINFO, server->ca_file))
        return refused(err);
    if (server->user && (curl_easy_setopt(easy, CURLOPT_USERNAME, server->user) ||
                         curl_easy_setopt(easy, CURLOPT_PASSWORD, server->password)))
        return refused(err);
    return 0;
}

int32_t transfer_start(struct rh_net *net, struct transfer *transfer, struct rh_err *err)
{
    transfer->error[0] = transfer->reply[0] = '\0';
    transfer->net = net;
    if (curl_multi_add_handle(net->multi, transfer->easy) == CURLM_OK)
        return 0;
    transfer->net = NULL;
    return rh_err_set(err, RH_EFAILED, "libcurl nimmt die Übertragung nicht an",
                      "libcurl does not take the transfer");
}

void transfer_cancel(struct transfer *transfer)
{
    if (transfer->net)
        (void)curl_multi_remove_handle(transfer->net->multi, transfer->easy);
    transfer->net = NULL;
}

void transfer_keep_line(struct transfer *transfer, const char *line, size_t length)
{
    size_t used = 0;

    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
    for (size_t i = 0; i < length && used < sizeof(transfer->reply) - 1; i++)
        transfer->reply[used++] =
            (unsigned char)line[i] < 0x20 || (unsigned char)line[i] > 0x7e ? '?' : line[i];
    transfer->reply[used] = '\0';
}
