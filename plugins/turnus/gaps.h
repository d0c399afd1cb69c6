/*
 * gaps.h - hard rules that a plan breaks knowingly, each by its name: which office, which month,
 * which rule.
 *
 * 'turnus plan --elastic' lets hard rules be broken at a price; what it breaks is kept with the
 * draft (turnus_gap). A rule that a plan breaks without having said so makes it stale; one that it
 * named is a gap, and publishing asks for a word about it.
 */
#ifndef PLUGINS_TURNUS_GAPS_H
#define PLUGINS_TURNUS_GAPS_H

#include "plugins/turnus/internal.h"

struct gap {
    const char *rule;      /* closed, blocked, fixed, spacing, together, capacity */
    int32_t office, other; /* places; -1 with capacity, other -1 but with together */
    int32_t slot, count;   /* count: procedures too many with capacity, else 1 */
};

/* What a plan breaks; with `plan`, only what it named (and still breaks). Returns how many. */
int32_t gaps_find(struct rh_call *call, const struct model *model, const int32_t *slots,
                  const struct plan *plan, struct gap **ret_gaps);
/* "Stadt Lemgo beginnt im Mai 2028, obwohl …" */
const char *gap_words(struct rh_call *call, const struct model *model, const int32_t *slots,
                      const struct gap *gap);
/* Writes them as an array under `key`; returns how many. */
int32_t out_gaps(struct rh_call *call, const char *key, const struct model *model,
                 const int32_t *slots, const struct plan *plan);
int32_t gaps_store(struct rh_call *call, int64_t plan, const struct model *model,
                   const int32_t *slots);
/* A plan that came from another one breaks knowingly what that one named, where it left it. */
int32_t gaps_inherit(struct rh_call *call, int64_t plan, int64_t parent);
int32_t gaps_load(struct rh_call *call, const struct model *model, struct plan *plan);

/* Every office may start in every month, at a price; what has begun stays. Pairs whose procedures
 * began in different months are no pairs any more. */
int32_t make_elastic(struct rh_call *call, struct model *model);
/* A plan that breaks as little as possible, to start from; exact unless offices start together. */
int32_t start_elastic(struct rh_call *call, struct model *model);
/* The price of the cells that the plan stands in although it may not, as rows of the problem. */
int32_t price_broken(struct rh_call *call, struct model *model, const int32_t *slots);

/* Procedures above the capacity, of those that the plan did not name. */
int32_t unnamed_excess(const struct model *model, const struct plan *plan);
/* Publishing: refuses gaps that nobody accepted; keeps who accepted them, and why. */
int32_t refuse_gaps(struct rh_call *call, const struct model *model, const struct plan *plan);
int32_t keep_acceptance(struct rh_call *call, const struct model *model, const struct plan *plan);

#endif
