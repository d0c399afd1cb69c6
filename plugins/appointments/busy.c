/*
 * Calendars that moderators keep elsewhere: who has which, and that they are asked in time.
 *
 *     busy add, refresh  run: fetched, read ─> commit: stored ─┐
 *     job appointments.busy  prepare ─> run  <── next_utc ─────┘
 */
#include "plugins/appointments/busy.h"

#include <stdlib.h>
#include <string.h>

static int32_t moderator_named(struct rh_call *call, const char *named, struct busy_source *source)
{
    struct rh_rows *rows;
    int32_t rc = rh_resolve(call, "SELECT id, name, email FROM v_moderators_moderator",
                            RH_TEXT("Moderator*in", "moderator"), named, &source->moderator);

    if (rc < 0 ||
        (rc = rh_query(call, &rows, "SELECT name FROM v_moderators_moderator WHERE id = ?1", "s",
                       source->moderator)) < 0)
        return rc;
    if ((rc = rh_next(call, rows)) == 1)
        source->name = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return rc < 0 ? rc : 0;
}

/* ---- what became of one, for the answer ---- */

static int32_t count_intervals(struct rh_call *call, const struct busy_news *news,
                               int64_t *ret_count)
{
    struct rh_rows *rows;
    int32_t rc =
        rh_query(call, &rows, "SELECT json_array_length(?1, '$.busy')", "s", news->calendar);

    if (rc < 0 || (rc = rh_next(call, rows)) < 0)
        return rc;
    *ret_count = rh_get_int(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

static int32_t out_news(struct rh_call *call, const struct busy_news *news)
{
    int64_t count = 0;
    int32_t rc = news->calendar ? count_intervals(call, news, &count) : 0;

    if (rc < 0)
        return rc;
    rh_out_object(call, NULL);
    rh_out_text(call, "name", news->source.name);
    rh_out_text(call, "host", busy_host(call, news->source.url));
    rh_out_text(call, "result", news->fault.en ? "failed" : news->calendar ? "new" : "same");
    if (news->calendar)
        rh_out_int(call, "intervals", count);
    rh_out_text(call, "why", news->fault.en ? rh_say_in(call, news->fault) : NULL);
    rh_out_end(call);
    return 0;
}

/* ---- busy add, busy import ---- */

int32_t busy_add(struct rh_call *call)
{
    struct busy_source source = {.id = 0};
    struct busy_news *news = NULL;
    int32_t rc = moderator_named(call, rh_param_text(call, "moderator"), &source);

    if (rc == 0)
        rc = busy_address(call, rh_param_text(call, "address"), &source.url);
    if (rc == 0)
        rc = busy_fetch(call, &source, &news);
    if (rc < 0 || !news)
        return rc < 0 ? rc : RH_EFAILED;
    /* What may be better tomorrow is no reason to refuse; a wrong address is. */
    if (news->fault.en && news->code != RH_EUNREACHABLE && news->code != RH_ECANCELLED)
        return rh_fail(call, news->code, "%s%.0s", "%.0s%s", news->fault.de, news->fault.en);
    call->state = news;
    rh_out_array(call, "items");
    rc = out_news(call, news);
    rh_out_end(call);
    return rc;
}

int32_t busy_import(struct rh_call *call)
{
    struct busy_source source = {.id = 0};
    const char *name, *bytes;
    struct busy_news *news;
    size_t size;
    int32_t rc = moderator_named(call, rh_param_text(call, "moderator"), &source);

    if (rc == 0)
        rc = rh_param_file(call, "file", &name, &bytes, &size);
    if (rc < 0)
        return rc;
    source.url = rh_format(call, "file:%.200s", "file:%.200s", name);
    rc = busy_parse(call, &source, bytes, size, &news);
    if (rc < 0)
        return rc;
    if (news->fault.en)
        return rh_fail(call, news->code, "%s: %s%.0s", "%s: %.0s%s", name, news->fault.de,
                       news->fault.en);
    call->state = news;
    rh_out_array(call, "items");
    rc = out_news(call, news);
    rh_out_end(call);
    return rc;
}

/* The commit of all three. */
int32_t busy_keep(struct rh_call *call)
{
    int32_t rc = 0;

    for (const struct busy_news *news = call->state; news && rc == 0; news = news->next)
        rc = busy_store(call, news);
    return rc;
}

/* ---- busy refresh ---- */

static int32_t read_ids(struct rh_call *call, const char *moderator, int64_t **ret_ids,
                        int64_t *ret_count)
{
    struct rh_rows *rows;
    int64_t count = 0, room = 0;
    int32_t rc;

    rc = rh_query(call, &rows,
                  "SELECT id, count(*) OVER () FROM appointments_busy_source WHERE (?1 IS NULL OR "
                  "moderator = ?1) AND url NOT LIKE 'file:%' AND state = 'on' ORDER BY id",
                  "s", moderator);
    *ret_ids = NULL;
    while (rc == 0 && (rc = rh_next(call, rows)) == 1) {
        if (!*ret_ids) {
            room = rh_get_int(call, rows, 1);
            *ret_ids = rh_alloc_in(call, (size_t)room * sizeof(**ret_ids));
        }
        if (!*ret_ids || count == room)
            return RH_ENOMEM;
        (*ret_ids)[count++] = rh_get_int(call, rows, 0);
        rc = 0;
    }
    *ret_count = count;
    return rc;
}

int32_t busy_refresh(struct rh_call *call)
{
    struct busy_source who = {.moderator = NULL};
    struct busy_news *first = NULL, **place = &first;
    int64_t *ids, count;
    int32_t rc = 0;

    if (rh_param_text(call, "moderator"))
        rc = moderator_named(call, rh_param_text(call, "moderator"), &who);
    if (rc == 0)
        rc = read_ids(call, who.moderator, &ids, &count);
    rh_out_array(call, "items");
    for (int64_t i = 0; rc == 0 && i < count; i++) {
        struct busy_source source;

        if (rh_progress(call, i, count, "Kalender abrufen", "fetching calendars") != 0)
            return rh_fail(call, RH_ECANCELLED, "abgebrochen", "cancelled");
        if ((rc = busy_load(call, ids[i], &source)) < 0 ||
            (rc = busy_fetch(call, &source, place)) < 0 || (rc = out_news(call, *place)) < 0)
            return rc;
        place = &(*place)->next;
    }
    rh_out_end(call);
    call->state = first;
    return rc;
}

/* ---- the job: each calendar in its turn ---- */

int32_t busy_job_prepare(struct rh_call *call, const char *key, const char *payload)
{
    struct busy_source source;
    struct busy_news *news;
    int32_t rc = busy_load(call, strtoll(payload, NULL, 10), &source);

    (void)key;
    if (rc == RH_ENOTFOUND) { /* removed meanwhile */
        rh_forget(call);
        return 0;
    }
    if (rc < 0)
        return rc;
    if (source.next_utc > rh_now_utc(call)) /* somebody asked before us; that has its own job */
        return 0;
    rc = busy_fetch(call, &source, &news);
    call->state = rc < 0 ? NULL : news;
    return rc;
}

int32_t busy_job(struct rh_call *call, const char *key, const char *payload)
{
    const struct busy_news *news = call->state;

    (void)key;
    (void)payload;
    return news ? busy_store(call, news) : 0;
}

/* ---- busy list, busy remove ---- */

int32_t busy_list(struct rh_call *call)
{
    struct busy_source who = {.moderator = NULL};
    struct rh_rows *rows;
    int32_t rc = 0;

    if (rh_param_text(call, "moderator"))
        rc = moderator_named(call, rh_param_text(call, "moderator"), &who);
    if (rc == 0)
        rc = rh_query(
            call, &rows,
            "SELECT s.id, ifnull(m.name, s.moderator), s.url, CASE WHEN s.error IS NOT NULL THEN "
            "CASE WHEN s.good_utc IS NULL THEN 'never' ELSE 'stale' END ELSE 'good' END, "
            "strftime('%Y-%m-%d', s.good_utc, 'unixepoch'), iif(?2 = 0, s.error, s.error_en), "
            "(SELECT count(*) FROM appointments_busy b WHERE b.source = s.id), (SELECT "
            "group_concat(json_extract(value, iif(?2 = 0, '$.de', '$.en')), '; ') FROM "
            "json_each(s.notes)), s.moderator FROM appointments_busy_source s LEFT JOIN "
            "v_moderators_moderator m ON m.id = s.moderator WHERE ?1 IS NULL OR s.moderator = ?1 "
            "ORDER BY 2, s.id",
            "si", who.moderator, (int64_t)call->lang);
    if (rc < 0)
        return rc;
    rh_out_array(call, "items");
    while ((rc = rh_next(call, rows)) == 1) {
        rh_out_object(call, NULL);
        rh_out_int(call, "source", rh_get_int(call, rows, 0));
        rh_out_text(call, "name", rh_get_text(call, rows, 1));
        rh_out_text(call, "host", busy_host(call, rh_get_text(call, rows, 2)));
        rh_out_text(call, "state", rh_get_text(call, rows, 3));
        rh_out_text(call, "good", rh_get_text(call, rows, 4));
        rh_out_int(call, "intervals", rh_get_int(call, rows, 6));
        rh_out_text(call, "why", rh_get_text(call, rows, 5));
        rh_out_text(call, "notes", rh_get_text(call, rows, 7));
        rh_out_text(call, "moderator", rh_get_text(call, rows, 8));
        rh_out_end(call);
    }
    rh_out_end(call);
    return rc;
}

int32_t busy_remove(struct rh_call *call)
{
    struct busy_source source;
    int32_t rc = busy_load(call, rh_param_int(call, "source"), &source);
    int64_t seq;

    if (rc < 0)
        return rc;
    if (rh_exec(call, "DELETE FROM appointments_busy WHERE source = ?1", "i", source.id) < 0 ||
        rh_exec(call, "DELETE FROM appointments_busy_source WHERE id = ?1", "i", source.id) < 0)
        return RH_EFAILED;
    rh_say(call, "der Kalender von %s bei %s wird nicht mehr gelesen",
           "the calendar of %s at %s is not read any more", source.name,
           busy_host(call, source.url));
    seq = rh_event(call, "appointments.busy", source.moderator, NULL, NULL);
    return seq < 0 ? (int32_t)seq : trouble_look(call, NULL);
}
