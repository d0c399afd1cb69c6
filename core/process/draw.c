#include "core/process/draw.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* The i-th number of the row. */
static uint64_t number_of(const char *seed, int32_t listed, int32_t i)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state hash;
    char tail[40];
    uint64_t x = 0;
    int length = snprintf(tail, sizeof(tail), ":%d:%d", listed, i);

    (void)crypto_hash_sha256_init(&hash); /* these three always return 0 */
    (void)crypto_hash_sha256_update(&hash, (const unsigned char *)seed, strlen(seed));
    (void)crypto_hash_sha256_update(&hash, (const unsigned char *)tail, (unsigned long long)length);
    (void)crypto_hash_sha256_final(&hash, digest);
    for (int byte = 0; byte < 8; byte++)
        x = x << 8 | digest[byte];
    return x;
}

static bool is_among(int32_t position, const int32_t *positions, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        if (positions[i] == position)
            return true;
    return false;
}

int32_t rh_process_draw(const char *seed, int32_t listed, int32_t count, int32_t *positions,
                        struct rh_err *err)
{
    /* 2^64 mod listed: the numbers above the last whole multiple would favour small positions. */
    uint64_t rest = listed > 0 ? (UINT64_MAX % (uint64_t)listed + 1) % (uint64_t)listed : 0;
    int32_t drawn = 0;

    if (!seed || !*seed)
        return rh_err_set(err, RH_EINVALID, "der Startwert der Ziehung fehlt",
                          "the seed of the draw is missing");
    if (count < 1 || count > listed || count > RH_PROCESS_DRAW_MAX)
        return rh_err_set(err, RH_EINVALID,
                          "%d Nummern aus %d sind nicht zu ziehen; möglich sind 1 bis %d",
                          "%d positions of %d cannot be drawn; possible are 1 to %d", count, listed,
                          listed < RH_PROCESS_DRAW_MAX ? listed : RH_PROCESS_DRAW_MAX);
    for (int32_t i = 0; drawn < count; i++) {
        uint64_t x = number_of(seed, listed, i);
        int32_t position = (int32_t)(x % (uint64_t)listed) + 1;

        if (x <= UINT64_MAX - rest && !is_among(position, positions, drawn))
            positions[drawn++] = position;
    }
    return 0;
}

int32_t rh_process_drawn_positions(const struct rh_process_state *state,
                                   int32_t positions[RH_PROCESS_DRAW_MAX], int32_t *ret_random)
{
    const struct rh_process_drawn *drawn = &state->drawn;
    int32_t count = drawn->random + RH_PROCESS_RESERVE;

    if (drawn->event == 0)
        return 0;
    if (count > drawn->listed)
        count = drawn->listed;
    if (count > RH_PROCESS_DRAW_MAX)
        count = RH_PROCESS_DRAW_MAX;
    if (rh_process_draw(state->events[drawn->event - 1].seed, drawn->listed, count, positions,
                        NULL) < 0)
        return 0;
    *ret_random = drawn->random;
    return count;
}

static void write_numbers(const int32_t *positions, int32_t count, const char *last,
                          struct rh_str *out)
{
    for (int32_t i = 0; i < count; i++)
        rh_str_printf(out, "%s%d", i == 0 ? "" : i + 1 == count ? last : ", ", positions[i]);
}

void rh_process_draw_words(const struct rh_process_state *state, enum rh_lang lang,
                           struct rh_str *out)
{
    int32_t positions[RH_PROCESS_DRAW_MAX], random = 0;
    int32_t count = rh_process_drawn_positions(state, positions, &random);
    bool german = lang == RH_DE;

    if (count == 0)
        return;
    rh_str_add(out, german ? "Nr. " : random == 1 ? "no. " : "nos. ");
    write_numbers(positions, random, german ? " und " : " and ", out);
    rh_str_printf(out,
                  german ? " Ihrer nach Datum sortierten Liste von %d Einschätzungen"
                         : " of your list of %d assessments sorted by date",
                  state->drawn.listed);
    if (count == random)
        return;
    rh_str_add(out, german
                        ? "; sollte eine davon schon gezielt ausgewählt sein, der Reihe nach Nr. "
                        : "; should one of them be chosen on purpose already, take in turn no. ");
    write_numbers(positions + random, count - random, ", ", out);
}
