/*
 * What would help, cheapest first. Two ways find it, and both end in trying:
 *
 * - step by step: whatever makes a plan possible must do something to a rule of every clash. So the
 *   cheapest unfinished repair is taken, a clash that it leaves is found, and each rule of that
 *   clash gives way by one step. What is finished first is the cheapest there is.
 * - in one go: the cheapest plan that pays for every rule it breaks, as a network, with several
 *   tariffs. It overcounts what many items share, but is there at once when hundreds are short of
 *   room, where the first way would not come to an end.
 */
#include "plugins/turnus/clash.h"

#include <stdbool.h>
#include <string.h>

enum {
    NODES = 1500, /* unfinished repairs kept */
    TARIFFS = 5,
    FINE = 16 /* a tariff's fractions */
};

struct bench {
    struct clash *c;
    struct clash_rule *origin; /* the rules as they are */
    uint8_t *on, *trial;
    bool doubt;  /* a question was not decided */
    int64_t end; /* of c->looks */
    struct clash_repair *found;
    int32_t count, most;
    struct clash_repair *node;
    int32_t nodes, next; /* next: those before were taken */
    /* one go: by item and by slot */
    int32_t *place, *load, *via, *moved_from;
    int64_t *way, *cell;
    const struct clash_rule **room; /* of each slot */
};

/* ---- a repair, applied ---- */

static void apply(struct bench *b, const struct clash_repair *repair)
{
    struct clash *c = b->c;

    memcpy(c->rule, b->origin, (size_t)c->rules * sizeof(*c->rule));
    memset(b->on, 1, (size_t)c->rules);
    for (int32_t i = 0; i < repair->count; i++) {
        const struct clash_change *change = &repair->changes[i];

        b->on[change->rule] = !change->dropped;
        c->rule[change->rule].from = change->from;
        c->rule[change->rule].to = change->to;
        c->rule[change->rule].limit = change->limit;
    }
}

static bool is_possible(struct bench *b, const struct clash_repair *repair)
{
    int32_t answer;

    apply(b, repair);
    answer = clash_fits(b->c, b->on, NULL);
    memcpy(b->c->rule, b->origin, (size_t)b->c->rules * sizeof(*b->c->rule));
    b->doubt |= answer == CLASH_UNDECIDED;
    return answer == CLASH_YES;
}

static int32_t distance(int32_t a, int32_t b)
{
    return a < b ? b - a : a - b;
}

static int64_t price_of(const struct clash_rule *origin, const struct clash_change *change)
{
    const struct clash_rule *rule = &origin[change->rule];
    int32_t steps = distance(change->from, rule->from) + distance(change->to, rule->to) +
                    distance(change->limit, rule->limit);

    return change->dropped ? rule->drop_price : rule->stretch_price + steps * rule->step_price;
}

static void add_up(const struct bench *b, struct clash_repair *repair)
{
    repair->price = 0;
    for (int32_t i = 0; i < repair->count; i++)
        repair->price += price_of(b->origin, &repair->changes[i]);
}

/* The repair's change of a rule, made if it is not there; NULL when it is full. */
static struct clash_change *change_of(const struct bench *b, struct clash_repair *repair,
                                      int32_t rule)
{
    const struct clash_rule *origin = &b->origin[rule];
    int32_t at = 0;

    while (at < repair->count && repair->changes[at].rule < rule)
        at++;
    if (at < repair->count && repair->changes[at].rule == rule)
        return &repair->changes[at];
    if (repair->count == CLASH_CHANGES)
        return NULL;
    memmove(&repair->changes[at + 1], &repair->changes[at],
            (size_t)(repair->count - at) * sizeof(repair->changes[0]));
    repair->count++;
    repair->changes[at] = (struct clash_change){rule, 0, origin->from, origin->to, origin->limit};
    return &repair->changes[at];
}

static void remove_change(struct clash_repair *repair, int32_t at)
{
    repair->count--;
    memmove(&repair->changes[at], &repair->changes[at + 1],
            (size_t)(repair->count - at) * sizeof(repair->changes[0]));
}

static bool same(const struct clash_repair *a, const struct clash_repair *b)
{
    return a->count == b->count &&
           memcmp(a->changes, b->changes, (size_t)a->count * sizeof(a->changes[0])) == 0;
}

/* ---- a rule gives way by one step ---- */

enum step { STEP_DROP, STEP_FROM, STEP_TO, STEP_ROOM, STEPS };

/* False when the rule cannot do that. */
static bool give_way(const struct bench *b, struct clash_change *change, enum step step)
{
    const struct clash_rule *rule = &b->origin[change->rule];
    int32_t out = rule->outside ? -1 : 1; /* which way an end goes to forbid less */

    switch (step) {
    case STEP_DROP:
        if (rule->drop_price == 0)
            return false;
        *change = (struct clash_change){change->rule, 1, rule->from, rule->to, rule->limit};
        return true;
    case STEP_FROM:
        change->from += out;
        return rule->step_price > 0 && rule->kind == CLASH_FORBID && (rule->ends & CLASH_FROM) &&
               (rule->outside ? change->from >= 0 : change->from <= change->to);
    case STEP_TO:
        change->to -= out;
        return rule->step_price > 0 && rule->kind == CLASH_FORBID && (rule->ends & CLASH_TO) &&
               (rule->outside ? change->to < b->c->slots : change->from <= change->to);
    case STEP_ROOM:
        change->limit++;
        return rule->step_price > 0 && rule->kind == CLASH_ROOM;
    case STEPS:
        break;
    }
    return false;
}

/* ---- no more than it must ---- */

/* The change one step less; false when that is none at all. */
static bool take_back(const struct clash_rule *rule, struct clash_change *change, enum step step)
{
    int32_t out = rule->outside ? -1 : 1;

    switch (step) {
    case STEP_FROM:
        change->from -= out;
        return distance(change->from, rule->from) < distance(change->from + out, rule->from);
    case STEP_TO:
        change->to += out;
        return distance(change->to, rule->to) < distance(change->to - out, rule->to);
    case STEP_ROOM:
        change->limit--;
        return change->limit >= rule->limit;
    case STEP_DROP:
    case STEPS:
        break;
    }
    return false;
}

static bool is_nothing(const struct clash_rule *rule, const struct clash_change *change)
{
    return !change->dropped && change->from == rule->from && change->to == rule->to &&
           change->limit == rule->limit;
}

/* Takes one thing back if a plan stays possible. */
static bool lessen_change(struct bench *b, struct clash_repair *repair, int32_t at, enum step step)
{
    struct clash_repair less = *repair;
    struct clash_change *change = &less.changes[at];
    const struct clash_rule *rule = &b->origin[change->rule];

    if (step != STEP_DROP && (change->dropped || !take_back(rule, change, step)))
        return false;
    if (step == STEP_DROP || is_nothing(rule, change))
        remove_change(&less, at);
    if (!is_possible(b, &less))
        return false;
    *repair = less;
    return true;
}

/* Dear changes go first, whole; then all are taken back as far as they go. */
static void lessen(struct bench *b, struct clash_repair *repair)
{
    int64_t below = INT64_MAX;

    for (;;) {
        int32_t at = -1;
        int64_t dear = -1;

        for (int32_t i = 0; i < repair->count; i++) {
            int64_t price = price_of(b->origin, &repair->changes[i]) * CLASH_CHANGES + i;

            if (price < below && price > dear) {
                dear = price;
                at = i;
            }
        }
        if (at < 0)
            break;
        below = dear;
        lessen_change(b, repair, at, STEP_DROP);
    }
    for (int32_t at = repair->count - 1; at >= 0; at--) {
        for (int step = STEP_FROM; step < STEPS; step++) {
            int32_t before = repair->count;

            while (repair->count == before && lessen_change(b, repair, at, (enum step)step))
                ;
            if (repair->count != before)
                break;
        }
    }
    add_up(b, repair);
}

static bool does_too_much(struct bench *b, const struct clash_repair *repair)
{
    struct clash_repair less = *repair;

    for (int32_t at = 0; at < repair->count; at++) {
        for (int step = STEP_DROP; step < STEPS; step++) {
            if (lessen_change(b, &less, at, (enum step)step))
                return true;
        }
    }
    return false;
}

/* ---- what was found, cheapest first; few changes before many ---- */

static bool is_before(const struct clash_repair *a, const struct clash_repair *b)
{
    return a->price < b->price || (a->price == b->price && a->count < b->count);
}

static void keep(struct bench *b, const struct clash_repair *repair)
{
    int32_t at = b->count;

    for (int32_t i = 0; i < b->count; i++) {
        if (same(&b->found[i], repair))
            return;
    }
    while (at > 0 && is_before(repair, &b->found[at - 1]))
        at--;
    if (at == b->most)
        return;
    if (b->count == b->most)
        b->count--;
    memmove(&b->found[at + 1], &b->found[at], (size_t)(b->count - at) * sizeof(b->found[0]));
    b->found[at] = *repair;
    b->count++;
}

/* ---- in one go ---- */

/* What each kind of change counts with a tariff, in FINEths: room, rules about all, rules of one.
 */
static const int32_t tariffs[TARIFFS][3] = {
    {16, 16, 16}, {16, 256, 256}, {256, 2, 256}, {256, 256, 16}, {16, 4, 64}};

/* What it costs that a rule lets the item into the slot; -1 when nothing makes it. */
static int64_t pass_price(const struct clash_rule *rule, int32_t slot)
{
    int64_t stretch = -1;
    int32_t steps = 0;

    if (rule->step_price > 0 && rule->outside && slot < rule->from)
        steps = rule->ends & CLASH_FROM ? rule->from - slot : 0;
    else if (rule->step_price > 0 && rule->outside)
        steps = rule->ends & CLASH_TO ? slot - rule->to : 0;
    else if (rule->step_price > 0 && (rule->ends & CLASH_TO) && slot > rule->from)
        steps = rule->to - slot + 1;
    else if (rule->step_price > 0 && (rule->ends & CLASH_FROM) && slot < rule->to)
        steps = slot - rule->from + 1;
    if (steps > 0)
        stretch = rule->stretch_price + steps * rule->step_price;
    if (rule->drop_price > 0 && (stretch < 0 || rule->drop_price < stretch))
        return rule->drop_price;
    return stretch;
}

static void price_cells(struct bench *b, const int32_t *tariff)
{
    struct clash *c = b->c;

    memset(b->cell, 0, (size_t)c->items * (size_t)c->slots * sizeof(int64_t));
    for (int32_t r = 0; r < c->rules; r++) {
        const struct clash_rule *rule = &c->rule[r];
        int32_t first = rule->item < 0 ? 0 : rule->item;
        int32_t last = rule->item < 0 ? c->items - 1 : rule->item;

        for (int32_t i = first; rule->kind == CLASH_FORBID && i <= last; i++) {
            int64_t *row = &b->cell[(size_t)c->block[i] * (size_t)c->slots];

            for (int32_t t = 0; t < c->slots; t++) {
                int64_t price;

                if (!clash_forbids(c, rule, i, t))
                    continue;
                price = pass_price(rule, t);
                if (price < 0)
                    row[t] = -1;
                else if (row[t] >= 0)
                    row[t] += price * tariff[rule->item < 0 ? 1 : 2];
            }
        }
    }
}

/* The places of so many more in the slot; -1 when there can be none. Dearer the more were added, so
 * that it is spread. */
static int64_t end_price(const struct bench *b, int32_t slot, int32_t more, const int32_t *tariff)
{
    const struct clash_rule *rule = b->room[slot];
    int64_t sum = 0;

    for (int32_t load = b->load[slot]; rule && load < b->load[slot] + more; load++) {
        if (load >= rule->limit && rule->step_price == 0)
            return -1;
        if (load >= rule->limit)
            sum += (rule->step_price * FINE + load - rule->limit) * tariff[0] / FINE;
    }
    return sum;
}

static void begin_places(struct bench *b)
{
    struct clash *c = b->c;

    memset(b->load, 0, (size_t)c->slots * sizeof(int32_t));
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what stands there */
    memset(b->room, 0, (size_t)c->slots * sizeof(*b->room));
    for (int32_t i = 0; i < c->items; i++)
        b->place[i] = -1;
    for (int32_t r = 0; r < c->rules; r++) {
        const struct clash_rule *rule = &c->rule[r];

        if (rule->kind == CLASH_ROOM &&
            (!b->room[rule->from] || rule->limit < b->room[rule->from]->limit))
            b->room[rule->from] = rule;
    }
}

/* The cheapest way of one more item into each slot, others moving on: Bellman and Ford. Blocks of
 * several items were placed before all others and stay. */
static void find_ways(struct bench *b, int32_t block)
{
    const struct clash *c = b->c;
    bool changed = true;

    for (int32_t t = 0; t < c->slots; t++) {
        int64_t price = b->cell[(size_t)block * (size_t)c->slots + (size_t)t];

        b->way[t] = price < 0 ? INT64_MAX : price;
        b->via[t] = block;
        b->moved_from[t] = -1;
    }
    while (changed) {
        changed = false;
        for (int32_t other = 0; other < c->items; other++) {
            const int64_t *row = &b->cell[(size_t)other * (size_t)c->slots];
            int32_t home = b->place[other];

            if (home < 0 || c->size[other] > 1 || b->way[home] == INT64_MAX)
                continue;
            for (int32_t t = 0; t < c->slots; t++) {
                if (t != home && row[t] >= 0 && b->way[home] - row[home] + row[t] < b->way[t]) {
                    b->way[t] = b->way[home] - row[home] + row[t];
                    b->via[t] = other;
                    b->moved_from[t] = home;
                    changed = true;
                }
            }
        }
    }
}

static bool place_block(struct bench *b, int32_t block, const int32_t *tariff)
{
    int64_t least = INT64_MAX;
    int32_t slot = -1;

    find_ways(b, block);
    for (int32_t t = 0; t < b->c->slots; t++) {
        int64_t end = b->way[t] == INT64_MAX ? -1 : end_price(b, t, b->c->size[block], tariff);

        if (end >= 0 && b->way[t] + end < least) {
            least = b->way[t] + end;
            slot = t;
        }
    }
    if (slot < 0)
        return false;
    b->load[slot] += b->c->size[block];
    while (slot >= 0) {
        int32_t from = b->moved_from[slot];

        b->place[b->via[slot]] = slot;
        slot = from;
    }
    return true;
}

/* Blocks of several items first: whole, each where it is cheapest then. */
static bool place_blocks(struct bench *b, const int32_t *tariff)
{
    const struct clash *c = b->c;

    begin_places(b);
    for (int32_t large = 1; large >= 0; large--) {
        for (int32_t i = 0; i < c->items; i++) {
            if (c->size[i] > 0 && (c->size[i] > 1) == large && !place_block(b, i, tariff))
                return false;
        }
    }
    return true;
}

/* Opens what keeps the item out of its slot. */
static bool let_in(struct bench *b, struct clash_repair *repair, int32_t item, int32_t slot)
{
    const struct clash *c = b->c;

    for (int32_t r = 0; r < c->rules; r++) {
        const struct clash_rule *rule = &b->origin[r];
        struct clash_change *change;

        if (!clash_forbids(c, rule, item, slot))
            continue;
        change = change_of(b, repair, r);
        if (!change)
            return false;
        if (change->dropped)
            continue;
        if (pass_price(rule, slot) == rule->drop_price)
            change->dropped = 1, change->from = rule->from, change->to = rule->to;
        else if (rule->outside)
            change->from = slot < change->from ? slot : change->from,
            change->to = slot > change->to ? slot : change->to;
        else if ((rule->ends & CLASH_TO) && slot > rule->from)
            change->to = slot - 1 < change->to ? slot - 1 : change->to;
        else
            change->from = slot + 1 > change->from ? slot + 1 : change->from;
        if (!change->dropped && !rule->outside && change->from > change->to) {
            if (rule->drop_price == 0)
                return false;
            *change = (struct clash_change){r, 1, rule->from, rule->to, rule->limit};
        }
    }
    return true;
}

static bool make_room(struct bench *b, struct clash_repair *repair)
{
    const struct clash *c = b->c;

    memset(b->load, 0, (size_t)c->slots * sizeof(int32_t));
    for (int32_t i = 0; i < c->items; i++)
        b->load[b->place[c->block[i]]]++;
    for (int32_t r = 0; r < c->rules; r++) {
        const struct clash_rule *rule = &b->origin[r];

        if (rule->kind == CLASH_ROOM && b->load[rule->from] > rule->limit) {
            struct clash_change *change = change_of(b, repair, r);

            if (!change || rule->step_price == 0)
                return false;
            change->limit = b->load[rule->from];
        }
    }
    return true;
}

/* Pairs that are both 'together' and 'apart': the latter go. With `parted`, all 'together' go. */
static bool settle_pairs(struct bench *b, struct clash_repair *repair, bool parted)
{
    struct clash *c = b->c;

    for (int32_t r = 0; r < c->rules; r++) {
        struct clash_change *change;

        if (c->rule[r].kind != (parted ? CLASH_TOGETHER : CLASH_APART))
            continue;
        b->on[r] = 0;
        if (c->rule[r].drop_price == 0 || !(change = change_of(b, repair, r)))
            return false;
        change->dropped = 1;
    }
    clash_fits(c, b->on, NULL); /* for its blocks */
    return true;
}

static void in_one_go(struct bench *b, const int32_t *tariff, bool parted)
{
    static const struct clash_repair nothing;
    struct clash *c = b->c;
    struct clash_repair *repair = &b->found[b->most]; /* a spare one */

    *repair = nothing;
    apply(b, repair);
    if (!settle_pairs(b, repair, parted))
        return;
    price_cells(b, tariff);
    if (!place_blocks(b, tariff))
        return;
    for (int32_t i = 0; i < c->items; i++) {
        if (!let_in(b, repair, i, b->place[c->block[i]]))
            return;
    }
    if (!make_room(b, repair) || !is_possible(b, repair))
        return;
    lessen(b, repair);
    {
        struct clash_repair found = *repair; /* keep() needs the spare place */

        keep(b, &found);
    }
}

/* ---- step by step ---- */

static void add_node(struct bench *b, const struct clash_repair *repair)
{
    for (int32_t i = 0; i < b->nodes; i++) {
        if (same(&b->node[i], repair))
            return;
    }
    if (b->nodes < NODES)
        b->node[b->nodes++] = *repair;
}

static void branch(struct bench *b, const struct clash_repair *repair, int32_t rule)
{
    for (int step = STEP_DROP; step < STEPS; step++) {
        struct clash_repair child = *repair;
        struct clash_change *change = change_of(b, &child, rule);

        if (change && give_way(b, change, (enum step)step)) {
            add_up(b, &child);
            add_node(b, &child);
        }
    }
}

/* The cheapest that was not taken yet, moved to the front of those. */
static bool pick(struct bench *b)
{
    int32_t best = b->next;

    if (b->next >= b->nodes)
        return false;
    for (int32_t i = b->next + 1; i < b->nodes; i++) {
        if (is_before(&b->node[i], &b->node[best]))
            best = i;
    }
    if (best != b->next) {
        struct clash_repair swap = b->node[best];

        b->node[best] = b->node[b->next];
        b->node[b->next] = swap;
    }
    b->next++;
    return true;
}

/* A finished one is kept; an unfinished one is continued at a clash it leaves. */
static int32_t follow(struct bench *b, const struct clash_repair *repair)
{
    struct clash *c = b->c;
    int32_t rc;

    if (is_possible(b, repair)) {
        if (!does_too_much(b, repair))
            keep(b, repair);
        return 0;
    }
    apply(b, repair);
    memcpy(b->trial, b->on, (size_t)c->rules);
    rc = clash_reduce(c, b->trial);
    memcpy(c->rule, b->origin, (size_t)c->rules * sizeof(*c->rule));
    for (int32_t r = 0; r < c->rules && rc >= 0; r++) {
        if (b->trial[r])
            branch(b, repair, r);
    }
    return rc < 0 ? rc : 0;
}

static int32_t step_by_step(struct bench *b, int32_t *ret_proven)
{
    static const struct clash_repair nothing;
    bool whole = true; /* no unfinished repair was left out */
    int32_t rc = 0;

    *ret_proven = 0;
    add_node(b, &nothing);
    b->doubt = false;
    while (rc == 0 && b->c->looks < b->end && pick(b)) {
        struct clash_repair taken = b->node[b->next - 1];

        if (b->count == b->most && b->found[b->most - 1].price <= taken.price)
            break;
        rc = follow(b, &taken);
        whole &= b->nodes < NODES && !b->doubt;
        /* Whatever is unfinished costs as much at least. */
        if (b->count > 0 && whole && b->found[0].price <= taken.price)
            *ret_proven = 1;
    }
    return rc;
}

static int32_t set_up(struct bench *b)
{
    struct clash *c = b->c;
    size_t rules = (size_t)c->rules + 1, items = (size_t)c->items + 1, slots = (size_t)c->slots + 1;

    b->origin = c->alloc(c->context, rules * sizeof(*b->origin));
    b->on = c->alloc(c->context, rules);
    b->trial = c->alloc(c->context, rules);
    b->node = c->alloc(c->context, NODES * sizeof(*b->node));
    b->place = c->alloc(c->context, items * sizeof(int32_t));
    b->load = c->alloc(c->context, slots * sizeof(int32_t));
    b->via = c->alloc(c->context, slots * sizeof(int32_t));
    b->moved_from = c->alloc(c->context, slots * sizeof(int32_t));
    b->way = c->alloc(c->context, slots * sizeof(int64_t));
    b->cell = c->alloc(c->context, items * slots * sizeof(int64_t));
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what stands there */
    b->room = c->alloc(c->context, slots * sizeof(*b->room));
    if (!b->origin || !b->on || !b->trial || !b->node || !b->place || !b->load || !b->via ||
        !b->moved_from || !b->way || !b->cell || !b->room)
        return -1;
    memcpy(b->origin, c->rule, (size_t)c->rules * sizeof(*c->rule));
    return 0;
}

static bool has_pairs(const struct clash *c)
{
    for (int32_t r = 0; r < c->rules; r++) {
        if (c->rule[r].kind == CLASH_TOGETHER)
            return true;
    }
    return false;
}

int32_t clash_repairs(struct clash *c, int64_t looks, struct clash_repair *repairs, int32_t most,
                      int32_t *ret_proven)
{
    /* One place more than is handed back, to work in. */
    struct bench b = {.c = c, .found = repairs, .most = most - 1, .end = c->looks + looks};
    int32_t rc;

    if (set_up(&b) < 0)
        return -1;
    for (int32_t k = 0; k < TARIFFS; k++) {
        in_one_go(&b, tariffs[k], false);
        if (has_pairs(c))
            in_one_go(&b, tariffs[k], true);
    }
    rc = step_by_step(&b, ret_proven);
    memcpy(c->rule, b.origin, (size_t)c->rules * sizeof(*c->rule));
    return rc < 0 ? rc : b.count;
}

int32_t clash_place(struct clash *c, const uint8_t *on, const int64_t *price, int64_t room_price,
                    int32_t *slot)
{
    const int32_t tariff[1] = {FINE};
    struct bench b = {.c = c};
    int32_t answer;

    if (set_up(&b) < 0)
        return -1;
    clash_fits(c, on, NULL); /* for its blocks */
    for (int32_t i = 0; i < c->items; i++) {
        int64_t *row = b.cell + (size_t)c->block[i] * (size_t)c->slots;

        for (int32_t t = 0; t < c->slots; t++) {
            int64_t one = price[(size_t)i * (size_t)c->slots + (size_t)t];

            row[t] = one < 0 || row[t] < 0 ? -1 : row[t] + one * FINE;
        }
    }
    for (int32_t r = 0; r < c->rules; r++) {
        if (c->rule[r].kind == CLASH_ROOM)
            c->rule[r].step_price = room_price;
    }
    answer = place_blocks(&b, tariff) ? CLASH_YES : CLASH_NO;
    for (int32_t i = 0; i < c->items && answer == CLASH_YES; i++)
        slot[i] = b.place[c->block[i]];
    memcpy(c->rule, b.origin, (size_t)c->rules * sizeof(*c->rule));
    return answer;
}

int32_t clash_try(struct clash *c, const struct clash_repair *repair, int32_t *slot)
{
    struct bench b = {.c = c};
    int32_t answer;

    b.origin = c->alloc(c->context, ((size_t)c->rules + 1) * sizeof(*b.origin));
    b.on = c->alloc(c->context, (size_t)c->rules + 1);
    if (!b.origin || !b.on)
        return -1;
    memcpy(b.origin, c->rule, (size_t)c->rules * sizeof(*c->rule));
    apply(&b, repair);
    answer = clash_fits(c, b.on, slot);
    memcpy(c->rule, b.origin, (size_t)c->rules * sizeof(*c->rule));
    return answer;
}
