/*
 * document.c - an answer of a READ operation as a document of its own.
 *
 *     asked ── kept and true ──────────────────────────────> sent (or 304)
 *        └── else one rendering for all who ask meanwhile:
 *            operation on a reader ─> content on the pool ─> kept ─> sent to all
 *
 * What stands at the placeholders may be a secret: no sentence, note or log has it.
 */
#include "core/http/document.h"

#include "core/base/alloc.h"
#include "core/base/json.h"
#include "core/http/content.h"
#include "core/http/header.h"
#include "core/http/health.h"
#include "core/http/pattern.h"
#include "core/http/problem.h"
#include "core/operation/call.h"

#include <stdio.h>
#include <string.h>

struct waiter {
    struct rh_request *request;
    struct waiter *next;
};

/* Finds out what a document says, once for all who wait. */
struct rh_rendering {
    struct rh_rendering *next; /* of http->renderings */
    struct rh_http *http;
    const struct rh_document_entry *entry; /* borrowed */
    char *key;                             /* owned */
    uint64_t version;                      /* of the data when it began, then of what it read */
    int32_t day;
    struct waiter *waiting;           /* in the arenas of their requests */
    const struct rh_fields *asked;    /* of the one who came first, and waits too */
    struct rh_invocation *invocation; /* owned */
    const struct rh_answer *answer;
    uv_work_t work;
    /* --- the result: one of these --- */
    struct rh_content *content;
    bool gone;
    struct rh_err err;
};

/* ---- which one ---- */

static const struct rh_document_entry *find(const struct rh_request *request)
{
    const struct rh_registry *registry = request->http->options.house->registry;
    const struct rh_document_entry *best = NULL;
    int best_fit = -1;

    for (size_t i = 0; i < rh_registry_document_count(registry); i++) {
        const struct rh_document_entry *entry = rh_registry_document_at(registry, i);
        int fit = rh_pattern_fit(entry->document.path, &request->target, request->target.count);

        if (fit > best_fit) {
            best = entry;
            best_fit = fit;
        }
    }
    return request->target.slash ? NULL : best;
}

bool rh_document_is(const struct rh_request *request)
{
    return find(request) != NULL;
}

/* ---- sending ---- */

/* If-None-Match comes before If-Modified-Since: RFC 9110, 13.2.2. */
static bool is_known(const struct rh_request *request, const struct rh_content *content,
                     const char *tag)
{
    const char *tags = rh_request_header(request, "If-None-Match");
    const char *since = tags ? NULL : rh_request_header(request, "If-Modified-Since");
    int64_t date;

    if (tags)
        return rh_header_has_tag(tags, tag, true);
    return since && content->modified[0] && rh_header_date(since, &date) &&
           date >= content->modified_utc;
}

static void send_content(struct rh_request *request, const char *type, struct rh_content *content)
{
    bool small = content->small &&
                 rh_header_accepts_coding(rh_request_header(request, "Accept-Encoding"), "gzip");
    const char *tag = small ? content->small_tag : content->tag;

    rh_reply_header(request, "ETag", tag);
    rh_reply_header(request, "Last-Modified", content->modified[0] ? content->modified : NULL);
    rh_reply_header(request, "Cache-Control", "private, no-cache");
    rh_reply_header(request, "Vary", content->small ? "Accept-Encoding" : NULL);
    request->reply.release = rh_content_unref; /* of the headers' bytes, too */
    request->reply.what = rh_content_ref(content);
    if (is_known(request, content, tag)) {
        rh_reply_static(request, 304, NULL, NULL, 0);
        return;
    }
    rh_reply_header(request, "Content-Encoding", small ? "gzip" : NULL);
    rh_reply_static(request, 200, type, small ? content->small : content->bytes,
                    small ? content->small_length : content->length);
}

/* The same words for every address that leads nowhere. */
static void send_fault(struct rh_request *request, const struct rh_rendering *rendering)
{
    struct rh_err err = {.code = 0};

    if (rendering->gone) {
        rh_err_set(&err, RH_ENOTFOUND, "dieses Dokument gibt es nicht mehr",
                   "this document is gone");
        rh_reply_fault_as(request, 410, &err);
    } else if (rendering->err.code == RH_ENOTFOUND) {
        rh_err_set(&err, RH_ENOTFOUND, "dieses Dokument gibt es nicht",
                   "there is no such document");
        rh_reply_fault(request, &err);
    } else {
        rh_reply_fault(request, &rendering->err);
    }
}

/* ---- rendering ---- */

static void hide(char *text, const char *secret)
{
    size_t length = strlen(secret);

    for (char *at = text; length > 0 && (at = strstr(at, secret)); at += length)
        memset(at, '*', length);
}

/* An error may quote its parameters. */
static void hide_fields(struct rh_err *err, const struct rh_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++)
        for (int lang = RH_DE; lang <= RH_EN; lang++)
            hide(err->text[lang], fields->at[i].value);
}

static void leave(struct rh_rendering *rendering)
{
    struct rh_rendering **place = &rendering->http->renderings;

    while (*place != rendering)
        place = &(*place)->next;
    *place = rendering->next;
}

static void finish(struct rh_rendering *rendering)
{
    struct rh_http *http = rendering->http;
    struct rh_content *content = rendering->content;

    leave(rendering);
    if (content)
        content = rh_contents_keep(http->contents, rendering->key, content, rendering->version,
                                   rendering->day);
    for (struct waiter *waiter = rendering->waiting, *next; waiter; waiter = next) {
        struct rh_request *request = waiter->request;

        next = waiter->next;
        if (!request->closed && content)
            send_content(request, rendering->entry->document.content_type, content);
        else if (!request->closed)
            send_fault(request, rendering);
        rh_request_idle(request); /* with the waiter in its arena */
    }
    rh_content_unref(rendering->content);
    rh_invocation_free(rendering->invocation);
    rh_free(rendering->key);
    rh_free(rendering);
}

/* On the pool: the answer becomes bytes. */
static void on_work(uv_work_t *work)
{
    struct rh_rendering *rendering = work->data;
    const struct rh_answer *answer = rendering->answer;
    int64_t modified = RH_CONTENT_UNDATED;
    rh_auto_json(json);
    const json_t *content;

    rh_json_init();
    if (rh_json_parse(answer->json, answer->json_length, answer->json_length, &json,
                      &rendering->err) < 0 ||
        rh_json_want_bool(json, "gone", false, &rendering->gone, &rendering->err) < 0 ||
        rh_json_want_int(json, "modified_utc", INT64_MIN, INT64_MAX, modified, &modified,
                         &rendering->err) < 0 ||
        rendering->gone)
        return;
    content = json_object_get(json, "content");
    if (!json_is_string(content)) {
        rh_err_set(&rendering->err, RH_EFAILED, "'%s' hat nicht mit \"content\" geantwortet",
                   "'%s' did not answer with \"content\"", rendering->entry->document.operation);
        return;
    }
    rendering->content =
        rh_content_new(json_string_value(content), json_string_length(content), modified);
    if (!rendering->content)
        (void)rh_err_nomem(&rendering->err); /* read in finish() */
}

static void on_worked(uv_work_t *work, int status)
{
    struct rh_rendering *rendering = work->data;

    if (status != 0)
        (void)rh_err_nomem(&rendering->err); /* read in finish() */
    finish(rendering);
}

static void on_answer(struct rh_invocation *invocation, const struct rh_answer *answer,
                      void *context)
{
    struct rh_rendering *rendering = context;

    rendering->invocation = invocation;
    rendering->answer = answer;
    rendering->version = answer->version;
    rendering->work.data = rendering;
    if (answer->code < 0) {
        rendering->err = answer->err;
        hide_fields(&rendering->err, rendering->asked);
        finish(rendering);
    } else if (uv_queue_work(rendering->http->loop, &rendering->work, on_work, on_worked) != 0) {
        on_worked(&rendering->work, UV_ENOMEM);
    }
}

/* ---- asking ---- */

/* What is asked, and of which state of the world. */
struct question {
    const struct rh_document_entry *entry;
    const char *key;
    enum rh_lang lang;
    uint64_t version;
    int32_t day;
};

/* One that began before the data changed may not know of the change. */
static struct rh_rendering *find_rendering(const struct rh_http *http,
                                           const struct question *question)
{
    for (struct rh_rendering *r = http->renderings; r; r = r->next)
        if (!r->answer && r->version == question->version && r->day == question->day &&
            strcmp(r->key, question->key) == 0)
            return r;
    return NULL;
}

/* NULL without memory. */
static struct rh_rendering *rendering_new(struct rh_request *request,
                                          const struct question *question)
{
    struct rh_rendering *rendering = rh_alloc(1, sizeof(*rendering));

    if (rendering)
        rendering->key = rh_strdup(question->key);
    if (!rendering || !rendering->key ||
        rh_pattern_fields(question->entry->document.path, &request->target, &request->arena,
                          &request->form, NULL) < 0) {
        if (rendering)
            rh_free(rendering->key);
        return rh_free(rendering);
    }
    rendering->http = request->http;
    rendering->entry = question->entry;
    rendering->asked = &request->form;
    rendering->version = question->version;
    rendering->day = question->day;
    rendering->next = request->http->renderings;
    request->http->renderings = rendering;
    return rendering;
}

static void run(struct rh_rendering *rendering, const char *operation,
                const struct rh_invoke_options *options)
{
    struct rh_house *house = rendering->http->options.house;
    struct rh_argument arguments[RH_TARGET_SEGMENTS];
    size_t count = rendering->asked->count;

    for (size_t i = 0; i < count; i++)
        arguments[i] = (struct rh_argument){.name = rendering->asked->at[i].name,
                                            .value = rendering->asked->at[i].value};
    if (rh_invoke(house, rh_registry_find(house->registry, operation), arguments, count, options,
                  on_answer, rendering))
        return;
    (void)rh_err_nomem(&rendering->err); /* read in finish() */
    finish(rendering);
}

/* False without memory; else the reply comes. */
static bool wait_for_it(struct rh_request *request, const struct question *question)
{
    const struct rh_invoke_options options = {
        .lang = question->lang, .actor = request->actor, .as_of = RH_NO_DAY};
    struct waiter *waiter = rh_arena_alloc(&request->arena, sizeof(*waiter));
    struct rh_rendering *rendering = find_rendering(request->http, question);
    bool first = !rendering;

    if (first && waiter)
        rendering = rendering_new(request, question);
    if (!waiter || !rendering)
        return false;
    *waiter = (struct waiter){.request = request, .next = rendering->waiting};
    rendering->waiting = waiter;
    rh_request_busy(request);
    if (first)
        run(rendering, question->entry->document.operation, &options);
    return true;
}

static void refuse(struct rh_request *request)
{
    struct rh_err err;

    rh_err_clear(&err);
    (void)rh_err_nomem(&err); /* shown below */
    rh_reply_fault(request, &err);
}

void rh_document(struct rh_request *request)
{
    struct rh_house *house = request->http->options.house;
    struct question question = {
        .entry = find(request),
        .lang = request->lang_asked ? request->lang : RH_DE,
        .version = rh_store_version(house->store),
        .day = rh_house_today(house),
    };
    struct rh_content *content = NULL;

    if (!question.entry || !rh_only_get(request)) /* the router asked rh_document_is() */
        return;
    request->operation = question.entry->document.operation;
    question.key =
        rh_arena_printf(&request->arena, "%d%s", (int)question.lang, request->target.path);
    if (question.key)
        content =
            rh_contents_find(request->http->contents, question.key, question.version, question.day);
    if (content)
        send_content(request, question.entry->document.content_type, content);
    else if (!question.key || !wait_for_it(request, &question))
        refuse(request);
}
