/*
 * log.h - what the server has to say to those who run it: one line an event, logfmt, on stderr.
 *
 *     2026-11-22T08:00:00Z level=info event=ready url=http://127.0.0.1:8186/
 *
 * Identifiers only: no names of people, no addresses, no query strings. Under systemd the time is
 * left to the journal and the level is its priority. Any thread: a line is one
 * write.
 */
#ifndef CORE_SERVER_LOG_H
#define CORE_SERVER_LOG_H

#include "core/base/str.h"

enum rh_log_level { RH_LOG_ERROR = 3, RH_LOG_WARNING = 4, RH_LOG_INFO = 6 };

/* Names and values in turn; a pair whose value is NULL is left out. */
#define rh_log(level, event, ...)                                                                  \
    rh_log_pairs((level), (event), (const char *const[]){"", ##__VA_ARGS__, NULL} + 1)
void rh_log_pairs(enum rh_log_level level, const char *event, const char *const *pairs);

/* The same as text, for tests: without time. */
void rh_log_line(struct rh_str *out, enum rh_log_level level, const char *event,
                 const char *const *pairs);

#endif
