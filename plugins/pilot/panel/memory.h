/*
 * memory.h - what one calculation allocates, given back at once.
 *
 * Sizes are bounded by the limits of problem.h before anything is allocated. Without memory the
 * process ends, as GMP ends it: a panel that was counted wrongly would be worse.
 */
#ifndef PLUGINS_PILOT_PANEL_MEMORY_H
#define PLUGINS_PILOT_PANEL_MEMORY_H

#include <gmp.h>
#include <stddef.h>

struct panel_block;
struct panel_memory {
    struct panel_block *last; /* owned */
};
#define PANEL_MEMORY                                                                               \
    {                                                                                              \
        NULL                                                                                       \
    }

/* Zeroed; lives until panel_memory_free(). */
void *panel_alloc(struct panel_memory *memory, size_t count, size_t size);
/* Initialised to 0. */
mpz_t *panel_integers(struct panel_memory *memory, size_t count);
mpq_t *panel_rationals(struct panel_memory *memory, size_t count);
void panel_memory_free(struct panel_memory *memory);

#define PANEL_NEW(memory, type, count)                                                             \
    ((type *)panel_alloc((memory), (size_t)(count), sizeof(type)))

#endif
