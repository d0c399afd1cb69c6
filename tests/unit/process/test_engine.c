/* The life of a procedure: what people may do when, what follows, and how a mistake is mended. */
#include "tests/unit/process/world.h"

#include "core/base/alloc.h"

#define SMALL                                                                                      \
    "process {\n title_de = \"T\"\n title_en = \"T\"\n quiet = { school, 12-24..01-01 }\n}\n"      \
    "step one {\n title_de = \"Eins\"\n title_en = \"One\"\n who = contact\n form = deadline\n"    \
    " due = \"10 workdays after start\"\n remind = c\n}\n"                                         \
    "step two {\n title_de = \"Zwei\"\n title_en = \"Two\"\n who = team\n form = appointment\n"    \
    " at = 9:00\n until = 16:00\n due = \"10 workdays after one\"\n needs = { one }\n"             \
    " remind = c\n}\n"                                                                             \
    "step three {\n title_de = \"Drei\"\n title_en = \"Three\"\n who = head\n form = deadline\n"   \
    " due = \"5 workdays after two\"\n needs = { two }\n optional = yes\n when = wanted\n}\n"      \
    "question wanted {\n title_de = \"Gewollt?\"\n title_en = \"Wanted?\"\n}\n"                    \
    "chain c {\n rules = { \"at opening: actor, step_open\", \"2 workdays before: actor, soon\","  \
    " \"3 workdays after: head, late\" }\n}\n"

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    world_init(w, read_definition(SMALL));
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

/* --- the way of a step --- */

static void a_step_is_ready_when_all_it_needs_is_done(void **state)
{
    struct world *w = *state;

    assert_state(w, "one", "ready");
    assert_state(w, "two", "planned");
    must_be_done(w, "2027-01-20", "one");

    assert_state(w, "one", "done");
    assert_state(w, "two", "ready");
    assert_int_equal(count_effects(w, RH_PROCESS_ENTERED, "two", NULL), 1);
}

static void what_is_planned_cannot_be_done_and_the_sentence_says_so(void **state)
{
    struct world *w = *state;

    assert_int_equal(happen(w, event_of(w, RH_PROCESS_DONE, "two")), RH_ECONFLICT);

    assert_string_equal(w->err.text[RH_DE], "Schritt 'two': ist jetzt: geplant");
    assert_string_equal(w->err.text[RH_EN], "step 'two': is now: planned");
    assert_int_equal(w->state->event_count, 1);
}

static void a_procedure_of_the_future_starts_on_its_day(void **state)
{
    struct world w;
    (void)state;

    world_init(&w, read_definition(SMALL));
    begin(&w, "2027-01-04", "2027-02-01");
    assert_state(&w, "one", "planned");
    clock_to(&w, "2027-01-31");
    assert_state(&w, "one", "planned");
    clock_to(&w, "2027-02-01 00:00");

    assert_state(&w, "one", "ready");
    world_fini(&w);
}

static void done_may_be_dated_back_and_counts_from_that_day(void **state)
{
    struct world *w = *state;
    struct rh_process_event done;

    clock_to(w, "2027-01-20");
    done = event_of(w, RH_PROCESS_DONE, "one");
    done.day = day_of("2027-01-15");
    must_happen(w, done);
    assert_due(w, "two", "2027-01-29");

    done = event_of(w, RH_PROCESS_DONE, "two");
    done.day = day_of("2027-01-21");
    assert_int_equal(happen(w, done), RH_EINVALID);
}

static void leaving_out_needs_a_reason_unless_the_definition_allows_it(void **state)
{
    struct world *w = *state;
    struct rh_process_event skip = event_of(w, RH_PROCESS_SKIP, "two");

    skip.reason = NULL;
    assert_int_equal(happen(w, skip), RH_EINVALID);
    assert_string_equal(w->err.text[RH_EN], "step 'two': the reason is missing");
    skip.step = "three";
    must_happen(w, skip);

    assert_state(w, "three", "skipped");
}

static void a_condition_that_does_not_hold_leaves_the_step_out_until_it_does(void **state)
{
    struct world *w = *state;
    struct rh_process_event answer = event_of(w, RH_PROCESS_ANSWER, NULL);

    answer.item = "wanted";
    must_happen(w, answer);
    assert_state(w, "three", "skipped");
    answer.flag = true;
    must_happen(w, answer);

    assert_state(w, "three", "planned");
}

static void when_the_last_step_is_done_the_procedure_is_finished(void **state)
{
    struct world *w = *state;

    must_be_done(w, "2027-01-20", "one");
    must_be_done(w, "2027-01-28", "two");
    assert_false(rh_process_finished(w->state));
    must_be_done(w, "2027-02-02", "three");

    assert_true(rh_process_finished(w->state));
    assert_int_equal(count_effects(w, RH_PROCESS_FINISHED, NULL, NULL), 1);
    assert_true(rh_process_next(w->state, &w->calendar) == RH_NO_INSTANT);
}

/* --- out of turn --- */

static void out_of_turn_needs_who_suggested_it_and_why(void **state)
{
    struct world w;
    struct rh_process_event start = RH_PROCESS_EVENT(RH_PROCESS_BEGIN, time_of("2027-01-11"));
    (void)state;

    world_init(&w, read_shipped());
    start.id = "herne-2027-01";
    start.hash = w.definition->hash;
    start.day = day_of("2027-01-11");
    start.by = "office";
    assert_int_equal(happen(&w, start), RH_EINVALID);
    start.reason = "Wechsel der Leitung";
    must_happen(&w, start);

    assert_string_equal(w.state->suggested_by, "office");
    assert_state(&w, "occasion", "ready");
    world_fini(&w);
}

/* --- receipts and the draw --- */

static void the_structure_analysis_is_done_with_its_sixth_receipt(void **state)
{
    static const char *const items[] = {"official_statistics",  "welfare_statistics",
                                        "survey_heads",         "survey_personnel",
                                        "survey_professionals", "service_instructions"};
    struct world w;
    struct rh_process_event receipt;
    (void)state;

    world_init(&w, read_shipped());
    begin(&w, "2027-01-11", "2027-01-11");
    must_be_done(&w, "2027-01-20", "contact");
    must_be_done(&w, "2027-02-12", "kickoff");
    for (size_t i = 0; i < 6; i++) {
        assert_state(&w, "structure", i == 0 ? "ready" : "running");
        receipt = event_of(&w, RH_PROCESS_RECEIPT, "structure");
        receipt.item = items[i];
        receipt.flag = true;
        must_happen(&w, receipt);
    }

    assert_state(&w, "structure", "done");
    world_fini(&w);
}

static void without_its_receipts_a_step_is_done_with_a_reason_only(void **state)
{
    struct world w;
    struct rh_process_event done;
    (void)state;

    world_init(&w, read_shipped());
    begin(&w, "2027-01-11", "2027-01-11");
    must_be_done(&w, "2027-01-20", "contact");
    must_be_done(&w, "2027-02-12", "kickoff");
    done = event_of(&w, RH_PROCESS_DONE, "structure");
    done.reason = NULL;
    assert_int_equal(happen(&w, done), RH_ECONFLICT);
    assert_non_null(strstr(w.err.text[RH_EN], "6 of 6 receipts are missing"));
    done.reason = "Statistik kommt nach";
    must_happen(&w, done);
    world_fini(&w);
}

/* --- taking back --- */

static void undo_leads_back_and_can_itself_be_taken_back(void **state)
{
    struct world *w = *state;
    struct rh_process_event undo;

    must_be_done(w, "2027-01-20", "one"); /* 1 begin, 2 the mail at opening, 3 this */
    undo = event_of(w, RH_PROCESS_UNDO, NULL);
    undo.count = (int32_t)w->state->event_count;
    must_happen(w, undo);
    assert_state(w, "one", "ready");
    assert_state(w, "two", "planned");

    undo.count = (int32_t)w->state->event_count;
    must_happen(w, undo);
    assert_state(w, "one", "done");
    assert_state(w, "two", "ready");
}

static void undo_is_refused_when_something_later_rests_on_it_and_says_what(void **state)
{
    struct world *w = *state;
    struct rh_process_event undo;
    int32_t first;

    must_be_done(w, "2027-01-20", "one");
    first = (int32_t)w->state->event_count;
    must_be_done(w, "2027-01-28", "two");
    undo = event_of(w, RH_PROCESS_UNDO, NULL);
    undo.count = first;
    assert_int_equal(happen(w, undo), RH_ECONFLICT);

    assert_non_null(strstr(w->err.text[RH_DE], "(done) zurücknehmen, sonst: Schritt 'two'"));
    assert_state(w, "two", "done");
}

static void what_left_cannot_be_taken_back_and_is_named_when_wrong(void **state)
{
    struct world *w = *state;
    struct rh_process_event undo;
    const struct rh_process_effect *lost;

    must_be_done(w, "2027-01-20", "one");
    undo = event_of(w, RH_PROCESS_UNDO, NULL);
    undo.count = (int32_t)w->state->event_count;
    clock_to(w, "2027-01-25"); /* "two is open" has left */
    assert_int_equal(count_effects(w, RH_PROCESS_MAIL_OUT, "two", "open:actor"), 1);
    undo.at = w->now;
    must_happen(w, undo);

    lost = effect_of(w, RH_PROCESS_MAIL_LOST, "two", "open:actor");
    assert_time(lost->old_at, "2027-01-20 09:00");
    undo.count = 2; /* a fact */
    assert_int_equal(happen(w, undo), RH_ECONFLICT);
}

static void reopening_does_not_send_again_what_was_sent(void **state)
{
    struct world *w = *state;

    must_be_done(w, "2027-01-25", "one"); /* the reminder two working days before was on the 21st */
    must_happen(w, event_of(w, RH_PROCESS_REOPEN, "one"));
    assert_state(w, "one", "ready");
    clock_to(w, "2027-01-28");

    assert_int_equal(count_effects(w, RH_PROCESS_MAIL_OUT, "one", NULL), 1);
    effect_of(w, RH_PROCESS_MAIL_OUT, "one", "due+3w:head");
}

static void cancelling_ends_all_and_can_be_taken_back(void **state)
{
    struct world *w = *state;
    struct rh_process_event undo = event_of(w, RH_PROCESS_UNDO, NULL);

    must_happen(w, event_of(w, RH_PROCESS_CANCEL, NULL));
    assert_state(w, "one", "cancelled");
    assert_true(rh_process_next(w->state, &w->calendar) == RH_NO_INSTANT);
    assert_int_equal(happen(w, event_of(w, RH_PROCESS_DONE, "one")), RH_ECONFLICT);
    undo.count = (int32_t)w->state->event_count;
    must_happen(w, undo);

    assert_state(w, "one", "ready");
}

/* --- pauses --- */

static void in_a_pause_nothing_leaves_and_the_steps_are_paused(void **state)
{
    struct world *w = *state;
    struct rh_process_event pause = event_of(w, RH_PROCESS_PAUSE, NULL);

    pause.flag = true;
    pause.reason = "Kommunalwahl";
    must_happen(w, pause);
    assert_state(w, "one", "paused");
    assert_state(w, "two", "planned");
    clock_to(w, "2027-06-01");
    assert_int_equal(w->effects.count, 0);
    pause = event_of(w, RH_PROCESS_RESUME, NULL);
    must_happen(w, pause);

    assert_state(w, "one", "ready");
}

static void a_national_pause_and_an_own_one_are_two(void **state)
{
    struct world *w = *state;
    struct rh_process_event pause = event_of(w, RH_PROCESS_PAUSE, NULL);
    struct rh_process_event resume = event_of(w, RH_PROCESS_RESUME, NULL);

    must_happen(w, pause);
    pause.flag_national = true;
    must_happen(w, pause);
    assert_int_equal(happen(w, pause), RH_ECONFLICT);
    must_happen(w, resume);
    assert_state(w, "one", "paused");
    resume.flag_national = true;
    must_happen(w, resume);

    assert_state(w, "one", "ready");
}

/* --- as JSON --- */

static void a_state_written_and_read_is_the_same(void **state)
{
    struct world *w = *state;
    struct rh_process_state *again = NULL;
    rh_auto_str(text, 1 << 20);
    rh_auto_str(twice, 1 << 20);
    struct rh_process_event undo;

    must_be_done(w, "2027-01-20", "one");
    undo = event_of(w, RH_PROCESS_UNDO, NULL);
    undo.count = (int32_t)w->state->event_count;
    must_happen(w, undo);
    must_be_done(w, "2027-01-22", "one");
    assert_int_equal(rh_process_state_write(w->state, &text, NULL), 0);
    assert_int_equal(rh_process_state_read(text.data, text.length, w->versions, 1, &again, NULL),
                     0);
    assert_int_equal(rh_process_state_write(again, &twice, NULL), 0);

    assert_string_equal(text.data, twice.data);
    assert_memory_equal(again->steps, w->state->steps, sizeof(again->steps));
    assert_int_equal(again->fired_count, w->state->fired_count);
    rh_process_state_free(again);
}

static void a_state_of_an_unknown_version_is_refused(void **state)
{
    static const char *const text = "{\"format\":1,\"events\":[{\"kind\":\"begin\",\"at\":0,\"id\":"
                                    "\"x\",\"day\":\"1970-01-01\","
                                    "\"hash\":\"abc\"}]}";
    struct world *w = *state;
    struct rh_process_state *again = NULL;

    assert_int_equal(rh_process_state_read(text, strlen(text), w->versions, 1, &again, &w->err),
                     RH_ENOTFOUND);

    assert_non_null(strstr(w->err.text[RH_EN], "no version 'abc'"));
    assert_null(again);
}

static void a_state_in_which_a_fact_was_taken_back_is_refused(void **state)
{
    struct world *w = *state;
    struct rh_process_state *again = NULL;
    rh_auto_str(text, 1 << 20);

    clock_to(w, "2027-01-12"); /* 2: the mail at opening */
    assert_int_equal(rh_process_state_write(w->state, &text, NULL), 0);
    text.data[text.length - 2] = '\0';
    text.length -= 2;
    rh_str_add(&text, ",{\"kind\":\"undo\",\"at\":1799740800,\"count\":2,\"reason\":\"r\"}]}");

    assert_int_equal(rh_process_state_read(text.data, text.length, w->versions, 1, &again, &w->err),
                     RH_EINVALID);
    assert_string_equal(w->err.text[RH_EN], "event 3 takes back none that can be taken back");
}

static void an_effect_is_one_object_with_time_kind_and_subject(void **state)
{
    struct world *w = *state;
    rh_auto_str(text, 4096);
    struct rh_json_out json;

    clock_to(w, "2027-01-21");
    rh_json_out_init(&json, &text);
    rh_process_effect_write(w->state, effect_of(w, RH_PROCESS_MAIL_OUT, "one", "due-2w:actor"),
                            &json);
    assert_int_equal(rh_json_finish(&json, NULL), 0);

    assert_string_equal(text.data,
                        "{\"at\":\"2027-01-21T08:00:00+01:00\",\"kind\":\"mail\",\"procedure\":"
                        "\"herne-2027-01\",\"step\":\"one\",\"day\":\"2027-01-25\",\"key\":"
                        "\"herne-2027-01/one/due-2w:actor/2027-01-25\",\"template\":\"soon\","
                        "\"role\":\"contact\"}");
}

/* --- without memory --- */

static void without_memory_an_event_leaves_the_state_as_it_was(void **state)
{
    struct world *w = *state;
    int32_t rc = RH_ENOMEM;

    clock_to(w, "2027-01-20");
    for (long n = 1; rc != 0; n++) {
        size_t events = w->state->event_count;
        struct rh_process_event done = event_of(w, RH_PROCESS_DONE, "one");

        rh_process_effects_fini(&w->effects);
        rh_err_clear(&w->err);
        rh_alloc_fail_after(n, 1);
        rc = rh_process_handle(w->state, &done, &w->calendar, &w->effects, &w->err);
        rh_alloc_fail_after(0, 0);
        assert_true(n < 100);
        if (rc == 0)
            break;
        assert_int_equal(rc, RH_ENOMEM);
        assert_int_equal(w->state->event_count, events);
        assert_state(w, "one", "ready");
    }

    assert_state(w, "one", "done");
}

static void without_memory_a_tick_loses_no_mail(void **state)
{
    struct world *w = *state;
    size_t mails = 0;
    int32_t rc = RH_ENOMEM;

    for (long n = 1; rc != 0; n++) {
        rh_process_effects_fini(&w->effects);
        rh_err_clear(&w->err);
        rh_alloc_fail_after(n, 1);
        rc = rh_process_tick(w->state, &w->calendar, time_of("2027-02-15"), &w->effects, &w->err);
        rh_alloc_fail_after(0, 0);
        assert_true(n < 100);
        mails += count_effects(w, RH_PROCESS_MAIL_OUT, NULL, NULL);
    }

    assert_int_equal(mails, 2); /* the last to the actor, and that to the head */
    assert_int_equal(w->state->fired_count, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_step_is_ready_when_all_it_needs_is_done),
        TEST(what_is_planned_cannot_be_done_and_the_sentence_says_so),
        cmocka_unit_test(a_procedure_of_the_future_starts_on_its_day),
        TEST(done_may_be_dated_back_and_counts_from_that_day),
        TEST(leaving_out_needs_a_reason_unless_the_definition_allows_it),
        TEST(a_condition_that_does_not_hold_leaves_the_step_out_until_it_does),
        TEST(when_the_last_step_is_done_the_procedure_is_finished),
        cmocka_unit_test(out_of_turn_needs_who_suggested_it_and_why),
        cmocka_unit_test(the_structure_analysis_is_done_with_its_sixth_receipt),
        cmocka_unit_test(without_its_receipts_a_step_is_done_with_a_reason_only),
        TEST(undo_leads_back_and_can_itself_be_taken_back),
        TEST(undo_is_refused_when_something_later_rests_on_it_and_says_what),
        TEST(what_left_cannot_be_taken_back_and_is_named_when_wrong),
        TEST(reopening_does_not_send_again_what_was_sent),
        TEST(cancelling_ends_all_and_can_be_taken_back),
        TEST(in_a_pause_nothing_leaves_and_the_steps_are_paused),
        TEST(a_national_pause_and_an_own_one_are_two),
        TEST(a_state_written_and_read_is_the_same),
        TEST(a_state_of_an_unknown_version_is_refused),
        TEST(a_state_in_which_a_fact_was_taken_back_is_refused),
        TEST(an_effect_is_one_object_with_time_kind_and_subject),
        TEST(without_memory_an_event_leaves_the_state_as_it_was),
        TEST(without_memory_a_tick_loses_no_mail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
