/*
 * csv_write.h - tables for programs (RFC 4180) and for people with a German Excel.
 *
 * RFC 4180: ',' and CR LF, no byte order mark, decimal point. Excel: ';' and CR LF, UTF-8 with byte
 * order mark, decimal comma. In both, a text that a spreadsheet would run as a formula (it starts
 * with = + - @, tab or a line end) gets an apostrophe in front, which csv.h takes away again;
 * numbers written as numbers are left alone. Bytes that are not UTF-8 become U+FFFD.
 *
 * Writes into a borrowed rh_str; the caller asks it at the end with rh_str_check(). One thread at a
 * time; nothing to release.
 */
#ifndef CORE_BASE_CSV_WRITE_H
#define CORE_BASE_CSV_WRITE_H

#include "core/base/str.h"

enum rh_csv_dialect { RH_CSV_RFC4180, RH_CSV_EXCEL };

struct rh_csv_out {
    struct rh_str *out; /* borrowed */
    enum rh_csv_dialect dialect;
    size_t fields; /* of the present row */
};

void rh_csv_out_init(struct rh_csv_out *csv, struct rh_str *out, enum rh_csv_dialect dialect);

void rh_csv_put_text(struct rh_csv_out *csv, const char *text); /* NULL is an empty field */
void rh_csv_put_text_n(struct rh_csv_out *csv, const char *text, size_t length);
void rh_csv_put_int(struct rh_csv_out *csv, int64_t value);
void rh_csv_put_double(struct rh_csv_out *csv, double value); /* NaN and infinity: empty */
void rh_csv_put_empty(struct rh_csv_out *csv);
void rh_csv_end_row(struct rh_csv_out *csv);

#endif
