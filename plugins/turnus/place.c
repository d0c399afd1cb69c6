/* turnus place: gives an office that a plan lacks (founded since) its month in it. */
#include "plugins/turnus/internal.h"

struct placing {
    struct edit edit;
    int32_t place;
};

static int32_t find_place(struct rh_call *call, struct placing *placing)
{
    const struct edit *edit = &placing->edit;
    const char *office;
    int32_t rc = find_office(call, "office", &office);

    if (rc < 0)
        return rc;
    placing->place = office_place(&edit->model, office);
    if (placing->place < 0)
        return rh_fail(call, RH_EINVALID, "'%s' ist geschlossen und in keinem Plan",
                       "'%s' is closed and in no plan", office);
    if (edit->base.slot[placing->place] >= 0)
        return rh_fail(call, RH_ECONFLICT,
                       "'%s' steht schon in Plan %lld; 'reihum turnus move' verlegt es",
                       "'%s' is in plan %lld already; 'reihum turnus move' moves it", office,
                       (long long)edit->base.id);
    return 0;
}

static int32_t put(struct rh_call *call, struct placing *placing)
{
    const struct model *model = &placing->edit.model;
    int32_t month = (int32_t)rh_param_int(call, "to"), slot = slot_of_month(model, month), why;

    if (slot < 0)
        return rh_fail(call, RH_EINVALID, "%s liegt nicht im Turnus %s (%s bis %s)",
                       "%s is not in the round %s (%s to %s)", rh_month_text(call, month),
                       model->round, rh_month_text(call, model->first_month),
                       rh_month_text(call, model->first_month + model->month_count - 1));
    why = model->why[(size_t)placing->place * (size_t)model->month_count + (size_t)slot];
    if (why)
        return rh_fail(
            call, RH_ECONFLICT,
            "%s kann nicht in %s beginnen: %s; die Regel ändern oder einen anderen Monat wählen",
            "%s cannot start in %s: %s; change the rule or choose another month",
            model->offices[placing->place].name, rh_month_text(call, month), why_text(call, why));
    placing->edit.after[placing->place] = slot;
    return 0;
}

int32_t turnus_place(struct rh_call *call)
{
    struct placing *placing = rh_alloc_in(call, sizeof(*placing));
    int32_t rc;

    if (!placing)
        return RH_ENOMEM;
    call->state = placing;
    if ((rc = edit_begin(call, &placing->edit)) < 0 || (rc = find_place(call, placing)) < 0 ||
        (rc = put(call, placing)) < 0)
        return rc;
    return edit_judge(call, &placing->edit);
}

int32_t turnus_place_commit(struct rh_call *call)
{
    const struct placing *placing = call->state;

    return edit_commit(call, &placing->edit,
                       rh_format(call, "%s kommt hinzu", "%s comes in",
                                 placing->edit.model.offices[placing->place].name));
}
