/*
 * clash.h - hard rules as a set: is there a plan that keeps them, which of them contradict each
 * other, and what would help for how little.
 *
 * Items (offices) go into slots (months), each into exactly one. A rule forbids slots, limits the
 * room of one, or binds two items. A set of rules *clashes* when no plan keeps it; more rules never
 * make more plans possible. Everything here rests on one question, clash_fits(), which is exact:
 * a network of items and slots, and a search over the months of items that must stay together.
 *
 * Nothing here knows a call or a database, so that tests can compare it with trying everything.
 * Memory comes from `alloc` and is never given back. One thread at a time.
 */
#ifndef PLUGINS_TURNUS_CLASH_H
#define PLUGINS_TURNUS_CLASH_H

#include <stddef.h>
#include <stdint.h>

enum clash_kind {
    CLASH_FORBID,   /* `item` not in from..to; with `outside`, only there */
    CLASH_ROOM,     /* at most `limit` items in slot `from` */
    CLASH_TOGETHER, /* `item` and `other` in one slot */
    CLASH_APART     /* `item` and `other` not bound together by other rules */
};

enum { CLASH_FROM = 1, CLASH_TO = 2 }; /* which ends of a range may be moved */

struct clash_rule {
    enum clash_kind kind;
    int32_t item, other;   /* item -1: all that are not exempt */
    int32_t from, to;      /* may lie outside 0 … slots - 1 */
    int32_t outside;       /* 1: what is not in from..to is forbidden */
    int32_t limit;         /* of room */
    int32_t ends;          /* CLASH_FROM, CLASH_TO */
    int64_t drop_price;    /* of doing without it; 0 = it cannot be dropped */
    int64_t stretch_price; /* of giving way at all, once */
    int64_t step_price;    /* and for each slot or place; 0 = it cannot give way */
};

/* What a repair does to a rule. */
struct clash_change {
    int32_t rule;
    int32_t dropped;         /* 1: gone; else as below */
    int32_t from, to, limit; /* of the rule then */
};

enum { CLASH_CHANGES = 160 }; /* more than that is no repair but another plan */

struct clash_repair {
    struct clash_change changes[CLASH_CHANGES]; /* by ascending rule */
    int32_t count;
    int64_t price;
};

struct clash {
    int32_t items, slots, rules;
    const uint8_t *exempt;   /* borrowed, by item: 1 = rules about all do not bind it */
    struct clash_rule *rule; /* borrowed; repairs change it while they look, and put it back */
    void *(*alloc)(void *context, size_t size); /* zeroed, or NULL */
    void *context;
    int64_t looks; /* how often clash_fits() was asked, ever */

    /* What the last clash_fits() left. When `crowded`, the items marked have only the slots marked,
     * and those have too little room. */
    int32_t crowded;
    uint8_t *crowd_item, *crowd_slot;

    /* --- private to clash.c --- */
    int32_t *block, *size, *used, *room, *queue, *from_slot, *via_block, *count;
    uint8_t *may, *saved, *seen;
    int32_t depth, nodes;
};

enum { CLASH_NO = 0, CLASH_YES = 1, CLASH_UNDECIDED = 2 };

/* Takes the workspace; 0, or -1 without memory. The members before `looks` are the caller's. */
int32_t clash_begin(struct clash *clash);

/* Is there a plan that keeps the rules marked in `on`? `slot` (by item, or NULL) receives one. */
int32_t clash_fits(struct clash *clash, const uint8_t *on, int32_t *slot);

/* Adds to the crowd of the last clash_fits() who else has only its slots. */
void clash_whole_crowd(struct clash *clash);

/* Is the slot forbidden to the item by this rule? */
int32_t clash_forbids(const struct clash *clash, const struct clash_rule *rule, int32_t item,
                      int32_t slot);

/* ---- clash_set.c ---- */

struct clash_set {
    uint8_t *on; /* by rule */
    int32_t count;
    int32_t irreducible; /* 1: without any one of them the others can be kept */
    int32_t smallest;    /* 1: no smaller set within the given one clashes (proven) */
};

/* A clashing set within `within`, which clashes; about `looks` questions are spent on making it the
 * smallest. 0, or -1 without memory. */
int32_t clash_find(struct clash *clash, const uint8_t *within, int64_t looks,
                   struct clash_set *ret_set);

/* Takes away from a clashing set what it clashes without; 1 when it is irreducible then, 0 when a
 * question was not decided, -1 without memory. */
int32_t clash_reduce(struct clash *clash, uint8_t *on);

/* ---- clash_repair.c ---- */

/*
 * The cheapest ways to make a plan possible, by ascending price; each was tried, and none does more
 * than it must. At most `most`; about `looks` questions are spent. `ret_proven` 1: nothing is
 * cheaper than the first. Returns how many, or -1 without memory.
 */
int32_t clash_repairs(struct clash *clash, int64_t looks, struct clash_repair *repairs,
                      int32_t most, int32_t *ret_proven);

/*
 * The cheapest plan when every item may go into every slot at `price` (by item and slot; < 0 never)
 * and a place more than there is room costs `room_price`. Of the rules in `on` only rooms and pairs
 * count. Exact when no items are bound together; those that are choose first. CLASH_YES,
 * CLASH_NO when an item has no slot, or -1 without memory.
 */
int32_t clash_place(struct clash *clash, const uint8_t *on, const int64_t *price,
                    int64_t room_price, int32_t *slot);

/* Does a plan exist once the repair is made? A CLASH_… answer. */
int32_t clash_try(struct clash *clash, const struct clash_repair *repair, int32_t *slot);

#endif
