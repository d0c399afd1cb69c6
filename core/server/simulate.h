/*
 * simulate.h - the plan run forward on a copy, with a clock of its own.
 *
 * The copy is a house like the real one (same modules, same jobs, same tick), only its clock is set
 * forward from one thing that is due to the next. What happened there is read from its events.
 */
#ifndef CORE_SERVER_SIMULATE_H
#define CORE_SERVER_SIMULATE_H

#include "reihum/plugin.h"

int32_t rh_simulate(struct rh_call *call); /* `run` of the operation `simulate` */

#endif
