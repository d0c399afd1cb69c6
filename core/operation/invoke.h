/*
 * invoke.h - runs one operation: parameters in, answer out.
 *
 * The command line, the JSON interface, pages and forms all come through here, so they cannot
 * differ. An invocation checks the parameters, runs the operation on the right thread (READ:
 * worker; WRITE: writer; COMPUTE: worker, then writer) and leaves the answer as one JSON object.
 * WRITE and COMPUTE with an idempotency key that was seen before answer what they answered then,
 * and do nothing.
 */
#ifndef CORE_OPERATION_INVOKE_H
#define CORE_OPERATION_INVOKE_H

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/operation/registry.h"
#include "core/store/store.h"

struct rh_clock {                      /* the clock that was handed in */
    int64_t (*now_utc)(void *context); /* seconds since 1970 */
    int64_t (*monotonic_ms)(void *context);
    void *context;
};

struct rh_plugins;
struct rh_mail_desk;
struct rh_kept_calendars;

/* What every invocation needs; one a process; borrowed by all. */
struct rh_house {
    struct rh_registry *registry;
    struct rh_store *store;
    const struct rh_clock *clock;
    struct rh_plugins *plugins; /* NULL without; see core/plugin/plugins.h */
    bool practice; /* the database is a copy to practise on: `clock` is shifted, nothing that it
                      wants done outside may be done */
    struct rh_mail_desk *mail;  /* NULL: no mail is written; see core/mail/desk.h */
    const char *mail_templates; /* folder of those shipped; NULL or "": there is none */
    const char *fetch_hosts;    /* hosts in private networks that may be fetched from, one a line;
                                   NULL = none */
    /* A simulation's: runs that need not be read again; see core/procedure/procedure.h. */
    struct rh_procedure_memory *procedures;
    struct rh_kept_calendars *calendars; /* owned by who made the house; NULL: read each time */
};

/* Calendars that the writer keeps between operations; on its thread only. */
struct rh_kept_calendars *rh_kept_calendars_new(void); /* NULL without memory */
struct rh_kept_calendars *rh_kept_calendars_free(struct rh_kept_calendars *kept);

struct rh_invocation; /* in its own arena; one at a time per caller */

struct rh_argument {
    const char *name;  /* "office" */
    const char *value; /* text as the person wrote it; for FILE: the file's name */
    const char *bytes; /* FILE: its contents */
    size_t size;
};

struct rh_invoke_options {
    enum rh_lang lang;
    const char *actor;           /* "cli:uid=1000", "http:local", … */
    const char *idempotency_key; /* NULL = none */
    int32_t as_of;               /* day number or RH_NO_DAY */
    /* Called on the thread that works, now and then; a value other than 0 cancels. May be NULL. */
    int32_t (*progress)(void *context, int64_t done, int64_t total, const char *what);
    void *progress_context;
    /* Changes only: the version of the data that the caller has seen; RH_EPRECONDITION when it is
     * another one by now. 0 = whatever it is. */
    uint64_t if_version;
};

struct rh_answer {
    int32_t code;      /* 0 or RH_E… */
    struct rh_err err; /* when code < 0 */
    const char *json;  /* one object; valid until rh_invocation_free() */
    size_t json_length;
    uint64_t version; /* of the data it was read from, for ETags */
};

/* Starts; `done` is called on the thread that calls rh_store_collect(). Copies all it is given.
 * NULL only without memory. */
struct rh_invocation *rh_invoke(struct rh_house *house, const struct rh_operation_entry *op,
                                const struct rh_argument *arguments, size_t count,
                                const struct rh_invoke_options *options,
                                void (*done)(struct rh_invocation *invocation,
                                             const struct rh_answer *answer, void *context),
                                void *context);
/* As above, but waits. */
struct rh_invocation *rh_invoke_wait(struct rh_house *house, const struct rh_operation_entry *op,
                                     const struct rh_argument *arguments, size_t count,
                                     const struct rh_invoke_options *options,
                                     const struct rh_answer **ret_answer);
/* Asks a running one to stop; `done` still comes. */
void rh_invocation_cancel(struct rh_invocation *invocation);
struct rh_invocation *rh_invocation_free(struct rh_invocation *invocation);

#endif
