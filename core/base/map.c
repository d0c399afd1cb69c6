#include "core/base/map.h"

#include "core/base/alloc.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#define SLOTS_LEAST 16

static uint64_t secret[2];

static void draw_secret(void)
{
    /* Without randomness the map is still right, only easier to slow down. */
    if (getrandom(secret, sizeof(secret), 0) != (ssize_t)sizeof(secret))
        secret[0] = (uint64_t)(uintptr_t)&secret;
}

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 (Aumasson, Bernstein 2012), with the rounds that language runtimes use for tables. */
static uint64_t hash_of(const char *key, size_t length)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    uint64_t v[4], word;
    size_t i;

    (void)pthread_once(&once, draw_secret); /* fails only for a broken once object */
    v[0] = secret[0] ^ 0x736f6d6570736575u;
    v[1] = secret[1] ^ 0x646f72616e646f6du;
    v[2] = secret[0] ^ 0x6c7967656e657261u;
    v[3] = secret[1] ^ 0x7465646279746573u;
    for (i = 0; i + 8 <= length; i += 8) {
        memcpy(&word, key + i, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    word = (uint64_t)length << 56;
    for (size_t j = 0; i + j < length; j++)
        word |= (uint64_t)(unsigned char)key[i + j] << (8 * j);
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
    v[2] ^= 0xff;
    sip_round(v);
    sip_round(v);
    sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void rh_map_init(struct rh_map *map, size_t maximum)
{
    *map = (struct rh_map)RH_MAP_INIT(maximum);
}

void rh_map_fini(struct rh_map *map)
{
    for (size_t i = 0; i < map->used; i++)
        rh_free(map->entries[i].key);
    rh_free(map->entries);
    rh_free(map->slots);
    rh_map_init(map, map->maximum);
}

static struct rh_map_entry *find(const struct rh_map *map, const char *key, size_t length,
                                 uint64_t hash)
{
    size_t mask = map->slot_count - 1;

    if (map->slot_count == 0)
        return NULL;
    for (size_t slot = (size_t)hash & mask; map->slots[slot]; slot = (slot + 1) & mask) {
        struct rh_map_entry *entry = &map->entries[map->slots[slot] - 1];

        if (entry->key && entry->hash == hash && entry->length == length &&
            memcmp(entry->key, key, length) == 0)
            return entry;
    }
    return NULL;
}

static void place(struct rh_map *map, size_t index)
{
    size_t mask = map->slot_count - 1;
    size_t slot = (size_t)map->entries[index].hash & mask;

    while (map->slots[slot])
        slot = (slot + 1) & mask;
    map->slots[slot] = (uint32_t)(index + 1);
}

/* Room for one more entry: gaps of removed ones are closed, and the table is grown when over half
 * of it would be in use. */
static bool make_room(struct rh_map *map)
{
    size_t room = 8, slot_count = SLOTS_LEAST, kept = 0;
    struct rh_map_entry *entries;
    uint32_t *slots;

    if (map->used < map->room)
        return true;
    while (room <= map->count + map->count / 2)
        room *= 2;
    while (slot_count < room * 2)
        slot_count *= 2;
    entries = rh_alloc(room, sizeof(*entries));
    slots = rh_alloc(slot_count, sizeof(*slots));
    if (!entries || !slots) {
        rh_free(entries);
        rh_free(slots);
        return false;
    }
    for (size_t i = 0; i < map->used; i++)
        if (map->entries[i].key)
            entries[kept++] = map->entries[i];
    rh_free(map->entries);
    rh_free(map->slots);
    map->entries = entries;
    map->slots = slots;
    map->used = kept;
    map->room = room;
    map->slot_count = slot_count;
    for (size_t i = 0; i < kept; i++)
        place(map, i);
    return true;
}

int32_t rh_map_put_n(struct rh_map *map, const char *key, size_t length, void *value,
                     struct rh_err *err)
{
    uint64_t hash = hash_of(key, length);
    struct rh_map_entry *entry = find(map, key, length, hash);
    char *copy;

    if (entry) {
        entry->value = value;
        return 0;
    }
    if (map->count >= map->maximum || map->count >= UINT32_MAX / 4)
        return rh_err_set(err, RH_ETOOLARGE, "höchstens %zu Einträge sind erlaubt",
                          "at most %zu entries are allowed", map->maximum);
    copy = rh_strndup(key, length);
    if (!copy || !make_room(map)) {
        rh_free(copy);
        return rh_err_nomem(err);
    }
    map->entries[map->used++] = (struct rh_map_entry){copy, length, hash, value};
    map->count++;
    place(map, map->used - 1);
    return 0;
}

int32_t rh_map_put(struct rh_map *map, const char *key, void *value, struct rh_err *err)
{
    return rh_map_put_n(map, key, strlen(key), value, err);
}

void *rh_map_get_n(const struct rh_map *map, const char *key, size_t length)
{
    struct rh_map_entry *entry = find(map, key, length, hash_of(key, length));

    return entry ? entry->value : NULL;
}

void *rh_map_get(const struct rh_map *map, const char *key)
{
    return rh_map_get_n(map, key, strlen(key));
}

bool rh_map_has(const struct rh_map *map, const char *key)
{
    size_t length = strlen(key);

    return find(map, key, length, hash_of(key, length)) != NULL;
}

/* The slot stays taken until the next make_room(), so that searches passing by still go on. */
void *rh_map_remove(struct rh_map *map, const char *key)
{
    size_t length = strlen(key);
    struct rh_map_entry *entry = find(map, key, length, hash_of(key, length));

    if (!entry)
        return NULL;
    entry->key = rh_free(entry->key);
    map->count--;
    return entry->value;
}

bool rh_map_next(const struct rh_map *map, size_t *at, const char **ret_key, void **ret_value)
{
    while (*at < map->used) {
        const struct rh_map_entry *entry = &map->entries[(*at)++];

        if (!entry->key)
            continue;
        *ret_key = entry->key;
        if (ret_value)
            *ret_value = entry->value;
        return true;
    }
    return false;
}
