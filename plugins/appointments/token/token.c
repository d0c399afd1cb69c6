#include "plugins/appointments/token/token.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

/* 32 signs: five bits each. No '+' and no '-', which mail servers give a meaning. */
static const char signs[] = "abcdefghijklmnopqrstuvwxyz234567";

void token_new(char ret_token[TOKEN_SIZE])
{
    uint8_t random[TOKEN_LENGTH];

    randombytes_buf(random, sizeof(random));
    for (int i = 0; i < TOKEN_LENGTH; i++)
        ret_token[i] = signs[random[i] & 31];
    ret_token[TOKEN_LENGTH] = '\0';
    sodium_memzero(random, sizeof(random));
}

bool token_is_one(const char *text)
{
    return text && strlen(text) == TOKEN_LENGTH && strspn(text, signs) == TOKEN_LENGTH;
}

void token_hash(const char *token, char ret_hash[HASH_SIZE])
{
    uint8_t hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, (const uint8_t *)token, strlen(token));
    sodium_bin2hex(ret_hash, HASH_SIZE, hash, sizeof(hash));
}

void uuid_new(char ret_uuid[UUID_SIZE])
{
    uint8_t random[16];
    char hex[33];

    randombytes_buf(random, sizeof(random));
    random[6] = (uint8_t)((random[6] & 0x0f) | 0x40);
    random[8] = (uint8_t)((random[8] & 0x3f) | 0x80);
    sodium_bin2hex(hex, sizeof(hex), random, sizeof(random));
    for (int from = 0, to = 0; from < 32; from++) {
        if (from == 8 || from == 12 || from == 16 || from == 20)
            ret_uuid[to++] = '-';
        ret_uuid[to++] = hex[from];
    }
    ret_uuid[UUID_SIZE - 1] = '\0';
}
