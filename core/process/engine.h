/*
 * engine.h - (state, event, now) -> (state', effects).
 *
 *     rh_process_handle()    a person did something: the event is applied, effects say what follows
 *     rh_process_tick()      time passed: facts that came due are applied, and told
 *     rh_process_next()      when to tick next
 *     rh_process_forecast()  what will leave and what will be due, by the very same tick on a copy
 *     rh_process_migrate()   another version: the difference first, then the event
 *
 * Effects are data. Whoever keeps procedures writes the event (those of a tick: the facts), the
 * jobs of the effects, and the answer in one transaction. Deadlines and reminders need no timer
 * each: the next tick finds them. Pure; one thread at a time for each state.
 */
#ifndef CORE_PROCESS_ENGINE_H
#define CORE_PROCESS_ENGINE_H

#include "core/process/plan.h"

/*     id              word              what it says */
#define RH_PROCESS_EFFECTS(X)                                                                      \
    X(ENTERED, "transition")     /* step: `was` -> `is` */                                         \
    X(DUE_SET, "deadline-set")   /* step has a deadline (day, at); old_day when it moved */        \
    X(DUE_GONE, "deadline-gone") /* step has none any more (old_day) */                            \
    X(DUE_PASSED, "deadline")    /* a tick: the deadline passed */                                 \
    X(MAIL_SET, "mail-set")      /* a reminder is going to leave at `at`; old_at when it moved */  \
    X(MAIL_GONE, "mail-gone")    /* it will not leave (old_at) */                                  \
    X(MAIL_OUT, "mail")          /* a tick: send it now */                                         \
    X(MAIL_LOST, "mail-unrecallable") /* it left and says what is not true any more */             \
    X(FINISHED, "finished")           /* nothing is left to do */

#define RH_PROCESS_EFFECT_ENUM_(id, word) RH_PROCESS_##id,
enum rh_process_effect_kind { RH_PROCESS_EFFECTS(RH_PROCESS_EFFECT_ENUM_) RH_PROCESS_EFFECT_END_ };
#undef RH_PROCESS_EFFECT_ENUM_

struct rh_process_effect {
    enum rh_process_effect_kind kind;
    const char *step; /* its name; borrowed from the definition (the old one for what is gone) */
    enum rh_process_step_state was, is; /* ENTERED */
    int32_t day, old_day;               /* of the deadline; RH_NO_DAY */
    int64_t at, old_at;                 /* RH_NO_INSTANT */
    const char *rule, *template; /* MAIL_…; the key is rh_process_mail_key(step, rule, day) */
    enum rh_process_role role, copy;
    bool urgent, expected;
    enum rh_process_moved moved;
};

struct rh_process_effects {
    struct rh_process_effect *list; /* owned */
    size_t count, room;
    /* Of the last handle or tick: state->events[first_event …] are new, event_count of them, and to
     * be kept. */
    size_t first_event, event_count;
};

/* Zeroed memory is an empty list; functions append to it. */
void rh_process_effects_fini(struct rh_process_effects *effects);
const char *rh_process_effect_word(enum rh_process_effect_kind kind);

/*
 * One object for people and programs that list what happens: "at" (RFC 3339 in Europe/Berlin),
 * "kind", "procedure", "step", and what the kind has: "was", "is", "day", "old_day", "key",
 * "template", "role", "copy", "urgent", "moved", "expected". The caller finishes the writer.
 */
void rh_process_effect_write(const struct rh_process_state *state,
                             const struct rh_process_effect *effect, struct rh_json_out *json);

/*
 * Applies the event of a person (rh_process_apply() says what is refused) and appends what follows:
 * steps that changed, deadlines and reminders that are new, moved or gone, and the reminders that
 * left and now say something wrong. Nothing has changed when it fails. To preview, pass a copy.
 */
int32_t rh_process_handle(struct rh_process_state *state, const struct rh_process_event *event,
                          const struct rh_calendar *calendar, struct rh_process_effects *effects,
                          struct rh_err *err);

/*
 * Applies all facts that came due up to and at `now`, in the order of their times. After a long
 * downtime the reminders of one step to one role that all came due are one: the last. A clock that
 * went back finds nothing due. Fails only without memory, or at the maximum of events; what was
 * told before holds then, with its facts, and the next tick goes on. Tick before a person's event
 * is handled, so that what was due before it comes before it.
 */
int32_t rh_process_tick(struct rh_process_state *state, const struct rh_calendar *calendar,
                        int64_t now, struct rh_process_effects *effects, struct rh_err *err);

/* When the next fact comes due (perhaps in the past); RH_NO_INSTANT when nothing will by itself. */
int64_t rh_process_next(const struct rh_process_state *state, const struct rh_calendar *calendar);
/* The same from a plan of this state as it is now, with or without what is expected. */
int64_t rh_process_next_in(const struct rh_process_state *state,
                           const struct rh_process_plan *plan);

/*
 * What leaves (MAIL_OUT) and what falls due (DUE_PASSED) in [from, to) if nobody does anything, in
 * the order of time; `expected` marks what depends on steps that are not ready yet and are not
 * counted among the certain. The state stays as it is.
 */
int32_t rh_process_forecast(const struct rh_process_state *state,
                            const struct rh_calendar *calendar, int64_t from, int64_t to,
                            struct rh_process_effects *effects, struct rh_err *err);

/*
 * What going over to another version at `at` would change: the effects of the event
 * RH_PROCESS_MIGRATE on a copy. To do it, pass that event to rh_process_handle(); to take it back,
 * RH_PROCESS_UNDO with its number. In all three cases what left before does not leave again.
 */
int32_t rh_process_migrate_preview(const struct rh_process_state *state, const char *hash,
                                   const struct rh_calendar *calendar, int64_t at,
                                   struct rh_process_effects *effects, struct rh_err *err);

#endif
