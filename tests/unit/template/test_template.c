/* template.h: what templates mean. The cases follow the ideas of the mustache specification, in our
 * words. */
#include "core/base/alloc.h"
#include "core/template/template.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static json_t *document(const char *text)
{
    json_t *json = NULL;
    struct rh_err err = {0};

    if (rh_json_parse(text, strlen(text), 65536, &json, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
    return json;
}

/* Compiles "main" with two partials and renders it. */
static int32_t render(const char *text, const char *part, const char *other,
                      enum rh_template_mode mode, const char *data, enum rh_lang lang, bool strict,
                      struct rh_str *out, struct rh_err *err)
{
    const struct rh_template_source sources[] = {
        {"main", text, strlen(text), mode},
        {"part", part, strlen(part), mode},
        {"other", other, strlen(other), mode},
    };
    struct rh_templates *set = NULL;
    rh_auto_json(json);
    int32_t rc = rh_templates_new(sources, 3, NULL, &set, err);

    json = document(data);
    if (rc == 0)
        rc = rh_template_render(rh_template_find(set, "main"), json, lang, strict, out, err);
    rh_templates_free(set);
    return rc;
}

struct example {
    const char *text, *data, *result;
};

static void assert_examples(const struct example *examples, size_t count,
                            enum rh_template_mode mode)
{
    for (size_t i = 0; i < count; i++) {
        rh_auto_str(out, 10000);
        struct rh_err err = {0};

        if (render(examples[i].text, "[{{x}}]\n", "({{>part}})\n", mode, examples[i].data, RH_DE,
                   false, &out, &err) < 0)
            fail_msg("%s: %s", examples[i].text, err.text[RH_EN]);

        assert_string_equal(out.data, examples[i].result);
    }
}

static void values_are_escaped_everywhere_in_html(void **state)
{
    static const struct example examples[] = {
        {"{{x}}", "{\"x\":\"<a href=\\\"'&\"}", "&lt;a href=&quot;&#39;&amp;"},
        {"<a title=\"{{x}}\">", "{\"x\":\"\\\"><b>\"}", "<a title=\"&quot;&gt;&lt;b&gt;\">"},
        {"{{x}}", "{\"x\":\"Köln\"}", "Köln"},
        {"{{ x }}{{\tx\n}}", "{\"x\":1}", "11"},
        {"{{x}}|{{y}}|{{z}}|{{n}}", "{\"x\":-7,\"y\":0.5,\"z\":true,\"n\":null}", "-7|0.5|true|"},
        {"{{unknown}}", "{}", ""},
    };
    (void)state;

    assert_examples(examples, COUNT(examples), RH_TEMPLATE_HTML);
}

static void mail_is_not_escaped(void **state)
{
    static const struct example examples[] = {
        {"{{x}} {{:A & B|C}}", "{\"x\":\"<'&>\"}", "<'&> A & B"},
    };
    (void)state;

    assert_examples(examples, COUNT(examples), RH_TEMPLATE_TEXT);
}

static void names_are_found_from_the_inside_out(void **state)
{
    static const struct example examples[] = {
        {"{{a.b.c}}", "{\"a\":{\"b\":{\"c\":1}}}", "1"},
        {"{{a.b.c}}", "{\"a\":{\"b\":2}}", ""},
        {"{{#a}}{{b}}{{x}}{{/a}}", "{\"a\":{\"b\":1},\"x\":2,\"b\":3}", "12"},
        /* The first part is bound where it is found; the rest does not go back outwards. */
        {"{{#a}}{{b.c}}{{/a}}", "{\"a\":{\"b\":{}},\"b\":{\"c\":1}}", ""},
        {"{{#a.b}}{{c}}{{/a.b}}", "{\"a\":{\"b\":{\"c\":1}}}", "1"},
        {"{{#a}}{{#b}}{{x}}{{/b}}{{/a}}", "{\"a\":{\"x\":1,\"b\":[{},{\"x\":2}]}}", "12"},
    };
    (void)state;

    assert_examples(examples, COUNT(examples), RH_TEMPLATE_HTML);
}

static void sections_follow_their_value(void **state)
{
    static const struct example examples[] = {
        {"{{#x}}a{{/x}}{{^x}}b{{/x}}", "{\"x\":true}", "a"},
        {"{{#x}}a{{/x}}{{^x}}b{{/x}}", "{\"x\":\"t\"}", "a"},
        {"{{#x}}a{{/x}}{{^x}}b{{/x}}", "{\"x\":{}}", "a"},
        {"{{#x}}a{{/x}}{{^x}}b{{/x}}", "{\"x\":0.5}", "a"},
        {"{{#x}}a{{/x}}{{^x}}b{{/x}}", "{}", "b"},
        {"{{#x}}a{{/x}}{{^x}}b{{/x}}", "{\"x\":null}", "b"},
        {"{{#x}}a{{/x}}{{^x}}b{{/x}}", "{\"x\":false}", "b"},
        {"{{#x}}a{{/x}}{{^x}}b{{/x}}", "{\"x\":0}", "b"},
        {"{{#x}}a{{/x}}{{^x}}b{{/x}}", "{\"x\":\"\"}", "b"},
        {"{{#x}}a{{/x}}{{^x}}b{{/x}}", "{\"x\":[]}", "b"},
        {"{{#x}}<{{.}}>{{/x}}", "{\"x\":[1,\"b\",2.5]}", "<1><b><2.5>"},
        {"{{#x}}{{#.}}{{.}}{{/.}};{{/x}}", "{\"x\":[[1,2],[3]]}", "12;3;"},
        {"{{#x}}{{.}}!{{/x}}", "{\"x\":\"t\"}", "t!"},
        {"{{#x}}{{y}}{{/x}}", "{\"x\":true,\"y\":1}", "1"},
        {"{{#x}}{{#x}}a{{/x}}{{/x}}", "{\"x\":[1,2]}", "aaaa"},
        {"{{# x }}a{{/ x}}", "{\"x\":1}", "a"},
    };
    (void)state;

    assert_examples(examples, COUNT(examples), RH_TEMPLATE_TEXT);
}

static void loops_know_where_they_are(void **state)
{
    static const struct example examples[] = {
        {"{{#x}}{{.}}{{^@last}}, {{/@last}}{{/x}}", "{\"x\":[\"a\",\"b\",\"c\"]}", "a, b, c"},
        {"{{#x}}{{#@first}}<{{/@first}}{{@index}}{{@number}}{{/x}}", "{\"x\":[5,5]}", "<0112"},
        {"{{#x}}{{#y}}{{@number}}{{/y}}{{@number}};{{/x}}", "{\"x\":[{\"y\":[0,0]},{\"y\":0}]}",
         "121;2;"},
        {"{{#x}}{{#o}}{{@number}}{{/o}}{{/x}}", "{\"x\":[0,0],\"o\":{}}", "12"},
        {"{{#@first}}a{{/@first}}{{^@last}}b{{/@last}}", "{}", "b"},
    };
    (void)state;

    assert_examples(examples, COUNT(examples), RH_TEMPLATE_TEXT);
}

static void tags_alone_in_their_line_take_it_along(void **state)
{
    static const struct example examples[] = {
        {"a\n{{#x}}\nb\n{{/x}}\nc", "{\"x\":1}", "a\nb\nc"},
        {"a\r\n{{#x}}\r\nb\r\n{{/x}}\r\nc", "{\"x\":1}", "a\r\nb\r\nc"},
        {"a\n  {{! note }}  \nb", "{}", "a\nb"},
        {"a\n{{! two\nlines }}\nb", "{}", "a\nb"},
        {"  {{#x}}  \nb\n  {{/x}}", "{\"x\":1}", "b\n"},
        {"a {{! x }} b\n", "{}", "a  b\n"},
        {"{{#x}}{{/x}}\nb", "{\"x\":1}", "\nb"},
        {"a\n  {{x}}\nb", "{\"x\":1}", "a\n  1\nb"},
        {"{{^x}}\na\n{{/x}}\n{{#x}}\nb\n{{/x}}\n", "{}", "a\n"},
        {" {{#x}}a{{/x}} \n", "{\"x\":1}", " a \n"},
        {"{{!}}", "{}", ""},
    };
    (void)state;

    assert_examples(examples, COUNT(examples), RH_TEMPLATE_TEXT);
}

static void partials_see_the_context_and_are_indented(void **state)
{
    static const struct example examples[] = {
        {"{{>part}}", "{\"x\":1}", "[1]\n"},
        {"a {{> part }} b", "{\"x\":1}", "a [1]\n b"},
        {"a\n  {{>part}}\nb", "{\"x\":1}", "a\n  [1]\nb"},
        {"  {{>other}}\nb", "{\"x\":1}", "  ([1]\n)\nb"},
        {"{{#l}}\n{{>part}}\n{{/l}}\n", "{\"l\":[{\"x\":1},{\"x\":2}]}", "[1]\n[2]\n"},
        {"a\n\t{{>part}}", "{\"x\":\"1\\n2\"}", "a\n\t[1\n2]\n"},
    };
    (void)state;

    assert_examples(examples, COUNT(examples), RH_TEMPLATE_TEXT);
}

static void partials_of_partials_add_their_indents(void **state)
{
    rh_auto_str(out, 1000);
    (void)state;

    assert_int_equal(render("a\n {{>part}}\n", "b\n\n {{>other}}\n{{x}}\n", "c\nd",
                            RH_TEMPLATE_TEXT, "{\"x\":1}", RH_DE, true, &out, NULL),
                     0);
    assert_string_equal(out.data, "a\n b\n\n  c\n  d 1\n");
}

static void words_follow_the_language(void **state)
{
    static const char text[] = "{{:Büros & Häuser|offices & houses}} {{:a\\|b|c}} {{@lang}} "
                               "{{#@de}}D{{/@de}}{{#@en}}E{{/@en}}{{^@en}}n{{/@en}}";
    rh_auto_str(de, 1000);
    rh_auto_str(en, 1000);
    (void)state;

    assert_int_equal(render(text, "", "", RH_TEMPLATE_HTML, "{}", RH_DE, true, &de, NULL), 0);
    assert_int_equal(render(text, "", "", RH_TEMPLATE_HTML, "{}", RH_EN, true, &en, NULL), 0);

    assert_string_equal(de.data, "Büros &amp; Häuser a|b de Dn");
    assert_string_equal(en.data, "offices &amp; houses c en E");
}

static void mistakes_in_a_template_are_named_with_their_place(void **state)
{
    static const struct {
        const char *text, *de;
    } cases[] = {
        {"a\n ä{{x", "Vorlage 'main', Zeile 2, Spalte 3: '{{' ohne '}}'"},
        {"{{#a}}\n{{#b}}\n{{/b}}",
         "Vorlage 'main', Zeile 1, Spalte 1: der Abschnitt 'a' wird nicht geschlossen"},
        {"{{#a}}{{/b}}",
         "Vorlage 'main', Zeile 1, Spalte 7: '{{/b}}' schließt 'a' aus Zeile 1 nicht"},
        {"{{/a}}", "Vorlage 'main', Zeile 1, Spalte 1: '{{/a}}' schließt nichts"},
        {"{{{a}}}",
         "Vorlage 'main', Zeile 1, Spalte 1: eine Form ohne Maskierung ('{{{' oder '{{&') "
         "gibt es nicht; bitte {{name}}"},
        {"{{&a}}",
         "Vorlage 'main', Zeile 1, Spalte 1: eine Form ohne Maskierung ('{{{' oder '{{&') "
         "gibt es nicht; bitte {{name}}"},
        {"{{=<% %>=}}",
         "Vorlage 'main', Zeile 1, Spalte 1: andere Begrenzer ('{{=') gibt es nicht"},
        {"{{}}", "Vorlage 'main', Zeile 1, Spalte 1: '' ist kein Name"},
        {"{{a b}}", "Vorlage 'main', Zeile 1, Spalte 1: 'a b' ist kein Name"},
        {"{{a..b}}", "Vorlage 'main', Zeile 1, Spalte 1: 'a..b' ist kein Name"},
        {"{{a.}}", "Vorlage 'main', Zeile 1, Spalte 1: 'a.' ist kein Name"},
        {"{{@frist}}",
         "Vorlage 'main', Zeile 1, Spalte 1: '@frist' gibt es nicht (gemeint: '@first'?)"},
        {"{{@colour}}", "Vorlage 'main', Zeile 1, Spalte 1: '@colour' gibt es nicht"},
        {"{{>prat}}",
         "Vorlage 'main', Zeile 1, Spalte 1: die Vorlage 'prat' gibt es nicht (gemeint: 'part'?)"},
        {"{{>zzzzzzzz}}",
         "Vorlage 'main', Zeile 1, Spalte 1: die Vorlage 'zzzzzzzz' gibt es nicht"},
        {"{{:nur Deutsch}}", "Vorlage 'main', Zeile 1, Spalte 1: erwartet werden beide Sprachen: "
                             "{{:Deutsch|English}} (ein '|' im Text: \\|)"},
        {"{{:a|}}", "Vorlage 'main', Zeile 1, Spalte 1: erwartet werden beide Sprachen: "
                    "{{:Deutsch|English}} (ein '|' im Text: \\|)"},
        {"a\n\xff", "Vorlage 'main', Zeile 2, Spalte 1: kein gültiges UTF-8"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        rh_auto_str(out, 1000);
        struct rh_err err = {0};

        assert_int_equal(
            render(cases[i].text, "", "", RH_TEMPLATE_TEXT, "{}", RH_DE, false, &out, &err),
            RH_EINVALID);
        assert_string_equal(err.text[RH_DE], cases[i].de);
        assert_string_not_equal(err.text[RH_EN], cases[i].de);
    }
}

static void values_stand_only_where_escaping_is_right(void **state)
{
    static const struct {
        const char *text;
        bool fine;
    } cases[] = {
        {"<p class=\"{{x}}\" id='{{x}}'>{{x}}</p>", true},
        {"<p{{#x}} class=\"a\"{{/x}}>", true},
        {"<p class=\"a{{#x}} b{{/x}}\">", true},
        {"<!-- {{x}} -->", true},
        {"1 < 2 {{x}}", true},
        {"<script src=\"/a.js\"></script>{{x}}", true},
        {"<a title=\"a > b\">{{x}}", true},
        {"<styles>{{x}}</styles>", true},
        {"<p class={{x}}>", false},
        {"<p {{x}}>", false},
        {"<{{x}}>", false},
        {"<p {{:a|b}}>", false},
        {"<script>var a = '{{x}}';</script>", false},
        {"<STYLE>a{color:{{x}}}</STYLE>", false},
        {"<p {{#x}}title=\"{{/x}}{{x}}\">", false},
        {"{{#x}}<p {{/x}}>", false},
        {"<p title=\"{{>part}}\">", false},
        {"<p", false},
        {"<script>", false},
        {"<!-- a", false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        rh_auto_str(out, 1000);
        struct rh_err err = {0};
        int32_t rc =
            render(cases[i].text, "", "", RH_TEMPLATE_HTML, "{\"x\":1}", RH_DE, true, &out, &err);

        if (rc != (cases[i].fine ? 0 : RH_EINVALID))
            fail_msg("%s: %s", cases[i].text, err.text[RH_EN]);
    }
}

static void strict_rendering_finds_unknown_names(void **state)
{
    static const struct {
        const char *text, *de; /* NULL: fine */
    } cases[] = {
        {"{{#y}}{{/y}}{{^y}}{{/y}}{{x}}{{n}}", NULL},
        {"a\n{{y}}", "Vorlage 'main', Zeile 2: 'y' ist unbekannt"},
        {"{{x.z}}", "Vorlage 'main', Zeile 1: 'x.z' ist unbekannt"},
        {"{{@index}}", "Vorlage 'main', Zeile 1: '@index' steht in keiner Schleife"},
        {"{{>part}}", "Vorlage 'part', Zeile 2: 'part.y' ist unbekannt"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        rh_auto_str(out, 1000);
        struct rh_err err = {0};
        int32_t rc = render(cases[i].text, "a\n{{part.y}}", "", RH_TEMPLATE_HTML,
                            "{\"x\":1,\"n\":null}", RH_DE, true, &out, &err);

        assert_int_equal(rc, cases[i].de ? RH_EFAILED : 0);
        assert_string_equal(err.text[RH_DE], cases[i].de ? cases[i].de : "");
        if (cases[i].de)
            assert_string_equal(out.data, ""); /* nothing half done */
    }
}

static void lists_and_objects_are_no_values(void **state)
{
    rh_auto_str(out, 1000);
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(
        render("ab{{x}}", "", "", RH_TEMPLATE_HTML, "{\"x\":[1]}", RH_DE, false, &out, &err),
        RH_EFAILED);
    assert_string_equal(err.text[RH_EN], "template 'main', line 1: 'x' is not a simple value");
}

static void templates_that_call_themselves_come_to_an_end(void **state)
{
    static const char *const texts[] = {
        "{{>main}}",
        "{{#x}}{{>main}}{{/x}}",
        ("{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}a"
         "{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}"),
    };
    (void)state;

    for (size_t i = 0; i < COUNT(texts); i++) {
        rh_auto_str(out, 10000000);
        struct rh_err err = {0};

        assert_int_equal(render(texts[i], "", "", RH_TEMPLATE_TEXT,
                                "{\"x\":{},\"l\":[1,2,3,4,5,6,7,8]}", RH_DE, false, &out, &err),
                         RH_EFAILED);
        assert_string_equal(out.data, "");
    }
}

static void a_full_result_is_an_error_not_a_half_page(void **state)
{
    rh_auto_str(out, 12);
    (void)state;

    rh_str_add(&out, "before");
    assert_int_equal(render("1234567", "", "", RH_TEMPLATE_TEXT, "{}", RH_DE, false, &out, NULL),
                     RH_ETOOLARGE);
    assert_string_equal(out.data, "before");
}

static void sets_build_on_one_another(void **state)
{
    static const struct rh_template_source base_sources[] = {
        {"frame", "<{{name}}>", 10, RH_TEMPLATE_TEXT},
        {"html", "<b>", 3, RH_TEMPLATE_HTML},
    };
    static const struct rh_template_source good[] = {{"page", "{{>frame}}!", 11, RH_TEMPLATE_TEXT}};
    static const struct rh_template_source mixed[] = {{"page", "{{>html}}", 9, RH_TEMPLATE_TEXT}};
    static const struct rh_template_source twice[] = {{"a", "", 0, RH_TEMPLATE_TEXT},
                                                      {"a", "", 0, RH_TEMPLATE_TEXT}};
    struct rh_templates *base = NULL, *set = NULL, *none = NULL;
    rh_auto_str(out, 100);
    rh_auto_json(json);
    struct rh_err err = {0};
    (void)state;

    assert_int_equal(rh_templates_new(base_sources, 2, NULL, &base, NULL), 0);
    assert_int_equal(rh_templates_new(good, 1, base, &set, NULL), 0);
    json = document("{\"name\":\"x\"}");
    assert_int_equal(
        rh_template_render(rh_template_find(set, "page"), json, RH_DE, true, &out, NULL), 0);
    assert_string_equal(out.data, "<x>!");
    assert_ptr_equal(rh_template_find(set, "frame"), rh_template_find(base, "frame"));
    assert_null(rh_template_find(set, "nothing"));

    assert_int_equal(rh_templates_new(mixed, 1, base, &none, &err), RH_EINVALID);
    assert_string_equal(err.text[RH_DE],
                        "Vorlage 'page', Zeile 1, Spalte 1: 'html' ist HTML, diese "
                        "Vorlage nicht; nur Gleiches passt ineinander");
    rh_err_clear(&err);
    assert_int_equal(rh_templates_new(twice, 2, NULL, &none, &err), RH_EINVALID);
    assert_string_equal(err.text[RH_EN], "template 'a' stands twice in the list");
    assert_null(none);
    rh_templates_free(set);
    rh_templates_free(base);
}

struct reader {
    pthread_t thread;
    const struct rh_template *page;
    enum rh_lang lang;
    bool right;
};

static void *render_often(void *context)
{
    struct reader *reader = context;
    rh_auto_json(json);

    if (rh_json_parse("{\"l\":[1,2]}", 11, 100, &json, NULL) < 0)
        return NULL;
    reader->right = true;
    for (int i = 0; i < 200; i++) {
        rh_auto_str(out, 1000);

        if (rh_template_render(reader->page, json, reader->lang, true, &out, NULL) < 0 ||
            strcmp(out.data, reader->lang == RH_DE ? "1ja2ja" : "1yes2yes") != 0)
            reader->right = false;
    }
    return NULL;
}

static void threads_render_from_one_set(void **state)
{
    static const struct rh_template_source sources[] = {
        {"page", "{{#l}}{{>row}}{{/l}}", 20, RH_TEMPLATE_HTML},
        {"row", "{{.}}{{:ja|yes}}", 16, RH_TEMPLATE_HTML},
    };
    struct rh_templates *set = NULL;
    struct reader readers[4];
    (void)state;

    assert_int_equal(rh_templates_new(sources, 2, NULL, &set, NULL), 0);
    for (int i = 0; i < 4; i++) {
        readers[i] =
            (struct reader){.page = rh_template_find(set, "page"), .lang = i % 2 ? RH_EN : RH_DE};
        assert_int_equal(pthread_create(&readers[i].thread, NULL, render_often, &readers[i]), 0);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(readers[i].thread, NULL);

    for (int i = 0; i < 4; i++)
        assert_true(readers[i].right);
    rh_templates_free(set);
}

/* Every allocation of compiling and rendering is failed in turn. */
static void without_memory_it_says_so(void **state)
{
    static const struct rh_template_source sources[] = {
        {"page", "<p title=\"{{x}}\">{{:a|b}}{{#l}}{{>row}}{{/l}}{{a.b.c}}", 54, RH_TEMPLATE_HTML},
        {"row", "<li>{{.}}</li>\n", 15, RH_TEMPLATE_HTML},
    };
    rh_auto_json(json);
    long n;
    (void)state;

    json = document("{\"x\":1,\"l\":[1,2,3],\"a\":{\"b\":{\"c\":0}}}");
    for (n = 1; n < 1000; n++) {
        struct rh_templates *set = NULL;
        rh_auto_str(out, 1000);
        int32_t rc;

        rh_alloc_fail_after(n, 0);
        rc = rh_templates_new(sources, 2, NULL, &set, NULL);
        if (rc == 0)
            rc = rh_template_render(rh_template_find(set, "page"), json, RH_EN, true, &out, NULL);
        rh_alloc_fail_after(0, 0);
        rh_templates_free(set);

        if (rc == 0)
            break;
        assert_true(rc == RH_ENOMEM || rc == RH_ETOOLARGE);
        assert_string_equal(out.data, "");
    }
    assert_in_range(n, 5, 999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_escaped_everywhere_in_html),
        cmocka_unit_test(mail_is_not_escaped),
        cmocka_unit_test(names_are_found_from_the_inside_out),
        cmocka_unit_test(sections_follow_their_value),
        cmocka_unit_test(loops_know_where_they_are),
        cmocka_unit_test(tags_alone_in_their_line_take_it_along),
        cmocka_unit_test(partials_see_the_context_and_are_indented),
        cmocka_unit_test(partials_of_partials_add_their_indents),
        cmocka_unit_test(words_follow_the_language),
        cmocka_unit_test(mistakes_in_a_template_are_named_with_their_place),
        cmocka_unit_test(values_stand_only_where_escaping_is_right),
        cmocka_unit_test(strict_rendering_finds_unknown_names),
        cmocka_unit_test(lists_and_objects_are_no_values),
        cmocka_unit_test(templates_that_call_themselves_come_to_an_end),
        cmocka_unit_test(a_full_result_is_an_error_not_a_half_page),
        cmocka_unit_test(sets_build_on_one_another),
        cmocka_unit_test(threads_render_from_one_set),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
