/* command.h: words become an operation with arguments; wrong words get the nearest right ones. */
#include "core/cli/command.h"

#include "reihum/plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int32_t nothing(struct rh_call *call)
{
    (void)call;
    return 0;
}

static const struct rh_param create_params[] = {
    {"round",
     RH_TYPE_TEXT,
     RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL,
     NULL,
     NULL,
     0,
     0,
     {"Turnus", "round"}},
    {"start", RH_TYPE_DAY, RH_PARAM_REQUIRED, NULL, NULL, 0, 0, {"Beginn", "start"}},
    {"draft", RH_TYPE_FLAG, 0, NULL, NULL, 0, 0, {"Entwurf", "draft"}},
};

static const struct rh_column list_columns[] = {{"id", RH_TYPE_TEXT, 0, {"Turnus", "round"}}};

static const struct rh_operation operations[] = {
    {.name = "round create",
     .kind = RH_WRITE,
     .run = nothing,
     .help = {"anlegen", "create"},
     .params = RH_ROWS(create_params)},
    {.name = "round list",
     .kind = RH_READ,
     .run = nothing,
     .help = {"zeigen", "list"},
     .columns = RH_ROWS(list_columns)},
    {.name = "turnus plan", .kind = RH_READ, .run = nothing, .help = {"planen", "plan"}},
    {.name = "turnus rule import", .kind = RH_WRITE, .run = nothing, .help = {"Regeln", "rules"}},
};

static const struct rh_plugin plugin = {RH_PLUGIN_HEAD("sample", "1.0.0"),
                                        .title = {"Probe", "sample"},
                                        .operations = RH_ROWS(operations)};

static struct rh_module module = {.plugin = &plugin};
static struct rh_registry *registry;
static struct rh_command command;
static struct rh_err err;

static int set_up(void **state)
{
    (void)state;
    registry = rh_registry_new(NULL);
    return registry && rh_registry_add(registry, &module, &err) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    registry = rh_registry_free(registry);
    return 0;
}

/* Parses a line of words parted by single spaces. */
static int32_t parse(const char *line)
{
    static char words[512];
    static char *argv[32];
    char *rest = NULL;
    int argc = 0;

    rh_err_clear(&err);
    memset(&command, 0, sizeof(command));
    strncpy(words, line, sizeof(words) - 1);
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;
    return rh_command_parse(registry, argc, argv, &command, &err);
}

static const char *argument(const char *name)
{
    for (size_t i = 0; i < command.count; i++)
        if (strcmp(command.arguments[i].name, name) == 0)
            return command.arguments[i].value;
    return NULL;
}

static void words_and_options_become_arguments(void **state)
{
    (void)state;

    assert_int_equal(parse("round create 2027-2031 --start 2027-01-01 --draft"), 0);

    assert_string_equal(command.op->op.name, "round create");
    assert_string_equal(argument("round"), "2027-2031");
    assert_string_equal(argument("start"), "2027-01-01");
    assert_string_equal(argument("draft"), "1");
}

static void a_value_may_stand_behind_an_equals_sign(void **state)
{
    (void)state;

    assert_int_equal(parse("round create --round=a=b --start=2027-01-01"), 0);

    assert_string_equal(argument("round"), "a=b");
}

static void common_options_stand_before_or_behind_the_command(void **state)
{
    (void)state;

    assert_int_equal(parse("--db x.db --lang en round list --csv=excel --as-of 2027-05-01"), 0);

    assert_string_equal(command.db, "x.db");
    assert_string_equal(command.lang, "en");
    assert_string_equal(command.as_of, "2027-05-01");
    assert_int_equal(command.form, RH_FORM_EXCEL);
}

static void the_longest_name_wins(void **state)
{
    (void)state;

    assert_int_equal(parse("turnus rule import"), 0);

    assert_string_equal(command.op->op.name, "turnus rule import");
}

static void a_misspelt_command_gets_the_nearest(void **state)
{
    (void)state;

    assert_int_equal(parse("turnus plna"), RH_EUSAGE);

    assert_non_null(strstr(err.text[RH_EN], "did you mean 'turnus plan'?"));
}

/* What users saw: "turnus rule imprt" suggested "turnus rule list", because only two words counted.
 */
static void the_last_word_of_three_is_mended_too(void **state)
{
    (void)state;

    assert_int_equal(parse("turnus rule imprt rules.csv"), RH_EUSAGE);

    assert_non_null(strstr(err.text[RH_EN], "did you mean 'turnus rule import'?"));
}

static void a_misspelt_option_gets_the_nearest(void **state)
{
    (void)state;

    assert_int_equal(parse("round create a --strat 2027-01-01"), RH_EUSAGE);

    assert_non_null(strstr(err.text[RH_EN], "--start"));
    assert_non_null(strstr(err.text[RH_DE], "meinten Sie --start?"));
}

static void an_option_without_its_value_is_named(void **state)
{
    (void)state;

    assert_int_equal(parse("round create a --start"), RH_EUSAGE);

    assert_non_null(strstr(err.text[RH_EN], "--start"));
}

static void the_next_option_is_not_a_value(void **state)
{
    (void)state;

    assert_int_equal(parse("round create a --start --draft"), RH_EUSAGE);
    assert_non_null(strstr(err.text[RH_EN], "the value after --start is missing"));

    assert_int_equal(parse("round list --output --json"), RH_EUSAGE);
    assert_int_equal(parse("round create --start=--draft a"), 0); /* behind '=' anything goes */
}

static void one_dash_is_no_option_and_no_command(void **state)
{
    (void)state;

    assert_int_equal(parse("-x"), RH_EUSAGE);

    assert_non_null(strstr(err.text[RH_EN], "'-x' is not an option"));
}

static void a_table_of_what_has_none_is_refused_before_anything_is_done(void **state)
{
    (void)state;

    assert_int_equal(parse("round create a --start 2027-01-01 --csv"), RH_EUSAGE);
    assert_non_null(strstr(err.text[RH_EN], "'round create' has no table"));
    assert_string_equal(command.op->op.name, "round create"); /* for the hint how it is used */

    assert_int_equal(parse("round list --csv"), 0);
    assert_int_equal(parse("round create --csv --help"), 0);
}

static void an_option_given_twice_is_refused(void **state)
{
    (void)state;

    assert_int_equal(parse("round create a --round b --start 2027-01-01"), RH_EUSAGE);

    assert_non_null(strstr(err.text[RH_EN], "twice"));
}

static void a_word_too_many_is_refused(void **state)
{
    (void)state;

    assert_int_equal(parse("round create a b --start 2027-01-01"), RH_EUSAGE);

    assert_non_null(strstr(err.text[RH_EN], "'b'"));
}

static void help_is_about_what_was_named(void **state)
{
    (void)state;

    assert_int_equal(parse("--help"), 0);
    assert_int_equal(command.help, RH_HELP_OVERVIEW);
    assert_int_equal(parse(""), 0);
    assert_int_equal(command.help, RH_HELP_OVERVIEW);
    assert_int_equal(parse("turnus"), 0);
    assert_int_equal(command.help, RH_HELP_NOUN);
    assert_string_equal(command.noun, "turnus");
    assert_int_equal(parse("turnus rule --help"), 0);
    assert_string_equal(command.noun, "turnus rule");
    assert_int_equal(parse("round create --help"), 0);
    assert_int_equal(command.help, RH_HELP_OPERATION);
    assert_int_equal(parse("--version"), 0);
    assert_int_equal(command.help, RH_HELP_VERSION);
    assert_int_equal(parse("--db x.db --version"), 0);
    assert_int_equal(command.help, RH_HELP_VERSION);
}

static void what_looks_like_an_option_is_a_word_after_two_dashes(void **state)
{
    (void)state;

    assert_int_equal(parse("round create --start 2027-01-01 -- --odd"), 0);

    assert_string_equal(argument("round"), "--odd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_options_become_arguments),
        cmocka_unit_test(a_value_may_stand_behind_an_equals_sign),
        cmocka_unit_test(common_options_stand_before_or_behind_the_command),
        cmocka_unit_test(the_longest_name_wins),
        cmocka_unit_test(a_misspelt_command_gets_the_nearest),
        cmocka_unit_test(the_last_word_of_three_is_mended_too),
        cmocka_unit_test(a_misspelt_option_gets_the_nearest),
        cmocka_unit_test(an_option_without_its_value_is_named),
        cmocka_unit_test(the_next_option_is_not_a_value),
        cmocka_unit_test(one_dash_is_no_option_and_no_command),
        cmocka_unit_test(a_table_of_what_has_none_is_refused_before_anything_is_done),
        cmocka_unit_test(an_option_given_twice_is_refused),
        cmocka_unit_test(a_word_too_many_is_refused),
        cmocka_unit_test(help_is_about_what_was_named),
        cmocka_unit_test(what_looks_like_an_option_is_a_word_after_two_dashes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
