#include "core/http/field.h"

#include "core/base/encoding.h"

#include <stdbool.h>
#include <string.h>

/* Doubles at 8, 16, 32 …; what is left behind goes with the arena. */
static bool make_room(struct rh_arena *arena, struct rh_fields *fields)
{
    struct rh_field *more;

    if (fields->count != 0 && (fields->count < 8 || (fields->count & (fields->count - 1)) != 0))
        return true;
    more = rh_arena_array(arena, fields->count ? fields->count * 2 : 8, sizeof(*more));
    if (!more)
        return false;
    if (fields->count)
        memcpy(more, fields->at, fields->count * sizeof(*more));
    fields->at = more;
    return true;
}

int32_t rh_fields_add(struct rh_arena *arena, struct rh_fields *fields, struct rh_field field,
                      struct rh_err *err)
{
    if (fields->count == RH_FIELDS_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "mehr als %d Felder in einem Aufruf",
                          "more than %d fields in one call", RH_FIELDS_MAX);
    if (strlen(field.name) > RH_FIELD_NAME_MAX)
        return rh_err_set(err, RH_EUSAGE, "ein Feldname ist länger als %d Zeichen",
                          "a field's name is longer than %d characters", RH_FIELD_NAME_MAX);
    if (!make_room(arena, fields))
        return rh_err_nomem(err);
    fields->at[fields->count++] = field;
    return 0;
}

static int32_t decode(struct rh_arena *arena, const char *text, size_t length, const char **ret,
                      struct rh_err *err)
{
    rh_auto_str(decoded, length + 1); /* decoding never makes it longer */
    char *copy;

    if (rh_percent_decode(text, length, true, &decoded, NULL) < 0)
        return rh_err_set(err, RH_EUSAGE,
                          "ein Feld ist nicht richtig kodiert (erwartet: UTF-8, Sonderzeichen als "
                          "%%XX)",
                          "a field is not well encoded (expected: UTF-8, special characters as "
                          "%%XX)");
    copy = rh_arena_strndup(arena, decoded.data, decoded.length);
    if (!copy)
        return rh_err_nomem(err);
    *ret = copy;
    return 0;
}

int32_t rh_fields_urlencoded(struct rh_arena *arena, const char *text, size_t length,
                             struct rh_fields *fields, struct rh_err *err)
{
    const char *end = text + length;

    while (text < end) {
        const char *stop = memchr(text, '&', (size_t)(end - text)), *equals;
        struct rh_field field = {0};
        int32_t rc;

        if (!stop)
            stop = end;
        if (stop > text) {
            equals = memchr(text, '=', (size_t)(stop - text));
            rc = decode(arena, text, (size_t)((equals ? equals : stop) - text), &field.name, err);
            field.value = "";
            if (rc == 0 && equals)
                rc = decode(arena, equals + 1, (size_t)(stop - equals - 1), &field.value, err);
            if (rc == 0)
                rc = rh_fields_add(arena, fields, field, err);
            if (rc < 0)
                return rc;
        }
        text = stop + 1;
    }
    return 0;
}

const struct rh_field *rh_fields_find(const struct rh_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->at[i].name, name) == 0)
            return &fields->at[i];
    return NULL;
}
