#include "core/plugin/order.h"

#include "core/base/str.h"
#include "core/base/text.h"
#include "core/plugin/check.h"

#include <string.h>

#define ITEMS_MAX 256

struct world {
    struct rh_order_item *items;
    size_t count;
};

static struct rh_order_item *find(const struct world *world, const char *name)
{
    struct rh_order_item *refused = NULL;

    for (size_t i = 0; i < world->count; i++)
        if (strcmp(world->items[i].name, name) == 0) {
            if (!world->items[i].out)
                return &world->items[i];
            refused = &world->items[i];
        }
    return refused;
}

static const struct rh_need *needs_of(const struct rh_order_item *item, uint32_t *ret_count)
{
    *ret_count = item->plugin ? item->plugin->needs.count : 0;
    return item->plugin ? item->plugin->needs.rows : NULL;
}

static void refuse_missing(const struct world *world, struct rh_order_item *item,
                           const struct rh_need *need)
{
    const char *names[ITEMS_MAX];
    size_t count = 0;
    int nearest;

    for (size_t i = 0; i < world->count && count < ITEMS_MAX; i++)
        if (&world->items[i] != item)
            names[count++] = world->items[i].name;
    nearest = rh_text_nearest(need->plugin, names, count);
    item->out = true;
    if (nearest >= 0)
        rh_err_set(&item->why, RH_ENOTFOUND,
                   "braucht das Plugin '%s', das es hier nicht gibt (gemeint ist '%s'?)",
                   "needs the plugin '%s', which is not here (is '%s' meant?)", need->plugin,
                   names[nearest]);
    else
        rh_err_set(&item->why, RH_ENOTFOUND, "braucht das Plugin '%s', das es hier nicht gibt",
                   "needs the plugin '%s', which is not here", need->plugin);
}

/* True when the need is met; otherwise the item is out. */
static bool check_need(const struct world *world, struct rh_order_item *item,
                       const struct rh_need *need)
{
    const struct rh_order_item *other = find(world, need->plugin);

    if (!other) {
        refuse_missing(world, item, need);
        return false;
    }
    if (other->out) {
        item->out = true;
        rh_err_set(&item->why, RH_EFAILED, "braucht das Plugin '%s', das selbst nicht läuft",
                   "needs the plugin '%s', which does not run itself", need->plugin);
        return false;
    }
    if (need->version && rh_version_compare(other->plugin->version, need->version) < 0) {
        item->out = true;
        rh_err_set(&item->why, RH_EFAILED,
                   "braucht '%s' ab Version %s, hier ist %s; Abhilfe: '%s' aktualisieren",
                   "needs '%s' from version %s on, here is %s; remedy: update '%s'", need->plugin,
                   need->version, other->plugin->version, need->plugin);
        return false;
    }
    return true;
}

/* Until nothing changes any more: who is out takes those with it that need him. */
static void check_needs(const struct world *world)
{
    bool changed = true;

    while (changed) {
        changed = false;
        for (size_t i = 0; i < world->count; i++) {
            struct rh_order_item *item = &world->items[i];
            uint32_t count;
            const struct rh_need *needs = needs_of(item, &count);

            for (uint32_t n = 0; n < count && !item->out; n++)
                changed |= !check_need(world, item, &needs[n]);
        }
    }
}

/* The first need that does not stand in the order yet; NULL = it can start. */
static struct rh_order_item *waits_for(const struct world *world, const struct rh_order_item *item)
{
    uint32_t count;
    const struct rh_need *needs = needs_of(item, &count);

    for (uint32_t n = 0; n < count; n++) {
        struct rh_order_item *other = find(world, needs[n].plugin);

        if (!other->placed)
            return other;
    }
    return NULL;
}

/* By name among those that are neither out nor placed; `ready`: only those that can start. */
static struct rh_order_item *first(const struct world *world, bool ready)
{
    struct rh_order_item *best = NULL;

    for (size_t i = 0; i < world->count; i++) {
        struct rh_order_item *item = &world->items[i];

        if (item->out || item->placed || (ready && waits_for(world, item)))
            continue;
        if (!best || strcmp(item->name, best->name) < 0)
            best = item;
    }
    return best;
}

/* Everybody waits: following who waits for whom must come round. Those on the circle are out. */
static void break_circle(const struct world *world)
{
    struct rh_order_item *start = first(world, false), *item, *last;
    rh_auto_str(de, 400);
    rh_auto_str(en, 400);

    for (size_t i = 0; i < world->count; i++) /* after so many steps we are on the circle */
        start = waits_for(world, start);
    for (item = waits_for(world, start), last = start; item != last; item = waits_for(world, item))
        start = strcmp(item->name, start->name) < 0 ? item : start;
    rh_str_add(&de, start->name);
    rh_str_add(&en, start->name);
    item = start;
    do {
        item = waits_for(world, item);
        rh_str_printf(&de, " braucht %s", item->name);
        rh_str_printf(&en, " needs %s", item->name);
    } while (item != start);
    do {
        struct rh_order_item *next = waits_for(world, item);

        rh_err_set(&item->why, RH_EFAILED, "die Plugins brauchen sich im Kreis: %s%.0s",
                   "the plugins need each other in a circle: %.0s%s", de.data, en.data);
        item->out = true;
        item = next;
    } while (item != start);
}

size_t rh_order(struct rh_order_item *items, size_t count, size_t *order)
{
    struct world world = {.items = items, .count = count};
    size_t placed = 0;

    check_needs(&world);
    while (first(&world, false)) {
        struct rh_order_item *item = first(&world, true);

        if (item) {
            item->placed = true;
            order[placed++] = (size_t)(item - items);
        } else {
            break_circle(&world);
            check_needs(&world);
        }
    }
    return placed;
}
