/*
 * The example plugin, as a stranger meets it: headers installed somewhere, built outside the tree
 * with CMake and with a bare compiler, checked, loaded, called.
 */
#include "core/config/config.h"
#include "core/office/office.h"
#include "core/operation/call.h"
#include "core/operation/hooks.h"
#include "core/plugin/check.h"
#include "core/plugin/plugins.h"
#include "core/store/db.h"

#include <ftw.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

static char work[64]; /* one folder for all tests of this file */

static const char *variable(const char *name, const char *fallback)
{
    const char *value = getenv(name);

    return value && *value ? value : fallback;
}

static const char *at(const char *path)
{
    static char buffers[8][512];
    static unsigned next;
    char *buffer = buffers[next++ % 8];

    snprintf(buffer, sizeof(buffers[0]), "%s/%s", work, path);
    return buffer;
}

/* Runs a shell line as a person would type it; its output is shown when it fails. */
static void type(const char *format, ...) RH_PRINTF(1, 2);
static void type(const char *format, ...)
{
    char line[4096];
    char *argv[] = {(char[]){"sh"}, (char[]){"-c"}, line, NULL};
    va_list args;
    int status = -1;
    pid_t child;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    assert_int_equal(posix_spawnp(&child, "sh", NULL, NULL, argv, environ), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (status != 0) {
        FILE *log = fopen(at("log"), "r");
        char text[4096] = "";

        if (log) {
            text[fread(text, 1, sizeof(text) - 1, log)] = '\0';
            fclose(log);
        }
        fail_msg("%s\n%s", line, text);
    }
}

static int install_the_sdk(void **state)
{
    const char *source = variable("RH_SOURCE", "."), *build = variable("RH_BUILD", "build");
    (void)state;

    snprintf(work, sizeof(work), "/tmp/reihum-example-XXXXXX");
    assert_non_null(mkdtemp(work));
    type("cmake --install '%s' --prefix '%s' --component sdk >'%s' 2>&1", build, at("prefix"),
         at("log"));
    type("cp -R '%s/plugins/examples/hello' '%s'", source, at("hello"));
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type_, struct FTW *where)
{
    (void)st;
    (void)type_;
    (void)where;
    return remove(path);
}

static int remove_the_sdk(void **state)
{
    (void)state;
    return nftw(work, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- a house with the register and the example ---- */

struct world {
    char folder[96], database[128];
    struct rh_store *store;
    struct rh_registry *registry;
    struct rh_config *config;
    struct rh_config_values office_values;
    struct rh_plugins *plugins;
    struct rh_module office, plugin_module;
    struct rh_clock clock;
    struct rh_house house;
    struct rh_invocation *last;
};

static int64_t now(void *context)
{
    (void)context;
    return 1800000000;
}

static void must(int32_t rc, const struct rh_err *err)
{
    if (rc < 0)
        fail_msg("%s", err->text[RH_EN]);
}

static void add_core(struct world *w, struct rh_err *err)
{
    w->office.plugin = &rh_office_module;
    must(rh_config_values(w->config, RH_CONFIG_MODULE, "office", rh_office_module.config.rows,
                          rh_office_module.config.count, &w->office_values, err),
         err);
    w->office.config = w->office_values.text;
    w->plugin_module.plugin = &rh_plugin_module;
    must(rh_registry_add(w->registry, &w->office, err), err);
    must(rh_registry_add(w->registry, &w->plugin_module, err), err);
}

static int32_t start_office(struct rh_call *call, void *context)
{
    (void)context;
    return rh_office_module.start(call);
}

static void migrate_core(struct world *w, struct rh_err *err)
{
    const struct rh_migration *rows = rh_office_module.migrations.rows;
    struct rh_schema_step steps[16];
    size_t count = rh_office_module.migrations.count;

    assert_in_range(count, 1, 16);
    for (size_t i = 0; i < count; i++)
        steps[i] = (struct rh_schema_step){"core", rows[i].number, rows[i].name, rows[i].sql};
    must(rh_store_migrate(w->store, steps, count, err), err);
    must(rh_call_run(&w->house, &w->office, "start", RH_TASK_WRITE, start_office, NULL, err), err);
}

static struct world *world_new(const char *plugin, const char *config)
{
    struct world *w = calloc(1, sizeof(*w));
    struct rh_store_options options = {.path = w->database};
    const char *folders[] = {w->folder, NULL};
    struct rh_err err = {0};

    snprintf(w->folder, sizeof(w->folder), "%s/house-XXXXXX", work);
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->database, sizeof(w->database), "%s/reihum.db", w->folder);
    type("install -m 644 '%s' '%s/hello.so'", plugin, w->folder);
    w->clock = (struct rh_clock){now, now, NULL};
    w->registry = rh_registry_new(rh_plugins_guard);
    must(rh_config_parse("reihum.conf", config, strlen(config), &w->config, &err), &err);
    add_core(w, &err);
    must(rh_plugins_load(folders, w->config, w->registry, &w->plugins, &err), &err);
    must(rh_store_open(&options, &w->store, &err), &err);
    w->house = (struct rh_house){.registry = w->registry, .store = w->store, .clock = &w->clock};
    migrate_core(w, &err);
    must(rh_plugins_migrate(w->plugins, &w->house, &err), &err);
    must(rh_plugins_start(w->plugins, &w->house, &err), &err);
    return w;
}

static void assert_call(struct world *w, const char *operation, const struct rh_argument *arguments,
                        size_t count, int32_t code, const char *part)
{
    const struct rh_operation_entry *op = rh_registry_find(w->registry, operation);
    struct rh_invoke_options options = {.lang = RH_DE, .actor = "test", .as_of = RH_NO_DAY};
    const struct rh_answer *answer;
    const char *text;

    assert_non_null(op);
    rh_invocation_free(w->last);
    w->last = rh_invoke_wait(&w->house, op, arguments, count, &options, &answer);
    assert_non_null(w->last);
    text = answer->code < 0 ? answer->err.text[RH_DE] : answer->json;
    if (answer->code != code || !strstr(text, part))
        fail_msg("%s: %d: %s", operation, answer->code, text);
}

static void import_an_office(struct world *w)
{
    static const char csv[] =
        "id,name,short_name,kind,region,ags,population,latitude,longitude\n"
        "bielefeld,Stadt Bielefeld,Bielefeld,city,LWL,05711000,338332,52.02,8.53\n";
    struct rh_argument file = {
        .name = "file", .value = "offices.csv", .bytes = csv, .size = sizeof(csv) - 1};

    assert_call(w, "office import", &file, 1, 0, "{");
}

static void world_free(struct world *w)
{
    rh_invocation_free(w->last);
    rh_plugins_stop(w->plugins);
    rh_store_close(w->store);
    rh_registry_free(w->registry);
    rh_plugins_free(w->plugins);
    rh_config_values_fini(&w->office_values);
    rh_config_free(w->config);
    free(w);
}

static const struct rh_argument note[] = {{.name = "office", .value = "bielefeld"},
                                          {.name = "text", .value = "Tür klemmt"}};

static bool has_page(struct world *w, const char *path)
{
    for (size_t i = 0; i < rh_registry_page_count(w->registry); i++)
        if (strcmp(rh_registry_page_at(w->registry, i)->page.path, path) == 0)
            return true;
    return false;
}

/* What was built is what the README promises. */
static void assert_works(const char *plugin)
{
    struct world *w = world_new(plugin, "plugin hello { greeting = Moin }\n");
    struct rh_plugin_status status;

    rh_plugins_status(w->plugins, 0, &status);
    if (status.state != RH_PLUGIN_STARTED)
        fail_msg("%s", status.reason.en);
    import_an_office(w);
    assert_call(w, "hello add", note, 2, 0, "Moin: die Notiz zu bielefeld ist aufgeschrieben");
    assert_call(w, "hello list", NULL, 0, 0,
                "\"items\":[{\"id\":1,\"office\":\"Stadt Bielefeld\",\"text\":\"Tür klemmt\"");
    assert_call(w, "hello list", &(struct rh_argument){.name = "office", .value = "Bielefelt"}, 1,
                RH_ENOTFOUND, "Bielefeld");
    assert_call(w, "office close", note, 1, 0, "geschlossen");

    assert_true(has_page(w, "/hello"));
    world_free(w);
}

/* ---- the tests ---- */

static void it_builds_with_cmake_against_installed_headers_and_works(void **state)
{
    (void)state;
    type("cmake -G Ninja -S '%s' -B '%s' -DCMAKE_PREFIX_PATH='%s' >'%s' 2>&1", at("hello"),
         at("build"), at("prefix"), at("log"));
    type("cmake --build '%s' >'%s' 2>&1", at("build"), at("log"));

    assert_works(at("build/hello.so"));
}

static void it_builds_with_a_bare_compiler_and_works(void **state)
{
    (void)state;
    type("PKG_CONFIG_PATH='%s' sh -c 'cc -std=c17 -Wall -Wextra -Werror -shared -fPIC "
         "-fvisibility=hidden $(pkg-config --cflags reihum) -o %s %s' >'%s' 2>&1",
         at("prefix/lib/pkgconfig"), at("bare.so"), at("hello/hello.c"), at("log"));

    assert_works(at("bare.so"));
}

static void its_veto_keeps_an_office_with_notes_open(void **state)
{
    struct world *w = world_new(at("bare.so"), "plugin hello { keep_open = ja }\n");
    (void)state;

    import_an_office(w);
    assert_call(w, "hello add", note, 2, 0, "Guten Tag");
    assert_call(w, "office close", note, 1, RH_ECONFLICT, "hello");
    assert_call(w, "office close", note, 1, RH_ECONFLICT, "gibt es noch Notizen");
    assert_call(w, "office show", note, 1, 0, "\"closed\":null");
    world_free(w);
}

static void the_check_shows_all_of_it_without_running_it(void **state)
{
    struct world *w = world_new(at("bare.so"), "");
    struct rh_argument file = {.name = "file", .value = "hello.so"};
    char bytes[65536];
    FILE *in = fopen(at("bare.so"), "rb");
    (void)state;

    assert_non_null(in);
    file.bytes = bytes;
    file.size = fread(bytes, 1, sizeof(bytes), in);
    fclose(in);

    assert_call(w, "plugin check", &file, 1, 0, "nichts davon wurde ausgeführt");
    assert_call(w, "plugin check", &file, 1, 0, "{\"kind\":\"Seite\",\"name\":\"/hello\"");
    assert_call(w, "plugin check", &file, 1, 0, "\"reaches\":[]");
    file.value = "anders.so";
    assert_call(w, "plugin check", &file, 1, RH_EINVALID,
                "anders.so: die Datei heißt 'anders.so', das Plugin aber 'hello'");
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_builds_with_cmake_against_installed_headers_and_works),
        cmocka_unit_test(it_builds_with_a_bare_compiler_and_works),
        cmocka_unit_test(its_veto_keeps_an_office_with_notes_open),
        cmocka_unit_test(the_check_shows_all_of_it_without_running_it),
    };
    return cmocka_run_group_tests(tests, install_the_sdk, remove_the_sdk);
}
