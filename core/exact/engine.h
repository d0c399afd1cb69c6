/*
 * engine.h - answers one program: linear program, kernel, whole program.
 *
 * One thread, no state outside the call. Nothing leaves here that rh_program_check() has not seen.
 */
#ifndef CORE_EXACT_ENGINE_H
#define CORE_EXACT_ENGINE_H

#include "core/program/program.h"

struct rh_exact_out {
    /* Called when best or bound got better; x is NULL while there is none but the start. */
    void (*better)(void *context, int64_t best, int64_t bound);
    /* Called with each better answer; later ones replace earlier ones. */
    void (*answer)(void *context, const struct rh_program_answer *answer);
    int64_t (*monotonic_ms)(void *context);
    void *context;
};

/* Returns 0 when `out->answer` was called with all that could be found, or RH_E…. */
int32_t rh_exact_answer(const struct rh_program_task *task, const struct rh_exact_out *out,
                        struct rh_err *err);

#endif
