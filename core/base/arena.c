#include "core/base/arena.h"

#include "core/base/alloc.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#define CHUNK_SIZE 4096
#define ALIGNMENT  alignof(max_align_t)

struct rh_arena_chunk {
    struct rh_arena_chunk *older;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

void rh_arena_init(struct rh_arena *arena, size_t maximum)
{
    *arena = (struct rh_arena)RH_ARENA_INIT(maximum);
}

void rh_arena_fini(struct rh_arena *arena)
{
    struct rh_arena_chunk *chunk = arena->chunks;

    while (chunk) {
        struct rh_arena_chunk *older = chunk->older;
        rh_free(chunk);
        chunk = older;
    }
    rh_arena_init(arena, arena->maximum);
}

void *rh_arena_alloc(struct rh_arena *arena, size_t size)
{
    struct rh_arena_chunk *chunk = arena->chunks;
    void *memory;

    if (size > arena->maximum || size > arena->maximum - arena->used)
        return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!chunk || chunk->size - chunk->used < size) {
        size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;

        chunk = rh_alloc(1, sizeof(*chunk) + room);
        if (!chunk)
            return NULL;
        chunk->size = room;
        chunk->older = arena->chunks;
        arena->chunks = chunk;
    }
    memory = chunk->bytes + chunk->used;
    chunk->used += size;
    arena->used = size > arena->maximum - arena->used ? arena->maximum : arena->used + size;
    return memory;
}

void *rh_arena_array(struct rh_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return rh_arena_alloc(arena, count * size);
}

char *rh_arena_strndup(struct rh_arena *arena, const char *text, size_t length)
{
    char *copy = rh_arena_alloc(arena, length + 1);
    if (copy)
        memcpy(copy, text, length);
    return copy;
}

char *rh_arena_strdup(struct rh_arena *arena, const char *text)
{
    return rh_arena_strndup(arena, text, strlen(text));
}

char *rh_arena_vprintf(struct rh_arena *arena, const char *format, va_list args)
{
    va_list again;
    char *text = NULL;
    int needed;

    va_copy(again, args);
    needed = vsnprintf(NULL, 0, format, args);
    if (needed >= 0 && (text = rh_arena_alloc(arena, (size_t)needed + 1)))
        vsnprintf(text, (size_t)needed + 1, format, again);
    va_end(again);
    return text;
}

char *rh_arena_printf(struct rh_arena *arena, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = rh_arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}
