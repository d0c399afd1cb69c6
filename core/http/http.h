/*
 * http.h - the server's ear: pages, forms, the JSON interface, static files, health and metrics.
 *
 * Everything here runs on the loop thread; what costs time (operations, rendering) is handed to the
 * store's threads or to libuv's pool and comes back. Requests reach the house only through
 * operations of the registry (rh_invoke), so there is one place that says what can be done.
 *
 *     rh_http_open -> … -> rh_http_drain (no new ones; waits) -> rh_http_stop -> rh_http_close
 *
 * To add a way of answering, start at the table in router.c; to add a page or an operation, you do
 * not need this room at all: see include/reihum/plugin.h.
 */
#ifndef CORE_HTTP_HTTP_H
#define CORE_HTTP_HTTP_H

#include "core/operation/invoke.h"

#include <uv.h>

struct rh_http;

/* A request that changed something or failed, for the log. No query strings, no names. */
struct rh_http_note {
    const char *operation; /* "office import", or the kind of route */
    const char *actor;     /* "cli:uid=1000", "http:local" */
    int status;
    int64_t duration_ms;
    const char *sentence; /* why, for status 500 and above; or NULL */
};

struct rh_http_options {
    uv_loop_t *loop;         /* borrowed until rh_http_close() has ended */
    struct rh_house *house;  /* borrowed likewise */
    const char *listen;      /* "127.0.0.1:8186"; NULL = no TCP */
    const char *socket_path; /* of the Unix socket; NULL = none */
    const char *web;         /* folder of the web assets; may be missing */
    /* All may be NULL. */
    void (*note)(void *context, const struct rh_http_note *note);
    void (*metrics)(void *context, struct rh_str *out); /* further lines of /metrics */
    void *context;
};

/* Listens; the first request can come with the next turn of the loop. */
int32_t rh_http_open(const struct rh_http_options *options, struct rh_http **ret_http,
                     struct rh_err *err);

/* "http://127.0.0.1:8186/", as bound; "" without TCP. */
const char *rh_http_url(const struct rh_http *http);

/* Takes no new connections; `drained` is called on the loop once the last request is answered
 * and the last run that a form started has ended. */
void rh_http_drain(struct rh_http *http, void (*drained)(void *context), void *context);

/* Cancels what still runs and closes all connections. What runs on other threads still comes back
 * through rh_store_collect() and the loop. */
void rh_http_stop(struct rh_http *http);

/* After rh_http_stop(), when the store is closed: gives the handles back to the loop, which must
 * run until they are closed; then frees. NULL is fine. */
void rh_http_close(struct rh_http *http);

/* Requests that are not finished yet, and runs that forms started. */
size_t rh_http_running(const struct rh_http *http);

#endif
