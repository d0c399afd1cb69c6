#include "core/calendar/workday.h"

#include "core/calendar/year.h"

#include <string.h>

/*
 * Weekdays (Monday to Friday) are numbered through from 1 January 1900, a Monday, so that counting
 * them is arithmetic. Only the closed weekdays between two days have to be looked at, a year at a
 * time.
 */

/* How many weekdays there are up to and with this day. */
static int32_t weekdays_until(int32_t day)
{
    int32_t days = day - RH_DAY_MIN, in_week = days % 7 + 1;

    return days / 7 * 5 + (in_week < 5 ? in_week : 5);
}

/* The n-th weekday, n >= 1: the day for which weekdays_until() first answers n. May lie outside the
 * supported years. */
static int32_t weekday_number(int32_t n)
{
    return RH_DAY_MIN + (n - 1) / 5 * 7 + (n - 1) % 5;
}

/* --- the closed days of a year: year.h; of the year at hand, when the calendar keeps none --- */

struct closed_days {
    const struct rh_calendar *calendar; /* borrowed */
    const struct rh_closed_year *year;  /* NULL: none looked at yet */
    struct rh_closed_year here;         /* only touched without a memory */
};

static int32_t why_closed(struct closed_days *closed, int32_t day)
{
    if (!closed->year || !rh_closed_year_has(closed->year, day))
        closed->year = rh_closed_year_of(closed->calendar, day, &closed->here);
    return closed->year->why[day - closed->year->first_day];
}

/* --- the reason --- */

static struct rh_text name_of(const struct rh_calendar *calendar, int32_t why)
{
    return why > 0 ? rh_holiday_name((enum rh_holiday)why) : calendar->closings[-(why + 1)].name;
}

/* Days come away from `from`; a closing that goes on behind a weekend is still one entry. */
static void note_skipped(struct rh_workday_reason *reason, int32_t day, struct rh_text name)
{
    struct rh_skipped *last = reason->count ? &reason->skipped[reason->count - 1] : NULL;
    bool forward = !last || day > last->last;
    int32_t distance = 0;

    if (last)
        distance = forward ? weekdays_until(day) - weekdays_until(last->last)
                           : weekdays_until(last->first) - weekdays_until(day);
    reason->skipped_days++;
    if (distance == 1 && strcmp(last->name.de, name.de) == 0 &&
        strcmp(last->name.en, name.en) == 0) {
        last->first = forward ? last->first : day;
        last->last = forward ? day : last->last;
    } else if (reason->count < RH_SKIPPED_MAX) {
        reason->skipped[reason->count++] = (struct rh_skipped){name, day, day};
    } else {
        return;
    }
    reason->listed_days++;
}

static void finish_reason(struct rh_workday_reason *reason, int32_t from, int32_t to,
                          int32_t workdays)
{
    reason->from = from;
    reason->to = to;
    reason->workdays = workdays;
    if (to >= from)
        return;
    for (size_t i = 0, j = reason->count; i + 1 < j; i++) {
        struct rh_skipped one = reason->skipped[i];

        reason->skipped[i] = reason->skipped[--j];
        reason->skipped[j] = one;
    }
}

/* --- walking --- */

static int32_t check_day(int32_t day, struct rh_err *err)
{
    if (day >= RH_CALENDAR_DAY_MIN && day <= RH_CALENDAR_DAY_MAX)
        return 0;
    return rh_err_set(
        err, RH_EINVALID,
        "Arbeitstage sind nur von %d bis %d bekannt, die Rechnung führt darüber hinaus",
        "working days are known from %d to %d only, the sum leads beyond", RH_HOLIDAY_YEAR_MIN,
        RH_YEAR_MAX);
}

/* The closed weekdays between two days, both included, when nobody asks which ones they are. */
static int32_t count_quickly(struct closed_days *closed, int32_t first, int32_t last)
{
    int32_t from = first <= last ? first : last, to = first <= last ? last : first, count = 0;

    while (from <= to) {
        const struct rh_closed_year *year;
        int32_t end;

        (void)why_closed(closed, from); /* the year of this day */
        year = closed->year;
        end = year->first_day + year->length - 1 < to ? year->first_day + year->length - 1 : to;
        count += year->before[end - year->first_day + 1] - year->before[from - year->first_day];
        from = end + 1;
    }
    return count;
}

/* Looks at the weekdays from `first` to `last`, in that direction, and counts the closed ones;
 * reason may be NULL. */
static int32_t count_closed(struct closed_days *closed, int32_t first, int32_t last,
                            struct rh_workday_reason *reason)
{
    int32_t step = first <= last ? 1 : -1, count = 0;

    if (!reason)
        return count_quickly(closed, first, last);
    for (int32_t day = first; day != last + step; day += step) {
        int32_t why = rh_day_weekday(day) <= 5 ? why_closed(closed, day) : 0;

        if (why == 0)
            continue;
        count++;
        note_skipped(reason, day, name_of(closed->calendar, why));
    }
    return count;
}

/* The n-th working day (n >= 1) from `next` on, which counts itself. Each closed day on the way
 * makes the way one weekday longer, and on that longer way there may be more of them. */
static int32_t walk(const struct rh_calendar *calendar, int32_t next, int32_t step, int32_t n,
                    struct rh_workday_reason *reason, int32_t *ret_day, struct rh_err *err)
{
    struct closed_days closed;

    closed.calendar = calendar;
    closed.year = NULL;
    for (;;) {
        int32_t end = step > 0 ? weekday_number(weekdays_until(next - 1) + n)
                               : weekday_number(weekdays_until(next) - n + 1);
        int32_t rc = check_day(end, err);

        if (rc < 0)
            return rc;
        n = count_closed(&closed, next, end, reason);
        if (n == 0) {
            *ret_day = end;
            return 0;
        }
        next = end + step;
    }
}

static int32_t add(const struct rh_calendar *calendar, int32_t day, int32_t next, int32_t step,
                   int32_t workdays, struct rh_workday_reason *reason, int32_t *ret_day,
                   struct rh_err *err)
{
    struct rh_workday_reason found;
    int32_t rc = check_day(day, err), end = day, n = workdays < 0 ? -workdays : workdays;

    if (reason)
        found = (struct rh_workday_reason){0};
    if (rc == 0)
        rc = walk(calendar, next, step, n ? n : 1, reason ? &found : NULL, &end, err);
    if (rc < 0)
        return rc;
    if (reason) {
        finish_reason(&found, day, end, workdays);
        *reason = found;
    }
    *ret_day = end;
    return 0;
}

int32_t rh_workdays_add(const struct rh_calendar *calendar, int32_t day, int32_t workdays,
                        struct rh_workday_reason *reason, int32_t *ret_day, struct rh_err *err)
{
    int32_t step = workdays < 0 ? -1 : 1;

    if (workdays > RH_WORKDAYS_MAX || workdays < -RH_WORKDAYS_MAX)
        return rh_err_set(err, RH_EINVALID, "%d Arbeitstage sind mehr als die erlaubten %d",
                          "%d working days are more than the %d allowed", workdays,
                          RH_WORKDAYS_MAX);
    return add(calendar, day, workdays == 0 ? day : day + step, step, workdays, reason, ret_day,
               err);
}

int32_t rh_workday_on_or_before(const struct rh_calendar *calendar, int32_t day,
                                struct rh_workday_reason *reason, int32_t *ret_day,
                                struct rh_err *err)
{
    return add(calendar, day, day, -1, 0, reason, ret_day, err);
}

int32_t rh_workdays_between(const struct rh_calendar *calendar, int32_t from, int32_t to,
                            struct rh_workday_reason *reason, int32_t *ret_workdays,
                            struct rh_err *err)
{
    struct closed_days closed;
    struct rh_workday_reason found = {0}, *skipped = reason ? &found : NULL;
    int32_t rc = check_day(from, err), workdays = 0;

    if (rc == 0)
        rc = check_day(to, err);
    if (rc < 0)
        return rc;
    closed.calendar = calendar;
    closed.year = NULL;
    if (to > from)
        workdays = weekdays_until(to) - weekdays_until(from) -
                   count_closed(&closed, from + 1, to, skipped);
    else if (to < from)
        workdays = weekdays_until(to - 1) - weekdays_until(from - 1) +
                   count_closed(&closed, from - 1, to, skipped);
    if (reason) {
        finish_reason(&found, from, to, workdays);
        *reason = found;
    }
    *ret_workdays = workdays;
    return 0;
}

/* --- the sentence --- */

static void write_distance(const struct rh_workday_reason *reason, bool german, struct rh_str *out)
{
    int32_t n = reason->workdays < 0 ? -reason->workdays : reason->workdays;

    if (n > 0)
        rh_str_printf(out, german ? "%d Arbeitstag%s%s" : "%d working day%s%s", n,
                      n == 1   ? ""
                      : german ? "e"
                               : "s",
                      reason->workdays > 0 ? ""
                      : german             ? " zurück"
                                           : " back");
    else if (reason->to > reason->from)
        rh_str_add(out, german ? "nächster Arbeitstag" : "next working day");
    else if (reason->to < reason->from)
        rh_str_add(out, german ? "vorheriger Arbeitstag" : "previous working day");
    else
        rh_str_add(out, german ? "derselbe Tag" : "the same day");
}

void rh_workday_reason_write(const struct rh_workday_reason *reason, enum rh_lang lang,
                             struct rh_str *out)
{
    bool german = lang == RH_DE;
    int32_t more = reason->skipped_days - reason->listed_days;
    char when[RH_DATE_TEXT_SIZE];

    write_distance(reason, german, out);
    for (size_t i = 0; i < reason->count; i++) {
        const struct rh_skipped *s = &reason->skipped[i];

        if (i == 0)
            rh_str_add(out, german ? ", ohne " : ", minus ");
        else if (i + 1 == reason->count && more == 0)
            rh_str_add(out, german ? " und " : " and ");
        else
            rh_str_add(out, ", ");
        rh_str_printf(out, "%s (%s)", german ? s->name.de : s->name.en,
                      rh_period_long(s->first, s->last, lang, when));
    }
    if (more == 1)
        rh_str_add(out, german ? " und ein weiterer freier Tag" : " and one more day off");
    else if (more > 1)
        rh_str_printf(out, german ? " und %d weitere freie Tage" : " and %d more days off", more);
}
