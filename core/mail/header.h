/*
 * header.h - header lines, folded and encoded.
 *
 * Lines are at most 78 characters (RFC 5322, 2.1.1), except where one word alone is longer. Text
 * that is not plain ASCII becomes encoded words (RFC 2047) of at most 75 characters, never split
 * inside a character; file names become RFC 2231. The callers have checked what they hand in
 * (address.h, rh_text_check_line()); as a second wall, a control character makes the string
 * `failed` instead of reaching the header. Pure; inside the room.
 */
#ifndef CORE_MAIL_HEADER_H
#define CORE_MAIL_HEADER_H

#include "core/base/str.h"

#define MAIL_LINE_MAX 78

struct mail_header {
    struct rh_str *out;
    size_t column; /* of the present line */
};

/* Begins "Name:"; the values below put their space in front. */
struct mail_header mail_header_begin(struct rh_str *out, const char *name);
void mail_header_end(struct mail_header *header);

/* A word that is not split: an address in <>, a Message-ID, a parameter. `text` is printable ASCII.
 */
void mail_header_word(struct mail_header *header, const char *text);
/* Free text, as in Subject. */
void mail_header_text(struct mail_header *header, const char *text);
/* A display name and its address; with a comma behind it when `more` follows. */
void mail_header_mailbox(struct mail_header *header, const char *name, const char *address,
                         bool more);
/* ; name="value", or name*=utf-8''… in as many pieces as it takes. */
void mail_header_parameter(struct mail_header *header, const char *name, const char *value);

#endif
