/* The months of a round: open or closed, room, what is taken. Planners close, open and set the room
 * of a month. */
#include "plugins/turnus/conflicts.h"

#include <string.h>

int32_t turnus_month_list(struct rh_call *call)
{
    struct model model;
    const char *round;
    int32_t rc;

    if ((rc = find_round(call, &round)) < 0 || (rc = model_load(call, round, &model)) < 0)
        return rc;
    rh_out_text(call, "round", round);
    rh_out_array(call, "items");
    for (int32_t t = 0; t < model.month_count; t++) {
        const struct month *month = &model.months[t];

        rh_out_object(call, NULL);
        rh_out_text(call, "month", rh_month_text(call, month->month));
        rh_out_flag(call, "closed", month->closed);
        rh_out_int(call, "capacity", month->capacity);
        rh_out_int(call, "taken", month->taken);
        rh_out_int(call, "workdays", month->workdays);
        rh_out_int(call, "outside_school_holidays", month->outside_school);
        rh_out_flag(call, "school_unknown", month->school_unknown);
        rh_out_text(call, "note", month->note);
        rh_out_end(call);
    }
    rh_out_end(call);
    return 0;
}

/* What a planner said of the month, as the event log keeps it; NULL when nothing. */
static const char *month_json(struct rh_call *call, const char *round, const char *month)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows,
                 "SELECT json_object('month', month, 'closed', closed, 'capacity', capacity, "
                 "'note', note) FROM turnus_month WHERE round = ?1 AND month = ?2",
                 "ss", round, month) == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

int32_t month_store(struct rh_call *call, const char *round, int32_t month, const char *state,
                    int32_t capacity, const char *note)
{
    const char *text = rh_month_text(call, month), *before = month_json(call, round, text);

    if (rh_exec(call,
                "INSERT INTO turnus_month(round, month) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                "ss", round, text) < 0)
        return RH_EFAILED;
    if (state && rh_exec(call,
                         "UPDATE turnus_month SET closed = CASE ?3 WHEN 'closed' THEN 1 WHEN "
                         "'open' THEN 0 END, note = ?4 "
                         "WHERE round = ?1 AND month = ?2",
                         "ssss", round, text, state, note) < 0)
        return RH_EFAILED;
    if (capacity >= 0 &&
        rh_exec(call, "UPDATE turnus_month SET capacity = ?3 WHERE round = ?1 AND month = ?2",
                "ssi", round, text, (int64_t)capacity) < 0)
        return RH_EFAILED;
    return rh_event(call, "turnus.month", round, before, month_json(call, round, text)) < 0
               ? RH_EFAILED
               : 0;
}

int32_t turnus_month_set(struct rh_call *call)
{
    struct model model;
    const char *round, *state = rh_param_text(call, "state"), *text;
    int32_t month = (int32_t)rh_param_int(call, "month"), rc;
    int32_t has_capacity = rh_param_given(call, "capacity");

    if ((rc = find_round(call, &round)) < 0 || (rc = model_load(call, round, &model)) < 0)
        return rc;
    text = rh_month_text(call, month);
    if (slot_of_month(&model, month) < 0)
        return rh_fail(call, RH_EINVALID, "%s liegt nicht im Turnus %s (%s bis %s)",
                       "%s is not in the round %s (%s to %s)", text, round,
                       rh_month_text(call, model.first_month),
                       rh_month_text(call, model.first_month + model.month_count - 1));
    if (!state && !has_capacity)
        return rh_fail(call, RH_EUSAGE,
                       "nichts zu tun; --state closed|open|auto oder --capacity N angeben",
                       "nothing to do; give --state closed|open|auto or --capacity N");
    rc = month_store(call, round, month, state,
                     has_capacity ? (int32_t)rh_param_int(call, "capacity") : -1,
                     rh_param_text(call, "note"));
    if (rc < 0)
        return rc;
    rh_say(call, "%s ist geändert; ein Plan berücksichtigt es, sobald er neu gerechnet wird",
           "%s is changed; a plan respects it once it is computed anew", text);
    return 0;
}
