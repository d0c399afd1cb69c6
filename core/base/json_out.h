/*
 * json_out.h - JSON written as it comes, without a tree.
 *
 * The writer appends to a borrowed rh_str, whose maximum bounds the answer. It keeps the grammar:
 * commas, quotes and escapes are its business, and a call in the wrong place (a value without its
 * key, an end without its begin, more than RH_JSON_DEPTH_MAX levels) makes it `broken`; further
 * calls do nothing. So a caller writes freely and asks once, at the end, with rh_json_finish().
 * What is written is always valid UTF-8: bytes that are not become U+FFFD.
 *
 *     struct rh_json_out json;
 *     rh_json_out_init(&json, &text);
 *     rh_json_object_begin(&json);
 *     rh_json_put_text(&json, "name", "Bielefeld");
 *     rh_json_key(&json, "months");
 *     rh_json_array_begin(&json);
 *     rh_json_int(&json, 2028);
 *     rh_json_array_end(&json);
 *     rh_json_object_end(&json);
 *     return rh_json_finish(&json, err);
 *
 * One thread at a time; there is nothing to release.
 */
#ifndef CORE_BASE_JSON_OUT_H
#define CORE_BASE_JSON_OUT_H

#include "core/base/str.h"

#define RH_JSON_DEPTH_MAX 32

struct rh_json_out {
    struct rh_str *out; /* borrowed */
    int depth;
    uint64_t objects; /* bit d: level d + 1 is an object, not an array */
    uint64_t started; /* bit d: level d + 1 has a member already */
    bool key_written; /* a key waits for its value */
    bool finished;    /* the one value at the top is complete */
    bool broken;      /* a call in the wrong place: a mistake of the program */
    bool html_safe;   /* may be set after init: < > & U+2028 U+2029 become \u escapes, so that the
                         text may stand inside a page */
    int indent;       /* may be set after init: spaces a level; 0 = all in one line */
};

void rh_json_out_init(struct rh_json_out *json, struct rh_str *out);

void rh_json_object_begin(struct rh_json_out *json);
void rh_json_object_end(struct rh_json_out *json);
void rh_json_array_begin(struct rh_json_out *json);
void rh_json_array_end(struct rh_json_out *json);

/* The name of the next member of an object. */
void rh_json_key(struct rh_json_out *json, const char *key);

/* Values. A NULL text is written as null; so are NaN and infinities, for which JSON has no form. */
void rh_json_text(struct rh_json_out *json, const char *text);
void rh_json_text_n(struct rh_json_out *json, const char *text, size_t length);
void rh_json_int(struct rh_json_out *json, int64_t value);
void rh_json_double(struct rh_json_out *json, double value);
void rh_json_bool(struct rh_json_out *json, bool value);
void rh_json_null(struct rh_json_out *json);
/* A finished JSON value, copied as it is: the caller vouches for it. An empty one breaks the
 * writer. */
void rh_json_raw(struct rh_json_out *json, const char *text, size_t length);

/* Key and value in one line. */
void rh_json_put_text(struct rh_json_out *json, const char *key, const char *text);
void rh_json_put_int(struct rh_json_out *json, const char *key, int64_t value);
void rh_json_put_double(struct rh_json_out *json, const char *key, double value);
void rh_json_put_bool(struct rh_json_out *json, const char *key, bool value);
void rh_json_put_null(struct rh_json_out *json, const char *key);

/* 0 when exactly one whole value was written; RH_ETOOLARGE when the string ran full; RH_EFAILED
 * when the calls did not make JSON. */
int32_t rh_json_finish(const struct rh_json_out *json, struct rh_err *err);

#endif
