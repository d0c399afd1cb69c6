/* describe_internal.h - what the describing files share: words about parameters, nouns and verbs.
 */
#ifndef CORE_OPERATION_DESCRIBE_INTERNAL_H
#define CORE_OPERATION_DESCRIBE_INTERNAL_H

#include "core/operation/describe.h"

const char *rh_in_lang(struct rh_text text, enum rh_lang lang); /* never NULL */
/* "ZAHL", "JJJJ-MM", "a|b": what stands behind --name; "" for a flag. */
const char *rh_param_value_word(const struct rh_param *param, enum rh_lang lang);
/* The length of all words but the last: "turnus rule" of "turnus rule import". */
size_t rh_noun_length(const char *operation);

#endif
