/*
 * event.h - what happened to a procedure: all that its state is made of.
 *
 * A procedure is the list of its events; nothing else is kept. Some come from people ("step done"),
 * some are facts that the engine found when their time came ("this reminder went out"):
 * rh_process_tick() makes those, so that building the state again never depends on today's
 * calendar. An event is never changed or deleted; a mistake is mended by RH_PROCESS_UNDO, which
 * names the number of another.
 *
 * In JSON an event is one object with "kind" and "at" (UTC, seconds) and the fields that it uses,
 * so that it can be one row of a log.
 *
 * To add a kind: a line below, its rules in state.c.
 */
#ifndef CORE_PROCESS_EVENT_H
#define CORE_PROCESS_EVENT_H

#include "core/base/arena.h"
#include "core/base/json.h"
#include "core/calendar/zone.h"

/*     id            word              fields used beside at, reason, by */
#define RH_PROCESS_EVENTS(X)                                                                       \
    /* --- people --- */                                                                           \
    X(BEGIN, "begin")     /* id, day, hash, by (who suggested it out of turn; NULL: in turn) */    \
    X(RUN, "run")         /* step: somebody works on it */                                         \
    X(WAIT, "wait")       /* step, day: nothing before that day ("calls back on Monday") */        \
    X(GO_ON, "go-on")     /* step: the waiting is over */                                          \
    X(DONE, "done")       /* step, day */                                                          \
    X(SKIP, "skip")       /* step; reason unless the definition calls it optional */               \
    X(REOPEN, "reopen")   /* step, reason: it was not done or skipped after all */                 \
    X(RECEIPT, "receipt") /* step, item, flag: an item of the list is there (or is not) */         \
    X(DATE, "date")       /* step or item, day, minute, until; RH_NO_DAY: no date any more */      \
    X(SET, "set")         /* step, day, reason: the deadline is that day */                        \
    X(SHIFT, "shift")     /* step, count (working days, may be negative), reason */                \
    X(EXTEND, "extend")   /* step, count (working days, positive), reason */                       \
    X(FIRE, "fire")       /* step, reason: the deadline is now */                                  \
    X(RESET, "reset")     /* step: the deadline is as computed again */                            \
    X(PAUSE, "pause")     /* step or NULL for all, flag: the clock stops, flag_national, reason */ \
    X(RESUME, "resume")   /* step or NULL, flag_national */                                        \
    X(ANSWER, "answer")   /* item (a question), flag: yes or no */                                 \
    X(DRAW, "draw")       /* step, count (length of the list), chosen, random, seed */             \
    X(CANCEL, "cancel")   /* reason: the whole procedure ends here */                              \
    X(MIGRATE, "migrate") /* hash: on with another version of the definition */                    \
    X(UNDO, "undo")       /* count: the number of the event taken back; reason */                  \
    /* --- facts, made by rh_process_tick() --- */                                                 \
    X(STARTED, "started") /* the first day has come */                                             \
    X(OPENED, "opened")   /* step: its window is open */                                           \
    X(WAITED, "waited")   /* step: the day waited for has come */                                  \
    X(PASSED, "passed")   /* step, day: the deadline of that day passed */                         \
    X(MAILED, "mailed")   /* step, rule, day: this reminder went out */

#define RH_PROCESS_EVENT_ENUM_(id, word) RH_PROCESS_##id,
enum rh_process_event_kind { RH_PROCESS_EVENTS(RH_PROCESS_EVENT_ENUM_) RH_PROCESS_EVENT_END_ };
#undef RH_PROCESS_EVENT_ENUM_

struct rh_process_event {
    enum rh_process_event_kind kind;
    int64_t at; /* when it was recorded, UTC */
    /* Texts are borrowed by whoever passes an event, owned by a state that keeps it; NULL: not
     * used. */
    const char *step, *item, *rule;
    const char *reason, *by;
    const char *id, *hash, *seed;
    int32_t day;           /* RH_NO_DAY: not used; an event of zeroes has 1970-01-01 here */
    int32_t minute, until; /* from midnight; -1: not said */
    int32_t count, chosen, random;
    bool flag, flag_national;
};

#define RH_PROCESS_EVENT(kind_, at_)                                                               \
    {                                                                                              \
        .kind = (kind_), .at = (at_), .day = RH_NO_DAY, .minute = -1, .until = -1                  \
    }

#define RH_PROCESS_REASON_MAX 500  /* characters of a reason, id or seed */
#define RH_PROCESS_EVENT_MAX  8192 /* bytes of one event as JSON */

const char *rh_process_event_word(enum rh_process_event_kind kind); /* "go-on" */
bool rh_process_event_is_fact(enum rh_process_event_kind kind);

/* One object; the caller finishes the writer. */
void rh_process_event_write(const struct rh_process_event *event, struct rh_json_out *json);

/* Texts are copied into the arena. RH_EINVALID for an unknown kind or field, or a value out of
 * range. */
int32_t rh_process_event_read(const json_t *object, struct rh_arena *arena,
                              struct rh_process_event *ret, struct rh_err *err);

#endif
