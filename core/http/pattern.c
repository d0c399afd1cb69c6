#include "core/http/pattern.h"

#include <string.h>

/* One segment of a pattern: a word, or a placeholder and the end behind it. */
struct piece {
    const char *word; /* the whole, or the fixed end */
    size_t length;
    const char *name; /* of the placeholder; NULL = there is none */
    size_t name_length;
};

/* Takes one segment off a pattern; true while there is one. */
static bool next_piece(const char **pattern, struct piece *piece)
{
    const char *p = *pattern, *end;

    p += strspn(p, "/");
    if (!*p)
        return false;
    *pattern = p + strcspn(p, "/");
    end = *p == '{' ? strchr(p, '}') : NULL;
    *piece = (struct piece){.word = p, .length = (size_t)(*pattern - p)};
    if (!end || end >= *pattern)
        return true;
    piece->name = p + 1;
    piece->name_length = (size_t)(end - p) - 1;
    piece->word = end + 1;
    piece->length = (size_t)(*pattern - end) - 1;
    return true;
}

/* How much of the segment stands at the placeholder; 0 = it does not fit. */
static size_t filled(const struct piece *piece, const char *segment)
{
    size_t length = strlen(segment);

    if (length <= piece->length ||
        memcmp(segment + length - piece->length, piece->word, piece->length) != 0)
        return 0;
    return length - piece->length;
}

int rh_pattern_fit(const char *pattern, const struct rh_target *target, int count)
{
    struct piece piece;
    int equal = 0, i = 0;

    for (; next_piece(&pattern, &piece); i++) {
        if (i == count)
            return -1;
        if (piece.name) {
            if (filled(&piece, target->segment[i]) == 0)
                return -1;
            continue;
        }
        if (strlen(target->segment[i]) != piece.length ||
            memcmp(target->segment[i], piece.word, piece.length) != 0)
            return -1;
        equal++;
    }
    return i == count ? equal : -1;
}

int32_t rh_pattern_fields(const char *pattern, const struct rh_target *target,
                          struct rh_arena *arena, struct rh_fields *fields, struct rh_err *err)
{
    struct piece piece;
    int32_t rc = 0;

    for (int i = 0; rc == 0 && next_piece(&pattern, &piece); i++) {
        struct rh_field field = {.name = NULL};

        if (!piece.name)
            continue;
        field.name = rh_arena_strndup(arena, piece.name, piece.name_length);
        field.value =
            rh_arena_strndup(arena, target->segment[i], filled(&piece, target->segment[i]));
        rc = field.name && field.value ? rh_fields_add(arena, fields, field, err)
                                       : rh_err_nomem(err);
    }
    return rc;
}
