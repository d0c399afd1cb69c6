/* OpenAPI 3.1: one path an operation; GET for what only reads, POST for all. */
#include "core/operation/describe_internal.h"

#include "core/base/json_out.h"
#include "core/base/number.h"

#include <stdio.h>
#include <string.h>

static void begin(struct rh_json_out *json, const char *key)
{
    rh_json_key(json, key);
    rh_json_object_begin(json);
}

static void end(struct rh_json_out *json, int levels)
{
    for (int i = 0; i < levels; i++)
        rh_json_object_end(json);
}

/* ---- parameters ---- */

static void put_bounds(struct rh_json_out *json, const struct rh_param *param)
{
    if (param->min == 0 && param->max == 0)
        return;
    rh_json_put_int(json, "minimum", param->min);
    if (param->max != INT64_MAX) /* means no bound, and few programs can hold the number */
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
    rh_json_put_bool(json, "additionalProperties", false);
    begin(json, "properties");
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        begin(json, fields[i]);
        rh_json_put_text(json, "type", "string");
        if (strcmp(fields[i], "base64") == 0)
            rh_json_put_text(json, "contentEncoding", "base64");
        end(json, 1);
    }
    end(json, 1);
    rh_json_key(json, "oneOf"); /* its contents, in one of the two forms */
    rh_json_array_begin(json);
    for (size_t i = 1; i < sizeof(fields) / sizeof(fields[0]); i++) {
        rh_json_object_begin(json);
        rh_json_key(json, "required");
        rh_json_array_begin(json);
        rh_json_text(json, fields[i]);
        rh_json_array_end(json);
        end(json, 1);
    }
    rh_json_array_end(json);
}

/* The schema of a value, as members of an object that is open. */
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

/* What is taken when it is not given, in its own type. */
static void put_default(struct rh_json_out *json, const struct rh_param *param)
{
    size_t length = strlen(param->fallback);
    int64_t whole;
    double real;

    if (param->type == RH_TYPE_INT && rh_int_parse(param->fallback, length, &whole))
        rh_json_put_int(json, "default", whole);
    else if (param->type == RH_TYPE_REAL && rh_double_parse(param->fallback, length, &real))
        rh_json_put_double(json, "default", real);
    else if (param->type != RH_TYPE_FLAG)
        rh_json_put_text(json, "default", param->fallback);
}

static void put_schema(struct rh_json_out *json, const struct rh_param *param)
{
    if (param->type == RH_TYPE_FILE)
        put_file_schema(json);
    else
        put_type(json, param->type);
    if (param->type == RH_TYPE_CHOICE)
        put_choices(json, param->choices);
    if (param->type == RH_TYPE_INT || param->type == RH_TYPE_REAL)
        put_bounds(json, param);
    if (param->fallback)
        put_default(json, param);
}

static void put_reference(struct rh_json_out *json, const char *kind, const char *name)
{
    char reference[80];

    snprintf(reference, sizeof(reference), "#/components/%s/%s", kind, name);
    rh_json_object_begin(json);
    rh_json_put_text(json, "$ref", reference);
    rh_json_object_end(json);
}

static void put_parameters(struct rh_json_out *json, const struct rh_operation_entry *op, bool get,
                           enum rh_lang lang)
{
    rh_json_key(json, "parameters");
    rh_json_array_begin(json);
    for (int32_t i = 0; i < op->param_count && get; i++) {
        if (op->params[i].type == RH_TYPE_FILE)
            continue;
        rh_json_object_begin(json);
        rh_json_put_text(json, "name", op->params[i].name);
        rh_json_put_text(json, "in", "query");
        rh_json_put_bool(json, "required", op->params[i].flags & RH_PARAM_REQUIRED);
        rh_json_put_text(json, "description", rh_in_lang(op->params[i].help, lang));
        begin(json, "schema");
        put_schema(json, &op->params[i]);
        end(json, 2);
    }
    put_reference(json, "parameters", "as-of");
    put_reference(json, "parameters", "lang");
    if (op->column_count > 0)
        put_reference(json, "parameters", "format");
    if (op->op.kind != RH_READ)
        put_reference(json, "parameters", "Idempotency-Key");
    rh_json_array_end(json);
}

static void put_body(struct rh_json_out *json, const struct rh_operation_entry *op,
                     enum rh_lang lang)
{
    begin(json, "requestBody");
    begin(json, "content");
    begin(json, "application/json");
    begin(json, "schema");
    rh_json_put_text(json, "type", "object");
    rh_json_put_bool(json, "additionalProperties", false);
    begin(json, "properties");
    for (int32_t i = 0; i < op->param_count; i++) {
        begin(json, op->params[i].name);
        rh_json_put_text(json, "description", rh_in_lang(op->params[i].help, lang));
        put_schema(json, &op->params[i]);
        end(json, 1);
    }
    end(json, 1);
    rh_json_key(json, "required");
    rh_json_array_begin(json);
    for (int32_t i = 0; i < op->param_count; i++)
        if (op->params[i].flags & RH_PARAM_REQUIRED)
            rh_json_text(json, op->params[i].name);
    rh_json_array_end(json);
    end(json, 4);
}

/* ---- answers ---- */

/* A value of an answer may be missing; a flag that comes straight from a query is 0 or 1. */
static void put_value(struct rh_json_out *json, const struct rh_column *column, const char *name,
                      enum rh_lang lang)
{
    static const char *const types[][2] = {[RH_TYPE_INT] = {"integer", "null"},
                                           [RH_TYPE_REAL] = {"number", "null"},
                                           [RH_TYPE_FLAG] = {"boolean", "integer"}};
    const char *const *type = column->type <= RH_TYPE_FLAG ? types[column->type] : types[0];

    begin(json, name);
    rh_json_put_text(json, "description", rh_in_lang(column->title, lang));
    rh_json_key(json, "type");
    rh_json_array_begin(json);
    rh_json_text(json, type[0] ? type[0] : "string");
    rh_json_text(json, type[0] ? type[1] : "null");
    rh_json_array_end(json);
    end(json, 1);
}

static void begin_list(struct rh_json_out *json, const char *name, const char *description)
{
    begin(json, name);
    if (description)
        rh_json_put_text(json, "description", description);
    rh_json_put_text(json, "type", "array");
    begin(json, "items");
    rh_json_put_text(json, "type", "object");
    begin(json, "properties");
}

/* "procedures." begins a list, "procedures.state" is a value in it, ".state" one of the answer. */
static void put_others(struct rh_json_out *json, const struct rh_operation_entry *op,
                       enum rh_lang lang)
{
    for (int32_t i = 0; i < op->other_count; i++) {
        const struct rh_column *column = &op->others[i];
        size_t length = strcspn(column->name, ".");
        char name[128];

        if (length == 0)
            put_value(json, column, column->name + 1, lang);
        if (length == 0 || column->name[length + 1] || length >= sizeof(name))
            continue;
        memcpy(name, column->name, length);
        name[length] = '\0';
        begin_list(json, name, rh_in_lang(column->title, lang));
        for (int32_t c = 0; c < op->other_count; c++)
            if (strncmp(op->others[c].name, column->name, length + 1) == 0 && c != i)
                put_value(json, &op->others[c], op->others[c].name + length + 1, lang);
        end(json, 3);
    }
}

static void put_answer_schema(struct rh_json_out *json, const struct rh_operation_entry *op,
                              enum rh_lang lang)
{
    begin(json, "schema");
    rh_json_put_text(json, "type", "object");
    begin(json, "properties");
    begin(json, "messages");
    rh_json_put_text(json, "type", "array");
    begin(json, "items");
    rh_json_put_text(json, "type", "string");
    end(json, 2);
    put_others(json, op, lang);
    if (op->column_count > 0) {
        begin_list(json, "items", NULL);
        for (int32_t i = 0; i < op->column_count; i++)
            put_value(json, &op->columns[i], op->columns[i].name, lang);
        end(json, 3);
    }
    end(json, 2);
}

static void put_answer(struct rh_json_out *json, const struct rh_operation_entry *op,
                       const char *status, const char *description, enum rh_lang lang)
{
    begin(json, status);
    rh_json_put_text(json, "description", description);
    begin(json, "content");
    begin(json, "application/json");
    put_answer_schema(json, op, lang);
    end(json, 1);
    if (op->column_count > 0) {
        begin(json, "text/csv");
        begin(json, "schema");
        rh_json_put_text(json, "type", "string");
        end(json, 2);
    }
    end(json, 2);
}

static void put_responses(struct rh_json_out *json, const struct rh_operation_entry *op,
                          enum rh_lang lang)
{
    begin(json, "responses");
    put_answer(json, op, "200", rh_in_lang(op->op.help, lang), lang);
    if (op->op.kind != RH_READ)
        put_answer(json, op, "207",
                   lang == RH_DE ? "teilweise ausgeführt; die Antwort sagt, was nicht"
                                 : "partly done; the answer says what was not",
                   lang);
    rh_json_key(json, "default");
    put_reference(json, "responses", "Problem");
    end(json, 1);
}

static void put_method(struct rh_json_out *json, const struct rh_operation_entry *op,
                       const char *method, enum rh_lang lang)
{
    bool get = strcmp(method, "get") == 0;
    char id[160];

    snprintf(id, sizeof(id), "%s_%s", method, op->path);
    for (char *c = id; *c; c++)
        if (*c == '/' || *c == '-')
            *c = '_';
    begin(json, method);
    rh_json_put_text(json, "operationId", id);
    rh_json_put_text(json, "summary", rh_in_lang(op->op.help, lang));
    if (*rh_in_lang(op->op.detail, lang))
        rh_json_put_text(json, "description", rh_in_lang(op->op.detail, lang));
    rh_json_key(json, "tags");
    rh_json_array_begin(json);
    rh_json_text_n(json, op->op.name, strcspn(op->op.name, " "));
    rh_json_array_end(json);
    put_parameters(json, op, get, lang);
    if (!get)
        put_body(json, op, lang);
    put_responses(json, op, lang);
    end(json, 1);
}

/* ---- what all share ---- */

static void put_common_parameter(struct rh_json_out *json, const char *name, const char *in,
                                 const char *description)
{
    begin(json, name);
    rh_json_put_text(json, "name", name);
    rh_json_put_text(json, "in", in);
    rh_json_put_text(json, "description", description);
    begin(json, "schema");
    rh_json_put_text(json, "type", "string");
    if (strcmp(name, "lang") == 0)
        put_choices(json, "de|en");
    if (strcmp(name, "format") == 0)
        put_choices(json, "json|csv|csv-excel");
    if (strcmp(name, "as-of") == 0)
        rh_json_put_text(json, "format", "date");
    end(json, 2);
}

static void put_common_parameters(struct rh_json_out *json, enum rh_lang lang)
{
    bool de = lang == RH_DE;

    begin(json, "parameters");
    put_common_parameter(json, "as-of", "query",
                         de ? "so rechnen, als wäre dieser Tag heute"
                            : "as if this day were today");
    put_common_parameter(json, "lang", "query",
                         de ? "Sprache der Antwort" : "language of the answer");
    put_common_parameter(json, "format", "query",
                         de ? "die Tabelle der Antwort als CSV" : "the answer's table as CSV");
    put_common_parameter(json, "Idempotency-Key", "header",
                         de ? "ein zweiter Aufruf mit demselben Schlüssel ändert nichts und "
                              "bekommt die erste Antwort"
                            : "a second call with the same key changes nothing and gets the first "
                              "answer");
    end(json, 1);
}

/* RFC 9457. */
static void put_problem(struct rh_json_out *json)
{
    static const char *const fields[] = {"type", "title", "detail", "code", "instance"};

    begin(json, "responses");
    begin(json, "Problem");
    rh_json_put_text(json, "description", "RFC 9457");
    begin(json, "content");
    begin(json, "application/problem+json");
    begin(json, "schema");
    rh_json_put_text(json, "type", "object");
    begin(json, "properties");
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        begin(json, fields[i]);
        rh_json_put_text(json, "type", "string");
        end(json, 1);
    }
    begin(json, "status");
    rh_json_put_text(json, "type", "integer");
    end(json, 7);
}

static void put_info(struct rh_json_out *json, enum rh_lang lang)
{
    rh_json_put_text(json, "openapi", "3.1.0");
    begin(json, "info");
    rh_json_put_text(json, "title", "reihum");
    rh_json_put_text(json, "version", RH_VERSION);
    rh_json_put_text(json, "summary",
                     lang == RH_DE ? "Turnusse, Verfahren, Termine"
                                   : "rounds, procedures, appointments");
    begin(json, "license");
    rh_json_put_text(json, "name", "EUPL-1.2");
    rh_json_put_text(json, "identifier", "EUPL-1.2");
    end(json, 2);
}

void rh_describe_openapi(const struct rh_registry *registry, enum rh_lang lang, struct rh_str *out)
{
    struct rh_json_out json;

    rh_json_out_init(&json, out);
    rh_json_object_begin(&json);
    put_info(&json, lang);
    begin(&json, "paths");
    for (size_t i = 0; i < rh_registry_count(registry); i++) {
        const struct rh_operation_entry *op = rh_registry_at(registry, i);
        char path[160];

        if (op->op.flags & RH_OP_LOCAL)
            continue;
        snprintf(path, sizeof(path), "/api/v1/%s", op->path);
        begin(&json, path);
        if (op->op.kind == RH_READ)
            put_method(&json, op, "get", lang);
        put_method(&json, op, "post", lang);
        end(&json, 1);
    }
    end(&json, 1);
    begin(&json, "components");
    put_common_parameters(&json, lang);
    put_problem(&json);
    end(&json, 2);
}
