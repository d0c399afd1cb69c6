#include "plugins/appointments/reader/busy.h"

#include "plugins/appointments/reader/event.h"
#include "plugins/appointments/reader/rule.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct interval {
    int64_t start, end; /* UTC */
};

/* An occurrence that is left out: at an instant, or all of a local day. */
struct exception {
    int64_t at; /* UTC, or the local midnight */
    bool day;
};

struct exceptions {
    struct exception *list; /* owned; sorted */
    size_t count, room;
};

struct reading {
    struct ics_object object;
    struct ics_zones zones;
    struct ics_notes notes;
    struct ics_fault *fault;
    int64_t from, until; /* UTC, the window */
    int64_t allowance;
    int64_t dates;           /* values of EXDATE and RDATE that may still come */
    struct ics_event *event; /* owned */
    size_t events;
    struct interval *found; /* owned */
    size_t count;
    bool full;                           /* of found */
    struct exceptions changed, excluded; /* of the series: moved elsewhere; of one event: EXDATE */
    struct ics_walk walk;
};

/* ---- intervals ---- */

static int compare_intervals(const void *a, const void *b)
{
    const struct interval *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

static void merge(struct reading *r)
{
    size_t kept = 0;

    qsort(r->found, r->count, sizeof(*r->found), compare_intervals);
    for (size_t i = 0; i < r->count; i++) {
        if (kept && r->found[i].start <= r->found[kept - 1].end) {
            if (r->found[i].end > r->found[kept - 1].end)
                r->found[kept - 1].end = r->found[i].end;
            continue;
        }
        r->found[kept++] = r->found[i];
    }
    r->count = kept;
}

/* Inside the window; what overlaps is merged when there is no room left. */
static void add_interval(struct reading *r, int64_t start, int64_t end, uint32_t line)
{
    if (start < r->from)
        start = r->from;
    if (end > r->until)
        end = r->until;
    if (start >= end)
        return;
    if (r->count == ICS_FOUND_MAX && !r->full) {
        merge(r);
        r->full = r->count > ICS_FOUND_MAX / 2; /* or merging would never end */
    }
    if (r->full) {
        ics_note(&r->notes, ICS_NOTE_FOUND, line);
        return;
    }
    r->found[r->count++] = (struct interval){start, end};
}

/* ---- exceptions ---- */

static int compare_exceptions(const void *a, const void *b)
{
    const struct exception *x = a, *y = b;

    if (x->day != y->day)
        return x->day ? 1 : -1;
    return (x->at > y->at) - (x->at < y->at);
}

static bool add_exception(struct exceptions *set, const struct ics_when *when)
{
    if (set->count == set->room) {
        size_t room = set->room ? set->room * 2 : 64;
        struct exception *larger = realloc(set->list, room * sizeof(*larger));

        if (!larger)
            return false;
        set->list = larger;
        set->room = room;
    }
    set->list[set->count++] = (struct exception){when->date ? when->local : when->utc, when->date};
    return true;
}

static void sort_exceptions(struct exceptions *set)
{
    if (set->count > 1)
        qsort(set->list, set->count, sizeof(*set->list), compare_exceptions);
}

static bool excepted(const struct exceptions *set, int64_t utc, int64_t local)
{
    const struct exception at = {utc, false}, on = {ics_floor(local, ICS_DAY) * ICS_DAY, true};

    return set->count && (bsearch(&at, set->list, set->count, sizeof(at), compare_exceptions) ||
                          bsearch(&on, set->list, set->count, sizeof(on), compare_exceptions));
}

/* ---- lists of dates ---- */

/* One value of RDATE: a time, or a period "start/end", "start/duration". */
static bool add_period(struct reading *r, const struct ics_event *event,
                       const struct ics_property *property, const char *text, size_t length)
{
    const char *slash = memchr(text, '/', length);
    size_t first = slash ? (size_t)(slash - text) : length;
    struct ics_when start, end;
    struct ics_duration duration;
    int64_t until;

    if (!ics_when_read(&r->zones, property, text, first, event->start.zone, &start))
        return false;
    if (excepted(&r->changed, start.utc, start.local) ||
        excepted(&r->excluded, start.utc, start.local))
        return true;
    if (!slash) {
        struct ics_event other = *event;

        other.start.zone = start.zone;
        until = ics_event_end(&other, start.local);
    } else if (ics_duration_read(slash + 1, length - first - 1, &duration))
        until = start.utc + duration.days * ICS_DAY + duration.seconds;
    else if (ics_when_read(&r->zones, property, slash + 1, length - first - 1, event->start.zone,
                           &end))
        until = end.utc;
    else
        return false;
    add_interval(r, start.utc, until, property->line);
    return true;
}

static bool add_exdate(struct reading *r, const struct ics_event *event,
                       const struct ics_property *property, const char *text, size_t length)
{
    struct ics_when when;

    if (!ics_when_read(&r->zones, property, text, length, event->start.zone, &when))
        return false;
    if (event->start.date)
        ics_when_to_day(&when);
    return add_exception(&r->excluded, &when);
}

static void each_date(struct reading *r, const struct ics_event *event, const char *name,
                      bool (*take)(struct reading *, const struct ics_event *,
                                   const struct ics_property *, const char *, size_t))
{
    const struct ics_property *p =
        ics_property_of(&r->object, &r->object.component[event->component], name);

    for (; p; p = ics_property_again(&r->object, p)) {
        const char *at = p->value;

        while (*at) {
            size_t length = strcspn(at, ",");

            if (--r->dates < 0 || !take(r, event, p, at, length)) {
                ics_note(&r->notes, ICS_NOTE_DATES, p->line);
                if (r->dates < 0)
                    return;
            }
            at += length + (at[length] == ',');
        }
    }
}

/* ---- occurrences ---- */

static void add_occurrence(struct reading *r, const struct ics_event *event, int64_t local)
{
    int64_t utc = ics_when_utc(&event->start, local);

    r->allowance -= 2;
    if (excepted(&r->changed, utc, local) || excepted(&r->excluded, utc, local))
        return;
    add_interval(r, utc, ics_event_end(event, local), r->object.component[event->component].line);
}

/* UNTIL in the terms of the occurrences: a day is meant to its end. */
static bool is_past_until(const struct ics_rule *rule, const struct ics_event *event, int64_t local)
{
    if (!rule->has_until)
        return false;
    if (rule->until.date || event->start.date)
        return ics_floor(local, ICS_DAY) > ics_floor(rule->until.local, ICS_DAY);
    if (rule->until.utc)
        return ics_when_utc(&event->start, local) > rule->until.local;
    return local > rule->until.local;
}

static void walk_rule(struct reading *r, const struct ics_event *event, const struct ics_rule *rule,
                      uint32_t line)
{
    /* Occurrences that began before the window reach into it; zones differ by a day at most. */
    int64_t length = ics_event_end(event, event->start.local) - event->start.utc;
    int64_t from = r->from - length - 2 * ICS_DAY, end = r->until + 2 * ICS_DAY, local;
    int32_t rc;

    ics_walk_begin(&r->walk, rule, event->start.local, from, end, &r->allowance);
    while ((rc = ics_walk_next(&r->walk, &local)) == 1 && !is_past_until(rule, event, local))
        add_occurrence(r, event, local);
    if (rc < 0)
        ics_note(&r->notes, ICS_NOTE_WORK, line);
}

static void add_series(struct reading *r, const struct ics_event *event)
{
    const struct ics_component *c = &r->object.component[event->component];
    const struct ics_property *p = ics_property_of(&r->object, c, "RRULE");

    r->excluded.count = 0;
    each_date(r, event, "EXDATE", add_exdate);
    sort_exceptions(&r->excluded);
    if (ics_property_of(&r->object, c, "EXRULE"))
        ics_note(&r->notes, ICS_NOTE_EXRULE, c->line);
    if (!p)
        add_occurrence(r, event, event->start.local);
    for (; p; p = ics_property_again(&r->object, p)) {
        struct ics_rule rule;
        enum ics_rule_fault fault = ics_rule_read(p->value, &rule);

        if (fault == ICS_RULE_FINE) {
            walk_rule(r, event, &rule, p->line);
            continue;
        }
        ics_note(&r->notes, fault == ICS_RULE_DENSE ? ICS_NOTE_DENSE : ICS_NOTE_RULE, p->line);
        add_occurrence(r, event, event->start.local);
    }
    each_date(r, event, "RDATE", add_period);
}

/* ---- events of one UID ---- */

/* The series first, then its changed occurrences by which they are, the newest version last. */
static int compare_events(const void *a, const void *b)
{
    const struct ics_event *x = a, *y = b;
    int order = strcmp(x->uid, y->uid);

    if (order == 0)
        order = (int)x->is_instance - (int)y->is_instance;
    if (order == 0 && x->is_instance)
        order = (x->instance.utc > y->instance.utc) - (x->instance.utc < y->instance.utc);
    if (order == 0)
        order = (x->sequence > y->sequence) - (x->sequence < y->sequence);
    return order ? order : (x->component > y->component) - (x->component < y->component);
}

static bool is_busy(const struct reading *r, const struct ics_event *event)
{
    return ics_event_is_busy(&r->object, &r->object.component[event->component]);
}

/* Events number `first` to before `end` have one UID. */
static bool add_group(struct reading *r, size_t first, size_t end)
{
    r->changed.count = 0;
    for (size_t i = first; i < end; i++)
        if (r->event[i].is_instance && !add_exception(&r->changed, &r->event[i].instance))
            return false;
    sort_exceptions(&r->changed);
    for (size_t i = first; i < end; i++) {
        const struct ics_event *event = &r->event[i];
        const struct ics_property *id;

        if (!event->is_instance) {
            if (is_busy(r, event))
                add_series(r, event);
            continue;
        }
        id = ics_property_of(&r->object, &r->object.component[event->component], "RECURRENCE-ID");
        if (id && ics_param_of(&r->object, id, "RANGE"))
            ics_note(&r->notes, ICS_NOTE_RANGE, id->line);
        if (i + 1 < end && r->event[i + 1].instance.utc == event->instance.utc)
            continue; /* there is a newer version of it */
        if (is_busy(r, event))
            add_interval(r, event->start.utc, ics_event_end(event, event->start.local),
                         r->object.component[event->component].line);
    }
    return true;
}

static bool add_events(struct reading *r)
{
    size_t first = 0;

    for (uint32_t i = 0; i < r->object.components; i++) {
        const struct ics_component *c = &r->object.component[i];

        if (strcasecmp(c->name, "VEVENT") == 0 && c->parent != ICS_NONE &&
            ics_event_read(&r->zones, i, &r->event[r->events]))
            r->events++;
    }
    if (r->events > 1)
        qsort(r->event, r->events, sizeof(*r->event), compare_events);
    while (first < r->events) {
        size_t end = first + 1;

        /* Without a UID each is its own. */
        while (*r->event[first].uid && end < r->events &&
               strcmp(r->event[end].uid, r->event[first].uid) == 0)
            end++;
        if (!add_group(r, first, end))
            return false;
        first = end;
    }
    return true;
}

/* ---- VFREEBUSY ---- */

static bool add_free_busy(struct reading *r, const struct ics_event *event,
                          const struct ics_property *property, const char *text, size_t length)
{
    const char *type = ics_param_of(&r->object, property, "FBTYPE");

    return (type && strcasecmp(type, "FREE") == 0) ||
           (memchr(text, '/', length) && add_period(r, event, property, text, length));
}

static void add_free_busies(struct reading *r)
{
    r->changed.count = r->excluded.count = 0;
    for (uint32_t i = 0; i < r->object.components; i++) {
        const struct ics_event nothing = {.component = i, .uid = ""};

        if (strcasecmp(r->object.component[i].name, "VFREEBUSY") == 0)
            each_date(r, &nothing, "FREEBUSY", add_free_busy);
    }
}

/* ---- the answer ---- */

static void write_answer(struct reading *r, struct ics_out *out)
{
    ics_out_raw(out, "{");
    ics_out_key(out, "busy");
    ics_out_raw(out, "[");
    for (size_t i = 0; i < r->count; i++) {
        ics_out_raw(out, i ? ",{" : "{");
        ics_out_key(out, "start");
        ics_out_number(out, r->found[i].start);
        ics_out_key(out, "end");
        ics_out_number(out, r->found[i].end);
        ics_out_raw(out, "}");
    }
    ics_out_raw(out, "]");
    ics_out_key(out, "events");
    ics_out_number(out, (int64_t)r->events);
    ics_out_notes(out, &r->notes);
    ics_out_raw(out, "}\n");
}

static int32_t read_all(struct reading *r, const struct ics_window *window)
{
    int64_t from = window->from, until = window->until;

    if (until < from || until - from >= ICS_WINDOW_MAX)
        return ics_refuse(r->fault, 0, "gefragt sind 1 bis %d Tage, der erste vor dem letzten",
                          "1 to %d days may be asked for, the first before the last",
                          ICS_WINDOW_MAX);
    r->event = malloc(((size_t)r->object.components + 1) * sizeof(*r->event));
    r->found = malloc(ICS_FOUND_MAX * sizeof(*r->found));
    if (!r->event || !r->found ||
        ics_zones_begin(&r->zones, &r->object, window->zone_folder, &r->notes, &r->allowance) < 0)
        return ics_no_memory(r->fault);
    r->from = ics_zone_utc(ics_zone_berlin(&r->zones), from * ICS_DAY);
    r->until = ics_zone_utc(ics_zone_berlin(&r->zones), (until + 1) * ICS_DAY);
    if (!add_events(r))
        return ics_no_memory(r->fault);
    add_free_busies(r);
    merge(r);
    return 0;
}

int32_t ics_busy(char *bytes, size_t length, const struct ics_window *window, struct ics_out *out)
{
    struct ics_fault fault = {0};
    struct reading *r = calloc(1, sizeof(*r));
    int32_t rc;

    if (!r) {
        rc = ics_no_memory(&fault);
        ics_out_refused(out, &fault);
        return rc;
    }
    r->fault = &fault;
    r->allowance = window->work;
    r->dates = ICS_DATES_MAX;
    rc = ics_object_read(bytes, length, &r->object, &r->notes, &fault);
    if (rc == 0)
        rc = read_all(r, window);
    if (rc == 0)
        write_answer(r, out);
    else
        ics_out_refused(out, &fault);
    ics_zones_end(&r->zones);
    ics_object_free(&r->object);
    free(r->event);
    free(r->found);
    free(r->changed.list);
    free(r->excluded.list);
    free(r);
    return rc;
}
