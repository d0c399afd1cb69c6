/* A round plan was published: team plans made for other months are stale from this transaction on,
 * with the offices named. */
#include "plugins/moderators/internal.h"

static const char moved[] =
    "SELECT p.id, group_concat(o.name || ' ' || t.start_month || ' → ' || ifnull(s.month, '–'), "
    "'; ') FROM moderators_plan p JOIN moderators_team t ON t.plan = p.id JOIN v_office o ON o.id "
    "= t.office LEFT JOIN v_turnus_start s ON s.office = t.office AND s.round = p.round AND "
    "s.state = 'published' WHERE p.round = ?1 AND p.state IN ('draft','published') AND s.month IS "
    "NOT t.start_month GROUP BY p.id";

int32_t on_round_published(struct rh_call *call, const struct rh_event *event)
{
    struct rh_rows *rows;
    int32_t rc;

    /* Moved back to its months, a plan fits again. */
    if (rh_exec(call, "UPDATE moderators_plan SET stale = NULL WHERE round = ?1", "s",
                event->subject) < 0)
        return RH_EFAILED;
    rc = rh_query(call, &rows, moved, "s", event->subject);
    while (rc >= 0 && (rc = rh_next(call, rows)) == 1) {
        int64_t plan = rh_get_int(call, rows, 0);

        if (rh_exec(call, "UPDATE moderators_plan SET stale = ?2 WHERE id = ?1", "is", plan,
                    rh_get_text(call, rows, 1)) < 0 ||
            rh_event(call, "teams.stale", event->subject, NULL,
                     rh_format(call, "{\"plan\":%lld}", "{\"plan\":%lld}", (long long)plan)) < 0)
            return RH_EFAILED;
    }
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}
