/*
 * object.h - a calendar file as components and properties (RFC 5545, 3.1 and 3.6).
 *
 *     BEGIN:VCALENDAR            component 0
 *     BEGIN:VEVENT               component 1, inside 0
 *     DTSTART;TZID=…:2027…       property: name, parameters, value
 *
 * The bytes are unfolded and cut in place: names and values are borrowed from the caller's buffer.
 * Tolerant of LF alone, of empty lines, of a byte order mark, and of single lines that are none
 * (noted). Not of a file that ends early: a feed that was cut off must not look like a free
 * calendar. Pure; any thread.
 */
#ifndef PLUGINS_APPOINTMENTS_READER_OBJECT_H
#define PLUGINS_APPOINTMENTS_READER_OBJECT_H

#include "plugins/appointments/reader/fault.h"

#include <stddef.h>

#define ICS_NONE UINT32_MAX /* no index */

struct ics_param {
    const char *name, *value; /* the value without quotes, RFC 6868 undone */
};

struct ics_property {
    const char *name, *value;
    uint32_t params, param_count; /* first of them in object->param */
    uint32_t line;
    uint32_t next; /* of the same component, or ICS_NONE */
};

struct ics_component {
    const char *name;
    uint32_t line;
    uint32_t parent;      /* ICS_NONE: a VCALENDAR */
    uint32_t first, last; /* properties */
    uint32_t count;
};

struct ics_object {
    struct ics_component *component; /* in the order of the file; owned, as the two below */
    struct ics_property *property;
    struct ics_param *param;
    uint32_t components, properties, params;
    uint32_t component_room, property_room, param_room;
};

/* `bytes` is changed and must have room for one byte more. After a refusal there is nothing to
 * free. */
int32_t ics_object_read(char *bytes, size_t length, struct ics_object *ret_object,
                        struct ics_notes *notes, struct ics_fault *fault);
void ics_object_free(struct ics_object *object);

/* The first property of that name, or NULL; names are compared without regard to case. */
const struct ics_property *ics_property_of(const struct ics_object *object,
                                           const struct ics_component *component, const char *name);
/* The next one of the same name after `property`, or NULL. */
const struct ics_property *ics_property_again(const struct ics_object *object,
                                              const struct ics_property *property);
/* The value of a parameter, or NULL. */
const char *ics_param_of(const struct ics_object *object, const struct ics_property *property,
                         const char *name);

#endif
