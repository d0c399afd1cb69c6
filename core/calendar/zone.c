#include "core/calendar/zone.h"

#define DAY_SECONDS  INT64_C(86400)
#define HOUR_SECONDS 3600

static int32_t last_sunday(int32_t year, int32_t month)
{
    int32_t last = rh_month_last_day(rh_month_of(year, month));

    return last - rh_day_weekday(last) % 7;
}

static int32_t utc_day(int64_t instant)
{
    int64_t day = instant / DAY_SECONDS - (instant % DAY_SECONDS < 0);

    return day < RH_DAY_MIN || day > RH_DAY_MAX ? RH_NO_DAY : (int32_t)day;
}

int32_t rh_berlin_offset(int64_t instant)
{
    int32_t day = utc_day(instant);
    struct rh_date date = rh_day_split(day);
    int64_t change;
    bool summer;

    if (day == RH_NO_DAY)
        return HOUR_SECONDS;
    if (date.month == 3 || date.month == 10) {
        change = last_sunday(date.year, date.month) * DAY_SECONDS + HOUR_SECONDS;
        summer = date.month == 3 ? instant >= change : instant < change;
    } else {
        summer = date.month > 3 && date.month < 10;
    }
    return summer ? 2 * HOUR_SECONDS : HOUR_SECONDS;
}

int64_t rh_berlin_instant(int32_t day, int32_t second)
{
    int64_t wall;
    int64_t summer, winter;

    if (!rh_day_is_valid(day))
        return RH_NO_INSTANT;
    wall = day * DAY_SECONDS + second;
    summer = wall - 2 * HOUR_SECONDS;
    winter = wall - HOUR_SECONDS;
    /* Both hold in the hour that comes twice, none in the one that is left out. */
    return rh_berlin_offset(summer) == 2 * HOUR_SECONDS ? summer : winter;
}

int32_t rh_berlin_times(int32_t day, int32_t second)
{
    int64_t wall;

    if (!rh_day_is_valid(day))
        return 0;
    wall = day * DAY_SECONDS + second;
    return (rh_berlin_offset(wall - 2 * HOUR_SECONDS) == 2 * HOUR_SECONDS) +
           (rh_berlin_offset(wall - HOUR_SECONDS) == HOUR_SECONDS);
}

int32_t rh_berlin_day(int64_t instant, int32_t *ret_second)
{
    int32_t day;

    if (instant < RH_DAY_MIN * DAY_SECONDS || instant >= RH_DAY_MAX * DAY_SECONDS)
        return RH_NO_DAY;
    instant += rh_berlin_offset(instant);
    day = utc_day(instant);
    if (ret_second)
        *ret_second = (int32_t)(instant - day * DAY_SECONDS);
    return day;
}
