/* A month and a week of meetings, as the tables of two pages: of all, or of one moderator. */
#include "plugins/appointments/internal.h"

#include <string.h>

#define DAYS 7

struct sheet {
    struct rh_call *call;
    struct rh_calendar *calendar; /* of the Land */
    const char *moderator;        /* NULL: all */
    int32_t first, last;          /* days, both shown */
    int32_t columns;              /* 5: Monday to Friday; 7: something is on a weekend */
    int32_t month;                /* the one that is meant; RH_NO_MONTH with a week */
};

/* Monday = 0. */
static int32_t weekday_of(int32_t day)
{
    return ((day + 3) % 7 + 7) % 7;
}

/* ISO 8601: the week with the year's first Thursday is week 1. */
static int32_t week_number(struct rh_call *call, int32_t monday)
{
    int32_t first = monday;

    (void)rh_day_parse(call,
                       rh_format(call, "%.4s-01-01", "%.4s-01-01", rh_day_text(call, monday + 3)),
                       &first); /* a day we made */
    return (monday + 3 - first) / DAYS + 1;
}

static const char *day_words(struct rh_call *call, int32_t day, bool with_year)
{
    static const char *const de[] = {"Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"};
    static const char *const en[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    const char *text = rh_day_text(call, day);

    if (call->lang != 0)
        return rh_format(call, "%s %s", "%s %s", en[weekday_of(day)], with_year ? text : text + 5);
    return rh_format(call, "%s %.2s.%.2s.%s", "%s %.2s.%.2s.%s", de[weekday_of(day)], text + 8,
                     text + 5, with_year ? rh_format(call, "%.4s", "%.4s", text) : "");
}

/* ---- what both need ---- */

static int32_t who(struct sheet *sheet)
{
    struct rh_call *call = sheet->call;
    struct rh_rows *rows;
    int32_t rc;

    sheet->moderator = NULL;
    if (rh_param_given(call, "moderator") &&
        (rc = rh_resolve(call, "SELECT id, name FROM v_moderators_moderator",
                         RH_TEXT("Moderator*in", "moderator"), rh_param_text(call, "moderator"),
                         &sheet->moderator)) < 0)
        return rc;
    rh_out_text(call, "moderator", sheet->moderator);
    rc = rh_query(call, &rows,
                  "SELECT id, name, id IS ?1 FROM v_moderators_moderator WHERE active = 1 OR id IS "
                  "?1 ORDER BY name, id",
                  "s", sheet->moderator);
    if (rc < 0)
        return rc;
    rh_out_array(call, "moderators");
    while ((rc = rh_next(call, rows)) == 1) {
        rh_out_object(call, NULL);
        rh_out_text(call, "id", rh_get_text(call, rows, 0));
        rh_out_text(call, "name", rh_get_text(call, rows, 1));
        rh_out_flag(call, "selected", rh_get_int(call, rows, 2) != 0);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_close(call, rows);
    return rc;
}

/* Weekends have columns only when something is on them. */
static int32_t choose_columns(struct sheet *sheet)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        sheet->call, &rows,
        "SELECT 1 FROM v_appointments_meeting m WHERE m.state <> 'cancelled' AND m.day BETWEEN ?1 "
        "AND ?2 AND strftime('%w', m.day) IN ('0','6') LIMIT 1",
        "ss", rh_day_text(sheet->call, sheet->first), rh_day_text(sheet->call, sheet->last));

    if (rc < 0 || (rc = rh_next(sheet->call, rows)) < 0)
        return rc;
    sheet->columns = rc == 1 ? 7 : 5;
    rh_close(sheet->call, rows);
    return 0;
}

#define ENTRY                                                                                      \
    "m.id, m.day, printf('%d:%02d', m.start_minute / 60, m.start_minute % 60), printf('%d:%02d', " \
    "m.end_minute / 60, m.end_minute % 60), iif(?1, m.title_en, m.title_de), o.short_name, "       \
    "m.state = 'held', m.impossible, (SELECT count(*) FROM v_appointments_attendee a WHERE "       \
    "a.meeting = m.id AND a.partstat = 'declined'), m.place"

static void put_entry(struct rh_call *call, struct rh_rows *rows)
{
    rh_out_object(call, NULL);
    rh_out_text(call, "meeting", rh_get_text(call, rows, 0));
    rh_out_text(call, "from", rh_get_text(call, rows, 2));
    rh_out_text(call, "to", rh_get_text(call, rows, 3));
    rh_out_text(call, "title", rh_get_text(call, rows, 4));
    rh_out_text(call, "office", rh_get_text(call, rows, 5));
    rh_out_flag(call, "is_held", rh_get_int(call, rows, 6) != 0);
    rh_out_flag(call, "is_impossible", rh_get_int(call, rows, 7) != 0);
    rh_out_flag(call, "is_declined", rh_get_int(call, rows, 8) > 0);
    rh_out_text(call, "place", rh_get_text(call, rows, 9));
    rh_out_end(call);
}

/* Opens the object of a day and leaves it open. */
static int32_t put_day(struct sheet *sheet, int32_t day)
{
    struct rh_call *call = sheet->call;
    const char *reason = NULL;
    int32_t next, rc = 0;
    bool works = rh_calendar_is_workday(call, sheet->calendar, day) != 0;

    if (!works && weekday_of(day) < 5)
        rc = rh_calendar_add(call, sheet->calendar, day, 0, &next, &reason);
    rh_out_object(call, NULL);
    rh_out_text(call, "day", rh_day_text(call, day));
    rh_out_text(call, "words", day_words(call, day, false));
    rh_out_flag(call, "is_today", day == rh_today(call));
    rh_out_flag(call, "is_outside",
                sheet->month != RH_NO_MONTH &&
                    strncmp(rh_day_text(call, day), rh_month_text(call, sheet->month), 7) != 0);
    rh_out_flag(call, "is_free", !works);
    rh_out_text(call, "free", reason);
    return rc < 0 ? rc : 0;
}

static void put_heads(struct sheet *sheet, bool with_day)
{
    static const struct rh_text names[DAYS] = {
        {"Montag", "Monday"},       {"Dienstag", "Tuesday"}, {"Mittwoch", "Wednesday"},
        {"Donnerstag", "Thursday"}, {"Freitag", "Friday"},   {"Samstag", "Saturday"},
        {"Sonntag", "Sunday"}};
    struct rh_call *call = sheet->call;

    rh_out_array(call, "heads");
    for (int32_t i = 0; i < sheet->columns; i++) {
        rh_out_object(call, NULL);
        rh_out_text(call, "name",
                    with_day ? day_words(call, sheet->first + i, false)
                             : rh_say_in(call, names[i]));
        rh_out_flag(call, "is_today", with_day && sheet->first + i == rh_today(call));
        rh_out_end(call);
    }
    rh_out_end(call);
}

static int32_t count_impossible(struct rh_call *call)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT (SELECT count(DISTINCT meeting) FROM appointments_trouble), "
                          "(SELECT count(*) FROM appointments_poll WHERE state = 'open')",
                          "");

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    rh_out_int(call, "impossible", rh_get_int(call, rows, 0));
    rh_out_int(call, "polls", rh_get_int(call, rows, 1));
    rh_close(call, rows);
    return 0;
}

/* ---- a month ---- */

static int32_t put_days(struct sheet *sheet, struct rh_rows *rows, int32_t monday, int32_t *has_row,
                        int64_t *count)
{
    struct rh_call *call = sheet->call;
    int32_t rc;

    for (int32_t day = monday; day < monday + sheet->columns; day++) {
        if ((rc = put_day(sheet, day)) < 0)
            return rc;
        rh_out_array(call, "meetings");
        for (; *has_row == 1 && strcmp(rh_get_text(call, rows, 1), rh_day_text(call, day)) == 0;
             *has_row = rh_next(call, rows)) {
            put_entry(call, rows);
            ++*count;
        }
        rh_out_end(call);
        rh_out_end(call);
        if (*has_row < 0)
            return *has_row;
    }
    return 0;
}

static int32_t put_weeks(struct sheet *sheet)
{
    struct rh_call *call = sheet->call;
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t has_row,
        rc = rh_query(
            call, &rows,
            "SELECT " ENTRY
            " FROM v_appointments_meeting m LEFT JOIN v_office o ON o.id = m.office "
            "WHERE m.day BETWEEN ?2 AND ?3 AND m.state <> 'cancelled' AND (?4 IS NULL OR m.id IN "
            "(SELECT meeting FROM v_appointments_attendee WHERE kind = 'moderator' AND ref = ?4)) "
            "ORDER BY m.start_utc, o.short_name, m.id",
            "isss", (int64_t)call->lang, rh_day_text(call, sheet->first),
            rh_day_text(call, sheet->last), sheet->moderator);

    if (rc < 0 || (has_row = rh_next(call, rows)) < 0)
        return rc < 0 ? rc : has_row;
    rh_out_array(call, "weeks");
    for (int32_t monday = sheet->first; monday <= sheet->last && rc >= 0; monday += DAYS) {
        rh_out_object(call, NULL);
        rh_out_text(call, "monday", rh_day_text(call, monday));
        rh_out_text(call, "words", day_words(call, monday, false));
        rh_out_int(call, "number", week_number(call, monday));
        rh_out_flag(call, "is_idle", /* the next meeting is of a later week */
                    has_row != 1 ||
                        strcmp(rh_get_text(call, rows, 1), rh_day_text(call, monday + DAYS)) >= 0);
        rh_out_array(call, "days");
        rc = put_days(sheet, rows, monday, &has_row, &count);
        rh_out_end(call);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_close(call, rows);
    rh_out_int(call, "count", count);
    return rc < 0 ? rc : 0;
}

static int32_t this_month(struct rh_call *call, int32_t *ret_month)
{
    return rh_month_parse(call, rh_format(call, "%.7s", "%.7s", rh_day_text(call, rh_today(call))),
                          ret_month);
}

/* The Monday before the first day to the Sunday behind the last one. */
static int32_t span_month(struct sheet *sheet)
{
    struct rh_call *call = sheet->call;
    int32_t next, rc;

    if ((rc = rh_day_parse(call,
                           rh_format(call, "%s-01", "%s-01", rh_month_text(call, sheet->month)),
                           &sheet->first)) < 0 ||
        (rc = rh_day_parse(call,
                           rh_format(call, "%s-01", "%s-01", rh_month_text(call, sheet->month + 1)),
                           &next)) < 0)
        return rc;
    sheet->first -= weekday_of(sheet->first);
    sheet->last = next - 1 + 6 - weekday_of(next - 1);
    return 0;
}

int32_t appointment_month(struct rh_call *call)
{
    struct sheet sheet = {.call = call, .month = (int32_t)rh_param_int(call, "month")};
    static const struct rh_text names[] = {
        {"Januar", "January"},  {"Februar", "February"},  {"März", "March"},
        {"April", "April"},     {"Mai", "May"},           {"Juni", "June"},
        {"Juli", "July"},       {"August", "August"},     {"September", "September"},
        {"Oktober", "October"}, {"November", "November"}, {"Dezember", "December"}};
    int32_t now, rc;

    if ((rc = this_month(call, &now)) < 0)
        return rc;
    if (!rh_param_given(call, "month"))
        sheet.month = now;
    if ((rc = span_month(&sheet)) < 0 || (rc = rh_calendar_open(call, NULL, &sheet.calendar)) < 0 ||
        (rc = who(&sheet)) < 0 || (rc = choose_columns(&sheet)) < 0)
        return rc;
    rh_out_text(call, "month", rh_month_text(call, sheet.month));
    rh_out_text(call, "month_words",
                rh_format(call, "%s %d", "%s %d", rh_say_in(call, names[sheet.month % 12]),
                          (int)sheet.month / 12));
    rh_out_text(call, "before", rh_month_text(call, sheet.month - 1));
    rh_out_text(call, "after", rh_month_text(call, sheet.month + 1));
    rh_out_flag(call, "is_now", sheet.month == now);
    put_heads(&sheet, false);
    if ((rc = put_weeks(&sheet)) < 0)
        return rc;
    return count_impossible(call);
}

/* ---- a week: who is where ---- */

static int32_t put_rows(struct sheet *sheet)
{
    struct rh_call *call = sheet->call;
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t has_row,
        rc = rh_query(
            call, &rows,
            "SELECT " ENTRY ", a.ref, a.name FROM v_appointments_meeting m LEFT JOIN v_office o ON "
            "o.id = m.office LEFT JOIN v_appointments_attendee a ON a.meeting = m.id AND a.kind = "
            "'moderator' WHERE m.day BETWEEN ?2 AND ?3 AND m.state <> 'cancelled' AND (?4 IS NULL "
            "OR "
            "a.ref = ?4) AND (m.procedure IS NOT NULL OR ?4 IS NOT NULL) ORDER BY a.name IS NULL, "
            "a.name, a.ref, m.start_utc, m.id",
            "isss", (int64_t)call->lang, rh_day_text(call, sheet->first),
            rh_day_text(call, sheet->last), sheet->moderator);

    if (rc < 0 || (has_row = rh_next(call, rows)) < 0)
        return rc < 0 ? rc : has_row;
    rh_out_array(call, "rows");
    while (has_row == 1) {
        const char *ref = rh_get_text(call, rows, 10);
        int64_t before = count;

        rh_out_object(call, NULL);
        rh_out_text(call, "moderator", ref);
        rh_out_text(call, "name", rh_get_text(call, rows, 11));
        rh_out_array(call, "days");
        for (int32_t day = sheet->first; day < sheet->first + sheet->columns; day++) {
            if ((rc = put_day(sheet, day)) < 0)
                return rc;
            rh_out_array(call, "meetings");
            while (has_row == 1 &&
                   strcmp(rh_get_text(call, rows, 1), rh_day_text(call, day)) == 0) {
                const char *other = rh_get_text(call, rows, 10);

                if (ref && other ? strcmp(ref, other) != 0 : ref != other)
                    break;
                put_entry(call, rows);
                count++;
                has_row = rh_next(call, rows);
            }
            rh_out_end(call);
            rh_out_end(call);
        }
        rh_out_end(call);
        rh_out_end(call);
        if (count == before) /* of no day that is shown */
            has_row = rh_next(call, rows);
    }
    rh_out_end(call);
    rh_close(call, rows);
    rh_out_int(call, "count", count);
    return has_row < 0 ? has_row : 0;
}

/* Events for all stand above the table. */
static int32_t put_events(struct sheet *sheet)
{
    struct rh_call *call = sheet->call;
    int32_t rc = rh_out_query(
        call, "events",
        "SELECT m.id AS meeting, iif(?1, m.title_en, m.title_de) AS title, m.day, "
        "printf('%d:%02d', m.start_minute / 60, m.start_minute % 60) AS time, m.place FROM "
        "v_appointments_meeting m WHERE m.procedure IS NULL AND m.state <> 'cancelled' AND m.day "
        "BETWEEN ?2 AND ?3 ORDER BY m.start_utc",
        "iss", (int64_t)call->lang, rh_day_text(call, sheet->first),
        rh_day_text(call, sheet->last));

    return rc < 0 ? rc : 0;
}

int32_t appointment_week(struct rh_call *call)
{
    struct sheet sheet = {.call = call,
                          .month = RH_NO_MONTH,
                          .first = rh_param_given(call, "day") ? (int32_t)rh_param_int(call, "day")
                                                               : rh_today(call)};
    int32_t rc;

    sheet.first -= weekday_of(sheet.first);
    sheet.last = sheet.first + 6;
    if ((rc = rh_calendar_open(call, NULL, &sheet.calendar)) < 0 || (rc = who(&sheet)) < 0 ||
        (rc = choose_columns(&sheet)) < 0)
        return rc;
    rh_out_text(call, "first", rh_day_text(call, sheet.first));
    rh_out_int(call, "number", week_number(call, sheet.first));
    rh_out_text(call, "week_words",
                rh_format(call, "%s bis %s", "%s to %s", day_words(call, sheet.first, false),
                          day_words(call, sheet.last, true)));
    rh_out_text(call, "before", rh_day_text(call, sheet.first - DAYS));
    rh_out_text(call, "after", rh_day_text(call, sheet.first + DAYS));
    rh_out_text(call, "month", rh_format(call, "%.7s", "%.7s", rh_day_text(call, sheet.first)));
    rh_out_flag(call, "is_now", sheet.first <= rh_today(call) && rh_today(call) <= sheet.last);
    put_heads(&sheet, true);
    if ((rc = put_rows(&sheet)) < 0 || (rc = put_events(&sheet)) < 0)
        return rc;
    return count_impossible(call);
}
