/* team allocate: snapshot -> selection -> solved on a worker, leads and mixing on top; stored as a
 * draft on the writer. */
#include "plugins/moderators/internal.h"

#include <string.h>

/* What the worker hands to the writer. */
struct draft {
    struct model model;
    struct selection selection;
    struct rh_select_result result;
    int64_t rule[RULE_COUNT];
    uint8_t *role;
    int64_t seed, parent;
    int64_t mixing_before, mixing_after, mixing_loss;
};

static const char *exact_word(int32_t exact)
{
    static const char *const words[] = {"not-needed", "used", "missing", "failed", "late"};

    return exact >= 0 && exact < 5 ? words[exact] : "failed";
}

/* The teams that changes are counted against, when --base names some. */
static int32_t load_base(struct rh_call *call, struct draft *draft, const uint8_t **ret_base)
{
    struct plan plan = {.id = rh_param_given(call, "base") ? rh_param_int(call, "base") : 0};
    int64_t found = 0;
    int32_t rc;

    *ret_base = NULL;
    if (!plan.id)
        return 0;
    if ((rc = ask_int(call, &found, 0, "SELECT id FROM moderators_plan WHERE id = ?1",
                      rh_format(call, "%lld", "%lld", (long long)plan.id))) < 0)
        return rc;
    if (!found)
        return rh_fail(
            call, RH_ENOTFOUND, "den Teamplan %lld gibt es nicht; 'reihum team list' zeigt alle",
            "there is no team plan %lld; 'reihum team list' shows all", (long long)plan.id);
    draft->parent = plan.id;
    rc = plan_load(call, &draft->model, &plan);
    *ret_base = plan.role;
    return rc;
}

static int32_t solve(struct rh_call *call, struct draft *draft)
{
    struct rh_solve_options options = {
        .size = sizeof(options),
        .seed = (uint64_t)draft->seed,
        .time_limit_ms = (int64_t)(rh_param_real(call, "time-limit") * 1000),
        .without_exact = (int32_t)rh_param_int(call, "without-exact")};

    draft->result =
        (struct rh_select_result){.size = sizeof(draft->result), .rule_value = draft->rule};
    draft->result.taken = rh_alloc_in(call, (size_t)draft->selection.problem.column_count + 1);
    if (!draft->result.taken)
        return RH_ENOMEM;
    return rh_select_in(call, &draft->selection.problem, &options, &draft->result);
}

static int32_t members_of(struct rh_call *call, const struct draft *draft, uint8_t **ret)
{
    const struct rh_select_problem *problem = &draft->selection.problem;
    uint8_t *member = rh_alloc_in(
        call, (size_t)draft->model.office_count * (size_t)draft->model.person_count + 1);

    if (!member)
        return RH_ENOMEM;
    for (int32_t c = 0; c < problem->column_count; c++)
        member[cell(&draft->model, problem->group[c], problem->agent[c])] = draft->result.taken[c];
    *ret = member;
    return 0;
}

/* Mixing may cost so many per cent of the value; the value and its proof stay those of before. */
static int32_t mix_and_lead(struct rh_call *call, struct draft *draft)
{
    const struct model *model = &draft->model;
    int64_t value = draft->result.value, mixed = value;
    int64_t budget =
        value + (int64_t)((double)value * rh_config_real(call, "mixing_loss_percent") / 100);
    uint8_t *member;
    int32_t rc;

    if ((rc = members_of(call, draft, &member)) < 0)
        return rc;
    draft->mixing_before = distinct_pairs(call, model, member);
    if (budget > value &&
        (rc = mix(call, model, &draft->selection, draft->result.taken, value, budget, &mixed)) < 0)
        return rc;
    draft->mixing_loss = mixed - value;
    if ((rc = members_of(call, draft, &member)) < 0)
        return rc;
    draft->mixing_after = distinct_pairs(call, model, member);
    draft->role = rh_alloc_in(call, (size_t)model->office_count * (size_t)model->person_count + 1);
    if (!draft->role)
        return RH_ENOMEM;
    return choose_leads(call, model, member, draft->role);
}

int32_t team_allocate(struct rh_call *call)
{
    struct draft *draft = rh_alloc_in(call, sizeof(*draft));
    const uint8_t *base;
    const char *round;
    int32_t rc;

    if (!draft)
        return RH_ENOMEM;
    call->state = draft;
    draft->seed = rh_param_int(call, "seed");
    if ((rc = find_round(call, &round)) < 0 ||
        (rc = model_load(call, round, 0, &draft->model)) < 0 ||
        (rc = refuse_contradictions(call, &draft->model)) < 0 ||
        (rc = load_base(call, draft, &base)) < 0 ||
        (rc = selection_build(call, &draft->model, base, &draft->selection)) < 0 ||
        (rc = solve(call, draft)) < 0)
        return rc;
    return mix_and_lead(call, draft);
}

static int32_t active_people(const struct model *model)
{
    int32_t count = 0;

    for (int32_t p = 0; p < model->person_count; p++)
        count += !model->people[p].gone;
    return count;
}

static int32_t kept_teams(const struct model *model)
{
    int32_t count = 0;

    for (int32_t o = 0; o < model->office_count; o++)
        count += model->offices[o].kept;
    return count;
}

static void out_draft(struct rh_call *call, const struct draft *draft)
{
    const struct rh_select_result *result = &draft->result;

    rh_out_text(call, "round", draft->model.round);
    rh_out_text(call, "state", "draft");
    rh_out_int(call, "offices", draft->model.office_count);
    rh_out_int(call, "moderators", active_people(&draft->model));
    rh_out_int(call, "kept", kept_teams(&draft->model));
    rh_out_int(call, "objective", result->value);
    rh_out_int(call, "bound", result->bound);
    rh_out_real(call, "gap",
                result->value > 0 ? (double)(result->value - result->bound) / (double)result->value
                                  : 0);
    rh_out_flag(call, "proven", result->proven);
    rh_out_text(call, "exact", exact_word(result->exact));
    rh_out_int(call, "seed", draft->seed);
    rh_out_int(call, "steps", result->steps);
    rh_out_flag(call, "cut", result->cut);
    rh_out_int(call, "first_plan_ms", result->first_ms);
    rh_out_int(call, "total_ms", result->total_ms);
    rh_out_object(call, "mixing");
    rh_out_int(call, "before", draft->mixing_before);
    rh_out_int(call, "after", draft->mixing_after);
    rh_out_int(call, "loss", draft->mixing_loss);
    rh_out_end(call);
    out_rules(call, draft->rule);
}

int32_t team_allocate_commit(struct rh_call *call)
{
    const struct draft *draft = call->state;
    const struct rh_select_result *result = &draft->result;
    const char *engine = result->exact == RH_EXACT_USED ? "search and exact engine" : "search";
    int64_t id = plan_insert(call, &(struct new_plan){.model = &draft->model,
                                                      .role = draft->role,
                                                      .engine = engine,
                                                      .exact = exact_word(result->exact),
                                                      .note = rh_param_text(call, "note"),
                                                      .rule = draft->rule,
                                                      .parent = draft->parent,
                                                      .seed = draft->seed,
                                                      .steps = result->steps,
                                                      .total_ms = result->total_ms,
                                                      .value = result->value,
                                                      .bound = result->bound,
                                                      .mixing_before = draft->mixing_before,
                                                      .mixing_after = draft->mixing_after,
                                                      .mixing_loss = draft->mixing_loss,
                                                      .cut = result->cut,
                                                      .proven = result->proven});
    int32_t gaps;

    if (id < 0)
        return (int32_t)id;
    rh_out_int(call, "plan", id);
    rh_out_text(call, "engine", engine);
    out_draft(call, draft);
    gaps = out_gaps(call, &draft->model, draft->role, NULL);
    rh_say(call,
           "Teamplan %lld (Entwurf): %d Verfahren, %d Moderator*innen, Lücken: %d, Punkte: %lld, "
           "Schranke: %lld%s",
           "team plan %lld (draft): %d procedures, %d moderators, gaps: %d, points: %lld, bound: "
           "%lld%s",
           (long long)id, (int)draft->model.office_count, (int)active_people(&draft->model),
           (int)gaps, (long long)result->value, (long long)result->bound,
           result->proven ? rh_format(call, ", bewiesen bestmöglich", ", proven optimal")
                          : rh_format(call, ", ohne Beweis", ", without proof"));
    if (result->exact == RH_EXACT_MISSING)
        rh_say(call,
               "das exakte Verfahren (reihum-solve) fehlt; die Teams sind gültig, ihr Abstand zur "
               "Schranke ist bekannt, ob sie die besten sind, nicht",
               "the exact engine (reihum-solve) is missing; the teams are valid, their distance "
               "to the bound is known, whether they are the best is not");
    if (kept_teams(&draft->model))
        rh_say(call, "Verfahren, die schon begonnen haben, behalten ihr Team: %d",
               "procedures that have begun keep their team: %d", (int)kept_teams(&draft->model));
    rh_say(call, "Mischung: %lld statt %lld verschiedene Paare, für %lld Punkte mehr",
           "mixing: %lld instead of %lld different pairs, for %lld points more",
           (long long)draft->mixing_after, (long long)draft->mixing_before,
           (long long)draft->mixing_loss);
    if (result->cut)
        rh_say(call,
               "der Lauf endete an der Zeitgrenze oder durch Abbruch und ist nicht wiederholbar",
               "the run ended at its time limit or was cancelled and cannot be repeated exactly");
    return 0;
}
