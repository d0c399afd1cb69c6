/* One question: is there a plan that keeps these rules? */
#include "plugins/turnus/clash.h"

#include <stdbool.h>
#include <string.h>

/* Months tried for items that must stay together, before a question is left undecided. */
enum { NODES = 4000 };

static void *take(const struct clash *c, int32_t count, size_t size)
{
    return c->alloc(c->context, ((size_t)count + 1) * size);
}

int32_t clash_begin(struct clash *c)
{
    size_t cells = (size_t)c->items * (size_t)c->slots + 1;
    int32_t most = c->items > c->slots ? c->items : c->slots;

    c->looks = 0;
    c->block = take(c, c->items, sizeof(int32_t));
    c->size = take(c, c->items, sizeof(int32_t));
    c->used = take(c, c->slots, sizeof(int32_t));
    c->room = take(c, c->slots, sizeof(int32_t));
    c->queue = take(c, most, sizeof(int32_t));
    c->from_slot = take(c, c->items, sizeof(int32_t));
    c->via_block = take(c, c->slots, sizeof(int32_t));
    c->seen = take(c, c->items, 1);
    c->crowd_item = take(c, c->items, 1);
    c->crowd_slot = take(c, c->slots, 1);
    c->count = c->alloc(c->context, cells * sizeof(int32_t));
    c->may = c->alloc(c->context, cells);
    c->saved = c->alloc(c->context, cells);
    return c->block && c->size && c->used && c->room && c->queue && c->from_slot && c->via_block &&
                   c->seen && c->crowd_item && c->crowd_slot && c->count && c->may && c->saved
               ? 0
               : -1;
}

/* ---- items that stay together are one block, named by its first item ---- */

static int32_t find(const struct clash *c, int32_t item)
{
    while (c->block[item] != item)
        item = c->block[item];
    return item;
}

static void join_blocks(struct clash *c, const uint8_t *on)
{
    for (int32_t i = 0; i < c->items; i++)
        c->block[i] = i;
    for (int32_t r = 0; r < c->rules; r++) {
        if (on[r] && c->rule[r].kind == CLASH_TOGETHER) {
            int32_t a = find(c, c->rule[r].item), b = find(c, c->rule[r].other);

            c->block[a > b ? a : b] = a < b ? a : b;
        }
    }
    memset(c->size, 0, (size_t)c->items * sizeof(int32_t));
    for (int32_t i = 0; i < c->items; i++) {
        c->block[i] = find(c, i);
        c->size[c->block[i]]++;
    }
}

static bool has_parted_pair(const struct clash *c, const uint8_t *on)
{
    for (int32_t r = 0; r < c->rules; r++) {
        if (on[r] && c->rule[r].kind == CLASH_APART &&
            c->block[c->rule[r].item] == c->block[c->rule[r].other])
            return true;
    }
    return false;
}

/* ---- which slots are left, and how much room is in them ---- */

int32_t clash_forbids(const struct clash *c, const struct clash_rule *rule, int32_t item,
                      int32_t slot)
{
    if (rule->kind != CLASH_FORBID || (rule->item >= 0 ? rule->item != item : c->exempt[item]))
        return 0;
    return (slot >= rule->from && slot <= rule->to) != (rule->outside != 0);
}

static void forbid(struct clash *c, const struct clash_rule *rule, int32_t item)
{
    uint8_t *row = &c->may[(size_t)c->block[item] * (size_t)c->slots];

    for (int32_t t = 0; t < c->slots; t++) {
        if (clash_forbids(c, rule, item, t))
            row[t] = 0;
    }
}

static void draw_cells(struct clash *c, const uint8_t *on)
{
    memset(c->may, 1, (size_t)c->items * (size_t)c->slots);
    for (int32_t t = 0; t < c->slots; t++)
        c->room[t] = c->items;
    for (int32_t r = 0; r < c->rules; r++) {
        const struct clash_rule *rule = &c->rule[r];

        if (!on[r])
            continue;
        if (rule->kind == CLASH_ROOM && rule->limit < c->room[rule->from])
            c->room[rule->from] = rule->limit;
        if (rule->kind != CLASH_FORBID)
            continue;
        for (int32_t i = rule->item < 0 ? 0 : rule->item;
             i < (rule->item < 0 ? c->items : rule->item + 1); i++)
            forbid(c, rule, i);
    }
}

/* ---- the network: each member of a block takes a place, at first perhaps not in one slot ---- */

/* In the slot with the most room left, as many of the block as there are; how many were seated. */
static int32_t seat(struct clash *c, int32_t block, int32_t want)
{
    const uint8_t *row = &c->may[(size_t)block * (size_t)c->slots];
    int32_t best = -1, most = 0;

    for (int32_t t = 0; t < c->slots; t++) {
        if (row[t] && c->room[t] - c->used[t] > most) {
            most = c->room[t] - c->used[t];
            best = t;
        }
    }
    if (best < 0)
        return 0;
    want = want < most ? want : most;
    c->used[best] += want;
    c->count[(size_t)block * (size_t)c->slots + (size_t)best] += want;
    return want;
}

static void follow_back(struct clash *c, int32_t slot)
{
    c->used[slot]++;
    for (;;) {
        int32_t block = c->via_block[slot], former = c->from_slot[block];

        c->count[(size_t)block * (size_t)c->slots + (size_t)slot]++;
        if (former < 0)
            return;
        c->count[(size_t)block * (size_t)c->slots + (size_t)former]--;
        slot = former;
    }
}

/* Who sits in the slot can be asked to move on. */
static int32_t ask_seated(struct clash *c, int32_t slot, int32_t tail)
{
    for (int32_t b = 0; b < c->items; b++) {
        if (!c->seen[b] && c->count[(size_t)b * (size_t)c->slots + (size_t)slot] > 0) {
            c->seen[b] = 1;
            c->from_slot[b] = slot;
            c->queue[tail++] = b;
        }
    }
    return tail;
}

/* One more of the block finds a place when others move on; false: what was seen is crowded. */
static bool augment(struct clash *c, int32_t block)
{
    int32_t head = 0, tail = 1;

    memset(c->seen, 0, (size_t)c->items);
    memset(c->crowd_slot, 0, (size_t)c->slots);
    c->seen[block] = 1;
    c->from_slot[block] = -1;
    c->queue[0] = block;
    while (head < tail) {
        int32_t b = c->queue[head++];
        const uint8_t *row = &c->may[(size_t)b * (size_t)c->slots];

        for (int32_t t = 0; t < c->slots; t++) {
            if (!row[t] || c->crowd_slot[t])
                continue;
            c->crowd_slot[t] = 1;
            c->via_block[t] = b;
            if (c->used[t] < c->room[t]) {
                follow_back(c, t);
                return true;
            }
            tail = ask_seated(c, t, tail);
        }
    }
    return false;
}

static bool seat_all(struct clash *c)
{
    memset(c->count, 0, (size_t)c->items * (size_t)c->slots * sizeof(int32_t));
    memset(c->used, 0, (size_t)c->slots * sizeof(int32_t));
    for (int32_t large = 1; large >= 0; large--) {
        for (int32_t b = 0; b < c->items; b++) {
            if (c->size[b] == 0 || (c->size[b] > 1) != large)
                continue;
            for (int32_t left = c->size[b] - seat(c, b, c->size[b]); left > 0; left--) {
                if (!augment(c, b))
                    return false;
            }
        }
    }
    return true;
}

/* ---- blocks must not be split ---- */

static int32_t find_split(const struct clash *c)
{
    int32_t split = -1;

    for (int32_t b = 0; b < c->items; b++) {
        const int32_t *row = &c->count[(size_t)b * (size_t)c->slots];
        int32_t parts = 0;

        for (int32_t t = 0; t < c->slots && c->size[b] > 1; t++)
            parts += row[t] > 0;
        if (parts > 1 && (split < 0 || c->size[b] > c->size[split]))
            split = b;
    }
    return split;
}

static void tell(const struct clash *c, int32_t *slot)
{
    for (int32_t i = 0; slot && i < c->items; i++) {
        const int32_t *row = &c->count[(size_t)c->block[i] * (size_t)c->slots];

        for (int32_t t = 0; t < c->slots; t++) {
            if (row[t] > 0)
                slot[i] = t;
        }
    }
}

static void note_crowd(struct clash *c)
{
    c->crowded = 1;
    for (int32_t i = 0; i < c->items; i++)
        c->crowd_item[i] = c->seen[c->block[i]];
}

void clash_whole_crowd(struct clash *c)
{
    for (int32_t i = 0; c->crowded && i < c->items; i++) {
        const uint8_t *row = &c->may[(size_t)c->block[i] * (size_t)c->slots];

        c->crowd_item[i] = 1;
        for (int32_t t = 0; t < c->slots; t++) {
            if (row[t] && !c->crowd_slot[t])
                c->crowd_item[i] = 0;
        }
    }
}

static int32_t place_all(struct clash *c, int32_t *slot);

/* The block in one slot after another; as deep as there are blocks of several items. */
static int32_t place_split(struct clash *c, int32_t block, int32_t *slot)
{
    uint8_t *row = &c->may[(size_t)block * (size_t)c->slots];
    uint8_t *saved = &c->saved[(size_t)c->depth * (size_t)c->slots];
    int32_t answer = CLASH_NO;

    memcpy(saved, row, (size_t)c->slots);
    c->depth++;
    for (int32_t t = 0; t < c->slots && answer != CLASH_YES; t++) {
        int32_t found;

        if (!saved[t] || c->room[t] < c->size[block])
            continue;
        if (c->nodes == 0) {
            answer = CLASH_UNDECIDED;
            break;
        }
        c->nodes--;
        memset(row, 0, (size_t)c->slots);
        row[t] = 1;
        found = place_all(c, slot);
        answer = found == CLASH_NO ? answer : found;
    }
    c->depth--;
    memcpy(row, saved, (size_t)c->slots);
    return answer;
}

static int32_t place_all(struct clash *c, int32_t *slot)
{
    int32_t split;

    if (!seat_all(c)) {
        if (c->depth == 0)
            note_crowd(c);
        return CLASH_NO;
    }
    split = find_split(c);
    if (split >= 0)
        return place_split(c, split, slot);
    tell(c, slot);
    return CLASH_YES;
}

int32_t clash_fits(struct clash *c, const uint8_t *on, int32_t *slot)
{
    c->looks++;
    c->crowded = c->depth = 0;
    c->nodes = NODES;
    join_blocks(c, on);
    if (has_parted_pair(c, on))
        return CLASH_NO;
    draw_cells(c, on);
    return place_all(c, slot);
}
