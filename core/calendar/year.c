#include "core/calendar/year.h"

#include "core/base/alloc.h"

#include <string.h>

#define YEARS (RH_YEAR_MAX - RH_HOLIDAY_YEAR_MIN + 1)

struct rh_calendar_memory {
    struct rh_closed_year *years[YEARS]; /* owned */
};

static void mark(struct rh_closed_year *year, int32_t day, int32_t why)
{
    int32_t i = day - year->first_day;

    if (i >= 0 && i < year->length && year->why[i] == 0)
        year->why[i] = why;
}

static void mark_closing(struct rh_closed_year *year, int32_t number,
                         const struct rh_closing *closing, int32_t why)
{
    int32_t first = closing->first, last = closing->last;

    switch (closing->kind) {
    case RH_CLOSING_PERIOD:
        break;
    case RH_CLOSING_YEARLY:
        first = last = rh_day_of(number, closing->month, closing->day_of_month);
        break;
    case RH_CLOSING_EASTER:
        first = last = rh_easter_sunday(number) + closing->from_easter;
        break;
    }
    if (first < year->first_day)
        first = year->first_day;
    if (last > year->first_day + year->length - 1)
        last = year->first_day + year->length - 1;
    for (int32_t day = first; day <= last; day++)
        mark(year, day, why);
}

static void load_year(const struct rh_calendar *calendar, int32_t number,
                      struct rh_closed_year *year)
{
    struct rh_holiday_date holidays[RH_HOLIDAYS_OF_YEAR_MAX];
    /* The callers have checked the year, so this cannot fail. */
    int32_t count = rh_holidays_of_year(calendar->place, number, holidays, NULL);

    year->first_day = rh_day_of(number, 1, 1);
    year->length = rh_year_is_leap(number) ? 366 : 365;
    memset(year->why, 0, sizeof(year->why));
    /* Holidays first: a closing on a holiday takes nothing away. */
    for (int32_t i = 0; i < count; i++)
        mark(year, holidays[i].day, (int32_t)holidays[i].holiday);
    for (size_t i = 0; i < calendar->closing_count; i++)
        mark_closing(year, number, &calendar->closings[i], -(int32_t)i - 1);
    year->before[0] = 0;
    for (int32_t i = 0; i < year->length; i++)
        year->before[i + 1] =
            (int16_t)(year->before[i] +
                      (year->why[i] != 0 && rh_day_weekday(year->first_day + i) <= 5));
}

const struct rh_closed_year *rh_closed_year_of(const struct rh_calendar *calendar, int32_t day,
                                               struct rh_closed_year *here)
{
    int32_t number = rh_day_split(day).year;
    struct rh_closed_year **kept, *year;

    if (!calendar->memory) {
        load_year(calendar, number, here);
        return here;
    }
    kept = &calendar->memory->years[number - RH_HOLIDAY_YEAR_MIN];
    year = *kept;
    if (!year) {
        *kept = year = rh_alloc(1, sizeof(*year));
        load_year(calendar, number, year ? year : here);
    }
    return year ? year : here;
}

struct rh_calendar_memory *rh_calendar_memory_new(void)
{
    return rh_alloc(1, sizeof(struct rh_calendar_memory));
}

struct rh_calendar_memory *rh_calendar_memory_free(struct rh_calendar_memory *memory)
{
    for (int32_t i = 0; memory && i < YEARS; i++)
        rh_free(memory->years[i]);
    return rh_free(memory);
}
