/*
 * describe.h with the words of a stranger's plugin: quotes, dots, brackets and line breaks in help
 * texts stay words in every form; lines break where a person would break them.
 */
#include "core/operation/describe_internal.h"

#include "core/base/alloc.h"
#include "core/base/json.h"
#include "reihum/plugin.h"
#include "tests/support/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int32_t nothing(struct rh_call *call)
{
    (void)call;
    return 0;
}

#define HOSTILE "it's [a] \"test\": $(exit 7) `exit 8` \\ a|b; .dot <x> & 100 %"

/* clang-format off */
static const struct rh_param params[] = {
    {"file", RH_TYPE_FILE, RH_PARAM_REQUIRED | RH_PARAM_POSITIONAL, .help = {HOSTILE, HOSTILE}},
    {"how", RH_TYPE_CHOICE, .choices = "fast|slow", .fallback = "fast", .help = {HOSTILE, HOSTILE}},
    {"count", RH_TYPE_INT, .fallback = "5", .min = 1, .max = 20, .help = {"wie viele", "how many"}},
    {"most", RH_TYPE_INT, .min = 1, .max = INT64_MAX, .help = {"höchstens", "at most"}},
    {"on", RH_TYPE_DAY, RH_PARAM_REQUIRED, .help = {"an diesem Tag", "on this day"}},
};
static const struct rh_operation operations[] = {
    {.name = "thing do", .kind = RH_WRITE, .run = nothing, .params = RH_ROWS(params), .help = {HOSTILE, HOSTILE},
     .detail = {".TH starts a line\n\n'quoted' starts another\n.and a third", ".TH\n\n'quoted\n.x"}},
    {.name = "thing-two do", .kind = RH_READ, .run = nothing, .help = {"zwei", "two"}},
};
/* clang-format on */
static const struct rh_plugin plugin = {RH_PLUGIN_HEAD("stranger", "1.0.0"),
                                        .title = {"Fremdes", "stranger"},
                                        .operations = RH_ROWS(operations)};
static struct rh_module module = {.plugin = &plugin};
static struct rh_registry *registry;
static struct rh_str text;

static int set_up(void **state)
{
    struct rh_err err = {0};
    (void)state;
    rh_str_init(&text, 1024 * 1024);
    registry = rh_registry_new(NULL);
    return registry && rh_registry_add(registry, &module, &err) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    rh_str_fini(&text);
    registry = rh_registry_free(registry);
    return 0;
}

static const char *wrapped(const char *words, size_t column, size_t indent, size_t width)
{
    rh_str_reset(&text);
    rh_put_wrapped(&text, words, column, indent, width);
    return text.data;
}

static const struct rh_operation_entry *thing(void)
{
    return rh_registry_find(registry, "thing do");
}

/* ---- lines ---- */

static void lines_break_between_words_and_hang(void **state)
{
    (void)state;

    assert_string_equal(wrapped("eins zwei drei vier", 0, 0, 10), "eins zwei\ndrei vier\n");
    assert_string_equal(wrapped("eins zwei drei", 4, 4, 10), "eins\n    zwei\n    drei\n");
    assert_string_equal(wrapped("übermäßig große", 0, 2, 9), "übermäßig\n  große\n");
    assert_string_equal(wrapped("unzertrennlich ist", 0, 0, 5), "unzertrennlich\nist\n");
    assert_string_equal(wrapped("", 0, 0, 10), "\n");
}

static void paragraphs_stay_paragraphs(void **state)
{
    (void)state;

    assert_string_equal(wrapped("eins\n\nzwei drei", 0, 0, 20), "eins\n\nzwei drei\n");
    assert_string_equal(wrapped("a\nb", 2, 2, 20), "a\n  b\n");
}

static void an_option_is_not_parted_from_its_value(void **state)
{
    static const char words[] = {'-', '-', 'a', RH_NO_BREAK, 'X', ' ',
                                 '-', '-', 'b', RH_NO_BREAK, 'Y', '\0'};
    (void)state;

    assert_string_equal(wrapped(words, 0, 0, 7), "--a X\n--b Y\n");
}

static void the_usage_names_what_has_its_place_first(void **state)
{
    (void)state;

    rh_describe_usage(thing(), RH_DE, &text);

    assert_string_equal(text.data, "Aufruf: reihum thing do DATEI [--how fast|slow] [--count ZAHL] "
                                   "[--most ZAHL]\n        --on JJJJ-MM-TT\n");
}

static void the_help_of_an_option_says_its_range_and_default(void **state)
{
    (void)state;

    rh_put_param_help(&text, &params[2], RH_DE);
    assert_string_equal(text.data, "wie viele (1 bis 20, sonst 5)");
    rh_str_reset(&text);
    rh_put_param_help(&text, &params[3], RH_EN);
    assert_string_equal(text.data, "at most"); /* no upper bound worth naming */
}

/* ---- words of strangers ---- */

static void a_line_that_begins_with_a_dot_is_no_command_of_the_man_page(void **state)
{
    (void)state;

    rh_describe_man(registry, RH_DE, &text);

    assert_non_null(strstr(text.data, "\n\\&.TH starts a line\n.PP\n\\&'quoted' starts another\n"
                                      "\\&.and a third\n"));
    assert_non_null(strstr(text.data, "\\e a|b; .dot"));
}

static void the_document_stays_json(void **state)
{
    struct rh_err err = {0};
    rh_auto_json(document);
    (void)state;

    rh_describe_openapi(registry, RH_EN, &text);

    assert_int_equal(rh_json_parse(text.data, text.length, 1 << 20, &document, &err), 0);
    assert_non_null(strstr(text.data, "/api/v1/thing-two/do"));
}

/* Nothing in a help text is run when a person sources the completion. */
static void run_in(const char *const *shell, const char *tail)
{
    struct program program;

    if (!program_exists(shell[0]))
        return;
    rh_str_add(&text, tail);
    program = program_run(shell, text.data, text.length);
    assert_string_equal(program.errs, "");
    assert_int_equal(program.status, 0);
    assert_string_equal(program.out, "sourced\n");
    program_free(&program);
}

static void the_completions_stay_scripts(void **state)
{
    static const char *const bash[] = {"bash", "--norc", "-s", NULL};
    static const char *const zsh[] = {"zsh", "-f", "-s", NULL};
    static const char *const fish[] = {"fish", "--no-config", NULL};
    char *last;
    (void)state;
    setenv("HOME", "/nonexistent", 1);

    rh_describe_bash(registry, &text);
    run_in(bash, "echo sourced\n");
    rh_str_reset(&text);
    rh_describe_zsh(registry, &text);
    last = strstr(text.data, "\n_reihum \"$@\"\n"); /* needs the shell's line editor */
    assert_non_null(last);
    text.length = (size_t)(last - text.data) + 1;
    text.data[text.length] = '\0';
    run_in(zsh, "echo sourced\n");
    rh_str_reset(&text);
    rh_describe_fish(registry, &text);
    run_in(fish, "echo sourced\n");
}

/* 'thing-two do' sorts between 'thing' and its verbs in some orders; both have their branch once.
 */
static void names_that_begin_alike_have_a_branch_each(void **state)
{
    const char *first;
    (void)state;

    rh_describe_bash(registry, &text);

    first = strstr(text.data, "        'thing') ");
    assert_non_null(first);
    assert_null(strstr(first + 1, "        'thing') "));
    assert_non_null(strstr(text.data, "        'thing-two') "));
}

/* ---- memory ---- */

static void without_memory_every_description_says_so(void **state)
{
    (void)state;

    for (int which = 0; which < 6; which++)
        for (long n = 1, struck = 1; struck; n++) {
            rh_str_fini(&text);
            rh_alloc_fail_after(n, 1000000);
            if (which == 0)
                rh_describe_overview(registry, RH_DE, &text);
            else if (which == 1)
                rh_describe_operation(thing(), RH_DE, &text);
            else if (which == 2)
                rh_describe_man(registry, RH_DE, &text);
            else if (which == 3)
                rh_describe_openapi(registry, RH_DE, &text);
            else if (which == 4)
                rh_describe_zsh(registry, &text);
            else
                rh_describe_fish(registry, &text);
            struck = rh_alloc_fault_struck();
            rh_alloc_fail_after(0, 0);
            assert_int_equal(rh_str_check(&text, NULL) < 0, struck != 0);
            assert_true(n < 1000);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(lines_break_between_words_and_hang),
        TEST(paragraphs_stay_paragraphs),
        TEST(an_option_is_not_parted_from_its_value),
        TEST(the_usage_names_what_has_its_place_first),
        TEST(the_help_of_an_option_says_its_range_and_default),
        TEST(a_line_that_begins_with_a_dot_is_no_command_of_the_man_page),
        TEST(the_document_stays_json),
        TEST(the_completions_stay_scripts),
        TEST(names_that_begin_alike_have_a_branch_each),
        TEST(without_memory_every_description_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
