/* The calendar of a call: North Rhine-Westphalia, with the school holidays and closing days that
 * the register holds. */
#include "core/operation/run.h"

#include "core/base/alloc.h"
#include "core/calendar/workday.h"
#include "core/calendar/year.h"
#include "core/calendar/zone.h"

#include <string.h>

/* Rows of the register, read. Several runs may use it one after the other; refs says how many do,
 * those who keep it being one. */
struct read_school {
    struct rh_school_holidays holidays;
    int refs;
};

struct read_calendar {
    char *office; /* NULL: of the Land */
    struct rh_closing *closings;
    size_t closing_count;
    struct read_school *school;
    struct rh_calendar_memory *memory;
    struct rh_arena arena; /* office, closings and their names */
    int refs;
    struct read_calendar *next; /* of those kept */
};

/* A calendar that was handed out; lives as long as the run. */
struct rh_run_calendar {
    struct rh_calendar calendar; /* first: modules hold a pointer to it */
    struct rh_run *run;
    struct read_calendar *read;
    struct rh_run_calendar *next;
};

static void school_unref(struct read_school *school)
{
    if (!school || --school->refs > 0)
        return;
    rh_school_holidays_fini(&school->holidays);
    rh_free(school);
}

static void calendar_unref(struct read_calendar *read)
{
    if (!read || --read->refs > 0)
        return;
    school_unref(read->school);
    rh_calendar_memory_free(read->memory);
    rh_arena_fini(&read->arena);
    rh_free(read);
}

void rh_run_calendars_end(struct rh_run *run)
{
    for (struct rh_run_calendar *c = run->calendars; c; c = c->next)
        calendar_unref(c->read);
    run->calendars = NULL;
}

/* --- reading --- */

/* A growing array in an arena. */
struct list {
    void *items;
    size_t count, room;
};

/* The place of one more item of this size; NULL without memory. */
static void *add_item(struct rh_run *run, struct rh_arena *arena, struct list *list, size_t size)
{
    if (!list->items || list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 16;
        void *items = rh_arena_array(arena, room, size);

        if (!items) {
            (void)rh_err_nomem(run->err); /* the caller sees NULL */
            return NULL;
        }
        if (list->items)
            memcpy(items, list->items, list->count * size);
        list->items = items;
        list->room = room;
    }
    return (unsigned char *)list->items + list->count++ * size;
}

static int32_t read_period(struct rh_run *run, struct rh_stmt *stmt,
                           struct rh_school_period *period)
{
    period->name = rh_arena_strdup(run->arena, rh_stmt_text(stmt, 0));
    if (!period->name)
        return rh_err_nomem(run->err);
    if (rh_day_read_iso(rh_stmt_text(stmt, 1), &period->first, run->err) < 0 ||
        rh_day_read_iso(rh_stmt_text(stmt, 2), &period->last, run->err) < 0)
        return rh_err_wrap(run->err, "Schulferien '%s'", "school holidays '%s'", period->name);
    return 0;
}

static int32_t read_school(struct rh_run *run, struct rh_school_holidays *school)
{
    struct list periods = {.count = 0};
    struct rh_stmt *stmt;
    int32_t rc =
        rh_db_query(run->db, NULL, &stmt, run->err,
                    "SELECT name, first_day, last_day FROM school_holiday ORDER BY first_day", "");

    if (rc < 0)
        return rc;
    while ((rc = rh_stmt_next(stmt, run->err)) == 1) {
        struct rh_school_period *period = add_item(run, run->arena, &periods, sizeof(*period));

        rc = period ? read_period(run, stmt, period) : RH_ENOMEM;
        if (rc < 0)
            break;
    }
    rh_stmt_close(stmt);
    if (rc < 0)
        return rc;
    return rh_school_holidays_build(periods.items, periods.count, RH_NO_DAY, school, run->err);
}

static int32_t read_closing(struct rh_run *run, struct rh_arena *arena, struct rh_stmt *stmt,
                            struct rh_closing *closing)
{
    const char *text = rh_stmt_text(stmt, 0), *note = rh_stmt_text(stmt, 1);

    if (rh_closing_parse(text, closing, run->err) < 0)
        return rh_err_wrap(run->err, "Schließtag", "closing day");
    if (!note || !note[0])
        return 0;
    closing->name.de = rh_arena_strdup(arena, note);
    closing->name.en = closing->name.de;
    return closing->name.de ? 0 : rh_err_nomem(run->err);
}

static int32_t read_closings(struct rh_run *run, struct read_calendar *read)
{
    struct list closings = {.count = 0};
    struct rh_stmt *stmt;
    int32_t rc = rh_db_query(run->db, NULL, &stmt, run->err,
                             "SELECT ifnull(day, rule), note FROM closing_day "
                             "WHERE office IS NULL OR office = ?1 ORDER BY id",
                             "s", read->office);

    if (rc < 0)
        return rc;
    while ((rc = rh_stmt_next(stmt, run->err)) == 1) {
        struct rh_closing *closing = add_item(run, &read->arena, &closings, sizeof(*closing));

        rc = closing ? read_closing(run, &read->arena, stmt, closing) : RH_ENOMEM;
        if (rc < 0)
            break;
    }
    rh_stmt_close(stmt);
    read->closings = closings.items;
    read->closing_count = closings.count;
    return rc;
}

/* School holidays are the same for all offices: `known` is used again, if there is one. */
static int32_t take_school(struct rh_run *run, struct read_school *known,
                           struct read_calendar *read)
{
    if (known) {
        known->refs++;
        read->school = known;
        return 0;
    }
    if (!(read->school = rh_alloc(1, sizeof(*read->school))))
        return rh_err_nomem(run->err);
    read->school->refs = 1;
    return read_school(run, &read->school->holidays);
}

static int32_t read_calendar(struct rh_run *run, const char *office, struct read_school *known,
                             struct read_calendar **ret)
{
    struct read_calendar *read = rh_alloc(1, sizeof(*read));
    int32_t rc;

    if (!read)
        return rh_err_nomem(run->err);
    read->refs = 1;
    read->memory = rh_calendar_memory_new(); /* without one it is only slower */
    rh_arena_init(&read->arena, RH_RUN_MEMORY_MAX);
    if (office && !(read->office = rh_arena_strdup(&read->arena, office)))
        rc = rh_err_nomem(run->err);
    else if ((rc = take_school(run, known, read)) == 0)
        rc = read_closings(run, read);
    if (rc < 0) {
        calendar_unref(read);
        return rc;
    }
    *ret = read;
    return 0;
}

static bool is_same_office(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* --- kept between the runs of the writer --- */

#define KEPT_MAX 4096

struct rh_kept_calendars {
    struct read_calendar *buckets[256];
    struct read_school *school;
    int64_t changed; /* the event that changed the rows last, when they were read */
    uint64_t undone; /* rh_db_undone() then */
    size_t count;
};

static size_t bucket_of(const char *office)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (const char *p = office ? office : ""; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    return hash % 256;
}

static void forget_kept(struct rh_kept_calendars *kept)
{
    for (size_t i = 0; i < 256; i++)
        while (kept->buckets[i]) {
            struct read_calendar *read = kept->buckets[i];

            kept->buckets[i] = read->next;
            calendar_unref(read);
        }
    school_unref(kept->school);
    kept->school = NULL;
    kept->count = 0;
}

struct rh_kept_calendars *rh_kept_calendars_new(void)
{
    return rh_alloc(1, sizeof(struct rh_kept_calendars));
}

struct rh_kept_calendars *rh_kept_calendars_free(struct rh_kept_calendars *kept)
{
    if (kept)
        forget_kept(kept);
    return rh_free(kept);
}

/*
 * Whether what was kept is what the rows say: whoever changes them records it (calendar.changed).
 * What was undone since may have been such a change, and its number is given out again; so that
 * counts, too. A run that keeps calendars changes none, so it asks once.
 */
static int32_t check_stamp(struct rh_run *run, struct rh_kept_calendars *kept)
{
    uint64_t undone = rh_db_undone(run->db);
    struct rh_stmt *stmt;
    int64_t changed = 0;
    int32_t rc;

    if (run->calendars)
        return 0;
    rc = rh_db_query(run->db, NULL, &stmt, run->err,
                     "SELECT max(ifnull((SELECT max(seq) FROM event WHERE subject = "
                     "'school_holidays' AND topic = 'calendar.changed'), 0), ifnull((SELECT "
                     "max(seq) FROM event WHERE subject = 'closing_days' AND topic = "
                     "'calendar.changed'), 0))",
                     "");
    if (rc < 0)
        return rc;
    rc = rh_stmt_next(stmt, run->err);
    if (rc == 1)
        changed = rh_stmt_int(stmt, 0);
    rh_stmt_close(stmt);
    if (rc < 0)
        return rc;
    if (changed != kept->changed || undone != kept->undone || kept->count >= KEPT_MAX)
        forget_kept(kept);
    kept->changed = changed;
    kept->undone = undone;
    return 0;
}

/* A reference to the one that is kept, read now if there was none. */
static int32_t take_kept(struct rh_run *run, const char *office, struct read_calendar **ret)
{
    struct rh_kept_calendars *kept = run->house->calendars;
    struct read_calendar **bucket = &kept->buckets[bucket_of(office)], *read;
    int32_t rc = check_stamp(run, kept);

    if (rc < 0)
        return rc;
    for (read = *bucket; read && !is_same_office(read->office, office);)
        read = read->next;
    if (!read) {
        if ((rc = read_calendar(run, office, kept->school, &read)) < 0)
            return rc;
        read->next = *bucket;
        *bucket = read;
        kept->count++;
        if (!kept->school) {
            kept->school = read->school;
            kept->school->refs++;
        }
    }
    read->refs++;
    *ret = read;
    return 0;
}

/* --- handing out --- */

/* On a snapshot what was read once stays true, and so it does in a run that changes no calendar. An
 * operation on the writer may just have changed it. */
static bool stays_true(const struct rh_run *run)
{
    return run->keeps_calendars || !rh_db_is_writer(run->db);
}

static int32_t take_calendar(struct rh_run *run, const char *office, struct read_calendar **ret)
{
    struct read_school *known = NULL;

    if (run->keeps_calendars && run->house->calendars)
        return take_kept(run, office, ret);
    if (run->calendars && stays_true(run))
        known = run->calendars->read->school;
    return read_calendar(run, office, known, ret);
}

static struct rh_run_calendar *find_opened(struct rh_run *run, const char *office)
{
    for (struct rh_run_calendar *c = run->calendars; c && stays_true(run); c = c->next)
        if (is_same_office(c->read->office, office))
            return c;
    return NULL;
}

int32_t rh_host_calendar_open(struct rh_call *call, const char *office,
                              struct rh_calendar **ret_calendar)
{
    struct rh_run *run = rh_run_of(call);
    struct rh_run_calendar *opened = find_opened(run, office);
    int32_t rc;

    *ret_calendar = NULL;
    if (opened) {
        *ret_calendar = &opened->calendar;
        return 0;
    }
    opened = rh_arena_alloc(run->arena, sizeof(*opened));
    if (!opened)
        return rh_err_nomem(run->err);
    rc = take_calendar(run, office, &opened->read);
    if (rc < 0)
        return rc;
    opened->calendar = (struct rh_calendar){
        .place = {.land = RH_LAND_NW},
        .closings = opened->read->closings,
        .closing_count = opened->read->closing_count,
        .school = &opened->read->school->holidays,
        .memory = opened->read->memory,
    };
    opened->run = run;
    opened->next = run->calendars;
    run->calendars = opened;
    *ret_calendar = &opened->calendar;
    return 0;
}

/* --- asking --- */

static struct rh_run *run_behind(struct rh_calendar *calendar)
{
    return ((struct rh_run_calendar *)calendar)->run;
}

int32_t rh_host_calendar_month(struct rh_calendar *calendar, int32_t month,
                               struct rh_month_info *ret_info)
{
    struct rh_month_count count;
    struct rh_month_info info = {.month = month};
    int32_t rc = rh_calendar_count_month(calendar, month, &count, run_behind(calendar)->err);

    if (rc < 0)
        return rc;
    info.size = ret_info->size < sizeof(info) ? ret_info->size : (uint32_t)sizeof(info);
    info.workdays = count.workdays;
    info.workdays_outside_school = count.outside_school;
    info.school_unknown = count.school_unknown > 0;
    memcpy(ret_info, &info, info.size);
    return 0;
}

int32_t rh_host_calendar_is_workday(struct rh_calendar *calendar, int32_t day)
{
    enum rh_day_kind kind = rh_calendar_day(calendar, day, NULL);

    if (kind == RH_DAY_UNKNOWN)
        return rh_err_set(run_behind(calendar)->err, RH_EINVALID,
                          "von diesem Tag weiß der Kalender nichts; er reicht von 1991 bis %d",
                          "the calendar knows nothing of this day; it reaches from 1991 to %d",
                          RH_YEAR_MAX);
    return kind == RH_DAY_WORKDAY;
}

#define REASON_MAX 4000

int32_t rh_host_calendar_add(struct rh_call *call, struct rh_calendar *calendar, int32_t day,
                             int32_t workdays, int32_t *ret_day, const char **ret_reason)
{
    struct rh_run *run = rh_run_of(call);
    rh_auto_str(text, REASON_MAX);
    struct rh_workday_reason reason;
    int32_t rc = rh_workdays_add(calendar, day, workdays, &reason, ret_day, run->err);

    if (rc < 0 || !ret_reason)
        return rc;
    rh_workday_reason_write(&reason, run->lang, &text);
    rc = rh_str_check(&text, run->err);
    if (rc < 0)
        return rc;
    *ret_reason = rh_arena_strdup(run->arena, text.data);
    return *ret_reason ? 0 : rh_err_nomem(run->err);
}

/* --- days and months as text --- */

static char *keep_text(struct rh_call *call, const char *text)
{
    return rh_host_format(call, "%s", "%s", text);
}

char *rh_host_month_text(struct rh_call *call, int32_t month)
{
    char text[RH_DATE_TEXT_SIZE];

    return keep_text(call, rh_month_iso(month, text));
}

char *rh_host_day_text(struct rh_call *call, int32_t day)
{
    char text[RH_DATE_TEXT_SIZE];

    return keep_text(call, rh_day_iso(day, text));
}

int32_t rh_host_month_parse(struct rh_call *call, const char *text, int32_t *ret_month)
{
    return rh_month_read(text ? text : "", ret_month, rh_run_of(call)->err);
}

int32_t rh_host_day_parse(struct rh_call *call, const char *text, int32_t *ret_day)
{
    return rh_day_read(text ? text : "", ret_day, rh_run_of(call)->err);
}

/* --- the clock on the wall --- */

#define MINUTES_OF_DAY 1440

static int32_t no_such_minute(struct rh_run *run, int32_t day, int32_t minute)
{
    char text[RH_DATE_TEXT_SIZE];

    return rh_err_set(run->err, RH_EINVALID,
                      "%s, %02d:%02d Uhr: diese Zeit gibt es nicht, an dem Tag wird die Uhr "
                      "vorgestellt",
                      "%s, %02d:%02d: this time does not exist, the clock is put forward on that "
                      "day",
                      rh_day_iso(day, text), minute / 60, minute % 60);
}

int32_t rh_host_zone_instant(struct rh_call *call, int32_t day, int32_t minute, int64_t *ret_utc)
{
    struct rh_run *run = rh_run_of(call);
    int32_t times;

    if (!rh_day_is_valid(day) || minute < 0 || minute > MINUTES_OF_DAY)
        return rh_err_set(run->err, RH_EINVALID, "Tag %d, Minute %d: so eine Zeit gibt es nicht",
                          "day %d, minute %d: there is no such time", day, minute);
    times = rh_berlin_times(day, minute * 60);
    if (times == 0)
        return no_such_minute(run, day, minute);
    *ret_utc = rh_berlin_instant(day, minute * 60);
    return times - 1;
}

int32_t rh_host_zone_local(struct rh_call *call, int64_t utc, int32_t *ret_day, int32_t *ret_minute)
{
    int32_t second = 0;
    int32_t day = rh_berlin_day(utc, &second);

    if (day == RH_NO_DAY)
        return rh_err_set(rh_run_of(call)->err, RH_EINVALID,
                          "von diesem Zeitpunkt weiß der Kalender nichts",
                          "the calendar knows nothing of this instant");
    *ret_day = day;
    *ret_minute = second / 60;
    return 0;
}
