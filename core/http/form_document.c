#include "core/http/form_document.h"

#include "core/base/encoding.h"
#include "core/http/run.h"
#include "core/operation/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CELL_MAX 4096

/* What is being put together; a failed allocation shows at the end, once. */
struct builder {
    const struct rh_scene *scene;
    const struct rh_form_document *form;
    enum rh_lang lang;
    bool whole;
};

static const char *pick(const struct builder *builder, struct rh_text text)
{
    const char *chosen = builder->lang == RH_DE ? text.de : text.en;

    return chosen ? chosen : "";
}

static void put(struct builder *builder, json_t *object, const char *key, json_t *value)
{
    builder->whole = json_object_set_new(object, key, value) == 0 && builder->whole;
}

static void put_text(struct builder *builder, json_t *object, const char *key, const char *text)
{
    put(builder, object, key, json_string(text));
}

static void append(struct builder *builder, json_t *array, json_t *value)
{
    builder->whole = json_array_append_new(array, value) == 0 && builder->whole;
}

/* ---- the form ---- */

static json_t *options_of(struct builder *builder, const struct rh_param *param, const char *value)
{
    json_t *options = json_array();
    const char *p = param->choices;

    while (p && *p) {
        size_t length = strcspn(p, "|");
        const char *words =
            rh_words_find(builder->form->entry, param->name, p, length, builder->lang);
        json_t *option = json_object();

        put(builder, option, "value", json_stringn(p, length));
        put(builder, option, "label", words ? json_string(words) : json_stringn(p, length));
        put(builder, option, "selected",
            json_boolean(strlen(value) == length && memcmp(value, p, length) == 0));
        append(builder, options, option);
        p += length + (p[length] == '|');
    }
    return options;
}

/* The kinds of <input> that a type becomes; each is a member that is true. */
static const char *kind_of(int32_t type)
{
    switch (type) {
    case RH_TYPE_INT:
        return "is_int";
    case RH_TYPE_FLAG:
        return "is_flag";
    case RH_TYPE_DAY:
        return "is_day";
    case RH_TYPE_MONTH:
        return "is_month";
    case RH_TYPE_CHOICE:
        return "is_choice";
    case RH_TYPE_FILE:
        return "is_file";
    default:
        return "is_text";
    }
}

static json_t *field_of(struct builder *builder, const struct rh_param *param)
{
    const struct rh_field *sent = rh_fields_find(&builder->form->fields, param->name);
    const char *value = sent ? sent->value : param->fallback ? param->fallback : "";
    json_t *field = json_object();

    put_text(builder, field, "name", param->name);
    put_text(builder, field, "help", pick(builder, param->help));
    put_text(builder, field, "value", value);
    put(builder, field, "required", json_boolean(param->flags & RH_PARAM_REQUIRED));
    put(builder, field, kind_of(param->type), json_true());
    put(builder, field, "checked",
        json_boolean(value[0] && strcmp(value, "0") != 0 && strcmp(value, "no") != 0 &&
                     strcmp(value, "false") != 0));
    if (param->type == RH_TYPE_INT && (param->min || param->max)) {
        char text[32];

        snprintf(text, sizeof(text), "%" PRId64, param->min);
        put_text(builder, field, "min", text);
        snprintf(text, sizeof(text), "%" PRId64, param->max);
        if (param->max != INT64_MAX)
            put_text(builder, field, "max", text);
    }
    if (param->type == RH_TYPE_CHOICE)
        put(builder, field, "options", options_of(builder, param, value));
    return field;
}

/* Paragraphs are parted by an empty line. */
static json_t *paragraphs_of(struct builder *builder, const char *text)
{
    json_t *paragraphs = json_array();

    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t length = end ? (size_t)(end - text) : strlen(text);

        append(builder, paragraphs, json_stringn(text, length));
        text += length;
        while (*text == '\n')
            text++;
    }
    return paragraphs;
}

static json_t *form_of(struct builder *builder)
{
    const struct rh_operation_entry *entry = builder->form->entry;
    json_t *form = json_object(), *fields = json_array();
    bool files = false;
    char action[160];

    snprintf(action, sizeof(action), "/do/%s", entry->path);
    put_text(builder, form, "action", action);
    put_text(builder, form, "name", entry->op.name);
    put(builder, form, "detail", paragraphs_of(builder, pick(builder, entry->op.detail)));
    put(builder, form, "reads", json_boolean(entry->op.kind == RH_READ));
    for (int32_t i = 0; i < entry->param_count; i++) {
        append(builder, fields, field_of(builder, &entry->params[i]));
        files = files || entry->params[i].type == RH_TYPE_FILE;
    }
    put(builder, form, "fields", fields);
    put(builder, form, "files", json_boolean(files));
    return form;
}

/* ---- the answer ---- */

static bool is_number(const struct rh_column *column)
{
    return column && (column->type == RH_TYPE_INT || column->type == RH_TYPE_REAL);
}

/* A value as people read it; objects and lists inside a cell only as how many there are. */
static json_t *cell_of(struct builder *builder, const json_t *value, bool flag)
{
    char text[CELL_MAX];

    if (flag && json_is_integer(value))
        value = json_integer_value(value) ? json_true() : json_false();

    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_NULL:
        return json_string("–");
    case JSON_TRUE:
        return json_string(builder->lang == RH_DE ? "ja" : "yes");
    case JSON_FALSE:
        return json_string(builder->lang == RH_DE ? "nein" : "no");
    case JSON_STRING:
        return json_string(json_string_value(value));
    case JSON_INTEGER:
        snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return json_string(text);
    case JSON_REAL:
        snprintf(text, sizeof(text), "%.6g", json_real_value(value));
        if (builder->lang == RH_DE && strchr(text, '.'))
            *strchr(text, '.') = ',';
        return json_string(text);
    case JSON_ARRAY:
        snprintf(text, sizeof(text), "%zu", json_array_size(value));
        return json_string(text);
    case JSON_OBJECT:
        snprintf(text, sizeof(text), "%zu", json_object_size(value));
        return json_string(text);
    }
    return NULL;
}

static bool is_single(const json_t *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

/* How the answer's field `key` is declared; NULL when it is not. */
static const struct rh_column *declared_field(const struct rh_operation_entry *entry,
                                              const char *key)
{
    for (int32_t i = 0; i < entry->other_count; i++)
        if (entry->others[i].name[0] == '.' && strcmp(entry->others[i].name + 1, key) == 0)
            return &entry->others[i];
    for (int32_t i = 0; i < entry->column_count; i++)
        if (strcmp(entry->columns[i].name, key) == 0)
            return &entry->columns[i];
    return NULL;
}

/* Single values of the answer, by their titles. */
static json_t *facts_of(struct builder *builder, json_t *document)
{
    json_t *facts = json_array(), *value;
    const char *key;

    json_object_foreach(document, key, value)
    {
        const struct rh_column *column = declared_field(builder->form->entry, key);
        json_t *fact;

        if (!is_single(value) || json_is_null(value) || rh_words_is(document, key))
            continue;
        if (column && column->name[0] == '.' && (column->flags & RH_COLUMN_WIDE))
            continue;
        fact = json_object();
        put_text(builder, fact, "name", column ? pick(builder, column->title) : key);
        put(builder, fact, "value",
            cell_of(builder, rh_words_of(document, key), column && column->type == RH_TYPE_FLAG));
        append(builder, facts, fact);
    }
    return facts;
}

/* ---- its lists ---- */

#define COLUMNS_MAX 64

/* The columns of one list: where each value stands, and what people call it. */
struct list {
    struct {
        const char *member;
        const struct rh_column *column; /* NULL: not declared, shown under its name */
    } at[COLUMNS_MAX];
    size_t count;
};

static void add_column(struct list *list, const char *member, const struct rh_column *column)
{
    if (column && (column->flags & RH_COLUMN_WIDE))
        return;
    if (list->count < COLUMNS_MAX) {
        list->at[list->count].member = member;
        list->at[list->count++].column = column;
    }
}

static struct list columns_of(const struct rh_operation_entry *entry, const char *key, json_t *rows)
{
    struct list list = {.count = 0};
    size_t length = strlen(key);
    json_t *first = json_array_get(rows, 0), *value;
    const char *member;

    for (int32_t i = 0; strcmp(key, "items") == 0 && i < entry->column_count; i++)
        add_column(&list, entry->columns[i].name, &entry->columns[i]);
    for (int32_t i = 0; i < entry->other_count; i++) {
        const char *name = entry->others[i].name;

        if (strncmp(name, key, length) == 0 && name[length] == '.' && name[length + 1])
            add_column(&list, name + length + 1, &entry->others[i]);
    }
    if (list.count > 0)
        return list;
    json_object_foreach(first, member, value)
    {
        if (is_single(value) && !rh_words_is(first, member))
            add_column(&list, member, NULL);
    }
    return list;
}

static json_t *heads_of(struct builder *builder, const struct list *list)
{
    json_t *heads = json_array();

    for (size_t i = 0; i < list->count; i++) {
        const struct rh_column *column = list->at[i].column;
        json_t *head = json_object();

        put_text(builder, head, "title",
                 column ? pick(builder, column->title) : list->at[i].member);
        put(builder, head, "number", json_boolean(is_number(column)));
        append(builder, heads, head);
    }
    return heads;
}

static json_t *row_of(struct builder *builder, const struct list *list, const json_t *item)
{
    json_t *row = json_object(), *cells = json_array();

    for (size_t i = 0; i < list->count; i++) {
        const struct rh_column *column = list->at[i].column;
        json_t *cell = json_object();

        put(builder, cell, "text",
            cell_of(builder, rh_words_of(item, list->at[i].member),
                    column && column->type == RH_TYPE_FLAG));
        put(builder, cell, "number", json_boolean(is_number(column)));
        append(builder, cells, cell);
    }
    put(builder, row, "cells", cells);
    return row;
}

static json_t *list_of(struct builder *builder, const char *key, json_t *items)
{
    const struct rh_operation_entry *entry = builder->form->entry;
    const struct list list = columns_of(entry, key, items);
    json_t *table = json_object(), *rows = json_array();
    size_t length = strlen(key);
    char count[32];

    for (size_t i = 0; i < json_array_size(items); i++)
        append(builder, rows, row_of(builder, &list, json_array_get(items, i)));
    for (int32_t i = 0; i < entry->other_count; i++)
        if (strncmp(entry->others[i].name, key, length) == 0 &&
            strcmp(entry->others[i].name + length, ".") == 0)
            put_text(builder, table, "title", pick(builder, entry->others[i].title));
    put(builder, table, "heads", heads_of(builder, &list));
    put(builder, table, "rows", rows);
    snprintf(count, sizeof(count), "%zu", json_array_size(items));
    put_text(builder, table, "count", count);
    put(builder, table, "one", json_boolean(json_array_size(items) == 1));
    return table;
}

/* "items" even when it is empty: that there is nothing is the answer then. */
static json_t *lists_of(struct builder *builder, json_t *document)
{
    json_t *lists = json_array(), *value;
    const char *key;

    json_object_foreach(document, key, value)
    {
        bool items = strcmp(key, "items") == 0 && builder->form->entry->column_count > 0;

        if (json_is_array(value) && strcmp(key, "messages") != 0 &&
            (items || json_is_object(json_array_get(value, 0))))
            append(builder, lists, list_of(builder, key, value));
    }
    return lists;
}

static json_t *answer_of(struct builder *builder, json_t *document)
{
    json_t *answer = json_object(), *facts = facts_of(builder, document);

    put(builder, answer, "messages",
        json_is_array(json_object_get(document, "messages"))
            ? json_incref(json_object_get(document, "messages"))
            : json_array());
    put(builder, answer, "facts", facts);
    put(builder, answer, "facts_any", json_boolean(json_array_size(facts) > 0));
    put(builder, answer, "lists", lists_of(builder, document));
    return answer;
}

/* ---- together ---- */

/* The address of the same answer as CSV: only what looks can be asked for by a link. */
static json_t *csv_address(const struct builder *builder)
{
    const struct rh_form_document *form = builder->form;
    rh_auto_str(address, 8192);

    rh_str_printf(&address, "/api/v1/%s?format=", form->entry->path);
    return json_string(address.data);
}

static json_t *csv_query(const struct builder *builder)
{
    rh_auto_str(query, 16 * 1024);
    const struct rh_fields *fields = &builder->form->fields;

    for (size_t i = 0; i < fields->count; i++) {
        if (rh_run_reserved(fields->at[i].name) || fields->at[i].bytes)
            continue;
        rh_str_add_char(&query, '&');
        rh_percent_encode(fields->at[i].name, strlen(fields->at[i].name), &query);
        rh_str_add_char(&query, '=');
        rh_percent_encode(fields->at[i].value, strlen(fields->at[i].value), &query);
    }
    return json_string(query.data);
}

int32_t rh_form_fill(struct rh_scene *scene, json_t *document, struct rh_err *err)
{
    const struct rh_form_document *form = scene->context;
    const struct rh_field *back = rh_fields_find(&form->fields, "_back");
    struct builder builder = {
        .scene = scene, .form = form, .lang = scene->request->lang, .whole = true};

    if (form->answered) {
        json_t *answer = answer_of(&builder, document);

        json_object_clear(document); /* its names must not be taken for ours */
        put(&builder, document, "answer", answer);
    }
    put(&builder, document, "form", form_of(&builder));
    put(&builder, document, "answered", json_boolean(form->answered));
    put(&builder, document, "done",
        json_boolean(form->answered && form->entry->op.kind != RH_READ));
    if (form->fault.code < 0)
        put_text(&builder, document, "fault", form->fault.text[builder.lang]);
    if (back && rh_view_is_local(back->value))
        put_text(&builder, document, "back", back->value);
    if (form->answered && form->entry->op.kind == RH_READ && form->entry->column_count > 0) {
        put(&builder, document, "csv", csv_address(&builder));
        put(&builder, document, "csv_query", csv_query(&builder));
    }
    return builder.whole ? 0 : rh_err_nomem(err);
}

int32_t rh_form_tools(struct rh_scene *scene, json_t *document, struct rh_err *err)
{
    const struct rh_registry *registry = scene->request->http->options.house->registry;
    struct builder builder = {.scene = scene, .lang = scene->request->lang, .whole = true};
    json_t *tools = json_array();

    for (size_t i = 0; i < rh_registry_count(registry); i++) {
        const struct rh_operation_entry *entry = rh_registry_at(registry, i);
        json_t *tool;
        char action[160];

        if (entry->op.flags & RH_OP_LOCAL)
            continue;
        tool = json_object();
        snprintf(action, sizeof(action), "/do/%s", entry->path);
        put_text(&builder, tool, "action", action);
        put_text(&builder, tool, "name", entry->op.name);
        put_text(&builder, tool, "help", pick(&builder, entry->op.help));
        put(&builder, tool, "reads", json_boolean(entry->op.kind == RH_READ));
        put(&builder, tool, "absent", json_boolean(entry->module->absent));
        append(&builder, tools, tool);
    }
    put(&builder, document, "tools", tools);
    return builder.whole ? 0 : rh_err_nomem(err);
}
