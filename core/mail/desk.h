/*
 * desk.h - where mail is written: who we are, and the templates.
 *
 * A template is NAME.txt, perhaps NAME.html, and NAME.json: a sample of its fields. The first line
 * of NAME.txt is "Subject: …", then an empty line, then the text. Files whose name begins with '_'
 * are parts for others. When the folder is read, each template is held against its sample, so a
 * field that nobody fills is found at start, with its line, and not in an office's inbox.
 *
 * Made once at start, then only read; any thread.
 */
#ifndef CORE_MAIL_DESK_H
#define CORE_MAIL_DESK_H

#include "core/base/str.h"
#include "reihum/mail.h"

struct rh_mail_desk_options {
    const char *from, *from_name; /* whose mail it is */
    const char *reply_to;         /* NULL: From */
    const char *bounce;           /* envelope sender; gets "+TOKEN" before its '@' */
    const char *folder;           /* of the templates; NULL or "": there are none */
};

struct rh_mail_desk;

/* Copies what it is given. RH_EINVALID for an address that is none, a template with a fault. */
int32_t rh_mail_desk_new(const struct rh_mail_desk_options *options, struct rh_mail_desk **ret_desk,
                         struct rh_err *err);
struct rh_mail_desk *rh_mail_desk_free(struct rh_mail_desk *desk); /* NULL is fine */

const char *rh_mail_desk_from(const struct rh_mail_desk *desk);
const char *rh_mail_desk_from_name(const struct rh_mail_desk *desk); /* NULL: none */
const char *rh_mail_desk_reply_to(const struct rh_mail_desk *desk);  /* NULL: none */
/* "bounce+TOKEN@domain"; "" when that would be longer than an address may be. */
void rh_mail_desk_bounce(const struct rh_mail_desk *desk, const char *token, char sender[256]);

/* The names of the templates, sorted; NULL past the end. */
const char *rh_mail_desk_template(const struct rh_mail_desk *desk, size_t index);
/* Its sample, as it stands in the file; NULL when there is no such template. */
const char *rh_mail_desk_sample(const struct rh_mail_desk *desk, const char *name);

/* What the mail says: from its template and fields, or as it brought it. `html` stays empty when
 * there is none. RH_EINVALID, RH_ENOTFOUND with a sentence. `desk` may be NULL: no templates. */
struct rh_mail_words {
    struct rh_str subject, text, html;
};
void rh_mail_words_init(struct rh_mail_words *words);
void rh_mail_words_fini(struct rh_mail_words *words);
int32_t rh_mail_words_of(const struct rh_mail_desk *desk, const struct rh_mail *mail,
                         struct rh_mail_words *words, struct rh_err *err);

#endif
