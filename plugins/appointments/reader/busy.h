/*
 * busy.h - when somebody is busy, from a calendar file: intervals, without a word of what for.
 *
 *     {"busy":[{"start":1806300000,"end":1806303600},…],   UTC, sorted, merged, inside the window
 *      "events":412,"notes":[…]}
 *
 * Busy is an event (or a FREEBUSY period) that is neither TRANSPARENT nor CANCELLED nor FREE in
 * Exchange's word. Recurrences with their exceptions and changed occurrences; what was moved counts
 * where it is now. Times without a zone and whole days are those of Europe/Berlin. Pure.
 */
#ifndef PLUGINS_APPOINTMENTS_READER_BUSY_H
#define PLUGINS_APPOINTMENTS_READER_BUSY_H

#include "plugins/appointments/reader/out.h"

struct ics_window {
    int64_t from, until;     /* days, the last one included */
    const char *zone_folder; /* ICS_ZONE_FOLDER */
    int64_t work;            /* ICS_WORK_MAX, or less */
};

/* `bytes` is changed and must have room for one byte more. 0 and the answer, or -1 with the refusal
 * as answer; `out` begins empty. */
int32_t ics_busy(char *bytes, size_t length, const struct ics_window *window, struct ics_out *out);

#endif
