#include "core/http/page.h"

#include "core/http/form.h"
#include "core/http/health.h"
#include "core/http/pattern.h"
#include "core/http/problem.h"
#include "core/http/run.h"
#include "core/http/view.h"

#include <string.h>

/* ---- which page is it? ---- */

static const struct rh_page_view *find(const struct rh_request *request, int count)
{
    const struct rh_view *view = request->http->view;
    const struct rh_page_view *best = NULL;
    int best_fit = -1;

    for (size_t i = 0; i < rh_view_page_count(view); i++) {
        const struct rh_page_view *page = rh_view_page_at(view, i);
        int found = rh_pattern_fit(page->entry->page.path, &request->target, count);

        if (found > best_fit) {
            best = page;
            best_fit = found;
        }
    }
    return best;
}

/* ---- what it is asked for ---- */

/* The query, and what stands in the path at {name}; the path wins. */
static int32_t fields_of(struct rh_request *request, const struct rh_page_view *page,
                         struct rh_fields *fields, struct rh_err *err)
{
    int32_t rc =
        rh_pattern_fields(page->entry->page.path, &request->target, &request->arena, fields, err);

    for (size_t i = 0; rc == 0 && i < request->query.count; i++)
        if (!rh_fields_find(fields, request->query.at[i].name))
            rc = rh_fields_add(&request->arena, fields, request->query.at[i], err);
    return rc;
}

static void find_crumbs(struct rh_scene *scene)
{
    const struct rh_request *request = scene->request;

    for (int count = 1; count < request->target.count; count++) {
        const struct rh_page_view *page = find(request, count);

        if (!page || !page->body)
            continue;
        scene->crumbs[scene->crumb_count] = page;
        scene->crumb_segments[scene->crumb_count] = count;
        scene->crumb_count++;
    }
}

static int32_t put_parsed(json_t *document, const struct rh_answer *answer, struct rh_err *err)
{
    json_t *done;
    int32_t rc = rh_json_parse(answer->json, answer->json_length, answer->json_length, &done, err);

    if (rc == 0 && json_object_set_new(document, "done", done) < 0)
        rc = rh_err_nomem(err);
    return rc;
}

/* What a form of the page came to. Any thread. */
static int32_t fill_posted(struct rh_scene *scene, json_t *document, struct rh_err *err)
{
    const struct rh_request *request = scene->request;

    if (request->posted->json && request->posted->code >= 0)
        return put_parsed(document, request->posted, err);
    return json_object_set_new(document, "fault",
                               json_string(request->posted->err.text[request->lang])) == 0
               ? 0
               : rh_err_nomem(err);
}

static void show(struct rh_request *request, const struct rh_operation_entry *entry,
                 const struct rh_answer *answer)
{
    struct rh_scene *scene;

    if (!answer->json || (answer->code < 0 && answer->code != RH_EPARTIAL)) {
        rh_reply_fault(request, &answer->err);
        return;
    }
    scene = rh_scene_new(request);
    if (!scene)
        return;
    scene->page = request->page;
    scene->body = scene->page->body;
    scene->entry = entry;
    scene->status = answer->code < 0 ? rh_err_http_status(answer->code) : 200;
    scene->json = answer->json;
    scene->json_length = answer->json_length;
    if (request->posted) {
        scene->fill = fill_posted;
        if (request->posted->code < 0)
            scene->status = rh_err_http_status(request->posted->code);
    }
    if (!(entry->op.flags & RH_OP_PUBLIC))
        find_crumbs(scene);
    rh_scene_show(scene);
}

/* What was written into a form that was refused: the page's operation gets what it knows of it, so
 * that nobody has to write twice. */
static int32_t add_entered(struct rh_request *request, const struct rh_operation_entry *entry,
                           struct rh_fields *fields, struct rh_err *err)
{
    int32_t rc = 0;

    for (int32_t p = 0; rc == 0 && entry && p < entry->param_count; p++) {
        const struct rh_field *field = rh_fields_find(&request->form, entry->params[p].name);

        if (field && !field->bytes && !rh_fields_find(fields, field->name))
            rc = rh_fields_add(&request->arena, fields, *field, err);
    }
    return rc;
}

static void run(struct rh_request *request, const struct rh_page_view *page)
{
    const struct rh_registry *registry = request->http->options.house->registry;
    const struct rh_operation_entry *entry =
        rh_registry_find(registry, page->entry->page.operation);
    struct rh_fields fields = {0};
    struct rh_err err = page->err;

    if (err.code == 0 && (!entry || entry->op.kind != RH_READ))
        rh_err_set(&err, RH_EFAILED, "Seite '%s': '%s' ist keine Operation, die nur liest",
                   "page '%s': '%s' is no operation that only reads", page->entry->page.path,
                   page->entry->page.operation);
    if (err.code < 0) {
        rh_reply_fault_as(request, 500, &err); /* the module's mistake, not the reader's */
        return;
    }
    if (fields_of(request, page, &fields, &err) < 0 ||
        (request->posted && request->posted->code < 0 &&
         add_entered(request, entry, &fields, &err) < 0)) {
        rh_reply_fault(request, &err);
        return;
    }
    request->page = page;
    rh_run(request, entry, &fields, show);
}

/* ---- the first page ---- */

static void home(struct rh_request *request)
{
    const struct rh_view *view = request->http->view;
    struct rh_scene *scene;

    if (rh_view_nav_count(view) > 0) {
        rh_reply_redirect(request, 303, rh_view_nav_at(view, 0)->path);
        return;
    }
    scene = rh_scene_new(request);
    if (!scene)
        return;
    scene->body = rh_view_template(view, "home");
    scene->title = RH_TEXT("Der Server läuft", "The server is running");
    rh_scene_show(scene);
}

/* /turnus/ is /turnus: one address for one thing. */
static void without_slash(struct rh_request *request)
{
    const struct rh_target *target = &request->target;

    rh_reply_redirect(request, 308,
                      rh_arena_printf(&request->arena, "%.*s%s%s", (int)strlen(target->path) - 1,
                                      target->path, target->query[0] ? "?" : "", target->query));
}

void rh_page(struct rh_request *request)
{
    const struct rh_page_view *page = find(request, request->target.count);
    struct rh_err err = {0};

    if (!page && request->target.count > 0) {
        rh_err_set(&err, RH_ENOTFOUND, "die Seite '%.200s' gibt es nicht",
                   "there is no page '%.200s'", request->target.path);
        rh_reply_fault(request, &err);
        return;
    }
    if (!rh_only_get(request))
        return;
    if (!page)
        home(request);
    else if (request->target.slash)
        without_slash(request);
    else
        run(request, page);
}

void rh_page_again(struct rh_request *request, const struct rh_operation_entry *entry,
                   const struct rh_answer *answer)
{
    const struct rh_field *address = rh_fields_find(&request->form, RH_PAGE_FIELD);
    const struct rh_page_view *page;
    struct rh_err err = {0};

    if (!address || !rh_view_is_local(address->value) ||
        rh_target_parse(&request->arena, address->value, &request->target, &err) < 0 ||
        rh_fields_urlencoded(&request->arena, request->target.query, strlen(request->target.query),
                             &request->query, &err) < 0 ||
        !(page = find(request, request->target.count))) {
        rh_form_show(request, entry, answer);
        return;
    }
    request->earlier = request->invocation; /* the answer is in it */
    request->invocation = NULL;
    request->posted = answer;
    run(request, page);
}
