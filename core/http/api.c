#include "core/http/api.h"

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/http/event_stream.h"
#include "core/http/header.h"
#include "core/http/problem.h"
#include "core/http/run.h"
#include "core/operation/describe.h"
#include "core/operation/render.h"

#include <stdio.h>
#include <string.h>

#define OPENAPI_MAX ((size_t)4 * 1024 * 1024)
#define CSV_MAX     ((size_t)64 * 1024 * 1024)
#define SVG_MAX     ((size_t)4 * 1024 * 1024)
#define LINES       "application/x-ndjson"

/* ---- the answer ---- */

enum format {
    FORMAT_JSON,
    FORMAT_CSV,
    FORMAT_EXCEL,
    FORMAT_SVG,
    FORMAT_LINES,
    FORMAT_EVENTS,
    FORMAT_NONE
};

/* What the client wants: `format` in the query, for links, or else the Accept header. */
static enum format format_of(const struct rh_request *request)
{
    const struct rh_field *asked = rh_fields_find(&request->query, "format");
    const char *accept = rh_request_header(request, "Accept");
    int json = rh_header_accepts(accept, "application/json");
    int csv = rh_header_accepts(accept, "text/csv");

    if (asked) {
        if (strcmp(asked->value, "json") == 0)
            return FORMAT_JSON;
        if (strcmp(asked->value, "csv") == 0)
            return FORMAT_CSV;
        if (strcmp(asked->value, "svg") == 0)
            return FORMAT_SVG;
        return strcmp(asked->value, "csv-excel") == 0 ? FORMAT_EXCEL : FORMAT_NONE;
    }
    if (accept && strstr(accept, LINES))
        return FORMAT_LINES;
    if (accept && strstr(accept, RH_EVENT_TYPE))
        return FORMAT_EVENTS;
    if (csv > json)
        return FORMAT_CSV;
    return json > 0 ? FORMAT_JSON : FORMAT_NONE;
}

static void free_invocation(void *what)
{
    (void)rh_invocation_free(what);
}

/* The answer's bytes belong to the invocation, which now goes with the reply. */
static void reply_json(struct rh_request *request, int status, const struct rh_answer *answer)
{
    request->reply.release = free_invocation;
    request->reply.what = request->invocation;
    request->invocation = NULL;
    rh_reply_static(request, status, "application/json", answer->json, answer->json_length);
}

/* "turnus export" -> `attachment; filename="turnus-export.csv"` */
static const char *file_header(struct rh_request *request, const char *operation)
{
    char *text = rh_arena_printf(&request->arena, "attachment; filename=\"%s.csv\"", operation);

    for (char *p = text ? strchr(text, '"') : NULL; p && *p; p++)
        if (*p == ' ')
            *p = '-';
    return text;
}

static void reply_csv(struct rh_request *request, const struct rh_operation_entry *entry,
                      const struct rh_answer *answer, bool excel)
{
    struct rh_err err = {0};
    struct rh_str text;

    rh_str_init(&text, CSV_MAX);
    if (rh_render_csv(entry, answer->json, answer->json_length, excel, &text, &err) < 0) {
        rh_str_fini(&text);
        rh_reply_fault(request, &err);
        return;
    }
    rh_reply_header(request, "Content-Disposition", file_header(request, entry->op.name));
    rh_reply_text(request, 200, "text/csv; charset=utf-8; header=present", &text);
}

/* Whether the operation draws: its answer has a picture in the member `svg`. */
static bool draws(const struct rh_operation_entry *entry)
{
    for (int32_t i = 0; i < entry->other_count; i++)
        if (strcmp(entry->others[i].name, ".svg") == 0)
            return true;
    return false;
}

/* The picture alone, for <img>: no page, so nothing in it runs and nothing is fetched for it. */
static void reply_svg(struct rh_request *request, const struct rh_answer *answer)
{
    struct rh_err err = {0};
    struct rh_str text;
    json_t *json = NULL;
    const char *svg;

    if (rh_json_parse(answer->json, answer->json_length, SVG_MAX, &json, &err) < 0) {
        rh_reply_fault(request, &err);
        return;
    }
    svg = json_string_value(json_object_get(json, "svg"));
    rh_str_init(&text, SVG_MAX);
    rh_str_add(&text, svg ? svg : "");
    json_decref(json);
    rh_reply_text(request, 200, "image/svg+xml", &text);
}

/* The last line of a stream, or the only one. */
static void reply_lines(struct rh_request *request, int status, const struct rh_answer *answer)
{
    struct rh_str line;

    rh_str_init(&line, answer->json_length + 32 * 1024);
    if (answer->json) {
        rh_str_add(&line, "{\"answer\":");
        rh_str_add_n(&line, answer->json, answer->json_length);
    } else {
        rh_str_add(&line, "{\"problem\":");
        rh_problem_write(request, status, &answer->err, &line);
    }
    rh_str_add(&line, "}\n");
    if (!request->ready) {
        rh_reply_text(request, status, LINES, &line);
        return;
    }
    /* The status of a stream is said before its end is known; the line says the rest. */
    rh_stream_add(request, line.data, line.length);
    rh_stream_end(request);
    rh_str_fini(&line);
}

/* A reading that the client has already costs it no transfer. */
static bool is_known(struct rh_request *request, const struct rh_answer *answer)
{
    const char *known = rh_request_header(request, "If-None-Match");
    char tag[RH_TAG_MAX];

    rh_run_tag(request, answer->version, answer->json, answer->json_length, tag);
    rh_reply_header(request, "ETag", rh_arena_strdup(&request->arena, tag));
    rh_reply_header(request, "Cache-Control", "private, no-cache");
    rh_reply_header(request, "Vary", "Accept, Accept-Language, Cookie");
    return known && rh_header_has_tag(known, tag, true);
}

static void reply(struct rh_request *request, const struct rh_operation_entry *entry,
                  const struct rh_answer *answer)
{
    int status = rh_err_http_status(answer->code);
    enum format format = format_of(request);
    bool usable = answer->json && (answer->code >= 0 || answer->code == RH_EPARTIAL);

    if (format == FORMAT_EVENTS) {
        rh_event_end(request, answer);
    } else if (request->ready || format == FORMAT_LINES) {
        reply_lines(request, status, answer);
    } else if (!usable) {
        rh_reply_fault(request, &answer->err);
    } else if (entry->op.kind == RH_READ && is_known(request, answer)) {
        rh_reply_static(request, 304, NULL, NULL, 0);
    } else if (format == FORMAT_SVG) {
        reply_svg(request, answer);
    } else if (format == FORMAT_CSV || format == FORMAT_EXCEL) {
        reply_csv(request, entry, answer, format == FORMAT_EXCEL);
    } else {
        if (entry->op.kind != RH_READ)
            rh_reply_header(request, "Cache-Control", "no-store");
        reply_json(request, status, answer);
    }
}

/* ---- the call ---- */

static void refuse_method(struct rh_request *request, const char *allowed)
{
    struct rh_err err = {0};

    rh_reply_header(request, "Allow", allowed);
    if (request->method == RH_OPTIONS) {
        rh_reply_static(request, 204, NULL, NULL, 0);
        return;
    }
    rh_err_set(&err, RH_EUSAGE, "hier geht nur %s", "only %s is possible here", allowed);
    rh_reply_fault_as(request, 405, &err);
}

static void not_found(struct rh_request *request, const char *path)
{
    const struct rh_registry *registry = request->http->options.house->registry;
    size_t count = rh_registry_count(registry);
    const char **paths = rh_arena_array(&request->arena, count + 1, sizeof(*paths));
    struct rh_err err = {0};
    int nearest = -1;

    for (size_t i = 0; paths && i < count; i++) {
        const struct rh_operation_entry *entry = rh_registry_at(registry, i);

        paths[i] = entry->op.flags & RH_OP_LOCAL ? NULL : entry->path;
    }
    if (paths)
        nearest = rh_text_nearest(path, paths, count);
    if (nearest >= 0)
        rh_err_set(&err, RH_ENOTFOUND, "'%.100s' gibt es nicht (gemeint: '%s'?)",
                   "there is no '%.100s' (did you mean '%s'?)", path, paths[nearest]);
    else
        rh_err_set(&err, RH_ENOTFOUND, "'%.100s' gibt es nicht; was es gibt, steht in %s",
                   "there is no '%.100s'; what there is stands in %s", path,
                   "/api/v1/openapi.json");
    rh_reply_fault(request, &err);
}

static void openapi(struct rh_request *request)
{
    struct rh_str text;

    if (request->method != RH_GET && request->method != RH_HEAD) {
        refuse_method(request, "GET, HEAD, OPTIONS");
        return;
    }
    rh_str_init(&text, OPENAPI_MAX);
    rh_describe_openapi(request->http->options.house->registry, request->lang, &text);
    rh_reply_header(request, "Vary", "Accept-Language, Cookie");
    rh_reply_text(request, 200, "application/json", &text);
}

/* The parameters of a POST stand in its body; its query may only say how to answer. */
static int32_t read_body(struct rh_request *request, struct rh_fields *fields, struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; i < request->query.count; i++)
        if (!rh_run_reserved(request->query.at[i].name))
            return rh_err_set(err, RH_EUSAGE,
                              "'%s' gehört bei POST in den Inhalt, nicht in die Adresse",
                              "with POST '%s' belongs into the body, not into the address",
                              request->query.at[i].name);
    if (request->body.length > 0)
        rc = rh_fields_json(&request->arena, request->body.data, request->body.length, fields, err);
    for (size_t i = 0; rc == 0 && i < request->query.count; i++)
        rc = rh_fields_add(&request->arena, fields, request->query.at[i], err);
    return rc;
}

static void call_with_body(struct rh_request *request, const struct rh_operation_entry *entry)
{
    struct rh_fields fields = {0};
    struct rh_err err = {0};

    /* Not only good manners: a page of another site can send a form here, but not JSON. */
    if (request->body.length > 0 &&
        !rh_header_is_type(rh_request_header(request, "Content-Type"), "application/json")) {
        rh_err_set(&err, RH_EUSAGE, "der Inhalt muss application/json sein",
                   "the body has to be application/json");
        rh_reply_fault_as(request, 415, &err);
        return;
    }
    if (read_body(request, &fields, &err) < 0) {
        rh_reply_fault(request, &err);
        return;
    }
    rh_run(request, entry, &fields, reply);
}

void rh_api(struct rh_request *request)
{
    const char *path = rh_target_rest(&request->target, 2, &request->arena);
    const struct rh_operation_entry *entry;
    bool reads;

    if (path && strcmp(path, "openapi.json") == 0) {
        openapi(request);
        return;
    }
    entry = path ? rh_registry_find_path(request->http->options.house->registry, path) : NULL;
    if (!entry || (entry->op.flags & RH_OP_LOCAL)) {
        not_found(request, path ? path : "");
        return;
    }
    reads = entry->op.kind == RH_READ;
    if (request->method != RH_POST &&
        !(reads && (request->method == RH_GET || request->method == RH_HEAD))) {
        refuse_method(request, reads ? "GET, HEAD, POST, OPTIONS" : "POST, OPTIONS");
        return;
    }
    if (format_of(request) == FORMAT_NONE || (format_of(request) == FORMAT_SVG && !draws(entry))) {
        struct rh_err err = {0};

        rh_err_set(&err, RH_EUSAGE, "es gibt JSON, CSV (format=csv, format=csv-excel), %s und %s",
                   "there is JSON, CSV (format=csv, format=csv-excel), %s and %s", LINES,
                   RH_EVENT_TYPE);
        rh_reply_fault_as(request, 406, &err);
        return;
    }
    if (request->method == RH_POST)
        call_with_body(request, entry);
    else
        rh_run(request, entry, &request->query, reply);
}
