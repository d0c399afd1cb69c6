/* Reads everything that teams depend on into one snapshot. */
#include "plugins/moderators/internal.h"

#include <string.h>

/* The published plan of the round, else its newest draft. */
static int32_t find_turnus_plan(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT p.id, r.first_month, r.months FROM v_round r LEFT JOIN "
                          "v_turnus_plan p ON p.round = r.id AND p.state IN ('draft','published') "
                          "WHERE r.id = ?1 ORDER BY p.state = 'published' DESC, p.id DESC LIMIT 1",
                          "s", model->round);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0 || rh_is_null(call, rows, 0))
        return rh_fail(call, RH_ENOTFOUND,
                       "der Turnus %1$s hat noch keinen Plan; zuerst 'reihum turnus plan --round "
                       "%1$s', Teams brauchen die Monate",
                       "the round %1$s has no plan yet; first 'reihum turnus plan --round %1$s', "
                       "teams need the months",
                       model->round);
    model->turnus_plan = rh_get_int(call, rows, 0);
    model->month_count = (int32_t)rh_get_int(call, rows, 2);
    rc = rh_month_parse(call, rh_get_text(call, rows, 1), &model->first_month);
    rh_close(call, rows);
    return rc;
}

static int32_t team_size(struct rh_call *call, const char *size_class)
{
    const char *large;

    for (int32_t i = 0; size_class && (large = rh_config_item(call, "large_classes", i)); i++)
        if (strcmp(large, size_class) == 0)
            return (int32_t)rh_config_int(call, "team_size_large");
    return (int32_t)rh_config_int(call, "team_size");
}

static int32_t load_offices(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t rc = ask_int(call, &count, 0, "SELECT count(*) FROM v_office", NULL);

    model->offices = rh_alloc_in(call, (size_t)(count + 1) * sizeof(struct office));
    if (rc < 0 || !model->offices)
        return rc < 0 ? rc : RH_ENOMEM;
    rc = rh_query(call, &rows,
                  "SELECT o.id, o.name, o.short_name, o.region, o.size_class, o.latitude, "
                  "o.longitude, s.month FROM v_turnus_start s JOIN v_office o ON o.id = s.office "
                  "WHERE s.plan = ?1 ORDER BY o.id",
                  "i", model->turnus_plan);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct office *office = &model->offices[model->office_count++];

        *office = (struct office){.id = rh_get_text(call, rows, 0),
                                  .name = rh_get_text(call, rows, 1),
                                  .short_name = rh_get_text(call, rows, 2),
                                  .region = rh_get_text(call, rows, 3),
                                  .size_class = rh_get_text(call, rows, 4),
                                  .latitude = rh_get_real(call, rows, 5),
                                  .longitude = rh_get_real(call, rows, 6)};
        office->size = team_size(call, office->size_class);
        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 7), &office->month)) < 0)
            return rc;
    }
    rh_close(call, rows);
    return rc;
}

static int32_t load_people(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t rc =
        ask_int(call, &count, 0, "SELECT count(*) FROM moderators_moderator WHERE active", NULL);

    if (rc < 0)
        return rc;
    if (count == 0)
        return rh_fail(call, RH_EINVALID,
                       "es gibt noch keine Moderator*innen; 'reihum moderator import DATEI.csv' "
                       "übernimmt sie",
                       "there are no moderators yet; 'reihum moderator import FILE.csv' takes them "
                       "in");
    model->people = rh_alloc_in(call, (size_t)count * sizeof(struct person));
    if (!model->people)
        return RH_ENOMEM;
    rc = rh_query(call, &rows,
                  "SELECT id, name, region, latitude, longitude, lead, capacity_per_year FROM "
                  "moderators_moderator WHERE active ORDER BY id",
                  "");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        model->people[model->person_count++] =
            (struct person){.id = rh_get_text(call, rows, 0),
                            .name = rh_get_text(call, rows, 1),
                            .region = rh_get_text(call, rows, 2),
                            .latitude = rh_get_real(call, rows, 3),
                            .longitude = rh_get_real(call, rows, 4),
                            .lead = (int32_t)rh_get_int(call, rows, 5),
                            .capacity = (int32_t)rh_get_int(call, rows, 6)};
    rh_close(call, rows);
    return rc;
}

int32_t office_place(const struct model *model, const char *id)
{
    for (int32_t low = 0, high = model->office_count - 1; low <= high;) {
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

int32_t person_place(const struct model *model, const char *id)
{
    for (int32_t low = 0, high = model->person_count - 1; low <= high;) {
        int32_t middle = (low + high) / 2, order = strcmp(id, model->people[middle].id);

        if (order == 0)
            return middle;
        if (order < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return -1;
}

/* Rows of (moderator, office, value): `set` is told of those that the snapshot knows. */
static int32_t each_cell(struct rh_call *call, struct model *model, const char *sql,
                         void (*set)(struct model *model, size_t at, double value))
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, sql, "s", model->round);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t person = person_place(model, rh_get_text(call, rows, 0));
        int32_t office = office_place(model, rh_get_text(call, rows, 1));

        if (person >= 0 && office >= 0)
            set(model, cell(model, office, person), rh_get_real(call, rows, 2));
    }
    rh_close(call, rows);
    return rc;
}

static void set_conflict(struct model *model, size_t at, double value)
{
    (void)value;
    model->why[at] |= WHY_CONFLICT;
}

static void set_rule(struct model *model, size_t at, double value)
{
    if (value < 0)
        model->why[at] |= WHY_RULE;
    else
        model->pin[at] = (uint8_t)value;
}

static void set_previous(struct model *model, size_t at, double value)
{
    (void)value;
    model->previous[at] = 1;
}

static void set_km(struct model *model, size_t at, double value)
{
    model->km[at] = value;
}

static int32_t load_absences(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT moderator, substr(first_day, 1, 7), substr(last_day, 1, 7) FROM "
                          "moderators_absence",
                          "");

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t person = person_place(model, rh_get_text(call, rows, 0)), from, to;

        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 1), &from)) < 0 ||
            (rc = rh_month_parse(call, rh_get_text(call, rows, 2), &to)) < 0)
            return rc;
        for (int32_t o = 0; person >= 0 && o < model->office_count; o++)
            if (from < model->offices[o].month + model->duration && to >= model->offices[o].month)
                model->why[cell(model, o, person)] |= WHY_ABSENT;
    }
    rh_close(call, rows);
    return rc;
}

static int32_t load_pairs(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, "SELECT moderator, other FROM moderators_pair", "");

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t a = person_place(model, rh_get_text(call, rows, 0));
        int32_t b = person_place(model, rh_get_text(call, rows, 1));

        if (a >= 0 && b >= 0)
            model->apart[a * model->person_count + b] = model->apart[b * model->person_count + a] =
                1;
    }
    rh_close(call, rows);
    return rc;
}

static int32_t load_cells(struct rh_call *call, struct model *model)
{
    size_t cells = (size_t)model->office_count * (size_t)model->person_count + 1;
    int32_t rc;

    model->why = rh_alloc_in(call, cells);
    model->pin = rh_alloc_in(call, cells);
    model->previous = rh_alloc_in(call, cells);
    model->km = rh_alloc_in(call, cells * sizeof(double));
    model->apart = rh_alloc_in(call, (size_t)model->person_count * (size_t)model->person_count + 1);
    if (!model->why || !model->pin || !model->previous || !model->km || !model->apart)
        return RH_ENOMEM;
    for (int32_t o = 0; o < model->office_count; o++)
        for (int32_t p = 0; p < model->person_count; p++)
            model->km[cell(model, o, p)] =
                distance_km(model->offices[o].latitude, model->offices[o].longitude,
                            model->people[p].latitude, model->people[p].longitude);
    if ((rc = each_cell(call, model,
                        "SELECT moderator, office, km FROM moderators_distance WHERE ?1 IS NOT "
                        "NULL",
                        set_km)) < 0 ||
        (rc = each_cell(call, model,
                        "SELECT moderator, office, 1 FROM moderators_conflict WHERE ?1 IS NOT NULL",
                        set_conflict)) < 0 ||
        (rc = each_cell(call, model,
                        "SELECT moderator, office, CASE rule WHEN 'must' THEN 1 WHEN 'lead' THEN 3 "
                        "ELSE -1 END FROM moderators_rule WHERE ?1 IS NOT NULL",
                        set_rule)) < 0 ||
        /* The previous team: of the published teams of the round before this one. */
        (rc = each_cell(call, model,
                        "SELECT m.moderator, m.office, 1 FROM moderators_member m JOIN "
                        "moderators_plan p ON p.id = m.plan WHERE p.state = 'published' AND "
                        "p.round = (SELECT b.id FROM v_round b JOIN v_round r ON r.id = ?1 WHERE "
                        "b.first_month < r.first_month ORDER BY b.first_month DESC LIMIT 1)",
                        set_previous)) < 0 ||
        (rc = load_absences(call, model)) < 0)
        return rc;
    return load_pairs(call, model);
}

int32_t model_load(struct rh_call *call, const char *round, struct model *ret_model)
{
    struct model model = {.round = round,
                          .duration = (int32_t)rh_config_int(call, "duration_months")};
    int32_t rc;

    if ((rc = find_turnus_plan(call, &model)) < 0 || (rc = load_offices(call, &model)) < 0 ||
        (rc = load_people(call, &model)) < 0 || (rc = load_cells(call, &model)) < 0)
        return rc;
    *ret_model = model;
    return 0;
}

const char *why_text(struct rh_call *call, int32_t why)
{
    if (why & WHY_CONFLICT)
        return rh_format(call, "befangen", "has a conflict");
    if (why & WHY_ABSENT)
        return rh_format(call, "abwesend", "is absent");
    if (why & WHY_RULE)
        return rh_format(call, "durch eine Regel ausgeschlossen", "is ruled out");
    return "";
}
