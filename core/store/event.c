#include "core/store/event.h"

/* Without a time a row is refused. So it gets one only with what it must have; a SELECT with a
 * condition would be put into a table of its own first, because of the triggers. */
#define OBJECT_OR_NULL(n)                                                                          \
    "CASE WHEN ?" n " IS NULL THEN 1 WHEN json_valid(?" n ") THEN json_type(?" n ") = 'object' "   \
    "END"

int64_t rh_event_add(struct rh_db *db, const struct rh_event_row *event, struct rh_err *err)
{
    int64_t changed =
        rh_db_exec(db, NULL, err,
                   "INSERT INTO event (at_utc, module, operation, actor, topic, subject, before, "
                   "after) VALUES (CASE WHEN " OBJECT_OR_NULL("7") " AND " OBJECT_OR_NULL(
                       "8") " THEN ?1 END, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                   "isssssss", event->at_utc, event->module, event->operation, event->actor,
                   event->topic, event->subject, event->before, event->after);

    if (changed != RH_EINVALID)
        return changed < 0 ? changed : rh_db_last_id(db);
    if (err)
        rh_err_clear(err);
    return rh_err_set(err, RH_EINVALID, "Ereignis '%s': vorher und nachher sind JSON-Objekte",
                      "event '%s': before and after are JSON objects", event->topic);
}

int32_t rh_event_after(struct rh_db *db, int64_t seq, struct rh_stmt **ret_stmt, struct rh_err *err)
{
    return rh_db_query(db, NULL, ret_stmt, err,
                       "SELECT seq, at_utc, module, operation, actor, topic, subject, before, after"
                       " FROM event WHERE seq > ?1 ORDER BY seq",
                       "i", seq);
}

int32_t rh_event_next(struct rh_stmt *stmt, struct rh_event_row *ret_event, struct rh_err *err)
{
    int32_t rc = rh_stmt_next(stmt, err);

    if (rc == 1)
        *ret_event = (struct rh_event_row){
            .seq = rh_stmt_int(stmt, 0),
            .at_utc = rh_stmt_int(stmt, 1),
            .module = rh_stmt_text(stmt, 2),
            .operation = rh_stmt_text(stmt, 3),
            .actor = rh_stmt_text(stmt, 4),
            .topic = rh_stmt_text(stmt, 5),
            .subject = rh_stmt_text(stmt, 6),
            .before = rh_stmt_text(stmt, 7),
            .after = rh_stmt_text(stmt, 8),
        };
    return rc;
}
