/*
 * v1_0.h - the interface as version 1.0 laid it out in memory.
 *
 * Plugins in the world were compiled against these numbers, so a line here is never changed after
 * the release of 1.0: a member that came later is a new line at the end of its structure, together
 * with a higher RH_ABI_MINOR and the new SIZE. Until that release (there is none yet) a deliberate
 * change of the interface changes the line too; what this file catches is the change that nobody
 * meant.
 */
#ifndef TESTS_ABI_V1_0_H
#define TESTS_ABI_V1_0_H

/* clang-format off */
#define ABI_V1_0(SIZE, MEMBER, CONSTANT) \
    SIZE(rh_text, 16) \
    MEMBER(rh_text, de, 0) \
    MEMBER(rh_text, en, 8) \
    SIZE(rh_table, 16) \
    MEMBER(rh_table, rows, 0) \
    MEMBER(rh_table, count, 8) \
    MEMBER(rh_table, row_size, 12) \
    SIZE(rh_param, 64) \
    MEMBER(rh_param, name, 0) \
    MEMBER(rh_param, type, 8) \
    MEMBER(rh_param, flags, 12) \
    MEMBER(rh_param, fallback, 16) \
    MEMBER(rh_param, choices, 24) \
    MEMBER(rh_param, min, 32) \
    MEMBER(rh_param, max, 40) \
    MEMBER(rh_param, help, 48) \
    SIZE(rh_column, 32) \
    MEMBER(rh_column, name, 0) \
    MEMBER(rh_column, type, 8) \
    MEMBER(rh_column, flags, 12) \
    MEMBER(rh_column, title, 16) \
    SIZE(rh_operation, 96) \
    MEMBER(rh_operation, name, 0) \
    MEMBER(rh_operation, kind, 8) \
    MEMBER(rh_operation, flags, 12) \
    MEMBER(rh_operation, help, 16) \
    MEMBER(rh_operation, detail, 32) \
    MEMBER(rh_operation, params, 48) \
    MEMBER(rh_operation, columns, 64) \
    MEMBER(rh_operation, run, 80) \
    MEMBER(rh_operation, commit, 88) \
    SIZE(rh_call, 24) \
    MEMBER(rh_call, size, 0) \
    MEMBER(rh_call, lang, 4) \
    MEMBER(rh_call, host, 8) \
    MEMBER(rh_call, state, 16) \
    SIZE(rh_event, 64) \
    MEMBER(rh_event, size, 0) \
    MEMBER(rh_event, catching_up, 4) \
    MEMBER(rh_event, seq, 8) \
    MEMBER(rh_event, at_utc, 16) \
    MEMBER(rh_event, topic, 24) \
    MEMBER(rh_event, subject, 32) \
    MEMBER(rh_event, actor, 40) \
    MEMBER(rh_event, before, 48) \
    MEMBER(rh_event, after, 56) \
    SIZE(rh_csv_column, 24) \
    MEMBER(rh_csv_column, name, 0) \
    MEMBER(rh_csv_column, aliases, 8) \
    MEMBER(rh_csv_column, required, 16) \
    MEMBER(rh_csv_column, reserved, 20) \
    SIZE(rh_month_info, 24) \
    MEMBER(rh_month_info, size, 0) \
    MEMBER(rh_month_info, month, 4) \
    MEMBER(rh_month_info, workdays, 8) \
    MEMBER(rh_month_info, workdays_outside_school, 12) \
    MEMBER(rh_month_info, school_unknown, 16) \
    MEMBER(rh_month_info, reserved, 20) \
    SIZE(rh_child_limits, 32) \
    MEMBER(rh_child_limits, size, 0) \
    MEMBER(rh_child_limits, reserved, 4) \
    MEMBER(rh_child_limits, time_ms, 8) \
    MEMBER(rh_child_limits, memory, 16) \
    MEMBER(rh_child_limits, output, 24) \
    SIZE(rh_fetch_request, 64) \
    MEMBER(rh_fetch_request, size, 0) \
    MEMBER(rh_fetch_request, reserved, 4) \
    MEMBER(rh_fetch_request, url, 8) \
    MEMBER(rh_fetch_request, etag, 16) \
    MEMBER(rh_fetch_request, modified, 24) \
    MEMBER(rh_fetch_request, accept, 32) \
    MEMBER(rh_fetch_request, sent_max, 40) \
    MEMBER(rh_fetch_request, size_max, 48) \
    MEMBER(rh_fetch_request, time_ms, 56) \
    SIZE(rh_fetch_response, 48) \
    MEMBER(rh_fetch_response, size, 0) \
    MEMBER(rh_fetch_response, status, 4) \
    MEMBER(rh_fetch_response, bytes, 8) \
    MEMBER(rh_fetch_response, length, 16) \
    MEMBER(rh_fetch_response, etag, 24) \
    MEMBER(rh_fetch_response, modified, 32) \
    MEMBER(rh_fetch_response, content_type, 40) \
    SIZE(rh_host, 592) \
    MEMBER(rh_host, size, 0) \
    MEMBER(rh_host, abi_major, 4) \
    MEMBER(rh_host, abi_minor, 6) \
    MEMBER(rh_host, alloc, 8) \
    MEMBER(rh_host, format, 16) \
    MEMBER(rh_host, fail, 24) \
    MEMBER(rh_host, wrap, 32) \
    MEMBER(rh_host, param_given, 40) \
    MEMBER(rh_host, param_text, 48) \
    MEMBER(rh_host, param_int, 56) \
    MEMBER(rh_host, param_real, 64) \
    MEMBER(rh_host, param_file, 72) \
    MEMBER(rh_host, now_utc, 80) \
    MEMBER(rh_host, today, 88) \
    MEMBER(rh_host, actor, 96) \
    MEMBER(rh_host, config_text, 104) \
    MEMBER(rh_host, config_int, 112) \
    MEMBER(rh_host, config_real, 120) \
    MEMBER(rh_host, config_item, 128) \
    MEMBER(rh_host, query, 136) \
    MEMBER(rh_host, rows_next, 144) \
    MEMBER(rh_host, rows_is_null, 152) \
    MEMBER(rh_host, rows_int, 160) \
    MEMBER(rh_host, rows_real, 168) \
    MEMBER(rh_host, rows_text, 176) \
    MEMBER(rh_host, rows_close, 184) \
    MEMBER(rh_host, exec, 192) \
    MEMBER(rh_host, last_id, 200) \
    MEMBER(rh_host, resolve, 208) \
    MEMBER(rh_host, event, 216) \
    MEMBER(rh_host, job_add, 224) \
    MEMBER(rh_host, say, 232) \
    MEMBER(rh_host, out_object, 240) \
    MEMBER(rh_host, out_array, 248) \
    MEMBER(rh_host, out_end, 256) \
    MEMBER(rh_host, out_text, 264) \
    MEMBER(rh_host, out_int, 272) \
    MEMBER(rh_host, out_real, 280) \
    MEMBER(rh_host, out_flag, 288) \
    MEMBER(rh_host, out_json, 296) \
    MEMBER(rh_host, progress, 304) \
    MEMBER(rh_host, csv_open, 312) \
    MEMBER(rh_host, csv_next, 320) \
    MEMBER(rh_host, csv_text, 328) \
    MEMBER(rh_host, csv_int, 336) \
    MEMBER(rh_host, csv_real, 344) \
    MEMBER(rh_host, csv_day, 352) \
    MEMBER(rh_host, csv_month, 360) \
    MEMBER(rh_host, csv_ags, 368) \
    MEMBER(rh_host, csv_fault, 376) \
    MEMBER(rh_host, csv_last_error, 384) \
    MEMBER(rh_host, csv_line, 392) \
    MEMBER(rh_host, csv_finish, 400) \
    MEMBER(rh_host, calendar_open, 408) \
    MEMBER(rh_host, calendar_month, 416) \
    MEMBER(rh_host, calendar_is_workday, 424) \
    MEMBER(rh_host, calendar_add, 432) \
    MEMBER(rh_host, month_text, 440) \
    MEMBER(rh_host, month_parse, 448) \
    MEMBER(rh_host, day_text, 456) \
    MEMBER(rh_host, day_parse, 464) \
    MEMBER(rh_host, solve, 472) \
    MEMBER(rh_host, out_query, 480) \
    MEMBER(rh_host, forget, 488) \
    MEMBER(rh_host, solve_check, 496) \
    MEMBER(rh_host, select, 504) \
    MEMBER(rh_host, select_check, 512) \
    MEMBER(rh_host, mail_queue, 520) \
    MEMBER(rh_host, mail_drop, 528) \
    MEMBER(rh_host, mail_render, 536) \
    MEMBER(rh_host, operate, 544) \
    MEMBER(rh_host, zone_instant, 552) \
    MEMBER(rh_host, zone_local, 560) \
    MEMBER(rh_host, child, 568) \
    MEMBER(rh_host, fetch, 576) \
    MEMBER(rh_host, last_error, 584) \
    SIZE(rh_mail_address, 16) \
    MEMBER(rh_mail_address, name, 0) \
    MEMBER(rh_mail_address, address, 8) \
    SIZE(rh_mail_part, 40) \
    MEMBER(rh_mail_part, content_type, 0) \
    MEMBER(rh_mail_part, file_name, 8) \
    MEMBER(rh_mail_part, bytes, 16) \
    MEMBER(rh_mail_part, size, 24) \
    MEMBER(rh_mail_part, flags, 32) \
    MEMBER(rh_mail_part, reserved, 36) \
    SIZE(rh_mail, 168) \
    MEMBER(rh_mail, size, 0) \
    MEMBER(rh_mail, flags, 4) \
    MEMBER(rh_mail, key, 8) \
    MEMBER(rh_mail, kind, 16) \
    MEMBER(rh_mail, about, 24) \
    MEMBER(rh_mail, to, 32) \
    MEMBER(rh_mail, copies, 48) \
    MEMBER(rh_mail, copy_count, 56) \
    MEMBER(rh_mail, lang, 60) \
    MEMBER(rh_mail, template_name, 64) \
    MEMBER(rh_mail, fields, 72) \
    MEMBER(rh_mail, subject, 80) \
    MEMBER(rh_mail, text, 88) \
    MEMBER(rh_mail, html, 96) \
    MEMBER(rh_mail, reply_to, 104) \
    MEMBER(rh_mail, in_reply_to, 120) \
    MEMBER(rh_mail, unsubscribe, 128) \
    MEMBER(rh_mail, not_before_utc, 136) \
    MEMBER(rh_mail, give_up_utc, 144) \
    MEMBER(rh_mail, parts, 152) \
    MEMBER(rh_mail, part_count, 160) \
    MEMBER(rh_mail, reserved, 164) \
    SIZE(rh_solve_count, 56) \
    MEMBER(rh_solve_count, items, 0) \
    MEMBER(rh_solve_count, slots, 8) \
    MEMBER(rh_solve_count, item_count, 16) \
    MEMBER(rh_solve_count, slot_count, 20) \
    MEMBER(rh_solve_count, taken, 24) \
    MEMBER(rh_solve_count, min, 28) \
    MEMBER(rh_solve_count, max, 32) \
    MEMBER(rh_solve_count, level, 36) \
    MEMBER(rh_solve_count, rule, 40) \
    MEMBER(rh_solve_count, price, 48) \
    SIZE(rh_solve_apart, 32) \
    MEMBER(rh_solve_apart, a, 0) \
    MEMBER(rh_solve_apart, b, 4) \
    MEMBER(rh_solve_apart, distance, 8) \
    MEMBER(rh_solve_apart, level, 12) \
    MEMBER(rh_solve_apart, rule, 16) \
    MEMBER(rh_solve_apart, price, 24) \
    SIZE(rh_solve_together, 8) \
    MEMBER(rh_solve_together, a, 0) \
    MEMBER(rh_solve_together, b, 4) \
    SIZE(rh_solve_cost, 16) \
    MEMBER(rh_solve_cost, price, 0) \
    MEMBER(rh_solve_cost, rule, 8) \
    MEMBER(rh_solve_cost, reserved, 12) \
    SIZE(rh_solve_problem, 96) \
    MEMBER(rh_solve_problem, size, 0) \
    MEMBER(rh_solve_problem, item_count, 4) \
    MEMBER(rh_solve_problem, slot_count, 8) \
    MEMBER(rh_solve_problem, rule_count, 12) \
    MEMBER(rh_solve_problem, allowed, 16) \
    MEMBER(rh_solve_problem, costs, 24) \
    MEMBER(rh_solve_problem, counts, 32) \
    MEMBER(rh_solve_problem, aparts, 40) \
    MEMBER(rh_solve_problem, togethers, 48) \
    MEMBER(rh_solve_problem, cost_count, 56) \
    MEMBER(rh_solve_problem, count_count, 60) \
    MEMBER(rh_solve_problem, apart_count, 64) \
    MEMBER(rh_solve_problem, together_count, 68) \
    MEMBER(rh_solve_problem, start, 72) \
    MEMBER(rh_solve_problem, item_names, 80) \
    MEMBER(rh_solve_problem, slot_names, 88) \
    SIZE(rh_solve_state, 88) \
    MEMBER(rh_solve_state, size, 0) \
    MEMBER(rh_solve_state, phase, 4) \
    MEMBER(rh_solve_state, best, 8) \
    MEMBER(rh_solve_state, bound, 32) \
    MEMBER(rh_solve_state, steps, 56) \
    MEMBER(rh_solve_state, steps_total, 64) \
    MEMBER(rh_solve_state, elapsed_ms, 72) \
    MEMBER(rh_solve_state, slot, 80) \
    SIZE(rh_solve_options, 56) \
    MEMBER(rh_solve_options, size, 0) \
    MEMBER(rh_solve_options, reserved, 4) \
    MEMBER(rh_solve_options, seed, 8) \
    MEMBER(rh_solve_options, step_limit, 16) \
    MEMBER(rh_solve_options, time_limit_ms, 24) \
    MEMBER(rh_solve_options, progress, 32) \
    MEMBER(rh_solve_options, context, 40) \
    MEMBER(rh_solve_options, without_exact, 48) \
    MEMBER(rh_solve_options, reserved_end, 52) \
    SIZE(rh_solve_result, 120) \
    MEMBER(rh_solve_result, size, 0) \
    MEMBER(rh_solve_result, slot, 8) \
    MEMBER(rh_solve_result, rule_value, 16) \
    MEMBER(rh_solve_result, value, 24) \
    MEMBER(rh_solve_result, bound, 48) \
    MEMBER(rh_solve_result, proven, 72) \
    MEMBER(rh_solve_result, cut, 76) \
    MEMBER(rh_solve_result, steps, 80) \
    MEMBER(rh_solve_result, first_ms, 88) \
    MEMBER(rh_solve_result, total_ms, 96) \
    MEMBER(rh_solve_result, count_value, 104) \
    MEMBER(rh_solve_result, exact, 112) \
    MEMBER(rh_solve_result, reserved_end, 116) \
    SIZE(rh_select_cost, 16) \
    MEMBER(rh_select_cost, price, 0) \
    MEMBER(rh_select_cost, rule, 8) \
    MEMBER(rh_select_cost, reserved, 12) \
    SIZE(rh_select_row, 32) \
    MEMBER(rh_select_row, columns, 0) \
    MEMBER(rh_select_row, column_count, 8) \
    MEMBER(rh_select_row, min, 12) \
    MEMBER(rh_select_row, max, 16) \
    MEMBER(rh_select_row, rule, 20) \
    MEMBER(rh_select_row, price, 24) \
    SIZE(rh_select_problem, 80) \
    MEMBER(rh_select_problem, size, 0) \
    MEMBER(rh_select_problem, column_count, 4) \
    MEMBER(rh_select_problem, group_count, 8) \
    MEMBER(rh_select_problem, agent_count, 12) \
    MEMBER(rh_select_problem, rule_count, 16) \
    MEMBER(rh_select_problem, group, 24) \
    MEMBER(rh_select_problem, agent, 32) \
    MEMBER(rh_select_problem, fixed, 40) \
    MEMBER(rh_select_problem, costs, 48) \
    MEMBER(rh_select_problem, rows, 56) \
    MEMBER(rh_select_problem, cost_count, 64) \
    MEMBER(rh_select_problem, row_count, 68) \
    MEMBER(rh_select_problem, start, 72) \
    SIZE(rh_select_result, 80) \
    MEMBER(rh_select_result, size, 0) \
    MEMBER(rh_select_result, exact, 4) \
    MEMBER(rh_select_result, taken, 8) \
    MEMBER(rh_select_result, rule_value, 16) \
    MEMBER(rh_select_result, row_count, 24) \
    MEMBER(rh_select_result, value, 32) \
    MEMBER(rh_select_result, bound, 40) \
    MEMBER(rh_select_result, proven, 48) \
    MEMBER(rh_select_result, cut, 52) \
    MEMBER(rh_select_result, steps, 56) \
    MEMBER(rh_select_result, first_ms, 64) \
    MEMBER(rh_select_result, total_ms, 72) \
    SIZE(rh_need, 16) \
    MEMBER(rh_need, plugin, 0) \
    MEMBER(rh_need, version, 8) \
    SIZE(rh_hook, 24) \
    MEMBER(rh_hook, topic, 0) \
    MEMBER(rh_hook, priority, 8) \
    MEMBER(rh_hook, reserved, 12) \
    MEMBER(rh_hook, run, 16) \
    SIZE(rh_job_kind, 32) \
    MEMBER(rh_job_kind, kind, 0) \
    MEMBER(rh_job_kind, max_attempts, 8) \
    MEMBER(rh_job_kind, reserved, 12) \
    MEMBER(rh_job_kind, run, 16) \
    MEMBER(rh_job_kind, prepare, 24) \
    SIZE(rh_page, 64) \
    MEMBER(rh_page, path, 0) \
    MEMBER(rh_page, operation, 8) \
    MEMBER(rh_page, body, 16) \
    MEMBER(rh_page, title, 24) \
    MEMBER(rh_page, nav, 40) \
    MEMBER(rh_page, nav_order, 56) \
    MEMBER(rh_page, reserved, 60) \
    SIZE(rh_asset, 32) \
    MEMBER(rh_asset, name, 0) \
    MEMBER(rh_asset, content_type, 8) \
    MEMBER(rh_asset, bytes, 16) \
    MEMBER(rh_asset, size, 24) \
    SIZE(rh_config_key, 64) \
    MEMBER(rh_config_key, name, 0) \
    MEMBER(rh_config_key, type, 8) \
    MEMBER(rh_config_key, flags, 12) \
    MEMBER(rh_config_key, fallback, 16) \
    MEMBER(rh_config_key, choices, 24) \
    MEMBER(rh_config_key, min, 32) \
    MEMBER(rh_config_key, max, 40) \
    MEMBER(rh_config_key, help, 48) \
    SIZE(rh_migration, 24) \
    MEMBER(rh_migration, number, 0) \
    MEMBER(rh_migration, reserved, 4) \
    MEMBER(rh_migration, name, 8) \
    MEMBER(rh_migration, sql, 16) \
    SIZE(rh_document, 24) \
    MEMBER(rh_document, path, 0) \
    MEMBER(rh_document, operation, 8) \
    MEMBER(rh_document, content_type, 16) \
    SIZE(rh_plugin, 208) \
    MEMBER(rh_plugin, magic, 0) \
    MEMBER(rh_plugin, size, 4) \
    MEMBER(rh_plugin, abi_major, 8) \
    MEMBER(rh_plugin, abi_minor, 10) \
    MEMBER(rh_plugin, reserved, 12) \
    MEMBER(rh_plugin, name, 16) \
    MEMBER(rh_plugin, version, 24) \
    MEMBER(rh_plugin, title, 32) \
    MEMBER(rh_plugin, needs, 48) \
    MEMBER(rh_plugin, operations, 64) \
    MEMBER(rh_plugin, hooks, 80) \
    MEMBER(rh_plugin, jobs, 96) \
    MEMBER(rh_plugin, pages, 112) \
    MEMBER(rh_plugin, assets, 128) \
    MEMBER(rh_plugin, config, 144) \
    MEMBER(rh_plugin, migrations, 160) \
    MEMBER(rh_plugin, start, 176) \
    MEMBER(rh_plugin, stop, 184) \
    MEMBER(rh_plugin, documents, 192) \
    CONSTANT(RH_OK, 0) \
    CONSTANT(RH_EFAILED, -1) \
    CONSTANT(RH_ENOMEM, -2) \
    CONSTANT(RH_EUSAGE, -3) \
    CONSTANT(RH_ENOTFOUND, -4) \
    CONSTANT(RH_EINVALID, -5) \
    CONSTANT(RH_ECONFLICT, -6) \
    CONSTANT(RH_EFORBIDDEN, -7) \
    CONSTANT(RH_EUNREACHABLE, -8) \
    CONSTANT(RH_EPARTIAL, -9) \
    CONSTANT(RH_ECANCELLED, -10) \
    CONSTANT(RH_ETOOLARGE, -11) \
    CONSTANT(RH_EBUSY, -12) \
    CONSTANT(RH_EFULL, -13) \
    CONSTANT(RH_EDAMAGED, -14) \
    CONSTANT(RH_EPRECONDITION, -15) \
    CONSTANT(RH_TYPE_TEXT, 1) \
    CONSTANT(RH_TYPE_INT, 2) \
    CONSTANT(RH_TYPE_REAL, 3) \
    CONSTANT(RH_TYPE_FLAG, 4) \
    CONSTANT(RH_TYPE_DAY, 5) \
    CONSTANT(RH_TYPE_MONTH, 6) \
    CONSTANT(RH_TYPE_CHOICE, 7) \
    CONSTANT(RH_TYPE_FILE, 8) \
    CONSTANT(RH_TYPE_LIST, 9) \
    CONSTANT(RH_TYPE_DURATION, 10) \
    CONSTANT(RH_PARAM_REQUIRED, 1) \
    CONSTANT(RH_PARAM_POSITIONAL, 2) \
    CONSTANT(RH_PARAM_FOLDER, 4) \
    CONSTANT(RH_COLUMN_WIDE, 1) \
    CONSTANT(RH_READ, 1) \
    CONSTANT(RH_WRITE, 2) \
    CONSTANT(RH_COMPUTE, 3) \
    CONSTANT(RH_OP_DRY_RUN, 1) \
    CONSTANT(RH_OP_LOCAL, 2) \
    CONSTANT(RH_OP_EXPORT, 4) \
    CONSTANT(RH_OP_HOUSE, 8) \
    CONSTANT(RH_OP_LINES, 16) \
    CONSTANT(RH_OP_FILES, 32) \
    CONSTANT(RH_OP_ASIDE, 64) \
    CONSTANT(RH_OP_CONTENT, 128) \
    CONSTANT(RH_OP_PUBLIC, 256) \
    CONSTANT(RH_SOLVE_HARD, 0) \
    CONSTANT(RH_SOLVE_BALANCE, 1) \
    CONSTANT(RH_SOLVE_SOFT, 2) \
    CONSTANT(RH_EXACT_NOT_NEEDED, 0) \
    CONSTANT(RH_EXACT_USED, 1) \
    CONSTANT(RH_EXACT_MISSING, 2) \
    CONSTANT(RH_EXACT_FAILED, 3) \
    CONSTANT(RH_EXACT_LATE, 4) \
    CONSTANT(RH_SELECT_FREE, 0) \
    CONSTANT(RH_SELECT_TAKEN, 1) \
    CONSTANT(RH_SELECT_NEVER, 2) \
    CONSTANT(RH_SOLVE_LEVELS, 3) \
    CONSTANT(RH_MAIL_FORMAL, 1) \
    CONSTANT(RH_MAIL_HELD, 2) \
    CONSTANT(RH_MAIL_DIGEST, 4) \
    CONSTANT(RH_MAIL_ALTERNATIVE, 1) \
    CONSTANT(RH_MAIL_COPIES_MAX, 50) \
    CONSTANT(RH_CONFIG_REQUIRED, 1) \
    CONSTANT(RH_CONFIG_SECRET, 2) \
    CONSTANT(RH_PLUGIN_MAGIC, 1836410994) \
    CONSTANT(RH_NO_DAY, -2147483648) \
    CONSTANT(RH_NO_MONTH, -2147483648)
/* clang-format on */

#endif
