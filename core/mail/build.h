/*
 * build.h - the complete bytes of a message (RFC 5322, 2045 to 2047, 2231, 3834, 8058).
 *
 *     multipart/mixed                    only with attachments
 *       multipart/alternative            first child: Outlook looks for invitations only here
 *         text/plain                     quoted-printable
 *         text/html
 *         parts marked as alternatives   text/calendar; method=REQUEST, say
 *       attachments                      base64
 *
 * The same message gives the same bytes, always: boundaries come from the Message-ID, the date is
 * handed in. So the bytes can be stored before sending, compared in tests with golden files, and
 * sent again after a crash. Everything is 7 bit and every line has at most 78 characters, but for
 * single words (addresses) that are longer; no line exceeds 998.
 *
 * Pure; any thread. Whoever calls has a valid message or gets RH_EINVALID with a sentence.
 */
#ifndef CORE_MAIL_BUILD_H
#define CORE_MAIL_BUILD_H

#include "core/base/str.h"
#include "reihum/mail.h"

#define RH_MAIL_BYTES_MAX   ((size_t)16 * 1024 * 1024) /* of a finished message */
#define RH_MAIL_PARTS_BYTES ((uint64_t)8 * 1024 * 1024)
#define RH_MAIL_SUBJECT_MAX 300              /* characters */
#define RH_MAIL_TEXT_MAX    ((size_t)200000) /* characters of text, and of HTML */
#define RH_MAIL_ID_MAX      120              /* of a Message-ID with its <> */

struct rh_mail_message {
    struct rh_mail_address from, to, reply_to; /* reply_to.address may be NULL */
    const struct rh_mail_address *copies;
    size_t copy_count;
    const char *message_id;  /* "<uuid@domain>" */
    const char *in_reply_to; /* the same form, or NULL */
    const char *references;  /* such forms, parted by spaces, or NULL */
    int64_t date_utc;        /* seconds since 1970 */
    const char *subject;
    const char *text;
    const char *html;                /* what stands in <body>, or a whole document, or NULL */
    int32_t lang;                    /* 0 German, 1 English */
    const char *unsubscribe_mail;    /* address, or NULL: no List-Unsubscribe */
    const char *unsubscribe_address; /* https://…, or NULL */
    const struct rh_mail_part *parts;
    size_t part_count;
};

/* Appends the message. On an error nothing that a caller should use is appended. */
int32_t rh_mail_build(const struct rh_mail_message *message, struct rh_str *out,
                      struct rh_err *err);

/* "Thu, 27 May 2027 09:30:00 +0200": in Europe/Berlin, as people here read it. */
#define RH_MAIL_DATE_SIZE 64
void rh_mail_date(int64_t utc, char date[RH_MAIL_DATE_SIZE]);

/* "<a@b>": of the form that we make and that may be quoted in a header. */
bool rh_mail_id_ok(const char *id, size_t length);

/* Quoted-printable of text with line ends of any kind; lines of at most 76 characters. */
void rh_mail_quote_text(const char *text, size_t length, struct rh_str *out);

#endif
