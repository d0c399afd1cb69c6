#include "plugins/pilot/panel/sha256.h"

#include <sodium.h>
#include <string.h>

void panel_sha256(const void *bytes, size_t size, uint8_t ret_digest[32])
{
    crypto_hash_sha256(ret_digest, bytes, size);
}

void panel_hex(const uint8_t digest[32], char ret_hex[PANEL_HEX])
{
    for (int i = 0; i < 32; i++) {
        ret_hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        ret_hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    ret_hex[64] = '\0';
}

void panel_stream_begin(struct panel_stream *stream, const char *purpose, const char *text)
{
    crypto_hash_sha256_state sum;

    memset(stream, 0, sizeof(*stream));
    crypto_hash_sha256_init(&sum);
    crypto_hash_sha256_update(&sum, (const unsigned char *)purpose, strlen(purpose));
    crypto_hash_sha256_update(&sum, (const unsigned char *)"\n", 1);
    crypto_hash_sha256_update(&sum, (const unsigned char *)text, strlen(text));
    crypto_hash_sha256_final(&sum, stream->key);
    stream->used = 4;
}

static uint64_t next_number(struct panel_stream *stream)
{
    uint64_t number = 0;

    if (stream->used == 4) {
        uint8_t bytes[40];

        memcpy(bytes, stream->key, 32);
        for (int i = 0; i < 8; i++)
            bytes[32 + i] = (uint8_t)(stream->next >> (56 - 8 * i));
        panel_sha256(bytes, sizeof(bytes), stream->block);
        stream->next++;
        stream->used = 0;
    }
    for (int i = 0; i < 8; i++)
        number = number << 8 | stream->block[8 * stream->used + i];
    stream->used++;
    return number;
}

uint64_t panel_stream_below(struct panel_stream *stream, uint64_t n)
{
    uint64_t over = (UINT64_MAX % n + 1) % n; /* 2^64 modulo n */
    uint64_t number = next_number(stream);

    while (over && number > UINT64_MAX - over)
        number = next_number(stream);
    return number % n;
}

void panel_shuffle(struct panel_stream *stream, int32_t *list, int32_t count)
{
    for (int32_t i = count - 1; i > 0; i--) {
        int32_t j = (int32_t)panel_stream_below(stream, (uint64_t)i + 1), swap = list[i];

        list[i] = list[j];
        list[j] = swap;
    }
}
