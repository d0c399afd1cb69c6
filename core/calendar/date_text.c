#include "core/calendar/date.h"
#include "core/calendar/quote.h"

#include <stdio.h>
#include <string.h>

/* --- names --- */

static const char *const weekdays[2][7] = {
    [RH_DE] = {"Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"},
    [RH_EN] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
};
static const char *const weekdays_short[2][7] = {
    [RH_DE] = {"Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"},
    [RH_EN] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
};
static const char *const months[2][12] = {
    [RH_DE] = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
               "Oktober", "November", "Dezember"},
    [RH_EN] = {"January", "February", "March", "April", "May", "June", "July", "August",
               "September", "October", "November", "December"},
};
static const char *const months_short[2][12] = {
    [RH_DE] = {"Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"},
    [RH_EN] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
};

const char *rh_weekday_name(int32_t weekday, enum rh_lang lang)
{
    return weekday >= 1 && weekday <= 7 ? weekdays[lang][weekday - 1] : "";
}

const char *rh_weekday_name_short(int32_t weekday, enum rh_lang lang)
{
    return weekday >= 1 && weekday <= 7 ? weekdays_short[lang][weekday - 1] : "";
}

const char *rh_month_name(int32_t month_of_year, enum rh_lang lang)
{
    return month_of_year >= 1 && month_of_year <= 12 ? months[lang][month_of_year - 1] : "";
}

const char *rh_month_name_short(int32_t month_of_year, enum rh_lang lang)
{
    return month_of_year >= 1 && month_of_year <= 12 ? months_short[lang][month_of_year - 1] : "";
}

/* --- written --- */

static void put_digits(char *place, int32_t number, int32_t digits)
{
    for (int32_t i = digits - 1; i >= 0; i--, number /= 10)
        place[i] = (char)('0' + number % 10);
}

char *rh_day_iso(int32_t day, char buffer[RH_DATE_TEXT_SIZE])
{
    struct rh_date date = rh_day_split(day);

    buffer[0] = '\0';
    if (date.year) { /* by hand: every row that is written or compared has some */
        put_digits(buffer, date.year, 4);
        buffer[4] = '-';
        put_digits(buffer + 5, date.month, 2);
        buffer[7] = '-';
        put_digits(buffer + 8, date.day, 2);
        buffer[10] = '\0';
    }
    return buffer;
}

char *rh_month_iso(int32_t month, char buffer[RH_DATE_TEXT_SIZE])
{
    buffer[0] = '\0';
    if (rh_month_is_valid(month))
        snprintf(buffer, RH_DATE_TEXT_SIZE, "%04d-%02d", rh_month_year(month),
                 rh_month_number(month));
    return buffer;
}

char *rh_week_iso(struct rh_week week, char buffer[RH_DATE_TEXT_SIZE])
{
    buffer[0] = '\0';
    if (rh_day_is_valid(rh_week_first_day(week.year, week.week)))
        snprintf(buffer, RH_DATE_TEXT_SIZE, "%04d-W%02d", week.year, week.week);
    return buffer;
}

char *rh_day_short(int32_t day, enum rh_lang lang, char buffer[RH_DATE_TEXT_SIZE])
{
    struct rh_date date = rh_day_split(day);

    buffer[0] = '\0';
    if (date.year && lang == RH_DE)
        snprintf(buffer, RH_DATE_TEXT_SIZE, "%02d.%02d.%04d", date.day, date.month, date.year);
    else if (date.year)
        snprintf(buffer, RH_DATE_TEXT_SIZE, "%d %s %04d", date.day,
                 rh_month_name_short(date.month, lang), date.year);
    return buffer;
}

char *rh_day_long(int32_t day, enum rh_lang lang, char buffer[RH_DATE_TEXT_SIZE])
{
    struct rh_date date = rh_day_split(day);

    buffer[0] = '\0';
    if (date.year)
        snprintf(buffer, RH_DATE_TEXT_SIZE, "%d%s %s %04d", date.day, lang == RH_DE ? "." : "",
                 rh_month_name(date.month, lang), date.year);
    return buffer;
}

char *rh_day_full(int32_t day, enum rh_lang lang, char buffer[RH_DATE_TEXT_SIZE])
{
    char tail[RH_DATE_TEXT_SIZE];

    buffer[0] = '\0';
    if (!rh_day_is_valid(day))
        return buffer;
    rh_day_long(day, lang, tail);
    snprintf(buffer, RH_DATE_TEXT_SIZE, "%.12s, %.32s", rh_weekday_name(rh_day_weekday(day), lang),
             tail);
    return buffer;
}

static char *month_with(const char *name, int32_t month, char buffer[RH_DATE_TEXT_SIZE])
{
    buffer[0] = '\0';
    if (rh_month_is_valid(month))
        snprintf(buffer, RH_DATE_TEXT_SIZE, "%s %04d", name, rh_month_year(month));
    return buffer;
}

char *rh_month_long(int32_t month, enum rh_lang lang, char buffer[RH_DATE_TEXT_SIZE])
{
    return month_with(rh_month_name(rh_month_number(month), lang), month, buffer);
}

char *rh_month_short(int32_t month, enum rh_lang lang, char buffer[RH_DATE_TEXT_SIZE])
{
    return month_with(rh_month_name_short(rh_month_number(month), lang), month, buffer);
}

char *rh_period_long(int32_t first, int32_t last, enum rh_lang lang, char buffer[RH_DATE_TEXT_SIZE])
{
    struct rh_date from = rh_day_split(first), to = rh_day_split(last);
    const char *dot = lang == RH_DE ? "." : "", *until = lang == RH_DE ? "bis" : "to";
    char end[RH_DATE_TEXT_SIZE];

    if (first == last)
        return rh_day_long(first, lang, buffer);
    buffer[0] = '\0';
    if (!from.year || !to.year || first > last)
        return buffer;
    rh_day_long(last, lang, end);
    if (from.year != to.year)
        snprintf(buffer, RH_DATE_TEXT_SIZE, "%d%s %s %d %s %.20s", from.day, dot,
                 rh_month_name(from.month, lang), from.year, until, end);
    else if (from.month != to.month)
        snprintf(buffer, RH_DATE_TEXT_SIZE, "%d%s %s %s %.20s", from.day, dot,
                 rh_month_name(from.month, lang), until, end);
    else
        snprintf(buffer, RH_DATE_TEXT_SIZE, "%d%s %s %.20s", from.day, dot, until, end);
    return buffer;
}

/* --- read --- */

int rh_calendar_quote(const char *text)
{
    size_t length = strnlen(text, 44);

    if (length < 44)
        return (int)length;
    for (length = 40; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80; length--)
        ;
    return (int)length;
}

/* Between `least` and `most` digits; moves the cursor behind them. -1 when there are fewer. */
static int32_t read_number(const char **cursor, int least, int most)
{
    int32_t value = 0;
    int count = 0;

    while (count < most && **cursor >= '0' && **cursor <= '9') {
        value = value * 10 + (*(*cursor)++ - '0');
        count++;
    }
    return count >= least ? value : -1;
}

static bool read_char(const char **cursor, char wanted)
{
    if (**cursor != wanted)
        return false;
    (*cursor)++;
    return true;
}

static bool read_iso_month(const char **cursor, struct rh_date *date)
{
    date->year = read_number(cursor, 4, 4);
    if (date->year < 0 || !read_char(cursor, '-'))
        return false;
    date->month = read_number(cursor, 2, 2);
    return date->month >= 0;
}

static bool has_iso_day_shape(const char *text, struct rh_date *date)
{
    if (!read_iso_month(&text, date) || !read_char(&text, '-'))
        return false;
    date->day = read_number(&text, 2, 2);
    return date->day >= 0 && *text == '\0';
}

static bool has_iso_month_shape(const char *text, struct rh_date *date)
{
    return read_iso_month(&text, date) && *text == '\0';
}

static bool has_german_month_shape(const char *text, struct rh_date *date)
{
    date->month = read_number(&text, 1, 2);
    if (date->month < 0 || !read_char(&text, '.'))
        return false;
    date->year = read_number(&text, 4, 4);
    return date->year >= 0 && *text == '\0';
}

static bool has_german_day_shape(const char *text, struct rh_date *date)
{
    date->day = read_number(&text, 1, 2);
    return date->day >= 0 && read_char(&text, '.') && has_german_month_shape(text, date);
}

/* Says why a year and month that were read do not exist; 0 when they do. */
static int32_t check_month(const char *text, const struct rh_date *date, struct rh_err *err)
{
    if (date->month < 1 || date->month > 12)
        return rh_err_set(err, RH_EINVALID, "'%s': einen Monat %d gibt es nicht",
                          "'%s': there is no month %d", text, date->month);
    if (date->year < RH_YEAR_MIN || date->year > RH_YEAR_MAX)
        return rh_err_set(err, RH_EINVALID, "'%s': das Jahr %d liegt außerhalb von %d bis %d",
                          "'%s': the year %d lies outside %d to %d", text, date->year, RH_YEAR_MIN,
                          RH_YEAR_MAX);
    return 0;
}

static int32_t finish_day(const char *text, const struct rh_date *date, int32_t *ret_day,
                          struct rh_err *err)
{
    int32_t rc = check_month(text, date, err);
    int32_t month = rh_month_of(date->year, date->month);

    if (rc < 0)
        return rc;
    if (date->day < 1 || date->day > rh_month_length(month))
        return rh_err_set(err, RH_EINVALID,
                          "'%s': den Tag %d gibt es nicht, der Monat %d/%d hat %d Tage",
                          "'%s': there is no day %d, month %d/%d has %d days", text, date->day,
                          date->month, date->year, rh_month_length(month));
    *ret_day = rh_day_of(date->year, date->month, date->day);
    return 0;
}

int32_t rh_day_read_iso(const char *text, int32_t *ret_day, struct rh_err *err)
{
    struct rh_date date;

    if (!has_iso_day_shape(text, &date))
        return rh_err_set(err, RH_EINVALID, "'%.*s' ist kein Datum der Form 2027-05-27",
                          "'%.*s' is not a date like 2027-05-27", rh_calendar_quote(text), text);
    return finish_day(text, &date, ret_day, err);
}

int32_t rh_day_read(const char *text, int32_t *ret_day, struct rh_err *err)
{
    struct rh_date date;

    if (!has_iso_day_shape(text, &date) && !has_german_day_shape(text, &date))
        return rh_err_set(err, RH_EINVALID,
                          "'%.*s' ist kein Datum; erwartet wird 2027-05-27 oder 27.05.2027",
                          "'%.*s' is not a date; expected is 2027-05-27 or 27.05.2027",
                          rh_calendar_quote(text), text);
    return finish_day(text, &date, ret_day, err);
}

static int32_t finish_month(const char *text, const struct rh_date *date, int32_t *ret_month,
                            struct rh_err *err)
{
    int32_t rc = check_month(text, date, err);

    if (rc < 0)
        return rc;
    *ret_month = rh_month_of(date->year, date->month);
    return 0;
}

int32_t rh_month_read_iso(const char *text, int32_t *ret_month, struct rh_err *err)
{
    struct rh_date date;

    if (!has_iso_month_shape(text, &date))
        return rh_err_set(err, RH_EINVALID, "'%.*s' ist kein Monat der Form 2027-05",
                          "'%.*s' is not a month like 2027-05", rh_calendar_quote(text), text);
    return finish_month(text, &date, ret_month, err);
}

int32_t rh_month_read(const char *text, int32_t *ret_month, struct rh_err *err)
{
    struct rh_date date;

    if (!has_iso_month_shape(text, &date) && !has_german_month_shape(text, &date))
        return rh_err_set(
            err, RH_EINVALID, "'%.*s' ist kein Monat; erwartet wird 2027-05 oder 05.2027",
            "'%.*s' is not a month; expected is 2027-05 or 05.2027", rh_calendar_quote(text), text);
    return finish_month(text, &date, ret_month, err);
}
