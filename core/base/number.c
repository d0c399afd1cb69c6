#include "core/base/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;
static locale_t c_locale;

static void make_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* glibc hands out its built-in object for "C", so this cannot fail for lack of memory. */
static locale_t the_c_locale(void)
{
    (void)pthread_once(&c_locale_once, make_c_locale); /* fails only for a broken once object */
    return c_locale;
}

size_t rh_int_format(int64_t value, char text[RH_NUMBER_MAX])
{
    char reversed[RH_NUMBER_MAX];
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    size_t count = 0, length = 0;

    do {
        reversed[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        text[length++] = '-';
    while (count)
        text[length++] = reversed[--count];
    text[length] = '\0';
    return length;
}

/*
 * Numbers with few decimals (coordinates, shares, money) are nearly all there are, and printf takes
 * ten times as long for them. Both operands of the division are exact, so its result is the double
 * next to that decimal: if it is the value, the decimal reads back as the value.
 */
static size_t format_short_decimal(double value, char text[RH_NUMBER_MAX])
{
    uint64_t scale = 1;
    size_t length;

    if (fabs(value) < 1e-4 || fabs(value) >= 1e9)
        return 0;
    for (size_t decimals = 1; decimals <= 6; decimals++) {
        double power = (double)(scale *= 10);
        int64_t digits = (int64_t)(value * power + (value < 0 ? -0.5 : 0.5));
        uint64_t rest = digits < 0 ? 0 - (uint64_t)digits : (uint64_t)digits;
        uint64_t whole = rest / scale, part = rest % scale;

        if ((double)digits / power != value)
            continue;
        length = digits < 0;
        text[0] = '-';
        length += rh_int_format((int64_t)whole, text + length);
        text[length++] = '.';
        for (size_t i = decimals; i > 0; i--, part /= 10)
            text[length + i - 1] = (char)('0' + part % 10);
        length += decimals;
        text[length] = '\0';
        return length;
    }
    return 0;
}

size_t rh_double_format(double value, char text[RH_NUMBER_MAX])
{
    locale_t before;
    size_t length;

    text[0] = '\0';
    if (!isfinite(value))
        return 0;
    /* Whole numbers are most of what is written, and exact up to 2^53. */
    if (fabs(value) < 9007199254740992.0 && (double)(int64_t)value == value) {
        if (value == 0.0 && signbit(value))
            return (size_t)snprintf(text, RH_NUMBER_MAX, "-0.0");
        return rh_int_format((int64_t)value, text);
    }
    length = format_short_decimal(value, text);
    if (length)
        return length;
    before = uselocale(the_c_locale());
    /* 15 digits survive the way through a double, so the shortest form of a normal one is found by
     * trying three lengths. Below DBL_MIN precision runs out, and one digit may be enough. */
    for (int digits = fabs(value) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        snprintf(text, RH_NUMBER_MAX, "%.*g", digits, value);
        if (digits == 17 || strtod(text, NULL) == value)
            break;
    }
    uselocale(before);
    return strlen(text);
}

bool rh_int_parse(const char *text, size_t length, int64_t *ret_value)
{
    bool negative = length > 0 && text[0] == '-';
    size_t i = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    uint64_t value = 0;

    if (i == length)
        return false;
    for (; i < length; i++) {
        uint64_t digit = (uint64_t)((unsigned char)text[i] - '0');

        if (text[i] < '0' || text[i] > '9' || value > (limit - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *ret_value = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

static size_t skip_digits(const char *text, size_t length, size_t i)
{
    while (i < length && text[i] >= '0' && text[i] <= '9')
        i++;
    return i;
}

/* strtod() takes more than we want; this is the whole grammar. */
static bool reads_as_decimal(const char *text, size_t length)
{
    size_t i = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    size_t start = i, digits;

    i = skip_digits(text, length, i);
    digits = i - start;
    if (i < length && text[i] == '.') {
        start = ++i;
        i = skip_digits(text, length, i);
        digits += i - start;
    }
    if (digits == 0)
        return false;
    if (i < length && (text[i] == 'e' || text[i] == 'E')) {
        i++;
        if (i < length && (text[i] == '-' || text[i] == '+'))
            i++;
        start = i;
        i = skip_digits(text, length, i);
        if (i == start)
            return false;
    }
    return i == length;
}

bool rh_double_parse(const char *text, size_t length, double *ret_value)
{
    char copy[65];
    double value;

    if (length >= sizeof(copy) || !reads_as_decimal(text, length))
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    value = strtod_l(copy, NULL, the_c_locale());
    if (!isfinite(value))
        return false;
    *ret_value = value;
    return true;
}
