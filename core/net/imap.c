#include "core/net/imap.h"

#include "core/base/alloc.h"
#include "core/net/transfer.h"

#include <stdio.h>
#include <string.h>

struct rh_imap {
    struct transfer transfer; /* first */
    struct rh_net *net;       /* owned */
    const struct rh_net_server *server;
    char mailbox[256];
    struct rh_str answer;
    size_t body_max;
    bool fetching;
    rh_imap_done *done;
    void *context;
};

static size_t keep(struct rh_imap *imap, const char *bytes, size_t count)
{
    rh_str_add_n(&imap->answer, bytes, count);
    return imap->answer.failed ? 0 : count; /* 0: the transfer ends with an error */
}

/* The message, or the first of the untagged lines. */
static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct rh_imap *imap = context;

    return keep(imap, bytes, size * count) == size * count ? size * count : 0;
}

static size_t on_line(char *line, size_t size, size_t count, void *context)
{
    struct rh_imap *imap = context;
    size_t length = size * count;

    if (length < 2 || line[0] != '*') /* a tagged answer says how it ended */
        transfer_keep_line(&imap->transfer, line, length);
    return length;
}

static void on_done(struct transfer *transfer, CURLcode code)
{
    struct rh_imap *imap = (struct rh_imap *)transfer;
    struct rh_imap_result result = {.fine = code == CURLE_OK, .answer = &imap->answer};

    result.no_such_message = code == CURLE_REMOTE_FILE_NOT_FOUND;
    result.too_large = imap->answer.failed;
    if (!result.fine)
        (void)snprintf(result.reason, sizeof(result.reason), "%.400s%s%.80s",
                       transfer->error[0] ? transfer->error : curl_easy_strerror(code),
                       transfer->reply[0] ? ": " : "", transfer->reply);
    for (char *c = result.reason; *c; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e)
            *c = '?';
    imap->done(imap->context, &result);
}

int32_t rh_imap_new(uv_loop_t *loop, const struct rh_net_server *server, const char *mailbox,
                    size_t body_max, struct rh_imap **ret_imap, struct rh_err *err)
{
    struct rh_imap *imap = rh_alloc(1, sizeof(*imap));
    int32_t rc;

    if (!imap)
        return rh_err_nomem(err);
    imap->server = server;
    imap->body_max = body_max;
    imap->transfer.done = on_done;
    rh_str_init(&imap->answer, body_max);
    (void)snprintf(imap->mailbox, sizeof(imap->mailbox), "%s", mailbox);
    rc = rh_net_new(loop, &imap->net, err);
    if (rc == 0)
        rc = transfer_init(&imap->transfer, err);
    if (rc == 0 && (curl_easy_setopt(imap->transfer.easy, CURLOPT_WRITEFUNCTION, on_body) ||
                    curl_easy_setopt(imap->transfer.easy, CURLOPT_WRITEDATA, imap) ||
                    curl_easy_setopt(imap->transfer.easy, CURLOPT_HEADERFUNCTION, on_line) ||
                    curl_easy_setopt(imap->transfer.easy, CURLOPT_HEADERDATA, imap)))
        rc = rh_err_nomem(err);
    if (rc < 0) {
        rh_imap_close(imap);
        return rc;
    }
    *ret_imap = imap;
    return 0;
}

void rh_imap_close(struct rh_imap *imap)
{
    if (!imap)
        return;
    transfer_cancel(&imap->transfer);
    transfer_fini(&imap->transfer);
    rh_net_close(imap->net);
    rh_str_fini(&imap->answer);
    rh_free(imap);
}

static int32_t start(struct rh_imap *imap, const char *path, const char *command, size_t maximum,
                     rh_imap_done *done, void *context, struct rh_err *err)
{
    int32_t rc = transfer_server(&imap->transfer, imap->server, "imap", path, err);

    if (rc == 0 && curl_easy_setopt(imap->transfer.easy, CURLOPT_CUSTOMREQUEST, command))
        rc = rh_err_nomem(err);
    if (rc < 0)
        return rc;
    rh_str_fini(&imap->answer); /* a large message's memory goes with it */
    rh_str_init(&imap->answer, maximum);
    imap->done = done;
    imap->context = context;
    return transfer_start(imap->net, &imap->transfer, err);
}

bool rh_imap_command_ok(const char *command)
{
    static const char *const never[] = {"BODY",     "RFC822.TEXT", "RFC822.HEADER",
                                        "ENVELOPE", "APPEND",      "{"};

    for (const char *c = command; *c; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e)
            return false;
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
        if (strcasestr(command, never[i]))
            return false;
    return true;
}

int32_t rh_imap_command(struct rh_imap *imap, const char *command, rh_imap_done *done,
                        void *context, struct rh_err *err)
{
    if (!rh_imap_command_ok(command))
        return rh_err_set(err, RH_EFAILED, "dieses IMAP-Kommando könnte Fremdes einschleusen",
                          "this IMAP command could let foreign text in");
    return start(imap, imap->mailbox, command, RH_IMAP_LINES_MAX, done, context, err);
}

int32_t rh_imap_fetch(struct rh_imap *imap, int64_t uid, rh_imap_done *done, void *context,
                      struct rh_err *err)
{
    char path[320];

    (void)snprintf(path, sizeof(path), "%s/;UID=%lld", imap->mailbox, (long long)uid);
    return start(imap, path, NULL, imap->body_max, done, context, err);
}
