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
 * To add a kind: a line below, its rule in rules.c.
 */
#ifndef CORE_PROCESS_EVENT_H
#define CORE_PROCESS_EVENT_H

#include "core/base/arena.h"
#include "core/base/json.h"
#include "core/calendar/zone.h"

/*
 * Which fields an event uses beside `at`, `reason` and `by`:
 *
 *     begin     id, day, hash; by: who suggested it out of turn (with a reason), NULL: in turn
 *     run       step: somebody works on it
 *     wait      step, day: nothing before that day ("calls back on Monday")
 *     go-on     step: the waiting is over
 *     done      step; day, RH_NO_DAY: today
 *     skip      step; reason unless the definition calls it optional
 *     reopen    step, reason: it was not done, or not left out, after all
 *     receipt   step, item, flag: an item of the list is there (or is not any more)
 *     date      step (an appointment) or item (a date), day, minute, until; RH_NO_DAY: none any
 * more set       step, day, reason: the deadline is that day shift     step, count (working days,
 * negative: earlier), reason extend    step, count (working days, positive), reason fire      step,
 * reason: the deadline is now reset     step: the deadline is as computed again pause     step or
 * NULL for all, flag: the clock stops, flag_national, reason resume    step or NULL for all,
 * flag_national answer    item (a question), flag: yes or no draw      step, count (length of the
 * list), chosen, random, seed cancel    reason: the whole procedure ends here migrate   hash: on
 * with another version of the definition undo      count: the number of the event taken back;
 * reason
 *
 * and the facts, made by rh_process_tick():
 *
 *     started   the first day has come
 *     opened    step: its window is open
 *     waited    step: the day waited for has come
 *     passed    step, day: the deadline of that day passed
 *     mailed    step, rule, day: this reminder left
 */
#define RH_PROCESS_EVENTS(X)                                                                       \
    X(BEGIN, "begin", "Verfahren angelegt", "procedure created")                                   \
    X(RUN, "run", "in Arbeit", "work began")                                                       \
    X(WAIT, "wait", "wartet", "waiting")                                                           \
    X(GO_ON, "go-on", "es geht weiter", "going on")                                                \
    X(DONE, "done", "getan", "done")                                                               \
    X(SKIP, "skip", "ausgelassen", "skipped")                                                      \
    X(REOPEN, "reopen", "wieder geöffnet", "reopened")                                             \
    X(RECEIPT, "receipt", "Beleg", "receipt")                                                      \
    X(DATE, "date", "Termin", "date")                                                              \
    X(SET, "set", "Frist gesetzt", "deadline set")                                                 \
    X(SHIFT, "shift", "Frist verschoben", "deadline shifted")                                      \
    X(EXTEND, "extend", "Frist verlängert", "deadline extended")                                   \
    X(FIRE, "fire", "sofort fällig gestellt", "called due now")                                    \
    X(RESET, "reset", "Frist wieder wie berechnet", "deadline as computed again")                  \
    X(PAUSE, "pause", "Pause", "pause")                                                            \
    X(RESUME, "resume", "Pause beendet", "pause ended")                                            \
    X(ANSWER, "answer", "Antwort", "answer")                                                       \
    X(DRAW, "draw", "Fälle gezogen", "cases drawn")                                                \
    X(CANCEL, "cancel", "abgebrochen", "cancelled")                                                \
    X(MIGRATE, "migrate", "andere Fassung des Ablaufs", "another version of the process")          \
    X(UNDO, "undo", "zurückgenommen", "taken back")                                                \
    X(STARTED, "started", "begonnen", "started")                                                   \
    X(OPENED, "opened", "Zeitfenster geöffnet", "window opened")                                   \
    X(WAITED, "waited", "Warten vorbei", "waiting over")                                           \
    X(PASSED, "passed", "Frist verstrichen", "deadline passed")                                    \
    X(MAILED, "mailed", "Erinnerung hinausgegangen", "reminder left")

#define RH_PROCESS_EVENT_ENUM_(id, word, de, en) RH_PROCESS_##id,
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

const char *rh_process_event_word(enum rh_process_event_kind kind);     /* "go-on" */
struct rh_text rh_process_event_title(enum rh_process_event_kind kind); /* "es geht weiter" */
bool rh_process_event_is_fact(enum rh_process_event_kind kind);

/* One object; the caller finishes the writer. */
void rh_process_event_write(const struct rh_process_event *event, struct rh_json_out *json);

/* Texts are copied into the arena. RH_EINVALID for an unknown kind or field, or a value out of
 * range. */
int32_t rh_process_event_read(const json_t *object, struct rh_arena *arena,
                              struct rh_process_event *ret, struct rh_err *err);

#endif
