#include "core/http/progress.h"

#include "core/base/json_out.h"
#include "core/http/event_stream.h"

#include <stdio.h>
#include <string.h>

void rh_progress_init(struct rh_progress *progress, uv_async_t *wake)
{
    pthread_mutex_init(&progress->lock, NULL);
    progress->wake = wake;
    progress->started_ns = uv_hrtime();
}

void rh_progress_fini(struct rh_progress *progress)
{
    pthread_mutex_destroy(&progress->lock);
}

/* What is too long ends before a letter that would be cut in two. */
static void copy_what(char to[RH_PROGRESS_WHAT], const char *what)
{
    size_t length = strnlen(what, RH_PROGRESS_WHAT - 1);

    if (what[length])
        while (length > 0 && ((unsigned char)what[length] & 0xC0) == 0x80)
            length--;
    memcpy(to, what, length);
    to[length] = '\0';
}

int32_t rh_progress_report(void *context, int64_t done, int64_t total, const char *what)
{
    struct rh_progress *progress = context;

    pthread_mutex_lock(&progress->lock);
    progress->done = done;
    progress->total = total;
    copy_what(progress->what, what ? what : "");
    progress->fresh = true;
    pthread_mutex_unlock(&progress->lock);
    (void)uv_async_send(progress->wake); /* coalesces; the news lie above */
    return 0;
}

/* Says whether it is news; after `take` it is none. */
static bool write_object(struct rh_progress *progress, bool take, struct rh_str *object)
{
    struct rh_json_out json;
    bool fresh;

    rh_json_out_init(&json, object);
    pthread_mutex_lock(&progress->lock);
    fresh = progress->fresh;
    progress->fresh = fresh && !take;
    rh_json_object_begin(&json);
    rh_json_put_int(&json, "done", progress->done);
    rh_json_put_int(&json, "total", progress->total);
    rh_json_put_text(&json, "what", progress->what);
    rh_json_put_int(&json, "elapsed_ms", (int64_t)((uv_hrtime() - progress->started_ns) / 1000000));
    rh_json_object_end(&json);
    pthread_mutex_unlock(&progress->lock);
    return rh_json_finish(&json, NULL) == 0 && fresh;
}

bool rh_progress_take(struct rh_progress *progress, struct rh_str *object)
{
    return write_object(progress, true, object);
}

void rh_progress_look(struct rh_progress *progress, struct rh_str *object)
{
    (void)write_object(progress, false, object); /* news or not */
}

/* {"progress":{"done":3,"total":10,"what":"…"}} and a line's end. */
static void send_line(struct rh_request *request, const struct rh_str *object)
{
    if (!request->ready)
        rh_stream_begin(request, 200, "application/x-ndjson");
    rh_stream_add(request, "{\"progress\":", strlen("{\"progress\":"));
    rh_stream_add(request, object->data, object->length);
    rh_stream_add(request, "}\n", 2);
}

static void send_news(struct rh_request *request, struct rh_progress *progress)
{
    rh_auto_str(object, 2048);

    if (!rh_progress_take(progress, &object))
        return;
    if (progress->form == RH_PROGRESS_EVENTS)
        rh_event_send(request, "progress", object.data, object.length);
    else
        send_line(request, &object);
}

void rh_progress_collect(struct rh_http *http)
{
    for (struct rh_request *request = http->requests; request; request = request->next)
        if (request->busy && !request->closed && request->progress &&
            request->progress->form != RH_PROGRESS_UNREAD)
            send_news(request, request->progress);
}

void rh_progress_beat(struct rh_http *http)
{
    for (struct rh_request *request = http->requests; request; request = request->next)
        if (request->busy && !request->closed && request->progress &&
            request->progress->form == RH_PROGRESS_EVENTS)
            rh_event_beat(request);
}
