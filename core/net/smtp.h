/*
 * smtp.h - one mail over one connection, and what can be known of it afterwards.
 *
 * A connection is kept between mails and closed after RH_SMTP_MAILS_MAX of them (some servers allow
 * no more) or when it failed. Addresses must have passed core/mail/address.h: libcurl hands line
 * breaks in them to the server. Loop thread.
 */
#ifndef CORE_NET_SMTP_H
#define CORE_NET_SMTP_H

#include "core/net/net.h"

#define RH_SMTP_MAILS_MAX 100
#define RH_SMTP_REPLY_MAX 500

enum rh_smtp_outcome {
    RH_SMTP_SENT,
    RH_SMTP_REFUSED,  /* 5xx to this mail */
    RH_SMTP_LATER,    /* 4xx to this mail */
    RH_SMTP_UNSURE,   /* the end was handed over, the answer did not come */
    RH_SMTP_NO_SERVER /* no connection, no TLS, no sign-in: it is not about this mail */
};

struct rh_smtp; /* one connection */

struct rh_smtp_result {
    enum rh_smtp_outcome outcome;
    bool at_recipient;             /* it was RCPT that was refused */
    char reply[RH_SMTP_REPLY_MAX]; /* the server's last line, or what went wrong; printable ASCII */
};

/* `ehlo`: how we introduce ourselves. Server and ehlo are borrowed until it is closed. */
int32_t rh_smtp_new(uv_loop_t *loop, const struct rh_net_server *server, const char *ehlo,
                    struct rh_smtp **ret_smtp, struct rh_err *err);
/* Not while sending, unless it was cancelled. NULL is fine. */
void rh_smtp_close(struct rh_smtp *smtp);

/* One at a time. Everything is borrowed until `done`, which comes later on the loop, never from
 * inside this call, and may send the next. On an error `done` is not called. */
int32_t rh_smtp_send(struct rh_smtp *smtp, const char *sender, const char *recipient,
                     const char *bytes, size_t length,
                     void (*done)(void *context, const struct rh_smtp_result *result),
                     void *context, struct rh_err *err);

/* Gives up what is being sent: RH_SMTP_UNSURE when its end was handed over, else
 * RH_SMTP_NO_SERVER; `done` is not called. */
enum rh_smtp_outcome rh_smtp_cancel(struct rh_smtp *smtp);

#endif
