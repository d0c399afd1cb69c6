/*
 * line.h - content lines of iCalendar: folded, escaped, refused (RFC 5545, 3.1; RFC 6868).
 *
 * A line has at most 75 octets without its CRLF; it is folded between characters, and never inside
 * an escape. What can be escaped is escaped: texts and parameters. What cannot (addresses, URIs,
 * names) is refused by the functions at the end before anything is written, because most writers
 * paste it, and a line break in an address then begins a line of its own.
 *
 * Pure; any thread. No memory makes the text `failed`; what is added then goes nowhere.
 */
#ifndef PLUGINS_APPOINTMENTS_ICAL_LINE_H
#define PLUGINS_APPOINTMENTS_ICAL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ICAL_LINE_OCTETS 75
#define ICAL_BYTES_MAX   ((size_t)16 * 1024 * 1024)

/* Bytes that grow; begin with all zero. */
struct ical_text {
    char *data; /* owned; always terminated, NULL while empty */
    size_t length, room;
    bool failed; /* no memory, or more than ICAL_BYTES_MAX */
};
void ical_text_free(struct ical_text *text);

struct ical_line {
    struct ical_text *out;
    size_t octets; /* of the present physical line */
};

/* "NAME" begins a line; parameters, then the value, then its end. Names are ours, never input. */
struct ical_line ical_line_begin(struct ical_text *out, const char *name);
/* ;NAME=value, in quotes where it has to be (RFC 5545, 3.2) and with ^n ^^ ^' (RFC 6868). */
void ical_line_parameter(struct ical_line *line, const char *name, const char *value);
/* :value with \\ \; \, \n (RFC 5545, 3.3.11). CR LF counts as one line break. */
void ical_line_text(struct ical_line *line, const char *value);
/* More of the text. */
void ical_line_more(struct ical_line *line, const char *value);
/* :value as it is; what was checked, or is ours. */
void ical_line_plain(struct ical_line *line, const char *value);
void ical_line_end(struct ical_line *line);

/* "NAME:value" in one. */
void ical_put(struct ical_text *out, const char *name, const char *value);
void ical_put_text(struct ical_text *out, const char *name, const char *value);

/* ---- what may be written at all ---- */

/* UTF-8 without control characters; tab and line breaks are allowed when `lines`. At most
 * `characters` characters. */
bool ical_text_ok(const char *text, bool lines, size_t characters);
/* local@domain as RFC 5322's dot-atom without % ? #, which mean something in a mailto URI: one '@',
 * no quotes, no comments, ASCII. */
bool ical_address_ok(const char *address);
/* http:// or https:// with a host and only characters of RFC 3986. */
bool ical_uri_ok(const char *uri);

#endif
