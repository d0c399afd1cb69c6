/* registry.h: what a module may put into its tables, and how it is found again. */
#include "core/base/alloc.h"
#include "core/operation/registry.h"
#include "core/operation/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HELP                                                                                       \
    {                                                                                              \
        "Hilfe", "help"                                                                            \
    }

static int32_t run(struct rh_call *call)
{
    (void)call;
    return 0;
}

static int32_t run_hook(struct rh_call *call, const struct rh_event *event)
{
    (void)call;
    (void)event;
    return 0;
}

static int32_t run_job(struct rh_call *call, const char *key, const char *payload)
{
    (void)call;
    (void)key;
    (void)payload;
    return 0;
}

/* A registry with what was added to it; freed by the test. */
struct world {
    struct rh_registry *registry;
    struct rh_plugin plugin;
    struct rh_module module;
    struct rh_err err;
};

static void world_begin(struct world *w, const char *name)
{
    memset(w, 0, sizeof(*w));
    w->registry = rh_registry_new(NULL);
    assert_non_null(w->registry);
    w->plugin = (struct rh_plugin){.name = name, .version = "1.0.0"};
    w->module.plugin = &w->plugin;
    w->module.owner = name;
}

static int32_t add_operations(struct world *w, const struct rh_operation *operations,
                              uint32_t count)
{
    w->plugin.operations =
        (struct rh_table){.rows = operations, .count = count, .row_size = sizeof(*operations)};
    return rh_registry_add(w->registry, &w->module, &w->err);
}

static void operations_are_found_by_name_and_by_path(void **state)
{
    static const struct rh_operation operations[] = {
        {.name = "turnus rule import", .kind = RH_WRITE, .help = HELP, .run = run},
        {.name = "turnus list", .kind = RH_READ, .help = HELP, .run = run},
        {.name = "turnus plan",
         .kind = RH_COMPUTE,
         .flags = RH_OP_DRY_RUN,
         .help = HELP,
         .run = run},
    };
    struct world w;
    (void)state;

    world_begin(&w, "turnus");
    assert_int_equal(add_operations(&w, operations, 3), 0);

    assert_int_equal(rh_registry_count(w.registry), 3);
    assert_string_equal(rh_registry_at(w.registry, 0)->op.name, "turnus list");
    assert_string_equal(rh_registry_at(w.registry, 2)->op.name, "turnus rule import");
    assert_null(rh_registry_at(w.registry, 3));
    assert_ptr_equal(rh_registry_find_path(w.registry, "turnus/rule/import"),
                     rh_registry_find(w.registry, "turnus rule import"));
    assert_string_equal(rh_registry_find(w.registry, "turnus plan")->path, "turnus/plan");
    assert_null(rh_registry_find(w.registry, "turnus"));
    assert_null(rh_registry_find_path(w.registry, "turnus list"));
    assert_null(rh_registry_find_path(w.registry, "turnus/list/"));
    assert_ptr_equal(rh_registry_find_module(w.registry, "turnus"), &w.module);
    rh_registry_free(w.registry);
}

static void dry_run_is_a_parameter_of_those_that_offer_it(void **state)
{
    static const struct rh_param params[] = {
        {.name = "seed", .type = RH_TYPE_INT, .fallback = "7", .help = HELP}};
    static const struct rh_operation operations[] = {
        {.name = "turnus plan",
         .kind = RH_WRITE,
         .flags = RH_OP_DRY_RUN,
         .help = HELP,
         .params = RH_ROWS(params),
         .run = run},
        {.name = "turnus list",
         .kind = RH_READ,
         .help = HELP,
         .params = RH_ROWS(params),
         .run = run},
    };
    const struct rh_operation_entry *plan;
    struct world w;
    (void)state;

    world_begin(&w, "turnus");
    assert_int_equal(add_operations(&w, operations, 2), 0);

    plan = rh_registry_find(w.registry, "turnus plan");
    assert_int_equal(plan->param_count, 2);
    assert_string_equal(plan->params[1].name, "dry-run");
    assert_int_equal(plan->defaults[0].number, 7);
    assert_false(plan->defaults[0].given);
    assert_int_equal(rh_registry_find(w.registry, "turnus list")->param_count, 1);
    rh_registry_free(w.registry);
}

/* A plugin built when rows were shorter: what it does not know is zero. */
static void short_rows_are_padded_with_zeros(void **state)
{
    struct old_param {
        const char *name;
        int32_t type, flags;
        const char *fallback;
    } old[] = {{"a", RH_TYPE_TEXT, 0, "x"}, {"b", RH_TYPE_INT, 0, "3"}};
    struct rh_operation op = {.name = "old thing", .kind = RH_READ, .help = HELP, .run = run};
    struct world w;
    (void)state;

    world_begin(&w, "old");
    op.params = (struct rh_table){.rows = old, .count = 2, .row_size = sizeof(old[0])};

    /* Such a row lacks its help, and that is what is found missing: nothing behind it was read. */
    assert_int_equal(add_operations(&w, &op, 1), RH_EINVALID);
    assert_non_null(strstr(w.err.text[RH_EN], "parameter 'a': its help is missing"));
    rh_registry_free(w.registry);
}

static void longer_rows_of_a_newer_plugin_are_cut(void **state)
{
    struct new_operation {
        struct rh_operation op;
        const char *later[4];
    } newer[] = {
        {{.name = "new one", .kind = RH_READ, .help = HELP, .run = run}, {"?"}},
        {{.name = "new two", .kind = RH_READ, .help = HELP, .run = run}, {"?"}},
    };
    struct world w;
    (void)state;

    world_begin(&w, "newer");
    w.plugin.operations =
        (struct rh_table){.rows = newer, .count = 2, .row_size = sizeof(newer[0])};

    assert_int_equal(rh_registry_add(w.registry, &w.module, &w.err), 0);
    assert_non_null(rh_registry_find(w.registry, "new two"));
    rh_registry_free(w.registry);
}

static void a_wrong_operation_is_refused_with_a_sentence(void **state)
{
    static const struct rh_param
        no_help[] = {{.name = "a", .type = RH_TYPE_TEXT}},
        bad_name[] = {{.name = "A b", .type = RH_TYPE_TEXT, .help = HELP}},
        taken[] = {{.name = "json", .type = RH_TYPE_TEXT, .help = HELP}},
        twice[] = {{.name = "a", .type = RH_TYPE_TEXT, .help = HELP},
                   {.name = "a", .type = RH_TYPE_INT, .help = HELP}},
        no_choice[] = {{.name = "a", .type = RH_TYPE_CHOICE, .help = HELP}},
        bad_default[] = {{.name = "a", .type = RH_TYPE_INT, .fallback = "ten", .help = HELP}},
        bad_type[] = {{.name = "a", .type = RH_TYPE_LIST, .help = HELP}},
        both[] = {{.name = "a",
                   .type = RH_TYPE_INT,
                   .flags = RH_PARAM_REQUIRED,
                   .fallback = "1",
                   .help = HELP}};
    static const struct rh_column
        bad_column[] = {{.name = "a-b", .type = RH_TYPE_TEXT, .title = HELP}},
        no_title[] = {{.name = "a", .type = RH_TYPE_TEXT}},
        two_dots[] = {{.name = "a.b.c", .type = RH_TYPE_TEXT, .title = HELP}},
        only_dot[] = {{.name = ".", .type = RH_TYPE_TEXT, .title = HELP}};
    static const struct {
        struct rh_operation op;
        const char *sentence;
    } cases[] = {
        {{.name = "list", .kind = RH_READ, .help = HELP, .run = run}, "two or three"},
        {{.name = "a b c d", .kind = RH_READ, .help = HELP, .run = run}, "two or three"},
        {{.name = "Office list", .kind = RH_READ, .help = HELP, .run = run}, "two or three"},
        {{.name = "office  list", .kind = RH_READ, .help = HELP, .run = run}, "two or three"},
        {{.name = "office list ", .kind = RH_READ, .help = HELP, .run = run}, "two or three"},
        {{.name = NULL, .kind = RH_READ, .help = HELP, .run = run}, "two or three"},
        {{.name = "a b", .kind = 9, .help = HELP, .run = run}, "neither READ nor"},
        {{.name = "a b", .kind = RH_READ, .help = HELP}, "no function 'run'"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .commit = run}, "'commit'"},
        {{.name = "a b", .kind = RH_READ, .flags = RH_OP_DRY_RUN, .help = HELP, .run = run},
         "--dry-run"},
        {{.name = "a b", .kind = RH_READ, .help = {"nur deutsch", NULL}, .run = run}, "help"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .params = RH_ROWS(no_help)},
         "operation 'a b': parameter 'a': its help"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .params = RH_ROWS(bad_name)},
         "'A b'"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .params = RH_ROWS(taken)},
         "option of all operations"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .params = RH_ROWS(twice)},
         "twice"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .params = RH_ROWS(no_choice)},
         "choices"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .params = RH_ROWS(bad_default)},
         "default: parameter 'a': 'ten' is not a whole number"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .params = RH_ROWS(bad_type)},
         "type"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .params = RH_ROWS(both)},
         "required"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .columns = RH_ROWS(bad_column)},
         "column 'a-b'"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .columns = RH_ROWS(no_title)},
         "title"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .columns = RH_ROWS(two_dots)},
         "column 'a.b.c'"},
        {{.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .columns = RH_ROWS(only_dot)},
         "column '.'"},
        {{.name = "a b",
          .kind = RH_READ,
          .help = HELP,
          .run = run,
          .params = {.rows = no_help, .count = 1, .row_size = 3}},
         "unreadable"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w;

        world_begin(&w, "wrong");
        assert_int_equal(add_operations(&w, &cases[i].op, 1), RH_EINVALID);

        if (!strstr(w.err.text[RH_EN], cases[i].sentence))
            fail_msg("case %zu: '%s' lacks '%s'", i, w.err.text[RH_EN], cases[i].sentence);
        assert_non_null(strstr(w.err.text[RH_DE], "Modul 'wrong': "));
        assert_int_equal(rh_registry_count(w.registry), 0);
        assert_int_equal(rh_registry_module_count(w.registry), 0);
        rh_registry_free(w.registry);
    }
}

/* ".field", "list." and "list.column" give words to the rest of an answer; "items" has the others.
 */
static void columns_with_a_dot_speak_of_the_rest_of_the_answer(void **state)
{
    static const struct rh_column columns[] = {
        {.name = ".name", .type = RH_TYPE_TEXT, .title = HELP},
        {.name = "state", .type = RH_TYPE_TEXT, .title = HELP},
        {.name = "procedures.", .type = RH_TYPE_TEXT, .title = HELP},
        {.name = "procedures.state", .type = RH_TYPE_TEXT, .title = HELP}};
    static const struct rh_operation operations[] = {
        {.name = "a b", .kind = RH_READ, .help = HELP, .run = run, .columns = RH_ROWS(columns)}};
    const struct rh_operation_entry *entry;
    struct world w;
    (void)state;

    world_begin(&w, "right");
    assert_int_equal(add_operations(&w, operations, 1), 0);
    entry = rh_registry_find(w.registry, "a b");

    assert_int_equal(entry->column_count, 1);
    assert_string_equal(entry->columns[0].name, "state");
    assert_int_equal(entry->other_count, 3);
    assert_string_equal(entry->others[2].name, "procedures.state");
    rh_registry_free(w.registry);
}

/* Two plugins want the same command: the second one is refused as a whole, the first stays. */
static void a_name_is_given_once(void **state)
{
    static const struct rh_operation first[] = {
        {.name = "plan show", .kind = RH_READ, .help = HELP, .run = run}};
    static const struct rh_operation second[] = {
        {.name = "plan other", .kind = RH_READ, .help = HELP, .run = run},
        {.name = "plan show", .kind = RH_READ, .help = HELP, .run = run}};
    struct rh_plugin other = {.name = "other", .operations = RH_ROWS(second)};
    struct rh_module module = {.plugin = &other};
    struct world w;
    (void)state;

    world_begin(&w, "first");
    assert_int_equal(add_operations(&w, first, 1), 0);
    assert_int_equal(rh_registry_add(w.registry, &module, &w.err), RH_EINVALID);

    assert_non_null(strstr(w.err.text[RH_EN], "exists already, in module 'first'"));
    assert_int_equal(rh_registry_count(w.registry), 1);
    assert_null(rh_registry_find(w.registry, "plan other"));
    rh_registry_free(w.registry);
}

static void a_command_that_could_be_read_in_two_ways_is_refused(void **state)
{
    static const struct rh_param positional[] = {
        {.name = "rule", .type = RH_TYPE_TEXT, .flags = RH_PARAM_POSITIONAL, .help = HELP}};
    static const struct rh_operation operations[] = {
        {.name = "turnus rule import", .kind = RH_READ, .help = HELP, .run = run},
        {.name = "turnus rule",
         .kind = RH_READ,
         .help = HELP,
         .run = run,
         .params = RH_ROWS(positional)}};
    struct world w;
    (void)state;

    world_begin(&w, "turnus");

    assert_int_equal(add_operations(&w, operations, 2), RH_EINVALID);
    assert_non_null(strstr(w.err.text[RH_EN], "cannot be told from"));
    rh_registry_free(w.registry);
}

static void plugins_keep_off_the_names_of_the_core(void **state)
{
    static const char *const names[] = {"core", "operation", "event", "Turnus",
                                        "a-b",  "",          "1a",    NULL};
    (void)state;

    for (size_t i = 0; names[i]; i++) {
        struct world w;

        world_begin(&w, names[i]);
        assert_true(rh_registry_add(w.registry, &w.module, &w.err) < 0);
        rh_registry_free(w.registry);
    }
}

static void hooks_run_by_priority_then_in_the_order_of_modules(void **state)
{
    static const struct rh_hook first[] = {{.topic = "office.*", .priority = 5, .run = run_hook},
                                           {.topic = "round.published", .run = run_hook}};
    static const struct rh_hook second[] = {
        {.topic = "office.added", .priority = 5, .run = run_hook},
        {.topic = "round.*", .priority = -1, .run = run_hook}};
    struct rh_plugin other = {.name = "second", .hooks = RH_ROWS(second)};
    struct rh_module module = {.plugin = &other};
    static const char *const order[] = {"round.*", "round.published", "office.*", "office.added"};
    struct world w;
    (void)state;

    world_begin(&w, "first");
    w.plugin.hooks = (struct rh_table)RH_ROWS(first);
    assert_int_equal(rh_registry_add(w.registry, &w.module, &w.err), 0);
    assert_int_equal(rh_registry_add(w.registry, &module, &w.err), 0);

    assert_int_equal(rh_registry_hook_count(w.registry), 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(rh_registry_hook_at(w.registry, i)->hook.topic, order[i]);
    assert_true(rh_hook_matches(&first[0], "office.added"));
    assert_false(rh_hook_matches(&first[0], "office"));
    assert_false(rh_hook_matches(&first[0], "officer.added"));
    assert_false(rh_hook_matches(&first[1], "round.published.twice"));
    rh_registry_free(w.registry);
}

static void wrong_hooks_jobs_pages_and_documents_are_refused(void **state)
{
    static const struct rh_hook no_function[] = {{.topic = "office.added"}},
                                bad_topic[] = {{.topic = "Office added", .run = run_hook}},
                                all[] = {{.topic = "*", .run = run_hook}};
    static const struct rh_job_kind foreign[] = {{.kind = "mail.send", .run = run_job}},
                                    empty[] = {{.kind = "tables.work"}};
    static const struct rh_operation read[] = {
        {.name = "tables show", .kind = RH_READ, .help = HELP, .run = run}};
    static const struct rh_page
        no_operation[] = {{.path = "/x", .operation = "no such", .body = "", .title = HELP}},
        no_slash[] = {{.path = "x", .operation = "tables show", .body = "", .title = HELP}},
        no_parameter[] =
            {{.path = "/x/{office}", .operation = "tables show", .body = "", .title = HELP}},
        no_title[] = {{.path = "/x", .operation = "tables show", .body = ""}};
    static const struct rh_document
        no_read[] = {{.path = "/x", .operation = "no such", .content_type = "a/b"}},
        no_type[] = {{.path = "/x", .operation = "tables show"}},
        no_name[] = {{.path = "/{y}.ics", .operation = "tables show", .content_type = "a/b"}},
        split[] = {{.path = "/x", .operation = "tables show", .content_type = "a/b\r\nC: d"}},
        double_path[] = {{.path = "/x", .operation = "tables show", .content_type = "a/b"},
                         {.path = "/x", .operation = "tables show", .content_type = "a/b"}};
    static const struct rh_config_key twice[] = {{.name = "a", .type = RH_TYPE_TEXT, .help = HELP},
                                                 {.name = "a", .type = RH_TYPE_TEXT, .help = HELP}};
    static const struct rh_plugin plugins[] = {
        {.name = "tables", .hooks = RH_ROWS(no_function)},
        {.name = "tables", .hooks = RH_ROWS(bad_topic)},
        {.name = "tables", .hooks = RH_ROWS(all)},
        {.name = "tables", .jobs = RH_ROWS(foreign)},
        {.name = "tables", .jobs = RH_ROWS(empty)},
        {.name = "tables", .operations = RH_ROWS(read), .pages = RH_ROWS(no_operation)},
        {.name = "tables", .operations = RH_ROWS(read), .pages = RH_ROWS(no_slash)},
        {.name = "tables", .operations = RH_ROWS(read), .pages = RH_ROWS(no_parameter)},
        {.name = "tables", .operations = RH_ROWS(read), .pages = RH_ROWS(no_title)},
        {.name = "tables", .operations = RH_ROWS(read), .documents = RH_ROWS(no_read)},
        {.name = "tables", .operations = RH_ROWS(read), .documents = RH_ROWS(no_type)},
        {.name = "tables", .operations = RH_ROWS(read), .documents = RH_ROWS(no_name)},
        {.name = "tables", .operations = RH_ROWS(read), .documents = RH_ROWS(split)},
        {.name = "tables", .operations = RH_ROWS(read), .documents = RH_ROWS(double_path)},
        {.name = "tables", .config = RH_ROWS(twice)},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(plugins) / sizeof(plugins[0]); i++) {
        struct world w;

        world_begin(&w, "tables");
        w.plugin = plugins[i];

        assert_int_equal(rh_registry_add(w.registry, &w.module, &w.err), RH_EINVALID);
        assert_int_equal(rh_registry_count(w.registry), 0);
        rh_registry_free(w.registry);
    }
}

static void pages_documents_and_jobs_are_kept_with_their_module(void **state)
{
    static const struct rh_param params[] = {
        {.name = "office", .type = RH_TYPE_TEXT, .help = HELP}};
    static const struct rh_operation read[] = {{.name = "tables show",
                                                .kind = RH_READ,
                                                .help = HELP,
                                                .run = run,
                                                .params = RH_ROWS(params)}};
    static const struct rh_page pages[] = {
        {.path = "/tables/{office}", .operation = "tables show", .body = "…", .title = HELP}};
    static const struct rh_document documents[] = {
        {.path = "/tables/{office}.ics", .operation = "tables show", .content_type = "a/b"}};
    static const struct rh_job_kind jobs[] = {{.kind = "tables.work", .run = run_job}};
    struct world w;
    (void)state;

    world_begin(&w, "tables");
    w.plugin.operations = (struct rh_table)RH_ROWS(read);
    w.plugin.pages = (struct rh_table)RH_ROWS(pages);
    w.plugin.documents = (struct rh_table)RH_ROWS(documents);
    w.plugin.jobs = (struct rh_table)RH_ROWS(jobs);
    assert_int_equal(rh_registry_add(w.registry, &w.module, &w.err), 0);

    assert_int_equal(rh_registry_page_count(w.registry), 1);
    assert_ptr_equal(rh_registry_page_at(w.registry, 0)->module, &w.module);
    assert_int_equal(rh_registry_document_count(w.registry), 1);
    assert_ptr_equal(rh_registry_document_at(w.registry, 0)->module, &w.module);
    assert_ptr_equal(rh_registry_find_job(w.registry, "tables.work")->module, &w.module);
    assert_null(rh_registry_find_job(w.registry, "tables.play"));
    rh_registry_free(w.registry);
}

static void without_memory_nothing_is_added(void **state)
{
    static const struct rh_operation operations[] = {
        {.name = "turnus list", .kind = RH_READ, .help = HELP, .run = run}};
    static const struct rh_hook hooks[] = {{.topic = "office.*", .run = run_hook}};
    long n;
    (void)state;

    for (n = 1; n < 50; n++) {
        struct world w;
        int32_t rc;

        world_begin(&w, "turnus");
        w.plugin.hooks = (struct rh_table)RH_ROWS(hooks);
        rh_alloc_fail_after(n, 0);
        rc = add_operations(&w, operations, 1);
        rh_alloc_fail_after(0, 0);

        assert_int_equal(rh_registry_count(w.registry), rc == 0 ? 1 : 0);
        assert_int_equal(rh_registry_hook_count(w.registry), rc == 0 ? 1 : 0);
        rh_registry_free(w.registry);
        if (rc == 0)
            break;
        assert_int_equal(rc, RH_ENOMEM);
    }
    assert_in_range(n, 2, 49);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_are_found_by_name_and_by_path),
        cmocka_unit_test(dry_run_is_a_parameter_of_those_that_offer_it),
        cmocka_unit_test(short_rows_are_padded_with_zeros),
        cmocka_unit_test(longer_rows_of_a_newer_plugin_are_cut),
        cmocka_unit_test(a_wrong_operation_is_refused_with_a_sentence),
        cmocka_unit_test(columns_with_a_dot_speak_of_the_rest_of_the_answer),
        cmocka_unit_test(a_name_is_given_once),
        cmocka_unit_test(a_command_that_could_be_read_in_two_ways_is_refused),
        cmocka_unit_test(plugins_keep_off_the_names_of_the_core),
        cmocka_unit_test(hooks_run_by_priority_then_in_the_order_of_modules),
        cmocka_unit_test(wrong_hooks_jobs_pages_and_documents_are_refused),
        cmocka_unit_test(pages_documents_and_jobs_are_kept_with_their_module),
        cmocka_unit_test(without_memory_nothing_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
