/*
 * standing.h - how firm the month of an office is: done, announced, planned or free.
 *
 * The published plan decides, whichever plan is looked at. What has begun is a fact. What was
 * announced is a promise: by `turnus announce`, or because the month is near (announced_months) and
 * nobody withdrew it. Both stay where they are when a round is planned anew; planned offices move
 * for a price; free ones are not in the published plan.
 */
#ifndef PLUGINS_TURNUS_STANDING_H
#define PLUGINS_TURNUS_STANDING_H

#include "plugins/turnus/internal.h"

enum standing { STANDING_FREE, STANDING_PLANNED, STANDING_ANNOUNCED, STANDING_DONE };

/*
 * The standing as SQL, one of 'done', 'announced', 'planned', 'free'. The three are SQL themselves:
 * columns or ?n. `until` is bound to announced_until().
 */
#define STANDING_SQL(round, office, until)                                                         \
    "CASE WHEN EXISTS (SELECT 1 FROM v_procedure b WHERE b.office = " office                       \
    " AND b.round = " round " AND b.state IN ('running', 'done')) THEN 'done' "                    \
    "ELSE coalesce((SELECT iif(a.state = 'announced' OR (a.state IS NULL AND a.month <= " until    \
    "), 'announced', 'planned') FROM v_turnus_promise a WHERE a.office = " office                  \
    " AND a.round = " round "), 'free') END"

/* The last month that counts as announced by itself, "2027-05"; "" when none does. */
const char *announced_until(struct rh_call *call);
/* enum standing by office of the model, in the call's memory. */
int32_t standings(struct rh_call *call, const struct model *model, uint8_t **ret_standing);
const char *standing_key(enum standing standing);                         /* "announced" */
const char *standing_words(struct rh_call *call, enum standing standing); /* "angekündigt" */
/* The plan published of the model's round, 0 when there is none, or < 0. */
int64_t published_plan(struct rh_call *call, const char *round);
/* Before `plan` is published: says which announced offices it moves. */
int32_t say_announced_moves(struct rh_call *call, const struct model *model,
                            const struct plan *plan);

/* For the page of an office: "standing", in words, the published month. */
int32_t out_standing(struct rh_call *call, const struct model *model, int32_t place);
/* Says who knows another month, when `place` was announced and is about to move. */
int32_t warn_announced(struct rh_call *call, const struct model *model, int32_t place);
/* "pins": what fixes it, rule by rule. */
int32_t out_pins(struct rh_call *call, const struct model *model, int32_t place);

/* ---- operations: announce.c, pin.c ---- */
int32_t turnus_announce(struct rh_call *call);
int32_t turnus_pin(struct rh_call *call);
int32_t turnus_unpin(struct rh_call *call);
int32_t turnus_rule_remove(struct rh_call *call);

/* "März 2028", "Juli 2028 bis Dezember 2028" */
const char *range_words(struct rh_call *call, int32_t from, int32_t to);

extern const char turnus_schema_change[];

#endif
