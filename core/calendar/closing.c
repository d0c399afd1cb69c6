#include "core/calendar/closing.h"

#include "core/calendar/holiday.h"
#include "core/calendar/quote.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NO_PERIOD .first = RH_NO_DAY, .last = RH_NO_DAY
#define AT_EASTER(distance, de, en)                                                                \
    {                                                                                              \
        RH_CLOSING_EASTER, {de, en}, NO_PERIOD, .from_easter = (distance)                          \
    }
#define EVERY_YEAR(month_, day, de, en)                                                            \
    {                                                                                              \
        RH_CLOSING_YEARLY, {de, en}, NO_PERIOD, .month = (month_), .day_of_month = (day)           \
    }

static const struct {
    const char *key;
    struct rh_closing closing;
} customary[] = {
    {"weiberfastnacht", AT_EASTER(-52, "Weiberfastnacht", "Carnival Thursday")},
    {"rosenmontag", AT_EASTER(-48, "Rosenmontag", "Carnival Monday")},
    {"veilchendienstag", AT_EASTER(-47, "Veilchendienstag", "Carnival Tuesday")},
    {"heiligabend", EVERY_YEAR(12, 24, "Heiligabend", "Christmas Eve")},
    {"silvester", EVERY_YEAR(12, 31, "Silvester", "New Year's Eve")},
};

#define CUSTOMARY_COUNT (sizeof(customary) / sizeof(customary[0]))

const char *rh_closing_customary(size_t i, struct rh_closing *ret_closing)
{
    if (i >= CUSTOMARY_COUNT)
        return NULL;
    *ret_closing = customary[i].closing;
    return customary[i].key;
}

/* --- read --- */

static bool is_customary(const char *text, struct rh_closing *closing)
{
    for (size_t i = 0; i < CUSTOMARY_COUNT; i++)
        if (strcasecmp(text, customary[i].key) == 0) {
            *closing = customary[i].closing;
            return true;
        }
    return false;
}

/* One to three digits and nothing else; -1 otherwise. */
static int32_t small_number(const char *text, size_t length)
{
    int32_t value = 0;

    if (length < 1 || length > 3)
        return -1;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static bool has_easter_shape(const char *text, struct rh_closing *closing)
{
    const char *rest = strncasecmp(text, "easter", 6) == 0 || strncasecmp(text, "ostern", 6) == 0
                           ? text + 6
                           : NULL;
    int32_t distance;

    if (!rest || (rest[0] != '-' && rest[0] != '+'))
        return false;
    distance = small_number(rest + 1, strlen(rest + 1));
    if (distance < 0)
        return false;
    if (rest[0] == '-')
        distance = -distance;
    if (distance < RH_CLOSING_EASTER_MIN || distance > RH_CLOSING_EASTER_MAX)
        return false;
    closing->kind = RH_CLOSING_EASTER;
    closing->from_easter = distance;
    return true;
}

/* "12-24" or "24.12." */
static bool has_yearly_shape(const char *text, struct rh_closing *closing)
{
    const char *mark = strpbrk(text, "-.");
    size_t length = strlen(text), before;
    int32_t month = -1, day = -1;

    if (!mark)
        return false;
    before = (size_t)(mark - text);
    if (*mark == '-' && length == 5 && before == 2) {
        month = small_number(text, 2);
        day = small_number(mark + 1, 2);
    } else if (*mark == '.' && length >= before + 2 && text[length - 1] == '.') {
        day = small_number(text, before);
        month = small_number(mark + 1, length - before - 2);
    }
    /* 2000 was a leap year, so 29 February passes. */
    if (!rh_day_is_valid(rh_day_of(2000, month, day)))
        return false;
    closing->kind = RH_CLOSING_YEARLY;
    closing->month = month;
    closing->day_of_month = day;
    return true;
}

/* The first day may say why it is no day; everything before that was about its shape. */
static int32_t parse_period(const char *text, struct rh_closing *closing, struct rh_err *err)
{
    const char *dots = strstr(text, "..");
    size_t length = dots ? (size_t)(dots - text) : strlen(text);
    char first[16];
    int32_t rc;

    if (length >= sizeof(first) || length < 8)
        return rh_err_set(err, RH_EINVALID,
                          "'%.*s' ist kein Schließtag; erwartet wird 2027-12-27, "
                          "2027-12-27..2027-12-30, 24.12., ostern-48 oder ein Name wie rosenmontag",
                          "'%.*s' is not a closing; expected is 2027-12-27, "
                          "2027-12-27..2027-12-30, 12-24, easter-48 or a name such as rosenmontag",
                          rh_calendar_quote(text), text);
    memcpy(first, text, length);
    first[length] = '\0';
    rc = rh_day_read(first, &closing->first, err);
    if (rc == 0)
        rc = rh_day_read(dots ? dots + 2 : first, &closing->last, err);
    if (rc == 0 && closing->first > closing->last)
        rc = rh_err_set(err, RH_EINVALID, "'%s' endet, bevor es beginnt",
                        "'%s' ends before it begins", text);
    return rc;
}

int32_t rh_closing_parse(const char *text, struct rh_closing *ret_closing, struct rh_err *err)
{
    struct rh_closing closing = {.kind = RH_CLOSING_PERIOD,
                                 .name = {"Schließtag", "closing day"},
                                 .first = RH_NO_DAY,
                                 .last = RH_NO_DAY};
    int32_t rc = 0;

    if (!is_customary(text, &closing) && !has_easter_shape(text, &closing) &&
        !has_yearly_shape(text, &closing))
        rc = parse_period(text, &closing, err);
    if (rc == 0)
        *ret_closing = closing;
    return rc;
}

/* --- written, asked --- */

char *rh_closing_format(const struct rh_closing *closing, char buffer[RH_DATE_TEXT_SIZE])
{
    char first[RH_DATE_TEXT_SIZE], last[RH_DATE_TEXT_SIZE];

    switch (closing->kind) {
    case RH_CLOSING_PERIOD:
        rh_day_iso(closing->first, first);
        rh_day_iso(closing->last, last);
        snprintf(buffer, RH_DATE_TEXT_SIZE, "%.10s%s%.10s", first,
                 closing->first == closing->last ? "" : "..",
                 closing->first == closing->last ? "" : last);
        break;
    case RH_CLOSING_YEARLY:
        snprintf(buffer, RH_DATE_TEXT_SIZE, "%02d-%02d", closing->month, closing->day_of_month);
        break;
    case RH_CLOSING_EASTER:
        snprintf(buffer, RH_DATE_TEXT_SIZE, "easter%+d", closing->from_easter);
        break;
    }
    return buffer;
}

bool rh_closing_covers(const struct rh_closing *closing, int32_t day)
{
    struct rh_date date = rh_day_split(day);

    if (!date.year)
        return false;
    switch (closing->kind) {
    case RH_CLOSING_PERIOD:
        return day >= closing->first && day <= closing->last;
    case RH_CLOSING_YEARLY:
        return date.month == closing->month && date.day == closing->day_of_month;
    case RH_CLOSING_EASTER:
        return day == rh_easter_sunday(date.year) + closing->from_easter;
    }
    return false;
}
