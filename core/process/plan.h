/*
 * plan.h - what a state means in an office's calendar: deadlines and reminders, all of them, now.
 *
 * Everything is computed from the state and the calendar each time anew and nothing is remembered,
 * so a corrected holiday corrects every date, and every date can say why it is where it is. What
 * changed between two plans are the effects of an event (engine.h).
 *
 * Deadlines. A day is counted from the day its base was done or, as long as it is not, from the day
 * it should be; pauses with a stopped clock are added; then what people shifted; at last, a
 * computed day that is no working day of the office or lies in a quiet period moves on to the next
 * one that is free (a day counted backwards moves back). Days set by hand and agreed dates stay
 * where people put them. A deadline passes at the end of its day in Europe/Berlin; one counted in
 * hours, at its instant.
 *
 * Reminders leave on working days at mail_from. One that falls on another day or into a quiet
 * period waits for the next day; one that has to come before the deadline and would not, leaves
 * before the period instead. None leaves in a pause. When several of one step to one role meet on a
 * day because they were moved, the last alone is left, and none leaves after a later one has.
 *
 * Pure; any thread. Cannot fail: a day outside the years known is simply not known.
 */
#ifndef CORE_PROCESS_PLAN_H
#define CORE_PROCESS_PLAN_H

#include "core/calendar/calendar.h"
#include "core/process/state.h"

enum rh_process_basis {
    RH_PROCESS_UNKNOWN,  /* its base is not known yet */
    RH_PROCESS_COMPUTED, /* by the definition, with shifts */
    RH_PROCESS_AGREED,   /* the date of an appointment */
    RH_PROCESS_BY_HAND,
    RH_PROCESS_CALLED /* fire: it is now */
};

enum rh_process_moved {
    RH_PROCESS_NOT_MOVED,
    RH_PROCESS_FROM_FREE_DAY, /* weekend, holiday, closing day */
    RH_PROCESS_FROM_QUIET,
    RH_PROCESS_FROM_NIGHT,   /* outside the hours of mail */
    RH_PROCESS_FROM_WAITING, /* the step waited, or a pause held it back */
};

const char *rh_process_moved_word(enum rh_process_moved moved); /* "quiet"; "" when not moved */
struct rh_text rh_process_moved_title(
    enum rh_process_moved moved); /* "wegen der Ruhezeit verlegt" */

struct rh_process_due {
    enum rh_process_basis basis;
    bool expected; /* the step is not ready: the day moves with those before it */
    bool guessed;  /* rests on a date that nobody has entered yet: nothing leaves or passes by it */
    bool suspended;      /* the clock stands; the day is that of a clock that never stood */
    bool school_unknown; /* school holidays of that day are not published yet */
    int32_t day;         /* RH_NO_DAY when not known */
    int64_t at;          /* when it passes; RH_NO_INSTANT when not known or suspended */
    int32_t open_day;    /* of a window; RH_NO_DAY */
    int64_t open_at;
    int32_t base_day;  /* what it was counted from */
    int32_t plain_day; /* before quiet periods and free days moved it */
    int32_t paused;    /* working days (or days, by its unit) that pauses added */
    enum rh_process_moved moved;
};

struct rh_process_mail {
    int32_t step;
    const struct rh_process_rule *rule;
    enum rh_process_role role, copy; /* actors resolved; copy may be RH_PROCESS_NOBODY */
    int32_t day;                     /* of the deadline it speaks of; RH_NO_DAY: of the opening */
    int64_t at;                      /* when it leaves, UTC */
    int64_t meant;                   /* when it would have left without the rules of quiet */
    enum rh_process_moved moved;
    bool expected; /* of a step that is not ready: leaves only if it is by then */
};

struct rh_process_plan {
    struct rh_process_due dues[RH_PROCESS_STEPS_MAX];
    struct rh_process_mail mails[RH_PROCESS_STEPS_MAX * RH_PROCESS_RULES_MAX];
    size_t mail_count;
};

/* `expected`: with the reminders of steps that are not ready yet. Before BEGIN there is nothing in
 * it. Large: not for a small stack. */
void rh_process_plan(const struct rh_process_state *state, const struct rh_calendar *calendar,
                     bool expected, struct rh_process_plan *ret);

/* Is the day without mail by the definition's quiet periods? ret_unknown (may be NULL): it may be,
 * for school holidays are not known that far. */
bool rh_process_quiet(const struct rh_process_definition *definition,
                      const struct rh_calendar *calendar, int32_t day, bool *ret_unknown);

/*
 * The name of a reminder for ever: "bielefeld-2027-03/structure/due-5w:contact/2027-05-27". No two
 * have the same, and the same never leaves twice.
 */
#define RH_PROCESS_KEY_SIZE 720
void rh_process_mail_key(const struct rh_process_state *state, const char *step, const char *rule,
                         int32_t day, char key[RH_PROCESS_KEY_SIZE]);

/*
 * Why the deadline of a step of a procedure that has begun is where it is, without a full stop:
 * "Freitag, 4. Juni 2027: 10 Arbeitstage nach „Auftaktgespräch“ (20. Mai 2027), ohne Fronleichnam
 * (27. Mai 2027)".
 */
void rh_process_explain(const struct rh_process_state *state, const struct rh_calendar *calendar,
                        int32_t step, enum rh_lang lang, struct rh_str *out);

/* Minutes of effort by role that fall on days in [from, to], by the days the steps are (to be)
 * done. */
void rh_process_effort_sum(const struct rh_process_state *state, const struct rh_calendar *calendar,
                           int32_t from, int32_t to, int32_t minutes[RH_PROCESS_ROLE_END_]);

#endif
