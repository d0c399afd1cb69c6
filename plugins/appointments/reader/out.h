/* out.h - JSON into memory: always valid, whatever bytes the texts have. */
#ifndef PLUGINS_APPOINTMENTS_READER_OUT_H
#define PLUGINS_APPOINTMENTS_READER_OUT_H

#include "plugins/appointments/reader/fault.h"

#include <stddef.h>

struct ics_out {
    char *data; /* owned; ends with a NUL, which is not counted */
    size_t length, room;
    bool failed; /* no memory: what was written is not to be used */
};
void ics_out_free(struct ics_out *out);

void ics_out_raw(struct ics_out *out, const char *json);
void ics_out_number(struct ics_out *out, int64_t value);
/* In quotes; bytes that are no UTF-8 become U+FFFD. At most `max` bytes of the text are taken, cut
 * between characters. */
void ics_out_text(struct ics_out *out, const char *text, size_t max);
/* "name":, with a comma in front when something stands there already. */
void ics_out_key(struct ics_out *out, const char *name);
/* The member "notes": [{"kind","count","line","de","en"}]. */
void ics_out_notes(struct ics_out *out, const struct ics_notes *notes);
/* {"refused":{"line","de","en"}}, in place of all that was written before. */
void ics_out_refused(struct ics_out *out, const struct ics_fault *fault);

#endif
