/* Every text is either refused with a sentence, or read as a date that is written back as the same.
 */
#include "core/calendar/date.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_day(const char *text)
{
    char b[RH_DATE_TEXT_SIZE];
    struct rh_err err = {0};
    int32_t day = 4711, again = RH_NO_DAY, rc = rh_day_read(text, &day, &err);

    if (rc < 0) {
        must(rc == RH_EINVALID && day == 4711 && err.text[RH_DE][0] && err.text[RH_EN][0]);
        must(rh_day_read_iso(text, &day, NULL) == RH_EINVALID);
        return;
    }
    must(rh_day_is_valid(day));
    must(rh_day_read_iso(rh_day_iso(day, b), &again, NULL) == 0 && again == day);
    must(rh_day_read(rh_day_short(day, RH_DE, b), &again, NULL) == 0 && again == day);
    if (rh_day_read_iso(text, &again, NULL) == 0)
        must(again == day && strcmp(rh_day_iso(day, b), text) == 0);
}

static void check_month(const char *text)
{
    char b[RH_DATE_TEXT_SIZE];
    struct rh_err err = {0};
    int32_t month = 4711, again = RH_NO_MONTH, rc = rh_month_read(text, &month, &err);

    if (rc < 0) {
        must(rc == RH_EINVALID && month == 4711 && err.text[RH_DE][0] && err.text[RH_EN][0]);
        must(rh_month_read_iso(text, &month, NULL) == RH_EINVALID);
        return;
    }
    must(rh_month_is_valid(month));
    must(rh_month_read_iso(rh_month_iso(month, b), &again, NULL) == 0 && again == month);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[256];

    if (size >= sizeof(text))
        size = sizeof(text) - 1;
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    check_day(text);
    check_month(text);
    return 0;
}
