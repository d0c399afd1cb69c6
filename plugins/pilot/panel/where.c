#include "plugins/pilot/panel/where.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct reader {
    const char *text;
    size_t at;
};

static void skip_space(struct reader *r)
{
    while (r->text[r->at] == ' ' || r->text[r->at] == '\t')
        r->at++;
}

/* Decimal digits with at most one point; no blanks, exponents, "inf" or "nan". */
static int32_t as_number(const char *text, double *ret)
{
    const char *p = text + (*text == '-' || *text == '+');
    int32_t digits = 0, points = 0;

    for (; *p; p++) {
        if (isdigit((unsigned char)*p))
            digits++;
        else if (*p == '.' && points == 0)
            points++;
        else
            return 0;
    }
    if (digits == 0 || digits > 30)
        return 0;
    *ret = strtod(text, NULL);
    return 1;
}

static enum where_fault read_attribute(struct reader *r, char *to)
{
    size_t length = 0;

    skip_space(r);
    while (isalnum((unsigned char)r->text[r->at]) || r->text[r->at] == '_' ||
           r->text[r->at] == '-' || (unsigned char)r->text[r->at] >= 0x80) {
        if (length == WHERE_NAME_MAX)
            return WHERE_TOO_LONG;
        to[length++] = r->text[r->at++];
    }
    to[length] = '\0';
    return length ? WHERE_FINE : WHERE_NO_ATTRIBUTE;
}

static enum where_fault read_sign(struct reader *r, enum where_sign *ret)
{
    const char *p;

    skip_space(r);
    p = r->text + r->at;
    if (p[0] == '!' && p[1] == '=')
        *ret = WHERE_UNEQUAL;
    else if (p[0] == '<')
        *ret = p[1] == '=' ? WHERE_AT_MOST : WHERE_BELOW;
    else if (p[0] == '>')
        *ret = p[1] == '=' ? WHERE_AT_LEAST : WHERE_ABOVE;
    else if (p[0] == '=')
        *ret = WHERE_EQUAL;
    else
        return WHERE_NO_SIGN;
    r->at += p[0] != '=' && p[1] == '=' ? 2 : 1;
    return WHERE_FINE;
}

static enum where_fault read_quoted(struct reader *r, char *to)
{
    size_t length = 0;

    for (r->at++;; r->at++) {
        char c = r->text[r->at];

        if (c == '\0')
            return WHERE_NO_VALUE;
        if (c == '"' && r->text[++r->at] != '"')
            break;
        if (length == WHERE_VALUE_MAX)
            return WHERE_TOO_LONG;
        to[length++] = c;
    }
    to[length] = '\0';
    return WHERE_FINE;
}

static enum where_fault read_value(struct reader *r, char *to)
{
    size_t length = 0;

    skip_space(r);
    if (r->text[r->at] == '"')
        return read_quoted(r, to);
    while (r->text[r->at] && !strchr(" \t=<>!\"", r->text[r->at])) {
        if (length == WHERE_VALUE_MAX)
            return WHERE_TOO_LONG;
        to[length++] = r->text[r->at++];
    }
    to[length] = '\0';
    return length ? WHERE_FINE : WHERE_NO_VALUE;
}

/* "and", "und" or "&&"; a word must end there. */
static int32_t read_and(struct reader *r)
{
    const char *p = r->text + r->at;
    size_t length = strncasecmp(p, "and", 3) == 0 || strncasecmp(p, "und", 3) == 0 ? 3
                    : strncmp(p, "&&", 2) == 0                                     ? 2
                                                                                   : 0;

    if (length == 0 || (length == 3 && p[3] != ' ' && p[3] != '\t'))
        return 0;
    r->at += length;
    return 1;
}

static enum where_fault read_condition(struct reader *r, struct where_condition *condition)
{
    enum where_fault fault;
    double number;
    size_t begin;

    if ((fault = read_attribute(r, condition->attribute)) ||
        (fault = read_sign(r, &condition->sign)))
        return fault;
    skip_space(r);
    begin = r->at;
    if ((fault = read_value(r, condition->value)))
        return fault;
    if (condition->sign > WHERE_UNEQUAL && !as_number(condition->value, &number)) {
        r->at = begin;
        return WHERE_NOT_A_NUMBER;
    }
    return WHERE_FINE;
}

enum where_fault where_parse(const char *text, struct where *ret, size_t *ret_at)
{
    struct reader r = {text, 0};
    enum where_fault fault = WHERE_FINE;

    memset(ret, 0, sizeof(*ret));
    *ret_at = 0;
    skip_space(&r);
    if (text[r.at] == '*')
        r.at++;
    skip_space(&r);
    if (text[r.at] == '\0')
        return WHERE_FINE;
    for (;;) {
        if (ret->count == WHERE_CONDITIONS_MAX)
            fault = WHERE_TOO_LONG;
        else
            fault = read_condition(&r, &ret->condition[ret->count]);
        if (fault)
            break;
        ret->count++;
        skip_space(&r);
        if (text[r.at] == '\0')
            break;
        if (!read_and(&r)) {
            fault = WHERE_NO_AND;
            break;
        }
    }
    *ret_at = r.at;
    return fault;
}

int32_t where_holds(const struct where_condition *condition, const char *value)
{
    double left, right;
    int32_t numbers;

    if (!value)
        return -1;
    numbers = as_number(value, &left) && as_number(condition->value, &right);
    switch (condition->sign) {
    case WHERE_EQUAL:
        return numbers ? left == right : strcasecmp(value, condition->value) == 0;
    case WHERE_UNEQUAL:
        return numbers ? left != right : strcasecmp(value, condition->value) != 0;
    case WHERE_BELOW:
        return numbers && left < right;
    case WHERE_AT_MOST:
        return numbers && left <= right;
    case WHERE_ABOVE:
        return numbers && left > right;
    case WHERE_AT_LEAST:
        return numbers && left >= right;
    }
    return 0;
}
