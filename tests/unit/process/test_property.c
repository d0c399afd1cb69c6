/*
 * What holds whatever people do, in whatever order: random lives of the shipped process from fixed
 * seeds, and every order of a few events to depth 8 on a small one.
 */
#include "tests/unit/process/world.h"

#include "core/base/dice.h"

#define LIVES  60
#define EVENTS 120
#define DEPTH  8

/* --- what always holds --- */

struct watch {
    struct world *w;
    enum rh_process_step_state told[RH_PROCESS_STEPS_MAX]; /* as the effects told it */
};

static void follow_effects(struct watch *watch)
{
    struct world *w = watch->w;

    for (size_t i = 0; i < w->effects.count; i++) {
        const struct rh_process_effect *e = &w->effects.list[i];
        int32_t step = e->step ? rh_process_step_find(w->state->definition, e->step) : -1;

        if (e->kind == RH_PROCESS_ENTERED) {
            assert_true(step >= 0);
            assert_int_equal(watch->told[step], e->was);
            watch->told[step] = e->is;
        }
        if (e->kind == RH_PROCESS_MAIL_OUT && due_of(w, e->step).basis != RH_PROCESS_CALLED) {
            int32_t second = 0, day = rh_berlin_day(e->at, &second);

            assert_int_equal(rh_calendar_day(&w->calendar, day, NULL), RH_DAY_WORKDAY);
            assert_false(rh_process_quiet(w->state->definition, &w->calendar, day, NULL));
            assert_true(second >= w->state->definition->mail_from * 60 &&
                        second <= w->state->definition->mail_until * 60);
        }
    }
    for (int32_t i = 0; i < (int32_t)w->state->definition->step_count; i++)
        assert_int_equal(watch->told[i], rh_process_step_state(w->state, i));
}

static bool is_closed(const struct rh_process_state *s, int32_t step)
{
    return s->steps[step].state == RH_PROCESS_IS_DONE ||
           s->steps[step].state == RH_PROCESS_IS_SKIPPED;
}

static void check_steps(const struct rh_process_state *s)
{
    for (int32_t i = 0; i < (int32_t)s->definition->step_count; i++) {
        bool all = true;

        for (int32_t k = 0; k < (int32_t)s->definition->step_count; k++)
            all = all && (!(s->definition->steps[i].needs >> k & 1) || is_closed(s, k));
        if (s->steps[i].state == RH_PROCESS_IS_READY)
            assert_true(all && s->started);
        if (s->steps[i].state == RH_PROCESS_IS_PLANNED && !s->definition->steps[i].open.given)
            assert_false(all && s->started);
        assert_true((s->steps[i].state == RH_PROCESS_IS_WAITING) ==
                    (s->steps[i].wait_until != RH_NO_DAY));
    }
}

/* No reminder is planned for what is closed or paused, none twice, none that left already. */
static void check_plan(struct world *w)
{
    static struct rh_process_plan plan;

    rh_process_plan(w->state, &w->calendar, false, &plan);
    for (size_t i = 0; i < plan.mail_count; i++) {
        const struct rh_process_mail *mail = &plan.mails[i];
        enum rh_process_step_state is = rh_process_step_state(w->state, mail->step);

        assert_true(is < RH_PROCESS_IS_PAUSED);
        for (size_t k = 0; k < i; k++)
            assert_false(plan.mails[k].step == mail->step && plan.mails[k].rule == mail->rule);
    }
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void nothing_left_twice(const struct rh_process_state *s)
{
    for (size_t i = 0; i < s->fired_count; i++)
        for (size_t k = 0; k < i; k++)
            assert_false(same(s->fired[i].step, s->fired[k].step) &&
                         same(s->fired[i].rule, s->fired[k].rule) &&
                         s->fired[i].day == s->fired[k].day);
}

static void the_events_alone_give_the_same_state(const struct rh_process_state *s)
{
    struct rh_process_state *again;

    assert_int_equal(rh_process_state_copy(s, &again, NULL), 0);
    assert_memory_equal(again->steps, s->steps, s->definition->step_count * sizeof(s->steps[0]));
    assert_int_equal(again->fired_count, s->fired_count);
    assert_int_equal(again->pause_count, s->pause_count);
    assert_int_equal(again->cancelled, s->cancelled);
    rh_process_state_free(again);
}

static void check_all(struct watch *watch)
{
    follow_effects(watch);
    check_steps(watch->w->state);
    check_plan(watch->w);
}

/* --- random lives --- */

static struct rh_process_event random_event(struct world *w, struct rh_dice *dice)
{
    static const enum rh_process_event_kind kinds[] = {
        RH_PROCESS_RUN,     RH_PROCESS_WAIT,    RH_PROCESS_GO_ON,  RH_PROCESS_DONE,
        RH_PROCESS_DONE,    RH_PROCESS_DONE,    RH_PROCESS_SKIP,   RH_PROCESS_REOPEN,
        RH_PROCESS_RECEIPT, RH_PROCESS_DATE,    RH_PROCESS_SET,    RH_PROCESS_SHIFT,
        RH_PROCESS_EXTEND,  RH_PROCESS_FIRE,    RH_PROCESS_RESET,  RH_PROCESS_PAUSE,
        RH_PROCESS_RESUME,  RH_PROCESS_RESUME,  RH_PROCESS_ANSWER, RH_PROCESS_DRAW,
        RH_PROCESS_CANCEL,  RH_PROCESS_MIGRATE, RH_PROCESS_UNDO,   RH_PROCESS_UNDO};
    const struct rh_process_definition *d = w->state->definition;
    const struct rh_process_step *step = &d->steps[rh_dice_below(dice, (int32_t)d->step_count)];
    struct rh_process_event e =
        event_of(w, kinds[rh_dice_below(dice, sizeof(kinds) / sizeof(kinds[0]))], step->name);

    e.day = rh_dice_below(dice, 3) ? rh_berlin_day(w->now, NULL) + rh_dice_below(dice, 60) - 10
                                   : RH_NO_DAY;
    e.count = rh_dice_below(dice, 41) - 10;
    e.chosen = rh_dice_below(dice, 2);
    e.random = rh_dice_below(dice, 3);
    e.seed = "seed";
    e.flag = rh_dice_below(dice, 2);
    e.flag_national = rh_dice_below(dice, 8) == 0;
    if (e.kind == RH_PROCESS_UNDO)
        e.count = (int32_t)w->state->event_count - rh_dice_below(dice, 12);
    e.hash = w->versions[rh_dice_below(dice, 2)]->hash;
    if (e.kind == RH_PROCESS_ANSWER)
        e.item = "proposals";
    if (e.kind == RH_PROCESS_RECEIPT && step->receipt_count)
        e.item = step->receipts[rh_dice_below(dice, (int32_t)step->receipt_count)].name;
    if ((e.kind == RH_PROCESS_PAUSE || e.kind == RH_PROCESS_RESUME) && rh_dice_below(dice, 2))
        e.step = NULL;
    return e;
}

/* The shipped process with other days and reminders. */
static struct rh_process_definition *read_other(void)
{
    size_t length;
    char *text = read_file("config/processes/qev-1.conf", &length);
    char *days, *rule;
    struct rh_process_definition *other;

    text[length] = '\0';
    days = strstr(text, "10 workdays after start");
    rule = strstr(text, "5 workdays before: actor, step_soon");
    assert_non_null(days);
    assert_non_null(rule);
    days[1] = '7';
    rule[0] = '7';
    other = read_definition(text);
    free(text);
    return other;
}

/* A refused event changes nothing and says why in both languages. */
static void try_event(struct watch *watch, struct rh_process_event event)
{
    static struct rh_process_step_now before[RH_PROCESS_STEPS_MAX];
    struct world *w = watch->w;
    size_t events = w->state->event_count, pauses = w->state->pause_count;

    memcpy(before, w->state->steps, sizeof(before));
    if (happen(w, event) == 0)
        return;
    assert_true(w->err.text[RH_DE][0] && w->err.text[RH_EN][0]);
    assert_int_equal(w->effects.count, 0);
    assert_int_equal(w->state->event_count, events);
    assert_int_equal(w->state->pause_count, pauses);
    assert_memory_equal(before, w->state->steps, sizeof(before));
}

static void whatever_people_do_the_rules_hold(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= LIVES; seed++) {
        struct rh_dice dice = {.at = seed};
        struct world w;
        struct watch watch = {.w = &w};

        world_init(&w, read_shipped());
        w.versions[1] = read_other();
        w.version_count = w.state->definition_count = 2;
        begin(&w, "2027-01-04", "2027-01-11");
        follow_effects(&watch);
        for (int i = 0; i < EVENTS; i++) {
            int64_t at;

            w.now += rh_dice_below(&dice, 6 * 86400);
            while ((at = rh_process_next(w.state, &w.calendar)) != RH_NO_INSTANT && at <= w.now) {
                clear(&w);
                assert_int_equal(rh_process_tick(w.state, &w.calendar, at, &w.effects, &w.err), 0);
                check_all(&watch);
            }
            try_event(&watch, random_event(&w, &dice));
            check_all(&watch);
        }
        nothing_left_twice(w.state);
        the_events_alone_give_the_same_state(w.state);
        world_fini(&w);
    }
}

/* --- every order to depth 8 --- */

#define SMALL                                                                                      \
    "process {\n title_de = \"T\"\n title_en = \"T\"\n}\n"                                         \
    "step a {\n title_de = \"A\"\n title_en = \"A\"\n who = contact\n form = deadline\n"           \
    " due = \"2 workdays after start\"\n remind = c\n}\n"                                          \
    "step b {\n title_de = \"B\"\n title_en = \"B\"\n who = team\n form = deadline\n"              \
    " due = \"2 workdays after a\"\n needs = { a }\n remind = c\n}\n"                              \
    "chain c {\n rules = { \"at opening: actor, open\", \"on the day: actor, today\", "            \
    "\"1 workdays after: head, late\" }\n}\n"

static const struct {
    enum rh_process_event_kind kind;
    const char *step;
} alphabet[] = {
    {RH_PROCESS_DONE, "a"},   {RH_PROCESS_DONE, "b"},    {RH_PROCESS_REOPEN, "a"},
    {RH_PROCESS_PAUSE, NULL}, {RH_PROCESS_RESUME, NULL}, {RH_PROCESS_UNDO, NULL},
};

static long orders;

/* The last event of a person that still counts; 0: none. */
static int32_t last_deed(const struct rh_process_state *s)
{
    for (size_t i = s->event_count; i-- > 1;)
        if (!s->undone[i] && !rh_process_event_is_fact(s->events[i].kind) &&
            s->events[i].kind != RH_PROCESS_UNDO)
            return (int32_t)i + 1;
    return 0;
}

/* A day later, each event in turn on a copy; what is refused ends the order. */
static void go_on(struct world *w, const struct watch *watch, int depth)
{
    struct rh_process_state *here = w->state;
    struct watch morning = *watch;

    if (depth == 0) {
        nothing_left_twice(here);
        the_events_alone_give_the_same_state(here);
        orders++;
        return;
    }
    w->now += 86400;
    clear(w);
    assert_int_equal(rh_process_tick(here, &w->calendar, w->now, &w->effects, &w->err), 0);
    check_all(&morning);
    for (size_t i = 0; i < sizeof(alphabet) / sizeof(alphabet[0]); i++) {
        struct watch evening = morning;
        struct rh_process_event event = event_of(w, alphabet[i].kind, alphabet[i].step);

        assert_int_equal(rh_process_state_copy(here, &w->state, NULL), 0);
        event.count = event.kind == RH_PROCESS_UNDO ? last_deed(w->state) : 0;
        event.flag = true;
        if (happen(w, event) == 0) {
            check_all(&evening);
            go_on(w, &evening, depth - 1);
        }
        rh_process_state_free(w->state);
    }
    w->state = here;
    w->now -= 86400;
}

static void every_order_of_events_to_depth_eight_keeps_the_rules(void **state)
{
    struct world w;
    struct watch watch = {.w = &w};
    (void)state;

    world_init(&w, read_definition(SMALL));
    begin(&w, "2027-01-11", "2027-01-11");
    follow_effects(&watch);
    go_on(&w, &watch, DEPTH);

    print_message("%ld orders\n", orders);
    assert_true(orders > 1000);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_people_do_the_rules_hold),
        cmocka_unit_test(every_order_of_events_to_depth_eight_keeps_the_rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
