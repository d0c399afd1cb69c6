/* plugins.h: what is broken is refused with a sentence and kept in the list; the rest goes on. */
#include "core/base/alloc.h"
#include "core/config/config.h"
#include "core/plugin/plugins.h"

#include "folder.h"

struct world {
    char folder[64];
    struct rh_registry *registry;
    struct rh_config *config;
    struct rh_plugins *plugins;
};

static void world_new(struct world *w)
{
    *w = (struct world){.registry = NULL};
    folder_make(w->folder);
    w->registry = rh_registry_new(rh_plugins_guard);
    assert_non_null(w->registry);
}

static void put_as(struct world *w, const char *name, const char *file, mode_t mode)
{
    folder_put_as(w->folder, name, file, mode);
}

static void put(struct world *w, const char *name)
{
    folder_put(w->folder, name);
}

static void write_file(struct world *w, const char *file, const char *bytes)
{
    char path[512];
    FILE *out;

    snprintf(path, sizeof(path), "%s/%s", w->folder, file);
    out = fopen(path, "wb");
    assert_non_null(out);
    fputs(bytes, out);
    fclose(out);
    assert_int_equal(chmod(path, 0644), 0);
}

static void configure(struct world *w, const char *text)
{
    assert_int_equal(rh_config_parse("reihum.conf", text, strlen(text), &w->config, NULL), 0);
}

static void load(struct world *w)
{
    const char *folders[] = {w->folder, NULL};
    struct rh_err err = {0};

    if (rh_plugins_load(folders, w->config, w->registry, &w->plugins, &err) < 0)
        fail_msg("%s", err.text[RH_EN]);
}

static void world_free(struct world *w)
{
    rh_registry_free(w->registry);
    rh_plugins_free(w->plugins);
    rh_config_free(w->config);
    folder_remove(w->folder);
}

static struct rh_plugin_status status_of(struct world *w, const char *name)
{
    struct rh_plugin_status status = {.name = NULL};

    for (size_t i = 0; i < rh_plugins_count(w->plugins); i++) {
        rh_plugins_status(w->plugins, i, &status);
        if (strcmp(status.name, name) == 0)
            return status;
    }
    fail_msg("'%s' is not in the list", name);
    return status;
}

static void assert_loaded(struct world *w, const char *name)
{
    struct rh_plugin_status status = status_of(w, name);

    if (status.state != RH_PLUGIN_CONFIGURED)
        fail_msg("%s: %s", name, status.reason.en);
}

static void assert_refused(struct world *w, const char *name, const char *de, const char *en)
{
    struct rh_plugin_status status = status_of(w, name);

    assert_int_equal(status.state, RH_PLUGIN_REFUSED);
    if (!strstr(status.reason.de, de) || !strstr(status.reason.en, en))
        fail_msg("%s: %s / %s", name, status.reason.de, status.reason.en);
}

/* ---- what is fine ---- */

static void plugins_start_after_those_they_need_and_otherwise_by_name(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    put(&w, "fine_top");
    put(&w, "zz_base");
    put(&w, "fine");
    load(&w);

    assert_int_equal(rh_registry_module_count(w.registry), 3);
    assert_string_equal(rh_registry_module_at(w.registry, 0)->plugin->name, "fine");
    assert_string_equal(rh_registry_module_at(w.registry, 1)->plugin->name, "zz_base");
    assert_string_equal(rh_registry_module_at(w.registry, 2)->plugin->name, "fine_top");
    assert_non_null(rh_registry_find(w.registry, "fine look"));
    assert_string_equal(status_of(&w, "zz_base").version, "3.0.1");
    world_free(&w);
}

static void a_plugin_gets_the_values_of_its_section(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    put(&w, "fine");
    configure(&w, "plugin fine {\n word = besser\n}\n");
    load(&w);

    assert_loaded(&w, "fine");
    assert_string_equal(rh_registry_find_module(w.registry, "fine")->config[0], "besser");
    assert_int_equal(rh_config_finish(w.config, NULL), 0);
    world_free(&w);
}

static void a_plugin_that_is_turned_off_is_not_even_opened(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    put(&w, "fine");
    put(&w, "fine_top");
    put(&w, "zz_base");
    configure(&w, "plugin fine {\n enabled = nein\n}\n");
    load(&w);

    assert_int_equal(status_of(&w, "fine").state, RH_PLUGIN_DISABLED);
    assert_null(rh_registry_find_module(w.registry, "fine"));
    assert_loaded(&w, "zz_base");
    assert_refused(&w, "fine_top", "braucht das Plugin 'fine', das selbst nicht läuft",
                   "needs the plugin 'fine', which does not run itself");
    world_free(&w);
}

/* ---- what is not ---- */

static const struct {
    const char *name, *de, *en;
} broken[] = {
    {"wrong_magic", "ist keine Beschreibung eines Plugins (Kennzahl 12345678 statt 6d756872)",
     "is no descriptor of a plugin"},
    {"wrong_major",
     "für Schnittstelle 2.0 gebaut, dieser Server hat 1.0; Abhilfe: den Server aktualisieren",
     "built for interface 2.0, this server has 1.0; remedy: update the server"},
    {"newer_minor",
     "für Schnittstelle 1.3 gebaut, dieser Server hat 1.0; Abhilfe: den Server aktualisieren",
     "built for interface 1.3, this server has 1.0; remedy: update the server"},
    {"no_symbol", "die Datei gibt kein 'rh_plugin' aus", "the file exports no 'rh_plugin'"},
    {"wants_symbol", "die Datei will 'rh_store_secret' vom Server, der keine Funktionen ausgibt",
     "the file wants 'rh_store_secret' from the server, which exports no functions"},
    {"circle_a", "im Kreis: circle_a braucht circle_b braucht circle_a",
     "in a circle: circle_a needs circle_b needs circle_a"},
    {"circle_b", "im Kreis: circle_a braucht circle_b", "in a circle: circle_a needs circle_b"},
    {"behind_circle", "braucht das Plugin 'circle_a', das selbst nicht läuft",
     "needs the plugin 'circle_a', which does not run itself"},
    {"needs_newer", "braucht 'fine' ab Version 1.10, hier ist 1.2.0; Abhilfe: 'fine' aktualisieren",
     "needs 'fine' from version 1.10 on, here is 1.2.0; remedy: update 'fine'"},
    {"needs_missing",
     "braucht das Plugin 'fine_topp', das es hier nicht gibt (gemeint ist "
     "'fine_top'?)",
     "needs the plugin 'fine_topp', which is not here (is 'fine_top' meant?)"},
    {"other_name", "die Datei heißt 'other_name.so', das Plugin aber 'another_name'",
     "the file is called 'other_name.so', but the plugin 'another_name'"},
    {"many_faults", "mehr, siehe: reihum plugin check", "more, see: reihum plugin check"},
    {"bad_table", "operations: eine Zeile hat 8 Byte, in Version 1.0 waren es 96",
     "operations: a row has 8 bytes, in version 1.0 it had 96"},
    {"same_operation", "Operation 'fine look' gibt es schon, im Modul 'fine'",
     "operation 'fine look' exists already, in module 'fine'"},
    {"runs_at_load", "die Datei heißt 'runs_at_load.so', das Plugin aber 'somebody_else'",
     "the file is called 'runs_at_load.so', but the plugin 'somebody_else'"},
};
#define BROKEN_COUNT (sizeof(broken) / sizeof(broken[0]))

static void each_broken_plugin_is_refused_with_its_sentence_and_the_rest_goes_on(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    for (size_t i = 0; i < BROKEN_COUNT; i++)
        put(&w, broken[i].name);
    put(&w, "fine");
    put(&w, "fine_top");
    put(&w, "zz_base");
    load(&w);

    for (size_t i = 0; i < BROKEN_COUNT; i++)
        assert_refused(&w, broken[i].name, broken[i].de, broken[i].en);
    assert_loaded(&w, "fine");
    assert_loaded(&w, "fine_top");
    assert_loaded(&w, "zz_base");
    assert_int_equal(rh_registry_module_count(w.registry), 3);
    world_free(&w);
}

static void a_file_that_others_can_write_is_refused(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    put(&w, "fine");
    put_as(&w, "zz_base", "zz_base.so", 0664);
    load(&w);

    assert_loaded(&w, "fine");
    assert_refused(&w, "zz_base", "ist auch für andere schreibbar; Abhilfe: chmod go-w",
                   "others can write");
    world_free(&w);
}

static void a_folder_that_others_can_write_refuses_all_in_it(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    put(&w, "fine");
    assert_int_equal(chmod(w.folder, 0777), 0);
    load(&w);

    assert_refused(&w, "fine", "ist auch für andere schreibbar; Abhilfe: chmod go-w",
                   "others can write");
    world_free(&w);
}

static void a_link_is_not_followed(void **state)
{
    struct world w;
    char from[512], to[512];
    (void)state;

    world_new(&w);
    put_as(&w, "fine", "fine.bin", 0644);
    snprintf(from, sizeof(from), "%s/fine.bin", w.folder);
    snprintf(to, sizeof(to), "%s/fine.so", w.folder);
    assert_int_equal(symlink(from, to), 0);
    load(&w);

    assert_refused(&w, "fine", "ist nur eine Verknüpfung", "is only a link");
    world_free(&w);
}

static void what_is_no_shared_object_says_so(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    write_file(&w, "text.so", "hello\n");
    write_file(&w, "empty.so", "");
    load(&w);

    assert_refused(&w, "text", "kein Programmteil (ELF)", "no shared object (ELF)");
    assert_refused(&w, "empty", "kein Programmteil (ELF)", "no shared object (ELF)");
    world_free(&w);
}

static void a_folder_that_is_not_there_is_in_the_list_with_its_reason(void **state)
{
    const char *folders[] = {"/nowhere/plugins", NULL};
    struct world w;
    (void)state;

    world_new(&w);
    assert_int_equal(rh_plugins_load(folders, NULL, w.registry, &w.plugins, NULL), 0);

    assert_refused(&w, "/nowhere/plugins", "der Ordner '/nowhere/plugins' ist nicht lesbar",
                   "the folder '/nowhere/plugins' cannot be read");
    world_free(&w);
}

static void the_second_of_a_name_is_refused(void **state)
{
    struct world w;
    const char *folders[3] = {NULL};
    (void)state;

    world_new(&w);
    put(&w, "fine");
    folders[0] = folders[1] = w.folder;
    assert_int_equal(rh_plugins_load(folders, NULL, w.registry, &w.plugins, NULL), 0);

    assert_int_equal(rh_plugins_count(w.plugins), 2);
    assert_int_equal(rh_registry_module_count(w.registry), 1);
    world_free(&w);
}

static void a_wrong_key_in_its_section_refuses_the_plugin_and_names_the_line(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    put(&w, "fine");
    put(&w, "zz_base");
    configure(&w, "plugin fine {\n wort = besser\n}\n");
    load(&w);

    assert_refused(&w, "fine", "reihum.conf:2: unbekannter Schlüssel 'wort' (meinten Sie 'word'?)",
                   "reihum.conf:2: unknown key 'wort' (did you mean 'word'?)");
    assert_loaded(&w, "zz_base");
    world_free(&w);
}

static void a_section_without_its_plugin_stays_visible_and_stops_nobody(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    put(&w, "zz_base");
    configure(&w, "plugin zz_bass {\n}\n");
    load(&w);

    assert_refused(&w, "zz_bass",
                   "reihum.conf:1: es gibt kein Plugin 'zz_bass' (meinten Sie 'zz_base'?)",
                   "reihum.conf:1: there is no plugin 'zz_bass' (did you mean 'zz_base'?)");
    assert_loaded(&w, "zz_base");
    assert_int_equal(rh_config_finish(w.config, NULL), 0);
    world_free(&w);
}

static void nothing_runs_of_a_plugin_that_the_check_refuses(void **state)
{
    struct world w;
    (void)state;

    world_new(&w);
    put_as(&w, "runs_at_load", "renamed.so", 0644);
    assert_int_equal(unsetenv("RH_TEST_RUNS_AT_LOAD"), 0);
    load(&w);

    assert_refused(&w, "renamed", "die Datei heißt 'renamed.so'", "the file is called");
    assert_null(getenv("RH_TEST_RUNS_AT_LOAD"));
    world_free(&w);
}

/* Every allocation is failed in turn: an error or a refusal, no crash, no leak. */
static void without_memory_it_says_so(void **state)
{
    const char *folders[2] = {NULL};
    struct world w;
    long n;
    (void)state;

    world_new(&w);
    put(&w, "fine");
    put(&w, "wrong_major");
    folders[0] = w.folder;
    for (n = 1; n < 2000; n++) {
        struct rh_registry *registry = rh_registry_new(rh_plugins_guard);
        struct rh_plugins *plugins = NULL;
        struct rh_err err = {0};
        int32_t rc;

        rh_alloc_fail_after(n, 0);
        rc = rh_plugins_load(folders, NULL, registry, &plugins, &err);
        if (!rh_alloc_fault_struck()) {
            rh_alloc_fail_after(0, 0);
            rh_registry_free(registry);
            rh_plugins_free(plugins);
            break;
        }
        rh_alloc_fail_after(0, 0);
        if (rc < 0)
            assert_int_equal(err.code, rc);
        rh_registry_free(registry);
        rh_plugins_free(plugins);
    }
    assert_in_range(n, 10, 1999);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plugins_start_after_those_they_need_and_otherwise_by_name),
        cmocka_unit_test(a_plugin_gets_the_values_of_its_section),
        cmocka_unit_test(a_plugin_that_is_turned_off_is_not_even_opened),
        cmocka_unit_test(each_broken_plugin_is_refused_with_its_sentence_and_the_rest_goes_on),
        cmocka_unit_test(a_file_that_others_can_write_is_refused),
        cmocka_unit_test(a_folder_that_others_can_write_refuses_all_in_it),
        cmocka_unit_test(a_link_is_not_followed),
        cmocka_unit_test(what_is_no_shared_object_says_so),
        cmocka_unit_test(a_folder_that_is_not_there_is_in_the_list_with_its_reason),
        cmocka_unit_test(the_second_of_a_name_is_refused),
        cmocka_unit_test(a_wrong_key_in_its_section_refuses_the_plugin_and_names_the_line),
        cmocka_unit_test(a_section_without_its_plugin_stays_visible_and_stops_nobody),
        cmocka_unit_test(nothing_runs_of_a_plugin_that_the_check_refuses),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
