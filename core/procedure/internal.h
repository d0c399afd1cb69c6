/*
 * internal.h - what the files of this room share: a run with its state in hand, and the operations
 * by file.
 *
 *     definitions.c  versions of processes          run.c    a run: loaded, moved on, written down
 *     begin.c        plans become runs              tick.c   what time does, and the brake
 *     act.c          what people do                 migrate.c over to another version
 *     meaning.c      what a run means, as rows      memory.c runs kept in memory
 *     call.c         calls about a procedure
 *     forecast.c     when meetings should be, also of what has not begun
 *     look.c         board, deadlines, late         tasks.c  one procedure, its history
 *     ahead.c        the next days, by days         effort.c working days by role
 *     bulk.c         many procedures at once        bulk_undo.c  … and back
 *     clashes.c      what does not fit together     schema.c module.c  tables
 */
#ifndef CORE_PROCEDURE_INTERNAL_H
#define CORE_PROCEDURE_INTERNAL_H

#include "core/process/engine.h"
#include "reihum/plugin.h"

extern const char procedure_schema_1[], procedure_schema_calls[], procedure_schema_bulk[];

/* A reminder that was shown so long before it leaves is no surprise: a person could have stopped
 * it. Seconds. */
#define FORECAST_S INT64_C(86400)

/* ---- definitions.c ---- */

#define DEFINITIONS_MAX 64

struct definitions {
    const struct rh_process_definition *at[DEFINITIONS_MAX]; /* borrowed for ever */
    size_t count;
};

/* All versions of a process; NULL: of all. */
int32_t definitions_of(struct rh_call *call, const char *process, struct definitions *ret);
const struct rh_process_definition *definition_with(const struct definitions *definitions,
                                                    const char *hash);
/* NULL: the one that new procedures take. */
int32_t find_process(struct rh_call *call, const char *named, const char **ret_name);
void definitions_forget(void); /* at the end of the program */

int32_t processes_check(struct rh_call *call);
int32_t processes_import(struct rh_call *call);
int32_t processes_list(struct rh_call *call);
int32_t processes_show(struct rh_call *call);
int32_t processes_picture(struct rh_call *call);
int32_t processes_retire(struct rh_call *call);

/* ---- run.c ---- */

/* What the tables say of a run. */
struct run_row {
    const char *hash, *start_day, *state, *procedure_state;
    int64_t events, wake;
};

struct run {
    int64_t id;
    const char *procedure, *office, *office_name; /* in the call's memory */
    struct definitions definitions;
    struct rh_process_state *state; /* owned */
    struct rh_calendar *calendar;   /* the call's */
    struct rh_process_effects effects;
    struct rh_procedure_memory *memory; /* where its state goes back to; NULL: nowhere */
    bool stored;                        /* the tables have all of it */
    bool together;      /* one of many: whoever stores them sees to the next tick himself */
    struct run_row row; /* as it was loaded; zeroed once it was stored */
};

/* The id of a procedure on its way, named by itself or by its office. */
int32_t run_find(struct rh_call *call, const char *named, const char **ret_procedure);
int32_t run_load(struct rh_call *call, const char *procedure, struct run *ret);
void run_free(struct run *run);
/* Refuses a step that the definition does not know, with those that it does; NULL is fine. */
int32_t run_check_step(struct rh_call *call, const struct run *run, const char *step);
#define auto_run __attribute__((cleanup(run_free))) struct run

/* Applies what a person did; run->effects say what follows. Nothing is stored. */
int32_t run_handle(struct rh_call *call, struct run *run, const struct rh_process_event *event);
/* Applies what time has brought until now; likewise. */
int32_t run_tick(struct rh_call *call, struct run *run);
/* Stores the events from number `from` (0 = the first) on, what they mean today, and tells the
 * other modules. */
int32_t run_store(struct rh_call *call, struct run *run, size_t from);
/* What a person does: handled and stored. What is due then is the next tick's, at once. */
int32_t run_record(struct rh_call *call, struct run *run, const struct rh_process_event *event);
/* The same with the effects in the answer ("items": at, kind, step, what). */
void run_put_effects(struct rh_call *call, const struct run *run, const char *key);
/* One of them, as members of an object that is open. */
void run_put_effect(struct rh_call *call, const struct rh_process_effect *effect);

/* ---- meaning.c ---- */

/* The rows that say what the run means now, its events from number `from` on being new. Only what
 * differs is written. */
int32_t run_store_meaning(struct rh_call *call, struct run *run, size_t from);
const char *run_state_word(const struct rh_process_state *state); /* 'running' */
const char *run_day_text(struct rh_call *call, int32_t day);      /* NULL for RH_NO_DAY */

/* ---- memory.c ---- */

/* The state of a run that has so many events, now the caller's; NULL when it is not kept. */
struct rh_process_state *memory_take(struct rh_procedure_memory *memory, int64_t run,
                                     int64_t events);
void memory_put(struct rh_procedure_memory *memory, int64_t run, struct rh_process_state *state);
/* Steps are not what they were, or the brake is on; NULL is fine. */
void memory_changed(struct rh_procedure_memory *memory);

/* ---- begin.c ---- */

int32_t run_begin(struct rh_call *call, const char *procedure, const char *process, int32_t day);
/* The run that the procedure would be if it began as the plan has it; nothing is stored.
 * `procedure` is borrowed. */
int32_t run_imagine(struct rh_call *call, const char *procedure, const char *process,
                    struct run *ret);
int32_t procedure_begin(struct rh_call *call);
int32_t begin_planned(struct rh_call *call); /* all of the months ahead */
int32_t on_plan_published(struct rh_call *call, const struct rh_event *event);
int32_t on_procedure_recorded(struct rh_call *call, const struct rh_event *event);
int32_t on_procedure_cancelled(struct rh_call *call, const struct rh_event *event);

/* ---- tick.c ---- */

int32_t tick_job(struct rh_call *call, const char *key, const char *payload);
int32_t week_job(struct rh_call *call, const char *key, const char *payload);
int32_t tick_start(struct rh_call *call);
/* Sees to it that runs are looked at by then. */
int32_t tick_arm(struct rh_call *call, int64_t wake_utc);
int32_t brake_is_on(struct rh_call *call); /* 1 on, 0 off, < 0 an error */
int32_t brake_show(struct rh_call *call);
int32_t brake_release(struct rh_call *call);
int32_t brake_drop(struct rh_call *call);
int32_t brake_let_all_go(struct rh_call *call); /* however much it is */

/* ---- act.c ---- */

int32_t step_run(struct rh_call *call);
int32_t step_wait(struct rh_call *call);
int32_t step_go_on(struct rh_call *call);
int32_t step_done(struct rh_call *call);
int32_t step_skip(struct rh_call *call);
int32_t step_reopen(struct rh_call *call);
int32_t step_receipt(struct rh_call *call);
int32_t step_date(struct rh_call *call);
int32_t step_draw(struct rh_call *call);
int32_t deadline_set(struct rh_call *call);
int32_t deadline_shift(struct rh_call *call);
int32_t deadline_extend(struct rh_call *call);
int32_t deadline_fire_now(struct rh_call *call);
int32_t deadline_reset(struct rh_call *call);
int32_t procedure_pause(struct rh_call *call);
int32_t procedure_resume(struct rh_call *call);
int32_t procedure_answer(struct rh_call *call);
int32_t procedure_date(struct rh_call *call);
int32_t procedure_undo(struct rh_call *call);
int32_t procedure_pause_all(struct rh_call *call);
int32_t procedure_resume_all(struct rh_call *call);
int32_t reminder_stop(struct rh_call *call);
int32_t reminder_unstop(struct rh_call *call);

/* ---- bulk.c ---- */

#define BULK_NAMED_MAX 10 /* refused procedures that an error names */

struct bulk_sum {
    int64_t procedures; /* that change */
    int64_t refused;    /* that do not allow it */
    int64_t changes;    /* rows of what follows: the number that a person confirms */
    int64_t deadlines, mails;
    int64_t soon;         /* of the mails: leave within a day */
    int64_t lost;         /* mails that left and are not true any more */
    const char *named[2]; /* those, with their reasons, by enum rh_lang */
};

/* Handles one event and writes its rows: 1 handled, 0 refused (a row says why), < 0 an error. */
int32_t bulk_handle(struct rh_call *call, struct run *run, const struct rh_process_event *event,
                    struct bulk_sum *sum);
/* Stores what was handled from event number `from` on, as part of the batch. */
int32_t bulk_keep(struct rh_call *call, struct run *run, size_t from, int64_t bulk);
void bulk_put_row(struct rh_call *call, const struct run *run, const char *kind, const char *what);
void bulk_put_sum(struct rh_call *call, const struct bulk_sum *sum);
/* An error that names those that refused, unless they are to be left out. */
int32_t bulk_check_refused(struct rh_call *call, const struct bulk_sum *sum);
int32_t bulk_preview(struct rh_call *call);
int32_t bulk_form(struct rh_call *call);
int32_t bulk_apply(struct rh_call *call);

/* ---- bulk_undo.c ---- */

int32_t bulk_put_list(struct rh_call *call, const char *key, int64_t limit);
int32_t bulk_list(struct rh_call *call);
int32_t bulk_undo(struct rh_call *call);

/* ---- call.c ---- */

int32_t call_log(struct rh_call *call);
int32_t call_list(struct rh_call *call);
/* An array `key` of the procedure's calls, the latest first. */
int32_t call_put(struct rh_call *call, const char *key, const char *procedure);

/* ---- forecast.c ---- */

int32_t procedure_forecast(struct rh_call *call);

/* ---- migrate.c ---- */

int32_t processes_migrate(struct rh_call *call);

/* ---- look.c ---- */

enum rh_lang look_lang(const struct rh_call *call);
const char *look_day(struct rh_call *call, int32_t day);    /* NULL for RH_NO_DAY */
const char *look_instant(struct rh_call *call, int64_t at); /* "2028-06-13 08:00" in Berlin */
int32_t procedure_board(struct rh_call *call);
int32_t procedure_late(struct rh_call *call);
int32_t deadline_list(struct rh_call *call);

/* ---- tasks.c ---- */

int32_t procedure_tasks(struct rh_call *call);
int32_t procedure_history(struct rh_call *call);
int32_t deadline_show(struct rh_call *call);

/* ---- ahead.c ---- */

int32_t procedure_ahead(struct rh_call *call);

/* ---- clashes.c ---- */

int32_t procedure_clashes(struct rh_call *call);

/* ---- effort.c ---- */

int32_t processes_effort(struct rh_call *call);

#endif
