#include "core/http/target.h"

#include "core/base/encoding.h"

#include <string.h>

#define TARGET_MAX 8192

static int32_t refuse(struct rh_err *err)
{
    return rh_err_set(err, RH_EUSAGE, "die Adresse ist nicht richtig geschrieben",
                      "the address is not well formed");
}

/* One segment: decoded, and harmless. */
static int32_t decode_segment(struct rh_arena *arena, const char *text, size_t length,
                              const char **ret, struct rh_err *err)
{
    rh_auto_str(decoded, TARGET_MAX);
    char *copy;

    if (rh_percent_decode(text, length, false, &decoded, NULL) < 0)
        return refuse(err);
    if (strcmp(decoded.data, ".") == 0 || strcmp(decoded.data, "..") == 0)
        return refuse(err);
    for (size_t i = 0; i < decoded.length; i++) {
        unsigned char c = (unsigned char)decoded.data[i];

        if (c < 0x20 || c == 0x7f || c == '/' || c == '\\')
            return refuse(err);
    }
    copy = rh_arena_strndup(arena, decoded.data, decoded.length);
    if (!copy)
        return rh_err_nomem(err);
    *ret = copy;
    return 0;
}

static int32_t split(struct rh_arena *arena, struct rh_target *target, struct rh_err *err)
{
    const char *p = target->path + 1;

    while (*p) {
        size_t length = strcspn(p, "/");
        int32_t rc;

        if (length == 0 || target->count == RH_TARGET_SEGMENTS)
            return refuse(err);
        rc = decode_segment(arena, p, length, &target->segment[target->count], err);
        if (rc < 0)
            return rc;
        target->count++;
        p += length;
        if (*p == '/') {
            p++;
            target->slash = *p == '\0';
        }
    }
    return 0;
}

int32_t rh_target_parse(struct rh_arena *arena, const char *raw, struct rh_target *ret,
                        struct rh_err *err)
{
    size_t path_length = strcspn(raw, "?");
    struct rh_target target = {.query = ""};
    int32_t rc;

    if (raw[0] != '/' || strlen(raw) > TARGET_MAX || strchr(raw, '#'))
        return refuse(err);
    target.path = rh_arena_strndup(arena, raw, path_length);
    if (!target.path)
        return rh_err_nomem(err);
    if (raw[path_length] == '?') {
        target.query = rh_arena_strdup(arena, raw + path_length + 1);
        if (!target.query)
            return rh_err_nomem(err);
    }
    rc = split(arena, &target, err);
    if (rc < 0)
        return rc;
    *ret = target;
    return 0;
}

bool rh_target_begins(const struct rh_target *target, int count, const char *first,
                      const char *second)
{
    if (target->count < count)
        return false;
    if (count >= 1 && strcmp(target->segment[0], first) != 0)
        return false;
    return count < 2 || strcmp(target->segment[1], second) == 0;
}

const char *rh_target_rest(const struct rh_target *target, int from, struct rh_arena *arena)
{
    size_t length = 1;
    char *joined, *end;

    for (int i = from; i < target->count; i++)
        length += strlen(target->segment[i]) + 1;
    joined = rh_arena_alloc(arena, length);
    if (!joined)
        return NULL;
    end = joined;
    for (int i = from; i < target->count; i++) {
        size_t size = strlen(target->segment[i]);

        if (i > from)
            *end++ = '/';
        memcpy(end, target->segment[i], size);
        end += size;
    }
    *end = '\0';
    return joined;
}
