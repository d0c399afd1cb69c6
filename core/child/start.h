/* start.h - inside the room: fork, exec, and the three ends of the pipes. */
#ifndef CORE_CHILD_START_H
#define CORE_CHILD_START_H

#include "core/child/child.h"

#include <stdbool.h>
#include <sys/types.h>

struct rh_started {
    pid_t id;
    int input, output, errors; /* ours, owned, not blocking; -1 = closed */
};

int32_t rh_child_start(const struct rh_child_options *options, struct rh_started *ret,
                       struct rh_err *err);

/* To the child and what it started, which are a process group of their own. */
void rh_child_signal(const struct rh_started *started, int number);

#endif
