/*
 * child.h - runs another program and waits for its end.
 *
 * Blocks the calling thread; any thread, several at once. No shell, no search path. Whatever
 * happens, the child is gone and reaped when rh_child_run() returns.
 */
#ifndef CORE_CHILD_CHILD_H
#define CORE_CHILD_CHILD_H

#include "core/base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { RH_CHILD_ERRORS_MAX = 1024 };

struct rh_child_options {
    const char *path;               /* the program's file */
    const char *const *words;       /* its arguments, the first is its name; ends with NULL */
    const char *const *environment; /* "NAME=value", ends with NULL; NULL: PATH and LC_ALL alone */
    const void *input;              /* for its standard input; may be NULL */
    size_t input_length;
    /* Called with what it writes, and now and then with nothing (length 0). Other than 0 ends it.
     */
    int32_t (*output)(void *context, const uint8_t *bytes, size_t length);
    void *context;
    int64_t (*monotonic_ms)(void *clock_context); /* the clock of its time limit */
    void *clock_context;
    int64_t time_limit_ms; /* > 0: then SIGTERM */
    int64_t grace_ms;      /* and after this SIGKILL */
    int64_t output_max;    /* bytes; more ends it */
    int64_t memory_max;    /* bytes of address space; 0 = no limit */
    int64_t cpu_seconds;   /* 0 = no limit */
    int64_t file_max;      /* bytes of any file it writes; -1 = no limit */
};

enum {
    RH_CHILD_EXITED = 1,  /* status is its exit status */
    RH_CHILD_SIGNAL = 2,  /* status is the signal that ended it, none of ours */
    RH_CHILD_LATE = 3,    /* ended at the time limit */
    RH_CHILD_STOPPED = 4, /* ended because output() said so */
    RH_CHILD_FLOOD = 5    /* ended because it wrote more than output_max */
};

struct rh_child_result {
    int32_t end, status;
    char errors[RH_CHILD_ERRORS_MAX + 1]; /* the end of what it wrote to standard error; bytes */
};

/* 0 when it ran, however it ended; RH_ENOTFOUND: no such program; RH_EFORBIDDEN: it may not be
 * started; RH_EFAILED. */
int32_t rh_child_run(const struct rh_child_options *options, struct rh_child_result *ret,
                     struct rh_err *err);

#endif
