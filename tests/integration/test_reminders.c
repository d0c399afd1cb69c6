/* Reminders become mails to the right people, at most one a day, and stop when the step is done. */
#include "tests/integration/nrw.h"

#include "core/calendar/zone.h"
#include "core/server/jobs.h"

static int64_t at(const char *day, int32_t hour)
{
    int32_t number = RH_NO_DAY;

    assert_int_equal(rh_day_read(day, &number, NULL), 0);
    return rh_berlin_instant(number, hour * 3600);
}

static void run_jobs(struct world *w)
{
    int64_t wait_ms = 0;
    int32_t count;

    do {
        count = rh_jobs_run_due(&w->home->house, 100, NULL, NULL, &wait_ms, &w->err);
        if (count < 0)
            fail_msg("%s", w->err.text[RH_EN]);
    } while (count > 0);
}

/* Hour by hour, as a server lives through it. */
static void pass(struct world *w, const char *until)
{
    int64_t end = at(until, 12);

    while (w->now < end) {
        w->now = w->now + 3600 < end ? w->now + 3600 : end;
        run_jobs(w);
    }
}

static struct world *begun(const char *contacts)
{
    struct world *w = nrw_open("plugin reminders { coordination = \"koordination@example.org\" }");

    w->now = at("2026-11-24", 9);
    must(w, "process import", "file", "@config/processes/qev-1.conf");
    if (contacts)
        must(w, "contact import", "file", contacts);
    must(w, "procedure record", "office", "lemgo", "start", "2027-03", "state", "planned",
         "suggested-by", "office", "reason", "auf Wunsch");
    return w;
}

#define CONTACTS                                                                                   \
    "=office,role,name,email,language\n"                                                           \
    "lemgo,contact,Ansprechperson,ansprechperson@example.org,de\n"                                 \
    "lemgo,head,Leitung,leitung@example.org,de\n"

static size_t mails_to(struct world *w, const char *address)
{
    size_t index, count = 0;
    json_t *item;

    must(w, "mail list", "limit", "1000");
    json_array_foreach((json_t *)(uintptr_t)items(w), index, item) count +=
        strcmp(text_of(item, "recipient"), address) == 0;
    return count;
}

static void the_contact_is_reminded_once(void **state)
{
    struct world *w = begun(CONTACTS);
    size_t mails;

    (void)state;
    pass(w, "2027-03-03");
    mails = mails_to(w, "ansprechperson@example.org");
    assert_true(mails >= 1);
    must(w, "reminder list", "procedure", "lemgo-2027-03");
    assert_true(item_count(w) >= 1);
    /* looked at again and again, nothing is said twice */
    for (int i = 0; i < 5; i++) {
        w->now += 60;
        run_jobs(w);
    }
    assert_int_equal(mails_to(w, "ansprechperson@example.org"), mails);
    world_close(w);
}

static void at_most_one_mail_a_day(void **state)
{
    struct world *w = begun(CONTACTS);
    char day[16], before[16] = "";
    size_t index;
    json_t *item;

    (void)state;
    pass(w, "2027-06-30");
    must(w, "mail list", "limit", "1000");
    assert_true(item_count(w) > 3);
    json_array_foreach((json_t *)(uintptr_t)items(w), index, item)
    {
        if (strcmp(text_of(item, "recipient"), "ansprechperson@example.org") != 0)
            continue;
        snprintf(day, sizeof(day), "%.10s", text_of(item, "at"));
        assert_string_not_equal(day, before);
        memcpy(before, day, sizeof(day));
    }
    world_close(w);
}

static void nothing_more_once_the_step_is_done(void **state)
{
    struct world *w = begun(CONTACTS);
    size_t index;
    json_t *item;

    (void)state;
    pass(w, "2027-03-10");
    must(w, "step done", "procedure", "lemgo", "step", "contact");
    pass(w, "2027-04-30");
    must(w, "reminder list", "procedure", "lemgo-2027-03", "limit", "1000");
    json_array_foreach((json_t *)(uintptr_t)items(w), index,
                       item) if (strcmp(text_of(item, "step"), "contact") == 0)
        assert_true(strcmp(text_of(item, "day"), "2027-03-10") <= 0);
    world_close(w);
}

static void without_a_contact_the_coordination_office_hears_of_it(void **state)
{
    struct world *w = begun(NULL);

    (void)state;
    pass(w, "2027-03-03");
    assert_true(mails_to(w, "koordination@example.org") >= 1);
    world_close(w);
}

static void a_digest_is_one_mail_on_monday(void **state)
{
    struct world *w = begun(CONTACTS);
    size_t index;
    json_t *item;

    (void)state;
    pass(w, "2027-03-01");
    must(w, "reminder digest", "person", "person/1");
    pass(w, "2027-06-30");
    must(w, "mail list", "limit", "1000");
    json_array_foreach((json_t *)(uintptr_t)items(w), index, item)
    {
        int32_t day = RH_NO_DAY;
        char text[16];

        snprintf(text, sizeof(text), "%.10s", text_of(item, "at"));
        if (strcmp(text_of(item, "recipient"), "ansprechperson@example.org") != 0 ||
            strcmp(text, "2027-03-02") <= 0)
            continue;
        assert_int_equal(rh_day_read_iso(text, &day, NULL), 0);
        assert_true(rh_day_weekday(day) <= 2); /* Tuesday after a holiday */
    }
    world_close(w);
}

static void a_call_makes_its_step_wait_and_stops_the_reminders(void **state)
{
    struct world *w = begun(CONTACTS);
    size_t mails;

    (void)state;
    pass(w, "2027-03-03");
    mails = mails_to(w, "ansprechperson@example.org");
    must(w, "call log", "procedure", "lemgo", "with", "Ansprechperson", "about",
         "kommt nach Ostern", "step", "contact", "until", "2027-04-09");
    must(w, "procedure tasks", "procedure", "lemgo");
    assert_string_equal(text_of(item(w, "step", "contact"), "state"), "waiting");
    assert_string_equal(text_of(item(w, "step", "contact"), "waits_until"), "2027-04-09");
    assert_int_equal(json_array_size(json_object_get(w->answer, "calls")), 1);
    pass(w, "2027-04-06");
    assert_int_equal(mails_to(w, "ansprechperson@example.org"), mails);
    must(w, "call list", "procedure", "lemgo");
    assert_int_equal(item_count(w), 1);
    assert_string_equal(text_of(json_array_get(items(w), 0), "until"), "2027-04-09");
    world_close(w);
}

static void a_call_that_cannot_be_is_not_noted(void **state)
{
    struct world *w = begun(CONTACTS);

    (void)state;
    pass(w, "2027-03-03");
    refused(w, RH_EINVALID, "--step nennt ihn", "--step names it", "call log", "procedure", "lemgo",
            "with", "Leitung", "about", "Termin", "until", "2027-03-12");
    refused(w, RH_ENOTFOUND, "einen Schritt 'nix' gibt es", "there is no step 'nix'", "call log",
            "procedure", "lemgo", "with", "Leitung", "about", "Termin", "step", "nix");
    /* a step that is not open cannot wait, and then the call is not noted either */
    assert_true(ask(w, "call log", "procedure", "lemgo", "with", "Leitung", "about", "Termin",
                    "step", "report", "until", "2027-03-12", NULL) < 0);
    must(w, "call list");
    assert_int_equal(item_count(w), 0);
    must(w, "call log", "procedure", "lemgo", "with", "Leitung", "about", "nur so");
    must(w, "call list");
    assert_int_equal(item_count(w), 1);
    world_close(w);
}

static void a_simulation_shows_what_will_happen_and_changes_nothing(void **state)
{
    struct world *w = begun(CONTACTS);
    int64_t events, mails;

    (void)state;
    must(w, "server status");
    events = number(w, "events");
    must(w, "simulate", "until", "2027-12-31");
    mails = number(w, "mails");
    assert_true(mails > 5);
    assert_int_equal(number(w, "most_running"), 1);
    must(w, "server status");
    assert_int_equal(number(w, "events"), events);
    must(w, "mail list");
    assert_int_equal(item_count(w), 0);
    /* the same again gives the same */
    must(w, "simulate", "until", "2027-12-31");
    assert_int_equal(number(w, "mails"), mails);
    refused(w, RH_EINVALID, "liegt nicht in der Zukunft", "does not lie ahead", "simulate", "until",
            "2026-01-01");
    world_close(w);
}

static void a_kept_simulation_is_a_database_to_practise_on(void **state)
{
    struct world *w = begun(CONTACTS), *copy;
    char path[160];

    (void)state;
    must(w, "simulate", "until", "2027-05-12", "keep", "übung.db");
    snprintf(path, sizeof(path), "%s/übung.db", w->folder);
    copy = world_described("plugin reminders { coordination = \"koordination@example.org\" }");
    world_copy(path, copy->db);
    world_begin(copy);
    must(copy, "server status");
    assert_true(json_is_true(json_object_get(copy->answer, "practice")));
    must(copy, "procedure board");
    assert_int_equal(item_count(copy), 1);
    /* what was due left before its step was done: nothing was dropped on the way */
    must(copy, "mail list", "state", "sent");
    assert_true(item_count(copy) >= 3);
    must(copy, "mail list", "state", "dropped");
    assert_int_equal(item_count(copy), 0);
    world_close(copy);
    world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_contact_is_reminded_once),
        cmocka_unit_test(at_most_one_mail_a_day),
        cmocka_unit_test(nothing_more_once_the_step_is_done),
        cmocka_unit_test(without_a_contact_the_coordination_office_hears_of_it),
        cmocka_unit_test(a_digest_is_one_mail_on_monday),
        cmocka_unit_test(a_call_makes_its_step_wait_and_stops_the_reminders),
        cmocka_unit_test(a_call_that_cannot_be_is_not_noted),
        cmocka_unit_test(a_simulation_shows_what_will_happen_and_changes_nothing),
        cmocka_unit_test(a_kept_simulation_is_a_database_to_practise_on),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
