/*
 * team border import: boundaries for the map, from GeoJSON (RFC 7946). SQLite's own JSON reader
 * takes the file apart; what comes out is checked point by point. Points that fall together on the
 * grid of the map, or lie on the line between their neighbours, are left out: that is all the
 * simplification there is.
 */
#include "plugins/moderators/internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An equirectangular map that is true at 51° north; a unit is a quarter of a kilometre. */
void map_point(double latitude, double longitude, int32_t *ret_x, int32_t *ret_y)
{
    const double units = 111.195 / 0.25, cos_51 = 0.62932;

    *ret_x = (int32_t)lround(longitude * units * cos_51);
    *ret_y = (int32_t)lround((56 - latitude) * units);
}

enum { OUTLINES_MAX = 120000, FEATURES_MAX = 2000 };

struct outline {
    struct rh_call *call;
    const char *file;
    int32_t number; /* of the feature, from 1 */
    const char *name;
    char *text; /* of all features one after another, each terminated */
    size_t length, begin;
    int32_t polygon, ring; /* that are being written; -1: none */
    int32_t first_x, first_y, points;
    int32_t x, y, step_x, step_y; /* the last point; the step that is not written yet */
    int32_t min_x, min_y, max_x, max_y;
    double longitude; /* of the point whose latitude is next */
    int32_t has_longitude;
};

/* ---- one outline: "M120 300l4-2 7 1…z" ---- */

static int32_t add_text(struct outline *outline, const char *text)
{
    size_t length = strlen(text);

    if (outline->length + length + 1 >= OUTLINES_MAX)
        return rh_fail(outline->call, RH_EINVALID,
                       "%s: die Grenzen sind zu fein (mehr als %d Zeichen auf der Karte); vorher "
                       "vereinfachen, auf etwa 200 m",
                       "%s: the boundaries are too fine (more than %d characters on the map); "
                       "simplify them before, to about 200 m",
                       outline->file, (int)OUTLINES_MAX);
    memcpy(outline->text + outline->length, text, length + 1);
    outline->length += length;
    return 0;
}

/* A minus parts two numbers by itself. */
static int32_t add_pair(struct outline *outline, int32_t a, int32_t b)
{
    char text[32], last = outline->length ? outline->text[outline->length - 1] : 'l';

    snprintf(text, sizeof(text), "%s%d%s%d", last >= '0' && last <= '9' && a >= 0 ? " " : "", a,
             b < 0 ? "" : " ", b);
    return add_text(outline, text);
}

static int32_t write_step(struct outline *outline)
{
    int32_t rc = 0;

    if (outline->step_x || outline->step_y) {
        outline->points++;
        rc = add_pair(outline, outline->step_x, outline->step_y);
    }
    outline->step_x = outline->step_y = 0;
    return rc;
}

static int32_t end_ring(struct outline *outline)
{
    int32_t rc;

    if (outline->ring < 0)
        return 0;
    /* "z" leads back to the first point. */
    if (outline->x == outline->first_x && outline->y == outline->first_y)
        outline->step_x = outline->step_y = 0;
    if ((rc = write_step(outline)) < 0)
        return rc;
    outline->ring = outline->polygon = -1;
    return add_text(outline, "z");
}

static int32_t begin_ring(struct outline *outline, int32_t x, int32_t y)
{
    int32_t rc;

    outline->first_x = outline->x = x;
    outline->first_y = outline->y = y;
    outline->step_x = outline->step_y = 0;
    if ((rc = add_text(outline, "M")) < 0 || (rc = add_pair(outline, x, y)) < 0)
        return rc;
    return add_text(outline, "l");
}

static int same_direction(int32_t ax, int32_t ay, int32_t bx, int32_t by)
{
    return (int64_t)ax * by == (int64_t)ay * bx && (int64_t)ax * bx + (int64_t)ay * by > 0;
}

static int32_t add_point(struct outline *outline, int32_t x, int32_t y)
{
    int32_t step_x = x - outline->x, step_y = y - outline->y, rc = 0;

    if (x < outline->min_x)
        outline->min_x = x;
    if (x > outline->max_x)
        outline->max_x = x;
    if (y < outline->min_y)
        outline->min_y = y;
    if (y > outline->max_y)
        outline->max_y = y;
    if (step_x == 0 && step_y == 0)
        return 0;
    outline->x = x;
    outline->y = y;
    if (same_direction(outline->step_x, outline->step_y, step_x, step_y)) {
        outline->step_x += step_x;
        outline->step_y += step_y;
        return 0;
    }
    rc = write_step(outline);
    outline->step_x = step_x;
    outline->step_y = step_y;
    return rc;
}

/* ---- the file ---- */

static int32_t refuse(const struct outline *outline)
{
    return rh_fail(outline->call, RH_EINVALID,
                   "%s: die %d. Grenze (%s) ist kein Polygon oder MultiPolygon aus Punkten "
                   "[Länge, Breite] zwischen 5 und 16 und 47 und 56 Grad; die Datei als GeoJSON in "
                   "WGS 84 ausgeben",
                   "%s: boundary %d (%s) is no Polygon or MultiPolygon of points [longitude, "
                   "latitude] between 5 and 16 and 47 and 56 degrees; write the file as GeoJSON "
                   "in WGS 84",
                   outline->file, (int)outline->number, outline->name);
}

/* `key` is "$[polygon][ring][point][coordinate]", the first one only in a MultiPolygon. */
static int read_place(const char *key, int32_t multi, int32_t place[4])
{
    place[0] = 0;
    if (*key++ != '$')
        return 0;
    for (int i = multi ? 0 : 1; i < 4; i++) {
        char *end;
        long number = *key == '[' ? strtol(key + 1, &end, 10) : -1;

        if (number < 0 || number > INT32_MAX || *end != ']')
            return 0;
        place[i] = (int32_t)number;
        key = end + 1;
    }
    return *key == '\0';
}

static int32_t take_number(struct outline *outline, const int32_t place[4], double value)
{
    int32_t x, y, rc;

    if (place[3] == 0) {
        outline->longitude = value;
        outline->has_longitude = value >= 5 && value <= 16;
        return outline->has_longitude ? 0 : refuse(outline);
    }
    if (place[3] > 1)
        return 0; /* the height */
    if (!outline->has_longitude || value < 47 || value > 56)
        return refuse(outline);
    outline->has_longitude = 0;
    map_point(value, outline->longitude, &x, &y);
    if (place[0] != outline->polygon || place[1] != outline->ring) {
        if ((rc = end_ring(outline)) < 0 || (rc = begin_ring(outline, x, y)) < 0)
            return rc;
        outline->polygon = place[0];
        outline->ring = place[1];
    }
    return add_point(outline, x, y);
}

static int32_t read_outline(struct outline *outline, const char *coordinates, int32_t multi)
{
    struct rh_call *call = outline->call;
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT fullkey, type IN ('integer','real'), atom FROM json_tree(?1) "
                          "WHERE type <> 'array'",
                          "s", coordinates);

    outline->min_x = outline->min_y = INT32_MAX;
    outline->max_x = outline->max_y = INT32_MIN;
    outline->points = outline->has_longitude = 0;
    outline->ring = outline->polygon = -1;
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t place[4];

        if (!rh_get_int(call, rows, 1) || !read_place(rh_get_text(call, rows, 0), multi, place))
            return refuse(outline);
        if ((rc = take_number(outline, place, rh_get_real(call, rows, 2))) < 0)
            return rc;
    }
    rh_close(call, rows);
    if (rc < 0 || (rc = end_ring(outline)) < 0)
        return rc;
    return outline->points < 2 ? refuse(outline) : 0;
}

static int32_t store(struct outline *outline, const char *id, const char *attribution)
{
    const char *text = outline->text + outline->begin;
    int32_t rc =
        (int32_t)rh_exec(outline->call,
                         "INSERT INTO moderators_border VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON "
                         "CONFLICT DO NOTHING",
                         "ssssiiii", id, outline->name, text, attribution, (int64_t)outline->min_x,
                         (int64_t)outline->min_y, (int64_t)outline->max_x, (int64_t)outline->max_y);

    outline->begin = ++outline->length;
    if (rc == 0)
        return rh_fail(outline->call, RH_EINVALID,
                       "%s: die %d. Grenze (%s) hat dieselbe Kennung wie eine frühere",
                       "%s: boundary %d (%s) has the same id as an earlier one", outline->file,
                       (int)outline->number, outline->name);
    return rc;
}

static const char features_sql[] =
    "SELECT ifnull(json_extract(f.value, '$.properties.name'), ''), "
    "ifnull(ifnull(json_extract(f.value, '$.properties.ags'), json_extract(f.value, '$.id')), "
    "f.key), json_extract(f.value, '$.geometry.type'), json_type(f.value, "
    "'$.geometry.coordinates') = 'array', json_extract(f.value, '$.geometry.coordinates') FROM "
    "json_each(?1, '$.features') f WHERE f.type = 'object'";

static int32_t read_features(struct outline *outline, const char *json, const char *attribution)
{
    struct rh_call *call = outline->call;
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, features_sql, "s", json);

    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        const char *type = rh_get_text(call, rows, 2), *coordinates = rh_get_text(call, rows, 4);
        int32_t multi = type && strcmp(type, "MultiPolygon") == 0;

        outline->number++;
        outline->name = rh_get_text(call, rows, 0);
        if (outline->number > FEATURES_MAX || (!multi && (!type || strcmp(type, "Polygon") != 0)) ||
            !rh_get_int(call, rows, 3))
            return refuse(outline);
        if ((rc = read_outline(outline, coordinates, multi)) < 0 ||
            (rc = store(outline, rh_get_text(call, rows, 1), attribution)) < 0)
            return rc;
    }
    rh_close(call, rows);
    return rc;
}

/* The file as a text, and what it says of its source. */
static int32_t read_head(struct rh_call *call, const char *file, const char *bytes, size_t size,
                         const char **ret_json, const char **ret_attribution)
{
    const char *json = rh_format(call, "%.*s", "%.*s", (int)size, bytes);
    struct rh_rows *rows;
    int64_t valid = 0;
    int32_t rc = ask_int(call, &valid, 0, "SELECT json_valid(?1)", json);

    if (rc < 0)
        return rc;
    if (valid)
        rc = ask_int(call, &valid, 0,
                     "SELECT json_type(?1, '$.features') = 'array' AND json_array_length(?1, "
                     "'$.features') > 0",
                     json);
    if (rc < 0)
        return rc;
    if (!valid)
        return rh_fail(call, RH_EINVALID,
                       "%s ist kein GeoJSON mit Grenzen; verlangt ist eine FeatureCollection mit "
                       "Polygonen, wie config/nrw/districts.geojson",
                       "%s is no GeoJSON with boundaries; wanted is a FeatureCollection of "
                       "polygons, like config/nrw/districts.geojson",
                       file);
    if ((rc = rh_query(call, &rows,
                       "SELECT CASE WHEN json_type(?1, '$.attribution') = 'text' THEN "
                       "json_extract(?1, '$.attribution') END",
                       "s", json)) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    *ret_attribution = rh_param_given(call, "attribution") ? rh_param_text(call, "attribution")
                                                           : rh_get_text(call, rows, 0);
    *ret_json = json;
    rh_close(call, rows);
    if (!*ret_attribution || !**ret_attribution)
        return rh_fail(call, RH_EINVALID,
                       "%s sagt nicht, von wem die Grenzen sind ('attribution' fehlt); "
                       "--attribution nennt es, es steht dann auf der Karte",
                       "%s does not say whose boundaries these are ('attribution' is missing); "
                       "--attribution names it, it stands on the map then",
                       file);
    return 0;
}

int32_t team_border_import(struct rh_call *call)
{
    struct outline outline = {.call = call};
    const char *bytes, *json, *attribution;
    size_t size;
    int32_t rc = rh_param_file(call, "file", &outline.file, &bytes, &size);

    if (rc < 0 || (rc = read_head(call, outline.file, bytes, size, &json, &attribution)) < 0)
        return rc;
    if (!(outline.text = rh_alloc_in(call, OUTLINES_MAX + 1)))
        return RH_ENOMEM;
    if (rh_exec(call, "DELETE FROM moderators_border", "") < 0 ||
        (rc = read_features(&outline, json, attribution)) < 0)
        return rc < 0 ? rc : RH_EFAILED;
    if (rh_event(call, "moderators.borders", "all", NULL,
                 rh_format(call, "{\"borders\":%d}", "{\"borders\":%d}", (int)outline.number)) < 0)
        return RH_EFAILED;
    rh_out_int(call, "rows", outline.number);
    rh_out_text(call, "attribution", attribution);
    rh_say(call, "%d Grenzen übernommen; die Karte zeigt dazu: %s",
           "%d boundaries taken in; the map shows with them: %s", (int)outline.number, attribution);
    return 0;
}
