/*
 * rules_step.c - what people do with a step, a deadline, a pause: check everything, then change.
 */
#include "core/process/rules.h"

#include <string.h>

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

int32_t act_need_open(const struct act *a)
{
    return process_is_open(a->now->state) && !a->s->cancelled ? 0 : refuse_state(a);
}

static int32_t need_unfinished(const struct act *a)
{
    return process_is_closed(a->now->state) ? refuse_state(a) : 0;
}

int32_t act_need_reason(const struct act *a)
{
    if (a->e->reason && *a->e->reason)
        return 0;
    return rh_err_set(a->err, RH_EINVALID, "die Begründung fehlt", "the reason is missing");
}

int32_t act_need_day(const struct act *a)
{
    if (rh_day_is_valid(a->e->day))
        return 0;
    return rh_err_set(a->err, RH_EINVALID, "der Tag fehlt", "the day is missing");
}

int32_t act_today(const struct act *a)
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

int32_t act_run(struct act *a)
{
    int32_t rc = act_need_open(a);

    if (rc < 0)
        return rc;
    if (a->now->state == RH_PROCESS_IS_WAITING)
        a->now->mails_hold = a->e->at;
    a->now->state = RH_PROCESS_IS_RUNNING;
    a->now->wait_until = RH_NO_DAY;
    return 0;
}

int32_t act_wait(struct act *a)
{
    int32_t rc = act_need_open(a);

    if (rc < 0 || (rc = act_need_day(a)) < 0)
        return rc;
    if (a->e->day <= act_today(a))
        return rh_err_set(a->err, RH_EINVALID, "der Tag, auf den gewartet wird, liegt nicht voraus",
                          "the day waited for does not lie ahead");
    a->now->state = RH_PROCESS_IS_WAITING;
    a->now->wait_until = a->e->day;
    return 0;
}

int32_t act_go_on(struct act *a)
{
    if (a->now->state != RH_PROCESS_IS_WAITING)
        return refuse_state(a);
    return act_run(a);
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

int32_t act_done(struct act *a)
{
    int32_t rc = act_need_open(a);
    int32_t day = a->e->day == RH_NO_DAY ? act_today(a) : a->e->day;
    uint32_t lacking = all_receipts(a->plan) & ~a->now->receipts;
    bool has_reason = a->e->reason && *a->e->reason;

    if (rc < 0)
        return rc;
    if (!rh_day_is_valid(day) || day > act_today(a))
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

int32_t act_skip(struct act *a)
{
    int32_t rc = need_unfinished(a);

    if (rc < 0 || (!a->plan->optional && (rc = act_need_reason(a)) < 0))
        return rc;
    a->now->state = RH_PROCESS_IS_SKIPPED;
    a->now->wait_until = RH_NO_DAY;
    a->now->fire_at = RH_NO_INSTANT;
    return 0;
}

int32_t act_reopen(struct act *a)
{
    if (!process_is_closed(a->now->state))
        return refuse_state(a);
    if (a->now->by_condition)
        return rh_err_set(a->err, RH_ECONFLICT, "entfällt, weil die Bedingung nicht gilt",
                          "is skipped because its condition does not hold");
    if (act_need_reason(a) < 0)
        return RH_EINVALID;
    a->now->state = RH_PROCESS_IS_PLANNED;
    a->now->done_day = RH_NO_DAY;
    a->now->done_at = RH_NO_INSTANT;
    return 0;
}

int32_t act_receipt(struct act *a)
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
    if (process_is_open(a->now->state) && a->now->receipts == all_receipts(a->plan))
        finish_step(a, act_today(a));
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

int32_t act_date(struct act *a)
{
    int32_t date = a->e->item ? rh_process_date_find(a->s->definition, a->e->item) : -1;

    if (a->e->day != RH_NO_DAY && act_need_day(a) < 0)
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

    if (rc < 0 || (rc = act_need_reason(a)) < 0)
        return rc;
    if (a->now->date_day != RH_NO_DAY)
        return rh_err_set(a->err, RH_ECONFLICT,
                          "hat einen vereinbarten Termin; ihn verlegt man mit 'date'",
                          "has an agreed date; it is moved with 'date'");
    return 0;
}

int32_t act_set(struct act *a)
{
    int32_t rc = need_movable(a);

    if (rc < 0 || (rc = act_need_day(a)) < 0)
        return rc;
    a->now->set_day = a->e->day;
    a->now->set_on = act_today(a);
    a->now->shift = 0;
    a->now->fire_at = RH_NO_INSTANT;
    deadline_moved(a);
    return 0;
}

int32_t act_shift(struct act *a)
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

int32_t act_fire(struct act *a)
{
    int32_t rc = act_need_open(a);

    if (rc < 0 || (rc = act_need_reason(a)) < 0)
        return rc;
    if (rh_process_paused(a->s, a->step))
        return refuse_state(a);
    deadline_moved(a);
    a->now->fire_at = a->e->at;
    return 0;
}

int32_t act_reset(struct act *a)
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

int32_t act_pause(struct act *a)
{
    int32_t rc = act_need_reason(a);

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
                                                                  .from = act_today(a),
                                                                  .to = RH_NO_DAY,
                                                                  .event = a->number};
    return 0;
}

int32_t act_resume(struct act *a)
{
    struct rh_process_pause *pause = open_pause(a->s, a->step, a->e->flag_national);

    if (!pause)
        return rh_err_set(a->err, RH_ECONFLICT, "hier läuft keine solche Pause",
                          "there is no such pause here");
    pause->to = act_today(a) < pause->from ? pause->from : act_today(a);
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
