/* describe_internal.h - what the describing files share: words about parameters, nouns and verbs.
 */
#ifndef CORE_OPERATION_DESCRIBE_INTERNAL_H
#define CORE_OPERATION_DESCRIBE_INTERNAL_H

#include "core/operation/describe.h"

const char *rh_in_lang(struct rh_text text, enum rh_lang lang); /* never NULL */
/* "ZAHL", "JJJJ-MM", "a|b": what stands behind --name; "" for a flag. */
const char *rh_param_value_word(const struct rh_param *param, enum rh_lang lang);
/* --csv is the one option whose value only counts behind a '=': `--csv` alone is enough. */
bool rh_option_value_is_attached(const struct rh_param *param);

/* A blank at which no line may end, in what the functions below write. */
#define RH_NO_BREAK '\x1f'

/* "--region LVR|LWL", "--csv[=rfc4180|excel]", "--never" */
void rh_put_option(struct rh_str *out, const struct rh_param *param, enum rh_lang lang);
/* "reihum round create ROUND --start JJJJ-MM-TT [--years ZAHL]" */
void rh_put_usage(struct rh_str *out, const struct rh_operation_entry *op, enum rh_lang lang);
/* "Dauer in Jahren (1 bis 20, sonst 5)" */
void rh_put_param_help(struct rh_str *out, const struct rh_param *param, enum rh_lang lang);
/* Words in lines of at most `width` columns; the first line begins at `column`, the others at
 * `indent`. Ends with a line break. */
void rh_put_wrapped(struct rh_str *out, const char *text, size_t column, size_t indent,
                    size_t width);

#endif
