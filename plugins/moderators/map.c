/*
 * team map: offices, the homes of moderators and the ways between, as data for a drawing in the
 * units of border.c. The same ways are the rows of a table, so that nothing is told by the drawing
 * alone.
 */
#include "plugins/moderators/internal.h"

#include <string.h>

enum {
    LABELS_UP_TO = 48, /* with more ways, numbers hide the map */
    NEAR_UP_TO = 12,   /* so few ways are shown from near */
    NEAR_LEAST = 480   /* but never less than 120 km */
};

struct map {
    struct rh_call *call;
    struct model model;
    struct plan plan;
    int32_t from, to; /* months of the start, `to` not included */
    int32_t person;   /* -1: all */
    const char *office;
    int32_t ways, offices;
    double km, longest;
    int32_t min_x, min_y, max_x, max_y;
};

static int32_t is_near(const struct map *map)
{
    return map->ways > 0 && map->ways <= NEAR_UP_TO;
}

/* ---- what is shown ---- */

static int32_t chosen(const struct map *map, int32_t office, int32_t person)
{
    const struct office *procedure = &map->model.offices[office];

    return map->plan.role[cell(&map->model, office, person)] && procedure->month >= map->from &&
           procedure->month < map->to && (map->person < 0 || map->person == person) &&
           (!map->office || strcmp(map->office, procedure->id) == 0);
}

static int32_t has_way(const struct map *map, int32_t office)
{
    for (int32_t p = 0; p < map->model.person_count; p++)
        if (chosen(map, office, p))
            return 1;
    return 0;
}

static int32_t this_half(struct rh_call *call, const struct model *model)
{
    const char *now = rh_format(call, "%.7s", "%.7s", rh_day_text(call, rh_today(call)));
    int32_t month;

    if (rh_month_parse(call, now, &month) < 0 || month < model->first_month ||
        month >= model->first_month + model->month_count)
        return model->first_month;
    return model->first_month + (month - model->first_month) / 6 * 6;
}

/* "2027-01": the half-year from that month; "all"; unnamed: all ways of the one who is named, else
 * the present half-year. */
static int32_t choose_months(struct map *map)
{
    const char *half = rh_param_text(map->call, "half");
    const struct model *model = &map->model;

    map->from = model->first_month;
    map->to = model->first_month + model->month_count;
    if (half && strcmp(half, "all") == 0)
        return 0;
    if (!half && (map->person >= 0 || map->office))
        return 0;
    if (!half)
        map->from = this_half(map->call, model);
    else if (rh_month_parse(map->call, half, &map->from) < 0)
        return rh_wrap(map->call, "--half: 'all' oder der erste Monat des Halbjahrs, z. B. 2027-01",
                       "--half: 'all' or the first month of the half-year, as in 2027-01");
    map->to = map->from + 6;
    return 0;
}

static int32_t choose(struct map *map)
{
    struct rh_call *call = map->call;
    const char *moderator;
    int32_t rc;

    map->person = -1;
    if (rh_param_given(call, "moderator")) {
        if ((rc = find_moderator(call, "moderator", &moderator)) < 0)
            return rc;
        if ((map->person = person_place(&map->model, moderator)) < 0)
            return rh_fail(call, RH_ENOTFOUND, "'%s' ist nicht mehr tätig",
                           "'%s' is not active any more", moderator);
    }
    if (rh_param_given(call, "office") && (rc = find_office(call, "office", &map->office)) < 0)
        return rc;
    return choose_months(map);
}

/* ---- the drawing ---- */

static void widen(struct map *map, int32_t x, int32_t y)
{
    map->min_x = x < map->min_x ? x : map->min_x;
    map->min_y = y < map->min_y ? y : map->min_y;
    map->max_x = x > map->max_x ? x : map->max_x;
    map->max_y = y > map->max_y ? y : map->max_y;
}

static int32_t out_borders(struct map *map)
{
    struct rh_call *call = map->call;
    struct rh_rows *rows;
    const char *attribution = NULL;
    int32_t rc = rh_query(call, &rows,
                          "SELECT name, outline, attribution, min_x, min_y, max_x, max_y FROM "
                          "moderators_border ORDER BY id",
                          "");

    rh_out_array(call, "borders");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        attribution = rh_get_text(call, rows, 2);
        widen(map, (int32_t)rh_get_int(call, rows, 3), (int32_t)rh_get_int(call, rows, 4));
        widen(map, (int32_t)rh_get_int(call, rows, 5), (int32_t)rh_get_int(call, rows, 6));
        rh_out_object(call, NULL);
        rh_out_text(call, "name", rh_get_text(call, rows, 0));
        rh_out_text(call, "outline", rh_get_text(call, rows, 1));
        rh_out_end(call);
    }
    rh_close(call, rows);
    rh_out_end(call);
    rh_out_text(call, "attribution", attribution);
    return rc;
}

static void out_point(struct map *map, double latitude, double longitude, const char *name,
                      const char *label)
{
    struct rh_call *call = map->call;
    int32_t x, y;

    map_point(latitude, longitude, &x, &y);
    widen(map, x, y);
    rh_out_object(call, NULL);
    rh_out_int(call, "x", x);
    rh_out_int(call, "y", y);
    rh_out_int(call, "label_x", x + 9);
    rh_out_int(call, "label_y", y + 6);
    rh_out_text(call, "name", name);
    rh_out_text(call, "label", label);
    rh_out_end(call);
}

/* Offices without a way here, and those with one: two lists, so that a way's end stands out. */
static void out_offices(struct map *map, const char *key, int32_t with_way)
{
    struct rh_call *call = map->call;
    int32_t labelled = map->offices <= LABELS_UP_TO / 2;

    rh_out_array(call, key);
    for (int32_t o = 0; o < map->model.office_count; o++) {
        const struct office *office = &map->model.offices[o];

        if (has_way(map, o) == with_way)
            out_point(map, office->latitude, office->longitude, office->name,
                      with_way && labelled ? office->short_name : NULL);
    }
    rh_out_end(call);
}

static void out_homes(struct map *map)
{
    struct rh_call *call = map->call;

    rh_out_array(call, "homes");
    for (int32_t p = 0; p < map->model.person_count; p++) {
        const struct person *person = &map->model.people[p];
        int32_t ways = 0;

        for (int32_t o = 0; o < map->model.office_count; o++)
            ways += chosen(map, o, p);
        if (ways)
            out_point(map, person->latitude, person->longitude, person->name,
                      is_near(map) && map->person < 0 ? person->name : NULL);
    }
    rh_out_end(call);
}

static int32_t same_region(const struct map *map, int32_t office, int32_t person)
{
    return strcmp(map->model.offices[office].region, map->model.people[person].region) == 0;
}

static void out_lines(struct map *map)
{
    struct rh_call *call = map->call;
    const struct model *model = &map->model;

    rh_out_array(call, "lines");
    for (int32_t o = 0; o < model->office_count; o++)
        for (int32_t p = 0; p < model->person_count; p++) {
            const struct office *office = &model->offices[o];
            const struct person *person = &model->people[p];
            int32_t x1, y1, x2, y2;

            if (!chosen(map, o, p))
                continue;
            map_point(office->latitude, office->longitude, &x1, &y1);
            map_point(person->latitude, person->longitude, &x2, &y2);
            rh_out_object(call, NULL);
            rh_out_int(call, "x1", x1);
            rh_out_int(call, "y1", y1);
            rh_out_int(call, "x2", x2);
            rh_out_int(call, "y2", y2);
            /* Of one person, the ways part at the home: there the numbers would lie on each other.
             */
            rh_out_int(call, "label_x", map->person < 0 ? (x1 + x2) / 2 : (2 * x1 + x2) / 3);
            rh_out_int(call, "label_y", map->person < 0 ? (y1 + y2) / 2 : (2 * y1 + y2) / 3);
            rh_out_text(call, "look", same_region(map, o, p) ? "own" : "other");
            /* With all ways of a round their names would be half of the page; the table has them.
             */
            rh_out_text(call, "name",
                        map->ways > 4 * LABELS_UP_TO
                            ? NULL
                            : rh_format(call, "%s – %s: %.0f km", "%s – %s: %.0f km", person->name,
                                        office->name, model->km[cell(model, o, p)]));
            /* A number on a way shorter than itself would hide both its ends. */
            rh_out_text(call, "label",
                        map->ways <= LABELS_UP_TO && model->km[cell(model, o, p)] >= 15
                            ? rh_format(call, "%.0f", "%.0f", model->km[cell(model, o, p)])
                            : NULL);
            rh_out_end(call);
        }
    rh_out_end(call);
}

/* ---- the table ---- */

static void out_way(struct map *map, int32_t o, int32_t p)
{
    struct rh_call *call = map->call;
    const struct model *model = &map->model;
    const struct office *office = &model->offices[o];
    double km = model->km[cell(model, o, p)];

    rh_out_object(call, NULL);
    rh_out_text(call, "start_month", rh_month_text(call, office->month));
    rh_out_text(call, "office", office->id);
    rh_out_text(call, "name", office->name);
    rh_out_text(call, "moderator", model->people[p].id);
    rh_out_text(call, "moderator_name", model->people[p].name);
    rh_out_text(call, "role", map->plan.role[cell(model, o, p)] == ROLE_LEAD ? "lead" : "co");
    rh_out_flag(call, "other_region", !same_region(map, o, p));
    rh_out_real(call, "travel_km", (double)(int64_t)(km * 10 + 0.5) / 10);
    rh_out_end(call);
    map->ways++;
    map->km += km;
    map->longest = km > map->longest ? km : map->longest;
}

static void out_ways(struct map *map)
{
    const struct model *model = &map->model;

    rh_out_array(map->call, "items");
    for (int32_t month = map->from; month < map->to; month++)
        for (int32_t o = 0; o < model->office_count; o++) {
            if (model->offices[o].month != month)
                continue;
            map->offices += has_way(map, o);
            for (int32_t p = 0; p < model->person_count; p++)
                if (chosen(map, o, p))
                    out_way(map, o, p);
        }
    rh_out_end(map->call);
}

/* ---- what can be chosen ---- */

static void out_choice(struct rh_call *call, const char *value, const char *label, int32_t selected)
{
    rh_out_object(call, NULL);
    rh_out_text(call, "value", value);
    rh_out_text(call, "label", label);
    rh_out_flag(call, "selected", selected);
    rh_out_end(call);
}

static void out_choices(struct map *map)
{
    struct rh_call *call = map->call;
    const struct model *model = &map->model;
    int32_t all = map->to - map->from > 6;

    rh_out_array(call, "halves");
    out_choice(call, "all", rh_format(call, "ganzer Turnus", "whole round"), all);
    for (int32_t m = model->first_month; m < model->first_month + model->month_count; m += 6)
        out_choice(call, rh_month_text(call, m),
                   rh_format(call, "%s bis %s", "%s to %s", rh_month_text(call, m),
                             rh_month_text(call, m + 5)),
                   !all && m == map->from);
    rh_out_end(call);
    rh_out_array(call, "people");
    for (int32_t p = 0; p < model->person_count; p++)
        out_choice(call, model->people[p].id, model->people[p].name, p == map->person);
    rh_out_end(call);
    rh_out_array(call, "places");
    for (int32_t o = 0; o < model->office_count; o++)
        if (o == 0 || !office_goes_on(model, o - 1))
            out_choice(call, model->offices[o].id, model->offices[o].name,
                       map->office && strcmp(map->office, model->offices[o].id) == 0);
    rh_out_end(call);
}

/* All of it, or only the ends of a few ways. */
static void look_near(struct map *map)
{
    const struct model *model = &map->model;
    int32_t x, y, low_x, low_y;

    map->min_x = map->min_y = INT32_MAX;
    map->max_x = map->max_y = INT32_MIN;
    for (int32_t o = 0; o < model->office_count; o++)
        for (int32_t p = 0; p < model->person_count; p++) {
            if (!chosen(map, o, p))
                continue;
            map_point(model->offices[o].latitude, model->offices[o].longitude, &x, &y);
            widen(map, x, y);
            map_point(model->people[p].latitude, model->people[p].longitude, &x, &y);
            widen(map, x, y);
        }
    low_x = (map->min_x + map->max_x - NEAR_LEAST) / 2;
    low_y = (map->min_y + map->max_y - NEAR_LEAST) / 2;
    widen(map, low_x, low_y);
    widen(map, low_x + NEAR_LEAST, low_y + NEAR_LEAST);
}

static void out_frame(struct map *map)
{
    const int32_t margin = 24;
    int32_t x = map->min_x - margin, y = map->min_y - margin;
    int32_t width = map->max_x - map->min_x + 2 * margin;
    int32_t height = map->max_y - map->min_y + 2 * margin;

    rh_out_text(map->call, "view_box",
                rh_format(map->call, "%d %d %d %d", "%d %d %d %d", x, y, width, height));
    /* 25 km, at the lower left. */
    rh_out_object(map->call, "scale");
    rh_out_int(map->call, "x1", x + 20);
    rh_out_int(map->call, "x2", x + 120);
    rh_out_int(map->call, "y", y + height - 20);
    rh_out_int(map->call, "label_y", y + height - 30);
    rh_out_end(map->call);
}

static void say_sum(struct map *map)
{
    const char *months =
        rh_format(map->call, "%s bis %s", "%s to %s", rh_month_text(map->call, map->from),
                  rh_month_text(map->call, map->to - 1));

    rh_out_int(map->call, "ways", map->ways);
    rh_out_int(map->call, "total_km", (int64_t)(map->km + 0.5));
    rh_out_text(map->call, "summary",
                rh_format(map->call,
                          "%s: %d Verfahren, %d Wege, zusammen %.0f km, im Mittel %.0f km, der "
                          "längste %.0f km",
                          "%s: %d procedures, %d ways, together %.0f km, on average %.0f km, the "
                          "longest %.0f km",
                          months, (int)map->offices, (int)map->ways, map->km,
                          map->ways ? map->km / map->ways : 0, map->longest));
}

int32_t team_map(struct rh_call *call)
{
    struct map map = {.call = call,
                      .min_x = INT32_MAX,
                      .min_y = INT32_MAX,
                      .max_x = INT32_MIN,
                      .max_y = INT32_MIN};
    int32_t rc;

    if ((rc = plan_find(call, &map.plan)) < 0 ||
        (rc = model_load(call, map.plan.round, map.plan.turnus_plan, &map.model)) < 0 ||
        (rc = plan_load(call, &map.model, &map.plan)) < 0 || (rc = choose(&map)) < 0)
        return rc;
    rh_out_int(call, "plan", map.plan.id);
    rh_out_text(call, "round", map.plan.round);
    out_choices(&map);
    out_ways(&map);
    if ((rc = out_borders(&map)) < 0)
        return rc;
    out_offices(&map, "offices", 0);
    out_offices(&map, "ends", 1);
    out_homes(&map);
    out_lines(&map);
    if (is_near(&map))
        look_near(&map);
    out_frame(&map);
    rh_out_flag(call, "near", is_near(&map));
    say_sum(&map);
    return 0;
}
