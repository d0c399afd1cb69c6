/* Which rules clash: an irreducible set by taking away, and the smallest by what every clashing set
 * must contain. */
#include "plugins/turnus/clash.h"

#include <stdbool.h>
#include <string.h>

/* ---- irreducible ---- */

/* Has the rule to do with the crowd that the last question left? */
static bool concerns_crowd(const struct clash *c, const struct clash_rule *rule)
{
    switch (rule->kind) {
    case CLASH_ROOM:
        return c->crowd_slot[rule->from];
    case CLASH_FORBID:
        return rule->item < 0 ? !c->crowd_slot[rule->from] : c->crowd_item[rule->item];
    case CLASH_TOGETHER:
        return c->crowd_item[rule->item];
    case CLASH_APART:
        break;
    }
    return false;
}

/* Most of a large set has nothing to do with the matter; the network shows what has. */
static void keep_crowd(struct clash *c, uint8_t *on, uint8_t *trial)
{
    if (clash_fits(c, on, NULL) != CLASH_NO || !c->crowded)
        return;
    for (int32_t r = 0; r < c->rules; r++)
        trial[r] = on[r] && concerns_crowd(c, &c->rule[r]);
    if (clash_fits(c, trial, NULL) == CLASH_NO)
        memcpy(on, trial, (size_t)c->rules);
}

/* Takes away `length` rules at a time, in order; false when a question was not decided. */
static bool take_away(struct clash *c, uint8_t *on, uint8_t *trial, int32_t length)
{
    bool decided = true;

    for (int32_t at = 0; at < c->rules;) {
        int32_t taken = 0, answer;

        memcpy(trial, on, (size_t)c->rules);
        for (; at < c->rules && taken < length; at++) {
            taken += on[at];
            trial[at] = 0;
        }
        if (taken == 0)
            break;
        answer = clash_fits(c, trial, NULL);
        if (answer == CLASH_NO)
            memcpy(on, trial, (size_t)c->rules);
        decided &= answer != CLASH_UNDECIDED;
    }
    return decided;
}

static int32_t count(const struct clash *c, const uint8_t *on)
{
    int32_t found = 0;

    for (int32_t r = 0; r < c->rules; r++)
        found += on[r] != 0;
    return found;
}

int32_t clash_reduce(struct clash *c, uint8_t *on)
{
    uint8_t *trial = c->alloc(c->context, (size_t)c->rules + 1);

    if (!trial)
        return -1;
    keep_crowd(c, on, trial);
    for (int32_t length = count(c, on) / 2; length > 1; length /= 2)
        take_away(c, on, trial, length);
    /* Once more one by one: what had to stay before must stay now, for fewer rules are left. */
    return take_away(c, on, trial, 1);
}

/* ---- smallest ---- */

enum {
    CURES_MOST = 96,  /* remembered */
    HIT_NODES = 20000 /* of the search for a smallest set that meets them all */
};

/*
 * A *cure* is a set of rules without which the rest can be kept. Every clashing set contains a rule
 * of every cure; so a smallest set that meets all known cures is never larger than a smallest
 * clashing set, and if it clashes it is one. If it does not, it shows a further cure.
 */
struct hunt {
    struct clash *c;
    const uint8_t *within;
    uint8_t *cure[CURES_MOST]; /* by rule */
    int32_t size[CURES_MOST];
    int32_t cures, nodes;
    uint8_t *hit, *trial;
};

static bool is_met(const struct hunt *h, int32_t cure)
{
    for (int32_t r = 0; r < h->c->rules; r++) {
        if (h->hit[r] && h->cure[cure][r])
            return true;
    }
    return false;
}

/* Of the cures that are not met: the smallest, and how many of them have no rule in common. */
static int32_t smallest_open(const struct hunt *h, int32_t *ret_apart)
{
    int32_t best = -1;

    *ret_apart = 0;
    memset(h->trial, 0, (size_t)h->c->rules);
    for (int32_t k = 0; k < h->cures; k++) {
        bool shares = false;

        if (is_met(h, k))
            continue;
        if (best < 0 || h->size[k] < h->size[best])
            best = k;
        for (int32_t r = 0; r < h->c->rules; r++)
            shares |= h->cure[k][r] && h->trial[r];
        for (int32_t r = 0; r < h->c->rules && !shares; r++)
            h->trial[r] |= h->cure[k][r];
        *ret_apart += !shares;
    }
    return best;
}

/* 1: `hit` meets all cures with at most `left` more rules; 0: impossible; -1: nodes used up. */
static int32_t meet(struct hunt *h, int32_t left)
{
    int32_t apart, open = smallest_open(h, &apart);

    if (open < 0)
        return 1;
    if (apart > left)
        return 0;
    for (int32_t r = 0; r < h->c->rules; r++) {
        int32_t answer;

        if (!h->cure[open][r])
            continue;
        if (h->nodes-- <= 0)
            return -1;
        h->hit[r] = 1;
        answer = meet(h, left - 1);
        if (answer != 0)
            return answer;
        h->hit[r] = 0;
    }
    return 0;
}

/* A smallest set that meets all cures, below `below`; its size, `below` when there is none, or -1.
 */
static int32_t meet_all(struct hunt *h, int32_t below)
{
    int32_t from;

    memset(h->hit, 0, (size_t)h->c->rules);
    smallest_open(h, &from);
    h->nodes = HIT_NODES;
    for (int32_t size = from; size < below; size++) {
        int32_t answer;

        memset(h->hit, 0, (size_t)h->c->rules);
        answer = meet(h, size);
        if (answer != 0)
            return answer < 0 ? -1 : size;
    }
    return below;
}

static int32_t add_cure(struct hunt *h, const uint8_t *kept)
{
    uint8_t *cure;

    if (h->cures == CURES_MOST)
        return 0;
    cure = h->c->alloc(h->c->context, (size_t)h->c->rules + 1);
    if (!cure)
        return -1;
    for (int32_t r = 0; r < h->c->rules; r++) {
        cure[r] = h->within[r] && !kept[r];
        h->size[h->cures] += cure[r];
    }
    h->cure[h->cures++] = cure;
    return 1;
}

/* Adds to what can be kept all that can be added, many at a time while that goes well. */
static void grow(struct hunt *h, uint8_t *kept)
{
    struct clash *c = h->c;
    int32_t length = c->rules / 4 + 1;

    for (int32_t at = 0; at < c->rules;) {
        int32_t added = 0, next = at;

        memcpy(h->trial, kept, (size_t)c->rules);
        for (; next < c->rules && added < length; next++) {
            if (h->within[next] && !kept[next]) {
                h->trial[next] = 1;
                added++;
            }
        }
        if (added == 0 || clash_fits(c, h->trial, NULL) == CLASH_YES) {
            memcpy(kept, h->trial, (size_t)c->rules);
            at = next;
            length *= 2;
        } else if (added == 1) {
            at = next;
        } else {
            length = added / 2;
        }
    }
}

/* Rules that every clashing set contains: without one of them alone the rest can be kept. */
static int32_t find_single_cures(struct hunt *h, const uint8_t *on, uint8_t *kept)
{
    int32_t rc = 1, before = h->cures;

    for (int32_t r = 0; r < h->c->rules && rc > 0; r++) {
        if (!on[r])
            continue;
        memcpy(kept, h->within, (size_t)h->c->rules);
        kept[r] = 0;
        if (clash_fits(h->c, kept, NULL) == CLASH_YES)
            rc = add_cure(h, kept);
    }
    return rc < 0 ? rc : h->cures - before;
}

static int32_t hunt(struct hunt *h, int64_t end, uint8_t *kept, struct clash_set *set)
{
    while (h->c->looks < end) {
        int32_t size = meet_all(h, set->count), answer, rc;

        if (size < 0)
            return 0;
        if (size == set->count) {
            set->smallest = 1;
            return 0;
        }
        memcpy(kept, h->hit, (size_t)h->c->rules);
        answer = clash_fits(h->c, kept, NULL);
        if (answer == CLASH_UNDECIDED)
            return 0;
        if (answer == CLASH_NO) {
            memcpy(set->on, kept, (size_t)h->c->rules);
            set->count = size;
            set->irreducible = set->smallest = 1;
            return 0;
        }
        grow(h, kept);
        if ((rc = add_cure(h, kept)) <= 0)
            return rc;
    }
    return 0;
}

int32_t clash_find(struct clash *c, const uint8_t *within, int64_t looks, struct clash_set *ret_set)
{
    struct clash_set set = {.on = c->alloc(c->context, (size_t)c->rules + 1)};
    struct hunt h = {.c = c, .within = within};
    uint8_t *kept = c->alloc(c->context, (size_t)c->rules + 1);
    int64_t end = c->looks + looks;
    int32_t rc;

    h.hit = c->alloc(c->context, (size_t)c->rules + 1);
    h.trial = c->alloc(c->context, (size_t)c->rules + 1);
    if (!set.on || !kept || !h.hit || !h.trial)
        return -1;
    memcpy(set.on, within, (size_t)c->rules);
    if ((set.irreducible = clash_reduce(c, set.on)) < 0)
        return -1;
    set.count = count(c, set.on);
    if (set.irreducible && set.count == 1)
        set.smallest = 1;
    if (set.irreducible && set.count > 1 && set.count <= CURES_MOST && c->looks < end) {
        if ((rc = find_single_cures(&h, set.on, kept)) < 0)
            return rc;
        if (rc == set.count)
            set.smallest = 1;
        else if ((rc = hunt(&h, end, kept, &set)) < 0)
            return rc;
    }
    *ret_set = set;
    return 0;
}
