/*
 * The spacing to the previous procedure, set for one office in one round: sooner or later than the
 * configuration wants it, for a reason that a person gives.
 */
#include "plugins/turnus/conflicts.h"

int32_t spacing_load(struct rh_call *call, struct model *model)
{
    struct rh_rows *rows;
    int32_t rc;

    for (int32_t i = 0; i < model->office_count; i++) {
        model->offices[i].spacing_min = (int32_t)rh_config_int(call, "spacing_min");
        model->offices[i].spacing_max = (int32_t)rh_config_int(call, "spacing_max");
    }
    rc = rh_query(call, &rows,
                  "SELECT office, min_months, max_months FROM turnus_spacing WHERE round = ?1", "s",
                  model->round);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t place = office_place(model, rh_get_text(call, rows, 0));

        if (place >= 0 && !rh_is_null(call, rows, 1))
            model->offices[place].spacing_min = (int32_t)rh_get_int(call, rows, 1);
        if (place >= 0 && !rh_is_null(call, rows, 2))
            model->offices[place].spacing_max = (int32_t)rh_get_int(call, rows, 2);
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

static const char *spacing_json(struct rh_call *call, const char *round, const char *office)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows,
                 "SELECT json_object('round', round, 'min', min_months, 'max', max_months, 'note', "
                 "note, 'set_by', set_by) FROM turnus_spacing WHERE round = ?1 AND office = ?2",
                 "ss", round, office) == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

int32_t spacing_store(struct rh_call *call, const char *round, const char *office, int32_t min,
                      int32_t max, const char *note)
{
    const char *before = spacing_json(call, round, office);

    if (rh_exec(call,
                "INSERT INTO turnus_spacing(round, office, min_months, max_months, note, set_by) "
                "VALUES (?1, ?2, nullif(?3, -1), nullif(?4, -1), ?5, ?6) ON CONFLICT DO UPDATE SET "
                "min_months = coalesce(excluded.min_months, min_months), "
                "max_months = coalesce(excluded.max_months, max_months), "
                "note = excluded.note, set_by = excluded.set_by",
                "ssiiss", round, office, (int64_t)min, (int64_t)max, note, rh_actor(call)) < 0)
        return RH_EFAILED;
    return rh_event(call, "turnus.spacing", office, before, spacing_json(call, round, office)) < 0
               ? RH_EFAILED
               : 0;
}

/* Back to the configuration. */
static int32_t spacing_clear(struct rh_call *call, const char *round, const char *office)
{
    const char *before = spacing_json(call, round, office);

    if (!before)
        return 0;
    if (rh_exec(call, "DELETE FROM turnus_spacing WHERE round = ?1 AND office = ?2", "ss", round,
                office) < 0)
        return RH_EFAILED;
    return rh_event(call, "turnus.spacing", office, before, NULL) < 0 ? RH_EFAILED : 0;
}

int32_t turnus_spacing_set(struct rh_call *call)
{
    const char *round, *office;
    int32_t has_min = rh_param_given(call, "min"), has_max = rh_param_given(call, "max"), rc;
    int32_t min = has_min ? (int32_t)rh_param_int(call, "min") : -1;
    int32_t max = has_max ? (int32_t)rh_param_int(call, "max") : -1;

    if ((rc = find_round(call, &round)) < 0 || (rc = find_office(call, "office", &office)) < 0)
        return rc;
    if (!has_min && !has_max && !rh_param_int(call, "auto"))
        return rh_fail(call, RH_EUSAGE, "nichts zu tun; --min N, --max N oder --auto angeben",
                       "nothing to do; give --min N, --max N or --auto");
    if (has_min && has_max && min > max)
        return rh_fail(call, RH_EINVALID,
                       "mindestens %d Monate und höchstens %d schließen sich aus; --min oder --max "
                       "ändern",
                       "at least %d months and at most %d exclude each other; change --min or "
                       "--max",
                       (int)min, (int)max);
    if (rh_param_int(call, "auto"))
        rc = spacing_clear(call, round, office);
    if (rc >= 0 && (has_min || has_max))
        rc = spacing_store(call, round, office, min, max, rh_param_text(call, "note"));
    if (rc < 0)
        return rc;
    rh_say(call,
           "der Abstand von '%s' ist geändert; ein Plan berücksichtigt es, sobald er neu gerechnet "
           "wird",
           "the spacing of '%s' is changed; a plan respects it once it is computed anew", office);
    return 0;
}

int32_t turnus_spacing_list(struct rh_call *call)
{
    const char *round;
    int32_t rc = find_round(call, &round);

    if (rc < 0)
        return rc;
    rh_out_text(call, "round", round);
    return rh_out_query(call, "items",
                        "SELECT s.office, o.name, s.min_months, s.max_months, s.note, s.set_by "
                        "FROM turnus_spacing s JOIN v_office o ON o.id = s.office WHERE s.round = "
                        "?1 ORDER BY o.name",
                        "s", round);
}
