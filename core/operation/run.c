#include "core/operation/run.h"

#include "core/base/alloc.h"

#include <stdio.h>
#include <string.h>

void rh_frame_begin(struct rh_frame *frame, struct rh_run *run, struct rh_module *module)
{
    *frame = (struct rh_frame){
        .call = {.size = sizeof(struct rh_call),
                 .lang = (int32_t)run->lang,
                 .host = &rh_host_table},
        .run = run,
        .module = module,
    };
}

void rh_frame_end(struct rh_frame *frame)
{
    while (frame->rows)
        rh_host_rows_close(frame->rows);
    rh_csv_in_close_all(frame);
}

int32_t rh_module_refuse(struct rh_module *module, struct rh_err *err)
{
    static const char *const sentences[2] = {"Plugin '%s' ist nicht in Betrieb: %s",
                                             "plugin '%s' is not in operation: %s"};
    static const char *const unknown[2] = {"es ist ausgesetzt", "it is suspended"};

    if (!err || err->code < 0)
        return err ? err->code : RH_EBUSY;
    for (int lang = RH_DE; lang <= RH_EN; lang++) {
        const char *reason = atomic_load(&module->reason[lang]);

        snprintf(err->text[lang], RH_ERR_MAX, sentences[lang], module->plugin->name,
                 reason ? reason : unknown[lang]);
    }
    err->code = RH_EBUSY;
    return RH_EBUSY;
}

/* --- running --- */

struct body {
    struct rh_frame *frame;
    int32_t (*function)(struct rh_call *call, void *context);
    void *context;
};

/*
 * Inside the guard, so that it counts what really failed. A module that forgets to return the
 * failure of a statement would otherwise be told that all is well.
 */
static int32_t run_body(void *context)
{
    struct body *body = context;
    struct rh_err *err = body->frame->run->err;
    int32_t rc = body->function(&body->frame->call, body->context);

    rh_frame_end(body->frame);
    if (err->code < 0)
        return err->code;
    return rc;
}

int32_t rh_frame_run(struct rh_frame *frame, const char *what,
                     int32_t (*body)(struct rh_call *call, void *context), void *context)
{
    struct rh_run *run = frame->run;
    struct body inner = {.frame = frame, .function = body, .context = context};
    int32_t rc;

    if (atomic_load(&frame->module->absent))
        return rh_module_refuse(frame->module, run->err);
    rc = rh_registry_guard(run->house->registry, frame->module, what, run_body, &inner, run->err);
    if (rc < 0)
        return rh_err_set(run->err, rc, "'%s' ist ohne Angabe eines Grundes gescheitert",
                          "'%s' failed without giving a reason", what);
    return rc;
}

/* --- the core's own view of a call --- */

struct rh_house *rh_call_house(struct rh_call *call)
{
    return rh_run_of(call)->house;
}

struct rh_module *rh_call_module(struct rh_call *call)
{
    return rh_frame_of(call)->module;
}

struct rh_db *rh_call_db(struct rh_call *call)
{
    return rh_run_of(call)->db;
}

struct rh_err *rh_call_err(struct rh_call *call)
{
    return rh_run_of(call)->err;
}

struct rh_arena *rh_call_arena(struct rh_call *call)
{
    return rh_run_of(call)->arena;
}

/* --- a function that is no operation --- */

struct call_task {
    struct rh_task task;
    struct rh_house *house;
    struct rh_module *module;
    const char *what;
    int32_t (*body)(struct rh_call *call, void *context);
    void (*done)(void *context, const struct rh_err *err);
    void *context;
    struct rh_arena *memory; /* borrowed, outlives the task; NULL: its own */
    void **state;            /* borrowed: what one function leaves to the next; may be NULL */
    const struct rh_call_watch *watch; /* borrowed; may be NULL */
};

static int32_t work_call(struct rh_task *task, struct rh_db *db, struct rh_err *err)
{
    struct call_task *call = (struct call_task *)task;
    rh_auto_arena(own, RH_RUN_MEMORY_MAX);
    struct rh_run run = {
        .house = call->house,
        .arena = call->memory ? call->memory : &own,
        .err = err,
        .db = db,
        .what = call->what,
        .actor = call->module->plugin->name,
        .as_of = RH_NO_DAY,
        .can_plan = task->kind != RH_TASK_WRITE,
        .can_fetch = task->kind == RH_TASK_COMPUTE,
        .progress = call->watch ? call->watch->progress : NULL,
        .progress_context = call->watch ? call->watch->context : NULL,
        .keeps_calendars = task->kind == RH_TASK_WRITE,
    };
    struct rh_frame frame;
    int32_t rc;

    rh_frame_begin(&frame, &run, call->module);
    if (call->state)
        frame.call.state = *call->state;
    rc = rh_frame_run(&frame, call->what, call->body, call->context);
    if (call->state && task->kind == RH_TASK_COMPUTE)
        *call->state = frame.call.state;
    if (rc >= 0)
        rc = rh_run_cursors_end(&run);
    rh_run_calendars_end(&run);
    return rc < 0 ? rc : 0;
}

int32_t rh_call_run(struct rh_house *house, struct rh_module *module, const char *what,
                    enum rh_task_kind kind, int32_t (*body)(struct rh_call *call, void *context),
                    void *context, struct rh_err *err)
{
    struct call_task call = {
        .task = {.kind = kind, .work = work_call},
        .house = house,
        .module = module,
        .what = what,
        .body = body,
        .context = context,
    };
    int32_t rc = rh_store_run(house->store, &call.task);

    if (rc < 0 && err && err->code == 0)
        *err = call.task.err;
    return rc;
}

int32_t rh_call_run_prepared(struct rh_house *house, struct rh_module *module, const char *what,
                             int32_t (*prepare)(struct rh_call *call, void *context),
                             int32_t (*body)(struct rh_call *call, void *context), void *context,
                             const struct rh_call_watch *watch, struct rh_err *err)
{
    rh_auto_arena(memory, RH_RUN_MEMORY_MAX);
    void *state = NULL;
    struct call_task call = {
        .task = {.kind = RH_TASK_COMPUTE, .work = work_call},
        .house = house,
        .module = module,
        .what = what,
        .body = prepare,
        .context = context,
        .memory = &memory,
        .state = &state,
        .watch = watch,
    };
    int32_t rc = rh_store_run(house->store, &call.task);

    if (rc == 0) {
        call.task = (struct rh_task){.kind = RH_TASK_WRITE, .work = work_call};
        call.body = body;
        rc = rh_store_run(house->store, &call.task);
    }
    if (rc < 0 && err && err->code == 0)
        *err = call.task.err;
    return rc;
}

static void on_call_done(struct rh_task *task)
{
    struct call_task *call = (struct call_task *)task;

    call->done(call->context, &task->err);
    rh_free(call);
}

void rh_call_run_start(struct rh_house *house, struct rh_module *module, const char *what,
                       enum rh_task_kind kind, int32_t (*body)(struct rh_call *call, void *context),
                       void (*done)(void *context, const struct rh_err *err), void *context)
{
    struct call_task *call = rh_alloc(1, sizeof(*call));
    struct rh_err err = {.code = 0};

    if (!call) {
        (void)rh_err_nomem(&err); /* handed to `done` */
        done(context, &err);
        return;
    }
    *call = (struct call_task){
        .task = {.kind = kind, .work = work_call, .done = on_call_done},
        .house = house,
        .module = module,
        .what = what,
        .body = body,
        .done = done,
        .context = context,
    };
    rh_store_submit(house->store, &call->task);
}
