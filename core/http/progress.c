#include "core/http/progress.h"

#include "core/base/json_out.h"

#include <stdio.h>

void rh_progress_init(struct rh_progress *progress, uv_async_t *wake)
{
    pthread_mutex_init(&progress->lock, NULL);
    progress->wake = wake;
}

void rh_progress_fini(struct rh_progress *progress)
{
    pthread_mutex_destroy(&progress->lock);
}

int32_t rh_progress_report(void *context, int64_t done, int64_t total, const char *what)
{
    struct rh_progress *progress = context;

    pthread_mutex_lock(&progress->lock);
    progress->done = done;
    progress->total = total;
    snprintf(progress->what, sizeof(progress->what), "%s", what ? what : "");
    progress->fresh = true;
    pthread_mutex_unlock(&progress->lock);
    (void)uv_async_send(progress->wake); /* coalesces; the news lie above */
    return 0;
}

/* {"progress":{"done":3,"total":10,"what":"…"}} and a line's end. */
static void send_news(struct rh_request *request, struct rh_progress *progress)
{
    rh_auto_str(line, 2048);
    struct rh_json_out json;
    bool fresh;

    rh_json_out_init(&json, &line);
    pthread_mutex_lock(&progress->lock);
    fresh = progress->fresh;
    progress->fresh = false;
    rh_json_object_begin(&json);
    rh_json_key(&json, "progress");
    rh_json_object_begin(&json);
    rh_json_put_int(&json, "done", progress->done);
    rh_json_put_int(&json, "total", progress->total);
    rh_json_put_text(&json, "what", progress->what);
    rh_json_object_end(&json);
    rh_json_object_end(&json);
    pthread_mutex_unlock(&progress->lock);
    rh_str_add_char(&line, '\n');
    if (!fresh || rh_json_finish(&json, NULL) < 0)
        return;
    if (!request->ready)
        rh_stream_begin(request, 200, "application/x-ndjson");
    rh_stream_add(request, line.data, line.length);
}

void rh_progress_collect(struct rh_http *http)
{
    for (struct rh_request *request = http->requests; request; request = request->next)
        if (request->busy && !request->closed && request->progress && request->progress->wanted)
            send_news(request, request->progress);
}
