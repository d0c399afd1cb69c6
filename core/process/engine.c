#include "core/process/engine.h"

#include "core/base/alloc.h"
#include "core/process/internal.h"
#include "core/process/rules.h"

#include <stdlib.h>
#include <string.h>

static int32_t add(struct rh_process_effects *effects, const struct rh_process_effect *effect,
                   struct rh_err *err)
{
    if (effects->count == effects->room) {
        size_t room = effects->room ? 2 * effects->room : 32;
        struct rh_process_effect *more = rh_realloc(effects->list, room * sizeof(*more));

        if (!more)
            return rh_err_nomem(err);
        effects->list = more;
        effects->room = room;
    }
    effects->list[effects->count++] = *effect;
    return 0;
}

#define EFFECT(kind_, step_)                                                                       \
    {                                                                                              \
        .kind = (kind_), .step = (step_), .day = RH_NO_DAY, .old_day = RH_NO_DAY,                  \
        .at = RH_NO_INSTANT, .old_at = RH_NO_INSTANT                                               \
    }

static struct rh_process_effect mail_effect(enum rh_process_effect_kind kind,
                                            const struct rh_process_definition *d,
                                            const struct rh_process_mail *mail)
{
    struct rh_process_effect effect = EFFECT(kind, d->steps[mail->step].name);

    effect.day = mail->day;
    effect.rule = mail->rule->key;
    effect.template = mail->rule->template;
    effect.role = mail->role;
    effect.copy = mail->copy;
    effect.urgent = mail->rule->urgent;
    effect.expected = mail->expected;
    effect.moved = mail->moved;
    return effect;
}

/* --- the difference of two plans --- */

/* A state and its plan at one moment; the state may go on, the picture stays. */
struct picture {
    const struct rh_process_definition *definition; /* NULL: not begun */
    enum rh_process_step_state states[RH_PROCESS_STEPS_MAX];
    bool finished;
    struct rh_process_plan plan;
};

static void take_picture(const struct rh_process_state *s, const struct rh_calendar *calendar,
                         struct picture *picture)
{
    picture->definition = s->definition;
    picture->finished = s->begun && rh_process_finished(s);
    rh_process_plan(s, calendar, false, &picture->plan);
    for (int32_t i = 0; s->begun && i < (int32_t)s->definition->step_count; i++) {
        picture->states[i] = rh_process_step_state(s, i);
        if (picture->states[i] >= RH_PROCESS_IS_DONE) {
            picture->plan.dues[i].day = RH_NO_DAY;
            picture->plan.dues[i].at = RH_NO_INSTANT;
        }
    }
}

static int32_t find_step(const struct picture *p, const char *name)
{
    return p->definition ? rh_process_step_find(p->definition, name) : -1;
}

static size_t step_count(const struct picture *p)
{
    return p->definition ? p->definition->step_count : 0;
}

static const struct rh_process_mail *find_mail(const struct picture *p, const char *step,
                                               const struct rh_process_mail *like)
{
    for (size_t i = 0; i < p->plan.mail_count; i++) {
        const struct rh_process_mail *mail = &p->plan.mails[i];

        if (mail->day == like->day && strcmp(mail->rule->key, like->rule->key) == 0 &&
            strcmp(p->definition->steps[mail->step].name, step) == 0)
            return mail;
    }
    return NULL;
}

static int32_t diff_steps(const struct picture *old, const struct picture *new, int64_t at,
                          struct rh_process_effects *effects, struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; rc == 0 && i < step_count(new); i++) {
        struct rh_process_effect effect =
            EFFECT(RH_PROCESS_ENTERED, new->definition->steps[i].name);
        int32_t was = find_step(old, effect.step);

        effect.was = was >= 0 ? old->states[was] : RH_PROCESS_IS_PLANNED;
        effect.is = new->states[i];
        effect.at = at;
        if (effect.was != effect.is)
            rc = add(effects, &effect, err);
    }
    return rc;
}

static int32_t diff_dues(const struct picture *old, const struct picture *new,
                         struct rh_process_effects *effects, struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; rc == 0 && i < step_count(new); i++) {
        struct rh_process_effect effect =
            EFFECT(RH_PROCESS_DUE_SET, new->definition->steps[i].name);
        const struct rh_process_due *now = &new->plan.dues[i];
        int32_t was = find_step(old, effect.step);

        effect.day = now->day;
        effect.at = now->at;
        effect.moved = now->moved;
        effect.expected = now->expected || now->guessed;
        if (was >= 0) {
            effect.old_day = old->plan.dues[was].day;
            effect.old_at = old->plan.dues[was].at;
        }
        if (effect.at == effect.old_at && effect.day == effect.old_day)
            continue;
        if (effect.at == RH_NO_INSTANT)
            effect.kind = RH_PROCESS_DUE_GONE;
        rc = add(effects, &effect, err);
    }
    for (size_t i = 0; rc == 0 && i < step_count(old); i++) {
        struct rh_process_effect effect =
            EFFECT(RH_PROCESS_DUE_GONE, old->definition->steps[i].name);

        effect.old_day = old->plan.dues[i].day;
        effect.old_at = old->plan.dues[i].at;
        if (find_step(new, effect.step) < 0 && effect.old_day != RH_NO_DAY)
            rc = add(effects, &effect, err);
    }
    return rc;
}

static int32_t diff_mails(const struct picture *old, const struct picture *new,
                          struct rh_process_effects *effects, struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; rc == 0 && i < old->plan.mail_count; i++) {
        const struct rh_process_mail *mail = &old->plan.mails[i];
        struct rh_process_effect effect = mail_effect(RH_PROCESS_MAIL_GONE, old->definition, mail);

        effect.old_at = mail->at;
        if (!find_mail(new, effect.step, mail))
            rc = add(effects, &effect, err);
    }
    for (size_t i = 0; rc == 0 && i < new->plan.mail_count; i++) {
        const struct rh_process_mail *mail = &new->plan.mails[i];
        struct rh_process_effect effect = mail_effect(RH_PROCESS_MAIL_SET, new->definition, mail);
        const struct rh_process_mail *before = find_mail(old, effect.step, mail);

        effect.at = mail->at;
        effect.old_at = before ? before->at : RH_NO_INSTANT;
        if (effect.at != effect.old_at)
            rc = add(effects, &effect, err);
    }
    return rc;
}

/* The key as the definitions have it, which outlive any copy of the state. */
static const char *lasting_key(const struct rh_process_state *s, const char *key)
{
    for (size_t i = 0; i < s->definition_count; i++)
        for (size_t c = 0; c < s->definitions[i]->chain_count; c++)
            for (size_t r = 0; r < s->definitions[i]->chains[c].count; r++)
                if (strcmp(s->definitions[i]->chains[c].rules[r].key, key) == 0)
                    return s->definitions[i]->chains[c].rules[r].key;
    return "";
}

/* Mails that left and speak of a day that is not the deadline any more, or of a step that was done
 * by mistake. `undone` is the number of the event taken back, or 0. */
static int32_t diff_sent(const struct rh_process_state *s, const struct picture *old,
                         const struct picture *new, int32_t undone,
                         struct rh_process_effects *effects, struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; rc == 0 && i < s->fired_count; i++) {
        const struct rh_process_fired *f = &s->fired[i];
        int32_t was = find_step(old, f->step), is = find_step(new, f->step);
        struct rh_process_effect effect = EFFECT(RH_PROCESS_MAIL_LOST, f->step);
        bool wrong;

        if (!f->rule || was < 0)
            continue;
        wrong =
            is < 0 ||
            (new->states[is] == RH_PROCESS_IS_CANCELLED && old->states[was] != new->states[is]) ||
            (f->day != RH_NO_DAY && f->day == old->plan.dues[was].day &&
             new->states[is] < RH_PROCESS_IS_DONE &&new->plan.dues[is].day != f->day) ||
            (undone > 0 && f->event > undone &&
             (old->states[was] != new->states[is] ||
              old->plan.dues[was].day != new->plan.dues[is].day));
        if (!wrong)
            continue;
        effect.step = old->definition->steps[was].name;
        effect.rule = lasting_key(s, f->rule);
        effect.old_day = effect.day = f->day;
        effect.old_at = s->events[f->event - 1].at;
        rc = add(effects, &effect, err);
    }
    return rc;
}

static int32_t diff(const struct rh_process_state *s, const struct picture *old,
                    const struct picture *new, const struct rh_process_event *event,
                    struct rh_process_effects *effects, struct rh_err *err)
{
    struct rh_process_effect finished = EFFECT(RH_PROCESS_FINISHED, NULL);
    int32_t rc = diff_steps(old, new, event->at, effects, err);

    finished.at = event->at;
    if (rc == 0)
        rc = diff_dues(old, new, effects, err);
    if (rc == 0)
        rc = diff_mails(old, new, effects, err);
    if (rc == 0)
        rc =
            diff_sent(s, old, new, event->kind == RH_PROCESS_UNDO ? event->count : 0, effects, err);
    if (rc == 0 && new->finished && !old->finished)
        rc = add(effects, &finished, err);
    return rc;
}

/* --- a person --- */

int32_t rh_process_handle(struct rh_process_state *s, const struct rh_process_event *event,
                          const struct rh_calendar *calendar, struct rh_process_effects *effects,
                          struct rh_err *err)
{
    /* Not zeroed: they are large, and only what the definition has steps for is ever touched. */
    struct picture *pictures = rh_realloc(NULL, 2 * sizeof(*pictures));
    size_t before = effects->count;
    int32_t rc;

    if (!pictures)
        return rh_err_nomem(err);
    take_picture(s, calendar, &pictures[0]);
    effects->first_event = s->event_count;
    effects->event_count = 0;
    rc = rh_process_apply(s, event, err);
    if (rc == 0) {
        effects->event_count = 1;
        take_picture(s, calendar, &pictures[1]);
        rc = diff(s, &pictures[0], &pictures[1], event, effects, err);
    }
    if (rc < 0) {
        if (effects->event_count > 0)
            process_drop_last(s);
        effects->event_count = 0;
        effects->count = before;
    }
    rh_free(pictures);
    return rc;
}

/* --- time --- */

/* The next fact that changes how things stand: start, opening, end of waiting. */
static bool next_turn(const struct rh_process_state *s, const struct rh_process_plan *plan,
                      struct rh_process_event *ret)
{
    struct rh_process_event first = RH_PROCESS_EVENT(RH_PROCESS_STARTED, INT64_MAX);

    if (!s->begun || s->cancelled)
        return false;
    if (!s->started)
        first.at = rh_berlin_instant(s->start_day, 0);
    for (int32_t i = 0; s->started && i < (int32_t)s->definition->step_count; i++) {
        const struct rh_process_step_now *now = &s->steps[i];
        int64_t at = INT64_MAX;

        if (rh_process_paused(s, i))
            continue;
        if (now->state == RH_PROCESS_IS_WAITING)
            at = rh_berlin_instant(now->wait_until, 0);
        else if (now->state == RH_PROCESS_IS_PLANNED && !now->opened &&
                 plan->dues[i].open_at != RH_NO_INSTANT &&
                 process_needs_met(s, &s->definition->steps[i]))
            at = plan->dues[i].open_at;
        if (at < first.at) {
            first.kind =
                now->state == RH_PROCESS_IS_WAITING ? RH_PROCESS_WAITED : RH_PROCESS_OPENED;
            first.at = at;
            first.step = s->definition->steps[i].name;
        }
    }
    *ret = first;
    return first.at != INT64_MAX;
}

static bool has_passed(const struct rh_process_state *s, const char *step, int32_t day)
{
    for (size_t i = s->fired_count; i-- > 0;)
        if (!s->fired[i].rule && (s->fired[i].day == day || s->fired[i].before_migration) &&
            strcmp(s->fired[i].step, step) == 0)
            return true;
    return false;
}

/* The steps whose deadline may pass: open, not paused, known, not passed before. */
static bool may_pass(const struct rh_process_state *s, const struct rh_process_plan *plan,
                     int32_t i)
{
    enum rh_process_step_state state = rh_process_step_state(s, i);

    return (state == RH_PROCESS_IS_READY || state == RH_PROCESS_IS_RUNNING ||
            state == RH_PROCESS_IS_WAITING) &&
           plan->dues[i].at != RH_NO_INSTANT && !plan->dues[i].guessed &&
           !has_passed(s, s->definition->steps[i].name, plan->dues[i].day);
}

/* Is a later reminder to the same role due as well? */
static bool overtaken(const struct rh_process_plan *plan, const struct rh_process_mail *mail,
                      int64_t until)
{
    for (size_t i = 0; i < plan->mail_count; i++)
        if (plan->mails[i].step == mail->step && plan->mails[i].role == mail->role &&
            plan->mails[i].at <= until && plan->mails[i].meant > mail->meant)
            return true;
    return false;
}

struct ticking {
    struct rh_process_state *s;
    struct rh_process_effects *effects;
    struct rh_err *err;
};

/* A fact never lies before the event that made it possible. */
static int32_t apply_fact(struct ticking *t, struct rh_process_event *fact)
{
    int64_t last = t->s->event_count ? t->s->events[t->s->event_count - 1].at : fact->at;
    int32_t rc;

    if (fact->at < last)
        fact->at = last;
    rc = rh_process_apply(t->s, fact, t->err);
    t->effects->event_count += rc == 0;
    return rc;
}

/* The effect first, for which there may be no memory: a fact without its effect would be a mail
 * that nobody sends. */
static int32_t tell(struct ticking *t, const struct rh_process_effect *effect,
                    struct rh_process_event *fact)
{
    int32_t rc = add(t->effects, effect, t->err);

    if (rc < 0)
        return rc;
    rc = apply_fact(t, fact);
    t->effects->count -= rc < 0;
    return rc;
}

static int32_t tell_mail(struct ticking *t, const struct rh_process_mail *mail)
{
    struct rh_process_effect effect = mail_effect(RH_PROCESS_MAIL_OUT, t->s->definition, mail);
    struct rh_process_event fact = RH_PROCESS_EVENT(RH_PROCESS_MAILED, mail->at);

    fact.step = effect.step;
    fact.rule = effect.rule;
    fact.day = mail->day;
    effect.at = mail->at;
    return tell(t, &effect, &fact);
}

static int32_t tell_passed(struct ticking *t, int32_t i, const struct rh_process_due *due)
{
    struct rh_process_effect effect =
        EFFECT(RH_PROCESS_DUE_PASSED, t->s->definition->steps[i].name);
    struct rh_process_event fact = RH_PROCESS_EVENT(RH_PROCESS_PASSED, due->at);

    fact.step = effect.step;
    fact.day = effect.day = due->day;
    effect.at = due->at;
    return tell(t, &effect, &fact);
}

/* All reminders and passed deadlines up to `until`, by their times. */
static int32_t tell_until(struct ticking *t, const struct rh_process_plan *plan, int64_t until,
                          int64_t now)
{
    bool told[RH_PROCESS_STEPS_MAX * RH_PROCESS_RULES_MAX] = {false};
    int32_t rc = 0;

    while (rc == 0) {
        const struct rh_process_mail *mail = NULL;
        int32_t passed = -1;
        int64_t at = INT64_MAX;

        for (size_t i = 0; i < plan->mail_count; i++)
            if (!told[i] && plan->mails[i].at <= until && plan->mails[i].at < at &&
                !overtaken(plan, &plan->mails[i], now)) {
                mail = &plan->mails[i];
                at = mail->at;
            }
        for (int32_t i = 0; i < (int32_t)t->s->definition->step_count; i++)
            if (plan->dues[i].at <= until && plan->dues[i].at < at && may_pass(t->s, plan, i)) {
                passed = i;
                at = plan->dues[i].at;
            }
        if (at == INT64_MAX)
            break;
        if (passed >= 0) {
            rc = tell_passed(t, passed, &plan->dues[passed]);
        } else {
            told[mail - plan->mails] = true;
            rc = tell_mail(t, mail);
        }
    }
    return rc;
}

/* One turn of the state, with the steps that it moved; all or nothing. */
static int32_t take_turn(struct ticking *t, struct rh_process_event *fact)
{
    enum rh_process_step_state was[RH_PROCESS_STEPS_MAX];
    int32_t count = (int32_t)t->s->definition->step_count, rc;
    size_t before = t->effects->count;

    for (int32_t i = 0; i < count; i++)
        was[i] = rh_process_step_state(t->s, i);
    rc = apply_fact(t, fact);
    if (rc < 0)
        return rc;
    for (int32_t i = 0; rc == 0 && i < count; i++) {
        struct rh_process_effect effect =
            EFFECT(RH_PROCESS_ENTERED, t->s->definition->steps[i].name);

        effect.was = was[i];
        effect.is = rh_process_step_state(t->s, i);
        effect.at = fact->at;
        if (effect.was != effect.is)
            rc = add(t->effects, &effect, t->err);
    }
    if (rc < 0) {
        process_drop_last(t->s);
        t->effects->event_count--;
        t->effects->count = before;
    }
    return rc;
}

static int32_t tick(struct ticking *t, const struct rh_calendar *calendar, int64_t now,
                    struct rh_process_plan *plan)
{
    struct rh_process_event turn;
    int32_t rc = 0;
    bool more = true;

    while (rc == 0 && more) {
        rh_process_plan(t->s, calendar, false, plan);
        more = next_turn(t->s, plan, &turn) && turn.at <= now;
        rc = tell_until(t, plan, more ? turn.at : now, now);
        if (rc == 0 && more)
            rc = take_turn(t, &turn);
    }
    return rc;
}

int32_t rh_process_tick(struct rh_process_state *s, const struct rh_calendar *calendar, int64_t now,
                        struct rh_process_effects *effects, struct rh_err *err)
{
    struct ticking t = {s, effects, err};
    struct rh_process_plan *plan;
    int32_t rc;

    effects->first_event = s->event_count;
    effects->event_count = 0;
    if (!s->begun || s->cancelled)
        return 0;
    plan = rh_realloc(NULL, sizeof(*plan)); /* not zeroed, as above */
    if (!plan)
        return rh_err_nomem(err);
    rc = tick(&t, calendar, now, plan);
    rh_free(plan);
    return rc;
}

static int64_t earliest(int64_t a, int64_t b)
{
    return a == RH_NO_INSTANT || (b != RH_NO_INSTANT && b < a) ? b : a;
}

int64_t rh_process_next_in(const struct rh_process_state *s, const struct rh_process_plan *plan)
{
    struct rh_process_event turn;
    int64_t at;

    if (!s->begun || s->cancelled)
        return RH_NO_INSTANT;
    at = next_turn(s, plan, &turn) ? turn.at : RH_NO_INSTANT;
    for (size_t i = 0; i < plan->mail_count; i++)
        if (!plan->mails[i].expected)
            at = earliest(at, plan->mails[i].at);
    for (int32_t i = 0; i < (int32_t)s->definition->step_count; i++)
        if (may_pass(s, plan, i))
            at = earliest(at, plan->dues[i].at);
    return at;
}

int64_t rh_process_next(const struct rh_process_state *s, const struct rh_calendar *calendar)
{
    struct rh_process_plan plan; /* not zeroed, as above */

    if (!s->begun || s->cancelled)
        return RH_NO_INSTANT;
    plan.mail_count = 0;
    rh_process_plan(s, calendar, false, &plan);
    return rh_process_next_in(s, &plan);
}

/* --- looking ahead --- */

static int by_time(const void *a, const void *b)
{
    const struct rh_process_effect *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return strcmp(x->step ? x->step : "", y->step ? y->step : "");
}

/* What steps that are not ready would bring, were those before them done in time; `end` is the
 * state that comes of doing nothing: what is ready there was told as certain. */
static int32_t add_expected(const struct rh_process_state *end, const struct rh_process_plan *plan,
                            int64_t from, int64_t to, struct rh_process_effects *effects,
                            struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; rc == 0 && i < plan->mail_count; i++) {
        struct rh_process_effect effect =
            mail_effect(RH_PROCESS_MAIL_OUT, end->definition, &plan->mails[i]);

        effect.at = plan->mails[i].at;
        if (effect.expected && effect.at >= from && effect.at < to &&
            rh_process_step_state(end, plan->mails[i].step) == RH_PROCESS_IS_PLANNED)
            rc = add(effects, &effect, err);
    }
    for (int32_t i = 0; rc == 0 && i < (int32_t)end->definition->step_count; i++) {
        struct rh_process_effect effect =
            EFFECT(RH_PROCESS_DUE_PASSED, end->definition->steps[i].name);

        effect.day = plan->dues[i].day;
        effect.at = plan->dues[i].at;
        effect.expected = true;
        if (rh_process_step_state(end, i) == RH_PROCESS_IS_PLANNED && effect.at >= from &&
            effect.at < to)
            rc = add(effects, &effect, err);
    }
    return rc;
}

/* The live engine on a copy, from one due time to the next. */
static int32_t run_ahead(const struct rh_process_state *state, const struct rh_calendar *calendar,
                         int64_t to, struct rh_process_state **ret_end,
                         struct rh_process_effects *run, struct rh_err *err)
{
    int64_t at;
    int32_t rc = rh_process_state_copy(state, ret_end, err);

    while (rc == 0 && (at = rh_process_next(*ret_end, calendar)) != RH_NO_INSTANT && at < to)
        rc = rh_process_tick(*ret_end, calendar, at, run, err);
    return rc;
}

int32_t rh_process_forecast(const struct rh_process_state *state,
                            const struct rh_calendar *calendar, int64_t from, int64_t to,
                            struct rh_process_effects *effects, struct rh_err *err)
{
    struct rh_process_plan *plan = rh_alloc(1, sizeof(*plan));
    struct rh_process_effects run = {0};
    struct rh_process_state *end = NULL;
    size_t first = effects->count;
    int32_t rc = plan ? run_ahead(state, calendar, to, &end, &run, err) : rh_err_nomem(err);

    for (size_t i = 0; rc == 0 && i < run.count; i++)
        if (run.list[i].kind != RH_PROCESS_ENTERED && run.list[i].at >= from && run.list[i].at < to)
            rc = add(effects, &run.list[i], err);
    if (rc == 0 && end->begun && !end->cancelled) {
        rh_process_plan(state, calendar, true, plan);
        rc = add_expected(end, plan, from, to, effects, err);
    }
    if (rc == 0 && effects->count > first)
        qsort(effects->list + first, effects->count - first, sizeof(effects->list[0]), by_time);
    if (rc < 0)
        effects->count = first;
    rh_process_effects_fini(&run);
    rh_process_state_free(end);
    rh_free(plan);
    return rc;
}

/* --- another version --- */

int32_t rh_process_migrate_preview(const struct rh_process_state *state, const char *hash,
                                   const struct rh_calendar *calendar, int64_t at,
                                   struct rh_process_effects *effects, struct rh_err *err)
{
    struct rh_process_event event = RH_PROCESS_EVENT(RH_PROCESS_MIGRATE, at);
    struct rh_process_state *copy;
    int32_t rc = rh_process_state_copy(state, &copy, err);

    if (rc < 0)
        return rc;
    event.hash = hash;
    rc = rh_process_handle(copy, &event, calendar, effects, err);
    rh_process_state_free(copy);
    return rc;
}
