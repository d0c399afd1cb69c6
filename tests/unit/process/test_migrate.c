/* Another version for a running procedure: the difference first, then over, and back. */
#include "tests/unit/process/world.h"

#define HEAD "process {\n title_de = \"T\"\n title_en = \"T\"\n}\n"
#define STEP(name, rest)                                                                           \
    "step " name " {\n title_de = \"D\"\n title_en = \"E\"\n who = contact\n form = deadline\n "   \
    "remind = c\n " rest "\n}\n"
#define CHAIN(rules) "chain c {\n rules = { " rules " }\n}\n"

#define OLD                                                                                        \
    HEAD STEP("one", "due = \"15 workdays after start\"")                                          \
        STEP("two", "due = \"10 workdays after one\"\n needs = { one }")                           \
            CHAIN("\"5 workdays before: actor, soon\", \"3 workdays after: head, late\"")

#define NEW                                                                                        \
    HEAD STEP("one", "due = \"20 workdays after start\"")                                          \
        STEP("more", "due = \"5 workdays after one\"\n needs = { one }")                           \
            CHAIN("\"12 workdays before: actor, early\", \"5 workdays before: actor, soon\", "     \
                  "\"3 workdays after: head, late\"")

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    world_init(w, read_definition(OLD));
    w->versions[1] = read_definition(NEW);
    w->version_count = 2;
    w->state = rh_process_state_free(w->state);
    assert_int_equal(rh_process_state_new(w->versions, 2, &w->state, NULL), 0);
    begin(w, "2027-01-11", "2027-01-11");
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world_fini(*state);
    free(*state);
    return 0;
}

static void migrate(struct world *w)
{
    struct rh_process_event event = event_of(w, RH_PROCESS_MIGRATE, NULL);

    event.hash = w->versions[1]->hash;
    must_happen(w, event);
}

static void take_back(struct world *w, int32_t number)
{
    struct rh_process_event event = event_of(w, RH_PROCESS_UNDO, NULL);

    event.count = number;
    must_happen(w, event);
}

static void the_difference_is_shown_and_nothing_changes(void **state)
{
    struct world *w = *state;
    size_t events = w->state->event_count;
    const struct rh_process_effect *due;

    clear(w);
    assert_int_equal(rh_process_migrate_preview(w->state, w->versions[1]->hash, &w->calendar,
                                                w->now, &w->effects, &w->err),
                     0);

    due = effect_of(w, RH_PROCESS_DUE_SET, "one", NULL);
    assert_int_equal(due->old_day, day_of("2027-02-01"));
    assert_int_equal(due->day, day_of("2027-02-09"));
    effect_of(w, RH_PROCESS_DUE_GONE, "two", NULL);
    effect_of(w, RH_PROCESS_DUE_SET, "more", NULL);
    assert_time(effect_of(w, RH_PROCESS_MAIL_SET, "one", "due-5w:actor")->at, "2027-02-01 08:00");
    assert_time(effect_of(w, RH_PROCESS_MAIL_GONE, "one", "due-5w:actor")->old_at,
                "2027-01-25 08:00");
    assert_int_equal(w->state->event_count, events);
    assert_due(w, "one", "2027-02-01");
}

static void what_left_does_not_leave_again(void **state)
{
    struct world *w = *state;

    clock_to(w, "2027-01-26"); /* "soon" left on the 25th */
    assert_int_equal(count_effects(w, RH_PROCESS_MAIL_OUT, "one", "due-5w:actor"), 1);
    migrate(w);
    assert_due(w, "one", "2027-02-09");
    clock_to(w, "2027-03-01");

    assert_int_equal(count_effects(w, RH_PROCESS_MAIL_OUT, "one", "due-5w:actor"), 0);
    assert_int_equal(count_effects(w, RH_PROCESS_MAIL_OUT, "one", "due+3w:head"), 1);
}

static void going_over_sends_nothing(void **state)
{
    struct world *w = *state;

    clock_to(w, "2027-01-27 10:00"); /* the new rule's day was 21 January */
    migrate(w);
    clear(w);
    assert_int_equal(rh_process_tick(w->state, &w->calendar, w->now, &w->effects, NULL), 0);
    assert_int_equal(w->effects.count, 0);
    clock_to(w, "2027-03-01");

    assert_int_equal(count_effects(w, RH_PROCESS_MAIL_OUT, "one", "due-12w:actor"), 0);
}

static void not_even_what_the_new_version_had_sent_this_morning(void **state)
{
    struct world *w = *state;

    clock_to(w, "2027-01-21 10:00"); /* twelve working days before 9 February */
    migrate(w);
    clock_to(w, "2027-01-22");

    assert_int_equal(w->effects.count, 0);
}

static void taken_back_in_time_the_old_version_does_not_say_it_again(void **state)
{
    struct world w;
    struct rh_process_event over;
    (void)state;

    world_init(&w, read_definition(NEW));
    w.versions[1] = read_definition(OLD);
    w.version_count = w.state->definition_count = 2;
    begin(&w, "2027-01-11", "2027-01-11");
    over = event_of(&w, RH_PROCESS_MIGRATE, NULL);
    over.hash = w.versions[1]->hash;
    must_happen(&w, over);
    clock_to(&w, "2027-01-26"); /* "soon" left on the 25th, for 1 February */
    assert_int_equal(count_effects(&w, RH_PROCESS_MAIL_OUT, "one", "due-5w:actor"), 1);
    take_back(&w, 2);
    assert_due(&w, "one", "2027-02-09");
    clock_to(&w, "2027-02-05");

    assert_int_equal(count_effects(&w, RH_PROCESS_MAIL_OUT, "one", "due-5w:actor"), 0);
    world_fini(&w);
}

static void a_deadline_that_passed_does_not_pass_again(void **state)
{
    struct world *w = *state;

    clock_to(w, "2027-02-03");
    assert_int_equal(count_effects(w, RH_PROCESS_DUE_PASSED, "one", NULL), 1);
    migrate(w);
    clock_to(w, "2027-03-01");

    assert_int_equal(count_effects(w, RH_PROCESS_DUE_PASSED, "one", NULL), 0);
}

static void taking_it_back_leads_to_the_old_dates_and_sends_nothing_again(void **state)
{
    struct world *w = *state;
    int32_t number;

    clock_to(w, "2027-01-12");
    migrate(w);
    number = (int32_t)w->state->event_count;
    clock_to(w, "2027-02-02"); /* under the new version "soon" left on 1 February */
    assert_int_equal(count_effects(w, RH_PROCESS_MAIL_OUT, "one", "due-5w:actor"), 1);
    take_back(w, number);
    assert_due(w, "one", "2027-02-01");
    assert_ptr_equal(w->state->definition, w->versions[0]);
    clock_to(w, "2027-03-15");

    assert_int_equal(count_effects(w, RH_PROCESS_MAIL_OUT, "one", "due-5w:actor"), 0);
    assert_int_equal(count_effects(w, RH_PROCESS_MAIL_OUT, "one", "due+3w:head"), 1);
}

static void there_and_back_at_once_is_as_if_nothing_had_been(void **state)
{
    struct world *w = *state;
    struct rh_process_due before = due_of(w, "two");

    migrate(w);
    take_back(w, (int32_t)w->state->event_count);

    assert_int_equal(due_of(w, "two").day, before.day);
    assert_state(w, "one", "ready");
    clock_to(w, "2027-02-05");
    assert_int_equal(count_effects(w, RH_PROCESS_MAIL_OUT, "one", NULL), 2);
}

static void once_a_step_of_the_new_version_was_done_that_has_to_be_taken_back_first(void **state)
{
    struct world *w = *state;
    struct rh_process_event undo;
    int32_t number;

    migrate(w);
    number = (int32_t)w->state->event_count;
    must_be_done(w, "2027-01-20", "one");
    must_be_done(w, "2027-01-22", "more");
    undo = event_of(w, RH_PROCESS_UNDO, NULL);
    undo.count = number;
    assert_int_equal(happen(w, undo), RH_ECONFLICT);
    assert_non_null(strstr(w->err.text[RH_EN], "there is no step 'more'"));
    take_back(w, (int32_t)w->state->event_count);
    take_back(w, number);

    assert_state(w, "one", "done");
    assert_state(w, "two", "ready");
}

static void what_was_done_stays_done(void **state)
{
    struct world *w = *state;

    must_be_done(w, "2027-01-20", "one");
    migrate(w);

    assert_state(w, "one", "done");
    assert_state(w, "more", "ready");
    assert_due(w, "more", "2027-01-27");
}

static void an_unknown_version_and_the_same_one_are_refused(void **state)
{
    struct world *w = *state;
    struct rh_process_event event = event_of(w, RH_PROCESS_MIGRATE, NULL);

    event.hash = "0123";
    assert_int_equal(happen(w, event), RH_ENOTFOUND);
    event.hash = w->versions[0]->hash;
    assert_int_equal(happen(w, event), RH_ECONFLICT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_difference_is_shown_and_nothing_changes),
        TEST(what_left_does_not_leave_again),
        TEST(going_over_sends_nothing),
        TEST(not_even_what_the_new_version_had_sent_this_morning),
        cmocka_unit_test(taken_back_in_time_the_old_version_does_not_say_it_again),
        TEST(a_deadline_that_passed_does_not_pass_again),
        TEST(taking_it_back_leads_to_the_old_dates_and_sends_nothing_again),
        TEST(there_and_back_at_once_is_as_if_nothing_had_been),
        TEST(once_a_step_of_the_new_version_was_done_that_has_to_be_taken_back_first),
        TEST(what_was_done_stays_done),
        TEST(an_unknown_version_and_the_same_one_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
