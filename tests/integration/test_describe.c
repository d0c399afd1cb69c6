/*
 * Everything that can be done is found everywhere: each operation and each option of the whole
 * registry (core, server, command line, plugins) stands in the help, the man page, the OpenAPI
 * document and the three completions. The shells themselves are asked where they are installed.
 */
#include "core/operation/describe.h"

#include "tests/integration/world.h"
#include "tests/support/program.h"

static struct world *w;
static struct rh_str text_;
static const char *out; /* what was described last */

static int set_up(void **state)
{
    (void)state;
    w = world_described("");
    rh_str_init(&text_, 16 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rh_str_fini(&text_);
    world_close(w);
    return 0;
}

static const struct rh_registry *registry(void)
{
    return w->home->house.registry;
}

/* for each operation of the registry */
#define EACH_OPERATION(op)                                                                         \
    for (size_t i_ = 0; i_ < rh_registry_count(registry()); i_++)                                  \
        for (const struct rh_operation_entry *op = rh_registry_at(registry(), i_); op; op = NULL)

static bool is_local(const struct rh_operation_entry *op)
{
    return op->op.flags & RH_OP_LOCAL;
}

static const char *words(struct rh_text both, enum rh_lang lang)
{
    return lang == RH_DE ? both.de : both.en;
}

static void described(void)
{
    assert_int_equal(rh_str_check(&text_, NULL), 0);
    out = text_.data;
}

/* `text` with runs of white space as one space: where lines break does not matter. */
static char *flat(const char *from)
{
    static char buffer[65536];
    size_t length = 0;

    for (; *from && length + 2 < sizeof(buffer); from++)
        if (*from != ' ' && *from != '\n')
            buffer[length++] = *from;
        else if (length > 0 && buffer[length - 1] != ' ')
            buffer[length++] = ' ';
    buffer[length] = '\0';
    return buffer;
}

static void the_registry_has_core_server_command_line_and_plugins(void **state)
{
    static const char *const some[] = {"office import",      "serve",
                                       "plugin list",        "turnus plan",
                                       "turnus rule import", "server status"};
    (void)state;

    for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
        if (!rh_registry_find(registry(), some[i]))
            fail_msg("'%s' is missing", some[i]);
}

/* ---- help ---- */

static void the_overview_names_every_operation_with_its_help(void **state)
{
    (void)state;

    for (enum rh_lang lang = RH_DE; lang <= RH_EN; lang++) {
        const char *all;

        rh_str_reset(&text_);
        rh_describe_overview(registry(), lang, &text_);
        described();
        all = flat(out);
        EACH_OPERATION(op)
        {
            char row[512];

            snprintf(row, sizeof(row), " %s %s ", op->op.name, words(op->op.help, lang));
            assert_says(all, row);
        }
        for (int32_t i = 0; i < rh_common_option_count; i++) {
            assert_says(all, rh_common_options[i].name);
            assert_says(all, words(rh_common_options[i].help, lang));
        }
    }
}

static void the_help_of_an_operation_names_every_option(void **state)
{
    (void)state;

    for (enum rh_lang lang = RH_DE; lang <= RH_EN; lang++)
        EACH_OPERATION(op)
        {
            const char *all;

            rh_str_reset(&text_);
            rh_describe_operation(op, lang, &text_);
            described();
            all = flat(out);
            assert_says(all, op->op.name);
            assert_says(all, words(op->op.help, lang));
            for (int32_t i = 0; i < op->param_count + rh_common_option_count; i++) {
                const struct rh_param *param =
                    i < op->param_count ? &op->params[i] : &rh_common_options[i - op->param_count];
                char row[256];

                snprintf(row, sizeof(row), " --%s", param->name);
                assert_says(all, row);
                assert_says(all, words(param->help, lang));
            }
        }
}

static void help_fits_a_terminal_of_eighty_columns(void **state)
{
    (void)state;

    EACH_OPERATION(op)
    {
        rh_str_reset(&text_);
        rh_describe_operation(op, RH_DE, &text_);
        described();
        for (const char *line = out; *line;) {
            size_t length = strcspn(line, "\n");

            if (rh_text_width(line, length) > 80 && memchr(line, ' ', length))
                fail_msg("too long: %.*s", (int)length, line);
            assert_true(length == 0 || line[length - 1] != ' ');
            line += length + (line[length] == '\n');
        }
    }
}

static void the_help_of_a_noun_names_its_verbs_and_no_others(void **state)
{
    (void)state;

    rh_describe_noun(registry(), "turnus", RH_DE, &text_);
    described();

    EACH_OPERATION(op)
    {
        char row[160];

        snprintf(row, sizeof(row), "  %s ", op->op.name);
        if (strncmp(op->op.name, "turnus ", 7) == 0)
            assert_non_null(strstr(out, row));
        else
            assert_null(strstr(out, row));
    }
}

/* ---- man page ---- */

static void roff(char *to, size_t size, const char *format, const char *name)
{
    char plain[256], *at = to;

    snprintf(plain, sizeof(plain), format, name);
    for (const char *c = plain; *c && at + 3 < to + size; c++) {
        if (*c == '-')
            *at++ = '\\';
        *at++ = *c;
    }
    *at = '\0';
}

static void the_man_page_has_each_option_in_the_section_of_its_operation(void **state)
{
    (void)state;

    for (enum rh_lang lang = RH_DE; lang <= RH_EN; lang++) {
        rh_str_reset(&text_);
        rh_describe_man(registry(), lang, &text_);
        described();
        EACH_OPERATION(op)
        {
            char heading[256], *section;
            const char *start, *next;

            roff(heading, sizeof(heading), "\n.SS %s\n", op->op.name);
            start = strstr(out, heading);
            if (!start)
                fail_msg("no section '%s'", op->op.name);
            next = strstr(start + 4, "\n.S");
            assert_non_null(next);
            section = strndup(start, (size_t)(next - start));
            for (int32_t i = 0; i < op->param_count; i++) {
                char option[256];

                roff(option, sizeof(option), "\n\\fB--%s\\fR", op->params[i].name);
                assert_says(section, option);
            }
            free(section);
        }
    }
}

static void man_and_groff_have_no_complaints(void **state)
{
    const char *const groff[] = {"groff", "-K", "utf8", "-man", "-ww", "-Tutf8", "-z", NULL};
    struct program program;
    (void)state;

    if (!program_exists("groff"))
        skip();
    for (enum rh_lang lang = RH_DE; lang <= RH_EN; lang++) {
        rh_str_reset(&text_);
        rh_describe_man(registry(), lang, &text_);
        described();
        program = program_run(groff, text_.data, text_.length);
        assert_string_equal(program.errs, "");
        assert_int_equal(program.status, 0);
        program_free(&program);
    }
}

/* ---- OpenAPI ---- */

/* The schema of an operation's POST body; `method` gives the whole method. */
static json_t *method_of(json_t *document, const struct rh_operation_entry *op, const char *method)
{
    char path[160];

    snprintf(path, sizeof(path), "/api/v1/%s", op->path);
    return json_object_get(json_object_get(json_object_get(document, "paths"), path), method);
}

static json_t *body_of(json_t *method)
{
    json_t *content = json_object_get(json_object_get(method, "requestBody"), "content");

    return json_object_get(json_object_get(content, "application/json"), "schema");
}

static bool lists(const json_t *names, const char *name)
{
    json_t *one;
    size_t i;

    json_array_foreach(names, i, one)
    {
        if (strcmp(json_string_value(one), name) == 0)
            return true;
    }
    return false;
}

static json_t *openapi(enum rh_lang lang)
{
    json_t *document = NULL;

    rh_str_reset(&text_);
    rh_describe_openapi(registry(), lang, &text_);
    described();
    if (rh_json_parse(text_.data, text_.length, 16u << 20, &document, &w->err) < 0)
        fail_msg("%s", w->err.text[RH_EN]);
    return document;
}

static void check_post(const struct rh_operation_entry *op, json_t *post)
{
    json_t *schema = body_of(post);
    const json_t *properties = json_object_get(schema, "properties");

    assert_non_null(schema);
    assert_int_equal(json_object_size(properties), (size_t)op->param_count);
    for (int32_t i = 0; i < op->param_count; i++) {
        const struct rh_param *param = &op->params[i];
        const json_t *property = json_object_get(properties, param->name);

        assert_non_null(property);
        assert_string_equal(text_of(property, "description"), param->help.en);
        assert_int_equal(lists(json_object_get(schema, "required"), param->name),
                         (param->flags & RH_PARAM_REQUIRED) != 0);
    }
}

static void check_get(const struct rh_operation_entry *op, const json_t *get)
{
    const json_t *parameters = json_object_get(get, "parameters");

    for (int32_t i = 0; i < op->param_count; i++)
        if (op->params[i].type != RH_TYPE_FILE)
            assert_non_null(find_in(parameters, "name", op->params[i].name));
}

static void openapi_offers_every_operation_but_the_local_ones(void **state)
{
    json_t *document = openapi(RH_EN);
    size_t paths = 0;
    (void)state;

    assert_string_equal(text_of(document, "openapi"), "3.1.0");
    EACH_OPERATION(op)
    {
        json_t *post = method_of(document, op, "post"), *get = method_of(document, op, "get");

        if (is_local(op)) {
            assert_null(post);
            continue;
        }
        paths++;
        if (!post)
            fail_msg("'%s' has no POST", op->op.name);
        check_post(op, post);
        assert_int_equal(get != NULL, op->op.kind == RH_READ);
        if (get)
            check_get(op, get);
    }
    assert_int_equal(json_object_size(json_object_get(document, "paths")), paths);
    json_decref(document);
}

/* An operationId names one operation: generators make functions of them. */
static void openapi_ids_are_unique_and_words(void **state)
{
    json_t *document = openapi(RH_DE), *path, *method, *seen = json_object();
    const char *key, *name;
    (void)state;

    json_object_foreach(json_object_get(document, "paths"), key, path)
    {
        json_object_foreach(path, name, method)
        {
            const char *id = text_of(method, "operationId");

            assert_null(json_object_get(seen, id));
            json_object_set_new(seen, id, json_true());
            assert_int_equal(strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(id));
        }
    }
    json_decref(seen);
    json_decref(document);
}

/* Every "$ref" leads somewhere. */
static void follow_references(json_t *document, json_t *here)
{
    const char *key, *reference;
    json_t *value;
    size_t i;

    json_array_foreach(here, i, value) follow_references(document, value);
    json_object_foreach(here, key, value) follow_references(document, value);
    if ((reference = json_string_value(json_object_get(here, "$ref")))) {
        char kind[64], name[64];

        assert_int_equal(sscanf(reference, "#/components/%63[^/]/%63s", kind, name), 2);
        assert_non_null(
            json_object_get(json_object_get(json_object_get(document, "components"), kind), name));
    }
}

static void openapi_references_lead_somewhere(void **state)
{
    json_t *document = openapi(RH_DE);
    (void)state;

    follow_references(document, document);

    json_decref(document);
}

static void openapi_defaults_have_the_type_of_their_parameter(void **state)
{
    json_t *document = openapi(RH_EN);
    json_t *properties = json_object_get(
        body_of(method_of(document, rh_registry_find(registry(), "turnus plan"), "post")),
        "properties");
    (void)state;

    assert_true(json_is_integer(json_object_get(json_object_get(properties, "seed"), "default")));
    assert_true(
        json_is_number(json_object_get(json_object_get(properties, "time-limit"), "default")));
    assert_null(json_object_get(json_object_get(properties, "seed"), "maximum"));
    json_decref(document);
}

/* ---- completion ---- */

/* What a shell offered, one line a question: "QUESTION|word word …|". */
static char *answers;

static void ask_shell(const char *const *shell, struct rh_str *script)
{
    struct program program = program_run(shell, script->data, script->length);

    assert_int_equal(rh_str_check(script, NULL), 0);
    if (program.status != 0 || *program.errs)
        fail_msg("%s says %d: %s", shell[0], program.status, program.errs);
    free(answers);
    answers = strdup(program.out);
    program_free(&program);
}

static void assert_offered(const char *question, const char *word)
{
    char start[256], part[256];
    const char *line, *end;
    char *one;

    snprintf(start, sizeof(start), "\n%s|", question);
    line = strstr(answers, start);
    if (!line)
        fail_msg("no answer to '%s'", question);
    end = strchr(line + 1, '\n');
    one = strndup(line + strlen(start) - 1, (size_t)(end - line) - strlen(start) + 1);
    for (char *c = one; *c; c++)
        if (*c == '|')
            *c = ' ';
    snprintf(part, sizeof(part), " %s ", word);
    if (!strstr(one, part))
        fail_msg("'%s' offers '%s', not '%s'", question, one, word);
    free(one);
}

/* The words so far, as a person types them, for each beginning of a name and each option with
 * choices. */
static void put_questions(struct rh_str *script, const char *before, const char *after)
{
    rh_str_printf(script, "%s%s\n", before, after);
    EACH_OPERATION(op)
    {
        for (const char *space = strchr(op->op.name, ' '); space; space = strchr(space + 1, ' '))
            rh_str_printf(script, "%s %.*s%s\n", before, (int)(space - op->op.name), op->op.name,
                          after);
        rh_str_printf(script, "%s %s%s--\n", before, op->op.name, after);
        for (int32_t i = 0; i < op->param_count; i++)
            if (op->params[i].type == RH_TYPE_CHOICE)
                rh_str_printf(script, "%s %s --%s%s\n", before, op->op.name, op->params[i].name,
                              after);
    }
}

static void check_answers(void)
{
    EACH_OPERATION(op)
    {
        const char *name = op->op.name;
        char question[160] = "", word[64];

        for (size_t at = 0; name[at];) { /* each word after the words before it */
            size_t length = strcspn(name + at, " ");

            snprintf(word, sizeof(word), "%.*s", (int)length, name + at);
            assert_offered(question, word);
            at += length;
            snprintf(question, sizeof(question), "%.*s", (int)at, name);
            at += name[at] == ' ';
        }
        for (int32_t i = 0; i < op->param_count + rh_common_option_count; i++) {
            const struct rh_param *param =
                i < op->param_count ? &op->params[i] : &rh_common_options[i - op->param_count];

            snprintf(question, sizeof(question), "%s --", name);
            snprintf(word, sizeof(word), "--%s", param->name);
            assert_offered(question, word);
            snprintf(question, sizeof(question), "%s --%s", name, param->name);
            for (const char *c = param->choices; c && *c && i < op->param_count;) {
                size_t length = strcspn(c, "|");

                snprintf(word, sizeof(word), "%.*s", (int)length, c);
                assert_offered(question, word);
                c += length + (c[length] == '|');
            }
        }
    }
}

static void bash_completes_every_word_option_and_choice(void **state)
{
    static const char *const shell[] = {"bash", "--norc", "--noprofile", "-s", NULL};
    static const char *const check[] = {"bash", "-n", NULL};
    rh_auto_str(script, 4 * 1024 * 1024);
    struct program program;
    (void)state;

    if (!program_exists("bash"))
        skip();
    rh_describe_bash(registry(), &script);
    program = program_run(check, script.data, script.length);
    assert_string_equal(program.errs, "");
    assert_int_equal(program.status, 0);
    program_free(&program);
    rh_str_add(&script, "set -u\n"
                        "ask() { local q=\"$*\"; COMP_WORDS=(reihum \"$@\")\n"
                        "COMP_CWORD=$#; COMPREPLY=(stale); _reihum\n"
                        "echo \"${q% }|${COMPREPLY[*]-}|\"; }\necho\n");
    put_questions(&script, "ask", " ''");
    for (char *c = script.data; (c = strstr(c, " ''--")); c += 5)
        memcpy(c, " --  ", 5); /* the beginning of an option instead of an empty word */
    ask_shell(shell, &script);

    check_answers();
}

static void bash_knows_values_behind_an_equals_sign_and_options_before_the_command(void **state)
{
    static const char *const shell[] = {"bash", "--norc", "--noprofile", "-s", NULL};
    rh_auto_str(script, 4 * 1024 * 1024);
    (void)state;

    if (!program_exists("bash"))
        skip();
    rh_describe_bash(registry(), &script);
    rh_str_add(
        &script,
        "ask() { local q=\"$*\"; COMP_WORDS=(reihum \"$@\"); COMP_CWORD=$#; COMPREPLY=(stale)\n"
        "_reihum; echo \"$q|${COMPREPLY[*]-}|\"; }\necho\n"
        "ask office list --region = L\n"
        "ask office list --csv =\n"
        "ask --db x.db turnus rule ''\n"
        "ask --db = x.db --lang en turnus month set 2028-07 --state cl\n"
        "ask office import offices.csv --cl\n"
        "ask office import con\n"
        "ask nonsense ''\n");
    ask_shell(shell, &script);

    assert_offered("office list --region = L", "LVR");
    assert_offered("office list --csv =", "excel");
    assert_offered("--db x.db turnus rule ", "import");
    assert_offered("--db = x.db --lang en turnus month set 2028-07 --state cl", "closed");
    assert_offered("office import offices.csv --cl", "--close-missing");
    assert_non_null(strstr(answers, "\noffice import con||")); /* files, by the shell itself */
    assert_non_null(strstr(answers, "\nnonsense ||"));
}

/* _arguments and _describe print what they are given: zsh's own part needs a terminal. */
static void zsh_completes_every_word_option_and_choice(void **state)
{
    static const char *const shell[] = {"zsh", "-f", "-s", NULL};
    static const char *const check[] = {"zsh", "-f", "-n", NULL};
    rh_auto_str(script, 4 * 1024 * 1024);
    struct program program;
    char *last;
    (void)state;

    if (!program_exists("zsh"))
        skip();
    rh_describe_zsh(registry(), &script);
    program = program_run(check, script.data, script.length);
    assert_string_equal(program.errs, "");
    assert_int_equal(program.status, 0);
    program_free(&program);
    last = strstr(script.data, "\n_reihum \"$@\"\n");
    assert_non_null(last);
    script.length = (size_t)(last - script.data) + 1;
    script.data[script.length] = '\0';
    rh_str_add(
        &script,
        "_describe() { print -rn -- ' '; for one in ${(P)2}; print -rn -- \"${one%%:*} \" }\n"
        "_arguments() { local s v; for s in \"$@\"; do\n"
        "  v=${s%%[=\\[]*}; case $words[CURRENT] in\n"
        "    --) print -rn -- \" $v \" ;;\n"
        "    '') [[ $words[CURRENT-1] == $v && $s == *:'('*')' ]] && print -rn -- \" "
        "${${s##*:\\(}%\\)} \" ;;\n"
        "  esac; done }\n"
        "ask() { local q=\"$*\"; words=(reihum \"$@\"); CURRENT=$#words\n"
        "print -rn -- \"${q% }|\"; _reihum; print -r -- '|' }\nprint\n");
    put_questions(&script, "ask", " ''");
    for (char *c = script.data; (c = strstr(c, " ''--")); c += 5)
        memcpy(c, " --  ", 5);
    rh_str_add(&script, "whence ls > /dev/null || print -u2 'the search path is gone'\n");
    ask_shell(shell, &script);

    check_answers();
}

static void fish_completes_every_word_option_and_choice(void **state)
{
    static const char *const shell[] = {"fish", "--no-config", NULL};
    static const char *const check[] = {"fish", "--no-config", "-n", NULL};
    rh_auto_str(script, 4 * 1024 * 1024);
    struct program program;
    (void)state;

    if (!program_exists("fish"))
        skip();
    setenv("HOME", w->folder, 1);
    rh_describe_fish(registry(), &script);
    program = program_run(check, script.data, script.length);
    assert_string_equal(program.errs, "");
    assert_int_equal(program.status, 0);
    program_free(&program);
    rh_str_add(&script,
               "function ask\n"
               "    set -l words (complete -C \"reihum $argv\" | string replace -r '\\t.*' '')\n"
               "    echo (string trim -- \"$argv\")\"| $words |\"\n"
               "end\necho\n");
    put_questions(&script, "ask", " ''");
    for (char *c = script.data; (c = strstr(c, " ''--")); c += 5)
        memcpy(c, " --  ", 5);
    ask_shell(shell, &script);

    check_answers();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_registry_has_core_server_command_line_and_plugins),
        TEST(the_overview_names_every_operation_with_its_help),
        TEST(the_help_of_an_operation_names_every_option),
        TEST(help_fits_a_terminal_of_eighty_columns),
        TEST(the_help_of_a_noun_names_its_verbs_and_no_others),
        TEST(the_man_page_has_each_option_in_the_section_of_its_operation),
        TEST(man_and_groff_have_no_complaints),
        TEST(openapi_offers_every_operation_but_the_local_ones),
        TEST(openapi_ids_are_unique_and_words),
        TEST(openapi_references_lead_somewhere),
        TEST(openapi_defaults_have_the_type_of_their_parameter),
        TEST(bash_completes_every_word_option_and_choice),
        TEST(bash_knows_values_behind_an_equals_sign_and_options_before_the_command),
        TEST(zsh_completes_every_word_option_and_choice),
        TEST(fish_completes_every_word_option_and_choice),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    free(answers);
    return failed;
}
