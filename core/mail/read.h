/*
 * read.h - what came in: who, about which of our mails, and what sort of answer it is.
 *
 * In this order: a report that a mail could not be delivered (RFC 3464), an answer of a calendar
 * (iTIP), the wish to get no more digests, an automatic answer (RFC 3834 and what is used instead),
 * and otherwise a person. Which of our mails it answers says the token in the address it was sent
 * to (bounce+TOKEN@…), else the Message-ID that it quotes.
 *
 * Nothing that others send makes this fail; a message that is not understood is a human one with
 * little in it, so that somebody looks at it. Pure; any thread; memory from the arena.
 */
#ifndef CORE_MAIL_READ_H
#define CORE_MAIL_READ_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <stdbool.h>

#define RH_MAIL_IN_MAX       ((size_t)10 * 1024 * 1024) /* bytes of a message that is read */
#define RH_MAIL_IN_TEXT_MAX  ((size_t)64 * 1024)        /* bytes kept of its text */
#define RH_MAIL_IN_PART_MAX  ((size_t)1024 * 1024)      /* bytes kept of its calendar part */
#define RH_MAIL_REPORTED_MAX 16                         /* recipients of one report */
#define RH_MAIL_TOKEN_SIZE   33                         /* 32 hexadecimal digits and the NUL */
#define RH_MAIL_DETAIL_SIZE  65                         /* behind the '+' of an address */

enum rh_mail_sort {
    RH_MAIL_SORT_REPORT,
    RH_MAIL_SORT_CALENDAR,
    RH_MAIL_SORT_UNSUBSCRIBE,
    RH_MAIL_SORT_AUTOMATIC,
    RH_MAIL_SORT_HUMAN
};
/* "report", "calendar", "unsubscribe", "automatic", "human" */
const char *rh_mail_sort_name(enum rh_mail_sort sort);

/* One recipient of a report. All may be "". */
struct rh_mail_reported {
    const char *recipient; /* Original-Recipient, else Final-Recipient; without "rfc822;" */
    const char *action;    /* "failed", "delayed", "delivered", "relayed", "expanded" */
    const char *status;    /* "5.1.1" */
    const char *diagnostic;
};

/* Texts are UTF-8 in the arena, never NULL unless said. */
struct rh_mail_in {
    enum rh_mail_sort sort;
    const char *message_id; /* "<…>" or "" */
    const char *from, *from_name, *subject, *date;
    char token[RH_MAIL_TOKEN_SIZE]; /* "" when no address has one */
    /* What else stands behind the '+' of an address it was sent to ("termine+DETAIL@…"), in small
     * letters; "" when nothing does. Other modules give out such addresses. */
    char detail[RH_MAIL_DETAIL_SIZE];
    const char
        *answers[2];      /* Message-IDs that it answers: In-Reply-To, last of References; or "" */
    const char *text;     /* what a person reads; at most RH_MAIL_IN_TEXT_MAX bytes */
    const char *calendar; /* the bytes of the first calendar part, or NULL */
    size_t calendar_length;
    struct rh_mail_reported reported[RH_MAIL_REPORTED_MAX];
    size_t reported_count;
    const char *returned_id; /* Message-ID of the mail that a report gives back, or "" */
};

/* RH_ENOMEM, RH_ETOOLARGE; otherwise 0. */
int32_t rh_mail_read(const char *bytes, size_t length, struct rh_arena *arena,
                     struct rh_mail_in *ret_in, struct rh_err *err);

/* What a failed delivery means for the address (reference: RFC 3463). */
enum rh_mail_bounce {
    RH_MAIL_BOUNCE_NONE,   /* delayed, delivered: nothing */
    RH_MAIL_BOUNCE_HARD,   /* 5.1.x, 5.2.1, other 5: the address does not work */
    RH_MAIL_BOUNCE_SOFT,   /* mailbox full, 4.x.x: perhaps later */
    RH_MAIL_BOUNCE_POLICY, /* 5.7.x: our mail is not wanted; the address is not to blame */
    RH_MAIL_BOUNCE_OTHER   /* 5.3 to 5.6: the message or the route; the address is not to blame */
};
enum rh_mail_bounce rh_mail_bounce_of(const char *action, const char *status);
/* The same from the reply of an SMTP server: "550 5.1.1 No such user". */
enum rh_mail_bounce rh_mail_bounce_of_reply(const char *reply);
const char *rh_mail_bounce_name(enum rh_mail_bounce bounce); /* "hard", "soft", … */

#endif
