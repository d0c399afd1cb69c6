/*
 * verify.h - is a plan what it says? Every rule and every price once more, in plain loops over days
 * and pairs. Shares no code with the search (only model.h), so that both would have to be wrong in
 * the same way.
 *
 * Fixed meetings are given: what they break among themselves, or alone, is not held against a plan,
 * and costs it nothing.
 */
#ifndef PLUGINS_APPOINTMENTS_SLOTS_VERIFY_H
#define PLUGINS_APPOINTMENTS_SLOTS_VERIFY_H

#include "plugins/appointments/slots/model.h"

struct slots_verdict {
    int32_t broken;          /* how often a rule is broken; 0: the plan is valid */
    struct slots_note first; /* the first of these … */
    int32_t first_meeting;   /* … and of which meeting; -1: none */
    int32_t unplaced, moved; /* without a slot; that stood elsewhere */
    int64_t price[SLOTS_COST_COUNT], total;
};

/* `slots` by meeting. SLOTS_OK or SLOTS_NO_MEMORY. */
int32_t slots_verify(const struct slots_memory *memory, const struct slots_model *model,
                     const struct slots_slot *slots, struct slots_verdict *ret);

#endif
