/*
 * view.h - how pages look: templates inside the layout of the house.
 *
 * A scene is one page to be shown: a template, the document it is rendered with, and what the
 * layout needs to know. Rendering happens on libuv's pool; the reply follows on the loop. The
 * document has one member that is ours, "page" (see README.md for what it offers to templates).
 */
#ifndef CORE_HTTP_VIEW_H
#define CORE_HTTP_VIEW_H

#include "core/http/internal.h"
#include "core/template/template.h"

int32_t rh_view_open(struct rh_http *http, struct rh_view **ret_view, struct rh_err *err);
struct rh_view *rh_view_free(struct rh_view *view);

/* A page of a module with its compiled templates. */
struct rh_page_view {
    const struct rh_page_entry *entry;
    struct rh_templates *set;                  /* owned; NULL when it does not compile */
    const struct rh_template *body, *title[2]; /* in the set; title by language */
    struct rh_err err;                         /* why it does not compile */
};
size_t rh_view_page_count(const struct rh_view *view);
const struct rh_page_view *rh_view_page_at(const struct rh_view *view, size_t index);

/* The entries of the navigation: pages that have one and no {…} in their path, by nav_order. */
size_t rh_view_nav_count(const struct rh_view *view);
const struct rh_page *rh_view_nav_at(const struct rh_view *view, size_t index);

/* A template of the house: "fault", "form", "home". Never NULL for one that exists. */
const struct rh_template *rh_view_template(const struct rh_view *view, const char *name);

struct rh_scene {
    struct rh_request *request;
    const struct rh_template *body;
    const struct rh_page_view *page;        /* gives the title, the style sheets, the place in the
                                               navigation; NULL = a page of the house */
    struct rh_text title;                   /* of a page of the house */
    const struct rh_operation_entry *entry; /* whose answer the document is: gives codes their
                                               words; NULL = of none */
    int status;
    bool live; /* shows a run: reads its events by script, or loads itself anew */
    /* The document: this JSON object (valid as long as the request), or an empty one … */
    const char *json;
    size_t json_length;
    /* … and what this adds to it, on the pool's thread. May be NULL. */
    int32_t (*fill)(struct rh_scene *scene, json_t *document, struct rh_err *err);
    void *context;
    /* Ancestors of the page, nearest last; filled by page.c. */
    const struct rh_page_view *crumbs[RH_TARGET_SEGMENTS];
    int crumb_segments[RH_TARGET_SEGMENTS];
    int crumb_count;
    /* view.c's own */
    uv_work_t work;
    struct rh_str out;
    struct rh_err err;
};

/* A zeroed scene in the request's arena; NULL after a reply was made for want of memory. */
struct rh_scene *rh_scene_new(struct rh_request *request);
void rh_scene_show(struct rh_scene *scene);

/* A page that says what went wrong; at once. */
void rh_view_fault(struct rh_request *request, int status, const struct rh_err *err);

/* Is it an address of ours that a link may lead back to? */
bool rh_view_is_local(const char *address);

#endif
