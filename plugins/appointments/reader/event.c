#include "plugins/appointments/reader/event.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- times ---- */

bool ics_when_read(struct ics_zones *zones, const struct ics_property *property, const char *text,
                   size_t length, const struct ics_zone *zone, struct ics_when *ret)
{
    const char *id = ics_param_of(zones->object, property, "TZID");
    struct ics_stamp stamp;

    while (length && *text == ' ') {
        text++;
        length--;
    }
    while (length && text[length - 1] == ' ')
        length--;
    if (!ics_stamp_read(text, length, &stamp))
        return false;
    *ret = (struct ics_when){.local = stamp.local, .date = stamp.date};
    if (!stamp.utc) {
        ret->zone = zone ? zone : ics_zone_berlin(zones);
        if (id && *id && !stamp.date)
            ret->zone = ics_zone_find(zones, id, property->line);
        if (!ret->zone)
            return false;
    }
    ret->utc = ics_when_utc(ret, ret->local);
    return true;
}

void ics_when_to_day(struct ics_when *when)
{
    when->date = true;
    when->local = ics_floor(when->local, ICS_DAY) * ICS_DAY;
    when->utc = ics_when_utc(when, when->local);
}

int64_t ics_when_utc(const struct ics_when *clock, int64_t local)
{
    return clock->zone ? ics_zone_utc(clock->zone, local) : local;
}

/* ---- events ---- */

static bool property_when(struct ics_zones *zones, const struct ics_property *property,
                          const struct ics_zone *zone, struct ics_when *ret)
{
    return ics_when_read(zones, property, property->value, strlen(property->value), zone, ret);
}

static bool read_length(struct ics_zones *zones, const struct ics_component *c,
                        struct ics_event *event)
{
    const struct ics_property *end = ics_property_of(zones->object, c, "DTEND");
    const struct ics_property *duration = ics_property_of(zones->object, c, "DURATION");
    struct ics_when when;

    if (end) {
        /* Without a zone it is meant on the clock of the start. */
        if (!property_when(zones, end, event->start.zone, &when))
            return false;
        event->exact = !(event->start.date && when.date);
        if (event->exact)
            event->length.seconds = when.utc - event->start.utc;
        else
            event->length.days = (when.local - event->start.local) / ICS_DAY;
        return true;
    }
    if (duration)
        return ics_duration_read(duration->value, strlen(duration->value), &event->length);
    event->length.days = event->start.date; /* RFC 5545, 3.6.1: one day, or no time at all */
    return true;
}

bool ics_event_read(struct ics_zones *zones, uint32_t component, struct ics_event *ret)
{
    const struct ics_object *object = zones->object;
    const struct ics_component *c = &object->component[component];
    const struct ics_property *start = ics_property_of(object, c, "DTSTART");
    const struct ics_property *uid = ics_property_of(object, c, "UID");
    const struct ics_property *sequence = ics_property_of(object, c, "SEQUENCE");
    const struct ics_property *instance = ics_property_of(object, c, "RECURRENCE-ID");

    *ret = (struct ics_event){.component = component, .uid = uid ? uid->value : ""};
    if (sequence)
        ret->sequence = strtoll(sequence->value, NULL, 10);
    if (!start || !property_when(zones, start, NULL, &ret->start) || !read_length(zones, c, ret)) {
        ics_note(zones->notes, ICS_NOTE_TIME, c->line);
        return false;
    }
    if (instance) {
        ret->is_instance = property_when(zones, instance, ret->start.zone, &ret->instance);
        if (ret->is_instance && ret->start.date)
            ics_when_to_day(&ret->instance);
        if (!ret->is_instance)
            ics_note(zones->notes, ICS_NOTE_TIME, instance->line);
    }
    if (ics_event_end(ret, ret->start.local) < ret->start.utc) {
        ics_note(zones->notes, ICS_NOTE_BACKWARDS, c->line);
        return false;
    }
    return true;
}

int64_t ics_event_end(const struct ics_event *event, int64_t start_local)
{
    if (event->exact)
        return ics_when_utc(&event->start, start_local) + event->length.seconds;
    return ics_when_utc(&event->start, start_local + event->length.days * ICS_DAY) +
           event->length.seconds;
}

static bool says(const struct ics_object *object, const struct ics_component *c, const char *name,
                 const char *value)
{
    const struct ics_property *p = ics_property_of(object, c, name);

    return p && strcasecmp(p->value, value) == 0;
}

bool ics_event_is_busy(const struct ics_object *object, const struct ics_component *component)
{
    return !says(object, component, "TRANSP", "TRANSPARENT") &&
           !says(object, component, "STATUS", "CANCELLED") &&
           !says(object, component, "X-MICROSOFT-CDO-BUSYSTATUS", "FREE");
}
