#include "core/process/plan.h"

#include "core/calendar/workday.h"

#include <stdio.h>
#include <string.h>

#define HOUR       INT64_C(3600)
#define SEARCH_MAX 400 /* days: no quiet period is longer than a year */

static const struct {
    const char *word;
    struct rh_text title;
} moves[] = {
    [RH_PROCESS_NOT_MOVED] = {"", {"", ""}},
    [RH_PROCESS_FROM_FREE_DAY] = {"free-day",
                                  {"verlegt, weil der Tag frei ist",
                                   "moved because the day is off"}},
    [RH_PROCESS_FROM_QUIET] = {"quiet",
                               {"wegen der Ruhezeit verlegt", "moved out of the quiet period"}},
    [RH_PROCESS_FROM_NIGHT] = {"night", {"in die Bürozeit verlegt", "moved into office hours"}},
    [RH_PROCESS_FROM_WAITING] = {"waiting",
                                 {"zurückgehalten, solange gewartet wurde oder das Verfahren ruhte",
                                  "held back while it waited or was paused"}},
};

const char *rh_process_moved_word(enum rh_process_moved moved)
{
    return moves[moved].word;
}

struct rh_text rh_process_moved_title(enum rh_process_moved moved)
{
    return moves[moved].title;
}

/* --- quiet periods and days that count --- */

/* `on` is the day as month * 100 + day of the month. */
static bool in_yearly(const struct rh_process_quiet *quiet, int32_t on)
{
    int32_t from = quiet->from_month * 100 + quiet->from_day;
    int32_t to = quiet->to_month * 100 + quiet->to_day;

    return from <= to ? on >= from && on <= to : on >= from || on <= to;
}

bool rh_process_quiet(const struct rh_process_definition *d, const struct rh_calendar *calendar,
                      int32_t day, bool *ret_unknown)
{
    const struct rh_school_period *period;
    struct rh_date date = rh_day_split(day);

    for (size_t i = 0; i < d->quiet_count; i++) {
        const struct rh_process_quiet *quiet = &d->quiet[i];
        enum rh_school school;

        if (!quiet->school) {
            if (in_yearly(quiet, date.month * 100 + date.day))
                return true;
            continue;
        }
        school = rh_school_on(calendar->school, day, &period);
        if (school == RH_SCHOOL_UNKNOWN && ret_unknown)
            *ret_unknown = true;
        if (school == RH_SCHOOL_YES &&
            (strcmp(quiet->school, "school") == 0 || strcmp(quiet->school, period->name) == 0))
            return true;
    }
    return false;
}

/* The next day from this one on, in the direction of `step` (1 or -1), that is a working day and
 * not quiet; ret_moved says why it is another, if it is. RH_NO_DAY when there is none for a year.
 */
static int32_t free_day(const struct rh_process_state *s, const struct rh_calendar *calendar,
                        int32_t day, int32_t step, enum rh_process_moved *ret_moved)
{
    for (int32_t i = 0; i < SEARCH_MAX; i++, day += step) {
        bool quiet = rh_process_quiet(s->definition, calendar, day, NULL);

        if (!quiet && rh_calendar_day(calendar, day, NULL) == RH_DAY_WORKDAY)
            return day;
        if (quiet)
            *ret_moved = RH_PROCESS_FROM_QUIET;
        else if (*ret_moved == RH_PROCESS_NOT_MOVED)
            *ret_moved = RH_PROCESS_FROM_FREE_DAY;
    }
    return RH_NO_DAY;
}

static int32_t add_workdays(const struct rh_calendar *calendar, int32_t day, int32_t count)
{
    int32_t to = RH_NO_DAY;

    (void)rh_workdays_add(calendar, day, count, NULL, &to, NULL); /* no answer: RH_NO_DAY */
    return to;
}

static int32_t add_units(const struct rh_calendar *calendar, int32_t day, int32_t count,
                         enum rh_process_unit unit)
{
    switch (unit) {
    case RH_PROCESS_WORKDAYS:
        return add_workdays(calendar, day, count);
    case RH_PROCESS_DAYS:
        return rh_day_add(day, count);
    case RH_PROCESS_WEEKS:
        return rh_day_add(day, 7 * count);
    case RH_PROCESS_MONTHS:
        return rh_day_add_months(day, count);
    case RH_PROCESS_HOURS:
    case RH_PROCESS_UNIT_COUNT:
        break;
    }
    return RH_NO_DAY;
}

static int64_t end_of_day(int32_t day)
{
    return rh_berlin_instant(rh_day_add(day, 1), 0);
}

/* --- deadlines --- */

struct sums {
    const struct rh_process_state *s;
    const struct rh_calendar *calendar;
    struct rh_process_due *dues;
    uint64_t known; /* bit per step whose due is computed */
    int32_t
        today; /* for what is expected: nothing open is done before this day; RH_NO_DAY otherwise */
};

/* A day and, when it is finer than that, an instant. */
struct spot {
    int32_t day;
    int64_t at;
    bool guessed;
};
static const struct spot nowhere = {RH_NO_DAY, RH_NO_INSTANT, false};

static void compute_due(struct sums *sums, int32_t step);
static struct spot add_offset(struct sums *sums, const struct rh_process_offset *offset,
                              int32_t *ret_base);

/* When something was or should be; recursion is as deep as the definition's dates, without a cycle.
 */
static struct spot moment(struct sums *sums, int32_t base)
{
    const struct rh_process_state *s = sums->s;
    int32_t date = base - RH_PROCESS_BASE_DATE, ignored;

    if (base == RH_PROCESS_BASE_START)
        return (struct spot){s->start_day, rh_berlin_instant(s->start_day, 0), false};
    if (base >= RH_PROCESS_BASE_DATE) {
        struct spot guess = nowhere;

        if (s->dates[date] != RH_NO_DAY)
            return (struct spot){s->dates[date], rh_berlin_instant(s->dates[date], 0), false};
        if (s->definition->dates[date].expected.given)
            guess = add_offset(sums, &s->definition->dates[date].expected, &ignored);
        guess.guessed = true;
        return guess;
    }
    if (s->steps[base].state == RH_PROCESS_IS_DONE)
        return (struct spot){s->steps[base].done_day, s->steps[base].done_at, false};
    compute_due(sums, base);
    if (sums->dues[base].day != RH_NO_DAY && sums->dues[base].day < sums->today)
        return (struct spot){sums->today, end_of_day(sums->today), sums->dues[base].guessed};
    return (struct spot){sums->dues[base].day, sums->dues[base].at, sums->dues[base].guessed};
}

static struct spot add_offset(struct sums *sums, const struct rh_process_offset *offset,
                              int32_t *ret_base)
{
    struct spot from = moment(sums, offset->base);

    *ret_base = from.day;
    if (from.day == RH_NO_DAY)
        return nowhere;
    if (offset->unit == RH_PROCESS_HOURS) {
        if (from.at == RH_NO_INSTANT)
            return nowhere;
        from.at += offset->count * HOUR;
        from.day = rh_berlin_day(from.at, NULL);
        return from;
    }
    from.day = add_units(sums->calendar, from.day, offset->count, offset->unit);
    from.at = from.day == RH_NO_DAY ? RH_NO_INSTANT : end_of_day(from.day);
    return from;
}

static bool holds(const struct rh_process_pause *pause, int32_t step)
{
    return pause->clock_stops && (pause->step == -1 || pause->step == step);
}

/* Adds the days on which the clock stood between `from` and the deadline; days in two pauses count
 * once. Events are in the order of time, so the pauses are, too. */
static int32_t add_pauses(const struct sums *sums, int32_t step, int32_t from, int32_t day,
                          enum rh_process_unit unit, struct rh_process_due *due)
{
    const struct rh_process_state *s = sums->s;

    for (size_t i = 0; i < s->pause_count && day != RH_NO_DAY; i++) {
        const struct rh_process_pause *pause = &s->pauses[i];
        int32_t first = pause->from > from ? pause->from : from, count = 0;

        if (!holds(pause, step))
            continue;
        if (pause->to == RH_NO_DAY) {
            due->suspended = true;
            continue;
        }
        if (first > day || pause->to <= first)
            continue;
        if (unit != RH_PROCESS_WORKDAYS)
            count = pause->to - first;
        else if (rh_workdays_between(sums->calendar, first, pause->to, NULL, &count, NULL) < 0)
            count = 0;
        if (count > 0)
            day = add_units(sums->calendar, day, count,
                            unit == RH_PROCESS_WORKDAYS ? unit : RH_PROCESS_DAYS);
        due->paused += count;
        from = pause->to;
    }
    return day;
}

static void settle_day(struct sums *sums, int32_t i, struct rh_process_due *due)
{
    const struct rh_process_step *step = &sums->s->definition->steps[i];
    int32_t way = step->due.count < 0 ? -1 : 1;

    due->plain_day = due->day;
    if (due->day == RH_NO_DAY || step->in_quiet || step->due.unit == RH_PROCESS_HOURS)
        return;
    due->day = free_day(sums->s, sums->calendar, due->day, way, &due->moved);
    if (due->day != RH_NO_DAY)
        (void)rh_process_quiet(sums->s->definition, sums->calendar, due->day,
                               &due->school_unknown); /* asked for what is unknown only */
}

static void compute_by_definition(struct sums *sums, int32_t i, struct rh_process_due *due)
{
    const struct rh_process_step *step = &sums->s->definition->steps[i];
    const struct rh_process_step_now *now = &sums->s->steps[i];
    struct spot spot = add_offset(sums, &step->due, &due->base_day);
    int32_t day = spot.day;

    if (day == RH_NO_DAY)
        return;
    due->basis = RH_PROCESS_COMPUTED;
    due->guessed = spot.guessed;
    due->day = add_pauses(sums, i, due->base_day, day, step->due.unit, due);
    if (now->shift != 0 && due->day != RH_NO_DAY)
        due->day = add_workdays(sums->calendar, due->day, now->shift);
    settle_day(sums, i, due);
    if (due->day == RH_NO_DAY)
        return;
    due->at = step->due.unit == RH_PROCESS_HOURS ? spot.at + (due->day - day) * 24 * HOUR
                                                 : end_of_day(due->day);
}

static void compute_open(struct sums *sums, int32_t i, struct rh_process_due *due)
{
    const struct rh_process_offset *open = &sums->s->definition->steps[i].open;
    struct spot spot;
    int32_t base;

    if (!open->given)
        return;
    spot = add_offset(sums, open, &base);
    if (spot.day != RH_NO_DAY && due->day != RH_NO_DAY && spot.day > due->day)
        spot = (struct spot){due->day, RH_NO_INSTANT, spot.guessed};
    due->open_day = spot.day;
    if (spot.day == RH_NO_DAY || spot.guessed)
        return;
    due->open_at = rh_berlin_instant(spot.day, 0);
    if (open->unit == RH_PROCESS_HOURS && spot.at != RH_NO_INSTANT)
        due->open_at = spot.at;
}

static void compute_due(struct sums *sums, int32_t i)
{
    const struct rh_process_step_now *now = &sums->s->steps[i];
    struct rh_process_due due = {.day = RH_NO_DAY,
                                 .at = RH_NO_INSTANT,
                                 .open_day = RH_NO_DAY,
                                 .open_at = RH_NO_INSTANT,
                                 .base_day = RH_NO_DAY,
                                 .plain_day = RH_NO_DAY};

    if (sums->known >> i & 1)
        return;
    due.expected = now->state == RH_PROCESS_IS_PLANNED;
    if (now->fire_at != RH_NO_INSTANT) {
        due.basis = RH_PROCESS_CALLED;
        due.at = now->fire_at;
        due.day = due.plain_day = rh_berlin_day(now->fire_at, NULL);
    } else if (now->date_day != RH_NO_DAY) {
        due.basis = RH_PROCESS_AGREED;
        due.day = due.plain_day = now->date_day;
        due.at = end_of_day(due.day);
    } else if (now->set_day != RH_NO_DAY) {
        due.basis = RH_PROCESS_BY_HAND;
        due.base_day = now->set_on;
        due.day = add_pauses(sums, i, now->set_on, now->set_day, RH_PROCESS_WORKDAYS, &due);
        if (now->shift != 0 && due.day != RH_NO_DAY)
            due.day = add_workdays(sums->calendar, due.day, now->shift);
        due.plain_day = due.day;
        due.at = due.day == RH_NO_DAY ? RH_NO_INSTANT : end_of_day(due.day);
    } else {
        compute_by_definition(sums, i, &due);
    }
    compute_open(sums, i, &due);
    sums->dues[i] = due;
    sums->known |= UINT64_C(1) << i;
}

/* --- reminders --- */

struct mailing {
    const struct rh_process_state *s;
    const struct rh_calendar *calendar;
    const struct rh_process_due *due;
    struct rh_process_plan *plan;
    int32_t step;
    int64_t ready_at; /* when the step became ready, or is expected to */
    bool expected;
};

static bool was_fired(const struct rh_process_state *s, const char *step, const char *rule,
                      int32_t day)
{
    for (size_t i = s->fired_count; i-- > 0;) {
        const struct rh_process_fired *f = &s->fired[i];

        if (f->rule && (f->day == day || f->before_migration) && strcmp(f->rule, rule) == 0 &&
            strcmp(f->step, step) == 0)
            return true;
    }
    return false;
}

/* Into the hours of mail: the same day, or the morning of the next one. */
static int64_t in_hours(const struct mailing *m, int64_t at, enum rh_process_moved *moved)
{
    int32_t from = m->s->definition->mail_from * 60, until = m->s->definition->mail_until * 60;
    int32_t second = 0, day = rh_berlin_day(at, &second), free;

    if (second >= until) {
        day = rh_day_add(day, 1);
        second = from;
        *moved = RH_PROCESS_FROM_NIGHT;
    }
    if (second < from) {
        second = from;
        *moved = RH_PROCESS_FROM_NIGHT;
    }
    free = free_day(m->s, m->calendar, day, 1, moved);
    if (free == RH_NO_DAY)
        return RH_NO_INSTANT;
    return rh_berlin_instant(free, free == day ? second : from);
}

/* The instant by the rule alone. */
static int64_t meant_at(const struct mailing *m, const struct rh_process_rule *rule)
{
    bool opening = rule->anchor == RH_PROCESS_AT_OPENING;
    int32_t day = !opening                       ? m->due->day
                  : m->ready_at == RH_NO_INSTANT ? RH_NO_DAY
                                                 : rh_berlin_day(m->ready_at, NULL);

    if (day == RH_NO_DAY)
        return RH_NO_INSTANT;
    if (rule->count == 0 && opening)
        return m->ready_at;
    if (rule->count == 0 && m->due->basis == RH_PROCESS_CALLED)
        return m->due->at;
    if (rule->unit == RH_PROCESS_HOURS && rule->count != 0)
        return (opening ? m->ready_at : m->due->at) + rule->count * HOUR;
    if (rule->count != 0)
        day = add_units(m->calendar, day, rule->count, rule->unit);
    return day == RH_NO_DAY ? RH_NO_INSTANT
                            : rh_berlin_instant(day, m->s->definition->mail_from * 60);
}

/* A reminder before the deadline that would come with it or after it leaves before the quiet days.
 */
static int64_t not_too_late(const struct mailing *m, const struct rh_process_rule *rule,
                            int64_t meant, int64_t at, enum rh_process_moved *moved)
{
    bool early =
        rule->unit == RH_PROCESS_HOURS ? at < m->due->at : rh_berlin_day(at, NULL) < m->due->day;
    int32_t earlier;

    if (rule->anchor == RH_PROCESS_AT_OPENING || rule->count >= 0 || early)
        return at;
    earlier = free_day(m->s, m->calendar, rh_berlin_day(meant, NULL), -1, moved);
    return earlier == RH_NO_DAY ? at : rh_berlin_instant(earlier, m->s->definition->mail_from * 60);
}

/* Moves what was meant for a time of waiting or pausing; RH_NO_INSTANT when it is left out. */
static int64_t not_too_early(const struct mailing *m, const struct rh_process_rule *rule,
                             int64_t meant, int64_t at, enum rh_process_moved *moved)
{
    const struct rh_process_step_now *now = &m->s->steps[m->step];
    bool opening = rule->anchor == RH_PROCESS_AT_OPENING && rule->count == 0;
    int64_t floor = now->mails_hold;
    int64_t evening;

    if (m->expected)
        return at < m->ready_at ? RH_NO_INSTANT : at;
    if ((opening ? meant : at) < now->mails_from) {
        evening = rh_berlin_instant(rh_berlin_day(at, NULL), m->s->definition->mail_until * 60);
        if (now->mails_strict || opening || evening <= now->mails_from)
            return RH_NO_INSTANT;
        at = now->mails_from;
    }
    if (now->state == RH_PROCESS_IS_WAITING && now->wait_until != RH_NO_DAY &&
        rh_berlin_instant(now->wait_until, 0) > floor)
        floor = rh_berlin_instant(now->wait_until, 0);
    if (at < floor) {
        at = in_hours(m, floor, moved);
        *moved = RH_PROCESS_FROM_WAITING;
    }
    return at;
}

static enum rh_process_role resolve(const struct mailing *m, enum rh_process_role role)
{
    return role == RH_PROCESS_ACTOR ? m->s->definition->steps[m->step].who : role;
}

static bool place_mail(const struct mailing *m, const struct rh_process_rule *rule,
                       struct rh_process_mail *ret)
{
    int64_t meant = meant_at(m, rule), at = meant;
    enum rh_process_moved moved = RH_PROCESS_NOT_MOVED;
    bool called =
        rule->count == 0 && rule->anchor == RH_PROCESS_AT_DUE && m->due->basis == RH_PROCESS_CALLED;

    if (meant == RH_NO_INSTANT ||
        (m->due->guessed && rule->anchor == RH_PROCESS_AT_DUE && !m->expected))
        return false;
    if (!called) {
        at = in_hours(m, meant, &moved);
        if (at != RH_NO_INSTANT)
            at = not_too_late(m, rule, meant, at, &moved);
        if (at != RH_NO_INSTANT)
            at = not_too_early(m, rule, meant, at, &moved);
    }
    if (at == RH_NO_INSTANT)
        return false;
    *ret = (struct rh_process_mail){
        .step = m->step,
        .rule = rule,
        .role = resolve(m, rule->role),
        .copy = resolve(m, rule->copy),
        .day = rule->anchor == RH_PROCESS_AT_OPENING ? RH_NO_DAY : m->due->day,
        .at = at,
        .meant = meant,
        .moved = moved,
        .expected = m->expected,
    };
    if (ret->copy == ret->role)
        ret->copy = RH_PROCESS_NOBODY;
    return true;
}

/* Is `other` the later word to the same role, or the same one from an earlier rule? */
static bool supersedes(const struct rh_process_mail *other, const struct rh_process_mail *mail)
{
    return other->role == mail->role &&
           (other->meant > mail->meant || (other->meant == mail->meant && other < mail));
}

/* Two that meet on a day because one was moved, or were meant for the same time anyway. */
static bool meet(const struct rh_process_mail *a, const struct rh_process_mail *b)
{
    bool moved = a->moved != RH_PROCESS_NOT_MOVED || b->moved != RH_PROCESS_NOT_MOVED;

    return a->meant == b->meant ||
           (moved && rh_berlin_day(a->at, NULL) == rh_berlin_day(b->at, NULL));
}

static void add_mails(const struct mailing *m, const struct rh_process_chain *chain)
{
    const char *step = m->s->definition->steps[m->step].name;
    struct rh_process_mail mails[RH_PROCESS_RULES_MAX];
    bool fired[RH_PROCESS_RULES_MAX];
    size_t count = 0;

    for (size_t i = 0; i < chain->count; i++)
        if (place_mail(m, &chain->rules[i], &mails[count])) {
            fired[count] = was_fired(m->s, step, chain->rules[i].key, mails[count].day);
            count++;
        }
    for (size_t i = 0; i < count; i++) {
        bool drop = fired[i];

        for (size_t k = 0; k < count && !drop; k++)
            drop = supersedes(&mails[k], &mails[i]) && (fired[k] || meet(&mails[k], &mails[i]));
        if (!drop)
            m->plan->mails[m->plan->mail_count++] = mails[i];
    }
}

/* When a planned step will be ready if all goes as planned. */
static int64_t expected_ready(struct sums *sums, int32_t i)
{
    const struct rh_process_step *step = &sums->s->definition->steps[i];
    int32_t day = sums->s->start_day;

    for (uint64_t needs = step->needs; needs; needs &= needs - 1) {
        int32_t need = __builtin_ctzll(needs);
        struct spot spot = moment(sums, need);

        if (sums->s->steps[need].state != RH_PROCESS_IS_SKIPPED && spot.day > day)
            day = spot.day;
    }
    if (sums->dues[i].open_day > day)
        day = sums->dues[i].open_day;
    return rh_berlin_instant(day, sums->s->definition->mail_from * 60);
}

static void plan_mails(struct sums *sums, int32_t i, bool expected, struct rh_process_plan *plan)
{
    const struct rh_process_step *step = &sums->s->definition->steps[i];
    enum rh_process_step_state state = rh_process_step_state(sums->s, i);
    int32_t date_day = sums->s->steps[i].date_day;
    /* An agreed date concerns people whether or not all before it is done. */
    bool agreed = state == RH_PROCESS_IS_PLANNED && sums->s->started && date_day != RH_NO_DAY &&
                  !rh_process_paused(sums->s, i);
    bool planned = state == RH_PROCESS_IS_PLANNED && expected && !agreed;
    struct mailing m = {.s = sums->s,
                        .calendar = sums->calendar,
                        .due = &sums->dues[i],
                        .plan = plan,
                        .step = i,
                        .ready_at = sums->s->steps[i].ready_at,
                        .expected = planned};
    int32_t chain = step->remind;

    if (step->form == RH_PROCESS_APPOINTMENT && step->agree >= 0 && date_day == RH_NO_DAY)
        chain = step->agree;
    if (chain < 0 || sums->dues[i].suspended ||
        (!planned && !agreed && state != RH_PROCESS_IS_READY && state != RH_PROCESS_IS_RUNNING &&
         state != RH_PROCESS_IS_WAITING))
        return;
    if (planned)
        m.ready_at = expected_ready(sums, i);
    add_mails(&m, &sums->s->definition->chains[chain]);
}

/* Steps that are not ready yet are expected after those before them are done, which is not before
 * the last thing that happened. Steps that are open keep the day they have, whatever is late around
 * them. */
static void expect(const struct rh_process_state *state, const struct rh_calendar *calendar,
                   struct rh_process_due *dues)
{
    struct rh_process_due later[RH_PROCESS_STEPS_MAX];
    struct sums sums = {.s = state,
                        .calendar = calendar,
                        .dues = later,
                        .today = rh_berlin_day(state->events[state->event_count - 1].at, NULL)};
    bool late = false;

    for (int32_t i = 0; i < (int32_t)state->definition->step_count; i++)
        late = late || (state->steps[i].state < RH_PROCESS_IS_DONE && dues[i].day != RH_NO_DAY &&
                        dues[i].day < sums.today);
    if (!late)
        return;
    for (int32_t i = 0; i < (int32_t)state->definition->step_count; i++) {
        if (!dues[i].expected)
            continue;
        compute_due(&sums, i);
        later[i].open_day = dues[i].open_day;
        later[i].open_at = dues[i].open_at;
        dues[i] = later[i];
    }
}

void rh_process_plan(const struct rh_process_state *state, const struct rh_calendar *calendar,
                     bool expected, struct rh_process_plan *ret)
{
    struct sums sums = {.s = state, .calendar = calendar, .dues = ret->dues, .today = RH_NO_DAY};

    ret->mail_count = 0;
    if (!state->begun)
        return;
    for (int32_t i = 0; i < (int32_t)state->definition->step_count; i++)
        compute_due(&sums, i);
    if (state->event_count > 0)
        expect(state, calendar, ret->dues);
    for (int32_t i = 0; i < (int32_t)state->definition->step_count; i++) {
        if (ret->dues[i].suspended)
            ret->dues[i].at = RH_NO_INSTANT;
        plan_mails(&sums, i, expected, ret);
    }
}

void rh_process_mail_key(const struct rh_process_state *state, const char *step, const char *rule,
                         int32_t day, char key[RH_PROCESS_KEY_SIZE])
{
    char date[RH_DATE_TEXT_SIZE];

    snprintf(key, RH_PROCESS_KEY_SIZE, "%.600s/%.40s/%.40s%s%s", state->id ? state->id : "", step,
             rule, day == RH_NO_DAY ? "" : "/", rh_day_iso(day, date));
}

void rh_process_effort_sum(const struct rh_process_state *state, const struct rh_calendar *calendar,
                           int32_t from, int32_t to, int32_t minutes[RH_PROCESS_ROLE_END_])
{
    struct rh_process_due dues[RH_PROCESS_STEPS_MAX];
    struct sums sums = {.s = state, .calendar = calendar, .dues = dues, .today = RH_NO_DAY};

    memset(minutes, 0, RH_PROCESS_ROLE_END_ * sizeof(minutes[0]));
    for (int32_t i = 0; state->begun && i < (int32_t)state->definition->step_count; i++) {
        const struct rh_process_step *step = &state->definition->steps[i];
        enum rh_process_step_state is = rh_process_step_state(state, i);
        int32_t day = moment(&sums, i).day;

        if (is == RH_PROCESS_IS_SKIPPED || is == RH_PROCESS_IS_CANCELLED || day < from || day > to)
            continue;
        for (size_t k = 0; k < step->effort_count; k++)
            minutes[step->efforts[k].role] += step->efforts[k].minutes;
    }
}
