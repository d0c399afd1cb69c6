/*
 * request.h - one request and its reply, in our own words.
 *
 * The listener makes a request, fills it, and hands it to rh_route(). Whoever handles it either
 * replies at once (rh_reply…) or starts something and returns; then the connection sleeps until a
 * reply is there. A request lives until both have ended: the connection's side (`closed`) and what
 * was started for it (`busy`). Loop thread only, except where it says so.
 */
#ifndef CORE_HTTP_REQUEST_H
#define CORE_HTTP_REQUEST_H

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/http/field.h"
#include "core/http/http.h"
#include "core/http/target.h"

#define RH_BODY_MAX    ((size_t)16 * 1024 * 1024) /* bytes of a request */
#define RH_BODIES_MAX  ((size_t)64 * 1024 * 1024) /* of all requests that are being read */
#define RH_REQUEST_MAX ((size_t)64 * 1024 * 1024) /* of a request's own memory */

enum rh_method { RH_GET, RH_HEAD, RH_POST, RH_OPTIONS, RH_OTHER_METHOD };

/* What kind of thing was asked for; the classes of /metrics. */
#define RH_ROUTES(X)                                                                               \
    X(API, "api")                                                                                  \
    X(PAGE, "page")                                                                                \
    X(FORM, "form")                                                                                \
    X(DOCUMENT, "document")                                                                        \
    X(STATIC, "static")                                                                            \
    X(HEALTH, "health")                                                                            \
    X(NONE, "none")
#define RH_ROUTE_(name, text) RH_ROUTE_##name,
enum rh_route { RH_ROUTES(RH_ROUTE_) RH_ROUTE_COUNT };
#undef RH_ROUTE_

#define RH_REPLY_HEADERS 12

struct rh_reply {
    int status;
    const char *type; /* Content-Type; NULL = no body. Borrowed as long as the request */
    const char *bytes;
    size_t length;
    void (*release)(void *what); /* of the bytes, when they are sent; NULL = they outlive it */
    void *what;
    bool html;   /* gets the Content-Security-Policy of pages */
    bool live;   /* … that may run the house's script and read events */
    bool stream; /* the body comes piece by piece: rh_stream_add() */
    struct {
        const char *name, *value; /* borrowed as long as the request */
    } headers[RH_REPLY_HEADERS];
    int header_count;
};

struct rh_listener;
struct rh_progress;
struct rh_page_view;
struct rh_live;

struct rh_request {
    struct rh_http *http;
    struct rh_listener *listener;
    struct rh_request *previous, *next; /* all that are not freed */
    struct rh_arena arena;

    /* --- what was asked --- */
    enum rh_method method;
    char *raw_target; /* owned */
    struct rh_target target;
    struct rh_fields query;
    struct rh_fields form; /* what a form sent, or the query */
    struct rh_str body;
    bool body_too_large, body_refused;
    enum rh_lang lang;
    bool lang_asked; /* by ?lang=, so it is kept in a cookie */
    bool local;      /* came over the Unix socket */
    char actor[32];

    /* --- what is answered --- */
    enum rh_route route;
    const char *operation; /* its name, for notes; or NULL */
    struct rh_reply reply;
    bool ready;        /* there is a reply */
    bool changes;      /* the operation is no READ */
    const char *fault; /* English, in the arena: for notes, when status >= 500 */
    uint64_t started_ns;

    /* --- what runs for it --- */
    int busy;                         /* things that run */
    struct rh_invocation *invocation; /* owned */
    struct rh_invocation *earlier;    /* owned: what a form ran before its page is shown again */
    struct rh_progress *progress;     /* in the arena; NULL when it has none */
    const struct rh_live *live;       /* whose events are read; NULL = nobody's */
    void *handler;                    /* run.c's own, in the arena */
    const struct rh_page_view *page;  /* that is shown with the answer */
    const struct rh_answer *posted;   /* what came of that form; in `earlier` */
    struct rh_str stream;             /* not sent yet */
    size_t stream_sent;
    bool stream_ended;

    /* --- the listener's --- */
    void *connection;
    void *watch; /* sees the client go while the connection sleeps */
    bool begun, handled, queued, asleep, closed;
    uint64_t discarded;
};

/* A header of the request, or NULL. Not after `closed`. */
const char *rh_request_header(const struct rh_request *request, const char *name);

/* Something was started that will end with rh_request_idle(). */
void rh_request_busy(struct rh_request *request);
/* It ended; the request may be freed by this. */
void rh_request_idle(struct rh_request *request);

/* From now on `rh_request_gone` is asked for when the client goes away before the reply. */
void rh_request_watch(struct rh_request *request);

/* The reply is complete; wakes the connection. */
void rh_reply_send(struct rh_request *request);

void rh_reply_header(struct rh_request *request, const char *name, const char *value);

/* Bytes that outlive the reply, or NULL for an empty one. */
void rh_reply_static(struct rh_request *request, int status, const char *type, const char *bytes,
                     size_t length);
/* Takes the text over. */
void rh_reply_text(struct rh_request *request, int status, const char *type, struct rh_str *text);
void rh_reply_redirect(struct rh_request *request, int status, const char *to);

/* Starts a body of unknown length, adds to it, ends it. */
void rh_stream_begin(struct rh_request *request, int status, const char *type);
void rh_stream_add(struct rh_request *request, const char *bytes, size_t length);
void rh_stream_end(struct rh_request *request);

#endif
