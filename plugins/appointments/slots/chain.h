/*
 * chain.h - the best slots of one group, exactly, when each of its slots has a price.
 *
 * A group is a chain: its meetings keep their order and gaps, and one that has no place may be left
 * out. Dynamic programming over the days. Internal.
 */
#ifndef PLUGINS_APPOINTMENTS_SLOTS_CHAIN_H
#define PLUGINS_APPOINTMENTS_SLOTS_CHAIN_H

#include "plugins/appointments/slots/board.h"

/* The cheapest slot of one day. */
struct slots_offer {
    int32_t day, start;
    int64_t price; /* may be negative */
    /* slots_chain_best() keeps here: */
    int64_t total;
    int32_t from_meeting, from_offer;
};

struct slots_offers {
    struct slots_offer *list; /* ascending by day, one a day */
    int32_t count;
};

/* A meeting left out costs this; no sum of prices comes near. */
#define SLOTS_LEFT_OUT INT64_C(1000000000000000)

/*
 * `offers` by meeting (of the whole model; those of the group are read). The sum of prices and of
 * SLOTS_LEFT_OUT for each meeting left out; the slots in `ret` (may be NULL) by place in the group,
 * day SLOTS_NOWHERE for those left out. A fixed meeting has one offer and is never left out; the
 * order of two fixed ones is not asked.
 */
int64_t slots_chain_best(const struct slots_board *board, int32_t group,
                         struct slots_offers *offers, struct slots_slot *ret);

#endif
