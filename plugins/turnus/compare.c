/*
 * turnus compare: two plans of a round side by side. Both are judged by what is known today, so
 * that the difference comes from the plans and not from rules that changed in between; bound and
 * proof are what each plan brought with it.
 */
#include "plugins/turnus/internal.h"

#include <string.h>

struct pair {
    struct model model;
    struct plan before, after;
    struct value value[2];
};

/* Without --with: the published plan, else the newest draft made of it, else the one it was moved
 * from, else the newest of the rest. 0 when the round has no second plan. */
static int64_t other_plan(struct rh_call *call, const struct plan *plan)
{
    struct rh_rows *rows;
    int64_t other = 0;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT id FROM turnus_plan WHERE round = ?2 AND id <> ?1 AND state <> "
                 "'discarded' ORDER BY state = 'published' DESC, (state = 'draft' AND parent "
                 "IS ?1) DESC, id = (SELECT parent FROM turnus_plan WHERE id = ?1) DESC, "
                 "id DESC LIMIT 1",
                 "is", plan->id, plan->round);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        other = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return other;
}

/* People read "from" and "to" as time; only who names both says otherwise. */
static void older_first(struct pair *pair)
{
    struct plan newer = pair->before;

    pair->before = pair->after;
    pair->after = newer;
}

static int32_t load_pair(struct rh_call *call, struct pair *pair)
{
    const char *round;
    int64_t with;
    int32_t rc;

    if ((rc = find_round_of_plan(call, &round)) < 0 ||
        (rc = model_load(call, round, &pair->model)) < 0 ||
        (rc = plan_load(call, &pair->model, &pair->before)) < 0)
        return rc;
    with =
        rh_param_given(call, "with") ? rh_param_int(call, "with") : other_plan(call, &pair->before);
    if (with < 0)
        return (int32_t)with;
    if (with == 0)
        return rh_fail(call, RH_ENOTFOUND,
                       "der Turnus %1$s hat nur Plan %2$lld; zum Vergleichen braucht es einen "
                       "zweiten: 'reihum turnus move' oder 'reihum turnus plan --round %1$s'",
                       "the round %1$s has plan %2$lld only; comparing takes a second one: 'reihum "
                       "turnus move' or 'reihum turnus plan --round %1$s'",
                       round, (long long)pair->before.id);
    if (with == pair->before.id)
        return rh_fail(call, RH_EINVALID,
                       "Plan %lld mit sich selbst zu vergleichen zeigt nichts; einen anderen mit "
                       "--with nennen",
                       "comparing plan %lld with itself shows nothing; name another with --with",
                       (long long)with);
    if ((rc = plan_load_named(call, &pair->model, with, &pair->after)) < 0)
        return rc;
    if (!rh_param_given(call, "with") && pair->after.id < pair->before.id)
        older_first(pair);
    return 0;
}

/* A plan loaded alone is judged with its own forbidden cells allowed; here both plans' are, and a
 * pair that either keeps apart is no pair. */
static int32_t judge(struct rh_call *call, struct pair *pair)
{
    struct delta delta;
    int32_t rc = delta_begin(call, &pair->model, pair->before.slot, &delta);

    if (rc < 0)
        return rc;
    pair->value[0] = delta.value;
    if ((rc = delta_begin(call, &pair->model, pair->after.slot, &delta)) < 0)
        return rc;
    pair->value[1] = delta.value;
    return 0;
}

/* ---- the two, as they stand in the list of plans ---- */

static int32_t out_proof(struct rh_call *call, int64_t plan)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT bound_hard, bound_balance, bound_soft, proven, engine, note "
                          "FROM turnus_plan WHERE id = ?1",
                          "i", plan);

    if (rc < 0 || (rc = rh_next(call, rows)) <= 0)
        return rc;
    rh_out_text(call, "bound_hard", rh_get_text(call, rows, 0));
    rh_out_text(call, "bound_balance", rh_get_text(call, rows, 1));
    rh_out_text(call, "bound", rh_get_text(call, rows, 2));
    rh_out_flag(call, "proven", (int32_t)rh_get_int(call, rows, 3));
    rh_out_text(call, "proof",
                rh_get_int(call, rows, 3)
                    ? rh_format(call, "bewiesen bestmöglich", "proven optimal")
                    : rh_format(call, "nicht bewiesen", "not proven"));
    rh_out_text(call, "engine", rh_get_text(call, rows, 4));
    rh_out_text(call, "note", rh_get_text(call, rows, 5));
    rh_close(call, rows);
    return 0;
}

static const char *state_words(struct rh_call *call, const char *state)
{
    return strcmp(state, "draft") == 0        ? rh_format(call, "Entwurf", "draft")
           : strcmp(state, "published") == 0  ? rh_format(call, "veröffentlicht", "published")
           : strcmp(state, "superseded") == 0 ? rh_format(call, "abgelöst", "superseded")
                                              : rh_format(call, "verworfen", "discarded");
}

static int32_t out_side(struct rh_call *call, const struct pair *pair, int side)
{
    const struct plan *plan = side == 0 ? &pair->before : &pair->after;
    int32_t rc;

    rh_out_object(call, NULL);
    rh_out_int(call, "plan", plan->id);
    rh_out_text(call, "state", plan->state);
    rh_out_text(call, "state_words", state_words(call, plan->state));
    rh_out_flag(call, "is_draft", strcmp(plan->state, "draft") == 0);
    rh_out_int(call, "hard", pair->value[side].level[RH_SOLVE_HARD]);
    rh_out_int(call, "balance", pair->value[side].level[RH_SOLVE_BALANCE]);
    rh_out_int(call, "soft", pair->value[side].level[RH_SOLVE_SOFT]);
    rc = out_proof(call, plan->id);
    if (rc >= 0)
        rc = out_stale(call, &pair->model, plan);
    rh_out_end(call);
    return rc < 0 ? rc : 0;
}

/* ---- rule by rule ---- */

static void out_rules(struct rh_call *call, const struct pair *pair)
{
    static const struct rh_text levels[] = {
        {"fest", "hard"}, {"Anteil", "share"}, {"weich", "soft"}};

    rh_out_array(call, "rules");
    for (int32_t rule = 0; rule < RULE_COUNT; rule++) {
        int64_t before = pair->value[0].rule[rule], after = pair->value[1].rule[rule];

        rh_out_object(call, NULL);
        rh_out_text(call, "rule", rule_names[rule].key);
        rh_out_text(call, "title", rh_say_in(call, rule_names[rule].title));
        rh_out_text(call, "level_title", rh_say_in(call, levels[rule_names[rule].level]));
        rh_out_int(call, "before", before);
        rh_out_int(call, "after", after);
        rh_out_int(call, "difference", after - before);
        rh_out_text(call, "verdict",
                    after == before  ? rh_format(call, "gleich", "equal")
                    : after < before ? rh_format(call, "besser", "better")
                                     : rh_format(call, "schlechter", "worse"));
        rh_out_end(call);
    }
    rh_out_end(call);
}

/* For the choice on the page. */
static int32_t out_choices(struct rh_call *call, const struct pair *pair)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT id, state FROM turnus_plan WHERE round = ?1 AND (state <> "
                          "'discarded' OR id IN (?2, ?3)) ORDER BY id DESC LIMIT 50",
                          "sii", pair->model.round, pair->before.id, pair->after.id);

    rh_out_array(call, "plans");
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        rh_out_object(call, NULL);
        rh_out_int(call, "value", rh_get_int(call, rows, 0));
        rh_out_text(call, "label",
                    rh_format(call, "Plan %lld – %s", "plan %lld – %s",
                              (long long)rh_get_int(call, rows, 0),
                              state_words(call, rh_get_text(call, rows, 1))));
        rh_out_flag(call, "first", rh_get_int(call, rows, 0) == pair->before.id);
        rh_out_flag(call, "second", rh_get_int(call, rows, 0) == pair->after.id);
        rh_out_end(call);
    }
    rh_out_end(call);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

int32_t turnus_compare(struct rh_call *call)
{
    struct pair *pair = rh_alloc_in(call, sizeof(*pair));
    int32_t rc;

    if (!pair)
        return RH_ENOMEM;
    if ((rc = load_pair(call, pair)) < 0 || (rc = judge(call, pair)) < 0)
        return rc;
    rh_out_text(call, "round", pair->model.round);
    rh_out_int(call, "plan", pair->before.id);
    rh_out_int(call, "with", pair->after.id);
    if ((rc = out_choices(call, pair)) < 0)
        return rc;
    rh_out_array(call, "sides");
    for (int side = 0; rc >= 0 && side < 2; side++)
        rc = out_side(call, pair, side);
    rh_out_end(call);
    if (rc < 0)
        return rc;
    out_rules(call, pair);
    rc = out_difference(call, &pair->model, pair->before.slot, pair->after.slot);
    if (rc < 0)
        return rc;
    rh_say(call, "Ämter, die nach Plan %lld in einem anderen Monat beginnen als nach Plan %lld: %d",
           "offices that start in another month by plan %lld than by plan %lld: %d",
           (long long)pair->after.id, (long long)pair->before.id, (int)rc);
    return 0;
}
