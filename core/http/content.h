/*
 * content.h - documents as they are sent, kept as long as they are true.
 *
 * A content is bytes, the same bytes compressed, and how they are told apart: made once, sent many
 * times, never changed. It is kept under a key (address and language) together with the version of
 * the data and the day that it was true for. When a change of the data leaves the bytes as they
 * were, the kept content goes on, with its tag and its date, so nobody fetches it again.
 *
 * At most RH_CONTENTS_MAX bytes are kept, the least recently asked for gives way. Loop thread only,
 * except rh_content_new().
 */
#ifndef CORE_HTTP_CONTENT_H
#define CORE_HTTP_CONTENT_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define RH_CONTENT_TAG_MAX 48
#define RH_CONTENTS_MAX    ((size_t)64 * 1024 * 1024) /* bytes in all */
#define RH_CONTENTS_COUNT  4096

struct rh_content {
    int refs;
    char *bytes, *small; /* owned; `small`: with gzip, NULL where that saves nothing */
    size_t length, small_length;
    char tag[RH_CONTENT_TAG_MAX], small_tag[RH_CONTENT_TAG_MAX]; /* quoted */
    int64_t modified_utc; /* RH_CONTENT_UNDATED: nobody knows */
    char modified[32];    /* as a header; "" when nobody knows */
};
#define RH_CONTENT_UNDATED INT64_MIN

/* Copies, hashes, compresses; one reference. NULL only without memory. Any thread. */
struct rh_content *rh_content_new(const char *bytes, size_t length, int64_t modified_utc);
struct rh_content *rh_content_ref(struct rh_content *content);
void rh_content_unref(void *content); /* a struct rh_content; NULL is fine */

struct rh_contents;
struct rh_contents *rh_contents_new(void);
struct rh_contents *rh_contents_free(struct rh_contents *contents);

/* What is kept under the key, if it is true for this version and day; borrowed, or NULL. */
struct rh_content *rh_contents_find(struct rh_contents *contents, const char *key, uint64_t version,
                                    int32_t day);

/* Keeps it, unless something newer is kept. Returns what is to be sent for it, borrowed: the
 * content, or the kept one when the bytes are the same. */
struct rh_content *rh_contents_keep(struct rh_contents *contents, const char *key,
                                    struct rh_content *content, uint64_t version, int32_t day);

#endif
