/*
 * run.h - from a request to an operation and back.
 *
 * The JSON interface, forms and pages collect fields; here they become arguments, the reserved ones
 * ("lang", "as-of", "format", names that begin with '_') are taken out, Idempotency-Key and
 * If-Match are looked at, and the operation is invoked. `done` then replies on the loop thread. The
 * answer it gets is valid until the request ends, or until it takes the invocation over.
 */
#ifndef CORE_HTTP_RUN_H
#define CORE_HTTP_RUN_H

#include "core/http/internal.h"

typedef void rh_run_done(struct rh_request *request, const struct rh_operation_entry *entry,
                         const struct rh_answer *answer);

/* Begins; when it cannot, `request` has its reply already (a fault). The fields are copied. */
void rh_run(struct rh_request *request, const struct rh_operation_entry *entry,
            const struct rh_fields *fields, rh_run_done *done);

/* What rh_invoke() is asked, for who invokes by himself; in the request's memory. */
struct rh_run_call {
    struct rh_argument *arguments;
    size_t count;
    struct rh_invoke_options options;
};
int32_t rh_run_prepare(struct rh_request *request, const struct rh_operation_entry *entry,
                       const struct rh_fields *fields, struct rh_run_call *call,
                       struct rh_err *err);

/* The entity tag of an answer: quoted, made of the data's version and the content. */
#define RH_TAG_MAX 64
void rh_run_tag(const struct rh_request *request, uint64_t version, const char *bytes,
                size_t length, char tag[RH_TAG_MAX]);

/* Is the name one that no operation sees? */
bool rh_run_reserved(const char *name);

#endif
