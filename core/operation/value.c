#include "core/operation/value.h"

#include "core/base/number.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/calendar/date.h"

#include <string.h>

#define CHOICES_MAX 64

struct rh_value rh_value_none(const struct rh_param *param)
{
    struct rh_value value = {.given = false};

    if (param->type == RH_TYPE_DAY)
        value.number = RH_NO_DAY;
    if (param->type == RH_TYPE_MONTH)
        value.number = RH_NO_MONTH;
    return value;
}

void rh_choice_each(const char *choices,
                    void (*each)(void *context, const char *word, size_t length), void *context)
{
    while (choices && *choices) {
        size_t length = strcspn(choices, "|");

        each(context, choices, length);
        choices += length;
        choices += *choices == '|';
    }
}

const char *rh_choice_find(const char *choices, const char *word, size_t length)
{
    while (choices && *choices) {
        size_t here = strcspn(choices, "|");

        if (here == length && memcmp(choices, word, length) == 0)
            return choices;
        choices += here;
        choices += *choices == '|';
    }
    return NULL;
}

static int32_t parse_text(const char *text, size_t length, struct rh_arena *arena,
                          struct rh_value *value, struct rh_err *err)
{
    rh_auto_str(nfc, 4 * RH_VALUE_TEXT_MAX);
    int32_t rc = rh_text_nfc(text, length, &nfc, err);

    if (rc == 0)
        rc = rh_str_check(&nfc, err);
    if (rc < 0)
        return rc;
    value->text = rh_arena_strndup(arena, nfc.data, nfc.length);
    return value->text ? 0 : rh_err_nomem(err);
}

/* What is shown of a value in a sentence about it: one line, not too long. */
static const char *quoted(const char *text, char buffer[64])
{
    size_t length = rh_text_valid_span(text, strlen(text));
    size_t shown = rh_text_cut(text, length < 60 ? length : 60, 40);

    memcpy(buffer, text, shown);
    buffer[shown] = '\0';
    for (size_t i = 0; i < shown; i++)
        if ((unsigned char)buffer[i] < ' ')
            buffer[i] = ' ';
    return buffer;
}

static int32_t check_range(const struct rh_param *param, const char *text, double number,
                           struct rh_err *err)
{
    if (param->min == 0 && param->max == 0)
        return 0;
    if (number >= (double)param->min && number <= (double)param->max)
        return 0;
    return rh_err_set(err, RH_EUSAGE, "%s liegt nicht zwischen %lld und %lld",
                      "%s does not lie between %lld and %lld", text, (long long)param->min,
                      (long long)param->max);
}

static int32_t parse_int(const struct rh_param *param, const char *text, size_t length,
                         struct rh_value *value, struct rh_err *err)
{
    char shown[64];

    if (!rh_int_parse(text, length, &value->number))
        return rh_err_set(err, RH_EUSAGE, "'%s' ist keine ganze Zahl", "'%s' is not a whole number",
                          quoted(text, shown));
    value->real = (double)value->number;
    return check_range(param, text, value->real, err);
}

/* With a decimal comma, too: that is how people here write numbers. */
static int32_t parse_real(const struct rh_param *param, const char *text, size_t length,
                          struct rh_value *value, struct rh_err *err)
{
    char plain[RH_NUMBER_MAX * 2] = "", shown[64];
    char *comma;

    if (length < sizeof(plain))
        memcpy(plain, text, length);
    comma = strchr(plain, ',');
    if (comma && !strchr(plain, '.'))
        *comma = '.';
    if (!rh_double_parse(plain, strlen(plain), &value->real))
        return rh_err_set(err, RH_EUSAGE, "'%s' ist keine Zahl", "'%s' is not a number",
                          quoted(text, shown));
    return check_range(param, text, value->real, err);
}

static int32_t parse_flag(const char *text, size_t length, struct rh_value *value,
                          struct rh_err *err)
{
    static const char yes[] = "1|yes|ja|true|on", no[] = "0|no|nein|false|off";
    char shown[64];

    if (rh_choice_find(yes, text, length))
        value->number = 1;
    else if (rh_choice_find(no, text, length))
        value->number = 0;
    else
        return rh_err_set(err, RH_EUSAGE, "'%s' ist weder 'yes' noch 'no'",
                          "'%s' is neither 'yes' nor 'no'", quoted(text, shown));
    return 0;
}

struct words {
    char text[512];
    const char *word[CHOICES_MAX];
    size_t count, used;
};

static void add_word(void *context, const char *word, size_t length)
{
    struct words *words = context;

    if (words->count == CHOICES_MAX || length + 1 > sizeof(words->text) - words->used)
        return;
    words->word[words->count++] = words->text + words->used;
    memcpy(words->text + words->used, word, length);
    words->text[words->used + length] = '\0';
    words->used += length + 1;
}

static int32_t parse_choice(const struct rh_param *param, const char *text, size_t length,
                            struct rh_value *value, struct rh_err *err)
{
    rh_auto_str(all, 1000);
    struct words words = {.count = 0};
    char shown[64];
    int nearest;

    if (rh_choice_find(param->choices, text, length)) {
        value->text = text;
        return 0;
    }
    rh_choice_each(param->choices, add_word, &words);
    for (size_t i = 0; i < words.count; i++)
        rh_str_printf(&all, "%s%s", i ? ", " : "", words.word[i]);
    nearest = rh_text_nearest(text, words.word, words.count);
    quoted(text, shown);
    if (nearest >= 0)
        return rh_err_set(err, RH_EUSAGE, "'%s' gibt es nicht (meinten Sie '%s'?); möglich: %s",
                          "there is no '%s' (did you mean '%s'?); possible: %s", shown,
                          words.word[nearest], all.data);
    return rh_err_set(err, RH_EUSAGE, "'%s' gibt es nicht; möglich: %s",
                      "there is no '%s'; possible: %s", shown, all.data);
}

static int32_t parse_date(const struct rh_param *param, const char *text, struct rh_value *value,
                          struct rh_err *err)
{
    int32_t number;
    int32_t rc = param->type == RH_TYPE_DAY ? rh_day_read(text, &number, err)
                                            : rh_month_read(text, &number, err);

    if (rc == 0)
        value->number = number;
    return rc;
}

static int32_t parse_type(const struct rh_param *param, const char *text, struct rh_arena *arena,
                          struct rh_value *value, struct rh_err *err)
{
    size_t length = strlen(text);
    /* Whatever the type: a wrong value comes back in a sentence, which has to be UTF-8, too. */
    int32_t rc = rh_text_check_lines(text, length, RH_VALUE_TEXT_MAX, err);

    if (rc < 0)
        return rc;
    switch (param->type) {
    case RH_TYPE_TEXT:
    case RH_TYPE_FILE:
        return parse_text(text, length, arena, value, err);
    case RH_TYPE_CHOICE:
        return parse_choice(param, text, length, value, err);
    case RH_TYPE_INT:
        return parse_int(param, text, length, value, err);
    case RH_TYPE_REAL:
        return parse_real(param, text, length, value, err);
    case RH_TYPE_FLAG:
        return parse_flag(text, length, value, err);
    case RH_TYPE_DAY:
    case RH_TYPE_MONTH:
        return parse_date(param, text, value, err);
    default:
        return rh_err_set(err, RH_EFAILED, "hat einen unbekannten Typ", "has an unknown type");
    }
}

/* A wrong value is a wrong call, whichever room found it. */
static int32_t blame_caller(const struct rh_param *param, struct rh_err *err)
{
    if (!err)
        return RH_EUSAGE;
    if (err->code == RH_EINVALID)
        err->code = RH_EUSAGE;
    return rh_err_wrap(err, "Angabe '%s'", "parameter '%s'", param->name);
}

int32_t rh_value_parse(const struct rh_param *param, const char *text, struct rh_arena *arena,
                       struct rh_value *ret_value, struct rh_err *err)
{
    struct rh_value value = rh_value_none(param);
    size_t length = strlen(text);
    char *trimmed;

    rh_text_trim(&text, &length);
    if (length == 0) {
        *ret_value = value;
        return 0;
    }
    trimmed = rh_arena_strndup(arena, text, length);
    if (!trimmed)
        return rh_err_nomem(err);
    value.text = trimmed;
    value.given = true;
    if (parse_type(param, trimmed, arena, &value, err) < 0)
        return blame_caller(param, err);
    *ret_value = value;
    return 0;
}

/* --- all parameters of a call --- */

static int32_t find_param(const struct rh_operation_entry *op, const char *name, struct rh_err *err)
{
    const char *names[RH_VALUE_COUNT_MAX];
    char shown[64];
    int nearest;

    for (int32_t i = 0; i < op->param_count; i++) {
        if (strcmp(op->params[i].name, name) == 0)
            return i;
        names[i] = op->params[i].name;
    }
    quoted(name, shown);
    nearest = rh_text_nearest(name, names, (size_t)op->param_count);
    if (nearest >= 0)
        return rh_err_set(err, RH_EUSAGE, "'%s' kennt die Angabe '%s' nicht (meinten Sie '%s'?)",
                          "'%s' has no parameter '%s' (did you mean '%s'?)", op->op.name, shown,
                          names[nearest]);
    return rh_err_set(err, RH_EUSAGE, "'%s' kennt die Angabe '%s' nicht",
                      "'%s' has no parameter '%s'", op->op.name, shown);
}

static int32_t take_file(const struct rh_param *param, const struct rh_argument *argument,
                         struct rh_arena *arena, struct rh_value *value, struct rh_err *err)
{
    char *bytes;

    if (!value->given)
        return 0;
    if (!argument->bytes)
        return rh_err_set(err, RH_EUSAGE, "Angabe '%s': der Inhalt der Datei '%s' fehlt",
                          "parameter '%s': the contents of file '%s' are missing", param->name,
                          value->text);
    if (argument->size > RH_VALUE_FILE_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "Angabe '%s': die Datei '%s' ist größer als %zu MiB",
                          "parameter '%s': file '%s' is larger than %zu MiB", param->name,
                          value->text, RH_VALUE_FILE_MAX / 1024 / 1024);
    bytes = rh_arena_strndup(arena, argument->bytes, argument->size);
    if (!bytes)
        return rh_err_nomem(err);
    value->bytes = bytes;
    value->size = argument->size;
    return 0;
}

static int32_t parse_argument(const struct rh_param *param, const struct rh_argument *argument,
                              struct rh_arena *arena, struct rh_value *value, struct rh_err *err)
{
    const char *text = argument->value;
    struct rh_value parsed;
    int32_t rc;

    if (!text && param->type == RH_TYPE_FLAG)
        text = "1";
    if (!text)
        return rh_err_set(err, RH_EUSAGE, "Angabe '%s' braucht einen Wert",
                          "parameter '%s' needs a value", param->name);
    rc = rh_value_parse(param, text, arena, &parsed, err);
    if (rc == 0 && param->type == RH_TYPE_FILE)
        rc = take_file(param, argument, arena, &parsed, err);
    if (rc == 0 && parsed.given)
        *value = parsed;
    return rc;
}

static int32_t check_required(const struct rh_operation_entry *op, const struct rh_value *values,
                              struct rh_err *err)
{
    for (int32_t i = 0; i < op->param_count; i++)
        if ((op->params[i].flags & RH_PARAM_REQUIRED) && !values[i].text)
            return rh_err_set(err, RH_EUSAGE, "Angabe '%s' fehlt", "parameter '%s' is missing",
                              op->params[i].name);
    return 0;
}

int32_t rh_values_parse(const struct rh_operation_entry *op, const struct rh_argument *arguments,
                        size_t count, struct rh_arena *arena, struct rh_value *values,
                        struct rh_err *err)
{
    uint64_t seen = 0;

    for (int32_t i = 0; i < op->param_count; i++)
        values[i] = op->defaults[i];
    for (size_t a = 0; a < count; a++) {
        int32_t i = find_param(op, arguments[a].name, err);
        int32_t rc;

        if (i < 0)
            return i;
        if (seen & (UINT64_C(1) << i))
            return rh_err_set(err, RH_EUSAGE, "Angabe '%s' steht zweimal da",
                              "parameter '%s' is given twice", op->params[i].name);
        seen |= UINT64_C(1) << i;
        rc = parse_argument(&op->params[i], &arguments[a], arena, &values[i], err);
        if (rc < 0)
            return rc;
    }
    return check_required(op, values, err);
}
