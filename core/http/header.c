#include "core/http/header.h"

#include "core/calendar/date.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* One element of a comma list, trimmed. */
struct element {
    const char *at;
    size_t length;
};

/* Takes the next element off the list; commas inside quotes do not part. */
static bool next_element(const char **list, char separator, struct element *ret)
{
    const char *p = *list;
    bool quoted = false;

    while (is_space(*p) || *p == separator)
        p++;
    if (!*p)
        return false;
    ret->at = p;
    for (; *p && (quoted || *p != separator); p++)
        if (*p == '"')
            quoted = !quoted;
    *list = p;
    while (p > ret->at && is_space(p[-1]))
        p--;
    ret->length = (size_t)(p - ret->at);
    return true;
}

static bool element_is(struct element element, const char *text)
{
    return strlen(text) == element.length && strncasecmp(element.at, text, element.length) == 0;
}

/* "0.8" as 800; 1000 when it makes no sense. RFC 9110, 12.4.2. */
static int weight_of(const char *text, size_t length)
{
    int weight, factor = 100;

    if (length == 0 || length > 5 || (text[0] != '0' && text[0] != '1'))
        return 1000;
    weight = (text[0] - '0') * 1000;
    if (length > 1 && text[1] != '.')
        return 1000;
    for (size_t i = 2; i < length; i++, factor /= 10) {
        if (!is_digit(text[i]))
            return 1000;
        weight += (text[i] - '0') * factor;
    }
    return weight > 1000 ? 1000 : weight;
}

/* Cuts the parameters off; returns the weight ";q=…" among them. */
static int split_weight(struct element *element)
{
    const char *end = element->at + element->length;
    const char *p = memchr(element->at, ';', element->length);
    int weight = 1000;

    if (!p)
        return weight;
    element->length = (size_t)(p - element->at);
    while (element->length && is_space(element->at[element->length - 1]))
        element->length--;
    while (p < end) {
        const char *stop;

        p++;
        while (p < end && is_space(*p))
            p++;
        stop = memchr(p, ';', (size_t)(end - p));
        if (!stop)
            stop = end;
        if (stop - p > 2 && (*p == 'q' || *p == 'Q') && p[1] == '=')
            weight = weight_of(p + 2, (size_t)(stop - p - 2));
        p = stop;
    }
    return weight;
}

static bool is_language(struct element element, const char *code)
{
    return element.length >= 2 && strncasecmp(element.at, code, 2) == 0 &&
           (element.length == 2 || element.at[2] == '-');
}

enum rh_lang rh_header_language(const char *accept_language, enum rh_lang fallback)
{
    enum rh_lang best = fallback;
    struct element element;
    int best_weight = 0;

    while (accept_language && next_element(&accept_language, ',', &element)) {
        int weight = split_weight(&element);

        if (weight <= best_weight)
            continue;
        if (is_language(element, "de"))
            best = RH_DE;
        else if (is_language(element, "en"))
            best = RH_EN;
        else
            continue;
        best_weight = weight;
    }
    return best;
}

/* How exactly a media range names the type: 0 not at all, 1 any, 2 its family, 3 itself. */
static int exactness(struct element range, const char *type)
{
    size_t family = strcspn(type, "/") + 1;

    if (element_is(range, type))
        return 3;
    if (range.length == family + 1 && range.at[family] == '*' &&
        strncasecmp(range.at, type, family) == 0)
        return 2;
    return element_is(range, "*/*") ? 1 : 0;
}

int rh_header_accepts(const char *accept, const char *type)
{
    int best = 0, best_weight = 0;
    struct element element;

    if (!accept || !*accept)
        return 1000;
    while (next_element(&accept, ',', &element)) {
        int weight = split_weight(&element), exact = exactness(element, type);

        if (exact > best) {
            best = exact;
            best_weight = weight;
        }
    }
    return best_weight;
}

bool rh_header_accepts_coding(const char *accept_encoding, const char *coding)
{
    struct element element;

    while (accept_encoding && next_element(&accept_encoding, ',', &element)) {
        int weight = split_weight(&element);

        if (element_is(element, coding))
            return weight > 0;
    }
    return false;
}

bool rh_header_is_type(const char *content_type, const char *type)
{
    struct element element;

    if (!content_type || !next_element(&content_type, ';', &element))
        return false;
    return element_is(element, type);
}

bool rh_header_parameter(const char *content_type, const char *name, char *value, size_t size)
{
    size_t name_length = strlen(name);
    struct element element;
    bool first = true;

    while (content_type && next_element(&content_type, ';', &element)) {
        const char *text = element.at + name_length + 1;
        size_t length = element.length - name_length - 1;

        if (first || element.length <= name_length || element.at[name_length] != '=' ||
            strncasecmp(element.at, name, name_length) != 0) {
            first = false;
            continue;
        }
        if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
            text++;
            length -= 2;
        }
        if (length == 0 || length >= size || memchr(text, '"', length))
            return false;
        memcpy(value, text, length);
        value[length] = '\0';
        return true;
    }
    return false;
}

/* "127.0.0.1", any address of that block, four numbers up to 255. */
static bool is_loopback_ipv4(const char *text, size_t length)
{
    const char *end = text + length;

    for (int part = 0; part < 4; part++) {
        const char *start = text;
        int value = 0;

        while (text < end && text - start < 3 && is_digit(*text))
            value = value * 10 + (*text++ - '0');
        if (text == start || value > 255 || (part == 0 && value != 127))
            return false;
        if (part < 3 && (text == end || *text++ != '.'))
            return false;
    }
    return text == end;
}

bool rh_header_host_is_loopback(const char *host)
{
    static const char name[] = "localhost", six[] = "[::1]";
    size_t length, digits;

    if (!host)
        return false;
    if (strncmp(host, six, sizeof(six) - 1) == 0) {
        length = sizeof(six) - 1;
    } else {
        length = strcspn(host, ":");
        if (!is_loopback_ipv4(host, length) &&
            (length != sizeof(name) - 1 || strncasecmp(host, name, length) != 0))
            return false;
    }
    if (host[length] == '\0')
        return true;
    digits = strspn(host + length + 1, "0123456789");
    return host[length] == ':' && digits >= 1 && digits <= 5 && host[length + 1 + digits] == '\0';
}

bool rh_header_same_origin(const char *origin, const char *host)
{
    static const char *const schemes[] = {"http://", "https://"};

    if (!origin || !host || !*host)
        return false;
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t length = strlen(schemes[i]);

        if (strncasecmp(origin, schemes[i], length) == 0 && strcasecmp(origin + length, host) == 0)
            return true;
    }
    return false;
}

bool rh_header_cookie(const char *cookies, const char *name, char *value, size_t size)
{
    size_t name_length = strlen(name);
    struct element element;

    while (cookies && next_element(&cookies, ';', &element)) {
        size_t length;

        if (element.length <= name_length || element.at[name_length] != '=' ||
            memcmp(element.at, name, name_length) != 0)
            continue;
        length = element.length - name_length - 1;
        if (length >= size)
            return false;
        memcpy(value, element.at + name_length + 1, length);
        value[length] = '\0';
        return true;
    }
    return false;
}

bool rh_header_has_tag(const char *list, const char *tag, bool weak)
{
    struct element element;

    while (list && next_element(&list, ',', &element)) {
        if (element.length == 1 && element.at[0] == '*')
            return true;
        if (element.length > 2 && strncmp(element.at, "W/", 2) == 0) {
            if (!weak)
                continue;
            element.at += 2;
            element.length -= 2;
        }
        if (element.length == strlen(tag) && memcmp(element.at, tag, element.length) == 0)
            return true;
    }
    return false;
}

/* ---- dates ---- */

#define DAY_SECONDS INT64_C(86400)
#define DATE_LENGTH 29 /* "Sun, 06 Nov 1994 08:49:37 GMT" */

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* So many digits; -1 when one of them is none. */
static int32_t digits(const char *text, int count)
{
    int32_t value = 0;

    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static int32_t month_named(const char *name)
{
    for (int32_t month = 1; month <= 12; month++)
        if (memcmp(name, &months[(month - 1) * 3], 3) == 0)
            return month;
    return 0;
}

/* The day of the week is what follows from the date; nobody reads it. */
bool rh_header_date(const char *text, int64_t *ret_utc)
{
    int32_t day, month, year, hour, minute, second, number;

    if (!text || strlen(text) != DATE_LENGTH || memcmp(text + 3, ", ", 2) != 0 || text[7] != ' ' ||
        text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':' ||
        memcmp(text + 25, " GMT", 4) != 0)
        return false;
    day = digits(text + 5, 2);
    month = month_named(text + 8);
    year = digits(text + 12, 4);
    hour = digits(text + 17, 2);
    minute = digits(text + 20, 2);
    second = digits(text + 23, 2);
    number = month > 0 && day > 0 && year > 0 ? rh_day_of(year, month, day) : RH_NO_DAY;
    if (number == RH_NO_DAY || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 60)
        return false;
    *ret_utc = number * DAY_SECONDS + hour * 3600 + minute * 60 + second;
    return true;
}

void rh_header_date_write(int64_t utc, char text[RH_HEADER_DATE_MAX])
{
    int64_t day = utc / DAY_SECONDS;
    struct rh_date date;
    int32_t second;

    text[0] = '\0';
    if (utc < 0 || day > RH_DAY_MAX)
        return;
    date = rh_day_split((int32_t)day);
    second = (int32_t)(utc % DAY_SECONDS);
    snprintf(text, RH_HEADER_DATE_MAX, "%s, %02d %.3s %04d %02d:%02d:%02d GMT",
             rh_weekday_name_short(rh_day_weekday((int32_t)day), RH_EN), date.day,
             &months[(date.month - 1) * 3], date.year, second / 3600, second / 60 % 60,
             second % 60);
}
