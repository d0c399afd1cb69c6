/*
 * job.h - durable work: "do this at or after that time, even after a crash".
 *
 * A job is a row. It is written in the transaction of the change that caused it, so it exists
 * exactly when the change exists. It may run more than once: a crash after the work and before
 * rh_job_done() cannot be told from one before the work, so the work must bear a repetition.
 *
 *     queued --take--> running --done--> done
 *       ^  ^              |  \--failed, attempts left, or postponed--> queued, later
 *       |  |              \-----failed, none left------> dead
 *       |  \--recover-----/                               |
 *       |  \--retry---------------------------------------/
 *       \--release-- held <--hold-- queued, dead
 *                    queued, held, dead --drop--> gone
 *
 * A move that the picture does not show is RH_ECONFLICT: somebody else was quicker. All but
 * rh_job_wake_at() are for the writer.
 */
#ifndef CORE_STORE_JOB_H
#define CORE_STORE_JOB_H

#include "core/base/arena.h"
#include "core/store/db.h"

#define RH_JOB_ATTEMPTS 10 /* unless the job says otherwise */

struct rh_job {
    int64_t id; /* given by rh_job_add() */
    const char *module, *kind, *key;
    const char *payload; /* NULL is fine */
    int64_t run_at_utc;
    int32_t attempts;     /* this one included, once taken */
    int32_t max_attempts; /* 0 when adding: RH_JOB_ATTEMPTS */
};

/* Which kinds are meant: those in the list, or all but those. NULL instead of it: all. */
struct rh_job_choice {
    const char *kinds; /* a JSON array of texts */
    bool only;
};

/* 1 when added; 0 when kind and key are known already: then nothing is changed. */
int32_t rh_job_add(struct rh_db *db, const struct rh_job *job, int64_t now_utc, struct rh_err *err);

/* 1 and when the next queued job is due (perhaps in the past), 0 when none is queued. */
int32_t rh_job_wake_at(struct rh_db *db, const struct rh_job_choice *choice,
                       int64_t *ret_run_at_utc, struct rh_err *err);

/* Takes the job that has been due longest: 1 and the job, running now, its texts in the arena; 0
 * when none is due. */
int32_t rh_job_take(struct rh_db *db, const struct rh_job_choice *choice, int64_t now_utc,
                    struct rh_arena *arena, struct rh_job *ret_job, struct rh_err *err);

int32_t rh_job_done(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err);

/* Queues it again after a pause that doubles with each attempt (30 s to 6 h, with some jitter so
 * that those who failed together do not come back together), or lets it die. Returns 1 when it
 * will be tried again, 0 when it is dead. */
int32_t rh_job_failed(struct rh_db *db, int64_t id, const struct rh_err *why, int64_t now_utc,
                      struct rh_err *err);

/* Queues one again that could not even be tried: whose function it is, is not there now. The
 * attempt does not count. */
int32_t rh_job_postpone(struct rh_db *db, int64_t id, const struct rh_err *why, int64_t run_at_utc,
                        int64_t now_utc, struct rh_err *err);

int32_t rh_job_hold(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err);
int32_t rh_job_release(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err);
/* A dead one from the beginning, now. */
int32_t rh_job_retry(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err);

/* Forgets one that is queued, held or dead. Its key is free again, so that what needs the same work
 * later can ask for it. */
int32_t rh_job_drop(struct rh_db *db, int64_t id, struct rh_err *err);

/* At start: what the last process left running is queued again. Returns how many. */
int64_t rh_job_recover(struct rh_db *db, int64_t now_utc, struct rh_err *err);

#endif
