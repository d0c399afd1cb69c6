/*
 * live_page.h - the addresses of a run: /runs/{id}, and below it /events, /answer and /cancel.
 */
#ifndef CORE_HTTP_LIVE_PAGE_H
#define CORE_HTTP_LIVE_PAGE_H

#include "core/http/internal.h"

/* Starts what a form asks for, and leads to its page. */
void rh_live_begin(struct rh_request *request, const struct rh_operation_entry *entry,
                   const struct rh_fields *fields);

void rh_live_page(struct rh_request *request);

#endif
