#include "core/mail/queue.h"

#include "core/base/dice.h"
#include "core/base/text.h"
#include "core/mail/address.h"
#include "core/mail/build.h"
#include "core/store/job.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#define SOFT_WINDOW_S   ((int64_t)14 * 24 * 3600)
#define SOFT_WARN       3
#define REFERENCES_KEPT 10
#define ID_SIZE         300

/* ---- small ---- */

/* Nobody shall guess a token: who knows one could report that mail as undeliverable. So few bytes
 * come at once and whole, or not at all. */
static int32_t random_hex(char text[RH_MAIL_TOKEN_SIZE], struct rh_err *err)
{
    unsigned char bytes[16];

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return rh_err_set(err, RH_EFAILED, "das System gibt keine Zufallszahlen her",
                          "the system gives no random numbers");
    for (size_t i = 0; i < sizeof(bytes); i++)
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    return 0;
}

/* "<uuid@domain>", version 4 (RFC 9562, 5.4). */
static int32_t make_message_id(const char *from, char id[ID_SIZE], struct rh_err *err)
{
    char hex[RH_MAIL_TOKEN_SIZE];
    int32_t rc = random_hex(hex, err);

    if (rc < 0)
        return rc;
    hex[12] = '4';
    hex[16] = "89ab"[hex[16] & 3];
    (void)snprintf(id, ID_SIZE, "<%.8s-%.4s-%.4s-%.4s-%.12s@%s>", hex, hex + 8, hex + 12, hex + 16,
                   hex + 20, rh_mail_address_domain(from));
    return 0;
}

/* 1 and the first row, 0 none. The statement stays open when 1. */
static int32_t first_row(struct rh_db *db, struct rh_stmt **stmt, struct rh_err *err,
                         const char *sql, const char *types, ...)
{
    va_list args;
    int32_t rc;

    va_start(args, types);
    rc = rh_db_vquery(db, NULL, stmt, err, sql, types, args);
    va_end(args);
    if (rc == 0)
        rc = rh_stmt_next(*stmt, err);
    if (rc != 1)
        *stmt = rh_stmt_close(*stmt);
    return rc;
}

static int32_t done(int64_t changed)
{
    return changed < 0 ? (int32_t)changed : 0;
}

/* ---- storing ---- */

static int32_t check_label(const char *what, const char *text, struct rh_err *err)
{
    int32_t rc = text ? rh_text_check_line(text, strlen(text), 200, err)
                      : rh_err_set(err, RH_EINVALID, "fehlt", "is missing");

    return rc < 0 ? rh_err_wrap(err, "%s", "%s", what) : 0;
}

struct thread {
    int64_t message; /* 0: none */
    char id[ID_SIZE];
    char references[ID_SIZE * (REFERENCES_KEPT + 1)];
};

/* The mail that this one answers, and those that one answered: the first, and the last few. */
static int32_t find_thread(struct rh_db *db, const char *key, struct thread *thread,
                           struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc;

    memset(thread, 0, sizeof(*thread));
    if (!key)
        return 0;
    rc = first_row(db, &stmt, err,
                   "WITH RECURSIVE thread(id, message_id, parent, depth) AS ("
                   " SELECT id, message_id, in_reply_to, 0 FROM mail_message WHERE key = ?1"
                   " UNION ALL SELECT m.id, m.message_id, m.in_reply_to, t.depth + 1"
                   " FROM mail_message m JOIN thread t ON m.id = t.parent WHERE t.depth < 200)"
                   " SELECT id, message_id, depth FROM thread"
                   " WHERE depth < ?2 OR parent IS NULL ORDER BY depth DESC",
                   "si", key, (int64_t)REFERENCES_KEPT - 1);
    if (rc == 0)
        return rh_err_set(err, RH_ENOTFOUND,
                          "die Mail '%s', auf die diese sich bezieht, gibt es nicht",
                          "the mail '%s', which this one answers, does not exist", key);
    while (rc == 1) {
        const char *id = rh_stmt_text(stmt, 1);
        size_t used = strlen(thread->references);

        (void)snprintf(thread->references + used, sizeof(thread->references) - used, "%s%s",
                       used ? " " : "", id);
        (void)snprintf(thread->id, sizeof(thread->id), "%s", id);
        thread->message = rh_stmt_int(stmt, 0);
        rc = rh_stmt_next(stmt, err);
    }
    rh_stmt_close(stmt);
    return rc;
}

static int32_t build(const struct rh_mail_desk *desk, const struct rh_mail *mail,
                     const struct rh_mail_words *words, const struct thread *thread,
                     const char *message_id, const char *token, int64_t now_utc, struct rh_str *out,
                     struct rh_err *err)
{
    char unsubscribe[256] = "";
    struct rh_mail_message message = {
        .from = {rh_mail_desk_from_name(desk), rh_mail_desk_from(desk)},
        .to = mail->to,
        .reply_to = mail->reply_to,
        .copies = mail->copies,
        .copy_count = mail->copy_count,
        .message_id = message_id,
        .in_reply_to = thread->message ? thread->id : NULL,
        .references = thread->message ? thread->references : NULL,
        .date_utc = mail->not_before_utc > now_utc ? mail->not_before_utc : now_utc,
        .subject = words->subject.data,
        .text = words->text.data,
        .html = words->html.length ? words->html.data : NULL,
        .lang = mail->lang,
        .parts = mail->parts,
        .part_count = mail->part_count,
    };

    if (!message.reply_to.address)
        message.reply_to.address = rh_mail_desk_reply_to(desk);
    if (mail->flags & RH_MAIL_DIGEST) {
        rh_mail_desk_bounce(desk, token, unsubscribe);
        message.unsubscribe_mail = unsubscribe;
        message.unsubscribe_address = mail->unsubscribe;
    }
    return rh_mail_build(&message, out, err);
}

static int32_t insert_message(struct rh_db *db, const struct rh_mail *mail, const char *module,
                              const struct rh_mail_words *words, const struct thread *thread,
                              const char *message_id, const struct rh_str *bytes, int64_t now_utc,
                              int64_t *ret_id, struct rh_err *err)
{
    int64_t changed = rh_db_exec(
        db, NULL, err,
        "INSERT INTO mail_message(key, message_id, in_reply_to, module, kind, about, subject,"
        " lang, formal, created_utc, bytes)"
        " VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        "ssisssssiis", mail->key, message_id, thread->message, module, mail->kind, mail->about,
        words->subject.data, mail->lang == 0 ? "de" : "en",
        (int64_t)((mail->flags & RH_MAIL_FORMAL) != 0), now_utc, bytes->data);

    if (changed < 0)
        return (int32_t)changed;
    *ret_id = rh_db_last_id(db);
    return 0;
}

/* Held for a person when the sender wants it so, or when the address refused mail before. */
static int32_t insert_copy(struct rh_db *db, const struct rh_mail *mail, int64_t message,
                           const struct rh_mail_address *to, bool copy, const char *token,
                           int64_t now_utc, struct rh_err *err)
{
    char folded[RH_MAIL_ADDRESS_MAX + 1], de[700] = "", en[700] = "";
    int64_t not_before = mail->not_before_utc > now_utc ? mail->not_before_utc : now_utc;
    struct rh_stmt *stmt = NULL;
    bool held = mail->flags & RH_MAIL_HELD;
    int32_t rc;

    rh_mail_address_fold(to->address, folded);
    rc = first_row(db, &stmt, err,
                   "SELECT reason FROM mail_address WHERE address = ?1 AND state = 'refused'", "s",
                   folded);
    if (rc < 0)
        return rc;
    if (rc == 1) {
        held = true;
        (void)snprintf(de, sizeof(de), "die Adresse nimmt keine Mail an: %.500s",
                       rh_stmt_text(stmt, 0));
        (void)snprintf(en, sizeof(en), "the address takes no mail: %.500s", rh_stmt_text(stmt, 0));
        rh_stmt_close(stmt);
    } else if (held) {
        (void)snprintf(de, sizeof(de), "wartet auf Freigabe");
        (void)snprintf(en, sizeof(en), "waits for a release");
    }
    /* The same person in To and Cc gets one. */
    return done(rh_db_exec(
        db, NULL, err,
        "INSERT INTO mail(message, recipient, recipient_name, copy, token, state, next_utc,"
        " not_before_utc, give_up_utc, reason_de, reason_en, created_utc, changed_utc)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, nullif(?8, 0), nullif(?9, ''), nullif(?10, ''),"
        " ?11, ?11 WHERE NOT EXISTS (SELECT 1 FROM mail WHERE message = ?1"
        " AND lower(recipient) = ?12)",
        "ississiissis", message, to->address, to->name, (int64_t)copy, token,
        held ? "held" : "queued", not_before, mail->give_up_utc, de, en, now_utc, folded));
}

static int32_t insert_copies(struct rh_db *db, const struct rh_mail *mail, int64_t message,
                             const char *token, int64_t now_utc, struct rh_err *err)
{
    int32_t rc = insert_copy(db, mail, message, &mail->to, false, token, now_utc, err);

    for (uint32_t i = 0; i < mail->copy_count && rc == 0; i++) {
        char other[RH_MAIL_TOKEN_SIZE];

        rc = random_hex(other, err);
        if (rc == 0)
            rc = insert_copy(db, mail, message, &mail->copies[i], true, other, now_utc, err);
    }
    return rc;
}

static int32_t check_mail(const struct rh_mail_desk *desk, const struct rh_mail *mail,
                          struct rh_err *err)
{
    int32_t rc = check_label("key", mail->key, err);

    if (rc == 0)
        rc = check_label("kind", mail->kind, err);
    if (rc == 0 && mail->about)
        rc = check_label("about", mail->about, err);
    if (rc == 0 && !desk)
        rc = rh_err_set(err, RH_EFAILED, "in diesem Lauf ist keine Mail eingerichtet",
                        "no mail is set up in this run");
    if (rc == 0 && mail->copy_count > RH_MAIL_COPIES_MAX)
        rc = rh_err_set(err, RH_ETOOLARGE, "mehr als %d Kopien (Cc)", "more than %d copies (Cc)",
                        RH_MAIL_COPIES_MAX);
    return rc;
}

static int32_t store(struct rh_db *db, const struct rh_mail_desk *desk, const char *module,
                     const struct rh_mail *mail, int64_t now_utc, struct rh_err *err)
{
    char message_id[ID_SIZE], token[RH_MAIL_TOKEN_SIZE];
    rh_auto_str(bytes, RH_MAIL_BYTES_MAX);
    struct rh_mail_words words;
    struct thread thread;
    int64_t message = 0;
    int32_t rc;

    rh_mail_words_init(&words);
    rc = make_message_id(rh_mail_desk_from(desk), message_id, err);
    if (rc == 0)
        rc = random_hex(token, err);
    if (rc == 0)
        rc = rh_mail_words_of(desk, mail, &words, err);
    if (rc == 0)
        rc = find_thread(db, mail->in_reply_to, &thread, err);
    if (rc == 0)
        rc = build(desk, mail, &words, &thread, message_id, token, now_utc, &bytes, err);
    if (rc == 0)
        rc = insert_message(db, mail, module, &words, &thread, message_id, &bytes, now_utc,
                            &message, err);
    rh_mail_words_fini(&words);
    if (rc == 0)
        rc = insert_copies(db, mail, message, token, now_utc, err);
    return rc < 0 ? rc : 1;
}

int32_t rh_mail_queue(struct rh_db *db, const struct rh_mail_desk *desk, const char *module,
                      const struct rh_mail *mail, int64_t now_utc, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc = check_mail(desk, mail, err);

    if (rc == 0)
        rc = first_row(db, &stmt, err, "SELECT 1 FROM mail_message WHERE key = ?1", "s", mail->key);
    if (rc == 1) {
        rh_stmt_close(stmt);
        return 0;
    }
    if (rc == 0)
        rc = store(db, desk, module, mail, now_utc, err);
    return rc < 0 ? rh_err_wrap(err, "Mail '%.200s'", "mail '%.200s'", mail->key ? mail->key : "?")
                  : rc;
}

/* ---- sending ---- */

static int32_t take_row(struct rh_stmt *stmt, const struct rh_mail_desk *desk,
                        struct rh_arena *arena, struct rh_mail_due *due, struct rh_err *err)
{
    char sender[256];
    const char *bytes = rh_stmt_text(stmt, 3);

    rh_mail_desk_bounce(desk, rh_stmt_text(stmt, 2), sender);
    due->id = rh_stmt_int(stmt, 0);
    due->recipient = rh_arena_strdup(arena, rh_stmt_text(stmt, 1));
    due->sender = rh_arena_strdup(arena, sender);
    due->length = strlen(bytes);
    due->bytes = rh_arena_strndup(arena, bytes, due->length);
    due->message_id = rh_arena_strdup(arena, rh_stmt_text(stmt, 4));
    due->attempts = (int32_t)rh_stmt_int(stmt, 5) + 1;
    due->formal = rh_stmt_int(stmt, 6) != 0;
    return due->recipient && due->sender && due->bytes && due->message_id ? 0 : rh_err_nomem(err);
}

int32_t rh_mail_claim(struct rh_db *db, const struct rh_mail_desk *desk, int64_t now_utc,
                      size_t limit, size_t bytes_max, struct rh_arena *arena,
                      struct rh_mail_due *ret_due, size_t *ret_count, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    size_t count = 0, bytes = 0;
    int32_t rc = rh_db_query(db, NULL, &stmt, err,
                             "SELECT m.id, m.recipient, m.token, g.bytes, g.message_id, m.attempts,"
                             " g.formal FROM mail m JOIN mail_message g ON g.id = m.message"
                             " WHERE m.state = 'queued' AND m.next_utc <= ?1"
                             " ORDER BY m.next_utc, m.id LIMIT ?2",
                             "ii", now_utc, (int64_t)limit);

    while (rc == 0 && bytes < bytes_max && (rc = rh_stmt_next(stmt, err)) == 1) {
        rc = take_row(stmt, desk, arena, &ret_due[count], err);
        bytes += ret_due[count].length;
        count++;
    }
    rh_stmt_close(stmt);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = done(rh_db_exec(db, NULL, err,
                             "UPDATE mail SET state = 'sending', attempts = attempts + 1,"
                             " first_utc = ifnull(first_utc, ?2), changed_utc = ?2 WHERE id = ?1",
                             "ii", ret_due[i].id, now_utc));
    *ret_count = rc == 0 ? count : 0;
    return rc;
}

int64_t rh_mail_pause(int64_t id, int64_t attempts)
{
    static const int64_t minutes[] = {1, 5, 15, 30, 60};
    int64_t count = (int64_t)(sizeof(minutes) / sizeof(minutes[0]));
    int64_t pause = 60 * minutes[attempts < 1 ? 0 : attempts > count ? count - 1 : attempts - 1];
    struct rh_dice dice = {(uint64_t)id * 1000003u + (uint64_t)attempts};

    return pause + rh_dice_below(&dice, (int32_t)(pause / 5) + 1);
}

struct sending { /* what is known of a mail that is being sent */
    int64_t attempts, first_utc, give_up_utc;
    bool formal;
};

static int32_t read_sending(struct rh_db *db, int64_t id, struct sending *ret, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc = first_row(db, &stmt, err,
                           "SELECT m.attempts, m.first_utc, ifnull(m.give_up_utc, 0), g.formal"
                           " FROM mail m JOIN mail_message g ON g.id = m.message"
                           " WHERE m.id = ?1 AND m.state = 'sending'",
                           "i", id);

    if (rc != 1)
        return rc;
    ret->attempts = rh_stmt_int(stmt, 0);
    ret->first_utc = rh_stmt_int(stmt, 1);
    ret->give_up_utc = rh_stmt_int(stmt, 2);
    ret->formal = rh_stmt_int(stmt, 3) != 0;
    rh_stmt_close(stmt);
    return 1;
}

static const char *outcome_name(enum rh_mail_outcome outcome)
{
    switch (outcome) {
    case RH_MAIL_SENT:
        return "sent";
    case RH_MAIL_REFUSED:
        return "refused";
    case RH_MAIL_UNSURE:
        return "unsure";
    case RH_MAIL_LATER:
    case RH_MAIL_UNTRIED:
        break;
    }
    return "later";
}

static int32_t add_attempt(struct rh_db *db, int64_t id, const char *outcome, const char *reply,
                           int64_t now_utc, struct rh_err *err)
{
    return done(rh_db_exec(db, NULL, err,
                           "INSERT INTO mail_attempt(mail, number, at_utc, outcome, reply)"
                           " VALUES (?1, (SELECT ifnull(max(number), 0) + 1 FROM mail_attempt"
                           " WHERE mail = ?1), ?2, ?3, nullif(?4, ''))",
                           "iiss", id, now_utc, outcome, reply));
}

static int32_t move(struct rh_db *db, int64_t id, const char *state, int64_t next_utc,
                    const char *de, const char *en, const char *reply, int64_t now_utc,
                    struct rh_err *err)
{
    return done(rh_db_exec(
        db, NULL, err,
        "UPDATE mail SET state = ?2, next_utc = ?3, reason_de = nullif(?4, ''),"
        " reason_en = nullif(?5, ''), reply = ifnull(nullif(?6, ''), reply), changed_utc = ?7,"
        " sent_utc = CASE ?2 WHEN 'sent' THEN ?7 ELSE sent_utc END WHERE id = ?1",
        "isisssi", id, state, next_utc, de, en, reply, now_utc));
}

/* Staff hears of it by an event; that runs hooks, which may fail, and must not undo what is known
 * of a mail. So the event comes from a job. */
static int32_t add_failure_job(struct rh_db *db, int64_t id, int64_t attempts, int64_t now_utc,
                               struct rh_err *err)
{
    char key[64], payload[32];
    struct rh_job job = {.module = "mail", .kind = "mail.failed", .key = key, .payload = payload};
    int32_t rc;

    (void)snprintf(key, sizeof(key), "%lld/%lld", (long long)id, (long long)attempts);
    (void)snprintf(payload, sizeof(payload), "%lld", (long long)id);
    job.run_at_utc = now_utc;
    rc = rh_job_add(db, &job, now_utc, err);
    return rc < 0 ? rc : 0;
}

static int32_t mark_failed(struct rh_db *db, int64_t id, const struct sending *sending,
                           const char *de, const char *en, const char *reply, int64_t now_utc,
                           struct rh_err *err)
{
    int32_t rc = move(db, id, "failed", now_utc, de, en, reply, now_utc, err);

    return rc < 0 ? rc : add_failure_job(db, id, sending->attempts, now_utc, err);
}

static int32_t mark_later(struct rh_db *db, const struct rh_mail_result *result,
                          const struct sending *sending, int64_t now_utc, struct rh_err *err)
{
    bool unsure = result->outcome == RH_MAIL_UNSURE;
    int64_t end = sending->first_utc + RH_MAIL_GIVE_UP_S,
            next = now_utc + rh_mail_pause(result->id, sending->attempts);

    if (unsure && sending->formal)
        return move(db, result->id, "held", now_utc,
                    "der Server hat den Empfang nicht bestätigt; vielleicht kam sie an. Freigeben "
                    "schickt sie noch einmal",
                    "the server did not confirm that it has it; perhaps it arrived. To release it "
                    "is to send it again",
                    result->reply, now_utc, err);
    if (sending->give_up_utc && sending->give_up_utc < end)
        end = sending->give_up_utc;
    if (next > end)
        return mark_failed(db, result->id, sending,
                           "bis zum Schluss nicht zustellbar; 'mail retry' versucht es erneut",
                           "not deliverable until the end; 'mail retry' tries again", result->reply,
                           now_utc, err);
    return move(db, result->id, "queued", next,
                unsure ? "der Server hat den Empfang nicht bestätigt; sie geht noch einmal hinaus, "
                         "mit derselben Message-ID"
                       : "später noch einmal",
                unsure
                    ? "the server did not confirm that it has it; it is sent once more, with the "
                      "same Message-ID"
                    : "once more later",
                result->reply, now_utc, err);
}

/* 550 to the whole mail says nothing about the address, unless its enhanced code does. */
static enum rh_mail_bounce bounce_of(const struct rh_mail_result *result)
{
    enum rh_mail_bounce bounce = rh_mail_bounce_of_reply(result->reply);
    bool enhanced = strlen(result->reply) > 6 && result->reply[5] == '.';

    return bounce == RH_MAIL_BOUNCE_HARD && !result->at_recipient && !enhanced
               ? RH_MAIL_BOUNCE_OTHER
               : bounce;
}

static int32_t mark_one(struct rh_db *db, const struct rh_mail_result *result, int64_t now_utc,
                        struct rh_err *err)
{
    struct sending sending;
    int32_t rc = read_sending(db, result->id, &sending, err);

    if (rc != 1)
        return rc;
    if (result->outcome == RH_MAIL_UNTRIED)
        return done(rh_db_exec(db, NULL, err,
                               "UPDATE mail SET state = 'queued', attempts = attempts - 1,"
                               " changed_utc = ?2 WHERE id = ?1",
                               "ii", result->id, now_utc));
    rc = add_attempt(db, result->id, outcome_name(result->outcome), result->reply, now_utc, err);
    if (rc < 0)
        return rc;
    switch (result->outcome) {
    case RH_MAIL_SENT:
        return move(db, result->id, "sent", now_utc, "", "", result->reply, now_utc, err);
    case RH_MAIL_REFUSED:
        rc = mark_failed(db, result->id, &sending, "vom Mailserver abgelehnt",
                         "refused by the mail server", result->reply, now_utc, err);
        if (rc == 0)
            rc = rh_mail_bounced(db, result->id, bounce_of(result), result->reply, now_utc, err);
        return rc < 0 ? rc : 0;
    case RH_MAIL_LATER:
    case RH_MAIL_UNSURE:
    case RH_MAIL_UNTRIED:
        break;
    }
    return mark_later(db, result, &sending, now_utc, err);
}

int32_t rh_mail_mark(struct rh_db *db, const struct rh_mail_result *results, size_t count,
                     int64_t now_utc, struct rh_err *err)
{
    int32_t rc = 0;

    for (size_t i = 0; i < count && rc == 0; i++)
        rc = mark_one(db, &results[i], now_utc, err);
    return rc;
}

int64_t rh_mail_recover(struct rh_db *db, int64_t now_utc, struct rh_err *err)
{
    int64_t changed = rh_db_exec(
        db, NULL, err,
        "INSERT INTO mail_attempt(mail, number, at_utc, outcome, reply)"
        " SELECT m.id, 1 + ifnull((SELECT max(number) FROM mail_attempt a WHERE a.mail = m.id), 0),"
        " ?1, 'unsure', NULL FROM mail m WHERE m.state = 'sending'",
        "i", now_utc);

    if (changed <= 0)
        return changed;
    changed = rh_db_exec(
        db, NULL, err,
        "UPDATE mail SET state = 'held', changed_utc = ?1, reason_de = ?2, reason_en = ?3"
        " WHERE state = 'sending' AND message IN (SELECT id FROM mail_message WHERE formal = 1)",
        "iss", now_utc,
        "der Server endete mitten im Senden; vielleicht kam sie an. Freigeben schickt sie noch "
        "einmal",
        "the server ended in the middle of sending; perhaps it arrived. To release it is to send "
        "it again");
    if (changed < 0)
        return changed;
    return changed + rh_db_exec(db, NULL, err,
                                "UPDATE mail SET state = 'queued', next_utc = ?1, changed_utc = ?1"
                                " WHERE state = 'sending'",
                                "i", now_utc);
}

int32_t rh_mail_wake_at(struct rh_db *db, int64_t *ret_utc, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc = first_row(db, &stmt, err,
                           "SELECT next_utc FROM mail WHERE state = 'queued'"
                           " ORDER BY next_utc, id LIMIT 1",
                           "");

    if (rc != 1)
        return rc;
    *ret_utc = rh_stmt_int(stmt, 0);
    rh_stmt_close(stmt);
    return 1;
}

/* ---- by hand ---- */

static int32_t moved(struct rh_db *db, int64_t changed, int64_t id, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc;

    if (changed != 0)
        return changed < 0 ? (int32_t)changed : 0;
    rc = first_row(db, &stmt, err, "SELECT state FROM mail WHERE id = ?1", "i", id);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return rh_err_set(err, RH_ENOTFOUND, "die Mail %lld gibt es nicht; 'mail list' zeigt sie",
                          "there is no mail %lld; 'mail list' shows them", (long long)id);
    rc = rh_err_set(err, RH_ECONFLICT, "das geht mit der Mail %lld nicht: ihr Zustand ist '%s'",
                    "this cannot be done with mail %lld: its state is '%s'", (long long)id,
                    rh_stmt_text(stmt, 0));
    rh_stmt_close(stmt);
    return rc;
}

int32_t rh_mail_hold(struct rh_db *db, int64_t id, const char *de, const char *en, int64_t now_utc,
                     struct rh_err *err)
{
    return moved(db,
                 rh_db_exec(db, NULL, err,
                            "UPDATE mail SET state = 'held', changed_utc = ?2, reason_de = ?3,"
                            " reason_en = ?4 WHERE id = ?1 AND state = 'queued'",
                            "iiss", id, now_utc, de, en),
                 id, err);
}

int32_t rh_mail_release(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err)
{
    return moved(db,
                 rh_db_exec(db, NULL, err,
                            "UPDATE mail SET state = 'queued', changed_utc = ?2,"
                            " next_utc = max(not_before_utc, ?2), reason_de = NULL,"
                            " reason_en = NULL WHERE id = ?1 AND state = 'held'",
                            "ii", id, now_utc),
                 id, err);
}

/* From the beginning: the four days count from the next attempt. */
int32_t rh_mail_retry(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err)
{
    return moved(db,
                 rh_db_exec(db, NULL, err,
                            "UPDATE mail SET state = 'queued', changed_utc = ?2, next_utc = ?2,"
                            " first_utc = NULL, give_up_utc = CASE WHEN give_up_utc > ?2 THEN"
                            " give_up_utc END, reason_de = NULL, reason_en = NULL"
                            " WHERE id = ?1 AND (state = 'failed'"
                            " OR (state = 'queued' AND attempts > 0))",
                            "ii", id, now_utc),
                 id, err);
}

int32_t rh_mail_drop(struct rh_db *db, int64_t id, const char *de, const char *en, int64_t now_utc,
                     struct rh_err *err)
{
    return moved(db,
                 rh_db_exec(db, NULL, err,
                            "UPDATE mail SET state = 'dropped', changed_utc = ?2, reason_de = ?3,"
                            " reason_en = ?4"
                            " WHERE id = ?1 AND state IN ('queued', 'held', 'failed')",
                            "iiss", id, now_utc, de, en),
                 id, err);
}

int64_t rh_mail_drop_key(struct rh_db *db, const char *key, const char *de, const char *en,
                         int64_t now_utc, struct rh_err *err)
{
    return rh_db_exec(db, NULL, err,
                      "UPDATE mail SET state = 'dropped', changed_utc = ?2, reason_de = ?3,"
                      " reason_en = ?4 WHERE state IN ('queued', 'held')"
                      " AND message = (SELECT id FROM mail_message WHERE key = ?1)",
                      "siss", key, now_utc, de, en);
}

/* ---- what came back ---- */

static int32_t mark_address(struct rh_db *db, const char *address, const char *state,
                            const char *text, int64_t now_utc, struct rh_err *err)
{
    return done(rh_db_exec(db, NULL, err,
                           "INSERT INTO mail_address(address, state, reason, since_utc)"
                           " VALUES (?1, ?2, ?3, ?4) ON CONFLICT(address) DO UPDATE SET"
                           " state = excluded.state, reason = excluded.reason,"
                           " since_utc = excluded.since_utc WHERE state = 'warned'",
                           "sssi", address, state, text, now_utc));
}

static int32_t count_soft(struct rh_db *db, const char *address, int64_t now_utc,
                          int64_t *ret_count, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc = first_row(db, &stmt, err,
                           "SELECT count(*) FROM mail_bounce"
                           " WHERE address = ?1 AND kind = 'soft' AND at_utc > ?2",
                           "si", address, now_utc - SOFT_WINDOW_S);

    if (rc != 1)
        return rc;
    *ret_count = rh_stmt_int(stmt, 0);
    rh_stmt_close(stmt);
    return 0;
}

static int32_t judge_address(struct rh_db *db, const char *address, enum rh_mail_bounce bounce,
                             const char *text, int64_t now_utc, struct rh_err *err)
{
    int64_t soft = 0;
    int32_t rc = 0;

    if (bounce == RH_MAIL_BOUNCE_HARD)
        return mark_address(db, address, "refused", text, now_utc, err);
    if (bounce != RH_MAIL_BOUNCE_SOFT)
        return 0; /* the address is not to blame */
    rc = count_soft(db, address, now_utc, &soft, err);
    if (rc < 0 || soft < SOFT_WARN)
        return rc;
    return mark_address(db, address, "warned", text, now_utc, err);
}

int32_t rh_mail_bounced(struct rh_db *db, int64_t id, enum rh_mail_bounce bounce, const char *text,
                        int64_t now_utc, struct rh_err *err)
{
    char address[RH_MAIL_ADDRESS_MAX + 1];
    struct rh_stmt *stmt = NULL;
    int64_t changed;
    int32_t rc;

    if (bounce == RH_MAIL_BOUNCE_NONE)
        return 0;
    rc = first_row(db, &stmt, err, "SELECT recipient FROM mail WHERE id = ?1", "i", id);
    if (rc != 1)
        return rc;
    rh_mail_address_fold(rh_stmt_text(stmt, 0), address);
    rh_stmt_close(stmt);
    changed = rh_db_exec(db, NULL, err,
                         "INSERT INTO mail_bounce(mail, address, at_utc, kind, text)"
                         " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT(mail) DO NOTHING",
                         "isiss", id, address, now_utc, rh_mail_bounce_name(bounce), text);
    if (changed <= 0)
        return (int32_t)changed;
    rc = done(rh_db_exec(db, NULL, err, "UPDATE mail SET bounced = ?2 WHERE id = ?1", "is", id,
                         rh_mail_bounce_name(bounce)));
    if (rc == 0)
        rc = judge_address(db, address, bounce, text, now_utc, err);
    return rc < 0 ? rc : 1;
}

int32_t rh_mail_address_clear(struct rh_db *db, const char *address, struct rh_err *err)
{
    char folded[RH_MAIL_ADDRESS_MAX + 1];
    int32_t rc = rh_mail_address_check(address, err);
    int64_t changed;

    if (rc < 0)
        return rc;
    rh_mail_address_fold(address, folded);
    changed = rh_db_exec(db, NULL, err, "DELETE FROM mail_address WHERE address = ?1", "s", folded);
    if (changed > 0)
        /* what was counted before no longer counts */
        changed = rh_db_exec(db, NULL, err,
                             "UPDATE mail_bounce SET kind = 'other' WHERE address = ?1"
                             " AND kind = 'soft'",
                             "s", folded);
    else if (changed == 0)
        return rh_err_set(err, RH_ENOTFOUND, "'%s' ist nicht gesperrt und nicht angemahnt",
                          "'%s' is neither refused nor warned of", address);
    return done(changed);
}
