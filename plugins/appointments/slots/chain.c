#include "plugins/appointments/slots/chain.h"

#define NEVER INT64_MAX

static int32_t is_fixed(const struct slots_model *model, int32_t meeting)
{
    return model->meetings[meeting].state == SLOTS_FIXED;
}

/* Extends chains that end with `earlier` by `later`, `left_out` being what those between cost. */
static void extend(const struct slots_board *board, int32_t earlier, int32_t later, int32_t gap,
                   int64_t left_out, struct slots_offers *offers)
{
    const struct slots_model *model = board->model;
    const struct slots_offers *from = &offers[earlier];
    int32_t calendar = model->meetings[later].calendar, next = 0, best = -1;
    int32_t free_order = is_fixed(model, earlier) && is_fixed(model, later);

    for (int32_t i = 0; i < offers[later].count; i++) {
        struct slots_offer *offer = &offers[later].list[i];

        /* The later the day, the more of the earlier days are far enough away. */
        while (next < from->count &&
               (free_order ||
                (from->list[next].day < offer->day &&
                 slots_workdays(board, calendar, from->list[next].day, offer->day) >= gap))) {
            if (from->list[next].total != NEVER &&
                (best < 0 || from->list[next].total < from->list[best].total))
                best = next;
            next++;
        }
        if (best >= 0 && (offer->total == NEVER ||
                          from->list[best].total + left_out + offer->price < offer->total)) {
            offer->total = from->list[best].total + left_out + offer->price;
            offer->from_meeting = earlier;
            offer->from_offer = best;
        }
    }
}

/* Chains that begin with this meeting, those before it being left out. */
static void begin(const struct slots_model *model, int32_t first, int32_t meeting,
                  struct slots_offers *offers)
{
    int32_t possible = 1;

    for (int32_t m = first; m < meeting; m++)
        possible &= !is_fixed(model, m);
    for (int32_t i = 0; i < offers[meeting].count; i++) {
        struct slots_offer *offer = &offers[meeting].list[i];

        offer->total = possible ? SLOTS_LEFT_OUT * (meeting - first) + offer->price : NEVER;
        offer->from_meeting = -1;
    }
}

static void trace(const struct slots_offers *offers, int32_t first, int32_t meeting, int32_t offer,
                  struct slots_slot *ret)
{
    while (meeting >= 0) {
        const struct slots_offer *at = &offers[meeting].list[offer];

        ret[meeting - first] = (struct slots_slot){at->day, at->start};
        meeting = at->from_meeting;
        offer = at->from_offer;
    }
}

int64_t slots_chain_best(const struct slots_board *board, int32_t group,
                         struct slots_offers *offers, struct slots_slot *ret)
{
    const struct slots_model *model = board->model;
    int32_t first = model->groups[group].first, end = first + model->groups[group].count;
    int64_t best = NEVER;
    int32_t best_meeting = -1, best_offer = -1, may_end = 1;

    for (int32_t m = first; m < end; m++) {
        int32_t gap = 0;

        begin(model, first, m, offers);
        for (int32_t earlier = m - 1; earlier >= first; earlier--) {
            gap += model->meetings[earlier + 1].gap;
            extend(board, earlier, m, gap, SLOTS_LEFT_OUT * (m - earlier - 1), offers);
            if (is_fixed(model, earlier)) /* none leaves it out */
                break;
        }
    }
    /* The last one placed; those behind it are left out. */
    for (int32_t m = end - 1; m >= first && may_end; m--) {
        for (int32_t i = 0; i < offers[m].count; i++) {
            int64_t total = offers[m].list[i].total;

            if (total != NEVER && total + SLOTS_LEFT_OUT * (end - 1 - m) < best) {
                best = total + SLOTS_LEFT_OUT * (end - 1 - m);
                best_meeting = m;
                best_offer = i;
            }
        }
        may_end = !is_fixed(model, m);
    }
    if (may_end && SLOTS_LEFT_OUT * (end - first) < best) {
        best = SLOTS_LEFT_OUT * (end - first);
        best_meeting = -1;
    }
    if (ret)
        for (int32_t m = first; m < end; m++)
            ret[m - first].day = SLOTS_NOWHERE;
    if (ret)
        trace(offers, first, best_meeting, best_offer, ret);
    return best;
}
