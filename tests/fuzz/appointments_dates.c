/*
 * The dates of a poll as people type them: any text. What is accepted has days of the length of a
 * date and minutes of a day.
 *
 * A plugin is no room to link with, so its parser is taken in here.
 */
#include "plugins/appointments/dates.c"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct date_text dates[DATES_MAX];
    char *text = malloc(size + 1);
    int32_t count;

    if (!text)
        abort();
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    count = dates_read(text, dates);
    if (count > DATES_MAX || count < -DATES_MAX - 1)
        abort();
    for (int32_t i = 0; i < count; i++)
        if (strlen(dates[i].day) < 1 || strlen(dates[i].day) > 10 || dates[i].start < -1 ||
            dates[i].start > 1440 || dates[i].end < -1 || dates[i].end > 1440 ||
            (dates[i].start < 0 && dates[i].end >= 0))
            abort();
    free(text);
    return 0;
}
