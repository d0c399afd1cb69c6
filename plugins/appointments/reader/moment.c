#include "plugins/appointments/reader/moment.h"

/* ---- days ---- */

int64_t ics_floor(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int32_t ics_year_length(int32_t year)
{
    return is_leap(year) ? 366 : 365;
}

int32_t ics_month_length(int32_t year, int32_t month)
{
    static const int32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

/* Years that begin in March have their leap day at the end, and the months before any of theirs add
 * up to (153 m + 2) / 5. */
int64_t ics_day_of(int64_t year, int32_t month, int32_t day)
{
    int64_t y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;

    return 365 * y + ics_floor(y, 4) - ics_floor(y, 100) + ics_floor(y, 400) + (153 * m + 2) / 5 +
           day - 1 - 719468;
}

void ics_civil_of(int64_t day, int32_t *ret_year, int32_t *ret_month, int32_t *ret_day)
{
    int64_t since = day + 719468; /* since 0000-03-01 */
    int64_t era = ics_floor(since, 146097), in_era = since - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153;

    *ret_day = (int32_t)(in_year - (153 * month + 2) / 5 + 1);
    *ret_month = (int32_t)(month < 10 ? month + 3 : month - 9);
    *ret_year = (int32_t)(year + era * 400 + (month >= 10));
}

/* ---- values ---- */

static bool digits(const char *text, size_t count, int32_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *ret = *ret * 10 + (text[i] - '0');
    }
    return true;
}

bool ics_stamp_read(const char *text, size_t length, struct ics_stamp *ret)
{
    int32_t year, month, day, hour = 0, minute = 0, second = 0;

    if (length != 8 && length != 15 && length != 16)
        return false;
    if (!digits(text, 4, &year) || !digits(text + 4, 2, &month) || !digits(text + 6, 2, &day))
        return false;
    if (year < ICS_YEAR_FIRST || year > ICS_YEAR_LAST || month < 1 || month > 12 || day < 1 ||
        day > ics_month_length(year, month))
        return false;
    if (length > 8) {
        if (text[8] != 'T' && text[8] != 't')
            return false;
        if (!digits(text + 9, 2, &hour) || !digits(text + 11, 2, &minute) ||
            !digits(text + 13, 2, &second) || hour > 23 || minute > 59 || second > 60)
            return false;
        if (length == 16 && text[15] != 'Z' && text[15] != 'z')
            return false;
        if (second == 60) /* a leap second: nobody meets in it */
            second = 59;
    }
    *ret = (struct ics_stamp){.local = ics_day_of(year, month, day) * ICS_DAY + hour * 3600 +
                                       minute * 60 + second,
                              .date = length == 8,
                              .utc = length == 16};
    return true;
}

static bool add_unit(char unit, bool in_time, int64_t value, struct ics_duration *d)
{
    switch (unit) {
    case 'W':
        d->days += value * 7;
        return !in_time;
    case 'D':
        d->days += value;
        return !in_time;
    case 'H':
        d->seconds += value * 3600;
        return in_time;
    case 'M':
        d->seconds += value * 60;
        return in_time;
    case 'S':
        d->seconds += value;
        return in_time;
    default:
        return false;
    }
}

bool ics_duration_read(const char *text, size_t length, struct ics_duration *ret)
{
    const int64_t most = INT64_C(3660) * ICS_DAY;
    struct ics_duration d = {0};
    size_t i = 0, units = 0;
    bool negative = false, in_time = false;

    if (i < length && (text[i] == '-' || text[i] == '+'))
        negative = text[i++] == '-';
    if (i == length || text[i++] != 'P')
        return false;
    while (i < length) {
        int64_t value = 0;
        size_t start;

        if (text[i] == 'T' && !in_time) {
            in_time = true;
            i++;
            continue;
        }
        for (start = i; i < length && text[i] >= '0' && text[i] <= '9'; i++) {
            value = value * 10 + (text[i] - '0');
            if (value > most)
                return false;
        }
        if (i == start || i == length || !add_unit(text[i++], in_time, value, &d))
            return false;
        if (d.days * ICS_DAY > most || d.seconds > most)
            return false;
        units++;
    }
    if (units == 0)
        return false;
    ret->days = negative ? -d.days : d.days;
    ret->seconds = negative ? -d.seconds : d.seconds;
    return true;
}
