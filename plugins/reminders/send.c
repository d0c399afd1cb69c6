/*
 * One mail of it. What came together for a person within a minute is one mail; when one has left
 * today already, the rest waits for the next working day; who wants a digest gets it on Mondays.
 * Urgent things leave at once.
 */
#include "plugins/reminders/internal.h"

#include <string.h>

#define GATHER_S  60
#define DAY_S     INT64_C(86400)
#define TRIES_MAX 10 /* working days in a row that others took; then it leaves all the same */

static int32_t asks(struct rh_call *call, const char *sql, const char *key, int64_t number)
{
    struct rh_rows *rows;
    int32_t rc = rh_query(call, &rows, sql, "si", key, number);

    if (rc < 0)
        return rc;
    rc = rh_next(call, rows);
    rh_close(call, rows);
    return rc;
}

static int32_t next_workday(struct rh_call *call, int32_t *days)
{
    struct rh_calendar *calendar;
    int32_t day, rc = rh_calendar_open(call, NULL, &calendar);

    if (rc < 0 || (rc = rh_calendar_add(call, calendar, rh_today(call) + *days, 1, &day, NULL)) < 0)
        return rc;
    *days = day - rh_today(call);
    return 0;
}

/* On to a day on which no other module writes to them. */
static int32_t leave_to_others(struct rh_call *call, const char *person, int32_t *days)
{
    struct rh_rows *rows;
    int32_t rc;

    for (int tries = 0; tries < TRIES_MAX; tries++) {
        if ((rc = rh_query(call, &rows,
                           "SELECT 1 FROM reminders_taken WHERE person = ?1 AND day = ?2", "ss",
                           person, rh_day_text(call, rh_today(call) + *days))) < 0)
            return rc;
        rc = rh_next(call, rows);
        rh_close(call, rows);
        if (rc <= 0 || (rc = next_workday(call, days)) < 0)
            return rc;
    }
    return 0;
}

static int32_t next_monday(struct rh_call *call, int32_t *ret_days)
{
    int32_t weekday = (rh_today(call) + 3) % 7; /* day 0 was a Thursday; Monday is 0 */
    struct rh_calendar *calendar;
    int32_t day, rc = rh_calendar_open(call, NULL, &calendar);

    if (rc < 0 ||
        (rc = rh_calendar_add(call, calendar, rh_today(call) + 7 - weekday, 0, &day, NULL)) < 0)
        return rc;
    *ret_days = day - rh_today(call);
    return 0;
}

int32_t plan_mail(struct rh_call *call, const struct addressee *person, int32_t urgent)
{
    int32_t days = 0, rc;
    int64_t at;

    if (!urgent) {
        rc = asks(call, "SELECT 1 FROM reminders_digest WHERE person = ?1 AND ?2 = 0", person->key,
                  0);
        if (rc == 1)
            rc = next_monday(call, &days);
        else if (rc == 0 && (rc = asks(call,
                                       "SELECT 1 FROM reminders_item WHERE person = ?1 AND state = "
                                       "'mailed' AND urgent = 0 AND since_utc > ?2 LIMIT 1",
                                       person->key, rh_now_utc(call) - DAY_S / 2)) == 1)
            rc = next_workday(call, &days);
        if (rc < 0 || (rc = leave_to_others(call, person->key, &days)) < 0)
            return rc;
    }
    at = rh_now_utc(call) + days * DAY_S + GATHER_S;
    return rh_job_add(call, "reminders.send",
                      rh_format(call, "%s/%s%s", "%s/%s%s", person->key,
                                rh_day_text(call, rh_today(call) + days),
                                urgent ? rh_format(call, "/%lld", "/%lld", (long long)at) : ""),
                      person->key, at);
}

/* ---- the mail ---- */

struct item {
    int64_t id;
    const char *template, *fields, *name, *email, *language, *procedure, *reminder;
};

#define ITEMS_MAX 100

static int32_t read_items(struct rh_call *call, const char *person, struct item items[ITEMS_MAX],
                          int32_t *ret_count)
{
    struct rh_rows *rows;
    int32_t count = 0, rc;

    if ((rc = rh_query(
             call, &rows,
             "SELECT i.id, i.template, json_object('name', i.name, 'office', p.office_name, "
             "'step', ifnull((SELECT CASE i.language WHEN 'de' THEN s.title_de ELSE s.title_en END "
             "FROM v_step s WHERE s.procedure = i.procedure AND s.step = i.step), i.step), "
             "'due', CASE WHEN i.day IS NULL THEN '' ELSE "
             "strftime('%d.%m.%Y', i.day) END, 'is_copy', json(CASE i.copy WHEN 1 THEN 'true' "
             "ELSE 'false' END)), i.name, i.email, i.language, i.procedure, i.reminder FROM "
             "reminders_item i JOIN v_procedure p ON p.id = i.procedure WHERE i.person = ?1 AND "
             "i.state = 'waiting' ORDER BY i.day, i.id",
             "s", person)) < 0)
        return rc;
    while (count < ITEMS_MAX && (rc = rh_next(call, rows)) == 1)
        items[count++] = (struct item){
            .id = rh_get_int(call, rows, 0),
            .template = rh_get_text(call, rows, 1),
            .fields = rh_get_text(call, rows, 2),
            .name = rh_get_text(call, rows, 3),
            .email = rh_get_text(call, rows, 4),
            .language = rh_get_text(call, rows, 5),
            .procedure = rh_get_text(call, rows, 6),
            .reminder = rh_get_text(call, rows, 7),
        };
    rh_close(call, rows);
    *ret_count = count;
    return rc < 0 ? rc : 0;
}

static struct rh_mail mail_of(struct rh_call *call, const struct item *item)
{
    return (struct rh_mail){
        .size = sizeof(struct rh_mail),
        .key = rh_format(call, "reminders/%lld", "reminders/%lld", (long long)item->id),
        .kind = "reminders.due",
        .about = item->procedure,
        .to = {item->name, item->email},
        .lang = strcmp(item->language, "en") == 0,
        .template_name = item->template,
        .fields = item->fields,
    };
}

/* The subject that the item would have alone. */
static int32_t subject_of(struct rh_call *call, const struct item *item, const char **ret_subject)
{
    struct rh_mail mail = mail_of(call, item);

    return rh_mail_render_in(call, &mail, ret_subject, NULL, NULL);
}

/* {"name":…, "count":…, "items":[{…, "subject":…}]} built by SQLite, which quotes. */
static int32_t digest_fields(struct rh_call *call, const struct item *items, int32_t count,
                             const char **ret_fields)
{
    const char *list = "[]";
    struct rh_rows *rows;

    for (int32_t i = 0; i < count; i++) {
        const char *subject;
        int32_t rc = subject_of(call, &items[i], &subject);

        if (rc < 0 ||
            (rc = rh_query(call, &rows,
                           "SELECT json_insert(?1, '$[#]', json(json_set(?2, '$.subject', ?3)))",
                           "sss", list, items[i].fields, subject)) < 0)
            return rc;
        if (rh_next(call, rows) == 1)
            list = rh_get_text(call, rows, 0);
        rh_close(call, rows);
    }
    if (rh_query(call, &rows, "SELECT json_object('name', ?1, 'count', ?2, 'items', json(?3))",
                 "sis", items[0].name, (int64_t)count, list) < 0)
        return RH_EFAILED;
    if (rh_next(call, rows) == 1)
        *ret_fields = rh_get_text(call, rows, 0);
    rh_close(call, rows);
    return 0;
}

static int32_t mark(struct rh_call *call, const struct item *item, const char *mail)
{
    return rh_exec(call,
                   "UPDATE reminders_item SET state = 'mailed', mail = ?2, since_utc = ?3 WHERE id "
                   "= ?1",
                   "isi", item->id, mail, rh_now_utc(call)) < 0
               ? RH_EFAILED
               : 0;
}

int32_t send_job(struct rh_call *call, const char *key, const char *person)
{
    struct item items[ITEMS_MAX];
    struct rh_mail mail;
    int32_t count, rc = person ? read_items(call, person, items, &count) : 0;

    (void)key;
    if (rc < 0 || !person || count == 0)
        return rc;
    mail = mail_of(call, &items[0]);
    if (count > 1) {
        mail.template_name = "digest";
        mail.flags = RH_MAIL_DIGEST;
        mail.kind = "reminders.digest";
        if ((rc = digest_fields(call, items, count, &mail.fields)) < 0)
            return rc;
    }
    if ((rc = rh_mail_queue_in(call, &mail)) < 0)
        return rc;
    for (int32_t i = 0; i < count && rc >= 0; i++)
        rc = mark(call, &items[i], mail.key);
    return rc;
}
