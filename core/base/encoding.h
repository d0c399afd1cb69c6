/*
 * encoding.h - text and bytes in their transfer forms: Windows-1252, base64, percent.
 *
 * Decoders are strict: what is not exactly the form is refused with RH_EINVALID and appends
 * nothing that a caller should use. Results are appended to an rh_str, whose maximum bounds them.
 * Any thread.
 */
#ifndef CORE_BASE_ENCODING_H
#define CORE_BASE_ENCODING_H

#include "core/base/str.h"

/* Windows-1252, what Excel on German Windows writes without being asked. The five bytes that the
 * code page leaves open become U+FFFD. */
void rh_cp1252_decode(const char *bytes, size_t length, struct rh_str *out);

/* RFC 4648, section 4, with padding. Decoding accepts no white space, no missing padding, no stray
 * bits. */
void rh_base64_encode(const void *bytes, size_t length, struct rh_str *out);
int32_t rh_base64_decode(const char *text, size_t length, struct rh_str *out, struct rh_err *err);

/* RFC 3986: all but A-Z a-z 0-9 - . _ ~ becomes %XX. */
void rh_percent_encode(const char *text, size_t length, struct rh_str *out);

/* `form`: '+' is a space (application/x-www-form-urlencoded). The result has to be UTF-8 without
 * NUL. */
int32_t rh_percent_decode(const char *text, size_t length, bool form, struct rh_str *out,
                          struct rh_err *err);

#endif
