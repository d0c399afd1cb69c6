#include "plugins/pilot/panel/memory.h"

#include <stdlib.h>

enum content { BYTES, INTEGERS, RATIONALS };

struct panel_block {
    struct panel_block *before;
    size_t count;
    enum content content;
    max_align_t bytes[];
};

static void *block(struct panel_memory *memory, size_t count, size_t size, enum content content)
{
    struct panel_block *made;

    if (size && count > ((size_t)1 << 40) / size)
        abort();
    made = calloc(1, sizeof(*made) + count * size);
    if (!made)
        abort();
    made->before = memory->last;
    made->count = count;
    made->content = content;
    memory->last = made;
    return made->bytes;
}

void *panel_alloc(struct panel_memory *memory, size_t count, size_t size)
{
    return block(memory, count, size, BYTES);
}

mpz_t *panel_integers(struct panel_memory *memory, size_t count)
{
    mpz_t *made = block(memory, count, sizeof(mpz_t), INTEGERS);

    for (size_t i = 0; i < count; i++)
        mpz_init(made[i]);
    return made;
}

mpq_t *panel_rationals(struct panel_memory *memory, size_t count)
{
    mpq_t *made = block(memory, count, sizeof(mpq_t), RATIONALS);

    for (size_t i = 0; i < count; i++)
        mpq_init(made[i]);
    return made;
}

void panel_memory_free(struct panel_memory *memory)
{
    while (memory->last) {
        struct panel_block *gone = memory->last;
        mpz_t *integers = (mpz_t *)gone->bytes;
        mpq_t *rationals = (mpq_t *)gone->bytes;

        for (size_t i = 0; gone->content == INTEGERS && i < gone->count; i++)
            mpz_clear(integers[i]);
        for (size_t i = 0; gone->content == RATIONALS && i < gone->count; i++)
            mpq_clear(rationals[i]);
        memory->last = gone->before;
        free(gone);
    }
}
