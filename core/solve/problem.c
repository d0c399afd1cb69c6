#include "core/solve/problem.h"

#include "core/base/alloc.h"
#include "core/base/str.h"

#include <stdbool.h>
#include <string.h>

/* Room for one name in a sentence. */
struct label {
    char text[96];
};

static const char *label_set(struct label *label, const char *name, int32_t number)
{
    rh_auto_str(text, sizeof(label->text) - 1);

    if (name)
        rh_str_printf(&text, "%.80s", name);
    else
        rh_str_printf(&text, "#%d", number + 1);
    memcpy(label->text, text.data, text.length + 1);
    return label->text;
}

static const char *item_name(const struct rh_solve_problem *p, int32_t item, struct label *label)
{
    return label_set(label, p->item_names ? p->item_names[item] : NULL, item);
}

static bool allowed(const struct rh_solve_problem *p, int32_t item, int32_t slot)
{
    return p->allowed[(size_t)item * (size_t)p->slot_count + (size_t)slot];
}

static int32_t malformed(struct rh_err *err, const char *table, int32_t row, const char *column)
{
    return rh_err_set(err, RH_EINVALID, "Planungsaufgabe: %s[%d].%s ist nicht zulässig",
                      "planning problem: %s[%d].%s is not valid", table, row, column);
}

static int32_t check_size(const struct rh_solve_problem *p, struct rh_err *err)
{
    if (p->item_count < 1 || p->slot_count < 1 || !p->allowed)
        return rh_err_set(err, RH_EINVALID,
                          "Planungsaufgabe ohne Elemente oder Plätze: nichts zu planen",
                          "planning problem without items or slots: nothing to plan");
    if (p->item_count > RH_SOLVE_ITEMS_MAX || p->slot_count > RH_SOLVE_SLOTS_MAX ||
        (int64_t)p->item_count * p->slot_count > RH_SOLVE_CELLS_MAX)
        return rh_err_set(
            err, RH_ETOOLARGE,
            "Planungsaufgabe zu groß: %d Elemente auf %d Plätze, höchstens %d Möglichkeiten in "
            "allem",
            "planning problem too large: %d items on %d slots, at most %d choices in all",
            p->item_count, p->slot_count, (int)RH_SOLVE_CELLS_MAX);
    if (p->rule_count < 0 || p->cost_count < 0 || p->count_count < 0 || p->apart_count < 0 ||
        p->together_count < 0)
        return malformed(err, "problem", 0, "…_count");
    return 0;
}

static bool ascending(const int32_t *list, int32_t count, int32_t limit)
{
    for (int32_t i = 0; i < count; i++) {
        if (list[i] < 0 || list[i] >= limit || (i > 0 && list[i] <= list[i - 1]))
            return false;
    }
    return true;
}

static bool rule_ok(const struct rh_solve_problem *p, int32_t rule, int32_t level, int64_t price)
{
    return rule >= 0 && rule < p->rule_count && level >= 0 && level < RH_SOLVE_LEVELS &&
           price > 0 && price <= RH_SOLVE_PRICE_MAX;
}

static int32_t check_counts(const struct rh_solve_problem *p, struct rh_err *err)
{
    for (int32_t k = 0; k < p->count_count; k++) {
        const struct rh_solve_count *row = &p->counts[k];

        if (!rule_ok(p, row->rule, row->level, row->price))
            return malformed(err, "counts", k, "rule/level/price");
        if (row->items && !ascending(row->items, row->item_count, p->item_count))
            return malformed(err, "counts", k, "items");
        if (row->slots && !ascending(row->slots, row->slot_count, p->slot_count))
            return malformed(err, "counts", k, "slots");
        if (row->min > row->max || row->taken < 0 || row->taken > INT32_MAX / 4 ||
            row->min < INT32_MIN / 4 || (row->max > INT32_MAX / 4 && row->max != INT32_MAX))
            return malformed(err, "counts", k, "min/max/taken");
    }
    return 0;
}

static int32_t check_pairs(const struct rh_solve_problem *p, struct rh_err *err)
{
    for (int32_t k = 0; k < p->apart_count; k++) {
        const struct rh_solve_apart *pair = &p->aparts[k];

        if (pair->a < 0 || pair->a >= p->item_count || pair->b < 0 || pair->b >= p->item_count ||
            pair->a == pair->b)
            return malformed(err, "aparts", k, "a/b");
        if (!rule_ok(p, pair->rule, pair->level, pair->price))
            return malformed(err, "aparts", k, "rule/level/price");
        if (pair->distance < 1 || pair->distance > RH_SOLVE_SLOTS_MAX)
            return malformed(err, "aparts", k, "distance");
    }
    for (int32_t k = 0; k < p->together_count; k++) {
        const struct rh_solve_together *pair = &p->togethers[k];

        if (pair->a < 0 || pair->a >= p->item_count || pair->b < 0 || pair->b >= p->item_count)
            return malformed(err, "togethers", k, "a/b");
    }
    return 0;
}

static int32_t check_costs(const struct rh_solve_problem *p, struct rh_err *err)
{
    size_t cells = (size_t)p->item_count * (size_t)p->slot_count;

    for (int32_t k = 0; k < p->cost_count; k++) {
        if (!rule_ok(p, p->costs[k].rule, RH_SOLVE_SOFT, 1) || !p->costs[k].price)
            return malformed(err, "costs", k, "rule/price");
        for (size_t c = 0; c < cells; c++) {
            if (p->costs[k].price[c] < 0 || p->costs[k].price[c] > RH_SOLVE_PRICE_MAX)
                return malformed(err, "costs", k, "price[]");
        }
    }
    return 0;
}

/* No sum the engine makes may leave int64: the dearest plan there could be must stay below 2^44,
 * and the search multiplies by less than 2^16. */
static int32_t check_sums(const struct rh_solve_problem *p, struct rh_err *err)
{
    const int64_t limit = INT64_C(1) << 44;
    int64_t sum = 0;

    for (int32_t k = 0; k < p->count_count && sum < limit; k++) {
        const struct rh_solve_count *row = &p->counts[k];
        int64_t units = (int64_t)p->item_count + row->taken;

        if (row->min > units)
            units = row->min;
        sum += row->price > limit / (units + 1) ? limit : row->price * units;
    }
    for (int32_t k = 0; k < p->apart_count && sum < limit; k++)
        sum += p->aparts[k].price * p->aparts[k].distance;
    for (int32_t k = 0; k < p->cost_count && sum < limit; k++) {
        for (int32_t i = 0; i < p->item_count; i++) {
            const int64_t *price = p->costs[k].price + (size_t)i * (size_t)p->slot_count;
            int64_t most = 0;

            for (int32_t t = 0; t < p->slot_count; t++)
                most = price[t] > most ? price[t] : most;
            sum += most;
        }
    }
    if (sum >= limit)
        return rh_err_set(err, RH_ETOOLARGE, "Planungsaufgabe: die Gewichte sind zu groß",
                          "planning problem: the weights are too large");
    return 0;
}

static int32_t chain_leader(int32_t *leader, int32_t item)
{
    while (leader[item] != item) {
        leader[item] = leader[leader[item]];
        item = leader[item];
    }
    return item;
}

static void link_chains(const struct rh_solve_problem *p, int32_t *leader)
{
    for (int32_t i = 0; i < p->item_count; i++)
        leader[i] = i;
    for (int32_t k = 0; k < p->together_count; k++) {
        int32_t a = chain_leader(leader, p->togethers[k].a);
        int32_t b = chain_leader(leader, p->togethers[k].b);

        leader[a > b ? a : b] = a > b ? b : a;
    }
    for (int32_t i = 0; i < p->item_count; i++)
        leader[i] = chain_leader(leader, i);
}

static int32_t check_items_have_slots(const struct rh_solve_problem *p, struct rh_err *err)
{
    for (int32_t i = 0; i < p->item_count; i++) {
        struct label name;
        int32_t t = 0;

        while (t < p->slot_count && !allowed(p, i, t))
            t++;
        if (t == p->slot_count)
            return rh_err_set(err, RH_EINVALID,
                              "'%s' hat keinen einzigen erlaubten Platz; eine der Vorgaben lockern",
                              "'%s' has no allowed slot at all; relax one of its rules",
                              item_name(p, i, &name));
    }
    return 0;
}

/* The members of a chain, for a sentence: "A", "B" and "C", cut when there are many. */
static void list_chain(const struct rh_solve_problem *p, const int32_t *leader, int32_t first,
                       struct rh_str *text)
{
    int32_t shown = 0;

    for (int32_t i = first; i < p->item_count && shown < 6; i++) {
        struct label name;

        if (leader[i] != first)
            continue;
        rh_str_printf(text, shown ? ", '%s'" : "'%s'", item_name(p, i, &name));
        shown++;
    }
    if (shown == 6)
        rh_str_add(text, " …");
}

static int32_t chain_without_slot(const struct rh_solve_problem *p, const int32_t *leader,
                                  int32_t first, struct rh_err *err)
{
    rh_auto_str(names, 700);

    list_chain(p, leader, first, &names);
    return rh_err_set(err, RH_EINVALID,
                      "%s sollen zusammen liegen, haben aber keinen gemeinsamen erlaubten Platz",
                      "%s shall be together but have no allowed slot in common", names.data);
}

static int32_t check_chains_have_slots(const struct rh_solve_problem *p, const int32_t *leader,
                                       struct rh_err *err)
{
    size_t slots = (size_t)p->slot_count;
    uint8_t *common = rh_alloc((size_t)p->item_count, slots);
    int32_t rc = 0;

    if (!common)
        return rh_err_nomem(err);
    memset(common, 1, (size_t)p->item_count * slots);
    for (int32_t i = 0; i < p->item_count; i++) {
        uint8_t *chain = common + (size_t)leader[i] * slots;

        for (int32_t t = 0; t < p->slot_count; t++)
            chain[t] = chain[t] && allowed(p, i, t);
    }
    for (int32_t i = 0; i < p->item_count && rc == 0; i++) {
        if (leader[i] == i && !memchr(common + (size_t)i * slots, 1, slots))
            rc = chain_without_slot(p, leader, i, err);
    }
    rh_free(common);
    return rc;
}

/* How far apart the two could lie at most, each taken alone. */
static int32_t widest(const struct rh_solve_problem *p, int32_t a, int32_t b)
{
    int32_t first[2] = {-1, -1}, last[2] = {0, 0};

    for (int32_t t = 0; t < p->slot_count; t++) {
        const int32_t item[2] = {a, b};

        for (int side = 0; side < 2; side++) {
            if (!allowed(p, item[side], t))
                continue;
            first[side] = first[side] < 0 ? t : first[side];
            last[side] = t;
        }
    }
    return last[0] - first[1] > last[1] - first[0] ? last[0] - first[1] : last[1] - first[0];
}

static int32_t check_hard_pairs(const struct rh_solve_problem *p, const int32_t *leader,
                                struct rh_err *err)
{
    for (int32_t k = 0; k < p->apart_count; k++) {
        const struct rh_solve_apart *pair = &p->aparts[k];
        struct label a, b;

        if (pair->level == RH_SOLVE_HARD && leader[pair->a] == leader[pair->b])
            return rh_err_set(err, RH_EINVALID,
                              "'%s' und '%s' sollen zusammen und zugleich getrennt liegen",
                              "'%s' and '%s' shall be together and apart at the same time",
                              item_name(p, pair->a, &a), item_name(p, pair->b, &b));
        if (pair->level == RH_SOLVE_HARD && widest(p, pair->a, pair->b) < pair->distance)
            return rh_err_set(err, RH_EINVALID,
                              "'%s' und '%s' sollen getrennt liegen, ihre erlaubten Plätze lassen "
                              "das aber nicht zu",
                              "'%s' and '%s' shall be apart but their allowed slots leave no room "
                              "for that",
                              item_name(p, pair->a, &a), item_name(p, pair->b, &b));
    }
    return 0;
}

int32_t rh_solve_problem_check(const struct rh_solve_problem *problem, int32_t *leader,
                               struct rh_err *err)
{
    int32_t rc = check_size(problem, err);

    if (rc == 0)
        rc = check_counts(problem, err);
    if (rc == 0)
        rc = check_pairs(problem, err);
    if (rc == 0)
        rc = check_costs(problem, err);
    if (rc == 0)
        rc = check_sums(problem, err);
    if (rc == 0)
        rc = check_items_have_slots(problem, err);
    if (rc < 0)
        return rc;
    link_chains(problem, leader);
    rc = check_chains_have_slots(problem, leader, err);
    if (rc == 0)
        rc = check_hard_pairs(problem, leader, err);
    return rc;
}
