/*
 * example.h - the commented example file, written from the same tables that the reader uses.
 *
 * Every key stands there with its help, its type and range, and its default, commented out: the
 * file as it is changes nothing. Taking the '# ' away before a key is all that a person has to do.
 */
#ifndef CORE_CONFIG_EXAMPLE_H
#define CORE_CONFIG_EXAMPLE_H

#include "core/base/str.h"
#include "core/config/config.h"

/* One section. */
struct rh_config_table {
    enum rh_config_kind kind;
    const char *name;
    struct rh_text title;
    const struct rh_config_key *keys;
    size_t count;
};

void rh_config_example(const struct rh_config_table *tables, size_t count, enum rh_lang lang,
                       struct rh_str *out);

/* A value as it stands in the file: bare when it can, in quotes when it must; LIST in braces. */
void rh_config_write_value(const struct rh_config_key *key, const char *text, const char *indent,
                           struct rh_str *out);

#endif
