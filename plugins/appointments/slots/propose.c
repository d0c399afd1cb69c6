#include "plugins/appointments/slots/propose.h"

#include "plugins/appointments/slots/domain.h"

#include <stdlib.h>

struct asking {
    const struct slots_board *board;
    int32_t meeting;
    struct slots_choice best; /* of the day at hand */
    int32_t slots;
};

static int32_t ask(void *context, struct slots_slot slot)
{
    struct asking *asking = context;
    struct slots_sink sink = {0};

    slots_look_alone(asking->board, asking->meeting, slot, &sink);
    if (!sink.blocked)
        slots_look_beside(asking->board, asking->meeting, slot, &sink);
    if (!sink.blocked)
        slots_look_order(asking->board, asking->meeting, slot, &sink);
    if (sink.blocked)
        return 0;
    asking->slots++;
    if (asking->best.slot.day == SLOTS_NOWHERE || sink.price < asking->best.price)
        asking->best = (struct slots_choice){slot, sink.price};
    return 0;
}

static int by_price(const void *left, const void *right)
{
    const struct slots_choice *a = left, *b = right;

    if (a->price != b->price)
        return a->price < b->price ? -1 : 1;
    return a->slot.day < b->slot.day ? -1 : a->slot.day > b->slot.day;
}

static void explain(const struct slots_board *board, int32_t meeting,
                    const struct slots_choice *choice, struct slots_proposal *ret)
{
    struct slots_sink sink = {ret->notes, 0, SLOTS_NOTES_MAX, 0, 0, 0};

    ret->slot = choice->slot;
    ret->price = choice->price;
    slots_look_alone(board, meeting, choice->slot, &sink);
    slots_look_beside(board, meeting, choice->slot, &sink);
    ret->note_count = sink.note_count;
    for (int32_t i = 1; i < ret->note_count; i++)
        for (int32_t k = i; k > 0 && ret->notes[k].price > ret->notes[k - 1].price; k--) {
            struct slots_note moved = ret->notes[k];

            ret->notes[k] = ret->notes[k - 1];
            ret->notes[k - 1] = moved;
        }
}

int32_t slots_propose(const struct slots_memory *memory, const struct slots_model *model,
                      int32_t meeting, int32_t count, struct slots_proposals *ret)
{
    const struct slots_meeting *what = &model->meetings[meeting];
    int32_t days = what->latest < what->earliest ? 0 : what->latest - what->earliest + 1;
    struct slots_choice *choices = SLOTS_NEW(memory, struct slots_choice, days);
    struct slots_board *board = slots_board_new(memory, model);
    struct asking asking = {.board = board, .meeting = meeting};

    *ret = (struct slots_proposals){0};
    if (!choices || !board)
        return SLOTS_NO_MEMORY;
    for (int32_t m = 0; m < model->meeting_count; m++)
        if (m != meeting && model->meetings[m].state != SLOTS_FREE)
            slots_board_put(board, m, model->meetings[m].at);
    for (int32_t day = what->earliest; day <= what->latest; day++) {
        asking.best.slot.day = SLOTS_NOWHERE;
        if (!slots_day_is_shut(board, meeting, day))
            (void)slots_each_start(model, meeting, day, ask, &asking);
        if (asking.best.slot.day != SLOTS_NOWHERE)
            choices[ret->possible_days++] = asking.best;
    }
    qsort(choices, (size_t)ret->possible_days, sizeof(*choices), by_price);
    ret->possible_slots = asking.slots;
    ret->count = ret->possible_days < count ? ret->possible_days : count;
    if (!(ret->list = SLOTS_NEW(memory, struct slots_proposal, ret->count)))
        return SLOTS_NO_MEMORY;
    for (int32_t i = 0; i < ret->count; i++)
        explain(board, meeting, &choices[i], &ret->list[i]);
    return SLOTS_OK;
}
