/*
 * queue.h - mail as rows: stored before it is sent, sent until it is known what became of it.
 *
 *     queued --claim--> sending --sent--> sent
 *      ^ ^ |              |  \--5xx, or too late--> failed --retry--> queued
 *      | | |              \--4xx, no connection, unsure--> queued, later
 *      | | \--hold--> held --release--> queued          (unsure and formal: held)
 *      | \--recover: a crash in between; same bytes, same Message-ID, perhaps a second copy
 *      \--rh_mail_queue()                               queued, held, failed --drop--> dropped
 *
 * A logical mail (`key`) is one row of mail_message with the finished bytes, and one row of `mail`
 * for each recipient: those are what is sent, held and dropped. Everything here is for the writer,
 * in the transaction of who calls, but for rh_mail_wake_at(). Times are seconds since 1970.
 *
 * To send, start at core/post/sender.h.
 */
#ifndef CORE_MAIL_QUEUE_H
#define CORE_MAIL_QUEUE_H

#include "core/base/arena.h"
#include "core/mail/desk.h"
#include "core/mail/read.h"
#include "core/store/db.h"

#define RH_MAIL_GIVE_UP_S ((int64_t)4 * 24 * 3600)
#define RH_MAIL_REPLY_MAX 500 /* bytes kept of a server's answer */

/* 1 stored, 0 there is one with this key (then nothing is changed), < 0 an error. `module`: who
 * writes it. */
int32_t rh_mail_queue(struct rh_db *db, const struct rh_mail_desk *desk, const char *module,
                      const struct rh_mail *mail, int64_t now_utc, struct rh_err *err);

/* ---- sending ---- */

struct rh_mail_due {
    int64_t id;
    const char *recipient, *sender, *message_id; /* envelope; checked again when claimed */
    const char *bytes;
    size_t length;
    int32_t attempts; /* this one included */
    bool formal;
};

/* Takes those that have been due longest: they are `sending` now. At most `limit`, and about
 * `bytes_max` bytes. Texts are in the arena. */
int32_t rh_mail_claim(struct rh_db *db, const struct rh_mail_desk *desk, int64_t now_utc,
                      size_t limit, size_t bytes_max, struct rh_arena *arena,
                      struct rh_mail_due *ret_due, size_t *ret_count, struct rh_err *err);

enum rh_mail_outcome {
    RH_MAIL_SENT,
    RH_MAIL_LATER,   /* 4xx, no connection, no TLS: tried again after a while */
    RH_MAIL_REFUSED, /* 5xx: not tried again */
    RH_MAIL_UNSURE,  /* all was handed over, no answer came */
    RH_MAIL_UNTRIED  /* the server was told to stop: as if it had not been claimed */
};

struct rh_mail_result {
    int64_t id;
    enum rh_mail_outcome outcome;
    bool at_recipient;             /* it was the address that was refused */
    char reply[RH_MAIL_REPLY_MAX]; /* what the server or the connection said */
};

/* Writes down what became of claimed ones: attempts, next time, marks on addresses; what failed for
 * good becomes a job "mail.failed" (payload: the mail's number), from which its event comes. A mail
 * that is no longer `sending` is passed over. */
int32_t rh_mail_mark(struct rh_db *db, const struct rh_mail_result *results, size_t count,
                     int64_t now_utc, struct rh_err *err);

/* At start: what the last process was sending. Formal ones are held, the others queued. Returns how
 * many there were. */
int64_t rh_mail_recover(struct rh_db *db, int64_t now_utc, struct rh_err *err);

/* 1 and when the next queued one is due (perhaps in the past), 0 when none is queued. */
int32_t rh_mail_wake_at(struct rh_db *db, int64_t *ret_utc, struct rh_err *err);

/* Seconds until the next attempt after `attempts` (1 = the first): 1, 5, 15, 30, 60 minutes, then
 * hourly, longer by up to a fifth, so that those who failed together do not come back together. */
int64_t rh_mail_pause(int64_t id, int64_t attempts);

/* ---- by hand; RH_ENOTFOUND, or RH_ECONFLICT when its state does not allow it ---- */

int32_t rh_mail_hold(struct rh_db *db, int64_t id, const char *de, const char *en, int64_t now_utc,
                     struct rh_err *err);
int32_t rh_mail_release(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err);
int32_t rh_mail_retry(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err);
int32_t rh_mail_drop(struct rh_db *db, int64_t id, const char *de, const char *en, int64_t now_utc,
                     struct rh_err *err);
/* All of a logical mail that have not left: how many. */
int64_t rh_mail_drop_key(struct rh_db *db, const char *key, const char *de, const char *en,
                         int64_t now_utc, struct rh_err *err);

/* ---- what came back ---- */

/* Counts once a mail: hard refuses the address, three soft ones in 14 days warn. 1 when counted. */
int32_t rh_mail_bounced(struct rh_db *db, int64_t id, enum rh_mail_bounce bounce, const char *text,
                        int64_t now_utc, struct rh_err *err);
/* A person says that the address is fine (again). RH_ENOTFOUND. */
int32_t rh_mail_address_clear(struct rh_db *db, const char *address, struct rh_err *err);

#endif
