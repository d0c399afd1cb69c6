/* Meetings: fixed, moved, called off, answered; refused where they cannot be; and never left when
 * they have become impossible. */
#include "tests/integration/meetings.h"

/* A Tuesday in term. */
#define SESSION "2027-06-15"

static void fix(const char *procedure, const char *step, const char *day, const char *at)
{
    if (at)
        must(w, "appointment fix", "procedure", procedure, "step", step, "on", day, "at", at);
    else
        must(w, "appointment fix", "procedure", procedure, "step", step, "on", day);
}

/* How often others heard that of the meeting that the last answer names. */
static size_t events(const char *topic)
{
    char id[64];

    snprintf(id, sizeof(id), "%s", text(w, "meeting"));
    must(w, "event list", "topic", topic, "subject", id);
    return item_count(w);
}

static const char *answer_of(const char *name)
{
    must(w, "appointment show", "meeting", "lemgo/session");
    return text_of(item(w, "name", name), "partstat");
}

static const char *reason(void)
{
    must(w, "appointment impossible");
    return item_count(w) > 0 ? text_of(json_array_get(items(w), 0), "reason") : "";
}

/* ---- fix ---- */

static void team_and_contacts_take_part_at_the_usual_time_of_the_step(void **state)
{
    (void)state;
    fix("lemgo", "session", SESSION, NULL);
    must(w, "appointment show", "meeting", "lemgo/session");
    assert_string_equal(text(w, "time"), "Di 15.06.2027, 9:00–16:00 Uhr");
    assert_string_equal(text(w, "place"), "Stadt Lemgo");
    assert_string_equal(text(w, "state"), "fixed");
    assert_int_equal(item_count(w), 4);
    assert_string_equal(text_of(item(w, "name", "Moderator*in 1"), "role"), "required");
    assert_string_equal(text_of(item(w, "name", "Moderator*in 2"), "kind"), "moderator");
    assert_string_equal(text_of(item(w, "name", "Ansprechperson"), "role"), "required");
    assert_string_equal(text_of(item(w, "name", "Leitung"), "role"), "optional");
    assert_int_equal(events("appointments.fixed"), 1);
    must(w, "appointment list", "moderator", "m-1");
    assert_int_equal(item_count(w), 1);
    must(w, "appointment list", "moderator", "m-3");
    assert_int_equal(item_count(w), 0);
    must(w, "appointment list", "round", "2027", "office", "lemgo", "until", SESSION);
    assert_int_equal(item_count(w), 1);
}

static void a_procedure_on_its_way_has_the_date_at_once_and_loses_it_with_the_meeting(void **state)
{
    (void)state;
    fix("lemgo", "session", SESSION, NULL);
    assert_string_equal(due_of("lemgo", "session"), SESSION);
    must(w, "appointment move", "meeting", "lemgo/session", "on", "2027-06-22", "reason", "Raum");
    assert_string_equal(due_of("lemgo", "session"), "2027-06-22");
    must(w, "appointment cancel", "meeting", "lemgo/session", "reason", "krank");
    assert_string_not_equal(due_of("lemgo", "session"), "2027-06-22");
}

static void a_procedure_that_begins_later_hears_of_its_dates_then(void **state)
{
    (void)state;
    fix("minden", "kickoff", "2027-10-05", "10:00");
    it_is("2027-08-02");
    must(w, "procedure begin", "procedure", "minden");
    run_jobs();
    it_is("2027-09-02");
    run_jobs();
    assert_string_equal(due_of("minden", "kickoff"), "2027-10-05");
}

static void a_step_has_one_date(void **state)
{
    (void)state;
    fix("lemgo", "session", SESSION, NULL);
    refused(w, RH_ECONFLICT, "ist schon vereinbart: Di 15.06.2027", "is fixed already",
            "appointment fix", "procedure", "lemgo", "step", "session", "on", "2027-06-16");
}

static void nobody_is_in_two_places(void **state)
{
    (void)state;
    fix("lemgo", "session", SESSION, NULL);
    refused(w, RH_ECONFLICT, "Moderator*in 1 hat dann schon: Analysesitzung lemgo",
            "Moderator*in 1 has another meeting then", "appointment fix", "procedure", "lemgo",
            "step", "discussion", "on", SESSION, "at", "15:00");
    fix("lemgo", "discussion", SESSION, "16:00"); /* one after the other is fine */
    refused(w, RH_ECONFLICT, "hat dann schon", "another meeting then", "appointment move",
            "meeting", "lemgo/discussion", "at", "15:30", "reason", "früher");
    fix("detmold", "session", SESSION, NULL); /* others are free */
}

static void one_step_comes_after_another_and_none_before_the_procedure(void **state)
{
    (void)state;
    refused(w, RH_ECONFLICT, "noch nicht begonnen", "has not begun", "appointment fix", "procedure",
            "minden", "step", "session", "on", SESSION);
    fix("lemgo", "session", SESSION, NULL);
    refused(w, RH_ECONFLICT, "Reihenfolge der Schritte: Analysesitzung", "order of the steps",
            "appointment fix", "procedure", "lemgo", "step", "kickoff", "on", "2027-06-22", "at",
            "9:00");
    fix("lemgo", "discussion", "2027-08-31", "9:00");
    refused(w, RH_ECONFLICT, "Reihenfolge der Schritte: Berichtsbesprechung", "order of the steps",
            "appointment move", "meeting", "lemgo/session", "on", "2027-09-07", "reason", "x");
}

static void no_day_that_is_none_to_work_on(void **state)
{
    (void)state;
    refused(w, RH_ECONFLICT, "Fronleichnam", "no working day", "appointment fix", "procedure",
            "lemgo", "step", "session", "on", "2027-05-27");
    refused(w, RH_ECONFLICT, "wird nicht gearbeitet", "no working day", "appointment fix",
            "procedure", "lemgo", "step", "session", "on", "2027-06-19");
    must(w, "closing import", "file", "=office,day,note\nlemgo,2027-06-18,Betriebsausflug\n");
    refused(w, RH_ECONFLICT, "Betriebsausflug", "no working day", "appointment fix", "procedure",
            "lemgo", "step", "session", "on", "2027-06-18");
}

static void nobody_who_is_absent(void **state)
{
    (void)state;
    must(w, "moderator absence import", "file", "=moderator,from,to\nm-2,2027-06-28,2027-07-02\n");
    refused(w, RH_ECONFLICT, "Moderator*in 2 ist vom 2027-06-28 bis 2027-07-02 abwesend",
            "Moderator*in 2 is absent", "appointment fix", "procedure", "lemgo", "step", "session",
            "on", "2027-06-29");
}

static void times_that_do_not_exist_or_come_twice(void **state)
{
    (void)state;
    refused(w, RH_EINVALID, "vorgestellt", "does not exist", "appointment fix", "title", "Nacht",
            "on", "2027-03-28", "at", "2:30", "until", "5:00", "place", "K");
    refused(w, RH_EINVALID, "2:30 Uhr gibt es am 2027-10-31 zweimal", "comes twice",
            "appointment fix", "title", "Nacht", "on", "2027-10-31", "at", "2:30", "until", "5:00");
    refused(w, RH_EINVALID, "liegt nicht nach dem Anfang", "not after the beginning",
            "appointment fix", "procedure", "lemgo", "step", "session", "on", SESSION, "at",
            "16:00", "until", "9:00");
    refused(w, RH_EINVALID, "keine Uhrzeit wie 9:00", "no time such as 9:00", "appointment fix",
            "procedure", "lemgo", "step", "session", "on", SESSION, "at", "9.00");
    refused(w, RH_EINVALID, "ist vorbei", "is over", "appointment fix", "procedure", "lemgo",
            "step", "session", "on", "2026-11-03");
}

static void what_is_no_meeting_is_refused(void **state)
{
    (void)state;
    refused(w, RH_EINVALID, "ist eine Frist, kein Termin", "not a meeting", "appointment fix",
            "procedure", "lemgo", "step", "draft", "on", SESSION);
    refused(w, RH_ENOTFOUND, "den Schritt 'tanzen' gibt es", "no step 'tanzen'", "appointment fix",
            "procedure", "lemgo", "step", "tanzen", "on", SESSION);
    refused(w, RH_ENOTFOUND, "geplantes oder laufendes Verfahren", "planned or running procedure",
            "appointment fix", "procedure", "atlantis", "step", "session", "on", SESSION);
    refused(w, RH_EUSAGE, "--at fehlt", "--at is missing", "appointment fix", "procedure", "lemgo",
            "step", "kickoff", "on", SESSION);
    refused(w, RH_EUSAGE, "gehört ein Schritt", "needs a step", "appointment fix", "procedure",
            "lemgo", "on", SESSION);
    refused(w, RH_EUSAGE, "--title", "--title", "appointment fix", "on", SESSION);
    refused(w, RH_EINVALID, "keine Adresse wie https", "no address such as https",
            "appointment fix", "procedure", "lemgo", "step", "session", "on", SESSION, "video",
            "javascript:alert(1)");
    refused(w, RH_EINVALID, "keine Adresse wie https", "no address such as https",
            "appointment fix", "procedure", "lemgo", "step", "session", "on", SESSION, "video",
            "https://example.org/\"><script>");
    must(w, "appointment list");
    assert_int_equal(item_count(w), 0);
    must(w, "step skip", "procedure", "lemgo", "step", "kickoff", "reason", "war schon");
    refused(w, RH_ECONFLICT, "entfällt", "is skipped", "appointment fix", "procedure", "lemgo",
            "step", "kickoff", "on", SESSION, "at", "9:00");
}

/* ---- move, cancel, answer ---- */

static void all_are_asked_anew_when_the_time_is_another(void **state)
{
    (void)state;
    fix("lemgo", "session", SESSION, NULL);
    must(w, "appointment answer", "meeting", "lemgo/session", "attendee", "Moderator*in 1",
         "answer", "accepted", "comment", "gern");
    assert_string_equal(answer_of("Moderator*in 1"), "accepted");

    must(w, "appointment move", "meeting", "lemgo/session", "note", "Bitte pünktlich", "reason",
         "Hinweis");
    assert_true(says(w, "die Zeit bleibt"));
    assert_int_equal(number(w, "sequence"), 0);
    assert_string_equal(answer_of("Moderator*in 1"), "accepted");

    must(w, "appointment move", "meeting", "lemgo/session", "place", "Rathaus", "reason", "Raum");
    assert_int_equal(number(w, "sequence"), 1);
    assert_string_equal(answer_of("Moderator*in 1"), "accepted");

    must(w, "appointment move", "meeting", "lemgo/session", "at", "10:00", "reason", "Bahn");
    assert_int_equal(number(w, "sequence"), 2);
    assert_string_equal(text(w, "time"), "Di 15.06.2027, 10:00–17:00 Uhr");
    assert_string_equal(answer_of("Moderator*in 1"), "needs-action");
    assert_int_equal(events("appointments.moved"), 3);
}

static void one_may_leave_and_the_meeting_stays(void **state)
{
    (void)state;
    fix("lemgo", "session", SESSION, NULL);
    must(w, "appointment cancel", "meeting", "lemgo/session", "attendee", "m-2", "reason", "krank");
    assert_string_equal(text(w, "state"), "fixed");
    must(w, "appointment show", "meeting", "lemgo/session");
    assert_int_equal(item_count(w), 3);
    assert_int_equal(json_array_size(json_object_get(w->answer, "left")), 1);
    refused(w, RH_ENOTFOUND, "nimmt an diesem Termin nicht teil", "does not take part",
            "appointment cancel", "meeting", "lemgo/session", "attendee", "m-2", "reason", "krank");
}

static void what_is_cancelled_or_over_stays_so(void **state)
{
    char id[64];

    (void)state;
    fix("lemgo", "session", SESSION, NULL);
    must(w, "appointment cancel", "meeting", "lemgo/session", "reason", "Umzug");
    snprintf(id, sizeof(id), "%s", text(w, "meeting"));
    refused(w, RH_ECONFLICT, "ist abgesagt", "is cancelled", "appointment move", "meeting", id,
            "on", "2027-06-16", "reason", "x");
    refused(w, RH_ENOTFOUND, "vereinbarten Termin", "fixed meeting", "appointment show", "meeting",
            "lemgo/session");
    fix("lemgo", "session", SESSION, NULL); /* a new one may be */
    it_is("2027-06-16");
    refused(w, RH_ECONFLICT, "dieser Termin war am", "was on", "appointment cancel", "meeting",
            "lemgo/session", "reason", "x");
}

/* ---- impossible ---- */

static void a_closing_day_and_an_absence_are_reported_until_the_meeting_moves(void **state)
{
    (void)state;
    fix("lemgo", "session", SESSION, NULL);
    assert_string_equal(reason(), "");
    must(w, "closing import", "file", "=office,day,note\nlemgo,2027-06-15,Umzug\n");
    assert_says(reason(), "Umzug");
    must(w, "moderator absence import", "file", "=moderator,from,to\nm-1,2027-06-14,2027-06-18\n");
    must(w, "appointment impossible");
    assert_int_equal(item_count(w), 2);
    must(w, "appointment show", "meeting", "lemgo/session");
    assert_int_equal(events("appointments.impossible"), 2);
    must(w, "appointment list");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(items(w), 0), "impossible")),
                     1);

    must(w, "appointment move", "meeting", "lemgo/session", "on", "2027-06-22", "reason", "Umzug");
    assert_int_equal(events("appointments.possible"), 1);
    assert_string_equal(reason(), "");
}

static void who_is_new_in_the_team_comes_instead(void **state)
{
    (void)state;
    fix("lemgo", "session", SESSION, NULL);
    must(w, "moderator rule import", "file", "=office,moderator,rule\n");
    must(w, "team swap", "office", "lemgo", "out", "m-2", "in", "m-6", "yes", "yes");
    must(w, "team publish");
    must(w, "appointment show", "meeting", "lemgo/session");
    assert_int_equal(item_count(w), 4);
    item(w, "name", "Moderator*in 6");
    assert_string_equal(text_of(json_array_get(json_object_get(w->answer, "left"), 0), "name"),
                        "Moderator*in 2");
    assert_int_equal(events("appointments.joined"), 1);
    must(w, "appointment show", "meeting", "lemgo/session");
    assert_int_equal(events("appointments.left"), 1);
}

static void a_procedure_that_is_cancelled_takes_its_meetings_along(void **state)
{
    (void)state;
    fix("lemgo", "session", SESSION, NULL);
    must(w, "procedure cancel", "procedure", "lemgo-2027", "reason", "Fusion");
    must(w, "appointment list", "state", "cancelled");
    assert_int_equal(item_count(w), 1);
}

static void a_skipped_step_and_another_date_at_the_procedure_are_noticed(void **state)
{
    (void)state;
    fix("lemgo", "session", SESSION, NULL);
    must(w, "step date", "procedure", "lemgo", "step", "session", "on", "2027-06-17");
    fix("lemgo", "kickoff", "2027-04-20", "10:00");
    must(w, "step skip", "procedure", "lemgo", "step", "kickoff", "reason", "war schon");
    assert_says(reason(), "der Schritt entfällt");
    assert_string_equal(text_of(json_array_get(items(w), 1), "reason"),
                        "am Verfahren steht ein anderer Tag: 2027-06-17");
}

static void a_moved_procedure_leaves_no_date_behind(void **state)
{
    (void)state;
    fix("minden", "kickoff", "2027-10-05", "10:00");
    must(w, "turnus rule import", "file",
         "=office,rule,from,to\nlemgo,fixed,2027-03,2027-03\ndetmold,fixed,2027-04,2027-04\n"
         "minden,fixed,2027-11,2027-11\n");
    must(w, "turnus plan", "seed", "1", "steps", "1000", "time-limit", "0");
    must(w, "turnus publish", "over-capacity", "yes");
    assert_says(reason(), "beginnt jetzt im 2027-11");
}

/* ---- events for all ---- */

static void an_event_invites_offices_and_moderators(void **state)
{
    (void)state;
    must(w, "appointment fix", "title", "Auftakt", "title-en", "Kick-off", "on", "2027-06-16", "at",
         "9:00", "until", "12:00", "place", "Köln", "video", "https://video.example.org/auftakt");
    must(w, "appointment show", "meeting", "Auftakt");
    assert_int_equal(item_count(w), 8); /* two offices with somebody to write to, six moderators */
    fix("lemgo", "session", "2027-06-16", NULL); /* nobody said yet that they come */
    must(w, "appointment week", "day", "2027-06-16");
    assert_int_equal(json_array_size(json_object_get(w->answer, "events")), 1);
}

static void a_conference_with_a_time_is_a_meeting_and_keeps_its_answers(void **state)
{
    (void)state;
    must(w, "conference create", "conference", "abschluss", "title", "Abschlusstagung", "on",
         "2027-11-18", "place", "Köln", "answer-by", "2027-10-31", "at", "10:00", "until", "16:30");
    must(w, "conference invite", "conference", "abschluss", "mails", "1");
    must(w, "conference answer", "conference", "abschluss", "office", "lemgo", "answer", "yes");
    must(w, "appointment show", "meeting", "Abschlusstagung");
    assert_string_equal(text(w, "time"), "Do 18.11.2027, 10:00–16:30 Uhr");
    assert_string_equal(text_of(item(w, "kind", "office"), "partstat"), "accepted");
    assert_int_equal(item_count(w), 7);
}

/* ---- seen ---- */

static void a_month_and_a_week_show_every_meeting_once(void **state)
{
    size_t found = 0, i, j;
    json_t *week, *day;

    (void)state;
    fix("lemgo", "session", SESSION, NULL);
    fix("detmold", "session", "2027-06-16", NULL);
    must(w, "appointment month", "month", "2027-06");
    assert_int_equal(number(w, "count"), 2);
    json_array_foreach(json_object_get(w->answer, "weeks"), i, week)
    {
        json_array_foreach(json_object_get(week, "days"), j, day) found +=
            json_array_size(json_object_get(day, "meetings"));
    }
    assert_int_equal(found, 2);
    must(w, "appointment month", "month", "2027-06", "moderator", "m-1");
    assert_int_equal(number(w, "count"), 1);
    must(w, "appointment week", "day", "2027-06-18");
    assert_int_equal(json_array_size(json_object_get(w->answer, "rows")), 4);
    assert_int_equal(number(w, "count"), 4);
    must(w, "appointment week", "day", SESSION, "moderator", "Moderator*in 3");
    assert_int_equal(number(w, "count"), 1);
}

/* Tests that leave nothing but meetings share a world, and call these off. */
static int call_off(void **state)
{
    char id[64];

    (void)state;
    for (;;) {
        must(w, "appointment list");
        if (item_count(w) == 0)
            return 0;
        snprintf(id, sizeof(id), "%s", text_of(json_array_get(items(w), 0), "meeting"));
        must(w, "appointment cancel", "meeting", id, "reason", "Test");
    }
}

int main(void)
{
#define SHARED(name) cmocka_unit_test_teardown(name, call_off)
#define OWN(name)    cmocka_unit_test_setup_teardown(name, meetings_open, meetings_close)
    const struct CMUnitTest shared[] = {
        SHARED(team_and_contacts_take_part_at_the_usual_time_of_the_step),
        SHARED(a_procedure_on_its_way_has_the_date_at_once_and_loses_it_with_the_meeting),
        SHARED(a_step_has_one_date),
        SHARED(nobody_is_in_two_places),
        SHARED(one_step_comes_after_another_and_none_before_the_procedure),
        SHARED(no_day_that_is_none_to_work_on),
        SHARED(nobody_who_is_absent),
        SHARED(times_that_do_not_exist_or_come_twice),
        SHARED(all_are_asked_anew_when_the_time_is_another),
        SHARED(one_may_leave_and_the_meeting_stays),
        SHARED(an_event_invites_offices_and_moderators),
        SHARED(a_conference_with_a_time_is_a_meeting_and_keeps_its_answers),
        SHARED(a_month_and_a_week_show_every_meeting_once),
        SHARED(what_is_no_meeting_is_refused),
    };
    const struct CMUnitTest own[] = {
        OWN(a_procedure_that_begins_later_hears_of_its_dates_then),
        OWN(what_is_cancelled_or_over_stays_so),
        OWN(a_closing_day_and_an_absence_are_reported_until_the_meeting_moves),
        OWN(who_is_new_in_the_team_comes_instead),
        OWN(a_procedure_that_is_cancelled_takes_its_meetings_along),
        OWN(a_skipped_step_and_another_date_at_the_procedure_are_noticed),
        OWN(a_moved_procedure_leaves_no_date_behind),
    };
    int failed;

    meetings_make(NULL);
    failed = cmocka_run_group_tests(shared, meetings_open, meetings_close);
    failed += cmocka_run_group_tests(own, NULL, NULL);
    meetings_remove(NULL);
    return failed;
}
