/*
 * problem.h - what went wrong, as the asker can read it: RFC 9457 for programs, a page for people.
 */
#ifndef CORE_HTTP_PROBLEM_H
#define CORE_HTTP_PROBLEM_H

#include "core/http/internal.h"

/* Replies with the error; the status comes from its code. */
void rh_reply_fault(struct rh_request *request, const struct rh_err *err);

/* The same with a status of its own (405, 415, 421 …). */
void rh_reply_fault_as(struct rh_request *request, int status, const struct rh_err *err);

/* The problem object, for streams too. */
void rh_problem_write(const struct rh_request *request, int status, const struct rh_err *err,
                      struct rh_str *out);

/* What a status means, in words a person would use. */
struct rh_text rh_status_text(int status);

#endif
