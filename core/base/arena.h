/*
 * arena.h - memory that lives as long as one request or operation and goes away at once.
 *
 * One owner and one thread at a time. What has to outlive the arena is copied out explicitly.
 * Allocations are zeroed and aligned for any type. An arena has a maximum; beyond it, and without
 * memory, it answers NULL.
 */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include "reihum/base.h"

#include <stdarg.h>

struct rh_arena_chunk;

struct rh_arena {
    struct rh_arena_chunk *chunks; /* owned, newest first */
    size_t used, maximum;          /* bytes handed out, and how many may be */
};

#define RH_ARENA_INIT(maximum_)                                                                    \
    {                                                                                              \
        .maximum = (maximum_)                                                                      \
    }
#define rh_auto_arena(name, maximum_)                                                              \
    __attribute__((cleanup(rh_arena_fini))) struct rh_arena name = RH_ARENA_INIT(maximum_)

void rh_arena_init(struct rh_arena *arena, size_t maximum);
void rh_arena_fini(struct rh_arena *arena); /* frees all; the arena can be used again */

void *rh_arena_alloc(struct rh_arena *arena, size_t size);
void *rh_arena_array(struct rh_arena *arena, size_t count,
                     size_t size); /* NULL when the product overflows */
char *rh_arena_strdup(struct rh_arena *arena, const char *text);
char *rh_arena_strndup(struct rh_arena *arena, const char *text, size_t length);
char *rh_arena_printf(struct rh_arena *arena, const char *format, ...) RH_PRINTF(2, 3);
char *rh_arena_vprintf(struct rh_arena *arena, const char *format, va_list args);

#endif
