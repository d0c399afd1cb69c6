/*
 * propose.h - the best slots of one meeting, as everything else stands.
 *
 * One proposal a day, the best first. None: ask slots_why_not() (why.h).
 */
#ifndef PLUGINS_APPOINTMENTS_SLOTS_PROPOSE_H
#define PLUGINS_APPOINTMENTS_SLOTS_PROPOSE_H

#include "plugins/appointments/slots/model.h"

#define SLOTS_NOTES_MAX 32

struct slots_proposal {
    struct slots_slot slot;
    int64_t price;
    struct slots_note notes[SLOTS_NOTES_MAX]; /* what it costs, whom; dearest first */
    int32_t note_count;                       /* more than that many are left out */
};

struct slots_proposals {
    struct slots_proposal *list; /* ascending by price, then day */
    int32_t count;
    int32_t possible_days, possible_slots; /* that break no rule, in all */
};

/*
 * The `count` best for `meeting`, whose own slot counts for SLOTS_COST_CHANGE alone; all others
 * stay where the model has them. To ask for another slot of a fixed meeting, hand it in as
 * SLOTS_STANDS. SLOTS_OK or SLOTS_NO_MEMORY.
 */
int32_t slots_propose(const struct slots_memory *memory, const struct slots_model *model,
                      int32_t meeting, int32_t count, struct slots_proposals *ret);

#endif
