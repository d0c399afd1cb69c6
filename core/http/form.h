/*
 * form.h - operations for people without JavaScript: /do/<noun>/<verb>.
 *
 * GET shows a form made of the operation's table entry, POST runs it. What a reload sends again is
 * not done again, because each form carries an idempotency key.
 */
#ifndef CORE_HTTP_FORM_H
#define CORE_HTTP_FORM_H

#include "core/http/internal.h"

void rh_form(struct rh_request *request);

#endif
