/* turnus publish: makes a draft the plan of its round. Says who moves against the plan published so
 * far. */
#include "plugins/turnus/gaps.h"
#include "plugins/turnus/standing.h"

#include <string.h>

static int32_t refuse_full(struct rh_call *call, const struct model *model, const struct plan *plan)
{
    int32_t excess = unnamed_excess(model, plan);

    if (excess == 0 || rh_param_int(call, "over-capacity"))
        return 0;
    return rh_fail(
        call, RH_ECONFLICT,
        "Plan %lld überschreitet die Höchstzahl je Monat um %lld; --over-capacity nimmt es hin",
        "plan %lld exceeds the capacity per month by %lld; --over-capacity accepts it",
        (long long)plan->id, (long long)excess);
}

/* {"plan": 3, "starts": {"bielefeld": "2028-03", …}}, in the call's memory; NULL when there is no
 * such plan. */
static const char *starts_json(struct rh_call *call, int64_t plan)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows,
                 "SELECT json_object('plan', ?1, 'starts', json_group_object(office, month)) FROM "
                 "turnus_start WHERE plan = ?1",
                 "i", plan) == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

static int32_t answer_moves(struct rh_call *call, const struct plan *plan, int64_t former)
{
    int32_t moved = rh_out_query(
        call, "items",
        "SELECT n.office, o.name, f.month AS \"from\", n.month AS \"to\" FROM turnus_start n "
        "JOIN turnus_start f ON f.plan = ?2 AND f.office = n.office AND f.month <> n.month "
        "JOIN v_office o ON o.id = n.office WHERE n.plan = ?1 ORDER BY o.name",
        "ii", plan->id, former);

    if (moved < 0)
        return moved;
    rh_out_int(call, "moved", moved);
    if (former == 0)
        rh_say(call, "Plan %lld des Turnus %s ist veröffentlicht",
               "plan %lld of the round %s is published", (long long)plan->id, plan->round);
    else
        rh_say(call,
               "Plan %lld des Turnus %s ist veröffentlicht; Ämter, die in einem anderen Monat "
               "beginnen als nach Plan %lld: %d",
               "plan %lld of the round %s is published; offices that start in another month than "
               "by plan %lld: %d",
               (long long)plan->id, plan->round, (long long)former, (int)moved);
    return 0;
}

/* An office that moves, as its event tells it. */
struct moved {
    const char *office, *from, *to;
};

static int32_t read_moves(struct rh_call *call, int64_t plan, int64_t former, struct moved *moves,
                          int32_t room)
{
    struct rh_rows *rows;
    int32_t count = 0;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT n.office, f.month, n.month FROM turnus_start n JOIN turnus_start f "
                 "ON f.plan = ?2 AND f.office = n.office AND f.month <> n.month "
                 "WHERE n.plan = ?1 ORDER BY n.office",
                 "ii", plan, former);

    while (rc >= 0 && count < room && (rc = rh_next(call, rows)) == 1)
        moves[count++] = (struct moved){rh_get_text(call, rows, 0), rh_get_text(call, rows, 1),
                                        rh_get_text(call, rows, 2)};
    rh_close(call, rows);
    return rc < 0 ? rc : count;
}

static const char *start_json(struct rh_call *call, const char *round, int64_t plan,
                              const char *month)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows, "SELECT json_object('round', ?1, 'plan', ?2, 'start_month', ?3)",
                 "sis", round, plan, month) == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

/*
 * "turnus.moved", one event an office: who keeps something per office (a team, an invitation) need
 * not compare two plans. All moves are read first, because a hook may change what they are read
 * from; the register has followed already when they come.
 */
static int32_t tell_moves(struct rh_call *call, const struct model *model, const struct plan *plan,
                          int64_t former)
{
    struct moved *moves =
        rh_alloc_in(call, ((size_t)model->office_count + 1) * sizeof(struct moved));
    int32_t count;

    if (!moves)
        return RH_ENOMEM;
    count = read_moves(call, plan->id, former, moves, model->office_count);
    for (int32_t i = 0; i < count; i++) {
        int64_t seq = rh_event(call, "turnus.moved", moves[i].office,
                               start_json(call, plan->round, former, moves[i].from),
                               start_json(call, plan->round, plan->id, moves[i].to));
        if (seq < 0)
            return (int32_t)seq;
    }
    return count < 0 ? count : 0;
}

static int32_t refuse_state(struct rh_call *call, const struct plan *plan)
{
    if (strcmp(plan->state, "published") == 0)
        return rh_fail(call, RH_ECONFLICT, "Plan %lld ist schon veröffentlicht",
                       "plan %lld is published already", (long long)plan->id);
    if (strcmp(plan->state, "discarded") == 0)
        return rh_fail(call, RH_ECONFLICT, "Plan %lld ist verworfen", "plan %lld is discarded",
                       (long long)plan->id);
    return 0;
}

int32_t turnus_publish(struct rh_call *call)
{
    struct model model;
    struct plan plan;
    const char *round, *before, *after;
    int64_t former, seq;
    int32_t rc;

    if ((rc = find_round_of_plan(call, &round)) < 0 || (rc = model_load(call, round, &model)) < 0 ||
        (rc = plan_load(call, &model, &plan)) < 0 || (rc = refuse_state(call, &plan)) < 0 ||
        (rc = refuse_stale(call, &model, &plan)) < 0 ||
        (rc = refuse_full(call, &model, &plan)) < 0 || (rc = refuse_gaps(call, &model, &plan)) < 0)
        return rc;
    if ((former = published_plan(call, round)) < 0)
        return (int32_t)former;
    if ((rc = answer_moves(call, &plan, former)) < 0 ||
        (rc = say_announced_moves(call, &model, &plan)) < 0)
        return rc;
    before = former ? starts_json(call, former) : NULL;
    after = starts_json(call, plan.id);
    if (rh_exec(
            call,
            "UPDATE turnus_plan SET state = 'superseded' WHERE round = ?1 AND state = 'published'",
            "s", round) < 0 ||
        rh_exec(call,
                "UPDATE turnus_plan SET state = 'published', published_utc = ?2 WHERE id = ?1",
                "ii", plan.id, rh_now_utc(call)) < 0)
        return RH_EFAILED;
    if ((rc = keep_acceptance(call, &model, &plan)) < 0)
        return rc;
    /* The register and other plugins follow in this same transaction; their veto keeps everything
     * as it was. */
    seq = rh_event(call, "round.published", round, before, after);
    rh_out_int(call, "plan", plan.id);
    return seq < 0 ? (int32_t)seq : tell_moves(call, &model, &plan, former);
}

static const char *state_json(struct rh_call *call, int64_t plan, const char *state)
{
    return rh_format(call, "{\"plan\":%lld,\"state\":\"%s\"}", "{\"plan\":%lld,\"state\":\"%s\"}",
                     (long long)plan, state);
}

int32_t turnus_discard(struct rh_call *call)
{
    const char *round, *state;
    int64_t plan;
    int32_t rc;

    if ((rc = find_round_of_plan(call, &round)) < 0 ||
        (rc = plan_find(call, round, &plan, &round, &state)) < 0)
        return rc;
    if (strcmp(state, "draft") != 0)
        return rh_fail(call, RH_ECONFLICT,
                       "Plan %lld ist kein Entwurf; nur Entwürfe können verworfen werden",
                       "plan %lld is not a draft; only drafts can be discarded", (long long)plan);
    if (rh_exec(call, "UPDATE turnus_plan SET state = 'discarded' WHERE id = ?1", "i", plan) < 0 ||
        rh_event(call, "turnus.discarded", round, state_json(call, plan, "draft"),
                 state_json(call, plan, "discarded")) < 0)
        return RH_EFAILED;
    rh_say(call, "Plan %lld ist verworfen", "plan %lld is discarded", (long long)plan);
    return 0;
}
