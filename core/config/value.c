/*
 * value.c - one value by the rules of its key.
 *
 * To add a type: a row in `types`, its function, and its number in reihum/operation.h.
 */
#include "core/base/number.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/config/tree.h"

#include <stdio.h>
#include <string.h>

typedef int32_t convert_fn(const struct rh_config_key *key, const char *text, struct rh_str *out,
                           struct rh_err *err);

static bool has_range(const struct rh_config_key *key)
{
    return key->min != 0 || key->max != 0;
}

static int32_t convert_text(const struct rh_config_key *key, const char *text, struct rh_str *out,
                            struct rh_err *err)
{
    size_t count = rh_text_count(text, strlen(text));

    if (has_range(key) && ((int64_t)count < key->min || (int64_t)count > key->max))
        return rh_err_set(err, RH_EINVALID, "'%s' hat %zu Zeichen, erlaubt sind %lld bis %lld",
                          "'%s' has %zu characters, allowed are %lld to %lld", text, count,
                          (long long)key->min, (long long)key->max);
    rh_str_add(out, text);
    return 0;
}

static int32_t convert_int(const struct rh_config_key *key, const char *text, struct rh_str *out,
                           struct rh_err *err)
{
    char digits[RH_NUMBER_MAX];
    int64_t value;

    if (!rh_int_parse(text, strlen(text), &value))
        return rh_err_set(err, RH_EINVALID, "'%s' ist keine ganze Zahl",
                          "'%s' is not a whole number", text);
    if (has_range(key) && (value < key->min || value > key->max))
        return rh_err_set(err, RH_EINVALID, "%lld liegt nicht zwischen %lld und %lld",
                          "%lld is not between %lld and %lld", (long long)value,
                          (long long)key->min, (long long)key->max);
    rh_int_format(value, digits);
    rh_str_add(out, digits);
    return 0;
}

static int32_t convert_real(const struct rh_config_key *key, const char *text, struct rh_str *out,
                            struct rh_err *err)
{
    char digits[RH_NUMBER_MAX];
    double value;

    if (!rh_double_parse(text, strlen(text), &value))
        return rh_err_set(err, RH_EINVALID, "'%s' ist keine Zahl (etwa 0.5, mit Dezimalpunkt)",
                          "'%s' is not a number (like 0.5, with a decimal point)", text);
    if (has_range(key) && (value < (double)key->min || value > (double)key->max))
        return rh_err_set(err, RH_EINVALID, "%s liegt nicht zwischen %lld und %lld",
                          "%s is not between %lld and %lld", text, (long long)key->min,
                          (long long)key->max);
    rh_double_format(value, digits);
    rh_str_add(out, digits);
    return 0;
}

bool rh_config_flag(const char *text, bool *ret_value)
{
    static const char *const yes[] = {"ja", "yes", "on", "true", "1"};
    static const char *const no[] = {"nein", "no", "off", "false", "0"};

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
            *ret_value = strcmp(text, yes[i]) == 0;
            return true;
        }
    return false;
}

static int32_t convert_flag(const struct rh_config_key *key, const char *text, struct rh_str *out,
                            struct rh_err *err)
{
    bool value;

    (void)key; /* a flag has no further rules */
    if (!rh_config_flag(text, &value))
        return rh_err_set(err, RH_EINVALID, "'%s' ist weder ja noch nein",
                          "'%s' is neither yes nor no", text);
    rh_str_add(out, value ? "1" : "0");
    return 0;
}

#define CHOICES_MAX 64

/* Cuts "city|district" in place; returns how many. */
static size_t split_choices(char *text, const char *choices[CHOICES_MAX])
{
    size_t count = 0;

    while (text && count < CHOICES_MAX) {
        char *bar = strchr(text, '|');

        choices[count++] = text;
        if (bar)
            *bar++ = '\0';
        text = bar;
    }
    return count;
}

static int32_t convert_choice(const struct rh_config_key *key, const char *text, struct rh_str *out,
                              struct rh_err *err)
{
    const char *choices[CHOICES_MAX];
    char copy[1024];
    size_t count;
    int nearest;

    snprintf(copy, sizeof(copy), "%s", key->choices);
    count = split_choices(copy, choices);
    for (size_t i = 0; i < count; i++)
        if (strcmp(choices[i], text) == 0) {
            rh_str_add(out, text);
            return 0;
        }
    nearest = rh_text_nearest(text, choices, count);
    if (nearest >= 0)
        return rh_err_set(err, RH_EINVALID, "'%s' gibt es nicht (meinten Sie '%s'?)",
                          "there is no '%s' (did you mean '%s'?)", text, choices[nearest]);
    return rh_err_set(err, RH_EINVALID, "'%s' gibt es nicht; möglich sind %s",
                      "there is no '%s'; possible are %s", text, key->choices);
}

static const struct {
    char unit;
    int64_t seconds;
} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
#define UNIT_COUNT (sizeof(units) / sizeof(units[0]))

bool rh_duration_parse(const char *text, int64_t *ret_seconds)
{
    size_t length = strlen(text);
    int64_t number;

    if (strcmp(text, "0") == 0) {
        *ret_seconds = 0;
        return true;
    }
    if (length < 2 || text[0] < '0' || text[0] > '9' || !rh_int_parse(text, length - 1, &number))
        return false;
    for (size_t i = 0; i < UNIT_COUNT; i++)
        if (units[i].unit == text[length - 1])
            return !__builtin_mul_overflow(number, units[i].seconds, ret_seconds);
    return false;
}

/* 5400 -> "90m": the largest unit that fits without a rest. */
static void duration_words(int64_t seconds, char text[RH_NUMBER_MAX + 1])
{
    size_t unit = UNIT_COUNT - 1;
    size_t length;

    while (unit > 0 && (seconds == 0 || seconds % units[unit].seconds != 0))
        unit--;
    length = rh_int_format(seconds / units[unit].seconds, text);
    text[length] = units[unit].unit;
    text[length + 1] = '\0';
}

static int32_t convert_duration(const struct rh_config_key *key, const char *text,
                                struct rh_str *out, struct rh_err *err)
{
    char min[RH_NUMBER_MAX + 1], max[RH_NUMBER_MAX + 1];
    int64_t seconds;

    if (!rh_duration_parse(text, &seconds))
        return rh_err_set(err, RH_EINVALID, "'%s' ist keine Dauer (etwa 90s, 5m, 2h, 7d oder 4w)",
                          "'%s' is not a duration (like 90s, 5m, 2h, 7d or 4w)", text);
    duration_words(key->min, min);
    duration_words(key->max, max);
    if (has_range(key) && (seconds < key->min || seconds > key->max))
        return rh_err_set(err, RH_EINVALID, "%s liegt nicht zwischen %s und %s",
                          "%s is not between %s and %s", text, min, max);
    rh_int_format(seconds, min);
    rh_str_add(out, min);
    return 0;
}

/* The elements come joined by line breaks. */
static int32_t convert_list(const struct rh_config_key *key, const char *text, struct rh_str *out,
                            struct rh_err *err)
{
    int64_t count = *text ? 1 : 0;

    for (const char *c = text; *c; c++)
        count += *c == '\n';
    if (has_range(key) && (count < key->min || count > key->max))
        return rh_err_set(err, RH_EINVALID,
                          "die Liste hat %lld Einträge, erlaubt sind %lld bis %lld",
                          "the list has %lld elements, allowed are %lld to %lld", (long long)count,
                          (long long)key->min, (long long)key->max);
    rh_str_add(out, text);
    return 0;
}

static const struct {
    int32_t type;
    convert_fn *convert;
} types[] = {
    {RH_TYPE_TEXT, convert_text},         {RH_TYPE_INT, convert_int},
    {RH_TYPE_REAL, convert_real},         {RH_TYPE_FLAG, convert_flag},
    {RH_TYPE_CHOICE, convert_choice},     {RH_TYPE_LIST, convert_list},
    {RH_TYPE_DURATION, convert_duration},
};

static convert_fn *convert_of(int32_t type)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (types[i].type == type)
            return types[i].convert;
    return NULL;
}

int32_t rh_config_convert(const struct rh_config_key *key, const char *text, struct rh_str *out,
                          struct rh_err *err)
{
    convert_fn *convert = convert_of(key->type);
    int32_t rc;

    if (!convert)
        return rh_err_set(err, RH_EINVALID, "den Typ %d gibt es für Schlüssel nicht",
                          "keys have no type %d", (int)key->type);
    rc = convert(key, text, out, err);
    return rc < 0 ? rc : rh_str_check(out, err);
}

/* ---- the table itself ---- */

static bool good_name(const char *name)
{
    size_t length = name ? strlen(name) : 0;

    return length > 0 && length <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == length;
}

static int32_t check_shape(const struct rh_config_key *key, struct rh_err *err)
{
    if (!convert_of(key->type))
        return rh_err_set(err, RH_EINVALID, "den Typ %d gibt es für Schlüssel nicht",
                          "keys have no type %d", (int)key->type);
    if ((key->flags & ~(RH_CONFIG_REQUIRED | RH_CONFIG_SECRET)) != 0)
        return rh_err_set(err, RH_EINVALID, "unbekannte Eigenschaften (flags %d)",
                          "unknown properties (flags %d)", (int)key->flags);
    if ((key->type == RH_TYPE_CHOICE) != (key->choices && *key->choices))
        return rh_err_set(err, RH_EINVALID,
                          "`choices` gehört zu einem Schlüssel vom Typ CHOICE, und nur dazu",
                          "`choices` belongs to a key of type CHOICE, and only there");
    if (key->choices && strlen(key->choices) >= 1024)
        return rh_err_set(err, RH_EINVALID, "`choices` ist zu lang", "`choices` is too long");
    if (key->min > key->max)
        return rh_err_set(err, RH_EINVALID, "der kleinste Wert %lld liegt über dem größten %lld",
                          "the least value %lld is above the greatest %lld", (long long)key->min,
                          (long long)key->max);
    if ((key->flags & RH_CONFIG_REQUIRED) && key->fallback)
        return rh_err_set(err, RH_EINVALID, "ein Pflichtschlüssel hat keinen Vorgabewert",
                          "a required key has no default");
    if (!key->help.de || !*key->help.de || !key->help.en || !*key->help.en)
        return rh_err_set(err, RH_EINVALID, "die Erklärung fehlt auf Deutsch oder Englisch",
                          "the help is missing in German or English");
    return 0;
}

static int32_t check_key(const struct rh_config_key *keys, size_t index, struct rh_err *err)
{
    const struct rh_config_key *key = &keys[index];
    rh_auto_str(value, 64 * 1024);
    int32_t rc;

    if (!good_name(key->name) || strcmp(key->name, RH_CONFIG_ENABLED) == 0)
        return rh_err_set(err, RH_EINVALID,
                          "Schlüssel %zu: '%s' geht nicht als Name (a-z, 0-9 und _, nicht "
                          "'enabled')",
                          "key %zu: '%s' will not do as a name (a-z, 0-9 and _, not 'enabled')",
                          index + 1, key->name ? key->name : "");
    rc = check_shape(key, err);
    if (rc == 0 && key->fallback && key->type != RH_TYPE_LIST && strchr(key->fallback, '\n'))
        rc = rh_err_set(err, RH_EINVALID, "der Vorgabewert hat einen Zeilenumbruch",
                        "the default has a line break");
    if (rc == 0 && key->fallback) {
        rc = rh_config_convert(key, key->fallback, &value, err);
        if (rc < 0)
            rh_err_wrap(err, "Vorgabewert", "default");
    }
    for (size_t i = 0; i < index && rc == 0; i++)
        if (strcmp(keys[i].name, key->name) == 0)
            rc = rh_err_set(err, RH_EINVALID, "steht zweimal in der Tabelle",
                            "stands in the table twice");
    return rc < 0 ? rh_err_wrap(err, "Schlüssel '%s'", "key '%s'", key->name) : 0;
}

int32_t rh_config_check_keys(const struct rh_config_key *keys, size_t count, struct rh_err *err)
{
    for (size_t i = 0; i < count; i++) {
        int32_t rc = check_key(keys, i, err);

        if (rc < 0)
            return rc;
    }
    return 0;
}
