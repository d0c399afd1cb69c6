/* Small things that several rooms need: finding what a person named, one value of a query. */
#include "plugins/moderators/internal.h"

#include <math.h>

const char moderators_sql[] = "SELECT id, name, email FROM moderators_moderator";
const char offices_sql[] = "SELECT id, name, short_name FROM v_office";

int32_t find_moderator(struct rh_call *call, const char *param, const char **ret_id)
{
    return rh_resolve(call, moderators_sql, RH_TEXT("Moderator*in", "moderator"),
                      rh_param_text(call, param), ret_id);
}

int32_t find_office(struct rh_call *call, const char *param, const char **ret_id)
{
    return rh_resolve(call, offices_sql, RH_TEXT("Jugendamt", "office"), rh_param_text(call, param),
                      ret_id);
}

int32_t find_round(struct rh_call *call, const char **ret_round)
{
    struct rh_rows *rows;
    int32_t rc;

    if (rh_param_given(call, "round"))
        return rh_resolve(call, "SELECT id FROM v_round", RH_TEXT("Turnus", "round"),
                          rh_param_text(call, "round"), ret_round);
    /* Unnamed, the round with a plan is meant, else the latest one. */
    rc = rh_query(call, &rows,
                  "SELECT r.id FROM v_round r ORDER BY EXISTS (SELECT 1 FROM v_turnus_plan p WHERE "
                  "p.round = r.id AND p.state IN ('draft','published')) DESC, r.first_month DESC "
                  "LIMIT 1",
                  "");
    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return rh_fail(
            call, RH_ENOTFOUND,
            "es gibt noch keinen Turnus; 'reihum round create 2027-2031 --start 2027-01-01' legt "
            "einen an",
            "there is no round yet; 'reihum round create 2027-2031 --start 2027-01-01' makes one");
    *ret_round = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

int32_t ask_int(struct rh_call *call, int64_t *ret_value, int64_t fallback, const char *sql,
                const char *a)
{
    struct rh_rows *rows;
    int32_t rc = a ? rh_query(call, &rows, sql, "s", a) : rh_query(call, &rows, sql, "");

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    *ret_value = rc == 1 ? rh_get_int(call, rows, 0) : fallback;
    rh_close(call, rows);
    return 0;
}

const char *ask_json(struct rh_call *call, const char *sql)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows, sql, "") == 0 && rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

double distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b)
{
    const double radians = 3.14159265358979323846 / 180, earth_km = 6371.0;
    double dp = (latitude_b - latitude_a) * radians, dl = (longitude_b - longitude_a) * radians;
    double h = sin(dp / 2) * sin(dp / 2) +
               cos(latitude_a * radians) * cos(latitude_b * radians) * sin(dl / 2) * sin(dl / 2);

    return 2 * earth_km * asin(sqrt(h < 1 ? h : 1));
}

const char *csv_moderator(struct rh_call *call, struct rh_csv_in *csv, int32_t column)
{
    const char *named = rh_csv_text(call, csv, column), *id = NULL;

    if (!named)
        rh_csv_fault(call, csv, column, "die Moderator*in fehlt", "the moderator is missing");
    else if (rh_resolve(call, moderators_sql, RH_TEXT("Moderator*in", "moderator"), named, &id) < 0)
        rh_csv_last_error(call, csv, column);
    return id;
}

const char *csv_office(struct rh_call *call, struct rh_csv_in *csv, int32_t column)
{
    const char *named = rh_csv_text(call, csv, column), *id = NULL;

    if (!named)
        rh_csv_fault(call, csv, column, "das Jugendamt fehlt", "the office is missing");
    else if (rh_resolve(call, offices_sql, RH_TEXT("Jugendamt", "office"), named, &id) < 0)
        rh_csv_last_error(call, csv, column);
    return id;
}
