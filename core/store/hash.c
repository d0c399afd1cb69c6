#include "core/store/hash.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct rh_hash),
               "libsodium's state must fit");

static crypto_hash_sha256_state *state_of(struct rh_hash *hash)
{
    return (crypto_hash_sha256_state *)(void *)hash->state;
}

void rh_hash_begin(struct rh_hash *hash)
{
    (void)crypto_hash_sha256_init(state_of(hash)); /* always 0 */
}

void rh_hash_add(struct rh_hash *hash, const void *bytes, size_t count)
{
    (void)crypto_hash_sha256_update(state_of(hash), bytes, count); /* always 0 */
}

void rh_hash_add_text(struct rh_hash *hash, const char *text)
{
    uint64_t length = text ? strlen(text) : UINT64_MAX;
    unsigned char bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(length >> (8 * i));
    rh_hash_add(hash, bytes, sizeof(bytes));
    if (text)
        rh_hash_add(hash, text, (size_t)length);
}

void rh_hash_end(struct rh_hash *hash, char text[RH_HASH_TEXT])
{
    unsigned char digest[crypto_hash_sha256_BYTES];

    (void)crypto_hash_sha256_final(state_of(hash), digest); /* always 0 */
    (void)sodium_bin2hex(text, RH_HASH_TEXT, digest, sizeof(digest));
}
