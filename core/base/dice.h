/*
 * dice.h - chance that repeats: the same seed gives the same numbers on every machine.
 *
 * A counter passed through a mixing function (the finaliser of splitmix64): no state beyond the
 * counter, good enough for a search, useless for secrets.
 */
#ifndef CORE_BASE_DICE_H
#define CORE_BASE_DICE_H

#include <stdint.h>

struct rh_dice {
    uint64_t at;
};

static inline uint64_t rh_dice_next(struct rh_dice *dice)
{
    uint64_t x = dice->at += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* 0 … limit - 1; limit > 0. */
static inline int32_t rh_dice_below(struct rh_dice *dice, int32_t limit)
{
    return (int32_t)(((rh_dice_next(dice) >> 32) * (uint64_t)limit) >> 32);
}

#endif
