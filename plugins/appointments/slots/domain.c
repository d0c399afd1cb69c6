#include "plugins/appointments/slots/domain.h"

int32_t slots_each_start(const struct slots_model *model, int32_t meeting, int32_t day,
                         int32_t (*each)(void *context, struct slots_slot slot), void *context)
{
    const struct slots_meeting *what = &model->meetings[meeting];
    int32_t last = what->until - what->minutes, grid = model->rules.grid_minutes, rc = 0;
    /* Where it stands is tried also when that is beside the grid. */
    int32_t stands = what->state == SLOTS_STANDS && what->at.day == day &&
                     what->at.start >= what->from && what->at.start <= last;
    int32_t own = stands ? what->at.start : -1;

    for (int32_t start = what->from; start <= last && rc == 0; start += grid) {
        if (own >= 0 && own < start)
            rc = each(context, (struct slots_slot){day, own});
        if (own >= 0 && own <= start)
            own = -1;
        if (rc == 0)
            rc = each(context, (struct slots_slot){day, start});
    }
    return rc == 0 && own >= 0 ? each(context, (struct slots_slot){day, own}) : rc;
}

struct filling {
    const struct slots_board *board;
    struct slots_domain *domain;
    int32_t meeting;
};

static int32_t count_one(void *context, struct slots_slot slot)
{
    (void)slot;
    ++*(int32_t *)context;
    return 0;
}

static int32_t fill_one(void *context, struct slots_slot slot)
{
    struct filling *filling = context;
    struct slots_sink sink = {0};

    slots_look_alone(filling->board, filling->meeting, slot, &sink);
    if (!sink.blocked)
        filling->domain->choices[filling->domain->count++] =
            (struct slots_choice){slot, sink.price};
    return 0;
}

int32_t slots_domain_build(const struct slots_memory *memory, const struct slots_board *board,
                           int32_t meeting, struct slots_domain *ret)
{
    const struct slots_model *model = board->model;
    const struct slots_meeting *what = &model->meetings[meeting];
    struct filling filling = {board, ret, meeting};
    int32_t room = 1;

    ret->count = 0;
    for (int32_t day = what->earliest; day <= what->latest; day++)
        if (what->state != SLOTS_FIXED && !slots_day_is_shut(board, meeting, day))
            (void)slots_each_start(model, meeting, day, count_one, &room);
    if (!(ret->choices = SLOTS_NEW(memory, struct slots_choice, room)))
        return SLOTS_NO_MEMORY;
    if (what->state == SLOTS_FIXED)
        ret->choices[ret->count++] = (struct slots_choice){what->at, 0};
    for (int32_t day = what->earliest; day <= what->latest; day++)
        if (what->state != SLOTS_FIXED && !slots_day_is_shut(board, meeting, day))
            (void)slots_each_start(model, meeting, day, fill_one, &filling);
    return SLOTS_OK;
}
