#include "core/operation/render.h"

#include "core/base/csv_write.h"
#include "core/base/json.h"
#include "core/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ANSWER_MAX  (64u * 1024 * 1024)
#define COLUMNS_MAX 64
#define CELL_MAX    4096

/* One column of a table: a name in the answer, a title for people. */
struct column {
    const char *name, *title;
    size_t width;
    bool number, flag;
};

struct table {
    struct column columns[COLUMNS_MAX];
    size_t count;
};

static const char *title_of(const struct rh_column *column, enum rh_lang lang)
{
    const char *title = lang == RH_DE ? column->title.de : column->title.en;
    return title ? title : column->name;
}

/* A value as a person reads it, in `cell` unless it is a text already. */
static const char *cell_text(const json_t *value, bool flag, enum rh_lang lang, char cell[CELL_MAX])
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        return json_string_value(value);
    case JSON_INTEGER:
        if (flag)
            return json_integer_value(value) ? (lang == RH_DE ? "ja" : "yes")
                                             : (lang == RH_DE ? "nein" : "no");
        snprintf(cell, CELL_MAX, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return cell;
    case JSON_REAL:
        snprintf(cell, CELL_MAX, "%.6g", json_real_value(value));
        return cell;
    case JSON_TRUE:
        return lang == RH_DE ? "ja" : "yes";
    case JSON_FALSE:
        return lang == RH_DE ? "nein" : "no";
    case JSON_NULL:
    case JSON_OBJECT:
    case JSON_ARRAY:
        return "";
    }
    return "";
}

static bool is_scalar(const json_t *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

/* ---- tables ---- */

static void declared_columns(const struct rh_operation_entry *op, enum rh_lang lang, bool wide,
                             struct table *table)
{
    for (int32_t i = 0; i < op->column_count && table->count < COLUMNS_MAX; i++) {
        const struct rh_column *column = &op->columns[i];

        if ((column->flags & RH_COLUMN_WIDE) && !wide)
            continue;
        table->columns[table->count++] =
            (struct column){.name = column->name,
                            .title = title_of(column, lang),
                            .number = column->type == RH_TYPE_INT || column->type == RH_TYPE_REAL,
                            .flag = column->type == RH_TYPE_FLAG};
    }
}

/* A table that no columns are declared for shows the scalar members of its first row. */
static void found_columns(const json_t *rows, struct table *table)
{
    json_t *first = json_array_get(rows, 0), *value;
    const char *key;

    json_object_foreach(first, key, value) if (is_scalar(value) && table->count < COLUMNS_MAX)
        table->columns[table->count++] = (struct column){
        .name = key, .title = key, .number = json_is_number(value), .flag = json_is_boolean(value)};
}

static void measure(const json_t *rows, enum rh_lang lang, struct table *table)
{
    char cell[CELL_MAX];
    json_t *row;
    size_t i;

    for (size_t c = 0; c < table->count; c++)
        table->columns[c].width =
            rh_text_width(table->columns[c].title, strlen(table->columns[c].title));
    json_array_foreach(rows, i, row) for (size_t c = 0; c < table->count; c++)
    {
        json_t *value = json_object_get(row, table->columns[c].name);
        const char *text = value ? cell_text(value, table->columns[c].flag, lang, cell) : "";
        size_t width = rh_text_width(text, strlen(text));

        if (width > table->columns[c].width)
            table->columns[c].width = width;
    }
}

/* Too wide for the terminal: the widest columns give way, none below eight. */
static void squeeze(struct table *table, int width)
{
    for (;;) {
        size_t total = table->count ? 2 * (table->count - 1) : 0, widest = 0;

        for (size_t c = 0; c < table->count; c++) {
            total += table->columns[c].width;
            if (table->columns[c].width > table->columns[widest].width)
                widest = c;
        }
        if (width <= 0 || total <= (size_t)width || table->columns[widest].width <= 8)
            return;
        table->columns[widest].width--;
    }
}

static void put_cell(struct rh_str *out, const struct column *column, const char *text, bool last)
{
    size_t length = strlen(text);

    if (last && rh_text_width(text, length) <= column->width && !column->number)
        rh_str_add_n(out, text, length); /* no trailing spaces */
    else
        rh_text_fit(out, text, length, column->width, column->number);
    rh_str_add(out, last ? "\n" : "  ");
}

static void put_table(const json_t *rows, struct table *table,
                      const struct rh_render_options *options, struct rh_str *out)
{
    char cell[CELL_MAX];
    json_t *row;
    size_t i;

    measure(rows, options->lang, table);
    squeeze(table, options->width);
    if (options->color)
        rh_str_add(out, "\x1b[1m");
    for (size_t c = 0; c < table->count; c++)
        put_cell(out, &table->columns[c], table->columns[c].title, c + 1 == table->count);
    if (options->color)
        rh_str_add(out, "\x1b[0m");
    json_array_foreach(rows, i, row) for (size_t c = 0; c < table->count; c++)
    {
        json_t *value = json_object_get(row, table->columns[c].name);

        put_cell(out, &table->columns[c],
                 value ? cell_text(value, table->columns[c].flag, options->lang, cell) : "",
                 c + 1 == table->count);
    }
}

/* ---- the parts of an answer ---- */

static void put_messages(const json_t *messages, struct rh_str *out)
{
    json_t *message;
    size_t i;

    json_array_foreach(messages, i, message) if (json_is_string(message))
    {
        rh_str_add(out, json_string_value(message));
        rh_str_add_char(out, '\n');
    }
}

static const char *field_title(const struct rh_operation_entry *op, const char *key,
                               enum rh_lang lang)
{
    for (int32_t i = 0; i < op->column_count; i++)
        if (strcmp(op->columns[i].name, key) == 0)
            return title_of(&op->columns[i], lang);
    return key;
}

static void put_fields(const struct rh_operation_entry *op, const json_t *answer,
                       const struct rh_render_options *options, struct rh_str *out)
{
    char cell[CELL_MAX];
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)answer, key,
                        value) if (is_scalar(value) && !json_is_null(value))
    {
        rh_str_printf(out, "%s: ", field_title(op, key, options->lang));
        rh_str_add(out, cell_text(value, false, options->lang, cell));
        rh_str_add_char(out, '\n');
    }
}

/* "items" as declared; other lists under their name. */
static void put_lists(const struct rh_operation_entry *op, const json_t *answer,
                      const struct rh_render_options *options, struct rh_str *out)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)answer, key, value)
    {
        struct table table = {.count = 0};
        bool items = strcmp(key, "items") == 0;

        if (!json_is_array(value) || strcmp(key, "messages") == 0 || json_array_size(value) == 0)
            continue;
        if (items)
            declared_columns(op, options->lang, false, &table);
        if (table.count == 0)
            found_columns(value, &table);
        if (table.count == 0)
            continue;
        if (out->length > 0)
            rh_str_add_char(out, '\n');
        if (!items)
            rh_str_printf(out, "%s:\n", key);
        put_table(value, &table, options, out);
    }
}

int32_t rh_render_text(const struct rh_operation_entry *op, const char *json, size_t length,
                       const struct rh_render_options *options, struct rh_str *out,
                       struct rh_err *err)
{
    rh_auto_json(answer);
    const json_t *messages;
    int32_t rc = rh_json_parse(json, length, ANSWER_MAX, &answer, err);

    if (rc < 0)
        return rh_err_wrap(err, "Antwort von '%s'", "answer of '%s'", op->op.name);
    messages = json_object_get(answer, "messages");
    if (json_array_size(messages) > 0)
        put_messages(messages, out);
    else
        put_fields(op, answer, options, out);
    put_lists(op, answer, options, out);
    return rh_str_check(out, err);
}

/* ---- CSV ---- */

static void put_csv_value(struct rh_csv_out *csv, const struct column *column, const json_t *value)
{
    char cell[CELL_MAX];

    if (!value || json_is_null(value))
        rh_csv_put_empty(csv);
    else if (json_is_integer(value) && !column->flag)
        rh_csv_put_int(csv, json_integer_value(value));
    else if (json_is_real(value))
        rh_csv_put_double(csv, json_real_value(value));
    else if (json_is_boolean(value) || column->flag)
        rh_csv_put_int(csv, json_is_true(value) ||
                                (json_is_integer(value) && json_integer_value(value) != 0));
    else
        rh_csv_put_text(csv, cell_text(value, false, RH_EN, cell));
}

int32_t rh_render_csv(const struct rh_operation_entry *op, const char *json, size_t length,
                      bool excel, struct rh_str *out, struct rh_err *err)
{
    struct table table = {.count = 0};
    struct rh_csv_out csv;
    rh_auto_json(answer);
    json_t *items, *row;
    size_t i;
    int32_t rc = rh_json_parse(json, length, ANSWER_MAX, &answer, err);

    if (rc < 0)
        return rh_err_wrap(err, "Antwort von '%s'", "answer of '%s'", op->op.name);
    declared_columns(op, RH_EN, true, &table);
    items = json_object_get(answer, "items");
    if (table.count == 0)
        return rh_err_set(
            err, RH_EUSAGE,
            "'%s' hat keine Tabelle und kann nicht als CSV ausgegeben werden; --json gibt alles "
            "aus",
            "'%s' has no table and cannot be written as CSV; --json writes everything",
            op->op.name);
    rh_csv_out_init(&csv, out, excel ? RH_CSV_EXCEL : RH_CSV_RFC4180);
    for (size_t c = 0; c < table.count; c++)
        rh_csv_put_text(&csv, table.columns[c].name);
    rh_csv_end_row(&csv);
    json_array_foreach(items, i, row)
    {
        for (size_t c = 0; c < table.count; c++)
            put_csv_value(&csv, &table.columns[c], json_object_get(row, table.columns[c].name));
        rh_csv_end_row(&csv);
    }
    return rh_str_check(out, err);
}
