/*
 * csv.h - tables from offices: read as Excel writes them, with every mistake named at once.
 *
 * A file is given as bytes and a table of the columns wanted. Recognised by itself: byte order
 * mark, UTF-8 or else Windows-1252, a "sep=;" line, the delimiter (; , tab), line ends, quotes (RFC
 * 4180), headers in any order, German or English, in any case. Mistakes do not stop the reading:
 * they are collected (the first RH_CSV_PROBLEMS_MAX and the number of all), so that a person mends
 * a file once and not line by line. What was understood but may surprise (a padded key, an unused
 * column) is a note.
 *
 *     enum { NAME, POPULATION };
 *     static const struct rh_csv_field columns[] = {
 *         [NAME] = {"name", "Bezeichnung|Jugendamt", RH_CSV_FILLED},
 *         [POPULATION] = {"population", "Einwohner|Einwohnerzahl", RH_CSV_REQUIRED},
 *     };
 *     rc = rh_csv_open("offices.csv", bytes, length, columns, 2, &csv, err);
 *     while (rc == 0 && rh_csv_next(csv)) {
 *         const char *name = rh_csv_text(csv, NAME, 200);
 *         rh_csv_int(csv, POPULATION, 0, 20000000, &population);
 *         ...
 *     }
 *     if (rc == 0)
 *         rc = rh_csv_finish(csv, err); // nothing may be kept unless this is 0
 *
 * Numbers. A decimal has a point or a comma. Thousands may be grouped by spaces or, from two groups
 * on, by points or commas ("1.234.567"). With one group ("1.234") the file decides: in a file with
 * ';' (German Excel) the point groups thousands, in one with ',' or tab the comma does; the other
 * sign is a decimal sign and refused in whole numbers. A decimal that can be read both ways is
 * taken when only one reading lies in the range asked for, and otherwise refused as ambiguous.
 *
 * One thread at a time. Texts handed out live as long as the reader. A leading apostrophe that a
 * writer put before a formula (csv_write.h) is taken away.
 */
#ifndef CORE_BASE_CSV_H
#define CORE_BASE_CSV_H

#include "core/base/error.h"

#include <stdarg.h>
#include <stdbool.h>

#define RH_CSV_BYTES_MAX    (16u * 1024 * 1024)
#define RH_CSV_ROWS_MAX     100000
#define RH_CSV_COLUMNS_MAX  256
#define RH_CSV_FIELD_MAX    65536 /* bytes */
#define RH_CSV_PROBLEMS_MAX 20

enum {
    RH_CSV_OPTIONAL = 0,
    RH_CSV_REQUIRED = 1, /* the column has to be there, its cells may be empty */
    RH_CSV_FILLED = 3,   /* the column has to be there, and no cell may be empty */
};

struct rh_csv_field {
    const char *name;    /* the one we write ourselves */
    const char *aliases; /* others, parted by '|'; NULL for none. Case, accents, hyphens and
                            underscores do not matter. */
    int presence;        /* RH_CSV_OPTIONAL … */
};

struct rh_csv;

/*
 * `file` (its name, for the sentences), `bytes` and `columns` are borrowed until rh_csv_free().
 * Fails only without memory or for a file over RH_CSV_BYTES_MAX; what is wrong inside waits for
 * rh_csv_finish().
 */
int32_t rh_csv_open(const char *file, const void *bytes, size_t length,
                    const struct rh_csv_field *columns, size_t count, struct rh_csv **ret,
                    struct rh_err *err);
struct rh_csv *rh_csv_free(struct rh_csv *csv); /* NULL is fine; returns NULL */
void rh_csv_release(struct rh_csv **csv);       /* for rh_auto_csv */
#define rh_auto_csv(name) __attribute__((cleanup(rh_csv_release))) struct rh_csv *name = NULL

/* Goes to the next row that is not empty and has its fields; false at the end, or where the file
 * cannot be read on. */
bool rh_csv_next(struct rh_csv *csv);

/* Is the column in the file? Which line is the present row in? How many rows were there? */
bool rh_csv_has(const struct rh_csv *csv, size_t column);
size_t rh_csv_line(const struct rh_csv *csv);
size_t rh_csv_rows(const struct rh_csv *csv);

/*
 * Cells of the present row. All trim. Empty cells and absent columns answer "" or false and leave
 * *ret alone, so that the caller sets the default beforehand; so do wrong cells, after a sentence
 * was kept.
 */
const char *rh_csv_text(struct rh_csv *csv, size_t column, size_t characters);  /* one line, NFC */
const char *rh_csv_lines(struct rh_csv *csv, size_t column, size_t characters); /* may break */
bool rh_csv_int(struct rh_csv *csv, size_t column, int64_t least, int64_t most, int64_t *ret);
bool rh_csv_double(struct rh_csv *csv, size_t column, double least, double most, double *ret);
/* ja nein yes no true false wahr falsch j n y 1 0 x ✓ ✗ */
bool rh_csv_bool(struct rh_csv *csv, size_t column, bool *ret);

struct rh_csv_date {
    int year, month, day; /* 1-based; a day that exists, 1900 to 2200 */
};
bool rh_csv_date(struct rh_csv *csv, size_t column, struct rh_csv_date *ret); /* ISO, dd.mm.yyyy */

/* 2028-03, 03.2028, 3/2028, "März 2028", the first of a month as a date, and what Excel makes of a
 * month when nobody looks: "Mrz 28", "Mar-28". `day` is 1. */
bool rh_csv_month(struct rh_csv *csv, size_t column, struct rh_csv_date *ret);

/* The official key of a district (5 digits) or municipality (8). Excel drops a leading zero: 4 and
 * 7 digits are padded, with a note. */
bool rh_csv_ags(struct rh_csv *csv, size_t column, char ret[9]);

/* One of a list of words; `aliases` as for columns. *ret is its index. */
struct rh_csv_word {
    const char *name, *aliases;
};
bool rh_csv_choice(struct rh_csv *csv, size_t column, const struct rh_csv_word *words, size_t count,
                   size_t *ret);

/* The caller's own findings in the present row: an error (nothing will be imported), or a note. */
void rh_csv_refuse(struct rh_csv *csv, size_t column, const char *de, const char *en, ...)
    RH_PRINTF(3, 5) RH_PRINTF(4, 5);
void rh_csv_vrefuse(struct rh_csv *csv, size_t column, const char *de, const char *en,
                    va_list args);
void rh_csv_note(struct rh_csv *csv, size_t column, const char *de, const char *en, ...)
    RH_PRINTF(3, 5) RH_PRINTF(4, 5);
#define RH_CSV_NO_COLUMN SIZE_MAX /* for `column`: it concerns the whole line */

struct rh_csv_problem {
    size_t line;         /* 0: the file as a whole */
    const char *column;  /* as the file calls it; NULL: the line as a whole */
    const char *text[2]; /* the whole sentence with file, line and column; by enum rh_lang */
};
struct rh_csv_problems {
    struct rh_csv_problem list[RH_CSV_PROBLEMS_MAX];
    size_t kept, total;
};
const struct rh_csv_problems *rh_csv_errors(const struct rh_csv *csv);
const struct rh_csv_problems *rh_csv_notes(const struct rh_csv *csv);

/*
 * 0 when the file was read to its end without an error. Otherwise RH_EINVALID (RH_ETOOLARGE,
 * RH_ENOMEM) and a text of as many sentences as fit, one a line, and how many more there are.
 */
int32_t rh_csv_finish(struct rh_csv *csv, struct rh_err *err);

#endif
