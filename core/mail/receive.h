/*
 * receive.h - what came in, as rows: once, and with what follows from it.
 *
 * A report marks the mail and the address (queue.h); anything else is kept for people and other
 * modules, with the mail it answers where that can be told. What is not understood is kept, too.
 * For the writer.
 */
#ifndef CORE_MAIL_RECEIVE_H
#define CORE_MAIL_RECEIVE_H

#include "core/store/db.h"

/* Where it came from: IMAP's names for a message that never change. */
struct rh_mail_place {
    const char *mailbox; /* "imap://host/INBOX" */
    int64_t uidvalidity, uid;
};

/* 1 kept, 0 known already (by place or Message-ID). The mailbox counts as read up to `uid`
 * afterwards. `bytes` NULL: it cannot be read (too large, say); `reason` is kept as its text. What
 * was kept becomes a job "mail.received" (payload: its number), from which its event comes. */
int32_t rh_mail_receive(struct rh_db *db, const struct rh_mail_place *place, const char *bytes,
                        size_t length, const char *reason, int64_t now_utc, struct rh_err *err);

/* The last uid that was read of this mailbox; 0 when it is new or was made anew (another
 * uidvalidity). Any connection. */
int32_t rh_mail_read_up_to(struct rh_db *db, const char *mailbox, int64_t uidvalidity,
                           int64_t *ret_uid, struct rh_err *err);

/* Says so where there was no message to keep. */
int32_t rh_mail_skip(struct rh_db *db, const struct rh_mail_place *place, struct rh_err *err);

#endif
