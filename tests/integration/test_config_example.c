/* config/reihum.conf is what `reihum config example` writes: keys, defaults and words of all
 * modules. */
#include "core/base/json.h"
#include "core/server/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
    char folder[64], config[96], database[96];
    struct rh_home *home;
    struct rh_invocation *last;
};

static const char *variable(const char *name, const char *fallback)
{
    const char *value = getenv(name);

    return value && *value ? value : fallback;
}

static void must(int32_t rc, const struct rh_err *err)
{
    if (rc < 0)
        fail_msg("%s", err->text[RH_EN]);
}

/* A house with the shipped plugins of this build. `more` is put into the file. */
static struct world *world_new(const char *more)
{
    struct world *w = calloc(1, sizeof(*w));
    struct rh_home_options options = {.config = w->config, .db = w->database};
    struct rh_err err = {0};
    FILE *file;

    snprintf(w->folder, sizeof(w->folder), "/tmp/reihum-config-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->config, sizeof(w->config), "%s/reihum.conf", w->folder);
    snprintf(w->database, sizeof(w->database), "%s/reihum.db", w->folder);
    file = fopen(w->config, "w");
    assert_non_null(file);
    fprintf(file, "server { plugin_folders = { \"%s/plugins\" } }\n%s",
            variable("RH_BUILD", "build"), more);
    fclose(file);
    must(rh_home_describe(&options, &w->home, &err), &err);
    must(rh_home_open(w->home, NULL, NULL, &err), &err);
    return w;
}

static void world_free(struct world *w)
{
    char path[128];

    rh_invocation_free(w->last);
    rh_home_close(w->home);
    for (const char *const *end = (const char *const[]){"", "-wal", "-shm", ".lock", NULL}; *end;
         end++) {
        snprintf(path, sizeof(path), "%s%s", w->database, *end);
        unlink(path);
    }
    unlink(w->config);
    assert_int_equal(rmdir(w->folder), 0); /* nothing else was left, no backup either */
    free(w);
}

static const struct rh_answer *run(struct world *w, const char *operation, enum rh_lang lang)
{
    const struct rh_operation_entry *op = rh_registry_find(w->home->house.registry, operation);
    struct rh_invoke_options options = {.lang = lang, .actor = "test", .as_of = RH_NO_DAY};
    const struct rh_answer *answer;

    assert_non_null(op);
    rh_invocation_free(w->last);
    w->last = rh_invoke_wait(&w->home->house, op, NULL, 0, &options, &answer);
    assert_non_null(w->last);
    return answer;
}

static char *example(struct world *w, enum rh_lang lang)
{
    const struct rh_answer *answer = run(w, "config example", lang);
    rh_auto_json(tree);
    struct rh_err err = {0};
    const char *text;

    must(answer->code, &answer->err);
    must(rh_json_parse(answer->json, answer->json_length, 1024 * 1024, &tree, &err), &err);
    text = json_string_value(json_array_get(json_object_get(tree, "messages"), 0));
    assert_non_null(text);
    return strdup(text);
}

static void the_file_in_the_tree_is_the_one_that_is_written(void **state)
{
    struct world *w = world_new("");
    char *written = example(w, RH_DE), path[512], in_tree[65536] = "";
    FILE *file;
    (void)state;

    snprintf(path, sizeof(path), "%s/config/reihum.conf", variable("RH_SOURCE", "."));
    file = fopen(path, "r");
    assert_non_null(file);
    in_tree[fread(in_tree, 1, sizeof(in_tree) - 1, file)] = '\0';
    fclose(file);
    in_tree[strlen(in_tree) - 1] = '\0'; /* the message lacks the last end of line */
    if (strcmp(in_tree, written) != 0)
        fail_msg("config/reihum.conf is not up to date; remedy: "
                 "reihum config example --lang de >config/reihum.conf");

    free(written);
    world_free(w);
}

static void the_example_of_either_language_is_in_order_and_changes_nothing(void **state)
{
    struct world *w = world_new("");
    (void)state;

    for (int lang = RH_DE; lang <= RH_EN; lang++) {
        char *written = example(w, (enum rh_lang)lang);
        struct rh_config *config = NULL;
        struct rh_config_values values;
        const struct rh_plugin *office =
            rh_registry_find_module(w->home->house.registry, "office")->plugin;
        struct rh_err err = {0};

        must(rh_config_parse("example", written, strlen(written), &config, &err), &err);
        must(rh_config_values(config, RH_CONFIG_MODULE, "office", office->config.rows,
                              office->config.count, &values, &err),
             &err);
        for (size_t i = 0; i < values.count; i++)
            assert_int_equal(values.line[i], 0);
        rh_config_values_fini(&values);
        rh_config_free(config);
        free(written);
    }
    world_free(w);
}

static void check_and_show_answer_for_the_file_in_use(void **state)
{
    struct world *w = world_new("plugin turnus { neighbour_km = 30 }\n");
    const struct rh_answer *answer;
    (void)state;

    answer = run(w, "config check", RH_DE);
    must(answer->code, &answer->err);
    assert_non_null(strstr(answer->json, "ist in Ordnung"));
    answer = run(w, "config show", RH_DE);
    must(answer->code, &answer->err);
    assert_non_null(strstr(answer->json, "{\"section\":\"turnus\",\"key\":\"neighbour_km\","
                                         "\"value\":\"30\",\"line\":2"));
    assert_non_null(strstr(answer->json, "{\"section\":\"server\",\"key\":\"language\","
                                         "\"value\":\"de\",\"help\""));
    world_free(w);
}

static void a_plugin_with_a_wrong_key_is_out_and_the_house_stands(void **state)
{
    struct world *w = world_new("plugin turnus { neighbor_km = 30 }\n");
    const struct rh_answer *answer;
    (void)state;

    answer = run(w, "plugin list", RH_DE);
    must(answer->code, &answer->err);
    assert_non_null(strstr(answer->json, "reihum.conf:2: unbekannter Schlüssel 'neighbor_km' "
                                         "(meinten Sie 'neighbour_km'?)"));
    answer = run(w, "config check", RH_DE);
    assert_int_equal(answer->code, RH_EINVALID);
    assert_non_null(strstr(answer->err.text[RH_DE], "unbekannter Schlüssel 'neighbor_km'"));
    world_free(w);
}

/* A fresh machine: somebody wants to see the example, and finds a database in his folder. */
static void what_looks_at_files_only_leaves_no_database_behind(void **state)
{
    struct world *w = world_new("");
    struct rh_home_options options = {.config = w->config};
    struct rh_err err = {0};
    char aside[sizeof(w->home->aside)], database[128];
    (void)state;

    rh_invocation_free(w->last);
    w->last = NULL;
    rh_home_close(w->home);
    snprintf(database, sizeof(database), "%s/other.db", w->folder);
    options.db = database;
    must(rh_home_describe(&options, &w->home, &err), &err);
    must(rh_home_open_aside(w->home, &err), &err);
    snprintf(aside, sizeof(aside), "%s", w->home->aside);
    assert_int_equal(access(aside, F_OK), 0);
    assert_int_equal(run(w, "plugin list", RH_EN)->code, 0);
    rh_invocation_free(w->last);
    w->last = NULL;
    w->home = rh_home_close(w->home);

    assert_int_not_equal(access(aside, F_OK), 0);
    assert_int_not_equal(access(database, F_OK), 0);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_in_the_tree_is_the_one_that_is_written),
        cmocka_unit_test(the_example_of_either_language_is_in_order_and_changes_nothing),
        cmocka_unit_test(check_and_show_answer_for_the_file_in_use),
        cmocka_unit_test(a_plugin_with_a_wrong_key_is_out_and_the_house_stands),
        cmocka_unit_test(what_looks_at_files_only_leaves_no_database_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
