/* invoke.h: one call, from parameters to answer, on the right thread and undone when it fails. */
#include "world.h"

#include "core/base/alloc.h"

static const struct rh_schema_step steps[] = {
    {"core", 1, "things",
     "CREATE TABLE thing (name TEXT NOT NULL UNIQUE, size REAL) STRICT;"
     "CREATE TABLE closing_day (id INTEGER PRIMARY KEY, office TEXT, day TEXT, rule TEXT,"
     " note TEXT) STRICT;"
     "CREATE TABLE school_holiday (name TEXT NOT NULL, first_day TEXT NOT NULL,"
     " last_day TEXT NOT NULL) STRICT;"
     "CREATE TABLE bomb (a INTEGER) STRICT;"
     "CREATE TRIGGER bomb_ends BEFORE INSERT ON bomb BEGIN SELECT RAISE(ROLLBACK, 'bang'); END;"
     "CREATE VIEW v_thing AS SELECT name, size FROM thing;"},
    {"demo", 1, "notes", "CREATE TABLE demo_note (text TEXT NOT NULL) STRICT;"},
};

/* --- a module with some of everything --- */

static int32_t thing_list(struct rh_call *call)
{
    int32_t rows = rh_out_query(call, "items",
                                "SELECT name, size, NULL AS empty, 7 AS seven FROM v_thing "
                                "WHERE name <> ?1 ORDER BY name",
                                "s", rh_param_text(call, "but") ? rh_param_text(call, "but") : "");

    if (rows < 0)
        return rows;
    rh_out_int(call, "count", rows);
    return rows;
}

static int32_t thing_add(struct rh_call *call)
{
    const char *name = rh_param_text(call, "name");

    if (rh_exec(call, "INSERT INTO thing (name) VALUES (?1)", "s", name) < 0)
        return rh_wrap(call, "Ding '%s'", "thing '%s'", name);
    rh_out_text(call, "name", name);
    rh_say(call, "%s ist da", "%s is here", name);
    return 0;
}

struct plan {
    int64_t before;
};

static int32_t thing_plan(struct rh_call *call)
{
    struct plan *plan = rh_alloc_in(call, sizeof(*plan));
    struct rh_rows *rows;

    if (rh_query(call, &rows, "SELECT count(*) FROM v_thing", "") < 0 || rh_next(call, rows) < 0)
        return RH_EFAILED;
    plan->before = rh_get_int(call, rows, 0);
    call->state = plan;
    rh_out_int(call, "before", plan->before);
    rh_say(call, "geplant", "planned");
    return 0;
}

static int32_t thing_store(struct rh_call *call)
{
    const struct plan *plan = call->state;

    if (rh_exec(call, "INSERT INTO thing (name, size) VALUES ('plan', ?1)", "i", plan->before) < 0)
        return RH_EFAILED;
    rh_out_int(call, "after", plan->before + 1);
    rh_say(call, "gespeichert", "stored");
    return 0;
}

static int32_t thing_part(struct rh_call *call)
{
    if (rh_exec(call, "INSERT INTO thing (name) VALUES ('half')", "") < 0)
        return RH_EFAILED;
    rh_out_int(call, "done", 1);
    return rh_fail(call, RH_EPARTIAL, "1 von 2", "1 of 2");
}

/* The result of a statement is not looked at. */
static int32_t thing_careless(struct rh_call *call)
{
    (void)rh_exec(call, "INSERT INTO thing (name) VALUES ('kept')", "");
    (void)rh_exec(call, "INSERT INTO nowhere VALUES (1)", "");
    return 0;
}

static int32_t thing_careful(struct rh_call *call)
{
    if (rh_exec(call, "INSERT INTO nowhere VALUES (1)", "") < 0)
        rh_forget(call);
    rh_out_flag(call, "fine", 1);
    return 0;
}

static int32_t thing_wordless(struct rh_call *call)
{
    (void)call;
    return RH_EFORBIDDEN;
}

static int32_t thing_clear(struct rh_call *call)
{
    return rh_exec(call, "DELETE FROM thing", "") < 0 ? RH_EFAILED : 0;
}

static int32_t thing_open(struct rh_call *call)
{
    rh_out_array(call, "items");
    return 0;
}

static int32_t thing_write(struct rh_call *call)
{
    return rh_exec(call, "INSERT INTO thing (name) VALUES ('x')", "") < 0 ? RH_EFAILED : 0;
}

static int32_t thing_words(struct rh_call *call)
{
    rh_out_object(call, "calendar");
    rh_out_text(call, "today", rh_day_text(call, rh_today(call)));
    rh_out_int(call, "now", rh_now_utc(call));
    rh_out_end(call);
    rh_out_text(call, "actor", rh_actor(call));
    rh_out_json(call, "tree", "{\"a\":[1,2]}");
    rh_out_text(call, "text", rh_format(call, "deutsch %d", "english %d", 1));
    rh_out_real(call, "half", 0.5);
    return 0;
}

static int32_t thing_bad_json(struct rh_call *call)
{
    rh_out_json(call, "tree", "{\"a\":");
    return 0;
}

static atomic_int entered, released, adds;

/* Holds the writer until the test lets it go, so that what is submitted meanwhile is one batch. */
static int32_t thing_block(struct rh_call *call)
{
    (void)call;
    atomic_store(&entered, 1);
    for (int i = 0; i < 20000 && !atomic_load(&released); i++)
        usleep(500);
    return 0;
}

/* A trigger that rolls back ends the transaction of the whole batch. */
static int32_t thing_end(struct rh_call *call)
{
    return rh_exec(call, "INSERT INTO bomb VALUES (1)", "") < 0 ? RH_EFAILED : 0;
}

static int32_t thing_count(struct rh_call *call)
{
    atomic_fetch_add(&adds, 1);
    return thing_add(call);
}

static int32_t thing_count_store(struct rh_call *call)
{
    atomic_fetch_add(&adds, 1);
    return thing_store(call);
}

/* Every function of the host, with memory running out at some point. */
static int32_t thing_starve(struct rh_call *call)
{
    struct rh_calendar *calendar;
    struct rh_rows *rows;
    const char *id;
    int32_t rc = 0, day;

    rh_alloc_fail_after((long)rh_param_int(call, "after"), 0);
    rh_say(call, "%0500d", "%0500d", 1);
    rh_out_text(call, "long", rh_format(call, "%02000d", "%02000d", 1));
    rh_out_json(call, "tree", "{\"a\":[1,2,3]}");
    rh_out_object(call, "nested");
    rh_out_end(call);
    if (rh_query(call, &rows, "SELECT name FROM v_thing", "") < 0)
        rc = RH_EFAILED;
    while (rc == 0 && rh_next(call, rows) == 1)
        rh_out_text(call, rh_get_text(call, rows, 0), "x");
    if (rc == 0 &&
        (rh_resolve(call, "SELECT name FROM v_thing", RH_TEXT("Ding", "thing"), "LEMGO", &id) < 0 ||
         rh_calendar_open(call, "lemgo", &calendar) < 0 ||
         rh_day_parse(call, "2027-05-27", &day) < 0 ||
         rh_calendar_add(call, calendar, day, 10, &day, &id) < 0))
        rc = RH_EFAILED;
    rh_alloc_fail_after(0, 0);
    return rc;
}

static int32_t thing_wait(struct rh_call *call)
{
    int64_t i = 0;

    while (rh_progress(call, i, 0, "Schritt %lld", "step %lld", (long long)i) == 0)
        i++;
    return rh_fail(call, RH_ECANCELLED, "abgebrochen", "cancelled");
}

static int32_t thing_memory(struct rh_call *call)
{
    while (rh_alloc_in(call, 1024 * 1024))
        ;
    return RH_ENOMEM;
}

static int32_t note_steal(struct rh_call *call)
{
    return rh_exec(call, "DELETE FROM thing", "") < 0 ? RH_EFAILED : 0;
}

static int32_t note_add(struct rh_call *call)
{
    if (rh_exec(call, "INSERT INTO demo_note VALUES (?1)", "s", rh_config_text(call, "greeting")) <
        0)
        return RH_EFAILED;
    rh_out_int(call, "limit", rh_config_int(call, "limit"));
    rh_out_int(call, "pause", rh_config_int(call, "pause"));
    rh_out_real(call, "share", rh_config_real(call, "share"));
    rh_out_text(call, "second", rh_config_item(call, "list", 1));
    rh_out_text(call, "third", rh_config_item(call, "list", 2));
    return 0;
}

static int32_t note_resolve(struct rh_call *call)
{
    const char *id;
    int32_t rc = rh_resolve(call, "SELECT name FROM v_thing", RH_TEXT("Ding", "thing"),
                            rh_param_text(call, "name"), &id);

    if (rc == 0)
        rh_out_text(call, "id", id);
    return rc;
}

static const struct rh_param but[] = {{.name = "but", .type = RH_TYPE_TEXT, .help = HELP}};
static const struct rh_param named[] = {
    {.name = "name", .type = RH_TYPE_TEXT, .flags = RH_PARAM_REQUIRED, .help = HELP}};
static const struct rh_param after[] = {{.name = "after", .type = RH_TYPE_INT, .help = HELP}};
#define OP(name_, kind_, run_) .name = name_, .kind = kind_, .help = HELP, .run = run_
static const struct rh_operation thing_operations[] = {
    {OP("thing list", RH_READ, thing_list), .params = RH_ROWS(but)},
    {OP("thing add", RH_WRITE, thing_add), .params = RH_ROWS(named), .flags = RH_OP_DRY_RUN},
    {OP("thing plan", RH_COMPUTE, thing_plan), .commit = thing_store, .flags = RH_OP_DRY_RUN},
    {OP("thing look", RH_COMPUTE, thing_plan)},
    {OP("thing part", RH_WRITE, thing_part)},
    {OP("thing careless", RH_WRITE, thing_careless)},
    {OP("thing careful", RH_WRITE, thing_careful)},
    {OP("thing wordless", RH_READ, thing_wordless)},
    {OP("thing clear", RH_WRITE, thing_clear)},
    {OP("thing open", RH_READ, thing_open)},
    {OP("thing write", RH_READ, thing_write)},
    {OP("thing words", RH_READ, thing_words)},
    {OP("thing badjson", RH_READ, thing_bad_json)},
    {OP("thing block", RH_WRITE, thing_block)},
    {OP("thing end", RH_WRITE, thing_end)},
    {OP("thing count", RH_WRITE, thing_count), .params = RH_ROWS(named)},
    {OP("thing calculate", RH_COMPUTE, thing_plan), .commit = thing_count_store},
    {OP("thing starve", RH_READ, thing_starve), .params = RH_ROWS(after)},
    {OP("thing wait", RH_COMPUTE, thing_wait)},
    {OP("thing memory", RH_READ, thing_memory)},
};
static const struct rh_operation note_operations[] = {
    {OP("note steal", RH_WRITE, note_steal)},
    {OP("note add", RH_WRITE, note_add)},
    {OP("note resolve", RH_READ, note_resolve), .params = RH_ROWS(named)},
};
static const struct rh_config_key keys[] = {
    {.name = "greeting", .type = RH_TYPE_TEXT, .help = HELP},
    {.name = "limit", .type = RH_TYPE_INT, .fallback = "5", .help = HELP},
    {.name = "pause", .type = RH_TYPE_DURATION, .fallback = "2h", .help = HELP},
    {.name = "share", .type = RH_TYPE_REAL, .fallback = "0.25", .help = HELP},
    {.name = "list", .type = RH_TYPE_LIST, .fallback = "a\nb", .help = HELP},
};
static const struct rh_plugin thing_plugin = {.name = "thing",
                                              .operations = RH_ROWS(thing_operations)};
static const struct rh_plugin demo_plugin = {
    .name = "demo", .operations = RH_ROWS(note_operations), .config = RH_ROWS(keys)};

static char greeting[] = "Guten Tag", seven[] = "7";
static char *config[] = {greeting, seven, NULL, NULL, NULL};
static struct rh_module thing_module = {.plugin = &thing_plugin};
static struct rh_module demo_module = {.plugin = &demo_plugin, .owner = "demo", .config = config};

static int setup(void **state)
{
    struct world *w = world_new(steps, 2, NULL);

    world_add(w, &thing_module);
    world_add(w, &demo_module);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_free(*state);
    return 0;
}

/* --- reading and writing --- */

static void what_is_written_is_read(void **state)
{
    struct world *w = *state;

    assert_json(world_call_with(w, "thing add", "name", "Lemgo"),
                "{\"name\":\"Lemgo\",\"messages\":[\"Lemgo is here\"]}");
    assert_json(world_call_with(w, "thing add", "name", "Ahaus"),
                "{\"name\":\"Ahaus\",\"messages\":[\"Ahaus is here\"]}");

    assert_json(world_call_with(w, "thing list", "but", "Lemgo"),
                "{\"items\":[{\"name\":\"Ahaus\",\"size\":null,\"empty\":null,\"seven\":7}],"
                "\"count\":1}");
}

static void a_dry_run_shows_everything_and_leaves_nothing(void **state)
{
    struct world *w = *state;
    const struct rh_argument arguments[] = {{.name = "name", .value = "Lemgo"},
                                            {.name = "dry-run"}};

    assert_json(world_call(w, "thing add", arguments, 2, NULL),
                "{\"dry_run\":true,\"name\":\"Lemgo\",\"messages\":[\"Lemgo is here\",\"a trial "
                "only: nothing of it is stored\"]}");

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 0);
}

static void a_failed_operation_leaves_nothing_and_says_why(void **state)
{
    struct world *w = *state;

    world_call_with(w, "thing add", "name", "Lemgo");
    assert_refused(world_call_with(w, "thing add", "name", "Lemgo"), RH_ECONFLICT,
                   "thing 'Lemgo': ");

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 1);
}

static void the_language_is_the_callers(void **state)
{
    struct world *w = *state;
    const struct rh_argument argument = {.name = "name", .value = "Lemgo"};
    const struct rh_invoke_options german = {.lang = RH_DE, .actor = "t", .as_of = RH_NO_DAY};

    assert_json(world_call(w, "thing add", &argument, 1, &german),
                "{\"name\":\"Lemgo\",\"messages\":[\"Lemgo ist da\"]}");
}

static void wrong_parameters_are_refused_before_anything_runs(void **state)
{
    struct world *w = *state;

    assert_refused(world_call_with(w, "thing list", "bat", "x"), RH_EUSAGE,
                   "'thing list' has no parameter 'bat' (did you mean 'but'?)");
    assert_refused(world_call_with(w, "thing add", NULL, NULL), RH_EUSAGE, "'name' is missing");
}

/* --- calculating, then storing --- */

static void commit_goes_on_where_run_stopped(void **state)
{
    struct world *w = *state;

    assert_json(world_call_with(w, "thing plan", NULL, NULL),
                "{\"before\":0,\"after\":1,\"messages\":[\"planned\",\"stored\"]}");
    assert_json(world_call_with(w, "thing look", NULL, NULL),
                "{\"before\":1,\"messages\":[\"planned\"]}");

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 1);
    assert_refused(world_call_with(w, "thing plan", NULL, NULL), RH_ECONFLICT, "UNIQUE");
}

static void a_calculation_can_be_tried_dry(void **state)
{
    struct world *w = *state;

    assert_json(world_call_with(w, "thing plan", "dry-run", "yes"),
                "{\"dry_run\":true,\"before\":0,\"after\":1,\"messages\":[\"planned\",\"stored\","
                "\"a trial only: nothing of it is stored\"]}");

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 0);
}

static int32_t stop_at_once(void *context, int64_t done, int64_t total, const char *what)
{
    (void)total;
    *(int64_t *)context = done;
    assert_non_null(strstr(what, "step "));
    return done >= 3;
}

static void whoever_watches_the_progress_can_stop_it(void **state)
{
    struct world *w = *state;
    int64_t seen = 0;
    const struct rh_invoke_options options = {.lang = RH_EN,
                                              .actor = "t",
                                              .as_of = RH_NO_DAY,
                                              .progress = stop_at_once,
                                              .progress_context = &seen};

    assert_refused(world_call(w, "thing wait", NULL, 0, &options), RH_ECANCELLED, "cancelled");
    assert_int_equal(seen, 3);
}

struct heard {
    struct rh_invocation *invocation;
    int calls;
    int32_t code;
};

static void hear(struct rh_invocation *invocation, const struct rh_answer *answer, void *context)
{
    struct heard *heard = context;

    heard->calls++;
    heard->code = answer->code;
    heard->invocation = rh_invocation_free(invocation);
}

static void collect_until(struct world *w, const struct heard *heard)
{
    for (long i = 0; i < 20000 && heard->calls == 0; i++)
        if (rh_store_collect(w->store) == 0)
            usleep(500);
}

static void a_running_call_can_be_cancelled(void **state)
{
    struct world *w = *state;
    struct heard heard = {.calls = 0};

    heard.invocation = rh_invoke(&w->house, rh_registry_find(w->registry, "thing wait"), NULL, 0,
                                 NULL, hear, &heard);
    rh_invocation_cancel(heard.invocation);
    collect_until(w, &heard);

    assert_int_equal(heard.calls, 1);
    assert_int_equal(heard.code, RH_ECANCELLED);
}

static void answers_come_where_they_are_collected(void **state)
{
    struct world *w = *state;
    struct heard plan = {.calls = 0}, wrong = {.calls = 0};
    const struct rh_argument unknown = {.name = "x", .value = "y"};

    plan.invocation = rh_invoke(&w->house, rh_registry_find(w->registry, "thing plan"), NULL, 0,
                                NULL, hear, &plan);
    wrong.invocation = rh_invoke(&w->house, rh_registry_find(w->registry, "thing list"), &unknown,
                                 1, NULL, hear, &wrong);
    assert_int_equal(plan.calls + wrong.calls, 0);
    collect_until(w, &plan);
    collect_until(w, &wrong);

    assert_int_equal(plan.code, 0);
    assert_int_equal(wrong.code, RH_EUSAGE);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 1);
}

/* --- run again by the store --- */

struct kept {
    int calls;
    struct rh_invocation *invocation;
    const struct rh_answer *answer;
};

static void keep(struct rh_invocation *invocation, const struct rh_answer *answer, void *context)
{
    struct kept *kept = context;

    kept->calls++;
    kept->invocation = invocation;
    kept->answer = answer;
}

static struct rh_invocation *submit(struct world *w, const char *operation, const char *name,
                                    struct kept *kept)
{
    const struct rh_argument argument = {.name = "name", .value = name};
    const struct rh_invoke_options options = {.lang = RH_EN, .actor = "t", .as_of = RH_NO_DAY};

    return rh_invoke(&w->house, rh_registry_find(w->registry, operation), &argument, name ? 1 : 0,
                     &options, keep, kept);
}

static void wait_for(struct world *w, const atomic_int *flag)
{
    (void)w;
    for (int i = 0; i < 20000 && !atomic_load(flag); i++)
        usleep(500);
    assert_int_equal(atomic_load(flag), 1);
}

static void collect_all(struct world *w, const struct kept *kept, size_t count)
{
    for (int i = 0; i < 20000; i++) {
        size_t there = 0;

        for (size_t k = 0; k < count; k++)
            there += (size_t)kept[k].calls;
        if (there == count)
            return;
        if (rh_store_collect(w->store) == 0)
            usleep(500);
    }
    fail_msg("the answers do not come");
}

static void free_all(struct kept *kept, size_t count)
{
    for (size_t i = 0; i < count; i++)
        kept[i].invocation = rh_invocation_free(kept[i].invocation);
}

static void begin_batch(struct world *w, struct kept *blocker)
{
    atomic_store(&entered, 0);
    atomic_store(&released, 0);
    atomic_store(&adds, 0);
    submit(w, "thing block", NULL, blocker);
    wait_for(w, &entered);
}

/* The other operation of the batch ended the transaction for both: the first runs twice, and its
 * answer does not show it. */
static void what_the_store_runs_again_answers_as_if_once(void **state)
{
    struct world *w = *state;
    struct kept kept[3] = {{.calls = 0}};

    begin_batch(w, &kept[0]);
    submit(w, "thing count", "Lemgo", &kept[1]);
    submit(w, "thing end", NULL, &kept[2]);
    atomic_store(&released, 1);
    collect_all(w, kept, 3);

    assert_int_equal(atomic_load(&adds), 2);
    assert_json(kept[1].answer, "{\"name\":\"Lemgo\",\"messages\":[\"Lemgo is here\"]}");
    assert_refused(kept[2].answer, RH_ECONFLICT, "bang");
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 1);
    free_all(kept, 3);
}

static void a_commit_that_is_run_again_finds_what_run_left(void **state)
{
    struct world *w = *state;
    struct kept kept[3] = {{.calls = 0}};

    begin_batch(w, &kept[0]);
    submit(w, "thing calculate", NULL, &kept[1]);
    for (int i = 0; i < 20000 && rh_store_collect(w->store) == 0; i++)
        usleep(500); /* `run` is done and `commit` waits behind the blocker */
    submit(w, "thing end", NULL, &kept[2]);
    atomic_store(&released, 1);
    collect_all(w, kept, 3);

    assert_int_equal(atomic_load(&adds), 2);
    assert_json(kept[1].answer, "{\"before\":0,\"after\":1,\"messages\":[\"planned\",\"stored\"]}");
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 1);
    free_all(kept, 3);
}

/* --- without memory --- */

static void without_memory_an_operation_fails_and_nothing_is_lost(void **state)
{
    struct world *w = *state;
    int32_t code = RH_ENOMEM;
    long n;

    world_call_with(w, "thing add", "name", "Lemgo");
    for (n = 1; n < 200 && code < 0; n++) {
        char number[16];

        snprintf(number, sizeof(number), "%ld", n);
        code = world_call_with(w, "thing starve", "after", number)->code;
    }
    assert_in_range(n, 5, 199);
}

static void without_memory_nothing_is_invoked(void **state)
{
    struct world *w = *state;
    const struct rh_operation_entry *op = rh_registry_find(w->registry, "thing list");
    const struct rh_argument argument = {.name = "but", .value = "Ahaus"};
    long n;

    for (n = 1; n < 50; n++) {
        const struct rh_answer *answer = NULL;
        struct rh_invocation *invocation;
        int32_t code;

        rh_alloc_fail_after(n, 0);
        invocation = rh_invoke_wait(&w->house, op, &argument, 1, NULL, &answer);
        rh_alloc_fail_after(0, 0);
        code = invocation ? answer->code : RH_ENOMEM;
        rh_invocation_free(invocation);
        if (code == 0)
            break;
        assert_true(code == RH_ENOMEM || code == RH_ETOOLARGE); /* a string does not know which */
    }
    assert_in_range(n, 3, 49);
}

/* --- results that nobody looked at, answers that are none --- */

static void an_error_that_was_not_returned_is_one_all_the_same(void **state)
{
    struct world *w = *state;

    assert_refused(world_call_with(w, "thing careless", NULL, NULL), RH_EFAILED, "nowhere");
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 0);
    assert_json(world_call_with(w, "thing careful", NULL, NULL), "{\"fine\":true}");
}

static void a_failure_without_words_gets_some(void **state)
{
    struct world *w = *state;

    assert_refused(world_call_with(w, "thing wordless", NULL, NULL), RH_EFORBIDDEN,
                   "'thing wordless' failed without giving a reason");
}

static void what_was_done_in_part_stays(void **state)
{
    struct world *w = *state;
    const struct rh_answer *answer = world_call_with(w, "thing part", NULL, NULL);

    assert_refused(answer, RH_EPARTIAL, "1 of 2");
    assert_string_equal(answer->json, "{\"done\":1}");
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 1);
}

static void a_broken_answer_is_a_failure(void **state)
{
    struct world *w = *state;

    assert_refused(world_call_with(w, "thing open", NULL, NULL), RH_EFAILED, "left an object");
    assert_refused(world_call_with(w, "thing badjson", NULL, NULL), RH_EINVALID,
                   "answer of 'thing badjson'");
}

static void reading_cannot_write(void **state)
{
    struct world *w = *state;

    assert_true(world_call_with(w, "thing write", NULL, NULL)->code < 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 0);
}

static void memory_has_a_maximum(void **state)
{
    struct world *w = *state;

    assert_refused(world_call_with(w, "thing memory", NULL, NULL), RH_ENOMEM, "memory");
}

/* --- time, configuration, owners --- */

static void time_is_the_clock_that_was_handed_in(void **state)
{
    struct world *w = *state;

    assert_json(world_call_with(w, "thing words", NULL, NULL),
                "{\"calendar\":{\"today\":\"2027-01-15\",\"now\":1800000000},\"actor\":\"test\","
                "\"tree\":{\"a\":[1,2]},\"text\":\"english 1\",\"half\":0.5}");
}

static void today_is_the_day_in_berlin(void **state)
{
    static const struct {
        int64_t now;
        const char *day;
    } cases[] = {
        {1800053999, "2027-01-15"}, /* 22:59:59 UTC, winter */
        {1800054000, "2027-01-16"}, /* 23:00:00 UTC = midnight */
        {1815947999, "2027-07-18"}, /* 21:59:59 UTC, summer */
        {1815948000, "2027-07-19"}, /* 22:00:00 UTC = midnight */
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct rh_answer *answer;

        w->now = cases[i].now;
        answer = world_call_with(w, "thing words", NULL, NULL);
        if (!strstr(answer->json, cases[i].day))
            fail_msg("%lld: %s", (long long)cases[i].now, answer->json);
    }
}

static void another_day_can_be_asked_for(void **state)
{
    struct world *w = *state;
    const struct rh_invoke_options summer = {.lang = RH_EN, .actor = "t", .as_of = 21014};
    const struct rh_answer *answer = world_call(w, "thing words", NULL, 0, &summer);

    /* 2027-07-15, the same 9 o'clock in Berlin, which is an hour less in UTC */
    assert_non_null(strstr(answer->json, "\"today\":\"2027-07-15\",\"now\":1815634800"));
}

static void a_plugin_reads_its_configuration(void **state)
{
    struct world *w = *state;

    assert_json(world_call_with(w, "note add", NULL, NULL),
                "{\"limit\":7,\"pause\":7200,\"share\":0.25,\"second\":\"b\",\"third\":null}");
    assert_int_equal(world_number(w, "SELECT count(*) FROM demo_note WHERE text = 'Guten Tag'"), 1);
}

static void a_plugin_keeps_to_its_own_tables(void **state)
{
    struct world *w = *state;

    world_call_with(w, "thing add", "name", "Lemgo");
    assert_refused(world_call_with(w, "note steal", NULL, NULL), RH_EFORBIDDEN, "'demo' may not");

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 1);
}

static void an_absent_module_says_why(void **state)
{
    struct world *w = *state;

    atomic_store(&demo_module.reason[RH_DE], "es hat fünfmal versagt");
    atomic_store(&demo_module.reason[RH_EN], "it failed five times");
    atomic_store(&demo_module.absent, true);

    assert_refused(world_call_with(w, "note add", NULL, NULL), RH_EBUSY,
                   "plugin 'demo' is not in operation: it failed five times");
    atomic_store(&demo_module.absent, false);
}

static void names_are_resolved_or_suggested(void **state)
{
    struct world *w = *state;

    assert_refused(world_call_with(w, "note resolve", "name", "Lemgo"), RH_ENOTFOUND,
                   "thing 'Lemgo' does not exist; there is none yet");
    world_call_with(w, "thing add", "name", "Bad Honnef");
    world_call_with(w, "thing add", "name", "Lemgo");

    assert_json(world_call_with(w, "note resolve", "name", "bad-honnef"),
                "{\"id\":\"Bad Honnef\"}");
    assert_refused(world_call_with(w, "note resolve", "name", "Bad Honeff"), RH_ENOTFOUND,
                   "thing 'Bad Honeff' does not exist (did you mean 'Bad Honnef'?)");
    assert_refused(world_call_with(w, "note resolve", "name", "Xanadu"), RH_ENOTFOUND,
                   "thing 'Xanadu' does not exist; there are 'Bad Honnef', 'Lemgo'");
}

/* --- the same request twice --- */

static const struct rh_answer *call_with_key(struct world *w, const char *operation,
                                             const char *name, const char *key, const char *actor)
{
    const struct rh_argument argument = {.name = "name", .value = name};
    const struct rh_invoke_options options = {
        .lang = RH_EN, .actor = actor, .idempotency_key = key, .as_of = RH_NO_DAY};

    return world_call(w, operation, &argument, name ? 1 : 0, &options);
}

static void a_repeated_request_does_nothing_and_answers_the_same(void **state)
{
    struct world *w = *state;
    const char *answer = "{\"name\":\"Lemgo\",\"messages\":[\"Lemgo is here\"]}";

    assert_json(call_with_key(w, "thing add", "Lemgo", "k1", "a"), answer);
    assert_json(call_with_key(w, "thing add", "Lemgo", "k1", "a"), answer);

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 1);
}

static void a_key_is_good_for_one_request(void **state)
{
    struct world *w = *state;

    call_with_key(w, "thing add", "Lemgo", "k1", "a");
    assert_refused(call_with_key(w, "thing add", "Ahaus", "k1", "a"), RH_ECONFLICT,
                   "belongs to another request");
    assert_json(call_with_key(w, "thing add", "Ahaus", "k1", "b"),
                "{\"name\":\"Ahaus\",\"messages\":[\"Ahaus is here\"]}");
    assert_refused(call_with_key(w, "thing add", "Herne", "", "a"), RH_EUSAGE, "Idempotency-Key");
}

static void what_failed_may_be_tried_again_under_its_key(void **state)
{
    struct world *w = *state;

    world_call_with(w, "thing add", "name", "Lemgo");
    assert_int_equal(call_with_key(w, "thing add", "Lemgo", "k1", "a")->code, RH_ECONFLICT);
    world_call_with(w, "thing clear", NULL, NULL);

    assert_int_equal(call_with_key(w, "thing add", "Lemgo", "k1", "a")->code, 0);
}

static void a_calculation_is_repeated_from_the_table_too(void **state)
{
    struct world *w = *state;
    const char *answer = "{\"before\":0,\"after\":1,\"messages\":[\"planned\",\"stored\"]}";

    assert_json(call_with_key(w, "thing plan", NULL, "k1", "a"), answer);
    assert_json(call_with_key(w, "thing plan", NULL, "k1", "a"), answer);
    assert_int_equal(call_with_key(w, "thing part", NULL, "k2", "a")->code, RH_EPARTIAL);
    assert_int_equal(call_with_key(w, "thing part", NULL, "k2", "a")->code, RH_EPARTIAL);

    assert_int_equal(world_number(w, "SELECT count(*) FROM thing"), 2);
}

static void keys_are_forgotten_after_a_week(void **state)
{
    struct world *w = *state;

    call_with_key(w, "thing add", "Lemgo", "k1", "a");
    w->now += 7 * 86400 + 1;
    call_with_key(w, "thing add", "Ahaus", "k2", "a");

    assert_int_equal(world_number(w, "SELECT count(*) FROM request"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read),
        TEST(a_dry_run_shows_everything_and_leaves_nothing),
        TEST(a_failed_operation_leaves_nothing_and_says_why),
        TEST(the_language_is_the_callers),
        TEST(wrong_parameters_are_refused_before_anything_runs),
        TEST(commit_goes_on_where_run_stopped),
        TEST(a_calculation_can_be_tried_dry),
        TEST(whoever_watches_the_progress_can_stop_it),
        TEST(a_running_call_can_be_cancelled),
        TEST(answers_come_where_they_are_collected),
        TEST(what_the_store_runs_again_answers_as_if_once),
        TEST(a_commit_that_is_run_again_finds_what_run_left),
        TEST(without_memory_an_operation_fails_and_nothing_is_lost),
        TEST(without_memory_nothing_is_invoked),
        TEST(an_error_that_was_not_returned_is_one_all_the_same),
        TEST(a_failure_without_words_gets_some),
        TEST(what_was_done_in_part_stays),
        TEST(a_broken_answer_is_a_failure),
        TEST(reading_cannot_write),
        TEST(memory_has_a_maximum),
        TEST(time_is_the_clock_that_was_handed_in),
        TEST(today_is_the_day_in_berlin),
        TEST(another_day_can_be_asked_for),
        TEST(a_plugin_reads_its_configuration),
        TEST(a_plugin_keeps_to_its_own_tables),
        TEST(an_absent_module_says_why),
        TEST(names_are_resolved_or_suggested),
        TEST(a_repeated_request_does_nothing_and_answers_the_same),
        TEST(a_key_is_good_for_one_request),
        TEST(what_failed_may_be_tried_again_under_its_key),
        TEST(a_calculation_is_repeated_from_the_table_too),
        TEST(keys_are_forgotten_after_a_week),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
