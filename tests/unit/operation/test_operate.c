/* rh_operate_in(): an operation inside a call is part of it, or it was never there. */
#include "world.h"

static const struct rh_schema_step steps[] = {
    {"notes", 1, "notes",
     "CREATE TABLE notes_note (id INTEGER PRIMARY KEY, text TEXT NOT NULL, size REAL) STRICT;"},
};

/* --- notes: the module that is asked --- */

static int32_t add(struct rh_call *call)
{
    const char *text = rh_param_text(call, "text");

    if (rh_exec(call, "INSERT INTO notes_note (text, size) VALUES (?1, ?2)", "sd", text,
                rh_param_real(call, "size")) < 0)
        return RH_EFAILED;
    rh_out_int(call, "id", rh_last_id(call));
    rh_out_flag(call, "loud", (int32_t)rh_param_int(call, "loud"));
    rh_say(call, "notiert: %s", "noted: %s", text);
    if (rh_event(call, "notes.added", text, NULL, NULL) < 0)
        return RH_EFAILED;
    if (strcmp(text, "partly") == 0)
        return rh_fail(call, RH_EPARTIAL, "nur halb", "only half");
    if (strcmp(text, "bad") == 0)
        return rh_fail(call, RH_EINVALID, "das geht nicht", "that will not do");
    return 0;
}

static int32_t list(struct rh_call *call)
{
    int32_t rc = rh_out_query(call, "items", "SELECT text, size FROM notes_note ORDER BY id", "");

    return rc < 0 ? rc : 0;
}

static int32_t compute(struct rh_call *call)
{
    (void)call;
    return 0;
}

static const struct rh_param note[] = {
    {.name = "text", .type = RH_TYPE_TEXT, .flags = RH_PARAM_REQUIRED, .help = HELP},
    {.name = "size", .type = RH_TYPE_REAL, .fallback = "0", .help = HELP},
    {.name = "loud", .type = RH_TYPE_FLAG, .help = HELP}};
static const struct rh_operation notes_operations[] = {
    {.name = "note add",
     .kind = RH_WRITE,
     .flags = RH_OP_DRY_RUN,
     .help = HELP,
     .params = RH_ROWS(note),
     .run = add},
    {.name = "note list", .kind = RH_READ, .help = HELP, .run = list},
    {.name = "note compute", .kind = RH_COMPUTE, .help = HELP, .run = compute},
};
static const struct rh_plugin notes = {.name = "notes", .operations = RH_ROWS(notes_operations)};
static struct rh_module notes_module = {.plugin = &notes, .owner = "notes"};

/* --- other: the module that asks, and whose own SQL may not touch notes --- */

static int32_t ask(struct rh_call *call)
{
    const char *answer = NULL;
    int32_t rc = rh_operate_in(call, rh_param_text(call, "operation"),
                               rh_param_text(call, "params"), &answer);

    if (rc < 0)
        return rc;
    rh_out_json(call, "answer", answer);
    return 0;
}

static int32_t ask_silently(struct rh_call *call)
{
    return rh_operate_in(call, "note add", "{\"text\":\"quiet\"}", NULL);
}

static int32_t do_without(struct rh_call *call)
{
    const char *answer;
    int32_t bad = rh_operate_in(call, "note add", "{\"text\":\"bad\"}", NULL);
    int32_t partly, still;
    struct rh_text why;

    rh_out_int(call, "code", rh_last_error_in(call, &why));
    rh_out_text(call, "de", why.de);
    rh_out_text(call, "en", why.en);
    still = rh_operate_in(call, "note list", NULL, &answer); /* the error is not dealt with yet */
    rh_forget(call);
    partly = rh_operate_in(call, "note add", "{\"text\":\"partly\"}", NULL);
    rh_forget(call);
    if (rh_operate_in(call, "note add", "{\"text\":\"good\"}", &answer) < 0)
        return RH_EFAILED;
    rh_out_int(call, "bad", bad);
    rh_out_int(call, "still", still);
    rh_out_int(call, "partly", partly);
    rh_out_int(call, "none", rh_last_error_in(call, &why));
    return 0;
}

static int32_t circle(struct rh_call *call)
{
    return rh_operate_in(call, "other circle", NULL, NULL);
}

static int32_t touch(struct rh_call *call)
{
    const char *answer;

    if (rh_operate_in(call, "note list", NULL, &answer) < 0)
        return RH_EFAILED;
    return (int32_t)rh_exec(call, "DELETE FROM notes_note", "");
}

static const struct rh_param question[] = {
    {.name = "operation", .type = RH_TYPE_TEXT, .fallback = "note add", .help = HELP},
    {.name = "params", .type = RH_TYPE_TEXT, .help = HELP}};
static const struct rh_operation other_operations[] = {
    {.name = "other ask", .kind = RH_READ, .help = HELP, .params = RH_ROWS(question), .run = ask},
    {.name = "other write",
     .kind = RH_WRITE,
     .help = HELP,
     .params = RH_ROWS(question),
     .run = ask},
    {.name = "other silent", .kind = RH_WRITE, .help = HELP, .run = ask_silently},
    {.name = "other without", .kind = RH_WRITE, .help = HELP, .run = do_without},
    {.name = "other circle", .kind = RH_WRITE, .help = HELP, .run = circle},
    {.name = "other touch", .kind = RH_WRITE, .help = HELP, .run = touch},
};
static const struct rh_plugin other = {.name = "other", .operations = RH_ROWS(other_operations)};
static struct rh_module other_module = {.plugin = &other, .owner = "other"};

/* --- third: hears of what happened --- */

static int heard;

static int32_t hear(struct rh_call *call, const struct rh_event *event)
{
    (void)call;
    (void)event;
    heard++;
    return 0;
}

static const struct rh_hook hooks[] = {{.topic = "notes.added", .run = hear}};
static const struct rh_plugin third = {.name = "third", .hooks = RH_ROWS(hooks)};
static struct rh_module third_module = {.plugin = &third, .owner = "third"};

static int setup(void **state)
{
    struct world *w = world_new(steps, 1, NULL);
    struct rh_err err = {.code = 0};

    world_add(w, &notes_module);
    world_add(w, &other_module);
    world_add(w, &third_module);
    must(rh_hooks_begin(&w->house, &err), &err);
    heard = 0;
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_free(*state);
    return 0;
}

static int64_t note_count(struct world *w)
{
    return world_number(w, "SELECT count(*) FROM notes_note");
}

static void its_parameters_are_checked_and_its_answer_is_handed_back(void **state)
{
    struct world *w = *state;

    assert_json(
        world_call_with(w, "other write", "params", "{\"text\":\"a\",\"size\":1.5,\"loud\":true}"),
        "{\"answer\":{\"id\":1,\"loud\":true,\"messages\":[\"noted: a\"]}}");
    assert_json(
        world_call_with(w, "other write", "params", "{\"text\":\"b\",\"size\":2,\"loud\":null}"),
        "{\"answer\":{\"id\":2,\"loud\":false,\"messages\":[\"noted: b\"]}}");
    assert_json(world_call_with(w, "other ask", "operation", "note list"),
                "{\"answer\":{\"items\":[{\"text\":\"a\",\"size\":1.5},{\"text\":\"b\","
                "\"size\":2}]}}");
    assert_refused(world_call_with(w, "other write", "params", "{}"), RH_EUSAGE, "'text'");
    assert_refused(world_call_with(w, "other write", "params", "{\"texd\":\"a\"}"), RH_EUSAGE,
                   "'text'");
    assert_refused(world_call_with(w, "other write", "params", "{\"text\":[1]}"), RH_EINVALID,
                   "'text': a list or an object is not a value");
    assert_refused(world_call_with(w, "other write", "params", "[]"), RH_EINVALID,
                   "have to be a JSON object");
    assert_refused(world_call_with(w, "other write", "params", "{\"text\":\"a\",\"dry-run\":true}"),
                   RH_EUSAGE, "a trial only");
    assert_int_equal(note_count(w), 2);
}

static void it_is_recorded_as_part_of_the_call(void **state)
{
    struct world *w = *state;

    assert_json(world_call_with(w, "other silent", NULL, NULL),
                "{\"messages\":[\"noted: quiet\"]}");
    assert_int_equal(world_number(w, "SELECT count(*) FROM event WHERE operation = 'other silent'"
                                     " AND module = 'notes' AND actor = 'test'"),
                     1);
    assert_int_equal(heard, 1);
    assert_int_equal(world_number(w, "SELECT seq FROM plugin_cursor WHERE module = 'third'"),
                     world_number(w, "SELECT max(seq) FROM event"));
}

static void who_only_reads_cannot_write_through_another(void **state)
{
    struct world *w = *state;

    assert_refused(world_call_with(w, "other ask", "params", "{\"text\":\"a\"}"), RH_EFAILED,
                   "'other ask' only reads, but 'note add' writes");
    assert_int_equal(note_count(w), 0);
}

static void its_error_is_the_calls_error_and_undoes_all(void **state)
{
    struct world *w = *state;

    assert_refused(world_call_with(w, "other write", "params", "{\"text\":\"bad\"}"), RH_EINVALID,
                   "that will not do");
    assert_refused(world_call_with(w, "other write", "params", "{\"text\":\"partly\"}"),
                   RH_EPARTIAL, "only half");
    assert_int_equal(note_count(w), 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM event"), 0);
}

static void who_can_do_without_goes_on_without_a_trace_of_it(void **state)
{
    struct world *w = *state;

    assert_json(world_call_with(w, "other without", NULL, NULL),
                "{\"code\":-5,\"de\":\"das geht nicht\",\"en\":\"that will not do\",\"bad\":-5,"
                "\"still\":-5,\"partly\":-9,\"none\":0}");
    assert_int_equal(note_count(w), 1);
    assert_int_equal(world_number(w, "SELECT count(*) FROM event"), 1);
    assert_int_equal(world_number(w, "SELECT seq FROM plugin_cursor WHERE module = 'third'"), 1);
}

static void what_is_not_there_or_does_not_fit_is_named(void **state)
{
    struct world *w = *state;

    assert_refused(world_call_with(w, "other write", "operation", "note burn"), RH_ENOTFOUND,
                   "no operation 'note burn'");
    assert_refused(world_call_with(w, "other write", "operation", "note compute"), RH_EFAILED,
                   "cannot be part of another call");
    assert_refused(world_call_with(w, "other circle", NULL, NULL), RH_EFAILED, "in a circle");
}

static void the_rights_of_the_other_module_are_not_handed_over(void **state)
{
    assert_refused(world_call_with(*state, "other touch", NULL, NULL), RH_EFORBIDDEN, "notes_note");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(its_parameters_are_checked_and_its_answer_is_handed_back),
        TEST(it_is_recorded_as_part_of_the_call),
        TEST(who_only_reads_cannot_write_through_another),
        TEST(its_error_is_the_calls_error_and_undoes_all),
        TEST(who_can_do_without_goes_on_without_a_trace_of_it),
        TEST(what_is_not_there_or_does_not_fit_is_named),
        TEST(the_rights_of_the_other_module_are_not_handed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
