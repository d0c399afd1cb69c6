#include "core/http/view.h"

#include "core/base/alloc.h"
#include "core/http/asset.h"
#include "core/http/problem.h"
#include "core/http/scene.h"
#include "core/operation/words.h"

#include "core/http/pages/answer.mustache.h"
#include "core/http/pages/bottom.mustache.h"
#include "core/http/pages/fault.mustache.h"
#include "core/http/pages/form.mustache.h"
#include "core/http/pages/home.mustache.h"
#include "core/http/pages/run.mustache.h"
#include "core/http/pages/tools.mustache.h"
#include "core/http/pages/top.mustache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_MAX ((size_t)8 * 1024 * 1024)

struct nav_entry {
    const struct rh_page *page;
};

struct rh_view {
    struct rh_templates *house; /* owned */
    const struct rh_template *top, *bottom;
    struct rh_page_view *pages; /* owned */
    size_t page_count;
    struct nav_entry *nav; /* owned; sorted */
    size_t nav_count;
};

/* ---- templates ---- */

static int32_t compile_house(struct rh_view *view, struct rh_err *err)
{
#define SOURCE(name_, text_)                                                                       \
    {                                                                                              \
        .name = (name_), .text = (text_), .length = sizeof(text_) - 1, .mode = RH_TEMPLATE_HTML    \
    }
    const struct rh_template_source sources[] = {
        SOURCE("top", top_mustache),     SOURCE("bottom", bottom_mustache),
        SOURCE("fault", fault_mustache), SOURCE("form", form_mustache),
        SOURCE("home", home_mustache),   SOURCE("answer", answer_mustache),
        SOURCE("tools", tools_mustache), SOURCE("run", run_mustache),
    };
#undef SOURCE
    int32_t rc =
        rh_templates_new(sources, sizeof(sources) / sizeof(sources[0]), NULL, &view->house, err);

    if (rc < 0)
        return rc;
    view->top = rh_template_find(view->house, "top");
    view->bottom = rh_template_find(view->house, "bottom");
    return 0;
}

/* A page that does not compile is the only one that fails: it says so when it is asked for. */
static void compile_page(const struct rh_view *view, struct rh_page_view *page)
{
    const struct rh_page *row = &page->entry->page;
    const char *body = row->body ? row->body : "";
    const struct rh_template_source sources[] = {
        {.name = "body", .text = body, .length = strlen(body), .mode = RH_TEMPLATE_HTML},
        {.name = "title-de",
         .text = row->title.de,
         .length = strlen(row->title.de),
         .mode = RH_TEMPLATE_TEXT},
        {.name = "title-en",
         .text = row->title.en,
         .length = strlen(row->title.en),
         .mode = RH_TEMPLATE_TEXT},
    };

    if (rh_templates_new(sources, 3, view->house, &page->set, &page->err) < 0) {
        rh_err_wrap(&page->err, "Seite '%s'", "page '%s'", row->path);
        return;
    }
    page->body = rh_template_find(page->set, "body");
    page->title[RH_DE] = rh_template_find(page->set, "title-de");
    page->title[RH_EN] = rh_template_find(page->set, "title-en");
}

static int by_order(const void *a, const void *b)
{
    const struct rh_page *left = ((const struct nav_entry *)a)->page;
    const struct rh_page *right = ((const struct nav_entry *)b)->page;

    if (left->nav_order != right->nav_order)
        return left->nav_order < right->nav_order ? -1 : 1;
    return strcmp(left->path, right->path);
}

static void collect_nav(struct rh_view *view)
{
    for (size_t i = 0; i < view->page_count; i++) {
        const struct rh_page *page = &view->pages[i].entry->page;

        if (view->pages[i].body && page->nav.de && page->nav.de[0] && !strchr(page->path, '{'))
            view->nav[view->nav_count++].page = page;
    }
    qsort(view->nav, view->nav_count, sizeof(*view->nav), by_order);
}

int32_t rh_view_open(struct rh_http *http, struct rh_view **ret_view, struct rh_err *err)
{
    const struct rh_registry *registry = http->options.house->registry;
    size_t count = rh_registry_page_count(registry);
    struct rh_view *view = rh_alloc(1, sizeof(*view));
    int32_t rc;

    if (view) {
        view->pages = rh_alloc(count + 1, sizeof(*view->pages));
        view->nav = rh_alloc(count + 1, sizeof(*view->nav));
    }
    if (!view || !view->pages || !view->nav) {
        (void)rh_view_free(view);
        return rh_err_nomem(err);
    }
    rc = compile_house(view, err);
    if (rc < 0) {
        (void)rh_view_free(view);
        return rh_err_wrap(err, "Vorlagen", "templates");
    }
    view->page_count = count;
    for (size_t i = 0; i < count; i++) {
        view->pages[i].entry = rh_registry_page_at(registry, i);
        compile_page(view, &view->pages[i]);
    }
    collect_nav(view);
    *ret_view = view;
    return 0;
}

struct rh_view *rh_view_free(struct rh_view *view)
{
    if (!view)
        return NULL;
    for (size_t i = 0; view->pages && i < view->page_count; i++)
        rh_templates_free(view->pages[i].set);
    rh_free(view->pages);
    rh_free(view->nav);
    rh_templates_free(view->house);
    return rh_free(view);
}

size_t rh_view_page_count(const struct rh_view *view)
{
    return view->page_count;
}

const struct rh_page_view *rh_view_page_at(const struct rh_view *view, size_t index)
{
    return &view->pages[index];
}

size_t rh_view_nav_count(const struct rh_view *view)
{
    return view->nav_count;
}

const struct rh_page *rh_view_nav_at(const struct rh_view *view, size_t index)
{
    return view->nav[index].page;
}

const struct rh_template *rh_view_template(const struct rh_view *view, const char *name)
{
    return rh_template_find(view->house, name);
}

bool rh_view_is_local(const char *address)
{
    if (address[0] != '/' || address[1] == '/')
        return false;
    for (const unsigned char *p = (const unsigned char *)address; *p; p++)
        if (*p < 0x20 || *p == '\\' || *p == 0x7f)
            return false;
    return true;
}

/* ---- showing ---- */

struct rh_scene *rh_scene_new(struct rh_request *request)
{
    struct rh_scene *scene = rh_arena_alloc(&request->arena, sizeof(*scene));

    if (!scene) {
        static const char words[] = "kein Speicher / out of memory\n";

        rh_reply_static(request, 503, "text/plain; charset=utf-8", words, sizeof(words) - 1);
        return NULL;
    }
    scene->request = request;
    scene->status = 200;
    rh_str_init(&scene->out, PAGE_MAX);
    return scene;
}

static int32_t document_of(struct rh_scene *scene, json_t **ret_document, struct rh_err *err)
{
    int32_t rc = 0;

    if (scene->json)
        rc = rh_json_parse(scene->json, scene->json_length, scene->json_length, ret_document, err);
    else if (!(*ret_document = json_object()))
        rc = rh_err_nomem(err);
    if (rc == 0 && scene->entry)
        rc = rh_words_add(scene->entry, *ret_document, scene->request->lang, err);
    if (rc == 0 && scene->fill)
        rc = scene->fill(scene, *ret_document, err);
    return rc < 0 ? rc : rh_scene_describe(scene, *ret_document, err);
}

/* Any thread. */
static void render(struct rh_scene *scene)
{
    const struct rh_view *view = scene->request->http->view;
    enum rh_lang lang = scene->request->lang;
    struct rh_err *err = &scene->err;
    rh_auto_json(document);

    rh_json_init();
    if (document_of(scene, &document, err) < 0)
        return;
    if (rh_template_render(view->top, document, lang, false, &scene->out, err) < 0)
        return;
    if (rh_template_render(scene->body, document, lang, false, &scene->out, err) < 0)
        return;
    (void)rh_template_render(view->bottom, document, lang, false, &scene->out, err);
}

static void reply(struct rh_scene *scene)
{
    struct rh_request *request = scene->request;

    request->reply.html = true;
    request->reply.live = scene->live;
    if (request->lang_asked)
        rh_reply_header(request, "Set-Cookie",
                        request->lang == RH_DE
                            ? "lang=de; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
                            : "lang=en; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
    rh_reply_header(request, "Content-Language", request->lang == RH_DE ? "de" : "en");
    rh_reply_header(request, "Vary", "Accept-Language, Cookie");
    rh_reply_header(request, "Cache-Control",
                    scene->entry && scene->entry->op.flags & RH_OP_PUBLIC ? "no-store"
                                                                          : "private, no-cache");
    rh_reply_text(request, scene->status, "text/html; charset=utf-8", &scene->out);
}

static void on_work(uv_work_t *work)
{
    render(work->data);
}

static void on_worked(uv_work_t *work, int status)
{
    struct rh_scene *scene = work->data;
    struct rh_request *request = scene->request;

    (void)status;
    if (request->closed || scene->err.code < 0)
        rh_str_fini(&scene->out);
    if (!request->closed && scene->err.code < 0)
        rh_reply_fault(request, &scene->err);
    else if (!request->closed)
        reply(scene);
    rh_request_idle(request);
}

void rh_scene_show(struct rh_scene *scene)
{
    struct rh_request *request = scene->request;

    scene->work.data = scene;
    rh_request_busy(request);
    if (uv_queue_work(request->http->loop, &scene->work, on_work, on_worked) != 0)
        on_worked(&scene->work, UV_ECANCELED);
}

static int32_t put_fault(struct rh_scene *scene, json_t *document, struct rh_err *err)
{
    const struct rh_err *fault = scene->context;
    struct rh_text title = rh_status_text(scene->status);
    enum rh_lang lang = scene->request->lang;

    if (json_object_set_new(document, "status", json_integer(scene->status)) < 0 ||
        json_object_set_new(document, "title", json_string(lang == RH_DE ? title.de : title.en)) <
            0 ||
        json_object_set_new(document, "sentence", json_string(fault->text[lang])) < 0)
        return rh_err_nomem(err);
    return 0;
}

void rh_view_fault(struct rh_request *request, int status, const struct rh_err *err)
{
    struct rh_scene *scene = rh_scene_new(request);
    struct rh_err fault = *err;

    if (!scene)
        return;
    scene->body = rh_view_template(request->http->view, "fault");
    scene->title = rh_status_text(status);
    scene->status = status;
    scene->fill = put_fault;
    scene->context = &fault;
    render(scene); /* small, and there may be no pool to wait for */
    if (scene->err.code < 0) {
        rh_str_reset(&scene->out);
        rh_str_add(&scene->out, err->text[request->lang]);
        rh_str_add_char(&scene->out, '\n');
        rh_reply_text(request, status, "text/plain; charset=utf-8", &scene->out);
        return;
    }
    reply(scene);
}
