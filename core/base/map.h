/*
 * map.h - from names to things, in the order they were put in.
 *
 * Keys are copied, values borrowed. Walking through gives insertion order, so whatever is printed
 * from a map is the same in every run. Lookups hash with a key drawn at the start of the process
 * (SipHash-1-3), so nobody outside can choose names that all collide. A map has a maximum of
 * entries. One thread at a time; many may read as long as none writes.
 */
#ifndef CORE_BASE_MAP_H
#define CORE_BASE_MAP_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct rh_map_entry {
    char *key; /* owned; NULL: was removed */
    size_t length;
    uint64_t hash;
    void *value; /* borrowed */
};

struct rh_map {
    struct rh_map_entry *entries; /* owned, in order */
    uint32_t *slots;   /* owned; index of the entry + 1, 0 = free; a power of two of them */
    size_t used, room; /* entries, removed ones included */
    size_t slot_count, count, maximum;
};

#define RH_MAP_INIT(maximum_)                                                                      \
    {                                                                                              \
        .maximum = (maximum_)                                                                      \
    }
#define rh_auto_map(name, maximum_)                                                                \
    __attribute__((cleanup(rh_map_fini))) struct rh_map name = RH_MAP_INIT(maximum_)

void rh_map_init(struct rh_map *map, size_t maximum);
void rh_map_fini(struct rh_map *map); /* empty afterwards, and can be used again */

/* Puts or replaces; a replaced entry keeps its place. RH_ETOOLARGE at the maximum, RH_ENOMEM; the
 * map is then as before. */
int32_t rh_map_put(struct rh_map *map, const char *key, void *value, struct rh_err *err);
int32_t rh_map_put_n(struct rh_map *map, const char *key, size_t length, void *value,
                     struct rh_err *err);

/* NULL when there is none (or when NULL was put; then rh_map_has() tells). */
void *rh_map_get(const struct rh_map *map, const char *key);
void *rh_map_get_n(const struct rh_map *map, const char *key, size_t length);
bool rh_map_has(const struct rh_map *map, const char *key);

/* Takes the entry out and returns its value; NULL when there was none. */
void *rh_map_remove(struct rh_map *map, const char *key);

/*
 * Walks through, in order: for (size_t at = 0; rh_map_next(&map, &at, &key, &value);) …
 * The entry just seen may be removed; nothing may be put meanwhile.
 */
bool rh_map_next(const struct rh_map *map, size_t *at, const char **ret_key, void **ret_value);

#endif
