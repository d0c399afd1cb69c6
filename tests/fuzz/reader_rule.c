/* "20270301T080000 FREQ=…": any rule from any start yields times that rise, not past the end, and
 * stops; a walk that begins later finds the same times from there on. */
#include "plugins/appointments/reader/rule.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FOUND_MAX 300

static struct ics_walk walk; /* large */

static void must(int holds)
{
    if (!holds)
        abort();
}

/* Those from `from` on; the result of the last step. */
static int32_t times_of(const struct ics_rule *rule, int64_t start, int64_t from,
                        int64_t found[FOUND_MAX], size_t *ret_count)
{
    int64_t end = from + 400 * ICS_DAY, allowance = 200000, local, last = INT64_MIN;
    int32_t rc = 1;

    *ret_count = 0;
    ics_walk_begin(&walk, rule, start, from, end, &allowance);
    while (*ret_count < FOUND_MAX && (rc = ics_walk_next(&walk, &local)) == 1) {
        must(local > last && local >= start && local <= end);
        last = local;
        if (local >= from)
            found[(*ret_count)++] = local;
    }
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int64_t all[FOUND_MAX], some[FOUND_MAX];
    size_t all_count, some_count, at = 0;
    struct ics_stamp start;
    struct ics_rule rule;
    char *text = calloc(size + 1, 1);

    must(text != NULL);
    if (size)
        memcpy(text, data, size);
    if (size > 16 && ics_stamp_read(text, 15, &start) &&
        ics_rule_read(text + 16, &rule) == ICS_RULE_FINE &&
        times_of(&rule, start.local, start.local, all, &all_count) >= 0 && all_count > 1) {
        /* From the middle of what was found: nothing may be lost or new by skipping ahead. */
        int64_t from = all[all_count / 2];

        if (times_of(&rule, start.local, from, some, &some_count) >= 0)
            for (size_t i = all_count / 2; i < all_count; i++, at++)
                must(at < some_count && some[at] == all[i]);
    }
    free(text);
    return 0;
}
