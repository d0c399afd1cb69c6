/* Typed fields of a JSON object. */
#include "core/base/json.h"

#include "core/base/alloc.h"
#include "core/base/number.h"
#include "core/base/text.h"

#include <math.h>
#include <string.h>

/* 1 = there, 0 = missing or null, negative = error; *ret is NULL unless there. */
static int32_t find(const json_t *object, const char *name, json_t **ret, struct rh_err *err)
{
    json_t *value;

    *ret = NULL;
    if (!json_is_object(object))
        return rh_err_set(err, RH_EINVALID, "hier wird ein JSON-Objekt { … } erwartet",
                          "a JSON object { … } is expected here");
    value = json_object_get(object, name);
    if (!value || json_is_null(value))
        return 0;
    *ret = value;
    return 1;
}

static int32_t find_needed(const json_t *object, const char *name, json_t **ret, struct rh_err *err)
{
    int32_t rc = find(object, name, ret, err);

    if (rc == 0)
        return rh_err_set(err, RH_EINVALID, "das Feld '%s' fehlt", "field '%s' is missing", name);
    return rc;
}

static int32_t refuse_type(const char *name, const char *de, const char *en, struct rh_err *err)
{
    /* "%.0s" passes over the word of the other language. */
    return rh_err_set(err, RH_EINVALID, "das Feld '%s' muss %s%.0s sein",
                      "field '%s' must be %.0s%s", name, de, en);
}

static int32_t as_text(const json_t *value, const char *name, size_t characters, const char **ret,
                       struct rh_err *err)
{
    size_t count;

    if (!json_is_string(value))
        return refuse_type(name, "ein Text", "text", err);
    count = rh_text_count(json_string_value(value), json_string_length(value));
    if (count > characters)
        return rh_err_set(
            err, RH_ETOOLARGE, "das Feld '%s' hat %zu Zeichen, erlaubt sind höchstens %zu",
            "field '%s' has %zu characters, at most %zu are allowed", name, count, characters);
    *ret = json_string_value(value);
    return 0;
}

int32_t rh_json_need_text(const json_t *object, const char *name, size_t characters,
                          const char **ret, struct rh_err *err)
{
    json_t *value;
    int32_t rc = find_needed(object, name, &value, err);

    return rc < 0 ? rc : as_text(value, name, characters, ret, err);
}

int32_t rh_json_want_text(const json_t *object, const char *name, size_t characters,
                          const char *fallback, const char **ret, struct rh_err *err)
{
    json_t *value;
    int32_t rc = find(object, name, &value, err);

    if (rc == 0)
        *ret = fallback;
    return rc <= 0 ? rc : as_text(value, name, characters, ret, err);
}

static int32_t as_int(const json_t *value, const char *name, int64_t least, int64_t most,
                      int64_t *ret, struct rh_err *err)
{
    json_int_t number;

    if (!json_is_integer(value))
        return refuse_type(name, "eine ganze Zahl", "a whole number", err);
    number = json_integer_value(value);
    if (number < least || number > most)
        return rh_err_set(err, RH_EINVALID, "das Feld '%s' ist %lld, erlaubt ist %lld bis %lld",
                          "field '%s' is %lld, allowed is %lld to %lld", name, (long long)number,
                          (long long)least, (long long)most);
    *ret = number;
    return 0;
}

int32_t rh_json_need_int(const json_t *object, const char *name, int64_t least, int64_t most,
                         int64_t *ret, struct rh_err *err)
{
    json_t *value;
    int32_t rc = find_needed(object, name, &value, err);

    return rc < 0 ? rc : as_int(value, name, least, most, ret, err);
}

int32_t rh_json_want_int(const json_t *object, const char *name, int64_t least, int64_t most,
                         int64_t fallback, int64_t *ret, struct rh_err *err)
{
    json_t *value;
    int32_t rc = find(object, name, &value, err);

    if (rc == 0)
        *ret = fallback;
    return rc <= 0 ? rc : as_int(value, name, least, most, ret, err);
}

static int32_t as_double(const json_t *value, const char *name, double *ret, struct rh_err *err)
{
    if (!json_is_number(value))
        return refuse_type(name, "eine Zahl", "a number", err);
    *ret = json_number_value(value);
    return 0;
}

int32_t rh_json_need_double(const json_t *object, const char *name, double *ret, struct rh_err *err)
{
    json_t *value;
    int32_t rc = find_needed(object, name, &value, err);

    return rc < 0 ? rc : as_double(value, name, ret, err);
}

int32_t rh_json_want_double(const json_t *object, const char *name, double fallback, double *ret,
                            struct rh_err *err)
{
    json_t *value;
    int32_t rc = find(object, name, &value, err);

    if (rc == 0)
        *ret = fallback;
    return rc <= 0 ? rc : as_double(value, name, ret, err);
}

static int32_t as_bool(const json_t *value, const char *name, bool *ret, struct rh_err *err)
{
    if (!json_is_boolean(value))
        return refuse_type(name, "true oder false", "true or false", err);
    *ret = json_is_true(value);
    return 0;
}

int32_t rh_json_need_bool(const json_t *object, const char *name, bool *ret, struct rh_err *err)
{
    json_t *value;
    int32_t rc = find_needed(object, name, &value, err);

    return rc < 0 ? rc : as_bool(value, name, ret, err);
}

int32_t rh_json_want_bool(const json_t *object, const char *name, bool fallback, bool *ret,
                          struct rh_err *err)
{
    json_t *value;
    int32_t rc = find(object, name, &value, err);

    if (rc == 0)
        *ret = fallback;
    return rc <= 0 ? rc : as_bool(value, name, ret, err);
}

static int32_t as_container(json_t *value, const char *name, json_type type, json_t **ret,
                            struct rh_err *err)
{
    if (json_typeof(value) != type)
        return type == JSON_ARRAY ? refuse_type(name, "eine Liste [ … ]", "a list [ … ]", err)
                                  : refuse_type(name, "ein Objekt { … }", "an object { … }", err);
    *ret = value;
    return 0;
}

static int32_t need_container(const json_t *object, const char *name, json_type type, json_t **ret,
                              struct rh_err *err)
{
    json_t *value;
    int32_t rc = find_needed(object, name, &value, err);

    return rc < 0 ? rc : as_container(value, name, type, ret, err);
}

static int32_t want_container(const json_t *object, const char *name, json_type type, json_t **ret,
                              struct rh_err *err)
{
    json_t *value;
    int32_t rc = find(object, name, &value, err);

    if (rc == 0)
        *ret = NULL;
    return rc <= 0 ? rc : as_container(value, name, type, ret, err);
}

int32_t rh_json_need_array(const json_t *object, const char *name, json_t **ret_borrowed,
                           struct rh_err *err)
{
    return need_container(object, name, JSON_ARRAY, ret_borrowed, err);
}

int32_t rh_json_want_array(const json_t *object, const char *name, json_t **ret_borrowed_or_null,
                           struct rh_err *err)
{
    return want_container(object, name, JSON_ARRAY, ret_borrowed_or_null, err);
}

int32_t rh_json_need_object(const json_t *object, const char *name, json_t **ret_borrowed,
                            struct rh_err *err)
{
    return need_container(object, name, JSON_OBJECT, ret_borrowed, err);
}

int32_t rh_json_want_object(const json_t *object, const char *name, json_t **ret_borrowed_or_null,
                            struct rh_err *err)
{
    return want_container(object, name, JSON_OBJECT, ret_borrowed_or_null, err);
}

int32_t rh_json_only(const json_t *object, const char *const *names, size_t count,
                     struct rh_err *err)
{
    const char *key;
    json_t *value;

    if (!json_is_object(object))
        return rh_err_set(err, RH_EINVALID, "hier wird ein JSON-Objekt { … } erwartet",
                          "a JSON object { … } is expected here");
    /* The macro wants a non-const object, and only reads it. */
    json_object_foreach((json_t *)object, key, value)
    {
        size_t i = 0;
        int near;

        while (i < count && strcmp(names[i], key) != 0)
            i++;
        if (i < count)
            continue;
        near = rh_text_nearest(key, names, count);
        if (near < 0)
            return rh_err_set(err, RH_EINVALID, "unbekanntes Feld '%.80s'", "unknown field '%.80s'",
                              key);
        return rh_err_set(err, RH_EINVALID, "unbekanntes Feld '%.80s' (gemeint: '%s'?)",
                          "unknown field '%.80s' (did you mean '%s'?)", key, names[near]);
    }
    return 0;
}
