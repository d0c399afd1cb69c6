/*
 * csv_reader.h - the inside of the CSV reader, shared by its files: csv_decode.c makes text of
 * bytes, csv.c rows of text, csv_value.c values of cells, csv_problem.c sentences of mistakes. Not
 * for others.
 */
#ifndef CORE_BASE_CSV_READER_H
#define CORE_BASE_CSV_READER_H

#include "core/base/arena.h"
#include "core/base/csv.h"
#include "core/base/str.h"

#include <stdarg.h>

struct csv_cell {
    size_t start, length; /* in rh_csv.row */
    size_t line;
};

struct rh_csv {
    const char *file; /* borrowed */
    int32_t stopped;  /* RH_E… when the file cannot be read on */

    struct rh_str decoded; /* owned text when the bytes were Windows-1252 */
    const char *text;      /* borrowed, or in `decoded` */
    size_t length, at, line;
    char delimiter;

    const struct rh_csv_field *columns; /* borrowed */
    size_t column_count;
    size_t *field_of;     /* by column; SIZE_MAX = absent; in the arena */
    const char **headers; /* by field; in the arena */
    size_t header_count;

    struct rh_str row; /* cells of the present row, one behind the other */
    struct csv_cell cells[RH_CSV_COLUMNS_MAX];
    size_t cell_count, row_line, rows;

    struct rh_csv_problems errors, notes;
    struct rh_arena arena;
};

/* Bytes to UTF-8 text, and which sign parts the fields. */
void csv_decode(struct rh_csv *csv, const char *bytes, size_t length);

/* Is the word the name or one of the aliases? Either may be NULL. */
bool csv_named(const char *word, size_t length, const char *name, const char *aliases);

/* Keep a sentence. line 0: the whole file; column NULL: the whole line. */
void csv_keep(struct rh_csv *csv, struct rh_csv_problems *problems, size_t line, const char *column,
              const char *de, const char *en, ...) RH_PRINTF(5, 7) RH_PRINTF(6, 7);
void csv_vkeep(struct rh_csv *csv, struct rh_csv_problems *problems, size_t line,
               const char *column, const char *de, const char *en, va_list args);

/* What a column is called in this file. */
const char *csv_column_name(const struct rh_csv *csv, size_t column);

/* The trimmed cell of the present row; false when it is empty (a sentence is kept if it must not
 * be). */
struct csv_view {
    const char *text;
    size_t length;
};
bool csv_cell(struct rh_csv *csv, size_t column, struct csv_view *ret);
const char *csv_value(struct rh_csv *csv, struct csv_view cell); /* csv_quote() of it */

/* A value as it may stand in a sentence: cut after so many characters, without line ends. Lives in
 * the arena. */
const char *csv_quote(struct rh_csv *csv, const char *text, size_t length, size_t characters);

#endif
