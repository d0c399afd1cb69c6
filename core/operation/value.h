/*
 * value.h - parameters: from the text that a person or a program sent to checked values.
 *
 * One place for the command line, the JSON interface, forms and defaults, so that "27.5.2027" and
 * "2027-05-27" are the same day everywhere. An empty text is the same as not giving the parameter:
 * that is how forms send fields nobody filled in. Pure.
 */
#ifndef CORE_OPERATION_VALUE_H
#define CORE_OPERATION_VALUE_H

#include "core/base/arena.h"
#include "core/operation/invoke.h"

#define RH_VALUE_TEXT_MAX  20000                      /* characters of a TEXT */
#define RH_VALUE_FILE_MAX  ((size_t)32 * 1024 * 1024) /* bytes of a FILE */
#define RH_VALUE_COUNT_MAX 64                         /* parameters of an operation */

struct rh_value {
    bool given;       /* by the caller, not by default */
    const char *text; /* TEXT and CHOICE; FILE: its name; else as written; NULL = no value */
    int64_t number;   /* INT; FLAG 0 or 1; DAY and MONTH, or RH_NO_DAY, RH_NO_MONTH */
    double real;      /* REAL; INT too */
    const char *bytes;
    size_t size;
};

/* What a parameter is without any text. */
struct rh_value rh_value_none(const struct rh_param *param);

/* Reads one value. `text` in the result is in the arena or, for a choice, in the parameter's table.
 */
int32_t rh_value_parse(const struct rh_param *param, const char *text, struct rh_arena *arena,
                       struct rh_value *ret_value, struct rh_err *err);

/* Fills values[op->param_count]; copies what it needs into the arena. RH_EUSAGE with the nearest
 * spelling for a name that does not exist. */
int32_t rh_values_parse(const struct rh_operation_entry *op, const struct rh_argument *arguments,
                        size_t count, struct rh_arena *arena, struct rh_value *values,
                        struct rh_err *err);

/* Is `word` one of "a|b|c"? Returns where it stands there, or NULL; with its length. */
const char *rh_choice_find(const char *choices, const char *word, size_t length);
/* Calls `each` for every choice. */
void rh_choice_each(const char *choices,
                    void (*each)(void *context, const char *word, size_t length), void *context);

#endif
