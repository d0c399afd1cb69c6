/*
 * sink.h - a mail server on loopback that takes its time to answer, and notes what it was given.
 *
 * It is a process of its own, one thread a connection. Before it answers a mail it adds a line
 * "MESSAGE-ID HASH\n" to the file `notes`: what stands there may have been acknowledged, what does
 * not stand there was not.
 */
#ifndef TESTS_SUPPORT_SINK_H
#define TESTS_SUPPORT_SINK_H

#include <sys/types.h>

/* < 0 when there is no such process; it is the caller's to end and to wait for. */
pid_t sink_start(const char *notes, int answer_ms, int *ret_port);

#endif
