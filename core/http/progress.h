/*
 * progress.h - news of a running operation, from the thread that works to the loop.
 *
 * Only the newest matters: the worker overwrites, the loop takes what is there when it comes by.
 */
#ifndef CORE_HTTP_PROGRESS_H
#define CORE_HTTP_PROGRESS_H

#include "core/http/internal.h"

#include <pthread.h>

struct rh_progress {
    pthread_mutex_t lock;
    int64_t done, total; /* guarded by lock, as the next two */
    char what[256];
    bool fresh;
    uv_async_t *wake;
    bool wanted; /* the client reads along; loop thread */
};

void rh_progress_init(struct rh_progress *progress, uv_async_t *wake);
void rh_progress_fini(struct rh_progress *progress);

/* For rh_invoke_options.progress: any thread. */
int32_t rh_progress_report(void *context, int64_t done, int64_t total, const char *what);

/* Sends the news of all requests that want them. */
void rh_progress_collect(struct rh_http *http);

#endif
