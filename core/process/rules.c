/*
 * rules.c - what concerns the procedure as a whole, the facts, and the table of all events.
 */
#include "core/process/rules.h"

#include "core/base/alloc.h"

#include <string.h>

#define LIST_MAX 10000000 /* assessments on an office's list */

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
    if ((rc = act_need_day(a)) < 0 || (a->e->by && (rc = act_need_reason(a)) < 0))
        return rc;
    s->definition = definition;
    s->begun = true;
    s->start_day = a->e->day;
    s->started = act_today(a) >= s->start_day;
    s->id = a->e->id;
    s->suggested_by = a->e->by;
    s->drawn.step = -1;
    for (size_t i = 0; i < definition->step_count; i++)
        s->steps[i] = process_fresh_step;
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
    int32_t rc = act_need_open(a);

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
    int32_t rc = act_need_reason(a);

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

        steps[i] = process_fresh_step;
        if (was >= 0)
            migrate_step(&from->steps[was], &to->steps[i], &s->steps[was], &steps[i]);
    }
    migrate_rest(s, from, to);
    memcpy(s->steps, steps, to->step_count * sizeof(steps[0]));
    s->definition = to;
    for (size_t i = 0; i < s->fired_count; i++)
        s->fired[i].before_migration = true;
    process_settle(s, a->e->at);
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
    [RH_PROCESS_BEGIN] = {apply_begin, NO_STEP},   [RH_PROCESS_RUN] = {act_run, MUST_STEP},
    [RH_PROCESS_WAIT] = {act_wait, MUST_STEP},     [RH_PROCESS_GO_ON] = {act_go_on, MUST_STEP},
    [RH_PROCESS_DONE] = {act_done, MUST_STEP},     [RH_PROCESS_SKIP] = {act_skip, MUST_STEP},
    [RH_PROCESS_REOPEN] = {act_reopen, MUST_STEP}, [RH_PROCESS_RECEIPT] = {act_receipt, MUST_STEP},
    [RH_PROCESS_DATE] = {act_date, MAY_STEP},      [RH_PROCESS_SET] = {act_set, MUST_STEP},
    [RH_PROCESS_SHIFT] = {act_shift, MUST_STEP},   [RH_PROCESS_EXTEND] = {act_shift, MUST_STEP},
    [RH_PROCESS_FIRE] = {act_fire, MUST_STEP},     [RH_PROCESS_RESET] = {act_reset, MUST_STEP},
    [RH_PROCESS_PAUSE] = {act_pause, MAY_STEP},    [RH_PROCESS_RESUME] = {act_resume, MAY_STEP},
    [RH_PROCESS_ANSWER] = {apply_answer, NO_STEP}, [RH_PROCESS_DRAW] = {apply_draw, MUST_STEP},
    [RH_PROCESS_CANCEL] = {apply_cancel, NO_STEP}, [RH_PROCESS_MIGRATE] = {apply_migrate, NO_STEP},
    [RH_PROCESS_STARTED] = {apply_fact, NO_STEP},  [RH_PROCESS_OPENED] = {apply_fact, MAY_STEP},
    [RH_PROCESS_WAITED] = {apply_fact, MAY_STEP},  [RH_PROCESS_PASSED] = {apply_fact, MAY_STEP},
    [RH_PROCESS_MAILED] = {apply_fact, MAY_STEP},
};

int32_t process_check_alive(const struct rh_process_state *s, const struct rh_process_event *e,
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
int32_t process_apply_one(struct rh_process_state *s, const struct rh_process_event *e,
                          int32_t number, struct rh_err *err)
{
    struct act a = {.s = s, .e = e, .number = number, .step = -1, .err = err};
    int32_t rc = process_check_alive(s, e, err);

    if (rc < 0 || (rc = find_step(&a)) < 0)
        return rc;
    rc = rules[e->kind].apply(&a);
    if (rc < 0 && a.step >= 0 && err && err->code == rc && rc != RH_ENOMEM)
        return rh_err_wrap(err, "Schritt '%s'", "step '%s'", e->step);
    if (rc == 0)
        process_settle(s, e->at);
    return rc;
}
