/* render.h: an answer as aligned text, as CSV and as CSV for a German Excel. */
#include "core/operation/render.h"

#include "core/base/alloc.h"
#include "core/base/text.h"
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

/* clang-format off */
static const struct rh_column list_columns[] = {
    {"office", RH_TYPE_TEXT, 0, {"Jugendamt", "office"}},
    {"places", RH_TYPE_INT, 0, {"Plätze", "places"}},
    {"share", RH_TYPE_REAL, 0, {"Anteil", "share"}},
    {"open", RH_TYPE_FLAG, 0, {"offen", "open"}},
    {"source", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Quelle", "source"}},
    {"note", RH_TYPE_TEXT, 0, {"Bemerkung", "note"}},
};
static const struct rh_column show_columns[] = {
    {".name", RH_TYPE_TEXT, 0, {"Name", "name"}},
    {".open", RH_TYPE_FLAG, 0, {"offen", "open"}},
    {".secret", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"lang", "long"}},
    {"procedures.", RH_TYPE_TEXT, 0, {"Verfahren", "procedures"}},
    {"procedures.start_month", RH_TYPE_MONTH, 0, {"Beginn", "start"}},
    {"procedures.done", RH_TYPE_FLAG, 0, {"fertig", "done"}},
    {"procedures.id", RH_TYPE_TEXT, RH_COLUMN_WIDE, {"Kennung", "id"}},
};
static const struct rh_column plans_columns[] = {
    {"state", RH_TYPE_TEXT, 0, {"Stand", "state"}},
    {"size_class", RH_TYPE_TEXT, 0, {"Klasse", "class"}},
    {"state=draft", RH_TYPE_TEXT, 0, {"Entwurf", "draft plan"}},
};
static const struct rh_operation operations[] = {
    {.name = "plan list", .kind = RH_READ, .run = nothing, .help = {"zeigen", "list"}, .columns = RH_ROWS(plans_columns)},
    {.name = "office list", .kind = RH_READ, .run = nothing, .help = {"zeigen", "list"}, .columns = RH_ROWS(list_columns)},
    {.name = "office show", .kind = RH_READ, .run = nothing, .help = {"zeigen", "show"}, .columns = RH_ROWS(show_columns)},
    {.name = "office plain", .kind = RH_READ, .run = nothing, .help = {"zeigen", "show"}},
};
/* clang-format on */
static const struct rh_plugin plugin = {RH_PLUGIN_HEAD("sample", "1.0.0"),
                                        .title = {"Probe", "sample"},
                                        .operations = RH_ROWS(operations)};
static struct rh_module module = {.plugin = &plugin};
static struct rh_registry *registry;
static struct rh_err err;
static struct rh_str text;

static int set_up(void **state)
{
    (void)state;
    rh_str_init(&text, 1024 * 1024);
    rh_err_clear(&err);
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

static const struct rh_operation_entry *op(const char *name)
{
    const struct rh_operation_entry *entry = rh_registry_find(registry, name);
    assert_non_null(entry);
    return entry;
}

static const char *as_text(const char *name, const char *json, struct rh_render_options options)
{
    rh_str_reset(&text);
    rh_err_clear(&err);
    if (rh_render_text(op(name), json, strlen(json), &options, &text, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
    return text.data;
}

static const char *as_csv(const char *name, const char *json, bool excel)
{
    rh_str_reset(&text);
    rh_err_clear(&err);
    if (rh_render_csv(op(name), json, strlen(json), excel, &text, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
    return text.data;
}

#define GERMAN  ((struct rh_render_options){.lang = RH_DE})
#define ENGLISH ((struct rh_render_options){.lang = RH_EN})

static const char two_offices[] =
    "{\"items\":[{\"office\":\"Köln\",\"places\":5,\"share\":0.5,\"open\":1,\"source\":\"s\","
    "\"note\":\"Dom\"},"
    "{\"office\":\"Mülheim\",\"places\":120,\"share\":12,\"open\":false,\"source\":null,\"note\":"
    "null}]}";

/* ---- text ---- */

static void columns_stand_under_each_other_whatever_the_umlauts(void **state)
{
    (void)state;

    assert_string_equal(as_text("office list", two_offices, GERMAN),
                        "Jugendamt  Plätze  Anteil  offen  Bemerkung\n"
                        "Köln            5     0,5  ja     Dom\n"
                        "Mülheim       120      12  nein\n");
}

static void english_has_its_titles_and_its_decimal_point(void **state)
{
    (void)state;

    assert_string_equal(as_text("office list", two_offices, ENGLISH),
                        "office   places  share  open  note\n"
                        "Köln          5    0.5  yes   Dom\n"
                        "Mülheim     120     12  no\n");
}

static void a_narrow_terminal_shortens_the_widest_text_and_no_number(void **state)
{
    static const char json[] = "{\"items\":[{\"office\":\"Rheinisch-Bergischer Kreis\",\"places\":"
                               "1234567890123,\"share\":1,\"open\":1,\"note\":\"so weit es "
                               "geht\"}]}";
    const char *line;
    (void)state;

    as_text("office list", json, (struct rh_render_options){.lang = RH_DE, .width = 60});

    assert_non_null(strstr(text.data, "1234567890123"));
    assert_non_null(strstr(text.data, "…"));
    line = text.data;
    while (*line) {
        size_t length = strcspn(line, "\n");
        assert_true(rh_text_width(line, length) <= 60);
        line += length + 1;
    }
}

static void what_cannot_be_squeezed_stays_readable(void **state)
{
    (void)state;

    as_text("office list", two_offices, (struct rh_render_options){.lang = RH_DE, .width = 10});

    assert_non_null(strstr(text.data, "Mülheim")); /* eight columns are left to every text */
    assert_non_null(strstr(text.data, "120"));
}

static void a_column_that_no_row_fills_is_left_out(void **state)
{
    (void)state;

    assert_string_equal(as_text("office list",
                                "{\"items\":[{\"office\":\"Ahaus\",\"places\":3,\"note\":\"\"},"
                                "{\"office\":\"Ahlen\",\"places\":4,\"note\":null}]}",
                                GERMAN),
                        "Jugendamt  Plätze\n"
                        "Ahaus           3\n"
                        "Ahlen           4\n");
}

static void no_line_ends_in_spaces(void **state)
{
    (void)state;

    as_text("office list", two_offices, GERMAN);

    assert_null(strstr(text.data, " \n"));
}

static void only_the_heading_is_bold_and_only_when_asked(void **state)
{
    (void)state;

    as_text("office list", two_offices, (struct rh_render_options){.lang = RH_DE, .color = true});

    assert_memory_equal(text.data, "\x1b[1mJugendamt", strlen("\x1b[1mJugendamt"));
    assert_non_null(strstr(text.data, "Bemerkung\x1b[0m\nKöln"));
    as_text("office list", two_offices, GERMAN);
    assert_null(strchr(text.data, '\x1b'));
}

/* What users saw: a note pasted from a web page coloured the rest of their terminal. */
static void control_characters_do_not_reach_the_terminal(void **state)
{
    static const char json[] =
        "{\"items\":[{\"office\":\"A\\u001b[31mB\",\"note\":\"x\\ny\\tz\\u009bK\"}],\"messages\":["
        "\"rot \\u001b[31m\\nzwei\"]}";
    (void)state;

    as_text("office list", json, GERMAN);

    assert_null(strchr(text.data, '\x1b'));
    assert_null(strstr(text.data, "\xC2\x9B"));
    assert_non_null(strstr(text.data, "rot  [31m\nzwei\n"));
    assert_non_null(strstr(text.data, "A [31mB"));
    assert_non_null(strstr(text.data, "x y z K"));
}

static void messages_speak_instead_of_the_fields(void **state)
{
    (void)state;

    assert_string_equal(
        as_text("office plain", "{\"new\":3,\"messages\":[\"drei neu\",\"fertig\"]}", GERMAN),
        "drei neu\nfertig\n");
}

static void fields_without_words_stand_under_their_names_and_null_is_left_out(void **state)
{
    (void)state;

    assert_string_equal(as_text("office plain",
                                "{\"new\":3,\"gap\":0.25,\"done\":true,\"why\":null,\"more\":{}}",
                                GERMAN),
                        "new: 3\ngap: 0,25\ndone: ja\n");
}

static void fields_and_lists_have_their_declared_words(void **state)
{
    static const char json[] =
        "{\"name\":\"Lemgo\",\"open\":1,\"secret\":\"x\",\"procedures\":[{\"id\":\"lemgo-2024-01\","
        "\"start_month\":\"2024-01\",\"done\":1}]}";
    (void)state;

    assert_string_equal(as_text("office show", json, GERMAN), "Name: Lemgo\noffen: ja\n\n"
                                                              "Verfahren:\n"
                                                              "Beginn   fertig\n"
                                                              "2024-01  ja\n");
}

static void a_list_without_words_shows_what_its_first_row_has(void **state)
{
    (void)state;

    assert_string_equal(
        as_text("office plain",
                "{\"rules\":[{\"rule\":\"wish\",\"value\":7,\"deep\":[1]},{\"rule\":\"year\"}]}",
                GERMAN),
        "rules:\nrule  value\nwish      7\nyear\n");
}

static void an_empty_answer_says_so(void **state)
{
    (void)state;

    assert_string_equal(as_text("office list", "{\"items\":[]}", GERMAN), "keine Einträge\n");
    assert_string_equal(as_text("office list", "{\"items\":[]}", ENGLISH), "no entries\n");
    assert_string_equal(as_text("office list", "{\"items\":[],\"messages\":[\"nichts\"]}", GERMAN),
                        "nichts\n");
}

static void an_answer_that_is_no_json_is_an_error_with_the_operation(void **state)
{
    (void)state;

    assert_int_equal(rh_render_text(op("office list"), "{", 1, &GERMAN, &text, &err), RH_EINVALID);
    assert_non_null(strstr(err.text[RH_EN], "office list"));
}

/* ---- CSV ---- */

static void csv_has_all_columns_by_name_and_rfc_4180_lines(void **state)
{
    (void)state;

    assert_string_equal(as_csv("office list", two_offices, false),
                        "office,places,share,open,source,note\r\n"
                        "Köln,5,0.5,1,s,Dom\r\n"
                        "Mülheim,120,12,0,,\r\n");
}

static void excel_gets_semicolons_a_mark_and_decimal_commas(void **state)
{
    (void)state;

    assert_string_equal(as_csv("office list", two_offices, true),
                        "\xEF\xBB\xBFoffice;places;share;open;source;note\r\n"
                        "Köln;5;0,5;1;s;Dom\r\n"
                        "Mülheim;120;12;0;;\r\n");
}

static void csv_quotes_and_disarms_formulas(void **state)
{
    static const char json[] = "{\"items\":[{\"office\":\"=cmd()\",\"places\":-1,\"note\":\"a, "
                               "\\\"b\\\"\\nc\"}]}";
    (void)state;

    as_csv("office list", json, false);

    assert_non_null(strstr(text.data, "\r\n'=cmd(),-1,,,,\"a, \"\"b\"\"\nc\"\r\n"));
}

static void no_rows_are_a_heading_only(void **state)
{
    (void)state;

    assert_string_equal(as_csv("office list", "{\"items\":[]}", false),
                        "office,places,share,open,source,note\r\n");
}

static void an_operation_without_a_table_refuses_csv_and_names_json(void **state)
{
    (void)state;

    assert_int_equal(rh_render_csv(op("office plain"), "{\"items\":[]}", 12, false, &text, &err),
                     RH_EUSAGE);
    assert_non_null(strstr(err.text[RH_DE], "--json"));
    rh_err_clear(&err);
    assert_int_equal(rh_render_csv(op("office show"), "{\"name\":\"x\"}", 12, false, &text, &err),
                     RH_EUSAGE);
}

/* ---- limits ---- */

static void a_full_string_is_an_error_and_no_half_answer(void **state)
{
    struct rh_str small;
    (void)state;

    rh_str_init(&small, 40);
    assert_int_equal(
        rh_render_text(op("office list"), two_offices, strlen(two_offices), &GERMAN, &small, &err),
        RH_ETOOLARGE);
    rh_str_fini(&small);
}

static void every_missing_memory_is_reported(void **state)
{
    bool struck = true;
    (void)state;

    for (long n = 1; struck; n++) {
        int32_t rc;

        rh_str_fini(&text);
        rh_str_init(&text, 1024 * 1024);
        rh_err_clear(&err);
        rh_alloc_fail_after(n, 1000000);
        rc = rh_render_text(op("office list"), two_offices, strlen(two_offices), &GERMAN, &text,
                            &err);
        struck = rh_alloc_fault_struck();
        rh_alloc_fail_after(0, 0);
        assert_int_equal(rc < 0, struck);
        assert_true(n < 10000);
    }
}

/* Planners read "Entwurf", spreadsheets and programs get "draft". */
static void people_read_words_and_programs_read_codes(void **state)
{
    static const char json[] =
        "{\"state\":\"draft\",\"items\":[{\"state\":\"draft\",\"size_class\":"
        "\"city-0\",\"size_class_words\":\"kleine Städte\"},{\"state\":"
        "\"strange\",\"size_class\":\"city-1\"}]}";
    struct rh_str csv = RH_STR_INIT(4096);
    int32_t rc;
    (void)state;

    rc = rh_render_csv(op("plan list"), json, strlen(json), false, &csv, &err);

    assert_int_equal(rc, 0);
    assert_string_equal(as_text("plan list", json, GERMAN),
                        "Stand: Entwurf\n\nStand    Klasse\nEntwurf  kleine Städte\nstrange  "
                        "city-1\n");
    assert_non_null(strstr(as_text("plan list", json, ENGLISH), "draft plan  kleine"));
    assert_string_equal(csv.data, "state,size_class\r\ndraft,city-0\r\nstrange,city-1\r\n");
    rh_str_fini(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(columns_stand_under_each_other_whatever_the_umlauts),
        TEST(english_has_its_titles_and_its_decimal_point),
        TEST(a_narrow_terminal_shortens_the_widest_text_and_no_number),
        TEST(what_cannot_be_squeezed_stays_readable),
        TEST(a_column_that_no_row_fills_is_left_out),
        TEST(no_line_ends_in_spaces),
        TEST(only_the_heading_is_bold_and_only_when_asked),
        TEST(control_characters_do_not_reach_the_terminal),
        TEST(messages_speak_instead_of_the_fields),
        TEST(fields_without_words_stand_under_their_names_and_null_is_left_out),
        TEST(fields_and_lists_have_their_declared_words),
        TEST(a_list_without_words_shows_what_its_first_row_has),
        TEST(an_empty_answer_says_so),
        TEST(an_answer_that_is_no_json_is_an_error_with_the_operation),
        TEST(csv_has_all_columns_by_name_and_rfc_4180_lines),
        TEST(excel_gets_semicolons_a_mark_and_decimal_commas),
        TEST(csv_quotes_and_disarms_formulas),
        TEST(no_rows_are_a_heading_only),
        TEST(an_operation_without_a_table_refuses_csv_and_names_json),
        TEST(a_full_string_is_an_error_and_no_half_answer),
        TEST(people_read_words_and_programs_read_codes),
        TEST(every_missing_memory_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
