/* Dates found by the program: proposals, a planning of all, and what becomes of them. */
#include "tests/integration/meetings.h"

static void plan(void)
{
    must(w, "appointment plan", "round", "2027", "steps", "300");
}

/* The one meeting of that step, as the list has it. */
static const json_t *planned(const char *procedure, const char *step)
{
    must(w, "appointment list", "office", procedure, "until", "2028-12-31");
    return item(w, "step", step);
}

static const char *day_of(const char *procedure, const char *step)
{
    const json_t *meeting = planned(procedure, step);

    return meeting ? text_of(meeting, "day") : "";
}

static int before(const char *one, const char *two)
{
    return strcmp(one, two) < 0;
}

/* ---- forecast ---- */

static void a_forecast_of_what_has_not_begun_is_what_it_is_when_it_has(void **state)
{
    char session[16], kickoff[16];

    (void)state;
    must(w, "procedure forecast", "procedure", "minden");
    snprintf(session, sizeof(session), "%s", text_of(item(w, "step", "session"), "day"));
    snprintf(kickoff, sizeof(kickoff), "%s", text_of(item(w, "step", "kickoff"), "day"));
    assert_true(before(text_of(item(w, "step", "session"), "earliest"), session));
    assert_string_equal(text_of(item(w, "step", "session"), "after"), "kickoff");

    it_is("2027-08-02");
    must(w, "procedure begin", "procedure", "minden");

    assert_string_equal(due_of("minden", "session"), session);
    assert_string_equal(due_of("minden", "kickoff"), kickoff);
}

/* ---- propose ---- */

static void a_proposal_says_what_speaks_for_it_and_against_it(void **state)
{
    (void)state;
    must(w, "moderator absence import", "file", "=moderator,from,to\nm-1,2027-03-01,2027-04-30\n");
    must(w, "appointment propose", "procedure", "lemgo", "step", "kickoff");

    assert_int_equal(item_count(w), 5);
    assert_true(before("2027-04-30", text_of(json_array_get(items(w), 0), "day")));
    assert_says(text_of(json_array_get(items(w), 0), "good"), "frei");
    assert_says(text_of(json_array_get(items(w), 0), "costs"), "nach dem vorgesehenen Tag");
}

static void without_any_date_it_says_who_is_in_the_way_and_what_would_help(void **state)
{
    (void)state;
    must(w, "moderator absence import", "file", "=moderator,from,to\nm-1,2027-03-01,2027-12-31\n");
    must(w, "appointment propose", "procedure", "lemgo", "step", "kickoff");

    assert_int_equal(item_count(w), 0);
    assert_string_equal(text(w, "reason"), "abwesend: Moderator*in 1");
    assert_says(text(w, "help"), "fiele weg: abwesend: Moderator*in 1 – dann am ");
}

static void a_step_that_is_no_open_meeting_is_refused(void **state)
{
    (void)state;
    refused(w, RH_ENOTFOUND, "'draft' ist kein offener Termin", "'draft' is no open meeting",
            "appointment propose", "procedure", "lemgo", "step", "draft");
    refused(w, RH_EINVALID, "nicht in der Zukunft", "not in the future", "appointment propose",
            "procedure", "lemgo", "from", "2026-11-01");
}

/* ---- plan ---- */

static void a_planning_holds_all_meetings_in_their_order(void **state)
{
    static const char *const offices[] = {"detmold", "lemgo", "minden"};

    (void)state;
    plan();
    assert_int_equal(number(w, "placed"), 9);
    assert_int_equal(number(w, "unplaced"), 0);
    assert_true(number(w, "points") >= number(w, "bound"));

    for (int i = 0; i < 3; i++) {
        char kickoff[16], session[16];

        snprintf(kickoff, sizeof(kickoff), "%s", day_of(offices[i], "kickoff"));
        snprintf(session, sizeof(session), "%s", day_of(offices[i], "session"));
        assert_string_equal(text_of(item(w, "step", "session"), "state"), "held");
        assert_true(before(kickoff, session) && before(session, day_of(offices[i], "discussion")));
    }
    must(w, "appointment check");
    assert_int_equal(number(w, "looked"), 9);
    assert_int_equal(number(w, "count"), 0);
    must(w, "appointment planning");
    assert_int_equal(number(w, "placed"), 9);
}

static void planning_again_moves_only_what_cannot_stay(void **state)
{
    char lemgo[16], detmold[16], file[128];

    (void)state;
    plan();
    snprintf(lemgo, sizeof(lemgo), "%s", day_of("lemgo", "session"));
    snprintf(detmold, sizeof(detmold), "%s", day_of("detmold", "session"));
    plan();
    assert_int_equal(number(w, "moved"), 0);
    snprintf(file, sizeof(file), "=moderator,from,to\nm-1,%s,%s\n", lemgo, lemgo);
    must(w, "moderator absence import", "file", file);

    must(w, "appointment check");
    assert_int_equal(number(w, "count"), 1);
    assert_says(text_of(json_array_get(items(w), 0), "reason"), "abwesend: Moderator*in 1");
    assert_string_not_equal(text_of(json_array_get(items(w), 0), "instead"), "");
    plan();
    assert_int_equal(number(w, "moved"), 1);
    assert_string_not_equal(day_of("lemgo", "session"), lemgo);
    assert_string_equal(day_of("detmold", "session"), detmold);
}

static void what_is_fixed_stays_although_it_does_not_fit(void **state)
{
    char day[16], file[128];

    (void)state;
    plan();
    must(w, "appointment confirm", "procedure", "lemgo");
    assert_int_equal(number(w, "count"), 3);
    snprintf(day, sizeof(day), "%s", day_of("lemgo", "session"));
    assert_string_equal(text_of(item(w, "step", "session"), "state"), "fixed");
    assert_string_equal(due_of("lemgo", "session"), day);
    snprintf(file, sizeof(file), "=moderator,from,to\nm-1,%s,%s\n", day, day);
    must(w, "moderator absence import", "file", file);

    plan();
    assert_int_equal(number(w, "moved"), 0);
    assert_string_equal(day_of("lemgo", "session"), day);
    must(w, "appointment plan", "round", "2027", "steps", "300", "move-fixed", "yes");
    assert_int_equal(number(w, "moved"), 1);
    assert_string_not_equal(day_of("lemgo", "session"), day);
    snprintf(day, sizeof(day), "%s", day_of("lemgo", "session"));
    assert_string_equal(due_of("lemgo", "session"), day);
}

static void a_date_that_a_person_fixes_takes_the_place_of_the_held_one(void **state)
{
    (void)state;
    plan();
    must(w, "appointment fix", "procedure", "lemgo", "step", "kickoff", "on", "2027-04-20", "at",
         "14:00");

    must(w, "appointment list", "office", "lemgo", "until", "2028-12-31");
    assert_int_equal(item_count(w), 3);
    assert_string_equal(text_of(item(w, "step", "kickoff"), "day"), "2027-04-20");
    assert_string_equal(text_of(item(w, "step", "kickoff"), "state"), "fixed");
}

static void what_finds_no_date_is_named_with_the_reason(void **state)
{
    (void)state;
    must(w, "moderator absence import", "file", "=moderator,from,to\nm-5,2027-08-01,2028-12-31\n");
    plan();

    assert_int_equal(number(w, "unplaced"), 3);
    assert_int_equal(number(w, "bound_unplaced"), 3);
    assert_says(text_of(json_array_get(items(w), 0), "reason"), "Moderator*in 5");
    must(w, "appointment planning", "round", "2027");
    assert_int_equal(item_count(w), 3);
}

static void a_rehearsal_stores_nothing(void **state)
{
    (void)state;
    must(w, "appointment plan", "round", "2027", "steps", "300", "dry-run", "yes");
    assert_int_equal(number(w, "placed"), 9);
    must(w, "appointment list", "until", "2028-12-31");
    assert_int_equal(item_count(w), 0);
}

#define OWN(test) cmocka_unit_test_setup_teardown(test, meetings_open, meetings_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OWN(a_forecast_of_what_has_not_begun_is_what_it_is_when_it_has),
        OWN(a_proposal_says_what_speaks_for_it_and_against_it),
        OWN(without_any_date_it_says_who_is_in_the_way_and_what_would_help),
        OWN(a_step_that_is_no_open_meeting_is_refused),
        OWN(a_planning_holds_all_meetings_in_their_order),
        OWN(planning_again_moves_only_what_cannot_stay),
        OWN(what_is_fixed_stays_although_it_does_not_fit),
        OWN(a_date_that_a_person_fixes_takes_the_place_of_the_held_one),
        OWN(what_finds_no_date_is_named_with_the_reason),
        OWN(a_rehearsal_stores_nothing),
    };

    return cmocka_run_group_tests_name("planning", tests, meetings_make, meetings_remove);
}
