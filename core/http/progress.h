/*
 * progress.h - news of a running operation, from the thread that works to the loop.
 *
 * Only the newest matters: the worker overwrites, the loop takes what is there when it comes by.
 */
#ifndef CORE_HTTP_PROGRESS_H
#define CORE_HTTP_PROGRESS_H

#include "core/http/internal.h"

#include <pthread.h>

#define RH_PROGRESS_WHAT 256

/* How the client that waits for the answer reads along. */
enum rh_progress_form { RH_PROGRESS_UNREAD, RH_PROGRESS_LINES, RH_PROGRESS_EVENTS };

struct rh_progress {
    pthread_mutex_t lock;
    int64_t done, total; /* guarded by lock, as the next two */
    char what[RH_PROGRESS_WHAT];
    bool fresh;
    uv_async_t *wake;
    uint64_t started_ns;
    enum rh_progress_form form; /* loop thread */
};

void rh_progress_init(struct rh_progress *progress, uv_async_t *wake);
void rh_progress_fini(struct rh_progress *progress);

/* For rh_invoke_options.progress: any thread. */
int32_t rh_progress_report(void *context, int64_t done, int64_t total, const char *what);

/* How it stands: {"done":3,"total":10,"what":"…","elapsed_ms":120}. Says whether that is news. */
bool rh_progress_take(struct rh_progress *progress, struct rh_str *object);
/* The same for one who comes later: what is news for the others stays so. */
void rh_progress_look(struct rh_progress *progress, struct rh_str *object);

/* Sends the news of all requests that want them. */
void rh_progress_collect(struct rh_http *http);
/* Shows those who read events that the connection lives. */
void rh_progress_beat(struct rh_http *http);

#endif
