/*
 * zone.h - time zones: from the file (VTIMEZONE), from the system, by the names Windows has.
 *
 * A time that a clock skips counts as before the change (02:30 on 28 March 2027 in Berlin is 03:30
 * summer time), a time that comes twice is the first one (RFC 5545, 3.3.5). Zones are made when
 * they are asked for and reach from 1970 to 2100; what is later has the last offset.
 */
#ifndef PLUGINS_APPOINTMENTS_READER_ZONE_H
#define PLUGINS_APPOINTMENTS_READER_ZONE_H

#include "plugins/appointments/reader/object.h"

#define ICS_ZONE_FOLDER "/usr/share/zoneinfo" /* of the package tzdata */

struct ics_change {
    int64_t utc;
    int32_t offset; /* seconds east of Greenwich from then on */
    int32_t before; /* until then */
};

struct ics_zone {
    char *name; /* as the file calls it; owned */
    struct ics_change *change;
    uint32_t changes, room;
    int32_t offset; /* before the first change */
};

struct ics_zones {
    const struct ics_object *object;      /* borrowed; NULL: zones of the system alone */
    const char *folder;                   /* borrowed; of the system's zones */
    struct ics_notes *notes;              /* borrowed */
    int64_t *allowance;                   /* borrowed: days that may be looked at for VTIMEZONE */
    struct ics_zone *zone[ICS_ZONES_MAX]; /* owned */
    uint32_t count;
    const struct ics_zone *last; /* found last time */
};

/* Berlin becomes the first zone. */
int32_t ics_zones_begin(struct ics_zones *zones, const struct ics_object *object,
                        const char *folder, struct ics_notes *notes, int64_t *allowance);
void ics_zones_end(struct ics_zones *zones);
const struct ics_zone *ics_zone_berlin(const struct ics_zones *zones);
/* The zone of that name; Berlin, with a note for `line`, when nobody knows it. NULL: no memory. */
const struct ics_zone *ics_zone_find(struct ics_zones *zones, const char *name, uint32_t line);

int64_t ics_zone_utc(const struct ics_zone *zone, int64_t local);
int64_t ics_zone_local(const struct ics_zone *zone, int64_t utc);

/* ---- inside: the ways to fill one ---- */

/* Keeps order; a change to the offset that holds already is none. */
int32_t ics_zone_add(struct ics_zone *zone, int64_t utc, int32_t offset);
/* 1 found, 0 no such zone or none that can be read, < 0 without memory. */
int32_t ics_zone_of_system(struct ics_zone *zone, const char *folder, const char *name);
/* "CET-1CEST,M3.5.0,M10.5.0/3" (POSIX), from the year on. False when it is none. */
bool ics_zone_of_posix(struct ics_zone *zone, const char *text, int32_t from_year);
/* "W. Europe Standard Time" is "Europe/Berlin"; NULL when it is no such name. */
const char *ics_zone_of_windows(const char *name);

#endif
