/*
 * client.h - the command line as a client of the server that owns the database file: the same
 * operation over the Unix socket beside the file, as HTTP and JSON.
 *
 * Blocking, for the command line only. Library: libcurl (MIT-like, kept by its community since
 * 1998); it spares us an HTTP client.
 */
#ifndef CORE_CLI_CLIENT_H
#define CORE_CLI_CLIENT_H

#include "core/base/str.h"
#include "core/cli/command.h"

struct rh_client_options {
    const char *socket_path;
    enum rh_lang lang;
    const char *as_of; /* text or NULL */
    void (*progress)(void *context, int64_t done, int64_t total,
                     const char *what); /* may be NULL */
    bool (*stopped)(void *context); /* asked now and then, true ends the call and with it the work
                                       on the server; may be NULL */
    void *context;
    int64_t patience_ms; /* so long without a byte, and the server is asked whether it lives; 0 = 10
                            seconds. As long as it says so, the call waits: work may take long. */
};

/* The answer's JSON is appended to `json`. The server's refusal comes back as its error; no server
 * as RH_EUNREACHABLE, a stopped call as RH_ECANCELLED. */
int32_t rh_client_call(const struct rh_client_options *options, const struct rh_operation_entry *op,
                       const struct rh_argument *arguments, size_t count, struct rh_str *json,
                       struct rh_err *err);

#endif
