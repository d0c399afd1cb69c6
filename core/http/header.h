/*
 * header.h - the request headers that need more than comparing: languages, types, host, origin,
 * cookies, entity tags.
 *
 * All functions take what the client sent (NULL when it sent nothing) and give an answer for any
 * bytes: what is not well formed counts as not said, except where that would be unsafe (Host,
 * Origin: refused). No allocation; any thread.
 */
#ifndef CORE_HTTP_HEADER_H
#define CORE_HTTP_HEADER_H

#include "core/base/error.h"

#include <stdbool.h>

/* Accept-Language: the better rated of German and English, the first of equals; `fallback` when
 * neither is named. */
enum rh_lang rh_header_language(const char *accept_language, enum rh_lang fallback);

/* Accept: how much this type ("text/csv") is wanted, 0 … 1000; the most exact range counts. All
 * are wanted when nothing is said. */
int rh_header_accepts(const char *accept, const char *type);

/* Accept-Encoding: is this coding ("gzip") named, and not with weight 0? */
bool rh_header_accepts_coding(const char *accept_encoding, const char *coding);

/* Is the Content-Type this one, whatever parameters follow? */
bool rh_header_is_type(const char *content_type, const char *type);

/* A parameter of Content-Type ("boundary"), unquoted; false when it is missing or does not fit. */
bool rh_header_parameter(const char *content_type, const char *name, char *value, size_t size);

/* Is the Host header a name of this machine for itself: localhost, 127.x.y.z or [::1], with or
 * without a port? */
bool rh_header_host_is_loopback(const char *host);

/* Does Origin name the host that was asked ("http://" or "https://" and Host)? "null" and the like
 * do not. */
bool rh_header_same_origin(const char *origin, const char *host);

/* The value of a cookie; false when there is none or it does not fit. */
bool rh_header_cookie(const char *cookies, const char *name, char *value, size_t size);

/* Is the tag (with its quotes) in the list of If-None-Match or If-Match, or the list "*"? `weak`:
 * W/ in front makes no difference (If-None-Match); otherwise a weak tag never matches. */
bool rh_header_has_tag(const char *list, const char *tag, bool weak);

/* A date as programs send it since 1997: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7). Seconds
 * since 1970; false for anything else, the two older forms included. */
bool rh_header_date(const char *text, int64_t *ret_utc);
#define RH_HEADER_DATE_MAX 32
/* The same written; "" before 1970 and after the years of the calendar. */
void rh_header_date_write(int64_t utc, char text[RH_HEADER_DATE_MAX]);

#endif
