/*
 * form.h - operations for people without JavaScript: /do/<noun>/<verb>.
 *
 * GET shows a form made of the operation's table entry, POST runs it; a COMPUTE goes on by itself
 * and has a page of its own (live.h). What a reload sends again is
 * not done again, because each form carries an idempotency key.
 */
#ifndef CORE_HTTP_FORM_H
#define CORE_HTTP_FORM_H

#include "core/http/internal.h"

void rh_form(struct rh_request *request);

/* The form, above it what went wrong or what came of it; its fields are request->form. `answer` may
 * be NULL, and is valid as long as the request. */
void rh_form_show(struct rh_request *request, const struct rh_operation_entry *entry,
                  const struct rh_answer *answer);

#endif
