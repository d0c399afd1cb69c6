/*
 * config.h - the configuration file: read first, understood later.
 *
 *     server {
 *         listen = 127.0.0.1:8186
 *     }
 *     plugin turnus {
 *         neighbour_km = 25
 *         closed = { 2028-12, 2029-12 }        # a list
 *     }
 *
 * Which plugins there are stands in the file itself (server { plugin_folders }), and which keys
 * they have stands in the plugins. So reading makes only sections, keys and values, each with its
 * line; a section gets its meaning when its module asks for it with rh_config_values() and a table
 * of rh_config_key. What nobody asked for is found at the end with rh_config_finish().
 *
 * From the same table come parsing, defaults, ranges, the nearest right spelling, and the commented
 * example file (example.h).
 *
 * A fault is a sentence that starts with "config/reihum.conf:12: ". All of them are kept
 * (rh_config_fault_at), so that a person can mend the file in one go; the error of a function is
 * the first. One thread at a time.
 *
 * To add a type of value, start at the table in value.c.
 */
#ifndef CORE_CONFIG_CONFIG_H
#define CORE_CONFIG_CONFIG_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "reihum/descriptor.h"

#include <stdbool.h>

#define RH_CONFIG_SIZE_MAX   (1024 * 1024) /* bytes of a file */
#define RH_CONFIG_FAULTS_MAX 50
#define RH_CONFIG_KEYS_MAX   128 /* of a module */

/* Every section of a plugin has this key beside its own; the loader asks for it. */
#define RH_CONFIG_ENABLED "enabled"

struct rh_config;

/* Reads a file; RH_ENOTFOUND when there is none. A fault of grammar refuses the whole file. */
int32_t rh_config_read(const char *path, struct rh_config **ret_config, struct rh_err *err);

/* The same from memory; `name` stands in front of the faults. An empty text is a valid file. */
int32_t rh_config_parse(const char *name, const char *text, size_t length,
                        struct rh_config **ret_config, struct rh_err *err);
struct rh_config *rh_config_free(struct rh_config *config);

/* The same file once more, as it was read, with no section asked for and no fault: to judge or show
 * it without touching the one in use. Any thread. */
int32_t rh_config_again(const struct rh_config *config, struct rh_config **ret_config,
                        struct rh_err *err);
const char *rh_config_name(const struct rh_config *config);

enum rh_config_kind {
    RH_CONFIG_MODULE,   /* office { … } */
    RH_CONFIG_PLUGIN,   /* plugin turnus { … } */
    RH_CONFIG_OWN = 16, /* + i: words[i] NAME { … } of rh_config_parse_own() */
};

/*
 * A file of the same grammar with other sections (process definitions: step kickoff { … }). A
 * section whose word is words[i] has a name and the kind RH_CONFIG_OWN + i; any other is a module.
 * `words` is borrowed as long as the configuration lives.
 */
int32_t rh_config_parse_own(const char *name, const char *text, size_t length,
                            const char *const *words, size_t word_count,
                            struct rh_config **ret_config, struct rh_err *err);

/* The index-th section in the order of the file; false behind the last. Texts are borrowed from the
 * configuration. */
struct rh_config_place {
    enum rh_config_kind kind;
    const char *name;
    int32_t line;
};
bool rh_config_section_at(const struct rh_config *config, size_t index,
                          struct rh_config_place *ret_place);

/* A fault that the reader of a section found: kept with file and line in front, and given to err
 * when that has none yet. Returns RH_EINVALID. */
int32_t rh_config_fault(struct rh_config *config, struct rh_err *err, int32_t line, const char *de,
                        const char *en, ...) RH_PRINTF(4, 6) RH_PRINTF(5, 6);

/* The values of one module, in the order of its table and in the form of struct rh_module:
 *   NULL    not set, and no fallback
 *   TEXT    as written               INT, REAL  a number, C locale
 *   CHOICE  one of the choices       FLAG       "1" or "0"
 *   LIST    elements parted by '\n'  DURATION   seconds
 */
struct rh_config_values {
    char **text;   /* owned; `count` of them */
    int32_t *line; /* owned; where it stands in the file, 0 = the fallback holds */
    size_t count;
    bool enabled; /* plugins: `enabled = no` was not written */
    struct rh_arena arena;
};

/*
 * Reads the section of a module: every key known, every value in its range, every required one
 * there. A section that is missing gives the fallbacks. NULL `config` = an empty file. On error
 * *ret is empty (but can be given to rh_config_values_fini()).
 */
int32_t rh_config_values(struct rh_config *config, enum rh_config_kind kind, const char *name,
                         const struct rh_config_key *keys, size_t count,
                         struct rh_config_values *ret, struct rh_err *err);
void rh_config_values_fini(struct rh_config_values *values);

/* The value of one key by its name, NULL when not set. */
const char *rh_config_value(const struct rh_config_values *values, const struct rh_config_key *keys,
                            const char *name);

/* Leaves a section unjudged: that of a plugin that was refused, whose keys nobody knows. */
void rh_config_excuse(struct rh_config *config, enum rh_config_kind kind, const char *name);

/* `plugin NAME { enabled = no }`: true when the section says so. A fault in the key counts as no
 * word. */
bool rh_config_disabled(const struct rh_config *config, const char *plugin);

/*
 * The first section of this kind that nobody asked for becomes a fault, which names the nearest of
 * those that were; NULL when there is none (left). The loader of plugins asks for theirs and keeps
 * them in its list: a plugin that was taken away does not stop the server.
 */
const char *rh_config_unknown(struct rh_config *config, enum rh_config_kind kind,
                              struct rh_err *err);

/* All sections that nobody asked for, as above: RH_EINVALID with the first, or 0. Faults inside
 * sections were the errors of those who asked for them. */
int32_t rh_config_finish(struct rh_config *config, struct rh_err *err);

size_t rh_config_fault_count(const struct rh_config *config);
int32_t rh_config_fault_line(const struct rh_config *config, size_t index);
const char *rh_config_fault_text(const struct rh_config *config, size_t index, enum rh_lang lang);

/* Is the table itself in order: names, types, choices, ranges, fallbacks that their own check
 * accepts, help in both languages? */
int32_t rh_config_check_keys(const struct rh_config_key *keys, size_t count, struct rh_err *err);

/*
 * One value by its key's rules; what rh_config_values() does for each. The result is appended to
 * `out` in the form above. Sentences continue "key 'x' ".
 */
struct rh_str;
int32_t rh_config_convert(const struct rh_config_key *key, const char *text, struct rh_str *out,
                          struct rh_err *err);

/* "90s", "5m", "2h", "7d", "4w", "0" -> seconds. */
bool rh_duration_parse(const char *text, int64_t *ret_seconds);

#endif
