/*
 * text.h - what people write: UTF-8, umlauts, names, order, "did you mean".
 *
 * All text inside the server is UTF-8 in NFC; what comes from outside is checked (rh_text_valid,
 * rh_text_check_line) and normalised (rh_text_nfc) once, at the border. Functions here take bytes
 * and a length, never read beyond it, and do not need a NUL. Those that are not said to fail accept
 * any bytes; a byte that is not UTF-8 counts as one character. Results are appended to an rh_str,
 * whose maximum bounds them. Any thread; no allocation except in the rh_str and in rh_text_nfc()
 * and rh_text_fold() of text that is not plain.
 *
 * Transfer forms (base64, percent, Windows-1252) are in encoding.h.
 */
#ifndef CORE_BASE_TEXT_H
#define CORE_BASE_TEXT_H

#include "core/base/str.h"

/* The number of bytes from the start that are whole, valid UTF-8 (no surrogates, no overlong
 * forms); NUL is a valid character here. */
size_t rh_text_valid_span(const char *text, size_t length);
bool rh_text_valid(const char *text, size_t length);

/*
 * A name or title as it may be stored: valid UTF-8, not empty, no control character or line break,
 * no invisible change of direction (U+202A..E, U+2066..9), at most `characters` characters. The
 * sentence continues a phrase ("Name: enthält …"), which the caller puts in front with
 * rh_err_wrap().
 */
int32_t rh_text_check_line(const char *text, size_t length, size_t characters, struct rh_err *err);

/* The same for text of several lines: tab, LF and CR LF are allowed, and so is being empty. */
int32_t rh_text_check_lines(const char *text, size_t length, size_t characters, struct rh_err *err);

/* Narrows the view to leave out white space at both ends, also the no-break and zero-width kinds
 * that come with copying from web pages and Excel. */
void rh_text_trim(const char **text, size_t *length);

/* Appends the text in NFC, or case-folded and in NFC ("Straße" -> "strasse"). RH_EINVALID when it
 * is not UTF-8. */
int32_t rh_text_nfc(const char *text, size_t length, struct rh_str *out, struct rh_err *err);
int32_t rh_text_fold(const char *text, size_t length, struct rh_str *out, struct rh_err *err);

/* Characters (code points), and columns on a terminal: combining marks take none, East Asian wide
 * characters two. */
size_t rh_text_count(const char *text, size_t length);
size_t rh_text_width(const char *text, size_t length);

/* The number of bytes of the longest beginning with at most so many characters (columns) that does
 * not tear a character from its accents. */
size_t rh_text_cut(const char *text, size_t length, size_t characters);
size_t rh_text_cut_width(const char *text, size_t length, size_t columns);

/* Appends exactly `columns` columns: filled with spaces (before it when `right`), or cut with "…"
 * at the end. */
void rh_text_fit(struct rh_str *out, const char *text, size_t length, size_t columns, bool right);

/*
 * German order (DIN 5007-1, as in a dictionary): ä as a, ß as ss, case and accents only break ties,
 * hyphen and slash as a space, other marks left out. The key sorts right with memcmp() and so with
 * SQLite's BINARY; it is made of the whole text, so equal keys mean equal text.
 */
void rh_text_sort_key(const char *text, size_t length, struct rh_str *out);
int rh_text_compare(const char *a, const char *b); /* by sort key; fit for qsort */

/* Equal but for case, accents, punctuation and ways to write umlauts: "Köln", "KOELN". */
bool rh_text_alike(const char *a, size_t a_length, const char *b, size_t b_length);

/* An identifier of a-z, 0-9 and single hyphens: "Städteregion Aachen" -> "staedteregion-aachen".
 * Empty when there is nothing to make it of; the caller checks. */
void rh_text_slug(const char *text, size_t length, struct rh_str *out);

/*
 * "Did you mean …?": the index of the candidate nearest to the word, or -1 when none is near
 * enough to be worth suggesting. Edit distance (insert, delete, replace, swap of neighbours) on
 * text made alike as in rh_text_alike(); a candidate that contains the word, or is contained in it,
 * as a whole word is near, too ("Herzogenrath" in "Stadt Herzogenrath"). NULL candidates are
 * passed over.
 */
int rh_text_nearest(const char *word, const char *const *candidates, size_t count);

/* The distance alone; SIZE_MAX when either text is longer than RH_TEXT_DISTANCE_MAX characters. */
#define RH_TEXT_DISTANCE_MAX 128
size_t rh_text_distance(const char *a, const char *b);

#endif
