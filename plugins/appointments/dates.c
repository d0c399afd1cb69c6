#include "plugins/appointments/dates.h"

#include <string.h>

static const char *number_read(const char *p, int32_t *ret_number)
{
    const char *start = p;

    *ret_number = 0;
    for (; *p >= '0' && *p <= '9' && p - start < 2; p++)
        *ret_number = *ret_number * 10 + (*p - '0');
    return p > start ? p : NULL;
}

const char *minute_read(const char *text, int32_t *ret_minute)
{
    int32_t hour, minute;
    const char *p = number_read(text, &hour);

    if (!p || *p != ':' || !(p = number_read(p + 1, &minute)) || minute > 59 ||
        hour * 60 + minute > 1440)
        return NULL;
    *ret_minute = hour * 60 + minute;
    return p;
}

static const char *skip_spaces(const char *p)
{
    while (*p == ' ' || *p == '\t' || *p == '\r')
        p++;
    return p;
}

static int is_end(char c)
{
    return c == '\0' || c == ';' || c == '\n';
}

/* A '-' or the longer dash that word processors make of it. */
static const char *skip_dash(const char *p)
{
    p = skip_spaces(p);
    if (*p == '-')
        return skip_spaces(p + 1);
    return strncmp(p, "–", strlen("–")) == 0 ? skip_spaces(p + strlen("–")) : NULL;
}

/* What follows the entry, or NULL. */
static const char *entry_read(const char *p, struct date_text *date)
{
    const char *until;
    size_t length = strspn(p, "0123456789-.");

    date->start = date->end = -1;
    if (length == 0 || length >= sizeof(date->day))
        return NULL;
    memcpy(date->day, p, length);
    date->day[length] = '\0';
    p = skip_spaces(p + length);
    if (is_end(*p))
        return p;
    if (!(p = minute_read(p, &date->start)))
        return NULL;
    if ((until = skip_dash(p))) {
        if (!(p = minute_read(until, &date->end)))
            return NULL;
    }
    p = skip_spaces(p);
    return is_end(*p) ? p : NULL;
}

int32_t dates_read(const char *text, struct date_text ret_dates[DATES_MAX])
{
    int32_t count = 0;

    for (const char *p = text;;) {
        p = skip_spaces(p);
        if (!is_end(*p)) {
            if (count == DATES_MAX || !(p = entry_read(p, &ret_dates[count])))
                return -count - 1;
            count++;
        }
        if (*p == '\0')
            return count;
        p++;
    }
}
