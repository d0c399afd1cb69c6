/*
 * mime.h - the inside of a foreign message: header fields, parts, transfer forms, words.
 *
 * What others send is hostile or at least untidy: nothing here fails on it. What cannot be
 * understood is left out or becomes U+FFFD; depth, number and size are bounded. Slices point into
 * the message, decoded text into an rh_str. Pure; inside the room.
 */
#ifndef CORE_MAIL_MIME_H
#define CORE_MAIL_MIME_H

#include "core/base/str.h"

#define MIME_DEPTH_MAX 8
#define MIME_PARTS_MAX 64

struct mime_slice {
    const char *text;
    size_t length;
};

/* One entity: a message, or a part of it. */
struct mime_entity {
    struct mime_slice header, body;
};

/* Parts a message into its header and body, at the first empty line. */
struct mime_entity mime_entity_of(const char *bytes, size_t length);

/* The value of the n-th field of this name (0 = first), still folded; false when there is none. */
bool mime_field(struct mime_slice header, const char *name, size_t n, struct mime_slice *ret);

/* Appends the value unfolded, in UTF-8, encoded words decoded, control characters left out. */
void mime_text_of(struct mime_slice value, struct rh_str *out);

/* "text/plain" in lower case; "text/plain" too when there is no Content-Type. */
#define MIME_TYPE_MAX 80
void mime_type_of(struct mime_slice header, char type[MIME_TYPE_MAX]);
/* A parameter of Content-Type; "" when there is none. RFC 2231 charsets are not needed here. */
void mime_parameter_of(struct mime_slice header, const char *name, char *value, size_t size);

/* Appends the body with its transfer form undone, in UTF-8 (text) or as it is. */
void mime_body_of(const struct mime_entity *entity, bool as_text, struct rh_str *out);

/*
 * Calls `each` for every part that has no parts of its own, in order, also those of attached
 * messages; `depth` 0 is the message itself. A value other than true ends the walk.
 */
typedef bool mime_each(void *context, const struct mime_entity *part, const char *type, int depth);
void mime_walk(const struct mime_entity *message, mime_each *each, void *context);

#endif
