/*
 * dates.h - times and lists of dates as people type them. Pure: knows no call and no calendar.
 */
#ifndef PLUGINS_APPOINTMENTS_DATES_H
#define PLUGINS_APPOINTMENTS_DATES_H

#include <stdint.h>

#define DATES_MAX 12

/* "9:00" in minutes from midnight, 24:00 is 1440. Returns what follows, or NULL: none is there. */
const char *minute_read(const char *text, int32_t *ret_minute);

/* One of a list: "2027-05-11", "2027-05-11 9:00", "2027-05-11 9:00-16:00". */
struct date_text {
    char day[11];       /* as written; whether there is such a day is not looked at */
    int32_t start, end; /* minutes; -1: not said */
};

/*
 * A list parted by ';' or line breaks; empty entries do not count. Returns how many, or the
 * negative number of the first that is none (-1 the first); -(DATES_MAX + 1) as well when there are
 * more.
 */
int32_t dates_read(const char *text, struct date_text ret_dates[DATES_MAX]);

#endif
