/* What fetched calendars say is kept, until they say something else; and when to ask again. */
#include "plugins/appointments/busy.h"

#include <string.h>

#define FIRST_PAUSE_S 900   /* after a failure; it doubles with each further one */
#define LAST_PAUSE_S  86400 /* up to this */

const char appointments_schema_busy[] =
    "ALTER TABLE appointments_busy_source ADD COLUMN error_en TEXT; -- the same in English\n"
    "ALTER TABLE appointments_busy_source ADD COLUMN failures INTEGER NOT NULL DEFAULT 0; -- in a "
    "row\n"
    "ALTER TABLE appointments_busy_source ADD COLUMN next_utc INTEGER; -- then it is tried again\n"
    "ALTER TABLE appointments_busy_source ADD COLUMN until TEXT; -- last day the copy knows of\n"
    "ALTER TABLE appointments_busy_source ADD COLUMN notes TEXT; -- JSON: what was left out\n";

int32_t busy_load(struct rh_call *call, int64_t id, struct busy_source *ret_source)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT s.moderator, ifnull(m.name, s.moderator), s.url, s.etag, "
                          "s.last_modified, s.until, s.failures, ifnull(s.next_utc, 0) FROM "
                          "appointments_busy_source s LEFT JOIN v_moderators_moderator m ON m.id = "
                          "s.moderator WHERE s.id = ?1",
                          "i", id);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    if (rc == 0)
        return rh_fail(call, RH_ENOTFOUND, "diesen Kalender gibt es nicht: %lld",
                       "there is no such calendar: %lld", (long long)id);
    *ret_source = (struct busy_source){.id = id,
                                       .moderator = rh_get_text(call, rows, 0),
                                       .name = rh_get_text(call, rows, 1),
                                       .url = rh_get_text(call, rows, 2),
                                       .etag = rh_get_text(call, rows, 3),
                                       .last_modified = rh_get_text(call, rows, 4),
                                       .until = rh_get_text(call, rows, 5),
                                       .failures = rh_get_int(call, rows, 6),
                                       .next_utc = rh_get_int(call, rows, 7)};
    rh_close(call, rows);
    return 0;
}

/* ---- the intervals ---- */

/* All of them in one text, to tell whether anything changed. */
static int32_t read_intervals(struct rh_call *call, int64_t source, const char **ret_text)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows,
                          "SELECT ifnull(group_concat(start_utc || '-' || end_utc), '') FROM "
                          "(SELECT start_utc, end_utc FROM appointments_busy WHERE source = ?1 "
                          "AND end_utc > ?2 ORDER BY start_utc)",
                          "ii", source, rh_now_utc(call));

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    *ret_text = rc == 1 ? rh_get_text(call, rows, 0) : "";
    rh_close(call, rows);
    return *ret_text ? 0 : RH_ENOMEM;
}

static int32_t replace_intervals(struct rh_call *call, int64_t source, const char *calendar)
{
    int64_t changed = rh_exec(call, "DELETE FROM appointments_busy WHERE source = ?1", "i", source);

    if (changed >= 0)
        changed = rh_exec(call,
                          "INSERT INTO appointments_busy(source, start_utc, end_utc) SELECT ?1, "
                          "json_extract(value, '$.start'), json_extract(value, '$.end') FROM "
                          "json_each(?2, '$.busy')",
                          "is", source, calendar);
    return changed < 0 ? (int32_t)changed : 0;
}

/* Meetings that were agreed may have become impossible, or possible again. */
static int32_t tell_change(struct rh_call *call, const struct busy_source *source)
{
    int64_t seq = rh_event(call, "appointments.busy", source->moderator, NULL, NULL);

    return seq < 0 ? (int32_t)seq : trouble_look(call, NULL);
}

static int32_t store_calendar(struct rh_call *call, const struct busy_news *news)
{
    const char *before = "", *after = "";
    int64_t id = news->source.id;
    int32_t rc = read_intervals(call, id, &before);

    if (rc == 0)
        rc = replace_intervals(call, id, news->calendar);
    if (rc == 0)
        rc = read_intervals(call, id, &after);
    if (rc < 0)
        return rc;
    return strcmp(before, after) == 0 ? 0 : tell_change(call, &news->source);
}

/* ---- the source ---- */

static int64_t pause_after(struct rh_call *call, int64_t failures)
{
    int64_t every = rh_config_int(call, "busy_every"), pause = FIRST_PAUSE_S;

    if (failures == 0)
        return every;
    for (int64_t i = 1; i < failures && pause < LAST_PAUSE_S; i++)
        pause *= 2;
    return pause < LAST_PAUSE_S ? pause : LAST_PAUSE_S;
}

static int32_t ask_again(struct rh_call *call, int64_t id, int64_t failures)
{
    int64_t at = rh_now_utc(call) + pause_after(call, failures);
    int64_t changed = rh_exec(
        call, "UPDATE appointments_busy_source SET failures = ?2, next_utc = ?3 WHERE id = ?1",
        "iii", id, failures, at);
    const char *payload = rh_format(call, "%lld", "%lld", (long long)id);

    if (changed < 0)
        return (int32_t)changed;
    return rh_job_add(call, "appointments.busy",
                      rh_format(call, "%s/%lld", "%s/%lld", payload, (long long)at), payload, at);
}

/* Both return how many rows there are: 1, or 0. */
static int32_t store_fault(struct rh_call *call, const struct busy_news *news)
{
    int64_t changed =
        rh_exec(call,
                "UPDATE appointments_busy_source SET fetched_utc = ?2, error = ?3, error_en = ?4 "
                "WHERE id = ?1",
                "iiss", news->source.id, rh_now_utc(call), news->fault.de, news->fault.en);

    return (int32_t)changed;
}

/* Without a calendar nothing is new (304): the copy that we have is that of today. */
static int32_t store_success(struct rh_call *call, const struct busy_news *news)
{
    int64_t changed = rh_exec(
        call,
        "UPDATE appointments_busy_source SET fetched_utc = ?2, good_utc = ?2, error = NULL, "
        "error_en = NULL, etag = ifnull(?3, etag), last_modified = ifnull(?4, last_modified), "
        "until = CASE WHEN ?5 IS NULL THEN until ELSE ?6 END, notes = CASE WHEN ?5 IS NULL THEN "
        "notes ELSE json_extract(?5, '$.notes') END WHERE id = ?1",
        "iissss", news->source.id, rh_now_utc(call), news->etag, news->last_modified,
        news->calendar, news->until);

    return (int32_t)changed;
}

static int32_t add_source(struct rh_call *call, struct busy_source *source)
{
    int64_t changed = rh_exec(call,
                              "INSERT INTO appointments_busy_source(moderator, url) VALUES (?1, "
                              "?2) ON CONFLICT (moderator, url) DO NOTHING",
                              "ss", source->moderator, source->url);
    struct rh_rows *rows;
    int32_t rc;

    if (changed < 0)
        return (int32_t)changed;
    rc = rh_query(call, &rows,
                  "SELECT id, failures FROM appointments_busy_source WHERE moderator = ?1 AND url "
                  "= ?2",
                  "ss", source->moderator, source->url);
    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    source->id = rh_get_int(call, rows, 0);
    source->failures = rh_get_int(call, rows, 1);
    rh_close(call, rows);
    return 0;
}

int32_t busy_store(struct rh_call *call, const struct busy_news *news)
{
    struct busy_news ours = *news;
    bool file = strncmp(ours.source.url, "file:", 5) == 0;
    int32_t rc = 0;

    if (ours.source.id == 0)
        rc = add_source(call, &ours.source);
    if (rc == 0)
        rc = ours.fault.en ? store_fault(call, &ours) : store_success(call, &ours);
    if (rc <= 0) /* 0: it was removed meanwhile */
        return rc;
    if (ours.calendar && (rc = store_calendar(call, &ours)) < 0)
        return rc;
    if (file)
        return 0;
    return ask_again(call, ours.source.id, ours.fault.en ? ours.source.failures + 1 : 0);
}
