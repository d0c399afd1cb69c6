#include "core/mail/receive.h"

#include "core/mail/address.h"
#include "core/mail/queue.h"
#include "core/mail/read.h"
#include "core/store/job.h"

#include <stdio.h>
#include <string.h>

/* A report's part and all that reading makes of it. */
#define ARENA_MAX ((size_t)16 * 1024 * 1024)

static int32_t one(int32_t rc, struct rh_stmt *stmt, int64_t *ret_number, struct rh_err *err)
{
    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1)
        *ret_number = rh_stmt_int(stmt, 0);
    rh_stmt_close(stmt);
    return rc < 0 ? rc : 0;
}

/* ---- which of ours? ---- */

static int32_t find_by_token(struct rh_db *db, const char *token, int64_t *ret_mail,
                             struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc =
        rh_db_query(db, NULL, &stmt, err, "SELECT id FROM mail WHERE token = ?1", "s", token);

    return one(rc, stmt, ret_mail, err);
}

/* Of the copies of a message the one of this address, else the first. */
static int32_t find_by_id(struct rh_db *db, const char *message_id, const char *address,
                          int64_t *ret_mail, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err,
                             "SELECT m.id FROM mail_message g JOIN mail m ON m.message = g.id"
                             " WHERE g.message_id = ?1"
                             " ORDER BY lower(m.recipient) <> lower(?2), m.copy, m.id LIMIT 1",
                             "ss", message_id, address);

    return one(rc, stmt, ret_mail, err);
}

static int32_t find_mail(struct rh_db *db, const struct rh_mail_in *in, int64_t *ret_mail,
                         struct rh_err *err)
{
    bool report = in->sort == RH_MAIL_SORT_REPORT;
    const char *address = report && in->reported_count > 0 ? in->reported[0].recipient : in->from;
    const char *ids[] = {report ? in->returned_id : "", in->answers[0], in->answers[1]};
    int32_t rc = 0;

    *ret_mail = 0;
    if (in->token[0])
        rc = find_by_token(db, in->token, ret_mail, err);
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]) && rc == 0 && *ret_mail == 0; i++)
        if (*ids[i])
            rc = find_by_id(db, ids[i], address, ret_mail, err);
    return rc;
}

/* ---- reports ---- */

static int32_t mark_failed(struct rh_db *db, int64_t mail, const char *text, int64_t now_utc,
                           struct rh_err *err)
{
    int64_t changed = rh_db_exec(
        db, NULL, err,
        "UPDATE mail SET state = 'failed', reply = ?2, changed_utc = ?3,"
        " reason_de = 'kam zurück', reason_en = 'came back' WHERE id = ?1 AND state = 'sent'",
        "isi", mail, text, now_utc);
    char key[64], payload[32];
    struct rh_job job = {.module = "mail",
                         .kind = "mail.failed",
                         .key = key,
                         .payload = payload,
                         .run_at_utc = now_utc};
    int32_t rc;

    if (changed <= 0)
        return (int32_t)changed;
    (void)snprintf(key, sizeof(key), "%lld/returned", (long long)mail);
    (void)snprintf(payload, sizeof(payload), "%lld", (long long)mail);
    rc = rh_job_add(db, &job, now_utc, err);
    return rc < 0 ? rc : 0;
}

/* Judged by the address that the mail was sent to, whatever address the report names: it may have
 * been forwarded on the way. */
static int32_t take_report(struct rh_db *db, const struct rh_mail_in *in, int64_t mail,
                           int64_t now_utc, struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; i < in->reported_count && rc == 0; i++) {
        const struct rh_mail_reported *reported = &in->reported[i];
        enum rh_mail_bounce bounce = rh_mail_bounce_of(reported->action, reported->status);
        char text[RH_MAIL_REPLY_MAX];

        if (bounce == RH_MAIL_BOUNCE_NONE)
            continue;
        (void)snprintf(text, sizeof(text), "%.20s %.400s", reported->status, reported->diagnostic);
        rc = rh_mail_bounced(db, mail, bounce, text, now_utc, err);
        if (rc == 1)
            rc = mark_failed(db, mail, text, now_utc, err);
    }
    return rc < 0 ? rc : 0;
}

/* ---- rows ---- */

int32_t rh_mail_skip(struct rh_db *db, const struct rh_mail_place *place, struct rh_err *err)
{
    int64_t changed = rh_db_exec(
        db, NULL, err,
        "INSERT INTO mail_mailbox(mailbox, uidvalidity, uid) VALUES (?1, ?2, ?3)"
        " ON CONFLICT(mailbox) DO UPDATE SET uid = CASE uidvalidity WHEN excluded.uidvalidity"
        " THEN max(uid, excluded.uid) ELSE excluded.uid END, uidvalidity = excluded.uidvalidity",
        "sii", place->mailbox, place->uidvalidity, place->uid);

    return changed < 0 ? (int32_t)changed : 0;
}

int32_t rh_mail_read_up_to(struct rh_db *db, const char *mailbox, int64_t uidvalidity,
                           int64_t *ret_uid, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err,
                             "SELECT uid FROM mail_mailbox WHERE mailbox = ?1 AND uidvalidity = ?2",
                             "si", mailbox, uidvalidity);

    *ret_uid = 0;
    return one(rc, stmt, ret_uid, err);
}

static int64_t insert(struct rh_db *db, const struct rh_mail_place *place, const char *sort,
                      const struct rh_mail_in *in, int64_t mail, int64_t now_utc,
                      struct rh_err *err)
{
    return rh_db_exec(
        db, NULL, err,
        "INSERT INTO mail_inbound(mailbox, uidvalidity, uid, message_id, received_utc, sort,"
        " from_address, from_name, subject, mail, about, text, calendar, detail)"
        " SELECT ?1, ?2, ?3, nullif(?4, ''), ?5, ?6, ?7, ?8, ?9, nullif(?10, 0),"
        " (SELECT g.about FROM mail m JOIN mail_message g ON g.id = m.message WHERE m.id = ?10),"
        " ?11, ?12, nullif(?13, '') WHERE NOT EXISTS (SELECT 1 FROM mail_inbound"
        " WHERE (mailbox = ?1 AND uidvalidity = ?2 AND uid = ?3) OR message_id = nullif(?4, ''))",
        "siisissssisss", place->mailbox, place->uidvalidity, place->uid, in->message_id, now_utc,
        sort, in->from, in->from_name, in->subject, mail, in->text, in->calendar, in->detail);
}

static int32_t add_job(struct rh_db *db, int64_t inbound, int64_t now_utc, struct rh_err *err)
{
    char number[32];
    struct rh_job job = {.module = "mail",
                         .kind = "mail.received",
                         .key = number,
                         .payload = number,
                         .run_at_utc = now_utc};
    int32_t rc;

    (void)snprintf(number, sizeof(number), "%lld", (long long)inbound);
    rc = rh_job_add(db, &job, now_utc, err);
    return rc < 0 ? rc : 0;
}

int32_t rh_mail_receive(struct rh_db *db, const struct rh_mail_place *place, const char *bytes,
                        size_t length, const char *reason, int64_t now_utc, struct rh_err *err)
{
    rh_auto_arena(arena, ARENA_MAX);
    struct rh_mail_in in = {
        .message_id = "", .from = "", .from_name = "", .subject = "", .text = reason};
    int64_t mail = 0, changed, inbound;
    int32_t rc = 0;

    if (bytes)
        rc = rh_mail_read(bytes, length, &arena, &in, err);
    if (rc == 0 && bytes)
        rc = find_mail(db, &in, &mail, err);
    if (rc < 0)
        return rc;
    changed = insert(db, place, bytes ? rh_mail_sort_name(in.sort) : "unreadable", &in, mail,
                     now_utc, err);
    inbound = rh_db_last_id(db);
    if (changed < 0 || (rc = rh_mail_skip(db, place, err)) < 0)
        return changed < 0 ? (int32_t)changed : rc;
    if (changed == 0)
        return 0;
    if (bytes && in.sort == RH_MAIL_SORT_REPORT && mail)
        rc = take_report(db, &in, mail, now_utc, err);
    if (rc == 0)
        rc = add_job(db, inbound, now_utc, err);
    return rc < 0 ? rc : 1;
}
