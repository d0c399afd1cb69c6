/*
 * rules.h - the rules of the events, one function each. Inside this room only.
 *
 * A function checks everything and then changes: one that refuses has changed nothing, so the
 * caller need not put anything back. Sentences continue "step 'kickoff': ".
 *
 * To add an event: its line in event.h, a function here, its row in the table of rules.c.
 */
#ifndef CORE_PROCESS_RULES_H
#define CORE_PROCESS_RULES_H

#include "core/process/state.h"

struct act {
    struct rh_process_state *s;
    const struct rh_process_event *e;
    int32_t number;                     /* of the event */
    int32_t step;                       /* that the event names, or -1 */
    const struct rh_process_step *plan; /* that step in the definition, … */
    struct rh_process_step_now *now;    /* … and as it is */
    struct rh_err *err;
};

/* --- rules_step.c --- */
int32_t act_run(struct act *a);
int32_t act_wait(struct act *a);
int32_t act_go_on(struct act *a);
int32_t act_done(struct act *a);
int32_t act_skip(struct act *a);
int32_t act_reopen(struct act *a);
int32_t act_receipt(struct act *a);
int32_t act_date(struct act *a);
int32_t act_set(struct act *a);
int32_t act_shift(struct act *a);
int32_t act_fire(struct act *a);
int32_t act_reset(struct act *a);
int32_t act_pause(struct act *a);
int32_t act_resume(struct act *a);

int32_t act_need_open(const struct act *a); /* the step is ready, running or waiting */
int32_t act_need_reason(const struct act *a);
int32_t act_need_day(const struct act *a);
int32_t act_today(const struct act *a); /* the day of the event */

/* --- rules.c --- */

/* Everything but keeping the event itself. The texts of the event must already belong to the state.
 */
int32_t process_apply_one(struct rh_process_state *state, const struct rh_process_event *event,
                          int32_t number, struct rh_err *err);

/* Refuses before the beginning and after a cancellation. */
int32_t process_check_alive(const struct rh_process_state *state,
                            const struct rh_process_event *event, struct rh_err *err);

/* --- settle.c --- */

extern const struct rh_process_step_now process_fresh_step;
bool process_is_open(enum rh_process_step_state state);   /* ready, running, waiting */
bool process_is_closed(enum rh_process_step_state state); /* done, skipped */

bool process_needs_met(const struct rh_process_state *state, const struct rh_process_step *step);

/* Moves the steps that the events moved without naming them; `at` is when. */
void process_settle(struct rh_process_state *state, int64_t at);

#endif
