/*
 * jobs.h - does the jobs that are due, one after another; those that prepare beside the others.
 *
 * A job is a row (core/store/job.h); what it means, a module says (struct rh_job_kind). Each is
 * done on the writer behind the module's guard, in a savepoint that also marks it as done, so the
 * work and the mark are there together or not at all. What fails comes back later, and dies after
 * its last attempt, visibly. Jobs of a module that is absent wait for it without using up attempts.
 * A job whose kind has a `prepare` is prepared before on a computing thread; what the server's end
 * broke off is begun anew by the next one.
 *
 * No timer is longer than a minute: so a clock that was set is noticed, and a year is nothing that
 * is held in memory. Loop thread; the waiting is done on libuv's pool.
 */
#ifndef CORE_SERVER_JOBS_H
#define CORE_SERVER_JOBS_H

#include "core/operation/invoke.h"

#include <uv.h>

struct rh_jobs;

struct rh_jobs_options {
    uv_loop_t *loop;
    struct rh_house *house;
    /* An attempt has ended; `again`: it will be tried again. err->code 0 = it is done. May be NULL.
     */
    void (*ended)(void *context, const char *kind, int64_t id, const struct rh_err *err,
                  bool again);
    void *context;
};

int32_t rh_jobs_new(const struct rh_jobs_options *options, struct rh_jobs **ret_jobs,
                    struct rh_err *err);

/* Something was committed: perhaps a job among it. Cheap. */
void rh_jobs_look(struct rh_jobs *jobs);

/* Begins no further job and asks a `prepare` to stop; false while one is being done. */
bool rh_jobs_stop(struct rh_jobs *jobs);

/* Once stopped: the handle is given back to the loop, which frees. NULL is fine. */
void rh_jobs_close(struct rh_jobs *jobs);

/* Figures for /metrics: done, failed, died since the start. */
struct rh_jobs_figures {
    uint64_t done, failed, dead;
};
struct rh_jobs_figures rh_jobs_figures(const struct rh_jobs *jobs);

/* Does what is due at the clock's time, at most `limit` jobs, waiting for each; for tests and for
 * the above. Returns how many, or < 0. `ret_wait_ms` is how long nothing is due, at most a minute.
 */
int32_t rh_jobs_run_due(struct rh_house *house, int limit,
                        void (*ended)(void *context, const char *kind, int64_t id,
                                      const struct rh_err *err, bool again),
                        void *context, int64_t *ret_wait_ms, struct rh_err *err);

#endif
