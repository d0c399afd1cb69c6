#include "core/operation/answered.h"

#include "core/store/hash.h"

#include <string.h>

int32_t rh_answered_fingerprint(const struct rh_operation_entry *op, const struct rh_value *values,
                                int32_t as_of, const char *key, struct rh_arena *arena,
                                const char **ret_fingerprint, struct rh_err *err)
{
    struct rh_hash hash;
    char *text;

    if (!key[0] || strlen(key) > RH_ANSWERED_KEY_MAX)
        return rh_err_set(err, RH_EUSAGE, "ein Idempotency-Key hat 1 bis %d Zeichen",
                          "an Idempotency-Key has 1 to %d characters", RH_ANSWERED_KEY_MAX);
    text = rh_arena_alloc(arena, RH_HASH_TEXT);
    if (!text)
        return rh_err_nomem(err);
    rh_hash_begin(&hash);
    rh_hash_add_text(&hash, op->op.name);
    rh_hash_add(&hash, &as_of, sizeof(as_of));
    for (int32_t i = 0; i < op->param_count; i++) {
        if (!values[i].given)
            continue;
        rh_hash_add_text(&hash, op->params[i].name);
        rh_hash_add_text(&hash, values[i].text);
        rh_hash_add(&hash, &values[i].size, sizeof(values[i].size));
        rh_hash_add(&hash, values[i].bytes, values[i].size);
    }
    rh_hash_end(&hash, text);
    *ret_fingerprint = text;
    return 0;
}

int32_t rh_answered_find(struct rh_db *db, const char *actor, const char *key,
                         const char *fingerprint, int32_t *ret_code, struct rh_str *answer,
                         struct rh_err *err)
{
    struct rh_stmt *stmt;
    int32_t rc = rh_db_query(db, NULL, &stmt, err,
                             "SELECT fingerprint, code, answer FROM request "
                             "WHERE actor = ?1 AND key = ?2",
                             "ss", actor, key);

    if (rc < 0)
        return rc;
    rc = rh_stmt_next(stmt, err);
    if (rc == 1 && strcmp(rh_stmt_text(stmt, 0), fingerprint) != 0) {
        rc = rh_err_set(err, RH_ECONFLICT,
                        "der Idempotency-Key '%s' gehört schon zu einer anderen Anfrage",
                        "the Idempotency-Key '%s' belongs to another request already", key);
    } else if (rc == 1) {
        *ret_code = (int32_t)rh_stmt_int(stmt, 1);
        rh_str_reset(answer);
        rh_str_add(answer, rh_stmt_text(stmt, 2));
        if (rh_str_check(answer, err) < 0)
            rc = RH_ENOMEM;
    }
    rh_stmt_close(stmt);
    return rc;
}

int32_t rh_answered_keep(struct rh_db *db, const char *actor, const char *key,
                         const char *operation, const char *fingerprint, int32_t code,
                         const struct rh_str *answer, int64_t now_utc, struct rh_err *err)
{
    int64_t rc = rh_db_exec(db, NULL, err, "DELETE FROM request WHERE at_utc < ?1", "i",
                            now_utc - RH_ANSWERED_KEPT_FOR);

    if (rc >= 0)
        rc = rh_db_exec(db, NULL, err,
                        "INSERT INTO request(actor, key, operation, fingerprint, code, answer, "
                        "at_utc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                        "ssssisi", actor, key, operation, fingerprint, (int64_t)code, answer->data,
                        now_utc);
    return rc < 0 ? (int32_t)rc : 0;
}
