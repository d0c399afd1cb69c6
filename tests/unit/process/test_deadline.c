/* Deadlines: counted in the office's calendar, moved by people and pauses, and able to say why. */
#include "tests/unit/process/world.h"

#define HEAD                                                                                       \
    "process {\n title_de = \"T\"\n title_en = \"T\"\n quiet = { school, 12-24..01-01 }\n}\n"
#define STEP(name, rest)                                                                           \
    "step " name " {\n title_de = \"Schritt " name "\"\n title_en = \"Step " name                  \
    "\"\n who = contact\n form = deadline\n " rest "\n}\n"

static void open_world(struct world *w, const char *text, const char *start)
{
    world_init(w, read_definition(text));
    begin(w, start, start);
}

static void assert_why(struct world *w, const char *step, enum rh_lang lang, const char *words)
{
    rh_auto_str(why, 4096);

    rh_process_explain(w->state, &w->calendar, step_of(w, step), lang, &why);
    assert_string_equal(why.data, words);
}

static void ten_working_days_leave_out_corpus_christi_and_say_so(void **state)
{
    struct world w;
    (void)state;

    open_world(&w, HEAD STEP("a", "due = \"10 workdays after start\""), "2027-05-20");

    assert_due(&w, "a", "2027-06-04");
    assert_why(&w, "a", RH_DE,
               "Freitag, 4. Juni 2027: 10 Arbeitstage nach „Beginn des Verfahrens“ (20. Mai 2027), "
               "ohne Fronleichnam (27. Mai 2027)");
    assert_why(&w, "a", RH_EN,
               "Friday, 4 June 2027: 10 working days after “start of the procedure” (20 May 2027), "
               "minus Corpus Christi (27 May 2027)");
    world_fini(&w);
}

static void two_offices_have_two_calendars(void **state)
{
    struct world w;
    (void)state;

    open_world(&w, HEAD STEP("a", "due = \"5 workdays after start\""), "2027-02-03");
    assert_due(&w, "a", "2027-02-11"); /* rests on Rosenmontag, 8 February */
    w.calendar.closing_count = 0;

    assert_due(&w, "a", "2027-02-10");
    world_fini(&w);
}

static void a_deadline_in_a_quiet_period_moves_behind_it(void **state)
{
    struct world w;
    (void)state;

    open_world(&w,
               HEAD STEP("a", "due = \"10 workdays after start\"")
                   STEP("b", "due = \"10 workdays after start\"\n in_quiet = keep"),
               "2027-07-07");

    assert_due(&w, "a", "2027-09-01");
    assert_why(&w, "a", RH_DE,
               "Mittwoch, 1. September 2027: 10 Arbeitstage nach „Beginn des Verfahrens“ (7. Juli "
               "2027); nicht am 21. Juli 2027 (Sommerferien)");
    assert_due(&w, "b", "2027-07-21");
    world_fini(&w);
}

static void days_weeks_and_months_end_on_a_working_day(void **state)
{
    struct world w;
    (void)state;

    open_world(&w,
               HEAD STEP("a", "due = \"9 days after start\"")
                   STEP("b", "due = \"2 weeks after start\"")
                       STEP("c", "due = \"1 months after start\""),
               "2027-01-21");

    assert_due(&w, "a", "2027-02-01"); /* 30 January is a Saturday */
    assert_due(&w, "b", "2027-02-04");
    assert_due(&w, "c", "2027-02-22"); /* 21 February is a Sunday */
    assert_why(
        &w, "a", RH_DE,
        "Montag, 1. Februar 2027: 9 Tage nach „Beginn des Verfahrens“ (21. Januar 2027); nicht "
        "am 30. Januar 2027 (Samstag)");
    world_fini(&w);
}

static void counted_backwards_a_deadline_moves_back_and_never_past_its_base(void **state)
{
    struct world w;
    struct rh_process_event date;
    (void)state;

    open_world(
        &w,
        HEAD STEP("line",
                  "due = \"5 workdays before session\"") "step session {\n title_de = \"S\"\n "
                                                         "title_en = \"S\"\n who = team\n form = "
                                                         "appointment\n due = \"60 workdays after "
                                                         "start\"\n needs = { line }\n}\n",
        "2027-03-01");
    date = event_of(&w, RH_PROCESS_DATE, "session");
    date.day = day_of("2027-04-08"); /* five days before is 1 April, in the Easter holidays */
    must_happen(&w, date);

    assert_due(&w, "session", "2027-04-08");
    assert_due(&w, "line", "2027-03-19");
    world_fini(&w);
}

static void hours_are_hours_also_when_the_clocks_change(void **state)
{
    struct world w;
    (void)state;

    open_world(&w,
               HEAD STEP("a", "due = \"5 workdays after start\"")
                   STEP("b", "due = \"48 hours after a\"\n needs = { a }"),
               "2027-03-15");
    must_be_done(&w, "2027-03-26 12:00", "a"); /* summer time begins on 28 March 2027 at 2:00 */

    assert_time(due_of(&w, "b").at, "2027-03-28 13:00");
    assert_why(&w, "b", RH_DE,
               "Sonntag, 28. März 2027, 13:00 Uhr: 48 Stunden nach „Schritt a“ (26. März 2027)");
    world_fini(&w);
}

#define STEP_B "step b {\n title_de = \"B\"\n title_en = \"B\"\n who = contact\n form = deadline\n"

/* Hours on the two days that have 23 and 25 of them, and the hour that comes twice. */
static void a_day_of_twenty_three_or_twenty_five_hours_is_no_day_of_hours(void **state)
{
    static const struct {
        const char *start, *done, *due;
        int32_t hours;
    } cases[] = {
        {"2027-03-15", "2027-03-27 12:00", "2027-03-28 13:00", 24},
        {"2027-03-15", "2027-03-27 23:30", "2027-03-28 03:30", 3}, /* 2:30 does not exist */
        {"2027-03-15", "2027-03-27 23:00", "2027-03-29 00:00", 24},
        {"2027-10-18", "2027-10-30 12:00", "2027-10-31 11:00", 24},
        {"2027-10-18", "2027-10-30 23:30", "2027-10-31 03:30", 5},
        {"2027-10-18", "2027-10-31 00:00", "2027-10-31 23:00", 24},
        {"2027-10-18", "2027-10-30 00:00", "2027-11-01 00:00", 49},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[2000];
        struct world w;

        snprintf(text, sizeof(text), "%s%s  due = \"%d hours after a\"\n needs = { a }\n}\n",
                 HEAD STEP("a", "due = \"5 workdays after start\""), STEP_B, cases[i].hours);
        open_world(&w, text, cases[i].start);
        must_be_done(&w, cases[i].done, "a");

        assert_time(due_of(&w, "b").at, cases[i].due);
        world_fini(&w);
    }
}

/* Counted from the day that only leap years have. */
static void from_the_29th_of_february_months_end_on_the_day_there_is(void **state)
{
    static const struct {
        const char *due, *day;
    } cases[] = {
        {"12 months after a", "2029-02-28"},  {"48 months after a", "2032-03-01"}, /* a Sunday */
        {"1 months after a", "2028-03-29"},   {"366 days after a", "2029-03-01"},
        {"1 workdays after a", "2028-03-01"}, {"52 weeks after a", "2029-02-27"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[2000];
        struct world w;

        snprintf(text, sizeof(text), "%s%s  due = \"%s\"\n needs = { a }\n}\n",
                 HEAD STEP("a", "due = \"5 workdays after start\""), STEP_B, cases[i].due);
        open_world(&w, text, "2028-02-21"); /* closed on Carnival Monday, the 28th */
        assert_due(&w, "a", "2028-02-29");
        must_be_done(&w, "2028-02-29 12:00", "a");

        assert_due(&w, "b", cases[i].day);
        world_fini(&w);
    }
}

static void a_day_ends_at_midnight_on_the_wall_in_winter_and_summer(void **state)
{
    struct world w;
    (void)state;

    open_world(&w, HEAD STEP("a", "due = \"1 workdays after start\""), "2027-01-11");
    assert_int_equal(due_of(&w, "a").at - day_of("2027-01-12") * INT64_C(86400), 82800);
    world_fini(&w);
    open_world(&w, HEAD STEP("a", "due = \"1 workdays after start\""), "2027-06-14");

    assert_int_equal(due_of(&w, "a").at - day_of("2027-06-15") * INT64_C(86400), 79200);
    world_fini(&w);
}

static void a_step_not_done_yet_counts_with_the_day_it_should_be(void **state)
{
    struct world w;
    (void)state;

    open_world(&w,
               HEAD STEP("a", "due = \"5 workdays after start\"")
                   STEP("b", "due = \"5 workdays after a\"\n needs = { a }"),
               "2027-01-11");
    assert_due(&w, "b", "2027-01-25");
    assert_true(due_of(&w, "b").expected);
    must_be_done(&w, "2027-01-13", "a");

    assert_due(&w, "b", "2027-01-20");
    assert_false(due_of(&w, "b").expected);
    assert_int_equal(effect_of(&w, RH_PROCESS_DUE_SET, "b", NULL)->old_day, day_of("2027-01-25"));
    world_fini(&w);
}

static void what_is_expected_does_not_lie_in_the_past(void **state)
{
    struct world w;
    (void)state;

    open_world(&w,
               HEAD STEP("a", "due = \"5 workdays after start\"")
                   STEP("b", "due = \"5 workdays after a\"\n needs = { a }"),
               "2027-01-11");
    assert_due(&w, "b", "2027-01-25");
    clock_to(&w, "2027-02-20");
    must_happen(&w, event_of(&w, RH_PROCESS_RUN, "a")); /* five weeks late, and begun at last */

    assert_due(&w, "a", "2027-01-18");
    assert_due(&w, "b", "2027-02-26");
    world_fini(&w);
}

/* --- by hand --- */

static void shifting_there_and_back_changes_nothing(void **state)
{
    struct world w;
    struct rh_process_event shift;
    struct rh_process_due before;
    (void)state;

    open_world(&w, HEAD STEP("a", "due = \"10 workdays after start\""), "2027-05-20");
    before = due_of(&w, "a");
    for (int32_t n = 1; n < 120; n += 7) {
        shift = event_of(&w, RH_PROCESS_SHIFT, "a");
        shift.count = n;
        must_happen(&w, shift);
        shift.count = -n;
        must_happen(&w, shift);

        assert_int_equal(due_of(&w, "a").day, before.day);
        assert_true(due_of(&w, "a").at == before.at);
    }
    world_fini(&w);
}

static void extending_keeps_working_days_and_names_the_reason(void **state)
{
    struct world w;
    struct rh_process_event extend;
    (void)state;

    open_world(&w, HEAD STEP("a", "due = \"10 workdays after start\""), "2027-05-20");
    extend = event_of(&w, RH_PROCESS_EXTEND, "a");
    extend.count = 3;
    extend.reason = "Krankheit";
    must_happen(&w, extend);
    assert_due(&w, "a", "2027-06-09");
    assert_why(
        &w, "a", RH_DE,
        "Mittwoch, 9. Juni 2027: 10 Arbeitstage nach „Beginn des Verfahrens“ (20. Mai 2027), "
        "ohne Fronleichnam (27. Mai 2027); um 3 Arbeitstage verlängert (Krankheit)");
    extend.count = -1;
    assert_int_equal(happen(&w, extend), RH_EINVALID);
    extend.count = 1;
    extend.reason = "";
    assert_int_equal(happen(&w, extend), RH_EINVALID);
    world_fini(&w);
}

static void a_day_set_by_hand_stays_until_it_is_reset(void **state)
{
    struct world w;
    struct rh_process_event set;
    (void)state;

    open_world(&w, HEAD STEP("a", "due = \"10 workdays after start\""), "2027-05-20");
    set = event_of(&w, RH_PROCESS_SET, "a");
    set.day = day_of("2027-07-24"); /* a Saturday in the school holidays: the person's choice */
    set.reason = "so besprochen";
    must_happen(&w, set);
    assert_due(&w, "a", "2027-07-24");
    assert_why(&w, "a", RH_EN, "Saturday, 24 July 2027: set by hand (so besprochen)");
    must_happen(&w, event_of(&w, RH_PROCESS_RESET, "a"));

    assert_due(&w, "a", "2027-06-04");
    assert_int_equal(happen(&w, event_of(&w, RH_PROCESS_RESET, "a")), RH_ECONFLICT);
    world_fini(&w);
}

static void called_due_now_it_passes_now(void **state)
{
    struct world w;
    (void)state;

    open_world(&w, HEAD STEP("a", "due = \"10 workdays after start\""), "2027-05-20");
    clock_to(&w, "2027-05-22 21:00"); /* a Saturday night: people who call it now mean now */
    must_happen(&w, event_of(&w, RH_PROCESS_FIRE, "a"));
    clock_to(&w, "2027-05-22 21:00");

    assert_time(effect_of(&w, RH_PROCESS_DUE_PASSED, "a", NULL)->at, "2027-05-22 21:00");
    world_fini(&w);
}

static void a_deadline_passes_once(void **state)
{
    struct world w;
    (void)state;

    open_world(&w, HEAD STEP("a", "due = \"10 workdays after start\""), "2027-05-20");
    clock_to(&w, "2027-08-01");
    assert_int_equal(count_effects(&w, RH_PROCESS_DUE_PASSED, "a", NULL), 1);
    assert_time(effect_of(&w, RH_PROCESS_DUE_PASSED, "a", NULL)->at, "2027-06-05 00:00");
    clock_to(&w, "2027-09-01");

    assert_int_equal(w.effects.count, 0);
    world_fini(&w);
}

/* --- pauses --- */

static void pause_from_to(struct world *w, const char *from, const char *to, bool stops)
{
    struct rh_process_event event;

    clock_to(w, from);
    event = event_of(w, RH_PROCESS_PAUSE, NULL);
    event.flag = stops;
    event.reason = "Kommunalwahl";
    must_happen(w, event);
    clock_to(w, to);
    event = event_of(w, RH_PROCESS_RESUME, NULL);
    must_happen(w, event);
}

static void a_stopped_clock_adds_the_working_days_it_stood(void **state)
{
    struct world w;
    (void)state;

    open_world(&w, HEAD STEP("a", "due = \"10 workdays after start\""), "2027-05-20");
    pause_from_to(&w, "2027-05-24", "2027-06-07", true); /* nine working days, for Corpus Christi */

    assert_due(&w, "a", "2027-06-17");
    assert_why(
        &w, "a", RH_DE,
        "Donnerstag, 17. Juni 2027: 10 Arbeitstage nach „Beginn des Verfahrens“ (20. Mai 2027), "
        "ohne Fronleichnam (27. Mai 2027); dazu 9 Arbeitstage Pause (Kommunalwahl)");
    world_fini(&w);
}

static void while_the_clock_stands_a_deadline_has_no_hour_to_pass(void **state)
{
    struct world w;
    struct rh_process_event pause;
    (void)state;

    open_world(&w, HEAD STEP("a", "due = \"10 workdays after start\""), "2027-05-20");
    pause = event_of(&w, RH_PROCESS_PAUSE, NULL);
    pause.flag = true;
    pause.reason = "Kommunalwahl";
    must_happen(&w, pause);

    assert_true(due_of(&w, "a").suspended);
    assert_true(due_of(&w, "a").at == RH_NO_INSTANT);
    effect_of(&w, RH_PROCESS_DUE_GONE, "a", NULL);
    assert_why(&w, "a", RH_DE,
               "Freitag, 4. Juni 2027: 10 Arbeitstage nach „Beginn des Verfahrens“ (20. Mai 2027), "
               "ohne Fronleichnam (27. Mai 2027); die Uhr steht, solange das Verfahren ruht");
    world_fini(&w);
}

static void a_running_clock_moves_nothing(void **state)
{
    struct world w;
    (void)state;

    open_world(&w, HEAD STEP("a", "due = \"10 workdays after start\""), "2027-05-20");
    pause_from_to(&w, "2027-05-24", "2027-06-01", false);

    assert_due(&w, "a", "2027-06-04");
    world_fini(&w);
}

static void days_in_two_pauses_count_once(void **state)
{
    struct world w;
    struct rh_process_event event;
    (void)state;

    open_world(&w, HEAD STEP("a", "due = \"10 workdays after start\""), "2027-05-20");
    clock_to(&w, "2027-05-24");
    event = event_of(&w, RH_PROCESS_PAUSE, NULL);
    event.flag = true;
    must_happen(&w, event);
    event.flag_national = true;
    event.at = time_of("2027-05-31");
    must_happen(&w, event);
    event = event_of(&w, RH_PROCESS_RESUME, NULL);
    event.at = time_of("2027-06-02");
    must_happen(&w, event);
    event.flag_national = true;
    event.at = time_of("2027-06-07");
    must_happen(&w, event);

    assert_due(&w, "a", "2027-06-17");
    world_fini(&w);
}

/* --- a window, a date of the office --- */

static void a_window_opens_on_its_day_when_what_it_needs_is_done(void **state)
{
    struct world w;
    (void)state;

    open_world(
        &w,
        HEAD STEP("a",
                  "due = \"5 workdays after start\"") "step w {\n title_de = \"W\"\n title_en = "
                                                      "\"W\"\n who = research\n form = window\n "
                                                      "open = \"3 workdays after a\"\n due = \"10 "
                                                      "workdays after a\"\n needs = { a }\n}\n",
        "2027-01-11");
    must_be_done(&w, "2027-01-13", "a");
    assert_state(&w, "w", "planned");
    clock_to(&w, "2027-01-17");
    assert_state(&w, "w", "planned");
    clock_to(&w, "2027-01-18 00:00");

    assert_state(&w, "w", "ready");
    world_fini(&w);
}

static void the_committee_meets_when_the_office_says(void **state)
{
    struct world w;
    struct rh_process_event date = RH_PROCESS_EVENT(RH_PROCESS_DATE, 0);
    (void)state;

    world_init(&w, read_shipped());
    begin(&w, "2027-01-11", "2027-01-11");
    date.at = w.now;
    date.item = "committee";
    date.day = day_of("2027-10-27"); /* in the autumn holidays: committees do as they like */
    must_happen(&w, date);
    assert_due(&w, "presentation", "2027-10-27");
    date.item = "comittee";
    assert_int_equal(happen(&w, date), RH_ENOTFOUND);
    world_fini(&w);
}

static void effort_is_summed_by_role_and_year(void **state)
{
    struct world w;
    int32_t minutes[RH_PROCESS_ROLE_END_];
    (void)state;

    world_init(&w, read_shipped());
    begin(&w, "2027-01-11", "2027-01-11");
    rh_process_effort_sum(w.state, &w.calendar, day_of("2027-01-01"), day_of("2027-02-01"),
                          minutes);
    assert_int_equal(minutes[RH_PROCESS_CONTACT], 240);
    assert_int_equal(minutes[RH_PROCESS_HEAD], 0);
    rh_process_effort_sum(w.state, &w.calendar, day_of("2027-01-01"), day_of("2029-12-31"),
                          minutes);

    assert_int_equal(minutes[RH_PROCESS_STAFF], 20 + 480 + 240 + 20);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_working_days_leave_out_corpus_christi_and_say_so),
        cmocka_unit_test(two_offices_have_two_calendars),
        cmocka_unit_test(a_deadline_in_a_quiet_period_moves_behind_it),
        cmocka_unit_test(days_weeks_and_months_end_on_a_working_day),
        cmocka_unit_test(counted_backwards_a_deadline_moves_back_and_never_past_its_base),
        cmocka_unit_test(hours_are_hours_also_when_the_clocks_change),
        cmocka_unit_test(a_day_of_twenty_three_or_twenty_five_hours_is_no_day_of_hours),
        cmocka_unit_test(from_the_29th_of_february_months_end_on_the_day_there_is),
        cmocka_unit_test(a_day_ends_at_midnight_on_the_wall_in_winter_and_summer),
        cmocka_unit_test(a_step_not_done_yet_counts_with_the_day_it_should_be),
        cmocka_unit_test(what_is_expected_does_not_lie_in_the_past),
        cmocka_unit_test(shifting_there_and_back_changes_nothing),
        cmocka_unit_test(extending_keeps_working_days_and_names_the_reason),
        cmocka_unit_test(a_day_set_by_hand_stays_until_it_is_reset),
        cmocka_unit_test(called_due_now_it_passes_now),
        cmocka_unit_test(a_deadline_passes_once),
        cmocka_unit_test(a_stopped_clock_adds_the_working_days_it_stood),
        cmocka_unit_test(while_the_clock_stands_a_deadline_has_no_hour_to_pass),
        cmocka_unit_test(a_running_clock_moves_nothing),
        cmocka_unit_test(days_in_two_pauses_count_once),
        cmocka_unit_test(a_window_opens_on_its_day_when_what_it_needs_is_done),
        cmocka_unit_test(the_committee_meets_when_the_office_says),
        cmocka_unit_test(effort_is_summed_by_role_and_year),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
