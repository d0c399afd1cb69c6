/*
 * world.h - a whole house in a folder of its own, with a clock that stands still, and operations
 * asked of it as a program would.
 *
 * The working folder is the source tree (CMake says so), so files are named as people name them:
 * "config/nrw/offices.csv".
 */
#ifndef TESTS_INTEGRATION_WORLD_H
#define TESTS_INTEGRATION_WORLD_H

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/calendar/date.h"
#include "core/cli/local.h"
#include "core/server/house.h"
#include "core/server/server.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
    char folder[64], config[96], db[96];
    int64_t now;   /* seconds since 1970, UTC */
    int64_t ms;    /* of the clock that measures; stands still unless … */
    int64_t drift; /* … each look at it takes so many milliseconds */
    struct rh_clock clock;
    struct rh_home *home;
    enum rh_lang lang; /* of the next question */
    const char *as_of;
    int32_t (*progress)(void *context, int64_t done, int64_t total, const char *what);
    /* the last answer */
    struct rh_invocation *invocation;
    json_t *answer; /* NULL when it was refused */
    int32_t code;
    struct rh_err err;
};

static inline int64_t world_now(void *context)
{
    return ((struct world *)context)->now;
}

static inline int64_t world_ms(void *context)
{
    struct world *w = context;

    return w->ms += w->drift;
}

static inline void world_write(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* The whole file, terminated; free it. */
static inline char *world_read(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    size_t room = 4 * 1024 * 1024;
    char *bytes = malloc(room);

    if (!file)
        fail_msg("cannot open %s", path);
    *ret_size = fread(bytes, 1, room - 1, file);
    bytes[*ret_size] = '\0';
    fclose(file);
    return bytes;
}

/* A folder of plugins beside the shipped ones; NULL: none. */
static const char *world_plugins;

/* More of the section `server`; NULL: nothing. */
static const char *world_server;

/* `config` is what stands in the configuration beside the folder of plugins; may be "". */
static inline struct world *world_described(const char *config)
{
    static const struct rh_plugin *const modules[] = {&rh_server_module, &rh_cli_module, NULL};
    const char *build = getenv("RH_BUILD");
    struct world *w = calloc(1, sizeof(*w));
    struct rh_home_options options = {.modules = modules};
    char text[4096];

    assert_non_null(w);
    assert_non_null(build);
    snprintf(w->folder, sizeof(w->folder), "/tmp/rh-world-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->config, sizeof(w->config), "%s/reihum.conf", w->folder);
    snprintf(w->db, sizeof(w->db), "%s/reihum.db", w->folder);
    snprintf(text, sizeof(text), "server { plugin_folders = { \"%s/plugins\"%s%s%s } %s }\n%s\n",
             build, world_plugins ? ", \"" : "", world_plugins ? world_plugins : "",
             world_plugins ? "\"" : "", world_server ? world_server : "", config);
    world_write(w->config, text, strlen(text));
    w->now = INT64_C(1795348800); /* Sunday, 22 November 2026, 12:00 UTC */
    w->clock = (struct rh_clock){world_now, world_ms, w};
    options.config = w->config;
    options.db = w->db;
    options.clock = &w->clock;
    if (rh_home_describe(&options, &w->home, &w->err) < 0)
        fail_msg("%s", w->err.text[RH_EN]);
    return w;
}

static inline void world_copy(const char *from, const char *to)
{
    size_t size;
    char *bytes = world_read(from, &size);

    world_write(to, bytes, size);
    free(bytes);
}

static inline void world_close(struct world *w);

/* Closes the world and leaves its database in a file of its own, so that others can begin with a
 * copy. */
static inline void world_keep(struct world *w, char made[64])
{
    int file;

    json_decref(w->answer);
    w->answer = NULL;
    w->invocation = rh_invocation_free(w->invocation);
    w->home = rh_home_close(w->home);
    snprintf(made, 64, "/tmp/rh-made-XXXXXX");
    file = mkstemp(made);
    assert_true(file >= 0);
    close(file);
    world_copy(w->db, made);
    world_close(w);
}

/* Opens the house on a database that is there already (world_copy()) or new. */
static inline void world_begin(struct world *w)
{
    if (rh_home_open(w->home, NULL, NULL, &w->err) < 0)
        fail_msg("%s", w->err.text[RH_EN]);
}

/* A world with a copy of the database that world_keep() left. */
static inline struct world *world_from(const char *made, const char *config)
{
    struct world *w = world_described(config);

    world_copy(made, w->db);
    world_begin(w);
    return w;
}

static inline struct world *world_open(const char *config)
{
    struct world *w = world_described(config);

    if (rh_home_open(w->home, NULL, NULL, &w->err) < 0)
        fail_msg("%s", w->err.text[RH_EN]);
    return w;
}

static inline int world_remove(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

static inline void world_close(struct world *w)
{
    if (!w)
        return;
    json_decref(w->answer);
    rh_invocation_free(w->invocation);
    rh_home_close(w->home);
    nftw(w->folder, world_remove, 16, FTW_DEPTH | FTW_PHYS);
    free(w);
}

/* A file as a parameter, whatever its name: "@config/nrw/offices.csv" from the disk, "=office,…" as
 * it stands here. */
static inline void world_file(struct rh_argument *argument, char **ret_bytes)
{
    const char *how = argument->value;

    if (*how == '@') {
        *ret_bytes = world_read(how + 1, &argument->size);
        argument->value = strrchr(how, '/') ? strrchr(how, '/') + 1 : how + 1;
    } else {
        *ret_bytes = strdup(how + 1);
        argument->size = strlen(how + 1);
        argument->value = "test.csv";
    }
    argument->bytes = *ret_bytes;
}

/* Names and values in turn, NULL at the end: ask(w, "round show", "round", "2027-2031", NULL). */
static inline int32_t ask(struct world *w, const char *operation, ...)
{
    const struct rh_operation_entry *op = rh_registry_find(w->home->house.registry, operation);
    struct rh_invoke_options options = {
        .lang = w->lang, .actor = "test", .as_of = RH_NO_DAY, .progress = w->progress};
    struct rh_argument arguments[16] = {0};
    char *bytes[16] = {NULL};
    const struct rh_answer *answer;
    size_t count = 0;
    va_list rest;

    if (!op)
        fail_msg("there is no operation '%s'", operation);
    va_start(rest, operation);
    for (const char *name; (name = va_arg(rest, const char *)) && count < 16; count++) {
        arguments[count].name = name;
        arguments[count].value = va_arg(rest, const char *);
        if (*arguments[count].value == '@' || *arguments[count].value == '=')
            world_file(&arguments[count], &bytes[count]);
    }
    va_end(rest);
    if (w->as_of)
        assert_int_equal(rh_day_read(w->as_of, &options.as_of, NULL), 0);
    rh_invocation_free(w->invocation);
    json_decref(w->answer);
    w->answer = NULL;
    w->invocation = rh_invoke_wait(&w->home->house, op, arguments, count, &options, &answer);
    assert_non_null(w->invocation);
    for (size_t i = 0; i < count; i++)
        free(bytes[i]);
    w->code = answer->code;
    w->err = answer->err;
    if (answer->code >= 0 &&
        rh_json_parse(answer->json, answer->json_length, 64u << 20, &w->answer, &w->err) < 0)
        fail_msg("%s: %s", operation, w->err.text[RH_EN]);
    return w->code;
}

/* The same, and it has to be done. */
#define must(w, ...)                                                                               \
    do {                                                                                           \
        if (ask((w), __VA_ARGS__, NULL) < 0)                                                       \
            fail_msg("%s", (w)->err.text[RH_EN]);                                                  \
    } while (0)

/* The same, and it has to be refused with this code and these words in German and in English. */
#define refused(w, code_, de_, en_, ...)                                                           \
    do {                                                                                           \
        assert_int_equal(ask((w), __VA_ARGS__, NULL), (code_));                                    \
        assert_says((w)->err.text[RH_DE], (de_));                                                  \
        assert_says((w)->err.text[RH_EN], (en_));                                                  \
    } while (0)

#define assert_says(text_, part_)                                                                  \
    do {                                                                                           \
        if (!strstr((text_), (part_)))                                                             \
            fail_msg("'%s' does not say '%s'", (text_), (part_));                                  \
    } while (0)

static inline int64_t number(const struct world *w, const char *key)
{
    const json_t *value = json_object_get(w->answer, key);

    if (!json_is_integer(value))
        fail_msg("no number '%s' in the answer", key);
    return json_integer_value(value);
}

static inline const char *text_of(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    return value ? value : "";
}

static inline const char *text(const struct world *w, const char *key)
{
    return text_of(w->answer, key);
}

static inline const json_t *items(const struct world *w)
{
    const json_t *list = json_object_get(w->answer, "items");

    assert_true(json_is_array(list));
    return list;
}

static inline size_t item_count(const struct world *w)
{
    return json_array_size(items(w));
}

/* The item whose `key` is `value`; NULL when there is none. */
static inline const json_t *find_in(const json_t *list, const char *key, const char *value)
{
    json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        if (strcmp(text_of(item, key), value) == 0)
            return item;
    }
    return NULL;
}

static inline const json_t *item(const struct world *w, const char *key, const char *value)
{
    const json_t *found = find_in(items(w), key, value);

    if (!found)
        fail_msg("no item with %s '%s'", key, value);
    return found;
}

/* Does one of the messages say that? */
static inline int says(const struct world *w, const char *part)
{
    json_t *message;
    size_t i;

    json_array_foreach(json_object_get(w->answer, "messages"), i, message)
    {
        if (strstr(json_string_value(message), part))
            return 1;
    }
    return 0;
}

#endif
