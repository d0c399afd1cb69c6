/*
 * turnus move: shows what a move means; only with --yes it is done. What a person moves is a new
 * draft, so neither the draft it came from nor a published plan changes under anybody's eyes.
 */
#include "plugins/turnus/standing.h"

#include <string.h>

struct move {
    struct model model;
    struct plan plan;
    struct value value;
    int32_t *after;
    int32_t place, slot;
    int32_t partner; /* the office it changes places with, or -1 */
    int32_t yes;
};

/* Offices that must start together with this one move along. */
static void move_together(struct rh_call *call, struct move *move)
{
    int32_t changed = 1;

    move->after[move->place] = move->slot;
    while (changed) {
        changed = 0;
        for (int32_t i = 0; i < move->model.problem.together_count; i++) {
            const struct rh_solve_together *pair = &move->model.problem.togethers[i];
            int32_t a = move->after[pair->a] == move->slot, b = move->after[pair->b] == move->slot;

            if (a == b)
                continue;
            move->after[a ? pair->b : pair->a] = move->slot;
            rh_say(call, "%s zieht mit (Regel 'together')", "%s moves along (rule 'together')",
                   move->model.offices[a ? pair->b : pair->a].name);
            changed = 1;
        }
    }
}

/* The office it changes places with goes where it was. */
static int32_t exchange(struct rh_call *call, struct move *move)
{
    const char *partner;
    int32_t rc;

    move->partner = -1;
    if (!rh_param_given(call, "with"))
        return 0;
    if ((rc = find_office(call, "with", &partner)) < 0)
        return rc;
    move->partner = office_place(&move->model, partner);
    if (move->partner < 0 || move->partner == move->place ||
        move->plan.slot[move->partner] != move->slot || move->plan.slot[move->place] < 0)
        return rh_fail(call, RH_EINVALID,
                       "'%s' beginnt nicht in %s und kann deshalb nicht tauschen",
                       "'%s' does not start in %s and so cannot change places", partner,
                       rh_month_text(call, move->model.months[move->slot].month));
    move->after[move->partner] = move->plan.slot[move->place];
    return 0;
}

static int32_t check_moved(struct rh_call *call, const struct move *move)
{
    for (int32_t i = 0; i < move->model.office_count; i++) {
        int32_t why;

        if (move->after[i] == move->plan.slot[i])
            continue;
        why = move->model.why[(size_t)i * (size_t)move->model.month_count + (size_t)move->after[i]];
        if (why)
            return rh_fail(call, RH_ECONFLICT,
                           "%s kann nicht in %s beginnen: %s; die Regel ändern oder einen anderen "
                           "Monat wählen",
                           "%s cannot start in %s: %s; change the rule or choose another month",
                           move->model.offices[i].name,
                           rh_month_text(call, move->model.months[move->after[i]].month),
                           why_text(call, why));
    }
    for (int32_t i = 0; i < move->model.problem.together_count; i++) {
        const struct rh_solve_together *pair = &move->model.problem.togethers[i];

        if (move->after[pair->a] != move->after[pair->b])
            return rh_fail(call, RH_ECONFLICT,
                           "%s und %s sollen gemeinsam beginnen (Regel 'together'); die Regel "
                           "ändern oder ohne --with verlegen",
                           "%s and %s shall start together (rule 'together'); change the rule or "
                           "move without --with",
                           move->model.offices[pair->a].name, move->model.offices[pair->b].name);
    }
    return 0;
}

static int32_t check_capacity(struct rh_call *call, const struct move *move)
{
    struct value before;
    int32_t rc = value_of(call, &move->model, move->plan.slot, &before);

    if (rc < 0 || move->value.rule[RULE_CAPACITY] <= before.rule[RULE_CAPACITY] ||
        rh_param_int(call, "over-capacity"))
        return rc;
    return rh_fail(call, RH_ECONFLICT,
                   "%1$s ist voll (Höchstzahl %2$d); 'turnus month set --month %1$s --capacity "
                   "%3$d' hebt sie, --over-capacity nimmt es hin",
                   "%1$s is full (capacity %2$d); 'turnus month set --month %1$s --capacity %3$d' "
                   "raises it, --over-capacity accepts it",
                   rh_month_text(call, move->model.months[move->slot].month),
                   (int)move->model.months[move->slot].capacity,
                   (int)move->model.months[move->slot].capacity + 1);
}

static int32_t prepare(struct rh_call *call, struct move *move)
{
    const char *office;
    int32_t month = (int32_t)rh_param_int(call, "to"), rc = find_office(call, "office", &office);

    if (rc < 0 || (rc = plan_load(call, &move->model, &move->plan)) < 0)
        return rc;
    move->place = office_place(&move->model, office);
    move->slot = slot_of_month(&move->model, month);
    if (move->place < 0)
        return rh_fail(call, RH_EINVALID, "'%s' ist geschlossen und in keinem Plan",
                       "'%s' is closed and in no plan", office);
    if ((rc = refuse_missing(call, &move->model, &move->plan)) < 0)
        return rc;
    if (move->slot < 0)
        return rh_fail(call, RH_EINVALID, "%s liegt nicht im Turnus %s (%s bis %s)",
                       "%s is not in the round %s (%s to %s)", rh_month_text(call, month),
                       move->model.round, rh_month_text(call, move->model.first_month),
                       rh_month_text(call, move->model.first_month + move->model.month_count - 1));
    if (move->plan.slot[move->place] == move->slot)
        return rh_fail(call, RH_ECONFLICT, "%s: in Plan %lld steht schon %s",
                       "%s: in plan %lld it is %s already", move->model.offices[move->place].name,
                       (long long)move->plan.id, rh_month_text(call, month));
    move->after = rh_alloc_in(call, (size_t)move->model.office_count * sizeof(int32_t));
    if (!move->after)
        return RH_ENOMEM;
    memcpy(move->after, move->plan.slot, (size_t)move->model.office_count * sizeof(int32_t));
    move_together(call, move);
    return exchange(call, move);
}

static const char *from_text(struct rh_call *call, const struct move *move)
{
    int32_t slot = move->plan.slot[move->place];

    return slot < 0 ? "–" : month_words(call, move->model.months[slot].month);
}

static int32_t answer(struct rh_call *call, const struct move *move)
{
    const struct office *office = &move->model.offices[move->place];
    int32_t rc;

    rh_out_int(call, "from_plan", move->plan.id);
    rh_out_text(call, "round", move->model.round);
    rh_out_text(call, "office", office->id);
    rh_out_text(call, "name", office->name);
    rh_out_text(call, "from", from_text(call, move));
    rh_out_text(call, "to", rh_month_text(call, move->model.months[move->slot].month));
    rh_out_text(call, "with", move->partner < 0 ? NULL : move->model.offices[move->partner].id);
    rh_out_flag(call, "applied", move->yes);
    rh_say(call, "%s: %s → %s", "%s: %s → %s", office->name, from_text(call, move),
           month_words(call, move->model.months[move->slot].month));
    if (move->partner >= 0)
        rh_say(call, "%s: %s → %s", "%s: %s → %s", move->model.offices[move->partner].name,
               month_words(call, move->model.months[move->slot].month), from_text(call, move));
    if ((rc = out_consequences(call, "consequences", &move->model, move->plan.slot, move->after)) <
        0)
        return rc;
    rh_out_flag(call, "deviations_any",
                out_deviations(call, "deviations", &move->model, move->after, 1) > 0);
    return 0;
}

/* Who else is touched: neighbours that start in the same month then. */
static void say_neighbours(struct rh_call *call, const struct move *move)
{
    const struct rh_solve_problem *problem = &move->model.problem;

    for (int32_t i = 0; i < problem->apart_count; i++) {
        const struct rh_solve_apart *pair = &problem->aparts[i];
        int32_t moved = move->after[pair->a] != move->plan.slot[pair->a] ||
                        move->after[pair->b] != move->plan.slot[pair->b];

        if (moved && move->after[pair->a] == move->after[pair->b])
            rh_say(call, "%s und %s beginnen dann im selben Monat (%s)",
                   "%s and %s then start in the same month (%s)", move->model.offices[pair->a].name,
                   move->model.offices[pair->b].name,
                   month_words(call, move->model.months[move->after[pair->a]].month));
    }
}

/* Who moves knows its month already. */
static int32_t say_warned(struct rh_call *call, const struct move *move)
{
    int32_t rc = 0;

    for (int32_t i = 0; i < move->model.office_count && rc >= 0; i++)
        if (move->after[i] != move->plan.slot[i])
            rc = warn_announced(call, &move->model, i);
    return rc;
}

/* Reads, judges, answers; `move` is filled for a commit. */
static int32_t judge(struct rh_call *call, struct move *move)
{
    const char *round;
    int32_t rc;

    if ((rc = find_round_of_plan(call, &round)) < 0 ||
        (rc = model_load(call, round, &move->model)) < 0 || (rc = prepare(call, move)) < 0 ||
        (rc = check_moved(call, move)) < 0 ||
        (rc = value_of(call, &move->model, move->after, &move->value)) < 0 ||
        (rc = check_capacity(call, move)) < 0 || (rc = answer(call, move)) < 0)
        return rc;
    say_neighbours(call, move);
    return move->plan.slot[move->place] < 0 ? 0 : say_warned(call, move);
}

int32_t turnus_preview(struct rh_call *call)
{
    struct move move = {0};

    return judge(call, &move);
}

int32_t turnus_move(struct rh_call *call)
{
    struct move *move = rh_alloc_in(call, sizeof(*move));
    int32_t rc;

    if (!move)
        return RH_ENOMEM;
    call->state = move;
    move->yes = (int32_t)rh_param_int(call, "yes");
    rc = judge(call, move);
    if (rc >= 0 && !move->yes)
        rh_say(call, "noch nichts geändert; mit --yes entsteht daraus ein neuer Entwurf",
               "nothing changed yet; with --yes it becomes a new draft");
    return rc;
}

int32_t turnus_move_commit(struct rh_call *call)
{
    const struct move *move = call->state;
    const char *note = rh_param_text(call, "reason");
    int64_t id;

    if (!move->yes)
        return 0;
    if (!note)
        note = rh_format(call, "%s: %s → %s", "%s: %s → %s", move->model.offices[move->place].name,
                         from_text(call, move),
                         rh_month_text(call, move->model.months[move->slot].month));
    id = plan_insert(call, &(struct new_plan){.model = &move->model,
                                              .slot = move->after,
                                              .value = &move->value,
                                              .engine = "by hand",
                                              .note = note,
                                              .parent = move->plan.id});
    if (id < 0)
        return (int32_t)id;
    rh_out_int(call, "plan", id);
    rh_say(call, "Plan %lld (Entwurf) enthält die Änderung; Plan %lld bleibt, wie er ist",
           "plan %lld (draft) holds the change; plan %lld stays as it is", (long long)id,
           (long long)move->plan.id);
    return 0;
}
