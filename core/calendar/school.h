/*
 * school.h - school holidays, from data.
 *
 * School holidays follow no rule that could be computed: the Länder agree on them years ahead and
 * publish them in batches. So they are given, and what is not given is not "no holidays" but
 * *unknown*: every question has three answers. Known is the time from the first period's first day
 * to `known_until`.
 *
 * The set is built once, owns its memory and is then only read, by any thread.
 */
#ifndef CORE_CALENDAR_SCHOOL_H
#define CORE_CALENDAR_SCHOOL_H

#include "core/calendar/date.h"

/* Longer than any school holiday of any Land; beyond it a year was mistyped. */
#define RH_SCHOOL_PERIOD_MAX_DAYS 70
#define RH_SCHOOL_PERIODS_MAX     10000

struct rh_school_period {
    const char *name;    /* German, as published: "Sommerferien" */
    int32_t first, last; /* days, both inclusive */
};

struct rh_school_holidays {
    struct rh_school_period *periods; /* owned with their names, in the order of the days */
    size_t count;
    int32_t known_from, known_until; /* days, both inclusive; RH_NO_DAY when nothing is known */
};

enum rh_school {
    RH_SCHOOL_UNKNOWN = -1,
    RH_SCHOOL_NO = 0, /* schools are open, as far as weekend and public holidays let them */
    RH_SCHOOL_YES = 1,
};

/*
 * Copies the periods, in any order. known_until is the last day that the publication covers, or
 * RH_NO_DAY for the last day of the last period. Refused with the names of the culprits: a period
 * that ends before it begins, or is too long, or overlaps another. On failure *ret is untouched.
 */
int32_t rh_school_holidays_build(const struct rh_school_period *periods, size_t count,
                                 int32_t known_until, struct rh_school_holidays *ret,
                                 struct rh_err *err);
void rh_school_holidays_fini(struct rh_school_holidays *holidays); /* zeroed memory is fine */

/* ret_period may be NULL; it is set to the period for RH_SCHOOL_YES and to NULL otherwise. A NULL
 * set knows nothing. */
enum rh_school rh_school_on(const struct rh_school_holidays *holidays, int32_t day,
                            const struct rh_school_period **ret_period);

/* Sommerferien / summer holidays. A name that is not one of the usual ones stays as it is. */
struct rh_text rh_school_name(const char *name);

#endif
