/*
 * health.h - how the server is: /healthz (the process), /readyz (can it work?), /metrics.
 */
#ifndef CORE_HTTP_HEALTH_H
#define CORE_HTTP_HEALTH_H

#include "core/http/internal.h"

void rh_health(struct rh_request *request);
void rh_ready(struct rh_request *request);
void rh_metrics(struct rh_request *request);

/* For GET-only addresses: true when the method is GET or HEAD; otherwise 405 was replied. */
bool rh_only_get(struct rh_request *request);

#endif
