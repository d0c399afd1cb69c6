/* config.h: a file is read first and understood later; faults name file, line and remedy. */
#include "core/base/alloc.h"
#include "core/config/example.h"
#include "core/config/server_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const struct rh_config_key keys[] = {
    {"region", RH_TYPE_CHOICE, 0, "LVR", "LVR|LWL", 0, 0, {"Landesteil", "region"}},
    {"capacity", RH_TYPE_INT, 0, "4", NULL, 1, 20, {"Starts je Monat", "starts a month"}},
    {"weight", RH_TYPE_REAL, 0, "0.5", NULL, 0, 10, {"Gewicht", "weight"}},
    {"strict", RH_TYPE_FLAG, 0, "ja", NULL, 0, 0, {"streng", "strict"}},
    {"grace", RH_TYPE_DURATION, 0, "2h", NULL, 60, 86400, {"Frist", "grace"}},
    {"closed", RH_TYPE_LIST, 0, "2028-12\n2029-12", NULL, 0, 3, {"zu", "closed"}},
    {"note", RH_TYPE_TEXT, 0, NULL, NULL, 0, 12, {"Notiz", "note"}},
    {"token", RH_TYPE_TEXT, RH_CONFIG_SECRET, NULL, NULL, 0, 0, {"Kennwort", "password"}},
};
#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

static const struct rh_config_key required[] = {
    {"smtp", RH_TYPE_TEXT, RH_CONFIG_REQUIRED, NULL, NULL, 0, 0, {"Server", "server"}},
};

static int32_t parse(const char *text, struct rh_config **ret, struct rh_err *err)
{
    return rh_config_parse("config/reihum.conf", text, strlen(text), ret, err);
}

/* The sentence of the first fault, in grammar, section turnus, or unasked sections. */
static void assert_fault(const char *text, const char *de, const char *en)
{
    struct rh_config *config = NULL;
    struct rh_config_values values = {0};
    struct rh_err err = {0};

    if (parse(text, &config, &err) == 0) {
        (void)rh_config_values(config, RH_CONFIG_PLUGIN, "turnus", keys, KEY_COUNT, &values, &err);
        rh_config_excuse(config, RH_CONFIG_MODULE, "office");
        (void)rh_config_finish(config, &err);
    }
    rh_config_values_fini(&values);
    rh_config_free(config);

    assert_int_not_equal(err.code, 0);
    assert_string_equal(err.text[RH_DE], de);
    assert_string_equal(err.text[RH_EN], en);
}

static void assert_value(const char *line, const char *name, const char *expected)
{
    struct rh_config *config = NULL;
    struct rh_config_values values;
    struct rh_err err = {0};
    char text[512];

    snprintf(text, sizeof(text), "plugin turnus {\n%s\n}\n", line);
    assert_int_equal(parse(text, &config, &err), 0);
    if (rh_config_values(config, RH_CONFIG_PLUGIN, "turnus", keys, KEY_COUNT, &values, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
    if (expected)
        assert_string_equal(rh_config_value(&values, keys, name), expected);
    else
        assert_null(rh_config_value(&values, keys, name));
    rh_config_values_fini(&values);
    rh_config_free(config);
}

static void values_have_one_form_however_they_were_written(void **state)
{
    (void)state;
    assert_value("region = LWL", "region", "LWL");
    assert_value("region=\"LWL\"", "region", "LWL");
    assert_value("capacity = +07", "capacity", "7");
    assert_value("weight = 2.50", "weight", "2.5");
    assert_value("strict = nein", "strict", "0");
    assert_value("strict = on", "strict", "1");
    assert_value("grace = 90m", "grace", "5400");
    assert_value("grace = 1d", "grace", "86400");
    assert_value("closed = { 2027-01, \"2027-02\", }", "closed", "2027-01\n2027-02");
    assert_value("closed = 2027-01", "closed", "2027-01");
    assert_value("closed = {}", "closed", "");
    assert_value("note = \"a \\\"b\\\" \\\\ # }\"   # Kommentar", "note", "a \"b\" \\ # }");
    assert_value("note = Übergang", "note", "Übergang");
}

static void what_is_not_written_has_its_default(void **state)
{
    (void)state;
    assert_value("", "region", "LVR");
    assert_value("", "capacity", "4");
    assert_value("", "strict", "1");
    assert_value("", "grace", "7200");
    assert_value("", "closed", "2028-12\n2029-12");
    assert_value("", "note", NULL);
}

static void a_wrong_key_or_value_names_file_line_and_remedy(void **state)
{
    (void)state;
    assert_fault("\n# x\nplugin turnus {\n  regoin = LVR\n}\n",
                 "config/reihum.conf:4: unbekannter Schlüssel 'regoin' (meinten Sie 'region'?)",
                 "config/reihum.conf:4: unknown key 'regoin' (did you mean 'region'?)");
    assert_fault("plugin turnus { xyzzyxyzzy = 1 }",
                 "config/reihum.conf:1: unbekannter Schlüssel 'xyzzyxyzzy' in Abschnitt 'turnus'",
                 "config/reihum.conf:1: unknown key 'xyzzyxyzzy' in section 'turnus'");
    assert_fault("plugin turnus {\ncapacity = viel\n}",
                 "config/reihum.conf:2: Schlüssel 'capacity': 'viel' ist keine ganze Zahl",
                 "config/reihum.conf:2: key 'capacity': 'viel' is not a whole number");
    assert_fault("plugin turnus {\ncapacity = 21\n}",
                 "config/reihum.conf:2: Schlüssel 'capacity': 21 liegt nicht zwischen 1 und 20",
                 "config/reihum.conf:2: key 'capacity': 21 is not between 1 and 20");
    assert_fault("plugin turnus {\nregion = LWR\n}",
                 "config/reihum.conf:2: Schlüssel 'region': 'LWR' gibt es nicht (meinten Sie "
                 "'LVR'?)",
                 "config/reihum.conf:2: key 'region': there is no 'LWR' (did you mean 'LVR'?)");
    assert_fault("plugin turnus {\nstrict = vielleicht\n}",
                 "config/reihum.conf:2: Schlüssel 'strict': 'vielleicht' ist weder ja noch nein",
                 "config/reihum.conf:2: key 'strict': 'vielleicht' is neither yes nor no");
    assert_fault("plugin turnus {\ngrace = 3w\n}",
                 "config/reihum.conf:2: Schlüssel 'grace': 3w liegt nicht zwischen 1m und 1d",
                 "config/reihum.conf:2: key 'grace': 3w is not between 1m and 1d");
    assert_fault("plugin turnus {\ngrace = 5\n}",
                 "config/reihum.conf:2: Schlüssel 'grace': '5' ist keine Dauer (etwa 90s, 5m, 2h, "
                 "7d oder 4w)",
                 "config/reihum.conf:2: key 'grace': '5' is not a duration (like 90s, 5m, 2h, 7d "
                 "or 4w)");
    assert_fault("plugin turnus {\nclosed = {a,b,c,d}\n}",
                 "config/reihum.conf:2: Schlüssel 'closed': die Liste hat 4 Einträge, erlaubt sind "
                 "0 bis 3",
                 "config/reihum.conf:2: key 'closed': the list has 4 elements, allowed are 0 to 3");
    assert_fault("plugin turnus {\ncapacity = {1, 2}\n}",
                 "config/reihum.conf:2: Schlüssel 'capacity': hier gehört ein einzelner Wert hin, "
                 "keine Liste",
                 "config/reihum.conf:2: key 'capacity': a single value belongs here, not a list");
    assert_fault("plugin turnus {\nnote = \"dreizehn.....\"\n}",
                 "config/reihum.conf:2: Schlüssel 'note': 'dreizehn.....' hat 13 Zeichen, erlaubt "
                 "sind 0 bis 12",
                 "config/reihum.conf:2: key 'note': 'dreizehn.....' has 13 characters, allowed are "
                 "0 to 12");
    assert_fault("plugin turnus {\nenabled = 7\n}",
                 "config/reihum.conf:2: Schlüssel 'enabled': hier steht ja oder nein",
                 "config/reihum.conf:2: key 'enabled': this is yes or no");
}

static void a_fault_of_grammar_names_what_should_have_come(void **state)
{
    (void)state;
    assert_fault("plugin turnus {\nnote = zwei Worte\n}",
                 "config/reihum.conf:3: nach einem Schlüssel kommt '=' (Werte mit Leerzeichen "
                 "stehen in \"…\"); hier steht '}'",
                 "config/reihum.conf:3: a key is followed by '=' (values with spaces stand in "
                 "\"…\"), but here is '}'");
    assert_fault("plugin turnus {\nweight = 2,5\n}",
                 "config/reihum.conf:2: Listen stehen in { … }, und Zahlen haben einen "
                 "Dezimalpunkt; hier steht ','",
                 "config/reihum.conf:2: lists stand in { … }, and numbers have a decimal point, "
                 "but here is ','");
    assert_fault("language = de\n",
                 "config/reihum.conf:1: Schlüssel stehen in einem Abschnitt, etwa: server { "
                 "language = de }; hier steht '='",
                 "config/reihum.conf:1: keys stand in a section, like: server { language = de }, "
                 "but here is '='");
    assert_fault("plugin turnus {\nnote = \"offen\n}",
                 "config/reihum.conf:2: dem Text in Anführungszeichen fehlt das Ende (\") in "
                 "dieser Zeile",
                 "config/reihum.conf:2: the quoted text does not end (\") in this line");
    assert_fault("plugin turnus {\nnote = \"C:\\temp\"\n}",
                 "config/reihum.conf:2: nach \\ steht in Anführungszeichen nur \" oder \\; ein "
                 "einzelnes \\ schreibt man \\\\",
                 "config/reihum.conf:2: in quotes, only \" or \\ follow a \\; write \\\\ for a "
                 "single \\");
    assert_fault("plugin turnus {\n",
                 "config/reihum.conf:2: dem Abschnitt 'turnus' aus Zeile 1 fehlt ein Schlüssel "
                 "oder '}'; die Datei endet hier",
                 "config/reihum.conf:2: section 'turnus' of line 1 lacks a key or '}', but the "
                 "file ends here");
    assert_fault("plugin {\n}",
                 "config/reihum.conf:1: nach 'plugin' kommt der Name des Plugins; hier steht '{'",
                 "config/reihum.conf:1: 'plugin' is followed by the name of the plugin, but here "
                 "is '{'");
    assert_fault("plugin turnus {\nregion = LVR\nregion = LWL\n}",
                 "config/reihum.conf:3: der Schlüssel 'region' steht schon in Zeile 2; einer von "
                 "beiden muss weg",
                 "config/reihum.conf:3: key 'region' is already in line 2; one of the two must go");
    assert_fault("plugin turnus { }\n\nplugin turnus { }\n",
                 "config/reihum.conf:3: den Abschnitt 'turnus' gibt es schon in Zeile 1; einer von "
                 "beiden muss weg",
                 "config/reihum.conf:3: section 'turnus' is already in line 1; one of the two must "
                 "go");
    assert_fault("plugin turnus {\n note = \"K\xF6ln\"\n}",
                 "config/reihum.conf:2: hier steht ein Zeichen, das nicht UTF-8 ist; die Datei "
                 "bitte als UTF-8 speichern",
                 "config/reihum.conf:2: a character here is not UTF-8; please save the file as "
                 "UTF-8");
}

static void a_section_nobody_asked_for_is_told_the_nearest(void **state)
{
    (void)state;
    assert_fault("plugin turnsu {\n}",
                 "config/reihum.conf:1: es gibt kein Plugin 'turnsu' (meinten Sie 'turnus'?)",
                 "config/reihum.conf:1: there is no plugin 'turnsu' (did you mean 'turnus'?)");
    assert_fault("\nofice {\n}",
                 "config/reihum.conf:2: unbekannter Abschnitt 'ofice' (meinten Sie 'office'?)",
                 "config/reihum.conf:2: unknown section 'ofice' (did you mean 'office'?)");
    assert_fault("turnus {\n}",
                 "config/reihum.conf:1: unbekannter Abschnitt 'turnus' (Plugins stehen als: plugin "
                 "turnus { … })",
                 "config/reihum.conf:1: unknown section 'turnus' (plugins are written: plugin "
                 "turnus { … })");
}

static void all_faults_are_kept_so_that_one_go_mends_them(void **state)
{
    struct rh_config *config = NULL;
    struct rh_config_values values;
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(parse("plugin turnus {\ncapacity = x\nregoin = LVR\nstrict = 7\n}\nfoo { }\n",
                           &config, NULL),
                     0);
    assert_int_equal(
        rh_config_values(config, RH_CONFIG_PLUGIN, "turnus", keys, KEY_COUNT, &values, &err),
        RH_EINVALID);
    assert_int_equal(rh_config_finish(config, NULL), RH_EINVALID);

    assert_int_equal(rh_config_fault_count(config), 4);
    assert_int_equal(rh_config_fault_line(config, 2), 4);
    assert_non_null(strstr(rh_config_fault_text(config, 3, RH_DE), "foo"));
    assert_non_null(strstr(err.text[RH_EN], "'x' is not a whole number"));
    rh_config_free(config);
}

static void a_required_key_is_missed_where_its_section_stands(void **state)
{
    struct rh_config *config = NULL;
    struct rh_config_values values;
    struct rh_err err = {0}, none = {0};
    (void)state;

    assert_int_equal(parse("\nmail {\n}\n", &config, NULL), 0);
    assert_int_equal(rh_config_values(config, RH_CONFIG_MODULE, "mail", required, 1, &values, &err),
                     RH_EINVALID);
    assert_int_equal(rh_config_values(NULL, RH_CONFIG_MODULE, "mail", required, 1, &values, &none),
                     RH_EINVALID);

    assert_string_equal(err.text[RH_DE],
                        "config/reihum.conf:2: im Abschnitt 'mail' fehlt der Schlüssel 'smtp'");
    assert_string_equal(none.text[RH_EN],
                        "section 'mail' with the key 'smtp' is missing in the configuration");
    rh_config_free(config);
}

static void a_plugin_can_be_turned_off_and_a_refused_one_is_left_unjudged(void **state)
{
    struct rh_config *config = NULL;
    (void)state;

    assert_int_equal(
        parse("plugin a { enabled = nein }\nplugin b { what = ever }\n", &config, NULL), 0);
    rh_config_excuse(config, RH_CONFIG_PLUGIN, "a");
    rh_config_excuse(config, RH_CONFIG_PLUGIN, "b");

    assert_true(rh_config_disabled(config, "a"));
    assert_false(rh_config_disabled(config, "b"));
    assert_false(rh_config_disabled(config, "c"));
    assert_int_equal(rh_config_finish(config, NULL), 0);
    rh_config_free(config);
}

static void a_secret_in_a_file_for_everybody_is_refused(void **state)
{
    char path[] = "/tmp/reihum-config-XXXXXX";
    static const char text[] = "plugin turnus { token = geheim }\n";
    struct rh_config *config = NULL;
    struct rh_config_values values;
    struct rh_err err = {0};
    int fd = mkstemp(path);
    (void)state;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
    assert_int_equal(fchmod(fd, 0640), 0);
    assert_int_equal(rh_config_read(path, &config, NULL), 0);
    assert_int_equal(
        rh_config_values(config, RH_CONFIG_PLUGIN, "turnus", keys, KEY_COUNT, &values, NULL), 0);
    rh_config_values_fini(&values);
    config = rh_config_free(config);

    assert_int_equal(fchmod(fd, 0644), 0);
    assert_int_equal(rh_config_read(path, &config, NULL), 0);
    assert_int_equal(
        rh_config_values(config, RH_CONFIG_PLUGIN, "turnus", keys, KEY_COUNT, &values, &err),
        RH_EINVALID);
    assert_non_null(strstr(err.text[RH_DE], "ist geheim, aber die Datei ist für alle lesbar"));

    rh_config_free(config);
    close(fd);
    unlink(path);
}

static void a_file_that_is_not_there_says_so(void **state)
{
    struct rh_config *config = NULL;
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(rh_config_read("/nowhere/reihum.conf", &config, &err), RH_ENOTFOUND);
    assert_string_equal(err.text[RH_DE],
                        "/nowhere/reihum.conf: diese Konfigurationsdatei gibt es nicht");
    assert_null(config);
}

static void a_table_is_checked_before_it_is_used(void **state)
{
    static const struct {
        struct rh_config_key key;
        const char *en;
    } cases[] = {
        {{"Region", RH_TYPE_TEXT, 0, NULL, NULL, 0, 0, {"a", "b"}}, "will not do as a name"},
        {{NULL, RH_TYPE_TEXT, 0, NULL, NULL, 0, 0, {"a", "b"}}, "will not do as a name"},
        {{"enabled", RH_TYPE_FLAG, 0, NULL, NULL, 0, 0, {"a", "b"}}, "will not do as a name"},
        {{"a", RH_TYPE_FILE, 0, NULL, NULL, 0, 0, {"a", "b"}}, "no type 8"},
        {{"a", RH_TYPE_INT, 0, "viel", NULL, 0, 0, {"a", "b"}}, "default: 'viel' is not"},
        {{"a", RH_TYPE_INT, 0, "5", NULL, 6, 9, {"a", "b"}}, "default: 5 is not between"},
        {{"a", RH_TYPE_INT, 0, "5", NULL, 9, 6, {"a", "b"}}, "is above the greatest"},
        {{"a", RH_TYPE_CHOICE, 0, NULL, NULL, 0, 0, {"a", "b"}}, "`choices` belongs"},
        {{"a", RH_TYPE_TEXT, 0, NULL, "x|y", 0, 0, {"a", "b"}}, "`choices` belongs"},
        {{"a", RH_TYPE_TEXT, 1, "x", NULL, 0, 0, {"a", "b"}}, "required key has no default"},
        {{"a", RH_TYPE_TEXT, 4, NULL, NULL, 0, 0, {"a", "b"}}, "unknown properties"},
        {{"a", RH_TYPE_TEXT, 0, "x\ny", NULL, 0, 0, {"a", "b"}}, "has a line break"},
        {{"a", RH_TYPE_TEXT, 0, NULL, NULL, 0, 0, {"a", NULL}}, "the help is missing"},
    };
    const struct rh_config_key twice[] = {keys[0], keys[1], keys[0]};
    struct rh_err err = {0};
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rh_err_clear(&err);
        assert_int_equal(rh_config_check_keys(&cases[i].key, 1, &err), RH_EINVALID);
        if (!strstr(err.text[RH_EN], cases[i].en))
            fail_msg("case %zu: %s", i, err.text[RH_EN]);
    }
    rh_err_clear(&err);
    assert_int_equal(rh_config_check_keys(twice, 3, &err), RH_EINVALID);
    assert_non_null(strstr(err.text[RH_EN], "twice"));
    assert_int_equal(rh_config_check_keys(keys, KEY_COUNT, NULL), 0);
    assert_int_equal(rh_config_check_keys(rh_server_keys, rh_server_key_count, NULL), 0);
}

static const struct rh_config_table tables[] = {
    {RH_CONFIG_MODULE, "mail", {"Post", "mail"}, required, 1},
    {RH_CONFIG_PLUGIN, "turnus", {"Turnusplan", "round plan"}, keys, KEY_COUNT},
};

/* Takes '# ' away where a key or an element of a list follows it, as a person would. */
static void uncomment(char *from, struct rh_str *out)
{
    for (char *line = from, *end; *line; line = end) {
        const char *sign = strstr(line, "# ");

        end = strchr(line, '\n') + 1;
        if (!sign || sign > end ||
            (!strchr("{}", sign[2]) && !memmem(sign, (size_t)(end - sign), " = ", 3) &&
             !memmem(sign, (size_t)(end - sign), ",\n", 2)))
            rh_str_add_n(out, line, (size_t)(end - line));
        else
            rh_str_add_n(out, sign + 2, (size_t)(end - sign - 2));
    }
}

static void the_example_without_its_comment_signs_means_the_defaults(void **state)
{
    rh_auto_str(example, 64 * 1024);
    rh_auto_str(text, 64 * 1024);
    struct rh_config *config = NULL;
    struct rh_config_values values;
    struct rh_err err = {0};
    size_t written = KEY_COUNT - 2; /* note and token have no default to write */
    (void)state;

    rh_config_example(
        &(struct rh_config_table){
            RH_CONFIG_PLUGIN, "turnus", {"Turnusplan", "round plan"}, keys, written},
        1, RH_DE, &example);
    uncomment(example.data, &text);
    assert_int_equal(parse(text.data, &config, &err), 0);
    if (rh_config_values(config, RH_CONFIG_PLUGIN, "turnus", keys, KEY_COUNT, &values, &err) < 0)
        fail_msg("%s\n%s", err.text[RH_EN], text.data);

    assert_string_equal(values.text[0], "LVR");
    assert_string_equal(rh_config_value(&values, keys, "grace"), "7200");
    assert_string_equal(rh_config_value(&values, keys, "closed"), "2028-12\n2029-12");
    for (size_t i = 0; i < written; i++)
        assert_true(values.line[i] > 0);
    rh_config_values_fini(&values);
    rh_config_free(config);
}

static void the_example_as_it_is_changes_nothing(void **state)
{
    rh_auto_str(example, 64 * 1024);
    struct rh_config *config = NULL;
    struct rh_config_values values;
    (void)state;

    for (int lang = RH_DE; lang <= RH_EN; lang++) {
        rh_str_reset(&example);
        rh_config_example(tables, 2, (enum rh_lang)lang, &example);
        assert_int_equal(parse(example.data, &config, NULL), 0);
        assert_int_equal(
            rh_config_values(config, RH_CONFIG_PLUGIN, "turnus", keys, KEY_COUNT, &values, NULL),
            0);
        for (size_t i = 0; i < KEY_COUNT; i++)
            assert_int_equal(values.line[i], 0);
        rh_config_values_fini(&values);
        config = rh_config_free(config);
    }
}

static void a_key_of_the_example_has_help_type_range_and_default(void **state)
{
    rh_auto_str(example, 64 * 1024);
    (void)state;

    rh_config_example(tables, 2, RH_DE, &example);

    assert_non_null(strstr(example.data, "\n# Turnusplan\nplugin turnus {\n"));
    assert_non_null(strstr(example.data, "    # Starts je Monat (ganze Zahl, 1 bis 20)\n"
                                         "    # capacity = 4\n"));
    assert_non_null(strstr(example.data, "    # Landesteil (eines von: LVR, LWL)\n"
                                         "    # region = LVR\n"));
    assert_non_null(strstr(example.data, "    # closed = {\n"
                                         "    #     2028-12,\n"
                                         "    #     2029-12,\n"
                                         "    # }\n"));
    assert_non_null(strstr(example.data, "    # smtp = …    # nötig\n"));
    assert_non_null(strstr(example.data, "    # enabled = ja\n"));
}

/* Every allocation is failed in turn: no crash, no leak, "no memory" each time. */
static void a_reader_with_sections_of_its_own_finds_them_in_order(void **state)
{
    static const char *const words[] = {"step", "chain"};
    static const char text[] = "process { }\nstep a { note = x }\nchain a { }\nplugin { }\n";
    static const struct rh_config_key own_keys[] = {
        {"note", RH_TYPE_TEXT, RH_CONFIG_REQUIRED, NULL, NULL, 0, 0, {"Notiz", "note"}}};
    struct rh_config_values values;
    struct rh_config_place place;
    struct rh_config *config = NULL;
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(rh_config_parse_own("p.conf", text, strlen(text), words, 2, &config, &err), 0);
    assert_true(rh_config_section_at(config, 1, &place));
    assert_int_equal(place.kind, RH_CONFIG_OWN);
    assert_string_equal(place.name, "a");
    assert_int_equal(place.line, 2);
    assert_true(rh_config_section_at(config, 2, &place));
    assert_int_equal((int)place.kind, RH_CONFIG_OWN + 1);
    assert_true(rh_config_section_at(config, 3, &place)); /* no plugins in such a file */
    assert_int_equal(place.kind, RH_CONFIG_MODULE);
    assert_false(rh_config_section_at(config, 4, &place));
    assert_int_equal(rh_config_values(config, RH_CONFIG_OWN, "a", own_keys, 1, &values, &err), 0);
    assert_string_equal(values.text[0], "x");
    rh_config_values_fini(&values);
    assert_int_equal(rh_config_values(config, (enum rh_config_kind)(RH_CONFIG_OWN + 1), "a",
                                      own_keys, 1, &values, &err),
                     RH_EINVALID);
    assert_string_equal(err.text[RH_EN], "p.conf:3: section 'chain a' lacks the key 'note'");

    rh_config_free(config);
}

static void without_memory_it_says_so(void **state)
{
    static const char text[] = "plugin turnus {\nclosed = { a, b }\nnote = \"x\"\nregion = LWL\n}\n"
                               "office { }\n";
    long n;
    (void)state;

    for (n = 1; n < 1000; n++) {
        struct rh_config *config = NULL;
        struct rh_config_values values = {0};
        struct rh_err err = {0};
        int32_t rc;

        rh_alloc_fail_after(n, 1000);
        rc = parse(text, &config, &err);
        if (rc == 0)
            rc = rh_config_values(config, RH_CONFIG_PLUGIN, "turnus", keys, KEY_COUNT, &values,
                                  &err);
        rh_alloc_fail_after(0, 0);
        rh_config_values_fini(&values);
        rh_config_free(config);

        if (rc == 0)
            break;
        assert_true(rc == RH_ENOMEM || rc == RH_ETOOLARGE); /* an rh_str knows no difference */
        assert_int_equal(err.code, rc);
    }
    assert_in_range(n, 5, 999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_one_form_however_they_were_written),
        cmocka_unit_test(what_is_not_written_has_its_default),
        cmocka_unit_test(a_wrong_key_or_value_names_file_line_and_remedy),
        cmocka_unit_test(a_fault_of_grammar_names_what_should_have_come),
        cmocka_unit_test(a_section_nobody_asked_for_is_told_the_nearest),
        cmocka_unit_test(all_faults_are_kept_so_that_one_go_mends_them),
        cmocka_unit_test(a_required_key_is_missed_where_its_section_stands),
        cmocka_unit_test(a_plugin_can_be_turned_off_and_a_refused_one_is_left_unjudged),
        cmocka_unit_test(a_secret_in_a_file_for_everybody_is_refused),
        cmocka_unit_test(a_file_that_is_not_there_says_so),
        cmocka_unit_test(a_table_is_checked_before_it_is_used),
        cmocka_unit_test(the_example_without_its_comment_signs_means_the_defaults),
        cmocka_unit_test(the_example_as_it_is_changes_nothing),
        cmocka_unit_test(a_key_of_the_example_has_help_type_range_and_default),
        cmocka_unit_test(a_reader_with_sections_of_its_own_finds_them_in_order),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
