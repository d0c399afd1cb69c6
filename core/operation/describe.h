/*
 * describe.h - what the operations say about themselves: --help, man page, completion, OpenAPI. All
 * from the registry.
 */
#ifndef CORE_OPERATION_DESCRIBE_H
#define CORE_OPERATION_DESCRIBE_H

#include "core/base/str.h"
#include "core/operation/registry.h"

void rh_describe_overview(const struct rh_registry *registry, enum rh_lang lang,
                          struct rh_str *out); /* reihum --help */
void rh_describe_noun(const struct rh_registry *registry, const char *noun, enum rh_lang lang,
                      struct rh_str *out);
/* "Aufruf: reihum round create ROUND --start JJJJ-MM-TT [--years ZAHL]", in lines */
void rh_describe_usage(const struct rh_operation_entry *op, enum rh_lang lang, struct rh_str *out);
void rh_describe_operation(const struct rh_operation_entry *op, enum rh_lang lang,
                           struct rh_str *out);
void rh_describe_man(const struct rh_registry *registry, enum rh_lang lang,
                     struct rh_str *out); /* roff */
void rh_describe_bash(const struct rh_registry *registry, struct rh_str *out);
void rh_describe_zsh(const struct rh_registry *registry, struct rh_str *out);
void rh_describe_fish(const struct rh_registry *registry, struct rh_str *out);
void rh_describe_openapi(const struct rh_registry *registry, enum rh_lang lang,
                         struct rh_str *out); /* 3.1, JSON */

/*
 * Options that every command has beside its own: one table for the command line and for all of the
 * above. --csv takes an optional form (--csv=excel).
 */
extern const struct rh_param rh_common_options[];
extern const int32_t rh_common_option_count;

#endif
