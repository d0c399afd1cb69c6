/* A plan changed by hand in several places at once: judged against the plan it came from, then kept
 * as a new draft. */
#include "plugins/turnus/internal.h"

#include <string.h>

int32_t edit_begin(struct rh_call *call, struct edit *edit)
{
    const char *round;
    size_t size;
    int32_t rc;

    if ((rc = find_round_of_plan(call, &round)) < 0 ||
        (rc = model_load(call, round, &edit->model)) < 0 ||
        (rc = plan_load(call, &edit->model, &edit->base)) < 0)
        return rc;
    size = (size_t)edit->model.office_count * sizeof(int32_t);
    edit->after = rh_alloc_in(call, size);
    if (!edit->after)
        return RH_ENOMEM;
    memcpy(edit->after, edit->base.slot, size);
    edit->yes = (int32_t)rh_param_int(call, "yes");
    return 0;
}

/* Of pairs that the plan kept together until now. */
static int32_t refuse_parted(struct rh_call *call, const struct edit *edit)
{
    const struct model *model = &edit->model;

    for (int32_t i = 0; i < model->problem.together_count; i++) {
        const struct rh_solve_together *pair = &model->problem.togethers[i];

        if (edit->after[pair->a] != edit->after[pair->b])
            return rh_fail(
                call, RH_ECONFLICT,
                "%s und %s sollen gemeinsam beginnen (Regel 'together'); beiden denselben "
                "Monat geben oder die Regel ändern",
                "%s and %s shall start together (rule 'together'); give both the same "
                "month or change the rule",
                model->offices[pair->a].name, model->offices[pair->b].name);
    }
    return 0;
}

/* A preview shows it as a consequence; only a draft is refused. */
static int32_t refuse_full(struct rh_call *call, const struct edit *edit,
                           const struct value *before)
{
    int64_t by = edit->value.rule[RULE_CAPACITY] - before->rule[RULE_CAPACITY];

    if (by <= 0 || !edit->yes || rh_param_int(call, "over-capacity"))
        return 0;
    return rh_fail(
        call, RH_ECONFLICT,
        "die Höchstzahl je Monat wäre um %lld überschritten; 'turnus month set' hebt sie, "
        "--over-capacity nimmt es hin",
        "the capacity per month would be exceeded by %lld; 'turnus month set' raises it, "
        "--over-capacity accepts it",
        (long long)by);
}

static void say_sentence(void *context, const char *sentence)
{
    rh_say((struct rh_call *)context, "%s", "%s", sentence);
}

int32_t edit_judge(struct rh_call *call, struct edit *edit)
{
    static const int32_t names_up_to = 5; /* beyond, names hide what matters */
    struct value before;
    struct delta delta;
    int32_t rc = delta_begin(call, &edit->model, edit->base.slot, &delta);

    if (rc < 0 || (rc = refuse_parted(call, edit)) < 0)
        return rc;
    before = delta.value;
    if ((rc = delta_begin(call, &edit->model, edit->after, &delta)) < 0)
        return rc;
    edit->value = delta.value;
    if ((rc = refuse_full(call, edit, &before)) < 0)
        return rc;
    rh_out_int(call, "from_plan", edit->base.id);
    rh_out_text(call, "round", edit->model.round);
    rh_out_flag(call, "applied", edit->yes);
    edit->moved = out_difference(call, &edit->model, edit->base.slot, edit->after);
    if (edit->moved > 0 && edit->moved <= names_up_to)
        effects(call, &edit->model, edit->base.slot, edit->after, say_sentence, call);
    if (edit->moved >= 0 && !edit->yes)
        rh_say(call, "noch nichts geändert; mit --yes entsteht daraus ein neuer Entwurf",
               "nothing changed yet; with --yes it becomes a new draft");
    return edit->moved < 0 ? edit->moved : 0;
}

int32_t edit_commit(struct rh_call *call, const struct edit *edit, const char *note)
{
    int64_t id;

    if (!edit->yes)
        return 0;
    if (rh_param_text(call, "reason"))
        note = rh_param_text(call, "reason");
    id = plan_insert(call, &(struct new_plan){.model = &edit->model,
                                              .slot = edit->after,
                                              .value = &edit->value,
                                              .engine = "by hand",
                                              .note = note,
                                              .parent = edit->base.id});
    if (id < 0)
        return (int32_t)id;
    rh_out_int(call, "plan", id);
    rh_say(call, "Plan %lld (Entwurf) enthält die Änderung; Plan %lld bleibt, wie er ist",
           "plan %lld (draft) holds the change; plan %lld stays as it is", (long long)id,
           (long long)edit->base.id);
    return 0;
}
