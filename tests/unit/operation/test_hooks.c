/* hooks.h: what follows from an event, at once or later, in order and exactly as far as it went. */
#include "world.h"

static const struct rh_schema_step steps[] = {
    {"first", 1, "log", "CREATE TABLE first_log (text TEXT NOT NULL) STRICT;"},
    {"second", 1, "log", "CREATE TABLE second_log (text TEXT NOT NULL) STRICT;"},
};

/* --- what happens --- */

static int32_t happen(struct rh_call *call)
{
    int64_t times = rh_param_int(call, "times");

    for (int64_t i = 0; i < times; i++) {
        const char *subject =
            rh_format(call, "%s-%lld", "%s-%lld", rh_param_text(call, "subject"), (long long)i + 1);
        int64_t seq = rh_event(call, rh_param_text(call, "topic"), subject, NULL, "{\"a\":1}");

        if (seq < 0)
            return (int32_t)seq;
    }
    return 0;
}

static int32_t happen_wrongly(struct rh_call *call)
{
    return (int32_t)rh_event(call, "thing.added", "x", NULL, "not json");
}

static int32_t only_read(struct rh_call *call)
{
    return (int32_t)rh_event(call, "thing.added", "x", NULL, NULL);
}

/* --- who hears --- */

static const char *veto_of; /* the subject that the second module does not want */

static int32_t write_log(struct rh_call *call, const char *table, const struct rh_event *event)
{
    const char *line = rh_format(call, "%s %s%s", "%s %s%s", event->topic, event->subject,
                                 event->catching_up ? " late" : "");

    return rh_exec(call, table, "s", line) < 0 ? RH_EFAILED : 0;
}

static int32_t first_hears(struct rh_call *call, const struct rh_event *event)
{
    return write_log(call, "INSERT INTO first_log VALUES (?1)", event);
}

static int32_t second_hears(struct rh_call *call, const struct rh_event *event)
{
    int32_t rc = write_log(call, "INSERT INTO second_log VALUES (?1)", event);

    if (rc == 0 && veto_of && strcmp(event->subject, veto_of) == 0)
        return rh_fail(call, RH_ECONFLICT, "'%s' nicht", "not '%s'", event->subject);
    return rc;
}

/* What the first does causes an event of its own, which the second hears, too. */
static int32_t first_passes_on(struct rh_call *call, const struct rh_event *event)
{
    int64_t seq = rh_event(call, "first.echoed", event->subject, NULL, NULL);

    return seq < 0 ? (int32_t)seq : 0;
}

static int32_t second_goes_on(struct rh_call *call, const struct rh_event *event)
{
    int64_t seq = rh_event(call, "circle.b", event->subject, NULL, NULL);

    return seq < 0 ? (int32_t)seq : 0;
}

static int32_t first_goes_back(struct rh_call *call, const struct rh_event *event)
{
    int64_t seq = rh_event(call, "circle.a", event->subject, NULL, NULL);

    return seq < 0 ? (int32_t)seq : 0;
}

static int32_t first_steals(struct rh_call *call, const struct rh_event *event)
{
    (void)event;
    return rh_exec(call, "DELETE FROM second_log", "") < 0 ? RH_EFAILED : 0;
}

static int32_t first_answers(struct rh_call *call, const struct rh_event *event)
{
    (void)event;
    rh_out_int(call, "mine", 1);
    return 0;
}

static const struct rh_param params[] = {
    {.name = "topic", .type = RH_TYPE_TEXT, .fallback = "thing.added", .help = HELP},
    {.name = "subject", .type = RH_TYPE_TEXT, .fallback = "x", .help = HELP},
    {.name = "times", .type = RH_TYPE_INT, .fallback = "1", .help = HELP},
};
static const struct rh_operation operations[] = {
    {.name = "thing happen",
     .kind = RH_WRITE,
     .flags = RH_OP_DRY_RUN,
     .help = HELP,
     .params = RH_ROWS(params),
     .run = happen},
    {.name = "thing wrong", .kind = RH_WRITE, .help = HELP, .run = happen_wrongly},
    {.name = "thing read", .kind = RH_READ, .help = HELP, .run = only_read},
};
static const struct rh_hook source_hooks[] = {{.topic = "thing.*", .run = first_answers}};
static const struct rh_hook first_hooks[] = {
    {.topic = "thing.*", .priority = 1, .run = first_hears},
    {.topic = "thing.echo", .priority = 2, .run = first_passes_on},
    {.topic = "circle.b", .run = first_goes_back},
    {.topic = "thief.came", .run = first_steals},
    {.topic = "answer.asked", .run = first_answers},
};
static const struct rh_hook second_hooks[] = {
    {.topic = "thing.added", .priority = 3, .run = second_hears},
    {.topic = "first.echoed", .run = second_hears},
    {.topic = "circle.a", .run = second_goes_on},
};
static const struct rh_plugin source_plugin = {
    .name = "source", .operations = RH_ROWS(operations), .hooks = RH_ROWS(source_hooks)};
static const struct rh_plugin first_plugin = {.name = "first", .hooks = RH_ROWS(first_hooks)};
static const struct rh_plugin second_plugin = {.name = "second", .hooks = RH_ROWS(second_hooks)};
static struct rh_module source, first, second;

static int setup(void **state)
{
    struct world *w = world_new(steps, 2, NULL);
    struct rh_err err = {.code = 0};

    source = (struct rh_module){.plugin = &source_plugin};
    first = (struct rh_module){.plugin = &first_plugin, .owner = "first"};
    second = (struct rh_module){.plugin = &second_plugin, .owner = "second"};
    veto_of = NULL;
    world_add(w, &source);
    world_add(w, &first);
    world_add(w, &second);
    must(rh_hooks_begin(&w->house, &err), &err);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_free(*state);
    return 0;
}

static const struct rh_answer *happens(struct world *w, const char *topic, const char *subject,
                                       const char *times)
{
    const struct rh_argument arguments[] = {{.name = "topic", .value = topic},
                                            {.name = "subject", .value = subject},
                                            {.name = "times", .value = times}};

    return world_call(w, "thing happen", arguments, 3, NULL);
}

static int64_t heard(struct world *w, const char *table)
{
    char query[200];

    snprintf(query, sizeof(query), "SELECT count(*) FROM %s_log", table);
    return world_number(w, query);
}

static int64_t cursor(struct world *w, const char *module)
{
    char query[200];

    snprintf(query, sizeof(query), "SELECT seq FROM plugin_cursor WHERE module = '%s'", module);
    return world_number(w, query);
}

static int64_t is_behind(struct world *w, const char *module)
{
    char query[200];

    snprintf(query, sizeof(query), "SELECT behind FROM plugin_cursor WHERE module = '%s'", module);
    return world_number(w, query);
}

/* --- at once --- */

static void an_event_keeps_who_when_and_what(void **state)
{
    struct world *w = *state;

    assert_json(happens(w, "thing.added", "lemgo", "1"), "{}");

    assert_int_equal(
        world_number(w,
                     "SELECT count(*) FROM event WHERE at_utc = 1800000000 AND module = 'source' "
                     "AND operation = 'thing happen' AND actor = 'test' AND topic = "
                     "'thing.added' AND subject = 'lemgo-1' AND before IS NULL AND after = "
                     "'{\"a\":1}'"),
        1);
}

static void hooks_of_other_modules_hear_it_in_the_same_transaction(void **state)
{
    struct world *w = *state;

    assert_int_equal(happens(w, "thing.added", "x", "2")->code, 0);

    assert_int_equal(heard(w, "first"), 2);
    assert_int_equal(heard(w, "second"), 2);
    assert_int_equal(cursor(w, "first"), 2);
    assert_int_equal(cursor(w, "source"), 2);
}

static void a_veto_undoes_everything_and_is_named(void **state)
{
    struct world *w = *state;

    veto_of = "x-2";
    assert_refused(happens(w, "thing.added", "x", "3"), RH_ECONFLICT,
                   "plugin 'second' on 'thing.added': not 'x-2'");

    assert_int_equal(heard(w, "first"), 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM event"), 0);
    assert_int_equal(cursor(w, "first"), 0);
}

static void a_dry_run_asks_the_hooks_too(void **state)
{
    struct world *w = *state;

    veto_of = "x-1";
    assert_refused(world_call_with(w, "thing happen", "dry-run", "yes"), RH_ECONFLICT, "not 'x-1'");
    veto_of = NULL;
    assert_json(world_call_with(w, "thing happen", "dry-run", "yes"),
                "{\"dry_run\":true,\"messages\":[\"a trial only: nothing of it is stored\"]}");

    assert_int_equal(heard(w, "first"), 0);
}

static void what_a_hook_causes_is_heard_as_well(void **state)
{
    struct world *w = *state;

    assert_int_equal(happens(w, "thing.echo", "x", "1")->code, 0);

    assert_int_equal(world_number(w, "SELECT count(*) FROM second_log WHERE text = "
                                     "'first.echoed x-1'"),
                     1);
    assert_int_equal(cursor(w, "second"), 2);
}

static void plugins_that_set_each_other_off_are_stopped(void **state)
{
    struct world *w = *state;

    assert_refused(happens(w, "circle.a", "x", "1"), RH_EFAILED, "in a circle");
    assert_int_equal(world_number(w, "SELECT count(*) FROM event"), 0);
}

static void a_hook_keeps_to_its_own_tables_and_leaves_the_answer_alone(void **state)
{
    struct world *w = *state;

    assert_refused(happens(w, "thief.came", "x", "1"), RH_EFORBIDDEN, "'first' may not");
    assert_refused(happens(w, "answer.asked", "x", "1"), RH_EFAILED,
                   "only an operation writes to the answer");
}

static void what_is_no_event_is_refused(void **state)
{
    struct world *w = *state;

    assert_refused(world_call_with(w, "thing wrong", NULL, NULL), RH_EINVALID, "");
    assert_refused(world_call_with(w, "thing read", NULL, NULL), RH_EFAILED, "only reads");
    assert_int_equal(world_number(w, "SELECT count(*) FROM event"), 0);
}

/* --- later --- */

static void suspend(struct rh_module *module)
{
    atomic_store(&module->absent, true);
}

static void resume(struct rh_module *module)
{
    atomic_store(&module->absent, false);
}

static void a_suspended_plugin_is_passed_over_visibly(void **state)
{
    struct world *w = *state;

    happens(w, "thing.added", "a", "1");
    suspend(&second);
    assert_json(happens(w, "thing.added", "b", "3"),
                "{\"messages\":[\"plugin 'second' is suspended; it will catch up on this\"]}");

    assert_int_equal(heard(w, "first"), 4);
    assert_int_equal(heard(w, "second"), 1);
    assert_int_equal(cursor(w, "first"), 4);
    assert_int_equal(cursor(w, "second"), 1);
    assert_int_equal(is_behind(w, "second"), 1);
}

static void it_hears_nothing_new_before_it_has_caught_up(void **state)
{
    struct world *w = *state;

    suspend(&second);
    happens(w, "thing.added", "a", "1");
    resume(&second);
    assert_json(
        happens(w, "thing.added", "b", "1"),
        "{\"messages\":[\"plugin 'second' is still catching up and hears of this later\"]}");

    assert_int_equal(heard(w, "second"), 0);
}

static void what_was_missed_is_heard_in_order_once(void **state)
{
    struct world *w = *state;
    struct rh_err err = {.code = 0};

    happens(w, "thing.added", "a", "1");
    suspend(&second);
    happens(w, "thing.added", "b", "120"); /* more than a transaction's worth */
    happens(w, "other.matter", "c", "1");
    resume(&second);
    must(rh_hooks_catch_up(&w->house, &second, &err), &err);
    must(rh_hooks_catch_up(&w->house, &second, &err), &err);
    happens(w, "thing.added", "d", "1");

    assert_int_equal(heard(w, "second"), 122);
    assert_int_equal(world_number(w, "SELECT count(*) FROM second_log WHERE text LIKE '% late'"),
                     120);
    assert_int_equal(world_number(w, "SELECT rowid FROM second_log WHERE text = "
                                     "'thing.added b-57 late'"),
                     58);
    assert_int_equal(cursor(w, "second"), 123);
    assert_int_equal(is_behind(w, "second"), 0);
}

static void catching_up_stops_where_a_hook_fails_and_goes_on_there(void **state)
{
    struct world *w = *state;
    struct rh_err err = {.code = 0};

    suspend(&second);
    happens(w, "thing.added", "b", "5");
    resume(&second);
    veto_of = "b-3";
    assert_int_equal(rh_hooks_catch_up(&w->house, &second, &err), RH_ECONFLICT);
    assert_string_equal(err.text[RH_EN], "event 3: plugin 'second' on 'thing.added': not 'b-3'");
    assert_int_equal(heard(w, "second"), 2);
    assert_int_equal(cursor(w, "second"), 2);

    veto_of = NULL;
    rh_err_clear(&err);
    must(rh_hooks_catch_up(&w->house, &second, &err), &err);

    assert_int_equal(heard(w, "second"), 5);
    assert_int_equal(is_behind(w, "second"), 0);
}

static void one_that_catches_up_causes_events_of_its_own(void **state)
{
    struct world *w = *state;
    struct rh_err err = {.code = 0};

    suspend(&first);
    happens(w, "thing.echo", "x", "2");
    assert_int_equal(heard(w, "second"), 0);
    resume(&first);
    must(rh_hooks_catch_up(&w->house, &first, &err), &err);

    assert_int_equal(heard(w, "second"), 2);
    assert_int_equal(is_behind(w, "first"), 0);
    assert_int_equal(cursor(w, "first"), 4);
    assert_int_equal(world_number(w, "SELECT count(*) FROM event WHERE operation = 'catch-up' AND "
                                     "actor = 'test'"),
                     2);
}

static void a_plugin_that_was_away_is_behind_when_it_is_back(void **state)
{
    struct world *w = *state;
    struct rh_registry *all = w->registry;
    struct rh_err err = {.code = 0};

    happens(w, "thing.added", "a", "1");
    /* started without the second one, as after its file was refused */
    w->house.registry = w->registry = rh_registry_new(NULL);
    world_add(w, &source);
    world_add(w, &first);
    must(rh_hooks_begin(&w->house, &err), &err);
    happens(w, "thing.added", "b", "1");
    assert_int_equal(is_behind(w, "second"), 1);
    rh_invocation_free(w->last);
    w->last = NULL;
    rh_registry_free(w->registry);

    w->house.registry = w->registry = all;
    must(rh_hooks_begin(&w->house, &err), &err);
    must(rh_hooks_catch_up(&w->house, &second, &err), &err);

    assert_int_equal(heard(w, "second"), 2);
}

/* Five years of events are not told to a plugin that was installed today. */
static void a_new_plugin_begins_with_what_comes_next(void **state)
{
    static const struct rh_plugin new_plugin = {.name = "newcomer", .hooks = RH_ROWS(source_hooks)};
    struct rh_module newcomer = {.plugin = &new_plugin};
    struct world *w = *state;
    struct rh_err err = {.code = 0};

    happens(w, "thing.added", "a", "3");
    world_add(w, &newcomer);
    must(rh_hooks_begin(&w->house, &err), &err);

    assert_int_equal(is_behind(w, "newcomer"), 0);
    assert_int_equal(cursor(w, "newcomer"), 3);
}

struct report {
    int calls;
    int32_t code;
};

static void note(void *context, const struct rh_err *err)
{
    struct report *report = context;

    report->calls++;
    report->code = err->code;
}

static void the_loop_need_not_wait_for_it(void **state)
{
    struct world *w = *state;
    struct report report = {.calls = 0};

    suspend(&second);
    happens(w, "thing.added", "b", "120");
    resume(&second);
    rh_hooks_catch_up_start(&w->house, &second, note, &report);
    assert_int_equal(report.calls, 0);
    for (int i = 0; i < 20000 && report.calls == 0; i++)
        if (rh_store_collect(w->store) == 0)
            usleep(500);

    assert_int_equal(report.calls, 1);
    assert_int_equal(report.code, 0);
    assert_int_equal(heard(w, "second"), 120);
}

/* --- the guard --- */

static char guarded[200];

static int32_t guard(struct rh_module *module, const char *what, int32_t (*body)(void *context),
                     void *context, struct rh_err *err)
{
    size_t used = strlen(guarded);
    int32_t rc;

    snprintf(guarded + used, sizeof(guarded) - used, "%s:%s ", module->plugin->name, what);
    if (module == &second)
        return rh_err_set(err, RH_EBUSY, "überlastet", "overloaded");
    rc = body(context);
    used = strlen(guarded);
    snprintf(guarded + used, sizeof(guarded) - used, "%d ", rc < 0);
    return rc;
}

/* The guard stands around hooks as around operations, sees what failed, and may refuse. */
static void a_guard_stands_around_every_function_of_a_module(void **state)
{
    struct world *w = *state;
    static int mark;

    w->house.registry = w->registry = (rh_registry_free(w->registry), rh_registry_new(guard));
    source.guard = first.guard = second.guard = &mark;
    world_add(w, &source);
    world_add(w, &first);
    world_add(w, &second);
    guarded[0] = '\0';
    assert_refused(happens(w, "thing.added", "x", "1"), RH_EBUSY,
                   "plugin 'second' on 'thing.added': overloaded");

    assert_string_equal(guarded, "source:thing happen first:thing.added 0 second:thing.added 1 ");
}

/* --- functions that are no operation --- */

static int32_t start_body(struct rh_call *call, void *context)
{
    *(int *)context = 1;
    assert_ptr_equal(rh_call_module(call), &first);
    return rh_exec(call, "INSERT INTO first_log VALUES ('started')", "") < 0 ? RH_EFAILED : 0;
}

static int32_t failing_body(struct rh_call *call, void *context)
{
    (void)context;
    if (rh_exec(call, "INSERT INTO first_log VALUES ('started')", "") < 0)
        return RH_EFAILED;
    return rh_fail(call, RH_EINVALID, "falsch eingestellt", "wrongly configured");
}

static void a_start_runs_as_a_call_of_its_module(void **state)
{
    struct world *w = *state;
    struct rh_err err = {.code = 0};
    int ran = 0;

    must(rh_call_run(&w->house, &first, "start", RH_TASK_WRITE, start_body, &ran, &err), &err);
    assert_int_equal(
        rh_call_run(&w->house, &first, "start", RH_TASK_WRITE, failing_body, NULL, &err),
        RH_EINVALID);

    assert_string_equal(err.text[RH_DE], "falsch eingestellt");
    assert_int_equal(ran, 1);
    assert_int_equal(heard(w, "first"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_event_keeps_who_when_and_what),
        TEST(hooks_of_other_modules_hear_it_in_the_same_transaction),
        TEST(a_veto_undoes_everything_and_is_named),
        TEST(a_dry_run_asks_the_hooks_too),
        TEST(what_a_hook_causes_is_heard_as_well),
        TEST(plugins_that_set_each_other_off_are_stopped),
        TEST(a_hook_keeps_to_its_own_tables_and_leaves_the_answer_alone),
        TEST(what_is_no_event_is_refused),
        TEST(a_suspended_plugin_is_passed_over_visibly),
        TEST(it_hears_nothing_new_before_it_has_caught_up),
        TEST(what_was_missed_is_heard_in_order_once),
        TEST(catching_up_stops_where_a_hook_fails_and_goes_on_there),
        TEST(one_that_catches_up_causes_events_of_its_own),
        TEST(a_plugin_that_was_away_is_behind_when_it_is_back),
        TEST(a_new_plugin_begins_with_what_comes_next),
        TEST(the_loop_need_not_wait_for_it),
        TEST(a_guard_stands_around_every_function_of_a_module),
        TEST(a_start_runs_as_a_call_of_its_module),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
