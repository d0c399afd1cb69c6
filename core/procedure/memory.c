/* Runs kept in memory: states by the number of their run. */
#include "core/procedure/internal.h"
#include "core/procedure/procedure.h"

#include "core/base/alloc.h"

#define RUNS_MAX 4096 /* with a higher number they are read each time */

struct rh_procedure_memory {
    struct rh_process_state *states[RUNS_MAX];
    uint64_t changes;
};

struct rh_procedure_memory *rh_procedure_memory_new(void)
{
    return rh_alloc(1, sizeof(struct rh_procedure_memory));
}

struct rh_procedure_memory *rh_procedure_memory_free(struct rh_procedure_memory *memory)
{
    for (size_t i = 0; memory && i < RUNS_MAX; i++)
        rh_process_state_free(memory->states[i]);
    return rh_free(memory);
}

struct rh_process_state *memory_take(struct rh_procedure_memory *memory, int64_t run,
                                     int64_t events)
{
    struct rh_process_state *state;

    if (!memory || run < 0 || run >= RUNS_MAX || !memory->states[run])
        return NULL;
    state = memory->states[run];
    memory->states[run] = NULL;
    if ((int64_t)state->event_count == events)
        return state;
    return rh_process_state_free(state);
}

void memory_put(struct rh_procedure_memory *memory, int64_t run, struct rh_process_state *state)
{
    if (run < 0 || run >= RUNS_MAX) {
        rh_process_state_free(state);
        return;
    }
    rh_process_state_free(memory->states[run]);
    memory->states[run] = state;
}

void memory_changed(struct rh_procedure_memory *memory)
{
    if (memory)
        memory->changes++;
}

uint64_t rh_procedure_memory_changes(const struct rh_procedure_memory *memory)
{
    return memory->changes;
}
