/*
 * state.h - where a procedure stands: the sum of its events.
 *
 *     state = rh_process_state_new(definitions, count, &err);
 *     for each stored event: rh_process_apply(state, &event, &err)
 *
 * Applying knows nothing of calendars or of today: the same events give the same state, always.
 * What a state means for the calendar (deadlines, reminders) is in plan.h, how it goes on in
 * engine.h. A refused event changes nothing. One thread at a time.
 *
 *     planned ─> ready ─> running <─> waiting          skipped: left out, or its condition does not
 * hold ^         │ └───────┴───────────┴──> done     cancelled: the procedure was cancelled
 *        └─────────┘  reopen leads back                paused: seen while a pause holds a step that
 * is ready, running or waiting
 */
#ifndef CORE_PROCESS_STATE_H
#define CORE_PROCESS_STATE_H

#include "core/process/definition.h"
#include "core/process/event.h"

#define RH_PROCESS_EVENT_COUNT_MAX 20000
#define RH_PROCESS_PAUSES_MAX      200
#define RH_PROCESS_STATE_JSON_MAX  (8u * 1024 * 1024)

/* The order counts: what is not over stands before PAUSED, what is over from DONE on. */
#define RH_PROCESS_STATES(X)                                                                       \
    X(PLANNED, "planned", "geplant", "planned")                                                    \
    X(READY, "ready", "bereit", "ready")                                                           \
    X(RUNNING, "running", "läuft", "running")                                                      \
    X(WAITING, "waiting", "wartet", "waiting")                                                     \
    X(PAUSED, "paused", "ruht", "paused")                                                          \
    X(DONE, "done", "getan", "done")                                                               \
    X(SKIPPED, "skipped", "entfällt", "skipped")                                                   \
    X(CANCELLED, "cancelled", "abgebrochen", "cancelled")

#define RH_PROCESS_STATE_ENUM_(id, word, de, en) RH_PROCESS_IS_##id,
enum rh_process_step_state { RH_PROCESS_STATES(RH_PROCESS_STATE_ENUM_) RH_PROCESS_IS_END_ };
#undef RH_PROCESS_STATE_ENUM_

/* One step, as the events left it. Numbers of events count from 1; 0: none. */
struct rh_process_step_now {
    enum rh_process_step_state state; /* without pauses; ask rh_process_step_state() */
    bool by_condition;                /* skipped because its condition does not hold */
    bool opened;                      /* its window is open */
    int32_t done_day;
    int64_t done_at, ready_at;       /* UTC; RH_NO_INSTANT */
    int32_t date_day;                /* of an appointment; RH_NO_DAY: not agreed */
    int32_t date_minute, date_until; /* -1: not said */
    int32_t set_day, set_on;         /* a deadline set by hand, and on which day that was */
    int32_t shift;                   /* working days */
    int64_t fire_at;                 /* RH_NO_INSTANT, or when the deadline was called now */
    int32_t wait_until;              /* day; RH_NO_DAY */
    uint32_t receipts;               /* bit per item */
    int64_t mails_from;              /* reminders meant for an earlier time are left out, … */
    bool mails_strict;               /* … also those of the same day */
    int64_t mails_hold; /* reminders meant for an earlier time wait until then, the last alone */
    int32_t why;        /* number of the event that set, shifted or fired the deadline */
};

struct rh_process_pause {
    int32_t step; /* -1: the whole procedure */
    bool national, clock_stops;
    int32_t from, to; /* days; to = RH_NO_DAY while it lasts */
    int32_t event;    /* number */
};

struct rh_process_drawn {
    int32_t step; /* -1: nothing drawn yet */
    int32_t listed, chosen, random;
    int32_t event;
};

/* A fact: this reminder went out, or this deadline passed (rule = NULL), for that day. */
struct rh_process_fired {
    const char *step, *rule;
    int32_t day;
    bool before_migration; /* then it stands for every day of that rule */
    int32_t event;         /* number */
};

struct rh_process_state {
    const struct rh_process_definition *definition; /* the version it runs on; NULL before BEGIN */
    const char *id;
    bool begun, started, cancelled;
    int32_t start_day;
    const char *suggested_by;   /* NULL: in turn */
    uint32_t answered, answers; /* bit per question */
    struct rh_process_step_now steps[RH_PROCESS_STEPS_MAX];
    int32_t dates[RH_PROCESS_DATES_MAX]; /* RH_NO_DAY: not known */
    struct rh_process_drawn drawn;
    struct rh_process_pause pauses[RH_PROCESS_PAUSES_MAX];
    size_t pause_count;

    struct rh_process_event *events; /* owned; events[i] has the number i + 1 */
    bool *undone;                    /* owned */
    size_t event_count, event_room;
    struct rh_process_fired *fired; /* owned */
    size_t fired_count, fired_room;

    const struct rh_process_definition *const *definitions; /* borrowed: all versions known */
    size_t definition_count;
    struct rh_arena arena;
};

/* `definitions` is borrowed until rh_process_state_free(). */
int32_t rh_process_state_new(const struct rh_process_definition *const *definitions, size_t count,
                             struct rh_process_state **ret, struct rh_err *err);
struct rh_process_state *rh_process_state_free(struct rh_process_state *state);

/* The same events once more, in memory of their own: to try something. */
int32_t rh_process_state_copy(const struct rh_process_state *state, struct rh_process_state **ret,
                              struct rh_err *err);

/*
 * Applies one event, or refuses it with a sentence and changes nothing: RH_EINVALID (a field is
 * missing or wrong), RH_ENOTFOUND (no such step, version, …), RH_ECONFLICT (not in this state). An
 * undo builds the state again without the event that it names; it is refused when a later event
 * would not have been possible then, and says which.
 */
int32_t rh_process_apply(struct rh_process_state *state, const struct rh_process_event *event,
                         struct rh_err *err);

/* As people see it: with pauses and the cancellation. */
enum rh_process_step_state rh_process_step_state(const struct rh_process_state *state,
                                                 int32_t step);
/* Is a pause on: of the procedure, or of this step (-1: of the procedure alone)? NULL when not. */
const struct rh_process_pause *rh_process_paused(const struct rh_process_state *state,
                                                 int32_t step);
bool rh_process_finished(const struct rh_process_state *state); /* begun, and no step is open */

const char *rh_process_state_word(enum rh_process_step_state state);
struct rh_text rh_process_state_title(enum rh_process_step_state state);

/* The reason that an event gave; "" for number 0 and for none. */
const char *rh_process_reason(const struct rh_process_state *state, int32_t number);

/* {"format": 1, "events": […]}, and back. RH_EDAMAGED never: what does not fit is RH_EINVALID with
 * the number of the event. */
int32_t rh_process_state_write(const struct rh_process_state *state, struct rh_str *out,
                               struct rh_err *err);
int32_t rh_process_state_read(const char *text, size_t length,
                              const struct rh_process_definition *const *definitions, size_t count,
                              struct rh_process_state **ret, struct rh_err *err);

#endif
