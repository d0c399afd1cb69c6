/* turnus recommend: the best places in a plan for an office that is new, has lost its month or
 * wants another, each with what it means for whom and the command that does it. */
#include "plugins/turnus/internal.h"

#include <string.h>

static void say_where(struct rh_call *call, const struct model *model, const struct plan *plan,
                      int32_t place)
{
    const char *name = model->offices[place].name;
    int32_t slot = plan->slot[place], why;

    if (slot < 0) {
        rh_say(call, "%s kommt in Plan %lld nicht vor", "%s is not in plan %lld", name,
               (long long)plan->id);
        return;
    }
    why = model->why[(size_t)place * (size_t)model->month_count + (size_t)slot];
    if (why)
        rh_say(call, "%s darf nicht mehr im %s beginnen (%s), so steht es aber in Plan %lld",
               "%s may no longer start in %s (%s), as plan %lld has it", name,
               month_words(call, model->months[slot].month), why_text(call, why),
               (long long)plan->id);
    else
        rh_say(call, "%s beginnt nach Plan %lld im %s", "%s starts by plan %lld in %s", name,
               (long long)plan->id, month_words(call, model->months[slot].month));
}

static const char *command(struct rh_call *call, const struct delta *delta, const struct plan *plan,
                           int32_t place, const struct way *way)
{
    const struct model *model = delta->model;
    const char *with = way->partner < 0 ? ""
                                        : rh_format(call, " --with %s", " --with %s",
                                                    model->offices[way->partner].id);
    const char *full =
        way->value.rule[RULE_CAPACITY] > delta->value.rule[RULE_CAPACITY] ? " --over-capacity" : "";

    return rh_format(call, "reihum turnus %s %s --to %s%s --plan %lld%s --yes",
                     "reihum turnus %s %s --to %s%s --plan %lld%s --yes",
                     plan->slot[place] < 0 ? "place" : "move", model->offices[place].id,
                     rh_month_text(call, model->months[way->slot].month), with, (long long)plan->id,
                     full);
}

static int32_t in_turn(struct rh_call *call, const struct model *model, const struct plan *plan,
                       int32_t place)
{
    struct delta delta;
    struct way *ways;
    int32_t count, limit = (int32_t)rh_param_int(call, "limit");
    int32_t rc = delta_begin(call, model, plan->slot, &delta);

    if (rc < 0 || (count = find_ways(call, &delta, place, &ways)) < 0)
        return rc < 0 ? rc : count;
    rh_out_array(call, "items");
    for (int32_t i = 0; rc >= 0 && i < count && i < limit; i++) {
        rh_out_object(call, NULL);
        rc = out_way(call, &delta, place, &ways[i]);
        rh_out_text(call, "command", command(call, &delta, plan, place, &ways[i]));
        rh_out_end(call);
    }
    rh_out_end(call);
    if (bound_to_others(model, place))
        rh_say(call,
               "an andere Ämter gebunden (Regel 'together'); 'turnus move' zeigt, was ein "
               "gemeinsamer Umzug bedeutet",
               "bound to other offices (rule 'together'); 'turnus move' shows what moving them "
               "together means");
    else if (count == 0)
        rh_say(
            call,
            "kein anderer Monat ist nach den Regeln möglich; 'reihum turnus explain' nennt die "
            "Gründe",
            "no other month is possible by the rules; 'reihum turnus explain' names the reasons");
    return rc < 0 ? rc : 0;
}

static int32_t refuse_suggested_by(struct rh_call *call)
{
    if (!rh_param_given(call, "suggested-by") || rh_param_int(call, "out-of-turn"))
        return 0;
    return rh_fail(
        call, RH_EUSAGE,
        "--suggested-by gehört zu einem Verfahren außer der Reihe; --out-of-turn ergänzen",
        "--suggested-by belongs to a procedure out of turn; add --out-of-turn");
}

/* For the form of the page. */
static void out_asked(struct rh_call *call)
{
    const char *by = rh_param_text(call, "suggested-by");

    rh_out_flag(call, "out_of_turn", (int32_t)rh_param_int(call, "out-of-turn"));
    rh_out_flag(call, "by_office", by && strcmp(by, "office") == 0);
    rh_out_flag(call, "by_coordination", by && strcmp(by, "coordination") == 0);
}

int32_t turnus_recommend(struct rh_call *call)
{
    const char *round, *id;
    struct model model;
    struct plan plan;
    int32_t place, rc = refuse_suggested_by(call);

    if (rc < 0 || (rc = find_round_of_plan(call, &round)) < 0 ||
        (rc = find_office(call, "office", &id)) < 0 || (rc = model_load(call, round, &model)) < 0 ||
        (rc = plan_load(call, &model, &plan)) < 0)
        return rc;
    place = office_place(&model, id);
    if (place < 0)
        return rh_fail(
            call, RH_EINVALID,
            "'%s' ist geschlossen und bekommt kein Verfahren; 'reihum office reopen' öffnet "
            "es wieder",
            "'%s' is closed and gets no procedure; 'reihum office reopen' opens it again", id);
    rh_out_int(call, "plan", plan.id);
    rh_out_text(call, "round", round);
    rh_out_text(call, "office", id);
    rh_out_text(call, "name", model.offices[place].name);
    rh_out_flag(call, "in_plan", plan.slot[place] >= 0);
    out_asked(call);
    say_where(call, &model, &plan, place);
    if (rh_param_int(call, "out-of-turn"))
        return out_of_turn(call, &model, &plan, place);
    return in_turn(call, &model, &plan, place);
}
