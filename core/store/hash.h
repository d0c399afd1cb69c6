/*
 * hash.h - SHA-256 as text: to tell whether something is still what it was.
 *
 * Used for the checksums of schema steps and for the requests behind idempotency keys. Not for
 * passwords. Any thread.
 */
#ifndef CORE_STORE_HASH_H
#define CORE_STORE_HASH_H

#include <stddef.h>

#define RH_HASH_TEXT 65 /* 64 hexadecimal digits and the NUL */

struct rh_hash {
    _Alignas(16) unsigned char state[128];
};

void rh_hash_begin(struct rh_hash *hash);
void rh_hash_add(struct rh_hash *hash, const void *bytes, size_t count);
/* With its length in front, so that "ab" + "c" differs from "a" + "bc"; NULL differs from "". */
void rh_hash_add_text(struct rh_hash *hash, const char *text);
void rh_hash_end(struct rh_hash *hash, char text[RH_HASH_TEXT]);

#endif
