/*
 * call.h - all that an operation, hook, job or page may ask of the server.
 *
 * A call is one run. It carries the caller's parameters, a database connection (a read-only
 * snapshot for READ and for the `run` of COMPUTE, a savepoint for the rest), memory that goes away
 * with it, and the answer that is being written. It belongs to one thread at a time and must not be
 * kept after the function returns. Pointers it gives out live as long as the call, unless said
 * otherwise.
 *
 * The words below only pass on to the host's table (struct rh_host in host.h), which is append
 * only: a plugin built against an older table runs on a newer server. Ask RH_HAS(call, member)
 * before using one that came later than your minor version.
 */
#ifndef REIHUM_CALL_H
#define REIHUM_CALL_H

#include "reihum/host.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RH_HAS(call, member) ((call)->host->size > offsetof(struct rh_host, member))

/* ---- memory and words ---- */

/* Zeroed memory of the call; NULL without memory (then return rh_fail(call, RH_ENOMEM, …) or just
 * RH_ENOMEM). */
#define rh_alloc_in(call, size) ((call)->host->alloc((call), (size)))
/* A text in the caller's language, in the call's memory; never NULL. */
#define rh_format(call, ...) ((call)->host->format((call), __VA_ARGS__))
/* `return rh_fail(call, RH_EINVALID, "deutsch …", "english …", args)`: the sentence says what,
 * where, remedy. In brackets, because cmocka has a macro of that name. */
#define rh_fail(call, code, ...) rh_code_(((call)->host->fail)((call), (code), __VA_ARGS__), (code))
/* Puts context in front of the error that a function below left; returns its code. */
#define rh_wrap(call, ...) ((call)->host->wrap((call), __VA_ARGS__))

/* Tells the compiler that an error handed in is the error handed back. */
static inline int32_t rh_code_(int32_t returned, int32_t code)
{
    (void)returned;
    return code;
}

/* An error that was expected and dealt with. Without this, a function that returns 0 although
 * something failed below it has failed: a forgotten result must not look like success. */
#define rh_forget(call) ((call)->host->forget((call)))

/* Its code and its sentence in both languages, in the call's memory: for who shows it to staff
 * later. 0 and empty texts when there is none. Forgets nothing. */
#define rh_last_error_in(call, ret_text) ((call)->host->last_error((call), (ret_text)))

static inline const char *rh_say_in(const struct rh_call *call, struct rh_text text)
{
    return call->lang == 0 ? text.de : text.en;
}

/* ---- parameters: names as in the operation's table, types and ranges are checked before the call
 * ---- */

#define rh_param_given(call, name) ((call)->host->param_given((call), (name)))
/* TEXT and CHOICE; NULL when neither given nor defaulted. */
#define rh_param_text(call, name) ((call)->host->param_text((call), (name)))
/* INT; DAY and MONTH as day and month numbers (RH_NO_DAY, RH_NO_MONTH when not given); FLAG as 0
 * or 1. */
#define rh_param_int(call, name)  ((call)->host->param_int((call), (name)))
#define rh_param_real(call, name) ((call)->host->param_real((call), (name)))
#define rh_param_file(call, name, ret_name, ret_bytes, ret_size)                                   \
    ((call)->host->param_file((call), (name), (ret_name), (ret_bytes), (ret_size)))

/* ---- time and who: the clock that was handed in, never the machine's; --as-of is respected ----
 */

#define rh_now_utc(call) ((call)->host->now_utc((call)))
#define rh_today(call)   ((call)->host->today((call))) /* day number in Europe/Berlin */
#define rh_actor(call)   ((call)->host->actor((call)))

/* ---- configuration of the plugin that is running; the key must be in its table ---- */

#define rh_config_text(call, key) ((call)->host->config_text((call), (key)))
#define rh_config_int(call, key)                                                                   \
    ((call)->host->config_int((call), (key))) /* INT, FLAG, DURATION in seconds */
#define rh_config_real(call, key) ((call)->host->config_real((call), (key)))
#define rh_config_item(call, key, index)                                                           \
    ((call)->host->config_item((call), (key), (index))) /* NULL past the end */

/*
 * ---- database: ordinary SQL with ?1, ?2 …; `types` has a letter per value: 's' const char * (NULL
 * = SQL NULL), 'i' int64_t, 'd' double; "" when there is none. Values are bound, never pasted.
 * Integers must be passed as int64_t: rh_query(call, &rows, "… WHERE month = ?1", "i",
 * (int64_t)month).
 */
#define rh_query(call, ...) ((call)->host->query((call), __VA_ARGS__))
#define rh_next(call, rows)                                                                        \
    ((call)->host->rows_next((rows))) /* 1 a row, 0 the end, < 0 an error                          \
                                       */
#define rh_is_null(call, rows, c)  ((call)->host->rows_is_null((rows), (c)))
#define rh_get_int(call, rows, c)  ((call)->host->rows_int((rows), (c)))
#define rh_get_real(call, rows, c) ((call)->host->rows_real((rows), (c)))
/* Copied into the call's memory, so it lives as long as the call; NULL for SQL NULL. */
#define rh_get_text(call, rows, c) ((call)->host->rows_text((rows), (c)))
#define rh_close(call, rows)                                                                       \
    ((call)->host->rows_close((rows))) /* NULL is fine; rows not closed go with the call */
#define rh_exec(call, ...) ((call)->host->exec((call), __VA_ARGS__)) /* changed rows, or < 0 */
#define rh_last_id(call)   ((call)->host->last_id((call)))
/*
 * Finds what a person meant by `named`. `sql` is one SELECT that gives rows of (id, name, any
 * further spellings …).
 * Takes the id itself, or a spelling that only one row has (letter case, umlaut forms and spaces do
 * not matter); otherwise RH_ENOTFOUND with the nearest ones suggested. `what` is the kind of thing:
 * RH_TEXT("Jugendamt", "office").
 */
#define rh_resolve(call, sql, what, named, ret_id)                                                 \
    ((call)->host->resolve((call), (sql), (what), (named), (ret_id)))

/* ---- what follows from a change, written in the same transaction ---- */

/* Records an event and runs the hooks of other modules on it. Returns its number, or < 0 when a
 * hook vetoed (return that). `before` and `after` are JSON objects or NULL. */
#define rh_event(call, topic, subject, before, after)                                              \
    ((call)->host->event((call), (topic), (subject), (before), (after)))
/* A job with this key exists at most once; adding it again is no error and changes nothing. */
#define rh_job_add(call, kind, key, payload, run_at_utc)                                           \
    ((call)->host->job_add((call), (kind), (key), (payload), (run_at_utc)))

/* ---- the answer: one JSON object. What stands under "items" is what tables and CSV show. ---- */

#define rh_say(call, ...)                                                                          \
    ((call)->host->say((call), __VA_ARGS__)) /* a sentence for the person; "messages" */
#define rh_out_object(call, key)                                                                   \
    ((call)->host->out_object((call), (key))) /* key NULL inside an array */
#define rh_out_array(call, key) ((call)->host->out_array((call), (key)))
#define rh_out_end(call)        ((call)->host->out_end((call)))
#define rh_out_text(call, key, value)                                                              \
    ((call)->host->out_text((call), (key), (value))) /* NULL becomes null */
#define rh_out_int(call, key, value)  ((call)->host->out_int((call), (key), (value)))
#define rh_out_real(call, key, value) ((call)->host->out_real((call), (key), (value)))
#define rh_out_flag(call, key, value) ((call)->host->out_flag((call), (key), (value)))
#define rh_out_json(call, key, value)                                                              \
    ((call)->host->out_json((call), (key), (value))) /* checked JSON, as it is */
/* An array under `key` with one object a row of the query, by the query's column names and types.
 * Returns the number of rows. */
#define rh_out_query(call, ...) ((call)->host->out_query((call), __VA_ARGS__))
/* Shown on a terminal; a value other than 0 means: the caller is gone or cancelled, stop soon. */
#define rh_progress(call, ...) ((call)->host->progress((call), __VA_ARGS__))

/*
 * ---- CSV in: the file of parameter `param`, with the habits of Excel. The getters answer 1 (a
 * value), 0 (empty) or < 0 (not valid: the fault with file, line and column is kept, go on with the
 * next). rh_csv_finish() says whether all was well; when not it fails with up to twenty faults at
 * once. Column numbers are places in `columns`.
 */
#define rh_csv_open(call, param, columns, count, ret)                                              \
    ((call)->host->csv_open((call), (param), (columns), (count), (ret)))
#define rh_csv_next(call, csv)                                                                     \
    ((call)->host->csv_next((csv))) /* 1 a row, 0 the end, < 0 unreadable */
#define rh_csv_text(call, csv, column)                                                             \
    ((call)->host->csv_text((csv), (column))) /* NULL when empty or absent */
#define rh_csv_int(call, csv, c, min, max, r) ((call)->host->csv_int((csv), (c), (min), (max), (r)))
#define rh_csv_real(call, csv, c, min, max, r)                                                     \
    ((call)->host->csv_real((csv), (c), (min), (max), (r)))
#define rh_csv_day(call, csv, c, r)         ((call)->host->csv_day((csv), (c), (r)))
#define rh_csv_month(call, csv, c, r)       ((call)->host->csv_month((csv), (c), (r)))
#define rh_csv_ags(call, csv, c, digits, r) ((call)->host->csv_ags((csv), (c), (digits), (r)))
#define rh_csv_fault(call, csv, ...)                                                               \
    ((call)->host->csv_fault((csv), __VA_ARGS__)) /* a fault of your own */
/* Takes the call's error (of rh_resolve(), say) as a fault of this column and clears it. */
#define rh_csv_last_error(call, csv, column) ((call)->host->csv_last_error((csv), (column)))
#define rh_csv_line(call, csv)               ((call)->host->csv_line((csv)))
#define rh_csv_finish(call, csv)             ((call)->host->csv_finish((csv)))

/* ---- calendar ---- */

/* Of an office (its local closing days included), or of the Land when `office` is NULL. */
#define rh_calendar_open(call, office, ret) ((call)->host->calendar_open((call), (office), (ret)))
#define rh_calendar_month(call, cal, month, ret)                                                   \
    ((call)->host->calendar_month((cal), (month), (ret)))
#define rh_calendar_is_workday(call, cal, day) ((call)->host->calendar_is_workday((cal), (day)))
/* `workdays` forward (> 0) or back (< 0); `ret_reason` says what was skipped, in the caller's
 * language; may be NULL. */
#define rh_calendar_add(call, cal, day, n, ret, reason)                                            \
    ((call)->host->calendar_add((call), (cal), (day), (n), (ret), (reason)))
#define rh_month_text(call, month)      ((call)->host->month_text((call), (month))) /* "2028-03" */
#define rh_month_parse(call, text, ret) ((call)->host->month_parse((call), (text), (ret)))
#define rh_day_text(call, day)          ((call)->host->day_text((call), (day))) /* "2028-03-01" */
#define rh_day_parse(call, text, ret)   ((call)->host->day_parse((call), (text), (ret)))

/* ---- planning: see solve.h; only on a worker (READ, or the `run` of COMPUTE) ---- */

#define rh_solve_in(call, problem, options, result)                                                \
    ((call)->host->solve((call), (problem), (options), (result)))

/* What a given plan (slot per item) is worth: fills value and rule_value of `result`, level by
 * level. */
#define rh_solve_check_in(call, problem, slot, result)                                             \
    ((call)->host->solve_check((call), (problem), (slot), (result)))

/* A selection (struct rh_select_problem); where and when as rh_solve_in(). RH_EINVALID when fixed
 * columns break a strict row. */
#define rh_select_in(call, problem, options, result)                                               \
    ((call)->host->select((call), (problem), (options), (result)))

/* What a given answer is worth: fills value, rule_value and row_count of `result`. RH_EINVALID when
 * it breaks a strict row or a fixed column. */
#define rh_select_check_in(call, problem, taken, result)                                           \
    ((call)->host->select_check((call), (problem), (taken), (result)))

/* ---- mail: see mail.h; a row in the transaction of this call, sent later by the server ---- */

/* 1 when stored, 0 when a mail of this key is there already (then nothing changes), or < 0. An
 * address that refused earlier mail is no error: the mail is held and staff sees why. */
#define rh_mail_queue_in(call, mail) ((call)->host->mail_queue((call), (mail)))
/* What was planned and has not left yet will not leave: how many deliveries were dropped. Held ones
 * too; a mail that is being sent or was sent is not counted and cannot be called back. `de`, `en`:
 * why. */
#define rh_mail_drop_in(call, key, de, en) ((call)->host->mail_drop((call), (key), (de), (en)))
/* What the mail would say; stores nothing. Any of the results may be NULL; *ret_html is NULL when
 * there is none. Works in every kind of call. */
#define rh_mail_render_in(call, mail, ret_subject, ret_text, ret_html)                             \
    ((call)->host->mail_render((call), (mail), (ret_subject), (ret_text), (ret_html)))

/*
 * ---- another operation, as part of this call: the same transaction, actor, language and day ----
 *
 * READ works everywhere; WRITE where writing is allowed (WRITE, `commit`, hooks, jobs); COMPUTE and
 * what exists on the command line alone never. `params` is a JSON object of texts, numbers and
 * flags, or NULL: {"procedure": "bielefeld-2028", "step": "kickoff", "on": "2028-03-14"}. Its
 * answer is a JSON object in the call's memory. `ret_answer` may be NULL: then what the operation
 * has to say to the person becomes part of this call's answer.
 *
 * 0, or < 0: then its error is this call's, what it wrote is undone, and a caller that can do
 * without goes on after rh_forget(). Done in part is undone as well.
 */
#define rh_operate_in(call, operation, params, ret_answer)                                         \
    ((call)->host->operate((call), (operation), (params), (ret_answer)))

/*
 * ---- Europe/Berlin: `minute` counts from midnight, 0 to 1440; instants are seconds since 1970 UTC
 * ----
 */

/* 0: a time that comes once. 1: it comes twice (02:30 when summer time ends), *ret_utc is the
 * first. RH_EINVALID: it does not exist (02:30 when summer time begins), or the day is none. */
#define rh_zone_instant_in(call, day, minute, ret_utc)                                             \
    ((call)->host->zone_instant((call), (day), (minute), (ret_utc)))
/* Day and minute on the wall, seconds left off; RH_EINVALID outside the years of the calendar. */
#define rh_zone_local_in(call, utc, ret_day, ret_minute)                                           \
    ((call)->host->zone_local((call), (utc), (ret_day), (ret_minute)))

/*
 * ---- a helper program: where input may be hostile, its parser runs in a process of its own ----
 *
 * Starts `program`, a file beside the plugin's own whose name begins with the plugin's
 * ("appointments-reader"), without a shell, with `mode` (NULL = none) as its only word; writes
 * `input` to its standard input and hands out what it writes, in the call's memory, with a NUL
 * behind it. Waits, so it is for READ, the `run` of COMPUTE and the `prepare` of jobs.
 *
 * 0 when it ended with status 0. RH_EINVALID when it crashed or ended otherwise: with this input it
 * cannot go on. RH_ECANCELLED: not done in time; RH_ETOOLARGE: it wrote too much; RH_ENOTFOUND: it
 * is not installed.
 */
#define rh_child_in(call, program, mode, input, size, limits, ret_output, ret_size)                \
    ((call)->host->child((call), (program), (mode), (input), (size), (limits), (ret_output),       \
                         (ret_size)))

/*
 * ---- a document from elsewhere, over HTTP or HTTPS ----
 *
 * Waits, so it is for the `run` of COMPUTE and the `prepare` of jobs. No credentials, no cookies;
 * at most three redirects, never from https to http. Whatever the address says or leads to, this
 * machine and private networks are refused, but for the hosts in the server's `fetch_hosts`.
 * `response` has its size set; what it gets lives as long as the call.
 *
 * RH_EINVALID: no such address, or an answer that cannot be read; RH_EFORBIDDEN: a private network,
 * a sign-in, a simulation (which fetches nothing); RH_ENOTFOUND: it is not there any more;
 * RH_ETOOLARGE; RH_ECANCELLED: too slow, or stopped; RH_EUNREACHABLE: all that may be better
 * tomorrow. The sentences name the host, not the address.
 */
#define rh_fetch_in(call, request, response) ((call)->host->fetch((call), (request), (response)))

#ifdef __cplusplus
}
#endif
#endif
