/*
 * mail.h - one logical mail, as a module hands it to the server.
 *
 * A mail is a row, written with the change that caused it (RH_WRITE, `commit`, hooks, jobs): it
 * exists exactly when the change does. `key` names the logical mail ("reminders/bielefeld/step-4/
 * before"): a second one with the same key is not stored, so nobody is ever written to twice. The
 * server makes the whole message at once, keeps its bytes and its Message-ID, and sends it later,
 * as often as it takes, always the same.
 *
 * The words are either a template and its fields, or subject, text and perhaps HTML as they are.
 * All strings are UTF-8, borrowed during the call; NULL where nothing is said.
 */
#ifndef REIHUM_MAIL_H
#define REIHUM_MAIL_H

#include "reihum/base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    RH_MAIL_FORMAL = 1, /* a formal letter: when a crash leaves open whether it left, it is held for
                           a person instead of being sent again */
    RH_MAIL_HELD = 2,   /* leaves only after a person released it */
    RH_MAIL_DIGEST = 4  /* a periodical mail: says how to stop it (List-Unsubscribe) */
};

struct rh_mail_address {
    const char *name;    /* as people write it, or NULL */
    const char *address; /* local@domain; NULL = none */
};

enum {
    RH_MAIL_ALTERNATIVE = 1 /* beside text and HTML instead of behind them: an invitation */
};

/* An attachment, or a further form of the text. */
struct rh_mail_part {
    const char *content_type; /* "text/calendar; charset=utf-8; method=REQUEST" */
    const char *file_name;    /* "Einladung.ics"; NULL = none */
    const void *bytes;
    uint64_t size; /* bytes; at most 8 MiB in all */
    int32_t flags; /* RH_MAIL_ALTERNATIVE */
    int32_t reserved;
};

#define RH_MAIL_COPIES_MAX 50

struct rh_mail {
    uint32_t size;
    int32_t flags;             /* RH_MAIL_… */
    const char *key;           /* the logical mail; 1 to 200 characters */
    const char *kind;          /* what sort, for lists: "reminders.due"; begins with the module */
    const char *about;         /* the procedure it is about, or NULL */
    struct rh_mail_address to; /* required */
    const struct rh_mail_address *copies; /* Cc; each gets a delivery of its own */
    uint32_t copy_count;
    int32_t lang;              /* of template and HTML: 0 German, 1 English */
    const char *template_name; /* "reminder": config/mail/reminder.txt and perhaps .html; or NULL */
    const char *fields;        /* JSON object for the template */
    const char *subject;       /* without a template */
    const char *text;          /* complete by itself */
    const char *html;          /* what stands in <body>, or NULL */
    struct rh_mail_address reply_to; /* else the configured one */
    const char *in_reply_to;         /* key of an earlier mail: the first of the thread */
    const char *unsubscribe; /* https address that stops a digest by POST; NULL = by mail only */
    int64_t not_before_utc;  /* seconds since 1970; 0 = at once */
    int64_t give_up_utc;     /* later it would be senseless; 0 = four days after the first try */
    const struct rh_mail_part *parts;
    uint32_t part_count;
    uint32_t reserved;
};

#ifdef __cplusplus
}
#endif
#endif
