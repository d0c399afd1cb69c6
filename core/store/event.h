/*
 * event.h - what happened, as rows that are never changed.
 *
 * An event is written in the transaction of the change itself, so one exists exactly when the
 * other does. It is the memory of the house (who, when, from what to what) and the feed from which
 * a plugin that was suspended catches up. Triggers in the schema refuse to change, delete or
 * replace one, whoever asks. Writing is for the writer; reading works on any connection.
 */
#ifndef CORE_STORE_EVENT_H
#define CORE_STORE_EVENT_H

#include "core/store/db.h"

struct rh_event_row {
    int64_t seq;           /* given by rh_event_add() */
    int64_t at_utc;        /* seconds since 1970 */
    const char *module;    /* who recorded it: "office", "turnus" */
    const char *operation; /* in the course of what: "turnus publish" */
    const char *actor;     /* on whose behalf: "cli:uid=1000" */
    const char *topic;     /* "round.published" */
    const char *subject;   /* "2027-2031" */
    const char *before;    /* JSON objects; NULL: there was, or is, nothing */
    const char *after;
};

/* Its number, or RH_EINVALID when `before` or `after` is not a JSON object. */
int64_t rh_event_add(struct rh_db *db, const struct rh_event_row *event, struct rh_err *err);

/* The events after number `seq`, in order; read with rh_event_next(), end with rh_stmt_close(). */
int32_t rh_event_after(struct rh_db *db, int64_t seq, struct rh_stmt **ret_stmt,
                       struct rh_err *err);
/* 1 an event, 0 the end, < 0 an error. Its texts live until the next call. */
int32_t rh_event_next(struct rh_stmt *stmt, struct rh_event_row *ret_event, struct rh_err *err);

#endif
