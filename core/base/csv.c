/* From text to rows, and from the header to columns. */
#include "core/base/csv.h"

#include "core/base/alloc.h"
#include "core/base/csv_reader.h"
#include "core/base/text.h"

#include <string.h>

/* Windows-1252 grows to at most three times its size; sentences and handed-out texts come on top.
 */
#define DECODED_MAX (3 * (size_t)RH_CSV_BYTES_MAX)
#define ARENA_MAX   (4 * (size_t)RH_CSV_BYTES_MAX)
#define HEADER_MAX  100 /* characters */

static void stop(struct rh_csv *csv, int32_t code)
{
    csv->stopped = code;
}

static void take_line_end(struct rh_csv *csv)
{
    bool carriage = csv->text[csv->at] == '\r';

    csv->at++;
    if (carriage && csv->at < csv->length && csv->text[csv->at] == '\n')
        csv->at++;
    csv->line++;
}

static bool at_line_end(const struct rh_csv *csv)
{
    return csv->text[csv->at] == '\n' || csv->text[csv->at] == '\r';
}

static void read_plain(struct rh_csv *csv)
{
    size_t start = csv->at;

    while (csv->at < csv->length && csv->text[csv->at] != csv->delimiter && !at_line_end(csv))
        csv->at++;
    rh_str_add_n(&csv->row, csv->text + start, csv->at - start);
}

static void refuse_after_quote(struct rh_csv *csv, size_t opened)
{
    csv_keep(csv, &csv->errors, csv->line, NULL,
             "nach dem schließenden Anführungszeichen des Feldes, das in Zeile %zu beginnt, steht "
             "'%s'; Anführungszeichen im Feld bitte verdoppeln (\"\")",
             "after the closing quote of the field that starts in line %zu there is '%s'; please "
             "double quotes inside a field (\"\")",
             opened, csv_quote(csv, csv->text + csv->at, csv->length - csv->at, 1));
    stop(csv, RH_EINVALID);
}

static void read_quoted(struct rh_csv *csv)
{
    size_t opened = csv->line, start = ++csv->at;

    while (csv->at < csv->length) {
        char c = csv->text[csv->at];

        if (c == '"') {
            rh_str_add_n(&csv->row, csv->text + start, csv->at - start);
            start = ++csv->at;
            if (csv->at == csv->length || csv->text[csv->at] == csv->delimiter || at_line_end(csv))
                return;
            if (csv->text[csv->at] != '"') {
                refuse_after_quote(csv, opened);
                return;
            }
            csv->at++; /* the doubled quote opens the next piece */
        } else if (c == '\n' || c == '\r') {
            take_line_end(csv);
        } else {
            csv->at++;
        }
    }
    csv_keep(csv, &csv->errors, opened, NULL,
             "das Anführungszeichen, das hier ein Feld öffnet, wird nicht mehr geschlossen",
             "the quote that opens a field here is never closed");
    stop(csv, RH_EINVALID);
}

/* csv_write.h puts an apostrophe before what a spreadsheet would take for a formula. */
static void take_guard_away(const struct rh_csv *csv, struct csv_cell *cell)
{
    const char *text = csv->row.data + cell->start;
    size_t i = 0;

    while (i < cell->length && text[i] == '\'')
        i++;
    if (i > 0 && i < cell->length && strchr("=+-@\t\r\n", text[i])) {
        cell->start++;
        cell->length--;
    }
}

static void read_cell(struct rh_csv *csv)
{
    struct csv_cell *cell = &csv->cells[csv->cell_count++];

    *cell = (struct csv_cell){.start = csv->row.length, .line = csv->line};
    if (csv->at < csv->length && csv->text[csv->at] == '"')
        read_quoted(csv);
    else
        read_plain(csv);
    if (csv->row.failed)
        stop(csv, RH_ENOMEM);
    if (csv->stopped)
        return;
    cell->length = csv->row.length - cell->start;
    if (cell->length > RH_CSV_FIELD_MAX) {
        csv_keep(csv, &csv->errors, cell->line, NULL,
                 "ein Feld hat %zu Byte, erlaubt sind höchstens %d; fehlt ein Anführungszeichen?",
                 "a field has %zu bytes, at most %d are allowed; is a quote missing?", cell->length,
                 RH_CSV_FIELD_MAX);
        stop(csv, RH_ETOOLARGE);
    }
    take_guard_away(csv, cell);
}

/* False at the end of the text and when it cannot be read on. */
static bool read_row(struct rh_csv *csv)
{
    rh_str_reset(&csv->row);
    csv->cell_count = 0;
    csv->row_line = csv->line;
    if (csv->stopped || csv->at >= csv->length)
        return false;
    for (;;) {
        if (csv->cell_count == RH_CSV_COLUMNS_MAX) {
            csv_keep(csv, &csv->errors, csv->line, NULL, "mehr als %d Felder",
                     "more than %d fields", RH_CSV_COLUMNS_MAX);
            stop(csv, RH_ETOOLARGE);
            return false;
        }
        read_cell(csv);
        if (csv->stopped)
            return false;
        if (csv->at == csv->length)
            return true;
        if (csv->text[csv->at] != csv->delimiter) {
            take_line_end(csv);
            return true;
        }
        csv->at++;
    }
}

static bool is_blank(const struct rh_csv *csv, size_t from)
{
    for (size_t i = from; i < csv->cell_count; i++) {
        const char *text = csv->row.data + csv->cells[i].start;
        size_t length = csv->cells[i].length;

        rh_text_trim(&text, &length);
        if (length > 0)
            return false;
    }
    return true;
}

static bool read_row_not_blank(struct rh_csv *csv)
{
    while (read_row(csv))
        if (!is_blank(csv, 0))
            return true;
    return false;
}

bool rh_csv_next(struct rh_csv *csv)
{
    while (csv->headers && read_row_not_blank(csv)) {
        if (csv->rows == RH_CSV_ROWS_MAX) {
            csv_keep(csv, &csv->errors, csv->row_line, NULL, "mehr als %d Zeilen",
                     "more than %d rows", RH_CSV_ROWS_MAX);
            stop(csv, RH_ETOOLARGE);
            return false;
        }
        csv->rows++;
        if (csv->cell_count < csv->header_count || !is_blank(csv, csv->header_count)) {
            csv_keep(csv, &csv->errors, csv->row_line, NULL,
                     "%zu statt %zu Felder; enthält ein Feld '%s', gehört es in Anführungszeichen",
                     "%zu instead of %zu fields; a field that contains '%s' belongs in quotes",
                     csv->cell_count, csv->header_count,
                     csv->delimiter == '\t' ? "Tab" : (char[]){csv->delimiter, '\0'});
            continue;
        }
        return true;
    }
    return false;
}

bool csv_named(const char *word, size_t length, const char *name, const char *aliases)
{
    if (length == 0)
        return false;
    if (name && rh_text_alike(word, length, name, strlen(name)))
        return true;
    while (aliases && *aliases) {
        size_t span = strcspn(aliases, "|");

        if (rh_text_alike(word, length, aliases, span))
            return true;
        aliases += span + (aliases[span] == '|');
    }
    return false;
}

/* SIZE_MAX when no column is called so. */
static size_t find_column(const struct rh_csv *csv, const char *header)
{
    for (size_t i = 0; i < csv->column_count; i++)
        if (csv_named(header, strlen(header), csv->columns[i].name, csv->columns[i].aliases))
            return i;
    return SIZE_MAX;
}

static void note_unused(struct rh_csv *csv, const char *header)
{
    csv_keep(csv, &csv->notes, csv->row_line, header, "diese Spalte wird nicht verwendet",
             "this column is not used");
}

static void place_columns(struct rh_csv *csv, const char **unused)
{
    for (size_t field = 0; field < csv->header_count; field++) {
        const char *header = csv->headers[field];
        size_t column = find_column(csv, header);

        if (column == SIZE_MAX) {
            unused[field] = header[0] ? header : NULL;
        } else if (csv->field_of[column] != SIZE_MAX) {
            csv_keep(csv, &csv->errors, csv->row_line, header,
                     "dieselbe Spalte wie '%s'; bitte eine davon entfernen",
                     "the same column as '%s'; please remove one of them",
                     csv->headers[csv->field_of[column]]);
        } else {
            csv->field_of[column] = field;
        }
    }
}

static void report_columns(struct rh_csv *csv, const char **unused)
{
    for (size_t i = 0; i < csv->column_count; i++) {
        const struct rh_csv_field *column = &csv->columns[i];
        int near;

        if (csv->field_of[i] != SIZE_MAX || !(column->presence & RH_CSV_REQUIRED))
            continue;
        near = rh_text_nearest(column->name, unused, csv->header_count);
        if (near >= 0)
            csv_keep(csv, &csv->errors, csv->row_line, NULL,
                     "die Spalte '%s' fehlt (ist '%s' gemeint?)",
                     "column '%s' is missing (is it '%s'?)", column->name, unused[near]);
        else
            csv_keep(csv, &csv->errors, csv->row_line, NULL, "die Spalte '%s' fehlt",
                     "column '%s' is missing", column->name);
    }
    for (size_t field = 0; field < csv->header_count; field++)
        if (unused[field])
            note_unused(csv, unused[field]);
}

static bool keep_headers(struct rh_csv *csv)
{
    const char **headers;

    while (csv->cell_count > 0 && is_blank(csv, csv->cell_count - 1))
        csv->cell_count--;
    headers = rh_arena_array(&csv->arena, csv->cell_count + 1, sizeof(*headers));
    if (!headers)
        return false;
    for (size_t i = 0; i < csv->cell_count; i++) {
        const char *text = csv->row.data + csv->cells[i].start;
        size_t length = csv->cells[i].length;

        rh_text_trim(&text, &length);
        headers[i] = csv_quote(csv, text, length, HEADER_MAX);
    }
    csv->headers = headers;
    csv->header_count = csv->cell_count;
    return true;
}

static void read_header(struct rh_csv *csv)
{
    const char **unused;

    if (!read_row_not_blank(csv)) {
        if (!csv->stopped)
            csv_keep(csv, &csv->errors, 0, NULL,
                     "die Datei ist leer; erwartet wird eine Kopfzeile mit den Spaltennamen",
                     "the file is empty; a header line with the names of the columns is expected");
        return;
    }
    unused = keep_headers(csv) ? rh_arena_array(&csv->arena, csv->header_count + 1, sizeof(*unused))
                               : NULL;
    if (!unused) {
        stop(csv, RH_ENOMEM);
        return;
    }
    place_columns(csv, unused);
    report_columns(csv, unused);
    if (csv->errors.total > 0)
        stop(csv, RH_EINVALID); /* rows without their columns would only repeat it */
}

int32_t rh_csv_open(const char *file, const void *bytes, size_t length,
                    const struct rh_csv_field *columns, size_t count, struct rh_csv **ret,
                    struct rh_err *err)
{
    struct rh_csv *csv;

    if (length > RH_CSV_BYTES_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "%s: %zu Byte, erlaubt sind höchstens %u MiB",
                          "%s: %zu bytes, at most %u MiB are allowed", file, length,
                          RH_CSV_BYTES_MAX / (1024 * 1024));
    csv = rh_alloc(1, sizeof(*csv));
    if (!csv)
        return rh_err_nomem(err);
    csv->file = file;
    csv->columns = columns;
    csv->column_count = count;
    rh_str_init(&csv->decoded, DECODED_MAX);
    rh_str_init(&csv->row, DECODED_MAX);
    rh_arena_init(&csv->arena, ARENA_MAX);
    csv->field_of = rh_arena_array(&csv->arena, count + 1, sizeof(*csv->field_of));
    if (!csv->field_of) {
        rh_csv_free(csv);
        return rh_err_nomem(err);
    }
    for (size_t i = 0; i < count; i++)
        csv->field_of[i] = SIZE_MAX;
    csv_decode(csv, bytes, length);
    if (!csv->stopped)
        read_header(csv);
    *ret = csv;
    return 0;
}

struct rh_csv *rh_csv_free(struct rh_csv *csv)
{
    if (!csv)
        return NULL;
    rh_str_fini(&csv->decoded);
    rh_str_fini(&csv->row);
    rh_arena_fini(&csv->arena);
    return rh_free(csv);
}

void rh_csv_release(struct rh_csv **csv)
{
    *csv = rh_csv_free(*csv);
}

bool rh_csv_has(const struct rh_csv *csv, size_t column)
{
    return column < csv->column_count && csv->field_of[column] != SIZE_MAX;
}

size_t rh_csv_line(const struct rh_csv *csv)
{
    return csv->row_line;
}

size_t rh_csv_rows(const struct rh_csv *csv)
{
    return csv->rows;
}
