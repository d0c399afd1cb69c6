#include "plugins/pilot/panel/sha256.h"

#include <string.h>

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t x, int by)
{
    return x >> by | x << (32 - by);
}

static void absorb(uint32_t state[8], const uint8_t *block)
{
    uint32_t w[64], s[8];

    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 7] +
               (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(s, state, sizeof(s));
    for (int i = 0; i < 64; i++) {
        uint32_t a = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) +
                     ((s[4] & s[5]) ^ (~s[4] & s[6])) + constants[i] + w[i];
        uint32_t b = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) +
                     ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

        memmove(s + 1, s, 7 * sizeof(*s));
        s[4] += a;
        s[0] = a + b;
    }
    for (int i = 0; i < 8; i++)
        state[i] += s[i];
}

void panel_sha256(const void *bytes, size_t size, uint8_t ret_digest[32])
{
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    const uint8_t *data = bytes;
    size_t whole = size / 64 * 64, rest = size - whole;
    uint8_t tail[128] = {0};
    size_t tail_size = rest < 56 ? 64 : 128;

    for (size_t at = 0; at < whole; at += 64)
        absorb(state, data + at);
    if (rest)
        memcpy(tail, data + whole, rest);
    tail[rest] = 0x80;
    for (size_t i = 0; i < 8; i++)
        tail[tail_size - 1 - i] = (uint8_t)((uint64_t)size * 8 >> 8 * i);
    for (size_t at = 0; at < tail_size; at += 64)
        absorb(state, tail + at);
    for (int i = 0; i < 32; i++)
        ret_digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
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
    size_t first = strlen(purpose), second = strlen(text);
    uint8_t bytes[4096];

    /* Purposes are ours and texts are digests or seeds, which have a maximum. */
    if (first + 1 + second > sizeof(bytes))
        second = sizeof(bytes) - first - 1;
    for (size_t i = 0; i < first; i++)
        bytes[i] = (uint8_t)purpose[i];
    bytes[first] = '\n';
    for (size_t i = 0; i < second; i++)
        bytes[first + 1 + i] = (uint8_t)text[i];
    memset(stream, 0, sizeof(*stream));
    panel_sha256(bytes, first + 1 + second, stream->key);
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
