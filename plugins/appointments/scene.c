/* Reads all that dates depend on into one model. */
#include "plugins/appointments/scene.h"

#include <math.h>
#include <string.h>

enum { HORIZON_MAX = 7 * 366, AWAY_MAX = 2000, BUSY_MAX = 200000 };

/* What costs how much, in points. A working day late is the measure. */
enum {
    PRICE_LATE = 2,
    PRICE_EARLY = 3, /* steps before it get less time than the process gives them */
    PRICE_HALF_HOUR = 1,
    PRICE_SCHOOL = 20,
    PRICE_QUIET = 60,
    PRICE_JOURNEY = 2,
    PRICE_WEEK = 6,
    PRICE_TEN_KM = 1,
    PRICE_OPTIONAL = 10
};

struct loading {
    struct rh_call *call;
    const struct scene_wish *wish;
    struct scene *scene;
    struct slots_party *parties;
    struct slots_place *places;
    struct slots_meeting *meetings;
    struct slots_group *groups;
    const uint8_t **calendars;
    int32_t *calendar_of;         /* by party; offices only */
    struct slots_attendee *seats; /* of meetings that were not asked for */
    int32_t seat_count;
    const char *forecast; /* the answer of 'procedure forecast' */
    int32_t party_max, meeting_max, last_day, from, until;
};

static void *alloc(void *context, size_t size)
{
    struct rh_call *call = context;

    return rh_alloc_in(call, size);
}

struct slots_memory scene_memory(struct rh_call *call)
{
    return (struct slots_memory){alloc, call};
}

static int32_t ask_number(struct rh_call *call, const char *sql, const char *argument, int64_t *ret)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, sql, "s", argument);

    *ret = 0;
    if (rc < 0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1)
        *ret = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

/* ---- who ---- */

/* Metres on a plane that touches the Land in its middle; good to half a per cent. */
static struct slots_place place_at(double latitude, double longitude)
{
    const double degree = 111194.9, middle = 51.5, shrink = 0.62251;
    double x = (longitude - 7.5) * degree * shrink, y = (latitude - middle) * degree;

    return (struct slots_place){(int32_t)fmax(-9e6, fmin(9e6, x)),
                                (int32_t)fmax(-9e6, fmin(9e6, y))};
}

static int32_t usual_hours(struct loading *l)
{
    int32_t rc;

    if ((rc = clock_read(l->call, "day_from", rh_config_text(l->call, "day_from"), &l->from)) < 0 ||
        (rc = clock_read(l->call, "day_until", rh_config_text(l->call, "day_until"), &l->until)) <
            0)
        return rc;
    if (l->from < l->until)
        return 0;
    return rh_fail(l->call, RH_EINVALID, "day_from liegt nicht vor day_until (Konfiguration)",
                   "day_from is not before day_until (configuration)");
}

static int32_t load_parties(struct loading *l)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(l->call, &rows,
                          "SELECT 'moderator', id, name, latitude, longitude, 1 AS part FROM "
                          "v_moderators_moderator UNION ALL SELECT 'office', id, name, latitude, "
                          "longitude, 2 FROM v_office ORDER BY part, 2",
                          "");

    while (rc >= 0 && (rc = rh_next(l->call, rows)) == 1) {
        int32_t p = l->scene->model.party_count++;
        struct slots_party *party = &l->parties[p];
        struct scene_party *who = &l->scene->who[p];

        *who =
            (struct scene_party){rh_get_text(l->call, rows, 0), rh_get_text(l->call, rows, 1),
                                 rh_get_text(l->call, rows, 2), rh_get_int(l->call, rows, 5) == 1};
        l->places[p] = place_at(rh_get_real(l->call, rows, 3), rh_get_real(l->call, rows, 4));
        l->calendar_of[p] = -1;
        party->home = p;
        party->weekly_max = who->moderator ? (int32_t)rh_config_int(l->call, "per_week") : 0;
        for (int32_t d = 0; d < 5; d++)
            party->hours[d] = (struct slots_hours){l->from, l->until};
    }
    rh_close(l->call, rows);
    l->scene->model.place_count = l->scene->model.party_count;
    return rc < 0 ? rc : 0;
}

/* Both halves of the list are in the order of their ids. */
static int32_t find_party(const struct scene *scene, int32_t moderator, const char *ref)
{
    int32_t low = 0, high = scene->model.party_count;

    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        const struct scene_party *who = &scene->who[middle];
        int32_t order =
            who->moderator == moderator ? strcmp(who->ref, ref) : (who->moderator ? -1 : 1);

        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

/* 'moderator/moderator-01', 'office/lemgo'. */
static int32_t find_who(const struct scene *scene, const char *who)
{
    if (strncmp(who, "moderator/", 10) == 0)
        return find_party(scene, 1, who + 10);
    return strncmp(who, "office/", 7) == 0 ? find_party(scene, 0, who + 7) : -1;
}

static int32_t load_hours(struct loading *l)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(l->call, &rows,
                 "SELECT who, weekday, from_minute, until_minute FROM appointments_hours", "");

    while (rc >= 0 && (rc = rh_next(l->call, rows)) == 1) {
        int32_t party = find_who(l->scene, rh_get_text(l->call, rows, 0));

        if (party >= 0)
            l->parties[party].hours[rh_get_int(l->call, rows, 1) - 1] = (struct slots_hours){
                (int32_t)rh_get_int(l->call, rows, 2), (int32_t)rh_get_int(l->call, rows, 3)};
    }
    rh_close(l->call, rows);
    return rc < 0 ? rc : 0;
}

/* ---- when not ---- */

static int32_t add_range(struct rh_call *call, const struct slots_range **list, int32_t *count,
                         struct slots_range range)
{
    /* Grown by the half; what was before is the call's until its end. */
    struct slots_range *grown = (struct slots_range *)(uintptr_t)*list;

    if ((*count & (*count - 1)) == 0) {
        if (!(grown = rh_alloc_in(call, (size_t)(*count ? 2 * *count : 1) * sizeof(*grown))))
            return RH_ENOMEM;
        if (*count)
            memcpy(grown, *list, (size_t)*count * sizeof(*grown));
        *list = grown;
    }
    grown[(*count)++] = range;
    return 0;
}

static int32_t read_range(struct rh_call *call, struct rh_rows *rows, int32_t column,
                          struct slots_range *ret)
{
    int32_t rc = rh_day_parse(call, rh_get_text(call, rows, column), &ret->first);

    return rc < 0 ? rc : rh_day_parse(call, rh_get_text(call, rows, column + 1), &ret->last);
}

static int32_t load_absences(struct loading *l)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(l->call, &rows,
                          "SELECT moderator, first_day, last_day FROM v_moderators_absence WHERE "
                          "last_day >= ?1",
                          "s", rh_day_text(l->call, l->scene->model.first_day));

    while (rc >= 0 && (rc = rh_next(l->call, rows)) == 1) {
        int32_t p = find_party(l->scene, 1, rh_get_text(l->call, rows, 0));
        struct slots_range range;

        if (p < 0)
            continue;
        if ((rc = read_range(l->call, rows, 1, &range)) < 0 ||
            (rc = add_range(l->call, &l->parties[p].absent, &l->parties[p].absent_count, range)) <
                0)
            return rc;
    }
    rh_close(l->call, rows);
    return rc < 0 ? rc : 0;
}

/* What is blocked for all is blocked for each office. */
static int32_t block(struct loading *l, int32_t only, int64_t weekday,
                     const struct slots_range *range)
{
    for (int32_t p = 0; p < l->scene->model.party_count; p++) {
        struct slots_party *party = &l->parties[p];
        int32_t rc;

        if (only >= 0 ? p != only : l->scene->who[p].moderator)
            continue;
        if (!range)
            party->blocked_weekdays |= 1u << (weekday - 1);
        else if ((rc = add_range(l->call, &party->blocked, &party->blocked_count, *range)) < 0)
            return rc;
    }
    return 0;
}

static int32_t load_blocked(struct loading *l)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(l->call, &rows,
                          "SELECT who, weekday, first_day, last_day FROM appointments_blocked "
                          "WHERE last_day IS NULL OR last_day >= ?1",
                          "s", rh_day_text(l->call, l->scene->model.first_day));

    while (rc >= 0 && (rc = rh_next(l->call, rows)) == 1) {
        const char *who = rh_get_text(l->call, rows, 0);
        int32_t party = find_who(l->scene, who);
        int32_t weekly = !rh_is_null(l->call, rows, 1);
        struct slots_range range;

        if (party < 0 && strcmp(who, "all") != 0)
            continue;
        if ((!weekly && (rc = read_range(l->call, rows, 2, &range)) < 0) ||
            (rc = block(l, party, rh_get_int(l->call, rows, 1), weekly ? NULL : &range)) < 0)
            return rc;
    }
    rh_close(l->call, rows);
    return rc < 0 ? rc : 0;
}

/* The times from other people's calendars, by the clock on the wall; one over midnight is one a
 * day. */
static int32_t add_busy(struct loading *l, struct slots_span *spans, int32_t *count, int64_t start,
                        int64_t end)
{
    const struct slots_model *model = &l->scene->model;
    int32_t day, last, minute, until, rc;

    if ((rc = rh_zone_local_in(l->call, start, &day, &minute)) < 0 ||
        (rc = rh_zone_local_in(l->call, end + 59, &last, &until)) < 0)
        return rc;
    for (; day <= last && *count < BUSY_MAX; day++, minute = 0) {
        int32_t to = day == last ? until : SLOTS_DAY_MINUTES;

        if (day >= model->first_day && day - model->first_day < model->day_count && minute < to)
            spans[(*count)++] = (struct slots_span){day, minute, to};
    }
    return 0;
}

static int32_t load_busy(struct loading *l)
{
    const struct slots_model *model = &l->scene->model;
    int64_t first_utc, last_utc, rows_count;
    struct slots_span *spans;
    struct rh_rows *rows;
    int32_t used = 0,
            rc = ask_number(l->call, "SELECT count(*) FROM appointments_busy WHERE ?1 IS NULL",
                            NULL, &rows_count);
    int32_t room = rows_count * 3 < BUSY_MAX ? (int32_t)rows_count * 3 : BUSY_MAX;

    if (rc < 0 || rows_count == 0)
        return rc;
    if (!(spans = rh_alloc_in(l->call, ((size_t)room + 1) * sizeof(*spans))))
        return RH_ENOMEM;
    if ((rc = rh_zone_instant_in(l->call, model->first_day, 0, &first_utc)) < 0 ||
        (rc = rh_zone_instant_in(l->call, model->first_day + model->day_count, 0, &last_utc)) < 0 ||
        (rc = rh_query(l->call, &rows,
                       "SELECT s.moderator, b.start_utc, b.end_utc FROM appointments_busy b JOIN "
                       "appointments_busy_source s ON s.id = b.source AND s.state = 'on' WHERE "
                       "b.end_utc > ?1 AND b.start_utc < ?2 ORDER BY s.moderator, b.start_utc",
                       "ii", first_utc, last_utc)) < 0)
        return rc;
    while ((rc = rh_next(l->call, rows)) == 1) {
        int32_t p = find_party(l->scene, 1, rh_get_text(l->call, rows, 0)), before = used;
        struct slots_party *party = &l->parties[p < 0 ? 0 : p];

        if (p < 0 ||
            used + (rh_get_int(l->call, rows, 2) - rh_get_int(l->call, rows, 1)) / 86400 + 2 >=
                room)
            continue;
        if ((rc = add_busy(l, spans, &used, rh_get_int(l->call, rows, 1),
                           rh_get_int(l->call, rows, 2))) < 0)
            return rc;
        if (!party->busy)
            party->busy = &spans[before];
        party->busy_count += used - before;
    }
    rh_close(l->call, rows);
    return rc < 0 ? rc : 0;
}

/* Spans that follow others from midnight on may be out of order beside a long one. */
static void sort_busy(struct loading *l)
{
    for (int32_t p = 0; p < l->scene->model.party_count; p++) {
        struct slots_span *spans = (struct slots_span *)(uintptr_t)l->parties[p].busy;

        for (int32_t i = 1; i < l->parties[p].busy_count; i++)
            for (int32_t k = i; k > 0 && (spans[k].day < spans[k - 1].day ||
                                          (spans[k].day == spans[k - 1].day &&
                                           spans[k].start < spans[k - 1].start));
                 k--) {
                struct slots_span moved = spans[k];

                spans[k] = spans[k - 1];
                spans[k - 1] = moved;
            }
    }
}

/* ---- calendars ---- */

static int32_t has_own_days(struct rh_call *call, const char *office, int64_t *ret)
{
    return ask_number(call, "SELECT count(*) FROM v_closing_day WHERE office = ?1", office, ret);
}

/* The same bits for every calendar: school holidays and quiet periods. */
static int32_t mark_days(struct loading *l, uint8_t *days)
{
    const struct slots_model *model = &l->scene->model;
    struct rh_rows *rows;
    struct slots_range range;
    int32_t rc = rh_query(l->call, &rows,
                          "SELECT first_day, last_day FROM v_school_holiday WHERE last_day >= ?1",
                          "s", rh_day_text(l->call, model->first_day));

    while (rc >= 0 && (rc = rh_next(l->call, rows)) == 1) {
        if ((rc = read_range(l->call, rows, 0, &range)) < 0)
            return rc;
        for (int32_t i = 0; i < model->day_count; i++)
            if (model->first_day + i >= range.first && model->first_day + i <= range.last)
                days[i] |= SLOTS_DAY_SCHOOL;
    }
    rh_close(l->call, rows);
    if (rc < 0)
        return rc;
    rc = rh_query(l->call, &rows,
                  "SELECT value ->> 'first', value ->> 'last' FROM json_each(?1, '$.quiet')", "s",
                  l->forecast);
    while (rc >= 0 && (rc = rh_next(l->call, rows)) == 1) {
        const char *first = rh_get_text(l->call, rows, 0), *last = rh_get_text(l->call, rows, 1);

        for (int32_t i = 0; i < model->day_count; i++) {
            const char *on = rh_day_text(l->call, model->first_day + i) + 5;
            int32_t after = strcmp(on, first) >= 0, before = strcmp(on, last) <= 0;

            if (strcmp(first, last) <= 0 ? after && before : after || before)
                days[i] |= SLOTS_DAY_QUIET;
        }
    }
    rh_close(l->call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t add_calendar(struct loading *l, const char *office)
{
    struct slots_model *model = &l->scene->model;
    uint8_t *days = rh_alloc_in(l->call, (size_t)model->day_count);
    struct rh_calendar *calendar;
    int32_t rc = rh_calendar_open(l->call, office, &calendar);

    if (rc < 0 || !days)
        return rc < 0 ? rc : RH_ENOMEM;
    if (model->calendar_count > 0)
        for (int32_t i = 0; i < model->day_count; i++)
            days[i] = l->calendars[0][i] & (SLOTS_DAY_SCHOOL | SLOTS_DAY_QUIET);
    else if ((rc = mark_days(l, days)) < 0)
        return rc;
    for (int32_t i = 0; i < model->day_count; i++)
        if (!rh_calendar_is_workday(l->call, calendar, model->first_day + i))
            days[i] |= SLOTS_DAY_FREE;
    l->calendars[model->calendar_count++] = days;
    return 0;
}

/* The first is that of the Land; an office without days of its own has it, too. */
static int32_t calendar_of(struct loading *l, int32_t office, int32_t *ret)
{
    int64_t own;
    int32_t rc = has_own_days(l->call, l->scene->who[office].ref, &own);

    if (rc == 0 && own && l->calendar_of[office] < 0 &&
        (rc = add_calendar(l, l->scene->who[office].ref)) == 0)
        l->calendar_of[office] = l->scene->model.calendar_count - 1;
    *ret = l->calendar_of[office] < 0 ? 0 : l->calendar_of[office];
    return rc;
}

/* Where the configuration rules school holidays out, they are blocked. */
static int32_t block_school(struct loading *l)
{
    const struct slots_model *model = &l->scene->model;
    int32_t rc = 0;

    for (int32_t i = 0; i < model->day_count && rc == 0; i++) {
        struct slots_range range = {model->first_day + i, model->first_day + i};

        if (!(l->calendars[0][i] & SLOTS_DAY_SCHOOL))
            continue;
        while (i + 1 < model->day_count && (l->calendars[0][i + 1] & SLOTS_DAY_SCHOOL))
            range.last = model->first_day + ++i;
        rc = block(l, -1, 0, &range);
    }
    return rc;
}

/* ---- meetings ---- */

static int32_t seats_new(struct loading *l, struct slots_meeting *meeting, int32_t room,
                         struct slots_attendee **ret)
{
    if (!(*ret = rh_alloc_in(l->call, ((size_t)room + 1) * sizeof(**ret))))
        return RH_ENOMEM;
    meeting->attendees = *ret;
    return 0;
}

/* The team that is published for the procedure, behind the office. */
static int32_t seat_team(struct loading *l, struct slots_meeting *meeting, const char *procedure,
                         int32_t office)
{
    struct slots_attendee *seats;
    struct rh_rows *rows;
    int32_t rc = seats_new(l, meeting, 16, &seats);

    if (rc < 0 ||
        (rc = rh_query(l->call, &rows,
                       "SELECT t.moderator FROM v_procedure p JOIN v_moderators_team t ON t.state "
                       "= 'published' AND t.office = p.office AND t.start_month = p.start_month "
                       "WHERE p.id = ?1 ORDER BY t.moderator LIMIT 15",
                       "s", procedure)) < 0)
        return rc;
    seats[meeting->attendee_count++] = (struct slots_attendee){office, 0};
    while ((rc = rh_next(l->call, rows)) == 1) {
        int32_t party = find_party(l->scene, 1, rh_get_text(l->call, rows, 0));

        if (party >= 0)
            seats[meeting->attendee_count++] = (struct slots_attendee){party, 0};
    }
    rh_close(l->call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t skip(struct loading *l, struct rh_rows *rows, const char *de, const char *en)
{
    l->scene->skipped[l->scene->skipped_count++] =
        (struct scene_skip){rh_get_text(l->call, rows, 0),
                            rh_get_text(l->call, rows, 2),
                            rh_get_text(l->call, rows, 3),
                            rh_get_text(l->call, rows, l->call->lang == 0 ? 4 : 5),
                            de,
                            en};
    return 0;
}

/* Columns of the forecast, with what stands in our own tables beside them. */
enum {
    F_PROCEDURE,
    F_OFFICE,
    F_OFFICE_NAME,
    F_STEP,
    F_TITLE_DE,
    F_TITLE_EN,
    F_STATE,
    F_DAY,
    F_EARLIEST,
    F_AGREED,
    F_AT,
    F_UNTIL,
    F_GAP,
    F_ID,
    F_OWN_STATE,
    F_OWN_DAY,
    F_OWN_START,
    F_OWN_END,
    F_OWN_VIDEO,
    F_POLL
};

static int32_t clip(const struct slots_model *model, int32_t day)
{
    int32_t last = model->first_day + model->day_count - 1;

    return day < model->first_day ? model->first_day : day > last ? last : day;
}

/* Its window of days and minutes. */
static int32_t set_window(struct loading *l, struct rh_rows *rows, struct slots_meeting *meeting)
{
    const struct slots_model *model = &l->scene->model;
    int32_t at = (int32_t)rh_get_int(l->call, rows, F_AT), rc;
    int32_t until = (int32_t)rh_get_int(l->call, rows, F_UNTIL);
    int32_t ideal, earliest = RH_NO_DAY;

    if ((rc = rh_day_parse(l->call, rh_get_text(l->call, rows, F_DAY), &ideal)) < 0 ||
        (!rh_is_null(l->call, rows, F_EARLIEST) &&
         (rc = rh_day_parse(l->call, rh_get_text(l->call, rows, F_EARLIEST), &earliest)) < 0))
        return rc;
    if (earliest < l->wish->from)
        earliest = l->wish->from;
    if (ideal < earliest)
        ideal = earliest;
    meeting->earliest = clip(model, earliest);
    meeting->ideal = clip(model, ideal);
    meeting->latest = clip(model, ideal + WINDOW_DAYS);
    meeting->minutes = (int32_t)rh_config_int(l->call, "minutes");
    meeting->from = at >= 0 ? at : l->from;
    meeting->until = l->until;
    if (at >= 0 && until > at)
        meeting->minutes = until - at;
    if (at >= 0)
        meeting->until = at + meeting->minutes;
    if (meeting->until - meeting->from < meeting->minutes)
        meeting->minutes = meeting->until - meeting->from;
    meeting->ideal_minute = at >= 0 ? at : l->from < 600 ? 600 : l->from;
    meeting->gap = (int32_t)rh_get_int(l->call, rows, F_GAP);
    meeting->gap = meeting->gap < 1 ? 1 : meeting->gap > 2000 ? 2000 : meeting->gap;
    return 0;
}

/* It has a date already: the minutes are those of the date. */
static int32_t set_standing(struct loading *l, struct rh_rows *rows, struct slots_meeting *meeting)
{
    int32_t fixed = strcmp(rh_get_text(l->call, rows, F_OWN_STATE), "fixed") == 0, day;
    int32_t start = (int32_t)rh_get_int(l->call, rows, F_OWN_START);
    int32_t rc = rh_day_parse(l->call, rh_get_text(l->call, rows, F_OWN_DAY), &day);

    if (rc < 0)
        return rc;
    meeting->state = fixed && !l->wish->fixed_may_move ? SLOTS_FIXED : SLOTS_STANDS;
    meeting->at = (struct slots_slot){day, start};
    meeting->minutes = (int32_t)rh_get_int(l->call, rows, F_OWN_END) - start;
    if (meeting->until - meeting->from < meeting->minutes) {
        meeting->from = start < meeting->from ? start : meeting->from;
        meeting->until = meeting->from + meeting->minutes > start + meeting->minutes
                             ? meeting->from + meeting->minutes
                             : start + meeting->minutes;
    }
    if (!rh_is_null(l->call, rows, F_OWN_VIDEO))
        meeting->place = -1;
    return 0;
}

static int32_t add_asked(struct loading *l, struct rh_rows *rows, const char **last_procedure)
{
    struct slots_model *model = &l->scene->model;
    const char *procedure = rh_get_text(l->call, rows, F_PROCEDURE);
    int32_t office = find_party(l->scene, 0, rh_get_text(l->call, rows, F_OFFICE)), rc;
    struct slots_meeting *meeting = &l->meetings[model->meeting_count];

    if (!rh_is_null(l->call, rows, F_POLL) && rh_is_null(l->call, rows, F_ID))
        return skip(l, rows, "eine Terminumfrage läuft", "a date poll is open");
    if (office < 0 || rh_is_null(l->call, rows, F_DAY))
        return skip(l, rows, "der Ablauf nennt noch keinen Tag", "the process names no day so far");
    if (rh_get_int(l->call, rows, F_AGREED) && rh_is_null(l->call, rows, F_ID))
        return skip(l, rows, "das Datum steht am Verfahren ('step date'), ein Termin dazu nicht",
                    "the procedure has the date ('step date'), but there is no meeting");
    *meeting = (struct slots_meeting){.place = office};
    if ((rc = set_window(l, rows, meeting)) < 0 ||
        (rc = calendar_of(l, office, &meeting->calendar)) < 0 ||
        (rc = seat_team(l, meeting, procedure, office)) < 0 ||
        (!rh_is_null(l->call, rows, F_ID) && (rc = set_standing(l, rows, meeting)) < 0))
        return rc;
    if (meeting->state == SLOTS_FIXED && meeting->at.day < model->first_day)
        return skip(l, rows, "der vereinbarte Termin ist vorbei, der Schritt nicht getan",
                    "the fixed date is over, the step is not done");
    /* A held one that is over looks for another day. */
    if (meeting->state != SLOTS_FREE)
        meeting->at.day = clip(model, meeting->at.day);
    if (meeting->attendee_count < 2 && meeting->state == SLOTS_FREE)
        return skip(l, rows, "noch kein Team veröffentlicht", "no team is published so far");
    l->scene->what[model->meeting_count] =
        (struct scene_meeting){rh_get_text(l->call, rows, F_ID),
                               procedure,
                               rh_get_text(l->call, rows, F_OFFICE),
                               rh_get_text(l->call, rows, F_OFFICE_NAME),
                               rh_get_text(l->call, rows, F_STEP),
                               rh_get_text(l->call, rows, F_TITLE_DE),
                               rh_get_text(l->call, rows, F_TITLE_EN),
                               rh_get_text(l->call, rows, F_OWN_STATE),
                               1};
    if (!*last_procedure || strcmp(*last_procedure, procedure) != 0)
        l->groups[model->group_count++] = (struct slots_group){model->meeting_count, 0};
    l->groups[model->group_count - 1].count++;
    *last_procedure = procedure;
    model->meeting_count++;
    return 0;
}

/* A date of the planning, or one a person fixed; held ones of polls are in the way of others only.
 */
static const char asked_sql[] =
    "SELECT f.value ->> 'procedure', f.value ->> 'office', f.value ->> 'office_name', f.value ->> "
    "'step', f.value ->> 'title_de', f.value ->> 'title_en', f.value ->> 'state', f.value ->> "
    "'day', f.value ->> 'earliest', f.value ->> 'agreed', f.value ->> 'at', f.value ->> 'until', "
    "f.value ->> 'gap', m.id, m.state, m.day, m.start_minute, m.end_minute, m.video, (SELECT "
    "min(p.id) FROM appointments_poll p WHERE p.state = 'open' AND p.procedure = f.value ->> "
    "'procedure' AND p.step = f.value ->> 'step') FROM json_each(?1, '$.items') f LEFT JOIN "
    "appointments_meeting m ON m.procedure = f.value ->> 'procedure' AND m.step = f.value ->> "
    "'step' AND (m.state = 'fixed' OR (m.state = 'held' AND m.poll IS NULL AND NOT EXISTS (SELECT "
    "1 FROM appointments_meeting x WHERE x.procedure = m.procedure AND x.step = m.step AND x.state "
    "= 'fixed'))) WHERE f.value ->> 'who' IN ('team','lead') AND f.value ->> 'state' NOT IN "
    "('done','skipped','cancelled') ORDER BY f.key, m.id";

static int32_t load_asked(struct loading *l)
{
    const char *last = NULL;
    struct rh_rows *rows;
    int32_t rc = rh_query(l->call, &rows, asked_sql, "s", l->forecast);

    while (rc >= 0 && l->scene->model.meeting_count < l->meeting_max &&
           (rc = rh_next(l->call, rows)) == 1)
        if ((rc = add_asked(l, rows, &last)) < 0)
            return rc;
    rh_close(l->call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t is_asked(const struct scene *scene, const char *id)
{
    for (int32_t m = 0; m < scene->model.meeting_count && scene->what[m].asked; m++)
        if (scene->what[m].id && strcmp(scene->what[m].id, id) == 0)
            return 1;
    return 0;
}

/* One row a seat; an event for all only counts for who has accepted. */
enum {
    O_ID,
    O_PROCEDURE,
    O_OFFICE,
    O_OFFICE_NAME,
    O_STEP,
    O_TITLE_DE,
    O_TITLE_EN,
    O_DAY,
    O_START,
    O_END,
    O_VIDEO,
    O_STATE,
    O_KIND,
    O_REF
};
static const char others_sql[] =
    "SELECT m.id, m.procedure, m.office, o.name, m.step, m.title_de, m.title_en, m.day, "
    "m.start_minute, m.end_minute, m.video, m.state, a.kind, a.ref FROM appointments_meeting m "
    "LEFT JOIN v_office o ON o.id = m.office LEFT JOIN v_appointments_attendee a ON a.meeting = "
    "m.id AND a.kind IN ('moderator','office') AND a.partstat <> 'declined' AND (m.procedure IS "
    "NOT NULL OR a.partstat = 'accepted') WHERE m.state IN ('held','fixed') AND m.day BETWEEN ?1 "
    "AND ?2 ORDER BY m.day, m.start_minute, m.id, a.kind, a.ref";

static void take_seat(struct loading *l, const struct slots_attendee *first,
                      struct slots_meeting *meeting, int32_t party)
{
    if (party < 0 || meeting->attendee_count >= SLOTS_ATTENDEES_MAX)
        return;
    for (int32_t a = 0; a < meeting->attendee_count; a++)
        if (first[a].party == party)
            return;
    l->seats[l->seat_count++] = (struct slots_attendee){party, 0};
    meeting->attendee_count++;
}

static int32_t add_other(struct loading *l, struct rh_rows *rows, const char *id)
{
    struct slots_model *model = &l->scene->model;
    struct slots_meeting *meeting = &l->meetings[model->meeting_count];
    int32_t office = -1, start = (int32_t)rh_get_int(l->call, rows, O_START), day, rc;

    if (!rh_is_null(l->call, rows, O_OFFICE))
        office = find_party(l->scene, 0, rh_get_text(l->call, rows, O_OFFICE));
    if ((rc = rh_day_parse(l->call, rh_get_text(l->call, rows, O_DAY), &day)) < 0)
        return rc;
    *meeting = (struct slots_meeting){.state = SLOTS_FIXED,
                                      .at = {day, start},
                                      .place = rh_is_null(l->call, rows, O_VIDEO) ? office : -1,
                                      .minutes = (int32_t)rh_get_int(l->call, rows, O_END) - start,
                                      .from = start,
                                      .until = (int32_t)rh_get_int(l->call, rows, O_END),
                                      .earliest = day,
                                      .latest = day,
                                      .ideal = day,
                                      .ideal_minute = start,
                                      .gap = 1,
                                      .attendees = &l->seats[l->seat_count]};
    take_seat(l, meeting->attendees, meeting, office);
    l->scene->what[model->meeting_count] =
        (struct scene_meeting){id,
                               rh_get_text(l->call, rows, O_PROCEDURE),
                               rh_get_text(l->call, rows, O_OFFICE),
                               rh_get_text(l->call, rows, O_OFFICE_NAME),
                               rh_get_text(l->call, rows, O_STEP),
                               rh_get_text(l->call, rows, O_TITLE_DE),
                               rh_get_text(l->call, rows, O_TITLE_EN),
                               rh_get_text(l->call, rows, O_STATE),
                               0};
    l->groups[model->group_count++] = (struct slots_group){model->meeting_count++, 1};
    return 0;
}

static int32_t load_others(struct loading *l)
{
    struct slots_model *model = &l->scene->model;
    const char *last = NULL;
    struct slots_meeting *meeting = NULL;
    struct rh_rows *rows;
    int64_t room;
    int32_t rc = ask_number(l->call,
                            "SELECT (SELECT count(*) FROM appointments_meeting WHERE day >= ?1) + "
                            "(SELECT count(*) FROM v_appointments_attendee)",
                            rh_day_text(l->call, model->first_day), &room);

    if (rc < 0)
        return rc;
    if (!(l->seats = rh_alloc_in(l->call, ((size_t)room + 1) * sizeof(*l->seats))))
        return RH_ENOMEM;
    rc = rh_query(l->call, &rows, others_sql, "ss", rh_day_text(l->call, model->first_day),
                  rh_day_text(l->call, model->first_day + model->day_count - 1));
    while (rc >= 0 && model->meeting_count < l->meeting_max && (rc = rh_next(l->call, rows)) == 1) {
        const char *id = rh_get_text(l->call, rows, O_ID);

        if (!last || strcmp(last, id) != 0) {
            last = id;
            meeting = is_asked(l->scene, id) ? NULL : &l->meetings[model->meeting_count];
            if (meeting && (rc = add_other(l, rows, id)) < 0)
                return rc;
        }
        if (meeting && !rh_is_null(l->call, rows, O_KIND))
            take_seat(l, meeting->attendees, meeting,
                      find_party(l->scene,
                                 strcmp(rh_get_text(l->call, rows, O_KIND), "moderator") == 0,
                                 rh_get_text(l->call, rows, O_REF)));
    }
    rh_close(l->call, rows);
    return rc < 0 ? rc : 0;
}

/* ---- all of it ---- */

static int32_t ask_forecast(struct loading *l)
{
    struct rh_rows *rows;
    const char *params = "{}";
    int32_t rc = rh_query(l->call, &rows,
                          "SELECT json_patch('{}', json_object('procedure', ?1, 'round', ?2))",
                          "ss", l->wish->procedure, l->wish->round);

    if (rc < 0)
        return rc;
    if ((rc = rh_next(l->call, rows)) == 1)
        params = rh_get_text(l->call, rows, 0);
    rh_close(l->call, rows);
    if (rc < 0)
        return rc;
    return rh_operate_in(l->call, "procedure forecast", params, &l->forecast);
}

/* From a fortnight before the first day that anything asked for could be on (but not before
 * yesterday: whoever was far away then may rest) to some weeks after the last. */
static int32_t set_horizon(struct loading *l)
{
    struct slots_model *model = &l->scene->model;
    struct rh_rows *rows;
    int32_t first = l->wish->from, last = l->wish->from, rc;

    if ((rc = rh_query(l->call, &rows,
                       "WITH d(day) AS (SELECT value ->> 'day' FROM json_each(?1, '$.items') UNION "
                       "ALL SELECT value ->> 'earliest' FROM json_each(?1, '$.items') UNION ALL "
                       "SELECT m.day FROM json_each(?1, '$.items') f JOIN appointments_meeting m "
                       "ON m.procedure = f.value ->> 'procedure' AND m.step = f.value ->> 'step' "
                       "AND m.state IN ('held','fixed')) SELECT min(day), max(day) FROM d",
                       "s", l->forecast)) < 0)
        return rc;
    if ((rc = rh_next(l->call, rows)) == 1 && !rh_is_null(l->call, rows, 0) &&
        (rc = rh_day_parse(l->call, rh_get_text(l->call, rows, 0), &first)) == 0)
        rc = rh_day_parse(l->call, rh_get_text(l->call, rows, 1), &last);
    rh_close(l->call, rows);
    if (rc < 0)
        return rc;
    first = first - 14 > rh_today(l->call) - 1 ? first - 14 : rh_today(l->call) - 1;
    last = last > l->wish->from ? last : l->wish->from;
    model->first_day = first;
    model->day_count = last + WINDOW_DAYS + BEYOND_DAYS + 1 - first;
    if (model->day_count > HORIZON_MAX)
        model->day_count = HORIZON_MAX;
    return 0;
}

static int32_t make_room(struct loading *l)
{
    int64_t parties, meetings, items;
    int32_t rc;

    if ((rc = ask_number(l->call,
                         "SELECT (SELECT count(*) FROM v_moderators_moderator) + (SELECT count(*) "
                         "FROM v_office) WHERE ?1 IS NULL",
                         NULL, &parties)) < 0 ||
        (rc = ask_number(l->call,
                         "SELECT count(*) FROM appointments_meeting WHERE state IN "
                         "('held','fixed') AND day >= ?1",
                         rh_day_text(l->call, l->scene->model.first_day), &meetings)) < 0 ||
        (rc = ask_number(l->call, "SELECT json_array_length(?1, '$.items')", l->forecast, &items)) <
            0)
        return rc;
    /* A step may have several held dates that were never cleared away; each row is one item. */
    l->party_max = (int32_t)parties;
    l->meeting_max = (int32_t)(2 * meetings + items);
    if (parties > SLOTS_PARTIES_MAX || 2 * meetings + items > SLOTS_MEETINGS_MAX)
        return rh_fail(l->call, RH_ETOOLARGE, "zu viele Termine oder Personen für eine Planung",
                       "too many meetings or people for one planning");
    l->parties = rh_alloc_in(l->call, ((size_t)parties + 1) * sizeof(*l->parties));
    l->places = rh_alloc_in(l->call, ((size_t)parties + 1) * sizeof(*l->places));
    l->calendar_of = rh_alloc_in(l->call, ((size_t)parties + 1) * sizeof(*l->calendar_of));
    l->calendars = rh_alloc_in(l->call, ((size_t)parties + 2) * sizeof(*l->calendars));
    l->scene->who = rh_alloc_in(l->call, ((size_t)parties + 1) * sizeof(*l->scene->who));
    l->meetings = rh_alloc_in(l->call, ((size_t)l->meeting_max + 1) * sizeof(*l->meetings));
    l->groups = rh_alloc_in(l->call, ((size_t)l->meeting_max + 1) * sizeof(*l->groups));
    l->scene->what = rh_alloc_in(l->call, ((size_t)l->meeting_max + 1) * sizeof(*l->scene->what));
    l->scene->skipped =
        rh_alloc_in(l->call, ((size_t)l->meeting_max + 1) * sizeof(*l->scene->skipped));
    return l->parties && l->places && l->calendar_of && l->calendars && l->scene->who &&
                   l->meetings && l->groups && l->scene->what && l->scene->skipped
               ? 0
               : RH_ENOMEM;
}

static void set_rules(const struct loading *l)
{
    int32_t school =
        strcmp(rh_config_text(l->call, "school_holidays"), "ignore") == 0 ? 0 : PRICE_SCHOOL;

    l->scene->model.rules = (struct slots_rules){
        .grid_minutes = 30,
        .metres_per_hour = (int32_t)rh_config_int(l->call, "travel_kmh") * 1000,
        .buffer_minutes = (int32_t)rh_config_int(l->call, "gap_minutes"),
        .rest_minutes = 11 * 60, /* section 5 ArbZG */
        .leave_minute = 7 * 60,
        .home_minute = 19 * 60,
        .price = {[SLOTS_COST_LATE] = PRICE_LATE,
                  [SLOTS_COST_EARLY] = PRICE_EARLY,
                  [SLOTS_COST_HOUR] = PRICE_HALF_HOUR,
                  [SLOTS_COST_SCHOOL] = school,
                  [SLOTS_COST_QUIET] = PRICE_QUIET,
                  [SLOTS_COST_JOURNEY] = PRICE_JOURNEY,
                  [SLOTS_COST_WEEK] = PRICE_WEEK,
                  [SLOTS_COST_TRAVEL] = PRICE_TEN_KM,
                  [SLOTS_COST_OPTIONAL] = PRICE_OPTIONAL,
                  [SLOTS_COST_CHANGE] = l->wish->change_price}};
}

int32_t scene_load(struct rh_call *call, const struct scene_wish *wish, struct scene *ret)
{
    struct loading l = {.call = call, .wish = wish, .scene = ret};
    const char *where;
    int32_t rc;

    *ret = (struct scene){0};
    if ((rc = usual_hours(&l)) < 0 || (rc = ask_forecast(&l)) < 0 || (rc = set_horizon(&l)) < 0 ||
        (rc = make_room(&l)) < 0 || (rc = load_parties(&l)) < 0 || (rc = load_hours(&l)) < 0 ||
        (rc = load_absences(&l)) < 0 || (rc = load_blocked(&l)) < 0 || (rc = load_busy(&l)) < 0 ||
        (rc = add_calendar(&l, NULL)) < 0)
        return rc;
    sort_busy(&l);
    ret->model.calendars = l.calendars;
    ret->model.places = l.places;
    ret->model.parties = l.parties;
    ret->model.meetings = l.meetings;
    ret->model.groups = l.groups;
    if (strcmp(rh_config_text(call, "school_holidays"), "refuse") == 0 &&
        (rc = block_school(&l)) < 0)
        return rc;
    if ((rc = load_asked(&l)) < 0 || (rc = load_others(&l)) < 0)
        return rc;
    set_rules(&l);
    if (slots_model_check(&ret->model, &where) < 0)
        return rh_fail(call, RH_EFAILED, "die Termine widersprechen sich (%s)",
                       "the meetings contradict each other (%s)", where);
    return 0;
}

int32_t scene_fingerprint(struct rh_call *call, const char **ret_text)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT (SELECT count(*) || '/' || ifnull(max(changed_utc), 0) || '/' || "
        "ifnull(sum(sequence), 0) || '/' || ifnull(sum(unixepoch(day) / 86400 * (start_minute + "
        "1)), 0) || '/' || ifnull(sum(state = 'fixed'), 0) || '/' || ifnull(sum(state = 'held'), "
        "0) FROM appointments_meeting) || ';' || (SELECT count(*) || '/' || "
        "ifnull(max(answered_utc), 0) || '/' || ifnull(sum(partstat = 'declined'), 0) FROM "
        "v_appointments_attendee) || ';' || (SELECT count(*) || '/' || ifnull(max(good_utc), 0) "
        "FROM appointments_busy_source WHERE state = 'on') || ';' || (SELECT count(*) FROM "
        "appointments_busy) || ';' || (SELECT count(*) || '/' || ifnull(sum(weekday * 10000 + "
        "from_minute * 3 + until_minute), 0) FROM appointments_hours) || ';' || (SELECT count(*) "
        "|| '/' || ifnull(max(id), 0) FROM appointments_blocked) || ';' || (SELECT count(*) || '/' "
        "|| ifnull(sum(unixepoch(first_day) + unixepoch(last_day) * 3), 0) FROM "
        "v_moderators_absence) || ';' || (SELECT count(*) || '/' || ifnull(max(plan), 0) FROM "
        "v_moderators_team WHERE state = 'published') || ';' || (SELECT count(*) || '/' || "
        "ifnull(sum(unixepoch(start_month || '-01')), 0) || '/' || ifnull(sum(state = "
        "'planned'), 0) FROM v_procedure) || ';' || (SELECT count(*) || '/' || "
        "ifnull(sum(unixepoch(due_day)), 0) || '/' || ifnull(sum(state = 'done'), 0) FROM v_step) "
        "|| ';' || (SELECT count(*) || '/' || ifnull(max(id), 0) FROM v_closing_day) || ';' || "
        "(SELECT count(*) FROM v_school_holiday) || ';' || (SELECT count(*) || "
        "ifnull(max(added_utc), 0) FROM v_process)",
        "");

    *ret_text = NULL;
    if (rc < 0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1)
        *ret_text = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}
