#include "core/http/live_page.h"

#include "core/http/event_stream.h"
#include "core/http/form.h"
#include "core/http/health.h"
#include "core/http/live.h"
#include "core/http/problem.h"
#include "core/http/view.h"

#include <stdio.h>
#include <string.h>

static void go_to(struct rh_request *request, const struct rh_live *live, const char *what)
{
    rh_reply_header(request, "Cache-Control", "no-store");
    rh_reply_redirect(request, 303, rh_arena_printf(&request->arena, "/runs/%s%s", live->id, what));
}

void rh_live_begin(struct rh_request *request, const struct rh_operation_entry *entry,
                   const struct rh_fields *fields)
{
    struct rh_live *live;
    struct rh_err err = {0};

    live = rh_live_start(request, entry, fields, &err);
    if (live)
        go_to(request, live, "");
    else
        rh_reply_fault(request, &err);
}

/* ---- how it stands ---- */

/* A page is made on another thread; by then the run may be gone. */
struct snapshot {
    char id[RH_LIVE_ID];
    const char *what;
    int64_t done, total, elapsed_s;
    bool cancelled;
};

static int32_t fill(struct rh_scene *scene, json_t *document, struct rh_err *err)
{
    const struct snapshot *shot = scene->context;
    json_t *run = json_pack("{s:s, s:s, s:I, s:I, s:I, s:b, s:b}", "id", shot->id, "what",
                            shot->what, "done", (json_int_t)shot->done, "total",
                            (json_int_t)shot->total, "elapsed", (json_int_t)shot->elapsed_s,
                            "cancelled", (int)shot->cancelled, "counted", (int)(shot->total > 0));

    if (!run || json_object_set_new(document, "run", run) < 0)
        return rh_err_nomem(err);
    return 0;
}

static struct snapshot *snapshot_of(struct rh_request *request, struct rh_live *live)
{
    struct snapshot *shot = rh_arena_alloc(&request->arena, sizeof(*shot));

    if (!shot)
        return NULL;
    memcpy(shot->id, live->id, sizeof(shot->id));
    pthread_mutex_lock(&live->progress.lock);
    shot->done = live->progress.done;
    shot->total = live->progress.total;
    shot->what = rh_arena_strdup(&request->arena, live->progress.what);
    pthread_mutex_unlock(&live->progress.lock);
    shot->elapsed_s = (int64_t)((uv_hrtime() - live->started_ns) / 1000000000);
    shot->cancelled = live->cancelled;
    return shot->what ? shot : NULL;
}

static void show(struct rh_request *request, struct rh_live *live)
{
    struct snapshot *shot = snapshot_of(request, live);
    struct rh_scene *scene;
    struct rh_err err = {0};

    if (!shot) {
        rh_err_nomem(&err);
        rh_reply_fault(request, &err);
        return;
    }
    scene = rh_scene_new(request);
    if (!scene)
        return;
    scene->body = rh_view_template(request->http->view, "run");
    scene->title = live->entry->op.help;
    scene->fill = fill;
    scene->context = shot;
    scene->live = true;
    rh_scene_show(scene);
}

/* ---- what came of it ---- */

static void show_answer(struct rh_request *request, const struct rh_live *live)
{
    struct rh_answer *answer = rh_arena_alloc(&request->arena, sizeof(*answer));
    struct rh_err err = {0};

    if (!answer) {
        rh_err_nomem(&err);
    } else {
        *answer = *live->answer;
        if (answer->json)
            answer->json =
                rh_arena_strndup(&request->arena, live->answer->json, live->answer->json_length);
        if (live->answer->json && !answer->json)
            rh_err_nomem(&err);
        else
            rh_live_fields(&request->arena, &live->fields, &request->form, &err);
    }
    if (err.code < 0)
        rh_reply_fault(request, &err);
    else
        rh_form_show(request, live->entry, answer);
}

/* ---- reading along, stopping ---- */

static void send_events(struct rh_request *request, struct rh_live *live)
{
    rh_auto_str(object, 2048);

    if (request->method == RH_HEAD) {
        rh_reply_static(request, 200, RH_EVENT_TYPE, NULL, 0);
        return;
    }
    if (live->answer) {
        rh_event_end(request, live->answer);
        return;
    }
    rh_progress_look(&live->progress, &object);
    rh_event_send(request, "progress", object.data, object.length);
    request->live = live;
    rh_request_watch(request);
}

static void cancel(struct rh_request *request, struct rh_live *live)
{
    struct rh_err err = {0};

    if (request->method == RH_POST) {
        rh_live_cancel(live);
        go_to(request, live, "");
        return;
    }
    rh_reply_header(request, "Allow", "POST, OPTIONS");
    rh_err_set(&err, RH_EUSAGE, "abgebrochen wird mit POST", "cancelling is done with POST");
    rh_reply_fault_as(request, 405, &err);
}

static void not_found(struct rh_request *request)
{
    struct rh_err err = {0};

    rh_err_set(&err, RH_ENOTFOUND,
               "diese Berechnung gibt es nicht, oder sie ist seit mehr als zehn Minuten fertig",
               "there is no such computation, or it ended more than ten minutes ago");
    rh_reply_fault(request, &err);
}

static void show_answer_or_wait(struct rh_request *request, struct rh_live *live)
{
    if (live->answer)
        show_answer(request, live);
    else
        go_to(request, live, "");
}

/* What stands behind the id: nothing, or one of these. */
static bool is_part(const char *what)
{
    return !what[0] || strcmp(what, "cancel") == 0 || strcmp(what, "events") == 0 ||
           strcmp(what, "answer") == 0;
}

void rh_live_page(struct rh_request *request)
{
    const struct rh_target *target = &request->target;
    const char *what = target->count == 3 ? target->segment[2] : "";
    struct rh_live *live =
        target->count == 2 || target->count == 3 ? rh_live_find(request, target->segment[1]) : NULL;

    if (!live || !is_part(what))
        not_found(request);
    else if (strcmp(what, "cancel") == 0)
        cancel(request, live);
    else if (!rh_only_get(request))
        return;
    else if (strcmp(what, "events") == 0)
        send_events(request, live);
    else if (strcmp(what, "answer") == 0)
        show_answer_or_wait(request, live);
    else if (live->answer)
        go_to(request, live, "/answer");
    else
        show(request, live);
}
