/*
 * field.h - named values as forms and queries send them, in the three forms there are:
 * "a=1&b=2", multipart/form-data (with files), and a JSON object.
 *
 * All three end as the same list, in the order they were sent. Names and text values are UTF-8
 * without NUL; the bytes of files may be anything. There are limits to everything (RH_FIELDS_MAX
 * fields, names of RH_FIELD_NAME_MAX bytes), so a body of the allowed size cannot cost more than
 * its size. What is not well formed is refused whole. Any thread; memory is the arena's, file bytes
 * may point into `bytes` given in.
 */
#ifndef CORE_HTTP_FIELD_H
#define CORE_HTTP_FIELD_H

#include "core/base/arena.h"
#include "core/base/error.h"

#define RH_FIELDS_MAX     256
#define RH_FIELD_NAME_MAX 64

struct rh_field {
    const char *name;
    const char *value; /* text, or a file's name ("" when the person chose none) */
    const char *bytes; /* of a file, NULL for text; not NUL-terminated */
    size_t size;
};

struct rh_fields {
    struct rh_field *at; /* arena */
    size_t count;
};

/* application/x-www-form-urlencoded, and the query of an address. RH_EUSAGE, RH_ETOOLARGE. */
int32_t rh_fields_urlencoded(struct rh_arena *arena, const char *text, size_t length,
                             struct rh_fields *fields, struct rh_err *err);

/* multipart/form-data, RFC 7578. `bytes` must live as long as the fields. */
int32_t rh_fields_multipart(struct rh_arena *arena, const char *boundary, const char *bytes,
                            size_t size, struct rh_fields *fields, struct rh_err *err);

/* One JSON object. Numbers and booleans become text, null is left out, {"name", "base64"} or
 * {"name", "text"} is a file. Anything else nested is refused. */
int32_t rh_fields_json(struct rh_arena *arena, const char *text, size_t length,
                       struct rh_fields *fields, struct rh_err *err);

/* The first of this name, or NULL. */
const struct rh_field *rh_fields_find(const struct rh_fields *fields, const char *name);

/* For the three above: appends one, within the limits. */
int32_t rh_fields_add(struct rh_arena *arena, struct rh_fields *fields, struct rh_field field,
                      struct rh_err *err);

#endif
