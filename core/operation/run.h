/*
 * run.h - inside the room: one run of a module's function, and what it shares with the hooks it
 * sets off.
 *
 * A run is one operation, job or catching up: one connection, one memory, one error, one answer. A
 * frame is one function of one module inside it; hooks get frames of their own, with their own
 * owner and configuration, but the same run. `struct rh_call` is the first member of the frame, so
 * the host's functions find their way from the call that a module hands them.
 */
#ifndef CORE_OPERATION_RUN_H
#define CORE_OPERATION_RUN_H

#include "core/base/arena.h"
#include "core/base/json_out.h"
#include "core/operation/call.h"
#include "core/operation/value.h"
#include "core/store/db.h"

#define RH_RUN_MEMORY_MAX ((size_t)64 * 1024 * 1024)
#define RH_RUN_ANSWER_MAX ((size_t)32 * 1024 * 1024)
/* A hook that causes an event that causes a hook …; deeper than this it is a circle. */
#define RH_RUN_DEPTH_MAX 8

struct rh_run_message {
    const char *text; /* in the run's arena */
    struct rh_run_message *next;
};

/* A module that did not hear of an event in this run. */
struct rh_run_skip {
    struct rh_module *module;
    struct rh_run_skip *next;
};

struct rh_run {
    /* set by who starts the run; borrowed */
    struct rh_house *house;
    struct rh_arena *arena;
    struct rh_str *out; /* NULL: the answer is thrown away */
    struct rh_err *err;
    struct rh_db *db;
    const char *what; /* the operation's name, the kind of a job, "start" */
    const char *actor;
    enum rh_lang lang;
    int32_t as_of;  /* day number or RH_NO_DAY */
    bool can_plan;  /* on a worker: rh_solve_in() is allowed */
    bool can_fetch; /* on one for long work: rh_fetch_in(), too */
    int32_t (*progress)(void *context, int64_t done, int64_t total, const char *what);
    void *progress_context;

    /* the answer */
    struct rh_json_out json;
    struct rh_run_message *messages, *last_message;

    /* events */
    int depth;
    int64_t seq_last; /* of the events of this run; 0: none yet */
    struct rh_run_skip *skipped;
    bool behind_known;          /* `behind` was read */
    struct rh_run_skip *behind; /* modules that have to catch up first */

    struct rh_run_calendar *calendars; /* opened in this run */
    bool keeps_calendars; /* on the writer, and changes none: a job, a start, a simulation */
};

struct rh_frame {
    struct rh_call call; /* first */
    struct rh_run *run;
    struct rh_module *module;
    const struct rh_operation_entry *op; /* NULL in hooks and jobs: no parameters, no answer */
    const struct rh_value *values;
    struct rh_rows *rows;     /* open ones */
    struct rh_csv_in *tables; /* open ones */
};

extern const struct rh_host rh_host_table;

static inline struct rh_frame *rh_frame_of(struct rh_call *call)
{
    return (struct rh_frame *)call;
}

static inline struct rh_run *rh_run_of(struct rh_call *call)
{
    return rh_frame_of(call)->run;
}

/* A frame for a function of this module. */
void rh_frame_begin(struct rh_frame *frame, struct rh_run *run, struct rh_module *module);
/* Closes what the function left open. */
void rh_frame_end(struct rh_frame *frame);

/*
 * Runs body behind the module's guard and settles the result: 0 or more, or the error's code. An
 * error that nobody returned counts; a failure that nobody explained gets a sentence.
 */
int32_t rh_frame_run(struct rh_frame *frame, const char *what,
                     int32_t (*body)(struct rh_call *call, void *context), void *context);

/* The answer: begun before the first frame, finished after the last. An error that was set before
 * is kept. */
void rh_run_answer_begin(struct rh_run *run, bool dry_run);
int32_t rh_run_answer_end(struct rh_run *run);
void rh_run_say(struct rh_run *run, const char *text);
/* Text in the run's language and memory; never NULL. */
char *rh_run_format(struct rh_run *run, const char *de, const char *en, ...) RH_PRINTF(2, 4)
    RH_PRINTF(3, 4);
int64_t rh_run_now(const struct rh_run *run);   /* as_of is respected */
int32_t rh_run_today(const struct rh_run *run); /* in Europe/Berlin */

/* Moves the cursors of all modules that have heard of the run's events. Last thing in a run. */
int32_t rh_run_cursors_end(struct rh_run *run);
/* Runs one hook; what fails names the module. */
int32_t rh_run_hook(struct rh_run *run, const struct rh_hook_entry *entry,
                    const struct rh_event *event);
/* The sentence with which an absent module refuses. */
int32_t rh_module_refuse(struct rh_module *module, struct rh_err *err);

/* --- the host's functions, by file; see include/reihum/call.h for what they do --- */

/* call_words.c */
void *rh_host_alloc(struct rh_call *call, size_t size);
char *rh_host_format(struct rh_call *call, const char *de, const char *en, ...) RH_PRINTF(2, 4)
    RH_PRINTF(3, 4);
int32_t rh_host_fail(struct rh_call *call, int32_t code, const char *de, const char *en, ...)
    RH_PRINTF(3, 5) RH_PRINTF(4, 5);
int32_t rh_host_wrap(struct rh_call *call, const char *de, const char *en, ...) RH_PRINTF(2, 4)
    RH_PRINTF(3, 4);
void rh_host_forget(struct rh_call *call);
int32_t rh_host_last_error(struct rh_call *call, struct rh_text *ret_text);
int32_t rh_host_param_given(struct rh_call *call, const char *name);
const char *rh_host_param_text(struct rh_call *call, const char *name);
int64_t rh_host_param_int(struct rh_call *call, const char *name);
double rh_host_param_real(struct rh_call *call, const char *name);
int32_t rh_host_param_file(struct rh_call *call, const char *name, const char **ret_name,
                           const char **ret_bytes, size_t *ret_size);
int64_t rh_host_now_utc(struct rh_call *call);
int32_t rh_host_today(struct rh_call *call);
const char *rh_host_actor(struct rh_call *call);
const char *rh_host_config_text(struct rh_call *call, const char *key);
int64_t rh_host_config_int(struct rh_call *call, const char *key);
double rh_host_config_real(struct rh_call *call, const char *key);
const char *rh_host_config_item(struct rh_call *call, const char *key, int32_t index);

/* call_db.c */
int32_t rh_host_query(struct rh_call *call, struct rh_rows **ret_rows, const char *sql,
                      const char *types, ...);
int32_t rh_host_rows_next(struct rh_rows *rows);
int32_t rh_host_rows_is_null(struct rh_rows *rows, int32_t column);
int64_t rh_host_rows_int(struct rh_rows *rows, int32_t column);
double rh_host_rows_real(struct rh_rows *rows, int32_t column);
const char *rh_host_rows_text(struct rh_rows *rows, int32_t column);
void rh_host_rows_close(struct rh_rows *rows);
int64_t rh_host_exec(struct rh_call *call, const char *sql, const char *types, ...);
int64_t rh_host_last_id(struct rh_call *call);
int32_t rh_host_job_add(struct rh_call *call, const char *kind, const char *key,
                        const char *payload, int64_t run_at_utc);

/* call_resolve.c */
int32_t rh_host_resolve(struct rh_call *call, const char *sql, struct rh_text what,
                        const char *named, const char **ret_id);

/* event.c */
int64_t rh_host_event(struct rh_call *call, const char *topic, const char *subject,
                      const char *before, const char *after);

/* call_out.c */
void rh_host_say(struct rh_call *call, const char *de, const char *en, ...) RH_PRINTF(2, 4)
    RH_PRINTF(3, 4);
void rh_host_out_object(struct rh_call *call, const char *key);
void rh_host_out_array(struct rh_call *call, const char *key);
void rh_host_out_end(struct rh_call *call);
void rh_host_out_text(struct rh_call *call, const char *key, const char *value);
void rh_host_out_int(struct rh_call *call, const char *key, int64_t value);
void rh_host_out_real(struct rh_call *call, const char *key, double value);
void rh_host_out_flag(struct rh_call *call, const char *key, int32_t value);
void rh_host_out_json(struct rh_call *call, const char *key, const char *json);
int32_t rh_host_out_query(struct rh_call *call, const char *key, const char *sql, const char *types,
                          ...);
int32_t rh_host_progress(struct rh_call *call, int64_t done, int64_t total, const char *de,
                         const char *en, ...) RH_PRINTF(4, 6) RH_PRINTF(5, 6);

/* call_csv.c */
int32_t rh_host_csv_open(struct rh_call *call, const char *param,
                         const struct rh_csv_column *columns, int32_t count,
                         struct rh_csv_in **ret_csv);
int32_t rh_host_csv_next(struct rh_csv_in *csv);
const char *rh_host_csv_text(struct rh_csv_in *csv, int32_t column);
int32_t rh_host_csv_int(struct rh_csv_in *csv, int32_t column, int64_t min, int64_t max,
                        int64_t *ret);
int32_t rh_host_csv_real(struct rh_csv_in *csv, int32_t column, double min, double max,
                         double *ret);
int32_t rh_host_csv_day(struct rh_csv_in *csv, int32_t column, int32_t *ret_day);
int32_t rh_host_csv_month(struct rh_csv_in *csv, int32_t column, int32_t *ret_month);
int32_t rh_host_csv_ags(struct rh_csv_in *csv, int32_t column, int32_t digits,
                        const char **ret_ags);
void rh_host_csv_fault(struct rh_csv_in *csv, int32_t column, const char *de, const char *en, ...)
    RH_PRINTF(3, 5) RH_PRINTF(4, 5);
void rh_host_csv_last_error(struct rh_csv_in *csv, int32_t column);
int32_t rh_host_csv_line(struct rh_csv_in *csv);
int32_t rh_host_csv_finish(struct rh_csv_in *csv);
void rh_csv_in_close_all(struct rh_frame *frame);

/* call_calendar.c */
int32_t rh_host_calendar_open(struct rh_call *call, const char *office,
                              struct rh_calendar **ret_calendar);
int32_t rh_host_calendar_month(struct rh_calendar *calendar, int32_t month,
                               struct rh_month_info *ret_info);
int32_t rh_host_calendar_is_workday(struct rh_calendar *calendar, int32_t day);
int32_t rh_host_calendar_add(struct rh_call *call, struct rh_calendar *calendar, int32_t day,
                             int32_t workdays, int32_t *ret_day, const char **ret_reason);
char *rh_host_month_text(struct rh_call *call, int32_t month);
int32_t rh_host_month_parse(struct rh_call *call, const char *text, int32_t *ret_month);
char *rh_host_day_text(struct rh_call *call, int32_t day);
int32_t rh_host_day_parse(struct rh_call *call, const char *text, int32_t *ret_day);

int32_t rh_host_zone_instant(struct rh_call *call, int32_t day, int32_t minute, int64_t *ret_utc);
int32_t rh_host_zone_local(struct rh_call *call, int64_t utc, int32_t *ret_day,
                           int32_t *ret_minute);

/* call_operate.c */
int32_t rh_host_operate(struct rh_call *call, const char *operation, const char *params,
                        const char **ret_answer);

/* call_child.c */
int32_t rh_host_child(struct rh_call *call, const char *program, const char *mode,
                      const void *input, size_t input_size, const struct rh_child_limits *limits,
                      const char **ret_output, size_t *ret_output_size);

/* call_fetch.c */
int32_t rh_host_fetch(struct rh_call *call, const struct rh_fetch_request *request,
                      struct rh_fetch_response *response);

/* call_solve.c */
int32_t rh_host_solve(struct rh_call *call, const struct rh_solve_problem *problem,
                      const struct rh_solve_options *options, struct rh_solve_result *result);
int32_t rh_host_solve_check(struct rh_call *call, const struct rh_solve_problem *problem,
                            const int32_t *slot, struct rh_solve_result *result);

/* call_select.c */
int32_t rh_host_select(struct rh_call *call, const struct rh_select_problem *problem,
                       const struct rh_solve_options *options, struct rh_select_result *result);
int32_t rh_host_select_check(struct rh_call *call, const struct rh_select_problem *problem,
                             const uint8_t *taken, struct rh_select_result *result);

/* call_mail.c */
int32_t rh_host_mail_queue(struct rh_call *call, const struct rh_mail *mail);
int64_t rh_host_mail_drop(struct rh_call *call, const char *key, const char *de, const char *en);
int32_t rh_host_mail_render(struct rh_call *call, const struct rh_mail *mail,
                            const char **ret_subject, const char **ret_text, const char **ret_html);

/* What the calendars of a run own. After the run. */
void rh_run_calendars_end(struct rh_run *run);

#endif
