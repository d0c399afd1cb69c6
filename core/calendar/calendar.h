/*
 * calendar.h - when does an office work? Its Land, its own closing days, its school holidays.
 *
 * A calendar is a value that borrows what it is made of; zeroed, it knows weekends and the holidays
 * that all Länder keep. Every office may have its own. Working days are Monday to Friday without
 * public holidays and closings; school holidays are working days, only poor ones to plan on.
 *
 * Arithmetic with working days is in workday.h. Pure; any thread.
 */
#ifndef CORE_CALENDAR_CALENDAR_H
#define CORE_CALENDAR_CALENDAR_H

#include "core/calendar/closing.h"
#include "core/calendar/holiday.h"
#include "core/calendar/school.h"

struct rh_calendar {
    struct rh_place place;
    const struct rh_closing *closings; /* borrowed, closing_count of them; NULL when none */
    size_t closing_count;
    const struct rh_school_holidays *school; /* borrowed; NULL: nothing is known of them */
    struct rh_calendar_memory *memory;       /* borrowed; NULL: no year is kept (year.h) */
};

/* The first and last day of which a calendar can say anything. */
#define RH_CALENDAR_DAY_MIN 7670 /* 1991-01-01, see holiday.h */
#define RH_CALENDAR_DAY_MAX RH_DAY_MAX

enum rh_day_kind {
    RH_DAY_UNKNOWN = -1, /* outside the years that holiday.h knows */
    RH_DAY_WORKDAY = 0,
    RH_DAY_WEEKEND,
    RH_DAY_HOLIDAY, /* also when it falls on a weekend */
    RH_DAY_CLOSED,  /* by the office itself; also on a weekend, but not on a public holiday */
};

struct rh_day_info {
    enum rh_day_kind kind;
    bool weekend;                     /* Saturday or Sunday, whatever else the day is */
    enum rh_holiday holiday;          /* for RH_DAY_HOLIDAY */
    const struct rh_closing *closing; /* for RH_DAY_CLOSED: the first that covers the day */
    struct rh_text name;              /* of the holiday or closing; empty otherwise */
};

/* Returns the kind. ret_info may be NULL. */
enum rh_day_kind rh_calendar_day(const struct rh_calendar *calendar, int32_t day,
                                 struct rh_day_info *ret_info);

/*
 * How well a month serves for a start. `outside_school` counts the working days on which schools
 * are open as far as is known: those of which nothing is known are in it, and in `school_unknown`
 * too. So outside_school - school_unknown is certain, and a month with school_unknown > 0 has to be
 * shown as such instead of being called open or closed.
 */
struct rh_month_count {
    int32_t workdays;
    int32_t outside_school;
    int32_t school_unknown;
};

int32_t rh_calendar_count_month(const struct rh_calendar *calendar, int32_t month,
                                struct rh_month_count *ret_info, struct rh_err *err);

#endif
