/*
 * entry.h - meetings as entries of a calendar: from rows to what ical/ writes.
 *
 * Used by what is subscribed to, downloaded and mailed, so that a meeting looks the same in all of
 * them. Texts live as long as the call. Where `lang` is 0 or 1, the words are German or English,
 * whoever asks.
 */
#ifndef PLUGINS_APPOINTMENTS_ENTRY_H
#define PLUGINS_APPOINTMENTS_ENTRY_H

#include "plugins/appointments/ical/calendar.h"
#include "plugins/appointments/internal.h"

/* Whose meetings. */
struct entry_scope {
    const char *kind; /* "meeting", "moderator", "office", "procedure", "round", "all" */
    const char *ref;  /* its id; "" with all */
};

/* From the parameters moderator, office, procedure, round and all, of which one is given.
 * RH_EUSAGE, RH_ENOTFOUND. */
int32_t entry_scope_of_params(struct rh_call *call, struct entry_scope *ret_scope);

struct entries {
    struct ical_event *events; /* without organizer and attendees */
    size_t count;
    int64_t changed_utc; /* of the last one that changed; 0 when there is none */
};

/* Fixed and held ones (with "meeting": that one, whatever its state), by time. Held ones are
 * tentative and say so. Moderators do not see what they declined. */
int32_t entries_load(struct rh_call *call, const struct entry_scope *scope, int32_t lang,
                     struct entries *ret_entries);

/* The scope as the name of a calendar: "Termine: Moderator*in 07". RH_ENOTFOUND. */
int32_t entry_scope_name(struct rh_call *call, const struct entry_scope *scope, int32_t lang,
                         const char **ret_name);

/* The calendar as text; `lang` as above. RH_EINVALID with the value that cannot be written. */
int32_t entries_write(struct rh_call *call, const struct entry_scope *scope, int32_t lang,
                      const char **ret_text, int64_t *ret_changed_utc);

/* The call's error from a fault; `title`: of the meeting, or NULL. */
int32_t entry_refuse(struct rh_call *call, const struct ical_fault *fault, const char *title);

/* A copy in the call's memory; NULL without memory. */
const char *entry_keep(struct rh_call *call, const struct ical_text *text);

/* Is it a link that can stand in a calendar? Else it is words. */
bool entry_is_link(const char *video);

/* "Dienstag, 11. Mai 2027, 9:00–16:00 Uhr" */
const char *entry_when(struct rh_call *call, int32_t lang, const struct span *at);

#endif
