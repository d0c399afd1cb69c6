#include "tests/bench/build.h"

#include <math.h>
#include <string.h>

static void place_offices(struct bench_instance *instance, int32_t offices, struct rh_dice *dice)
{
    enum { CLUSTERS = 24 };
    double east[CLUSTERS], north[CLUSTERS];

    for (int32_t c = 0; c < CLUSTERS; c++) {
        east[c] = rh_dice_below(dice, 200000) / 1000.0;
        north[c] = rh_dice_below(dice, 180000) / 1000.0;
    }
    for (int32_t i = 0; i < offices; i++) {
        struct bench_office *o = &instance->office[i];
        int32_t c = rh_dice_below(dice, CLUSTERS), size = rh_dice_below(dice, 100);

        /* The sum of three draws is round enough for a cluster some 15 km wide. */
        o->east = east[c] + (rh_dice_below(dice, 15000) + rh_dice_below(dice, 15000) +
                             rh_dice_below(dice, 15000) - 22500) /
                                1000.0;
        o->north = north[c] + (rh_dice_below(dice, 15000) + rh_dice_below(dice, 15000) +
                               rh_dice_below(dice, 15000) - 22500) /
                                  1000.0;
        o->region = o->east > 100.0;
        /* A larger land, not a denser one: the number of neighbours stays. */
        o->east *= sqrt(offices / 186.0);
        o->north *= sqrt(offices / 186.0);
        o->class = size < 50 ? 0 : size < 85 ? 1 : 2;
        o->previous = -1 - rh_dice_below(dice, 60);
    }
}

int32_t bench_synthetic(struct bench_instance *instance, int32_t offices, char variant,
                        uint64_t seed, struct rh_err *err)
{
    struct rh_dice dice = {seed * 1000003};
    struct bench_wants wants = {
        .offices = offices,
        .earliest = 42,
        .latest = 78,
        .blackouts = 3,
        .fixed = 50,
        .wishes = 200,
        .shares = variant >= 'b',
        .togethers = variant >= 'c' ? offices / 23 : 0,
        .aparts = variant >= 'c' ? offices / 23 : 0,
        .neighbour_distance = variant >= 'd' ? 3 : 1,
        .neighbour_hard = variant == 't',
        .capacity = (offices * (variant >= 'd' ? 12 : 16) + 599) / 600,
    };

    *instance = (struct bench_instance){.arena = RH_ARENA_INIT((size_t)1 << 30)};
    if (offices < 1 || offices > 20000 || !variant || !strchr("abcdt", variant))
        return rh_err_set(err, RH_EUSAGE, "Größe 1 … 20000, Variante a … d oder t",
                          "size 1 … 20000, variant a … d or t");
    /* About four neighbours each. */
    wants.neighbour_km = variant < 'c' ? -1 : 10;
    instance->office = rh_arena_array(&instance->arena, (size_t)offices, sizeof(*instance->office));
    if (!instance->office)
        return rh_err_nomem(err);
    place_offices(instance, offices, &dice);
    for (int32_t t = 0; t < BENCH_MONTHS_ALL; t++) {
        wants.months.open[t] = t % 12 != 6;
        wants.months.holiday[t] = t % 12 == 7 || t % 12 == 3;
    }
    return bench_build(instance, &wants, &dice) < 0 ? rh_err_nomem(err) : 0;
}
