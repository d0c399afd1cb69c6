/* sha256.h - FIPS 180-4, and random numbers made of it. */
#ifndef PLUGINS_PILOT_PANEL_SHA256_H
#define PLUGINS_PILOT_PANEL_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define PANEL_HEX 65 /* 64 digits and the end */

void panel_sha256(const void *bytes, size_t size, uint8_t ret_digest[32]);
void panel_hex(const uint8_t digest[32], char ret_hex[PANEL_HEX]);

/*
 * A stream of random numbers that anyone can repeat: block i is SHA-256(key, i as 8 bytes, most
 * significant first); each block gives four numbers of 8 bytes, most significant first. A number
 * below n: numbers from the largest multiple of n below 2^64 on are passed over, of the first other
 * one the remainder by n is taken.
 */
struct panel_stream {
    uint8_t key[32], block[32];
    uint64_t next; /* block */
    int32_t used;  /* numbers of the block, 4 = all */
};

/* The key is SHA-256 of `purpose`, a line feed, `text`. */
void panel_stream_begin(struct panel_stream *stream, const char *purpose, const char *text);
uint64_t panel_stream_below(struct panel_stream *stream, uint64_t n); /* n >= 1 */
/* Fisher and Yates, from the last place down: place i changes with a place below i + 1. */
void panel_shuffle(struct panel_stream *stream, int32_t *list, int32_t count);

#endif
