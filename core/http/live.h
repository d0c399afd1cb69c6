/*
 * live.h - runs that do not hang on a connection: computations that a form started.
 *
 * A run has an address that nobody can guess, belongs to the actor who started it, and goes on when
 * the browser leaves; only rh_live_cancel() and the end of the server stop it. Its answer is kept
 * for ten minutes. There are RH_LIVE_MAX at most: the oldest that has ended makes room, and when
 * all are running, a new one is refused. Loop thread only.
 */
#ifndef CORE_HTTP_LIVE_H
#define CORE_HTTP_LIVE_H

#include "core/http/progress.h"

#define RH_LIVE_MAX     64
#define RH_LIVE_KEEP_MS (INT64_C(10) * 60 * 1000)
#define RH_LIVE_ID      33

struct rh_live {
    struct rh_live *next;
    struct rh_http *http;
    char id[RH_LIVE_ID];
    const struct rh_operation_entry *entry;
    char actor[32];
    struct rh_arena arena;
    struct rh_fields fields; /* what was sent, without the contents of files */
    bool files;              /* there were some */
    struct rh_progress progress;
    struct rh_invocation *invocation; /* owned */
    const struct rh_answer *answer;   /* the invocation's; NULL while it runs */
    bool cancelled;
    uint64_t started_ns;
    int64_t ended_ms; /* by the house's clock */
};

/* Starts a run; a form that is sent twice finds the run it started. NULL: see `err`. */
struct rh_live *rh_live_start(struct rh_request *request, const struct rh_operation_entry *entry,
                              const struct rh_fields *fields, struct rh_err *err);
/* The run of this id, if it is there and this actor's; else NULL. */
struct rh_live *rh_live_find(const struct rh_request *request, const char *id);
void rh_live_cancel(struct rh_live *live);

/* Copies into the arena of a request, because a run may go while a page is made of it. */
int32_t rh_live_fields(struct rh_arena *arena, const struct rh_fields *from, struct rh_fields *to,
                       struct rh_err *err);

/* Sends the news of all runs to those who read along; shows them that the connection lives. */
void rh_live_collect(struct rh_http *http);
void rh_live_beat(struct rh_http *http);

/* Drops what has ended, cancels what runs; that goes when it comes back. */
void rh_live_stop(struct rh_http *http);

#endif
