/*
 * json.h - JSON in: strict parsing, and fields taken out with a sentence when they are wrong.
 *
 * The tree is jansson's json_t, used as it is; what we add is strictness (duplicate keys, bad
 * UTF-8, NUL, trailing garbage, depth over RH_JSON_DEPTH_MAX and a mandatory maximum of bytes are
 * refused), sentences with line and column in both languages, and the house's allocator. A json_t
 * belongs to one thread at a time; texts got from it live as long as it does.
 *
 *     rh_auto_json(body);
 *     int32_t rc = rh_json_parse(bytes, length, 64 * 1024, &body, err);
 *     if (rc < 0 || (rc = rh_json_need_text(body, "name", 200, &name, err)) < 0)
 *         return rh_err_wrap(err, "Büro anlegen", "creating an office");
 */
#ifndef CORE_BASE_JSON_H
#define CORE_BASE_JSON_H

#include "core/base/error.h"
#include "core/base/json_out.h"

#include <jansson.h>

/* Routes jansson's memory through core/base/alloc.h. rh_json_parse() does it by itself; a program
 * that builds trees before it parses any calls this first. Any thread, any number of times. */
void rh_json_init(void);

/*
 * Parses one object or array of at most `maximum` bytes. On 0, *ret is the caller's and goes back
 * with json_decref() (or rh_auto_json). RH_EINVALID, RH_ETOOLARGE or RH_ENOMEM with a sentence such
 * as "JSON, Zeile 3, Spalte 14: der Schlüssel kommt im selben Objekt zweimal vor bei '"name"'".
 */
int32_t rh_json_parse(const char *text, size_t length, size_t maximum, json_t **ret,
                      struct rh_err *err);

void rh_json_release(json_t **json); /* for rh_auto_json */
#define rh_auto_json(name) __attribute__((cleanup(rh_json_release))) json_t *name = NULL

/*
 * Fields of an object. "need" refuses when the field is missing or null; "want" then answers the
 * fallback. Both refuse a field of another type, and an `object` that is none. Outputs are written
 * on 0 only. Texts may have at most `characters` characters.
 */
int32_t rh_json_need_text(const json_t *object, const char *name, size_t characters,
                          const char **ret, struct rh_err *err);
int32_t rh_json_want_text(const json_t *object, const char *name, size_t characters,
                          const char *fallback, const char **ret, struct rh_err *err);
int32_t rh_json_need_int(const json_t *object, const char *name, int64_t least, int64_t most,
                         int64_t *ret, struct rh_err *err);
int32_t rh_json_want_int(const json_t *object, const char *name, int64_t least, int64_t most,
                         int64_t fallback, int64_t *ret, struct rh_err *err);
int32_t rh_json_need_double(const json_t *object, const char *name, double *ret,
                            struct rh_err *err);
int32_t rh_json_want_double(const json_t *object, const char *name, double fallback, double *ret,
                            struct rh_err *err);
int32_t rh_json_need_bool(const json_t *object, const char *name, bool *ret, struct rh_err *err);
int32_t rh_json_want_bool(const json_t *object, const char *name, bool fallback, bool *ret,
                          struct rh_err *err);
int32_t rh_json_need_array(const json_t *object, const char *name, json_t **ret_borrowed,
                           struct rh_err *err);
int32_t rh_json_want_array(const json_t *object, const char *name, json_t **ret_borrowed_or_null,
                           struct rh_err *err);
int32_t rh_json_need_object(const json_t *object, const char *name, json_t **ret_borrowed,
                            struct rh_err *err);
int32_t rh_json_want_object(const json_t *object, const char *name, json_t **ret_borrowed_or_null,
                            struct rh_err *err);

/* Refuses a field that is not in the list: "unknown field 'regoin' (did you mean 'region'?)". */
int32_t rh_json_only(const json_t *object, const char *const *names, size_t count,
                     struct rh_err *err);

/* Writes a whole tree through the streaming writer, members in the order they were put in. */
void rh_json_tree(struct rh_json_out *json, const json_t *tree);

#endif
