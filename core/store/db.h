/*
 * db.h - SQL on one connection: prepared statements kept for reuse, values bound by type letters.
 *
 * One thread at a time, only while the task runs that was given the connection. `types`: 's' const
 * char * (NULL = SQL NULL), 'i' int64_t, 'd' double; NULL or "" when there is none. A plugin's
 * statements are compiled under its name (`owner`), which an authorizer (authorizer.h) holds to its
 * own tables and the documented views; owner NULL is the core and may all but steer transactions:
 * those are the store's.
 *
 * Errors: RH_ECONFLICT for a unique or foreign key, RH_EINVALID for a CHECK or NOT NULL,
 * RH_EFORBIDDEN from the authorizer, RH_ECANCELLED after the time limit, RH_EFULL, RH_EDAMAGED.
 */
#ifndef CORE_STORE_DB_H
#define CORE_STORE_DB_H

#include "core/base/error.h"

#include <stdarg.h>
#include <stdbool.h>

struct rh_db;
struct rh_stmt;

int32_t rh_db_query(struct rh_db *db, const char *owner, struct rh_stmt **ret_stmt,
                    struct rh_err *err, const char *sql, const char *types, ...);
int32_t rh_db_vquery(struct rh_db *db, const char *owner, struct rh_stmt **ret_stmt,
                     struct rh_err *err, const char *sql, const char *types, va_list args);
/* 1 a row, 0 the end, < 0 an error */
int32_t rh_stmt_next(struct rh_stmt *stmt, struct rh_err *err);
enum rh_value_type { RH_VALUE_NULL, RH_VALUE_INT, RH_VALUE_REAL, RH_VALUE_TEXT };
enum rh_value_type rh_stmt_type(const struct rh_stmt *stmt, int column); /* of this row's value */
int rh_stmt_columns(const struct rh_stmt *stmt);
const char *rh_stmt_column_name(const struct rh_stmt *stmt, int column);
bool rh_stmt_is_null(const struct rh_stmt *stmt, int column);
int64_t rh_stmt_int(const struct rh_stmt *stmt, int column);
double rh_stmt_real(const struct rh_stmt *stmt, int column);
const char *rh_stmt_text(const struct rh_stmt *stmt,
                         int column); /* until the next step; NULL for SQL NULL */
/* Back to the cache. NULL is fine; returns NULL. What is left open is closed with the task. */
struct rh_stmt *rh_stmt_close(struct rh_stmt *stmt);

/* Changed rows (0 for anything but INSERT, UPDATE, DELETE), or < 0. */
int64_t rh_db_exec(struct rh_db *db, const char *owner, struct rh_err *err, const char *sql,
                   const char *types, ...);
int64_t rh_db_vexec(struct rh_db *db, const char *owner, struct rh_err *err, const char *sql,
                    const char *types, va_list args);
int64_t rh_db_last_id(struct rh_db *db);
bool rh_db_is_writer(const struct rh_db *db);

/* How often something was undone on this connection: grows when rows may be as they were before. */
uint64_t rh_db_undone(const struct rh_db *db);

/* What rh_store_version() was when the snapshot of this task was taken. */
uint64_t rh_db_version(const struct rh_db *db);

/*
 * Nested savepoints for those who must undo a part (a hook, a job) and go on; writer only. Each
 * rh_db_savepoint() is ended by exactly one rh_db_release() (keeps what was written) or
 * rh_db_rollback_to() (undoes it). If SQLite has ended the whole transaction meanwhile, every
 * further call fails, and so does the task.
 */
int32_t rh_db_savepoint(struct rh_db *db, struct rh_err *err);
int32_t rh_db_release(struct rh_db *db, struct rh_err *err);
void rh_db_rollback_to(struct rh_db *db);

#endif
