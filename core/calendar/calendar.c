#include "core/calendar/calendar.h"

#include "core/calendar/year.h"

/* The kind alone, from the year that is kept. */
static enum rh_day_kind kept_kind(const struct rh_calendar *calendar, int32_t day)
{
    const struct rh_closed_year *year;
    struct rh_closed_year here;
    int32_t why;

    year = rh_closed_year_of(calendar, day, &here);
    why = year->why[day - year->first_day];
    if (why != 0)
        return why > 0 ? RH_DAY_HOLIDAY : RH_DAY_CLOSED;
    return rh_day_weekday(day) >= 6 ? RH_DAY_WEEKEND : RH_DAY_WORKDAY;
}

enum rh_day_kind rh_calendar_day(const struct rh_calendar *calendar, int32_t day,
                                 struct rh_day_info *ret_info)
{
    struct rh_day_info info = {.kind = RH_DAY_WORKDAY, .name = {"", ""}};

    if (day < RH_CALENDAR_DAY_MIN || day > RH_CALENDAR_DAY_MAX) {
        info.kind = RH_DAY_UNKNOWN;
        goto out;
    }
    if (calendar->memory && !ret_info)
        return kept_kind(calendar, day);
    info.weekend = rh_day_weekday(day) >= 6;
    info.holiday = rh_holiday_on(calendar->place, day);
    if (info.holiday > RH_HOLIDAY_NONE) {
        info.kind = RH_DAY_HOLIDAY;
        info.name = rh_holiday_name(info.holiday);
        goto out;
    }
    for (size_t i = 0; i < calendar->closing_count; i++)
        if (rh_closing_covers(&calendar->closings[i], day)) {
            info.kind = RH_DAY_CLOSED;
            info.closing = &calendar->closings[i];
            info.name = info.closing->name;
            goto out;
        }
    if (info.weekend)
        info.kind = RH_DAY_WEEKEND;
out:
    if (ret_info)
        *ret_info = info;
    return info.kind;
}

int32_t rh_calendar_count_month(const struct rh_calendar *calendar, int32_t month,
                                struct rh_month_count *ret_info, struct rh_err *err)
{
    struct rh_month_count info = {0};
    int32_t first = rh_month_first_day(month), last = rh_month_last_day(month);
    char text[RH_DATE_TEXT_SIZE];

    if (first < RH_CALENDAR_DAY_MIN)
        return rh_err_set(err, RH_EINVALID,
                          "der Kalender kennt den Monat '%s' nicht, er reicht von %d bis %d",
                          "the calendar does not know the month '%s', it reaches from %d to %d",
                          rh_month_iso(month, text), RH_HOLIDAY_YEAR_MIN, RH_YEAR_MAX);
    for (int32_t day = first; day <= last; day++) {
        enum rh_school school = rh_school_on(calendar->school, day, NULL);

        if (rh_calendar_day(calendar, day, NULL) != RH_DAY_WORKDAY)
            continue;
        info.workdays++;
        info.outside_school += school != RH_SCHOOL_YES;
        info.school_unknown += school == RH_SCHOOL_UNKNOWN;
    }
    *ret_info = info;
    return 0;
}
