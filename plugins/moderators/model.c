/* Reads everything that teams depend on into one snapshot. */
#include "plugins/moderators/internal.h"

#include <string.h>

static int32_t find_turnus_plan(struct rh_call *call, struct model *model, int64_t preferred)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT p.id, r.first_month, r.months FROM v_round r LEFT JOIN "
                 "v_turnus_plan p ON p.round = r.id AND p.state IN ('draft','published') "
                 "WHERE r.id = ?1 ORDER BY p.state = 'published' DESC, p.id = ?2 DESC, p.id "
                 "DESC LIMIT 1",
                 "si", model->round, preferred);

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

/* Procedures of the round that are not cancelled, and those out of turn in its months; of closed
 * offices only what has begun. Both in one month are one procedure. What is published begins when
 * its month begins (?5: this month), whether anybody recorded it or not. */
static const char procedures[] =
    "WITH needed(office, month, state, out_of_turn) AS (SELECT s.office, ifnull(p.start_month, "
    "s.month), CASE WHEN p.state = 'planned' AND p.start_month <= ?5 THEN 'running' ELSE "
    "ifnull(p.state, 'planned') END, 0 FROM v_turnus_start s LEFT JOIN v_procedure p ON p.office = "
    "s.office AND p.round = ?2 AND (p.state <> 'planned' OR p.start_month <= ?5) WHERE s.plan = ?1 "
    "UNION ALL SELECT p.office, p.start_month, CASE WHEN p.state = 'planned' AND p.start_month <= "
    "?5 THEN 'running' ELSE p.state END, 1 FROM v_procedure p WHERE p.round IS NULL AND "
    "p.start_month BETWEEN ?3 AND ?4) SELECT o.id, o.name, o.short_name, o.region, o.size_class, "
    "o.latitude, o.longitude, n.month, min(n.out_of_turn), n.state IN ('running','done'), n.state "
    "= 'done' FROM needed n JOIN v_office o ON o.id = n.office WHERE n.state <> 'cancelled' AND "
    "(o.active OR n.state IN ('running','done')) GROUP BY o.id, n.month ORDER BY o.id, n.month";

static int32_t load_offices(struct rh_call *call, struct model *model)
{
    const char *first = rh_month_text(call, model->first_month);
    const char *last = rh_month_text(call, model->first_month + model->month_count - 1);
    const char *now = rh_format(call, "%.7s", "%.7s", rh_day_text(call, rh_today(call)));
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t this_month;
    int32_t rc = ask_int(call, &count, 0,
                         "SELECT (SELECT count(*) FROM v_office) + (SELECT count(*) FROM "
                         "v_procedure WHERE round IS NULL)",
                         NULL);

    model->offices = rh_alloc_in(call, (size_t)(count + 1) * sizeof(struct office));
    if (!model->offices)
        return RH_ENOMEM;
    if (rc < 0 || (rc = rh_month_parse(call, now, &this_month)) < 0)
        return rc;
    rc = rh_query(call, &rows, procedures, "issss", model->turnus_plan, model->round, first, last,
                  now);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct office *office = &model->offices[model->office_count++];

        *office = (struct office){.id = rh_get_text(call, rows, 0),
                                  .name = rh_get_text(call, rows, 1),
                                  .short_name = rh_get_text(call, rows, 2),
                                  .region = rh_get_text(call, rows, 3),
                                  .size_class = rh_get_text(call, rows, 4),
                                  .latitude = rh_get_real(call, rows, 5),
                                  .longitude = rh_get_real(call, rows, 6),
                                  .out_of_turn = (int32_t)rh_get_int(call, rows, 8),
                                  .begun = (int32_t)rh_get_int(call, rows, 9),
                                  .done = (int32_t)rh_get_int(call, rows, 10)};
        office->size = team_size(call, office->size_class);
        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 7), &office->month)) < 0)
            return rc;
        office->done |= office->begun && office->month + model->duration <= this_month;
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
    if ((rc = ask_int(call, &count, 0, "SELECT count(*) FROM moderators_moderator", NULL)) < 0)
        return rc;
    model->people = rh_alloc_in(call, (size_t)count * sizeof(struct person));
    if (!model->people)
        return RH_ENOMEM;
    rc = rh_query(call, &rows,
                  "SELECT id, name, region, latitude, longitude, lead, capacity_per_year, NOT "
                  "active FROM moderators_moderator WHERE active OR id IN (SELECT m.moderator FROM "
                  "moderators_member m JOIN moderators_plan p ON p.id = m.plan WHERE p.round = ?1 "
                  "AND p.state IN ('draft','published')) ORDER BY id",
                  "s", model->round);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1)
        model->people[model->person_count++] =
            (struct person){.id = rh_get_text(call, rows, 0),
                            .name = rh_get_text(call, rows, 1),
                            .region = rh_get_text(call, rows, 2),
                            .latitude = rh_get_real(call, rows, 3),
                            .longitude = rh_get_real(call, rows, 4),
                            .lead = (int32_t)rh_get_int(call, rows, 5),
                            .capacity = (int32_t)rh_get_int(call, rows, 6),
                            .gone = (int32_t)rh_get_int(call, rows, 7)};
    rh_close(call, rows);
    return rc;
}

int32_t office_place(const struct model *model, const char *id)
{
    for (int32_t low = 0, high = model->office_count - 1; low <= high;) {
        int32_t middle = (low + high) / 2, order = strcmp(id, model->offices[middle].id);

        if (order == 0) {
            while (middle > 0 && strcmp(id, model->offices[middle - 1].id) == 0)
                middle--;
            return middle;
        }
        if (order < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return -1;
}

int32_t office_goes_on(const struct model *model, int32_t place)
{
    return place + 1 < model->office_count &&
           strcmp(model->offices[place].id, model->offices[place + 1].id) == 0;
}

int32_t procedure_place(const struct model *model, const char *id, int32_t month,
                        int32_t out_of_turn)
{
    int32_t place = office_place(model, id);

    for (; place >= 0; place = office_goes_on(model, place) ? place + 1 : -1) {
        const struct office *office = &model->offices[place];

        if (office->out_of_turn == out_of_turn && (!out_of_turn || office->month == month))
            return place;
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

/* Rows of (moderator, office, value): `set` is told of those that the snapshot knows, for each
 * procedure of the office. */
static int32_t each_cell(struct rh_call *call, struct model *model, const char *sql,
                         void (*set)(struct model *model, int32_t office, size_t at, double value))
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, sql, "s", model->round);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t person = person_place(model, rh_get_text(call, rows, 0));
        int32_t office = office_place(model, rh_get_text(call, rows, 1));

        for (; person >= 0 && office >= 0; office = office_goes_on(model, office) ? office + 1 : -1)
            set(model, office, cell(model, office, person), rh_get_real(call, rows, 2));
    }
    rh_close(call, rows);
    return rc;
}

static void set_conflict(struct model *model, int32_t office, size_t at, double value)
{
    (void)office;
    (void)value;
    model->why[at] |= WHY_CONFLICT;
}

/* Who is kept out is kept out of each procedure; a pin is about that of the round. */
static void set_rule(struct model *model, int32_t office, size_t at, double value)
{
    const struct office *procedure = &model->offices[office];

    if (value < 0)
        model->why[at] |= WHY_RULE;
    else if (!procedure->out_of_turn ||
             procedure_place(model, procedure->id, procedure->month, 0) < 0)
        model->pin[at] = (uint8_t)value;
}

static void set_previous(struct model *model, int32_t office, size_t at, double value)
{
    (void)office;
    (void)value;
    model->previous[at] = 1;
}

static void set_km(struct model *model, int32_t office, size_t at, double value)
{
    (void)office;
    model->km[at] = value;
}

static int32_t load_absences(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t rc = ask_int(call, &count, 0, "SELECT count(*) FROM moderators_absence", NULL);

    model->absences = rh_alloc_in(call, (size_t)(count + 1) * sizeof(struct absence));
    if (rc < 0 || !model->absences)
        return rc < 0 ? rc : RH_ENOMEM;
    rc = rh_query(call, &rows,
                  "SELECT moderator, substr(first_day, 1, 7), substr(last_day, 1, 7) FROM "
                  "moderators_absence",
                  "");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        struct absence away = {.person = person_place(model, rh_get_text(call, rows, 0))};

        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 1), &away.from)) < 0 ||
            (rc = rh_month_parse(call, rh_get_text(call, rows, 2), &away.to)) < 0)
            return rc;
        if (away.person >= 0)
            model->absences[model->absence_count++] = away;
    }
    rh_close(call, rows);
    return rc;
}

/* Who is away in any month of a procedure, and who is not active any more. */
static void exclude_people(struct model *model)
{
    for (int32_t o = 0; o < model->office_count; o++) {
        const struct office *office = &model->offices[o];

        for (int32_t i = 0; i < model->absence_count; i++)
            if (model->absences[i].from < office->month + model->duration &&
                model->absences[i].to >= office->month)
                model->why[cell(model, o, model->absences[i].person)] |= WHY_ABSENT;
        for (int32_t p = 0; p < model->person_count; p++)
            if (model->people[p].gone)
                model->why[cell(model, o, p)] |= WHY_GONE;
    }
}

/* The published teams of procedures that have begun: they stay, whatever came later. */
static int32_t load_kept(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(
        call, &rows,
        "SELECT m.moderator, m.office, m.start_month, t.out_of_turn, m.role = 'lead' FROM "
        "moderators_plan p JOIN moderators_team t ON t.plan = p.id JOIN moderators_member m ON "
        "m.plan = t.plan AND m.office = t.office AND m.start_month = t.start_month WHERE p.round = "
        "?1 AND p.state = 'published'",
        "s", model->round);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t person = person_place(model, rh_get_text(call, rows, 0)), office, month;

        if ((rc = rh_month_parse(call, rh_get_text(call, rows, 2), &month)) < 0)
            return rc;
        office = procedure_place(model, rh_get_text(call, rows, 1), month,
                                 (int32_t)rh_get_int(call, rows, 3));
        if (person < 0 || office < 0 || !model->offices[office].begun)
            continue;
        model->kept[cell(model, office, person)] = rh_get_int(call, rows, 4) ? ROLE_LEAD : ROLE_CO;
        model->offices[office].kept = 1;
    }
    rh_close(call, rows);
    return rc;
}

/* A team that has begun is fixed; to a later procedure of its office it is the previous team. */
static void fix_kept(struct model *model)
{
    for (int32_t o = 0; o < model->office_count; o++)
        for (int32_t p = 0; model->offices[o].kept && p < model->person_count; p++) {
            size_t at = cell(model, o, p);

            model->pin[at] = 0;
            if (!model->kept[at]) {
                model->why[at] |= WHY_BEGUN;
                continue;
            }
            model->why[at] = 0;
            model->pin[at] = model->kept[at] == ROLE_LEAD ? PIN_MEMBER | PIN_LEAD : PIN_MEMBER;
            for (int32_t later = o; office_goes_on(model, later); later++)
                model->previous[cell(model, later + 1, p)] = 1;
        }
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
    model->kept = rh_alloc_in(call, cells);
    model->km = rh_alloc_in(call, cells * sizeof(double));
    model->apart = rh_alloc_in(call, (size_t)model->person_count * (size_t)model->person_count + 1);
    if (!model->why || !model->pin || !model->previous || !model->kept || !model->km ||
        !model->apart)
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
        (rc = load_absences(call, model)) < 0 || (rc = load_pairs(call, model)) < 0 ||
        (rc = load_kept(call, model)) < 0)
        return rc;
    exclude_people(model);
    fix_kept(model);
    return 0;
}

int32_t model_load(struct rh_call *call, const char *round, int64_t turnus_plan,
                   struct model *ret_model)
{
    struct model model = {.round = round,
                          .duration = (int32_t)rh_config_int(call, "duration_months")};
    int32_t rc;

    if ((rc = find_turnus_plan(call, &model, turnus_plan)) < 0 ||
        (rc = load_offices(call, &model)) < 0 || (rc = load_people(call, &model)) < 0 ||
        (rc = load_cells(call, &model)) < 0)
        return rc;
    *ret_model = model;
    return 0;
}

const char *why_text(struct rh_call *call, int32_t why)
{
    if (why & WHY_GONE)
        return rh_format(call, "nicht mehr tätig", "not active any more");
    if (why & WHY_CONFLICT)
        return rh_format(call, "befangen", "has a conflict");
    if (why & WHY_ABSENT)
        return rh_format(call, "abwesend", "is absent");
    if (why & WHY_RULE)
        return rh_format(call, "durch eine Regel ausgeschlossen", "is ruled out");
    if (why & WHY_BEGUN)
        return rh_format(call, "nicht im Team, das schon begonnen hat",
                         "not in the team, which has begun");
    return "";
}
