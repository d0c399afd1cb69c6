/* The steps of a procedure come one after another, none before it begins. */
#include "plugins/appointments/internal.h"

#include <string.h>

static int32_t refuse_early(struct rh_call *call, const struct question *ask)
{
    struct rh_rows *rows;
    const char *first = NULL;
    int32_t rc = rh_query(call, &rows,
                          "SELECT ifnull((SELECT start_day FROM v_run WHERE procedure = ?1), "
                          "start_month || '-01') FROM v_procedure WHERE id = ?1",
                          "s", ask->procedure);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        first = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (!first || strcmp(rh_day_text(call, ask->at->day), first) >= 0)
        return 0;
    return rh_fail(call, RH_ECONFLICT,
                   "am %s hat das Verfahren noch nicht begonnen; es beginnt am %s",
                   "on %s the procedure has not begun; it begins on %s",
                   rh_day_text(call, ask->at->day), first);
}

/* The fixed meeting of an earlier step that is not over by then, or of a later one that is before.
 */
static int32_t refuse_order(struct rh_call *call, const struct question *ask)
{
    const char *process, *id = NULL;
    struct meeting other;
    struct rh_rows *rows;
    int32_t rc;

    if ((rc = process_of(call, ask->procedure, &process)) < 0 ||
        (rc = rh_query(
             call, &rows,
             "WITH place AS (SELECT value ->> 'step' AS step, key FROM json_each(?1, '$.items')) "
             "SELECT m.id FROM appointments_meeting m JOIN place p ON p.step = m.step JOIN place s "
             "ON s.step = ?3 WHERE m.procedure = ?2 AND m.state = 'fixed' AND m.id IS NOT ?4 AND "
             "iif(p.key < s.key, m.end_utc > ?5, m.start_utc < ?6) AND m.step <> ?3 ORDER BY "
             "m.start_utc LIMIT 1",
             "ssssii", process, ask->procedure, ask->step, ask->except, ask->at->start_utc,
             ask->at->end_utc)) < 0 ||
        (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 1)
        id = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    if (!id)
        return 0;
    if ((rc = meeting_load(call, id, &other)) < 0)
        return rc;
    return rh_fail(
        call, RH_ECONFLICT, "die Reihenfolge der Schritte: %s%.0s ist am %s, das passt nicht zu %s",
        "the order of the steps: %.0s%s is on %s, which does not go with %s", other.title_de,
        other.title_en, span_text(call, &other.at), span_text(call, ask->at));
}

int32_t order_refuse(struct rh_call *call, const struct question *question)
{
    int32_t rc;

    if (!question->procedure)
        return 0;
    rc = refuse_early(call, question);
    return rc < 0 ? rc : refuse_order(call, question);
}
