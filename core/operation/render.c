#include "core/operation/render.h"

#include "core/base/alloc.h"
#include "core/base/csv_write.h"
#include "core/base/json.h"
#include "core/base/number.h"
#include "core/base/text.h"
#include "core/operation/words.h"

#include <string.h>

#define ANSWER_MAX  (64u * 1024 * 1024)
#define COLUMNS_MAX 64
#define NARROW      8 /* columns that every text keeps on a narrow terminal */

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

static const char *yes_or_no(bool yes, enum rh_lang lang)
{
    if (lang == RH_DE)
        return yes ? "ja" : "nein";
    return yes ? "yes" : "no";
}

/* People here write "51,2"; programs read JSON or CSV. */
static const char *real_text(double value, enum rh_lang lang, char cell[RH_NUMBER_MAX])
{
    size_t length = rh_double_format(value, cell);
    char *point = memchr(cell, '.', length);

    if (point && lang == RH_DE)
        *point = ',';
    return cell;
}

/* A value as a person reads it, in `cell` unless it is a text already. */
static const char *cell_text(const json_t *value, bool flag, enum rh_lang lang,
                             char cell[RH_NUMBER_MAX])
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_boolean(value))
        return yes_or_no(json_is_true(value), lang);
    if (json_is_integer(value) && flag)
        return yes_or_no(json_integer_value(value) != 0, lang);
    if (json_is_real(value))
        return real_text(json_real_value(value), lang, cell);
    if (!json_is_integer(value))
        return ""; /* null, and what has no place in a cell */
    rh_int_format(json_integer_value(value), cell);
    return cell;
}

static bool is_scalar(const json_t *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

/* ---- tables ---- */

static void add_column(struct table *table, const struct rh_column *column, const char *name,
                       enum rh_lang lang)
{
    if (table->count < COLUMNS_MAX)
        table->columns[table->count++] =
            (struct column){.name = name,
                            .title = title_of(column, lang),
                            .number = column->type == RH_TYPE_INT || column->type == RH_TYPE_REAL,
                            .flag = column->type == RH_TYPE_FLAG};
}

static void declared_columns(const struct rh_operation_entry *op, enum rh_lang lang, bool wide,
                             struct table *table)
{
    for (int32_t i = 0; i < op->column_count; i++)
        if (wide || !(op->columns[i].flags & RH_COLUMN_WIDE))
            add_column(table, &op->columns[i], op->columns[i].name, lang);
}

/* Those of another list of the answer, declared as "list.column". */
static void other_columns(const struct rh_operation_entry *op, const char *list, enum rh_lang lang,
                          struct table *table)
{
    size_t length = strlen(list);

    for (int32_t i = 0; i < op->other_count; i++) {
        const struct rh_column *other = &op->others[i];

        if (strncmp(other->name, list, length) == 0 && other->name[length] == '.' &&
            other->name[length + 1] && !(other->flags & RH_COLUMN_WIDE))
            add_column(table, other, other->name + length + 1, lang);
    }
}

/* A table that no columns are declared for shows the scalar members of its first row. */
static void found_columns(const json_t *rows, struct table *table)
{
    json_t *first = json_array_get(rows, 0), *value;
    const char *key;

    json_object_foreach(first, key, value)
    {
        if (is_scalar(value) && !rh_words_is(first, key) && table->count < COLUMNS_MAX)
            table->columns[table->count++] = (struct column){.name = key,
                                                             .title = key,
                                                             .number = json_is_number(value),
                                                             .flag = json_is_boolean(value)};
    }
}

/* What came from a file or the network must not move the cursor or colour the terminal. */
static void put_plain(struct rh_str *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        bool c1 = byte == 0xC2 && i + 1 < length && (unsigned char)text[i + 1] >= 0x80 &&
                  (unsigned char)text[i + 1] < 0xA0;

        i += c1;
        rh_str_add_char(out, byte < ' ' || byte == 0x7F || c1 ? ' ' : (char)byte);
    }
}

/* One cell after another in one piece of memory. */
struct cell {
    struct rh_str text;
    enum rh_lang lang;
};

static void fill(struct cell *cell, const struct column *column, const json_t *row)
{
    char number[RH_NUMBER_MAX];
    const char *text = cell_text(rh_words_of(row, column->name), column->flag, cell->lang, number);

    rh_str_reset(&cell->text);
    put_plain(&cell->text, text, strlen(text));
}

static void measure(const json_t *rows, struct table *table, struct cell *cell)
{
    json_t *row;
    size_t i;

    for (size_t c = 0; c < table->count; c++)
        table->columns[c].width =
            rh_text_width(table->columns[c].title, strlen(table->columns[c].title));
    json_array_foreach(rows, i, row)
    {
        for (size_t c = 0; c < table->count; c++) {
            size_t width;

            fill(cell, &table->columns[c], row);
            width = rh_text_width(cell->text.data, cell->text.length);
            if (width > table->columns[c].width)
                table->columns[c].width = width;
        }
    }
}

/* A column that no row fills would only take room from the others. */
static void drop_empty(const json_t *rows, struct table *table, struct cell *cell)
{
    size_t kept = 0;

    for (size_t c = 0; c < table->count; c++) {
        bool filled = false;
        json_t *row;
        size_t i;

        json_array_foreach(rows, i, row)
        {
            fill(cell, &table->columns[c], row);
            if ((filled = cell->text.length > 0 || cell->text.failed))
                break;
        }
        if (filled)
            table->columns[kept++] = table->columns[c];
    }
    table->count = kept;
}

/* Too wide for the terminal: the widest columns give way, none below NARROW, numbers never: a
 * number without its end is a wrong number. */
static void squeeze(struct table *table, int width)
{
    for (;;) {
        size_t total = table->count ? 2 * (table->count - 1) : 0, second = NARROW, over;
        struct column *widest = NULL;

        for (size_t c = 0; c < table->count; c++) {
            struct column *column = &table->columns[c];

            total += column->width;
            if (column->number || column->width <= NARROW)
                continue;
            if (!widest || column->width > widest->width) {
                second = widest ? widest->width : second;
                widest = column;
            } else if (column->width > second)
                second = column->width;
        }
        if (width <= 0 || total <= (size_t)width || !widest)
            return;
        over = total - (size_t)width;
        if (widest->width - second > 1)
            widest->width -= over < widest->width - second ? over : widest->width - second;
        else
            widest->width--;
    }
}

/* No spaces at the end of a line: they get into what people copy. */
static void end_line(struct rh_str *out, const char *after)
{
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    rh_str_add(out, after);
    rh_str_add_char(out, '\n');
}

static void put_table(const json_t *rows, struct table *table,
                      const struct rh_render_options *options, struct rh_str *out)
{
    struct cell cell = {.text = RH_STR_INIT(ANSWER_MAX), .lang = options->lang};
    json_t *row;
    size_t i;

    drop_empty(rows, table, &cell);
    measure(rows, table, &cell);
    squeeze(table, options->width);
    if (options->color)
        rh_str_add(out, "\x1b[1m");
    for (size_t c = 0; c < table->count; c++) {
        const struct column *column = &table->columns[c];

        rh_text_fit(out, column->title, strlen(column->title), column->width, column->number);
        rh_str_add(out, c + 1 < table->count ? "  " : "");
    }
    end_line(out, options->color ? "\x1b[0m" : "");
    json_array_foreach(rows, i, row)
    {
        for (size_t c = 0; c < table->count; c++) {
            const struct column *column = &table->columns[c];

            fill(&cell, column, row);
            out->failed |= cell.text.failed;
            rh_text_fit(out, cell.text.data, cell.text.length, column->width, column->number);
            rh_str_add(out, c + 1 < table->count ? "  " : "");
        }
        end_line(out, "");
    }
    rh_str_fini(&cell.text);
}

/* ---- the parts of an answer ---- */

/* Lines stay lines. */
static void put_lines(const char *rest, struct rh_str *out)
{
    while (rest) {
        size_t length = strcspn(rest, "\n");

        put_plain(out, rest, length);
        end_line(out, "");
        rest = rest[length] ? rest + length + 1 : NULL;
    }
}

static void put_messages(const json_t *messages, struct rh_str *out)
{
    json_t *message;
    size_t i;

    json_array_foreach(messages, i, message) put_lines(json_string_value(message), out);
}

/* How the answer's field `key`, or its list, is declared; NULL when it is not. */
static const struct rh_column *declared_field(const struct rh_operation_entry *op, const char *key)
{
    for (int32_t i = 0; i < op->other_count; i++)
        if (op->others[i].name[0] == '.' && strcmp(op->others[i].name + 1, key) == 0)
            return &op->others[i];
    for (int32_t i = 0; i < op->column_count; i++)
        if (strcmp(op->columns[i].name, key) == 0)
            return &op->columns[i];
    return NULL;
}

static const char *list_title(const struct rh_operation_entry *op, const char *key,
                              enum rh_lang lang)
{
    size_t length = strlen(key);

    for (int32_t i = 0; i < op->other_count; i++)
        if (strncmp(op->others[i].name, key, length) == 0 &&
            strcmp(op->others[i].name + length, ".") == 0)
            return title_of(&op->others[i], lang);
    return key;
}

static void put_fields(const struct rh_operation_entry *op, json_t *answer,
                       const struct rh_render_options *options, struct rh_str *out)
{
    char cell[RH_NUMBER_MAX];
    const char *key;
    json_t *value;

    json_object_foreach(answer, key, value)
    {
        const struct rh_column *column = declared_field(op, key);
        const char *text;

        if (!is_scalar(value) || json_is_null(value) || rh_words_is(answer, key))
            continue;
        if (column && column->name[0] == '.' && (column->flags & RH_COLUMN_WIDE))
            continue;
        text = cell_text(rh_words_of(answer, key), column && column->type == RH_TYPE_FLAG,
                         options->lang, cell);
        rh_str_add(out, column ? title_of(column, options->lang) : key);
        if (strchr(text, '\n')) { /* a text of several lines stands below its title */
            rh_str_add(out, ":\n");
            put_lines(text, out);
            continue;
        }
        rh_str_add(out, ": ");
        put_plain(out, text, strlen(text));
        end_line(out, "");
    }
}

/* "items" as declared; other lists under their name. */
static void put_lists(const struct rh_operation_entry *op, json_t *answer,
                      const struct rh_render_options *options, struct rh_str *out)
{
    const char *key;
    json_t *value;

    json_object_foreach(answer, key, value)
    {
        struct table table = {.count = 0};
        bool items = strcmp(key, "items") == 0;

        if (!json_is_array(value) || strcmp(key, "messages") == 0 || json_array_size(value) == 0)
            continue;
        if (items)
            declared_columns(op, options->lang, false, &table);
        else
            other_columns(op, key, options->lang, &table);
        if (table.count == 0)
            found_columns(value, &table);
        if (table.count == 0)
            continue;
        if (out->length > 0)
            rh_str_add_char(out, '\n');
        if (!items)
            rh_str_printf(out, "%s:\n", list_title(op, key, options->lang));
        put_table(value, &table, options, out);
    }
}

int32_t rh_render_text(const struct rh_operation_entry *op, const char *json, size_t length,
                       const struct rh_render_options *options, struct rh_str *out,
                       struct rh_err *err)
{
    rh_auto_json(answer);
    const json_t *messages, *items;
    int32_t rc = rh_json_parse(json, length, ANSWER_MAX, &answer, err);

    if (rc < 0)
        return rh_err_wrap(err, "Antwort von '%s'", "answer of '%s'", op->op.name);
    if ((rc = rh_words_add(op, answer, options->lang, err)) < 0)
        return rc;
    messages = json_object_get(answer, "messages");
    items = json_object_get(answer, "items");
    if (json_array_size(messages) > 0)
        put_messages(messages, out);
    else
        put_fields(op, answer, options, out);
    put_lists(op, answer, options, out);
    if (json_is_array(items) && json_array_size(items) == 0 && out->length == 0)
        rh_str_add(out, options->lang == RH_DE ? "keine Einträge\n" : "no entries\n");
    return rh_str_check(out, err);
}

/* ---- CSV ---- */

static void put_csv_value(struct rh_csv_out *csv, const struct column *column, const json_t *value)
{
    char cell[RH_NUMBER_MAX];

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
    if (table.count == 0 || !json_is_array(items))
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

int32_t rh_render_lines(const char *json, size_t length, struct rh_str *out, struct rh_err *err)
{
    rh_auto_json(answer);
    json_t *item;
    size_t i;
    int32_t rc = rh_json_parse(json, length, ANSWER_MAX, &answer, err);

    if (rc < 0)
        return rc;
    json_array_foreach(json_object_get(answer, "items"), i, item)
    {
        char *line = json_dumps(item, JSON_COMPACT);

        if (!line)
            return rh_err_nomem(err);
        rh_str_add(out, line);
        rh_str_add_char(out, '\n');
        rh_free(line);
    }
    return 0;
}
