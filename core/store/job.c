#include "core/store/job.h"

enum { PAUSE_FIRST_S = 30, PAUSE_MAX_S = 6 * 60 * 60 };

int32_t rh_job_add(struct rh_db *db, const struct rh_job *job, int64_t now_utc, struct rh_err *err)
{
    int32_t max_attempts = job->max_attempts > 0 ? job->max_attempts : RH_JOB_ATTEMPTS;

    return (int32_t)rh_db_exec(
        db, NULL, err,
        "INSERT INTO job (module, kind, key, payload, run_at_utc, max_attempts, created_utc,"
        " changed_utc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) ON CONFLICT (kind, key) DO NOTHING",
        "ssssiii", job->module, job->kind, job->key, job->payload, job->run_at_utc,
        (int64_t)max_attempts, now_utc);
}

/* The choice as ?1 and ?2. */
#define CHOSEN "(?1 IS NULL OR (kind IN (SELECT value FROM json_each(?1))) = ?2)"

int32_t rh_job_wake_at(struct rh_db *db, const struct rh_job_choice *choice,
                       int64_t *ret_run_at_utc, struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc =
        rh_db_query(db, NULL, &stmt, err,
                    "SELECT run_at_utc FROM job WHERE state = 'queued' AND " CHOSEN
                    " ORDER BY run_at_utc LIMIT 1",
                    "si", choice ? choice->kinds : NULL, (int64_t)(choice && choice->only));

    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1)
        *ret_run_at_utc = rh_stmt_int(stmt, 0);
    (void)rh_stmt_close(stmt); /* always NULL */
    return rc;
}

/* ---- running ---- */

static int32_t copy_job(struct rh_stmt *stmt, struct rh_arena *arena, struct rh_job *ret_job,
                        struct rh_err *err)
{
    const char *payload = rh_stmt_text(stmt, 4);
    struct rh_job job = {
        .id = rh_stmt_int(stmt, 0),
        .module = rh_arena_strdup(arena, rh_stmt_text(stmt, 1)),
        .kind = rh_arena_strdup(arena, rh_stmt_text(stmt, 2)),
        .key = rh_arena_strdup(arena, rh_stmt_text(stmt, 3)),
        .payload = payload ? rh_arena_strdup(arena, payload) : NULL,
        .run_at_utc = rh_stmt_int(stmt, 5),
        .attempts = (int32_t)rh_stmt_int(stmt, 6),
        .max_attempts = (int32_t)rh_stmt_int(stmt, 7),
    };

    if (!job.module || !job.kind || !job.key || (payload && !job.payload))
        return rh_err_nomem(err);
    *ret_job = job;
    return 1;
}

int32_t rh_job_take(struct rh_db *db, const struct rh_job_choice *choice, int64_t now_utc,
                    struct rh_arena *arena, struct rh_job *ret_job, struct rh_err *err)
{
    static const char sql[] =
        "SELECT id, module, kind, key, payload, run_at_utc, attempts + 1, max_attempts FROM job"
        " WHERE state = 'queued' AND run_at_utc <= ?3 AND " CHOSEN
        " ORDER BY run_at_utc, id LIMIT 1";
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err, sql, "sii", choice ? choice->kinds : NULL,
                             (int64_t)(choice && choice->only), now_utc);
    int64_t changed;

    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1)
        rc = copy_job(stmt, arena, ret_job, err);
    (void)rh_stmt_close(stmt); /* always NULL */
    if (rc != 1)
        return rc;
    changed = rh_db_exec(db, NULL, err,
                         "UPDATE job SET state = 'running', attempts = ?3, changed_utc = ?1"
                         " WHERE id = ?2",
                         "iii", now_utc, ret_job->id, (int64_t)ret_job->attempts);
    return changed < 0 ? (int32_t)changed : 1;
}

/* One row moved, or somebody else was quicker. */
static int32_t moved(int64_t changed, int64_t id, struct rh_err *err)
{
    if (changed < 0)
        return (int32_t)changed;
    if (changed == 1)
        return 0;
    return rh_err_set(
        err, RH_ECONFLICT, "Auftrag %lld: gibt es nicht, oder er ist inzwischen in anderem Zustand",
        "job %lld: does not exist, or its state has changed meanwhile", (long long)id);
}

int32_t rh_job_done(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err)
{
    return moved(rh_db_exec(db, NULL, err,
                            "UPDATE job SET state = 'done', changed_utc = ?2, error_de = NULL,"
                            " error_en = NULL WHERE id = ?1 AND state = 'running'",
                            "ii", id, now_utc),
                 id, err);
}

/* Spread by up to a quarter, from number and attempt alone, so that a test sees the same. */
static int64_t pause_after(int64_t id, int64_t attempts)
{
    int64_t pause = PAUSE_FIRST_S;
    uint64_t mixed = ((uint64_t)id * 31 + (uint64_t)attempts) * UINT64_C(0x9E3779B97F4A7C15);

    for (int64_t i = 1; i < attempts && pause < PAUSE_MAX_S; i++)
        pause *= 2;
    if (pause > PAUSE_MAX_S)
        pause = PAUSE_MAX_S;
    return pause + (int64_t)((mixed >> 32) % (uint64_t)(pause / 4 + 1));
}

static int32_t attempts_of(struct rh_db *db, int64_t id, int64_t *ret_attempts, int64_t *ret_max,
                           struct rh_err *err)
{
    struct rh_stmt *stmt = NULL;
    int32_t rc = rh_db_query(db, NULL, &stmt, err,
                             "SELECT attempts, max_attempts FROM job"
                             " WHERE id = ?1 AND state = 'running'",
                             "i", id);

    if (rc == 0)
        rc = rh_stmt_next(stmt, err);
    if (rc == 1) {
        *ret_attempts = rh_stmt_int(stmt, 0);
        *ret_max = rh_stmt_int(stmt, 1);
    }
    (void)rh_stmt_close(stmt); /* always NULL */
    return rc < 0 ? rc : moved(rc, id, err);
}

int32_t rh_job_failed(struct rh_db *db, int64_t id, const struct rh_err *why, int64_t now_utc,
                      struct rh_err *err)
{
    int64_t attempts = 0, max = 0;
    int32_t rc = attempts_of(db, id, &attempts, &max, err);
    bool again;

    if (rc < 0)
        return rc;
    again = attempts < max;
    rc = moved(rh_db_exec(db, NULL, err,
                          "UPDATE job SET state = ?2, run_at_utc = ?3, changed_utc = ?4,"
                          " error_de = ?5, error_en = ?6 WHERE id = ?1",
                          "isiiss", id, again ? "queued" : "dead",
                          now_utc + (again ? pause_after(id, attempts) : 0), now_utc,
                          why->text[RH_DE], why->text[RH_EN]),
               id, err);
    return rc < 0 ? rc : again;
}

int32_t rh_job_postpone(struct rh_db *db, int64_t id, const struct rh_err *why, int64_t run_at_utc,
                        int64_t now_utc, struct rh_err *err)
{
    return moved(rh_db_exec(db, NULL, err,
                            "UPDATE job SET state = 'queued', attempts = attempts - 1,"
                            " run_at_utc = ?2, changed_utc = ?3, error_de = ?4, error_en = ?5"
                            " WHERE id = ?1 AND state = 'running'",
                            "iiiss", id, run_at_utc, now_utc, why->text[RH_DE], why->text[RH_EN]),
                 id, err);
}

/* ---- by hand ---- */

int32_t rh_job_hold(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err)
{
    return moved(rh_db_exec(db, NULL, err,
                            "UPDATE job SET state = 'held', changed_utc = ?2"
                            " WHERE id = ?1 AND state IN ('queued', 'dead')",
                            "ii", id, now_utc),
                 id, err);
}

int32_t rh_job_release(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err)
{
    return moved(rh_db_exec(db, NULL, err,
                            "UPDATE job SET state = 'queued', changed_utc = ?2"
                            " WHERE id = ?1 AND state = 'held'",
                            "ii", id, now_utc),
                 id, err);
}

int32_t rh_job_retry(struct rh_db *db, int64_t id, int64_t now_utc, struct rh_err *err)
{
    return moved(rh_db_exec(db, NULL, err,
                            "UPDATE job SET state = 'queued', attempts = 0, run_at_utc = ?2,"
                            " changed_utc = ?2 WHERE id = ?1 AND state = 'dead'",
                            "ii", id, now_utc),
                 id, err);
}

int32_t rh_job_drop(struct rh_db *db, int64_t id, struct rh_err *err)
{
    return moved(rh_db_exec(db, NULL, err,
                            "DELETE FROM job WHERE id = ?1 AND state IN ('queued', 'held', 'dead')",
                            "i", id),
                 id, err);
}

int64_t rh_job_recover(struct rh_db *db, int64_t now_utc, struct rh_err *err)
{
    return rh_db_exec(db, NULL, err,
                      "UPDATE job SET state = 'queued', changed_utc = ?1 WHERE state = 'running'",
                      "i", now_utc);
}
