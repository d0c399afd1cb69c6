#include "core/net/smtp.h"

#include "core/base/alloc.h"
#include "core/net/transfer.h"

#include <stdio.h>
#include <string.h>

/* How far the conversation got; from what we say, since libcurl only tells the last number it
 * heard. */
enum stage { STAGE_HELLO, STAGE_FROM, STAGE_RECIPIENT, STAGE_DATA, STAGE_END };

struct rh_smtp {
    struct transfer transfer; /* first */
    struct rh_net *net;       /* owned */
    struct curl_slist *to;    /* owned, while sending */
    const char *bytes;        /* borrowed, while sending */
    size_t length, at;
    enum stage stage;
    int mails;    /* over the present connection */
    bool leaving; /* we said QUIT */
    bool again;   /* tried a second time on a new connection */
    void (*done)(void *context, const struct rh_smtp_result *result);
    void *context;
};

/* ---- libcurl's callbacks: notes only ---- */

static size_t on_read(char *buffer, size_t size, size_t count, void *context)
{
    struct rh_smtp *smtp = context;
    size_t room = size * count, left = smtp->length - smtp->at, take = left < room ? left : room;

    memcpy(buffer, smtp->bytes + smtp->at, take);
    smtp->at += take;
    if (smtp->at == smtp->length) /* libcurl does not ask again when it knows the size */
        smtp->stage = STAGE_END;
    return take;
}

static size_t on_line(char *line, size_t size, size_t count, void *context)
{
    struct rh_smtp *smtp = context;

    if (!smtp->leaving) /* "221 Bye" is no answer to a mail */
        transfer_keep_line(&smtp->transfer, line, size * count);
    return size * count;
}

static int on_debug(CURL *easy, curl_infotype type, char *data, size_t size, void *context)
{
    struct rh_smtp *smtp = context;

    (void)easy;
    if (type != CURLINFO_HEADER_OUT || size < 4)
        return 0;
    if (strncmp(data, "MAIL", 4) == 0)
        smtp->stage = STAGE_FROM;
    else if (strncmp(data, "RCPT", 4) == 0)
        smtp->stage = STAGE_RECIPIENT;
    else if (strncmp(data, "DATA", 4) == 0)
        smtp->stage = STAGE_DATA;
    else if (strncmp(data, "QUIT", 4) == 0)
        smtp->leaving = true;
    return 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count; /* SMTP has none */
}

/* ---- judging ---- */

/* A number that answers the last thing we said; 354 is the invitation to send the mail. */
static long answer_of(CURL *easy)
{
    long code = 0;

    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
    return code;
}

static enum rh_smtp_outcome judge(const struct rh_smtp *smtp, CURLcode result, long code)
{
    if (result == CURLE_OK)
        return RH_SMTP_SENT;
    /* 421 may come at any time and means the connection, not the mail. */
    if (code == 421 || smtp->stage == STAGE_HELLO)
        return RH_SMTP_NO_SERVER;
    if (code >= 500 && code < 600)
        return RH_SMTP_REFUSED;
    if (code >= 400 && code < 500)
        return RH_SMTP_LATER;
    return smtp->stage == STAGE_END ? RH_SMTP_UNSURE : RH_SMTP_LATER;
}

/* The server's own words, or, when it said nothing about it, what happened to the connection. */
static void explain(const struct rh_smtp *smtp, CURLcode result, long code, char *reply)
{
    static const char cut[] = "no answer after the whole mail was handed over: ";
    const char *error = smtp->transfer.error[0] ? smtp->transfer.error : curl_easy_strerror(result);
    bool answered = code >= 400 || result == CURLE_OK;

    if (answered && smtp->transfer.reply[0])
        (void)snprintf(reply, RH_SMTP_REPLY_MAX, "%s", smtp->transfer.reply);
    else
        (void)snprintf(reply, RH_SMTP_REPLY_MAX, "%s%.400s", smtp->stage == STAGE_END ? cut : "",
                       error);
    for (; *reply; reply++)
        if ((unsigned char)*reply < 0x20 || (unsigned char)*reply > 0x7e)
            *reply = '?';
}

static int32_t go(struct rh_smtp *smtp, struct rh_err *err)
{
    smtp->at = 0;
    smtp->stage = STAGE_HELLO;
    smtp->leaving = false;
    return transfer_start(smtp->net, &smtp->transfer, err);
}

/* A kept connection that the server closed meanwhile: once more on a new one, at once. Nothing of
 * the mail was accepted: the server has not even answered MAIL. */
static bool was_stale(const struct rh_smtp *smtp, CURLcode result, long code)
{
    long made = 0;

    (void)curl_easy_getinfo(smtp->transfer.easy, CURLINFO_NUM_CONNECTS, &made);
    return result != CURLE_OK && made == 0 && !smtp->again &&
           ((smtp->stage <= STAGE_FROM && code < 400) || (code == 421 && smtp->stage != STAGE_END));
}

static void on_done(struct transfer *transfer, CURLcode result)
{
    struct rh_smtp *smtp = (struct rh_smtp *)transfer;
    struct rh_smtp_result news = {.outcome = RH_SMTP_NO_SERVER};
    long code = answer_of(transfer->easy), made = 0;

    if (was_stale(smtp, result, code)) {
        smtp->again = true;
        (void)curl_easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, 1L);
        if (go(smtp, NULL) == 0)
            return;
    }
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &made);
    smtp->mails = made > 0 || result != CURLE_OK ? 1 : smtp->mails + 1;
    news.outcome = judge(smtp, result, code);
    news.at_recipient = smtp->stage == STAGE_RECIPIENT;
    explain(smtp, result, code, news.reply);
    curl_slist_free_all(smtp->to);
    smtp->to = NULL;
    smtp->done(smtp->context, &news);
}

/* ---- a connection ---- */

static int32_t prepare(struct rh_smtp *smtp, const struct rh_net_server *server, const char *ehlo,
                       struct rh_err *err)
{
    CURL *easy;
    int32_t rc = transfer_init(&smtp->transfer, err);

    if (rc < 0)
        return rc;
    easy = smtp->transfer.easy;
    if (curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L) ||
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read) ||
        curl_easy_setopt(easy, CURLOPT_READDATA, smtp) ||
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line) ||
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, smtp) ||
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) ||
        curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug) ||
        curl_easy_setopt(easy, CURLOPT_DEBUGDATA, smtp) ||
        curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L) ||
        /* libcurl allocates three times this for each mail; the usual 64 KiB is more than malloc
         * keeps, so each mail would cost a mapping and its end */
        curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16384L))
        return rh_err_nomem(err);
    return transfer_server(&smtp->transfer, server, "smtp", ehlo, err);
}

int32_t rh_smtp_new(uv_loop_t *loop, const struct rh_net_server *server, const char *ehlo,
                    struct rh_smtp **ret_smtp, struct rh_err *err)
{
    struct rh_smtp *smtp = rh_alloc(1, sizeof(*smtp));
    int32_t rc;

    if (!smtp)
        return rh_err_nomem(err);
    smtp->transfer.done = on_done;
    rc = rh_net_new(loop, &smtp->net, err);
    if (rc == 0)
        rc = prepare(smtp, server, ehlo, err);
    if (rc < 0) {
        rh_smtp_close(smtp);
        return rc;
    }
    *ret_smtp = smtp;
    return 0;
}

void rh_smtp_close(struct rh_smtp *smtp)
{
    if (!smtp)
        return;
    transfer_cancel(&smtp->transfer);
    curl_slist_free_all(smtp->to);
    transfer_fini(&smtp->transfer);
    rh_net_close(smtp->net);
    rh_free(smtp);
}

int32_t rh_smtp_send(struct rh_smtp *smtp, const char *sender, const char *recipient,
                     const char *bytes, size_t length,
                     void (*done)(void *context, const struct rh_smtp_result *result),
                     void *context, struct rh_err *err)
{
    CURL *easy = smtp->transfer.easy;
    bool last = smtp->mails >= RH_SMTP_MAILS_MAX - 1;
    int32_t rc;

    smtp->to = curl_slist_append(NULL, recipient);
    if (!smtp->to || curl_easy_setopt(easy, CURLOPT_MAIL_FROM, sender) ||
        curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, smtp->to) ||
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)length) ||
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 0L) ||
        curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, last ? 1L : 0L)) {
        curl_slist_free_all(smtp->to);
        smtp->to = NULL;
        return rh_err_nomem(err);
    }
    smtp->bytes = bytes;
    smtp->length = length;
    smtp->again = false;
    smtp->done = done;
    smtp->context = context;
    rc = go(smtp, err);
    if (rc < 0) {
        curl_slist_free_all(smtp->to);
        smtp->to = NULL;
    }
    return rc;
}

enum rh_smtp_outcome rh_smtp_cancel(struct rh_smtp *smtp)
{
    transfer_cancel(&smtp->transfer);
    curl_slist_free_all(smtp->to);
    smtp->to = NULL;
    return smtp->stage == STAGE_END ? RH_SMTP_UNSURE : RH_SMTP_NO_SERVER;
}
