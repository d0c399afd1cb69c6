/*
 * bound.h - how good a plan could be at most. Internal.
 *
 * Each group by itself is solved exactly (chain.h) while what groups share has prices: the places
 * of a party in a week, and its time at two minutes of each day. For any prices the sum is below
 * every plan (Lagrange), so rounding and stopping early do no harm; a subgradient makes it rise.
 * Journeys between meetings on neighbouring days are not in it.
 */
#ifndef PLUGINS_APPOINTMENTS_SLOTS_BOUND_H
#define PLUGINS_APPOINTMENTS_SLOTS_BOUND_H

#include "plugins/appointments/slots/chain.h"
#include "plugins/appointments/slots/domain.h"

struct slots_dual;

/*
 * `domains` by meeting: the slots that remain beside the fixed meetings, with the price beside
 * them; `board` has the fixed meetings, and no others, in its counts. Both are borrowed. NULL
 * without memory.
 */
struct slots_dual *slots_dual_new(const struct slots_memory *memory,
                                  const struct slots_board *board,
                                  const struct slots_domain *domains);

/* No plan leaves out fewer meetings than *ret_unplaced, and of those that leave out just as many
 * none costs less than *ret_cost. `target` is the cost of a known plan. Calls add up. */
void slots_dual_raise(struct slots_dual *dual, int32_t rounds, int64_t target,
                      int32_t *ret_unplaced, int64_t *ret_cost);

/* What the group costs at least by itself; SLOTS_LEFT_OUT for each meeting it has no place for. */
int64_t slots_dual_alone(const struct slots_dual *dual, int32_t group);

#endif
