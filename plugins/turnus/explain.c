/* turnus explain: what speaks for an office's month, and what the next best months would cost -
 * alone or in exchange. */
#include "plugins/turnus/standing.h"

#include <string.h>

static int32_t why_at(const struct model *model, int32_t office, int32_t slot)
{
    return model->why[(size_t)office * (size_t)model->month_count + (size_t)slot];
}

/* ---- words about the month it has ---- */

static void say_wish(struct rh_call *call, const struct model *model, int32_t place, int32_t slot)
{
    int32_t wishes = 0;

    for (int32_t r = 0; r < model->rule_count; r++)
        wishes += model->rules[r].office == place && strcmp(model->rules[r].rule, "prefer") == 0;
    if (!wishes)
        return;
    if (model->problem.costs[1].price[(size_t)place * (size_t)model->month_count + (size_t)slot] ==
        0)
        rh_say(call, "der Wunsch des Amtes ist erfüllt", "the wish of the office is met");
    else
        rh_say(call, "der Wunsch des Amtes ist nicht erfüllt", "the wish of the office is not met");
}

static void say_month(struct rh_call *call, const struct model *model, int32_t place, int32_t slot)
{
    const struct month *month = &model->months[slot];
    const struct office *office = &model->offices[place];

    if (month->school_unknown)
        rh_say(call, "%d Arbeitstage; Schulferien für diesen Monat sind noch nicht bekannt",
               "%d working days; school holidays of this month are not known yet",
               (int)month->workdays);
    else if (month->school)
        rh_say(call, "Ferienmonat: nur %d von %d Arbeitstagen liegen außerhalb der Schulferien",
               "month of school holidays: only %d of %d working days lie outside of them",
               (int)month->outside_school, (int)month->workdays);
    else
        rh_say(call, "%d von %d Arbeitstagen liegen außerhalb der Schulferien",
               "%d of %d working days lie outside school holidays", (int)month->outside_school,
               (int)month->workdays);
    if (office->previous == RH_NO_MONTH)
        rh_say(call, "noch kein Verfahren vor diesem Turnus", "no procedure before this round");
    else
        rh_say(call, "%d Monate nach dem vorigen Verfahren (%s); fünf Jahre wären 60",
               "%d months after the previous procedure (%s); five years would be 60",
               (int)(month->month - office->previous), month_words(call, office->previous));
}

static void say_neighbours(struct rh_call *call, const struct model *model, const int32_t *slots,
                           int32_t place)
{
    const char *names = "";
    double limit = rh_config_real(call, "neighbour_km");

    for (int32_t i = 0; i < model->problem.apart_count; i++) {
        const struct rh_solve_apart *pair = &model->problem.aparts[i];
        int32_t other = pair->a == place ? pair->b : pair->b == place ? pair->a : -1;

        if (pair->rule == RULE_NEIGHBOUR && other >= 0 && slots[other] == slots[place])
            names = rh_format(call, "%s%s%s", "%s%s%s", names, *names ? ", " : "",
                              model->offices[other].name);
    }
    if (*names)
        rh_say(call, "im selben Monat beginnt in der Nachbarschaft (bis %.0f km): %s",
               "in the same month a neighbour (up to %.0f km) starts: %s", limit, names);
    else
        rh_say(call, "kein Nachbar (bis %.0f km) beginnt im selben Monat",
               "no neighbour (up to %.0f km) starts in the same month", limit);
}

static void say_shares(struct rh_call *call, const struct model *model, const int32_t *slots,
                       int32_t place)
{
    int32_t year = slots[place] / 12;

    for (int32_t c = 0; c < model->problem.count_count; c++) {
        const struct rh_solve_count *count = &model->problem.counts[c];
        const struct group *group = &model->groups[c];
        int32_t found = 0;

        if (group->rule != RULE_STRATUM || group->year != year ||
            strcmp(group->label, model->offices[place].stratum) != 0)
            continue;
        for (int32_t i = 0; i < count->item_count; i++)
            found += slots[count->items[i]] >= 0 && slots[count->items[i]] / 12 == year;
        rh_say(call, "Schicht %s: %s hat %d, der gleiche Anteil ist %s",
               "stratum %s: %s has %d, the even share is %s", group_title(call, model, group),
               year_label(call, model, year), (int)found,
               count->min == count->max
                   ? rh_format(call, "%d", "%d", count->min)
                   : rh_format(call, "%d bis %d", "%d to %d", count->min, count->max));
    }
}

static int32_t out_alternatives(struct rh_call *call, const struct model *model,
                                const int32_t *slots, int32_t place)
{
    struct delta delta;
    struct way *ways;
    int32_t count, limit = (int32_t)rh_param_int(call, "limit");
    int32_t rc = delta_begin(call, model, slots, &delta);

    if (rc < 0 || (count = find_ways(call, &delta, place, &ways)) < 0)
        return rc < 0 ? rc : count;
    rh_out_array(call, "items");
    for (int32_t i = 0; rc >= 0 && i < count && i < limit; i++) {
        rh_out_object(call, NULL);
        rc = out_way(call, &delta, place, &ways[i]);
        rh_out_end(call);
    }
    rh_out_end(call);
    if (rc < 0)
        return rc;
    if (bound_to_others(model, place))
        rh_say(call,
               "an andere Ämter gebunden (Regel 'together'); 'turnus move' zeigt, was ein "
               "gemeinsamer Umzug bedeutet",
               "bound to other offices (rule 'together'); 'turnus move' shows what moving them "
               "together means");
    else if (count == 0)
        rh_say(call, "kein anderer Monat ist nach den Regeln möglich",
               "no other month is possible by the rules");
    return 0;
}

/* Months that are out of the question, and why; neighbours with the same reason as one range. */
static void out_excluded(struct rh_call *call, const struct model *model, int32_t place)
{
    int32_t any = 0;

    rh_out_array(call, "excluded");
    for (int32_t t = 0, last; t < model->month_count; t = last + 1) {
        int32_t why = why_at(model, place, t);

        last = t;
        while (last + 1 < model->month_count && why_at(model, place, last + 1) == why)
            last++;
        if (why == 0)
            continue;
        any = 1;
        rh_out_object(call, NULL);
        rh_out_text(call, "from", month_words(call, model->months[t].month));
        rh_out_text(call, "to", month_words(call, model->months[last].month));
        rh_out_flag(call, "range", last > t);
        rh_out_text(call, "reason", why_text(call, why));
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_out_flag(call, "excluded_any", any);
}

int32_t turnus_explain(struct rh_call *call)
{
    const char *round, *id;
    struct model model;
    struct plan plan;
    int32_t rc, place;

    if ((rc = find_round_of_plan(call, &round)) < 0 ||
        (rc = find_office(call, "office", &id)) < 0 || (rc = model_load(call, round, &model)) < 0 ||
        (rc = plan_load(call, &model, &plan)) < 0)
        return rc;
    place = office_place(&model, id);
    if (place < 0 || plan.slot[place] < 0)
        return rh_fail(call, RH_ENOTFOUND, "'%s' kommt in Plan %lld nicht vor",
                       "'%s' is not in plan %lld", id, (long long)plan.id);
    if ((rc = refuse_missing(call, &model, &plan)) < 0)
        return rc;
    rh_out_int(call, "plan", plan.id);
    rh_out_text(call, "round", round);
    rh_out_text(call, "office", id);
    rh_out_text(call, "name", model.offices[place].name);
    rh_out_text(call, "start_month", rh_month_text(call, model.months[plan.slot[place]].month));
    rh_out_text(call, "start_words", month_words(call, model.months[plan.slot[place]].month));
    rh_say(call, "%s beginnt im %s (Plan %lld)", "%s starts in %s (plan %lld)",
           model.offices[place].name, month_words(call, model.months[plan.slot[place]].month),
           (long long)plan.id);
    if ((rc = out_standing(call, &model, place)) < 0 || (rc = out_pins(call, &model, place)) < 0)
        return rc;
    say_month(call, &model, place, plan.slot[place]);
    say_wish(call, &model, place, plan.slot[place]);
    say_neighbours(call, &model, plan.slot, place);
    say_shares(call, &model, plan.slot, place);
    rc = out_alternatives(call, &model, plan.slot, place);
    out_excluded(call, &model, place);
    return rc;
}
