/*
 * procedure.h - procedures on their way: the module of the core that runs them.
 *
 * What a process is and how it goes on is core/process; here it is kept, asked and told. Other
 * modules hear (topic, subject = the procedure, `after`):
 *
 *     procedure.reminder       {key, step, rule, role, copy, template, day, at, urgent}: write them
 *     procedure.reminder_void  likewise: it left, and says what is not true any more
 *     procedure.step           {step, was, is}
 *     procedure.deadline       {step, day}: it passed
 *     procedure.finished       all is done
 *     procedure.called         a call was noted
 *     procedure.brake          subject "on" or "off"
 */
#ifndef CORE_PROCEDURE_PROCEDURE_H
#define CORE_PROCEDURE_PROCEDURE_H

#include "reihum/plugin.h"

extern const struct rh_plugin rh_procedure_module;

/*
 * For simulations: does what people are assumed to do until now, on the writer. An open step is
 * done in the office hours of the day it is due; `late_percent` of them (always the same ones) ten
 * working days later. A brake is released. `*ret_next` is when to ask again if nothing else
 * happens before. Returns how many steps were done.
 */
int32_t rh_procedure_assume(struct rh_call *call, int32_t late_percent, int64_t *ret_next);

/*
 * Runs that were loaded, kept for the next time: for a house whose database nobody else writes and
 * that does one thing at a time (a simulation). A run is taken from here only when the database
 * has as many events of it as it had when it was put back, and each way to more events leads
 * through here; so a change that was undone is read anew.
 */
struct rh_procedure_memory *rh_procedure_memory_new(void); /* NULL without memory: all is read */
struct rh_procedure_memory *rh_procedure_memory_free(struct rh_procedure_memory *memory);
/* Grows whenever steps are not what they were, or the brake went on: until then, what people are
 * assumed to do next stays the same. */
uint64_t rh_procedure_memory_changes(const struct rh_procedure_memory *memory);

#endif
