/*
 * Procedures (Verfahren): recorded ones of the past, those out of turn (section 8 (4) LKG NRW), and
 * those that a published plan calls for. A plan comes from a planner plugin as the event
 * "round.published"; what follows for the register is here.
 */
#include "core/office/internal.h"

#include <string.h>

enum { OFFICE, START, NOTE, COLUMNS };

static const struct rh_csv_column columns[COLUMNS] = {
    [OFFICE] = {"office", "Amt|Jugendamt", 1, 0},
    [START] = {"start_month", "start|Beginn|Startmonat|Monat", 1, 0},
    [NOTE] = {"note", "Bemerkung|Notiz", 0, 0},
};

struct record {
    const char *office, *state, *suggested_by, *reason, *note;
    int32_t month;
};

/* The procedure as the event log keeps it, in the call's memory; NULL when it cannot be read. */
static const char *procedure_json(struct rh_call *call, const char *id)
{
    return text_of(
        call,
        "SELECT json_object('office', office, 'round', round, 'start_month', start_month, "
        "'state', state, 'suggested_by', suggested_by, 'reason', reason) FROM procedure "
        "WHERE id = ?1",
        id);
}

/* Writes one procedure outside of a round. Returns 1 when new (or cancelled before), 0 when it was
 * there already. */
static int32_t record_one(struct rh_call *call, const struct record *record)
{
    const char *month = rh_month_text(call, record->month);
    const char *id = rh_format(call, "%s-%s", "%s-%s", record->office, month);
    const char *before = procedure_json(call, id);
    int64_t seq,
        changed = rh_exec(call,
                          "INSERT INTO procedure(id, office, round, start_month, state, "
                          "suggested_by, reason, note) "
                          "VALUES (?1, ?2, NULL, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(id) DO UPDATE SET "
                          "state = excluded.state, suggested_by = excluded.suggested_by, reason = "
                          "excluded.reason, "
                          "note = excluded.note WHERE state = 'cancelled' AND round IS NULL",
                          "sssssss", id, record->office, month, record->state, record->suggested_by,
                          record->reason, record->note);

    if (changed <= 0)
        return (int32_t)changed;
    seq = rh_event(call, "procedure.recorded", id, before, procedure_json(call, id));
    return seq < 0 ? (int32_t)seq : 1;
}

/* A procedure takes about eight months: what began longer ago is done, what began is running, the
 * rest is planned. */
static const char *state_at(struct rh_call *call, int32_t month)
{
    int32_t this_month;

    if (rh_month_parse(call, rh_format(call, "%.7s", "%.7s", rh_day_text(call, rh_today(call))),
                       &this_month) < 0)
        return "done";
    return month + 8 <= this_month ? "done" : month <= this_month ? "running" : "planned";
}

int32_t procedure_record(struct rh_call *call)
{
    struct record record = {.month = (int32_t)rh_param_int(call, "start"),
                            .state = rh_param_text(call, "state"),
                            .suggested_by = rh_param_text(call, "suggested-by"),
                            .reason = rh_param_text(call, "reason"),
                            .note = rh_param_text(call, "note")};
    int32_t rc = find_office(call, rh_param_text(call, "office"), &record.office);

    if (rc < 0)
        return rc;
    if (!record.state)
        record.state = state_at(call, record.month);
    rc = record_one(call, &record);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return rh_fail(call, RH_ECONFLICT,
                       "für '%s' ist schon ein Verfahren mit Beginn %s eingetragen",
                       "a procedure of '%s' starting in %s is recorded already", record.office,
                       rh_month_text(call, record.month));
    rh_out_text(
        call, "procedure",
        rh_format(call, "%s-%s", "%s-%s", record.office, rh_month_text(call, record.month)));
    rh_out_text(call, "state", record.state);
    rh_say(call, "eingetragen: %s, Beginn %s", "recorded: %s, start %s", record.office,
           rh_month_text(call, record.month));
    return 0;
}

int32_t procedure_import(struct rh_call *call)
{
    int64_t rows = 0, added = 0;
    struct rh_csv_in *csv;
    int32_t rc = rh_csv_open(call, "file", columns, COLUMNS, &csv);

    while (rc >= 0 && (rc = rh_csv_next(call, csv)) == 1) {
        const char *named = rh_csv_text(call, csv, OFFICE);
        struct record record = {.note = rh_csv_text(call, csv, NOTE)};

        rows++;
        if (!named)
            rh_csv_fault(call, csv, OFFICE, "das Jugendamt fehlt", "the office is missing");
        else if (find_office(call, named, &record.office) < 0)
            rh_csv_last_error(call, csv, OFFICE);
        rc = rh_csv_month(call, csv, START, &record.month);
        if (rc == 0)
            rh_csv_fault(call, csv, START, "der Monat fehlt", "the month is missing");
        if (rc == 1 && record.office) {
            record.state = state_at(call, record.month);
            if ((rc = record_one(call, &record)) < 0)
                return rc;
            added += rc;
        }
        rc = 0;
    }
    if (rc < 0 || (rc = rh_csv_finish(call, csv)) < 0)
        return rc;
    rh_out_int(call, "rows", rows);
    rh_out_int(call, "new", added);
    rh_say(call, "%lld Verfahren gelesen, %lld neu eingetragen",
           "%lld procedures read, %lld newly recorded", (long long)rows, (long long)added);
    return 0;
}

int32_t procedure_list(struct rh_call *call)
{
    const char *office = NULL;
    int32_t rc = rh_param_given(call, "office")
                     ? find_office(call, rh_param_text(call, "office"), &office)
                     : 0;

    if (rc < 0)
        return rc;
    return rh_out_query(
        call, "items",
        "SELECT id, office, office_name AS name, round, start_month, state, suggested_by, reason, "
        "note "
        "FROM v_procedure WHERE (?1 IS NULL OR office = ?1) AND (?2 IS NULL OR round = ?2) AND "
        "(?3 IS NULL OR state = ?3) ORDER BY start_month, office",
        "sss", office, rh_param_text(call, "round"), rh_param_text(call, "state"));
}

static int32_t find_procedure(struct rh_call *call, const char **ret_id)
{
    return rh_resolve(call, "SELECT id FROM v_procedure", RH_TEXT("Verfahren", "procedure"),
                      rh_param_text(call, "procedure"), ret_id);
}

int32_t procedure_show(struct rh_call *call)
{
    const char *id;
    int32_t rc = find_procedure(call, &id);

    if (rc < 0 || (rc = rh_out_query(call, "items",
                                     "SELECT id, office, office_name AS name, round, start_month, "
                                     "state, suggested_by, reason, "
                                     "note FROM v_procedure WHERE id = ?1",
                                     "s", id)) < 0)
        return rc;
    return rh_out_query(call, "participants",
                        "SELECT role, name, email FROM v_participant WHERE procedure = ?1", "s",
                        id);
}

int32_t procedure_cancel(struct rh_call *call)
{
    const char *id, *before;
    int64_t changed;
    int32_t rc = find_procedure(call, &id);

    if (rc < 0)
        return rc;
    before = procedure_json(call, id);
    changed = rh_exec(call,
                      "UPDATE procedure SET state = 'cancelled', reason = ?2 WHERE id = ?1 AND "
                      "state IN ('planned','running')",
                      "ss", id, rh_param_text(call, "reason"));
    if (changed < 0)
        return (int32_t)changed;
    if (changed == 0)
        return rh_fail(call, RH_ECONFLICT, "'%s' ist abgeschlossen oder schon abgesagt",
                       "'%s' is done or cancelled already", id);
    if (rh_event(call, "procedure.cancelled", id, before, procedure_json(call, id)) < 0)
        return RH_EFAILED;
    rh_say(call, "%s ist abgesagt", "%s is cancelled", id);
    return 0;
}

/*
 * event->after: {"starts": {"bielefeld": "2028-03", …}}. Procedures of the round that have not
 * begun follow the plan; those that run or are done stay as they are, and so do the reasons people
 * wrote.
 */
int32_t on_round_published(struct rh_call *call, const struct rh_event *event)
{
    if (rh_exec(
            call,
            "UPDATE procedure SET state = 'cancelled' WHERE round = ?1 AND state = 'planned' AND "
            "office NOT IN (SELECT key FROM json_each(?2, '$.starts'))",
            "ss", event->subject, event->after) < 0)
        return RH_EFAILED;
    if (rh_exec(call,
                "INSERT INTO procedure(id, office, round, start_month, state) "
                "SELECT key || '-' || ?1, key, ?1, value, 'planned' FROM json_each(?2, '$.starts') "
                "WHERE true "
                "ON CONFLICT(office, round) DO UPDATE SET start_month = excluded.start_month, "
                "state = 'planned' "
                "WHERE state IN ('planned','cancelled')",
                "ss", event->subject, event->after) < 0)
        return RH_EFAILED;
    return 0;
}

/*
 * event->after: {"start_month": "2024-01", "suggested_by": "coordination", "reason": …, "note": …};
 * the subject is the office. A plugin asks for a procedure outside of a round and has it in the
 * same transaction; one that is there already stays as it is.
 */
int32_t on_procedure_wanted(struct rh_call *call, const struct rh_event *event)
{
    struct record record = {.office = event->subject};
    struct rh_rows *rows;
    const char *month;
    int32_t rc = rh_query(call, &rows,
                          "SELECT ?1 ->> '$.start_month', ?1 ->> '$.suggested_by', ?1 ->> "
                          "'$.reason', ?1 ->> '$.note'",
                          "s", event->after);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    month = rh_get_text(call, rows, 0);
    record.suggested_by = rh_get_text(call, rows, 1);
    record.reason = rh_get_text(call, rows, 2);
    record.note = rh_get_text(call, rows, 3);
    rh_close(call, rows);
    if ((rc = rh_month_parse(call, month ? month : "", &record.month)) < 0)
        return rc;
    record.state = state_at(call, record.month);
    rc = record_one(call, &record);
    return rc < 0 ? rc : 0;
}
