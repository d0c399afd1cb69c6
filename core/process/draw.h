/*
 * draw.h - the random part of the case selection (section 8 (3) LKG NRW), without any case.
 *
 * Only the office selects, targeted and random. It says how many assessments its list has and gets
 * positions back: "Nr. 17 und 93 Ihrer nach Datum sortierten Liste". The seed is recorded; from it
 * and the length of the list anybody can draw the same positions again (the way is in the README).
 * Pure.
 */
#ifndef CORE_PROCESS_DRAW_H
#define CORE_PROCESS_DRAW_H

#include "core/process/state.h"

#define RH_PROCESS_DRAW_MAX 100 /* positions, with those in reserve */
#define RH_PROCESS_RESERVE  3   /* drawn on, should a position be one that was chosen on purpose */

/*
 * `count` different positions from 1 to `listed`, in the order drawn. The seed is any text of 1 to
 * RH_PROCESS_REASON_MAX characters; whoever draws takes 32 random bytes in hexadecimal.
 */
int32_t rh_process_draw(const char *seed, int32_t listed, int32_t count, int32_t *positions,
                        struct rh_err *err);

/* The draw of a state: positions, of which the first `*ret_random` count and the rest is reserve.
 * Returns how many there are, 0 when nothing was drawn. */
int32_t rh_process_drawn_positions(const struct rh_process_state *state,
                                   int32_t positions[RH_PROCESS_DRAW_MAX], int32_t *ret_random);

/* "Nr. 17 und 93 Ihrer nach Datum sortierten Liste von 240 Einschätzungen; sollte eine davon schon
 * gezielt ausgewählt sein, der Reihe nach Nr. 5, 120, 33". Nothing when nothing was drawn. */
void rh_process_draw_words(const struct rh_process_state *state, enum rh_lang lang,
                           struct rh_str *out);

#endif
