/*
 * Changes of single teams: why a team is as it is, who else could do it, what a change means, and
 * what to do when a person drops out. Nothing but the teams concerned is touched.
 */
#include "plugins/moderators/internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- the plan as it is ---- */

struct change {
    struct model model;
    struct plan plan;
    struct selection selection; /* counted against the plan as it is */
    uint8_t *taken;             /* by column */
    int64_t value, rule[RULE_COUNT];
};

/* What is in the plan stays possible, even where rules came later; and a team that has begun can
 * lose somebody, too: here a person decides. */
static void forgive(struct change *change)
{
    struct model *model = &change->model;

    for (size_t at = 0; at < (size_t)model->office_count * (size_t)model->person_count; at++) {
        model->pin[at] = 0;
        model->why[at] &= (uint8_t)~WHY_BEGUN;
        if (change->plan.role[at])
            model->why[at] = 0;
    }
}

static int32_t change_begin(struct rh_call *call, struct change *change)
{
    const struct rh_select_problem *problem = &change->selection.problem;
    int32_t rc;

    if ((rc = plan_find(call, &change->plan)) < 0 ||
        (rc = model_load(call, change->plan.round, change->plan.turnus_plan, &change->model)) < 0 ||
        (rc = plan_load(call, &change->model, &change->plan)) < 0)
        return rc;
    forgive(change);
    if ((rc = selection_build(call, &change->model, change->plan.role, &change->selection)) < 0)
        return rc;
    change->taken = rh_alloc_in(call, (size_t)problem->column_count + 1);
    if (!change->taken)
        return RH_ENOMEM;
    for (int32_t c = 0; c < problem->column_count; c++)
        change->taken[c] =
            change->plan.role[cell(&change->model, problem->group[c], problem->agent[c])] > 0;
    rc = selection_value(call, &change->selection, change->taken, &change->value, change->rule);
    if (rc == RH_EINVALID)
        return rh_wrap(call,
                       "Teamplan %lld hält die festen Grenzen nicht mehr ein, neu bilden ('team "
                       "allocate --base')",
                       "team plan %lld does not keep the fixed limits any more, form it anew "
                       "('team allocate --base')",
                       (long long)change->plan.id);
    return rc;
}

static int32_t office_of(struct rh_call *call, const struct change *change, int32_t *ret_office)
{
    const struct model *model = &change->model;
    const char *id, *months;
    int32_t place, rc = find_office(call, "office", &id);

    if (rc < 0)
        return rc;
    *ret_office = place = office_place(model, id);
    if (place < 0)
        return rh_fail(call, RH_ENOTFOUND, "'%s' kommt im Turnus %s nicht vor",
                       "'%s' is not in the round %s", id, model->round);
    if (!rh_param_given(call, "start") && !office_goes_on(model, place))
        return 0;
    for (months = ""; place >= 0; place = office_goes_on(model, place) ? place + 1 : -1) {
        int32_t month = model->offices[place].month;

        if (rh_param_given(call, "start") && month == (int32_t)rh_param_int(call, "start")) {
            *ret_office = place;
            return 0;
        }
        months = rh_format(call, "%s%s%s", "%s%s%s", months, *months ? ", " : "",
                           rh_month_text(call, month));
    }
    return rh_fail(call, RH_EINVALID,
                   "%s beginnt in diesen Monaten: %s; --start nennt das gemeinte Verfahren",
                   "%s starts in these months: %s; --start names the procedure that is meant",
                   model->offices[*ret_office].name, months);
}

static int32_t person_of(struct rh_call *call, const struct change *change, const char *param,
                         int32_t *ret_person)
{
    const char *id;
    int32_t rc = find_moderator(call, param, &id);

    if (rc < 0)
        return rc;
    *ret_person = person_place(&change->model, id);
    if (*ret_person < 0)
        return rh_fail(call, RH_ENOTFOUND, "'%s' ist nicht mehr tätig",
                       "'%s' is not active any more", id);
    return 0;
}

static void out_head(struct rh_call *call, const struct change *change, int32_t office)
{
    rh_out_int(call, "plan", change->plan.id);
    rh_out_text(call, "round", change->plan.round);
    rh_out_text(call, "office", change->model.offices[office].id);
    rh_out_text(call, "name", change->model.offices[office].name);
    rh_out_text(call, "start_month", rh_month_text(call, change->model.offices[office].month));
}

/* ---- candidates ---- */

struct candidate {
    int32_t person;
    int64_t value, rule[RULE_COUNT];
};

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *left = a, *right = b;

    if (left->value != right->value)
        return left->value < right->value ? -1 : 1;
    return left->person < right->person ? -1 : left->person > right->person;
}

/* What changes against the plan, rule by rule. */
static const char *consequences(struct rh_call *call, const struct change *change, int64_t value,
                                const int64_t rule[RULE_COUNT])
{
    const char *text =
        rh_format(call, "Punkte %+lld", "points %+lld", (long long)(value - change->value));

    for (int32_t r = 0; r < RULE_COUNT; r++)
        if (rule[r] != change->rule[r])
            text = rh_format(call, "%s; %s %+lld", "%s; %s %+lld", text,
                             rh_say_in(call, rule_names[r].title),
                             (long long)(rule[r] - change->rule[r]));
    return text;
}

static int32_t column_at(const struct change *change, int32_t office, int32_t person)
{
    return change->selection.column[cell(&change->model, office, person)];
}

static void out_candidate(struct rh_call *call, const struct change *change, int32_t office,
                          const struct candidate *candidate)
{
    const struct person *person = &change->model.people[candidate->person];

    rh_out_object(call, NULL);
    rh_out_text(call, "moderator", person->id);
    rh_out_text(call, "name", person->name);
    rh_out_text(call, "region", person->region);
    rh_out_flag(call, "may_lead", person->lead);
    rh_out_real(
        call, "travel_km",
        (double)(int64_t)(change->model.km[cell(&change->model, office, candidate->person)] * 10 +
                          0.5) /
            10);
    rh_out_int(call, "points", candidate->value - change->value);
    rh_out_text(call, "sentence", consequences(call, change, candidate->value, candidate->rule));
    rh_out_end(call);
}

/* Who could join `office`, best first, into `candidates` (room for everybody); `out` is none of
 * them and must not be taken there. Returns the number. */
static int32_t rank(struct rh_call *call, struct change *change, int32_t office, int32_t out,
                    struct candidate *candidates)
{
    int32_t count = 0;

    for (int32_t p = 0; p < change->model.person_count; p++) {
        int32_t column = column_at(change, office, p);
        struct candidate *candidate = &candidates[count];

        if (column < 0 || change->taken[column] || p == out)
            continue;
        candidate->person = p;
        change->taken[column] = 1;
        if (selection_value(call, &change->selection, change->taken, &candidate->value,
                            candidate->rule) >= 0)
            count++;
        else
            rh_forget(call); /* a fixed limit speaks against this one */
        change->taken[column] = 0;
    }
    qsort(candidates, (size_t)count, sizeof(*candidates), compare_candidates);
    return count;
}

static int32_t out_candidates(struct rh_call *call, struct change *change, int32_t office,
                              int32_t out, int32_t limit)
{
    struct candidate *candidates =
        rh_alloc_in(call, (size_t)change->model.person_count * sizeof(*candidates));
    int32_t count;

    if (!candidates)
        return RH_ENOMEM;
    if (out >= 0)
        change->taken[column_at(change, office, out)] = 0;
    count = rank(call, change, office, out, candidates);
    if (out >= 0)
        change->taken[column_at(change, office, out)] = 1;
    rh_out_array(call, "items");
    for (int32_t i = 0; i < count && i < limit; i++)
        out_candidate(call, change, office, &candidates[i]);
    rh_out_end(call);
    return count;
}

/* ---- team recommend, team explain ---- */

int32_t team_recommend(struct rh_call *call)
{
    struct change change;
    int32_t rc, office, out = -1;

    if ((rc = change_begin(call, &change)) < 0 || (rc = office_of(call, &change, &office)) < 0 ||
        (rh_param_given(call, "out") && (rc = person_of(call, &change, "out", &out)) < 0))
        return rc;
    if (out >= 0 && !change.plan.role[cell(&change.model, office, out)])
        return rh_fail(call, RH_EINVALID, "%s gehört nicht zum Team von %s",
                       "%s is not in the team of %s", change.model.people[out].name,
                       change.model.offices[office].name);
    out_head(call, &change, office);
    rc = out_candidates(call, &change, office, out, (int32_t)rh_param_int(call, "limit"));
    if (rc == 0)
        rh_say(call, "niemand kommt in Frage, ohne dass eine feste Grenze verletzt wird",
               "nobody comes into question without breaking a fixed limit");
    return rc < 0 ? rc : 0;
}

static void say_member(struct rh_call *call, const struct change *change, int32_t office,
                       int32_t person)
{
    const struct model *model = &change->model;
    size_t at = cell(model, office, person);

    rh_say(call, "%s (%s): %s, %.0f km, %s", "%s (%s): %s, %.0f km, %s", model->people[person].name,
           model->people[person].region,
           change->plan.role[at] == ROLE_LEAD ? rh_format(call, "leitet", "leads")
                                              : rh_format(call, "im Team", "in the team"),
           model->km[at],
           strcmp(model->people[person].region, model->offices[office].region) == 0
               ? rh_format(call, "eigener Landesteil", "own region")
               : rh_format(call, "anderer Landesteil", "other region"));
}

/* Nearer people who are not in the team, and why. */
static void out_others(struct rh_call *call, struct change *change, int32_t office)
{
    const struct model *model = &change->model;
    double far = 0;

    for (int32_t p = 0; p < model->person_count; p++) {
        size_t at = cell(model, office, p);
        far = change->plan.role[at] && model->km[at] > far ? model->km[at] : far;
    }
    rh_out_array(call, "nearer");
    for (int32_t p = 0; p < model->person_count; p++) {
        size_t at = cell(model, office, p);
        int64_t value, rule[RULE_COUNT];
        const char *reason = why_text(call, model->why[at]);

        if (change->plan.role[at] || model->km[at] > far)
            continue;
        if (!model->why[at]) {
            change->taken[column_at(change, office, p)] = 1;
            if (selection_value(call, &change->selection, change->taken, &value, rule) < 0) {
                rh_forget(call);
                reason = rh_format(call, "Team voll oder Person an ihrer Grenze",
                                   "team full or person at the limit");
            } else
                reason = consequences(call, change, value, rule);
            change->taken[column_at(change, office, p)] = 0;
        }
        rh_out_object(call, NULL);
        rh_out_text(call, "moderator", model->people[p].id);
        rh_out_text(call, "name", model->people[p].name);
        rh_out_real(call, "travel_km", (double)(int64_t)(model->km[at] * 10 + 0.5) / 10);
        rh_out_text(call, "reason", reason);
        rh_out_end(call);
    }
    rh_out_end(call);
}

int32_t team_explain(struct rh_call *call)
{
    struct change change;
    int32_t rc, office, farthest = -1;

    if ((rc = change_begin(call, &change)) < 0 || (rc = office_of(call, &change, &office)) < 0)
        return rc;
    out_head(call, &change, office);
    rh_say(call, "%s beginnt %s und braucht ein Team von %d", "%s starts %s and needs a team of %d",
           change.model.offices[office].name,
           rh_month_text(call, change.model.offices[office].month),
           (int)change.model.offices[office].size);
    for (int32_t p = 0; p < change.model.person_count; p++) {
        size_t at = cell(&change.model, office, p);

        if (!change.plan.role[at])
            continue;
        say_member(call, &change, office, p);
        if (farthest < 0 ||
            change.model.km[at] > change.model.km[cell(&change.model, office, farthest)])
            farthest = p;
    }
    out_others(call, &change, office);
    /* The alternatives to whom the journey is longest. */
    rh_out_text(call, "instead_of", farthest < 0 ? NULL : change.model.people[farthest].name);
    rc = out_candidates(call, &change, office, farthest, 5);
    return rc < 0 ? rc : 0;
}

/* ---- team swap, team repair: judged on a worker, kept as a draft by the writer ---- */

struct judged {
    struct change change;
    uint8_t *role; /* afterwards, by cell */
    int64_t value, rule[RULE_COUNT], pairs;
    int32_t yes; /* there is something to keep, and it is wanted */
};

static int32_t judge_begin(struct rh_call *call, struct judged **ret)
{
    struct judged *judged = rh_alloc_in(call, sizeof(*judged));

    if (!judged)
        return RH_ENOMEM;
    call->state = *ret = judged;
    return change_begin(call, &judged->change);
}

/* Who leads goes on leading; a team that lost its lead gets another one. */
static int32_t judge_end(struct rh_call *call, struct judged *judged)
{
    struct change *change = &judged->change;
    struct model *model = &change->model;
    const struct rh_select_problem *problem = &change->selection.problem;
    size_t cells = (size_t)model->office_count * (size_t)model->person_count + 1;
    uint8_t *member = rh_alloc_in(call, cells);
    int32_t rc;

    judged->role = rh_alloc_in(call, cells);
    if (!member || !judged->role)
        return RH_ENOMEM;
    for (int32_t c = 0; c < problem->column_count; c++)
        member[cell(model, problem->group[c], problem->agent[c])] = change->taken[c];
    for (size_t at = 0; at + 1 < cells; at++) {
        int32_t leads = change->plan.role[at] == ROLE_LEAD && member[at];

        model->pin[at] = leads ? PIN_MEMBER | PIN_LEAD : 0;
    }
    if ((rc = selection_value(call, &change->selection, change->taken, &judged->value,
                              judged->rule)) < 0 ||
        (rc = choose_leads(call, model, member, judged->role)) < 0)
        return rc;
    judged->pairs = distinct_pairs(call, model, member);
    judged->yes = 1;
    return 0;
}

int32_t team_change_commit(struct rh_call *call)
{
    const struct judged *judged = call->state;
    const struct change *change = &judged->change;
    int64_t id;

    if (!judged->yes)
        return 0;
    id = plan_insert(call, &(struct new_plan){.model = &change->model,
                                              .role = judged->role,
                                              .engine = "by hand",
                                              .exact = "not-needed",
                                              .note = rh_param_text(call, "reason"),
                                              .rule = judged->rule,
                                              .parent = change->plan.id,
                                              .value = judged->value,
                                              .bound = -1,
                                              .mixing_before = judged->pairs,
                                              .mixing_after = judged->pairs});
    if (id < 0)
        return (int32_t)id;
    rh_out_int(call, "new_plan", id);
    rh_say(call, "Teamplan %lld (Entwurf) ist aus Teamplan %lld entstanden",
           "team plan %lld (draft) was made from team plan %lld", (long long)id,
           (long long)change->plan.id);
    return 0;
}

static int32_t check_swap(struct rh_call *call, const struct change *change, int32_t office,
                          int32_t out, int32_t in)
{
    const struct model *model = &change->model;
    int32_t why = model->why[cell(model, office, in)];

    if (!change->plan.role[cell(model, office, out)])
        return rh_fail(call, RH_EINVALID, "%s gehört nicht zum Team von %s",
                       "%s is not in the team of %s", model->people[out].name,
                       model->offices[office].name);
    if (change->plan.role[cell(model, office, in)])
        return rh_fail(call, RH_EINVALID, "%s gehört schon zum Team von %s",
                       "%s is in the team of %s already", model->people[in].name,
                       model->offices[office].name);
    if (why)
        return rh_fail(call, RH_ECONFLICT,
                       "%s kann nicht zu %s: %s; 'reihum team recommend %s' nennt andere",
                       "%s cannot go to %s: %s; 'reihum team recommend %s' names others",
                       model->people[in].name, model->offices[office].name, why_text(call, why),
                       model->offices[office].id);
    return 0;
}

int32_t team_swap(struct rh_call *call)
{
    struct judged *judged;
    struct change *change;
    int64_t value, rule[RULE_COUNT];
    int32_t rc, office, out, in;

    if ((rc = judge_begin(call, &judged)) < 0)
        return rc;
    change = &judged->change;
    if ((rc = office_of(call, change, &office)) < 0 ||
        (rc = person_of(call, change, "out", &out)) < 0 ||
        (rc = person_of(call, change, "in", &in)) < 0 ||
        (rc = check_swap(call, change, office, out, in)) < 0)
        return rc;
    out_head(call, change, office);
    change->taken[column_at(change, office, out)] = 0;
    change->taken[column_at(change, office, in)] = 1;
    if (selection_value(call, &change->selection, change->taken, &value, rule) < 0)
        return rh_wrap(call,
                       "%s ist an einer festen Grenze (zugleich, im Jahr, voriges Team oder Paar); "
                       "'team recommend' nennt andere",
                       "%s is at a fixed limit (at once, per year, previous team or pair); 'team "
                       "recommend' names others",
                       change->model.people[in].name);
    rh_out_int(call, "points", value - change->value);
    rh_say(call, "%s statt %s: %s", "%s instead of %s: %s", change->model.people[in].name,
           change->model.people[out].name, consequences(call, change, value, rule));
    rh_out_flag(call, "applied", (int32_t)rh_param_int(call, "yes"));
    if (rh_param_int(call, "yes"))
        return judge_end(call, judged);
    rh_say(call, "nichts geändert; mit --yes entsteht ein neuer Entwurf",
           "nothing changed; with --yes it becomes a new draft");
    return 0;
}

static void out_replacement(struct rh_call *call, const struct change *change, int32_t office,
                            int32_t out, const struct candidate *candidates, int32_t count)
{
    const struct model *model = &change->model;

    rh_out_object(call, NULL);
    rh_out_text(call, "office", model->offices[office].id);
    rh_out_text(call, "name", model->offices[office].name);
    rh_out_text(call, "start_month", rh_month_text(call, model->offices[office].month));
    rh_out_text(call, "out", model->people[out].id);
    rh_out_text(call, "in", count ? model->people[candidates[0].person].id : NULL);
    rh_out_text(call, "in_name", count ? model->people[candidates[0].person].name : NULL);
    rh_out_text(call, "sentence",
                count ? consequences(call, change, candidates[0].value, candidates[0].rule)
                      : rh_format(call, "niemand kommt in Frage; das Team bleibt kleiner",
                                  "nobody comes into question; the team stays smaller"));
    rh_out_array(call, "candidates");
    for (int32_t i = 0; i < count && i < 3; i++)
        out_candidate(call, change, office, &candidates[i]);
    rh_out_end(call);
    rh_out_end(call);
}

/* The best replacement for `out` at one office, taken at once: the next office sees it. */
static int32_t replace(struct rh_call *call, struct change *change, int32_t office, int32_t out)
{
    struct candidate *candidates =
        rh_alloc_in(call, (size_t)change->model.person_count * sizeof(*candidates));
    int32_t count;

    if (!candidates)
        return RH_ENOMEM;
    change->taken[column_at(change, office, out)] = 0;
    count = rank(call, change, office, out, candidates);
    out_replacement(call, change, office, out, candidates, count);
    if (count) {
        change->taken[column_at(change, office, candidates[0].person)] = 1;
        change->value = candidates[0].value;
        memcpy(change->rule, candidates[0].rule, sizeof(change->rule));
    }
    return 0;
}

/* What is over stays as it was; what runs loses the person, too, unless --from says later. */
static int32_t concerned(const struct change *change, int32_t office, int32_t out, int32_t from)
{
    const struct office *procedure = &change->model.offices[office];

    return change->plan.role[cell(&change->model, office, out)] && !procedure->done &&
           procedure->month >= from;
}

int32_t team_repair(struct rh_call *call)
{
    struct judged *judged;
    struct change *change;
    int32_t rc, out, teams = 0, from = RH_NO_MONTH;

    if ((rc = judge_begin(call, &judged)) < 0)
        return rc;
    change = &judged->change;
    if ((rc = person_of(call, change, "without", &out)) < 0)
        return rc;
    if (rh_param_given(call, "from"))
        from = (int32_t)rh_param_int(call, "from");
    rh_out_int(call, "plan", change->plan.id);
    rh_out_array(call, "items");
    for (int32_t o = 0; o < change->model.office_count; o++)
        if (concerned(change, o, out, from)) {
            teams++;
            if ((rc = replace(call, change, o, out)) < 0)
                return rc;
        }
    rh_out_end(call);
    rh_out_int(call, "teams", teams);
    rh_say(call, "%s fällt aus: %d Teams betroffen, alle anderen bleiben, wie sie sind",
           "%s drops out: %d teams concerned, all others stay as they are",
           change->model.people[out].name, (int)teams);
    if (teams && rh_param_int(call, "yes"))
        return judge_end(call, judged);
    if (teams)
        rh_say(call,
               "nichts geändert; mit --yes entsteht ein neuer Entwurf, 'team recommend "
               "AMT --out %s' nennt weitere",
               "nothing changed; with --yes it becomes a new draft, 'team recommend OFFICE --out "
               "%s' names more",
               change->model.people[out].id);
    return 0;
}
