/* Procedures on their way, as the people of the coordination office meet them: begun by the plan,
 * moved on by hand and by time, held back by the brake. */
#include "tests/integration/nrw.h"

#include "core/calendar/zone.h"
#include "core/server/jobs.h"

/* 09:00 in Berlin on that day. */
static int64_t morning(const char *day)
{
    int32_t number = RH_NO_DAY;

    assert_int_equal(rh_day_read(day, &number, NULL), 0);
    return rh_berlin_instant(number, 9 * 3600);
}

/* Does what is due by now, until nothing is. */
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

/* Time passes in days, as it does for a server that runs. */
static void pass(struct world *w, const char *until)
{
    int64_t end = morning(until);

    while (w->now < end) {
        w->now = w->now + 86400 < end ? w->now + 86400 : end;
        run_jobs(w);
    }
}

static const json_t *item_with(const struct world *w, const char *key, const char *value)
{
    size_t index;
    json_t *item;

    json_array_foreach((json_t *)(uintptr_t)items(w), index,
                       item) if (strcmp(text_of(item, key), value) == 0) return item;
    fail_msg("no item with %s = %s", key, value);
    return NULL;
}

/* A house with the shipped process and one procedure out of turn that starts in March 2027. */
static struct world *one_procedure(void)
{
    struct world *w = nrw_open("");

    w->now = morning("2026-11-24");
    must(w, "process import", "file", "@config/processes/qev-1.conf");
    must(w, "procedure record", "office", "lemgo", "start", "2027-03", "state", "planned",
         "suggested-by", "office", "reason", "auf Wunsch");
    return w;
}

static void what_is_planned_is_set_on_its_way(void **state)
{
    struct world *w = one_procedure();

    (void)state;
    must(w, "procedure board", "state", "planned");
    assert_int_equal(item_count(w), 1);
    assert_string_equal(text_of(item_with(w, "procedure", "lemgo-2027-03"), "start_day"),
                        "2027-03-01");
    must(w, "procedure tasks", "procedure", "lemgo");
    assert_string_equal(text(w, "suggested_by"), "office");
    assert_true(item_count(w) >= 15);
    assert_string_equal(text_of(item_with(w, "step", "contact"), "due"), "2027-03-15");
    assert_says(text_of(item_with(w, "step", "contact"), "why"), "10 Arbeitstage");
    world_close(w);
}

static void time_starts_it_and_people_move_it_on(void **state)
{
    struct world *w = one_procedure();

    (void)state;
    pass(w, "2027-03-02");
    must(w, "procedure board");
    assert_string_equal(text_of(item_with(w, "procedure", "lemgo-2027-03"), "state"), "running");
    must(w, "procedure show", "procedure", "lemgo-2027-03");
    assert_string_equal(text_of(json_array_get(items(w), 0), "state"), "running");
    must(w, "step done", "procedure", "lemgo", "step", "contact");
    must(w, "procedure tasks", "procedure", "lemgo");
    assert_string_equal(text_of(item_with(w, "step", "contact"), "state"), "done");
    assert_string_equal(text_of(item_with(w, "step", "kickoff"), "state"), "ready");
    refused(w, RH_ECONFLICT, "", "", "step done", "procedure", "lemgo", "step", "contact");
    world_close(w);
}

static void deadlines_are_moved_with_a_reason_and_back(void **state)
{
    struct world *w = one_procedure();
    char before[16], event[16];

    (void)state;
    pass(w, "2027-03-02");
    must(w, "deadline show", "procedure", "lemgo", "step", "contact");
    snprintf(before, sizeof(before), "%s", text_of(json_array_get(items(w), 0), "due"));
    must(w, "deadline extend", "procedure", "lemgo", "step", "contact", "workdays", "5", "reason",
         "Grippewelle");
    must(w, "deadline show", "procedure", "lemgo", "step", "contact");
    /* five working days after 15 March are 22 March, in the Easter holidays: the day after them */
    assert_string_equal(text_of(json_array_get(items(w), 0), "due"), "2027-04-05");
    must(w, "procedure history", "procedure", "lemgo");
    assert_string_equal(text_of(item_with(w, "kind", "extend"), "reason"), "Grippewelle");
    assert_string_equal(text_of(item_with(w, "kind", "extend"), "actor"), "test");
    snprintf(event, sizeof(event), "%d",
             (int)json_integer_value(json_object_get(item_with(w, "kind", "extend"), "number")));
    must(w, "procedure undo", "procedure", "lemgo", "number", event, "reason", "doch nicht");
    must(w, "deadline show", "procedure", "lemgo", "step", "contact");
    assert_string_equal(text_of(json_array_get(items(w), 0), "due"), before);
    world_close(w);
}

static void a_stopped_reminder_does_not_leave(void **state)
{
    struct world *w = one_procedure();
    char key[256] = "";
    size_t index;
    json_t *item;

    (void)state;
    pass(w, "2027-03-10");
    must(w, "procedure ahead");
    json_array_foreach((json_t *)(uintptr_t)items(w), index,
                       item) if (strcmp(text_of(item, "kind"), "mail") == 0 && !*key)
        snprintf(key, sizeof(key), "%s", text_of(item, "key"));
    assert_true(*key);
    must(w, "reminder stop", "key", key, "reason", "ist im Urlaub");
    pass(w, "2027-03-31");
    must(w, "event list", "topic", "procedure.reminder_stopped");
    assert_int_equal(item_count(w), 1);
    must(w, "procedure tasks", "procedure", "lemgo");
    index = 0;
    json_array_foreach(json_object_get(w->answer, "mails"), index,
                       item) if (strcmp(text_of(item, "key"), key) == 0)
        assert_string_equal(text_of(item, "state"), "stopped");
    world_close(w);
}

/* Each day has one heading, before its first line, and the headings' numbers add up. A deadline
 * stands under the day that it ends with, not under the next. */
static void the_days_ahead_are_told_by_days(void **state)
{
    struct world *w = one_procedure();
    int64_t mails = 0, deadlines = 0;
    size_t index, headings = 0;
    json_t *item;

    (void)state;
    pass(w, "2027-03-05");
    must(w, "procedure ahead", "days", "40");
    json_array_foreach((json_t *)(uintptr_t)items(w), index, item)
    {
        const char *heading = json_string_value(json_object_get(item, "heading"));

        if (!heading)
            continue;
        headings++;
        mails += json_integer_value(json_object_get(item, "day_mails"));
        deadlines += json_integer_value(json_object_get(item, "day_deadlines"));
    }
    assert_true(headings > 2 && headings < item_count(w));
    assert_int_equal(mails, number(w, "mails"));
    assert_int_equal(deadlines, number(w, "deadlines"));
    assert_non_null(json_string_value(json_object_get(json_array_get(items(w), 0), "heading")));
    assert_string_equal(text_of(item_with(w, "kind", "deadline"), "at"), "2027-03-16 00:00");
    assert_string_equal(text_of(item_with(w, "kind", "deadline"), "time"), "24:00");
    world_close(w);
}

static void what_was_shown_is_what_happens(void **state)
{
    struct world *w = one_procedure();
    char shown[64][256];
    size_t count = 0, index, left = 0;
    json_t *item;

    (void)state;
    pass(w, "2027-03-08");
    must(w, "procedure ahead", "days", "14");
    json_array_foreach((json_t *)(uintptr_t)items(w), index,
                       item) if (strcmp(text_of(item, "kind"), "mail") == 0 &&
                                 !json_is_true(json_object_get(item, "expected")) && count < 64)
        snprintf(shown[count++], sizeof(shown[0]), "%s", text_of(item, "key"));
    assert_true(count > 0);
    pass(w, "2027-03-23");
    must(w, "event list", "topic", "procedure.reminder", "limit", "100");
    json_array_foreach((json_t *)(uintptr_t)items(w), index, item) for (size_t i = 0; i < count;
                                                                        i++) left +=
        strstr(json_string_value(json_object_get(item, "after"))
                   ? json_string_value(json_object_get(item, "after"))
                   : "",
               shown[i]) != NULL;
    assert_int_equal(left, count);
    world_close(w);
}

static size_t count_events(struct world *w, const char *topic)
{
    must(w, "event list", "topic", topic, "limit", "1000");
    return item_count(w);
}

static void after_a_long_downtime_nothing_leaves_by_itself(void **state)
{
    struct world *w = one_procedure();
    size_t left;

    (void)state;
    pass(w, "2027-03-02");
    left = count_events(w, "procedure.reminder");
    w->now = morning("2027-05-20"); /* nobody was there */
    run_jobs(w);
    must(w, "brake show");
    assert_true(json_is_true(json_object_get(w->answer, "on")));
    assert_true(number(w, "overdue") > 0);
    assert_int_equal(count_events(w, "procedure.reminder"), left);
    refused(w, RH_ECONFLICT, "inzwischen", "by now", "brake release", "mails", "9999");
    must(w, "brake show");
    {
        char mails[24];

        snprintf(mails, sizeof(mails), "%lld", (long long)number(w, "mails"));
        must(w, "brake release", "mails", mails);
    }
    run_jobs(w);
    must(w, "brake show");
    assert_true(json_is_false(json_object_get(w->answer, "on")));
    assert_true(count_events(w, "procedure.reminder") > left);
    world_close(w);
}

static void a_clock_that_jumps_changes_nothing(void **state)
{
    struct world *w = one_procedure();
    size_t happened;
    int64_t now;

    (void)state;
    pass(w, "2027-03-02");
    now = w->now;
    must(w, "procedure history", "procedure", "lemgo");
    happened = item_count(w);
    w->now = now + 400 * INT64_C(86400);
    run_jobs(w);
    w->now = 0; /* 1970 */
    run_jobs(w);
    w->now = now + 3600;
    run_jobs(w);
    must(w, "procedure history", "procedure", "lemgo");
    assert_int_equal(item_count(w), happened); /* nothing passed, nothing left */
    world_close(w);
}

static void all_pause_and_go_on(void **state)
{
    struct world *w = one_procedure();
    size_t left;

    (void)state;
    pass(w, "2027-03-02");
    must(w, "procedure pause-all", "clock", "stops", "reason", "Landtagswahl");
    assert_int_equal(number(w, "count"), 1);
    must(w, "procedure board");
    assert_string_equal(text_of(item_with(w, "procedure", "lemgo-2027-03"), "state"), "paused");
    refused(w, RH_ECONFLICT, "ruhen schon", "already", "procedure pause-all", "clock", "runs",
            "reason", "noch einmal");
    left = count_events(w, "procedure.reminder");
    pass(w, "2027-04-20");
    assert_int_equal(count_events(w, "procedure.reminder"), left);
    must(w, "procedure resume-all");
    must(w, "procedure tasks", "procedure", "lemgo");
    assert_says(text_of(item_with(w, "step", "contact"), "due"), "2027-05");
    world_close(w);
}

static void cases_are_drawn_by_positions_alone(void **state)
{
    struct world *w = one_procedure();

    (void)state;
    pass(w, "2027-03-02");
    must(w, "step done", "procedure", "lemgo", "step", "contact");
    must(w, "step date", "procedure", "lemgo", "step", "kickoff", "on", "2027-03-02", "at", "9:00");
    must(w, "step done", "procedure", "lemgo", "step", "kickoff");
    must(w, "step draw", "procedure", "lemgo", "step", "cases", "listed", "240", "chosen", "1",
         "random", "1");
    assert_int_equal(strlen(text(w, "seed")), 64);
    assert_says(text(w, "positions"), "von 240");
    refused(w, RH_EINVALID, "", "", "step date", "procedure", "lemgo", "step", "session", "on",
            "2027-06-01", "at", "26:00");
    world_close(w);
}

static void a_definition_is_refused_with_its_line(void **state)
{
    struct world *w = nrw_open("");

    (void)state;
    refused(w, RH_EINVALID, "test.csv", "test.csv", "process check", "file",
            "=process { title_de = \"a\" title_en = \"b\" }\nstep a {\n");
    must(w, "process check", "file", "@config/processes/qev-1.conf");
    must(w, "process import", "file", "@config/processes/qev-1.conf");
    must(w, "process show");
    assert_says(text(w, "prose"), "Auftaktgespräch");
    must(w, "process picture");
    assert_says(text(w, "svg"), "<svg");
    world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_planned_is_set_on_its_way),
        cmocka_unit_test(time_starts_it_and_people_move_it_on),
        cmocka_unit_test(deadlines_are_moved_with_a_reason_and_back),
        cmocka_unit_test(a_stopped_reminder_does_not_leave),
        cmocka_unit_test(the_days_ahead_are_told_by_days),
        cmocka_unit_test(what_was_shown_is_what_happens),
        cmocka_unit_test(after_a_long_downtime_nothing_leaves_by_itself),
        cmocka_unit_test(a_clock_that_jumps_changes_nothing),
        cmocka_unit_test(all_pause_and_go_on),
        cmocka_unit_test(cases_are_drawn_by_positions_alone),
        cmocka_unit_test(a_definition_is_refused_with_its_line),
    };

    return cmocka_run_group_tests(tests, nrw_make, nrw_remove);
}
