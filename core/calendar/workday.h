/*
 * workday.h - counting in working days, there and back, with the reason.
 *
 *     rh_workdays_add(&nrw, day_of("2027-05-20"), 10, &reason, &day, &err)
 *         -> 4 June 2027: "10 working days, minus Corpus Christi (27 May 2027)"
 *
 * The start does not count: one working day after Friday is Monday. For a start that is a working
 * day, n forward and n back lead to where one began; from any other day, +1 is the next working day
 * and -1 the previous one. What was skipped apart from ordinary weekends is written down, so that a
 * deadline can say why it is where it is.
 *
 * Hours and calendar days are other units and other functions; none of them is ever converted into
 * working days. Pure; any thread.
 */
#ifndef CORE_CALENDAR_WORKDAY_H
#define CORE_CALENDAR_WORKDAY_H

#include "core/base/str.h"
#include "core/calendar/calendar.h"

#define RH_WORKDAYS_MAX 50000 /* some 190 years */
#define RH_SKIPPED_MAX  12

/* Days that would have been working days, had they not been holidays or closings. */
struct rh_skipped {
    struct rh_text name; /* borrowed from holiday.h or from the calendar's closing */
    int32_t first, last; /* days; one closing over some days is one entry */
};

struct rh_workday_reason {
    int32_t from, to;     /* days */
    int32_t workdays;     /* as asked or counted; negative = back */
    int32_t skipped_days; /* all of them, also those that found no place below */
    int32_t listed_days;  /* those in the list */
    size_t count;
    struct rh_skipped skipped[RH_SKIPPED_MAX]; /* in the order of the days, nearest to `from` first
                                                  to be listed */
};

/*
 * The n-th working day after (n > 0) or before (n < 0) the day; for n = 0 the day itself or, when
 * it is none, the next working day. `reason` may be NULL. RH_EINVALID when the way leads out of the
 * years known; outputs are untouched then.
 */
int32_t rh_workdays_add(const struct rh_calendar *calendar, int32_t day, int32_t workdays,
                        struct rh_workday_reason *reason, int32_t *ret_day, struct rh_err *err);

/* The day itself or, when it is no working day, the last one before it. */
int32_t rh_workday_on_or_before(const struct rh_calendar *calendar, int32_t day,
                                struct rh_workday_reason *reason, int32_t *ret_day,
                                struct rh_err *err);

/*
 * How many working days lie after `from`, up to and with `to`; when `to` is the earlier one, those
 * before `from` back to and with `to`, as a negative number. So the answer for a day and what
 * rh_workdays_add() made of it is the number that was added.
 */
int32_t rh_workdays_between(const struct rh_calendar *calendar, int32_t from, int32_t to,
                            struct rh_workday_reason *reason, int32_t *ret_workdays,
                            struct rh_err *err);

/* "10 Arbeitstage, ohne Fronleichnam (27. Mai 2027)", no full stop. Ask rh_str_check() afterwards.
 */
void rh_workday_reason_write(const struct rh_workday_reason *reason, enum rh_lang lang,
                             struct rh_str *out);

#endif
