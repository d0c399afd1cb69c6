/*
 * host.h - the table of functions that the server lends to a plugin, and the types they use.
 *
 * Append only: a plugin built against an older table runs on a newer server. It says its size in
 * front, so a plugin can ask whether a later function is there (RH_HAS in call.h). Plugins call
 * these functions by the short words of call.h, where each is explained; the server's own code
 * includes this header and not the words, because some of them are names of its own functions too.
 */
#ifndef REIHUM_HOST_H
#define REIHUM_HOST_H

#include "reihum/base.h"
#include "reihum/mail.h"
#include "reihum/operation.h"
#include "reihum/solve.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rh_host;
struct rh_rows;     /* the result of a query */
struct rh_csv_in;   /* a CSV file being read */
struct rh_calendar; /* the working days of an office or of the Land */

struct rh_call {
    uint32_t size;
    int32_t lang; /* 0 German, 1 English */
    const struct rh_host *host;
    void *state; /* the operation's own: carries what the `run` of COMPUTE found to its `commit`;
                    from rh_alloc_in() */
};

/* What happened. `before` and `after` are JSON objects or NULL. Valid during the hook. */
struct rh_event {
    uint32_t size;
    int32_t catching_up; /* 1: delivered late, after the plugin had been suspended */
    int64_t seq;
    int64_t at_utc; /* seconds since 1970 */
    const char *topic, *subject, *actor, *before, *after;
};

/* A column that an import reads. */
struct rh_csv_column {
    const char *name;
    const char *aliases; /* further headers, "Amt|Jugendamt", or NULL */
    int32_t required;
    int32_t reserved;
};

/* A month as the calendar sees it. */
struct rh_month_info {
    uint32_t size;
    int32_t month;
    int32_t workdays;                /* without weekends, public holidays and closing days */
    int32_t workdays_outside_school; /* of these, outside school holidays; equal to workdays where
                                        unknown */
    int32_t school_unknown; /* 1: school holidays of (part of) this month are not published yet */
    int32_t reserved;
};

/* What a helper program may use up. Structure NULL or a member 0: the value in brackets. */
struct rh_child_limits {
    uint32_t size;
    int32_t reserved;
    int64_t time_ms; /* wall clock and processor (5,000) */
    int64_t memory;  /* bytes of address space (256 MiB) */
    int64_t output;  /* bytes that it may write (8 MiB) */
};

/* What is to be fetched. A number 0: the value in brackets. */
struct rh_fetch_request {
    uint32_t size;
    uint32_t reserved;
    const char *url;             /* http or https */
    const char *etag, *modified; /* as rh_fetch_response had them last time, or NULL */
    const char *accept;          /* content type, or NULL: any */
    int64_t sent_max, size_max;  /* bytes as they travel (2 MiB), and unpacked (8 MiB) */
    int64_t time_ms;             /* in all (20,000) */
};

/* What was got; texts are "" where the server said nothing. */
struct rh_fetch_response {
    uint32_t size;
    int32_t status; /* 200, or 304: nothing new */
    const char *bytes;
    uint64_t length;
    const char *etag, *modified, *content_type;
};

struct rh_host {
    uint32_t size;
    uint16_t abi_major, abi_minor;

    /* memory and words */
    void *(*alloc)(struct rh_call *call, size_t size);
    char *(*format)(struct rh_call *call, const char *de, const char *en, ...)RH_PRINTF(2, 4)
        RH_PRINTF(3, 4);
    int32_t (*fail)(struct rh_call *call, int32_t code, const char *de, const char *en, ...)
        RH_PRINTF(3, 5) RH_PRINTF(4, 5);
    int32_t (*wrap)(struct rh_call *call, const char *de, const char *en, ...) RH_PRINTF(2, 4)
        RH_PRINTF(3, 4);

    /* parameters */
    int32_t (*param_given)(struct rh_call *call, const char *name);
    const char *(*param_text)(struct rh_call *call, const char *name);
    int64_t (*param_int)(struct rh_call *call, const char *name);
    double (*param_real)(struct rh_call *call, const char *name);
    int32_t (*param_file)(struct rh_call *call, const char *name, const char **ret_name,
                          const char **ret_bytes, size_t *ret_size);

    /* time, who */
    int64_t (*now_utc)(struct rh_call *call);
    int32_t (*today)(struct rh_call *call);
    const char *(*actor)(struct rh_call *call);

    /* configuration of this plugin */
    const char *(*config_text)(struct rh_call *call, const char *key);
    int64_t (*config_int)(struct rh_call *call, const char *key);
    double (*config_real)(struct rh_call *call, const char *key);
    const char *(*config_item)(struct rh_call *call, const char *key, int32_t index);

    /* database */
    int32_t (*query)(struct rh_call *call, struct rh_rows **ret_rows, const char *sql,
                     const char *types, ...);
    int32_t (*rows_next)(struct rh_rows *rows);
    int32_t (*rows_is_null)(struct rh_rows *rows, int32_t column);
    int64_t (*rows_int)(struct rh_rows *rows, int32_t column);
    double (*rows_real)(struct rh_rows *rows, int32_t column);
    const char *(*rows_text)(struct rh_rows *rows, int32_t column);
    void (*rows_close)(struct rh_rows *rows);
    int64_t (*exec)(struct rh_call *call, const char *sql, const char *types, ...);
    int64_t (*last_id)(struct rh_call *call);
    int32_t (*resolve)(struct rh_call *call, const char *sql, struct rh_text what,
                       const char *named, const char **ret_id);

    /* what follows */
    int64_t (*event)(struct rh_call *call, const char *topic, const char *subject,
                     const char *before, const char *after);
    int32_t (*job_add)(struct rh_call *call, const char *kind, const char *key, const char *payload,
                       int64_t run_at_utc);

    /* the answer */
    void (*say)(struct rh_call *call, const char *de, const char *en, ...) RH_PRINTF(2, 4)
        RH_PRINTF(3, 4);
    void (*out_object)(struct rh_call *call, const char *key);
    void (*out_array)(struct rh_call *call, const char *key);
    void (*out_end)(struct rh_call *call);
    void (*out_text)(struct rh_call *call, const char *key, const char *value);
    void (*out_int)(struct rh_call *call, const char *key, int64_t value);
    void (*out_real)(struct rh_call *call, const char *key, double value);
    void (*out_flag)(struct rh_call *call, const char *key, int32_t value);
    void (*out_json)(struct rh_call *call, const char *key, const char *json);
    int32_t (*progress)(struct rh_call *call, int64_t done, int64_t total, const char *de,
                        const char *en, ...) RH_PRINTF(4, 6) RH_PRINTF(5, 6);

    /* CSV in */
    int32_t (*csv_open)(struct rh_call *call, const char *param,
                        const struct rh_csv_column *columns, int32_t count,
                        struct rh_csv_in **ret_csv);
    int32_t (*csv_next)(struct rh_csv_in *csv);
    const char *(*csv_text)(struct rh_csv_in *csv, int32_t column);
    int32_t (*csv_int)(struct rh_csv_in *csv, int32_t column, int64_t min, int64_t max,
                       int64_t *ret);
    int32_t (*csv_real)(struct rh_csv_in *csv, int32_t column, double min, double max, double *ret);
    int32_t (*csv_day)(struct rh_csv_in *csv, int32_t column, int32_t *ret_day);
    int32_t (*csv_month)(struct rh_csv_in *csv, int32_t column, int32_t *ret_month);
    int32_t (*csv_ags)(struct rh_csv_in *csv, int32_t column, int32_t digits, const char **ret_ags);
    void (*csv_fault)(struct rh_csv_in *csv, int32_t column, const char *de, const char *en, ...)
        RH_PRINTF(3, 5) RH_PRINTF(4, 5);
    void (*csv_last_error)(struct rh_csv_in *csv, int32_t column);
    int32_t (*csv_line)(struct rh_csv_in *csv);
    int32_t (*csv_finish)(struct rh_csv_in *csv);

    /* calendar */
    int32_t (*calendar_open)(struct rh_call *call, const char *office,
                             struct rh_calendar **ret_calendar);
    int32_t (*calendar_month)(struct rh_calendar *calendar, int32_t month,
                              struct rh_month_info *ret_info);
    int32_t (*calendar_is_workday)(struct rh_calendar *calendar, int32_t day);
    int32_t (*calendar_add)(struct rh_call *call, struct rh_calendar *calendar, int32_t day,
                            int32_t workdays, int32_t *ret_day, const char **ret_reason);
    char *(*month_text)(struct rh_call *call, int32_t month);
    int32_t (*month_parse)(struct rh_call *call, const char *text, int32_t *ret_month);
    char *(*day_text)(struct rh_call *call, int32_t day);
    int32_t (*day_parse)(struct rh_call *call, const char *text, int32_t *ret_day);

    /* planning */
    int32_t (*solve)(struct rh_call *call, const struct rh_solve_problem *problem,
                     const struct rh_solve_options *options, struct rh_solve_result *result);

    /* the answer, straight from a query */
    int32_t (*out_query)(struct rh_call *call, const char *key, const char *sql, const char *types,
                         ...);

    /* errors, once more */
    void (*forget)(struct rh_call *call);

    /* a plan seen by the checker that shares no code with the engine */
    int32_t (*solve_check)(struct rh_call *call, const struct rh_solve_problem *problem,
                           const int32_t *slot, struct rh_solve_result *result);

    /* selections */
    int32_t (*select)(struct rh_call *call, const struct rh_select_problem *problem,
                      const struct rh_solve_options *options, struct rh_select_result *result);
    int32_t (*select_check)(struct rh_call *call, const struct rh_select_problem *problem,
                            const uint8_t *taken, struct rh_select_result *result);

    /* mail */
    int32_t (*mail_queue)(struct rh_call *call, const struct rh_mail *mail);
    int64_t (*mail_drop)(struct rh_call *call, const char *key, const char *de, const char *en);
    int32_t (*mail_render)(struct rh_call *call, const struct rh_mail *mail,
                           const char **ret_subject, const char **ret_text, const char **ret_html);

    /* another operation inside this call */
    int32_t (*operate)(struct rh_call *call, const char *operation, const char *params,
                       const char **ret_answer);

    /* the clock on the wall in Europe/Berlin */
    int32_t (*zone_instant)(struct rh_call *call, int32_t day, int32_t minute, int64_t *ret_utc);
    int32_t (*zone_local)(struct rh_call *call, int64_t utc, int32_t *ret_day, int32_t *ret_minute);

    /* a helper program of this plugin */
    int32_t (*child)(struct rh_call *call, const char *program, const char *mode, const void *input,
                     size_t input_size, const struct rh_child_limits *limits,
                     const char **ret_output, size_t *ret_output_size);

    /* a document from elsewhere */
    int32_t (*fetch)(struct rh_call *call, const struct rh_fetch_request *request,
                     struct rh_fetch_response *response);

    /* errors, to be kept */
    int32_t (*last_error)(struct rh_call *call, struct rh_text *ret_text);
};

#ifdef __cplusplus
}
#endif
#endif
