/*
 * practice.h - a database to practise on: a copy that lives at another day.
 *
 * The file itself says so (`setting`, key 'clock_shift_s': seconds that its clock is ahead of the
 * machine's), so a copy stays one whoever opens it with whatever configuration: its pages name
 * their day, and nothing that it wants done outside (mail) leaves the house. `simulate` makes such
 * files; the demo is one.
 */
#ifndef CORE_SERVER_PRACTICE_H
#define CORE_SERVER_PRACTICE_H

#include "core/operation/invoke.h"

struct rh_practice {
    struct rh_clock clock; /* `base`, shifted */
    const struct rh_clock *base;
    int64_t shift_s;
};

/* Whether the open store is one: then house->clock becomes the shifted one and house->practice is
 * set. `practice` lives as long as the house. Waits; the store has been migrated. */
int32_t rh_practice_begin(struct rh_practice *practice, struct rh_house *house, struct rh_err *err);

/* Marks a store as one; its house has to be opened anew. `shift_s`: seconds that its clock is ahead
 * of the machine's, negative = behind. Waits. */
int32_t rh_practice_mark(struct rh_store *store, int64_t shift_s, struct rh_err *err);

#endif
