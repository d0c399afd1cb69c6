/* desk.h: templates are held against their samples when they are read, not when an office gets
 * them. */
#include "core/mail/desk.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
    char folder[64];
    struct rh_mail_desk *desk;
    struct rh_err err;
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    snprintf(w->folder, sizeof(w->folder), "/tmp/rh-desk-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    *state = w;
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

static int teardown(void **state)
{
    struct world *w = *state;

    rh_mail_desk_free(w->desk);
    nftw(w->folder, remove_one, 4, FTW_DEPTH | FTW_PHYS);
    free(w);
    return 0;
}

static void put(struct world *w, const char *name, const char *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", w->folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int32_t open_desk(struct world *w)
{
    struct rh_mail_desk_options options = {
        .from = "qe@example.org", .bounce = "bounce@example.org", .folder = w->folder};

    return rh_mail_desk_new(&options, &w->desk, &w->err);
}

static void refuses(struct world *w, const char *sentence)
{
    assert_true(open_desk(w) < 0);
    if (!strstr(w->err.text[RH_EN], sentence))
        fail_msg("'%s' is not in: %s", sentence, w->err.text[RH_EN]);
}

static void a_template_becomes_subject_text_and_html(void **state)
{
    struct world *w = *state;
    struct rh_mail mail = {
        .template_name = "due", .fields = "{\"office\": \"Köln <1>\"}", .lang = 1};
    struct rh_mail_words words;

    put(w, "due.txt", "Subject: {{:Frist|Deadline}}: {{office}}\n\n{{office}}\n{{> _end.txt}}\n");
    put(w, "_end.txt", "{{:Ende|end}}\n");
    put(w, "due.html", "<p>{{office}}</p>");
    put(w, "due.json", "{\"office\": \"Bielefeld\"}");
    if (open_desk(w) < 0)
        fail_msg("%s", w->err.text[RH_EN]);
    rh_mail_words_init(&words);
    assert_int_equal(rh_mail_words_of(w->desk, &mail, &words, &w->err), 0);

    assert_string_equal(words.subject.data, "Deadline: Köln <1>");
    assert_string_equal(words.text.data, "Köln <1>\nend\n");
    assert_string_equal(words.html.data, "<p>Köln &lt;1&gt;</p>");
    assert_string_equal(rh_mail_desk_template(w->desk, 0), "due");
    assert_null(rh_mail_desk_template(w->desk, 1));
    rh_mail_words_fini(&words);
}

static void an_unknown_field_is_found_with_its_line(void **state)
{
    struct world *w = *state;

    put(w, "due.txt", "Subject: x\n\n{{#late}}\n{{^known}}{{ofice}}{{/known}}\n{{/late}}\n");
    put(w, "due.json", "{\"office\": \"Bielefeld\", \"late\": false, \"known\": true}");

    refuses(w, "template 'due.txt', line 4: unknown field 'ofice'");
}

static void a_value_cannot_make_a_second_subject_line(void **state)
{
    struct world *w = *state;
    struct rh_mail mail = {.template_name = "due", .fields = "{\"a\": \"x\\nBcc: b@example.org\"}"};
    struct rh_mail_words words;

    put(w, "due.txt", "Subject: {{a}}\n\ntext\n");
    put(w, "due.json", "{\"a\": \"b\"}");
    assert_int_equal(open_desk(w), 0);
    rh_mail_words_init(&words);
    assert_int_equal(rh_mail_words_of(w->desk, &mail, &words, &w->err), RH_EINVALID);
    rh_mail_words_fini(&words);
}

static void what_is_wrong_with_a_template_is_said(void **state)
{
    static const struct {
        const char *txt, *html, *json, *sentence;
    } cases[] = {
        {"no subject\n", NULL, "{}", "line 1: the subject belongs here"},
        {"Subject: x\ntext\n", NULL, "{}", "empty line"},
        {"Subject: x\n\ny\n", NULL, NULL, "'due.json'"},
        {"Subject: x\n\ny\n", NULL, "[", "due.json"},
        {"Subject: x\n\n{{#a}}\n", NULL, "{\"a\": 1}", "due.txt"},
        {"Subject: x\n\n{{#a}}{{b}}{{/a}}\n", NULL, "{\"a\": []}", "'a' is empty in the sample"},
        {"Subject: x\n\ny\n", "<p>\n<img src=\"https://example.org/pixel\">", "{}",
         "line 2: '<img' does not belong"},
        {"Subject: x\n\ny\n", "<html>\n<p>x</p></html>", "{}", "lang="},
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        nftw(w->folder, remove_one, 4, FTW_DEPTH | FTW_PHYS);
        assert_int_equal(mkdir(w->folder, 0700), 0);
        put(w, "due.txt", cases[i].txt);
        if (cases[i].html)
            put(w, "due.html", cases[i].html);
        if (cases[i].json)
            put(w, "due.json", cases[i].json);
        rh_err_clear(&w->err);
        refuses(w, cases[i].sentence);
    }
}

static void an_address_of_ours_that_is_none_stops_the_start(void **state)
{
    struct world *w = *state;
    struct rh_mail_desk_options options = {.from = "qe@example.org",
                                           .bounce = "a\r\nb@example.org"};

    assert_int_equal(rh_mail_desk_new(&options, &w->desk, &w->err), RH_EINVALID);
    rh_err_clear(&w->err);
    options.bounce = "a-name-of-more-than-thirty-one-characters@example.org";
    assert_int_equal(rh_mail_desk_new(&options, &w->desk, &w->err), RH_EINVALID);
    assert_non_null(strstr(w->err.text[RH_EN], "31"));
}

/* What we ship, in both languages: it opens, and says something. */
static void the_shipped_templates_are_in_order(void **state)
{
    struct world *w = *state;
    const char *source = getenv("RH_SOURCE");
    char folder[512];
    struct rh_mail_desk_options options = {
        .from = "qe@example.org", .bounce = "bounce@example.org", .folder = folder};

    snprintf(folder, sizeof(folder), "%s/config/mail", source ? source : ".");
    if (rh_mail_desk_new(&options, &w->desk, &w->err) < 0)
        fail_msg("%s", w->err.text[RH_EN]);
    assert_non_null(rh_mail_desk_template(w->desk, 0));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_template_becomes_subject_text_and_html),
        TEST(an_unknown_field_is_found_with_its_line),
        TEST(a_value_cannot_make_a_second_subject_line),
        TEST(what_is_wrong_with_a_template_is_said),
        TEST(an_address_of_ours_that_is_none_stops_the_start),
        TEST(the_shipped_templates_are_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
