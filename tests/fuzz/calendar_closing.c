/* Every text is either refused with a sentence, or a closing that is written back as the same; any
 * closing that can be read can be counted with. */
#include "core/calendar/workday.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static bool same(const struct rh_closing *a, const struct rh_closing *b)
{
    return a->kind == b->kind && a->first == b->first && a->last == b->last &&
           a->month == b->month && a->day_of_month == b->day_of_month &&
           a->from_easter == b->from_easter;
}

static void count_with(const struct rh_closing *closing)
{
    const struct rh_calendar office = {
        .place.land = RH_LAND_NW, .closings = closing, .closing_count = 1};
    int32_t day = RH_NO_DAY, workdays = 0;

    if (rh_workdays_add(&office, rh_day_of(2027, 12, 20), 10, NULL, &day, NULL) < 0)
        return; /* closed to the end of the calendar */
    must(rh_calendar_day(&office, day, NULL) == RH_DAY_WORKDAY);
    must(rh_workdays_between(&office, rh_day_of(2027, 12, 20), day, NULL, &workdays, NULL) == 0);
    must(workdays == 10);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rh_closing closing = {.month = 4711}, again;
    char text[128], written[RH_DATE_TEXT_SIZE];
    enum rh_land land = RH_LAND_NONE;
    struct rh_err err = {0};

    if (size >= sizeof(text))
        size = sizeof(text) - 1;
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    if (rh_land_parse(text, &land, NULL) == 0)
        must(land > RH_LAND_NONE && land < RH_LAND_END_);
    if (rh_closing_parse(text, &closing, &err) < 0) {
        must(err.code == RH_EINVALID && closing.month == 4711);
        return 0;
    }
    must(rh_closing_parse(rh_closing_format(&closing, written), &again, NULL) == 0);
    must(same(&closing, &again));
    count_with(&closing);
    return 0;
}
