/*
 * net.h - one line of transfers on the loop: libcurl's multi interface over libuv.
 *
 * A net is a pool of its own: connections are kept and reused inside it and never leave it. Mail
 * uses one net for each connection it may have, so that it can count what went over each.
 * Everything happens on the loop thread; nothing waits. No type of libcurl leaves this room.
 *
 * To send, see smtp.h; to fetch, imap.h. To add a protocol, start at transfer.h.
 */
#ifndef CORE_NET_NET_H
#define CORE_NET_NET_H

#include "core/base/error.h"

#include <stdbool.h>
#include <uv.h>

struct rh_net;

/* Before the first use of the library; any number of times, any thread. */
int32_t rh_net_init(struct rh_err *err);

/* `loop` must outlive it. */
int32_t rh_net_new(uv_loop_t *loop, struct rh_net **ret_net, struct rh_err *err);

/* Ends its connections and gives its handles back to the loop, which frees it when they are closed.
 * No transfer may be running. NULL is fine. */
void rh_net_close(struct rh_net *net);

enum rh_net_tls {
    RH_NET_TLS_NONE,
    RH_NET_TLS_START,  /* STARTTLS, and nothing without it */
    RH_NET_TLS_AT_ONCE /* smtps, imaps */
};

/* A mail server. All borrowed as long as transfers to it run. */
struct rh_net_server {
    const char *host;
    int32_t port;
    enum rh_net_tls tls;
    const char *user, *password; /* NULL: no sign-in */
    const char *ca_file;         /* NULL: the system's */
    int64_t timeout_s; /* for each answer, and for the connection; a transfer gets ten times that */
};

#endif
