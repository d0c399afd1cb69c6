/*
 * event.h - inside the reader: a VEVENT with its times understood.
 */
#ifndef PLUGINS_APPOINTMENTS_READER_EVENT_H
#define PLUGINS_APPOINTMENTS_READER_EVENT_H

#include "plugins/appointments/reader/moment.h"
#include "plugins/appointments/reader/object.h"
#include "plugins/appointments/reader/zone.h"

/* A time as it stands in a property, and the clock it is meant on. */
struct ics_when {
    int64_t local, utc;
    bool date;                   /* a whole day: local is its midnight */
    const struct ics_zone *zone; /* NULL: given in UTC */
};

struct ics_event {
    uint32_t component; /* its number in the object */
    const char *uid;    /* "" without one */
    int64_t sequence;
    struct ics_when start;
    struct ics_when instance; /* RECURRENCE-ID; zone, date and times as there */
    bool is_instance;
    bool exact;                 /* length is seconds of the clock (DTEND), else of the calendar */
    struct ics_duration length; /* exact: seconds alone */
};

/* The times of one property value, of its TZID or of `zone` (NULL: Berlin) where it has none. */
bool ics_when_read(struct ics_zones *zones, const struct ics_property *property, const char *text,
                   size_t length, const struct ics_zone *zone, struct ics_when *ret);
/* The day that it is on: exceptions of whole days are often written as times. */
void ics_when_to_day(struct ics_when *when);
/* UTC of a local time of that clock. */
int64_t ics_when_utc(const struct ics_when *clock, int64_t local);

/* False, with a note, when its times cannot be read. */
bool ics_event_read(struct ics_zones *zones, uint32_t component, struct ics_event *ret);
/* UTC of the end of the occurrence that begins at this local time. */
int64_t ics_event_end(const struct ics_event *event, int64_t start_local);
/* Whether it takes its owner's time. */
bool ics_event_is_busy(const struct ics_object *object, const struct ics_component *component);

#endif
