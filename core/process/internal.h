/*
 * internal.h - what the files of this room share. Not for others.
 */
#ifndef CORE_PROCESS_INTERNAL_H
#define CORE_PROCESS_INTERNAL_H

#include "core/base/arena.h"
#include "core/process/state.h"

#define PROCESS_MEMORY_MAX (32u * 1024 * 1024)

/* The public definition and its memory in one. */
struct process_definition {
    struct rh_process_definition is; /* first, so that one can be had from the other */
    struct rh_arena arena;
};

/* Takes the last event off again, as if it had never been kept. Needs no memory. */
void process_drop_last(struct rh_process_state *state);

void process_hash(const char *bytes, size_t length, char text[RH_PROCESS_HASH_SIZE]);

/* The name and title of what an offset begins at. */
const char *process_base_name(const struct rh_process_definition *definition, int32_t base);
struct rh_text process_base_title(const struct rh_process_definition *definition, int32_t base);

/* "10 Arbeitstage", "1 working day" - without its direction. */
void process_count_words(int32_t count, enum rh_process_unit unit, enum rh_lang lang,
                         struct rh_str *out);

#endif
