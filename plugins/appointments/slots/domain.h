/* domain.h - all slots that a meeting could have if nobody else met, with their prices. Internal.
 */
#ifndef PLUGINS_APPOINTMENTS_SLOTS_DOMAIN_H
#define PLUGINS_APPOINTMENTS_SLOTS_DOMAIN_H

#include "plugins/appointments/slots/board.h"

struct slots_choice {
    struct slots_slot slot;
    int64_t price; /* of slots_look_alone() */
};

struct slots_domain {
    struct slots_choice *choices; /* ascending by day, then start */
    int32_t count;
};

/* SLOTS_NO_MEMORY, or 0. A fixed meeting has the one choice where it is, for nothing. */
int32_t slots_domain_build(const struct slots_memory *memory, const struct slots_board *board,
                           int32_t meeting, struct slots_domain *ret);

/* The beginnings to try on a day: calls `each` until it answers something else than 0. */
int32_t slots_each_start(const struct slots_model *model, int32_t meeting, int32_t day,
                         int32_t (*each)(void *context, struct slots_slot slot), void *context);

#endif
