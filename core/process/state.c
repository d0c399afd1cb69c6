/*
 * state.c - the rules of the events, one function each: check everything, then change.
 *
 * A function that refuses has changed nothing, so the caller need not put anything back.
 */
#include "core/process/state.h"

#include "core/base/alloc.h"
#include "core/process/internal.h"

#include <string.h>

#define MEMORY_MAX (64u * 1024 * 1024)
#define LIST_MAX   10000000 /* assessments on an office's list */

#define STATE_ROW_(id, word, de, en) [RH_PROCESS_IS_##id] = {word, {de, en}},
static const struct {
    const char *word;
    struct rh_text title;
} state_words[RH_PROCESS_IS_END_] = {RH_PROCESS_STATES(STATE_ROW_)};

const char *rh_process_state_word(enum rh_process_step_state state)
{
    return state_words[state].word;
}

struct rh_text rh_process_state_title(enum rh_process_step_state state)
{
    return state_words[state].title;
}

/* --- questions --- */

static bool is_open(enum rh_process_step_state state)
{
    return state == RH_PROCESS_IS_READY || state == RH_PROCESS_IS_RUNNING ||
           state == RH_PROCESS_IS_WAITING;
}

static bool is_closed(enum rh_process_step_state state)
{
    return state == RH_PROCESS_IS_DONE || state == RH_PROCESS_IS_SKIPPED;
}

const struct rh_process_pause *rh_process_paused(const struct rh_process_state *s, int32_t step)
{
    for (size_t i = 0; i < s->pause_count; i++)
        if (s->pauses[i].to == RH_NO_DAY && (s->pauses[i].step == -1 || s->pauses[i].step == step))
            return &s->pauses[i];
    return NULL;
}

enum rh_process_step_state rh_process_step_state(const struct rh_process_state *s, int32_t step)
{
    enum rh_process_step_state state = s->steps[step].state;

    if (is_closed(state))
        return state;
    if (s->cancelled)
        return RH_PROCESS_IS_CANCELLED;
    return is_open(state) && rh_process_paused(s, step) ? RH_PROCESS_IS_PAUSED : state;
}

bool rh_process_finished(const struct rh_process_state *s)
{
    bool all = s->begun;

    for (size_t i = 0; all && i < s->definition->step_count; i++)
        all = s->cancelled || is_closed(s->steps[i].state);
    return all;
}

const char *rh_process_reason(const struct rh_process_state *s, int32_t number)
{
    const char *reason =
        number >= 1 && (size_t)number <= s->event_count ? s->events[number - 1].reason : NULL;

    return reason ? reason : "";
}

/* --- what follows by itself --- */

static const struct rh_process_step_now fresh_step = {
    .done_day = RH_NO_DAY,
    .done_at = RH_NO_INSTANT,
    .ready_at = RH_NO_INSTANT,
    .date_day = RH_NO_DAY,
    .date_minute = -1,
    .date_until = -1,
    .set_day = RH_NO_DAY,
    .set_on = RH_NO_DAY,
    .fire_at = RH_NO_INSTANT,
    .wait_until = RH_NO_DAY,
    .mails_from = RH_NO_INSTANT,
    .mails_hold = RH_NO_INSTANT,
};

static bool answer_of(const struct rh_process_state *s, int32_t question)
{
    if (s->answered >> question & 1)
        return s->answers >> question & 1;
    return s->definition->questions[question].fallback;
}

static bool condition_holds(const struct rh_process_state *s, const struct rh_process_step *step)
{
    switch (step->when) {
    case RH_PROCESS_ALWAYS:
        return true;
    case RH_PROCESS_REGULAR:
        return !s->suggested_by;
    case RH_PROCESS_OUT_OF_TURN:
        return s->suggested_by != NULL;
    case RH_PROCESS_IF:
        return answer_of(s, step->question);
    case RH_PROCESS_IF_NOT:
        return !answer_of(s, step->question);
    }
    return true;
}

static bool needs_met(const struct rh_process_state *s, const struct rh_process_step *step)
{
    for (uint64_t needs = step->needs; needs; needs &= needs - 1)
        if (!is_closed(s->steps[__builtin_ctzll(needs)].state))
            return false;
    return true;
}

static bool can_be_ready(const struct rh_process_state *s, size_t i)
{
    const struct rh_process_step *step = &s->definition->steps[i];

    return s->started && needs_met(s, step) && (!step->open.given || s->steps[i].opened);
}

/* Planned, ready and left out follow from the rest; again until nothing moves, for one step's end
 * is another's beginning. */
static void settle(struct rh_process_state *s, int64_t at)
{
    bool moved = s->begun;

    while (moved) {
        moved = false;
        for (size_t i = 0; i < s->definition->step_count; i++) {
            struct rh_process_step_now *now = &s->steps[i];
            enum rh_process_step_state before = now->state;
            bool holds = condition_holds(s, &s->definition->steps[i]);

            if (now->state == RH_PROCESS_IS_SKIPPED && now->by_condition && holds)
                now->state = RH_PROCESS_IS_PLANNED;
            if ((now->state == RH_PROCESS_IS_PLANNED || now->state == RH_PROCESS_IS_READY) &&
                !holds)
                now->state = RH_PROCESS_IS_SKIPPED;
            if (now->state == RH_PROCESS_IS_READY && !can_be_ready(s, i))
                now->state = RH_PROCESS_IS_PLANNED;
            if (now->state == RH_PROCESS_IS_PLANNED && can_be_ready(s, i)) {
                now->state = RH_PROCESS_IS_READY;
                now->ready_at = now->mails_from = at;
                now->mails_strict = false;
            }
            now->by_condition = now->state == RH_PROCESS_IS_SKIPPED && !holds &&
                                (now->by_condition || before != RH_PROCESS_IS_SKIPPED);
            moved = moved || now->state != before;
        }
    }
}

/* --- the rules, event by event --- */

struct act {
    struct rh_process_state *s;
    const struct rh_process_event *e;
    int32_t number;                     /* of the event */
    int32_t step;                       /* that the event names, or -1 */
    const struct rh_process_step *plan; /* that step in the definition, … */
    struct rh_process_step_now *now;    /* … and as it is */
    struct rh_err *err;
};

#define REFUSE_(id, word, de, en)                                                                  \
    case RH_PROCESS_IS_##id:                                                                       \
        return rh_err_set(a->err, RH_ECONFLICT, "ist jetzt: " de, "is now: " en);

/* "Schritt 'kickoff': ist jetzt: geplant" */
static int32_t refuse_state(const struct act *a)
{
    switch (rh_process_step_state(a->s, a->step)) {
        RH_PROCESS_STATES(REFUSE_)
    case RH_PROCESS_IS_END_:
        break;
    }
    return RH_ECONFLICT;
}

static int32_t need_open(const struct act *a)
{
    return is_open(a->now->state) && !a->s->cancelled ? 0 : refuse_state(a);
}

static int32_t need_unfinished(const struct act *a)
{
    return is_closed(a->now->state) ? refuse_state(a) : 0;
}

static int32_t need_reason(const struct act *a)
{
    if (a->e->reason && *a->e->reason)
        return 0;
    return rh_err_set(a->err, RH_EINVALID, "die Begründung fehlt", "the reason is missing");
}

static int32_t need_day(const struct act *a)
{
    if (rh_day_is_valid(a->e->day))
        return 0;
    return rh_err_set(a->err, RH_EINVALID, "der Tag fehlt", "the day is missing");
}

static int32_t today(const struct act *a)
{
    return rh_berlin_day(a->e->at, NULL);
}

/* A person moved the deadline: what went out for another day may go out again for the new one. */
static void deadline_moved(struct act *a)
{
    a->now->mails_from = a->e->at;
    a->now->mails_strict = false;
    a->now->why = a->number;
    for (size_t i = 0; i < a->s->fired_count; i++)
        if (strcmp(a->s->fired[i].step, a->plan->name) == 0)
            a->s->fired[i].before_migration = false;
}

static int32_t apply_run(struct act *a)
{
    int32_t rc = need_open(a);

    if (rc < 0)
        return rc;
    if (a->now->state == RH_PROCESS_IS_WAITING)
        a->now->mails_hold = a->e->at;
    a->now->state = RH_PROCESS_IS_RUNNING;
    a->now->wait_until = RH_NO_DAY;
    return 0;
}

static int32_t apply_wait(struct act *a)
{
    int32_t rc = need_open(a);

    if (rc < 0 || (rc = need_day(a)) < 0)
        return rc;
    if (a->e->day <= today(a))
        return rh_err_set(a->err, RH_EINVALID, "der Tag, auf den gewartet wird, liegt nicht voraus",
                          "the day waited for does not lie ahead");
    a->now->state = RH_PROCESS_IS_WAITING;
    a->now->wait_until = a->e->day;
    return 0;
}

static int32_t apply_go_on(struct act *a)
{
    if (a->now->state != RH_PROCESS_IS_WAITING)
        return refuse_state(a);
    return apply_run(a);
}

static void finish_step(struct act *a, int32_t day)
{
    a->now->state = RH_PROCESS_IS_DONE;
    a->now->done_day = day;
    a->now->done_at = a->e->at;
    a->now->wait_until = RH_NO_DAY;
    a->now->fire_at = RH_NO_INSTANT;
}

static uint32_t all_receipts(const struct rh_process_step *step)
{
    return (uint32_t)((UINT64_C(1) << step->receipt_count) - 1);
}

static int32_t apply_done(struct act *a)
{
    int32_t rc = need_open(a);
    int32_t day = a->e->day == RH_NO_DAY ? today(a) : a->e->day;
    uint32_t lacking = all_receipts(a->plan) & ~a->now->receipts;
    bool has_reason = a->e->reason && *a->e->reason;

    if (rc < 0)
        return rc;
    if (!rh_day_is_valid(day) || day > today(a))
        return rh_err_set(a->err, RH_EINVALID,
                          "der Tag, an dem es getan wurde, liegt in der Zukunft",
                          "the day on which it was done lies in the future");
    if (lacking && !has_reason)
        return rh_err_set(a->err, RH_ECONFLICT,
                          "%d von %zu Belegen fehlen noch; ohne sie nur mit einer Begründung",
                          "%d of %zu receipts are missing; without them only with a reason",
                          __builtin_popcount(lacking), a->plan->receipt_count);
    if (a->plan->draw > 0 && a->s->drawn.step != a->step && !has_reason)
        return rh_err_set(
            a->err, RH_ECONFLICT,
            "die Fälle sind noch nicht gezogen; ohne Ziehung nur mit einer Begründung",
            "the cases are not drawn yet; without a draw only with a reason");
    finish_step(a, day);
    return 0;
}

static int32_t apply_skip(struct act *a)
{
    int32_t rc = need_unfinished(a);

    if (rc < 0 || (!a->plan->optional && (rc = need_reason(a)) < 0))
        return rc;
    a->now->state = RH_PROCESS_IS_SKIPPED;
    a->now->wait_until = RH_NO_DAY;
    a->now->fire_at = RH_NO_INSTANT;
    return 0;
}

static int32_t apply_reopen(struct act *a)
{
    if (!is_closed(a->now->state))
        return refuse_state(a);
    if (a->now->by_condition)
        return rh_err_set(a->err, RH_ECONFLICT, "entfällt, weil die Bedingung nicht gilt",
                          "is skipped because its condition does not hold");
    if (need_reason(a) < 0)
        return RH_EINVALID;
    a->now->state = RH_PROCESS_IS_PLANNED;
    a->now->done_day = RH_NO_DAY;
    a->now->done_at = RH_NO_INSTANT;
    return 0;
}

static int32_t apply_receipt(struct act *a)
{
    int32_t item = rh_process_receipt_find(a->plan, a->e->item);
    int32_t rc = need_unfinished(a);
    uint32_t bit;

    if (rc < 0)
        return rc;
    if (item < 0)
        return rh_err_set(a->err, RH_ENOTFOUND, "den Beleg '%s' gibt es hier nicht",
                          "there is no receipt '%s' here", a->e->item ? a->e->item : "");
    bit = UINT32_C(1) << item;
    if (!!(a->now->receipts & bit) == a->e->flag)
        return a->e->flag ? rh_err_set(a->err, RH_ECONFLICT, "der Beleg '%s' liegt schon vor",
                                       "receipt '%s' is here already", a->e->item)
                          : rh_err_set(a->err, RH_ECONFLICT, "der Beleg '%s' liegt nicht vor",
                                       "receipt '%s' is not here", a->e->item);
    a->now->receipts ^= bit;
    if (a->now->state == RH_PROCESS_IS_READY && a->e->flag)
        a->now->state = RH_PROCESS_IS_RUNNING;
    if (is_open(a->now->state) && a->now->receipts == all_receipts(a->plan))
        finish_step(a, today(a));
    return 0;
}

static int32_t apply_date_of_step(struct act *a)
{
    int32_t rc = need_unfinished(a);

    if (rc < 0)
        return rc;
    if (a->plan->form != RH_PROCESS_APPOINTMENT)
        return rh_err_set(a->err, RH_ECONFLICT, "ist kein Termin; eine Frist setzt man mit 'set'",
                          "is not an appointment; a deadline is set with 'set'");
    if (a->e->minute >= 0 && a->e->until >= 0 && a->e->until <= a->e->minute)
        return rh_err_set(a->err, RH_EINVALID, "das Ende liegt nicht nach dem Anfang",
                          "the end is not after the beginning");
    a->now->date_day = a->e->day;
    a->now->date_minute = a->e->minute >= 0 ? a->e->minute : a->plan->at;
    a->now->date_until = a->e->until >= 0 ? a->e->until : a->e->minute >= 0 ? -1 : a->plan->until;
    a->now->set_day = RH_NO_DAY;
    a->now->shift = 0;
    a->now->fire_at = RH_NO_INSTANT;
    deadline_moved(a);
    return 0;
}

static int32_t apply_date(struct act *a)
{
    int32_t date = a->e->item ? rh_process_date_find(a->s->definition, a->e->item) : -1;

    if (a->e->day != RH_NO_DAY && need_day(a) < 0)
        return RH_EINVALID;
    if (a->step >= 0)
        return apply_date_of_step(a);
    if (date < 0)
        return rh_err_set(a->err, RH_ENOTFOUND, "das Datum '%s' gibt es in diesem Ablauf nicht",
                          "there is no date '%s' in this process", a->e->item ? a->e->item : "");
    a->s->dates[date] = a->e->day;
    return 0;
}

/* The three ways to move a deadline by hand. */
static int32_t need_movable(const struct act *a)
{
    int32_t rc = need_unfinished(a);

    if (rc < 0 || (rc = need_reason(a)) < 0)
        return rc;
    if (a->now->date_day != RH_NO_DAY)
        return rh_err_set(a->err, RH_ECONFLICT,
                          "hat einen vereinbarten Termin; ihn verlegt man mit 'date'",
                          "has an agreed date; it is moved with 'date'");
    return 0;
}

static int32_t apply_set(struct act *a)
{
    int32_t rc = need_movable(a);

    if (rc < 0 || (rc = need_day(a)) < 0)
        return rc;
    a->now->set_day = a->e->day;
    a->now->set_on = today(a);
    a->now->shift = 0;
    a->now->fire_at = RH_NO_INSTANT;
    deadline_moved(a);
    return 0;
}

static int32_t apply_shift(struct act *a)
{
    int32_t rc = need_movable(a);
    int32_t sum = a->now->shift + a->e->count;

    if (rc < 0)
        return rc;
    if (a->e->count == 0 || (a->e->kind == RH_PROCESS_EXTEND && a->e->count < 0))
        return rh_err_set(a->err, RH_EINVALID, "um wie viele Arbeitstage, fehlt",
                          "by how many working days is missing");
    if (a->e->count > RH_PROCESS_OFFSET_MAX || a->e->count < -RH_PROCESS_OFFSET_MAX ||
        sum > RH_PROCESS_OFFSET_MAX || sum < -RH_PROCESS_OFFSET_MAX)
        return rh_err_set(a->err, RH_EINVALID, "mehr als %d Arbeitstage sind nicht möglich",
                          "more than %d working days are not possible", RH_PROCESS_OFFSET_MAX);
    a->now->shift = sum;
    a->now->fire_at = RH_NO_INSTANT;
    deadline_moved(a);
    return 0;
}

static int32_t apply_fire(struct act *a)
{
    int32_t rc = need_open(a);

    if (rc < 0 || (rc = need_reason(a)) < 0)
        return rc;
    if (rh_process_paused(a->s, a->step))
        return refuse_state(a);
    deadline_moved(a);
    a->now->fire_at = a->e->at;
    return 0;
}

static int32_t apply_reset(struct act *a)
{
    int32_t rc = need_unfinished(a);

    if (rc < 0)
        return rc;
    if (a->now->set_day == RH_NO_DAY && a->now->shift == 0 && a->now->fire_at == RH_NO_INSTANT)
        return rh_err_set(a->err, RH_ECONFLICT, "die Frist ist, wie sie berechnet wurde",
                          "the deadline is as it was computed");
    a->now->set_day = RH_NO_DAY;
    a->now->shift = 0;
    a->now->fire_at = RH_NO_INSTANT;
    deadline_moved(a);
    a->now->why = 0;
    return 0;
}

/* --- pauses --- */

static struct rh_process_pause *open_pause(struct rh_process_state *s, int32_t step, bool national)
{
    for (size_t i = 0; i < s->pause_count; i++)
        if (s->pauses[i].to == RH_NO_DAY && s->pauses[i].step == step &&
            s->pauses[i].national == national)
            return &s->pauses[i];
    return NULL;
}

static int32_t apply_pause(struct act *a)
{
    int32_t rc = need_reason(a);

    if (rc < 0 || (a->step >= 0 && (rc = need_unfinished(a)) < 0))
        return rc;
    if (a->step >= 0 && a->e->flag_national)
        return rh_err_set(a->err, RH_EINVALID, "eine landesweite Pause gilt ganzen Verfahren",
                          "a national pause is one of whole procedures");
    if (open_pause(a->s, a->step, a->e->flag_national))
        return rh_err_set(a->err, RH_ECONFLICT, "eine solche Pause läuft schon",
                          "such a pause is on already");
    if (a->s->pause_count == RH_PROCESS_PAUSES_MAX)
        return rh_err_set(a->err, RH_ETOOLARGE, "mehr als %d Pausen sind nicht möglich",
                          "more than %d pauses are not possible", RH_PROCESS_PAUSES_MAX);
    a->s->pauses[a->s->pause_count++] = (struct rh_process_pause){.step = a->step,
                                                                  .national = a->e->flag_national,
                                                                  .clock_stops = a->e->flag,
                                                                  .from = today(a),
                                                                  .to = RH_NO_DAY,
                                                                  .event = a->number};
    return 0;
}

static int32_t apply_resume(struct act *a)
{
    struct rh_process_pause *pause = open_pause(a->s, a->step, a->e->flag_national);

    if (!pause)
        return rh_err_set(a->err, RH_ECONFLICT, "hier läuft keine solche Pause",
                          "there is no such pause here");
    pause->to = today(a) < pause->from ? pause->from : today(a);
    for (size_t i = 0; i < a->s->definition->step_count; i++) {
        if (pause->step >= 0 && pause->step != (int32_t)i)
            continue;
        /* With the clock stopped all reminders lie ahead again; with the clock running the last of
         * those that were held back is still to be said. */
        if (pause->clock_stops)
            a->s->steps[i].mails_from = a->e->at;
        else
            a->s->steps[i].mails_hold = a->e->at;
    }
    return 0;
}

/* --- the procedure as a whole --- */

static const struct rh_process_definition *find_version(const struct rh_process_state *s,
                                                        const char *hash)
{
    for (size_t i = 0; hash && i < s->definition_count; i++)
        if (strcmp(s->definitions[i]->hash, hash) == 0)
            return s->definitions[i];
    return NULL;
}

static int32_t unknown_version(const struct act *a)
{
    return rh_err_set(a->err, RH_ENOTFOUND,
                      "die Fassung '%.12s' des Ablaufs gibt es hier nicht; bekannt sind %zu andere",
                      "there is no version '%.12s' of the process here; %zu others are known",
                      a->e->hash ? a->e->hash : "", a->s->definition_count);
}

static int32_t apply_begin(struct act *a)
{
    const struct rh_process_definition *definition = find_version(a->s, a->e->hash);
    struct rh_process_state *s = a->s;
    int32_t rc;

    if (s->begun)
        return rh_err_set(a->err, RH_ECONFLICT, "das Verfahren ist schon angelegt",
                          "the procedure is there already");
    if (!definition)
        return unknown_version(a);
    if (!a->e->id || !*a->e->id)
        return rh_err_set(a->err, RH_EINVALID, "die Kennung des Verfahrens fehlt",
                          "the id of the procedure is missing");
    if ((rc = need_day(a)) < 0 || (a->e->by && (rc = need_reason(a)) < 0))
        return rc;
    s->definition = definition;
    s->begun = true;
    s->start_day = a->e->day;
    s->started = today(a) >= s->start_day;
    s->id = a->e->id;
    s->suggested_by = a->e->by;
    s->drawn.step = -1;
    for (size_t i = 0; i < definition->step_count; i++)
        s->steps[i] = fresh_step;
    for (size_t i = 0; i < definition->date_count; i++)
        s->dates[i] = RH_NO_DAY;
    return 0;
}

static int32_t apply_answer(struct act *a)
{
    int32_t question = rh_process_question_find(a->s->definition, a->e->item);
    uint32_t bit;

    if (question < 0)
        return rh_err_set(a->err, RH_ENOTFOUND, "die Frage '%s' gibt es in diesem Ablauf nicht",
                          "there is no question '%s' in this process",
                          a->e->item ? a->e->item : "");
    bit = UINT32_C(1) << question;
    a->s->answered |= bit;
    a->s->answers = a->e->flag ? a->s->answers | bit : a->s->answers & ~bit;
    return 0;
}

static int32_t apply_draw(struct act *a)
{
    int32_t rc = need_open(a);

    if (rc < 0)
        return rc;
    if (a->plan->draw == 0)
        return rh_err_set(a->err, RH_ECONFLICT, "hier wird nichts gezogen",
                          "nothing is drawn here");
    if (a->s->drawn.step == a->step)
        return rh_err_set(
            a->err, RH_ECONFLICT,
            "es ist schon gezogen; nochmals erst, wenn Ereignis %d zurückgenommen ist",
            "the draw was made already; again only once event %d was taken back",
            a->s->drawn.event);
    if (a->e->count < 1 || a->e->count > LIST_MAX)
        return rh_err_set(
            a->err, RH_EINVALID, "die Liste hat %d Einschätzungen; möglich sind 1 bis %d",
            "the list has %d assessments; possible are 1 to %d", a->e->count, LIST_MAX);
    if (a->e->random < 1 || a->e->random > a->e->count)
        return rh_err_set(
            a->err, RH_EINVALID, "%d zufällige Fälle aus %d; mindestens einer, höchstens alle",
            "%d random cases of %d; at least one, at most all", a->e->random, a->e->count);
    if (a->e->chosen < 0 || a->e->chosen + a->e->random > a->plan->draw)
        return rh_err_set(a->err, RH_EINVALID,
                          "%d gezielt und %d zufällig sind zusammen mehr als %d Fälle",
                          "%d on purpose and %d at random are more than %d cases together",
                          a->e->chosen, a->e->random, a->plan->draw);
    if (!a->e->seed || !*a->e->seed)
        return rh_err_set(a->err, RH_EINVALID, "der Startwert der Ziehung fehlt",
                          "the seed of the draw is missing");
    a->s->drawn =
        (struct rh_process_drawn){a->step, a->e->count, a->e->chosen, a->e->random, a->number};
    return 0;
}

static int32_t apply_cancel(struct act *a)
{
    int32_t rc = need_reason(a);

    if (rc == 0)
        a->s->cancelled = true;
    return rc;
}

/* --- another version --- */

static void migrate_step(const struct rh_process_step *from, const struct rh_process_step *to,
                         const struct rh_process_step_now *was, struct rh_process_step_now *now)
{
    *now = *was;
    now->receipts = 0;
    for (size_t i = 0; i < from->receipt_count; i++) {
        int32_t item = rh_process_receipt_find(to, from->receipts[i].name);

        if (item >= 0 && was->receipts >> i & 1)
            now->receipts |= UINT32_C(1) << item;
    }
    if (to->form != RH_PROCESS_APPOINTMENT)
        now->date_day = RH_NO_DAY;
}

static void migrate_rest(struct rh_process_state *s, const struct rh_process_definition *from,
                         const struct rh_process_definition *to)
{
    uint32_t answered = 0, answers = 0;
    int32_t dates[RH_PROCESS_DATES_MAX] = {0};
    size_t kept = 0;

    for (size_t i = 0; i < to->question_count; i++) {
        int32_t was = rh_process_question_find(from, to->questions[i].name);

        answered |= was >= 0 ? (s->answered >> was & 1) << i : 0;
        answers |= was >= 0 ? (s->answers >> was & 1) << i : 0;
    }
    s->answered = answered;
    s->answers = answers;
    for (size_t i = 0; i < to->date_count; i++) {
        int32_t was = rh_process_date_find(from, to->dates[i].name);

        dates[i] = was >= 0 ? s->dates[was] : RH_NO_DAY;
    }
    memcpy(s->dates, dates, to->date_count * sizeof(dates[0]));
    for (size_t i = 0; i < s->pause_count; i++) {
        struct rh_process_pause *pause = &s->pauses[i];

        if (pause->step >= 0)
            pause->step = rh_process_step_find(to, from->steps[pause->step].name);
        if (pause->step >= 0 || pause->national || s->events[pause->event - 1].step == NULL)
            s->pauses[kept++] = *pause;
    }
    s->pause_count = kept;
    if (s->drawn.step >= 0)
        s->drawn.step = rh_process_step_find(to, from->steps[s->drawn.step].name);
}

static int32_t apply_migrate(struct act *a)
{
    const struct rh_process_definition *from = a->s->definition,
                                       *to = find_version(a->s, a->e->hash);
    struct rh_process_step_now steps[RH_PROCESS_STEPS_MAX];
    struct rh_process_state *s = a->s;

    if (!to)
        return unknown_version(a);
    if (to == from || strcmp(to->hash, from->hash) == 0)
        return rh_err_set(a->err, RH_ECONFLICT, "das Verfahren läuft schon nach dieser Fassung",
                          "the procedure runs on this version already");
    for (size_t i = 0; i < to->step_count; i++) {
        int32_t was = rh_process_step_find(from, to->steps[i].name);

        steps[i] = fresh_step;
        if (was >= 0)
            migrate_step(&from->steps[was], &to->steps[i], &s->steps[was], &steps[i]);
    }
    migrate_rest(s, from, to);
    memcpy(s->steps, steps, to->step_count * sizeof(steps[0]));
    s->definition = to;
    for (size_t i = 0; i < s->fired_count; i++)
        s->fired[i].before_migration = true;
    settle(s, a->e->at);
    /* One second on: not even the mail of a step that opens by this leaves because of it. */
    for (size_t i = 0; i < to->step_count; i++) {
        s->steps[i].mails_from = a->e->at + 1;
        s->steps[i].mails_strict = true;
    }
    return 0;
}

/* --- facts: true whatever the state has become, so they are never refused --- */

static int32_t keep_fired(struct act *a)
{
    struct rh_process_state *s = a->s;

    if (s->fired_count == s->fired_room) {
        size_t room = s->fired_room ? 2 * s->fired_room : 32;
        struct rh_process_fired *more = rh_realloc(s->fired, room * sizeof(*more));

        if (!more)
            return rh_err_nomem(a->err);
        s->fired = more;
        s->fired_room = room;
    }
    s->fired[s->fired_count++] = (struct rh_process_fired){.step = a->e->step ? a->e->step : "",
                                                           .rule = a->e->rule,
                                                           .day = a->e->day,
                                                           .event = a->number};
    return 0;
}

static int32_t apply_fact(struct act *a)
{
    switch ((int)a->e->kind) {
    case RH_PROCESS_STARTED:
        a->s->started = true;
        return 0;
    case RH_PROCESS_OPENED:
        if (a->now)
            a->now->opened = true;
        return 0;
    case RH_PROCESS_WAITED:
        if (a->now && a->now->state == RH_PROCESS_IS_WAITING) {
            a->now->state = RH_PROCESS_IS_RUNNING;
            a->now->wait_until = RH_NO_DAY;
            a->now->mails_hold = a->e->at;
        }
        return 0;
    default:
        return keep_fired(a);
    }
}

/* --- one event --- */

enum need { NO_STEP, MAY_STEP, MUST_STEP };
static const struct {
    int32_t (*apply)(struct act *a);
    enum need need;
} rules[RH_PROCESS_EVENT_END_] = {
    [RH_PROCESS_BEGIN] = {apply_begin, NO_STEP},
    [RH_PROCESS_RUN] = {apply_run, MUST_STEP},
    [RH_PROCESS_WAIT] = {apply_wait, MUST_STEP},
    [RH_PROCESS_GO_ON] = {apply_go_on, MUST_STEP},
    [RH_PROCESS_DONE] = {apply_done, MUST_STEP},
    [RH_PROCESS_SKIP] = {apply_skip, MUST_STEP},
    [RH_PROCESS_REOPEN] = {apply_reopen, MUST_STEP},
    [RH_PROCESS_RECEIPT] = {apply_receipt, MUST_STEP},
    [RH_PROCESS_DATE] = {apply_date, MAY_STEP},
    [RH_PROCESS_SET] = {apply_set, MUST_STEP},
    [RH_PROCESS_SHIFT] = {apply_shift, MUST_STEP},
    [RH_PROCESS_EXTEND] = {apply_shift, MUST_STEP},
    [RH_PROCESS_FIRE] = {apply_fire, MUST_STEP},
    [RH_PROCESS_RESET] = {apply_reset, MUST_STEP},
    [RH_PROCESS_PAUSE] = {apply_pause, MAY_STEP},
    [RH_PROCESS_RESUME] = {apply_resume, MAY_STEP},
    [RH_PROCESS_ANSWER] = {apply_answer, NO_STEP},
    [RH_PROCESS_DRAW] = {apply_draw, MUST_STEP},
    [RH_PROCESS_CANCEL] = {apply_cancel, NO_STEP},
    [RH_PROCESS_MIGRATE] = {apply_migrate, NO_STEP},
    [RH_PROCESS_STARTED] = {apply_fact, NO_STEP},
    [RH_PROCESS_OPENED] = {apply_fact, MAY_STEP},
    [RH_PROCESS_WAITED] = {apply_fact, MAY_STEP},
    [RH_PROCESS_PASSED] = {apply_fact, MAY_STEP},
    [RH_PROCESS_MAILED] = {apply_fact, MAY_STEP},
};

static int32_t check_alive(const struct rh_process_state *s, const struct rh_process_event *e,
                           struct rh_err *err)
{
    if (e->kind == RH_PROCESS_BEGIN)
        return 0;
    if (!s->begun)
        return rh_err_set(err, RH_ECONFLICT, "das Verfahren ist noch nicht angelegt",
                          "the procedure is not there yet");
    if (s->cancelled && !rh_process_event_is_fact(e->kind))
        return rh_err_set(err, RH_ECONFLICT,
                          "das Verfahren ist abgebrochen; erst den Abbruch zurücknehmen",
                          "the procedure was cancelled; take that back first");
    return 0;
}

static int32_t find_step(struct act *a)
{
    bool fact = rh_process_event_is_fact(a->e->kind);

    if (rules[a->e->kind].need == NO_STEP || (rules[a->e->kind].need == MAY_STEP && !a->e->step))
        return 0;
    a->step = rh_process_step_find(a->s->definition, a->e->step);
    if (a->step < 0 && fact)
        return 0;
    if (a->step < 0)
        return rh_err_set(a->err, RH_ENOTFOUND, "den Schritt '%s' gibt es in diesem Ablauf nicht",
                          "there is no step '%s' in this process", a->e->step ? a->e->step : "");
    a->plan = &a->s->definition->steps[a->step];
    a->now = &a->s->steps[a->step];
    return 0;
}

/* Everything but keeping the event itself. The texts of `e` must already belong to the state. */
static int32_t apply_one(struct rh_process_state *s, const struct rh_process_event *e,
                         int32_t number, struct rh_err *err)
{
    struct act a = {.s = s, .e = e, .number = number, .step = -1, .err = err};
    int32_t rc = check_alive(s, e, err);

    if (rc < 0 || (rc = find_step(&a)) < 0)
        return rc;
    rc = rules[e->kind].apply(&a);
    if (rc < 0 && a.step >= 0 && err && err->code == rc && rc != RH_ENOMEM)
        return rh_err_wrap(err, "Schritt '%s'", "step '%s'", e->step);
    if (rc == 0)
        settle(s, e->at);
    return rc;
}

/* --- keeping events --- */

static const char *own(struct rh_process_state *s, const char *text, bool *ok)
{
    char *copy = text ? rh_arena_strdup(&s->arena, text) : NULL;

    *ok = *ok && (copy || !text);
    return copy;
}

/* Room for one more, and its texts in the state's memory. */
static int32_t keep(struct rh_process_state *s, const struct rh_process_event *e,
                    struct rh_err *err)
{
    struct rh_process_event *kept;
    bool ok = true;

    if (s->event_count == RH_PROCESS_EVENT_COUNT_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "mehr als %d Ereignisse hat kein Verfahren",
                          "no procedure has more than %d events", RH_PROCESS_EVENT_COUNT_MAX);
    if (s->event_count == s->event_room) {
        size_t room = s->event_room ? 2 * s->event_room : 32;
        struct rh_process_event *more = rh_realloc(s->events, room * sizeof(*more));
        bool *undone = more ? rh_realloc(s->undone, room * sizeof(*undone)) : NULL;

        s->events = more ? more : s->events;
        s->undone = undone ? undone : s->undone;
        if (!undone)
            return rh_err_nomem(err);
        s->event_room = room;
    }
    kept = &s->events[s->event_count];
    *kept = *e;
    kept->step = own(s, e->step, &ok);
    kept->item = own(s, e->item, &ok);
    kept->rule = own(s, e->rule, &ok);
    kept->reason = own(s, e->reason, &ok);
    kept->by = own(s, e->by, &ok);
    kept->id = own(s, e->id, &ok);
    kept->hash = own(s, e->hash, &ok);
    kept->seed = own(s, e->seed, &ok);
    s->undone[s->event_count] = false;
    return ok ? 0 : rh_err_nomem(err);
}

/* --- taking back --- */

static int32_t check_undo(const struct rh_process_state *s, const struct rh_process_event *e,
                          struct rh_err *err)
{
    const struct rh_process_event *target;

    if (e->count < 1 || (size_t)e->count > s->event_count)
        return rh_err_set(err, RH_ENOTFOUND, "ein Ereignis %d hat dieses Verfahren nicht",
                          "this procedure has no event %d", e->count);
    target = &s->events[e->count - 1];
    if (rh_process_event_is_fact(target->kind))
        return rh_err_set(err, RH_ECONFLICT,
                          "Ereignis %d ist eine Tatsache (%s) und nicht zurückzunehmen",
                          "event %d is a fact (%s) and cannot be taken back", e->count,
                          rh_process_event_word(target->kind));
    if (target->kind == RH_PROCESS_BEGIN)
        return rh_err_set(err, RH_ECONFLICT,
                          "der Beginn ist nicht zurückzunehmen; ein Verfahren bricht man ab",
                          "the beginning cannot be taken back; a procedure is cancelled");
    if (s->undone[e->count - 1])
        return rh_err_set(err, RH_ECONFLICT, "Ereignis %d ist schon zurückgenommen",
                          "event %d was taken back already", e->count);
    if (!e->reason || !*e->reason)
        return rh_err_set(err, RH_EINVALID, "die Begründung fehlt", "the reason is missing");
    return 0;
}

/* Which events do not count: the last word has whoever took back last. */
static void mark_undone(const struct rh_process_event *events, size_t count, bool *undone)
{
    memset(undone, 0, count * sizeof(*undone));
    for (size_t i = count; i-- > 0;)
        if (events[i].kind == RH_PROCESS_UNDO && !undone[i])
            undone[events[i].count - 1] = true;
}

/* Forgets what the events made of the state; the events stay. */
static void forget(struct rh_process_state *s)
{
    struct rh_process_state bare = {
        .events = s->events,
        .undone = s->undone,
        .event_count = s->event_count,
        .event_room = s->event_room,
        .fired = s->fired,
        .fired_room = s->fired_room,
        .definitions = s->definitions,
        .definition_count = s->definition_count,
        .arena = s->arena,
    };

    *s = bare;
}

/* What an undo does where it stands among the events: reminders that would have left meanwhile, had
 * the event never been, do not leave all at once now. After a migration taken back, what left under
 * the other version does not leave again under this one. */
static void stand_by(struct rh_process_state *s, const struct rh_process_event *undo)
{
    bool migration = s->events[undo->count - 1].kind == RH_PROCESS_MIGRATE;

    for (size_t i = 0; s->begun && i < s->definition->step_count; i++)
        if (s->steps[i].mails_from < undo->at) {
            s->steps[i].mails_from = undo->at;
            s->steps[i].mails_strict = migration;
        }
    for (size_t i = 0; migration && i < s->fired_count; i++)
        s->fired[i].before_migration = true;
}

static int32_t build_again(struct rh_process_state *s, struct rh_err *err)
{
    forget(s);
    mark_undone(s->events, s->event_count, s->undone);
    for (size_t i = 0; i < s->event_count; i++) {
        struct rh_err why = {0};
        int32_t rc;

        if (s->undone[i])
            continue;
        if (s->events[i].kind == RH_PROCESS_UNDO) {
            stand_by(s, &s->events[i]);
            continue;
        }
        rc = apply_one(s, &s->events[i], (int32_t)i + 1, &why);
        if (rc == RH_ENOMEM)
            return rh_err_nomem(err);
        if (rc < 0) {
            if (err && err->code == 0)
                *err = why;
            return rh_err_wrap(err, "erst Ereignis %zu (%s) zurücknehmen, sonst",
                               "take back event %zu (%s) first, otherwise", i + 1,
                               rh_process_event_word(s->events[i].kind));
        }
    }
    return 0;
}

/* Building again needs no memory: what the events need, they have had before. */
void process_drop_last(struct rh_process_state *s)
{
    s->event_count--;
    (void)build_again(s, NULL);
}

static int32_t apply_undo(struct rh_process_state *s, const struct rh_process_event *e,
                          struct rh_err *err)
{
    int32_t rc = s->begun ? check_undo(s, e, err) : check_alive(s, e, err);
    int32_t refused;

    if (rc < 0 || (rc = keep(s, e, err)) < 0)
        return rc;
    s->event_count++;
    refused = build_again(s, err);
    if (refused == 0)
        return 0;
    process_drop_last(s);
    return refused == RH_ENOMEM ? RH_ENOMEM : RH_ECONFLICT;
}

int32_t rh_process_apply(struct rh_process_state *s, const struct rh_process_event *event,
                         struct rh_err *err)
{
    int32_t rc;

    if (event->kind == RH_PROCESS_UNDO) {
        rc = apply_undo(s, event, err);
        if (rc == RH_ECONFLICT && err && err->code != 0)
            err->code = rc;
        return rc;
    }
    rc = keep(s, event, err);
    if (rc == 0)
        rc = apply_one(s, &s->events[s->event_count], (int32_t)s->event_count + 1, err);
    if (rc == 0)
        s->event_count++;
    return rc;
}

/* --- a state as a whole --- */

int32_t rh_process_state_new(const struct rh_process_definition *const *definitions, size_t count,
                             struct rh_process_state **ret, struct rh_err *err)
{
    struct rh_process_state *s = rh_alloc(1, sizeof(*s));

    if (!s)
        return rh_err_nomem(err);
    rh_arena_init(&s->arena, MEMORY_MAX);
    s->definitions = definitions;
    s->definition_count = count;
    s->drawn.step = -1;
    *ret = s;
    return 0;
}

struct rh_process_state *rh_process_state_free(struct rh_process_state *s)
{
    if (s) {
        rh_free(s->events);
        rh_free(s->undone);
        rh_free(s->fired);
        rh_arena_fini(&s->arena);
    }
    return rh_free(s);
}

/* All events at once: those taken back are not tried in between. */
static int32_t fill(struct rh_process_state *s, const struct rh_process_event *events, size_t count,
                    struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (events[i].kind == RH_PROCESS_UNDO &&
            (events[i].count < 1 || (size_t)events[i].count > i))
            return rh_err_set(err, RH_EINVALID, "Ereignis %zu nimmt keines zurück, das vor ihm war",
                              "event %zu takes back none that was before it", i + 1);
        rc = keep(s, &events[i], err);
        s->event_count += rc == 0;
    }
    return rc < 0 ? rc : build_again(s, err);
}

int32_t rh_process_state_copy(const struct rh_process_state *state, struct rh_process_state **ret,
                              struct rh_err *err)
{
    struct rh_process_state *copy;
    int32_t rc = rh_process_state_new(state->definitions, state->definition_count, &copy, err);

    if (rc < 0)
        return rc;
    rc = fill(copy, state->events, state->event_count, err);
    if (rc < 0) {
        rh_process_state_free(copy);
        return rc;
    }
    *ret = copy;
    return 0;
}

/* --- as JSON --- */

int32_t rh_process_state_write(const struct rh_process_state *s, struct rh_str *out,
                               struct rh_err *err)
{
    struct rh_json_out json;

    rh_json_out_init(&json, out);
    rh_json_object_begin(&json);
    rh_json_put_int(&json, "format", 1);
    rh_json_key(&json, "events");
    rh_json_array_begin(&json);
    for (size_t i = 0; i < s->event_count; i++)
        rh_process_event_write(&s->events[i], &json);
    rh_json_array_end(&json);
    rh_json_object_end(&json);
    return rh_json_finish(&json, err);
}

static int32_t read_events(const json_t *list, struct rh_process_state *s, struct rh_err *err)
{
    rh_auto_arena(arena, MEMORY_MAX);
    size_t count = json_array_size(list);
    struct rh_process_event *events;

    if (count > RH_PROCESS_EVENT_COUNT_MAX)
        return rh_err_set(err, RH_ETOOLARGE, "mehr als %d Ereignisse hat kein Verfahren",
                          "no procedure has more than %d events", RH_PROCESS_EVENT_COUNT_MAX);
    events = rh_arena_array(&arena, count + 1, sizeof(*events));
    if (!events)
        return rh_err_nomem(err);
    for (size_t i = 0; i < count; i++)
        if (rh_process_event_read(json_array_get(list, i), &arena, &events[i], err) < 0)
            return rh_err_wrap(err, "Ereignis %zu", "event %zu", i + 1);
    return fill(s, events, count, err);
}

int32_t rh_process_state_read(const char *text, size_t length,
                              const struct rh_process_definition *const *definitions, size_t count,
                              struct rh_process_state **ret, struct rh_err *err)
{
    static const char *const fields[] = {"format", "events"};
    struct rh_process_state *s = NULL;
    rh_auto_json(json);
    json_t *list;
    int64_t format;
    int32_t rc = rh_json_parse(text, length, RH_PROCESS_STATE_JSON_MAX, &json, err);

    if (rc < 0 || (rc = rh_json_only(json, fields, 2, err)) < 0 ||
        (rc = rh_json_need_int(json, "format", 1, 1, &format, err)) < 0 ||
        (rc = rh_json_need_array(json, "events", &list, err)) < 0 ||
        (rc = rh_process_state_new(definitions, count, &s, err)) < 0)
        return rc;
    rc = read_events(list, s, err);
    if (rc < 0) {
        rh_process_state_free(s);
        return rc;
    }
    *ret = s;
    return 0;
}
