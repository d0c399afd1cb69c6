#include "core/http/event_stream.h"

#include "core/http/problem.h"

#include <string.h>

#define PROBLEM_MAX ((size_t)32 * 1024)

static void add(struct rh_request *request, const char *text)
{
    rh_stream_add(request, text, strlen(text));
}

static void begin(struct rh_request *request)
{
    if (request->ready)
        return;
    rh_reply_header(request, "Cache-Control", "no-store");
    rh_reply_header(request, "X-Accel-Buffering", "no"); /* for a proxy: pass on at once */
    rh_stream_begin(request, 200, RH_EVENT_TYPE);
    add(request, "retry: 2000\n\n");
}

void rh_event_send(struct rh_request *request, const char *name, const char *data, size_t length)
{
    begin(request);
    add(request, "event: ");
    add(request, name);
    add(request, "\ndata: ");
    rh_stream_add(request, data, length);
    add(request, "\n\n");
}

void rh_event_beat(struct rh_request *request)
{
    begin(request);
    add(request, ":\n\n");
}

void rh_event_end(struct rh_request *request, const struct rh_answer *answer)
{
    rh_auto_str(problem, PROBLEM_MAX);

    if (answer->json) {
        rh_event_send(request, "answer", answer->json, answer->json_length);
    } else {
        rh_problem_write(request, rh_err_http_status(answer->code), &answer->err, &problem);
        rh_event_send(request, "problem", problem.data, problem.length);
    }
    rh_stream_end(request);
}
