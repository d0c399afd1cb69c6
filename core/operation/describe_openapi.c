/* OpenAPI 3.1: one path an operation; GET for what only reads, POST for all. */
#include "core/operation/describe_internal.h"

#include "core/base/json_out.h"

#include <stdio.h>
#include <string.h>

static void put_bounds(struct rh_json_out *json, const struct rh_param *param)
{
    if (param->min == 0 && param->max == 0)
        return;
    rh_json_put_int(json, "minimum", param->min);
    rh_json_put_int(json, "maximum", param->max);
}

static void put_choices(struct rh_json_out *json, const char *choices)
{
    rh_json_key(json, "enum");
    rh_json_array_begin(json);
    for (const char *c = choices; *c;) {
        size_t length = strcspn(c, "|");

        rh_json_text_n(json, c, length);
        c += length + (c[length] == '|');
    }
    rh_json_array_end(json);
}

static void put_file_schema(struct rh_json_out *json)
{
    static const char *const fields[] = {"name", "text", "base64"};

    rh_json_put_text(json, "type", "object");
    rh_json_put_text(json, "description",
                     "the file: its name and its contents, as 'text' or as 'base64'");
    rh_json_key(json, "properties");
    rh_json_object_begin(json);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        rh_json_key(json, fields[i]);
        rh_json_object_begin(json);
        rh_json_put_text(json, "type", "string");
        rh_json_object_end(json);
    }
    rh_json_object_end(json);
}

/* The schema of a value, as the members of an object that is open. */
static void put_type(struct rh_json_out *json, int32_t type)
{
    switch (type) {
    case RH_TYPE_INT:
        rh_json_put_text(json, "type", "integer");
        return;
    case RH_TYPE_REAL:
        rh_json_put_text(json, "type", "number");
        return;
    case RH_TYPE_FLAG:
        rh_json_put_text(json, "type", "boolean");
        return;
    case RH_TYPE_DAY:
        rh_json_put_text(json, "type", "string");
        rh_json_put_text(json, "format", "date");
        return;
    case RH_TYPE_MONTH:
        rh_json_put_text(json, "type", "string");
        rh_json_put_text(json, "pattern", "^[0-9]{4}-(0[1-9]|1[0-2])$");
        return;
    default:
        rh_json_put_text(json, "type", "string");
    }
}

static void put_schema(struct rh_json_out *json, const struct rh_param *param)
{
    rh_json_object_begin(json);
    if (param->type == RH_TYPE_FILE)
        put_file_schema(json);
    else
        put_type(json, param->type);
    if (param->type == RH_TYPE_CHOICE)
        put_choices(json, param->choices);
    if (param->type == RH_TYPE_INT || param->type == RH_TYPE_REAL)
        put_bounds(json, param);
    if (param->fallback)
        rh_json_put_text(json, "x-default", param->fallback);
    rh_json_object_end(json);
}

static void put_query_parameters(struct rh_json_out *json, const struct rh_operation_entry *op,
                                 enum rh_lang lang)
{
    rh_json_key(json, "parameters");
    rh_json_array_begin(json);
    for (int32_t i = 0; i < op->param_count; i++) {
        if (op->params[i].type == RH_TYPE_FILE)
            continue;
        rh_json_object_begin(json);
        rh_json_put_text(json, "name", op->params[i].name);
        rh_json_put_text(json, "in", "query");
        rh_json_put_bool(json, "required", op->params[i].flags & RH_PARAM_REQUIRED);
        rh_json_put_text(json, "description", rh_in_lang(op->params[i].help, lang));
        rh_json_key(json, "schema");
        put_schema(json, &op->params[i]);
        rh_json_object_end(json);
    }
    rh_json_array_end(json);
}

static void put_body(struct rh_json_out *json, const struct rh_operation_entry *op)
{
    rh_json_key(json, "requestBody");
    rh_json_object_begin(json);
    rh_json_key(json, "content");
    rh_json_object_begin(json);
    rh_json_key(json, "application/json");
    rh_json_object_begin(json);
    rh_json_key(json, "schema");
    rh_json_object_begin(json);
    rh_json_put_text(json, "type", "object");
    rh_json_put_bool(json, "additionalProperties", false);
    rh_json_key(json, "properties");
    rh_json_object_begin(json);
    for (int32_t i = 0; i < op->param_count; i++) {
        rh_json_key(json, op->params[i].name);
        put_schema(json, &op->params[i]);
    }
    rh_json_object_end(json);
    rh_json_key(json, "required");
    rh_json_array_begin(json);
    for (int32_t i = 0; i < op->param_count; i++)
        if (op->params[i].flags & RH_PARAM_REQUIRED)
            rh_json_text(json, op->params[i].name);
    rh_json_array_end(json);
    rh_json_object_end(json);
    rh_json_object_end(json);
    rh_json_object_end(json);
    rh_json_object_end(json);
}

/* What the answer's "items" carry, as far as it is declared. */
static void put_answer_schema(struct rh_json_out *json, const struct rh_operation_entry *op,
                              enum rh_lang lang)
{
    rh_json_key(json, "schema");
    rh_json_object_begin(json);
    rh_json_put_text(json, "type", "object");
    if (op->column_count > 0) {
        rh_json_key(json, "properties");
        rh_json_object_begin(json);
        rh_json_key(json, "items");
        rh_json_object_begin(json);
        rh_json_put_text(json, "type", "array");
        rh_json_key(json, "items");
        rh_json_object_begin(json);
        rh_json_put_text(json, "type", "object");
        rh_json_key(json, "properties");
        rh_json_object_begin(json);
        for (int32_t i = 0; i < op->column_count; i++) {
            rh_json_key(json, op->columns[i].name);
            rh_json_object_begin(json);
            rh_json_put_text(json, "description", rh_in_lang(op->columns[i].title, lang));
            rh_json_object_end(json);
        }
        rh_json_object_end(json);
        rh_json_object_end(json);
        rh_json_object_end(json);
        rh_json_object_end(json);
    }
    rh_json_object_end(json);
}

static void put_responses(struct rh_json_out *json, const struct rh_operation_entry *op,
                          enum rh_lang lang)
{
    rh_json_key(json, "responses");
    rh_json_object_begin(json);
    rh_json_key(json, "200");
    rh_json_object_begin(json);
    rh_json_put_text(json, "description", rh_in_lang(op->op.help, lang));
    rh_json_key(json, "content");
    rh_json_object_begin(json);
    rh_json_key(json, "application/json");
    rh_json_object_begin(json);
    put_answer_schema(json, op, lang);
    rh_json_object_end(json);
    rh_json_object_end(json);
    rh_json_object_end(json);
    rh_json_key(json, "default");
    rh_json_object_begin(json);
    rh_json_put_text(json, "$ref", "#/components/responses/Problem");
    rh_json_object_end(json);
    rh_json_object_end(json);
}

static void put_method(struct rh_json_out *json, const struct rh_operation_entry *op,
                       const char *method, enum rh_lang lang)
{
    char id[160], tag[64];
    size_t word = strcspn(op->op.name, " ");

    snprintf(id, sizeof(id), "%s_%s", method, op->path);
    for (char *c = id; *c; c++)
        if (*c == '/')
            *c = '_';
    snprintf(tag, sizeof(tag), "%.*s", (int)word, op->op.name);
    rh_json_key(json, method);
    rh_json_object_begin(json);
    rh_json_put_text(json, "operationId", id);
    rh_json_put_text(json, "summary", rh_in_lang(op->op.help, lang));
    if (*rh_in_lang(op->op.detail, lang))
        rh_json_put_text(json, "description", rh_in_lang(op->op.detail, lang));
    rh_json_key(json, "tags");
    rh_json_array_begin(json);
    rh_json_text(json, tag);
    rh_json_array_end(json);
    if (strcmp(method, "get") == 0)
        put_query_parameters(json, op, lang);
    else
        put_body(json, op);
    put_responses(json, op, lang);
    rh_json_object_end(json);
}

/* RFC 9457. */
static void put_components(struct rh_json_out *json)
{
    static const char *const fields[] = {"type", "title", "detail", "code", "instance"};

    rh_json_key(json, "components");
    rh_json_object_begin(json);
    rh_json_key(json, "responses");
    rh_json_object_begin(json);
    rh_json_key(json, "Problem");
    rh_json_object_begin(json);
    rh_json_put_text(json, "description", "RFC 9457");
    rh_json_key(json, "content");
    rh_json_object_begin(json);
    rh_json_key(json, "application/problem+json");
    rh_json_object_begin(json);
    rh_json_key(json, "schema");
    rh_json_object_begin(json);
    rh_json_put_text(json, "type", "object");
    rh_json_key(json, "properties");
    rh_json_object_begin(json);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        rh_json_key(json, fields[i]);
        rh_json_object_begin(json);
        rh_json_put_text(json, "type", "string");
        rh_json_object_end(json);
    }
    rh_json_key(json, "status");
    rh_json_object_begin(json);
    rh_json_put_text(json, "type", "integer");
    for (int i = 0; i < 8; i++)
        rh_json_object_end(json);
}

void rh_describe_openapi(const struct rh_registry *registry, enum rh_lang lang, struct rh_str *out)
{
    struct rh_json_out json;

    rh_json_out_init(&json, out);
    rh_json_object_begin(&json);
    rh_json_put_text(&json, "openapi", "3.1.0");
    rh_json_key(&json, "info");
    rh_json_object_begin(&json);
    rh_json_put_text(&json, "title", "reihum");
    rh_json_put_text(&json, "version", RH_VERSION);
    rh_json_put_text(&json, "summary",
                     lang == RH_DE ? "Turnusse, Verfahren, Termine"
                                   : "rounds, procedures, appointments");
    rh_json_key(&json, "license");
    rh_json_object_begin(&json);
    rh_json_put_text(&json, "name", "EUPL-1.2");
    rh_json_put_text(&json, "identifier", "EUPL-1.2");
    rh_json_object_end(&json);
    rh_json_object_end(&json);
    rh_json_key(&json, "paths");
    rh_json_object_begin(&json);
    for (size_t i = 0; i < rh_registry_count(registry); i++) {
        const struct rh_operation_entry *op = rh_registry_at(registry, i);
        char path[160];

        if (op->op.flags & RH_OP_LOCAL)
            continue;
        snprintf(path, sizeof(path), "/api/v1/%s", op->path);
        rh_json_key(&json, path);
        rh_json_object_begin(&json);
        if (op->op.kind == RH_READ)
            put_method(&json, op, "get", lang);
        put_method(&json, op, "post", lang);
        rh_json_object_end(&json);
    }
    rh_json_object_end(&json);
    put_components(&json);
    rh_json_object_end(&json);
}
