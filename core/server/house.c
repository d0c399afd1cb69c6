#include "core/server/house.h"

#include "core/base/alloc.h"
#include "core/config/server_keys.h"
#include "core/mail/desk.h"
#include "core/office/office.h"
#include "core/operation/call.h"
#include "core/operation/hooks.h"
#include "core/post/post.h"
#include "core/procedure/procedure.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef RH_PLUGIN_FOLDER
#define RH_PLUGIN_FOLDER "/usr/lib/reihum/plugins"
#endif

/* ---- the clock of the machine ---- */

static int64_t machine_now(void *context)
{
    (void)context;
    return (int64_t)time(NULL);
}

static int64_t machine_monotonic(void *context)
{
    struct timespec now;

    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const struct rh_clock rh_machine_clock = {machine_now, machine_monotonic, NULL};

/* ---- configuration ---- */

static int32_t read_config(struct rh_home *home, const char *named, struct rh_err *err)
{
    static const char *const usual[] = {"reihum.conf", "config/reihum.conf",
                                        "/etc/reihum/reihum.conf"};

    if (named)
        return rh_config_read(named, &home->config, err);
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
        if (access(usual[i], F_OK) == 0)
            return rh_config_read(usual[i], &home->config, err);
    return rh_config_parse("reihum.conf", "", 0, &home->config, err);
}

const char *rh_home_setting(const struct rh_home *home, const char *key)
{
    return rh_config_value(&home->server, rh_server_keys, key);
}

enum rh_lang rh_home_language(const struct rh_home *home)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *configured = home ? rh_home_setting(home, "language") : NULL;

    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *value = getenv(variables[i]);

        if (value && strncmp(value, "de", 2) == 0)
            return RH_DE;
        if (value && strncmp(value, "en", 2) == 0)
            return RH_EN;
    }
    return configured && strcmp(configured, "en") == 0 ? RH_EN : RH_DE;
}

static int32_t find_files(struct rh_home *home, const struct rh_home_options *options,
                          struct rh_err *err)
{
    const char *db = options->db ? options->db : rh_home_setting(home, "database"),
               *socket = rh_home_setting(home, "socket");
    int32_t rc = rh_store_beside(db, "", home->db_path, sizeof(home->db_path), err);

    if (rc < 0)
        return rc;
    if (socket &&
        !options
             ->db) { /* a file that was named by hand is not the one the configuration speaks of */
        snprintf(home->socket_path, sizeof(home->socket_path), "%s", socket);
        return 0;
    }
    return rh_store_beside(db, RH_STORE_SOCKET_SUFFIX, home->socket_path, sizeof(home->socket_path),
                           err);
}

/* ---- modules of the core ---- */

static int32_t add_module(struct rh_home *home, const struct rh_plugin *plugin, struct rh_err *err)
{
    struct rh_module *module = &home->modules[home->module_count];
    struct rh_config_values *values = &home->values[home->module_count];
    int32_t rc;

    if (home->module_count == RH_HOME_MODULES_MAX)
        return rh_err_set(err, RH_EFAILED, "zu viele Module im Kern",
                          "too many modules in the core");
    rc = rh_config_values(home->config, RH_CONFIG_MODULE, plugin->name, plugin->config.rows,
                          plugin->config.count, values, err);
    home->module_count++;
    if (rc < 0)
        return rc;
    module->plugin = plugin;
    module->config = values->text;
    return rh_registry_add(home->house.registry, module, err);
}

/* The folder `plugins` beside the program: so a build and an unpacked archive work without
 * configuration. */
static const char *folder_beside_program(char folder[PATH_MAX])
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    char *slash;

    if (length <= 0)
        return NULL;
    program[length] = '\0';
    if (!(slash = strrchr(program, '/')))
        return NULL;
    *slash = '\0';
    if (snprintf(folder, PATH_MAX, "%s/plugins", program) >= PATH_MAX || access(folder, F_OK) != 0)
        return NULL;
    return folder;
}

#define FOLDERS_MAX 16

static int32_t load_plugins(struct rh_home *home, struct rh_err *err)
{
    const char *configured = rh_home_setting(home, "plugin_folders"),
               *folders[FOLDERS_MAX + 1] = {NULL};
    char beside[PATH_MAX], *copy = NULL, *rest = NULL;
    size_t count = 0;
    int32_t rc;

    if (configured && *configured) {
        copy = rh_strdup(configured);
        if (!copy)
            return rh_err_nomem(err);
        for (char *folder = strtok_r(copy, "\n", &rest); folder && count < FOLDERS_MAX;
             folder = strtok_r(NULL, "\n", &rest))
            folders[count++] = folder;
    } else if ((folders[0] = folder_beside_program(beside)) == NULL &&
               access(RH_PLUGIN_FOLDER, F_OK) == 0)
        folders[0] = RH_PLUGIN_FOLDER;
    rc = rh_plugins_load(folders, home->config, home->house.registry, &home->plugins, err);
    rh_free(copy);
    return rc;
}

int32_t rh_home_describe(const struct rh_home_options *options, struct rh_home **ret_home,
                         struct rh_err *err)
{
    struct rh_home *home = rh_alloc(1, sizeof(*home));
    int32_t rc;

    if (!home)
        return rh_err_nomem(err);
    rh_place_shared("config/mail", home->mail_templates);
    home->house.mail_templates = home->mail_templates;
    home->house.clock = options->clock ? options->clock : &rh_machine_clock;
    home->house.calendars = rh_kept_calendars_new(); /* without one they are read each time */
    home->house.registry = rh_registry_new(rh_plugins_guard);
    if (!home->house.registry) {
        rc = rh_err_nomem(err);
        goto fail;
    }
    if ((rc = read_config(home, options->config, err)) < 0 ||
        (rc = rh_config_values(home->config, RH_CONFIG_MODULE, "server", rh_server_keys,
                               rh_server_key_count, &home->server, err)) < 0 ||
        (rc = find_files(home, options, err)) < 0 ||
        (rc = add_module(home, &rh_office_module, err)) < 0 ||
        (rc = add_module(home, &rh_post_module, err)) < 0 ||
        (rc = add_module(home, &rh_procedure_module, err)) < 0 ||
        (rc = add_module(home, &rh_plugin_module, err)) < 0 ||
        (rc = add_module(home, &rh_config_module, err)) < 0)
        goto fail;
    for (size_t i = 0; options->modules && options->modules[i]; i++)
        if ((rc = add_module(home, options->modules[i], err)) < 0)
            goto fail;
    if ((rc = load_plugins(home, err)) < 0 || (rc = rh_config_finish(home->config, err)) < 0)
        goto fail;
    *ret_home = home;
    return 0;
fail:
    rh_home_close(home);
    return rc;
}

/* ---- the database ---- */

#define STEPS_MAX 256

/* Behind those with a smaller number: a module may add a step after others have. */
static void put_step(struct rh_schema_step *steps, size_t count, struct rh_schema_step step)
{
    while (count > 0 && steps[count - 1].number > step.number) {
        steps[count] = steps[count - 1];
        count--;
    }
    steps[count] = step;
}

/* The tables without a prefix are one schema, "core", whichever module brings a step; its numbers
 * run on. */
static int32_t migrate(struct rh_home *home, struct rh_err *err)
{
    struct rh_schema_step steps[STEPS_MAX];
    size_t count = 0;

    for (size_t m = 0; m < home->module_count; m++) {
        const struct rh_migration *rows = home->modules[m].plugin->migrations.rows;

        for (uint32_t i = 0; i < home->modules[m].plugin->migrations.count && count < STEPS_MAX;
             i++)
            put_step(steps, count++,
                     (struct rh_schema_step){.owner = "core",
                                             .number = rows[i].number,
                                             .name = rows[i].name,
                                             .sql = rows[i].sql});
    }
    return rh_store_migrate(home->house.store, steps, count, err);
}

static int32_t call_start(struct rh_call *call, void *context)
{
    const struct rh_plugin *plugin = context;

    return plugin->start ? plugin->start(call) : 0;
}

int32_t rh_home_open(struct rh_home *home, void (*wake)(void *), void *wake_context,
                     struct rh_err *err)
{
    const char *readers = rh_home_setting(home, "readers");
    struct rh_store_options options = {.path = home->db_path,
                                       .readers = readers ? (int)strtol(readers, NULL, 10) : 0,
                                       /* a job that prepares has one, somebody's plan the other */
                                       .computers = 2,
                                       .wake = wake,
                                       .wake_context = wake_context};
    int32_t rc = rh_store_open(&options, &home->house.store, err);

    home->house.fetch_hosts = rh_home_setting(home, "fetch_hosts");
    if (rc < 0 || (rc = migrate(home, err)) < 0 ||
        (rc = rh_practice_begin(&home->practice, &home->house, err)) < 0 ||
        (rc = rh_plugins_migrate(home->plugins, &home->house, err)) < 0)
        return rc;
    for (size_t m = 0; m < home->module_count; m++)
        if (rh_call_run(&home->house, &home->modules[m], "start", RH_TASK_WRITE, call_start,
                        (void *)(uintptr_t)home->modules[m].plugin, err) < 0)
            return rh_err_wrap(err, "Modul '%s'", "module '%s'", home->modules[m].plugin->name);
    return rh_plugins_start(home->plugins, &home->house, err);
}

/* An empty store in a folder that nobody else can look into. */
int32_t rh_home_open_aside(struct rh_home *home, struct rh_err *err)
{
    const char *place = getenv("TMPDIR");
    char path[sizeof(home->aside) + 16];
    struct rh_store_options options = {.path = path, .readers = 1};
    int32_t rc;

    snprintf(home->aside, sizeof(home->aside), "%s/reihum-XXXXXX",
             place && *place ? place : "/tmp");
    if (!mkdtemp(home->aside)) {
        home->aside[0] = '\0';
        return rh_err_set(err, RH_EFAILED, "im Ordner '%s' lässt sich nichts ablegen (%s)",
                          "nothing can be put into the folder '%s' (%s)",
                          place && *place ? place : "/tmp", strerror(errno));
    }
    snprintf(path, sizeof(path), "%s/empty.db", home->aside);
    home->house.plugins = home->plugins;
    rc = rh_store_open(&options, &home->house.store, err);
    return rc < 0 ? rc : migrate(home, err);
}

static void remove_aside(const struct rh_home *home)
{
    static const char *const names[] = {"empty.db", "empty.db-wal", "empty.db-shm",
                                        "empty.db.lock"};
    char path[sizeof(home->aside) + 16];

    for (size_t i = 0; home->aside[0] && i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", home->aside, names[i]);
        (void)unlink(path); /* not all of them need be there */
    }
    if (home->aside[0])
        (void)rmdir(home->aside); /* at worst an empty folder stays */
}

struct rh_home *rh_home_close(struct rh_home *home)
{
    if (!home)
        return NULL;
    if (home->plugins && home->house.store)
        rh_plugins_stop(home->plugins);
    rh_store_close(home->house.store);
    remove_aside(home);
    home->house.calendars = rh_kept_calendars_free(home->house.calendars);
    home->house.mail = rh_mail_desk_free(home->house.mail);
    rh_plugins_free(home->plugins);
    rh_registry_free(home->house.registry);
    for (size_t m = 0; m < home->module_count; m++)
        rh_config_values_fini(&home->values[m]);
    rh_config_values_fini(&home->server);
    rh_config_free(home->config);
    return rh_free(home);
}
