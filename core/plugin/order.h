/*
 * order.h - in what order plugins start: each after those it needs, otherwise by name.
 *
 * Pure. A plugin whose need is missing, too old, refused itself or part of a circle is refused with
 * a sentence that names the others; the rest is ordered without it. The same plugins always come
 * in the same order, however the folder lists them.
 */
#ifndef CORE_PLUGIN_ORDER_H
#define CORE_PLUGIN_ORDER_H

#include "core/base/error.h"
#include "reihum/plugin.h"

#include <stdbool.h>
#include <stddef.h>

struct rh_order_item {
    const struct rh_plugin
        *plugin;       /* borrowed; as rh_descriptor_read() makes it; NULL = unreadable */
    const char *name;  /* borrowed */
    bool out;          /* in: refused or turned off before; out: refused */
    struct rh_err why; /* out: filled when it was refused here */
    bool placed;       /* out: it stands in the order */
};

/* Writes indices into `order` (room for `count`); returns how many. */
size_t rh_order(struct rh_order_item *items, size_t count, size_t *order);

#endif
