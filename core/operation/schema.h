/*
 * schema.h - the tables that every change needs: what happened, what has to be done, who has heard
 * of it, which requests were answered already.
 *
 * Hand these steps to rh_store_migrate() before those of any module. They belong to the owner
 * "operation"; the views v_event and v_job are what modules read.
 */
#ifndef CORE_OPERATION_SCHEMA_H
#define CORE_OPERATION_SCHEMA_H

#include "core/store/store.h"

extern const struct rh_schema_step rh_operation_schema[];
extern const size_t rh_operation_schema_count;

#endif
