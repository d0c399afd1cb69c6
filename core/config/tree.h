/*
 * tree.h - what the file says, before anybody knows what it means. Inside this room only.
 *
 * All memory is in the arena of the configuration. Lists are in the order of the file.
 */
#ifndef CORE_CONFIG_TREE_H
#define CORE_CONFIG_TREE_H

#include "core/config/config.h"

struct config_value {
    const char *text;
    int32_t line;
    struct config_value *next;
};

struct config_item {
    const char *key;
    int32_t line;
    bool is_list; /* stood in braces */
    struct config_value *values;
    size_t count;
    struct config_item *next;
};

struct config_section {
    enum rh_config_kind kind;
    const char *name;
    int32_t line;
    bool claimed; /* its module asked for it */
    struct config_item *items;
    struct config_section *next;
};

struct config_fault {
    int32_t line;
    const char *text[2];
};

/* Whoever asked for a section, so that a misspelt one can be told the nearest. */
struct config_asked {
    enum rh_config_kind kind;
    const char *name;
};
#define RH_CONFIG_ASKED_MAX 256

struct rh_config {
    struct rh_arena arena;
    const char *name;
    const char *text; /* the whole file */
    size_t length;
    struct config_section *sections;
    struct config_fault faults[RH_CONFIG_FAULTS_MAX];
    size_t fault_count; /* of those kept */
    struct config_asked asked[RH_CONFIG_ASKED_MAX];
    size_t asked_count;
    bool readable_by_others;
    const char *const *words; /* borrowed; sections of the reader's own that have a name */
    size_t word_count;
};

struct config_section *rh_config_section(const struct rh_config *config, enum rh_config_kind kind,
                                         const char *name);

/* Puts file and line in front of the sentence, keeps it, and gives it to err when that has none
 * yet. Returns the fault's code. */
int32_t rh_config_keep_fault(struct rh_config *config, struct rh_err *err, int32_t line,
                             struct rh_err *fault);

/* ja, nein, yes, no, on, off, true, false, 1, 0; false when it is none of them. */
bool rh_config_flag(const char *text, bool *ret_value);

/* Fills config->sections. */
int32_t rh_config_parse_text(struct rh_config *config, const char *text, size_t length,
                             struct rh_err *err);

#endif
