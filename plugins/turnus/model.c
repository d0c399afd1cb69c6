/* Reads everything a plan depends on into one snapshot. */
#include "plugins/turnus/internal.h"

#include <math.h>
#include <string.h>

const struct rule_name rule_names[RULE_COUNT] = {
    [RULE_CAPACITY] = {"capacity", RH_SOLVE_HARD, {"Höchstzahl je Monat", "capacity per month"}},
    [RULE_YEAR] = {"year", RH_SOLVE_BALANCE, {"Jahre gleich groß", "years even"}},
    [RULE_MONTH] = {"month", RH_SOLVE_BALANCE, {"Monate gleich groß", "months even"}},
    [RULE_REGION] = {"region", RH_SOLVE_BALANCE, {"Landesteile je Jahr", "regions per year"}},
    [RULE_KIND] = {"kind", RH_SOLVE_BALANCE, {"Städte und Kreise je Jahr", "kinds per year"}},
    [RULE_CLASS] = {"class", RH_SOLVE_BALANCE, {"Größenklassen je Jahr", "size classes per year"}},
    [RULE_STRATUM] = {"stratum", RH_SOLVE_BALANCE, {"Schichten je Jahr", "strata per year"}},
    [RULE_SPACING] = {"spacing",
                      RH_SOLVE_SOFT,
                      {"Abstand zum vorigen Verfahren", "spacing to the previous procedure"}},
    [RULE_WISH] = {"wish", RH_SOLVE_SOFT, {"Wünsche", "wishes"}},
    [RULE_SCHOOL] = {"school", RH_SOLVE_SOFT, {"Ferienmonate", "months of school holidays"}},
    [RULE_NEIGHBOUR] = {"neighbour",
                        RH_SOLVE_SOFT,
                        {"Nachbarn im selben Monat", "neighbours in the same month"}},
    [RULE_APART] = {"apart",
                    RH_SOLVE_SOFT,
                    {"Ämter, die getrennt sein sollen", "offices that should be apart"}},
    [RULE_GAP] = {"gap", RH_SOLVE_HARD, {"gebrochene feste Regeln", "hard rules broken"}},
};

double distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b)
{
    const double radians = 3.14159265358979323846 / 180, earth_km = 6371.0;
    double dp = (latitude_b - latitude_a) * radians, dl = (longitude_b - longitude_a) * radians;
    double h = sin(dp / 2) * sin(dp / 2) +
               cos(latitude_a * radians) * cos(latitude_b * radians) * sin(dl / 2) * sin(dl / 2);

    return 2 * earth_km * asin(sqrt(h < 1 ? h : 1));
}

int32_t office_place(const struct model *model, const char *id)
{
    int32_t low = 0, high = model->office_count - 1;

    while (low <= high) { /* offices are sorted by id */
        int32_t middle = (low + high) / 2, order = strcmp(id, model->offices[middle].id);
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return -1;
}

int32_t slot_of_month(const struct model *model, int32_t month)
{
    return month >= model->first_month && month < model->first_month + model->month_count
               ? month - model->first_month
               : -1;
}

/* "2028", or "2027/28" for a round that does not begin in January. */
const char *year_label(struct rh_call *call, const struct model *model, int32_t year)
{
    int32_t first = model->first_month + year * 12;

    if (first % 12 == 0)
        return rh_format(call, "%d", "%d", first / 12);
    return rh_format(call, "%d/%02d", "%d/%02d", first / 12, (first / 12 + 1) % 100);
}

/* ---- months in words ---- */

static const struct rh_text month_names[12] = {
    {"Januar", "January"},  {"Februar", "February"},  {"März", "March"},
    {"April", "April"},     {"Mai", "May"},           {"Juni", "June"},
    {"Juli", "July"},       {"August", "August"},     {"September", "September"},
    {"Oktober", "October"}, {"November", "November"}, {"Dezember", "December"},
};

const char *month_name(struct rh_call *call, int32_t month)
{
    return rh_say_in(call, month_names[month % 12]);
}

const char *month_words(struct rh_call *call, int32_t month)
{
    return rh_format(call, "%s %d", "%s %d", month_name(call, month), month / 12);
}

/* ---- the snapshot ---- */

static int32_t load_round(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, "SELECT first_month, months FROM v_round WHERE id = ?1", "s",
                          model->round);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND, "den Turnus '%s' gibt es nicht",
                       "there is no round '%s'", model->round);
    rc = rh_month_parse(call, rh_get_text(call, rows, 0), &model->first_month);
    model->month_count = (int32_t)rh_get_int(call, rows, 1);
    model->year_count = (model->month_count + 11) / 12;
    rh_close(call, rows);
    return rc;
}

static int32_t month_or_none(struct rh_call *call, const char *text, int32_t *ret_month)
{
    *ret_month = RH_NO_MONTH;
    return text ? rh_month_parse(call, text, ret_month) : 0;
}

static int32_t count_rows(struct rh_call *call, const char *sql, int64_t *ret_count)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, sql, "");

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    *ret_count = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

static int32_t read_office(struct rh_call *call, struct rh_rows *rows, struct office *office)
{
    int32_t rc;

    *office = (struct office){.id = rh_get_text(call, rows, 0),
                              .name = rh_get_text(call, rows, 1),
                              .short_name = rh_get_text(call, rows, 2),
                              .region = rh_get_text(call, rows, 3),
                              .kind = rh_get_text(call, rows, 4),
                              .size_class = rh_get_text(call, rows, 5),
                              .stratum = rh_get_text(call, rows, 6),
                              .latitude = rh_get_real(call, rows, 7),
                              .longitude = rh_get_real(call, rows, 8),
                              .size_label = rh_get_text(call, rows, call->lang == 0 ? 11 : 12),
                              .size_position = (int32_t)rh_get_int(call, rows, 13)};
    if (!office->size_class)
        return rh_fail(
            call, RH_EINVALID,
            "'%s' fällt in keine Größenklasse; office.size_classes in der Konfiguration ergänzen",
            "'%s' falls into no size class; complete office.size_classes in the configuration",
            office->id);
    rc = month_or_none(call, rh_get_text(call, rows, 9), &office->previous);
    return rc < 0 ? rc : month_or_none(call, rh_get_text(call, rows, 10), &office->begun);
}

static int32_t load_offices(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int64_t count;
    int32_t rc = count_rows(call, "SELECT count(*) FROM v_office WHERE active", &count);

    if (rc < 0)
        return rc;
    if (count == 0)
        return rh_fail(
            call, RH_EINVALID,
            "es gibt noch keine Jugendämter; 'reihum office import DATEI.csv' übernimmt sie",
            "there are no offices yet; 'reihum office import FILE.csv' takes them in");
    model->offices = rh_alloc_in(call, (size_t)count * sizeof(struct office));
    if (!model->offices)
        return RH_ENOMEM;
    rc = rh_query(call, &rows,
                  "SELECT o.id, o.name, o.short_name, o.region, o.kind, o.size_class, o.stratum, "
                  "o.latitude, o.longitude, "
                  "(SELECT max(p.start_month) FROM v_procedure p WHERE p.office = o.id AND p.state "
                  "<> 'cancelled' AND "
                  " p.round IS NOT ?1 AND p.start_month < ?2), "
                  "(SELECT p.start_month FROM v_procedure p WHERE p.office = o.id AND p.round = ?1 "
                  "AND p.state IN "
                  " ('running','done')), o.size_label_de, o.size_label_en, o.size_position FROM "
                  "v_office o WHERE "
                  "o.active ORDER BY o.id",
                  "ss", model->round, rh_month_text(call, model->first_month));
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1 && model->office_count < count)
        rc = read_office(call, rows, &model->offices[model->office_count++]);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

/* By default a month is closed when it has too few working days outside the school holidays. */
static int32_t months_by_calendar(struct rh_call *call, struct model *model)
{
    int64_t closed_below = rh_config_int(call, "closed_below");
    struct rh_calendar *calendar;
    int32_t rc = rh_calendar_open(call, NULL, &calendar);

    for (int32_t t = 0; rc >= 0 && t < model->month_count; t++) {
        struct month *month = &model->months[t];
        struct rh_month_info info = {.size = sizeof(info)};

        month->month = model->first_month + t;
        if ((rc = rh_calendar_month(call, calendar, month->month, &info)) < 0)
            return rc;
        month->workdays = info.workdays;
        month->outside_school = info.workdays_outside_school;
        month->school_unknown = info.school_unknown;
        month->closed = info.workdays_outside_school < closed_below;
        month->school = info.workdays_outside_school * 2 < info.workdays;
    }
    return rc < 0 ? rc : 0;
}

/* Without a configured number: so much room that half as many again would fit. */
static int32_t usual_capacity(struct rh_call *call, const struct model *model)
{
    int32_t open = 0, configured = (int32_t)rh_config_int(call, "capacity");

    for (int32_t t = 0; t < model->month_count; t++)
        open += !model->months[t].closed;
    return configured > 0 || open == 0 ? configured
                                       : (model->office_count * 3 + open * 2 - 1) / (open * 2);
}

static int32_t months_by_planner(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT month, closed, capacity, note FROM turnus_month WHERE round = ?1",
                          "s", model->round);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t month, slot;

        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 0), &month)) < 0)
            return rc;
        if ((slot = slot_of_month(model, month)) < 0)
            continue;
        if (!rh_is_null(call, rows, 1))
            model->months[slot].closed = (int32_t)rh_get_int(call, rows, 1);
        if (!rh_is_null(call, rows, 2))
            model->months[slot].capacity = (int32_t)rh_get_int(call, rows, 2);
        model->months[slot].note = rh_get_text(call, rows, 3);
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

/* Out-of-turn procedures (section 8 (4) LKG NRW) take places from the plan. */
static int32_t months_taken(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT start_month, count(*) FROM v_procedure WHERE round IS NULL AND "
                          "state <> 'cancelled' "
                          "GROUP BY start_month",
                          "");

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t month, slot;

        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 0), &month)) < 0)
            return rc;
        if ((slot = slot_of_month(model, month)) >= 0)
            model->months[slot].taken = (int32_t)rh_get_int(call, rows, 1);
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t load_months(struct rh_call *call, struct model *model)
{
    int32_t rc, usual;

    model->months = rh_alloc_in(call, (size_t)model->month_count * sizeof(struct month));
    if (!model->months)
        return RH_ENOMEM;
    if ((rc = months_by_calendar(call, model)) < 0)
        return rc;
    for (int32_t t = 0; t < model->month_count; t++)
        model->months[t].capacity = -1;
    if ((rc = months_by_planner(call, model)) < 0)
        return rc;
    usual = usual_capacity(call, model);
    for (int32_t t = 0; t < model->month_count; t++)
        if (model->months[t].capacity < 0)
            model->months[t].capacity = usual;
    return months_taken(call, model);
}

static int32_t load_rules(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int64_t count;
    int32_t rc = count_rows(call, "SELECT count(*) FROM turnus_rule", &count);

    if (rc < 0)
        return rc;
    model->rules = rh_alloc_in(call, (size_t)(count + 1) * sizeof(struct rule_row));
    if (!model->rules)
        return RH_ENOMEM;
    rc = rh_query(
        call, &rows,
        "SELECT id, office, rule, from_month, to_month, other, note FROM turnus_rule ORDER BY id",
        "");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1 && model->rule_count < count) {
        struct rule_row *row = &model->rules[model->rule_count];
        const char *other = rh_get_text(call, rows, 5);

        row->id = rh_get_int(call, rows, 0);
        row->office = office_place(model, rh_get_text(call, rows, 1));
        row->rule = rh_get_text(call, rows, 2);
        row->other = other ? office_place(model, other) : -1;
        row->note = rh_get_text(call, rows, 6);
        if ((rc = month_or_none(call, rh_get_text(call, rows, 3), &row->from)) < 0 ||
            (rc = month_or_none(call, rh_get_text(call, rows, 4), &row->to)) < 0)
            return rc;
        /* A rule about a closed office has nothing to say any more. */
        if (row->office >= 0 && (!other || row->other >= 0))
            model->rule_count++;
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t model_load(struct rh_call *call, const char *round, struct model *ret_model)
{
    struct model model = {.round = round};
    int32_t rc;

    if ((rc = load_round(call, &model)) < 0 || (rc = load_offices(call, &model)) < 0 ||
        (rc = spacing_load(call, &model)) < 0 || (rc = load_months(call, &model)) < 0 ||
        (rc = load_rules(call, &model)) < 0 || (rc = problem_build(call, &model)) < 0)
        return rc;
    *ret_model = model;
    return 0;
}
