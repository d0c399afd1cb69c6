#include "core/server/jobs.h"

#include "core/base/alloc.h"
#include "core/base/point.h"
#include "core/operation/call.h"
#include "core/store/job.h"

#include <stddef.h>

#define ARENA_MAX    ((size_t)16 * 1024 * 1024)
#define WAIT_MAX_MS  ((int64_t)60 * 1000)
#define AT_ONCE      16 /* then others may use the pool's thread */
#define ABSENT_S     300
#define LOOK_SOON_MS 20 /* several commits in a row are one look */

typedef void job_ended(void *context, const char *kind, int64_t id, const struct rh_err *err,
                       bool again);

/* ---- one job; on a thread that may wait ---- */

/* A step on the writer: takes the next job, or marks one. */
struct step {
    struct rh_task task; /* first, so that the task leads back to it */
    int64_t now_utc;
    struct rh_arena *arena;
    struct rh_job *job;
    const struct rh_err *why;
    int32_t result;
};

static int32_t take(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct step *step = (struct step *)task;

    step->result = rh_job_take(db, step->now_utc, step->arena, step->job, err);
    return step->result < 0 ? step->result : 0;
}

static int32_t mark_failed(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct step *step = (struct step *)task;

    step->result = rh_job_failed(db, step->job->id, step->why, step->now_utc, err);
    return step->result < 0 ? step->result : 0;
}

static int32_t postpone(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct step *step = (struct step *)task;

    return rh_job_postpone(db, step->job->id, step->why, step->now_utc + ABSENT_S, step->now_utc,
                           err);
}

static int32_t read_next(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct step *step = (struct step *)task;
    int64_t due = 0;
    int32_t rc = rh_job_wake_at(db, &due, err);

    step->job->run_at_utc = due;
    step->result = rc;
    return rc < 0 ? rc : 0;
}

static int32_t run_step(struct rh_house *house, struct step *step, enum rh_task_kind kind,
                        int32_t (*work)(struct rh_task *, struct rh_db *, struct rh_err *),
                        struct rh_err *err)
{
    int32_t rc;

    step->task = (struct rh_task){.kind = kind, .work = work};
    rc = rh_store_run(house->store, &step->task);
    if (rc < 0 && err && err->code == 0)
        *err = step->task.err;
    return rc;
}

struct doing {
    const struct rh_job_entry *entry;
    const struct rh_job *job;
    int64_t now_utc;
};

/* The work and the mark that it is done: one savepoint. */
static int32_t do_job(struct rh_call *call, void *context)
{
    const struct doing *doing = context;
    int32_t rc = doing->entry->job.run(call, doing->job->key, doing->job->payload);

    if (rc < 0)
        return rc;
    return rh_job_done(rh_call_db(call), doing->job->id, doing->now_utc, rh_call_err(call));
}

static int32_t attempt(struct rh_house *house, const struct rh_job *job, bool *ret_absent,
                       struct rh_err *why)
{
    struct doing doing = {.entry = rh_registry_find_job(house->registry, job->kind),
                          .job = job,
                          .now_utc = house->clock->now_utc(house->clock->context)};

    if (!doing.entry)
        return rh_err_set(
            why, RH_ENOTFOUND, "kein Modul weiß, was ein Auftrag der Art '%s' ist (Modul '%s')",
            "no module knows what a job of kind '%s' is (module '%s')", job->kind, job->module);
    *ret_absent = doing.entry->module->absent;
    if (*ret_absent)
        return rh_err_set(why, RH_EBUSY, "das Plugin '%s' ist zurzeit ausgesetzt",
                          "the plugin '%s' is suspended at present",
                          doing.entry->module->plugin->name);
    return rh_call_run(house, doing.entry->module, job->kind, RH_TASK_WRITE, do_job, &doing, why);
}

/* 1 a job was attempted, 0 none is due. */
static int32_t run_one(struct rh_house *house, job_ended *ended, void *context, struct rh_err *err)
{
    rh_auto_arena(arena, ARENA_MAX);
    struct rh_job job = {0};
    struct rh_err why = {0};
    struct step step = {
        .now_utc = house->clock->now_utc(house->clock->context), .arena = &arena, .job = &job};
    int32_t rc = run_step(house, &step, RH_TASK_WRITE, take, err);
    bool again = false, absent = false;

    if (rc < 0 || step.result == 0)
        return rc;
    step.why = &why;
    rh_point("job.taken");
    rc = attempt(house, &job, &absent, &why);
    rh_point("job.attempted");
    if (absent) {
        rc = run_step(house, &step, RH_TASK_WRITE, postpone, err);
        again = true;
    } else if (rc < 0) {
        rc = run_step(house, &step, RH_TASK_WRITE, mark_failed, err);
        again = step.result == 1;
    }
    if (rc < 0)
        return rc;
    if (ended)
        ended(context, job.kind, job.id, &why, again);
    return 1;
}

/* How long nothing is due, and which state of the data says so. */
static int32_t time_to_next(struct rh_house *house, int64_t *ret_wait_ms, uint64_t *ret_version,
                            struct rh_err *err)
{
    struct rh_job next = {0};
    struct step step = {.job = &next};
    int32_t rc = run_step(house, &step, RH_TASK_READ, read_next, err);
    int64_t wait_s;

    if (rc < 0)
        return rc;
    *ret_wait_ms = WAIT_MAX_MS;
    *ret_version = step.task.version;
    if (step.result == 0)
        return 0;
    wait_s = next.run_at_utc - house->clock->now_utc(house->clock->context);
    if (wait_s * 1000 < WAIT_MAX_MS)
        *ret_wait_ms = wait_s > 0 ? wait_s * 1000 : 0;
    return 0;
}

/* Reads before it writes: a look that finds nothing must not change the data's version, or it would
 * cause the next look. */
static int32_t run_due(struct rh_house *house, int limit, job_ended *ended, void *context,
                       int64_t *ret_wait_ms, uint64_t *ret_version, struct rh_err *err)
{
    int32_t count = 0;
    int32_t rc = time_to_next(house, ret_wait_ms, ret_version, err);

    while (rc == 0 && *ret_wait_ms == 0 && count < limit) {
        rc = run_one(house, ended, context, err);
        if (rc < 0)
            return rc;
        count++;
        rc = time_to_next(house, ret_wait_ms, ret_version, err);
    }
    return rc < 0 ? rc : count;
}

int32_t rh_jobs_run_due(struct rh_house *house, int limit, job_ended *ended, void *context,
                        int64_t *ret_wait_ms, struct rh_err *err)
{
    uint64_t version;

    return run_due(house, limit, ended, context, ret_wait_ms, &version, err);
}

/* ---- the loop's side ---- */

struct rh_jobs {
    struct rh_jobs_options options;
    uv_timer_t timer;
    uv_work_t work;
    bool busy, stopped;
    struct rh_jobs_figures figures;
    /* --- the pool's thread while busy, the loop's otherwise --- */
    uint64_t seen; /* the data's version when it was last looked at */
    int32_t count;
    int64_t wait_ms;
    struct rh_err err;
    struct rh_jobs_figures news;
};

static void start(struct rh_jobs *jobs);

static void on_timer(uv_timer_t *timer)
{
    start(timer->data);
}

static void count_end(void *context, const char *kind, int64_t id, const struct rh_err *err,
                      bool again)
{
    struct rh_jobs *jobs = context;

    if (err->code == 0)
        jobs->news.done++;
    else
        jobs->news.failed++;
    if (err->code < 0 && !again)
        jobs->news.dead++;
    if (jobs->options.ended)
        jobs->options.ended(jobs->options.context, kind, id, err, again);
}

static void on_work(uv_work_t *work)
{
    struct rh_jobs *jobs = work->data;

    jobs->count = run_due(jobs->options.house, AT_ONCE, count_end, jobs, &jobs->wait_ms,
                          &jobs->seen, &jobs->err);
}

static void arm(struct rh_jobs *jobs, int64_t wait_ms)
{
    if (!jobs->stopped)
        (void)uv_timer_start(&jobs->timer, on_timer, (uint64_t)wait_ms, 0);
}

static void on_worked(uv_work_t *work, int status)
{
    struct rh_jobs *jobs = work->data;

    (void)status;
    jobs->busy = false;
    jobs->figures.done += jobs->news.done;
    jobs->figures.failed += jobs->news.failed;
    jobs->figures.dead += jobs->news.dead;
    jobs->news = (struct rh_jobs_figures){0};
    /* A database that does not answer is asked again in a while; requests say what is wrong. */
    arm(jobs, jobs->count < 0 ? WAIT_MAX_MS : jobs->wait_ms);
    if (jobs->count >= 0)
        rh_jobs_look(jobs); /* for what was committed since */
}

static void start(struct rh_jobs *jobs)
{
    if (jobs->busy || jobs->stopped)
        return;
    jobs->busy = true;
    rh_err_clear(&jobs->err);
    jobs->work.data = jobs;
    if (uv_queue_work(jobs->options.loop, &jobs->work, on_work, on_worked) != 0) {
        jobs->busy = false;
        arm(jobs, WAIT_MAX_MS);
    }
}

int32_t rh_jobs_new(const struct rh_jobs_options *options, struct rh_jobs **ret_jobs,
                    struct rh_err *err)
{
    struct rh_jobs *jobs = rh_alloc(1, sizeof(*jobs));

    if (!jobs)
        return rh_err_nomem(err);
    jobs->options = *options;
    (void)uv_timer_init(options->loop, &jobs->timer); /* cannot fail */
    jobs->timer.data = jobs;
    arm(jobs, 0);
    *ret_jobs = jobs;
    return 0;
}

void rh_jobs_look(struct rh_jobs *jobs)
{
    uint64_t version = rh_store_version(jobs->options.house->store);

    if (jobs->busy || jobs->stopped || version == jobs->seen)
        return;
    jobs->seen = version;
    if (uv_timer_get_due_in(&jobs->timer) > LOOK_SOON_MS)
        arm(jobs, LOOK_SOON_MS);
}

bool rh_jobs_stop(struct rh_jobs *jobs)
{
    jobs->stopped = true;
    uv_timer_stop(&jobs->timer);
    return !jobs->busy;
}

static void on_closed(uv_handle_t *handle)
{
    rh_free(handle->data);
}

void rh_jobs_close(struct rh_jobs *jobs)
{
    if (jobs)
        uv_close((uv_handle_t *)&jobs->timer, on_closed);
}

struct rh_jobs_figures rh_jobs_figures(const struct rh_jobs *jobs)
{
    return jobs->figures;
}
