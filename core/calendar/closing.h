/*
 * closing.h - the days on which one office is closed although its Land works.
 *
 * Rosenmontag on the Rhine, the days between the years, a works outing: a closing is a period of
 * days, a date that comes back every year, or a distance from Easter Sunday. It is read from and
 * written as a short text, which is what configuration, imports and the database hold:
 *
 *     2027-12-27..2027-12-30    a period (one day without the dots; German dates are read too)
 *     12-24                     every year; also read: 24.12.
 *     easter-48                 every year, days from Easter Sunday; also read: ostern-48
 *     rosenmontag               one of the customary ones, see rh_closing_customary()
 *
 * Pure values; a name is borrowed and outlives the closing. To add a customary closing, add a line
 * to the table in closing.c.
 */
#ifndef CORE_CALENDAR_CLOSING_H
#define CORE_CALENDAR_CLOSING_H

#include "core/calendar/date.h"

enum rh_closing_kind {
    RH_CLOSING_PERIOD,
    RH_CLOSING_YEARLY,
    RH_CLOSING_EASTER,
};

/* So far from Easter Sunday that the day is surely in the same year. */
#define RH_CLOSING_EASTER_MIN (-80)
#define RH_CLOSING_EASTER_MAX 249

struct rh_closing {
    enum rh_closing_kind kind;
    struct rh_text name;         /* borrowed; as readers know it */
    int32_t first, last;         /* PERIOD: days, both inclusive */
    int32_t month, day_of_month; /* YEARLY; 29 February comes in leap years only */
    int32_t from_easter;         /* EASTER: days after Easter Sunday, negative before */
};

/* "Schließtag" / "closing day", or the customary name, until the caller sets a better one. */
int32_t rh_closing_parse(const char *text, struct rh_closing *ret_closing, struct rh_err *err);

/* The canonical text; what rh_closing_parse() reads back as the same closing. */
char *rh_closing_format(const struct rh_closing *closing, char buffer[RH_DATE_TEXT_SIZE]);

/* The i-th customary closing with the key it is read by, or NULL behind the last. */
const char *rh_closing_customary(size_t i, struct rh_closing *ret_closing);

bool rh_closing_covers(const struct rh_closing *closing, int32_t day);

#endif
