/* Offices: list, one office, its history, founding and closing, who is overdue. */
#include "core/office/internal.h"

#include <string.h>

int32_t office_list(struct rh_call *call)
{
    const char *class = NULL;

    if (rh_param_given(call, "class")) {
        int32_t rc =
            rh_resolve(call, "SELECT key, label_de, label_en FROM size_class",
                       RH_TEXT("Größenklasse", "size class"), rh_param_text(call, "class"), &class);
        if (rc < 0)
            return rc;
    }
    return rh_out_query(call, "items",
                        "SELECT id, name, short_name, kind, region, ags, population, latitude, "
                        "longitude, size_class, "
                        "stratum, founded, closed, successor, source_note, "
                        "iif(?5, size_label_en, size_label_de) AS size_class_words FROM v_office "
                        "WHERE (?1 IS NULL OR region = ?1) AND (?2 IS NULL OR kind = ?2) "
                        "AND (?3 IS NULL OR size_class = ?3) AND (active OR ?4) ORDER BY name",
                        "sssii", rh_param_text(call, "region"), rh_param_text(call, "kind"), class,
                        rh_param_int(call, "closed"), (int64_t)call->lang);
}

/* The fields of one office at the top of the answer. */
static int32_t show_fields(struct rh_call *call, const char *id)
{
    static const char *const fields[] = {
        "id",           "name",       "short_name",  "kind",
        "region",       "ags",        "population",  "latitude",
        "longitude",    "size_class", "stratum",     "founded",
        "closed",       "successor",  "source_note", "size_class_words",
        "stratum_words"};
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows,
                 "SELECT id, name, short_name, kind, region, ags, population, latitude, longitude, "
                 "size_class, stratum, founded, closed, successor, source_note, "
                 "iif(?2, size_label_en, size_label_de), region || ', ' || iif(?2, size_label_en, "
                 "size_label_de) FROM v_office WHERE id = ?1",
                 "si", id, (int64_t)call->lang);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    for (int32_t i = 0; i < (int32_t)(sizeof(fields) / sizeof(fields[0])); i++)
        if (strcmp(fields[i], "population") == 0)
            rh_out_int(call, fields[i], rh_get_int(call, rows, i));
        else if (strcmp(fields[i], "latitude") == 0 || strcmp(fields[i], "longitude") == 0)
            rh_out_real(call, fields[i], rh_get_real(call, rows, i));
        else
            rh_out_text(call, fields[i], rh_get_text(call, rows, i));
    rh_close(call, rows);
    return 0;
}

int32_t office_show(struct rh_call *call)
{
    const char *id;
    int32_t rc = find_office(call, rh_param_text(call, "office"), &id);

    if (rc < 0 || (rc = show_fields(call, id)) < 0)
        return rc;
    rc = rh_out_query(call, "procedures",
                      "SELECT id, round, start_month, state, out_of_turn, suggested_by, reason, "
                      "note FROM v_procedure "
                      "WHERE office = ?1 ORDER BY start_month",
                      "s", id);
    if (rc < 0)
        return rc;
    return rh_out_query(
        call, "contacts",
        "SELECT role, name, email, phone, language, valid_from, valid_to FROM v_contact "
        "WHERE office = ?1 ORDER BY role, name",
        "s", id);
}

int32_t office_history(struct rh_call *call)
{
    const char *id;
    int32_t rc = find_office(call, rh_param_text(call, "office"), &id);

    if (rc < 0)
        return rc;
    return rh_out_query(
        call, "items",
        "SELECT seq, strftime('%Y-%m-%dT%H:%M:%SZ', at_utc, 'unixepoch') AS at, actor, topic, "
        "before, "
        "after FROM event WHERE subject = ?1 AND topic LIKE 'office.%' ORDER BY seq",
        "s", id);
}

/* The office as the event log keeps it, in the call's memory; NULL when it does not exist. */
static const char *office_json(struct rh_call *call, const char *id)
{
    return text_of(call,
                   "SELECT json_object('name', name, 'short_name', short_name, 'kind', kind, "
                   "'region', region, 'ags', "
                   "ags, 'population', population, 'latitude', latitude, 'longitude', longitude, "
                   "'founded', founded, "
                   "'closed', closed, 'successor', successor) FROM office WHERE id = ?1",
                   id);
}

/* A number from a query with one parameter, or < 0. */
static int64_t count_of(struct rh_call *call, const char *sql, const char *id)
{
    struct rh_rows *rows;
    int64_t count = 0;
    int32_t rc = rh_query(call, &rows, sql, "s", id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    count = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return count;
}

/* Where it goes: another office, that is open itself. */
static int32_t find_successor(struct rh_call *call, const char *id, const char **ret_into)
{
    int32_t rc = find_office(call, rh_param_text(call, "into"), ret_into);

    if (rc < 0)
        return rc;
    if (strcmp(*ret_into, id) == 0)
        return rh_fail(
            call, RH_EINVALID,
            "'%s' kann nicht in sich selbst aufgehen; --into nennt ein anderes Jugendamt",
            "'%s' cannot be merged into itself; --into names another office", id);
    rc = row_exists(call, "SELECT 1 FROM office WHERE id = ?1 AND closed IS NOT NULL", *ret_into);
    if (rc > 0)
        return rh_fail(call, RH_EINVALID,
                       "'%s' ist selbst geschlossen; --into nennt ein Jugendamt, das besteht",
                       "'%s' is closed itself; --into names an office that exists", *ret_into);
    return rc;
}

/* What was planned for the office is not cancelled behind anybody's back; it is named. */
static int32_t say_planned(struct rh_call *call, const char *id)
{
    int64_t planned = count_of(
        call, "SELECT count(*) FROM procedure WHERE office = ?1 AND state IN ('planned','running')",
        id);

    if (planned > 0)
        rh_say(call,
               "geplante und laufende Verfahren: %lld; 'procedure list --office %s' zeigt sie, "
               "'procedure cancel' sagt sie ab",
               "planned and running procedures: %lld; 'procedure list --office %s' shows them, "
               "'procedure cancel' cancels them",
               (long long)planned, id);
    return planned < 0 ? (int32_t)planned : 0;
}

int32_t office_close(struct rh_call *call)
{
    const char *id, *into = NULL, *before;
    int32_t on = (int32_t)rh_param_int(call, "on");
    int64_t changed;
    int32_t rc = find_office(call, rh_param_text(call, "office"), &id);

    if (rc == 0 && rh_param_given(call, "into"))
        rc = find_successor(call, id, &into);
    if (rc < 0)
        return rc;
    before = office_json(call, id);
    if (on == RH_NO_DAY)
        on = rh_today(call);
    changed = rh_exec(
        call, "UPDATE office SET closed = ?2, successor = ?3 WHERE id = ?1 AND closed IS NULL",
        "sss", id, rh_day_text(call, on), into);
    if (changed < 0)
        return (int32_t)changed;
    if (changed == 0)
        return rh_fail(call, RH_ECONFLICT,
                       "'%s' ist schon geschlossen; 'office reopen' macht das rückgängig",
                       "'%s' is closed already; 'office reopen' undoes that", id);
    if (rh_event(call, "office.closed", id, before, office_json(call, id)) < 0)
        return RH_EFAILED;
    rh_say(call,
           "%s ist ab %s geschlossen und steht in keinem neuen Plan mehr; Verlauf und Verfahren "
           "bleiben erhalten",
           "%s is closed from %s on and in no new plan; its history and procedures are kept", id,
           rh_day_text(call, on));
    return say_planned(call, id);
}

int32_t office_reopen(struct rh_call *call)
{
    const char *id, *before;
    int64_t changed;
    int32_t rc = find_office(call, rh_param_text(call, "office"), &id);

    if (rc < 0)
        return rc;
    before = office_json(call, id);
    changed = rh_exec(call,
                      "UPDATE office SET closed = NULL, successor = NULL WHERE id = ?1 AND closed "
                      "IS NOT NULL",
                      "s", id);
    if (changed < 0)
        return (int32_t)changed;
    if (changed == 0)
        return rh_fail(call, RH_ECONFLICT, "'%s' ist nicht geschlossen", "'%s' is not closed", id);
    if (rh_event(call, "office.reopened", id, before, office_json(call, id)) < 0)
        return RH_EFAILED;
    rh_say(call, "%s ist wieder offen", "%s is open again", id);
    return 0;
}

/*
 * Section 8 (2) LKG NRW: every five years. An office is overdue when its last procedure began more
 * than `months` months ago, and will be when its next one is planned later than that, or not at
 * all.
 */
int32_t office_overdue(struct rh_call *call)
{
    int64_t months = rh_param_int(call, "months");
    int32_t rc = rh_out_query(
        call, "items",
        "WITH now(day) AS (SELECT ?2), "
        "past AS (SELECT office, max(start_month) AS last FROM v_procedure, now WHERE state <> "
        "'cancelled' "
        "  AND start_month <= substr(day, 1, 7) GROUP BY office), "
        "next AS (SELECT office, min(start_month) AS planned FROM v_procedure, now WHERE state <> "
        "'cancelled' "
        "  AND start_month > substr(day, 1, 7) GROUP BY office), "
        "due AS (SELECT o.id AS office, o.name, o.region, o.kind, o.size_class, "
        "  iif(?4, o.size_label_en, o.size_label_de) AS size_class_words, past.last, "
        "  strftime('%Y-%m', date(past.last || '-01', '+' || ?1 || ' months')) AS due, "
        "next.planned "
        "  FROM v_office o LEFT JOIN past ON past.office = o.id LEFT JOIN next ON next.office = "
        "o.id WHERE o.active) "
        "SELECT office, name, region, kind, size_class, size_class_words, last AS previous, due, "
        "planned, "
        "  CASE WHEN last IS NULL THEN 'never' WHEN due < substr(day, 1, 7) THEN 'overdue' "
        "       WHEN planned IS NULL THEN 'unplanned' ELSE 'late' END AS state, "
        "  CASE WHEN last IS NULL THEN iif(?4, 'never one', 'noch keines') "
        "       WHEN due < substr(day, 1, 7) THEN iif(?4, 'overdue', 'überfällig') "
        "       WHEN planned IS NULL THEN iif(?4, 'will be, none planned', 'wird es, nichts "
        "geplant') "
        "       ELSE iif(?4, 'planned too late', 'zu spät geplant') END AS situation, "
        "  CASE WHEN last IS NULL THEN NULL ELSE (substr(ifnull(planned, substr(day, 1, 7)), 1, 4) "
        "- substr(last, 1, 4)) * 12 + "
        "       substr(ifnull(planned, substr(day, 1, 7)), 6, 2) - substr(last, 6, 2) END AS "
        "spacing_months "
        "FROM due, now WHERE (last IS NULL AND ?3 AND planned IS NULL) OR due < substr(day, 1, 7) "
        "OR planned > due "
        "  OR (last IS NOT NULL AND planned IS NULL) ORDER BY due IS NULL, due, name",
        "isii", months, rh_day_text(call, rh_today(call)), rh_param_int(call, "never"),
        (int64_t)call->lang);

    if (rc < 0)
        return rc;
    rh_out_int(call, "months", months);
    rh_out_int(call, "count", rc);
    return 0;
}
