/* value.h: parameters as people, forms and programs send them. */
#include "core/base/alloc.h"
#include "core/calendar/date.h"
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

static const struct rh_param params[] = {
    {.name = "round", .type = RH_TYPE_TEXT, .flags = RH_PARAM_REQUIRED, .help = HELP},
    {.name = "seed", .type = RH_TYPE_INT, .fallback = "7", .min = 0, .max = 1000, .help = HELP},
    {.name = "weight", .type = RH_TYPE_REAL, .help = HELP},
    {.name = "on", .type = RH_TYPE_DAY, .help = HELP},
    {.name = "start", .type = RH_TYPE_MONTH, .help = HELP},
    {.name = "kind", .type = RH_TYPE_CHOICE, .choices = "city|district", .help = HELP},
    {.name = "closed", .type = RH_TYPE_FLAG, .help = HELP},
    {.name = "file", .type = RH_TYPE_FILE, .help = HELP},
};
enum { ROUND, SEED, WEIGHT, ON, START, KIND, CLOSED, FILE_, COUNT };

static int32_t run(struct rh_call *call)
{
    (void)call;
    return 0;
}

static const struct rh_operation operation = {
    .name = "turnus plan", .kind = RH_READ, .help = HELP, .params = RH_ROWS(params), .run = run};

struct world {
    struct rh_plugin plugin;
    struct rh_module module;
    struct rh_registry *registry;
    const struct rh_operation_entry *op;
};

static int make_world(void **state)
{
    static struct world w;
    struct rh_err err = {.code = 0};

    w.plugin =
        (struct rh_plugin){.name = "turnus", .operations = {&operation, 1, sizeof(operation)}};
    w.module.plugin = &w.plugin;
    w.registry = rh_registry_new(NULL);
    assert_int_equal(rh_registry_add(w.registry, &w.module, &err), 0);
    w.op = rh_registry_find(w.registry, "turnus plan");
    *state = &w;
    return 0;
}

static int end_world(void **state)
{
    struct world *w = *state;

    rh_registry_free(w->registry);
    return 0;
}

static void each_type_is_read_in_the_ways_people_write_it(void **state)
{
    static const struct {
        int param;
        const char *text;
        int64_t number;
    } cases[] = {
        {SEED, "42", 42},
        {SEED, " 42 ", 42},
        {SEED, "0", 0},
        {ON, "2027-05-27", 20965},
        {ON, "27.05.2027", 20965},
        {ON, "27.5.2027", 20965},
        {START, "2028-03", 2028 * 12 + 2},
        {START, "3.2028", 2028 * 12 + 2},
        {CLOSED, "yes", 1},
        {CLOSED, "ja", 1},
        {CLOSED, "0", 0},
        {CLOSED, "nein", 0},
    };
    struct rh_err err = {.code = 0};
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rh_auto_arena(arena, 1000000);
        struct rh_value value;

        assert_int_equal(
            rh_value_parse(&params[cases[i].param], cases[i].text, &arena, &value, &err), 0);
        assert_true(value.given);
        assert_true(value.number == cases[i].number);
    }
}

static void decimals_may_have_a_comma(void **state)
{
    rh_auto_arena(arena, 1000000);
    struct rh_value value;
    (void)state;

    assert_int_equal(rh_value_parse(&params[WEIGHT], "0,5", &arena, &value, NULL), 0);
    assert_true(value.real == 0.5);
    assert_int_equal(rh_value_parse(&params[WEIGHT], "-1.25", &arena, &value, NULL), 0);
    assert_true(value.real == -1.25);
}

/* A form sends fields that nobody filled in. */
static void an_empty_text_is_the_same_as_none(void **state)
{
    struct world *w = *state;
    const struct rh_argument arguments[] = {
        {.name = "round", .value = "2027-2031"}, {.name = "seed", .value = ""},
        {.name = "on", .value = "  "},           {.name = "kind", .value = ""},
        {.name = "closed", .value = ""},
    };
    rh_auto_arena(arena, 1000000);
    struct rh_value values[COUNT];

    assert_int_equal(rh_values_parse(w->op, arguments, 5, &arena, values, NULL), 0);

    assert_int_equal(values[SEED].number, 7);
    assert_false(values[SEED].given);
    assert_int_equal(values[ON].number, RH_NO_DAY);
    assert_int_equal(values[START].number, RH_NO_MONTH);
    assert_null(values[KIND].text);
    assert_int_equal(values[CLOSED].number, 0);
}

static void text_is_trimmed_and_normalised(void **state)
{
    rh_auto_arena(arena, 1000000);
    struct rh_value value;
    (void)state;

    assert_int_equal(rh_value_parse(&params[ROUND], " Du\xcc\x88ren\xc2\xa0", &arena, &value, NULL),
                     0);
    assert_string_equal(value.text, "Düren");
}

static void a_flag_without_a_value_is_set(void **state)
{
    struct world *w = *state;
    const struct rh_argument arguments[] = {{.name = "round", .value = "r"}, {.name = "closed"}};
    rh_auto_arena(arena, 1000000);
    struct rh_value values[COUNT];

    assert_int_equal(rh_values_parse(w->op, arguments, 2, &arena, values, NULL), 0);
    assert_int_equal(values[CLOSED].number, 1);
}

static void a_file_brings_its_bytes(void **state)
{
    struct world *w = *state;
    const struct rh_argument arguments[] = {
        {.name = "round", .value = "r"},
        {.name = "file", .value = "a.csv", .bytes = "a\0b", .size = 3}};
    rh_auto_arena(arena, 1000000);
    struct rh_value values[COUNT];

    assert_int_equal(rh_values_parse(w->op, arguments, 2, &arena, values, NULL), 0);

    assert_string_equal(values[FILE_].text, "a.csv");
    assert_int_equal(values[FILE_].size, 3);
    assert_memory_equal(values[FILE_].bytes, "a\0b", 3);
    assert_ptr_not_equal(values[FILE_].bytes, arguments[1].bytes);
}

static void a_wrong_value_is_refused_with_its_name_and_the_right_form(void **state)
{
    static const struct {
        int param;
        const char *text, *de, *en;
    } cases[] = {
        {SEED, "abc", "Angabe 'seed': 'abc' ist keine ganze Zahl",
         "parameter 'seed': 'abc' is not a whole number"},
        {SEED, "1001", "Angabe 'seed': 1001 liegt nicht zwischen 0 und 1000",
         "parameter 'seed': 1001 does not lie between 0 and 1000"},
        {SEED, "99999999999999999999", NULL, "not a whole number"},
        {WEIGHT, "1,2,3", NULL, "is not a number"},
        {WEIGHT, "1.000,5", NULL, "is not a number"},
        {WEIGHT, "nan", NULL, "is not a number"},
        {ON, "2027-02-29", NULL, "there is no day 29"},
        {ON, "morgen", "erwartet wird 2027-05-27 oder 27.05.2027", "2027-05-27 or 27.05.2027"},
        {START, "2027-13", NULL, "there is no month 13"},
        {KIND, "distrct", "meinten Sie 'district'?",
         "parameter 'kind': there is no 'distrct' (did you mean 'district'?); possible: city, "
         "district"},
        {KIND, "zzz", "möglich: city, district", "there is no 'zzz'; possible: city, district"},
        {CLOSED, "perhaps", "weder 'yes' noch 'no'", "neither 'yes' nor 'no'"},
        {ROUND, "a\xff", "UTF-8", "UTF-8"},
        {ROUND, "a\x01z", "Steuerzeichen", "control character"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rh_auto_arena(arena, 1000000);
        struct rh_err err = {.code = 0};
        struct rh_value value = {.number = 99};

        assert_int_equal(
            rh_value_parse(&params[cases[i].param], cases[i].text, &arena, &value, &err),
            RH_EUSAGE);
        assert_int_equal(value.number, 99);
        if (cases[i].de && !strstr(err.text[RH_DE], cases[i].de))
            fail_msg("'%s' lacks '%s'", err.text[RH_DE], cases[i].de);
        if (!strstr(err.text[RH_EN], cases[i].en))
            fail_msg("'%s' lacks '%s'", err.text[RH_EN], cases[i].en);
    }
}

static void wrong_calls_are_refused_with_the_nearest_spelling(void **state)
{
    struct world *w = *state;
    static const struct {
        struct rh_argument arguments[2];
        size_t count;
        const char *sentence;
    } cases[] = {
        {{{.name = "round", .value = "r"}, {.name = "sed", .value = "1"}},
         2,
         "'turnus plan' kennt die Angabe 'sed' nicht (meinten Sie 'seed'?)"},
        {{{.name = "round", .value = "r"}, {.name = "xyzzy", .value = "1"}},
         2,
         "kennt die Angabe 'xyzzy' nicht"},
        {{{.name = "seed", .value = "1"}}, 1, "Angabe 'round' fehlt"},
        {{{.name = "round", .value = " "}}, 1, "Angabe 'round' fehlt"},
        {{{.name = "round", .value = "a"}, {.name = "round", .value = "b"}}, 2, "steht zweimal da"},
        {{{.name = "round", .value = "a"}, {.name = "seed"}}, 2, "braucht einen Wert"},
        {{{.name = "round", .value = "a"}, {.name = "file", .value = "a.csv"}},
         2,
         "der Inhalt der Datei 'a.csv' fehlt"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rh_auto_arena(arena, 1000000);
        struct rh_err err = {.code = 0};
        struct rh_value values[COUNT];

        assert_int_equal(
            rh_values_parse(w->op, cases[i].arguments, cases[i].count, &arena, values, &err),
            RH_EUSAGE);
        if (!strstr(err.text[RH_DE], cases[i].sentence))
            fail_msg("'%s' lacks '%s'", err.text[RH_DE], cases[i].sentence);
    }
}

static void without_memory_it_says_so(void **state)
{
    struct world *w = *state;
    const struct rh_argument arguments[] = {
        {.name = "round", .value = "Düren"},
        {.name = "file", .value = "a.csv", .bytes = "abc", .size = 3}};
    long n;

    for (n = 1; n < 50; n++) {
        rh_auto_arena(arena, 1000000);
        struct rh_value values[COUNT];
        int32_t rc;

        rh_alloc_fail_after(n, 0);
        rc = rh_values_parse(w->op, arguments, 2, &arena, values, NULL);
        rh_alloc_fail_after(0, 0);

        if (rc == 0)
            break;
    }
    assert_in_range(n, 2, 49);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_is_read_in_the_ways_people_write_it),
        cmocka_unit_test(decimals_may_have_a_comma),
        cmocka_unit_test(an_empty_text_is_the_same_as_none),
        cmocka_unit_test(text_is_trimmed_and_normalised),
        cmocka_unit_test(a_flag_without_a_value_is_set),
        cmocka_unit_test(a_file_brings_its_bytes),
        cmocka_unit_test(a_wrong_value_is_refused_with_its_name_and_the_right_form),
        cmocka_unit_test(wrong_calls_are_refused_with_the_nearest_spelling),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, make_world, end_world);
}
