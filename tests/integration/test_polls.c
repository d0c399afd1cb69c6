/* Which date suits: each option is held, links are of one person and one poll, a rule or a person
 * decides, and what is held is let go. */
#include "tests/integration/meetings.h"

#define DATES "2027-06-15; 2027-06-16; 2027-06-17 10:00-15:00"

static char poll[24];        /* the one that was opened last */
static char tokens[8][33];   /* of its mails: m-1, m-2, the contact person, the head */
static int64_t mails_before; /* the last mail of those before it */

static void read_tokens(void)
{
    json_t *mails, *one;
    int64_t last = mails_before;
    size_t i, count = 0;

    must(w, "mail list", "state", "all", "kind", "appointments.poll", "limit", "100");
    mails = json_incref((json_t *)(uintptr_t)items(w));
    json_array_foreach(mails, i, one)
    {
        int64_t number_of = json_integer_value(json_object_get(one, "id"));
        const char *at;
        char id[32];

        if (number_of <= mails_before)
            continue;
        snprintf(id, sizeof(id), "%lld", (long long)number_of);
        must(w, "mail show", "id", id);
        at = strstr(text(w, "text"), "/dates/");
        assert_non_null(at);
        assert_true(count < 8);
        snprintf(tokens[count++], 33, "%.32s", at + strlen("/dates/"));
        last = number_of > last ? number_of : last;
    }
    json_decref(mails);
    mails_before = last;
}

static void open_poll(const char *rule)
{
    must(w, "appointment poll", "procedure", "lemgo", "step", "session", "dates", DATES, "rule",
         rule);
    assert_int_equal(number(w, "options"), 3);
    assert_int_equal(number(w, "mails"), 4);
    snprintf(poll, sizeof(poll), "%lld", (long long)number(w, "poll"));
    read_tokens();
}

static size_t held(void)
{
    must(w, "appointment list", "state", "held");
    return item_count(w);
}

static const char *fixed_day(void)
{
    must(w, "appointment list", "state", "fixed");
    return item_count(w) == 1 ? text_of(json_array_get(items(w), 0), "day") : "";
}

static const char *state_of_poll(void)
{
    must(w, "poll show", "poll", poll);
    return text(w, "state");
}

static void vote(int voter, const char *first, const char *second, const char *third)
{
    must(w, "poll vote", "token", tokens[voter], "vote-1", first, "vote-2", second, "vote-3",
         third);
}

static void each_date_is_held_and_hinders_others(void **state)
{
    (void)state;
    open_poll("all");
    assert_int_equal(held(), 3);
    refused(w, RH_ECONFLICT, "hat dann schon", "another meeting then", "appointment fix",
            "procedure", "lemgo", "step", "kickoff", "on", "2027-06-16", "at", "9:00");
    refused(w, RH_ECONFLICT, "läuft schon eine Umfrage", "open poll", "appointment poll",
            "procedure", "lemgo", "step", "session", "dates", "2027-06-22; 2027-06-23");
    must(w, "poll close", "poll", poll, "reason", "neu überlegen");
    assert_int_equal(held(), 0);
    assert_string_equal(state_of_poll(), "closed");
    assert_string_equal(fixed_day(), "");
}

static void it_is_decided_when_all_who_are_needed_say_yes(void **state)
{
    (void)state;
    open_poll("all");
    vote(0, "yes", "yes", "no");
    vote(1, "maybe", "yes", "no");
    assert_int_equal(held(), 3);
    vote(2, "no", "yes", "yes"); /* the head is not needed */
    assert_int_equal(held(), 0);
    assert_string_equal(fixed_day(), "2027-06-16");
    assert_string_equal(state_of_poll(), "decided");
    assert_string_equal(due_of("lemgo", "session"), "2027-06-16");
    refused(w, RH_ECONFLICT, "zu Ende", "has ended", "poll vote", "token", tokens[3], "vote-1",
            "yes");
    must(w, "poll sheet", "token", tokens[3]);
    assert_string_equal(text(w, "decided_day"), "2027-06-16");
}

static void at_its_end_the_most_decide(void **state)
{
    (void)state;
    open_poll("most");
    vote(0, "yes", "no", "yes");
    vote(1, "no", "no", "yes");
    it_is("2026-12-04");
    run_jobs();
    assert_int_equal(held(), 0);
    assert_string_equal(fixed_day(), "2027-06-17");
}

static void what_the_rule_does_not_decide_waits_for_a_person(void **state)
{
    (void)state;
    open_poll("all");
    vote(0, "yes", "no", "no");
    it_is("2026-12-04");
    run_jobs();
    assert_int_equal(held(), 3);
    must(w, "poll list");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(items(w), 0), "undecided")),
                     1);
    refused(w, RH_ECONFLICT, "zu Ende", "has ended", "poll vote", "token", tokens[1], "vote-1",
            "yes");
    refused(w, RH_ENOTFOUND, "keinen Termin Nr. 9", "no date no. 9", "poll decide", "poll", poll,
            "number", "9");
    must(w, "poll decide", "poll", poll, "number", "3");
    assert_string_equal(fixed_day(), "2027-06-17");
    refused(w, RH_ECONFLICT, "schon zu Ende", "ended already", "poll decide", "poll", poll,
            "number", "1");
}

static void a_date_that_became_impossible_is_not_decided(void **state)
{
    (void)state;
    open_poll("all");
    must(w, "closing import", "file", "=office,day,note\nlemgo,2027-06-15,Umzug\n");
    vote(0, "yes", "no", "no");
    vote(1, "yes", "no", "no");
    vote(2, "yes", "no", "no");
    assert_string_equal(fixed_day(), "");
    refused(w, RH_ECONFLICT, "Umzug", "no working day", "poll decide", "poll", poll, "number", "1");
    must(w, "poll decide", "poll", poll, "number", "2");
    assert_string_equal(fixed_day(), "2027-06-16");
}

static void a_poll_may_find_another_date_for_a_fixed_meeting(void **state)
{
    (void)state;
    must(w, "appointment fix", "procedure", "lemgo", "step", "session", "on", "2027-06-15");
    open_poll("hand");
    must(w, "poll decide", "poll", poll, "number", "2");
    assert_string_equal(fixed_day(), "2027-06-16");
    assert_int_equal(held(), 0);
    must(w, "appointment show", "meeting", "lemgo/session");
    assert_int_equal(number(w, "sequence"), 1);
}

static void a_link_is_for_one_person_and_a_newer_one_replaces_it(void **state)
{
    char old[33];

    (void)state;
    open_poll("all");
    vote(0, "yes", "no", "no");
    vote(0, "no", "yes", "no"); /* one may think again */
    must(w, "poll show", "poll", poll);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(items(w), 1), "yes")), 1);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(items(w), 0), "yes")), 0);
    must(w, "poll sheet", "token", tokens[0]);
    assert_string_equal(text(w, "name"), "Moderator*in 1");

    snprintf(old, sizeof(old), "%s", tokens[1]);
    w->now += 60;
    must(w, "poll remind", "poll", poll);
    assert_int_equal(number(w, "mails"), 3);
    refused(w, RH_ENOTFOUND, "dieser Link gilt nicht", "does not hold", "poll vote", "token", old,
            "vote-1", "yes");
    refused(w, RH_ENOTFOUND, "dieser Link gilt nicht", "does not hold", "poll sheet", "token",
            "' OR 1=1 --");
    refused(w, RH_EUSAGE, "steht eine Antwort da", "no answer", "poll vote", "token", tokens[0]);
    refused(w, RH_ENOTFOUND, "keinen Termin Nr. 7", "no date no. 7", "poll vote", "token",
            tokens[0], "vote-7", "yes");
}

static void a_cancelled_procedure_ends_its_poll(void **state)
{
    (void)state;
    open_poll("all");
    must(w, "procedure cancel", "procedure", "lemgo-2027", "reason", "Fusion");
    assert_int_equal(held(), 0);
    assert_string_equal(state_of_poll(), "closed");
}

static void what_is_no_choice_is_refused(void **state)
{
#define POLL(dates_) "appointment poll", "procedure", "lemgo", "step", "session", "dates", dates_
    (void)state;
    refused(w, RH_EINVALID, "wenigstens zwei", "two dates at least", POLL("2027-06-15"));
    refused(w, RH_EINVALID, "der 2. Eintrag", "entry 2", POLL("2027-06-15; morgen"));
    refused(w, RH_EINVALID, "der 2. Eintrag", "entry 2", POLL("2027-06-15; 2027-06-16 9:00-99:00"));
    refused(w, RH_EINVALID, "steht zweimal da", "there twice", POLL("2027-06-15; 2027-06-15 9:00"));
    refused(w, RH_EINVALID, "2. Eintrag", "entry 2", POLL("2027-06-15; 2027-02-30"));
    refused(w, RH_ECONFLICT, "wird nicht gearbeitet", "no working day",
            POLL("2027-06-15; 2027-06-19"));
    must(w, "appointment fix", "procedure", "lemgo", "step", "discussion", "on", "2027-08-31", "at",
         "9:00");
    refused(w, RH_ECONFLICT, "Reihenfolge der Schritte", "order of the steps",
            POLL("2027-06-15; 2027-09-07"));
    must(w, "appointment cancel", "meeting", "lemgo/discussion", "reason", "Test");
    refused(w, RH_EINVALID, "ein früheres Ende", "an earlier end", POLL("2027-06-15; 2027-06-16"),
            "closes", "2027-06-20");
    refused(w, RH_EINVALID, "ist vorbei", "is over", POLL("2027-06-15; 2027-06-16"), "closes",
            "2026-11-01");
    assert_int_equal(held(), 0);
    must(w, "poll list");
    assert_int_equal(item_count(w), 0);
}

/* Tests that leave nothing but polls and meetings share a world. */
static int call_off(void **state)
{
    char id[64];

    (void)state;
    must(w, "poll list");
    if (item_count(w) > 0)
        must(w, "poll close", "poll", poll, "reason", "Test");
    for (;;) {
        must(w, "appointment list");
        if (item_count(w) == 0)
            return 0;
        snprintf(id, sizeof(id), "%s", text_of(json_array_get(items(w), 0), "meeting"));
        must(w, "appointment cancel", "meeting", id, "reason", "Test");
    }
}

static int open_own(void **state)
{
    mails_before = 0;
    return meetings_open(state);
}

int main(void)
{
#define SHARED(name) cmocka_unit_test_teardown(name, call_off)
#define OWN(name)    cmocka_unit_test_setup_teardown(name, open_own, meetings_close)
    const struct CMUnitTest shared[] = {
        SHARED(each_date_is_held_and_hinders_others),
        SHARED(it_is_decided_when_all_who_are_needed_say_yes),
        SHARED(a_poll_may_find_another_date_for_a_fixed_meeting),
        SHARED(a_link_is_for_one_person_and_a_newer_one_replaces_it),
        SHARED(what_is_no_choice_is_refused),
    };
    const struct CMUnitTest own[] = {
        OWN(at_its_end_the_most_decide),
        OWN(what_the_rule_does_not_decide_waits_for_a_person),
        OWN(a_date_that_became_impossible_is_not_decided),
        OWN(a_cancelled_procedure_ends_its_poll),
    };
    int failed;

    meetings_make(NULL);
    failed = cmocka_run_group_tests(shared, open_own, meetings_close);
    failed += cmocka_run_group_tests(own, NULL, NULL);
    meetings_remove(NULL);
    return failed;
}
