/* Zones as the machine keeps them: RFC 8536, "TZif", and the POSIX rule at the end of such a file,
 * which holds for the years after its last change. */
#include "plugins/appointments/reader/moment.h"
#include "plugins/appointments/reader/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX  65536
#define LAST_YEAR 2100

/* ---- POSIX ---- */

static bool take_number(const char **at, int32_t max, int32_t *ret)
{
    const char *start = *at;

    for (*ret = 0; **at >= '0' && **at <= '9'; ++*at) {
        *ret = *ret * 10 + (**at - '0');
        if (*ret > max)
            return false;
    }
    return *at > start;
}

static bool take_name(const char **at)
{
    const char *start = *at;

    if (**at == '<') {
        while (**at && **at != '>')
            ++*at;
        if (!**at)
            return false;
        ++*at;
        return true;
    }
    while ((**at >= 'A' && **at <= 'Z') || (**at >= 'a' && **at <= 'z'))
        ++*at;
    return *at - start >= 3;
}

/* "-1", "+5:30", "3": hours, minutes, seconds. */
static bool take_clock(const char **at, int32_t *ret)
{
    int32_t sign = 1, part;

    if (**at == '-' || **at == '+')
        sign = *(*at)++ == '-' ? -1 : 1;
    if (!take_number(at, 167, &part))
        return false;
    *ret = part * 3600;
    for (int32_t unit = 60; **at == ':' && unit > 0; unit /= 60) {
        ++*at;
        if (!take_number(at, 59, &part))
            return false;
        *ret += part * unit;
    }
    *ret *= sign;
    return true;
}

/* "M3.5.0/2": the last Sunday of March at two. The other two forms are in no zone that is kept. */
struct yearly {
    int32_t month, week, weekday, clock;
};

static bool take_yearly(const char **at, struct yearly *y)
{
    if (*(*at)++ != ',' || *(*at)++ != 'M' || !take_number(at, 12, &y->month) || !y->month ||
        *(*at)++ != '.' || !take_number(at, 5, &y->week) || !y->week || *(*at)++ != '.' ||
        !take_number(at, 6, &y->weekday))
        return false;
    y->clock = 2 * 3600;
    if (**at != '/')
        return true;
    ++*at;
    return take_clock(at, &y->clock);
}

static int64_t local_of(const struct yearly *y, int32_t year)
{
    int64_t first = ics_day_of(year, y->month, 1);
    int64_t weekday = first + 4 - ics_floor(first + 4, 7) * 7; /* 0 Sunday */
    int64_t day = first + (y->weekday - weekday + 7) % 7 + (y->week - 1) * 7;

    if (day >= first + ics_month_length(year, y->month))
        day -= 7;
    return day * ICS_DAY + y->clock;
}

bool ics_zone_of_posix(struct ics_zone *zone, const char *text, int32_t from_year)
{
    struct yearly summer, winter;
    int32_t standard, daylight;

    if (!take_name(&text) || !take_clock(&text, &standard))
        return false;
    standard = -standard;
    if (!zone->changes)
        zone->offset = standard;
    if (!*text)
        return true;
    if (!take_name(&text))
        return false;
    daylight = standard + 3600;
    if (*text != ',') {
        if (!take_clock(&text, &daylight))
            return false;
        daylight = -daylight;
    }
    if (!take_yearly(&text, &summer) || !take_yearly(&text, &winter) || *text)
        return false;
    for (int32_t year = from_year; year <= LAST_YEAR; year++)
        if (ics_zone_add(zone, local_of(&summer, year) - standard, daylight) < 0 ||
            ics_zone_add(zone, local_of(&winter, year) - daylight, standard) < 0)
            return false;
    return true;
}

/* ---- TZif ---- */

struct header {
    uint64_t isut, isstd, leap, time, type, chars;
};

static uint64_t big(const uint8_t *bytes, int count)
{
    uint64_t value = 0;

    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

static bool header_at(const uint8_t *bytes, size_t length, struct header *h)
{
    if (length < 44 || memcmp(bytes, "TZif", 4) != 0 || bytes[4] < '2')
        return false;
    h->isut = big(bytes + 20, 4);
    h->isstd = big(bytes + 24, 4);
    h->leap = big(bytes + 28, 4);
    h->time = big(bytes + 32, 4);
    h->type = big(bytes + 36, 4);
    h->chars = big(bytes + 40, 4);
    return h->type > 0 && (h->isut | h->isstd | h->leap | h->time | h->type | h->chars) < FILE_MAX;
}

static size_t body_size(const struct header *h, size_t time_size)
{
    return (size_t)(h->time * time_size + h->time + h->type * 6 + h->chars +
                    h->leap * (time_size + 4) + h->isstd + h->isut);
}

static int32_t offset_of(const uint8_t *types, uint64_t index)
{
    return (int32_t)(uint32_t)big(types + index * 6, 4);
}

static int32_t read_file(struct ics_zone *zone, uint8_t *bytes, size_t length)
{
    struct header h;
    size_t at, skip;
    const uint8_t *times, *index, *types;
    int32_t last_year = 1970, month, day;
    char *footer;

    if (!header_at(bytes, length, &h))
        return 0;
    skip = 44 + body_size(&h, 4);
    if (skip >= length || !header_at(bytes + skip, length - skip, &h))
        return 0;
    at = skip + 44;
    if (at + body_size(&h, 8) + 2 > length)
        return 0;
    times = bytes + at;
    index = times + h.time * 8;
    types = index + h.time;
    zone->offset = offset_of(types, 0);
    for (uint64_t i = 0; i < h.time; i++) {
        int64_t utc = (int64_t)big(times + i * 8, 8);

        if (index[i] >= h.type)
            return 0;
        if (utc < ics_day_of(ICS_YEAR_FIRST, 1, 1) * ICS_DAY ||
            utc > ics_day_of(LAST_YEAR, 1, 1) * ICS_DAY)
            continue;
        if (ics_zone_add(zone, utc, offset_of(types, index[i])) < 0)
            return -1;
        ics_civil_of(ics_floor(utc, ICS_DAY), &last_year, &month, &day);
    }
    footer = (char *)bytes + at + body_size(&h, 8) + 1;
    bytes[length - 1] = '\0'; /* its line end */
    if (*footer && !ics_zone_of_posix(zone, footer, last_year + 1))
        return 0;
    return 1;
}

/* Names are made of these alone, so none leads out of the folder. */
static bool name_is_safe(const char *name)
{
    size_t length = strlen(name);

    return length > 2 && length < 64 && name[0] != '/' && !strstr(name, "//") &&
           name[length - 1] != '/' &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
               length;
}

int32_t ics_zone_of_system(struct ics_zone *zone, const char *folder, const char *name)
{
    static uint8_t bytes[FILE_MAX];
    char path[256];
    size_t length;
    int32_t rc;
    FILE *file;

    if (!name_is_safe(name))
        return 0;
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (!file)
        return 0;
    length = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    rc = read_file(zone, bytes, length);
    if (rc <= 0)
        zone->changes = 0;
    return rc;
}
