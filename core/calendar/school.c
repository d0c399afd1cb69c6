#include "core/calendar/school.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <string.h>

static int by_first_day(const void *a, const void *b)
{
    const struct rh_school_period *left = a, *right = b;

    return (left->first > right->first) - (left->first < right->first);
}

static int32_t check_period(const struct rh_school_period *p, struct rh_err *err)
{
    char first[RH_DATE_TEXT_SIZE], last[RH_DATE_TEXT_SIZE];

    rh_day_iso(p->first, first);
    rh_day_iso(p->last, last);
    if (!p->name || !p->name[0])
        return rh_err_set(err, RH_EINVALID, "den Schulferien %s bis %s fehlt der Name",
                          "the school holidays %s to %s have no name", first, last);
    if (!rh_day_is_valid(p->first) || !rh_day_is_valid(p->last))
        return rh_err_set(err, RH_EINVALID, "den %s fehlt Anfang oder Ende",
                          "'%s' lacks its first or last day", p->name);
    if (p->first > p->last)
        return rh_err_set(err, RH_EINVALID, "die %s enden am %s, vor ihrem Anfang am %s",
                          "'%s' ends on %s, before it begins on %s", p->name, last, first);
    if (p->last - p->first >= RH_SCHOOL_PERIOD_MAX_DAYS)
        return rh_err_set(err, RH_EINVALID,
                          "die %s dauern von %s bis %s, länger als %d Tage; stimmt das Jahr?",
                          "'%s' lasts from %s to %s, longer than %d days; is the year right?",
                          p->name, first, last, RH_SCHOOL_PERIOD_MAX_DAYS);
    return 0;
}

/* Expects them in order, so an overlap is one between neighbours. */
static int32_t check_periods(const struct rh_school_holidays *holidays, struct rh_err *err)
{
    char first[RH_DATE_TEXT_SIZE], other[RH_DATE_TEXT_SIZE];

    for (size_t i = 0; i < holidays->count; i++) {
        const struct rh_school_period *p = &holidays->periods[i];
        int32_t rc = check_period(p, err);

        if (rc < 0)
            return rc;
        if (i > 0 && p->first <= p[-1].last)
            return rh_err_set(err, RH_EINVALID, "die %s ab %s beginnen, bevor die %s ab %s enden",
                              "'%s' from %s begins before '%s' from %s ends", p->name,
                              rh_day_iso(p->first, first), p[-1].name,
                              rh_day_iso(p[-1].first, other));
    }
    return 0;
}

/* Periods and then their names, in one block: one allocation that fails or does not. */
static struct rh_school_period *copy_periods(const struct rh_school_period *periods, size_t count)
{
    size_t size = count * sizeof(*periods);
    struct rh_school_period *copy;
    char *names;

    for (size_t i = 0; i < count; i++)
        size += strlen(periods[i].name ? periods[i].name : "") + 1;
    copy = rh_alloc(1, size);
    if (!copy)
        return NULL;
    names = (char *)(copy + count);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(periods[i].name ? periods[i].name : "");

        copy[i] = periods[i];
        copy[i].name = names;
        if (length)
            memcpy(names, periods[i].name, length);
        names += length + 1;
    }
    return copy;
}

int32_t rh_school_holidays_build(const struct rh_school_period *periods, size_t count,
                                 int32_t known_until, struct rh_school_holidays *ret,
                                 struct rh_err *err)
{
    struct rh_school_holidays built = {
        .count = count, .known_from = RH_NO_DAY, .known_until = RH_NO_DAY};
    char day[RH_DATE_TEXT_SIZE];
    int32_t rc;

    if (count > RH_SCHOOL_PERIODS_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "mehr als %d Ferienzeiten",
                          "more than %d school holidays", RH_SCHOOL_PERIODS_MAX);
    if (count == 0) {
        *ret = built;
        return 0;
    }
    built.periods = copy_periods(periods, count);
    if (!built.periods)
        return rh_err_nomem(err);
    qsort(built.periods, count, sizeof(*built.periods), by_first_day);
    rc = check_periods(&built, err);
    built.known_from = built.periods[0].first;
    built.known_until = built.periods[count - 1].last;
    if (rc == 0 && known_until != RH_NO_DAY && known_until < built.known_until)
        rc = rh_err_set(err, RH_EINVALID,
                        "die Schulferien reichen über den Tag %s hinaus, bis zu dem sie bekannt "
                        "sein sollen",
                        "the school holidays go beyond %s, the day until which they are said to "
                        "be known",
                        rh_day_iso(known_until, day));
    if (rc < 0) {
        rh_school_holidays_fini(&built);
        return rc;
    }
    if (known_until != RH_NO_DAY)
        built.known_until = known_until;
    *ret = built;
    return 0;
}

void rh_school_holidays_fini(struct rh_school_holidays *holidays)
{
    rh_free(holidays->periods);
    *holidays = (struct rh_school_holidays){.known_from = RH_NO_DAY, .known_until = RH_NO_DAY};
}

enum rh_school rh_school_on(const struct rh_school_holidays *holidays, int32_t day,
                            const struct rh_school_period **ret_period)
{
    size_t low = 0, high;

    if (ret_period)
        *ret_period = NULL;
    if (!holidays || !holidays->count || day < holidays->known_from || day > holidays->known_until)
        return RH_SCHOOL_UNKNOWN;
    for (high = holidays->count; high - low > 1;) {
        size_t middle = low + (high - low) / 2;

        if (holidays->periods[middle].first <= day)
            low = middle;
        else
            high = middle;
    }
    if (day > holidays->periods[low].last)
        return RH_SCHOOL_NO;
    if (ret_period)
        *ret_period = &holidays->periods[low];
    return RH_SCHOOL_YES;
}

struct rh_text rh_school_name(const char *name)
{
    static const struct rh_text usual[] = {
        {"Winterferien", "winter holidays"},        {"Osterferien", "Easter holidays"},
        {"Frühjahrsferien", "spring holidays"},     {"Pfingstferien", "Whitsun holidays"},
        {"Sommerferien", "summer holidays"},        {"Herbstferien", "autumn holidays"},
        {"Weihnachtsferien", "Christmas holidays"},
    };

    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
        if (strcmp(name, usual[i].de) == 0)
            return usual[i];
    return RH_TEXT(name, name);
}
