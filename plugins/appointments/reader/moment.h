/*
 * moment.h - days, and the values that stand for times (RFC 5545, 3.3.4 to 3.3.6).
 *
 * A day is its number since 1970-01-01. "Local" is seconds since 1970-01-01 00:00 on some wall
 * clock, "UTC" seconds since then in truth. Pure.
 */
#ifndef PLUGINS_APPOINTMENTS_READER_MOMENT_H
#define PLUGINS_APPOINTMENTS_READER_MOMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ICS_DAY        INT64_C(86400) /* seconds */
#define ICS_YEAR_FIRST 1600           /* Exchange's zones begin in 1601 */
#define ICS_YEAR_LAST  2199

int64_t ics_day_of(int64_t year, int32_t month, int32_t day);
void ics_civil_of(int64_t day, int32_t *ret_year, int32_t *ret_month, int32_t *ret_day);
int32_t ics_month_length(int32_t year, int32_t month);
int32_t ics_year_length(int32_t year);
int64_t ics_floor(int64_t value, int64_t by); /* of the division, towards the past */

struct ics_stamp {
    int64_t local; /* of a date: its midnight */
    bool date, utc;
};

/* "20270328", "20270328T023000", "20270328T013000Z". False for anything else, years out of range,
 * days that do not exist. */
bool ics_stamp_read(const char *text, size_t length, struct ics_stamp *ret);

struct ics_duration {
    int64_t days;    /* of the calendar: weeks and days */
    int64_t seconds; /* of the clock */
};
/* "P1DT2H30M", "-PT15M", "P2W"; at most 10 years either way. */
bool ics_duration_read(const char *text, size_t length, struct ics_duration *ret);

#endif
