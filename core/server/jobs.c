#include "core/server/jobs.h"

#include "core/base/alloc.h"
#include "core/base/json_out.h"
#include "core/base/point.h"
#include "core/operation/call.h"
#include "core/store/job.h"

#include <stddef.h>

#define ARENA_MAX    ((size_t)16 * 1024 * 1024)
#define WAIT_MAX_MS  ((int64_t)60 * 1000)
#define AT_ONCE      16 /* then others may use the pool's thread */
#define ABSENT_S     300
#define LOOK_SOON_MS 20 /* several commits in a row are one look */
#define NEVER        (-1)
#define KINDS_MAX    ((size_t)64 * 1024)

typedef void job_ended(void *context, const char *kind, int64_t id, const struct rh_err *err,
                       bool again);

/* ---- one job; on a thread that may wait ---- */

/* Which jobs are looked for, and who wants to know of them. */
struct search {
    struct rh_house *house;
    const struct rh_job_choice *choice; /* NULL: all */
    const atomic_bool *stopped;         /* NULL: never */
    job_ended *ended;                   /* may be NULL */
    void *context;
};

/* A step on the writer: takes the next job, or marks one. */
struct step {
    struct rh_task task; /* first, so that the task leads back to it */
    const struct rh_job_choice *choice;
    int64_t now_utc, pause_s;
    struct rh_arena *arena;
    struct rh_job *job;
    const struct rh_err *why;
    int32_t result;
};

static int32_t take(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct step *step = (struct step *)task;

    step->result = rh_job_take(db, step->choice, step->now_utc, step->arena, step->job, err);
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

    return rh_job_postpone(db, step->job->id, step->why, step->now_utc + step->pause_s,
                           step->now_utc, err);
}

static int32_t read_next(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct step *step = (struct step *)task;
    int64_t due = 0;
    int32_t rc = rh_job_wake_at(db, step->choice, &due, err);

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

static int32_t prepare_job(struct rh_call *call, void *context)
{
    const struct doing *doing = context;

    return doing->entry->job.prepare(call, doing->job->key, doing->job->payload);
}

/* The work and the mark that it is done: one savepoint. */
static int32_t do_job(struct rh_call *call, void *context)
{
    const struct doing *doing = context;
    int32_t rc = doing->entry->job.run(call, doing->job->key, doing->job->payload);

    if (rc < 0)
        return rc;
    return rh_job_done(rh_call_db(call), doing->job->id, doing->now_utc, rh_call_err(call));
}

static bool is_stopped(const struct search *search)
{
    return search->stopped && atomic_load(search->stopped);
}

static int32_t stop_if_stopped(void *context, int64_t done, int64_t total, const char *what)
{
    (void)done;
    (void)total;
    (void)what;
    return is_stopped(context);
}

/* *ret_again: it could not be tried, and is put off without counting. */
static int32_t attempt(struct search *search, const struct rh_job *job, int64_t *ret_again,
                       struct rh_err *why)
{
    struct rh_house *house = search->house;
    const struct rh_call_watch watch = {.progress = stop_if_stopped, .context = search};
    struct doing doing = {.entry = rh_registry_find_job(house->registry, job->kind),
                          .job = job,
                          .now_utc = house->clock->now_utc(house->clock->context)};
    struct rh_module *module;
    int32_t rc;

    *ret_again = NEVER;
    if (!doing.entry)
        return rh_err_set(
            why, RH_ENOTFOUND, "kein Modul weiß, was ein Auftrag der Art '%s' ist (Modul '%s')",
            "no module knows what a job of kind '%s' is (module '%s')", job->kind, job->module);
    module = doing.entry->module;
    if (module->absent) {
        *ret_again = ABSENT_S;
        return rh_err_set(why, RH_EBUSY, "das Plugin '%s' ist zurzeit ausgesetzt",
                          "the plugin '%s' is suspended at present", module->plugin->name);
    }
    if (!doing.entry->job.prepare)
        return rh_call_run(house, module, job->kind, RH_TASK_WRITE, do_job, &doing, why);
    rc = rh_call_run_prepared(house, module, job->kind, prepare_job, do_job, &doing, &watch, why);
    if (rc < 0 && is_stopped(search))
        *ret_again = 0;
    return rc;
}

/* 1 a job was attempted, 0 none is due. */
static int32_t run_one(struct search *search, struct rh_err *err)
{
    struct rh_house *house = search->house;
    rh_auto_arena(arena, ARENA_MAX);
    struct rh_job job = {0};
    struct rh_err why = {0};
    struct step step = {.choice = search->choice,
                        .now_utc = house->clock->now_utc(house->clock->context),
                        .arena = &arena,
                        .job = &job};
    int32_t rc = run_step(house, &step, RH_TASK_WRITE, take, err);
    bool again = false;

    if (rc < 0 || step.result == 0)
        return rc;
    step.why = &why;
    rh_point("job.taken");
    rc = attempt(search, &job, &step.pause_s, &why);
    rh_point("job.attempted");
    if (step.pause_s != NEVER) {
        rc = run_step(house, &step, RH_TASK_WRITE, postpone, err);
        again = true;
    } else if (rc < 0) {
        rc = run_step(house, &step, RH_TASK_WRITE, mark_failed, err);
        again = step.result == 1;
    }
    if (rc < 0)
        return rc;
    if (search->ended)
        search->ended(search->context, job.kind, job.id, &why, again);
    return 1;
}

/* How long nothing is due, and which state of the data says so. */
static int32_t time_to_next(const struct search *search, int64_t *ret_wait_ms,
                            uint64_t *ret_version, struct rh_err *err)
{
    struct rh_house *house = search->house;
    struct rh_job next = {0};
    struct step step = {.choice = search->choice, .job = &next};
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
static int32_t run_due(struct search *search, int limit, int64_t *ret_wait_ms,
                       uint64_t *ret_version, struct rh_err *err)
{
    int32_t count = 0;
    int32_t rc = time_to_next(search, ret_wait_ms, ret_version, err);

    while (rc == 0 && *ret_wait_ms == 0 && count < limit && !is_stopped(search)) {
        rc = run_one(search, err);
        if (rc < 0)
            return rc;
        count++;
        rc = time_to_next(search, ret_wait_ms, ret_version, err);
    }
    return rc < 0 ? rc : count;
}

int32_t rh_jobs_run_due(struct rh_house *house, int limit, job_ended *ended, void *context,
                        int64_t *ret_wait_ms, struct rh_err *err)
{
    struct search search = {.house = house, .ended = ended, .context = context};
    uint64_t version;

    return run_due(&search, limit, ret_wait_ms, &version, err);
}

/* ---- the loop's side ---- */

/* What is quick goes one lane, what prepares the other: a calendar that does not answer keeps no
 * reminder waiting. */
enum { QUICK, SLOW, LANES };

struct lane {
    struct rh_jobs *jobs;
    struct rh_job_choice choice;
    uv_timer_t timer;
    uv_work_t work;
    bool busy;
    /* --- the pool's thread while busy, the loop's otherwise --- */
    uint64_t seen; /* the data's version when it was last looked at */
    int32_t count;
    int64_t wait_ms;
    struct rh_err err;
    struct rh_jobs_figures news;
};

struct rh_jobs {
    struct rh_jobs_options options;
    char *slow_kinds; /* owned: JSON */
    struct lane lanes[LANES];
    int open; /* handles */
    atomic_bool stopped;
    struct rh_jobs_figures figures;
};

static void start(struct lane *lane);

static void on_timer(uv_timer_t *timer)
{
    start(timer->data);
}

static void count_end(void *context, const char *kind, int64_t id, const struct rh_err *err,
                      bool again)
{
    struct lane *lane = context;
    const struct rh_jobs_options *options = &lane->jobs->options;

    if (err->code == 0)
        lane->news.done++;
    else
        lane->news.failed++;
    if (err->code < 0 && !again)
        lane->news.dead++;
    if (options->ended)
        options->ended(options->context, kind, id, err, again);
}

static void on_work(uv_work_t *work)
{
    struct lane *lane = work->data;
    struct search search = {.house = lane->jobs->options.house,
                            .choice = &lane->choice,
                            .stopped = &lane->jobs->stopped,
                            .ended = count_end,
                            .context = lane};

    lane->count = run_due(&search, AT_ONCE, &lane->wait_ms, &lane->seen, &lane->err);
}

static void arm(struct lane *lane, int64_t wait_ms)
{
    if (!atomic_load(&lane->jobs->stopped))
        (void)uv_timer_start(&lane->timer, on_timer, (uint64_t)wait_ms, 0);
}

static void look(struct lane *lane)
{
    uint64_t version = rh_store_version(lane->jobs->options.house->store);

    if (lane->busy || atomic_load(&lane->jobs->stopped) || version == lane->seen)
        return;
    lane->seen = version;
    if (uv_timer_get_due_in(&lane->timer) > LOOK_SOON_MS)
        arm(lane, LOOK_SOON_MS);
}

static void on_worked(uv_work_t *work, int status)
{
    struct lane *lane = work->data;
    struct rh_jobs_figures *figures = &lane->jobs->figures;

    (void)status;
    lane->busy = false;
    figures->done += lane->news.done;
    figures->failed += lane->news.failed;
    figures->dead += lane->news.dead;
    lane->news = (struct rh_jobs_figures){0};
    /* A database that does not answer is asked again in a while; requests say what is wrong. */
    arm(lane, lane->count < 0 ? WAIT_MAX_MS : lane->wait_ms);
    if (lane->count >= 0)
        look(lane); /* for what was committed since */
}

static void start(struct lane *lane)
{
    if (lane->busy || atomic_load(&lane->jobs->stopped))
        return;
    lane->busy = true;
    rh_err_clear(&lane->err);
    lane->work.data = lane;
    if (uv_queue_work(lane->jobs->options.loop, &lane->work, on_work, on_worked) != 0) {
        lane->busy = false;
        arm(lane, WAIT_MAX_MS);
    }
}

/* The kinds that prepare, as a JSON array; NULL without memory. */
static char *slow_kinds(const struct rh_registry *registry)
{
    struct rh_str text = RH_STR_INIT(KINDS_MAX);
    struct rh_json_out json;
    char *kinds = NULL;

    rh_json_out_init(&json, &text);
    rh_json_array_begin(&json);
    for (size_t i = 0; i < rh_registry_job_count(registry); i++) {
        const struct rh_job_kind *kind = &rh_registry_job_at(registry, i)->job;

        if (kind->prepare)
            rh_json_text(&json, kind->kind);
    }
    rh_json_array_end(&json);
    if (rh_json_finish(&json, NULL) == 0)
        kinds = rh_str_take(&text);
    rh_str_fini(&text);
    return kinds;
}

int32_t rh_jobs_new(const struct rh_jobs_options *options, struct rh_jobs **ret_jobs,
                    struct rh_err *err)
{
    struct rh_jobs *jobs = rh_alloc(1, sizeof(*jobs));

    if (jobs)
        jobs->slow_kinds = slow_kinds(options->house->registry);
    if (!jobs || !jobs->slow_kinds) {
        rh_free(jobs);
        return rh_err_nomem(err);
    }
    jobs->options = *options;
    jobs->open = LANES;
    for (int i = 0; i < LANES; i++) {
        struct lane *lane = &jobs->lanes[i];

        lane->jobs = jobs;
        lane->choice = (struct rh_job_choice){.kinds = jobs->slow_kinds, .only = i == SLOW};
        (void)uv_timer_init(options->loop, &lane->timer); /* cannot fail */
        lane->timer.data = lane;
        arm(lane, 0);
    }
    *ret_jobs = jobs;
    return 0;
}

void rh_jobs_look(struct rh_jobs *jobs)
{
    for (int i = 0; i < LANES; i++)
        look(&jobs->lanes[i]);
}

bool rh_jobs_stop(struct rh_jobs *jobs)
{
    bool idle = true;

    atomic_store(&jobs->stopped, true);
    for (int i = 0; i < LANES; i++) {
        uv_timer_stop(&jobs->lanes[i].timer);
        idle = idle && !jobs->lanes[i].busy;
    }
    return idle;
}

static void on_closed(uv_handle_t *handle)
{
    struct lane *lane = handle->data;
    struct rh_jobs *jobs = lane->jobs;

    if (--jobs->open > 0)
        return;
    rh_free(jobs->slow_kinds);
    rh_free(jobs);
}

void rh_jobs_close(struct rh_jobs *jobs)
{
    for (int i = 0; jobs && i < LANES; i++)
        uv_close((uv_handle_t *)&jobs->lanes[i].timer, on_closed);
}

struct rh_jobs_figures rh_jobs_figures(const struct rh_jobs *jobs)
{
    return jobs->figures;
}
