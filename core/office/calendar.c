/* The calendar people see and fill: school holidays, closing days, months at a glance, one date
 * explained. */
#include "core/office/internal.h"

#include <string.h>

enum { H_NAME, H_FIRST, H_LAST, H_SOURCE, H_COLUMNS };
static const struct rh_csv_column holiday_columns[H_COLUMNS] = {
    [H_NAME] = {"name", "Ferien", 1, 0},
    [H_FIRST] = {"start", "first_day|von|Beginn", 1, 0},
    [H_LAST] = {"end", "last_day|bis|Ende", 1, 0},
    [H_SOURCE] = {"source", "Quelle", 0, 0},
};

/* The list as the event log keeps it, in the call's memory. */
static const char *json_of(struct rh_call *call, const char *sql)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows, sql, "") == 0 && rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

#define HOLIDAYS_JSON                                                                              \
    "SELECT json_object('school_holidays', (SELECT json_group_array(json_array(name, first_day, "  \
    "last_day)) FROM school_holiday))"
#define CLOSINGS_JSON                                                                              \
    "SELECT json_object('closing_days', (SELECT json_group_array(json_array(office, "              \
    "ifnull(day, rule))) FROM closing_day))"

static int32_t read_holiday(struct rh_call *call, struct rh_csv_in *csv)
{
    int32_t first = RH_NO_DAY, last = RH_NO_DAY;
    const char *name = rh_csv_text(call, csv, H_NAME);
    int32_t has_first = rh_csv_day(call, csv, H_FIRST, &first),
            has_last = rh_csv_day(call, csv, H_LAST, &last);

    if (!name)
        rh_csv_fault(call, csv, H_NAME, "der Name der Ferien fehlt",
                     "the name of the holidays is missing");
    if (has_first == 0)
        rh_csv_fault(call, csv, H_FIRST, "der erste Ferientag fehlt", "the first day is missing");
    if (has_last == 0)
        rh_csv_fault(call, csv, H_LAST, "der letzte Ferientag fehlt", "the last day is missing");
    if (has_first != 1 || has_last != 1 || !name)
        return 0;
    if (first > last) {
        rh_csv_fault(call, csv, H_LAST, "%s liegt vor dem ersten Ferientag %s",
                     "%s is before the first day %s", rh_day_text(call, last),
                     rh_day_text(call, first));
        return 0;
    }
    return (int32_t)rh_exec(
        call,
        "INSERT INTO school_holiday(name, first_day, last_day, source) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT(first_day) DO UPDATE SET name = excluded.name, last_day = excluded.last_day",
        "ssss", name, rh_day_text(call, first), rh_day_text(call, last),
        rh_csv_text(call, csv, H_SOURCE));
}

/* Replaces all: school holidays come as one list. */
int32_t calendar_import_holidays(struct rh_call *call)
{
    const char *before = json_of(call, HOLIDAYS_JSON), *last;
    struct rh_csv_in *csv;
    int64_t rows = 0;
    int32_t rc = rh_csv_open(call, "file", holiday_columns, H_COLUMNS, &csv);

    if (rc >= 0)
        rc = (int32_t)rh_exec(call, "DELETE FROM school_holiday", "");
    for (; rc >= 0 && (rc = rh_csv_next(call, csv)) == 1; rows++)
        rc = read_holiday(call, csv);
    if (rc < 0 || (rc = rh_csv_finish(call, csv)) < 0)
        return rc;
    if (rh_event(call, "calendar.changed", "school_holidays", before,
                 json_of(call, HOLIDAYS_JSON)) < 0)
        return RH_EFAILED;
    rh_out_int(call, "rows", rows);
    last = json_of(call, "SELECT max(last_day) FROM school_holiday");
    rh_say(call,
           "%lld Ferienzeiten gespeichert, bis %s; danach ist nichts bekannt, und nichts wird "
           "angenommen",
           "%lld school holidays stored, until %s; after that nothing is known and nothing is "
           "assumed",
           (long long)rows, last ? last : "-");
    return 0;
}

enum { C_OFFICE, C_DAY, C_RULE, C_NOTE, C_COLUMNS };
static const struct rh_csv_column closing_columns[C_COLUMNS] = {
    [C_OFFICE] = {"office", "Amt|Jugendamt", 0, 0},
    [C_DAY] = {"day", "Tag|Datum", 0, 0},
    [C_RULE] = {"rule", "Regel", 0, 0},
    [C_NOTE] = {"note", "Bemerkung|Anlass", 0, 0},
};

/* Names people use, and the rules the calendar understands. */
static const char *const rule_names[][2] = {{"Rosenmontag", "easter-48"},
                                            {"Weiberfastnacht", "easter-52"},
                                            {"Veilchendienstag", "easter-47"},
                                            {"Heiligabend", "12-24"},
                                            {"Silvester", "12-31"},
                                            {NULL, NULL}};

/* What a person calls it, or the rule itself. */
static const char *rule_of(const char *named)
{
    for (size_t i = 0; named && rule_names[i][0]; i++)
        if (strcasecmp(named, rule_names[i][0]) == 0)
            return rule_names[i][1];
    return named;
}

/* One closing day; 1 when it is new. A rule that the calendar does not understand is taken out
 * again, so that it is not blamed on the rows that follow. */
static int32_t store_closing(struct rh_call *call, struct rh_csv_in *csv, const char *office,
                             const char *day, const char *rule)
{
    struct rh_calendar *calendar;
    int64_t added =
        rh_exec(call,
                "INSERT INTO closing_day(office, day, rule, note) VALUES (?1, ?2, ?3, ?4) ON "
                "CONFLICT DO NOTHING",
                "ssss", office, day, rule, rh_csv_text(call, csv, C_NOTE));

    if (added <= 0 || !rule || rh_calendar_open(call, office, &calendar) >= 0)
        return (int32_t)added;
    rh_csv_last_error(call, csv, C_RULE);
    return rh_exec(call, "DELETE FROM closing_day WHERE id = ?1", "i", rh_last_id(call)) < 0
               ? RH_EFAILED
               : 0;
}

static int32_t read_closing(struct rh_call *call, struct rh_csv_in *csv)
{
    const char *named = rh_csv_text(call, csv, C_OFFICE), *office = NULL;
    const char *rule = rule_of(rh_csv_text(call, csv, C_RULE));
    int32_t day = RH_NO_DAY, has_day = rh_csv_day(call, csv, C_DAY, &day), known = 1;

    if (named && find_office(call, named, &office) < 0) {
        rh_csv_last_error(call, csv, C_OFFICE);
        known = 0;
    }
    if (has_day >= 0 && (has_day == 1) == (rule != NULL)) {
        rh_csv_fault(call, csv, C_DAY,
                     "es braucht entweder einen Tag oder eine Regel wie Rosenmontag oder 12-24",
                     "either a day or a rule such as Rosenmontag or 12-24 is needed");
        return 0;
    }
    if (has_day < 0 || !known)
        return 0;
    return store_closing(call, csv, office, has_day == 1 ? rh_day_text(call, day) : NULL, rule);
}

int32_t calendar_import_closings(struct rh_call *call)
{
    const char *before = json_of(call, CLOSINGS_JSON);
    struct rh_csv_in *csv;
    int64_t added = 0;
    int32_t rc = rh_csv_open(call, "file", closing_columns, C_COLUMNS, &csv);

    while (rc >= 0 && (rc = rh_csv_next(call, csv)) == 1)
        if ((rc = read_closing(call, csv)) > 0)
            added += rc;
    if (rc < 0 || (rc = rh_csv_finish(call, csv)) < 0)
        return rc;
    if (added > 0 && rh_event(call, "calendar.changed", "closing_days", before,
                              json_of(call, CLOSINGS_JSON)) < 0)
        return RH_EFAILED;
    rh_out_int(call, "new", added);
    rh_say(call, "neue Schließtage: %lld", "new closing days: %lld", (long long)added);
    return 0;
}

int32_t calendar_list_holidays(struct rh_call *call)
{
    return rh_out_query(
        call, "items",
        "SELECT name, first_day, last_day, source FROM v_school_holiday ORDER BY first_day", "");
}

int32_t calendar_list_closings(struct rh_call *call)
{
    return rh_out_query(
        call, "items",
        "SELECT office, day, rule, note FROM v_closing_day ORDER BY office, day, rule", "");
}

static int32_t office_calendar(struct rh_call *call, struct rh_calendar **ret_calendar)
{
    const char *office = NULL;
    int32_t rc = rh_param_given(call, "office")
                     ? find_office(call, rh_param_text(call, "office"), &office)
                     : 0;

    return rc < 0 ? rc : rh_calendar_open(call, office, ret_calendar);
}

int32_t calendar_months(struct rh_call *call)
{
    int32_t first = (int32_t)rh_param_int(call, "from"),
            count = (int32_t)rh_param_int(call, "months");
    struct rh_calendar *calendar;
    int32_t rc = office_calendar(call, &calendar);

    if (rc < 0)
        return rc;
    if (first == RH_NO_MONTH &&
        (rc = rh_month_parse(
             call, rh_format(call, "%.7s", "%.7s", rh_day_text(call, rh_today(call))), &first)) < 0)
        return rc;
    rh_out_array(call, "items");
    for (int32_t i = 0; i < count; i++) {
        struct rh_month_info info = {.size = sizeof(info)};

        if ((rc = rh_calendar_month(call, calendar, first + i, &info)) < 0)
            return rc;
        rh_out_object(call, NULL);
        rh_out_text(call, "month", rh_month_text(call, first + i));
        rh_out_int(call, "workdays", info.workdays);
        rh_out_int(call, "outside_school_holidays", info.workdays_outside_school);
        rh_out_flag(call, "school_unknown", info.school_unknown);
        rh_out_end(call);
    }
    rh_out_end(call);
    return 0;
}

int32_t calendar_workday(struct rh_call *call)
{
    int32_t from = (int32_t)rh_param_int(call, "from"), to, rc;
    const char *reason = NULL;
    struct rh_calendar *calendar;

    if ((rc = office_calendar(call, &calendar)) < 0)
        return rc;
    if (from == RH_NO_DAY)
        from = rh_today(call);
    if ((rc = rh_calendar_add(call, calendar, from, (int32_t)rh_param_int(call, "days"), &to,
                              &reason)) < 0)
        return rc;
    rh_out_text(call, "from", rh_day_text(call, from));
    rh_out_text(call, "day", rh_day_text(call, to));
    rh_out_text(call, "reason", reason);
    rh_say(call, "%s (%s)", "%s (%s)", rh_day_text(call, to), reason ? reason : "");
    return 0;
}
