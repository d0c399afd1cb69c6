#include "plugins/appointments/reader/rule.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One part of a rule, "BYDAY=MO,-1SU": the text up to ';'. */
struct part {
    const char *text;
    size_t length;
};

static bool is(struct part p, const char *word)
{
    return strlen(word) == p.length && strncasecmp(p.text, word, p.length) == 0;
}

/* Cuts off what stands before `mark`; the rest stays in *rest. False when nothing is left. */
static bool cut(struct part *rest, char mark, struct part *ret)
{
    const char *found;

    if (!rest->text)
        return false;
    found = memchr(rest->text, mark, rest->length);
    *ret = (struct part){rest->text, found ? (size_t)(found - rest->text) : rest->length};
    if (found)
        *rest = (struct part){found + 1, rest->length - ret->length - 1};
    else
        *rest = (struct part){NULL, 0};
    return true;
}

/* ---- numbers ---- */

/* A whole number with an optional sign; its digits end at *ret_used. */
static bool number_at(struct part p, int64_t max, int64_t *ret, size_t *ret_used)
{
    size_t i = 0, start;
    bool negative = false;
    int64_t value = 0;

    if (i < p.length && (p.text[i] == '+' || p.text[i] == '-'))
        negative = p.text[i++] == '-';
    for (start = i; i < p.length && p.text[i] >= '0' && p.text[i] <= '9'; i++) {
        value = value * 10 + (p.text[i] - '0');
        if (value > max)
            return false;
    }
    if (i == start)
        return false;
    *ret = negative ? -value : value;
    *ret_used = i;
    return true;
}

static bool number(struct part p, int64_t min, int64_t max, int64_t *ret)
{
    size_t used;

    return number_at(p, max, ret, &used) && used == p.length && *ret >= min;
}

static bool in_bits(const uint64_t bits[6], int32_t n)
{
    return bits[n / 64] >> (n % 64) & 1;
}

/* "1,15,-1" into numbers up to `max` either way. */
static bool numbers(struct part list, int64_t max, struct ics_numbers *ret)
{
    struct part one;

    while (cut(&list, ',', &one)) {
        int64_t n;

        if (!number(one, -max, max, &n) || n == 0)
            return false;
        if (n > 0)
            ret->from_start[n / 64] |= UINT64_C(1) << (n % 64);
        else
            ret->from_end[-n / 64] |= UINT64_C(1) << (-n % 64);
        ret->any = true;
    }
    return ret->any;
}

/* "9,14" into bits from `min` to `max`. */
static bool bits(struct part list, int64_t min, int64_t max, uint64_t *ret)
{
    struct part one;

    while (cut(&list, ',', &one)) {
        int64_t n;

        if (!number(one, min, max, &n))
            return false;
        *ret |= UINT64_C(1) << n;
    }
    return *ret != 0;
}

/* ---- parts ---- */

static int32_t weekday_of(struct part p)
{
    static const char *const names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

    for (int32_t i = 0; i < 7; i++)
        if (is(p, names[i]))
            return i;
    return -1;
}

static bool read_weekdays(struct part list, struct ics_rule *rule)
{
    struct part one;

    while (cut(&list, ',', &one)) {
        int64_t nth = 0;
        size_t used = 0;
        int32_t day;

        if (one.length > 2 && !number_at(one, 53, &nth, &used))
            return false;
        if (one.length > 2 && nth == 0)
            return false;
        day = weekday_of((struct part){one.text + used, one.length - used});
        if (day < 0)
            return false;
        if (nth == 0)
            rule->weekdays |= 1u << day;
        else if (nth > 0)
            rule->nth_from_start[day] |= UINT64_C(1) << nth;
        else
            rule->nth_from_end[day] |= UINT64_C(1) << -nth;
        rule->weekday_numbers |= nth != 0;
    }
    return rule->weekdays || rule->weekday_numbers;
}

static enum ics_rule_fault read_frequency(struct part value, struct ics_rule *rule)
{
    static const char *const names[] = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"};

    for (int32_t i = 0; i < 5; i++)
        if (is(value, names[i])) {
            rule->frequency = (enum ics_frequency)i;
            return ICS_RULE_FINE;
        }
    return is(value, "MINUTELY") || is(value, "SECONDLY") ? ICS_RULE_DENSE : ICS_RULE_UNREADABLE;
}

static bool read_part(struct part name, struct part value, struct ics_rule *rule)
{
    uint64_t set = 0;

    if (is(name, "INTERVAL"))
        return number(value, 1, 1000000, &rule->interval);
    if (is(name, "COUNT"))
        return number(value, 1, INT64_C(1000000000000), &rule->count);
    if (is(name, "UNTIL")) {
        rule->has_until = ics_stamp_read(value.text, value.length, &rule->until);
        return rule->has_until;
    }
    if (is(name, "WKST")) {
        rule->week_start = weekday_of(value);
        return rule->week_start >= 0;
    }
    if (is(name, "BYMONTH")) {
        if (!bits(value, 1, 12, &set))
            return false;
        rule->months = (uint32_t)set;
        return true;
    }
    if (is(name, "BYHOUR")) {
        if (!bits(value, 0, 23, &set))
            return false;
        rule->hours = (uint32_t)set;
        return true;
    }
    if (is(name, "BYMINUTE"))
        return bits(value, 0, 59, &rule->minutes);
    if (is(name, "BYSECOND"))
        return bits(value, 0, 59, &rule->seconds);
    if (is(name, "BYMONTHDAY"))
        return numbers(value, 31, &rule->month_days);
    if (is(name, "BYYEARDAY"))
        return numbers(value, 366, &rule->year_days);
    if (is(name, "BYWEEKNO"))
        return numbers(value, 53, &rule->weeks);
    if (is(name, "BYSETPOS"))
        return numbers(value, 366, &rule->positions);
    if (is(name, "BYDAY"))
        return read_weekdays(value, rule);
    if (is(name, "RSCALE"))
        return is(value, "GREGORIAN");
    if (is(name, "SKIP"))
        return is(value, "OMIT");
    return name.length > 2 && strncasecmp(name.text, "X-", 2) == 0;
}

static int32_t count_bits(uint64_t set)
{
    return set ? __builtin_popcountll(set) : 1;
}

enum ics_rule_fault ics_rule_read(const char *text, struct ics_rule *ret)
{
    struct part rest = {text, strlen(text)}, part, name;
    enum ics_rule_fault frequency = ICS_RULE_UNREADABLE;
    int32_t times;

    *ret = (struct ics_rule){.interval = 1};
    while (cut(&rest, ';', &part)) {
        if (part.length == 0) /* a semicolon at the end */
            continue;
        if (!cut(&part, '=', &name) || !part.text)
            return ICS_RULE_UNREADABLE;
        if (is(name, "FREQ"))
            frequency = read_frequency(part, ret);
        else if (!read_part(name, part, ret))
            return ICS_RULE_UNREADABLE;
    }
    if (frequency != ICS_RULE_FINE)
        return frequency;
    times = count_bits(ret->hours) * count_bits(ret->minutes) * count_bits(ret->seconds);
    if (times > ICS_TIMES_MAX || (ret->frequency == ICS_YEARLY && times * 366 > ICS_SET_MAX))
        return ICS_RULE_DENSE;
    return ICS_RULE_FINE;
}

/* ---- days ---- */

struct date {
    int64_t day;
    int32_t year, month, in_month, in_year; /* from 1 */
    int32_t month_length, year_length;
    int32_t weekday; /* 0 Monday */
};

static struct date date_of(int64_t day)
{
    struct date d = {.day = day};

    ics_civil_of(day, &d.year, &d.month, &d.in_month);
    d.in_year = (int32_t)(day - ics_day_of(d.year, 1, 1)) + 1;
    d.month_length = ics_month_length(d.year, d.month);
    d.year_length = ics_year_length(d.year);
    d.weekday = (int32_t)(day + 3 - ics_floor(day + 3, 7) * 7); /* 1970-01-01 was a Thursday */
    return d;
}

static void to_next_day(struct date *d)
{
    if (d->in_month == d->month_length) {
        *d = date_of(d->day + 1);
        return;
    }
    d->day++;
    d->in_month++;
    d->in_year++;
    d->weekday = d->weekday == 6 ? 0 : d->weekday + 1;
}

static bool among(const struct ics_numbers *set, int32_t n, int32_t length)
{
    int32_t back = length - n + 1;

    return in_bits(set->from_start, n) || (back > 0 && in_bits(set->from_end, back));
}

/* The first day of week 1: the first week with at least four days in the year. */
static int64_t first_week_of(int32_t year, int32_t week_start)
{
    int64_t first = ics_day_of(year, 1, 1);
    int64_t into = first + 3 - week_start; /* days since some week began */

    into -= ics_floor(into, 7) * 7;
    return into <= 3 ? first - into : first + 7 - into;
}

static bool week_fits(const struct ics_rule *rule, const struct date *d)
{
    int32_t year = d->year;
    int64_t first = first_week_of(year, rule->week_start), next;

    if (d->day < first)
        first = first_week_of(--year, rule->week_start);
    next = first_week_of(year + 1, rule->week_start);
    if (d->day >= next) {
        first = next;
        next = first_week_of(year + 2, rule->week_start);
    }
    return among(&rule->weeks, (int32_t)((d->day - first) / 7) + 1, (int32_t)((next - first) / 7));
}

/* "-1SU" counts in the month where the rule is about months, else in the year; in rules by the week
 * or day there is nothing to count in, and the number is nothing. */
static bool weekday_fits(const struct ics_rule *rule, const struct date *d)
{
    bool in_month = rule->frequency == ICS_MONTHLY || rule->months != 0;
    int32_t at = in_month ? d->in_month : d->in_year;
    int32_t length = in_month ? d->month_length : d->year_length;

    if (rule->weekdays >> d->weekday & 1)
        return true;
    if (!rule->weekday_numbers)
        return false;
    if (rule->frequency > ICS_MONTHLY || rule->weeks.any)
        return rule->nth_from_start[d->weekday] || rule->nth_from_end[d->weekday];
    return (rule->nth_from_start[d->weekday] >> ((at - 1) / 7 + 1) & 1) ||
           (rule->nth_from_end[d->weekday] >> ((length - at) / 7 + 1) & 1);
}

static bool day_fits(const struct ics_rule *rule, const struct date *d)
{
    return (!rule->months || rule->months >> d->month & 1) &&
           (!rule->month_days.any || among(&rule->month_days, d->in_month, d->month_length)) &&
           (!rule->year_days.any || among(&rule->year_days, d->in_year, d->year_length)) &&
           ((!rule->weekdays && !rule->weekday_numbers) || weekday_fits(rule, d)) &&
           (!rule->weeks.any || week_fits(rule, d));
}

/* ---- periods ---- */

/* What the rule leaves open is as the start has it. */
static bool start_decides(const struct ics_rule *rule, const struct date *start,
                          const struct date *d)
{
    bool weekday = rule->weekdays || rule->weekday_numbers;

    switch (rule->frequency) {
    case ICS_YEARLY:
        if (rule->year_days.any || rule->month_days.any || weekday)
            return true;
        if (rule->weeks.any)
            return d->weekday == start->weekday;
        return d->in_month == start->in_month && (rule->months || d->month == start->month);
    case ICS_MONTHLY:
        return rule->month_days.any || weekday || rule->year_days.any ||
               d->in_month == start->in_month;
    case ICS_WEEKLY:
        return weekday || d->weekday == start->weekday;
    case ICS_DAILY:
    case ICS_HOURLY:
        break;
    }
    return true;
}

static void add_times(struct ics_walk *walk, int64_t day)
{
    for (int32_t i = 0; i < walk->time_count && walk->found < ICS_SET_MAX; i++)
        walk->set[walk->found++] = day * ICS_DAY + walk->times[i];
}

static void add_days(struct ics_walk *walk, int64_t first, int64_t count)
{
    struct date start = date_of(ics_floor(walk->start, ICS_DAY)), d = date_of(first);

    *walk->allowance -= count;
    for (int64_t i = 0; i < count; i++, to_next_day(&d))
        if (day_fits(walk->rule, &d) && start_decides(walk->rule, &start, &d))
            add_times(walk, d.day);
}

/* The months that a year's rule can be in; all of it when days are counted in the year. */
static void add_year(struct ics_walk *walk, int32_t year)
{
    const struct ics_rule *rule = walk->rule;
    uint32_t months = rule->months;

    if (!months && !rule->year_days.any && !rule->weeks.any && !rule->month_days.any &&
        !rule->weekdays && !rule->weekday_numbers)
        months = 1u << date_of(ics_floor(walk->start, ICS_DAY)).month;
    if (!months) {
        add_days(walk, ics_day_of(year, 1, 1), ics_year_length(year));
        return;
    }
    for (int32_t m = 1; m <= 12; m++)
        if (months >> m & 1)
            add_days(walk, ics_day_of(year, m, 1), ics_month_length(year, m));
}

static void add_hour(struct ics_walk *walk, int64_t hour)
{
    int64_t day = ics_floor(hour, 24);
    int32_t in_day = (int32_t)(hour - day * 24);
    struct date d = date_of(day);

    --*walk->allowance;
    if ((walk->rule->hours && !(walk->rule->hours >> in_day & 1)) || !day_fits(walk->rule, &d))
        return;
    for (int32_t i = 0; i < walk->time_count && walk->found < ICS_SET_MAX; i++)
        walk->set[walk->found++] = hour * 3600 + walk->times[i];
}

/* BYSETPOS: those at the places named, of all that the period has. */
static void keep_positions(struct ics_walk *walk)
{
    int32_t kept = 0, all = walk->found;

    for (int32_t i = 0; i < all; i++) {
        int32_t at = i + 1, back = all - i;

        if ((at <= 366 && in_bits(walk->rule->positions.from_start, at)) ||
            (back <= 366 && in_bits(walk->rule->positions.from_end, back)))
            walk->set[kept++] = walk->set[i];
    }
    walk->found = kept;
}

/* The local time at which period number `n` begins. */
static int64_t period_start(const struct ics_walk *walk, int64_t n)
{
    int64_t day = ics_floor(walk->start, ICS_DAY), step = n * walk->rule->interval;
    struct date d = date_of(day);
    int64_t into_week = (d.weekday + 7 - walk->rule->week_start) % 7;

    switch (walk->rule->frequency) {
    case ICS_YEARLY:
        return ics_day_of(d.year + step, 1, 1) * ICS_DAY;
    case ICS_MONTHLY:
        step += d.month - 1;
        return ics_day_of(d.year + ics_floor(step, 12),
                          (int32_t)(step - ics_floor(step, 12) * 12) + 1, 1) *
               ICS_DAY;
    case ICS_WEEKLY:
        return (day - into_week + step * 7) * ICS_DAY;
    case ICS_DAILY:
        return (day + step) * ICS_DAY;
    case ICS_HOURLY:
        return (ics_floor(walk->start, 3600) + step) * 3600;
    }
    return INT64_MAX;
}

/* The next period into the set. 0 when it lies behind the end. */
static int32_t fill(struct ics_walk *walk)
{
    int64_t begins = period_start(walk, walk->period++);
    struct date d;

    walk->at = walk->found = 0;
    if (begins > walk->end)
        return 0;
    if (*walk->allowance <= 0)
        return -1;
    d = date_of(ics_floor(begins, ICS_DAY));
    switch (walk->rule->frequency) {
    case ICS_YEARLY:
        add_year(walk, d.year);
        break;
    case ICS_MONTHLY:
        add_days(walk, d.day, d.month_length);
        break;
    case ICS_WEEKLY:
        add_days(walk, d.day, 7);
        break;
    case ICS_DAILY:
        add_days(walk, d.day, 1);
        break;
    case ICS_HOURLY:
        add_hour(walk, ics_floor(begins, 3600));
        break;
    }
    if (walk->rule->positions.any)
        keep_positions(walk);
    return 1;
}

/* ---- the walk ---- */

static void set_times(struct ics_walk *walk)
{
    const struct ics_rule *rule = walk->rule;
    int32_t start = (int32_t)(walk->start - ics_floor(walk->start, ICS_DAY) * ICS_DAY);
    bool hourly = rule->frequency == ICS_HOURLY;
    uint64_t hours = hourly ? 1 : rule->hours ? rule->hours : UINT64_C(1) << (start / 3600);
    uint64_t minutes = rule->minutes ? rule->minutes : UINT64_C(1) << (start / 60 % 60);
    uint64_t seconds = rule->seconds ? rule->seconds : UINT64_C(1) << (start % 60);

    for (int32_t h = 0; h < 24; h++)
        for (int32_t m = 0; hours >> h & 1 && m < 60; m++)
            for (int32_t s = 0; minutes >> m & 1 && s < 60; s++)
                if (seconds >> s & 1 && walk->time_count < ICS_TIMES_MAX)
                    walk->times[walk->time_count++] = h * 3600 + m * 60 + s;
}

/* Exactly one a period, so that those left out can be counted without looking. */
static bool one_a_period(const struct ics_rule *rule)
{
    return rule->frequency >= ICS_WEEKLY && !rule->months && !rule->month_days.any &&
           !rule->year_days.any && !rule->weeks.any && !rule->positions.any && !rule->weekdays &&
           !rule->weekday_numbers && !rule->hours && !rule->minutes && !rule->seconds;
}

/* Periods before the window are left out where nothing is lost by it. */
static void skip_ahead(struct ics_walk *walk)
{
    static const int64_t longest[] = {366 * ICS_DAY, 31 * ICS_DAY, 7 * ICS_DAY, ICS_DAY, 3600};
    int64_t step = longest[walk->rule->frequency] * walk->rule->interval;
    int64_t periods = ics_floor(walk->from - walk->start, step) - 1;

    if (periods <= 0 || walk->left == 0)
        return;
    if (walk->left > 0) {
        if (!one_a_period(walk->rule))
            return;
        if (periods > walk->left)
            periods = walk->left;
        walk->left -= periods - 1; /* the start, number 0, is counted already */
    }
    walk->period = periods;
}

void ics_walk_begin(struct ics_walk *walk, const struct ics_rule *rule, int64_t start, int64_t from,
                    int64_t end, int64_t *allowance)
{
    walk->rule = rule;
    walk->start = start;
    walk->from = from;
    walk->end = end;
    walk->allowance = allowance;
    walk->period = 0;
    walk->left = rule->count ? rule->count : -1;
    walk->time_count = walk->at = walk->found = 0;
    walk->begun = false;
    set_times(walk);
}

int32_t ics_walk_next(struct ics_walk *walk, int64_t *ret_local)
{
    if (walk->left == 0)
        return 0;
    if (!walk->begun) {
        walk->begun = true;
        *ret_local = walk->start;
        if (walk->left > 0)
            walk->left--;
        skip_ahead(walk);
        return walk->start <= walk->end;
    }
    for (;;) {
        int32_t rc;

        while (walk->at < walk->found) {
            int64_t local = walk->set[walk->at++];

            if (local <= walk->start)
                continue;
            if (local > walk->end)
                return 0;
            if (walk->left > 0)
                walk->left--;
            *ret_local = local;
            return 1;
        }
        rc = fill(walk);
        if (rc <= 0)
            return rc;
    }
}
