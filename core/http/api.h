/*
 * api.h - the JSON interface: /api/v1/<noun>/<verb>, one address an operation.
 *
 * GET and HEAD for what only looks, POST for all. The answer is the operation's JSON, or CSV, or -
 * for what takes long - lines of JSON with the progress first and the answer last. See README.md.
 */
#ifndef CORE_HTTP_API_H
#define CORE_HTTP_API_H

#include "core/http/internal.h"

void rh_api(struct rh_request *request);

#endif
