/*
 * turnus announce: says that offices know their published month, or takes that back with a reason.
 * An announcement is about a month: when the office is published elsewhere, it says nothing there.
 */
#include "plugins/turnus/standing.h"

#include <string.h>

struct announcing {
    struct model model;
    struct plan plan; /* the published one */
    uint8_t *standing;
    uint8_t *said;     /* by office: a person announced (1) or withdrew (2) its month */
    const char *state; /* announced or withdrawn */
    int32_t count, reopened;
};

static int32_t refuse_usage(struct rh_call *call)
{
    int32_t office = rh_param_given(call, "office"), until = rh_param_given(call, "until"),
            withdraw = rh_param_int(call, "withdraw") == 1;

    if (office == until)
        return rh_fail(
            call, RH_EUSAGE,
            "entweder --office AMT oder --until MONAT angeben: ein Amt, oder alle bis zu "
            "einem Monat",
            "give either --office OFFICE or --until MONTH: one office, or all up to a "
            "month");
    if (withdraw && until)
        return rh_fail(
            call, RH_EUSAGE,
            "zurückgenommen wird je Amt, mit dessen Grund: --office AMT --withdraw "
            "--reason TEXT",
            "it is taken back office by office, with the reason of each: --office OFFICE "
            "--withdraw --reason TEXT");
    if (withdraw && !rh_param_text(call, "reason"))
        return rh_fail(
            call, RH_EUSAGE,
            "--withdraw braucht --reason: das Amt wird fragen, warum sein Monat wieder "
            "offen ist",
            "--withdraw needs --reason: the office will ask why its month is open again");
    return 0;
}

static int32_t load_said(struct rh_call *call, struct announcing *announcing)
{
    const struct model *model = &announcing->model;
    struct rh_rows *rows;
    int32_t rc;

    announcing->said = rh_alloc_in(call, (size_t)model->office_count);
    if (!announcing->said)
        return RH_ENOMEM;
    rc = rh_query(call, &rows,
                  "SELECT office, iif(state = 'announced', 1, 2) FROM v_turnus_promise WHERE round "
                  "= ?1 AND state IS NOT NULL",
                  "s", model->round);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int32_t place = office_place(model, rh_get_text(call, rows, 0));

        if (place >= 0)
            announcing->said[place] = (uint8_t)rh_get_int(call, rows, 1);
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

static int32_t load(struct rh_call *call, struct announcing *announcing)
{
    struct model *model = &announcing->model;
    const char *round;
    int64_t plan;
    int32_t rc;

    if ((rc = find_round_published(call, &round)) < 0 || (rc = model_load(call, round, model)) < 0)
        return rc;
    if ((plan = published_plan(call, round)) < 0)
        return (int32_t)plan;
    if (plan == 0)
        return rh_fail(call, RH_ECONFLICT,
                       "der Turnus %s hat keinen veröffentlichten Plan; angekündigt wird, was "
                       "veröffentlicht ist ('reihum turnus publish')",
                       "the round %s has no published plan; what is published can be announced "
                       "('reihum turnus publish')",
                       round);
    if ((rc = plan_load_named(call, model, plan, &announcing->plan)) < 0 ||
        (rc = load_said(call, announcing)) < 0)
        return rc;
    return standings(call, model, &announcing->standing);
}

/* {"round": …, "month": …, "reason": …} for the log of events */
static const char *json_of(struct rh_call *call, const char *round, const char *month,
                           const char *reason)
{
    struct rh_rows *rows;
    const char *json = NULL;

    if (rh_query(call, &rows, "SELECT json_object('round', ?1, 'start_month', ?2, 'reason', ?3)",
                 "sss", round, month, reason) == 0 &&
        rh_next(call, rows) == 1)
        json = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return json;
}

static int32_t store(struct rh_call *call, struct announcing *announcing, int32_t place)
{
    const struct model *model = &announcing->model;
    const struct office *office = &model->offices[place];
    const char *month = rh_month_text(call, model->months[announcing->plan.slot[place]].month);
    const char *reason = rh_param_text(call, "reason");
    int32_t withdraw = strcmp(announcing->state, "withdrawn") == 0;
    const char *json = json_of(call, model->round, month, reason);

    announcing->count++;
    if (rh_exec(call,
                "INSERT INTO turnus_announced(round, office, month, state, reason, changed_utc, "
                "changed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET state = "
                "?4, reason = ?5, changed_utc = ?6, changed_by = ?7",
                "sssssis", model->round, office->id, month, announcing->state, reason,
                rh_now_utc(call), rh_actor(call)) < 0 ||
        rh_event(call, withdraw ? "turnus.withdrawn" : "turnus.announced", office->id,
                 withdraw ? json : NULL, withdraw ? NULL : json) < 0)
        return RH_EFAILED;
    rh_out_object(call, NULL);
    rh_out_text(call, "office", office->id);
    rh_out_text(call, "name", office->name);
    rh_out_text(call, "start_month", month);
    rh_out_text(call, "standing", withdraw ? "planned" : "announced");
    rh_out_end(call);
    return 0;
}

static int32_t announce_until(struct rh_call *call, struct announcing *announcing)
{
    const struct model *model = &announcing->model;
    int32_t until = (int32_t)rh_param_int(call, "until"), rc = 0;

    if (until < model->first_month)
        return rh_fail(call, RH_EINVALID, "%s liegt vor dem Turnus %s, der in %s beginnt",
                       "%s is before the round %s, which begins in %s", rh_month_text(call, until),
                       model->round, rh_month_text(call, model->first_month));
    for (int32_t i = 0; i < model->office_count && rc >= 0; i++) {
        if (announcing->plan.slot[i] < 0 || announcing->standing[i] == STANDING_DONE ||
            model->months[announcing->plan.slot[i]].month > until)
            continue;
        if (announcing->said[i] == 0)
            rc = store(call, announcing, i);
        announcing->reopened += announcing->said[i] == 2; /* for a reason: one by one */
    }
    return rc;
}

static int32_t announce_one(struct rh_call *call, struct announcing *announcing)
{
    const struct model *model = &announcing->model;
    int32_t withdraw = strcmp(announcing->state, "withdrawn") == 0, place, rc;
    const char *id;

    if ((rc = find_office(call, "office", &id)) < 0)
        return rc;
    place = office_place(model, id);
    if (place < 0 || announcing->plan.slot[place] < 0)
        return rh_fail(call, RH_ENOTFOUND, "'%s' kommt im veröffentlichten Plan %lld nicht vor",
                       "'%s' is not in the published plan %lld", id,
                       (long long)announcing->plan.id);
    if (announcing->standing[place] == STANDING_DONE)
        return rh_fail(
            call, RH_ECONFLICT,
            "das Verfahren von %s hat schon begonnen; daran ist nichts mehr anzukündigen",
            "the procedure of %s has begun already; there is nothing to announce any "
            "more",
            model->offices[place].name);
    if (withdraw && announcing->standing[place] != STANDING_ANNOUNCED)
        return rh_fail(call, RH_ECONFLICT, "%s ist nicht angekündigt", "%s is not announced",
                       model->offices[place].name);
    return store(call, announcing, place);
}

int32_t turnus_announce(struct rh_call *call)
{
    struct announcing announcing = {.count = 0};
    int32_t rc = refuse_usage(call);

    if (rc < 0 || (rc = load(call, &announcing)) < 0)
        return rc;
    announcing.state = rh_param_int(call, "withdraw") ? "withdrawn" : "announced";
    rh_out_text(call, "round", announcing.model.round);
    rh_out_int(call, "plan", announcing.plan.id);
    rh_out_array(call, "items");
    rc = rh_param_given(call, "office") ? announce_one(call, &announcing)
                                        : announce_until(call, &announcing);
    rh_out_end(call);
    if (rc < 0)
        return rc;
    rh_out_int(call, "count", announcing.count);
    if (rh_param_int(call, "withdraw"))
        rh_say(call, "die Ankündigung ist zurückgenommen; das Amt gilt wieder als geplant",
               "the announcement is taken back; the office counts as planned again");
    else
        rh_say(call, "angekündigt: %d; sie bleiben in ihrem Monat, wenn neu geplant wird",
               "announced: %d; they stay in their month when the round is planned anew",
               (int)announcing.count);
    if (announcing.reopened)
        rh_say(call,
               "übergangen, weil ihre Ankündigung zurückgenommen wurde: %d; --office kündigt sie "
               "wieder an",
               "left out because their announcement was taken back: %d; --office announces them "
               "again",
               (int)announcing.reopened);
    return 0;
}
