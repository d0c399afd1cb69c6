/*
 * rule.h - recurrence rules (RFC 5545, 3.3.10), as days and times on the wall clock.
 *
 * The rule knows no zone: it yields local times, and whoever asks makes instants of them. Nothing
 * is calculated ahead of a question, each day looked at is counted against an allowance, and
 * nothing goes on past the end of the window that was asked for, so that no rule runs for ever.
 *
 * HOURLY to YEARLY with all BY… parts. MINUTELY and SECONDLY are told apart and left alone: nobody
 * meets by the minute. Calendars other than the Gregorian one (RSCALE) are not read. Pure.
 */
#ifndef PLUGINS_APPOINTMENTS_READER_RULE_H
#define PLUGINS_APPOINTMENTS_READER_RULE_H

#include "plugins/appointments/reader/moment.h"

enum ics_frequency { ICS_YEARLY, ICS_MONTHLY, ICS_WEEKLY, ICS_DAILY, ICS_HOURLY };

/* Numbers from 1 to 366 and from -1 to -366. */
struct ics_numbers {
    uint64_t from_start[6], from_end[6];
    bool any;
};

struct ics_rule {
    enum ics_frequency frequency;
    int64_t interval;
    int64_t count; /* 0: not limited by it */
    bool has_until;
    struct ics_stamp until;
    int32_t week_start; /* 0 Monday … 6 Sunday */
    uint32_t months;    /* bit 1 to 12; 0: all */
    struct ics_numbers month_days, year_days, weeks, positions;
    uint32_t weekdays; /* bit 0 Monday: every such day; 0 and no_weekday_numbers: all */
    bool weekday_numbers;
    uint64_t nth_from_start[7], nth_from_end[7]; /* bit n: the n-th such weekday */
    uint32_t hours;                              /* bits; 0: as the start */
    uint64_t minutes, seconds;
};

enum ics_rule_fault {
    ICS_RULE_FINE = 0,
    ICS_RULE_UNREADABLE, /* no rule, or a part that means nothing */
    ICS_RULE_DENSE       /* MINUTELY, SECONDLY, or more than ICS_TIMES_MAX times a day */
};
enum ics_rule_fault ics_rule_read(const char *text, struct ics_rule *ret);

#define ICS_TIMES_MAX 48   /* times of a day */
#define ICS_SET_MAX   4000 /* of one year, month, week, … */

/* A walk through the occurrences, first to last. The start itself always is the first, whether it
 * fits the rule or not (RFC 5545, 3.8.5.3: it counts). UNTIL is left to the caller, who knows the
 * zone. */
struct ics_walk {
    const struct ics_rule *rule; /* borrowed */
    int64_t start, end;          /* local; nothing after `end` */
    int64_t from;                /* what lies before may be left out */
    int64_t *allowance;          /* days that may still be looked at; borrowed */
    int64_t period;              /* the next one to be filled, counted from the start's */
    int64_t left;                /* COUNT; < 0: not limited */
    int32_t times[ICS_TIMES_MAX], time_count; /* seconds of the day */
    int32_t at, found;
    bool begun;
    int64_t set[ICS_SET_MAX];
};

/* `rule` and `allowance` are borrowed as long as the walk goes on. */
void ics_walk_begin(struct ics_walk *walk, const struct ics_rule *rule, int64_t start, int64_t from,
                    int64_t end, int64_t *allowance);
/* 1 and the next local time, 0 at the end, -1 when the allowance is used up. */
int32_t ics_walk_next(struct ics_walk *walk, int64_t *ret_local);

#endif
