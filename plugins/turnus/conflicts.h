/*
 * conflicts.h - the hard rules of a round as a case for clash.h, and its answers in words.
 *
 * Every hard rule is a member: rules of offices, closed months, room of months, spacing of offices,
 * procedures that have begun. A change of members is a repair; what each kind of change costs, and
 * by which command it is made, stands in conflicts.c and mend.c.
 */
#ifndef PLUGINS_TURNUS_CONFLICTS_H
#define PLUGINS_TURNUS_CONFLICTS_H

#include "plugins/turnus/clash.h"
#include "plugins/turnus/internal.h"

enum member_kind {
    MEMBER_BEGUN,
    MEMBER_SPACING_MIN,
    MEMBER_SPACING_MAX,
    MEMBER_CLOSED,
    MEMBER_RULE,
    MEMBER_ROOM
};

struct member {
    enum member_kind kind;
    int32_t row;    /* MEMBER_RULE: of model->rules */
    int32_t office; /* MEMBER_BEGUN, MEMBER_SPACING_… */
    int32_t slot;   /* MEMBER_CLOSED, MEMBER_ROOM */
};

struct conflicts {
    struct rh_call *call;
    const struct model *model;
    struct clash clash;
    struct member *members; /* by rule of the case */
    uint8_t *all;           /* 1 for each member */
};

enum { REPAIRS_MOST = 8 };

/* The repairs of a case, cheapest first. */
struct mends {
    struct clash_repair *repairs;
    int32_t count, cheapest; /* cheapest 1: nothing is cheaper than the first (proven) */
};

/* ---- conflicts.c ---- */
int32_t conflicts_begin(struct rh_call *call, const struct model *model, struct conflicts *ret);
/* A CLASH_… answer, or < 0; `slot` (by office, or NULL) receives a plan that keeps all. */
int32_t plan_exists(struct rh_call *call, const struct model *model, int32_t *slot);
int32_t is_closed_by_hand(struct rh_call *call, const struct month *month);
const char *range_words(struct rh_call *call, int32_t from, int32_t to);

/* ---- conflict_words.c ---- */
const char *member_key(const struct conflicts *conflicts, int32_t member); /* "blocked", "room" */
const char *member_words(const struct conflicts *conflicts, int32_t member);
/* What these members are about as a whole: who has only which months, and how much room is there.
 */
const char *clash_words(struct conflicts *conflicts, const struct clash_set *set);
/* The members themselves, many of a kind in one. */
void say_members(const struct conflicts *conflicts, const struct clash_set *set,
                 void (*say)(void *context, const char *sentence), void *context);

/* ---- mend.c ---- */
int32_t mends_find(struct conflicts *conflicts, struct mends *ret);
const char *mend_key(const struct conflicts *conflicts, const struct clash_repair *repair);
const char *mend_words(const struct conflicts *conflicts, const struct clash_repair *repair);
const char *mend_consequence(const struct conflicts *conflicts, const struct clash_repair *repair);
const char *step_words(const struct conflicts *conflicts, const struct clash_change *change);
const char *step_consequence(const struct conflicts *conflicts, const struct clash_change *change);
const char *step_command(const struct conflicts *conflicts, const struct clash_change *change);
/* Makes the change, with its event; on the writer. */
int32_t step_apply(const struct conflicts *conflicts, const struct clash_change *change,
                   const char *note);

/* ---- rules.c, rule_edit.c, months.c, spacing.c: one change each, with its event ---- */
const char *rules_json(struct rh_call *call);
int32_t rule_remove(struct rh_call *call, int64_t id);
int32_t rule_change(struct rh_call *call, int64_t id, int32_t from, int32_t to);
/* `state` closed, open, auto or NULL; `capacity` < 0: as it is. */
int32_t month_store(struct rh_call *call, const char *round, int32_t month, const char *state,
                    int32_t capacity, const char *note);
/* Months; -1: as it is. */
int32_t spacing_store(struct rh_call *call, const char *round, const char *office, int32_t min,
                      int32_t max, const char *note);

#endif
