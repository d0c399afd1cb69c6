/*
 * token.h - secrets that stand in addresses, and the names of calendar entries.
 *
 * A token is 160 random bits in letters and digits that survive a mail address (lower case, no
 * padding). Whoever has it may do the one thing it is for; so only its hash is ever stored. Pure:
 * no database, no clock; the randomness is the system's.
 */
#ifndef PLUGINS_APPOINTMENTS_TOKEN_TOKEN_H
#define PLUGINS_APPOINTMENTS_TOKEN_TOKEN_H

#include <stdbool.h>

#define TOKEN_LENGTH 32
#define TOKEN_SIZE   (TOKEN_LENGTH + 1)
#define HASH_SIZE    65
#define UUID_SIZE    37

void token_new(char ret_token[TOKEN_SIZE]);

/* 32 letters and digits as token_new() makes them, nothing else. */
bool token_is_one(const char *text);

/* SHA-256 in hexadecimal digits. */
void token_hash(const char *token, char ret_hash[HASH_SIZE]);

/* A random UUID, RFC 9562 version 4: RFC 7986 wants no host and no person in a UID. */
void uuid_new(char ret_uuid[UUID_SIZE]);

#endif
