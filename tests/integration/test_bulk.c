/* Many procedures at once: shown first, confirmed with the number, all or none, and back again. */
#include "tests/integration/nrw.h"

#include "core/calendar/zone.h"
#include "core/server/jobs.h"

static int64_t morning(const char *day)
{
    int32_t number = RH_NO_DAY;

    assert_int_equal(rh_day_read(day, &number, NULL), 0);
    return rh_berlin_instant(number, 9 * 3600);
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

/* Three procedures that began a day ago: two in the Rhineland, one in Westphalia-Lippe. */
static struct world *three_running(void)
{
    static const char *const offices[] = {"bonn", "velbert", "lemgo"};
    struct world *w = nrw_open("");

    w->now = morning("2026-11-24");
    must(w, "process import", "file", "@config/processes/qev-1.conf");
    for (size_t i = 0; i < 3; i++)
        must(w, "procedure record", "office", offices[i], "start", "2027-03", "state", "planned",
             "suggested-by", "office", "reason", "auf Wunsch");
    for (w->now = morning("2027-02-25"); w->now <= morning("2027-03-02"); w->now += 86400)
        run_jobs(w);
    return w;
}

static const char *changes(struct world *w)
{
    static char words[24];

    snprintf(words, sizeof(words), "%lld", (long long)number(w, "changes"));
    return words;
}

static size_t rows(const struct world *w, const char *kind)
{
    size_t index, count = 0;
    json_t *item;

    json_array_foreach((json_t *)(uintptr_t)items(w), index, item) count +=
        strcmp(text_of(item, "kind"), kind) == 0;
    return count;
}

static void due_of(struct world *w, const char *office, char due[16])
{
    must(w, "deadline show", "procedure", office, "step", "contact");
    snprintf(due, 16, "%s", text_of(json_array_get(items(w), 0), "due"));
}

static void a_filter_says_whom_it_meets(void **state)
{
    struct world *w = three_running();

    (void)state;
    must(w, "bulk preview");
    assert_int_equal(number(w, "procedures"), 3);
    must(w, "bulk preview", "region", "LVR");
    assert_int_equal(number(w, "procedures"), 2);
    must(w, "bulk preview", "offices", "Stadt Lemgo; bonn");
    assert_int_equal(number(w, "procedures"), 2);
    must(w, "bulk preview", "month", "2027-04");
    assert_int_equal(number(w, "procedures"), 0);
    must(w, "step done", "procedure", "bonn", "step", "contact");
    must(w, "bulk preview", "at-step", "contact");
    assert_int_equal(number(w, "procedures"), 2);
    must(w, "bulk preview", "state", "paused");
    assert_int_equal(number(w, "procedures"), 0);
    refused(w, RH_ENOTFOUND, "Jugendamt 'lemgoo'", "office 'lemgoo'", "bulk preview", "offices",
            "bonn, lemgoo");
    world_close(w);
}

/* The preview lists each deadline and mail; the deed does exactly that. */
static void what_the_preview_shows_is_what_is_done(void **state)
{
    struct world *w = three_running();
    char before[16], after[16], lemgo[16];

    (void)state;
    due_of(w, "bonn", before);
    due_of(w, "lemgo", lemgo);
    must(w, "bulk preview", "action", "extend", "region", "LVR", "step", "contact", "workdays", "3",
         "reason", "Streik");
    assert_int_equal(number(w, "procedures"), 2);
    assert_true(rows(w, "deadline-set") >= 2 && number(w, "mails") >= 2);
    assert_int_equal((size_t)number(w, "deadlines"), rows(w, "deadline-set"));
    due_of(w, "bonn", after);
    assert_string_equal(after, before);

    must(w, "bulk preview", "action", "extend", "region", "LVR", "step", "contact", "workdays", "3",
         "reason", "Streik");
    must(w, "bulk apply", "action", "extend", "region", "LVR", "step", "contact", "workdays", "3",
         "reason", "Streik", "changes", changes(w));
    due_of(w, "bonn", after);
    assert_string_equal(before, "2027-03-15");
    assert_string_equal(after, "2027-03-18");
    due_of(w, "lemgo", after);
    assert_string_equal(after, lemgo);
    world_close(w);
}

static void the_number_has_to_be_right(void **state)
{
    struct world *w = three_running();
    char due[16];

    (void)state;
    refused(w, RH_ECONFLICT, "Änderungen, nicht 186", "changes, not 186", "bulk apply", "action",
            "extend", "step", "contact", "workdays", "3", "reason", "Streik", "changes", "186");
    due_of(w, "bonn", due);
    assert_string_equal(due, "2027-03-15");
    refused(w, RH_ENOTFOUND, "passt kein Verfahren", "no procedure fits", "bulk apply", "action",
            "resume", "month", "2031-01", "changes", "1");
    refused(w, RH_EINVALID, "gehört --reason", "needs --reason", "bulk apply", "action", "extend",
            "step", "contact", "workdays", "3", "changes", "1");
    world_close(w);
}

static void one_that_does_not_allow_it_is_named_and_stops_all(void **state)
{
    struct world *w = three_running();
    char number_of[24], due[16];

    (void)state;
    must(w, "step done", "procedure", "velbert", "step", "contact");
    must(w, "bulk preview", "action", "extend", "step", "contact", "workdays", "3", "reason",
         "Streik");
    assert_int_equal(number(w, "refused"), 1);
    assert_int_equal(number(w, "procedures"), 2);
    assert_int_equal(rows(w, "refused"), 1);
    snprintf(number_of, sizeof(number_of), "%s", changes(w));
    refused(w, RH_ECONFLICT, "velbert-2027-03 (Schritt 'contact': ist jetzt: getan)",
            "velbert-2027-03 (step 'contact': is now: done)", "bulk apply", "action", "extend",
            "step", "contact", "workdays", "3", "reason", "Streik", "changes", number_of);
    due_of(w, "bonn", due);
    assert_string_equal(due, "2027-03-15");

    must(w, "bulk apply", "action", "extend", "step", "contact", "workdays", "3", "reason",
         "Streik", "changes", number_of, "skip-refused", "yes");
    due_of(w, "bonn", due);
    assert_string_equal(due, "2027-03-18");
    world_close(w);
}

static void a_batch_is_taken_back_by_events_of_its_own(void **state)
{
    struct world *w = three_running();
    char due[16], batch[24];
    size_t events;

    (void)state;
    must(w, "bulk preview", "action", "pause", "clock", "stops", "reason", "Wahlen");
    must(w, "bulk apply", "action", "pause", "clock", "stops", "reason", "Wahlen", "changes",
         changes(w));
    snprintf(batch, sizeof(batch), "%lld", (long long)number(w, "batch"));
    must(w, "bulk preview", "state", "paused");
    assert_int_equal(number(w, "procedures"), 3);
    must(w, "procedure history", "procedure", "lemgo");
    events = item_count(w);

    must(w, "bulk undo", "batch", batch, "reason", "doch nicht");
    assert_int_equal(number(w, "procedures"), 3);
    must(w, "bulk preview", "state", "running");
    assert_int_equal(number(w, "procedures"), 3);
    must(w, "procedure history", "procedure", "lemgo");
    assert_int_equal(item_count(w), events + 1);
    due_of(w, "lemgo", due);
    assert_string_equal(due, "2027-03-15");
    refused(w, RH_ECONFLICT, "schon zurückgenommen", "taken back already", "bulk undo", "batch",
            batch, "reason", "noch einmal");
    must(w, "bulk list");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(items(w), 0), "procedures")),
                     3);
    world_close(w);
}

/* What a later event rests on cannot be taken back; it is named, and the others stay too. */
static void a_batch_that_others_rest_on_stays(void **state)
{
    struct world *w = three_running();
    char batch[24];

    (void)state;
    must(w, "bulk preview", "action", "done", "step", "contact");
    must(w, "bulk apply", "action", "done", "step", "contact", "changes", changes(w));
    snprintf(batch, sizeof(batch), "%lld", (long long)number(w, "batch"));
    must(w, "step done", "procedure", "bonn", "step", "kickoff");
    refused(w, RH_ECONFLICT, "bonn-2027-03", "bonn-2027-03", "bulk undo", "batch", batch, "reason",
            "doch nicht");
    must(w, "procedure board");
    must(w, "bulk preview", "at-step", "contact");
    assert_int_equal(number(w, "procedures"), 0);
    world_close(w);
}

/* 30 reminders that leave at once would pull the brake; a person has confirmed them. */
static void what_was_confirmed_with_its_number_passes_the_brake(void **state)
{
    struct world *w = nrw_open("procedure { brake_mails = 2 }");
    static const char *const offices[] = {"bonn", "velbert", "lemgo", "hamm"};

    (void)state;
    w->now = morning("2026-11-24");
    must(w, "process import", "file", "@config/processes/qev-1.conf");
    for (size_t i = 0; i < 4; i++)
        must(w, "procedure record", "office", offices[i], "start", "2027-03", "state", "planned",
             "suggested-by", "office", "reason", "auf Wunsch");
    for (w->now = morning("2027-02-25"); w->now < morning("2027-03-04"); w->now += 86400)
        run_jobs(w);
    /* the deadline comes to tomorrow, so its reminders leave at once */
    must(w, "bulk preview", "action", "set", "step", "contact", "on", "2027-03-05", "reason",
         "eilt");
    assert_true(number(w, "soon") > 2);
    must(w, "bulk apply", "action", "set", "step", "contact", "on", "2027-03-05", "reason", "eilt",
         "changes", changes(w));
    for (; w->now < morning("2027-03-05"); w->now += 3600)
        run_jobs(w);
    must(w, "brake show");
    assert_int_equal(json_is_true(json_object_get(w->answer, "on")), 0);
    must(w, "event list", "topic", "procedure.brake");
    assert_int_equal(item_count(w), 0);
    world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_filter_says_whom_it_meets),
        cmocka_unit_test(what_the_preview_shows_is_what_is_done),
        cmocka_unit_test(the_number_has_to_be_right),
        cmocka_unit_test(one_that_does_not_allow_it_is_named_and_stops_all),
        cmocka_unit_test(a_batch_is_taken_back_by_events_of_its_own),
        cmocka_unit_test(a_batch_that_others_rest_on_stays),
        cmocka_unit_test(what_was_confirmed_with_its_number_passes_the_brake),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
