/*
 * fetch.h - gets one document over HTTP or HTTPS from a place that somebody named.
 *
 * The place may be hostile, and whoever named it may be: so only http and https, no credentials, no
 * cookies, no proxy; addresses of this machine and of private networks are refused when the socket
 * is about to be opened, after the name was resolved (so a name that changes its mind does not
 * help), at each of at most RH_FETCH_REDIRECTS redirects anew, and never from https back to http.
 * Bytes are counted as sent and as inflated, the time in all.
 *
 * Blocks; any thread, several at once. Errors name the host, never the address: that may be a
 * secret.
 */
#ifndef CORE_NET_FETCH_H
#define CORE_NET_FETCH_H

#include "core/base/str.h"

#define RH_FETCH_REDIRECTS 3
#define RH_FETCH_VALUE_MAX 512 /* of a header that is kept */

struct rh_fetch {
    const char *url;
    const char *etag, *modified; /* as the server said last time; NULL = none */
    const char *accept;          /* NULL = anything */
    const char *allowed;         /* hosts that may lie in private networks, one a line; or NULL */
    int64_t sent_max, size_max;  /* bytes, as they travel and inflated; > 0 */
    int64_t time_ms;             /* in all; > 0 */
    /* Asked now and then; other than 0 ends it. May be NULL. */
    int32_t (*stop)(void *context);
    void *context;
};

struct rh_fetched {
    int32_t status;     /* 200, or 304: nothing new, the body is empty */
    struct rh_str body; /* the caller's, rh_str_fini() */
    char etag[RH_FETCH_VALUE_MAX], modified[RH_FETCH_VALUE_MAX], type[RH_FETCH_VALUE_MAX];
};

/*
 * RH_EINVALID: no such address, or an answer that is none; RH_EFORBIDDEN: a private network, or the
 * server wants a sign-in; RH_ENOTFOUND: 404 and 410; RH_ETOOLARGE; RH_ECANCELLED: too slow, or
 * stopped; RH_EUNREACHABLE: all that may be better tomorrow.
 */
int32_t rh_fetch(const struct rh_fetch *fetch, struct rh_fetched *ret, struct rh_err *err);

#endif
