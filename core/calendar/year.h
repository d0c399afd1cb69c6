/*
 * year.h - the closed days of a year, looked up once.
 *
 * Going over a year's holidays and closings costs more than all that is asked of it later. So a
 * calendar that lives for long may be given a memory (calendar.memory) that keeps each year it was
 * asked for. The memory belongs to that one calendar, and to one thread at a time; closings and
 * place must not change while it is there.
 */
#ifndef CORE_CALENDAR_YEAR_H
#define CORE_CALENDAR_YEAR_H

#include "core/calendar/calendar.h"

struct rh_closed_year {
    int32_t first_day, length; /* 365 or 366 */
    int32_t why[366];    /* by day of the year: 0 open, a holiday, or -(index of the closing + 1) */
    int16_t before[367]; /* how many closed weekdays there are before that day of the year */
};

static inline bool rh_closed_year_has(const struct rh_closed_year *year, int32_t day)
{
    return day >= year->first_day && day < year->first_day + year->length;
}

/* The year of a day that the calendar knows. `here` is filled when the calendar has no memory, or
 * when there was no memory to be had for it. */
const struct rh_closed_year *rh_closed_year_of(const struct rh_calendar *calendar, int32_t day,
                                               struct rh_closed_year *here);

struct rh_calendar_memory *rh_calendar_memory_new(void); /* NULL without memory */
struct rh_calendar_memory *rh_calendar_memory_free(struct rh_calendar_memory *memory);

#endif
