#include "core/http/field.h"

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/base/number.h"

#include <string.h>

#define FILE_NAME_CHARACTERS 255

static int32_t add_text(struct rh_arena *arena, struct rh_fields *fields, const char *name,
                        const char *text, struct rh_err *err)
{
    struct rh_field field = {
        .name = rh_arena_strdup(arena, name),
        .value = rh_arena_strdup(arena, text),
    };

    if (!field.name || !field.value)
        return rh_err_nomem(err);
    return rh_fields_add(arena, fields, field, err);
}

/* {"name": "rules.csv", "base64": "…"} or {"name": "rules.csv", "text": "…"} */
static int32_t read_file(struct rh_arena *arena, const json_t *object, struct rh_field *field,
                         struct rh_err *err)
{
    static const char *const members[] = {"name", "base64", "text"};
    const json_t *base64 = json_object_get(object, "base64");
    const json_t *text = json_object_get(object, "text");
    const json_t *source = base64 ? base64 : text;
    const char *name = "";
    int32_t rc = rh_json_only(object, members, 3, err);

    if (rc == 0)
        rc = rh_json_want_text(object, "name", FILE_NAME_CHARACTERS, "-", &name, err);
    if (rc < 0)
        return rc;
    if (!json_is_string(source) || (base64 && text))
        return rh_err_set(err, RH_EINVALID,
                          "eine Datei braucht \"base64\" oder \"text\", genau eines davon",
                          "a file needs \"base64\" or \"text\", exactly one of them");
    field->value = rh_arena_strdup(arena, name);
    field->size = json_string_length(source);
    if (base64) {
        rh_auto_str(bytes, field->size + 1); /* three bytes for four characters */

        rc = rh_base64_decode(json_string_value(source), field->size, &bytes, err);
        if (rc == 0)
            rc = rh_str_check(&bytes, err);
        if (rc < 0)
            return rc;
        field->size = bytes.length;
        field->bytes = rh_arena_strndup(arena, bytes.data, bytes.length);
    } else {
        field->bytes = rh_arena_strndup(arena, json_string_value(source), field->size);
    }
    return field->value && field->bytes ? 0 : rh_err_nomem(err);
}

static int32_t add_file(struct rh_arena *arena, struct rh_fields *fields, const char *name,
                        const json_t *object, struct rh_err *err)
{
    struct rh_field field = {.name = rh_arena_strdup(arena, name)};
    int32_t rc;

    if (!field.name)
        return rh_err_nomem(err);
    rc = read_file(arena, object, &field, err);
    return rc < 0 ? rc : rh_fields_add(arena, fields, field, err);
}

static int32_t add_value(struct rh_arena *arena, struct rh_fields *fields, const char *name,
                         const json_t *value, struct rh_err *err)
{
    char digits[RH_NUMBER_MAX];

    switch (json_typeof(value)) {
    case JSON_NULL:
        return 0;
    case JSON_TRUE:
        return add_text(arena, fields, name, "true", err);
    case JSON_FALSE:
        return add_text(arena, fields, name, "false", err);
    case JSON_STRING:
        return add_text(arena, fields, name, json_string_value(value), err);
    case JSON_INTEGER:
        rh_int_format(json_integer_value(value), digits);
        return add_text(arena, fields, name, digits, err);
    case JSON_REAL:
        rh_double_format(json_real_value(value), digits);
        return add_text(arena, fields, name, digits, err);
    case JSON_OBJECT:
        return add_file(arena, fields, name, value, err);
    case JSON_ARRAY:
        break;
    }
    return rh_err_set(err, RH_EINVALID, "eine Liste ist hier kein gültiger Wert",
                      "a list is not a valid value here");
}

int32_t rh_fields_json(struct rh_arena *arena, const char *text, size_t length,
                       struct rh_fields *fields, struct rh_err *err)
{
    rh_auto_json(body);
    const char *name;
    json_t *value;
    int32_t rc = rh_json_parse(text, length, length, &body, err);

    if (rc < 0)
        return rc;
    if (!json_is_object(body))
        return rh_err_set(err, RH_EINVALID, "der Aufruf muss ein JSON-Objekt sein",
                          "the call has to be a JSON object");
    json_object_foreach(body, name, value)
    {
        rc = add_value(arena, fields, name, value, err);
        if (rc < 0)
            return rh_err_wrap(err, "'%.64s'", "'%.64s'", name);
    }
    return 0;
}
