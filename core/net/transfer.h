/*
 * transfer.h - inside the room: what smtp.c and imap.c have in common.
 */
#ifndef CORE_NET_TRANSFER_H
#define CORE_NET_TRANSFER_H

#include "core/net/net.h"

#include <curl/curl.h>

struct transfer {
    CURL *easy; /* owned */
    /* On the loop, not inside one of libcurl's callbacks. */
    void (*done)(struct transfer *transfer, CURLcode result);
    struct rh_net *net; /* while it runs */
    char error[CURL_ERROR_SIZE];
    char reply[500]; /* the last line the server sent, printable ASCII */
};

/* A handle with the options that all have: no signals, time limits, only mail protocols. */
int32_t transfer_init(struct transfer *transfer, struct rh_err *err);
void transfer_fini(struct transfer *transfer); /* not while it runs */

/* Where to and how; `scheme` is "smtp" or "imap", `path` what follows the '/'. */
int32_t transfer_server(struct transfer *transfer, const struct rh_net_server *server,
                        const char *scheme, const char *path, struct rh_err *err);

int32_t transfer_start(struct rh_net *net, struct transfer *transfer, struct rh_err *err);
/* `done` is not called any more. */
void transfer_cancel(struct transfer *transfer);

/* Keeps a line as printable ASCII without its end. */
void transfer_keep_line(struct transfer *transfer, const char *line, size_t length);

#endif
