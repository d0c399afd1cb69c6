/* turnus plan: snapshot -> problem -> solved and checked on a worker; stored as a draft on the
 * writer. */
#include "plugins/turnus/conflicts.h"
#include "plugins/turnus/gaps.h"

#include <string.h>

/* ---- contradictions, before anything is computed ---- */

static void out_sentence(void *context, const char *sentence)
{
    struct rh_call *call = context;

    rh_out_object(call, NULL);
    rh_out_text(call, "sentence", sentence);
    rh_out_end(call);
}

int32_t turnus_rule_check(struct rh_call *call)
{
    struct model model;
    const char *round;
    int32_t rc, count;

    if ((rc = find_round(call, &round)) < 0 || (rc = model_load(call, round, &model)) < 0)
        return rc;
    rh_out_text(call, "round", round);
    rh_out_array(call, "items");
    count = conflict_sentences(call, &model, out_sentence, call);
    rh_out_end(call);
    if (count < 0)
        return count;
    rh_out_int(call, "contradictions", count);
    if (count == 0)
        rh_say(call, "die Regeln widersprechen sich nicht",
               "the rules do not contradict each other");
    else
        rh_say(call,
               "welche Regeln das sind und was am wenigsten kostet: 'reihum turnus conflicts "
               "--round %s'",
               "which rules these are and what costs least: 'reihum turnus conflicts --round %s'",
               round);
    return 0;
}

/* ---- the plan ---- */

/* What the worker hands to the writer. */
struct draft {
    struct model model;
    struct rh_solve_result result;
    struct value value;
    int64_t seed;
    int32_t elastic;
};

static int32_t solve(struct rh_call *call, struct draft *draft)
{
    struct rh_solve_options options = {
        .size = sizeof(options),
        .seed = (uint64_t)draft->seed,
        .step_limit = rh_param_given(call, "steps") ? rh_param_int(call, "steps") : 0,
        .time_limit_ms = (int64_t)(rh_param_real(call, "time-limit") * 1000),
        .without_exact = rh_param_int(call, "without-exact") == 1};

    draft->result =
        (struct rh_solve_result){.size = sizeof(draft->result), .rule_value = draft->value.rule};
    draft->result.slot = rh_alloc_in(call, (size_t)draft->model.office_count * sizeof(int32_t));
    if (!draft->result.slot)
        return RH_ENOMEM;
    return rh_solve_in(call, &draft->model.problem, &options, &draft->result);
}

static void out_levels(struct rh_call *call, const char *key, const int64_t level[RH_SOLVE_LEVELS])
{
    rh_out_object(call, key);
    rh_out_int(call, "hard", level[RH_SOLVE_HARD]);
    rh_out_int(call, "balance", level[RH_SOLVE_BALANCE]);
    rh_out_int(call, "soft", level[RH_SOLVE_SOFT]);
    rh_out_end(call);
}

/*
 * The levels are compared one after another, so a gap in one number is that of the first level that
 * is not at its bound: (value - bound) / value.
 */
static double gap_of(const int64_t value[RH_SOLVE_LEVELS], const int64_t bound[RH_SOLVE_LEVELS])
{
    for (int32_t level = 0; level < RH_SOLVE_LEVELS; level++)
        if (value[level] != bound[level])
            return value[level] > 0 ? (double)(value[level] - bound[level]) / (double)value[level]
                                    : 0;
    return 0;
}

static int32_t count_unknown_months(const struct model *model)
{
    int32_t unknown = 0;

    for (int32_t t = 0; t < model->month_count; t++)
        unknown += model->months[t].school_unknown;
    return unknown;
}

static void say_unknown_holidays(struct rh_call *call, const struct model *model)
{
    int32_t unknown = count_unknown_months(model);

    if (unknown == 0)
        return;
    for (int32_t t = 0; t < model->month_count; t++)
        if (model->months[t].school_unknown) {
            rh_say(call,
                   "Schulferien ab %s sind noch nicht bekannt gegeben; %d Monate des Turnus sind "
                   "ohne sie geplant",
                   "school holidays from %s on are not published yet; %d months of the round are "
                   "planned without them",
                   rh_month_text(call, model->months[t].month), (int)unknown);
            return;
        }
}

/* The search did not find what is known to exist: it gets a plan to start from, and is never worse.
 */
static int32_t solve_from_known(struct rh_call *call, struct draft *draft)
{
    int32_t *start = rh_alloc_in(call, (size_t)draft->model.office_count * sizeof(int32_t)), rc;

    if (!start)
        return RH_ENOMEM;
    rc = plan_exists(call, &draft->model, start);
    if (rc != CLASH_YES)
        return rc < 0 ? rc : 0;
    draft->model.problem.start = start;
    return solve(call, draft);
}

static int32_t solve_strictly(struct rh_call *call, struct draft *draft)
{
    int32_t rc = refuse_contradictions(call, &draft->model);

    if (rc < 0 || (rc = solve(call, draft)) < 0)
        return rc;
    if (draft->result.value[RH_SOLVE_HARD] > 0 && (rc = solve_from_known(call, draft)) < 0)
        return rc;
    if (draft->result.value[RH_SOLVE_HARD] > 0)
        return rh_fail(call, RH_EINVALID,
                       "kein Plan gefunden, der alle festen Regeln hält: %lld Verfahren über der "
                       "Höchstzahl je Monat; Monate öffnen, die "
                       "Höchstzahl heben ('turnus month set') oder mit --elastic und benannten "
                       "Lücken planen",
                       "no plan found that keeps all hard rules: %lld procedures above the "
                       "capacity per month; open months, raise the "
                       "capacity ('turnus month set') or plan with --elastic and named gaps",
                       (long long)draft->result.value[RH_SOLVE_HARD]);
    return 0;
}

int32_t turnus_plan(struct rh_call *call)
{
    struct draft *draft = rh_alloc_in(call, sizeof(*draft));
    const char *round;
    int32_t rc;

    if (!draft)
        return RH_ENOMEM;
    call->state = draft;
    draft->seed = rh_param_int(call, "seed");
    draft->elastic = (int32_t)rh_param_int(call, "elastic");
    if ((rc = find_round(call, &round)) < 0 || (rc = model_load(call, round, &draft->model)) < 0)
        return rc;
    if (draft->elastic && (rc = make_elastic(call, &draft->model)) >= 0)
        rc = start_elastic(call, &draft->model);
    if (rc < 0 || (rc = draft->elastic ? solve(call, draft) : solve_strictly(call, draft)) < 0)
        return rc;
    memcpy(draft->value.level, draft->result.value, sizeof(draft->value.level));
    return 0;
}

static const char *values_json(struct rh_call *call, const struct value *value)
{
    const char *json = "{";

    for (int32_t rule = 0; rule < RULE_COUNT; rule++)
        json = rh_format(call, "%s%s\"%s\":%lld", "%s%s\"%s\":%lld", json, rule ? "," : "",
                         rule_names[rule].key, (long long)value->rule[rule]);
    return rh_format(call, "%s}", "%s}", json);
}

int64_t plan_insert(struct rh_call *call, const struct new_plan *plan)
{
    const struct model *model = plan->model;
    const int64_t *value = plan->value->level;
    int64_t id;

    if (rh_exec(call,
                "INSERT INTO turnus_plan(round, state, created_utc, created_by, parent, engine, "
                "seed, steps, total_ms, cut, hard, "
                "balance, soft, proven, rules, note) VALUES (?1, 'draft', ?2, ?3, nullif(?4, 0), "
                "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
                "?14, ?15)",
                "sisisiiiiiiiiss", model->round, rh_now_utc(call), rh_actor(call), plan->parent,
                plan->engine, plan->seed, plan->steps, plan->total_ms, (int64_t)plan->cut,
                value[RH_SOLVE_HARD], value[RH_SOLVE_BALANCE], value[RH_SOLVE_SOFT],
                (int64_t)plan->proven, values_json(call, plan->value), plan->note) < 0)
        return RH_EFAILED;
    id = rh_last_id(call);
    if (plan->bound && rh_exec(call,
                               "UPDATE turnus_plan SET bound_hard = ?2, bound_balance = ?3, "
                               "bound_soft = ?4 WHERE id = ?1",
                               "iiii", id, plan->bound[RH_SOLVE_HARD],
                               plan->bound[RH_SOLVE_BALANCE], plan->bound[RH_SOLVE_SOFT]) < 0)
        return RH_EFAILED;
    for (int32_t i = 0; i < model->office_count; i++)
        if (plan->slot[i] >= 0 &&
            rh_exec(call, "INSERT INTO turnus_start(plan, office, month) VALUES (?1, ?2, ?3)",
                    "iss", id, model->offices[i].id,
                    rh_month_text(call, model->months[plan->slot[i]].month)) < 0)
            return RH_EFAILED;
    if (plan->parent && gaps_inherit(call, id, plan->parent) < 0)
        return RH_EFAILED;
    if (rh_event(call, "turnus.drafted", model->round, NULL,
                 rh_format(call, "{\"plan\":%lld}", "{\"plan\":%lld}", (long long)id)) < 0)
        return RH_EFAILED;
    return id;
}

/* What became of the exact engine, as the answer names it. */
static const char *exact_word(int32_t exact)
{
    static const char *const words[] = {[RH_EXACT_NOT_NEEDED] = "not needed",
                                        [RH_EXACT_USED] = "used",
                                        [RH_EXACT_MISSING] = "missing",
                                        [RH_EXACT_FAILED] = "failed",
                                        [RH_EXACT_LATE] = "late"};

    return words[exact >= 0 && exact <= RH_EXACT_LATE ? exact : RH_EXACT_FAILED];
}

/* Stored with the plan, in one language: how it was made. */
static const char *engine_text(struct rh_call *call, int32_t exact)
{
    const char *own = "local search, network flow bound";

    if (exact == RH_EXACT_NOT_NEEDED)
        return own;
    if (exact == RH_EXACT_USED)
        return rh_format(call, "%s, exact engine", "%s, exact engine", own);
    return rh_format(call, "%s, exact engine %s", "%s, exact engine %s", own, exact_word(exact));
}

static void say_without_proof(struct rh_call *call, const struct rh_solve_result *result)
{
    if (result->proven)
        return;
    if (result->exact == RH_EXACT_MISSING)
        rh_say(
            call,
            "ohne Beweis: der exakte Löser 'reihum-solve' fehlt auf diesem Rechner; die Schranke "
            "ist die der eigenen Suche",
            "without proof: the exact engine 'reihum-solve' is missing on this machine; the "
            "bound is that of the built-in search");
    if (result->exact == RH_EXACT_FAILED)
        rh_say(call,
               "ohne Beweis: der exakte Löser brach ab oder gab eine falsche Antwort; die Schranke "
               "ist die der eigenen Suche",
               "without proof: the exact engine crashed or gave a wrong answer; the bound is that "
               "of the built-in search");
    if (result->exact == RH_EXACT_LATE)
        rh_say(call,
               "ohne Beweis: der exakte Löser wurde nicht rechtzeitig fertig; mit einem höheren "
               "--time-limit hat er mehr Zeit",
               "without proof: the exact engine did not finish in time; a higher --time-limit "
               "gives it more");
}

static int32_t answer_gaps(struct rh_call *call, const struct draft *draft)
{
    int32_t count = out_gaps(call, "gaps", &draft->model, draft->result.slot, NULL);

    if (count < 0)
        return count;
    if (count == 0)
        rh_say(call, "ohne Lücken: alle festen Regeln sind eingehalten",
               "without gaps: all hard rules are kept");
    else
        rh_say(call,
               "Lücken: %d; der Entwurf ist damit gekennzeichnet, veröffentlichen verlangt "
               "--accept-gaps und --reason, 'reihum turnus conflicts' nennt Auswege",
               "gaps: %d; the draft is marked with them, publishing asks for --accept-gaps and "
               "--reason, 'reihum turnus conflicts' names repairs",
               (int)count);
    return 0;
}

int32_t turnus_plan_commit(struct rh_call *call)
{
    const struct draft *draft = call->state;
    const struct rh_solve_result *result = &draft->result;
    const char *engine = engine_text(call, result->exact);
    int32_t deviations, rc;
    int64_t id = plan_insert(call, &(struct new_plan){.model = &draft->model,
                                                      .slot = result->slot,
                                                      .value = &draft->value,
                                                      .bound = result->bound,
                                                      .engine = engine,
                                                      .note = rh_param_text(call, "note"),
                                                      .seed = draft->seed,
                                                      .steps = result->steps,
                                                      .total_ms = result->total_ms,
                                                      .cut = result->cut,
                                                      .proven = result->proven});

    if (id < 0)
        return (int32_t)id;
    if (draft->elastic && (rc = gaps_store(call, id, &draft->model, result->slot)) < 0)
        return rc;
    rh_out_int(call, "plan", id);
    rh_out_text(call, "round", draft->model.round);
    rh_out_text(call, "state", "draft");
    rh_out_int(call, "offices", draft->model.office_count);
    rh_out_int(call, "objective", result->value[RH_SOLVE_SOFT]);
    rh_out_int(call, "bound", result->bound[RH_SOLVE_SOFT]);
    rh_out_real(call, "gap", gap_of(result->value, result->bound));
    rh_out_flag(call, "proven", result->proven);
    out_levels(call, "value", result->value);
    out_levels(call, "bounds", result->bound);
    rh_out_text(call, "engine", engine);
    rh_out_text(call, "exact", exact_word(result->exact));
    rh_out_int(call, "seed", draft->seed);
    rh_out_int(call, "steps", result->steps);
    rh_out_flag(call, "cut", result->cut);
    rh_out_int(call, "first_plan_ms", result->first_ms);
    rh_out_int(call, "total_ms", result->total_ms);
    out_values(call, "rules", &draft->value);
    deviations = out_deviations(call, "deviations", &draft->model, result->slot, 0);
    rh_say(call,
           "Plan %lld (Entwurf): %d Ämter, Abweichungen von den Anteilen: %d, weiche Punkte: %lld, "
           "Schranke: %lld%s",
           "plan %lld (draft): %d offices, deviations from the even shares: %d, soft points: "
           "%lld, bound: %lld%s",
           (long long)id, (int)draft->model.office_count, (int)deviations,
           (long long)result->value[RH_SOLVE_SOFT], (long long)result->bound[RH_SOLVE_SOFT],
           result->proven ? rh_format(call, ", bewiesen bestmöglich", ", proven optimal")
                          : rh_format(call, ", nicht bewiesen", ", not proven"));
    if (draft->elastic && (rc = answer_gaps(call, draft)) < 0)
        return rc;
    if (result->cut)
        rh_say(call,
               "der Lauf endete an der Zeitgrenze oder durch Abbruch und ist nicht wiederholbar",
               "the run ended at its time limit or was cancelled and cannot be repeated exactly");
    say_without_proof(call, result);
    say_unknown_holidays(call, &draft->model);
    return 0;
}
