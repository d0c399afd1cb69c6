/*
 * internal.h - what the files of this room share: the operations by file, and finding an office, a
 * round or a procedure.
 */
#ifndef CORE_OFFICE_INTERNAL_H
#define CORE_OFFICE_INTERNAL_H

#include "reihum/plugin.h"

extern const char rh_office_schema_1[];

int32_t size_classes_store(
    struct rh_call *call); /* writes the configured classes to their table, at start */

/* The id of what a person named, or an error with the nearest ones. */
int32_t find_office(struct rh_call *call, const char *named, const char **ret_id);
int32_t find_round(struct rh_call *call, const char *named, const char **ret_id);
/* 1 there is a row, 0 none, < 0 error. */
int32_t row_exists(struct rh_call *call, const char *sql, const char *key);
/* The first column of the row that `sql` finds for `key`, in the call's memory; NULL when there is
 * none. */
const char *text_of(struct rh_call *call, const char *sql, const char *key);

int32_t office_import(struct rh_call *call);
int32_t office_list(struct rh_call *call);
int32_t office_show(struct rh_call *call);
int32_t office_history(struct rh_call *call);
int32_t office_close(struct rh_call *call);
int32_t office_reopen(struct rh_call *call);
int32_t office_overdue(struct rh_call *call);

int32_t contact_import(struct rh_call *call);
int32_t contact_list(struct rh_call *call);
int32_t contact_show(struct rh_call *call);

int32_t round_create(struct rh_call *call);
int32_t round_list(struct rh_call *call);
int32_t round_show(struct rh_call *call);

int32_t procedure_record(struct rh_call *call);
int32_t procedure_import(struct rh_call *call);
int32_t procedure_list(struct rh_call *call);
int32_t procedure_show(struct rh_call *call);
int32_t procedure_cancel(struct rh_call *call);
int32_t on_round_published(struct rh_call *call, const struct rh_event *event);
int32_t on_procedure_wanted(struct rh_call *call, const struct rh_event *event);

int32_t calendar_import_holidays(struct rh_call *call);
int32_t calendar_import_closings(struct rh_call *call);
int32_t calendar_list_holidays(struct rh_call *call);
int32_t calendar_list_closings(struct rh_call *call);
int32_t calendar_months(struct rh_call *call);
int32_t calendar_workday(struct rh_call *call);

#endif
