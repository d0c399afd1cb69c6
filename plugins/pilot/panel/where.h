/*
 * where.h - "region=LVR and kind=city and population>=500000": which applicants a quota is about.
 *
 *     conditions = "" | "*" | condition { "and" condition }
 *     condition  = attribute ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
 *
 * An attribute is letters, digits, '_' and '-'. A value with a space, a sign or a quote in it
 * stands in double quotes, a quote inside is doubled. Two numbers are compared as numbers, all else
 * as texts without regard to case (of ASCII letters); < and the like need numbers.
 */
#ifndef PLUGINS_PILOT_PANEL_WHERE_H
#define PLUGINS_PILOT_PANEL_WHERE_H

#include <stddef.h>
#include <stdint.h>

#define WHERE_CONDITIONS_MAX 16
#define WHERE_NAME_MAX       64
#define WHERE_VALUE_MAX      200

enum where_sign {
    WHERE_EQUAL,
    WHERE_UNEQUAL,
    WHERE_BELOW,
    WHERE_AT_MOST,
    WHERE_ABOVE,
    WHERE_AT_LEAST
};

struct where_condition {
    char attribute[WHERE_NAME_MAX + 1];
    char value[WHERE_VALUE_MAX + 1];
    enum where_sign sign;
};

struct where {
    int32_t count;
    struct where_condition condition[WHERE_CONDITIONS_MAX];
};

enum where_fault {
    WHERE_FINE = 0,
    WHERE_NO_ATTRIBUTE, /* an attribute was expected */
    WHERE_NO_SIGN,      /* '=' or the like was expected */
    WHERE_NO_VALUE,     /* a value was expected, or its quote does not end */
    WHERE_NO_AND,       /* 'and' was expected */
    WHERE_NOT_A_NUMBER, /* < and the like with a text */
    WHERE_TOO_LONG,     /* more or longer than the limits above */
};

/* `ret_at`: the byte where the fault is. */
enum where_fault where_parse(const char *text, struct where *ret, size_t *ret_at);
/* 1 or 0; -1 when `value` (of the applicant) is NULL: the applicant lacks the attribute. */
int32_t where_holds(const struct where_condition *condition, const char *value);

#endif
