/*
 * event_stream.h - server-sent events (text/event-stream), as browsers read them with EventSource.
 *
 * A stream begins with a hint how soon to come back when it breaks off. Data is one line: JSON of
 * ours has no line ends. Loop thread only.
 */
#ifndef CORE_HTTP_EVENT_STREAM_H
#define CORE_HTTP_EVENT_STREAM_H

#include "core/http/internal.h"

#define RH_EVENT_TYPE "text/event-stream"

/* Adds one event; the first thing that is sent begins the stream. */
void rh_event_send(struct rh_request *request, const char *name, const char *data, size_t length);
/* A comment: between two events nobody on the way should think that the connection is dead. */
void rh_event_beat(struct rh_request *request);
/* The last event: "answer" with the answer, or "problem" with what RFC 9457 has for it. */
void rh_event_end(struct rh_request *request, const struct rh_answer *answer);

#endif
