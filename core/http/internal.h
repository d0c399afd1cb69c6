/*
 * internal.h - what the files of this room share. Loop thread only.
 */
#ifndef CORE_HTTP_INTERNAL_H
#define CORE_HTTP_INTERNAL_H

#include "core/http/request.h"

/* Durations are counted in these classes (upper bounds in microseconds); the last has none. */
#define RH_DURATIONS 10

struct rh_route_counts {
    uint64_t by_status[6]; /* [2] = 2xx … */
    uint64_t by_duration[RH_DURATIONS + 1];
    uint64_t duration_us;
};

extern const int64_t rh_durations_us[RH_DURATIONS];

struct rh_assets;
struct rh_contents;
struct rh_rendering;
struct rh_view;

struct rh_http {
    struct rh_http_options options;  /* strings are owned copies */
    struct rh_listener *tcp, *local; /* owned */
    struct rh_request *requests;
    size_t running;
    struct rh_live *live; /* owned; newest first */
    size_t live_count, live_running;
    size_t body_bytes; /* of all requests that are being read */
    uv_prepare_t prepare;
    uv_async_t progress; /* other threads have news of an invocation */
    uv_timer_t beat;     /* streams of events show that they live */
    uv_loop_t *loop;
    int handles; /* not closed yet */
    bool draining, stopped, closing;
    void (*drained)(void *context);
    void *drained_context;
    char url[80];
    struct rh_route_counts counts[RH_ROUTE_COUNT];
    uint64_t connections, refused;
    uint64_t started_ns;
    uint64_t epoch;                  /* random: entity tags of another run never match */
    struct rh_assets *assets;        /* owned */
    struct rh_view *view;            /* owned: templates of the house */
    struct rh_contents *contents;    /* owned: documents that are known */
    struct rh_rendering *renderings; /* documents that are being found out */
};

/* listener.c */
int32_t rh_listener_open(struct rh_http *http, int socket, bool local, const char *path,
                         struct rh_listener **ret_listener, struct rh_err *err);
void rh_listener_quiesce(struct rh_listener *listener);
void rh_listener_pump(struct rh_listener *listener);  /* does what is due, arms the timer */
void rh_listener_stop(struct rh_listener *listener);  /* no connection is left after this */
void rh_listener_close(struct rh_listener *listener); /* gives its handles back */
void rh_listener_wake(struct rh_request *request);    /* the reply, or more of it, is there */
bool rh_listener_dirty(const struct rh_listener *listener);

void rh_request_unwatch(struct rh_request *request);

/* request.c */
struct rh_request *rh_request_new(struct rh_http *http, struct rh_listener *listener);
void rh_request_closed(struct rh_request *request); /* the connection's side has ended */
void rh_request_gone(struct rh_request *request);   /* the client went away early */

/* http.c */
void rh_http_handle_closed(struct rh_http *http); /* the last one frees */
void rh_http_count(struct rh_http *http, const struct rh_request *request, int64_t duration_us);

/* router.c */
void rh_route(struct rh_request *request);

#endif
