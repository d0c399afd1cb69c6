/*
 * answered.h - requests with an idempotency key, and what they were answered.
 *
 * A client that does not know whether its request arrived sends it again with the same key. The
 * answer is a row written in the transaction of the change itself, so both exist or neither. Rows
 * are kept for a week; keys belong to their actor.
 */
#ifndef CORE_OPERATION_ANSWERED_H
#define CORE_OPERATION_ANSWERED_H

#include "core/operation/value.h"
#include "core/store/db.h"

#define RH_ANSWERED_KEY_MAX  200             /* bytes */
#define RH_ANSWERED_KEPT_FOR INT64_C(604800) /* seconds: a week */

/* What makes a request the same: operation, parameters (files by their contents), day. In the
 * arena. RH_EUSAGE for a key that is none. */
int32_t rh_answered_fingerprint(const struct rh_operation_entry *op, const struct rh_value *values,
                                int32_t as_of, const char *key, struct rh_arena *arena,
                                const char **ret_fingerprint, struct rh_err *err);

/* 1 with code and answer, 0 when the key is new, RH_ECONFLICT when it was used for something else.
 */
int32_t rh_answered_find(struct rh_db *db, const char *actor, const char *key,
                         const char *fingerprint, int32_t *ret_code, struct rh_str *answer,
                         struct rh_err *err);

int32_t rh_answered_keep(struct rh_db *db, const char *actor, const char *key,
                         const char *operation, const char *fingerprint, int32_t code,
                         const struct rh_str *answer, int64_t now_utc, struct rh_err *err);

#endif
