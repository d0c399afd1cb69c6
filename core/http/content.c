#include "core/http/content.h"

#include "core/base/alloc.h"
#include "core/base/map.h"
#include "core/http/header.h"
#include "core/store/hash.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define SMALL_FROM 512 /* bytes: shorter ones are one packet anyhow */
#define GZIP_BITS  (15 + 16)
#define GZIP_LEVEL 6
#define GZIP_MEM   8

/* ---- one content ---- */

static void compress_it(struct rh_content *content)
{
    z_stream stream = {.next_in = NULL};
    size_t room;

    if (content->length < SMALL_FROM || content->length > UINT32_MAX ||
        deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_BITS, GZIP_MEM, Z_DEFAULT_STRATEGY) !=
            Z_OK)
        return;
    room = deflateBound(&stream, (uLong)content->length);
    content->small = rh_alloc(room, 1);
    if (content->small) {
        stream.next_in = (Bytef *)content->bytes;
        stream.avail_in = (uInt)content->length;
        stream.next_out = (Bytef *)content->small;
        stream.avail_out = (uInt)room;
        if (deflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out < content->length)
            content->small_length = stream.total_out;
        else
            content->small = rh_free(content->small);
    }
    deflateEnd(&stream);
}

/* Half of SHA-256; other bytes, another tag (RFC 9110, 8.8.3.3). */
static void name_it(struct rh_content *content)
{
    char text[RH_HASH_TEXT];
    struct rh_hash hash;

    rh_hash_begin(&hash);
    rh_hash_add(&hash, content->bytes, content->length);
    rh_hash_end(&hash, text);
    snprintf(content->tag, sizeof(content->tag), "\"%.32s\"", text);
    snprintf(content->small_tag, sizeof(content->small_tag), "\"%.32s-gzip\"", text);
}

struct rh_content *rh_content_new(const char *bytes, size_t length, int64_t modified_utc)
{
    struct rh_content *content = rh_alloc(1, sizeof(*content));

    if (content)
        content->bytes = rh_strndup(bytes, length);
    if (!content || !content->bytes)
        return rh_free(content);
    content->refs = 1;
    content->length = length;
    content->modified_utc = modified_utc;
    if (modified_utc != RH_CONTENT_UNDATED)
        rh_header_date_write(modified_utc, content->modified);
    name_it(content);
    compress_it(content);
    return content;
}

struct rh_content *rh_content_ref(struct rh_content *content)
{
    content->refs++;
    return content;
}

void rh_content_unref(void *content)
{
    struct rh_content *c = content;

    if (!c || --c->refs > 0)
        return;
    rh_free(c->bytes);
    rh_free(c->small);
    rh_free(c);
}

/* ---- those that are kept ---- */

struct kept {
    struct rh_content *content;
    uint64_t version, used; /* used: the number of the last question that it answered */
    int32_t day;
};

struct rh_contents {
    struct rh_map by_key; /* struct kept, owned */
    size_t bytes;
    uint64_t questions;
};

struct rh_contents *rh_contents_new(void)
{
    struct rh_contents *contents = rh_alloc(1, sizeof(*contents));

    if (contents)
        rh_map_init(&contents->by_key, RH_CONTENTS_COUNT);
    return contents;
}

static size_t weight(const struct rh_content *content)
{
    return sizeof(struct kept) + sizeof(*content) + content->length + content->small_length;
}

static void forget(struct rh_contents *contents, const char *key)
{
    struct kept *kept = rh_map_remove(&contents->by_key, key);

    contents->bytes -= weight(kept->content);
    rh_content_unref(kept->content);
    rh_free(kept);
}

struct rh_contents *rh_contents_free(struct rh_contents *contents)
{
    const char *key;
    void *kept;

    if (!contents)
        return NULL;
    for (size_t at = 0; rh_map_next(&contents->by_key, &at, &key, &kept);)
        forget(contents, key);
    rh_map_fini(&contents->by_key);
    return rh_free(contents);
}

struct rh_content *rh_contents_find(struct rh_contents *contents, const char *key, uint64_t version,
                                    int32_t day)
{
    struct kept *kept = rh_map_get(&contents->by_key, key);

    if (!kept || kept->version != version || kept->day != day)
        return NULL;
    kept->used = ++contents->questions;
    return kept->content;
}

static void forget_oldest(struct rh_contents *contents)
{
    const char *key, *oldest = NULL;
    uint64_t used = UINT64_MAX;
    void *value;

    for (size_t at = 0; rh_map_next(&contents->by_key, &at, &key, &value);)
        if (((struct kept *)value)->used < used) {
            used = ((struct kept *)value)->used;
            oldest = key;
        }
    if (oldest)
        forget(contents, oldest);
}

/* Without memory it is not kept, which costs time and nothing else. */
static void add(struct rh_contents *contents, const char *key, struct rh_content *content,
                uint64_t version, int32_t day)
{
    struct kept *kept;

    if (weight(content) > RH_CONTENTS_MAX / 4)
        return;
    while (contents->by_key.count > 0 && (contents->by_key.count >= RH_CONTENTS_COUNT ||
                                          contents->bytes + weight(content) > RH_CONTENTS_MAX))
        forget_oldest(contents);
    kept = rh_alloc(1, sizeof(*kept));
    if (!kept || rh_map_put(&contents->by_key, key, kept, NULL) < 0) {
        rh_free(kept);
        return;
    }
    *kept = (struct kept){.content = rh_content_ref(content),
                          .version = version,
                          .used = ++contents->questions,
                          .day = day};
    contents->bytes += weight(content);
}

struct rh_content *rh_contents_keep(struct rh_contents *contents, const char *key,
                                    struct rh_content *content, uint64_t version, int32_t day)
{
    struct kept *kept = rh_map_get(&contents->by_key, key);

    if (kept && (version < kept->version || day < kept->day))
        return content; /* made before the kept one, and finished after it */
    if (kept && strcmp(kept->content->tag, content->tag) == 0) {
        kept->version = version;
        kept->day = day;
        kept->used = ++contents->questions;
        return kept->content;
    }
    if (kept)
        forget(contents, key);
    add(contents, key, content, version, day);
    return content;
}
