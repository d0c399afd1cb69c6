/* The table of functions that modules see. Its order is that of include/reihum/host.h; additions
 * go to the end there and here. */
#include "core/operation/run.h"

const struct rh_host rh_host_table = {
    .size = sizeof(struct rh_host),
    .abi_major = RH_ABI_MAJOR,
    .abi_minor = RH_ABI_MINOR,

    .alloc = rh_host_alloc,
    .format = rh_host_format,
    .fail = rh_host_fail,
    .wrap = rh_host_wrap,

    .param_given = rh_host_param_given,
    .param_text = rh_host_param_text,
    .param_int = rh_host_param_int,
    .param_real = rh_host_param_real,
    .param_file = rh_host_param_file,

    .now_utc = rh_host_now_utc,
    .today = rh_host_today,
    .actor = rh_host_actor,

    .config_text = rh_host_config_text,
    .config_int = rh_host_config_int,
    .config_real = rh_host_config_real,
    .config_item = rh_host_config_item,

    .query = rh_host_query,
    .rows_next = rh_host_rows_next,
    .rows_is_null = rh_host_rows_is_null,
    .rows_int = rh_host_rows_int,
    .rows_real = rh_host_rows_real,
    .rows_text = rh_host_rows_text,
    .rows_close = rh_host_rows_close,
    .exec = rh_host_exec,
    .last_id = rh_host_last_id,
    .resolve = rh_host_resolve,

    .event = rh_host_event,
    .job_add = rh_host_job_add,

    .say = rh_host_say,
    .out_object = rh_host_out_object,
    .out_array = rh_host_out_array,
    .out_end = rh_host_out_end,
    .out_text = rh_host_out_text,
    .out_int = rh_host_out_int,
    .out_real = rh_host_out_real,
    .out_flag = rh_host_out_flag,
    .out_json = rh_host_out_json,
    .progress = rh_host_progress,

    .csv_open = rh_host_csv_open,
    .csv_next = rh_host_csv_next,
    .csv_text = rh_host_csv_text,
    .csv_int = rh_host_csv_int,
    .csv_real = rh_host_csv_real,
    .csv_day = rh_host_csv_day,
    .csv_month = rh_host_csv_month,
    .csv_ags = rh_host_csv_ags,
    .csv_fault = rh_host_csv_fault,
    .csv_last_error = rh_host_csv_last_error,
    .csv_line = rh_host_csv_line,
    .csv_finish = rh_host_csv_finish,

    .calendar_open = rh_host_calendar_open,
    .calendar_month = rh_host_calendar_month,
    .calendar_is_workday = rh_host_calendar_is_workday,
    .calendar_add = rh_host_calendar_add,
    .month_text = rh_host_month_text,
    .month_parse = rh_host_month_parse,
    .day_text = rh_host_day_text,
    .day_parse = rh_host_day_parse,

    .solve = rh_host_solve,

    .out_query = rh_host_out_query,
    .forget = rh_host_forget,
    .solve_check = rh_host_solve_check,

    .select = rh_host_select,
    .select_check = rh_host_select_check,

    .mail_queue = rh_host_mail_queue,
    .mail_drop = rh_host_mail_drop,
    .mail_render = rh_host_mail_render,

    .operate = rh_host_operate,
    .zone_instant = rh_host_zone_instant,
    .zone_local = rh_host_zone_local,
    .child = rh_host_child,
    .fetch = rh_host_fetch,
    .last_error = rh_host_last_error,
};
