#include "core/http/form.h"

#include "core/base/text.h"
#include "core/http/form_document.h"
#include "core/http/header.h"
#include "core/http/live_page.h"
#include "core/http/page.h"
#include "core/http/problem.h"
#include "core/http/run.h"
#include "core/http/view.h"

#include <stdio.h>
#include <string.h>

#define BOUNDARY_SIZE 72

/* ---- what was sent ---- */

static int32_t read_fields(struct rh_request *request, struct rh_fields *fields, struct rh_err *err)
{
    const char *type = rh_request_header(request, "Content-Type");
    char boundary[BOUNDARY_SIZE];

    if (request->method != RH_POST) {
        *fields = request->query;
        return 0;
    }
    if (request->body.length == 0)
        return 0;
    if (rh_header_is_type(type, "application/x-www-form-urlencoded"))
        return rh_fields_urlencoded(&request->arena, request->body.data, request->body.length,
                                    fields, err);
    if (rh_header_is_type(type, "multipart/form-data") &&
        rh_header_parameter(type, "boundary", boundary, sizeof(boundary)))
        return rh_fields_multipart(&request->arena, boundary, request->body.data,
                                   request->body.length, fields, err);
    return rh_err_set(err, RH_EUSAGE, "das ist kein Formular", "this is no form");
}

/* Does anything stand in a field that the operation will see? */
static bool any_given(const struct rh_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++)
        if (!rh_run_reserved(fields->at[i].name) && (fields->at[i].value[0] || fields->at[i].bytes))
            return true;
    return false;
}

/* What gives a file is not asked before somebody said what of. */
static bool needs_any(const struct rh_operation_entry *entry)
{
    if (entry->op.flags & RH_OP_CONTENT && entry->param_count > 0)
        return true;
    for (int32_t i = 0; i < entry->param_count; i++)
        if (entry->params[i].flags & RH_PARAM_REQUIRED)
            return true;
    return false;
}

/* ---- what is shown ---- */

void rh_form_show(struct rh_request *request, const struct rh_operation_entry *entry,
                  const struct rh_answer *answer)
{
    bool good = answer && answer->json && (answer->code >= 0 || answer->code == RH_EPARTIAL);
    struct rh_form_document *form = rh_arena_alloc(&request->arena, sizeof(*form));
    struct rh_scene *scene = form ? rh_scene_new(request) : NULL;

    if (!form || !scene) {
        struct rh_err err = {0};

        rh_err_nomem(&err);
        if (!form)
            rh_reply_fault(request, &err);
        return;
    }
    form->entry = entry;
    form->fields = request->form;
    form->answered = good;
    if (answer && !good) {
        form->fault = answer->err;
        scene->status = rh_err_http_status(answer->code);
    }
    if (good) {
        scene->json = answer->json;
        scene->json_length = answer->json_length;
    }
    scene->entry = entry;
    scene->body = rh_view_template(request->http->view, "form");
    scene->title = entry->op.help;
    scene->fill = rh_form_fill;
    scene->context = form;
    rh_scene_show(scene);
}

/* All operations, as a list of forms. */
static void show_tools(struct rh_request *request)
{
    struct rh_scene *scene = rh_scene_new(request);

    if (!scene)
        return;
    scene->body = rh_view_template(request->http->view, "tools");
    scene->title = RH_TEXT("Alle Funktionen", "All functions");
    scene->fill = rh_form_tools;
    rh_scene_show(scene);
}

static const struct rh_operation_entry *find(struct rh_request *request)
{
    const char *path = rh_target_rest(&request->target, 1, &request->arena);
    const struct rh_operation_entry *entry =
        path ? rh_registry_find_path(request->http->options.house->registry, path) : NULL;

    return entry && !(entry->op.flags & RH_OP_LOCAL) ? entry : NULL;
}

static bool method_is_possible(struct rh_request *request)
{
    struct rh_err err = {0};

    if (request->method == RH_GET || request->method == RH_HEAD || request->method == RH_POST)
        return true;
    rh_reply_header(request, "Allow", "GET, HEAD, POST, OPTIONS");
    if (request->method == RH_OPTIONS) {
        rh_reply_static(request, 204, NULL, NULL, 0);
        return false;
    }
    rh_err_set(&err, RH_EUSAGE, "ein Formular wird gelesen oder abgeschickt, nichts sonst",
               "a form is read or sent, nothing else");
    rh_reply_fault_as(request, 405, &err);
    return false;
}

void rh_form(struct rh_request *request)
{
    const struct rh_operation_entry *entry;
    struct rh_err err = {0};

    if (!method_is_possible(request))
        return;
    if (request->target.count == 1) {
        show_tools(request);
        return;
    }
    entry = find(request);
    if (!entry) {
        rh_err_set(&err, RH_ENOTFOUND, "die Funktion '%.200s' gibt es nicht",
                   "there is no function '%.200s'", request->target.path);
        rh_reply_fault(request, &err);
        return;
    }
    if (read_fields(request, &request->form, &err) < 0) {
        rh_reply_fault(request, &err);
        return;
    }
    if (request->method == RH_POST && entry->op.kind == RH_COMPUTE) {
        rh_live_begin(request, entry, &request->form); /* too long to wait for */
        return;
    }
    /* What only looks is looked at right away, unless it has to be told something first. */
    if (request->method == RH_POST ||
        (entry->op.kind == RH_READ && (any_given(&request->form) || !needs_any(entry))))
        rh_run(request, entry, &request->form,
               request->method == RH_POST && rh_fields_find(&request->form, RH_PAGE_FIELD)
                   ? rh_page_again
                   : rh_form_show);
    else
        rh_form_show(request, entry, NULL);
}
