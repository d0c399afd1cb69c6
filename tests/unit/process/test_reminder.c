/* Reminders: who is written to when, what stops them, and what quiet periods do to them. */
#include "tests/unit/process/world.h"

#define DEFINITION(due, rules)                                                                     \
    "process {\n title_de = \"T\"\n title_en = \"T\"\n quiet = { school, 12-24..01-01 }\n}\n"      \
    "step a {\n title_de = \"A\"\n title_en = \"A\"\n who = contact\n form = deadline\n"           \
    " due = \"" due "\"\n remind = c\n}\n"                                                         \
    "step b {\n title_de = \"B\"\n title_en = \"B\"\n who = team\n form = deadline\n"              \
    " due = \"5 workdays after a\"\n needs = { a }\n remind = d\n}\n"                              \
    "chain c {\n rules = { " rules " }\n}\n"                                                       \
    "chain d {\n rules = { \"2 workdays before: actor, soon\" }\n}\n"

#define CHAIN                                                                                      \
    "\"at opening: actor, step_open\", \"5 workdays before: actor, soon\", \"on the day: actor, "  \
    "today\", \"3 workdays after: deputy, late, copy actor\", \"6 workdays after: head, late\", "  \
    "\"10 workdays after: coordination, call, urgent\""

static void open_world(struct world *w, const char *text, const char *start)
{
    world_init(w, read_definition(text));
    begin(w, start, start);
}

/* "2027-01-11 09:00 step_open contact" … of all mails that left, one a line. */
static void assert_left(struct world *w, const char *lines)
{
    rh_auto_str(text, 1 << 16);

    for (size_t i = 0; i < w->effects.count; i++) {
        const struct rh_process_effect *e = &w->effects.list[i];
        char day[RH_DATE_TEXT_SIZE];
        int32_t second = 0;

        if (e->kind != RH_PROCESS_MAIL_OUT)
            continue;
        (void)rh_day_iso(rh_berlin_day(e->at, &second), day);
        rh_str_printf(&text, "%s %02d:%02d %s %s\n", day, second / 3600, second / 60 % 60,
                      e->template, rh_process_role_word(e->role));
    }
    assert_string_equal(text.data, lines);
}

static void a_chain_reminds_and_then_escalates(void **state)
{
    struct world w;
    (void)state;

    open_world(&w, DEFINITION("15 workdays after start", CHAIN), "2027-01-11");
    clock_to(&w, "2027-03-15");

    assert_left(&w, "2027-01-11 09:00 step_open contact\n"
                    "2027-01-25 08:00 soon contact\n"
                    "2027-02-01 08:00 today contact\n"
                    "2027-02-04 08:00 late deputy\n"
                    "2027-02-10 08:00 late head\n" /* without Rosenmontag */
                    "2027-02-16 08:00 call coordination\n");
    assert_int_equal(effect_of(&w, RH_PROCESS_MAIL_OUT, "a", "due+3w:deputy")->copy,
                     RH_PROCESS_CONTACT);
    assert_true(effect_of(&w, RH_PROCESS_MAIL_OUT, "a", "due+10w:coordination")->urgent);
    world_fini(&w);
}

static void a_step_that_is_done_is_not_reminded_of(void **state)
{
    struct world w;
    (void)state;

    open_world(&w, DEFINITION("15 workdays after start", CHAIN), "2027-01-11");
    must_be_done(&w, "2027-01-26", "a");
    assert_int_equal(count_effects(&w, RH_PROCESS_MAIL_GONE, "a", NULL), 4);
    clock_to(&w, "2027-03-29");

    assert_left(&w, "2027-01-29 08:00 soon team\n"); /* of the next step */
    world_fini(&w);
}

static void nothing_leaves_at_night_on_weekends_or_between_the_years(void **state)
{
    struct world w;
    (void)state;

    world_init(&w, read_definition(DEFINITION("60 days after start", CHAIN)));
    begin(&w, "2027-10-09 21:00", "2027-10-09");
    clock_to(&w, "2028-02-01");

    assert_left(&w, "2027-10-11 08:00 step_open contact\n" /* begun on a Saturday night */
                    "2027-12-01 08:00 soon contact\n"
                    "2027-12-08 08:00 today contact\n"
                    "2027-12-13 08:00 late deputy\n"
                    "2027-12-16 08:00 late head\n"
                    "2027-12-22 08:00 call coordination\n");
    world_fini(&w);
}

static void what_a_quiet_period_holds_back_leaves_after_it(void **state)
{
    struct world w;
    const struct rh_process_effect *late;
    (void)state;

    open_world(&w, DEFINITION("10 workdays after start", CHAIN), "2027-12-07");
    assert_due(&w, "a", "2027-12-21");
    clock_to(&w, "2028-01-31");

    /* three days after is 27 December, six 30 December, ten 5 January: all in the holidays */
    assert_left(&w, "2027-12-07 09:00 step_open contact\n"
                    "2027-12-14 08:00 soon contact\n"
                    "2027-12-21 08:00 today contact\n"
                    "2028-01-10 08:00 late deputy\n"
                    "2028-01-10 08:00 late head\n"
                    "2028-01-10 08:00 call coordination\n");
    late = effect_of(&w, RH_PROCESS_MAIL_OUT, "a", "due+6w:head");
    assert_int_equal(late->moved, RH_PROCESS_FROM_QUIET);
    world_fini(&w);
}

static void held_back_together_only_the_last_to_a_person_is_left(void **state)
{
    struct world w;
    (void)state;

    open_world(&w,
               DEFINITION("10 workdays after start",
                          "\"3 workdays after: head, first\", \"5 workdays after: head, second\", "
                          "\"7 workdays after: head, third\""),
               "2027-12-07");
    clock_to(&w, "2028-01-31");

    assert_left(&w, "2028-01-10 08:00 third head\n");
    world_fini(&w);
}

static void a_reminder_before_the_deadline_leaves_before_the_quiet_days_rather_than_too_late(
    void **state)
{
    struct world w;
    (void)state;

    open_world(&w, DEFINITION("30 workdays after start", "\"2 workdays before: actor, soon\""),
               "2027-07-05");
    assert_due(&w, "a", "2027-09-01"); /* two days before lies in the summer holidays */
    clock_to(&w, "2027-09-05");

    assert_left(&w, "2027-07-16 08:00 soon contact\n");
    world_fini(&w);
}

static void whoever_calls_back_on_monday_is_not_reminded_before(void **state)
{
    struct world w;
    struct rh_process_event wait;
    (void)state;

    open_world(&w, DEFINITION("5 workdays after start", CHAIN), "2027-01-11");
    clock_to(&w, "2027-01-14");
    wait = event_of(&w, RH_PROCESS_WAIT, "a");
    wait.day = day_of("2027-01-25");
    wait.reason = "Telefonat mit der Leitung";
    must_happen(&w, wait);
    assert_state(&w, "a", "waiting");
    clock_to(&w, "2027-01-26");

    assert_state(&w, "a", "running");
    assert_left(&w, "2027-01-25 08:00 today contact\n"
                    "2027-01-25 08:00 late deputy\n"
                    "2027-01-26 08:00 late head\n");
    world_fini(&w);
}

static void a_new_deadline_is_reminded_of_anew_and_the_old_one_not_again(void **state)
{
    struct world w;
    struct rh_process_event shift;
    (void)state;

    open_world(&w, DEFINITION("15 workdays after start", CHAIN), "2027-01-11");
    clock_to(&w, "2027-01-27"); /* "soon" left on the 25th */
    shift = event_of(&w, RH_PROCESS_EXTEND, "a");
    shift.count = 10;
    must_happen(&w, shift);
    effect_of(&w, RH_PROCESS_MAIL_LOST, "a", "due-5w:actor");
    shift = event_of(&w, RH_PROCESS_SHIFT, "a");
    shift.count = -10;
    must_happen(&w, shift);
    clock_to(&w, "2027-02-02");
    assert_left(&w, "2027-02-01 08:00 today contact\n");
    shift.at = w.now;
    shift.count = 10;
    must_happen(&w, shift);
    clock_to(&w, "2027-02-10");

    assert_left(&w, "2027-02-09 08:00 soon contact\n");
    world_fini(&w);
}

static void after_a_long_downtime_the_last_reminder_speaks_for_all(void **state)
{
    struct world w;
    (void)state;

    open_world(&w,
               DEFINITION("15 workdays after start",
                          "\"5 workdays before: actor, soon\", \"on the day: actor, today\", "
                          "\"3 workdays after: actor, late\", \"6 workdays after: head, late\""),
               "2027-01-11");
    clear(&w);
    assert_int_equal(
        rh_process_tick(w.state, &w.calendar, time_of("2027-06-01"), &w.effects, &w.err), 0);
    assert_left(&w, "2027-02-04 08:00 late contact\n2027-02-10 08:00 late head\n");
    clear(&w);
    assert_int_equal(
        rh_process_tick(w.state, &w.calendar, time_of("2027-06-02"), &w.effects, &w.err), 0);

    assert_int_equal(w.effects.count, 0);
    world_fini(&w);
}

static void a_clock_that_goes_back_sends_nothing_twice(void **state)
{
    struct world w;
    (void)state;

    open_world(&w, DEFINITION("15 workdays after start", CHAIN), "2027-01-11");
    clock_to(&w, "2027-02-05");
    clear(&w);
    assert_int_equal(rh_process_tick(w.state, &w.calendar, 0, &w.effects, &w.err), 0);
    assert_int_equal(w.effects.count, 0);
    assert_int_equal(
        rh_process_tick(w.state, &w.calendar, time_of("2027-02-05"), &w.effects, &w.err), 0);

    assert_int_equal(w.effects.count, 0);
    world_fini(&w);
}

static void after_a_pause_with_the_clock_running_the_last_one_held_back_leaves(void **state)
{
    struct world w;
    struct rh_process_event event;
    (void)state;

    open_world(&w,
               DEFINITION("5 workdays after start",
                          "\"on the day: actor, today\", \"3 workdays after: actor, late\", "
                          "\"20 workdays after: actor, later\""),
               "2027-01-11");
    clock_to(&w, "2027-01-14");
    must_happen(&w, event_of(&w, RH_PROCESS_PAUSE, NULL));
    clock_to(&w, "2027-01-28 10:00");
    assert_left(&w, "");
    event = event_of(&w, RH_PROCESS_RESUME, NULL);
    must_happen(&w, event);
    clock_to(&w, "2027-01-30");

    assert_left(&w, "2027-01-28 10:00 late contact\n");
    world_fini(&w);
}

static void an_agreed_date_is_reminded_of_although_not_all_before_it_is_done(void **state)
{
    struct world w;
    struct rh_process_event date;
    (void)state;

    world_init(&w, read_shipped());
    begin(&w, "2027-01-11", "2027-01-11");
    date = event_of(&w, RH_PROCESS_DATE, "session");
    date.day = day_of("2027-06-16");
    must_happen(&w, date);
    assert_state(&w, "session", "planned");
    clock_to(&w, "2027-06-16");

    assert_int_equal(count_effects(&w, RH_PROCESS_MAIL_OUT, "session", NULL), 2);
    assert_time(effect_of(&w, RH_PROCESS_MAIL_OUT, "session", "due-10w:contact")->at,
                "2027-06-02 08:00");
    world_fini(&w);
}

static void one_person_in_two_roles_of_a_rule_is_written_to_once(void **state)
{
    struct world w;
    (void)state;

    open_world(&w,
               DEFINITION("5 workdays after start",
                          "\"on the day: actor, first, copy contact\", \"on the day: contact, "
                          "second\", \"3 hours before: contact, hours\""),
               "2027-01-11");
    clock_to(&w, "2027-02-11");

    assert_left(&w, "2027-01-18 08:00 hours contact\n"); /* 21:00 is no office hour */
    assert_int_equal(effect_of(&w, RH_PROCESS_MAIL_OUT, "a", NULL)->copy, RH_PROCESS_NOBODY);
    world_fini(&w);
}

static void nobody_is_reminded_of_a_date_that_nobody_has_named(void **state)
{
    struct world w;
    struct rh_process_event date;
    (void)state;

    open_world(&w,
               "process {\n title_de = \"T\"\n title_en = \"T\"\n}\n"
               "date d {\n title_de = \"D\"\n title_en = \"D\"\n who = contact\n"
               " expected = \"20 days after start\"\n}\n"
               "step a {\n title_de = \"A\"\n title_en = \"A\"\n who = head\n form = deadline\n"
               " due = \"0 days after d\"\n remind = c\n}\n"
               "chain c {\n rules = { \"5 workdays before: actor, soon\" }\n}\n",
               "2027-01-11");
    assert_due(&w, "a", "2027-02-01"); /* 31 January is a Sunday */
    assert_true(due_of(&w, "a").guessed);
    clock_to(&w, "2027-02-20");
    assert_int_equal(w.effects.count, 0);
    date = event_of(&w, RH_PROCESS_DATE, NULL);
    date.item = "d";
    date.day = day_of("2027-03-15");
    must_happen(&w, date);
    clock_to(&w, "2027-03-20");

    assert_left(&w, "2027-03-08 08:00 soon head\n");
    assert_int_equal(count_effects(&w, RH_PROCESS_DUE_PASSED, "a", NULL), 1);
    world_fini(&w);
}

/* --- looking ahead --- */

static void the_forecast_is_what_then_happens(void **state)
{
    struct world w;
    struct rh_process_effects forecast = {0};
    size_t mails = 0, live = 0;
    (void)state;

    open_world(&w, DEFINITION("15 workdays after start", CHAIN), "2027-01-11");
    assert_int_equal(
        rh_process_forecast(w.state, &w.calendar, w.now, time_of("2027-03-15"), &forecast, NULL),
        0);
    clock_to(&w, "2027-03-15");
    for (size_t i = 0; i < forecast.count; i++) {
        const struct rh_process_effect *e = &forecast.list[i];

        if (e->kind != RH_PROCESS_MAIL_OUT || e->expected)
            continue;
        mails++;
        assert_true(effect_of(&w, RH_PROCESS_MAIL_OUT, e->step, e->rule)->at == e->at);
    }
    live = count_effects(&w, RH_PROCESS_MAIL_OUT, NULL, NULL);

    assert_int_equal(mails, 6);
    assert_int_equal(live, mails);
    rh_process_effects_fini(&forecast);
    world_fini(&w);
}

static void the_forecast_marks_what_depends_on_steps_not_ready(void **state)
{
    struct world w;
    struct rh_process_effects forecast = {0};
    bool found = false;
    size_t events;
    (void)state;

    open_world(&w, DEFINITION("15 workdays after start", CHAIN), "2027-01-11");
    events = w.state->event_count;
    assert_int_equal(rh_process_forecast(w.state, &w.calendar, time_of("2027-02-01"),
                                         time_of("2027-02-15"), &forecast, NULL),
                     0);
    for (size_t i = 0; i < forecast.count; i++)
        if (strcmp(forecast.list[i].step, "b") == 0 &&
            forecast.list[i].kind == RH_PROCESS_MAIL_OUT) {
            found = true;
            assert_true(forecast.list[i].expected);
            assert_time(forecast.list[i].at, "2027-02-04 08:00"); /* Rosenmontag lies between */
        }

    assert_true(found);
    assert_int_equal(w.state->event_count, events);
    rh_process_effects_fini(&forecast);
    world_fini(&w);
}

static void the_key_of_a_reminder_names_procedure_step_rule_and_day(void **state)
{
    struct world w;
    char key[RH_PROCESS_KEY_SIZE];
    (void)state;

    open_world(&w, DEFINITION("15 workdays after start", CHAIN), "2027-01-11");
    rh_process_mail_key(w.state, "a", "due-5w:actor", day_of("2027-02-01"), key);
    assert_string_equal(key, "herne-2027-01/a/due-5w:actor/2027-02-01");
    rh_process_mail_key(w.state, "a", "open:actor", RH_NO_DAY, key);

    assert_string_equal(key, "herne-2027-01/a/open:actor");
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_reminds_and_then_escalates),
        cmocka_unit_test(a_step_that_is_done_is_not_reminded_of),
        cmocka_unit_test(nothing_leaves_at_night_on_weekends_or_between_the_years),
        cmocka_unit_test(what_a_quiet_period_holds_back_leaves_after_it),
        cmocka_unit_test(held_back_together_only_the_last_to_a_person_is_left),
        cmocka_unit_test(
            a_reminder_before_the_deadline_leaves_before_the_quiet_days_rather_than_too_late),
        cmocka_unit_test(whoever_calls_back_on_monday_is_not_reminded_before),
        cmocka_unit_test(a_new_deadline_is_reminded_of_anew_and_the_old_one_not_again),
        cmocka_unit_test(after_a_long_downtime_the_last_reminder_speaks_for_all),
        cmocka_unit_test(a_clock_that_goes_back_sends_nothing_twice),
        cmocka_unit_test(after_a_pause_with_the_clock_running_the_last_one_held_back_leaves),
        cmocka_unit_test(an_agreed_date_is_reminded_of_although_not_all_before_it_is_done),
        cmocka_unit_test(one_person_in_two_roles_of_a_rule_is_written_to_once),
        cmocka_unit_test(nobody_is_reminded_of_a_date_that_nobody_has_named),
        cmocka_unit_test(the_forecast_is_what_then_happens),
        cmocka_unit_test(the_forecast_marks_what_depends_on_steps_not_ready),
        cmocka_unit_test(the_key_of_a_reminder_names_procedure_step_rule_and_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
