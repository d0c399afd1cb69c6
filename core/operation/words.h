/*
 * words.h - what people read where an answer has a code.
 *
 * Answers carry codes ("draft"), for programs and spreadsheets. Beside each code that an operation
 * declares words for ("state=draft"), rh_words_add() puts them as "state_words"; an answer may
 * also bring a "…_words" of its own, where the words are data (size classes are configuration).
 * Tables on a terminal and pages show the words; JSON and CSV are written before and keep the code.
 */
#ifndef CORE_OPERATION_WORDS_H
#define CORE_OPERATION_WORDS_H

#include "core/base/json.h"
#include "core/operation/registry.h"

/* What people read for `code` in a member called `name`; NULL when no words are declared. */
const char *rh_words_find(const struct rh_operation_entry *op, const char *name, const char *code,
                          size_t code_length, enum rh_lang lang);

/* Fields of the answer and rows of all its lists. RH_ENOMEM or 0. */
int32_t rh_words_add(const struct rh_operation_entry *op, json_t *answer, enum rh_lang lang,
                     struct rh_err *err);

/* The member `name` as people read it: its words, else itself. Borrowed; NULL when there is none.
 */
const json_t *rh_words_of(const json_t *object, const char *name);

/* Is this member the words of another one? Then it is shown in the other's place. */
bool rh_words_is(const json_t *object, const char *name);

#endif
