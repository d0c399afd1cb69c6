/* Any bytes as a calendar: the answer is JSON with intervals inside the window, sorted and apart,
 * or a refusal; and it is the same when asked again. */
#include "plugins/appointments/reader/busy.h"
#include "plugins/appointments/reader/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FROM  INT64_C(20820) /* 2027-01-02 */
#define UNTIL INT64_C(21184)

static void must(int holds)
{
    if (!holds)
        abort();
}

static struct ics_out read_once(const uint8_t *data, size_t size, int32_t *ret)
{
    /* Little work, so that what takes much does not slow the search down. */
    const struct ics_window window = {FROM, UNTIL, ICS_ZONE_FOLDER, 2000};
    struct ics_out out = {0};
    char *copy = malloc(size + 1); /* so that reading past its end is seen */

    must(copy != NULL);
    if (size)
        memcpy(copy, data, size);
    *ret = ics_busy(copy, size, &window, &out);
    free(copy);
    must(!out.failed && out.data && strlen(out.data) == out.length);
    return out;
}

static void check_intervals(const char *answer)
{
    long long last = 0, start, end;

    must(strncmp(answer, "{\"busy\":[", 9) == 0);
    for (const char *at = strstr(answer, "{\"start\":"); at; at = strstr(at + 1, "{\"start\":")) {
        must(sscanf(at, "{\"start\":%lld,\"end\":%lld}", &start, &end) == 2);
        must(start > last && end > start && start >= (FROM - 1) * 86400 &&
             end <= (UNTIL + 2) * 86400);
        last = end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int32_t rc, rc_again;
    struct ics_out first = read_once(data, size, &rc), second = read_once(data, size, &rc_again);

    must(rc == rc_again && strcmp(first.data, second.data) == 0);
    if (rc == 0)
        check_intervals(first.data);
    else
        must(strncmp(first.data, "{\"refused\":", 11) == 0);
    ics_out_free(&first);
    ics_out_free(&second);
    return 0;
}
