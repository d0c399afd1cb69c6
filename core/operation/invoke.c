#include "core/operation/invoke.h"

#include "core/base/alloc.h"
#include "core/operation/answered.h"
#include "core/operation/run.h"

#include <string.h>

/*
 * One invocation, phase by phase:
 *
 *     rh_invoke ── parameters wrong ──> REFUSE (a reader, so that `done` comes as always)
 *         ├── READ ───────────────────> RUN on a reader ─────────────────────> done
 *         ├── WRITE ──────────────────> RUN on the writer ───────────────────> done
 *         └── COMPUTE ────────────────> RUN on a computer ──> COMMIT (writer) > done
 *
 * What the store runs again starts again: RUN from nothing, COMMIT from what RUN left.
 */
enum phase { PHASE_REFUSE, PHASE_RUN, PHASE_COMMIT };

struct rh_invocation {
    struct rh_task task; /* first */
    struct rh_house *house;
    const struct rh_operation_entry *op;
    enum phase phase;
    bool dry_run;
    bool replayed; /* the answer was given before */
    bool finished;
    atomic_bool cancelled;

    struct rh_arena given;  /* parameters and options, from beginning to end */
    struct rh_arena memory; /* of the run */
    struct rh_str out;
    struct rh_value *values;          /* in `given` */
    struct rh_invoke_options options; /* texts in `given` */
    const char *fingerprint;          /* in `given`; NULL without a key */
    struct rh_err refusal;

    /* what RUN left for COMMIT */
    struct rh_run run;
    struct rh_frame frame;
    size_t out_length;

    int32_t code; /* RH_EPARTIAL or 0 */
    struct rh_answer answer;
    void (*done)(struct rh_invocation *invocation, const struct rh_answer *answer, void *context);
    void *context;
};

/* --- running, on a thread of the store --- */

static int32_t on_progress(void *context, int64_t done, int64_t total, const char *what)
{
    struct rh_invocation *inv = context;

    if (atomic_load(&inv->cancelled))
        return 1;
    if (!inv->options.progress)
        return 0;
    return inv->options.progress(inv->options.progress_context, done, total, what);
}

static int32_t call_run(struct rh_call *call, void *context)
{
    return ((struct rh_invocation *)context)->op->op.run(call);
}

static int32_t call_commit(struct rh_call *call, void *context)
{
    return ((struct rh_invocation *)context)->op->op.commit(call);
}

static void run_begin(struct rh_invocation *inv, struct rh_db *db, struct rh_err *err)
{
    rh_run_calendars_end(&inv->run);
    rh_arena_fini(&inv->memory);
    inv->replayed = false;
    inv->code = 0;
    inv->run = (struct rh_run){
        .house = inv->house,
        .arena = &inv->memory,
        .out = &inv->out,
        .err = err,
        .db = db,
        .what = inv->op->op.name,
        .actor = inv->options.actor,
        .lang = inv->options.lang,
        .as_of = inv->options.as_of,
        .can_plan = inv->op->op.kind != RH_WRITE,
        .can_fetch = inv->op->op.kind == RH_COMPUTE,
        .progress = on_progress,
        .progress_context = inv,
    };
    rh_frame_begin(&inv->frame, &inv->run, inv->op->module);
    inv->frame.op = inv->op;
    inv->frame.values = inv->values;
    rh_run_answer_begin(&inv->run, inv->dry_run);
}

/* Back to what RUN left, also when COMMIT has been here before. */
static void commit_begin(struct rh_invocation *inv, struct rh_db *db, struct rh_err *err)
{
    inv->out.length = inv->out_length;
    inv->out.data[inv->out_length] = '\0';
    inv->out.failed = false;
    inv->replayed = false;
    inv->code = 0;
    inv->run.db = db;
    inv->run.err = err;
    inv->run.can_plan = inv->run.can_fetch = false;
    if (inv->run.last_message)
        inv->run.last_message->next = NULL;
}

/* 1: this request was answered before, and that answer is ours now. */
static int32_t replay(struct rh_invocation *inv, struct rh_db *db, struct rh_err *err)
{
    int32_t rc;

    if (!inv->fingerprint)
        return 0;
    rc = rh_answered_find(db, inv->options.actor, inv->options.idempotency_key, inv->fingerprint,
                          &inv->code, &inv->out, err);
    inv->replayed = rc == 1;
    if (rc == 1 && inv->code < 0)
        (void)rh_err_set(&inv->refusal, inv->code,
                         "nur zum Teil erledigt; die Antwort sagt, was nicht",
                         "done in part only; the answer says what was not"); /* returns the code */
    return rc;
}

/* Is the data still what the caller saw? Asked on the writer, where nothing can come in between. */
static int32_t check_version(const struct rh_invocation *inv, const struct rh_db *db,
                             struct rh_err *err)
{
    uint64_t seen = inv->options.if_version;

    if (seen == 0 || !rh_db_is_writer(db) || seen == rh_db_version(db))
        return 0;
    return rh_err_set(err, RH_EPRECONDITION,
                      "die Daten haben sich seit dem Lesen geändert; bitte neu ansehen und "
                      "entscheiden",
                      "the data changed since it was read; please look again and decide");
}

/* Runs the function; keeps what was done when it was done in part. */
static int32_t run_function(struct rh_invocation *inv, struct rh_frame *frame,
                            int32_t (*body)(struct rh_call *call, void *context))
{
    int32_t rc = rh_frame_run(frame, inv->op->op.name, body, inv);

    if (rc != RH_EPARTIAL)
        return rc < 0 ? rc : 0;
    inv->code = rc;
    inv->refusal = *inv->run.err; /* its sentence */
    rh_err_clear(inv->run.err);
    return 0;
}

/* After the last function: cursors, the end of the answer, and for a key its place in the table. */
static int32_t conclude(struct rh_invocation *inv, struct rh_run *run)
{
    int32_t rc = rh_run_cursors_end(run);

    if (rc == 0 && inv->dry_run)
        rh_run_say(run, inv->options.lang == RH_DE ? "nur eine Probe: nichts davon ist gespeichert"
                                                   : "a trial only: nothing of it is stored");
    if (rc == 0)
        rc = rh_run_answer_end(run);
    if (rc == 0 && inv->fingerprint && rh_db_is_writer(run->db))
        rc = rh_answered_keep(run->db, inv->options.actor, inv->options.idempotency_key,
                              inv->op->op.name, inv->fingerprint, inv->code, &inv->out,
                              inv->house->clock->now_utc(inv->house->clock->context), run->err);
    inv->task.roll_back = inv->dry_run;
    return rc;
}

static int32_t work_run(struct rh_invocation *inv, struct rh_db *db, struct rh_err *err)
{
    int32_t rc;

    run_begin(inv, db, err);
    rc = replay(inv, db, err);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    rc = check_version(inv, db, err);
    if (rc < 0)
        return rc;
    rc = run_function(inv, &inv->frame, call_run);
    if (rc < 0)
        return rc;
    if (inv->op->op.kind == RH_COMPUTE && inv->op->op.commit) {
        inv->out_length = inv->out.length;
        return 0;
    }
    return conclude(inv, &inv->run);
}

static int32_t work_commit(struct rh_invocation *inv, struct rh_db *db, struct rh_err *err)
{
    struct rh_run run;
    struct rh_frame frame;
    int32_t rc;

    commit_begin(inv, db, err);
    rc = replay(inv, db, err);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    rc = check_version(inv, db, err);
    if (rc < 0)
        return rc;
    /* On copies, so that the next attempt finds what RUN left. */
    run = inv->run;
    run.calendars = NULL; /* what the snapshot knew of them may be out of date */
    frame = inv->frame;
    frame.run = &run;
    rc = run_function(inv, &frame, call_commit);
    if (rc >= 0)
        rc = conclude(inv, &run);
    rh_run_calendars_end(&run);
    return rc;
}

static int32_t work(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct rh_invocation *inv = (struct rh_invocation *)task;

    if (inv->phase == PHASE_REFUSE) {
        *err = inv->refusal;
        return err->code;
    }
    if (atomic_load(&inv->cancelled))
        return rh_err_set(err, RH_ECANCELLED, "'%s' wurde abgebrochen", "'%s' was cancelled",
                          inv->op->op.name);
    return inv->phase == PHASE_RUN ? work_run(inv, db, err) : work_commit(inv, db, err);
}

/* --- from phase to phase, on the caller's thread --- */

static enum rh_task_kind kind_of(const struct rh_invocation *inv)
{
    if (inv->phase == PHASE_REFUSE)
        return RH_TASK_READ;
    if (inv->phase == PHASE_COMMIT || inv->op->op.kind == RH_WRITE)
        return RH_TASK_WRITE;
    return inv->op->op.kind == RH_COMPUTE ? RH_TASK_COMPUTE : RH_TASK_READ;
}

static void prepare(struct rh_invocation *inv, void (*done)(struct rh_task *task))
{
    inv->task = (struct rh_task){.kind = kind_of(inv), .work = work, .done = done};
    atomic_store(&inv->task.cancel, atomic_load(&inv->cancelled));
}

static bool go_on(struct rh_invocation *inv)
{
    if (inv->phase != PHASE_RUN || inv->op->op.kind != RH_COMPUTE || !inv->op->op.commit ||
        inv->replayed || inv->task.err.code < 0)
        return false;
    inv->phase = PHASE_COMMIT;
    return true;
}

static void finish(struct rh_invocation *inv)
{
    struct rh_answer *answer = &inv->answer;

    inv->finished = true;
    answer->version = inv->task.version;
    if (inv->task.err.code < 0) {
        answer->code = inv->task.err.code;
        answer->err = inv->task.err;
        return;
    }
    answer->code = inv->code;
    if (inv->code < 0)
        answer->err = inv->refusal;
    answer->json = inv->out.data;
    answer->json_length = inv->out.length;
}

static void on_done(struct rh_task *task)
{
    struct rh_invocation *inv = (struct rh_invocation *)task;

    if (go_on(inv)) {
        prepare(inv, on_done);
        rh_store_submit(inv->house->store, &inv->task);
        return;
    }
    finish(inv);
    inv->done(inv, &inv->answer, inv->context);
}

/* --- beginning and end --- */

static const char *keep_text(struct rh_arena *arena, const char *text)
{
    return text ? rh_arena_strdup(arena, text) : NULL;
}

static int32_t copy_options(struct rh_invocation *inv, const struct rh_invoke_options *options,
                            struct rh_err *err)
{
    const char *key = options ? options->idempotency_key : NULL;

    inv->options = options ? *options : (struct rh_invoke_options){.as_of = RH_NO_DAY};
    inv->options.actor = keep_text(&inv->given, options && options->actor ? options->actor : "?");
    inv->options.idempotency_key = keep_text(&inv->given, key);
    if (!inv->options.actor || (key && !inv->options.idempotency_key))
        return rh_err_nomem(err);
    return 0;
}

static bool wants_dry_run(const struct rh_invocation *inv)
{
    int32_t last = inv->op->param_count - 1;

    return (inv->op->op.flags & RH_OP_DRY_RUN) && inv->values[last].number == 1;
}

/* A dry run changes nothing, so there is nothing to do twice. */
static bool is_once(const struct rh_invocation *inv)
{
    bool changes =
        inv->op->op.kind == RH_WRITE || (inv->op->op.kind == RH_COMPUTE && inv->op->op.commit);

    return changes && !inv->dry_run && inv->options.idempotency_key;
}

static int32_t take_arguments(struct rh_invocation *inv, const struct rh_argument *arguments,
                              size_t count, struct rh_err *err)
{
    int32_t rc;

    if (!inv->op->op.run)
        return rh_err_set(err, RH_EUSAGE, "'%s' gibt es nur auf der Kommandozeile",
                          "'%s' exists on the command line only", inv->op->op.name);
    inv->values =
        rh_arena_array(&inv->given, (size_t)inv->op->param_count + 1, sizeof(inv->values[0]));
    if (!inv->values)
        return rh_err_nomem(err);
    rc = rh_values_parse(inv->op, arguments, count, &inv->given, inv->values, err);
    if (rc < 0)
        return rc;
    inv->dry_run = wants_dry_run(inv);
    if (!is_once(inv))
        return 0;
    return rh_answered_fingerprint(inv->op, inv->values, inv->options.as_of,
                                   inv->options.idempotency_key, &inv->given, &inv->fingerprint,
                                   err);
}

static struct rh_invocation *begin(struct rh_house *house, const struct rh_operation_entry *op,
                                   const struct rh_argument *arguments, size_t count,
                                   const struct rh_invoke_options *options)
{
    struct rh_invocation *inv = rh_alloc(1, sizeof(*inv));

    if (!inv)
        return NULL;
    inv->house = house;
    inv->op = op;
    inv->phase = PHASE_RUN;
    rh_arena_init(&inv->given, RH_RUN_MEMORY_MAX);
    rh_arena_init(&inv->memory, RH_RUN_MEMORY_MAX);
    rh_str_init(&inv->out, RH_RUN_ANSWER_MAX);
    if (copy_options(inv, options, &inv->refusal) < 0 ||
        take_arguments(inv, arguments, count, &inv->refusal) < 0)
        inv->phase = PHASE_REFUSE;
    return inv;
}

struct rh_invocation *rh_invoke(struct rh_house *house, const struct rh_operation_entry *op,
                                const struct rh_argument *arguments, size_t count,
                                const struct rh_invoke_options *options,
                                void (*done)(struct rh_invocation *invocation,
                                             const struct rh_answer *answer, void *context),
                                void *context)
{
    struct rh_invocation *inv = begin(house, op, arguments, count, options);

    if (!inv)
        return NULL;
    inv->done = done;
    inv->context = context;
    prepare(inv, on_done);
    rh_store_submit(house->store, &inv->task);
    return inv;
}

struct rh_invocation *rh_invoke_wait(struct rh_house *house, const struct rh_operation_entry *op,
                                     const struct rh_argument *arguments, size_t count,
                                     const struct rh_invoke_options *options,
                                     const struct rh_answer **ret_answer)
{
    struct rh_invocation *inv = begin(house, op, arguments, count, options);

    if (!inv)
        return NULL;
    do {
        prepare(inv, NULL);
        (void)rh_store_run(house->store, &inv->task); /* finish() reads the result */
    } while (go_on(inv));
    finish(inv);
    *ret_answer = &inv->answer;
    return inv;
}

void rh_invocation_cancel(struct rh_invocation *invocation)
{
    atomic_store(&invocation->cancelled, true);
    atomic_store(&invocation->task.cancel, true);
}

struct rh_invocation *rh_invocation_free(struct rh_invocation *invocation)
{
    if (!invocation)
        return NULL;
    rh_run_calendars_end(&invocation->run);
    rh_arena_fini(&invocation->given);
    rh_arena_fini(&invocation->memory);
    rh_str_fini(&invocation->out);
    return rh_free(invocation);
}
