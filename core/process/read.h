/*
 * read.h - what the files that read a definition share. Inside this room only.
 *
 * Every fault is kept with its line and the reading goes on, so that a person mends a file in one
 * go.
 */
#ifndef CORE_PROCESS_READ_H
#define CORE_PROCESS_READ_H

#include "core/config/config.h"
#include "core/process/internal.h"

/* A definition while it is read: where everything stands, for the sentences. */
struct process_reading {
    struct rh_config *config;
    struct rh_err *err;
    struct rh_process_definition *definition;
    struct rh_arena *arena;
    int32_t step_line[RH_PROCESS_STEPS_MAX];
    int32_t due_line[RH_PROCESS_STEPS_MAX], open_line[RH_PROCESS_STEPS_MAX];
    int32_t needs_line[RH_PROCESS_STEPS_MAX];
    int32_t date_line[RH_PROCESS_DATES_MAX], expected_line[RH_PROCESS_DATES_MAX];
    int32_t rc; /* the first fault's code */
};

#define process_fault(r, line, ...)                                                                \
    reading_keep((r), rh_config_fault((r)->config, (r)->err, (line), __VA_ARGS__))

void reading_keep(struct process_reading *r, int32_t rc); /* the first that is negative */
const char *reading_copy(struct process_reading *r, const char *text);
void *reading_array(struct process_reading *r, size_t count, size_t size);

#define WORDS_MAX 8
struct words {
    char text[200];
    const char *word[WORDS_MAX];
    size_t count; /* WORDS_MAX + 1: more, or too long */
};

void read_words(const char *text, struct words *words);        /* parted by blanks */
bool read_count(const char *text, int32_t most, int32_t *ret); /* without a sign */
bool read_unit(const char *text, enum rh_process_unit *ret);   /* "workdays" and "workday" */
bool read_name_ok(const char *name);

/* The next element of a list value, cut off in place; NULL behind the last. */
char *read_element(char **at);

/* These keep a fault when the value is none; outputs are then untouched. */
enum rh_process_role read_role(struct process_reading *r, int32_t line, const char *key,
                               const char *word);
int32_t read_time_of(struct process_reading *r, const struct rh_config_values *values, size_t key,
                     const char *name); /* minutes from midnight, or -1 */
void read_offset(struct process_reading *r, const struct rh_config_values *values, size_t key,
                 const char *name, struct rh_process_offset *ret);
bool read_effort(struct process_reading *r, const char *text, int32_t line,
                 struct rh_process_effort *ret);
void read_quiet(struct process_reading *r, const char *text, int32_t line);
void read_unknown_base(struct process_reading *r, int32_t line, const char *key, const char *word,
                       bool steps_only);

/* read_chain.c: the section in `line`, whose list `rules` is cut up */
void read_chain(struct process_reading *r, size_t index, int32_t line, char *rules,
                int32_t rules_line);

/* check.c: what only shows when all names are known: cycles, a deadline before its base. */
void process_check(struct process_reading *reading);

#endif
