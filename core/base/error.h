/*
 * error.h - an error with its context, in German and English.
 *
 * The place that finds the fault fills it once (rh_err_set), each layer on the way up adds one
 * phrase in front (rh_err_wrap), and only the outermost layer logs or answers. Both languages are
 * written together, so neither can be forgotten; the reader's language is chosen where the text is
 * shown. The first set wins until rh_err_clear(), because what follows a failure is usually its
 * echo.
 *
 * Sentences start with what failed, quote the subject in '…', name the remedy, and have no full
 * stop at the end. Both formats take the same arguments in the same order; use %1$s where a
 * language needs another order.
 */
#ifndef CORE_BASE_ERROR_H
#define CORE_BASE_ERROR_H

#include "reihum/base.h"

#include <stdarg.h>

enum rh_lang { RH_DE = 0, RH_EN = 1 };

#define RH_ERR_MAX 4096 /* twenty faults of an import fit */

struct rh_err {
    int32_t code;             /* 0 or RH_E… */
    char text[2][RH_ERR_MAX]; /* by enum rh_lang; always terminated, cut between characters when too
                                 long */
};

/* Returns `code`, so that `return rh_err_set(…)` reads well. err may be NULL. */
int32_t rh_err_set(struct rh_err *err, int32_t code, const char *de, const char *en, ...)
    RH_PRINTF(3, 5) RH_PRINTF(4, 5);
int32_t rh_err_vset(struct rh_err *err, int32_t code, const char *de, const char *en, va_list args);

/* Puts "phrase: " in front. Returns err's code, or RH_EFAILED when err is NULL or holds none. */
int32_t rh_err_wrap(struct rh_err *err, const char *de, const char *en, ...) RH_PRINTF(2, 4)
    RH_PRINTF(3, 4);
int32_t rh_err_vwrap(struct rh_err *err, const char *de, const char *en, va_list args);

void rh_err_clear(struct rh_err *err);

/* "no memory" as an error; returns RH_ENOMEM. */
int32_t rh_err_nomem(struct rh_err *err);

/* What the code means outside: its name ("INVALID"), HTTP status (422) and exit status (4). */
const char *rh_err_name(int32_t code);
int32_t rh_err_by_name(const char *name); /* RH_EFAILED for a name that is none of ours */
int rh_err_http_status(int32_t code);
int rh_err_exit_status(int32_t code);

/*
 * Tells the compiler what the sentences above tell the reader: an error is negative. Without it,
 * `rc < 0 ? rc : use(value)` looks as if value could be used after an error, and -O2 builds warn
 * about it. `code` is evaluated twice; it is a constant or a variable.
 */
#define rh_err_set(err, code, ...) rh_err_is_((rh_err_set)((err), (code), __VA_ARGS__), (code))
#define rh_err_wrap(err, ...)      rh_err_negative_((rh_err_wrap)((err), __VA_ARGS__))
#define rh_err_nomem(err)          rh_err_is_((rh_err_nomem)(err), RH_ENOMEM)

static inline int32_t rh_err_is_(int32_t returned, int32_t code)
{
    (void)returned;
    return code;
}

static inline int32_t rh_err_negative_(int32_t code)
{
    return code < 0 ? code : RH_EFAILED;
}

#endif
