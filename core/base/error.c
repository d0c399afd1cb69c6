#include "core/base/error.h"

#include <stdio.h>
#include <string.h>

/* Cuts back to a whole UTF-8 character after vsnprintf() filled the buffer to its end. */
static void cut_between_characters(char *text, size_t size)
{
    size_t end = strlen(text);

    if (end + 1 < size)
        return;
    while (end > 0 && ((unsigned char)text[end - 1] & 0xC0) == 0x80)
        end--;
    if (end > 0 && (unsigned char)text[end - 1] >= 0xC0)
        end--;
    text[end] = '\0';
}

int32_t rh_err_vset(struct rh_err *err, int32_t code, const char *de, const char *en, va_list args)
{
    va_list again;

    if (!err || err->code != 0)
        return err ? err->code : code;
    va_copy(again, args);
    vsnprintf(err->text[RH_DE], RH_ERR_MAX, de, args);
    vsnprintf(err->text[RH_EN], RH_ERR_MAX, en, again);
    va_end(again);
    cut_between_characters(err->text[RH_DE], RH_ERR_MAX);
    cut_between_characters(err->text[RH_EN], RH_ERR_MAX);
    err->code = code;
    return code;
}

int32_t(rh_err_set)(struct rh_err *err, int32_t code, const char *de, const char *en, ...)
{
    va_list args;

    va_start(args, en);
    code = rh_err_vset(err, code, de, en, args);
    va_end(args);
    return code;
}

static void put_in_front(char *text, const char *phrase)
{
    char whole[RH_ERR_MAX];

    snprintf(whole, sizeof(whole), "%s: %s", phrase, text);
    cut_between_characters(whole, sizeof(whole));
    memcpy(text, whole, sizeof(whole));
}

int32_t rh_err_vwrap(struct rh_err *err, const char *de, const char *en, va_list args)
{
    char phrase[RH_ERR_MAX / 2];
    va_list again;

    if (!err)
        return RH_EFAILED;
    va_copy(again, args);
    vsnprintf(phrase, sizeof(phrase), de, args);
    cut_between_characters(phrase, sizeof(phrase));
    put_in_front(err->text[RH_DE], phrase);
    vsnprintf(phrase, sizeof(phrase), en, again);
    cut_between_characters(phrase, sizeof(phrase));
    put_in_front(err->text[RH_EN], phrase);
    va_end(again);
    return err->code;
}

int32_t(rh_err_wrap)(struct rh_err *err, const char *de, const char *en, ...)
{
    va_list args;
    int32_t code;

    va_start(args, en);
    code = rh_err_vwrap(err, de, en, args);
    va_end(args);
    return code;
}

void rh_err_clear(struct rh_err *err)
{
    err->code = 0;
    err->text[RH_DE][0] = '\0';
    err->text[RH_EN][0] = '\0';
}

int32_t(rh_err_nomem)(struct rh_err *err)
{
    return rh_err_set(err, RH_ENOMEM, "kein Speicher mehr", "out of memory");
}

static const struct {
    int32_t code;
    const char *name;
    int http, exit_status;
} table[] = {
#define ROW(name, code, http, exit_status) {(code), #name, (http), (exit_status)},
    RH_ERRORS(ROW)
#undef ROW
};

static size_t row_of(int32_t code)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].code == code)
            return i;
    return 0;
}

const char *rh_err_name(int32_t code)
{
    return code >= 0 ? "OK" : table[row_of(code)].name;
}

int32_t rh_err_by_name(const char *name)
{
    for (size_t i = 0; name && i < sizeof(table) / sizeof(table[0]); i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].code;
    return RH_EFAILED;
}

int rh_err_http_status(int32_t code)
{
    return code >= 0 ? 200 : table[row_of(code)].http;
}

int rh_err_exit_status(int32_t code)
{
    return code >= 0 ? 0 : table[row_of(code)].exit_status;
}
