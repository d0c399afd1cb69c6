#include "plugins/appointments/reader/zone.h"

#include "plugins/appointments/reader/rule.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIRST_YEAR  1970
#define LAST_YEAR   2100
#define CHANGES_MAX 1000 /* of one zone; those of the system have up to 400 */
#define OFFSET_MAX  (26 * 3600)

/* ---- changes ---- */

int32_t ics_zone_add(struct ics_zone *zone, int64_t utc, int32_t offset)
{
    uint32_t at = zone->changes;

    if (zone->changes == CHANGES_MAX)
        return 0;
    if (zone->changes == zone->room) {
        uint32_t room = zone->room ? zone->room * 2 : 128;
        void *array = realloc(zone->change, (size_t)room * sizeof(*zone->change));

        if (!array)
            return -1;
        zone->change = array;
        zone->room = room;
    }
    while (at > 0 && zone->change[at - 1].utc > utc)
        at--;
    memmove(zone->change + at + 1, zone->change + at,
            (size_t)(zone->changes - at) * sizeof(*zone->change));
    zone->change[at] = (struct ics_change){.utc = utc, .offset = offset};
    zone->changes++;
    return 0;
}

static void link_changes(struct ics_zone *zone)
{
    int32_t before = zone->offset;

    for (uint32_t i = 0; i < zone->changes; i++) {
        zone->change[i].before = before;
        before = zone->change[i].offset;
    }
}

/* When the wall clock has reached the new time for good: from there on the new offset is the only
 * one. Before it the old one holds, which is what RFC 5545 wants of times that are skipped and of
 * the first of two. */
static int64_t settled(const struct ics_change *c)
{
    return c->utc + (c->before > c->offset ? c->before : c->offset);
}

int64_t ics_zone_utc(const struct ics_zone *zone, int64_t local)
{
    uint32_t low = 0, high = zone->changes;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (settled(&zone->change[middle]) <= local)
            low = middle + 1;
        else
            high = middle;
    }
    return local - (low ? zone->change[low - 1].offset : zone->offset);
}

int64_t ics_zone_local(const struct ics_zone *zone, int64_t utc)
{
    uint32_t low = 0, high = zone->changes;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (zone->change[middle].utc <= utc)
            low = middle + 1;
        else
            high = middle;
    }
    return utc + (low ? zone->change[low - 1].offset : zone->offset);
}

/* ---- from the file ---- */

/* "+0100", "-023000" */
static bool offset_read(const char *text, int32_t *ret)
{
    size_t length = strlen(text), digits = length - 1;
    int32_t part[3] = {0};

    if ((digits != 4 && digits != 6) || (*text != '+' && *text != '-'))
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (text[i + 1] < '0' || text[i + 1] > '9')
            return false;
        part[i / 2] = part[i / 2] * 10 + (text[i + 1] - '0');
    }
    *ret = part[0] * 3600 + part[1] * 60 + part[2];
    if (*text == '-')
        *ret = -*ret;
    return *ret <= OFFSET_MAX && *ret >= -OFFSET_MAX;
}

/* Onsets of one STANDARD or DAYLIGHT: local times on the clock that held before. */
struct observance {
    struct ics_zone *zone;
    const struct ics_object *object;
    const struct ics_component *component;
    int32_t from, to;
    int64_t start;    /* local */
    int64_t earliest; /* UTC of the first onset known of the zone; what held before it */
};

static int32_t add_onset(struct observance *o, int64_t local)
{
    int64_t utc = local - o->from;

    if (utc < o->earliest) {
        o->earliest = utc;
        o->zone->offset = o->from;
    }
    return ics_zone_add(o->zone, utc, o->to);
}

static int32_t add_rule(struct observance *o, const char *text, int64_t *allowance)
{
    static struct ics_walk walk; /* large; the reader is one thread of one process */
    struct ics_rule rule;
    int64_t from = ics_day_of(FIRST_YEAR, 1, 1) * ICS_DAY;
    int64_t local, end = ics_day_of(LAST_YEAR, 12, 31) * ICS_DAY;

    if (ics_rule_read(text, &rule) != ICS_RULE_FINE)
        return 0;
    if (rule.has_until) {
        int64_t until = rule.until.local + (rule.until.utc ? o->from : 0);

        end = until < end ? until : end;
    }
    ics_walk_begin(&walk, &rule, o->start, from, end, allowance);
    while (o->zone->changes < CHANGES_MAX && ics_walk_next(&walk, &local) == 1)
        if (add_onset(o, local) < 0)
            return -1;
    return 0;
}

static int32_t add_dates(struct observance *o)
{
    const struct ics_property *p = ics_property_of(o->object, o->component, "RDATE");

    for (; p; p = ics_property_again(o->object, p)) {
        const char *at = p->value;

        while (*at) {
            size_t length = strcspn(at, ",");
            struct ics_stamp stamp;

            if (ics_stamp_read(at, length, &stamp) && add_onset(o, stamp.local) < 0)
                return -1;
            at += length + (at[length] == ',');
        }
    }
    return 0;
}

static int32_t add_observance(struct observance *o, int64_t *allowance)
{
    const struct ics_property *start = ics_property_of(o->object, o->component, "DTSTART");
    const struct ics_property *from = ics_property_of(o->object, o->component, "TZOFFSETFROM");
    const struct ics_property *to = ics_property_of(o->object, o->component, "TZOFFSETTO");
    const struct ics_property *rule = ics_property_of(o->object, o->component, "RRULE");
    struct ics_stamp stamp;
    int32_t rc;

    if (!start || !to || !offset_read(to->value, &o->to) ||
        !ics_stamp_read(start->value, strlen(start->value), &stamp))
        return 0;
    if (!from || !offset_read(from->value, &o->from))
        o->from = o->to;
    o->start = stamp.local;
    rc = rule ? add_rule(o, rule->value, allowance) : add_onset(o, o->start);
    return rc < 0 ? rc : add_dates(o);
}

static int32_t add_vtimezone(struct ics_zone *zone, const struct ics_object *object, uint32_t index,
                             int64_t *allowance)
{
    struct observance o = {.zone = zone, .object = object, .earliest = INT64_MAX};
    uint32_t i = index + 1;

    for (; i < object->components && object->component[i].parent != ICS_NONE &&
           object->component[i].parent >= index;
         i++) {
        o.component = &object->component[i];
        if (o.component->parent == index &&
            (strcasecmp(o.component->name, "STANDARD") == 0 ||
             strcasecmp(o.component->name, "DAYLIGHT") == 0) &&
            add_observance(&o, allowance) < 0)
            return -1;
    }
    link_changes(zone);
    return zone->changes > 0;
}

static int32_t of_file(struct ics_zones *zones, struct ics_zone *zone, const char *name)
{
    const struct ics_object *object = zones->object;

    for (uint32_t i = 0; object && i < object->components; i++) {
        const struct ics_component *c = &object->component[i];
        const struct ics_property *id;
        int32_t rc;

        if (strcasecmp(c->name, "VTIMEZONE") != 0)
            continue;
        id = ics_property_of(object, c, "TZID");
        if (!id || strcmp(id->value, name) != 0)
            continue;
        rc = add_vtimezone(zone, object, i, zones->allowance);
        if (rc == 0)
            ics_note(zones->notes, ICS_NOTE_BAD_ZONE, c->line);
        return rc;
    }
    return 0;
}

/* ---- by name ---- */

/* "/freeassociation.sourceforge.net/Europe/Berlin", "/mozilla.org/20050126_1/Europe/Berlin": the
 * last two parts, then the last one. */
static int32_t of_system(struct ics_zones *zones, struct ics_zone *zone, const char *name)
{
    int32_t rc = ics_zone_of_system(zone, zones->folder, name);
    const char *p = strrchr(name, '/');

    if (!p || *name != '/')
        return rc;
    while (rc == 0 && p > name) {
        const char *before = p - 1;

        while (before > name && *before != '/')
            before--;
        rc = ics_zone_of_system(zone, zones->folder, before + 1);
        p = before;
    }
    return rc;
}

static int32_t fill(struct ics_zones *zones, struct ics_zone *zone, const char *name, uint32_t line)
{
    const char *known = ics_zone_of_windows(name);
    int32_t rc = of_file(zones, zone, name);

    if (rc == 0)
        rc = of_system(zones, zone, known ? known : name);
    if (rc == 0 && strcmp(known ? known : name, "Europe/Berlin") == 0) /* without tzdata */
        rc = ics_zone_of_posix(zone, "CET-1CEST,M3.5.0,M10.5.0/3", 1996);
    if (rc == 0) {
        const struct ics_zone *berlin = zones->zone[0];

        ics_note(zones->notes, ICS_NOTE_ZONE, line);
        zone->offset = berlin->offset;
        for (uint32_t i = 0; i < berlin->changes && rc == 0; i++)
            rc = ics_zone_add(zone, berlin->change[i].utc, berlin->change[i].offset);
    }
    link_changes(zone);
    return rc < 0 ? -1 : 0;
}

static const struct ics_zone *add(struct ics_zones *zones, const char *name, uint32_t line)
{
    struct ics_zone *zone = calloc(1, sizeof(*zone));

    if (!zone)
        return NULL;
    zones->zone[zones->count++] = zone;
    zone->name = strdup(name);
    if (!zone->name || fill(zones, zone, name, line) < 0)
        return NULL;
    return zone;
}

int32_t ics_zones_begin(struct ics_zones *zones, const struct ics_object *object,
                        const char *folder, struct ics_notes *notes, int64_t *allowance)
{
    *zones = (struct ics_zones){.folder = folder, .notes = notes, .allowance = allowance};
    if (!add(zones, "Europe/Berlin", 0))
        return -1;
    zones->object = object; /* from now on a VTIMEZONE of that name comes first */
    return 0;
}

void ics_zones_end(struct ics_zones *zones)
{
    for (uint32_t i = 0; i < zones->count; i++) {
        free(zones->zone[i]->name);
        free(zones->zone[i]->change);
        free(zones->zone[i]);
    }
    zones->count = 0;
}

const struct ics_zone *ics_zone_berlin(const struct ics_zones *zones)
{
    return zones->zone[0];
}

const struct ics_zone *ics_zone_find(struct ics_zones *zones, const char *name, uint32_t line)
{
    if (zones->last && strcmp(zones->last->name, name) == 0)
        return zones->last;
    for (uint32_t i = 1; i < zones->count; i++)
        if (strcmp(zones->zone[i]->name, name) == 0)
            return zones->last = zones->zone[i];
    if (zones->count == ICS_ZONES_MAX) {
        ics_note(zones->notes, ICS_NOTE_ZONE, line);
        return ics_zone_berlin(zones);
    }
    return zones->last = add(zones, name, line);
}
