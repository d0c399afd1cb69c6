/*
 * base.h - the few types that every other header of the SDK needs.
 *
 * All integers that cross the border between the server and a plugin have a fixed width; no enum,
 * bool, time_t or off_t stands in a structure of the interface. Structures grow at their end only,
 * and say their size first.
 */
#ifndef REIHUM_BASE_H
#define REIHUM_BASE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define RH_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define RH_EXPORT             __attribute__((visibility("default")))
#define RH_CHECK_RESULT       __attribute__((warn_unused_result))
#else
#define RH_PRINTF(fmt, first)
#define RH_EXPORT
#define RH_CHECK_RESULT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What can go wrong: one table for the code, its name, the HTTP status and the exit status of the
 * command line. A function that can fail returns 0 (or a count) or one of these, negative. Append
 * only.
 */
#define RH_ERRORS(X)                                                                               \
    /* name      code  http exit */                                                                \
    X(FAILED, -1, 500, 1)      /* something of ours or of the machine broke */                     \
    X(NOMEM, -2, 503, 1)       /* no memory, or a mandatory maximum was reached */                 \
    X(USAGE, -3, 400, 2)       /* wrong command line or call: unknown option, missing parameter */ \
    X(NOTFOUND, -4, 404, 3)    /* the thing named does not exist */                                \
    X(INVALID, -5, 422, 4)     /* the input is understood but not valid */                         \
    X(CONFLICT, -6, 409, 5)    /* stale, or contradicts what is there */                           \
    X(FORBIDDEN, -7, 403, 6)   /* the caller may not */                                            \
    X(UNREACHABLE, -8, 503, 7) /* the owner of the database file does not answer */                \
    X(PARTIAL, -9, 207, 8)     /* partly done, the answer says what was not */                     \
    X(CANCELLED, -10, 409, 5)  /* a person or a deadline stopped it */                             \
    X(TOOLARGE, -11, 413, 4)   /* the input exceeds a stated maximum */                            \
    X(BUSY, -12, 503, 1)       /* a resource is taken: port, lock, queue; trying again may help */ \
    X(FULL, -13, 507, 1)       /* the disk is full */                                              \
    X(DAMAGED, -14, 500, 1)    /* the database file is damaged or not ours */                      \
    X(PRECONDITION, -15, 412, 5) /* If-Match does not hold any more */

#define RH_ERROR_CODE_(name, code, http, exit_status) RH_E##name = (code),
enum { RH_OK = 0, RH_ERRORS(RH_ERROR_CODE_) RH_ERROR_END_ = -16 };
#undef RH_ERROR_CODE_

/* A text in both languages of the house. Both are always there; which one is read is decided where
 * it is shown. */
struct rh_text {
    const char *de;
    const char *en;
};

#ifdef __cplusplus
#define RH_TEXT(de_, en_)                                                                          \
    rh_text                                                                                        \
    {                                                                                              \
        de_, en_                                                                                   \
    }
#else
#define RH_TEXT(de_, en_) ((struct rh_text){.de = (de_), .en = (en_)})
#endif

/*
 * Days are counted from 1970-01-01 (day 0), months as year * 12 + (month - 1). Both are local
 * calendar units without a zone. RH_NO_DAY and RH_NO_MONTH stand for "not set".
 */
#define RH_NO_DAY   INT32_MIN
#define RH_NO_MONTH INT32_MIN

#ifdef __cplusplus
}
#endif
#endif
