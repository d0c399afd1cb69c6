/* Cells as days and months. Plain year, month and day: the calendar stands above this room. */
#include "core/base/csv_reader.h"

#include <string.h>

/* Reads one to `most` digits at *at. */
static bool take_number(struct csv_view cell, size_t *at, size_t most, int *ret, size_t *ret_digits)
{
    size_t start = *at;
    int value = 0;

    while (*at < cell.length && *at - start < most && cell.text[*at] >= '0' &&
           cell.text[*at] <= '9')
        value = value * 10 + (cell.text[(*at)++] - '0');
    *ret = value;
    *ret_digits = *at - start;
    return *ret_digits > 0;
}

static bool take_char(struct csv_view cell, size_t *at, char c)
{
    if (*at >= cell.length || cell.text[*at] != c)
        return false;
    (*at)++;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (leap && month == 2);
}

static bool exists(const struct rh_csv_date *date)
{
    return date->year >= 1900 && date->year <= 2200 && date->month >= 1 && date->month <= 12 &&
           date->day >= 1 && date->day <= days_in_month(date->year, date->month);
}

static bool read_iso_day(struct csv_view cell, struct rh_csv_date *ret)
{
    size_t at = 0, y, m, d;

    return take_number(cell, &at, 4, &ret->year, &y) && y == 4 && take_char(cell, &at, '-') &&
           take_number(cell, &at, 2, &ret->month, &m) && m == 2 && take_char(cell, &at, '-') &&
           take_number(cell, &at, 2, &ret->day, &d) && d == 2 && at == cell.length && exists(ret);
}

static bool read_german_day(struct csv_view cell, struct rh_csv_date *ret)
{
    size_t at = 0, y, m, d;

    return take_number(cell, &at, 2, &ret->day, &d) && take_char(cell, &at, '.') &&
           take_number(cell, &at, 2, &ret->month, &m) && take_char(cell, &at, '.') &&
           take_number(cell, &at, 4, &ret->year, &y) && y == 4 && at == cell.length && exists(ret);
}

bool rh_csv_date(struct rh_csv *csv, size_t column, struct rh_csv_date *ret)
{
    struct rh_csv_date date;
    struct csv_view cell;

    if (!csv_cell(csv, column, &cell))
        return false;
    if (!read_iso_day(cell, &date) && !read_german_day(cell, &date)) {
        rh_csv_refuse(
            csv, column, "'%s' ist kein Tag; erwartet wird z. B. 01.03.2028 oder 2028-03-01",
            "'%s' is not a day; expected is e.g. 2028-03-01 or 01.03.2028", csv_value(csv, cell));
        return false;
    }
    *ret = date;
    return true;
}

/* 2028-03 */
static bool read_iso_month(struct csv_view cell, struct rh_csv_date *ret)
{
    size_t at = 0, y, m;

    return take_number(cell, &at, 4, &ret->year, &y) && y == 4 && take_char(cell, &at, '-') &&
           take_number(cell, &at, 2, &ret->month, &m) && m == 2 && at == cell.length;
}

/* 03.2028, 3/2028 */
static bool read_german_month(struct csv_view cell, struct rh_csv_date *ret)
{
    size_t at = 0, y, m;

    return take_number(cell, &at, 2, &ret->month, &m) &&
           (take_char(cell, &at, '.') || take_char(cell, &at, '/')) &&
           take_number(cell, &at, 4, &ret->year, &y) && y == 4 && at == cell.length;
}

/* "März 2028", "Mrz 28", "Mar-28": Excel shows a month typed as 2028-03 in this way and writes what
 * it shows. Its two digits mean this century. */
static bool read_named_month(struct csv_view cell, struct rh_csv_date *ret)
{
    static const char *const names[12] = {
        "Januar|Jan|January|Jänner",
        "Februar|Feb|February",
        "März|Mrz|Mär|March|Mar",
        "April|Apr",
        "Mai|May",
        "Juni|Jun|June",
        "Juli|Jul|July",
        "August|Aug",
        "September|Sep|Sept",
        "Oktober|Okt|October|Oct",
        "November|Nov",
        "Dezember|Dez|December|Dec",
    };
    size_t name = 0, at, digits;

    while (name < cell.length && !strchr(" -./", cell.text[name]))
        name++;
    for (at = name; at < cell.length && strchr(" -./", cell.text[at]);)
        at++;
    if (at == name || !take_number(cell, &at, 4, &ret->year, &digits) || at != cell.length ||
        (digits != 2 && digits != 4))
        return false;
    if (digits == 2)
        ret->year += 2000;
    for (ret->month = 1; ret->month <= 12; ret->month++)
        if (csv_named(cell.text, name, NULL, names[ret->month - 1]))
            return true;
    return false;
}

bool rh_csv_month(struct rh_csv *csv, size_t column, struct rh_csv_date *ret)
{
    struct rh_csv_date date = {.day = 1};
    struct csv_view cell;

    if (!csv_cell(csv, column, &cell))
        return false;
    if ((read_iso_month(cell, &date) || read_german_month(cell, &date) ||
         read_named_month(cell, &date)) &&
        exists(&date)) {
        *ret = date;
        return true;
    }
    if ((read_iso_day(cell, &date) || read_german_day(cell, &date)) && date.day == 1) {
        *ret = date;
        return true;
    }
    rh_csv_refuse(csv, column, "'%s' ist kein Monat; erwartet wird z. B. 2028-03 oder 03.2028",
                  "'%s' is not a month; expected is e.g. 2028-03 or 03.2028", csv_value(csv, cell));
    return false;
}
