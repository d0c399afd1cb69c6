#include "core/calendar/date.h"

#define DAYS_TO_1970 719162 /* from 0001-01-01 to 1970-01-01 */

bool rh_year_is_leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool year_is_valid(int32_t year)
{
    return year >= RH_YEAR_MIN && year <= RH_YEAR_MAX;
}

/* The first of January of a positive year. */
static int32_t first_day_of_year(int32_t year)
{
    int32_t past = year - 1;

    return past * 365 + past / 4 - past / 100 + past / 400 - DAYS_TO_1970;
}

static int32_t length_of(int32_t year, int32_t month_of_year)
{
    static const int8_t length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return length[month_of_year - 1] + (month_of_year == 2 && rh_year_is_leap(year));
}

/* Days of a year before a month of it, and in all; by whether it is a leap year. */
static const int16_t days_before[2][13] = {
    {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365},
    {0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366},
};

/* --- days --- */

bool rh_day_is_valid(int32_t day)
{
    return day >= RH_DAY_MIN && day <= RH_DAY_MAX;
}

int32_t rh_day_of(int32_t year, int32_t month, int32_t day_of_month)
{
    int32_t day;

    if (!year_is_valid(year) || month < 1 || month > 12 || day_of_month < 1 ||
        day_of_month > length_of(year, month))
        return RH_NO_DAY;
    day = first_day_of_year(year) + day_of_month - 1;
    return day + days_before[rh_year_is_leap(year)][month - 1];
}

struct rh_date rh_day_split(int32_t day)
{
    struct rh_date date = {0};
    const int16_t *before;
    int32_t rest;

    if (!rh_day_is_valid(day))
        return date;
    /* 366 is the longest year, so the guess is never late and at most one year early within three
     * centuries. */
    date.year = RH_YEAR_MIN + (day - RH_DAY_MIN) / 366;
    while (first_day_of_year(date.year + 1) <= day)
        date.year++;
    rest = day - first_day_of_year(date.year);
    before = days_before[rh_year_is_leap(date.year)];
    /* No month has more than 31 days, so this guess is never late, and one month early at most. */
    date.month = rest / 32 + 1;
    if (rest >= before[date.month])
        date.month++;
    date.day = rest - before[date.month - 1] + 1;
    return date;
}

int32_t rh_day_weekday(int32_t day)
{
    return (day - RH_DAY_MIN) % 7 + 1; /* 1900-01-01 was a Monday */
}

int32_t rh_day_add(int32_t day, int32_t days)
{
    int64_t sum = (int64_t)day + days;

    if (!rh_day_is_valid(day) || sum < RH_DAY_MIN || sum > RH_DAY_MAX)
        return RH_NO_DAY;
    return (int32_t)sum;
}

int32_t rh_day_add_months(int32_t day, int32_t months)
{
    struct rh_date date = rh_day_split(day);
    int32_t month = rh_month_add(rh_month_of_day(day), months);
    int32_t length = rh_month_length(month);

    if (month == RH_NO_MONTH)
        return RH_NO_DAY;
    return rh_month_first_day(month) + (date.day < length ? date.day : length) - 1;
}

int32_t rh_day_add_years(int32_t day, int32_t years)
{
    if (years < -RH_YEAR_MAX || years > RH_YEAR_MAX)
        return RH_NO_DAY;
    return rh_day_add_months(day, years * 12);
}

/* --- months --- */

bool rh_month_is_valid(int32_t month)
{
    return month >= RH_MONTH_MIN && month <= RH_MONTH_MAX;
}

int32_t rh_month_of(int32_t year, int32_t month_of_year)
{
    if (!year_is_valid(year) || month_of_year < 1 || month_of_year > 12)
        return RH_NO_MONTH;
    return year * 12 + month_of_year - 1;
}

int32_t rh_month_of_day(int32_t day)
{
    struct rh_date date = rh_day_split(day);

    return rh_month_of(date.year, date.month);
}

int32_t rh_month_year(int32_t month)
{
    return rh_month_is_valid(month) ? month / 12 : 0;
}

int32_t rh_month_number(int32_t month)
{
    return rh_month_is_valid(month) ? month % 12 + 1 : 0;
}

int32_t rh_month_first_day(int32_t month)
{
    return rh_day_of(rh_month_year(month), rh_month_number(month), 1);
}

int32_t rh_month_last_day(int32_t month)
{
    return rh_day_of(rh_month_year(month), rh_month_number(month), rh_month_length(month));
}

int32_t rh_month_length(int32_t month)
{
    if (!rh_month_is_valid(month))
        return 0;
    return length_of(rh_month_year(month), rh_month_number(month));
}

int32_t rh_month_add(int32_t month, int32_t months)
{
    int64_t sum = (int64_t)month + months;

    if (!rh_month_is_valid(month) || sum < RH_MONTH_MIN || sum > RH_MONTH_MAX)
        return RH_NO_MONTH;
    return (int32_t)sum;
}

/* --- weeks --- */

/* The Monday of week 1: the week that holds 4 January. */
static int32_t first_monday(int32_t year)
{
    int32_t fourth = first_day_of_year(year) + 3;

    return fourth - (rh_day_weekday(fourth) - 1);
}

struct rh_week rh_week_of_day(int32_t day)
{
    struct rh_week week = {0};

    if (!rh_day_is_valid(day))
        return week;
    week.year = rh_day_split(day).year + 1;
    while (first_monday(week.year) > day)
        week.year--;
    week.week = (day - first_monday(week.year)) / 7 + 1;
    return week;
}

int32_t rh_week_first_day(int32_t year, int32_t week)
{
    int32_t monday;

    /* 2200-W01 begins on 30 December 2199, a day we know. */
    if (year < RH_YEAR_MIN || year > RH_YEAR_MAX + 1 || week < 1 || week > 53)
        return RH_NO_DAY;
    monday = first_monday(year) + (week - 1) * 7;
    if (monday >= first_monday(year + 1) || !rh_day_is_valid(monday))
        return RH_NO_DAY;
    return monday;
}

int32_t rh_year_week_count(int32_t year)
{
    if (!year_is_valid(year))
        return 0;
    return (first_monday(year + 1) - first_monday(year)) / 7;
}
