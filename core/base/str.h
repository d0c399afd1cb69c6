/*
 * str.h - a growing string that always has a maximum.
 *
 * `data` is never NULL and always NUL-terminated, `length` does not count the NUL. A string that
 * would exceed its maximum, or for which there is no memory, keeps what it had and becomes
 * `failed`; further appends do nothing. So a caller appends freely and asks once, at the end, with
 * rh_str_check().
 */
#ifndef CORE_BASE_STR_H
#define CORE_BASE_STR_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct rh_str {
    char *data;    /* owned once capacity > 0 */
    size_t length; /* bytes */
    size_t capacity;
    size_t maximum; /* bytes, without the NUL */
    bool failed;
};

extern char rh_str_empty[1];

#define RH_STR_INIT(maximum_)                                                                      \
    {                                                                                              \
        .data = rh_str_empty, .maximum = (maximum_)                                                \
    }

/* Releases itself at the end of the block: rh_auto_str(text, 64 * 1024); */
#define rh_auto_str(name, maximum_)                                                                \
    __attribute__((cleanup(rh_str_fini))) struct rh_str name = RH_STR_INIT(maximum_)

void rh_str_init(struct rh_str *s, size_t maximum);
void rh_str_fini(struct rh_str *s);
void rh_str_reset(struct rh_str *s); /* empty again, keeps its memory, clears `failed` */

void rh_str_add(struct rh_str *s, const char *text);
void rh_str_add_n(struct rh_str *s, const char *bytes, size_t count);
void rh_str_add_char(struct rh_str *s, char c);
void rh_str_printf(struct rh_str *s, const char *format, ...) RH_PRINTF(2, 3);

/* 0, or RH_ENOMEM / RH_ETOOLARGE with a sentence. */
int32_t rh_str_check(const struct rh_str *s, struct rh_err *err);

/* Hands the bytes over (owned by the caller, freed with rh_free()); the string is empty again. NULL
 * only without memory. */
char *rh_str_take(struct rh_str *s);

#endif
