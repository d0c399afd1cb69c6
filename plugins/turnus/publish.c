/* turnus publish: makes a draft the plan of its round. Says who moves against the plan published so
 * far. */
#include "plugins/turnus/internal.h"

#include <string.h>

/* A plan made before offices were founded or closed, or rules changed, no longer fits; say what
 * does not. */
static int32_t refuse_stale(struct rh_call *call, const struct model *model,
                            const struct plan *plan)
{
    struct value value;
    int32_t rc;

    for (int32_t i = 0; i < model->office_count; i++) {
        if (plan->slot[i] < 0)
            return rh_fail(
                call, RH_ECONFLICT,
                "Plan %lld ist veraltet: '%s' kommt nicht vor; neu rechnen ('turnus plan')",
                "plan %lld is stale: '%s' is not in it; compute anew ('turnus plan')",
                (long long)plan->id, model->offices[i].id);
        int32_t why = model->why[(size_t)i * (size_t)model->month_count + (size_t)plan->slot[i]];
        if (why)
            return rh_fail(
                call, RH_ECONFLICT,
                "Plan %lld ist veraltet: %s darf nicht mehr in %s beginnen (%s); neu rechnen oder "
                "verlegen",
                "plan %lld is stale: %s may no longer start in %s (%s); compute anew or move it",
                (long long)plan->id, model->offices[i].name,
                rh_month_text(call, model->months[plan->slot[i]].month), why_text(call, why));
    }
    for (int32_t i = 0; i < model->problem.together_count; i++) {
        const struct rh_solve_together *pair = &model->problem.togethers[i];
        if (plan->slot[pair->a] != plan->slot[pair->b])
            return rh_fail(
                call, RH_ECONFLICT,
                "Plan %lld ist veraltet: %s und %s sollen gemeinsam beginnen; neu rechnen",
                "plan %lld is stale: %s and %s shall start together; compute anew",
                (long long)plan->id, model->offices[pair->a].name, model->offices[pair->b].name);
    }
    if ((rc = value_of(call, model, plan->slot, &value)) < 0)
        return rc;
    if (value.level[RH_SOLVE_HARD] > 0 && !rh_param_int(call, "over-capacity"))
        return rh_fail(
            call, RH_ECONFLICT,
            "Plan %lld überschreitet die Höchstzahl je Monat um %lld; --over-capacity nimmt es hin",
            "plan %lld exceeds the capacity per month by %lld; --over-capacity accepts it",
            (long long)plan->id, (long long)value.level[RH_SOLVE_HARD]);
    return 0;
}

static const char *starts_json(struct rh_call *call, const struct model *model,
                               const struct plan *plan)
{
    struct rh_rows *rows;
    const char *json = NULL;

    (void)model;
    if (rh_query(call, &rows,
                 "SELECT json_object('plan', ?1, 'starts', json_group_object(office, month)) FROM "
                 "turnus_start WHERE plan = ?1",
                 "i", plan->id) == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

static int32_t answer_moves(struct rh_call *call, const struct plan *plan)
{
    int32_t moved = rh_out_query(
        call, "items",
        "SELECT n.office, o.name, f.month AS \"from\", n.month AS \"to\" FROM turnus_start n "
        "JOIN turnus_plan p ON p.round = ?2 AND p.state = 'published' "
        "JOIN turnus_start f ON f.plan = p.id AND f.office = n.office AND f.month <> n.month "
        "JOIN v_office o ON o.id = n.office WHERE n.plan = ?1 ORDER BY o.name",
        "is", plan->id, plan->round);

    if (moved < 0)
        return moved;
    rh_out_int(call, "moved", moved);
    rh_say(
        call,
        "Plan %lld des Turnus %s ist veröffentlicht; gegenüber dem bisherigen ändern sich %d Ämter",
        "plan %lld of the round %s is published; %d offices change against the former one",
        (long long)plan->id, plan->round, (int)moved);
    return 0;
}

int32_t turnus_publish(struct rh_call *call)
{
    struct model model;
    struct plan plan;
    const char *round, *json;
    int64_t rc64;
    int32_t rc;

    if ((rc = find_round(call, &round)) < 0 || (rc = model_load(call, round, &model)) < 0 ||
        (rc = plan_load(call, &model, &plan)) < 0)
        return rc;
    if (strcmp(plan.state, "published") == 0)
        return rh_fail(call, RH_ECONFLICT, "Plan %lld ist schon veröffentlicht",
                       "plan %lld is published already", (long long)plan.id);
    if (strcmp(plan.state, "discarded") == 0)
        return rh_fail(call, RH_ECONFLICT, "Plan %lld ist verworfen", "plan %lld is discarded",
                       (long long)plan.id);
    if ((rc = refuse_stale(call, &model, &plan)) < 0 ||
        !(json = starts_json(call, &model, &plan)) || (rc = answer_moves(call, &plan)) < 0)
        return rc < 0 ? rc : RH_EFAILED;
    if (rh_exec(
            call,
            "UPDATE turnus_plan SET state = 'superseded' WHERE round = ?1 AND state = 'published'",
            "s", round) < 0 ||
        rh_exec(call,
                "UPDATE turnus_plan SET state = 'published', published_utc = ?2 WHERE id = ?1",
                "ii", plan.id, rh_now_utc(call)) < 0)
        return RH_EFAILED;
    /* The register and other plugins follow in this same transaction; their veto keeps everything
     * as it was. */
    rc64 = rh_event(call, "round.published", round, NULL, json);
    rh_out_int(call, "plan", plan.id);
    return rc64 < 0 ? (int32_t)rc64 : 0;
}

int32_t turnus_discard(struct rh_call *call)
{
    const char *round, *state;
    int64_t plan;
    int32_t rc;

    if ((rc = find_round(call, &round)) < 0 ||
        (rc = plan_find(call, round, &plan, &round, &state)) < 0)
        return rc;
    if (strcmp(state, "draft") != 0)
        return rh_fail(call, RH_ECONFLICT,
                       "Plan %lld ist kein Entwurf; nur Entwürfe können verworfen werden",
                       "plan %lld is not a draft; only drafts can be discarded", (long long)plan);
    if (rh_exec(call, "UPDATE turnus_plan SET state = 'discarded' WHERE id = ?1", "i", plan) < 0 ||
        rh_event(call, "turnus.discarded", round, NULL,
                 rh_format(call, "{\"plan\":%lld}", "{\"plan\":%lld}", (long long)plan)) < 0)
        return RH_EFAILED;
    rh_say(call, "Plan %lld ist verworfen", "plan %lld is discarded", (long long)plan);
    return 0;
}
