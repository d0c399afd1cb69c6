/*
 * zone.h - Europe/Berlin: from a day and a time on the wall to an instant, and back.
 *
 * An instant is a count of seconds since 1970-01-01 00:00 UTC. Known is the rule of the European
 * Union that holds since 1996 (summer time from the last Sunday of March to the last Sunday of
 * October, changed at 01:00 UTC); it is applied to every year, so before 1996 an instant in October
 * may be an hour off. No files of the system are read: the same answer on every machine.
 *
 * Pure; any thread.
 */
#ifndef CORE_CALENDAR_ZONE_H
#define CORE_CALENDAR_ZONE_H

#include "core/calendar/date.h"

#define RH_NO_INSTANT INT64_MIN

/*
 * The instant of a time on the wall; `second` counts from midnight, 0 to 86,400. A time that does
 * not exist (02:30 on the day summer time begins) is read as if the clock had not been put forward,
 * so it is 03:30; of a time that comes twice the first is taken. RH_NO_INSTANT when the day is not
 * valid.
 */
int64_t rh_berlin_instant(int32_t day, int32_t second);

/* How often a time on the wall comes: 1 as a rule, 2 in the hour that is lived twice, 0 in the one
 * that is left out and for a day that is not valid. */
int32_t rh_berlin_times(int32_t day, int32_t second);

/* The day on the wall; ret_second (may be NULL) counts from midnight. RH_NO_DAY outside the years
 * of date.h. */
int32_t rh_berlin_day(int64_t instant, int32_t *ret_second);

/* Seconds that Berlin is ahead of UTC at the instant: 3600 or 7200. */
int32_t rh_berlin_offset(int64_t instant);

#endif
